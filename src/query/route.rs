//! Paths as answers: nodes, the edges of each step, and their JSON.

use super::answer::Subgraph;
use crate::error::Result;
use crate::graph::{Dir, Edge, Graph, Node, View};
use crate::model::Document;
use rustc_hash::FxHashSet;
use serde_json::{Value, json};

/// One path.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// Nodes from the start to the target.
    pub nodes: Vec<Node>,
    /// For each step, all edges seen between its two nodes that lead the way the walk went
    /// (either way by default), by type; at most 100,000 of them.
    pub steps: Vec<Vec<Edge>>,
}

impl Route {
    /// Number of steps.
    pub fn len(&self) -> usize {
        self.nodes.len().saturating_sub(1)
    }

    /// Whether the start is the target.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn new(view: &View<'_>, dir: Dir, nodes: Vec<Node>) -> Route {
        let steps = nodes.iter().zip(nodes.iter().skip(1)).map(|(a, b)| parallel(view, dir, *a, *b)).collect();
        Route { nodes, steps }
    }
}

/// The paths that answer a path query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paths {
    /// Steps of the shortest; `None` when there is no path.
    pub length: Option<u32>,
    /// For shortest paths: how many there are, as sequences of nodes (parallel edges count
    /// once), `u64::MAX` for that many or more. For k shortest paths: how many were found.
    pub count: u64,
    /// Paths listed, shortest first, then by the ids of their nodes.
    pub routes: Vec<Route>,
    /// The graph of the answer, with notes and whether a limit cut it.
    pub part: Subgraph,
}

impl Paths {
    /// Whether there is no path.
    pub fn is_empty(&self) -> bool {
        self.length.is_none()
    }

    /// `{"length": steps or null, "count": "text of a number", "paths": [{"nodes": [ids],
    /// "edges": [[ids of the parallel edges of a step], ...]}, ...]}`, ids as the document
    /// shows them. A count of `u64::MAX` reads `at least 18446744073709551615`.
    pub fn result(&self, view: &View<'_>) -> Result<Value> {
        let mut paths = Vec::with_capacity(self.routes.len());
        let show = Show::new(view.graph());
        for r in &self.routes {
            let nodes: Vec<String> = r.nodes.iter().map(|n| show.node(*n)).collect();
            let mut steps = Vec::with_capacity(r.steps.len());
            for step in &r.steps {
                steps.push(step.iter().map(|e| show.edge(*e)).collect::<Result<Vec<String>>>()?);
            }
            paths.push(json!({ "nodes": nodes, "edges": steps }));
        }
        let count = if self.count == u64::MAX { format!("at least {}", u64::MAX) } else { self.count.to_string() };
        Ok(json!({ "length": self.length, "count": count, "paths": paths }))
    }
}

/// Most parallel edges looked at for one step.
const PARALLEL: usize = 100_000;

impl Paths {
    /// Shows at most so many parties and relations: paths are cut where the room ends, those after
    /// it are left out, and the answer says so. Length and count stay those of the whole.
    pub fn cut(&mut self, most: usize) {
        let size = |r: &Route| r.nodes.len() + r.steps.iter().map(Vec::len).sum::<usize>();
        let whole = self.routes.iter().map(size).sum::<usize>().max(self.part.nodes.len() + self.part.edges.len());
        if whole <= most {
            return;
        }
        let full = |r: &Route| r.steps.iter().any(|s| s.len() >= PARALLEL);
        let least = if self.routes.iter().any(full) { "at least " } else { "" };
        cut_routes(&mut self.routes, most);
        let shown = union(&self.routes);
        (self.part.nodes, self.part.edges) = (shown.nodes, shown.edges);
        self.part.truncated = true;
        self.part.notes.push(format!("cut after {most} of {least}{whole} parties and relations, from the start on"));
    }
}

