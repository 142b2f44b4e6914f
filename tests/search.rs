//! `search` and `screen`, driven as their users drive them.

use crate::support::{Done, done, graph, import_texts, memory, on, program};
use cuibono::graph::{Filter, View};
use cuibono::store::Snapshot;
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

struct Case {
    dir: TempDir,
}

const LIST: &str = r#"{"cuibono": 1, "scope": "t", "released": "2024-01-01", "sources": [{"id": "t"}], "nodes": [
    {"id": "k", "type": "person", "name": "KOZLOV, Sergey Mikhaylovich", "aliases": ["KOZLOV, Sergei"], "weak_aliases": ["Seryozha"],
     "birth": "1961-04-07", "countries": ["Russia"], "listed": ["ofac_sdn"]},
    {"id": "j", "type": "person", "name": "JON, Jin Yong", "birth": "1970-02-11", "listed": ["ofac_sdn"]},
    {"id": "i", "type": "company", "name": "INTELLEKT LLC", "identifiers": [{"scheme": "INN", "value": "7701080141"}]},
    {"id": "v", "type": "vessel", "name": "ESTRELLA MARAVI", "identifiers": [{"scheme": "IMO", "value": "9074729"}]},
    {"id": "z", "type": "person", "name": "ZALDARA NOVOA, Mirela Patricia", "listed": ["ofac_sdn"]}],
    "edges": [{"source": "k", "target": "i", "type": "owns"}]}"#;

impl Case {
    fn new() -> Case {
        let c = Case { dir: TempDir::new().unwrap() };
        c.file("list.json", LIST);
        assert_eq!(c.run(&["import", "list.json", "-q"]).code, 0);
        c
    }

