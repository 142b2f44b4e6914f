//! Reach, lengths and counts against the queries that make paths and surroundings; a view whose
//! filter has been decided for all edges against one that looks at each, with layers above and without.

use super::testing::*;
use super::*;
use crate::graph::{Dir, Edge, Filter, Graph, Held, Node, View};
use crate::import::{Input, Request, import};
use crate::model::{PartialDate, Share};
use crate::store::{Memory, Snapshot, Storage};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Lays edges over a graph: between two of its nodes, and to a node that only the layer has.
fn lay_over(g: &mut Graph, from: usize, to: usize) {
    let doc = serde_json::json!({
        "cuibono": 1, "sources": [{"id": "t", "title": "Test"}],
        "nodes": [
            {"id": format!("n{from}"), "type": "organization", "name": "above"},
            {"id": format!("n{to}"), "type": "organization", "name": "above"},
            {"id": "extra", "type": "organization", "name": "only above"}
        ],
        "edges": [
            {"id": "over", "source": format!("n{from}"), "target": format!("n{to}"), "type": "owns"},
            {"id": "far", "source": format!("n{to}"), "target": "extra", "type": "supplies"},
            {"id": "loop", "source": "extra", "target": "extra", "type": "owns"}
        ]
    });
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    let input = Input::from_bytes("t.json", doc.to_string().into_bytes()).unwrap();
    let request = Request { today: Some(PartialDate::parse("2024-01-01").unwrap()), ..Request::default() };
    import(storage.clone(), vec![input], &request, &mut |_| {}).unwrap();
    g.overlay(Snapshot::open(storage).unwrap()).unwrap();
}

/// A view by one of some filters.
fn looked_at(g: &Graph, filter: u8) -> View<'_> {
    let day = |t: &str| Some(PartialDate::parse(t).unwrap());
    let types = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
    let filter = match filter {
        0 => Filter::default(),
        1 => Filter { as_of: day("2020"), ..Filter::default() },
        2 => Filter { as_of: day("2019-07-01"), ..Filter::default() },
        3 => Filter { edge_types: types(&["owns"]), ..Filter::default() },
        _ => Filter { as_of: day("2016-03-31"), edge_types: types(&["owns", "supplies"]), ..Filter::default() },
    };
    View::new(g, filter).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(200), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_settled_view_answers_as_any_other(
        r in random(70, 140), filter in 0..5u8, dir in dirs(), through in any::<bool>(), over in any::<bool>(),
        hops in prop::option::weighted(0.5, 0..4u32),
    ) {
        let mut g = r.graph();
        if over {
            lay_over(&mut g, 3, 5);
        }
        let (plain, settled) = (looked_at(&g, filter), looked_at(&g, filter));
        let one_by_one: BTreeSet<Edge> = plain.edges().map(|(e, ..)| e).collect();
        settled.settle();
        prop_assert_eq!(settled.edges().map(|(e, ..)| e).collect::<BTreeSet<_>>(), one_by_one);
        let all: Vec<Node> = g.nodes().collect();
        let met = |v: &View<'_>| {
            let mut met = Vec::new();
            v.links_of(&all, dir, |n, l| {
                met.push((n, l.other, l.edge, l.outgoing));
                true
            });
            met.sort_unstable();
            met
        };
        let mut links: Vec<_> = all
            .iter()
            .flat_map(|n| plain.links(*n, dir).map(|l| (*n, l.other, l.edge, l.outgoing)))
            .collect();
        links.sort_unstable();
        prop_assert_eq!(&met(&settled), &links);
        prop_assert_eq!(&met(&looked_at(&g, filter)), &links);
        for v in [&settled, &looked_at(&g, filter)] {
            let mut met = Vec::new();
            v.shares_of(&all, |n, l, held| {
                met.push((n, l.other, l.edge, l.outgoing, held));
                true
            });
            met.sort_unstable_by_key(|m| (m.0, m.1, m.2));
            let mut out: Vec<_> = all
                .iter()
                .flat_map(|n| plain.links(*n, Dir::Out).map(|l| (*n, l.other, l.edge, true, Held::Unknown)))
                .collect();
            out.sort_unstable_by_key(|m| (m.0, m.1, m.2));
            prop_assert_eq!(met, out);
        }
        prop_assert_eq!(g.ids(&all).collect::<Vec<_>>(), all.iter().map(|n| g.id(*n)).collect::<Vec<_>>());

        let options = WalkOptions { dir, through, max_hops: hops, ..WalkOptions::default() };
        let (mut a, mut b) = (Scratch::default(), Scratch::default());
        for (from, to) in [(0, 1), (2, 2), (3, 69), (5, 3)] {
            let (x, y) = (node(&g, &format!("n{from}")), node(&g, &format!("n{to}")));
            let paths = all_paths(&looked_at(&g, filter), x, y, &options, 20, &mut a);
            prop_assert_eq!(&all_paths(&settled, x, y, &options, 20, &mut b), &paths);
            for v in [&settled, &looked_at(&g, filter)] {
                let length = path_length(v, x, y, &options, &mut b);
                prop_assert_eq!(length, Length { steps: paths.length, truncated: false });
                prop_assert_eq!(path_count(v, x, y, &options, &mut b), (length, paths.count));
                let around = NeighbourOptions {
                    hops: hops.unwrap_or(100), dir, through, limit: 1000, ..NeighbourOptions::default()
                };
                let around = neighbours(v, &[x, y], &around, &mut a);
                let reached = reach(v, &[x, y], &options, &mut b);
                prop_assert!(!reached.truncated);
                for d in 0..10u32 {
                    let want: BTreeSet<Node> = around.nodes.iter().filter(|n| n.1 == d).map(|n| n.0).collect();
                    let at = reached.at(d as usize);
                    prop_assert_eq!(at.len(), want.len());
                    prop_assert_eq!(at.iter().copied().collect::<BTreeSet<_>>(), want);
                }
                prop_assert_eq!(reached.nodes().len(), around.nodes.len());
            }
        }
    }
}

