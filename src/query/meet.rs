//! The search under all path queries: level by level from both sides, the cheaper one first.
//!
//! When the sides meet, the distances on both hold every shortest path; [`Dag`] collects them.

use super::scratch::Scratch;
use super::walk::{Rule, Spent, flip};
use crate::graph::{Dir, Graph, Link, Node};
use rustc_hash::{FxHashMap, FxHashSet};

/// What one search must not use: nodes, and steps from one node.
#[derive(Debug, Default)]
pub(super) struct Bans {
    pub(super) nodes: FxHashSet<Node>,
    pub(super) spur: Option<Node>,
    pub(super) next: FxHashSet<Node>,
}

impl Bans {
    #[inline]
    fn step(&self, u: Node, v: Node) -> bool {
        self.spur == Some(u) && self.next.contains(&v)
    }
}

/// One question: from any of these to any of those.
pub(super) struct Search<'q, 'v, 'g> {
    pub(super) rule: &'q Rule<'v, 'g>,
    pub(super) dir: Dir,
    pub(super) max_hops: u32,
    pub(super) bans: &'q Bans,
}

/// Where the two sides met.
#[derive(Debug)]
struct Meeting {
    nodes: Vec<Node>,
    /// Levels expanded from the first side, and from the second.
    ahead: u32,
    behind: u32,
}

impl Search<'_, '_, '_> {
    /// All shortest paths, or `None` when there is none or the budget ran out (see `spent`).
    pub(super) fn run(&self, from: &[Node], to: &[Node], spent: &mut Spent, scratch: &mut Scratch) -> Option<Dag> {
        let met = self.meet(from, to, spent, scratch)?;
        Some(self.dag(met, scratch))
    }

    fn meet(&self, from: &[Node], to: &[Node], spent: &mut Spent, scratch: &mut Scratch) -> Option<Meeting> {
        let graph = self.rule.view.graph();
        let Scratch { ahead, behind } = scratch;
        ahead.reset(graph.node_count());
        behind.reset(graph.node_count());
        let mut sides = [from.to_vec(), to.to_vec()];
        for n in from {
            ahead.set(*n, 0);
        }
        for n in to {
            behind.set(*n, 0);
        }
        let mut both: Vec<Node> = from.iter().copied().filter(|n| behind.has(*n)).collect();
        if !both.is_empty() {
            both.sort_unstable();
            both.dedup();
            return Some(Meeting { nodes: both, ahead: 0, behind: 0 });
        }
        let mut levels = [0u32; 2];
        let mut cost = [0usize; 2];
        for ((side, c), dir) in sides.iter().zip(&mut cost).zip([self.dir, flip(self.dir)]) {
            *c = side.iter().map(|n| graph.degree(*n, dir)).sum();
        }
        while levels[0].saturating_add(levels[1]) < self.max_hops {
            if sides.iter().any(Vec::is_empty) {
                return None;
            }
            let first = cost[0] <= cost[1];
            let (own, other, at, dir) =
                if first { (&mut *ahead, &*behind, 0, self.dir) } else { (&mut *behind, &*ahead, 1, flip(self.dir)) };
            let level = levels[at] + 1;
            let mut next: Vec<Node> = Vec::new();
            let mut sum = 0;
            for u in &sides[at] {
                for link in self.rule.view.links(*u, dir) {
                    if !spent.edge() {
                        return None;
                    }
                    let v = link.other;
                    if own.has(v) || !self.may(*u, link, first) {
                        continue;
                    }
                    if !spent.node() {
                        return None;
                    }
                    own.set(v, level);
                    if other.has(v) {
                        both.push(v);
                    }
                    sum += graph.degree(v, dir);
                    next.push(v);
                }
            }
            sides[at] = next;
            levels[at] = level;
            cost[at] = sum;
            // No node was in both before, so all that meet now do so at the same length.
            if !both.is_empty() {
                return Some(Meeting { nodes: both, ahead: levels[0], behind: levels[1] });
            }
        }
        None
    }

    /// Whether a walk may step over a link, seen from `u`; `forward` says that the walk leads
    /// from `u` to the other end.
    #[inline]
    fn may(&self, u: Node, link: Link, forward: bool) -> bool {
        let v = link.other;
        let (a, b) = if forward { (u, v) } else { (v, u) };
        self.rule.passes(v)
            && self.rule.crosses(link.edge, u, v)
            && !self.bans.nodes.contains(&v)
            && !self.bans.step(a, b)
    }

    fn dag(&self, met: Meeting, scratch: &Scratch) -> Dag {
        let view = self.rule.view;
        let mut arcs: Vec<(Node, Node)> = Vec::new();
        let mut levels: Vec<Vec<Node>> = Vec::new();
        let mut at = met.nodes.clone();
        for level in (0..met.ahead).rev() {
            let mut before: Vec<Node> = Vec::new();
            for v in &at {
                for link in view.links(*v, flip(self.dir)) {
                    if scratch.ahead.get(link.other) == Some(level) && self.may(*v, link, false) {
                        arcs.push((link.other, *v));
                        before.push(link.other);
                    }
                }
            }
            before.sort_unstable();
            before.dedup();
            levels.push(std::mem::replace(&mut at, before));
        }
        levels.push(at);
        levels.reverse();
        let mut at = met.nodes;
        for level in (0..met.behind).rev() {
            let mut after: Vec<Node> = Vec::new();
            for u in &at {
                for link in view.links(*u, self.dir) {
                    if scratch.behind.get(link.other) == Some(level) && self.may(*u, link, true) {
                        arcs.push((*u, link.other));
                        after.push(link.other);
                    }
                }
            }
            after.sort_unstable();
            after.dedup();
            levels.push(after.clone());
            at = after;
        }
        arcs.sort_unstable();
        arcs.dedup();
        Dag { levels, arcs }
    }
}