    fn file(&self, name: &str, text: &str) {
        std::fs::write(self.dir.path().join(name), text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Done {
        done(program(self.dir.path()).args(args).output().unwrap())
    }

    fn found(&self, args: &[&str]) -> Vec<Value> {
        let d = self.run(&[args, &["--json"]].concat());
        assert!(d.code < 2, "{args:?}: {}", d.err);
        let v: Value = serde_json::from_str(&d.out).unwrap();
        v["results"].as_array().unwrap().clone()
    }

    fn names_file(&self) -> std::path::PathBuf {
        let dir = self.dir.path().join("cuibono.store");
        let mut files = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path());
        files.find(|p| p.file_name().unwrap().to_string_lossy().starts_with("names-")).unwrap()
    }
}

fn ids(results: &[Value]) -> Vec<&str> {
    results.iter().map(|r| r["id"].as_str().unwrap()).collect()
}

#[test]
fn any_spelling_finds_the_party_first() {
    let c = Case::new();
    for (text, id) in [
        ("Sergey Kozlov", "t:k"),
        ("Сергей Козлов", "t:k"),
        ("S. M. Kozlov", "t:k"),
        ("kozlov sergej", "t:k"),
        ("전진영", "t:j"),
        ("Intellekt OOO", "t:i"),
        ("Intelekt", "t:i"),
        ("7701080141", "t:i"),
        ("IMO 9074729", "t:v"),
        ("Estrella", "t:v"),
        ("Mirela Zaldara Novoa", "t:z"),
        ("t:z", "t:z"),
        ("z", "t:z"),
    ] {
        let found = c.found(&["search", text]);
        assert_eq!(ids(&found).first(), Some(&id), "{text}: {found:?}");
    }
    let none = c.run(&["search", "Northwind Bicycle Repair"]);
    assert_eq!(none.code, 1, "{}", none.out);
}

#[test]
fn every_hit_says_why() {
    let c = Case::new();
    let found = c.found(&["search", "Сергей Козлов", "--birth", "1961"]);
    let first = &found[0];
    assert_eq!(first["band"], "match", "{first}");
    let items = first["evidence"].as_array().unwrap();
    let sum: f64 = items.iter().map(|e| e["weight"].as_f64().unwrap()).sum();
    assert!((sum - first["score"].as_f64().unwrap()).abs() < 1e-3, "{first}");
    assert!(items.iter().any(|e| e["kind"] == "birth" && e["bits"].as_f64().unwrap() > 0.0), "{first}");
    // Another birth counts against.
    let other = c.found(&["search", "Kozlov Sergei", "--birth", "1990-01-01"]);
    assert!(other[0]["score"].as_f64().unwrap() < first["score"].as_f64().unwrap(), "{other:?}");
    let against = other[0]["evidence"].as_array().unwrap().iter().find(|e| e["kind"] == "birth").unwrap();
    assert!(against["bits"].as_f64().unwrap() < 0.0, "{against}");
    // An identifier says all.
    let by_id = c.found(&["search", "imo9074729"]);
    assert_eq!((by_id[0]["score"].as_f64(), &by_id[0]["match"]["of"]), (Some(1.0), &"identifier".into()));
    // A weak alias alone never makes a match.
    let weak = c.found(&["search", "Seryozha"]);
    assert!(weak.iter().all(|r| r["band"] != "match"), "{weak:?}");
    // For people, one line each.
    let table = c.run(&["search", "Сергей Козлов", "--format", "table"]);
    assert!(table.out.contains("SCORE") && table.out.contains("KOZLOV, Sergey Mikhaylovich"), "{}", table.out);
}

#[test]
fn only_what_is_asked_for() {
    let c = Case::new();
    assert_eq!(ids(&c.found(&["search", "Intellekt", "--type", "org"])), ["t:i"]);
    assert_eq!(ids(&c.found(&["search", "Intellekt", "--type", "company"])), ["t:i"]);
    assert!(c.found(&["search", "Intellekt", "--type", "vessel"]).is_empty());
    let bad = c.run(&["search", "Intellekt", "--type", "owns"]);
    assert!(bad.code == 2 && bad.err.contains("no type of party"), "{}", bad.err);
    assert!(c.found(&["search", "Kozlov", "--known-at", "2023-12-31"]).is_empty());
    assert_eq!(c.found(&["search", "o", "--limit", "1"]).len().max(1), 1);
}

#[test]
fn own_facts_and_files_are_searched_too() {
    let c = Case::new();
    let added = c.run(&["add", "person", "Аркадий Вороной", "--note", "seen in a register", "-q"]);
    if added.code != 0 {
        // The flags of `add` are told by itself; here a document will do.
        c.file("own.json", &LIST.replace("\"t\"", "\"own\"").replace("JON, Jin Yong", "VORONOY, Arkadiy"));
        assert_eq!(c.run(&["import", "own.json", "-q"]).code, 0);
    }
    assert!(!c.found(&["search", "Arkady Voronoi"]).is_empty());
    c.file("more.json", &LIST.replace("\"t\"", "\"m\"").replace("INTELLEKT LLC", "KARROW STEEL WORKS"));
    let found = c.found(&["search", "Karow Steal Works", "--from", "more.json", "--store", "cuibono.store"]);
    assert_eq!(ids(&found).first(), Some(&"m:i"), "{found:?}");
    let alone = c.found(&["search", "Karow Steal Works", "--from", "more.json"]);
    assert_eq!(alone[0]["name"], "KARROW STEEL WORKS");
}

#[test]
fn answers_do_not_depend_on_the_file_of_names() {
    let c = Case::new();
    let ask = || c.run(&["search", "Сергей Козлов", "--json"]).out;
    let first = ask();
    assert_eq!(c.run(&["verify"]).code, 0);
    let path = c.names_file();
    let whole = std::fs::read(&path).unwrap();
    let mut bad = whole.clone();
    let at = bad.len() / 2;
    bad[at] ^= 1;
    std::fs::write(&path, &bad).unwrap();
    assert_eq!(ask(), first, "a damaged file is made anew in memory");
    let verify = c.run(&["verify"]);
    assert!(verify.code == 3 && format!("{}{}", verify.out, verify.err).contains("names-"), "{}", verify.out);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(ask(), first, "as is a missing one");
    let verify = c.run(&["verify"]);
    assert!(
        verify.code == 3 && format!("{}{}", verify.out, verify.err).contains("the file is missing"),
        "{}",
        verify.out
    );
    std::fs::write(&path, &bad).unwrap();
    assert_eq!(c.run(&["repair"]).code, 0);
    assert_eq!(c.run(&["verify"]).code, 0);
    // Only the file of the current index is kept.
    c.file("list2.json", &LIST.replace("2024-01-01", "2024-02-01").replace("Seryozha", "Serjoga"));
    assert_eq!(c.run(&["import", "list2.json", "-q"]).code, 0);
    let dir = std::fs::read_dir(c.dir.path().join("cuibono.store")).unwrap();
    let names = dir.filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with("names-")).count();
    assert_eq!(names, 1);
}

