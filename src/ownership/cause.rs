//! Why an outcome is another than before: relations, listings and rules upstream of a party that
//! differ between two states, and which of them matter.

use super::changes::Changes;
use super::dates::Force;
use super::judge::{Found, Judge, Judged, Outcome};
use super::regime::{Regime, Rule, Test};
use super::run::Scope;
use crate::error::Result;
use crate::graph::{Dir, Edge, Node};
use crate::model::{EdgeType, Share};
use crate::query::{clean_text, phrase, share_words};
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};

/// Parties looked at upstream of one.
const UPSTREAM: usize = 10_000;
/// Differences that are undone one by one, for one party.
const TRIED: usize = 40;
/// Causes named for one party.
const NAMED: usize = 20;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CauseKind {
    /// A stake or tie begins, or becomes certain.
    StakeStarts,
    /// A stake or tie ends, or becomes uncertain.
    StakeEnds,
    /// A stake is stated otherwise.
    StakeChanges,
    /// A party comes on a list, or certainly so.
    Listed,
    /// A party is no longer on a list, or no longer certainly.
    Delisted,
    /// Another version of the rule is in force, or none.
    Rule,
    /// The first release of a list that can be searched.
    ListRelease,
}

impl CauseKind {
    /// The code in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            CauseKind::StakeStarts => "stake_starts",
            CauseKind::StakeEnds => "stake_ends",
            CauseKind::StakeChanges => "stake_changes",
            CauseKind::Listed => "listed",
            CauseKind::Delisted => "delisted",
            CauseKind::Rule => "rule",
            CauseKind::ListRelease => "list_release",
        }
    }

    /// Whether it is about a relation.
    pub fn is_stake(self) -> bool {
        matches!(self, CauseKind::StakeStarts | CauseKind::StakeEnds | CauseKind::StakeChanges)
    }
}

/// One thing that made an outcome another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// What happened.
    pub kind: CauseKind,
    /// Shown id of the edge or the party; id of the rule (empty: none is in force) or the list.
    pub id: String,
    /// Shown ids of holder and held party, for a relation.
    pub ends: Option<(String, String)>,
    /// The share of a relation; `None` is unknown, or no relation.
    pub share: Option<Share>,
    /// The same in words.
    pub words: String,
}

impl Cause {
    /// `{"kind", KEY: id, "holder", "target", "share", "words"}`, the middle three for relations
    /// only. KEY is `edge` for them and what `key` says for others.
    pub fn json(&self, key: &str) -> Map<String, Value> {
        let mut m = Map::new();
        m.insert("kind".into(), self.kind.as_str().into());
        m.insert(if self.kind.is_stake() { "edge" } else { key }.into(), self.id.clone().into());
        if let Some((holder, target)) = &self.ends {
            m.insert("holder".into(), holder.clone().into());
            m.insert("target".into(), target.clone().into());
            m.insert("share".into(), self.share.map(|s| s.to_string()).into());
        }
        m.insert("words".into(), self.words.clone().into());
        m
    }
}

/// One of two states that are compared.
pub(super) struct State<'a, 'v, 'g, 'r> {
    pub(super) judge: &'a mut Judge<'v, 'g, 'r>,
    /// The rule in force, where there is one.
    pub(super) rule: Option<&'r Rule>,
    /// What was found at least for the party asked about and all upstream of it.
    pub(super) found: &'a Judged,
}

impl<'r> State<'_, '_, '_, 'r> {
    fn test(&self) -> Option<&'r Test> {
        self.rule.and_then(|r| r.test.as_ref())
    }

    /// Those who act together with a party, where the rule counts that.
    fn partners(&self, n: Node) -> Result<Vec<Node>> {
        if !self.test().is_some_and(|t| t.joint_arrangement) {
            return Ok(Vec::new());
        }
        let mine = self.judge.view.options(n)?.joint_arrangements;
        if mine.is_empty() {
            return Ok(Vec::new());
        }
        let all = self.judge.view.arranged()?.into_iter();
        Ok(all.filter(|(m, labels)| *m != n && labels.iter().any(|l| mine.contains(l))).map(|(m, _)| m).collect())
    }

    fn is_affected(&self, n: Node) -> bool {
        self.found.found.get(&n).is_some_and(|f| f.outcome != Outcome::NotBlocked)
    }
}

