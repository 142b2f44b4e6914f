//! Stores that change while they are served, budgets, and the end.

use super::client::{Served, TOKEN, import, shipped, store_of};
use crate::support::program;
use std::io::Write;
use std::time::{Duration, Instant};

fn network(names: &[&str]) -> String {
    let node = |(i, n): (usize, &&str)| format!(r#"{{"id": "n{i}", "type": "company", "name": "{n}"}}"#);
    let nodes: Vec<String> = names.iter().enumerate().map(node).collect();
    format!(r#"{{"cuibono": 1, "scope": "x", "nodes": [{}], "edges": []}}"#, nodes.join(", "))
}

#[test]
fn imports_of_another_process_show_up() {
    let s = Served::start_in(store_of(&network(&["Heathrun"])), &[], &["--token", TOKEN]);
    let names = |q: &str| s.get(&format!("/v1/search?q={q}")).json()["results"].as_array().unwrap().len();
    let store = || s.get("/v1/meta").json()["store"].clone();
    assert_eq!((names("Heathrun"), names("Passmark")), (1, 0));
    let first = store();
    import(s.path(), &network(&["Heathrun", "Passmark"]), "2024-02-01");
    assert_eq!((names("Heathrun"), names("Passmark")), (1, 1));
    let second = store();
    assert_ne!(first, second);
    // So do own facts, and decisions on who is the same.
    let run = |args: &[&str]| assert!(program(s.path()).args(args).output().unwrap().status.success(), "{args:?}");
    run(&["add", "Opaline", "--type", "company", "--cite", "register: page 1"]);
    assert_eq!(names("Opaline"), 1);
    run(&["decide", "x:n0", "x:n1", "--same"]);
    let entity = s.get("/v1/how?entity=x:n0");
    let o = program(s.path()).args(["how", "x:n0", "--json"]).output().unwrap();
    assert_eq!(entity.body, o.stdout);
    assert!(entity.text().contains("x:n1"), "{}", entity.text());
    run(&["compact"]);
    assert_eq!(names("Opaline"), 1);
    assert_eq!(s.get("/v1/diff?source=x&from=2024-01-01&to=2024-02-01").status, 200);
}

#[test]
fn decisions_of_another_day_are_served_as_told() {
    let dir = store_of(&network(&["Heathrun", "Passmark"]));
    assert!(program(dir.path()).args(["decide", "x:n0", "x:n1", "--same"]).output().unwrap().status.success());
    let s = Served::start_in(dir, &["--decided-at", "none"], &["--token", TOKEN]);
    let name = |id: &str| s.get(&format!("/v1/counts?entity={id}")).json()["name"].clone();
    assert_eq!((name("x:n0"), name("x:n1")), ("Heathrun".into(), "Passmark".into()));
}

#[test]
fn a_store_that_goes_is_said_and_comes_back() {
    let s = Served::start_in(store_of(&network(&["Heathrun"])), &[], &["--token", TOKEN]);
    let (here, away) = (s.path().join("cuibono.store"), s.path().join("away"));
    assert_eq!(s.get("/v1/stats").status, 200);
    std::fs::rename(&here, &away).unwrap();
    let got = s.get("/v1/stats");
    assert!(matches!(got.status, 400 | 500), "{}", got.text());
    assert!(got.json()["error"].as_str().unwrap().contains("there is no store"), "{}", got.text());
    // To clients of yente, too.
    let told = |target: &str| (s.get(target).status, s.get(target).json());
    assert_eq!(told("/healthz"), (200, serde_json::json!({"status": "ok"})));
    assert_eq!(told("/readyz"), (503, serde_json::json!({"detail": "Index not ready."})));
    let (status, body) = told("/search/default");
    assert!(status == got.status && body["detail"].as_str().unwrap().contains("there is no store"), "{body}");
    std::fs::rename(&away, &here).unwrap();
    assert_eq!(told("/readyz").0, 200);
    assert_eq!(s.get("/v1/stats").status, 200);
}

#[test]
fn what_cannot_be_opened_is_said_before_an_address_is() {
    let dir = tempfile::TempDir::new().unwrap();
    let o = program(dir.path()).args(["serve", "--port", "0"]).output().unwrap();
    assert_eq!(o.status.code(), Some(2));
    assert!(o.stdout.is_empty());
    assert!(String::from_utf8_lossy(&o.stderr).contains("there is no store here"));
    // A port that is taken.
    let s = Served::start(&["--from", &shipped("seed.json")], &[]);
    let port = s.port.to_string();
    let o = program(dir.path()).args(["--from", &shipped("seed.json"), "serve", "--port", &port]).output().unwrap();
    assert_eq!(o.status.code(), Some(2));
    let err = String::from_utf8_lossy(&o.stderr).into_owned();
    assert!(err.contains(&port) && err.contains("--port"), "{err}");
}

#[test]
fn a_question_without_time_is_said_to_have_had_none() {
    let s = Served::start(&["--from", &shipped("seed.json"), "--max-time", "0"], &[]);
    for target in [
        "/v1/search?q=kozlov",
        "/v1/verdict?entity=Intellekt+LLC",
        "/v1/counts?entity=Intellekt+LLC",
        "/v1/export?format=svg",
    ] {
        let got = s.get(target);
        assert_eq!(got.status, 503, "{target}: {}", got.text());
        assert!(got.json()["error"].as_str().unwrap().contains("time"), "{}", got.text());
    }
    // The addresses that ask nothing of the store go on.
    assert_eq!(s.get("/v1/openapi.json").status, 200);
    let s = Served::start(&["--from", &shipped("seed.json"), "--max-memory", "1"], &[]);
    let got = s.get("/v1/verdict?all=true");
    assert!(matches!(got.status, 200 | 503), "{}", got.status);
}

/// Firms that all hold stakes in each other, with which no question about all of them ends soon.
fn thicket(n: usize) -> (String, String) {
    let mut nodes = String::from("id,type,name,listed\n");
    let mut edges = String::from("source,target,type,percentage\n");
    for i in 0..n {
        nodes.push_str(&format!("N{i},company,Firm {i},{}\n", u8::from(i % 7 == 0)));
        for j in 1..=12 {
            edges.push_str(&format!("N{i},N{},owns,{}\n", (i * 31 + j * j * 17 + 1) % n, 100 / 13));
        }
    }
    (nodes, edges)
}

#[test]
fn the_budget_ends_a_long_question_and_the_server_goes_on() {
    let dir = tempfile::TempDir::new().unwrap();
    let (nodes, edges) = thicket(3_000);
    std::fs::write(dir.path().join("nodes.csv"), nodes).unwrap();
    std::fs::write(dir.path().join("edges.csv"), edges).unwrap();
    let o = program(dir.path()).args(["import", "nodes.csv", "edges.csv", "-q", "--release", "2024-01-01"]).output();
    assert!(o.unwrap().status.success());
    let s = Served::start_in(dir, &["--max-time", "1"], &["--token", TOKEN]);
    let id = s.get("/v1/search?q=Firm+1&limit=1").json()["results"][0]["id"].as_str().unwrap().to_owned();
    let long = format!("/v1/close-links?method=simple&steps=100000000000&threshold=0.0001&entity={id}");
    let since = Instant::now();
    let got = s.get(&long);
    assert_eq!(got.status, 503, "{}", &got.text()[..got.text().len().min(400)]);
    assert!(got.json()["hint"].as_str().unwrap().contains("--max-time"), "{}", got.text());
    assert!(since.elapsed() < Duration::from_secs(30));
    // One whose asker has gone is given up, long before its time.
    let all = format!("/v1/counts?entity={id}");
    for _ in 0..8 {
        let mut c = s.connect();
        let head = format!("GET {long} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\n\r\n", s.host());
        c.write_all(head.as_bytes()).unwrap();
        drop(c);
    }
    assert_eq!(s.get(&all).status, 200);
    assert_eq!(s.err(), "");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_it_in_good_order() {
    let s = Served::start(&["--from", &shipped("seed.json")], &[]);
    let idle = s.connect();
    assert_eq!(s.get("/v1/meta").status, 200);
    assert_eq!(s.interrupt(), 0);
    drop(idle);
}
