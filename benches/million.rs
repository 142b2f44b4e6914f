//! A million parties: importing, opening and asking, beside petgraph's own graph in memory in
//! the same run. `cargo bench` prints the table that `docs/performance.md` explains.

#![allow(clippy::unwrap_used)]

mod measure;
mod network;

use cuibono::error::Result;
use cuibono::graph::{Dir, Filter, Graph, View};
use cuibono::import::{Input, Request, import};
use cuibono::model::PartialDate;
use cuibono::query::{NeighbourOptions, Scratch, TraceOptions, WalkOptions, components, neighbours, path, trace};
use cuibono::store::{Folder, Snapshot, Storage};
use measure::{median, peak, row};
use network::{Lcg, NODES, network};
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Instant;

/// Undirected breadth-first distance in petgraph's graph, as its users write it.
fn bfs(g: &DiGraph<u32, ()>, from: NodeIndex, to: NodeIndex) -> Option<u32> {
    let mut seen: HashMap<NodeIndex, u32> = HashMap::from([(from, 0)]);
    let mut queue = VecDeque::from([from]);
    while let Some(x) = queue.pop_front() {
        let d = seen.get(&x).copied().unwrap_or(0);
        if x == to {
            return Some(d);
        }
        for y in g.neighbors_undirected(x) {
            seen.entry(y).or_insert_with(|| {
                queue.push_back(y);
                d + 1
            });
        }
    }
    None
}

fn main() -> Result<()> {
    // `cargo test` builds and runs benches with --test; there is nothing to check here.
    if std::env::args().any(|a| a == "--test") {
        return Ok(());
    }
    let (nodes, edges, list) = network();
    let dir = std::env::temp_dir().join(format!("cuibono-bench-{}", std::process::id()));
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(&dir));
    let request = Request { release: Some(PartialDate::parse("2024-01-01")?), ..Request::default() };
    println!("{} nodes, {} edges, {} MB of CSV", NODES, list.len(), (nodes.len() + edges.len()) >> 20);
    println!("{:<38} {:>12} {:>12} {:>9}", "", "cuibono", "petgraph", "ratio");

    let start = Instant::now();
    let files = vec![
        Input::from_bytes("nodes.csv", nodes.clone().into_bytes())?,
        Input::from_bytes("edges.csv", edges.into_bytes())?,
    ];
    import(Arc::clone(&storage), files, &request, &mut |_| {})?;
    row("import, durable", start.elapsed().as_secs_f64(), None);
    println!("{:<38} {:>12}", "peak memory so far (with the tables)", peak());

    let start = Instant::now();
    let mut peer = DiGraph::<u32, ()>::new();
    let index: Vec<NodeIndex> = (0..NODES as u32).map(|i| peer.add_node(i)).collect();
    for (a, b) in &list {
        peer.add_edge(index[*a as usize], index[*b as usize], ());
    }
    let built = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let graph = Graph::open(Snapshot::open(Arc::clone(&storage))?)?;
    let view = View::new(&graph, Filter::default())?;
    row("open (petgraph: build from pairs)", start.elapsed().as_secs_f64(), Some(built));

    let mut r = Lcg(11);
    let ids: Vec<u32> = (0..500).map(|_| r.below(NODES) as u32).collect();
    let node = |i: u32| graph.find_id(&format!("table:N{i}")).unwrap_or_default();
    let ours = median(&ids, |i| {
        std::hint::black_box(view.links(node(*i), Dir::Out).count());
    });
    let theirs = median(&ids, |i| {
        std::hint::black_box(peer.neighbors(index[*i as usize]).count());
    });
    row("out-edges of a party, from its id", ours, Some(theirs));

    let mut scratch = Scratch::default();
    let options = NeighbourOptions { hops: 2, ..NeighbourOptions::default() };
    let ours = median(&ids, |i| {
        std::hint::black_box(neighbours(&view, &[node(*i)], &options, &mut scratch));
    });
    row("neighbourhood, 2 hops, with edges", ours, None);

    let pairs: Vec<(u32, u32)> = (0..60).map(|_| (r.below(NODES) as u32, r.below(NODES) as u32)).collect();
    let ours = median(&pairs, |(a, b)| {
        std::hint::black_box(path(&view, node(*a), node(*b), &WalkOptions::default(), &mut scratch));
    });
    let few = pairs.get(..10).unwrap_or_default();
    let theirs = median(few, |(a, b)| {
        std::hint::black_box(bfs(&peer, index[*a as usize], index[*b as usize]));
    });
    row("shortest path", ours, Some(theirs));
    for (a, b) in few {
        let found = path(&view, node(*a), node(*b), &WalkOptions::default(), &mut scratch).length;
        assert_eq!(found, bfs(&peer, index[*a as usize], index[*b as usize]), "N{a} to N{b}");
    }

    let ours = median(ids.get(..100).unwrap_or_default(), |i| {
        std::hint::black_box(trace(&view, node(*i), &TraceOptions::default()));
    });
    row("ownership chain, both ways, 2,000 rows", ours, None);

    let start = Instant::now();
    let parts = components(&view, true).count();
    let ours = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let same = petgraph::algo::connected_components(&peer);
    row("components", ours, Some(start.elapsed().as_secs_f64()));
    assert_eq!(parts, same);
    graph.sound()?;
    std::fs::remove_dir_all(&dir).ok();
    Ok(())
}
