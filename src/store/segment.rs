//! Segments: immutable files of records.
//!
//! ```text
//! body     records, one after the other: kind u8, part u8, repeat u16, bincode of the record
//! table    offset of each record in the file and of the end of the last, u64 each
//! parts    bincode of the part names that `part` counts into
//! tail     offset of table u64, offset of parts u64, number of records u64
//! ```

use super::container::{Container, FileEntry, FileWriter, HEADER, u64_at};
use super::storage::Storage;
use crate::codec;
use crate::error::{Error, Result};
use crate::model::Record;

const KIND: [u8; 4] = *b"SEGM";
const FRAME: usize = 4;
const TAIL: usize = 24;
/// The largest record accepted, encoded.
const MAX_RECORD: usize = 16 << 20;

/// What stands before each record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Frame {
    /// Kind of the record, see [`Record::kind_code`].
    pub kind: u8,
    /// Part of the release, an index into the segment's part names.
    pub part: u8,
    /// Counts different records of one kind, part and key within one release.
    pub repeat: u16,
}

/// Writes a segment.
pub struct SegmentWriter {
    file: FileWriter,
    offsets: Vec<u64>,
    parts: Vec<String>,
    buffer: Vec<u8>,
}

impl SegmentWriter {
    /// Starts a segment.
    pub fn create(storage: &dyn Storage, name: &str) -> Result<SegmentWriter> {
        let file = FileWriter::create(storage, name, KIND)?;
        Ok(SegmentWriter { file, offsets: Vec::new(), parts: Vec::new(), buffer: Vec::new() })
    }

    /// The number of a part's name, new or known.
    pub fn part(&mut self, name: &str) -> Result<u8> {
        let at = match self.parts.iter().position(|p| p == name) {
            Some(i) => i,
            None => {
                self.parts.push(name.to_owned());
                self.parts.len() - 1
            }
        };
        u8::try_from(at).map_err(|_| Error::input("a release cannot have more than 256 parts"))
    }

    /// Appends an encoded record.
    pub fn push(&mut self, frame: Frame, payload: &[u8]) -> Result<()> {
        if payload.len() > MAX_RECORD {
            return Err(Error::input(format!("one record has {} bytes, more than {MAX_RECORD}", payload.len())));
        }
        self.offsets.push(self.file.position());
        self.buffer.clear();
        self.buffer.extend_from_slice(&[frame.kind, frame.part]);
        self.buffer.extend_from_slice(&frame.repeat.to_le_bytes());
        self.file.write(&self.buffer)?;
        self.file.write(payload)
    }

    /// Makes the segment durable.
    pub fn finish(mut self, storage: &dyn Storage) -> Result<SegmentEntry> {
        let end = self.file.position();
        let records = self.offsets.len() as u64;
        let mut table = Vec::with_capacity((self.offsets.len() + 1) * 8);
        for o in self.offsets.iter().chain([&end]) {
            table.extend_from_slice(&o.to_le_bytes());
        }
        self.file.write(&table)?;
        let parts_at = self.file.position();
        self.file.write(&codec::encode(&self.parts)?)?;
        for n in [end, parts_at, records] {
            self.file.write(&n.to_le_bytes())?;
        }
        Ok(SegmentEntry { file: self.file.finish(storage)?, records: records as u32 })
    }
}

/// A segment as the manifest names it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SegmentEntry {
    /// The file.
    pub file: FileEntry,
    /// Number of records.
    pub records: u32,
}

/// A segment opened for reading.
pub struct Segment {
    file: Container,
    table: usize,
    records: u32,
    parts: Vec<String>,
}

impl Segment {
    /// Opens a segment; records are checked when read.
    pub fn open(storage: &dyn Storage, entry: &SegmentEntry) -> Result<Segment> {
        let file = Container::open(storage, &entry.file.name, KIND, Some(&entry.file))?;
        let bad = |what: &str| Error::damaged(&entry.file.name, 0, what.to_owned());
        let tail_at =
            file.end().checked_sub(TAIL).filter(|t| *t >= HEADER).ok_or_else(|| bad("the segment has no tail"))?;
        let tail = file.get(tail_at..file.end())?;
        let (table, parts_at, records) = (u64_at(tail, 0) as usize, u64_at(tail, 8) as usize, u64_at(tail, 16));
        let fits = u64::from(entry.records) == records
            && table.checked_add((entry.records as usize + 1) * 8) == Some(parts_at)
            && parts_at <= tail_at;
        if !fits {
            return Err(bad("the segment's parts do not add up"));
        }
        let parts = codec::decode(file.get(parts_at..tail_at)?).map_err(|e| bad(&e))?;
        Ok(Segment { file, table, records: entry.records, parts })
    }

    /// Number of records.
    pub fn len(&self) -> u32 {
        self.records
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// Names of the parts that frames count into.
    pub fn parts(&self) -> &[String] {
        &self.parts
    }

    /// Frame and encoded bytes of a record.
    pub fn raw(&self, i: u32) -> Result<(Frame, &[u8])> {
        let bad = |at: usize, what: &str| Error::damaged(self.file.name(), at as u64, what.to_owned());
        if i >= self.records {
            return Err(bad(0, "a reference to a record that is not in the segment"));
        }
        let at = self.table + i as usize * 8;
        let offsets = self.file.get(at..at + 16)?;
        let (start, end) = (u64_at(offsets, 0) as usize, u64_at(offsets, 8) as usize);
        if start + FRAME > end || end > self.table || start < HEADER {
            return Err(bad(at, "a record's offset is impossible"));
        }
        match self.file.get(start..end)? {
            [kind, part, r0, r1, payload @ ..] => {
                Ok((Frame { kind: *kind, part: *part, repeat: u16::from_le_bytes([*r0, *r1]) }, payload))
            }
            _ => Err(bad(start, "a record is too short")),
        }
    }

    /// A record decoded.
    pub fn record(&self, i: u32) -> Result<(Frame, Record)> {
        let (frame, payload) = self.raw(i)?;
        let record = codec::decode::<Record>(payload)
            .map_err(|e| Error::damaged(self.file.name(), 0, format!("record {i} cannot be read: {e}")))?;
        Ok((frame, record))
    }

    /// For a walk through all records in order: lets go now and then of the memory of those before.
    pub fn pass(&self, i: u32) {
        if !i.is_multiple_of(1 << 14) {
            return;
        }
        let at = self.table + i as usize * 8;
        let start = self.file.get(at..at + 8).map_or(0, |b| u64_at(b, 0) as usize);
        self.file.release(0..start.min(self.table));
        self.file.release(self.table..at);
    }

    /// Checks every byte and every record.
    pub fn verify(&self) -> Result<()> {
        self.file.body()?;
        for i in 0..self.records {
            let (frame, record) = self.record(i)?;
            if frame.kind != record.kind_code() || usize::from(frame.part) >= self.parts.len() {
                return Err(Error::damaged(self.file.name(), 0, format!("record {i} does not fit its frame")));
            }
        }
        Ok(())
    }
}
