//! Figures about a network on a day: integrated ownership, control, beneficial owners, close
//! links. No verdicts: nothing here asks who is listed.

use super::amount::Amount;
use super::changes::Changes;
use super::close_links::{LinkMethod, LinkQuery, close_links};
use super::control_sets::controlled;
use super::exact::Exact;
use super::holdings::{self, Conventions};
use super::integrated::{Budget, Method};
use super::judge::Judge;
use super::network::{Network, TieTypes, Up, above, below, tie_types};
use super::owners::{self, Owner, OwnerQuery, OwnerRule, Reason};
use super::regime::{Basis, Regimes};
use super::warnings::warnings;
use super::weights::Bound;
use crate::error::Result;
use crate::graph::{Node, View};
use crate::model::PartialDate;
use std::collections::BTreeSet;

/// Asks a graph for figures on one day.
pub struct Figures<'v, 'g, 'r> {
    pub(super) judge: Judge<'v, 'g, 'r>,
    ties: TieTypes,
}

/// A beneficial owner.
#[derive(Debug, Clone, PartialEq)]
pub struct Beneficiary {
    /// The person.
    pub node: Node,
    /// What it holds by the rule, as a part of the whole; see [`Owner::share`].
    pub share: Amount,
    /// Why, in order.
    pub reasons: Vec<Reason>,
}

/// Beneficial owners of a party.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beneficiaries {
    /// Owners whatever the ranges turn out to be.
    pub certain: Vec<Beneficiary>,
    /// Owners only if ranges turn out high, or whose share could not be told.
    pub possible: Vec<Beneficiary>,
    /// What is wrong with the record upstream, as codes.
    pub warnings: Vec<String>,
}

/// Who controls whom.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Controls {
    /// By controller: whom it controls for sure.
    pub certain: Vec<(Node, Vec<Node>)>,
    /// By controller: whom it controls perhaps, the certain ones left out.
    pub possible: Vec<(Node, Vec<Node>)>,
    /// What is wrong with the record, as codes.
    pub warnings: Vec<String>,
    /// There are more than were asked for.
    pub truncated: bool,
}

/// The question for close links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkAsk {
    /// At least this part of the whole.
    pub threshold: Exact,
    /// Sums of simple paths instead of integrated ownership.
    pub simple: bool,
    /// How much work it may take: chains or holdings looked at.
    pub steps: u64,
    /// At most so many common holdings.
    pub limit: usize,
}

/// Close links.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Linked {
    /// Holder, held, how much as a part of the whole.
    pub pairs: Vec<(Node, Node, Amount)>,
    /// The same where it could be enough, with the most it could be.
    pub possible: Vec<(Node, Node, Amount)>,
    /// Pairs with a common holder, the lower first.
    pub common: Vec<(Node, Node)>,
    /// What is wrong with the record, as codes.
    pub warnings: Vec<String>,
    /// Steps or limit ran out.
    pub truncated: bool,
}

