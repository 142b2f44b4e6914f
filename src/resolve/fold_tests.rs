//! The fold against one that begins anew at every step, and what it promises.

use super::Fold;
use crate::graph::DecidedAt;
use crate::store::{Commit, Decided, Decider, Decree, Memory, Snapshot, Storage};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

type Step = (Decree, usize, usize);

fn id(n: usize) -> String {
    format!("p:{n:03}")
}

/// The same by the words of the module: partition from all standing decisions, at every step.
#[derive(Default)]
struct Slow {
    log: Vec<Step>,
    chosen: BTreeMap<usize, usize>,
    suspended: Vec<u32>,
    names: BTreeMap<usize, usize>,
}

impl Slow {
    fn standing(&self) -> Vec<bool> {
        let mut stands = vec![true; self.log.len()];
        for i in (0..self.log.len()).rev() {
            if let Decree::Retract(n) = self.log[i].0
                && stands[i]
            {
                stands[n as usize - 1] = false;
            }
        }
        stands
    }

    fn push(&mut self, step: Step) {
        self.log.push(step);
        let stands = self.standing();
        let all = || self.log.iter().enumerate().filter(|(i, _)| stands[*i]);
        let differ: Vec<(usize, usize)> =
            all().filter(|(_, s)| s.0 == Decree::Different).map(|(_, s)| (s.1, s.2)).collect();
        let most = self.log.iter().map(|s| s.1.max(s.2)).max().unwrap_or(0);
        let mut root: Vec<usize> = (0..=most).collect();
        let mut suspended = Vec::new();
        for (i, (_, a, b)) in all().filter(|(_, s)| s.0 == Decree::Same) {
            let (x, y) = (root[*a], root[*b]);
            let crosses = || differ.iter().map(|(p, q)| (root[*p], root[*q])).any(|d| d == (x, y) || d == (y, x));
            if x == y {
                continue;
            }
            if crosses() {
                suspended.push(i as u32 + 1);
            } else {
                root.iter_mut().filter(|r| **r == y).for_each(|r| *r = x);
            }
        }
        let mut groups: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (p, root) in root.iter().enumerate() {
            groups.entry(*root).or_default().insert(p);
        }
        groups.retain(|_, members| members.len() > 1);
        self.names.clear();
        for members in groups.values() {
            let best = members.iter().min_by_key(|m| (self.chosen.get(m).copied().unwrap_or(usize::MAX), **m)).unwrap();
            self.chosen.entry(*best).or_insert(self.log.len());
            members.iter().for_each(|m| {
                self.names.insert(*m, *best);
            });
        }
        self.suspended = suspended;
    }

    /// Each party with the id that its entity goes by, parties alone left out.
    fn state(&self) -> (BTreeMap<String, String>, Vec<u32>) {
        (self.names.iter().map(|(p, n)| (id(*p), id(*n))).collect(), self.suspended.clone())
    }
}

fn state(fold: &Fold) -> (BTreeMap<String, String>, Vec<u32>) {
    let mut all = BTreeMap::new();
    for e in fold.entities() {
        for p in &e.parties {
            assert_eq!(fold.canonical(p), e.parties[0]);
            assert_eq!(fold.members(p), e.parties);
            all.insert((*p).to_owned(), e.parties[0].to_owned());
        }
        // The decisions named hold it together.
        let mut seen = BTreeSet::from([e.parties[0]]);
        let bonds: Vec<(u32, &str, &str)> =
            fold.pairs(Decree::Same).filter(|(n, ..)| e.decisions.contains(n)).collect();
        for _ in &e.parties {
            for (_, a, b) in &bonds {
                if seen.contains(a) || seen.contains(b) {
                    seen.extend([*a, *b]);
                }
            }
        }
        assert_eq!(seen, e.parties.iter().copied().collect());
    }
    (all, fold.suspended())
}

fn push(fold: &mut Fold, step: Step) {
    fold.push(fold.len() as u32 + 1, step.0, &id(step.1), &id(step.2)).unwrap();
}

fn folded(steps: &[Step]) -> Fold {
    let mut fold = Fold::default();
    steps.iter().for_each(|s| push(&mut fold, *s));
    fold
}

