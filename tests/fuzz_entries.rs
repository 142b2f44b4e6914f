//! What the fuzz targets do with their bytes: one entry for each parser and codec. `fuzz/` drives
//! them with libFuzzer, the tests replay the seeds in `fuzz/corpus/`.
//!
//! Each entry returns or panics: bad bytes are an error of the right kind, never a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, dead_code, unreachable_pub)]

use cuibono::codec;
use cuibono::error::{Kind, Result};
use cuibono::graph::{self, Filter, Graph, View};
use cuibono::import::{self, Input, Request};
use cuibono::model::{Document, FuzzyDate, Id, PartialDate, Percent, Record, Share};
use cuibono::ownership::{Changes, Conventions, Judge, Regimes, check_proof};
use cuibono::store::{
    Commit, Container, Decided, Decider, Decree, FileEntry, FileWriter, HEADER, MANIFEST, Manifest, Memory, Presence,
    Snapshot, Storage,
};
use std::sync::{Arc, OnceLock};

/// Name of a target, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Stands between the files of one release in the bytes of an importer's target.
pub const FILE_ENDS: u8 = 0x1e;

macro_rules! importers {
    ($($name:literal),*) => { [$(($name, |bytes| import($name, bytes))),*] };
}

/// The importers, by the names of their formats.
pub const IMPORTERS: [Target; 20] = importers![
    "dump",
    "ofac-xml",
    "eu-fsf",
    "eu-oj",
    "un-xml",
    "ch-seco",
    "gleif",
    "ofac-legacy",
    "ca-sema",
    "uk-sl",
    "uk-ofsi",
    "bods",
    "document",
    "ftm",
    "us-csl",
    "ftm-statements",
    "uk-psc",
    "ofac-csv",
    "icij",
    "table"
];

/// Everything else that reads bytes.
pub const OTHERS: [Target; 10] = [
    ("codec", records),
    ("container", container),
    ("store", store),
    ("archive", archive),
    ("detect", detect),
    ("proof", proof),
    ("regimes", regimes),
    ("question", question),
    ("names", found_names),
    ("decisions", decisions),
];

/// Runs a target by name.
pub fn run(name: &str, bytes: &[u8]) {
    let all = IMPORTERS.iter().chain(&OTHERS);
    let (_, target) = all.into_iter().find(|(n, _)| *n == name).unwrap_or_else(|| panic!("no target {name}"));
    target(bytes);
}

/// Names of the files of one release, for formats that have several.
fn names(format: &str) -> &'static [&'static str] {
    match format {
        "ofac-csv" => &["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"],
        "icij" => &["nodes-entities.csv", "nodes-officers.csv", "relationships.csv"],
        "table" => &["nodes.csv", "edges.csv"],
        "gleif" => &["lei.xml", "rr.xml", "repex.xml"],
        _ => &["file"],
    }
}

/// Imports bytes as one format into a store in memory; what was taken in must be sound.
fn import(format: &str, bytes: &[u8]) {
    let names = names(format);
    let parts: Vec<&[u8]> = match names.len() {
        1 => vec![bytes],
        n => bytes.splitn(n, |b| *b == FILE_ENDS).collect(),
    };
    let open = |(name, part): (&&str, &&[u8])| Input::from_bytes(name, part.to_vec());
    let Ok(inputs) = names.iter().zip(&parts).map(open).collect::<Result<Vec<Input>>>() else { return };
    let request =
        Request { format: Some(format.to_owned()), today: PartialDate::parse("2024-01-01").ok(), ..Request::default() };
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    match import::import(Arc::clone(&storage), inputs, &request, &mut |_| {}) {
        Ok(_) => {
            let v = graph::verify(&storage).unwrap();
            assert!(v.faults.is_empty(), "{:?}", v.faults);
        }
        // Bad input is refused as such; anything else would be a fault of ours.
        Err(e) => assert!(matches!(e.kind(), Kind::Input | Kind::Newer), "{:?}: {e}", e.kind()),
    }
}

/// Bytes as a record, and as the other things the codec reads.
fn records(bytes: &[u8]) {
    if let Ok(record) = codec::decode::<Record>(bytes) {
        let again = codec::encode(&record).unwrap();
        assert_eq!(codec::decode::<Record>(&again).unwrap(), record);
    }
    let _ = codec::decode::<Presence>(bytes);
    let _ = codec::decode::<Manifest>(bytes);
}

/// Bytes as a file of a store: whatever they are, what is returned was covered by checksums.
fn container(bytes: &[u8]) {
    let memory = Memory::new();
    memory.put(MANIFEST, bytes.to_vec());
    if let Ok(c) = Container::open(&memory, MANIFEST, *b"MANI", None) {
        let _ = c.body();
        let _ = c.get(HEADER..c.end());
    }
    let storage: Arc<dyn Storage> = Arc::new(memory);
    let _ = Snapshot::open(Arc::clone(&storage));
    let _ = graph::verify(&storage);
}

