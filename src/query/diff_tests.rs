//! Differences between releases, small and real; counts of what a store holds.

use super::*;
use crate::error::Result;
use crate::graph::{Filter, Graph, View, build_index};
use crate::import::{Input, Options, Request, import};
use crate::model::{Fact, Id, Listing, Mode, PartialDate, PartyRecord, Record, SourceInfo, prop};
use crate::store::{Commit, Memory, Release, Snapshot, Stage, Storage};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;

fn day(text: &str) -> PartialDate {
    PartialDate::parse(text).unwrap()
}

fn document(nodes: &str, edges: &str) -> String {
    format!(
        r#"{{"cuibono": 1, "scope": "l", "sources": [{{"id": "l", "title": "List"}}], "nodes": [{nodes}], "edges": [{edges}]}}"#
    )
}

fn store(releases: &[(&str, String)], full: bool) -> Graph {
    let storage = Arc::new(Memory::new());
    for (date, text) in releases {
        let request = Request {
            release: Some(day(date)),
            options: Options { full, ..Options::default() },
            allow_removals: true,
            ..Request::default()
        };
        let file = Input::from_bytes("l.json", text.clone().into_bytes()).unwrap();
        import(storage.clone(), vec![file], &request, &mut |_| {}).unwrap();
    }
    Graph::open(Snapshot::open(storage).unwrap()).unwrap()
}

const LISTED: &str = r#""listed": [{"list": "x", "programs": ["P"]}]"#;

fn two(full: bool) -> Graph {
    let [old, new] = releases();
    store(&[("2024-01-01", old), ("2024-02-01", new)], full)
}

fn releases() -> [String; 2] {
    let old = document(
        &format!(
            r#"{{"id": "a", "type": "company", "name": "Alder", "aliases": ["A1", "A2"], {LISTED}}},
               {{"id": "b", "type": "person", "name": "Birch", {LISTED}}},
               {{"id": "s", "type": "person", "name": "Same", {LISTED}}},
               {{"id": "p", "type": "sanctions_program", "name": "P"}}"#
        ),
        r#"{"source": "a", "target": "s", "type": "owns", "share": "10"},
           {"source": "s", "target": "a", "type": "owns", "share": "1"},
           {"source": "b", "target": {"name": "Nobody"}, "type": "linked_to"}"#,
    );
    let new = document(
        &format!(
            r#"{{"id": "a", "type": "company", "name": "Alder", "aliases": ["A3", "A2"],
                 "listed": [{{"list": "x", "programs": ["P", "Q"]}}]}},
               {{"id": "s", "type": "person", "name": "Same", {LISTED}}},
               {{"id": "c", "type": "vessel", "name": "Cedar", {LISTED}}},
               {{"id": "p", "type": "sanctions_program", "name": "P"}},
               {{"id": "q", "type": "sanctions_program", "name": "Q"}}"#
        ),
        r#"{"source": "a", "target": "s", "type": "owns", "share": "20"},
           {"source": "s", "target": "a", "type": "owns", "share": "1"},
           {"source": "c", "target": "a", "type": "owns"}"#,
    );
    [old, new]
}

#[test]
fn full_releases_field_by_field() {
    let g = two(true);
    let d = diff(&g, "l", day("2024-01"), day("2024-02-01")).unwrap();
    let want = json!({
        "source": "l", "from": "2024-01-01", "to": "2024-02-01", "parts": ["document"],
        "notes": ["parties without a listing, such as programmes: 1 added, 0 removed, 0 changed"],
        "added": [{"id": "l:c", "name": "Cedar", "type": "vessel", "programs": ["P"]}],
        "removed": [{"id": "l:b", "name": "Birch", "type": "person", "programs": ["P"]}],
        "changed": [{"id": "l:a", "name": "Alder", "fields": [
            {"prop": "alias", "kind": "", "from": ["A1"], "to": ["A3"]},
            {"prop": "programs", "kind": "x", "from": [], "to": ["Q"]},
        ]}],
    });
    let mut got = d.json();
    let edges = got.as_object_mut().unwrap().remove("edges").unwrap();
    assert_eq!(got, want);
    assert_eq!(edges["added"][0]["id"], "l:c>owns>l:a");
    assert_eq!(edges["added"][0]["source_name"], "Cedar");
    assert_eq!(edges["removed"][0]["target"], json!({"name": "Nobody"}));
    let change = json!([{"id": "l:a>owns>l:s", "source": "l:a", "target": "l:s", "type": "owns", "source_name": "Alder",
        "target_name": "Same", "fields": [{"prop": "share", "kind": "", "from": ["10"], "to": ["20"]}]}]);
    assert_eq!(edges["changed"], change);
    assert_eq!((d.edges.added.len(), d.edges.removed.len()), (1, 1));
    let [old, new] = releases();
    let late = store(&[("2024-02-01", new), ("2024-01-01", old)], true);
    assert_eq!(diff(&late, "l", day("2024-01"), day("2024-02")).unwrap(), d, "the order of import does not count");
    let back = diff(&g, "l", day("2024-02"), day("2024-01")).unwrap();
    assert_eq!((&back.added, &back.removed), (&d.removed, &d.added));
    assert!(diff(&g, "l", day("2024-01"), day("2024-01")).unwrap().is_empty());
}

