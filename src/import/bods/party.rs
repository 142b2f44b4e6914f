//! What a statement says of an entity or a person, as facts.
//!
//! A member with more than one word (a country with its code, an address in parts) becomes one
//! readable value, and keeps the whole as it stands in the file in `raw`, so that an export can
//! write it again.

use super::json::{Obj, compact, elements, snake, text};
use super::statement::{Kind, Statement};
use crate::import::dates::{Order, birth};
use crate::model::{Fact, prop};
use serde_json::value::RawValue;
use xxhash_rust::xxh3::xxh3_64;

/// Members that are about the statement and not about the party (before 0.4 they stand
/// beside each other), and those read elsewhere.
const NOT_DETAILS: [&str; 18] = [
    "statementID",
    "statementId",
    "statementType",
    "statementDate",
    "publicationDetails",
    "source",
    "annotations",
    "replacesStatements",
    "declaration",
    "declarationSubject",
    "recordId",
    "recordType",
    "recordStatus",
    "recordDetails",
    "subject",
    "interestedParty",
    "interests",
    "componentStatementIDs",
];

/// Something in a statement that looks wrong: the finding and the text.
pub(super) type Odd<'o> = &'o mut dyn FnMut(&str, &str);

/// Node type and facts of a party.
pub(super) fn party(s: &Statement<'_>, odd: Odd<'_>) -> (&'static str, Vec<Fact>) {
    let mut facts = Vec::new();
    let mut node = if s.kind == Kind::Person { "person" } else { "legal_entity" };
    for (name, raw) in s.details.members().filter(|(n, _)| !s.old || !NOT_DETAILS.contains(n)) {
        match (s.kind, name) {
            (_, "isComponent") => {
                if text(raw) == "true" {
                    facts.push(Fact::new("is_component", "true"));
                }
            }
            (Kind::Entity, "name") => names(&mut facts, prop::NAME, &text(raw)),
            (Kind::Entity, "alternateNames") => {
                elements(raw).iter().for_each(|n| names(&mut facts, prop::ALIAS, &text(n)));
            }
            (Kind::Entity, "entityType") => node = entity_type(raw, &mut facts, odd),
            (Kind::Entity, "jurisdiction" | "incorporatedInJurisdiction") => {
                facts.extend(country(raw, "jurisdiction"));
            }
            (Kind::Person, "names") => person_names(raw, &mut facts),
            (Kind::Person, "personType") => node = person_type(raw, &mut facts, odd),
            (Kind::Person, "nationalities") => {
                facts.extend(elements(raw).into_iter().filter_map(|c| country(c, "nationality")));
            }
            (Kind::Person, "taxResidencies") => {
                facts.extend(elements(raw).into_iter().filter_map(|c| country(c, "tax residency")));
            }
            (Kind::Person, "placeOfBirth") => {
                facts.extend(address(raw).map(|f| Fact { prop: prop::BIRTH_PLACE.into(), kind: String::new(), ..f }));
            }
            (Kind::Person, "placeOfResidence") => {
                facts.extend(address(raw).map(|f| f.kind("residence")));
            }
            (Kind::Person, "birthDate") => facts.push(match birth(&text(raw), Order::DayFirst) {
                Ok(f) => f,
                Err(f) => {
                    odd("date of birth not understood", &f.value);
                    f
                }
            }),
            (_, "identifiers") => facts.extend(elements(raw).into_iter().filter_map(identifier)),
            (_, "addresses") => facts.extend(elements(raw).into_iter().filter_map(address)),
            _ => kept(&mut facts, name, raw),
        }
    }
    (node, facts)
}

/// A member that has no place of its own: each value under the member's name.
pub(super) fn kept(facts: &mut Vec<Fact>, name: &str, raw: &RawValue) {
    let name = snake(name);
    for value in elements(raw).into_iter().map(text).filter(|v| !v.trim().is_empty() && v != "null") {
        let f = Fact::new(name.as_str(), value);
        if !facts.contains(&f) {
            facts.push(f);
        }
    }
}

fn names(facts: &mut Vec<Fact>, kind: &str, name: &str) {
    let name = name.trim();
    if !name.is_empty() && !facts.iter().any(|f| f.value == name && prop::NAMES.contains(&f.prop.as_str())) {
        facts.push(Fact::name(kind, name));
    }
}

/// The whole of an object where it says more than the value made of it.
fn whole(raw: &RawValue, members: usize) -> String {
    let more = Obj::of(raw).is_some_and(|o| o.members().count() > members);
    if more { compact(raw.get()) } else { String::new() }
}

