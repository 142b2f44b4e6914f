//! Turning nodes and edges into a network document: the shape of every graph-valued answer.

use crate::error::Result;
use crate::graph::{Edge, Node, Stop, View};
use crate::model::{Answer, Document, RelationRecord, SourceInfo};
use crate::store::NOTES;
use std::collections::{BTreeSet, HashMap};

/// Records between two looks at the mark that ends a question.
const CHECK: usize = 256;

/// A part of a graph, in the order in which an answer shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subgraph {
    /// Nodes, each once.
    pub nodes: Vec<Node>,
    /// Edges, each once; their ends are among the nodes.
    pub edges: Vec<Edge>,
    /// A limit cut it.
    pub truncated: bool,
    /// Notes for the reader.
    pub notes: Vec<String>,
}

impl Subgraph {
    /// Adds a node that is not there yet.
    pub fn add_node(&mut self, n: Node) {
        if !self.nodes.contains(&n) {
            self.nodes.push(n);
        }
    }

    /// The record of each of its edges in its document, which is one that [`answer`] made of it.
    pub fn records<'d>(&self, doc: &'d Document) -> HashMap<Edge, &'d RelationRecord> {
        self.edges.iter().copied().zip(&doc.edges).collect()
    }

    /// The id under which its document shows an edge; `None` for an edge that is not in it.
    pub fn edge_ids<'d>(&self, doc: &'d Document) -> impl Fn(Edge) -> Option<String> + use<'d> {
        let records = self.records(doc);
        move |e| Some(doc.show_id(&records.get(&e)?.external_id()).to_owned())
    }
}

/// The document of a part of a graph: all that is seen of its nodes and edges, with the sources
/// they cite. `query` says what was asked. What was found before the time was over is still told;
/// where memory ran out, or nobody waits any more, this fails with
/// [`Kind::Stopped`](crate::error::Kind::Stopped).
pub fn answer(view: &View<'_>, part: &Subgraph, query: &str) -> Result<Document> {
    told(view, part, query, Stop::check_pressing)
}

/// The same where a part is worth nothing: this fails when the time is over, too.
pub fn whole_answer(view: &View<'_>, part: &Subgraph, query: &str) -> Result<Document> {
    told(view, part, query, Stop::check)
}

fn told(view: &View<'_>, part: &Subgraph, query: &str, check: fn(&Stop) -> Result<()>) -> Result<Document> {
    let graph = view.graph();
    let mut doc = Document { scope: graph.home.clone(), ..Document::default() };
    for (i, n) in part.nodes.iter().enumerate() {
        if i.is_multiple_of(CHECK) {
            check(view.stop())?;
        }
        doc.nodes.push(view.party(*n)?);
    }
    for (i, e) in part.edges.iter().enumerate() {
        if i.is_multiple_of(CHECK) {
            check(view.stop())?;
        }
        doc.edges.push(view.relation(*e)?);
    }
    check(view.stop())?;
    let mut cited: BTreeSet<&str> = BTreeSet::new();
    for p in &doc.nodes {
        cited.extend(p.cites.iter().map(|c| c.source.as_str()));
        cited.extend(p.facts.iter().flat_map(|f| &f.cites).map(|c| c.source.as_str()));
        cited.extend(p.listings.iter().flat_map(|l| &l.cites).map(|c| c.source.as_str()));
    }
    for r in &doc.edges {
        cited.extend(r.cites.iter().map(|c| c.source.as_str()));
        cited.extend(r.facts.iter().flat_map(|f| &f.cites).map(|c| c.source.as_str()));
    }
    let cited: BTreeSet<String> = cited.into_iter().filter(|c| !c.is_empty()).map(str::to_owned).collect();
    doc.sources = sources(view, &cited)?;
    let builtin = crate::model::Catalogue::builtin();
    let used = |name: &str| doc.edges.iter().any(|e| e.edge_type == name);
    doc.edge_types = graph
        .catalogue()
        .edge_types()
        .iter()
        .filter(|t| builtin.edge_type(&t.name).is_none() && used(&t.name))
        .cloned()
        .collect();
    let used = |name: &str| doc.nodes.iter().any(|n| n.node_type == name);
    doc.node_types = graph
        .catalogue()
        .node_types()
        .iter()
        .filter(|t| builtin.node_type(&t.name).is_none() && used(&t.name))
        .cloned()
        .collect();
    graph.sound()?;
    let mut notes = part.notes.clone();
    if part.truncated
        && let Some(why) = view.stop().why()
    {
        notes.push(format!("{}: there may be more", why.words()));
    }
    let filter = view.filter();
    doc.answer = Some(Answer {
        query: query.to_owned(),
        as_of: filter.as_of.map(|d| d.to_string()),
        known_at: filter.known_at.map(|d| d.to_string()),
        decided_at: graph.decided_at().text(),
        store: graph.snapshots().map(crate::store::Snapshot::hash).collect::<Vec<_>>().join("+"),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        rules: None,
        truncated: part.truncated,
        notes,
        result: None,
    });
    Ok(doc)
}

/// What is known of the sources with these ids: the store's own sources first, then those that
/// documents describe.
pub fn sources(view: &View<'_>, ids: &BTreeSet<String>) -> Result<Vec<SourceInfo>> {
    let mut out: Vec<SourceInfo> = Vec::new();
    let graph = view.graph();
    for s in graph.snapshots() {
        out.extend(s.sources().iter().map(|d| d.entry.info.clone()).filter(|i| ids.contains(&i.id)));
    }
    for info in graph.described_sources()? {
        if ids.contains(&info.id) {
            match out.iter_mut().find(|o| o.id == info.id) {
                Some(o) if o.title.is_empty() => *o = info,
                Some(_) => {}
                None => out.push(info),
            }
        }
    }
    for id in ids {
        if !out.iter().any(|o| o.id == *id) {
            let title = if id == NOTES { "own notes" } else { "" };
            out.push(SourceInfo { id: id.clone(), title: title.to_owned(), ..SourceInfo::default() });
        }
    }
    out.sort_by(|a, b| a.id.cmp(&b.id));
    out.dedup_by(|a, b| a.id == b.id);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{all, node, small};
    use super::*;
    use crate::error::Kind;
    use crate::graph::Why;

    #[test]
    fn what_must_end_is_not_made_into_an_answer() {
        let graph = small(&[("a", "person"), ("b", "company")], &[("a", "owns", "b")]);
        let view = all(&graph);
        let edges = view.edges().map(|(e, ..)| e).collect();
        let part = Subgraph { nodes: vec![node(&graph, "a"), node(&graph, "b")], edges, ..Subgraph::default() };
        graph.stop.set(Why::Time);
        assert_eq!(answer(&view, &part, "x").unwrap().nodes.len(), 2, "found in time");
        assert_eq!(whole_answer(&view, &part, "x").unwrap_err().kind(), Kind::Stopped);
        for why in [Why::Memory, Why::Asker] {
            graph.stop.clear();
            graph.stop.set(why);
            let only_edges = Subgraph { nodes: Vec::new(), ..part.clone() };
            for part in [&part, &only_edges] {
                assert_eq!(answer(&view, part, "x").unwrap_err().kind(), Kind::Stopped, "{why:?}");
            }
        }
    }
}
