//! Identifiers as what they are, whatever a source calls them: `Tax ID No. 7707083893 (Russia)` and
//! `innCode 7707083893` are one number.

use crate::model::{Fact, PartyRecord, prop};
use crate::names::{Scheme, country_code};
use std::sync::OnceLock;

/// An identifier made comparable.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Identifier {
    /// What it is.
    pub scheme: Scheme,
    /// Its name where that is not known better: letters and digits, lower case.
    pub name: String,
    /// Country code, empty where none is known.
    pub country: String,
    /// Letters and digits, upper case.
    pub value: String,
    /// Whether its check digits fit, for schemes that have some; `true` where they have none.
    pub valid: bool,
}

impl Identifier {
    /// Whether it names a party by itself, by a strong identifier that is well formed.
    pub fn is_strong(&self) -> bool {
        let long = self.value.len() >= 6 && self.value.bytes().filter(u8::is_ascii_digit).count() >= 4;
        self.valid
            && match self.scheme {
                Scheme::Imo | Scheme::Lei | Scheme::Inn | Scheme::Ogrn | Scheme::Uscc | Scheme::Entry => true,
                Scheme::ImoCompany => self.value.len() == 7,
                // A number of one country; which, has to be known.
                Scheme::Tax | Scheme::Registration => long && !self.country.is_empty(),
                Scheme::Passport | Scheme::National | Scheme::Other => false,
            }
    }

    /// What two identifiers must agree in to be one.
    pub(super) fn key(&self) -> String {
        // A number without its country may be that of any.
        format!("{}\t{}\t{}\t{}", self.scheme.as_str(), self.name, self.country, self.value)
    }
}

/// Letters and digits of a text, lower case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The country that the literal text of an identifier names in brackets.
fn named_country(fact: &Fact) -> Option<&'static str> {
    let mut rest = fact.raw.as_str();
    while let Some((_, tail)) = rest.split_once('(') {
        let inside = tail.split(')').next().unwrap_or_default();
        if let Some(code) = country_code(inside) {
            return Some(code);
        }
        rest = tail;
    }
    None
}

/// The one country that a party is said to be of; `None` where there are several or none.
fn own_country(party: &PartyRecord) -> Option<&'static str> {
    let kinds = ["", "jurisdiction", "country_registered", "nationality", "citizenship", "flag", "main"];
    let facts = party.facts.iter().filter(|f| f.prop == prop::COUNTRY && kinds.contains(&f.kind.as_str()));
    let mut codes: Vec<&str> = facts.filter_map(|f| country_code(&f.value)).collect();
    codes.sort_unstable();
    codes.dedup();
    match codes[..] {
        [one] => country_code(one),
        _ => None,
    }
}

