//! The names of parties on their way into the index: those that may be labels, and all of them in
//! the form in which they are compared.

use super::ahead::{Ahead, each_batch};
use super::names::{NameKind, normalise_into};
use crate::error::{Error, Result};
use crate::model::{PartyView, RecordView};
use crate::store::{By, Sorter, SourceData, Storage};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

/// Batches that wait for their names at most.
const AHEAD: usize = 2;

/// Whom a record names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub(super) node: u32,
    pub(super) prov: u32,
    /// Its source still says so.
    pub(super) holds: bool,
}

/// Gathers names.
pub(super) struct Naming {
    /// Names of a node by rank and order of appearance; the first serves as its label.
    pub(super) labels: Sorter<(u32, u8, u32)>,
    /// Normalised names: kind, node, provenance, number among the labels or `u32::MAX`.
    pub(super) names: Sorter<(u8, u32, u32, u32)>,
    normal: String,
}

impl Naming {
    /// None yet.
    pub(super) fn new(storage: &Arc<dyn Storage>) -> Naming {
        Naming { labels: Sorter::new(storage, By::Row), names: Sorter::new(storage, By::Text), normal: String::new() }
    }

    /// Takes the names of a party's record.
    pub(super) fn party(&mut self, named: Named, p: &PartyView<'_>) -> Result<()> {
        let Named { node, prov, holds } = named;
        for f in &p.facts {
            let Some(kind) = NameKind::of(f.prop) else { continue };
            // Lower is better: a name the source still stands by before one it dropped.
            let rank = (kind as u8) | if holds { 0 } else { 0x40 } | if f.script.is_empty() { 0 } else { 0x20 };
            let mut order = u32::MAX;
            if kind != NameKind::Identifier {
                order = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
                self.labels.push(f.value.as_bytes(), (node, rank, order))?;
            }
            self.normal.clear();
            normalise_into(f.value, &mut self.normal);
            if !self.normal.is_empty() {
                self.names.push(self.normal.as_bytes(), (kind as u8, node, prov, order))?;
            }
        }
        Ok(())
    }
}

/// Hands over the records of a large source in batches, and gathers on a thread of its own the names
/// of those that `take` says are named, by their places in the batch.
pub(super) fn each_batch_named<'s>(
    naming: Naming,
    source: &'s SourceData,
    mut take: impl FnMut(&Ahead<'s>) -> Result<Vec<(u32, Named)>>,
) -> Result<Naming> {
    std::thread::scope(|s| {
        let (send, receive) = sync_channel::<(Ahead<'s>, Vec<(u32, Named)>)>(AHEAD);
        let worker = s.spawn(move || {
            let mut naming = naming;
            for (batch, list) in receive {
                for (at, named) in list {
                    if let Some((_, RecordView::Party(p))) = batch.records.get(at as usize) {
                        naming.party(named, p)?;
                    }
                }
            }
            Ok(naming)
        });
        let read = each_batch(source, |batch| {
            let list = take(&batch)?;
            send.send((batch, list)).map_err(|_| Error::input("gathering the names failed"))
        });
        drop(send);
        let named = worker.join().map_err(|_| Error::input("gathering the names failed"))?;
        // What went wrong there is why nobody listened here.
        match (read, named) {
            (_, Err(e)) | (Err(e), Ok(_)) => Err(e),
            (Ok(()), Ok(naming)) => Ok(naming),
        }
    })
}
