//! Walking over many edges: the columns of every layer held ready, the filter asked only where it
//! hides something.

use super::bits::Bits;
use super::column::Column;
use super::layer::{Dir, Edge, Graph, Layer, Node};
use super::layout::Section;
use super::shown::Shown;
use super::view::{Link, View};
use crate::model::Share;
use std::ops::Range;

/// Nodes whose places are looked up together, so that the waits for memory overlap.
const BATCH: usize = 32;

/// The first layer held ready.
struct Ready<'a> {
    layer: &'a Layer,
    out_offset: Column<'a>,
    target: Column<'a>,
    in_offset: Column<'a>,
    in_source: Column<'a>,
    in_edge: Column<'a>,
    shown: Option<&'a Shown>,
}

/// Where an edge list of a batch begins: place of the node in the batch, layer (`None` is the first), places.
type More<'a> = (usize, Option<&'a Above<'a>>, [Range<usize>; 2]);

/// The edges that a view shows, for a search. Cheap to make: once a search, or once a level of it.
pub(crate) struct Steps<'a> {
    view: &'a View<'a>,
    base: Option<Ready<'a>>,
    above: Vec<Above<'a>>,
    /// The nodes of which those above speak.
    touched: &'a Bits,
}

/// The share that an edge states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// None.
    Unknown,
    /// Exactly so many hundredths of a percent, 0 to 10,000.
    Hundredths(u32),
    /// One that is not a whole number of hundredths, or an interval.
    Other(Share),
}

/// What a search does with an edge: go on, or stop.
pub(crate) type GoOn = bool;

impl<'a> Ready<'a> {
    fn new(layer: &'a Layer, shown: Option<&'a Shown>) -> Ready<'a> {
        let column = |s| layer.index.column(s);
        Ready {
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
            if dir == Dir::In { 0..0 } else { self.out_offset.line(local) },
            if dir == Dir::Out { 0..0 } else { self.in_offset.line(local) },
        ]
    }

    /// Reads the first of each run.
    #[inline]
    fn begins(&self, [out, inn]: &[Range<usize>; 2]) -> u32 {
        self.target.touch(out.start) ^ self.in_source.touch(inn.start)
    }

    #[inline]
    fn sees(&self, view: &View<'_>, edge: u32) -> bool {
        match self.shown {
            Some(shown) => shown.has(edge),
            None => view.judges(0, self.layer, edge),
        }
    }

    /// The edges of a node in these places that are seen.
    #[inline]
    fn walk(
        &self,
        view: &View<'_>,
        node: Node,
        dir: Dir,
        [out, inn]: [Range<usize>; 2],
        take: &mut impl FnMut(Link) -> GoOn,
    ) -> GoOn {
        let every = matches!(self.shown, Some(Shown::All));
        for (i, target) in out.clone().zip(self.target.ends(out)) {
            let e = i as u32;
            let link = Link { edge: Edge(e), other: Node(target), outgoing: true };
            if (every || self.sees(view, e)) && !take(link) {
                return false;
            }
        }
        for (source, e) in self.in_source.ends(inn.clone()).zip(self.in_edge.ends(inn)) {
            // A loop is one edge and is met once when both directions are asked for.
            let other = Node(source);
            if dir == Dir::Both && other == node {
                continue;
            }
            if (every || self.sees(view, e)) && !take(Link { edge: Edge(e), other, outgoing: false }) {
                return false;
            }
        }
        true
    }

    /// The other ends alone: the number of an edge is only looked up to ask the filter for it.
    #[inline]
    fn walk_ends(&self, view: &View<'_>, [out, inn]: [Range<usize>; 2], take: &mut impl FnMut(Node) -> GoOn) -> GoOn {
        if matches!(self.shown, Some(Shown::All)) {
            let (out, inn) = (&mut self.target.ends(out), &mut self.in_source.ends(inn));
            return out.all(|v| take(Node(v))) && inn.all(|v| take(Node(v)));
        }
        for (i, target) in out.clone().zip(self.target.ends(out)) {
            if self.sees(view, i as u32) && !take(Node(target)) {
                return false;
            }
        }
        let edges = self.in_edge.ends(inn.clone());
        for (source, e) in self.in_source.ends(inn).zip(edges) {
            if self.sees(view, e) && !take(Node(source)) {
                return false;
            }
        }
        true
    }
}

