//! Positive proofs: steps, each resting on listed parties and earlier steps alone.

use super::check::{Checker, Run};
use super::check_read::{EdgeClaim, StepClaim, StepsClaim};
use super::check_stakes::{Firm, Held, Mode, Q, Tie, percent};
use super::regime::Basis;
use crate::error::Result;
use crate::graph::Node;
use num_traits::Zero;
use std::collections::HashMap;

impl Checker<'_> {
    pub(super) fn steps(&mut self, prefix: &str, claim: &StepsClaim, mode: Mode, id: Node) -> Result<()> {
        let at = format!("{prefix}principal");
        let Some(run) = self.run(&at, claim.principal.as_ref(), mode)? else { return Ok(()) };
        let mut reached: HashMap<Node, usize> = HashMap::new();
        let mut used = vec![false; claim.steps.len()];
        let (mut edges, mut started) = (0, false);
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
                "shares" => self.stake_step(&at, step, &firm, (n, Basis::Shares), &run, &reached)?,
                "votes" => self.stake_step(&at, step, &firm, (n, Basis::Votes), &run, &reached)?,
                other => {
                    self.fault(&at, format!("{other:?} is nothing that a rule goes by"));
                    Vec::new()
                }
            };
            for h in &rests_on {
                started |= self.is_seed(*h, &run)?;
            }
            for earlier in rests_on.iter().filter_map(|h| reached.get(h)) {
                if let Some(u) = used.get_mut(*earlier) {
                    *u = true;
                }
            }
            edges += step.edges.len();
            reached.insert(n, i);
        }
        if run.principal.is_some() && !started && !claim.steps.is_empty() {
            self.fault(&at, "nothing rests on the holdings of that party");
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
            let sure = |t: &Tie| t.certain || run.mode == Mode::Possible;
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
        (entity, basis): (Node, Basis),
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
            let others = self.world.all_holders() && !rests_on.contains(&h);
            if named.contains(&i) && !others {
                self.fault(&at, format!("edge {} reports a stake that is counted already", e.id));
                continue;
            }
            if !fits {
                self.fault(&at, format!("edge {} is not the report that the share used rests on", e.id));
            }
            self.equal(&at, &format!("share_used of edge {}", e.id), e.used.as_ref(), s.bound(run.mode));
            rests_on.push(h);
            if !named.contains(&i) {
                named.push(i);
            }
        }
        for s in named.iter().filter_map(|i| firm.stakes.get(*i)) {
            // A joint stake that takes all holders names each of them.
            if !self.world.counts(s, run.mode, entity, |h| rests_on.contains(&h)) {
                self.fault(at, "a joint stake does not count: not all holders that it takes count");
            }
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

    fn outside(&mut self, at: &str, claimed: Option<&Q>, held: &Held) {
        match claimed {
            None if held.at == held.own => {}
            _ => self.equal(at, "outside", claimed, &held.outside),
        }
    }
}
