//! Sections of the index file: names, and how they are written and read.
//!
//! The index is a framed file (`store::container`) whose body is a sequence of sections, each
//! starting at a multiple of 64 bytes, followed by a directory (bincode of [`Directory`]) and a
//! tail of two u64: offset and length of the directory. Columns are little-endian integers.

use crate::codec;
use crate::error::{Error, Result};
use crate::model::{EdgeType, NodeType};
use crate::store::{Container, FileWriter, HEADER, Row, Sorted, u32_at, u64_at};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::OnceLock;

/// The sections, in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Section {
    /// Node type code, u16 per node.
    NodeType,
    /// Flags, u16 per node, see [`super::build::flag`].
    NodeFlags,
    /// Offsets into `IdBytes`, u32 per node and one more.
    IdOffset,
    /// External ids.
    IdBytes,
    /// Offsets into `LabelBytes`, u32 per node and one more.
    LabelOffset,
    /// Display names.
    LabelBytes,
    /// Open addressing by id: hash u32, node + 1 u32.
    IdHash,
    /// The same by the part of the id after the namespace.
    LocalHash,
    /// First out-edge of each node, u32 per node and one more. Edges are numbered by
    /// (source, type, target); the number is the position in the columns below.
    OutOffset,
    /// Object of each edge, u32.
    Target,
    /// Edge type code, u16.
    EdgeType,
    /// Status, act, directness and marks, packed u16, see [`super::index::Meta`].
    EdgeMeta,
    /// Share: 0 unknown, else number in `Shares` + 1, u32.
    EdgeShare,
    /// First day, packed date or 0, u32.
    EdgeStart,
    /// First day no longer, packed date or 0, u32.
    EdgeEnd,
    /// Provenance number, u32.
    EdgeProv,
    /// Record number, u32.
    EdgeRecord,
    /// First in-edge of each node, u32 per node and one more.
    InOffset,
    /// Subject of each in-edge, u32.
    InSource,
    /// Number of each in-edge, u32.
    InEdge,
    /// First record of each node, u32 per node and one more.
    RecordOffset,
    /// Record numbers, u32.
    Record,
    /// Provenance of each, u32.
    RecordProv,
    /// Listings, sorted by node: node u32.
    ListedNode,
    /// List code, u32.
    ListedList,
    /// First day, packed date or 0, u32.
    ListedFrom,
    /// First day no longer, packed date or 0, u32.
    ListedTo,
    /// Provenance, u32.
    ListedProv,
    /// Distinct shares: min num, min den, max num, max den, flags; u64 each.
    Shares,
    /// Names and identifiers, sorted by normalised text: offsets u32 and one more.
    NameOffset,
    /// Their normalised texts.
    NameBytes,
    /// Their nodes, u32.
    NameNode,
    /// Their kinds, u8, see [`super::names::NameKind`].
    NameKind,
    /// Provenance, u32.
    NameProv,
    /// Words, sorted: offsets u32 and one more.
    WordOffset,
    /// Their texts.
    WordBytes,
    /// First posting of each word, u32 and one more.
    PostOffset,
    /// Numbers of the names that hold the word, u32, ascending.
    Posting,
    /// Edges that have an id of their own: open addressing, hash u32, edge + 1 u32.
    EdgeHash,
    /// Other ids of a node, by a source's word: sorted xxh3-64 of the id, u64.
    AliasHash,
    /// The node of each, u32.
    AliasNode,
    /// The deciding record of each, u32.
    AliasRecord,
    /// bincode of the provenance table.
    Provs,
}

/// Number of sections.
pub(super) const SECTIONS: usize = Section::Provs as usize + 1;

/// What stands behind the sections.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Directory {
    /// Offset and length of each section.
    pub(super) sections: Vec<(u64, u64)>,
    /// Number of nodes.
    pub(super) nodes: u32,
    /// Number of edges.
    pub(super) edges: u32,
    /// Node types by code.
    pub(super) node_types: Vec<NodeType>,
    /// Edge types by code.
    pub(super) edge_types: Vec<EdgeType>,
    /// List ids by code.
    pub(super) lists: Vec<String>,
    /// Edits of the journal that are in here.
    pub(super) edits: u32,
    /// Numbers of the records that describe cited sources.
    pub(super) described: Vec<u32>,
    /// Numbers of the nodes with a joint arrangement, ascending.
    pub(super) arranged: Vec<u32>,
}

