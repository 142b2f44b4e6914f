//! The arithmetic of a verdict: what of each stake counted in the runs that decided it, and why.
//!
//! Nothing is computed anew here: the sums are those of the runs, read before the next run takes
//! their place, and a stake counts here because it counted there.

use super::exact::Exact;
use super::holdings::{Holdings, Owned, Side, Sum};
use super::judge::{Found, Judge, Judged, Outcome, Range, Start};
use super::proof::By;
use super::regime::{Aggregation, Basis, Regime, Rule, Test};
use super::run::{Bound, Measure, Mode, Run, Scope, bound};
use super::stake::Stake;
use super::verdict::Verdict;
use crate::error::Result;
use crate::graph::{Edge, Node};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

/// Terms of one party that are spelt out; the others are summed up.
const SPELT_OUT: usize = 60;

/// How a stake or a tie counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Counts {
    /// It counts whatever the open points turn out to be.
    Full,
    /// It may count.
    Possible,
    /// It counts as nothing.
    Zero,
}

impl Counts {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Counts::Full => "full",
            Counts::Possible => "possible",
            Counts::Zero => "zero",
        }
    }
}

/// A stake in a party, or a tie of control over it, and how it counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its holder, or the holders of a joint stake.
    pub holders: Vec<Node>,
    /// Ids of the edges that report it, as answers show them.
    pub edges: Vec<String>,
    /// The type of the first of them; empty where it is only supposed.
    pub edge_type: String,
    /// Shares, votes or control.
    pub by: By,
    /// What it is, in percent; `None` for a tie.
    pub share: Option<Range>,
    /// Whether it counted.
    pub counts: Counts,
    /// Why, in words.
    pub why: String,
}

/// Stakes or ties that are not spelt out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct More {
    pub(super) by: By,
    pub(super) counts: Counts,
    pub(super) n: usize,
    /// What they make together; zero for ties.
    pub(super) sum: Range,
}

/// A sum as a run had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Summed {
    pub(super) basis: Basis,
    /// What counted, added up.
    pub(super) plain: Exact,
    /// What follows from it, where what others hold says more.
    pub(super) bound: Bound,
    /// The line, and whether reaching it is enough.
    pub(super) line: (Exact, bool),
    pub(super) passes: bool,
}

/// What one run found of one party.
#[derive(Debug, Clone)]
pub(super) struct Half {
    pub(super) principal: Option<Node>,
    reached: bool,
    pub(super) sums: Vec<Summed>,
    /// Who makes a term count, for shares, votes and ties in their order; `true`: from the start.
    counted: Vec<Option<(Node, bool)>>,
}

/// A verdict with its arithmetic.
#[derive(Debug, Clone)]
pub struct Account {
    /// The verdict.
    pub verdict: Verdict,
    /// Stakes and ties, those that count first, ties before stakes; at most 60.
    pub terms: Vec<Term>,
    /// The others.
    pub(super) more: Vec<More>,
    pub(super) certain: Option<Half>,
    pub(super) possible: Option<Half>,
    pub(super) own: Option<(Range, bool)>,
    pub(super) over: bool,
    pub(super) remainder: bool,
    pub(super) ownable: bool,
    /// The party's own listing is possible.
    pub(super) may_be_listed: bool,
    /// The rule goes person by person.
    pub(super) each: bool,
    /// The rule has a test.
    pub(super) tested: bool,
}

/// The runs that decided, by party.
#[derive(Debug, Default)]
struct Seen {
    halves: HashMap<Node, [Option<Half>; 2], rustc_hash::FxBuildHasher>,
}

/// How much a run found: the rule reaches the party, then what is held of it.
type Weight = (bool, Option<Exact>);