#[test]
fn a_budget_that_ends_first_is_said() {
    let names: Vec<String> = (0..60).map(|i| format!("f{i}")).collect();
    let parties: Vec<(&str, &str)> = names.iter().map(|n| (n.as_str(), "company")).collect();
    let edges: Vec<(&str, &str, &str)> =
        names.iter().zip(names.iter().skip(1)).map(|(a, b)| (a.as_str(), "owns", b.as_str())).collect();
    let g = small(&parties, &edges);
    let v = all(&g);
    let (a, b) = (node(&g, "f0"), node(&g, "f59"));
    let mut s = Scratch::default();
    let whole = WalkOptions { through: true, ..WalkOptions::default() };
    assert_eq!(path_length(&v, a, b, &whole, &mut s), Length { steps: Some(59), truncated: false });
    assert_eq!(reach(&v, &[a], &whole, &mut s).nodes().len(), 60);
    for budget in [Budget { nodes: 20, edges: 1000 }, Budget { nodes: 1000, edges: 20 }] {
        for through in [true, false] {
            let tight = WalkOptions { budget, through, ..whole };
            assert_eq!(path_length(&v, a, b, &tight, &mut s), Length { steps: None, truncated: true });
            assert_eq!(path_count(&v, a, b, &tight, &mut s), (Length { steps: None, truncated: true }, 0));
            let some = reach(&v, &[a], &tight, &mut s);
            assert!(some.truncated && (5..=22).contains(&some.nodes().len()), "{some:?}");
        }
    }
}

#[test]
fn shares_are_read_beside_their_edges() {
    let said = ["0", "0.01", "12.5", "100", "0.001", "100/3", "25 to 50", ">25 to 50", "50 to 50", ""];
    let edges: Vec<_> = (0..)
        .zip(said)
        .map(|(i, share)| {
            let share = (!share.is_empty()).then_some(share);
            serde_json::json!({"source": "a", "target": format!("b{i}"), "type": "owns", "share": share})
        })
        .collect();
    let nodes: Vec<_> = ["a".to_owned()]
        .into_iter()
        .chain((0..said.len()).map(|i| format!("b{i}")))
        .map(|id| serde_json::json!({"id": id, "type": "company", "name": id}))
        .collect();
    let doc =
        serde_json::json!({"cuibono": 1, "sources": [{"id": "t", "title": "Test"}], "nodes": nodes, "edges": edges});
    let g = graph_of(&doc.to_string());
    let v = all(&g);
    let mut met = 0;
    v.shares_of(&[node(&g, "a")], |_, l, held| {
        let at: usize = g.id(l.other).trim_start_matches("t:b").parse().unwrap();
        let want = (!said[at].is_empty()).then(|| Share::parse(said[at]).unwrap());
        assert_eq!(g.share(l.edge), want, "{}", said[at]);
        let parts = [Some(0), Some(1), Some(1_250), Some(10_000), None, None, None, None, Some(5_000), None][at];
        assert_eq!(held, parts.map_or(want.map_or(Held::Unknown, Held::Other), Held::Hundredths), "{}", said[at]);
        met += 1;
        true
    });
    assert_eq!(met, said.len());
    let mut first = 0;
    v.shares_of(&[node(&g, "a")], |_, _, _| {
        first += 1;
        false
    });
    assert_eq!(first, 1);
}
