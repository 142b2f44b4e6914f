//! Algorithms over the whole graph, beside petgraph's own in the same run.
//!
//! `cargo bench --bench whole -- --store FOLDER` asks a store that is there, any; without it the
//! network of a million parties is imported first. Each line is the least of several runs: by the
//! clock and in processor time of both threads; petgraph's time is that of one thread, its graph
//! in memory already. Answers are compared.

#![allow(clippy::unwrap_used)]

mod measure;
mod network;

use cuibono::error::Result;
use cuibono::graph::{Dir, Filter, Graph, View};
use cuibono::import::{Input, Request, import};
use cuibono::model::PartialDate;
use cuibono::query::{
    CommunityOptions, DistanceOptions, RankOptions, clustering, communities, components, distances, rank,
};
use cuibono::store::{Folder, Snapshot, Storage};
use measure::{cpu_of_all, peak};
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// Least wall time and mean processor time of several runs.
fn timed<T>(runs: u32, mut ask: impl FnMut() -> T) -> (f64, f64, T) {
    let mut least = f64::MAX;
    let mut last = ask();
    let before = cpu_of_all();
    for _ in 0..runs {
        let start = Instant::now();
        last = ask();
        least = least.min(start.elapsed().as_secs_f64());
    }
    (least, (cpu_of_all() - before) / f64::from(runs), last)
}

fn line(what: &str, ours: (f64, f64), peer: Option<f64>) {
    let ms = |s: f64| format!("{:.1} ms", s * 1e3);
    let ratio = peer.map_or(String::new(), |p| format!("{:>10} {:>7.1}x", ms(p), p / ours.0));
    println!("{what:<44} {:>10} {:>10} {ratio}", ms(ours.0), ms(ours.1));
}

/// Steps from a node to all others in petgraph's graph, either way.
fn far_in(g: &DiGraph<u32, ()>, from: NodeIndex) -> Vec<u32> {
    let mut far = vec![u32::MAX; g.node_count()];
    far[from.index()] = 0;
    let mut queue = VecDeque::from([from]);
    while let Some(x) = queue.pop_front() {
        for y in g.neighbors_undirected(x) {
            if far[y.index()] == u32::MAX {
                far[y.index()] = far[x.index()] + 1;
                queue.push_back(y);
            }
        }
    }
    far
}

/// PageRank in petgraph's graph with its parallel edges, which petgraph's own counts once and takes
/// a time that grows with the square of the nodes for.
fn rank_in(g: &DiGraph<u32, ()>, rounds: usize) -> Vec<f64> {
    let n = g.node_count();
    let degree: Vec<usize> = g.node_indices().map(|x| g.neighbors(x).count()).collect();
    let mut ranks = vec![1.0 / n as f64; n];
    for _ in 0..rounds {
        let stuck: f64 = ranks.iter().zip(&degree).filter(|(_, d)| **d == 0).map(|(r, _)| r).sum();
        let base = (0.15 + 0.85 * stuck) / n as f64;
        let flow = |y: NodeIndex| ranks[y.index()] / degree[y.index()] as f64;
        let sum = |x| g.neighbors_directed(x, petgraph::Incoming).map(flow).sum::<f64>();
        ranks = g.node_indices().map(|x| base + 0.85 * sum(x)).collect();
    }
    ranks
}

