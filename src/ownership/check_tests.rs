//! Proofs written by hand, and every false variant of them.

use super::check_mutations::mutations;
use super::{
    Aggregation, Basis, Checked, Cover, Joint, Regime, RegimeKind, RegimeList, Regimes, Rule, Test, Wording,
    check_proof,
};
use crate::graph::Graph;
use crate::model::{PartialDate, Percent};
use crate::query::testing::graph_of;
use serde_json::{Value, json};

fn regime(id: &str, inclusive: bool, aggregation: Aggregation, change: impl Fn(&mut Test)) -> Regime {
    let day = |t: &str| PartialDate::parse(t).ok();
    let rule = |name: &str, from, to, test| Rule {
        id: format!("{id}-{name}"),
        from,
        to,
        test,
        citation: String::new(),
        notes: Vec::new(),
        wording: Wording::default(),
    };
    let mut test = Test {
        threshold: Percent::new(50, 1).unwrap(),
        inclusive,
        aggregation,
        basis: vec![Basis::Shares],
        joint: Joint::AnyHolder,
        joint_arrangement: false,
        control: Vec::new(),
        may_control: Vec::new(),
        votes_may_control: false,
    };
    change(&mut test);
    Regime {
        id: id.to_owned(),
        title: id.to_owned(),
        kind: RegimeKind::Sanctions,
        lists: vec![
            RegimeList { list: "l".into(), programs: vec!["P".into()], cover: Cover::Needed },
            RegimeList { list: id.into(), programs: vec![], cover: Cover::Needed },
        ],
        owner_threshold: None,
        rules: vec![
            rule("none", day("2010-01-01"), day("2014-01-01"), None),
            rule("now", day("2014-01-01"), None, Some(test)),
        ],
    }
}

pub(super) fn regimes() -> Regimes {
    let control = |t: &mut Test| t.control = vec!["controls".to_owned()];
    Regimes {
        version: "v1".into(),
        list: vec![
            regime("agg", true, Aggregation::All, |t| t.votes_may_control = true),
            regime("each", false, Aggregation::Each, |t| {
                control(t);
                t.basis.push(Basis::Votes);
                t.joint_arrangement = true;
                t.may_control = vec!["directs".to_owned()];
            }),
            regime("one", false, Aggregation::Each, |_| {}),
            regime("open", true, Aggregation::Unsettled, control),
            regime("all", true, Aggregation::All, |t| {
                control(t);
                t.joint = Joint::AllHolders;
            }),
        ],
    }
}

/// Nodes `id[:listed][ type]` and edges `holder type target share [json]`.
pub(super) fn graph(nodes: &[&str], edges: &[&str]) -> Graph {
    let nodes: Vec<Value> = nodes
        .iter()
        .map(|n| {
            let (head, more) = n.split_once(' ').unwrap_or((n, "{}"));
            let mut v: Value = serde_json::from_str(more).unwrap();
            let (id, listed) = head.split_once('!').map_or((head, false), |(id, _)| (id, true));
            v["id"] = id.into();
            v["name"] = id.into();
            v["type"] = if id >= "S" { "person" } else { "company" }.into();
            if listed {
                v["listed"] = true.into();
            }
            v
        })
        .collect();
    let edges: Vec<Value> = (1..)
        .zip(edges)
        .map(|(i, e)| {
            let mut w = e.splitn(5, ' ');
            let mut next = || w.next().unwrap();
            let (source, kind, target, share) = (next(), next(), next(), next());
            let mut v: Value = serde_json::from_str(w.next().unwrap_or("{}")).unwrap();
            v["id"] = format!("e{i}").into();
            (v["source"], v["type"], v["target"]) = (source.into(), kind.into(), target.into());
            v["share"] = match share.split_once("..") {
                Some((a, b)) => match a.strip_prefix('>') {
                    Some(a) => json!({"exclusive_min": a, "max": b}),
                    None => json!({"min": a, "max": b}),
                },
                None if share == "?" => Value::Null,
                None => share.into(),
            };
            v
        })
        .collect();
    graph_of(
        &json!({"cuibono": 1, "sources": [{"id": "t", "title": "Test"}], "nodes": nodes, "edges": edges}).to_string(),
    )
}

