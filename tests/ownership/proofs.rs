//! Proofs, held against the checker: true ones are accepted, false ones are not.

use super::cases;
use super::mutations::mutations;
use super::random::{Question, question};
use crate::support::{date, graph, import_texts, memory, on};
use cuibono::graph::{Filter, Graph, Node, View};
use cuibono::ownership::{Changes, Conventions, Judge, Regime, Regimes, check_proof};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The graph of a document, its ids shown bare.
fn graph_of(doc: &Value) -> Graph {
    let storage = memory();
    let outcome = import_texts(&storage, &[("doc.json", &doc.to_string())], &on("2023-01-01")).unwrap();
    let mut g = graph(&storage);
    g.home = Some(outcome.source);
    g
}

fn view(g: &Graph) -> View<'_> {
    View::new(g, Filter::default()).unwrap()
}

fn judge<'v, 'g>(view: &'v View<'g>, day: &str, asked: Conventions) -> Judge<'v, 'g, 'static> {
    Judge::new(view, Regimes::builtin(), date(day), asked, Changes::default()).unwrap()
}

/// Conventions that a question sets over those of the document, mostly none.
fn conventions(seed: u64) -> Conventions {
    let none = Conventions::default();
    match seed % 10 {
        6 => Conventions { treasury_exclude: Some(seed % 20 == 6), ..none },
        7 => Conventions { complete: Some(true), ..none },
        8 => Conventions { unknown_remainder: Some(true), ..none },
        9 => Conventions { unknown_remainder: Some(false), complete: Some(false), treasury_exclude: Some(true) },
        _ => none,
    }
}

/// The verdict on a party as `verdict` gives it.
fn verdict(g: &Graph, regime: &'static Regime, day: &str, asked: Conventions, n: Node) -> &'static str {
    let view = view(g);
    judge(&view, day, asked).verdicts(&[regime], &[n]).unwrap().list[0].outcome.as_str()
}

/// Proofs of all parties of a graph, each with its verdict.
fn proofs(g: &Graph, regime: &'static Regime, day: &str, asked: Conventions) -> Vec<(Node, Value)> {
    let view = view(g);
    let mut judge = judge(&view, day, asked);
    g.nodes()
        .map(|n| {
            let mut all = Map::from_iter([("cuibono".to_owned(), json!(1))]);
            all.extend(judge.prove(regime, n).unwrap().json(g));
            (n, Value::Object(all))
        })
        .collect()
}

/// Why a proof is refused.
fn refused(g: &Graph, proof: &Value) -> Option<String> {
    match check_proof(g, Regimes::builtin(), proof) {
        Ok(found) if found.accepted => None,
        Ok(found) => Some(found.faults.join("\n  ")),
        Err(e) => Some(e.to_string()),
    }
}

/// The edges that a positive proof cites; none where its sums rest on stakes that it does not name.
fn cited(proof: &Value) -> Option<BTreeSet<String>> {
    let steps = proof["steps"].as_array()?;
    let bare = |s: &Value| s["outside"].is_null() && s["treasury"].is_null();
    let edges = steps.iter().flat_map(|s| s["edges"].as_array().unwrap());
    steps.iter().all(bare).then(|| edges.map(|e| e["id"].as_str().unwrap().to_owned()).collect())
}

/// The document with some of its edges only, and no options.
fn reduced(doc: &Value, keep: &BTreeSet<String>) -> Value {
    let mut d = doc.clone();
    d["edges"].as_array_mut().unwrap().retain(|e| keep.contains(e["id"].as_str().unwrap()));
    for option in ["treasury", "complete", "unknown_remainder"] {
        d.as_object_mut().unwrap().remove(option);
        for n in d["nodes"].as_array_mut().unwrap() {
            n.as_object_mut().unwrap().remove(option);
        }
    }
    d
}

fn blocked(doc: &Value, regime: &'static Regime, day: &str, id: &str) -> bool {
    let g = graph_of(doc);
    let n = g.find_id(&format!("{}:{id}", g.home.as_ref().unwrap())).unwrap();
    verdict(&g, regime, day, Conventions::default(), n) == "blocked"
}

/// Variants that are true, too: the same proof on another day on which all of it holds, one that
/// rests on nothing that was ever published, the only closed set as one for somebody unknown,
/// where its principal holds nothing that matters, and no set for somebody unknown, where the
/// party is none that can be owned.
fn also_true(q: &Question, asked: Conventions, what: &str, proof: &Value) -> bool {
    let id = proof["id"].as_str().unwrap();
    let sets = proof["sets"].as_array().map_or(0, Vec::len);
    if what == "without /sets/0/principal" && sets == 1 && proof["verdict"] == "not_blocked" {
        let principal = proof["sets"][0]["principal"].as_str().unwrap();
        return !matters(&q.doc, principal, id, proof["as_of"].as_str().unwrap());
    }
    if let Some(at) = what.strip_prefix("without /sets/").and_then(|k| k.parse::<usize>().ok()) {
        let ownable = !proof["warnings"].as_array().unwrap().contains(&json!(format!("not_ownable:{id}")));
        return !ownable && sets > 1 && proof["sets"][at]["principal"].is_null();
    }
    if what.starts_with("/known_at") {
        return !["edges\":[{", "list\":", "missing\":[{"].iter().any(|fact| proof.to_string().contains(fact));
    }
    let old = "1800-01-01";
    let regime = Regimes::builtin().get(proof["regime"].as_str().unwrap()).unwrap();
    let g = graph_of(&q.doc);
    let n = g.nodes().find(|n| g.show_id(g.id(*n)) == id).unwrap();
    let same_rule = || regime.rule_on(date(old)).is_ok_and(|r| proof["rule"] == r.id.as_str());
    what.starts_with("/as_of") && same_rule() && proof["verdict"] == verdict(&g, regime, old, asked, n)
}

/// Whether a party, or one that acts with it, has more than nothing on a day of whatever a party is
/// owned by.
fn matters(doc: &Value, principal: &str, id: &str, day: &str) -> bool {
    let ended = |e: &Value| e["end"].as_str().is_some_and(|to| date(to).last_day() <= date(day).first_day());
    let node = |id: &str| doc["nodes"].as_array().unwrap().iter().find(|n| n["id"] == id).unwrap();
    let pacts = |id: &str| -> BTreeSet<String> {
        let of = &node(id)["joint_arrangement"];
        of.as_str().map(str::to_owned).into_iter().chain(super::program::texts(of)).collect()
    };
    let no_stake = |e: &Value| matches!(e["type"].as_str().unwrap(), "directs" | "family_of" | "supplies");
    let (mut seen, mut left) = (BTreeSet::new(), vec![id]);
    while let Some(n) = left.pop() {
        if matches!(node(n)["type"].as_str().unwrap(), "person" | "state") {
            continue;
        }
        let edges = doc["edges"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|e| e["target"] == n && e["share"] != "0" && !no_stake(e) && !ended(e));
        left.extend(edges.map(|e| e["source"].as_str().unwrap()).filter(|h| seen.insert(*h)));
    }
    seen.iter().any(|h| *h == principal || !pacts(h).is_disjoint(&pacts(principal)))
}

fn cases() -> u64 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(50)
}

