//! Who holds what of a party on a day: reports merged into stakes, one party at a time, each
//! party's only once.

use super::changes::Changes;
use super::dates::{Force, earlier, holds};
use super::exact::Exact;
use super::regime::Basis;
use super::stake::{Bounds, Few, Report, Reporting, Stake, merge};
use crate::error::{Error, Result};
use crate::graph::{Dir, Edge, Graph, Meta, Node, Stop, View};
use crate::model::{Act, Direct, PartialDate, Share, Status};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

/// Conventions that a question may set for all parties; `None` leaves each to its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Conventions {
    /// A party's stake in itself is taken out and the others are scaled up; otherwise it is
    /// left in the total and held by nobody.
    pub treasury_exclude: Option<bool>,
    /// All holders are recorded.
    pub complete: Option<bool>,
    /// What no holder is recorded for may be held by anybody.
    pub unknown_remainder: Option<bool>,
}

/// What an edge type is to ownership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Other,
    Shares,
    Votes,
    /// Ownership or control, the source does not say which.
    Ambiguous,
    /// A tie that some rule counts as control.
    Tie,
}

/// The stakes in one party on one basis.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// Merged stakes: first those of one holder, by holder, then joint ones.
    pub(super) stakes: Vec<Stake>,
    /// How many stakes have one holder.
    pub(super) single: usize,
    /// Sum of all, the party's own included where it is not taken out.
    pub(super) total: Sum,
    /// More than the whole is recorded.
    pub(super) over: bool,
    /// The party's stake in itself.
    pub(super) own: Option<Bounds>,
    /// The own stake was taken out and the others scaled.
    pub(super) scaled: bool,
    /// Reports that contradict each other.
    pub(super) conflicts: Vec<Vec<Edge>>,
}

/// A sum of stakes.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub(super) low: Exact,
    pub(super) high: Exact,
    pub(super) low_open: u32,
    pub(super) high_open: u32,
}

impl Sum {
    pub(super) const ZERO: Sum = Sum { low: Exact::ZERO, high: Exact::ZERO, low_open: 0, high_open: 0 };

    pub(super) fn add(&mut self, b: &Bounds) {
        self.low = &self.low + &b.low;
        self.high = &self.high + &b.high;
        self.low_open += u32::from(b.low_open);
        self.high_open += u32::from(b.high_open);
    }
}

/// A tie that may be control.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tie {
    pub(super) holder: Node,
    pub(super) edge: Edge,
    /// Number of the edge type.
    pub(super) kind: u16,
    pub(super) certain: bool,
    pub(super) ambiguous: bool,
}

/// All that is held of one party.
#[derive(Debug, Clone)]
pub(super) struct Owned {
    pub(super) ownable: bool,
    pub(super) shares: Side,
    pub(super) votes: Option<Box<Side>>,
    pub(super) ties: Vec<Tie>,
    pub(super) complete: bool,
    pub(super) remainder: bool,
    /// Some report may be a summary of chains, so that it depends on stakes elsewhere.
    pub(super) summaries: bool,
}

impl Owned {
    pub(super) fn side(&self, basis: Basis) -> Option<&Side> {
        match basis {
            Basis::Shares => Some(&self.shares),
            Basis::Votes => self.votes.as_deref(),
        }
    }

