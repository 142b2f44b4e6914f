//! Sections of the index file: names, and how they are written and read.
//!
//! The index is a framed file (`store::container`) whose body is a sequence of sections, each
//! starting at a multiple of 64 bytes, followed by a directory (bincode of [`Directory`]) and a
//! tail of two u64: offset and length of the directory. A *packed* column takes as many bits an
//! item as it needs, and none where all items follow from their places; offsets lie in *stairs*
//! (see [`super::pack`]).

use super::pack::{BitWriter, Ends, Lines, PAD, Packing, Run, STEP, Stairs, width_of};
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
    /// Offsets into `IdBytes`, one per node and one more, stairs.
    IdOffset,
    /// External ids.
    IdBytes,
    /// Offsets into `LabelBytes`, one per node and one more, stairs.
    LabelOffset,
    /// Display names.
    LabelBytes,
    /// Open addressing by id, see [`super::intern::hash_table`].
    IdHash,
    /// The same by the part of the id after the namespace; empty where all ids have one namespace.
    LocalHash,
    /// First out-edge of each node and one more, lines. Edges are numbered by
    /// (source, type, target); the number is the position in the columns below.
    OutOffset,
    /// Object of each edge, packed in whole bytes.
    Target,
    /// Edge type code, packed.
    EdgeType,
    /// Status, act, directness and marks in one number, packed, see [`super::index::Meta`].
    EdgeMeta,
    /// Share, packed: 0 unknown, see [`super::index::SHARES_FROM`].
    EdgeShare,
    /// First day: 0 none, else number in `Dates` + 1, packed.
    EdgeStart,
    /// First day no longer, as `EdgeStart`.
    EdgeEnd,
    /// Provenance number, packed.
    EdgeProv,
    /// Record number, packed.
    EdgeRecord,
    /// First in-edge of each node and one more, lines.
    InOffset,
    /// Subject of each in-edge, packed in whole bytes.
    InSource,
    /// Number of each in-edge, packed in whole bytes.
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
    /// Distinct shares that no code says by itself: min num, min den, max num, max den, flags;
    /// u64 each.
    Shares,
    /// Names and identifiers, sorted by normalised text: 0 where the text is that of the node's
    /// label, normalised, else the place in `NameOffset` + 1, packed.
    NameText,
    /// Where those texts begin that are no label's, and one more, stairs.
    NameOffset,
    /// Those texts, normalised.
    NameBytes,
    /// Nodes of the names, packed.
    NameNode,
    /// Their kinds, packed, see [`super::names::NameKind`].
    NameKind,
    /// Provenance, packed.
    NameProv,
    /// Words, sorted: offsets and one more, stairs.
    WordOffset,
    /// Their texts.
    WordBytes,
    /// First posting of each word and one more, stairs.
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

/// Sections that are tables of slots.
const TABLES: [Section; 3] = [Section::IdHash, Section::LocalHash, Section::EdgeHash];

/// Sections that are stairs.
const STAIRS: [Section; 5] =
    [Section::IdOffset, Section::LabelOffset, Section::NameOffset, Section::WordOffset, Section::PostOffset];

/// Sections that are lines.
const LINES: [Section; 2] = [Section::OutOffset, Section::InOffset];

/// Packed columns whose items have whole bytes.
const BYTES: [Section; 3] = [Section::Target, Section::InSource, Section::InEdge];

/// Where a section lies and how its items are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Slot {
    /// Offset in the file.
    pub(super) at: u64,
    /// Length in bytes.
    pub(super) len: u64,
    /// Items of a packed column, of stairs or of lines, or slots of a table, else 0.
    pub(super) items: u64,
    /// Bits of an item of a packed column, of stairs or of lines, bytes of a slot of a table, else 0.
    pub(super) width: u8,
    /// How much further apart the items of a packed column lie than is written down.
    pub(super) slope: u8,
    /// What is added to each item of a packed column.
    pub(super) base: u32,
}

impl Slot {
    /// Of a packed column.
    #[inline]
    pub(super) fn packing(&self) -> Packing {
        Packing::new(self.width, self.slope, self.base)
    }

    /// Of stairs.
    #[inline]
    pub(super) fn stairs(&self) -> Stairs {
        Stairs::new(self.width)
    }

    /// Of lines.
    #[inline]
    pub(super) fn lines(&self) -> Lines {
        Lines::new(self.width)
    }

