//! The mathematics against slow references written apart from it, and at sizes where a naive
//! way would not end.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// How many random cases: `PROPTEST_CASES`, or the usual number.
pub(super) fn cases(usual: u32) -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual)
}

fn x(t: &str) -> Exact {
    Exact::parse(t).unwrap()
}

fn weights(n: usize, stakes: &[(u32, u32, Exact)]) -> Weights {
    Weights::new(n, stakes.iter().map(|(h, t, s)| Stake::exact(*h, *t, s.clone()))).unwrap()
}

type Matrix = Vec<Vec<Exact>>;

fn matrix(n: usize, stakes: &[(u32, u32, Exact)]) -> Matrix {
    let mut a = vec![vec![Exact::ZERO; n]; n];
    for (h, t, s) in stakes {
        let cell = &mut a[*h as usize][*t as usize];
        *cell = &*cell + s;
    }
    a
}

/// `(I - A)^-1` by Gauss-Jordan with row exchanges; `None` when singular.
fn inverse(a: &Matrix) -> Option<Matrix> {
    let n = a.len();
    let one = |i: usize, j: usize| if i == j { Exact::ONE } else { Exact::ZERO };
    let mut m: Matrix =
        (0..n).map(|i| (0..n).map(|j| &one(i, j) - &a[i][j]).chain((0..n).map(|j| one(i, j))).collect()).collect();
    for c in 0..n {
        let r = (c..n).find(|r| !m[*r][c].is_zero())?;
        m.swap(c, r);
        let p = m[c][c].clone();
        for v in &mut m[c] {
            *v = &*v / &p;
        }
        let pivot_row = m[c].clone();
        for (r, row) in m.iter_mut().enumerate() {
            if r != c && !row[c].is_zero() {
                let f = row[c].clone();
                for (v, p) in row.iter_mut().zip(&pivot_row) {
                    *v = &*v - &(&f * p);
                }
            }
        }
    }
    Some(m.into_iter().map(|row| row[n..].to_vec()).collect())
}

/// Walks of one step or more from `i` to `j`: `None` when their sum is not finite.
fn walks(a: &Matrix, i: usize, j: usize) -> Option<Exact> {
    let n = a.len();
    let reach = |from: usize, edge: &dyn Fn(usize, usize) -> bool| {
        let mut seen = vec![false; n];
        let mut stack = vec![from];
        while let Some(v) = stack.pop() {
            for (u, seen) in seen.iter_mut().enumerate() {
                if edge(v, u) && !std::mem::replace(seen, true) {
                    stack.push(u);
                }
            }
        }
        seen
    };
    let down = reach(i, &|v, u| a[v][u].is_positive());
    let up = reach(j, &|v, u| a[u][v].is_positive());
    if !down[j] {
        return Some(Exact::ZERO);
    }
    // Only what lies between them matters, the ends included.
    let on: Vec<usize> = (0..n).filter(|v| (*v == i || down[*v]) && (*v == j || up[*v])).collect();
    let part: Matrix = on.iter().map(|v| on.iter().map(|u| a[*v][*u].clone()).collect()).collect();
    let all = inverse(&part)?;
    // A series of parts not below nought sums to the inverse exactly if that is not below nought.
    if all.iter().flatten().any(|v| *v < Exact::ZERO) {
        return None;
    }
    let at = |v: usize| on.iter().position(|o| *o == v).unwrap();
    let sum = &all[at(i)][at(j)];
    Some(if i == j { sum - &Exact::ONE } else { sum.clone() })
}

/// The definition of Baldone: walks that do not come back to `i`, of itself the first return.
fn baldone(a: &Matrix, i: usize, j: usize) -> Option<Exact> {
    let n = a.len();
    let mut cut = a.clone();
    for row in &mut cut {
        row[i] = Exact::ZERO;
    }
    if j != i {
        return walks(&cut, i, j);
    }
    // Going out and back: every party that holds `i` adds what `i` holds of it.
    (0..n).filter(|k| a[*k][i].is_positive()).try_fold(Exact::ZERO, |sum, k| {
        let to = if k == i { Exact::ONE } else { walks(&cut, i, k)? };
        Some(&sum + &(&to * &a[k][i]))
    })
}

