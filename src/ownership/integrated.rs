//! Integrated ownership: all chains multiplied and summed, cross-holdings solved, never listed.
//!
//! What a source reaches is split into strongly connected components; they are solved in
//! topological order, so that everything without cross-holdings is one pass.

use super::component::{Solved, Task, solve};
use super::scc::components;
use super::weights::{Bound, Weights, starts};
use super::{Amount, Exact};
use crate::graph::Stop;
use rustc_hash::FxHashMap;

/// How the owner's own return through a ring counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Chains that do not come back to the source (Baldone and others 1998):
    /// `y(i,j) = a(i,j) + sum over k != i of y(i,k) a(k,j)`; of itself, the first return only.
    Baldone,
    /// All walks, `A + A^2 + ...` (Brioschi, Buzzacchi and Colombo 1989): in a ring the owner's
    /// own return is counted again.
    Walk,
}

/// How much may be spent on exact values before floats take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Largest component of cross-holdings solved exactly.
    pub component: usize,
    /// Longest number, numerator and denominator together, in bits.
    pub bits: u64,
    /// Operations in all; one on long numbers counts as several.
    pub ops: u64,
}

impl Budget {
    /// Floats alone (what is certain to have no finite value is still found exactly).
    pub const FLOAT: Budget = Budget { component: 0, bits: 0, ops: 0 };
}

impl Default for Budget {
    /// At the very worst about half a second.
    fn default() -> Budget {
        Budget { component: 400, bits: 20_000, ops: 500_000 }
    }
}

/// What to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Which measure.
    pub method: Method,
    /// Lows or highs of the stakes.
    pub bound: Bound,
    /// Only what this one party is held to: restricts the work to chains that lead to it.
    pub target: Option<u32>,
    /// For exact values.
    pub budget: Budget,
}

impl Options {
    /// To everybody, by Baldone, with the usual budget.
    pub fn new(bound: Bound) -> Options {
        Options { method: Method::Baldone, bound, target: None, budget: Budget::default() }
    }
}

/// Amounts by party.
#[derive(Debug, Clone, PartialEq)]
pub struct Integrated {
    amounts: Vec<(u32, Amount)>,
}

impl Integrated {
    /// The amount for a party; nothing for one that was not reached.
    pub fn of(&self, party: u32) -> &Amount {
        match self.amounts.binary_search_by_key(&party, |a| a.0) {
            Ok(at) => self.amounts.get(at).map_or(&Amount::ZERO, |a| &a.1),
            Err(_) => &Amount::ZERO,
        }
    }

    /// Every party reached and its amount, by party.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &Amount)> {
        self.amounts.iter().map(|(p, a)| (*p, a))
    }
}

/// Integrated ownership of one source, or of several as one: each with a weight above nought
/// (others are passed over), usually 1. By Baldone several sources are one holder: chains end
/// where they come back to any of them.
///
/// With a target set, only amounts of parties on chains to it are right to read; the target's is
/// always among them.
pub fn integrated(w: &Weights, seeds: &[(u32, Exact)], options: &Options) -> Integrated {
    let walk = options.method == Method::Walk;
    let map = Map::new(w, seeds, options.bound, false, walk, options.target);
    map.amounts(options.budget)
}

/// What each party upstream holds of the target by all walks. For a holder that nobody owns
/// (a person) this is its integrated ownership by either method, all holders at the price of one.
pub fn integrated_into(w: &Weights, target: u32, bound: Bound, budget: Budget) -> Integrated {
    Map::new(w, &[(target, Exact::ONE)], bound, true, true, None).amounts(budget)
}

/// The part of the graph that is reached, renumbered. Values flow along its edges, from holder to
/// target, or from target to holder when `upward`.
pub(super) struct Map<'a> {
    ids: Vec<u32>,
    pub(super) starts: Vec<usize>,
    pub(super) next: Vec<u32>,
    pub(super) weight: Vec<&'a Exact>,
    /// What the seeds give directly.
    base: Vec<Exact>,
    keep: Vec<bool>,
    pub(super) upward: bool,
    pub(super) stop: &'a Stop,
}

fn links(w: &Weights, v: u32, bound: Bound, upward: bool) -> impl Iterator<Item = (u32, &Exact)> {
    let (down, up) = if upward { (None, Some(w.holders(v))) } else { (Some(w.holdings(v)), None) };
    let down = down.unwrap_or(&[]).iter().map(|s| (s.target, s));
    let up = up.into_iter().flatten().map(|s| (s.holder, s));
    down.chain(up).map(move |(other, s)| (other, s.at(bound))).filter(|(_, x)| x.is_positive())
}

