//! What a view shows of the adjacency as plain arrays, for algorithms that go over all of it.
//!
//! The filter is decided once for each edge, column by column, and not in the loops of an
//! algorithm. A view of one layer that hides nothing copies nothing: its rows are the mapped
//! columns themselves, every block of them checked here.

use super::bits::Bits;
use super::index::Index;
use super::layer::{Dir, Graph, Node};
use super::two::on_two;
use super::view::View;
use crate::model::{NodeType, PartialDate};
use std::borrow::Cow;
use std::ops::Range;

/// A little-endian number as it stands in a mapped column.
pub(crate) type Word = [u8; 4];

/// The number in a word; costs nothing where the processor is little-endian.
#[inline]
pub(crate) fn number(w: &Word) -> u32 {
    u32::from_le_bytes(*w)
}

/// The edges of one direction: for each node the other ends of its edges, parallel ones each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rows<'g> {
    /// Where the edges of each node begin, one more than there are nodes.
    offsets: Cow<'g, [Word]>,
    ends: Cow<'g, [Word]>,
}

impl Rows<'_> {
    /// The other ends of the edges of a node.
    #[inline]
    pub(crate) fn of(&self, n: usize) -> &[Word] {
        let span = self.span(n..n + 1);
        self.ends.get(span).unwrap_or_default()
    }

    /// Number of edges of a node.
    #[inline]
    pub(crate) fn degree(&self, n: usize) -> usize {
        self.span(n..n + 1).len()
    }

    /// Number of edges.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Positions of the edges of neighbouring nodes.
    #[inline]
    fn span(&self, nodes: Range<usize>) -> Range<usize> {
        match (self.offsets.get(nodes.start), self.offsets.get(nodes.end)) {
            (Some(a), Some(b)) => number(a) as usize..number(b) as usize,
            _ => 0..0,
        }
    }

    /// The edges of each of neighbouring nodes, in order.
    #[inline]
    pub(crate) fn each(&self, nodes: Range<usize>) -> impl Iterator<Item = &[Word]> {
        let offsets = self.offsets.get(nodes.start..nodes.end.saturating_add(1)).unwrap_or_default();
        offsets.windows(2).map(|w| match w {
            [a, b] => self.ends.get(number(a) as usize..number(b) as usize).unwrap_or_default(),
            _ => &[],
        })
    }
}

