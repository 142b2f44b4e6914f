//! Outcomes over time, consequences of releases and marks on traces, by the built program.

use serde_json::Value;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A folder in which the program is run.
struct Case(TempDir);

impl Case {
    fn new() -> Case {
        Case(TempDir::new().unwrap())
    }

    fn file(&self, name: &str, text: &str) {
        std::fs::write(self.0.path().join(name), text).unwrap();
    }

    /// Exit code, stdout, stderr.
    fn run(&self, words: &str) -> (i32, String, String) {
        let mut c = Command::new(Path::new(env!("CARGO_BIN_EXE_cuibono")));
        c.current_dir(self.0.path()).stdin(Stdio::null()).env_remove("CUIBONO_STORE").args(words.split_whitespace());
        let o = c.output().unwrap();
        let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
        (o.status.code().unwrap_or(-1), text(o.stdout), text(o.stderr))
    }

    fn out(&self, code: i32, words: &str) -> String {
        let (got, out, err) = self.run(words);
        assert_eq!(got, code, "{words}\nout: {out}\nerr: {err}");
        out
    }

    fn json(&self, code: i32, words: &str) -> Value {
        serde_json::from_str(&self.out(code, &format!("{words} --json"))).unwrap()
    }
}

/// A holding whose owner is listed from 2021-05-01 on, and sells on 2023-01-01.
const HOLDING: &str = r#"{"cuibono": 1, "scope": "xh", "sources": [{"id": "xh"}],
 "nodes": [{"id": "marek", "type": "person", "name": "Marek Oduya", "listed": [{"list": "ofac_sdn", "from": "2021-05-01"}]},
           {"id": "north", "type": "company", "name": "North Holding"},
           {"id": "mill", "type": "company", "name": "Mill Ltd"}],
 "edges": [{"id": "e1", "source": "marek", "target": "north", "type": "owns", "share": "55", "end": "2023-01-01"},
           {"id": "e2", "source": "north", "target": "mill", "type": "owns", "share": {"min": "40", "max": "60"}},
           {"id": "e3", "source": "mill", "target": "north", "type": "supplies"}]}"#;

#[test]
fn outcomes_over_time() {
    let c = Case::new();
    c.file("h.json", HOLDING);
    let table = c.out(0, "--from h.json verdict north --regime ofac --over 2020-01-01..2024-01-01 --format tsv");
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(
        rows,
        [
            "id\tname\tregime\tfrom\tto\tverdict\tshare\tcause",
            "north\tNorth Holding\tofac\t2020-01-01\t2021-05-01\tnot_blocked\t0\t",
            "north\tNorth Holding\tofac\t2021-05-01\t2023-01-01\tblocked\t55\tMarek Oduya comes on ofac_sdn (marek)",
            "north\tNorth Holding\tofac\t2023-01-01\t2024-01-01\tnot_blocked\t0\tMarek Oduya owns North Holding, 55 %: ends (e1)",
        ]
    );
    let json = c.json(0, "--from h.json verdict mill --regime ofac --over 2021..2024");
    let at = |p: &str| json.pointer(p).cloned().unwrap_or_default();
    assert_eq!((at("/id"), at("/from"), at("/to")), ("mill".into(), "2021-01-01".into(), "2024-01-01".into()));
    assert_eq!(json["intervals"].as_array().unwrap().len(), 3);
    assert_eq!(at("/intervals/1/verdict"), "indeterminate");
    assert_eq!(at("/intervals/1/share"), serde_json::json!({"min": "40", "max": "60"}));
    assert_eq!(at("/intervals/1/cause/0/kind"), "listed");
    assert_eq!(at("/intervals/1/cause/0/id"), "marek");
    assert_eq!(at("/intervals/2/cause/0/edge"), "e1");
    assert_eq!(at("/intervals/2/cause/0/day"), "2023-01-01");
    assert_eq!(at("/intervals/2/cause/0/holder"), "marek");
    assert_eq!(at("/answer/query"), "verdict mill --regime ofac --over 2021-01-01..2024-01-01");

    // Side by side, with days before any rule; and to the exit code.
    let all = c.out(0, "--from h.json verdict north --over 2005..2022 --format tsv");
    assert!(all.contains("ofac\t2005-01-01\t2008-02-14\tno rule") && all.contains("\teu\t"), "{all}");
    c.out(10, "--from h.json verdict north --regime ofac --over 2020..2024 --exit-code");
    c.out(0, "--from h.json verdict north --regime ofac --over 2020..2021 --exit-code");
    let only = c.out(0, "--from h.json verdict north --regime ofac --over 2020..2024 --only blocked --format tsv");
    assert_eq!(only.lines().count(), 2, "{only}");
    for bad in [
        "north --over 2020",
        "north --over 2021..2020",
        "north mill --over 2020..2021",
        "north --over 2020.. --as-of 2021",
    ] {
        assert_eq!(c.run(&format!("--from h.json verdict {bad}")).0, 2, "{bad}");
    }
}