#[test]
fn an_entity_that_nothing_fits_exactly_is_not_guessed() {
    let c = Case::new();
    let d = c.run(&["show", "Sergej Koslov"]);
    assert!(d.code == 1 && d.err.contains("no party is called"), "{}", d.err);
    assert!(d.err.contains("t:k  KOZLOV, Sergey Mikhaylovich (person)"), "{}", d.err);
    assert_eq!(c.run(&["show", "sergei kozlov"]).code, 0);
}

const ASKED: &str = "id,name,type,date of birth,ids\n\
    1,Sergei Kozlov,person,1961-04-07,\n\
    2,Maple Leaf Gardening,org,,\n\
    3,CALLED ANEW 311,vessel,,IMO:9074729\n\
    4,,person,,\n\
    5,=Intellekt OOO,company,,\n";

#[test]
fn a_list_is_screened_in_its_order() {
    let c = Case::new();
    c.file("asked.csv", ASKED);
    let d = c.run(&["screen", "asked.csv"]);
    assert_eq!(d.code, 2, "a row could not be used: {}", d.err);
    assert!(d.err.contains("asked.csv:5: neither a name nor an identifier"), "{}", d.err);
    assert!(d.err.contains("5 rows in ") && d.err.contains("1 not usable"), "{}", d.err);
    let lines: Vec<Value> = d.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let of = |i: usize| lines[i]["results"].as_array().unwrap();
    assert_eq!(lines.iter().map(|l| l["id"].as_str().unwrap()).collect::<Vec<_>>(), ["1", "2", "3", "4", "5"]);
    assert_eq!((of(0)[0]["id"].as_str(), of(0)[0]["band"].as_str()), (Some("t:k"), Some("match")));
    assert!(of(1).is_empty() && of(3).is_empty());
    assert_eq!(of(2)[0]["id"], "t:v", "{}", lines[2]);
    assert_eq!(of(4)[0]["id"], "t:i");
    assert!(lines.iter().all(|l| l["micros"].is_u64()));
    assert_eq!(lines[3]["error"], "neither a name nor an identifier");
    let sum: f64 = of(0)[0]["evidence"].as_array().unwrap().iter().map(|e| e["weight"].as_f64().unwrap()).sum();
    assert!((sum - of(0)[0]["score"].as_f64().unwrap()).abs() < 1e-3);
}

#[test]
fn screening_in_other_forms() {
    let c = Case::new();
    c.file("asked.csv", ASKED);
    c.file("asked.jsonl", "{\"id\": \"a\", \"name\": \"Сергей Козлов\"}\n\"Nobody Known Here\"\n");
    let d = c.run(&["screen", "asked.jsonl", "-q"]);
    assert_eq!((d.code, d.err.as_str()), (0, ""));
    assert_eq!(d.out.lines().count(), 2);
    assert!(d.out.starts_with("{\"id\":\"a\",\"results\":[{\"id\":\"t:k\""), "{}", d.out);
    let csv = c.run(&["screen", "asked.csv", "--format", "csv", "--for-spreadsheet", "-q"]);
    assert!(csv.out.starts_with("\"line\",\"id\",\"name\""), "{}", csv.out);
    assert!(csv.out.contains("\"'=Intellekt OOO\"") && csv.out.contains("\"error\""), "{}", csv.out);
    // Bounds: band, lists, number.
    let listed = c.run(&["screen", "asked.csv", "--listed", "-q"]);
    assert!(listed.out.contains("t:k") && !listed.out.contains("t:i"), "{}", listed.out);
    let other = c.run(&["screen", "asked.jsonl", "--list", "eu_fsf", "-q"]);
    assert_eq!((other.code, other.out.contains("t:k")), (1, false));
    let all = c.run(&["screen", "asked.jsonl", "--band", "no", "--limit", "1", "-q"]);
    assert!(all.out.lines().all(|l| l.matches("\"evidence\"").count() <= 1), "{}", all.out);
    // Not a table of names.
    c.file("other.csv", "a,b\n1,2\n");
    let refused = c.run(&["screen", "other.csv"]);
    assert!(refused.code == 2 && refused.err.contains("no column"), "{}", refused.err);
    assert_eq!(c.run(&["screen", "missing.csv"]).code, 2);
}

