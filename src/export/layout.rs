//! Layered layout: owners above what they own, other ties beside, components side by side.
//!
//! The steps are those of Sugiyama's method: layers (`layout_rank`), order within layers
//! (`layout_order`), coordinates and routes (`layout_place`). Labels of edges take part as
//! items of their own in layers between the boxes, so that nothing is written over anything.
//! All steps have a fixed number of sweeps and walk without recursion; the same input gives
//! the same coordinates.

use super::layout_order::Layers;
use super::layout_place::{self, Route};
use super::layout_rank;
use crate::model::{Catalogue, Document, EdgeType, End};
use std::collections::HashMap;

/// Most nodes that [`positions`] lays out in layers.
const MAX_LAYERED: usize = 5_000;
/// Most edges that [`positions`] lays out in layers.
const MAX_LAYERED_TIES: usize = 50_000;
/// Room between components, in pixels.
const COMPONENT_GAP: f64 = 56.0;

/// How a tie bears on the layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pull {
    /// Ownership, control, votes: the subject stands above the object.
    Chain,
    /// Any other directed tie: above where no chain says otherwise.
    Down,
    /// Reads the same both ways: beside where possible.
    Beside,
}

/// What is laid out: boxes and the ties between them.
#[derive(Debug, Clone, Default)]
pub(super) struct Plan {
    /// Boxes as width, height and room kept free at the right (for self loops), in pixels.
    pub boxes: Vec<(f64, f64, f64)>,
    /// Ties; `from == to` is a self loop and has no part in the layout.
    pub ties: Vec<Tie>,
}

/// A line to be drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tie {
    /// Box at which it starts.
    pub from: usize,
    /// Box at which it ends.
    pub to: usize,
    /// How it bears on the layers.
    pub pull: Pull,
    /// Width and height of its label.
    pub label: (f64, f64),
}

/// A finished layout, in pixels from the top left.
#[derive(Debug, Clone, Default)]
pub(super) struct Layout {
    /// Centres of the boxes.
    pub centres: Vec<(f64, f64)>,
    /// Routes of the ties, in their true direction.
    pub routes: Vec<Route>,
    /// Extent of everything.
    pub size: (f64, f64),
}

/// How an edge type bears on the layers; an unknown type counts as a directed tie.
pub(super) fn pull_of(t: Option<&EdgeType>) -> Pull {
    match t {
        Some(t) if t.ownership || t.control || t.votes || t.ambiguous => Pull::Chain,
        Some(t) if t.symmetric => Pull::Beside,
        _ => Pull::Down,
    }
}

/// The definition of an edge type: the catalogue's, else one that the document brings.
pub(super) fn edge_type<'a>(doc: &'a Document, name: &str) -> Option<&'a EdgeType> {
    let own = || doc.edge_types.iter().find(|t| t.name == name || t.synonyms.iter().any(|s| s == name));
    Catalogue::builtin().edge_type(name).or_else(own)
}

/// A place or an extent, in pixels.
type Point = (f64, f64);

/// How large boxes are drawn, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoxSize {
    /// Width and height of the box of a party.
    pub size: (f64, f64),
    /// Width and height kept free for the words on a line.
    pub label: (f64, f64),
}

impl Default for BoxSize {
    /// Room for two lines of a name and what is said of it; for a share on a line.
    fn default() -> BoxSize {
        BoxSize { size: (200.0, 72.0), label: (96.0, 18.0) }
    }
}

/// Where the parties of a document stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Centres in the order of `doc.nodes`, in pixels from the top left, x to the right and y
    /// downwards, rounded to a tenth.
    pub centres: Vec<(f64, f64)>,
    /// Width and height of everything.
    pub size: (f64, f64),
}

