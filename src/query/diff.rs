//! What changed between two releases of a source, within the parts that both cover.

use super::diff_fields::{FieldChange, party_changes, relation_changes};
use super::release_state::ReleaseState;
use crate::error::{Error, Result};
use crate::graph::{DECISIONS_PART, Graph, SOURCES_PART, TYPES_PART};
use crate::model::{Document, End, PartialDate, PartyRecord, Record, RelationRecord, prop};
use crate::store::{ReleaseEntry, Snapshot, SourceData};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// A party that was added or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffParty {
    /// Its id.
    pub id: String,
    /// Its main name in that release.
    pub name: String,
    /// Its node type.
    pub node_type: String,
    /// Programmes of its listings, sorted.
    pub programs: Vec<String>,
}

/// A party of both releases that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedParty {
    /// Its id.
    pub id: String,
    /// Its main name in the second release.
    pub name: String,
    /// What changed.
    pub fields: Vec<FieldChange>,
}

/// Parties without a listing, programmes for example: kept apart from the entries of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OtherParties {
    /// Only in the second release.
    pub added: Vec<DiffParty>,
    /// Only in the first.
    pub removed: Vec<DiffParty>,
    /// In both, different.
    pub changed: Vec<ChangedParty>,
}

/// A relation with the names of its ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffEdge {
    /// The relation as stated; an end may be a literal name.
    pub record: RelationRecord,
    /// Name of the subject.
    pub source_name: String,
    /// Name of the object.
    pub target_name: String,
}

/// A relation of both releases that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedEdge {
    /// The relation as the second release states it.
    pub edge: DiffEdge,
    /// What changed.
    pub fields: Vec<FieldChange>,
}

/// Relations, by external id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EdgeDiff {
    /// Only in the second release.
    pub added: Vec<DiffEdge>,
    /// Only in the first.
    pub removed: Vec<DiffEdge>,
    /// In both, different.
    pub changed: Vec<ChangedEdge>,
}

/// The difference between two releases, everything in the order of ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// The source.
    pub source: String,
    /// Date of the first release.
    pub from: PartialDate,
    /// Date of the second.
    pub to: PartialDate,
    /// Parts compared: those that both cover.
    pub parts: Vec<String>,
    /// What the reader has to know: parts left out, formats that differ.
    pub notes: Vec<String>,
    /// Listed parties only in the second release.
    pub added: Vec<DiffParty>,
    /// Listed parties only in the first.
    pub removed: Vec<DiffParty>,
    /// Listed parties of both that differ; one per party, all parts together.
    pub changed: Vec<ChangedParty>,
    /// The same for parties without a listing.
    pub others: OtherParties,
    /// The same for relations.
    pub edges: EdgeDiff,
}

/// Parties looked at to find out whether a source is a list.
const PROBE: usize = 1_000;

/// The date and the entries of the release that a date names: exactly, or as the only one
/// within a partial date.
fn named(source: &SourceData, date: PartialDate) -> Result<(PartialDate, Vec<&ReleaseEntry>)> {
    let all: Vec<&ReleaseEntry> = source.entry.by_date();
    let mut dates: Vec<PartialDate> = all.iter().map(|r| r.date).collect();
    dates.dedup();
    let day = if dates.contains(&date) {
        date
    } else {
        let within = |d: &&PartialDate| d.first_day() >= date.first_day() && d.last_day() <= date.last_day();
        let fits: Vec<PartialDate> = dates.iter().filter(within).copied().collect();
        let id = &source.entry.info.id;
        let show = |list: &[PartialDate]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match fits[..] {
            [one] => one,
            [] => {
                return Err(Error::usage(format!("{id} has no release of {date}"))
                    .hint(format!("releases in the store: {}", show(&dates))));
            }
            _ => {
                return Err(Error::usage(format!("{id} has {} releases in {date}", fits.len()))
                    .hint(format!("give one of {}", show(&fits))));
            }
        }
    };
    Ok((day, all.into_iter().filter(|r| r.date == day).collect()))
}

/// A source of the graph by id, with the snapshot it lies in.
fn find_source<'g>(graph: &'g Graph, id: &str) -> Result<(&'g Snapshot, &'g SourceData)> {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for snapshot in graph.snapshots() {
        for s in snapshot.sources() {
            if s.entry.info.id == id {
                return Ok((snapshot, s));
            }
            known.insert(&s.entry.info.id);
        }
    }
    let known: Vec<&str> = known.into_iter().collect();
    Err(Error::usage(format!("there is no source {id:?}")).hint(format!("sources: {}", known.join(", "))))
}

