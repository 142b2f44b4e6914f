//! Verdicts: runs of the cascade, put together as a rule says.

use super::changes::Changes;
use super::dates::Force;
use super::exact::Exact;
use super::holdings::{Conventions, Holdings};
use super::listed::{Coverage, Lists, listed};
use super::regime::{Aggregation, Basis, Regime, RegimeKind, Regimes, Rule, Test};
use super::run::{Bound, Measure, Mode, Run, Scope, bound};
use crate::error::{Error, Result};
use crate::graph::{Edge, Node, View};
use crate::model::PartialDate;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The outcome for one party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Not blocked, on the record.
    NotBlocked,
    /// The record cannot tell.
    Indeterminate,
    /// Blocked through ownership or control.
    Blocked,
    /// On a list itself.
    Listed,
}

impl Outcome {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::NotBlocked => "not_blocked",
            Outcome::Indeterminate => "indeterminate",
            Outcome::Blocked => "blocked",
            Outcome::Listed => "listed",
        }
    }

    /// The inverse of [`Outcome::as_str`].
    pub fn parse(word: &str) -> Option<Outcome> {
        [Outcome::NotBlocked, Outcome::Indeterminate, Outcome::Blocked, Outcome::Listed]
            .into_iter()
            .find(|o| o.as_str() == word)
    }

    /// As readers are told it: nothing says more than the record does.
    pub fn words(self) -> &'static str {
        match self {
            Outcome::NotBlocked => "not blocked on the record",
            Outcome::Indeterminate => "cannot tell",
            Outcome::Blocked => "blocked",
            Outcome::Listed => "listed",
        }
    }
}

/// What those affected hold of a party, in percent of its shares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// At least.
    pub min: Exact,
    /// More than that.
    pub min_open: bool,
    /// At most.
    pub max: Exact,
    /// Less than that.
    pub max_open: bool,
}

impl Range {
    /// Nothing.
    pub const ZERO: Range = Range { min: Exact::ZERO, min_open: false, max: Exact::ZERO, max_open: false };

    /// The lower end in words: `25`, `more than 25`.
    pub fn least_words(&self) -> String {
        end_words(&self.min, self.min_open, "more than")
    }

    /// The upper end in words: `75`, `less than 75`.
    pub fn most_words(&self) -> String {
        end_words(&self.max, self.max_open, "less than")
    }

    pub(super) fn raise_min(&mut self, b: &Bound) {
        match b.value.cmp(&self.min) {
            std::cmp::Ordering::Greater => (self.min, self.min_open) = (b.value.clone(), b.open),
            std::cmp::Ordering::Equal => self.min_open |= b.open,
            std::cmp::Ordering::Less => {}
        }
    }

    pub(super) fn raise_max(&mut self, b: &Bound) {
        match b.value.cmp(&self.max) {
            std::cmp::Ordering::Greater => (self.max, self.max_open) = (b.value.clone(), b.open),
            std::cmp::Ordering::Equal => self.max_open &= b.open,
            std::cmp::Ordering::Less => {}
        }
    }
}

/// A number, and before it whether it is itself excluded: `75`, `less than 75`.
pub(super) fn end_words(value: &Exact, open: bool, excluding: &str) -> String {
    if open { format!("{excluding} {value}") } else { value.to_string() }
}

/// What the runs found of one party.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) outcome: Outcome,
    pub(super) share: Range,
    /// Edges that would have to be known, and whether there are more.
    pub(super) missing: BTreeSet<Edge>,
    pub(super) cut: bool,
    /// Person by person: whose run decided.
    pub(super) principal: Option<Node>,
}

impl Default for Found {
    fn default() -> Found {
        Found {
            outcome: Outcome::NotBlocked,
            share: Range::ZERO,
            missing: BTreeSet::new(),
            cut: false,
            principal: None,
        }
    }
}

/// A group of parties from which a run starts.
#[derive(Debug, Clone)]
pub(super) struct Start {
    /// The listed party, where rules go person by person.
    pub(super) principal: Option<Node>,
    /// Seeds of the certain run; `None`: there is no such run.
    pub(super) certain: Option<Vec<Node>>,
    /// Seeds of the possible run.
    pub(super) possible: Option<Vec<Node>>,
}

