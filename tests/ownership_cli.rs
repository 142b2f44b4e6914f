//! `verdict`, `prove` and `check-proof` as their users run them, and what they refuse.

use serde_json::Value;
use std::path::Path;
use std::process::Command;

fn run(args: &[&str]) -> (i32, String, String) {
    let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    c.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(std::process::Stdio::null()).env_remove("CUIBONO_STORE");
    let o = c.args(args).output().unwrap();
    let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
    (o.status.code().unwrap_or(-1), text(o.stdout), text(o.stderr))
}

fn json(args: &[&str]) -> Value {
    let (code, out, err) = run(args);
    assert_eq!(code, 0, "{args:?}\n{err}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn the_five_examples_of_faq_401() {
    let file = "data/faq-401.json";
    for (party, verdict, share) in [
        ("ex1-B", "blocked", "50"),
        ("ex2-C", "blocked", "50"),
        ("ex3-B", "blocked", "50"),
        ("ex4-C", "not_blocked", "25"),
        ("ex5-C", "not_blocked", "0"),
    ] {
        let found = json(&["verdict", party, "--regime", "ofac", "--from", file, "--json"]);
        let v = &found["verdicts"][0];
        assert_eq!((v["verdict"].as_str(), v["share"]["max"].as_str()), (Some(verdict), Some(share)), "{party}");
    }
    let proof = json(&["prove", "ex3-B", "--from", file, "--json"]);
    let used = |s: &Value| s["edges"].as_array().unwrap().iter().map(|e| e["id"].clone()).collect::<Vec<_>>();
    assert_eq!(used(&proof["steps"][0]), ["ex3-X-A"]);
    assert_eq!(used(&proof["steps"][1]), ["ex3-X-B", "ex3-A-B"]);
}

#[test]
fn intellekt_is_blocked_because_it_is_listed() {
    let seed = "data/seed.json";
    let ask = ["verdict", "Intellekt LLC", "--regime", "ofac", "--as-of", "2023-09-01", "--from", seed, "--json"];
    assert_eq!(json(&ask)["verdicts"][0]["verdict"], "listed");
    let proof = json(&["prove", "ofac:36217", "--as-of", "2023-09-01", "--from", seed, "--json"]);
    assert_eq!(proof["verdict"], "listed");
    assert!(proof["steps"].as_array().unwrap().is_empty(), "no stake is used");
    assert_eq!(proof["listings"][0]["list"], "ofac_sdn");
    // Were it not listed, the record could not tell: owned or controlled, share unknown, alleged.
    let (_, out, _) = run(&[
        "what-if",
        "ofac:36217",
        "--delist",
        "ofac:36217",
        "--regime",
        "ofac",
        "--as-of",
        "2023-09-01",
        "--from",
        seed,
        "--json",
    ]);
    let flip = &serde_json::from_str::<Value>(&out).unwrap()["flips"][0];
    assert_eq!((flip["before"].as_str(), flip["after"].as_str()), (Some("listed"), Some("indeterminate")));
}

#[test]
fn the_exit_code_tells_the_outcome() {
    let ask = |who: &str, flag: &[&str]| {
        let day = ["--as-of", "2024-05-01", "--regime", "ofac", "--from", "data/holding.json", "--quiet"];
        run(&[&["verdict", who][..], &day, flag].concat()).0
    };
    assert_eq!(ask("karrow", &[]), 0);
    assert_eq!(ask("karrow", &["--exit-code"]), 10);
    let free = ["verdict", "ex5-C", "--regime", "ofac", "--exit-code", "--from", "data/faq-401.json"];
    assert_eq!(run(&free).0, 0);
}

#[test]
fn proofs_written_are_proofs_accepted_and_spoilt_ones_refused() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("p.json").display().to_string();
    let from = ["--from", "data/holding.json"];
    for regime in ["ofac", "uk"] {
        let args = ["prove", "karrow", "--regime", regime, "--as-of", "2024-05-01", "--json"];
        let (code, proof, _) = run(&[&args[..], &from].concat());
        assert_eq!(code, 0);
        std::fs::write(&file, &proof).unwrap();
        let (code, out, err) = run(&[&["check-proof", &file, "--json"][..], &from].concat());
        assert_eq!(code, 0, "{out}{err}");
        let word = if regime == "ofac" { "\"20.5\"" } else { "\"most\": \"50\"" };
        let spoilt = proof.replace(word, if regime == "ofac" { "\"21.5\"" } else { "\"most\": \"49\"" });
        assert_ne!(spoilt, proof);
        std::fs::write(&file, spoilt).unwrap();
        assert_eq!(run(&[&["check-proof", &file][..], &from].concat()).0, 1, "{regime}");
    }
    std::fs::write(&file, "{\"id\": 7}").unwrap();
    let (code, _, err) = run(&[&["check-proof", &file][..], &from].concat());
    assert!(code == 2 && err.contains("p.json"), "{code} {err}");
    for style in ["text", "markdown"] {
        let args = ["prove", "karrow", "--regime", "ofac", "--as-of", "2024-05-01", "--style", style];
        let (code, out, _) = run(&[&args[..], &from].concat());
        assert!(code == 0 && out.contains("50.5") && out.contains("not legal advice"), "{out}");
    }
    for format in ["svg", "document", "graphml", "html"] {
        let args = ["prove", "karrow", "--regime", "ofac", "--as-of", "2024-05-01", "--graph", format];
        let (code, out, err) = run(&[&args[..], &from].concat());
        assert!(code == 0 && out.contains("Karrow Steel Works") && !out.contains("Tidewater"), "{format} {err}");
        if format == "html" {
            assert!(out.contains("<li>sum: 30 + 20.5 = 50.5</li>") && out.contains("Karrow Steel Works: blocked</h1>"));
            assert!(out.contains("<li>the line is at least 50: reached</li>"), "{out}");
        }
    }
}

