//! Hashes of keys. They stand in the block, so they are spelt out here and never change without
//! a new version of the layout.

/// What a key is, so that keys of different kinds do not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Tag {
    /// A name's words run together in their order.
    Joined = 1,
    /// A name's words in any order.
    Words = 2,
    /// The initials of an organisation's words.
    Acronym = 3,
    /// A name as syllables.
    Syllables = 4,
    /// A word of another script in Latin letters.
    Spelling = 5,
    /// A word by its sound, by tradition.
    Sound = 6,
    /// A given name across languages.
    Given = 7,
    /// A notion across languages.
    Concept = 8,
    /// An identifier's value.
    Ident = 9,
}

const PRIME: u64 = 0x0000_0100_0000_01b3;

/// A hash that grows by bytes: the hash of two texts one after the other is that of both together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run(u64);

impl Run {
    /// Nothing yet.
    pub(super) fn new(tag: Tag) -> Run {
        Run(0xcbf2_9ce4_8422_2325 ^ u64::from(tag as u8))
    }

    /// Takes bytes (FNV-1a).
    #[inline]
    pub(super) fn add(mut self, bytes: &[u8]) -> Run {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(PRIME);
        }
        self
    }

    /// The hash, its bits well mixed.
    #[inline]
    pub(super) fn end(self) -> u64 {
        mix(self.0)
    }
}

/// The hash of a key.
#[inline]
pub(super) fn key(tag: Tag, bytes: &[u8]) -> u64 {
    Run::new(tag).add(bytes).end()
}

/// The hash of a key that is a number.
#[inline]
pub(super) fn number_key(tag: Tag, n: u64) -> u64 {
    key(tag, &n.to_le_bytes())
}

/// Spreads the bits of a number (the finish of splitmix64).
#[inline]
pub(super) fn mix(mut h: u64) -> u64 {
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    h ^ (h >> 31)
}

/// The half of a hash that tables are made by.
#[inline]
pub(super) fn short(hash: u64) -> u32 {
    (hash >> 32) as u32
}

/// Eight bytes at a time.
#[inline]
pub(super) fn quick(bytes: &[u8]) -> u64 {
    let mut h = bytes.len() as u64;
    let mut rest = bytes;
    while let Some((eight, tail)) = rest.split_first_chunk::<8>() {
        h = (h.rotate_left(5) ^ u64::from_le_bytes(*eight)).wrapping_mul(0x517c_c1b7_2722_0a95);
        rest = tail;
    }
    let mut last = 0u64;
    for b in rest {
        last = last << 8 | u64::from(*b);
    }
    mix((h.rotate_left(5) ^ last).wrapping_mul(0x517c_c1b7_2722_0a95))
}