/// Whom `i` controls: the meet of all sets that hold everything they control.
fn least_closed(a: &Matrix, tie: (usize, usize), i: usize) -> BTreeSet<usize> {
    let n = a.len();
    let mut least: Option<BTreeSet<usize>> = None;
    for bits in 0u32..1 << n {
        let inside = |v: usize| v == i || bits >> v & 1 == 1;
        let closed = (0..n).filter(|y| *y != i).all(|y| {
            let held = (0..n).filter(|k| inside(*k) && *k != y).fold(Exact::ZERO, |s, k| &s + &a[k][y]);
            inside(y) || !(held > x("1/2") || (tie.1 == y && inside(tie.0)))
        });
        if closed {
            let set: BTreeSet<usize> = (0..n).filter(|v| *v != i && inside(*v)).collect();
            least = Some(least.map_or(set.clone(), |l| &l & &set));
        }
    }
    least.unwrap()
}

/// Stakes among up to six parties; totals may be above, at, or below 1.
fn stakes() -> impl Strategy<Value = (usize, Vec<(u32, u32, Exact)>)> {
    let share = prop_oneof![
        8 => (1i64..60).prop_map(|n| Exact::ratio(n, 100).unwrap()),
        2 => (1i64..7, 2i64..7).prop_map(|(n, d)| Exact::ratio(n.min(d), d).unwrap()),
        1 => Just(Exact::ONE),
        1 => Just(Exact::ZERO),
    ];
    (2usize..7).prop_flat_map(move |n| {
        let end = 0u32..n as u32;
        prop::collection::vec((end.clone(), end, share.clone()), 1..14).prop_map(move |s| (n, s))
    })
}

fn same(got: &Amount, want: &Option<Exact>) -> bool {
    match want {
        Some(x) => got.exact() == Some(x),
        None => *got == Amount::NoFinite,
    }
}

