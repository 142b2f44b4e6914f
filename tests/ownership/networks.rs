//! Figures of networks made for one property each: joint stakes, ranges, closed groups, doubtful
//! control, and shapes that defeat whoever lists paths.

use super::program::{ask, texts};
use crate::support::{date, graph, import_texts, memory, on};
use cuibono::graph::{Filter, Graph, View};
use cuibono::ownership::{
    Amount, Budget, Changes, Conventions, Exact, Figures, LinkAsk, Method, OwnAsk, Owned, OwnerRule, Regimes,
};
use serde_json::{Value, json};
use std::fmt::Write;

/// Nodes by initial: `p` a person, others companies; edges as `source target type share [members]`.
fn document(edges: &[(&str, &str, &str, Value)]) -> Value {
    let mut ids: Vec<&str> = edges.iter().flat_map(|e| [e.0, e.1]).collect();
    ids.sort_unstable();
    ids.dedup();
    let kind = |id: &str| if id.starts_with('p') { "person" } else { "company" };
    let nodes: Vec<Value> = ids.iter().map(|id| json!({"id": id, "type": kind(id)})).collect();
    let edge = |(i, (a, b, t, more)): (usize, &(&str, &str, &str, Value))| {
        let mut e = json!({"id": format!("e{i}"), "source": a, "target": b, "type": t});
        match more {
            Value::Object(m) if m.contains_key("joint") => e.as_object_mut().unwrap().extend(m.clone()),
            share => e["share"] = share.clone(),
        }
        e
    };
    let edges: Vec<Value> = edges.iter().enumerate().map(edge).collect();
    json!({"cuibono": 1, "nodes": nodes, "edges": edges})
}

fn answer(doc: &Value, args: &[&str]) -> Value {
    let mut all = args.to_vec();
    all.extend(["--as-of", "2026-03-01"]);
    ask(doc, &all).unwrap()
}

fn ids(v: &Value) -> Vec<&str> {
    v.as_array().unwrap().iter().map(|o| o["id"].as_str().unwrap()).collect()
}

#[test]
fn a_joint_stake_counts_in_full_for_each_holder_and_once_for_both() {
    let joint = |share: &str| json!({"share": share, "joint": "J"});
    let doc = document(&[
        ("a", "t", "owns", joint("60")),
        ("b", "t", "owns", joint("60")),
        ("a", "s", "owns", joint("30")),
        ("b", "s", "owns", joint("30")),
        ("c", "a", "owns", "51".into()),
        ("c", "b", "owns", "51".into()),
    ]);
    let v = answer(&doc, &["controls", "--all"]);
    assert_eq!(v["controls"], json!({"a": ["t"], "b": ["t"], "c": ["a", "b", "t"]}), "twice 30 is no 60 here");
    let v = answer(&doc, &["own", "a", "t"]);
    assert_eq!(v["direct"], json!({"min": "0", "max": "60"}));
    assert_eq!(v["integrated"]["exact"], Value::Null);
    assert_eq!(v["integrated"]["min"], json!({"exact": "0", "value": 0.0}));
    assert_eq!(v["integrated"]["max"], json!({"exact": "3/5", "value": 0.6}));
    assert_eq!(v["cascade"], "60", "the rule of the cascade counts it in full");
    let alone = document(&[("a", "t", "owns", joint("60"))]);
    assert_eq!(answer(&alone, &["own", "a", "t"])["integrated"]["exact"], "3/5");
}

