//! The nodes within some steps, and nothing else of them.

use super::scratch::Scratch;
use super::walk::{Rule, Spent, WalkOptions};
use crate::graph::{Node, View};

/// What a walk reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached<'s> {
    nodes: &'s [Node],
    /// How many were found by each distance, the starts first.
    by: Vec<usize>,
    /// The budget ran out: there may be more.
    pub truncated: bool,
}

impl<'s> Reached<'s> {
    /// All of them, the nearest first, the starts among them; those of one distance in no certain order.
    pub fn nodes(&self) -> &'s [Node] {
        self.nodes
    }

    /// Those so many steps away.
    pub fn at(&self, distance: usize) -> &'s [Node] {
        let from = if distance == 0 { Some(0) } else { self.by.get(distance - 1).copied() };
        let to = self.by.get(distance).copied();
        from.zip(to).and_then(|(a, b)| self.nodes.get(a..b)).unwrap_or_default()
    }
}

/// The nodes that [`neighbours`](super::neighbours()) finds within `max_hops` steps of any of some
/// nodes (without a bound: all that can be reached), without the edges among them and without an
/// order: for counting, and for going on from there.
pub fn reach<'s>(view: &View<'_>, starts: &[Node], options: &WalkOptions, scratch: &'s mut Scratch) -> Reached<'s> {
    let nodes = view.graph().node_count();
    let rule = Rule::new(view, options.through, starts);
    let mut spent = Spent::new(view, options.budget);
    let Scratch { found: [found, opened], .. } = scratch;
    found.reset(nodes);
    starts.iter().for_each(|n| {
        found.insert(*n);
    });
    let mut frontier: Vec<Node> = found.members().to_vec();
    if !options.through {
        opened.reset(nodes);
        frontier.iter().for_each(|n| {
            opened.insert(*n);
        });
    }
    let mut by = vec![frontier.len()];
    let mut known = frontier.len();
    let mut next: Vec<Node> = Vec::new();
    for _ in 0..options.hops() {
        if frontier.is_empty() || spent.out {
            break;
        }
        // A node has a few edges each way.
        let steps = view.steps(frontier.len().saturating_mul(4));
        let most = spent.edges_left();
        let looked = if options.through {
            steps.ends(&frontier, options.dir, most, |_, v| !found.insert(v) || spent.node())
        } else {
            steps.links(&frontier, options.dir, most, |u, l| {
                let (v, start) = (l.other, rule.is_end(u));
                let plain = !rule.hub_edge(l.edge);
                let hub = rule.hub(v);
                // Every node may be the end of a walk; only some may be passed through.
                if !(plain || start || hub) {
                    return true;
                }
                if (plain || (start && rule.hub(u))) && !hub && opened.insert(v) {
                    next.push(v);
                }
                !found.insert(v) || spent.node()
            })
        };
        spent.edges(looked);
        if options.through {
            frontier.clear();
            frontier.extend(found.members().get(known..).unwrap_or_default());
        } else {
            std::mem::swap(&mut frontier, &mut next);
            next.clear();
        }
        known = found.members().len();
        by.push(known);
    }
    Reached { nodes: found.members(), by, truncated: spent.out }
}