/// Looks on after each pair of runs, before the next takes their place.
pub(super) type Watch<'w, 'v, 'g> = &'w mut dyn FnMut(&mut Holdings<'v, 'g>, &[Run; 2], &Start) -> Result<()>;

/// Findings by party; what is not in it is not blocked and held by nobody affected.
#[derive(Debug, Default)]
pub(super) struct Judged {
    pub(super) found: HashMap<Node, Found, rustc_hash::FxBuildHasher>,
}

/// How many stakes the search for missing facts looks at, for one party.
const MISSING_STEPS: usize = 10_000;
/// How many missing facts are named for one party.
const MISSING_NAMED: usize = 1_000;
/// Person by person with unknown remainders, every listed party meets every other: so many at most.
const OPEN_WORLD_WORK: usize = 200_000_000;

/// Asks a graph about ownership under one or several regimes on one day.
pub struct Judge<'v, 'g, 'r> {
    pub(super) view: &'v View<'g>,
    pub(super) regimes: &'r Regimes,
    pub(super) holdings: Holdings<'v, 'g>,
    pub(super) lists: Lists,
    pub(super) runs: [Run; 2],
    forces: HashMap<String, HashMap<Node, Force, rustc_hash::FxBuildHasher>>,
}

impl<'v, 'g, 'r> Judge<'v, 'g, 'r> {
    /// A judge for a day. The view decides what had been published and which sources count; it
    /// must not filter by day or edge type.
    pub fn new(
        view: &'v View<'g>,
        regimes: &'r Regimes,
        day: PartialDate,
        conventions: Conventions,
        changes: Changes,
    ) -> Result<Judge<'v, 'g, 'r>> {
        Judge::reading(view, regimes, day, conventions, changes, &[])
    }

    /// The same, with ties of more types read than the rules count.
    pub(super) fn reading(
        view: &'v View<'g>,
        regimes: &'r Regimes,
        day: PartialDate,
        conventions: Conventions,
        changes: Changes,
        more: &[String],
    ) -> Result<Judge<'v, 'g, 'r>> {
        if view.filter().as_of.is_some() || !view.filter().edge_types.is_empty() {
            return Err(Error::usage("a verdict looks at all relations and judges their dates itself")
                .hint("leave the day and the edge types out of the view's filter"));
        }
        let tests = regimes.list.iter().flat_map(|r| &r.rules).filter_map(|r| r.test.as_ref());
        let ties = tests.flat_map(|t| t.control.iter().chain(&t.may_control)).chain(more);
        let ties: BTreeSet<String> = ties.cloned().collect();
        Ok(Judge {
            view,
            regimes,
            holdings: Holdings::new(view, day, conventions, changes, &ties),
            lists: Lists::of(view),
            runs: [Run::default(), Run::default()],
            forces: HashMap::new(),
        })
    }

    /// The day.
    pub fn day(&self) -> PartialDate {
        self.holdings.day()
    }

    /// Turns to another day and other suppositions, and forgets what was read.
    pub(super) fn again(&mut self, day: PartialDate, changes: Changes) {
        self.holdings.again(day, changes);
        self.forces.clear();
    }

    /// The rule of a regime on the day. Regimes without verdicts are refused.
    pub fn rule(&self, regime: &'r Regime) -> Result<&'r Rule> {
        match regime.kind {
            RegimeKind::Sanctions => regime.rule_on(self.day()),
            RegimeKind::Exposure => {
                Err(Error::usage(format!("{} draws no line in numbers: there is no verdict under it", regime.title))
                    .hint(format!("ask for the exposure: cuibono exposure ENTITY --regime {}", regime.id)))
            }
            RegimeKind::BeneficialOwnership => {
                Err(Error::usage(format!("{} asks for beneficial owners, it gives no verdict", regime.title))
                    .hint("use: cuibono ubo ENTITY"))
            }
        }
    }

    /// What the regime's lists can tell.
    pub fn coverage(&self, regime: &Regime) -> Coverage {
        self.lists.coverage(regime, self.day())
    }

    /// How far a party is listed.
    pub(super) fn listed(&mut self, regime: &Regime, n: Node) -> Result<Force> {
        if let Some(f) = self.forces.get(&regime.id).and_then(|known| known.get(&n)) {
            return Ok(*f);
        }
        let f = listed(self.view, &self.lists, self.holdings.changes(), regime, self.day(), n)?;
        self.forces.entry(regime.id.clone()).or_default().insert(n, f);
        Ok(f)
    }

    /// All parties that are or may be listed, among some or anywhere.
    pub(super) fn all_listed(&mut self, regime: &Regime, among: Option<&[Node]>) -> Result<Vec<(Node, Force)>> {
        let mut nodes: Vec<Node> = match among {
            Some(n) => n.to_vec(),
            None => {
                let mut all = self.view.listed();
                all.extend(self.holdings.changes().listed.keys());
                all
            }
        };
        nodes.sort_unstable();
        nodes.dedup();
        let mut out = Vec::new();
        let mut known = self.forces.remove(&regime.id).unwrap_or_default();
        for n in nodes {
            let f = match known.get(&n) {
                Some(f) => *f,
                None => {
                    let f = listed(self.view, &self.lists, self.holdings.changes(), regime, self.day(), n)?;
                    known.insert(n, f);
                    f
                }
            };
            if f != Force::Never {
                out.push((n, f));
            }
        }
        self.forces.insert(regime.id.clone(), known);
        Ok(out)
    }

    /// From where the runs of a rule start.
    pub(super) fn starts(&mut self, regime: &Regime, test: &Test, scope: Option<&Scope>) -> Result<Vec<Start>> {
        let arranged = if test.joint_arrangement { self.view.arranged_on(Some(self.day()))? } else { Vec::new() };
        let mut among: Option<Vec<Node>> = scope.map(|s| s.nodes.clone());
        if let Some(list) = &mut among {
            list.extend(arranged.iter().map(|(n, _)| *n));
        }
        let all = self.all_listed(regime, among.as_deref())?;
        let inside = |n: &Node| scope.is_none_or(|s| s.contains(*n));
        let of = |least: Force| -> Vec<Node> {
            all.iter().filter(|(n, f)| *f >= least && inside(n)).map(|(n, _)| *n).collect()
        };
        let together =
            Start { principal: None, certain: Some(of(Force::Certain)), possible: Some(of(Force::Possible)) };
        let partners = |p: Node| -> Vec<Node> {
            let mut group = partners(&arranged, p);
            group.retain(inside);
            group
        };
        let each = || {
            all.iter().map(|(p, f)| (*p, *f, partners(*p))).filter(|(_, _, group)| !group.is_empty()).map(
                |(p, f, group)| Start {
                    principal: Some(p),
                    certain: (f == Force::Certain).then(|| group.clone()),
                    possible: Some(group),
                },
            )
        };
        Ok(match test.aggregation {
            Aggregation::All => vec![together],
            Aggregation::Each => {
                let mut list: Vec<Start> = each().collect();
                // Somebody unknown may be a listed person, too.
                list.push(Start { principal: None, certain: None, possible: Some(Vec::new()) });
                list
            }
            Aggregation::Unsettled => {
                let mut list: Vec<Start> = each().map(|s| Start { possible: None, ..s }).collect();
                list.push(Start { certain: None, ..together });
                list
            }
        })
    }

    /// Parties whose remainder is unknown, among some or anywhere.
    pub(super) fn open(&self, scope: Option<&Scope>) -> Result<Vec<Node>> {
        let conventions = self.holdings.conventions();
        if conventions.unknown_remainder == Some(false) {
            return Ok(Vec::new());
        }
        let everywhere = conventions.unknown_remainder == Some(true);
        let mut out = Vec::new();
        let mut take = |n: Node| -> Result<()> {
            if everywhere || self.view.options_on(n, Some(self.day()))?.unknown_remainder == Some(true) {
                out.push(n);
            }
            Ok(())
        };
        match scope {
            Some(s) => s.nodes.iter().try_for_each(|n| take(*n))?,
            None if everywhere => self.view.graph().nodes().try_for_each(take)?,
            None => self.view.optioned().into_iter().try_for_each(take)?,
        }
        Ok(out)
    }

    /// Runs a rule over everything, or over what lies upstream of one party.
    /// Missing facts are not looked for.
    pub(super) fn judge(&mut self, regime: &Regime, test: &Test, scope: Option<&Scope>) -> Result<Judged> {
        self.find(regime, test, scope, &|_| false, false, &mut |_, _, _| Ok(()))
    }

    /// The same everywhere; parties that are not affected are left out where that costs nothing.
    pub(super) fn judge_affected(&mut self, regime: &Regime, test: &Test) -> Result<Judged> {
        self.find(regime, test, None, &|_| false, true, &mut |_, _, _| Ok(()))
    }

    /// The same with the facts that are missing for those parties for which they are wanted.
    pub(super) fn judge_and_miss(
        &mut self,
        regime: &Regime,
        test: &Test,
        scope: Option<&Scope>,
        wanted: &dyn Fn(Node) -> bool,
    ) -> Result<Judged> {
        self.find(regime, test, scope, wanted, false, &mut |_, _, _| Ok(()))
    }

    /// The same, with an eye on every pair of runs that went into it.
    pub(super) fn judge_and_watch(
        &mut self,
        regime: &Regime,
        test: &Test,
        scope: Option<&Scope>,
        wanted: &dyn Fn(Node) -> bool,
        watch: Watch<'_, 'v, 'g>,
    ) -> Result<Judged> {
        self.find(regime, test, scope, wanted, false, watch)
    }

    fn find(
        &mut self,
        regime: &Regime,
        test: &Test,
        scope: Option<&Scope>,
        wanted: &dyn Fn(Node) -> bool,
        affected: bool,
        watch: Watch<'_, 'v, 'g>,
    ) -> Result<Judged> {
        let measure = Measure::new(test, self.view.graph());
        let starts = self.starts(regime, test, scope)?;
        let open = self.open(scope)?;
        if starts.len().saturating_mul(open.len()) > OPEN_WORLD_WORK {
            return Err(Error::usage("too many listed parties to suppose each behind every unknown remainder")
                .hint("ask for single parties, or leave out --open-world"));
        }
        let mut judged = Judged::default();
        for start in &starts {
            if start.possible.as_ref().is_some_and(Vec::is_empty) && open.is_empty() && start.principal.is_none() {
                continue;
            }
            self.pair(&measure, start, scope, &open)?;
            watch(&mut self.holdings, &self.runs, start)?;
            // What is not affected from one start still adds to what is from another.
            let affected = affected && starts.len() == 1;
            self.gather(regime, &measure, start, wanted, affected, &mut judged)?;
        }
        for (n, force) in self.all_listed(regime, scope.map(|s| &s.nodes[..]))? {
            let found = judged.found.entry(n).or_default();
            let outcome = if force == Force::Certain { Outcome::Listed } else { Outcome::Indeterminate };
            found.outcome = found.outcome.max(outcome);
        }
        for found in judged.found.values_mut().filter(|f| f.outcome != Outcome::Indeterminate) {
            found.missing.clear();
            found.cut = false;
        }
        Ok(judged)
    }

    /// The certain and the possible run from one start.
    pub(super) fn pair(
        &mut self,
        measure: &Measure<'_>,
        start: &Start,
        scope: Option<&Scope>,
        open: &[Node],
    ) -> Result<()> {
        let [certain, possible] = &mut self.runs;
        let none: &[Node] = &[];
        let seeds = start.certain.as_deref().unwrap_or(none);
        certain.go(&mut self.holdings, measure, Mode::Certain, seeds, scope, none)?;
        let (seeds, open) = match &start.possible {
            Some(s) => (s.as_slice(), open),
            None => (none, none),
        };
        possible.go(&mut self.holdings, measure, Mode::Possible, seeds, scope, open)
    }

    /// Adds what a pair of runs found.
    fn gather(
        &mut self,
        regime: &Regime,
        measure: &Measure<'_>,
        start: &Start,
        wanted: &dyn Fn(Node) -> bool,
        affected: bool,
        judged: &mut Judged,
    ) -> Result<()> {
        let [certain, possible] = &self.runs;
        // Where all together are set against each alone, what each alone affects is certain.
        let apart = measure.test.aggregation == Aggregation::Unsettled && start.certain.is_none();
        let by_others: HashSet<Node> = match apart {
            true => judged
                .found
                .iter()
                .filter(|(_, f)| f.outcome == Outcome::Blocked)
                .map(|(n, _)| *n)
                .chain(
                    self.forces
                        .get(&regime.id)
                        .into_iter()
                        .flatten()
                        .filter(|(_, f)| **f == Force::Certain)
                        .map(|(n, _)| *n),
                )
                .collect(),
            false => HashSet::new(),
        };
        let sure = |n: Node| certain.is_affected(n) || by_others.contains(&n);
        let counts = |n: Node, turn: u32| !affected || turn != 0 || possible.is_affected(n);
        for state in certain.states().iter().filter(|s| counts(s.node, s.turn)) {
            let owned = self.holdings.of(state.node)?;
            let found = judged.found.entry(state.node).or_default();
            found.share.raise_min(&bound(owned, &owned.shares, &state.shares, Mode::Certain));
            if state.reached && found.outcome < Outcome::Blocked {
                found.outcome = Outcome::Blocked;
                found.principal = start.principal;
            }
        }
        for state in possible.states().iter().filter(|s| counts(s.node, s.turn)) {
            let owned = self.holdings.of(state.node)?;
            let found = judged.found.entry(state.node).or_default();
            found.share.raise_max(&bound(owned, &owned.shares, &state.shares, Mode::Possible));
            if state.turn == 0 || found.outcome >= Outcome::Blocked {
                continue;
            }
            if state.reached && found.outcome < Outcome::Indeterminate {
                found.outcome = Outcome::Indeterminate;
                found.principal = start.principal;
            }
            let settled = certain.state(state.node).is_some_and(|s| s.reached) || by_others.contains(&state.node);
            if !settled && wanted(state.node) {
                found.cut |= missing(&mut self.holdings, measure, &sure, possible, state.node, &mut found.missing)?;
            }
        }
        Ok(())
    }
}

