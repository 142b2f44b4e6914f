//! How closely the neighbours of a party are tied to each other: the local clustering coefficient.

use super::whole::whole;
use crate::graph::{Bits, Dir, Flat, Node, View};

/// The coefficient of every party.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clustering {
    /// By node: directed ties between neighbours, and how many there could be.
    ties: Vec<(u64, u64)>,
    /// Hubs that stand alone because they take no part.
    pub hubs: usize,
    /// The work was cut by its bound: some coefficients are too low.
    pub truncated: bool,
}

impl Clustering {
    /// The coefficient of a node, 0 to 1; 0 with fewer than two neighbours.
    pub fn of(&self, n: Node) -> Option<f64> {
        let (ties, all) = self.ties.get(n.0 as usize).copied()?;
        Some(if all == 0 { 0.0 } else { ties as f64 / all as f64 })
    }

    /// The same as a fraction: ties in their direction between neighbours, and how many there
    /// could be.
    pub fn exact(&self, n: Node) -> Option<(u64, u64)> {
        self.ties.get(n.0 as usize).copied()
    }
}

/// The simple graph below: of each node its neighbours in order, each once and no loop, and
/// whether the tie leads there, back, or both.
struct Simple {
    offsets: Vec<usize>,
    ends: Vec<(u32, u8)>,
}

impl Simple {
    fn new(flat: &Flat) -> Simple {
        let mut offsets = vec![0];
        let mut ends: Vec<(u32, u8)> = Vec::new();
        let mut row: Vec<(u32, u8)> = Vec::new();
        for n in 0..flat.nodes {
            row.clear();
            row.extend(flat.out.of(n).iter().map(|m| (*m, 1)));
            row.extend(flat.inn.of(n).iter().map(|m| (*m, 2)));
            row.retain(|(other, _)| *other as usize != n);
            row.sort_unstable();
            row.dedup_by(|next, kept| {
                let same = next.0 == kept.0;
                kept.1 |= if same { next.1 } else { 0 };
                same
            });
            ends.extend_from_slice(&row);
            offsets.push(ends.len());
        }
        Simple { offsets, ends }
    }

    fn of(&self, n: u32) -> &[(u32, u8)] {
        match (self.offsets.get(n as usize), self.offsets.get(n as usize + 1)) {
            (Some(a), Some(b)) => self.ends.get(*a..*b).unwrap_or_default(),
            _ => &[],
        }
    }

    /// Where triangles are looked for: from nodes of fewer neighbours to nodes of more, so that a
    /// node of very many is never looked from.
    fn before(&self, a: u32, b: u32) -> bool {
        (self.of(a).len(), a) < (self.of(b).len(), b)
    }
}

/// The local clustering coefficient, as LDBC Graphalytics defines it (LCC): the neighbours of a
/// party are those at the other ends of its edges, in either direction, each once; counted are
/// the ordered pairs of them with an edge from the first to the second, of all ordered pairs.
/// `work` bounds the pairs of edges looked at.
pub fn clustering(view: &View<'_>, through: bool, work: u64) -> Clustering {
    let (flat, hubs) = whole(view, Dir::Both, through);
    let simple = Simple::new(&flat);
    let nodes = flat.nodes as u32;
    let pairs = |n: u32| {
        let d = simple.of(n).len() as u64;
        (0, d * d.saturating_sub(1))
    };
    let mut out = Clustering { ties: (0..nodes).map(pairs).collect(), hubs, truncated: false };
    // Each triangle is met once, from its node of fewest neighbours; the third node is found by a
    // mark, and then the tie to it.
    let mut marked = Bits::none(nodes as usize);
    let mut left = work;
    let mut add = |n: u32, way: u8| {
        if let Some(t) = out.ties.get_mut(n as usize) {
            t.0 += u64::from(way.count_ones());
        }
    };
    'all: for a in 0..nodes {
        let above = || simple.of(a).iter().filter(|(b, _)| simple.before(a, *b));
        above().for_each(|(b, _)| marked.set(*b as usize));
        for (b, ab) in above() {
            let row = simple.of(*b);
            for (c, bc) in row.iter().filter(|(c, _)| marked.has(*c as usize) && simple.before(*b, *c)) {
                let of_a = simple.of(a);
                let ac = of_a.binary_search_by_key(c, |(n, _)| *n).ok().and_then(|at| of_a.get(at));
                add(a, *bc);
                add(*b, ac.map_or(0, |(_, way)| *way));
                add(*c, *ab);
            }
            if left < row.len() as u64 {
                out.truncated = true;
                break 'all;
            }
            left -= row.len() as u64;
        }
        above().for_each(|(b, _)| marked.clear(*b as usize));
    }
    out
}
