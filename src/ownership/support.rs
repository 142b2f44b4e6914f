//! Why a party may be affected: a set of stakes and ties that suffices whatever else is sold.

use super::exact::Exact;
use super::holdings::{Holdings, Owned, Side, Sum};
use super::regime::{Basis, Joint};
use super::run::{Measure, Mode, Run, bound};
use super::stake::Stake;
use crate::error::Result;
use crate::graph::{Edge, Node};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What is sold as one: all reports of a stake, or of a tie of one kind between two parties.
pub(super) type Sale = Vec<Edge>;

/// How large a stake of a party that is affected from the start is, so that of two such in one
/// party the larger can be sold first.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    pub(super) target: Node,
    pub(super) basis: Basis,
    pub(super) holder: Node,
}

/// Stakes and ties by which a party is affected; each set that frees it has one of them.
#[derive(Debug, Default)]
pub(super) struct Support {
    pub(super) sales: BTreeMap<Sale, Option<Lane>>,
}

/// Ways to make one party affected.
struct Way {
    sales: Vec<(Sale, Option<Lane>)>,
    holders: Vec<Node>,
}

/// The edges of a stake, in order.
pub(super) fn sale(stake: &Stake) -> Sale {
    let mut edges: Vec<Edge> = stake.edges().collect();
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// The edges sold with a tie: the stake that it is part of, else all such ties of its holder.
pub(super) fn tie_sale(owned: &Owned, edge: Edge) -> Sale {
    let votes = owned.votes.iter().flat_map(|v| &v.stakes);
    if let Some(s) = owned.shares.stakes.iter().chain(votes).find(|s| s.edges().any(|e| e == edge)) {
        return sale(s);
    }
    let Some(tie) = owned.ties.iter().find(|t| t.edge == edge) else { return vec![edge] };
    let same = owned.ties.iter().filter(|t| (t.holder, t.kind) == (tie.holder, tie.kind));
    let mut edges: Vec<Edge> = same.map(|t| t.edge).collect();
    edges.sort_unstable();
    edges
}

/// Whether a stake is sold by one holder and is nothing but a stake.
pub(super) fn lane(owned: &Owned, target: Node, basis: Basis, stake: &Stake) -> Option<Lane> {
    let [holder] = stake.holders.as_slice() else { return None };
    let tied = stake.edges().any(|e| owned.ties.iter().any(|t| t.edge == e));
    (!tied).then_some(Lane { target, basis, holder: *holder })
}

fn total<'s>(stakes: impl IntoIterator<Item = &'s Stake>) -> Sum {
    let mut sum = Sum::ZERO;
    stakes.into_iter().for_each(|s| sum.add(&s.bounds));
    sum
}

/// The support of a party in the last possible run; `None` where it is not affected. Only what
/// `sellers` hold is for sale.
pub(super) fn support(
    holdings: &mut Holdings<'_, '_>,
    run: &Run,
    measure: &Measure<'_>,
    sellers: &HashSet<Node>,
    n: Node,
) -> Result<Option<Support>> {
    let turn = |x: Node| run.state(x).map_or(0, |s| s.turn);
    let seed = |x: Node| run.state(x).is_some_and(|s| s.seed);
    if turn(n) == 0 || seed(n) {
        return Ok(None);
    }
    let mut out = Support::default();
    let mut wanted: BTreeSet<(u32, Node)> = BTreeSet::from([(turn(n), n)]);
    while let Some((at, x)) = wanted.pop_last() {
        let earlier = |h: &Node| turn(*h) != 0 && turn(*h) < at;
        let owned = holdings.of(x)?;
        let mut ways: Vec<Way> = Vec::new();
        let ties = owned.ties.iter().filter(|t| t.holder != x && earlier(&t.holder) && measure.tie(t, Mode::Possible));
        if let Some(t) = ties.min_by_key(|t| turn(t.holder)) {
            ways.push(Way { sales: vec![(tie_sale(owned, t.edge), None)], holders: vec![t.holder] });
        }
        for (basis, line, inclusive) in measure.bases(Mode::Possible) {
            let Some(side) = owned.side(basis) else { continue };
            let at =
                Place { owned, side, joint: measure.test.joint, basis, line: (&line, inclusive), node: x, sellers };
            ways.extend(at.way(&earlier, &turn, &seed));
        }
        let best = ways.into_iter().min_by_key(|w| (w.sales.len(), w.holders.iter().map(|h| turn(*h)).max()));
        let Some(best) = best else { continue };
        out.sales.extend(best.sales);
        wanted.extend(best.holders.into_iter().filter(|h| !seed(*h)).map(|h| (turn(h), h)));
    }
    Ok(Some(out))
}

