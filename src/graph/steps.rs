//! Walking over many edges: the columns of every layer held ready, the filter asked only where it
//! hides something.

use super::column::Column;
use super::layer::{Dir, Edge, Graph, Layer, Node};
use super::layout::Section;
use super::shown::Shown;
use super::view::{Link, View};
use crate::model::Share;
use std::ops::Range;

/// Nodes whose places are looked up together, so that the waits for memory overlap.
const BATCH: usize = 32;

/// A layer held ready.
struct Ready<'a> {
    at: usize,
    layer: &'a Layer,
    out_offset: Column<'a>,
    target: Column<'a>,
    in_offset: Column<'a>,
    in_source: Column<'a>,
    in_edge: Column<'a>,
    shown: Option<&'a Shown>,
}

/// The edges that a view shows, for a search. Cheap to make: once a search, or once a level of it.
pub(crate) struct Steps<'a> {
    view: &'a View<'a>,
    base: Option<Ready<'a>>,
    above: Vec<Ready<'a>>,
}

/// What a search does with an edge: go on, or stop.
pub(crate) type GoOn = bool;

impl<'a> Ready<'a> {
    fn new(at: usize, layer: &'a Layer, shown: Option<&'a Shown>) -> Ready<'a> {
        let column = |s| layer.index.column(s);
        Ready {
            at,
            layer,
            out_offset: column(Section::OutOffset),
            target: column(Section::Target),
            in_offset: column(Section::InOffset),
            in_source: column(Section::InSource),
            in_edge: column(Section::InEdge),
            shown,
        }
    }

    #[inline]
    fn spans(&self, local: u32, dir: Dir) -> [Range<usize>; 2] {
        [
            if dir == Dir::In { 0..0 } else { self.out_offset.span(local) },
            if dir == Dir::Out { 0..0 } else { self.in_offset.span(local) },
        ]
    }

    #[inline]
    fn sees(&self, view: &View<'_>, edge: u32) -> bool {
        match self.shown {
            Some(shown) => shown.has(edge),
            None => view.judges(self.at, self.layer, edge),
        }
    }

    /// The edges of a node in these places, seen ones or (`all`) every one.
    #[inline]
    fn walk(
        &self,
        view: &View<'_>,
        node: Node,
        dir: Dir,
        [out, inn]: [Range<usize>; 2],
        take: &mut impl FnMut(Link) -> GoOn,
    ) -> GoOn {
        let base = self.layer.edge_base;
        let every = matches!(self.shown, Some(Shown::All));
        for (i, target) in out.clone().zip(self.target.run(out)) {
            let e = i as u32;
            let link = Link { edge: Edge(base + e), other: Node(self.layer.up(target)), outgoing: true };
            if (every || self.sees(view, e)) && !take(link) {
                return false;
            }
        }
        for (i, source) in inn.clone().zip(self.in_source.run(inn)) {
            // A loop is one edge and is met once when both directions are asked for.
            let other = Node(self.layer.up(source));
            if dir == Dir::Both && other == node {
                continue;
            }
            let e = self.in_edge.u32(i);
            if (every || self.sees(view, e)) && !take(Link { edge: Edge(base + e), other, outgoing: false }) {
                return false;
            }
        }
        true
    }

    /// The other ends alone: the number of an edge is only looked up to ask the filter for it.
    #[inline]
    fn walk_ends(&self, view: &View<'_>, [out, inn]: [Range<usize>; 2], take: &mut impl FnMut(Node) -> GoOn) -> GoOn {
        if matches!(self.shown, Some(Shown::All)) && self.layer.is_first() {
            return self.target.run(out).all(|v| take(Node(v))) && self.in_source.run(inn).all(|v| take(Node(v)));
        }
        for (i, target) in out.clone().zip(self.target.run(out)) {
            if self.sees(view, i as u32) && !take(Node(self.layer.up(target))) {
                return false;
            }
        }
        let edges = self.in_edge.run(inn.clone());
        for (source, e) in self.in_source.run(inn).zip(edges) {
            if self.sees(view, e) && !take(Node(self.layer.up(source))) {
                return false;
            }
        }
        true
    }
}

impl<'a> View<'a> {
    /// Holds the edges ready for a search that will look at so many of them. What is known of the
    /// filter is used; searches that look at many edges have it decided for all.
    pub(crate) fn steps(&'a self, ahead: usize) -> Steps<'a> {
        if self.walked(ahead) {
            self.settle();
        }
        let shown = self.settled();
        let mut layers =
            self.graph().layers.iter().enumerate().map(|(at, l)| Ready::new(at, l, shown.and_then(|s| s.get(at))));
        Steps { view: self, base: layers.next(), above: layers.collect() }
    }
}

impl Steps<'_> {
    /// Edges of a node, seen or not: what walking over it costs.
    #[inline]
    pub(crate) fn degree(&self, n: Node, dir: Dir) -> usize {
        let of = |r: &Ready<'_>, i| r.spans(i, dir).into_iter().map(|s| s.len()).sum::<usize>();
        let ready = |r: &Ready<'_>| r.layer.down(n.0).map_or(0, |i| of(r, i));
        self.base.as_ref().map_or(0, ready) + self.above.iter().map(ready).sum::<usize>()
    }

