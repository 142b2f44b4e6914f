//! Identifiers in OFAC's remarks: `SCHEME NUMBER (Country) issued DATE expires DATE`.
//!
//! The list of schemes is open. Those that do not end in a word like "No." or "Number" are
//! named here; the others are recognised by that word.

use super::remarks::{after, date, fuzzy};
use crate::model::{Fact, PartialDate, prop};

/// Schemes whose value may hold no digit, or whose last word says nothing. Longer ones stand
/// before their own beginnings.
const KNOWN: [&str; 49] = [
    "Passport Booklet",
    "Passport Card",
    "Passport",
    "Diplomatic Passport",
    "Stateless Person Passport",
    "Tax ID No.",
    "National ID No.",
    "Registration Number",
    "Registration ID",
    "Identification Number IMO",
    "Identification Number",
    "Company Number IMO",
    "Company Number",
    "Cedula No.",
    "C.U.R.P. #",
    "C.U.R.P.",
    "R.F.C. #",
    "R.F.C.",
    "RFC",
    "NIT #",
    "RUC #",
    "RIF #",
    "D.N.I.",
    "C.U.I.T.",
    "C.U.I.P.",
    "C.U.I.",
    "C.I.F.",
    "I.F.E.",
    "RTN",
    "SSN",
    "US FEIN",
    "ISIN",
    "MMSI",
    "SWIFT/BIC",
    "BIK (RU)",
    "D-U-N-S Number",
    "Equity Ticker",
    "Aircraft Tail Number",
    "Previous Aircraft Tail Number",
    "Aircraft Mode S Transponder Code",
    "Aircraft Serial Identification",
    "Credencial electoral",
    "Cartilla de Servicio Militar Nacional",
    "Romanian C.R.",
    "Romanian Tax Registration",
    "CNP (Personal Numerical Code)",
    "Numero Unico de Identificacao Tributaria (NUIT)",
    "N.I.F.",
    "N.I.E.",
];

/// Words with which the name of a scheme ends.
const ENDINGS: [&str; 16] = [
    "no.",
    "no",
    "number",
    "#",
    "id",
    "code",
    "card",
    "license",
    "licence",
    "passport",
    "identification",
    "certificate",
    "registry",
    "numberid",
    "visanumberid",
    "identidad",
];

/// The longest value and the longest scheme taken for an identifier, in bytes; beyond that it
/// is prose that happens to hold a number.
const MAX_PART: usize = 120;

/// Reads an item, `body` being `text` without its `alt. `, as an identifier. The literal item
/// is kept, for the country and for what could not be read.
pub(super) fn identifier(body: &str, text: &str) -> Option<Fact> {
    let (scheme, value) = divide(body)?;
    let (number, issued, expires) = qualifiers(value);
    if number.is_empty() || number.len() > MAX_PART {
        return None;
    }
    let mut fact = Fact::new(prop::IDENTIFIER, number).kind(scheme);
    fact.from = issued;
    fact.to = expires;
    fact.raw = text.to_owned();
    Some(fact)
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|b| b.is_ascii_digit())
}

/// Scheme and the rest.
fn divide(body: &str) -> Option<(&str, &str)> {
    if let Some(number) = after(body, "Vessel Registration Identification IMO") {
        return Some(("IMO", number));
    }
    if let Some(rest) = after(body, "Digital Currency Address") {
        // "Digital Currency Address - XBT 12Qt...": the currency belongs to the scheme.
        let (currency, address) = rest.split_once(' ')?;
        let end = body.len() - rest.len() + currency.len();
        return Some((body.get(..end)?, address.trim()));
    }
    if let Some((scheme, value)) = KNOWN.iter().find_map(|k| Some((*k, after(body, k)?))) {
        // "Passport and National ID were issued in ..." is prose.
        let bare = value.split(" (").next().unwrap_or_default();
        let number = has_digit(value) || !bare.contains(' ') || !bare.bytes().any(|b| b.is_ascii_lowercase());
        return number.then_some((scheme, value));
    }
    let mut end = None;
    let mut at = 0;
    for word in body.split(' ') {
        let stop = at + word.len();
        if has_digit(word) {
            break;
        }
        let bare = word.trim_end_matches(':').to_ascii_lowercase();
        // "Serial Number (MSN)", "Code (USCC)": an abbreviation goes with the word before it.
        let abbreviation = end == Some(at.saturating_sub(1)) && word.starts_with('(') && word.ends_with(')');
        if ENDINGS.contains(&bare.as_str()) || (abbreviation && at > 0) {
            end = Some(stop);
        }
        at = stop + 1;
    }
    // "(also called L/N or S/N or F/N)" is the one abbreviation with blanks in it.
    let end = end?;
    let tail = body.get(end..)?;
    let end = match tail.strip_prefix(" (also called") {
        Some(t) => end + " (also called".len() + t.find(')')? + 1,
        None => end,
    };
    let (scheme, value) = (body.get(..end)?, body.get(end..)?.trim_start());
    let fits = has_digit(value) && scheme.len() <= MAX_PART && scheme.starts_with(char::is_alphanumeric);
    fits.then(|| (scheme.trim_end_matches(':'), value))
}