/// The identifiers of a party, each once.
pub fn identifiers(party: &PartyRecord) -> Vec<Identifier> {
    let mut out: Vec<Identifier> = Vec::new();
    let own = OnceLock::new();
    for f in party.facts.iter().filter(|f| f.prop == prop::IDENTIFIER) {
        let value: String = f.value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        if value.is_empty() || value.len() > 64 {
            continue;
        }
        let name = bare(&f.kind);
        let mut scheme = Scheme::of(&name);
        let country = named_country(f).or_else(|| *own.get_or_init(|| own_country(party))).unwrap_or_default();
        let mut value = value;
        if matches!(scheme, Scheme::Imo | Scheme::ImoCompany) {
            value = value.strip_prefix("IMO").unwrap_or(&value).to_owned();
        }
        let ship = party.node_type == "vessel";
        match scheme {
            Scheme::Imo if !ship && !party.node_type.is_empty() => scheme = Scheme::ImoCompany,
            Scheme::ImoCompany if ship => scheme = Scheme::Imo,
            // A number of a country that has a scheme of its own, by its form.
            Scheme::Tax | Scheme::Registration | Scheme::National if country == "ru" && Scheme::Inn.fits(&value) => {
                scheme = Scheme::Inn;
            }
            Scheme::Registration | Scheme::National | Scheme::Other if country == "ru" && Scheme::Ogrn.fits(&value) => {
                scheme = Scheme::Ogrn;
            }
            Scheme::Tax | Scheme::Registration | Scheme::Other if Scheme::Uscc.fits(&value) && country == "cn" => {
                scheme = Scheme::Uscc;
            }
            _ => {}
        }
        let valid = scheme.fits(&value);
        let of = match scheme {
            Scheme::Imo | Scheme::ImoCompany | Scheme::Lei | Scheme::Entry => "",
            Scheme::Inn | Scheme::Ogrn => "ru",
            Scheme::Uscc => "cn",
            Scheme::Other => "",
            _ => country,
        };
        let name = if scheme == Scheme::Other { name } else { String::new() };
        let found = Identifier { scheme, name, country: of.to_owned(), value, valid };
        if !out.contains(&found) {
            out.push(found);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Id;

    fn read(node_type: &str, country: &str, kind: &str, value: &str, raw: &str) -> String {
        let mut p = PartyRecord::new(Id::parse("a:1").unwrap(), node_type);
        p.facts.push(Fact { raw: raw.to_owned(), ..Fact::new(prop::IDENTIFIER, value).kind(kind) });
        if !country.is_empty() {
            p.facts.push(Fact::new(prop::COUNTRY, country));
        }
        let i = identifiers(&p).remove(0);
        format!("{} {} {} {} {}", i.scheme.as_str(), i.country, i.value, i.valid, i.is_strong())
    }

    #[test]
    fn one_number_under_many_names() {
        for (kind, value, raw, country) in [
            ("Tax ID No.", "7707083893", "Tax ID No. 7707083893 (Russia)", ""),
            ("innCode", "7707083893", "", ""),
            ("taxNumber", "77 070 838 93", "", "ru"),
            ("INN", "7707083893", "", "Russian Federation"),
        ] {
            assert_eq!(read("company", country, kind, value, raw), "inn ru 7707083893 true true", "{kind}");
        }
        for (kind, value, raw) in [
            ("Registration ID", "1027700132195", "Registration ID 1027700132195 (Russia)"),
            ("ogrnCode", "1027700132195", ""),
        ] {
            assert_eq!(read("company", "", kind, value, raw), "ogrn ru 1027700132195 true true", "{kind}");
        }
        for (kind, value) in [("IMO", "9074729"), ("IMO number", "IMO 9074729"), ("imoNumber", "IMO9074729")] {
            assert_eq!(read("vessel", "", kind, value, ""), "imo  9074729 true true", "{kind}");
        }
        assert_eq!(read("company", "", "imoNumber", "5418446", ""), "imo_company  5418446 true true");
        let lei = "lei  5493001KJTIIGC8Y1R12 true true";
        assert_eq!(read("company", "", "leiCode", "5493001KJTIIGC8Y1R12", ""), lei);
        assert_eq!(read("company", "", "Legal Entity Number", "5493 001KJTIIGC8Y1R12", ""), lei);
        let uscc = "Unified Social Credit Code (USCC)";
        assert_eq!(read("company", "", uscc, "91350200705420347R", ""), "uscc cn 91350200705420347R true true");
    }

    #[test]
    fn what_names_nobody() {
        for (kind, value, raw, want) in [
            ("IMO", "9074728", "", "imo  9074728 false false"),
            ("leiCode", "5493001KJTIIGC8Y1R13", "", "lei  5493001KJTIIGC8Y1R13 false false"),
            ("innCode", "7707083894", "", "inn ru 7707083894 false false"),
            ("Tax ID No.", "100036378", "", "tax  100036378 true false"),
            ("Tax ID No.", "100036378", "Tax ID No. 100036378 (Serbia)", "tax rs 100036378 true true"),
            ("Tax ID No.", "12", "Tax ID No. 12 (Serbia)", "tax rs 12 true false"),
            ("Passport", "AE182792", "Passport AE182792 (Colombia)", "passport co AE182792 true false"),
            ("SWIFT/BIC", "HAVIGB2L", "", "other  HAVIGB2L true false"),
        ] {
            assert_eq!(read("vessel", "", kind, value, raw), want, "{kind} {value}");
        }
    }
}
