//! Exports are read back by the programs that people use: networkx, igraph, lxml with the GEXF
//! grammar, the schemas of BODS, Graphviz, graphology and cytoscape.js (`tests/readers/`).
//!
//! `CUIBONO_READERS_PYTHON` names a Python with the packages of `tests/readers/requirements.txt`,
//! and of `requirements-ftm.txt` where FollowTheMoney's own model is to judge (it needs ICU to build);
//! `CUIBONO_READERS_NODE` a folder where `npm ci` was run with `tests/readers/package.json`.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly; helpers outside #[test] count too")]

use cuibono::export::{Options, target, targets};
use cuibono::model::{
    Act, Answer, Citation, Direct, Document, End, Fact, Id, Listing, PartialDate, PartyRecord, RelationRecord, Share,
    SourceInfo, Status, prop,
};
use serde_json::{Map, Value, json};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use xxhash_rust::xxh3::xxh3_64;

const PARTIES: [(&str, &str, &str); 15] = [
    ("x:1", "person", "Иван Пример-Ёлкин"),
    ("x:2", "company", "평양 보기 회사"),
    ("x:3", "company", "חברה לדוגמה \u{200f}בע\"מ\u{200f}"),
    ("x:4", "person", "شركة المثال 2"),
    ("x:with space/and#hash@at?q=1&r", "company", "\"Quoted\" 'single' <b>bold</b> &amp; & Co; | ]]> &#38;"),
    ("x:emoji 🐟", "vessel", "Fish 🐟 e\u{301}\u{feff} \u{2028}\u{85}end"),
    ("x:back\\slash\\", "legal_entity", "C:\\new\\table\\N ends in \\"),
    ("x:quote\"'", "legal_entity", "Line one\nline two\r\nline three\ttab"),
    ("x:ctl", "legal_entity", "bell \u{7} vt \u{b} nul \u{0} esc \u{1b} nonchar \u{ffff}."),
    ("x:_x0020_", "thing", "looks escaped"),
    ("x: ", "thing", "is a blank"),
    ("x:\u{fffe}", "thing", "id with a noncharacter"),
    ("x:e1", "sanctions_program", "=HYPERLINK(\"http://evil.example\",\"-1+2\")"),
    ("x:formula", "state", "@SUM(A1)"),
    ("x:a->b", "arrangement", "- true"),
];

fn id(text: &str) -> Id {
    Id::parse(text).unwrap()
}

fn day(text: &str) -> Option<PartialDate> {
    Some(PartialDate::parse(text).unwrap())
}

fn cite(source: &str, locator: &str) -> Vec<Citation> {
    vec![Citation { source: source.into(), locator: locator.into(), quote: "said \"so\" & <more>\n".into() }]
}

