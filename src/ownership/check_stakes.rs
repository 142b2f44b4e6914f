//! Stakes in a firm as the checker counts them: reports merged, sums over some of the holders.
//! Written without a look at the solver, so that the two can disagree.

use super::regime::Basis;
use crate::graph::Node;
use crate::model::{Percent, Share};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed;
use std::collections::HashMap;

/// Exact percent.
pub(super) type Q = BigRational;

pub(super) fn int(n: i64) -> Q {
    Q::from_integer(BigInt::from(n))
}

pub(super) fn percent(p: Percent) -> Q {
    let (n, d) = p.fraction();
    Q::new(BigInt::from(n), BigInt::from(d))
}

/// Which of the two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Certain,
    Possible,
}

/// An end of an interval; an open one is itself excluded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) at: Q,
    pub(super) open: bool,
}

impl Bound {
    pub(super) fn new(at: Q, open: bool) -> Bound {
        Bound { at, open }
    }

    pub(super) fn zero() -> Bound {
        Bound::new(int(0), false)
    }

    fn add(&mut self, other: &Bound) {
        self.at += &other.at;
        self.open |= other.open;
    }
}

/// The part of a firm that some holders have, as the rules measure it.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) at: Q,
    /// Certain: really more than that. Possible: really less.
    pub(super) open: bool,
    /// Sum of their own bounds, before the stakes of the others are taken into account.
    pub(super) own: Q,
    /// Sum of the others' bounds of the other side.
    pub(super) outside: Q,
}

impl Held {
    pub(super) fn passes(&self, mode: Mode, threshold: &Q, inclusive: bool) -> bool {
        let on_the_line = match mode {
            Mode::Certain => inclusive || self.open,
            Mode::Possible => inclusive && !self.open,
        };
        self.at > *threshold || (self.at == *threshold && on_the_line)
    }
}

/// One edge that reports a stake.
pub(super) struct Report {
    pub(super) id: String,
    pub(super) holder: Node,
    pub(super) certain: bool,
    /// It names a share.
    pub(super) stated: bool,
    pub(super) low: Bound,
    pub(super) high: Bound,
}

/// All reports of one stake.
pub(super) struct Stake {
    pub(super) basis: Basis,
    pub(super) joint: bool,
    /// The firm's own shares.
    pub(super) own: bool,
    pub(super) holders: Vec<Node>,
    pub(super) reports: Vec<Report>,
    pub(super) merged: (Bound, Bound),
    pub(super) low: Bound,
    pub(super) high: Bound,
}

impl Stake {
    pub(super) fn bound(&self, mode: Mode) -> &Q {
        match mode {
            Mode::Certain => &self.low.at,
            Mode::Possible => &self.high.at,
        }
    }

    /// Whether the holding may be anything but nought in this run.
    pub(super) fn matters(&self, mode: Mode, complete: bool) -> bool {
        let low = self.low.at.is_positive() || self.low.open;
        !self.own && if mode == Mode::Certain && !complete { low } else { self.high.at.is_positive() }
    }

    pub(super) fn inexact(&self) -> bool {
        self.low.at != self.high.at
    }

    fn sure(&self) -> bool {
        self.reports.iter().any(|r| r.certain)
    }

    /// Whether a report is one that the bound rests on. Joint holders are cited for who they
    /// are, not for their report.
    pub(super) fn supports(&self, report: &Report, mode: Mode) -> bool {
        match mode {
            _ if self.joint => mode == Mode::Possible || report.certain || !self.sure(),
            Mode::Certain => !self.sure() || (report.certain && report.low.at == self.merged.0.at),
            Mode::Possible => report.high.at == self.merged.1.at,
        }
    }

    /// Whether it counts in a mode, given which parties do. A party is none that holds itself,
    /// and a joint holder whom only an uncertain report names is none for certain where others
    /// are certain.
    pub(super) fn counts(&self, all: bool, mode: Mode, target: Node, mut counted: impl FnMut(Node) -> bool) -> bool {
        let lenient = mode == Mode::Possible || !self.sure() || self.holders.len() == 1;
        let named = |h: Node| lenient || self.reports.iter().any(|r| r.certain && r.holder == h);
        let mut yes = |h: &Node| *h != target && named(*h) && counted(*h);
        if all { self.holders.iter().all(&mut yes) } else { self.holders.iter().any(&mut yes) }
    }

