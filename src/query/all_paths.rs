//! All shortest paths between two nodes.

use super::path::{nothing, shortest};
use super::route::{Paths, Route, sort_edges};
use super::scratch::Scratch;
use super::walk::{Spent, WalkOptions};
use crate::graph::{Node, View};

/// Edges in the graph of an answer, at most.
const EDGES: usize = 1_000_000;

/// All shortest paths: how many there are, the graph of all of them, and the first `limit` as
/// lists. They are made one by one, so the count may be astronomic.
pub fn all_paths(
    view: &View<'_>,
    from: Node,
    to: Node,
    options: &WalkOptions,
    limit: usize,
    scratch: &mut Scratch,
) -> Paths {
    let mut spent = Spent::new(view, options.budget);
    let Some(dag) = shortest(view, from, to, options, &mut spent, scratch) else {
        return nothing(view, from, to, options, &spent, scratch);
    };
    let graph = view.graph();
    let mut out = Paths { length: Some(dag.length()), count: dag.count(), ..Paths::default() };
    out.routes = dag.paths(graph).take(limit).map(|nodes| Route::new(view, options.dir, nodes)).collect();
    for level in &dag.levels {
        let mut level = level.clone();
        level.sort_unstable_by(|a, b| graph.id(*a).cmp(graph.id(*b)));
        out.part.nodes.extend(level);
    }
    for (a, b) in &dag.arcs {
        if out.part.edges.len() >= EDGES {
            out.part.truncated = true;
            break;
        }
        out.part.edges.extend(super::route::parallel(view, options.dir, *a, *b));
    }
    sort_edges(graph, &mut out.part.edges);
    if (out.routes.len() as u64) < out.count {
        out.part.truncated = true;
        let (shown, count) = (out.routes.len(), out.count);
        out.part.notes.push(format!("{shown} of {count} shortest paths are listed; the graph holds all of them"));
    }
    out
}