/// All shortest paths between two sides: every node of it is on one.
#[derive(Debug, Default)]
pub(super) struct Dag {
    /// Nodes by distance from the first side.
    pub(super) levels: Vec<Vec<Node>>,
    /// Steps, sorted; parallel edges are one step.
    pub(super) arcs: Vec<(Node, Node)>,
}

impl Dag {
    /// Steps of each path.
    pub(super) fn length(&self) -> u32 {
        self.levels.len().saturating_sub(1) as u32
    }

    fn next(&self, u: Node) -> impl Iterator<Item = Node> + '_ {
        let first = self.arcs.partition_point(|(a, _)| *a < u);
        self.arcs.get(first..).unwrap_or_default().iter().take_while(move |(a, _)| *a == u).map(|(_, b)| *b)
    }

    /// Number of paths as sequences of nodes; `u64::MAX` stands for that many or more.
    pub(super) fn count(&self) -> u64 {
        let mut ways: FxHashMap<Node, u64> = FxHashMap::default();
        for (i, level) in self.levels.iter().enumerate().rev() {
            for n in level {
                let own = if i + 1 == self.levels.len() {
                    1
                } else {
                    self.next(*n).fold(0u64, |sum, v| sum.saturating_add(ways.get(&v).copied().unwrap_or(0)))
                };
                ways.insert(*n, own);
            }
        }
        let starts = self.levels.first().map_or(&[][..], Vec::as_slice);
        starts.iter().fold(0u64, |sum, n| sum.saturating_add(ways.get(n).copied().unwrap_or(0)))
    }

    /// The paths one by one, in the order of their nodes' ids.
    pub(super) fn paths<'a>(&'a self, graph: &'a Graph) -> impl Iterator<Item = Vec<Node>> + 'a {
        let sorted = move |mut nodes: Vec<Node>| {
            // The last is taken first.
            nodes.sort_unstable_by(|a, b| graph.id(*b).cmp(graph.id(*a)));
            nodes
        };
        let starts = self.levels.first().cloned().unwrap_or_default();
        let full = self.levels.len();
        let mut stack: Vec<Vec<Node>> = if starts.is_empty() { Vec::new() } else { vec![sorted(starts)] };
        let mut path: Vec<Node> = Vec::new();
        std::iter::from_fn(move || {
            // Each turn takes one node or leaves one: the stack is no deeper than the path.
            loop {
                let depth = stack.len().checked_sub(1)?;
                path.truncate(depth);
                match stack.last_mut().and_then(Vec::pop) {
                    None => {
                        stack.pop();
                    }
                    Some(n) => {
                        path.push(n);
                        if path.len() == full {
                            return Some(path.clone());
                        }
                        stack.push(sorted(self.next(n).collect()));
                    }
                }
            }
        })
    }

    /// The path whose ids come first.
    pub(super) fn first(&self, graph: &Graph) -> Vec<Node> {
        let least = |nodes: &mut dyn Iterator<Item = Node>| nodes.min_by(|a, b| graph.id(*a).cmp(graph.id(*b)));
        let mut path: Vec<Node> = Vec::with_capacity(self.levels.len());
        let mut at = least(&mut self.levels.first().into_iter().flatten().copied());
        while let Some(n) = at {
            path.push(n);
            if path.len() >= self.levels.len() {
                break;
            }
            at = least(&mut self.next(n));
        }
        path
    }
}
