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

    /// Numbers of many ids, new or known, in order; `ids` are in two parts, with their hashes. Looks
    /// that do not wait for one another overlap, which in a large arena is most of the time.
    pub(super) fn numbers<'i>(&mut self, ids: &[(IdView<'i>, u64)], out: &mut Vec<u32>) -> Option<()> {
        out.clear();
        let Intern { table, offsets, bytes } = self;
        // Where an id probably is: the first entry of its hash, or nothing.
        let places = ids.iter().map(|(_, hash)| table.find(*hash, |_| true).copied().unwrap_or(u32::MAX));
        out.extend(places);
        let begins = out.iter().map(|i| offsets.get(*i as usize).map_or(0, |o| *o as usize));
        let first = begins.map(|at| bytes.get(at.wrapping_sub(1)).copied().unwrap_or(0)).fold(0, |all, b| all ^ b);
        std::hint::black_box(first);
        for ((id, hash), slot) in ids.iter().zip(out.iter_mut()) {
            *slot = self.number_hashed(id, *hash)?.0;
        }
        Some(())
    }

    /// The number of an id, and whether it is new.
    pub(super) fn number_of(&mut self, id: &IdView<'_>) -> Option<(u32, bool)> {
        let mut text = Vec::with_capacity(64);
        id.write(&mut text);
        self.number_hashed(id, xxh3_64(&text))
    }

    fn number_hashed(&mut self, id: &IdView<'_>, hash: u64) -> Option<(u32, bool)> {
        let Intern { table, offsets, bytes } = self;
        if let Some(i) = table.find(hash, |i| id.is(text(offsets, bytes, *i))) {
            return Some((*i, false));
        }
        id.write(bytes);
        let end = u32::try_from(bytes.len()).ok()?;
        let i = offsets.len() as u32;
        offsets.push(end);
        table.insert_unique(hash, i, |i| xxh3_64(text(offsets, bytes, *i)));
        Some((i, true))
    }

    pub(super) fn get(&self, i: u32) -> &str {
        std::str::from_utf8(text(&self.offsets, &self.bytes, i)).unwrap_or("")
    }

    /// Offsets with a leading 0, and all bytes.
    pub(super) fn parts(&self) -> (impl Iterator<Item = u32> + Clone + '_, &[u8]) {
        (std::iter::once(0).chain(self.offsets.iter().copied()), &self.bytes)
    }
}

/// The tag of a hash in a slot of a width.
#[inline]
pub(super) fn tag_of(hash: u64, width: usize) -> u32 {
    let low = hash as u32;
    if width == 4 { low & 0xff } else { low }
}

/// The slots in which a hash may be, one after the other, each once.
pub(super) struct Probe {
    at: usize,
    left: usize,
    slots: usize,
}

impl Probe {
    #[inline]
    pub(super) fn new(hash: u64, slots: usize) -> Probe {
        // The upper bits of the hash, spread over any number of slots.
        let at = ((u128::from(hash) * slots as u128) >> 64) as usize;
        Probe { at, left: slots, slots }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Option<usize> {
        self.left = self.left.checked_sub(1)?;
        let here = self.at;
        self.at = if here + 1 == self.slots { 0 } else { here + 1 };
        Some(here)
    }
}

/// How many entries with one hash a table takes. More parties with one local id are not told
/// apart by it anyway, and a crafted file must not make the table slow.
const SAME: u32 = 256;

/// Writes an open-addressing table from rows of hash, preference and number; the first rows of a
/// hash win. A slot is a u32 of number + 1 (24 bits) and the lowest 8 bits of the hash, or, where
/// numbers are larger, a u64 of number + 1 and the lowest 32 bits of the hash; 0 is an empty slot.
/// A hash begins at slot `hash * slots / 2^64`; four of five slots are taken.
pub(super) fn hash_table(w: &mut SectionWriter, section: Section, rows: RowSorter<(u64, u32, u32)>) -> Result<()> {
    let entries = usize::try_from(rows.len()).unwrap_or(usize::MAX / 2);
    let slots = entries + entries / 4 + 1;
    let rows = rows.finish()?;
    let mut widest = 0;
    rows.each(|(_, _, number)| {
        widest = widest.max(number);
        Ok(())
    })?;
    let width = if widest < 0xff_fffe { 4 } else { 8 };
    let mut table = vec![0u8; slots * width];
    let (mut last, mut same) = (None, 0u32);
    rows.each(|(hash, _, number)| {
        same = if last == Some(hash) { same + 1 } else { 0 };
        last = Some(hash);
        if same >= SAME {
            return Ok(());
        }
        let mut probe = Probe::new(hash, slots);
        while let Some(at) = probe.next() {
            let Some(slot) = table.get_mut(at * width..(at + 1) * width) else { break };
            if slot.iter().any(|b| *b != 0) {
                continue;
            }
            let value = u64::from(number + 1) | u64::from(tag_of(hash, width)) << (width * 8 * 3 / 4).min(32);
            slot.copy_from_slice(value.to_le_bytes().get(..width).unwrap_or_default());
            break;
        }
        Ok(())
    })?;
    w.table(section, width as u8, slots, &table)
}