/// All that is asked of the proofs of a document: what is wrong, and the number of proofs by verdict.
fn check(q: &Question, seed: u64, found: &mut BTreeMap<String, usize>, wrong: &mut Vec<String>) {
    let g = graph_of(&q.doc);
    let asked = conventions(seed);
    for name in &q.regimes {
        let regime = Regimes::builtin().get(name).unwrap();
        if regime.rule_on(date(&q.day)).is_err() {
            continue;
        }
        for (n, proof) in proofs(&g, regime, &q.day, asked) {
            let id = proof["id"].as_str().unwrap();
            let at = || format!("seed {seed}, {id}, {name} on {}\n{}\n{proof:#}", q.day, q.doc);
            let said = verdict(&g, regime, &q.day, asked, n);
            if proof["verdict"] != said {
                wrong.push(format!("{}\nverdict: {said}", at()));
            }
            if let Some(why) = refused(&g, &proof) {
                wrong.push(format!("{}\nrefused:\n  {why}", at()));
                continue;
            }
            *found.entry(proof["verdict"].as_str().unwrap().to_owned()).or_insert(0) += 1;
            for (what, other) in mutations(&proof) {
                if refused(&g, &other).is_none() && !also_true(q, asked, &what, &proof) {
                    wrong.push(format!("{}\naccepted: {what}", at()));
                }
                *found.entry("variants".to_owned()).or_insert(0) += 1;
            }
            let Some(edges) = cited(&proof).filter(|_| proof["verdict"] == "blocked") else { continue };
            if !blocked(&reduced(&q.doc, &edges), regime, &q.day, id) {
                wrong.push(format!("{}\nnot by these edges alone", at()));
            }
            for e in &edges {
                let mut rest = edges.clone();
                rest.remove(e);
                if blocked(&reduced(&q.doc, &rest), regime, &q.day, id) {
                    wrong.push(format!("{}\n{e} is not needed", at()));
                }
            }
            *found.entry("minimal".to_owned()).or_insert(0) += 1;
        }
    }
}