    /// Certain reports are cut with each other (contradicting ones: spanned). Beside them those
    /// that are only possible raise the upper end where they state a share wholly above.
    pub(super) fn merge(&mut self) {
        let lower = |a: &Bound, b: &Bound| (&a.at, a.open).cmp(&(&b.at, b.open));
        let upper = |a: &Bound, b: &Bound| (&a.at, !a.open).cmp(&(&b.at, !b.open));
        let sure = || self.reports.iter().filter(|r| r.certain);
        let apart = |low: &Bound, high: &Bound| low.at > high.at || (low.at == high.at && (low.open || high.open));
        let mut low = sure().map(|r| &r.low).max_by(|a, b| lower(a, b)).cloned().unwrap_or_else(Bound::zero);
        let mut high = sure().map(|r| &r.high).min_by(|a, b| upper(a, b)).cloned();
        if let Some(h) = &mut high
            && apart(&low, h)
        {
            low = sure().map(|r| &r.low).min_by(|a, b| lower(a, b)).cloned().unwrap_or_else(Bound::zero);
            *h = sure().map(|r| &r.high).max_by(|a, b| upper(a, b)).cloned().unwrap_or_else(Bound::zero);
        }
        let raises = |r: &&Report| !r.certain && high.as_ref().is_none_or(|h| r.stated && apart(&r.low, h));
        let maybe = self.reports.iter().filter(raises).map(|r| &r.high).max_by(|a, b| upper(a, b)).cloned();
        let high = maybe.or(high).unwrap_or_else(Bound::zero);
        self.merged = (low.clone(), high.clone());
        (self.low, self.high) = (low, high);
    }
}

/// An edge of control.
pub(super) struct Tie {
    pub(super) id: String,
    pub(super) holder: Node,
    pub(super) certain: bool,
}

/// Everything that counts towards a party being owned or controlled.
pub(super) struct Firm {
    /// Whether its kind of party can be owned or controlled at all.
    pub(super) ownable: bool,
    pub(super) stakes: Vec<Stake>,
    pub(super) ties: Vec<Tie>,
    /// Edges into it that do not count: id, subject, why not.
    pub(super) refused: Vec<(String, Node, &'static str)>,
    /// Own shares taken out of the whole, by basis: lower and upper end.
    pub(super) excluded: HashMap<Basis, (Q, Q)>,
    pub(super) complete: bool,
    pub(super) open_world: bool,
    /// Some stake on votes is on record.
    pub(super) votes: bool,
}

impl Firm {
    /// What the stakes picked out make together. The rest is what others hold.
    pub(super) fn held(&self, basis: Basis, mode: Mode, picked: impl Fn(usize, &Stake) -> bool) -> Held {
        let mut sums = [Bound::zero(), Bound::zero(), Bound::zero(), Bound::zero()];
        let [low, high, out_low, out_high] = &mut sums;
        for (i, s) in self.stakes.iter().enumerate().filter(|(_, s)| s.basis == basis) {
            if !s.own && picked(i, s) {
                low.add(&s.low);
                high.add(&s.high);
            } else {
                out_low.add(&s.low);
                out_high.add(&s.high);
            }
        }
        let lows = &low.at + &out_low.at;
        let over = lows > int(100) || (lows == int(100) && (low.open || out_low.open));
        let (own, outside) = match mode {
            Mode::Certain => (low.clone(), out_high.clone()),
            Mode::Possible => (high.clone(), out_low.clone()),
        };
        let rest = Bound::new(int(100) - &outside.at, outside.open);
        let filled = &high.at + &out_high.at >= int(100);
        let open_world = self.open_world && (basis == Basis::Shares || self.votes);
        let (better, only) = match mode {
            Mode::Certain => (self.complete && !over && filled && rest.at >= own.at, false),
            Mode::Possible => (!over && (open_world || rest.at <= own.at), open_world),
        };
        let open = if better { rest.open || (!only && rest.at == own.at && own.open) } else { own.open };
        let at = if better { rest.at } else { own.at.clone() };
        Held { at, open, own: own.at, outside: outside.at }
    }

