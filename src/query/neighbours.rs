//! What lies around nodes, in order of distance.

use super::answer::Subgraph;
use super::route::{Show, among};
use super::scratch::Scratch;
use super::walk::{Budget, Rule, Spent, searched};
use crate::graph::{Dir, Edge, Node, View};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How far to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NeighbourOptions {
    /// Steps.
    pub hops: u32,
    /// Which way edges are walked; a symmetric edge counts as stored.
    pub dir: Dir,
    /// Neighbours in the answer, at most.
    pub limit: usize,
    /// Edges in the answer, at most.
    pub edge_limit: usize,
    /// Pass through hubs.
    pub through: bool,
    /// Bounds of the work.
    pub budget: Budget,
}

impl Default for NeighbourOptions {
    fn default() -> NeighbourOptions {
        NeighbourOptions {
            hops: 1,
            dir: Dir::Both,
            limit: 1_000,
            edge_limit: 20_000,
            through: false,
            budget: Budget::default(),
        }
    }
}

/// Edges of one type and direction at the starting nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeCount {
    /// Catalogue name of the type.
    pub edge_type: String,
    /// Whether they lead away from the starting node; a loop does.
    pub outgoing: bool,
    /// How many are seen.
    pub edges: u64,
}

/// The surroundings of some nodes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Neighbourhood {
    /// The starting nodes (distance 0), then the others by distance, type of the edge that
    /// reached them, and id.
    pub nodes: Vec<(Node, u32)>,
    /// All edges seen among the nodes, nearest first; an edge between two hubs neither of which
    /// is a start is left out unless the walk passes through hubs.
    pub edges: Vec<Edge>,
    /// What is seen at the starting nodes, whatever the limits and the direction of the walk,
    /// most edges first.
    pub counts: Vec<TypeCount>,
    /// A limit cut the answer.
    pub truncated: bool,
    /// Notes for the reader.
    pub notes: Vec<String>,
}

impl Neighbourhood {
    /// Whether there is nothing but the starting nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.iter().all(|(_, d)| *d == 0)
    }

    /// The graph of the answer.
    pub fn part(&self) -> Subgraph {
        Subgraph {
            nodes: self.nodes.iter().map(|(n, _)| *n).collect(),
            edges: self.edges.clone(),
            truncated: self.truncated,
            notes: self.notes.clone(),
        }
    }

    /// `{"counts": [{"type", "direction": "out" or "in", "edges": n}, ...], "distances":
    /// {id: steps, ...}}`, ids as the document shows them.
    pub fn result(&self, view: &View<'_>) -> Value {
        let show = Show::new(view.graph());
        let counts: Vec<Value> = self
            .counts
            .iter()
            .map(|c| {
                let direction = if c.outgoing { "out" } else { "in" };
                json!({ "type": c.edge_type, "direction": direction, "edges": c.edges })
            })
            .collect();
        let distances: Map<String, Value> = self.nodes.iter().map(|(n, d)| (show.node(*n), (*d).into())).collect();
        json!({ "counts": counts, "distances": distances })
    }
}

/// Edges seen at some nodes by type and direction, most first. Worth showing before the
/// neighbours of a hub are.
pub fn counts(view: &View<'_>, nodes: &[Node]) -> Vec<TypeCount> {
    let mut by: FxHashMap<(u16, bool), u64> = FxHashMap::default();
    for n in nodes {
        for l in view.links(*n, Dir::Both) {
            *by.entry((view.graph().edge_type_code(l.edge), l.outgoing)).or_default() += 1;
        }
    }
    let types = view.graph().catalogue().edge_types();
    let name = |code: u16| types.get(usize::from(code)).map_or(String::new(), |t| t.name.clone());
    let mut out: Vec<TypeCount> =
        by.into_iter().map(|((code, outgoing), edges)| TypeCount { edge_type: name(code), outgoing, edges }).collect();
    out.sort_by(|a, b| {
        b.edges.cmp(&a.edges).then_with(|| a.edge_type.cmp(&b.edge_type)).then(b.outgoing.cmp(&a.outgoing))
    });
    out
}

