//! The frame around every file of a store: a header, a body, and checksums over every byte.
//!
//! ```text
//! 0        magic 89 43 55 42 0D 0A 1A 0A
//! 8        kind, 4 ASCII letters
//! 12       format version, u32
//! 16       body
//! end      xxh3-64 of each 64 KiB block of [0, end), u64 each
//! len-24   end, u64
//! len-16   xxh3-64 of the block sums, seeded with end; this is the file's sum
//! len-8    xxh3-64 of the 16 bytes before, seeded with the kind
//! ```
//! All numbers little-endian. A block is checked when it is first touched.

use super::map::Bytes;
use super::storage::{Output, Storage};
use crate::error::{Error, Kind, Place, Result};
use std::io::Write;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The newest format version that this program reads. Versions open for ever from 1 on; 0 was for
/// trial and is not read.
pub const FORMAT: u32 = 2;
/// The version that files are written with.
const PLAIN: u32 = 1;
/// The version of a manifest that names decisions, and of their files: a program that knows of
/// none refuses such a store, instead of answering without them.
pub(super) const WITH_DECISIONS: u32 = 2;
/// Size of a checksummed block.
pub const BLOCK: usize = 64 * 1024;
/// Where the body starts.
pub const HEADER: usize = 16;
const TRAILER: usize = 24;
const MAGIC: [u8; 8] = *b"\x89CUB\r\n\x1a\n";

/// Reads a little-endian u32 at a place, or 0 past the end.
pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at.wrapping_add(4)) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// Reads a little-endian u64 at a place, or 0 past the end.
pub fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at.wrapping_add(4))) << 32
}

fn kind_seed(kind: [u8; 4]) -> u64 {
    u64::from(u32::from_le_bytes(kind))
}

/// Writes one framed file under a temporary name; [`FileWriter::finish`] makes it durable
/// under its own.
pub struct FileWriter {
    out: Box<dyn Output>,
    name: String,
    kind: [u8; 4],
    buffer: Vec<u8>,
    sums: Vec<u8>,
    length: u64,
}

/// A finished file: its name, its length and the sum over all its blocks.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct FileEntry {
    /// Name in the folder.
    pub name: String,
    /// Length in bytes, frame included.
    pub length: u64,
    /// xxh3-64 of its block sums.
    pub sum: u64,
}

/// A refusal by the operating system before a change has become current.
pub(super) fn refused(doing: String, e: std::io::Error) -> Error {
    let hint = if e.kind() == std::io::ErrorKind::StorageFull {
        "free some space and run the command again; the store is as it was"
    } else {
        "the store is as it was; run the command again when the cause is mended"
    };
    Error::io(doing, e).hint(hint)
}

impl FileWriter {
    /// Starts a file of a kind.
    pub fn create(storage: &dyn Storage, name: &str, kind: [u8; 4]) -> Result<FileWriter> {
        FileWriter::create_as(storage, name, kind, PLAIN)
    }

    /// Starts a file of a kind in a version of the format.
    pub(super) fn create_as(storage: &dyn Storage, name: &str, kind: [u8; 4], version: u32) -> Result<FileWriter> {
        let out = storage
            .create(&format!("{name}.tmp"))
            .map_err(|e| refused(format!("write {name} in {}", storage.describe()), e))?;
        let mut buffer = Vec::with_capacity(2 * BLOCK);
        buffer.extend_from_slice(&MAGIC);
        buffer.extend_from_slice(&kind);
        buffer.extend_from_slice(&version.to_le_bytes());
        Ok(FileWriter { out, name: name.to_owned(), kind, buffer, sums: Vec::new(), length: HEADER as u64 })
    }

    /// Bytes written so far, header included: the offset of the next byte in the file.
    pub fn position(&self) -> u64 {
        self.length
    }

    fn failed(&self, e: std::io::Error) -> Error {
        refused(format!("write {}", self.name), e)
    }

