//! What a view shows of the adjacency, for algorithms that go over all of it.
//!
//! The filter is decided once for each edge, column by column, and not in the loops of an
//! algorithm. One that goes over the edges once reads them where they lie ([`Half::each`]); one
//! that goes over them often has them unpacked ([`Rows`]). Every block read is checked.

use super::bits::Bits;
use super::index::Index;
use super::layer::{Dir, Graph, Node};
use super::layout::{Whole, WholeLines};
use super::two::on_two;
use super::view::View;
use crate::model::{NodeType, PartialDate};
use std::ops::Range;
use std::sync::Arc;

/// Nodes whose rows one thread unpacks at a time. Tests, whose graphs are small, are to have several.
const PART: usize = if cfg!(test) { 8 } else { 4096 };

/// Nodes whose edges are unpacked before any is used: what they take stays in the nearest cache.
const FEW: usize = 512;

/// Memory for the edges of some nodes.
#[derive(Default)]
struct Room {
    offsets: Vec<u32>,
    ends: Vec<u32>,
    numbers: Vec<u32>,
    row: Vec<u32>,
}

/// The edges of one direction: for each node the other ends of its edges, parallel ones each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows {
    /// Where the edges of each node begin, one more than there are nodes.
    offsets: Vec<u32>,
    /// Nothing where only the number of edges was asked for.
    ends: Vec<u32>,
}

impl Rows {
    /// The other ends of the edges of a node.
    #[inline]
    pub(crate) fn of(&self, n: usize) -> &[u32] {
        self.ends.get(self.span(n)).unwrap_or_default()
    }

    /// Number of edges of a node.
    #[inline]
    pub(crate) fn degree(&self, n: usize) -> usize {
        self.span(n).len()
    }

    /// Number of edges.
    pub(crate) fn len(&self) -> usize {
        self.offsets.last().map_or(0, |n| *n as usize)
    }

    #[inline]
    fn span(&self, n: usize) -> Range<usize> {
        match self.offsets.get(n..).and_then(<[u32]>::first_chunk) {
            Some([a, b]) => *a as usize..*b as usize,
            None => 0..0,
        }
    }

    #[inline]
    fn spans(&self, nodes: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let offsets = self.offsets.get(nodes.start..nodes.end.saturating_add(1)).unwrap_or_default();
        offsets.iter().zip(offsets.iter().skip(1)).map(|(a, b)| *a as usize..*b as usize)
    }

    /// The edges of each of neighbouring nodes, in order.
    #[inline]
    pub(crate) fn each(&self, nodes: Range<usize>) -> impl Iterator<Item = &[u32]> {
        self.spans(nodes).map(|span| self.ends.get(span).unwrap_or_default())
    }

    /// How many edges each of neighbouring nodes has, in order.
    fn degrees(&self, nodes: Range<usize>) -> impl Iterator<Item = u32> {
        self.spans(nodes).map(|span| span.len() as u32)
    }
}

/// One direction of what a view shows, where it lies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Half<'g> {
    nodes: usize,
    offsets: WholeLines<'g>,
    ends: Whole<'g>,
    /// The edges that are seen, by number; `None`: all.
    keep: Option<Arc<Bits>>,
    /// The number of the edge at each place, where the place is not the number.
    numbers: Option<Whole<'g>>,
    /// What the layers above add: pairs of a node and the other end, sorted.
    more: Vec<(u32, u32)>,
}