/// A small store with two releases, own facts in the index and own facts beside it.
fn sound_store() -> Vec<(String, Vec<u8>)> {
    static FILES: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    FILES
        .get_or_init(|| {
            let memory: Arc<dyn Storage> = Arc::new(Memory::new());
            for (day, firm) in [("2023-01-10", "Ardent"), ("2023-02-10", "Ardent SA")] {
                let text = format!(
                    r#"{{"cuibono":1,"scope":"xa","nodes":[{{"id":"a","type":"company","name":"{firm}","listed":["xa_list"]}},
                    {{"id":"b","type":"company","name":"Brill","aliases":["Брилль"]}}],"edges":[{{"source":"a","target":"b",
                    "type":"owns","share":"50","start":"2020"}},{{"source":"b","target":{{"name":"Corvo"}},"type":"linked_to"}}]}}"#
                );
                let input = Input::from_bytes("l.json", text.into_bytes()).unwrap();
                let request = Request { release: PartialDate::parse(day).ok(), ..Request::default() };
                import::import(Arc::clone(&memory), vec![input], &request, &mut |_| {}).unwrap();
            }
            let note = |a: &str, b: &str| {
                use cuibono::model::{End, RelationRecord};
                use cuibono::store::{Action, Edit};
                let end = |id: &str| End::Id(Id::parse(id).unwrap());
                let record = Record::Relation(RelationRecord::new(end(a), "controls", end(b)));
                let action = Action::Put(Box::new(record));
                let edit = Edit { time: "2024-05-01T12:00:00Z".into(), actor: "x".into(), action };
                let mut c = Commit::begin(Arc::clone(&memory)).unwrap();
                c.append(&[edit]).unwrap();
                c.finish().unwrap();
            };
            note("xa:a", "xa:b");
            graph::compact(&memory).unwrap();
            note("xa:b", "xa:a");
            let mut c = Commit::begin(Arc::clone(&memory)).unwrap();
            c.decide(&[decided("xa:a", "xb:a", Decree::Same), decided("xa:a", "xa:b", Decree::Different)]).unwrap();
            c.finish().unwrap();
            let files = memory.list().unwrap().into_iter();
            files.map(|n| (n.clone(), memory.open(&n).unwrap().to_vec())).collect()
        })
        .clone()
}

/// A decision of two parties.
fn decided(a: &str, b: &str, decree: Decree) -> Decided {
    Decided {
        time: "2024-06-01T12:00:00Z".into(),
        by: Decider::Human,
        actor: "x".into(),
        a: a.into(),
        b: b.into(),
        decree,
        note: String::new(),
        source: String::new(),
        evidence: r#"{"scorer":"x","score":0.5,"items":[]}"#.into(),
    }
}