/// `edge holder share [step]`.
fn edges(text: &[&str]) -> Value {
    text.iter()
        .map(|t| {
            let w: Vec<&str> = t.split(' ').collect();
            let mut v = json!({"id": w[0], "holder": w[1], "share_used": w[2], "why": "w", "cites": []});
            if let Some(step) = w.get(3) {
                v["step"] = step.parse::<u64>().unwrap().into();
            }
            v
        })
        .collect()
}

fn step(entity: &str, by: &str, sum: &str, inclusive: bool, e: &[&str]) -> Value {
    json!({"entity": entity, "by": by, "sum": sum, "open": false, "threshold": "50", "inclusive": inclusive, "edges": edges(e)})
}

fn control(entity: &str, edge: &str, holder: &str) -> Value {
    json!({"entity": entity, "by": "control", "edges": [{"id": edge, "holder": holder}]})
}

/// `entity by most [edge holder share]`.
fn set(principal: Option<&str>, entries: &[(&str, &str, &str, bool, &[&str])]) -> Value {
    let one = |(entity, by, most, open, e): &(&str, &str, &str, bool, &[&str])| json!({"entity": entity, "by": by, "most": most, "open": open, "threshold": "50", "edges": edges(e)});
    let mut v = json!({"entities": entries.iter().map(one).collect::<Vec<_>>()});
    if let Some(p) = principal {
        v["principal"] = p.into();
    }
    v
}

pub(super) fn proof(regime: &str, id: &str, verdict: &str, more: Value) -> Value {
    let mut v = json!({
        "cuibono": 1, "id": id, "name": id, "regime": regime, "rule": format!("{regime}-now"), "rules_version": "v1",
        "as_of": "2023-06-01", "known_at": null, "verdict": verdict, "options": {}, "warnings": [], "notes": []
    });
    for (k, x) in more.as_object().unwrap() {
        v[k] = x.clone();
    }
    v
}

pub(super) fn check(graph: &Graph, proof: &Value) -> Checked {
    check_proof(graph, &regimes(), proof).unwrap()
}

/// Accepts the proof and none of its false variants; the number of these.
#[track_caller]
pub(super) fn holds(graph: &Graph, proof: &Value) -> usize {
    let out = check(graph, proof);
    assert!(out.accepted && !out.checked.is_empty(), "{:#?}", out.faults);
    let all = mutations(proof);
    for (what, false_proof) in &all {
        if let Ok(out) = check_proof(graph, &regimes(), false_proof) {
            assert!(!out.accepted, "accepted: {what}");
            assert!(!out.faults.is_empty(), "{what}");
        }
    }
    all.len()
}

#[track_caller]
fn fails(graph: &Graph, proof: &Value, with: &str) {
    let out = check(graph, proof);
    assert!(!out.accepted && out.faults.iter().any(|f| f.contains(with)), "{with}: {:#?}", out.faults);
}

fn faq_3() -> (Graph, Value) {
    let g = graph(&["X!", "A", "B"], &["X owns A 50", "X owns B 10", "A owns B 40"]);
    let steps =
        [step("A", "shares", "50", true, &["e1 X 50"]), step("B", "shares", "50", true, &["e3 A 40 1", "e2 X 10"])];
    (g, proof("agg", "B", "blocked", json!({"steps": steps})))
}

#[test]
fn aggregated_shares_through_a_blocked_firm() {
    let (g, p) = faq_3();
    assert!(holds(&g, &p) > 60);
    let mut same = p.clone();
    same["steps"][0]["sum"] = "100/2".into();
    same["steps"][1]["edges"][0]["id"] = "t:e3".into();
    same["steps"][1]["edges"][1]["share_used"] = "10.00".into();
    assert!(check(&g, &same).accepted, "numbers are compared as numbers, ids bare or whole");
    let out = check(&g, &mutations(&p).into_iter().find(|m| m.0.contains("/steps/1/edges/0/share_used = ")).unwrap().1);
    assert_eq!(out.faults, ["steps[1] (B), steps[1].edges[0]: share_used of edge e3 is 40, not 41"]);
    let mut other = p.clone();
    other["rules_version"] = "v0".into();
    assert!(check(&g, &other).checked[0].contains("v0"));
}

