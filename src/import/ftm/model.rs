//! The schemata of FollowTheMoney (followthemoney 4.11): which extends which, and what
//! properties each adds. Names only, as programs that exchange such entities must use them;
//! the model itself is published under the MIT licence.

/// Name, the schemata it extends, and its own properties. `>` marks one that holds ids, as
/// `>property:reverse:range`: the range's schemata have the reverse for what refers to them.
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
    ("Associate", "Interval", ">associate:associations:Person >person:associates:Person relationship"),
    ("Audio", "Document", "duration samplingRate"),
    (
        "BankAccount",
        "Asset",
        "accountNumber accountType balance balanceDate >bank:bankAccounts:Organization bankAddress bankName \
         bic closingDate iban maxBalance maxBalanceDate openingDate",
    ),
    (
        "Call",
        "Interval",
        ">caller:callsMade:LegalEntity callerNumber duration >receiver:callsReceived:LegalEntity \
         receiverNumber",
    ),
    (
        "CallForTenders",
        "Interval Thing",
        ">authority:callForTenders:LegalEntity authorityReferenceId awardNoticeDate awardedInLots \
         awardingDate callId certificationCheck clarificationDeadline contractNoticeDate cpvCode directive \
         euFunding evaluationMechanism fallsUnderGPPScope involvesOutcome lotsNames maximumNumberOfLots \
         multipleTenders numberOfLots nutsCode >onBehalfOf:delegatedCallForTenders:LegalEntity paymentOptions \
         procedure procurementType publicationDate relationToThreshold reverseAuctionsIncluded \
         submissionDeadline tedUrl >tenderers:callForTenders:LegalEntity tendersForLots title",
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
        ">authority:contractAuthority:LegalEntity cancelled classification contractDate criteria language \
         method noticeId numberAwards procedure procedureNumber >project:contracts:Project status title type",
    ),
    (
        "ContractAward",
        "Interest Value",
        "amended >callForTenders:contractAwards:CallForTenders >contract:awards:Contract cpvCode \
         decisionReason documentNumber documentType lotNumber nutsCode \
         >supplier:contractAwardSupplier:LegalEntity",
    ),
    (
        "Control",
        "Interest",
        "controlType >controlled:controllingEntities:LegalEntity >controller:controlledEntities:LegalEntity \
         legalBasis",
    ),
    ("CourtCase", "Thing", "caseNumber category closeDate court fileDate status type"),
    ("CourtCaseParty", "Interest", ">case:parties:CourtCase >party:courtCase:Thing"),
    (
        "CryptoWallet",
        "Thing Value",
        "accountId balance balanceDate blockchain creationDate cryptoAddress currencySymbol custodyType \
         >holder:cryptoWallets:LegalEntity managingExchange privateKey publicKey",
    ),
    ("Debt", "Interval Value", ">creditor:debtCreditor:LegalEntity >debtor:debtDebtor:LegalEntity"),
    (
        "Directorship",
        "Interest",
        ">director:directorshipDirector:LegalEntity >organization:directorshipOrganization:Organization \
         secretary",
    ),
    (
        "Document",
        "Analyzable Thing",
        ">ancestors:descendants:Folder author authoredAt bodyText contentHash crawler date encoding extension \
         fileName fileSize generator language messageId mimeType >parent:children:Folder processedAt \
         processingAgent processingError processingStatus publishedAt title translatedLanguage translatedText",
    ),
    ("Documentation", "Interest", ">document:relatedEntities:Document >entity:documentedBy:Thing"),
    (
        "EconomicActivity",
        "Interval",
        ">bankAccount:contractBankAccount:BankAccount >bankForeign:foreignBankAccount:BankAccount \
         >bankRub:rubBankAccount:BankAccount ccdNumber ccdValue >contract:economicActivityContract:Contract \
         >contractHolder:economicActivityHolder:LegalEntity customsAmount customsProcedure \
         >declarant:economicActivityDeclarant:LegalEntity departureCountry destinationCountry \
         directionOfTransportation dollarExchRate goodsDescription invoiceAmount originCountry \
         >receiver:economicActivityReceiver:LegalEntity >sender:economicActivitySender:LegalEntity \
         tradingCountry >transport:declaredCustoms:Vehicle vedCode vedCodeDescription",
    ),
    (
        "Email",
        "Folder HyperText PlainText",
        "bcc cc >emitters:emailsSent:LegalEntity from headers inReplyTo >inReplyToEmail:responses:Email \
         >recipients:emailsReceived:LegalEntity sender subject threadTopic to",
    ),
    ("Employment", "Interest", ">employee:employers:Person >employer:employees:Organization"),
    (
        "Event",
        "Analyzable Interval Thing",
        "important >involved:eventsInvolved:LegalEntity location >organizer:eventsOrganized:LegalEntity",
    ),
    ("Family", "Interval", ">person:familyPerson:Person relationship >relative:familyRelative:Person"),
    ("Folder", "Document", ""),
    ("HyperText", "Document", "bodyHtml"),
    ("Identification", "Interval", "authority country >holder:identification:LegalEntity number type"),
    ("Image", "Document", "credit >pictured:images:Person"),
    ("Interest", "Interval", "role status"),
    (
        "Interval",
        "",
        "alephUrl date description endDate indexText modifiedAt namesMentioned \
         >proof:provenIntervals:Document publisher publisherUrl recordId retrievedAt sourceUrl startDate \
         summary",
    ),
    (
        "LegalEntity",
        "Thing",
        "abbreviation brightQueryId brightQueryOrgId bvdId classification dissolutionDate dunsCode email \
         icijId idNumber incorporationDate innCode jurisdiction legalForm leiCode licenseNumber mainCountry \
         npiCode ogrnCode okpoCode okvedCode opencorporatesUrl >parent:subsidiaries:LegalEntity phone \
         registrationNumber sayariId sector status swiftBic taxNumber taxStatus uniqueEntityId uscCode \
         vatCode website",
    ),
    ("License", "Contract", "area commodities reviewDate"),
    (
        "Membership",
        "Interest",
        ">member:membershipMember:LegalEntity >organization:membershipOrganization:Organization",
    ),
    (
        "Mention",
        "",
        "contextCountry contextEmail contextPhone detectedSchema >document:mentionedEntities:Document name \
         >resolved:mentionedBy:LegalEntity",
    ),
    (
        "Message",
        "Folder HyperText Interval PlainText",
        "inReplyTo >inReplyToMessage:responses:Message metadata \
         >recipientAccount:messagesReceived:UserAccount >recipients:messagesReceived:LegalEntity \
         >sender:messagesSent:LegalEntity >senderAccount:messagesSent:UserAccount subject threadTopic",
    ),
    ("Note", "Analyzable Thing", ">entity:noteEntities:Thing"),
    (
        "Occupancy",
        "Interval",
        "constituency declarationDate electionDate >holder:positionOccupancies:Person periodEnd periodStart \
         politicalGroup >post:occupancies:Position status",
    ),
    ("Organization", "LegalEntity", "cageCode giiNumber imoNumber permId"),
    (
        "Ownership",
        "Interest",
        ">asset:ownershipAsset:Asset legalBasis >owner:ownershipOwner:LegalEntity ownershipType percentage \
         sharesCount sharesCurrency sharesType sharesValue",
    ),
    ("Package", "Folder", ""),
    (
        "Page",
        "",
        "bodyText detectedLanguage >document:pages:Pages index indexText translatedText \
         translatedTextLanguage",
    ),
    ("Pages", "Document", "pdfHash"),
    ("Passport", "Identification", "birthDate birthPlace gender givenName passportNumber personalNumber surname"),
    (
        "Payment",
        "Interval Value",
        ">beneficiary:paymentBeneficiary:LegalEntity \
         >beneficiaryAccount:paymentBeneficiaryAccount:BankAccount >contract:paymentContract:Contract \
         >payer:paymentPayer:LegalEntity >payerAccount:paymentPayerAccount:BankAccount programme \
         >project:payments:Project purpose sequenceNumber transactionNumber",
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
    (
        "Position",
        "Thing",
        "dissolutionDate inceptionDate numberOfSeats >organization:positions:Organization subnationalArea",
    ),
    ("Project", "Interval Thing Value", "goal phase projectId status"),
    ("ProjectParticipant", "Interest", ">participant:projectParticipation:LegalEntity >project:participants:Project"),
    ("PublicBody", "Organization", ""),
    (
        "RealEstate",
        "Asset",
        "area cadastralCode censusBlock createDate encumbrance landType latitude longitude \
         >parent:subunits:RealEstate propertyType registrationNumber tenure titleNumber",
    ),
    ("Representation", "Interest", ">agent:agencyClient:LegalEntity >client:agentRepresentation:LegalEntity"),
    (
        "Risk",
        "Interval",
        "authority country duration >entity:risks:Thing listingDate program programId programUrl reason \
         status topics",
    ),
    (
        "Sanction",
        "Interval",
        "authority authorityId country duration >entity:sanctions:Thing listingDate program programId \
         programUrl provisions reason status unscId",
    ),
    (
        "Security",
        "Asset",
        "classification collateral figiCode isin issueDate >issuer:securities:LegalEntity maturityDate \
         registrationNumber ticker type",
    ),
    ("Similar", "", ">candidate:candidateSimilars:Thing confidenceScore criteria >match:matchSimilars:Thing matcher"),
    ("Succession", "Interest", ">predecessor:successors:LegalEntity >successor:predecessors:LegalEntity"),
    ("Table", "Document", "columns csvHash rowCount"),
    ("TaxRoll", "Interval", "birthDate country givenName income surname taxPaid >taxee:taxRolls:LegalEntity wealth"),
    ("Territory", "Thing", "fipsCode level nutsCode >partOf:subdivisions:Territory territoryCode zipCode"),
    (
        "Thing",
        "",
        "address >addressEntity:things:Address alephUrl alias country createdAt description indexText \
         keywords modifiedAt name notes previousName program programId >proof:proven:Document publisher \
         publisherUrl retrievedAt >riskSource sourceUrl summary topics weakAlias wikidataId wikipediaUrl",
    ),
    (
        "Trip",
        "Event",
        ">endLocation:tripsIncoming:Address >startLocation:tripsDeparting:Address \
         >vehicle:tripsInvolved:Vehicle",
    ),
    ("UnknownLink", "Interest", ">object:unknownLinkFrom:Thing >subject:unknownLinkTo:Thing"),
    ("UserAccount", "Thing", "email ipAddress >owner:userAccounts:LegalEntity password phone service username"),
    ("Value", "", "amount amountEur amountUsd currency"),
    (
        "Vehicle",
        "Asset",
        "buildDate deregistrationDate model >operator:operatedVehicles:LegalEntity \
         >owner:ownedVehicles:LegalEntity registrationDate registrationNumber type",
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
    lineage(schema).into_iter().flat_map(own_properties)
}

/// The properties that a schema adds to those it extends.
pub(crate) fn own_properties(schema: &str) -> impl Iterator<Item = (&'static str, bool)> {
    row(schema).into_iter().flat_map(|r| r.2.split_whitespace()).map(|p| match p.strip_prefix('>') {
        Some(text) => (text.split_once(':').map_or(text, |(name, _)| name), true),
        None => (p, false),
    })
}

/// The properties of a schema that hold ids, each with its reverse (empty where there is none).
#[cfg(feature = "serve")]
pub(crate) fn references(schema: &str) -> &'static [(&'static str, &'static str)] {
    type All = std::collections::HashMap<&'static str, Vec<(&'static str, &'static str)>>;
    static ALL: std::sync::LazyLock<All> = std::sync::LazyLock::new(|| {
        let parts = |p: &'static str| {
            let mut parts = p.strip_prefix('>')?.split(':');
            Some((parts.next()?, parts.next().unwrap_or_default()))
        };
        let of = |s: &str| lineage(s).into_iter().filter_map(row).flat_map(|r| r.2.split_whitespace());
        SCHEMATA.iter().map(|r| (r.0, of(r.0).filter_map(parts).collect())).collect()
    });
    ALL.get(schema).map_or(&[], Vec::as_slice)
}

