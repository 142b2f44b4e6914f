//! The fewest sales against trying all of them, and suppositions against changed documents.

use super::{
    Changes, Conventions, Judge, Outcome, Regimes, Supposed, Supposition, Unfreeable, WhatIf, suppose, supposed_share,
    what_if,
};
use crate::graph::{Edge, Filter, Graph, Node, View};
use crate::import::{Input, Request, import};
use crate::model::PartialDate;
use crate::store::{Memory, Snapshot, Storage};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

fn day() -> PartialDate {
    PartialDate::parse("2024-09-01").unwrap()
}

fn graph_of(doc: &Value) -> Graph {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let request = Request { today: Some(day()), ..Request::default() };
    let input = Input::from_bytes("t.json", doc.to_string().into_bytes()).unwrap();
    import(storage.clone(), vec![input], &request, &mut |_| {}).unwrap();
    let mut graph = Graph::open(Snapshot::open(storage).unwrap()).unwrap();
    graph.home = Some("t".to_owned());
    graph
}

/// Parties `(id, lists)` and edges `(source, type, target, share, joint)`, named `e0`, `e1` ...
fn doc(nodes: &[(&str, &[&str])], edges: &[(&str, &str, &str, &str, &str)]) -> Value {
    let nodes: Vec<Value> =
        nodes.iter().map(|(id, lists)| json!({"id": id, "type": "company", "name": id, "listed": lists})).collect();
    let edges: Vec<Value> = (0..)
        .zip(edges)
        .map(|(i, (s, t, o, share, joint))| {
            let share = (!share.is_empty()).then_some(*share).map(json_share);
            json!({"id": format!("e{i}"), "source": s, "type": t, "target": o, "share": share, "joint": joint})
        })
        .collect();
    json!({"cuibono": 1, "sources": [{"id": "t", "title": "Test"}], "nodes": nodes, "edges": edges})
}

fn json_share(text: &str) -> Value {
    match text.split_once(" to ") {
        Some((a, b)) if a.starts_with('>') => json!({"exclusive_min": a.trim_start_matches('>'), "max": b}),
        Some((a, b)) => json!({"min": a, "max": b}),
        None => json!(text),
    }
}

fn all(graph: &Graph) -> View<'_> {
    View::new(graph, Filter::default()).unwrap()
}

fn node(graph: &Graph, id: &str) -> Node {
    graph.find_id(&format!("t:{id}")).unwrap()
}

fn edge(graph: &Graph, id: &str) -> Edge {
    graph.find_edge(&format!("t:{id}")).unwrap().unwrap()
}

fn outcome(view: &View<'_>, regime: &str, changes: Changes, n: Node) -> Outcome {
    let regimes = Regimes::builtin();
    let mut judge = Judge::new(view, regimes, day(), Conventions::default(), changes).unwrap();
    judge.verdicts(&[regimes.get(regime).unwrap()], &[n]).unwrap().list[0].outcome
}

/// Ids of the sales of each set, the smallest, and what the answer says of it.
fn freed(graph: &Graph, regime: &str, id: &str) -> (Vec<Vec<String>>, bool, Option<Unfreeable>) {
    let view = all(graph);
    let regimes = Regimes::builtin();
    let mut judge = Judge::new(&view, regimes, day(), Conventions::default(), Changes::default()).unwrap();
    let f = judge.free(regimes.get(regime).unwrap(), node(graph, id), 12).unwrap();
    let ids = f.sets.iter().map(|s| s.iter().flatten().map(|x| x.id.clone()).collect()).collect();
    (ids, f.smallest, f.cannot)
}

