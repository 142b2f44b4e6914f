//! Proofs of verdicts: minimal, well-founded chains, and closed sets.

use super::changes::{Changes, SupposedStake};
use super::dates::Force;
use super::exact::Exact;
use super::holdings::{Owned, Side, Sum, Tie};
use super::judge::{Judge, Outcome, Start};
use super::proof::{By, Chain, ClosedSet, Held, Listed, MissingFact, Proof, Step, Used};
use super::regime::{Aggregation, Basis, Joint, Regime, RegimeList, Test};
use super::run::{Measure, Mode, Run, Scope, bound};
use super::stake::Stake;
use crate::error::Result;
use crate::graph::{Edge, Node};
use crate::model::{Citation, Share};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Missing facts for which break-even values are worked out.
const BREAK_EVEN: usize = 20;
/// Parties upstream, times missing facts: so many are judged for break-even values at most.
const BREAK_EVEN_WORK: usize = 2_000;

impl<'r> Judge<'_, '_, 'r> {
    /// The verdict on a party with its proof.
    pub fn prove(&mut self, regime: &'r Regime, n: Node) -> Result<Proof> {
        let rule = self.rule(regime)?;
        let scope = Scope::above(&mut self.holdings, n)?;
        let mut wanted: BTreeSet<Edge> = BTreeSet::new();
        let (verdict, principal) = match &rule.test {
            Some(test) => {
                let mut judged = self.judge_and_miss(regime, test, Some(&scope), &|x| x == n)?;
                let found = judged.found.remove(&n).unwrap_or_default();
                let principal = found.principal;
                wanted.clone_from(&found.missing);
                (self.verdict(regime, rule, n, found)?, principal)
            }
            None => {
                let found = self.listed_only(regime, n)?;
                (self.verdict(regime, rule, n, found)?, None)
            }
        };
        let mut proof = Proof {
            ground: self.ground(regime, rule),
            test: rule.test.clone(),
            rules_version: self.regimes.version.clone(),
            as_of: self.day().to_string(),
            known_at: self.view.filter().known_at.map(|d| d.to_string()),
            sources: self.view.filter().sources.clone(),
            conventions: self.holdings.conventions(),
            supposed: !self.holdings.changes().is_empty(),
            listings: self.listings(regime, n)?,
            chain: Chain::default(),
            sets: Vec::new(),
            missing: Vec::new(),
            verdict,
        };
        let Some(test) = &rule.test else { return Ok(proof) };
        let measure = Measure::new(test, self.view.graph());
        let open = self.open(Some(&scope))?;
        let starts = self.starts(regime, test, Some(&scope))?;
        // Where lists are missing, the finding itself is a negative.
        let doubted = proof.verdict.warnings.iter().any(|w| w.starts_with("no_list:"));
        match proof.verdict.outcome {
            Outcome::Listed => {}
            Outcome::Blocked => {
                // A longer chain may lead through somebody who is listed as well.
                let edges = |c: &Chain| c.steps.iter().map(|s| s.edges.len()).sum::<usize>();
                let mut best: Option<Chain> = None;
                for start in starts.iter().filter(|s| s.certain.is_some()) {
                    self.pair(&measure, start, Some(&scope), &open)?;
                    if self.runs[0].state(n).is_some_and(|s| s.reached) {
                        let chain = self.chain(&measure, Mode::Certain, start, n)?;
                        if best.as_ref().is_none_or(|b| edges(&chain) < edges(b)) {
                            best = Some(chain);
                        }
                    }
                }
                proof.chain = best.unwrap_or_default();
            }
            Outcome::Indeterminate if !doubted => {
                let possible = starts.iter().filter(|s| s.principal == principal && s.possible.is_some());
                for start in possible {
                    self.pair(&measure, start, Some(&scope), &open)?;
                    if self.runs[1].is_affected(n) {
                        proof.chain = self.chain(&measure, Mode::Possible, start, n)?;
                        proof.missing = self.missing_facts(&measure, regime, n, &scope, &wanted)?;
                        break;
                    }
                }
                for start in starts.iter().filter(|s| s.certain.is_some()) {
                    self.pair(&measure, start, Some(&scope), &open)?;
                    let set = self.closed_set(&measure, Mode::Certain, start, n)?;
                    proof.sets.push(set);
                }
            }
            Outcome::Indeterminate | Outcome::NotBlocked => {
                for start in starts.iter().filter(|s| s.possible.is_some()) {
                    // Somebody unknown holds something only where a remainder is unknown.
                    let each = test.aggregation == Aggregation::Each;
                    if each && start.principal.is_none() && starts.len() > 1 && !self.open_above(&open, n)? {
                        continue;
                    }
                    self.pair(&measure, start, Some(&scope), &open)?;
                    let set = self.closed_set(&measure, Mode::Possible, start, n)?;
                    proof.sets.push(set);
                }
            }
        }
        let mut seeds: Vec<Node> = Vec::new();
        for used in proof.chain.steps.iter().flat_map(|s| &s.edges).filter(|u| u.step.is_none()) {
            seeds.push(used.holder);
        }
        seeds.extend(proof.chain.principal);
        seeds.sort_unstable();
        seeds.dedup();
        for s in seeds.into_iter().filter(|s| *s != n) {
            let more = self.listings(regime, s)?;
            proof.listings.extend(more);
        }
        Ok(proof)
    }

