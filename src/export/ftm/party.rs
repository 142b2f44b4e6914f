//! From a party to an entity.

use super::Writer;
use super::entity::{Entity, camel, concrete};
use crate::import::ftm::own::Choice;
use crate::import::ftm::{model, schema};
use crate::model::{Fact, PartialDate, PartyRecord, Status, prop};

/// The schema of a node type, and whether it means the same.
pub(crate) fn schema_of(node_type: &str) -> (&'static str, bool) {
    match node_type {
        "person" => ("Person", true),
        "company" => ("Company", true),
        "organization" => ("Organization", true),
        "legal_entity" => ("LegalEntity", true),
        "public_body" => ("PublicBody", true),
        "international_body" | "authority" => ("PublicBody", false),
        "place" => ("Territory", true),
        "state" => ("Territory", false),
        "vessel" => ("Vessel", true),
        "aircraft" => ("Airplane", true),
        "vehicle" => ("Vehicle", true),
        "security" => ("Security", true),
        "real_estate" => ("RealEstate", true),
        "asset" => ("Asset", true),
        "bank_account" => ("BankAccount", true),
        "crypto_wallet" => ("CryptoWallet", true),
        "user_account" => ("UserAccount", true),
        "address" => ("Address", true),
        "identifier" => ("Identification", true),
        "contact" => ("Note", false),
        "position" => ("Position", true),
        "event" => ("Event", true),
        "project" => ("Project", true),
        "sanctions_program" | "weapons_program" | "policy" => ("Project", false),
        "contract" => ("Contract", true),
        "shipment" => ("EconomicActivity", true),
        "court_case" => ("CourtCase", true),
        "document" => ("Document", true),
        "legal_instrument" => ("Document", false),
        "designation" => ("Sanction", true),
        _ => ("LegalEntity", false),
    }
}

/// FollowTheMoney's property for a scheme in other words, where there is one.
fn identifier(scheme: &str) -> &'static str {
    let plain: String = scheme.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let has = |words: &[&str]| words.iter().any(|w| plain.contains(w));
    match &*plain {
        "lei" | "leicode" | "legalentityidentifier" => "leiCode",
        "bic" | "swift" | "swiftbic" | "bicswift" => "swiftBic",
        "mmsi" => "mmsi",
        "imo" => "imoNumber",
        "isin" => "isinCode",
        "inn" => "innCode",
        "ogrn" => "ogrnCode",
        "kpp" => "kppCode",
        "okpo" => "okpoCode",
        _ if has(&["passport"]) => "passportNumber",
        _ if has(&["imonumber", "vesselregistration"]) => "imoNumber",
        _ if has(&["legalentityidentifier"]) => "leiCode",
        _ if has(&["swift"]) => "swiftBic",
        _ if has(&["socialsecurity", "ssn"]) => "socialSecurityNumber",
        _ if has(&["vat"]) => "vatCode",
        _ if has(&["tax", "tin"]) => "taxNumber",
        _ if has(&["dun"]) => "dunsCode",
        _ if has(&["registration", "register", "companynumber", "registry"]) => "registrationNumber",
        _ => "idNumber",
    }
}

/// FollowTheMoney's property for the role of a country.
fn country(kind: &str) -> &'static str {
    match kind {
        "citizenship" => "citizenship",
        "jurisdiction" | "country_registered" | "registered" => "jurisdiction",
        "flag" => "flag",
        k if k.to_lowercase().starts_with("national") => "nationality",
        k if k.to_lowercase().starts_with("citizen") => "citizenship",
        k if k.to_lowercase().contains("flag") => "flag",
        _ => "country",
    }
}

/// Codes of countries are small letters in FollowTheMoney; names stay as they are.
fn country_value(value: &str) -> String {
    let code = value.len() == 2 && value.bytes().all(|b| b.is_ascii_uppercase());
    if code { value.to_lowercase() } else { value.to_owned() }
}

/// A value with what qualifies it, as a line of prose.
pub(super) fn sentence(f: &Fact) -> String {
    let kind = if f.kind.is_empty() { String::new() } else { format!(" ({})", f.kind) };
    let mut text = format!("{}{kind}: {}", f.prop, f.value);
    for (word, day) in [("from", f.from), ("until", f.to)] {
        if let Some(day) = day {
            text.push_str(&format!(", {word} {day}"));
        }
    }
    if f.status != Status::Asserted {
        text.push_str(&format!(", {}", f.status.as_str()));
    }
    text
}

