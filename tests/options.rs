//! Options of questions about ownership, from document to view.

use crate::support::{date, dump, graph, import_texts, memory, on};
use cuibono::graph::{self, Filter, Graph, NodeOptions, View};
use cuibono::import::Request;
use cuibono::model::{Fact, Id, PartyRecord, Record};
use cuibono::query::{Subgraph, answer};
use cuibono::store::{Action, Commit, Edit, Memory, Snapshot, Storage};
use std::sync::Arc;

const DOCUMENT: &str = r#"{"cuibono": 1, "scope": "xa", "treasury": "exclude", "complete": ["b"],
 "nodes": [{"id": "a", "type": "person", "joint_arrangement": ["pact", "circle"]},
           {"id": "b", "type": "company", "unknown_remainder": "indeterminate"},
           {"id": "c", "type": "company", "treasury": "ignore"}],
 "edges": [{"source": "a", "target": "b", "type": "owns", "share": "20"},
           {"source": "a", "target": "c", "type": "owns", "share": "20", "stake": "A"},
           {"source": "b", "target": "c", "type": "owns", "share": "20", "joint": "J"},
           {"source": "c", "target": "b", "type": "owns", "share": "20", "properties": {"former": true}},
           {"source": "c", "target": "a", "type": "owns", "share": "20", "properties": {"former": false}}]}"#;

fn full(day: &str) -> Request {
    let mut r = on(day);
    (r.options.full, r.allow_removals) = (true, true);
    r
}

fn options(view: &View<'_>, id: &str) -> NodeOptions {
    view.options(view.graph().find_id(id).unwrap()).unwrap()
}

/// What a view tells: treasury, complete, remainder, arrangements.
fn told(view: &View<'_>, id: &str) -> (Option<bool>, Option<bool>, Option<bool>, String) {
    let o = options(view, id);
    (o.treasury_exclude, o.complete, o.unknown_remainder, o.joint_arrangements.join(" "))
}

fn arranged(view: &View<'_>) -> Vec<String> {
    let all = view.arranged().unwrap();
    all.iter().map(|(n, labels)| format!("{} {}", view.graph().id(*n), labels.join(" "))).collect()
}

fn put(s: &Arc<dyn Storage>, action: Action) {
    let mut c = Commit::begin(Arc::clone(s)).unwrap();
    c.append(&[Edit { time: "2024-05-01T12:00:00Z".into(), actor: "tester".into(), action }]).unwrap();
    c.finish().unwrap();
}

fn all(g: &Graph) -> View<'_> {
    View::new(g, Filter::default()).unwrap()
}

#[test]
fn a_store_keeps_the_options_of_a_document() {
    let s = memory();
    let outcome = import_texts(&s, &[("l.json", DOCUMENT)], &on("2023-01-10")).unwrap();
    assert!(outcome.report.skipped.is_empty(), "{:?}", outcome.report.skipped);
    let g = graph(&s);
    let v = all(&g);
    assert_eq!(told(&v, "xa:a"), (Some(true), None, None, "circle pact".into()));
    assert_eq!(told(&v, "xa:b"), (Some(true), Some(true), Some(true), String::new()));
    assert_eq!(told(&v, "xa:c"), (Some(false), None, None, String::new()));
    assert_eq!(arranged(&v), ["xa:a circle pact"]);
    let before = View::new(&g, Filter { known_at: Some(date("2023-01-09")), ..Filter::default() }).unwrap();
    assert_eq!((options(&before, "xa:a"), arranged(&before)), (NodeOptions::default(), vec![]));

    let marks: Vec<(String, bool, bool)> = v
        .edges()
        .map(|(e, a, b)| (format!("{}{}", g.label(a), g.label(b)), g.meta(e).labelled, g.meta(e).former))
        .collect();
    let mark = |ends: &str| marks.iter().find(|m| m.0 == ends).map(|m| (m.1, m.2)).unwrap();
    assert_eq!(marks.len(), 5);
    assert_eq!(mark("xa:axa:b"), (false, false));
    assert_eq!((mark("xa:axa:c"), mark("xa:bxa:c")), ((true, false), (true, false)));
    assert_eq!((mark("xa:cxa:b"), mark("xa:cxa:a")), ((false, true), (false, false)));
    graph::verify(&s).unwrap();

    // Dumped and read back, the options are the same.
    let copy = memory();
    import_texts(&copy, &[("l.jsonl", &dump(&s))], &Request::default()).unwrap();
    let g = graph(&copy);
    assert_eq!(told(&all(&g), "xa:b"), (Some(true), Some(true), Some(true), String::new()));
}

