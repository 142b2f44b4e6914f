//! Segments: immutable files of records.
//!
//! ```text
//! body     records, one after the other: length of what follows, kind u8, part u8,
//!          repeat u16 if the kind says so, the packed record (see `packed`)
//! table    offset of every 16th record in the file and of the end of the last, u64 each
//! parts    bincode of the part names that `part` counts into
//! words    bincode of the words that the records count into
//! tail     offsets of table, parts and words, number of records, u64 each
//! ```

use super::container::{Container, FileEntry, FileWriter, HEADER, u64_at};
use super::outline::Chunk;
use super::packed::{Packer, Words, put_number, take_number, too_long, unpack};
use super::storage::Storage;
use crate::codec;
use crate::error::{Error, Result};
use crate::model::{Record, RecordView};
use std::sync::OnceLock;

const KIND: [u8; 4] = *b"SEGM";
const TAIL: usize = 32;
/// The largest record accepted, packed.
const MAX_RECORD: usize = 16 << 20;
/// Every so many records have an offset in the table.
const STRIDE: u32 = 16;
/// How many records a walk keeps in memory behind it.
const BEHIND: u32 = 1 << 15;
/// Set in the byte of the kind when a repeat follows.
const REPEATED: u8 = 0x80;

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

/// How many records are handed on together.
const HAND_ON: u32 = 1024;
/// How many bytes of them at most, about.
const HAND_ON_BYTES: usize = 256 << 10;

/// Records as they went into a segment, for whoever makes something of them meanwhile.
pub(crate) struct Handed {
    /// The records one after the other, with their lengths and frames.
    pub(crate) bytes: Vec<u8>,
    /// How many they are.
    pub(crate) records: u32,
    /// The words that are new since the records before.
    pub(crate) words: Vec<String>,
}

impl Handed {
    /// How many records are likely to come, these included: more than these where they are as many as
    /// are handed on together.
    pub(crate) fn expected(&self) -> u32 {
        if self.records == HAND_ON || self.bytes.len() > HAND_ON_BYTES { u32::MAX } else { self.records }
    }
}

/// Takes the records of a segment, some at a time; `false` when it wants no more.
pub(crate) type HandOn = Box<dyn FnMut(Handed) -> bool + Send>;

struct Tap {
    bytes: Vec<u8>,
    records: u32,
    words: usize,
    hand_on: HandOn,
}

/// Writes a segment.
pub struct SegmentWriter {
    file: FileWriter,
    offsets: Vec<u8>,
    records: u32,
    parts: Vec<String>,
    words: Words,
    packed: Vec<u8>,
    buffer: Vec<u8>,
    tap: Option<Tap>,
}

impl SegmentWriter {
    /// Starts a segment.
    pub fn create(storage: &dyn Storage, name: &str) -> Result<SegmentWriter> {
        let file = FileWriter::create(storage, name, KIND)?;
        Ok(SegmentWriter {
            file,
            offsets: Vec::new(),
            records: 0,
            parts: Vec::new(),
            words: Words::default(),
            packed: Vec::new(),
            buffer: Vec::new(),
            tap: None,
        })
    }

    /// Hands on what will be written from now on as well; to be called before the first record.
    pub(super) fn tap(&mut self, hand_on: HandOn) {
        self.tap = Some(Tap { bytes: Vec::new(), records: 0, words: 0, hand_on });
    }

    fn hand_on(&mut self) {
        let Some(tap) = &mut self.tap else { return };
        let words = self.words.list().get(tap.words..).unwrap_or_default().to_vec();
        tap.words += words.len();
        let room = tap.bytes.len() + tap.bytes.len() / 8;
        let bytes = std::mem::replace(&mut tap.bytes, Vec::with_capacity(room));
        if !(tap.hand_on)(Handed { bytes, records: std::mem::take(&mut tap.records), words }) {
            self.tap = None;
        }
    }

    /// The number of a part's name, new or known.
    fn part(&mut self, name: &str) -> Result<u8> {
        let at = match self.parts.iter().position(|p| p == name) {
            Some(i) => i,
            None => {
                self.parts.push(name.to_owned());
                self.parts.len() - 1
            }
        };
        u8::try_from(at).map_err(|_| Error::input("a release cannot have more than 256 parts"))
    }

