//! One entity as it is written, and what could not be written.

use crate::import::ftm::model;
use crate::import::ftm::own::{self, Own};
use crate::model::Citation;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// Schemata that only others extend.
const ABSTRACT: [&str; 5] = ["Analyzable", "Interest", "Interval", "Thing", "Value"];

/// An entity under construction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Entity {
    pub(crate) id: String,
    pub(crate) schema: &'static str,
    pub(crate) caption: Option<String>,
    /// In the order in which they were first stated.
    pub(crate) properties: Vec<(String, Vec<String>)>,
    pub(crate) datasets: Vec<String>,
    /// `first_seen`, `last_seen`, `last_change`.
    pub(crate) seen: Vec<(String, String)>,
    pub(crate) target: Option<bool>,
    /// What the properties cannot say.
    pub(super) own: Own,
}

impl Entity {
    pub(super) fn new(id: String, schema: &'static str) -> Entity {
        Entity { id, schema, ..Entity::default() }
    }

    /// Adds a value; the same value twice stands once.
    pub(crate) fn put(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        if value.trim().is_empty() {
            return;
        }
        match self.properties.iter_mut().find(|(n, _)| n == name) {
            Some((_, all)) if all.contains(&value) => {}
            Some((_, all)) => all.push(value),
            None => self.properties.push((name.to_owned(), vec![value])),
        }
    }

    /// Adds a value that is known not to be there.
    pub(super) fn push(&mut self, name: &str, value: String) {
        match self.properties.iter_mut().find(|(n, _)| n == name) {
            Some((_, all)) => all.push(value),
            None => self.properties.push((name.to_owned(), vec![value])),
        }
    }

    /// The values of a property.
    pub(crate) fn values(&self, name: &str) -> &[String] {
        self.properties.iter().find(|(n, _)| n == name).map_or(&[], |(_, all)| all)
    }

    /// The sources cited, as datasets.
    pub(super) fn cite(&mut self, cites: &[Citation]) {
        for c in cites {
            if !c.source.is_empty() && !self.datasets.contains(&c.source) {
                self.datasets.push(c.source.clone());
            }
        }
    }

    /// Takes a fact that is a member of the entity and no property of it.
    pub(super) fn member(&mut self, name: &str, value: &str) -> bool {
        match name {
            "schema" => {}
            "caption" if self.caption.is_none() => self.caption = Some(value.to_owned()),
            "first_seen" | "last_seen" | "last_change" if !self.seen.iter().any(|(n, _)| n == name) => {
                self.seen.push((name.to_owned(), value.to_owned()));
            }
            "target" if self.target.is_none() && matches!(value, "true" | "false") => {
                self.target = Some(value == "true");
            }
            _ => return false,
        }
        true
    }

    /// The line; `attribution` goes into the first.
    pub(super) fn line(&self, attribution: Option<&str>) -> String {
        let mut m = Map::new();
        m.insert("id".into(), self.id.clone().into());
        if let Some(c) = &self.caption {
            m.insert("caption".into(), c.clone().into());
        }
        m.insert("schema".into(), self.schema.into());
        let all: Map<String, Value> = self.properties.iter().map(|(n, v)| (n.clone(), v.clone().into())).collect();
        m.insert("properties".into(), all.into());
        if !self.datasets.is_empty() {
            m.insert("datasets".into(), self.datasets.clone().into());
        }
        for (name, value) in &self.seen {
            m.insert(name.clone(), value.clone().into());
        }
        if let Some(t) = self.target {
            m.insert("target".into(), t.into());
        }
        if self.own != Own::default()
            && let Ok(json) = serde_json::to_value(&self.own)
        {
            m.insert(own::MEMBER.into(), json);
        }
        if let Some(text) = attribution.filter(|t| !t.is_empty()) {
            m.insert("attribution".into(), text.into());
        }
        let mut line = Value::from(m).to_string();
        line.push('\n');
        line
    }
}

/// The properties of each schema.
#[derive(Default)]
pub(super) struct Properties;

impl Properties {
    fn of(&self, schema: &'static str) -> &'static HashMap<&'static str, bool> {
        type All = HashMap<&'static str, HashMap<&'static str, bool>>;
        static ALL: LazyLock<All> =
            LazyLock::new(|| model::schemata().map(|s| (s, model::properties(s).collect())).collect());
        static NONE: LazyLock<HashMap<&'static str, bool>> = LazyLock::new(HashMap::new);
        ALL.get(schema).unwrap_or(&NONE)
    }

    /// Whether a schema has a property that holds text.
    pub(super) fn text(&self, schema: &'static str, name: &str) -> bool {
        self.of(schema).get(name).is_some_and(|entity| !entity)
    }

    /// Where a schema keeps free text.
    pub(super) fn prose(&self, schema: &'static str) -> Option<&'static str> {
        ["notes", "description"].into_iter().find(|n| self.text(schema, n))
    }
}

/// A schema of which there can be entities, by its name.
pub(crate) fn concrete(name: &str) -> Option<&'static str> {
    model::lineage(name).first().copied().filter(|s| !ABSTRACT.contains(s))
}

/// `legal_form` as `legalForm`.
pub(super) fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        if c == '_' {
            upper = !out.is_empty();
        } else if upper {
            out.extend(c.to_uppercase());
            upper = false;
        } else {
            out.push(c);
        }
    }
    out
}

/// What FollowTheMoney has no place for, counted.
#[derive(Debug, Default)]
pub(super) struct Lost(BTreeMap<String, u64>);

impl Lost {
    pub(super) fn count(&mut self, what: impl Into<String>) {
        *self.0.entry(what.into()).or_default() += 1;
    }

    /// One line each.
    pub(super) fn warnings(self) -> impl Iterator<Item = String> {
        self.0.into_iter().map(|(what, n)| format!("FollowTheMoney: {n} {what}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let mut e = Entity::new("a".into(), "Person");
        e.put("name", "Ana");
        e.put("name", "Ana");
        e.put("name", " ");
        e.put("alias", "A");
        assert!(e.member("target", "true") && e.member("first_seen", "2024") && !e.member("first_seen", "2025"));
        assert_eq!(
            e.line(Some("CC0")),
            "{\"id\":\"a\",\"schema\":\"Person\",\"properties\":{\"name\":[\"Ana\"],\"alias\":[\"A\"]},\"first_seen\":\"2024\",\"target\":true,\"attribution\":\"CC0\"}\n"
        );
        assert_eq!((camel("legal_form"), camel("_a"), concrete("Thing")), ("legalForm".into(), "a".into(), None));
        let p = Properties;
        assert!(p.text("Company", "jurisdiction") && !p.text("Company", "addressEntity"));
        assert_eq!(
            (p.prose("Person"), p.prose("Sanction"), p.prose("Similar")),
            (Some("notes"), Some("description"), None)
        );
    }
}