#[test]
fn the_fewest_sales() {
    // Selling one of two quarters is enough; selling what they hold through A is one sale, too.
    let g = graph_of(&doc(
        &[("x", &["ofac_sdn"]), ("y", &["ofac_sdn"]), ("a", &[]), ("b", &[]), ("c", &[])],
        &[
            ("x", "owns", "a", "60", ""),
            ("a", "owns", "b", "25", ""),
            ("y", "owns", "b", "25", ""),
            ("y", "owns", "c", "30", ""),
            ("b", "owns", "c", "30", ""),
            ("x", "owns", "c", "40", ""),
        ],
    ));
    let sets = |list: &[&[&str]]| -> Vec<Vec<String>> {
        list.iter().map(|s| s.iter().map(|x| (*x).to_owned()).collect()).collect()
    };
    let (mut found, smallest, _) = freed(&g, "ofac", "b");
    found.sort();
    assert_eq!((found, smallest), (sets(&[&["e0"], &["e1"], &["e2"]]), true));
    let (found, smallest, _) = freed(&g, "ofac", "c");
    assert!(smallest && found.iter().all(|s| s.len() == 2) && found.contains(&sets(&[&["e2", "e5"]])[0]), "{found:?}");
    assert_eq!(freed(&g, "ofac", "x"), (vec![], true, Some(Unfreeable::Listed)));
    assert_eq!(freed(&g, "eu", "c"), (vec![], true, Some(Unfreeable::FreeAlready)));
}

#[test]
fn many_small_stakes_are_sold_largest_first() {
    let names: Vec<String> = (0..40).map(|i| format!("x{i}")).collect();
    let lists: &[&str] = &["ofac_sdn"];
    let mut nodes: Vec<(&str, &[&str])> = names.iter().map(|n| (n.as_str(), lists)).collect();
    nodes.push(("t", &[]));
    let shares: Vec<&str> = (0..40).map(|i| if i % 4 == 0 { "4" } else { "2" }).collect();
    let edges: Vec<_> = names.iter().zip(&shares).map(|(n, s)| (n.as_str(), "owns", "t", *s, "")).collect();
    // They hold 100; below 50 are left after the ten of 4 percent and six of 2.
    let (sets, smallest, _) = freed(&graph_of(&doc(&nodes, &edges)), "ofac", "t");
    assert_eq!((sets[0].len(), smallest), (16, false));
    let few = edges.iter().take(28).copied().collect::<Vec<_>>();
    // 70 of them: seven of 4 percent leave 42.
    let (sets, smallest, _) = freed(&graph_of(&doc(&nodes, &few)), "ofac", "t");
    assert_eq!((sets[0].len(), smallest), (6, true));
}

#[test]
fn unknown_remainders_cannot_be_sold() {
    let mut d = doc(&[("x", &["ofac_sdn"]), ("t", &[])], &[("x", "owns", "t", "30", "")]);
    d["nodes"][1]["unknown_remainder"] = json!("indeterminate");
    assert_eq!(freed(&graph_of(&d), "ofac", "t"), (vec![], true, Some(Unfreeable::Remainder)));
}

#[test]
fn a_record_of_more_than_the_whole_does_not_free_by_itself() {
    // 25, more than 25 of its own and 50: more than 100, though the ends add up to it.
    let g = graph_of(&doc(
        &[("x", &["ofac_sdn"]), ("u", &[]), ("t", &[])],
        &[("x", "owns", "t", "50", ""), ("u", "owns", "t", "25", ""), ("t", "owns", "t", ">25 to 50", "")],
    ));
    assert_eq!(freed(&g, "ofac", "t"), (vec![vec!["e0".to_owned()]], true, None));
}

#[derive(Debug, Clone)]
struct Small {
    listed: Vec<u8>,
    edges: Vec<(usize, usize, &'static str, &'static str, bool)>,
    remainder: Vec<bool>,
}

const NODES: usize = 6;

fn small() -> impl Strategy<Value = Small> {
    let kinds =
        prop::sample::select(vec!["owns", "owns", "owns", "owns", "votes_in", "controls", "influences", "parent_of"]);
    let shares = prop::sample::select(vec![
        "10",
        "20",
        "25",
        "30",
        "50",
        "60",
        "100/3",
        "25 to 50",
        ">25 to 50",
        "40 to 60",
        "10 to 80",
        "",
    ]);
    let edge = (0..NODES, 0..NODES, kinds, shares, prop::bool::weighted(0.15));
    (
        prop::collection::vec(0..5u8, NODES),
        prop::collection::vec(edge, 1..=8),
        prop::collection::vec(prop::bool::weighted(0.05), NODES),
    )
        .prop_map(|(listed, edges, remainder)| Small { listed, edges, remainder })
}