/// A float result may be unknown, but where it says something it is right.
fn near(got: &Amount, want: &Option<Exact>) -> bool {
    match (got, want) {
        (Amount::Finite { value, exact: None }, Some(x)) => (value - x.to_f64()).abs() <= 1e-9 * x.to_f64().max(1.0),
        (Amount::Finite { value, exact: Some(_) }, Some(x)) => *value == 0.0 && x.is_zero(),
        (Amount::NoFinite, None) | (Amount::Unknown, _) => true,
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(300)))]

    #[test]
    fn integrated_ownership_is_that_of_the_inverse((n, list) in stakes(), pick in 0usize..6) {
        let (w, a, i) = (weights(n, &list), matrix(n, &list), pick % n);
        let seeds = [(i as u32, Exact::ONE)];
        for (method, reference) in [(Method::Baldone, baldone as fn(&Matrix, usize, usize) -> _), (Method::Walk, walks)] {
            let all = integrated(&w, &seeds, &Options { method, ..Options::new(Bound::Low) });
            for j in 0..n {
                let want = reference(&a, i, j);
                prop_assert!(same(all.of(j as u32), &want), "{method:?} {i} {j}: {:?}, not {want:?}", all.of(j as u32));
                let to = Options { method, target: Some(j as u32), ..Options::new(Bound::High) };
                let one = integrated(&w, &seeds, &to);
                prop_assert!(same(one.of(j as u32), &want), "{method:?} {i} {j} alone: {:?}", one.of(j as u32));
                let float = integrated(&w, &seeds, &Options { budget: Budget::FLOAT, ..to });
                prop_assert!(near(float.of(j as u32), &want), "{method:?} {i} {j}: {:?}, not {want:?}", float.of(j as u32));
            }
        }
        let up = integrated_into(&w, i as u32, Bound::Low, Budget::default());
        let float = integrated_into(&w, i as u32, Bound::Low, Budget::FLOAT);
        // Where no party is held to more than the whole, floats always know.
        let sound = (0..n).all(|t| (0..n).fold(Exact::ZERO, |s, h| &s + &a[h][t]) <= Exact::ONE);
        prop_assert!(!sound || (0..n).all(|j| *float.of(j as u32) != Amount::Unknown));
        for j in 0..n {
            let want = walks(&a, j, i);
            prop_assert!(same(up.of(j as u32), &want), "{j} into {i}: {:?}, not {want:?}", up.of(j as u32));
            prop_assert!(near(float.of(j as u32), &want), "{j} into {i}: {:?}, not {want:?}", float.of(j as u32));
        }
    }

    #[test]
    fn several_sources_are_one_holder((n, list) in stakes()) {
        // The sources 0 and 1 drawn together into one party, their stakes in each other left out.
        let merged: Vec<_> = list.iter().map(|(h, t, s)| (h.saturating_sub(1), t.saturating_sub(1), s.clone())).collect();
        let (w, a) = (weights(n, &list), matrix(n - 1, &merged));
        let seeds = [(0, Exact::ONE), (1, Exact::ONE)];
        let all = integrated(&w, &seeds, &Options::new(Bound::Low));
        for j in 2..n {
            let want = baldone(&a, 0, j - 1);
            prop_assert!(same(all.of(j as u32), &want), "{j}: {:?}, not {want:?}", all.of(j as u32));
        }
        let walk = integrated(&w, &seeds, &Options { method: Method::Walk, ..Options::new(Bound::Low) });
        for j in 0..n {
            let a = matrix(n, &list);
            let want = walks(&a, 0, j).and_then(|x| Some(&x + &walks(&a, 1, j)?));
            prop_assert!(same(walk.of(j as u32), &want), "{j}: {:?}, not {want:?}", walk.of(j as u32));
        }
    }

    #[test]
    fn path_sums_and_widest_paths_are_those_of_all_paths((n, list) in stakes(), pick in 0usize..6) {
        let (w, a, i) = (weights(n, &list), matrix(n, &list), pick % n);
        let (mut sums, mut best) = (vec![Exact::ZERO; n], vec![Exact::ZERO; n]);
        // Every sequence of different parties that starts at i.
        let mut paths = vec![vec![i]];
        while let Some(p) = paths.pop() {
            for u in (0..n).filter(|u| !p.contains(u)) {
                let q: Vec<usize> = p.iter().copied().chain([u]).collect();
                let parts: Vec<&Exact> = q.windows(2).map(|e| &a[e[0]][e[1]]).collect();
                sums[u] = &sums[u] + &parts.iter().fold(Exact::ONE, |x, y| &x * y);
                best[u] = best[u].clone().max((*parts.iter().min().unwrap()).clone());
                paths.push(q);
            }
        }
        let mut steps = 1_000_000;
        let got = simple_path_sums(&w, i as u32, Bound::Low, &mut steps);
        let of = |list: &[(u32, Exact)], v: u32| list.iter().find(|s| s.0 == v).map_or(Exact::ZERO, |s| s.1.clone());
        prop_assert!(!got.truncated);
        for j in (0..n).filter(|j| *j != i) {
            prop_assert_eq!(of(&got.sums, j as u32), sums[j].clone());
            prop_assert_eq!(of(&widest(&w, j as u32, Bound::Low), i as u32), best[j].clone());
        }
    }

    #[test]
    fn control_is_the_least_of_all_fixed_sets((n, list) in stakes(), pick in 0usize..6, tie in (0u32..6, 0u32..6)) {
        let (w, a, i) = (weights(n, &list), matrix(n, &list), pick % n);
        let tie = (tie.0 as usize % n, tie.1 as usize % n);
        let ties = Ties::new([Tie { controller: tie.0 as u32, controlled: tie.1 as u32, certain: true }]);
        let got: BTreeSet<usize> = controlled(&w, &ties, i as u32, Bound::Low).into_iter().map(|v| v as usize).collect();
        prop_assert_eq!(got, least_closed(&a, tie, i));
    }

    #[test]
    fn owners_are_those_of_the_articles((n, list) in stakes(), tie in (0usize..6, 0usize..6), inclusive: bool) {
        // Persons 0 and 1, the target last; nobody holds a person, nobody ties one.
        let n = n.max(3);
        let list: Vec<_> = list.into_iter().filter(|s| s.1 > 1).collect();
        let (w, a, t) = (weights(n, &list), matrix(n, &list), n - 1);
        let tie = (tie.0 % n, 2 + tie.1 % (n - 2));
        let ties = Ties::new([Tie { controller: tie.0 as u32, controlled: tie.1 as u32, certain: true }]);
        let thr = x("1/4");
        let passes = |s: &Exact| *s > thr || (inclusive && *s == thr);
        let h = Holdings { shares: &w, undiluted: &w, control: &w, ties: &ties, persons: &[0, 1] };
        let q = |rule| OwnerQuery {
            target: t as u32,
            rule,
            threshold: thr.clone(),
            inclusive,
            budget: Budget::default(),
        };
        let amlr = owners(h, &q(OwnerRule::Amlr));
        let plain = owners(h, &q(OwnerRule::Control));
        let by_chain = owners(h, &q(OwnerRule::Multiply));
        for p in 0..2 {
            let passing = |to: usize| walks(&a, p, to).is_some_and(|s| passes(&s));
            let set = least_closed(&a, tie, p);
            let arms = set.iter().filter(|e| **e != t).fold(Exact::ZERO, |s, e| &s + &a[*e][t]);
            let mut want = Vec::new();
            if passing(t) {
                want.push(Reason::Article52);
            }
            if set.contains(&t) {
                want.push(Reason::Article53);
            }
            if want.is_empty() {
                if passes(&arms) {
                    want.push(Reason::Article54a);
                }
                if (2..t).any(|e| passing(e) && least_closed(&a, tie, e).contains(&t)) {
                    want.push(Reason::Article54b);
                }
            }
            let found = |o: &Owners| o.certain.iter().find(|o| o.person == p as u32).cloned();
            prop_assert_eq!(found(&amlr).map_or(Vec::new(), |o| o.reasons), want);
            let undiluted = &arms + &a[p][t];
            let want = passes(&undiluted).then(|| Amount::of(undiluted));
            prop_assert_eq!(found(&plain).map(|o| o.share), want);
            prop_assert_eq!(found(&by_chain).is_some(), passing(t));
            // No finite value is no certain owner, and no certain outsider.
            let doubtful = by_chain.possible.iter().any(|o| o.person == p as u32);
            prop_assert_eq!(doubtful, walks(&a, p, t).is_none());
        }
    }

    #[test]
    fn close_links_are_the_pairs_over_the_threshold((n, list) in stakes()) {
        let (w, a) = (weights(n, &list), matrix(n, &list));
        let method = LinkMethod::Integrated { method: Method::Baldone, budget: Budget::default(), steps: 1_000_000 };
        let q = LinkQuery { threshold: x("1/5"), bound: Bound::Low, method, limit: 1000 };
        let found = close_links(&w, None, &q);
        let over = |i: usize, j: usize| i != j && baldone(&a, i, j).is_some_and(|s| s >= x("1/5"));
        let listed = |i: usize, j: usize| found.links.iter().any(|l| (l.holder, l.target) == (i as u32, j as u32));
        for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
            prop_assert_eq!(listed(i, j), over(i, j));
            for z in 0..n {
                let common = Common { a: i as u32, b: j as u32, holder: z as u32 };
                prop_assert_eq!(found.common.contains(&common), i < j && over(z, i) && over(z, j));
            }
        }
    }
}

