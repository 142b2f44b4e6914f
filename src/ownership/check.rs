//! The proof checker: verifies a proof against a graph without finding anything itself. It
//! shares no code with what makes proofs; what a graph and a regime are is all it takes over.
//!
//! A positive proof is a list of steps, each resting on listed parties and earlier steps alone.
//! A negative one is a closed set: nothing outside of it holds enough of anything in it.

use super::check_read::{self, EdgeClaim, EntryClaim, ListingClaim, Outcome, Proof, SetClaim, StepClaim, StepsClaim};
use super::check_stakes::{Firm, Held, Mode, Overrides, Q, World, percent};
use super::{Aggregation, Basis, Joint, Regime, RegimeKind, Regimes, Rule};
use crate::error::Result;
use crate::graph::{Filter, Graph, Node, View};
use crate::model::PartialDate;
use num_traits::Zero;
use std::collections::{HashMap, HashSet};

/// What checking a proof found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Whether every claim holds.
    pub accepted: bool,
    /// What is wrong: step, entity, edge and the difference. Empty when accepted.
    pub faults: Vec<String>,
    /// What was verified, in words.
    pub checked: Vec<String>,
}

/// Verifies a proof against a graph and the regimes.
///
/// The graph is looked at as it was known on the proof's `known_at`. Recomputed with exact
/// fractions and compared: the rule in force on the day, listings, every cited edge (that it
/// leads from holder to entity, and that its type, status and dates make it count), the bounds
/// of every stake, every sum and threshold, that no step rests on a later one, that no step and
/// no edge can be dropped, and that no closed set can be reached from outside. Names, wording,
/// citations, warnings and notes are not looked at.
///
/// A claim that does not hold is a fault in [`Checked`]. A proof without the shape of one is
/// [`Kind::Input`](crate::error::Kind::Input) with the element.
pub fn check_proof(graph: &Graph, regimes: &Regimes, proof: &serde_json::Value) -> Result<Checked> {
    let proof = check_read::read(proof)?;
    let mut out = Checked { accepted: false, faults: Vec::new(), checked: Vec::new() };
    let Some(regime) = regimes.list.iter().find(|r| r.id == proof.regime) else {
        out.faults.push(format!("there is no regime {:?}", proof.regime));
        return Ok(out);
    };
    if regime.kind != RegimeKind::Sanctions {
        out.faults.push(format!("the regime {} gives no verdicts", regime.id));
    }
    let rule = rule_in_force(regime, proof.as_of);
    if proof.rule.as_deref().unwrap_or_default() != rule.map_or("", |r| r.id.as_str()) {
        out.faults.push(match rule {
            Some(r) => format!("rule: on {} the rule {} is in force", proof.as_of, r.id),
            None => format!("rule: no one rule is in force on {}", proof.as_of),
        });
    }
    let version = if proof.rules_version == regimes.version {
        format!("version {}", regimes.version)
    } else {
        format!("here in version {}; the proof was made with {:?}", regimes.version, proof.rules_version)
    };
    let of = rule.map_or("no rule", |r| r.id.as_str());
    out.checked.push(format!("rule in force on {} under {}: {of} (rule data {version})", proof.as_of, regime.id));

    let view = View::new(graph, Filter { known_at: proof.known_at, ..Filter::default() })?;
    let overrides = Overrides {
        exclude: proof.treasury.as_ref().map(|t| t == "exclude"),
        complete: proof.complete,
        open_world: proof.unknown_remainder.as_ref().map(|t| t == "indeterminate"),
    };
    let world = World::new(view, proof.as_of, regime, rule.and_then(|r| r.test.as_ref()), overrides);
    let mut checker = Checker { graph, world, out };
    checker.proof(&proof)?;
    graph.sound()?;
    let mut out = checker.out;
    out.accepted = out.faults.is_empty();
    Ok(out)
}

/// The one rule that surely covers the day.
fn rule_in_force(regime: &Regime, day: PartialDate) -> Option<&Rule> {
    let covers = |r: &&Rule| {
        r.from.is_none_or(|d| d.last_day() <= day.first_day()) && r.to.is_none_or(|d| d.first_day() > day.last_day())
    };
    let mut found = regime.rules.iter().filter(covers);
    found.next().filter(|_| found.next().is_none())
}

