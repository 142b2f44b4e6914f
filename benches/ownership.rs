//! Ten million stakes: importing them, opening the store, asking who is behind whom.
//!
//! `cargo bench --bench ownership -- [--dense] [--nodes N] [--keep FOLDER]`. With `--keep`, or the
//! folder in the variable CUIBONO_BENCH_STORE, the store stays there and the next run asks it
//! without importing again; then the peak of memory is that of the questions alone.

#![allow(clippy::unwrap_used)]

mod holdings;
mod measure;
#[allow(dead_code)]
mod network;

use cuibono::error::Result;
use cuibono::graph::{Dir, Filter, Graph, Node, View};
use cuibono::import::{Input, Request, import};
use cuibono::model::PartialDate;
use cuibono::ownership::{Bound, Budget, Changes, Conventions, Figures, Judge, Method, Outcome, OwnAsk, Regimes};
use cuibono::store::{Folder, Snapshot, Storage};
use holdings::Shape;
use measure::{cpu, median, peak, row};
use network::Lcg;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Counts up whenever the network changes, so that a kept store is not taken for the new one.
const VERSION: u32 = 1;

/// What the command line asks for.
struct Wanted {
    shape: Shape,
    folder: PathBuf,
    keep: bool,
}

fn wanted() -> Wanted {
    let (mut dense, mut nodes, mut keep) =
        (false, 10_000_000, std::env::var_os("CUIBONO_BENCH_STORE").map(PathBuf::from));
    let mut args = std::env::args().skip(1);
    while let Some(a) = args.next() {
        match a.as_str() {
            "--dense" => dense = true,
            "--nodes" => nodes = args.next().unwrap().parse().unwrap(),
            "--keep" => keep = Some(PathBuf::from(args.next().unwrap())),
            // `cargo bench` adds an argument of its own.
            _ => {}
        }
    }
    let shape = if dense { Shape::dense(nodes) } else { Shape::realistic(nodes) };
    let name = format!("holdings-{VERSION}-{nodes}-{}", shape.held_by_firms);
    match keep {
        Some(dir) => Wanted { shape, folder: dir.join(name), keep: true },
        None => {
            let folder = std::env::temp_dir().join(format!("cuibono-{name}-{}", std::process::id()));
            Wanted { shape, folder, keep: false }
        }
    }
}

/// The graph of a store that an earlier run left, if this program can read it.
fn kept(folder: &Path) -> Option<Graph> {
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(folder));
    Graph::open(Snapshot::open(storage).ok()?).ok()
}

/// Makes the network and imports it; prints time, memory and size.
fn make(shape: Shape, folder: &Path) -> Result<()> {
    std::fs::remove_dir_all(folder).ok();
    std::fs::create_dir_all(folder).unwrap();
    let start = Instant::now();
    let bytes = std::io::copy(&mut holdings::nodes(shape), &mut std::io::sink()).unwrap()
        + std::io::copy(&mut holdings::edges(shape), &mut std::io::sink()).unwrap();
    row(&format!("make the tables alone, {} MB", bytes >> 20), start.elapsed().as_secs_f64(), None);

    let storage: Arc<dyn Storage> = Arc::new(Folder::new(folder));
    let request = Request { release: Some(PartialDate::parse("2024-01-01")?), ..Request::default() };
    let files = vec![
        Input::from_reader("nodes.csv", holdings::nodes(shape))?,
        Input::from_reader("edges.csv", holdings::edges(shape))?,
    ];
    let start = Instant::now();
    let mut read = 0.0;
    let done = import(storage, files, &request, &mut |_| read = start.elapsed().as_secs_f64())?;
    row("import, durable", start.elapsed().as_secs_f64(), None);
    row("  of which reading the tables", read, None);
    println!("{:<38} {:>12}", "  peak memory", peak());
    println!("{:<38} {:>12}", "  relations", done.report.get("edges"));
    let size = |kind: &str| -> u64 {
        let files = std::fs::read_dir(folder).unwrap().flatten();
        let ours = files.filter(|f| f.file_name().to_string_lossy().starts_with(kind));
        ours.filter_map(|f| f.metadata().ok()).map(|m| m.len()).sum()
    };
    println!("{:<38} {:>9} MB", "  records on disk", size("records") >> 20);
    println!("{:<38} {:>9} MB", "  index on disk", size("index") >> 20);
    Ok(())
}

fn main() -> Result<()> {
    // `cargo test` builds and runs benches with --test; there is nothing to check here.
    if std::env::args().any(|a| a == "--test") {
        return Ok(());
    }
    let wanted = wanted();
    if kept(&wanted.folder).is_none() {
        make(wanted.shape, &wanted.folder)?;
    }
    let start = Instant::now();
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(&wanted.folder));
    let graph = Graph::open(Snapshot::open(storage)?)?;
    let view = View::new(&graph, Filter::default())?;
    row("open", start.elapsed().as_secs_f64(), None);
    println!("{} parties, {} relations", graph.node_count(), graph.edge_count());
    verdicts(&view)?;
    figures(&view)?;
    walks(&view)?;
    println!("{:<38} {:>12}", "peak memory", peak());
    graph.sound()?;
    if !wanted.keep {
        std::fs::remove_dir_all(&wanted.folder).ok();
    }
    Ok(())
}

