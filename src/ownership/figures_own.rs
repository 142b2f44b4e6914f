//! What a party holds of others: directly, through all chains, and as a 50 percent rule counts it.

use super::amount::Amount;
use super::exact::Exact;
use super::figures::Figures;
use super::integrated::{Budget, Integrated, Method, Options, integrated};
use super::judge::{Range, Start, partners};
use super::network::{Network, Up, above, below};
use super::regime::{Basis, Regime, RegimeKind};
use super::run::{Measure, Mode, Scope, bound};
use super::weights::{Bound, Stake, Weights};
use crate::error::Result;
use crate::graph::Node;
use rustc_hash::FxHashSet;

/// The question.
#[derive(Debug, Clone, Copy)]
pub struct OwnAsk<'r> {
    /// Whose holdings.
    pub from: Node,
    /// In whom; `None`: in everybody.
    pub to: Option<Node>,
    /// How the owner's own return in a ring counts.
    pub method: Method,
    /// For exact values.
    pub budget: Budget,
    /// The regime whose rule counts the cascade.
    pub regime: &'r Regime,
}

/// What a party holds of one other.
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    /// Of whom.
    pub to: Node,
    /// Directly, in percent.
    pub direct: Range,
    /// Through all chains, as a part of the whole, at least.
    pub low: Amount,
    /// At most.
    pub high: Amount,
    /// Nothing inexact lies on the way: both ends are one number.
    pub known: bool,
    /// What counts, in percent, where the party alone were listed; `None` where there is no rule.
    pub cascade: Option<Range>,
}

/// What a party holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Owned {
    /// Of the party asked for, or of all that are reached, largest first.
    pub positions: Vec<Position>,
    /// Id of the version of the rule that counted the cascade.
    pub rule: Option<String>,
    /// Why there is no cascade.
    pub no_rule: Option<String>,
    /// What is wrong with the record on the way, as codes.
    pub warnings: Vec<String>,
}

/// Integrated ownership at one end of the ranges.
struct End {
    amounts: Integrated,
    /// The source is in a group that owns all of itself; `None` where that could not be told.
    closed: Option<bool>,
}

impl End {
    fn new(w: &Weights, from: u32, to: Option<u32>, ask: &OwnAsk<'_>, bound: Bound) -> End {
        let options = Options { method: ask.method, bound, target: to, budget: ask.budget };
        let seeds = [(from, Exact::ONE)];
        let amounts = integrated(w, &seeds, &options);
        // Chains that come back to the source end there, so that the sum over all walks has a
        // finite value only if less than the whole comes back; without one, there is no value
        // by any method.
        let closed = match ask.method {
            Method::Walk => Some(false),
            Method::Baldone => {
                let back = match to {
                    None => amounts.of(from).clone(),
                    Some(_) => integrated(w, &seeds, &Options { target: Some(from), ..options }).of(from).clone(),
                };
                if back == Amount::NoFinite { Some(true) } else { back.passes(&Exact::ONE, true) }
            }
        };
        End { amounts, closed }
    }

    fn of(&self, party: u32) -> Amount {
        let found = self.amounts.of(party);
        match self.closed {
            _ if *found == Amount::ZERO => Amount::ZERO,
            Some(false) => found.clone(),
            Some(true) => Amount::NoFinite,
            None => Amount::Unknown,
        }
    }
}

/// Who is reached from a source, and whose amount depends on an inexact stake.
struct Ways {
    reached: Vec<bool>,
    inexact: Vec<bool>,
}

impl Ways {
    fn new(w: &Weights, from: u32, method: Method) -> Ways {
        let mut ways = Ways { reached: vec![false; w.len()], inexact: vec![false; w.len()] };
        let through = |v: u32| v != from || method == Method::Walk;
        let mut stack = vec![from];
        let mut doubtful = Vec::new();
        while let Some(v) = stack.pop() {
            for s in w.holdings(v).iter().filter(|s| s.high.is_positive()) {
                if s.low != s.high && mark(&mut ways.inexact, s.target) {
                    doubtful.push(s.target);
                }
                if mark(&mut ways.reached, s.target) && s.target != from {
                    stack.push(s.target);
                }
            }
        }
        while let Some(v) = doubtful.pop() {
            for s in w.holdings(v).iter().filter(|s| through(v) && s.high.is_positive()) {
                if mark(&mut ways.inexact, s.target) {
                    doubtful.push(s.target);
                }
            }
        }
        ways
    }

    fn is(list: &[bool], v: u32) -> bool {
        list.get(v as usize).copied().unwrap_or(false)
    }
}

/// Sets a mark; whether it was not set before.
fn mark(list: &mut [bool], v: u32) -> bool {
    list.get_mut(v as usize).is_some_and(|slot| !std::mem::replace(slot, true))
}

