//! Which firm of the United Kingdom's own register a corporate person is.
//!
//! Two texts that people typed decide: where it is registered, and under what number. Only a
//! place within the United Kingdom and a number of the register's form give an id; everything
//! else stays a party of its own, for chains that are joined wrongly are worse than open ones.

use crate::import::hashes::Hashes;
use xxhash_rust::xxh3::xxh3_64;

/// The two letters before the six digits of a number that has them.
const PREFIXES: [&str; 40] = [
    "AC", "BR", "CE", "CS", "ES", "FC", "FE", "GE", "GN", "GS", "IC", "IP", "LP", "NA", "NC", "NF", "NI", "NL", "NO",
    "NP", "NR", "NV", "NZ", "OC", "OE", "PC", "R0", "RC", "RS", "SA", "SC", "SE", "SF", "SI", "SL", "SO", "SP", "SR",
    "SZ", "ZC",
];
/// Words that alone name the United Kingdom or a part of it, but for Northern Ireland.
const UK: [&str; 6] = ["england", "wales", "scotland", "uk", "britain", "gb"];
/// Words that may stand beside them.
const BESIDE: [&str; 30] = [
    "and",
    "at",
    "belfast",
    "cardiff",
    "companies",
    "company",
    "edinburgh",
    "for",
    "great",
    "house",
    "in",
    "ireland",
    "kingdom",
    "limited",
    "london",
    "northern",
    "of",
    "office",
    "public",
    "register",
    "registered",
    "registers",
    "registrar",
    "registry",
    "s",
    "the",
    "u",
    "k",
    "united",
    "g",
];

/// What a text says of where a firm is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Uk,
    Elsewhere,
    /// Nothing, or only words such as "registrar of companies".
    Unsaid,
}

fn place(text: &str) -> Place {
    if text.len() > 120 {
        return Place::Elsewhere;
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    if !words.iter().all(|w| UK.contains(w) || BESIDE.contains(w)) {
        return Place::Elsewhere;
    }
    let pair = |a, b| words.windows(2).any(|w| w == [a, b]);
    let northern = pair("northern", "ireland");
    if words.contains(&"ireland") && !northern {
        return Place::Elsewhere;
    }
    let named = words.iter().any(|w| UK.contains(w)) || northern || pair("united", "kingdom") || pair("u", "k");
    if named || pair("companies", "house") { Place::Uk } else { Place::Unsaid }
}

/// A number in the form of the register: eight characters, capitals, padded with noughts.
pub(super) fn number(text: &str) -> Option<String> {
    if text.len() > 40 {
        return None;
    }
    let plain: String =
        text.chars().filter(|c| !c.is_whitespace() && *c != '.' && *c != '-').flat_map(char::to_uppercase).collect();
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit()) && t.bytes().any(|b| b != b'0');
    if digits(&plain) {
        return ((4..=8).contains(&plain.len())).then(|| format!("{plain:0>8}"));
    }
    let (prefix, rest) = (plain.get(..2)?, plain.get(2..)?);
    if !PREFIXES.contains(&prefix) || !digits(rest) || rest.len() > 6 {
        return None;
    }
    Some(format!("{prefix}{rest:0>6}"))
}

/// The number of the firm in the register, where the country and the place it names are in the
/// United Kingdom. What is said of the country decides; the place only where that says nothing.
pub(super) fn joined(country: &str, place_registered: &str, registration: &str) -> Option<String> {
    let uk = match place(country) {
        Place::Uk => true,
        Place::Elsewhere => false,
        Place::Unsaid => place(place_registered) == Place::Uk,
    };
    if !uk {
        return None;
    }
    let number = number(registration)?;
    // Numbers of Scotland and Northern Ireland have letters; the digits alone are another firm's.
    let only = |word: &str| country.to_lowercase().contains(word) && !country.to_lowercase().contains("england");
    let bare = number.bytes().all(|b| b.is_ascii_digit());
    (!(bare && (only("scotland") || only("northern ireland")))).then_some(number)
}

/// The numbers met so far: one bit each for those of digits alone, a hash for the others.
#[derive(Default)]
pub(super) struct Numbers {
    bits: Vec<u64>,
    others: Hashes,
    count: u64,
}

impl Numbers {
    /// Adds a number; `false` when it was there already.
    pub(super) fn insert(&mut self, number: &str) -> bool {
        let plain = (number.len() == 8 && number.bytes().all(|b| b.is_ascii_digit()))
            .then(|| number.parse::<usize>().ok())
            .flatten();
        let new = match plain {
            Some(n) => {
                let (word, bit) = (n / 64, 1u64 << (n % 64));
                if word >= self.bits.len() {
                    self.bits.resize(word + 1, 0);
                }
                match self.bits.get_mut(word) {
                    Some(w) if *w & bit == 0 => {
                        *w |= bit;
                        true
                    }
                    _ => false,
                }
            }
            None => self.others.insert(xxh3_64(number.as_bytes()), 0).is_none(),
        };
        self.count += u64::from(new);
        new
    }

    /// How many there are.
    pub(super) fn len(&self) -> u64 {
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (text, want) in [
            ("00686734", Some("00686734")),
            ("686734", Some("00686734")),
            (" sc 123456 ", Some("SC123456")),
            ("NI1234", Some("NI001234")),
            ("oc3.01.234", Some("OC301234")),
            ("R0000123", Some("R0000123")),
            ("123", None),
            ("00000000", None),
            ("123456789", None),
            ("SC1234567", None),
            ("HRB 12345", None),
            ("N/A", None),
            ("é1", None),
            ("", None),
        ] {
            assert_eq!(number(text).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn only_the_united_kingdom_joins() {
        let n = "00686734";
        for (country, place) in [
            ("England & Wales", "Companies House Cardiff"),
            ("England And Wales", ""),
            ("United Kingdom (England And Wales)", "x"),
            ("U.K.", ""),
            ("", "Companies House"),
            ("", "Registrar of Companies for England and Wales"),
            ("Great Britain", "Somewhere 12"),
            ("England", "Crown Way, Cardiff, CF14 3UZ"),
        ] {
            assert_eq!(joined(country, place, n).as_deref(), Some(n), "{country} {place}");
        }
        for (country, place) in [
            ("Gibraltar", "Companies House"),
            ("Ireland", "Companies Registration Office"),
            ("New South Wales", ""),
            ("", "Companies Registry, Hong Kong"),
            ("", "Registrar of Companies"),
            ("", ""),
            ("Jersey", "England"),
            ("Scotland", "Companies House"),
            ("Northern Ireland", ""),
        ] {
            assert_eq!(joined(country, place, n), None, "{country} {place}");
        }
        assert_eq!(joined("Scotland", "Edinburgh", "SC1").as_deref(), Some("SC000001"));
        assert_eq!(joined("Northern Ireland", "", "ni 77").as_deref(), Some("NI000077"));
    }

    #[test]
    fn each_number_once() {
        let mut seen = Numbers::default();
        let all = ["00000001", "00000064", "99999999", "SC000001", "1", "00000001", "SC000001", "1"];
        let new: Vec<bool> = all.iter().map(|n| seen.insert(n)).collect();
        assert_eq!(new, [true, true, true, true, true, false, false, false]);
        assert_eq!(seen.len(), 5);
    }
}
