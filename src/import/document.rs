//! Network documents: our own format, and the shape of every graph-valued answer.
//! The JSON is described in `docs/json.md`.

use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Place, Result};
use crate::model::{Document, End, PartialDate, ReadDocument, ReadOptions, Record, SourceInfo, slug};
use std::collections::{HashMap, HashSet};

/// The one part that a document covers.
const PART: &str = "document";
/// Largest document accepted.
const MAX_BYTES: u64 = 1 << 30;

/// The keys at the top level of a JSON object, as far as the head of the file shows them.
pub(super) fn top_keys(head: &[u8]) -> Vec<&[u8]> {
    let (mut keys, mut depth, mut start, mut escaped, mut expects_key) = (Vec::new(), 0usize, None, false, false);
    for (i, b) in head.iter().enumerate() {
        if let Some(from) = start {
            match b {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    if depth == 1 && expects_key {
                        keys.push(head.get(from..i).unwrap_or_default());
                    }
                    (start, expects_key) = (None, false);
                }
                _ => {}
            }
            continue;
        }
        match b {
            b'"' => start = Some(i + 1),
            b'{' | b'[' => {
                depth += 1;
                expects_key = depth == 1 && *b == b'{';
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            b',' if depth == 1 => expects_key = true,
            _ => {}
        }
    }
    keys
}

pub(super) fn detect(input: &Input) -> bool {
    let head = input.head();
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.trim_ascii_start().first() != Some(&b'{') {
        return false;
    }
    let keys = top_keys(head);
    let has = |k: &str| keys.contains(&k.as_bytes());
    has("cuibono") || (has("nodes") && has("edges") && !has("schema"))
}

pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut draft: Option<Draft> = None;
    for mut file in files {
        let place = file.place();
        let text = file.text(MAX_BYTES)?;
        let stem = slug(file.stem().trim_end_matches(".json"));
        let read = Document::read_with(
            &text,
            &ReadOptions {
                scope: options.source.as_deref(),
                fallback: &stem,
                catalogue: &sink.catalogue,
                file: file.name(),
            },
        )?;
        drop(text);
        let ReadDocument { mut document, scope, warnings } = read;
        document.spread_options(&scope);
        for w in warnings {
            sink.report.skip(&w.reason, w.place, &w.text);
        }
        let source = options.source.clone().unwrap_or(scope);
        let info = document.sources.iter().find(|s| s.id == source).cloned();
        let stated = document.released;
        match &mut draft {
            None => draft = Some(new_draft(source, info, stated, options.full)),
            Some(d) if d.source != source => {
                return Err(Error::input(format!("documents of {} and of {source} are not one release", d.source))
                    .at(place)
                    .hint("import them one after the other, or name their common source with --source"));
            }
            Some(d) => {
                d.stated = d.stated.max(stated);
                if let Some(info) = info {
                    d.info = info;
                }
            }
        }
        inspect(&document, &place, sink);
        emit(document, sink)?;
    }
    draft.ok_or_else(|| Error::usage("no file given"))
}

fn new_draft(source: String, info: Option<SourceInfo>, stated: Option<PartialDate>, full: bool) -> Draft {
    Draft {
        info: info.unwrap_or_else(|| SourceInfo { id: source.clone(), ..SourceInfo::default() }),
        source,
        format: "document",
        stated,
        parts: vec![PART.to_owned()],
        mode: if full { Mode::Full } else { Mode::Additive },
    }
}

/// Hands the records on, and counts them.
fn emit(document: Document, sink: &mut Sink<'_>) -> Result<()> {
    for t in document.node_types {
        sink.catalogue.add_node_type(t.clone())?;
        sink.put(PART, Record::NodeType(t))?;
    }
    for t in document.edge_types {
        sink.catalogue.add_edge_type(t.clone())?;
        sink.put(PART, Record::EdgeType(t))?;
    }
    for s in document.sources {
        sink.report.count("sources", 1);
        sink.put(PART, Record::Source(s))?;
    }
    for n in document.nodes {
        sink.report.count("nodes", 1);
        sink.report.count(&format!("nodes/{}", if n.node_type.is_empty() { "(not said)" } else { &n.node_type }), 1);
        if !n.listings.is_empty() {
            sink.report.count("listed", 1);
        }
        sink.put(PART, Record::Party(n))?;
    }
    for e in document.edges {
        sink.report.count("edges", 1);
        sink.report.count(&format!("edges/{}", e.edge_type), 1);
        sink.put(PART, Record::Relation(e))?;
    }
    Ok(())
}

