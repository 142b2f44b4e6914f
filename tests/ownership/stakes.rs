//! Reports merged to stakes, and what a set of holders has by them.

use super::reading::{Bounds, Direct, Edge, Kind, Network, Q, Sure, q};
use num_traits::Zero;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A set of parties, by position.
pub(super) type Set = Vec<bool>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    Shares,
    Votes,
}

/// Which of the two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Run {
    Certain,
    Possible,
}

/// A number, and whether it itself is excluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Limit {
    pub(super) value: Q,
    pub(super) open: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Stake {
    pub(super) bounds: Bounds,
    /// Holders, and whether a certain report names them.
    pub(super) holders: BTreeMap<usize, bool>,
    pub(super) edges: Vec<usize>,
}

impl Stake {
    fn counts(&self, target: usize, set: &Set, run: Run, all_holders: bool) -> bool {
        // Of a joint stake that is certain, a holder who is only alleged decides nothing.
        let any_certain = self.holders.values().any(|c| *c);
        let lenient = run == Run::Possible || !any_certain;
        let counts = |(h, certain): (&usize, &bool)| *h != target && set[*h] && (*certain || lenient);
        if all_holders { self.holders.iter().all(counts) } else { self.holders.iter().any(counts) }
    }
}

/// All stakes into one party on one basis.
#[derive(Debug, Clone)]
pub(super) struct Holdings {
    pub(super) target: usize,
    pub(super) stakes: Vec<Stake>,
    pub(super) over_100: bool,
    /// The edges of each stake that has reports which exclude each other.
    pub(super) conflicts: Vec<Vec<usize>>,
    complete: bool,
    open_world: bool,
    all_holders: bool,
}

/// Which of two lower limits is higher: an open one lies above the closed one of its value.
fn by_low(a: &Bounds, b: &Bounds) -> Ordering {
    (&a.low, a.low_open).cmp(&(&b.low, b.low_open))
}

/// Which of two upper limits is higher: a closed one lies above the open one of its value.
fn by_high(a: &Bounds, b: &Bounds) -> Ordering {
    (&a.high, !a.high_open).cmp(&(&b.high, !b.high_open))
}

/// The interval from one's lower to the other's upper end.
fn between(low: &Bounds, high: &Bounds) -> Bounds {
    Bounds { low: low.low.clone(), low_open: low.low_open, high: high.high.clone(), high_open: high.high_open }
}

fn is_empty(b: &Bounds) -> bool {
    b.low > b.high || (b.low == b.high && (b.low_open || b.high_open))
}

fn intersection(all: &[Bounds]) -> Bounds {
    between(all.iter().max_by(|a, b| by_low(a, b)).unwrap(), all.iter().min_by(|a, b| by_high(a, b)).unwrap())
}

fn hull(all: &[Bounds]) -> Bounds {
    between(all.iter().min_by(|a, b| by_low(a, b)).unwrap(), all.iter().max_by(|a, b| by_high(a, b)).unwrap())
}

/// One stake from its reports, and whether they exclude each other.
fn merge(certain: &[Bounds], possible: &[Bounds]) -> (Bounds, bool) {
    let none = Bounds { low: Q::zero(), low_open: false, high: Q::zero(), high_open: false };
    let reach = |from: &Bounds, by: &[Bounds]| {
        let top = by.iter().chain([from]).max_by(|a, b| by_high(a, b)).unwrap().clone();
        between(from, &top)
    };
    if certain.is_empty() {
        return (reach(&Bounds { high_open: true, ..none }, possible), false);
    }
    let common = intersection(certain);
    let disagree = is_empty(&common);
    let sure = if disagree { hull(certain) } else { common };
    // An uncertain report that agrees with the certain ones, or names no number, adds nothing.
    let unknown = |b: &Bounds| b.low.is_zero() && b.high == q("100") && !b.high_open;
    let outside: Vec<Bounds> = possible
        .iter()
        .filter(|p| !unknown(p) && is_empty(&intersection(&[(*p).clone(), sure.clone()])))
        .cloned()
        .collect();
    (reach(&sure, &outside), disagree || !outside.is_empty())
}

