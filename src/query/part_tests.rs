//! Neighbours, connections and components against exhaustive search, petgraph and small graphs.

use super::testing::*;
use super::*;
use crate::graph::{Dir, Filter, Graph, Node, View};
use crate::model::PartialDate;
use petgraph::visit::{EdgeFiltered, EdgeRef};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const PARTIES: &[(&str, &str)] = &[
    ("a", "company"),
    ("b", "company"),
    ("c", "person"),
    ("d", "company"),
    ("e", "company"),
    ("prog", "sanctions_program"),
    ("state", "state"),
];

fn around(g: &Graph, start: &str, options: &NeighbourOptions) -> Neighbourhood {
    neighbours(&all(g), &[node(g, start)], options, &mut Scratch::default())
}

fn listed(g: &Graph, n: &Neighbourhood) -> Vec<String> {
    n.nodes.iter().map(|(n, d)| format!("{d} {}", g.show_id(g.id(*n)))).collect()
}

#[test]
fn order_counts_limits_and_hubs() {
    let g = small(
        PARTIES,
        &[
            ("a", "under_program", "prog"),
            ("b", "under_program", "prog"),
            ("a", "supplies", "c"),
            ("a", "owns", "d"),
            ("a", "owns", "a"),
            ("e", "owns", "d"),
            ("c", "owns", "d"),
            ("state", "supports", "prog"),
            ("a", "owns", "d"),
        ],
    );
    let v = all(&g);
    let one = around(&g, "a", &NeighbourOptions::default());
    assert_eq!(listed(&g, &one), ["0 a", "1 d", "1 c", "1 prog"]);
    assert_eq!(
        one.result(&v).to_string(),
        r#"{"counts":[{"type":"owns","direction":"out","edges":3},{"type":"supplies","direction":"out","edges":1},"#
            .to_owned()
            + r#"{"type":"under_program","direction":"out","edges":1}],"distances":{"a":0,"d":1,"c":1,"prog":1}}"#
    );
    let shown: Vec<String> = one.edges.iter().map(|e| g.relation(*e).unwrap().external_id()).collect();
    assert_eq!(shown, ["t:e4", "t:e3", "t:e8", "t:e6", "t:e2", "t:e0"]);
    let far = NeighbourOptions { hops: 9, ..NeighbourOptions::default() };
    assert_eq!(listed(&g, &around(&g, "a", &far)), ["0 a", "1 d", "1 c", "1 prog", "2 e"]);
    let through = NeighbourOptions { through: true, ..far };
    assert_eq!(listed(&g, &around(&g, "a", &through)), ["0 a", "1 d", "1 c", "1 prog", "2 e", "2 state", "2 b"]);
    // A hub shows its own when asked.
    assert_eq!(listed(&g, &around(&g, "prog", &NeighbourOptions::default())), ["0 prog", "1 state", "1 a", "1 b"]);
    let cut = around(&g, "a", &NeighbourOptions { limit: 2, ..far });
    assert_eq!(listed(&g, &cut), ["0 a", "1 d", "1 c"]);
    assert!(cut.truncated && cut.part().truncated && cut.notes[0].contains("2 neighbours"));
    assert_eq!(cut.counts, one.counts);
    let few = around(&g, "a", &NeighbourOptions { edge_limit: 3, ..far });
    assert!(few.truncated && few.edges.len() == 3);
    let tight = NeighbourOptions { budget: Budget { nodes: 9, edges: 2 }, ..far };
    assert!(around(&g, "a", &tight).truncated);
    // Directions, and nothing at all.
    let out = NeighbourOptions { dir: Dir::Out, ..far };
    assert_eq!(listed(&g, &around(&g, "e", &out)), ["0 e", "1 d"]);
    let none = around(&g, "d", &out);
    assert!(none.is_empty() && none.notes[0].contains("forward only; at most 9 steps"), "{:?}", none.notes);
}

#[test]
fn a_shown_hub_is_not_opened() {
    // `b` and `prog` are both shown; the programme's other members are not looked at, but the
    // edge from `b` to it is.
    let g = small(
        PARTIES,
        &[
            ("a", "under_program", "prog"),
            ("b", "under_program", "prog"),
            ("a", "owns", "b"),
            ("c", "under_program", "prog"),
            ("a", "supports", "state"),
            ("state", "supports", "prog"),
        ],
    );
    let got = around(&g, "a", &NeighbourOptions { hops: 3, ..NeighbourOptions::default() });
    assert_eq!(listed(&g, &got), ["0 a", "1 b", "1 state", "1 prog"]);
    let shown: BTreeSet<String> = got.edges.iter().map(|e| g.relation(*e).unwrap().external_id()).collect();
    assert_eq!(shown.into_iter().collect::<Vec<_>>(), ["t:e0", "t:e1", "t:e2", "t:e4"]);
}

