//! Numbering texts in order of first appearance, without one allocation per text.

use super::layout::{Section, SectionWriter};
use crate::error::Result;
use crate::model::IdView;
use crate::store::RowSorter;
use hashbrown::HashTable;
use xxhash_rust::xxh3::xxh3_64;

/// An arena of distinct texts.
#[derive(Default)]
pub(super) struct Intern {
    table: HashTable<u32>,
    offsets: Vec<u32>,
    bytes: Vec<u8>,
}

/// A text of an arena by number.
fn text<'a>(offsets: &[u32], bytes: &'a [u8], i: u32) -> &'a [u8] {
    let end = offsets.get(i as usize).map_or(0, |o| *o as usize);
    let start = i.checked_sub(1).and_then(|k| offsets.get(k as usize)).map_or(0, |o| *o as usize);
    bytes.get(start..end).unwrap_or_default()
}

impl Intern {
    pub(super) fn len(&self) -> u32 {
        self.offsets.len() as u32
    }

    /// The number of a text, new or known; `None` when the arena is full (4 GiB of text).
    pub(super) fn number(&mut self, value: &str) -> Option<(u32, bool)> {
        let Intern { table, offsets, bytes } = self;
        let hash = xxh3_64(value.as_bytes());
        if let Some(i) = table.find(hash, |i| text(offsets, bytes, *i) == value.as_bytes()) {
            return Some((*i, false));
        }
        let i = offsets.len() as u32;
        let end = u32::try_from(bytes.len() + value.len()).ok()?;
        bytes.extend_from_slice(value.as_bytes());
        offsets.push(end);
        table.insert_unique(hash, i, |i| xxh3_64(text(offsets, bytes, *i)));
        Some((i, true))
    }

    /// The same for an id that may be in two parts.
    pub(super) fn number_of(&mut self, id: &IdView<'_>) -> Option<(u32, bool)> {
        // The text goes to its place at the end of the arena, and is taken back where it is known.
        let Intern { table, offsets, bytes } = self;
        let start = bytes.len();
        id.write(bytes);
        let end = u32::try_from(bytes.len()).ok()?;
        let (known, value) = bytes.split_at(start);
        let hash = xxh3_64(value);
        if let Some(i) = table.find(hash, |i| text(offsets, known, *i) == value) {
            let i = *i;
            bytes.truncate(start);
            return Some((i, false));
        }
        let i = offsets.len() as u32;
        offsets.push(end);
        table.insert_unique(hash, i, |i| xxh3_64(text(offsets, bytes, *i)));
        Some((i, true))
    }

    pub(super) fn get(&self, i: u32) -> &str {
        std::str::from_utf8(text(&self.offsets, &self.bytes, i)).unwrap_or("")
    }

    /// Offsets with a leading 0, and all bytes.
    pub(super) fn parts(&self) -> (impl Iterator<Item = u32> + '_, &[u8]) {
        (std::iter::once(0).chain(self.offsets.iter().copied()), &self.bytes)
    }
}

/// Slots of an open-addressing table for so many entries, a power of two.
pub(super) fn slots(entries: usize) -> usize {
    (entries.max(1) * 10 / 7 + 1).next_power_of_two()
}

/// The 32 bits stored in a slot: never 0.
pub(super) fn tag(hash: u64) -> u32 {
    ((hash >> 32) as u32) | 1
}

/// How many entries with one hash a table takes. More parties with one local id are not told
/// apart by it anyway, and a crafted file must not make the table slow.
const SAME: u32 = 256;

/// Writes an open-addressing table of (tag u32, number + 1 u32) from rows of hash, preference and
/// number; the first rows of a hash win.
pub(super) fn hash_table(w: &mut SectionWriter, section: Section, rows: RowSorter<(u64, u32, u32)>) -> Result<()> {
    let n = slots(usize::try_from(rows.len()).unwrap_or(usize::MAX));
    let rows = rows.finish()?;
    let mut table = vec![(0u32, 0u32); n];
    let (mut last, mut same) = (None, 0u32);
    rows.each(|(hash, _, number)| {
        same = if last == Some(hash) { same + 1 } else { 0 };
        last = Some(hash);
        if same >= SAME {
            return Ok(());
        }
        let mut at = hash as usize & (n - 1);
        // The table is at most seven tenths full, so a free slot comes.
        while table.get(at).is_some_and(|s| s.1 != 0) {
            at = (at + 1) & (n - 1);
        }
        if let Some(slot) = table.get_mut(at) {
            *slot = (tag(hash), number + 1);
        }
        Ok(())
    })?;
    w.stream(section, |out| {
        table.iter().try_for_each(|(t, v)| out(&(u64::from(*t) | u64::from(*v) << 32).to_le_bytes()))
    })
}
