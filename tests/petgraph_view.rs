//! petgraph's algorithms on a view give what they give on petgraph's own graph of the same
//! document, through every filter.

use crate::support::{date, graph, import_texts, memory, on};
use cuibono::graph::{Edge, Filter, Graph, Node, View};
use petgraph::algo;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{EdgeFiltered, EdgeRef, IntoEdgeReferences, IntoNodeReferences, NodeCount, Reversed};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Edge types with what a step along them costs.
const TYPES: [(&str, u32); 4] = [("owns", 1), ("controls", 3), ("supplies", 7), ("owns_or_controls", 2)];

/// One edge of a random document. Years are 2000 to 2009; `partial` writes them without a day.
#[derive(Debug, Clone)]
struct Spec {
    from: usize,
    to: usize,
    kind: usize,
    start: Option<u32>,
    end: Option<u32>,
    partial: bool,
}

impl Spec {
    /// Whether it holds on the first of July of a year; without a year always.
    fn holds(&self, year: Option<u32>) -> bool {
        let Some(year) = year else { return true };
        // An end is the first day no longer in force; a year alone may mean its last day.
        let open = |end: u32| if self.partial { end >= year } else { end > year };
        self.start.is_none_or(|s| s <= year) && self.end.is_none_or(open)
    }
}

fn spec(nodes: usize) -> impl Strategy<Value = Spec> {
    let ends = (0..nodes, 0..nodes, 0..TYPES.len());
    let years = (proptest::option::of(2000u32..2005), proptest::option::of(2005u32..2010), any::<bool>());
    (ends, years).prop_map(|((from, to, kind), (start, end, partial))| Spec { from, to, kind, start, end, partial })
}

fn documents() -> impl Strategy<Value = (usize, Vec<Spec>)> {
    (1usize..14).prop_flat_map(|n| (Just(n), proptest::collection::vec(spec(n), 0..40)))
}

