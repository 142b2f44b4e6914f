//! What changed between two states of a party or a relation, field by field.

use crate::model::{Fact, Listing, PartyRecord, RelationRecord, Status};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One property that changed: the values that only the older or only the newer state has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Property name; `type`, `listed`, `programs`, `basis`, `measures` for what is no fact of
    /// a party; `source`, `target`, `type`, `share`, `start` ... for a relation.
    pub prop: String,
    /// Scheme of an identifier, role of a country, list of a listing; empty where there is none.
    pub kind: String,
    /// Values of the older state that the newer one lacks.
    pub from: Vec<String>,
    /// Values of the newer state that the older one lacks.
    pub to: Vec<String>,
}

impl FieldChange {
    /// `{"prop", "kind", "from": [...], "to": [...]}`.
    pub fn json(&self) -> Value {
        json!({ "prop": self.prop, "kind": self.kind, "from": self.from, "to": self.to })
    }
}

/// Values by property and kind.
type Fields = BTreeMap<(String, String), Vec<String>>;

fn fact(f: &Fact, literal: bool) -> String {
    let mut text = f.value.clone();
    for (word, date) in [("from", f.from), ("to", f.to)] {
        if let Some(d) = date {
            text.push_str(&format!(" [{word} {d}]"));
        }
    }
    if f.status != Status::Asserted {
        text.push_str(&format!(" [{}]", f.status.as_str()));
    }
    if literal {
        for extra in [&f.raw, &f.script, &f.lang] {
            if !extra.is_empty() {
                text.push_str(&format!(" [{extra}]"));
            }
        }
        for c in &f.cites {
            text.push_str(&format!(" [{} {} {}]", c.source, c.locator, c.quote));
        }
    }
    text
}

fn put(fields: &mut Fields, prop: &str, kind: &str, value: String) {
    fields.entry((prop.to_owned(), kind.to_owned())).or_default().push(value);
}

fn listing(fields: &mut Fields, l: &Listing) {
    let mut text = String::from("yes");
    for (word, date) in [("from", l.from), ("to", l.to)] {
        if let Some(d) = date {
            text.push_str(&format!(" [{word} {d}]"));
        }
    }
    put(fields, "listed", &l.list, text);
    for (prop, values) in [("programs", &l.programs), ("basis", &l.basis), ("measures", &l.measures)] {
        for v in values {
            put(fields, prop, &l.list, v.clone());
        }
    }
}

fn party(records: &[PartyRecord], literal: bool) -> Fields {
    let mut fields = Fields::new();
    for r in records {
        if !r.node_type.is_empty() {
            put(&mut fields, "type", "", r.node_type.clone());
        }
        for f in &r.facts {
            put(&mut fields, &f.prop, &f.kind, fact(f, literal));
        }
        for l in &r.listings {
            listing(&mut fields, l);
        }
    }
    fields
}

fn relation(r: &RelationRecord, literal: bool) -> Fields {
    let mut fields = Fields::new();
    let end = |e: &crate::model::End| match e {
        crate::model::End::Id(id) => id.as_str().to_owned(),
        crate::model::End::Name(name) => format!("{name:?}"),
    };
    let date = |d: Option<crate::model::PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
    let values = [
        ("source", end(&r.source)),
        ("target", end(&r.target)),
        ("type", r.edge_type.clone()),
        ("share", r.share.map(|s| s.to_string()).unwrap_or_default()),
        ("start", date(r.start)),
        ("end", date(r.end)),
        ("role", r.role.clone()),
        ("status", r.status.as_str().to_owned()),
        ("act", r.act.as_str().to_owned()),
        ("direct", r.direct.as_str().to_owned()),
        ("stake", r.stake.clone()),
        ("joint", r.joint.clone()),
    ];
    for (prop, value) in values.into_iter().filter(|(_, v)| !v.is_empty()) {
        put(&mut fields, prop, "", value);
    }
    for f in &r.facts {
        put(&mut fields, &f.prop, &f.kind, fact(f, literal));
    }
    fields
}

/// The values that only one of two lists has, each in sorted order, repetitions counted.
fn apart(mut a: Vec<String>, mut b: Vec<String>) -> (Vec<String>, Vec<String>) {
    a.sort();
    b.sort();
    let mut rest: BTreeMap<&str, usize> = BTreeMap::new();
    for v in &b {
        *rest.entry(v).or_default() += 1;
    }
    let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
    for v in &a {
        if let Some(n) = rest.get_mut(v.as_str()).filter(|n| **n > 0) {
            *n -= 1;
            *shared.entry(v).or_default() += 1;
        }
    }
    let only = |list: &[String]| {
        let mut left = shared.clone();
        let keep = |v: &&String| match left.get_mut(v.as_str()).filter(|n| **n > 0) {
            Some(n) => {
                *n -= 1;
                false
            }
            None => true,
        };
        list.iter().filter(keep).cloned().collect::<Vec<_>>()
    };
    (only(&a), only(&b))
}

fn compare(mut from: Fields, mut to: Fields) -> Vec<FieldChange> {
    let mut keys: Vec<(String, String)> = from.keys().chain(to.keys()).cloned().collect();
    keys.sort();
    keys.dedup();
    let mut out = Vec::new();
    for key in keys {
        let (a, b) = apart(from.remove(&key).unwrap_or_default(), to.remove(&key).unwrap_or_default());
        if !a.is_empty() || !b.is_empty() {
            out.push(FieldChange { prop: key.0, kind: key.1, from: a, to: b });
        }
    }
    out
}

/// What changed of a party, its records of all compared parts together. The literal wording
/// beside a value (`raw`, script, citations) is compared only where nothing else differs; an
/// empty answer means that only the order did.
pub(super) fn party_changes(from: &[PartyRecord], to: &[PartyRecord]) -> Vec<FieldChange> {
    let changes = compare(party(from, false), party(to, false));
    if changes.is_empty() { compare(party(from, true), party(to, true)) } else { changes }
}

/// What changed of a relation.
pub(super) fn relation_changes(from: &RelationRecord, to: &RelationRecord) -> Vec<FieldChange> {
    let changes = compare(relation(from, false), relation(to, false));
    if changes.is_empty() { compare(relation(from, true), relation(to, true)) } else { changes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_values_are_counted() {
        let v = |t: &str| t.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(apart(v("b a a c"), v("a c d")), (v("a b"), v("d")));
        assert_eq!(apart(v("a b"), v("b a")), (v(""), v("")));
    }
}
