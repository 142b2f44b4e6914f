//! An address answers what the command answers.

use super::client::{Served, shipped};
use crate::support::program;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// What the command prints with `--json`.
fn command(dir: &Path, from: &str, words: &[&str]) -> Vec<u8> {
    let o = program(dir).args(["--json", "-q"]).args(words).args(["--from", from]).output().unwrap();
    assert!(matches!(o.status.code(), Some(0 | 1)), "{words:?}: {}", String::from_utf8_lossy(&o.stderr));
    o.stdout
}

fn same(s: &Served, from: &str, target: &str, words: &[&str]) {
    let got = s.get(target);
    assert_eq!(got.status, 200, "{target}: {}", got.text());
    assert_eq!(got.header("content-type"), Some("application/json"), "{target}");
    let want = command(s.path(), from, words);
    assert!(got.body == want, "{target}\n{}\n--\n{}", got.text(), String::from_utf8_lossy(&want));
}

#[test]
fn on_the_seed_network() {
    let from = shipped("seed.json");
    let s = Served::start(&["--from", &from], &[]);
    let (a, b) = ("Sergei Kozlov", "Intellekt LLC");
    let pairs: &[(&str, &[&str])] = &[
        ("/v1/search?q=kozlov", &["search", "kozlov"]),
        (
            "/v1/search?q=kozlov&limit=2&type=person&country=ru,kp",
            &["search", "kozlov", "--limit", "2", "--type", "person", "--country", "ru,kp"],
        ),
        ("/v1/search?q=nobody", &["search", "nobody"]),
        ("/v1/entity/ofac:36217", &["show", "ofac:36217"]),
        ("/v1/entity/Intellekt%20LLC?limit=1&as_of=2023-09-01", &["show", b, "--limit", "1", "--as-of", "2023-09-01"]),
        (
            "/v1/neighbourhood?entity=ofac:36217&hops=2&through=true",
            &["neighbours", "ofac:36217", "--hops", "2", "--through"],
        ),
        (
            "/v1/neighbourhood?entity=ofac:36217&type=owns_or_controls,leads&direction=in",
            &["neighbours", "ofac:36217", "--type", "owns_or_controls,leads", "--direction", "in"],
        ),
        ("/v1/path?from=Sergei+Kozlov&to=Intellekt+LLC", &["path", a, b]),
        (
            "/v1/path?from=Sergei+Kozlov&to=Intellekt+LLC&all=true&max_hops=4",
            &["path", a, b, "--all", "--max-hops", "4"],
        ),
        ("/v1/path?to=Intellekt+LLC&from=Sergei+Kozlov&k=3", &["path", a, b, "--k", "3"]),
        (
            "/v1/between?entity=Sergei+Kozlov&entity=Jon+Jin+Yong&entity=Intellekt+LLC",
            &["between", a, "Jon Jin Yong", b],
        ),
        ("/v1/trace?entity=Intellekt+LLC&as_of=2023-09-01", &["trace", b, "--as-of", "2023-09-01"]),
        (
            "/v1/verdict?entity=Intellekt+LLC&regime=ofac,eu&as_of=2023-09-01",
            &["verdict", b, "--regime", "ofac,eu", "--as-of", "2023-09-01"],
        ),
        ("/v1/stats", &["stats"]),
        ("/v1/stats?type=owns_or_controls", &["stats", "--type", "owns_or_controls"]),
        ("/v1/match?a=ofac:37621&b=Intellekt+LLC", &["match", "ofac:37621", b]),
        (
            "/v1/match?names=true&a=S.+Kozlov&b=Sergei+Kozlov&type=person",
            &["match", "--names", "S. Kozlov", a, "--type", "person"],
        ),
        ("/v1/how?entity=Intellekt+LLC", &["how", b]),
        ("/v1/why?a=ofac:37621&b=ofac:36217", &["why", "ofac:37621", "ofac:36217"]),
    ];
    for (target, words) in pairs {
        same(&s, &from, target, words);
    }
}

