//! The arithmetic says what the verdict says: the same numbers, from the same stakes.

use super::account::{Account, Counts};
use super::exact::Exact;
use super::judge::Judge;
use super::regime::{Basis, RegimeKind, Regimes};
use super::{By, Changes, Conventions};
use crate::graph::{Filter, Graph, Node, View};
use crate::import::Input;
use crate::model::PartialDate;
use crate::query::testing::{graph_of, graph_of_files};
use std::path::Path;

fn day(text: &str) -> PartialDate {
    PartialDate::parse(text).unwrap()
}

/// Accounts of all parties under a regime, each held against what `verdicts` says of it.
fn accounts(graph: &Graph, regime: &str, on: &str) -> Vec<Account> {
    accounts_with(graph, regime, on, Conventions::default())
}

fn accounts_with(graph: &Graph, regime: &str, on: &str, conventions: Conventions) -> Vec<Account> {
    let view = View::new(graph, Filter::default()).unwrap();
    let regimes = Regimes::builtin();
    let regime = regimes.get(regime).unwrap();
    let mut judge = Judge::new(&view, regimes, day(on), conventions, Changes::default()).unwrap();
    let nodes: Vec<Node> = graph.nodes().collect();
    let list = judge.accounts(regime, &nodes).unwrap();
    let plain = judge.verdicts(&[regime], &nodes).unwrap().list;
    for (a, v) in list.iter().zip(&plain) {
        assert_eq!(a.verdict, *v, "{}", graph.label(v.node));
        adds_up(a);
    }
    list
}

/// What counted adds up to the sums of the runs, and these to the share of the verdict.
fn adds_up(a: &Account) {
    let (Some(certain), Some(possible), Some(share)) = (&a.certain, &a.possible, &a.verdict.share) else { return };
    for (half, least) in [(certain, Counts::Full), (possible, Counts::Possible)] {
        let Some(sum) = half.sums.iter().find(|s| s.basis == Basis::Shares) else { continue };
        let end = |r: &super::Range| if least == Counts::Full { r.min.clone() } else { r.max.clone() };
        let terms = a.terms.iter().filter(|t| t.by == By::Shares && t.counts <= least).filter_map(|t| t.share.as_ref());
        let more = a.more.iter().filter(|m| m.by == By::Shares && m.counts <= least).map(|m| &m.sum);
        let added = terms.chain(more).fold(Exact::ZERO, |s, r| &s + &end(r));
        assert_eq!(added, sum.plain, "{}: {least:?}", a.verdict.wording);
        let (said, bound) =
            if least == Counts::Full { (&share.min, &sum.bound.value) } else { (&share.max, &sum.bound.value) };
        assert!(said >= bound, "{}", a.verdict.wording);
        if !a.each && certain.principal.is_none() && possible.principal.is_none() {
            assert_eq!(said, bound, "{}", a.verdict.wording);
        }
    }
}

fn lines(graph: &Graph, list: &[Account], id: &str) -> Vec<String> {
    list.iter().find(|a| graph.show_id(graph.id(a.verdict.node)) == id).unwrap().lines(graph)
}

fn shipped(name: &str) -> Graph {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name);
    let mut g = graph_of_files(vec![Input::open(&path).unwrap()]);
    g.home = Some(g.id(g.nodes().next().unwrap()).split(':').next().unwrap().to_owned());
    g
}

#[test]
fn the_examples_of_the_rule_are_spelt_out() {
    let g = shipped("faq-401.json");
    let list = accounts(&g, "ofac", "2024-01-01");
    assert_eq!(
        lines(&g, &list, "ex2-C"),
        [
            "25 held by Example 2, Entity A (owns): counts in full: Example 2, Entity A is blocked",
            "25 held by Example 2, Entity B (owns): counts in full: Example 2, Entity B is blocked",
            "sum: 25 + 25 = 50",
            "the line is at least 50: reached"
        ]
    );
    assert_eq!(
        lines(&g, &list, "ex4-C"),
        [
            "25 held by Example 4, Entity A (owns): counts in full: Example 4, Entity A is blocked",
            "25 held by Example 4, Entity B (owns): counts as 0: Example 4, Entity B is not blocked on the record",
            "sum: 25",
            "the line is at least 50: not reached"
        ]
    );
    assert_eq!(lines(&g, &list, "ex1-X"), ["on a list itself: no share has to be known"]);
}

