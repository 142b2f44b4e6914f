//! One row of the table as facts.

use super::cells::{printed, split};
use super::known_as::apart;
use crate::error::Place;
use crate::import::Report;
use crate::import::dates::{self, Order};
use crate::import::facts::Facts;
use crate::import::slug::snake;
use crate::model::{Fact, FuzzyDate, prop};

/// How a column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// A name of this kind.
    Name(&'static str),
    /// A country in a role.
    Country(&'static str),
    /// An identifier; the scheme is the name of the column.
    Identifier,
    /// A date of birth.
    Birth,
    /// Another date, under the name of the column.
    Date,
    /// Values under one of our names.
    Values(&'static str),
    /// Values under the name of the column.
    Own,
    /// Prose that is never taken apart.
    Prose,
    /// Read apart: what the listing and the id are made of.
    Apart,
}

/// The reading of a column.
pub(super) fn reading(column: &str) -> Reading {
    match column {
        "celex" | "amendedCelex" | "amendmentCelex" | "recordId" | "programKey" | "annex" | "measure" | "startDate"
        | "schema" | "name" => Reading::Apart,
        "reason" => Reading::Prose,
        "alias" => Reading::Name(prop::ALIAS),
        "weakAlias" => Reading::Name(prop::WEAK_ALIAS),
        "previousName" => Reading::Name(prop::FORMER_NAME),
        "country" => Reading::Country("country"),
        "nationality" => Reading::Country("nationality"),
        "jurisdiction" => Reading::Country("jurisdiction"),
        "flag" => Reading::Country("flag"),
        "birthDate" => Reading::Birth,
        "incorporationDate" => Reading::Date,
        "birthPlace" => Reading::Values(prop::BIRTH_PLACE),
        "address" => Reading::Values(prop::ADDRESS),
        "notes" => Reading::Values(prop::NOTE),
        "passportNumber" | "registrationNumber" | "taxNumber" | "idNumber" | "innCode" | "ogrnCode" | "kppCode"
        | "okpoCode" | "leiCode" | "swiftBic" | "ticker" | "imoNumber" | "mmsi" => Reading::Identifier,
        _ => Reading::Own,
    }
}

/// Node type of a schema; `None` for one that the table does not use.
pub(super) fn node_type(schema: &str) -> Option<&'static str> {
    Some(match schema {
        "Person" => "person",
        "LegalEntity" => "legal_entity",
        "Organization" => "organization",
        "Company" => "company",
        "Vessel" => "vessel",
        "Airplane" => "aircraft",
        "Asset" => "asset",
        _ => return None,
    })
}

/// The facts of a row while they are collected.
pub(super) struct Collect<'a> {
    /// Facts so far.
    pub(super) facts: Facts,
    /// Counts and findings.
    pub(super) report: &'a mut Report,
    /// The row.
    pub(super) place: Place,
}