impl Writer<'_> {
    /// The schema of a party: the one it came with, else the one of its type.
    pub(super) fn schema(&mut self, p: &PartyRecord) -> &'static str {
        let told = p.values("schema").find_map(concrete).filter(|s| schema::node_type(s) == p.node_type);
        if let Some(s) = told {
            return s;
        }
        let (s, same) = schema_of(&p.node_type);
        if !same {
            let kind = if p.node_type.is_empty() { "thing" } else { &p.node_type };
            self.lost.count(format!("parties of type {kind} are written as {s}"));
        }
        s
    }

    /// The entity of a party.
    pub(super) fn party(&mut self, p: &PartyRecord, id: String) -> Entity {
        let mut e = Entity::new(id, self.schema(p));
        e.cite(&p.cites);
        if schema::node_type(e.schema) != p.node_type {
            p.node_type.clone_into(&mut e.own.kind);
        }
        for f in &p.facts {
            e.cite(&f.cites);
            if prop::OPTIONS.contains(&f.prop.as_str()) && f.status == Status::Asserted {
                let (option, value) = (f.prop.clone(), f.value.clone());
                e.own.options.push(Choice { option, value, from: f.from, to: f.to });
            }
            self.fact(&mut e, f);
        }
        e
    }

    /// Free text that keeps what has no property of its own.
    pub(super) fn prose(&mut self, e: &mut Entity, text: String, what: &str) {
        match self.properties.prose(e.schema) {
            Some(name) => {
                e.put(name, text);
                self.lost.count(format!("{what} stand in {name} only"));
            }
            None => self.lost.count(format!("{what} are left out")),
        }
    }

    fn fact(&mut self, e: &mut Entity, f: &Fact) {
        let is_name = prop::NAMES.contains(&f.prop.as_str());
        if !is_name && (f.status != Status::Asserted || f.to.is_some()) {
            return self.prose(e, sentence(f), "values that have ended or are not asserted");
        }
        if e.member(&f.prop, &f.value) {
            return;
        }
        if is_name && (f.from.or(f.to).is_some() || f.status != Status::Asserted) {
            self.lost.count("names lose their dates or status");
        }
        if !f.lang.is_empty() {
            self.lost.count("values lose their language");
        }
        let schema = e.schema;
        let (name, value) = match f.prop.as_str() {
            prop::NAME if f.kind == "caption" && e.caption.is_none() => return e.caption = Some(f.value.clone()),
            prop::NAME if schema == "Address" => ("full".to_owned(), f.value.clone()),
            prop::NAME if !self.properties.text(schema, "name") && e.caption.is_none() => {
                return e.caption = Some(f.value.clone());
            }
            prop::NAME => ("name".to_owned(), f.value.clone()),
            prop::ALIAS => ("alias".to_owned(), f.value.clone()),
            prop::WEAK_ALIAS => ("weakAlias".to_owned(), f.value.clone()),
            prop::FORMER_NAME => ("previousName".to_owned(), f.value.clone()),
            prop::BIRTH => {
                let Ok(date) = PartialDate::parse(&f.value) else {
                    return self.prose(e, sentence(f), "dates of birth that are not exact");
                };
                let raw = PartialDate::parse(&f.raw).is_ok_and(|d| d == date);
                ("birthDate".to_owned(), if raw { f.raw.clone() } else { f.value.clone() })
            }
            prop::BIRTH_PLACE => ("birthPlace".to_owned(), f.value.clone()),
            prop::ADDRESS => ("address".to_owned(), f.value.clone()),
            prop::PROGRAM => (if f.kind == "programId" { "programId" } else { "program" }.to_owned(), f.value.clone()),
            prop::COUNTRY => (self.kind(schema, f, prop::COUNTRY, country, &["country"]), country_value(&f.value)),
            prop::IDENTIFIER => {
                let last = ["idNumber", "registrationNumber", "number", "accountNumber", "publicKey"];
                let name = self.kind(schema, f, prop::IDENTIFIER, identifier, &last);
                if name != f.kind && !f.kind.is_empty() {
                    self.lost.count("identifiers lose the name of their scheme");
                }
                (name, f.value.clone())
            }
            prop::NOTE => ("notes".to_owned(), f.value.clone()),
            "forename" => ("firstName".to_owned(), f.value.clone()),
            "surname" => ("lastName".to_owned(), f.value.clone()),
            other if self.properties.text(schema, other) => (other.to_owned(), f.value.clone()),
            other => (camel(other), f.value.clone()),
        };
        if self.properties.text(schema, &name) {
            e.put(&name, value);
        } else {
            self.prose(e, sentence(f), "values that the model has no property for");
        }
    }

    /// The property for the kind of a fact: the kind itself where it is one, else the one that
    /// means the same, else the first of `last` that the schema has.
    fn kind(
        &mut self,
        schema: &'static str,
        f: &Fact,
        ours: &str,
        known: fn(&str) -> &'static str,
        last: &[&str],
    ) -> String {
        let is = |name: &str| schema::property(schema, name).is_some_and(|(p, _)| p == ours);
        if self.properties.text(schema, &f.kind) && is(&f.kind) {
            return f.kind.clone();
        }
        let known = known(&f.kind);
        let all = std::iter::once(known).chain(last.iter().copied());
        all.filter(|n| is(n)).find(|n| self.properties.text(schema, n)).unwrap_or_default().to_owned()
    }

    /// Topics that listings make evident, where the source names none.
    pub(super) fn topics(&mut self, e: &mut Entity, p: &PartyRecord) {
        if !e.values("topics").is_empty() || !model::is_a(e.schema, "Thing") {
            return;
        }
        for l in p.listings.iter().filter(|l| l.to.is_none()) {
            let list = schema::list_of(&l.list);
            if list.starts_with("bis_") {
                e.put("topics", "export.control");
            } else if ["ofac_", "eu_", "uk_", "un_sc", "ch_seco", "ca_sema", "au_dfat"]
                .iter()
                .any(|s| list.starts_with(s))
            {
                e.put("topics", "sanction");
            }
        }
    }
}
