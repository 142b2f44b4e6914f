//! The part of the graph that connects several nodes.
//!
//! A tree grows from the first node: again and again the nearest node not yet in it is joined by
//! a shortest path. Such a tree has at most twice the steps of the best one (Takahashi and
//! Matsuyama 1980).

use super::answer::Subgraph;
use super::meet::{Bans, Search};
use super::route::{Paths, Route, Show, among, sort_edges};
use super::scratch::Scratch;
use super::walk::{GAVE_UP, Rule, Spent, WalkOptions, searched};
use crate::error::Result;
use crate::graph::{Edge, Node, View};
use rustc_hash::FxHashSet;
use serde_json::{Value, json};

/// How nodes are connected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Between {
    /// The given nodes by what connects them, each node once; one group when all are connected.
    pub groups: Vec<Vec<Node>>,
    /// The paths that joined them, in order; each leads from what was connected already to a
    /// given node that was not.
    pub joins: Vec<Route>,
    /// The graph: the given nodes, those that connect them, and every edge seen among them
    /// (but not those between two hubs neither of which was given, unless the walk passes
    /// through hubs).
    pub part: Subgraph,
}

impl Between {
    /// Whether no two given nodes are connected.
    pub fn is_empty(&self) -> bool {
        self.joins.is_empty()
    }

    /// Whether all given nodes are connected.
    pub fn connected(&self) -> bool {
        self.groups.len() <= 1
    }

    /// Given nodes that are not connected with the first one.
    pub fn unconnected(&self) -> impl Iterator<Item = Node> + '_ {
        self.groups.iter().skip(1).flatten().copied()
    }

    /// Shows at most so many parties and relations: joins are cut where the room ends, and the
    /// answer says so. The groups stay those of the whole.
    pub fn cut(&mut self, most: usize) {
        let whole = self.part.nodes.len() + self.part.edges.len();
        if whole <= most {
            return;
        }
        let given: Vec<Node> = self.groups.iter().flatten().copied().collect();
        super::route::cut_routes(&mut self.joins, most.saturating_sub(given.len()));
        let shown = super::route::union(&self.joins);
        let mut seen: FxHashSet<Node> = FxHashSet::default();
        self.part.nodes = given.into_iter().chain(shown.nodes).filter(|n| seen.insert(*n)).collect();
        self.part.edges = shown.edges;
        self.part.truncated = true;
        self.part.notes.push(format!("cut after {most} of {whole} parties and relations, in the order of the joins"));
    }

    /// `{"connected": bool, "groups": [[ids], ...], "unconnected": [ids], "joins": [{"nodes":
    /// [ids], "edges": [[ids of the parallel edges of a step], ...]}, ...]}`, ids as the
    /// document shows them.
    pub fn result(&self, view: &View<'_>) -> Result<Value> {
        let show = Show::new(view.graph());
        let groups: Vec<Vec<String>> = self.groups.iter().map(|g| g.iter().map(|n| show.node(*n)).collect()).collect();
        let unconnected: Vec<String> = self.unconnected().map(|n| show.node(n)).collect();
        let joins = Paths { routes: self.joins.clone(), ..Paths::default() }.result(view)?;
        let joins = joins.get("paths").cloned().unwrap_or_default();
        Ok(json!({
            "connected": self.connected(), "groups": groups, "unconnected": unconnected, "joins": joins
        }))
    }
}

/// Connects the given nodes with few steps. `max_hops` bounds each path that joins one.
pub fn between(view: &View<'_>, given: &[Node], options: &WalkOptions, scratch: &mut Scratch) -> Between {
    let graph = view.graph();
    let rule = Rule::new(view, options.through, given);
    let bans = Bans::default();
    let search = Search { rule: &rule, dir: options.dir, max_hops: options.hops(), bans: &bans };
    let mut spent = Spent::new(view, options.budget);
    let mut out = Between::default();
    let mut seen: FxHashSet<Node> = FxHashSet::default();
    let mut left: Vec<Node> = given.iter().copied().filter(|n| seen.insert(*n)).collect();
    let mut nodes = left.clone();
    let mut chosen = seen;
    let mut edges: FxHashSet<Edge> = FxHashSet::default();
    while !left.is_empty() {
        let first = left.remove(0);
        let mut group = vec![first];
        let mut tree = vec![first];
        // Each turn takes a given node off the list, or ends.
        while !left.is_empty() {
            let Some(dag) = search.run(&tree, &left, &mut spent, scratch) else { break };
            let path = dag.first(graph);
            let Some(last) = path.last().copied() else { break };
            left.retain(|n| *n != last);
            group.push(last);
            tree.extend(path.iter().copied().skip(1));
            nodes.extend(path.iter().copied().filter(|n| chosen.insert(*n)));
            let route = Route::new(view, options.dir, path);
            edges.extend(route.steps.iter().flatten().copied());
            out.joins.push(route);
        }
        out.groups.push(group);
    }
    edges.extend(among(view, &nodes, |n| rule.passes(n), &mut spent));
    out.part.edges = edges.into_iter().collect();
    sort_edges(graph, &mut out.part.edges);
    out.part.nodes = nodes;
    out.part.truncated = spent.out;
    if spent.out {
        out.part.notes.push(GAVE_UP.to_owned());
    }
    if !out.connected() {
        let labels: Vec<&str> = out.unconnected().map(|n| graph.label(n)).collect();
        let first = out.groups.first().and_then(|g| g.first()).map_or("", |n| graph.label(*n));
        out.part.notes.push(format!("not connected with {first}: {}", labels.join(", ")));
        out.part.notes.push(searched(view.filter(), options));
        if !spent.out
            && !options.through
            && let Some(a) = given.first()
            && let Some(b) = out.groups.get(1).and_then(|g| g.first())
        {
            let note = super::path::around(view, *a, *b, options, scratch);
            out.part.notes.extend(note);
        }
    }
    out
}
