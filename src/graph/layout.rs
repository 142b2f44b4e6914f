//! Sections of the index file: names, and how they are written and read.
//!
//! The index is a framed file (`store::container`) whose body is a sequence of sections, each
//! starting at a multiple of 64 bytes, followed by a directory (bincode of [`Directory`]) and a
//! tail of two u64: offset and length of the directory. Columns are little-endian integers; a
//! *packed* column takes as many bytes an item as it needs, and none where all items follow from
//! their places (see [`Slot`]).

use crate::codec;
use crate::error::{Error, Result};
use crate::model::{EdgeType, NodeType};
use crate::store::{Container, FileWriter, HEADER, Row, SortedRows, u32_at, u64_at};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::OnceLock;

/// The sections, in the order of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Section {
    /// Node type code per node, packed.
    NodeType,
    /// Flags per node, packed, see [`super::build::flag`].
    NodeFlags,
    /// Offsets into `IdBytes`, u32 per node and one more.
    IdOffset,
    /// External ids.
    IdBytes,
    /// Offsets into `LabelBytes`, u32 per node and one more.
    LabelOffset,
    /// Display names.
    LabelBytes,
    /// Open addressing by id, see [`super::intern::hash_table`].
    IdHash,
    /// The same by the part of the id after the namespace; empty where all ids have one namespace.
    LocalHash,
    /// First out-edge of each node, u32 per node and one more. Edges are numbered by
    /// (source, type, target); the number is the position in the columns below.
    OutOffset,
    /// Object of each edge, u32.
    Target,
    /// Edge type code, packed.
    EdgeType,
    /// Status, act, directness and marks in one number, packed, see [`super::index::Meta`].
    EdgeMeta,
    /// Share: 0 unknown, else number in `Shares` + 1, packed.
    EdgeShare,
    /// First day: 0 none, else number in `Dates` + 1, packed.
    EdgeStart,
    /// First day no longer, as `EdgeStart`.
    EdgeEnd,
    /// Provenance number, packed.
    EdgeProv,
    /// Record number, packed.
    EdgeRecord,
    /// First in-edge of each node, u32 per node and one more.
    InOffset,
    /// Subject of each in-edge, u32.
    InSource,
    /// Number of each in-edge, u32.
    InEdge,
    /// First record of each node and one more, packed.
    RecordOffset,
    /// Record numbers, packed.
    Record,
    /// Provenance of each, packed.
    RecordProv,
    /// Listings, sorted by node: node, packed.
    ListedNode,
    /// List code, packed.
    ListedList,
    /// First day, date in bits or 0, packed.
    ListedFrom,
    /// First day no longer, date in bits or 0, packed.
    ListedTo,
    /// Provenance, packed.
    ListedProv,
    /// Distinct dates of edges, in bits, u32.
    Dates,
    /// Distinct shares: min num, min den, max num, max den, flags; u64 each.
    Shares,
    /// Names and identifiers, sorted by normalised text: 0 where the text is that of the node's
    /// label, normalised, else the place in `NameOffset` + 1, packed.
    NameText,
    /// Where those texts begin that are no label's, u32 and one more.
    NameOffset,
    /// Those texts, normalised.
    NameBytes,
    /// Nodes of the names, packed.
    NameNode,
    /// Their kinds, packed, see [`super::names::NameKind`].
    NameKind,
    /// Provenance, packed.
    NameProv,
    /// Words, sorted: offsets u32 and one more.
    WordOffset,
    /// Their texts.
    WordBytes,
    /// First posting of each word and one more, packed.
    PostOffset,
    /// Numbers of the names that hold the word, ascending, packed.
    Posting,
    /// Edges that have an id of their own: open addressing by it.
    EdgeHash,
    /// Other ids of a node, by a source's word: sorted xxh3-64 of the id, u64.
    AliasHash,
    /// The node of each, packed.
    AliasNode,
    /// The deciding record of each, packed.
    AliasRecord,
    /// bincode of the provenance table.
    Provs,
}

/// Bytes of a packed column that are handed to the file at a time.
const PIECE: usize = 16 << 10;

