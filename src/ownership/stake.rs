//! One stake, merged from all reports of it.

use super::exact::Exact;
use super::regime::Joint;
use super::run::Mode;
use crate::graph::{Edge, Node};
use crate::model::Share;

/// Bounds of a share in percent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Lower end.
    pub low: Exact,
    /// The lower end itself is excluded.
    pub low_open: bool,
    /// Upper end.
    pub high: Exact,
    /// The upper end itself is excluded.
    pub high_open: bool,
}

impl Bounds {
    /// Of a share as reported; an unknown one is more than nought, at most the whole.
    pub(super) fn of(share: Option<Share>) -> Bounds {
        match share {
            Some(s) => Bounds { low: s.min.into(), low_open: s.open_min, high: s.max.into(), high_open: s.open_max },
            None => Bounds { low: Exact::ZERO, low_open: true, high: Exact::HUNDRED, high_open: false },
        }
    }

    /// Whether it is one known number.
    pub fn is_exact(&self) -> bool {
        self.low == self.high
    }

    fn disjoint(&self, o: &Bounds) -> bool {
        let before = |a: &Bounds, b: &Bounds| a.high < b.low || (a.high == b.low && (a.high_open || b.low_open));
        before(self, o) || before(o, self)
    }

    fn intersect(&mut self, o: &Bounds) {
        match o.low.cmp(&self.low) {
            std::cmp::Ordering::Greater => (self.low, self.low_open) = (o.low.clone(), o.low_open),
            std::cmp::Ordering::Equal => self.low_open |= o.low_open,
            std::cmp::Ordering::Less => {}
        }
        match o.high.cmp(&self.high) {
            std::cmp::Ordering::Less => (self.high, self.high_open) = (o.high.clone(), o.high_open),
            std::cmp::Ordering::Equal => self.high_open |= o.high_open,
            std::cmp::Ordering::Greater => {}
        }
    }

    fn hull(&mut self, o: &Bounds) {
        match o.low.cmp(&self.low) {
            std::cmp::Ordering::Less => (self.low, self.low_open) = (o.low.clone(), o.low_open),
            std::cmp::Ordering::Equal => self.low_open &= o.low_open,
            std::cmp::Ordering::Greater => {}
        }
        self.raise(o);
    }

    /// Raises the upper end to that of another.
    fn raise(&mut self, o: &Bounds) {
        match o.high.cmp(&self.high) {
            std::cmp::Ordering::Greater => (self.high, self.high_open) = (o.high.clone(), o.high_open),
            std::cmp::Ordering::Equal => self.high_open &= o.high_open,
            std::cmp::Ordering::Less => {}
        }
    }
}

/// One or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Few<T> {
    One(T),
    Many(Vec<T>),
}

impl<T> Few<T> {
    pub(super) fn of(mut list: Vec<T>) -> Few<T> {
        match (list.len(), list.pop()) {
            (1, Some(one)) => Few::One(one),
            (_, last) => {
                list.extend(last);
                Few::Many(list)
            }
        }
    }

    pub(super) fn as_slice(&self) -> &[T] {
        match self {
            Few::One(x) => std::slice::from_ref(x),
            Few::Many(v) => v,
        }
    }
}

/// A stake in one party, merged from all reports of it.
#[derive(Debug, Clone)]
pub(super) struct Stake {
    /// Its holder, or the holders of a joint stake.
    pub(super) holders: Few<Node>,
    /// What it certainly and possibly is.
    pub(super) bounds: Bounds,
    /// The edges that report it, in order.
    pub(super) edges: Few<Reporting>,
}

/// An edge that reports a stake.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reporting {
    pub(super) edge: Edge,
    pub(super) holder: Node,
    /// The report is certain, or none of the stake's is.
    pub(super) certain: bool,
    /// The report is certain and alone shows the lower end of the stake.
    pub(super) shows_low: bool,
    /// The report shows the upper end of the stake.
    pub(super) shows_high: bool,
}