#[test]
fn on_the_fictional_holding() {
    let from = shipped("holding.json");
    let s = Served::start(&["--from", &from], &[]);
    let day = "2023-09-01";
    let pairs: &[(&str, &[&str])] = &[
        (
            "/v1/trace?entity=karrow&up=true&regime=eu&as_of=2023-09-01",
            &["trace", "karrow", "--up", "--regime", "eu", "--as-of", day],
        ),
        (
            "/v1/trace?entity=karrow&down&no_verdicts=1&hops=2&limit=7",
            &["trace", "karrow", "--down", "--no-verdicts", "--hops", "2", "--limit", "7"],
        ),
        (
            "/v1/verdict?all=true&only=blocked,indeterminate&as_of=2023-09-01",
            &["verdict", "--all", "--only", "blocked,indeterminate", "--as-of", day],
        ),
        (
            "/v1/verdict?entity=north&over=2020-01-01..2026-01-01&regime=ofac",
            &["verdict", "north", "--over", "2020-01-01..2026-01-01", "--regime", "ofac"],
        ),
        (
            "/v1/verdict?entity=north&entity=karrow&treasury=exclude&open_world=true&as_of=2023-09-01",
            &["verdict", "north", "karrow", "--treasury", "exclude", "--open-world", "--as-of", day],
        ),
        (
            "/v1/proof?entity=north&regime=ofac&as_of=2023-09-01",
            &["prove", "north", "--regime", "ofac", "--as-of", day],
        ),
        (
            "/v1/what-if?list=pell&regime=eu&as_of=2023-09-01",
            &["what-if", "--list", "pell", "--regime", "eu", "--as-of", day],
        ),
        (
            "/v1/what-if?entity=karrow&set=e08%3D41&add=pell%3Ekarrow%3D%3E25+to+50&remove=e09&as_of=2023-09-01",
            &[
                "what-if",
                "karrow",
                "--set",
                "e08=41",
                "--add",
                "pell>karrow=>25 to 50",
                "--remove",
                "e09",
                "--as-of",
                day,
            ],
        ),
        (
            "/v1/what-if?entity=north&free=true&regime=ofac&as_of=2023-09-01",
            &["what-if", "north", "--free", "--regime", "ofac", "--as-of", day],
        ),
        (
            "/v1/exposure?entity=karrow&regime=ofac,au&as_of=2023-09-01",
            &["exposure", "karrow", "--regime", "ofac,au", "--as-of", day],
        ),
        ("/v1/own?from=varga&to=north&as_of=2023-09-01", &["own", "varga", "north", "--as-of", day]),
        (
            "/v1/own?from=varga&method=walk&exact=true&limit=5&as_of=2023-09-01",
            &["own", "varga", "--method", "walk", "--exact", "--limit", "5", "--as-of", day],
        ),
        (
            "/v1/ubo?entity=north&rule=multiply&threshold=10&as_of=2023-09-01",
            &["ubo", "north", "--rule", "multiply", "--threshold", "10", "--as-of", day],
        ),
        ("/v1/controls?entity=varga&as_of=2023-09-01", &["controls", "varga", "--as-of", day]),
        ("/v1/controls?all=true&as_of=2023-09-01", &["controls", "--all", "--as-of", day]),
        (
            "/v1/close-links?threshold=30&method=simple&as_of=2023-09-01",
            &["close-links", "--threshold", "30", "--method", "simple", "--as-of", day],
        ),
        (
            "/v1/diff?as_of=2021-01-01&as_of=2023-01-01&regime=ofac",
            &["diff", "--as-of", "2021-01-01", "2023-01-01", "--regime", "ofac"],
        ),
    ];
    for (target, words) in pairs {
        same(&s, &from, target, words);
    }
}

#[test]
fn every_command_of_the_table_is_compared() {
    let from = shipped("seed.json");
    let s = Served::start(&["--from", &from], &[]);
    let described = s.get("/v1/openapi.json").json();
    assert_eq!(described["openapi"], "3.1.0");
    let paths: BTreeSet<&str> = described["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    assert!(paths.len() >= 20, "{paths:?}");
    // All that a command answers are compared above.
    let schema = "/get/responses/200/content/application~1json/schema/$ref";
    for path in paths {
        if described["paths"][path].pointer(schema).is_some_and(|r| r == "#/components/schemas/Answer") {
            let address = path.trim_end_matches("{id}");
            assert!(
                include_str!("questions.rs").contains(&format!("(\"{address}"))
                    || include_str!("questions.rs").contains(&format!("\"{address}?")),
                "{path} is compared nowhere"
            );
        }
    }
}

#[test]
fn errors_say_what_the_command_says() {
    let from = shipped("seed.json");
    let s = Served::start(&["--from", &from], &[]);
    let error = |target: &str| {
        let got = s.get(target);
        (got.status, got.json())
    };
    let (status, e) = error("/v1/entity/koz");
    assert_eq!(status, 404, "{e}");
    let (status, e) = error("/v1/neighbourhood?entity=ofac:36217&type=nonsense");
    assert_eq!(status, 400);
    assert!(e["hint"].as_str().unwrap().contains("owns_or_controls"), "{e}");
    for bad in [
        "/v1/search?q=x&as_of=yesterday",
        "/v1/search?q=x&limit=-1",
        "/v1/search?q=x&limit=many",
        "/v1/counts?entity=ofac:36217&as_of=2023-13-01",
        "/v1/counts",
        "/v1/path?from=ofac:36217",
        "/v1/between?entity=ofac:36217",
        "/v1/path?from=ofac:36217&to=ofac:37621&all=true&k=2",
        "/v1/verdict?entity=ofac:36217&regime=nonsense",
        "/v1/verdict",
        "/v1/export?format=nonsense",
        "/v1/export",
        "/v1/diff?source=seed",
    ] {
        let (status, e) = error(bad);
        assert_eq!(status, 400, "{bad}: {e}");
        assert!(e["error"].as_str().is_some_and(|t| t.len() > 8), "{bad}: {e}");
    }
    // Two parties of one name: the error lists them.
    let twins = r#"{"cuibono": 1, "scope": "x", "nodes": [{"id": "a", "type": "company", "name": "Twin"},
        {"id": "b", "type": "company", "name": "Twin"}], "edges": []}"#;
    let s = Served::start_in(super::client::store_of(twins), &[], &["--token", super::client::TOKEN]);
    let got = s.get("/v1/entity/Twin");
    assert_eq!(got.status, 400);
    assert_eq!(got.json()["candidates"].as_array().unwrap().len(), 2, "{}", got.text());
}

