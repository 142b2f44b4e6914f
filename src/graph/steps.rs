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

/// Where an edge list of a batch begins: place of the node in the batch, layer (0 is the first), places.
type More = (usize, usize, [Range<usize>; 2]);

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

    /// Reads the first of each run.
    #[inline]
    fn begins(&self, out: &Range<usize>, inn: &Range<usize>) -> u32 {
        let a = if out.is_empty() { 0 } else { self.target.u32(out.start) };
        a ^ if inn.is_empty() { 0 } else { self.in_source.u32(inn.start) }
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
        let ready = |r: &Ready<'_>, n: Node| r.layer.down(n.0).map_or(0, |i| of(r, i));
        let own = |n: Node| {
            self.base.as_ref().map_or(0, |r| ready(r, n)) + self.above.iter().map(|r| ready(r, n)).sum::<usize>()
        };
        match self.view.graph().clusters() {
            None => own(n),
            Some(_) => self.view.graph().parts(n).map(own).sum(),
        }
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
        let graph = self.view.graph();
        if graph.clusters().is_none() {
            return self.batches(nodes, dir, most, |r, n, spans| r.walk(self.view, n, dir, spans, &mut |l| take(n, l)));
        }
        self.batches(nodes, dir, most, |r, n, spans| {
            r.walk(self.view, n, dir, spans, &mut |l| {
                let other = graph.entity_of(l.other);
                // A loop of an entity is met where it leads away.
                (dir == Dir::Both && !l.outgoing && other == n) || take(n, Link { other, ..l })
            })
        })
    }

    /// The same with the other end of each edge alone; a loop may be met twice.
    pub(crate) fn ends(
        &self,
        nodes: &[Node],
        dir: Dir,
        most: usize,
        mut take: impl FnMut(Node, Node) -> GoOn,
    ) -> usize {
        let graph = self.view.graph();
        if graph.clusters().is_none() {
            return self.batches(nodes, dir, most, |r, n, spans| r.walk_ends(self.view, spans, &mut |v| take(n, v)));
        }
        self.batches(nodes, dir, most, |r, n, spans| {
            r.walk_ends(self.view, spans, &mut |v| take(n, graph.entity_of(v)))
        })
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
        // The same places in the layers above, and of other parties of an entity in all layers.
        let mut more: Vec<More> = Vec::new();
        let joined = self.view.graph().clusters().is_some();
        let mut places: [[Range<usize>; 2]; BATCH] = std::array::from_fn(|_| [0..0, 0..0]);
        for nodes in nodes.chunks(BATCH) {
            for (n, place) in nodes.iter().zip(&mut places) {
                *place = base.layer.down(n.0).map_or([0..0, 0..0], |i| base.spans(i, dir));
                looked += place.iter().map(|s| s.len()).sum::<usize>();
            }
            more.clear();
            if !self.above.is_empty() {
                for (k, n) in nodes.iter().enumerate() {
                    for (at, r) in self.above.iter().enumerate() {
                        if let Some(i) = r.layer.down(n.0) {
                            let spans = r.spans(i, dir);
                            looked += spans.iter().map(|s| s.len()).sum::<usize>();
                            more.push((k, at + 1, spans));
                        }
                    }
                }
            }
            if joined {
                looked += self.others(nodes, dir, &mut places, &mut more);
            }
            if looked > most {
                return looked;
            }
            // The first of each run is read before any is used: the waits overlap.
            let mut first = 0;
            for [out, inn] in places.iter().take(nodes.len()) {
                first ^= base.begins(out, inn);
            }
            for (_, at, [out, inn]) in &more {
                first ^= self.ready(*at).map_or(0, |r| r.begins(out, inn));
            }
            std::hint::black_box(first);
            let mut more = more.iter().peekable();
            for (k, (n, place)) in nodes.iter().zip(&places).enumerate() {
                if !each(base, *n, place.clone()) {
                    return looked;
                }
                while let Some((_, at, spans)) = more.next_if(|m| m.0 == k) {
                    if self.ready(*at).is_some_and(|r| !each(r, *n, spans.clone())) {
                        return looked;
                    }
                }
            }
        }
        looked
    }

    /// A layer by its place, 0 for the first.
    fn ready(&self, at: usize) -> Option<&Ready<'_>> {
        at.checked_sub(1).map_or(self.base.as_ref(), |above| self.above.get(above))
    }

    /// Adds the places of all parties of the entities in a batch, instead of those of the nodes that
    /// stand for them; how many edges there are more.
    #[cold]
    fn others(&self, nodes: &[Node], dir: Dir, places: &mut [[Range<usize>; 2]; BATCH], more: &mut Vec<More>) -> usize {
        let graph = self.view.graph();
        let mut added = 0;
        for (k, (n, place)) in nodes.iter().zip(places).enumerate() {
            if graph.is_shadow(*n) {
                *place = [0..0, 0..0];
                more.retain(|m| m.0 != k);
                continue;
            }
            for p in graph.parts(*n).filter(|p| p != n) {
                for (at, r) in self.base.iter().chain(&self.above).enumerate() {
                    if let Some(i) = r.layer.down(p.0) {
                        let spans = r.spans(i, dir);
                        added += spans.iter().map(|s| s.len()).sum::<usize>();
                        more.push((k, at, spans));
                    }
                }
            }
        }
        more.sort_by_key(|m| m.0);
        added
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
        let first = self.layers.first();
        let offsets = first.map(|l| (l, l.index.column(Section::IdOffset), l.index.column(Section::IdBytes)));
        nodes.chunks(BATCH).flat_map(move |nodes| {
            if let Some((base, offset, bytes)) = &offsets {
                let begin = |n: &Node| base.down(n.0).map_or(0, |i| bytes.u8(offset.u32(i as usize) as usize));
                std::hint::black_box(nodes.iter().fold(0, |all, n| all ^ begin(n)));
            }
            nodes.iter().map(|n| self.id(*n))
        })
    }

    /// Shares of some edges, in their order, as [`Graph::share`] gives each.
    pub fn shares<'a>(&'a self, edges: &'a [Edge]) -> impl Iterator<Item = Option<Share>> + 'a {
        let codes = self.layers.first().map(|l| (&l.index, l.index.column(Section::EdgeShare)));
        edges.chunks(BATCH).flat_map(move |edges| {
            let mut known = [0u32; BATCH];
            if let Some((index, codes)) = &codes {
                for (e, code) in edges.iter().zip(&mut known).filter(|(e, _)| e.0 < index.edges()) {
                    *code = codes.num(e.0 as usize);
                }
            }
            edges.iter().zip(known).map(move |(e, code)| match &codes {
                Some((index, _)) if e.0 < index.edges() => index.share_of(code),
                _ => self.share(*e),
            })
        })
    }

    /// Edges of a layer that were taken back since the index was built.
    pub(super) fn hidden_in<'a>(&'a self, layer: &'a Layer) -> impl Iterator<Item = u32> + 'a {
        let of = |e: &u32| e.checked_sub(layer.edge_base).filter(|i| *i < layer.index.edges());
        self.hidden_edges.iter().filter_map(of)
    }
}
