//! Graphs for tests: from a document's text, and random ones with slow exact answers.

use crate::graph::{Dir, Filter, Graph, Node, View};
use crate::import::{Input, Request, import};
use crate::model::PartialDate;
use crate::store::{Memory, Snapshot, Storage};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The graph of files imported as one release.
pub(crate) fn graph_of_files(files: Vec<Input>) -> Graph {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let request = Request { today: Some(PartialDate::parse("2024-01-01").unwrap()), ..Request::default() };
    import(storage.clone(), files, &request, &mut |_| {}).unwrap();
    Graph::open(Snapshot::open(storage).unwrap()).unwrap()
}

/// The graph of a network document. Bare ids are in the namespace `t`, and shown bare.
pub(crate) fn graph_of(json: &str) -> Graph {
    let mut graph = graph_of_files(vec![Input::from_bytes("t.json", json.as_bytes().to_vec()).unwrap()]);
    graph.home = Some("t".to_owned());
    graph
}

/// A graph of nodes `(id, type)` and edges `(source, type, target)`, edges named `e0`, `e1` ...
pub(crate) fn small(nodes: &[(&str, &str)], edges: &[(&str, &str, &str)]) -> Graph {
    let nodes: Vec<_> = nodes.iter().map(|(id, t)| serde_json::json!({"id": id, "type": t, "name": id})).collect();
    let edges: Vec<_> = (0..)
        .zip(edges)
        .map(|(i, (s, t, o))| serde_json::json!({"id": format!("e{i}"), "source": s, "target": o, "type": t}))
        .collect();
    let doc =
        serde_json::json!({"cuibono": 1, "sources": [{"id": "t", "title": "Test"}], "nodes": nodes, "edges": edges});
    graph_of(&doc.to_string())
}

/// Everything there is.
pub(crate) fn all(graph: &Graph) -> View<'_> {
    View::new(graph, Filter::default()).unwrap()
}

/// A node by its bare id.
pub(crate) fn node(graph: &Graph, id: &str) -> Node {
    graph.find_id(&format!("t:{id}")).unwrap()
}

/// Bare ids of nodes.
pub(crate) fn ids(graph: &Graph, nodes: &[Node]) -> Vec<String> {
    nodes.iter().map(|n| graph.show_id(graph.id(*n)).to_owned()).collect()
}

/// One random edge: ends, type, and years of start and end.
#[derive(Debug, Clone)]
pub(crate) struct RandomEdge {
    pub(crate) source: usize,
    pub(crate) target: usize,
    pub(crate) kind: &'static str,
    pub(crate) start: Option<u32>,
    pub(crate) end: Option<u32>,
}

/// A random multigraph with loops, parallel edges, dates and hubs.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    pub(crate) hubs: Vec<bool>,
    pub(crate) edges: Vec<RandomEdge>,
}

/// The day on which random graphs are looked at.
pub(crate) const YEAR: u32 = 2020;

fn hub_kind(kind: &str) -> bool {
    matches!(kind, "registered_in" | "under_program")
}

pub(crate) fn random(nodes: usize, edges: usize) -> impl Strategy<Value = Random> {
    let kinds = prop::sample::select(vec!["owns", "owns", "supplies", "family_of", "registered_in", "under_program"]);
    let edge =
        (0..nodes, 0..nodes, kinds, prop::option::weighted(0.3, 2010..2025u32), prop::option::weighted(0.3, 1..9u32))
            .prop_map(|(source, target, kind, start, years)| {
                let end = years.map(|y| start.map_or(2015 + y, |s| s + y));
                RandomEdge { source, target, kind, start, end }
            });
    (prop::collection::vec(prop::bool::weighted(0.2), nodes), prop::collection::vec(edge, 0..=edges))
        .prop_map(|(hubs, edges)| Random { hubs, edges })
}

impl Random {
    fn document(&self, scope: &str, lengths: &[Option<u32>]) -> String {
        let nodes: Vec<_> = (0..)
            .zip(&self.hubs)
            .map(|(i, hub): (usize, _)| {
                let kind = if *hub { "sanctions_program" } else { "organization" };
                serde_json::json!({"id": format!("t:n{i}"), "type": kind, "name": format!("Node {i}")})
            })
            .collect();
        let edges: Vec<_> = (0..)
            .zip(&self.edges)
            .map(|(i, e): (usize, _)| {
                let length = lengths.get(i).copied().flatten();
                let length = length.map_or(serde_json::json!({}), |w| serde_json::json!({ "w": w }));
                serde_json::json!({
                    "id": format!("e{i}"), "source": format!("t:n{}", e.source), "target": format!("t:n{}", e.target),
                    "type": e.kind, "start": e.start.map(|y| y.to_string()), "end": e.end.map(|y| y.to_string()),
                    "properties": length
                })
            })
            .collect();
        serde_json::json!({"cuibono": 1, "sources": [{"id": scope, "title": "Test"}], "nodes": nodes, "edges": edges})
            .to_string()
    }

