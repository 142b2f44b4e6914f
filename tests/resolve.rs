//! Which parties are the same: decisions, the entities that they make, and every answer by them.

use crate::support::{Done, done, dump, graph, import_texts, memory, on, program, test_data};
use cuibono::graph::{self, DecidedAt, Dir, Filter, Graph, Node, View};
use cuibono::model::Ruling;
use cuibono::ownership::{Changes, Conventions, Judge, Regimes, check_proof};
use cuibono::query::{DistanceOptions, RankOptions, Scratch, components, distances, neighbours, rank};
use cuibono::resolve::{self, Fold, admit};
use cuibono::store::{Commit, Decided, Decider, Decree, Memory, Snapshot, Storage};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

fn decided(a: &str, b: &str, decree: Decree, day: &str) -> Decided {
    Decided {
        time: format!("{day}T12:00:00Z"),
        by: Decider::Human,
        actor: "anna".into(),
        a: a.into(),
        b: b.into(),
        decree,
        note: String::new(),
        source: String::new(),
        evidence: String::new(),
    }
}

fn decide(storage: &Arc<dyn Storage>, decisions: &[Decided]) -> u32 {
    let mut commit = Commit::begin(Arc::clone(storage)).unwrap();
    let first = commit.decide(decisions).unwrap();
    commit.finish().unwrap();
    first
}

/// The graph of a store as resolved.
fn resolved(storage: &Arc<dyn Storage>, at: DecidedAt) -> Graph {
    let mut g = graph(storage);
    resolve::apply(&mut g, at).unwrap();
    g
}

// Answers by entities equal answers on a graph in which they are one node -------------------------

/// A random network of `n` parties; the last value puts them into groups.
#[derive(Debug, Clone)]
struct Network {
    listed: Vec<bool>,
    edges: Vec<(usize, usize, u8, &'static str)>,
    group: Vec<usize>,
}

fn networks() -> impl Strategy<Value = Network> {
    let kinds = prop::sample::select(vec!["owns", "owns", "owns", "controls", "supplies"]);
    (4usize..10).prop_flat_map(move |n| {
        let edge = (0..n, 0..n, 5u8..70, kinds.clone());
        (
            prop::collection::vec(prop::bool::weighted(0.25), n),
            prop::collection::vec(edge, 1..18),
            prop::collection::vec(0..n, n),
        )
            .prop_map(|(listed, edges, group)| Network { listed, edges, group })
    })
}

/// As a document; `id` says what a party is called.
fn document(net: &Network, id: &dyn Fn(usize) -> String, edges: std::ops::Range<usize>) -> String {
    let nodes: Vec<Value> = (0..net.listed.len())
        .map(|p| {
            let listed = if net.listed[p] { json!(true) } else { json!([]) };
            json!({ "id": id(p), "type": "company", "name": format!("P{p}"), "listed": listed })
        })
        .collect();
    let edges: Vec<Value> = net.edges[edges.clone()]
        .iter()
        .zip(edges)
        .map(|((a, b, share, kind), i)| {
            let share = if *kind == "owns" { json!(share.to_string()) } else { Value::Null };
            json!({ "id": format!("e{i}"), "source": id(*a), "target": id(*b), "type": kind, "share": share })
        })
        .collect();
    json!({ "cuibono": 1, "scope": "t", "nodes": nodes, "edges": edges }).to_string()
}

/// Everything that is compared: what is asked of each entity, by its name.
fn answers(g: &Graph) -> BTreeMap<String, Value> {
    let view = View::new(g, Filter::default()).unwrap();
    let regimes = Regimes::builtin();
    let day = cuibono::model::PartialDate::parse("2024-05-01").unwrap();
    let mut out = BTreeMap::new();
    let name = |n: Node| g.id(n).to_owned();
    for regime in ["ofac", "eu", "uk"] {
        let mut judge = Judge::new(&view, regimes, day, Conventions::default(), Changes::default()).unwrap();
        let found = judge.affected(regimes.get(regime).unwrap()).unwrap();
        for (n, outcome, share) in found {
            out.insert(format!("{regime} {}", name(n)), json!([outcome.as_str(), format!("{share:?}")]));
        }
    }
    let parts = components(&view, false);
    let ranks =
        [Dir::Out, Dir::In, Dir::Both].map(|dir| rank(&view, &RankOptions { dir, ..Default::default() }).unwrap());
    out.insert("parts".into(), json!(parts.sizes()));
    for n in g.nodes() {
        let mut scratch = Scratch::default();
        let far = distances(&view, n, &DistanceOptions::default());
        let reached: BTreeSet<(String, u32)> = g.nodes().filter_map(|m| Some((name(m), far.to(m)?))).collect();
        let near = neighbours(&view, &[n], &Default::default(), &mut scratch);
        let around: BTreeSet<String> = near.part().nodes.iter().map(|m| name(*m)).collect();
        let part: BTreeSet<String> =
            parts.component_of(n).map(|c| parts.members(c).map(name).collect()).unwrap_or_default();
        let links = |dir| {
            let mut l: Vec<(String, String)> =
                view.links(n, dir).map(|k| (view.relation(k.edge).unwrap().external_id(), name(k.other))).collect();
            l.sort();
            l
        };
        let mut walked: Vec<(String, String)> = Vec::new();
        view.links_of(&[n], Dir::Both, |_, k| {
            walked.push((view.relation(k.edge).unwrap().external_id(), name(k.other)));
            true
        });
        walked.sort();
        let mut shares: Vec<(String, String, String)> = Vec::new();
        view.shares_of(&[n], |_, k, held| {
            shares.push((view.relation(k.edge).unwrap().external_id(), name(k.other), format!("{held:?}")));
            true
        });
        shares.sort();
        let listed = view.is_listed(n);
        let score = ranks.each_ref().map(|r| format!("{:.6}", r.score(n).unwrap()));
        out.insert(
            name(n),
            json!({
                "reached": reached, "around": around, "part": part, "out": links(Dir::Out), "in": links(Dir::In),
                "both": links(Dir::Both), "walked": walked, "shares": shares, "listed": listed, "score": score,
                "degree": g.degree(n, Dir::Out),
            }),
        );
    }
    g.sound().unwrap();
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Decided and asked, or written as one party from the beginning: the same answers. Half of the
    /// edges lie in a document over the store.
    #[test]
    fn an_entity_is_one_node(net in networks(), cut in 0usize..18) {
        let n = net.listed.len();
        let first = |p: usize| (0..n).find(|q| net.group[*q] == net.group[p]).unwrap();
        let own = |p: usize| format!("t:p{p}");
        let joined = |p: usize| format!("t:p{}", first(p));
        let cut = cut.min(net.edges.len());
        let build = |id: &dyn Fn(usize) -> String, decisions: &[Decided]| {
            let (below, above) = (memory(), memory());
            import_texts(&below, &[("a.json", &document(&net, id, 0..cut))], &on("2024-01-01")).unwrap();
            import_texts(&above, &[("b.json", &document(&net, id, cut..net.edges.len()))], &on("2024-01-01")).unwrap();
            if !decisions.is_empty() {
                decide(&below, decisions);
            }
            let mut g = graph(&below);
            g.overlay(Snapshot::open(above).unwrap()).unwrap();
            resolve::apply(&mut g, DecidedAt::Now).unwrap();
            g
        };
        // Listings in `joined` are those of the first party that has the id; say them of it.
        let mut whole = net.clone();
        for p in 0..n {
            if net.listed[p] {
                whole.listed[first(p)] = true;
            }
        }
        let decisions: Vec<Decided> = (0..n)
            .filter(|p| first(*p) != *p)
            .map(|p| decided(&own(p), &own(first(p)), Decree::Same, "2024-02-01"))
            .collect();
        let by_decision = build(&own, &decisions);
        let (below, above) = (memory(), memory());
        import_texts(&below, &[("a.json", &document_once(&whole, &joined, 0..cut))], &on("2024-01-01")).unwrap();
        import_texts(&above, &[("b.json", &document_once(&whole, &joined, cut..net.edges.len()))], &on("2024-01-01")).unwrap();
        let mut from_the_beginning = graph(&below);
        from_the_beginning.overlay(Snapshot::open(above).unwrap()).unwrap();
        prop_assert_eq!(answers(&by_decision), answers(&from_the_beginning));
        // Every proof holds, and holds only by the decisions that it names.
        let view = View::new(&by_decision, Filter::default()).unwrap();
        let regimes = Regimes::builtin();
        let day = cuibono::model::PartialDate::parse("2024-05-01").unwrap();
        let mut judge = Judge::new(&view, regimes, day, Conventions::default(), Changes::default()).unwrap();
        for n in by_decision.nodes() {
            let mut proof = judge.prove(regimes.get("ofac").unwrap(), n).unwrap().json(&by_decision);
            proof.insert("cuibono".into(), 1.into());
            let checked = check_proof(&by_decision, regimes, &Value::Object(proof.clone())).unwrap();
            prop_assert!(checked.accepted, "{:?}", checked.faults);
            if proof.remove("entities").is_some() {
                prop_assert!(!check_proof(&by_decision, regimes, &Value::Object(proof)).unwrap().accepted);
            }
        }
    }
}

/// The same with each id once.
fn document_once(net: &Network, id: &dyn Fn(usize) -> String, edges: std::ops::Range<usize>) -> String {
    let mut doc: Value = serde_json::from_str(&document(net, id, edges)).unwrap();
    let mut seen = BTreeSet::new();
    if let Some(nodes) = doc["nodes"].as_array_mut() {
        nodes.retain(|n| seen.insert(n["id"].as_str().unwrap().to_owned()));
    }
    doc.to_string()
}

// The store ----------------------------------------------------------------------------------------

fn two_lists(storage: &Arc<dyn Storage>) {
    let a = r#"{"cuibono":1,"scope":"a","nodes":[{"id":"k","type":"person","name":"Sergei Kozlov","listed":["ofac_sdn"]},
        {"id":"f","type":"company","name":"Firm A"}],"edges":[{"id":"e1","source":"k","target":"f","type":"owns","share":"60"}]}"#;
    let b = r#"{"cuibono":1,"scope":"b","nodes":[{"id":"k","type":"person","name":"Sergej Koslow"},{"id":"f","type":"company",
        "name":"Firma A"},{"id":"u","type":"company","name":"Unter"}],"edges":[
        {"id":"e1","source":"k","target":"f","type":"owns","share":"60"},{"id":"e2","source":"f","target":"u","type":"owns","share":"30"}]}"#;
    import_texts(storage, &[("a.json", a)], &on("2024-01-01")).unwrap();
    import_texts(storage, &[("b.json", b)], &on("2024-01-01")).unwrap();
}

