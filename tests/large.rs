//! A network of a million parties: right answers, bounded memory, no recursion. Too slow for a
//! debug build; `.ci/run` runs it in release with `--ignored`.

#[path = "../benches/network.rs"]
mod network;

use crate::ownership::networks::{ring, ring_holds};
use crate::support::{date, graph, import_texts, memory, on};
use cuibono::graph::{Dir, Filter, View};
use cuibono::import::{self, Input};
use cuibono::ownership::{
    Amount, Budget, Changes, Conventions, Exact, Figures, Judge, Method, Outcome, OwnAsk, Regimes,
};
use cuibono::query::{self, Scratch, WalkOptions};
use cuibono::store::{Folder, Storage};
use network::{EDGES, NODES, network};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

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

/// How long one question to a large network may take.
fn in_seconds<T>(what: &str, ask: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let answer = ask();
    let took = start.elapsed();
    println!("{what}: {took:?}");
    assert!(took < Duration::from_secs(20), "{what} took {took:?}");
    answer
}

#[test]
#[ignore = "a million nodes: run in release by .ci/run"]
fn a_chain_of_a_million_firms() {
    const FIRMS: usize = 1_000_000;
    let (mut nodes, mut edges) = (String::from("id,type,listed\nP,person,1\n"), String::new());
    edges.push_str("source,target,type,percentage\nP,N0,owns,100\n");
    for i in 0..FIRMS {
        writeln!(nodes, "N{i},company,0").unwrap();
    }
    for i in 1..FIRMS {
        // Half for the first forty, so that the product stays exact and small.
        writeln!(edges, "N{},N{i},owns,{}", i - 1, if i <= 40 { 50 } else { 100 }).unwrap();
    }
    let storage = memory();
    import_texts(&storage, &[("nodes.csv", &nodes), ("edges.csv", &edges)], &on("2024-01-01")).unwrap();
    let g = graph(&storage);
    let view = View::new(&g, Filter::default()).unwrap();
    let node = |id: &str| view.resolve(&format!("table:{id}")).unwrap();
    let (first, last) = (node("P"), node(&format!("N{}", FIRMS - 1)));
    let (regimes, day) = (Regimes::builtin(), date("2026-03-01"));
    let ofac = regimes.get("ofac").unwrap();
    let none = Conventions::default();
    let mut judge = Judge::new(&view, regimes, day, none, Changes::default()).unwrap();
    let found = in_seconds("verdict", || judge.verdicts(&[ofac], &[last]).unwrap());
    assert_eq!(found.list[0].outcome, Outcome::Blocked);
    let mut figures = Figures::new(&view, regimes, day, none, Changes::default()).unwrap();
    let mut own = |to| {
        // The exact product of a million links is asked for; the usual budget stops before.
        let budget = Budget { ops: 20_000_000, ..Budget::default() };
        let ask = OwnAsk { from: first, to, method: Method::Baldone, budget, regime: ofac };
        figures.own(&ask).unwrap()
    };
    let found = in_seconds("own, the last firm", || own(Some(last)));
    let amount = Amount::of(Exact::ratio(1, 1 << 40).unwrap());
    assert_eq!(found.positions[0].low, amount);
    assert_eq!(found.positions[0].cascade.as_ref().unwrap().min, Exact::HUNDRED);
    let found = in_seconds("own, all firms", || own(None));
    assert_eq!((found.positions.len(), &found.positions[FIRMS - 1].low), (FIRMS, &amount));
    let all = in_seconds("controls of one", || figures.controls(Some(&[node("N500000")]), 1_000_000).unwrap());
    assert_eq!(all.certain[0].1.len(), FIRMS - 500_001);
}

#[test]
#[ignore = "a ring of 100,000: run in release by .ci/run"]
fn a_ring_of_a_hundred_thousand_firms() {
    let g = ring(100_000);
    in_seconds("two questions to the ring", || ring_holds(&g, 100_000));
}
