//! Rows of nodes.

use super::columns::{NodeKind, Plan, Use};
use super::{Form, Investigations};
use crate::error::{Place, Result};
use crate::import::dates::{Order, date};
use crate::import::hashes::{Hashes, tag};
use crate::import::rows::Rows;
use crate::import::{Report, Sink};
use crate::model::{Fact, Id, PartialDate, PartyRecord, Record, prop};
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// Most countries of one cell; there are not many more in the world. Longer lists stay one text.
const MAX_COUNTRIES: usize = 300;

/// What is kept of the nodes while they go by: a hash of each id, tagged with one of its content.
#[derive(Default)]
pub(super) struct Nodes {
    seen: Hashes,
    rows: u64,
}

/// A date of a publisher who writes days first. The text stays where it is numbers only, since
/// then their order was assumed.
pub(super) fn day(text: &str) -> Option<(PartialDate, bool)> {
    let d = date(text, Order::DayFirst)?;
    let sure = text.chars().any(char::is_alphabetic) || d.to_string() == text;
    Some((d, sure))
}

fn node_type(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Entity | NodeKind::Other => "legal_entity",
        NodeKind::Address => "address",
        // Persons and firms alike; the publisher does not say which.
        NodeKind::Officer | NodeKind::Intermediary | NodeKind::ByRow => "thing",
    }
}

/// Node type of a viewer's category.
fn category_type(category: &str) -> Option<(&'static str, NodeKind)> {
    Some(match category {
        "Company" | "Entity" => ("company", NodeKind::Entity),
        "Officer" => ("thing", NodeKind::Officer),
        "Client" | "Intermediary" => ("thing", NodeKind::Intermediary),
        "Address" => ("address", NodeKind::Address),
        _ => return None,
    })
}

impl Nodes {
    /// Reads one row.
    pub(super) fn row(
        &mut self,
        plan: &Plan,
        rows: &Rows,
        from: &mut Investigations,
        sink: &mut Sink<'_>,
    ) -> Result<Vec<Record>> {
        self.rows += 1;
        let place = rows.here();
        let report = &mut sink.report;
        let text = |wanted: &Use| plan.uses.iter().position(|u| u == wanted).map_or("", |i| rows.field(i));
        let number = text(&Use::Id);
        let id = if number.is_empty() {
            report.suspect("node without an id", place.clone(), text(&Use::Name));
            Id::new(plan.form.namespace(), &format!("without-id-{:016x}", rows.hash()))?
        } else {
            Id::new(plan.form.namespace(), number).map_err(|e| e.at(place.clone()))?
        };
        let category = text(&Use::Category);
        let (kind, node_type) = match plan.kind {
            NodeKind::ByRow => match category_type(category) {
                Some((t, k)) => (k, t),
                None => {
                    report.suspect("category that is not known", place.clone(), category);
                    (NodeKind::ByRow, "thing")
                }
            },
            kind => (kind, node_type(kind)),
        };
        let category = if category.is_empty() { category_word(kind) } else { category };
        let counted = if kind == NodeKind::ByRow { "(not known)" } else { category };
        report.count(&format!("nodes_by_category/{counted}"), 1);
        let mut party = PartyRecord::new(id, node_type);
        party.facts.push(Fact::new("category", category));
        facts(plan, rows, kind, &mut party.facts, report, &place);
        let mut out = Vec::new();
        party.cites.extend(from.cite(text(&Use::Investigation), number, &mut out));
        let content = tag(content(&party)).max(1);
        match self.seen.insert(key(&party.id), content) {
            Some(before) if before == content => {
                report.count("repeated_node_rows", 1);
                return Ok(out);
            }
            Some(_) => report.suspect("node id that occurs twice with different content", place, party.id.as_str()),
            None => {}
        }
        out.push(Record::Party(party));
        Ok(out)
    }

    /// Whether any node was read.
    pub(super) fn any(&self) -> bool {
        self.rows > 0
    }

    /// Whether a node with this id was read.
    pub(super) fn has(&self, id: &Id) -> bool {
        self.seen.contains(key(id))
    }

    /// Fills the report.
    pub(super) fn finish(&self, report: &mut Report) {
        report.count("node_rows", self.rows);
        report.count("distinct_node_ids", self.seen.len() as u64);
    }
}

fn key(id: &Id) -> u64 {
    xxh3_64(id.as_str().as_bytes())
}

/// A hash of what a record says.
fn content(party: &PartyRecord) -> u64 {
    let mut text = String::new();
    for f in &party.facts {
        for t in [&f.prop, &f.value, &f.kind, &f.raw] {
            text.push_str(t);
            text.push('\0');
        }
    }
    for c in &party.cites {
        text.push_str(&c.source);
    }
    xxh3_64(text.as_bytes())
}

