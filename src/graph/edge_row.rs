//! One edge on its way into the index.

use crate::store::Row;

/// The columns of an edge, ordered as the edges of the index are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EdgeRow {
    pub(super) source: u32,
    pub(super) kind: u16,
    pub(super) target: u32,
    pub(super) start: u32,
    pub(super) record: u32,
    pub(super) end: u32,
    pub(super) meta: u16,
    pub(super) share: u32,
    pub(super) prov: u32,
}

type First = (u32, u16, u32, u32, u32);
type Second = (u32, u16, u32, u32);

impl Row for EdgeRow {
    const SIZE: usize = First::SIZE + Second::SIZE;

    fn write(&self, out: &mut Vec<u8>) {
        (self.source, self.kind, self.target, self.start, self.record).write(out);
        (self.end, self.meta, self.share, self.prov).write(out);
    }

    fn read(bytes: &[u8]) -> EdgeRow {
        let (source, kind, target, start, record) = First::read(bytes);
        let (end, meta, share, prov) = Second::read(bytes.get(First::SIZE..).unwrap_or_default());
        EdgeRow { source, kind, target, start, record, end, meta, share, prov }
    }
}
