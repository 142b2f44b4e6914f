//! The ownership chain of a party: who stands above it, what lies below it.
//!
//! Followed are ownership and "owned or controlled" edges ([`EdgeType::is_chain`]); control
//! without ownership and every other tie of the party itself are leads.
//!
//! [`EdgeType::is_chain`]: crate::model::EdgeType::is_chain

use super::answer::{Subgraph, answer};
use super::links::{LinkGroup, link_groups};
use crate::error::Result;
use crate::graph::{Dir, Edge, Link, Node, View};
use crate::model::{Document, Share};
use serde_json::{Value, json};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// Which way to follow the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TraceDirection {
    /// Owners, owners of owners and so on.
    Up,
    /// Holdings, holdings of holdings and so on.
    Down,
    /// Both.
    #[default]
    Both,
}

/// How to trace, and how far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceOptions {
    /// Which way.
    pub direction: TraceDirection,
    /// Links from the start at most.
    pub max_depth: u32,
    /// Rows at most, in each direction.
    pub limit: usize,
    /// Owners (or holdings) of one party at most, the largest shares first.
    pub fan: usize,
    /// Leads of one type at most.
    pub leads: usize,
}

impl Default for TraceOptions {
    fn default() -> TraceOptions {
        TraceOptions { direction: TraceDirection::Both, max_depth: u32::MAX, limit: 2_000, fan: 200, leads: 20 }
    }
}

/// Why a row has nothing below it although its party may have owners (or holdings).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum TraceMark {
    /// Nothing left out.
    #[default]
    None,
    /// The party stands on the way from the start to this row.
    Ring,
    /// The party stands further up in the same direction, with what is above (or below) it.
    SeenAbove,
    /// The chain goes on beyond the depth asked for.
    Deeper,
}

/// One link of the chain, in the order of a tree from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceRow {
    /// Links from the start, at least 1.
    pub depth: u32,
    /// An owner of the row above it in the tree; else a holding.
    pub up: bool,
    /// The party.
    pub node: Node,
    /// The edge that ties it to the party one level above in the tree.
    pub edge: Edge,
    /// Why nothing follows.
    pub mark: TraceMark,
    /// Owners (or holdings) of this party beyond the fan.
    pub left_out: usize,
}

/// The chain of one party and its other ties.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The party asked for.
    pub root: Node,
    /// The chain, owners first.
    pub rows: Vec<TraceRow>,
    /// Direct owners and holdings of the start beyond the fan.
    pub left_out: (usize, usize),
    /// Other ties of the start, by type; those with `hub` are counted, not listed.
    pub leads: Vec<LinkGroup>,
    /// A limit cut it.
    pub truncated: bool,
}

/// What was expanded so far.
struct Expanded {
    depth: u32,
    /// Still on the way to the current row.
    open: bool,
    /// The depth limit cut something below it.
    cut: bool,
}

struct Frame {
    node: Node,
    links: Vec<Link>,
    next: usize,
    depth: u32,
    cut: bool,
}