#[test]
fn proofs_of_random_documents() {
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let work = |first: u64| {
        let (mut found, mut wrong) = (BTreeMap::new(), Vec::new());
        for seed in (first..cases()).step_by(workers as usize) {
            check(&question(seed), seed, &mut found, &mut wrong);
        }
        (found, wrong)
    };
    let (mut found, mut wrong): (BTreeMap<String, usize>, Vec<String>) = Default::default();
    std::thread::scope(|s| {
        let all: Vec<_> = (0..workers).map(|first| s.spawn(move || work(first))).collect();
        for (some, bad) in all.into_iter().map(|w| w.join().unwrap()) {
            some.into_iter().for_each(|(what, n)| *found.entry(what).or_insert(0) += n);
            wrong.extend(bad);
        }
    });
    println!("{found:?}");
    let some: Vec<&str> = wrong.iter().take(5).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), some.join("\n\n"));
    let enough = |what: &str| found.get(what).is_some_and(|n| *n as u64 >= cases() / 5);
    let all = ["listed", "blocked", "not_blocked", "indeterminate", "minimal", "variants"];
    assert!(all.iter().all(|what| enough(what)), "{found:?}");
}

#[test]
fn every_proof_of_the_cases_is_accepted() {
    let Some(all) = cases::all() else { return };
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for c in &all {
        let g = graph_of(&c.doc);
        for regime in &Regimes::builtin().list {
            if !regime.gives_verdicts() || regime.rule_on(date(c.day())).is_err() {
                continue;
            }
            for (_, proof) in proofs(&g, regime, c.day(), Conventions::default()) {
                checked += 1;
                if let Some(why) = refused(&g, &proof) {
                    wrong.push(format!("{} {} {}: {why}", c.name, regime.id, proof["id"]));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {checked} refused:\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked > 500, "only {checked} checked");
}

/// A published list besides a document: parties may have been on it before its first release,
/// and other lists are not there.
#[test]
fn proofs_beside_a_published_list() {
    let storage = memory();
    let row = |n: u32| format!("{n},\"FIRM {n} LTD.\",-0- ,\"NORD1\",{}\"Norland\"\r\n", "-0- ,".repeat(7));
    let list: String = (1..4).map(row).collect();
    import_texts(&storage, &[("sdn.csv", &list)], &on("2023-01-10")).unwrap();
    let doc = json!({"cuibono": 1, "nodes": [{"id": "a", "type": "company"}, {"id": "b", "type": "company"}],
        "edges": [{"id": "e1", "source": "ofac:1", "target": "a", "type": "owns", "share": "60"},
                  {"id": "e2", "source": "a", "target": "b", "type": "owns", "share": "40"}]});
    import_texts(&storage, &[("doc.json", &doc.to_string())], &on("2023-01-10")).unwrap();
    let g = graph(&storage);
    for (regime, day, want) in [
        ("ofac", "2023-06-01", ["listed", "blocked", "not_blocked"]),
        ("ofac", "2022-06-01", ["indeterminate", "indeterminate", "indeterminate"]),
        ("uk", "2023-06-01", ["indeterminate", "indeterminate", "indeterminate"]),
    ] {
        let law = Regimes::builtin().get(regime).unwrap();
        let all: BTreeMap<String, Value> = proofs(&g, law, day, Conventions::default())
            .into_iter()
            .map(|(_, p)| (p["id"].as_str().unwrap().to_owned(), p))
            .collect();
        let firm = "ofac:1".to_owned();
        let found = [&firm, &"doc:a".to_owned(), &"doc:b".to_owned()].map(|id| all[id]["verdict"].as_str().unwrap());
        assert_eq!(found, want, "{regime} {day}");
        for proof in all.values() {
            assert_eq!(refused(&g, proof), None, "{proof:#}");
            for (what, other) in mutations(proof) {
                let old = what.starts_with("/as_of") || what.starts_with("/known_at");
                assert!(old || refused(&g, &other).is_some(), "accepted: {what}\n{proof:#}");
            }
        }
        let sets = all["doc:b"]["sets"].as_array().map_or(0, Vec::len);
        assert!(sets > 0, "a negative is shown, whatever it decides");
    }
}
