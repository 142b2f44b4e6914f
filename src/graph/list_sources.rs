//! Which sources hold which lists.

use super::view::View;
use crate::model::PartialDate;
use std::collections::{BTreeMap, HashSet};

impl View<'_> {
    /// Each list that a source states, with the first release that did: (list, source, release).
    /// `*` (every list) is not among them.
    pub fn list_sources(&self) -> Vec<(String, String, PartialDate)> {
        let mut first: BTreeMap<(String, String), PartialDate> = BTreeMap::new();
        for (at, layer) in self.graph().layers.iter().enumerate() {
            let mut seen: HashSet<(u32, u32)> = HashSet::new();
            for i in 0..layer.index.listing_count() {
                let (_, row) = layer.index.listing(i);
                if !seen.insert((row.list, row.prov)) || !self.sees_prov(at, row.prov) {
                    continue;
                }
                let (list, prov) = (layer.index.list(row.list), layer.index.provs.get(row.prov as usize));
                let Some((source, from)) = prov.and_then(|p| Some((p.source.clone(), p.first()?))) else { continue };
                if list != "*" {
                    let slot = first.entry((list.to_owned(), source)).or_insert(from);
                    *slot = (*slot).min(from);
                }
            }
        }
        first.into_iter().map(|((list, source), day)| (list, source, day)).collect()
    }
}