impl Stake {
    /// The edges that report it.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge> + '_ {
        self.edges.as_slice().iter().map(|r| r.edge)
    }

    /// Whether a holder counts as one in a mode.
    /// A holder of a joint stake whom only an uncertain report names does not count for certain.
    pub(super) fn admits(&self, holder: Node, mode: Mode) -> bool {
        match (&self.holders, mode) {
            (Few::One(h), _) => *h == holder,
            (_, Mode::Possible) => self.holders.as_slice().contains(&holder),
            (_, Mode::Certain) => self.edges.as_slice().iter().any(|r| r.holder == holder && r.certain),
        }
    }

    /// Whether it counts in a mode when some are affected.
    pub(super) fn counts(&self, joint: Joint, mode: Mode, affected: &dyn Fn(Node) -> bool) -> bool {
        let holds = |h: &Node| self.admits(*h, mode) && affected(*h);
        match joint {
            Joint::AnyHolder => self.holders.as_slice().iter().any(holds),
            Joint::AllHolders => self.holders.as_slice().iter().all(holds),
        }
    }

    /// Of the edges that report it, one by a holder that shows the end that counts in a mode.
    pub(super) fn edge_by(&self, holder: Node, mode: Mode) -> Option<Edge> {
        let by = || self.edges.as_slice().iter().filter(|r| r.holder == holder);
        let shows = |r: &&Reporting| if mode == Mode::Certain { r.shows_low } else { r.shows_high };
        by().find(shows).or_else(|| by().find(|r| r.certain)).or_else(|| by().next()).map(|r| r.edge)
    }
}

/// One report of a stake, as far as it matters for merging.
pub(super) struct Report {
    pub(super) certain: bool,
    pub(super) share: Option<Share>,
}

/// Merges reports of one stake: those that are certain must all hold at once; if they cannot,
/// anything between them may. Where some are certain, the others count only where they
/// contradict them from above. Where none is, the stake may not exist. The second value says
/// that reports contradict each other.
pub(super) fn merge(reports: &[Report]) -> (Bounds, bool) {
    let mut sure = reports.iter().filter(|r| r.certain).map(|r| Bounds::of(r.share));
    let maybe = reports.iter().filter(|r| !r.certain);
    let Some(first) = sure.next() else {
        let mut all = Bounds { low: Exact::ZERO, low_open: false, high: Exact::ZERO, high_open: false };
        maybe.for_each(|r| all.raise(&Bounds::of(r.share)));
        return (all, false);
    };
    let (mut both, mut either, mut conflict) = (first.clone(), first, false);
    for b in sure {
        conflict |= both.disjoint(&b);
        both.intersect(&b);
        either.hull(&b);
    }
    // Each pair may agree and all together not.
    conflict |= both.low > both.high || (both.low == both.high && (both.low_open || both.high_open));
    let mut bounds = if conflict { either } else { both };
    let sure = bounds.clone();
    for r in maybe.filter(|r| r.share.is_some()) {
        let b = Bounds::of(r.share);
        if sure.disjoint(&b) {
            conflict = true;
            bounds.raise(&b);
        }
    }
    (bounds, conflict)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(list: &[(&str, bool)]) -> String {
        let of = |(t, certain): &(&str, bool)| Report {
            certain: *certain,
            share: (!t.is_empty()).then(|| Share::parse(t).unwrap()),
        };
        let (b, conflict) = merge(&list.iter().map(of).collect::<Vec<_>>());
        let (l, h) = (if b.low_open { "(" } else { "[" }, if b.high_open { ")" } else { "]" });
        format!("{l}{}, {}{h}{}", b.low, b.high, if conflict { " conflict" } else { "" })
    }

    #[test]
    fn reports_of_one_stake() {
        assert_eq!(merged(&[("30", true), ("30", true)]), "[30, 30]");
        assert_eq!(merged(&[("49", true), ("51", true)]), "[49, 51] conflict");
        assert_eq!(merged(&[(">25 to 50", true), ("30 to 75", true), ("", true)]), "[30, 50]");
        assert_eq!(merged(&[("25 to 50", true), (">50 to 75", true)]), "[25, 75] conflict");
        assert_eq!(merged(&[("10 to 20", true), ("15 to 30", true), ("22 to 40", true)]), "[10, 40] conflict");
        assert_eq!(merged(&[("", true)]), "(0, 100]");
        assert_eq!(merged(&[("60", false)]), "[0, 60]");
        assert_eq!(merged(&[("30", true), ("", false)]), "[30, 30]");
        assert_eq!(merged(&[("30", true), ("60", false)]), "[30, 60] conflict");
        assert_eq!(merged(&[("60", true), ("30", false)]), "[60, 60] conflict");
        assert_eq!(merged(&[("25 to 50", true), ("30 to 60", false)]), "[25, 50]");
        for all in [["60", "50 to 80"], ["50 to 80", "60"]] {
            assert_eq!(merged(&[("30", true), (all[0], false), (all[1], false)]), "[30, 80] conflict");
        }
    }
}