impl Collect<'_> {
    /// Notes something odd in this row.
    pub(super) fn suspect(&mut self, reason: &str, text: &str) {
        self.report.suspect(reason, self.place.clone(), text);
    }

    /// Adds a name as printed, and the other names that stand with it.
    pub(super) fn name(&mut self, kind: &'static str, text: &str) {
        let other = if kind == prop::NAME { prop::ALIAS } else { kind };
        let known = apart(text);
        // A party's own name is not given up for another one.
        if known.others.is_empty() || (kind == prop::NAME && known.name.is_empty()) {
            return self.printed(kind, text, text);
        }
        if !known.name.is_empty() {
            self.printed(kind, known.name, text);
        }
        for (name, former) in known.others {
            self.report.count("names_known_as", 1);
            self.printed(if former { prop::FORMER_NAME } else { other }, name, text);
        }
    }

    /// Adds one name of a printed text; what stands in brackets in another script is a name as well.
    fn printed(&mut self, kind: &'static str, name: &str, text: &str) {
        let p = printed(name);
        let raw = |value: &str| if value == text { String::new() } else { text.to_owned() };
        let other = if kind == prop::NAME { prop::ALIAS } else { kind };
        self.facts.push(Fact { raw: raw(&p.name), lang: p.lang.to_owned(), ..Fact::name(kind, p.name.clone()) });
        for (value, lang) in p.renderings {
            self.report.count("names_in_brackets", 1);
            let raw = raw(&value);
            self.facts.push(Fact { raw, lang: lang.to_owned(), ..Fact::name(other, value) });
        }
    }

    /// Reads a cell of a column.
    pub(super) fn cell(&mut self, column: &str, how: Reading, cell: &str) {
        if cell.is_empty() || how == Reading::Apart {
            return;
        }
        let own = snake(column);
        if how == Reading::Prose {
            return self.facts.push(Fact::new(own, cell));
        }
        let mut parts = split(cell);
        if parts.doubtful {
            self.suspect("values that may be cut in the wrong place", cell);
            match how {
                // Half a name is still a name to look for; the whole stands beside it.
                Reading::Name(_) => self.facts.push(Fact::new(format!("{own}_cell"), cell)),
                // Half of anything else is wrong.
                _ => parts.values = vec![cell.to_owned()],
            }
        }
        for value in parts.values {
            match how {
                Reading::Name(kind) => self.name(kind, &value),
                Reading::Country(role) => self.facts.push(Fact::new(prop::COUNTRY, value).kind(role)),
                Reading::Identifier => self.identifier(column, &own, &value),
                Reading::Birth => self.birth(&value),
                Reading::Date => self.date(&own, &value),
                Reading::Values(name) => self.facts.push(Fact::new(name, value)),
                Reading::Own | Reading::Prose | Reading::Apart => self.facts.push(Fact::new(own.clone(), value)),
            }
        }
    }

    /// A number with its remark in brackets apart: `123 (diplomatic)`.
    fn identifier(&mut self, scheme: &str, own: &str, text: &str) {
        let digits = |t: &str| t.bytes().any(|b| b.is_ascii_digit());
        let lettered = matches!(scheme, "swiftBic" | "ticker");
        if !digits(text) && !lettered {
            self.suspect("identifier without a digit", text);
            return self.facts.push(Fact::new(own, text));
        }
        let bare = text.trim_end_matches(['.', ',', ';', ' ']);
        let number = bare
            .strip_suffix(')')
            .and_then(|t| t.split_once(" ("))
            .filter(|(n, remark)| digits(n) && !remark.contains(['(', ')']) && !n.contains(','))
            .map_or(bare, |(n, _)| n.trim_end());
        let raw = if number == text { String::new() } else { text.to_owned() };
        self.facts.push(Fact { raw, ..Fact::new(prop::IDENTIFIER, number).kind(scheme) });
    }

    /// Dates that the source names as alternatives are births of their own.
    fn birth(&mut self, text: &str) {
        if !self.dates(prop::BIRTH, text) {
            self.suspect("date of birth not understood", text);
            self.facts.push(Fact::new("birth_text", text));
        }
    }

    fn date(&mut self, own: &str, text: &str) {
        if !self.dates(own, text) {
            self.suspect("date not understood", text);
            self.facts.push(Fact::new(own, text));
        }
    }

    /// Adds the dates of a text; `false` where it is not understood.
    fn dates(&mut self, name: &str, text: &str) -> bool {
        let Some(found) = alternatives(text) else { return false };
        for d in found {
            let value = d.to_string();
            let raw = if value == text { String::new() } else { text.to_owned() };
            self.facts.push(Fact { raw, ..Fact::new(name, value) });
        }
        true
    }
}

