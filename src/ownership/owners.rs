//! Beneficial owners: the natural persons behind a party, by several rules that disagree.

use super::control_sets::{Ties, fixed_point};
use super::integrated::{Budget, Method, Options, integrated, integrated_into};
use super::paths::widest;
use super::weights::{Bound, Weights};
use super::{Amount, Exact};
use rustc_hash::FxHashSet;
use std::collections::BTreeMap;

/// How beneficial owners are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnerRule {
    /// Integrated ownership: multiply along each chain, add the chains.
    Multiply,
    /// Own stake and the undiluted stakes of everything the person controls.
    Control,
    /// The smallest stake on the best chain: vendor practice, not law.
    WeakestLink,
    /// Regulation (EU) 2024/1624, Articles 52 to 54.
    Amlr,
}

/// Why somebody is an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The share by the rule asked for passes the threshold.
    Share,
    /// Article 52: integrated ownership passes the threshold.
    Article52,
    /// Article 53: controls the target.
    Article53,
    /// Article 54 (a): controls entities whose direct stakes together pass the threshold.
    Article54a,
    /// Article 54 (b): integrated ownership in an entity that controls the target passes it.
    Article54b,
}

impl Reason {
    /// As it is written: `52`, `54a`; `share` for the other rules.
    pub fn code(self) -> &'static str {
        match self {
            Reason::Share => "share",
            Reason::Article52 => "52",
            Reason::Article53 => "53",
            Reason::Article54a => "54a",
            Reason::Article54b => "54b",
        }
    }
}

/// Who holds and controls what.
#[derive(Debug, Clone, Copy)]
pub struct Holdings<'a> {
    /// Stakes as ownership counts them.
    pub shares: &'a Weights,
    /// Stakes in the target as they count undiluted, for whoever holds or controls them.
    pub undiluted: &'a Weights,
    /// Stakes as control counts them: of each target the votes where any are recorded, else the
    /// shares.
    pub control: &'a Weights,
    /// Control without a majority.
    pub ties: &'a Ties,
    /// Which parties are natural persons.
    pub persons: &'a [u32],
}

/// The question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnerQuery {
    /// Whose owners.
    pub target: u32,
    /// By which rule.
    pub rule: OwnerRule,
    /// Threshold as a part of the whole.
    pub threshold: Exact,
    /// At least the threshold; otherwise more than it.
    pub inclusive: bool,
    /// For exact values.
    pub budget: Budget,
}

/// A beneficial owner.
#[derive(Debug, Clone, PartialEq)]
pub struct Owner {
    /// The person.
    pub person: u32,
    /// What it holds by the rule (integrated ownership under [`OwnerRule::Amlr`]): the low of a
    /// certain owner, the high of a possible one.
    pub share: Amount,
    /// Why, in order.
    pub reasons: Vec<Reason>,
}

/// Beneficial owners by how sure they are, each by person.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Owners {
    /// Owners whatever the ranges turn out to be.
    pub certain: Vec<Owner>,
    /// Owners only if ranges turn out high, or whose share could not be told.
    pub possible: Vec<Owner>,
}

/// The beneficial owners of a party.
pub fn owners(h: Holdings<'_>, q: &OwnerQuery) -> Owners {
    let certain = Run::new(h, q, Bound::Low).owners();
    let known: FxHashSet<u32> = certain.iter().map(|o| o.person).collect();
    let mut possible = Run::new(h, q, Bound::High).owners();
    possible.retain(|o| !known.contains(&o.person));
    Owners { certain, possible }
}

struct Run<'a> {
    h: Holdings<'a>,
    q: &'a OwnerQuery,
    bound: Bound,
    /// All that have a chain of stakes or ties to the target, and the target.
    upstream: FxHashSet<u32>,
    /// The persons among them, in order.
    persons: Vec<u32>,
    /// The others, in order.
    entities: Vec<u32>,
}