    /// Everybody who holds or is tied, in order, each once.
    pub(super) fn holders(&self) -> Vec<Node> {
        let stakes = self.shares.stakes.iter().chain(self.votes.iter().flat_map(|v| &v.stakes));
        let mut all: Vec<Node> = stakes.flat_map(|s| s.holders.as_slice()).copied().collect();
        all.extend(self.ties.iter().map(|t| t.holder));
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A report as read from the graph.
struct Raw {
    basis: Basis,
    holder: Node,
    joint: String,
    stake: String,
    indirect: bool,
    certain: bool,
    share: Option<Share>,
    edge: Edge,
}

/// The stakes of a graph on a day, read as they are needed.
pub(super) struct Holdings<'v, 'g> {
    view: &'v View<'g>,
    day: PartialDate,
    conventions: Conventions,
    changes: Changes,
    kinds: Vec<Kind>,
    slot: HashMap<Node, u32, rustc_hash::FxBuildHasher>,
    owned: Vec<Owned>,
    /// Parties read so far whose stakes depend on stakes elsewhere.
    summarised: Vec<Node>,
}

impl<'v, 'g> Holdings<'v, 'g> {
    /// `ties` are the edge types that some rule counts as control. The view must not filter by
    /// day or edge type: dates are judged here.
    pub(super) fn new(
        view: &'v View<'g>,
        day: PartialDate,
        conventions: Conventions,
        changes: Changes,
        ties: &BTreeSet<String>,
    ) -> Holdings<'v, 'g> {
        let kind = |t: &crate::model::EdgeType| match () {
            () if ties.contains(&t.name) => Kind::Tie,
            () if t.derived => Kind::Other,
            () if t.votes => Kind::Votes,
            () if t.ownership => Kind::Shares,
            () if t.ambiguous => Kind::Ambiguous,
            () => Kind::Other,
        };
        let graph = view.graph();
        Holdings {
            view,
            day,
            conventions,
            changes,
            kinds: graph.catalogue().edge_types().iter().map(kind).collect(),
            slot: HashMap::default(),
            owned: Vec::new(),
            summarised: Vec::new(),
        }
    }

    pub(super) fn graph(&self) -> &'g Graph {
        self.view.graph()
    }

    /// What ends the question.
    pub(super) fn stop(&self) -> &'v Stop {
        self.view.stop()
    }

    pub(super) fn day(&self) -> PartialDate {
        self.day
    }

    pub(super) fn changes(&self) -> &Changes {
        &self.changes
    }

    pub(super) fn conventions(&self) -> Conventions {
        self.conventions
    }

    /// Supposes these edges away in place of those before, and reads anew what that touches.
    pub(super) fn hide(&mut self, edges: HashSet<Edge>) -> Result<()> {
        let changed: Vec<Edge> = self.changes.hidden.symmetric_difference(&edges).copied().collect();
        self.changes.hidden = edges;
        if changed.is_empty() {
            return Ok(());
        }
        let mut targets: Vec<Node> = changed.iter().map(|e| self.ends(*e).1).collect();
        targets.extend(&self.summarised);
        targets.sort_unstable();
        targets.dedup();
        for t in targets {
            let Some(at) = self.slot.get(&t).copied() else { continue };
            let owned = self.read(t)?;
            if let Some(old) = self.owned.get_mut(at as usize) {
                *old = owned;
            }
        }
        Ok(())
    }

    /// Takes up other suppositions in place of those before, reads anew what they touch, and
    /// gives back those before. Only for suppositions about edges.
    pub(super) fn suppose(&mut self, changes: Changes) -> Result<Changes> {
        let touched = |c: &Changes, other: &Changes| -> Vec<Node> {
            let hidden = c.hidden.difference(&other.hidden).map(|e| self.ends(*e).1);
            hidden.chain(c.added.iter().map(|s| s.target)).collect()
        };
        let mut targets = touched(&self.changes, &changes);
        targets.extend(touched(&changes, &self.changes));
        targets.extend(&self.summarised);
        let before = std::mem::replace(&mut self.changes, changes);
        targets.sort_unstable();
        targets.dedup();
        for t in targets {
            let Some(at) = self.slot.get(&t).copied() else { continue };
            let owned = self.read(t)?;
            if let Some(old) = self.owned.get_mut(at as usize) {
                *old = owned;
            }
        }
        Ok(before)
    }

    /// Whether any stake read so far may be a summary of chains.
    pub(super) fn any_summaries(&self) -> bool {
        !self.summarised.is_empty()
    }

    /// Holder and owned party of an edge, a supposed one too.
    pub(super) fn ends(&self, e: Edge) -> (Node, Node) {
        self.changes.supposed(e).map_or_else(|| self.graph().ends(e), |s| (s.holder, s.target))
    }

    /// The share of an edge as recorded or supposed.
    pub(super) fn share(&self, e: Edge) -> Option<Share> {
        match self.changes.supposed(e) {
            Some(s) => s.share,
            None => self.changes.shares.get(&e).copied().unwrap_or_else(|| self.graph().share(e)),
        }
    }

    fn kind(&self, e: Edge) -> Kind {
        self.kinds.get(usize::from(self.graph().edge_type_code(e))).copied().unwrap_or(Kind::Other)
    }

    /// Turns to another day and other suppositions, and forgets what was read.
    pub(super) fn again(&mut self, day: PartialDate, changes: Changes) {
        (self.day, self.changes) = (day, changes);
        self.owned.clear();
        self.slot.clear();
        self.summarised.clear();
    }