#[test]
fn superfluous_edges_and_steps_are_refused() {
    let g = graph(&["X!", "A", "B"], &["X owns A 60", "X owns B 60", "A owns B 40", "X owns B 60"]);
    let a = step("A", "shares", "60", true, &["e1 X 60"]);
    let b = step("B", "shares", "60", true, &["e2 X 60"]);
    assert!(check(&g, &proof("agg", "B", "blocked", json!({"steps": [b]}))).accepted);
    fails(&g, &proof("agg", "B", "blocked", json!({"steps": [a, b]})), "steps[0] (A): the step can be dropped");
    let both = step("B", "shares", "100", true, &["e2 X 60", "e3 A 40 1"]);
    fails(&g, &proof("agg", "B", "blocked", json!({"steps": [a, both]})), "edge e3 can be dropped");
    let twice = step("B", "shares", "120", true, &["e2 X 60", "e4 X 60"]);
    fails(&g, &proof("agg", "B", "blocked", json!({"steps": [twice]})), "counted already");
    let ring = graph(&["X!", "A", "B"], &["A owns B 60", "B owns A 60"]);
    let steps = [step("A", "shares", "60", true, &["e2 B 60 2"]), step("B", "shares", "60", true, &["e1 A 60 1"])];
    fails(
        &ring,
        &proof("agg", "B", "blocked", json!({"steps": steps})),
        "neither listed nor reached in an earlier step",
    );
}

#[test]
fn edges_must_count() {
    let g = graph(
        &["X!", "A", "S"],
        &[
            "X owns A 60 {\"end\": \"2023-06-01\"}",
            "X owns A 60 {\"status\": \"alleged\", \"stake\": \"a\"}",
            "X owns A 60 {\"act\": \"sought\", \"stake\": \"b\"}",
            "X owns A 60 {\"start\": \"2023\", \"stake\": \"c\"}",
            "X supplies A ? {}",
            "X owns S 60",
            "X owns A 60 {\"stake\": \"d\", \"properties\": {\"former\": \"true\"}}",
            "X owns_or_controls A 60 {\"stake\": \"f\"}",
        ],
    );
    for (edge, why) in [
        ("e1", "not in force"),
        ("e2", "does not pass"),
        ("e3", "not asserted"),
        ("e4", "does not pass"),
        ("e5", "no stake"),
        ("e6", "no edge that leads to the entity"),
        ("e7", "former"),
        ("e8", "does not pass"),
    ] {
        let s = step("A", "shares", "60", true, &[&format!("{edge} X 60")]);
        fails(&g, &proof("agg", "A", "blocked", json!({"steps": [s]})), why);
    }
    let s = step("S", "shares", "60", true, &["e6 X 60"]);
    fails(&g, &proof("agg", "S", "blocked", json!({"steps": [s]})), "a party of type person cannot be owned");
}

#[test]
fn person_by_person() {
    let g = graph(
        &["X!", "Y!", "A", "B", "C", "D"],
        &["X owns A 51", "X owns B 51", "A owns C 26", "B owns C 26", "Y owns C 48", "X owns D 30", "Y owns D 30"],
    );
    let steps = [
        step("A", "shares", "51", false, &["e1 X 51"]),
        step("B", "shares", "51", false, &["e2 X 51"]),
        step("C", "shares", "52", false, &["e3 A 26 1", "e4 B 26 2"]),
    ];
    let p = proof("each", "C", "blocked", json!({"principal": "X", "steps": steps}));
    holds(&g, &p);
    let mut wrong = p.clone();
    wrong["principal"] = "Y".into();
    fails(&g, &wrong, "the holder X is neither listed");
    let sets = [
        set(Some("X"), &[("D", "shares", "30", false, &["e6 X 30"]), ("Y", "none", "0", false, &[])]),
        set(Some("Y"), &[("D", "shares", "30", false, &["e7 Y 30"]), ("X", "none", "0", false, &[])]),
    ];
    let p = proof("each", "D", "not_blocked", json!({"sets": sets}));
    holds(&g, &p);
    fails(&g, &proof("each", "D", "not_blocked", json!({"sets": [sets[0]]})), "no closed set for the listed party Y");
    let s = step("D", "shares", "60", true, &["e6 X 30", "e7 Y 30"]);
    holds(&g, &proof("agg", "D", "blocked", json!({"steps": [s]})));
    let possible = json!({"steps": [s]});
    let not_certain = json!({"sets": sets});
    let p = proof("open", "D", "indeterminate", json!({"possible": possible, "not_certain": not_certain}));
    holds(&g, &p);
}