/// A layer above it.
struct Above<'a> {
    at: usize,
    layer: &'a Layer,
    shown: Option<&'a Shown>,
}

impl Above<'_> {
    /// Where the edges of a node lie.
    #[inline]
    fn spans(&self, node: Node, dir: Dir) -> Option<[Range<usize>; 2]> {
        let [out, inn] = self.layer.near(node.0)?;
        Some([if dir == Dir::In { 0..0 } else { out }, if dir == Dir::Out { 0..0 } else { inn }])
    }

    /// Reads the first of each run.
    #[inline]
    fn begins(&self, [out, inn]: &[Range<usize>; 2]) -> u32 {
        let near = &self.layer.near;
        near.out.get(out.start).map_or(0, |o| o.0) ^ near.inn.get(inn.start).map_or(0, |i| i.0)
    }

    #[inline]
    fn sees(&self, view: &View<'_>, edge: u32) -> bool {
        match self.shown {
            Some(shown) => shown.has(edge),
            None => view.judges(self.at, self.layer, edge),
        }
    }

    /// The edges of a node in these places that are seen, each by its number in the layer. A loop is
    /// met twice where both directions are asked for.
    #[inline]
    fn walk(
        &self,
        view: &View<'_>,
        [out, inn]: [Range<usize>; 2],
        take: &mut impl FnMut(u32, Node, bool) -> GoOn,
    ) -> GoOn {
        let near = &self.layer.near;
        for (i, (target, _)) in out.clone().zip(near.out.get(out).unwrap_or_default()) {
            if self.sees(view, i as u32) && !take(i as u32, Node(*target), true) {
                return false;
            }
        }
        for (source, e) in near.inn.get(inn).unwrap_or_default() {
            if self.sees(view, *e) && !take(*e, Node(*source), false) {
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
        let of = |at: usize| shown.and_then(|s| s.get(at));
        let mut layers = self.graph().layers.iter().enumerate();
        let base = layers.next().map(|(at, layer)| Ready::new(layer, of(at)));
        let above = layers.map(|(at, layer)| Above { at, layer, shown: of(at) }).collect();
        Steps { view: self, base, above, touched: &self.graph().touched }
    }
}

impl Steps<'_> {
    /// Edges of a node, seen or not: what walking over it costs.
    #[inline]
    pub(crate) fn degree(&self, n: Node, dir: Dir) -> usize {
        let sum = |spans: [Range<usize>; 2]| spans.into_iter().map(|s| s.len()).sum::<usize>();
        let own = |n: Node| {
            let base = self.base.as_ref().and_then(|r| r.layer.down(n.0).map(|i| sum(r.spans(i, dir)))).unwrap_or(0);
            if self.above.is_empty() || !self.touched.has(n.0 as usize) {
                return base;
            }
            base + self.above.iter().filter_map(|r| r.spans(n, dir)).map(sum).sum::<usize>()
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
            return self.batches(nodes, dir, most, &mut Links(dir, take));
        }
        let entities = |n, l: Link| {
            let other = graph.entity_of(l.other);
            // A loop of an entity is met where it leads away.
            (dir == Dir::Both && !l.outgoing && other == n) || take(n, Link { other, ..l })
        };
        self.batches(nodes, dir, most, &mut Links(dir, entities))
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
            return self.batches(nodes, dir, most, &mut OtherEnds(take));
        }
        self.batches(nodes, dir, most, &mut OtherEnds(|n, v| take(n, graph.entity_of(v))))
    }

    #[inline]
    fn batches(&self, nodes: &[Node], dir: Dir, most: usize, visit: &mut impl Visit) -> usize {
        let mut looked = 0usize;
        let Some(base) = &self.base else { return looked };
        // The same places in the layers above, and of other parties of an entity in all layers.
        let mut more: Vec<More<'_>> = Vec::new();
        let joined = self.view.graph().clusters().is_some();
        let mut places: [[Range<usize>; 2]; BATCH] = std::array::from_fn(|_| [0..0, 0..0]);
        for nodes in nodes.chunks(BATCH) {
            for (n, place) in nodes.iter().zip(&mut places) {
                *place = base.layer.down(n.0).map_or([0..0, 0..0], |i| base.spans(i, dir));
                looked += place.iter().map(|s| s.len()).sum::<usize>();
            }
            more.clear();
            if !self.above.is_empty() {
                for (k, n) in nodes.iter().enumerate().filter(|(_, n)| self.touched.has(n.0 as usize)) {
                    for r in &self.above {
                        if let Some(spans) = r.spans(*n, dir) {
                            looked += spans.iter().map(|s| s.len()).sum::<usize>();
                            more.push((k, Some(r), spans));
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
            for place in places.iter().take(nodes.len()) {
                first ^= base.begins(place) ^ visit.begins(place);
            }
            for (_, r, spans) in &more {
                first ^= r.map_or_else(|| base.begins(spans) ^ visit.begins(spans), |r| r.begins(spans));
            }
            std::hint::black_box(first);
            let mut more = more.iter().peekable();
            for (k, (n, place)) in nodes.iter().zip(&places).enumerate() {
                if !visit.base(self.view, base, *n, place.clone()) {
                    return looked;
                }
                while let Some((_, r, spans)) = more.next_if(|m| m.0 == k) {
                    let goes_on = match r {
                        Some(r) => visit.above(self.view, r, *n, spans.clone()),
                        None => visit.base(self.view, base, *n, spans.clone()),
                    };
                    if !goes_on {
                        return looked;
                    }
                }
            }
        }
        looked
    }

    /// Adds the places of all parties of the entities in a batch, instead of those of the nodes that
    /// stand for them; how many edges there are more.
    #[cold]
    fn others<'s>(
        &'s self,
        nodes: &[Node],
        dir: Dir,
        places: &mut [[Range<usize>; 2]; BATCH],
        more: &mut Vec<More<'s>>,
    ) -> usize {
        let graph = self.view.graph();
        let mut added = 0;
        for (k, (n, place)) in nodes.iter().zip(places).enumerate() {
            if graph.is_shadow(*n) {
                *place = [0..0, 0..0];
                more.retain(|m| m.0 != k);
                continue;
            }
            for p in graph.parts(*n).filter(|p| p != n) {
                let base = self.base.iter().filter_map(|r| Some((k, None, r.spans(r.layer.down(p.0)?, dir))));
                let above = self.above.iter().filter_map(|r| Some((k, Some(r), r.spans(p, dir)?)));
                for m in base.chain(above) {
                    added += m.2.iter().map(|s| s.len()).sum::<usize>();
                    more.push(m);
                }
            }
        }
        more.sort_by_key(|m| m.0);
        added
    }
}

/// What is done with the edges of a node.
trait Visit {
    /// Brings nearer what will be read beside them.
    #[inline]
    fn begins(&self, _spans: &[Range<usize>; 2]) -> u32 {
        0
    }

    fn base(&mut self, view: &View<'_>, r: &Ready<'_>, n: Node, spans: [Range<usize>; 2]) -> GoOn;

    fn above(&mut self, view: &View<'_>, r: &Above<'_>, n: Node, spans: [Range<usize>; 2]) -> GoOn;
}

struct Links<F>(Dir, F);

impl<F: FnMut(Node, Link) -> GoOn> Visit for Links<F> {
    #[inline]
    fn base(&mut self, view: &View<'_>, r: &Ready<'_>, n: Node, spans: [Range<usize>; 2]) -> GoOn {
        r.walk(view, n, self.0, spans, &mut |l| (self.1)(n, l))
    }

    #[inline]
    fn above(&mut self, view: &View<'_>, r: &Above<'_>, n: Node, spans: [Range<usize>; 2]) -> GoOn {
        r.walk(view, spans, &mut |e, other, outgoing| {
            // A loop is one edge and is met once when both directions are asked for.
            if self.0 == Dir::Both && !outgoing && other == n {
                return true;
            }
            (self.1)(n, Link { edge: Edge(r.layer.edge_base + e), other, outgoing })
        })
    }
}

struct OtherEnds<F>(F);

impl<F: FnMut(Node, Node) -> GoOn> Visit for OtherEnds<F> {
    #[inline]
    fn base(&mut self, view: &View<'_>, r: &Ready<'_>, n: Node, spans: [Range<usize>; 2]) -> GoOn {
        r.walk_ends(view, spans, &mut |v| (self.0)(n, v))
    }

    #[inline]
    fn above(&mut self, view: &View<'_>, r: &Above<'_>, n: Node, spans: [Range<usize>; 2]) -> GoOn {
        r.walk(view, spans, &mut |_, v, _| (self.0)(n, v))
    }
}

struct Shares<'a, F> {
    codes: Column<'a>,
    take: F,
}

impl<F: FnMut(Node, Link, Held) -> GoOn> Visit for Shares<'_, F> {
    #[inline]
    fn begins(&self, [out, _]: &[Range<usize>; 2]) -> u32 {
        self.codes.touch(out.start)
    }

    #[inline]
    fn base(&mut self, view: &View<'_>, r: &Ready<'_>, n: Node, [out, _]: [Range<usize>; 2]) -> GoOn {
        let every = matches!(r.shown, Some(Shown::All));
        for (e, (target, code)) in out.clone().zip(r.target.ends(out.clone()).zip(self.codes.run(out))) {
            let e = e as u32;
            if every || r.sees(view, e) {
                let link = Link { edge: Edge(e), other: Node(target), outgoing: true };
                if !(self.take)(n, link, r.layer.index.held(code)) {
                    return false;
                }
            }
        }
        true
    }

    #[inline]
    fn above(&mut self, view: &View<'_>, r: &Above<'_>, n: Node, [out, _]: [Range<usize>; 2]) -> GoOn {
        for (e, (target, code)) in out.clone().zip(r.layer.near.out.get(out).unwrap_or_default()) {
            let e = e as u32;
            if r.sees(view, e) {
                let link = Link { edge: Edge(r.layer.edge_base + e), other: Node(*target), outgoing: true };
                if !(self.take)(n, link, r.layer.index.held(*code)) {
                    return false;
                }
            }
        }
        true
    }
}