fn category_word(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Entity => "Entity",
        NodeKind::Officer => "Officer",
        NodeKind::Intermediary => "Intermediary",
        NodeKind::Address => "Address",
        NodeKind::Other => "Other",
        NodeKind::ByRow => "not stated",
    }
}

/// The properties of a row. The main name comes first, for the others are compared with it.
fn facts(plan: &Plan, rows: &Rows, kind: NodeKind, out: &mut Vec<Fact>, report: &mut Report, place: &Place) {
    let text = |wanted: &Use| plan.uses.iter().position(|u| u == wanted).map_or("", |i| rows.field(i));
    let (name, label, address) = (text(&Use::Name), text(&Use::Alias("label")), text(&Use::Address));
    let main = match () {
        () if !name.is_empty() => Some((name, "")),
        () if kind == NodeKind::Address && !address.is_empty() => Some((address, "address")),
        () if !label.is_empty() => Some((label, "label")),
        () => None,
    };
    match main {
        Some((name, kind)) => out.push(Fact::name(prop::NAME, name).kind(kind)),
        None => report.count("nodes without a name", 1),
    }
    let mut digests: BTreeMap<&str, String> = BTreeMap::new();
    for (i, used) in plan.uses.iter().enumerate() {
        let value = rows.field(i);
        if value.is_empty() {
            continue;
        }
        match used {
            Use::Alias(kind) => another(Fact::name(prop::ALIAS, value).kind(*kind), out),
            Use::FormerName => another(Fact::name(prop::FORMER_NAME, value), out),
            Use::Address if main.is_none_or(|(n, _)| n != value) => out.push(Fact::new(prop::ADDRESS, value)),
            Use::Note => out.push(Fact::new(prop::NOTE, value)),
            // The code of a jurisdiction, which is the publisher's own, is the country only where
            // its name is not given.
            Use::Jurisdiction => out.push(match text(&Use::JurisdictionName) {
                "" => Fact::new(prop::COUNTRY, value).kind("jurisdiction"),
                _ => Fact::new("jurisdiction", value),
            }),
            Use::JurisdictionName => out.push(Fact::new(prop::COUNTRY, value).kind("jurisdiction")),
            Use::Countries | Use::CountryCodes => {
                let (prop, kind) =
                    if *used == Use::Countries { (prop::COUNTRY, "linked") } else { ("country_code", "linked") };
                let many = value.bytes().filter(|b| *b == b';').count() > MAX_COUNTRIES;
                let by = if many { '\0' } else { ';' };
                for v in value.split(by).map(str::trim).filter(|v| !v.is_empty()) {
                    let fact = Fact::new(prop, v).kind(kind);
                    if !out.contains(&fact) {
                        out.push(fact);
                    }
                }
            }
            Use::Country => out.push(Fact::new(prop::COUNTRY, value)),
            Use::Investigation => out.push(Fact::new("investigation", value)),
            Use::Identifier(scheme) => out.push(Fact::new(prop::IDENTIFIER, value).kind(scheme.as_str())),
            Use::Date(prop) => match day(value) {
                Some((d, _)) => {
                    let d = d.to_string();
                    let raw = if d == value { String::new() } else { value.to_owned() };
                    out.push(Fact { raw, ..Fact::new(prop.as_str(), d) });
                }
                None => {
                    report.suspect("date not understood", place.clone(), value);
                    out.push(Fact::new(prop.as_str(), value));
                }
            },
            Use::Digest(set, number) => {
                let text = digests.entry(set.as_str()).or_default();
                let apart = if text.is_empty() { "" } else { ", " };
                text.push_str(&format!("{apart}{number} {value}"));
            }
            Use::Other(prop) => out.push(Fact::new(prop.as_str(), value)),
            _ => {}
        }
    }
    out.extend(digests.into_values().map(|text| Fact::new("lines_in_database", text)));
    if plan.form == Form::Database {
        return;
    }
    // In a viewer's export a line break is written as its mark-up.
    for f in out.iter_mut().filter(|f| f.value.contains("<br/>")) {
        f.raw.clone_from(&f.value);
        f.value = f.value.replace("<br/>", ", ");
    }
}

/// Keeps a further name unless one says it already.
fn another(fact: Fact, out: &mut Vec<Fact>) {
    if !out.iter().any(|f| prop::NAMES.contains(&f.prop.as_str()) && f.value == fact.value) {
        out.push(fact);
    }
}
