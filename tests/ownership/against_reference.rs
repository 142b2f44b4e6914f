//! Random documents: the program against the reference, and properties that hold of any rule.

use super::figures::{self, Method};
use super::program;
use super::random::{Question, Random, question};
use super::reading::{Q, number};
use super::reference::{Findings, judge, judge_by_rounds};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// How many documents are tried.
fn cases() -> u64 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(100)
}

/// Verdict, share, missing edges and warnings of one party.
type Line = (String, Option<(String, String)>, Vec<String>, Vec<String>);

/// THE PROGRAM'S ANSWER: verdicts on all parties of a document under one regime on a day.
/// Exchange the body here to ask the library itself. Warnings that belong to no party in
/// particular may stand under any. A failure of the program is a difference like any other.
fn solve(doc_text: &str, regime: &str, day: &str) -> Result<BTreeMap<String, Line>, String> {
    let doc: Value = serde_json::from_str(doc_text).unwrap();
    let found = program::verdicts(&doc, &[regime], Some(day))?;
    let mut warnings: Vec<String> = found.warnings.into_iter().collect();
    let said = found.by_regime.into_values().flatten();
    let line = |(id, s): (String, program::Said)| {
        let share = s.share.map(|(a, b)| (a.to_string(), b.to_string()));
        (id, (s.verdict, share, s.missing.into_iter().collect(), std::mem::take(&mut warnings)))
    };
    Ok(said.map(line).collect())
}

/// One party's line in comparable form, without the warnings.
type Plain = (String, Option<(Q, Q)>, BTreeSet<String>);
type Answer = (BTreeMap<String, Plain>, BTreeSet<String>);

fn of_program(doc: &Value, regime: &str, day: &str) -> Result<Answer, String> {
    let text = |t: &String| number(&Value::String(t.clone()));
    let (mut parties, mut warnings) = (BTreeMap::new(), BTreeSet::new());
    for (id, (verdict, share, missing, warned)) in solve(&doc.to_string(), regime, day)? {
        warnings.extend(warned);
        parties.insert(id, (verdict, share.map(|(a, b)| (text(&a), text(&b))), missing.into_iter().collect()));
    }
    Ok((parties, warnings))
}

fn of_reference(found: Findings) -> Answer {
    let line = |(id, f): (String, super::reference::Finding)| (id, (f.verdict.to_owned(), f.share, f.missing));
    (found.parties.into_iter().map(line).collect(), found.warnings)
}

/// What differs between two answers, or why there is none.
fn differ(left: Result<Answer, String>, right: Result<Answer, String>) -> Option<String> {
    match (left, right) {
        (Err(e), _) | (_, Err(e)) => Some(e),
        (Ok(l), Ok(r)) => difference(&l, &r),
    }
}

/// What differs, in words.
fn difference(left: &Answer, right: &Answer) -> Option<String> {
    let ids: BTreeSet<&String> = left.0.keys().chain(right.0.keys()).collect();
    let show = |line: Option<&Plain>| match line {
        None => "nothing".to_owned(),
        Some((v, s, m)) => {
            let share = s.as_ref().map_or("no share".to_owned(), |(a, b)| format!("{a} to {b}"));
            format!("{v}, {share}, missing {m:?}")
        }
    };
    let mut all: Vec<String> = ids
        .into_iter()
        .filter(|id| left.0.get(*id) != right.0.get(*id))
        .map(|id| format!("{id}: {} | {}", show(left.0.get(id)), show(right.0.get(id))))
        .collect();
    if left.1 != right.1 {
        all.push(format!("warnings: {:?} | {:?}", left.1, right.1));
    }
    (!all.is_empty()).then(|| all.join("\n"))
}

/// The document without one edge, one lone party, one member of either or one of its own, each.
fn smaller(doc: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    let items = |key: &str| doc[key].as_array().unwrap();
    for i in 0..items("edges").len() {
        let mut d = doc.clone();
        d["edges"].as_array_mut().unwrap().remove(i);
        all.push(d);
    }
    for (i, n) in items("nodes").iter().enumerate().filter(|_| items("nodes").len() > 1) {
        if items("edges").iter().all(|e| e["source"] != n["id"] && e["target"] != n["id"]) {
            let mut d = doc.clone();
            d["nodes"].as_array_mut().unwrap().remove(i);
            all.push(d);
        }
    }
    for key in ["treasury", "complete", "unknown_remainder"] {
        let mut d = doc.clone();
        all.extend(d.as_object_mut().unwrap().remove(key).map(|_| d));
    }
    for (key, kept) in [("edges", &["id", "source", "target", "type", "share"][..]), ("nodes", &["id", "type"])] {
        for (i, one) in items(key).iter().enumerate() {
            for member in one.as_object().unwrap().keys().filter(|m| !kept.contains(&m.as_str())) {
                let mut d = doc.clone();
                d[key][i].as_object_mut().unwrap().remove(member);
                all.push(d);
            }
        }
    }
    all
}

