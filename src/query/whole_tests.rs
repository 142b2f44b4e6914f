//! Algorithms over the whole graph against slow ones that are written from the definitions.

use super::testing::*;
use super::*;
use crate::graph::{Dir, Edge, Filter, Graph, Node, Rows, View};
use crate::import::{Input, Request, import};
use crate::model::PartialDate;
use crate::store::{Memory, Snapshot, Storage};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A view by day and by types.
fn looked_at(g: &Graph, dated: bool, few: bool) -> View<'_> {
    let as_of = dated.then(|| PartialDate::parse(&YEAR.to_string()).unwrap());
    let edge_types = if few { vec!["owns".into(), "family_of".into(), "under_program".into()] } else { Vec::new() };
    View::new(g, Filter { as_of, edge_types, ..Filter::default() }).unwrap()
}

/// The edges that take part, by the slow way, as pairs of node numbers.
fn edges_of(v: &View<'_>, through: bool) -> Vec<(usize, usize)> {
    let g = v.graph();
    let joins = |n: Node| through || !g.node_type(n).hub;
    v.edges()
        .filter(|(e, a, b)| joins(*a) && joins(*b) && (through || !g.edge_type(*e).hub))
        .map(|(_, a, b)| (a.0 as usize, b.0 as usize))
        .collect()
}

/// PageRank in fractions, from its definition.
fn exact_ranks(n: usize, edges: &[(usize, usize)], dir: Dir, rounds: usize) -> Vec<BigRational> {
    let whole = |x: usize| BigRational::from_integer(BigInt::from(x));
    let damping = BigRational::new(BigInt::from(17), BigInt::from(20));
    let mut arcs: Vec<(usize, usize)> = Vec::new();
    for (a, b) in edges {
        if dir != Dir::In {
            arcs.push((*a, *b));
        }
        if dir != Dir::Out {
            arcs.push((*b, *a));
        }
    }
    let mut ranks = vec![whole(1) / whole(n); n];
    for _ in 0..rounds {
        let mut next = vec![(BigRational::one() - &damping) / whole(n); n];
        for (from, rank) in ranks.iter().enumerate() {
            let to: Vec<usize> = arcs.iter().filter(|(a, _)| *a == from).map(|(_, b)| *b).collect();
            let all: Vec<usize> = (0..n).collect();
            let to = if to.is_empty() { all } else { to };
            for t in &to {
                next[*t] += &damping * rank / whole(to.len());
            }
        }
        ranks = next;
    }
    ranks
}

/// Label propagation from its definition; labels are places in the order of ids, shorter first.
fn slow_labels(g: &Graph, edges: &[(usize, usize)], rounds: usize) -> Vec<usize> {
    let n = g.node_count();
    let mut ids: Vec<(usize, String, usize)> =
        (0..n).map(|i| (g.id(Node(i as u32)).len(), g.id(Node(i as u32)).to_owned(), i)).collect();
    ids.sort();
    let mut labels = vec![0; n];
    ids.iter().enumerate().for_each(|(at, (_, _, node))| labels[*node] = at);
    for _ in 0..rounds {
        let round = |v: usize| {
            let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
            for (a, b) in edges.iter().filter(|(a, b)| a != b) {
                if *a == v {
                    *votes.entry(labels[*b]).or_default() += 1;
                }
                if *b == v {
                    *votes.entry(labels[*a]).or_default() += 1;
                }
            }
            let best = votes.values().max().copied();
            votes.into_iter().find(|(_, times)| Some(*times) == best).map_or(labels[v], |(l, _)| l)
        };
        labels = (0..n).map(round).collect();
    }
    labels
}

/// Local clustering from its definition.
fn slow_clustering(n: usize, edges: &[(usize, usize)]) -> Vec<(u64, u64)> {
    let arcs: BTreeSet<(usize, usize)> = edges.iter().copied().filter(|(a, b)| a != b).collect();
    let of = |v: usize| {
        let around: BTreeSet<usize> = (0..n).filter(|u| arcs.contains(&(v, *u)) || arcs.contains(&(*u, v))).collect();
        let ties = around.iter().flat_map(|a| around.iter().map(move |b| (*a, *b))).filter(|p| arcs.contains(p));
        let d = around.len() as u64;
        (ties.count() as u64, d * d.saturating_sub(1))
    };
    (0..n).map(of).collect()
}

