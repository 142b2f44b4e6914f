//! `what-if` and `exposure`, driven as their users drive them.

use crate::support::{Done, done, program};
use serde_json::Value;
use std::path::Path;

fn run(dir: &Path, args: &[&str]) -> Done {
    done(program(dir).args(args).output().unwrap())
}

const DOCUMENT: &str = r#"{"cuibono": 1, "scope": "q", "sources": [{"id": "q", "title": "Quarry papers"}],
 "nodes": [
  {"id": "ada", "type": "person", "name": "Ada Quill", "listed": ["ofac_sdn", "au_dfat"]},
  {"id": "bo", "type": "person", "name": "Bo Reed", "listed": ["ofac_ssi"]},
  {"id": "cy", "type": "person", "name": "Cy Thorn"},
  {"id": "mine", "type": "company", "name": "Quarry Mine"},
  {"id": "mill", "type": "company", "name": "Stone Mill"},
  {"id": "kiln", "type": "company", "name": "Lime Kiln"},
  {"id": "yard", "type": "company", "name": "Brick Yard"},
  {"id": "shop", "type": "company", "name": "Tile Shop"}],
 "edges": [
  {"id": "e1", "source": "ada", "target": "mine", "type": "owns", "share": "60", "cites": [{"source": "q", "locator": "leaf 1"}]},
  {"id": "e2", "source": "mine", "target": "mill", "type": "owns", "share": "30"},
  {"id": "e3", "source": "ada", "target": "mill", "type": "owns", "share": "20"},
  {"id": "e4", "source": "cy", "target": "mill", "type": "owns", "share": "50"},
  {"id": "e5", "source": "ada", "target": "kiln", "type": "owns", "share": "30"},
  {"id": "e6", "source": "bo", "target": "kiln", "type": "owns", "share": "30"},
  {"id": "e7", "source": "ada", "target": "yard", "type": "controls"},
  {"id": "e8", "source": "ada", "target": "yard", "type": "directs"},
  {"id": "e9", "source": "mine", "target": "yard", "type": "parent_of"},
  {"id": "e10", "source": "kiln", "target": "shop", "type": "owns", "share": "50"}]}"#;

/// A folder with the document.
fn folder() -> tempfile::TempDir {
    let dir = tempfile::TempDir::new().unwrap();
    std::fs::write(dir.path().join("q.json"), DOCUMENT).unwrap();
    dir
}

fn ask(dir: &Path, code: i32, args: &[&str]) -> Value {
    let all = [&["--from", "q.json", "--json", "-q"], args, &["--as-of", "2024-09-01"]].concat();
    let d = run(dir, &all);
    assert_eq!(d.code, code, "{all:?}\n{}\n{}", d.out, d.err);
    serde_json::from_str(&d.out).unwrap()
}

fn fails(dir: &Path, code: i32, args: &[&str]) -> String {
    let all = [&["--from", "q.json"], args, &["--as-of", "2024-09-01"]].concat();
    let d = run(dir, &all);
    assert_eq!((d.code, d.out.as_str()), (code, ""), "{all:?}\n{}", d.err);
    d.err
}