impl Half<'_> {
    /// Whether all is as it lies.
    fn is_plain(&self) -> bool {
        self.keep.is_none() && self.more.is_empty()
    }

    /// Calls `take` with each of neighbouring nodes and the other ends of its edges.
    pub(crate) fn each(&self, nodes: Range<usize>, mut take: impl FnMut(usize, &[u32])) {
        let mut room = Room::default();
        for from in nodes.clone().step_by(FEW) {
            self.some(from..nodes.end.min(from + FEW), &mut room, &mut take);
        }
    }

    fn some(&self, nodes: Range<usize>, room: &mut Room, take: &mut impl FnMut(usize, &[u32])) {
        let Room { offsets, ends, numbers, row } = room;
        offsets.resize(nodes.len() + 1, 0);
        self.offsets.unpack(nodes.start, offsets);
        let first = offsets.first().map_or(0, |o| *o as usize);
        let all = first..offsets.last().map_or(0, |o| *o as usize);
        self.ends.unpack(all.clone(), ends);
        if let (Some(of), Some(_)) = (&self.numbers, &self.keep) {
            of.unpack(all, numbers);
        }
        let more = self.more.partition_point(|(n, _)| (*n as usize) < nodes.start);
        let mut more = self.more.get(more..).unwrap_or_default().iter().peekable();
        for (n, (from, to)) in nodes.zip(offsets.iter().zip(offsets.iter().skip(1))) {
            let places = (*from as usize).saturating_sub(first)..(*to as usize).saturating_sub(first);
            let here = ends.get(places.clone()).unwrap_or_default();
            if self.is_plain() {
                take(n, here);
                continue;
            }
            row.clear();
            match &self.keep {
                None => row.extend_from_slice(here),
                Some(keep) if self.numbers.is_none() => {
                    let seen = (*from as usize..).zip(here).filter(|(e, _)| keep.has(*e));
                    row.extend(seen.map(|(_, end)| *end));
                }
                Some(keep) => {
                    let numbers = numbers.get(places).unwrap_or_default();
                    row.extend(numbers.iter().zip(here).filter(|(e, _)| keep.has(**e as usize)).map(|(_, end)| *end));
                }
            }
            while let Some((_, end)) = more.next_if(|(node, _)| *node as usize == n) {
                row.push(*end);
            }
            take(n, row);
        }
    }

    /// How many edges each node has, without them; on two threads.
    pub(crate) fn counted(&self) -> Rows {
        let mut offsets = vec![0u32; self.nodes + 1];
        let slots = offsets.get_mut(1..).unwrap_or_default();
        on_two(slots.chunks_mut(PART).enumerate(), |(part, slots)| {
            let nodes = part * PART..part * PART + slots.len();
            if self.is_plain() {
                self.offsets.unpack(nodes.start + 1, slots);
            } else {
                let mut slots = slots.iter_mut();
                self.each(nodes, |_, ends| slots.by_ref().take(1).for_each(|slot| *slot = ends.len() as u32));
            }
        });
        if !self.is_plain() {
            let mut sum = 0u32;
            for slot in &mut offsets {
                sum = sum.saturating_add(*slot);
                *slot = sum;
            }
        }
        Rows { offsets, ends: Vec::new() }
    }

    /// The edges of each node, unpacked on two threads.
    pub(crate) fn rows(&self) -> Rows {
        let mut rows = self.counted();
        // No more than there are, whatever the offsets say.
        let most = self.ends.len() + self.more.len();
        let mut ends = vec![0u32; rows.len().min(most)];
        let mut left = ends.as_mut_slice();
        let mut parts = (0..self.nodes.div_ceil(PART)).map(|p| p * PART..self.nodes.min((p + 1) * PART));
        let at = |n: usize| rows.offsets.get(n).map_or(0, |o| *o as usize);
        let slices = std::iter::from_fn(|| {
            let nodes = parts.next()?;
            let len = at(nodes.end).saturating_sub(at(nodes.start)).min(left.len());
            let (here, rest) = std::mem::take(&mut left).split_at_mut(len);
            left = rest;
            Some((nodes, here))
        });
        on_two(slices, |(nodes, slots)| {
            if self.is_plain() {
                return self.ends.unpack_into(at(nodes.start)..at(nodes.end), slots);
            }
            let mut done = 0;
            self.each(nodes, |_, ends| {
                if let Some(slots) = slots.get_mut(done..done + ends.len()) {
                    slots.copy_from_slice(ends);
                }
                done += ends.len();
            });
        });
        rows.ends = ends;
        rows
    }
}

/// How many edges nodes have in one direction: read where they lie, or counted once.
pub(crate) enum Degrees<'h> {
    /// Where they lie.
    Lying(&'h Half<'h>),
    /// Counted.
    Counted(Rows),
}

impl<'h> Degrees<'h> {
    /// Of all nodes.
    pub(crate) fn new(half: &'h Half<'h>) -> Degrees<'h> {
        if half.is_plain() { Degrees::Lying(half) } else { Degrees::Counted(half.counted()) }
    }

    /// Those of neighbouring nodes.
    pub(crate) fn of(&self, nodes: Range<usize>, out: &mut Vec<u32>) {
        out.clear();
        match self {
            Degrees::Counted(rows) => out.extend(rows.degrees(nodes)),
            Degrees::Lying(half) => {
                out.resize(nodes.len() + 1, 0);
                half.offsets.unpack(nodes.start, out);
                let mut offsets = out.iter_mut().peekable();
                while let Some(here) = offsets.next() {
                    *here = offsets.peek().map_or(0, |next| next.saturating_sub(*here));
                }
                out.pop();
            }
        }
    }
}