#[test]
fn decisions_survive_imports_compaction_dumps_and_repair() {
    let dir = tempfile::tempdir().unwrap();
    let storage: Arc<dyn Storage> = Arc::new(cuibono::store::Folder::new(dir.path()));
    two_lists(&storage);
    let mut kept = Vec::new();
    for i in 0..5 {
        let mut d = decided("a:f", &format!("b:{}", ["f", "k", "u"][i % 3]), Decree::Unsure, "2024-02-01");
        d.evidence = format!(r#"{{"items":[{i}]}}"#);
        decide(&storage, std::slice::from_ref(&d));
        kept.push(d);
    }
    let all = |s: &Arc<dyn Storage>| {
        let s = Snapshot::open(Arc::clone(s)).unwrap();
        s.decisions().some(&(1..=s.decisions().len()).collect::<Vec<_>>()).unwrap()
    };
    let text = r#"{"cuibono":1,"scope":"c","nodes":[{"id":"x","type":"company","name":"X"}]}"#;
    import_texts(&storage, &[("c.json", text)], &on("2024-03-01")).unwrap();
    assert_eq!(all(&storage), kept);
    graph::compact(&storage).unwrap();
    assert_eq!(all(&storage), kept);
    let said = dump(&storage);
    assert!(said.starts_with("{\"cuibono_dump\":2}"));
    let copy = memory();
    import_texts(&copy, &[("d.jsonl", &said)], &on("2024-03-01")).unwrap();
    assert_eq!((all(&copy), dump(&copy)), (kept.clone(), said.clone()));
    // Behind other decisions their numbers move, and what takes them back with them.
    let other = memory();
    decide(&other, &[decided("x:1", "x:2", Decree::Same, "2024-01-01")]);
    let short = "{\"cuibono_dump\":2}\n{\"decision\":{\"time\":\"2024-02-01\",\"by\":\"human\",\"a\":\"x:2\",\"b\":\"x:3\",\"decree\":\"same\"}}\n\
        {\"decision\":{\"time\":\"2024-02-02\",\"by\":\"human\",\"a\":\"\",\"b\":\"\",\"decree\":{\"retract\":1}}}\n";
    import_texts(&other, &[("d.jsonl", short)], &on("2024-03-01")).unwrap();
    let snapshot = Snapshot::open(other).unwrap();
    let fold = Fold::of(snapshot.decisions(), DecidedAt::Now).unwrap();
    assert_eq!((fold.stands(1), fold.stands(2)), (Some(true), Some(false)));
    // The index is gone, then the manifest: nothing decided is lost.
    assert!(graph::verify(&storage).unwrap().faults.is_empty());
    decide(&storage, &[decided("a:k", "b:k", Decree::Same, "2024-03-01")]);
    kept = all(&storage);
    for f in std::fs::read_dir(dir.path()).unwrap().map(|f| f.unwrap().path()) {
        if f.file_name().unwrap().to_string_lossy().starts_with("index-") {
            std::fs::remove_file(f).unwrap();
        }
    }
    graph::repair(&storage).unwrap();
    assert_eq!(all(&storage), kept);
}

#[test]
fn damage_of_the_log_is_noticed_and_told() {
    let storage = memory();
    two_lists(&storage);
    let mut d = decided("a:f", "b:f", Decree::Same, "2024-02-01");
    d.evidence = format!("{{\"items\":[{}1]}}", "1,".repeat(200_000));
    decide(&storage, &[d.clone(), d]);
    let name = storage.list().unwrap().into_iter().find(|n| n.starts_with("decisions-")).unwrap();
    let good = storage.open(&name).unwrap().to_vec();
    for at in [17, 70_000, good.len() - 100, good.len() - 5] {
        let mut bad = good.clone();
        bad[at] ^= 4;
        storage.remove(&name).unwrap();
        let mut out = storage.create(&name).unwrap();
        std::io::Write::write_all(&mut out, &bad).unwrap();
        out.sync().unwrap();
        drop(out);
        let v = graph::verify(&storage).unwrap();
        assert!(v.faults.iter().any(|f| f.contains(&name)), "byte {at}: {:?}", v.faults);
    }
}

#[test]
fn a_program_without_decisions_refuses_such_a_store() {
    // What it looks at first is the version of the manifest.
    let storage = memory();
    two_lists(&storage);
    decide(&storage, &[decided("a:f", "b:f", Decree::Same, "2024-02-01")]);
    let manifest = storage.open("MANIFEST").unwrap();
    assert_eq!(cuibono::store::u32_at(&manifest, 12), 2);
    for name in storage.list().unwrap().iter().filter(|n| n.starts_with("records-") || n.starts_with("index-")) {
        assert_eq!(cuibono::store::u32_at(&storage.open(name).unwrap(), 12), 1, "{name}");
    }
}

// Time and constraints -------------------------------------------------------------------------------

#[test]
fn decided_at_goes_back_to_the_decisions_of_a_day() {
    let storage = memory();
    two_lists(&storage);
    decide(&storage, &[decided("a:f", "b:f", Decree::Same, "2024-02-01")]);
    decide(&storage, &[decided("a:k", "b:k", Decree::Same, "2024-02-10")]);
    decide(&storage, &[decided("", "", Decree::Retract(1), "2024-03-01")]);
    let same = |at: DecidedAt| {
        let g = resolved(&storage, at);
        ["f", "k"].map(|p| g.find_id(&format!("a:{p}")) == g.find_id(&format!("b:{p}")))
    };
    let day = |t: &str| DecidedAt::parse(t).unwrap();
    assert_eq!(same(day("2024-01-31")), [false, false]);
    assert_eq!(same(day("2024-02-01")), [true, false]);
    assert_eq!(same(day("2024-02")), [true, true]);
    assert_eq!(same(day("2024-03-01")), [false, true]);
    assert_eq!((same(DecidedAt::Now), same(DecidedAt::Never)), ([false, true], [false, false]));
    // What is undone leaves every answer as it was.
    let before = answers(&resolved(&storage, DecidedAt::Now));
    let n = decide(&storage, &[decided("a:f", "b:u", Decree::Same, "2024-03-02")]);
    assert_ne!(answers(&resolved(&storage, DecidedAt::Now)), before);
    decide(&storage, &[decided("", "", Decree::Retract(n), "2024-03-03")]);
    assert_eq!(answers(&resolved(&storage, DecidedAt::Now)), before);
}

#[test]
fn what_contradicts_is_refused_with_the_path() {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    decide(
        &storage,
        &[
            decided("p:a", "p:b", Decree::Same, "2024-02-01"),
            decided("p:b", "p:c", Decree::Same, "2024-02-02"),
            decided("p:a", "p:d", Decree::Different, "2024-02-03"),
            decided("p:c", "p:e", Decree::Unsure, "2024-02-04"),
        ],
    );
    let snapshot = Snapshot::open(storage).unwrap();
    let log = snapshot.decisions();
    let fold = Fold::of(log, DecidedAt::Now).unwrap();
    let e = admit(log, &fold, "p:c", "p:d", Ruling::Same).unwrap_err();
    assert_eq!(
        e.to_string(),
        "p:c and p:d cannot be the same: p:c =same= p:b =same= p:a, but p:a !=different!= p:d decided by anna (human) on \
         2024-02-03 (decision 3)"
    );
    assert!(e.next_step().unwrap().contains("cuibono undo 3"));
    let e = admit(log, &fold, "p:a", "p:c", Ruling::Different).unwrap_err();
    assert!(
        e.to_string().contains("p:a =same= p:b =same= p:c (decision 1 by anna (human) on 2024-02-01; decision 2"),
        "{e}"
    );
    // A doubt holds no person back.
    let notes = admit(log, &fold, "p:a", "p:e", Ruling::Same).unwrap();
    assert!(notes[0].contains("p:c ?unsure? p:e"), "{notes:?}");
}

// The program ----------------------------------------------------------------------------------------

fn run(dir: &Path, args: &[&str]) -> Done {
    done(program(dir).env("USER", "anna").args(args).output().unwrap())
}

fn value(done: &Done) -> Value {
    serde_json::from_str(&done.out).unwrap_or_else(|e| panic!("{e}\n{}\n{}", done.out, done.err))
}

fn written(dir: &Path) {
    let a = r#"{"cuibono":1,"scope":"a","nodes":[{"id":"k","type":"person","name":"Sergei Kozlov","listed":["ofac_sdn"]},
        {"id":"f","type":"company","name":"Firm A"}],"edges":[{"id":"e1","source":"k","target":"f","type":"owns","share":"60"}]}"#;
    let b = r#"{"cuibono":1,"scope":"b","nodes":[{"id":"k2","type":"person","name":"Sergej Koslow"},{"id":"f2","type":"company",
        "name":"Firma A"},{"id":"u","type":"company","name":"Unter"}],"edges":[
        {"id":"x1","source":"k2","target":"f2","type":"owns","share":"60"},{"id":"x2","source":"f2","target":"u","type":"owns","share":"60"}]}"#;
    std::fs::write(dir.join("a.json"), a).unwrap();
    std::fs::write(dir.join("b.json"), b).unwrap();
    assert_eq!(run(dir, &["import", "a.json", "b.json", "--release", "2024-01-01", "-q"]).code, 0);
}

