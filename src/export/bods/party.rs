//! A party as the details of an entity or person record.

use super::shape::{ENTITY, NAME_TYPES, PERSON, fitting};
use crate::model::{Fact, PartialDate, PartyRecord, Status, prop};
use serde_json::{Map, Value, json};

/// Facts about a statement and not about the party.
const ABOUT: [&str; 16] = [
    "statement_date",
    "declaration",
    "declaration_subject",
    "record_status",
    "publication_date",
    "source_type",
    "source_description",
    "source_url",
    "retrieved_at",
    "asserted_by",
    "annotation",
    "is_component",
    "record_closed",
    "entity_type",
    "person_type",
    "replaces_statements",
];

/// Members that hold a day.
const DAYS: [(&str, &str); 3] =
    [("founding_date", "foundingDate"), ("dissolution_date", "dissolutionDate"), ("death_date", "deathDate")];
/// Members that hold an object, and the member that it must have.
const OBJECTS: [(&str, &str, &str); 5] = [
    ("public_listing", "publicListing", "hasPublicListing"),
    ("formed_by_statute", "formedByStatute", "name"),
    ("unspecified_entity_details", "unspecifiedEntityDetails", "reason"),
    ("unspecified_person_details", "unspecifiedPersonDetails", "reason"),
    ("political_exposure", "politicalExposure", "status"),
];

/// Whether a property is about a statement, and is written elsewhere or made anew.
pub(super) fn is_about(name: &str) -> bool {
    ABOUT.contains(&name)
}

/// The object that a fact was read from, else one with its value under `name`.
pub(super) fn object(f: &Fact, name: &str) -> Value {
    match serde_json::from_str::<Value>(&f.raw) {
        Ok(Value::Object(m)) if m.get(name).is_some_and(Value::is_string) => m.into(),
        // A country of which only the code was known.
        Ok(Value::Object(mut m)) if name == "name" && m.get("code").is_some_and(Value::is_string) => {
            m.insert(name.into(), f.value.clone().into());
            m.into()
        }
        _ => json!({ name: f.value }),
    }
}

fn identifier(f: &Fact) -> Value {
    if let Ok(Value::Object(m)) = serde_json::from_str::<Value>(&f.raw)
        && m.get("id").is_some_and(Value::is_string)
        && ["scheme", "schemeName"].iter().any(|s| m.get(*s).is_some_and(Value::is_string))
    {
        return m.into();
    }
    // Codes of org-id.guide are a country and a list in capitals.
    let code = |k: &str| {
        k.split_once('-').is_some_and(|(a, b)| {
            (2..=3).contains(&a.len())
                && a.bytes().all(|c| c.is_ascii_uppercase())
                && !b.is_empty()
                && b.bytes().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'_')
        })
    };
    json!({"id": f.value, if code(&f.kind) { "scheme" } else { "schemeName" }: f.kind})
}

fn address(f: &Fact, types: &[&str]) -> Value {
    let mut v = match serde_json::from_str::<Value>(&f.raw) {
        Ok(Value::Object(m)) if m.get("address").is_none_or(Value::is_string) && !m.is_empty() => m,
        _ => Map::from_iter([("address".to_owned(), f.value.clone().into())]),
    };
    // Before 0.4 a country was a code alone.
    if let Some(code) = v.get("country").and_then(Value::as_str).map(str::to_owned) {
        v.insert("country".into(), json!({ "name": code }));
    }
    v.remove("type");
    if types.contains(&f.kind.as_str()) {
        v.insert("type".into(), f.kind.clone().into());
    }
    v.into()
}

fn name(f: &Fact, kind: &str) -> Value {
    let mut v = object(f, "fullName");
    if let Some(m) = v.as_object_mut() {
        m.remove("type");
        if NAME_TYPES.contains(&kind) {
            m.insert("type".into(), kind.into());
        }
    }
    v
}

/// The type of an entity and the node type it reads back as.
fn entity_type(p: &PartyRecord) -> (Value, &'static str) {
    let stated = p.facts.iter().find(|f| f.prop == "entity_type");
    let (word, back) = match p.node_type.as_str() {
        "company" => ("registeredEntity", "company"),
        "arrangement" => ("arrangement", "arrangement"),
        "state" => ("state", "state"),
        "public_body" => ("stateBody", "public_body"),
        "legal_entity" if stated.is_some_and(|f| f.value == "anonymousEntity") => ("anonymousEntity", "legal_entity"),
        "" | "thing" | "unknown_party" | "unresolved_name" => ("unknownEntity", "unknown_party"),
        _ => ("legalEntity", "organization"),
    };
    let mut v = stated.filter(|f| f.value == word).map_or_else(|| json!({ "type": word }), |f| object(f, "type"));
    let subtypes: &[&str] = match word {
        "arrangement" => &["trust", "nomination", "other"],
        "legalEntity" => &["trust", "other"],
        "stateBody" => &["governmentDepartment", "stateAgency", "other"],
        _ => &["other"],
    };
    if let Some(m) = v.as_object_mut()
        && m.get("subtype").is_some_and(|s| s.as_str().is_none_or(|s| !subtypes.contains(&s)))
    {
        m.remove("subtype");
    }
    (v, back)
}