/// The records of one relation in force on either side.
#[derive(Default)]
struct Relations {
    from: Vec<RelationRecord>,
    to: Vec<RelationRecord>,
}

/// The records of one party in force on either side.
#[derive(Default)]
struct Sides {
    from: Vec<PartyRecord>,
    to: Vec<PartyRecord>,
    /// Those of parts that are not compared: a list may keep its listings in one of them.
    from_beside: Vec<PartyRecord>,
    to_beside: Vec<PartyRecord>,
}

impl Sides {
    /// Whether the party is an entry of the list at either release.
    fn listed(&self) -> bool {
        let all = self.from.iter().chain(&self.to).chain(&self.from_beside).chain(&self.to_beside);
        all.into_iter().any(|p| !p.listings.is_empty())
    }
}

/// Takes out of both sides what is equal in them, each record once; the order of the rest stays.
fn pair_off(sides: &mut Relations) -> Result<()> {
    let key = |r: &RelationRecord| crate::codec::encode(r);
    let mut newer: HashMap<Vec<u8>, VecDeque<usize>> = HashMap::new();
    for (i, r) in sides.to.iter().enumerate() {
        newer.entry(key(r)?).or_default().push_back(i);
    }
    let mut gone = vec![false; sides.to.len()];
    let mut kept = Vec::new();
    for r in std::mem::take(&mut sides.from) {
        match newer.get_mut(&key(&r)?).and_then(VecDeque::pop_front) {
            Some(i) => gone.iter_mut().skip(i).take(1).for_each(|g| *g = true),
            None => kept.push(r),
        }
    }
    sides.from = kept;
    let mut gone = gone.into_iter();
    sides.to.retain(|_| !gone.next().unwrap_or(false));
    Ok(())
}

struct Compare<'g> {
    graph: &'g Graph,
    snapshot: &'g Snapshot,
    source: &'g SourceData,
    /// Records in force at either release in the parts compared, and in all parts.
    compared: [Vec<bool>; 2],
    all: [Vec<bool>; 2],
}

/// Whether a record is in force at the first and at the second release.
fn at([from, to]: &[Vec<bool>; 2], i: u32) -> (bool, bool) {
    let of = |list: &[bool]| list.get(i as usize).copied().unwrap_or(false);
    (of(from), of(to))
}