/// Whose holdings a run counts.
struct Run {
    mode: Mode,
    /// One listed party; `None`: all of them.
    principal: Option<Node>,
    /// Arrangements whose other parties count with it.
    partners: HashSet<String>,
}

struct Checker<'a> {
    graph: &'a Graph,
    world: World<'a>,
    out: Checked,
}

impl Checker<'_> {
    fn fault(&mut self, at: &str, what: impl AsRef<str>) {
        let colon = if at.is_empty() { "" } else { ": " };
        self.out.faults.push(format!("{at}{colon}{}", what.as_ref()));
    }

    fn shown(&self, n: Node) -> String {
        self.graph.show_id(self.graph.id(n)).to_owned()
    }

    /// A party by its external id, or its bare one in the home namespace.
    fn node(&mut self, at: &str, id: &str) -> Option<Node> {
        let home = || self.graph.home.as_ref().and_then(|h| self.graph.find_id(&format!("{h}:{id}")));
        let found = self.graph.find_id(id).or_else(home);
        if found.is_none() {
            self.fault(at, format!("no party has the id {id:?}"));
        }
        found
    }

    fn same_edge(&self, id: &str, claimed: &str) -> bool {
        let bare = || self.graph.home.as_ref().and_then(|h| id.strip_prefix(h.as_str())?.strip_prefix(':'));
        id == claimed || bare() == Some(claimed)
    }

    fn proof(&mut self, p: &Proof) -> Result<()> {
        let Some(id) = self.node("id", &p.id) else { return Ok(()) };
        let listed = self.world.facts(id)?.listed;
        self.listings(id, &p.listings, p.outcome)?;
        let stray = |want: bool, there: bool| there && !want;
        let (yes, no, open) = (Outcome::Blocked, Outcome::NotBlocked, Outcome::Indeterminate);
        for (what, stray) in [
            ("steps", stray(p.outcome == yes, !p.steps.steps.is_empty())),
            ("sets", stray(p.outcome == no, !p.sets.is_empty())),
            ("possible", stray(p.outcome == open, p.possible.is_some())),
            ("not_certain", stray(p.outcome == open, p.not_certain.is_some())),
            ("missing", stray(p.outcome == open, !p.missing.is_empty())),
        ] {
            if stray {
                self.fault(what, "does not belong to this verdict");
            }
        }
        match p.outcome {
            Outcome::Listed => {
                if listed != Some(true) {
                    self.fault("verdict", format!("{} is not surely listed on {}", p.id, p.as_of));
                }
            }
            Outcome::Blocked => {
                if listed == Some(true) {
                    self.fault("verdict", format!("{} is itself listed", p.id));
                }
                self.steps("", &p.steps, Mode::Certain, id)?;
            }
            Outcome::NotBlocked => {
                if listed.is_some() {
                    self.fault("verdict", format!("{} is itself listed, or may be", p.id));
                }
                self.sets("sets", &p.sets, Mode::Possible, id)?;
            }
            Outcome::Indeterminate => {
                if listed == Some(true) {
                    self.fault("verdict", format!("{} is itself listed", p.id));
                }
                match &p.possible {
                    None => self.fault("possible", "the half that shows what is possible is missing"),
                    Some(c) if c.steps.is_empty() => {
                        let own = match &c.principal {
                            Some(other) => self.node("possible.principal", other) == Some(id),
                            None => true,
                        };
                        if listed.is_none() || !own {
                            self.fault("possible", format!("has no steps, and {} is not possibly listed itself", p.id));
                        }
                    }
                    Some(c) => self.steps("possible.", c, Mode::Possible, id)?,
                }
                match &p.not_certain {
                    None => self.fault("not_certain", "the half that shows what is not certain is missing"),
                    Some(sets) => self.sets("not_certain.sets", sets, Mode::Certain, id)?,
                }
                self.missing(&p.missing)?;
            }
        }
        Ok(())
    }

    fn listings(&mut self, id: Node, claims: &[ListingClaim], outcome: Outcome) -> Result<()> {
        if claims.is_empty() && outcome == Outcome::Listed {
            self.fault("listings", "no listing is cited");
        }
        let facts = self.world.facts(id)?;
        for c in claims {
            let same = |l: &&crate::model::Listing| l.list == c.list && l.from == c.from && l.to == c.to;
            let found: Vec<_> = facts.listings.iter().filter(same).collect();
            let holds =
                found.iter().filter(|l| self.world.regards(l)).filter_map(|l| self.world.covers(l.from, &[l.to]));
            match (found.is_empty(), holds.max()) {
                (true, _) => self.fault(&c.at, format!("there is no such listing on {}", c.list)),
                (_, Some(sure)) if sure || outcome != Outcome::Listed => {}
                _ => self.fault(&c.at, format!("the listing on {} does not surely count on the day", c.list)),
            }
        }
        if !claims.is_empty() {
            self.out.checked.push(format!("{} listings: they exist and count on the day", claims.len()));
        }
        Ok(())
    }

    /// Whether a mode goes person by person.
    fn each(&self, mode: Mode) -> bool {
        match self.world.test.map(|t| t.aggregation) {
            Some(Aggregation::Each) => true,
            Some(Aggregation::Unsettled) => mode == Mode::Certain,
            _ => false,
        }
    }

    fn listed(&mut self, n: Node, mode: Mode) -> Result<bool> {
        let listed = self.world.facts(n)?.listed;
        Ok(if mode == Mode::Certain { listed == Some(true) } else { listed.is_some() })
    }

    fn run(&mut self, at: &str, principal: Option<&String>, mode: Mode) -> Result<Option<Run>> {
        match (principal, self.each(mode)) {
            (None, false) => Ok(Some(Run { mode, principal: None, partners: HashSet::new() })),
            (None, true) => {
                self.fault(at, "the rule goes person by person: whose holdings these are is not said");
                Ok(None)
            }
            (Some(_), false) => {
                self.fault(at, "all listed parties' holdings are added: there is no principal");
                Ok(None)
            }
            (Some(id), true) => {
                let Some(p) = self.node(at, id) else { return Ok(None) };
                if !self.listed(p, mode)? {
                    self.fault(at, format!("{id} is not listed for the regime on the day"));
                }
                self.run_of(p, mode).map(Some)
            }
        }
    }

    fn run_of(&mut self, p: Node, mode: Mode) -> Result<Run> {
        let together = self.world.test.is_some_and(|t| t.joint_arrangement);
        let partners = if together { self.world.facts(p)?.arrangements.clone() } else { HashSet::new() };
        Ok(Run { mode, principal: Some(p), partners })
    }

    /// Whether a party counts from the start because it, or the one that is asked about, is listed.
    fn is_listed_seed(&mut self, n: Node, run: &Run) -> Result<bool> {
        match run.principal {
            Some(p) => Ok(n == p),
            None => self.listed(n, run.mode),
        }
    }

    fn is_partner(&mut self, n: Node, run: &Run) -> Result<bool> {
        Ok(!run.partners.is_empty() && !self.world.facts(n)?.arrangements.is_disjoint(&run.partners))
    }

    fn is_seed(&mut self, n: Node, run: &Run) -> Result<bool> {
        Ok(self.is_listed_seed(n, run)? || self.is_partner(n, run)?)
    }

    // ---- positive: steps ----

    fn steps(&mut self, prefix: &str, claim: &StepsClaim, mode: Mode, id: Node) -> Result<()> {
        let at = format!("{prefix}principal");
        let Some(run) = self.run(&at, claim.principal.as_ref(), mode)? else { return Ok(()) };
        let mut reached: HashMap<Node, usize> = HashMap::new();
        let mut used = vec![false; claim.steps.len()];
        let mut edges = 0;
        for (i, step) in claim.steps.iter().enumerate() {
            let at = format!("{} ({})", step.at, step.entity);
            let Some(n) = self.node(&at, &step.entity) else { continue };
            let firm = self.world.firm(n)?;
            if self.is_listed_seed(n, &run)? || (self.is_partner(n, &run)? && n != id) {
                self.fault(&at, "it counts without a step");
            }
            if reached.contains_key(&n) {
                self.fault(&at, "it was reached in an earlier step");
                continue;
            }
            if !firm.ownable {
                self.fault(&at, format!("a party of type {} cannot be owned", self.graph.node_type(n).name));
            }
            let rests_on = match step.by.as_str() {
                "control" => self.control_step(&at, step, &firm, &run, &reached)?,
                "shares" => self.stake_step(&at, step, &firm, Basis::Shares, &run, &reached)?,
                "votes" => self.stake_step(&at, step, &firm, Basis::Votes, &run, &reached)?,
                other => {
                    self.fault(&at, format!("{other:?} is nothing that a rule goes by"));
                    Vec::new()
                }
            };
            for earlier in rests_on.iter().filter_map(|h| reached.get(h)) {
                if let Some(u) = used.get_mut(*earlier) {
                    *u = true;
                }
            }
            edges += step.edges.len();
            reached.insert(n, i);
        }
        // A step whose edges are all needed fails without any step that it rests on, and so do
        // all that rest on it; so a step can be dropped only if no later one rests on it.
        for (i, (step, used)) in claim.steps.iter().zip(&used).enumerate() {
            if !used && i + 1 != claim.steps.len() {
                self.fault(&format!("{} ({})", step.at, step.entity), "the step can be dropped");
            }
        }
        if reached.get(&id).is_none_or(|i| i + 1 != claim.steps.len()) {
            let shown = self.shown(id);
            self.fault(&format!("{prefix}steps"), format!("the last step does not reach {shown}"));
        }
        let how = if mode == Mode::Certain { "surely" } else { "possibly" };
        self.out.checked.push(format!(
            "{} steps with {edges} edges that {how} count: each rests on listed parties and earlier steps alone, the \
             sums are exact, and no step and no edge can be dropped",
            claim.steps.len()
        ));
        Ok(())
    }

    /// The holder of a cited edge, which must count by now.
    fn holder(&mut self, at: &str, e: &EdgeClaim, run: &Run, reached: &HashMap<Node, usize>) -> Result<Option<Node>> {
        let Some(h) = self.node(at, &e.holder) else { return Ok(None) };
        let step = if self.is_seed(h, run)? { None } else { reached.get(&h).map(|i| *i as u64 + 1) };
        if step.is_none() && !self.is_seed(h, run)? {
            self.fault(at, format!("the holder {} is neither listed nor reached in an earlier step", e.holder));
            return Ok(None);
        }
        if e.step != step {
            let want = step.map_or("no step at all".to_owned(), |s| format!("step {s}"));
            self.fault(at, format!("the holder {} counts by {want}", e.holder));
        }
        Ok(Some(h))
    }

    /// Says why a cited edge is none that counts.
    fn no_edge(&mut self, at: &str, e: &EdgeClaim, holder: Node, firm: &Firm) {
        let stakes = firm.stakes.iter().flat_map(|s| s.reports.iter().map(|r| (&r.id, r.holder)));
        let ties = firm.ties.iter().map(|t| (&t.id, t.holder));
        let counted: Vec<Node> =
            stakes.chain(ties).filter(|(id, _)| self.same_edge(id, &e.id)).map(|(_, h)| h).collect();
        let refused: Vec<(Node, &str)> =
            firm.refused.iter().filter(|(id, ..)| self.same_edge(id, &e.id)).map(|(_, h, why)| (*h, *why)).collect();
        let why = if let Some((_, why)) = refused.iter().find(|(h, _)| *h == holder) {
            (*why).to_owned()
        } else if counted.contains(&holder) {
            "does not count for what the step goes by".to_owned()
        } else if counted.is_empty() && refused.is_empty() {
            "is no edge that leads to the entity".to_owned()
        } else {
            format!("does not lead from {}", e.holder)
        };
        self.fault(at, format!("edge {} {why}", e.id));
    }

    fn control_step(
        &mut self,
        at: &str,
        step: &StepClaim,
        firm: &Firm,
        run: &Run,
        reached: &HashMap<Node, usize>,
    ) -> Result<Vec<Node>> {
        if step.edges.len() != 1 {
            self.fault(at, "control takes exactly one edge");
        }
        // Control has no measure; a writer may leave the numbers out or nought.
        let numbers = [&step.sum, &step.outside, &step.treasury];
        let line = self.world.test.map(|t| (percent(t.threshold), t.inclusive));
        let odd = numbers.into_iter().flatten().any(|n| !n.is_zero())
            || step.open == Some(true)
            || step.threshold.as_ref().is_some_and(|t| line.as_ref().is_none_or(|l| l.0 != *t))
            || step.inclusive.is_some_and(|t| line.as_ref().is_none_or(|l| l.1 != t));
        if odd {
            self.fault(at, "control is not measured in percent");
        }
        let mut rests_on = Vec::new();
        for e in &step.edges {
            let at = format!("{at}, {}", e.at);
            let Some(h) = self.holder(&at, e, run, reached)? else { continue };
            let mut fits = firm.ties.iter().filter(|t| t.holder == h && self.same_edge(&t.id, &e.id));
            let sure = |t: &super::check_stakes::Tie| t.certain || run.mode == Mode::Possible;
            match (fits.clone().next(), fits.any(sure)) {
                (None, _) => self.no_edge(&at, e, h, firm),
                (Some(_), false) => self.fault(&at, format!("edge {} is not certain", e.id)),
                _ => rests_on.push(h),
            }
            if e.used.as_ref().is_some_and(|u| !u.is_zero()) {
                self.fault(&at, format!("edge {} is control and has no share", e.id));
            }
        }
        Ok(rests_on)
    }

    fn stake_step(
        &mut self,
        at: &str,
        step: &StepClaim,
        firm: &Firm,
        basis: Basis,
        run: &Run,
        reached: &HashMap<Node, usize>,
    ) -> Result<Vec<Node>> {
        let Some((_, threshold, inclusive)) = self.world.lines(run.mode).into_iter().find(|l| l.0 == basis) else {
            self.fault(at, format!("the rule does not go by {}", step.by));
            return Ok(Vec::new());
        };
        let (mut named, mut rests_on): (Vec<usize>, Vec<Node>) = (Vec::new(), Vec::new());
        for e in &step.edges {
            let at = format!("{at}, {}", e.at);
            let Some(h) = self.holder(&at, e, run, reached)? else { continue };
            let Some((i, fits)) = self.stake(e, h, firm, basis, run.mode) else {
                self.no_edge(&at, e, h, firm);
                continue;
            };
            let Some(s) = firm.stakes.get(i) else { continue };
            if s.own {
                self.fault(&at, format!("edge {}: a party's own shares are never counted", e.id));
                continue;
            }
            if named.contains(&i) {
                self.fault(&at, format!("edge {} reports a stake that is counted already", e.id));
                continue;
            }
            if !fits {
                self.fault(&at, format!("edge {} is not the report that the share used rests on", e.id));
            }
            self.equal(&at, &format!("share_used of edge {}", e.id), e.used.as_ref(), s.bound(run.mode));
            if self.world.test.map(|t| t.joint) == Some(Joint::AllHolders) {
                for other in &s.holders {
                    if !reached.contains_key(other) && !self.is_seed(*other, run)? {
                        let who = self.shown(*other);
                        self.fault(&at, format!("edge {}: the joint holder {who} does not count", e.id));
                    }
                }
                rests_on.extend(&s.holders);
            } else {
                rests_on.push(h);
            }
            named.push(i);
        }
        let held = firm.held(basis, run.mode, |i, _| named.contains(&i));
        self.equal(at, "sum", step.sum.as_ref(), &held.at);
        self.line(at, held.open, step.open, &threshold, step.threshold.as_ref());
        if step.inclusive != Some(inclusive) {
            self.fault(at, format!("inclusive: the rule says {inclusive}"));
        }
        self.outside(at, step.outside.as_ref(), &held);
        match (firm.treasury(basis, run.mode), &step.treasury) {
            (Some(t), Some(_)) => self.equal(at, "treasury", step.treasury.as_ref(), t),
            (Some(t), None) if t.is_zero() => {}
            (Some(t), None) => self.fault(at, format!("own shares of {t} were taken out: treasury is missing")),
            (None, Some(t)) if !t.is_zero() => self.fault(at, "no own shares are taken out here"),
            (None, _) => {}
        }
        if !held.passes(run.mode, &threshold, inclusive) {
            self.fault(at, format!("{} does not pass the threshold of {threshold}", held.at));
        }
        for (k, left_out) in named.iter().enumerate() {
            let rest = firm.held(basis, run.mode, |i, _| i != *left_out && named.contains(&i));
            if rest.passes(run.mode, &threshold, inclusive) {
                let id = step.edges.get(k).map_or("", |e| e.id.as_str());
                self.fault(at, format!("edge {id} can be dropped"));
            }
        }
        Ok(rests_on)
    }

    /// The stake that an edge reports, and whether its bound rests on that report.
    fn stake(&self, e: &EdgeClaim, holder: Node, firm: &Firm, basis: Basis, mode: Mode) -> Option<(usize, bool)> {
        let mut found: Option<(usize, bool)> = None;
        for (i, s) in firm.stakes.iter().enumerate().filter(|(_, s)| s.basis == basis) {
            for r in s.reports.iter().filter(|r| r.holder == holder && self.same_edge(&r.id, &e.id)) {
                let fits = s.supports(r, mode);
                if found.is_none_or(|(_, known)| fits && !known) {
                    found = Some((i, fits));
                }
            }
        }
        found
    }

    fn equal(&mut self, at: &str, what: &str, claimed: Option<&Q>, right: &Q) {
        match claimed {
            None => self.fault(at, format!("{what} is missing; it is {right}")),
            Some(c) if c != right => self.fault(at, format!("{what} is {right}, not {c}")),
            Some(_) => {}
        }
    }

    fn line(&mut self, at: &str, open: bool, claimed: Option<bool>, threshold: &Q, stated: Option<&Q>) {
        if claimed != Some(open) {
            self.fault(at, format!("open: it is {open}"));
        }
        self.equal(at, "threshold", stated, threshold);
    }

    fn outside(&mut self, at: &str, claimed: Option<&Q>, held: &Held) {
        match claimed {
            None if held.at == held.own => {}
            _ => self.equal(at, "outside", claimed, &held.outside),
        }
    }

    // ---- negative: closed sets ----

    fn sets(&mut self, at: &str, sets: &[SetClaim], mode: Mode, id: Node) -> Result<()> {
        if self.world.test.is_none() {
            if !sets.is_empty() {
                self.fault(at, "no test is in force: only listed parties are affected");
            }
            self.out.checked.push("no test is in force on the day: only listed parties are affected".into());
            return Ok(());
        }
        let mut principals = HashSet::new();
        let mut entities = 0;
        for set in sets {
            let at = if set.principal.is_some() { format!("{}.principal", set.at) } else { set.at.clone() };
            let Some(run) = self.run(&at, set.principal.as_ref(), mode)? else { continue };
            if !principals.insert(run.principal) {
                self.fault(&at, "there is a set of this kind already");
            }
            entities += self.set(set, &run, id)?;
        }
        let ownable = self.world.firm(id)?.ownable;
        if self.each(mode) {
            self.unreached(at, mode, id, &principals)?;
        } else if principals.is_empty() {
            self.fault(at, "there is no closed set");
        }
        let how = if mode == Mode::Certain { "certainly" } else { "possibly" };
        let most = if ownable { "" } else { " (it is no party that can be owned)" };
        self.out.checked.push(format!(
            "{} closed sets with {entities} entities: none holds a listed party, and what is held from outside does \
             not {how} pass any threshold{most}",
            sets.len()
        ));
        Ok(())
    }

    /// Checks one set; the number of its members.
    fn set(&mut self, set: &SetClaim, run: &Run, id: Node) -> Result<usize> {
        let mut members: HashMap<Node, String> = HashMap::new();
        let mut entries: Vec<(Node, &EntryClaim)> = Vec::new();
        let mut stated: HashSet<(Node, Option<&str>)> = HashSet::new();
        for entry in &set.entries {
            let at = format!("{} ({})", entry.at, entry.entity);
            let Some(n) = self.node(&at, &entry.entity) else { continue };
            if !stated.insert((n, entry.by.as_deref())) {
                self.fault(&at, "it stands in the set twice");
            }
            if self.is_listed_seed(n, run)? || (n != id && self.is_partner(n, run)?) {
                self.fault(&at, "a party that counts from the start cannot be in the set");
            }
            members.entry(n).or_insert(at);
            entries.push((n, entry));
        }
        if !members.contains_key(&id) {
            let shown = self.shown(id);
            self.fault(&set.at, format!("the set does not hold {shown}"));
        }
        // Everyone outside is taken to be affected, and so is a partner that is asked about.
        let partner = self.is_partner(id, run)?;
        let out = |h: Node| !members.contains_key(&h) || (partner && h == id);
        for (n, entry) in entries {
            self.entry(n, entry, run.mode, &out)?;
        }
        let lines = self.world.lines(run.mode);
        for (n, at) in &members {
            let firm = self.world.firm(*n)?;
            if !firm.ownable {
                continue;
            }
            for (basis, threshold, inclusive) in &lines {
                let held = firm.held(*basis, run.mode, |_, s| self.world.counts(s, out));
                if held.passes(run.mode, threshold, *inclusive) {
                    let what = format!("{} held from outside the set passes the threshold of {threshold}", held.at);
                    self.fault(at, what);
                }
            }
            let ties = firm.ties.iter().filter(|t| t.certain || run.mode == Mode::Possible);
            for t in ties.filter(|t| out(t.holder)) {
                let who = self.shown(t.holder);
                self.fault(at, format!("{who}, outside the set, controls it (edge {})", self.graph.show_id(&t.id)));
            }
        }
        Ok(members.len())
    }

    /// The numbers that a set states of one of its members.
    fn entry(&mut self, n: Node, entry: &EntryClaim, mode: Mode, out: &dyn Fn(Node) -> bool) -> Result<()> {
        let at = format!("{} ({})", entry.at, entry.entity);
        let firm = self.world.firm(n)?;
        let basis = match entry.by.as_deref() {
            Some("shares") => Basis::Shares,
            Some("votes") => Basis::Votes,
            other => {
                let known = matches!(other, Some("control")) || (!firm.ownable && matches!(other, None | Some("none")));
                let bare = entry.most.as_ref().is_none_or(Zero::is_zero) && entry.edges.is_empty();
                let line = self.world.test.map(|t| percent(t.threshold));
                let bare = bare && entry.threshold.as_ref().is_none_or(|t| line.as_ref() == Some(t));
                if !known || !bare || entry.open == Some(true) {
                    self.fault(&at, "what it goes by has no measure (expected shares or votes)");
                }
                return Ok(());
            }
        };
        let line = self.world.lines(mode).into_iter().find(|l| l.0 == basis);
        let Some((_, threshold, inclusive)) = line else {
            self.fault(&at, "the rule does not go by that");
            return Ok(());
        };
        let held = firm.held(basis, mode, |_, s| self.world.counts(s, out));
        // What cannot be owned has no share that could matter; a writer may leave it at nought.
        let nought = entry.most.as_ref().is_none_or(Zero::is_zero) && entry.edges.is_empty();
        if firm.ownable || !nought {
            self.equal(&at, "most", entry.most.as_ref(), &held.at);
            self.line(&at, held.open, entry.open, &threshold, entry.threshold.as_ref());
        } else if entry.threshold.as_ref().is_some_and(|t| *t != threshold) {
            self.fault(&at, format!("threshold is {threshold}"));
        }
        if entry.inclusive.is_some_and(|i| i != inclusive) {
            self.fault(&at, format!("inclusive: the rule says {inclusive}"));
        }
        let mut named: HashSet<usize> = HashSet::new();
        for e in &entry.edges {
            let at = format!("{at}, {}", e.at);
            let Some(h) = self.node(&at, &e.holder) else { continue };
            let Some((i, fits)) = self.stake(e, h, &firm, basis, mode) else {
                self.no_edge(&at, e, h, &firm);
                continue;
            };
            let Some(s) = firm.stakes.get(i) else { continue };
            if s.own || !out(h) || !self.world.counts(s, out) {
                self.fault(&at, format!("edge {} is not held from outside the set", e.id));
            }
            if !named.insert(i) {
                self.fault(&at, format!("edge {} reports a stake that is counted already", e.id));
            }
            if !fits {
                self.fault(&at, format!("edge {} is not the report that the share used rests on", e.id));
            }
            self.equal(&at, &format!("share_used of edge {}", e.id), e.used.as_ref(), s.bound(mode));
        }
        for (i, s) in firm.stakes.iter().enumerate().filter(|(_, s)| s.basis == basis && !s.own) {
            let counts = !s.bound(mode).is_zero() && self.world.counts(s, out);
            if counts && !named.contains(&i) && (firm.ownable || !nought) {
                let id = s.reports.first().map_or("", |r| self.graph.show_id(&r.id)).to_owned();
                self.fault(&at, format!("the stake of edge {id} is held from outside the set and not counted"));
            }
        }
        Ok(())
    }

    /// Person by person: whoever has no set must not be able to reach the entity at all.
    fn unreached(&mut self, at: &str, mode: Mode, id: Node, done: &HashSet<Option<Node>>) -> Result<()> {
        let lines = self.world.lines(mode);
        let (mut upstream, mut holders) = (HashSet::from([id]), HashSet::new());
        let mut left = vec![id];
        while let Some(n) = left.pop() {
            let firm = self.world.firm(n)?;
            if !firm.ownable {
                continue;
            }
            let asked = |b: Basis| lines.iter().any(|l| l.0 == b);
            let stakes = firm.stakes.iter().filter(|s| asked(s.basis) && s.matters(mode, firm.complete));
            let ties = firm.ties.iter().filter(|t| t.certain || mode == Mode::Possible).map(|t| t.holder);
            for h in stakes.flat_map(|s| s.holders.iter().copied()).chain(ties) {
                holders.insert(h);
                if upstream.insert(h) {
                    left.push(h);
                }
            }
        }
        let mut arrangements: HashSet<String> = HashSet::new();
        for h in &holders {
            arrangements.extend(self.world.facts(*h)?.arrangements.iter().cloned());
        }
        let mut without = false;
        for p in self.world.view.listed() {
            if done.contains(&Some(p)) || !self.listed(p, mode)? {
                continue;
            }
            let run = self.run_of(p, mode)?;
            if holders.contains(&p) || !run.partners.is_disjoint(&arrangements) {
                let who = self.shown(p);
                self.fault(at, format!("there is no closed set for the listed party {who}, which holds upstream"));
            }
            without = true;
        }
        // Those who hold nothing upstream still reach it where what nobody is known to hold suffices.
        if without {
            for n in upstream {
                let firm = self.world.firm(n)?;
                let over = |l: &&(Basis, Q, bool)| firm.held(l.0, mode, |_, _| false).passes(mode, &l.1, l.2);
                if firm.ownable && lines.iter().find(over).is_some() {
                    let who = self.shown(n);
                    self.fault(at, format!("{who}: what is not on record may suffice, for any listed party"));
                }
            }
        }
        Ok(())
    }

    // ---- what would settle it ----

    /// Each edge named as missing must be one whose share or force is open.
    fn missing(&mut self, ids: &[String]) -> Result<()> {
        for claimed in ids {
            let home = self.graph.home.as_ref().map(|h| format!("{h}:{claimed}"));
            let mut edge = self.graph.find_edge(claimed)?;
            if edge.is_none()
                && let Some(id) = home
            {
                edge = self.graph.find_edge(&id)?;
            }
            let Some(e) = edge else {
                self.fault("missing", format!("no edge has the id {claimed:?}"));
                continue;
            };
            let firm = self.world.firm(self.graph.ends(e).1)?;
            let names = |id: &str| self.same_edge(id, claimed);
            let open = firm.stakes.iter().any(|s| s.inexact() && s.reports.iter().any(|r| names(&r.id)))
                || firm.ties.iter().any(|t| !t.certain && names(&t.id));
            if !open {
                self.fault("missing", format!("edge {claimed} leaves nothing open"));
            }
        }
        if !ids.is_empty() {
            self.out.checked.push(format!("{} edges named as missing: the share or force of each is open", ids.len()));
        }
        Ok(())
    }
}
