use super::*;
use crate::import::Input;
use crate::model::PartialDate;
use crate::query::Scratch;
use crate::query::testing::{graph_of, graph_of_files};
use crate::serve::{Asker, Method};
use std::collections::HashMap;
use std::path::Path;

struct Nobody;

impl Asker for Nobody {
    fn ask(&self, _: &[String], _: &Graph, _: &mut Scratch) -> Result<(u8, Vec<u8>)> {
        Err(Error::usage("not asked here"))
    }
}

fn ask(graph: &Graph, query: &[(&str, &str)]) -> Result<Value> {
    let query = query.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let request = Request { query, ..Request::to(Method::Get, &["v1", "tree"]) };
    let mut scratch = Scratch::default();
    let today = PartialDate::parse("2026-11-30").ok();
    let reply = answer(&request, &mut Context { graph, scratch: &mut scratch, asker: &Nobody, today })?;
    assert_eq!((reply.status, reply.content_type), (200, "application/json"));
    Ok(serde_json::from_slice(&reply.body).unwrap())
}

fn holding() -> Graph {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/holding.json");
    let mut g = graph_of_files(vec![Input::open(&path).unwrap()]);
    g.home = Some("holding".to_owned());
    g
}

fn texts(v: &Value) -> Vec<&str> {
    v.as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect()
}

#[test]
fn numbers_are_those_of_verdict_and_prove() {
    let g = holding();
    let day = "2024-05-01";
    let doc = ask(&g, &[("entity", "karrow"), ("regime", "ofac,eu"), ("regime", "uk"), ("as_of", day)]).unwrap();
    let result = &doc["answer"]["result"];
    let view = View::new(&g, Filter::default()).unwrap();
    let regimes = Regimes::builtin();
    let mut judge =
        Judge::new(&view, regimes, PartialDate::parse(day).unwrap(), Conventions::default(), Changes::default())
            .unwrap();
    let mut seen = 0;
    for id in ["ofac", "eu", "uk"] {
        let regime = regimes.get(id).unwrap();
        let told = &result["regimes"][id];
        let verdicts = told["verdicts"].as_object().unwrap();
        assert_eq!(verdicts.len(), doc["nodes"].as_array().unwrap().len());
        for (party, said) in verdicts {
            let n = view.resolve(&format!("holding:{party}")).unwrap();
            let v = judge.verdicts(&[regime], &[n]).unwrap().list.remove(0);
            assert_eq!(said["verdict"], v.outcome.as_str(), "{id} {party}");
            assert_eq!(said["share"], v.share.as_ref().map_or(Value::Null, crate::ownership::range_json));
            assert_eq!(said["wording"], v.wording.as_str());
            assert_eq!(texts(&said["missing"]), v.missing);
            seen += 1;
        }
        let root = view.resolve("karrow").unwrap();
        let proof = judge.prove(regime, root).unwrap();
        assert_eq!(texts(&told["proof"]["text"]), proof.sourced_lines(&view).unwrap());
        let (nodes, edges) = proof.parts(&|e| g.ends(e));
        assert_eq!(told["proof"]["nodes"].as_array().unwrap().len(), nodes.len());
        assert_eq!(told["proof"]["edges"].as_array().unwrap().len(), edges.len());
    }
    assert!(seen >= 15, "{seen}");
    assert_eq!(doc["answer"]["rules"], regimes.version.as_str());
    assert_eq!(result["day"], day);
}

#[test]
fn every_box_has_a_place_and_every_edge_of_tree_and_proof_is_there() {
    let g = holding();
    let doc = ask(&g, &[("entity", "karrow"), ("as_of", "2024-05-01")]).unwrap();
    let result = &doc["answer"]["result"];
    let (w, h) = (result["box"][0].as_f64().unwrap(), result["box"][1].as_f64().unwrap());
    let at: Vec<(f64, f64)> = doc["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|n| &result["positions"][n["id"].as_str().unwrap()])
        .map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap()))
        .collect();
    for (i, a) in at.iter().enumerate() {
        assert!(a.0 >= w / 2.0 && a.1 >= h / 2.0, "{a:?}");
        assert!(a.0 + w / 2.0 <= result["size"][0].as_f64().unwrap() + 0.1);
        assert!(a.1 + h / 2.0 <= result["size"][1].as_f64().unwrap() + 0.1);
        for b in at.iter().skip(i + 1) {
            assert!((a.0 - b.0).abs() >= w || (a.1 - b.1).abs() >= h, "boxes overlap: {a:?} {b:?}");
        }
    }
    let edges: HashMap<&str, &Value> =
        doc["edges"].as_array().unwrap().iter().map(|e| (e["id"].as_str().unwrap(), e)).collect();
    let ids: HashSet<&str> = doc["nodes"].as_array().unwrap().iter().map(|n| n["id"].as_str().unwrap()).collect();
    let rows = result["tree"].as_array().unwrap();
    assert!(!rows.is_empty());
    for row in rows {
        assert!(edges.contains_key(row["edge"].as_str().unwrap()) && ids.contains(row["id"].as_str().unwrap()));
    }
    for e in texts(&result["regimes"]["ofac"]["proof"]["edges"]) {
        assert!(edges.contains_key(e), "{e}");
    }
    // Owners stand above what they own, where no ring forbids it.
    let place = |id: &Value| result["positions"][id.as_str().unwrap()][1].as_f64().unwrap();
    let down = edges.values().filter(|e| e["type"] == "owns" && place(&e["source"]) < place(&e["target"])).count();
    let up = edges.values().filter(|e| e["type"] == "owns" && place(&e["source"]) > place(&e["target"])).count();
    assert!(down > 3 * up, "{down} down, {up} up");
    for lead in result["leads"].as_array().unwrap().iter().filter(|l| l["hub"] == false) {
        assert_eq!(lead["edges"].as_array().unwrap().len(), lead["parties"].as_array().unwrap().len());
    }
}