/// The adjacency that a view shows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flat<'g> {
    /// Number of nodes; all are there, whether or not an edge of theirs is.
    pub(crate) nodes: usize,
    /// By subject; without rows where only the other direction was asked for.
    pub(crate) out: Rows<'g>,
    /// By object; without rows where only the other direction was asked for.
    pub(crate) inn: Rows<'g>,
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
    pub(crate) fn flat(&self, dir: Dir, wanted: impl Fn(usize) -> bool, apart: Option<&Bits>) -> Flat<'g> {
        let graph = self.graph();
        let nodes = graph.node_count();
        let Some(base) = graph.layers.first() else { return Flat::default() };
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
        more.sort_unstable();
        let mut flat = Flat { nodes, ..Flat::default() };
        let sides = [(Dir::Out, &mut flat.out), (Dir::In, &mut flat.inn)];
        on_two(sides.into_iter().filter(|(side, _)| dir == Dir::Both || dir == *side), |(side, slot)| {
            if side == Dir::Out {
                let bits = keep.as_ref().map(|k| move |at: usize| k.has(at));
                *slot = rows(base.index.half(true), nodes, bits, &more);
            } else {
                let mut back: Vec<(u32, u32)> = more.iter().map(|(a, b)| (*b, *a)).collect();
                back.sort_unstable();
                let bits = keep.as_ref().map(|k| {
                    let numbers = base.index.in_numbers();
                    move |at: usize| numbers.get(at).is_some_and(|e| k.has(number(e) as usize))
                });
                *slot = rows(base.index.half(false), nodes, bits, &back);
            }
        });
        flat
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
            keep.retain(edges, |e| kinds.get(codes.get(e) as usize).copied().unwrap_or(false));
        }
        let withdrawn = u32::from(self.withdrawn());
        let metas = index.metas();
        let stands = |meta: u32| meta & 7 != withdrawn;
        // Few sources take anything back: a look over the column comes first, unless all are alike.
        let all = metas.only().map_or_else(|| (0..edges).all(|e| stands(metas.get(e))), stands);
        if !all {
            keep.retain(edges, |e| stands(metas.get(e)));
        }
        let provs: Vec<(bool, u32)> = self.provs_seen(at).collect();
        let of = index.provs_of_edges();
        let prov = |e: usize| provs.get(of.get(e) as usize).copied().unwrap_or((false, 0));
        if provs.iter().any(|(visible, _)| !visible) {
            keep.retain(edges, |e| prov(e).0);
        }
        if self.filter().as_of.is_some() {
            // Each distinct date is compared once.
            let dates: Vec<Option<PartialDate>> =
                std::iter::once(None).chain(index.dates().into_iter().map(PartialDate::from_bits)).collect();
            let begun: Vec<bool> = dates.iter().map(|d| self.holds(*d, None, 0)).collect();
            let lasts: Vec<bool> = dates.iter().map(|d| self.holds(None, *d, 0)).collect();
            let (starts, ends) = index.days();
            let says = |list: &[bool], code: u32| list.get(code as usize).copied().unwrap_or(true);
            keep.retain(edges, |e| says(&begun, starts.get(e)) && says(&lasts, ends.get(e)));
            if provs.iter().any(|(_, ended)| *ended != 0) {
                // A fact lasts as long as both its source and its date say so.
                keep.retain(edges, |e| self.holds(None, None, prov(e).1));
            }
        }
        let own = (layer.edge_base as usize)..layer.edge_base as usize + edges;
        for e in self.graph().hidden_edges().filter(|e| own.contains(&(e.0 as usize))) {
            keep.clear(e.0 as usize - own.start);
        }
        if let Some(apart) = apart.filter(|a| a.count() > 0) {
            let (offsets, targets) = index.half(true);
            for (n, span) in (0..).zip(offsets.windows(2)) {
                let away = apart.has(layer.up(n) as usize);
                let span = span.iter().map(|w| number(w) as usize);
                let (Some(a), Some(b)) = (span.clone().next(), span.clone().nth(1)) else { continue };
                for (e, target) in (a..).zip(targets.get(a..b).unwrap_or_default()) {
                    if away || apart.has(layer.up(number(target)) as usize) {
                        keep.clear(e);
                    }
                }
            }
        }
        (keep.count() < edges).then_some(keep)
    }
}

/// One direction: the mapped columns where all of them are kept and nothing is added, else a copy.
/// `more` holds pairs of a node and the other end, sorted.
fn rows<'g>(
    (offsets, ends): (&'g [Word], &'g [Word]),
    nodes: usize,
    keep: Option<impl Fn(usize) -> bool>,
    more: &[(u32, u32)],
) -> Rows<'g> {
    if keep.is_none() && more.is_empty() && offsets.len() == nodes + 1 {
        return Rows { offsets: Cow::Borrowed(offsets), ends: Cow::Borrowed(ends) };
    }
    let mut starts: Vec<Word> = Vec::with_capacity(nodes + 1);
    let mut kept: Vec<Word> = Vec::with_capacity(ends.len() + more.len());
    let mut more = more.iter().peekable();
    for n in 0..nodes {
        starts.push((kept.len() as u32).to_le_bytes());
        if let (Some(a), Some(b)) = (offsets.get(n), offsets.get(n + 1)) {
            let span = number(a) as usize..number(b) as usize;
            let run = ends.get(span.clone()).unwrap_or_default();
            match &keep {
                None => kept.extend_from_slice(run),
                Some(keep) => kept.extend(span.zip(run).filter(|(at, _)| keep(*at)).map(|(_, w)| *w)),
            }
        }
        while let Some((_, end)) = more.next_if(|(node, _)| *node as usize == n) {
            kept.push(end.to_le_bytes());
        }
    }
    starts.push((kept.len() as u32).to_le_bytes());
    Rows { offsets: Cow::Owned(starts), ends: Cow::Owned(kept) }
}