/// Larger shares first (by the upper end, then by the lower), unknown ones last.
fn by_share(a: Option<Share>, b: Option<Share>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => {
            let upper = b.max.cmp(&a.max).then(a.open_max.cmp(&b.open_max));
            upper.then(b.min.cmp(&a.min)).then(b.open_min.cmp(&a.open_min))
        }
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

/// The chain links of a node in the order of the answer, and how many the fan leaves out.
fn chain(view: &View<'_>, n: Node, up: bool, fan: usize) -> (Vec<Link>, usize) {
    let graph = view.graph();
    let dir = if up { Dir::In } else { Dir::Out };
    let mut links: Vec<Link> = view.links(n, dir).filter(|l| graph.edge_type(l.edge).is_chain()).collect();
    links.sort_by(|a, b| {
        let key = |l: &Link| (graph.label(l.other), graph.id(l.other), &graph.edge_type(l.edge).name, l.edge);
        by_share(graph.share(a.edge), graph.share(b.edge)).then_with(|| key(a).cmp(&key(b)))
    });
    let left_out = links.len().saturating_sub(fan);
    links.truncate(fan);
    (links, left_out)
}

/// Follows the chain in one direction; whether a limit cut it, and what the fan left out of
/// the start's own links.
fn walk(view: &View<'_>, root: Node, up: bool, options: &TraceOptions, rows: &mut Vec<TraceRow>) -> (bool, usize) {
    let graph = view.graph();
    let first = rows.len();
    let (links, at_root) = chain(view, root, up, options.fan);
    let mut truncated = at_root > 0;
    if options.max_depth == 0 {
        return (truncated || !links.is_empty(), links.len() + at_root);
    }
    let mut done: HashMap<Node, Expanded> = HashMap::new();
    done.insert(root, Expanded { depth: 0, open: true, cut: false });
    let mut stack = vec![Frame { node: root, links, next: 0, depth: 0, cut: false }];
    while let Some(top) = stack.last_mut() {
        let Some(link) = top.links.get(top.next).copied() else {
            let (node, cut) = (top.node, top.cut);
            stack.pop();
            if let Some(e) = done.get_mut(&node) {
                (e.open, e.cut) = (false, cut);
            }
            if let Some(parent) = stack.last_mut() {
                parent.cut |= cut;
            }
            continue;
        };
        if rows.len() - first >= options.limit || view.stop().is_set() {
            return (true, at_root);
        }
        top.next += 1;
        let depth = top.depth + 1;
        let mut row = TraceRow { depth, up, node: link.other, edge: link.edge, mark: TraceMark::None, left_out: 0 };
        let mut push = None;
        match done.get(&link.other) {
            Some(e) if e.open => row.mark = TraceMark::Ring,
            // A party whose chain the depth limit cut is shown again where it is nearer.
            Some(e) if !e.cut || e.depth <= depth => {
                row.mark = TraceMark::SeenAbove;
                top.cut |= e.cut;
            }
            _ if depth >= options.max_depth => {
                let dir = if up { Dir::In } else { Dir::Out };
                if view.links(link.other, dir).any(|l| graph.edge_type(l.edge).is_chain()) {
                    row.mark = TraceMark::Deeper;
                    top.cut = true;
                    truncated = true;
                }
            }
            _ => {
                let (links, left_out) = chain(view, link.other, up, options.fan);
                row.left_out = left_out;
                truncated |= left_out > 0;
                push = Some(Frame { node: link.other, links, next: 0, depth, cut: false });
            }
        }
        rows.push(row);
        if let Some(frame) = push {
            done.insert(link.other, Expanded { depth, open: true, cut: false });
            stack.push(frame);
        }
    }
    (truncated, at_root)
}

/// Traces the ownership chain of a party. A ring ends where it closes, a shared owner is
/// expanded once; the order is by share, name and id, so the same store gives the same answer.
pub fn trace(view: &View<'_>, root: Node, options: &TraceOptions) -> Trace {
    let mut t = Trace {
        root,
        rows: Vec::new(),
        left_out: (0, 0),
        leads: link_groups(view, root, options.leads, |t| !t.is_chain()),
        truncated: false,
    };
    if options.direction != TraceDirection::Down {
        let (cut, left_out) = walk(view, root, true, options, &mut t.rows);
        t.truncated |= cut;
        t.left_out.0 = left_out;
    }
    if options.direction != TraceDirection::Up {
        let (cut, left_out) = walk(view, root, false, options, &mut t.rows);
        t.truncated |= cut;
        t.left_out.1 = left_out;
    }
    for group in &mut t.leads {
        if group.hub {
            group.links.clear();
        } else {
            t.truncated |= group.links.len() < group.count;
        }
    }
    t
}

impl Trace {
    /// All nodes and edges of the answer, in its order.
    pub fn subgraph(&self) -> Subgraph {
        let mut part = Subgraph { truncated: self.truncated, ..Subgraph::default() };
        let (mut nodes, mut edges) = (HashSet::new(), HashSet::new());
        let mut add = |n: Node, e: Option<Edge>| {
            if nodes.insert(n) {
                part.nodes.push(n);
            }
            if let Some(e) = e
                && edges.insert(e)
            {
                part.edges.push(e);
            }
        };
        add(self.root, None);
        for r in &self.rows {
            add(r.node, Some(r.edge));
        }
        for l in self.leads.iter().flat_map(|g| &g.links) {
            add(l.other, Some(l.edge));
        }
        part
    }

    /// The answer as a network document. `answer.result` is
    /// `{"root", "tree": [{"depth", "direction", "id", "edge", "share", "marks"}], "leads":
    /// [{"type", "direction", "hub", "count", "edges"}]}`, the tree in the order of its lines.
    pub fn document(&self, view: &View<'_>, query: &str) -> Result<Document> {
        let part = self.subgraph();
        let mut doc = answer(view, &part, query)?;
        let result = self.result(view, &part.edge_ids(&doc));
        if let Some(a) = &mut doc.answer {
            a.result = Some(result);
        }
        Ok(doc)
    }

    /// Root, tree and leads as in `answer.result`; `edge` gives the ids of edges as shown.
    pub fn result(&self, view: &View<'_>, edge: &dyn Fn(Edge) -> Option<String>) -> Value {
        let graph = view.graph();
        let id = |n: Node| graph.show_id(graph.id(n)).to_owned();
        let row = |r: &TraceRow| {
            let mut marks: Vec<String> = match r.mark {
                TraceMark::None => Vec::new(),
                TraceMark::Ring => vec!["ring".to_owned()],
                TraceMark::SeenAbove => vec!["seen above".to_owned()],
                TraceMark::Deeper => vec!["goes on".to_owned()],
            };
            if r.left_out > 0 {
                marks.push(format!("{} left out", r.left_out));
            }
            json!({
                "depth": r.depth, "direction": if r.up { "up" } else { "down" }, "id": id(r.node),
                "edge": edge(r.edge), "share": graph.share(r.edge).map(|s| s.to_string()), "marks": marks,
            })
        };
        let lead = |g: &LinkGroup| {
            let edges: Vec<Value> = g.links.iter().map(|l| edge(l.edge).into()).collect();
            json!({
                "type": g.edge_type, "direction": if g.outgoing { "out" } else { "in" }, "hub": g.hub,
                "count": g.count, "edges": edges,
            })
        };
        json!({
            "root": id(self.root),
            "tree": self.rows.iter().map(row).collect::<Vec<_>>(),
            "leads": self.leads.iter().map(lead).collect::<Vec<_>>(),
        })
    }
}
