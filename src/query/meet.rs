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

/// Where the two sides met, and the steps that each took: of every level, from each node of it
/// to all nodes of the level before.
#[derive(Debug)]
struct Meeting {
    nodes: Vec<Node>,
    trails: [Vec<Vec<(Node, Node)>>; 2],
}

impl Search<'_, '_, '_> {
    /// All shortest paths, or `None` when there is none or the budget ran out (see `spent`).
    pub(super) fn run(&self, from: &[Node], to: &[Node], spent: &mut Spent<'_>, scratch: &mut Scratch) -> Option<Dag> {
        Some(Dag::new(self.meet(from, to, spent, scratch)?))
    }

    fn meet(&self, from: &[Node], to: &[Node], spent: &mut Spent<'_>, scratch: &mut Scratch) -> Option<Meeting> {
        let graph = self.rule.view.graph();
        // A mark is twice the level, plus 1 on the second side. No node is on both.
        let marks = &mut scratch.marks;
        marks.reset(graph.node_count());
        for n in from {
            marks.set(*n, 0);
        }
        let mut both: Vec<Node> = to.iter().copied().filter(|n| marks.has(*n)).collect();
        let mut trails = [Vec::new(), Vec::new()];
        if !both.is_empty() {
            both.sort_unstable();
            both.dedup();
            return Some(Meeting { nodes: both, trails });
        }
        for n in to {
            marks.set(*n, 1);
        }
        let price = |side: &[Node], dir| side.iter().map(|n| graph.degree(*n, dir)).sum::<usize>();
        let mut sides = [from.to_vec(), to.to_vec()];
        let mut cost = [price(from, self.dir), price(to, flip(self.dir))];
        let mut levels = [0u32; 2];
        while levels[0].saturating_add(levels[1]) < self.max_hops {
            if sides.iter().any(Vec::is_empty) {
                return None;
            }
            let first = cost[0] <= cost[1];
            let (at, dir) = if first { (0, self.dir) } else { (1, flip(self.dir)) };
            let level = levels[at].saturating_add(1);
            let own = level.saturating_mul(2) + at as u32;
            let mut next: Vec<Node> = Vec::new();
            let mut trail: Vec<(Node, Node)> = Vec::new();
            for u in &sides[at] {
                for link in graph.links(*u, dir) {
                    if !spent.edge() {
                        return None;
                    }
                    // The cheapest reason to skip an edge comes first, what it says itself last.
                    let v = link.other;
                    let mark = marks.get(v);
                    if mark.is_some_and(|m| m != own && m % 2 == own % 2)
                        || !self.may(*u, link, first)
                        || !self.rule.view.sees(link.edge)
                    {
                        continue;
                    }
                    match mark {
                        Some(m) if m == own => {}
                        Some(_) => both.push(v),
                        None => {
                            if !spent.node() {
                                return None;
                            }
                            marks.set(v, own);
                            next.push(v);
                        }
                    }
                    trail.push((v, *u));
                }
            }
            trails[at].push(trail);
            // No node was in both before, so all that meet now do so at the same length.
            if !both.is_empty() {
                both.sort_unstable();
                both.dedup();
                return Some(Meeting { nodes: both, trails });
            }
            cost[at] = price(&next, dir);
            sides[at] = next;
            levels[at] = level;
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
    fn new(met: Meeting) -> Dag {
        let mut arcs: Vec<(Node, Node)> = Vec::new();
        // Follows one side's steps back from where the sides met; levels come nearest first.
        let mut follow = |trail: &[Vec<(Node, Node)>], forward: bool| {
            let mut levels: Vec<Vec<Node>> = Vec::new();
            let mut at: FxHashSet<Node> = met.nodes.iter().copied().collect();
            for steps in trail.iter().rev() {
                let mut before: Vec<Node> = Vec::new();
                for (v, u) in steps.iter().filter(|(v, _)| at.contains(v)) {
                    arcs.push(if forward { (*u, *v) } else { (*v, *u) });
                    before.push(*u);
                }
                before.sort_unstable();
                before.dedup();
                at = before.iter().copied().collect();
                levels.push(before);
            }
            levels
        };
        let [ahead, behind] = &met.trails;
        let mut levels = follow(ahead, true);
        let after = follow(behind, false);
        levels.reverse();
        levels.push(met.nodes);
        levels.extend(after);
        arcs.sort_unstable();
        arcs.dedup();
        Dag { levels, arcs }
    }

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