#[test]
fn every_regime_adds_up_on_the_holding() {
    let g = shipped("holding.json");
    for regime in Regimes::builtin().list.iter().filter(|r| r.kind == RegimeKind::Sanctions) {
        for on in ["2010-01-01", "2016-06-01", "2024-01-01", "2026-01-01"] {
            if regime.rule_on(day(on)).is_ok() {
                let list = accounts(&g, &regime.id, on);
                assert_eq!(list.len(), g.node_count());
                let open =
                    Conventions { unknown_remainder: Some(true), complete: Some(true), ..Conventions::default() };
                accounts_with(&g, &regime.id, on, open);
            }
        }
    }
}

#[test]
fn the_cases_add_up() {
    let Some(data) = std::env::var_os("CUIBONO_TEST_DATA") else { return };
    let folder = Path::new(&data).join("cases/ownership");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let g = graph_of_files(vec![Input::open(&path).unwrap()]);
        let case: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let on = case["as_of"].as_str().unwrap_or("2026-06-01");
        for regime in ["ofac", "eu", "uk", "ca"] {
            if Regimes::builtin().get(regime).unwrap().rule_on(day(on)).is_ok() {
                accounts(&g, regime, on);
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen}");
}

#[test]
fn ranges_ties_and_remainders_are_told() {
    let g = graph_of(
        r#"{"cuibono": 1, "sources": ["t"], "nodes": [
        {"id": "l", "type": "person", "name": "Lister", "listed": [{"list": "*"}]},
        {"id": "m", "type": "person", "name": "Mild"},
        {"id": "a", "type": "company", "name": "Alpha"}, {"id": "b", "type": "company", "name": "Beta"},
        {"id": "c", "type": "company", "name": "Gamma"}, {"id": "d", "type": "company", "name": "Delta"}],
        "edges": [
        {"source": "l", "target": "a", "type": "owns", "share": "25 to 75"},
        {"source": "m", "target": "a", "type": "owns", "share": "40"},
        {"source": "a", "target": "b", "type": "owns", "share": "60"},
        {"source": "l", "target": "b", "type": "owns", "share": null},
        {"source": "b", "target": "b", "type": "owns", "share": "10"},
        {"source": "l", "target": "c", "type": "controls"},
        {"source": "l", "target": "d", "type": "owns", "share": "31"}, {"source": "c", "target": "d", "type": "owns", "share": "20"}]}"#,
    );
    let list = accounts(&g, "ofac", "2024-01-01");
    assert_eq!(
        lines(&g, &list, "a"),
        [
            "25 to 75 held by Lister (owns): counts with 25 at least, 75 at most: Lister is listed",
            "40 held by Mild (owns): counts as 0: Mild is not blocked on the record",
            "at least: 25",
            "at most: 75, but others surely hold 40: 100 - 40 = 60",
            "the line is at least 50: it may be reached"
        ]
    );
    assert_eq!(
        lines(&g, &list, "b"),
        [
            "an unknown share held by Lister (owns): counts with more than 0 at least, 100 at most: Lister is listed",
            "60 held by Alpha (owns): may count, as 0 at least, 60 at most: Alpha may be blocked",
            "its own 10 is held by nobody who counts",
            "at least: more than 0",
            "at most: 100 + 60 = 160, but others surely hold 10: 100 - 10 = 90",
            "the line is at least 50: it may be reached"
        ]
    );
    let eu = accounts(&g, "eu", "2024-01-01");
    assert_eq!(
        lines(&g, &eu, "c"),
        [
            "tie of control by Lister (controls): enough alone: Lister is listed",
            "sum: 0",
            "the line is more than 50: not reached by shares, but control is enough"
        ]
    );
    assert_eq!(lines(&g, &eu, "d").last().unwrap(), "the line is more than 50: reached");
    // The proof is of the same steps.
    let view = View::new(&g, Filter::default()).unwrap();
    let regimes = Regimes::builtin();
    let mut judge = Judge::new(&view, regimes, day("2024-01-01"), Conventions::default(), Changes::default()).unwrap();
    let d = eu.iter().find(|a| g.label(a.verdict.node) == "Delta").unwrap();
    let proof = judge.prove(regimes.get("eu").unwrap(), d.verdict.node).unwrap();
    let mut used: Vec<&str> = proof.chain.steps.last().unwrap().edges.iter().map(|u| u.id.as_str()).collect();
    let mut counted: Vec<&str> =
        d.terms.iter().filter(|t| t.counts == Counts::Full).flat_map(|t| &t.edges).map(String::as_str).collect();
    used.sort_unstable();
    counted.sort_unstable();
    assert_eq!(used, counted);
}

