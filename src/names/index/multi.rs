//! A table from hashes to numbers, as bytes: several numbers may stand under one hash.
//!
//! ```text
//! 0   entries, u32          4  log2 of the buckets, u8     5  bytes a fingerprint, u8
//! 6   bytes a number, u8    7  0
//! 8   for each bucket and one more: its first entry, u32
//! ..  the entries: fingerprint, number
//! ```
//! The bucket is made of the top bits of the hash, the fingerprint of its low ones. A few hashes
//! share both, so what is found has to be looked at.

use super::bytes::{nth, put_small, small_at, u32_at};

const HEAD: usize = 8;

/// Entries a bucket, about.
const FILL: usize = 8;

/// Makes a table. Numbers under one hash come out in the order they have here.
pub(super) fn build(entries: &[(u32, u32)], finger: usize) -> Vec<u8> {
    let n = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    let entries = entries.get(..n as usize).unwrap_or_default();
    let log = (entries.len() / FILL).max(1).next_power_of_two().trailing_zeros().min(28);
    let buckets = 1usize << log;
    let most = entries.iter().map(|(_, v)| *v).max().unwrap_or(0);
    let width = (4 - most.leading_zeros() as usize / 8).max(1);
    let mut starts = vec![0u32; buckets + 1];
    for (h, _) in entries {
        if let Some(s) = starts.get_mut(bucket(*h, log) + 1) {
            *s += 1;
        }
    }
    let mut sum = 0;
    for s in &mut starts {
        sum += *s;
        *s = sum;
    }
    let mut out = vec![0u8; HEAD + starts.len() * 4 + entries.len() * (finger + width)];
    put_small(&mut out, 0, n, 4);
    put_small(&mut out, 4, log, 1);
    put_small(&mut out, 5, finger as u32, 1);
    put_small(&mut out, 6, width as u32, 1);
    for (i, s) in starts.iter().enumerate() {
        put_small(&mut out, HEAD + i * 4, *s, 4);
    }
    let base = HEAD + starts.len() * 4;
    for (h, v) in entries {
        let Some(s) = starts.get_mut(bucket(*h, log)) else { continue };
        let at = base + *s as usize * (finger + width);
        *s += 1;
        put_small(&mut out, at, *h, finger);
        put_small(&mut out, at + finger, *v, width);
    }
    out
}

#[inline]
fn bucket(hash: u32, log: u32) -> usize {
    if log == 0 { 0 } else { (hash >> (32 - log)) as usize }
}

/// A table over its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Multi<'a> {
    starts: &'a [u8],
    entries: &'a [u8],
    log: u32,
    finger: usize,
    width: usize,
}

impl<'a> Multi<'a> {
    /// Bytes that are no table make an empty one.
    pub(super) fn open(bytes: &'a [u8]) -> Multi<'a> {
        let log = small_at(bytes, 4, 1).min(28);
        let finger = small_at(bytes, 5, 1).min(4) as usize;
        let width = small_at(bytes, 6, 1).clamp(1, 4) as usize;
        let end = HEAD + ((1usize << log) + 1) * 4;
        let (starts, entries) = match (bytes.get(HEAD..end), bytes.get(end..)) {
            (Some(s), Some(e)) if u32_at(bytes, 0) as usize <= e.len() / (finger + width) => (s, e),
            _ => (&[][..], &[][..]),
        };
        Multi { starts, entries, log, finger, width }
    }

    /// The numbers under a hash, at most `most` entries looked at.
    #[inline]
    pub(super) fn get(&self, hash: u32, most: usize) -> impl Iterator<Item = u32> + use<'a> {
        let b = bucket(hash, self.log) as u32;
        let (from, to) = (nth(self.starts, b) as usize, nth(self.starts, b + 1) as usize);
        let size = self.finger + self.width;
        let run = self.entries.get(from.wrapping_mul(size)..to.wrapping_mul(size)).unwrap_or_default();
        let mask = if self.finger >= 4 { u32::MAX } else { (1u32 << (8 * self.finger)) - 1 };
        let (finger, width) = (self.finger, self.width);
        run.chunks_exact(size)
            .take(most)
            .filter(move |e| small_at(e, 0, finger) == hash & mask)
            .map(move |e| small_at(e, finger, width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::index::hashes::mix as mix64;

    fn mix(n: u64) -> u32 {
        mix64(n) as u32
    }

    #[test]
    fn finds_all_and_little_else() {
        for n in [0u64, 1, 7, 1000, 20_000] {
            let entries: Vec<(u32, u32)> = (0..n).map(|i| (mix(i / 2), i as u32)).collect();
            let bytes = build(&entries, 2);
            let table = Multi::open(&bytes);
            let mut others = 0;
            for i in 0..n {
                let found: Vec<u32> = table.get(mix(i / 2), usize::MAX).collect();
                assert!(found.contains(&(i as u32)));
                others += found.iter().filter(|v| u64::from(**v) / 2 != i / 2).count();
            }
            assert!(others as u64 * 100 <= n, "{others} of {n}");
            assert_eq!(table.get(mix(u64::MAX - 3), 100).count(), 0);
        }
    }

    #[test]
    fn damaged_tables_are_empty_or_wrong() {
        let entries: Vec<(u32, u32)> = (0..100).map(|i| (mix(i), i as u32)).collect();
        let bytes = build(&entries, 1);
        for cut in 0..bytes.len() {
            let table = Multi::open(bytes.get(..cut).unwrap_or_default());
            assert_eq!(table.get(mix(5), 10).count(), 0);
        }
        for at in 0..bytes.len() {
            let mut b = bytes.clone();
            b[at] ^= 0xff;
            let table = Multi::open(&b);
            for i in 0..100 {
                assert!(table.get(mix(i), 1000).count() <= 1000);
            }
        }
    }
}
