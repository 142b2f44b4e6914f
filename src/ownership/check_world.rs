//! The graph as the checker sees it on a day under a rule: what is listed, what is in force, what
//! counts as a stake and what as control.

use super::check_stakes::{Bound, Firm, Mode, Q, Report, Stake, Tie, bounds, int, percent};
use super::{Basis, Joint, Regime, Test};
use crate::error::Result;
use crate::graph::{Dir, Edge, Node, View};
use crate::model::{Act, Direct, Listing, PartialDate, Status};
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
        let record = g.relation(e)?;
        if record.facts.iter().any(|f| f.prop == "former" && f.value.eq_ignore_ascii_case("true")) {
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
