//! Which edges a view shows, decided once for all of them: a bit for each, or one word for all.

use super::layer::Layer;
use super::layout::Section;
use super::view::View;

/// Edges whose columns are looked up together; a multiple of 64.
const CHUNK: u32 = 4096;

/// What a view shows of a layer.
pub(super) enum Shown {
    /// Every edge.
    All,
    /// A bit an edge.
    Some(Vec<u64>),
}

impl Shown {
    #[inline]
    pub(super) fn has(&self, edge: u32) -> bool {
        match self {
            Shown::All => true,
            Shown::Some(bits) => bits.get(edge as usize / 64).is_some_and(|w| w >> (edge % 64) & 1 == 1),
        }
    }

    /// Asks a view for every edge of a layer, and checks the layer's adjacency, ids and shares.
    pub(super) fn decide(view: &View<'_>, at: usize, layer: &Layer) -> Shown {
        layer.index.check(&[
            Section::OutOffset,
            Section::Target,
            Section::InOffset,
            Section::InSource,
            Section::InEdge,
            Section::IdHash,
            Section::IdOffset,
            Section::IdBytes,
            Section::EdgeShare,
            Section::Shares,
        ]);
        let count = layer.index.edges();
        let mut bits: Vec<u64> = Vec::with_capacity((count as usize).div_ceil(64));
        let mut all = true;
        let dated = view.filter().as_of.is_some();
        for from in (0..count).step_by(CHUNK as usize) {
            let edges = from as usize..(from.saturating_add(CHUNK).min(count)) as usize;
            let rows = layer.index.out_rows(edges.clone());
            let first = bits.len();
            bits.resize(first + edges.len().div_ceil(64), 0);
            let words = bits.get_mut(first..).unwrap_or_default();
            let mut put = |i: usize, shown: bool| {
                if let Some(word) = words.get_mut(i / 64) {
                    *word |= u64::from(shown) << (i % 64);
                }
            };
            if dated {
                for (i, ((kind, prov, meta), terms)) in rows.zip(layer.index.terms(edges.clone())).enumerate() {
                    put(i, view.shows(at, kind, prov, meta, || terms));
                }
            } else {
                for (i, (kind, prov, meta)) in rows.enumerate() {
                    put(i, view.shows(at, kind, prov, meta, || (0, 0)));
                }
            }
            let shown: usize = words.iter().map(|w| w.count_ones() as usize).sum();
            all &= shown == edges.len();
        }
        for e in view.graph().hidden_in(layer) {
            if let Some(word) = bits.get_mut(e as usize / 64) {
                *word &= !(1u64 << (e % 64));
                all = false;
            }
        }
        if all { Shown::All } else { Shown::Some(bits) }
    }
}
