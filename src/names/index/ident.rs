//! Identifiers: the form in which they are looked up.

use super::hashes::{Tag, key};

/// Characters of a value that count; what is longer is no identifier.
const LONGEST: usize = 64;
/// Fewer characters say nothing.
const SHORTEST: usize = 4;

/// The letters and digits of a value, upper case, without a scheme before a colon and without the
/// word that says what it is (`IMO 1234567`).
pub(super) fn normal(value: &str) -> Option<String> {
    let value = value.rsplit_once(':').map_or(value, |(_, v)| v).trim();
    let mut out = String::new();
    for c in value.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_uppercase());
        } else if c.is_alphanumeric() {
            out.extend(c.to_uppercase());
        } else if !matches!(c, ' ' | '-' | '.' | '/' | '_' | '№' | '#' | '(' | ')' | '\u{a0}') {
            return None;
        }
        if out.len() > LONGEST {
            return None;
        }
    }
    for word in ["IMO", "INN", "OGRN", "LEI", "MMSI", "BIC", "SWIFT"] {
        if let Some(rest) =
            out.strip_prefix(word).filter(|r| r.len() >= SHORTEST && r.bytes().all(|b| b.is_ascii_digit()))
        {
            return Some(rest.to_owned());
        }
    }
    (out.len() >= SHORTEST && out.bytes().any(|b| b.is_ascii_digit())).then_some(out)
}

/// Whether two values are one identifier, however they are written.
pub fn same(a: &str, b: &str) -> bool {
    normal(a).is_some_and(|a| Some(a) == normal(b))
}

/// The key of a value; `None` for what is too short, too long or has no digit.
pub(super) fn key_of(value: &str) -> Option<u64> {
    normal(value).map(|v| key(Tag::Ident, v.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form() {
        for (a, b) in [
            ("IMO 9074729", Some("9074729")),
            ("IMO:9074729", Some("9074729")),
            ("imo9074729", Some("9074729")),
            ("7707-083.893", Some("7707083893")),
            ("AB 123456", Some("AB123456")),
            ("SABRRUMM", None),
            ("12", None),
            ("Kozlov, Sergey", None),
            ("", None),
        ] {
            assert_eq!(normal(a).as_deref(), b, "{a}");
        }
        assert_eq!(normal(&"9".repeat(10_000)), None);
    }
}