/// Lays out a document for a screen: all boxes of one size, owners above what they own, room for
/// labels between them. Up to 5,000 nodes and 50,000 edges in layers; above that a spiral.
pub fn place(doc: &Document, boxes: BoxSize) -> Placed {
    let (at, size) = arrange(doc, boxes);
    let (w, h) = boxes.size;
    let least = |f: fn(&(f64, f64)) -> f64, half: f64| at.iter().map(f).fold(f64::INFINITY, f64::min) - half;
    // Layers start at the origin; a spiral winds around it.
    let (dx, dy) = match size {
        Some(_) => (0.0, 0.0),
        None if at.is_empty() => (0.0, 0.0),
        None => (-least(|p| p.0, w / 2.0), -least(|p| p.1, h / 2.0)),
    };
    let centres: Vec<(f64, f64)> = at.into_iter().map(|(x, y)| tenths((x + dx, y + dy))).collect();
    let size = size.map(tenths).unwrap_or_else(|| {
        let most = |f: fn(&(f64, f64)) -> f64, half: f64| centres.iter().map(f).fold(0.0, f64::max) + half;
        tenths((most(|p| p.0, w / 2.0), most(|p| p.1, h / 2.0)))
    });
    Placed { centres, size }
}

fn tenths((x, y): (f64, f64)) -> (f64, f64) {
    ((x * 10.0).round() / 10.0, (y * 10.0).round() / 10.0)
}

/// Positions for formats that carry coordinates, in the order of `doc.nodes`, in pixels with
/// x to the right and y downwards, rounded to a tenth.
///
/// Up to 5,000 nodes and 50,000 edges the layers of the ownership chart are used; above that a
/// spiral, best connected nodes innermost. Edges whose ends are not among the nodes are left out.
pub fn positions(doc: &Document) -> Vec<(f64, f64)> {
    let plain = BoxSize { size: (150.0, 50.0), label: (0.0, 0.0) };
    arrange(doc, plain).0.into_iter().map(tenths).collect()
}

/// Centres in the order of the nodes, and the extent of layers (none of a spiral).
fn arrange(doc: &Document, boxes: BoxSize) -> (Vec<Point>, Option<Point>) {
    let n = doc.nodes.len();
    let index: HashMap<&str, usize> = doc.nodes.iter().enumerate().rev().map(|(i, p)| (p.id.as_str(), i)).collect();
    let end = |e: &End| match e {
        End::Id(id) => index.get(id.as_str()).copied(),
        End::Name(_) => None,
    };
    let mut pulls: HashMap<&str, Pull> = HashMap::new();
    let mut ties = Vec::new();
    for e in &doc.edges {
        if let (Some(from), Some(to)) = (end(&e.source), end(&e.target)) {
            let pull = *pulls.entry(&e.edge_type).or_insert_with(|| pull_of(edge_type(doc, &e.edge_type)));
            ties.push(Tie { from, to, pull, label: boxes.label });
        }
    }
    if n > MAX_LAYERED || ties.len() > MAX_LAYERED_TIES {
        return (spiral(n, &ties), None);
    }
    // One line per pair is enough where no lines are drawn.
    ties.sort_by_key(|t| (t.from, t.to, t.pull));
    ties.dedup_by_key(|t| (t.from, t.to));
    let (w, h) = boxes.size;
    let layout = lay_out(&Plan { boxes: vec![(w, h, 0.0); n], ties });
    (layout.centres, Some(layout.size))
}

/// A sunflower spiral, the best connected nodes first: even spacing at any size.
fn spiral(n: usize, ties: &[Tie]) -> Vec<(f64, f64)> {
    let mut degree = vec![0usize; n];
    for t in ties {
        degree[t.from] += 1;
        degree[t.to] += 1;
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(degree[*i]), *i));
    let golden = std::f64::consts::PI * (3.0 - 5f64.sqrt());
    let mut at = vec![(0.0, 0.0); n];
    for (k, i) in order.into_iter().enumerate() {
        let (r, angle) = (60.0 * (k as f64).sqrt(), golden * k as f64);
        at[i] = (r * angle.cos(), r * angle.sin());
    }
    at
}