#[test]
fn counts_and_meta() {
    let s = Served::start(&["--from", &shipped("holding.json")], &[]);
    let got = s.get("/v1/counts?entity=karrow").json();
    assert_eq!(got["id"], "karrow");
    assert_eq!(got["total"], 6);
    let row = |direction: &str| {
        let all = got["counts"].as_array().unwrap();
        all.iter().find(|c| c["type"] == "owns" && c["direction"] == direction).map(|c| c["count"].clone())
    };
    assert_eq!((row("in"), row("out")), (Some(4.into()), Some(1.into())));
    assert_eq!(s.get("/v1/counts?entity=karrow&type=directs").json()["total"], 1);
    // The same as what stands at the neighbours, on any day.
    for id in ["karrow", "varga", "north", "gull"] {
        for more in ["", "&as_of=2012", "&as_of=2023-09-01", "&source=holding"] {
            let all = s.get(&format!("/v1/neighbourhood?entity={id}{more}")).json();
            let counts = all["answer"]["result"]["counts"].as_array().unwrap();
            let want: u64 = counts.iter().map(|c| c["edges"].as_u64().unwrap()).sum();
            assert_eq!(s.get(&format!("/v1/counts?entity={id}{more}")).json()["total"], want, "{id}{more}");
        }
    }
    // A tie that reads the same both ways has no direction.
    let family = s.get("/v1/counts?entity=mirel&type=family_of").json();
    assert_eq!(family["counts"][0]["direction"], "both", "{family}");
    let meta = s.get("/v1/meta").json();
    let stats = s.get("/v1/stats").json();
    assert_eq!((&meta["nodes"], &meta["edges"]), (&stats["nodes"], &stats["edges"]));
    assert_eq!(meta["sources"].as_array().unwrap().len(), 2);
    assert!(meta["first"].as_str() < meta["last"].as_str());
    assert_eq!(meta["last"], meta["today"]);
    let has = |list: &str, member: &str, name: &str| {
        meta[list].as_array().unwrap().iter().any(|v| v == name || v[member] == name)
    };
    assert!(has("lists", "", "ofac_sdn") && has("lists", "", "uk_sl"));
    assert!(has("regimes", "id", "ofac") && has("regimes", "id", "amlr"));
    assert!(has("formats", "name", "gexf") && has("edge_types", "name", "owns") && has("node_types", "name", "person"));
    let owns = meta["edge_types"].as_array().unwrap().iter().find(|t| t["name"] == "owns").unwrap();
    assert_eq!((&owns["ownership"], &owns["symmetric"]), (&Value::Bool(true), &Value::Bool(false)));
}