#[test]
fn an_open_span_ends_today() {
    let c = Case::new();
    c.file("h.json", HOLDING);
    let json = c.json(0, "--from h.json verdict north --regime ofac --over 2022-06-01..");
    let last = json["intervals"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((last["verdict"].clone(), last["to"].clone()), ("not_blocked".into(), json["to"].clone()));
    assert!(json["to"].as_str().unwrap() > "2026");
}

fn release(day: &str, listed: &str, share: &str) -> String {
    format!(
        r#"{{"cuibono": 1, "scope": "xl", "released": "{day}", "sources": [{{"id": "xl"}}],
        "nodes": [{{"id": "ada", "type": "person", "name": "Ada Vint"{listed}}},
                  {{"id": "firm", "type": "company", "name": "Firm"}}, {{"id": "sub", "type": "company", "name": "Sub"}}],
        "edges": [{{"id": "o1", "source": "ada", "target": "firm", "type": "owns", "share": "{share}"}},
                  {{"id": "o2", "source": "firm", "target": "sub", "type": "owns", "share": "100"}}]}}"#
    )
}

#[test]
fn releases_have_consequences() {
    let c = Case::new();
    c.file("1.json", &release("2024-01-01", "", "50"));
    c.file("2.json", &release("2024-02-01", r#", "listed": ["ofac_sdn"]"#, "50"));
    c.file("3.json", &release("2024-03-01", r#", "listed": ["ofac_sdn"]"#, "49"));
    for n in 1..=3 {
        c.out(0, &format!("import {n}.json --full"));
    }
    let rows = c.out(0, "diff xl 2024-01-01 2024-02-01 --regime ofac --format tsv");
    let caused: Vec<&str> = rows.lines().filter(|l| l.contains("consequence")).collect();
    assert_eq!(
        caused,
        [
            "became blocked\tconsequence\txl:firm\tFirm\tcompany\tofac\tnot_blocked\tblocked\tAda Vint comes on ofac_sdn (xl:ada)",
            "became blocked\tconsequence\txl:sub\tSub\tcompany\tofac\tnot_blocked\tblocked\tAda Vint comes on ofac_sdn (xl:ada)",
        ]
    );
    let json = c.json(0, "diff xl 2024-02-01 2024-03-01");
    let list = json["consequences"].as_array().unwrap();
    assert_eq!(list.len(), 2);
    for (found, id) in list.iter().zip(["xl:firm", "xl:sub"]) {
        let text = |m: &str| found[m].as_str().unwrap().to_owned();
        assert_eq!([text("id"), text("regime"), text("before"), text("after")], [id, "ofac", "blocked", "not_blocked"]);
        let because = &found["because"][0];
        assert_eq!((because["edge"].as_str(), because["kind"].as_str()), (Some("xl:o1"), Some("stake_changes")));
        assert!(because["words"].as_str().unwrap().contains("49 % (was: 50 %)"), "{because}");
    }
    assert_eq!(json["edges"]["changed"].as_array().unwrap().len(), 1);
    assert_eq!(c.json(1, "diff xl 2024-02-01 2024-02-01")["consequences"], serde_json::json!([]));
}

#[test]
fn days_have_consequences() {
    let c = Case::new();
    c.file("h.json", HOLDING);
    let rows = c.out(0, "--from h.json diff --as-of 2021-01-01 2022-01-01 --regime ofac --format tsv");
    let mut words: Vec<&str> = rows.lines().skip(1).map(|l| l.split('\t').next().unwrap()).collect();
    words.sort_unstable();
    assert_eq!(words, ["became blocked", "became uncertain"], "{rows}");
    let json = c.json(0, "--from h.json diff --as-of 2022-01-01 2024-01-01 --regime ofac");
    assert_eq!(json["consequences"][0]["because"][0]["edge"], "e1");
    assert_eq!((json["from"].clone(), json["to"].clone()), ("2022-01-01".into(), "2024-01-01".into()));
    c.out(1, "--from h.json diff --as-of 2019-01-01 2020-01-01 --regime ofac");
    for bad in ["diff --as-of 2022-01-01", "diff xh --as-of 2021-01-01 2022-01-01", "diff xh 2021-01-01", "diff"] {
        assert_eq!(c.run(&format!("--from h.json {bad}")).0, 2, "{bad}");
    }
    c.file(
        "q.jsonl",
        r#"{"id": 1, "command": "diff", "options": {"as_of": ["2022-01-01", "2024-01-01"], "regime": "ofac"}}"#,
    );
    let batch: Value = serde_json::from_str(&c.out(0, "--from h.json batch q.jsonl")).unwrap();
    assert_eq!(batch["answer"]["consequences"], json["consequences"]);
}

#[test]
fn traces_show_verdicts() {
    let c = Case::new();
    c.file("h.json", HOLDING);
    let tree = c.out(0, "--from h.json trace mill --as-of 2022-01-01 --format table");
    for want in [
        "Mill Ltd (company) [cannot tell: 40 to 60]",
        "North Holding (company) [blocked: 55 of at least 50], 40 to 60 %",
        "Marek Oduya (person) [listed], 55 %",
    ] {
        assert!(tree.contains(want), "{want}\n{tree}");
    }
    let other = c.out(0, "--from h.json trace mill --as-of 2022-01-01 --regime eu --format table");
    let none = c.out(0, "--from h.json trace mill --as-of 2022-01-01 --no-verdicts --format table");
    assert_eq!(other, none);
    assert!(!none.contains("[listed]") && none.contains("Marek Oduya (person), 55 %"), "{none}");
    let json = c.json(0, "--from h.json trace mill --as-of 2022-01-01");
    let told = json.pointer("/answer/result/verdicts").unwrap().as_array().unwrap();
    let of = |id: &str| told.iter().find(|v| v["id"] == id).unwrap()["verdict"].clone();
    assert_eq!([of("mill"), of("north"), of("marek")], ["indeterminate", "blocked", "listed"]);
    let rows = c.out(0, "--from h.json trace mill --as-of 2022-01-01 --format csv");
    assert!(rows.lines().next().unwrap().ends_with(",cites,verdict"), "{rows}");
    assert!(rows.contains(",blocked\n") && rows.contains(",listed\n"), "{rows}");
    // A day before the rule gives none unless it was asked for.
    let (code, out, err) = c.run("--from h.json trace mill --as-of 2001-01-01 --format table");
    assert!(code == 0 && !out.contains("[listed]") && err.contains("no verdicts are marked"), "{err}");
    assert_eq!(c.run("--from h.json trace mill --as-of 2001-01-01 --regime ofac").0, 2);
    assert_eq!(c.run("--from h.json trace mill --regime au").0, 2);
}

/// A list in a publisher's format: names by number, all under one programme.
fn list(names: &[(u32, &str)]) -> String {
    let blank = "-0- ,".repeat(8);
    names.iter().map(|(n, name)| format!("{n},\"{name}\",\"-0- \",\"XP\",{}\n", blank.trim_end_matches(','))).collect()
}

#[test]
fn lists_can_be_searched_from_their_first_release_on() {
    let c = Case::new();
    for (day, names) in [
        (
            "2024-01-10",
            vec![(1, "ALPHA ONE"), (2, "BETA TWO"), (3, "GAMMA THREE"), (4, "DELTA"), (5, "EPSILON"), (6, "ZETA")],
        ),
        ("2024-02-10", vec![(1, "ALPHA ONE"), (2, "BETA TWO"), (3, "GAMMA THREE"), (4, "DELTA"), (5, "EPSILON")]),
    ] {
        std::fs::create_dir(c.0.path().join(day)).unwrap();
        c.file(&format!("{day}/sdn.csv"), &list(&names));
        c.out(0, &format!("import {day}/sdn.csv --format ofac-csv --release {day}"));
    }
    c.file(
        "own.json",
        r#"{"cuibono": 1, "scope": "xo", "released": "2023-01-01", "sources": [{"id": "xo"}],
        "nodes": [{"id": "free", "type": "company", "name": "Free"}, {"id": "held", "type": "company", "name": "Held"}],
        "edges": [{"id": "o", "source": "ofac:6", "target": "held", "type": "owns", "share": "75"}]}"#,
    );
    c.out(0, "import own.json");
    let over = |who: &str| -> Vec<String> {
        let json = c.json(0, &format!("verdict {who} --regime ofac --over 2024-01-01..2024-03-01"));
        let line = |p: &Value| {
            let cause: Vec<String> =
                p["cause"].as_array().unwrap().iter().map(|c| format!(" {} {}", c["kind"], c["id"])).collect();
            format!("{} {}{}", p["from"], p["verdict"], cause.concat()).replace('"', "")
        };
        json["intervals"].as_array().unwrap().iter().map(line).collect()
    };
    assert_eq!(over("xo:free"), ["2024-01-01 indeterminate", "2024-01-10 not_blocked list_release ofac_sdn"]);
    assert_eq!(
        over("xo:held"),
        [
            "2024-01-01 indeterminate",
            "2024-01-10 blocked listed ofac:6 list_release ofac_sdn",
            "2024-02-10 not_blocked delisted ofac:6",
        ]
    );
    let (code, rows, notes) = c.run("diff ofac_sdn 2024-01-10 2024-02-10 --format tsv");
    assert_eq!(code, 0, "{notes}");
    let caused: Vec<&str> = rows.lines().filter(|l| l.contains("consequence")).collect();
    assert_eq!(
        caused,
        [
            "became free\tconsequence\txo:held\tHeld\tcompany\tofac\tblocked\tnot_blocked\tZETA is no longer on ofac_sdn (ofac:6)"
        ]
    );
    assert!(notes.contains("1 became free") && notes.contains("no consequences under"), "{notes}");
    // Without the list of a regime nobody is marked as free, and the reader is told.
    let (_, tree, notes) = c.run("trace xo:held --as-of 2024-02-01 --regime eu --format table");
    assert!(!tree.contains("blocked") && !tree.contains("cannot tell"), "{tree}");
    assert!(notes.contains("eu_fsf"), "{notes}");
    let tree = c.out(0, "trace xo:held --as-of 2024-02-01 --format table");
    assert!(tree.contains("Held (company) [blocked: 75 of at least 50]"), "{tree}");
}
