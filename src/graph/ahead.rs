//! The records of a source decoded ahead of whoever builds an index of them.

use crate::error::{Error, Result};
use crate::model::{EndView, IdView, RecordView};
use crate::store::SourceData;
use xxhash_rust::xxh3::xxh3_64;

/// How many records are decoded ahead, in batches of so many.
const BATCH: u32 = 1024;
/// Batches that wait at most.
const AHEAD: usize = 3;

/// Whether a source has so many records that further threads pay.
pub(super) fn is_many(source: &SourceData) -> bool {
    source.len() >= 2 * BATCH
}

/// Hands over all records of a source in order, in batches; many are decoded on a second thread.
pub(super) fn each_batch<'s>(source: &'s SourceData, mut take: impl FnMut(Ahead<'s>) -> Result<()>) -> Result<()> {
    if !is_many(source) {
        let mut batch = Ahead::default();
        source.each(|i, _, _, record| {
            batch.push(i, record);
            Ok(())
        })?;
        return take(batch);
    }
    std::thread::scope(|s| {
        let (send, receive) = std::sync::mpsc::sync_channel::<Result<Ahead<'s>>>(AHEAD);
        s.spawn(move || {
            let mut batch = Ahead::default();
            let gone = || Error::usage("the records are no longer wanted");
            let end = source.each(|i, _, _, record| {
                batch.push(i, record);
                if batch.records.len() < BATCH as usize {
                    return Ok(());
                }
                send.send(Ok(std::mem::take(&mut batch))).map_err(|_| gone())
            });
            // The receiver is gone only when it has failed itself.
            send.send(end.map(|()| batch)).ok();
        });
        receive.into_iter().try_for_each(|batch| take(batch?))
    })
}

/// Records that were decoded ahead, with their ids and the hashes of those in the order in which
/// [`super::build::Builder`] asks for them.
#[derive(Default)]
pub(super) struct Ahead<'s> {
    pub(super) records: Vec<(u32, RecordView<'s>)>,
    pub(super) ids: Vec<(IdView<'s>, u64)>,
    scratch: Vec<u8>,
}

impl<'s> Ahead<'s> {
    fn push(&mut self, i: u32, record: RecordView<'s>) {
        match &record {
            RecordView::Party(p) => self.id(p.id),
            RecordView::Relation(r) => {
                for end in [r.source, r.target] {
                    if let EndView::Id(id) = end {
                        self.id(id);
                    }
                }
            }
            RecordView::Other(_) => {}
        }
        self.records.push((i, record));
    }

    fn id(&mut self, id: IdView<'s>) {
        self.scratch.clear();
        id.write(&mut self.scratch);
        self.ids.push((id, xxh3_64(&self.scratch)));
    }
}