/// Bytes as resolver lines. What they say is decided in a store, together with retractions that the
/// bytes choose; the fold must be that of the log read anew, and written lines must read again.
fn decisions(bytes: &[u8]) {
    use cuibono::graph::DecidedAt;
    use cuibono::resolve::{Fold, read_resolver, write_resolver};
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(judged) = read_resolver(text, "resolver.ijson") else { return };
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let input = Input::from_bytes("l.json", br#"{"cuibono":1,"scope":"x","nodes":[]}"#.to_vec()).unwrap();
    let request = Request { release: PartialDate::parse("2024-01-01").ok(), ..Request::default() };
    import::import(Arc::clone(&storage), vec![input], &request, &mut |_| {}).unwrap();
    let mut fold = Fold::default();
    let mut taken: Vec<Decided> = Vec::new();
    let id = |text: &str| Id::parse(text).map_or_else(|_| format!("x:{text}"), |i| i.as_str().to_owned());
    for (t, byte) in judged.decisions.iter().zip(bytes.iter().cycle()).take(200) {
        let (a, b) = (id(&t.a), id(&t.b));
        if a == b || Id::parse(&a).is_err() || Id::parse(&b).is_err() {
            continue;
        }
        let mut put = |d: Decided| {
            if fold.push(fold.last() + 1, d.decree, &d.a, &d.b).is_ok() {
                taken.push(d);
            }
        };
        put(t.decided("2024-06-01T12:00:00Z", a.clone(), b.clone()));
        if byte % 4 == 0 {
            let back = 1 + u32::from(*byte) % 16;
            put(decided(&a, &b, Decree::Retract(back)));
        }
    }
    let mut c = Commit::begin(Arc::clone(&storage)).unwrap();
    // A log refuses what cannot be decided: texts that are too long, a retraction of nothing.
    if c.decide(&taken).is_err() {
        return;
    }
    c.finish().unwrap();
    let snapshot = Snapshot::open(storage).unwrap();
    let again = Fold::of(snapshot.decisions(), DecidedAt::Now).unwrap();
    let shape = |f: &Fold| format!("{:?}", f.entities());
    assert_eq!(shape(&again), shape(&fold));
    let lines = write_resolver(snapshot.decisions(), &again, &|id| id.to_owned()).unwrap();
    read_resolver(&lines.join("\n"), "resolver.ijson").unwrap();
}

/// Puts a body into a frame of its own, with sums that fit.
fn framed(memory: &Memory, name: &str, old: &[u8], body: &[u8]) -> FileEntry {
    let kind = [old[8], old[9], old[10], old[11]];
    let mut file = FileWriter::create(memory, name, kind).unwrap();
    file.write(body).unwrap();
    file.finish(memory).unwrap()
}

/// A sound store with changed bytes under checksums that fit: as if a program with a fault had
/// written it. The first byte chooses the file; then come changes of three bytes each (where,
/// and which byte), or with a second byte of 255 a whole body.
fn store(bytes: &[u8]) {
    let [choice, how, rest @ ..] = bytes else { return };
    let memory = Memory::new();
    let files = sound_store();
    for (name, bytes) in &files {
        memory.put(name, bytes.clone());
    }
    let changeable: Vec<&(String, Vec<u8>)> = files.iter().filter(|(n, _)| n != cuibono::store::PREVIOUS).collect();
    let (name, old) = changeable[usize::from(*choice) % changeable.len()];
    let end = usize::try_from(cuibono::store::u64_at(old, old.len() - 24)).unwrap();
    let mut body = old[HEADER..end].to_vec();
    match how {
        255 => body = rest.to_vec(),
        254 => body.truncate(usize::from(u16::from_le_bytes([
            rest.first().copied().unwrap_or(0),
            rest.get(1).copied().unwrap_or(0),
        ]))),
        _ => {
            for change in rest.chunks_exact(3) {
                let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % body.len();
                body[at] = change[2];
            }
        }
    }
    let entry = framed(&memory, name, old, &body);
    if name != MANIFEST {
        // The manifest names the file as it is now.
        let mut manifest = Manifest::load(&memory, MANIFEST).unwrap().unwrap().manifest;
        let set = |f: &mut FileEntry| {
            if f.name == entry.name {
                *f = entry.clone();
            }
        };
        for s in &mut manifest.sources {
            s.segments.iter_mut().for_each(|e| set(&mut e.file));
            set(&mut s.presence);
        }
        manifest.journal.iter_mut().for_each(|j| set(&mut j.file));
        manifest.decisions.iter_mut().for_each(|d| set(&mut d.file));
        manifest.index.iter_mut().for_each(set);
        manifest.save(&memory, MANIFEST).unwrap();
    }
    let storage: Arc<dyn Storage> = Arc::new(memory);
    let _ = graph::verify(&storage);
    if let Ok(snapshot) = Snapshot::open(Arc::clone(&storage)) {
        let _ = import::dump::write(&snapshot, &mut std::io::sink());
    }
    if let Ok(g) = Snapshot::open(Arc::clone(&storage)).and_then(Graph::open) {
        let _ = ask(&g, "ardent");
    }
    let _ = graph::repair(&storage);
    let _ = graph::compact(&storage);
}

/// Asks a graph a little of everything that reads the index.
fn ask(g: &Graph, text: &str) -> Result<()> {
    use cuibono::query::{self, NeighbourOptions, Scratch, TraceOptions, WalkOptions};
    let view = View::new(g, Filter { as_of: PartialDate::parse("2023-06-01").ok(), ..Filter::default() })?;
    let (hits, _) = view.search(text, 5);
    let mut scratch = Scratch::default();
    let nodes: Vec<_> = hits.iter().map(|h| h.node).chain(view.resolve(text).ok()).collect();
    for n in &nodes {
        let _ = query::show(&view, *n, 5, "show");
        let _ = query::trace(&view, *n, &TraceOptions::default());
        let _ = query::neighbours(&view, &[*n], &NeighbourOptions::default(), &mut scratch);
        let _ = query::path(&view, *n, nodes[0], &WalkOptions::default(), &mut scratch);
    }
    let _ = query::components(&view, false);
    let mut judge = Judge::new(
        &view,
        Regimes::builtin(),
        PartialDate::parse("2026-03-01")?,
        Conventions::default(),
        Changes::default(),
    )?;
    let regime = Regimes::builtin().get("ofac")?;
    let _ = judge.verdicts(&[regime], &nodes);
    g.sound()
}

/// Bytes as an archive or a workbook, by way of a file.
fn archive(bytes: &[u8]) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file.zip");
    std::fs::write(&path, bytes).unwrap();
    let Ok(inputs) = Input::open_all(&path) else { return };
    let request = Request { today: PartialDate::parse("2024-01-01").ok(), ..Request::default() };
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let _ = import::import(storage, inputs, &request, &mut |_| {});
}