#[test]
fn three_figures_that_mean_different_things() {
    let doc = document(&[
        ("px", "a", "owns", "60".into()),
        ("px", "c", "owns", "10".into()),
        ("a", "b", "owns", "50".into()),
        ("b", "c", "owns", json!({"min": "30", "max": "45"})),
    ]);
    let v = answer(&doc, &["own", "px", "b"]);
    assert_eq!((&v["direct"], &v["integrated"]["exact"], &v["cascade"]), (&json!("0"), &json!("3/10"), &json!("50")));
    let v = answer(&doc, &["own", "px"]);
    let rows = v["owned"].as_array().unwrap();
    let order: Vec<&str> = rows.iter().map(|r| r["to"].as_str().unwrap()).collect();
    assert_eq!(order, ["a", "b", "c"], "largest first");
    assert_eq!(rows[2]["direct"], "10");
    assert_eq!(rows[2]["integrated"]["min"]["exact"], "19/100");
    assert_eq!(rows[2]["integrated"]["max"]["exact"], "47/200");
    assert_eq!(rows[2]["cascade"], json!({"min": "40", "max": "55"}));
    let v = answer(&doc, &["own", "px", "--limit", "1"]);
    assert_eq!((v["owned"].as_array().unwrap().len(), &v["answer"]["truncated"]), (1, &json!(true)));
    // Before the first rule there is nothing to count by.
    let v = ask(&doc, &["own", "px", "b", "--as-of", "1999-01-01"]).unwrap();
    assert_eq!((&v["cascade"], &v["integrated"]["exact"]), (&Value::Null, &json!("3/10")));
    let v = answer(&doc, &["own", "c", "px"]);
    assert_eq!((&v["direct"], &v["integrated"]["exact"], &v["cascade"]), (&json!("0"), &json!("0"), &json!("0")));
}

#[test]
fn a_group_that_owns_all_of_itself_has_no_finite_value() {
    let ring = |back: Value| {
        document(&[("px", "a", "owns", "0.5".into()), ("a", "b", "owns", "100".into()), ("b", "a", "owns", back)])
    };
    for method in ["baldone", "walk"] {
        for from in ["px", "a", "b"] {
            let v = answer(&ring("100".into()), &["own", from, "b", "--method", method]);
            assert_eq!(v["integrated"], Value::Null, "{from} by {method}");
            let notes = v["answer"]["notes"].to_string();
            assert!(notes.contains("no finite value"), "{notes}");
        }
        let v = answer(&ring(json!({"min": "50", "max": "100"})), &["own", "a", "b", "--method", method]);
        let low = if method == "walk" { "2" } else { "1" };
        assert_eq!(
            (&v["integrated"]["min"]["exact"], &v["integrated"]["max"]),
            (&json!(low), &Value::Null),
            "{method}"
        );
    }
    assert_eq!(answer(&ring("100".into()), &["own", "b", "px"])["integrated"]["exact"], "0", "nothing leads there");
}

#[test]
fn doubtful_ties_and_ranges_make_possible_control() {
    let doc = document(&[
        ("a", "b", "controls", Value::Null),
        ("a", "c", "influences", Value::Null),
        ("a", "d", "parent_of", Value::Null),
        ("b", "e", "owns", json!({"exclusive_min": "50", "max": "75"})),
        ("c", "f", "owns", "51".into()),
        ("a", "pg", "owns", "90".into()),
        ("a", "h", "votes", "51".into()),
        ("b", "i", "owns", "80".into()),
        ("c", "i", "votes", "20".into()),
    ]);
    let v = answer(&doc, &["controls", "a"]);
    assert_eq!(v["controls"], json!({"a": ["b", "e", "h"]}), "nobody controls a person by shares");
    assert_eq!(v["possible"], json!({"a": ["c", "d", "f"]}), "of i the votes decide");
    assert_eq!(answer(&doc, &["controls", "f"])["controls"], json!({"f": []}));
    let v = answer(&doc, &["controls", "--all", "--limit", "2"]);
    assert_eq!((&v["truncated"], v["controls"]["a"].as_array().unwrap().len()), (&json!(true), 2));
}

