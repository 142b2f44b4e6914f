//! The sections of the block and where they lie.
//!
//! ```text
//! 0    magic CUNI, layout version u32, number of sections u32, 0 u32
//! 16   for each section: offset u64, length u64
//! ..   the sections
//! ```
//! A block is read where it lies; offsets that do not fit make a section empty.

use super::bytes::u32_at;

/// The layout written and read here.
pub(super) const VERSION: u32 = 1;
const MAGIC: [u8; 4] = *b"CUNI";
const HEAD: usize = 16;

/// A section of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Section {
    /// Numbers: names, words, parties, sum of the tables and rules that keys were made by; then for each
    /// power of two the frequency of the word with that code.
    Counts,
    /// For every eight names: offset in `Names`, party of the name before.
    Blocks,
    /// A record a name: length, party and kind, word codes.
    Names,
    /// Where each word's text begins, words in order of their bytes, and one more.
    WordOffsets,
    /// The words.
    WordText,
    /// Word by order to code; the most frequent word has code 0.
    WordCode,
    /// Code to word by order.
    CodeWord,
    /// Words by order, sorted by their bytes from the end.
    Reversed,
    /// Where each of those begins, and one more.
    TurnedOffsets,
    /// Those words, written backwards.
    TurnedText,
    /// Where each code's postings begin, and one more.
    PostOffsets,
    /// Postings: frequency, then the names as differences.
    Posts,
    /// Keys of words to words by order.
    Sounds,
    /// Keys of names to names.
    Keys,
    /// Keys of identifiers to parties.
    Idents,
}

/// Their number.
pub(super) const SECTIONS: usize = 15;

/// Puts sections together to a block.
pub(super) fn block(sections: &[Vec<u8>; SECTIONS]) -> Vec<u8> {
    let head = HEAD + SECTIONS * 16;
    let total: usize = sections.iter().map(|s| s.len().next_multiple_of(4)).sum();
    let mut out = Vec::with_capacity(head + total);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&VERSION.to_le_bytes());
    out.extend_from_slice(&(SECTIONS as u32).to_le_bytes());
    out.extend_from_slice(&0u32.to_le_bytes());
    let mut at = head as u64;
    for s in sections {
        out.extend_from_slice(&at.to_le_bytes());
        out.extend_from_slice(&(s.len() as u64).to_le_bytes());
        at += s.len().next_multiple_of(4) as u64;
    }
    for s in sections {
        out.extend_from_slice(s);
        out.resize(out.len().next_multiple_of(4), 0);
    }
    out
}

/// Whether bytes begin like a block of this layout.
pub(super) fn is_known(bytes: &[u8]) -> bool {
    bytes.get(..4) == Some(&MAGIC)
        && u32_at(bytes, 4) == VERSION
        && u32_at(bytes, 8) as usize == SECTIONS
        && bytes.len() >= HEAD + SECTIONS * 16
}

/// A section's bytes; empty where the block does not hold them.
pub(super) fn section(bytes: &[u8], s: Section) -> &[u8] {
    let at = HEAD + s as usize * 16;
    let long = |at: usize| u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32;
    let range = usize::try_from(long(at)).ok().zip(usize::try_from(long(at + 8)).ok());
    range.and_then(|(from, len)| bytes.get(from..from.checked_add(len)?)).unwrap_or_default()
}