/// Bytes of no format that was named: it is found, or refused.
fn detect(bytes: &[u8]) {
    let Ok(input) = Input::from_bytes("file", bytes.to_vec()) else { return };
    let _ = import::detect(&[input], None);
}

/// A graph to ask and to check proofs against.
fn sample() -> Graph {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let text = r#"{"cuibono":1,"scope":"xa","nodes":[{"id":"a","type":"person","name":"Ardent","listed":["ofac_sdn"]},
        {"id":"b","type":"company","name":"Brill"},{"id":"c","type":"company","name":"Corvo"}],"edges":[
        {"source":"a","target":"b","type":"owns","share":"60"},{"source":"b","target":"c","type":"owns","share":"50"}]}"#;
    let input = Input::from_bytes("l.json", text.as_bytes().to_vec()).unwrap();
    let request = Request { release: PartialDate::parse("2024-01-01").ok(), ..Request::default() };
    import::import(Arc::clone(&storage), vec![input], &request, &mut |_| {}).unwrap();
    Graph::open(Snapshot::open(storage).unwrap()).unwrap()
}

thread_local! {
    static SAMPLE: Graph = sample();
}

/// Bytes as a proof, checked against a store.
fn proof(bytes: &[u8]) {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(bytes) else { return };
    SAMPLE.with(|g| {
        let _ = check_proof(g, Regimes::builtin(), &value);
    });
}

/// Bytes as a file of regimes.
fn regimes(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(more) = Regimes::parse(text, "regimes.json") {
        let _ = Regimes::builtin().extended(more);
    }
}

/// A line as a question, the rest as the block of an index of names, or as names to make one of, which is
/// then damaged too.
fn found_names(bytes: &[u8]) {
    use cuibono::names::index::{Builder, Index, Query, Seeker};
    use cuibono::names::{BuiltIn, Kind, NameKind, Prepared, Profile, Scratch, compare};
    let at = bytes.iter().position(|b| *b == b'\n').unwrap_or(bytes.len());
    let (asked, rest) = bytes.split_at(at);
    let rest = rest.get(1..).unwrap_or_default();
    let asked = String::from_utf8_lossy(asked);
    let query = Query::text(&asked, Kind::Unknown);
    let mut seeker = Seeker::new();
    if let Some(index) = Index::open(rest) {
        assert!(seeker.candidates(&index, &query, 20).len() <= 20);
        let _ = index.identified(&asked).take(10).count();
        let _ = index.frequency(&asked);
        return;
    }
    let text = String::from_utf8_lossy(rest);
    let lines: Vec<&str> = text.lines().take(50).collect();
    let mut builder = Builder::new();
    for (i, name) in lines.iter().enumerate() {
        builder.add(i as u32 % 7, name, NameKind::Main, if i % 2 == 0 { Kind::Org } else { Kind::Person });
        builder.add_identifier(i as u32 % 7, name);
    }
    let block = builder.finish();
    let index = Index::open(&block).unwrap();
    // The same block with damage wherever the bytes say.
    let mut damaged = block.clone();
    for three in bytes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([three[0], three[1]])) % damaged.len();
        damaged[at] ^= three[2];
    }
    if let Some(index) = Index::open(&damaged) {
        assert!(seeker.candidates(&index, &query, 20).len() <= 20);
    }
    let party = Prepared::new(&Profile::named(Kind::Unknown, asked.as_ref()));
    let mut scratch = Scratch::default();
    for found in seeker.candidates(&index, &query, 20) {
        assert!(found.party < 7);
        let other = Prepared::new(&Profile::named(Kind::Unknown, lines[found.party as usize]));
        let m = compare(&party, &other, &BuiltIn, &mut scratch);
        assert!((0.0..=1.0).contains(&m.score));
    }
}

/// Bytes as what a user types: names, ids, days, shares.
fn question(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    SAMPLE.with(|g| {
        let view = View::new(g, Filter::default()).unwrap();
        let _ = view.search(text, 5);
        let _ = view.resolve(text);
    });
    if let Ok(id) = Id::parse(text) {
        assert_eq!(Id::parse(id.as_str()).unwrap(), id);
    }
    if let Ok(d) = PartialDate::parse(text) {
        assert_eq!(PartialDate::parse(&d.to_string()).unwrap(), d);
    }
    if let Ok(p) = Percent::parse(text) {
        assert_eq!(Percent::parse(&p.to_string()).unwrap(), p);
    }
    let _ = Share::parse(text);
    let _ = FuzzyDate::parse(text);
    let _ = Document::read(text, Some("x"), "typed");
}