/// Takes `(Country)`, `issued DATE` and `expires DATE` off the end, in whatever order. What
/// is no date stays in the value; a range of days is taken off, and names none of them.
fn qualifiers(value: &str) -> (&str, Option<PartialDate>, Option<PartialDate>) {
    let (mut rest, mut issued, mut expires) = (value.trim(), None, None);
    let mut country = false;
    let dated = |text: &'_ str, word: &str| {
        let (_, day) = text.rsplit_once(word)?;
        fuzzy(day)?;
        Some((text.len() - day.len() - word.len(), date(day)))
    };
    for _ in 0..3 {
        if let Some((at, day)) = dated(rest, " expires ") {
            (rest, expires) = (rest.get(..at).unwrap_or_default().trim_end(), day);
        } else if let Some((at, day)) = dated(rest, " issued ") {
            (rest, issued) = (rest.get(..at).unwrap_or_default().trim_end(), day);
        } else if let Some((head, _)) = rest.strip_suffix(')').and_then(|r| r.rsplit_once(" (")).filter(|_| !country) {
            (rest, country) = (head.trim_end(), true);
        }
    }
    (rest, issued, expires)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, String)> {
        let body = text.strip_prefix("alt. ").unwrap_or(text);
        identifier(body, text).map(|f| (f.kind, f.value))
    }

    #[test]
    fn schemes() {
        for (text, kind, value) in [
            ("Passport 12345 (Norland)", "Passport", "12345"),
            ("alt. Passport A 12 (Norland) issued 31 Jul 2000 expires 2010", "Passport", "A 12"),
            ("Passport Booklet: A12", "Passport Booklet", "A12"),
            ("Tax ID No. AABA (Norland)", "Tax ID No.", "AABA"),
            ("Registration Number HRA 738 (Sill) (Norland)", "Registration Number", "HRA 738 (Sill)"),
            ("Vessel Registration Identification IMO 1234567", "IMO", "1234567"),
            ("MMSI 123456789", "MMSI", "123456789"),
            ("Digital Currency Address - XBT 1abcDEF", "Digital Currency Address - XBT", "1abcDEF"),
            ("alt. Digital Currency Address - ETH 0xab", "Digital Currency Address - ETH", "0xab"),
            ("Aircraft Tail Number EP-XYZ", "Aircraft Tail Number", "EP-XYZ"),
            ("Aircraft Manufacturer's Serial Number (MSN) 1023", "Aircraft Manufacturer's Serial Number (MSN)", "1023"),
            (
                "Aircraft Construction Number (also called L/N or S/N or F/N) 84",
                "Aircraft Construction Number (also called L/N or S/N or F/N)",
                "84",
            ),
            ("Sill Chamber of Comm. No. 537 (Norland)", "Sill Chamber of Comm. No.", "537"),
            ("Norland Social Code (NSC) 91X (Norland)", "Norland Social Code (NSC)", "91X"),
            ("Driver's License No. 76-A", "Driver's License No.", "76-A"),
            ("License 611 (Norland)", "License", "611"),
            ("D-U-N-S Number 52-024-23", "D-U-N-S Number", "52-024-23"),
            ("SWIFT/BIC NORLNO22", "SWIFT/BIC", "NORLNO22"),
            ("BIK (RU) 044", "BIK (RU)", "044"),
            ("C.U.R.P. ABCD700101 (Norland)", "C.U.R.P.", "ABCD700101"),
        ] {
            assert_eq!(read(text), Some((kind.into(), value.into())), "{text}");
        }
        for prose in [
            "Passport and more were issued there",
            "Vice-Chairperson, 13th Congress",
            "Judge, Branch 3",
            "arrested 23 Apr 2002",
            "Passports",
            "Number",
        ] {
            assert_eq!(read(prose), None, "{prose}");
        }
    }

    #[test]
    fn dates_and_literal() {
        let text = "alt. Passport 12 (Norland) issued 31 Jul 2000 expires 30 Jul 2010";
        let f = identifier("Passport 12 (Norland) issued 31 Jul 2000 expires 30 Jul 2010", text).unwrap();
        let day = |d: Option<PartialDate>| d.map(|d| d.to_string());
        assert_eq!((day(f.from).as_deref(), day(f.to).as_deref()), (Some("2000-07-31"), Some("2010-07-30")));
        assert_eq!(f.raw, text);
        let f = identifier("Passport 12 issued 2008 to 2010", "Passport 12 issued 2008 to 2010").unwrap();
        assert_eq!((f.value.as_str(), f.from), ("12", None));
        let f = identifier("Passport 12 expires soon", "Passport 12 expires soon").unwrap();
        assert_eq!((f.value.as_str(), f.to), ("12 expires soon", None));
    }
}
