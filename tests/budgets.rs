//! Every question has a budget of time, memory and answer, and says when it ended there.

use cuibono::error::Kind;
use cuibono::graph::{Filter, Graph, Stop, View, Why};
use cuibono::ownership::{Changes, Conventions, Judge, Regimes};
use cuibono::query::{self, NeighbourOptions, Scratch, TraceOptions, WalkOptions};
use std::path::Path;
use std::process::{Command, Output};

use crate::support::{date, graph, import_texts, memory, on};

const DAY: [&str; 2] = ["--as-of", "2026-03-01"];

fn ask(dir: &Path, args: &[&str]) -> Output {
    let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    c.current_dir(dir).args(args).env_remove("CUIBONO_STORE").output().unwrap()
}

/// Firms in a row, each held by the one before; the first is listed.
fn row(firms: usize) -> Graph {
    let mut nodes = String::from("id,type,name,listed\n");
    let mut edges = String::from("source,target,type,percentage\n");
    for i in 0..firms {
        nodes.push_str(&format!("N{i},company,Firm {i},{}\n", u8::from(i == 0)));
        if i > 0 {
            edges.push_str(&format!("N{},N{i},owns,100\n", i - 1));
        }
    }
    let s = memory();
    import_texts(&s, &[("nodes.csv", &nodes), ("edges.csv", &edges)], &on("2024-01-01")).unwrap();
    graph(&s)
}

#[test]
fn no_time_at_all_is_said_by_every_question() {
    let dir = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    for file in ["seed.json", "holding.json"] {
        let o = ask(dir.path(), &["import", data.join(file).to_str().unwrap(), "--release", "2023-09-01", "-q"]);
        assert!(o.status.success());
    }
    let (a, b) = ("Sergei Kozlov", "Intellekt LLC");
    let questions: [&[&str]; 21] = [
        &["search", "kozlov"],
        &["show", a],
        &["neighbours", a, "--hops", "2"],
        &["path", a, b],
        &["path", a, b, "--all"],
        &["path", a, b, "--k", "3"],
        &["between", a, b],
        &["trace", b, "--no-verdicts"],
        &["trace", b],
        &["verdict", b],
        &["verdict", "--all"],
        &["prove", b, "--regime", "ofac"],
        &["what-if", b, "--free", "--regime", "ofac"],
        &["exposure", b],
        &["own", a],
        &["ubo", b],
        &["controls", a],
        &["close-links", a],
        &["components"],
        &["stats"],
        &["export", a, "--format", "jsonl"],
    ];
    for question in questions {
        let day: &[&str] = match question[0] {
            "verdict" | "prove" | "what-if" | "exposure" | "own" | "ubo" | "controls" | "close-links" => &DAY,
            _ => &[],
        };
        let plain = ask(dir.path(), &[question, day].concat());
        assert!(matches!(plain.status.code(), Some(0 | 1)), "{question:?}: {}", String::from_utf8_lossy(&plain.stderr));
        let o = ask(dir.path(), &[question, day, &["--max-time", "0"]].concat());
        let err = String::from_utf8_lossy(&o.stderr);
        assert_eq!(o.status.code(), Some(4), "{question:?}: {err}");
        assert!(err.contains("the time for this question ran out"), "{question:?}: {err}");
    }
    // A batch goes on with the next question.
    let lines = "{\"id\":1,\"command\":\"stats\"}\n{\"id\":2,\"command\":\"stats\"}\n";
    std::fs::write(dir.path().join("q.jsonl"), lines).unwrap();
    let o = ask(dir.path(), &["batch", "q.jsonl", "--max-time", "0"]);
    let out = String::from_utf8_lossy(&o.stdout);
    assert_eq!(out.matches("\"code\":4").count(), 2, "{out}");
    let o = ask(dir.path(), &["batch", "q.jsonl", "--max-time", "60"]);
    assert_eq!(String::from_utf8_lossy(&o.stdout).matches("\"code\":0").count(), 2);
    for bad in ["-1", "NaN", "1e300"] {
        let o = ask(dir.path(), &["stats", &format!("--max-time={bad}")]);
        assert_eq!(o.status.code(), Some(2), "{bad}: {}", String::from_utf8_lossy(&o.stderr));
    }
}

