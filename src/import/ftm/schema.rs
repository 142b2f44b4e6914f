//! What FollowTheMoney's schemata mean here: node types, the schemata that are edges, the
//! properties that link entities without being edges, and how properties are named.

use crate::model::prop;

/// A schema whose entities are relations.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct EdgeSchema {
    /// Name of the schema.
    pub(crate) schema: &'static str,
    /// Property that holds the near end.
    pub(crate) source: &'static str,
    /// Property that holds the far end.
    pub(crate) target: &'static str,
    /// Edge type of the catalogue.
    pub(crate) edge_type: &'static str,
    /// The far end is the subject.
    pub(crate) flip: bool,
}

const fn e(
    schema: &'static str,
    source: &'static str,
    target: &'static str,
    edge_type: &'static str,
    flip: bool,
) -> EdgeSchema {
    EdgeSchema { schema, source, target, edge_type, flip }
}

/// The 17 edge schemata of followthemoney 4.11, and `Similar`, which ties two candidates.
static EDGES: [EdgeSchema; 18] = [
    e("Ownership", "owner", "asset", "owns", false),
    e("Control", "controller", "controlled", "controls", false),
    e("Directorship", "director", "organization", "directs", false),
    e("Membership", "member", "organization", "member_of", false),
    e("Employment", "employee", "employer", "employs", true),
    e("Representation", "agent", "client", "acts_for", false),
    e("Succession", "predecessor", "successor", "succeeds", true),
    e("Debt", "debtor", "creditor", "owes", false),
    e("Payment", "payer", "beneficiary", "pays", false),
    e("ContractAward", "contract", "supplier", "awarded_contract_to", false),
    e("Occupancy", "holder", "post", "holds_position", false),
    e("Family", "person", "relative", "family_of", false),
    e("Associate", "person", "associate", "associate_of", false),
    e("UnknownLink", "subject", "object", "linked_to", false),
    e("ProjectParticipant", "participant", "project", "participates_in", false),
    e("CourtCaseParty", "party", "case", "participates_in", false),
    e("Documentation", "document", "entity", "linked_to", false),
    e("Similar", "candidate", "match", "possibly_same_as", false),
];

/// The edge schema of that name.
pub(crate) fn edge(schema: &str) -> Option<&'static EdgeSchema> {
    EDGES.iter().find(|e| e.schema == schema)
}

/// The schema of a link of unknown kind.
pub(crate) fn unknown_link() -> &'static EdgeSchema {
    static UNKNOWN: EdgeSchema = e("UnknownLink", "subject", "object", "linked_to", false);
    &UNKNOWN
}

/// The node type of a schema; `thing` for one that is not known.
pub(crate) fn node_type(schema: &str) -> &'static str {
    match schema {
        "Person" => "person",
        "Company" => "company",
        "Organization" => "organization",
        "LegalEntity" => "legal_entity",
        "PublicBody" => "public_body",
        "Vessel" => "vessel",
        "Airplane" => "aircraft",
        "Vehicle" => "vehicle",
        "Address" => "address",
        "Security" => "security",
        "RealEstate" => "real_estate",
        "Asset" => "asset",
        "BankAccount" => "bank_account",
        "CryptoWallet" => "crypto_wallet",
        "Position" | "Post" => "position",
        "Event" | "Trip" | "Call" => "event",
        "Project" => "project",
        "Contract" | "License" | "CallForTenders" => "contract",
        "CourtCase" => "court_case",
        "Identification" | "Passport" => "identifier",
        "UserAccount" => "user_account",
        "EconomicActivity" => "shipment",
        "Territory" => "place",
        "Sanction" => "designation",
        "Document" | "Article" | "Audio" | "Email" | "Folder" | "HyperText" | "Image" | "Message" | "Note"
        | "Package" | "Page" | "Pages" | "PlainText" | "Table" | "Video" | "Workbook" => "document",
        _ => "thing",
    }
}

/// A property that holds the id of another entity, on a schema that is no edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    /// Edge type of the catalogue.
    pub(crate) edge_type: &'static str,
    /// The entity referred to is the subject.
    pub(crate) flip: bool,
}

