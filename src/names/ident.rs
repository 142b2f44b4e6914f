//! Identifiers.

use super::scheme::Scheme;

/// An identifier, its scheme and value brought into one form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Id {
    /// What the scheme is, under whichever name.
    pub kind: Scheme,
    /// Its name, upper case: that of the kind, or letters and digits of the source's word for it without
    /// what only says that it is one.
    pub scheme: Box<str>,
    /// Upper case letters and digits of the value.
    pub value: Box<str>,
    /// Whether a party bears one value of the scheme and keeps it, so that two values mean two
    /// parties.
    pub single: bool,
    /// Whether many parties may share a value: that it is equal says little.
    pub shared: bool,
}

/// Schemes of no kind of their own of which a party bears one value.
const SINGLE: [&str; 12] =
    ["DUNS", "OKPO", "BIC", "SWIFT", "SWIFTBIC", "ISIN", "MMSI", "UEI", "EDRPOU", "REG", "CIK", "UNP"];

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
        let mut name = plain(scheme);
        let mut value = plain(value);
        let kind = Scheme::of(&name.to_lowercase());
        if kind != Scheme::Other {
            name = kind.as_str().to_uppercase();
        } else if let Some(rest) = ENDINGS.iter().find_map(|e| name.strip_suffix(e)).filter(|r| r.len() >= 3) {
            name = rest.to_owned();
        }
        if matches!(kind, Scheme::Imo | Scheme::ImoCompany) {
            value = value.trim_start_matches("IMO").to_owned();
        }
        let single = match kind {
            Scheme::Imo
            | Scheme::Lei
            | Scheme::Inn
            | Scheme::Ogrn
            | Scheme::Uscc
            | Scheme::Tax
            | Scheme::Registration => true,
            Scheme::Other => SINGLE.contains(&name.as_str()),
            Scheme::ImoCompany | Scheme::Passport | Scheme::National | Scheme::Entry => false,
        };
        let shared = SHARED.contains(&name.as_str());
        (!value.is_empty()).then(|| Id { kind, scheme: name.into(), value: value.into(), single, shared })
    }

    /// Whether two values of one scheme cannot both be one party's. Tax and registration numbers of
    /// two countries or registers have one name; those of one have as many characters.
    pub(super) fn excludes(&self, other: &Id) -> bool {
        let same_register = || self.value.chars().count() == other.value.chars().count();
        self.single && (!matches!(self.kind, Scheme::Tax | Scheme::Registration) || same_register())
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
        assert_eq!(Id::new("Tax ID No.", "12-3"), Id::new("taxNumber", "123"));
        let registered = |v| Id::new("Registration Number", v).unwrap();
        assert!(
            registered("1234567").excludes(&registered("7654321"))
                && !registered("1234567").excludes(&registered("HRB 12"))
        );
        assert_eq!(Id::new("INN", "--"), None);
    }
}
