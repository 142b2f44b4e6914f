//! Refusals of the operating system and power cuts, at every operation of every kind of change:
//! the store is the old one or the new one, and the next attempt succeeds.

use crate::support::{date, dump, import_texts, on};
use cuibono::error::{Error, Kind, Result};
use cuibono::graph::{self, Filter, Graph, View};
use cuibono::import::{self, Request};
use cuibono::model::{End, Id, Record, RelationRecord};
use cuibono::store::{
    Action, Bytes, Commit, Decided, Decider, Decree, Edit, Folder, Guard, Memory, Output, Snapshot, Storage,
};
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// One operation on the disk. Files are known by number, as they may change their names.
#[derive(Debug, Clone)]
enum Op {
    Create(usize, String),
    Write(usize, Vec<u8>),
    Sync(usize),
    Rename(usize, String, String),
    Remove(String),
    SyncDir,
    /// A sync that failed: what waited for it is lost, and a later sync does not bring it back.
    FailedSync(usize),
    FailedSyncDir,
    /// The program has told its user that the change has happened.
    Done,
}

#[derive(Default)]
struct State {
    /// Contents of all files ever created, as readers see them (synced or not).
    contents: Vec<Vec<u8>>,
    names: BTreeMap<String, usize>,
    log: Vec<Op>,
    /// Operations until the one that fails.
    left: Option<u64>,
    /// Whether all operations after it fail as well.
    sticks: bool,
    kind: Option<io::ErrorKind>,
    /// What failed first.
    failed: Option<String>,
}

impl State {
    fn tick(&mut self, what: &str) -> io::Result<()> {
        let Some(left) = self.left else { return Ok(()) };
        if left > 0 {
            self.left = Some(left - 1);
            return Ok(());
        }
        if self.failed.is_some() && !self.sticks {
            return Ok(());
        }
        self.failed.get_or_insert_with(|| what.to_owned());
        Err(io::Error::from(self.kind.unwrap_or(io::ErrorKind::PermissionDenied)))
    }
}

/// A disk that keeps its files in [`Memory`], notes every change and fails when told to.
#[derive(Clone, Default)]
struct Disk {
    files: Memory,
    state: Arc<Mutex<State>>,
}

struct DiskFile {
    disk: Disk,
    number: usize,
}