/// Details of a party's record, what only this program reads, and how many facts they hold.
pub(super) fn details(
    p: &PartyRecord,
    person: bool,
    component: bool,
) -> (Map<String, Value>, Map<String, Value>, usize) {
    let mut m = Map::new();
    let mut used = 0;
    let component = component || p.values("is_component").next() == Some("true");
    m.insert("isComponent".into(), component.into());
    let back = if person {
        let word = match p.node_type.as_str() {
            "group_of_persons" => "anonymousPerson",
            "unknown_party" => "unknownPerson",
            _ => "knownPerson",
        };
        m.insert("personType".into(), word.into());
        match p.node_type.as_str() {
            t @ ("group_of_persons" | "unknown_party") => t,
            _ => "person",
        }
    } else {
        let (v, back) = entity_type(p);
        m.insert("entityType".into(), v);
        back
    };
    let push = |m: &mut Map<String, Value>, used: &mut usize, member: &str, v: Value| {
        if let Value::Array(all) = m.entry(member).or_insert_with(|| Value::Array(Vec::new()))
            && !all.contains(&v)
        {
            all.push(v);
        }
        *used += 1;
    };
    let mut single = Vec::new();
    for f in p.facts.iter().filter(|f| f.status != Status::Withdrawn && !f.value.is_empty()) {
        // Nobody is born until a day.
        let lasting = [prop::FORMER_NAME, prop::BIRTH, prop::BIRTH_PLACE].contains(&f.prop.as_str());
        let past = f.to.is_some() && !lasting;
        match (person, f.prop.as_str(), f.kind.as_str()) {
            _ if past => {}
            (false, prop::NAME, _) if !m.contains_key("name") => single.push(("name", Value::from(f.value.clone()))),
            (false, prop::NAME | prop::ALIAS | prop::FORMER_NAME, _) => {
                push(&mut m, &mut used, "alternateNames", f.value.clone().into());
            }
            (true, prop::NAME, kind) => push(&mut m, &mut used, "names", name(f, kind)),
            (true, prop::ALIAS, kind) => {
                push(
                    &mut m,
                    &mut used,
                    "names",
                    name(f, if NAME_TYPES.contains(&kind) { kind } else { "alternative" }),
                );
            }
            (true, prop::FORMER_NAME, kind) => {
                push(&mut m, &mut used, "names", name(f, if kind == "birth" { kind } else { "former" }))
            }
            (false, prop::COUNTRY, "jurisdiction") => single.push(("jurisdiction", object(f, "name"))),
            (true, prop::COUNTRY, "nationality" | "citizenship") => {
                push(&mut m, &mut used, "nationalities", object(f, "name"))
            }
            (true, prop::COUNTRY, "tax residency") => push(&mut m, &mut used, "taxResidencies", object(f, "name")),
            (_, prop::IDENTIFIER, _) => push(&mut m, &mut used, "identifiers", identifier(f)),
            (false, prop::ADDRESS, _) => {
                push(&mut m, &mut used, "addresses", address(f, &["registered", "business", "alternative"]));
            }
            (true, prop::ADDRESS, _) => {
                push(&mut m, &mut used, "addresses", address(f, &["residence", "service", "alternative"]))
            }
            (true, prop::BIRTH, _) if PartialDate::parse(&f.value).is_ok() => {
                single.push(("birthDate", f.value.clone().into()));
            }
            (true, prop::BIRTH_PLACE, _) => {
                let f = Fact { kind: "placeOfBirth".into(), ..f.clone() };
                single.push(("placeOfBirth", address(&f, &["placeOfBirth"])));
            }
            (false, "uri", _) => single.push(("uri", f.value.clone().into())),
            (_, other, _) => single.extend(plain(other, f, person)),
        }
        // A second value of a member that can have one is not used.
        for (member, v) in single.drain(..) {
            if !m.contains_key(member) {
                m.insert(member.into(), v);
                used += 1;
            }
        }
    }
    let mut words = Map::new();
    if back != p.node_type && !p.node_type.is_empty() {
        words.insert("type".into(), p.node_type.clone().into());
    }
    let whole = fitting(m.clone().into(), if person { PERSON } else { ENTITY });
    let m = match whole {
        Some(Value::Object(m)) => m,
        _ => m,
    };
    (m, words, used)
}

/// Members that hold a day or an object.
fn plain(name: &str, f: &Fact, person: bool) -> Option<(&'static str, Value)> {
    if let Some((_, member)) = DAYS.iter().find(|(n, _)| *n == name) {
        let date = PartialDate::parse(&f.value).ok()?;
        let fits = (*member == "deathDate") == person && (person || date.is_full());
        return fits.then(|| (*member, date.to_string().into()));
    }
    let (_, member, must) = OBJECTS.iter().find(|(n, _, _)| *n == name)?;
    let v: Value = serde_json::from_str(&f.value).ok()?;
    let of_person = matches!(*member, "unspecifiedPersonDetails" | "politicalExposure");
    (of_person == person && v.get(must).is_some()).then_some((*member, v))
}