#[test]
fn decide_undo_why_and_how() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    written(dir);
    let verdict = |more: &[&str]| {
        let args = ["verdict", "Unter", "--regime", "ofac", "--as-of", "2024-05-01", "--json"];
        value(&run(dir, &[&args[..], more].concat()))["verdicts"][0]["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict(&[]), "not_blocked");
    // What it would change is seen first.
    let change = ["--dry-run", "--regime", "ofac", "--as-of", "2024-05-01", "--json"];
    let dry = value(&run(dir, &[&["decide", "Firm A", "Firma A", "--same"][..], &change].concat()));
    let moved = &dry["changes"]["verdicts"];
    let parties: BTreeSet<&str> = moved.as_array().unwrap().iter().map(|v| v["party"].as_str().unwrap()).collect();
    assert_eq!(parties, BTreeSet::from(["b:f2", "b:u"]), "{dry}");
    assert_eq!(verdict(&[]), "not_blocked");
    let d = value(&run(dir, &["decide", "a:f", "b:f2", "--same", "--note", "same address", "--json"]));
    assert_eq!((&d["decision"], &d["entity"], &d["parties"]), (&json!(1), &json!("a:f"), &json!(["a:f", "b:f2"])));
    assert_eq!((verdict(&[]).as_str(), verdict(&["--decided-at", "none"]).as_str()), ("blocked", "not_blocked"));
    assert_eq!(verdict(&["--decided-at", "2020-01-01"]), "not_blocked");
    // The old id leads to the entity; each fact cites its party.
    let shown = value(&run(dir, &["show", "b:f2", "--json"]));
    assert_eq!(shown["nodes"][0]["id"], "a:f");
    let text = shown["nodes"][0].to_string();
    for part in ["Firm A", "Firma A", "b:f2", "\"entity_party\""] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let near = value(&run(dir, &["neighbours", "Firma A", "--json"]));
    let ids: Vec<&str> = near["nodes"].as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap()).collect();
    assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>(), BTreeSet::from(["a:f", "a:k", "b:k2", "b:u"]));
    let x1 = near["edges"].as_array().unwrap().iter().find(|e| e["id"] == "b:x1").unwrap();
    assert_eq!((&x1["target"], x1.to_string().contains("\"object_party\"")), (&json!("a:f"), true), "{x1}");
    // A proof names the decision; without it, it does not hold; after undo it does not either.
    let proof = run(dir, &["prove", "b:u", "--regime", "ofac", "--as-of", "2024-05-01", "--json"]);
    std::fs::write(dir.join("proof.json"), &proof.out).unwrap();
    assert_eq!(value(&proof)["entities"][0]["decisions"][0]["decision"], 1);
    assert_eq!(run(dir, &["check-proof", "proof.json"]).code, 0);
    let text = run(dir, &["prove", "b:u", "--regime", "ofac", "--as-of", "2024-05-01"]).out;
    assert!(text.contains("a:f = b:f2 are one entity by decision 1 (anna, human"), "{text}");
    let plain =
        run(dir, &["prove", "b:u", "--regime", "ofac", "--as-of", "2024-05-01", "--decided-at", "none", "--json"]);
    std::fs::write(dir.join("plain.json"), &plain.out).unwrap();
    assert_eq!(value(&plain)["decided_at"], "none");
    assert_eq!(run(dir, &["check-proof", "plain.json"]).code, 0, "a proof is checked by the decisions that it goes by");
    let why = value(&run(dir, &["why", "a:f", "b:f2", "--json"]));
    assert_eq!((&why["same"], &why["chain"][0]["decision"]["note"]), (&json!(true), &json!("same address")));
    assert_eq!(run(dir, &["why", "a:k", "b:k2"]).code, 1);
    let how = run(dir, &["how", "Firma A"]);
    assert!(how.out.contains("b:f2 goes by a:f"), "{}", how.out);
    // Questions of a batch each by their own day.
    let lines = r#"{"command":"why","args":["a:f","b:f2"]}
{"command":"why","args":["a:f","b:f2"],"options":{"decided_at":"none"}}
"#;
    std::fs::write(dir.join("q.jsonl"), lines).unwrap();
    let batch = run(dir, &["batch", "q.jsonl"]).out;
    let codes: Vec<Value> = batch.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["code"].clone()).collect();
    assert_eq!(codes, [json!(0), json!(1)]);
    // Looked at, then taken back; the log keeps both.
    let change = ["--regime", "ofac", "--as-of", "2024-05-01", "--json"];
    let seen = value(&run(dir, &[&["undo", "1"][..], &change].concat()));
    assert_eq!((&seen["decision"], seen["changes"]["verdicts"].as_array().unwrap().len()), (&Value::Null, 2), "{seen}");
    assert_eq!(seen["changes"]["relations"].as_array().unwrap().len(), 2);
    assert_eq!(verdict(&[]), "blocked");
    assert_eq!(value(&run(dir, &["undo", "1", "--yes", "--json"]))["decision"], 2);
    assert_eq!(verdict(&[]), "not_blocked");
    assert_eq!(run(dir, &["check-proof", "proof.json"]).code, 1);
    let again = run(dir, &["undo", "1", "--yes"]);
    assert!(again.code == 2 && again.err.contains("taken back already"), "{}", again.err);
    assert_eq!(value(&run(dir, &["undo", "2", "--yes", "--json"]))["decision"], 3);
    assert_eq!(verdict(&[]), "blocked");
    let log = value(&run(dir, &["decisions", "--json"]));
    let stands: Vec<&Value> = log["results"].as_array().unwrap().iter().map(|d| &d["stands"]).collect();
    assert_eq!(stands, [&json!(true), &json!(false), &json!(true)]);
    // A merge across a "different" is refused; the store is as it was.
    assert_eq!(run(dir, &["decide", "b:f2", "b:u", "--different"]).code, 0);
    let refused = run(dir, &["decide", "a:f", "b:u", "--same"]);
    assert!(
        refused.code == 2 && refused.err.contains("a:f =same= b:f2, but b:f2 !=different!= b:u"),
        "{}",
        refused.err
    );
    assert_eq!(run(dir, &["undo", "9"]).code, 1);
    assert_eq!(run(dir, &["decide", "a:f", "b:u"]).code, 2, "what is decided has to be said");
    assert_eq!(run(dir, &["verify"]).code, 0);
}

