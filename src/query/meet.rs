//! The search under all path queries: level by level from both sides, the cheaper one first.
//!
//! When the sides meet, the distances on both hold every shortest path; [`Dag`] collects them.

use super::scratch::{Scratch, Set};
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

    fn are_none(&self) -> bool {
        self.nodes.is_empty() && self.spur.is_none()
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
#[derive(Debug, Default)]
struct Meeting {
    /// Every node on both sides, sorted; the first found where only the length was asked for.
    nodes: Vec<Node>,
    length: u32,
    /// The steps that each side took: of every level, from each node of it to all nodes of the
    /// level before. Empty where only the length was asked for.
    trails: [Vec<Vec<(Node, Node)>>; 2],
}

impl Search<'_, '_, '_> {
    /// All shortest paths, or `None` when there is none or the budget ran out (see `spent`).
    pub(super) fn run(&self, from: &[Node], to: &[Node], spent: &mut Spent<'_>, scratch: &mut Scratch) -> Option<Dag> {
        let met = self.meet::<true>(from, to, spent, scratch)?;
        Some(Dag::new(met, self.rule.view.graph().node_count(), &mut scratch.chosen))
    }

    /// The length of the shortest path, or `None` as above.
    pub(super) fn length(
        &self,
        from: &[Node],
        to: &[Node],
        spent: &mut Spent<'_>,
        scratch: &mut Scratch,
    ) -> Option<u32> {
        Some(self.meet::<false>(from, to, spent, scratch)?.length)
    }

    /// With `ALL` every node at which the sides meet and the steps to there; else it ends where
    /// they first do.
    fn meet<const ALL: bool>(
        &self,
        from: &[Node],
        to: &[Node],
        spent: &mut Spent<'_>,
        scratch: &mut Scratch,
    ) -> Option<Meeting> {
        let view = self.rule.view;
        let count = view.graph().node_count();
        let Scratch { found, before, .. } = scratch;
        found.iter_mut().chain(before.iter_mut()).for_each(|s| s.reset(count));
        let [found_a, found_b] = found;
        let [before_a, before_b] = before;
        let mut met = Meeting::default();
        for n in from {
            found_a.insert(*n);
            before_a.insert(*n);
        }
        for n in to {
            if found_a.has(*n) {
                met.nodes.push(*n);
            }
            found_b.insert(*n);
            before_b.insert(*n);
        }
        met.nodes.sort_unstable();
        met.nodes.dedup();
        let steps = view.steps(0);
        let mut cost = [steps.price(from, self.dir), steps.price(to, flip(self.dir))];
        // Where the level at work begins among all that the side found.
        let mut begins = [0usize; 2];
        let plain = self.rule.through && self.bans.are_none();
        while met.nodes.is_empty() && met.length < self.max_hops {
            if found_a.members().len() == begins[0] || found_b.members().len() == begins[1] {
                return None;
            }
            let first = cost[0] <= cost[1];
            let (at, dir) = if first { (0, self.dir) } else { (1, flip(self.dir)) };
            let (own, done, others) = if first {
                (&mut *found_a, &mut *before_a, &*found_b)
            } else {
                (&mut *found_b, &mut *before_b, &*found_a)
            };
            let level = own.members().get(begins[at]..).unwrap_or_default().to_vec();
            begins[at] = own.members().len();
            let mut trail: Vec<(Node, Node)> = Vec::new();
            if !spent.edges(cost[at]) {
                return None;
            }
            let steps = view.steps(cost[at]);
            let mut step = |u: Node, v: Node| {
                if others.has(v) {
                    met.nodes.push(v);
                    if ALL {
                        trail.push((v, u));
                    }
                    return ALL;
                }
                if own.insert(v) && !spent.node() {
                    return false;
                }
                if ALL {
                    trail.push((v, u));
                }
                true
            };
            if plain {
                steps.ends(&level, dir, usize::MAX, |u, v| done.has(v) || step(u, v))
            } else {
                // The cheapest reason to skip an edge comes first, what it says itself last.
                steps.links(&level, dir, usize::MAX, |u, link| {
                    done.has(link.other) || !self.may(u, link, first) || step(u, link.other)
                })
            };
            if spent.out {
                return None;
            }
            // No node was in both before, so all that meet now do so at the same length.
            met.length = met.length.saturating_add(1);
            met.trails[at].push(trail);
            let next = own.members().get(begins[at]..).unwrap_or_default();
            if met.nodes.is_empty() {
                next.iter().for_each(|n| {
                    done.insert(*n);
                });
                cost[at] = steps.price(next, dir);
            }
        }
        if met.nodes.is_empty() {
            return None;
        }
        met.nodes.sort_unstable();
        met.nodes.dedup();
        Some(met)
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
    fn new(met: Meeting, nodes: usize, chosen: &mut Set) -> Dag {
        let mut arcs: Vec<(Node, Node)> = Vec::new();
        // Follows one side's steps back from where the sides met; levels come nearest first.
        let mut follow = |trail: &[Vec<(Node, Node)>], forward: bool| {
            let mut levels: Vec<Vec<Node>> = Vec::new();
            // A step of a level ends at a node of that level: sets of several levels may lie in one.
            chosen.reset(nodes);
            for n in &met.nodes {
                chosen.insert(*n);
            }
            for steps in trail.iter().rev() {
                let mut before: Vec<Node> = Vec::new();
                for (v, u) in steps.iter().filter(|(v, _)| chosen.has(*v)) {
                    arcs.push(if forward { (*u, *v) } else { (*v, *u) });
                    before.push(*u);
                }
                before.sort_unstable();
                before.dedup();
                for n in &before {
                    chosen.insert(*n);
                }
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
