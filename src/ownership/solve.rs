//! One strongly connected component of stakes solved: elimination without pivoting, exactly or
//! in floats, and sweeps for what elimination cannot afford.
//!
//! The system is `y(j) = b(j) + sum of y(k) w(k, j)`, all weights above nought. It has a finite
//! value exactly if every pivot of the elimination is above nought, whatever the order
//! (`I - W` is then a nonsingular M-matrix).

use super::Exact;
use crate::graph::Stop;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a pivot says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pivot {
    /// Surely above nought.
    Positive,
    /// Surely not.
    NotPositive,
    /// Too near to nought to say.
    Unclear,
}

/// The arithmetic of a solve.
pub(super) trait Number: Clone {
    const ZERO: Self;
    const ONE: Self;
    fn plus(&self, o: &Self) -> Self;
    fn minus(&self, o: &Self) -> Self;
    fn times(&self, o: &Self) -> Self;
    /// `o` is above nought.
    fn over(&self, o: &Self) -> Self;
    /// `safe`: the number was added up from parts above nought, nothing was subtracted.
    fn pivot(&self, safe: bool) -> Pivot;
    /// What one operation with this result costs.
    fn cost(&self) -> u64;
}

impl Number for Exact {
    const ZERO: Exact = Exact::ZERO;
    const ONE: Exact = Exact::ONE;
    fn plus(&self, o: &Exact) -> Exact {
        self + o
    }
    fn minus(&self, o: &Exact) -> Exact {
        self - o
    }
    fn times(&self, o: &Exact) -> Exact {
        self * o
    }
    fn over(&self, o: &Exact) -> Exact {
        self / o
    }
    fn pivot(&self, _: bool) -> Pivot {
        if self.is_positive() { Pivot::Positive } else { Pivot::NotPositive }
    }
    fn cost(&self) -> u64 {
        // Reducing a long fraction takes time quadratic in its length.
        let words = self.bits() / 256;
        if self.bits() <= 256 { 1 } else { words.saturating_mul(words).saturating_mul(10).saturating_add(20) }
    }
}

/// Rounding can move a float pivot made by subtraction; none has been seen to move this far.
const UNCLEAR: f64 = 1e-6;

impl Number for f64 {
    const ZERO: f64 = 0.0;
    const ONE: f64 = 1.0;
    fn plus(&self, o: &f64) -> f64 {
        self + o
    }
    fn minus(&self, o: &f64) -> f64 {
        self - o
    }
    fn times(&self, o: &f64) -> f64 {
        self * o
    }
    fn over(&self, o: &f64) -> f64 {
        self / o
    }
    fn pivot(&self, safe: bool) -> Pivot {
        if !self.is_finite() {
            Pivot::Unclear
        } else if *self > if safe { 0.0 } else { UNCLEAR } {
            Pivot::Positive
        } else if *self < -UNCLEAR {
            Pivot::NotPositive
        } else {
            Pivot::Unclear
        }
    }
    fn cost(&self) -> u64 {
        1
    }
}

/// What came of a solve.
#[derive(Debug)]
pub(super) enum Outcome<N> {
    /// The values.
    Solved(Vec<N>),
    /// There is no finite value.
    NotFinite,
    /// It was too near the border to say.
    Unclear,
    /// It cost more than it may.
    GaveUp,
}

/// What is missing in the sum of stakes *into each party* to 1, where that is never below
/// nought: then pivots can be added up instead of subtracted and keep their accuracy (the
/// method of Grassmann, Taksar and Heyman).
#[derive(Debug, Clone)]
pub(super) struct Slack<N> {
    pub(super) of: Vec<N>,
    /// Values flow from the held to the holder: the sums are over what a node leads to.
    pub(super) upward: bool,
}

/// A system to solve, nodes `0..n`.
#[derive(Debug, Clone)]
pub(super) struct System<N> {
    /// By node: what flows into it from which other node, by node. No loops.
    pub(super) ins: Vec<Vec<(u32, N)>>,
    /// By node: where it flows to.
    pub(super) outs: Vec<Vec<u32>>,
    /// By node: what flows into it from itself.
    pub(super) own: Vec<N>,
    /// What comes from outside.
    pub(super) b: Vec<N>,
}