    /// Whether an edge is of a kind that may make anybody affected.
    pub(super) fn counts(&self, e: Edge) -> bool {
        self.kind(e) != Kind::Other
    }

    /// How far an edge holds on the day, seen or not.
    pub(super) fn force_of(&self, e: Edge) -> Force {
        let there = self.view.sees(e) && !self.changes.hidden.contains(&e);
        if there { self.force(e) } else { Force::Never }
    }

    /// How far an edge that is seen holds on the day.
    pub(super) fn force(&self, e: Edge) -> Force {
        let graph = self.graph();
        let (start, end) = graph.dates(e);
        self.weigh(graph.meta(e), start, end, self.view.ended(e))
    }

    fn weigh(
        &self,
        meta: Meta,
        start: Option<PartialDate>,
        end: Option<PartialDate>,
        ended: Option<PartialDate>,
    ) -> Force {
        if meta.former || matches!(meta.act, Act::Sought | Act::Offered) || meta.status == Status::Withdrawn {
            return Force::Never;
        }
        let dated = start.is_some() || end.is_some() || ended.is_some();
        let force = if dated { holds(start, earlier(end, ended), self.day) } else { Force::Certain };
        if meta.status == Status::Asserted && meta.act == Act::Done { force } else { force.min(Force::Possible) }
    }

    /// What an edge that matters, is seen and holds tells, and how far it holds.
    #[inline]
    fn look(&self, e: Edge) -> Option<(Kind, Force, Meta)> {
        let of = |code: u16| self.kinds.get(usize::from(code)).copied().unwrap_or(Kind::Other);
        let r = self.view.read(e, |code| of(code) != Kind::Other)?;
        let force = self.weigh(r.meta, r.start, r.end, r.ended);
        let hidden = !self.changes.hidden.is_empty() && self.changes.hidden.contains(&e);
        (force != Force::Never && !hidden).then(|| (of(r.kind), force, r.meta))
    }