impl Small {
    fn doc(&self) -> Value {
        let lists: [&[&str]; 5] = [&["*"], &["ofac_sdn", "eu_fsf", "uk_sl"], &[], &[], &[]];
        let ids: Vec<String> = (0..NODES).map(|i| format!("n{i}")).collect();
        let nodes: Vec<(&str, &[&str])> =
            ids.iter().zip(&self.listed).map(|(id, l)| (id.as_str(), lists[usize::from(*l)])).collect();
        let edges: Vec<_> = self
            .edges
            .iter()
            .map(|(s, t, kind, share, joint)| {
                let share = if matches!(*kind, "owns" | "votes_in") { *share } else { "" };
                let joint = if *joint && matches!(*kind, "owns" | "votes_in") { "J" } else { "" };
                (ids[*s].as_str(), *kind, ids[*t].as_str(), share, joint)
            })
            .collect();
        let mut d = doc(&nodes, &edges);
        for (i, open) in self.remainder.iter().enumerate().filter(|(_, o)| **o) {
            d["nodes"][i]["unknown_remainder"] = json!(if *open { "indeterminate" } else { "" });
        }
        d
    }

    /// What is sold as one, by who may be affected: reports of one stake, of one kind of tie.
    fn units(&self, graph: &Graph, affected: &BTreeSet<usize>) -> Vec<Vec<Edge>> {
        type Key<'s> = (usize, usize, u8, &'s str);
        let mut units: BTreeMap<Key<'_>, (bool, Vec<Edge>)> = BTreeMap::new();
        for (i, (s, t, kind, _, joint)) in self.edges.iter().enumerate() {
            let chain = matches!(*kind, "owns" | "votes_in" | "parent_of");
            let basis = match *kind {
                "owns" | "parent_of" => 0,
                "votes_in" => 1,
                _ => 2,
            };
            let key = match *joint && chain && *kind != "parent_of" {
                true => (usize::MAX, *t, basis, "J"),
                false => (*s, *t, basis, if chain { "" } else { *kind }),
            };
            let unit = units.entry(key).or_default();
            // A party's stake in itself frees nobody.
            unit.0 |= affected.contains(s) && s != t;
            unit.1.push(edge(graph, &format!("e{i}")));
        }
        units.into_values().filter(|u| u.0).map(|u| u.1).collect()
    }
}

/// The size of the smallest set of units that frees a party, by trying all.
fn by_trying(view: &View<'_>, regime: &str, n: Node, units: &[Vec<Edge>]) -> Option<usize> {
    let mut masks: Vec<u32> = (0..1u32 << units.len()).collect();
    masks.sort_by_key(|m| m.count_ones());
    for mask in masks {
        let gone = units.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).flat_map(|(_, u)| u).copied();
        let changes = Changes { hidden: gone.collect(), ..Changes::default() };
        if outcome(view, regime, changes, n) == Outcome::NotBlocked {
            return Some(mask.count_ones() as usize);
        }
    }
    None
}