impl Seen {
    /// Keeps what a pair of runs found of some parties, where it is more than what is kept.
    ///
    /// Person by person the two runs of one person stay together, as what one holds for certain
    /// adds nothing to what another may hold. Elsewhere the possible run counts all that the
    /// certain one does, whichever two they are.
    fn take(
        &mut self,
        holdings: &mut Holdings<'_, '_>,
        runs: &[Run; 2],
        start: &Start,
        measure: &Measure<'_>,
        parties: &[Node],
    ) -> Result<()> {
        let [certain, possible] = runs;
        for n in parties {
            if runs.iter().all(|r| r.state(*n).is_none()) {
                continue;
            }
            let owned = holdings.of(*n)?;
            let new = |run: &Run, mode| Half::new(owned, measure, mode, run, *n, start.principal);
            let kept = self.halves.entry(*n).or_default();
            if measure.test.aggregation == Aggregation::Each {
                let pair = [Some(new(certain, Mode::Certain)), Some(new(possible, Mode::Possible))];
                if pair_weight(&pair) > pair_weight(kept) {
                    *kept = pair;
                }
                continue;
            }
            for ((run, mode), kept) in [(certain, Mode::Certain), (possible, Mode::Possible)].into_iter().zip(kept) {
                if run.state(*n).is_none() {
                    continue;
                }
                let half = new(run, mode);
                if kept.as_ref().is_none_or(|old| half.weight() > old.weight()) {
                    *kept = Some(half);
                }
            }
        }
        Ok(())
    }
}

/// What decides first: reached for certain, reached perhaps, then how much.
fn pair_weight([certain, possible]: &[Option<Half>; 2]) -> Option<(bool, Weight, Option<Exact>)> {
    let (certain, possible) = (certain.as_ref()?.weight(), possible.as_ref()?.weight());
    Some((certain.0, (possible.0, certain.1), possible.1))
}

impl Half {
    /// What a run counted of a party; of one that it never came by, nothing.
    fn new(owned: &Owned, measure: &Measure<'_>, mode: Mode, run: &Run, n: Node, principal: Option<Node>) -> Half {
        let state = run.state(n);
        let sums = sums(owned, measure, mode, &|basis| state.map_or(Sum::ZERO, |s| s.sum(basis).clone()));
        let counted = counted(owned, measure, mode, run, n);
        Half { principal, reached: state.is_some_and(|s| s.reached), sums, counted }
    }

    fn weight(&self) -> Weight {
        (self.reached, self.sums.first().map(|s| s.bound.value.clone()))
    }

    /// Whether the run counted anything at all.
    pub(super) fn counts_anything(&self) -> bool {
        self.reached
            || self.sums.iter().any(|s| s.bound.value > Exact::ZERO)
            || self.counted.iter().any(Option::is_some)
    }
}

fn sums(owned: &Owned, measure: &Measure<'_>, mode: Mode, sum: &dyn Fn(Basis) -> Sum) -> Vec<Summed> {
    let mut out = Vec::new();
    for (basis, line, inclusive) in measure.bases(mode) {
        let Some(side) = owned.side(basis) else { continue };
        let sum = sum(basis);
        let bound = bound(owned, side, &sum, mode);
        let passes = owned.ownable && Measure::passes(&bound, mode, &line, inclusive);
        let plain = if mode == Mode::Certain { sum.low } else { sum.high };
        out.push(Summed { basis, plain, bound, line: (line, inclusive), passes });
    }
    // The share of an answer is of shares, whatever else the rule looks at.
    out.sort_by_key(|s| s.basis != Basis::Shares);
    out
}

/// Which stakes and ties counted, in the order of [`listed_terms`].
fn counted(owned: &Owned, measure: &Measure<'_>, mode: Mode, run: &Run, n: Node) -> Vec<Option<(Node, bool)>> {
    let affected = |h: Node| h != n && run.is_affected(h);
    let seed = |h: Node| run.state(h).is_some_and(|s| s.seed);
    let stake = |s: &Stake| {
        let who = |h: &&Node| s.admits(**h, mode) && affected(**h);
        let by = s.holders.as_slice().iter().filter(who).min_by_key(|h| (!seed(**h), **h))?;
        s.counts(measure.test.joint, mode, &affected).then(|| (*by, seed(*by)))
    };
    let stakes = owned.shares.stakes.iter().chain(owned.votes.iter().flat_map(|v| &v.stakes)).map(stake);
    let ties =
        owned.ties.iter().map(|t| (affected(t.holder) && measure.tie(t, mode)).then(|| (t.holder, seed(t.holder))));
    stakes.chain(ties).collect()
}

/// A term before its words: by what, who, edges, share, and its place among what was counted.
struct Raw<'o> {
    by: By,
    holders: Vec<Node>,
    edges: Vec<Edge>,
    share: Option<&'o super::stake::Bounds>,
    at: usize,
}