#[test]
fn parties_to_an_arrangement_count_together() {
    let ja = "{\"joint_arrangement\": \"j\"}";
    let g = graph(&[&format!("X! {ja}"), &format!("S {ja}"), "T", "A"], &["X owns A 30", "S owns A 30", "T owns A 30"]);
    let s = step("A", "shares", "60", false, &["e1 X 30", "e2 S 30"]);
    holds(&g, &proof("each", "A", "blocked", json!({"principal": "X", "steps": [s]})));
    let s = step("A", "shares", "60", false, &["e1 X 30", "e3 T 30"]);
    fails(&g, &proof("each", "A", "blocked", json!({"principal": "X", "steps": [s]})), "the holder T is neither");
    let entries: [(&str, &str, &str, bool, &[&str]); 3] =
        [("A", "shares", "30", false, &["e1 X 30"]), ("S", "none", "0", false, &[]), ("T", "none", "0", false, &[])];
    let p = proof("each", "A", "not_blocked", json!({"sets": [set(Some("X"), &entries)]}));
    fails(&g, &p, "a party that counts from the start");
}

#[test]
fn joint_holdings() {
    let joint = "{\"joint\": \"j\"}";
    let g = graph(&["X!", "U", "A"], &[&format!("X owns A 50 {joint}"), &format!("U owns A 50 {joint}")]);
    let s = step("A", "shares", "50", true, &["e1 X 50"]);
    holds(&g, &proof("agg", "A", "blocked", json!({"steps": [s]})));
    let mut all = proof("all", "A", "blocked", json!({"steps": [s]}));
    fails(&g, &all, "not all holders that it takes count");
    let entries: [(&str, &str, &str, bool, &[&str]); 2] =
        [("A", "shares", "0", false, &[]), ("U", "none", "0", false, &[])];
    all = proof("all", "A", "not_blocked", json!({"sets": [set(None, &entries)]}));
    holds(&g, &all);
    fails(&g, &proof("agg", "A", "not_blocked", json!({"sets": [set(None, &entries)]})), "passes the threshold");
}

#[test]
fn own_shares_taken_out() {
    let g = graph(&["X!", "A {\"treasury\": \"exclude\"}"], &["X owns A 40", "A owns A 20"]);
    let mut s = step("A", "shares", "50", true, &["e1 X 50"]);
    s["treasury"] = "20".into();
    let p = proof("agg", "A", "blocked", json!({"steps": [s]}));
    holds(&g, &p);
    let mut left = p.clone();
    left["options"] = json!({"treasury": "ignore"});
    fails(&g, &left, "share_used of edge e1 is 40");
    let g = graph(&["X!", "A"], &["X owns A 40", "A owns A 20"]);
    let mut asked = p.clone();
    asked["options"] = json!({"treasury": "exclude"});
    holds(&g, &asked);
    let own = step("A", "shares", "60", true, &["e1 X 40", "e2 A 20"]);
    fails(&g, &proof("agg", "A", "blocked", json!({"steps": [own]})), "neither listed nor reached");
}

