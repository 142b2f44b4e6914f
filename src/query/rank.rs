//! Which parties the relations lead to most: PageRank.

use super::route::Show;
use super::whole::{BLOCK, blocks, halves};
use crate::error::{Error, Result};
use crate::graph::{Bits, Degrees, Dir, Node, Rows, View, on_two};
use serde_json::{Value, json};
use std::ops::Range;

/// How to rank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RankOptions {
    /// Which way rank flows: from subject to object (`Out`), from object to subject (`In`), or
    /// both ways over every edge. A symmetric edge counts as stored.
    pub dir: Dir,
    /// Hubs take part.
    pub through: bool,
    /// Share of its rank that a party hands on over its edges, 0 to 1; the rest goes to everyone.
    pub damping: f64,
    /// Rounds, at most.
    pub iterations: u32,
    /// Stop when a round changes all ranks by less than this in sum; `None` does every round.
    pub tolerance: Option<f64>,
    /// Edges looked at, over all rounds, before the work stops and says so.
    pub work: u64,
}

impl Default for RankOptions {
    fn default() -> RankOptions {
        RankOptions {
            dir: Dir::Out,
            through: false,
            damping: 0.85,
            iterations: 20,
            tolerance: None,
            work: super::whole::WORK,
        }
    }
}

/// The rank of every party. Floating-point numbers, the same for the same graph whatever the
/// machine does beside: an order to look in, on which no verdict rests.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ranks {
    /// By node number; they sum up to 1.
    scores: Vec<f64>,
    /// Edges over which rank flows.
    pub edges: usize,
    /// Rounds done.
    pub iterations: u32,
    /// By how much the last round changed all ranks in sum.
    pub change: f64,
    /// Hubs that stand alone because they take no part.
    pub hubs: usize,
    /// Nodes that another one stands for.
    apart: usize,
    /// The work was cut by its bound: there are fewer rounds than were asked for.
    pub truncated: bool,
}

impl Ranks {
    /// The rank of a node.
    pub fn score(&self, n: Node) -> Option<f64> {
        self.scores.get(n.0 as usize).copied()
    }

    /// Ranks by node number.
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// The parties of highest rank, equal ones by id; of those that the view knows of. Ranks that
    /// agree in nine digits count as equal, so that the order in which sums were made does not show.
    pub fn top(&self, view: &View<'_>, limit: usize) -> Vec<(Node, f64)> {
        let graph = view.graph();
        let key = |n: &u32| std::cmp::Reverse(self.scores.get(*n as usize).map_or(0, |s| rounded(*s)));
        let order = |a: &u32, b: &u32| key(a).cmp(&key(b)).then_with(|| graph.id(Node(*a)).cmp(graph.id(Node(*b))));
        let all = view.filter().known_at.is_none() && view.filter().sources.is_empty();
        let mut nodes: Vec<u32> = (0..self.scores.len() as u32)
            .filter(|n| all || view.knows(Node(*n)))
            .filter(|n| !graph.is_shadow(Node(*n)))
            .collect();
        if limit < nodes.len() {
            nodes.select_nth_unstable_by(limit, order);
            nodes.truncate(limit);
        }
        nodes.sort_unstable_by(order);
        nodes.into_iter().map(|n| (Node(n), self.score(Node(n)).unwrap_or(0.0))).collect()
    }

    /// `{"id", "name", "type", "score"}` of the parties of highest rank, ids as the document shows
    /// them, scores to nine digits.
    pub fn results(&self, view: &View<'_>, limit: usize) -> Vec<Value> {
        let show = Show::new(view.graph());
        let row = |(n, score): (Node, f64)| {
            let (name, kind) = (view.graph().label(n), &view.graph().node_type(n).name);
            json!({ "id": show.node(n), "name": name, "type": kind, "score": digits(score) })
        };
        self.top(view, limit).into_iter().map(row).collect()
    }

    /// `{"nodes": n, "edges": n, "hubs_apart": n, "iterations": n, "change": x}`.
    pub fn result(&self) -> Value {
        json!({
            "nodes": self.scores.len() - self.apart, "edges": self.edges, "hubs_apart": self.hubs,
            "iterations": self.iterations, "change": digits(self.change)
        })
    }
}

/// Bits of a number that is not negative with its last 22 digits rounded away: they order as the
/// numbers do.
fn rounded(x: f64) -> u64 {
    (x.to_bits() + (1 << 21)) >> 22
}

/// A number to nine significant digits.
fn digits(x: f64) -> f64 {
    format!("{x:.8e}").parse().unwrap_or(x)
}

/// One block of nodes in one round.
struct Part<'a> {
    /// Nodes that another stands for, where there are any: they take no part.
    shadows: Option<&'a Bits>,
    first: usize,
    scores: &'a mut [f64],
    /// What each node hands on over each of its edges.
    flow: &'a mut [f64],
    /// What is stuck at nodes that have nothing to hand it on over.
    stuck: &'a mut f64,
    change: &'a mut f64,
}

#[inline]
fn gather(flow: &[f64], ends: &[u32]) -> f64 {
    ends.iter().map(|n| flow.get(*n as usize).copied().unwrap_or(0.0)).sum()
}

/// Over which edges rank flows to a node, and over how many it hands it on.
enum Ways<'h> {
    /// One way: in over the edges of these rows, on over so many.
    One(Rows, Degrees<'h>),
    /// Both ways over the edges of either.
    Both(Rows, Rows),
}