/// Stakes and ties of a party that the rule looks at.
fn raw_terms<'o>(owned: &'o Owned, measure: &Measure<'_>) -> Vec<Raw<'o>> {
    let mut out = Vec::new();
    let votes = measure.bases(Mode::Possible).any(|(b, ..)| b == Basis::Votes);
    let side = |s: &'o Side, by: By, from: usize, out: &mut Vec<Raw<'o>>| {
        for (i, s) in s.stakes.iter().enumerate() {
            let holders = s.holders.as_slice().to_vec();
            out.push(Raw { by, holders, edges: s.edges().collect(), share: Some(&s.bounds), at: from + i });
        }
    };
    side(&owned.shares, By::Shares, 0, &mut out);
    let mut from = owned.shares.stakes.len();
    if let Some(v) = &owned.votes {
        if votes {
            side(v, By::Votes, from, &mut out);
        }
        from += v.stakes.len();
    }
    for (i, t) in owned.ties.iter().enumerate().filter(|(_, t)| measure.tie(t, Mode::Possible)) {
        out.push(Raw { by: By::Control, holders: vec![t.holder], edges: vec![t.edge], share: None, at: from + i });
    }
    out
}

fn range(b: &super::stake::Bounds) -> Range {
    Range { min: b.low.clone(), min_open: b.low_open, max: b.high.clone(), max_open: b.high_open }
}

impl<'r> Judge<'_, '_, 'r> {
    /// Verdicts on some parties under one regime, each with its arithmetic and the facts that are
    /// missing, from the runs that decided them, in the order given.
    pub fn accounts(&mut self, regime: &'r Regime, parties: &[Node]) -> Result<Vec<Account>> {
        let rule = self.rule(regime)?;
        let Some(test) = &rule.test else {
            return parties.iter().map(|n| self.untested(regime, rule, *n)).collect();
        };
        let measure = Measure::new(test, self.view.graph());
        let scope = Scope::above_all(&mut self.holdings, parties)?;
        let wanted: HashSet<Node> = parties.iter().copied().collect();
        let mut seen = Seen::default();
        let judged = self.judge_and_watch(
            regime,
            test,
            Some(&scope),
            &|n| wanted.contains(&n),
            &mut |holdings, runs, start| seen.take(holdings, runs, start, &measure, parties),
        )?;
        let mut out = Vec::with_capacity(parties.len());
        for n in parties {
            let found = judged.found.get(n).cloned().unwrap_or_default();
            let [certain, possible] = seen.halves.remove(n).unwrap_or_default();
            out.push(self.account(regime, (rule, test), *n, &judged, found, (certain, possible))?);
        }
        Ok(out)
    }

    fn untested(&mut self, regime: &'r Regime, rule: &'r Rule, n: Node) -> Result<Account> {
        let found = self.listed_only(regime, n)?;
        let may_be_listed = found.outcome == Outcome::Indeterminate;
        let verdict = self.verdict(regime, rule, n, found)?;
        Ok(Account {
            verdict,
            terms: Vec::new(),
            more: Vec::new(),
            certain: None,
            possible: None,
            own: None,
            over: false,
            remainder: false,
            ownable: true,
            may_be_listed,
            each: false,
            tested: false,
        })
    }