#[test]
fn what_others_hold_caps_and_fills() {
    // At most 55 is left for X, who may hold up to 70.
    let g = graph(&["X!", "U", "A"], &["X owns A 20..70", "U owns A 45"]);
    let mut s = step("A", "shares", "55", true, &["e1 X 70"]);
    s["outside"] = "45".into();
    let sets = [set(None, &[("A", "shares", "20", false, &["e1 X 20"]), ("U", "none", "0", false, &[])])];
    let more = json!({"possible": {"steps": [s]}, "not_certain": {"sets": sets}, "missing": ["e1"]});
    let p = proof("agg", "A", "indeterminate", more);
    holds(&g, &p);
    let mut bare = p.clone();
    bare["possible"]["steps"][0].as_object_mut().unwrap().remove("outside");
    fails(&g, &bare, "outside is missing; it is 45");
    let mut closed = p.clone();
    closed["missing"] = json!(["e2"]);
    fails(&g, &closed, "edge e2 leaves nothing open");
    // Where all holders are known, X surely has what the others cannot have.
    let g = graph(&["X!", "U", "A {\"complete\": true}"], &["X owns A 20..70", "U owns A 45"]);
    let mut s = step("A", "shares", "55", true, &["e1 X 20"]);
    s["outside"] = "45".into();
    holds(&g, &proof("agg", "A", "blocked", json!({"steps": [s]})));
    // 60 in other hands is proof enough even where not everything is on record.
    let open = "{\"unknown_remainder\": \"indeterminate\"}";
    let g =
        graph(&["X!", "U", &format!("A {open}"), &format!("B {open}")], &["X owns A ?", "U owns A 60", "U owns B 50"]);
    let entries: [(&str, &str, &str, bool, &[&str]); 2] =
        [("A", "shares", "40", false, &["e1 X 100"]), ("U", "none", "0", false, &[])];
    holds(&g, &proof("all", "A", "not_blocked", json!({"sets": [set(None, &entries)]})));
    let entries: [(&str, &str, &str, bool, &[&str]); 2] =
        [("B", "shares", "50", false, &[]), ("U", "none", "0", false, &[])];
    fails(&g, &proof("all", "B", "not_blocked", json!({"sets": [set(None, &entries)]})), "passes the threshold");
    // So may anyone hold what is not on record, also person by person.
    let nobody = set(None, &entries);
    let p = proof("one", "B", "not_blocked", json!({"sets": [nobody]}));
    assert!(check(&g, &p).accepted, "50 is not more than 50");
    fails(&g, &proof("one", "B", "not_blocked", json!({"sets": []})), "no closed set for somebody unknown");
    let g = graph(&["X!", "U", &format!("B {open}")], &["U owns B 49"]);
    let mut more = p.clone();
    more["sets"][0]["entities"][0]["most"] = "51".into();
    fails(&g, &more, "passes the threshold");
}

#[test]
fn rings_do_not_hold_themselves() {
    let g = graph(&["X!", "A", "B"], &["A owns B 60", "B owns A 60", "X owns A 30"]);
    let entries: [(&str, &str, &str, bool, &[&str]); 2] =
        [("A", "shares", "30", false, &["e3 X 30"]), ("B", "shares", "0", false, &[])];
    let p = proof("agg", "A", "not_blocked", json!({"sets": [set(None, &entries)]}));
    holds(&g, &p);
    let p = proof("agg", "A", "not_blocked", json!({"sets": [set(None, &entries[..1])]}));
    fails(&g, &p, "90 held from outside the set passes");
    let bad: [(&str, &str, &str, bool, &[&str]); 3] = [entries[0], entries[1], ("X", "none", "0", false, &[])];
    fails(&g, &proof("agg", "A", "not_blocked", json!({"sets": [set(None, &bad)]})), "counts from the start");
}