impl View<'_> {
    /// Calls `take` with each of some nodes and each edge of it that is seen, until it says no.
    /// Faster than [`View::links`] of one node after the other, because the waits for memory
    /// overlap; the order is by node, then by layer, then as there.
    pub fn links_of(&self, nodes: &[Node], dir: Dir, take: impl FnMut(Node, Link) -> bool) {
        self.steps(nodes.len()).links(nodes, dir, usize::MAX, take);
    }

    /// The same of the edges that lead away from the nodes, with the share that each states: a share
    /// is read beside its edge, and most need no more than that.
    pub fn shares_of(&self, nodes: &[Node], mut take: impl FnMut(Node, Link, Held) -> bool) {
        let graph = self.graph();
        let Some(first) = graph.layers.first() else { return };
        let codes = first.index.column(Section::EdgeShare);
        let steps = self.steps(nodes.len());
        if graph.clusters().is_none() {
            steps.batches(nodes, Dir::Out, usize::MAX, &mut Shares { codes, take });
            return;
        }
        let take = |n, l: Link, held| take(n, Link { other: graph.entity_of(l.other), ..l }, held);
        steps.batches(nodes, Dir::Out, usize::MAX, &mut Shares { codes, take });
    }
}

impl Graph {
    /// External ids of some nodes, in their order. Faster than [`Graph::id`] of one after the
    /// other, because the waits for memory overlap.
    pub fn ids<'a>(&'a self, nodes: &'a [Node]) -> impl Iterator<Item = &'a str> {
        let base = self.layers.first().map(|l| {
            let of = |s| l.index.column(s);
            (l.index.nodes(), of(Section::IdOffset), of(Section::IdBytes))
        });
        nodes.chunks(BATCH).flat_map(move |nodes| {
            let mut places: [Range<usize>; BATCH] = std::array::from_fn(|_| 0..0);
            if let Some((count, offset, bytes)) = &base {
                let mut first = 0;
                for (n, place) in nodes.iter().zip(&mut places).filter(|(n, _)| n.0 < *count) {
                    *place = offset.span(n.0);
                    first ^= bytes.u8(place.start);
                }
                std::hint::black_box(first);
            }
            nodes.iter().zip(places).map(move |(n, place)| match &base {
                // What is no text is left to a look that remembers the damage.
                Some((_, _, bytes)) if !place.is_empty() => {
                    std::str::from_utf8(bytes.bytes(place)).unwrap_or_else(|_| self.id(*n))
                }
                _ => self.id(*n),
            })
        })
    }

    /// Edges of a layer that were taken back since the index was built.
    pub(super) fn hidden_in<'a>(&'a self, layer: &'a Layer) -> impl Iterator<Item = u32> + 'a {
        let of = |e: &u32| e.checked_sub(layer.edge_base).filter(|i| *i < layer.index.edges());
        self.hidden_edges.iter().filter_map(of)
    }
}
