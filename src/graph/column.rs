//! A column of the index held ready for a search: where it lies is looked up once, and once all its
//! blocks have been checked a read costs a compare and a load.

use super::layout::{Section, SectionReader, Slot};
use std::ops::Range;

/// A section of fixed-width numbers. Reads that meet damage give 0 or nothing and are remembered
/// by the reader, as all reads of the index are.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    reader: &'a SectionReader,
    section: Section,
    /// How its items are packed, where they are.
    slot: Slot,
    /// The section, where all of it has been checked; else nothing.
    checked: &'a [u8],
}

impl<'a> Column<'a> {
    pub(super) fn new(reader: &'a SectionReader, section: Section) -> Column<'a> {
        Column { reader, section, slot: reader.slot(section), checked: reader.checked(section) }
    }

    #[inline]
    fn bytes(&self, range: Range<usize>) -> &'a [u8] {
        match self.checked.get(range.clone()) {
            Some(bytes) => bytes,
            None => self.reader.bytes(self.section, range),
        }
    }

    /// A pair of neighbouring offsets as a range; an inverted one is damage.
    #[inline]
    pub(super) fn span(&self, i: u32) -> Range<usize> {
        let at = i as usize * 4;
        if let Some(&[a, b, c, d, e, f, g, h]) = self.checked.get(at..at.saturating_add(8)) {
            let (from, to) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
            if from <= to {
                return from as usize..to as usize;
            }
        }
        self.reader.span(self.section, i as usize)
    }

    /// The number at a place.
    #[inline]
    pub(super) fn u32(&self, i: usize) -> u32 {
        let at = i.saturating_mul(4);
        match self.checked.get(at..at.saturating_add(4)) {
            Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
            _ => self.reader.u32(self.section, i),
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

    /// An item of a packed column.
    #[inline]
    pub(super) fn num(&self, i: usize) -> u32 {
        let width = usize::from(self.slot.width);
        let at = i.saturating_mul(width);
        match self.checked.get(at..at.saturating_add(width)) {
            Some(bytes) if width > 0 => self.slot.value(i, bytes),
            _ => self.reader.num(self.section, i),
        }
    }

    /// Neighbouring 32-bit numbers.
    #[inline]
    pub(super) fn run(&self, at: Range<usize>) -> impl Iterator<Item = u32> + use<'a> {
        let bytes = self.bytes(at.start.saturating_mul(4)..at.end.saturating_mul(4));
        bytes.as_chunks::<4>().0.iter().map(|b| u32::from_le_bytes(*b))
    }
}