/// What lies within some steps of any of the starting nodes.
pub fn neighbours(
    view: &View<'_>,
    starts: &[Node],
    options: &NeighbourOptions,
    scratch: &mut Scratch,
) -> Neighbourhood {
    let graph = view.graph();
    let rule = Rule::new(view, options.through, starts);
    let mut spent = Spent::new(view, options.budget);
    let mut out = Neighbourhood { counts: counts(view, starts), ..Neighbourhood::default() };
    // Found nodes, and among them those opened, that is, walked through; each with its distance.
    let Scratch { marks: found_at, opened, .. } = scratch;
    found_at.reset(graph.node_count());
    opened.reset(graph.node_count());
    let mut frontier: Vec<Node> = Vec::new();
    for n in starts {
        if !found_at.has(*n) {
            found_at.set(*n, 0);
            opened.set(*n, 0);
            frontier.push(*n);
            out.nodes.push((*n, 0));
        }
    }
    let given = out.nodes.len();
    for distance in 1..=options.hops {
        if frontier.is_empty() || out.truncated {
            break;
        }
        let mut reached: FxHashMap<Node, &str> = FxHashMap::default();
        let mut next: Vec<Node> = Vec::new();
        // A node has a few edges each way.
        let steps = view.steps(frontier.len().saturating_mul(4));
        steps.links(&frontier, options.dir, usize::MAX, |u, l| {
            if !spent.edge() {
                return false;
            }
            let v = l.other;
            if opened.get(v).is_some_and(|d| d < distance) {
                return true;
            }
            // Every node may be the end of a walk; only some may be passed through.
            let start = rule.is_end(u);
            let plain = options.through || !rule.hub_edge(l.edge);
            let hub = rule.hub(v);
            if !(plain || start || hub) {
                return true;
            }
            if (plain || (start && rule.hub(u))) && (options.through || !hub) && !opened.has(v) {
                opened.set(v, distance);
                next.push(v);
            }
            if !found_at.has(v) {
                let name = graph.edge_type(l.edge).name.as_str();
                reached.entry(v).and_modify(|least| *least = name.min(least)).or_insert(name);
            }
            true
        });
        let mut level: Vec<(&str, &str, Node)> = reached.into_iter().map(|(n, t)| (t, graph.id(n), n)).collect();
        level.sort_unstable();
        let room = options.limit.saturating_sub(out.nodes.len() - given);
        out.truncated |= spent.out || level.len() > room;
        for (_, _, n) in level.into_iter().take(room) {
            if !spent.node() {
                out.truncated = true;
                break;
            }
            found_at.set(n, distance);
            out.nodes.push((n, distance));
        }
        frontier = next;
    }
    // Edges: of all nodes that the walk may open, and so of no hub that was merely reached.
    let found: Vec<Node> = out.nodes.iter().map(|(n, _)| *n).collect();
    let edges = among(view, &found, |n| rule.passes(n), &mut spent);
    let far = |e: Edge| {
        let (a, b) = graph.ends(e);
        found_at.get(a).unwrap_or(0).max(found_at.get(b).unwrap_or(0))
    };
    let mut by_distance: BTreeMap<u32, Vec<Edge>> = BTreeMap::new();
    for e in edges {
        by_distance.entry(far(e)).or_default().push(e);
    }
    for list in by_distance.values_mut() {
        super::route::sort_edges(graph, list);
        out.edges.append(list);
    }
    out.truncated |= spent.out || out.edges.len() > options.edge_limit;
    out.edges.truncate(options.edge_limit);
    if out.is_empty() {
        let walk = super::walk::WalkOptions {
            dir: options.dir,
            through: options.through,
            max_hops: Some(options.hops),
            budget: options.budget,
        };
        out.notes.push(searched(view.filter(), &walk));
    } else if out.truncated {
        let (n, m) = (out.nodes.len() - given, out.edges.len());
        out.notes.push(format!("cut at {n} neighbours and {m} edges by a limit"));
    }
    out
}