#[test]
fn what_a_document_says_survives_an_export() {
    let s = memory();
    import_texts(&s, &[("l.json", DOCUMENT)], &on("2023-01-10")).unwrap();
    let text = |s: &Arc<dyn Storage>| {
        let g = graph(s);
        let v = all(&g);
        let nodes: Vec<_> = g.nodes().collect();
        let edges: Vec<_> = v.edges().map(|(e, _, _)| e).collect();
        let mut doc = answer(&v, &Subgraph { nodes, edges, ..Subgraph::default() }, "").unwrap();
        doc.answer = None;
        let mut out = Vec::new();
        doc.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    };
    let first = text(&s);
    assert!(first.contains("\"treasury\":") && first.contains("\"complete\":"), "{first}");
    let copy = memory();
    let mut request = on("2023-01-10");
    request.options.source = Some("xa".into());
    import_texts(&copy, &[("l.json", &first)], &request).unwrap();
    assert_eq!(text(&copy), first);
}

#[test]
fn options_end_with_the_release_that_drops_them() {
    let s = memory();
    import_texts(&s, &[("l.json", DOCUMENT)], &full("2023-01-10")).unwrap();
    let rest = r#"{"cuibono": 1, "scope": "xa", "nodes": [{"id": "b", "type": "company"}]}"#;
    import_texts(&s, &[("l.json", rest)], &full("2024-01-10")).unwrap();
    let g = graph(&s);
    let v = all(&g);
    assert_eq!((options(&v, "xa:a"), options(&v, "xa:b")), (NodeOptions::default(), NodeOptions::default()));
    assert!(arranged(&v).is_empty());
    let then = View::new(&g, Filter { as_of: Some(date("2023-06-01")), ..Filter::default() }).unwrap();
    assert_eq!(arranged(&then), ["xa:a circle pact"]);
    assert_eq!(v.arranged_on(Some(date("2024"))).unwrap().len(), 1, "on some day of the year");
    assert!(v.arranged_on(Some(date("2024-01-10"))).unwrap().is_empty());
}

#[test]
fn edits_and_documents_laid_over_count_too() {
    let s = memory();
    let plain =
        r#"{"cuibono": 1, "scope": "xa", "nodes": [{"id": "a", "type": "person"}, {"id": "b", "type": "company"}]}"#;
    import_texts(&s, &[("l.json", plain)], &on("2023-01-10")).unwrap();
    let mut note = PartyRecord::new(Id::parse("xa:b").unwrap(), "");
    note.facts.push(Fact::new("joint_arrangement", "pact"));
    note.facts.push(Fact::new("complete", "perhaps"));
    put(&s, Action::Put(Box::new(Record::Party(note))));
    for folded in [false, true] {
        let mut g = graph(&s);
        assert_eq!(told(&all(&g), "xa:b"), (None, None, None, "pact".into()), "folded: {folded}");
        assert_eq!(arranged(&all(&g)), ["xa:b pact"]);
        let over: Arc<dyn Storage> = Arc::new(Memory::new());
        let text = DOCUMENT.replace("\"complete\": [\"b\"]", "\"complete\": true");
        import_texts(&over, &[("l.json", &text)], &on("2023-01-10")).unwrap();
        g.overlay(Snapshot::open(over).unwrap()).unwrap();
        assert_eq!(told(&all(&g), "xa:b"), (Some(true), Some(true), Some(true), "pact".into()));
        assert_eq!(arranged(&all(&g)), ["xa:a circle pact", "xa:b pact"]);
        let of = View::new(&g, Filter { sources: vec!["notes".into()], ..Filter::default() }).unwrap();
        assert_eq!(arranged(&of), ["xa:b pact"]);
        graph::compact(&s).unwrap();
        graph::verify(&s).unwrap();
    }
    put(&s, Action::Retract { id: "xa:b".into(), reason: "it was a mistake".into() });
    let g = graph(&s);
    assert_eq!((options(&all(&g), "xa:b"), arranged(&all(&g))), (NodeOptions::default(), vec![]));
}