impl Write for DiskFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let mut s = self.disk.state.lock().unwrap();
        let failed = s.tick("write");
        // A write that fails may have written a part.
        let part = if failed.is_err() { &buf[..buf.len() / 2] } else { buf };
        s.contents[self.number].extend_from_slice(part);
        s.log.push(Op::Write(self.number, part.to_vec()));
        let name = s.names.iter().find(|(_, n)| **n == self.number).map(|(n, _)| n.clone());
        if let Some(name) = name {
            self.disk.files.put(&name, s.contents[self.number].clone());
        }
        failed.map(|()| buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for DiskFile {
    fn sync(&mut self) -> io::Result<()> {
        let mut s = self.disk.state.lock().unwrap();
        if let Err(e) = s.tick("sync") {
            s.log.push(Op::FailedSync(self.number));
            return Err(e);
        }
        s.log.push(Op::Sync(self.number));
        Ok(())
    }
}

impl Storage for Disk {
    fn list(&self) -> io::Result<Vec<String>> {
        self.files.list()
    }

    fn open(&self, name: &str) -> io::Result<Bytes> {
        self.files.open(name)
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn Output>> {
        let mut s = self.state.lock().unwrap();
        s.tick(&format!("create {name}"))?;
        let number = s.contents.len();
        s.contents.push(Vec::new());
        s.names.insert(name.to_owned(), number);
        s.log.push(Op::Create(number, name.to_owned()));
        self.files.put(name, Vec::new());
        Ok(Box::new(DiskFile { disk: self.clone(), number }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut s = self.state.lock().unwrap();
        s.tick(&format!("rename {to}"))?;
        self.files.rename(from, to)?;
        let number = s.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        s.names.insert(to.to_owned(), number);
        s.log.push(Op::Rename(number, from.to_owned(), to.to_owned()));
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut s = self.state.lock().unwrap();
        s.tick(&format!("remove {name}"))?;
        self.files.remove(name)?;
        s.names.remove(name);
        s.log.push(Op::Remove(name.to_owned()));
        Ok(())
    }

    fn sync_dir(&self) -> io::Result<()> {
        let mut s = self.state.lock().unwrap();
        if let Err(e) = s.tick("sync_dir") {
            s.log.push(Op::FailedSyncDir);
            return Err(e);
        }
        s.log.push(Op::SyncDir);
        Ok(())
    }

    fn lock(&self) -> Result<Box<dyn Guard>> {
        self.files.lock()
    }

    fn describe(&self) -> String {
        "the disk".to_owned()
    }
}

impl Disk {
    fn storage(&self) -> Arc<dyn Storage> {
        Arc::new(self.clone())
    }

    /// Fails the operation after `n` others; `n` of `None` makes the disk whole again.
    fn fail(&self, n: Option<u64>, sticks: bool, kind: io::ErrorKind) {
        let mut s = self.state.lock().unwrap();
        (s.left, s.sticks, s.kind, s.failed) = (n, sticks, Some(kind), None);
    }

    fn failed(&self) -> Option<String> {
        self.state.lock().unwrap().failed.clone()
    }

    /// Whether the new manifest got its name before the failure.
    fn renamed_manifest(&self) -> bool {
        let log = &self.state.lock().unwrap().log;
        let manifest = |o: &Op| matches!(o, Op::Rename(_, _, to) if to == "MANIFEST");
        log.iter().rev().take_while(|o| !matches!(o, Op::Done)).any(manifest)
    }
}

fn list(nodes: &[(&str, &str)], edges: &[(&str, &str)]) -> String {
    let node =
        |(id, name): &(&str, &str)| format!(r#"{{"id":"{id}","type":"company","name":"{name}","listed":["xa_list"]}}"#);
    let edge = |(a, b): &(&str, &str)| format!(r#"{{"source":"{a}","target":"{b}","type":"owns","share":"40"}}"#);
    let nodes: Vec<String> = nodes.iter().map(node).collect();
    let edges: Vec<String> = edges.iter().map(edge).collect();
    format!(r#"{{"cuibono":1,"scope":"xa","nodes":[{}],"edges":[{}]}}"#, nodes.join(","), edges.join(","))
}

fn release(s: &Arc<dyn Storage>, day: &str, text: &str) -> Result<()> {
    let mut r = Request { release: Some(date(day)), allow_removals: true, replace: true, ..on(day) };
    r.options.full = true;
    import_texts(s, &[("l.json", text)], &r).map(drop)
}

fn note(s: &Arc<dyn Storage>, a: &str, b: &str) -> Result<()> {
    let end = |id: &str| End::Id(Id::parse(id).unwrap());
    let record = Record::Relation(RelationRecord::new(end(a), "controls", end(b)));
    let mut c = Commit::begin(Arc::clone(s))?;
    c.append(&[Edit {
        time: "2024-05-01T12:00:00Z".into(),
        actor: "tester".into(),
        action: Action::Put(Box::new(record)),
    }])?;
    c.finish()
}

fn decide(s: &Arc<dyn Storage>, a: &str, b: &str, decree: Decree) -> Result<()> {
    let mut c = Commit::begin(Arc::clone(s))?;
    c.decide(&[Decided {
        time: "2024-05-02T12:00:00Z".into(),
        by: Decider::Human,
        actor: "tester".into(),
        a: a.into(),
        b: b.into(),
        decree,
        note: String::new(),
        source: String::new(),
        evidence: r#"{"items":[1]}"#.into(),
    }])?;
    c.finish()
}

type Change = fn(&Arc<dyn Storage>) -> Result<()>;

/// Changes of every kind, in an order in which each has something to do.
const CHANGES: [(&str, Change); 8] = [
    ("first import", |s| release(s, "2023-01-10", &list(&[("a", "Ardent"), ("b", "Brill")], &[("a", "b")]))),
    ("second release", |s| {
        release(s, "2023-02-10", &list(&[("a", "Ardent"), ("c", "Corvo")], &[("a", "c"), ("c", "a")]))
    }),
    ("own fact", |s| note(s, "xa:a", "xa:c")),
    ("own fact again", |s| note(s, "xa:c", "xa:b")),
    ("own fact, a decision", |s| decide(s, "xa:a", "xa:c", Decree::Same)),
    ("own fact, a decision again", |s| decide(s, "", "", Decree::Retract(1))),
    ("compaction", |s| graph::compact(s).map(drop)),
    ("replaced release", |s| release(s, "2023-02-10", &list(&[("a", "Ardent SA"), ("d", "Dray")], &[("d", "a")]))),
];

/// What a store says: its dump, or `no store`.
fn says(s: &Arc<dyn Storage>) -> Result<String> {
    match Snapshot::open(Arc::clone(s)) {
        Ok(snapshot) => {
            let mut out = Vec::new();
            import::dump::write(&snapshot, &mut out)?;
            Ok(String::from_utf8(out).unwrap())
        }
        Err(e) if e.kind() == Kind::Usage && e.message().contains("no store here") => Ok("no store".to_owned()),
        Err(e) => Err(e),
    }
}

fn sound(s: &Arc<dyn Storage>, what: &str) {
    let v = graph::verify(s).unwrap();
    assert!(v.faults.is_empty(), "{what}: {:?}", v.faults);
    let g = Graph::open(Snapshot::open(Arc::clone(s)).unwrap()).unwrap();
    assert!(View::new(&g, Filter::default()).unwrap().edges().count() > 0, "{what}");
    g.sound().unwrap();
}

/// A disk after the first `n` changes.
fn after(n: usize) -> Disk {
    let disk = Disk::default();
    for (_, change) in &CHANGES[..n] {
        change(&disk.storage()).unwrap();
        disk.state.lock().unwrap().log.push(Op::Done);
    }
    disk
}

/// Runs every change with a failure at every operation; `check` sees each error. Returns how
/// many failures were tried.
fn each_failure(sticks: bool, kind: io::ErrorKind, check: &dyn Fn(&Error, &Disk, &str)) -> usize {
    let mut tried = 0;
    for (i, (name, change)) in CHANGES.iter().enumerate() {
        let old = says(&after(i).storage()).unwrap();
        let new = says(&after(i + 1).storage()).unwrap();
        for n in 0.. {
            let disk = after(i);
            let s = disk.storage();
            disk.fail(Some(n), sticks, kind);
            let result = change(&s);
            let Some(failed) = disk.failed() else {
                result.unwrap();
                break;
            };
            tried += 1;
            let what = format!("{name}, operation {n} ({failed})");
            // Readers go on while the disk refuses to write.
            let seen = says(&s).unwrap();
            match result {
                // What fails after the change has happened is only tidying up.
                Ok(()) => assert_eq!(seen, new, "{what}"),
                Err(e) => {
                    assert_eq!((e.kind(), e.exit_code()), (Kind::Io, 2), "{what}: {e}");
                    assert!(e.next_step().is_some(), "{what}: {e} says no next step");
                    assert_eq!(seen, if disk.renamed_manifest() { new.as_str() } else { old.as_str() }, "{what}");
                    check(&e, &disk, &what);
                }
            }
            disk.fail(None, false, kind);
            // Own facts are the user's to repeat; all else may be done again at any time.
            if seen != new || !name.starts_with("own fact") {
                change(&s).unwrap_or_else(|e| panic!("{what}: the next attempt fails: {e}"));
            }
            assert_eq!(says(&s).unwrap(), new, "{what}");
            let log = disk.state.lock().unwrap().log.clone();
            let renamed = log.iter().rposition(|o| matches!(o, Op::Rename(_, _, to) if to == "MANIFEST"));
            let durable = log[renamed.unwrap()..].iter().any(|o| matches!(o, Op::SyncDir));
            assert!(durable || name.starts_with("own fact"), "{what}: told as done, not durable");
            note(&s, "xa:a", "xa:b").unwrap();
            sound(&s, &what);
            let v = graph::verify(&s).unwrap();
            assert!(v.leftovers.is_empty(), "{what}: {:?}", v.leftovers);
            assert!(!s.list().unwrap().iter().any(|f| f.ends_with(".tmp")), "{what}");
        }
    }
    tried
}

#[test]
fn a_failed_operation_leaves_the_old_state() {
    for sticks in [false, true] {
        let tried = each_failure(sticks, io::ErrorKind::PermissionDenied, &|_, _, _| {});
        assert!(tried > 100, "{tried}");
    }
}

/// Once a sync has failed, what waited for it must be written anew: the next success of the
/// program has to outlive a power cut although the disk has forgotten what it could not write.
#[test]
fn two_changes_stopped_between_the_two_manifests_leave_a_sound_store() {
    for n in 0.. {
        let disk = after(1);
        let s = disk.storage();
        s.remove("PREVIOUS").unwrap();
        disk.fail(Some(n), true, io::ErrorKind::PermissionDenied);
        let done = CHANGES[1].1(&s);
        let failed = disk.failed();
        disk.fail(None, false, io::ErrorKind::PermissionDenied);
        let Some(failed) = failed else {
            done.unwrap();
            assert!(n > 20, "{n}");
            break;
        };
        sound(&s, &format!("operation {n} ({failed})"));
    }
}

#[test]
fn a_failed_sync_is_not_believed_when_it_is_repeated() {
    let mut tried = [0, 0];
    for (i, (name, change)) in CHANGES.iter().enumerate() {
        for n in 0.. {
            let disk = after(i);
            let s = disk.storage();
            disk.fail(Some(n), false, io::ErrorKind::Other);
            let result = change(&s);
            let Some(failed) = disk.failed() else { break };
            let Some(kind) = ["sync", "sync_dir"].iter().position(|k| *k == failed) else { continue };
            tried[kind] += 1;
            disk.fail(None, false, io::ErrorKind::Other);
            let what = format!("{name}, operation {n} ({failed})");
            if result.is_err() {
                change(&s).unwrap_or_else(|e| panic!("{what}: {e}"));
            }
            let seen = says(&s).unwrap();
            let log = disk.state.lock().unwrap().log.clone();
            let memory = Memory::new();
            cut(&log, 0, 0, &mut Dice(1)).iter().for_each(|(name, bytes)| memory.put(name, bytes.clone()));
            let s: Arc<dyn Storage> = Arc::new(memory);
            assert!(says(&s).unwrap() == seen, "{what}: told as done, gone after a power cut");
            let v = graph::verify(&s).unwrap();
            assert!(v.faults.is_empty(), "{what}: {:?}", v.faults);
        }
    }
    assert!(tried[0] > 10 && tried[1] > 10, "{tried:?}");
}

#[test]
fn a_full_disk_is_told_as_such() {
    let tried = each_failure(true, io::ErrorKind::StorageFull, &|e, disk, what| {
        let text = format!("{e} {}", e.next_step().unwrap_or_default());
        assert!(text.contains("space"), "{what}: {text}");
        let same = text.contains("the store is as it was");
        assert_eq!(same, !disk.renamed_manifest(), "{what}: {text}");
    });
    assert!(tried > 100, "{tried}");
}

#[test]
fn a_store_is_made_with_the_folders_above_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cases").join("2024").join("store");
    let s: Arc<dyn Storage> = Arc::new(Folder::new(&path));
    CHANGES[0].1(&s).unwrap();
    assert_eq!(dump(&s), dump(&after(1).storage()));
    // A folder that is there already, with nothing in it.
    let empty = dir.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let t: Arc<dyn Storage> = Arc::new(Folder::new(empty));
    CHANGES[0].1(&t).unwrap();
    assert_eq!(dump(&t), dump(&s));
}

/// Random numbers that are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Whether a thing reached the disk: with `keep` 0 never, with 8 always.
    fn kept(&mut self, keep: u64) -> bool {
        self.roll() % 8 < keep
    }
}

/// Size of the pieces in which a disk writes.
const PIECE: usize = 512;

/// A disk as a power cut after the operations of `log` may leave it. Of what was not synced,
/// `keep_names` eighths of the names and `keep_pieces` eighths of the contents survive.
fn cut(log: &[Op], keep_names: u64, keep_pieces: u64, dice: &mut Dice) -> BTreeMap<String, Vec<u8>> {
    let mut files: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut waiting: Vec<&Op> = Vec::new();
    let apply = |names: &mut BTreeMap<String, usize>, op: &Op| match op {
        Op::Create(n, name) => {
            names.insert(name.clone(), *n);
        }
        Op::Rename(n, from, to) => {
            names.insert(to.clone(), *n);
            if names.get(from) == Some(n) {
                names.remove(from);
            }
        }
        Op::Remove(name) => {
            names.remove(name);
        }
        _ => {}
    };
    for op in log {
        match op {
            Op::Create(..) => {
                files.push(Default::default());
                waiting.push(op);
            }
            Op::Rename(..) | Op::Remove(_) => waiting.push(op),
            Op::Write(n, bytes) => files[*n].1.extend_from_slice(bytes),
            Op::Sync(n) => {
                let (synced, rest) = &mut files[*n];
                synced.append(rest);
            }
            Op::SyncDir => waiting.drain(..).for_each(|op| apply(&mut names, op)),
            // As Linux does it: the pages count as clean from here on, whatever the disk has.
            Op::FailedSync(n) => {
                let (synced, rest) = &mut files[*n];
                synced.extend(std::iter::repeat_n(0, rest.len()));
                rest.clear();
            }
            Op::FailedSyncDir => waiting.clear(),
            Op::Done => {}
        }
    }
    for op in waiting {
        if dice.kept(keep_names) {
            apply(&mut names, op);
        }
    }
    let content = |n: &usize, dice: &mut Dice| {
        let (synced, rest) = &files[*n];
        let mut bytes = synced.clone();
        let mut length = bytes.len();
        for piece in rest.chunks(PIECE) {
            // A piece that was lost in the middle reads as zeros.
            if dice.kept(keep_pieces) {
                bytes.extend_from_slice(piece);
                length = bytes.len();
            } else {
                bytes.extend(std::iter::repeat_n(0, piece.len()));
            }
        }
        if dice.kept(6) {
            bytes.truncate(length);
        }
        bytes
    };
    names.iter().map(|(name, n)| (name.clone(), content(n, dice))).collect()
}

#[test]
fn a_power_cut_leaves_the_old_or_the_new_state() {
    let disk = Disk::default();
    let s = disk.storage();
    let mut states: Vec<String> = vec!["no store".to_owned()];
    let mut step = |change: &dyn Fn() -> Result<()>| {
        change().unwrap();
        disk.state.lock().unwrap().log.push(Op::Done);
        states.push(dump(&s));
    };
    CHANGES.iter().for_each(|(_, change)| step(&|| change(&s)));
    // A year of releases, each with one firm less or more.
    for month in 3..=12 {
        let names: Vec<(String, String)> = (0..month).map(|i| (format!("f{i}"), format!("Firm {i}"))).collect();
        let names: Vec<(&str, &str)> = names.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let names = if month % 2 == 0 { &names[1..] } else { &names[..] };
        step(&|| release(&s, &format!("2023-{month:02}-10"), &list(names, &[("f1", "f2")])));
    }
    let log = disk.state.lock().unwrap().log.clone();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut met: HashSet<BTreeMap<String, Vec<u8>>> = HashSet::new();
    let (mut tried, mut old_seen, mut new_seen) = (0, 0, 0);
    for at in 0..=log.len() {
        let done = log[..at].iter().filter(|o| matches!(o, Op::Done)).count();
        for (names, pieces) in [0, 4, 8].into_iter().flat_map(|n| [0, 4, 8].map(|p| (n, p))).chain([(4, 4); 24]) {
            tried += 1;
            let files = cut(&log[..at], names, pieces, &mut dice);
            if !met.insert(files.clone()) {
                continue;
            }
            let memory = Memory::new();
            files.iter().for_each(|(name, bytes)| memory.put(name, bytes.clone()));
            let s: Arc<dyn Storage> = Arc::new(memory);
            let what = format!("cut after operation {at}, {done} changes done, {names}/8 names, {pieces}/8 pieces");
            let seen = says(&s).unwrap_or_else(|e| panic!("{what}: {e}"));
            if seen == states[done] {
                old_seen += 1;
            } else {
                assert!(states.get(done + 1) == Some(&seen), "{what}: neither the old state nor the new one");
                new_seen += 1;
            }
            if seen != "no store" {
                let v = graph::verify(&s).unwrap();
                assert!(v.faults.is_empty(), "{what}: {:?}", v.faults);
            }
            // Every so often the user goes on working.
            if met.len().is_multiple_of(32) {
                release(&s, "2024-09-10", &list(&[("a", "Ardent"), ("z", "Zest")], &[("a", "z")]))
                    .unwrap_or_else(|e| panic!("{what}: cannot go on: {e}"));
                sound(&s, &what);
                assert!(graph::verify(&s).unwrap().leftovers.is_empty(), "{what}");
            }
        }
    }
    println!("{tried} cuts, {} different disks: {old_seen} old, {new_seen} new", met.len());
    assert!(met.len() >= 2000, "{} different disks of {tried}", met.len());
    assert!(old_seen > 500 && new_seen > 50, "{old_seen} old, {new_seen} new");
}