#[test]
fn the_real_list() {
    let Some(dir) = crate::support::test_data() else { return };
    let names = dir.join("cases/names");
    let network = names.join("ofac_sdn_corpus.network.json.gz");
    if !Path::new(&network).exists() {
        println!("skipped: no corpus of names");
        return;
    }
    let c = Case { dir: TempDir::new().unwrap() };
    assert_eq!(c.run(&["import", network.to_str().unwrap(), "-q"]).code, 0);
    let hostile = c.run(&["screen", names.join("hostile.jsonl").to_str().unwrap(), "-q"]);
    let lines: Vec<Value> = hostile.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(lines.len(), 36, "every question has its line: {}", hostile.err);
    let queries = names.join("queries.jsonl");
    let d = c.run(&["screen", queries.to_str().unwrap(), "-q", "--band", "no"]);
    assert!(d.code < 2, "{}", d.err);
    let asked: Vec<Value> =
        std::fs::read_to_string(queries).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let (mut wanted, mut first, mut alarms, mut none) = (0, 0, 0, 0);
    for (q, l) in asked.iter().zip(d.out.lines()) {
        let l: Value = serde_json::from_str(l).unwrap();
        let results = l["results"].as_array().unwrap();
        let expected = q["expected"].as_array().unwrap();
        if expected.is_empty() {
            none += 1;
            alarms += usize::from(results.first().is_some_and(|r| r["band"] == "match"));
            continue;
        }
        wanted += 1;
        let id = results.first().map_or("", |r| r["id"].as_str().unwrap());
        let uid = id.rsplit(':').next().unwrap();
        first += usize::from(expected.iter().any(|e| e["uid"] == uid));
    }
    println!("first {first} of {wanted}, false alarms {alarms} of {none}");
    assert!(first * 100 >= wanted * 95 && alarms * 50 <= none, "{first} of {wanted}, {alarms} of {none}");
}

#[test]
fn names_that_hold_a_word_are_found_in_every_layer() {
    let doc = |scope: &str, names: &[&str]| {
        let node = |(i, n): (usize, &&str)| format!(r#"{{"id": "n{i}", "type": "company", "name": "{n}"}}"#);
        let nodes: Vec<String> = names.iter().enumerate().map(node).collect();
        format!(r#"{{"cuibono": 1, "scope": "{scope}", "nodes": [{}], "edges": []}}"#, nodes.join(", "))
    };
    let (below, above) = (memory(), memory());
    let many = doc("below", &["Great Northern Alpha", "Grand Southern Alpha", "Old Western Alpha"]);
    import_texts(&below, &[("below.json", &many)], &on("2024-01-01")).unwrap();
    import_texts(&above, &[("above.json", &doc("above", &["Far Alpha"]))], &on("2024-01-01")).unwrap();
    let mut g = graph(&below);
    g.overlay(Snapshot::open(above).unwrap()).unwrap();
    let view = View::new(&g, Filter::default()).unwrap();
    let (hits, cut) = view.search("alpha", 2);
    let texts: Vec<&str> = hits.iter().map(|h| h.text.as_str()).collect();
    assert_eq!((texts, cut), (vec!["far alpha", "old western alpha"], true));
}