    /// Whether the length is that of the items.
    fn fits(&self, section: usize) -> bool {
        let is = |list: &[Section]| list.iter().any(|s| *s as usize == section);
        if is(&TABLES) {
            return u64::from(self.width).checked_mul(self.items) == Some(self.len);
        }
        let bits = u32::from(self.width) <= u32::BITS;
        if is(&STAIRS) {
            return bits && self.stairs().len(self.items) == Some(self.len);
        }
        if is(&LINES) {
            return matches!(self.width, 16 | 32) && self.lines().len(self.items) == Some(self.len);
        }
        if is(&BYTES) && !(matches!(self.width, 8 | 16 | 24 | 32) && self.slope == 0 && self.base == 0) {
            return false;
        }
        bits && (self.width == 0 || self.packing().len(self.items) == Some(self.len))
    }
}

/// The layout that this program writes and reads.
pub(super) const LAYOUT: u32 = 2;

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

    /// Writes a section of so many items of a width.
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
        let mut slot = Slot { items, ..Slot::default() };
        if items > 0 {
            (slot.base, slot.width) = (flat.0, width_of(u64::from(flat.1 - flat.0)));
            let range = width_of((steep.1 - steep.0) as u64);
            if let (Ok(base), true) = (u32::try_from(steep.0), range < slot.width) {
                (slot.base, slot.slope, slot.width) = (base, 1, range);
            }
        }
        self.numbers(slot, each)
    }

    /// The same in whole bytes, where it is known how many there are and how large they are at
    /// most: one walk through the items.
    pub(super) fn whole_bytes(
        &mut self,
        section: Section,
        items: u64,
        most: u32,
        each: impl Fn(&mut dyn FnMut(u32) -> Result<()>) -> Result<()>,
    ) -> Result<()> {
        debug_assert_eq!(self.directory.sections.len(), section as usize);
        debug_assert!(BYTES.contains(&section));
        let width = width_of(u64::from(most)).next_multiple_of(8).max(8);
        self.numbers(Slot { items, width, ..Slot::default() }, each)
    }

    fn numbers(
        &mut self,
        mut slot: Slot,
        each: impl Fn(&mut dyn FnMut(u32) -> Result<()>) -> Result<()>,
    ) -> Result<()> {
        self.file.align(64)?;
        let at = self.file.position();
        let (file, packing) = (&mut self.file, slot.packing());
        let mut i = 0usize;
        if slot.width > 0 && slot.items > 0 {
            let mut bits = BitWriter::new(PIECE + PAD);
            each(&mut |v| {
                bits.push(v.wrapping_sub(packing.plain(i)), u32::from(slot.width));
                i += 1;
                piece(file, &mut bits)
            })?;
            bits.flush();
            bits.bytes().extend_from_slice(&[0; PAD]);
            file.write(bits.bytes())?;
        }
        slot.len = self.file.position() - at;
        self.push(at, slot);
        Ok(())
    }

    /// Writes offsets as stairs. `each` hands them over in order, the same each time.
    pub(super) fn stairs(
        &mut self,
        section: Section,
        each: impl Fn(&mut dyn FnMut(u32) -> Result<()>) -> Result<()>,
    ) -> Result<()> {
        debug_assert_eq!(self.directory.sections.len(), section as usize);
        debug_assert!(STAIRS.contains(&section));
        let (mut items, mut first, mut most) = (0usize, 0u32, 0u32);
        each(&mut |v| {
            if items.is_multiple_of(STEP) {
                first = v;
            }
            most = most.max(v.wrapping_sub(first));
            items += 1;
            Ok(())
        })?;
        let mut slot = Slot { items: items as u64, width: width_of(u64::from(most)), ..Slot::default() };
        self.file.align(64)?;
        let at = self.file.position();
        let (file, width) = (&mut self.file, u32::from(slot.width));
        let mut bits = BitWriter::new(PIECE + PAD);
        let mut i = 0usize;
        each(&mut |v| {
            if i.is_multiple_of(STEP) {
                // A step ends with a whole byte.
                first = v;
                bits.bytes().extend_from_slice(&v.to_le_bytes());
            }
            bits.push(v.wrapping_sub(first), width);
            i += 1;
            piece(file, &mut bits)
        })?;
        if items > 0 {
            (i..i.next_multiple_of(STEP)).for_each(|_| bits.push(0, width));
            bits.flush();
            bits.bytes().extend_from_slice(&[0; PAD]);
        }
        file.write(bits.bytes())?;
        slot.len = self.file.position() - at;
        self.push(at, slot);
        Ok(())
    }

    /// Writes offsets of nodes as lines.
    pub(super) fn lines(&mut self, section: Section, offsets: &[u32]) -> Result<()> {
        debug_assert!(LINES.contains(&section));
        let (width, bytes) = Lines::write(offsets);
        self.table(section, width, offsets.len(), &bytes)
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

/// Hands bytes to the file when they have become many.
#[inline]
fn piece(file: &mut FileWriter, bits: &mut BitWriter) -> Result<()> {
    if bits.bytes().len() < PIECE {
        return Ok(());
    }
    file.write(bits.bytes())?;
    bits.bytes().clear();
    Ok(())
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
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Whole<'a> {
    packing: Packing,
    width: u32,
    items: usize,
    bytes: &'a [u8],
}

impl<'a> Whole<'a> {
    /// How many items there are.
    pub(crate) fn len(&self) -> usize {
        self.items
    }

    /// The value of all items, where the column is one of equal ones.
    pub(super) fn only(&self) -> Option<u32> {
        self.packing.only()
    }

    /// An item; of a place behind the last, whatever.
    #[inline]
    pub(super) fn get(&self, i: usize) -> u32 {
        self.packing.get(self.bytes, i).unwrap_or_else(|| self.packing.plain(i))
    }

    /// Neighbouring items; none where any lies behind the last.
    #[inline]
    pub(super) fn run(&self, at: Range<usize>) -> Run<'a> {
        let count = if at.end <= self.items { at.len() } else { 0 };
        self.packing.run(self.bytes.get(self.packing.place(at.start).0..).unwrap_or_default(), at.start, count)
    }
}