/// What any question about ownership costs at least: reading the graph.
fn walks(view: &View<'_>) -> Result<()> {
    let graph = view.graph();
    for round in ["first", "again"] {
        let start = Instant::now();
        let (mut stakes, mut known) = (0u64, 0u64);
        for n in graph.nodes() {
            for link in view.links(n, Dir::In) {
                stakes += 1;
                known += u64::from(graph.share(link.edge).is_some());
            }
        }
        row(&format!("all stakes with their shares, {round}"), start.elapsed().as_secs_f64(), None);
        println!("{:<38} {:>12}", "  known shares, in percent", known * 100 / stakes.max(1));
    }
    let start = Instant::now();
    for n in graph.nodes() {
        std::hint::black_box(view.options(n)?);
    }
    row("options of all parties", start.elapsed().as_secs_f64(), None);
    let mut r = Lcg(5);
    let nodes = graph.node_count() as u64;
    let some: Vec<u64> = (0..1000).map(|_| r.below(nodes)).collect();
    let found = median(&some, |i| {
        let n = graph.find_id(&format!("table:N{i}")).unwrap();
        std::hint::black_box(view.links(n, Dir::In).count());
    });
    row("holders of a party, from its id", found, None);
    Ok(())
}

/// Verdicts: the cascade of all listed parties, then one party at a time with its proof.
fn verdicts(view: &View<'_>) -> Result<()> {
    let graph = view.graph();
    let day = PartialDate::parse("2024-06-01")?;
    let regimes = Regimes::builtin();
    let judge = || Judge::new(view, regimes, day, Conventions::default(), Changes::default());
    let mut affected = Vec::new();
    for (id, what) in [("ofac", "cold"), ("ofac", "warm"), ("ofac", "warm"), ("uk", "person by person")] {
        let (start, busy) = (Instant::now(), cpu());
        let found = judge()?.affected(regimes.get(id)?)?;
        row(&format!("cascade of all listed, {id}, {what}"), start.elapsed().as_secs_f64(), None);
        println!("  processor time {:.3} s", cpu() - busy);
        let count = |o: Outcome| found.iter().filter(|(_, x, _)| *x == o).count();
        println!(
            "  listed {}, blocked {}, cannot tell {}",
            count(Outcome::Listed),
            count(Outcome::Blocked),
            count(Outcome::Indeterminate)
        );
        if id == "ofac" {
            affected = found;
        }
    }
    let mut r = Lcg(11);
    let nodes = graph.node_count() as u64;
    let any: Vec<Node> = (0..2000).map(|_| Node(r.below(nodes) as u32)).collect();
    let blocked: Vec<Node> =
        affected.iter().filter(|(_, o, _)| *o != Outcome::Listed).map(|(n, ..)| *n).step_by(7).take(2000).collect();
    // The first time the pages come from the disk and are checked; nothing else is remembered.
    for round in ["first", "again"] {
        for (what, list) in [("any", &any), ("affected", &blocked)] {
            for regime in ["ofac", "uk"] {
                let (mut one, regime) = (judge()?, regimes.get(regime)?);
                let mut times: Vec<f64> = Vec::with_capacity(list.len());
                for n in list {
                    let start = Instant::now();
                    std::hint::black_box(one.prove(regime, *n)?);
                    times.push(start.elapsed().as_secs_f64());
                }
                spread(&format!("proof, {what} party, {}, {round}", regime.id), times);
            }
        }
    }
    Ok(())
}

/// Integrated ownership: of one source and all it reaches, and of all listed as one holder.
fn figures(view: &View<'_>) -> Result<()> {
    let regimes = Regimes::builtin();
    let day = PartialDate::parse("2024-06-01")?;
    let mut f = Figures::new(view, regimes, day, Conventions::default(), Changes::default())?;
    let listed = view.listed();
    let some: Vec<Node> = listed.iter().step_by((listed.len() / 500).max(1)).take(500).copied().collect();
    for round in ["first", "again"] {
        let (mut times, mut reached) = (Vec::new(), 0);
        for from in &some {
            let ask = OwnAsk {
                from: *from,
                to: None,
                method: Method::Baldone,
                budget: Budget::default(),
                regime: regimes.get("ofac")?,
            };
            let start = Instant::now();
            reached += f.own(&ask)?.positions.len();
            times.push(start.elapsed().as_secs_f64());
        }
        spread(&format!("integrated, one source, {round}"), times);
        println!("  parties reached on average {}", reached / some.len().max(1));
    }
    let mut f = Figures::new(view, regimes, day, Conventions::default(), Changes::default())?;
    for round in ["first", "again"] {
        let (start, busy) = (Instant::now(), cpu());
        let all = f.own_together(&listed, Method::Baldone, Bound::Low, Budget::FLOAT)?;
        row(&format!("integrated, all listed, {round}"), start.elapsed().as_secs_f64(), None);
        println!("  processor time {:.2} s, parties reached {}", cpu() - busy, all.len());
    }
    Ok(())
}

/// Median, 99th percentile and worst of some times, on one line.
fn spread(what: &str, mut times: Vec<f64>) {
    times.sort_by(f64::total_cmp);
    let at = |q: usize| times.get(times.len() * q / 100).copied().unwrap_or(0.0) * 1e3;
    let worst = times.last().copied().unwrap_or(0.0) * 1e3;
    println!("{what:<38} median {:.3} ms, 99 of 100 {:.3} ms, worst {worst:.2} ms", at(50), at(99));
}
