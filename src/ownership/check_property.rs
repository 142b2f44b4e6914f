//! Random networks with proofs from a slow, plain search: every one is accepted, and no false
//! variant of it is.

use super::check_tests::{graph, holds, proof};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// X and Y are listed, U is a person who is not, the rest are firms.
const NAMES: [&str; 8] = ["A", "B", "C", "D", "E", "U", "X", "Y"];
const FIRMS: usize = 5;

/// Holder, firm, least and greatest percent; one stake each.
#[derive(Debug, Clone)]
struct Net(Vec<(usize, usize, i64, i64)>);

fn net() -> impl Strategy<Value = Net> {
    let stake = (0..NAMES.len(), 0..FIRMS, 1..14i64, prop::bool::weighted(0.3));
    prop::collection::vec(stake, 1..14).prop_map(|all| {
        let mut seen = BTreeSet::new();
        let all = all.into_iter().filter(|s| seen.insert((s.0, s.1)));
        Net(all.map(|(h, t, n, range)| (h, t, n * 5, n * 5 + if range { 20 } else { 0 })).collect())
    })
}

impl Net {
    fn into(&self, t: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.0.len()).filter(move |i| self.0[*i].1 == t)
    }

    /// What some stakes in a firm make together, and whether the others cap it.
    fn held(&self, t: usize, possible: bool, picked: &[usize]) -> (i64, Option<i64>) {
        let counts = |i: usize| picked.contains(&i) && self.0[i].0 != t;
        let sum = |of: fn(&(usize, usize, i64, i64)) -> i64, want: bool| -> i64 {
            self.into(t).filter(|i| counts(*i) == want).map(|i| of(&self.0[i])).sum()
        };
        let (low, high, out) = (sum(|s| s.2, true), sum(|s| s.3, true), sum(|s| s.2, false));
        match possible {
            false => (low, None),
            true if low + out <= 100 && 100 - out < high => (100 - out, Some(out)),
            true => (high, None),
        }
    }

    fn of(&self, t: usize, holders: &[usize]) -> Vec<usize> {
        self.into(t).filter(|i| self.0[*i].0 != t && holders.contains(&self.0[*i].0)).collect()
    }

    /// Everyone who is affected, in the order in which they are found.
    fn run(&self, possible: bool) -> Vec<usize> {
        let mut all = vec![6, 7];
        loop {
            let next = (0..FIRMS).find(|t| !all.contains(t) && self.held(*t, possible, &self.of(*t, &all)).0 >= 50);
            match next {
                Some(t) => all.push(t),
                None => return all,
            }
        }
    }

    fn share(&self, i: usize, possible: bool) -> String {
        if possible { self.0[i].3 } else { self.0[i].2 }.to_string()
    }

    fn steps(&self, target: usize, possible: bool) -> Value {
        let order = self.run(possible);
        let (mut need, mut chosen) = (vec![target], Vec::new());
        for (at, t) in order.iter().enumerate().rev().filter(|(_, t)| **t < FIRMS) {
            if !need.contains(t) {
                continue;
            }
            let mut keep = self.of(*t, &order[..at]);
            for i in keep.clone() {
                let rest: Vec<usize> = keep.iter().copied().filter(|k| *k != i).collect();
                if self.held(*t, possible, &rest).0 >= 50 {
                    keep = rest;
                }
            }
            need.extend(keep.iter().map(|i| self.0[*i].0));
            chosen.push((*t, keep));
        }
        chosen.reverse();
        let number = |h: usize| chosen.iter().position(|(t, _)| *t == h).map(|i| i + 1);
        let step = |(t, keep): &(usize, Vec<usize>)| {
            let (sum, outside) = self.held(*t, possible, keep);
            let edge = |i: &usize| {
                let h = self.0[*i].0;
                let (id, used) = (format!("e{}", i + 1), self.share(*i, possible));
                json!({"id": id, "holder": NAMES[h], "share_used": used, "step": number(h)})
            };
            json!({"entity": NAMES[*t], "by": "shares", "sum": sum.to_string(), "open": false, "threshold": "50",
                "inclusive": true, "outside": outside.map(|o| o.to_string()),
                "edges": keep.iter().map(edge).collect::<Vec<_>>()})
        };
        chosen.iter().map(step).collect()
    }

    fn sets(&self, possible: bool) -> Value {
        let affected = self.run(possible);
        let entry = |t: usize| {
            let from = self.of(t, &affected);
            let edge = |i: &usize| {
                let used = self.share(*i, possible);
                json!({"id": format!("e{}", i + 1), "holder": NAMES[self.0[*i].0], "share_used": used})
            };
            json!({"entity": NAMES[t], "by": "shares", "most": self.held(t, possible, &from).0.to_string(),
                "open": false, "threshold": "50", "edges": from.iter().map(edge).collect::<Vec<_>>()})
        };
        let members = (0..NAMES.len()).filter(|n| !affected.contains(n));
        json!([{"entities": members.map(entry).collect::<Vec<_>>()}])
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn true_proofs_are_accepted_and_false_ones_refused(net in net()) {
        let edge = |(h, t, low, high): &(usize, usize, i64, i64)| {
            let share = if low == high { low.to_string() } else { format!("{low}..{high}") };
            format!("{} owns {} {share}", NAMES[*h], NAMES[*t])
        };
        let edges: Vec<String> = net.0.iter().map(edge).collect();
        let edges: Vec<&str> = edges.iter().map(String::as_str).collect();
        let g = graph(&["A", "B", "C", "D", "E", "U", "X!", "Y!"], &edges);
        let (surely, possibly) = (net.run(false), net.run(true));
        for (t, name) in NAMES.iter().enumerate().take(FIRMS) {
            let (verdict, more) = if surely.contains(&t) {
                ("blocked", json!({"steps": net.steps(t, false)}))
            } else if possibly.contains(&t) {
                let halves = json!({"possible": {"steps": net.steps(t, true)}, "not_certain": {"sets": net.sets(false)}});
                ("indeterminate", halves)
            } else {
                ("not_blocked", json!({"sets": net.sets(true)}))
            };
            holds(&g, &proof("agg", name, verdict, more));
        }
    }
}
