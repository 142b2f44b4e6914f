//! The part of a graph that a question is about, as numbered parties and plain stakes.

use super::control_sets::{Tie, Ties};
use super::exact::Exact;
use super::holdings::{Holdings, Owned, Side};
use super::regime::Basis;
use super::run::Mode;
use super::stake;
use super::weights::{Stake, Weights};
use crate::error::{Error, Result};
use crate::graph::Node;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// Which holdings lead upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Up {
    /// Shares alone.
    Shares,
    /// Votes and ties, too.
    All,
}

/// Parties by number.
#[derive(Debug)]
pub(super) struct Network {
    nodes: Vec<Node>,
    numbers: FxHashMap<Node, u32>,
}

/// Control in arrays. Each joint stake stands as a party of its own, numbered after the others,
/// that holds the stake in full and is controlled by every one of its holders: so it counts as
/// soon as one of them does, and only once.
#[derive(Debug)]
pub(super) struct Control {
    /// Of each target the votes where any are recorded, else the shares.
    pub(super) stakes: Weights,
    pub(super) ties: Ties,
    /// Shares in the one target asked for, joint ones in full.
    pub(super) undiluted: Weights,
}

/// Which edge types are control: `true` for sure, `false` perhaps. By number of the type.
pub(super) type TieTypes = Vec<Option<bool>>;

