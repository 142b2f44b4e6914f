//! Identifiers as what they are, whatever a source calls them: `Tax ID No. 7707083893 (Russia)` and
//! `innCode 7707083893` are one number.

use crate::graph::normalise;
use crate::model::{Fact, PartyRecord, prop};
use std::collections::HashMap;
use std::sync::OnceLock;

/// What kind of identifier a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// Number of a ship.
    Imo,
    /// Number of a shipping company.
    ImoCompany,
    /// Legal entity identifier.
    Lei,
    /// Russian tax number.
    Inn,
    /// Russian registration number.
    Ogrn,
    /// A tax number of a country.
    Tax,
    /// A registration number of a country.
    Registration,
    /// Chinese unified social credit code.
    Uscc,
    /// A passport.
    Passport,
    /// A national identity number.
    National,
    /// An entry number of a list, that another source names.
    Entry,
    /// Anything else, by its name.
    Other,
}

impl Scheme {
    /// The word used in evidence.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Imo => "imo",
            Scheme::ImoCompany => "imo_company",
            Scheme::Lei => "lei",
            Scheme::Inn => "inn",
            Scheme::Ogrn => "ogrn",
            Scheme::Tax => "tax",
            Scheme::Registration => "registration",
            Scheme::Uscc => "uscc",
            Scheme::Passport => "passport",
            Scheme::National => "national",
            Scheme::Entry => "entry",
            Scheme::Other => "other",
        }
    }
}

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

/// The code of a country by its name or code; `None` where it is neither.
pub fn country_code(text: &str) -> Option<&'static str> {
    static CODES: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let codes = CODES.get_or_init(|| {
        let mut all = HashMap::new();
        for line in include_str!("../../data/countries.tsv").lines().filter(|l| !l.starts_with('#')) {
            let mut cells = line.split('\t');
            let Some(code) = cells.next() else { continue };
            all.insert(code.to_owned(), code);
            for name in cells.flat_map(|c| c.split(';')) {
                all.insert(normalise(name), code);
            }
        }
        all
    });
    let plain = normalise(text);
    codes.get(&plain).copied()
}

/// Letters and digits of a text, lower case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The scheme that a source's name for it means.
fn scheme(name: &str) -> Scheme {
    match name {
        "imo" | "imonumber" | "imono" | "vesselregistrationidentificationimo" => Scheme::Imo,
        "identificationnumberimo" | "companynumberimo" | "companyimonumber" | "imocompanynumber" => Scheme::ImoCompany,
        "lei" | "leicode" | "legalentitynumber" | "legalentityidentifier" => Scheme::Lei,
        "inn" | "inncode" | "taxpayeridentificationnumberinn" | "ruinn" => Scheme::Inn,
        "ogrn"
        | "ogrncode"
        | "mainstateregistrationnumber"
        | "ogrnnumber"
        | "ruogrn"
        | "primarystateregistrationnumber" => Scheme::Ogrn,
        "unifiedsocialcreditcodeuscc" | "unifiedsocialcreditcode" | "uscc" | "usccode" => Scheme::Uscc,
        "passport" | "passportnumber" | "passportno" | "nationalpassportnumber" | "diplomaticpassport" => {
            Scheme::Passport
        }
        "taxidno"
        | "taxnumber"
        | "taxid"
        | "taxidentificationnumber"
        | "fiscalcode"
        | "taxcode"
        | "tin"
        | "vatnumber"
        | "vatcode"
        | "vat"
        | "nit"
        | "ruc"
        | "rif"
        | "rfc"
        | "usfein"
        | "ein" => Scheme::Tax,
        "registrationnumber"
        | "registrationid"
        | "registrationno"
        | "companynumber"
        | "businessregistrationnumber"
        | "ukcompanynumber"
        | "commercialregistrynumber"
        | "businessnumber"
        | "crno"
        | "enterprisenumber"
        | "businessidentificationnumber"
        | "companyregistrationnumber"
        | "chamberofcommercenumber" => Scheme::Registration,
        "nationalidno"
        | "nationalid"
        | "nationalidentificationnumber"
        | "idnumber"
        | "idcard"
        | "personalidcard"
        | "cedulano"
        | "dni"
        | "curp"
        | "identificationnumber"
        | "nationalidentitycard"
        | "socialsecuritynumber"
        | "ssn" => Scheme::National,
        _ => Scheme::Other,
    }
}