/// Writes the sections one after the other.
pub(super) struct SectionWriter {
    file: FileWriter,
    directory: Directory,
}

impl SectionWriter {
    pub(super) fn new(file: FileWriter, directory: Directory) -> Self {
        SectionWriter { file, directory }
    }

    /// Writes the next section; they must come in order.
    pub(super) fn put(&mut self, section: Section, bytes: &[u8]) -> Result<()> {
        debug_assert_eq!(self.directory.sections.len(), section as usize);
        self.file.align(64)?;
        self.directory.sections.push((self.file.position(), bytes.len() as u64));
        self.file.write(bytes)
    }

    /// Writes the next section piece by piece.
    pub(super) fn stream(
        &mut self,
        section: Section,
        pieces: impl FnOnce(&mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()>,
    ) -> Result<()> {
        debug_assert_eq!(self.directory.sections.len(), section as usize);
        self.file.align(64)?;
        let at = self.file.position();
        let file = &mut self.file;
        pieces(&mut |bytes| file.write(bytes))?;
        self.directory.sections.push((at, self.file.position() - at));
        Ok(())
    }

    pub(super) fn u32s(&mut self, section: Section, values: impl IntoIterator<Item = u32>) -> Result<()> {
        self.stream(section, |out| values.into_iter().try_for_each(|v| out(&v.to_le_bytes())))
    }

    pub(super) fn u16s(&mut self, section: Section, values: impl IntoIterator<Item = u16>) -> Result<()> {
        self.stream(section, |out| values.into_iter().try_for_each(|v| out(&v.to_le_bytes())))
    }

    /// Writes one 32-bit number of each of the sorted rows.
    pub(super) fn column<R: Row>(&mut self, section: Section, rows: &Sorted<R>, of: impl Fn(R) -> u32) -> Result<()> {
        self.stream(section, |out| rows.each(|_, r| out(&of(r).to_le_bytes())))
    }

    pub(super) fn finish(mut self) -> Result<FileWriter> {
        debug_assert_eq!(self.directory.sections.len(), SECTIONS);
        let at = self.file.position();
        let bytes = codec::encode(&self.directory)?;
        self.file.write(&bytes)?;
        self.file.write(&at.to_le_bytes())?;
        self.file.write(&(bytes.len() as u64).to_le_bytes())?;
        Ok(self.file)
    }
}

/// Reads sections. A read that meets damage gives nothing (0, empty) and remembers the damage;
/// whoever prints an answer asks [`SectionReader::sound`] first.
pub(super) struct SectionReader {
    file: Container,
    ranges: Vec<(usize, usize)>,
    pub(super) directory: Directory,
    damage: OnceLock<(u64, String)>,
}

impl SectionReader {
    pub(super) fn open(file: Container) -> Result<SectionReader> {
        let end = file.end();
        let bad = |what: &str| Error::damaged(file.name(), 0, format!("the index cannot be read: {what}"));
        let tail_at = end.checked_sub(16).filter(|t| *t >= HEADER).ok_or_else(|| bad("no tail"))?;
        let tail = file.get(tail_at..end)?;
        let (at, len) = (u64_at(tail, 0) as usize, u64_at(tail, 8) as usize);
        if at.checked_add(len) != Some(tail_at) {
            return Err(bad("no directory"));
        }
        let directory: Directory = codec::decode(file.get(at..tail_at)?).map_err(|e| bad(&e))?;
        if directory.sections.len() != SECTIONS {
            return Err(bad("other sections than this program knows"));
        }
        let mut ranges = Vec::with_capacity(SECTIONS);
        for (start, len) in &directory.sections {
            let (start, len) = (*start as usize, *len as usize);
            if start.checked_add(len).is_none_or(|e| e > at) {
                return Err(bad("a section outside the file"));
            }
            ranges.push((start, len));
        }
        Ok(SectionReader { file, ranges, directory, damage: OnceLock::new() })
    }

    /// Fails when any read so far met damage.
    pub(super) fn sound(&self) -> Result<()> {
        match self.damage.get() {
            None => Ok(()),
            Some((at, what)) => Err(Error::damaged(self.file.name(), *at, what.clone())),
        }
    }

    /// Checks every byte.
    pub(super) fn verify(&self) -> Result<()> {
        self.file.body().map(|_| ())
    }