/// A party and those it has a joint arrangement with, in order.
pub(super) fn partners(arranged: &[(Node, Vec<String>)], p: Node) -> Vec<Node> {
    let mine: HashSet<&String> = arranged.iter().filter(|(n, _)| *n == p).flat_map(|(_, labels)| labels).collect();
    let with = arranged.iter().filter(|(_, labels)| labels.iter().any(|l| mine.contains(l)));
    let mut group: Vec<Node> = std::iter::once(p).chain(with.map(|(n, _)| *n)).collect();
    group.sort_unstable();
    group.dedup();
    group
}

/// The inexact stakes and uncertain ties, upstream included, that keep a party between the two
/// runs. Returns whether there may be more than were looked for.
fn missing(
    holdings: &mut Holdings<'_, '_>,
    measure: &Measure<'_>,
    sure: &dyn Fn(Node) -> bool,
    possible: &Run,
    n: Node,
    out: &mut BTreeSet<Edge>,
) -> Result<bool> {
    let mut seen: HashSet<Node, rustc_hash::FxBuildHasher> = HashSet::default();
    seen.insert(n);
    let mut queue = vec![n];
    let mut steps = 0;
    while let Some(x) = queue.pop() {
        let owned = holdings.of(x)?;
        let mut holders: Vec<Node> = Vec::new();
        let mut bases: Vec<Basis> = vec![Basis::Shares];
        bases.extend(measure.bases(Mode::Possible).map(|(b, _, _)| b).filter(|b| *b == Basis::Votes));
        for side in bases.iter().filter_map(|b| owned.side(*b)) {
            for s in &side.stakes {
                steps += 1;
                if steps > MISSING_STEPS || out.len() > MISSING_NAMED {
                    return Ok(true);
                }
                let counts = s.holders.as_slice().iter().any(|h| possible.is_affected(*h));
                if counts && !s.bounds.is_exact() {
                    out.extend(s.edges());
                }
                holders.extend(s.holders.as_slice());
            }
        }
        for t in owned.ties.iter().filter(|t| possible.is_affected(t.holder) && measure.tie(t, Mode::Possible)) {
            if !measure.tie(t, Mode::Certain) {
                out.insert(t.edge);
            }
            holders.push(t.holder);
        }
        for h in holders {
            if possible.is_affected(h) && !sure(h) && seen.insert(h) {
                queue.push(h);
            }
        }
    }
    Ok(false)
}
