//! The schemata of FollowTheMoney (followthemoney 4.11): which extends which, and what
//! properties each adds. Names only, as programs that exchange such entities must use them;
//! the model itself is published under the MIT licence.

/// Name, the schemata it extends, and its own properties; `>` marks one that holds ids.
static SCHEMATA: &[(&str, &str, &str)] = &[
    (
        "Address",
        "Thing",
        "city full googlePlaceId latitude longitude osmId postOfficeBox postalCode region remarks state \
         street street2",
    ),
    ("Airplane", "Vehicle", "icaoCode manufacturer serialNumber"),
    (
        "Analyzable",
        "",
        "companiesMentioned detectedCountry detectedLanguage emailMentioned ibanMentioned ipMentioned \
         locationMentioned namesMentioned peopleMentioned phoneMentioned",
    ),
    ("Article", "Document", ""),
    ("Asset", "Thing Value", ""),
    ("Associate", "Interval", ">associate >person relationship"),
    ("Audio", "Document", "duration samplingRate"),
    (
        "BankAccount",
        "Asset",
        "accountNumber accountType balance balanceDate >bank bankAddress bankName bic closingDate iban \
         maxBalance maxBalanceDate openingDate",
    ),
    ("Call", "Interval", ">caller callerNumber duration >receiver receiverNumber"),
    (
        "CallForTenders",
        "Interval Thing",
        ">authority authorityReferenceId awardNoticeDate awardedInLots awardingDate callId certificationCheck \
         clarificationDeadline contractNoticeDate cpvCode directive euFunding evaluationMechanism \
         fallsUnderGPPScope involvesOutcome lotsNames maximumNumberOfLots multipleTenders numberOfLots \
         nutsCode >onBehalfOf paymentOptions procedure procurementType publicationDate relationToThreshold \
         reverseAuctionsIncluded submissionDeadline tedUrl >tenderers tendersForLots title",
    ),
    (
        "Company",
        "Asset Organization",
        "bikCode caemCode capital cikCode coatoCode fnsCode fssCode ipoCode irsCode isinCode jibCode kppCode \
         mbsCode okopfCode oksmCode pfrNumber ricCode ticker voenCode",
    ),
    (
        "Contract",
        "Asset",
        ">authority cancelled classification contractDate criteria language method noticeId numberAwards \
         procedure procedureNumber >project status title type",
    ),
    (
        "ContractAward",
        "Interest Value",
        "amended >callForTenders >contract cpvCode decisionReason documentNumber documentType lotNumber \
         nutsCode >supplier",
    ),
    ("Control", "Interest", "controlType >controlled >controller legalBasis"),
    ("CourtCase", "Thing", "caseNumber category closeDate court fileDate status type"),
    ("CourtCaseParty", "Interest", ">case >party"),
    (
        "CryptoWallet",
        "Thing Value",
        "accountId balance balanceDate blockchain creationDate cryptoAddress currencySymbol custodyType \
         >holder managingExchange privateKey publicKey",
    ),
    ("Debt", "Interval Value", ">creditor >debtor"),
    ("Directorship", "Interest", ">director >organization secretary"),
    (
        "Document",
        "Analyzable Thing",
        ">ancestors author authoredAt bodyText contentHash crawler date encoding extension fileName fileSize \
         generator language messageId mimeType >parent processedAt processingAgent processingError \
         processingStatus publishedAt title translatedLanguage translatedText",
    ),
    ("Documentation", "Interest", ">document >entity"),
    (
        "EconomicActivity",
        "Interval",
        ">bankAccount >bankForeign >bankRub ccdNumber ccdValue >contract >contractHolder customsAmount \
         customsProcedure >declarant departureCountry destinationCountry directionOfTransportation \
         dollarExchRate goodsDescription invoiceAmount originCountry >receiver >sender tradingCountry \
         >transport vedCode vedCodeDescription",
    ),
    (
        "Email",
        "Folder HyperText PlainText",
        "bcc cc >emitters from headers inReplyTo >inReplyToEmail >recipients sender subject threadTopic to",
    ),
    ("Employment", "Interest", ">employee >employer"),
    ("Event", "Analyzable Interval Thing", "important >involved location >organizer"),
    ("Family", "Interval", ">person relationship >relative"),
    ("Folder", "Document", ""),
    ("HyperText", "Document", "bodyHtml"),
    ("Identification", "Interval", "authority country >holder number type"),
    ("Image", "Document", "credit >pictured"),
    ("Interest", "Interval", "role status"),
    (
        "Interval",
        "",
        "alephUrl date description endDate indexText modifiedAt namesMentioned >proof publisher publisherUrl \
         recordId retrievedAt sourceUrl startDate summary",
    ),
    (
        "LegalEntity",
        "Thing",
        "abbreviation brightQueryId brightQueryOrgId bvdId classification dissolutionDate dunsCode email \
         icijId idNumber incorporationDate innCode jurisdiction legalForm leiCode licenseNumber mainCountry \
         npiCode ogrnCode okpoCode okvedCode opencorporatesUrl >parent phone registrationNumber sayariId \
         sector status swiftBic taxNumber taxStatus uniqueEntityId uscCode vatCode website",
    ),
    ("License", "Contract", "area commodities reviewDate"),
    ("Membership", "Interest", ">member >organization"),
    ("Mention", "", "contextCountry contextEmail contextPhone detectedSchema >document name >resolved"),
    (
        "Message",
        "Folder HyperText Interval PlainText",
        "inReplyTo >inReplyToMessage metadata >recipientAccount >recipients >sender >senderAccount subject \
         threadTopic",
    ),
    ("Note", "Analyzable Thing", ">entity"),
    (
        "Occupancy",
        "Interval",
        "constituency declarationDate electionDate >holder periodEnd periodStart politicalGroup >post status",
    ),
    ("Organization", "LegalEntity", "cageCode giiNumber imoNumber permId"),
    (
        "Ownership",
        "Interest",
        ">asset legalBasis >owner ownershipType percentage sharesCount sharesCurrency sharesType sharesValue",
    ),
    ("Package", "Folder", ""),
    ("Page", "", "bodyText detectedLanguage >document index indexText translatedText translatedTextLanguage"),
    ("Pages", "Document", "pdfHash"),
    ("Passport", "Identification", "birthDate birthPlace gender givenName passportNumber personalNumber surname"),
    (
        "Payment",
        "Interval Value",
        ">beneficiary >beneficiaryAccount >contract >payer >payerAccount programme >project purpose \
         sequenceNumber transactionNumber",
    ),
    (
        "Person",
        "LegalEntity",
        "appearance biography birthCountry birthDate birthPlace citizenship deathDate education ethnicity \
         eyeColor fatherName firstName gender hairColor height lastName middleName motherName nameSuffix \
         nationality passportNumber political position profession religion secondName socialSecurityNumber \
         spokenLanguage title weight",
    ),
    ("PlainText", "Document", ""),
    ("Position", "Thing", "dissolutionDate inceptionDate numberOfSeats >organization subnationalArea"),
    ("Project", "Interval Thing Value", "goal phase projectId status"),
    ("ProjectParticipant", "Interest", ">participant >project"),
    ("PublicBody", "Organization", ""),
    (
        "RealEstate",
        "Asset",
        "area cadastralCode censusBlock createDate encumbrance landType latitude longitude >parent \
         propertyType registrationNumber tenure titleNumber",
    ),
    ("Representation", "Interest", ">agent >client"),
    (
        "Risk",
        "Interval",
        "authority country duration >entity listingDate program programId programUrl reason status topics",
    ),
    (
        "Sanction",
        "Interval",
        "authority authorityId country duration >entity listingDate program programId programUrl provisions \
         reason status unscId",
    ),
    (
        "Security",
        "Asset",
        "classification collateral figiCode isin issueDate >issuer maturityDate registrationNumber ticker \
         type",
    ),
    ("Similar", "", ">candidate confidenceScore criteria >match matcher"),
    ("Succession", "Interest", ">predecessor >successor"),
    ("Table", "Document", "columns csvHash rowCount"),
    ("TaxRoll", "Interval", "birthDate country givenName income surname taxPaid >taxee wealth"),
    ("Territory", "Thing", "fipsCode level nutsCode >partOf territoryCode zipCode"),
    (
        "Thing",
        "",
        "address >addressEntity alephUrl alias country createdAt description indexText keywords modifiedAt \
         name notes previousName program programId >proof publisher publisherUrl retrievedAt >riskSource \
         sourceUrl summary topics weakAlias wikidataId wikipediaUrl",
    ),
    ("Trip", "Event", ">endLocation >startLocation >vehicle"),
    ("UnknownLink", "Interest", ">object >subject"),
    ("UserAccount", "Thing", "email ipAddress >owner password phone service username"),
    ("Value", "", "amount amountEur amountUsd currency"),
    (
        "Vehicle",
        "Asset",
        "buildDate deregistrationDate model >operator >owner registrationDate registrationNumber type",
    ),
    (
        "Vessel",
        "Vehicle",
        "callSign crsNumber deadweightTonnage flag grossRegisteredTonnage imoNumber mmsi nameChangeDate \
         navigationArea pastFlags pastTypes registrationPort tonnage",
    ),
    ("Video", "Document", "duration"),
    ("Workbook", "Folder", ""),
];

