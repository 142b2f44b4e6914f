//! One run of the cascade: the least fixed point of "held to the threshold by those affected".
//!
//! Each party enters once and hands on what it holds once, so a run is linear in the edges it
//! touches, and its outcome does not depend on their order. A ring never supports itself,
//! because a party counts only after it has been affected by others.

use super::dates::Force;
use super::exact::Exact;
use super::holdings::{Holdings, Owned, Side, Sum};
use super::regime::{Basis, Joint, Test};
use super::stake::Stake;
use crate::error::Result;
use crate::graph::{Graph, Node};
use std::collections::{HashMap, VecDeque};

/// Which bounds count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// What is certain: lower ends, certain ties.
    Certain,
    /// What may be: upper ends, all ties.
    Possible,
}

/// A bound of what a set of holders has; `open` excludes the number itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bound {
    pub(super) value: Exact,
    pub(super) open: bool,
}

/// A test with its edge types looked up.
pub(super) struct Measure<'r> {
    pub(super) test: &'r Test,
    threshold: Exact,
    ties: Vec<Force>,
    ambiguous: bool,
}

impl<'r> Measure<'r> {
    pub(super) fn new(test: &'r Test, graph: &Graph) -> Measure<'r> {
        let has = |list: &[String], name: &String| list.contains(name);
        let force = |name: &String| match () {
            () if has(&test.control, name) => Force::Certain,
            () if has(&test.may_control, name) => Force::Possible,
            () => Force::Never,
        };
        Measure {
            test,
            threshold: test.threshold.into(),
            ties: graph.catalogue().edge_types().iter().map(|t| force(&t.name)).collect(),
            ambiguous: !test.control.is_empty(),
        }
    }

    /// Threshold in percent.
    pub(super) fn threshold(&self) -> &Exact {
        &self.threshold
    }

    /// Whether a tie counts in a mode.
    pub(super) fn tie(&self, tie: &super::holdings::Tie, mode: Mode) -> bool {
        let force = if tie.ambiguous {
            if self.ambiguous { Force::Possible } else { Force::Never }
        } else {
            self.ties.get(usize::from(tie.kind)).copied().unwrap_or(Force::Never)
        };
        let force = if tie.certain { force } else { force.min(Force::Possible) };
        force == Force::Certain || (mode == Mode::Possible && force == Force::Possible)
    }

    /// The bases to test in a mode: threshold, and whether it is enough to reach it.
    pub(super) fn bases(&self, mode: Mode) -> impl Iterator<Item = (Basis, Exact, bool)> + '_ {
        let own = self.test.basis.iter().map(|b| (*b, self.threshold.clone(), self.test.inclusive));
        let votes = self.test.votes_may_control && mode == Mode::Possible && !self.test.basis.contains(&Basis::Votes);
        own.chain(votes.then(|| (Basis::Votes, Exact::from(50), false)))
    }

    /// Whether a bound passes.
    pub(super) fn passes(bound: &Bound, mode: Mode, threshold: &Exact, inclusive: bool) -> bool {
        match bound.value.cmp(threshold) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Less => false,
            // An open lower bound is exceeded, an open upper one is not reached.
            std::cmp::Ordering::Equal if mode == Mode::Certain => inclusive || bound.open,
            std::cmp::Ordering::Equal => inclusive && !bound.open,
        }
    }
}

/// What those who count hold, of all that is held on one basis.
pub(super) fn bound(owned: &Owned, side: &Side, sum: &Sum, mode: Mode) -> Bound {
    let whole = &Exact::HUNDRED;
    match mode {
        Mode::Certain => {
            let mut b = Bound { value: sum.low.clone(), open: sum.low_open > 0 };
            if owned.complete && !side.over && side.total.high >= *whole {
                let rest = whole - &(&side.total.high - &sum.high);
                let open = side.total.high_open > sum.high_open;
                match rest.cmp(&b.value) {
                    std::cmp::Ordering::Greater => b = Bound { value: rest, open },
                    std::cmp::Ordering::Equal => b.open |= open,
                    std::cmp::Ordering::Less => {}
                }
            }
            b
        }
        Mode::Possible => {
            let mut b = Bound { value: sum.high.clone(), open: sum.high_open > 0 };
            if !side.over {
                let room = whole - &(&side.total.low - &sum.low);
                let open = side.total.low_open > sum.low_open;
                match room.cmp(&b.value) {
                    _ if owned.remainder => b = Bound { value: room, open },
                    std::cmp::Ordering::Less => b = Bound { value: room, open },
                    std::cmp::Ordering::Equal => b.open |= open,
                    std::cmp::Ordering::Greater => {}
                }
            }
            b
        }
    }
}