#[test]
fn rules_merge_what_is_sure_and_leave_the_rest_for_review() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let party = |id: &str, kind: &str, name: &str, more: Value| {
        let mut p = json!({ "id": id, "type": kind, "name": name });
        p.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        p
    };
    let ids = |scheme: &str, value: &str| json!([{ "scheme": scheme, "value": value }]);
    let write = |file: &str, scope: &str, nodes: Vec<Value>| {
        let doc = json!({ "cuibono": 1, "scope": scope, "nodes": nodes });
        std::fs::write(dir.join(file), doc.to_string()).unwrap();
    };
    let with = |scheme, value, more: Value| {
        let mut m = json!({ "identifiers": ids(scheme, value) });
        m.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        m
    };
    let office = |inn: &str| json!({ "identifiers": [{ "scheme": "kppCode", "value": "771501001" }, { "scheme": "INN", "value": inn }] });
    let passport = |born: &str| with("Passport", "AE1827923", json!({ "birth": born, "countries": ["co"] }));
    write(
        "a.json",
        "a",
        vec![
            party("lei", "company", "Lei One", with("LEI", "5493001KJTIIGC8Y1R12", json!({}))),
            party("bad", "company", "Bad Lei", with("LEI", "5493001KJTIIGC8Y1R13", json!({}))),
            party("ship", "vessel", "MV A", with("IMO", "9074729", json!({}))),
            party("owner", "company", "A Shipping", with("IMO", "9074729", json!({}))),
            party("tax", "company", "Tax", with("Tax ID No.", "100036378", json!({ "countries": ["Serbia"] }))),
            party("p", "person", "Juan Perez", passport("1970-05-06")),
            party(
                "q",
                "person",
                "Ana Diaz",
                with("Passport", "ZZ99887", json!({ "birth": "1980-01-01", "countries": ["co"] })),
            ),
            party("bic", "company", "Bank", with("SWIFT/BIC", "HAVIGB2L", json!({}))),
            party("unsure", "company", "U", with("LEI", "529900T8BM49AURSDO55", json!({}))),
            party("one", "company", "One", with("INN", "7707083893", json!({}))),
            party("two", "company", "Two", with("INN", "7707083893", json!({}))),
            party("office", "company", "Northern Timber", office("7736050003")),
        ],
    );
    write(
        "b.json",
        "b",
        vec![
            party("lei", "organization", "Lei 1", with("leiCode", "5493001KJTIIGC8Y1R12", json!({}))),
            party("bad", "company", "Bad Lei", with("leiCode", "5493001KJTIIGC8Y1R13", json!({}))),
            party("ship", "vessel", "MV B", with("imoNumber", "IMO9074729", json!({}))),
            party("tax", "company", "Tax d.o.o.", with("taxNumber", "100036378", json!({ "countries": ["rs"] }))),
            party("taxhr", "company", "Other", with("taxNumber", "100036378", json!({ "countries": ["hr"] }))),
            party("p", "person", "PEREZ, Juan", passport("1970-05-06")),
            party(
                "q",
                "person",
                "Ana Dias",
                with("Passport", "ZZ99887", json!({ "birth": "1981-01-01", "countries": ["co"] })),
            ),
            party("bic", "company", "Banca", with("bicCode", "HAVIGB2L", json!({}))),
            party("office", "company", "Desert Bakeries", office("7704028125")),
            party("swift", "company", "Bank Ltd", with("SWIFT/BIC", "HAVIGB2L", json!({}))),
            party("unsure", "company", "U2", with("LEI", "529900T8BM49AURSDO55", json!({}))),
        ],
    );
    assert_eq!(run(dir, &["import", "a.json", "b.json", "--release", "2024-01-01", "-q"]).code, 0);
    assert_eq!(run(dir, &["decide", "a:unsure", "b:unsure", "--unsure"]).code, 0);
    let dry = value(&run(dir, &["resolve", "--dry-run", "--json"]));
    let done = value(&run(dir, &["resolve", "--json"]));
    assert_eq!(dry["results"], done["results"]);
    let pair = |v: &Value| format!("{} {}", v["a"]["id"].as_str().unwrap(), v["b"]["id"].as_str().unwrap());
    let merged: BTreeSet<String> = done["results"].as_array().unwrap().iter().map(pair).collect();
    let want = ["a:lei b:lei", "a:ship b:ship", "a:tax b:tax", "a:p b:p"];
    assert_eq!(merged, want.iter().map(|s| (*s).to_owned()).collect());
    let review = value(&run(dir, &["review", "--json"]));
    let why: BTreeMap<String, String> = review["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| {
            (
                pair(v),
                v["reasons"].as_array().unwrap().iter().map(|r| r.as_str().unwrap()).collect::<Vec<_>>().join("; "),
            )
        })
        .collect();
    assert!(why["a:q b:q"].contains("different birth: 1980-01-01 and 1981-01-01"), "{why:?}");
    assert_eq!(why["a:bic b:swift"], "no strong identifier in common");
    assert_eq!(why["a:one a:two"], "a keeps them apart");
    assert!(!why.contains_key("a:unsure b:unsure"), "{why:?}");
    // A number whose check digits do not fit names nobody; the names are alike all the same.
    let bad = &why["a:bad b:bad"];
    assert!(bad.starts_with("names alike (") && bad.ends_with("), no valid identifier in common"), "{bad}");
    let by_identifier = value(&run(dir, &["review", "--by-name", "none", "--json"]));
    assert!(!by_identifier["results"].as_array().unwrap().iter().any(|v| pair(v) == "a:bad b:bad"));
    // The code of a tax office, and different tax numbers: that comes behind what the matcher would take for one.
    let weight =
        |p: &str| review["results"].as_array().unwrap().iter().find(|v| pair(v) == p).map(|v| v["weight"].as_u64());
    let office = weight("a:office b:office");
    assert!(office.is_some() && office < weight("a:bad b:bad"), "{review}");
    // Decided by the rule, with what it saw, and nothing is left to merge.
    let log = value(&run(dir, &["decisions", "--json"]));
    let lei = log["results"].as_array().unwrap().iter().find(|d| d["a"] == "a:lei").unwrap();
    assert_eq!((&lei["by"], &lei["evidence"]["items"][0]["value"]), (&json!("rule"), &json!("5493001KJTIIGC8Y1R12")));
    assert_eq!(run(dir, &["resolve"]).code, 1);
    assert_eq!(run(dir, &["undo", lei["decision"].to_string().as_str(), "--yes"]).code, 0);
}