    /// The listings of a party that a regime counts and that hold, certainly or possibly.
    fn listings(&mut self, regime: &Regime, n: Node) -> Result<Vec<Listed>> {
        if self.listed(regime, n)? == Force::Never {
            return Ok(Vec::new());
        }
        let party = self.view.party(n)?;
        let mut out = Vec::new();
        for l in &party.listings {
            let counts = |r: &RegimeList| {
                r.list == l.list
                    && (r.programs.is_empty()
                        || l.programs.is_empty()
                        || r.programs.iter().any(|p| l.programs.contains(p)))
            };
            let mine = l.list == "*" || regime.lists.iter().any(counts);
            if mine && super::dates::holds(l.from, l.to, self.day()) != Force::Never {
                out.push(Listed {
                    entity: n,
                    list: l.list.clone(),
                    from: l.from.map(|d| d.to_string()),
                    to: l.to.map(|d| d.to_string()),
                    programs: l.programs.clone(),
                    cites: if l.cites.is_empty() { party.cites.clone() } else { l.cites.clone() },
                });
            }
        }
        Ok(out)
    }

    fn used(&self, edge: Edge, holder: Node, share: Option<Exact>, step: Option<usize>, why: String) -> Result<Used> {
        let (id, cites): (String, Vec<Citation>) = match self.holdings.changes().supposed(edge) {
            Some(s) => (s.id.clone(), Vec::new()),
            None => {
                let (external, relation) = self.view.named_relation(edge)?;
                (self.view.graph().show_id(&external).to_owned(), relation.cites)
            }
        };
        Ok(Used { edge, id, holder, share, step, why, cites })
    }

    /// The steps that make a party affected in the last run of a mode, walked back from it.
    fn chain(&mut self, measure: &Measure<'_>, mode: Mode, start: &Start, n: Node) -> Result<Chain> {
        let mut picked: Vec<(Node, Pick)> = Vec::new();
        let mut wanted: BTreeSet<(std::cmp::Reverse<u32>, Node)> = BTreeSet::new();
        let turn = |runs: &[Run; 2], x: Node| {
            let run = if mode == Mode::Certain { &runs[0] } else { &runs[1] };
            run.state(x).map_or(0, |s| if s.seed && x != n { 0 } else { s.turn })
        };
        // A party that may be listed itself needs no steps.
        let run = if mode == Mode::Certain { &self.runs[0] } else { &self.runs[1] };
        let reached = run.state(n).is_some_and(|s| s.reached);
        let own = run.state(n).is_some_and(|s| s.seed) && start.principal.is_none_or(|p| p == n);
        if reached && !own {
            wanted.insert((std::cmp::Reverse(turn(&self.runs, n)), n));
        }
        while let Some((std::cmp::Reverse(_), x)) = wanted.pop_first() {
            let Judge { holdings, runs, .. } = self;
            let run = if mode == Mode::Certain { &runs[0] } else { &runs[1] };
            let pick = pick(holdings.of(x)?, run, measure, mode, x);
            for h in pick.holders() {
                if turn(runs, h) != 0 {
                    wanted.insert((std::cmp::Reverse(turn(runs, h)), h));
                }
            }
            picked.push((x, pick));
        }
        picked.reverse();
        let number: HashMap<Node, usize> = picked.iter().enumerate().map(|(i, (x, _))| (*x, i + 1)).collect();
        let mut steps = Vec::with_capacity(picked.len());
        for (entity, pick) in picked {
            let mut edges = Vec::new();
            for (edge, holder, share) in &pick.edges {
                let step = number.get(holder).copied().filter(|i| *i <= steps.len());
                let graph = self.view.graph();
                let why = match (step, mode) {
                    (Some(i), Mode::Certain) => format!("{} is blocked (step {i})", graph.label(*holder)),
                    (Some(i), Mode::Possible) => format!("{} may be blocked (step {i})", graph.label(*holder)),
                    (None, _) if start.principal.is_some_and(|p| p != *holder) => {
                        let p = start.principal.map_or("", |p| graph.label(p));
                        format!("{} acts jointly with {p}, who is listed", graph.label(*holder))
                    }
                    (None, _) => format!("{} is listed", graph.label(*holder)),
                };
                edges.push(self.used(*edge, *holder, share.clone(), step, why)?);
            }
            steps.push(Step {
                entity,
                by: pick.by,
                sum: pick.sum,
                open: pick.open,
                threshold: pick.threshold,
                inclusive: pick.inclusive,
                outside: pick.outside,
                treasury: pick.treasury,
                edges,
            });
        }
        // What somebody unknown may hold can be enough, whoever the principal is.
        let rests = steps.is_empty() || steps.iter().flat_map(|s: &Step| &s.edges).any(|u| u.step.is_none());
        Ok(Chain { principal: start.principal.filter(|_| rests), steps })
    }