/// How a property links entities; `None` for one that holds text. `linked_to` is never
/// flipped, so that two entities naming each other stay two relations.
pub(crate) fn link(schema: &str, property: &str) -> Option<Link> {
    let to = |edge_type| Some(Link { edge_type, flip: false });
    let from = |edge_type| Some(Link { edge_type, flip: true });
    match (property, schema) {
        ("addressEntity", _) => to("has_address"),
        ("proof" | "riskSource", _) => to("linked_to"),
        ("entity", "Sanction") => to("designation_of"),
        ("entity", _) => to("linked_to"),
        ("holder", "Identification" | "Passport") => from("has_identifier"),
        ("holder", "CryptoWallet") => from("holds_wallet"),
        ("holder", "Post") => from("holds_position"),
        ("owner", "Vehicle" | "Vessel" | "Airplane") => from("owns"),
        ("operator", "Vehicle" | "Vessel" | "Airplane") => from("operates"),
        ("owner", "UserAccount") => from("holds_account"),
        ("issuer", "Security") => from("issues"),
        ("parent", "LegalEntity" | "Person" | "Organization" | "Company" | "PublicBody") => from("parent_of"),
        ("partOf", "Territory") => to("part_of"),
        ("parent", "RealEstate") => to("part_of"),
        ("parent", _) if node_type(schema) == "document" => to("part_of"),
        ("document", "Page") => to("part_of"),
        ("resolved", "Mention") => to("possibly_same_as"),
        ("involved", "Event" | "Trip") => from("participates_in"),
        ("tenderers", "CallForTenders") => from("participates_in"),
        ("organization", "Position")
        | ("bank", "BankAccount")
        | ("organizer", "Event" | "Trip")
        | ("startLocation" | "endLocation" | "vehicle", "Trip")
        | ("authority", "Contract" | "License" | "CallForTenders")
        | ("onBehalfOf", "CallForTenders")
        | ("project", "Contract" | "License")
        | ("caller" | "receiver", "Call")
        | ("taxee", "TaxRoll")
        | ("author", "Assessment")
        | ("document", "Mention")
        | ("pictured", "Image")
        | ("emitters" | "recipients" | "inReplyToEmail", "Email")
        | ("sender" | "recipients" | "senderAccount" | "recipientAccount" | "inReplyToMessage", "Message") => {
            to("linked_to")
        }
        ("ancestors", _) if node_type(schema) == "document" => to("linked_to"),
        (
            "bankAccount" | "bankForeign" | "bankRub" | "contract" | "contractHolder" | "declarant" | "receiver"
            | "sender" | "transport",
            "EconomicActivity",
        ) => to("linked_to"),
        _ => None,
    }
}

/// Our property name for one of FollowTheMoney's, and whether theirs is kept as the kind.
/// `None` keeps the name as it is.
pub(crate) fn property(schema: &str, name: &str) -> Option<(&'static str, bool)> {
    Some(match name {
        "name" => (prop::NAME, false),
        "alias" => (prop::ALIAS, false),
        "weakAlias" => (prop::WEAK_ALIAS, false),
        "previousName" => (prop::FORMER_NAME, false),
        "full" if schema == "Address" => (prop::NAME, true),
        "birthDate" => (prop::BIRTH, false),
        "birthPlace" => (prop::BIRTH_PLACE, false),
        "address" => (prop::ADDRESS, false),
        "program" | "programId" => (prop::PROGRAM, true),
        "birthCountry" | "citizenship" | "contextCountry" | "country" | "departureCountry" | "destinationCountry"
        | "flag" | "jurisdiction" | "mainCountry" | "nationality" | "originCountry" | "pastFlags"
        | "tradingCountry" => (prop::COUNTRY, true),
        "number" if node_type(schema) == "identifier" => (prop::IDENTIFIER, true),
        "accountNumber"
        | "authorityId"
        | "bic"
        | "bvdId"
        | "cadastralCode"
        | "cageCode"
        | "callSign"
        | "caseNumber"
        | "ccdNumber"
        | "cikCode"
        | "coatoCode"
        | "crsNumber"
        | "dunsCode"
        | "figiCode"
        | "fnsCode"
        | "giiNumber"
        | "iban"
        | "ibcRuc"
        | "icaoCode"
        | "idNumber"
        | "imoNumber"
        | "innCode"
        | "ipoCode"
        | "irsCode"
        | "isin"
        | "isinCode"
        | "jibCode"
        | "kppCode"
        | "leiCode"
        | "licenseNumber"
        | "mbsCode"
        | "mmsi"
        | "npiCode"
        | "nutsCode"
        | "ogrnCode"
        | "okpoCode"
        | "osmId"
        | "passportNumber"
        | "permId"
        | "personalNumber"
        | "pfrNumber"
        | "publicKey"
        | "registrationNumber"
        | "ricCode"
        | "serialNumber"
        | "socialSecurityNumber"
        | "swiftBic"
        | "taxNumber"
        | "ticker"
        | "titleNumber"
        | "uniqueEntityId"
        | "unscId"
        | "vatCode"
        | "voenCode"
        | "wikidataId" => (prop::IDENTIFIER, true),
        _ => return None,
    })
}

