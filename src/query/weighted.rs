//! How far everything is from a party where relations carry a length.

use super::route::Show;
use super::walk::{Budget, GAVE_UP, Rule, Spent};
use crate::error::Result;
use crate::graph::{Dir, Edge, Node, View};
use crate::model::Status;
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

/// How to measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightOptions {
    /// The property of relations that is their length: `weight`, `value` or any other.
    pub property: String,
    /// Which way edges are walked; a symmetric edge counts as stored.
    pub dir: Dir,
    /// Pass through hubs.
    pub through: bool,
    /// Nodes in the answer, at most: the nearest.
    pub limit: usize,
    /// Bounds of the work.
    pub budget: Budget,
}

impl Default for WeightOptions {
    fn default() -> WeightOptions {
        WeightOptions {
            property: "weight".to_owned(),
            dir: Dir::Both,
            through: false,
            limit: 1_000,
            budget: Budget::default(),
        }
    }
}

/// The nearest nodes by the lengths of relations.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Weighted {
    /// Nodes with their distances, nearest first, equally near ones by id; without the start.
    pub nodes: Vec<(Node, f64)>,
    /// Relations met that were not walked, because they have no such property or what it says is no
    /// number of 0 or more.
    pub without: u64,
    /// A limit cut the answer.
    pub truncated: bool,
    /// Notes for the reader.
    pub notes: Vec<String>,
}

impl Weighted {
    /// `{"id", "name", "type", "distance"}` of the parties, ids as the document shows them.
    pub fn results(&self, view: &View<'_>) -> Vec<Value> {
        let show = Show::new(view.graph());
        let row = |(n, d): &(Node, f64)| {
            let (name, kind) = (view.graph().label(*n), &view.graph().node_type(*n).name);
            json!({ "id": show.node(*n), "name": name, "type": kind, "distance": d })
        };
        self.nodes.iter().map(row).collect()
    }

    /// `{"reached": n, "farthest": x, "without_weight": n}`.
    pub fn result(&self) -> Value {
        let farthest = self.nodes.last().map_or(0.0, |(_, d)| *d);
        json!({ "reached": self.nodes.len(), "farthest": farthest, "without_weight": self.without })
    }
}

/// A distance that orders; never NaN, because lengths are finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Far(f64);

impl Eq for Far {}

impl PartialOrd for Far {
    fn partial_cmp(&self, other: &Far) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Far {
    fn cmp(&self, other: &Far) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

/// The length of an edge: the least where several are stated.
fn length(view: &View<'_>, e: Edge, property: &str) -> Result<Option<f64>> {
    let record = view.relation(e)?;
    let stated = record.facts.iter().filter(|f| f.prop == property && f.status != Status::Withdrawn);
    let numbers = stated.filter_map(|f| f.value.trim().parse::<f64>().ok());
    Ok(numbers.filter(|x| x.is_finite() && *x >= 0.0).map(|x| x + 0.0).min_by(f64::total_cmp))
}

/// The distances from a party over relations whose length a property states, nearest first, by the
/// rules of all walks. A relation without a length is not walked; nothing is assumed of it. Lengths
/// are added as floating-point numbers, and the answer does not depend on the order of work.
pub fn weighted_distances(view: &View<'_>, start: Node, options: &WeightOptions) -> Result<Weighted> {
    let graph = view.graph();
    let rule = Rule::new(view, options.through, &[start]);
    let mut spent = Spent::new(view, options.budget);
    let mut out = Weighted::default();
    let mut lengths: FxHashMap<Edge, Option<f64>> = FxHashMap::default();
    // A node may be reached as the end of a way that does not lead on: the two are kept apart.
    let mut least: FxHashMap<(Node, bool), f64> = FxHashMap::default();
    let mut done: FxHashMap<Node, bool> = FxHashMap::default();
    let mut heap: BinaryHeap<Reverse<(Far, Node, bool)>> = BinaryHeap::new();
    heap.push(Reverse((Far(0.0), start, true)));
    'all: while let Some(Reverse((Far(d), u, leads_on))) = heap.pop() {
        if least.get(&(u, leads_on)).is_some_and(|l| *l < d) {
            continue;
        }
        let opened = done.get(&u).copied();
        if opened.is_none() {
            if !spent.node() {
                break;
            }
            if u != start {
                out.nodes.push((u, d));
            }
        }
        if opened == Some(true) || (opened.is_some() && !leads_on) {
            continue;
        }
        done.insert(u, leads_on);
        if !leads_on {
            continue;
        }
        // Enough are known, and all that are as near as the last of them.
        if out.nodes.len() > options.limit && out.nodes.get(options.limit).is_some_and(|(_, cut)| *cut < d) {
            break;
        }
        let (at_start, start_hub) = (u == start, u == start && rule.hub(u));
        for l in view.links(u, options.dir) {
            if !spent.edge() {
                break 'all;
            }
            let plain = options.through || !rule.hub_edge(l.edge);
            let hub = rule.hub(l.other);
            if !(plain || at_start || hub) || done.get(&l.other) == Some(&true) {
                continue;
            }
            let length = match lengths.get(&l.edge) {
                Some(known) => *known,
                None => {
                    let found = length(view, l.edge, &options.property)?;
                    out.without += u64::from(found.is_none());
                    lengths.insert(l.edge, found);
                    found
                }
            };
            let Some(length) = length.filter(|x| (d + x).is_finite()) else { continue };
            let on = (plain || start_hub) && (options.through || !hub);
            let far = d + length;
            if least.get(&(l.other, on)).is_none_or(|old| far < *old) {
                least.insert((l.other, on), far);
                heap.push(Reverse((Far(far), l.other, on)));
            }
        }
    }
    out.nodes.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| graph.id(a.0).cmp(graph.id(b.0))));
    out.truncated = spent.out || out.nodes.len() > options.limit;
    out.nodes.truncate(options.limit);
    if spent.out {
        out.notes.push(GAVE_UP.to_owned());
    }
    if out.without > 0 {
        let n = out.without;
        out.notes.push(format!("{n} relations without a {:?} of 0 or more were not walked", options.property));
    }
    Ok(out)
}