/// Reports what is allowed and yet looks like a slip.
fn inspect(document: &Document, file: &Place, sink: &mut Sink<'_>) {
    let types: HashMap<&str, &str> = document.nodes.iter().map(|n| (n.id.as_str(), n.node_type.as_str())).collect();
    let catalogue = &sink.catalogue;
    let family = |id: &str| {
        let node_type = types.get(id)?;
        let t = document.node_types.iter().find(|t| t.name == *node_type).or_else(|| catalogue.node_type(node_type));
        t.map(|t| t.family.as_str())
    };
    let mut owners: HashSet<(&str, &str)> = HashSet::new();
    for e in &document.edges {
        let own =
            document.edge_types.iter().find(|t| t.name == e.edge_type).or_else(|| catalogue.edge_type(&e.edge_type));
        let (End::Id(subject), End::Id(object), true) = (&e.source, &e.target, own.is_some_and(|t| t.ownership)) else {
            continue;
        };
        let place = || file.clone().element(format!("edge {}", e.external_id()));
        if matches!(family(object.as_str()), Some("person" | "state" | "program")) {
            let text = format!("{subject} {} {object}", e.edge_type);
            sink.report.suspect("a person, state or programme is owned", place(), &text);
        }
        if e.edge_type == "owns" {
            let pair = (subject.as_str(), object.as_str());
            if subject != object && owners.contains(&(pair.1, pair.0)) && !owners.contains(&pair) {
                sink.report.suspect("two parties own each other", place(), &format!("{subject} and {object}"));
            }
            owners.insert(pair);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::sink::testing::run;
    use crate::model::{Act, Status};

    fn looks(text: &str) -> bool {
        detect(&Input::from_bytes("x", text.as_bytes().to_vec()).unwrap())
    }

    #[test]
    fn detection() {
        assert!(looks("\u{feff} {\"cuibono\": 1}"));
        assert!(looks(r#"{"id": "{\"", "x": [{"schema": 1}], "nodes": [], "edges": []}"#));
        assert!(!looks(r#"{"id": "a", "schema": "Person", "properties": {"nodes": [], "edges": []}}"#));
        assert!(!looks(r#"{"elements": {"nodes": [], "edges": []}}"#));
        assert!(!looks(r#"{"id": "cuibono", "schema": "Person"}"#));
        assert!(!looks("[1]") && !looks("") && !looks("a,b\n"));
    }

    #[test]
    fn records_counts_and_suspicions() {
        let text = br#"{"cuibono": 1, "released": "2024-02-03", "sources": [{"id": "reg", "title": "Register"}],
            "edge_types": [{"name": "lends_to", "inverse": "borrows_from"}],
            "treasury": "exclude", "complete": ["b"],
            "nodes": [{"id": "a", "type": "company", "listed": true}, {"id": "b", "type": "company"},
                      {"id": "p", "type": "person", "shoe": 9}, {"id": "p", "type": "person", "shoe": 9}],
            "edges": [{"source": "a", "target": "b", "type": "owns"}, {"source": "b", "target": "a", "type": "owns"},
                      {"source": "a", "target": "p", "type": "owns"}, {"source": "a", "target": "p", "type": "lends_to"}]}"#;
        let got = run(import, &[("x/My file.json", text)], &Options::default()).unwrap();
        assert_eq!((got.draft.source.as_str(), got.draft.info.title.as_str()), ("reg", "Register"));
        assert_eq!((got.draft.mode, got.draft.stated.unwrap().to_string().as_str()), (Mode::Additive, "2024-02-03"));
        let counts: Vec<_> = got.report.counts.iter().map(|(k, n)| format!("{k} {n}")).collect();
        assert_eq!(
            counts.join(", "),
            "edges 4, edges/lends_to 1, edges/owns 3, listed 1, nodes 3, nodes/company 2, nodes/person 1, sources 1"
        );
        assert_eq!(got.records.len(), 1 + 1 + 3 + 4);
        assert_eq!(got.report.suspicious["a person, state or programme is owned"].count, 1);
        assert_eq!(got.report.suspicious["two parties own each other"].count, 1);
        assert_eq!(got.report.skipped["node repeated unchanged"].count, 1);
        assert_eq!(got.report.skipped["unknown member of nodes ignored"].count, 1);

        assert_eq!(got.report.skipped.len(), 2, "options are stored: {:?}", got.report.skipped);
        let facts = |id: &str| {
            let (_, r) = got.records.iter().find(|(_, r)| r.key() == id).unwrap();
            let Record::Party(p) = r else { panic!("{id} is a party") };
            p.facts.iter().map(|f| format!("{}={}", f.prop, f.value)).collect::<Vec<_>>()
        };
        assert_eq!(facts("reg:a"), ["treasury=exclude"]);
        assert_eq!(facts("reg:b"), ["complete=true", "treasury=exclude"]);

        let options = Options { source: Some("mine".into()), full: true, ..Options::default() };
        let got = run(import, &[("a.json", text)], &options).unwrap();
        assert_eq!((got.draft.source.as_str(), got.draft.mode), ("mine", Mode::Full));
        assert!(got.records.iter().any(|(p, r)| p == "document" && r.key() == "mine:a"));
        let bare = br#"{"nodes": [{"id": "a", "type": "person"}]}"#;
        let got = run(import, &[("dir/My case.json.gz", bare)], &Options::default()).unwrap();
        assert_eq!((got.draft.source.as_str(), got.records[0].1.key().as_str()), ("my-case", "my-case:a"));
    }

    #[test]
    fn shipped_networks_load_without_a_warning() {
        for (name, text) in [
            ("seed.json", &include_bytes!("../../data/seed.json")[..]),
            ("holding.json", &include_bytes!("../../data/holding.json")[..]),
        ] {
            assert!(detect(&Input::from_bytes(name, text.to_vec()).unwrap()));
            let got = run(import, &[(name, text)], &Options::default()).unwrap();
            assert!(got.report.skipped.is_empty(), "{name}: {:?}", got.report.skipped);
            assert!(got.report.suspicious.is_empty(), "{name}: {:?}", got.report.suspicious);
            assert!(got.draft.stated.is_some());
            for (_, r) in &got.records {
                if let Record::Relation(e) = r {
                    assert!(!e.cites.is_empty(), "{name}: {} cites nothing", r.key());
                }
            }
        }
    }

    #[test]
    fn seed_keeps_what_is_said_apart_from_what_is_so() {
        let got =
            run(import, &[("seed.json", &include_bytes!("../../data/seed.json")[..])], &Options::default()).unwrap();
        assert_eq!((got.draft.source.as_str(), got.report.get("listed")), ("seed", 3));
        let edges: Vec<_> =
            got.records.iter().filter_map(|(_, r)| if let Record::Relation(e) = r { Some(e) } else { None }).collect();
        let mut alternatives: HashMap<&str, usize> = HashMap::new();
        for e in &edges {
            let id = e.external_id();
            if e.status == Status::Alleged {
                assert!(e.value("attributed_to").is_some(), "{id}: alleged by whom?");
            }
            if e.edge_type == "supplies" {
                assert!(e.act != Act::Done && e.status == Status::Alleged, "{id}: no delivery is stated");
            }
            if let Some(of) = e.value("alternative_of") {
                assert_eq!(e.status, Status::Alleged, "{id}");
                *alternatives.entry(of).or_default() += 1;
            }
        }
        assert!(alternatives.len() == 2 && alternatives.values().all(|n| *n == 2), "{alternatives:?}");
        let owned = edges.iter().find(|e| e.edge_type == "owns_or_controls").unwrap();
        assert_eq!((&owned.share, owned.status), (&None, Status::Alleged));
        assert_eq!((&owned.source, &owned.target), (&end("ofac:37621"), &end("ofac:36217")));
        assert!(!edges.iter().any(|e| e.edge_type == "owns"));
    }

    #[test]
    fn seed_agrees_with_the_list() {
        let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
            println!("skipped: CUIBONO_TEST_DATA not set");
            return;
        };
        let path = std::path::Path::new(&root).join("data/ofac/sdn-2023-08-31.csv.gz");
        let list = Input::open(&path).unwrap().text(1 << 30).unwrap();
        let got =
            run(import, &[("seed.json", &include_bytes!("../../data/seed.json")[..])], &Options::default()).unwrap();
        let mut checked = 0;
        for (_, r) in &got.records {
            let Record::Party(p) = r else { continue };
            for f in p.facts.iter().filter(|f| f.cites.iter().any(|c| c.source == "ofac_sdn")) {
                let entry = list.lines().find(|l| l.starts_with(&format!("{},", p.id.local()))).unwrap();
                let words = if f.raw.is_empty() { &f.value } else { &f.raw };
                assert!(entry.contains(words.as_str()), "{}: {words}", p.id);
                checked += 1;
            }
        }
        assert!(checked > 15, "{checked} facts");
    }

    fn end(id: &str) -> End {
        End::Id(crate::model::Id::parse(id).unwrap())
    }

    #[test]
    fn ownership_cases_load() {
        let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
            println!("skipped: CUIBONO_TEST_DATA not set");
            return;
        };
        let mut n = 0;
        for entry in std::fs::read_dir(std::path::Path::new(&root).join("cases/ownership")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "json") {
                let bytes = std::fs::read(&path).unwrap();
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                assert!(detect(&Input::from_bytes(&name, bytes.clone()).unwrap()), "{name}");
                let found: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
                let got = run(import, &[(&name, &bytes)], &Options::default()).unwrap();
                let len = |k: &str| found[k].as_array().unwrap().len() as u64;
                assert_eq!((got.report.get("nodes"), got.report.get("edges")), (len("nodes"), len("edges")), "{name}");
                n += 1;
            }
        }
        assert!(n > 50, "{n} cases");
    }
}