/// Lays out a plan. Boxes never overlap; every tie gets a route.
pub(super) fn lay_out(plan: &Plan) -> Layout {
    let mut whole = Layout {
        centres: vec![(0.0, 0.0); plan.boxes.len()],
        routes: vec![Route::default(); plan.ties.len()],
        size: (0.0, 0.0),
    };
    let mut parts: Vec<(Vec<usize>, Vec<usize>, Layout)> = Vec::new();
    // Place of each box within its component.
    let mut local = vec![0; plan.boxes.len()];
    for (boxes, ties) in components(plan) {
        for (k, b) in boxes.iter().enumerate() {
            local[*b] = k;
        }
        let part = Plan {
            boxes: boxes.iter().map(|b| plan.boxes[*b]).collect(),
            ties: ties
                .iter()
                .map(|t| plan.ties[*t])
                .map(|t| Tie { from: local[t.from], to: local[t.to], ..t })
                .collect(),
        };
        let done = component(&part);
        parts.push((boxes, ties, done));
    }
    // Shelves: the tallest first, the earlier first among equals.
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by(|a, b| parts[*b].2.size.1.total_cmp(&parts[*a].2.size.1).then(a.cmp(b)));
    let area: f64 = parts.iter().map(|p| (p.2.size.0 + COMPONENT_GAP) * (p.2.size.1 + COMPONENT_GAP)).sum();
    let widest = parts.iter().map(|p| p.2.size.0).fold(0.0, f64::max);
    let shelf_width = widest.max((area * 1.7).sqrt()).max(1000.0);
    let (mut x, mut y, mut shelf) = (0.0f64, 0.0f64, 0.0f64);
    for k in order {
        let (boxes, ties, done) = &parts[k];
        if x > 0.0 && x + done.size.0 > shelf_width {
            (x, y, shelf) = (0.0, y + shelf + COMPONENT_GAP, 0.0);
        }
        for (b, c) in boxes.iter().zip(&done.centres) {
            whole.centres[*b] = (c.0 + x, c.1 + y);
        }
        for (t, r) in ties.iter().zip(&done.routes) {
            whole.routes[*t] = r.shifted(x, y);
        }
        shelf = shelf.max(done.size.1);
        whole.size = (whole.size.0.max(x + done.size.0), whole.size.1.max(y + done.size.1));
        x += done.size.0 + COMPONENT_GAP;
    }
    whole
}

/// Boxes and ties of each component, in order of the first box.
fn components(plan: &Plan) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut root: Vec<usize> = (0..plan.boxes.len()).collect();
    fn find(root: &mut [usize], mut i: usize) -> usize {
        while root[i] != i {
            root[i] = root[root[i]];
            i = root[i];
        }
        i
    }
    for t in &plan.ties {
        let (a, b) = (find(&mut root, t.from), find(&mut root, t.to));
        // The smaller index stays the root, so components come in order of their first box.
        root[a.max(b)] = a.min(b);
    }
    let mut place = vec![usize::MAX; plan.boxes.len()];
    let mut parts: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
    for b in 0..plan.boxes.len() {
        let r = find(&mut root, b);
        if place[r] == usize::MAX {
            place[r] = parts.len();
            parts.push((Vec::new(), Vec::new()));
        }
        parts[place[r]].0.push(b);
    }
    for (k, t) in plan.ties.iter().enumerate() {
        let r = find(&mut root, t.from);
        parts[place[r]].1.push(k);
    }
    parts
}

fn component(plan: &Plan) -> Layout {
    let ranks = layout_rank::ranks(plan.boxes.len(), &plan.ties);
    let mut layers = Layers::new(plan, &ranks);
    layers.reduce_crossings();
    layers.inline_neighbours(plan);
    layout_place::place(plan, &ranks, &layers)
}

#[cfg(test)]
#[path = "layout_tests.rs"]
mod tests;