#[test]
fn what_is_refused_is_refused_clearly() {
    let dir = tempfile::tempdir().unwrap();
    let rules = dir.path().join("rules.json").display().to_string();
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/regimes.json")).unwrap();
    std::fs::write(&rules, text.replacen("\"at_least\": \"50\"", "\"at_least\": \"150\"", 1)).unwrap();
    let from = ["--from", "data/holding.json"];
    for (args, words) in [
        (&["verdict", "karrow", "--regime", "eruope"][..], &["eruope", "ofac", "eu"][..]),
        (&["verdict", "karrow", "--regime", "ca", "--as-of", "2020-01-01"], &["2020-01-01", "2023-06-22"]),
        (&["verdict", "karrow", "--regime", "au"], &["no verdict", "exposure"]),
        (&["verdict", "karrow", "--regime", "amlr"], &["ubo"]),
        (&["verdict", "karrow", "--rules", &rules], &["rules.json:", "150"]),
        (&["verdict", "karrow", "--as-of", "2024-13-01"], &["2024-13-01"]),
        (&["prove", "karrow", "--regime", "ofac,eu"], &["one regime"]),
    ] {
        let (code, out, err) = run(&[args, &from[..]].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{args:?} {err}");
        words.iter().for_each(|w| assert!(err.contains(w), "{args:?}: {err}"));
    }
}

#[test]
fn what_is_odd_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("odd.json");
    let text = r#"{"cuibono": 1, "scope": "q", "nodes": [
      {"id": "X", "type": "person", "listed": true}, {"id": "U", "type": "person"}, {"id": "A", "type": "company"},
      {"id": "B", "type": "company"}],
     "edges": [
      {"id": "e1", "source": "X", "target": "A", "type": "owns"},
      {"id": "e2", "source": "U", "target": "A", "type": "owns", "share": "70"},
      {"id": "e3", "source": "B", "target": "A", "type": "owns", "share": "70"},
      {"id": "e4", "source": "X", "target": "U", "type": "owns", "share": "100"}]}"#;
    std::fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    let found = json(&["verdict", "--all", "--regime", "ofac", "--from", &file, "--json"]);
    let of = |id: &str| found["verdicts"].as_array().unwrap().iter().find(|v| v["id"] == id).unwrap().clone();
    // Outsiders hold 140, so that their stakes cap nothing: X may hold any part of A.
    assert_eq!((&of("A")["verdict"], &of("A")["share"]["max"]), (&"indeterminate".into(), &"100".into()));
    assert_eq!(of("U")["verdict"], "not_blocked", "a person cannot be owned");
    assert_eq!(found["warnings"], serde_json::json!(["not_ownable:U", "over_100:A:owns"]));
    for (from, to) in [("\"share\": \"100\"", "\"share\": \"-5\""), ("\"share\": \"100\"", "\"share\": \"101\"")] {
        std::fs::write(&file, text.replace(from, to)).unwrap();
        let (code, _, err) = run(&["verdict", "A", "--from", &file]);
        assert!(code == 2 && err.contains("odd.json:8"), "{code} {err}");
    }
    std::fs::write(&file, text.replace("\"share\": \"100\"", "\"start\": \"2024\", \"end\": \"2023\"")).unwrap();
    let (code, _, err) = run(&["verdict", "A", "--from", &file]);
    assert!(code == 2 && err.contains("odd.json:8"), "{code} {err}");
}

