//! Exposure: what a verdict alone would hide. Stakes below the line, ties that the rule does not
//! count, and stakes that reach the line only when lists are taken together.

use super::dates::Force;
use super::exact::Exact;
use super::ground::Ground;
use super::holdings::{Owned, Side, Sum};
use super::judge::{Judge, Outcome, Range};
use super::regime::{Aggregation, Basis, Regime, RegimeKind, Rule, Test};
use super::run::{Measure, Mode, Scope, bound};
use super::stake::{Bounds, Stake};
use super::verdict::range_words;
use crate::error::Result;
use crate::graph::{Dir, Edge, Node};
use crate::model::{Citation, PartialDate};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

/// Longest chain behind a party.
const DEEP: u32 = 12;

/// What kind of exposure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExposureKind {
    /// Listed or blocked parties hold stakes, under a regime without a line in numbers.
    Stake,
    /// Listed or blocked parties hold stakes that do not reach the line.
    MinorityStake,
    /// The stakes reach the line only with those of parties listed under other regimes.
    MixedLists,
    /// A tie of control, or a majority of votes, that the rule does not count.
    ControlWithoutOwnership,
    /// Ownership or control, the source does not say which.
    AmbiguousTie,
    /// A director, manager or officer is listed or blocked.
    Leadership,
    /// A listed or blocked party stands behind, through parties that are not blocked.
    IndirectStake,
}

impl ExposureKind {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            ExposureKind::Stake => "stake",
            ExposureKind::MinorityStake => "minority_stake",
            ExposureKind::MixedLists => "mixed_lists",
            ExposureKind::ControlWithoutOwnership => "control_without_ownership",
            ExposureKind::AmbiguousTie => "ambiguous_tie",
            ExposureKind::Leadership => "leadership",
            ExposureKind::IndirectStake => "indirect_stake",
        }
    }
}

/// Somebody listed or blocked, and what ties them to the party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposing {
    /// The holder.
    pub holder: Node,
    /// Whether it is listed, blocked, or possibly either.
    pub standing: Outcome,
    /// Ids of the edges: all reports of a stake, or the chain from the holder down.
    pub edges: Vec<String>,
    /// Type of the first edge.
    pub kind: String,
    /// Share in percent, along a chain the product; `None` for ties.
    pub share: Option<Bounds>,
    /// Regimes under which the holder is listed or blocked, where several are taken together.
    pub regimes: Vec<String>,
    /// Where the edges stand.
    pub cites: Vec<Citation>,
}

/// One exposure of a party under one regime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// The party.
    pub node: Node,
    /// Regime id.
    pub regime: String,
    /// Kind.
    pub kind: ExposureKind,
    /// Shares or votes, where it is about stakes.
    pub basis: Option<Basis>,
    /// Worth a look: a stake of 10 percent or more, mixed lists, and every tie.
    pub flagged: bool,
    /// By whom.
    pub holders: Vec<Exposing>,
    /// What they hold together, in percent; the lower end counts only who is certainly affected.
    pub total: Option<Range>,
    /// In words.
    pub words: String,
}

/// Exposures, and what they rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposures {
    /// The day.
    pub day: PartialDate,
    /// By party, then by regime in the order asked for, then by kind.
    pub list: Vec<Exposure>,
    /// By regime.
    pub grounds: Vec<Ground>,
    /// Codes as in verdicts: doubts about what is recorded of these parties' owners.
    pub warnings: Vec<String>,
    /// Parties asked for that are listed or blocked themselves, by regime: see their verdict.
    pub settled: Vec<(Node, String, Outcome)>,
    /// There is more than was asked for.
    pub truncated: bool,
}

/// Who is affected under one regime.
struct Standing {
    found: HashMap<Node, Outcome>,
}

impl Standing {
    fn of(&self, n: Node) -> Outcome {
        self.found.get(&n).copied().unwrap_or(Outcome::NotBlocked)
    }
}

/// The parties listed under one regime, and whom they affect under the rule of another.
struct Apart<'r> {
    id: &'r str,
    sure: BTreeSet<Node>,
    maybe: BTreeSet<Node>,
    affected: HashSet<Node>,
}

/// One regime at work.
struct At<'r> {
    regime: &'r Regime,
    rule: &'r Rule,
    test: Option<&'r Test>,
    standing: Standing,
}

