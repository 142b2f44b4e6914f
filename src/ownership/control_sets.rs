//! Company control: whom a party controls through majorities, its own and those of what it
//! controls (Ceri, Gottlob and Tanca 1990), and through ties that are control by themselves.

use super::Exact;
use super::weights::{Bound, Weights};
use rustc_hash::{FxHashMap, FxHashSet};

/// Control that needs no majority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// Who controls.
    pub controller: u32,
    /// Whom.
    pub controlled: u32,
    /// Certain, not only possible.
    pub certain: bool,
}

/// Ties of control, by both ends.
#[derive(Debug, Clone, Default)]
pub struct Ties {
    down: FxHashMap<u32, Vec<Tie>>,
    up: FxHashMap<u32, Vec<Tie>>,
}

impl Ties {
    /// From a list; the same pair may stand in it several times.
    pub fn new(ties: impl IntoIterator<Item = Tie>) -> Ties {
        let mut all = Ties::default();
        for t in ties {
            all.down.entry(t.controller).or_default().push(t);
            all.up.entry(t.controlled).or_default().push(t);
        }
        all
    }

    /// Whom a party controls by a tie; by `Bound::Low` the certain ones only.
    pub fn of(&self, controller: u32, bound: Bound) -> impl Iterator<Item = u32> {
        counted(self.down.get(&controller), bound).map(|t| t.controlled)
    }

    /// Who controls a party by a tie; by `Bound::Low` the certain ones only.
    pub fn onto(&self, controlled: u32, bound: Bound) -> impl Iterator<Item = u32> {
        counted(self.up.get(&controlled), bound).map(|t| t.controller)
    }
}

fn counted(ties: Option<&Vec<Tie>>, bound: Bound) -> impl Iterator<Item = &Tie> {
    ties.map_or(&[][..], Vec::as_slice).iter().filter(move |t| t.certain || bound == Bound::High)
}

/// Whom the source controls, in order: the least set such that the source and the set together
/// hold more than half of every member, or one of them has a tie to it. Certainly so by
/// `Bound::Low`, possibly by `Bound::High`. The source itself is left out.
///
/// For each target the stakes must be of one basis: votes where any are recorded, else shares.
pub fn controlled(w: &Weights, ties: &Ties, source: u32, bound: Bound) -> Vec<u32> {
    let mut all: Vec<u32> = fixed_point(w, ties, source, bound, |_| true, None).into_iter().collect();
    all.sort_unstable();
    all
}

/// The same for every party that controls anybody.
pub fn control_all(w: &Weights, ties: &Ties, bound: Bound) -> Vec<(u32, Vec<u32>)> {
    let mut sources: Vec<u32> = w.stakes().iter().map(|s| s.holder).chain(ties.down.keys().copied()).collect();
    sources.sort_unstable();
    sources.dedup();
    let each = sources.into_iter().map(|x| (x, controlled(w, ties, x, bound)));
    each.filter(|(_, set)| !set.is_empty()).collect()
}

/// [`controlled`] among the parties for which `within` holds, ending early once `until` is in.
pub(super) fn fixed_point(
    w: &Weights,
    ties: &Ties,
    source: u32,
    bound: Bound,
    within: impl Fn(u32) -> bool,
    until: Option<u32>,
) -> FxHashSet<u32> {
    let half = Exact::ratio(1, 2).unwrap_or(Exact::ONE);
    let mut inside: FxHashSet<u32> = FxHashSet::default();
    // What the set holds, and whether it is surely more than that.
    let mut sums: FxHashMap<u32, (Exact, bool)> = FxHashMap::default();
    let mut queue = vec![source];
    while let Some(v) = queue.pop() {
        let mut enter = |t: u32, queue: &mut Vec<u32>| {
            if t != source && inside.insert(t) {
                queue.push(t);
            }
        };
        for t in ties.of(v, bound).filter(|t| within(*t)) {
            enter(t, &mut queue);
        }
        for s in w.holdings(v) {
            let more = bound == Bound::Low && s.low_open;
            if s.target == v || !within(s.target) || !(s.at(bound).is_positive() || more) {
                continue;
            }
            let (sum, open) = sums.entry(s.target).or_insert((Exact::ZERO, false));
            *sum = &*sum + s.at(bound);
            *open |= more;
            if *sum > half || (*open && *sum == half) {
                enter(s.target, &mut queue);
            }
        }
        if until.is_some_and(|t| inside.contains(&t)) {
            break;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ownership::weights::Stake;

    fn x(t: &str) -> Exact {
        Exact::parse(t).unwrap()
    }

    #[test]
    fn half_is_no_majority_but_more_than_half_is() {
        let band = |holder| Stake {
            low: x("0.25"),
            high: x("0.5"),
            low_open: holder == 0,
            ..Stake::exact(holder, 3, x("0.5"))
        };
        let one = Weights::new(4, [Stake::exact(0, 1, x("0.5")), Stake::exact(0, 2, x("0.51"))]).unwrap();
        assert_eq!(controlled(&one, &Ties::default(), 0, Bound::Low), [2]);
        // More than a quarter and a quarter are surely more than half.
        let bands = Weights::new(4, [Stake::exact(0, 1, x("0.6")), band(0), band(1)]).unwrap();
        assert_eq!(controlled(&bands, &Ties::default(), 0, Bound::Low), [1, 3]);
    }

    #[test]
    fn ties_control_outright_and_a_ring_does_not_support_itself() {
        let w =
            Weights::new(4, [Stake::exact(1, 2, x("0.6")), Stake::exact(2, 1, x("0.6")), Stake::exact(0, 1, x("0.1"))])
                .unwrap();
        assert!(controlled(&w, &Ties::default(), 0, Bound::High).is_empty());
        let ties = Ties::new([
            Tie { controller: 0, controlled: 2, certain: true },
            Tie { controller: 1, controlled: 3, certain: false },
        ]);
        assert_eq!(controlled(&w, &ties, 0, Bound::Low), [1, 2]);
        assert_eq!(controlled(&w, &ties, 0, Bound::High), [1, 2, 3]);
        let all = control_all(&w, &ties, Bound::Low);
        assert_eq!(all, [(0, vec![1, 2]), (1, vec![2]), (2, vec![1])]);
    }
}