/// Two lists whose parties have names alike; `b:k2` is known by another name, too.
fn alike(dir: &Path) {
    let a = json!({ "cuibono": 1, "scope": "a", "nodes": [
        { "id": "k", "type": "person", "name": "KOZLOV, Sergey Mikhaylovich", "birth": "1961-04-07", "listed": ["ofac_sdn"] },
        { "id": "i", "type": "company", "name": "INTELLEKT LLC" },
        { "id": "p", "type": "person", "name": "PETROV, Ivan", "birth": "1970-01-01" },
        { "id": "k9", "type": "person", "name": "KOZLOV, Sergey Mikhaylovich", "birth": "1961-04-07" },
    ] });
    let b = json!({ "cuibono": 1, "scope": "b", "nodes": [
        { "id": "k2", "type": "person", "name": "Сергей Козлов", "aliases": ["Boris Zhdanovich"], "birth": "1961" },
        { "id": "i2", "type": "company", "name": "ООО «Интеллект»" },
        { "id": "p2", "type": "person", "name": "Ivan Petrov", "birth": "1985-06-30" },
        { "id": "x", "type": "company", "name": "Something Else Trading" },
    ] });
    std::fs::write(dir.join("a.json"), a.to_string()).unwrap();
    std::fs::write(dir.join("b.json"), b.to_string()).unwrap();
    assert_eq!(run(dir, &["import", "a.json", "b.json", "--release", "2024-01-01", "-q"]).code, 0);
}

