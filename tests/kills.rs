//! The program killed in the middle of imports, as by a power switch of its own: the store is
//! the old one or the new one, nothing that was told as done is lost, and nothing piles up.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const RELEASES: [&str; 3] = ["2024-01-01", "2024-02-01", "2024-03-01"];

/// A release in which some firms are new, some gone, some renamed.
fn release(n: usize) -> String {
    let (mut nodes, mut edges) = (Vec::new(), Vec::new());
    for i in n * 300..n * 300 + 1_500 {
        let name = if i % 3 == 0 { format!("Firm {i} in round {n}") } else { format!("Firm {i}") };
        nodes.push(format!(r#"{{"id":"f{i}","type":"company","name":"{name}","listed":["xa_list"]}}"#));
        if i > n * 300 {
            edges.push(format!(r#"{{"source":"f{}","target":"f{i}","type":"owns","share":"{}"}}"#, i - 1, i % 99 + 1));
        }
    }
    format!(r#"{{"cuibono":1,"scope":"xa","nodes":[{}],"edges":[{}]}}"#, nodes.join(","), edges.join(","))
}

fn command(dir: &Path, args: &[&str], store: &str) -> Command {
    let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    c.current_dir(dir).args(args).args(["--store", store, "-q"]).stdin(Stdio::null());
    c.stdout(Stdio::piped()).stderr(Stdio::piped());
    c
}

fn import(dir: &Path, n: usize, store: &str) -> Command {
    let file = format!("list-{}.json", RELEASES[n]);
    command(dir, &["import", &file, "--full", "--replace", "--allow-removals"], store)
}

/// What the store says; `None` while there is none.
fn dump(dir: &Path, store: &str) -> Option<String> {
    let o = command(dir, &["dump"], store).output().unwrap();
    let err = String::from_utf8_lossy(&o.stderr);
    match o.status.code() {
        Some(0) => Some(String::from_utf8(o.stdout).unwrap()),
        Some(2) if err.contains("there is no store here") => None,
        code => panic!("dump: {code:?} {err}"),
    }
}

fn bytes(dir: &Path, store: &str) -> u64 {
    fs::read_dir(dir.join(store)).unwrap().map(|f| f.unwrap().metadata().unwrap().len()).sum()
}

#[test]
fn killed_imports_leave_the_old_or_the_new_state() {
    let dir = TempDir::new().unwrap();
    let dir = dir.path();
    let (mut states, mut sizes, mut took) = (vec![None], vec![0], Vec::new());
    for (n, day) in RELEASES.iter().enumerate() {
        fs::write(dir.join(format!("list-{day}.json")), release(n)).unwrap();
        let start = Instant::now();
        let o = import(dir, n, "reference").output().unwrap();
        assert!(o.status.success(), "{}", String::from_utf8_lossy(&o.stderr));
        took.push(start.elapsed());
        states.push(dump(dir, "reference"));
        sizes.push(bytes(dir, "reference"));
    }
    // Moments spread over the whole of an import, the same in every run as far as machines allow.
    let (mut kills, mut told, mut moment) = (0, 0, 0u32);
    let mut story = String::new();
    for round in 0..20 {
        if kills >= 20 {
            break;
        }
        let store = format!("store-{round}");
        let mut n = 0;
        while n < RELEASES.len() {
            moment = (moment + 7) % 23;
            let wait = took[n].mul_f64(f64::from(moment) / 20.0);
            let mut child = import(dir, n, &store).spawn().unwrap();
            let start = Instant::now();
            while start.elapsed() < wait && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(1));
            }
            child.kill().ok();
            let status = child.wait().unwrap();
            writeln!(story, "round {round}, import {n}, {wait:?}: {status}").unwrap();
            let seen = dump(dir, &store);
            if status.success() {
                told += 1;
                // A machine that was busy before may be quick now.
                took[n] = took[n].min(start.elapsed());
                assert!(seen == states[n + 1], "told as done, and lost:\n{story}");
            } else {
                kills += 1;
                assert_eq!(status.code(), None, "it failed by itself:\n{story}");
                assert!(seen == states[n] || seen == states[n + 1], "half a state:\n{story}");
            }
            if seen.is_some() {
                let v = command(dir, &["verify"], &store).output().unwrap();
                assert!(v.status.success(), "{}\n{story}", String::from_utf8_lossy(&v.stdout));
            }
            if seen == states[n + 1] {
                n += 1;
            } else if moment.is_multiple_of(5) {
                // Now and then it is let through; what the killed ones left behind goes with it.
                let o = import(dir, n, &store).output().unwrap();
                assert!(o.status.success(), "{}\n{story}", String::from_utf8_lossy(&o.stderr));
                assert!(dump(dir, &store) == states[n + 1], "{story}");
                n += 1;
                let (now, was) = (bytes(dir, &store), sizes[n]);
                assert!(now as f64 <= 1.05 * was as f64, "{now} bytes where {was} are needed:\n{story}");
            }
        }
    }
    println!("{kills} kills, {told} imports that ended before\n{story}");
    assert!(kills >= 12, "only {kills} kills came in time\n{story}");
}

/// Two at once: one does it, the other one is told to wait, and the store is that of one.
#[test]
fn two_importers_and_readers_at_once() {
    let dir = TempDir::new().unwrap();
    let dir = dir.path();
    for (n, day) in RELEASES.iter().enumerate().take(2) {
        fs::write(dir.join(format!("list-{day}.json")), release(n)).unwrap();
    }
    assert!(import(dir, 0, "s").output().unwrap().status.success());
    let first = dump(dir, "s");
    let mut writers: Vec<_> = (0..2).map(|_| import(dir, 1, "s").spawn().unwrap()).collect();
    let mut seen = Vec::new();
    while writers.iter_mut().any(|w| w.try_wait().unwrap().is_none()) {
        seen.push(dump(dir, "s"));
    }
    let codes: Vec<Option<i32>> = writers.iter_mut().map(|w| w.wait().unwrap().code()).collect();
    assert!(codes.contains(&Some(0)) && codes.iter().all(|c| matches!(c, Some(0 | 75))), "{codes:?}");
    let last = dump(dir, "s");
    assert!(last != first && seen.iter().all(|d| *d == first || *d == last), "a reader saw half a state");
    assert!(command(dir, &["verify"], "s").output().unwrap().status.success());
}

/// Decisions and their withdrawal, killed at any moment: each is there or not, and those told as done are.
#[test]
fn killed_decisions_are_whole_or_not_there() {
    let dir = TempDir::new().unwrap();
    let dir = dir.path();
    fs::write(dir.join(format!("list-{}.json", RELEASES[0])), release(0)).unwrap();
    assert!(import(dir, 0, "s").output().unwrap().status.success());
    let decided = || -> usize {
        let o = command(dir, &["decisions", "--json"], "s").output().unwrap();
        let text = String::from_utf8_lossy(&o.stdout).into_owned();
        assert!(matches!(o.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&o.stderr));
        text.matches("\"decision\":").count()
    };
    let decide = |n: usize| {
        let (a, b) = (format!("xa:f{}", 2 * n), format!("xa:f{}", 2 * n + 1));
        match n % 5 {
            4 => command(dir, &["undo", &n.to_string(), "--yes"], "s"),
            _ => command(dir, &["decide", &a, &b, "--same", "--note", "by hand"], "s"),
        }
    };
    let start = Instant::now();
    assert!(decide(0).output().unwrap().status.success());
    let took = start.elapsed();
    let (mut known, mut kills, mut story) = (decided(), 0, String::new());
    assert_eq!(known, 1);
    for n in 1..40usize {
        let wait = took.mul_f64((n * 7 % 23) as f64 / 20.0);
        let mut child = decide(n).spawn().unwrap();
        std::thread::sleep(wait);
        child.kill().ok();
        let status = child.wait().unwrap();
        let now = decided();
        writeln!(story, "{n}, {wait:?}: {status}, {now} decisions").unwrap();
        assert!(now == known || now == known + 1, "{story}");
        if status.success() {
            assert_eq!(now, known + 1, "told as done, and lost:\n{story}");
        }
        kills += usize::from(status.code().is_none());
        known = now;
        let v = command(dir, &["verify"], "s").output().unwrap();
        assert!(v.status.success(), "{}\n{story}", String::from_utf8_lossy(&v.stdout));
    }
    println!("{kills} kills\n{story}");
    assert!(kills >= 8 && known > 3, "{story}");
}
