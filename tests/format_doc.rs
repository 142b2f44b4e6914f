//! `docs/format.md` is right: a reader written from it alone, in another language, finds in a
//! store just what the library finds.
//!
//! `CUIBONO_READERS_PYTHON` names a Python with the packages of `tests/readers/requirements.txt`.

use crate::support::{graph, import_files, import_texts, on, shipped};
use cuibono::graph;
use cuibono::import::Request;
use cuibono::model::{Act, End, Id, Mode, Percent, Record, RelationRecord, Share, Status};
use cuibono::store::{Action, Commit, Decided, Decider, Decree, Edit, Folder, Snapshot, Storage};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// The interpreter, or a printed note that the calling test was skipped.
fn python() -> Option<PathBuf> {
    match std::env::var_os("CUIBONO_READERS_PYTHON") {
        Some(p) => Some(PathBuf::from(p)),
        None => {
            println!("skipped: CUIBONO_READERS_PYTHON not set");
            None
        }
    }
}

fn read(python: &Path, folder: &Path) -> std::result::Result<Vec<Value>, String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/readers/read_store.py");
    let out = Command::new(python).arg(script).arg(folder).output().unwrap();
    if !out.status.success() {
        return Err(String::from_utf8_lossy(&out.stderr).into_owned());
    }
    Ok(String::from_utf8(out.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect())
}

/// What the library says of the same folder, in the same words.
fn expected(storage: &Arc<dyn Storage>) -> Vec<Value> {
    let kinds = ["party", "relation", "decision", "source", "node type", "edge type"];
    let snapshot = Snapshot::open(Arc::clone(storage)).unwrap();
    let mut lines = Vec::new();
    for source in snapshot.sources() {
        let (codes, lists) = source.timeline().unwrap();
        for i in 0..source.len() {
            let (frame, part, record) = source.record(i).unwrap();
            let when: Vec<String> = lists[codes[i as usize] as usize]
                .iter()
                .map(|i| {
                    let to = i.to.map_or("now".to_owned(), |d| d.to_string());
                    format!("{}..{to}{}", i.from, if i.replaced { " replaced" } else { "" })
                })
                .collect();
            let kind = kinds[usize::from(record.kind_code())];
            let of = &source.entry.info.id;
            lines.push(json!(["record", of, kind, part, frame.repeat, record.key(), when]));
        }
    }
    for e in snapshot.journal() {
        lines.push(match &e.action {
            Action::Put(r) => json!(["edit", e.time, e.actor, "put", r.key()]),
            Action::Retract { id, .. } => json!(["edit", e.time, e.actor, "retract", id]),
        });
    }
    let log = snapshot.decisions();
    for d in log.some(&(1..=log.len()).collect::<Vec<_>>()).unwrap() {
        let back = if let Decree::Retract(n) = d.decree { json!(n) } else { Value::Null };
        let (by, decree) = (d.by.as_str(), d.decree.as_str());
        lines.push(json!(["decision", d.time, by, d.actor, d.a, d.b, decree, back, d.note, d.source, d.evidence]));
    }
    lines
}

fn release(edges: &str, nodes: &str) -> String {
    format!(
        r#"{{"cuibono":1,"scope":"xa","nodes":[{nodes}],"edges":[{edges}],
            "node_types":[{{"name":"xa_barge","label":"Barge","family":"asset"}}],
            "edge_types":[{{"name":"xa_tows","inverse":"xa_towed_by","label":"tows","group":"other"}}]}}"#
    )
}

