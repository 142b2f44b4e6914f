//! The words of all names: exact look-up, and look-up of words that are a slip of the pen away.
//!
//! Words stand in order of their bytes and, by number, in order of their bytes from the end. A
//! word within one edit keeps its first or its second half whole, so it lies in the range of words
//! that begin with the first half or of those that end with the second; of two edits one half has
//! at most one, and all halves an edit away are few. No table of its own is needed for that.

use super::bytes::nth;
use super::osa::Pattern;
use std::ops::Range;

/// Words looked at for one fuzzy look-up, at most.
const MOST_LOOKED_AT: u32 = 40_000;
/// Letters that may stand in for another in a half with an edit.
const LETTERS: &[u8] = b"abcdefghijklmnopqrstuvwxyz";

/// The dictionary over its bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dict<'a> {
    pub(super) offsets: &'a [u8],
    pub(super) text: &'a [u8],
    pub(super) reversed: &'a [u8],
    pub(super) turned_offsets: &'a [u8],
    pub(super) turned_text: &'a [u8],
    pub(super) words: u32,
}

impl<'a> Dict<'a> {
    /// The bytes of a word by its place in the order.
    #[inline]
    pub(super) fn word(&self, i: u32) -> &'a [u8] {
        let (from, to) = (nth(self.offsets, i) as usize, nth(self.offsets, i.wrapping_add(1)) as usize);
        self.text.get(from..to).unwrap_or_default()
    }

    /// The place of a word.
    pub(super) fn find(&self, word: &[u8]) -> Option<u32> {
        let at = self.first(0..self.words, |w| w < word);
        (at < self.words && self.word(at) == word).then_some(at)
    }

    /// The first word of a range for which `before` no longer holds.
    fn first(&self, range: Range<u32>, before: impl Fn(&[u8]) -> bool) -> u32 {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let mid = low + (high - low) / 2;
            if before(self.word(mid)) { low = mid + 1 } else { high = mid }
        }
        low
    }

    /// The byte at a depth of a word, from its beginning; -1 past its end.
    #[inline]
    fn letter(&self, i: u32, depth: usize) -> i16 {
        self.word(i).get(depth).map_or(-1, |b| i16::from(*b))
    }

    /// A word written backwards, by its place among those.
    #[inline]
    fn turned(&self, k: u32) -> &'a [u8] {
        let (from, to) = (nth(self.turned_offsets, k) as usize, nth(self.turned_offsets, k.wrapping_add(1)) as usize);
        self.turned_text.get(from..to).unwrap_or_default()
    }

    /// Words that begin with these bytes.
    pub(super) fn begin(&self, prefix: &[u8]) -> Range<u32> {
        let mut range = 0..self.words;
        for (depth, b) in prefix.iter().enumerate() {
            range = self.narrow(range, depth, *b);
        }
        range
    }

    /// Words of a range, all alike up to a depth, that have this byte there.
    #[inline]
    pub(super) fn narrow(&self, range: Range<u32>, depth: usize, byte: u8) -> Range<u32> {
        narrowed(range, depth, byte, |i, d| self.letter(i, d))
    }

    /// Hands over the words within `most` (1 or 2) edits of a word of at least four bytes, with the
    /// distance, the word itself left out. The same word may come more than once.
    pub(super) fn near(&self, word: &[u8], most: u32, mut take: impl FnMut(u32, u32)) {
        let half = word.len() / 2;
        let Some((head, tail)) = word.split_at_checked(half) else { return };
        let back: Vec<u8> = tail.iter().rev().copied().collect();
        let (mut heads, mut tails) = (Vec::new(), Vec::new());
        if most >= 2 {
            edits(head, &mut heads);
            edits(&back, &mut tails);
        } else {
            heads.push(head.to_vec());
            tails.push(back);
        }
        // A swap over the middle spoils both halves.
        heads.extend(swapped(word, half));
        let pattern = Pattern::new(word);
        let letter = |w: &[u8], d: usize| w.get(d).map_or(-1, |b| i16::from(*b));
        let mut left = MOST_LOOKED_AT;
        each_range(self.words, &mut heads, |i, d| letter(self.word(i), d), |range| {
            let end = range.end.min(range.start.saturating_add(left));
            left -= end - range.start;
            each_near(self.offsets, self.text, &pattern, most, range.start..end, &mut take);
        });
        let turned: Vec<u8> = word.iter().rev().copied().collect();
        let pattern = Pattern::new(&turned);
        left = MOST_LOOKED_AT;
        each_range(self.words, &mut tails, |k, d| letter(self.turned(k), d), |range| {
            let end = range.end.min(range.start.saturating_add(left));
            left -= end - range.start;
            each_near(self.turned_offsets, self.turned_text, &pattern, most, range.start..end, |k, d| {
                take(nth(self.reversed, k), d);
            });
        });
    }
}

