//! The k shortest simple paths, after Yen, in Lawler's form: each path found splits what is left
//! into parts that do not overlap, and of each part the best path waits in line.

use super::meet::{Bans, Search};
use super::path::nothing;
use super::route::{Paths, Route, union};
use super::scratch::Scratch;
use super::walk::{GAVE_UP, Rule, Spent, WalkOptions};
use crate::graph::{Node, View};
use std::collections::BTreeMap;

/// Waiting paths by length and ids, each with the position at which it left the one it came from.
type Line<'g> = BTreeMap<(usize, Vec<&'g str>), (Vec<Node>, usize)>;

/// The `k` shortest paths that visit no node twice, by length, then by the ids of their nodes.
/// Paths that differ only in parallel edges are one.
pub fn k_paths(view: &View<'_>, from: Node, to: Node, options: &WalkOptions, k: usize, scratch: &mut Scratch) -> Paths {
    let graph = view.graph();
    let rule = Rule::new(view, options.through, &[from, to]);
    let mut spent = Spent::new(view, options.budget);
    let best = |prefix: &[Node], banned: Vec<Node>, spent: &mut Spent<'_>, scratch: &mut Scratch| {
        let (spur, root) = prefix.split_last()?;
        let bans =
            Bans { nodes: root.iter().copied().collect(), spur: Some(*spur), next: banned.into_iter().collect() };
        let max_hops = options.hops().saturating_sub(root.len() as u32);
        let search = Search { rule: &rule, dir: options.dir, max_hops, bans: &bans };
        let tail = search.run(&[*spur], &[to], spent, scratch)?.first(graph);
        Some([root, &tail].concat())
    };
    let mut line: Line<'_> = BTreeMap::new();
    let key = |nodes: &[Node]| (nodes.len(), nodes.iter().map(|n| graph.id(*n)).collect::<Vec<&str>>());
    if k > 0
        && let Some(first) = best(&[from], Vec::new(), &mut spent, scratch)
    {
        line.insert(key(&first), (first, 0));
    }
    let mut found: Vec<Vec<Node>> = Vec::new();
    while found.len() < k
        && let Some((_, (path, left_at))) = line.pop_first()
    {
        found.push(path.clone());
        if found.len() == k {
            break;
        }
        for at in left_at..path.len().saturating_sub(1) {
            let prefix = path.get(..=at).unwrap_or_default();
            // Each part costs the length of what it begins with, and a path may be very long.
            if !spent.work(prefix.len().saturating_mul(found.len())) {
                break;
            }
            let banned = found.iter().filter(|f| f.starts_with(prefix)).filter_map(|f| f.get(at + 1).copied());
            if let Some(next) = best(prefix, banned.collect(), &mut spent, scratch) {
                line.insert(key(&next), (next, at));
            }
        }
        // With a part unsearched the order is no longer known.
        if spent.out {
            break;
        }
    }
    if found.is_empty() && k > 0 {
        return nothing(view, from, to, options, &spent, scratch);
    }
    let routes: Vec<Route> = found.into_iter().map(|nodes| Route::new(view, options.dir, nodes)).collect();
    let mut part = union(&routes);
    part.truncated = spent.out;
    if spent.out {
        part.notes.push(GAVE_UP.to_owned());
    }
    Paths { length: routes.first().map(|r| r.len() as u32), count: routes.len() as u64, routes, part }
}
