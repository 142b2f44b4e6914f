//! Negative proofs: closed sets, of which not enough is held from outside.

use super::check::{Checker, Run};
use super::check_read::{EntryClaim, SetClaim};
use super::check_stakes::{Mode, percent};
use super::regime::Basis;
use crate::error::Result;
use crate::graph::Node;
use num_traits::Zero;
use std::collections::{BTreeMap, BTreeSet, HashSet};

impl Checker<'_> {
    pub(super) fn sets(&mut self, at: &str, sets: &[SetClaim], mode: Mode, id: Node) -> Result<()> {
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
        }
        let each_alone = mode == Mode::Certain && self.each(mode);
        if principals.is_empty() && !each_alone {
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
        let mut members: BTreeMap<Node, String> = BTreeMap::new();
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
                let held = firm.held(*basis, run.mode, |_, s| self.world.counts(s, run.mode, *n, out));
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
        let held = firm.held(basis, mode, |_, s| self.world.counts(s, mode, n, out));
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
            if s.own || !out(h) || !self.world.counts(s, mode, n, out) {
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
            let counts = !s.bound(mode).is_zero() && self.world.counts(s, mode, n, out);
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
        let (mut upstream, mut holders) = (BTreeSet::from([id]), BTreeSet::new());
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
        // Whoever holds nothing upstream on record, listed or unknown, may yet hold what is not.
        if mode == Mode::Possible {
            let mut open = false;
            for n in upstream {
                open |= self.world.firm(n)?.open_world;
            }
            let nobody = done.contains(&None);
            if open && !nobody {
                self.fault(at, "remainders are unknown upstream: there is no closed set for somebody unknown");
            } else if !open && nobody && done.len() > 1 {
                self.fault(at, "no remainder is unknown upstream: the set for somebody unknown is none");
            }
        }
        // Mostly it is enough to look at the holders instead of at everybody who is listed.
        let together = self.world.test.is_some_and(|t| t.joint_arrangement) && !arrangements.is_empty();
        let asked = if together { self.world.view.listed() } else { holders.iter().copied().collect() };
        for p in asked {
            if done.contains(&Some(p)) || !self.listed(p, mode)? {
                continue;
            }
            let run = self.run_of(p, mode)?;
            if holders.contains(&p) || !run.partners.is_disjoint(&arrangements) {
                let who = self.shown(p);
                self.fault(at, format!("there is no closed set for the listed party {who}, which holds upstream"));
            }
        }
        Ok(())
    }
}
