//! Path queries against exhaustive search, petgraph and small graphs made by hand.

use super::testing::*;
use super::*;
use crate::graph::{Dir, Filter, View};
use crate::import::Input;
use crate::model::PartialDate;
use proptest::prelude::*;

const PARTIES: &[(&str, &str)] = &[
    ("a", "company"),
    ("b", "company"),
    ("c", "person"),
    ("d", "company"),
    ("e", "company"),
    ("prog", "sanctions_program"),
    ("town", "place"),
    ("land", "unknown_party"),
];

#[test]
fn a_hub_is_an_end_but_no_passage() {
    let g = small(
        PARTIES,
        &[
            ("a", "under_program", "prog"),
            ("b", "under_program", "prog"),
            ("a", "supplies", "c"),
            ("d", "directs", "c"),
            ("d", "owns", "b"),
        ],
    );
    let v = all(&g);
    let mut s = Scratch::default();
    let (a, b, prog) = (node(&g, "a"), node(&g, "b"), node(&g, "prog"));
    let got = path(&v, a, b, &WalkOptions::default(), &mut s);
    assert_eq!(ids(&g, &got.routes[0].nodes), ["a", "c", "d", "b"]);
    assert_eq!(
        got.result(&v).unwrap().to_string(),
        r#"{"length":3,"count":"1","paths":[{"nodes":["a","c","d","b"],"edges":[["e2"],["e3"],["e4"]]}]}"#
    );
    let through = WalkOptions { through: true, ..WalkOptions::default() };
    assert_eq!(ids(&g, &path(&v, a, b, &through, &mut s).routes[0].nodes), ["a", "prog", "b"]);
    // As an end a hub is reached, over a party that is tied to it.
    let c = node(&g, "c");
    assert_eq!(ids(&g, &path(&v, c, prog, &WalkOptions::default(), &mut s).routes[0].nodes), ["c", "a", "prog"]);
    assert_eq!(path(&v, prog, c, &WalkOptions::default(), &mut s).length, Some(2));
    // Nothing but the hub between them: the answer says so.
    let short = WalkOptions { max_hops: Some(2), ..WalkOptions::default() };
    let none = path(&v, a, b, &short, &mut s);
    assert!(none.is_empty() && none.part.nodes.is_empty() && !none.part.truncated);
    assert_eq!(
        none.part.notes,
        [
            "searched: edges walked both ways; at most 2 steps; no hub passed through",
            "a path of 2 steps through prog (sanctions_program) exists; use --through"
        ]
    );
    assert_eq!(none.result(&v).unwrap().to_string(), r#"{"length":null,"count":"0","paths":[]}"#);
}

#[test]
fn edges_that_tie_to_hubs_by_nature_lead_nowhere_else() {
    // `land` is a state that nobody said is one.
    let g = small(PARTIES, &[("a", "registered_in", "land"), ("b", "registered_in", "land"), ("land", "owns", "c")]);
    let v = all(&g);
    let mut s = Scratch::default();
    let to = |x: &str, y: &str, s: &mut Scratch| path(&v, node(&g, x), node(&g, y), &WalkOptions::default(), s);
    assert_eq!(to("a", "land", &mut s).length, Some(1));
    assert_eq!(to("land", "c", &mut s).length, Some(1));
    assert_eq!(to("a", "c", &mut s).length, None);
    let none = to("a", "b", &mut s);
    assert_eq!(none.length, None);
    assert!(none.part.notes[1].contains("2 steps over registered_in exists; use --through"), "{:?}", none.part.notes);
    // Nothing at all: no note on hubs.
    assert_eq!(to("a", "e", &mut s).part.notes.len(), 1);
}

#[test]
fn parallel_edges_directions_loops_and_the_same_node() {
    let g = small(
        PARTIES,
        &[
            ("a", "owns", "b"),
            ("a", "owns", "b"),
            ("b", "supplies", "a"),
            ("a", "owns", "a"),
            ("b", "owns", "d"),
            ("c", "owns", "d"),
        ],
    );
    let v = all(&g);
    let mut s = Scratch::default();
    let (a, b, c, d) = (node(&g, "a"), node(&g, "b"), node(&g, "c"), node(&g, "d"));
    let got = path(&v, a, d, &WalkOptions::default(), &mut s);
    assert_eq!((got.length, got.count), (Some(2), 1));
    assert_eq!(got.result(&v).unwrap()["paths"][0]["edges"].to_string(), r#"[["e0","e1","e2"],["e4"]]"#);
    assert_eq!(got.part.edges.len(), 4);
    let way = |dir| WalkOptions { dir, ..WalkOptions::default() };
    assert_eq!(path(&v, a, d, &way(Dir::Out), &mut s).routes[0].steps[0].len(), 2);
    assert_eq!(path(&v, a, d, &way(Dir::In), &mut s).length, None);
    assert_eq!(path(&v, d, a, &way(Dir::In), &mut s).length, Some(2));
    assert_eq!(path(&v, b, c, &way(Dir::Out), &mut s).length, None);
    let same = path(&v, a, a, &WalkOptions::default(), &mut s);
    assert_eq!((same.length, same.count, same.part.nodes.len(), same.part.edges.len()), (Some(0), 1, 1, 0));
    assert_eq!(k_paths(&v, a, a, &WalkOptions::default(), 9, &mut s).count, 1);
    assert_eq!(k_paths(&v, a, d, &WalkOptions::default(), 0, &mut s), Paths::default());
}

#[test]
fn counts_that_no_list_could_hold() {
    // 70 diamonds in a row: 2^70 shortest paths.
    let mut nodes: Vec<(String, &str)> = Vec::new();
    let mut edges: Vec<(String, &str, String)> = Vec::new();
    for i in 0..70 {
        for x in ["j", "p", "q"] {
            nodes.push((format!("{x}{i:02}"), "company"));
        }
        for x in ["p", "q"] {
            edges.push((format!("j{i:02}"), "owns", format!("{x}{i:02}")));
            edges.push((format!("{x}{i:02}"), "owns", format!("j{:02}", i + 1)));
        }
    }
    nodes.push(("j70".into(), "company"));
    let nodes: Vec<(&str, &str)> = nodes.iter().map(|(a, b)| (a.as_str(), *b)).collect();
    let edges: Vec<(&str, &str, &str)> = edges.iter().map(|(a, b, c)| (a.as_str(), *b, c.as_str())).collect();
    let g = small(&nodes, &edges);
    let v = all(&g);
    let mut s = Scratch::default();
    let got = all_paths(&v, node(&g, "j00"), node(&g, "j70"), &WalkOptions::default(), 3, &mut s);
    assert_eq!((got.length, got.count, got.routes.len()), (Some(140), u64::MAX, 3));
    assert_eq!(got.part.nodes.len(), 211);
    assert_eq!(got.part.edges.len(), 280);
    assert!(got.part.truncated);
    assert_eq!(got.result(&v).unwrap()["count"], "at least 18446744073709551615");
    let got = all_paths(&v, node(&g, "j00"), node(&g, "j62"), &WalkOptions::default(), 0, &mut s);
    assert_eq!(got.count, 1 << 62);
    // A budget that ends first is said, and nothing is claimed.
    let tight = WalkOptions { budget: Budget { nodes: 50, edges: 1000 }, ..WalkOptions::default() };
    let cut = path(&v, node(&g, "j00"), node(&g, "j70"), &tight, &mut s);
    assert!(cut.is_empty() && cut.part.truncated);
    assert!(cut.part.notes[1].contains("budget"));
    let tight = WalkOptions { budget: Budget { nodes: 5000, edges: 2000 }, ..WalkOptions::default() };
    let some = k_paths(&v, node(&g, "j00"), node(&g, "j70"), &tight, 1000, &mut s);
    assert!(some.part.truncated && some.count >= 1 && some.count < 1000, "{}", some.count);
}

#[test]
fn an_answer_is_a_document_with_its_result() {
    let g = small(PARTIES, &[("a", "owns", "b"), ("b", "owns", "d")]);
    let v = all(&g);
    let got = path(&v, node(&g, "a"), node(&g, "d"), &WalkOptions::default(), &mut Scratch::default());
    let mut doc = answer(&v, &got.part, "path a d").unwrap();
    doc.answer.as_mut().unwrap().result = Some(got.result(&v).unwrap());
    let mut text = Vec::new();
    doc.write(&mut text).unwrap();
    let doc: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let edges: Vec<_> = doc["edges"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap()).collect();
    let named: Vec<_> = doc["answer"]["result"]["paths"][0]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|s| s.as_array().unwrap())
        .map(|e| e.as_str().unwrap())
        .collect();
    assert_eq!(edges, named);
}

/// A view with or without a date.
fn looked_at(g: &crate::graph::Graph, dated: bool) -> View<'_> {
    let as_of = dated.then(|| PartialDate::parse(&YEAR.to_string()).unwrap());
    View::new(g, Filter { as_of, ..Filter::default() }).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn paths_agree_with_trying_everything(
        r in random(7, 16), dir in dirs(), through in any::<bool>(), dated in any::<bool>(),
        hops in prop::option::weighted(0.3, 0..5u32), k in 1..12usize,
    ) {
        let g = r.graph();
        let v = looked_at(&g, dated);
        let mut s = Scratch::default();
        for (from, to) in [(0, 1), (2, 3), (4, 4), (5, 2)] {
            let options = WalkOptions { dir, through, max_hops: hops, ..WalkOptions::default() };
            let mut expected = r.simple_paths(&Naive { from, to, dir, through, dated });
            if let Some(h) = hops {
                expected.retain(|p| p.len() <= h as usize + 1);
            }
            let (a, b) = (node(&g, &format!("n{from}")), node(&g, &format!("n{to}")));
            let named = |paths: &Paths| -> Vec<Vec<usize>> {
                paths.routes.iter().map(|r| r.nodes.iter().map(|n| Random::at(&g, *n)).collect()).collect()
            };
            let one = path(&v, a, b, &options, &mut s);
            prop_assert_eq!(one.length, expected.first().map(|p| p.len() as u32 - 1));
            prop_assert_eq!(named(&one), expected.iter().take(1).cloned().collect::<Vec<_>>());

            let shortest: Vec<_> = expected.iter().filter(|p| p.len() == expected[0].len()).cloned().collect();
            let many = all_paths(&v, a, b, &options, 1000, &mut s);
            prop_assert_eq!(many.count, shortest.len() as u64);
            prop_assert_eq!(one.count, many.count);
            prop_assert_eq!(named(&many), shortest.clone());
            let first = all_paths(&v, a, b, &options, 1, &mut s);
            prop_assert_eq!(named(&first), named(&one));
            prop_assert_eq!((&first.part.nodes, &first.part.edges), (&many.part.nodes, &many.part.edges));
            let union: std::collections::BTreeSet<usize> = shortest.into_iter().flatten().collect();
            let mut got: Vec<usize> = many.part.nodes.iter().map(|n| Random::at(&g, *n)).collect();
            got.sort_unstable();
            prop_assert_eq!(got, union.into_iter().collect::<Vec<_>>());

            let best = k_paths(&v, a, b, &options, k, &mut s);
            prop_assert_eq!(named(&best), expected.iter().take(k).cloned().collect::<Vec<_>>());

            // Each step names all edges seen between its nodes, each the way the walk went.
            for r in best.routes.iter().chain(&many.routes) {
                for (ends, step) in r.nodes.windows(2).zip(&r.steps) {
                    let mut want: Vec<_> = v.links(ends[0], dir).filter(|l| l.other == ends[1]).map(|l| l.edge).collect();
                    let mut have = step.clone();
                    want.sort_unstable();
                    have.sort_unstable();
                    prop_assert!(!have.is_empty());
                    prop_assert_eq!(have, want);
                }
            }
            // A path that only hubs forbid is pointed at, and no other.
            if !through && one.is_empty() {
                let mut open = r.simple_paths(&Naive { from, to, dir, through: true, dated });
                open.retain(|p| hops.is_none_or(|h| p.len() <= h as usize + 1));
                let told = one.part.notes.iter().any(|n| n.contains("--through"));
                prop_assert_eq!(told, !open.is_empty());
            }
        }
    }

    #[test]
    fn lengths_agree_with_petgraph(r in random(40, 90), dated in any::<bool>()) {
        let g = r.graph();
        let v = looked_at(&g, dated);
        let mut s = Scratch::default();
        let from = node(&g, "n0");
        let far = petgraph::algo::dijkstra(&v, from, None, |_| 1u32);
        for i in 0..40 {
            let to = node(&g, &format!("n{i}"));
            let options = WalkOptions { dir: Dir::Out, through: true, ..WalkOptions::default() };
            let got = path(&v, from, to, &options, &mut s);
            prop_assert_eq!(got.length, far.get(&to).copied());
            // petgraph's two-sided search finds no empty path.
            if from != to {
                prop_assert_eq!(got.length, petgraph::algo::bidirectional_dijkstra(&v, from, to, |_| 1u32));
            }
            let back = path(&v, to, from, &WalkOptions { dir: Dir::In, ..options }, &mut s);
            prop_assert_eq!((back.length, back.count), (got.length, got.count));
        }
    }
}

#[test]
fn on_the_list_two_parties_meet_in_a_person_and_not_in_their_programme() {
    let Some(root) = std::env::var_os("CUIBONO_TEST_DATA") else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    let file = std::path::Path::new(&root).join("data/ofac/sdn-2023-08-31.csv.gz");
    let g = graph_of_files(vec![Input::open(&file).unwrap()]);
    let v = all(&g);
    let (a, b) = (v.resolve("INTELLEKT LLC").unwrap(), v.resolve("JON, Jin Yong").unwrap());
    let mut s = Scratch::default();
    let got = path(&v, a, b, &WalkOptions::default(), &mut s);
    let inner: Vec<&str> = got.routes[0].nodes[1..got.routes[0].nodes.len() - 1].iter().map(|n| g.label(*n)).collect();
    assert!(inner.iter().any(|l| l.starts_with("KOZLOV")), "{inner:?}");
    assert!(got.part.nodes.iter().all(|n| !g.node_type(*n).hub));
    let more = k_paths(&v, a, b, &WalkOptions::default(), 5, &mut s);
    assert_eq!(more.routes[0], got.routes[0]);
}