#[test]
fn additions_end_nothing() {
    let d = diff(&two(false), "l", day("2024-01-01"), day("2024-02-01")).unwrap();
    assert_eq!((d.added.len(), d.removed.len(), d.changed.len()), (1, 0, 1));
    assert_eq!((d.edges.added.len(), d.edges.removed.len(), d.edges.changed.len()), (1, 0, 1));
}

#[test]
fn wrong_questions_name_what_is_known() {
    let g = two(false);
    let hint = |r: Result<Diff>| {
        let e = r.unwrap_err();
        assert_eq!(e.kind(), crate::error::Kind::Usage);
        format!("{} | {}", e.message(), e.next_step().unwrap_or_default())
    };
    assert_eq!(hint(diff(&g, "m", day("2024"), day("2024"))), "there is no source \"m\" | sources: l");
    assert_eq!(
        hint(diff(&g, "l", day("2024"), day("2024-02"))),
        "l has 2 releases in 2024 | give one of 2024-01-01, 2024-02-01"
    );
    assert_eq!(
        hint(diff(&g, "l", day("2024-01"), day("2024-02-02"))),
        "l has no release of 2024-02-02 | releases in the store: 2024-01-01, 2024-02-01"
    );
}

#[test]
fn counts_of_a_store() {
    let g = two(true);
    let s = stats(&View::new(&g, Filter::default()).unwrap()).unwrap();
    let source = &s.sources[0];
    assert_eq!(source.releases.iter().map(|r| r.records).collect::<Vec<_>>(), [8, 9]);
    assert_eq!((source.records, source.present, s.records), (13, 9, 13));
    assert_eq!(s.lists["x"], ListStats { listed: 3, ended: 1 });
    assert_eq!(s.nodes_by_type["sanctions_program"], 2);
    assert_eq!((s.unresolved, s.ambiguous, s.edits), (1, 0, 0));
    assert!(s.bytes["index"] > 0 && s.bytes["records"] > 0 && s.bytes["manifest"] > 0);
    let j = s.json();
    assert_eq!(j["sources"][0]["releases"][0]["date"], "2024-01-01");
    assert_eq!(j["lists"]["x"], json!({"listed": 3, "ended": 1}));
    let all: u64 = s.edges_by_type.values().sum();
    assert_eq!(all, s.edges);
}

/// Date, parts covered, records with their part.
type Parts<'a> = (&'a str, &'a [&'a str], &'a [(&'a str, PartyRecord)]);

/// A store whose releases consist of several parts, each record in its part.
fn in_parts(releases: &[Parts<'_>]) -> Graph {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    for (date, parts, records) in releases {
        let mut commit = Commit::begin(Arc::clone(&storage)).unwrap();
        let mut stage = Stage::begin(&mut commit).unwrap();
        for (part, record) in *records {
            stage.put(part, &Record::Party(record.clone()).view()).unwrap();
        }
        let release = Release {
            info: SourceInfo { id: "l".into(), ..SourceInfo::default() },
            date: day(date),
            format: "f".into(),
            mode: Mode::Full,
            parts: parts.iter().map(|p| (*p).to_owned()).collect(),
            files: Vec::new(),
            counts: Default::default(),
            deleted: Vec::new(),
            replace: false,
            allow_removals: true,
        };
        stage.finish(&mut commit, release).unwrap();
        build_index(&mut commit).unwrap();
        commit.finish().unwrap();
    }
    Graph::open(Snapshot::open(storage).unwrap()).unwrap()
}