impl At<'_> {
    /// Whether the rule counts ties of a type in any way.
    fn counts(&self, kind: &str) -> bool {
        self.test.is_some_and(|t| t.control.iter().chain(&t.may_control).any(|k| k == kind))
    }

    fn line(&self) -> String {
        match self.test {
            Some(t) => format!("the line of {} is {t}", self.rule.id),
            None => format!("{} draws no line in numbers", self.rule.id),
        }
    }
}

/// What those who hold are.
fn who_words(holders: &[Exposing]) -> &'static str {
    if holders.iter().all(|h| h.standing >= Outcome::Blocked) {
        "listed or blocked parties"
    } else {
        "parties that are or may be listed or blocked"
    }
}

/// Adds a row of mixed lists, unless another regime brings the same holders as surely.
fn add_mixed(row: Exposure, out: &mut Vec<Exposure>) {
    let same = |x: &Exposure| {
        let ids = |e: &Exposure| -> Vec<Vec<String>> { e.holders.iter().map(|h| h.edges.clone()).collect() };
        (x.node, x.kind, x.basis, &x.regime) == (row.node, row.kind, row.basis, &row.regime) && ids(x) == ids(&row)
    };
    let least = |x: &Exposure| x.total.as_ref().map(|t| t.min.clone());
    match out.iter_mut().find(|x| same(x)) {
        Some(old) if least(old) < least(&row) => *old = row,
        Some(_) => {}
        None => out.push(row),
    }
}