impl<'v, 'g, 'r> Figures<'v, 'g, 'r> {
    /// Figures for a day. The view decides what had been published and which sources count; it
    /// must not filter by day or edge type. The rules tell which ties are control for sure:
    /// those that any rule of a regime counts as such.
    pub fn new(
        view: &'v View<'g>,
        regimes: &'r Regimes,
        day: PartialDate,
        conventions: Conventions,
        changes: Changes,
    ) -> Result<Figures<'v, 'g, 'r>> {
        let catalogue = view.graph().catalogue();
        let tests = regimes.list.iter().flat_map(|r| &r.rules).filter_map(|r| r.test.as_ref());
        let certain: BTreeSet<&String> = tests.flat_map(|t| &t.control).collect();
        let more: Vec<String> = catalogue.edge_types().iter().filter(|t| t.control).map(|t| t.name.clone()).collect();
        let judge = Judge::reading(view, regimes, day, conventions, changes, &more)?;
        Ok(Figures { judge, ties: tie_types(catalogue, &certain) })
    }

    pub(super) fn holdings(&mut self) -> &mut holdings::Holdings<'v, 'g> {
        &mut self.judge.holdings
    }

    /// The warnings of some parties, in order.
    pub(super) fn warned(&mut self, nodes: &[Node], bases: &[Basis]) -> Result<Vec<String>> {
        let mut all = BTreeSet::new();
        for n in nodes {
            all.extend(warnings(&mut self.judge.holdings, *n, bases)?);
        }
        Ok(all.into_iter().collect())
    }

    /// The warnings of the stakes that decide on control.
    fn warned_control(&mut self, nodes: &[Node]) -> Result<Vec<String>> {
        let mut all = BTreeSet::new();
        for n in nodes {
            let votes = self.judge.holdings.of(*n)?.votes.is_some();
            let basis = if votes { Basis::Votes } else { Basis::Shares };
            all.extend(warnings(&mut self.judge.holdings, *n, &[basis])?);
        }
        Ok(all.into_iter().collect())
    }

    /// The beneficial owners of a party: the persons who by a rule hold at least a threshold (a
    /// part of the whole), or more than it.
    pub fn ubo(
        &mut self,
        target: Node,
        rule: OwnerRule,
        threshold: Exact,
        inclusive: bool,
        budget: Budget,
    ) -> Result<Beneficiaries> {
        let net = Network::of(above(self.holdings(), &[target], Up::All, None)?);
        let shares = net.shares(self.holdings())?;
        let control = net.control(&mut self.judge.holdings, &self.ties, Some(target))?;
        let graph = self.judge.view.graph();
        let persons: Vec<u32> = net
            .nodes()
            .iter()
            .zip(0u32..)
            .filter(|(n, _)| graph.node_type(**n).family == "person")
            .map(|(_, number)| number)
            .collect();
        let held = owners::Holdings {
            shares: &shares,
            undiluted: &control.undiluted,
            control: &control.stakes,
            ties: &control.ties,
            persons: &persons,
        };
        let query = OwnerQuery { target: net.known(target)?, rule, threshold, inclusive, budget };
        let found = owners::owners(held, &query);
        self.judge.view.stop().check()?;
        let with_nodes = |list: Vec<Owner>| -> Vec<Beneficiary> {
            let one = |o: Owner| Some(Beneficiary { node: net.node(o.person)?, share: o.share, reasons: o.reasons });
            list.into_iter().filter_map(one).collect()
        };
        let bases: &[Basis] = match rule {
            OwnerRule::Multiply | OwnerRule::WeakestLink => &[Basis::Shares],
            OwnerRule::Control | OwnerRule::Amlr => &[Basis::Shares, Basis::Votes],
        };
        Ok(Beneficiaries {
            certain: with_nodes(found.certain),
            possible: with_nodes(found.possible),
            warnings: self.warned(net.nodes(), bases)?,
        })
    }

    /// Whom some parties control, or with `None` whom everybody does; those who control nobody
    /// are then left out. At most so many pairs.
    pub fn controls(&mut self, of: Option<&[Node]>, limit: usize) -> Result<Controls> {
        let net = Network::of(match of {
            Some(some) => below(self.holdings(), some),
            None => self.judge.view.graph().nodes().collect(),
        });
        let control = net.control(&mut self.judge.holdings, &self.ties, None)?;
        let mut sources: Vec<u32> = match of {
            Some(some) => some.iter().filter_map(|n| net.number(*n)).collect(),
            None => (0..net.nodes().len() as u32).collect(),
        };
        sources.sort_unstable();
        sources.dedup();
        let mut out = Controls::default();
        let mut pairs = 0;
        for x in sources {
            self.judge.view.stop().check()?;
            let idle = control.stakes.holdings(x).is_empty() && control.ties.of(x, Bound::High).next().is_none();
            let Some(node) = net.node(x).filter(|_| of.is_some() || !idle) else { continue };
            let certain = controlled(&control.stakes, &control.ties, x, Bound::Low);
            let mut possible = controlled(&control.stakes, &control.ties, x, Bound::High);
            possible.retain(|v| certain.binary_search(v).is_err());
            let nodes = |list: Vec<u32>| -> Vec<Node> { list.into_iter().filter_map(|v| net.node(v)).collect() };
            for (list, found) in [(&mut out.certain, nodes(certain)), (&mut out.possible, nodes(possible))] {
                let room = found.len().min(limit.saturating_sub(pairs));
                out.truncated |= room < found.len();
                pairs += room;
                if of.is_some() || room > 0 {
                    list.push((node, found.into_iter().take(room).collect()));
                }
            }
            if out.truncated {
                break;
            }
        }
        out.warnings = self.warned_control(net.nodes())?;
        Ok(out)
    }

    /// Holdings of a threshold or more, direct or through others, and common holders; of some
    /// parties or, with none named, of all.
    pub fn close_links(&mut self, of: &[Node], ask: &LinkAsk) -> Result<Linked> {
        let holders = if of.is_empty() { Vec::new() } else { above(self.holdings(), of, Up::Shares, None)? };
        let net = Network::of(match of {
            [] => self.judge.view.graph().nodes().collect(),
            _ => below(self.holdings(), &holders),
        });
        let shares = net.shares(self.holdings())?;
        let sources: Vec<u32> = holders.iter().filter_map(|n| net.number(*n)).collect();
        let method = match ask.simple {
            true => LinkMethod::SimplePaths { steps: ask.steps },
            false => LinkMethod::Integrated { method: Method::Baldone, budget: Budget::default(), steps: ask.steps },
        };
        let find = |bound| {
            let q = LinkQuery { threshold: ask.threshold.clone(), bound, method, limit: ask.limit };
            close_links(&shares, (!of.is_empty()).then_some(&sources[..]), &q)
        };
        let touches = |a: Node, b: Node| of.is_empty() || of.contains(&a) || of.contains(&b);
        let nodes = |a: u32, b: u32| Some((net.node(a)?, net.node(b)?)).filter(|(a, b)| touches(*a, *b));
        let sure = find(Bound::Low);
        let mut out = Linked { truncated: sure.truncated, ..Linked::default() };
        let mut known: BTreeSet<(u32, u32)> = BTreeSet::new();
        for l in sure.links {
            known.insert((l.holder, l.target));
            out.pairs.extend(nodes(l.holder, l.target).map(|(a, b)| (a, b, l.share)));
        }
        let mut maybe = sure.undecided;
        if shares.stakes().iter().any(|s| s.low != s.high) {
            let high = find(Bound::High);
            out.truncated |= high.truncated;
            maybe = high.links.into_iter().chain(high.undecided).collect();
        }
        for l in maybe.into_iter().filter(|l| !known.contains(&(l.holder, l.target))) {
            out.possible.extend(nodes(l.holder, l.target).map(|(a, b)| (a, b, l.share)));
        }
        self.judge.view.stop().check()?;
        let common: BTreeSet<(Node, Node)> = sure.common.iter().filter_map(|c| nodes(c.a, c.b)).collect();
        out.common = common.into_iter().collect();
        out.warnings = self.warned(net.nodes(), &[Basis::Shares])?;
        Ok(out)
    }
}