/// Removes what can be removed while the document still fails.
fn shrink(mut doc: Value, fails: &dyn Fn(&Value) -> Option<String>) -> (Value, String) {
    let mut why = fails(&doc).expect("only failing documents are shrunk");
    // What the program refuses is no smaller form of a wrong answer, nor the other way round.
    let refused = |why: &str| why.starts_with(program::FAILED);
    let kind = refused(&why);
    let fails = |d: &Value| fails(d).filter(|w| refused(w) == kind);
    while let Some((d, w)) = smaller(&doc).into_iter().find_map(|d| fails(&d).map(|w| (d, w))) {
        (doc, why) = (d, w);
    }
    (doc, why)
}

/// The document, an edge or a party to a line.
fn pretty(doc: &Value) -> String {
    let lines = |key: &str| {
        let all: Vec<String> = doc[key].as_array().unwrap().iter().map(|v| format!("  {v}")).collect();
        format!("\"{key}\": [\n{}\n]", all.join(",\n"))
    };
    let rest = doc.as_object().unwrap().iter().filter(|(k, _)| *k != "nodes" && *k != "edges");
    let head: Vec<String> = rest.map(|(k, v)| format!("\"{k}\": {v}")).collect();
    format!("{{{}, {},\n{}}}", head.join(", "), lines("nodes"), lines("edges"))
}

/// Checks something of many documents, each under its regimes; shows the smallest failure.
fn check(what: &str, fails: impl Fn(&Value, &str, &str) -> Option<String>) {
    for seed in 0..cases() {
        let Question { doc, day, regimes } = question(seed);
        for regime in regimes {
            let fails = |d: &Value| fails(d, regime, &day);
            if fails(&doc).is_some() {
                let (small, why) = shrink(doc, &fails);
                panic!("seed {seed}, {regime} on {day}: {what}\n{}\n{why}", pretty(&small));
            }
        }
    }
}

fn rank(verdict: &str) -> usize {
    ["not_blocked", "indeterminate", "blocked", "listed"].iter().position(|v| *v == verdict).unwrap()
}

/// Lists one party more, everywhere; says who is better off by it.
fn better_off(doc: &Value, answer: &dyn Fn(&Value) -> Result<Answer, String>) -> Option<String> {
    let answer = |d: &Value| answer(d).map(|a| a.0);
    let nodes = doc["nodes"].as_array().unwrap();
    let i = (doc.to_string().len() % nodes.len().max(1)).min(nodes.len().checked_sub(1)?);
    let mut more = doc.clone();
    more["nodes"][i]["listed"] = Value::Bool(true);
    let (before, after) = match (answer(doc), answer(&more)) {
        (Ok(before), Ok(after)) => (before, after),
        (Err(e), _) | (_, Err(e)) => return Some(e),
    };
    let worse = |(id, line): (&String, &Plain)| {
        let now = after.get(id).map_or("nothing", |l| l.0.as_str());
        (rank(now) < rank(&line.0)).then(|| format!("{id}: {} | {now} once {} is listed", line.0, nodes[i]["id"]))
    };
    before.iter().find_map(worse)
}

/// Nodes and edges in another order.
fn shuffled(doc: &Value) -> Value {
    let mut r = Random::new(doc.to_string().len() as u64);
    let mut other = doc.clone();
    for key in ["nodes", "edges"] {
        r.shuffle(other[key].as_array_mut().unwrap());
    }
    other
}

#[test]
fn all_sets_and_rounds_agree() {
    check("all sets | rounds", |doc, regime, day| {
        difference(&of_reference(judge(doc, regime, day)), &of_reference(judge_by_rounds(doc, regime, day)))
    });
}

#[test]
fn the_reference_keeps_its_properties() {
    check("listing one more makes nobody better off", |doc, regime, day| {
        better_off(doc, &|d| Ok(of_reference(judge_by_rounds(d, regime, day))))
    });
    check("as given | in another order", |doc, regime, day| {
        let answer = |d| of_reference(judge_by_rounds(d, regime, day));
        difference(&answer(doc), &answer(&shuffled(doc)))
    });
}

#[test]
fn random_documents_reach_every_verdict() {
    let mut seen: BTreeMap<&'static str, usize> = BTreeMap::new();
    let mut warned = 0;
    for seed in 0..200 {
        let q = question(seed);
        for regime in &q.regimes {
            let found = judge_by_rounds(&q.doc, regime, &q.day);
            warned += found.warnings.len();
            found.parties.values().for_each(|f| *seen.entry(f.verdict).or_insert(0) += 1);
        }
    }
    assert!(seen.len() == 4 && seen.values().all(|n| *n > 100) && warned > 30, "{seen:?}, {warned} warnings");
}