impl Network {
    /// In the order of the graph, each once.
    pub(super) fn of(mut nodes: Vec<Node>) -> Network {
        nodes.sort_unstable();
        nodes.dedup();
        let numbers = nodes.iter().copied().zip(0u32..).collect();
        Network { nodes, numbers }
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn number(&self, n: Node) -> Option<u32> {
        self.numbers.get(&n).copied()
    }

    /// The number of a party that the question is about.
    pub(super) fn known(&self, n: Node) -> Result<u32> {
        self.number(n).ok_or_else(|| Error::not_found("a party outside of the question"))
    }

    /// The party of a number; none for joint stakes.
    pub(super) fn node(&self, number: u32) -> Option<Node> {
        self.nodes.get(number as usize).copied()
    }

    /// The shares held among these parties, as parts of the whole. How a joint stake is split is
    /// not known: each holder may have all of it or nothing.
    pub(super) fn shares(&self, holdings: &mut Holdings<'_, '_>) -> Result<Weights> {
        let mut all = Vec::new();
        for (t, target) in self.nodes.iter().zip(0u32..) {
            let side = &holdings.of(*t)?.shares;
            for s in &side.stakes {
                let holders = s.holders.as_slice();
                for h in holders.iter().filter_map(|h| self.number(*h)) {
                    let mut part = stake_of(h, target, &s.bounds);
                    if holders.len() > 1 {
                        (part.low, part.low_open) = (Exact::ZERO, false);
                    }
                    all.push(part);
                }
            }
            all.extend(own(side, target));
        }
        Ok(Weights::new(self.nodes.len(), all)?.until(holdings.stop()))
    }

    /// Who may control whom among these parties, and what is held of `target` undiluted.
    pub(super) fn control(
        &self,
        holdings: &mut Holdings<'_, '_>,
        types: &TieTypes,
        target: Option<Node>,
    ) -> Result<Control> {
        let (mut stakes, mut undiluted, mut ties) = (Vec::new(), Vec::new(), Vec::new());
        let mut next = self.nodes.len() as u32;
        for (node, t) in self.nodes.iter().zip(0u32..) {
            let owned = holdings.of(*node)?;
            if owned.ownable {
                self.in_full(deciding(owned), t, &mut next, &mut stakes, &mut ties);
                for x in &owned.ties {
                    let kind =
                        if x.ambiguous { Some(false) } else { types.get(usize::from(x.kind)).copied().flatten() };
                    if let (Some(h), Some(sure)) = (self.number(x.holder), kind) {
                        ties.push(Tie { controller: h, controlled: t, certain: sure && x.certain });
                    }
                }
            }
            if target == Some(*node) {
                self.in_full(&owned.shares, t, &mut next, &mut undiluted, &mut ties);
            }
        }
        Ok(Control {
            stakes: Weights::new(next as usize, stakes)?.until(holdings.stop()),
            ties: Ties::new(ties),
            undiluted: Weights::new(next as usize, undiluted)?.until(holdings.stop()),
        })
    }

    fn in_full(&self, side: &Side, t: u32, next: &mut u32, stakes: &mut Vec<Stake>, ties: &mut Vec<Tie>) {
        for s in &side.stakes {
            if let [h] = s.holders.as_slice() {
                stakes.extend(self.number(*h).map(|h| stake_of(h, t, &s.bounds)));
                continue;
            }
            for h in s.holders.as_slice() {
                if let Some(controller) = self.number(*h) {
                    let certain = s.admits(*h, Mode::Certain);
                    ties.push(Tie { controller, controlled: *next, certain });
                }
            }
            stakes.push(stake_of(*next, t, &s.bounds));
            *next += 1;
        }
        stakes.extend(own(side, t));
    }
}

/// The stakes that decide on control of a party.
pub(super) fn deciding(owned: &Owned) -> &Side {
    owned.side(Basis::Votes).unwrap_or(&owned.shares)
}

fn stake_of(holder: u32, target: u32, b: &stake::Bounds) -> Stake {
    let low = &b.low / &Exact::HUNDRED;
    // Where a party's own stake was taken out, the low end may have been scaled beyond the whole.
    let high = (&b.high / &Exact::HUNDRED).max(low.clone());
    Stake { holder, target, low, high, low_open: b.low_open, high_open: b.high_open }
}

fn own(side: &Side, t: u32) -> Option<Stake> {
    side.own.as_ref().filter(|_| !side.scaled).map(|b| stake_of(t, t, b))
}

/// Everything that some parties may hold something of, through others too, and they themselves.
pub(super) fn below(holdings: &Holdings<'_, '_>, from: &[Node]) -> Vec<Node> {
    let mut seen: FxHashSet<Node> = from.iter().copied().collect();
    let mut all: Vec<Node> = seen.iter().copied().collect();
    let (mut at, mut targets) = (0, Vec::new());
    while let Some(x) = all.get(at).copied() {
        at += 1;
        holdings.held_by(x, &mut targets);
        all.extend(targets.iter().filter(|t| seen.insert(**t)));
    }
    all
}

/// Everybody that may hold something of some parties, through others too, and they themselves.
pub(super) fn above(
    holdings: &mut Holdings<'_, '_>,
    of: &[Node],
    up: Up,
    within: Option<&FxHashSet<Node>>,
) -> Result<Vec<Node>> {
    let mut seen: FxHashSet<Node> = of.iter().copied().collect();
    let mut all: Vec<Node> = seen.iter().copied().collect();
    let mut at = 0;
    while let Some(x) = all.get(at).copied() {
        at += 1;
        let owned = holdings.of(x)?;
        let mut take = |h: Node| {
            if within.is_none_or(|w| w.contains(&h)) && seen.insert(h) {
                all.push(h);
            }
        };
        match up {
            Up::Shares => owned.shares.stakes.iter().flat_map(|s| s.holders.as_slice()).for_each(|h| take(*h)),
            Up::All => owned.holders().into_iter().for_each(take),
        }
    }
    Ok(all)
}

/// The edge types of a catalogue as control: those that some rule counts for sure, others that
/// the catalogue calls control perhaps.
pub(super) fn tie_types(catalogue: &crate::model::Catalogue, certain: &BTreeSet<&String>) -> TieTypes {
    let kind = |t: &crate::model::EdgeType| match () {
        () if certain.contains(&t.name) => Some(true),
        () if t.control => Some(false),
        () => None,
    };
    catalogue.edge_types().iter().map(kind).collect()
}
