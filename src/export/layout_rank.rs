//! Layers: which box stands above which.

use super::layout::{Pull, Tie};
use std::collections::BTreeSet;

/// Rounds in which boxes are drawn towards their neighbours.
const TIGHTEN: usize = 8;

fn least_span(pull: Pull) -> i64 {
    i64::from(pull != Pull::Beside)
}

/// The layer of each box, from 0 at the top without gaps.
///
/// Chain ties always point down unless they close a ring; of a ring, the tie that a walk from
/// the outermost owners (then from the first box) finds last points up. Other ties point down
/// where the chains leave room. Very wide layers are broken into several.
pub(super) fn ranks(n: usize, ties: &[Tie]) -> Vec<usize> {
    let place = linear_order(n, ties);
    // Oriented by place, every tie agrees with one order: no rings are left.
    let arcs: Vec<(usize, usize, i64, i64)> = ties
        .iter()
        .filter(|t| t.from != t.to)
        .map(|t| {
            let (a, b) = if place[t.from] < place[t.to] { (t.from, t.to) } else { (t.to, t.from) };
            (a, b, least_span(t.pull), if t.pull == Pull::Chain { 3 } else { 1 })
        })
        .collect();
    let mut into: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); n];
    for (k, a) in arcs.iter().enumerate() {
        out[a.0].push(k);
        into[a.1].push(k);
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|v| place[*v]);
    let mut rank = vec![0i64; n];
    for &v in &order {
        rank[v] = into[v].iter().map(|k| rank[arcs[*k].0] + arcs[*k].2).max().unwrap_or(0);
    }
    let mut wishes: Vec<i64> = Vec::new();
    for round in 0..TIGHTEN {
        let mut draw = |v: usize| {
            wishes.clear();
            let (mut low, mut high) = (i64::MIN, i64::MAX);
            for k in &into[v] {
                let (u, _, span, weight) = arcs[*k];
                low = low.max(rank[u] + span);
                wishes.extend((0..weight).map(|_| rank[u] + span));
            }
            for k in &out[v] {
                let (_, w, span, weight) = arcs[*k];
                high = high.min(rank[w] - span);
                wishes.extend((0..weight).map(|_| rank[w] - span));
            }
            if !wishes.is_empty() {
                wishes.sort_unstable();
                let middle = wishes[wishes.len() / 2];
                rank[v] = middle.max(low).min(high);
            }
        };
        if round % 2 == 0 { order.iter().rev().for_each(|v| draw(*v)) } else { order.iter().for_each(|v| draw(*v)) }
    }
    fold_wide(rank, &order)
}

/// An order of all boxes in which every chain tie that closes no ring points forward, and other
/// directed ties do where possible.
fn linear_order(n: usize, ties: &[Tie]) -> Vec<usize> {
    let mut chain: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut weak: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut owners = vec![0usize; n];
    let mut weak_in = vec![0usize; n];
    for (k, t) in ties.iter().enumerate().filter(|(_, t)| t.from != t.to) {
        match t.pull {
            Pull::Chain => {
                chain[t.from].push(k);
                owners[t.to] += 1;
            }
            Pull::Down => {
                weak[t.from].push(k);
                weak_in[t.to] += 1;
            }
            Pull::Beside => {}
        }
    }
    // Ties back to a box that the walk has not finished close a ring.
    let mut back = vec![false; ties.len()];
    let mut state = vec![0u8; n];
    let starts = (0..n).filter(|v| owners[*v] == 0).chain(0..n).collect::<Vec<_>>();
    let mut walk: Vec<(usize, usize)> = Vec::new();
    for start in starts {
        if state[start] != 0 {
            continue;
        }
        state[start] = 1;
        walk.push((start, 0));
        while let Some((v, next)) = walk.last_mut() {
            let Some(&k) = chain[*v].get(*next) else {
                state[*v] = 2;
                walk.pop();
                continue;
            };
            *next += 1;
            let w = ties[k].to;
            match state[w] {
                0 => {
                    state[w] = 1;
                    walk.push((w, 0));
                }
                1 => {
                    back[k] = true;
                    owners[w] -= 1;
                }
                _ => {}
            }
        }
    }
    let mut ready: BTreeSet<(usize, usize)> = (0..n).filter(|v| owners[*v] == 0).map(|v| (weak_in[v], v)).collect();
    let mut place = vec![usize::MAX; n];
    let mut next = 0;
    while let Some((_, v)) = ready.pop_first() {
        place[v] = next;
        next += 1;
        for k in &weak[v] {
            let w = ties[*k].to;
            if place[w] == usize::MAX {
                let was = ready.remove(&(weak_in[w], w));
                weak_in[w] -= 1;
                if was {
                    ready.insert((weak_in[w], w));
                }
            }
        }
        for k in chain[v].iter().filter(|k| !back[**k]) {
            let w = ties[*k].to;
            owners[w] -= 1;
            if owners[w] == 0 {
                ready.insert((weak_in[w], w));
            }
        }
    }
    place
}

/// Numbers the layers from 0, and breaks a layer of too many boxes into rows of their own, so
/// that a firm with a hundred daughters still fits a page.
fn fold_wide(rank: Vec<i64>, order: &[usize]) -> Vec<usize> {
    let n = rank.len();
    let widest = (8.0f64).max((2.5 * n as f64).sqrt().ceil()) as usize;
    let mut levels: Vec<i64> = rank.clone();
    levels.sort_unstable();
    levels.dedup();
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); levels.len()];
    for &v in order {
        if let Ok(level) = levels.binary_search(&rank[v]) {
            rows[level].push(v);
        }
    }
    let mut folded = vec![0usize; n];
    let mut base = 0;
    for row in rows {
        let parts = row.len().div_ceil(widest).max(1);
        for (k, v) in row.iter().enumerate() {
            folded[*v] = base + k % parts;
        }
        base += parts;
    }
    folded
}
