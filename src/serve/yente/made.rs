//! One entity as clients get it.

use crate::export::ftm::Written;
use crate::graph::Node;
use crate::import::ftm::model;
use crate::import::ftm::vocabulary::{Holds, holds};
use crate::model::PartialDate;
use crate::names;
use serde_json::{Map, Value, json};

/// An entity with all its properties.
#[derive(Debug, Clone, Default)]
pub(super) struct Made {
    pub(super) id: String,
    pub(super) caption: String,
    pub(super) schema: &'static str,
    pub(super) properties: Vec<(String, Vec<String>)>,
    /// Sources cited.
    pub(super) datasets: Vec<String>,
    /// The same, and those cited by its listings.
    pub(super) cited: Vec<String>,
    /// Sources that its records came with; they may cite others.
    pub(super) carriers: Vec<String>,
    pub(super) referents: Vec<String>,
    pub(super) target: bool,
    /// What its source says of that.
    pub(super) told_target: Option<bool>,
    pub(super) first_seen: Option<String>,
    pub(super) last_seen: Option<String>,
    pub(super) last_change: Option<String>,
    /// The party that it is.
    pub(super) node: Option<Node>,
}

impl Made {
    /// From what the export writes, its values in the forms that clients expect.
    pub(super) fn of(e: Written) -> Made {
        let mut made = Made {
            id: e.id,
            caption: e.caption.unwrap_or_default(),
            schema: e.schema,
            cited: e.datasets.clone(),
            datasets: e.datasets,
            told_target: e.target,
            target: e.target.unwrap_or_default(),
            ..Made::default()
        };
        for (name, value) in &e.seen {
            let slot = match name.as_str() {
                "first_seen" => &mut made.first_seen,
                "last_seen" => &mut made.last_seen,
                _ => &mut made.last_change,
            };
            *slot = time(value);
        }
        let references: Vec<&str> = model::references(e.schema).iter().map(|(name, _)| *name).collect();
        let mut notes = Vec::new();
        for (name, values) in e.properties {
            if references.contains(&name.as_str()) {
                made.properties.push((name, values));
                continue;
            }
            let mut kept = Vec::with_capacity(values.len());
            for v in values {
                match normal(&name, &v) {
                    Some(v) if kept.contains(&v) => {}
                    Some(v) => kept.push(v),
                    None => notes.push(format!("{name}: {v}")),
                }
            }
            if !kept.is_empty() {
                made.properties.push((name, kept));
            }
        }
        // What has no normal form is not lost.
        let prose = ["notes", "description"].into_iter().find(|p| model::properties(e.schema).any(|(n, _)| n == *p));
        if let Some(prose) = prose.filter(|_| !notes.is_empty()) {
            match made.properties.iter_mut().find(|(n, _)| n == prose) {
                Some((_, all)) => all.append(&mut notes),
                None => made.properties.push((prose.to_owned(), notes)),
            }
        }
        made
    }

    /// The values of a property.
    pub(super) fn values(&self, property: &str) -> &[String] {
        self.properties.iter().find(|(n, _)| n == property).map_or(&[], |(_, all)| all)
    }

    /// Fills in when it was seen, where its source does not say.
    pub(super) fn seen(&mut self, first: Option<PartialDate>, last: Option<PartialDate>, changed: Option<PartialDate>) {
        for (slot, day) in
            [(&mut self.first_seen, first), (&mut self.last_seen, last), (&mut self.last_change, changed)]
        {
            if slot.is_none() {
                *slot = day.and_then(|d| time(&d.to_string()));
            }
        }
    }

    /// The distinct values of all properties of a kind.
    pub(super) fn of_kind(&self, kind: Holds) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for (name, values) in self.properties.iter().filter(|(n, _)| holds(n) == kind) {
            if model::references(self.schema).iter().any(|(p, _)| p == name) {
                continue;
            }
            for v in values {
                if !out.contains(&v.as_str()) {
                    out.push(v);
                }
            }
        }
        out
    }

    /// The values of a field of an index; `None` for a field that there is not.
    pub(super) fn field(&self, name: &str) -> Option<Vec<&str>> {
        fn one(text: &Option<String>) -> Vec<&str> {
            text.as_deref().into_iter().collect()
        }
        // Clients of the program that this stands in for have always put this before properties.
        let property = name.strip_prefix("properties.").unwrap_or(name);
        Some(match name {
            "id" | "entity_id" | "_id" => vec![&self.id],
            "caption" => vec![&self.caption],
            "schema" => vec![self.schema],
            "datasets" => self.datasets.iter().map(String::as_str).collect(),
            "referents" => self.referents.iter().map(String::as_str).collect(),
            "target" => vec![if self.target { "true" } else { "false" }],
            "first_seen" => one(&self.first_seen),
            "last_seen" => one(&self.last_seen),
            "last_change" => one(&self.last_change),
            "names" => self.of_kind(Holds::Name),
            "identifiers" => self.of_kind(Holds::Identifier),
            "countries" => self.of_kind(Holds::Country),
            "topics" => self.of_kind(Holds::Topic),
            "dates" => self.of_kind(Holds::Date),
            "genders" => self.of_kind(Holds::Gender),
            "addresses" => self.of_kind(Holds::Address),
            "phones" => self.of_kind(Holds::Phone),
            "emails" => self.of_kind(Holds::Email),
            "urls" => self.of_kind(Holds::Url),
            "languages" => self.of_kind(Holds::Language),
            "entities" => {
                let of = |(p, _): &(&str, &str)| self.values(p).iter().map(String::as_str);
                model::references(self.schema).iter().flat_map(of).collect()
            }
            _ if model::schemata().any(|s| model::own_properties(s).any(|(p, _)| p == property)) => {
                self.values(property).iter().map(String::as_str).collect()
            }
            _ => return None,
        })
    }

    /// The entity; `properties` may have others in the place of their ids.
    pub(super) fn json_with(&self, properties: Map<String, Value>) -> Map<String, Value> {
        let mut m = Map::new();
        m.insert("id".to_owned(), json!(self.id));
        m.insert("caption".to_owned(), json!(self.caption));
        m.insert("schema".to_owned(), json!(self.schema));
        m.insert("properties".to_owned(), properties.into());
        m.insert("datasets".to_owned(), json!(self.datasets));
        m.insert("referents".to_owned(), json!(self.referents));
        m.insert("target".to_owned(), json!(self.target));
        m.insert("first_seen".to_owned(), json!(self.first_seen));
        m.insert("last_seen".to_owned(), json!(self.last_seen));
        m.insert("last_change".to_owned(), json!(self.last_change));
        m
    }

    /// The entity with ids of what it refers to.
    pub(super) fn json(&self) -> Map<String, Value> {
        self.json_with(self.properties.iter().map(|(n, v)| (n.clone(), json!(v))).collect())
    }
}