    /// Edges from holders to a party that matter and hold, with how far they do.
    fn inward(&self, t: Node) -> impl Iterator<Item = (Edge, Node, Kind, Force, Meta)> + '_ {
        let links = self.graph().links(t, Dir::In);
        links.filter_map(move |k| self.look(k.edge).map(|(kind, force, meta)| (k.edge, k.other, kind, force, meta)))
    }

    /// The parties in which somebody may hold something, each once, in order.
    pub(super) fn held_by(&self, holder: Node, out: &mut Vec<Node>) {
        out.clear();
        let wanted = |code: u16| self.kinds.get(usize::from(code)).is_some_and(|k| *k != Kind::Other);
        self.view.led_to(holder, wanted, out);
        out.extend(self.changes.added.iter().filter(|s| s.holder == holder).map(|s| s.target));
        out.sort_unstable();
        out.dedup();
    }

    /// Everything held of a party, read once.
    pub(super) fn of(&mut self, t: Node) -> Result<&Owned> {
        let at = self.number(t)?;
        self.owned.get(at).ok_or_else(|| Error::not_found("no such party"))
    }

    /// The position of what [`Holdings::of`] has read of a party.
    fn number(&mut self, t: Node) -> Result<usize> {
        // Every question about ownership comes by here again and again.
        self.view.stop().check()?;
        if let Some(at) = self.slot.get(&t) {
            return Ok(*at as usize);
        }
        let owned = self.read(t)?;
        self.slot.insert(t, self.owned.len() as u32);
        if owned.summaries {
            self.summarised.push(t);
        }
        self.owned.push(owned);
        Ok(self.owned.len() - 1)
    }

    fn read(&self, t: Node) -> Result<Owned> {
        let graph = self.graph();
        let mut raw: Vec<Raw> = Vec::new();
        let mut ties: Vec<Tie> = Vec::new();
        let mut summaries = false;
        let mut found: Vec<(Edge, Node, Kind, Force, Meta)> = Vec::new();
        graph.each_in(t, |e, holder| {
            found.extend(self.look(e).map(|(kind, force, meta)| (e, holder, kind, force, meta)));
        });
        for (edge, holder, kind, force, meta) in found {
            let certain = force == Force::Certain;
            if matches!(kind, Kind::Tie | Kind::Ambiguous) && holder != t {
                let code = graph.edge_type_code(edge);
                ties.push(Tie { holder, edge, kind: code, certain, ambiguous: kind == Kind::Ambiguous });
            }
            let basis = match kind {
                Kind::Votes => Basis::Votes,
                Kind::Shares | Kind::Ambiguous => Basis::Shares,
                _ => continue,
            };
            let (joint, stake) = if meta.labelled {
                let r = graph.relation(edge)?;
                (r.joint, r.stake)
            } else {
                (String::new(), String::new())
            };
            let (mut certain, mut indirect) = (certain && kind != Kind::Ambiguous, false);
            if meta.direct != Direct::Direct {
                summaries = true;
                let chain = self.chain(holder, t);
                self.view.stop().check()?;
                match meta.direct {
                    Direct::Indirect if chain => continue,
                    Direct::Indirect => indirect = true,
                    _ => certain &= !chain,
                }
            }
            let supposed = if self.changes.shares.is_empty() { None } else { self.changes.shares.get(&edge).copied() };
            let share = supposed.unwrap_or_else(|| graph.share(edge));
            raw.push(Raw { basis, holder, joint, stake, indirect, certain, share, edge });
        }
        for (i, s) in self.changes.added.iter().enumerate().filter(|(_, s)| s.target == t) {
            let edge = Changes::edge(i);
            if self.changes.hidden.contains(&edge) {
                continue;
            }
            raw.push(Raw {
                basis: s.basis,
                holder: s.holder,
                joint: String::new(),
                stake: s.id.clone(),
                indirect: false,
                certain: true,
                share: s.share,
                edge,
            });
        }
        if summaries {
            // A summary beside a direct stake of the same holder may contain it.
            let direct: HashSet<(Node, Basis)> =
                raw.iter().filter(|r| !r.indirect).map(|r| (r.holder, r.basis)).collect();
            for r in raw.iter_mut().filter(|r| r.indirect && direct.contains(&(r.holder, r.basis))) {
                r.certain = false;
            }
        }
        let options = self.view.options_on(t, Some(self.day))?;
        let exclude = self.conventions.treasury_exclude.or(options.treasury_exclude).unwrap_or(false);
        let any_votes = raw.iter().any(|r| r.basis == Basis::Votes);
        let (votes, shares): (Vec<Raw>, Vec<Raw>) = match any_votes {
            true => raw.into_iter().partition(|r| r.basis == Basis::Votes),
            false => (Vec::new(), raw),
        };
        let shares = side(t, shares, exclude);
        let votes = any_votes.then(|| Box::new(side(t, votes, exclude)));
        let kind = graph.node_type(t);
        let unknown = || matches!(kind.name.as_str(), "thing" | "unknown_party" | "unresolved_name");
        Ok(Owned {
            ownable: matches!(kind.family.as_str(), "legal" | "asset") || unknown(),
            shares,
            votes,
            ties,
            complete: self.conventions.complete.or(options.complete).unwrap_or(false),
            remainder: self.conventions.unknown_remainder.or(options.unknown_remainder).unwrap_or(false),
            summaries,
        })
    }

    /// Whether a chain of two or more certain, direct stakes leads from a holder to a party.
    fn chain(&self, holder: Node, t: Node) -> bool {
        let mut seen: HashSet<Node> = HashSet::from([t]);
        let mut queue = VecDeque::from([t]);
        while let Some(x) = queue.pop_front() {
            if self.view.stop().is_set() {
                break;
            }
            for (_, other, kind, force, meta) in self.inward(x) {
                let direct = matches!(kind, Kind::Shares | Kind::Votes)
                    && force == Force::Certain
                    && meta.direct == Direct::Direct;
                if !direct || (x == t && other == holder) {
                    continue;
                }
                if other == holder {
                    return true;
                }
                if seen.insert(other) {
                    queue.push_back(other);
                }
            }
        }
        false
    }

    /// The id of an edge as answers show it.
    pub(super) fn edge_id(&self, e: Edge) -> Result<String> {
        if let Some(s) = self.changes.supposed(e) {
            return Ok(s.id.clone());
        }
        Ok(self.graph().show_id(&self.graph().relation(e)?.external_id()).to_owned())
    }
}