/// The list that a dataset of sanctions restates; the dataset itself where it is none we know.
pub(crate) fn list_of(dataset: &str) -> &str {
    match dataset {
        "us_ofac_sdn" => "ofac_sdn",
        "us_ofac_cons" => "ofac_cons",
        "gb_hmt_sanctions" | "gb_fcdo_sanctions" => "uk_sl",
        "eu_fsf" | "eu_journal_sanctions" => "eu_fsf",
        "un_sc_sanctions" => "un_sc",
        "us_trade_csl" => "us_csl",
        "ch_seco_sanctions" => "ch_seco",
        "ca_dfatd_sema_sanctions" => "ca_sema",
        "au_dfat_sanctions" => "au_dfat",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Catalogue;

    /// Properties of the published model that hold ids, beside those of edge schemata.
    #[derive(serde::Deserialize)]
    struct Model {
        schemata: std::collections::BTreeMap<String, Schema>,
    }
    #[derive(serde::Deserialize)]
    struct Schema {
        edge: Option<Ends>,
        properties: std::collections::BTreeMap<String, Prop>,
        schemata: Vec<String>,
    }
    #[derive(serde::Deserialize)]
    struct Ends {
        source: String,
        target: String,
    }
    #[derive(serde::Deserialize)]
    struct Prop {
        r#type: String,
        #[serde(default)]
        stub: bool,
    }

    #[test]
    fn every_type_is_in_the_catalogue() {
        let c = Catalogue::builtin();
        for e in &EDGES {
            assert_eq!(c.edge_type(e.edge_type).unwrap().name, e.edge_type);
            assert_eq!(edge(e.schema), Some(e));
        }
        for s in ["Person", "Post", "Trip", "License", "EconomicActivity", "Sanction", "Note", "Asset", "New", "Call"] {
            assert_eq!(c.node_type(node_type(s)).unwrap().name, node_type(s));
        }
    }

    #[test]
    fn covers_the_published_model() {
        let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
            println!("skipped: CUIBONO_TEST_DATA not set");
            return;
        };
        let text = std::fs::read_to_string(format!("{root}/data/schemas/ftm-defaultModel-2025-05.json")).unwrap();
        let model: Model = serde_json::from_str(&text).unwrap();
        let c = Catalogue::builtin();
        let own = |s: &Schema, p: &str| -> Option<String> {
            s.schemata
                .iter()
                .find(|a| model.schemata.get(*a).and_then(|m| m.properties.get(p)).is_some_and(|p| !p.stub))
                .cloned()
        };
        let mut checked = 0;
        for (name, schema) in &model.schemata {
            if let Some(ends) = &schema.edge {
                let e = edge(name).unwrap_or_else(|| panic!("{name} is an edge"));
                assert_eq!((e.source, e.target), (ends.source.as_str(), ends.target.as_str()));
                continue;
            }
            assert!(edge(name).is_none() || name == "Similar", "{name} is no edge");
            assert!(c.node_type(node_type(name)).is_some());
            for ancestor in &schema.schemata {
                for (p, d) in &model.schemata[ancestor].properties {
                    if d.r#type != "entity" || d.stub || own(schema, p).is_none() || edge(name).is_some() {
                        continue;
                    }
                    let l = link(name, p).unwrap_or_else(|| panic!("{name}.{p} links entities"));
                    assert!(c.edge_type(l.edge_type).is_some(), "{}", l.edge_type);
                    assert!(!(l.flip && l.edge_type == "linked_to"));
                    checked += 1;
                }
            }
            for (p, d) in &schema.properties {
                assert!(d.r#type == "entity" || link(name, p).is_none(), "{name}.{p} is text");
            }
        }
        assert!(checked > 100, "{checked}");
    }
}