/// A document with everything that breaks readers.
fn torture_document() -> Document {
    let mut doc = Document::default();
    for (i, (party, kind, name)) in PARTIES.iter().enumerate() {
        let mut p = PartyRecord::new(id(party), *kind);
        p.facts.push(Fact::name(prop::NAME, *name));
        p.cites = cite("gazette", &format!("entry {i}"));
        if i % 2 == 0 {
            p.facts.push(Fact::name(prop::ALIAS, format!("{name}; also, \"aka\"")));
            p.facts.push(Fact::name(prop::ALIAS, "Second | alias"));
            p.facts.push(Fact::new(prop::IDENTIFIER, "00123").kind("tax no."));
            p.facts.push(Fact::new(prop::BIRTH, "circa 1951"));
            p.facts.push(Fact::new(prop::COUNTRY, "Exampleland"));
            p.facts.push(Fact::new("remark", "line\nbreak \\ \u{1}"));
        }
        if i % 3 == 0 {
            let (from, to) = (day("2020-05"), if i == 3 { day("2021") } else { None });
            p.listings.push(Listing {
                list: "ofac_sdn".into(),
                from,
                to,
                programs: vec!["DPRK2".into(), "A;B".into()],
                ..Listing::default()
            });
        }
        doc.nodes.push(p);
    }
    let of = |at: usize| End::Id(id(PARTIES[at].0));
    let mut edge =
        |own: Option<&str>, s: End, kind: &str, t: End, share: Option<&str>, change: &dyn Fn(&mut RelationRecord)| {
            let mut r = RelationRecord::new(s, kind, t);
            r.id = own.map(id);
            r.share = share.map(|s| Share::parse(s).unwrap());
            r.cites = cite("gazette", "page 1");
            change(&mut r);
            doc.edges.push(r);
        };
    edge(Some("x:e1"), of(0), "owns", of(1), Some("100/3"), &|r| r.start = day("2019"));
    edge(Some("x:e2"), of(0), "owns", of(1), Some(">25 to 50"), &|r| {
        (r.start, r.end) = (day("2019-02"), day("2021-03-01"))
    });
    edge(None, of(0), "owns", of(1), None, &|r| r.ordinal = 7);
    edge(None, of(0), "directs", of(1), None, &|r| r.role = "Director\n\"general\"".into());
    edge(None, of(1), "owns", of(0), Some("75 to <100"), &|r| r.direct = Direct::Indirect);
    edge(None, of(2), "owns", of(2), Some("12.5"), &|r| r.stake = "treasury <b>".into());
    edge(None, of(2), "controls", of(2), None, &|r| r.end = day("2022"));
    edge(None, of(3), "family_of", of(0), None, &|r| r.status = Status::Disputed);
    edge(None, of(4), "supplies", of(5), None, &|r| (r.act, r.status) = (Act::Sought, Status::Alleged));
    edge(None, of(6), "owns_or_controls", of(7), Some("0"), &|_| ());
    edge(None, of(7), "owns", of(8), Some("100"), &|_| ());
    edge(None, of(9), "owns", of(10), Some("50"), &|r| r.facts.push(Fact::new("amount", "EUR 5;\t6")));
    edge(None, of(10), "owns", of(11), Some("0.0000001"), &|_| ());
    edge(None, of(11), "under_program", of(12), None, &|_| ());
    edge(None, of(13), "linked_to", of(14), None, &|_| ());
    edge(None, of(5), "linked_to", End::Name("Nobody \"Knows\" <Ltd>\u{b} \\".into()), None, &|_| ());
    edge(None, End::Name("Nobody \"Knows\" <Ltd>\u{b} \\".into()), "owns", of(6), Some("51"), &|_| ());
    edge(None, of(1), "owns", End::Id(id("x:not described")), None, &|_| ());
    doc.sources.push(SourceInfo {
        id: "gazette".into(),
        title: "The \"Example\" Gazette & <Register>".into(),
        publisher: "Ministry of Examples".into(),
        url: "https://gazette.example/?a=1&b=2".into(),
        published: "2023-09-01".into(),
        licence: "CC BY 4.0".into(),
        attribution: "Contains data of the Gazette */ -- ]]>\nsecond line".into(),
    });
    doc.answer =
        Some(Answer { query: "neighbours x:1".into(), store: "abc".into(), program: "0".into(), ..Answer::default() });
    doc
}

