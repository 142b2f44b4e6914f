//! The proof checker: verifies a proof against a graph without finding anything itself. It
//! shares no code with what makes proofs; what a graph and a regime are is all it takes over.
//!
//! A positive proof is a list of steps, each resting on listed parties and earlier steps alone.
//! A negative one is a closed set: nothing outside of it holds enough of anything in it.

use super::check_read::{self, EdgeClaim, ListingClaim, MissingClaim, Outcome, Proof};
use super::check_stakes::{Firm, Mode, Q};
use super::check_world::{Overrides, World};
use super::regime::{Aggregation, Basis, Regime, RegimeKind, Regimes, Rule};
use crate::error::Result;
use crate::graph::{Filter, Graph, Node, View};
use crate::model::{Listing, PartialDate};
use std::collections::HashSet;

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
/// Entities of several parties rest on decisions, which the proof names: each has to stand, in the
/// graph as resolved by the same day of decisions. The graph is looked at as it was known on the proof's `known_at`. Recomputed with exact
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

    if proof.supposed {
        out.faults.push("it rests on suppositions: what is supposed is not on record".to_owned());
        return Ok(out);
    }
    let filter = Filter { known_at: proof.known_at, sources: proof.sources.clone(), ..Filter::default() };
    let view = View::new(graph, filter)?;
    let overrides = Overrides {
        exclude: proof.treasury.as_ref().map(|t| t == "exclude"),
        complete: proof.complete,
        open_world: proof.unknown_remainder.as_ref().map(|t| t == "indeterminate"),
    };
    let world = World::new(view, proof.as_of, regime, rule.and_then(|r| r.test.as_ref()), overrides);
    let mut checker = Checker { graph, world, out, met: std::collections::BTreeSet::new() };
    checker.proof(&proof)?;
    checker.entities(&proof.entities, proof.decided_at.as_deref())?;
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
pub(super) struct Run {
    pub(super) mode: Mode,
    /// One listed party; `None`: all of them.
    pub(super) principal: Option<Node>,
    /// Arrangements whose other parties count with it.
    pub(super) partners: HashSet<String>,
    /// It starts from nobody.
    pub(super) nobody: bool,
}

pub(super) struct Checker<'a> {
    pub(super) graph: &'a Graph,
    pub(super) world: World<'a>,
    pub(super) out: Checked,
    /// Entities that the proof speaks of.
    pub(super) met: std::collections::BTreeSet<Node>,
}