/// Raw steps; what a retraction takes back is a number modulo those before it.
fn steps(parties: usize, most: usize, differ: u32) -> impl Strategy<Value = Vec<Step>> {
    let decree = prop_oneof![6 => Just(0u32), differ => Just(1), 1 => Just(2), 4 => Just(3)];
    prop::collection::vec((decree, 0..parties, 1..parties, any::<u32>()), 1..most).prop_map(move |raw| {
        raw.into_iter()
            .enumerate()
            .map(|(i, (decree, a, step, n))| {
                let b = (a + step) % parties;
                match decree {
                    0 => (Decree::Same, a, b),
                    1 => (Decree::Different, a, b),
                    2 => (Decree::Unsure, a, b),
                    _ if i == 0 => (Decree::Unsure, a, b),
                    _ => (Decree::Retract(n % i as u32 + 1), 0, 0),
                }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_step_equals_a_fold_from_the_beginning(steps in steps(9, 60, 2)) {
        let (mut fold, mut slow) = (Fold::default(), Slow::default());
        for s in &steps {
            push(&mut fold, *s);
            slow.push(*s);
            prop_assert_eq!(state(&fold), slow.state());
        }
    }

    #[test]
    fn what_is_undone_leaves_all_as_it_was(steps in steps(9, 40, 1), a in 0usize..9, step in 1usize..9, differ in any::<bool>()) {
        let mut fold = folded(&steps);
        let before = state(&fold);
        let decree = if differ { Decree::Different } else { Decree::Same };
        push(&mut fold, (decree, a, (a + step) % 9));
        let last = fold.len() as u32;
        push(&mut fold, (Decree::Retract(last), 0, 0));
        prop_assert_eq!(state(&fold), before);
    }

    /// Decisions that no constraint forbids make the same entities in every order.
    #[test]
    fn decisions_commute(mut pairs in prop::collection::vec((0usize..30, 1usize..30), 1..40), seed in any::<u64>()) {
        let groups = |pairs: &[(usize, usize)]| {
            let steps: Vec<Step> = pairs.iter().map(|(a, s)| (Decree::Same, *a, (a + s) % 30)).collect();
            let fold = folded(&steps);
            let sets: BTreeSet<BTreeSet<String>> =
                fold.entities().iter().map(|e| e.parties.iter().map(|p| (*p).to_owned()).collect()).collect();
            sets
        };
        let before = groups(&pairs);
        let n = pairs.len();
        let mut x = seed | 1;
        for i in 0..n {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            pairs.swap(i, (x >> 33) as usize % n);
        }
        prop_assert_eq!(groups(&pairs), before);
    }
}

/// The entities without their names.
fn parts(names: &BTreeMap<String, String>) -> BTreeSet<BTreeSet<&String>> {
    let mut by: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
    names.iter().for_each(|(p, n)| {
        by.entry(n).or_default().insert(p);
    });
    by.into_values().collect()
}

/// Numbers without a source of chance.
fn chance(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

fn many(seed: u64, n: usize, parties: u64, differ: u64) -> Vec<Step> {
    let mut s = seed;
    (0..n)
        .map(|i| {
            let (a, b) = (chance(&mut s) % parties, chance(&mut s) % (parties - 1));
            let (a, b) = (a as usize, ((a + 1 + b) % parties) as usize);
            match chance(&mut s) % 100 {
                x if x < 30 && i > 0 => (Decree::Retract((chance(&mut s) % i as u64) as u32 + 1), 0, 0),
                x if x < 30 + differ => (Decree::Different, a, b),
                x if x < 35 + differ => (Decree::Unsure, a, b),
                _ => (Decree::Same, a, b),
            }
        })
        .collect()
}

#[test]
fn ten_thousand_random_decisions_and_retractions_equal_a_fold_from_the_beginning() {
    for (seed, count, parties, differ) in [(1, 2_000, 1_200, 4), (2, 10_000, 9_000, 1)] {
        let steps = many(seed, count, parties, differ);
        let (mut fold, mut slow) = (Fold::default(), Slow::default());
        for (i, s) in steps.iter().enumerate() {
            push(&mut fold, *s);
            slow.log.push(*s);
            // The slow one is asked now and then; which ids were chosen depends on every step, so it
            // is the partition and what is suspended that are compared here.
            if i % 2_500 == 2_499 || i + 1 == steps.len() {
                let mut fresh = Slow { log: slow.log[..i].to_vec(), ..Slow::default() };
                fresh.push(*s);
                let ((a, x), (b, y)) = (state(&fold), fresh.state());
                assert_eq!((parts(&a), x), (parts(&b), y), "seed {seed}, step {i}");
            }
        }
        let (entities, suspended) = (fold.entities().len(), fold.suspended().len());
        println!("{parties} parties: {entities} entities, {suspended} suspended");
        assert!(entities > 50 && suspended > 2, "{entities} {suspended}");
        // Step by step or at once from a store: the same.
        let storage: Arc<dyn Storage> = Arc::new(Memory::new());
        let mut commit = Commit::begin(Arc::clone(&storage)).unwrap();
        commit.decide(&steps.iter().map(|s| decided(*s)).collect::<Vec<_>>()).unwrap();
        commit.finish().unwrap();
        let snapshot = Snapshot::open(storage).unwrap();
        let again = Fold::of(snapshot.decisions(), DecidedAt::Now).unwrap();
        assert_eq!(state(&again), state(&fold));
    }
}

fn decided((decree, a, b): Step) -> Decided {
    Decided {
        time: "2024-05-01T00:00:00Z".into(),
        by: Decider::Human,
        actor: "me".into(),
        a: id(a),
        b: id(b),
        decree,
        note: String::new(),
        source: String::new(),
        evidence: String::new(),
    }
}

fn names(fold: &Fold, of: &[usize]) -> Vec<String> {
    of.iter().map(|p| fold.canonical(&id(*p)).to_owned()).collect()
}

#[test]
fn ids_stay() {
    use Decree::{Retract, Same};
    // 1: {4,5} goes by 4. 2: {1,2} goes by 1. 3 joins them: the older name stays.
    let mut fold = folded(&[(Same, 4, 5), (Same, 1, 2), (Same, 2, 5)]);
    assert_eq!(names(&fold, &[1, 2, 4, 5]), [id(4), id(4), id(4), id(4)]);
    // A smaller party that comes later changes nothing.
    push(&mut fold, (Same, 0, 1));
    assert_eq!(names(&fold, &[0]), [id(4)]);
    // Apart again: each side has the name that it had.
    push(&mut fold, (Retract(3), 0, 0));
    assert_eq!(names(&fold, &[0, 1, 2, 4, 5]), [id(1), id(1), id(1), id(4), id(4)]);
    // The party that gave its name leaves with it; the others go by another.
    push(&mut fold, (Retract(2), 0, 0));
    assert_eq!(names(&fold, &[0, 1, 2]), [id(1), id(1), id(2)]);
    let renamed: Vec<(u32, String, String, bool)> =
        fold.renamed().map(|r| (r.decision, r.old, r.new, r.merged)).collect();
    assert_eq!(
        renamed,
        [
            (1, id(5), id(4), true),
            (2, id(2), id(1), true),
            (3, id(1), id(4), true),
            (4, id(0), id(4), true),
            (5, id(4), id(1), false),
            (6, id(1), id(2), false)
        ]
    );
    // Taking back the retractions puts it together again, by the old name.
    push(&mut fold, (Retract(5), 0, 0));
    assert_eq!(names(&fold, &[0, 1, 2, 5]), [id(1), id(1), id(4), id(4)]);
    push(&mut fold, (Retract(6), 0, 0));
    assert_eq!(names(&fold, &[0, 1, 2, 5]), [id(4), id(4), id(4), id(4)]);
    let path = fold.path(&id(0), &id(4)).unwrap();
    let words: Vec<String> = path.iter().map(|b| format!("{} {}={}", b.decision, b.from, b.to)).collect();
    assert_eq!(words, ["4 p:000=p:001", "2 p:001=p:002", "3 p:002=p:005", "1 p:005=p:004"]);
}

#[test]
fn different_stands_in_the_way_and_shows_the_way() {
    use Decree::{Different, Same, Unsure};
    let mut fold = folded(&[(Same, 1, 2), (Same, 2, 3), (Different, 1, 4), (Same, 4, 5), (Unsure, 3, 6)]);
    let b = fold.barrier(&id(3), &id(5), false).unwrap();
    assert_eq!((b.decision, b.different, b.a.as_str(), b.b.as_str()), (3, true, "p:001", "p:004"));
    let chain = |bonds: &[super::Bond]| bonds.iter().map(|b| (b.decision, b.to.clone())).collect::<Vec<_>>();
    assert_eq!(chain(&b.left), [(2, id(2)), (1, id(1))]);
    assert_eq!(chain(&b.right), [(4, id(4))]);
    assert!(fold.barrier(&id(1), &id(6), false).is_none());
    assert!(!fold.barrier(&id(1), &id(6), true).unwrap().different);
    // Written all the same, it counts for nothing as long as the other stands.
    push(&mut fold, (Same, 3, 5));
    assert_eq!((fold.suspended(), fold.same(&id(3), &id(5))), (vec![6], false));
    push(&mut fold, (Decree::Retract(3), 0, 0));
    assert_eq!((fold.suspended(), fold.same(&id(3), &id(5))), (vec![], true));
}

#[test]
fn a_chain_comes_apart_link_by_link() {
    // Each retraction splits off one end: a search from one side alone would go over all of it.
    let n = 20_000;
    let mut fold = Fold::default();
    for i in 0..n {
        fold.push(i + 1, Decree::Same, &format!("c:{i:06}"), &format!("c:{:06}", i + 1)).unwrap();
    }
    for i in 0..n {
        fold.push(n + i + 1, Decree::Retract(n - i), "", "").unwrap();
    }
    assert!(fold.entities().is_empty());
}

#[test]
fn what_takes_back_itself_or_what_comes_later_says_nothing() {
    use Decree::{Retract, Same};
    // The second takes back itself, the third the fifth, which takes back the third.
    let log = [(Same, 1, 2), (Retract(2), 0, 0), (Retract(5), 0, 0), (Same, 2, 3), (Retract(3), 0, 0)];
    let mut fold = folded(&log);
    let all = [id(1), id(1), id(1)];
    assert_eq!(names(&fold, &[1, 2, 3]), all);
    for n in [2, 6, 3, 5, 8, 9, 7] {
        push(&mut fold, (Retract(n), 0, 0));
        assert_eq!(names(&fold, &[1, 2, 3]), all);
    }
    push(&mut fold, (Retract(4), 0, 0));
    assert_eq!(names(&fold, &[1, 2, 3]), [id(1), id(1), id(3)]);
}
