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
        let code = |t: &[u8; 2]| usize::from(u16::from_le_bytes(*t));
        if by_code.contains(&true) {
            let all = base.index.types_of_nodes().iter().enumerate();
            let hit = all.filter(|(_, t)| by_code.get(code(t)).copied().unwrap_or(false));
            hit.for_each(|(n, _)| found.set(n));
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
        let keep = self.decide(0, &wanted, apart);
        let mut more: Vec<(u32, u32)> = Vec::new();
        for (at, l) in graph.layers.iter().enumerate().skip(1) {
            let kept = self.decide(at, &wanted, apart);
            for n in 0..l.index.nodes() {
                let edges = l.index.targets(l.index.out(n));
                let edges = edges.filter(|(e, _)| kept.as_ref().is_none_or(|k| k.has(*e as usize)));
                more.extend(edges.map(|(_, target)| (l.up(n), l.up(target))));
            }
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
            let code = |k: &[u8; 2]| usize::from(u16::from_le_bytes(*k));
            keep.retain(index.kinds(), |k| kinds.get(code(k)).copied().unwrap_or(false));
        }
        let withdrawn = self.withdrawn();
        let stands = |m: &[u8; 2]| u16::from_le_bytes(*m) & 7 != withdrawn;
        // Few sources take anything back: a look over the column comes first.
        if !index.metas().iter().fold(true, |all, m| all & stands(m)) {
            keep.retain(index.metas(), stands);
        }
        let provs: Vec<(bool, u32)> = self.provs_seen(at).collect();
        let prov = |p: &Word| provs.get(number(p) as usize).copied().unwrap_or((false, 0));
        if provs.iter().any(|(visible, _)| !visible) {
            keep.retain(index.provs_of_edges(), |p| prov(p).0);
        }
        if let Some(day) = self.filter().as_of {
            // Packed days order as days do; most are given to the day and need no unpacking.
            let (first, last) = (day.first_day().to_bits(), day.last_day().to_bits());
            let full = |bits: u32| bits & 31 != 0;
            let begun = |start: u32| match start {
                0 => true,
                s if full(s) => s <= last,
                s => self.holds(PartialDate::from_bits(s), None, 0),
            };
            let lasts = |end: u32, gone: u32| match (end, gone) {
                (0, 0) => true,
                (e, 0) if full(e) => e > first,
                (e, gone) => self.holds(None, PartialDate::from_bits(e), gone),
            };
            let (starts, ends) = index.days();
            keep.retain(starts, |s| begun(number(s)));
            if provs.iter().any(|(_, ended)| *ended != 0) {
                keep.retain_pairs(ends, index.provs_of_edges(), |e, p| lasts(number(e), prov(p).1));
            } else {
                keep.retain(ends, |e| lasts(number(e), 0));
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