/// Merges the reports on one basis.
fn side(t: Node, mut raw: Vec<Raw>, exclude: bool) -> Side {
    let key = |r: &Raw| {
        let holder = if r.joint.is_empty() { r.holder } else { Node::default() };
        (!r.joint.is_empty(), r.joint.clone(), holder, r.stake.clone(), r.indirect)
    };
    if raw.iter().all(|r| r.joint.is_empty() && r.stake.is_empty() && !r.indirect) {
        raw.sort_unstable_by_key(|r| (r.holder, r.edge));
    } else if raw.len() > 1 {
        raw.sort_by_cached_key(|r| (key(r), r.edge));
    }
    let mut stakes: Vec<Stake> = Vec::with_capacity(raw.len());
    let mut own: Option<Bounds> = None;
    let mut conflicts = Vec::new();
    let mut single = 0;
    let same = |a: &Raw, b: &Raw| {
        (a.joint == b.joint && !a.joint.is_empty())
            || (a.joint.is_empty() && b.joint.is_empty() && a.holder == b.holder && a.stake == b.stake)
                && a.indirect == b.indirect
    };
    for group in raw.chunk_by(same) {
        if let [r] = group
            && r.joint.is_empty()
            && r.holder != t
        {
            let (bounds, conflict) = merge(&[Report { certain: r.certain, share: r.share }]);
            if conflict {
                conflicts.push(vec![r.edge]);
            }
            let shows_low = r.certain && Bounds::of(r.share).low == bounds.low;
            let shows_high = Bounds::of(r.share).high == bounds.high;
            let edge = Reporting { edge: r.edge, holder: r.holder, certain: true, shows_low, shows_high };
            single += 1;
            stakes.push(Stake { holders: Few::One(r.holder), bounds, edges: Few::One(edge) });
            continue;
        }
        let reports: Vec<Report> = group.iter().map(|r| Report { certain: r.certain, share: r.share }).collect();
        let (bounds, conflict) = merge(&reports);
        if conflict {
            conflicts.push(group.iter().map(|r| r.edge).collect());
        }
        let sure = group.iter().any(|r| r.certain);
        let edges: Vec<Reporting> = group
            .iter()
            .map(|r| Reporting {
                edge: r.edge,
                holder: r.holder,
                certain: r.certain || !sure,
                shows_low: r.certain && Bounds::of(r.share).low == bounds.low,
                shows_high: Bounds::of(r.share).high == bounds.high,
            })
            .collect();
        let mut holders: Vec<Node> = group.iter().map(|r| r.holder).collect();
        holders.sort_unstable();
        holders.dedup();
        if holders == [t] {
            own = Some(match own {
                None => bounds,
                Some(o) => Bounds {
                    low: &o.low + &bounds.low,
                    low_open: o.low_open || bounds.low_open,
                    high: &o.high + &bounds.high,
                    high_open: o.high_open || bounds.high_open,
                },
            });
            continue;
        }
        let joint = group.first().is_some_and(|r| !r.joint.is_empty());
        single += usize::from(!joint);
        stakes.push(Stake { holders: Few::of(holders), bounds, edges: Few::of(edges) });
    }
    let scaled = exclude && own.is_some();
    if let Some(o) = own.as_ref().filter(|_| exclude) {
        for s in &mut stakes {
            (s.bounds.low, s.bounds.low_open) = rescaled(&s.bounds.low, s.bounds.low_open, &o.low, o.low_open);
            (s.bounds.high, s.bounds.high_open) = rescaled(&s.bounds.high, s.bounds.high_open, &o.high, o.high_open);
        }
    }
    let mut total = Sum::ZERO;
    stakes.iter().for_each(|s| total.add(&s.bounds));
    if let Some(o) = own.as_ref().filter(|_| !scaled) {
        total.add(o);
    }
    let over = match total.low.cmp(&Exact::HUNDRED) {
        std::cmp::Ordering::Greater => true,
        // More than 75 beside more than 25 is more than there is.
        std::cmp::Ordering::Equal => total.low_open > 0,
        std::cmp::Ordering::Less => false,
    };
    Side { stakes, single, total, over, own, scaled, conflicts }
}

/// An end of a stake when the party's own stake is taken out of the whole.
fn rescaled(end: &Exact, open: bool, own: &Exact, own_open: bool) -> (Exact, bool) {
    let rest = &Exact::HUNDRED - own;
    match Exact::HUNDRED.checked_div(&rest).filter(|_| rest.is_positive()) {
        _ if end.is_zero() => (Exact::ZERO, open),
        Some(f) => (end * &f, open || own_open),
        None => (Exact::HUNDRED, open),
    }
}