    pub(crate) fn graph(&self) -> Graph {
        graph_of(&self.document("t", &[]))
    }

    /// The graph with lengths of its edges as the property `w`.
    pub(crate) fn weighted(&self, lengths: &[Option<u32>]) -> Graph {
        graph_of(&self.document("t", lengths))
    }

    /// A store of the same parties by another source, to lay over a graph.
    pub(crate) fn snapshot(&self, source: &str) -> Snapshot {
        let file = Input::from_bytes("o.json", self.document(source, &[]).into_bytes()).unwrap();
        let storage: Arc<dyn Storage> = Arc::new(Memory::new());
        let request = Request { today: Some(PartialDate::parse("2024-01-01").unwrap()), ..Request::default() };
        import(storage.clone(), vec![file], &request, &mut |_| {}).unwrap();
        Snapshot::open(storage).unwrap()
    }

    /// Position of a node in this description.
    pub(crate) fn at(graph: &Graph, n: Node) -> usize {
        graph.show_id(graph.id(n)).trim_start_matches('n').parse().unwrap()
    }

    /// Whether an edge is seen on the day, a year being any of its days.
    fn seen(e: &RandomEdge, dated: bool) -> bool {
        !dated || (e.start.is_none_or(|y| y <= YEAR) && e.end.is_none_or(|y| y >= YEAR))
    }

    /// Whether a walk between two ends may step from one node to another over an edge.
    fn steps_over(&self, e: &RandomEdge, u: usize, v: usize, walk: &Naive) -> bool {
        let end = |n| n == walk.from || n == walk.to;
        let way = (walk.dir != Dir::In && (e.source, e.target) == (u, v))
            || (walk.dir != Dir::Out && (e.source, e.target) == (v, u));
        let hub = hub_kind(e.kind) && !walk.through;
        let allowed = !hub || (end(u) && end(v)) || (end(u) && self.hubs[u]) || (end(v) && self.hubs[v]);
        way && allowed && Random::seen(e, walk.dated)
    }

    /// Whether a walk between two ends may step from one node to another.
    pub(crate) fn may_step(&self, u: usize, v: usize, walk: &Naive) -> bool {
        self.edges.iter().any(|e| self.steps_over(e, u, v, walk))
    }

    /// The least length of the edges over which a walk may step from one node to another.
    pub(crate) fn cheapest(&self, u: usize, v: usize, walk: &Naive, lengths: &[Option<u32>]) -> Option<u32> {
        let steps = self.edges.iter().zip(lengths).filter(|(e, _)| self.steps_over(e, u, v, walk));
        steps.filter_map(|(_, length)| *length).min()
    }

    /// All simple paths, by trying everything; shortest first, then by ids.
    pub(crate) fn simple_paths(&self, walk: &Naive) -> Vec<Vec<usize>> {
        let mut found: BTreeSet<(usize, Vec<usize>)> = BTreeSet::new();
        let mut stack = vec![vec![walk.from]];
        while let Some(path) = stack.pop() {
            let last = path[path.len() - 1];
            if last == walk.to {
                found.insert((path.len(), path));
                continue;
            }
            for v in 0..self.hubs.len() {
                let passes = walk.through || !self.hubs[v] || v == walk.to;
                if !path.contains(&v) && passes && self.may_step(last, v, walk) {
                    stack.push([&path[..], &[v]].concat());
                }
            }
        }
        found.into_iter().map(|(_, p)| p).collect()
    }
}

/// A walk as the slow answers understand it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Naive {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) dir: Dir,
    pub(crate) through: bool,
    pub(crate) dated: bool,
}

pub(crate) fn dirs() -> impl Strategy<Value = Dir> {
    prop::sample::select(vec![Dir::Both, Dir::Both, Dir::Out, Dir::In])
}

/// How many random graphs to try: so many, or what `PROPTEST_CASES` says.
pub(crate) fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}
