//! A network of a million parties: right answers, bounded memory, no recursion. Too slow for a
//! debug build; `.ci/run` runs it in release with `--ignored`.

#[path = "../benches/network.rs"]
mod network;

use crate::support::{graph, on};
use cuibono::graph::{Dir, Filter, View};
use cuibono::import::{self, Input};
use cuibono::query::{self, Scratch, WalkOptions};
use cuibono::store::{Folder, Storage};
use network::{EDGES, NODES, network};
use std::collections::HashMap;
use std::sync::Arc;

/// Undirected distances from one node, the slow and plain way.
fn distances(list: &[(u32, u32)], from: u32) -> Vec<u32> {
    let n = NODES as usize;
    let mut start = vec![0u32; n + 1];
    for (a, b) in list {
        start[*a as usize + 1] += 1;
        start[*b as usize + 1] += 1;
    }
    for i in 0..n {
        start[i + 1] += start[i];
    }
    let (mut at, mut next) = (start.clone(), vec![0u32; list.len() * 2]);
    for (a, b) in list {
        for (x, y) in [(*a, *b), (*b, *a)] {
            next[at[x as usize] as usize] = y;
            at[x as usize] += 1;
        }
    }
    let mut d = vec![u32::MAX; n];
    let mut queue = std::collections::VecDeque::from([from]);
    d[from as usize] = 0;
    while let Some(x) = queue.pop_front() {
        for y in &next[start[x as usize] as usize..start[x as usize + 1] as usize] {
            if d[*y as usize] == u32::MAX {
                d[*y as usize] = d[x as usize] + 1;
                queue.push_back(*y);
            }
        }
    }
    d
}

#[test]
#[ignore = "a million nodes: run in release by .ci/run"]
fn a_million_parties() {
    let (nodes, edges, list) = network();
    let dir = tempfile::tempdir().unwrap();
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(dir.path().join("store")));
    let files = vec![
        Input::from_bytes("nodes.csv", nodes.into_bytes()).unwrap(),
        Input::from_bytes("edges.csv", edges.into_bytes()).unwrap(),
    ];
    let done = import::import(Arc::clone(&storage), files, &on("2024-01-01"), &mut |_| {}).unwrap();
    assert_eq!((done.report.get("nodes"), done.report.get("edges")), (NODES, EDGES));

    let g = graph(&storage);
    assert_eq!((g.node_count() as u64, g.edge_count() as u64), (NODES, EDGES));
    let view = View::new(&g, Filter::default()).unwrap();
    let node = |i: u32| g.find_id(&format!("table:N{i}")).unwrap();

    let mut out: HashMap<u32, usize> = HashMap::new();
    for (a, _) in &list {
        *out.entry(*a).or_default() += 1;
    }
    for i in [0, 5, 77_777, 500_000, 999_999] {
        assert_eq!(view.links(node(i), Dir::Out).count(), out.get(&i).copied().unwrap_or(0), "N{i}");
    }
    let mut scratch = Scratch::default();
    for from in [3, 123_456, 900_001] {
        let d = distances(&list, from);
        for to in [99_999, 42, 777_777, 250_000] {
            let found = query::path(&view, node(from), node(to), &WalkOptions::default(), &mut scratch);
            let length = found.routes.first().map(|r| r.len() as u32);
            assert_eq!(length, (d[to as usize] != u32::MAX).then_some(d[to as usize]), "N{from} to N{to}");
        }
    }
    // Down the chain of 100,000, without recursion.
    let trace = query::trace(&view, node(0), &query::TraceOptions { limit: 5_000, ..query::TraceOptions::default() });
    assert!(trace.rows.len() >= 5_000 && trace.truncated, "{} rows", trace.rows.len());
    g.sound().unwrap();
}
