//! Marking what in a document rests on the user's own notes, so that exports hold it back.
//!
//! An own fact cites the report that it was read in, and yet it is the user's own work: only
//! the journal knows that nobody else states it.

use cuibono::export::NOTES;
use cuibono::graph::{Graph, View};
use cuibono::model::{Citation, Document, Fact, PartyRecord, Record};
use cuibono::query::Subgraph;
use cuibono::store::Action;
use std::collections::{HashMap, HashSet};

/// Replaces the citations of own facts by the notes themselves. `doc` is the answer of `part`.
pub(crate) fn mark(doc: &mut Document, graph: &Graph, view: &View<'_>, part: &Subgraph) {
    let own: HashMap<String, Vec<&PartyRecord>> = own_parties(graph);
    let notes = || vec![Citation { source: NOTES.to_owned(), ..Citation::default() }];
    for (r, e) in doc.edges.iter_mut().zip(&part.edges) {
        if view.graph().prov(*e).is_some_and(|p| p.source == NOTES) {
            r.cites = notes();
            r.facts.iter_mut().for_each(|f| f.cites = notes());
        }
    }
    for p in &mut doc.nodes {
        let Some(records) = own.get(p.id.as_str()) else { continue };
        let stated = |f: &Fact, c: &Citation| {
            records.iter().any(|r| {
                let same = |o: &&Fact| o.prop == f.prop && o.value == f.value && o.kind == f.kind;
                r.facts
                    .iter()
                    .filter(same)
                    .any(|o| if o.cites.is_empty() { r.cites.contains(c) } else { o.cites.contains(c) })
            })
        };
        let mut others = false;
        for f in &mut p.facts {
            if f.cites.iter().all(|c| stated(f, c)) {
                f.cites = notes();
            } else {
                others = true;
            }
        }
        if !others && p.listings.is_empty() && records.iter().any(|r| !r.node_type.is_empty()) {
            p.cites = notes();
        }
    }
    // A source that only own facts cite says as much as they do.
    let nodes = doc.nodes.iter().flat_map(|p| {
        let facts = p.facts.iter().flat_map(|f| &f.cites);
        p.cites.iter().chain(facts).chain(p.listings.iter().flat_map(|l| &l.cites))
    });
    let edges = doc.edges.iter().flat_map(|r| r.cites.iter().chain(r.facts.iter().flat_map(|f| &f.cites)));
    let cited: HashSet<&str> = nodes.chain(edges).map(|c| c.source.as_str()).collect();
    doc.sources.retain(|s| cited.contains(s.id.as_str()));
}

/// Own statements on parties, by id.
fn own_parties(graph: &Graph) -> HashMap<String, Vec<&PartyRecord>> {
    let mut map: HashMap<String, Vec<&PartyRecord>> = HashMap::new();
    let Some(snapshot) = graph.snapshot() else { return map };
    for edit in snapshot.journal() {
        if let Action::Put(record) = &edit.action
            && let Record::Party(p) = &**record
        {
            map.entry(p.id.as_str().to_owned()).or_default().push(p);
        }
    }
    map
}