fn document(nodes: &[String], edges: &[String]) -> String {
    let (nodes, edges) = (nodes.join(","), edges.join(","));
    format!(r#"{{"cuibono": 1, "sources": ["t"], "nodes": [{nodes}], "edges": [{edges}]}}"#)
}

#[test]
fn many_holders_are_summed_up() {
    let mut nodes = vec![r#"{"id": "l", "type": "person", "name": "L", "listed": [{"list": "*"}]}"#.to_owned()];
    let mut edges = Vec::new();
    nodes.push(r#"{"id": "t", "type": "company", "name": "T"}"#.to_owned());
    for i in 0..80 {
        nodes.push(format!(r#"{{"id": "p{i}", "type": "company", "name": "P{i}"}}"#));
        edges.push(format!(r#"{{"source": "p{i}", "target": "t", "type": "owns", "share": "1"}}"#));
        if i < 70 {
            edges.push(format!(r#"{{"source": "l", "target": "p{i}", "type": "owns", "share": "100"}}"#));
        }
    }
    let g = graph_of(&document(&nodes, &edges));
    let list = accounts(&g, "ofac", "2024-01-01");
    let lines = lines(&g, &list, "t");
    assert_eq!(lines.len(), 60 + 2 + 2);
    assert_eq!(lines[60], "10 more stakes, together 10, count");
    assert_eq!(lines[61], "10 more stakes, together 10, count as 0");
    assert!(lines[62].ends_with("1 + 1 + 49 more = 70"), "{}", lines[62]);
}

#[test]
fn person_by_person_the_sums_are_of_one_person() {
    let g = graph_of(
        r#"{"cuibono": 1, "sources": ["t"], "nodes": [
        {"id": "a", "type": "person", "name": "Ada", "listed": [{"list": "*"}]},
        {"id": "b", "type": "person", "name": "Bo", "listed": [{"list": "*"}]},
        {"id": "x", "type": "company", "name": "X"}, {"id": "y", "type": "company", "name": "Y"},
        {"id": "z", "type": "company", "name": "Z"}],
        "edges": [
        {"source": "a", "target": "x", "type": "owns", "share": "30"},
        {"source": "b", "target": "x", "type": "owns", "share": null},
        {"source": "a", "target": "y", "type": "owns", "share": "30"},
        {"source": "b", "target": "y", "type": "owns", "share": "10 to 40"},
        {"source": "y", "target": "z", "type": "owns", "share": "100"}]}"#,
    );
    for regime in ["uk", "ca"] {
        let list = accounts(&g, regime, "2025-01-01");
        assert_eq!(
            lines(&g, &list, "x")[..5],
            [
                "counted: the holdings of Bo alone, as the rule goes person by person",
                "an unknown share held by Bo (owns): counts with more than 0 at least, 100 at most: Bo is listed",
                "30 held by Ada (owns): counts as 0: Ada is listed, but each listed party is looked at alone",
                "at least: more than 0",
                "at most: 100, but others surely hold 30: 100 - 30 = 70",
            ],
            "{regime}"
        );
        assert_eq!(
            lines(&g, &list, "x").last().unwrap(),
            "the largest that any listed party has alone is 30 to 70",
            "{regime}"
        );
        let line = if regime == "uk" { "more than" } else { "at least" };
        assert_eq!(
            lines(&g, &list, "y"),
            [
                "counted: the holdings of Ada alone, as the rule goes person by person",
                "30 held by Ada (owns): counts in full: Ada is listed",
                "10 to 40 held by Bo (owns): counts as 0: Bo is listed, but each listed party is looked at alone",
                "sum: 30",
                &format!("the line is {line} 50: not reached"),
                "the largest that any listed party has alone is 30 to 40"
            ],
            "{regime}"
        );
    }
}

#[test]
fn somebody_unknown_is_told_as_such() {
    let g = graph_of(
        r#"{"cuibono": 1, "sources": ["t"], "nodes": [
        {"id": "a", "type": "person", "name": "Ada"},
        {"id": "m", "type": "person", "name": "Mild"},
        {"id": "h", "type": "company", "name": "H"}, {"id": "x", "type": "company", "name": "X"}],
        "edges": [
        {"source": "m", "target": "h", "type": "owns", "share": "10"},
        {"source": "a", "target": "x", "type": "owns", "share": "30"},
        {"source": "h", "target": "x", "type": "owns", "share": "70"}]}"#,
    );
    let open = Conventions { unknown_remainder: Some(true), ..Conventions::default() };
    let list = accounts_with(&g, "uk", "2025-01-01", open);
    assert_eq!(
        lines(&g, &list, "h")[..2],
        [
            "counted: what somebody unknown may hold, as the rule goes person by person",
            "10 held by Mild (owns): counts as 0: Mild is not blocked on the record"
        ]
    );
}

#[test]
fn a_tie_that_decides_is_spelt_out_and_votes_are_summed_up() {
    let mut nodes = vec![r#"{"id": "l", "type": "person", "name": "L", "listed": [{"list": "*"}]}"#.to_owned()];
    nodes.push(r#"{"id": "t", "type": "company", "name": "T"}"#.to_owned());
    let mut edges = vec![r#"{"source": "l", "target": "t", "type": "controls"}"#.to_owned()];
    for i in 0..70 {
        nodes.push(format!(r#"{{"id": "p{i}", "type": "company", "name": "P{i}"}}"#));
        edges.push(format!(r#"{{"source": "l", "target": "p{i}", "type": "owns", "share": "100"}}"#));
        edges.push(format!(r#"{{"source": "p{i}", "target": "t", "type": "owns", "share": "1/10"}}"#));
        edges.push(format!(r#"{{"source": "p{i}", "target": "t", "type": "votes", "share": "1/5"}}"#));
    }
    let g = graph_of(&document(&nodes, &edges));
    let list = accounts(&g, "uk", "2025-01-01");
    let lines = lines(&g, &list, "t");
    assert_eq!(lines[1], "tie of control by L (controls): enough alone: L is listed");
    assert_eq!(lines[2], "0.2 of the votes held by P0 (votes in): counts in full: P0 is blocked");
    assert_eq!(
        lines[61..],
        [
            "11 more stakes in the votes, together 2.2, count",
            "70 more stakes, together 7, count",
            "sum: 7",
            "the line is more than 50: not reached by shares, but control is enough",
            &format!("sum of the votes: {}48 more = 14", "0.2 + ".repeat(12)),
            "the line is more than 50 of the votes: not reached by votes, but control is enough",
        ]
    );
    // What decides is among the terms.
    let t = list.iter().find(|a| g.label(a.verdict.node) == "T").unwrap();
    assert!(t.terms.len() == 60 && t.terms[0].by == By::Control && t.terms[0].counts == Counts::Full);
}