fn pairs_of(v: &Value) -> BTreeMap<String, Value> {
    let id = |p: &Value, s: &str| p[s]["id"].as_str().unwrap().to_owned();
    v["results"].as_array().unwrap().iter().map(|p| (format!("{} {}", id(p, "a"), id(p, "b")), p.clone())).collect()
}

#[test]
fn review_finds_names_alike_and_decisions_keep_the_evidence() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    alike(dir);
    let all = value(&run(dir, &["review", "--json"]));
    let found = pairs_of(&all);
    // Never two parties of one source, however alike; no pair that the matcher calls "no".
    let want = BTreeSet::from(["a:i b:i2", "a:k b:k2", "a:k9 b:k2"]);
    assert_eq!(found.keys().map(String::as_str).collect::<BTreeSet<_>>(), want, "{all}");
    let k = &found["a:k b:k2"];
    let reason = k["reasons"][0].as_str().unwrap();
    assert!(reason.starts_with("names alike (0.") && reason.ends_with("), no identifier in common"), "{reason}");
    // The evidence is that of `match`, item by item, and sums to the score.
    let m = value(&run(dir, &["match", "a:k", "b:k2", "--json"]));
    for (own, of_match) in [("items", "evidence"), ("score", "score"), ("band", "band"), ("scorer", "scorer")] {
        assert_eq!(k["evidence"][own], m[of_match], "{own}");
    }
    // Somebody would come under a listing: that comes first.
    assert_eq!(all["results"][0]["a"]["id"], "a:k");
    assert!(k["weight"].as_u64() > found["a:k9 b:k2"]["weight"].as_u64());
    let result = &all["answer"]["result"];
    assert_eq!(
        (&result["by_identifier"], &result["by_name"], &result["names_of"]),
        (&json!(0), &json!(3), &json!("all"))
    );
    // The same whatever the order of asking; only listed parties; none.
    assert_eq!(run(dir, &["review", "--json"]).out, run(dir, &["review", "--json"]).out);
    let listed = value(&run(dir, &["review", "--by-name", "listed", "--json"]));
    assert_eq!(pairs_of(&listed).into_keys().collect::<Vec<_>>(), ["a:k b:k2"]);
    assert_eq!(run(dir, &["review", "--by-name", "none"]).code, 1);
    // Rules never merge by names.
    assert_eq!(run(dir, &["resolve"]).code, 1);
    // A decision keeps what spoke for it at that moment, and `why` reads it out.
    assert_eq!(run(dir, &["decide", "a:k", "b:k2", "--same"]).code, 0);
    let why = value(&run(dir, &["why", "a:k", "b:k2", "--json"]));
    assert_eq!(why["chain"][0]["decision"]["evidence"], k["evidence"]);
    let text = run(dir, &["why", "a:k", "b:k2"]).out;
    assert!(text.contains("band match, scorer ") && text.contains(" bits\n") && text.contains("birth 1961"), "{text}");
    // What is decided is not asked again, nor what would put two of one source together.
    let left = pairs_of(&value(&run(dir, &["review", "--json"])));
    assert_eq!(left.into_keys().collect::<Vec<_>>(), ["a:i b:i2"]);
    assert_eq!(run(dir, &["decide", "a:i", "b:i2", "--different"]).code, 0);
    assert_eq!(run(dir, &["review"]).code, 1);
    // A person may decide what the matcher would not, and is told.
    let told = run(dir, &["decide", "a:p", "b:x", "--same"]);
    assert!(told.code == 0 && told.err.contains("does not look like one party (score 0.00)"), "{}", told.err);
    assert!(!run(dir, &["decide", "a:p", "b:p2", "--different"]).err.contains("does not look like"));
    // No time, no answer; and nothing is lost by it.
    assert_eq!(run(dir, &["review", "--max-time", "0"]).code, 4);
    assert_eq!(run(dir, &["resolve", "--max-time", "0"]).code, 4);
    // Two parties of one entity are compared each for itself.
    let apart = value(&run(dir, &["match", "a:k", "b:k2", "--json"]));
    assert_eq!((&apart["evidence"], &apart["right"]["id"]), (&m["evidence"], &json!("b:k2")));
}