#[test]
fn arithmetic_is_readable_and_the_answer_imports_again() {
    let g = graph_of(
        r#"{"cuibono": 1, "sources": ["t"], "nodes": [
        {"id": "l", "type": "person", "name": "Lister", "listed": [{"list": "*"}]},
        {"id": "m", "type": "person", "name": "Mild"}, {"id": "a", "type": "company", "name": "Alpha"},
        {"id": "b", "type": "company", "name": "Beta"}],
        "edges": [{"id": "e1", "source": "l", "target": "a", "type": "owns", "share": "50"},
        {"id": "e2", "source": "a", "target": "b", "type": "owns", "share": "100/3"},
        {"id": "e3", "source": "l", "target": "b", "type": "owns", "share": "50/3"},
        {"id": "e4", "source": "m", "target": "b", "type": "owns", "share": "50"},
        {"id": "e5", "source": "m", "target": "b", "type": "directs"}]}"#,
    );
    let doc = ask(&g, &[("entity", "b"), ("as_of", "2024-01-01")]).unwrap();
    let b = &doc["answer"]["result"]["regimes"]["ofac"]["verdicts"]["b"];
    assert_eq!(
        texts(&b["arithmetic"]),
        [
            "100/3 held by Alpha (owns): counts in full: Alpha is blocked",
            "50/3 held by Lister (owns): counts in full: Lister is listed",
            "50 held by Mild (owns): counts as 0: Mild is not blocked on the record",
            "sum: 100/3 + 50/3 = 50",
            "the line is at least 50: reached"
        ]
    );
    assert_eq!(b["marks"], json!(["blocked: 50 of at least 50"]));
    assert_eq!(b["terms"][2]["edges"], json!(["e4"]));
    assert_eq!(doc["answer"]["query"], "trace b --limit 2000 --as-of 2024-01-01");
    let lead = &doc["answer"]["result"]["leads"][0];
    assert_eq!((lead["type"].as_str(), lead["parties"][0]["name"].as_str()), (Some("directs"), Some("Mild")));
    let (again, warnings) = Document::read(&doc.to_string(), None, "tree.json").unwrap();
    assert_eq!((again.nodes.len(), again.edges.len(), warnings.len()), (4, 4, 0));
}

#[test]
fn limits_and_wrong_questions_are_told() {
    let g = holding();
    let cut = ask(&g, &[("entity", "karrow"), ("limit", "2"), ("up", "true"), ("as_of", "2024-05-01")]).unwrap();
    assert_eq!(cut["answer"]["truncated"], true);
    assert_eq!(cut["answer"]["result"]["tree"].as_array().unwrap().len(), 2);
    let error = |query: &[(&str, &str)]| Reply::error(&ask(&g, query).unwrap_err());
    for (query, status, words) in [
        (&[][..], 400, "whose tree?"),
        (&[("entity", "nobody at all")], 404, "nobody at all"),
        (&[("entity", "karrow"), ("up", "perhaps")], 400, "true or false"),
        (&[("entity", "karrow"), ("limit", "many")], 400, "whole number"),
        (&[("entity", "karrow"), ("limit", "10001")], 400, "up to 10000"),
        (&[("entity", "karrow"), ("as_of", "soon")], 400, "as_of"),
        (&[("entity", "karrow"), ("up", "true"), ("down", "")], 400, "exclude each other"),
        (&[("entity", "karrow"), ("regime", "mars")], 400, "mars"),
        (&[("entity", "karrow"), ("regime", "au")], 400, "no line in numbers"),
        (&[("entity", "karrow"), ("entity", "north")], 400, "more than once"),
    ] {
        let reply = error(query);
        let body = String::from_utf8(reply.body).unwrap();
        assert!(reply.status == status && body.contains(words), "{query:?}: {} {body}", reply.status);
    }
    // Nobody asked for a regime: a day without a rule gives a chain without verdicts.
    let early = ask(&g, &[("entity", "karrow"), ("as_of", "1990-01-01")]).unwrap();
    assert_eq!(early["answer"]["result"]["regimes"], json!({}));
    assert!(early["answer"]["notes"][0].as_str().unwrap().contains("no verdicts are marked"));
}

#[test]
fn what_a_proof_speaks_of_is_drawn() {
    // Control upstream is no link of the chain, and part of the proof under a rule that counts it.
    let g = graph_of(
        r#"{"cuibono": 1, "sources": ["t"], "nodes": [
        {"id": "l", "type": "person", "name": "L", "listed": [{"list": "*"}]},
        {"id": "a", "type": "company", "name": "A"}, {"id": "b", "type": "company", "name": "B"}],
        "edges": [{"id": "e1", "source": "l", "target": "a", "type": "controls"},
        {"id": "e2", "source": "a", "target": "b", "type": "owns", "share": "60"}]}"#,
    );
    let doc = ask(&g, &[("entity", "b"), ("regime", "eu,ofac"), ("as_of", "2024-01-01")]).unwrap();
    let result = &doc["answer"]["result"];
    assert_eq!(result["tree"].as_array().unwrap().len(), 1);
    assert_eq!(texts(&result["regimes"]["eu"]["proof"]["edges"]), ["e1", "e2"]);
    assert_eq!(result["regimes"]["eu"]["verdicts"]["b"]["verdict"], "blocked");
    assert_eq!(result["regimes"]["ofac"]["verdicts"]["b"]["verdict"], "not_blocked");
    assert_eq!(doc["nodes"].as_array().unwrap().len(), 3);
}