/// The dates of a text that names one or several: `1.2.1960 or 1961`, `1.2.1960 (or 2.1.1960)`,
/// `1.2.1960, 2.1.1960`, `1.2.1960 / 2.1.1960`. `None` where any of them is not understood.
fn alternatives(text: &str) -> Option<Vec<FuzzyDate>> {
    let text = text.trim().trim_end_matches('.');
    let plain = text.strip_suffix(')').and_then(|t| t.split_once(" (or ")).map(|(a, b)| format!("{a} or {b}"));
    let text = plain.as_deref().unwrap_or(text);
    // "1.2.1960 POB: Zenda": the next line of a printed entry, which says nothing of the date.
    if let Some((day, more)) = text.split_once(' ')
        && more.split(' ').next().is_some_and(|w| w.len() > 2 && w.ends_with(':') && !w.contains('('))
        && let Some(first) = dates::date(day, Order::DayFirst).filter(|d| d.is_full())
    {
        return Some(vec![FuzzyDate { first, last: None, circa: false }]);
    }
    for separator in [" or ", ", ", " / "] {
        if !text.contains(separator) {
            continue;
        }
        // A range may stand between two dates, but not between three.
        let read = |t: &str| dates::date(t, Order::DayFirst).map(|first| FuzzyDate { first, last: None, circa: false });
        let all: Option<Vec<FuzzyDate>> = text.split(separator).take(8).map(read).collect();
        if let Some(all) = all.filter(|a| a.len() == text.split(separator).count()) {
            return Some(all);
        }
    }
    dates::fuzzy(text, Order::DayFirst).map(|d| vec![d])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn births() {
        for (text, want) in [
            ("1.2.1960", "1960-02-01"),
            ("6.5.1969.", "1969-05-06"),
            ("1938", "1938"),
            ("March 1962", "1962-03"),
            ("1965 or 1966", "1965|1966"),
            ("1954 or 1955.", "1954|1955"),
            ("24.6.1964 or 25.6.1964 or 26.6.1964", "1964-06-24|1964-06-25|1964-06-26"),
            ("10.2.1983 (or 10.3.1983)", "1983-02-10|1983-03-10"),
            ("15.4.1957, 22.2.1958", "1957-04-15|1958-02-22"),
            ("7.8.1965 / 20.2.1972", "1965-08-07|1972-02-20"),
            ("1967-1969.", "1967 to 1969"),
            ("7.8. 1978", "1978-08-07"),
            ("circa 1960", "circa 1960"),
            ("June 3, 1960", "1960-06-03"),
            ("possibly 1.2.1960", "none"),
            ("1.2.1960 or unknown", "none"),
            ("28 September", "none"),
            ("8.5.1967 Gender: female", "1967-05-08"),
            ("1967 Gender: female", "none"),
            ("6.5.1994 (founded: 18.7.2002)", "none"),
            ("N/D", "none"),
        ] {
            let got = alternatives(text).map(|a| a.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"));
            assert_eq!(got.as_deref().unwrap_or("none"), want, "{text}");
        }
        assert!(alternatives(&"1960 or ".repeat(50)).is_none());
    }

    #[test]
    fn identifiers() {
        let mut report = Report::default();
        let mut c = Collect { facts: Facts::default(), report: &mut report, place: Place::default() };
        for text in ["123", "614.", "7712,", "88 (diplomatic)", "1, 2 (both)", "A (x) (y)", "none", "PS- 5 (a"] {
            c.identifier("idNumber", "id_number", text);
        }
        c.identifier("swiftBic", "swift_bic", "ZENDRU22");
        c.identifier("swiftBic", "swift_bic", "ZENDRUXX");
        let got: Vec<String> = c.facts.into_vec().iter().map(|f| format!("{} {}|{}", f.kind, f.value, f.raw)).collect();
        let want = [
            "idNumber 123|",
            "idNumber 614|614.",
            "idNumber 7712|7712,",
            "idNumber 88|88 (diplomatic)",
            "idNumber 1, 2 (both)|",
            " A (x) (y)|",
            " none|",
            "idNumber PS- 5 (a|",
            "swiftBic ZENDRU22|",
            "swiftBic ZENDRUXX|",
        ];
        assert_eq!(got, want);
        assert_eq!(report.suspicious["identifier without a digit"].count, 2);
    }
}