/// Keeps the first parties and steps of the first routes, so many in all.
pub(super) fn cut_routes(routes: &mut Vec<Route>, most: usize) {
    let mut room = most;
    for r in routes.iter_mut() {
        let mut kept = 0;
        for i in 0..r.nodes.len() {
            // A party with the step that led to it.
            let step = i.checked_sub(1).and_then(|s| r.steps.get_mut(s));
            let edges = step.map_or(0, |s| {
                s.truncate(room.saturating_sub(1));
                s.len()
            });
            if room < 1 + edges || (i > 0 && edges == 0) {
                break;
            }
            room -= 1 + edges;
            kept = i + 1;
        }
        r.nodes.truncate(kept);
        r.steps.truncate(kept.saturating_sub(1));
    }
    routes.retain(|r| !r.nodes.is_empty());
}

/// Ids as the answer's document writes them.
pub(super) struct Show<'g> {
    graph: &'g Graph,
    document: Document,
}

impl<'g> Show<'g> {
    pub(super) fn new(graph: &'g Graph) -> Show<'g> {
        Show { graph, document: Document { scope: graph.home.clone(), ..Document::default() } }
    }

    pub(super) fn node(&self, n: Node) -> String {
        self.document.show_id(self.graph.id(n)).to_owned()
    }

    pub(super) fn edge(&self, e: Edge) -> Result<String> {
        Ok(self.document.show_id(&self.graph.relation(e)?.external_id()).to_owned())
    }
}

/// All edges seen between two nodes that lead from `a` to `b` in this direction, in order.
pub(super) fn parallel(view: &View<'_>, dir: Dir, a: Node, b: Node) -> Vec<Edge> {
    let graph = view.graph();
    let back = super::walk::flip(dir);
    let mut edges: Vec<Edge> = if graph.degree(a, dir) <= graph.degree(b, back) {
        view.links(a, dir).filter(|l| l.other == b).map(|l| l.edge).take(PARALLEL).collect()
    } else {
        view.links(b, back).filter(|l| l.other == a).map(|l| l.edge).take(PARALLEL).collect()
    };
    sort_edges(graph, &mut edges);
    edges
}

/// By type, then by the ids of both ends; parallel ones of one type as numbered.
pub(super) fn sort_edges(graph: &Graph, edges: &mut Vec<Edge>) {
    let mut keyed: Vec<_> = edges
        .iter()
        .map(|e| {
            let (a, b) = graph.ends(*e);
            (graph.edge_type(*e).name.as_str(), graph.id(a), graph.id(b), *e)
        })
        .collect();
    keyed.sort_unstable();
    keyed.dedup();
    *edges = keyed.into_iter().map(|k| k.3).collect();
}

/// Nodes and edges of several routes, each once.
pub(super) fn union<'a>(routes: impl IntoIterator<Item = &'a Route>) -> Subgraph {
    let mut part = Subgraph::default();
    let (mut nodes, mut edges) = (FxHashSet::default(), FxHashSet::default());
    for r in routes {
        part.nodes.extend(r.nodes.iter().copied().filter(|n| nodes.insert(*n)));
        part.edges.extend(r.steps.iter().flatten().copied().filter(|e| edges.insert(*e)));
    }
    part
}

/// All edges seen among some nodes: those that are no hubs are asked, so that a hub that was
/// merely reached is never opened. `open` says which nodes to ask.
pub(super) fn among(
    view: &View<'_>,
    nodes: &[Node],
    open: impl Fn(Node) -> bool,
    spent: &mut super::walk::Spent<'_>,
) -> Vec<Edge> {
    let chosen: FxHashSet<Node> = nodes.iter().copied().collect();
    let mut edges: Vec<Edge> = Vec::new();
    let asked: Vec<Node> = nodes.iter().copied().filter(|n| open(*n)).collect();
    let steps = view.steps(asked.len().saturating_mul(4));
    steps.links(&asked, Dir::Both, usize::MAX, |_, l| {
        if !spent.edge() {
            return false;
        }
        // An edge between two open nodes is met from both sides: the outgoing one counts.
        if chosen.contains(&l.other) && (l.outgoing || !open(l.other)) {
            edges.push(l.edge);
        }
        true
    });
    edges
}
