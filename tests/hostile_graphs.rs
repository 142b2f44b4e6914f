//! Networks made to hurt: a chain, a ring, a star out and a star in, and parallel edges. Every
//! question is put to the built program under a budget: it answers, or says that it stopped; it
//! neither overflows its stack nor goes on growing.
//!
//! `CUIBONO_HOSTILE` sets the number of nodes (parallel edges are twice as many); the full size is
//!
//! ```sh
//! CUIBONO_HOSTILE=5000000 cargo test --release --locked --test all -- --ignored --nocapture hostile_graphs
//! ```

use cuibono::import::{self, Input};
use cuibono::store::{Folder, Storage};
use std::io::{self, Read};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::support::on;

/// Seconds that a question may take, and MiB.
const TIMEOUT: u64 = 60;
const MEMORY: u64 = 4_000;
/// To open the store, to come to the next step, to write what there is: on a busy machine.
const GRACE: Duration = Duration::from_secs(90);

/// Lines made while they are read.
struct Lines<F> {
    line: F,
    next: u64,
    end: u64,
    rest: Vec<u8>,
}

impl<F: FnMut(u64) -> String> Read for Lines<F> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.rest.len() < buf.len() && self.next < self.end {
            self.rest.extend_from_slice((self.line)(self.next).as_bytes());
            self.next += 1;
        }
        let n = self.rest.len().min(buf.len());
        buf[..n].copy_from_slice(&self.rest[..n]);
        self.rest.drain(..n);
        Ok(n)
    }
}

fn lines(header: &'static str, count: u64, mut line: impl FnMut(u64) -> String + 'static) -> impl Read + 'static {
    let whole = move |i: u64| if i == 0 { header.to_owned() } else { line(i - 1) };
    Lines { line: whole, next: 0, end: count + 1, rest: Vec::new() }
}

struct Shape {
    name: &'static str,
    nodes: u64,
    edges: u64,
    edge: fn(u64, u64) -> (u64, u64, &'static str),
    /// The party that the questions end at.
    last: u64,
}

fn shapes(n: u64) -> [Shape; 5] {
    [
        Shape { name: "chain", nodes: n, edges: n - 1, edge: |i, _| (i, i + 1, "100"), last: n - 1 },
        Shape { name: "ring", nodes: n, edges: n, edge: |i, n| (i, (i + 1) % n, "60"), last: n - 1 },
        Shape { name: "star out", nodes: n, edges: n - 1, edge: |i, _| (0, i + 1, "100"), last: n - 1 },
        Shape { name: "star in", nodes: n, edges: n - 1, edge: |i, n| (i, n - 1, "0.00001"), last: n - 1 },
        Shape {
            name: "parallel",
            nodes: 3,
            edges: 2 * n + 1,
            edge: |i, _| if i == 0 { (1, 2, "100") } else { (0, 1, "0.000001") },
            last: 2,
        },
    ]
}

fn import(shape: &Shape, at: &Path, day: &str) {
    let again = u8::from(day != "2024-01-01");
    let nodes = lines("id,type,name,listed\n", shape.nodes, move |i| {
        // A second release says of one party in a hundred something else.
        let word = if again == 1 && i % 100 == 0 { "House" } else { "Firm" };
        format!("N{i},company,{word} {i},{}\n", u8::from(i == 0))
    });
    let (edge, n) = (shape.edge, shape.nodes);
    let edges = lines("source,target,type,percentage\n", shape.edges, move |i| {
        let (a, b, share) = edge(i, n);
        format!("N{a},N{b},owns,{share}\n")
    });
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(at));
    let files = vec![Input::from_reader("nodes.csv", nodes).unwrap(), Input::from_reader("edges.csv", edges).unwrap()];
    let mut request = on(day);
    request.options.full = true;
    let done = import::import(storage, files, &request, &mut |_| {}).unwrap();
    assert_eq!((done.report.get("nodes"), done.report.get("edges")), (shape.nodes, shape.edges));
}

struct Answer {
    code: i32,
    out: u64,
    head: String,
    err: String,
}