impl<'r> Judge<'_, '_, 'r> {
    /// Exposures of some parties, or of all (`None`), at most so many rows.
    pub fn exposures(&mut self, regimes: &[&'r Regime], parties: Option<&[Node]>, limit: usize) -> Result<Exposures> {
        let mut out = Exposures {
            day: self.day(),
            list: Vec::new(),
            grounds: Vec::new(),
            warnings: Vec::new(),
            settled: Vec::new(),
            truncated: false,
        };
        let scope = match parties {
            Some(list) => Some(self.above_all(list)?),
            None => None,
        };
        let mut rows: Vec<(Node, usize, Exposure)> = Vec::new();
        let mut warnings: BTreeSet<String> = BTreeSet::new();
        for (i, regime) in regimes.iter().enumerate() {
            let rule = match regime.kind {
                RegimeKind::Exposure => regime.rule_on(self.day())?,
                _ => self.rule(regime)?,
            };
            let ground = self.ground(regime, rule);
            warnings.extend(ground.coverage.missing.iter().map(|l| format!("no_list:{l}")));
            out.grounds.push(ground);
            let at =
                At { regime, rule, test: rule.test.as_ref(), standing: self.standing(regime, rule, scope.as_deref())? };
            let mut found = Vec::new();
            let nodes = match parties {
                Some(list) => list.to_vec(),
                None => self.touched(&at),
            };
            for n in nodes {
                let outcome = at.standing.of(n);
                if outcome >= Outcome::Blocked {
                    if parties.is_some() {
                        out.settled.push((n, regime.id.clone(), outcome));
                    }
                    continue;
                }
                self.stakes(&at, n, &mut found)?;
                self.ties(&at, n, &mut found)?;
            }
            self.mixed(&at, parties, scope.as_deref(), &mut found)?;
            self.behind(&at, parties, &mut found)?;
            rows.extend(found.into_iter().map(|x| (x.node, i, x)));
        }
        rows.retain(|(n, _, _)| self.view.knows(*n));
        rows.sort_by_key(|(n, i, x)| (*n, *i, x.kind, x.basis));
        out.truncated = rows.len() > limit;
        rows.truncate(limit);
        for (n, _, _) in &rows {
            warnings.extend(self.all_warnings(*n)?);
        }
        out.list = rows.into_iter().map(|(_, _, x)| x).collect();
        out.warnings = warnings.into_iter().collect();
        Ok(out)
    }

    /// All parties upstream of some, with them.
    fn above_all(&mut self, list: &[Node]) -> Result<Vec<Node>> {
        let mut all = list.to_vec();
        for n in list {
            all.extend(Scope::above(&mut self.holdings, *n)?.nodes);
            all.extend(self.view.links(*n, Dir::In).filter(|l| self.relevant(l.edge)).map(|l| l.other));
        }
        let mut seen: HashSet<Node> = HashSet::new();
        all.retain(|n| seen.insert(*n));
        Ok(all)
    }

    fn standing(&mut self, regime: &'r Regime, rule: &Rule, among: Option<&[Node]>) -> Result<Standing> {
        let mut found: HashMap<Node, Outcome> = HashMap::new();
        match &rule.test {
            Some(test) => match among {
                None => found.extend(self.judge(regime, test, None)?.found.iter().map(|(n, f)| (*n, f.outcome))),
                Some(nodes) => {
                    // What lies upstream of a party settles everybody there.
                    let mut settled: HashSet<Node> = HashSet::new();
                    for n in nodes {
                        if settled.contains(n) {
                            continue;
                        }
                        let scope = Scope::above(&mut self.holdings, *n)?;
                        let judged = self.judge(regime, test, Some(&scope))?;
                        found.extend(judged.found.iter().map(|(n, f)| (*n, f.outcome)));
                        settled.extend(scope.nodes);
                    }
                }
            },
            None => {
                for (n, force) in self.all_listed(regime, among)? {
                    let outcome = if force == Force::Certain { Outcome::Listed } else { Outcome::Indeterminate };
                    found.insert(n, outcome);
                }
            }
        }
        found.retain(|_, o| *o > Outcome::NotBlocked);
        Ok(Standing { found })
    }

    /// Parties to which somebody affected is tied.
    fn touched(&self, at: &At<'_>) -> Vec<Node> {
        let graph = self.view.graph();
        let mut out: BTreeSet<Node> = BTreeSet::new();
        for h in at.standing.found.keys() {
            let links = graph.links(*h, Dir::Out).filter(|l| self.relevant(l.edge));
            out.extend(links.map(|l| l.other).filter(|n| n != h));
            out.extend(self.holdings.changes().added.iter().filter(|s| s.holder == *h).map(|s| s.target));
        }
        out.into_iter().collect()
    }

    fn relevant(&self, e: Edge) -> bool {
        let t = self.view.graph().edge_type(e);
        !t.derived && (t.is_chain() || t.votes || t.control || t.group == "leadership")
    }

    fn cites(&self, edges: &[Edge]) -> Result<Vec<Citation>> {
        let mut out: Vec<Citation> = Vec::new();
        for e in edges.iter().filter(|e| self.holdings.changes().supposed(**e).is_none()) {
            for c in self.view.relation(*e)?.cites {
                if !out.contains(&c) {
                    out.push(c);
                }
            }
        }
        Ok(out)
    }

    fn exposing(&self, holder: Node, standing: Outcome, edges: Vec<Edge>, share: Option<Bounds>) -> Result<Exposing> {
        let kind = match edges.first() {
            Some(e) => match self.holdings.changes().supposed(*e) {
                Some(s) => s.basis.as_str().to_owned(),
                None => self.view.graph().edge_type(*e).name.clone(),
            },
            None => String::new(),
        };
        let ids = edges.iter().map(|e| self.holdings.edge_id(*e)).collect::<Result<Vec<_>>>()?;
        Ok(Exposing { holder, standing, kind, share, regimes: Vec::new(), cites: self.cites(&edges)?, edges: ids })
    }

    /// Whether all reports of a stake leave open if it is ownership at all.
    fn is_ambiguous(&self, s: &Stake) -> bool {
        let graph = self.view.graph();
        s.edges().all(|e| self.holdings.changes().supposed(e).is_none() && graph.edge_type(e).ambiguous)
    }

    /// Stakes of those affected that are not ambiguous.
    fn stakes(&mut self, at: &At<'_>, n: Node, out: &mut Vec<Exposure>) -> Result<()> {
        let owned = self.holdings.of(n)?.clone();
        for basis in [Basis::Shares, Basis::Votes] {
            let Some(side) = owned.side(basis) else { continue };
            let who = |h: Node| at.standing.of(h);
            let Some((holders, total)) = self.held(&owned, side, n, &who)? else { continue };
            let each = at.test.is_some_and(|t| t.aggregation == Aggregation::Each) && holders.len() > 1;
            let what = if basis == Basis::Votes { "percent of the votes" } else { "percent" };
            let ignored = basis == Basis::Votes && at.test.is_some_and(|t| !t.basis.contains(&Basis::Votes));
            let line = if ignored { format!("{} has no line for votes", at.rule.id) } else { at.line() };
            let mut words = format!("{} hold {} {what}; {line}", who_words(&holders), range_words(&total));
            if each {
                words.push_str("; stakes of several persons are not added under it");
            }
            out.push(Exposure {
                node: n,
                regime: at.regime.id.clone(),
                kind: match at.test {
                    None => ExposureKind::Stake,
                    // A majority of votes is control.
                    Some(_) if ignored && total.max > Exact::from(50) => ExposureKind::ControlWithoutOwnership,
                    Some(_) => ExposureKind::MinorityStake,
                },
                basis: Some(basis),
                flagged: total.max >= Exact::from(10),
                holders,
                total: Some(total),
                words,
            });
        }
        Ok(())
    }

    /// Who of those affected holds what on one basis; `None` where nobody does.
    fn held(
        &self,
        owned: &Owned,
        side: &Side,
        n: Node,
        standing: &dyn Fn(Node) -> Outcome,
    ) -> Result<Option<(Vec<Exposing>, Range)>> {
        let (mut sure, mut maybe) = (Sum::ZERO, Sum::ZERO);
        let mut holders = Vec::new();
        for s in &side.stakes {
            let mine = s.holders.as_slice().iter().filter(|h| **h != n);
            let Some(best) =
                mine.map(|h| (standing(*h), *h)).filter(|(o, _)| *o > Outcome::NotBlocked).max_by_key(|x| x.0)
            else {
                continue;
            };
            if !s.bounds.high.is_positive() || self.is_ambiguous(s) {
                continue;
            }
            maybe.add(&s.bounds);
            if best.0 >= Outcome::Blocked {
                sure.add(&s.bounds);
            }
            holders.push(self.exposing(best.1, best.0, s.edges().collect(), Some(s.bounds.clone()))?);
        }
        if holders.is_empty() {
            return Ok(None);
        }
        let least = bound(owned, side, &sure, Mode::Certain);
        let most = bound(owned, side, &maybe, Mode::Possible);
        let total = Range { min: least.value, min_open: least.open, max: most.value, max_open: most.open };
        Ok(Some((holders, total)))
    }

    /// Ties of those affected that the verdict does not count as ownership.
    fn ties(&mut self, at: &At<'_>, n: Node, out: &mut Vec<Exposure>) -> Result<()> {
        let graph = self.view.graph();
        let mut by_kind: BTreeMap<ExposureKind, Vec<Exposing>> = BTreeMap::new();
        for l in graph.links(n, Dir::In) {
            let standing = at.standing.of(l.other);
            if l.other == n || standing == Outcome::NotBlocked || !self.view.sees(l.edge) || !self.relevant(l.edge) {
                continue;
            }
            let t = graph.edge_type(l.edge);
            let kind = match () {
                () if t.ambiguous => ExposureKind::AmbiguousTie,
                () if t.ownership || t.votes => continue,
                () if at.counts(&t.name) => continue,
                () if t.control => ExposureKind::ControlWithoutOwnership,
                () => ExposureKind::Leadership,
            };
            let hidden = self.holdings.changes().hidden.contains(&l.edge);
            if hidden || self.holdings.force(l.edge) == Force::Never {
                continue;
            }
            let tie = self.exposing(l.other, standing, vec![l.edge], None)?;
            by_kind.entry(kind).or_default().push(tie);
        }
        for (kind, holders) in by_kind {
            let what = match kind {
                ExposureKind::AmbiguousTie => "own or control it, the source does not say which",
                ExposureKind::Leadership => "lead or manage it",
                _ => "control it without ownership",
            };
            let rest = match (kind, at.test) {
                (_, None) => at.line(),
                (ExposureKind::AmbiguousTie, _) => format!("as ownership it may count under {}", at.rule.id),
                _ => format!("that does not count under {}", at.rule.id),
            };
            out.push(Exposure {
                node: n,
                regime: at.regime.id.clone(),
                kind,
                basis: None,
                flagged: true,
                words: format!("{} {what}; {rest}", who_words(&holders)),
                holders,
                total: None,
            });
        }
        Ok(())
    }

    /// Stakes that reach the line only when parties listed under other regimes are added: each
    /// other regime by itself, then all together.
    fn mixed(
        &mut self,
        at: &At<'r>,
        parties: Option<&[Node]>,
        among: Option<&[Node]>,
        out: &mut Vec<Exposure>,
    ) -> Result<()> {
        let Some(test) = at.test.filter(|t| t.aggregation != Aggregation::Each) else { return Ok(()) };
        let day = self.day();
        let measure = Measure::new(test, self.view.graph());
        let mut apart: Vec<Apart<'r>> = Vec::new();
        for r in self.regimes.list.iter().filter(|r| r.kind == RegimeKind::Sanctions && r.rule_on(day).is_ok()) {
            let listed = self.all_listed(r, among)?;
            let maybe: BTreeSet<Node> = listed.iter().map(|(n, _)| *n).collect();
            let affected = self.run(&measure, Mode::Possible, &maybe)?;
            let sure = listed.iter().filter(|(_, f)| *f == Force::Certain).map(|(n, _)| *n).collect();
            apart.push(Apart { id: &r.id, sure, maybe, affected });
        }
        let Some(own) = apart.iter().find(|a| a.id == at.regime.id && !a.maybe.is_empty()) else { return Ok(()) };
        let new = |a: &&Apart<'_>| a.id != own.id && !a.maybe.is_subset(&own.maybe);
        let others: Vec<&Apart<'_>> = apart.iter().filter(new).collect();
        // What two regimes explain needs no third, and what the others do among themselves is
        // none of this regime's.
        let mut explained: HashSet<Node> = HashSet::new();
        for other in &others {
            explained.extend(self.mixed_rows(at, &measure, &[own, other], &HashSet::new(), parties, out)?);
        }
        if others.len() > 1 {
            let rest: BTreeSet<Node> = others.iter().flat_map(|o| &o.maybe).copied().collect();
            explained.extend(self.run(&measure, Mode::Possible, &rest)?);
            let all: Vec<&Apart<'_>> = std::iter::once(own).chain(others).collect();
            self.mixed_rows(at, &measure, &all, &explained, parties, out)?;
        }
        Ok(())
    }

    /// What some regimes reach together and none of them alone; gives back all they reach.
    fn mixed_rows(
        &mut self,
        at: &At<'r>,
        measure: &Measure<'_>,
        regimes: &[&Apart<'_>],
        explained: &HashSet<Node>,
        parties: Option<&[Node]>,
        out: &mut Vec<Exposure>,
    ) -> Result<HashSet<Node>> {
        let sure: BTreeSet<Node> = regimes.iter().flat_map(|a| &a.sure).copied().collect();
        let maybe: BTreeSet<Node> = regimes.iter().flat_map(|a| &a.maybe).copied().collect();
        let sure = self.run(measure, Mode::Certain, &sure)?;
        let all = self.run(measure, Mode::Possible, &maybe)?;
        let mut reached: Vec<Node> = all.iter().copied().filter(|n| parties.is_none_or(|p| p.contains(n))).collect();
        reached.sort_unstable();
        for n in reached {
            let alone = regimes.iter().any(|a| a.affected.contains(&n));
            if alone || explained.contains(&n) || at.standing.of(n) > Outcome::NotBlocked {
                continue;
            }
            let owned = self.holdings.of(n)?.clone();
            for (basis, line, inclusive) in measure.bases(Mode::Possible) {
                let Some(side) = owned.side(basis) else { continue };
                let who = |h: Node| match (sure.contains(&h), all.contains(&h)) {
                    (true, _) => Outcome::Blocked,
                    (_, true) => Outcome::Indeterminate,
                    _ => Outcome::NotBlocked,
                };
                let Some((mut holders, total)) = self.held(&owned, side, n, &who)? else { continue };
                let most = super::run::Bound { value: total.max.clone(), open: total.max_open };
                if !Measure::passes(&most, Mode::Possible, &line, inclusive) {
                    continue;
                }
                for h in &mut holders {
                    let mine = regimes.iter().filter(|a| a.affected.contains(&h.holder));
                    h.regimes = mine.map(|a| a.id.to_owned()).collect();
                }
                let ids: Vec<&str> = regimes.iter().map(|a| a.id).collect();
                let reach = if sure.contains(&n) { "reach" } else { "may reach" };
                let row = Exposure {
                    node: n,
                    regime: at.regime.id.clone(),
                    kind: ExposureKind::MixedLists,
                    basis: Some(basis),
                    flagged: true,
                    holders,
                    words: format!(
                        "parties listed under {} hold {} percent together and {reach} the line of {} ({}); those of one \
                         regime alone do not",
                        ids.join(" or "),
                        range_words(&total),
                        at.rule.id,
                        measure.test
                    ),
                    total: Some(total),
                };
                add_mixed(row, out);
            }
        }
        Ok(all)
    }

    /// Who is affected from some parties on.
    fn run(&mut self, measure: &Measure<'_>, mode: Mode, seeds: &BTreeSet<Node>) -> Result<HashSet<Node>> {
        let Judge { holdings, runs: [run, _], .. } = self;
        let seeds: Vec<Node> = seeds.iter().copied().collect();
        run.go(holdings, measure, mode, &seeds, None, &[])?;
        Ok(run.states().iter().filter(|s| s.turn != 0).map(|s| s.node).collect())
    }

    /// Chains of stakes from those affected through parties that are not.
    fn behind(&mut self, at: &At<'_>, parties: Option<&[Node]>, out: &mut Vec<Exposure>) -> Result<()> {
        /// How a party was reached: the stake, from whom, how many stakes from the start.
        struct Step {
            from: Node,
            edges: Vec<Edge>,
            bounds: Bounds,
            depth: u32,
        }
        let mut steps: HashMap<Node, Step> = HashMap::new();
        let mut queue: VecDeque<(Node, u32)> = VecDeque::new();
        let mut start: Vec<Node> = at.standing.found.keys().copied().collect();
        start.sort_unstable();
        queue.extend(start.into_iter().map(|n| (n, 0)));
        let mut targets = Vec::new();
        while let Some((h, depth)) = queue.pop_front() {
            if depth == DEEP {
                continue;
            }
            self.holdings.held_by(h, &mut targets);
            for t in targets.clone() {
                if t == h || at.standing.of(t) > Outcome::NotBlocked || steps.contains_key(&t) {
                    continue;
                }
                let owned = self.holdings.of(t)?;
                let stake = owned
                    .shares
                    .stakes
                    .iter()
                    .find(|s| s.bounds.high.is_positive() && s.holders.as_slice().contains(&h));
                let Some(stake) = stake else { continue };
                let edge = stake.edge_by(h, Mode::Possible).into_iter().collect();
                let bounds = stake.bounds.clone();
                steps.insert(t, Step { from: h, edges: edge, bounds, depth: depth + 1 });
                queue.push_back((t, depth + 1));
            }
        }
        let mut reached: Vec<Node> = steps.iter().filter(|(_, s)| s.depth > 1).map(|(n, _)| *n).collect();
        reached.sort_unstable();
        for n in reached.into_iter().filter(|n| parties.is_none_or(|p| p.contains(n))) {
            let (mut at_node, mut edges) = (n, Vec::new());
            let mut share = Bounds { low: Exact::HUNDRED, low_open: false, high: Exact::HUNDRED, high_open: false };
            let part = |a: &Exact, b: &Exact| (a * b).checked_div(&Exact::HUNDRED).unwrap_or(Exact::ZERO);
            while let Some(s) = steps.get(&at_node) {
                edges.splice(0..0, s.edges.iter().copied());
                share = Bounds {
                    low: part(&share.low, &s.bounds.low),
                    low_open: share.low_open || s.bounds.low_open,
                    high: part(&share.high, &s.bounds.high),
                    high_open: share.high_open || s.bounds.high_open,
                };
                at_node = s.from;
            }
            let total = Range {
                min: share.low.clone(),
                min_open: share.low_open,
                max: share.high.clone(),
                max_open: share.high_open,
            };
            let flagged = total.max >= Exact::from(10);
            let who = self.exposing(at_node, at.standing.of(at_node), edges, Some(share))?;
            out.push(Exposure {
                node: n,
                regime: at.regime.id.clone(),
                kind: ExposureKind::IndirectStake,
                basis: Some(Basis::Shares),
                flagged,
                words: format!(
                    "{} stands behind it through others, multiplied along this chain {} percent; there may be other chains",
                    self.view.graph().label(at_node),
                    range_words(&total)
                ),
                holders: vec![who],
                total: Some(total),
            });
        }
        Ok(())
    }
}