    fn drain(&mut self, keep_less_than: usize) -> Result<()> {
        let mut done = 0;
        while self.buffer.len() - done > keep_less_than {
            let end = self.buffer.len().min(done + BLOCK);
            let block = self.buffer.get(done..end).unwrap_or_default();
            self.sums.extend_from_slice(&xxh3_64(block).to_le_bytes());
            if let Err(e) = self.out.write_all(block) {
                return Err(self.failed(e));
            }
            done = end;
        }
        self.buffer.drain(..done);
        Ok(())
    }

    /// Appends to the body.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.buffer.extend_from_slice(bytes);
        self.length += bytes.len() as u64;
        if self.buffer.len() >= 4 * BLOCK { self.drain(BLOCK - 1) } else { Ok(()) }
    }

    /// Pads the body with zeros so that the next byte stands at a multiple of `to`.
    pub fn align(&mut self, to: u64) -> Result<()> {
        let gap = self.length.next_multiple_of(to) - self.length;
        self.write(&vec![0; usize::try_from(gap).unwrap_or(0)])
    }

    /// Writes the checksums, makes the file durable and gives it its name. The folder itself
    /// is synced by the commit.
    pub fn finish(mut self, storage: &dyn Storage) -> Result<FileEntry> {
        self.drain(0)?;
        let sum = xxh3_64_with_seed(&self.sums, self.length);
        let mut tail = std::mem::take(&mut self.sums);
        let mut trailer = self.length.to_le_bytes().to_vec();
        trailer.extend_from_slice(&sum.to_le_bytes());
        let last = xxh3_64_with_seed(&trailer, kind_seed(self.kind));
        tail.extend_from_slice(&trailer);
        tail.extend_from_slice(&last.to_le_bytes());
        let total = self.length + tail.len() as u64;
        if let Err(e) = self.out.write_all(&tail).and_then(|()| self.out.flush()).and_then(|()| self.out.sync()) {
            return Err(self.failed(e));
        }
        let tmp = format!("{}.tmp", self.name);
        if let Err(e) = storage.rename(&tmp, &self.name) {
            return Err(self.failed(e));
        }
        Ok(FileEntry { name: self.name, length: total, sum })
    }
}

/// A framed file opened for reading.
pub struct Container {
    name: String,
    bytes: Bytes,
    end: usize,
    sum: u64,
    checked: Vec<AtomicU64>,
}

