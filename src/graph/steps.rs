//! Walking over many edges: the columns of every layer held ready, the filter asked only where it
//! hides something.

use super::column::Column;
use super::layer::{Dir, Edge, Graph, Layer, Node};
use super::layout::Section;
use super::shown::Shown;
use super::view::{Link, View};
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
            if (every || self.sees(view, e))
                && !take(Link { edge: Edge(base + e), other, outgoing: false })
            {
                return false;
            }
        }
        true
    }

    /// The other ends alone: the number of an edge is only looked up to ask the filter for it.
    #[inline]
    fn walk_ends(
        &self,
        view: &View<'_>,
        [out, inn]: [Range<usize>; 2],
        take: &mut impl FnMut(Node) -> GoOn,
    ) -> GoOn {
        if matches!(self.shown, Some(Shown::All)) {
            let mut ends = self.target.run(out).chain(self.in_source.run(inn));
            return ends.all(|v| take(Node(self.layer.up(v))));
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
        let mut layers = self.graph().layers.iter().enumerate().map(|(at, l)| {
            Ready::new(at, l, shown.and_then(|s| s.get(at)))
        });
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

    /// Calls `take` with each of some nodes and each edge of it that is seen, until it says no.
    /// The order is that of [`View::links`] in each layer, one layer after the other for every few nodes.
    pub(crate) fn links(&self, nodes: &[Node], dir: Dir, mut take: impl FnMut(Node, Link) -> GoOn) -> GoOn {
        self.batches(nodes, dir, |r, n, spans| r.walk(self.view, n, dir, spans, &mut |l| take(n, l)))
    }

    /// Calls `take` with each of some nodes and the other end of each edge that is seen, until it
    /// says no. A loop may be met twice.
    pub(crate) fn ends(&self, nodes: &[Node], dir: Dir, mut take: impl FnMut(Node, Node) -> GoOn) -> GoOn {
        self.batches(nodes, dir, |r, n, spans| r.walk_ends(self.view, spans, &mut |v| take(n, v)))
    }

    #[inline]
    fn batches(
        &self,
        nodes: &[Node],
        dir: Dir,
        mut each: impl FnMut(&Ready<'_>, Node, [Range<usize>; 2]) -> GoOn,
    ) -> GoOn {
        let Some(base) = &self.base else { return true };
        let mut places: [[Range<usize>; 2]; BATCH] = std::array::from_fn(|_| [0..0, 0..0]);
        for nodes in nodes.chunks(BATCH) {
            for (n, place) in nodes.iter().zip(&mut places) {
                *place = base.layer.down(n.0).map_or([0..0, 0..0], |i| base.spans(i, dir));
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
                    return false;
                }
                for r in &self.above {
                    if let Some(i) = r.layer.down(n.0)
                        && !each(r, *n, r.spans(i, dir))
                    {
                        return false;
                    }
                }
            }
        }
        true
    }
}

impl Graph {
    /// Edges of a layer that were taken back since the index was built.
    pub(super) fn hidden_in<'a>(&'a self, layer: &'a Layer) -> impl Iterator<Item = u32> + 'a {
        let of = |e: &u32| e.checked_sub(layer.edge_base).filter(|i| *i < layer.index.edges());
        self.hidden_edges.iter().filter_map(of)
    }
}