impl Checker<'_> {
    pub(super) fn fault(&mut self, at: &str, what: impl AsRef<str>) {
        let colon = if at.is_empty() { "" } else { ": " };
        self.out.faults.push(format!("{at}{colon}{}", what.as_ref()));
    }

    pub(super) fn shown(&self, n: Node) -> String {
        self.graph.show_id(self.graph.id(n)).to_owned()
    }

    /// A party by its external id, or its bare one in the home namespace.
    pub(super) fn node(&mut self, at: &str, id: &str) -> Option<Node> {
        let home = || self.graph.home.as_ref().and_then(|h| self.graph.find_id(&format!("{h}:{id}")));
        let found = self.graph.find_id(id).or_else(home);
        match found {
            None => self.fault(at, format!("no party has the id {id:?}")),
            Some(n) => {
                self.met.insert(n);
            }
        }
        found
    }

    pub(super) fn same_edge(&self, id: &str, claimed: &str) -> bool {
        let bare = || self.graph.home.as_ref().and_then(|h| id.strip_prefix(h.as_str())?.strip_prefix(':'));
        id == claimed || bare() == Some(claimed)
    }

    fn proof(&mut self, p: &Proof) -> Result<()> {
        let Some(id) = self.node("id", &p.id) else { return Ok(()) };
        let listed = self.world.facts(id)?.listed;
        self.listings(id, &p.listings, p.outcome)?;
        let unsure = p.outcome == Outcome::Indeterminate && p.possible.is_none() && p.not_certain.is_none();
        let stray = |want: bool, there: bool| there && !want;
        let (yes, no, open) = (Outcome::Blocked, Outcome::NotBlocked, Outcome::Indeterminate);
        for (what, stray) in [
            ("steps", stray(p.outcome == yes, !p.steps.steps.is_empty())),
            ("sets", stray(p.outcome == no || unsure, !p.sets.is_empty())),
            ("possible", stray(p.outcome == open, p.possible.is_some())),
            ("not_certain", stray(p.outcome == open, p.not_certain.is_some())),
            ("missing", stray(p.outcome == open && !unsure, !p.missing.is_empty())),
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
                if self.world.lists_missing() {
                    self.fault("verdict", "no list of the regime is there that is as old as the day");
                }
                self.sets("sets", &p.sets, Mode::Possible, id)?;
            }
            // Nothing is found, and the lists are not there: a negative that decides nothing.
            Outcome::Indeterminate if unsure => {
                if listed.is_some() {
                    self.fault("verdict", format!("{} is itself listed, or may be", p.id));
                }
                if self.world.lists_missing() {
                    self.out.checked.push("no list of the regime is there that is as old as the day".into());
                } else {
                    self.fault("possible", "the half that shows what is possible is missing");
                    self.fault("not_certain", "the half that shows what is not certain is missing");
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
        let mut sure = false;
        for c in claims {
            let at = format!("{}.entity", c.at);
            let party = match &c.entity {
                Some(e) => self.node(&at, e),
                None => Some(id),
            };
            let Some(n) = party else { continue };
            let facts = self.world.facts(n)?;
            let same = |l: &&Listing| l.list == c.list && l.from == c.from && l.to == c.to;
            let found: Vec<_> = facts.listings.iter().filter(same).collect();
            match (found.is_empty(), found.iter().filter_map(|l| self.world.standing(n, l)).max()) {
                (true, _) => self.fault(&c.at, format!("there is no such listing on {}", c.list)),
                (_, None) => self.fault(&c.at, format!("the listing on {} does not count on the day", c.list)),
                (_, Some(s)) => sure |= s && n == id,
            }
        }
        if outcome == Outcome::Listed && !claims.is_empty() && !sure {
            self.fault("listings", "no listing cited does surely count on the day");
        }
        if !claims.is_empty() {
            self.out.checked.push(format!("{} listings: they exist and count on the day", claims.len()));
        }
        Ok(())
    }

    /// Whether a mode goes person by person.
    pub(super) fn each(&self, mode: Mode) -> bool {
        match self.world.test.map(|t| t.aggregation) {
            Some(Aggregation::Each) => true,
            Some(Aggregation::Unsettled) => mode == Mode::Certain,
            _ => false,
        }
    }

    pub(super) fn listed(&mut self, n: Node, mode: Mode) -> Result<bool> {
        let listed = self.world.facts(n)?.listed;
        Ok(if mode == Mode::Certain { listed == Some(true) } else { listed.is_some() })
    }

    pub(super) fn run(&mut self, at: &str, principal: Option<&String>, mode: Mode) -> Result<Option<Run>> {
        match (principal, self.each(mode)) {
            (None, false) => Ok(Some(Run { mode, principal: None, partners: HashSet::new(), nobody: false })),
            // Somebody unknown may be a listed person, too: a run that starts from nobody.
            (None, true) if mode == Mode::Possible => {
                Ok(Some(Run { mode, principal: None, partners: HashSet::new(), nobody: true }))
            }
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

    pub(super) fn run_of(&mut self, p: Node, mode: Mode) -> Result<Run> {
        let together = self.world.test.is_some_and(|t| t.joint_arrangement);
        let partners = if together { self.world.facts(p)?.arrangements.clone() } else { HashSet::new() };
        Ok(Run { mode, principal: Some(p), partners, nobody: false })
    }

    /// Whether a party counts from the start because it, or the one that is asked about, is listed.
    pub(super) fn is_listed_seed(&mut self, n: Node, run: &Run) -> Result<bool> {
        match run.principal {
            Some(p) => Ok(n == p),
            None if run.nobody => Ok(false),
            None => self.listed(n, run.mode),
        }
    }

    pub(super) fn is_partner(&mut self, n: Node, run: &Run) -> Result<bool> {
        Ok(!run.partners.is_empty() && !self.world.facts(n)?.arrangements.is_disjoint(&run.partners))
    }

    pub(super) fn is_seed(&mut self, n: Node, run: &Run) -> Result<bool> {
        Ok(self.is_listed_seed(n, run)? || self.is_partner(n, run)?)
    }

    /// Says why a cited edge is none that counts.
    pub(super) fn no_edge(&mut self, at: &str, e: &EdgeClaim, holder: Node, firm: &Firm) {
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

    /// The stake that an edge reports, and whether its bound rests on that report.
    pub(super) fn stake(
        &self,
        e: &EdgeClaim,
        holder: Node,
        firm: &Firm,
        basis: Basis,
        mode: Mode,
    ) -> Option<(usize, bool)> {
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

    pub(super) fn equal(&mut self, at: &str, what: &str, claimed: Option<&Q>, right: &Q) {
        match claimed {
            None => self.fault(at, format!("{what} is missing; it is {right}")),
            Some(c) if c != right => self.fault(at, format!("{what} is {right}, not {c}")),
            Some(_) => {}
        }
    }

    pub(super) fn line(&mut self, at: &str, open: bool, claimed: Option<bool>, threshold: &Q, stated: Option<&Q>) {
        if claimed != Some(open) {
            self.fault(at, format!("open: it is {open}"));
        }
        self.equal(at, "threshold", stated, threshold);
    }

    /// Each edge named as missing must be one whose share or force is open, and the bounds
    /// stated must be those of its stake.
    fn missing(&mut self, claims: &[MissingClaim]) -> Result<()> {
        for claim in claims {
            let home = self.graph.home.as_ref().map(|h| format!("{h}:{}", claim.edge));
            let mut edge = self.graph.find_edge(&claim.edge)?;
            if edge.is_none()
                && let Some(id) = home
            {
                edge = self.graph.find_edge(&id)?;
            }
            let Some(e) = edge else {
                self.fault(&claim.at, format!("no edge has the id {:?}", claim.edge));
                continue;
            };
            let (from, to) = self.graph.ends(e);
            let firm = self.world.firm(to)?;
            let names = |id: &str| self.same_edge(id, &claim.edge);
            let stake = firm.stakes.iter().find(|s| s.inexact() && s.reports.iter().any(|r| names(&r.id)));
            let tie = firm.ties.iter().any(|t| !t.certain && names(&t.id));
            if stake.is_none() && !tie {
                self.fault(&claim.at, format!("edge {} leaves nothing open", claim.edge));
            }
            let Some(more) = &claim.more else { continue };
            for (id, n, what) in [(&more.entity, to, "into"), (&more.holder, from, "from")] {
                let at = format!("{}.{}", claim.at, if what == "into" { "entity" } else { "holder" });
                if self.node(&at, id).is_some_and(|found| found != n) {
                    self.fault(&at, format!("edge {} does not lead {what} {id}", claim.edge));
                }
            }
            let ends = (&more.low, more.low_open, &more.high, more.high_open);
            let fits = match (ends, stake) {
                ((Some(l), lo, Some(h), ho), Some(s)) => {
                    (l, lo, h, ho) == (&s.low.at, s.low.open, &s.high.at, s.high.open)
                }
                ((None, false, None, false), _) => tie,
                _ => false,
            };
            if !fits {
                let what = match stake {
                    Some(s) => format!("its stake is known to be {} to {}", s.low.at, s.high.at),
                    None => "it is a tie without a share".to_owned(),
                };
                self.fault(&claim.at, format!("edge {}: {what}", claim.edge));
            }
        }
        if !claims.is_empty() {
            self.out
                .checked
                .push(format!("{} edges named as missing: the share or force of each is open", claims.len()));
        }
        Ok(())
    }
}