/// What differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    /// A relation into a party: as it was and as it is.
    Edge { holder: Node, target: Node, edges: [Option<Edge>; 2] },
    /// The standing of a party on the regime's lists.
    Party(Node),
    /// The version of the rule.
    Rule,
}

#[derive(Debug, Clone, Copy)]
struct Difference {
    what: What,
    forces: [Force; 2],
    /// It touches affected parties on both ends.
    strong: bool,
}

/// Two states under one regime.
pub(super) struct Compare<'a, 'v, 'g, 'r> {
    regime: &'r Regime,
    states: [State<'a, 'v, 'g, 'r>; 2],
    /// Judges of the same two states, for suppositions.
    probes: &'a mut [Judge<'v, 'g, 'r>; 2],
    /// Parties that suppositions may still look at.
    work: usize,
    known: HashMap<Node, Vec<Difference>>,
}

impl<'a, 'v, 'g, 'r> Compare<'a, 'v, 'g, 'r> {
    pub(super) fn new(
        regime: &'r Regime,
        states: [State<'a, 'v, 'g, 'r>; 2],
        probes: &'a mut [Judge<'v, 'g, 'r>; 2],
        work: usize,
    ) -> Compare<'a, 'v, 'g, 'r> {
        Compare { regime, states, probes, work, known: HashMap::new() }
    }

    /// Why the outcome (or, where that is the same, the share) of a party differs, nearest
    /// first: those differences that alone would make it as it was; where none does, all that
    /// touch affected parties.
    pub(super) fn why(&mut self, n: Node) -> Result<Vec<Cause>> {
        let mut all = self.upstream(n)?;
        let id = |s: &State<'_, '_, '_, '_>| s.rule.map(|r| r.id.clone());
        if self.states.first().map(id) != self.states.last().map(id) {
            all.push(Difference { what: What::Rule, forces: [Force::Certain; 2], strong: true });
        }
        let mut kept: Vec<Difference> = Vec::new();
        if all.len() > 1 {
            for d in all.iter().take(TRIED) {
                if self.work == 0 {
                    break;
                }
                if self.matters(n, d)? {
                    kept.push(*d);
                }
            }
        }
        if kept.is_empty() {
            let strong = all.iter().any(|d| d.strong);
            kept = all.into_iter().filter(|d| d.strong || !strong).collect();
        }
        kept.truncate(NAMED);
        kept.iter().map(|d| self.cause(d)).collect()
    }

    /// All that differs upstream of a party, nearest first.
    fn upstream(&mut self, n: Node) -> Result<Vec<Difference>> {
        let mut seen: HashSet<Node> = HashSet::from([n]);
        let mut queue = VecDeque::from([n]);
        let mut out = Vec::new();
        while let Some(x) = queue.pop_front() {
            out.extend(self.at(x)?);
            let mut next: BTreeSet<Node> = BTreeSet::new();
            for s in &mut self.states {
                if s.test().is_none() {
                    continue;
                }
                let holders = s.judge.holdings.of(x)?.holders();
                for h in holders {
                    // A partner of a listed party counts although it is not blocked itself.
                    let partners = s.partners(h)?;
                    if s.is_affected(h) || !partners.is_empty() {
                        next.insert(h);
                    }
                    next.extend(partners);
                }
                next.extend(s.partners(x)?);
            }
            for h in next {
                if seen.len() < UPSTREAM && seen.insert(h) {
                    queue.push_back(h);
                }
            }
        }
        Ok(out)
    }

    /// What differs of one party: its standing, and who holds what of it.
    fn at(&mut self, x: Node) -> Result<Vec<Difference>> {
        if let Some(d) = self.known.get(&x) {
            return Ok(d.clone());
        }
        let mut out = Vec::new();
        let [a, b] = &mut self.states;
        let forces = [a.judge.listed(self.regime, x)?, b.judge.listed(self.regime, x)?];
        if forces[0] != forces[1] {
            out.push(Difference { what: What::Party(x), forces, strong: true });
        }
        let graph = a.judge.view.graph();
        let tests = [a.test(), b.test()];
        let mut gone: Vec<(String, Edge, usize)> = Vec::new();
        let mut came: Vec<(Edge, usize)> = Vec::new();
        for k in graph.links(x, Dir::In) {
            let t = graph.edge_type(k.edge);
            if !tests.iter().flatten().any(|test| concerns(test, t)) {
                continue;
            }
            let forces = [a.judge.holdings.force_of(k.edge), b.judge.holdings.force_of(k.edge)];
            if forces[0] == forces[1] {
                continue;
            }
            let edges = forces.map(|f| (f != Force::Never).then_some(k.edge));
            match forces {
                [_, Force::Never] => gone.push((graph.relation(k.edge)?.external_id(), k.edge, out.len())),
                [Force::Never, _] => came.push((k.edge, out.len())),
                _ => {}
            }
            let strong = a.is_affected(k.other) || b.is_affected(k.other);
            out.push(Difference { what: What::Edge { holder: k.other, target: x, edges }, forces, strong });
        }
        // A relation stated anew is another record under the same id.
        let mut merged: HashSet<usize> = HashSet::new();
        for (edge, at) in came {
            if gone.is_empty() {
                break;
            }
            let id = graph.relation(edge)?.external_id();
            let Some(i) = gone.iter().position(|(g, _, _)| *g == id) else { continue };
            let (_, old, was) = gone.swap_remove(i);
            let Some(before) = out.get(was).map(|d| d.forces[0]) else { continue };
            if let Some(d) = out.get_mut(at)
                && let What::Edge { edges, .. } = &mut d.what
            {
                edges[0] = Some(old);
                d.forces[0] = before;
                merged.insert(was);
            }
        }
        let mut at = 0;
        out.retain(|_| {
            at += 1;
            !merged.contains(&(at - 1))
        });
        self.known.insert(x, out.clone());
        Ok(out)
    }

    /// Whether a party would stand otherwise without a difference.
    fn matters(&mut self, n: Node, d: &Difference) -> Result<bool> {
        let [a, b] = &self.states;
        let of = |s: &State<'_, '_, '_, '_>| s.found.found.get(&n).cloned().unwrap_or_default();
        let actual = [of(a), of(b)];
        let differs = |x: &Found, y: &Found| {
            if actual[0].outcome == actual[1].outcome { x.share != y.share } else { x.outcome != y.outcome }
        };
        let tests = [a.test(), b.test()];
        for (side, probe) in self.probes.iter_mut().enumerate() {
            let (Some(mine), Some(was)) = (tests.get(side), actual.get(side)) else { continue };
            let mut changes = Changes::default();
            let mut test = *mine;
            match d.what {
                What::Edge { edges, .. } => {
                    // Undone where it is stronger; a stake stated otherwise on both sides.
                    let both = edges[0] != edges[1] && edges[0].is_some() && edges[1].is_some();
                    let stronger = if d.forces[0] < d.forces[1] { 1 } else { 0 };
                    let Some(Some(e)) = edges.get(side).filter(|_| both || side == stronger) else { continue };
                    changes.hidden.insert(*e);
                }
                What::Party(p) => {
                    if side != usize::from(d.forces[0] < d.forces[1]) {
                        continue;
                    }
                    changes.listed.insert(p, false);
                }
                What::Rule => {
                    if side == 0 {
                        continue;
                    }
                    test = tests[0];
                }
            }
            let day = probe.day();
            probe.again(day, changes);
            let (found, looked_at) = alone(probe, self.regime, test, n)?;
            self.work = self.work.saturating_sub(looked_at);
            if differs(&found, was) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A difference as an answer.
    fn cause(&self, d: &Difference) -> Result<Cause> {
        let [a, b] = &self.states;
        let graph = a.judge.view.graph();
        let id = |n: Node| graph.show_id(graph.id(n)).to_owned();
        let more = d.forces[0] < d.forces[1];
        Ok(match d.what {
            What::Edge { holder, target, edges } => {
                let edge = edges[1].or(edges[0]).unwrap_or_default();
                let shown = a.judge.holdings.edge_id(edge)?;
                let share = graph.share(edge);
                let t = graph.edge_type(edge);
                let mut words = format!(
                    "{} {} {}",
                    clean_text(graph.label(holder)),
                    phrase(t, true),
                    clean_text(graph.label(target))
                );
                if t.is_chain() || t.votes || share.is_some() {
                    words.push_str(&format!(", {}", share_words(share.as_ref())));
                }
                let (kind, verb) = match (edges, d.forces) {
                    ([Some(x), Some(y)], _) if x != y => {
                        words.push_str(&format!(" (was: {})", share_words(graph.share(x).as_ref())));
                        (CauseKind::StakeChanges, "stated otherwise")
                    }
                    (_, [Force::Never, Force::Certain]) => (CauseKind::StakeStarts, "begins"),
                    (_, [Force::Never, _]) => (CauseKind::StakeStarts, "may begin"),
                    (_, [_, Force::Certain]) => (CauseKind::StakeStarts, "is certain from here"),
                    (_, [Force::Certain, Force::Possible]) => (CauseKind::StakeEnds, "may end"),
                    _ => (CauseKind::StakeEnds, "ends"),
                };
                let words = format!("{words}: {verb} ({shown})");
                Cause { kind, id: shown, ends: Some((id(holder), id(target))), share, words }
            }
            What::Party(p) => {
                let (on, off) = if more { (b, a) } else { (a, b) };
                let lists = gained(on, off, self.regime, p);
                let verb = match d.forces {
                    [_, Force::Certain] => "comes on",
                    [Force::Never, _] => "may come on",
                    [_, Force::Never] => "is no longer on",
                    _ => "may no longer be on",
                };
                let kind = if more { CauseKind::Listed } else { CauseKind::Delisted };
                let words = format!("{} {verb} {} ({})", clean_text(graph.label(p)), lists.join(", "), id(p));
                Cause { kind, id: id(p), ends: None, share: None, words }
            }
            What::Rule => rule(a.rule, b.rule),
        })
    }
}

/// Another version of a rule as an answer.
pub(super) fn rule(before: Option<&Rule>, after: Option<&Rule>) -> Cause {
    let id = |r: Option<&Rule>| r.map_or(String::new(), |r| r.id.clone());
    let words = match (before, after) {
        (Some(a), Some(b)) => format!("rule {} gives way to {}", a.id, b.id),
        (None, Some(b)) => format!("rule {} enters into force", b.id),
        (Some(a), None) => format!("rule {} ends", a.id),
        (None, None) => String::new(),
    };
    Cause { kind: CauseKind::Rule, id: id(after), ends: None, share: None, words }
}

/// The lists of a regime on which a party stands more firmly in one state than in another.
fn gained(on: &State<'_, '_, '_, '_>, off: &State<'_, '_, '_, '_>, regime: &Regime, p: Node) -> Vec<String> {
    let standing = |s: &State<'_, '_, '_, '_>| {
        let mut m: HashMap<String, Force> = HashMap::new();
        for l in s.judge.view.listings(p) {
            let force = s.judge.lists.force(&l, s.judge.day());
            if force != Force::Never && (l.list == "*" || regime.lists.iter().any(|r| r.list == l.list)) {
                let slot = m.entry(if l.list == "*" { "every list".to_owned() } else { l.list }).or_insert(force);
                *slot = (*slot).max(force);
            }
        }
        m
    };
    let (on, off) = (standing(on), standing(off));
    let more = |(list, f): &(&String, &Force)| off.get(*list).is_none_or(|o| o < *f);
    let mut lists: Vec<String> = on.iter().filter(more).map(|(l, _)| clean_text(l)).collect();
    if lists.is_empty() {
        lists = on.keys().map(|l| clean_text(l)).collect();
    }
    lists.sort_unstable();
    lists
}

/// Whether a relation of a type can matter to a test.
fn concerns(test: &Test, t: &EdgeType) -> bool {
    let control = || test.control.contains(&t.name) || test.may_control.contains(&t.name);
    match () {
        () if t.derived => false,
        () if t.votes => test.votes_may_control || test.basis.contains(&super::regime::Basis::Votes),
        () => t.ownership || t.ambiguous || control(),
    }
}

/// What is found of one party, judged by what lies upstream of it, and how many that are.
fn alone<'r>(
    judge: &mut Judge<'_, '_, 'r>,
    regime: &'r Regime,
    test: Option<&Test>,
    n: Node,
) -> Result<(Found, usize)> {
    match test {
        Some(test) => {
            let scope = Scope::above(&mut judge.holdings, n)?;
            let found = judge.judge(regime, test, Some(&scope))?.found.remove(&n).unwrap_or_default();
            Ok((found, scope.nodes.len()))
        }
        None => Ok((judge.listed_only(regime, n)?, 1)),
    }
}
