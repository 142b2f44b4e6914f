//! Which edges a view shows, decided once for all of them: a bit for each, or one word for all.

use super::layer::Layer;
use super::layout::Section;
use super::view::View;

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

    /// Asks a view for every edge of a layer, and checks the layer's adjacency and ids.
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
        ]);
        let count = layer.index.edges();
        let mut bits: Vec<u64> = Vec::with_capacity((count as usize).div_ceil(64));
        let mut all = true;
        for from in (0..count).step_by(64) {
            let edges = from as usize..(from.saturating_add(64).min(count)) as usize;
            let mut word = 0u64;
            let rows = layer.index.out_rows(edges.clone()).zip(layer.index.terms(edges.clone()));
            for (i, ((kind, prov, meta), (start, end))) in rows.enumerate() {
                word |= u64::from(view.shows(at, kind, prov, meta, || (start, end))) << i;
            }
            all &= word.count_ones() as usize == edges.len();
            bits.push(word);
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