fn entity_type(raw: &RawValue, facts: &mut Vec<Fact>, odd: Odd<'_>) -> &'static str {
    let o = Obj::of(raw);
    let word = o.as_ref().map_or_else(|| Some(text(raw)), |o| o.text("type")).unwrap_or_default();
    let mut fact = Fact::new("entity_type", word.as_str());
    fact.raw = whole(raw, 1);
    facts.push(fact);
    match word.as_str() {
        "registeredEntity" => "company",
        "legalEntity" => "organization",
        "arrangement" => "arrangement",
        "anonymousEntity" => "legal_entity",
        "unknownEntity" => "unknown_party",
        "state" => "state",
        "stateBody" => "public_body",
        _ => {
            odd("type of entity not known", &word);
            "legal_entity"
        }
    }
}

fn person_type(raw: &RawValue, facts: &mut Vec<Fact>, odd: Odd<'_>) -> &'static str {
    let word = text(raw);
    facts.push(Fact::new("person_type", word.as_str()));
    match word.as_str() {
        "knownPerson" => "person",
        "anonymousPerson" => "group_of_persons",
        "unknownPerson" => "unknown_party",
        _ => {
            odd("type of person not known", &word);
            "person"
        }
    }
}

fn person_names(raw: &RawValue, facts: &mut Vec<Fact>) {
    let mut named = false;
    let all: Vec<(Obj<'_>, &RawValue)> = elements(raw).into_iter().filter_map(|r| Some((Obj::of(r)?, r))).collect();
    let legal = |o: &Obj<'_>| matches!(o.text("type").as_deref(), None | Some("legal" | "individual"));
    let any_legal = all.iter().any(|(o, _)| legal(o));
    for (o, raw) in &all {
        let parts = ["givenName", "patronymicName", "familyName"].map(|p| o.text(p).unwrap_or_default());
        let parts = || parts.iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join(" ");
        let name = o.text("fullName").unwrap_or_else(parts);
        if name.is_empty() {
            continue;
        }
        let kind = o.text("type").unwrap_or_default();
        let prop = match kind.as_str() {
            _ if !named && (legal(o) || !any_legal) => prop::NAME,
            "former" | "birth" => prop::FORMER_NAME,
            _ => prop::ALIAS,
        };
        named |= prop == prop::NAME;
        let mut f = Fact::name(prop, name).kind(kind);
        let said = 1 + usize::from(!f.kind.is_empty());
        f.raw = whole(raw, if o.text("fullName").is_some() { said } else { 0 });
        if !facts.contains(&f) {
            facts.push(f);
        }
    }
}

fn country(raw: &RawValue, kind: &str) -> Option<Fact> {
    let value = match Obj::of(raw) {
        Some(o) => o.text("name").or_else(|| o.text("code"))?,
        None => text(raw),
    };
    let only_code = Obj::of(raw).is_some_and(|o| o.text("name").is_none());
    let raw = whole(raw, usize::from(!only_code));
    (!value.is_empty()).then(|| Fact { raw, ..Fact::new(prop::COUNTRY, value).kind(kind) })
}

fn identifier(raw: &RawValue) -> Option<Fact> {
    let o = Obj::of(raw)?;
    let scheme = o.text("scheme").or_else(|| o.text("schemeName")).unwrap_or_default();
    let value = o.text("id").or_else(|| o.text("uri"))?;
    let plain = o.text("id").is_some() && !scheme.is_empty();
    Some(Fact { raw: whole(raw, if plain { 2 } else { 0 }), ..Fact::new(prop::IDENTIFIER, value).kind(scheme) })
}

fn address(raw: &RawValue) -> Option<Fact> {
    let Some(o) = Obj::of(raw) else {
        let value = text(raw);
        return (!value.is_empty()).then(|| Fact::new(prop::ADDRESS, value));
    };
    let country = o.get("country").map(|c| Obj::of(c).map_or_else(|| text(c), |c| c.text("name").unwrap_or_default()));
    let lines = o.text("address").map(|a| a.split(['\n', '\r']).map(str::trim).collect::<Vec<_>>().join(", "));
    let mut value = String::new();
    for part in [lines, o.text("postCode"), country].into_iter().flatten().filter(|p| !p.is_empty()) {
        // Many addresses hold the post code already.
        if value.contains(&part) {
            continue;
        }
        if !value.is_empty() {
            value.push_str(", ");
        }
        value.push_str(&part);
    }
    let kind = o.text("type").unwrap_or_default();
    let plain = o.text("address").is_some_and(|a| a == value);
    let raw = whole(raw, if plain { 1 + usize::from(!kind.is_empty()) } else { 0 });
    (!value.is_empty()).then(|| Fact { raw, ..Fact::new(prop::ADDRESS, value).kind(kind) })
}

/// What a statement says of itself: who declared it when, from which source, with which remarks.
pub(super) fn about(s: &Statement<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (name, raw) in s.top.members() {
        match name {
            "statementDate" | "declaration" | "declarationSubject" | "recordStatus" => kept(&mut facts, name, raw),
            "annotations" => kept(&mut facts, "annotation", raw),
            "replacesStatements" => kept(&mut facts, name, raw),
            "publicationDetails" => {
                if let Some(o) = Obj::of(raw) {
                    facts.extend(o.text("publicationDate").map(|d| Fact::new("publication_date", d)));
                }
            }
            "source" => source(raw, &mut facts),
            "statementID" | "statementId" | "statementType" | "recordId" | "recordType" | "recordDetails" => {}
            // Members beyond the standard; before 0.4 those of the details are read with them.
            _ if !s.old => kept(&mut facts, name, raw),
            _ => {}
        }
    }
    facts
}

fn source(raw: &RawValue, facts: &mut Vec<Fact>) {
    let Some(o) = Obj::of(raw) else { return kept(facts, "source", raw) };
    for (name, raw) in o.members() {
        match name {
            "type" => kept(facts, "sourceType", raw),
            "description" => kept(facts, "sourceDescription", raw),
            "url" => kept(facts, "sourceUrl", raw),
            "assertedBy" => {
                for agent in elements(raw) {
                    let named = Obj::of(agent).and_then(|a| a.text("name"));
                    let f = named.map(|n| Fact { raw: whole(agent, 1), ..Fact::new("asserted_by", n) });
                    match f {
                        Some(f) if !facts.contains(&f) => facts.push(f),
                        Some(_) => {}
                        None => kept(facts, "assertedBy", agent),
                    }
                }
            }
            _ => kept(facts, name, raw),
        }
    }
}

/// What makes a fact the same in another version of the record.
pub(super) fn fact_hash(f: &Fact) -> u32 {
    let text = format!("{}\0{}\0{}\0{}", f.prop, f.value, f.kind, f.raw);
    crate::import::hashes::tag(xxh3_64(text.as_bytes()))
}