/// One basis of one party.
struct Place<'a> {
    owned: &'a Owned,
    side: &'a Side,
    joint: Joint,
    basis: Basis,
    /// Threshold, and whether it is enough to reach it.
    line: (&'a Exact, bool),
    node: Node,
    sellers: &'a HashSet<Node>,
}

impl Place<'_> {
    fn for_sale(&self, s: &Stake) -> bool {
        s.holders.as_slice().iter().any(|h| *h != self.node && self.sellers.contains(h))
    }

    fn passes(&self, sum: &Sum) -> bool {
        let most = bound(self.owned, self.side, sum, Mode::Possible);
        Measure::passes(&most, Mode::Possible, self.line.0, self.line.1)
    }

    /// Whether stakes keep the party over the line even when others are sold, and when all
    /// others are held by parties that do not count.
    fn suffices(&self, sum: &Sum) -> bool {
        if !self.side.over {
            return self.passes(sum);
        }
        // A sale may bring the total down to the whole, and then the rest bounds these stakes.
        let (line, inclusive) = self.line;
        match sum.low.cmp(line) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => inclusive && self.side.total.low_open == 0 && sum.high_open == 0,
            std::cmp::Ordering::Less => false,
        }
    }

    /// The stakes of those affected before that put the party over the line, few of them.
    fn way(
        &self,
        earlier: &dyn Fn(&Node) -> bool,
        turn: &dyn Fn(Node) -> u32,
        seed: &dyn Fn(Node) -> bool,
    ) -> Option<Way> {
        let counts = |s: &&Stake| {
            let mut holders = s.holders.as_slice().iter();
            match self.joint {
                Joint::AnyHolder => holders.any(|h| *h != self.node && earlier(h)),
                Joint::AllHolders => holders.all(|h| *h != self.node && earlier(h)),
            }
        };
        let mut all: Vec<&Stake> = self.side.stakes.iter().filter(counts).collect();
        if !self.passes(&total(all.iter().copied())) {
            return None;
        }
        let direct = |s: &Stake| s.holders.as_slice().iter().any(|h| seed(*h));
        all.sort_by(|a, b| b.bounds.high.cmp(&a.bounds.high).then(direct(b).cmp(&direct(a))));
        let mut picked: Vec<&Stake> = Vec::new();
        let mut sum = Sum::ZERO;
        for s in &all {
            if self.suffices(&sum) {
                break;
            }
            sum.add(&s.bounds);
            picked.push(s);
        }
        let sold = |s: &Stake| (sale(s), lane(self.owned, self.node, self.basis, s).filter(|l| seed(l.holder)));
        let mut sales: Vec<(Sale, Option<Lane>)> = Vec::new();
        if self.suffices(&sum) {
            for i in (0..picked.len()).rev() {
                let others = total(picked.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, s)| *s));
                if self.suffices(&others) {
                    picked.remove(i);
                }
            }
        } else {
            // Only the record of this party as a whole keeps it over the line.
            picked = all;
            sales.extend(self.side.stakes.iter().filter(|s| self.for_sale(s)).map(sold));
        }
        if picked.is_empty() && self.basis == Basis::Votes && self.side.own.is_none() {
            // The remainder of the votes is unknown only as long as any votes are recorded.
            let lasting = self.side.stakes.iter().any(|s| !self.for_sale(s));
            sales.extend(self.side.stakes.first().filter(|_| !lasting).map(sold));
        }
        let mut holders = Vec::new();
        for s in &picked {
            sales.push(sold(s));
            let mine = s.holders.as_slice().iter().copied().filter(|h| earlier(h));
            match self.joint {
                Joint::AnyHolder => holders.extend(mine.min_by_key(|h| turn(*h))),
                Joint::AllHolders => holders.extend(mine),
            }
        }
        Some(Way { sales, holders })
    }
}