/// What every reader must find, worked out from the document by itself.
fn expected(doc: &Document) -> Value {
    let mut nodes = Map::new();
    for p in &doc.nodes {
        let id = doc.show_id(p.id.as_str());
        let label = p.values(prop::NAME).next().unwrap_or(id);
        let listed = p.listings.iter().any(|l| l.to.is_none());
        let mut sources: Vec<&str> = Vec::new();
        let cites = p.cites.iter().chain(p.facts.iter().flat_map(|f| &f.cites));
        for c in cites.chain(p.listings.iter().flat_map(|l| &l.cites)) {
            if !sources.contains(&c.source.as_str()) {
                sources.push(&c.source);
            }
        }
        let node =
            json!({"label": label, "kind": p.node_type, "listed": listed, "sources": sources, "described": true});
        nodes.insert(id.to_owned(), node);
    }
    let added = |label: &str, kind: &str| json!({"label": label, "kind": kind, "listed": false, "sources": [], "described": false});
    let mut end = |e: &End| match e {
        End::Id(id) => {
            let id = doc.show_id(id.as_str());
            nodes.entry(id).or_insert(added(id, "thing"));
            id.to_owned()
        }
        End::Name(name) => {
            let id = format!("unresolved:{:016x}", xxh3_64(name.as_bytes()));
            nodes.insert(id.clone(), added(name, "unresolved_name"));
            id
        }
    };
    let mut edges = Map::new();
    for r in &doc.edges {
        let (source, target) = (end(&r.source), end(&r.target));
        let date = |d: Option<PartialDate>| d.map(|d| d.to_string());
        let share = r.share.map(|s| s.to_string());
        let number = |p: cuibono::model::Percent| p.fraction().0 as f64 / p.fraction().1 as f64;
        let e = json!({"source": source, "target": target, "kind": r.edge_type, "share": share,
            "share_min": r.share.map(|s| number(s.min)), "share_max": r.share.map(|s| number(s.max)),
            "start_date": date(r.start), "end_date": date(r.end), "status": r.status.as_str()});
        let id = r.external_id();
        assert!(edges.insert(doc.show_id(&id).to_owned(), e).is_none(), "two edges with one id");
    }
    json!({"nodes": nodes, "edges": edges, "licence": doc.sources.first().map(|s| &s.licence)})
}

/// Writes every format into a folder of its own, and the expectation beside them.
fn export_all(doc: &Document, folder: &Path) {
    let options = Options { date: day("2024-01-02"), ..Options::default() };
    for t in targets() {
        let dir = folder.join(t.name);
        std::fs::create_dir_all(&dir).unwrap();
        let first = (t.write)(doc, &options).unwrap();
        assert_eq!(first, (t.write)(doc, &options).unwrap(), "{}: same document, other bytes", t.name);
        for a in first.artifacts {
            std::fs::write(dir.join(a.name), a.bytes).unwrap();
        }
    }
    std::fs::write(folder.join("expected.json"), expected(doc).to_string()).unwrap();
}

fn readers(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers").join(file)
}

/// Whether a checker agrees, and what it printed.
fn run(program: &OsStr, args: &[&OsStr]) -> (bool, String) {
    let out = Command::new(program).args(args).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    // The last line counts too: a checker that stops early must not pass.
    (out.status.success() && said.contains("all readers agree"), said)
}

/// Runs a checker on the exports, then on the same exports with one format at a time spoilt,
/// which it must notice.
fn check(formats: &[&str], checker: &dyn Fn(&Path) -> (bool, String)) {
    let dir = tempfile::tempdir().unwrap();
    export_all(&torture_document(), dir.path());
    let (agrees, said) = checker(dir.path());
    println!("{said}");
    assert!(agrees, "{said}");
    for format in formats {
        for file in std::fs::read_dir(dir.path().join(format)).unwrap() {
            let file = file.unwrap().path();
            let sound = std::fs::read_to_string(&file).unwrap();
            let spoilt = sound.replacen("100/3", "33.333", 1);
            if spoilt != sound {
                std::fs::write(&file, spoilt).unwrap();
                let (agrees, said) = checker(dir.path());
                assert!(!agrees, "{format}: a wrong share went unnoticed: {said}");
                std::fs::write(&file, sound).unwrap();
            }
        }
    }
}

