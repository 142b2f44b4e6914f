//! The fewest stakes and ties whose sale frees a party.
//!
//! A sale takes a stake (all reports of it) or a tie off the record; nothing is supposed of the
//! buyer but that nobody listed stands behind. Each set of sales that frees a party has one in
//! common with each support of its standing ([`super::support`]), so the search branches on the
//! members of a support, fewest sales first: the first set found is a smallest one.

use super::dates::Force;
use super::exact::Exact;
use super::judge::{Judge, Outcome, Range, Start};
use super::regime::{Regime, Test};
use super::run::{Measure, Mode, Scope};
use super::support::{Lane, Sale, Support, lane, sale, support};
use crate::error::Result;
use crate::graph::{Edge, Node};
use crate::model::{Percent, Share};
use std::collections::{HashMap, HashSet};

/// Parties looked at in one search.
const WORK: usize = 20_000_000;
/// Sets of sales tried in one search.
const TRIED: usize = 50_000;
/// Sets of the smallest size that are named.
const NAMED: usize = 6;

/// One relation that is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sold {
    /// The edge, as answers show its id.
    pub id: String,
    /// The edge.
    pub edge: Edge,
    /// Who sells.
    pub holder: Node,
    /// Of what.
    pub target: Node,
    /// Edge type; of a supposed stake its basis.
    pub kind: String,
    /// Share as recorded or supposed; `None` is unknown, or a tie without share.
    pub share: Option<Share>,
}

/// Why no sale frees a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfreeable {
    /// It is on a list itself, certainly or possibly.
    Listed,
    /// It is not blocked and no range or doubt stands against it.
    FreeAlready,
    /// Whatever is sold, what nobody is recorded to hold may be held by listed parties.
    Remainder,
    /// None was found within the budget; that there is none is not certain.
    NotFound,
}

/// How a party can be freed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freed {
    /// The party.
    pub node: Node,
    /// Regime id.
    pub regime: String,
    /// Id of the version of its rule.
    pub rule: String,
    /// As recorded.
    pub before: Outcome,
    /// What listed and blocked parties hold of it as recorded, and after the first set of sales.
    pub share_before: Range,
    /// See `share_before`.
    pub share_after: Range,
    /// Sets of sales, each a list of stakes with all the relations that report it.
    pub sets: Vec<Vec<Vec<Sold>>>,
    /// No smaller set frees it. Otherwise nothing can be left out of the set, but a smaller one
    /// was not ruled out.
    pub smallest: bool,
    /// There may be more sets of this size.
    pub more: bool,
    /// Why there is none.
    pub cannot: Option<Unfreeable>,
    /// Codes, as in verdicts.
    pub warnings: Vec<String>,
}

/// A search for one party.
struct Search<'j, 'v, 'g, 'r> {
    judge: &'j mut Judge<'v, 'g, 'r>,
    measure: Measure<'r>,
    starts: Vec<Start>,
    open: Vec<Node>,
    node: Node,
    /// Everybody affected from the start, under any run: only what they hold is for sale.
    sellers: HashSet<Node>,
    /// Edges that were supposed away from the start.
    hidden: HashSet<Edge>,
    sales: Vec<Sale>,
    numbers: HashMap<Sale, usize>,
    work: usize,
    tried: usize,
}

/// A set of sales by their numbers, ascending.
type Set = Vec<usize>;

/// What a search came to.
struct Answer {
    sets: Vec<Set>,
    smallest: bool,
    more: bool,
}

/// What the search by size came to.
enum Found {
    /// The smallest sets.
    Sets(Vec<Set>, bool),
    /// No set of fewer sales than this frees it.
    AtLeast(usize),
    /// No set at all does.
    Never,
}