/// Number of sections.
pub(super) const SECTIONS: usize = Section::Provs as usize + 1;

/// Where a section lies and how its items are packed: item i of a packed column is
/// `base + slope * i +` the number of `width` bytes at place i.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Slot {
    /// Offset in the file.
    pub(super) at: u64,
    /// Length in bytes.
    pub(super) len: u64,
    /// Items of a packed column or slots of a table, else 0.
    pub(super) items: u64,
    /// Bytes of an item of a packed column or of a slot of a table, else 0.
    pub(super) width: u8,
    /// See above.
    pub(super) slope: u8,
    /// See above.
    pub(super) base: u32,
}

impl Slot {
    /// Item i of a packed column, from its bytes.
    #[inline]
    pub(super) fn value(&self, i: usize, bytes: &[u8]) -> u32 {
        self.base.wrapping_add(u32::from(self.slope).wrapping_mul(i as u32)).wrapping_add(load(bytes))
    }
}

/// A number of at most four bytes.
#[inline]
fn load(bytes: &[u8]) -> u32 {
    match *bytes {
        [a] => u32::from(a),
        [a, b] => u32::from_le_bytes([a, b, 0, 0]),
        [a, b, c] => u32::from_le_bytes([a, b, c, 0]),
        [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// The layout that this program writes and reads.
pub(super) const LAYOUT: u32 = 1;

/// What stands behind the sections.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Directory {
    /// [`LAYOUT`]; of an index of another layout nothing else is known.
    pub(super) layout: u32,
    /// Each section.
    pub(super) sections: Vec<Slot>,
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
    /// The namespace of all ids, where they have one in common; then the table of local ids is empty.
    pub(super) namespace: Option<String>,
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
        self.push(self.file.position(), Slot { len: bytes.len() as u64, ..Slot::default() });
        self.file.write(bytes)
    }

    fn push(&mut self, at: u64, slot: Slot) {
        self.directory.sections.push(Slot { at, ..slot });
    }

    /// Writes a table of slots of a width.
    pub(super) fn table(&mut self, section: Section, width: u8, slots: usize, bytes: &[u8]) -> Result<()> {
        self.put(section, bytes)?;
        if let Some(slot) = self.directory.sections.last_mut() {
            (slot.width, slot.items) = (width, slots as u64);
        }
        Ok(())
    }

    /// Writes a packed column. `each` hands over the items in order, the same each time.
    pub(super) fn packed(
        &mut self,
        section: Section,
        each: impl Fn(&mut dyn FnMut(u32) -> Result<()>) -> Result<()>,
    ) -> Result<()> {
        debug_assert_eq!(self.directory.sections.len(), section as usize);
        let (mut items, mut flat, mut steep) = (0u64, (u32::MAX, 0u32), (i64::MAX, i64::MIN));
        each(&mut |v| {
            flat = (flat.0.min(v), flat.1.max(v));
            let above = i64::from(v) - items as i64;
            steep = (steep.0.min(above), steep.1.max(above));
            items += 1;
            Ok(())
        })?;
        let width = |range: u64| (u64::BITS - range.leading_zeros()).div_ceil(8) as u8;
        let mut slot = Slot { items, ..Slot::default() };
        if items > 0 {
            (slot.base, slot.width) = (flat.0, width(u64::from(flat.1 - flat.0)));
            let range = width((steep.1 - steep.0) as u64);
            if let (Ok(base), true) = (u32::try_from(steep.0), range < slot.width) {
                (slot.base, slot.slope, slot.width) = (base, 1, range);
            }
        }
        self.file.align(64)?;
        let at = self.file.position();
        let (file, width) = (&mut self.file, usize::from(slot.width));
        let mut i = 0u32;
        if width > 0 {
            let mut buffer = Vec::with_capacity(PIECE + 4);
            each(&mut |v| {
                let above = v.wrapping_sub(slot.base).wrapping_sub(u32::from(slot.slope).wrapping_mul(i));
                i = i.wrapping_add(1);
                buffer.extend_from_slice(above.to_le_bytes().get(..width).unwrap_or_default());
                if buffer.len() < PIECE {
                    return Ok(());
                }
                file.write(&buffer)?;
                buffer.clear();
                Ok(())
            })?;
            file.write(&buffer)?;
        }
        slot.len = self.file.position() - at;
        self.push(at, slot);
        Ok(())
    }

    /// Writes one number of each of the sorted rows as a packed column.
    pub(super) fn column<R: Row>(
        &mut self,
        section: Section,
        rows: &SortedRows<R>,
        of: impl Fn(R) -> u32,
    ) -> Result<()> {
        self.packed(section, |out| rows.each(|r| out(of(r))))
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
        let len = self.file.position() - at;
        self.push(at, Slot { len, ..Slot::default() });
        Ok(())
    }

    pub(super) fn u32s(&mut self, section: Section, values: impl IntoIterator<Item = u32>) -> Result<()> {
        self.stream(section, |out| values.into_iter().try_for_each(|v| out(&v.to_le_bytes())))
    }

    /// Writes one 32-bit number of each of the sorted rows.
    pub(super) fn wide<R: Row>(&mut self, section: Section, rows: &SortedRows<R>, of: impl Fn(R) -> u32) -> Result<()> {
        self.stream(section, |out| rows.each(|r| out(&of(r).to_le_bytes())))
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

/// Where the directory of an index file stands.
fn directory_at(file: &Container) -> Result<Range<usize>> {
    let bad = |what: &str| Error::damaged(file.name(), 0, format!("the index cannot be read: {what}"));
    let tail_at = file.end().checked_sub(16).filter(|t| *t >= HEADER).ok_or_else(|| bad("no tail"))?;
    let tail = file.get(tail_at..file.end())?;
    let (at, len) = (u64_at(tail, 0) as usize, u64_at(tail, 8) as usize);
    if at.checked_add(len) != Some(tail_at) || at < HEADER {
        return Err(bad("no directory"));
    }
    Ok(at..tail_at)
}

/// Whether an index file has the layout that this program reads.
pub(super) fn is_known(file: &Container) -> Result<bool> {
    // The layout is the first number of the directory, and below 251 a number is one byte.
    Ok(file.get(directory_at(file)?)?.first().copied().map(u32::from) == Some(LAYOUT))
}

/// A whole packed column.
#[derive(Clone, Copy)]
pub(super) struct Whole<'a> {
    slot: Slot,
    bytes: &'a [u8],
}

impl Whole<'_> {
    /// How many items there are.
    pub(super) fn len(&self) -> usize {
        self.slot.items as usize
    }

    /// The value of all items, where the column is one of equal ones.
    pub(super) fn only(&self) -> Option<u32> {
        (self.slot.width == 0 && self.slot.slope == 0).then_some(self.slot.base)
    }

    /// An item; of a place behind the last, whatever.
    #[inline]
    pub(super) fn get(&self, i: usize) -> u32 {
        let width = usize::from(self.slot.width);
        self.slot.value(i, self.bytes.get(i * width..(i + 1) * width).unwrap_or_default())
    }
}

/// Reads sections. A read that meets damage gives nothing (0, empty) and remembers the damage;
/// whoever prints an answer asks [`SectionReader::sound`] first.
pub(super) struct SectionReader {
    file: Container,
    slots: [Slot; SECTIONS],
    pub(super) directory: Directory,
    damage: OnceLock<(u64, String)>,
}

impl SectionReader {
    pub(super) fn open(file: Container) -> Result<SectionReader> {
        let bad = |what: &str| Error::damaged(file.name(), 0, format!("the index cannot be read: {what}"));
        let place = directory_at(&file)?;
        let at = place.start;
        let directory: Directory = codec::decode(file.get(place)?).map_err(|e| bad(&e))?;
        if directory.sections.len() != SECTIONS {
            return Err(bad("other sections than this program knows"));
        }
        let mut slots = [Slot::default(); SECTIONS];
        for (slot, read) in slots.iter_mut().zip(&directory.sections) {
            if usize::try_from(read.at)
                .ok()
                .zip(usize::try_from(read.len).ok())
                .and_then(|(a, l)| a.checked_add(l))
                .is_none_or(|e| e > at)
            {
                return Err(bad("a section outside the file"));
            }
            if u64::from(read.width).checked_mul(read.items).is_none_or(|n| read.width > 0 && n != read.len) {
                return Err(bad("a section of another length than its items have"));
            }
            // No table of the format counts further; a column without bytes has no other bound.
            if read.items > u64::from(u32::MAX) + 1 {
                return Err(bad("a section of more items than there can be"));
            }
            *slot = *read;
        }
        Ok(SectionReader { file, slots, directory, damage: OnceLock::new() })
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

    /// Where a section lies and how it is packed.
    #[inline]
    pub(super) fn slot(&self, s: Section) -> Slot {
        self.slots.get(s as usize).copied().unwrap_or_default()
    }

    #[inline]
    fn range(&self, s: Section) -> (usize, usize) {
        let slot = self.slot(s);
        (slot.at as usize, slot.len as usize)
    }

    /// Items of a packed column, or slots of a table.
    pub(super) fn items(&self, s: Section) -> usize {
        self.slot(s).items as usize
    }

    /// Bytes of an item of a packed column, or of a slot of a table.
    pub(super) fn width(&self, s: Section) -> usize {
        usize::from(self.slot(s).width)
    }

    /// An item of a packed column.
    #[inline]
    pub(super) fn num(&self, s: Section, i: usize) -> u32 {
        let slot = self.slot(s);
        if i as u64 >= slot.items {
            self.remember(slot.at as usize, "a reference points outside its section");
            return 0;
        }
        let at = i * usize::from(slot.width);
        let bytes = if slot.width == 0 { &[][..] } else { self.bytes(s, at..at + usize::from(slot.width)) };
        slot.value(i, bytes)
    }

    /// Neighbouring items of a packed column, checked once.
    #[inline]
    pub(super) fn num_run(&self, s: Section, at: Range<usize>) -> impl Iterator<Item = u32> + '_ {
        let slot = self.slot(s);
        let width = usize::from(slot.width);
        let inside = at.start <= at.end && at.end as u64 <= slot.items;
        if !inside {
            self.remember(slot.at as usize, "a reference points outside its section");
        }
        let at = if inside { at } else { 0..0 };
        let bytes = if width == 0 { &[][..] } else { self.bytes(s, at.start * width..at.end * width) };
        let first = at.start;
        at.map(move |i| {
            let from = (i - first) * width;
            slot.value(i, bytes.get(from..from + width).unwrap_or_default())
        })
    }

    /// A pair of neighbouring items of a packed column as a range; an inverted one is damage.
    pub(super) fn packed_span(&self, s: Section, i: usize) -> Range<usize> {
        let (a, b) = (self.num(s, i) as usize, self.num(s, i + 1) as usize);
        if a > b {
            self.remember(self.range(s).0, "offsets run backwards");
            return 0..0;
        }
        a..b
    }

    /// The bytes of a section whose blocks have all been checked; of any other, nothing.
    pub(super) fn checked(&self, s: Section) -> &[u8] {
        let (start, len) = self.range(s);
        let range = start..start + len;
        if self.file.checked(range.clone()) { self.file.raw().get(range).unwrap_or_default() } else { &[] }
    }

    /// Checks all blocks of a section now.
    pub(super) fn check(&self, s: Section) {
        self.bytes(s, 0..self.range(s).1);
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

    /// Neighbouring 32-bit numbers, checked once.
    #[inline]
    pub(super) fn u32_run(&self, s: Section, at: Range<usize>) -> impl Iterator<Item = u32> + '_ {
        self.bytes(s, at.start.saturating_mul(4)..at.end.saturating_mul(4)).chunks_exact(4).map(|b| u32_at(b, 0))
    }

    /// A whole section as 32-bit numbers, all its blocks checked.
    pub(super) fn words(&self, s: Section) -> &[[u8; 4]] {
        self.bytes(s, 0..self.range(s).1).as_chunks().0
    }

    /// A whole packed column, all its blocks checked.
    pub(super) fn whole(&self, s: Section) -> Whole<'_> {
        Whole { slot: self.slot(s), bytes: self.bytes(s, 0..self.range(s).1) }
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