impl Compare<'_> {
    /// All records of a party in force on either side, those that did not change included.
    fn party(&self, id: &str) -> Result<Sides> {
        let mut sides = Sides::default();
        let Some(node) = self.graph.find_party(id) else { return Ok(sides) };
        for number in self.graph.record_numbers(self.snapshot, node) {
            let Some(i) = number.checked_sub(self.source.base).filter(|i| *i < self.source.len()) else { continue };
            let ((before, after), (then, now)) = (at(&self.compared, i), at(&self.all, i));
            if !then && !now {
                continue;
            }
            let Record::Party(p) = self.source.record(i)?.2 else { continue };
            for (here, list) in [
                (before, &mut sides.from),
                (after, &mut sides.to),
                (then && !before, &mut sides.from_beside),
                (now && !after, &mut sides.to_beside),
            ] {
                if here {
                    list.push(p.clone());
                }
            }
        }
        Ok(sides)
    }

    fn name(&self, records: &[PartyRecord], id: &str) -> String {
        let stated = records.iter().find_map(|p| p.values(prop::NAME).next().map(str::to_owned));
        stated.unwrap_or_else(|| self.graph.find_id(id).map_or(id, |n| self.graph.label(n)).to_owned())
    }

    fn entry(&self, id: &str, records: &[PartyRecord], beside: &[PartyRecord]) -> DiffParty {
        let listings = records.iter().chain(beside).flat_map(|p| &p.listings);
        let programs: BTreeSet<&String> = listings.flat_map(|l| &l.programs).collect();
        let node_type = records.iter().map(|p| &p.node_type).find(|t| !t.is_empty()).cloned().unwrap_or_default();
        DiffParty {
            id: id.to_owned(),
            name: self.name(records, id),
            node_type,
            programs: programs.into_iter().cloned().collect(),
        }
    }

    fn edge(&self, record: RelationRecord) -> DiffEdge {
        let name = |e: &End| match e {
            End::Id(id) => self.graph.find_id(id.as_str()).map_or(id.as_str(), |n| self.graph.label(n)).to_owned(),
            End::Name(name) => name.clone(),
        };
        DiffEdge { source_name: name(&record.source), target_name: name(&record.target), record }
    }

    /// Whether the source is a list: any of its parties, looked at in even steps, is listed.
    fn is_list(&self, state: &ReleaseState<'_>) -> Result<bool> {
        let parties: Vec<u32> = (0..state.len()).filter(|i| state.kind(*i) == Some(0)).collect();
        let step = parties.len().div_ceil(PROBE).max(1);
        for i in parties.into_iter().step_by(step) {
            if let Record::Party(p) = self.source.record(i)?.2
                && !p.listings.is_empty()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Compares two releases of a source. The state at a release is what the source stood by on
/// its date in the parts that both releases cover. Where the formats differ, only the coming
/// and going of entries is compared.
pub fn diff(graph: &Graph, source: &str, from: PartialDate, to: PartialDate) -> Result<Diff> {
    let (snapshot, data) = find_source(graph, source)?;
    let ((from, first), (to, second)) = (named(data, from)?, named(data, to)?);
    let parts_of = |entries: &[&ReleaseEntry]| -> BTreeSet<String> {
        let own = |p: &&String| ![TYPES_PART, SOURCES_PART, DECISIONS_PART].contains(&p.as_str());
        entries.iter().flat_map(|r| &r.parts).filter(own).cloned().collect()
    };
    let (before, after) = (parts_of(&first), parts_of(&second));
    let parts: Vec<String> = before.intersection(&after).cloned().collect();
    let formats =
        |entries: &[&ReleaseEntry]| -> BTreeSet<String> { entries.iter().map(|r| r.format.clone()).collect() };
    let (old_format, new_format) = (formats(&first), formats(&second));
    let list = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(", ");
    if parts.is_empty() {
        return Err(Error::usage(format!("the releases of {from} and {to} cover no part in common")).hint(format!(
            "{from} has {}; {to} has {}",
            list(&before),
            list(&after)
        )));
    }
    let mut notes = Vec::new();
    for (date, only) in [(from, before.difference(&after)), (to, after.difference(&before))] {
        let only: Vec<&str> = only.map(String::as_str).collect();
        if !only.is_empty() {
            notes.push(format!("not compared, only in the release of {date}: {}", only.join(", ")));
        }
    }
    let same_format = old_format == new_format;
    if !same_format {
        notes.push(format!(
            "the formats differ ({} and {}): only added and removed entries are compared, no fields and no relations",
            list(&old_format),
            list(&new_format)
        ));
    }

    let mut state = ReleaseState::open(data)?;
    let compared = [state.in_force(Some(from), Some(&parts))?, state.in_force(Some(to), Some(&parts))?];
    let all = [state.in_force(Some(from), None)?, state.in_force(Some(to), None)?];
    let c = Compare { graph, snapshot, source: data, compared, all };
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut relations: BTreeMap<String, Relations> = BTreeMap::new();
    for i in 0..state.len() {
        graph.stop.check()?;
        let (then, now) = at(&c.compared, i);
        if then == now {
            continue;
        }
        match state.kind(i) {
            Some(0) => {
                if let Record::Party(p) = data.record(i)?.2 {
                    ids.insert(p.id.as_str().to_owned());
                }
            }
            Some(1) if same_format => {
                if let Record::Relation(r) = data.record(i)?.2 {
                    let sides = relations.entry(r.external_id()).or_default();
                    if then { sides.from.push(r) } else { sides.to.push(r) }
                }
            }
            _ => {}
        }
    }

    let mut d = Diff {
        source: source.to_owned(),
        from,
        to,
        parts,
        notes,
        added: Vec::new(),
        removed: Vec::new(),
        changed: Vec::new(),
        others: OtherParties::default(),
        edges: EdgeDiff::default(),
    };
    let is_list = c.is_list(&state)?;
    let mut reordered = 0u64;
    for id in &ids {
        graph.stop.check()?;
        let sides = c.party(id)?;
        let introduced = |list: &[PartyRecord]| list.iter().any(|p| !p.node_type.is_empty());
        let (was, is) = (introduced(&sides.from), introduced(&sides.to));
        // A part that introduces nobody (aliases alone) speaks of entries of the list.
        let other = is_list && !sides.listed() && (was || is);
        match (was, is) {
            (false, true) => {
                if other { &mut d.others.added } else { &mut d.added }.push(c.entry(id, &sides.to, &sides.to_beside));
            }
            (true, false) => {
                if other { &mut d.others.removed } else { &mut d.removed }.push(c.entry(
                    id,
                    &sides.from,
                    &sides.from_beside,
                ));
            }
            _ if same_format => {
                let fields = party_changes(&sides.from, &sides.to);
                if fields.is_empty() {
                    reordered += 1;
                    continue;
                }
                let changed = ChangedParty { id: id.clone(), name: c.name(&sides.to, id), fields };
                if other { &mut d.others.changed } else { &mut d.changed }.push(changed);
            }
            _ => {}
        }
    }
    for (_, mut sides) in relations {
        graph.stop.check()?;
        // One id may stand for several records, and in bad data for millions; equal ones pair off
        // first.
        if sides.from.len() + sides.to.len() > 2 || sides.from == sides.to {
            pair_off(&mut sides)?;
        }
        let mut newer = sides.to.into_iter();
        for old in sides.from {
            match newer.next() {
                Some(new) => {
                    let fields = relation_changes(&old, &new);
                    if fields.is_empty() {
                        reordered += 1;
                    } else {
                        d.edges.changed.push(ChangedEdge { edge: c.edge(new), fields });
                    }
                }
                None => d.edges.removed.push(c.edge(old)),
            }
        }
        d.edges.added.extend(newer.map(|r| c.edge(r)));
    }
    if !is_list {
        d.notes.push("the source lists nobody: all its parties are compared".to_owned());
    }
    let o = &d.others;
    if !(o.added.is_empty() && o.removed.is_empty() && o.changed.is_empty()) {
        let text = format!(
            "parties without a listing, such as programmes: {} added, {} removed, {} changed",
            o.added.len(),
            o.removed.len(),
            o.changed.len()
        );
        d.notes.push(text);
    }
    if reordered > 0 {
        d.notes.push(format!("{reordered} records say the same in another order"));
    }
    graph.sound()?;
    Ok(d)
}

impl DiffParty {
    fn json(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "type": self.node_type, "programs": self.programs })
    }
}