#[test]
fn an_entity_is_one_hit_of_search_and_screen() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    alike(dir);
    std::fs::write(dir.join("q.csv"), "id,name\n1,Sergey Mikhailovich Kozlov\n2,Boris Zhdanovich\n3,Сергей Козлов\n")
        .unwrap();
    let search = |text: &str, more: &[&str]| {
        let v = value(&run(dir, &[&["search", text, "--json"][..], more].concat()));
        v["results"].as_array().unwrap().clone()
    };
    let screen = |more: &[&str]| -> Vec<Value> {
        let out = run(dir, &[&["screen", "q.csv"][..], more].concat()).out;
        out.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()["results"].clone()).collect()
    };
    let ids = |hits: &[Value]| hits.iter().map(|h| h["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let texts = ["Sergey Mikhailovich Kozlov", "Boris Zhdanovich", "Сергей Козлов", "b:k2", "Jdanovitch Boris"];
    let everything = || -> Vec<Value> {
        let mut all: Vec<Value> = texts.iter().map(|t| json!(search(t, &[]))).collect();
        all.extend(screen(&[]));
        all
    };
    let before = everything();
    assert_eq!(ids(&search("Boris Zhdanovich", &[])), ["b:k2"]);
    assert_eq!(
        ids(&search("Сергей Козлов", &[])).into_iter().collect::<BTreeSet<_>>(),
        BTreeSet::from(["a:k", "a:k9", "b:k2"].map(str::to_owned))
    );
    assert_eq!(run(dir, &["decide", "a:k", "b:k2", "--same"]).code, 0);
    // Found by the name of either party, once, under the id of the entity, on the list of either.
    for text in texts {
        let hits = search(text, &[]);
        let of = |h: &&Value| h["id"] == "a:k" || h["id"] == "b:k2";
        let found: Vec<&Value> = hits.iter().filter(of).collect();
        assert_eq!(found.len(), 1, "{text}: {hits:?}");
        assert_eq!((&found[0]["id"], &found[0]["listed"]), (&json!("a:k"), &json!(["ofac_sdn"])), "{text}");
        // A merge never lowers a hit.
        let most = |list: &Value| {
            list.as_array().unwrap().iter().filter(of).map(|h| h["score"].as_f64().unwrap()).fold(0.0, f64::max)
        };
        let at = texts.iter().position(|t| *t == text).unwrap();
        assert!(found[0]["score"].as_f64().unwrap() >= most(&before[at]), "{text}: {found:?} {}", before[at]);
        let sum: f64 = found[0]["evidence"].as_array().unwrap().iter().map(|e| e["weight"].as_f64().unwrap()).sum();
        let by_id = found[0]["match"]["fit"] == "id";
        assert!(by_id || (sum - found[0]["score"].as_f64().unwrap()).abs() < 1e-6, "{found:?}");
    }
    let screened = screen(&[]);
    assert_eq!(screened[1].as_array().map(|h| ids(h)).unwrap(), ["a:k"]);
    assert_eq!(screened[1][0]["match"]["text"], "Boris Zhdanovich");
    for line in &screened {
        assert!(ids(line.as_array().unwrap()).iter().filter(|i| *i == "a:k" || *i == "b:k2").count() == 1, "{line}");
    }
    // By the decisions of another day they stand apart; taken back, every answer is as it was.
    assert_eq!(ids(&search("Boris Zhdanovich", &["--decided-at", "none"])), ["b:k2"]);
    assert_eq!(screen(&["--decided-at", "2020-01-01"])[1][0]["id"], "b:k2");
    assert_eq!(run(dir, &["undo", "1", "--yes"]).code, 0);
    assert_eq!(everything(), before);
    assert_eq!(run(dir, &["verify"]).code, 0);
}

#[test]
fn resolver_lines_go_in_and_out() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    written(dir);
    let lines = r#"["NK-xyz", "k", "positive", 0.91, "ben", "2023-01-02T10:00:00"]
["NK-xyz", "k2", "positive", null, "ben", "2023-01-02T10:00:01"]
["u", "NK-xyz", "negative", null, "eva", "2023-01-03T10:00:00"]
["u", "f", "unsure", 0.4, "eva", "2023-01-03T10:00:00"]
["u", "k2", "positive", 0.4, "eva", "2023-01-04T10:00:00"]
["f", "f2", "no_judgement", 0.8, null, null]
"#;
    std::fs::write(dir.join("r.ijson"), lines).unwrap();
    let taken = value(&run(dir, &["decisions", "--import", "r.ijson", "--json"]));
    assert_eq!(
        (&taken["taken"], &taken["suggestions"], &taken["unknown_parties"]),
        (&json!(3), &json!(1), &json!(8)),
        "{taken}"
    );
    assert_eq!(taken["left_out"]["a decision says that they are different"], 1);
    let why = value(&run(dir, &["why", "ftm:k", "ftm:k2", "--json"]));
    let d = &why["chain"][0]["decision"];
    assert_eq!(
        (&d["by"], &d["actor"], &d["evidence"]["created_at"]),
        (&json!("import"), &json!("ben"), &json!("2023-01-02T10:00:01"))
    );
    assert_eq!(run(dir, &["decisions", "--export", "out.ijson"]).code, 0);
    let out = std::fs::read_to_string(dir.join("out.ijson")).unwrap();
    let rows: Vec<Value> = out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(rows.len(), 4, "{out}");
    assert_eq!(rows[0], json!(["NK-xyz", "k", "positive", null, "ben", "2023-01-02T10:00:01"]));
    assert_eq!(rows[2], json!(["u", "k", "negative", null, "eva", "2023-01-03T10:00:00"]));
    assert_eq!(rows[3], json!(["u", "f", "unsure", 0.4, "eva", "2023-01-03T10:00:00"]));
    // There and back: the same entities under the same ids, and the same constraints.
    let other = tempfile::tempdir().unwrap();
    written(other.path());
    std::fs::copy(dir.join("out.ijson"), other.path().join("out.ijson")).unwrap();
    assert_eq!(run(other.path(), &["decisions", "--import", "out.ijson"]).code, 0);
    assert_eq!(run(other.path(), &["decisions", "--export", "back.ijson"]).code, 0);
    assert_eq!(std::fs::read_to_string(other.path().join("back.ijson")).unwrap(), out);
    let bad = run(dir, &["decisions", "--import", "a.json"]);
    assert!(bad.code == 2 && bad.err.contains("a.json:1"), "{}", bad.err);
}