/// Compares the rows of a view with its links, one by one.
fn rows_fit(v: &View<'_>, through: bool) -> Result<(), TestCaseError> {
    let (flat, hubs) = super::whole::whole(v, Dir::Both, through);
    let (g, want) = (v.graph(), edges_of(v, through));
    prop_assert_eq!(flat.nodes, g.node_count());
    prop_assert_eq!(hubs, if through { 0 } else { g.nodes().filter(|n| g.node_type(*n).hub).count() });
    prop_assert_eq!((flat.out.len(), flat.inn.len()), (want.len(), want.len()));
    for n in 0..flat.nodes {
        let mut out: Vec<u32> = want.iter().filter(|(a, _)| n == *a).map(|(_, b)| *b as u32).collect();
        let mut inn: Vec<u32> = want.iter().filter(|(_, b)| n == *b).map(|(a, _)| *a as u32).collect();
        out.sort_unstable();
        inn.sort_unstable();
        prop_assert_eq!(flat.out.degree(n), out.len());
        prop_assert_eq!(listed(&flat.out, n), out);
        prop_assert_eq!(listed(&flat.inn, n), inn);
    }
    let (one, _) = super::whole::whole(v, Dir::In, through);
    prop_assert_eq!((one.out.len(), one.inn.len()), (0, want.len()));
    Ok(())
}

#[test]
fn releases_sources_and_what_is_taken_back() {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    // Ends on the days that are asked for and beside them; the last edge's are no single days.
    let dates = |a: &str, b: &str| match (a, b) {
        ("a", "b") => (Some("2020-06-01"), Some("2021-06-01")),
        ("c", "a") => (Some("2020"), Some("2021-06")),
        _ => (None, None),
    };
    let release = |source: &str, day: &str, edges: &[(&str, &str, &str)]| {
        let nodes =
            ["a", "b", "c"].map(|id| serde_json::json!({"id": format!("t:{id}"), "type": "company", "name": id}));
        let edges: Vec<_> = edges
            .iter()
            .map(|(a, b, status)| {
                let (start, end) = dates(a, b);
                serde_json::json!({"source": format!("t:{a}"), "target": format!("t:{b}"), "type": "owns",
                    "status": status, "start": start, "end": end})
            })
            .collect();
        let doc = serde_json::json!({"cuibono": 1, "released": day, "sources": [{"id": source, "title": "T"}],
            "nodes": nodes, "edges": edges});
        let file = Input::from_bytes("r.json", doc.to_string().into_bytes()).unwrap();
        let options = crate::import::Options { source: Some(source.into()), full: true, ..Default::default() };
        let request = Request { allow_removals: true, options, ..Request::default() };
        import(storage.clone(), vec![file], &request, &mut |_| {}).unwrap();
    };
    release("one", "2020-01-01", &[("a", "b", "asserted"), ("b", "c", "asserted"), ("a", "c", "withdrawn")]);
    release("one", "2021-01-01", &[("a", "b", "asserted")]);
    release("two", "2022-01-01", &[("c", "a", "alleged"), ("b", "a", "withdrawn")]);
    let g = Graph::open(Snapshot::open(storage).unwrap()).unwrap();
    let day = |d: Option<&str>| d.map(|d| PartialDate::parse(d).unwrap());
    let mut sizes = Vec::new();
    let days =
        ["2019", "2020-05-31", "2020-06-01", "2020-06", "2021-05-31", "2021-06-01", "2021-06-30", "2021-07", "2021"];
    for as_of in std::iter::once(None).chain(days.map(Some)) {
        for known_at in [None, Some("2019-01-01"), Some("2020-06-01"), Some("2021-06-01")] {
            for source in ["", "one", "two"] {
                let sources = if source.is_empty() { Vec::new() } else { vec![source.to_owned()] };
                let filter = Filter { as_of: day(as_of), known_at: day(known_at), sources, ..Filter::default() };
                let v = View::new(&g, filter).unwrap();
                rows_fit(&v, true).unwrap();
                sizes.push(edges_of(&v, true).len());
            }
        }
    }
    sizes.sort_unstable();
    sizes.dedup();
    assert_eq!(sizes, [0, 1, 2, 3], "the filters differ");
}

fn listed(rows: &Rows, n: usize) -> Vec<u32> {
    let mut ends: Vec<u32> = rows.of(n).to_vec();
    ends.sort_unstable();
    ends
}

