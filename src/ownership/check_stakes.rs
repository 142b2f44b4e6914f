//! Stakes in a firm as the checker counts them: reports merged, sums over some of the holders.
//! Written without a look at the solver, so that the two can disagree.

use super::Basis;
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
        self.merged.0 != self.merged.1
    }

    /// Whether a report is one that the bound rests on. Joint holders are cited for who they
    /// are, not for their report.
    pub(super) fn supports(&self, report: &Report, mode: Mode) -> bool {
        let sure = self.reports.iter().any(|r| r.certain);
        self.joint
            || match mode {
                Mode::Certain => !sure || (report.certain && report.low.at == self.merged.0.at),
                Mode::Possible => report.high.at == self.merged.1.at,
            }
    }

    /// Certain reports are cut with each other (contradicting ones: spanned), possible ones only
    /// raise the upper end.
    pub(super) fn merge(&mut self) {
        let lower = |a: &Bound, b: &Bound| (&a.at, a.open).cmp(&(&b.at, b.open));
        let upper = |a: &Bound, b: &Bound| (&a.at, !a.open).cmp(&(&b.at, !b.open));
        let sure = || self.reports.iter().filter(|r| r.certain);
        let maybe = self.reports.iter().filter(|r| !r.certain).map(|r| &r.high).max_by(|a, b| upper(a, b));
        let mut low = sure().map(|r| &r.low).max_by(|a, b| lower(a, b)).cloned().unwrap_or_else(Bound::zero);
        let mut high = sure().map(|r| &r.high).min_by(|a, b| upper(a, b)).cloned();
        if let Some(h) = &mut high
            && (low.at > h.at || (low.at == h.at && (low.open || h.open)))
        {
            low = sure().map(|r| &r.low).min_by(|a, b| lower(a, b)).cloned().unwrap_or_else(Bound::zero);
            *h = sure().map(|r| &r.high).max_by(|a, b| upper(a, b)).cloned().unwrap_or_else(Bound::zero);
        }
        let high = match (high, maybe) {
            (Some(h), Some(m)) if upper(&h, m).is_ge() => h,
            (_, Some(m)) => m.clone(),
            (h, None) => h.unwrap_or_else(Bound::zero),
        };
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
        let over = &low.at + &out_low.at > int(100);
        let (own, outside) = match mode {
            Mode::Certain => (low.clone(), out_high.clone()),
            Mode::Possible => (high.clone(), out_low.clone()),
        };
        let rest = Bound::new(int(100) - &outside.at, outside.open);
        let filled = &high.at + &out_high.at >= int(100);
        let (better, only) = match mode {
            Mode::Certain => (self.complete && !over && filled && rest.at >= own.at, false),
            Mode::Possible => (!over && (self.open_world || rest.at <= own.at), self.open_world),
        };
        let open = if better { rest.open || (!only && rest.at == own.at && own.open) } else { own.open };
        let at = if better { rest.at } else { own.at.clone() };
        Held { at, open, own: own.at, outside: outside.at }
    }

    /// What was taken out of the whole as own shares, for a run.
    pub(super) fn treasury(&self, basis: Basis, mode: Mode) -> Option<&Q> {
        self.excluded.get(&basis).map(|(low, high)| if mode == Mode::Certain { low } else { high })
    }

    pub(super) fn exclude_own(&mut self) {
        for basis in [Basis::Shares, Basis::Votes] {
            let (mut low, mut high) = (int(0), int(0));
            for s in self.stakes.iter().filter(|s| s.own && s.basis == basis) {
                low += &s.low.at;
                high += &s.high.at;
            }
            for s in self.stakes.iter_mut().filter(|s| !s.own && s.basis == basis) {
                s.low.at = scaled(&s.low.at, &low);
                s.high.at = scaled(&s.high.at, &high);
            }
            if high.is_positive() {
                self.excluded.insert(basis, (low, high));
            }
        }
        self.stakes.retain(|s| !s.own);
    }
}

/// A part of the whole as a part of what is left of it.
fn scaled(part: &Q, taken: &Q) -> Q {
    let left = int(100) - taken;
    if left.is_positive() {
        part * int(100) / left
    } else if part.is_positive() {
        int(100)
    } else {
        int(0)
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
            Report { id: String::new(), holder: Node(0), certain: *certain, low, high }
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
            (&[(true, "30"), (false, "")], "30 100"),
            (&[(true, ">20 to <30"), (false, "30")], ">20 30"),
        ] {
            let s = stake(reports);
            let (lo, hi) = (if s.low.open { ">" } else { "" }, if s.high.open { "<" } else { "" });
            assert_eq!(format!("{lo}{} {hi}{}", s.low.at, s.high.at), want, "{reports:?}");
        }
    }

    #[test]
    fn own_shares_leave_a_smaller_whole() {
        assert_eq!(scaled(&int(40), &int(20)), int(50));
        assert_eq!(scaled(&int(40), &int(100)), int(100));
        assert_eq!(scaled(&int(0), &int(100)), int(0));
    }
}