#[test]
fn real_lists_resolve_with_each_other() {
    let Some(data) = test_data() else { return };
    let data = data.join("data");
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let path = |f: &str| data.join(f).display().to_string();
    let sets: [(&str, &[&str]); 4] = [
        ("2023-12-28", &["ofac/sdn-2023-12-28.csv.gz", "ofac/add-2023-12-28.csv.gz", "ofac/alt-2023-12-28.csv.gz"]),
        (
            "2025-12-19",
            &["ofac/cons_prim-2025-12.csv.gz", "ofac/cons_add-2025-12.csv.gz", "ofac/cons_alt-2025-12.csv.gz"],
        ),
        ("2025-05-01", &["ftm/zala-network.ftm.json.gz"]),
        ("2024-06-01", &["ftm/t1-eu_fsf.ftm.json.gz"]),
    ];
    for (day, files) in sets {
        let mut args = vec!["import".to_owned(), "-q".to_owned(), "--release".to_owned(), day.to_owned()];
        args.extend(files.iter().map(|f| path(f)));
        let done = run(dir, &args.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(done.code, 0, "{}", done.err);
    }
    let done = value(&run(dir, &["resolve", "--json"]));
    let result = &done["answer"]["result"];
    let review = value(&run(dir, &["review", "--by-name", "none", "--json", "--limit", "1000"]));
    println!("{result}");
    let with_names = value(&run(dir, &["review", "--json", "--limit", "100000"]));
    println!("with names: {}", with_names["answer"]["result"]);
    let side = |v: &Value, s: &str| v[s]["id"].as_str().unwrap().split(':').next().unwrap().to_owned();
    let pairs = |v: &Value| {
        let mut by: BTreeMap<String, usize> = BTreeMap::new();
        for p in v["results"].as_array().unwrap() {
            let mut two = [side(p, "a"), side(p, "b")];
            two.sort();
            *by.entry(two.join("+")).or_default() += 1;
        }
        by
    };
    let (merged, asked) = (pairs(&done), pairs(&review));
    println!("merged {merged:?}, for review {asked:?}");
    // SDN and Consolidated share a space of numbers: the same number is one party without a decision.
    assert!((3..30).contains(&merged["ofac+ofac"]) && (6..30).contains(&merged["ftm+ofac"]), "{merged:?}");
    assert!(asked.values().sum::<usize>() > 20);
    let pair = |a: &str, b: &str| {
        let fits = |v: &&Value| v["a"]["id"] == a && v["b"]["id"] == b || v["a"]["id"] == b && v["b"]["id"] == a;
        let of = |v: &Value| v["results"].as_array().unwrap().iter().find(fits).cloned();
        (of(&done), of(&review))
    };
    // By INN and OGRN, by passport and day of birth, across spellings.
    for (a, b) in [
        ("ofac:45928", "ftm:NK-abdzbEBkqyT29GyREbiURZ"),
        ("ofac:46004", "ftm:NK-hUAjuiA3vTKXF6v2X6MYnS"),
        ("ofac:18711", "ofac:34597"),
    ] {
        assert!(pair(a, b).0.is_some(), "{a} {b}");
    }
    // One list has both, an INN differs: for a person to look at.
    let reasons = |a: &str, b: &str| pair(a, b).1.map(|v| v["reasons"].to_string()).unwrap_or_default();
    assert!(reasons("ofac:35864", "ofac:35865").contains("ofac_sdn keeps them apart"));
    let zala = reasons("ofac:45934", "ftm:NK-abdzbEBkqyT29GyREbiURZ");
    assert!(zala.contains("different inn: 1841015504 and 1841001815"), "{zala}");
    assert!(reasons("ftm:NK-2PacmNpiLUmoz4XD2mSt7A", "ofac:10465").contains("only a source's word for it"));
    // By names: only parties of different sources, none that shares a source with the other, no pair
    // twice; all that came by identifiers is there, too.
    let all = pairs_of(&with_names);
    let named: BTreeMap<&String, &Value> =
        all.iter().filter(|(_, p)| p["reasons"][0].as_str().unwrap().starts_with("names alike")).collect();
    println!("by name {:?}", pairs(&json!({ "results": named.values().collect::<Vec<_>>() })));
    assert_eq!(all.len(), with_names["results"].as_array().unwrap().len());
    assert_eq!(all.len() - named.len(), review["results"].as_array().unwrap().len());
    assert!(named.len() > 20, "{}", named.len());
    let alike = |a: &str, b: &str| named.get(&format!("{a} {b}")).is_some_and(|p| p["evidence"]["band"] == "match");
    // Two entries of the Consolidated and the SDN list, and a firm in a network of FollowTheMoney.
    assert!(alike("ofac:18279", "ofac:34036"), "Russian Direct Investment Fund");
    assert!(alike("ftm:NK-2PacmNpiLUmoz4XD2mSt7A", "ofac:10391"), "Islamic Revolutionary Guard Corps");
    for p in named.values() {
        let kinds = [&p["a"]["type"], &p["b"]["type"]];
        assert!(!kinds.iter().any(|k| **k == "sanctions_program" || **k == "designation"), "{p}");
        assert!(p["evidence"]["band"] != "no" && !p["reasons"].to_string().contains("keeps them apart"), "{p}");
    }
    // The merged firm answers under either id, with the listing of one and the owners of the other.
    let shown = value(&run(dir, &["show", "ftm:NK-abdzbEBkqyT29GyREbiURZ", "--json"]));
    let node = &shown["nodes"][0];
    assert!(node["listed"].to_string().contains("ofac_sdn") && node.to_string().contains("ofac:45928"), "{node}");
    assert_eq!(run(dir, &["verify"]).code, 0);
}
