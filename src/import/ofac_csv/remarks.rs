//! The language of OFAC's remarks: items divided by `; `, one kind of statement each.
//!
//! `DOB 05 Jun 1971; alt. nationality Russia; Passport 72 (Russia); Linked To: NAME.`

use super::items::WEAK;
use super::schemes;
use crate::model::{Fact, FuzzyDate, PartialDate, prop};

/// Items `LABEL text` that become the fact `prop` with the text as it is.
const TEXTS: [(&str, &str); 27] = [
    ("Gender", "gender"),
    ("Secondary sanctions risk", "secondary_sanctions_risk"),
    ("Additional Sanctions Information", "additional_sanctions_information"),
    (
        "Transactions Prohibited For Persons Owned or Controlled By U.S. Financial Institutions",
        "transactions_prohibited_for_persons_owned_or_controlled_by_us_financial_institutions",
    ),
    ("Organization Type", "organization_type"),
    ("Target Type", "target_type"),
    ("Vessel Year of Build", "vessel_year_of_build"),
    ("Other Vessel Type", "other_vessel_type"),
    ("Other Vessel Call Sign", "other_vessel_call_sign"),
    ("Aircraft Model", "aircraft_model"),
    ("Aircraft Operator", "aircraft_operator"),
    ("Issuer Name", "issuer_name"),
    ("Website", "website"),
    ("Email Address", "email"),
    ("Phone Number", "phone"),
    ("Phone No.", "phone"),
    ("Telephone Number", "phone"),
    ("Telephone No.", "phone"),
    ("Telephone", "phone"),
    ("PHONE", "phone"),
    ("Fax No.", "fax"),
    ("Fax Number", "fax"),
    ("Fax", "fax"),
    ("FAX", "fax"),
    ("Alt. Fax", "fax"),
    ("Alt. Telephone", "phone"),
    ("Email", "email"),
];

/// Items `LABEL country`, with the role of the country.
const COUNTRIES: [(&str, &str); 5] = [
    ("nationality", "nationality"),
    ("citizen", "citizenship"),
    ("Nationality of Registration", "nationality of registration"),
    ("Former Vessel Flag", "former flag"),
    ("Other Vessel Flag", "other flag"),
];

/// Items `LABEL date` that are no date of birth.
const DATES: [(&str, &str); 2] = [
    ("Organization Established Date", "organization_established_date"),
    ("Aircraft Manufacture Date", "aircraft_manufacture_date"),
];

/// Items `LABEL (SCOPE) date`, which speak of the listing itself.
const LISTING_DATES: [(&str, &str); 3] = [
    ("Listing Date", "listing_date"),
    ("Effective Date", "effective_date"),
    ("Purchase/Sales For Divestment Date", "purchase_sales_for_divestment_date"),
];

/// What one item says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) enum Item {
    /// A statement on the entry itself.
    Fact(Fact),
    /// `Linked To: NAME`.
    LinkedTo(String),
    /// A statement whose value could not be read; kept as literal text, with the reason.
    Unread(Fact, &'static str),
}

/// Reads a day as the list writes it: `05 Jun 1971`, `Jun 1971`, `1971`.
pub(super) fn date(text: &str) -> Option<PartialDate> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let number = |t: &str, len: usize| -> Option<u32> {
        (t.len() <= len && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse().ok()).flatten()
    };
    let mut words = text.split_whitespace().rev();
    let year = words.next().filter(|y| y.len() == 4).and_then(|y| number(y, 4))?;
    let month = match words.next() {
        None => 0,
        Some(m) => MONTHS.iter().zip(1u32..).find(|(name, _)| **name == m)?.1,
    };
    let day = match words.next() {
        None => 0,
        Some(d) => number(d, 2).filter(|d| *d > 0)?,
    };
    if words.next().is_some() {
        return None;
    }
    PartialDate::new(year, month, day).ok()
}

/// Reads a date that may be vague: a day, `circa` a day, or a range (`A to B`, once `A-B`).
pub(super) fn fuzzy(text: &str) -> Option<FuzzyDate> {
    let (circa, rest) = text.strip_prefix("circa ").map_or((false, text), |r| (true, r));
    let (first, last) = match rest.split_once(" to ").or_else(|| rest.split_once('-')) {
        None => (date(rest)?, None),
        Some((a, b)) => (date(a)?, Some(date(b)?)),
    };
    if last.is_some_and(|l| l.last_day() < first.first_day()) {
        return None;
    }
    Some(FuzzyDate { first, last, circa })
}

/// What follows a label: the label must be a whole word, and a colon or dash after it is not
/// part of the value.
pub(super) fn after<'a>(text: &'a str, label: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(label)?;
    let value = rest.strip_prefix(':').or_else(|| rest.strip_prefix(" -")).unwrap_or(rest);
    let apart = value.len() < rest.len() || rest.starts_with([' ', '(']) || label.ends_with(['.', '#']);
    (apart && !value.trim().is_empty()).then(|| value.trim())
}

fn with_raw(mut fact: Fact, raw: &str) -> Fact {
    if fact.value != raw {
        fact.raw = raw.to_owned();
    }
    fact
}