/// The adjacency that a view shows, where it lies.
#[derive(Debug, Clone, Default)]
pub(crate) struct Halves<'g> {
    /// Number of nodes; all are there, whether or not an edge of theirs is.
    pub(crate) nodes: usize,
    /// By subject; without edges where only the other direction was asked for.
    pub(crate) out: Half<'g>,
    /// By object; without edges where only the other direction was asked for.
    pub(crate) inn: Half<'g>,
}

/// The adjacency that a view shows, unpacked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flat {
    /// Number of nodes; all are there, whether or not an edge of theirs is.
    pub(crate) nodes: usize,
    /// By subject; without rows where only the other direction was asked for.
    pub(crate) out: Rows,
    /// By object; without rows where only the other direction was asked for.
    pub(crate) inn: Rows,
}

impl Halves<'_> {
    /// All of it unpacked.
    pub(crate) fn flat(&self) -> Flat {
        let rows = |half: &Half<'_>| if half.nodes == 0 { Rows::default() } else { half.rows() };
        Flat { nodes: self.nodes, out: rows(&self.out), inn: rows(&self.inn) }
    }
}

impl Graph {
    /// The nodes of a type that fits.
    pub(crate) fn nodes_of_type(&self, fits: impl Fn(&NodeType) -> bool) -> Bits {
        let mut found = Bits::none(self.node_count());
        let mut layers = self.layers.iter();
        let Some(base) = layers.next() else { return found };
        let by_code: Vec<bool> = base.index.node_types().iter().map(&fits).collect();
        if by_code.contains(&true) {
            let types = base.index.types_of_nodes();
            let hit = |n: &usize| by_code.get(types.get(*n) as usize).copied().unwrap_or(false);
            (0..types.len()).filter(hit).for_each(|n| found.set(n));
        }
        // A layer above may know better than the one below it.
        for l in layers {
            for n in (0..l.index.nodes()).map(|i| Node(l.up(i))) {
                match fits(self.node_type(n)) {
                    true => found.set(n.0 as usize),
                    false => found.clear(n.0 as usize),
                }
            }
        }
        for n in self.clusters.iter().flat_map(|c| c.nodes()) {
            match !self.is_shadow(n) && fits(self.node_type(n)) {
                true => found.set(n.0 as usize),
                false => found.clear(n.0 as usize),
            }
        }
        found
    }
}

