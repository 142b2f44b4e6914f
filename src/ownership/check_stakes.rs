//! What the checker sees of a party: its listings, the stakes in it, the control over it.
//! Written without a look at the solver, so that the two can disagree.

use super::{Basis, Joint, Regime, Test};
use crate::error::Result;
use crate::graph::{Dir, Edge, Node, View};
use crate::model::{Act, Direct, Listing, PartialDate, Percent, Share, Status};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

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
    fn new(at: Q, open: bool) -> Bound {
        Bound { at, open }
    }

    fn zero() -> Bound {
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
    low: Bound,
    high: Bound,
}

/// All reports of one stake.
pub(super) struct Stake {
    pub(super) basis: Basis,
    pub(super) joint: bool,
    /// The firm's own shares.
    pub(super) own: bool,
    pub(super) holders: Vec<Node>,
    pub(super) reports: Vec<Report>,
    merged: (Bound, Bound),
    low: Bound,
    high: Bound,
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
    fn merge(&mut self) {
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
    excluded: HashMap<Basis, (Q, Q)>,
    pub(super) complete: bool,
    open_world: bool,
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

    fn exclude_own(&mut self) {
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

/// What a party's own record says that matters here.
pub(super) struct Facts {
    pub(super) listings: Vec<Listing>,
    /// Listed for the regime: `Some(true)` surely, `Some(false)` possibly.
    pub(super) listed: Option<bool>,
    /// Joint arrangements it is a party to.
    pub(super) arrangements: HashSet<String>,
    exclude: bool,
    complete: bool,
    open_world: bool,
}

/// Options that outweigh those of the parties.
#[derive(Default)]
pub(super) struct Overrides {
    pub(super) exclude: Option<bool>,
    pub(super) complete: Option<bool>,
    pub(super) open_world: Option<bool>,
}

/// The graph on a day, as a rule looks at it.
pub(super) struct World<'a> {
    pub(super) view: View<'a>,
    pub(super) day: PartialDate,
    pub(super) regime: &'a Regime,
    pub(super) test: Option<&'a Test>,
    pub(super) overrides: Overrides,
    firms: HashMap<Node, Rc<Firm>>,
    facts: HashMap<Node, Rc<Facts>>,
}

impl<'a> World<'a> {
    pub(super) fn new(
        view: View<'a>,
        day: PartialDate,
        regime: &'a Regime,
        test: Option<&'a Test>,
        overrides: Overrides,
    ) -> Self {
        World { view, day, regime, test, overrides, firms: HashMap::new(), facts: HashMap::new() }
    }

    /// Whether an interval covers the day: surely, possibly, or not.
    pub(super) fn covers(&self, start: Option<PartialDate>, ends: &[Option<PartialDate>]) -> Option<bool> {
        let (first, last) = (self.day.first_day(), self.day.last_day());
        let ends = || ends.iter().flatten();
        let sure = start.is_none_or(|s| s.last_day() <= first) && ends().all(|e| e.first_day() > last);
        let maybe = start.is_none_or(|s| s.first_day() <= last) && ends().all(|e| e.last_day() > first);
        maybe.then_some(sure)
    }

    /// Whether a listing is one that the regime goes by.
    pub(super) fn regards(&self, l: &Listing) -> bool {
        let of = |r: &super::RegimeList| {
            r.list == l.list && (r.programs.is_empty() || r.programs.iter().any(|p| l.programs.contains(p)))
        };
        l.list == "*" || self.regime.lists.iter().any(of)
    }

    pub(super) fn facts(&mut self, n: Node) -> Result<Rc<Facts>> {
        if let Some(known) = self.facts.get(&n) {
            return Ok(Rc::clone(known));
        }
        let record = self.view.party(n)?;
        let says = |prop: &str, word: &str| record.values(prop).any(|v| v.eq_ignore_ascii_case(word));
        let standing = |l: &Listing| self.covers(l.from, &[l.to]);
        let facts = Rc::new(Facts {
            listed: record.listings.iter().filter(|l| self.regards(l)).filter_map(standing).max(),
            arrangements: record
                .values("joint_arrangement")
                .filter(|v| !v.is_empty() && !v.eq_ignore_ascii_case("false"))
                .map(str::to_owned)
                .collect(),
            exclude: says("treasury", "exclude"),
            complete: says("complete", "true"),
            open_world: says("unknown_remainder", "indeterminate"),
            listings: record.listings,
        });
        self.facts.insert(n, Rc::clone(&facts));
        Ok(facts)
    }

    /// Whether an edge is in force on the day by its dates, status and act: surely or possibly;
    /// otherwise why not.
    fn in_force(&self, e: Edge) -> Result<std::result::Result<bool, &'static str>> {
        let g = self.view.graph();
        let meta = g.meta(e);
        let said = match (meta.status, meta.act) {
            (Status::Withdrawn, _) | (_, Act::Sought | Act::Offered) => return Ok(Err("is not asserted as done")),
            (Status::Asserted, Act::Done) => true,
            _ => false,
        };
        let (start, end) = g.dates(e);
        let Some(dated) = self.covers(start, &[end, self.view.ended(e)]) else {
            return Ok(Err("is not in force on the day"));
        };
        if g.relation(e)?.facts.iter().any(|f| f.prop == "former" && f.value.eq_ignore_ascii_case("true")) {
            return Ok(Err("is a former relation"));
        }
        Ok(Ok(said && dated))
    }

    /// Whether a chain of direct, certain stakes leads from one party to another.
    fn chained(&self, from: Node, to: Node) -> Result<bool> {
        let g = self.view.graph();
        let (mut seen, mut left) = (HashSet::from([from]), vec![from]);
        while let Some(n) = left.pop() {
            for k in self.view.links(n, Dir::Out) {
                let t = g.edge_type(k.edge);
                let stake = (t.ownership || t.votes) && !t.derived && !t.ambiguous;
                if !stake || g.meta(k.edge).direct != Direct::Direct || self.in_force(k.edge)? != Ok(true) {
                    continue;
                }
                if k.other == to {
                    return Ok(true);
                }
                if seen.insert(k.other) {
                    left.push(k.other);
                }
            }
        }
        Ok(false)
    }

    pub(super) fn firm(&mut self, n: Node) -> Result<Rc<Firm>> {
        if let Some(known) = self.firms.get(&n) {
            return Ok(Rc::clone(known));
        }
        let facts = self.facts(n)?;
        let g = self.view.graph();
        let kind = g.node_type(n);
        let mut firm = Firm {
            ownable: matches!(kind.family.as_str(), "legal" | "asset")
                || matches!(kind.name.as_str(), "thing" | "unknown_party" | "unresolved_name"),
            stakes: Vec::new(),
            ties: Vec::new(),
            refused: Vec::new(),
            excluded: HashMap::new(),
            complete: self.overrides.complete.unwrap_or(facts.complete),
            open_world: self.overrides.open_world.unwrap_or(facts.open_world),
        };
        let mut known: HashMap<(Basis, Option<Node>, String), usize> = HashMap::new();
        for k in self.view.links(n, Dir::In) {
            let (e, holder) = (k.edge, k.other);
            let r = g.relation(e)?;
            let id = r.external_id();
            let mut certain = match self.in_force(e)? {
                Ok(certain) => certain,
                Err(why) => {
                    firm.refused.push((id, holder, why));
                    continue;
                }
            };
            let t = g.edge_type(e);
            if let Some(sure) = self.control(&t.name, t.ambiguous)
                && holder != n
            {
                firm.ties.push(Tie { id: id.clone(), holder, certain: certain && sure });
            }
            let basis = match (t.ambiguous, t.votes, t.ownership && !t.derived) {
                (true, ..) | (_, false, true) => Basis::Shares,
                (_, true, _) => Basis::Votes,
                _ => {
                    firm.refused.push((id, holder, "is of a type that is no stake"));
                    continue;
                }
            };
            if r.direct != Direct::Direct && self.chained(holder, n)? {
                if r.direct == Direct::Indirect {
                    firm.refused.push((id, holder, "sums up a chain that is on record"));
                    continue;
                }
                certain = false;
            }
            let share = g.share(e);
            let (mut low, mut high) = bounds(share);
            if t.ambiguous {
                certain = false;
                low = Bound::zero();
                high = if share.is_some() { high } else { Bound::new(int(100), false) };
            }
            let key = match r.joint.is_empty() {
                true => (basis, Some(holder), r.stake),
                false => (basis, None, r.joint.clone()),
            };
            let at = *known.entry(key).or_insert(firm.stakes.len());
            if at == firm.stakes.len() {
                firm.stakes.push(Stake {
                    basis,
                    joint: !r.joint.is_empty(),
                    own: r.joint.is_empty() && holder == n,
                    holders: Vec::new(),
                    reports: Vec::new(),
                    merged: (Bound::zero(), Bound::zero()),
                    low: Bound::zero(),
                    high: Bound::zero(),
                });
            }
            if let Some(s) = firm.stakes.get_mut(at) {
                s.reports.push(Report { id, holder, certain, low, high });
                if !s.holders.contains(&holder) {
                    s.holders.push(holder);
                }
            }
        }
        firm.stakes.iter_mut().for_each(Stake::merge);
        if self.overrides.exclude.unwrap_or(facts.exclude) {
            firm.exclude_own();
        }
        let firm = Rc::new(firm);
        self.firms.insert(n, Rc::clone(&firm));
        Ok(firm)
    }

    /// Whether an edge type is control under the rule; the value says whether it decides.
    fn control(&self, name: &str, ambiguous: bool) -> Option<bool> {
        let test = self.test?;
        let named = |list: &[String]| list.iter().any(|t| t == name);
        if named(&test.control) {
            return Some(true);
        }
        (named(&test.may_control) || (ambiguous && !test.control.is_empty())).then_some(false)
    }

    /// The lines to be passed in a run: basis, threshold, whether reaching it is enough.
    pub(super) fn lines(&self, mode: Mode) -> Vec<(Basis, Q, bool)> {
        let Some(test) = self.test else { return Vec::new() };
        let mut lines: Vec<_> = test.basis.iter().map(|b| (*b, percent(test.threshold), test.inclusive)).collect();
        if mode == Mode::Possible && test.votes_may_control && !test.basis.contains(&Basis::Votes) {
            lines.push((Basis::Votes, int(50), false));
        }
        lines
    }

    /// Whether a stake counts, given which of its holders do.
    pub(super) fn counts(&self, s: &Stake, mut holder: impl FnMut(Node) -> bool) -> bool {
        match self.test.map(|t| t.joint) {
            Some(Joint::AllHolders) => s.holders.iter().all(|h| holder(*h)),
            _ => s.holders.iter().any(|h| holder(*h)),
        }
    }
}

/// The ends of one report; nothing stated is more than nought.
fn bounds(share: Option<Share>) -> (Bound, Bound) {
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