    /// What was taken out of the whole as own shares, for a run.
    pub(super) fn treasury(&self, basis: Basis, mode: Mode) -> Option<&Q> {
        self.excluded.get(&basis).map(|(low, high)| if mode == Mode::Certain { low } else { high })
    }

    /// Takes own shares out of the whole, of which the others then are larger parts.
    pub(super) fn exclude_own(&mut self) {
        for basis in [Basis::Shares, Basis::Votes] {
            let (mut low, mut high) = (Bound::zero(), Bound::zero());
            for s in self.stakes.iter().filter(|s| s.own && s.basis == basis) {
                low.add(&s.low);
                high.add(&s.high);
            }
            for s in self.stakes.iter_mut().filter(|s| !s.own && s.basis == basis) {
                s.low = scaled(&s.low, &low);
                s.high = scaled(&s.high, &high);
            }
            if high.at.is_positive() {
                self.excluded.insert(basis, (low.at, high.at));
            }
        }
        self.stakes.retain(|s| !s.own);
    }
}

/// A part of the whole as a part of what is left of it.
fn scaled(part: &Bound, taken: &Bound) -> Bound {
    let left = int(100) - &taken.at;
    match (part.at.is_positive(), left.is_positive()) {
        (false, _) => part.clone(),
        (true, true) => Bound::new(&part.at * int(100) / left, part.open || taken.open),
        (true, false) => Bound::new(int(100), part.open),
    }
}

/// The ends of one report; nothing stated is more than nought.
pub(super) fn bounds(share: Option<Share>) -> (Bound, Bound) {
    match share {
        None => (Bound::new(int(0), true), Bound::new(int(100), false)),
        Some(s) => (Bound::new(percent(s.min), s.open_min), Bound::new(percent(s.max), s.open_max)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stake(reports: &[(bool, &str)]) -> Stake {
        let reports = reports.iter().map(|(certain, share)| {
            let (low, high) = bounds((!share.is_empty()).then(|| Share::parse(share).unwrap()));
            Report { id: String::new(), holder: Node(0), certain: *certain, stated: !share.is_empty(), low, high }
        });
        let mut s = Stake {
            basis: Basis::Shares,
            joint: false,
            own: false,
            holders: vec![Node(0)],
            reports: reports.collect(),
            merged: (Bound::zero(), Bound::zero()),
            low: Bound::zero(),
            high: Bound::zero(),
        };
        s.merge();
        s
    }

    #[test]
    fn reports_of_one_stake_are_merged() {
        for (reports, want) in [
            (&[(true, "30")][..], "30 30"),
            (&[(true, "")], ">0 100"),
            (&[(true, "25 to 50"), (true, ">40 to 60")], ">40 50"),
            (&[(true, "30"), (true, "40")], "30 40"),
            (&[(true, "25 to <50"), (true, "50")], "25 50"),
            (&[(false, "60")], "0 60"),
            (&[(false, "60"), (false, "20 to <70")], "0 <70"),
            (&[(true, "30"), (false, "20")], "30 30"),
            (&[(true, "30"), (false, "")], "30 30"),
            (&[(true, ">20 to <30"), (false, "30")], ">20 30"),
            (&[(true, "20 to 30"), (false, "25 to 40")], "20 30"),
            (&[(true, "20"), (false, "50 to 80"), (false, "60")], "20 80"),
        ] {
            let s = stake(reports);
            let (lo, hi) = (if s.low.open { ">" } else { "" }, if s.high.open { "<" } else { "" });
            assert_eq!(format!("{lo}{} {hi}{}", s.low.at, s.high.at), want, "{reports:?}");
        }
    }

    #[test]
    fn own_shares_leave_a_smaller_whole() {
        let b = |n: i64, open| Bound::new(int(n), open);
        assert_eq!(scaled(&b(40, false), &b(20, false)), b(50, false));
        assert_eq!(scaled(&b(40, false), &b(20, true)), b(50, true));
        assert_eq!(scaled(&b(40, false), &b(100, true)), b(100, false));
        assert_eq!(scaled(&b(0, true), &b(100, false)), b(0, true));
    }
}