impl<'a> Run<'a> {
    fn new(h: Holdings<'a>, q: &'a OwnerQuery, bound: Bound) -> Run<'a> {
        let mut upstream = FxHashSet::from_iter([q.target]);
        let mut stack = vec![q.target];
        while let Some(v) = stack.pop() {
            let counts = |s: &&super::weights::Stake| s.at(bound).is_positive() || s.low_open;
            let held = h
                .shares
                .holders(v)
                .chain(h.control.holders(v))
                .chain(h.undiluted.holders(v))
                .filter(counts)
                .map(|s| s.holder);
            for u in held.chain(h.ties.onto(v, bound)) {
                if upstream.insert(u) {
                    stack.push(u);
                }
            }
        }
        let is_person: FxHashSet<u32> = h.persons.iter().copied().collect();
        let mut all: Vec<u32> = upstream.iter().copied().filter(|v| *v != q.target).collect();
        all.sort_unstable();
        let (persons, entities) = all.into_iter().partition(|v| is_person.contains(v));
        Run { h, q, bound, upstream, persons, entities }
    }

    fn passes(&self, share: &Amount) -> bool {
        // What cannot be told is possible, not certain.
        share.passes(&self.q.threshold, self.q.inclusive).unwrap_or(self.bound == Bound::High)
    }

    fn owners(&self) -> Vec<Owner> {
        let shares = match self.q.rule {
            OwnerRule::Multiply => self.integrated(self.q.target),
            OwnerRule::WeakestLink => {
                widest(self.h.shares, self.q.target, self.bound).into_iter().map(|(p, x)| (p, Amount::of(x))).collect()
            }
            OwnerRule::Control => {
                let undiluted = |p: u32| Amount::of(&self.direct(|v| v == p) + &self.arms(p));
                self.persons.iter().map(|p| (*p, undiluted(*p))).collect()
            }
            OwnerRule::Amlr => return self.amlr(),
        };
        let owner = |person: u32| {
            let share = shares.get(&person).filter(|s| self.passes(s))?.clone();
            Some(Owner { person, share, reasons: vec![Reason::Share] })
        };
        self.persons.iter().filter_map(|p| owner(*p)).collect()
    }

    /// What each person upstream holds of a party, along all chains.
    fn integrated(&self, of: u32) -> BTreeMap<u32, Amount> {
        let all = integrated_into(self.h.shares, of, self.bound, self.q.budget);
        let one = |p: u32| {
            if self.h.shares.holders(p).all(|s| !s.at(self.bound).is_positive()) {
                return all.of(p).clone();
            }
            // Somebody who is held in turn, against nature: only then do the methods differ.
            let options =
                Options { method: Method::Baldone, bound: self.bound, target: Some(of), budget: self.q.budget };
            integrated(self.h.shares, &[(p, Exact::ONE)], &options).of(of).clone()
        };
        self.persons.iter().map(|p| (*p, one(*p))).collect()
    }

    /// The sum of the direct stakes in the target of those for whom `counts` holds.
    fn direct(&self, counts: impl Fn(u32) -> bool) -> Exact {
        let stakes = self.h.undiluted.holders(self.q.target).filter(|s| s.holder != self.q.target && counts(s.holder));
        stakes.fold(Exact::ZERO, |sum, s| &sum + s.at(self.bound))
    }

    /// The sum of the direct stakes in the target of those a person controls.
    fn arms(&self, person: u32) -> Exact {
        let set = self.controlled(person, None);
        self.direct(|v| v != person && set.contains(&v))
    }

    fn controlled(&self, party: u32, until: Option<u32>) -> FxHashSet<u32> {
        fixed_point(self.h.control, self.h.ties, party, self.bound, |v| self.upstream.contains(&v), until)
    }

    fn controls_target(&self, party: u32) -> bool {
        self.controlled(party, Some(self.q.target)).contains(&self.q.target)
    }

    fn amlr(&self) -> Vec<Owner> {
        let shares = self.integrated(self.q.target);
        let mut found: BTreeMap<u32, Vec<Reason>> = BTreeMap::new();
        for &p in &self.persons {
            let reasons = found.entry(p).or_default();
            if shares.get(&p).is_some_and(|s| self.passes(s)) {
                reasons.push(Reason::Article52);
            }
            if self.controls_target(p) {
                reasons.push(Reason::Article53);
            }
            if reasons.is_empty() && self.passes(&Amount::of(self.arms(p))) {
                reasons.push(Reason::Article54a);
            }
        }
        // Both points of Article 54 are for those whom neither 52 nor 53 finds.
        let open = |r: &Vec<Reason>| r.is_empty() || *r == [Reason::Article54a];
        if found.values().any(open) {
            for &e in self.entities.iter().filter(|e| self.controls_target(**e)) {
                for (p, share) in self.integrated(e) {
                    if let Some(reasons) = found.get_mut(&p).filter(|r| open(r))
                        && self.passes(&share)
                    {
                        reasons.push(Reason::Article54b);
                    }
                }
            }
        }
        let owner = |(person, reasons): (u32, Vec<Reason>)| {
            let share = shares.get(&person).cloned().unwrap_or(Amount::ZERO);
            (!reasons.is_empty()).then_some(Owner { person, share, reasons })
        };
        found.into_iter().filter_map(owner).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ownership::control_sets::Tie;
    use crate::ownership::weights::Stake;

    fn x(t: &str) -> Exact {
        Exact::parse(t).unwrap()
    }

    fn ask(stakes: &[(u32, u32, &str)], ties: &[Tie], persons: &[u32], rule: OwnerRule, inclusive: bool) -> Owners {
        let w = Weights::new(8, stakes.iter().map(|(h, t, s)| Stake::exact(*h, *t, x(s)))).unwrap();
        let ties = Ties::new(ties.iter().copied());
        let q = OwnerQuery { target: 7, rule, threshold: x("1/4"), inclusive, budget: Budget::default() };
        owners(Holdings { shares: &w, undiluted: &w, control: &w, ties: &ties, persons }, &q)
    }

    fn reasons(o: &[Owner]) -> Vec<(u32, Vec<&str>)> {
        o.iter().map(|o| (o.person, o.reasons.iter().map(|r| r.code()).collect())).collect()
    }

    #[test]
    fn an_interest_in_the_controller_counts_only_where_nothing_else_does() {
        // 0 holds 30 % of 2, which holds 60 % of 7: 18 %, no control, but 54 (b). 1 controls 2.
        let stakes = [(0, 2, "0.3"), (1, 2, "0.7"), (2, 7, "0.6")];
        let found = ask(&stakes, &[], &[0, 1], OwnerRule::Amlr, true);
        assert_eq!(reasons(&found.certain), [(0, vec!["54b"]), (1, vec!["52", "53"])]);
        assert_eq!(found.certain[0].share, Amount::of(x("0.18")));
        assert!(found.possible.is_empty());
    }

    #[test]
    fn ties_make_controllers_and_doubtful_ties_possible_ones() {
        let stakes = [(2, 7, "0.3"), (3, 7, "0.2")];
        let tie = |controller, controlled, certain| Tie { controller, controlled, certain };
        let ties = [tie(0, 2, true), tie(1, 3, false), tie(4, 7, false)];
        let found = ask(&stakes, &ties, &[0, 1, 4], OwnerRule::Amlr, true);
        assert_eq!(reasons(&found.certain), [(0, vec!["54a"])]);
        assert_eq!(reasons(&found.possible), [(4, vec!["53"])]);
    }

    #[test]
    fn a_ring_in_the_possible_range_makes_a_possible_owner() {
        let unknown = |h, t| Stake { low: Exact::ZERO, low_open: true, ..Stake::exact(h, t, Exact::ONE) };
        let w = Weights::new(8, [Stake::exact(0, 1, x("0.1")), unknown(1, 7), unknown(7, 1)]).unwrap();
        let none = Ties::default();
        let q = OwnerQuery {
            target: 7,
            rule: OwnerRule::Multiply,
            threshold: x("1/4"),
            inclusive: true,
            budget: Budget::default(),
        };
        let found = owners(Holdings { shares: &w, undiluted: &w, control: &w, ties: &none, persons: &[0] }, &q);
        assert_eq!(found.certain, []);
        assert_eq!((found.possible[0].person, &found.possible[0].share), (0, &Amount::NoFinite));
    }
}
