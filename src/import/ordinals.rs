//! Numbers for relations that agree in subject, type, object and stake, in the order of the file.
//!
//! Only hashes are kept, about a dozen bytes a relation, so registers of any size can be read.

use super::hashes::{Hashes, tag};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The relations numbered so far.
#[derive(Default)]
pub(super) struct Ordinals {
    /// One hash for each relation, of its key and number; the first of a key is tagged with its content.
    numbered: Hashes,
    /// Key and content of the second and further relations of a key.
    contents: Hashes,
}

fn numbered(key: u64, n: u32) -> u64 {
    xxh3_64_with_seed(&n.to_le_bytes(), key)
}

/// The hash of a relation's subject, type and object.
pub(super) fn key(subject: &str, edge_type: &str, object: &str) -> u64 {
    [edge_type, object].iter().fold(xxh3_64(subject.as_bytes()), |h, t| xxh3_64_with_seed(t.as_bytes(), h))
}

impl Ordinals {
    /// The number of the next relation with this key (see [`key`]); `None` when one with the
    /// same content has been numbered already, so that nothing new is said.
    pub(super) fn next(&mut self, key: u64, content: u64) -> Option<u32> {
        // 0 would mean "no tag".
        let mark = tag(content).max(1);
        let Some(first) = self.numbered.insert(numbered(key, 0), mark) else { return Some(0) };
        if first == mark || self.contents.insert(xxh3_64_with_seed(&content.to_le_bytes(), key), 0).is_some() {
            return None;
        }
        // The numbers taken are 0 to n - 1 without a gap, so the first free one is found by
        // doubling and halving.
        let mut free = 1u32;
        while self.numbered.contains(numbered(key, free)) {
            free = free.checked_mul(2)?;
        }
        let mut taken = free / 2;
        while free - taken > 1 {
            let middle = taken + (free - taken) / 2;
            if self.numbered.contains(numbered(key, middle)) {
                taken = middle;
            } else {
                free = middle;
            }
        }
        self.numbered.insert(numbered(key, free), 0);
        Some(free)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_up_for_each_key_and_knows_repeats() {
        let mut ordinals = Ordinals::default();
        let (a, b) = (key("x", "owns", "y"), key("y", "owns", "x"));
        assert_ne!(key("xo", "wns", "y"), a);
        for n in 0..2000u32 {
            assert_eq!(ordinals.next(a, u64::from(n) + 7), Some(n));
            assert_eq!(ordinals.next(a, u64::from(n) + 7), None, "{n} again");
        }
        assert_eq!((ordinals.next(b, 7), ordinals.next(b, 0), ordinals.next(b, 0)), (Some(0), Some(1), None));
        // A content of hash 0 is one like any other.
        let mut ordinals = Ordinals::default();
        assert_eq!((ordinals.next(a, 0), ordinals.next(a, 0), ordinals.next(a, 5)), (Some(0), None, Some(1)));
    }
}