/// `id before -> after` of each row.
fn flips(v: &Value) -> Vec<String> {
    let text = |f: &Value, k: &str| f[k].as_str().unwrap().to_owned();
    let row = |f: &Value| format!("{} {} -> {}", text(f, "id"), text(f, "before"), text(f, "after"));
    v["flips"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn suppositions_flip_what_depends_on_them_and_nothing_else() {
    let dir = folder();
    let d = dir.path();
    let v = ask(d, 0, &["what-if", "--delist", "Ada Quill", "--regime", "ofac"]);
    let want = [
        "ada listed -> not_blocked",
        "mine blocked -> not_blocked",
        "mill blocked -> not_blocked",
        "yard indeterminate -> not_blocked",
    ];
    assert_eq!(flips(&v), want);
    assert_eq!(v["supposed"][0]["words"], "Ada Quill is on no list");
    assert_eq!(
        (v["flips"][2]["share_before"]["min"].as_str(), v["flips"][2]["share_after"]["max"].as_str()),
        (Some("50"), Some("0"))
    );
    assert_eq!(v["flips"][2]["proof"]["verdict"], "not_blocked");

    let v = ask(d, 0, &["what-if", "mill", "cy", "--set", "e3=>10 to 20", "--regime", "ofac,eu"]);
    assert_eq!(flips(&v)[0], "cy not_blocked -> not_blocked");
    let mill = v["flips"].as_array().unwrap().iter().find(|f| f["id"] == "mill" && f["regime"] == "ofac").unwrap();
    assert_eq!((mill["before"].as_str(), mill["after"].as_str()), (Some("blocked"), Some("indeterminate")));
    assert_eq!(v["others"], 0);

    let v = ask(
        d,
        0,
        &["what-if", "cy", "--add", "Bo Reed>Stone Mill=50", "--list", "bo", "--remove", "e1", "--regime", "ofac"],
    );
    assert_eq!((flips(&v), v["others"].as_u64()), (vec!["cy not_blocked -> not_blocked".to_owned()], Some(5)), "{v}");
    // Votes are no ground under OFAC and one in Canada.
    let add = ["what-if", "shop", "--add", "ada>shop=60", "--votes", "--list", "ada", "--regime"];
    assert_eq!(flips(&ask(d, 1, &[&add[..], &["ofac"]].concat())), ["shop not_blocked -> not_blocked"]);
    let v = ask(d, 0, &[&add[..], &["ca"]].concat());
    assert_eq!(flips(&v), ["shop not_blocked -> blocked"]);
    assert_eq!(v["supposed"][1]["words"], "Ada Quill holds 60 percent of the votes of Tile Shop");
    // A person is not owned, a stake in itself changes nothing.
    let v = ask(d, 1, &["what-if", "cy", "--add", "ada>cy=100", "--add", "mill>mill=10", "--regime", "ofac"]);
    assert_eq!(v["warnings"][0], "not_ownable:cy");
}

#[test]
fn suppositions_that_make_no_sense_are_refused() {
    let dir = folder();
    let d = dir.path();
    assert!(fails(d, 2, &["what-if", "mill"]).contains("nothing is supposed"));
    let text = fails(d, 1, &["what-if", "mill", "--remove", "e99"]);
    assert!(
        text.contains("no relation has the id \"e99\"") && text.contains("e3  Ada Quill owns Stone Mill (20)"),
        "{text}"
    );
    assert!(fails(d, 2, &["what-if", "--list", "ada", "--delist", "Ada Quill"]).contains("listed and not listed"));
    assert!(fails(d, 2, &["what-if", "--set", "e3=101"]).contains("over 100"));
    assert!(fails(d, 2, &["what-if", "--set", "e3"]).contains("has no share"));
    assert!(fails(d, 2, &["what-if", "--set", "e7=50"]).contains("no share that counts"));
    assert!(fails(d, 2, &["what-if", "--add", "ada=50"]).contains("names no holder and target"));
    assert!(fails(d, 1, &["what-if", "--add", "ada>nobody=50"]).contains("no party is called"));
    assert!(fails(d, 2, &["what-if", "mill", "--free", "--regime", "ofac,eu"]).contains("one regime"));
}

#[test]
fn the_store_stays_as_it_is() {
    let dir = folder();
    let d = dir.path();
    assert_eq!(run(d, &["import", "q.json", "-q"]).code, 0);
    let before = run(d, &["dump"]).out;
    let o = run(d, &["what-if", "--list", "q:cy", "--remove", "q:e1", "--regime", "ofac", "--as-of", "2024-09-01"]);
    assert!(o.code == 0 && o.out.contains("q:mine"), "{}{}", o.out, o.err);
    assert_eq!(run(d, &["dump"]).out, before);
}

#[test]
fn sales_that_free_a_party_do_so_when_supposed() {
    let dir = folder();
    let d = dir.path();
    let v = ask(d, 0, &["what-if", "mill", "--free", "--regime", "ofac"]);
    assert_eq!(
        (v["size"].as_u64(), v["smallest"].as_bool(), v["sell"].as_array().unwrap().len()),
        (Some(1), Some(true), 1)
    );
    let sets = std::iter::once(&v["sell"]).chain(v["alternatives"].as_array().unwrap());
    let mut ids: Vec<&str> = sets.map(|s| s[0]["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["e1", "e2", "e3"]);
    for id in ids {
        let v = ask(d, 0, &["what-if", "mill", "--remove", id, "--regime", "ofac"]);
        assert_eq!(flips(&v), ["mill blocked -> not_blocked"]);
    }
    // What is supposed comes first: with Cy listed, selling one stake is not enough.
    let v = ask(d, 0, &["what-if", "mill", "--free", "--list", "cy", "--regime", "ofac"]);
    assert_eq!((v["size"].as_u64(), v["share_after"]["max"].as_str()), (Some(2), Some("20")), "{v}");
    let v = ask(d, 1, &["what-if", "ada", "--free"]);
    assert_eq!((v["cannot"].as_str(), &v["sell"]), (Some("listed"), &Value::Null));
    assert_eq!(ask(d, 1, &["what-if", "kiln", "--free"])["cannot"], "not_blocked");
}

/// `id regime kind total` of each row.
fn exposed(v: &Value) -> Vec<String> {
    let row = |x: &Value| {
        let total = x["total"]["max"].as_str().unwrap_or("-");
        format!(
            "{} {} {} {total}",
            x["id"].as_str().unwrap(),
            x["regime"].as_str().unwrap(),
            x["kind"].as_str().unwrap()
        )
    };
    v["exposures"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn exposure_shows_what_verdicts_hide() {
    let dir = folder();
    let d = dir.path();
    let v = ask(d, 0, &["exposure", "--all", "--regime", "ofac"]);
    let want = [
        "kiln ofac minority_stake 30",
        "kiln ofac mixed_lists 60",
        "yard ofac control_without_ownership -",
        "yard ofac ambiguous_tie -",
        "yard ofac leadership -",
        "shop ofac mixed_lists 50",
        "shop ofac indirect_stake 15",
    ];
    assert_eq!(exposed(&v), want);
    let mixed = &v["exposures"][1]["holders"];
    assert_eq!((mixed[0]["regimes"][0].as_str(), mixed[1]["regimes"][0].as_str()), (Some("ofac"), Some("ofac_ssi")));
    assert!(v["exposures"][1]["words"].as_str().unwrap().contains("together and reach the line"), "{v}");

    // Where control counts it is in the verdict; what the list of a regime does not name is none of its business.
    let v = ask(d, 1, &["exposure", "yard", "kiln", "--regime", "eu"]);
    assert_eq!(exposed(&v), Vec::<String>::new());
    let v = ask(d, 0, &["exposure", "mine", "yard", "mill", "shop", "--regime", "au,ofac_ssi"]);
    let want = [
        "mine au stake 60",
        "mill au stake 20",
        "yard au control_without_ownership -",
        "yard au leadership -",
        "yard au indirect_stake 60",
        "shop ofac_ssi mixed_lists 50",
        "shop ofac_ssi indirect_stake 15",
        "shop au indirect_stake 15",
    ];
    let mut got = exposed(&v);
    let mut want: Vec<String> = want.iter().map(|s| (*s).to_owned()).collect();
    got.sort();
    want.sort();
    assert_eq!(got, want);
    let mine = v["exposures"].as_array().unwrap().iter().find(|x| x["id"] == "mine").unwrap();
    assert_eq!(mine["holders"][0]["cites"][0]["locator"], "leaf 1");
    assert_eq!(ask(d, 1, &["exposure", "mine", "--regime", "ofac"])["settled"][0]["verdict"], "blocked");
}

#[test]
fn a_batch_may_suppose() {
    let dir = folder();
    let line = r#"{"command": "what-if", "args": ["mill"], "options": {"remove": ["e1"], "regime": "ofac", "as_of": "2024-09-01"}}"#;
    std::fs::write(dir.path().join("b.jsonl"), line).unwrap();
    let o = run(dir.path(), &["--from", "q.json", "batch", "b.jsonl"]);
    let v: Value = serde_json::from_str(&o.out).unwrap();
    assert_eq!(
        (v["code"].as_u64(), flips(&v["answer"])),
        (Some(0), vec!["mill blocked -> not_blocked".to_owned()]),
        "{v}"
    );
}