impl Ways<'_> {
    /// Over how many edges each of neighbouring nodes hands on its rank.
    fn degrees(&self, nodes: Range<usize>, out: &mut Vec<u32>) {
        match self {
            Ways::One(_, onward) => onward.of(nodes, out),
            Ways::Both(a, b) => {
                out.clear();
                out.extend(nodes.map(|n| (a.degree(n) + b.degree(n)) as u32));
            }
        }
    }

    /// A round for one block: each node takes in what flows to it and gets ready what it hands on.
    /// Nodes that others stand for take no part.
    fn round<const SHADOWS: bool>(&self, flow: &[f64], base: f64, damping: f64, part: Part<'_>) {
        let block = part.first..part.first + part.scores.len();
        let (mut stuck, mut change, mut degrees) = (0.0, 0.0, Vec::new());
        self.degrees(block.clone(), &mut degrees);
        let slots = part.scores.iter_mut().zip(part.flow.iter_mut()).zip(degrees).zip(block.clone());
        let mut put = |(((score, onward), degree), n): (((&mut f64, &mut f64), u32), usize), sum: f64| {
            if SHADOWS && part.shadows.is_some_and(|s| s.has(n)) {
                (*score, *onward) = (0.0, 0.0);
                return;
            }
            let new = base + damping * sum;
            change += (new - *score).abs();
            *score = new;
            *onward = new / f64::from(degree);
            if degree == 0 {
                stuck += new;
                *onward = 0.0;
            }
        };
        match self {
            Ways::One(from, _) => slots.zip(from.each(block)).for_each(|(slot, ends)| put(slot, gather(flow, ends))),
            Ways::Both(from, to) => {
                let rows = from.each(block.clone()).zip(to.each(block));
                slots.zip(rows).for_each(|(slot, (ends, back))| put(slot, gather(flow, ends) + gather(flow, back)));
            }
        }
        (*part.stuck, *part.change) = (stuck, change);
    }
}

/// PageRank: a party's rank is the chance to stand on it when one walks at random over the edges,
/// and goes anywhere at all where there is no edge to follow or, one time in some, of one's own
/// accord. Parallel edges count each, a loop leads back. An impossible damping is an error.
pub fn rank(view: &View<'_>, options: &RankOptions) -> Result<Ranks> {
    if !(0.0..=1.0).contains(&options.damping) {
        return Err(Error::usage(format!("damping {} is not between 0 and 1", options.damping)));
    }
    if options.tolerance.is_some_and(|t| t.is_nan() || t < 0.0) {
        return Err(Error::usage("the tolerance is not a number of 0 or more"));
    }
    let (halves, hubs) = halves(view, Dir::Both, options.through);
    let nodes = halves.nodes;
    let (from, to) = if options.dir == Dir::In { (&halves.out, &halves.inn) } else { (&halves.inn, &halves.out) };
    let both = options.dir == Dir::Both;
    // Where rank flows one way, of the other only the number of edges is needed.
    let rows = from.rows();
    let edges = rows.len();
    let ways = if both { Ways::Both(rows, to.rows()) } else { Ways::One(rows, Degrees::new(to)) };
    let mut out = Ranks { edges, hubs, ..Ranks::default() };
    if nodes == 0 {
        return Ok(out);
    }
    let shadows = view.graph().shadows();
    let apart = shadows.as_ref().map_or(0, Bits::count);
    let even = 1.0 / (nodes - apart) as f64;
    let parts = nodes.div_ceil(BLOCK);
    let (mut stuck, mut change) = (vec![0.0; parts], vec![0.0; parts]);
    let mut flow = vec![0.0; nodes];
    let mut next = vec![0.0; nodes];
    out.scores = vec![even; nodes];
    out.apart = apart;
    let stands = |n: usize| shadows.as_ref().is_none_or(|s| !s.has(n));
    out.scores.iter_mut().enumerate().filter(|(n, _)| !stands(*n)).for_each(|(_, s)| *s = 0.0);
    // Before the first round all have the same.
    let mut degrees: Vec<u32> = Vec::new();
    for (((block, flow), stuck), first) in
        blocks(nodes).zip(flow.chunks_mut(BLOCK)).zip(&mut stuck).zip((0..).step_by(BLOCK))
    {
        ways.degrees(block, &mut degrees);
        for ((slot, degree), _) in flow.iter_mut().zip(&degrees).zip(first..).filter(|(_, n)| stands(*n)) {
            match degree {
                0 => *stuck += even,
                d => *slot = even / f64::from(*d),
            }
        }
    }
    let mut left = options.work;
    let cost = (edges * if both { 2 } else { 1 } + nodes) as u64;
    while out.iterations < options.iterations {
        if left < cost || view.stop().is_set() {
            out.truncated = true;
            break;
        }
        left -= cost;
        let base = (1.0 - options.damping) * even + options.damping * even * stuck.iter().sum::<f64>();
        let sums = stuck.iter_mut().zip(&mut change);
        let slices = out.scores.chunks_mut(BLOCK).zip(next.chunks_mut(BLOCK)).zip(sums).enumerate();
        let parts = slices.map(|(at, ((scores, flow), (stuck, change)))| Part {
            shadows: shadows.as_ref(),
            first: at * BLOCK,
            scores,
            flow,
            stuck,
            change,
        });
        on_two(parts, |part| match shadows {
            None => ways.round::<false>(&flow, base, options.damping, part),
            Some(_) => ways.round::<true>(&flow, base, options.damping, part),
        });
        std::mem::swap(&mut flow, &mut next);
        out.iterations += 1;
        out.change = change.iter().sum();
        if options.tolerance.is_some_and(|t| out.change < t) {
            break;
        }
    }
    Ok(out)
}
