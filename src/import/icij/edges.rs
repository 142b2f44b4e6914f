//! Rows of relations.

use super::columns::{Plan, Use};
use super::nodes::{Nodes, day};
use super::roles::{Family, Role, family, role};
use super::{Form, Investigations};
use crate::error::Result;
use crate::import::hashes::Hashes;
use crate::import::ordinals::{self, Ordinals};
use crate::import::rows::Rows;
use crate::import::{Report, Sink};
use crate::model::{Direct, End, Fact, Id, PartialDate, Record, RelationRecord, prop};
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// Most labels that are counted one by one.
const MAX_LABELS: usize = 300;
/// Longest label that is counted as it is, in bytes.
const MAX_LABEL: usize = 200;

/// What is kept of the relations while they go by.
#[derive(Default)]
pub(super) struct Edges {
    ordinals: Ordinals,
    /// Ids of a viewer's lines.
    ids: Hashes,
    rows: u64,
    relations: u64,
    missing: u64,
    by_type: BTreeMap<String, u64>,
    labels: BTreeMap<String, u64>,
}

/// Counts a word, up to so many different ones of a usual length.
fn count(map: &mut BTreeMap<String, u64>, word: &str) {
    let word = if word.len() > MAX_LABEL { "(long ones)" } else { word };
    if let Some(n) = map.get_mut(word) {
        *n += 1;
    } else {
        let word = if map.len() < MAX_LABELS { word } else { "(further ones)" };
        *map.entry(word.to_owned()).or_default() += 1;
    }
}

impl Edges {
    /// Reads one row.
    pub(super) fn row(
        &mut self,
        plan: &Plan,
        rows: &Rows,
        nodes: &Nodes,
        from: &mut Investigations,
        sink: &mut Sink<'_>,
    ) -> Result<Vec<Record>> {
        self.rows += 1;
        let (place, report) = (rows.here(), &mut sink.report);
        let text = |wanted: &Use| plan.uses.iter().position(|u| u == wanted).map_or("", |i| rows.field(i));
        let label = text(&Use::Type);
        let stated = match (text(&Use::Role), text(&Use::Label)) {
            ("", l) if l != label => l,
            (r, _) => r,
        };
        count(&mut self.by_type, label);
        count(&mut self.labels, if plan.form == Form::Cut { text(&Use::Label) } else { stated });
        let (start, end) = (text(&Use::Source), text(&Use::Target));
        if start.is_empty() || end.is_empty() {
            report.skip("relation without one of its ends", place, &format!("{start} {label} {end}"));
            return Ok(Vec::new());
        }
        let id = |t: &str| Id::new(plan.form.namespace(), t).map_err(|e| e.at(place.clone()));
        let (start, end) = (id(start)?, id(end)?);
        if nodes.any() && !(nodes.has(&start) && nodes.has(&end)) {
            self.missing += 1;
        }
        let (edges, read) = meaning(label, stated);
        if edges.iter().all(|(e, _)| *e == "linked_to") {
            let reason =
                if family(label) == Family::Officer { "role that is not known" } else { "relation of unknown type" };
            report.suspect(reason, place.clone(), if stated.is_empty() { label } else { stated });
        }
        let mut base = RelationRecord::new(End::Id(start.clone()), "linked_to", End::Id(end.clone()));
        base.role = stated.to_owned();
        base.facts.push(Fact::new("source_label", label));
        dates(text(&Use::Start), text(&Use::End), &mut base, report, rows);
        let mut over = read.former;
        for (i, used) in plan.uses.iter().enumerate() {
            let value = rows.field(i);
            match used {
                _ if value.is_empty() => {}
                Use::Other(name) => {
                    over |= name == "status" && matches!(value.to_lowercase().as_str(), "resigned" | "former");
                    base.facts.push(Fact::new(name.as_str(), value));
                }
                Use::Investigation => base.facts.push(Fact::new("investigation", value)),
                _ => {}
            }
        }
        if over && base.end.is_none() {
            base.facts.push(Fact::new(prop::FORMER, "true"));
        }
        if read.indirect {
            base.direct = Direct::Indirect;
        }
        let mut out = Vec::new();
        let locator = format!("{} {label} {}", start.local(), end.local());
        base.cites.extend(from.cite(text(&Use::Investigation), &locator, &mut out));
        let (own, several) = (text(&Use::Id), edges.len() > 1);
        for (n, (edge, nominee)) in edges.into_iter().enumerate() {
            let mut r = RelationRecord { edge_type: edge.to_owned(), ..base.clone() };
            r.facts.extend(nominee.map(|role| Fact::new("nominee_role", role)));
            if plan.form == Form::Cut && !own.is_empty() {
                // The viewer numbers its lines; a graph cut twice repeats them.
                let number = if several { format!("edge-{own}/{}", n + 1) } else { format!("edge-{own}") };
                r.id = Some(id(&number)?);
                if self.ids.insert(xxh3_64(number.as_bytes()), 0).is_some() {
                    report.count("repeated_edge_rows", 1);
                }
            } else {
                let key = ordinals::key(start.as_str(), edge, end.as_str());
                let Some(ordinal) = self.ordinals.next(key, rows.hash()) else {
                    report.count("repeated_edge_rows", 1);
                    continue;
                };
                r.ordinal = ordinal;
            }
            self.relations += 1;
            out.push(Record::Relation(r));
        }
        Ok(out)
    }

