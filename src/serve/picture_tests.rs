use super::*;
use crate::graph::Graph;
use crate::model::PartialDate;
use crate::query::Scratch;
use crate::query::testing::graph_of;
use crate::serve::{Asker, Method};
use serde_json::json;
use std::io::{Cursor, Read};

struct Nobody;

impl Asker for Nobody {
    fn ask(&self, _: &[String], _: &Graph, _: &mut Scratch) -> Result<(u8, Vec<u8>)> {
        Err(Error::usage("not asked here"))
    }
}

fn send(address: &str, query: &[(&str, &str)], body: &[u8]) -> Reply {
    let request = Request {
        method: Method::Post,
        path: vec!["v1".into(), address.into()],
        query: query.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(),
        body: body.to_vec(),
        if_none_match: None,
        host: None,
    };
    let graph = graph_of(r#"{"cuibono": 1, "sources": ["t"], "nodes": [], "edges": []}"#);
    let mut scratch = Scratch::default();
    let today = PartialDate::parse("2026-11-30").ok();
    let mut context = Context { graph: &graph, scratch: &mut scratch, asker: &Nobody, today };
    answer(&request, &mut context).unwrap_or_else(|e| Reply::error(&e))
}

fn doc() -> Value {
    json!({
        "cuibono": 1, "scope": "t",
        "sources": [{"id": "gazette", "title": "A gazette", "url": "https://gazette.example/1", "licence": "CC0 with thanks"}, "notes"],
        "nodes": [
            {"id": "a", "type": "person", "name": "Anna <script>alert(1)</script>", "listed": [{"list": "ofac_sdn", "from": "2020-01-02"}], "cites": ["gazette"]},
            {"id": "b", "type": "company", "name": "Beta GmbH", "cites": ["gazette"]},
            {"id": "c", "type": "company", "name": "SECRET firm", "cites": ["notes"]},
        ],
        "edges": [
            {"id": "e1", "source": "a", "target": "b", "type": "owns", "share": "51", "cites": [{"source": "gazette", "locator": "p. 3", "quote": "holds 51 percent"}]},
            {"id": "e2", "source": "a", "target": "b", "type": "directs", "cites": ["gazette"]},
            {"id": "e3", "source": "b", "target": "c", "type": "owns", "cites": ["notes"]},
        ],
        "answer": {"query": "tree a", "as_of": "2024-01-01", "known_at": null, "store": "abc", "program": "0.1.0", "truncated": false},
    })
}

fn picture() -> Vec<u8> {
    json!({"document": doc(), "positions": {"a": [100, 40], "b": [640.5, 333.5], "c": [-50, 333.5]}, "title": "Anna's holdings"})
        .to_string()
        .into_bytes()
}

fn text(r: &Reply) -> String {
    assert_eq!(r.status, 200, "{}", String::from_utf8_lossy(&r.body));
    String::from_utf8(r.body.clone()).unwrap()
}

fn header<'r>(r: &'r Reply, name: &str) -> Option<&'r str> {
    r.headers.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
}

#[test]
fn places_arrive_exactly_in_every_format_that_has_them() {
    let export = |format| text(&send("export", &[("format", format)], &picture()));
    let cyto: Value = serde_json::from_str(&export("cytoscape")).unwrap();
    assert_eq!(cyto["elements"]["nodes"][0]["position"], json!({"x": 100.0, "y": 40.0}));
    assert_eq!(cyto["elements"]["nodes"][1]["position"], json!({"x": 640.5, "y": 333.5}));
    let graphology: Value = serde_json::from_str(&export("graphology")).unwrap();
    assert_eq!(graphology["nodes"][1]["attributes"]["x"], 640.5);
    assert_eq!(graphology["nodes"][1]["attributes"]["y"], -333.5);
    assert!(export("gexf").contains("<viz:position x=\"640.5\" y=\"-333.5\" z=\"0\"/>"));
    // SVG: centres keep their distances, whatever stands around the chart.
    for format in ["svg", "html"] {
        let svg = export(format);
        let at: Vec<(f64, f64)> = svg.match_indices("<g class=\"party\">").map(|(i, _)| middle(&svg[i..])).collect();
        assert_eq!(at.len(), 2, "{format}");
        assert_eq!((at[1].0 - at[0].0, at[1].1 - at[0].1), (540.5, 293.5), "{format}");
        assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;"), "{format}");
        assert_eq!(svg.matches("class=\"tie\"").count(), 1, "two relations of a pair are one line");
        assert!(svg.contains("and 1 more") && svg.contains("owns 51 %") && svg.contains("CC0 with thanks"), "{format}");
    }
}