/// A store with everything that has a place in the format.
fn build(storage: &Arc<dyn Storage>) {
    for name in ["seed.json", "holding.json"] {
        import_files(storage, &[shipped(name)], &on("2024-01-01"));
    }
    let a = r#"{"id":"a","type":"company","name":"Ardent Жук","joint_arrangement":"pact","listed":[{"list":"xa_list","from":"2020-02","programs":["P"]}]}"#;
    let b = r#"{"id":"b","type":"xa_barge","name":"Brill","complete":true}"#;
    let owns = |share: &str| format!(r#"{{"source":"a","target":"b","type":"owns","share":{share},"stake":"A"}}"#);
    let tows = r#"{"id":"t1","source":"a","target":"b","type":"xa_tows","start":"2021-05-01","status":"alleged","properties":{"former":true}}"#;
    let releases = [
        ("2023-01-10", release(&format!("{},{tows}", owns("\"100/3\"")), &format!("{a},{b}"))),
        ("2023-03-10", release(&owns("{\"exclusive_min\":\"25\",\"max\":\"50\"}"), &format!("{a},{b}"))),
        ("2023-02-10", release(&owns("\"100/3\""), &format!("{a},{b}"))),
        ("2023-04-10", release("", b)),
    ];
    for (day, text) in &releases {
        let mut request: Request = on(day);
        request.options.full = true;
        request.allow_removals = true;
        import_texts(storage, &[("l.json", text)], &request).unwrap();
    }
    let end = |id: &str| End::Id(Id::parse(id).unwrap());
    let mut link = RelationRecord::new(end("xa:a"), "controls", End::Name("Nobody \"of\" that name".into()));
    link.share = Some(Share::exact(Percent::parse("12.5").unwrap()).unwrap());
    (link.ordinal, link.status, link.act) = (300, Status::Inferred, Act::Agreed);
    let actions = [
        Action::Put(Box::new(Record::Relation(link))),
        Action::Retract { id: "xa:a>controls>xa:b".into(), reason: "it was never stated".into() },
    ];
    for action in actions {
        let mut c = Commit::begin(Arc::clone(storage)).unwrap();
        c.append(&[Edit { time: "2024-05-01T12:00:00Z".into(), actor: "tester".into(), action }]).unwrap();
        c.finish().unwrap();
    }
}

fn decide(storage: &Arc<dyn Storage>) {
    for (i, (by, decree)) in [
        (Decider::Human, Decree::Same),
        (Decider::Rule, Decree::Different),
        (Decider::Import, Decree::Unsure),
        (Decider::Human, Decree::Retract(2)),
    ]
    .into_iter()
    .enumerate()
    {
        let mut c = Commit::begin(Arc::clone(storage)).unwrap();
        c.decide(&[Decided {
            time: format!("2024-05-0{}T12:00:00Z", i + 1),
            by,
            actor: "Жук".into(),
            a: "xa:a".into(),
            b: format!("xa:{i}"),
            decree,
            note: "n".repeat(i * 100),
            source: "s: 1".into(),
            evidence: if i % 2 == 0 { "{\"items\": [\"é\"]}".into() } else { String::new() },
        }])
        .unwrap();
        c.finish().unwrap();
    }
}

#[test]
fn a_reader_written_from_the_description_agrees() {
    let Some(python) = python() else { return };
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("s");
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(&folder));
    build(&storage);
    decide(&storage);
    for round in ["as imported", "compacted"] {
        let mut wanted = expected(&storage);
        let found = read(&python, &folder).unwrap();
        let manifest = Snapshot::open(Arc::clone(&storage)).unwrap().manifest().clone();
        if round == "compacted" {
            // With the journal folded in, the graph is the index and nothing else.
            let g = graph(&storage);
            wanted.push(json!(["index", g.node_count(), g.edge_count()]));
            assert_eq!(manifest.folded, 2);
        } else {
            wanted.push(found.last().unwrap().clone());
            assert!(manifest.sources.iter().any(|s| s.releases.iter().any(|r| r.mode == Mode::Full)));
        }
        assert!(wanted.len() > 100, "{} lines", wanted.len());
        let has = |end: &str| wanted.iter().any(|l| l[6].as_array().is_some_and(|w| w.iter().any(|i| i == end)));
        assert!(has("2023-01-10..2023-04-10") && has("2023-01-10..2023-03-10 replaced"), "the test has lost its cases");
        assert_eq!(found.len(), wanted.len());
        for (f, w) in found.iter().zip(&wanted) {
            assert_eq!(f, w, "{round}");
        }
        graph::compact(&storage).unwrap();
    }
}

#[test]
fn the_reader_notices_damage() {
    let Some(python) = python() else { return };
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("s");
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(&folder));
    import_files(&storage, &[shipped("holding.json")], &on("2024-01-01"));
    decide(&storage);
    read(&python, &folder).unwrap();
    for name in storage.list().unwrap().iter().filter(|n| *n != "LOCK") {
        let path = folder.join(name);
        let good = std::fs::read(&path).unwrap();
        for at in [9, 13, 17, good.len() / 2, good.len() - 20, good.len() - 1] {
            let mut bad = good.clone();
            bad[at] ^= 4;
            std::fs::write(&path, bad).unwrap();
            assert!(read(&python, &folder).is_err(), "{name}: byte {at}");
        }
        std::fs::write(&path, good).unwrap();
    }
}