impl<'a> Map<'a> {
    /// `pass_seeds`: seeds are walked through like all others.
    fn new(
        w: &'a Weights,
        seeds: &[(u32, Exact)],
        bound: Bound,
        upward: bool,
        pass_seeds: bool,
        to: Option<u32>,
    ) -> Self {
        let mut weights: FxHashMap<u32, Exact> = FxHashMap::default();
        let mut order = Vec::new();
        for (seed, x) in seeds.iter().filter(|s| s.1.is_positive()) {
            let sum = weights.entry(*seed).or_insert_with(|| {
                order.push(*seed);
                Exact::ZERO
            });
            *sum = &*sum + x;
        }
        let mut m = Map {
            ids: Vec::new(),
            starts: Vec::new(),
            next: Vec::new(),
            weight: Vec::new(),
            base: Vec::new(),
            keep: Vec::new(),
            upward,
            stop: w.stop(),
        };
        let mut index: FxHashMap<u32, u32> = FxHashMap::default();
        for seed in order {
            for (other, x) in links(w, seed, bound, upward) {
                let v = m.number(&mut index, other) as usize;
                let give = match weights.get(&seed) {
                    Some(s) if *s != Exact::ONE => s * x,
                    _ => x.clone(),
                };
                m.base[v] = &m.base[v] + &give;
            }
        }
        let mut at = 0;
        while let Some(&id) = m.ids.get(at) {
            m.starts.push(m.next.len());
            if pass_seeds || !weights.contains_key(&id) {
                for (other, x) in links(w, id, bound, upward) {
                    let v = m.number(&mut index, other);
                    m.next.push(v);
                    m.weight.push(x);
                }
            }
            at += 1;
        }
        m.starts.push(m.next.len());
        m.keep = match to {
            None => vec![true; m.ids.len()],
            Some(t) => m.leading_to(index.get(&t).copied()),
        };
        m
    }

    fn number(&mut self, index: &mut FxHashMap<u32, u32>, id: u32) -> u32 {
        *index.entry(id).or_insert_with(|| {
            self.ids.push(id);
            self.base.push(Exact::ZERO);
            (self.ids.len() - 1) as u32
        })
    }

    fn leading_to(&self, to: Option<u32>) -> Vec<bool> {
        let mut keep = vec![false; self.ids.len()];
        let Some(to) = to else { return keep };
        let back_starts = starts(self.ids.len(), self.next.iter().copied());
        let (mut slot, mut back) = (back_starts.clone(), vec![0u32; self.next.len()]);
        for v in 0..self.ids.len() {
            for &u in &self.next[self.starts[v]..self.starts[v + 1]] {
                back[slot[u as usize]] = v as u32;
                slot[u as usize] += 1;
            }
        }
        keep[to as usize] = true;
        let mut stack = vec![to as usize];
        while let Some(v) = stack.pop() {
            for &u in &back[back_starts[v]..back_starts[v + 1]] {
                if !std::mem::replace(&mut keep[u as usize], true) {
                    stack.push(u as usize);
                }
            }
        }
        keep
    }

    fn amounts(self, budget: Budget) -> Integrated {
        let n = self.ids.len();
        let mut task = Task {
            exact: self.base.iter().cloned().map(|x| (budget.ops > 0).then_some(x)).collect(),
            float: self.base.iter().map(Exact::to_f64).collect(),
            no_finite: vec![false; n],
            unknown: vec![false; n],
            position: vec![u32::MAX; n],
            bits: budget.bits,
            component: budget.component,
            ops: budget.ops,
        };
        let mut amounts: Vec<(u32, Amount)> = Vec::with_capacity(n);
        for nodes in components(&self.starts, &self.next).iter() {
            if !nodes.first().is_some_and(|v| self.keep[*v as usize]) {
                continue;
            }
            let solved = solve(&self, nodes, &mut task);
            for (at, &v) in nodes.iter().enumerate() {
                let amount = match &solved {
                    Solved::Exact(y) => Amount::of(y[at].clone()),
                    Solved::Float(y) => Amount::Finite { value: y[at], exact: None },
                    Solved::NoFinite => Amount::NoFinite,
                    Solved::Unknown => Amount::Unknown,
                };
                self.pass_on(v as usize, &amount, &mut task);
                amounts.push((self.ids[v as usize], amount));
            }
        }
        amounts.sort_unstable_by_key(|a| a.0);
        Integrated { amounts }
    }

    /// Gives a solved node's part to what it leads to. Nodes of its own component are solved
    /// already and read it no more.
    fn pass_on(&self, v: usize, amount: &Amount, task: &mut Task) {
        for at in self.starts[v]..self.starts[v + 1] {
            let u = self.next[at] as usize;
            if !self.keep[u] || task.position[u] != u32::MAX {
                continue;
            }
            match amount {
                Amount::NoFinite => task.no_finite[u] = true,
                Amount::Unknown => task.unknown[u] = true,
                Amount::Finite { value, exact } => {
                    task.float[u] += value * self.weight[at].to_f64();
                    task.exact[u] = match (exact, task.exact[u].take()) {
                        (Some(y), Some(sum)) => task.afford(&sum + &(y * self.weight[at])),
                        _ => None,
                    };
                }
            }
        }
    }
}