    fn account(
        &mut self,
        regime: &'r Regime,
        (rule, test): (&'r Rule, &Test),
        n: Node,
        judged: &Judged,
        found: Found,
        (certain, possible): (Option<Half>, Option<Half>),
    ) -> Result<Account> {
        let measure = Measure::new(test, self.view.graph());
        let verdict = self.verdict(regime, rule, n, found)?;
        let may_be_listed = self.listed(regime, n)? == super::dates::Force::Possible;
        let owned = self.holdings.of(n)?;
        // A run that never came by counted nothing.
        let none = |mode| {
            let zero = |_| Sum::ZERO;
            let sums = sums(owned, &measure, mode, &zero);
            Half { principal: None, reached: false, sums, counted: Vec::new() }
        };
        let certain = certain.unwrap_or_else(|| none(Mode::Certain));
        let possible = possible.unwrap_or_else(|| none(Mode::Possible));
        let who = |h: &Half, at: usize| h.counted.get(at).copied().flatten();
        let counts = |at: usize| match (who(&certain, at), who(&possible, at)) {
            (Some(_), _) => Counts::Full,
            (None, Some(_)) => Counts::Possible,
            (None, None) => Counts::Zero,
        };
        let mut raw = raw_terms(owned, &measure);
        // A tie that counts decides alone, so it is not left to be summed up.
        let order = |t: &Raw<'_>| {
            let c = counts(t.at);
            let tie = t.by == By::Control && c != Counts::Zero;
            (!tie, c, Reverse(t.share.map(|b| b.high.clone())), t.at)
        };
        raw.sort_by_cached_key(order);
        let mut more: Vec<More> = Vec::new();
        for t in raw.iter().skip(SPELT_OUT) {
            let (by, counts) = (t.by, counts(t.at));
            let at = more.iter().position(|m| m.by == by && m.counts == counts).unwrap_or_else(|| {
                more.push(More { by, counts, n: 0, sum: Range::ZERO });
                more.len() - 1
            });
            let Some(m) = more.get_mut(at) else { continue };
            m.n += 1;
            if let Some(b) = t.share {
                m.sum.min = &m.sum.min + &b.low;
                m.sum.min_open |= b.low_open;
                m.sum.max = &m.sum.max + &b.high;
                m.sum.max_open |= b.high_open;
            }
        }
        raw.truncate(SPELT_OUT);
        let standing = |h: Node| judged.found.get(&h).map_or(Outcome::NotBlocked, |f| f.outcome);
        let graph = self.view.graph();
        let why = |t: &Raw<'_>| {
            let half = if who(&certain, t.at).is_some() { &certain } else { &possible };
            match who(half, t.at) {
                Some((h, seed)) => counted_words(graph, h, seed, standing(h), half.principal),
                None => ignored_words(graph, &t.holders, n, &standing),
            }
        };
        let mut terms = Vec::with_capacity(raw.len());
        let mut edges = Vec::with_capacity(raw.len());
        for t in &raw {
            terms.push(Term {
                holders: t.holders.clone(),
                edges: Vec::new(),
                edge_type: String::new(),
                by: t.by,
                share: t.share.map(range),
                counts: counts(t.at),
                why: why(t),
            });
            edges.push(t.edges.clone());
        }
        let account = Account {
            verdict,
            terms: Vec::new(),
            more,
            own: owned.shares.own.as_ref().map(|b| (range(b), owned.shares.scaled)),
            over: owned.shares.over,
            remainder: owned.remainder,
            ownable: owned.ownable,
            may_be_listed,
            each: test.aggregation == Aggregation::Each,
            tested: true,
            certain: Some(certain),
            possible: Some(possible),
        };
        for (t, edges) in terms.iter_mut().zip(edges) {
            for e in edges {
                if t.edge_type.is_empty() && self.holdings.changes().supposed(e).is_none() {
                    t.edge_type.clone_from(&self.view.graph().edge_type(e).name);
                }
                t.edges.push(self.holdings.edge_id(e)?);
            }
        }
        Ok(Account { terms, ..account })
    }
}

/// Why a holder makes a stake count.
fn counted_words(
    graph: &crate::graph::Graph,
    h: Node,
    seed: bool,
    standing: Outcome,
    principal: Option<Node>,
) -> String {
    let name = graph.label(h);
    match (seed, principal, standing) {
        (true, Some(p), _) if p != h => format!("{name} acts jointly with {}, who is listed", graph.label(p)),
        (true, _, Outcome::Listed) => format!("{name} is listed"),
        (true, ..) => format!("{name} may be listed"),
        (false, _, Outcome::Blocked | Outcome::Listed) => format!("{name} is blocked"),
        (false, ..) => format!("{name} may be blocked"),
    }
}

/// Why no holder does.
fn ignored_words(graph: &crate::graph::Graph, holders: &[Node], n: Node, standing: &dyn Fn(Node) -> Outcome) -> String {
    let one = |h: &Node| {
        let name = graph.label(*h);
        match standing(*h) {
            _ if *h == n => format!("{name} is the party itself"),
            Outcome::NotBlocked => format!("{name} is not blocked on the record"),
            Outcome::Listed => format!("{name} is listed, but each listed party is looked at alone"),
            Outcome::Blocked => format!("{name} is blocked through another listed party, and each is looked at alone"),
            Outcome::Indeterminate => format!("{name} may be blocked through another listed party only"),
        }
    };
    holders.iter().take(4).map(one).collect::<Vec<_>>().join("; ")
}