fn from(w: &Weights, source: u32, method: Method, budget: Budget) -> Integrated {
    integrated(w, &[(source, Exact::ONE)], &Options { method, budget, ..Options::new(Bound::Low) })
}

#[test]
fn a_ladder_with_more_paths_than_could_be_listed() {
    // 40 rungs, each pair holding halves of the next: 2^40 paths to the last.
    let half = x("1/2");
    let mut list = vec![(0, 1, half.clone()), (0, 2, half.clone())];
    for r in 0..40u32 {
        for (h, t) in [(1, 3), (1, 4), (2, 3), (2, 4)] {
            list.push((h + 2 * r, t + 2 * r, half.clone()));
        }
    }
    let w = weights(83, &list);
    for budget in [Budget::default(), Budget::FLOAT] {
        let all = from(&w, 0, Method::Baldone, budget);
        assert_eq!(all.of(82).value(), Some(0.5));
    }
    assert_eq!(from(&w, 0, Method::Walk, Budget::default()).of(82).exact(), Some(&half));
    let mut steps = 100_000;
    assert!(simple_path_sums(&w, 0, Bound::Low, &mut steps).truncated);
}

#[test]
fn a_ring_of_a_hundred_thousand() {
    // Each holds 99.999 % of the next; a person holds the rest of the first.
    let n = 100_000u32;
    let part = x("0.99999");
    let mut list: Vec<_> = (0..n).map(|v| (v, (v + 1) % n, part.clone())).collect();
    list.push((n, 0, x("0.00001")));
    let w = weights(n as usize + 1, &list);
    for budget in [Budget::default(), Budget::FLOAT] {
        let all = from(&w, n, Method::Walk, budget);
        let first = 0.00001 / (1.0 - 0.99999f64.powi(n as i32));
        let got = all.of(0).value().unwrap();
        assert!((got / first - 1.0).abs() < 1e-9, "{got} {first}");
        let last = all.of(n - 1).value().unwrap() / (first * 0.99999f64.powi(n as i32 - 1));
        assert!((last - 1.0).abs() < 1e-9);
    }
    let up = integrated_into(&w, n - 1, Bound::Low, Budget::FLOAT);
    assert!(
        (up.of(n).value().unwrap() / from(&w, n, Method::Walk, Budget::FLOAT).of(n - 1).value().unwrap() - 1.0).abs()
            < 1e-9
    );
    // All of it: no finite value, and that for sure although only floats were paid for.
    let closed: Vec<_> = (0..n).map(|v| (v, (v + 1) % n, Exact::ONE)).collect();
    let closed = weights(n as usize, &closed);
    assert_eq!(*from(&closed, 0, Method::Walk, Budget::FLOAT).of(7), Amount::NoFinite);
    assert_eq!(from(&closed, 0, Method::Baldone, Budget::FLOAT).of(7).value(), Some(1.0));
}