#[test]
fn files_are_those_of_the_command() {
    let from = shipped("holding.json");
    let s = Served::start(&["--from", &from], &[]);
    let meta = s.get("/v1/meta").json();
    for format in meta["formats"].as_array().unwrap() {
        let name = format["name"].as_str().unwrap();
        let got = s.get(&format!("/v1/export?format={name}&entity=karrow&hops=2"));
        assert_eq!(got.status, 200, "{name}");
        let want = format!("attachment; filename=\"karrow-steel-works.{}\"", format["extension"].as_str().unwrap());
        assert_eq!(got.header("content-disposition"), Some(want.as_str()));
        let dir = tempfile::TempDir::new().unwrap();
        let o = program(dir.path())
            .args(["export", "karrow", "--hops", "2", "--format", name, "-o", "out", "--from", &from])
            .output()
            .unwrap();
        assert!(o.status.success(), "{name}");
        let out = dir.path().join("out");
        if out.is_file() {
            assert_eq!(got.body, std::fs::read(&out).unwrap(), "{name}");
            continue;
        }
        assert_eq!(got.header("content-type"), Some("application/zip"), "{name}");
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(got.body)).unwrap();
        let files: Vec<_> = std::fs::read_dir(&out).unwrap().map(|e| e.unwrap().path()).collect();
        assert_eq!(zip.len(), files.len(), "{name}");
        for f in files {
            let mut bytes = Vec::new();
            let inner = f.file_name().unwrap().to_str().unwrap();
            std::io::Read::read_to_end(&mut zip.by_name(inner).unwrap(), &mut bytes).unwrap();
            assert_eq!(bytes, std::fs::read(&f).unwrap(), "{name} {inner}");
        }
    }
    // What the command says beside the file goes with it.
    for format in ["csv", "document"] {
        let got = s.get(&format!("/v1/export?format={format}&entity=karrow&limit=1"));
        let notes = got.header("x-cuibono-notes").unwrap_or_default();
        assert!(
            got.status == 200 && notes.starts_with("a limit cut this answer; there is more"),
            "{format}: {notes:?}"
        );
    }
    let got = s.get("/v1/export?format=svg&entity=karrow&as_of=1800");
    assert!(matches!(got.status, 200 | 404), "{}", got.status);
    assert_eq!(
        s.get("/v1/export?format=dot").header("content-disposition"),
        Some("attachment; filename=\"network.dot\"")
    );
}

#[test]
fn proofs_are_checked_where_they_come_back() {
    let s = Served::start(&["--from", &shipped("holding.json")], &[]);
    let proof = s.get("/v1/proof?entity=north&regime=ofac&as_of=2023-09-01").text();
    let got = s.post("/v1/check-proof", &proof);
    assert_eq!((got.status, &got.json()["accepted"]), (200, &Value::Bool(true)));
    let forged = proof.replace("\"verdict\": \"blocked\"", "\"verdict\": \"not_blocked\"");
    assert_ne!(forged, proof);
    let got = s.post("/v1/check-proof", &forged);
    assert_eq!((got.status, &got.json()["accepted"]), (200, &Value::Bool(false)), "{}", got.text());
    for bad in ["", "nonsense", "[]", "{\"verdict\": 1}"] {
        assert_eq!(s.post("/v1/check-proof", bad).status, 400, "{bad}");
    }
}

#[test]
fn without_the_explorer_the_first_page_says_so() {
    let s = Served::start(&["--from", &shipped("seed.json")], &[]);
    let got = s.get("/");
    assert_eq!(got.status, 200);
    assert!(got.header("content-type").unwrap().starts_with("text/html"));
    // With or without the explorer built in: a page, and no script in it.
    let text = got.text();
    assert!(text.starts_with("<!doctype html>") || text.starts_with("<!DOCTYPE html>"));
    assert!(!text.contains("<script>"), "scripts are files of their own");
}

#[test]
fn the_question_of_a_tree_is_a_command() {
    let from = shipped("holding.json");
    let s = Served::start(&["--from", &from], &[]);
    for (target, note) in [
        ("entity=karrow&as_of=2023-09-01", None),
        (
            "entity=karrow&up=true&hops=2&limit=7&type=owns,votes_in&regime=eu&as_of=2023-09-01&known_at=2025-01-01",
            None,
        ),
        ("entity=karrow&down=true&regime=ofac,eu,uk&as_of=2023-09-01", Some("verdicts under eu, uk are here as well")),
    ] {
        let tree = s.get(&format!("/v1/tree?{target}")).json();
        let answer = &tree["answer"];
        let query = answer["query"].as_str().unwrap_or_else(|| panic!("{target}: {tree}"));
        let words: Vec<&str> = query.split(' ').collect();
        let again: Value = serde_json::from_slice(&command(s.path(), &from, &words)).unwrap();
        assert_eq!(again["answer"]["query"], *query);
        assert_eq!(again["answer"]["result"]["tree"], answer["result"]["tree"], "{query}");
        let notes = answer["notes"].as_array().map(Vec::as_slice).unwrap_or_default();
        assert_eq!(notes.iter().find_map(Value::as_str), note, "{query}");
    }
}