#[test]
fn python_readers_and_graphviz() {
    let Some(python) = std::env::var_os("CUIBONO_READERS_PYTHON") else {
        println!("skipped: CUIBONO_READERS_PYTHON not set");
        return;
    };
    let script = readers("check.py");
    let rng = std::env::var_os("CUIBONO_TEST_DATA").map(|d| Path::new(&d).join("data/schemas/gexf-1.3/gexf.rng"));
    if rng.is_none() {
        println!("skipped: the GEXF grammar and the schemas of BODS, CUIBONO_TEST_DATA not set");
    }
    let bods = std::env::var_os("CUIBONO_TEST_DATA").map(|d| Path::new(&d).join("data/schemas/bods-0.4"));
    let formats = ["graphml", "gexf", "node-link", "jsonl", "document", "csv", "neo4j", "dot", "ftm", "bods"];
    check(&formats, &|folder| {
        let mut args = vec![script.as_os_str(), folder.as_os_str()];
        args.extend([&rng, &bods].into_iter().flatten().map(|p| p.as_os_str()));
        run(&python, &args)
    });
}

#[test]
fn node_readers() {
    let Some(modules) = std::env::var_os("CUIBONO_READERS_NODE") else {
        println!("skipped: CUIBONO_READERS_NODE not set");
        return;
    };
    let script = readers("check.mjs");
    check(&["graphml", "gexf", "graphology", "cytoscape"], &|folder| {
        run(OsStr::new("node"), &[script.as_os_str(), folder.as_os_str(), &modules])
    });
}

#[test]
fn structure_holds_without_any_reader() {
    let doc = torture_document();
    let text = |name: &str, file: usize| {
        let e = (target(name).unwrap().write)(&doc, &Options::default()).unwrap();
        String::from_utf8(e.artifacts[file].bytes.clone()).unwrap()
    };
    let want = expected(&doc);
    let (nodes, edges) = (want["nodes"].as_object().unwrap().len(), want["edges"].as_object().unwrap().len());
    for xml in [text("graphml", 0), text("gexf", 0)] {
        assert_eq!((xml.matches("<node ").count(), xml.matches("<edge ").count()), (nodes, edges));
        assert!(!xml.contains("schemaLocation"));
    }
    let gexf = text("gexf", 0);
    assert!(gexf.contains("kind=\"owns#3\"") && !gexf.contains("kind=\"owns#4\""));
    assert!(gexf.contains("<spell start=\"2019-02-01\" end=\"2021-02-28\"/>"), "the end of a spell is inclusive");
    let json = |name: &str| serde_json::from_str::<Value>(&text(name, 0)).unwrap();
    let ids = |v: &Value, pointer: &str| {
        v.as_array()
            .unwrap()
            .iter()
            .map(|e| e.pointer(pointer).unwrap().as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let cyjs = json("cytoscape");
    let mut all = ids(&cyjs["elements"]["nodes"], "/data/id");
    all.extend(ids(&cyjs["elements"]["edges"], "/data/id"));
    assert!(all.iter().any(|id| id == "edge:x:e1"));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), nodes + edges);
    let graphology = json("graphology");
    assert_eq!(graphology["options"], json!({"type": "directed", "multi": true, "allowSelfLoops": true}));
    assert_eq!(graphology["edges"].as_array().unwrap().len(), edges);
    let link = json("node-link");
    assert_eq!((&link["directed"], &link["multigraph"]), (&json!(true), &json!(true)));
    assert_eq!(ids(&link["links"], "/key"), ids(&link["links"], "/edge_id"));
    assert_eq!(text("jsonl", 0).lines().count(), 1 + doc.sources.len() + nodes + edges);
    assert_eq!(text("neo4j", 0).lines().count(), 1 + nodes);
    assert!(text("dot", 0).contains("\ndigraph \"cuibono\" {"));
}

#[test]
fn warnings_name_what_was_replaced() {
    let doc = torture_document();
    let warnings = |name: &str| {
        let t = target(name).unwrap();
        (t.write)(&doc, &Options::default()).unwrap().warnings
    };
    for format in ["graphml", "gexf"] {
        let w = warnings(format);
        assert!(w.iter().any(|w| w.contains("XML cannot hold")), "{format}: {w:?}");
    }
    assert!(warnings("neo4j").iter().any(|w| w.contains("semicolons")));
    assert_eq!(warnings("document"), Vec::<String>::new());
    assert_eq!(warnings("jsonl").len(), 1, "only the bare id");
}