    /// Whether a party, or one that may own it through parties that can be owned, is among those
    /// whose remainder is unknown.
    fn open_above(&mut self, open: &[Node], n: Node) -> Result<bool> {
        let (mut seen, mut left) = (HashSet::from([n]), vec![n]);
        while let Some(x) = left.pop() {
            if open.contains(&x) {
                return Ok(true);
            }
            let owned = self.holdings.of(x)?;
            if !owned.ownable {
                continue;
            }
            let sides = std::iter::once(&owned.shares).chain(owned.votes.as_deref());
            let stakes = sides.flat_map(|s| &s.stakes).filter(|s| !s.bounds.high.is_zero());
            let holders = stakes.flat_map(|s| s.holders.as_slice().iter().copied());
            left.extend(holders.chain(owned.ties.iter().map(|t| t.holder)).filter(|h| seen.insert(*h)));
        }
        Ok(false)
    }

    /// A set around a party that nothing outside it can affect, from the last run of a mode.
    fn closed_set(&mut self, measure: &Measure<'_>, mode: Mode, start: &Start, n: Node) -> Result<ClosedSet> {
        let Judge { holdings, runs, .. } = self;
        let run = if mode == Mode::Certain { &runs[0] } else { &runs[1] };
        // A partner in an arrangement counts from the start, also where it is asked about.
        let partner = run.state(n).is_some_and(|s| s.seed);
        let out = |inside: &HashSet<Node>, h: Node| !inside.contains(&h) || (partner && h == n);
        let mut members = vec![n];
        let mut inside: HashSet<Node> = HashSet::from([n]);
        let mut at = 0;
        while let Some(x) = members.get(at).copied() {
            at += 1;
            let owned = holdings.of(x)?;
            if !owned.ownable {
                continue;
            }
            for t in &owned.ties {
                if measure.tie(t, mode) && !run.is_affected(t.holder) && inside.insert(t.holder) {
                    members.push(t.holder);
                }
            }
            for (basis, threshold, inclusive) in measure.bases(mode) {
                let Some(side) = owned.side(basis) else { continue };
                let mut free: Vec<(&Exact, Node)> = Vec::new();
                for s in &side.stakes {
                    let size = if mode == Mode::Certain { &s.bounds.low } else { &s.bounds.high };
                    free.extend(s.holders.as_slice().iter().filter(|h| !run.is_affected(**h)).map(|h| (size, *h)));
                }
                free.sort_by(|a, b| b.0.cmp(a.0).then(a.1.cmp(&b.1)));
                let mut free = free.into_iter();
                loop {
                    let sum = held_outside(side, measure.test, mode, &|h| h != x && out(&inside, h));
                    if !Measure::passes(&bound(owned, side, &sum, mode), mode, &threshold, inclusive) {
                        break;
                    }
                    let Some((_, h)) = free.next() else { break };
                    if inside.insert(h) {
                        members.push(h);
                    }
                }
            }
        }
        let mut rows: Vec<HeldRow> = Vec::new();
        for x in &members {
            let owned = holdings.of(*x)?;
            if !owned.ownable {
                continue;
            }
            for (basis, threshold, inclusive) in measure.bases(mode) {
                let Some(side) = owned.side(basis) else { continue };
                let outside = |h: Node| h != *x && out(&inside, h);
                let sum = held_outside(side, measure.test, mode, &outside);
                let b = bound(owned, side, &sum, mode);
                let mut edges = Vec::new();
                for s in side.stakes.iter().filter(|s| s.counts(measure.test.joint, mode, &outside)) {
                    let holder = s.holders.as_slice().iter().copied().find(|h| s.admits(*h, mode) && outside(*h));
                    let share = if mode == Mode::Certain { &s.bounds.low } else { &s.bounds.high };
                    if let Some((h, e)) = holder.and_then(|h| Some((h, s.edge_by(h, mode)?))) {
                        edges.push((e, h, share.clone()));
                    }
                }
                let by = if basis == Basis::Shares { By::Shares } else { By::Votes };
                if basis == Basis::Shares || !edges.is_empty() {
                    rows.push((*x, by, b.value, b.open, (threshold, inclusive), edges));
                }
            }
        }
        let mut held = Vec::new();
        for (entity, by, most, open, (threshold, inclusive), edges) in rows {
            let mut used = Vec::new();
            for (e, h, share) in edges {
                let why = match mode {
                    Mode::Possible => "counted as if it were affected",
                    Mode::Certain => "counted as if it were affected, at what is certain",
                };
                used.push(self.used(e, h, Some(share), None, why.to_owned())?);
            }
            held.push(Held { entity, by, most, open, threshold, inclusive, edges: used });
        }
        Ok(ClosedSet { principal: start.principal, members, held })
    }