fn main() -> Result<()> {
    // `cargo test` builds and runs benches with --test; there is nothing to check here.
    let args: Vec<String> = std::env::args().collect();
    if args.iter().any(|a| a == "--test") {
        return Ok(());
    }
    let given = args.iter().position(|a| a == "--store").and_then(|at| args.get(at + 1));
    let own = std::env::temp_dir().join(format!("cuibono-bench-{}", std::process::id()));
    let folder = given.map_or(own.clone(), Into::into);
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(&folder));
    if given.is_none() {
        let (nodes, edges, _) = network::network();
        let files = [("nodes.csv", nodes), ("edges.csv", edges)];
        let files = files.map(|(name, text)| Input::from_bytes(name, text.into_bytes()).unwrap());
        let request = Request { release: Some(PartialDate::parse("2024-01-01")?), ..Request::default() };
        import(Arc::clone(&storage), files.into(), &request, &mut |_| {})?;
    }
    let graph = Graph::open(Snapshot::open(Arc::clone(&storage))?)?;
    let view = View::new(&graph, Filter::default())?;
    println!("{} nodes, {} edges", graph.node_count(), graph.edge_count());
    println!("{:<44} {:>10} {:>10} {:>10} {:>8}", "", "wall", "processor", "petgraph", "ratio");
    let mut peer = DiGraph::<u32, ()>::new();
    let index: Vec<NodeIndex> = graph.nodes().map(|n| peer.add_node(n.0)).collect();
    for (_, a, b) in view.edges() {
        peer.add_edge(index[a.0 as usize], index[b.0 as usize], ());
    }

    let first = Instant::now();
    let parts = components(&view, true);
    println!("components, first touch of every page: {:.1} ms", first.elapsed().as_secs_f64() * 1e3);
    let (theirs, _, same) = timed(2, || petgraph::algo::connected_components(&peer));
    let (wall, cpu, ours) = timed(15, || components(&view, true));
    assert_eq!((ours.count(), &ours), (same, &parts));
    line("components", (wall, cpu), Some(theirs));
    let (wall, cpu, _) = timed(15, || components(&view, false));
    line("components, hubs apart", (wall, cpu), None);
    let dated = Filter { as_of: Some(PartialDate::parse("2015-06-30")?), ..Filter::default() };
    let past = View::new(&graph, dated)?;
    let (wall, cpu, _) = timed(15, || components(&past, true));
    line("components, as of 2015-06-30", (wall, cpu), None);

    let options = RankOptions { through: true, ..RankOptions::default() };
    let (wall, cpu, ours) = timed(8, || rank(&view, &options).unwrap());
    let (theirs, _, same) = timed(1, || rank_in(&peer, 20));
    line("PageRank, 20 rounds", (wall, cpu), Some(theirs));
    assert!(ours.scores().iter().zip(&same).all(|(a, b)| (a - b).abs() <= 1e-9 * b));
    let best: Vec<&str> = ours.top(&view, 5).iter().map(|(n, _)| graph.id(*n)).collect();
    println!("  best: {}", best.join(" "));
    let (wall, cpu, _) = timed(8, || rank(&past, &options).unwrap());
    line("PageRank, 20 rounds, as of 2015-06-30", (wall, cpu), None);
    let (wall, cpu, _) = timed(3, || rank(&view, &RankOptions { dir: Dir::Both, ..options }).unwrap());
    line("PageRank, 20 rounds, both ways", (wall, cpu), None);

    let (wall, cpu, found) = timed(3, || communities(&view, &CommunityOptions::default()));
    line("communities, at most 10 rounds", (wall, cpu), None);
    println!("  {} communities, {} rounds, the largest {}", found.count(), found.iterations, found.sizes()[0]);
    let from = ours.top(&view, 1)[0].0;
    let (wall, cpu, found) =
        timed(8, || distances(&view, from, &DistanceOptions { through: true, ..Default::default() }));
    let (theirs, _, far) = timed(2, || far_in(&peer, index[from.0 as usize]));
    line("distances from one party", (wall, cpu), Some(theirs));
    assert_eq!(graph.nodes().map(|n| found.to(n).unwrap_or(u32::MAX)).collect::<Vec<_>>(), far);
    println!("  {} reached, {} steps at most", found.reached(), found.counts.len() - 1);
    let (wall, cpu, found) = timed(2, || clustering(&view, true, u64::MAX));
    line("local clustering of every party", (wall, cpu), None);
    let tied = graph.nodes().filter(|n| found.exact(*n).is_some_and(|(ties, _)| ties > 0)).count();
    println!("  {tied} parties with neighbours that are tied to each other");

    println!("peak memory {}", peak());
    graph.sound()?;
    if given.is_none() {
        std::fs::remove_dir_all(&own).ok();
    }
    Ok(())
}
