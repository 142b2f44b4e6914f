//! How far everything is from a party: in steps.

use super::route::Show;
use crate::graph::{Dir, Flat, Node, View};
use serde_json::{Value, json};

/// How to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DistanceOptions {
    /// Which way edges are walked; a symmetric edge counts as stored.
    pub dir: Dir,
    /// Pass through hubs.
    pub through: bool,
    /// Farthest that is looked, in steps; `None` sets no bound.
    pub max_hops: Option<u32>,
}

/// What has no distance: it is not reached.
const FAR: u32 = u32::MAX;

/// A level of more than one in so many nodes is left from its far side.
const MANY: usize = 20;

/// The distances from a party.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Distances {
    /// Steps to each node, by number; `FAR` where there is no way.
    of: Vec<u32>,
    /// How many nodes are so many steps away; the first is the party itself.
    pub counts: Vec<u64>,
}

impl Distances {
    /// Steps to a node; `None` where it is not reached.
    pub fn to(&self, n: Node) -> Option<u32> {
        self.of.get(n.0 as usize).copied().filter(|d| *d != FAR)
    }

    /// How many other nodes are reached.
    pub fn reached(&self) -> u64 {
        self.counts.iter().skip(1).sum()
    }

    /// The nearest nodes, the party itself not counted, equally near ones by id.
    pub fn nearest(&self, view: &View<'_>, limit: usize) -> Vec<(Node, u32)> {
        // No level beyond the one that fills the limit has to be sorted.
        let mut room = limit as u64;
        let mut last = 0;
        for count in self.counts.iter().skip(1) {
            if room == 0 {
                break;
            }
            room = room.saturating_sub(*count);
            last += 1;
        }
        let all = self.of.iter().zip(0u32..);
        let mut nodes: Vec<(u32, u32)> = all.filter(|(d, _)| (1..=last).contains(*d)).map(|(d, n)| (*d, n)).collect();
        let id = |n: u32| view.graph().id(Node(n));
        let order = |a: &(u32, u32), b: &(u32, u32)| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(id(b.1)));
        if limit < nodes.len() {
            nodes.select_nth_unstable_by(limit, order);
            nodes.truncate(limit);
        }
        nodes.sort_unstable_by(order);
        nodes.into_iter().map(|(d, n)| (Node(n), d)).collect()
    }

    /// `{"id", "name", "type", "distance"}` of the nearest parties, ids as the document shows them.
    pub fn results(&self, view: &View<'_>, limit: usize) -> Vec<Value> {
        let show = Show::new(view.graph());
        let row = |(n, d): (Node, u32)| {
            let (name, kind) = (view.graph().label(n), &view.graph().node_type(n).name);
            json!({ "id": show.node(n), "name": name, "type": kind, "distance": d })
        };
        self.nearest(view, limit).into_iter().map(row).collect()
    }

    /// `{"reached": n, "farthest": steps, "by_distance": [n at 1, n at 2, ...]}`; counted singly are
    /// the first thousand distances.
    pub fn result(&self) -> Value {
        let by: Vec<u64> = self.counts.iter().skip(1).take(1_000).copied().collect();
        json!({ "reached": self.reached(), "farthest": self.counts.len().saturating_sub(1), "by_distance": by })
    }
}

/// The steps to everything that a walk from a party reaches, by the rules of all walks: a hub is
/// reached and not passed through, and an edge that ties to hubs by nature is crossed next to an
/// end that is one, unless `through` says otherwise. The work is bounded by the graph: each edge is
/// looked at once from either end.
pub fn distances(view: &View<'_>, start: Node, options: &DistanceOptions) -> Distances {
    let graph = view.graph();
    let (dir, through) = (options.dir, options.through);
    let hubs = (!through).then(|| graph.nodes_of_type(|t| t.hub));
    let hub = |n: u32| hubs.as_ref().is_some_and(|h| h.has(n as usize));
    let types = graph.catalogue().edge_types();
    let ties = |code: usize| !through && types.get(code).is_some_and(|t| t.hub);
    let plain = view.flat(dir, |code| !ties(code), None);
    let mut of = vec![FAR; plain.nodes];
    let most = options.max_hops.unwrap_or(FAR - 1).min(FAR - 1);
    let mut level: Vec<u32> = Vec::new();
    if let Some(d) = of.get_mut(start.0 as usize) {
        *d = 0;
        level.push(start.0);
    }
    // Edges that tie to hubs: where the start is a hub, its own are walked like others.
    let tied = if through { Flat::default() } else { view.flat(dir, ties, None) };
    let tied_to = |n: u32| tied.out.of(n as usize).iter().chain(tied.inn.of(n as usize)).copied();
    let mut found: Vec<u32> = Vec::new();
    let mut steps = 0;
    while !level.is_empty() && steps < most {
        steps += 1;
        if dir == Dir::Both && level.len() > plain.nodes / MANY {
            // Most of the rest is next to such a level: each looks whether it is.
            for v in 0..plain.nodes {
                let mut around = plain.out.of(v).iter().chain(plain.inn.of(v)).copied();
                let reached = |u: &u32| of.get(*u as usize) == Some(&(steps - 1)) && (*u == start.0 || !hub(*u));
                if of.get(v) == Some(&FAR) && around.any(|u| reached(&u)) {
                    found.push(v as u32);
                }
            }
        } else {
            for u in level.iter().map(|u| *u as usize) {
                let around = plain.out.of(u).iter().chain(plain.inn.of(u)).copied();
                found.extend(around.filter(|v| of.get(*v as usize) == Some(&FAR)));
            }
        }
        if steps == 1 && hub(start.0) {
            found.extend(tied_to(start.0));
        }
        level.clear();
        for v in found.drain(..) {
            if let Some(d) = of.get_mut(v as usize)
                && *d == FAR
            {
                *d = steps;
                if !hub(v) {
                    level.push(v);
                }
            }
        }
    }
    // What is only reached by an edge that ties to hubs is passed through by nobody.
    if tied.out.len() + tied.inn.len() > 0 {
        let opened = of.clone();
        let mut nearer = |v: u32, d: u32| {
            if let Some(slot) = of.get_mut(v as usize) {
                *slot = (*slot).min(d);
            }
        };
        for n in 0..plain.nodes as u32 {
            let Some(d) = opened.get(n as usize).filter(|d| **d < most && (!hub(n) || n == start.0)) else { continue };
            for v in tied_to(n) {
                if hub(v) || n == start.0 {
                    nearer(v, d + 1);
                }
            }
        }
    }
    let mut counts: Vec<u64> = Vec::new();
    for d in of.iter().filter(|d| **d != FAR) {
        let at = *d as usize;
        if at >= counts.len() {
            counts.resize(at + 1, 0);
        }
        if let Some(c) = counts.get_mut(at) {
            *c += 1;
        }
    }
    Distances { of, counts }
}