    /// What each missing fact would have to be.
    fn missing_facts(
        &mut self,
        measure: &Measure<'_>,
        regime: &'r Regime,
        n: Node,
        scope: &Scope,
        wanted: &BTreeSet<Edge>,
    ) -> Result<Vec<MissingFact>> {
        let mut facts: Vec<(MissingFact, Option<(Basis, Stake)>)> = Vec::new();
        for x in &scope.nodes {
            let owned = self.holdings.of(*x)?;
            let stakes = owned.shares.stakes.iter().chain(owned.votes.iter().flat_map(|v| &v.stakes));
            let named =
                stakes.flat_map(Stake::edges).chain(owned.ties.iter().map(|t| t.edge)).any(|e| wanted.contains(&e));
            if !named {
                continue;
            }
            let owned = owned.clone();
            for basis in [Basis::Shares, Basis::Votes] {
                let Some(side) = owned.side(basis) else { continue };
                let sum = |run: &Run| run.state(*x).map_or(Sum::ZERO, |s| s.sum(basis).clone());
                let (sure, maybe) = (sum(&self.runs[0]), sum(&self.runs[1]));
                for s in side.stakes.iter().filter(|s| !s.bounds.is_exact()) {
                    let Some(edge) = s.edges().next() else { continue };
                    let Some(holder) = s.edges.as_slice().first().map(|r| r.holder) else { continue };
                    if !wanted.contains(&edge) || !self.runs[1].is_affected(*x) {
                        continue;
                    }
                    let id = self.holdings.edge_id(edge)?;
                    let affected = |run: &Run, mode| s.counts(measure.test.joint, mode, &|h| run.is_affected(h));
                    let line = measure.threshold();
                    let low = if affected(&self.runs[0], Mode::Certain) {
                        &sure.low - &s.bounds.low
                    } else {
                        sure.low.clone()
                    };
                    let high = if affected(&self.runs[1], Mode::Possible) {
                        &maybe.high - &s.bounds.high
                    } else {
                        maybe.high.clone()
                    };
                    let fact = MissingFact {
                        edge,
                        id,
                        entity: *x,
                        holder,
                        bounds: Some(s.bounds.clone()),
                        blocked_from: Some((line - &low).max(Exact::ZERO)),
                        free_below: Some((line - &high).max(Exact::ZERO)),
                        settles_blocked: false,
                        settles_free: false,
                        worked_out: false,
                    };
                    facts.push((fact, Some((basis, s.clone()))));
                }
            }
            let may = |t: &&Tie| measure.tie(t, Mode::Possible) && !measure.tie(t, Mode::Certain);
            for t in owned.ties.iter().filter(may) {
                if wanted.contains(&t.edge) && !facts.iter().any(|(f, _)| f.edge == t.edge) {
                    let id = self.holdings.edge_id(t.edge)?;
                    let fact = MissingFact {
                        edge: t.edge,
                        id,
                        entity: *x,
                        holder: t.holder,
                        bounds: None,
                        blocked_from: None,
                        free_below: None,
                        settles_blocked: false,
                        settles_free: false,
                        worked_out: false,
                    };
                    facts.push((fact, None));
                }
            }
        }
        let mut out = Vec::with_capacity(facts.len());
        for (i, (mut fact, stake)) in facts.into_iter().enumerate() {
            if i < BREAK_EVEN && i < BREAK_EVEN_WORK / scope.nodes.len().max(1) {
                self.settle(regime, measure.test, n, scope, &mut fact, stake.as_ref())?;
                fact.worked_out = true;
            }
            out.push(fact);
        }
        Ok(out)
    }

