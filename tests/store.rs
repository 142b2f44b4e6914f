//! The store through its public interface: releases, presence, damage, dump and restore.

use crate::support::{date, dump, graph, import_texts, memory, on, shipped};
use cuibono::error::Kind;
use cuibono::graph::{self, Dir, Filter, View};
use cuibono::import::{Input, Request};
use cuibono::model::{End, Fact, Id, PartyRecord, Record, RelationRecord};
use cuibono::store::{Action, Commit, Edit, Folder, Memory, Snapshot, Storage};
use std::sync::Arc;

/// A release of a fictional list: nodes with a listing, and edges.
fn list(nodes: &[(&str, &str)], edges: &[(&str, &str, &str)]) -> String {
    let nodes: Vec<String> = nodes
        .iter()
        .map(|(id, name)| format!(r#"{{"id":"{id}","type":"company","name":"{name}","listed":["xa_list"]}}"#))
        .collect();
    let edges: Vec<String> = edges
        .iter()
        .map(|(a, b, share)| {
            format!(r#"{{"id":"{a}-{b}","source":"{a}","target":"{b}","type":"owns","share":"{share}"}}"#)
        })
        .collect();
    format!(r#"{{"cuibono":1,"scope":"xa","nodes":[{}],"edges":[{}]}}"#, nodes.join(","), edges.join(","))
}

fn full(day: &str) -> Request {
    let mut r = on(day);
    r.options.full = true;
    r.allow_removals = true;
    r
}

fn listed(view: &View<'_>) -> Vec<String> {
    view.listed().iter().filter(|n| view.is_listed(**n)).map(|n| view.graph().id(*n).to_owned()).collect()
}

#[test]
fn two_clocks() {
    let s = memory();
    let first = list(&[("a", "Ardent"), ("b", "Brill")], &[("a", "b", "60")]);
    let second = list(&[("a", "Ardent"), ("c", "Corvo")], &[("a", "c", "50")]);
    import_texts(&s, &[("l.json", &first)], &full("2023-01-10")).unwrap();
    import_texts(&s, &[("l.json", &second)], &full("2023-02-10")).unwrap();
    let g = graph(&s);
    let view = |as_of: Option<&str>, known_at: Option<&str>| {
        View::new(&g, Filter { as_of: as_of.map(date), known_at: known_at.map(date), ..Filter::default() }).unwrap()
    };
    assert_eq!(listed(&view(None, None)), ["xa:a", "xa:c"]);
    assert_eq!(listed(&view(None, Some("2023-01-31"))), ["xa:a", "xa:b"]);
    assert!(listed(&view(None, Some("2023-01-09"))).is_empty());
    // Known now, asked for the past: what has left the list since was on it then.
    assert_eq!(listed(&view(Some("2023-02-09"), None)), ["xa:a", "xa:b", "xa:c"]);
    assert_eq!(listed(&view(Some("2023-02-10"), None)), ["xa:a", "xa:c"]);

    let b = g.find_id("xa:b").unwrap();
    let gone = view(None, None).listings(b);
    assert_eq!((gone[0].to, gone[0].from_at_latest), (Some(date("2023-02-10")), Some(date("2023-01-10"))));
    let v = view(None, None);
    let edge = v.links(b, Dir::In).next().unwrap().edge;
    assert_eq!(v.end_of(edge), Some(date("2023-02-10")));
    assert!(view(Some("2023-03-01"), None).links(b, Dir::Both).next().is_none());
    assert!(!view(None, Some("2023-01-01")).knows(b));
    assert_eq!(view(None, Some("2023-01-01")).resolve("Brill").unwrap_err().kind(), Kind::NotFound);
}

#[test]
fn a_changed_stake_replaces_and_does_not_end() {
    let s = memory();
    for (day, share) in [("2023-01-10", "60"), ("2023-02-10", "40")] {
        let text = list(&[("a", "Ardent"), ("b", "Brill")], &[("a", "b", share)]);
        import_texts(&s, &[("l.json", &text)], &full(day)).unwrap();
    }
    let g = graph(&s);
    let shares = |known_at: Option<&str>| {
        let v = View::new(&g, Filter { known_at: known_at.map(date), ..Filter::default() }).unwrap();
        let a = g.find_id("xa:a").unwrap();
        v.links(a, Dir::Out).map(|l| g.share(l.edge).unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(shares(None), ["40"]);
    assert_eq!(shares(Some("2023-02-09")), ["60"]);
}

#[test]
fn releases_are_idempotent_and_guarded() {
    let s = memory();
    let names = [("a", "Ardent"), ("b", "Brill"), ("c", "Corvo"), ("d", "Dray"), ("e", "Esk"), ("f", "Fenn")];
    let text = list(&names, &[]);
    import_texts(&s, &[("l.json", &text)], &full("2023-01-10")).unwrap();
    let before = dump(&s);
    let hash = Snapshot::open(Arc::clone(&s)).unwrap().hash().to_owned();
    assert!(import_texts(&s, &[("l.json", &text)], &full("2023-01-10")).unwrap().staged.unchanged);
    assert_eq!(Snapshot::open(Arc::clone(&s)).unwrap().hash(), hash, "the same release again changes nothing");

    let other = list(&[("a", "Ardent Ltd")], &[]);
    let e = import_texts(&s, &[("l.json", &other)], &full("2023-01-10")).unwrap_err();
    assert!(e.next_step().unwrap().contains("--replace"), "{e}");
    let mut cautious = full("2023-02-10");
    cautious.allow_removals = false;
    let e = import_texts(&s, &[("l.json", &list(&names[..3], &[]))], &cautious).unwrap_err();
    assert!(
        e.to_string().contains("would end 3 of the 6") && e.next_step().unwrap().contains("--allow-removals"),
        "{e}"
    );
    assert_eq!(dump(&s), before, "a refused import leaves the store as it was");
    assert!(graph::verify(&s).unwrap().leftovers.is_empty());

    let mut replace = full("2023-01-10");
    replace.replace = true;
    import_texts(&s, &[("l.json", &other)], &replace).unwrap();
    let g = graph(&s);
    let v = View::new(&g, Filter::default()).unwrap();
    assert_eq!(g.label(v.resolve("xa:a").unwrap()), "Ardent Ltd");
    assert_eq!(listed(&v), ["xa:a"]);
    graph::compact(&s).unwrap();
    assert!(!dump(&s).contains("Fenn"), "what only a replaced release said is gone after compaction");
}

#[test]
fn ownership_that_looks_wrong_is_told_and_kept() {
    let s = memory();
    let lines = [
        r#"{"id":"p","schema":"Person","properties":{"name":["Ola"]}}"#,
        r#"{"id":"c","schema":"Company","properties":{"name":["Krill"]}}"#,
        r#"{"id":"d","schema":"Company","properties":{"name":["Dray"]}}"#,
        r#"{"id":"1","schema":"Ownership","properties":{"owner":["c"],"asset":["p"]}}"#,
        r#"{"id":"2","schema":"Ownership","properties":{"owner":["c"],"asset":["d"]}}"#,
        r#"{"id":"3","schema":"Ownership","properties":{"owner":["d"],"asset":["c"]}}"#,
    ];
    let done = import_texts(&s, &[("e.ftm.json", &lines.join("\n"))], &on("2024-01-01")).unwrap();
    let found = |k: &str| done.report.suspicious[k].clone();
    let owned = found("a person, a state or a programme is the owned party");
    assert_eq!((owned.count, owned.examples[0].text.as_str()), (1, "ftm:c and ftm:p"));
    assert_eq!(found("two parties own each other").count, 1);
    let g = graph(&s);
    let v = View::new(&g, Filter::default()).unwrap();
    let ends: Vec<String> = v.edges().map(|(_, a, b)| format!("{} owns {}", g.label(a), g.label(b))).collect();
    assert!(ends.contains(&"Krill owns Ola".to_owned()), "{ends:?}");
}

#[test]
fn a_document_without_full_ends_nothing() {
    let s = memory();
    import_texts(&s, &[("l.json", &list(&[("a", "Ardent"), ("b", "Brill")], &[]))], &on("2023-01-10")).unwrap();
    import_texts(&s, &[("l.json", &list(&[("c", "Corvo")], &[]))], &on("2023-02-10")).unwrap();
    let g = graph(&s);
    assert_eq!(listed(&View::new(&g, Filter::default()).unwrap()), ["xa:a", "xa:b", "xa:c"]);
}

#[test]
fn the_order_of_import_does_not_matter() {
    let days = [
        ("2023-01-10", list(&[("a", "Ardent"), ("b", "Brill")], &[("a", "b", "60")])),
        ("2023-02-10", list(&[("a", "Ardent"), ("c", "Corvo")], &[("a", "c", "50")])),
        ("2023-03-10", list(&[("a", "Ardent"), ("b", "Brill"), ("c", "Corvo SA")], &[("a", "c", "51")])),
    ];
    let mut dumps = Vec::new();
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [0, 2, 1]] {
        let s = memory();
        for i in order {
            import_texts(&s, &[("l.json", &days[i].1)], &full(days[i].0)).unwrap();
        }
        assert!(graph::verify(&s).unwrap().faults.is_empty());
        dumps.push(dump(&s));
    }
    assert!(dumps.windows(2).all(|w| w[0] == w[1]));
}

fn edit(action: Action) -> Edit {
    Edit { time: "2024-05-01T12:00:00Z".into(), actor: "tester".into(), action }
}

fn append(s: &Arc<dyn Storage>, action: Action) {
    let mut c = Commit::begin(Arc::clone(s)).unwrap();
    c.append(&[edit(action)]).unwrap();
    c.finish().unwrap();
}

fn note_edge(a: &str, b: &str) -> Record {
    let end = |id: &str| End::Id(Id::parse(id).unwrap());
    Record::Relation(RelationRecord::new(end(a), "controls", end(b)))
}

#[test]
fn own_facts_are_seen_at_once_and_can_be_taken_back() {
    let s = memory();
    import_texts(&s, &[("l.json", &list(&[("a", "Ardent"), ("b", "Brill")], &[]))], &on("2023-01-10")).unwrap();
    append(&s, Action::Put(Box::new(note_edge("xa:a", "xa:b"))));
    let mut person = PartyRecord::new(Id::new("notes", "olga").unwrap(), "person");
    person.facts.push(Fact::name("name", "Olga Varn"));
    append(&s, Action::Put(Box::new(Record::Party(person))));
    append(&s, Action::Put(Box::new(note_edge("notes:olga", "xa:a"))));
    let see = |s: &Arc<dyn Storage>| {
        let g = graph(s);
        let v = View::new(&g, Filter::default()).unwrap();
        let mut out: Vec<String> =
            v.edges().map(|(e, a, b)| format!("{} {} {}", g.label(a), g.edge_type(e).name, g.label(b))).collect();
        out.sort();
        out.push(v.search("varn", 5).0.len().to_string());
        g.sound().unwrap();
        out
    };
    let both = ["Ardent controls Brill", "Olga Varn controls Ardent", "1"];
    assert_eq!(see(&s), both);
    assert_eq!(see(&s), both, "again from a fresh snapshot");
    graph::compact(&s).unwrap();
    assert_eq!(see(&s), both, "folded into the index");
    let kept = dump(&s);

    append(&s, Action::Retract { id: "xa:a>controls>xa:b".into(), reason: "wrong firm".into() });
    assert_eq!(see(&s), ["Olga Varn controls Ardent", "1"]);
    append(&s, Action::Put(Box::new(note_edge("xa:a", "xa:b"))));
    assert_eq!(see(&s), both, "put again after it was taken back");
    append(&s, Action::Retract { id: "notes:olga".into(), reason: "typo".into() });
    graph::compact(&s).unwrap();
    assert_eq!(see(&s).last().map(String::as_str), Some("0"));

    let t = memory();
    import_texts(&t, &[("d.jsonl", &kept)], &Request::default()).unwrap();
    assert_eq!(dump(&t), kept);
    assert_eq!(see(&t), both);
}

#[test]
fn a_dump_reads_back_into_an_equal_store() {
    let s = memory();
    for name in ["seed.json", "holding.json"] {
        let file = Input::open(&shipped(name)).unwrap();
        cuibono::import::import(Arc::clone(&s), vec![file], &on("2024-01-01"), &mut |_| {}).unwrap();
    }
    let text = list(&[("a", "Ardent"), ("b", "Brill")], &[("a", "b", "100/3")]);
    import_texts(&s, &[("l.json", &text)], &full("2023-01-10")).unwrap();
    import_texts(&s, &[("l.json", &list(&[("a", "Ardent")], &[]))], &full("2023-03-10")).unwrap();
    let text = dump(&s);
    let t = memory();
    import_texts(&t, &[("dump.jsonl", &text)], &Request::default()).unwrap();
    assert_eq!(dump(&t), text);
    let e = import_texts(&t, &[("dump.jsonl", &text)], &Request::default()).unwrap_err();
    assert!(e.to_string().contains("already has"), "{e}");
    let newer = text.replacen("\"cuibono_dump\":1", "\"cuibono_dump\":9", 1);
    let e = import_texts(&memory(), &[("dump.jsonl", &newer)], &Request::default()).unwrap_err();
    assert_eq!(e.kind(), Kind::Newer);
    let cut = &text[..text.len() / 2];
    let e = import_texts(&memory(), &[("dump.jsonl", cut)], &Request::default()).unwrap_err();
    assert!(e.place().unwrap().line.is_some(), "{e}");
}

/// Every byte of every file of a small store, changed one at a time: verify must notice, and no
/// read may panic or print something else.
#[test]
fn every_changed_byte_is_noticed() {
    let memory = Memory::new();
    let s: Arc<dyn Storage> = Arc::new(memory.clone());
    import_texts(&s, &[("l.json", &list(&[("a", "Ardent")], &[]))], &full("2023-01-10")).unwrap();
    import_texts(
        &s,
        &[("l.json", &list(&[("a", "Ardent"), ("b", "Brill")], &[("a", "b", "50")]))],
        &full("2023-02-10"),
    )
    .unwrap();
    append(&s, Action::Put(Box::new(note_edge("xa:a", "xa:b"))));
    let good = dump(&s);
    let mut tried = 0;
    for name in s.list().unwrap() {
        let bytes = s.open(&name).unwrap().to_vec();
        // The index is large and its bytes are all alike to the checksums.
        let step = if bytes.len() > 4096 { 29 } else { 1 };
        for at in (0..bytes.len()).step_by(step) {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << (at % 8);
            memory.put(&name, bad);
            tried += 1;
            let noticed = graph::verify(&s).map_or(true, |v| !v.faults.is_empty());
            assert!(noticed, "{name}: byte {at}");
            let read = Snapshot::open(Arc::clone(&s)).and_then(|snap| {
                let mut out = Vec::new();
                cuibono::import::dump::write(&snap, &mut out)?;
                Ok(String::from_utf8(out).unwrap())
            });
            assert!(read.is_err() || read.unwrap() == good, "{name}: byte {at} gives another dump");
            if let Ok(g) = Snapshot::open(Arc::clone(&s)).and_then(cuibono::graph::Graph::open) {
                let v = View::new(&g, Filter::default()).unwrap();
                let seen = v.edges().count();
                assert!(g.sound().is_err() || seen == 2, "{name}: byte {at} gives other edges");
            }
        }
        memory.put(&name, bytes);
    }
    assert!(tried > 1000, "{tried}");
    assert!(graph::verify(&s).unwrap().faults.is_empty());
}

#[test]
fn repair_goes_back_to_a_sound_state() {
    let memory = Memory::new();
    let s: Arc<dyn Storage> = Arc::new(memory.clone());
    import_texts(&s, &[("l.json", &list(&[("a", "Ardent")], &[]))], &full("2023-01-10")).unwrap();
    let first = dump(&s);
    import_texts(&s, &[("l.json", &list(&[("a", "Ardent"), ("b", "Brill")], &[]))], &full("2023-02-10")).unwrap();
    let second = dump(&s);
    let damage = |prefix: &str, newest: bool| {
        let mut names: Vec<String> = s.list().unwrap().into_iter().filter(|n| n.starts_with(prefix)).collect();
        names.sort();
        let name = if newest { names.last().unwrap() } else { names.first().unwrap() };
        let mut bytes = s.open(name).unwrap().to_vec();
        bytes[20] ^= 0xff;
        memory.put(name, bytes);
    };
    damage("index-", true);
    assert_eq!(graph::repair(&s).unwrap().len(), 0, "a lost index is built anew, nothing is lost");
    assert_eq!(dump(&s), second);
    assert!(graph::verify(&s).unwrap().faults.is_empty());

    import_texts(&s, &[("l.json", &list(&[("a", "Ardent")], &[]))], &full("2023-03-10")).unwrap();
    import_texts(&s, &[("l.json", &list(&[("c", "Corvo")], &[]))], &full("2023-04-10")).unwrap();
    damage("presence-", true);
    let lost = graph::repair(&s).unwrap();
    assert!(lost.iter().any(|l| l.contains("generation")), "{lost:?}");
    assert!(dump(&s).contains("2023-03-10") && !dump(&s).contains("2023-04-10"));
    assert!(graph::verify(&s).unwrap().faults.is_empty());
    assert!(first.len() < second.len());
}

#[test]
fn one_writer_many_readers() {
    let dir = tempfile::tempdir().unwrap();
    let s: Arc<dyn Storage> = Arc::new(Folder::new(dir.path().join("s")));
    import_texts(&s, &[("l.json", &list(&[("a", "Ardent")], &[]))], &full("2023-01-10")).unwrap();
    let reader = graph(&s);
    let held = Commit::begin(Arc::clone(&s)).unwrap();
    let e = import_texts(&s, &[("l.json", &list(&[("b", "Brill")], &[]))], &full("2023-02-10")).unwrap_err();
    assert_eq!((e.kind(), e.exit_code()), (Kind::Busy, 75));
    assert!(e.to_string().contains(&std::process::id().to_string()), "{e}");
    drop(held);
    for day in ["2023-02-10", "2023-03-10", "2023-04-10"] {
        import_texts(&s, &[("l.json", &list(&[("b", "Brill")], &[]))], &full(day)).unwrap();
    }
    let v = View::new(&reader, Filter::default()).unwrap();
    assert_eq!(listed(&v), ["xa:a"], "the old generation stays readable");
    reader.sound().unwrap();
}

#[test]
fn folders_that_are_no_store() {
    let dir = tempfile::tempdir().unwrap();
    let s: Arc<dyn Storage> = Arc::new(Folder::new(dir.path().join("nothing")));
    let e = Snapshot::open(Arc::clone(&s)).err().unwrap();
    assert_eq!(e.exit_code(), 2);
    assert!(e.next_step().unwrap().contains("--store"));
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let s: Arc<dyn Storage> = Arc::new(Folder::new(&file));
    assert_eq!(Snapshot::open(Arc::clone(&s)).err().unwrap().exit_code(), 2);
    assert_eq!(Commit::begin(s).err().unwrap().exit_code(), 2);
}

/// Several releases in one commit, one of them known already: its source stays.
#[test]
fn an_unchanged_release_in_a_batch_keeps_its_source() {
    let s = memory();
    let list_a = list(&[("a", "Ardent")], &[]);
    import_texts(&s, &[("l.json", &list_a)], &full("2023-01-10")).unwrap();
    let input = |text: &str| vec![Input::from_bytes("l.json", text.as_bytes().to_vec()).unwrap()];
    let mut batch = cuibono::import::Batch::begin(Arc::clone(&s)).unwrap();
    batch.add(input(&list_a), &full("2023-01-10"), &mut |_| {}).unwrap();
    let mut other = on("2023-02-10");
    other.options.source = Some("xb".to_owned());
    batch.add(input(&list(&[("b", "Brill")], &[])), &other, &mut |_| {}).unwrap();
    // A release that is refused does not cost the source either.
    let e = batch.add(input(&list(&[("c", "Corvo")], &[])), &full("2023-01-10"), &mut |_| {}).unwrap_err();
    assert!(e.next_step().unwrap().contains("--replace"), "{e}");
    let outcomes = batch.finish().unwrap();
    assert_eq!(outcomes.iter().map(|o| o.staged.unchanged).collect::<Vec<_>>(), [true, false]);
    let text = dump(&s);
    assert!(text.contains("Ardent") && text.contains("Brill") && !text.contains("Corvo"), "{text}");
}

/// A run of releases passes over those that do not cover a part; importing one of these again is
/// importing the same release again.
#[test]
fn a_release_of_fewer_parts_comes_again_unchanged() {
    let s = memory();
    let blank = "-0- ,".repeat(8);
    let row = |n: u32, name: &str| format!("{n},\"{name}\",\"-0- \",\"XP\",{}\n", blank.trim_end_matches(','));
    let primary = row(1, "ARDENT") + &row(2, "BRILL");
    let alias = "1,11,\"aka\",\"ARDENT TWO\",-0- \n";
    let go = |day: &str, files: &[(&str, &str)]| {
        let request = Request { format: Some("ofac-csv".into()), ..on(day) };
        import_texts(&s, files, &request).unwrap().staged.unchanged
    };
    let both = [("sdn.csv", primary.as_str()), ("alt.csv", alias)];
    assert!(!go("2023-01-10", &both) && !go("2023-02-10", &both[..1]) && !go("2023-03-10", &both));
    let before = dump(&s);
    assert!(go("2023-02-10", &both[..1]) && go("2023-01-10", &both) && go("2023-03-10", &both));
    assert_eq!(dump(&s), before);
}

/// An own fact that the index already holds is gone the moment it is taken back, and the same
/// words of a list stay.
#[test]
fn retracting_a_folded_fact_leaves_what_lists_say() {
    let s = memory();
    let text = r#"{"cuibono":1,"scope":"xa","nodes":[{"id":"a","type":"company","name":"Ardent"},
        {"id":"b","type":"company","name":"Brill"}],"edges":[{"source":"a","target":"b","type":"controls"}]}"#;
    import_texts(&s, &[("l.json", text)], &on("2023-01-10")).unwrap();
    append(&s, Action::Put(Box::new(note_edge("xa:a", "xa:b"))));
    let mut own = PartyRecord::new(Id::new("notes", "olga").unwrap(), "person");
    own.facts.push(Fact::name("name", "Olga Varn"));
    own.listings.push(cuibono::model::Listing { list: "xa_list".into(), ..Default::default() });
    append(&s, Action::Put(Box::new(Record::Party(own))));
    graph::compact(&s).unwrap();
    let see = || {
        let g = graph(&s);
        let v = View::new(&g, Filter::default()).unwrap();
        let n = g.find_id("notes:olga").unwrap();
        (v.edges().count(), v.listings(n).len(), v.search("varn", 5).0.len())
    };
    assert_eq!(see(), (2, 1, 1));
    append(&s, Action::Retract { id: "xa:a>controls>xa:b".into(), reason: "wrong firm".into() });
    append(&s, Action::Retract { id: "notes:olga".into(), reason: "typo".into() });
    assert_eq!(see(), (1, 0, 0));
    let g = graph(&s);
    let v = View::new(&g, Filter::default()).unwrap();
    let left = v.edges().next().unwrap().0;
    assert_eq!(g.prov(left).unwrap().source, "xa");
}

#[test]
fn an_edit_that_no_index_can_hold_does_not_shut_the_store() {
    let s = memory();
    import_texts(&s, &[("l.json", &list(&[("a", "Ardent"), ("b", "Brill")], &[]))], &on("2023-01-10")).unwrap();
    let Record::Relation(mut odd) = note_edge("xa:a", "xa:b") else { unreachable!() };
    odd.edge_type = "never_heard_of".into();
    append(&s, Action::Put(Box::new(Record::Relation(odd))));
    let mut c = Commit::begin(Arc::clone(&s)).unwrap();
    let when = Edit { time: "yesterday".into(), ..edit(Action::Put(Box::new(note_edge("xa:b", "xa:a")))) };
    c.append(&[when]).unwrap();
    c.finish().unwrap();
    let faults = graph::verify(&s).unwrap().faults;
    assert_eq!(faults.len(), 2, "{faults:?}");
    assert!(faults[0].contains("edit 0") && faults[0].contains("never_heard_of"), "{faults:?}");
    assert_eq!(listed(&View::new(&graph(&s), Filter::default()).unwrap()), ["xa:a", "xa:b"]);
    graph::compact(&s).unwrap();
    assert_eq!(graph(&s).edge_count(), 0);
}

#[test]
fn long_literal_names_stay_apart_and_can_be_shown() {
    let s = memory();
    let name = "Ж".repeat(700);
    let edge = |id: &str, end: &str| {
        format!(r#"{{"id":"{id}","source":"a","target":{{"name":"{name}{end}"}},"type":"linked_to"}}"#)
    };
    let text = format!(
        r#"{{"cuibono":1,"scope":"xa","nodes":[{{"id":"a","type":"company","name":"Ardent"}}],"edges":[{},{}]}}"#,
        edge("1", "one"),
        edge("2", "two")
    );
    import_texts(&s, &[("l.json", &text)], &on("2023-01-10")).unwrap();
    let g = graph(&s);
    let v = View::new(&g, Filter::default()).unwrap();
    assert_eq!(g.node_count(), 3);
    for (e, _, stub) in v.edges() {
        assert_eq!(g.unresolved(stub), Some(false));
        assert!(v.party(stub).is_ok() && v.relation(e).is_ok());
    }
}

#[test]
fn one_local_id_in_many_namespaces() {
    let s = memory();
    let nodes: Vec<String> =
        (0..2_000).map(|i| format!(r#"{{"id":"ns{i}:same","type":"company","name":"Firm {i}"}}"#)).collect();
    let text = format!(r#"{{"cuibono":1,"scope":"xa","nodes":[{}],"edges":[]}}"#, nodes.join(","));
    import_texts(&s, &[("l.json", &text)], &on("2023-01-10")).unwrap();
    let g = graph(&s);
    let v = View::new(&g, Filter::default()).unwrap();
    assert_eq!(v.resolve("same").unwrap_err().kind(), Kind::Usage, "several parties have it");
    assert!((0..2_000).all(|i| v.resolve(&format!("ns{i}:same")).is_ok()));
    assert!(graph::verify(&s).unwrap().faults.is_empty());
}

#[test]
fn a_party_named_and_referred_to_in_a_document_on_top_keeps_all_its_relations() {
    let base = r#"{"cuibono":1,"scope":"xa","nodes":[{"id":"acme","type":"company","name":"ACME LTD"},
        {"id":"b","type":"company","name":"B"},{"id":"c","type":"company","name":"C"}],"edges":[]}"#;
    // Once by its id, once by its name: the same party of the store.
    let over = r#"{"cuibono":1,"scope":"xb","nodes":[],"edges":[
        {"id":"e1","source":"xa:acme","target":"xa:b","type":"owns","share":"60"},
        {"id":"e2","source":{"name":"ACME LTD"},"target":"xa:c","type":"owns","share":"70"},
        {"id":"e3","source":{"name":"NOBODY"},"target":"xa:c","type":"owns","share":"10"}]}"#;
    let (store, document) = (memory(), memory());
    import_texts(&store, &[("base.json", base)], &on("2024-01-01")).unwrap();
    import_texts(&document, &[("over.json", over)], &on("2024-01-01")).unwrap();
    let mut g = graph(&store);
    g.overlay(Snapshot::open(document).unwrap()).unwrap();
    let view = View::new(&g, Filter::default()).unwrap();
    let acme = g.find_id("xa:acme").unwrap();
    let mut held: Vec<&str> = view.links(acme, Dir::Out).map(|l| g.id(l.other)).collect();
    held.sort_unstable();
    assert_eq!(held, ["xa:b", "xa:c"]);
    assert!(g.find_id("unresolved:ACME LTD").is_none() && g.find_id("unresolved:NOBODY").is_some());
}
