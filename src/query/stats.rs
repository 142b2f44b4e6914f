//! What is in a store, counted.

use super::release_state::ReleaseState;
use crate::error::Result;
use crate::graph::View;
use crate::model::SourceInfo;
use crate::store::{MANIFEST, ReleaseEntry};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The parties of one list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListStats {
    /// Listed now, or on the day asked for.
    pub listed: u64,
    /// Listed once, no longer.
    pub ended: u64,
}

/// One release of a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseStats {
    /// What the manifest says of it.
    pub entry: ReleaseEntry,
    /// Records that it asserts.
    pub records: u64,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceStats {
    /// Who publishes it.
    pub info: SourceInfo,
    /// Releases by date; those whose place another one took come last.
    pub releases: Vec<ReleaseStats>,
    /// Records stored, all releases together; what a release repeats is stored once.
    pub records: u64,
    /// Records that the source stands by with its newest releases.
    pub present: u64,
}

/// Counts of a store as a view shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Nodes that are seen.
    pub nodes: u64,
    /// Edges that are seen.
    pub edges: u64,
    /// Nodes by type.
    pub nodes_by_type: BTreeMap<String, u64>,
    /// Edges by type.
    pub edges_by_type: BTreeMap<String, u64>,
    /// Parties by list; `*` is every list.
    pub lists: BTreeMap<String, ListStats>,
    /// Literal names that no party in the store has.
    pub unresolved: u64,
    /// Literal names that several parties have.
    pub ambiguous: u64,
    /// Sources by id, the store's first.
    pub sources: Vec<SourceStats>,
    /// Records stored in all sources.
    pub records: u64,
    /// Edits in the journal.
    pub edits: u64,
    /// Decisions on which parties are the same, retractions too.
    pub decisions: u64,
    /// Bytes by kind of file: `records`, `presence`, `journal`, `index`, `manifest`.
    pub bytes: BTreeMap<String, u64>,
}

fn bump(map: &mut BTreeMap<String, u64>, key: &str, n: u64) {
    match map.get_mut(key) {
        Some(c) => *c += n,
        None => {
            map.insert(key.to_owned(), n);
        }
    }
}

/// Counts everything that a view shows, and the files behind it.
pub fn stats(view: &View<'_>) -> Result<Stats> {
    let graph = view.graph();
    let mut s = Stats::default();
    for n in graph.nodes().filter(|n| view.knows(*n)) {
        view.stop().check()?;
        s.nodes += 1;
        bump(&mut s.nodes_by_type, &graph.node_type(n).name, 1);
        match graph.unresolved(n) {
            Some(true) => s.ambiguous += 1,
            Some(false) => s.unresolved += 1,
            None => {}
        }
    }
    for (e, _, _) in view.edges() {
        view.stop().check()?;
        s.edges += 1;
        bump(&mut s.edges_by_type, &graph.edge_type(e).name, 1);
    }
    for n in view.listed() {
        view.stop().check()?;
        let mut lists: BTreeMap<String, bool> = BTreeMap::new();
        for l in view.listings(n) {
            *lists.entry(l.list).or_default() |= l.to.is_none_or(|to| !view.over(to));
        }
        for (list, now) in lists {
            let c = s.lists.entry(list).or_default();
            if now { c.listed += 1 } else { c.ended += 1 }
        }
    }
    for snapshot in graph.snapshots() {
        for data in snapshot.sources() {
            let mut state = ReleaseState::open(data)?;
            let present = state.in_force(None, None)?.iter().filter(|p| **p).count() as u64;
            let mut releases: Vec<&ReleaseEntry> = data.entry.by_date();
            releases.extend(data.entry.releases.iter().filter(|r| r.replaced));
            let releases = releases
                .into_iter()
                .map(|r| ReleaseStats { entry: r.clone(), records: state.asserted(r.number) })
                .collect();
            s.records += u64::from(data.len());
            s.sources.push(SourceStats {
                info: data.entry.info.clone(),
                releases,
                records: u64::from(data.len()),
                present,
            });
        }
        let manifest = snapshot.manifest();
        for source in &manifest.sources {
            bump(&mut s.bytes, "records", source.segments.iter().map(|g| g.file.length).sum());
            bump(&mut s.bytes, "presence", source.presence.length);
        }
        bump(&mut s.bytes, "journal", manifest.journal.iter().map(|j| j.file.length).sum());
        bump(&mut s.bytes, "index", manifest.index.as_ref().map_or(0, |i| i.length));
        // A writer may be replacing it at this moment; its size is not worth an error.
        if let Ok(bytes) = snapshot.storage().open(MANIFEST) {
            bump(&mut s.bytes, "manifest", bytes.len() as u64);
        }
        s.edits += snapshot.journal().len() as u64;
        s.decisions += u64::from(snapshot.decisions().len());
        let files = &manifest.decisions;
        if !files.is_empty() {
            bump(&mut s.bytes, "decisions", files.iter().map(|d| d.file.length).sum());
        }
    }
    graph.sound()?;
    Ok(s)
}

impl Stats {
    /// `{"nodes", "edges", "records", "edits", "decisions", "nodes_by_type": {}, "edges_by_type": {}, "lists":
    /// {LIST: {"listed", "ended"}}, "unresolved_names": {"no_party", "several_parties"},
    /// "sources": [{"id", "title", "publisher", "licence", "records", "present", "releases":
    /// [{"date", "format", "mode", "parts", "files", "records", "counts", "replaced"}]}],
    /// "bytes": {KIND: n}}`.
    pub fn json(&self) -> Value {
        let release = |r: &ReleaseStats| {
            let e = &r.entry;
            let files: Vec<Value> = e.files.iter().map(|(n, h)| json!({ "name": n, "sha256": h })).collect();
            json!({
                "date": e.date.to_string(), "format": e.format, "mode": e.mode, "parts": e.parts, "files": files,
                "records": r.records, "counts": e.counts, "replaced": e.replaced,
            })
        };
        let source = |s: &SourceStats| {
            json!({
                "id": s.info.id, "title": s.info.title, "publisher": s.info.publisher, "licence": s.info.licence,
                "records": s.records, "present": s.present,
                "releases": s.releases.iter().map(release).collect::<Vec<_>>(),
            })
        };
        let lists: serde_json::Map<String, Value> = self
            .lists
            .iter()
            .map(|(list, c)| (list.clone(), json!({ "listed": c.listed, "ended": c.ended })))
            .collect();
        json!({
            "nodes": self.nodes,
            "edges": self.edges,
            "records": self.records,
            "edits": self.edits,
            "decisions": self.decisions,
            "nodes_by_type": self.nodes_by_type,
            "edges_by_type": self.edges_by_type,
            "lists": lists,
            "unresolved_names": { "no_party": self.unresolved, "several_parties": self.ambiguous },
            "sources": self.sources.iter().map(source).collect::<Vec<_>>(),
            "bytes": self.bytes,
        })
    }
}