#[test]
fn connecting_many() {
    let g = small(
        PARTIES,
        &[
            ("c", "owns", "a"),
            ("c", "owns", "b"),
            ("c", "owns", "d"),
            ("a", "supplies", "b"),
            ("e", "under_program", "prog"),
            ("a", "under_program", "prog"),
        ],
    );
    let v = all(&g);
    let mut s = Scratch::default();
    let ask = |names: &[&str], s: &mut Scratch| {
        let given: Vec<Node> = names.iter().map(|n| node(&g, n)).collect();
        between(&v, &given, &WalkOptions::default(), s)
    };
    let got = ask(&["a", "d", "b", "a"], &mut s);
    assert!(got.connected() && !got.is_empty());
    assert_eq!(ids(&g, &got.part.nodes), ["a", "d", "b", "c"]);
    assert_eq!(got.part.edges.len(), 4);
    assert_eq!(ids(&g, &got.joins[0].nodes), ["a", "b"]);
    assert_eq!(got.joins.len(), 2);
    let apart = ask(&["a", "d", "e"], &mut s);
    assert_eq!(
        apart.result(&v).unwrap().to_string(),
        r#"{"connected":false,"groups":[["a","d"],["e"]],"unconnected":["e"],"joins":[{"nodes":["a","c","d"],"edges":[["e0"],["e2"]]}]}"#
    );
    assert_eq!(
        apart.part.notes,
        [
            "not connected with a: e",
            "searched: edges walked both ways; no hub passed through",
            "a path of 2 steps through prog (sanctions_program) exists; use --through"
        ]
    );
    // A programme that was asked for connects.
    assert!(ask(&["a", "e", "prog"], &mut s).connected());
    let one = ask(&["a"], &mut s);
    assert!(one.is_empty() && one.connected() && one.part.nodes.len() == 1);
    assert!(ask(&[], &mut s).groups.is_empty());
}

#[test]
fn components_without_hubs() {
    let g = small(
        PARTIES,
        &[
            ("a", "under_program", "prog"),
            ("b", "under_program", "prog"),
            ("a", "owns", "c"),
            ("d", "registered_in", "e"),
            ("d", "owns", "d"),
        ],
    );
    let v = all(&g);
    let c = components(&v, false);
    assert_eq!((c.count(), c.sizes()[0], c.alone(), c.hubs), (6, 2, 5, 2));
    assert_eq!(c.component_of(node(&g, "a")), c.component_of(node(&g, "c")));
    let mut largest = ids(&g, &c.largest().collect::<Vec<_>>());
    largest.sort_unstable();
    assert_eq!(largest, ["a", "c"]);
    let r = c.result(&v, 1, 1);
    assert_eq!((&r["count"], &r["largest"], &r["truncated"]), (&6.into(), &2.into(), &true.into()));
    let c = components(&v, true);
    assert_eq!((c.sizes(), c.hubs), (&[4, 2, 1][..], 0));
    assert_eq!(c.result(&v, 9, 9)["truncated"], false);
    let empty = Components::default();
    assert_eq!((empty.count(), empty.alone(), empty.largest().count()), (0, 0, 0));
}