#[test]
fn a_ring_one_part_in_a_quintillion_short_of_singular() {
    let p = x("0.999999999999999999");
    let w = weights(3, &[(0, 1, x("0.000000000000000001")), (2, 1, p.clone()), (1, 2, p.clone())]);
    let want = &x("0.000000000000000001") / &(&Exact::ONE - &(&p * &p));
    let exact = from(&w, 0, Method::Walk, Budget::default());
    assert_eq!(exact.of(1).exact(), Some(&want));
    // Subtracting floats would divide by nought here; adding what is missing to 1 does not.
    let float = from(&w, 0, Method::Walk, Budget::FLOAT).of(1).value().unwrap();
    assert!((float / want.to_f64() - 1.0).abs() < 1e-14, "{float}");
}

#[test]
fn a_group_that_owns_all_of_itself_spoils_only_what_it_holds() {
    // 1 and 2 own each other; 1 holds 10 % of 3 and half of 4; 0 holds all of 3 and 5 % of 1.
    let list = [(1, 2, "1"), (2, 1, "1"), (1, 4, "0.5"), (0, 3, "0.9"), (3, 4, "0.2"), (0, 1, "0.05")];
    let list: Vec<_> = list.iter().map(|(h, t, s)| (*h, *t, x(s))).collect();
    let w = weights(5, &list);
    for budget in [Budget::default(), Budget::FLOAT] {
        let all = from(&w, 0, Method::Baldone, budget);
        let finite: Vec<bool> = (1..5).map(|v| *all.of(v) != Amount::NoFinite).collect();
        assert_eq!(finite, [false, false, true, false]);
        assert!((all.of(3).value().unwrap() - 0.9).abs() < 1e-15);
        // From within, the group's holdings are finite as long as it is not gone round twice.
        assert_eq!(from(&w, 1, Method::Baldone, budget).of(4).value(), Some(0.5));
        assert_eq!(*from(&w, 1, Method::Walk, budget).of(4), Amount::NoFinite);
    }
}

#[test]
fn exact_values_stop_at_the_budget_and_floats_go_on() {
    // A chain whose denominators outgrow any budget.
    let n = 3000u32;
    let list: Vec<_> = (0..n).map(|v| (v, v + 1, Exact::ratio(999_983, 1_000_003 + i64::from(v)).unwrap())).collect();
    let w = weights(n as usize + 1, &list);
    let all = from(&w, 0, Method::Baldone, Budget::default());
    assert!(all.of(100).exact().is_some() && all.of(n).exact().is_none());
    let want = list.iter().fold(1.0, |p, s| p * s.2.to_f64());
    assert!((all.of(n).value().unwrap() / want - 1.0).abs() < 1e-9);
}

/// `n` firms, each held by others in `k` equal parts, and a person who holds what is left of each.
fn tangle(n: u32, k: u32) -> Weights {
    let mut state = 7u32;
    let mut random = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % n
    };
    let part = Exact::ratio(1, i64::from(k) + 1).unwrap();
    let mut list: Vec<_> = (0..n).flat_map(|v| (0..k).map(move |_| v)).map(|t| (random(), t, part.clone())).collect();
    list.extend((0..n).map(|v| (n, v, part.clone())));
    weights(n as usize + 1, &list)
}

#[test]
fn a_small_tangle_is_solved_exactly() {
    let all = from(&tangle(80, 3), 80, Method::Walk, Budget::default());
    assert!((0..80).all(|v| all.of(v).exact() == Some(&Exact::ONE)));
}

#[test]
fn a_large_tangle_is_swept() {
    // 4,000 firms, each held by four others: too tangled to eliminate at a bearable price.
    let n = 4000;
    let all = from(&tangle(n, 4), n, Method::Walk, Budget::FLOAT);
    // The person holds what nobody else does: all of everything.
    for v in 0..n {
        assert!((all.of(v).value().unwrap() - 1.0).abs() < 1e-12, "{v}: {:?}", all.of(v));
    }
}