    /// Supposes a missing fact at either end of what is possible, and looks what becomes of the verdict.
    fn settle(
        &mut self,
        regime: &'r Regime,
        test: &Test,
        n: Node,
        scope: &Scope,
        fact: &mut MissingFact,
        stake: Option<&(Basis, Stake)>,
    ) -> Result<()> {
        let covered = self.coverage(regime).missing.is_empty();
        let mut ask = |more: Changes| -> Result<Outcome> {
            let mut changes = self.holdings.changes().clone();
            changes.hidden.extend(more.hidden);
            changes.added.extend(more.added);
            let before = self.holdings.suppose(changes)?;
            // Nobody stands behind the party by this who did not before, except where a summary
            // comes to count because its chain has gone.
            let judged = match self.holdings.any_summaries() {
                true => Scope::above(&mut self.holdings, n).and_then(|s| self.judge(regime, test, Some(&s))),
                false => self.judge(regime, test, Some(scope)),
            };
            self.holdings.suppose(before)?;
            let outcome = judged?.found.get(&n).map_or(Outcome::NotBlocked, |f| f.outcome);
            Ok(if outcome == Outcome::NotBlocked && !covered { Outcome::Indeterminate } else { outcome })
        };
        let Some((basis, stake)) = stake else {
            let mut gone = Changes::default();
            gone.hidden.insert(fact.edge);
            fact.settles_free = ask(gone)? == Outcome::NotBlocked;
            return Ok(());
        };
        let mut with = |share: &Exact| -> Result<Option<Outcome>> {
            let Ok(p) = crate::model::Percent::parse(&share.fraction()) else { return Ok(None) };
            let Ok(share) = Share::exact(p) else { return Ok(None) };
            let mut changes = Changes::default();
            changes.hidden.extend(stake.edges());
            let supposed = SupposedStake {
                id: fact.id.clone(),
                holder: fact.holder,
                target: fact.entity,
                basis: *basis,
                share: Some(share),
            };
            changes.added.push(supposed);
            ask(changes).map(Some)
        };
        fact.settles_blocked = with(&stake.bounds.high)? == Some(Outcome::Blocked);
        fact.settles_free = with(&stake.bounds.low)? == Some(Outcome::NotBlocked);
        Ok(())
    }
}

/// An edge, its holder, and what counts of it.
type HeldEdge = (Edge, Node, Exact);
/// A row of a closed set: party, by what, at most, open, the line and whether reaching it is enough.
type HeldRow = (Node, By, Exact, bool, (Exact, bool), Vec<HeldEdge>);

/// What is held by everybody who is outside.
fn held_outside(side: &Side, test: &Test, mode: Mode, outside: &dyn Fn(Node) -> bool) -> Sum {
    let mut sum = Sum::ZERO;
    for s in &side.stakes {
        if s.counts(test.joint, mode, outside) {
            sum.add(&s.bounds);
        }
    }
    sum
}

/// The stakes (or the tie) that make one party affected, none of them superfluous.
struct Pick {
    by: By,
    sum: Option<Exact>,
    open: bool,
    threshold: Exact,
    inclusive: bool,
    outside: Option<Exact>,
    treasury: Option<Exact>,
    edges: Vec<(Edge, Node, Option<Exact>)>,
}