#[test]
fn an_ultimate_parent_may_control() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("group.json").display().to_string();
    let text = r#"{"cuibono": 1, "scope": "q", "nodes": [
      {"id": "X", "type": "company", "listed": true}, {"id": "A", "type": "company"}],
     "edges": [{"id": "e1", "source": "X", "target": "A", "type": "ultimately_consolidates"}]}"#;
    std::fs::write(&file, text).unwrap();
    let proof = dir.path().join("p.json").display().to_string();
    for (regime, verdict) in [("eu", "indeterminate"), ("ofac", "not_blocked")] {
        let (_, out, _) = run(&["prove", "A", "--regime", regime, "--from", &file, "--json"]);
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["verdict"], verdict);
        std::fs::write(&proof, &out).unwrap();
        assert_eq!(run(&["check-proof", &proof, "--from", &file]).0, 0, "{regime} {out}");
    }
}

#[test]
fn a_list_without_days_of_entry() {
    let Some(data) = crate::support::test_data() else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("s").display().to_string();
    for day in ["2023-08-24", "2023-08-31"] {
        let list = data.join(format!("data/ofac/sdn-{day}.csv.gz")).display().to_string();
        assert_eq!(run(&["import", &list, "--store", &store]).0, 0);
    }
    let proof = dir.path().join("p.json").display().to_string();
    for (day, verdict) in [
        // No list that old: not listed cannot be said.
        ("2023-08-20", "indeterminate"),
        // The release of that day lacks the party, the next one has it: in between nobody knows.
        ("2023-08-24", "not_blocked"),
        ("2023-08-26", "indeterminate"),
        ("2023-08-31", "listed"),
    ] {
        let args = ["prove", "ofac:36217", "--regime", "ofac", "--as-of", day, "--store", &store, "--json"];
        let (_, out, _) = run(&args);
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["verdict"], verdict, "{day}");
        std::fs::write(&proof, &out).unwrap();
        assert_eq!(run(&["check-proof", &proof, "--store", &store]).0, 0, "{day} {out}");
    }
    let found =
        json(&["verdict", "ofac:36217", "--regime", "eu", "--as-of", "2023-08-31", "--store", &store, "--json"]);
    assert_eq!(found["verdicts"][0]["verdict"], "indeterminate");
    assert_eq!(found["warnings"], serde_json::json!(["no_list:eu_fsf"]));
}