    /// Fills the report.
    pub(super) fn finish(self, report: &mut Report, nodes: bool) {
        if self.rows == 0 {
            return;
        }
        report.count("edge_rows", self.rows);
        report.count("relations", self.relations);
        if nodes {
            report.count("edge_rows_with_missing_endpoint", self.missing);
        }
        for (word, n) in self.by_type {
            report.count(&format!("edges_by_type/{word}"), n);
        }
        for (word, n) in self.labels {
            report.count(&format!("edge_labels/{word}"), n);
        }
    }
}

/// The edge types of a relation, each with the role of a nominee, and what its role says besides.
fn meaning(label: &str, stated: &str) -> (Vec<(&'static str, Option<String>)>, Role) {
    let plain = |edge| (vec![(edge, None)], Role::default());
    match family(label) {
        Family::Intermediary => plain("intermediary_of"),
        Family::Address => plain("has_address"),
        Family::Same => plain("possibly_same_as"),
        Family::Connected => plain("connected_with"),
        Family::Unknown => plain("linked_to"),
        Family::Officer => {
            let mut read = role(stated);
            let functions = std::mem::take(&mut read.functions);
            match (functions.is_empty(), family(stated)) {
                (false, _) => (functions.into_iter().map(|f| (f.edge, f.nominee)).collect(), read),
                (true, Family::Connected) => (vec![("connected_with", None)], read),
                (true, Family::Intermediary) => (vec![("intermediary_of", None)], read),
                (true, _) => (vec![("linked_to", None)], read),
            }
        }
    }
}

/// Start and end as days; the texts stay as facts where they are not understood or their order
/// was assumed.
fn dates(start: &str, end: &str, r: &mut RelationRecord, report: &mut Report, rows: &Rows) {
    let mut read = |prop: &str, text: &str| -> Option<PartialDate> {
        if text.is_empty() {
            return None;
        }
        let found = day(text);
        if found.is_none() {
            report.suspect("date not understood", rows.here(), text);
        }
        if !found.is_some_and(|(_, sure)| sure) {
            r.facts.push(Fact::new(prop, text));
        }
        found.map(|(d, _)| d)
    };
    let (from, to) = (read("start_date", start), read("end_date", end));
    if let (Some(a), Some(b)) = (from, to)
        && b.last_day() < a.first_day()
    {
        report.suspect("ends before it starts", rows.here(), &format!("{start} - {end}"));
        for (prop, text) in [("start_date", start), ("end_date", end)] {
            if !r.facts.iter().any(|f| f.prop == prop) {
                r.facts.push(Fact::new(prop, text));
            }
        }
        return;
    }
    (r.start, r.end) = (from, to);
}
