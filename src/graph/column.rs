//! A column of the index held ready for a search: where it lies is looked up once, and once all its
//! blocks have been checked a read costs a compare and a load.

use super::layout::{Section, SectionReader};
use super::pack::{Ends, Lines, Packing, Run, Stairs};
use std::ops::Range;

/// A section of numbers. Reads that meet damage give 0 or nothing and are remembered by the reader,
/// as all reads of the index are.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    reader: &'a SectionReader,
    section: Section,
    /// How its items lie where it is a packed column, stairs, and lines.
    packing: Packing,
    stairs: Stairs,
    lines: Lines,
    width: u32,
    items: usize,
    /// The section, where all of it has been checked; else nothing.
    checked: &'a [u8],
}

impl<'a> Column<'a> {
    pub(super) fn new(reader: &'a SectionReader, section: Section) -> Column<'a> {
        let slot = reader.slot(section);
        Column {
            reader,
            section,
            packing: slot.packing(),
            stairs: slot.stairs(),
            lines: slot.lines(),
            width: u32::from(slot.width),
            items: slot.items as usize,
            checked: reader.checked(section),
        }
    }

    /// A pair of neighbouring offsets of stairs as a range; an inverted one is damage.
    #[inline]
    pub(super) fn span(&self, i: u32) -> Range<usize> {
        let i = i as usize;
        if i.saturating_add(1) < self.items
            && let Some((from, to)) = self.checked.get(self.stairs.place(i)).and_then(|s| self.stairs.pair(s, i))
            && from <= to
        {
            return from as usize..to as usize;
        }
        self.reader.span(self.section, i)
    }

    /// Brings the place of an item of a packed column nearer; the number means nothing.
    #[inline]
    pub(super) fn touch(&self, i: usize) -> u32 {
        self.checked.get(self.packing.place(i).0).copied().map_or(0, u32::from)
    }

    /// The offset of a node in lines and the next one, as a range; an inverted one is damage.
    #[inline(always)]
    pub(super) fn line(&self, node: u32) -> Range<usize> {
        let node = node as usize;
        if node.saturating_add(1) < self.items
            && let Some((from, to)) = self.lines.pair(self.checked, node)
            && from <= to
        {
            return from as usize..to as usize;
        }
        self.unchecked_line(node)
    }

    #[cold]
    fn unchecked_line(&self, node: usize) -> Range<usize> {
        self.reader.line(self.section, node)
    }

    /// Neighbouring items of a packed column of whole bytes.
    #[inline(always)]
    pub(super) fn ends(&self, at: Range<usize>) -> Ends<'a> {
        if at.is_empty() {
            return Ends::none();
        }
        match Ends::new(self.checked, self.width, at.clone()).filter(|_| at.end <= self.items) {
            Some(ends) => ends,
            None => self.unchecked_ends(at),
        }
    }

    #[cold]
    fn unchecked_ends(&self, at: Range<usize>) -> Ends<'a> {
        self.reader.ends(self.section, at)
    }

    /// Bytes of a section of bytes.
    #[inline]
    pub(super) fn bytes(&self, range: Range<usize>) -> &'a [u8] {
        match self.checked.get(range.clone()) {
            Some(bytes) => bytes,
            None => self.reader.bytes(self.section, range),
        }
    }

    /// The byte at a place.
    #[inline]
    pub(super) fn u8(&self, i: usize) -> u8 {
        match self.checked.get(i) {
            Some(b) => *b,
            None => self.reader.bytes(self.section, i..i.saturating_add(1)).first().copied().unwrap_or(0),
        }
    }

    /// Neighbouring items of a packed column.
    #[inline]
    pub(super) fn run(&self, at: Range<usize>) -> Run<'a> {
        if at.end <= self.items && !at.is_empty() {
            let last = self.packing.place(at.end - 1).0;
            if let Some(bytes) = self.checked.get(self.packing.place(at.start).0..last.saturating_add(8)) {
                return self.packing.run(bytes, at.start, at.len());
            }
        }
        self.reader.num_run(self.section, at)
    }
}