impl Figures<'_, '_, '_> {
    /// What a party holds of another, or of everybody.
    pub fn own(&mut self, ask: &OwnAsk<'_>) -> Result<Owned> {
        let down = below(self.holdings(), &[ask.from]);
        let nodes = match ask.to {
            None => down,
            Some(to) => {
                let down: FxHashSet<Node> = down.into_iter().chain([to]).collect();
                let mut way = above(self.holdings(), &[to], Up::Shares, Some(&down))?;
                way.push(ask.from);
                way
            }
        };
        let net = Network::of(nodes);
        let w = net.shares(self.holdings())?;
        let from = net.known(ask.from)?;
        let to = ask.to.map(|n| net.known(n)).transpose()?;
        let ways = Ways::new(&w, from, ask.method);
        let low = End::new(&w, from, to, ask, Bound::Low);
        let ranges = w.stakes().iter().any(|s| s.low != s.high);
        let high = ranges.then(|| End::new(&w, from, to, ask, Bound::High));
        let wanted: Vec<u32> = match to {
            Some(to) => vec![to],
            None => (0..w.len() as u32).filter(|v| Ways::is(&ways.reached, *v)).collect(),
        };
        self.judge.view.stop().check()?;
        let mut out = Owned::default();
        let counted = self.cascade(ask, &mut out)?;
        for v in wanted {
            let Some(node) = net.node(v) else { continue };
            let least = low.of(v);
            let most = high.as_ref().map_or_else(|| least.clone(), |h| h.of(v));
            // A range elsewhere in the owner's own ring may still leave it without a finite value.
            let known = !Ways::is(&ways.inexact, v)
                && matches!(
                    (&least, &most),
                    (Amount::Finite { .. }, Amount::Finite { .. }) | (Amount::NoFinite, _) | (Amount::Unknown, _)
                );
            out.positions.push(Position {
                to: node,
                direct: direct(w.holdings(from).iter().find(|s| s.target == v)),
                high: if known { least.clone() } else { most },
                low: least,
                known,
                cascade: if counted { Some(self.counted(node)?) } else { None },
            });
        }
        let size = |a: &Amount| match a {
            Amount::NoFinite => f64::INFINITY,
            other => other.value().unwrap_or(0.0),
        };
        // Stable: equal ones stay in the order of the graph.
        out.positions.sort_by(|a, b| {
            size(&b.low).total_cmp(&size(&a.low)).then_with(|| size(&b.high).total_cmp(&size(&a.high)))
        });
        let touched = (0..w.len() as u32).filter(|v| Ways::is(&ways.reached, *v) || Some(*v) == to);
        let touched: Vec<Node> = touched.filter_map(|v| net.node(v)).collect();
        out.warnings = self.warned(&touched, &[Basis::Shares])?;
        Ok(out)
    }

    /// What some parties hold together, as one holder, through all chains: each party reached and
    /// how much of it, as a part of the whole, at one end of the ranges.
    pub fn own_together(
        &mut self,
        of: &[Node],
        method: Method,
        bound: Bound,
        budget: Budget,
    ) -> Result<Vec<(Node, Amount)>> {
        let net = Network::of(below(self.holdings(), of));
        let w = net.shares(self.holdings())?;
        let mut seeds: Vec<(u32, Exact)> = of.iter().filter_map(|n| net.number(*n)).map(|n| (n, Exact::ONE)).collect();
        seeds.sort_by_key(|s| s.0);
        seeds.dedup_by_key(|s| s.0);
        let found = integrated(&w, &seeds, &Options { method, bound, target: None, budget });
        self.judge.view.stop().check()?;
        Ok(found.iter().filter_map(|(n, a)| Some((net.node(n)?, a.clone()))).collect())
    }

    /// Runs the cascade from one party as if it alone were listed; whether there is a rule.
    fn cascade(&mut self, ask: &OwnAsk<'_>, out: &mut Owned) -> Result<bool> {
        if ask.regime.kind != RegimeKind::Sanctions {
            out.no_rule = Some(format!("{} has no rule that counts a cascade", ask.regime.id));
            return Ok(false);
        }
        let rule = match ask.regime.rule_on(self.judge.day()) {
            Ok(rule) => rule,
            Err(e) => {
                out.no_rule = Some(e.message().to_owned());
                return Ok(false);
            }
        };
        let Some(test) = &rule.test else {
            out.no_rule = Some(format!("{} counts no holdings through others", rule.id));
            return Ok(false);
        };
        out.rule = Some(rule.id.clone());
        let judge = &mut self.judge;
        let measure = Measure::new(test, judge.view.graph());
        let scope = ask.to.map(|to| Scope::above(&mut judge.holdings, to)).transpose()?;
        let arranged = if test.joint_arrangement { judge.view.arranged()? } else { Vec::new() };
        let group = partners(&arranged, ask.from);
        let start = Start { principal: Some(ask.from), certain: Some(group.clone()), possible: Some(group) };
        let open = judge.open(scope.as_ref())?;
        judge.pair(&measure, &start, scope.as_ref(), &open)?;
        Ok(true)
    }

    /// What the last cascade counts of a party.
    fn counted(&mut self, n: Node) -> Result<Range> {
        let judge = &mut self.judge;
        let mut range = Range::ZERO;
        let owned = judge.holdings.of(n)?;
        let [certain, possible] = &judge.runs;
        if let Some(s) = certain.state(n) {
            range.raise_min(&bound(owned, &owned.shares, &s.shares, Mode::Certain));
        }
        if let Some(s) = possible.state(n) {
            range.raise_max(&bound(owned, &owned.shares, &s.shares, Mode::Possible));
        }
        Ok(range)
    }
}

fn direct(stake: Option<&Stake>) -> Range {
    let Some(s) = stake else { return Range::ZERO };
    let percent = |x: &Exact| x * &Exact::HUNDRED;
    Range { min: percent(&s.low), min_open: s.low_open, max: percent(&s.high), max_open: s.high_open }
}