/// The parties to which a run is confined, and who holds what among them.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) nodes: Vec<Node>,
    down: HashMap<Node, Vec<Node>, rustc_hash::FxBuildHasher>,
}

impl Scope {
    /// Everything upstream of a party.
    pub(super) fn above(holdings: &mut Holdings<'_, '_>, t: Node) -> Result<Scope> {
        Scope::above_all(holdings, &[t])
    }

    /// Everything upstream of some parties.
    pub(super) fn above_all(holdings: &mut Holdings<'_, '_>, parties: &[Node]) -> Result<Scope> {
        let mut scope = Scope::default();
        for t in parties {
            if scope.down.insert(*t, Vec::new()).is_none() {
                scope.nodes.push(*t);
            }
        }
        let mut at = 0;
        while let Some(x) = scope.nodes.get(at).copied() {
            at += 1;
            for h in holdings.of(x)?.holders() {
                let Scope { nodes, down } = &mut scope;
                down.entry(h)
                    .or_insert_with(|| {
                        nodes.push(h);
                        Vec::new()
                    })
                    .push(x);
            }
        }
        Ok(scope)
    }

    pub(super) fn contains(&self, n: Node) -> bool {
        self.down.contains_key(&n)
    }
}

/// What a run knows of a party.
#[derive(Debug)]
pub(super) struct State {
    pub(super) node: Node,
    /// Its turn among those affected, from 1; 0 is not affected.
    pub(super) turn: u32,
    /// Affected from the start.
    pub(super) seed: bool,
    pub(super) shares: Sum,
    pub(super) votes: Option<Box<Sum>>,
    /// The rule reaches it: it is not only affected because the run starts from it.
    pub(super) reached: bool,
    /// Joint stakes and how many of their holders are affected.
    joint: Vec<(Basis, u32, u32)>,
}

impl State {
    pub(super) fn sum(&self, basis: Basis) -> &Sum {
        const NONE: &Sum = &Sum::ZERO;
        match basis {
            Basis::Shares => &self.shares,
            Basis::Votes => self.votes.as_deref().unwrap_or(NONE),
        }
    }
}

/// From so many affected parties on their holdings are read in the order of the graph.
const MANY: usize = 256;

/// A finished run; it holds no more than it touched.
#[derive(Debug, Default)]
pub(super) struct Run {
    slot: HashMap<Node, u32, rustc_hash::FxBuildHasher>,
    states: Vec<State>,
    order: Vec<Node>,
}

impl Run {
    fn clear(&mut self) {
        // A table that was once large is slow to empty for every later small run.
        if self.states.len() > 1_000 {
            self.slot = HashMap::default();
        } else {
            self.slot.clear();
        }
        self.states.clear();
        self.order.clear();
    }

    /// All parties that the run looked at.
    pub(super) fn states(&self) -> &[State] {
        &self.states
    }

    pub(super) fn state(&self, n: Node) -> Option<&State> {
        self.states.get(*self.slot.get(&n)? as usize)
    }

    pub(super) fn is_affected(&self, n: Node) -> bool {
        self.state(n).is_some_and(|s| s.turn != 0)
    }

    fn state_mut(&mut self, n: Node) -> Option<&mut State> {
        let next = self.states.len() as u32;
        let at = *self.slot.entry(n).or_insert(next);
        if at == next {
            self.states.push(State {
                node: n,
                turn: 0,
                seed: false,
                shares: Sum::ZERO,
                votes: None,
                reached: false,
                joint: Vec::new(),
            });
        }
        self.states.get_mut(at as usize)
    }

    fn affect(&mut self, n: Node, seed: bool, queue: &mut VecDeque<Node>) {
        let turn = self.order.len() as u32 + 1;
        if let Some(s) = self.state_mut(n)
            && s.turn == 0
        {
            s.turn = turn;
            s.seed = seed;
            self.order.push(n);
            queue.push_back(n);
        }
    }

