//! Numbering texts in order of first appearance, without one allocation per text.

use super::layout::{Section, SectionWriter};
use crate::error::Result;
use crate::model::IdView;
use crate::store::RowSorter;
use xxhash_rust::xxh3::xxh3_64;

/// An arena of distinct texts.
#[derive(Default)]
pub(super) struct Intern {
    /// Open addressing by the upper bits of the hash. A slot holds the upper half of a hash, and below it
    /// a number + 1; 0 is empty. The length is a power of two, at most five eighths are taken. A look at
    /// a slot says nearly always whether it is the one, so that a text is compared once.
    slots: Vec<u64>,
    offsets: Vec<u32>,
    bytes: Vec<u8>,
}

/// The part of a hash that stands in a slot.
const UPPER: u64 = 0xffff_ffff_0000_0000;
/// The fewest slots.
const FEWEST: usize = 16;

/// A text of an arena by number.
fn text<'a>(offsets: &[u32], bytes: &'a [u8], i: u32) -> &'a [u8] {
    let end = offsets.get(i as usize).map_or(0, |o| *o as usize);
    let start = i.checked_sub(1).and_then(|k| offsets.get(k as usize)).map_or(0, |o| *o as usize);
    bytes.get(start..end).unwrap_or_default()
}

/// The slot at which a hash begins.
fn home(hash: u64, slots: usize) -> usize {
    // There are at least two slots, a power of two.
    usize::try_from(hash >> (64 - slots.trailing_zeros().clamp(1, 63))).unwrap_or(0)
}

impl Intern {
    pub(super) fn len(&self) -> u32 {
        self.offsets.len() as u32
    }

    /// The number of a text, new or known; `None` when the arena is full (4 GiB of text).
    pub(super) fn number(&mut self, value: &str) -> Option<(u32, bool)> {
        self.number_hashed(&IdView { namespace: None, local: value }, xxh3_64(value.as_bytes()))
    }

    /// Numbers of many ids, new or known, in order; `ids` are in two parts, with their hashes. Looks
    /// that do not wait for one another overlap, which in a large arena is most of the time.
    pub(super) fn numbers<'i>(&mut self, ids: &[(IdView<'i>, u64)], out: &mut Vec<u32>) -> Option<()> {
        out.clear();
        let Intern { slots, offsets, bytes } = self;
        // What they probably are: the number in the first slot of the same upper half, or nothing.
        out.extend(ids.iter().map(|(_, hash)| find(slots, *hash, |_| true).1.unwrap_or(u32::MAX)));
        let begins = out.iter().map(|i| offsets.get(i.wrapping_sub(1) as usize).map_or(0, |o| *o as usize));
        let first = begins.map(|at| bytes.get(at).copied().unwrap_or(0)).fold(0, |all, b| all ^ b);
        std::hint::black_box(first);
        for ((id, hash), slot) in ids.iter().zip(out.iter_mut()) {
            let known = *slot != u32::MAX && id.is(text(&self.offsets, &self.bytes, *slot));
            if !known {
                *slot = self.number_hashed(id, *hash)?.0;
            }
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
        if (self.offsets.len() + 1) * 8 > self.slots.len() * 5 {
            self.grow();
        }
        let Intern { slots, offsets, bytes } = self;
        let (at, known) = find(slots, hash, |i| id.is(text(offsets, bytes, i)));
        if let Some(i) = known {
            return Some((i, false));
        }
        id.write(bytes);
        let end = u32::try_from(bytes.len()).ok()?;
        let i = offsets.len() as u32;
        offsets.push(end);
        *slots.get_mut(at)? = hash & UPPER | u64::from(i.checked_add(1)?);
        Some((i, true))
    }

    fn grow(&mut self) {
        let len = (self.slots.len() * 2).max(FEWEST);
        let old = std::mem::replace(&mut self.slots, vec![0; len]);
        // In the order of the old slots the new ones are filled nearly in order too.
        for entry in old.into_iter().filter(|e| *e != 0) {
            let mut at = home(entry, len);
            while self.slots.get(at).is_some_and(|e| *e != 0) {
                at = (at + 1) & (len - 1);
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = entry;
            }
        }
    }

    pub(super) fn get(&self, i: u32) -> &str {
        std::str::from_utf8(text(&self.offsets, &self.bytes, i)).unwrap_or("")
    }

    /// Offsets with a leading 0, and all bytes.
    pub(super) fn parts(&self) -> (impl Iterator<Item = u32> + Clone + '_, &[u8]) {
        (std::iter::once(0).chain(self.offsets.iter().copied()), &self.bytes)
    }
}

/// The slot of a hash whose number is the one, with the number; else the empty slot where it belongs.
/// There is always an empty one.
#[inline]
fn find(slots: &[u64], hash: u64, is: impl Fn(u32) -> bool) -> (usize, Option<u32>) {
    let mut at = home(hash, slots.len());
    for _ in 0..slots.len() {
        let entry = slots.get(at).copied().unwrap_or(0);
        if entry == 0 {
            break;
        }
        let number = (entry as u32).wrapping_sub(1);
        if (entry ^ hash) & UPPER == 0 && is(number) {
            return (at, Some(number));
        }
        at = (at + 1) & (slots.len() - 1);
    }
    (at, None)
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn numbers_in_order_of_appearance() {
        let (mut ours, mut batched, mut map) = (Intern::default(), Intern::default(), HashMap::new());
        let mut x = 88172645463325252u64;
        let mut numbers = Vec::new();
        for round in 0..60 {
            let texts: Vec<(String, String)> = (0..round * 20)
                .map(|_| {
                    x ^= x << 13;
                    x ^= x >> 7;
                    x ^= x << 17;
                    (format!("s{}", x % 3), format!("{}", x % 7000))
                })
                .collect();
            let ids: Vec<(IdView<'_>, u64)> = texts
                .iter()
                .map(|(n, l)| (IdView { namespace: Some(n), local: l }, xxh3_64(format!("{n}:{l}").as_bytes())))
                .collect();
            batched.numbers(&ids, &mut numbers).unwrap();
            for ((id, _), number) in ids.iter().zip(&numbers) {
                let next = map.len() as u32;
                let want = *map.entry(id.to_string()).or_insert(next);
                assert_eq!((want, want == next), ours.number(&id.to_string()).unwrap());
                assert_eq!((want, *number, ours.get(want)), (*number, want, id.to_string().as_str()));
                assert_eq!(batched.get(want), id.to_string());
            }
        }
        assert_eq!((ours.len() as usize, batched.len()), (map.len(), ours.len()));
        assert!(ours.len() > 10_000, "the table has grown a few times");
    }

    #[test]
    fn texts_of_one_hash_are_told_apart() {
        let mut ours = Intern::default();
        for round in 0..2 {
            for n in 0..500u32 {
                let text = format!("t{n}");
                let id = IdView { namespace: None, local: &text };
                // The same upper half for all, or for ten each.
                for hash in [7, u64::from(n % 10) << 32 | u64::from(n)] {
                    let unlike = IdView { namespace: Some(if hash == 7 { "a" } else { "b" }), ..id };
                    let (number, new) = ours.number_hashed(&unlike, hash).unwrap();
                    assert_eq!((new, ours.get(number)), (round == 0, unlike.to_string().as_str()));
                }
            }
        }
        assert_eq!(ours.len(), 1000);
    }
}
