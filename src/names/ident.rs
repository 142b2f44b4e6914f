//! Identifiers.

/// An identifier, its scheme and value brought into one form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Id {
    /// Upper case letters and digits of the scheme.
    pub scheme: Box<str>,
    /// Upper case letters and digits of the value.
    pub value: Box<str>,
    /// Whether a party bears one value of the scheme and keeps it, so that two values mean two
    /// parties.
    pub single: bool,
}

/// Schemes of which a party bears one value.
const SINGLE: [&str; 22] = [
    "IMO",
    "IMONUMBER",
    "INN",
    "TAXID",
    "OGRN",
    "LEI",
    "DUNS",
    "KPP",
    "OKPO",
    "BIC",
    "SWIFT",
    "SWIFTBIC",
    "ISIN",
    "MMSI",
    "UEI",
    "EDRPOU",
    "REG",
    "REGISTRATIONNUMBER",
    "VAT",
    "CIK",
    "UNP",
    "BIN",
];

impl Id {
    /// `None` where the value has no letter or digit.
    pub fn new(scheme: &str, value: &str) -> Option<Id> {
        let plain = |t: &str| -> String {
            t.chars().take(80).filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
        };
        let scheme = plain(scheme);
        let mut value = plain(value);
        if scheme.starts_with("IMO") {
            value = value.trim_start_matches("IMO").to_string();
        }
        let single = SINGLE.contains(&scheme.as_str());
        (!value.is_empty()).then(|| Id { scheme: scheme.into(), value: value.into(), single })
    }
}

#[cfg(test)]
mod tests {
    use super::Id;

    #[test]
    fn one_form() {
        assert_eq!(Id::new("imo number", "IMO 9074729"), Id::new("IMO-Number", "9074729"));
        assert!(Id::new("INN", "7701-080141").unwrap().single);
        assert_eq!(Id::new("INN", "--"), None);
    }
}