/// A label as the name of a property.
fn snake(label: &str) -> String {
    let mut out = String::new();
    for c in label.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('_') && !out.is_empty() && c != '.' {
            out.push('_');
        }
    }
    out.trim_end_matches('_').to_owned()
}

/// Reads one item. Whatever is not recognised is kept as the fact `remark`.
pub(in crate::import) fn item(text: &str) -> Item {
    let (alt, body) = text.strip_prefix("alt. ").map_or((false, text), |r| (true, r));
    let alternative = if alt { "alternative" } else { "" };
    if let Some(name) = body.strip_prefix("Linked To:").map(str::trim).filter(|n| !n.is_empty()) {
        return Item::LinkedTo(name.to_owned());
    }
    if let Some(found) = weak_alias(body) {
        return found;
    }
    if let Some(value) = after(body, "DOB") {
        return match fuzzy(value) {
            Some(d) => {
                let fact = Fact::new(prop::BIRTH, d.to_string()).kind(alternative);
                Item::Fact(with_raw(fact, value))
            }
            None => Item::Unread(Fact::new("remark", text), "date of birth not understood"),
        };
    }
    if let Some(value) = after(body, "POB") {
        return Item::Fact(Fact::new(prop::BIRTH_PLACE, value).kind(alternative));
    }
    if let Some((value, role)) = COUNTRIES.iter().find_map(|(l, role)| Some((after(body, l)?, *role))) {
        let mut fact = Fact::new(prop::COUNTRY, value).kind(role);
        if alt {
            fact.raw = text.to_owned();
        }
        return Item::Fact(fact);
    }
    if let Some((value, name)) = DATES.iter().find_map(|(l, name)| Some((after(body, l)?, *name))) {
        return dated(name, value, alternative, value, text);
    }
    if let Some((value, name)) = LISTING_DATES.iter().find_map(|(l, name)| Some((after(body, l)?, *name)))
        && let Some((scope, day)) = value.strip_prefix('(').and_then(|v| v.split_once(')'))
    {
        return dated(name, day.trim_start_matches(':').trim(), scope, text, text);
    }
    if let Some((value, name)) = TEXTS.iter().find_map(|(l, name)| Some((after(body, l)?, *name))) {
        return Item::Fact(Fact::new(name, value).kind(alternative));
    }
    if let Some(fact) = directive(body) {
        return Item::Fact(fact.kind(alternative));
    }
    if body.get(..20).is_some_and(|b| b.eq_ignore_ascii_case("for more information")) {
        return Item::Fact(Fact::new("more_information", text));
    }
    if let Some(fact) = schemes::identifier(body, text) {
        return Item::Fact(fact);
    }
    Item::Fact(Fact::new("remark", text))
}

fn dated(name: &str, day: &str, kind: &str, raw: &str, text: &str) -> Item {
    match fuzzy(day) {
        Some(d) => Item::Fact(with_raw(Fact::new(name, d.to_string()).kind(kind), raw)),
        None => Item::Unread(Fact::new("remark", text), "date not understood"),
    }
}

/// `a.k.a. 'NAME'`; the name may begin and end with apostrophes of its own.
fn weak_alias(body: &str) -> Option<Item> {
    let (label, rest) = WEAK.iter().find_map(|w| Some((*w, body.strip_prefix(w)?.trim_start().strip_prefix('\'')?)))?;
    let name = |value: &str| Fact::name(prop::WEAK_ALIAS, value.trim()).kind(label);
    match rest.strip_suffix('\'') {
        Some(inner) if !inner.trim().is_empty() => Some(Item::Fact(name(inner))),
        Some(_) => None,
        None if rest.trim().is_empty() => None,
        None => Some(Item::Unread(name(rest), "weak alias without a closing quote")),
    }
}

/// Tags that name a legal text first: `Executive Order 13662 Directive Determination - ...`,
/// `CAATSA Section 235 Information: ...`, `IFCA Determination - ...`.
fn directive(body: &str) -> Option<Fact> {
    if !["Executive Order ", "CAATSA ", "IFCA ", "PEESA ", "E.O. ", "EO "].iter().any(|p| body.starts_with(p)) {
        return None;
    }
    let at = [body.find(" - "), body.find(": "), body.find(" -")].into_iter().flatten().min()?;
    let (label, value) = (body.get(..at)?, body.get(at..)?.trim_start_matches([' ', ':', '-']));
    (label.len() <= 80 && !value.is_empty()).then(|| Fact::new(snake(label), value))
}

#[cfg(test)]
mod tests {
    use super::super::items::split;
    use super::*;

