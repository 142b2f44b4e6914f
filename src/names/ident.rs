//! Identifiers.

/// An identifier, its scheme and value brought into one form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Id {
    /// Upper case letters and digits of the scheme, without words that only say that it is one
    /// (`innCode`, `IMO number`).
    pub scheme: Box<str>,
    /// Upper case letters and digits of the value.
    pub value: Box<str>,
    /// Whether a party bears one value of the scheme and keeps it, so that two values mean two
    /// parties.
    pub single: bool,
    /// Whether many parties may share a value: that it is equal says little.
    pub shared: bool,
}

/// Schemes of which a party bears one value.
const SINGLE: [&str; 20] = [
    "IMO",
    "INN",
    "TAXID",
    "OGRN",
    "LEI",
    "DUNS",
    "OKPO",
    "BIC",
    "SWIFT",
    "SWIFTBIC",
    "ISIN",
    "MMSI",
    "UEI",
    "EDRPOU",
    "REG",
    "REGISTRATION",
    "VAT",
    "CIK",
    "UNP",
    "BIN",
];

/// Schemes whose values stand for an office, a trade, a legal form or a place, or that many use
/// together.
const SHARED: [&str; 16] = [
    "KPP", "OKVED", "OKOPF", "OKFS", "OKATO", "OKTMO", "SIC", "NACE", "NAICS", "POSTAL", "POSTCODE", "ZIP", "PHONE",
    "FAX", "TICKER", "BRANCH",
];

/// Endings of a scheme that say nothing.
const ENDINGS: [&str; 4] = ["CODE", "NUMBER", "NUM", "NO"];

impl Id {
    /// `None` where the value has no letter or digit.
    pub fn new(scheme: &str, value: &str) -> Option<Id> {
        let plain = |t: &str| -> String {
            t.chars().take(80).filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
        };
        let mut scheme = plain(scheme);
        if let Some(rest) = ENDINGS.iter().find_map(|e| scheme.strip_suffix(e)).filter(|r| r.len() >= 3) {
            scheme = rest.to_string();
        }
        let mut value = plain(value);
        if scheme.starts_with("IMO") {
            value = value.trim_start_matches("IMO").to_string();
        }
        let single = SINGLE.contains(&scheme.as_str());
        let shared = SHARED.contains(&scheme.as_str());
        (!value.is_empty()).then(|| Id { scheme: scheme.into(), value: value.into(), single, shared })
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn one_form() {
        assert_eq!(Id::new("imo number", "IMO 9074729"), Id::new("IMO-Number", "9074729"));
        assert!(Id::new("INN", "7701-080141").unwrap().single);
        assert_eq!(Id::new("innCode", "7701080141"), Id::new("INN", "7701080141"));
        assert!(Id::new("kppCode", "770101001").is_some_and(|i| i.shared && !i.single));
        assert_eq!(&*Id::new("No", "1").unwrap().scheme, "NO");
        assert_eq!(Id::new("INN", "--"), None);
    }
}