/// An eliminated node, its pivot, and what flowed into it then.
struct Gone<N> {
    node: u32,
    pivot: N,
    ins: Vec<(u32, N)>,
}

struct Work<N> {
    s: System<N>,
    dead: Vec<bool>,
    ins_live: Vec<u32>,
    outs_live: Vec<u32>,
    queue: BinaryHeap<Reverse<(u64, u32)>>,
}

impl<N: Number> Work<N> {
    fn rank(&self, v: u32) -> u64 {
        u64::from(self.ins_live[v as usize]) * u64::from(self.outs_live[v as usize])
    }

    /// The live node whose elimination adds least.
    fn pop(&mut self) -> Option<u32> {
        while let Some(Reverse((rank, v))) = self.queue.pop() {
            if self.dead[v as usize] {
                continue;
            }
            let now = self.rank(v);
            if now > rank {
                self.queue.push(Reverse((now, v)));
                continue;
            }
            return Some(v);
        }
        None
    }

    /// Adds `factor` times each of `from` to what flows into `j`. The cost.
    fn add(&mut self, j: u32, from: &[(u32, N)], factor: &N) -> u64 {
        let ju = j as usize;
        let mut row = std::mem::take(&mut self.s.ins[ju]);
        let mut cost = 0u64;
        let mut fresh = Vec::new();
        if from.len().saturating_mul(8) < row.len() {
            for (k, a) in from {
                let x = a.times(factor);
                cost = cost.saturating_add(x.cost());
                if *k == j {
                    self.s.own[ju] = self.s.own[ju].plus(&x);
                    continue;
                }
                match row.binary_search_by_key(k, |e| e.0) {
                    Ok(at) => row[at].1 = row[at].1.plus(&x),
                    Err(at) => {
                        cost = cost.saturating_add((row.len() / 64) as u64);
                        row.insert(at, (*k, x));
                        fresh.push(*k);
                    }
                }
            }
        } else {
            let mut merged = Vec::with_capacity(row.len() + from.len());
            let mut old = row.into_iter().filter(|e| !self.dead[e.0 as usize]).peekable();
            for (k, a) in from {
                while let Some(e) = old.next_if(|e| e.0 < *k) {
                    merged.push(e);
                }
                let x = a.times(factor);
                cost = cost.saturating_add(x.cost());
                if *k == j {
                    self.s.own[ju] = self.s.own[ju].plus(&x);
                } else if let Some((_, y)) = old.next_if(|e| e.0 == *k) {
                    merged.push((*k, y.plus(&x)));
                } else {
                    merged.push((*k, x));
                    fresh.push(*k);
                }
            }
            merged.extend(old);
            cost = cost.saturating_add((merged.len() / 8) as u64);
            row = merged;
        }
        self.s.ins[ju] = row;
        self.ins_live[ju] += fresh.len() as u32;
        for k in fresh {
            self.s.outs[k as usize].push(j);
            self.outs_live[k as usize] += 1;
        }
        cost
    }
}

/// Takes the cost from the allowance; what cannot be paid leaves nothing.
fn spend(allowance: &mut u64, cost: u64) -> bool {
    let left = allowance.checked_sub(cost);
    *allowance = left.unwrap_or(0);
    left.is_some()
}

