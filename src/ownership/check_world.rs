//! The graph as the checker sees it on a day under a rule: what is listed, what is in force, what
//! counts as a stake and what as control.

use super::check_lists::Lists;
use super::check_stakes::{Bound, Firm, Mode, Q, Report, Stake, Tie, bounds, int, percent};
use super::regime::{Basis, Joint, Regime, Test};
use crate::error::Result;
use crate::graph::{Dir, Edge, Node, NodeListing, View};
use crate::model::{Act, Direct, EdgeType, Listing, PartialDate, Status};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

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
    pub(super) lists: Lists,
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
        let lists = Lists::of(&view);
        World { view, day, regime, test, overrides, lists, firms: HashMap::new(), facts: HashMap::new() }
    }

    /// Whether an interval covers the day: surely, possibly, or not.
    pub(super) fn covers(&self, start: Option<PartialDate>, ends: &[Option<PartialDate>]) -> Option<bool> {
        let (first, last) = (self.day.first_day(), self.day.last_day());
        let ends = || ends.iter().flatten();
        let sure = start.is_none_or(|s| s.last_day() <= first) && ends().all(|e| e.first_day() > last);
        let maybe = start.is_none_or(|s| s.first_day() <= last) && ends().all(|e| e.last_day() > first);
        maybe.then_some(sure)
    }

    /// Whether a listing is one that the regime goes by: surely, possibly (it names no programme
    /// where only some count), or not.
    pub(super) fn regards(&self, l: &Listing) -> Option<bool> {
        let of = |r: &super::regime::RegimeList| {
            let named = r.programs.is_empty() || r.programs.iter().any(|p| l.programs.contains(p));
            (r.list == l.list && (named || l.programs.is_empty())).then_some(named)
        };
        if l.list == "*" { Some(true) } else { self.regime.lists.iter().filter_map(of).max() }
    }

    /// How far a listing of a party counts on the day.
    pub(super) fn standing(&self, n: Node, l: &Listing) -> Option<bool> {
        let regarded = self.regards(l)?;
        let same = |k: &&NodeListing| k.list == l.list && k.from == l.from && k.to == l.to;
        let all = self.view.listings(n);
        // Where no day of entry is given, a list shows it only from its first release on.
        let late = |k: &NodeListing| {
            k.from.is_none()
                && k.from_at_latest.is_some_and(|d| d.first_day() > self.day.first_day())
                && !self.lists.by_hand(&k.source)
        };
        // The last full release without the listing says that it was not there yet.
        let absent = |k: &NodeListing| late(k) && self.lists.lacked(&k.source, k.from_at_latest, self.day);
        if all.iter().filter(same).all(absent) {
            return None;
        }
        let known = all.iter().filter(same).any(|k| !late(k));
        Some(self.covers(l.from, &[l.to])? && regarded && known)
    }

    pub(super) fn facts(&mut self, n: Node) -> Result<Rc<Facts>> {
        if let Some(known) = self.facts.get(&n) {
            return Ok(Rc::clone(known));
        }
        let options = self.view.options_on(n, Some(self.day))?;
        let listings = if self.view.listings(n).is_empty() { Vec::new() } else { self.view.party(n)?.listings };
        let facts = Rc::new(Facts {
            listed: listings.iter().filter_map(|l| self.standing(n, l)).max(),
            arrangements: options.joint_arrangements.into_iter().collect(),
            exclude: options.treasury_exclude.unwrap_or(false),
            complete: options.complete.unwrap_or(false),
            open_world: options.unknown_remainder.unwrap_or(false),
            listings,
        });
        self.facts.insert(n, Rc::clone(&facts));
        Ok(facts)
    }

    /// Whether an edge is in force on the day by its dates, status and act: surely or possibly;
    /// otherwise why not.
    fn in_force(&self, e: Edge) -> std::result::Result<bool, &'static str> {
        let g = self.view.graph();
        let meta = g.meta(e);
        let said = match (meta.status, meta.act) {
            (Status::Withdrawn, _) | (_, Act::Sought | Act::Offered) => return Err("is not asserted as done"),
            (Status::Asserted, Act::Done) => true,
            _ => false,
        };
        let (start, end) = g.dates(e);
        let Some(dated) = self.covers(start, &[end, self.view.ended(e)]) else {
            return Err("is not in force on the day");
        };
        if meta.former {
            return Err("is a former relation");
        }
        Ok(said && dated)
    }

    /// What an edge type measures, if it is a stake.
    fn basis(t: &EdgeType) -> Option<Basis> {
        match t {
            t if t.derived => None,
            t if t.votes => Some(Basis::Votes),
            t if t.ownership || t.ambiguous => Some(Basis::Shares),
            _ => None,
        }
    }

    /// Whether the type says no more than "owned or controlled".
    fn vague(t: &EdgeType) -> bool {
        t.ambiguous && !t.derived && !t.votes && !t.ownership
    }

    /// Whether a chain of two or more direct, certain stakes leads from one party to another.
    fn chained(&self, from: Node, to: Node) -> bool {
        let g = self.view.graph();
        let (mut seen, mut left) = (HashSet::from([from]), vec![from]);
        while let Some(n) = left.pop() {
            for k in self.view.links(n, Dir::Out) {
                let t = g.edge_type(k.edge);
                let stake = Self::basis(t).is_some() && !Self::vague(t);
                let direct = stake && g.meta(k.edge).direct == Direct::Direct && self.in_force(k.edge) == Ok(true);
                if !direct || (n == from && k.other == to) {
                    continue;
                }
                if k.other == to {
                    return true;
                }
                if seen.insert(k.other) {
                    left.push(k.other);
                }
            }
        }
        false
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
            votes: false,
        };
        let mut known: HashMap<(Basis, Option<Node>, String, bool), usize> = HashMap::new();
        let direct = self.direct_holders(n);
        for k in self.view.links(n, Dir::In) {
            let (e, holder) = (k.edge, k.other);
            let r = g.relation(e)?;
            let id = r.external_id();
            let mut certain = match self.in_force(e) {
                Ok(certain) => certain,
                Err(why) => {
                    firm.refused.push((id, holder, why));
                    continue;
                }
            };
            let t = g.edge_type(e);
            if let Some(sure) = self.control(t)
                && holder != n
            {
                firm.ties.push(Tie { id: id.clone(), holder, certain: certain && sure });
            }
            let Some(basis) = Self::basis(t) else {
                firm.refused.push((id, holder, "is of a type that is no stake"));
                continue;
            };
            if r.direct != Direct::Direct {
                let chained = self.chained(holder, n);
                if r.direct == Direct::Indirect && chained {
                    firm.refused.push((id, holder, "sums up a chain that is on record"));
                    continue;
                }
                // A summary beside a direct stake of the same holder may contain it.
                certain &= match r.direct {
                    Direct::Indirect => !direct.contains(&(holder, basis)),
                    _ => !chained,
                };
            }
            certain &= !Self::vague(t);
            let share = g.share(e);
            let (low, high) = bounds(share);
            let summary = r.direct == Direct::Indirect && r.joint.is_empty();
            let key = match r.joint.is_empty() {
                true => (basis, Some(holder), r.stake, summary),
                false => (basis, None, r.joint.clone(), false),
            };
            firm.votes |= basis == Basis::Votes;
            let at = *known.entry(key).or_insert(firm.stakes.len());
            if at == firm.stakes.len() {
                firm.stakes.push(Stake {
                    basis,
                    joint: !r.joint.is_empty(),
                    own: false,
                    holders: Vec::new(),
                    reports: Vec::new(),
                    merged: (Bound::zero(), Bound::zero()),
                    low: Bound::zero(),
                    high: Bound::zero(),
                });
            }
            if let Some(s) = firm.stakes.get_mut(at) {
                s.reports.push(Report { id, holder, certain, stated: share.is_some(), low, high });
                if !s.holders.contains(&holder) {
                    s.holders.push(holder);
                }
            }
        }
        for s in &mut firm.stakes {
            s.own = s.holders == [n];
            s.merge();
        }
        if self.overrides.exclude.unwrap_or(facts.exclude) {
            firm.exclude_own();
        }
        let firm = Rc::new(firm);
        self.firms.insert(n, Rc::clone(&firm));
        Ok(firm)
    }

    /// Who has a stake in a party that is no summary, by basis.
    fn direct_holders(&self, n: Node) -> HashSet<(Node, Basis)> {
        let g = self.view.graph();
        let counted = |k: &crate::graph::Link| {
            let basis = Self::basis(g.edge_type(k.edge))?;
            let own_word = g.meta(k.edge).direct != Direct::Indirect && self.in_force(k.edge).is_ok();
            own_word.then_some((k.other, basis))
        };
        self.view.links(n, Dir::In).filter_map(|k| counted(&k)).collect()
    }

    /// Whether an edge type is control under the rule; the value says whether it decides.
    fn control(&self, t: &EdgeType) -> Option<bool> {
        let test = self.test?;
        let named = |list: &[String]| list.contains(&t.name);
        match t {
            t if Self::vague(t) => (!test.control.is_empty()).then_some(false),
            t if Self::basis(t).is_some() => None,
            _ if named(&test.control) => Some(true),
            _ => named(&test.may_control).then_some(false),
        }
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

    /// Whether a stake in a party counts in a mode, given which parties do.
    pub(super) fn counts(&self, s: &Stake, mode: Mode, target: Node, counted: impl FnMut(Node) -> bool) -> bool {
        s.counts(self.all_holders(), mode, target, counted)
    }

    /// Whether a joint stake takes all of its holders.
    pub(super) fn all_holders(&self) -> bool {
        self.test.map(|t| t.joint) == Some(Joint::AllHolders)
    }

    /// Whether a list is lacking without which nobody can be said to be on none: it is not there as
    /// old as the day, and no other that serves as well.
    pub(super) fn lists_missing(&self) -> bool {
        let there = |list: &str| self.lists.holds(list, self.day);
        let served = |needed: &str| {
            let serves = |l: &super::regime::RegimeList| {
                matches!(&l.cover, super::regime::Cover::InsteadOf(other) if other == needed) && there(&l.list)
            };
            self.regime.lists.iter().any(serves)
        };
        let lacks = |l: &super::regime::RegimeList| {
            l.cover == super::regime::Cover::Needed && !there(&l.list) && !served(&l.list)
        };
        self.regime.lists.iter().any(lacks)
    }
}