/// A document without one feature.
fn without(doc: &Value, feature: &str) -> Value {
    let mut d = doc.clone();
    let edges = d["edges"].as_array_mut().unwrap();
    match feature {
        "votes" | "controls" | "owns_or_controls" | "parent_of" => edges.retain(|e| e["type"] != feature),
        "range" => edges.retain(|e| !e["share"].is_object()),
        "own" => edges.retain(|e| e["source"] != e["target"]),
        "second report" => {
            let mut seen = BTreeSet::new();
            edges.retain(|e| seen.insert(["source", "target", "type", "stake"].map(|k| e[k].to_string())));
        }
        member => {
            let nodes = doc["nodes"].as_array().unwrap().len();
            (0..edges.len()).for_each(|i| drop(d["edges"][i].as_object_mut().unwrap().remove(member)));
            (0..nodes).for_each(|i| drop(d["nodes"][i].as_object_mut().unwrap().remove(member)));
            d.as_object_mut().unwrap().remove(member);
        }
    }
    d
}

/// Random documents that would find no slip in a feature would be no test of it.
#[test]
fn every_feature_decides_something() {
    let features = "votes controls owns_or_controls parent_of range own stake joint start end status act properties \
                    direct joint_arrangement treasury complete unknown_remainder";
    let mut decided: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..300 {
        let q = question(seed);
        for regime in &q.regimes {
            let verdicts = |d: &Value| judge_by_rounds(d, regime, &q.day).parties.into_values().map(|f| f.verdict);
            let whole: Vec<&str> = verdicts(&q.doc).collect();
            for feature in features.split_whitespace().chain(["second report"]) {
                let d = without(&q.doc, feature);
                let changed = d != q.doc && !verdicts(&d).eq(whole.iter().copied());
                *decided.entry(feature).or_insert(0) += usize::from(changed);
            }
        }
    }
    assert!(decided.values().all(|n| *n >= 3), "{decided:?}");
}

#[test]
fn failures_are_shown_small() {
    let named = |d: &Value| d["edges"].as_array().unwrap().iter().any(|e| e["target"] == "F1").then(String::new);
    let q = (0..).map(question).find(|q| named(&q.doc).is_some()).unwrap();
    let (small, _) = shrink(q.doc, &named);
    assert_eq!(small["edges"].as_array().unwrap().len(), 1, "{small}");
    assert!(small["nodes"].as_array().unwrap().len() <= 2, "{small}");
}

#[test]
fn the_program_agrees_with_the_reference() {
    check("program | reference", |doc, regime, day| {
        differ(of_program(doc, regime, day), Ok(of_reference(judge(doc, regime, day))))
    });
}

#[test]
fn the_program_keeps_the_properties() {
    check("listing one more makes nobody better off", |doc, regime, day| {
        better_off(doc, &|d| of_program(d, regime, day))
    });
    check("as given | in another order", |doc, regime, day| {
        differ(of_program(doc, regime, day), of_program(&shuffled(doc), regime, day))
    });
}

/// The document with nothing but exact, undisputed shares, each reported once.
fn exact(doc: &Value) -> Value {
    let features = ["joint", "stake", "direct", "status", "act", "properties", "treasury", "complete", "second report"];
    let mut d = features.iter().fold(doc.clone(), |d, f| without(&d, f));
    d["edges"].as_array_mut().unwrap().retain(|e| e["type"] == "owns" && e["share"].is_string());
    d
}

#[test]
fn figures_agree_with_the_reference() {
    for seed in 0..cases() / 2 {
        let doc = question(seed).doc;
        let (doc, day) = (["start", "end"].iter().fold(exact(&doc), |d, f| without(&d, f)), "2025-01-15");
        let fails = |d: &Value| {
            let answer = match program::ask(d, &["controls", "--all", "--as-of", day]) {
                Ok(v) => v,
                Err(e) => return Some(e),
            };
            let found =
                answer["controls"].as_object().into_iter().flatten().map(|(k, v)| (k.clone(), program::texts(v)));
            let found: BTreeMap<_, _> = found.filter(|(_, c)| !c.is_empty()).collect();
            let expected = figures::control(d, day);
            if found != expected {
                return Some(format!("control: {found:?} | {expected:?}"));
            }
            let ids: Vec<&str> = d["nodes"].as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap()).collect();
            let (first, middle, last) = (ids[0], ids[ids.len() / 2], ids[ids.len() - 1]);
            for (from, to) in [(first, middle), (first, last), (last, middle), (last, last)] {
                for (method, name) in [(Method::Walk, "walk"), (Method::Baldone, "baldone")] {
                    let v = match program::ask(d, &["own", from, to, "--method", name, "--as-of", day]) {
                        Ok(v) => v,
                        Err(e) => return Some(e),
                    };
                    let found = v["integrated"].is_object().then(|| number(&v["integrated"]["exact"]));
                    let expected = figures::integrated(d, day, from, to, method);
                    if found != expected {
                        return Some(format!("{name} {from} {to}: {found:?} | {expected:?}"));
                    }
                }
            }
            None
        };
        if fails(&doc).is_some() {
            let (small, why) = shrink(doc, &fails);
            panic!("seed {seed}: program | reference\n{}\n{why}", pretty(&small));
        }
    }
}