/// A value in the form that FollowTheMoney has for it; `None` where it has none.
pub(super) fn normal(property: &str, value: &str) -> Option<String> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    match holds(property) {
        Holds::Country => country(value),
        Holds::Date => {
            let day = value.split_once(['T', ' ']).map_or(value, |(day, _)| day);
            PartialDate::parse(day).ok().map(|d| d.to_string())
        }
        Holds::Gender => match value.to_lowercase().as_str() {
            "m" | "male" | "man" => Some("male".to_owned()),
            "f" | "female" | "woman" => Some("female".to_owned()),
            "other" => Some("other".to_owned()),
            _ => None,
        },
        Holds::Identifier if property == "imoNumber" => {
            let digits: String = value.chars().filter(char::is_ascii_digit).collect();
            let whole = digits.len() == 7 && names::Scheme::Imo.fits(&digits);
            Some(if whole { format!("IMO{digits}") } else { value.to_owned() })
        }
        Holds::Name => Some(value.split_whitespace().collect::<Vec<_>>().join(" ")),
        _ => Some(value.to_owned()),
    }
}

/// A country's code in small letters, by its name or code; codes of what is no country any more, or
/// of parts of countries, stay as they are.
fn country(value: &str) -> Option<String> {
    if let Some(code) = names::country_code(value) {
        return Some(code.to_owned());
    }
    let code = value.to_lowercase();
    let parts = |c: &str| c.split('-').all(|p| (2..=5).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()));
    (code.len() <= 8 && (code.len() == 2 || code.contains('-') || code == "yucs") && parts(&code)).then_some(code)
}

/// A moment as `YYYY-MM-DDTHH:MM:SS`; a day alone is its beginning.
fn time(text: &str) -> Option<String> {
    let (day, rest) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    let day = PartialDate::parse(day).ok()?.first_day();
    let clock: String = rest.chars().take(8).collect();
    let digits = |c: &str| c.len() == 8 && c.split(':').all(|p| p.len() == 2 && p.bytes().all(|b| b.is_ascii_digit()));
    let clock = if digits(&clock) { clock } else { "00:00:00".to_owned() };
    Some(format!("{day}T{clock}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_their_forms() {
        let n = |p: &str, v: &str| normal(p, v).unwrap_or_else(|| "-".to_owned());
        assert_eq!(
            [
                n("country", "Russia"),
                n("nationality", "Korea, North"),
                n("flag", "su"),
                n("country", "Atlantis"),
                n("country", "ge-ab"),
                n("birthDate", "1952"),
                n("birthDate", "2024-05-01T12:00:00"),
                n("birthDate", "circa 1971"),
                n("gender", "Male"),
                n("name", " Ana \t Tolv "),
                n("notes", " x "),
                n("imoNumber", "9074729"),
                n("imoNumber", "IMO 9074728"),
            ],
            [
                "ru",
                "kp",
                "su",
                "-",
                "ge-ab",
                "1952",
                "2024-05-01",
                "-",
                "male",
                "Ana Tolv",
                "x",
                "IMO9074729",
                "IMO 9074728",
            ]
        );
    }

    #[test]
    fn moments_have_no_zone_and_no_fraction() {
        let t = |text: &str| time(text).unwrap_or_default();
        assert_eq!(t("2024-05"), "2024-05-01T00:00:00");
        assert_eq!(t("2024-05-02T10:20:30.123Z"), "2024-05-02T10:20:30");
        assert_eq!((t("2024-05-02T10"), t("soon")), ("2024-05-02T00:00:00".to_owned(), String::new()));
    }
}