/// Solves by eliminating node after node, the one that adds least first; `allowance` is what it
/// may cost, and what is left of it afterwards. A set mark ends it, too.
pub(super) fn eliminate<N: Number>(
    system: System<N>,
    mut slack: Option<Slack<N>>,
    allowance: &mut u64,
    stop: &Stop,
) -> Outcome<N> {
    let n = system.b.len();
    let ins_live: Vec<u32> = system.ins.iter().map(|r| r.len() as u32).collect();
    let outs_live: Vec<u32> = system.outs.iter().map(|r| r.len() as u32).collect();
    let mut w = Work { s: system, dead: vec![false; n], ins_live, outs_live, queue: BinaryHeap::new() };
    w.queue = (0..n as u32).map(|v| Reverse((w.rank(v), v))).collect();
    let mut gone: Vec<Gone<N>> = Vec::with_capacity(n);
    while let Some(e) = w.pop() {
        let eu = e as usize;
        let mut ins = std::mem::take(&mut w.s.ins[eu]);
        ins.retain(|x| !w.dead[x.0 as usize]);
        let mut outs: Vec<(u32, N)> = Vec::with_capacity(w.outs_live[eu] as usize);
        for j in std::mem::take(&mut w.s.outs[eu]) {
            let row = &w.s.ins[j as usize];
            if !w.dead[j as usize]
                && let Ok(at) = row.binary_search_by_key(&e, |x| x.0)
            {
                outs.push((j, row[at].1.clone()));
            }
        }
        let pivot = match &slack {
            Some(s) => (if s.upward { &outs } else { &ins }).iter().fold(s.of[eu].clone(), |sum, x| sum.plus(&x.1)),
            None => N::ONE.minus(&w.s.own[eu]),
        };
        match pivot.pivot(slack.is_some()) {
            Pivot::Positive => {}
            Pivot::NotPositive => return Outcome::NotFinite,
            Pivot::Unclear => return Outcome::Unclear,
        }
        w.dead[eu] = true;
        let mut cost = 1u64;
        if let Some(s) = &mut slack {
            for (v, a) in if s.upward { &ins } else { &outs } {
                let more = s.of[eu].times(a).over(&pivot);
                cost = cost.saturating_add(more.cost());
                s.of[*v as usize] = s.of[*v as usize].plus(&more);
            }
        }
        for (k, _) in &ins {
            w.outs_live[*k as usize] -= 1;
        }
        for (j, a) in &outs {
            let ju = *j as usize;
            w.ins_live[ju] -= 1;
            let factor = a.over(&pivot);
            let b = w.s.b[ju].plus(&w.s.b[eu].times(&factor));
            cost = cost.saturating_add(factor.cost()).saturating_add(b.cost());
            w.s.b[ju] = b;
            cost = cost.saturating_add(w.add(*j, &ins, &factor));
            if cost > *allowance || stop.is_set() {
                spend(allowance, cost);
                return Outcome::GaveUp;
            }
        }
        for (v, _) in ins.iter().chain(&outs) {
            let rank = w.rank(*v);
            w.queue.push(Reverse((rank, *v)));
        }
        gone.push(Gone { node: e, pivot, ins });
        if !spend(allowance, cost) {
            return Outcome::GaveUp;
        }
    }
    let mut y = vec![N::ZERO; n];
    for Gone { node, pivot, ins } in gone.into_iter().rev() {
        let mut sum = w.s.b[node as usize].clone();
        let mut cost = 1u64;
        for (k, a) in &ins {
            sum = sum.plus(&a.times(&y[*k as usize]));
            cost = cost.saturating_add(sum.cost());
        }
        if !spend(allowance, cost) {
            return Outcome::GaveUp;
        }
        y[node as usize] = sum.over(&pivot);
    }
    Outcome::Solved(y)
}

/// Solves by sweeps (Gauss-Seidel) until what is still to come is below 1e-14 of what is there.
/// For a system known to have a finite value; `Unclear` when it comes too slowly.
pub(super) fn sweep(s: &System<f64>, allowance: u64, stop: &Stop) -> Outcome<f64> {
    let edges: u64 = s.ins.iter().map(|r| r.len() as u64 + 1).sum();
    let rounds = (allowance / edges.max(1)).clamp(10, 100_000);
    let mut y = vec![0.0f64; s.b.len()];
    let mut before = f64::INFINITY;
    for _ in 0..rounds {
        if stop.is_set() {
            return Outcome::GaveUp;
        }
        // The largest relative growth of any value: all only grow.
        let mut growth = 0.0f64;
        for (j, row) in s.ins.iter().enumerate() {
            let sum = row.iter().fold(s.b[j], |sum, (k, a)| sum + a * y[*k as usize]);
            let new = sum / (1.0 - s.own[j]);
            if new > y[j] {
                growth = growth.max((new - y[j]) / new);
                y[j] = new;
            }
        }
        let rate = if before.is_finite() { growth / before } else { 1.0 };
        if growth == 0.0 || (rate < 1.0 && growth * rate / (1.0 - rate) < 1e-14 && growth < 1e-10) {
            return Outcome::Solved(y);
        }
        before = growth;
    }
    Outcome::Unclear
}