    fn fact(text: &str) -> Fact {
        match item(text) {
            Item::Fact(f) => f,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn is(text: &str, prop: &str, kind: &str, value: &str) -> Fact {
        let f = fact(text);
        assert_eq!((f.prop.as_str(), f.kind.as_str(), f.value.as_str()), (prop, kind, value), "{text}");
        f
    }

    #[test]
    fn births() {
        assert_eq!(is("DOB 05 Jun 1971", "birth", "", "1971-06-05").raw, "05 Jun 1971");
        assert_eq!(is("DOB 1971", "birth", "", "1971").raw, "");
        is("DOB Jun 1971", "birth", "", "1971-06");
        is("alt. DOB circa 1951", "birth", "alternative", "circa 1951");
        is("DOB 1951 to 1953", "birth", "", "1951 to 1953");
        is("DOB 01 Jan 1960 to 31 Dec 1962", "birth", "", "1960-01-01 to 1962-12-31");
        is("DOB circa 1979-1982", "birth", "", "circa 1979 to 1982");
        for bad in ["DOB 31 Feb 1970", "DOB 1962 to 1960", "DOB unknown", "DOB 1 2 Mar 1970"] {
            assert_eq!(item(bad), Item::Unread(Fact::new("remark", bad), "date of birth not understood"));
        }
    }

    #[test]
    fn people_and_places() {
        is("POB Port Oldhaven, Norland", "birth_place", "", "Port Oldhaven, Norland");
        is("alt. POB Sill", "birth_place", "alternative", "Sill");
        is("nationality Korea, North", "country", "nationality", "Korea, North");
        assert_eq!(is("alt. citizen Norland", "country", "citizenship", "Norland").raw, "alt. citizen Norland");
        is("Gender Female", "gender", "", "Female");
        is("Former Vessel Flag Norland", "country", "former flag", "Norland");
        is("Nationality of Registration Norland", "country", "nationality of registration", "Norland");
    }

    #[test]
    fn tags_and_dates() {
        is("Secondary sanctions risk: section 1(b)", "secondary_sanctions_risk", "", "section 1(b)");
        is("Additional Sanctions Information - Subject to X", "additional_sanctions_information", "", "Subject to X");
        is(
            "alt. Executive Order 13662 Directive Determination - Subject to Directive 4",
            "executive_order_13662_directive_determination",
            "alternative",
            "Subject to Directive 4",
        );
        is("CAATSA Section 235 Information: LOANS. Sec 235", "caatsa_section_235_information", "", "LOANS. Sec 235");
        let f = is("Listing Date (CMIC) 03 Jun 2021", "listing_date", "CMIC", "2021-06-03");
        assert_eq!(f.raw, "Listing Date (CMIC) 03 Jun 2021");
        is(
            "Effective Date (EO 14024 Directive 2): 26 Mar 2022",
            "effective_date",
            "EO 14024 Directive 2",
            "2022-03-26",
        );
        is("Organization Established Date 04 Mar 2019", "organization_established_date", "", "2019-03-04");
        is("Organization Established Date 2014 to Mar 2015", "organization_established_date", "", "2014 to 2015-03");
        is("Aircraft Manufacture Date Sep 1992", "aircraft_manufacture_date", "", "1992-09");
        is("Organization Type: Holding companies", "organization_type", "", "Holding companies");
        is("Target Type Private Company", "target_type", "", "Private Company");
        is("Aircraft Operator Norland Air", "aircraft_operator", "", "Norland Air");
        is("Website www.norland.example", "website", "", "www.norland.example");
        is("Telephone: 555 0100", "phone", "", "555 0100");
        is("Telephone (47)(555010)", "phone", "", "(47)(555010)");
        is(
            "for more information on this, see there",
            "more_information",
            "",
            "for more information on this, see there",
        );
        assert_eq!(
            item("Listing Date (CMIC) soon"),
            Item::Unread(Fact::new("remark", "Listing Date (CMIC) soon"), "date not understood")
        );
    }

    #[test]
    fn nothing_is_dropped() {
        for text in
            ["Brigadier General", "arrested 23 Apr 2002", "Linked To:", "DOB", "a.k.a. ''", "Faxes welcome", "."]
        {
            assert_eq!(fact(text), Fact::new("remark", text));
        }
        assert_eq!(item("Linked To: DOE, Jane"), Item::LinkedTo("DOE, Jane".into()));
    }

    #[test]
    fn weak_aliases() {
        let names = |t: &str| -> Vec<(String, String)> {
            split(t, false).whole.into_iter().map(fact).map(|f| (f.kind, f.value)).collect()
        };
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        assert_eq!(
            names("a.k.a. ''ALI AL-KHAL'; f.k.a. 'JSC 'SMN''; n.k.a. 'ABU HAZA''."),
            [pair("a.k.a.", "'ALI AL-KHAL"), pair("f.k.a.", "JSC 'SMN'"), pair("n.k.a.", "ABU HAZA'")]
        );
        assert_eq!(
            names("a.k.a. 'FIRE; SONS OF'; a.k.a. 'B'."),
            [pair("a.k.a.", "FIRE; SONS OF"), pair("a.k.a.", "B")]
        );
        let items = split("a.k.a. 'OPEN; Linked To: B; a.k.a. 'C'.", false).whole;
        assert_eq!(items, ["a.k.a. 'OPEN", "Linked To: B", "a.k.a. 'C'"]);
        let Item::Unread(f, why) = item("a.k.a. 'OPEN") else { panic!() };
        assert_eq!(
            (f.value.as_str(), f.prop.as_str(), why),
            ("OPEN", "weak_alias", "weak alias without a closing quote")
        );
    }
}