impl Container {
    /// Opens a file: checks header, trailer and block table, and the entry of the manifest
    /// where one is given; the body is checked as it is touched.
    pub fn open(storage: &dyn Storage, name: &str, kind: [u8; 4], expected: Option<&FileEntry>) -> Result<Container> {
        let bytes = storage.open(name).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound if expected.is_some() => {
                Error::damaged(name, 0, format!("a file of the store is missing from {}", storage.describe()))
            }
            _ => Error::io(format!("open {name} in {}", storage.describe()), e),
        })?;
        Container::new(name, bytes, kind, expected)
    }

    /// The same over bytes.
    pub fn new(name: &str, bytes: Bytes, kind: [u8; 4], expected: Option<&FileEntry>) -> Result<Container> {
        let len = bytes.len();
        let damaged = |at: usize, what: &str| Error::damaged(name, at as u64, what.to_owned());
        if let Some(e) = expected.filter(|e| e.length != len as u64) {
            return Err(damaged(
                len.min(e.length as usize),
                &format!("the file has {len} bytes, the manifest says {}", e.length),
            ));
        }
        if len < HEADER + 8 + TRAILER {
            return Err(damaged(len, "the file is too short to be part of a store"));
        }
        if bytes.get(..8) != Some(&MAGIC) {
            return Err(damaged(0, "the file does not begin like a file of a store"));
        }
        let trailer = bytes.get(len - TRAILER..len - 8).unwrap_or_default();
        let version = u32_at(&bytes, 12);
        let newer = bytes.get(8..12) == Some(&kind) && version > FORMAT;
        let fits = xxh3_64_with_seed(trailer, kind_seed(kind)) == u64_at(&bytes, len - 8);
        // A damaged version number sits in a file that otherwise reads as ours.
        let first = bytes.get(..BLOCK.min(u64_at(&bytes, len - TRAILER) as usize)).unwrap_or_default();
        let whole = fits && xxh3_64(first) == u64_at(&bytes, u64_at(&bytes, len - TRAILER) as usize);
        if newer && (whole || !fits) {
            return Err(Error::new(
                Kind::Newer,
                format!("the store has format {version}, this program reads up to {FORMAT}"),
            )
            .at(Place::file(name))
            .hint("use a newer version of the program, or import into a new store"));
        }
        if whole && version == 0 && bytes.get(8..12) == Some(&kind) {
            return Err(Error::new(
                Kind::Newer,
                format!("the store has format 0, a trial format that this program (format {FORMAT}) does not read"),
            )
            .at(Place::file(name))
            .hint("import the lists into a new store, or a dump made with the program that wrote this one"));
        }
        if !fits {
            return Err(damaged(len - TRAILER, "checksum of the last bytes does not match"));
        }
        let end = u64_at(&bytes, len - TRAILER);
        let sum = u64_at(&bytes, len - 16);
        let blocks = end.div_ceil(BLOCK as u64);
        if blocks.saturating_mul(8).saturating_add(end).saturating_add(TRAILER as u64) != len as u64 {
            return Err(damaged(len - TRAILER, "the file's parts do not add up to its length"));
        }
        let end = usize::try_from(end).unwrap_or(len);
        let table = bytes.get(end..len - TRAILER).unwrap_or_default();
        if xxh3_64_with_seed(table, end as u64) != sum {
            return Err(damaged(end, "checksum of the block table does not match"));
        }
        if let Some(e) = expected.filter(|e| e.sum != sum) {
            return Err(damaged(len - 16, &format!("this is another file than the manifest names ({:016x})", e.sum)));
        }
        let checked = (0..blocks.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        let c = Container { name: name.to_owned(), bytes, end, sum, checked };
        c.check(0..HEADER)?;
        Ok(c)
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The format version that it was written with.
    pub(super) fn version(&self) -> u32 {
        u32_at(&self.bytes, 12)
    }

    /// Sum over all blocks.
    pub fn sum(&self) -> u64 {
        self.sum
    }

    /// Where the body ends.
    pub fn end(&self) -> usize {
        self.end
    }

    #[inline]
    fn seen(&self, block: usize) -> bool {
        self.checked.get(block / 64).is_some_and(|w| w.load(Ordering::Relaxed) >> (block % 64) & 1 == 1)
    }

    /// Checks the blocks that cover a range, each once in the life of this object.
    #[inline]
    pub fn check(&self, range: Range<usize>) -> Result<()> {
        let first = range.start / BLOCK;
        let last = range.end.saturating_sub(1).max(range.start) / BLOCK;
        if first == last && self.seen(first) { Ok(()) } else { self.check_blocks(first, last) }
    }

    fn check_blocks(&self, first: usize, last: usize) -> Result<()> {
        (first..=last).filter(|b| !self.seen(*b)).try_for_each(|b| self.check_block(b))
    }

    /// Whether all blocks that cover a range have been checked.
    pub fn checked(&self, range: Range<usize>) -> bool {
        let (mut block, end) = (range.start / BLOCK, range.end.div_ceil(BLOCK));
        // A word of marks at a time.
        while block < end {
            let word = self.checked.get(block / 64).map_or(0, |w| w.load(Ordering::Relaxed));
            let here = (end - block).min(64 - block % 64);
            let wanted = (u64::MAX >> (64 - here)) << (block % 64);
            if word & wanted != wanted {
                return false;
            }
            block += here;
        }
        true
    }

    #[cold]
    fn check_block(&self, block: usize) -> Result<()> {
        let start = block * BLOCK;
        let data = self.bytes.get(start..(start + BLOCK).min(self.end)).unwrap_or_default();
        if start >= self.end || xxh3_64(data) != u64_at(&self.bytes, self.end + block * 8) {
            return Err(Error::damaged(&self.name, start as u64, format!("checksum of block {block} does not match")));
        }
        if let Some(w) = self.checked.get(block / 64) {
            w.fetch_or(1 << (block % 64), Ordering::Relaxed);
        }
        Ok(())
    }

    /// Bytes at absolute offsets of the file, checked.
    pub fn get(&self, range: Range<usize>) -> Result<&[u8]> {
        if range.start > range.end || range.end > self.end {
            return Err(Error::damaged(&self.name, range.start as u64, "a reference points outside the file"));
        }
        self.check(range.clone())?;
        Ok(self.bytes.get(range).unwrap_or_default())
    }

    /// The whole body, checked.
    pub fn body(&self) -> Result<&[u8]> {
        self.get(HEADER..self.end)
    }

    /// Lets go of the memory of a range that will not be looked at again soon.
    pub fn release(&self, range: Range<usize>) {
        self.bytes.release(range);
    }

    /// Bytes without a check; only for ranges that were checked before.
    #[inline]
    pub fn raw(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::super::storage::Memory;
    use super::*;

    const KIND: [u8; 4] = *b"TEST";

    fn sample(len: usize) -> Vec<u8> {
        let m = Memory::new();
        let mut w = FileWriter::create(&m, "f", KIND).unwrap();
        for i in 0..len {
            w.write(&[(i % 251) as u8]).unwrap();
        }
        let entry = w.finish(&m).unwrap();
        let bytes = m.open("f").unwrap().to_vec();
        assert_eq!(entry.length, bytes.len() as u64);
        bytes
    }

    #[test]
    fn every_single_byte_is_covered() {
        let good = sample(300);
        for i in 0..good.len() {
            let mut bad = good.clone();
            bad[i] ^= 0x10;
            let c = Container::new("f", Bytes::owned(bad), KIND, None);
            assert!(c.and_then(|c| c.body().map(|_| ())).is_err(), "byte {i}");
        }
        for n in 0..good.len() {
            assert!(Container::new("f", Bytes::owned(good[..n].to_vec()), KIND, None).is_err(), "cut at {n}");
        }
        let mut more = good.clone();
        more.push(0);
        assert!(Container::new("f", Bytes::owned(more), KIND, None).is_err());
    }

    #[test]
    fn blocks_are_checked_when_touched() {
        let mut bytes = sample(5 * BLOCK);
        bytes[3 * BLOCK + 7] ^= 1;
        let c = Container::new("f", Bytes::owned(bytes), KIND, None).unwrap();
        assert!(c.get(BLOCK..2 * BLOCK).is_ok());
        let e = c.get(3 * BLOCK..3 * BLOCK + 4).unwrap_err();
        assert_eq!((e.exit_code(), e.place().unwrap().offset), (3, Some(3 * BLOCK as u64)));
    }

    #[test]
    fn newer_format_is_refused_as_such() {
        let mut bytes = sample(10);
        bytes[12] = 9;
        let e = Container::new("f", Bytes::owned(bytes.clone()), KIND, None).err().unwrap();
        assert_eq!(e.kind(), Kind::Damaged, "one changed byte is damage");
        // As a newer program would have written it: with its own sums.
        let end = u64_at(&bytes, bytes.len() - TRAILER) as usize;
        let sum = xxh3_64(&bytes[..end]).to_le_bytes();
        bytes[end..end + 8].copy_from_slice(&sum);
        let table = xxh3_64_with_seed(&sum, end as u64).to_le_bytes();
        let at = bytes.len() - 16;
        bytes[at..at + 8].copy_from_slice(&table);
        let last = xxh3_64_with_seed(&bytes[at - 8..at + 8], kind_seed(KIND)).to_le_bytes();
        bytes[at + 8..].copy_from_slice(&last);
        let e = Container::new("f", Bytes::owned(bytes), KIND, None).err().unwrap();
        assert_eq!(e.kind(), Kind::Newer);
        assert!(e.to_string().contains('9'));
    }
}