impl<'r> Search<'_, '_, '_, 'r> {
    fn hide(&mut self, set: &[usize]) -> Result<()> {
        let mut edges = self.hidden.clone();
        edges.extend(set.iter().filter_map(|i| self.sales.get(*i)).flatten());
        self.judge.holdings.hide(edges)
    }

    /// Why the party is affected after some sales, the smallest reason; `None` when it is free.
    fn why(&mut self, set: &[usize]) -> Result<Option<Support>> {
        self.hide(set)?;
        self.tried += 1;
        let scope = Scope::above(&mut self.judge.holdings, self.node)?;
        let mut best: Option<Support> = None;
        for start in &self.starts {
            let Some(seeds) = &start.possible else { continue };
            self.work += scope.nodes.len() + 1;
            let Judge { holdings, runs: [_, run], .. } = &mut *self.judge;
            run.go(holdings, &self.measure, Mode::Possible, seeds, Some(&scope), &self.open)?;
            let Some(s) = support(holdings, run, &self.measure, &self.sellers, self.node)? else { continue };
            if best.as_ref().is_none_or(|b| s.sales.len() < b.sales.len()) {
                best = Some(s);
            }
        }
        Ok(best)
    }

    fn find_sellers(&mut self, scope: &Scope) -> Result<()> {
        for start in &self.starts {
            let Some(seeds) = &start.possible else { continue };
            let Judge { holdings, runs: [_, run], .. } = &mut *self.judge;
            run.go(holdings, &self.measure, Mode::Possible, seeds, Some(scope), &self.open)?;
            self.sellers.extend(run.states().iter().filter(|s| s.turn != 0).map(|s| s.node));
        }
        Ok(())
    }

    fn spent(&self) -> bool {
        self.work > WORK || self.tried > TRIED
    }

    fn number(&mut self, sale: &Sale) -> usize {
        if let Some(n) = self.numbers.get(sale) {
            return *n;
        }
        self.sales.push(sale.clone());
        self.numbers.insert(sale.clone(), self.sales.len() - 1);
        self.sales.len() - 1
    }

    /// In place of a stake of a party that is affected from the start, the largest such stake
    /// in the same party: selling that one does at least as much.
    fn larger(&mut self, sale_: &Sale, at: &Lane) -> Result<Sale> {
        let one_run = self.starts.iter().filter(|s| s.possible.is_some()).count() == 1;
        if self.judge.holdings.any_summaries() {
            return Ok(sale_.clone());
        }
        let seeds: Vec<&Vec<Node>> = self.starts.iter().filter_map(|s| s.possible.as_ref()).collect();
        let owned = self.judge.holdings.of(at.target)?;
        let Some(side) = owned.side(at.basis) else { return Ok(sale_.clone()) };
        let Some(mine) = side.stakes.iter().find(|s| sale(s) == *sale_) else { return Ok(sale_.clone()) };
        let peers = side.stakes.iter().filter(|s| {
            lane(owned, at.target, at.basis, s).is_some_and(|l| {
                let seed = seeds.iter().any(|list| list.contains(&l.holder));
                if one_run { seed } else { l.holder == at.holder }
            })
        });
        let end = |value: &Exact, open: bool, upper: bool| (value.clone(), open != upper);
        let key = |s: &super::stake::Stake| {
            let b = &s.bounds;
            (end(&b.high, b.high_open, true), end(&b.low, b.low_open, false))
        };
        let (my_high, my_low) = key(mine);
        let covers = |s: &&super::stake::Stake| {
            let (high, low) = key(s);
            high >= my_high && low >= my_low
        };
        let best = peers.filter(covers).max_by(|a, b| key(a).cmp(&key(b)).then_with(|| sale(b).cmp(&sale(a))));
        Ok(best.map_or_else(|| sale_.clone(), sale))
    }

    /// Sets of fewest sales, by size; `short` looks only at the larger of stakes that serve alike.
    fn by_size(&mut self, most: usize, short: bool) -> Result<Found> {
        let mut level: Vec<Set> = vec![Vec::new()];
        let mut seen: HashSet<Set> = HashSet::new();
        for size in 0..=most {
            let mut found: Vec<Set> = Vec::new();
            let mut next: Vec<Set> = Vec::new();
            for set in &level {
                if self.spent() {
                    return Ok(if found.is_empty() { Found::AtLeast(size) } else { Found::Sets(found, true) });
                }
                let Some(reason) = self.why(set)? else {
                    found.push(set.clone());
                    if found.len() > NAMED {
                        return Ok(Found::Sets(found, true));
                    }
                    continue;
                };
                if !found.is_empty() {
                    continue;
                }
                for (sale, lane) in &reason.sales {
                    let sale = match lane {
                        Some(at) if short => self.larger(sale, at)?,
                        _ => sale.clone(),
                    };
                    let n = self.number(&sale);
                    let mut longer = set.clone();
                    longer.push(n);
                    longer.sort_unstable();
                    longer.dedup();
                    if longer.len() > set.len() && seen.insert(longer.clone()) {
                        next.push(longer);
                    }
                }
            }
            if !found.is_empty() {
                return Ok(Found::Sets(found, false));
            }
            if next.is_empty() {
                return Ok(Found::Never);
            }
            level = next;
        }
        Ok(Found::AtLeast(most + 1))
    }

    /// A set from which nothing can be left out; `None` when this way leads to none.
    fn greedy(&mut self) -> Result<Option<Set>> {
        let mut set: Set = Vec::new();
        // With unknown remainders a sale may leave more open than it settles: such are taken back.
        let mut banned: HashSet<usize> = HashSet::new();
        while let Some(reason) = self.why(&set)? {
            if self.spent() {
                return Ok(None);
            }
            let mut best: Option<((bool, Option<Percent>), usize)> = None;
            for (sale, lane) in &reason.sales {
                let sale = match lane {
                    Some(at) => self.larger(sale, at)?,
                    None => sale.clone(),
                };
                let n = self.number(&sale);
                let holdings = &self.judge.holdings;
                let own = sale.first().is_some_and(|e| holdings.ends(*e).1 == self.node);
                let high = sale.iter().filter_map(|e| holdings.share(*e)).map(|x| x.max).max();
                let better = best.as_ref().is_none_or(|(b, _)| (own, high) > *b);
                if better && !banned.contains(&n) && !set.contains(&n) {
                    best = Some(((own, high), n));
                }
            }
            match (best, set.last().copied()) {
                (Some((_, n)), _) => set.push(n),
                (None, Some(last)) => {
                    banned.insert(last);
                    set.pop();
                }
                (None, None) => return Ok(None),
            }
        }
        // Later sales may have made earlier ones needless.
        for n in set.clone() {
            let without: Set = set.iter().copied().filter(|m| *m != n).collect();
            if self.why(&without)?.is_none() {
                set = without;
            }
        }
        set.sort_unstable();
        Ok(Some(set))
    }

    /// A set that nothing can be left out of, then fewer if there are, then others as few.
    fn search(&mut self, most: usize) -> Result<std::result::Result<Answer, Unfreeable>> {
        let upper = self.greedy()?;
        (self.work, self.tried) = (0, 0);
        let known = upper.as_ref().map(Vec::len);
        let limit = known.map_or(most, |n| most.min(n.saturating_sub(1)));
        let (mut sets, smallest) = match (self.by_size(limit, true)?, upper) {
            (Found::Sets(found, _), _) => (found, true),
            (Found::AtLeast(size), Some(set)) => {
                let smallest = size >= set.len();
                (vec![set], smallest)
            }
            (Found::AtLeast(_), None) => return Ok(Err(Unfreeable::NotFound)),
            // No way of fewer sales leads anywhere; the one that is known stays.
            (Found::Never, Some(set)) => (vec![set], true),
            (Found::Never, None) => return Ok(Err(Unfreeable::Remainder)),
        };
        let mut more = true;
        if smallest {
            (self.work, self.tried) = (0, 0);
            let size = sets.first().map_or(0, Vec::len);
            if let Found::Sets(all, cut) = self.by_size(size, false)? {
                for set in all {
                    if !sets.contains(&set) {
                        sets.push(set);
                    }
                }
                more = cut || sets.len() > NAMED;
            }
        }
        sets.truncate(NAMED);
        Ok(Ok(Answer { sets, smallest, more }))
    }

    fn sold(&self, set: &[usize]) -> Result<Vec<Vec<Sold>>> {
        let graph = self.judge.view.graph();
        let holdings = &self.judge.holdings;
        let mut out = Vec::new();
        for sale in set.iter().filter_map(|i| self.sales.get(*i)) {
            let mut edges = Vec::new();
            for e in sale {
                let (holder, target) = holdings.ends(*e);
                let kind = match holdings.changes().supposed(*e) {
                    Some(s) => s.basis.as_str().to_owned(),
                    None => graph.edge_type(*e).name.clone(),
                };
                edges.push(Sold {
                    id: holdings.edge_id(*e)?,
                    edge: *e,
                    holder,
                    target,
                    kind,
                    share: holdings.share(*e),
                });
            }
            out.push(edges);
        }
        out.sort_by(|a: &Vec<Sold>, b| a.first().map(|s| &s.id).cmp(&b.first().map(|s| &s.id)));
        Ok(out)
    }
}