#[test]
fn beneficial_owners_certain_and_possible() {
    let doc = document(&[
        ("pa", "m", "owns", "50".into()),
        ("pb", "m", "owns", json!({"min": "20", "max": "30"})),
        ("m", "t", "owns", "50".into()),
        ("pc", "t", "owns", json!({"min": "20", "max": "40"})),
        ("pd", "k", "controls", Value::Null),
        ("k", "t", "owns", "30".into()),
    ]);
    let v = answer(&doc, &["ubo", "t"]);
    assert_eq!((&v["rule"], &v["threshold"], &v["inclusive"]), (&json!("amlr"), &json!("25"), &json!(true)));
    assert_eq!((ids(&v["owners"]), ids(&v["possible"])), (vec!["pa", "pd"], vec!["pc"]));
    assert_eq!((&v["owners"][0]["share"], &v["owners"][1]["share"]), (&json!("25"), &json!("0")));
    assert_eq!((&v["owners"][0]["basis"], &v["owners"][1]["basis"]), (&json!(["52"]), &json!(["54a"])));
    let notes = v["answer"]["notes"].to_string();
    assert!(notes.contains("2024/1624") && notes.contains("preview"), "{notes}");
    let later = ask(&doc, &["ubo", "t", "--as-of", "2027-07-10"]).unwrap();
    assert!(!later["answer"]["notes"].to_string().contains("is not in force"));
    assert_eq!(ids(&answer(&doc, &["ubo", "t", "--rule", "multiply", "--more-than"])["owners"]), [""; 0]);
    assert!(ask(&doc, &["ubo", "t", "--threshold", "101"]).unwrap_err().contains("--threshold"));
    assert!(ask(&doc, &["ubo", "t", "--regime", "ofac"]).unwrap_err().contains("beneficial owners"));
}

#[test]
fn close_links_of_some_and_possible_ones() {
    let doc = document(&[
        ("h", "a", "owns", "50".into()),
        ("h", "b", "owns", "40".into()),
        ("a", "c", "owns", json!({"min": "10", "max": "50"})),
        ("x", "y", "owns", "90".into()),
    ]);
    for method in ["simple", "integrated"] {
        let v = answer(&doc, &["close-links", "a", "--method", method]);
        assert_eq!(v["pairs"], json!([["h", "a", "1/2"]]), "{method}");
        assert_eq!(v["possible"], json!([["a", "c", "1/2"]]), "{method}");
        assert_eq!((&v["common"], &v["method"]), (&json!([["a", "b"]]), &json!(method)));
        let v = answer(&doc, &["close-links", "--method", method, "--threshold", "12"]);
        assert_eq!(v["pairs"], json!([["h", "a", "1/2"], ["h", "b", "2/5"], ["x", "y", "9/10"]]));
        assert_eq!(v["possible"], json!([["a", "c", "1/2"], ["h", "c", "1/4"]]));
        let v = answer(&doc, &["close-links", "--method", method, "--steps", "1"]);
        assert_eq!(v["truncated"], true, "{method}");
    }
}

#[test]
fn faults_of_the_record_are_named() {
    let doc = document(&[
        ("a", "t", "owns", "80".into()),
        ("b", "t", "owns", "70".into()),
        ("a", "v", "votes", "80".into()),
        ("b", "v", "votes", "70".into()),
        ("a", "pq", "owns", "10".into()),
    ]);
    let warned = |args: &[&str]| texts(&answer(&doc, args)["warnings"]).into_iter().collect::<Vec<_>>();
    assert_eq!(warned(&["own", "a", "t"]), ["over_100:t:owns"]);
    assert_eq!(warned(&["own", "a"]), ["not_ownable:pq", "over_100:t:owns"]);
    assert_eq!(warned(&["controls", "a"]), ["not_ownable:pq", "over_100:t:owns", "over_100:v:votes"]);
    assert_eq!(warned(&["ubo", "v"]), ["over_100:v:votes"]);
    assert_eq!(warned(&["close-links", "v"]), Vec::<String>::new());
}