/// Hands over the items of a range within a distance of the pattern.
#[inline]
fn each_near(
    offsets: &[u8],
    text: &[u8],
    pattern: &Pattern,
    most: u32,
    range: Range<u32>,
    mut take: impl FnMut(u32, u32),
) {
    let mut from = nth(offsets, range.start) as usize;
    for i in range {
        let to = nth(offsets, i.wrapping_add(1)) as usize;
        let len = to.wrapping_sub(from);
        if len.abs_diff(pattern.len()) <= most as usize
            && let Some(d @ 1..) = text.get(from..to).and_then(|w| pattern.distance(w, most))
        {
            take(i, d);
        }
        from = to;
    }
}

/// The items of a range, sorted by their letters and alike up to a depth, that have a byte there.
#[inline]
fn narrowed(range: Range<u32>, depth: usize, byte: u8, letter: impl Fn(u32, usize) -> i16) -> Range<u32> {
    let byte = i16::from(byte);
    let search = |mut low: u32, mut high: u32, over: i16| {
        while low < high {
            let mid = low + (high - low) / 2;
            if letter(mid, depth) < over { low = mid + 1 } else { high = mid }
        }
        low
    };
    let from = search(range.start, range.end, byte);
    from..search(from, range.end, byte + 1)
}

/// Hands over the ranges of items that begin with any of these texts, each item once.
fn each_range(
    items: u32,
    texts: &mut Vec<Vec<u8>>,
    letter: impl Fn(u32, usize) -> i16,
    mut take: impl FnMut(Range<u32>),
) {
    texts.sort_unstable();
    // What begins with another text has its items among the other's.
    texts.dedup_by(|b, a| b.starts_with(a));
    // Ranges of the beginnings of the text before, shared by the next as far as they agree.
    let mut stack: Vec<Range<u32>> = vec![0..items];
    let mut before: &[u8] = &[];
    for text in texts.iter() {
        let shared = text.iter().zip(before).take_while(|(a, b)| a == b).count();
        before = text;
        if shared + 1 > stack.len() {
            // Nothing begins with what they share.
            continue;
        }
        stack.truncate(shared + 1);
        for (depth, b) in text.iter().enumerate().skip(shared) {
            let range = stack.last().cloned().unwrap_or(0..0);
            let range = narrowed(range, depth, *b, &letter);
            if range.is_empty() {
                break;
            }
            stack.push(range);
        }
        if stack.len() == text.len() + 1 {
            take(stack.last().cloned().unwrap_or(0..0));
        }
    }
}

/// The first half where the letters on both sides of the middle are swapped.
fn swapped(word: &[u8], half: usize) -> Option<Vec<u8>> {
    let mut v = word.get(..half + 1)?.to_vec();
    let n = v.len();
    (n >= 2).then(|| v.swap(n - 1, n - 2));
    Some(v)
}

/// The text itself and all texts one edit away.
fn edits(text: &[u8], out: &mut Vec<Vec<u8>>) {
    out.push(text.to_vec());
    for i in 0..=text.len() {
        let (a, b) = text.split_at(i);
        for c in LETTERS {
            out.push([a, &[*c], b].concat());
        }
        if let Some((x, rest)) = b.split_first() {
            out.push([a, rest].concat());
            for c in LETTERS.iter().filter(|c| *c != x) {
                out.push([a, &[*c], rest].concat());
            }
            if let Some((y, rest)) = rest.split_first().filter(|(y, _)| *y != x) {
                out.push([a, &[*y, *x], rest].concat());
            }
        }
    }
}