fn digits(text: &str) -> Option<Vec<u32>> {
    text.chars().map(|c| c.to_digit(10)).collect()
}

fn weighted(d: &[u32], weights: &[u32]) -> u32 {
    d.iter().zip(weights).map(|(a, b)| a * b).sum()
}

/// Check digit of a ship's number.
fn imo_fits(value: &str) -> bool {
    let Some(d) = digits(value).filter(|d| d.len() == 7) else { return false };
    d.last() == Some(&(weighted(&d, &[7, 6, 5, 4, 3, 2]) % 10))
}

/// ISO 7064, MOD 97-10.
fn lei_fits(value: &str) -> bool {
    if value.len() != 20 {
        return false;
    }
    let mut rest = 0u32;
    for c in value.chars() {
        let Some(n) = c.to_digit(36) else { return false };
        rest = (if n < 10 { rest * 10 + n } else { rest * 100 + n }) % 97;
    }
    rest == 1
}

fn inn_fits(value: &str) -> bool {
    const W: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let Some(d) = digits(value) else { return false };
    let check =
        |n: usize, weights: &[u32]| d.get(n) == Some(&(weighted(d.get(..n).unwrap_or_default(), weights) % 11 % 10));
    match d.len() {
        10 => check(9, W.get(2..).unwrap_or_default()),
        12 => check(10, W.get(1..).unwrap_or_default()) && check(11, &W),
        _ => false,
    }
}

fn ogrn_fits(value: &str) -> bool {
    let modulus = match value.len() {
        13 => 11,
        15 => 13,
        _ => return false,
    };
    let Some((head, last)) = value.split_at_checked(value.len() - 1) else { return false };
    match (head.parse::<u64>(), last.parse::<u64>()) {
        (Ok(n), Ok(last)) => n % modulus % 10 == last,
        _ => false,
    }
}

/// Check character of a Chinese unified social credit code, GB 32100-2015.
fn uscc_fits(value: &str) -> bool {
    const CHARS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    if value.len() != 18 {
        return false;
    }
    let (mut sum, mut weight, mut last) = (0u32, 1u32, 0u32);
    for (i, c) in value.chars().enumerate() {
        let Some(n) = CHARS.find(c).map(|n| n as u32) else { return false };
        if i == 17 {
            last = n;
        } else {
            sum += n * weight;
            weight = weight * 3 % 31;
        }
    }
    (31 - sum % 31) % 31 == last
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
        let mut scheme = scheme(&name);
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
            Scheme::Tax | Scheme::Registration | Scheme::National if country == "ru" && inn_fits(&value) => {
                scheme = Scheme::Inn;
            }
            Scheme::Registration | Scheme::National | Scheme::Other if country == "ru" && ogrn_fits(&value) => {
                scheme = Scheme::Ogrn;
            }
            Scheme::Tax | Scheme::Registration | Scheme::Other if uscc_fits(&value) && country == "cn" => {
                scheme = Scheme::Uscc;
            }
            _ => {}
        }
        let valid = match scheme {
            Scheme::Imo => imo_fits(&value),
            Scheme::Lei => lei_fits(&value),
            Scheme::Inn => inn_fits(&value),
            Scheme::Ogrn => ogrn_fits(&value),
            Scheme::Uscc => uscc_fits(&value),
            _ => true,
        };
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

    #[test]
    fn countries() {
        for (text, code) in
            [("Korea, North", Some("kp")), ("ru", Some("ru")), ("Türkiye", Some("tr")), ("Norland", None), ("XA", None)]
        {
            assert_eq!(country_code(text), code, "{text}");
        }
    }
}