/// A graph of holdings in percent, by names.
fn holdings(edges: impl Iterator<Item = (String, String, &'static str)>) -> Graph {
    let mut text = String::from("source,target,type,percentage\n");
    edges.for_each(|(a, b, share)| writeln!(text, "{a},{b},owns,{share}").unwrap());
    let storage = memory();
    import_texts(&storage, &[("edges.csv", &text)], &on("2024-01-01")).unwrap();
    graph(&storage)
}

fn own(graph: &Graph, from: &str, to: Option<&str>) -> Owned {
    let view = View::new(graph, Filter::default()).unwrap();
    let regimes = Regimes::builtin();
    let day = date("2026-03-01");
    let mut figures = Figures::new(&view, regimes, day, Conventions::default(), Changes::default()).unwrap();
    let ask = OwnAsk {
        from: view.resolve(from).unwrap(),
        to: to.map(|t| view.resolve(t).unwrap()),
        method: Method::Baldone,
        budget: Budget::default(),
        regime: regimes.get("ofac").unwrap(),
    };
    figures.own(&ask).unwrap()
}

#[test]
fn two_to_the_forty_paths_are_never_listed() {
    let rung = |i: u32| {
        let (top, low) = (format!("R{i}"), format!("R{}", i + 1));
        let one = move |side: &str| {
            let mid = format!("{side}{i}");
            [(top.clone(), mid.clone(), "50"), (mid, low.clone(), "50")]
        };
        [one("A"), one("B")].into_iter().flatten().collect::<Vec<_>>()
    };
    let g = holdings((0..40).flat_map(rung));
    let found = own(&g, "table:R0", Some("table:R40"));
    let exact = Exact::ratio(1, 1 << 40).unwrap();
    assert_eq!(found.positions[0].low, Amount::of(exact));
    assert_eq!(found.positions[0].cascade.as_ref().unwrap().min, Exact::HUNDRED);
    assert_eq!(own(&g, "table:R0", None).positions.len(), 120);
    let view = View::new(&g, Filter::default()).unwrap();
    let day = date("2026-03-01");
    let mut f = Figures::new(&view, Regimes::builtin(), day, Conventions::default(), Changes::default()).unwrap();
    let last = view.resolve("table:R40").unwrap();
    let quarter = Exact::ratio(1, 4).unwrap();
    assert!(f.ubo(last, OwnerRule::Amlr, quarter.clone(), true, Budget::default()).unwrap().certain.is_empty());
    let links = |simple, steps| LinkAsk { threshold: quarter.clone(), simple, steps, limit: 100_000 };
    let whole = f.close_links(&[], &links(false, 10_000_000)).unwrap();
    // From each rung its sides and the next (1/2), the sides and the rung after that (1/4); from
    // each side the next rung, then the next sides and the rung after that.
    let (rungs, sides) = (40 * 3 + 39 * 3, 2 * (40 + 39 * 3));
    assert!(!whole.truncated);
    assert_eq!(whole.pairs.len(), rungs + sides);
    assert!(f.close_links(&[], &links(true, 20_000)).unwrap().truncated, "simple paths are bounded");
}

/// X holds 40 percent of the first of a ring in which each firm holds 60 percent of the next.
pub(crate) fn ring(n: u32) -> Graph {
    let next = |i: u32| (format!("F{i}"), format!("F{}", (i + 1) % n), "60");
    holdings((0..n).map(next).chain([("X".to_owned(), "F0".to_owned(), "40")]))
}

pub(crate) fn ring_holds(g: &Graph, n: usize) {
    let close = |a: &Amount, want: f64| assert!((a.value().unwrap() / want - 1.0).abs() < 1e-9, "{a:?} is not {want}");
    let into = own(g, "table:X", Some("table:F10"));
    close(&into.positions[0].low, 0.4 * 0.6f64.powi(10));
    let all = own(g, "table:F3", None);
    assert_eq!(all.positions.len(), n);
    close(&all.positions[0].low, 0.6);
    let whole = all.positions.iter().filter(|p| p.cascade.as_ref().is_some_and(|c| c.min == Exact::from(60)));
    assert!(whole.count() >= n - 2, "each is held by the one before");
}

#[test]
fn a_long_ring_is_solved() {
    ring_holds(&ring(3_000), 3_000);
}