impl Pick {
    fn holders(&self) -> Vec<Node> {
        self.edges.iter().map(|(_, h, _)| *h).collect()
    }
}

fn pick(owned: &Owned, run: &Run, measure: &Measure<'_>, mode: Mode, x: Node) -> Pick {
    // A partner in an arrangement counts from the start, and may be reached as well.
    let turn = run.state(x).map_or(0, |s| if s.seed { u32::MAX } else { s.turn });
    let before = |h: Node| h != x && run.state(h).is_some_and(|s| s.turn != 0 && s.turn < turn);
    let seed = |h: Node| run.state(h).is_some_and(|s| s.seed);
    for (basis, threshold, inclusive) in measure.bases(mode) {
        let Some(side) = owned.side(basis) else { continue };
        let mut stakes: Vec<&Stake> =
            side.stakes.iter().filter(|s| s.counts(measure.test.joint, mode, &before)).collect();
        let size = |s: &Stake| if mode == Mode::Certain { s.bounds.low.clone() } else { s.bounds.high.clone() };
        let from_start = |s: &Stake| s.holders.as_slice().iter().any(|h| seed(*h));
        stakes.sort_by_cached_key(|s| (!from_start(s), std::cmp::Reverse(size(s))));
        let total = |list: &[&Stake]| {
            let mut sum = Sum::ZERO;
            list.iter().for_each(|s| sum.add(&s.bounds));
            bound(owned, side, &sum, mode)
        };
        let enough = |list: &[&Stake]| Measure::passes(&total(list), mode, &threshold, inclusive);
        if !enough(&stakes) {
            continue;
        }
        let mut chosen = fewest(&stakes, &enough);
        // Delete-one: later steps first, so that the proof stays short; small stakes first.
        let mut i = chosen.len();
        while i > 0 {
            i -= 1;
            let without: Vec<&Stake> = chosen.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, s)| *s).collect();
            if enough(&without) {
                chosen = without;
            }
        }
        let b = total(&chosen);
        let mut plain = Sum::ZERO;
        chosen.iter().for_each(|s| plain.add(&s.bounds));
        let direct = if mode == Mode::Certain { plain.low } else { plain.high };
        let outside = (direct != b.value).then(|| &Exact::HUNDRED - &b.value);
        let mut edges = Vec::new();
        for s in chosen {
            let mut holders: Vec<Node> =
                s.holders.as_slice().iter().copied().filter(|h| before(*h) && s.admits(*h, mode)).collect();
            holders.sort_by_key(|h| (!seed(*h), *h));
            if measure.test.joint == Joint::AnyHolder {
                holders.truncate(1);
            }
            for h in holders {
                edges.extend(s.edge_by(h, mode).map(|e| (e, h, Some(size(s)))));
            }
        }
        let treasury = side.own.as_ref().filter(|_| side.scaled);
        let treasury = treasury.map(|o| if mode == Mode::Certain { o.low.clone() } else { o.high.clone() });
        let by = if basis == Basis::Shares { By::Shares } else { By::Votes };
        return Pick { by, sum: Some(b.value), open: b.open, threshold, inclusive, outside, treasury, edges };
    }
    let tie = owned
        .ties
        .iter()
        .filter(|t| before(t.holder) && measure.tie(t, mode))
        .min_by_key(|t| (!measure.tie(t, Mode::Certain), !seed(t.holder), t.edge));
    Pick {
        by: By::Control,
        sum: None,
        open: false,
        threshold: measure.threshold().clone(),
        inclusive: measure.test.inclusive,
        outside: None,
        treasury: None,
        edges: tie.map(|t| (t.edge, t.holder, None)).into_iter().collect(),
    }
}

/// The shortest beginning of a list that is enough.
fn fewest<'s>(stakes: &[&'s Stake], enough: &dyn Fn(&[&Stake]) -> bool) -> Vec<&'s Stake> {
    let (mut lo, mut hi) = (0, stakes.len());
    while lo < hi {
        let mid = (lo + hi) / 2;
        if enough(stakes.get(..mid).unwrap_or_default()) { hi = mid } else { lo = mid + 1 }
    }
    stakes.get(..lo).unwrap_or_default().to_vec()
}
