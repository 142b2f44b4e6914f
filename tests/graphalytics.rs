//! The validation graphs of LDBC Graphalytics, imported like any network and asked.

use crate::support::{graph, import_texts, memory, test_data};
use cuibono::graph::{Dir, Filter, Graph, Node, View};
use cuibono::import::Request;
use cuibono::query::{
    CommunityOptions, DistanceOptions, RankOptions, WeightOptions, clustering, communities, components, distances,
    rank, weighted_distances,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The lines of a file as words.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|l| l.split_whitespace().map(str::to_owned).collect()).collect()
}

/// A graph of vertices and weighted edges, in a store in memory.
fn network(vertices: &BTreeSet<String>, edges: &[(String, String, Option<String>)]) -> Graph {
    let nodes: Vec<_> =
        vertices.iter().map(|v| serde_json::json!({"id": v, "type": "company", "name": format!("V{v}")})).collect();
    let edges: Vec<_> = (0..)
        .zip(edges)
        .map(|(i, (a, b, weight))| {
            let properties = weight.as_ref().map_or(serde_json::json!({}), |w| serde_json::json!({"weight": w}));
            serde_json::json!({"id": format!("e{i}"), "source": a, "target": b, "type": "owns", "properties": properties})
        })
        .collect();
    let doc = serde_json::json!({"cuibono": 1, "scope": "g", "sources": [{"id": "g", "title": "Graphalytics"}],
        "nodes": nodes, "edges": edges});
    let storage = memory();
    import_texts(
        &storage,
        &[("g.json", &doc.to_string())],
        &Request { release: Some(crate::support::date("2024-01-01")), ..Request::default() },
    )
    .unwrap();
    graph(&storage)
}

/// The graph of an adjacency list: each edge as it is listed, or, of an undirected graph, once
/// where it is listed from both ends.
fn adjacency(path: &Path, once: bool) -> Graph {
    let mut vertices = BTreeSet::new();
    let mut edges = Vec::new();
    let mut seen = BTreeSet::new();
    for row in rows(path) {
        let (from, to) = row.split_first().unwrap();
        vertices.insert(from.clone());
        for end in to {
            vertices.insert(end.clone());
            let pair = if from < end { (from.clone(), end.clone()) } else { (end.clone(), from.clone()) };
            if !once || seen.insert(pair) {
                edges.push((from.clone(), end.clone(), None));
            }
        }
    }
    if once {
        let listed: usize = rows(path).iter().map(|r| r.len() - 1).sum();
        assert_eq!(listed, 2 * edges.len(), "{} lists every edge from both ends", path.display());
    }
    network(&vertices, &edges)
}

/// The expected value of each vertex.
fn expected(path: &Path) -> BTreeMap<String, String> {
    rows(path).into_iter().map(|r| (r[0].clone(), r[1].clone())).collect()
}

fn vertex(g: &Graph, id: &str) -> Node {
    g.find_id(&format!("g:{id}")).unwrap()
}

fn folder(name: &str) -> Option<PathBuf> {
    test_data().map(|d| d.join("data/graphalytics").join(name))
}

fn near(got: f64, want: f64) -> bool {
    got == want || (got - want).abs() <= 1e-4 * want.abs()
}

/// Both forms of a validation graph: its directed edges; its undirected edges, stored once and
/// walked both ways, and stored both ways.
fn each(name: &str, mut check: impl FnMut(&str, &View<'_>, Dir, &BTreeMap<String, String>)) {
    let Some(at) = folder(name) else { return };
    for (form, once, dir) in [("dir", false, Dir::Out), ("undir", true, Dir::Both), ("undir", false, Dir::Out)] {
        let g = adjacency(&at.join(format!("{form}-input")), once);
        let want = expected(&at.join(format!("{form}-output")));
        assert_eq!(g.node_count(), want.len(), "{name} {form}");
        check(form, &View::new(&g, Filter::default()).unwrap(), dir, &want);
    }
}

#[test]
fn breadth_first_search() {
    each("bfs", |_, v, dir, want| {
        let got = distances(v, vertex(v.graph(), "1"), &DistanceOptions { dir, ..DistanceOptions::default() });
        for (id, steps) in want {
            let steps = steps.parse::<u64>().unwrap();
            let got = got.to(vertex(v.graph(), id)).map_or(i64::MAX as u64, u64::from);
            assert_eq!(got, steps, "{id}");
        }
    });
}

#[test]
fn label_propagation() {
    each("cdlp", |_, v, _, want| {
        let got = communities(v, &CommunityOptions { iterations: 5, ..CommunityOptions::default() });
        for (id, label) in want {
            let c = got.community_of(vertex(v.graph(), id)).unwrap();
            assert_eq!(got.label(c).unwrap(), vertex(v.graph(), label), "{id}");
        }
    });
}

#[test]
fn local_clustering() {
    // An undirected edge counts in both directions, so it has to be stored so.
    each("lcc", |_, v, dir, want| {
        if dir == Dir::Both {
            return;
        }
        let got = clustering(v, false, u64::MAX);
        for (id, x) in want {
            assert!(near(got.of(vertex(v.graph(), id)).unwrap(), x.parse().unwrap()), "{id}");
        }
    });
}

#[test]
fn page_rank() {
    // So many rounds the validation asks for.
    each("pr", |form, v, dir, want| {
        let iterations = if form == "dir" { 14 } else { 26 };
        let got = rank(v, &RankOptions { dir, iterations, ..RankOptions::default() }).unwrap();
        for (id, x) in want {
            let x: f64 = x.parse().unwrap();
            assert!(near(got.score(vertex(v.graph(), id)).unwrap(), x), "{id}");
        }
    });
}

#[test]
fn weak_components() {
    each("wcc", |_, v, _, want| {
        let got = components(v, false);
        let of = |id: &str| got.component_of(vertex(v.graph(), id)).unwrap();
        for (a, x) in want {
            for (b, y) in want {
                assert_eq!(of(a) == of(b), x == y, "{a} {b}");
            }
        }
    });
}

#[test]
fn shortest_paths_by_weight() {
    let Some(at) = folder("sssp") else { return };
    for (form, dir) in [("dir", Dir::Out), ("undir", Dir::Both)] {
        let vertices: BTreeSet<String> =
            rows(&at.join(format!("{form}-input.v"))).into_iter().map(|r| r[0].clone()).collect();
        let edges = rows(&at.join(format!("{form}-input.e")));
        let edges: Vec<_> = edges.into_iter().map(|r| (r[0].clone(), r[1].clone(), Some(r[2].clone()))).collect();
        let g = network(&vertices, &edges);
        let v = View::new(&g, Filter::default()).unwrap();
        let options = WeightOptions { dir, ..WeightOptions::default() };
        let got = weighted_distances(&v, vertex(&g, "1"), &options).unwrap();
        let mut reached: BTreeMap<Node, f64> = got.nodes.into_iter().collect();
        reached.insert(vertex(&g, "1"), 0.0);
        let want = expected(&at.join(format!("{form}-output")));
        assert_eq!(want.len(), vertices.len());
        for (id, x) in want {
            let got = reached.get(&vertex(&g, &id)).copied().unwrap_or(f64::INFINITY);
            let x = if x == "Infinity" { f64::INFINITY } else { x.parse().unwrap() };
            assert!(near(got, x), "{form} {id}: {got} {x}");
        }
    }
}