impl ChangedParty {
    fn json(&self) -> Value {
        let fields: Vec<Value> = self.fields.iter().map(FieldChange::json).collect();
        json!({ "id": self.id, "name": self.name, "fields": fields })
    }
}

impl DiffEdge {
    /// The edge as in a network document, with the names of its ends beside it.
    fn json(&self) -> Value {
        let mut v = Document::default().edge_json(&self.record);
        if let Value::Object(m) = &mut v {
            m.insert("source_name".into(), self.source_name.clone().into());
            m.insert("target_name".into(), self.target_name.clone().into());
        }
        v
    }
}

impl ChangedEdge {
    fn json(&self) -> Value {
        let r = &self.edge.record;
        let end = |e: &End| match e {
            End::Id(id) => Value::from(id.as_str()),
            End::Name(name) => json!({ "name": name }),
        };
        let fields: Vec<Value> = self.fields.iter().map(FieldChange::json).collect();
        json!({
            "id": r.external_id(), "source": end(&r.source), "target": end(&r.target), "type": r.edge_type,
            "source_name": self.edge.source_name, "target_name": self.edge.target_name, "fields": fields,
        })
    }
}

impl Diff {
    /// Whether nothing at all changed.
    pub fn is_empty(&self) -> bool {
        let (o, e) = (&self.others, &self.edges);
        self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
            && o.added.is_empty()
            && o.removed.is_empty()
            && o.changed.is_empty()
            && e.added.is_empty()
            && e.removed.is_empty()
            && e.changed.is_empty()
    }

    /// `{"source", "from", "to", "parts", "notes", "added": [{"id", "name", "type", "programs"}],
    /// "removed": [...], "changed": [{"id", "name", "fields": [{"prop", "kind", "from", "to"}]}],
    /// "edges": {"added", "removed", "changed"}}`. Ids are full.
    pub fn json(&self) -> Value {
        let parties = |list: &[DiffParty]| list.iter().map(DiffParty::json).collect::<Vec<_>>();
        let edges = |list: &[DiffEdge]| list.iter().map(DiffEdge::json).collect::<Vec<_>>();
        json!({
            "source": self.source,
            "from": self.from.to_string(),
            "to": self.to.to_string(),
            "parts": self.parts,
            "notes": self.notes,
            "added": parties(&self.added),
            "removed": parties(&self.removed),
            "changed": self.changed.iter().map(ChangedParty::json).collect::<Vec<_>>(),
            "edges": {
                "added": edges(&self.edges.added),
                "removed": edges(&self.edges.removed),
                "changed": self.edges.changed.iter().map(ChangedEdge::json).collect::<Vec<_>>(),
            },
        })
    }
}