/// The middle of the first shape after a place.
fn middle(svg: &str) -> (f64, f64) {
    let rect = svg.find("<rect ").unwrap();
    let number = |name: &str| -> f64 {
        let from = svg[rect..].find(&format!(" {name}=\"")).unwrap() + rect + name.len() + 3;
        svg[from..].split('"').next().unwrap().parse().unwrap()
    };
    let round = |n: f64| (n * 10.0).round() / 10.0;
    (round(number("x") + number("width") / 2.0), round(number("y") + number("height") / 2.0))
}

#[test]
fn every_format_is_a_file_and_several_files_are_one_archive() {
    for t in targets() {
        let r = send("export", &[("format", t.name)], &picture());
        assert_eq!(r.status, 200, "{}: {}", t.name, String::from_utf8_lossy(&r.body));
        let name = header(&r, "content-disposition").unwrap();
        let extension = if t.multi_file { "zip" } else { t.extension };
        assert_eq!(name, format!("attachment; filename=\"anna-s-holdings.{extension}\""));
        let mut all = String::from_utf8_lossy(&r.body).into_owned();
        if t.multi_file {
            all.clear();
            let mut zip = zip::ZipArchive::new(Cursor::new(r.body.clone())).unwrap();
            assert!(zip.len() > 1);
            for i in 0..zip.len() {
                zip.by_index(i).unwrap().read_to_string(&mut all).unwrap();
            }
        }
        assert!(all.contains("Beta GmbH") && !all.contains("SECRET"), "{}", t.name);
        assert!(header(&r, "x-cuibono-notes").unwrap().contains("held back"), "{}", t.name);
        assert_eq!(r, send("export", &[("format", t.name)], &picture()), "{}: same bytes", t.name);
        let with = send("export", &[("format", t.name), ("with_notes", "true")], &picture());
        assert!(header(&with, "x-cuibono-notes").is_none_or(|n| !n.contains("held back")), "{}", t.name);
        if !t.multi_file {
            assert!(text(&with).contains("SECRET"), "{}", t.name);
        }
    }
}

#[test]
fn a_document_survives_the_way_there_and_back() {
    let r = send("export", &[("format", "document"), ("with_notes", "")], doc().to_string().as_bytes());
    let back: Value = serde_json::from_str(&text(&r)).unwrap();
    assert_eq!(back["answer"], doc()["answer"]);
    assert_eq!((back["nodes"].as_array().unwrap().len(), back["edges"].as_array().unwrap().len()), (3, 3));
}

#[test]
fn a_layout_has_a_place_for_every_node() {
    for (body, size) in [(doc(), [200.0, 72.0]), (json!({"document": doc(), "box": [120, 40]}), [120.0, 40.0])] {
        let v: Value = serde_json::from_str(&text(&send("layout", &[], body.to_string().as_bytes()))).unwrap();
        assert_eq!(v["box"], json!(size));
        let at = |id: &str| (v["positions"][id][0].as_f64().unwrap(), v["positions"][id][1].as_f64().unwrap());
        let (a, b, c) = (at("a"), at("b"), at("c"));
        assert!(a.1 + size[1] < b.1 && b.1 + size[1] < c.1, "{v}");
        assert!(c.1 + size[1] / 2.0 <= v["size"][1].as_f64().unwrap() + 0.1, "{v}");
    }
    let empty = json!({"cuibono": 1, "sources": [], "nodes": [], "edges": []});
    let v: Value = serde_json::from_str(&text(&send("layout", &[], empty.to_string().as_bytes()))).unwrap();
    assert_eq!(v["positions"], json!({}));
}