/// The most ancestors looked at.
const MAX: usize = 64;

fn row(schema: &str) -> Option<&'static (&'static str, &'static str, &'static str)> {
    SCHEMATA.iter().find(|(n, _, _)| *n == schema)
}

/// A schema and all that it extends, itself first; nothing for one that is not known.
pub(crate) fn lineage(schema: &str) -> Vec<&'static str> {
    let mut all: Vec<&'static str> = row(schema).map(|r| r.0).into_iter().collect();
    let mut at = 0;
    while let Some(r) = all.get(at).copied().and_then(row) {
        for parent in r.1.split_whitespace() {
            if !all.contains(&parent) && all.len() < MAX {
                all.push(parent);
            }
        }
        at += 1;
    }
    all
}

/// Whether a schema is another or extends it.
pub(crate) fn is_a(schema: &str, other: &str) -> bool {
    lineage(schema).contains(&other)
}

/// All properties of a schema, and whether each holds ids of entities.
pub(crate) fn properties(schema: &str) -> impl Iterator<Item = (&'static str, bool)> {
    lineage(schema).into_iter().filter_map(row).flat_map(|r| r.2.split_whitespace()).map(|p| {
        match p.strip_prefix('>') {
            Some(name) => (name, true),
            None => (p, false),
        }
    })
}