/// The names under which an entity of a schema finds what refers to it.
#[cfg(feature = "serve")]
pub(crate) fn reverses(schema: &str) -> impl Iterator<Item = &'static str> {
    let lineage = lineage(schema);
    SCHEMATA.iter().flat_map(|r| r.2.split_whitespace()).filter_map(move |p| {
        let (_, rest) = p.strip_prefix('>')?.split_once(':')?;
        let (reverse, range) = rest.split_once(':')?;
        lineage.contains(&range).then_some(reverse)
    })
}

/// All schemata, by name.
pub(crate) fn schemata() -> impl Iterator<Item = &'static str> {
    SCHEMATA.iter().map(|r| r.0)
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
        for (name, parents, properties) in SCHEMATA {
            assert!(parents.split_whitespace().all(|p| row(p).is_some()), "{name}");
            let ranges = properties.split_whitespace().filter_map(|p| p.split(':').nth(2));
            assert!(ranges.clone().all(|p| row(p).is_some()), "{name}");
        }
    }

    #[cfg(feature = "serve")]
    #[test]
    fn links_have_two_names() {
        let owner = references("Ownership").iter().find(|(p, _)| *p == "owner");
        assert_eq!(owner, Some(&("owner", "ownershipOwner")));
        assert!(references("Vessel").contains(&("riskSource", "")) && references("Unheard").is_empty());
        let has = |schema: &str, name: &str| reverses(schema).any(|r| r == name);
        assert!(has("Person", "ownershipOwner") && has("Person", "sanctions") && has("Company", "ownershipAsset"));
        assert!(!has("Person", "ownershipAsset") && !has("Person", "owner") && !has("Unheard", "sanctions"));
        assert_eq!(own_properties("Ownership").find(|(_, entity)| *entity), Some(("asset", true)));
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
                    Some((_, entity)) => {
                        assert_eq!(*entity, d["type"] == "entity", "{name}.{p}");
                        #[cfg(feature = "serve")]
                        if let Some(reverse) = d["reverse"].as_str() {
                            assert!(references(name).contains(&(p.as_str(), reverse)), "{name}.{p}");
                        }
                    }
                    None => missing.push(format!("{name}.{p}")),
                }
            }
        }
        // The newer model has dropped a few; more would mean that the table is not whole.
        assert!(missing.len() < 40, "{missing:?}");
    }
}
