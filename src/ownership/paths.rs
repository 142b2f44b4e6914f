//! Measures over chains themselves: sums over simple paths, and the widest path.

use super::Exact;
use super::solve::Number;
use super::weights::{Bound, Stake, Weights};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BinaryHeap;

/// Sums over simple paths from one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathSums {
    /// By party reached, the source left out: the sum, over the paths that pass no party twice,
    /// of their stakes multiplied. Ordered by party.
    pub sums: Vec<(u32, Exact)>,
    /// The steps ran out: the sums are only lower bounds.
    pub truncated: bool,
}

/// Sums over the simple paths from a source. Their number can double with every party more, so
/// `steps` bounds the work (a step on long numbers counts as several); what is left stays in it.
pub fn simple_path_sums(w: &Weights, source: u32, bound: Bound, steps: &mut u64) -> PathSums {
    let mut sums: FxHashMap<u32, Exact> = FxHashMap::default();
    let mut on_path: FxHashSet<u32> = FxHashSet::from_iter([source]);
    // The path: each party with what is left of its holdings and the product up to it.
    let mut path: Vec<(u32, std::slice::Iter<'_, Stake>, Exact)> =
        vec![(source, w.holdings(source).iter(), Exact::ONE)];
    let mut truncated = false;
    while let Some((v, rest, product)) = path.last_mut() {
        let Some(s) = rest.next() else {
            on_path.remove(v);
            path.pop();
            continue;
        };
        if !s.at(bound).is_positive() || on_path.contains(&s.target) {
            continue;
        }
        let here = &*product * s.at(bound);
        let sum = sums.entry(s.target).or_insert(Exact::ZERO);
        *sum = &*sum + &here;
        let cost = here.cost().saturating_add(sum.cost());
        on_path.insert(s.target);
        path.push((s.target, w.holdings(s.target).iter(), here));
        match steps.checked_sub(cost) {
            Some(left) if !w.stop().is_set() => *steps = left,
            _ => {
                *steps = 0;
                truncated = true;
                break;
            }
        }
    }
    let mut sums: Vec<(u32, Exact)> = sums.into_iter().collect();
    sums.sort_unstable_by_key(|s| s.0);
    PathSums { sums, truncated }
}

/// For every party upstream of the target: the smallest stake on its best chain to it, that is
/// the largest such smallest stake. Ordered by party; the target itself is left out.
pub fn widest(w: &Weights, target: u32, bound: Bound) -> Vec<(u32, Exact)> {
    let mut best: FxHashMap<u32, Exact> = FxHashMap::default();
    let mut done: FxHashSet<u32> = FxHashSet::default();
    let mut heap: BinaryHeap<(Exact, u32)> = BinaryHeap::from([(Exact::HUNDRED, target)]);
    while let Some((width, v)) = heap.pop() {
        if !done.insert(v) {
            continue;
        }
        for s in w.holders(v).filter(|s| s.at(bound).is_positive() && !done.contains(&s.holder)) {
            // The target's own width stands for "no stake yet": the first stake is its own width.
            let here = if v == target || *s.at(bound) < width { s.at(bound).clone() } else { width.clone() };
            if best.get(&s.holder).is_none_or(|b| *b < here) {
                best.insert(s.holder, here.clone());
                heap.push((here, s.holder));
            }
        }
    }
    let mut all: Vec<(u32, Exact)> = best.into_iter().collect();
    all.sort_unstable_by_key(|a| a.0);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn x(t: &str) -> Exact {
        Exact::parse(t).unwrap()
    }

    #[test]
    fn steps_that_run_out_are_reported() {
        let complete = (0..12u32)
            .flat_map(|a| (0..12u32).map(move |b| (a, b)))
            .filter(|(a, b)| a != b)
            .map(|(a, b)| Stake::exact(a, b, x("0.05")));
        let w = Weights::new(12, complete).unwrap();
        let mut steps = 10_000;
        let cut = simple_path_sums(&w, 0, Bound::Low, &mut steps);
        assert!(cut.truncated && steps == 0 && cut.sums.len() == 11);
        let mut steps = 10_000;
        let few =
            Weights::new(3, [Stake::exact(0, 1, x("0.5")), Stake::exact(1, 2, x("0.5")), Stake::exact(2, 0, x("0.5"))])
                .unwrap();
        let whole = simple_path_sums(&few, 0, Bound::Low, &mut steps);
        assert_eq!((whole.sums, whole.truncated), (vec![(1, x("0.5")), (2, x("0.25"))], false));
    }

    #[test]
    fn a_set_mark_ends_long_sums_and_solves() {
        use crate::graph::{Stop, Why};
        use crate::ownership::{Amount, LinkMethod, LinkQuery, Options, close_links, integrated};
        let every = |n: u32| (0..n).flat_map(move |a| (0..n).filter(move |b| *b != a).map(move |b| (a, b)));
        let w = Weights::new(40, every(40).map(|(a, b)| Stake::exact(a, b, x("0.02")))).unwrap();
        let stop = Stop::new();
        let w = w.until(&stop);
        let finite = |w: &Weights| {
            matches!(integrated(w, &[(0, Exact::ONE)], &Options::new(Bound::Low)).of(1), Amount::Finite { .. })
        };
        assert!(finite(&w));
        stop.set(Why::Asker);
        // More paths than anybody could walk.
        let mut steps = u64::MAX;
        assert!(simple_path_sums(&w, 0, Bound::Low, &mut steps).truncated);
        let method = LinkMethod::SimplePaths { steps: u64::MAX };
        let q = LinkQuery { threshold: x("0.2"), bound: Bound::Low, method, limit: 10 };
        assert!(close_links(&w, None, &q).truncated);
        assert!(!finite(&w));
    }

    #[test]
    fn the_widest_path_is_not_the_shortest() {
        let w = Weights::new(
            3,
            [
                Stake::exact(0, 2, x("0.1")),
                Stake::exact(0, 1, x("0.9")),
                Stake::exact(1, 2, x("0.4")),
                Stake::exact(2, 1, x("1")),
            ],
        )
        .unwrap();
        assert_eq!(widest(&w, 2, Bound::Low), [(0, x("0.4")), (1, x("0.4"))]);
    }
}