    /// Runs to the least fixed point. `open` are parties that may be affected with nobody
    /// holding them on the record (their remainder is unknown).
    pub(super) fn go(
        &mut self,
        holdings: &mut Holdings<'_, '_>,
        measure: &Measure<'_>,
        mode: Mode,
        seeds: &[Node],
        scope: Option<&Scope>,
        open: &[Node],
    ) -> Result<()> {
        self.clear();
        let mut queue = VecDeque::new();
        seeds.iter().for_each(|n| self.affect(*n, true, &mut queue));
        for n in open {
            if self.tested(holdings, measure, mode, *n)? {
                self.affect(*n, false, &mut queue);
            }
        }
        let mut targets: Vec<Node> = Vec::new();
        if let Some(scope) = scope {
            while let Some(h) = queue.pop_front() {
                for t in scope.down.get(&h).into_iter().flatten().filter(|t| **t != h) {
                    if self.count(holdings, measure, mode, h, *t)? {
                        self.affect(*t, false, &mut queue);
                    }
                }
            }
            return Ok(());
        }
        // Generation by generation, in the order of the queue: what a large one holds is read
        // in the order of the graph first, which is far easier on memory.
        let (mut wave, mut all, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        while !queue.is_empty() {
            wave.clear();
            wave.extend(queue.drain(..));
            all.clear();
            ends.clear();
            for h in &wave {
                holdings.held_by(*h, &mut targets);
                all.extend(targets.iter().filter(|t| *t != h));
                ends.push(all.len());
            }
            if wave.len() >= MANY {
                targets.clear();
                targets.extend_from_slice(&all);
                targets.sort_unstable();
                targets.dedup();
                for t in &targets {
                    holdings.of(*t)?;
                }
            }
            let mut from = 0;
            for (h, end) in wave.iter().zip(&ends) {
                for t in all.get(from..*end).unwrap_or_default() {
                    if self.count(holdings, measure, mode, *h, *t)? {
                        self.affect(*t, false, &mut queue);
                    }
                }
                from = *end;
            }
        }
        Ok(())
    }

    /// Counts what an affected holder has of a party; whether that makes the party affected.
    fn count(
        &mut self,
        holdings: &mut Holdings<'_, '_>,
        measure: &Measure<'_>,
        mode: Mode,
        h: Node,
        t: Node,
    ) -> Result<bool> {
        let owned = holdings.of(t)?;
        let Some(state) = self.state_mut(t) else { return Ok(false) };
        let mut grew = false;
        for basis in [Basis::Shares, Basis::Votes] {
            let Some(side) = owned.side(basis) else { continue };
            let (single, joint) = side.stakes.split_at(side.single.min(side.stakes.len()));
            let first = single.partition_point(|s| s.holders.as_slice() < std::slice::from_ref(&h));
            let own = single.get(first..).unwrap_or_default();
            for s in own.iter().take_while(|s| s.holders.as_slice() == [h]) {
                add(state, basis, s);
                grew = true;
            }
            for (i, s) in joint.iter().enumerate().filter(|(_, s)| s.admits(h, mode)) {
                let at = i as u32;
                let met = match state.joint.iter_mut().find(|(b, j, _)| (*b, *j) == (basis, at)) {
                    Some((_, _, n)) => {
                        *n += 1;
                        *n
                    }
                    None => {
                        state.joint.push((basis, at, 1));
                        1
                    }
                };
                let needed = match measure.test.joint {
                    Joint::AnyHolder => 1,
                    Joint::AllHolders => s.holders.as_slice().len() as u32,
                };
                if met == needed {
                    add(state, basis, s);
                    grew = true;
                }
            }
        }
        if !owned.ownable || (state.turn != 0 && (!state.seed || state.reached)) {
            return Ok(false);
        }
        let tie = owned.ties.iter().find(|x| x.holder == h && measure.tie(x, mode));
        let over = tie.is_some() || (grew && over_the_line(owned, state, measure, mode));
        state.reached = over;
        Ok(over)
    }

    /// Whether a party is over the line as things stand.
    fn tested(&mut self, holdings: &mut Holdings<'_, '_>, measure: &Measure<'_>, mode: Mode, t: Node) -> Result<bool> {
        let owned = holdings.of(t)?;
        let Some(state) = self.state_mut(t) else { return Ok(false) };
        state.reached = owned.ownable && over_the_line(owned, state, measure, mode);
        Ok(state.reached)
    }
}

fn add(state: &mut State, basis: Basis, stake: &Stake) {
    match basis {
        Basis::Shares => state.shares.add(&stake.bounds),
        Basis::Votes => state.votes.get_or_insert_with(|| Box::new(Sum::ZERO)).add(&stake.bounds),
    }
}

/// Whether those affected hold enough on any basis.
fn over_the_line(owned: &Owned, state: &State, measure: &Measure<'_>, mode: Mode) -> bool {
    measure.bases(mode).any(|(basis, threshold, inclusive)| match owned.side(basis) {
        Some(side) => Measure::passes(&bound(owned, side, state.sum(basis), mode), mode, &threshold, inclusive),
        None => false,
    })
}