    /// How many records there are.
    pub fn len(&self) -> u32 {
        self.records
    }

    /// Whether there are none yet.
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// Appends a record of a part of the release. A record of more than 16 MiB is refused.
    pub fn push(&mut self, part: &str, repeat: u16, record: &RecordView<'_>) -> Result<()> {
        let part = self.part(part)?;
        let SegmentWriter { packed, words, buffer, .. } = self;
        packed.clear();
        let kind = record.kind_code();
        packed.extend_from_slice(&[if repeat == 0 { kind } else { kind | REPEATED }, part]);
        if repeat != 0 {
            packed.extend_from_slice(&repeat.to_le_bytes());
        }
        Packer { out: packed, words: Some(words) }.record(record)?;
        if packed.len() > MAX_RECORD {
            return Err(too_long(packed.len(), MAX_RECORD));
        }
        if self.records.is_multiple_of(STRIDE) {
            self.offsets.extend_from_slice(&self.file.position().to_le_bytes());
        }
        self.records =
            self.records.checked_add(1).ok_or_else(|| Error::input("a release holds more than 4 billion records"))?;
        buffer.clear();
        put_number(buffer, packed.len() as u64);
        if let Some(tap) = &mut self.tap {
            tap.bytes.extend_from_slice(buffer);
            tap.bytes.extend_from_slice(packed);
            tap.records += 1;
            if tap.records == HAND_ON || tap.bytes.len() > HAND_ON_BYTES {
                self.hand_on();
            }
        }
        self.file.write(&self.buffer)?;
        self.file.write(&self.packed)
    }