#[test]
fn wrong_bodies_are_refused_with_their_place() {
    let with = |key: &str, value: Value| {
        let mut v = json!({"document": doc()});
        v[key] = value;
        v.to_string()
    };
    let mut bad_share = doc();
    bad_share["edges"][0]["share"] = json!("151");
    let mut nowhere = doc();
    nowhere["edges"][1]["target"] = json!("zz");
    let mut newer = doc();
    newer["cuibono"] = json!(9);
    let mut odd = doc();
    odd["answer"]["query"] = json!(["x"]);
    for (body, words) in [
        (String::new(), "not JSON"),
        ("[1]".to_owned(), "not JSON"),
        ("{\n\n \"document\": }".to_owned(), "the body:3"),
        (with("positions", json!([1, 2])), "positions"),
        (with("positions", json!({"a": [1]})), "positions[\\\"a\\\"]"),
        (with("positions", json!({"a": [1, 1e9]})), "positions"),
        (with("positions", json!({"a": ["x", "y"]})), "positions"),
        (with("title", json!(7)), "title"),
        (with("title", json!("x".repeat(1_001))), "at most 1000"),
        (with("box", json!([5, 5])), "box"),
        (with("colour", json!("red")), "colour"),
        (bad_share.to_string(), "edges[0].share"),
        (nowhere.to_string(), "edge to nowhere"),
        (newer.to_string(), "newer version"),
        (odd.to_string(), "answer.query"),
        ("{}".to_owned(), "not a network document"),
    ] {
        for address in ["export", "layout"] {
            let query: &[(&str, &str)] = if address == "export" { &[("format", "svg")] } else { &[] };
            let r = send(address, query, body.as_bytes());
            let says = String::from_utf8(r.body).unwrap();
            assert!(r.status == 400 && says.contains(words), "{address} {words}: {} {says}", r.status);
        }
    }
    let r = send("layout", &[], b"\xff\xfe{}");
    assert!(r.status == 400 && String::from_utf8(r.body).unwrap().contains("UTF-8"));
    let unknown = send("export", &[("format", "pajek")], &picture());
    let says = String::from_utf8(unknown.body).unwrap();
    assert!(unknown.status == 400 && says.contains("graphml, gexf") && says.contains("html"), "{says}");
    let none = send("export", &[], &picture());
    assert!(none.status == 400 && String::from_utf8(none.body).unwrap().contains("known: graphml"));
    assert_eq!(send("export", &[("format", "svg"), ("format", "svg")], &picture()).status, 400);
}

#[test]
fn a_tree_is_written_as_it_is_drawn() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/holding.json");
    let mut graph = crate::query::testing::graph_of_files(vec![crate::import::Input::open(&path).unwrap()]);
    graph.home = Some("holding".to_owned());
    let query = [("entity", "karrow"), ("regime", "ofac,eu,uk"), ("as_of", "2024-05-01")];
    let request = Request {
        method: Method::Get,
        path: vec!["v1".into(), "tree".into()],
        query: query.map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec(),
        body: Vec::new(),
        if_none_match: None,
        host: None,
    };
    let mut scratch = Scratch::default();
    let mut context = Context { graph: &graph, scratch: &mut scratch, asker: &Nobody, today: None };
    let tree: Value =
        serde_json::from_slice(&super::super::tree::answer(&request, &mut context).unwrap().body).unwrap();
    let result = tree["answer"]["result"].clone();
    let body = json!({"document": tree, "positions": result["positions"], "box": result["box"], "title": "Karrow: who stands behind it"});
    for format in ["svg", "html"] {
        let file = text(&send("export", &[("format", format)], body.to_string().as_bytes()));
        if let Ok(folder) = std::env::var("CUIBONO_TEST_PICTURES") {
            std::fs::write(std::path::Path::new(&folder).join(format!("tree.{format}")), &file).unwrap();
        }
        assert_eq!(file.matches("<g class=\"party\">").count(), tree["nodes"].as_array().unwrap().len());
        // What the verdicts say stands on the boxes.
        assert!(file.contains("LISTED ofac_sdn 2021-03-15"), "{format}");
        assert!(file.contains("blocked through others") && file.contains("blocked: "), "{format}");
    }
    let page = text(&send("export", &[("format", "html")], body.to_string().as_bytes()));
    for (_, told) in result["regimes"].as_object().unwrap() {
        for line in told["verdicts"]["karrow"]["arithmetic"].as_array().unwrap() {
            let line = line.as_str().unwrap().replace('\'', "&#39;");
            assert!(page.contains(&format!("<li>{line}</li>")), "{line}");
        }
    }
}