impl<'r> Judge<'_, '_, 'r> {
    /// The fewest sales that free a party under one regime, on top of what is supposed already;
    /// the search is exact up to `most` sales and within a budget of work.
    pub fn free(&mut self, regime: &'r Regime, node: Node, most: usize) -> Result<Freed> {
        let hidden = self.holdings.changes().hidden.clone();
        let out = self.freed(regime, node, most, &hidden);
        self.holdings.hide(hidden)?;
        out
    }

    fn freed(&mut self, regime: &'r Regime, node: Node, most: usize, hidden: &HashSet<Edge>) -> Result<Freed> {
        let rule = self.rule(regime)?;
        let mut out = Freed {
            node,
            regime: regime.id.clone(),
            rule: rule.id.clone(),
            before: Outcome::NotBlocked,
            share_before: Range::ZERO,
            share_after: Range::ZERO,
            sets: Vec::new(),
            smallest: true,
            more: false,
            cannot: None,
            warnings: self.all_warnings(node)?,
        };
        out.warnings.extend(self.coverage(regime).missing.iter().map(|l| format!("no_list:{l}")));
        let listed = self.listed(regime, node)?;
        let Some(test) = &rule.test else {
            out.before = self.listed_only(regime, node)?.outcome;
            out.cannot = Some(if listed == Force::Never { Unfreeable::FreeAlready } else { Unfreeable::Listed });
            return Ok(out);
        };
        (out.before, out.share_before) = judged(self, regime, test, node)?;
        out.share_after = out.share_before.clone();
        out.cannot = match (listed, out.before) {
            (Force::Never, Outcome::NotBlocked) => Some(Unfreeable::FreeAlready),
            (Force::Never, _) => None,
            _ => Some(Unfreeable::Listed),
        };
        if out.cannot.is_some() {
            return Ok(out);
        }
        let scope = Scope::above(&mut self.holdings, node)?;
        let mut search = Search {
            measure: Measure::new(test, self.view.graph()),
            starts: self.starts(regime, test, Some(&scope))?,
            open: self.open(Some(&scope))?,
            judge: self,
            node,
            sellers: HashSet::new(),
            hidden: hidden.clone(),
            sales: Vec::new(),
            numbers: HashMap::new(),
            work: 0,
            tried: 0,
        };
        search.find_sellers(&scope)?;
        let found = match search.search(most)? {
            Ok(found) => found,
            Err(why) => {
                out.cannot = Some(why);
                return Ok(out);
            }
        };
        (out.smallest, out.more) = (found.smallest, found.more);
        for set in &found.sets {
            out.sets.push(search.sold(set)?);
        }
        search.hide(found.sets.first().map_or(&[][..], Vec::as_slice))?;
        out.share_after = judged(self, regime, test, node)?.1;
        Ok(out)
    }
}

fn judged<'r>(judge: &mut Judge<'_, '_, 'r>, regime: &'r Regime, test: &Test, n: Node) -> Result<(Outcome, Range)> {
    let scope = Scope::above(&mut judge.holdings, n)?;
    let found = judge.judge(regime, test, Some(&scope))?.found.remove(&n).unwrap_or_default();
    Ok((found.outcome, found.share))
}