#[test]
fn control_and_votes() {
    let g = graph(
        &["X!", "A", "B", "C"],
        &["X controls A ?", "A votes_in B 51", "X votes_in C 51", "X directs C ?", "X parent_of B ?"],
    );
    let steps = [control("A", "e1", "X"), step("B", "votes", "51", false, &["e2 A 51 1"])];
    holds(&g, &proof("each", "B", "blocked", json!({"principal": "X", "steps": steps})));
    let directs = proof("each", "C", "blocked", json!({"principal": "X", "steps": [control("C", "e4", "X")]}));
    fails(&g, &directs, "edge e4 is not certain");
    // Where votes are no basis, a majority of them may be control and settles nothing.
    let s = step("C", "votes", "51", false, &["e3 X 51"]);
    let sets = [set(None, &[("C", "shares", "0", false, &[])])];
    let halves = json!({"possible": {"steps": [s]}, "not_certain": {"sets": sets}});
    holds(&g, &proof("agg", "C", "indeterminate", halves));
    fails(&g, &proof("agg", "C", "blocked", json!({"steps": [s]})), "the rule does not go by votes");
    fails(&g, &proof("agg", "C", "not_blocked", json!({"sets": sets})), "passes the threshold");
    fails(
        &g,
        &proof("all", "A", "not_blocked", json!({"sets": [set(None, &[("A", "shares", "0", false, &[])])]})),
        "controls it (edge e1)",
    );
    // "Parent of" may be both: a stake of any size, and control.
    let tie = json!({"steps": [control("B", "e5", "X")]});
    let halves = json!({"possible": tie, "not_certain": {"sets": [
        set(None, &[("B", "shares", "0", false, &["e5 X 0"])])]}, "missing": ["e5"]});
    holds(&g, &proof("all", "B", "indeterminate", halves));
}

#[test]
fn ranges_and_reports() {
    // Two bands surely pass together: each is more than 25.
    let g = graph(&["X!", "Y!", "A"], &["X owns A >25..50", "Y owns A >25..50"]);
    let mut s = step("A", "shares", "50", true, &["e1 X 25", "e2 Y 25"]);
    s["open"] = true.into();
    holds(&g, &proof("agg", "A", "blocked", json!({"steps": [s]})));
    // Two reports of one stake are cut; the edge named is the one the bound rests on.
    let g = graph(&["X!", "A"], &["X owns A 50..75", "X owns A 25..60"]);
    let s = step("A", "shares", "50", true, &["e1 X 50"]);
    holds(&g, &proof("agg", "A", "blocked", json!({"steps": [s]})));
    let s = step("A", "shares", "50", true, &["e2 X 50"]);
    fails(&g, &proof("agg", "A", "blocked", json!({"steps": [s]})), "not the report that the share used rests on");
    // A summary of a chain on record is not added to it.
    let g = graph(&["X!", "A", "B"], &["X owns A 50", "A owns B 20", "X owns B 60 {\"direct\": \"indirect\"}"]);
    let s = step("B", "shares", "60", true, &["e3 X 60"]);
    fails(&g, &proof("agg", "B", "blocked", json!({"steps": [s]})), "edge e3 sums up a chain that is on record");
}

#[test]
fn listings_and_days() {
    let listed = r#"{"listed": [{"list": "l", "from": "2015-01-01", "to": "2023-06-02", "programs": ["P"]},
        {"list": "l", "from": "2016", "programs": ["Q"]}]}"#
        .replace('\n', "");
    let may = r#"{"listed": [{"list": "agg", "from": "2023"}]}"#;
    let g = graph(&[&format!("X {listed}"), &format!("Y {may}"), "A"], &["Y owns A 60"]);
    let claim = json!({"listings": [{"list": "l", "from": "2015-01-01", "to": "2023-06-02", "cites": []}]});
    let p = proof("agg", "X", "listed", claim);
    holds(&g, &p);
    let mut late = p.clone();
    late["as_of"] = "2023-06-02".into();
    fails(&g, &late, "does surely count on the day");
    let mut month = p.clone();
    month["as_of"] = "2023-06".into();
    fails(&g, &month, "does surely count on the day");
    let other = json!({"listings": [{"list": "l", "from": "2016", "to": null}]});
    fails(&g, &proof("agg", "X", "listed", other), "does surely count");
    // A listing of some day in 2023 is possible in June, and so is what it leads to.
    let none =
        json!({"possible": {"steps": []}, "not_certain": {"sets": [set(None, &[("Y", "none", "0", false, &[])])]}});
    holds(&g, &proof("agg", "Y", "indeterminate", none));
    let s = step("A", "shares", "60", true, &["e1 Y 60"]);
    fails(&g, &proof("agg", "A", "blocked", json!({"steps": [s]})), "the holder Y is neither listed");
    let entries: [(&str, &str, &str, bool, &[&str]); 2] =
        [("A", "shares", "0", false, &[]), ("Y", "none", "0", false, &[])];
    let halves = json!({"possible": {"steps": [s]}, "not_certain": {"sets": [set(None, &entries)]}});
    holds(&g, &proof("agg", "A", "indeterminate", halves));
    // Before the test came into force only listed parties are affected.
    let mut before = proof("agg", "A", "not_blocked", json!({"as_of": "2012-01-01", "rule": "agg-none"}));
    assert!(check(&g, &before).accepted);
    before["rule"] = "agg-now".into();
    fails(&g, &before, "on 2012-01-01 the rule agg-none is in force");
}