#[test]
fn a_party_of_several_parts_is_one_entry() {
    let id = |n: &str| Id::new("l", n).unwrap();
    let main = |n: &str| {
        let mut p = PartyRecord::new(id(n), "company");
        p.facts.push(Fact::name(prop::NAME, format!("Firm {n}")));
        p.listings.push(Listing { list: "x".into(), ..Listing::default() });
        p
    };
    let alias = |n: &str, names: &[&str]| {
        let mut p = PartyRecord::new(id(n), "");
        p.facts.extend(names.iter().map(|a| Fact::name(prop::ALIAS, *a)));
        p
    };
    let all = ["primary", "alias"];
    let first =
        [("primary", main("a")), ("primary", main("b")), ("alias", alias("a", &["A1"])), ("alias", alias("b", &["B"]))];
    let second = [("primary", main("a")), ("primary", main("b"))];
    let third =
        [("primary", main("a")), ("primary", main("b")), ("primary", main("c")), ("alias", alias("a", &["A2"]))];
    let fourth = [("alias", alias("a", &["A2"])), ("alias", alias("c", &["C"]))];
    let g = in_parts(&[
        ("2024-01", &all, &first),
        ("2024-02", &all[..1], &second),
        ("2024-03", &all, &third),
        ("2024-04", &all[1..], &fourth),
    ]);
    // A release without its alias file ends no alias.
    let d = diff(&g, "l", day("2024-01"), day("2024-02")).unwrap();
    assert_eq!((d.parts.clone(), d.is_empty()), (vec!["primary".to_owned()], true));
    assert_eq!(d.notes, ["not compared, only in the release of 2024-01: alias"]);
    let d = diff(&g, "l", day("2024-01"), day("2024-03")).unwrap();
    assert_eq!(d.parts, ["alias", "primary"]);
    let ids = |list: &[DiffParty]| list.iter().map(|p| p.id.clone()).collect::<Vec<_>>();
    assert_eq!((ids(&d.added), ids(&d.removed)), (vec!["l:c".to_owned()], vec![]));
    let got: Vec<_> = d.changed.iter().map(|c| (c.name.as_str(), &c.fields[..])).collect();
    let change = |from: &[&str], to: &[&str]| {
        let texts = |l: &[&str]| l.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        FieldChange { prop: "alias".into(), kind: String::new(), from: texts(from), to: texts(to) }
    };
    assert_eq!(got, [("Firm a", &[change(&["A1"], &["A2"])][..]), ("Firm b", &[change(&["B"], &[])][..])]);
    // Aliases alone introduce nobody: their entry changed.
    let d = diff(&g, "l", day("2024-03"), day("2024-04")).unwrap();
    assert_eq!((d.added.len(), d.removed.len()), (0, 0));
    assert_eq!((d.changed[0].name.as_str(), &d.changed[0].fields[..]), ("Firm c", &[change(&[], &["C"])][..]));
    assert!(diff(&g, "l", day("2024-02"), day("2024-04")).unwrap_err().message().contains("no part in common"));
}

fn real(names: &[&str], storage: &Arc<Memory>, folder: &std::path::Path) {
    let files = names.iter().map(|n| Input::open(&folder.join("data/ofac").join(n)).unwrap()).collect();
    import(storage.clone(), files, &Request::default(), &mut |_| {}).unwrap();
}

#[test]
fn other_formats_compare_entries_only() {
    let Some(folder) = std::env::var_os("CUIBONO_TEST_DATA").map(PathBuf::from) else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    let storage = Arc::new(Memory::new());
    real(&["cons_advanced-2020-03-17.xml.gz"], &storage, &folder);
    real(&["cons_prim-2025-12.csv.gz", "cons_add-2025-12.csv.gz", "cons_alt-2025-12.csv.gz"], &storage, &folder);
    let g = Graph::open(Snapshot::open(storage).unwrap()).unwrap();
    let s = stats(&View::new(&g, Filter::default()).unwrap()).unwrap();
    let source = &s.sources[0];
    let dates: Vec<PartialDate> = source.releases.iter().map(|r| r.entry.date).collect();
    assert_eq!(dates.len(), 2);
    let d = diff(&g, &source.info.id, dates[0], dates[1]).unwrap();
    assert!(d.notes.iter().any(|n| n.starts_with("the formats differ (ofac-")));
    assert!(d.changed.is_empty() && d.edges == EdgeDiff::default());
    // 375 and 442 entries by an independent count; programmes are no entries.
    assert_eq!((d.added.len(), d.removed.len(), d.others.removed.len()), (77, 10, 3));
    assert_eq!(375 + d.added.len() - d.removed.len(), 442);
    assert!(d.removed.iter().all(|p| p.id.starts_with("ofac:") && !p.programs.is_empty()));
}