fn ask(at: &Path, args: &[&str]) -> Answer {
    let start = Instant::now();
    let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    c.args(args).arg("--store").arg(at);
    if !matches!(args[0], "dump" | "verify" | "compact") {
        c.args(["--max-time", &TIMEOUT.to_string(), "--max-memory", &MEMORY.to_string()]);
    }
    let mut child = c.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut err = child.stderr.take().unwrap();
    let out = std::thread::spawn(move || {
        let mut head = vec![0; 64 * 1024];
        let mut kept = 0;
        while kept < head.len() {
            match out.read(&mut head[kept..]).unwrap() {
                0 => break,
                n => kept += n,
            }
        }
        head.truncate(kept);
        let rest = io::copy(&mut out, &mut io::sink()).unwrap();
        (String::from_utf8_lossy(&head).into_owned(), kept as u64 + rest)
    });
    let err = std::thread::spawn(move || {
        let mut text = String::new();
        err.read_to_string(&mut text).ok();
        text
    });
    let mut peak = 0;
    let status = loop {
        if let Ok(text) = std::fs::read_to_string(format!("/proc/{}/status", child.id())) {
            let line = text.lines().find_map(|l| l.strip_prefix("RssAnon:")).unwrap_or("0");
            peak = peak.max(line.split_whitespace().next().unwrap_or("0").parse::<u64>().unwrap_or(0) >> 10);
        }
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        // Copying everything out takes as long as there is of it.
        if args[0] != "dump" && start.elapsed() > Duration::from_secs(TIMEOUT) + GRACE {
            child.kill().ok();
            panic!("{args:?} does not stop");
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let ((head, out), err) = (out.join().unwrap(), err.join().unwrap());
    let note = err.lines().last().unwrap_or_default().chars().take(100).collect::<String>();
    let took = start.elapsed().as_secs_f64();
    println!("{:50} {status} {took:6.2} s {peak:6} MiB {:9} bytes  {note}", args.join(" "), out);
    assert!(!err.contains("panicked") && !err.contains("overflow"), "{args:?}: {err}");
    assert!(peak <= MEMORY + MEMORY / 4, "{args:?}: {peak} MiB");
    let code = status.code().unwrap_or_else(|| panic!("{args:?}: {status}"));
    assert!(matches!(code, 0 | 1 | 4) || (code == 2 && err.contains("too many")), "{args:?}: {code} {err}");
    assert!(code != 4 || err.contains("ran out") || err.contains("budget") || err.contains("limit"), "{args:?}: {err}");
    Answer { code, out, head, err }
}

#[test]
#[ignore = "hundreds of thousands of nodes: run in release by .ci/run"]
fn every_question_to_hostile_graphs() {
    let n: u64 = std::env::var("CUIBONO_HOSTILE").map_or(30_000, |t| t.parse().unwrap());
    for shape in shapes(n) {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().join("store");
        println!("== {}: {} nodes, {} edges", shape.name, shape.nodes, shape.edges);
        for day in ["2024-01-01", "2024-02-01"] {
            let start = Instant::now();
            import(&shape, &at, day);
            println!("import of {day}: {:?}", start.elapsed());
        }
        let (a, z) = ("table:N0".to_owned(), format!("table:N{}", shape.last));
        let m = format!("table:N{}", shape.nodes / 2);
        let (a, z, m) = (a.as_str(), z.as_str(), m.as_str());
        let day = ["--as-of", "2026-03-01"];
        let dated = |args: &[&str]| ask(&at, &[args, &day].concat());
        for question in [
            &["search", "House 700"][..],
            &["show", a],
            &["show", z],
            &["neighbours", a],
            &["neighbours", m, "--hops", "3"],
            &["neighbours", a, "--hops", "4000000000", "--limit", "10000000"],
            &["path", a, z, "--all"],
            &["path", a, z, "--k", "3"],
            &["path", z, a, "--k", "100000000"],
            &["path", a, m, "--through", "--direction", "out"],
            &["between", a, m, z],
            &["trace", a, "--down"],
            &["trace", z, "--up"],
            &["trace", m, "--limit", "100000000", "--no-verdicts"],
            &["components"],
            &["components", "--members", "100000000"],
            &["stats"],
            &["diff", "table", "2024-01-01", "2024-02-01"],
            &["export", a, "--format", "svg", "--hops", "2"],
            &["export", a, "--format", "jsonl", "--hops", "4000000000"],
            &["export", "--format", "jsonl", "-o", "/dev/null"],
            &["export", "--format", "graphml", "-o", "/dev/null"],
            &["export", "--format", "svg"],
            &["dump"],
            &["verify"],
        ] {
            ask(&at, question);
        }
        for question in [
            &["verdict", "--all", "--only", "blocked"][..],
            &["prove", z, "--regime", "ofac"],
            &["prove", a, "--regime", "ofac"],
            &["what-if", z, "--free", "--regime", "ofac"],
            &["exposure", z],
            &["exposure", "--all"],
            &["own", a, z],
            &["own", a],
            &["own", a, z, "--exact"],
            &["ubo", z],
            &["ubo", z, "--rule", "multiply"],
            &["ubo", z, "--rule", "control"],
            &["ubo", z, "--rule", "weakest-link"],
            &["controls", a],
            &["controls", "--all"],
            &["close-links", a],
            &["close-links"],
        ] {
            dated(question);
        }
        // What can be known of such a network must be right, or be said to be unknown.
        let path = ask(&at, &["path", a, z, "--direction", "out", "--json"]);
        let verdict = dated(&["verdict", z, "--regime", "ofac", "--format", "tsv"]);
        let whole = matches!(shape.name, "chain" | "ring" | "star out" | "parallel");
        let blocked = matches!(shape.name, "chain" | "star out" | "ring");
        assert!(path.code == 0 && path.out > 0, "{}", path.err);
        assert!(verdict.code == 4 || verdict.head.contains("not blocked") != blocked, "{}", verdict.head);
        assert!(whole || shape.name == "star in");
    }
}