#[test]
fn walks_that_are_stopped_say_so_and_judgements_fail() {
    let g = row(2_000);
    let stop = Stop::new();
    let view = View::new(&g, Filter::default()).unwrap().with_stop(stop.clone());
    let node = |i: usize| g.find_id(&format!("table:N{i}")).unwrap();
    let (first, last) = (node(0), node(1_999));
    let mut scratch = Scratch::default();
    for set in [false, true] {
        if set {
            stop.set(Why::Time);
        }
        let p = query::path(&view, first, last, &WalkOptions::default(), &mut scratch);
        assert_eq!((p.length.is_none(), p.part.truncated), (set, set));
        let p = query::all_paths(&view, first, last, &WalkOptions::default(), 5, &mut scratch);
        assert_eq!((p.length.is_none(), p.part.truncated), (set, set));
        let p = query::k_paths(&view, first, last, &WalkOptions::default(), 5, &mut scratch);
        assert_eq!((p.length.is_none(), p.part.truncated), (set, set));
        let b = query::between(&view, &[first, last], &WalkOptions::default(), &mut scratch);
        assert_eq!((b.is_empty(), b.part.truncated), (set, set));
        let options = NeighbourOptions { hops: 100, ..NeighbourOptions::default() };
        assert_eq!(query::neighbours(&view, &[first], &options, &mut scratch).truncated, set);
        let t = query::trace(&view, first, &TraceOptions::default());
        assert_eq!((t.rows.is_empty(), t.truncated), (set, set));
        let doc = query::answer(&view, &t.subgraph(), "trace").unwrap();
        let said = doc.answer.unwrap().notes.iter().any(|n| n.contains("time for this question ran out"));
        assert_eq!(said, set);
        let none = Conventions::default();
        let (regimes, day) = (Regimes::builtin(), date("2026-03-01"));
        let ofac = regimes.get("ofac").unwrap();
        let mut judge = Judge::new(&view, regimes, day, none, Changes::default()).unwrap();
        let judged = judge.verdicts(&[ofac], &[last]);
        assert_eq!(judged.err().map(|e| e.kind()), set.then_some(Kind::Stopped));
    }
}

#[test]
fn memory_and_answers_have_their_budgets() {
    let dir = tempfile::tempdir().unwrap();
    let (mut nodes, mut edges) =
        (String::from("id,type,name,listed\n"), String::from("source,target,type,percentage\n"));
    const FIRMS: usize = 52_000;
    for i in 0..FIRMS {
        nodes.push_str(&format!("N{i},company,Firm {i},{}\n", u8::from(i == 0)));
        if i > 0 {
            edges.push_str(&format!("N{},N{i},owns,100\n", i - 1));
        }
    }
    std::fs::write(dir.path().join("nodes.csv"), nodes).unwrap();
    std::fs::write(dir.path().join("edges.csv"), edges).unwrap();
    let o = ask(dir.path(), &["import", "nodes.csv", "edges.csv", "--release", "2024-01-01", "-q"]);
    assert!(o.status.success(), "{}", String::from_utf8_lossy(&o.stderr));
    let last = format!("table:N{}", FIRMS - 1);
    let o = ask(dir.path(), &["path", "table:N0", &last, "--json"]);
    let v: serde_json::Value = serde_json::from_slice(&o.stdout).unwrap();
    assert_eq!(v["answer"]["result"]["length"], FIRMS - 1);
    assert_eq!(v["answer"]["truncated"], true);
    let shown = v["nodes"].as_array().unwrap().len() + v["edges"].as_array().unwrap().len();
    assert!((99_990..=100_000).contains(&shown), "{shown}");
    let notes = v["answer"]["notes"].to_string();
    assert!(notes.contains("cut after 100000 of 103999"), "{notes}");
    if cfg!(target_os = "linux") {
        let o = ask(dir.path(), &["trace", "table:N0", "--limit", "1000000", "--no-verdicts", "--max-memory", "40"]);
        let err = String::from_utf8_lossy(&o.stderr);
        assert!(err.contains("the memory for this question ran out"), "{:?} {err}", o.status);
        assert!(o.status.code() == Some(4) || err.contains("a limit cut this answer"), "{err}");
    }
}