#[test]
fn what_is_missing_is_described_rightly() {
    let g = graph(&["X!", "A"], &["X owns A >20..70"]);
    let s = step("A", "shares", "70", true, &["e1 X 70"]);
    let sets = [set(None, &[("A", "shares", "20", true, &["e1 X 20"])])];
    let fact = json!({"edge": "e1", "entity": "A", "holder": "X", "low": "20", "low_excluded": true, "high": "70"});
    let more = json!({"possible": {"steps": [s]}, "not_certain": {"sets": sets}, "missing": [fact],
        "listings": [{"entity": "X", "list": "*", "from": null, "to": null}]});
    let p = proof("agg", "A", "indeterminate", more);
    holds(&g, &p);
    let mut closed = p.clone();
    closed["missing"][0]["low_excluded"] = false.into();
    fails(&g, &closed, "missing[0]: edge e1: its stake is known to be 20 to 70");
    let mut turned = p.clone();
    turned["missing"][0]["holder"] = "A".into();
    fails(&g, &turned, "edge e1 does not lead from A");
    let mut supposed = p.clone();
    supposed["supposed"] = true.into();
    fails(&g, &supposed, "rests on suppositions");
}

#[test]
fn malformed_proofs_are_errors_with_their_element() {
    let (g, p) = faq_3();
    for (at, value, element) in [
        ("/steps/1/edges/0/share_used", json!("forty"), "steps[1].edges[0].share_used"),
        ("/steps/1/edges/0/share_used", json!(40), "steps[1].edges[0].share_used"),
        ("/steps/0/open", json!("no"), "steps[0].open"),
        ("/steps", json!({}), "steps"),
        ("/steps/0", json!(1), "steps[0]"),
        ("/as_of", json!(null), "the whole"),
        ("/verdict", json!("maybe"), "verdict"),
        ("/cuibono", json!(0), "cuibono"),
        ("/options", json!({"treasury": "sell"}), "options.treasury"),
    ] {
        let mut bad = p.clone();
        *bad.pointer_mut(at).unwrap() = value;
        let e = check_proof(&g, &regimes(), &bad).unwrap_err();
        assert_eq!(e.place().unwrap().element.as_deref(), Some(element), "{e}");
    }
    assert!(check_proof(&g, &regimes(), &json!([])).is_err());
}

#[test]
fn only_what_was_known_counts() {
    let (g, mut p) = faq_3();
    p["known_at"] = "2023-12-31".into();
    fails(&g, &p, "edge e3 is no edge that leads to the entity");
    p["known_at"] = "2024-01-01".into();
    assert!(check(&g, &p).accepted);
}

#[test]
fn lows_over_the_whole_cap_nothing() {
    // 60 + 50 cannot be: what is left for X is not reasoned about.
    let g = graph(&["X!", "U", "V", "A"], &["X owns A 0..60", "U owns A 60", "V owns A 50"]);
    let s = step("A", "shares", "60", true, &["e1 X 60"]);
    let entries: [(&str, &str, &str, bool, &[&str]); 3] =
        [("A", "shares", "0", false, &[]), ("U", "none", "0", false, &[]), ("V", "none", "0", false, &[])];
    let halves = json!({"possible": {"steps": [s]}, "not_certain": {"sets": [set(None, &entries)]}, "missing": ["e1"]});
    holds(&g, &proof("agg", "A", "indeterminate", halves));
    let mut capped = s.clone();
    capped["sum"] = "0".into();
    capped["outside"] = "110".into();
    fails(&g, &proof("agg", "A", "indeterminate", json!({"possible": {"steps": [capped]}})), "sum is 60, not 0");
}
