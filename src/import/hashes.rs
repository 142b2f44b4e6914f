//! A compact set of 64-bit hashes, for noticing repeats in files of any size.
//!
//! One probe touches one cache line, which is what a look-up in a set of millions costs; the
//! general hash map touches two, and needs more memory.

/// Hashes, each with a tag of 32 bits. Two texts of equal hash count as one: with a good
/// 64-bit hash that is once in ten million sets of a million.
#[derive(Default)]
pub(super) struct Hashes {
    /// Open addressing with linear probing by the upper bits; 0 is an empty slot. The length
    /// is a power of two, and never more than five eighths are taken.
    slots: Vec<u64>,
    /// As long as `slots`, or empty while every tag is 0.
    tags: Vec<u32>,
    taken: usize,
}

/// A hash as a tag: its lower half.
pub(super) fn tag(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or_default()
}

/// The stored form of a hash; 0 means an empty slot.
fn stored(hash: u64) -> u64 {
    hash.max(1)
}

impl Hashes {
    /// Adds a hash, or gives the tag with which it was added first.
    pub(super) fn insert(&mut self, hash: u64, tag: u32) -> Option<u32> {
        if (self.taken + 1) * 8 > self.slots.len() * 5 {
            self.grow();
        }
        let hash = stored(hash);
        let at = self.find(hash);
        match self.slots.get_mut(at) {
            Some(slot) if *slot == 0 => {
                *slot = hash;
                self.taken += 1;
                if tag != 0 {
                    self.tags.resize(self.slots.len(), 0);
                    if let Some(t) = self.tags.get_mut(at) {
                        *t = tag;
                    }
                }
                None
            }
            _ => Some(self.tags.get(at).copied().unwrap_or_default()),
        }
    }

    /// Looks once at where hashes belong, for whoever will ask for them next: looks that do not wait for
    /// one another overlap.
    pub(super) fn warm(&self, hashes: impl Iterator<Item = u64>) {
        let seen = hashes.map(|h| self.slots.get(home(stored(h), self.slots.len())).copied().unwrap_or(0));
        std::hint::black_box(seen.fold(0, |all, slot| all ^ slot));
    }

    /// Whether a hash was added.
    pub(super) fn contains(&self, hash: u64) -> bool {
        let hash = stored(hash);
        self.slots.get(self.find(hash)).is_some_and(|s| *s == hash)
    }

    /// How many hashes there are.
    pub(super) fn len(&self) -> usize {
        self.taken
    }

    /// The slot of a hash, or the empty one where it belongs. There is always an empty one.
    fn find(&self, hash: u64) -> usize {
        let mask = self.slots.len().saturating_sub(1);
        let mut at = home(hash, self.slots.len());
        for _ in 0..self.slots.len() {
            match self.slots.get(at) {
                Some(s) if *s != 0 && *s != hash => at = (at + 1) & mask,
                _ => break,
            }
        }
        at
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1024);
        let slots = std::mem::replace(&mut self.slots, vec![0; size]);
        let tags = std::mem::take(&mut self.tags);
        if !tags.is_empty() {
            self.tags = vec![0; size];
        }
        for (i, hash) in slots.into_iter().enumerate().filter(|(_, h)| *h != 0) {
            let at = self.find(hash);
            if let Some(s) = self.slots.get_mut(at) {
                *s = hash;
            }
            if let (Some(new), Some(old)) = (self.tags.get_mut(at), tags.get(i)) {
                *new = *old;
            }
        }
    }
}

/// Where a hash belongs in a table of `len` slots, a power of two: its upper bits.
fn home(hash: u64, len: usize) -> usize {
    let bits = len.trailing_zeros();
    if bits == 0 { 0 } else { usize::try_from(hash >> (64 - bits.min(63))).unwrap_or(0) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn agrees_with_a_map() {
        let (mut ours, mut map) = (Hashes::default(), HashMap::new());
        assert!(!ours.contains(0));
        let mut x = 88172645463325252u64;
        for n in 0..3000u32 {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            // Few upper bits differ, so that runs are long and wrap around the end.
            let hash = if n % 3 == 0 { x | 0xffff_f000_0000_0000 } else { x % 50_000 };
            let before = ours.insert(hash, n);
            assert_eq!(before, map.get(&hash.max(1)).copied());
            map.entry(hash.max(1)).or_insert(n);
        }
        assert_eq!(ours.len(), map.len());
        for hash in map.keys() {
            assert!(ours.contains(*hash));
            assert_eq!(ours.contains(hash ^ 0x5555), map.contains_key(&(hash ^ 0x5555)));
        }
        let mut many = Hashes::default();
        for n in 0..100_000u64 {
            assert_eq!(many.insert(n.wrapping_mul(0x9e37_79b9_7f4a_7c15), 7), None);
        }
        assert_eq!(many.len(), 100_000);
        assert!((0..100_000u64).all(|n| many.contains(n.wrapping_mul(0x9e37_79b9_7f4a_7c15))));
        assert_eq!(many.insert(0, 1), Some(7));
    }
}
