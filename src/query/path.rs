//! The shortest path between two nodes.

use super::meet::{Bans, Dag, Search};
use super::route::{Paths, Route, union};
use super::scratch::Scratch;
use super::walk::{GAVE_UP, Rule, Spent, WalkOptions, searched};
use crate::graph::{Node, View};

/// The shortest path; among several the one whose nodes' ids come first. `count` says how many
/// there are. No path: an empty answer with notes on what was searched, and on the hub that a
/// path would have to pass through.
pub fn path(view: &View<'_>, from: Node, to: Node, options: &WalkOptions, scratch: &mut Scratch) -> Paths {
    let mut spent = Spent::new(view, options.budget);
    let Some(dag) = shortest(view, from, to, options, &mut spent, scratch) else {
        return nothing(view, from, to, options, &spent, scratch);
    };
    let route = Route::new(view, options.dir, dag.first(view.graph()));
    let part = union([&route]);
    Paths { length: Some(dag.length()), count: dag.count(), routes: vec![route], part }
}

/// All shortest paths as levels of nodes.
pub(super) fn shortest(
    view: &View<'_>,
    from: Node,
    to: Node,
    options: &WalkOptions,
    spent: &mut Spent<'_>,
    scratch: &mut Scratch,
) -> Option<Dag> {
    search(view, from, to, options, |s| s.run(&[from], &[to], spent, scratch))
}

/// Asks one search between two nodes.
pub(super) fn search<T>(
    view: &View<'_>,
    from: Node,
    to: Node,
    options: &WalkOptions,
    ask: impl FnOnce(Search<'_, '_, '_>) -> T,
) -> T {
    let rule = Rule::new(view, options.through, &[from, to]);
    let bans = Bans::default();
    ask(Search { rule: &rule, dir: options.dir, max_hops: options.hops(), bans: &bans })
}

/// The answer when there is no path: what was searched, and whether only hubs are in the way.
pub(super) fn nothing(
    view: &View<'_>,
    from: Node,
    to: Node,
    options: &WalkOptions,
    spent: &Spent<'_>,
    scratch: &mut Scratch,
) -> Paths {
    let mut out = Paths::default();
    out.part.truncated = spent.out;
    out.part.notes.push(searched(view.filter(), options));
    if spent.out {
        out.part.notes.push(GAVE_UP.to_owned());
    } else if !options.through {
        out.part.notes.extend(around(view, from, to, options, scratch));
    }
    out
}

/// The note on a path that only the hub rule forbids.
pub(super) fn around(
    view: &View<'_>,
    from: Node,
    to: Node,
    options: &WalkOptions,
    scratch: &mut Scratch,
) -> Option<String> {
    let graph = view.graph();
    let open = WalkOptions { through: true, ..*options };
    let dag = shortest(view, from, to, &open, &mut Spent::new(view, options.budget), scratch)?;
    let nodes = dag.first(graph);
    let inner = nodes.get(1..nodes.len().saturating_sub(1)).unwrap_or_default();
    let hubs: Vec<String> = inner
        .iter()
        .filter(|n| graph.node_type(**n).hub)
        .map(|n| format!("{} ({})", graph.label(*n), graph.node_type(*n).name))
        .collect();
    let steps = dag.length();
    if !hubs.is_empty() {
        return Some(format!("a path of {steps} steps through {} exists; use --through", hubs.join(", ")));
    }
    let rule = Rule::new(view, false, &[from, to]);
    let mut kinds: Vec<&str> = Vec::new();
    for (a, b) in nodes.iter().zip(nodes.iter().skip(1)) {
        let edges = super::route::parallel(view, options.dir, *a, *b);
        if !edges.iter().any(|e| rule.crosses(*e, *a, *b)) {
            kinds.extend(edges.first().map(|e| graph.edge_type(*e).name.as_str()));
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    Some(format!("a path of {steps} steps over {} exists; use --through", kinds.join(", ")))
}