#[test]
fn ranks_of_a_star_and_their_order() {
    let g = small(
        &[("a", "company"), ("b", "company"), ("c", "company"), ("d", "company"), ("state", "state")],
        &[("a", "owns", "d"), ("b", "owns", "d"), ("c", "owns", "d"), ("a", "supports", "state")],
    );
    let v = all(&g);
    let r = rank(&v, &RankOptions::default()).unwrap();
    assert_eq!((r.iterations, r.hubs, r.edges, r.truncated), (20, 1, 3, false));
    let top: Vec<String> = r.results(&v, 9).iter().map(|x| x["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(top, ["d", "a", "b", "c", "state"], "equal ranks are in the order of ids");
    assert!((r.scores().iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(r.top(&v, 1).len(), 1);
    // Rank flows to owners, too, and hubs take part when asked.
    let up = rank(&v, &RankOptions { dir: Dir::In, through: true, ..RankOptions::default() }).unwrap();
    assert_eq!((up.edges, up.hubs), (4, 0));
    assert_eq!(ids(&g, &[up.top(&v, 1)[0].0]), ["a"]);
    let stop = rank(&v, &RankOptions { tolerance: Some(0.5), ..RankOptions::default() }).unwrap();
    assert!(stop.iterations < 20 && stop.change < 0.5 && !stop.truncated);
    let cut = rank(&v, &RankOptions { work: 20, ..RankOptions::default() }).unwrap();
    assert!(cut.truncated && cut.iterations == 2, "{cut:?}");
    for bad in [-0.1, 1.1, f64::NAN] {
        assert!(rank(&v, &RankOptions { damping: bad, ..RankOptions::default() }).is_err());
        let tolerance = Some(if bad > 1.0 { f64::NAN } else { bad });
        assert!(rank(&v, &RankOptions { tolerance, ..RankOptions::default() }).is_err());
    }
    let none = graph_of(r#"{"cuibono": 1, "sources": [{"id": "t"}], "nodes": [], "edges": []}"#);
    assert!(rank(&all(&none), &RankOptions::default()).unwrap().scores().is_empty());
    assert_eq!(communities(&all(&none), &CommunityOptions::default()).count(), 0);
}

#[test]
fn ranks_leave_out_who_was_not_known() {
    let g = small(&[("a", "company"), ("b", "company")], &[("a", "owns", "b")]);
    let before = Filter { known_at: Some(PartialDate::parse("2020").unwrap()), ..Filter::default() };
    let v = View::new(&g, before).unwrap();
    let r = rank(&v, &RankOptions::default()).unwrap();
    assert_eq!((r.edges, r.top(&v, 9).len()), (0, 0));
}

#[test]
fn two_groups_and_a_bridge() {
    let nodes: Vec<(String, &str)> = (0..8).map(|i| (format!("n{i}"), "company")).collect();
    let nodes: Vec<(&str, &str)> = nodes.iter().map(|(n, t)| (n.as_str(), *t)).collect();
    let mut edges = Vec::new();
    for group in [[0, 1, 2, 3], [4, 5, 6, 7]] {
        for a in group {
            for b in group.iter().filter(|b| **b > a) {
                edges.push((nodes[a].0, "owns", nodes[*b].0));
            }
        }
    }
    edges.push(("n3", "owns", "n4"));
    let g = small(&nodes, &edges);
    let v = all(&g);
    let found = communities(&v, &CommunityOptions::default());
    assert_eq!(found.sizes(), [4, 4]);
    assert!(found.settled && found.iterations < 10 && !found.truncated);
    let (rows, cut) = found.results(&v, 1, 2);
    assert!(cut);
    assert_eq!(rows[0].to_string(), r#"{"label":"n0","size":4,"nodes":["n0","n1"]}"#);
    assert_eq!(found.community_of(node(&g, "n4")), found.community_of(node(&g, "n7")));
    let cut = communities(&v, &CommunityOptions { work: 1, ..CommunityOptions::default() });
    assert!(cut.truncated && cut.count() == 8 && cut.iterations == 0);
    assert_eq!(clustering(&v, false, 1_000_000).exact(node(&g, "n0")), Some((3, 6)));
    assert!(clustering(&v, false, 1).truncated);
}

#[test]
fn distances_are_counted_and_cut() {
    let g = small(
        &[("a", "company"), ("b", "company"), ("c", "company"), ("d", "person"), ("prog", "sanctions_program")],
        &[("a", "owns", "b"), ("b", "owns", "c"), ("d", "under_program", "prog"), ("c", "under_program", "prog")],
    );
    let v = all(&g);
    let found = distances(&v, node(&g, "a"), &DistanceOptions::default());
    assert_eq!(found.counts, [1, 1, 1, 1]);
    assert_eq!((found.to(node(&g, "prog")), found.to(node(&g, "d"))), (Some(3), None));
    assert_eq!(found.nearest(&v, 2), [(node(&g, "b"), 1), (node(&g, "c"), 2)]);
    assert_eq!(found.result().to_string(), r#"{"reached":3,"farthest":3,"by_distance":[1,1,1]}"#);
    let through = distances(&v, node(&g, "a"), &DistanceOptions { through: true, ..DistanceOptions::default() });
    assert_eq!(through.to(node(&g, "d")), Some(4));
    let up = distances(&v, node(&g, "a"), &DistanceOptions { dir: Dir::In, ..DistanceOptions::default() });
    assert_eq!((up.reached(), up.nearest(&v, 5).len()), (0, 0));
}

#[test]
fn lengths_of_relations() {
    let edge = |a: &str, b: &str, value: &str| serde_json::json!({"source": a, "target": b, "type": "supplies", "properties": {"value": value}});
    let nodes: Vec<_> =
        ["a", "b", "c", "d"].iter().map(|id| serde_json::json!({"id": id, "type": "company", "name": id})).collect();
    let two = serde_json::json!({"source": "a", "target": "c", "type": "owns", "properties": {"value": ["9", "7.5"]}});
    let none = serde_json::json!({"source": "a", "target": "d", "type": "owns"});
    let doc = serde_json::json!({"cuibono": 1, "sources": [{"id": "t"}], "nodes": nodes,
        "edges": [edge("a", "b", "2"), edge("b", "c", "3.5"), edge("c", "d", "-1"), edge("b", "d", "much"), two, none]});
    let g = graph_of(&doc.to_string());
    let v = all(&g);
    let options = WeightOptions { property: "value".into(), ..WeightOptions::default() };
    let found = weighted_distances(&v, node(&g, "a"), &options).unwrap();
    assert_eq!(found.nodes, [(node(&g, "b"), 2.0), (node(&g, "c"), 5.5)]);
    assert_eq!((found.without, found.truncated), (3, false));
    assert_eq!(found.notes, [r#"3 relations without a "value" of 0 or more were not walked"#]);
    let one = weighted_distances(&v, node(&g, "a"), &WeightOptions { limit: 1, ..options.clone() }).unwrap();
    assert!(one.truncated && one.nodes == [(node(&g, "b"), 2.0)]);
    let tight = WeightOptions { budget: Budget { nodes: 9, edges: 1 }, ..options };
    assert!(weighted_distances(&v, node(&g, "a"), &tight).unwrap().truncated);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(200), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flat_rows_are_what_the_view_shows(
        r in random(30, 60), more in random(30, 12), layered in any::<bool>(), dated in any::<bool>(),
        few in any::<bool>(), through in any::<bool>(), retract in any::<bool>(), by in prop::option::of(any::<bool>()),
    ) {
        let mut g = r.graph();
        if layered {
            g.overlay(more.snapshot("over")).unwrap();
        }
        if retract {
            g.hide_for_test(Edge(0));
        }
        let mut filter = looked_at(&g, dated, few).filter().clone();
        let source = if layered && by == Some(true) { "over" } else { "t" };
        filter.sources = by.filter(|_| !r.edges.is_empty()).map(|_| source.to_owned()).into_iter().collect();
        let v = View::new(&g, filter).unwrap();
        rows_fit(&v, through)?;
    }

    #[test]
    fn ranks_agree_with_fractions(
        r in random(20, 40), dir in dirs(), through in any::<bool>(), dated in any::<bool>(), few in any::<bool>(),
        rounds in 0..4u32,
    ) {
        let g = r.graph();
        let v = looked_at(&g, dated, few);
        let options = RankOptions { dir, through, iterations: rounds, ..RankOptions::default() };
        let got = rank(&v, &options).unwrap();
        prop_assert_eq!(&got, &rank(&v, &options).unwrap(), "the same bits again");
        let want = exact_ranks(20, &edges_of(&v, through), dir, rounds as usize);
        prop_assert!(want.iter().fold(BigRational::zero(), |a, b| a + b).is_one());
        for n in g.nodes() {
            let (got, want) = (got.score(n).unwrap(), want[n.0 as usize].to_f64().unwrap());
            prop_assert!((got - want).abs() <= 1e-12 * want, "{got} {want}");
        }
        let top = got.top(&v, 7);
        let everyone = got.top(&v, 99);
        prop_assert_eq!(&top[..], &everyone[..7]);
        prop_assert!(everyone.windows(2).all(|w| w[0].1 >= w[1].1 * (1.0 - 1e-8)));
    }

    #[test]
    fn communities_agree_with_counting(
        r in random(20, 50), through in any::<bool>(), dated in any::<bool>(), few in any::<bool>(), rounds in 0..7u32,
    ) {
        let g = r.graph();
        let v = looked_at(&g, dated, few);
        let options = CommunityOptions { iterations: rounds, through, ..CommunityOptions::default() };
        let got = communities(&v, &options);
        let want = slow_labels(&g, &edges_of(&v, through), rounds as usize);
        let mut by_label: BTreeMap<usize, BTreeSet<u32>> = BTreeMap::new();
        want.iter().enumerate().for_each(|(n, l)| {
            by_label.entry(*l).or_default().insert(n as u32);
        });
        prop_assert_eq!(got.count(), by_label.len());
        let mut shortest: Vec<&str> = g.nodes().map(|n| g.id(n)).collect();
        shortest.sort_unstable_by_key(|id| (id.len(), *id));
        for (c, size) in got.sizes().iter().enumerate() {
            let members: BTreeSet<u32> = got.members(c).map(|n| n.0).collect();
            prop_assert_eq!(members.len(), *size as usize);
            let label = got.label(c).unwrap();
            let at = shortest.iter().position(|id| *id == g.id(label)).unwrap();
            prop_assert_eq!(&members, &by_label[&at]);
        }
        prop_assert!(got.sizes().windows(2).all(|w| w[0] >= w[1]));
    }

    #[test]
    fn clustering_agrees_with_trying_all_pairs(
        r in random(12, 60), through in any::<bool>(), dated in any::<bool>(), few in any::<bool>(),
    ) {
        let g = r.graph();
        let v = looked_at(&g, dated, few);
        let got = clustering(&v, through, u64::MAX);
        let want = slow_clustering(12, &edges_of(&v, through));
        for n in g.nodes() {
            prop_assert_eq!(got.exact(n).unwrap(), want[n.0 as usize]);
        }
        prop_assert!(!got.truncated);
    }

    #[test]
    fn distances_are_those_of_neighbours(
        r in random(20, 30), dir in dirs(), through in any::<bool>(), dated in any::<bool>(), few in any::<bool>(),
        start in 0..20usize, hops in prop::option::of(0..5u32),
    ) {
        let g = r.graph();
        let v = looked_at(&g, dated, few);
        let from = node(&g, &format!("n{start}"));
        let got = distances(&v, from, &DistanceOptions { dir, through, max_hops: hops });
        let options = NeighbourOptions { hops: hops.unwrap_or(99), dir, through, ..NeighbourOptions::default() };
        let want = neighbours(&v, &[from], &options, &mut Scratch::default());
        let want: BTreeMap<Node, u32> = want.nodes.into_iter().collect();
        for n in g.nodes() {
            prop_assert_eq!(got.to(n), want.get(&n).copied());
        }
        prop_assert_eq!(got.reached() as usize + 1, want.len());
        let near = got.nearest(&v, 3);
        prop_assert_eq!(&near[..], &got.nearest(&v, 99)[..near.len()]);
        prop_assert_eq!(near.len(), 3.min(want.len() - 1));
    }

    #[test]
    fn lengths_agree_with_trying_everything(
        r in random(7, 14), dir in dirs(), through in any::<bool>(), start in 0..7usize,
        lengths in prop::collection::vec(prop::option::weighted(0.8, 0..9u32), 14),
    ) {
        let g = r.weighted(&lengths);
        let v = all(&g);
        let from = node(&g, &format!("n{start}"));
        let options = WeightOptions { property: "w".into(), dir, through, ..WeightOptions::default() };
        let got = weighted_distances(&v, from, &options).unwrap();
        let have: BTreeMap<usize, f64> = got.nodes.iter().map(|(n, d)| (Random::at(&g, *n), *d)).collect();
        // The shortest of all simple paths, each step over the best of its parallel edges.
        let mut want: BTreeMap<usize, f64> = BTreeMap::new();
        for to in (0..7).filter(|to| *to != start) {
            let walk = Naive { from: start, to, dir, through, dated: false };
            let costs = r.simple_paths(&walk).into_iter().filter_map(|path| {
                let step = |w: &[usize]| r.cheapest(w[0], w[1], &walk, &lengths).map(f64::from);
                path.windows(2).map(step).sum::<Option<f64>>()
            });
            if let Some(least) = costs.min_by(f64::total_cmp) {
                want.insert(to, least);
            }
        }
        prop_assert_eq!(have, want);
        prop_assert!(got.nodes.windows(2).all(|w| w[0].1 <= w[1].1));
    }
}