impl<'g> View<'g> {
    /// The edges that are seen, of types (by number) that are wanted, between nodes that do not
    /// stand `apart`, in the directions asked for.
    pub(crate) fn halves(&self, dir: Dir, wanted: impl Fn(usize) -> bool, apart: Option<&Bits>) -> Halves<'g> {
        let graph = self.graph();
        let nodes = graph.node_count();
        let Some(base) = graph.layers.first() else { return Halves::default() };
        let mut keep = self.decide(0, &wanted, apart);
        let mut more: Vec<(u32, u32)> = Vec::new();
        for (at, l) in graph.layers.iter().enumerate().skip(1) {
            let kept = self.decide(at, &wanted, apart);
            for n in 0..l.index.nodes() {
                let edges = l.index.targets(l.index.out(n));
                let edges = edges.filter(|(e, _)| kept.as_ref().is_none_or(|k| k.has(*e as usize)));
                more.extend(edges.map(|(_, target)| (l.up(n), l.up(target))));
            }
        }
        if let Some(c) = &graph.clusters {
            let entity = |n: u32| c.representative(Node(n)).0;
            let joins = |n: u32| apart.is_none_or(|a| !a.has(n as usize));
            more.iter_mut().for_each(|(a, b)| (*a, *b) = (entity(*a), entity(*b)));
            // Edges at shadows leave their rows and go to those of the entities.
            let kept = keep.get_or_insert_with(|| Bits::all(base.index.edges() as usize));
            for n in c.shadows().filter(|n| n.0 < base.index.nodes()) {
                let out = base.index.targets(base.index.out(n.0)).map(|(e, target)| (e, n.0, target));
                let inn = base.index.in_edges(base.index.inn(n.0)).map(|(source, e)| (e, source, n.0));
                for (e, a, b) in out.chain(inn).filter(|(e, ..)| kept.has(*e as usize)).collect::<Vec<_>>() {
                    // One between two shadows is met from both.
                    if kept.has(e as usize) {
                        kept.clear(e as usize);
                        more.push((entity(a), entity(b)));
                    }
                }
            }
            more.retain(|(a, b)| joins(*a) && joins(*b));
        }
        let keep = keep.map(Arc::new);
        let half = |outgoing: bool| {
            if dir == if outgoing { Dir::In } else { Dir::Out } {
                return Half::default();
            }
            let (offsets, ends) = base.index.half(outgoing);
            let numbers = (!outgoing && keep.is_some()).then(|| base.index.in_numbers());
            let mut more: Vec<(u32, u32)> =
                more.iter().map(|(a, b)| if outgoing { (*a, *b) } else { (*b, *a) }).collect();
            more.sort_unstable();
            Half { nodes, offsets, ends, keep: keep.clone(), numbers, more }
        };
        Halves { nodes, out: half(true), inn: half(false) }
    }

    /// The same unpacked.
    pub(crate) fn flat(&self, dir: Dir, wanted: impl Fn(usize) -> bool, apart: Option<&Bits>) -> Flat {
        self.halves(dir, wanted, apart).flat()
    }

    /// The edges of a layer that are seen and wanted; `None` where all are.
    fn decide(&self, at: usize, wanted: &impl Fn(usize) -> bool, apart: Option<&Bits>) -> Option<Bits> {
        let layer = self.graph().layers.get(at)?;
        let index: &Index = &layer.index;
        let edges = index.edges() as usize;
        let mut keep = Bits::all(edges);
        let kinds: Vec<bool> = (0..index.edge_types().len()).map(|k| wanted(k) && self.sees_type(k)).collect();
        if kinds.contains(&false) {
            let codes = index.kinds();
            keep.retain(edges, |at| codes.run(at).map(|k| kinds.get(k as usize).copied().unwrap_or(false)));
        }
        let withdrawn = u32::from(self.withdrawn());
        let metas = index.metas();
        let stands = |meta: u32| meta & 7 != withdrawn;
        // Few sources take anything back: a look over the column comes first, unless all are alike.
        let all = metas.only().map_or_else(|| metas.run(0..edges).all(stands), stands);
        if !all {
            keep.retain(edges, |at| metas.run(at).map(stands));
        }
        let provs: Vec<(bool, u32)> = self.provs_seen(at).collect();
        let of = index.provs_of_edges();
        let prov = |p: u32| provs.get(p as usize).copied().unwrap_or((false, 0));
        if provs.iter().any(|(visible, _)| !visible) {
            keep.retain(edges, |at| of.run(at).map(|p| prov(p).0));
        }
        if self.filter().as_of.is_some() {
            // Each distinct date is compared once.
            let dates: Vec<Option<PartialDate>> =
                std::iter::once(None).chain(index.dates().into_iter().map(PartialDate::from_bits)).collect();
            let begun: Vec<bool> = dates.iter().map(|d| self.holds(*d, None, 0)).collect();
            let lasts: Vec<bool> = dates.iter().map(|d| self.holds(None, *d, 0)).collect();
            let (starts, ends) = index.days();
            let says = |list: &[bool], code: u32| list.get(code as usize).copied().unwrap_or(true);
            let says = &says;
            keep.retain(edges, |at| {
                starts.run(at.clone()).zip(ends.run(at)).map(|(a, b)| says(&begun, a) & says(&lasts, b))
            });
            if provs.iter().any(|(_, ended)| *ended != 0) {
                // A fact lasts as long as both its source and its date say so.
                keep.retain(edges, |at| of.run(at).map(|p| self.holds(None, None, prov(p).1)));
            }
        }
        let own = (layer.edge_base as usize)..layer.edge_base as usize + edges;
        for e in self.graph().hidden_edges().filter(|e| own.contains(&(e.0 as usize))) {
            keep.clear(e.0 as usize - own.start);
        }
        if let Some(apart) = apart.filter(|a| a.count() > 0) {
            let (offsets, targets) = index.half(true);
            let half = Half { nodes: index.nodes() as usize, offsets, ends: targets, ..Half::default() };
            let mut e = 0usize;
            for from in (0..half.nodes).step_by(PART) {
                half.each(from..half.nodes.min(from + PART), |n, targets| {
                    let away = apart.has(layer.up(n as u32) as usize);
                    for target in targets {
                        if away || apart.has(layer.up(*target) as usize) {
                            keep.clear(e);
                        }
                        e += 1;
                    }
                });
            }
        }
        (keep.count() < edges).then_some(keep)
    }
}