fn cases(usual: u32) -> ProptestConfig {
    let n = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases: n, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn fewest_sales_agree_with_trying_all(s in small(), regime in prop::sample::select(vec!["ofac", "eu", "uk"])) {
        let g = graph_of(&s.doc());
        let view = all(&g);
        let at = |i: usize| node(&g, &format!("n{i}"));
        let affected: BTreeSet<usize> =
            (0..NODES).filter(|i| outcome(&view, regime, Changes::default(), at(*i)) != Outcome::NotBlocked).collect();
        let units = s.units(&g, &affected);
        let regimes = Regimes::builtin();
        for i in &affected {
            let mut judge = Judge::new(&view, regimes, day(), Conventions::default(), Changes::default()).unwrap();
            let f = judge.free(regimes.get(regime).unwrap(), at(*i), 12).unwrap();
            if f.cannot == Some(Unfreeable::Listed) {
                prop_assert_eq!(by_trying(&view, regime, at(*i), &[units.concat()]), None);
                continue;
            }
            let slow = by_trying(&view, regime, at(*i), &units);
            prop_assert_eq!(f.sets.first().map(Vec::len), slow, "n{} under {}: {:?}", i, regime, f);
            prop_assert!(f.smallest);
            for set in &f.sets {
                prop_assert_eq!(Some(set.len()), slow);
                let hidden = set.iter().flatten().map(|x| x.edge).collect();
                let changes = Changes { hidden, ..Changes::default() };
                prop_assert_eq!(outcome(&view, regime, changes, at(*i)), Outcome::NotBlocked);
            }
        }
    }

    #[test]
    fn suppositions_are_documents_that_say_so(
        s in small(),
        which in 0..8usize,
        way in 0..4u8,
        share in prop::sample::select(vec!["5", "51", ">25 to 50", ""]),
        regime in prop::sample::select(vec!["ofac", "eu", "uk"]),
    ) {
        let d = s.doc();
        let g = graph_of(&d);
        let view = all(&g);
        let at = which % s.edges.len();
        let (from, to, kind, ..) = s.edges[at];
        let mut changed = d.clone();
        let new = supposed_share(if share.is_empty() { "unknown" } else { share }).unwrap();
        let value = if share.is_empty() { Value::Null } else { json_share(share) };
        let supposition = match way {
            0 if matches!(kind, "owns" | "votes_in" | "parent_of") => {
                changed["edges"][at]["share"] = value;
                Supposition::Set(edge(&g, &format!("e{at}")), new)
            }
            0 | 1 => {
                changed["edges"].as_array_mut().unwrap().remove(at);
                Supposition::Remove(edge(&g, &format!("e{at}")))
            }
            2 => {
                changed["edges"].as_array_mut().unwrap().push(json!({"id": "new", "source": format!("n{from}"),
                    "type": "owns", "target": format!("n{to}"), "share": value, "stake": "other"}));
                let (holder, target) = (node(&g, &format!("n{from}")), node(&g, &format!("n{to}")));
                Supposition::Add { holder, target, basis: super::Basis::Shares, share: new }
            }
            _ => {
                changed["nodes"][from]["listed"] = json!(["*"]);
                Supposition::List(node(&g, &format!("n{from}")))
            }
        };
        let supposed = suppose(&view, &[supposition]).unwrap();
        let regimes = Regimes::builtin();
        let chosen = [regimes.get(regime).unwrap()];
        let question = WhatIf { named: g.nodes().collect(), limit: 100, proofs: 0 };
        let found = what_if(&view, regimes, &chosen, day(), Conventions::default(), &supposed, &question).unwrap();
        let g2 = graph_of(&changed);
        let view2 = all(&g2);
        let mut judge = Judge::new(&view2, regimes, day(), Conventions::default(), Changes::default()).unwrap();
        for f in &found.list {
            let v = judge.verdicts(&chosen, &[node(&g2, g.show_id(g.id(f.node)))]).unwrap().list.remove(0);
            prop_assert_eq!((f.after, &f.share_after), (v.outcome, &v.share), "{}", g.id(f.node));
            prop_assert_eq!(f.before, outcome(&view, regime, Changes::default(), f.node));
        }
        prop_assert_eq!(found.others, 0);
        let flips = what_if(&view, regimes, &chosen, day(), Conventions::default(), &supposed,
            &WhatIf { named: vec![], limit: 100, proofs: 100 }).unwrap();
        let want: Vec<Node> = found.list.iter().filter(|f| f.flips()).map(|f| f.node).collect();
        prop_assert_eq!(flips.list.iter().map(|f| f.node).collect::<Vec<_>>(), want);
        prop_assert!(flips.list.iter().all(|f| f.proof.is_some()));
    }
}

#[test]
fn contradictions_are_refused() {
    let g = graph_of(&doc(&[("x", &[]), ("t", &[])], &[("x", "owns", "t", "30", ""), ("x", "controls", "t", "", "")]));
    let view = all(&g);
    let (x, e) = (node(&g, "x"), edge(&g, "e0"));
    let share = |t: &str| supposed_share(t).unwrap();
    let fails = |list: &[Supposition]| suppose(&view, list).unwrap_err().to_string();
    assert!(fails(&[Supposition::List(x), Supposition::Delist(x)]).contains("listed and not listed"));
    assert!(fails(&[Supposition::Set(e, share("10")), Supposition::Set(e, share("20"))]).contains("two shares"));
    assert!(fails(&[Supposition::Set(e, share("10")), Supposition::Remove(e)]).contains("not to be there"));
    assert!(fails(&[Supposition::Set(edge(&g, "e1"), share("10"))]).contains("no share that counts"));
    assert!(supposed_share("101").is_err() && supposed_share("x").is_err());
    let twice: Supposed = suppose(&view, &[Supposition::List(x), Supposition::List(x)]).unwrap();
    assert_eq!(twice.told.len(), 1);
}