#[test]
fn the_sdn_list_from_august_to_december() {
    let Some(folder) = std::env::var_os("CUIBONO_TEST_DATA").map(PathBuf::from) else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    let storage = Arc::new(Memory::new());
    real(&["sdn-2023-08-24.csv.gz"], &storage, &folder);
    real(&["sdn-2023-08-31.csv.gz"], &storage, &folder);
    let g = Graph::open(Snapshot::open(storage.clone()).unwrap()).unwrap();
    let d = diff(&g, "ofac_sdn", day("2023-08-24"), day("2023-08-31")).unwrap();
    let ids: Vec<&str> = d.added.iter().map(|p| p.id.as_str()).collect();
    assert_eq!(ids, ["ofac:27743", "ofac:36217", "ofac:37621"]);
    assert!(d.added.iter().all(|p| p.programs == ["DPRK2"]));
    assert_eq!((d.removed.len(), d.changed.len(), &d.others), (0, 0, &OtherParties::default()));
    let edges: Vec<String> = d.edges.added.iter().map(|e| e.record.external_id()).collect();
    let want = [
        "ofac:27743>under_program>ofac.program:DPRK2",
        "ofac:36217>linked_to>\"KOZLOV, Sergey Mikhaylovich\"",
        "ofac:36217>under_program>ofac.program:DPRK2",
        "ofac:37621>linked_to>\"JON, Jin Yong\"",
        "ofac:37621>under_program>ofac.program:DPRK2",
    ];
    assert_eq!(edges, want);
    assert_eq!((d.edges.removed.len(), d.edges.changed.len()), (0, 0));

    real(&["sdn-2023-12-28.csv.gz", "add-2023-12-28.csv.gz", "alt-2023-12-28.csv.gz"], &storage, &folder);
    let g = Graph::open(Snapshot::open(storage).unwrap()).unwrap();
    let again = diff(&g, "ofac_sdn", day("2023-08-24"), day("2023-08-31")).unwrap();
    assert_eq!(again, d, "later releases change nothing about earlier ones");
    let d = diff(&g, "ofac_sdn", day("2023-08-31"), day("2023-12-28")).unwrap();
    let text = std::fs::read_to_string(folder.join("data/EXPECTED.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
    let e = &expected["_diffs"]["ofac/sdn 2023-08-31 -> 2023-12-28"];
    assert_eq!(d.parts, ["primary"]);
    assert_eq!((d.others.added.len(), d.others.removed.len(), d.others.changed.len()), (2, 1, 0));
    let mut props: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for c in &d.changed {
        let mut seen: Vec<&str> = c.fields.iter().map(|f| f.prop.as_str()).collect();
        seen.dedup();
        for p in seen {
            *props.entry(p).or_default() += 1;
        }
    }
    assert_eq!((d.edges.added.len(), d.edges.removed.len(), d.edges.changed.len()), (1_720, 226, 0));
    assert_eq!(json!(d.added.len()), e["added"]);
    assert_eq!(json!(d.removed.len()), e["removed"]);
    let of = |list: &[String]| list.iter().map(|i| i.replace("ofac:", "")).collect::<std::collections::BTreeSet<_>>();
    let want: Vec<String> =
        e["changed_ids"].as_array().unwrap().iter().map(|i| i.as_str().unwrap().to_owned()).collect();
    let got: Vec<String> = d.changed.iter().map(|c| c.id.clone()).collect();
    assert_eq!(of(&got), of(&want));
    for (prop, key) in [("remarks", "remarks"), ("title", "title"), ("programs", "program"), ("name", "name")] {
        assert_eq!(json!(props.get(prop).copied().unwrap_or(0)), e["changed_fields"][key], "{prop}");
    }
    assert!(!props.contains_key("address") && !props.contains_key("alias"));

    let view = View::new(&g, Filter::default()).unwrap();
    let s = stats(&view).unwrap();
    assert_eq!((s.sources[0].records, s.sources[0].present), (54_443, 54_001));
    assert_eq!(s.lists["ofac_sdn"], ListStats { listed: 13_821, ended: 178 });
}