    /// Makes the segment durable.
    pub fn finish(mut self, storage: &dyn Storage) -> Result<SegmentEntry> {
        self.hand_on();
        self.tap = None;
        let table = self.file.position();
        self.offsets.extend_from_slice(&table.to_le_bytes());
        self.file.write(&self.offsets)?;
        let parts = self.file.position();
        self.file.write(&codec::encode(&self.parts)?)?;
        let words = self.file.position();
        self.file.write(&codec::encode(&self.words.list())?)?;
        for n in [table, parts, words, u64::from(self.records)] {
            self.file.write(&n.to_le_bytes())?;
        }
        Ok(SegmentEntry { file: self.file.finish(storage)?, records: self.records })
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

/// Takes the next record off consecutive ones: its frame, and where its packed bytes stand.
pub(super) fn next_record(bytes: &[u8], at: &mut usize) -> Option<(Frame, std::ops::Range<usize>)> {
    let length = usize::try_from(take_number(bytes, at)?).ok()?;
    let end = at.checked_add(length)?;
    let start = std::mem::replace(at, end);
    match bytes.get(start..end)? {
        [kind, part, r0, r1, ..] if kind & REPEATED != 0 => {
            let repeat = u16::from_le_bytes([*r0, *r1]);
            Some((Frame { kind: kind & !REPEATED, part: *part, repeat }, start + 4..end))
        }
        [kind, part, ..] if kind & REPEATED == 0 => {
            Some((Frame { kind: *kind, part: *part, repeat: 0 }, start + 2..end))
        }
        _ => None,
    }
}

/// A segment opened for reading.
pub struct Segment {
    file: Container,
    table: usize,
    records: u32,
    parts: Vec<String>,
    /// Where the words stand; they are read when the first record is.
    words_at: (usize, usize),
    words: OnceLock<Vec<String>>,
}

impl Segment {
    /// Opens a segment; records are checked when read.
    pub fn open(storage: &dyn Storage, entry: &SegmentEntry) -> Result<Segment> {
        let file = Container::open(storage, &entry.file.name, KIND, Some(&entry.file))?;
        let bad = |what: &str| Error::damaged(&entry.file.name, 0, what.to_owned());
        let tail_at =
            file.end().checked_sub(TAIL).filter(|t| *t >= HEADER).ok_or_else(|| bad("the segment has no tail"))?;
        let tail = file.get(tail_at..file.end())?;
        let at = |i: usize| u64_at(tail, i * 8) as usize;
        let (table, parts_at, words_at) = (at(0), at(1), at(2));
        let rows = entry.records.div_ceil(STRIDE) as usize + 1;
        let fits = u64::from(entry.records) == u64_at(tail, 24)
            && table >= HEADER
            && table.checked_add(rows * 8) == Some(parts_at)
            && parts_at <= words_at
            && words_at <= tail_at;
        if !fits {
            return Err(bad("the segment's parts do not add up"));
        }
        let parts = codec::decode(file.get(parts_at..words_at)?).map_err(|e| bad(&e))?;
        let (records, words_at) = (entry.records, (words_at, tail_at));
        Ok(Segment { file, table, records, parts, words_at, words: OnceLock::new() })
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

    /// The name of a part.
    pub fn part(&self, frame: Frame) -> &str {
        self.parts.get(usize::from(frame.part)).map_or("", String::as_str)
    }

    fn bad(&self, at: usize, what: &str) -> Error {
        Error::damaged(self.file.name(), at as u64, what.to_owned())
    }

    fn words(&self) -> Result<&[String]> {
        if let Some(words) = self.words.get() {
            return Ok(words);
        }
        let (from, to) = self.words_at;
        let words = codec::decode(self.file.get(from..to)?).map_err(|e| self.bad(from, &e))?;
        Ok(self.words.get_or_init(|| words))
    }

    /// Where the records with offsets `row` to `row + 1` in the table lie.
    fn stretch_at(&self, row: u32) -> Result<std::ops::Range<usize>> {
        let at = self.table + row as usize * 8;
        let offsets = self.file.get(at..at + 16)?;
        let (start, end) = (u64_at(offsets, 0) as usize, u64_at(offsets, 8) as usize);
        if start > end || end > self.table || start < HEADER {
            return Err(self.bad(at, "a record's offset is impossible"));
        }
        Ok(start..end)
    }

    /// The bytes of those records, and where they begin.
    fn stretch(&self, row: u32) -> Result<(usize, &[u8])> {
        let at = self.stretch_at(row)?;
        Ok((at.start, self.file.get(at)?))
    }

    /// Takes the next record off a stretch: its frame, its packed bytes.
    fn next<'s>(&self, start: usize, stretch: &'s [u8], at: &mut usize) -> Result<(Frame, &'s [u8])> {
        let (frame, record) = next_record(stretch, at).ok_or_else(|| self.bad(start + *at, "a record is too short"))?;
        Ok((frame, stretch.get(record).unwrap_or_default()))
    }

    /// Frame and packed bytes of a record.
    pub fn raw(&self, i: u32) -> Result<(Frame, &[u8])> {
        if i >= self.records {
            return Err(self.bad(0, "a reference to a record that is not in the segment"));
        }
        let (start, stretch) = self.stretch(i / STRIDE)?;
        let mut at = 0;
        for _ in 0..i % STRIDE {
            self.next(start, stretch, &mut at)?;
        }
        self.next(start, stretch, &mut at)
    }

    fn unpacked<'s>(&'s self, i: u32, frame: Frame, payload: &'s [u8]) -> Result<RecordView<'s>> {
        unpack(frame.kind, payload, self.words()?).map_err(|e| self.bad(0, &format!("record {i} cannot be read: {e}")))
    }

    /// A record without copies.
    pub fn view(&self, i: u32) -> Result<(Frame, RecordView<'_>)> {
        let (frame, payload) = self.raw(i)?;
        Ok((frame, self.unpacked(i, frame, payload)?))
    }

    /// A record.
    pub fn record(&self, i: u32) -> Result<(Frame, Record)> {
        let (frame, view) = self.view(i)?;
        Ok((frame, view.into_owned()))
    }

    /// Hands over the records of a range in order, and lets go of their memory some way behind them,
    /// so that whoever works on them a little later still finds them there.
    pub fn each<'s>(
        &'s self,
        range: std::ops::Range<u32>,
        mut take: impl FnMut(u32, Frame, RecordView<'s>) -> Result<()>,
    ) -> Result<()> {
        let mut i = range.start;
        let mut kept = range.start;
        while i < range.end.min(self.records) {
            let (start, stretch) = self.stretch(i / STRIDE)?;
            let mut at = 0;
            for _ in 0..i % STRIDE {
                self.next(start, stretch, &mut at)?;
            }
            let end = (i / STRIDE + 1).saturating_mul(STRIDE).min(self.records).min(range.end);
            while i < end {
                let (frame, payload) = self.next(start, stretch, &mut at)?;
                take(i, frame, self.unpacked(i, frame, payload)?)?;
                i += 1;
            }
            if i - kept >= 2 * BEHIND {
                self.release(kept, i - BEHIND);
                kept = i - BEHIND;
            }
        }
        Ok(())
    }

    /// Hands over the records with these numbers, ascending, and their bytes; lets go of memory like
    /// [`Segment::each`].
    pub fn each_of<'s>(
        &'s self,
        numbers: &[u32],
        mut take: impl FnMut(u32, Frame, &'s [u8], RecordView<'s>) -> Result<()>,
    ) -> Result<()> {
        let mut kept = 0;
        for i in numbers {
            let (frame, payload) = self.raw(*i)?;
            take(*i, frame, payload, self.unpacked(*i, frame, payload)?)?;
            if i.saturating_sub(kept) >= 2 * BEHIND {
                self.release(kept, i - BEHIND);
                kept = i - BEHIND;
            }
        }
        Ok(())
    }

    /// Hands over all records in order as they lie there, many at a time, and lets go of their memory
    /// some way behind. `base` is the number of the first within its source.
    pub(super) fn chunks<'s>(&'s self, base: u32, mut take: impl FnMut(Chunk<'s>) -> Result<()>) -> Result<()> {
        let rows = self.records.div_ceil(STRIDE);
        let mut kept = 0;
        for row in (0..rows).step_by((HAND_ON / STRIDE) as usize) {
            let end = (row + HAND_ON / STRIDE).min(rows);
            let (first, next) = (self.stretch_at(row)?, self.stretch_at(end - 1)?);
            if first.start > next.end {
                return Err(self.bad(self.table, "a record's offset is impossible"));
            }
            let bytes = self.file.get(first.start..next.end)?;
            take(Chunk { bytes, first: base + row * STRIDE, words: self.words()?, file: self.file.name() })?;
            let i = end.saturating_mul(STRIDE).min(self.records);
            if i - kept >= 2 * BEHIND {
                self.release(kept, i - BEHIND);
                kept = i - BEHIND;
            }
        }
        Ok(())
    }

    /// Hands over the frames of all records in order, and lets go of their memory behind them.
    pub fn frames(&self, mut take: impl FnMut(Frame)) -> Result<()> {
        for row in 0..self.records.div_ceil(STRIDE) {
            let i = row * STRIDE;
            if i > 0 && i.is_multiple_of(BEHIND) {
                self.release(i - BEHIND, i);
            }
            let (start, stretch) = self.stretch(row)?;
            let mut at = 0;
            for _ in row * STRIDE..(row + 1).saturating_mul(STRIDE).min(self.records) {
                take(self.next(start, stretch, &mut at)?.0);
            }
        }
        Ok(())
    }

    /// Lets go of the memory of whole stretches of records.
    fn release(&self, from: u32, to: u32) {
        let offset = |i: u32| {
            let at = self.table + (i / STRIDE) as usize * 8;
            self.file.get(at..at + 8).map_or(0, |b| u64_at(b, 0) as usize)
        };
        let (start, end) = (offset(from), offset(to));
        if start < end && end <= self.table {
            self.file.release(start..end);
        }
    }

    /// Checks every byte and every record.
    pub fn verify(&self) -> Result<()> {
        self.file.body()?;
        let mut seen = 0;
        self.each(0..self.records, |i, frame, _| {
            if usize::from(frame.part) >= self.parts.len() {
                return Err(self.bad(0, &format!("record {i} does not fit its frame")));
            }
            seen += 1;
            Ok(())
        })?;
        // Nothing may stand between the records and their table.
        for row in 0..self.records.div_ceil(STRIDE) {
            let (start, stretch) = self.stretch(row)?;
            let mut at = 0;
            for _ in row * STRIDE..(row + 1).saturating_mul(STRIDE).min(self.records) {
                self.next(start, stretch, &mut at)?;
            }
            if at != stretch.len() {
                return Err(self.bad(start + at, "bytes between two records"));
            }
        }
        if seen != self.records {
            return Err(self.bad(0, "the segment holds fewer records than it says"));
        }
        Ok(())
    }
}