/// The schema that is both: the narrower of the two, else the first that extends both.
pub(super) fn common(a: &str, b: &str) -> Option<&'static str> {
    if is_a(a, b) {
        return row(a).map(|r| r.0);
    }
    if is_a(b, a) {
        return row(b).map(|r| r.0);
    }
    let both = SCHEMATA.iter().map(|r| r.0).filter(|s| is_a(s, a) && is_a(s, b));
    both.min_by_key(|s| lineage(s).len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_descent() {
        assert_eq!(lineage("Person"), ["Person", "LegalEntity", "Thing"]);
        assert!(is_a("Company", "Value") && is_a("Company", "Thing") && !is_a("Thing", "Company"));
        assert!(lineage("Unheard").is_empty());
        let has = |s: &str, p: &str| properties(s).find(|(n, _)| *n == p).map(|(_, e)| e);
        assert_eq!((has("Person", "birthDate"), has("Person", "name")), (Some(false), Some(false)));
        assert_eq!((has("Vessel", "addressEntity"), has("Vessel", "birthDate")), (Some(true), None));
        for (a, b, want) in [
            ("LegalEntity", "Company", Some("Company")),
            ("Person", "LegalEntity", Some("Person")),
            ("Asset", "Organization", Some("Company")),
            ("Person", "Vessel", None),
            ("Unheard", "Person", None),
        ] {
            assert_eq!(common(a, b), want, "{a} {b}");
        }
        for (name, parents, _) in SCHEMATA {
            assert!(parents.split_whitespace().all(|p| row(p).is_some()), "{name}");
        }
    }

    #[test]
    fn holds_the_published_model() {
        let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
            println!("skipped: CUIBONO_TEST_DATA not set");
            return;
        };
        let text = std::fs::read_to_string(format!("{root}/data/schemas/ftm-defaultModel-2025-05.json")).unwrap();
        let model: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut missing = Vec::new();
        for (name, schema) in model["schemata"].as_object().unwrap() {
            let ours: Vec<_> = properties(name).collect();
            for (p, d) in schema["properties"].as_object().unwrap().iter().filter(|(_, d)| d["stub"] != true) {
                match ours.iter().find(|(n, _)| n == p) {
                    Some((_, entity)) => assert_eq!(*entity, d["type"] == "entity", "{name}.{p}"),
                    None => missing.push(format!("{name}.{p}")),
                }
            }
        }
        // The newer model has dropped a few; more would mean that the table is not whole.
        assert!(missing.len() < 40, "{missing:?}");
    }
}