impl Whole<'_> {
    /// Neighbouring items of a column of whole bytes; none where any lies behind the last.
    pub(super) fn unpack(&self, at: Range<usize>, out: &mut Vec<u32>) {
        let count = if at.start < at.end && at.end <= self.items { at.len() } else { 0 };
        out.resize(count, 0);
        self.unpack_into(at, out);
    }

    /// The same into an array, as many as fit.
    pub(super) fn unpack_into(&self, at: Range<usize>, out: &mut [u32]) {
        if at.end <= self.items
            && let Some(ends) = Ends::new(self.bytes, self.width, at)
        {
            ends.unpack(out);
        }
    }
}

/// Whole lines.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WholeLines<'a> {
    lines: Lines,
    items: usize,
    bytes: &'a [u8],
}

impl WholeLines<'_> {
    /// An offset; of a place behind the last, 0.
    #[inline]
    pub(crate) fn get(&self, i: usize) -> u32 {
        let pair = |node| self.lines.pair(self.bytes, node).unwrap_or_default();
        match i.checked_sub(1) {
            Some(before) if i < self.items => pair(before).1,
            None if self.items > 1 => pair(0).0,
            _ => 0,
        }
    }

    /// Neighbouring offsets from one on; behind the last, the last again.
    pub(crate) fn unpack(&self, from: usize, out: &mut [u32]) {
        let known = self.items.saturating_sub(1);
        let some = out.len().min(known.saturating_sub(from));
        let done = self.lines.unpack(self.bytes, from, out.get_mut(..some).unwrap_or_default());
        let last = self.get(known);
        out.get_mut(done..).unwrap_or_default().fill(last);
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
        for (section, (slot, read)) in slots.iter_mut().zip(&directory.sections).enumerate() {
            if usize::try_from(read.at)
                .ok()
                .zip(usize::try_from(read.len).ok())
                .and_then(|(a, l)| a.checked_add(l))
                .is_none_or(|e| e > at)
            {
                return Err(bad("a section outside the file"));
            }
            // No table of the format counts further; a column without bytes has no other bound.
            if read.items > u64::from(u32::MAX) + 1 {
                return Err(bad("a section of more items than there can be"));
            }
            if !read.fits(section) {
                return Err(bad("a section of another length than its items have"));
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

    /// Items of a packed column or of stairs, or slots of a table.
    pub(super) fn items(&self, s: Section) -> usize {
        self.slot(s).items as usize
    }

    /// Bytes of a slot of a table.
    pub(super) fn width(&self, s: Section) -> usize {
        usize::from(self.slot(s).width)
    }

    /// An item of a packed column.
    #[inline]
    pub(super) fn num(&self, s: Section, i: usize) -> u32 {
        let slot = self.slot(s);
        let packing = slot.packing();
        if i as u64 >= slot.items {
            self.remember(slot.at as usize, "a reference points outside its section");
            return 0;
        }
        if packing.is_plain() {
            return packing.plain(i);
        }
        let (at, bit) = packing.place(i);
        match self.bytes(s, at..at.saturating_add(8)).first_chunk() {
            Some(eight) => packing.value(i, eight, bit),
            None => 0,
        }
    }

    /// Neighbouring items of a packed column, checked once.
    #[inline]
    pub(super) fn num_run(&self, s: Section, at: Range<usize>) -> Run<'_> {
        let slot = self.slot(s);
        let packing = slot.packing();
        let inside = at.start <= at.end && at.end as u64 <= slot.items;
        if !inside {
            self.remember(slot.at as usize, "a reference points outside its section");
        }
        let at = if inside { at } else { 0..0 };
        let bytes = if packing.is_plain() || at.is_empty() {
            &[][..]
        } else {
            self.bytes(s, packing.place(at.start).0..packing.place(at.end - 1).0.saturating_add(8))
        };
        packing.run(bytes, at.start, at.len())
    }

    /// The offset of a node in lines and the next one, as a range; an inverted one is damage.
    #[inline]
    pub(super) fn line(&self, s: Section, node: usize) -> Range<usize> {
        let slot = self.slot(s);
        let lines = slot.lines();
        self.range_of(slot, node, || lines.pair_in(self.bytes(s, lines.place(node)), node))
    }

    #[inline]
    fn range_of(&self, slot: Slot, i: usize, pair: impl FnOnce() -> Option<(u32, u32)>) -> Range<usize> {
        if (i as u64).saturating_add(1) >= slot.items {
            self.remember(slot.at as usize, "a reference points outside its section");
            return 0..0;
        }
        let (a, b) = pair().unwrap_or_default();
        if a > b {
            self.remember(slot.at as usize, "offsets run backwards");
            return 0..0;
        }
        a as usize..b as usize
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

    /// The number at a place of a section of 32-bit numbers.
    #[inline]
    pub(super) fn u32(&self, s: Section, i: usize) -> u32 {
        u32_at(self.bytes(s, i.wrapping_mul(4)..i.wrapping_mul(4).wrapping_add(4)), 0)
    }

    /// A whole section as 32-bit numbers, all its blocks checked.
    pub(super) fn words(&self, s: Section) -> &[[u8; 4]] {
        self.bytes(s, 0..self.range(s).1).as_chunks().0
    }

    /// A whole packed column, all its blocks checked.
    pub(super) fn whole(&self, s: Section) -> Whole<'_> {
        let slot = self.slot(s);
        let (width, items) = (u32::from(slot.width), slot.items as usize);
        Whole { packing: slot.packing(), width, items, bytes: self.bytes(s, 0..self.range(s).1) }
    }

    /// Whole lines, all their blocks checked.
    pub(super) fn whole_lines(&self, s: Section) -> WholeLines<'_> {
        let slot = self.slot(s);
        WholeLines { lines: slot.lines(), items: slot.items as usize, bytes: self.bytes(s, 0..self.range(s).1) }
    }

    /// Neighbouring items of a packed column of whole bytes, checked once.
    #[inline]
    pub(super) fn ends(&self, s: Section, at: Range<usize>) -> Ends<'_> {
        let slot = self.slot(s);
        let inside = at.start <= at.end && at.end as u64 <= slot.items;
        if !inside {
            self.remember(slot.at as usize, "a reference points outside its section");
        }
        if !inside || at.is_empty() {
            return Ends::none();
        }
        let width = usize::from(slot.width) / 8;
        let bytes = self.bytes(s, at.start * width..(at.end - 1) * width + 4);
        Ends::new(bytes, u32::from(slot.width), 0..at.len()).unwrap_or_else(Ends::none)
    }

    pub(super) fn u64(&self, s: Section, i: usize) -> u64 {
        u64_at(self.bytes(s, i.wrapping_mul(8)..i.wrapping_mul(8).wrapping_add(8)), 0)
    }

    /// A pair of neighbouring offsets of stairs as a range; an inverted one is damage.
    #[inline]
    pub(super) fn span(&self, s: Section, i: usize) -> Range<usize> {
        let slot = self.slot(s);
        let stairs = slot.stairs();
        self.range_of(slot, i, || stairs.pair(self.bytes(s, stairs.place(i)), i))
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