    /// Edges of some nodes, seen or not.
    pub(crate) fn price(&self, nodes: &[Node], dir: Dir) -> usize {
        nodes.iter().map(|n| self.degree(*n, dir)).sum()
    }

    /// Calls `take` with each of some nodes and each edge of it that is seen, until it says no or
    /// more than `most` edges are to be looked at; how many were, seen or not. The order is that of
    /// [`View::links`] within each layer.
    pub(crate) fn links(
        &self,
        nodes: &[Node],
        dir: Dir,
        most: usize,
        mut take: impl FnMut(Node, Link) -> GoOn,
    ) -> usize {
        self.batches(nodes, dir, most, |r, n, spans| r.walk(self.view, n, dir, spans, &mut |l| take(n, l)))
    }

    /// The same with the other end of each edge alone; a loop may be met twice.
    pub(crate) fn ends(
        &self,
        nodes: &[Node],
        dir: Dir,
        most: usize,
        mut take: impl FnMut(Node, Node) -> GoOn,
    ) -> usize {
        self.batches(nodes, dir, most, |r, n, spans| r.walk_ends(self.view, spans, &mut |v| take(n, v)))
    }

    #[inline]
    fn batches(
        &self,
        nodes: &[Node],
        dir: Dir,
        most: usize,
        mut each: impl FnMut(&Ready<'_>, Node, [Range<usize>; 2]) -> GoOn,
    ) -> usize {
        let mut looked = 0usize;
        let Some(base) = &self.base else { return looked };
        let mut places: [[Range<usize>; 2]; BATCH] = std::array::from_fn(|_| [0..0, 0..0]);
        for nodes in nodes.chunks(BATCH) {
            for (n, place) in nodes.iter().zip(&mut places) {
                *place = base.layer.down(n.0).map_or([0..0, 0..0], |i| base.spans(i, dir));
                looked += place.iter().map(|s| s.len()).sum::<usize>();
            }
            if looked > most {
                return looked;
            }
            // The first of each run is read before any is used: the waits overlap.
            let mut first = 0;
            for [out, inn] in places.iter().take(nodes.len()) {
                first ^= if out.is_empty() { 0 } else { base.target.u32(out.start) };
                first ^= if inn.is_empty() { 0 } else { base.in_source.u32(inn.start) };
            }
            std::hint::black_box(first);
            for (n, place) in nodes.iter().zip(&places) {
                if !each(base, *n, place.clone()) {
                    return looked;
                }
                for r in &self.above {
                    let Some(i) = r.layer.down(n.0) else { continue };
                    let spans = r.spans(i, dir);
                    looked += spans.iter().map(|s| s.len()).sum::<usize>();
                    if looked > most || !each(r, *n, spans) {
                        return looked;
                    }
                }
            }
        }
        looked
    }
}

impl View<'_> {
    /// Calls `take` with each of some nodes and each edge of it that is seen, until it says no.
    /// Faster than [`View::links`] of one node after the other, because the waits for memory
    /// overlap; the order is by node, then by layer, then as there.
    pub fn links_of(&self, nodes: &[Node], dir: Dir, take: impl FnMut(Node, Link) -> bool) {
        self.steps(nodes.len()).links(nodes, dir, usize::MAX, take);
    }
}

impl Graph {
    /// External ids of some nodes, in their order. Faster than [`Graph::id`] of one after the
    /// other, because the waits for memory overlap.
    pub fn ids<'a>(&'a self, nodes: &'a [Node]) -> impl Iterator<Item = &'a str> {
        nodes.chunks(BATCH).flat_map(move |nodes| {
            if let Some(base) = self.layers.first() {
                let begins = nodes.iter().map(|n| base.down(n.0).map_or(0, |i| base.index.id_start(i)));
                std::hint::black_box(begins.fold(0, |all, b| all ^ b));
            }
            nodes.iter().map(|n| self.id(*n))
        })
    }

    /// Shares of some edges, in their order, as [`Graph::share`] gives each.
    pub fn shares<'a>(&'a self, edges: &'a [Edge]) -> impl Iterator<Item = Option<Share>> + 'a {
        edges.chunks(BATCH).flat_map(move |edges| {
            if let Some(base) = self.layers.first() {
                let of = |e: &Edge| if e.0 < base.index.edges() { base.index.share_code(e.0) } else { 0 };
                std::hint::black_box(edges.iter().map(of).fold(0, |all, c| all ^ c));
            }
            edges.iter().map(|e| self.share(*e))
        })
    }

    /// Edges of a layer that were taken back since the index was built.
    pub(super) fn hidden_in<'a>(&'a self, layer: &'a Layer) -> impl Iterator<Item = u32> + 'a {
        let of = |e: &u32| e.checked_sub(layer.edge_base).filter(|i| *i < layer.index.edges());
        self.hidden_edges.iter().filter_map(of)
    }
}