impl Holdings {
    /// The stakes in a party.
    pub(super) fn of(net: &Network, target: usize, basis: Basis, all_holders: bool) -> Holdings {
        let mut groups: BTreeMap<(Option<usize>, &str, bool), Vec<usize>> = BTreeMap::new();
        for (i, e) in net.edges.iter().enumerate() {
            let fits = match basis {
                Basis::Shares => matches!(e.kind, Kind::Shares | Kind::Ambiguous),
                Basis::Votes => e.kind == Kind::Votes,
            };
            if fits && e.to == target && net.counts(e) > Sure::Never {
                let summary = e.direct == Direct::Indirect;
                let key = if e.joint.is_empty() {
                    (Some(e.from), e.stake.as_str(), summary)
                } else {
                    (None, e.joint.as_str(), false)
                };
                groups.entry(key).or_default().push(i);
            }
        }
        let (mut stakes, mut conflicts) = (Vec::new(), Vec::new());
        // A summary beside a direct stake of the same holder may contain it.
        let direct: BTreeSet<usize> = groups
            .values()
            .flatten()
            .map(|i| &net.edges[*i])
            .filter(|e| e.direct != Direct::Indirect)
            .map(|e| e.from)
            .collect();
        for edges in groups.into_values() {
            let sure = |e: &Edge| {
                let doubtful = e.kind == Kind::Ambiguous || (e.direct == Direct::Indirect && direct.contains(&e.from));
                if doubtful { net.counts(e).min(Sure::Possible) } else { net.counts(e) }
            };
            let bounds = |want: Sure| -> Vec<Bounds> {
                edges.iter().map(|i| &net.edges[*i]).filter(|e| sure(e) == want).map(|e| e.bounds.clone()).collect()
            };
            let (merged, conflict) = merge(&bounds(Sure::Certain), &bounds(Sure::Possible));
            if conflict {
                conflicts.push(edges.clone());
            }
            let mut holders = BTreeMap::new();
            for e in edges.iter().map(|i| &net.edges[*i]) {
                *holders.entry(e.from).or_insert(false) |= sure(e) == Sure::Certain;
            }
            stakes.push(Stake { bounds: merged, holders, edges });
        }
        let node = &net.nodes[target];
        let any = !stakes.is_empty();
        if node.treasury_excluded {
            stakes = without_treasury(target, stakes);
        }
        let lows: Q = stakes.iter().map(|s| &s.bounds.low).sum();
        let any_open = stakes.iter().any(|s| s.bounds.low_open);
        Holdings {
            target,
            stakes,
            over_100: lows > q("100") || (lows == q("100") && any_open),
            conflicts,
            complete: node.complete,
            // Where no votes are on record, nothing says that they differ from the shares.
            open_world: node.open_world && (basis == Basis::Shares || any),
            all_holders,
        }
    }

    /// Sum of one end over the stakes that count (or do not), open if one of them is.
    fn sum(&self, set: &Set, run: Run, counted: bool, high: bool) -> Limit {
        let mut total = Limit { value: Q::zero(), open: false };
        for s in self.stakes.iter().filter(|s| s.counts(self.target, set, run, self.all_holders) == counted) {
            let (v, open) =
                if high { (&s.bounds.high, s.bounds.high_open) } else { (&s.bounds.low, s.bounds.low_open) };
            total.value += v;
            total.open |= open;
        }
        total
    }

    /// At least so much is held by the set (open: more).
    pub(super) fn inf(&self, set: &Set) -> Limit {
        let low = self.sum(set, Run::Certain, true, false);
        let highs: Q = self.stakes.iter().map(|s| &s.bounds.high).sum();
        if !self.complete || self.over_100 || highs < q("100") {
            return low;
        }
        let out = self.sum(set, Run::Certain, false, true);
        let rest = Limit { value: q("100") - out.value, open: out.open };
        match rest.value.cmp(&low.value) {
            Ordering::Greater => rest,
            Ordering::Equal => Limit { open: low.open || rest.open, ..low },
            Ordering::Less => low,
        }
    }

    /// At most so much is held by the set (open: less).
    pub(super) fn sup(&self, set: &Set) -> Limit {
        let high = self.sum(set, Run::Possible, true, true);
        if self.over_100 {
            return high;
        }
        let out = self.sum(set, Run::Possible, false, false);
        let rest = Limit { value: q("100") - out.value, open: out.open };
        if self.open_world {
            return rest;
        }
        match rest.value.cmp(&high.value) {
            Ordering::Less => rest,
            Ordering::Equal => Limit { open: high.open || rest.open, ..high },
            Ordering::Greater => high,
        }
    }
}

/// A company's stake in itself taken out, the others scaled up to the rest.
fn without_treasury(target: usize, stakes: Vec<Stake>) -> Vec<Stake> {
    let (own, mut rest): (Vec<Stake>, Vec<Stake>) =
        stakes.into_iter().partition(|s| s.holders.keys().all(|h| *h == target));
    let low: Q = own.iter().map(|s| &s.bounds.low).sum();
    let high: Q = own.iter().map(|s| &s.bounds.high).sum();
    let (low_open, high_open) = (own.iter().any(|s| s.bounds.low_open), own.iter().any(|s| s.bounds.high_open));
    if own.is_empty() {
        return rest;
    }
    let whole = q("100");
    let scale = |v: &Q, by: &Q| match (v.is_zero(), *by >= whole) {
        (true, _) => Q::zero(),
        (false, true) => whole.clone(),
        (false, false) => v * &whole / (&whole - by),
    };
    for b in rest.iter_mut().map(|s| &mut s.bounds) {
        b.low_open |= low_open && !b.low.is_zero();
        b.high_open |= high_open && high < whole && !b.high.is_zero();
        (b.low, b.high) = (scale(&b.low, &low), scale(&b.high, &high));
    }
    rest
}

/// Ids of the edges, each once.
pub(super) fn ids(net: &Network, edges: impl IntoIterator<Item = usize>) -> BTreeSet<String> {
    edges.into_iter().map(|i| net.edges[i].id.clone()).collect()
}