    #[cold]
    fn remember(&self, at: usize, what: &str) {
        self.damage.get_or_init(|| (at as u64, what.to_owned()));
    }

    #[inline]
    fn range(&self, s: Section) -> (usize, usize) {
        self.ranges.get(s as usize).copied().unwrap_or((0, 0))
    }

    /// Length of a section in items of a width.
    pub(super) fn len(&self, s: Section, width: usize) -> usize {
        self.range(s).1 / width
    }

    /// Bytes of a section.
    #[inline]
    pub(super) fn bytes(&self, s: Section, range: Range<usize>) -> &[u8] {
        let (start, len) = self.range(s);
        if range.end > len || range.start > range.end {
            self.remember(start, "a reference points outside its section");
            return &[];
        }
        let absolute = start + range.start..start + range.end;
        if range.is_empty() {
            return &[];
        }
        match self.file.check(absolute.clone()) {
            Ok(()) => self.file.raw().get(absolute).unwrap_or_default(),
            Err(e) => {
                let at = e.place().and_then(|p| p.offset).unwrap_or(0);
                self.remember(at as usize, e.message());
                &[]
            }
        }
    }

    #[inline]
    pub(super) fn u32(&self, s: Section, i: usize) -> u32 {
        u32_at(self.bytes(s, i.wrapping_mul(4)..i.wrapping_mul(4).wrapping_add(4)), 0)
    }

    #[inline]
    pub(super) fn u16(&self, s: Section, i: usize) -> u16 {
        match self.bytes(s, i.wrapping_mul(2)..i.wrapping_mul(2).wrapping_add(2)) {
            &[a, b] => u16::from_le_bytes([a, b]),
            _ => 0,
        }
    }

    /// Neighbouring 32-bit numbers, checked once.
    #[inline]
    pub(super) fn u32_run(&self, s: Section, at: Range<usize>) -> impl Iterator<Item = u32> + '_ {
        self.bytes(s, at.start.saturating_mul(4)..at.end.saturating_mul(4)).chunks_exact(4).map(|b| u32_at(b, 0))
    }

    /// Neighbouring 16-bit numbers, checked once.
    #[inline]
    pub(super) fn u16_run(&self, s: Section, at: Range<usize>) -> impl Iterator<Item = u16> + '_ {
        let bytes = self.bytes(s, at.start.saturating_mul(2)..at.end.saturating_mul(2));
        bytes.chunks_exact(2).map(|b| if let &[a, b] = b { u16::from_le_bytes([a, b]) } else { 0 })
    }

    /// A whole section as 32-bit numbers, all its blocks checked.
    pub(super) fn words(&self, s: Section) -> &[[u8; 4]] {
        self.bytes(s, 0..self.range(s).1).as_chunks().0
    }

    /// A whole section as 16-bit numbers, all its blocks checked.
    pub(super) fn halves(&self, s: Section) -> &[[u8; 2]] {
        self.bytes(s, 0..self.range(s).1).as_chunks().0
    }

    #[inline]
    pub(super) fn u8(&self, s: Section, i: usize) -> u8 {
        self.bytes(s, i..i.wrapping_add(1)).first().copied().unwrap_or(0)
    }

    pub(super) fn u64(&self, s: Section, i: usize) -> u64 {
        u64_at(self.bytes(s, i.wrapping_mul(8)..i.wrapping_mul(8).wrapping_add(8)), 0)
    }

    /// A pair of neighbouring offsets as a range; an inverted one is damage.
    #[inline]
    pub(super) fn span(&self, s: Section, i: usize) -> Range<usize> {
        let pair = self.bytes(s, i.wrapping_mul(4)..i.wrapping_mul(4).wrapping_add(8));
        let (a, b) = (u32_at(pair, 0) as usize, u32_at(pair, 4) as usize);
        if a > b {
            self.remember(self.range(s).0, "offsets run backwards");
            return 0..0;
        }
        a..b
    }

    /// A text by offsets in one section and bytes in another.
    pub(super) fn text(&self, offsets: Section, bytes: Section, i: usize) -> &str {
        let span = self.span(offsets, i);
        match std::str::from_utf8(self.bytes(bytes, span)) {
            Ok(s) => s,
            Err(_) => {
                self.remember(self.range(bytes).0, "a text is not UTF-8");
                ""
            }
        }
    }
}
