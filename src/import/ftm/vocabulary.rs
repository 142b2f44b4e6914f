//! What kinds of values FollowTheMoney's properties hold, and which of its schemata are compared
//! with each other (followthemoney 4.11). Names only; labels are made from them.

use super::model;
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a property holds. Kinds that are grouped have a field of their own in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Holds {
    /// Names of the entity.
    Name,
    /// Numbers and codes that name it.
    Identifier,
    /// Codes of countries.
    Country,
    /// Codes of what it is looked at for.
    Topic,
    /// Dates, perhaps partial.
    Date,
    /// `male`, `female`, `other`.
    Gender,
    /// Postal addresses.
    Address,
    /// Telephone numbers.
    Phone,
    /// Addresses of mail.
    Email,
    /// Addresses of pages.
    Url,
    /// Codes of languages.
    Language,
    /// Anything else.
    Text,
}

/// Properties of the grouped kinds; the same name means the same in every schema.
static KINDS: &[(Holds, &str)] = &[
    (Holds::Name, "abbreviation alias companiesMentioned name namesMentioned peopleMentioned previousName weakAlias"),
    (
        Holds::Identifier,
        "accountId accountNumber authorityId authorityReferenceId bic bikCode brightQueryId brightQueryOrgId bvdId \
         cadastralCode cageCode callId callSign caseNumber ccdNumber cikCode coatoCode cpvCode crsNumber \
         cryptoAddress dunsCode figiCode fipsCode fnsCode giiNumber googlePlaceId iban ibanMentioned icaoCode \
         idNumber imoNumber innCode ipoCode irsCode isin isinCode jibCode kppCode leiCode licenseNumber mbsCode \
         mmsi npiCode number nutsCode ogrnCode okpoCode okvedCode osmId passportNumber permId personalNumber \
         pfrNumber programId projectId publicKey registrationNumber ricCode sayariId serialNumber \
         socialSecurityNumber swiftBic taxNumber territoryCode ticker titleNumber uniqueEntityId unscId uscCode \
         vatCode vedCode voenCode wikidataId zipCode",
    ),
    (
        Holds::Country,
        "birthCountry citizenship contextCountry country departureCountry destinationCountry detectedCountry flag \
         jurisdiction mainCountry nationality originCountry pastFlags tradingCountry",
    ),
    (Holds::Topic, "topics"),
    (
        Holds::Date,
        "authoredAt awardNoticeDate awardingDate balanceDate birthDate buildDate clarificationDeadline closeDate \
         closingDate contractDate contractNoticeDate createDate createdAt creationDate date deathDate \
         declarationDate deregistrationDate dissolutionDate electionDate endDate fileDate inceptionDate \
         incorporationDate issueDate listingDate maturityDate maxBalanceDate modifiedAt nameChangeDate \
         openingDate periodEnd periodStart processedAt publicationDate publishedAt registrationDate retrievedAt \
         startDate submissionDeadline",
    ),
    (Holds::Gender, "gender"),
    (Holds::Address, "address full location locationMentioned"),
    (Holds::Phone, "callerNumber contextPhone phone phoneMentioned receiverNumber"),
    (Holds::Email, "contextEmail email emailMentioned"),
    (Holds::Url, "alephUrl opencorporatesUrl programUrl publisherUrl sourceUrl tedUrl website wikipediaUrl"),
    (Holds::Language, "detectedLanguage language spokenLanguage translatedLanguage"),
];

/// What a property holds, unless it holds ids of entities.
pub(crate) fn holds(property: &str) -> Holds {
    static BY_NAME: LazyLock<HashMap<&'static str, Holds>> =
        LazyLock::new(|| KINDS.iter().flat_map(|(kind, names)| names.split(' ').map(|n| (n, *kind))).collect());
    BY_NAME.get(property).copied().unwrap_or(Holds::Text)
}

/// Schemata whose entities are compared with others.
const MATCHABLE: [&str; 15] = [
    "Address",
    "Airplane",
    "BankAccount",
    "Company",
    "CryptoWallet",
    "LegalEntity",
    "Organization",
    "Person",
    "Position",
    "PublicBody",
    "Security",
    "Territory",
    "UserAccount",
    "Vehicle",
    "Vessel",
];

/// Whether entities of a schema are compared with others.
pub(crate) fn matchable(schema: &str) -> bool {
    MATCHABLE.contains(&schema)
}

/// Whether an entity of one schema may be meant by a question for another: a narrower or wider one
/// that is compared; for a schema that is not compared itself, any that extends it.
pub(crate) fn may_be(asked: &str, schema: &str) -> bool {
    if matchable(asked) {
        return matchable(schema) && (model::is_a(schema, asked) || model::is_a(asked, schema));
    }
    schema != asked && model::is_a(schema, asked)
}

/// `birthDate` as `Birth date`.
pub(crate) fn label(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = ' ';
    for c in name.chars() {
        if c.is_ascii_uppercase() && before.is_ascii_lowercase() {
            out.push(' ');
            out.push(c.to_ascii_lowercase());
        } else if out.is_empty() {
            out.push(c.to_ascii_uppercase());
        } else {
            out.push(c);
        }
        before = c;
    }
    out
}

/// A schema's name for many: `Company` as `Companies`.
pub(crate) fn plural(schema: &str) -> String {
    let one = label(schema);
    match schema {
        "Person" => "People".to_owned(),
        "PlainText" => "Plain texts".to_owned(),
        "CallForTenders" => "Calls for tenders".to_owned(),
        _ if one.ends_with(['s', 'x']) => format!("{one}es"),
        _ => match one.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
            Some(stem) => format!("{stem}ies"),
            None => format!("{one}s"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_labels_and_who_is_compared() {
        assert_eq!((holds("flag"), holds("birthDate"), holds("notes")), (Holds::Country, Holds::Date, Holds::Text));
        assert_eq!((&*label("birthDate"), &*label("LegalEntity")), ("Birth date", "Legal entity"));
        let many = ["Person", "Company", "Address", "PublicBody", "Vessel", "Position"].map(plural);
        assert_eq!(many, ["People", "Companies", "Addresses", "Public bodies", "Vessels", "Positions"]);
        assert!(may_be("Person", "LegalEntity") && may_be("LegalEntity", "Company") && !may_be("Person", "Company"));
        assert!(may_be("Thing", "Address") && may_be("Asset", "Company") && !may_be("Thing", "Sanction"));
        assert!(!may_be("Company", "Asset") && may_be("Airplane", "Vehicle") && !may_be("Thing", "Thing"));
        for (_, names) in KINDS {
            for n in names.split_whitespace() {
                assert!(model::schemata().any(|s| model::own_properties(s).any(|(p, _)| p == n)), "{n}");
            }
        }
        assert!(MATCHABLE.iter().all(|s| !model::lineage(s).is_empty()));
    }
}