fn stored(nodes: usize, edges: &[Spec]) -> Graph {
    let nodes: Vec<String> =
        (0..nodes).map(|i| format!(r#"{{"id":"n{i}","type":"company","name":"Firm {i}"}}"#)).collect();
    let day = |y: Option<u32>, partial: bool| match y {
        None => "null".to_owned(),
        Some(y) if partial => format!("\"{y}\""),
        Some(y) => format!("\"{y}-01-01\""),
    };
    let edges: Vec<String> = edges
        .iter()
        .enumerate()
        .map(|(i, e)| {
            let (start, end) = (day(e.start, e.partial), day(e.end, e.partial));
            format!(
                r#"{{"id":"e{i}","source":"n{}","target":"n{}","type":"{}","start":{start},"end":{end}}}"#,
                e.from, e.to, TYPES[e.kind].0
            )
        })
        .collect();
    let text = format!(r#"{{"cuibono":1,"scope":"x","nodes":[{}],"edges":[{}]}}"#, nodes.join(","), edges.join(","));
    let s = memory();
    import_texts(&s, &[("d.json", &text)], &on("2020-01-01")).unwrap();
    graph(&s)
}

/// The document's own graph: weights are numbers of edges.
fn plain(nodes: usize, edges: &[Spec], keep: impl Fn(&Spec) -> bool) -> DiGraph<(), usize> {
    let mut g = DiGraph::new();
    let ids: Vec<NodeIndex> = (0..nodes).map(|_| g.add_node(())).collect();
    for (i, e) in edges.iter().enumerate().filter(|(_, e)| keep(e)) {
        g.add_edge(ids[e.from], ids[e.to], i);
    }
    g
}

fn cost(g: &Graph, e: Edge) -> u32 {
    TYPES.iter().find(|(name, _)| *name == g.edge_type(e).name).unwrap().1
}

/// Sizes of a partition's parts, in order.
fn sizes<T>(parts: &[Vec<T>]) -> Vec<usize> {
    let mut sizes: Vec<usize> = parts.iter().map(Vec::len).collect();
    sizes.sort_unstable();
    sizes
}

fn compare(view: &View<'_>, nodes: usize, edges: &[Spec], keep: impl Fn(&Spec) -> bool) {
    let g = view.graph();
    let p = plain(nodes, edges, keep);
    let v: Vec<Node> = (0..nodes).map(|i| g.find_id(&format!("x:n{i}")).unwrap()).collect();
    let back: HashMap<Node, usize> = v.iter().enumerate().map(|(i, n)| (*n, i)).collect();
    let ours = |n: &Node| back[n];

    assert_eq!((view.node_count(), view.node_references().count()), (nodes, nodes));
    // The same edges, by id, with the same ends.
    let mut seen: Vec<(String, usize, usize)> = view
        .edge_references()
        .map(|e| (g.relation(e.id()).unwrap().external_id(), ours(&e.source()), ours(&e.target())))
        .collect();
    let mut wanted: Vec<(String, usize, usize)> =
        p.edge_references().map(|e| (format!("x:e{}", e.weight()), e.source().index(), e.target().index())).collect();
    seen.sort();
    wanted.sort();
    assert_eq!(seen, wanted);

    assert_eq!(algo::connected_components(view), algo::connected_components(&p));
    assert_eq!(sizes(&algo::kosaraju_scc(view)), sizes(&algo::kosaraju_scc(&p)));
    assert_eq!(sizes(&algo::tarjan_scc(view)), sizes(&algo::tarjan_scc(&p)));
    assert_eq!(algo::is_cyclic_directed(view), algo::is_cyclic_directed(&p));
    match (algo::toposort(view, None), algo::toposort(&p, None)) {
        (Ok(order), Ok(_)) => {
            let place: HashMap<usize, usize> = order.iter().enumerate().map(|(at, n)| (ours(n), at)).collect();
            assert_eq!(place.len(), nodes);
            assert!(wanted.iter().all(|(_, a, b)| place[a] < place[b]), "an edge leads back");
        }
        (Err(_), Err(_)) => {}
        (a, b) => panic!("toposort: {} in the view, {} in the document", a.is_ok(), b.is_ok()),
    }
    let price = |i: usize| TYPES[edges[i].kind].1;
    for start in 0..nodes {
        let from = |m: Vec<(Node, u32)>| -> BTreeMap<usize, u32> { m.iter().map(|(n, d)| (ours(n), *d)).collect() };
        let by_index =
            |m: Vec<(NodeIndex, u32)>| -> BTreeMap<usize, u32> { m.iter().map(|(n, d)| (n.index(), *d)).collect() };
        let at = NodeIndex::new(start);
        let there = algo::dijkstra(view, v[start], None, |e| cost(g, e.id()));
        let near = from(there.into_iter().collect());
        assert_eq!(near, by_index(algo::dijkstra(&p, at, None, |e| price(*e.weight())).into_iter().collect()));
        // Against the direction of the edges, and on some of them only.
        let there = algo::dijkstra(Reversed(view), v[start], None, |e| cost(g, e.id()));
        let back_there = algo::dijkstra(Reversed(&p), at, None, |e| price(*e.weight()));
        assert_eq!(from(there.into_iter().collect()), by_index(back_there.into_iter().collect()));
        let cheap = EdgeFiltered::from_fn(view, |e| cost(g, e.id()) < 3);
        let plain_cheap = EdgeFiltered::from_fn(&p, |e| price(*e.weight()) < 3);
        let there = algo::dijkstra(&cheap, v[start], None, |e| cost(g, e.id()));
        let cheap_there = algo::dijkstra(&plain_cheap, at, None, |e| price(*e.weight()));
        assert_eq!(from(there.into_iter().collect()), by_index(cheap_there.into_iter().collect()));
        for (end, node) in v.iter().enumerate() {
            let linked = algo::has_path_connecting(view, v[start], *node, None);
            assert_eq!(linked, near.contains_key(&end), "{start} to {end}");
            assert_eq!(linked, algo::has_path_connecting(&p, at, NodeIndex::new(end), None));
        }
        let ruled = algo::dominators::simple_fast(view, v[start]);
        let plain_ruled = algo::dominators::simple_fast(&p, at);
        for (i, n) in v.iter().enumerate() {
            let by = ruled.immediate_dominator(*n).map(|d| ours(&d));
            assert_eq!(by, plain_ruled.immediate_dominator(NodeIndex::new(i)).map(|d| d.index()));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn algorithms_agree(((nodes, edges), kinds, year) in (
        documents(),
        proptest::sample::subsequence((0..TYPES.len()).collect::<Vec<_>>(), 1..=TYPES.len()),
        1999u32..2011,
    )) {
        let g = stored(nodes, &edges);
        g.sound().unwrap();
        let types: Vec<String> = kinds.iter().map(|k| TYPES[*k].0.to_owned()).collect();
        let day = Some(date(&format!("{year}-07-01")));
        for (edge_types, as_of) in [(vec![], None), (types.clone(), None), (vec![], day), (types, day)] {
            let by_type = !edge_types.is_empty();
            let view = View::new(&g, Filter { as_of, edge_types, ..Filter::default() }).unwrap();
            let year = as_of.map(|_| year);
            compare(&view, nodes, &edges, |e| (!by_type || kinds.contains(&e.kind)) && e.holds(year));
        }
        g.sound().unwrap();
    }
}

/// Ranks depend on the order of sums in the last digits only.
#[test]
fn page_ranks_agree() {
    let ends = [(0, 1), (0, 1), (1, 2), (2, 0), (3, 2), (4, 4), (4, 3), (1, 3)];
    let spec = |&(from, to): &(usize, usize)| Spec { from, to, kind: 0, start: None, end: None, partial: false };
    let edges: Vec<Spec> = ends.iter().map(spec).collect();
    let g = stored(6, &edges);
    let view = View::new(&g, Filter::default()).unwrap();
    let p = plain(6, &edges, |_| true);
    let ranks = algo::page_rank(&view, 0.85_f64, 20);
    let wanted = algo::page_rank(&p, 0.85_f64, 20);
    for (i, rank) in wanted.iter().enumerate() {
        let n = g.find_id(&format!("x:n{i}")).unwrap();
        let found = ranks[petgraph::visit::NodeIndexable::to_index(&view, n)];
        assert!((found - rank).abs() < 1e-9, "{i}: {found} for {rank}");
    }
    assert!(wanted.windows(2).any(|w| w[0] != w[1]), "all ranks are alike: the test shows nothing");
}