fn looked_at(g: &Graph, dated: bool) -> View<'_> {
    let as_of = dated.then(|| PartialDate::parse(&YEAR.to_string()).unwrap());
    View::new(g, Filter { as_of, ..Filter::default() }).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn distances_agree_with_trying_everything(
        r in random(7, 16), dir in dirs(), through in any::<bool>(), dated in any::<bool>(), hops in 0..7u32,
        start in 0..7usize,
    ) {
        let g = r.graph();
        let v = looked_at(&g, dated);
        let options = NeighbourOptions { hops, dir, through, ..NeighbourOptions::default() };
        let mut s = Scratch::default();
        let got = neighbours(&v, &[node(&g, &format!("n{start}"))], &options, &mut s);
        let have: BTreeMap<usize, u32> = got.nodes.iter().map(|(n, d)| (Random::at(&g, *n), *d)).collect();
        let want: BTreeMap<usize, u32> = (0..7)
            .filter_map(|to| {
                let paths = r.simple_paths(&Naive { from: start, to, dir, through, dated });
                paths.first().map(|p| (to, p.len() as u32 - 1))
            })
            .filter(|(_, d)| *d <= hops)
            .collect();
        prop_assert_eq!(&have, &want);
        prop_assert!(got.nodes.windows(2).all(|w| w[0].1 <= w[1].1));
        prop_assert!(!got.truncated);
        // Every edge seen among them, but not between two hubs that were merely reached.
        let shut = |n: Node| !through && g.node_type(n).hub && Random::at(&g, n) != start;
        let among: BTreeSet<_> = v
            .edges()
            .filter(|(_, a, b)| have.contains_key(&Random::at(&g, *a)) && have.contains_key(&Random::at(&g, *b)))
            .filter(|(_, a, b)| !(shut(*a) && shut(*b)))
            .map(|(e, _, _)| e)
            .collect();
        let edges: BTreeSet<_> = got.edges.iter().copied().collect();
        prop_assert_eq!(edges.len(), got.edges.len());
        prop_assert_eq!(edges, among);
        // A smaller limit is the beginning of the same answer.
        let less = neighbours(&v, &[node(&g, &format!("n{start}"))], &NeighbourOptions { limit: 2, ..options }, &mut s);
        prop_assert_eq!(&less.nodes[..], &got.nodes[..got.nodes.len().min(3)]);
        prop_assert_eq!(less.truncated, got.nodes.len() > 3);
        let total: u64 = got.counts.iter().map(|c| c.edges).sum();
        prop_assert_eq!(total, v.links(node(&g, &format!("n{start}")), Dir::Both).count() as u64);
    }

    #[test]
    fn what_connects_connects(r in random(9, 18), through in any::<bool>(), dated in any::<bool>(), many in 2..5usize) {
        let g = r.graph();
        let v = looked_at(&g, dated);
        let mut s = Scratch::default();
        let given: Vec<Node> = (0..many).map(|i| node(&g, &format!("n{i}"))).collect();
        let options = WalkOptions { through, ..WalkOptions::default() };
        let got = between(&v, &given, &options, &mut s);
        // Two nodes with a path between them are in one group.
        for (a, b) in [(0, 1), (many - 2, many - 1)] {
            let open = r.simple_paths(&Naive { from: a, to: b, dir: Dir::Both, through, dated });
            let group = |n: usize| got.groups.iter().position(|g| g.contains(&given[n]));
            if !open.is_empty() {
                prop_assert_eq!(group(a), group(b));
            }
            if many == 2 {
                prop_assert_eq!(group(a) == group(b), !open.is_empty());
                let shortest = open.first().map(|p| p.len() - 1);
                prop_assert_eq!(got.joins.first().map(Route::len), shortest);
            }
        }
        prop_assert_eq!(got.groups.iter().map(Vec::len).sum::<usize>(), many);
        prop_assert_eq!(got.joins.len() + got.groups.len(), many);
        // The answer holds together as a graph: as many parts as groups.
        let nodes: BTreeSet<Node> = got.part.nodes.iter().copied().collect();
        prop_assert_eq!(nodes.len(), got.part.nodes.len());
        let mut parts: BTreeMap<Node, Node> = nodes.iter().map(|n| (*n, *n)).collect();
        for e in got.joins.iter().flat_map(|j| &j.steps).flatten() {
            let (a, b) = g.ends(*e);
            let (a, b) = (parts[&a], parts[&b]);
            parts.values_mut().filter(|p| **p == a).for_each(|p| *p = b);
            prop_assert!(got.part.edges.contains(e));
        }
        prop_assert_eq!(parts.values().collect::<BTreeSet<_>>().len(), got.groups.len());
        for e in &got.part.edges {
            let (a, b) = g.ends(*e);
            prop_assert!(nodes.contains(&a) && nodes.contains(&b));
        }
    }

    #[test]
    fn components_agree_with_petgraph(r in random(30, 40), through in any::<bool>(), dated in any::<bool>()) {
        let g = r.graph();
        let v = looked_at(&g, dated);
        let joins = |n: Node| through || !g.node_type(n).hub;
        let kept = EdgeFiltered::from_fn(&v, |e| {
            joins(e.source()) && joins(e.target()) && (through || !g.edge_type(e.id()).hub)
        });
        let got = components(&v, through);
        prop_assert_eq!(got.count(), petgraph::algo::connected_components(&kept));
        prop_assert_eq!(got.sizes().iter().sum::<u32>(), 30);
        prop_assert!(got.sizes().windows(2).all(|w| w[0] >= w[1]));
        for (c, size) in got.sizes().iter().enumerate() {
            let members: Vec<Node> = got.members(c).collect();
            prop_assert_eq!(members.len(), *size as usize);
            prop_assert!(members.iter().all(|n| got.component_of(*n) == Some(c)));
        }
        for (e, a, b) in v.edges() {
            if joins(a) && joins(b) && (through || !g.edge_type(e).hub) {
                prop_assert_eq!(got.component_of(a), got.component_of(b));
            }
        }
    }
}
