//! The words of all names: exact look-up, and look-up of words that are a slip of the pen away.
//!
//! Words stand in order of their bytes and, by number, in order of their bytes from the end. A
//! word within one edit keeps its first or its second half whole, so it lies in the range of words
//! that begin with the first half or of those that end with the second; of two edits one half has
//! at most one, and all halves an edit away are few. No table of its own is needed for that.

use super::bytes::nth;
use crate::names::osa::Pattern;
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
        let turned: Vec<u8> = word.iter().rev().copied().collect();
        let back = turned.get(..tail.len()).unwrap_or_default();
        let (mut heads, mut tails) = (Vec::new(), Vec::new());
        if most >= 2 {
            edits(head, &mut heads);
            edits(back, &mut tails);
        } else {
            heads.push(Start::of(head));
            tails.push(Start::of(back));
        }
        // A swap over the middle spoils both halves.
        heads.extend(swapped(word, half));
        let pattern = Pattern::new(word);
        let letter = |w: &[u8], d: usize| w.get(d).map_or(-1, |b| i16::from(*b));
        let mut left = MOST_LOOKED_AT;
        each_range(
            self.words,
            &mut heads,
            |i, d| letter(self.word(i), d),
            |range| {
                let end = range.end.min(range.start.saturating_add(left));
                left -= end - range.start;
                each_near(self.offsets, self.text, &pattern, most, range.start..end, &mut take);
            },
        );
        let pattern = Pattern::new(&turned);
        left = MOST_LOOKED_AT;
        each_range(
            self.words,
            &mut tails,
            |k, d| letter(self.turned(k), d),
            |range| {
                let end = range.end.min(range.start.saturating_add(left));
                left -= end - range.start;
                each_near(self.turned_offsets, self.turned_text, &pattern, most, range.start..end, |k, d| {
                    take(nth(self.reversed, k), d);
                });
            },
        );
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

/// The items of a range, sorted by their letters and alike up to a depth, that have a byte there. What is
/// looked for is mostly few items near the beginning, so the steps grow from there.
#[inline]
fn narrowed(range: Range<u32>, depth: usize, byte: u8, letter: impl Fn(u32, usize) -> i16) -> Range<u32> {
    let byte = i16::from(byte);
    let search = |mut low: u32, mut high: u32, over: i16| {
        let mut step = 1u32;
        // All before `low` are below.
        while let Some(at) = low.checked_add(step - 1).filter(|at| *at < high) {
            if letter(at, depth) >= over {
                high = at;
                break;
            }
            low = at + 1;
            step = step.saturating_mul(2);
        }
        while low < high {
            let mid = low + (high - low) / 2;
            if letter(mid, depth) < over { low = mid + 1 } else { high = mid }
        }
        low
    };
    let from = search(range.start, range.end, byte);
    from..search(from, range.end, byte + 1)
}

/// The beginning of a word: up to eight bytes, and how many. In the order of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Start {
    bytes: [u8; 8],
    len: u8,
}

impl Start {
    /// Beginnings longer than this are cut: they lead to a few words more.
    const MOST: usize = 7;

    fn of(text: &[u8]) -> Start {
        let mut bytes = [0; 8];
        let len = text.len().min(Start::MOST);
        bytes.iter_mut().zip(text.iter().take(len)).for_each(|(b, t)| *b = *t);
        Start { bytes, len: len as u8 }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }
}

/// Hands over the ranges of items that begin with any of these, each item once.
fn each_range(
    items: u32,
    starts: &mut Vec<Start>,
    letter: impl Fn(u32, usize) -> i16,
    mut take: impl FnMut(Range<u32>),
) {
    starts.sort_unstable();
    // What begins with another has its items among the other's.
    starts.dedup_by(|b, a| b.bytes().starts_with(a.bytes()));
    // Ranges of the beginnings of the one before, shared by the next as far as they agree: of each what is
    // left, since those to come are in order.
    let mut stack: [Range<u32>; 9] = std::array::from_fn(|_| 0..0);
    if let Some(all) = stack.first_mut() {
        *all = 0..items;
    }
    // How many letters of the one before something begins with.
    let mut known = 0usize;
    let mut before = Start::of(b"");
    for start in starts.iter() {
        let text = start.bytes();
        let shared = text.iter().zip(before.bytes()).take_while(|(a, b)| a == b).count();
        before = *start;
        if shared > known {
            // Nothing begins with what they share.
            continue;
        }
        known = shared;
        for (depth, b) in text.iter().enumerate().skip(shared) {
            let Some(left) = stack.get_mut(depth) else { break };
            let range = narrowed(left.clone(), depth, *b, &letter);
            left.start = range.end;
            if range.is_empty() {
                break;
            }
            known = depth + 1;
            if let Some(slot) = stack.get_mut(known) {
                *slot = range;
            }
        }
        if known == text.len() {
            take(stack.get(known).cloned().unwrap_or(0..0));
        }
    }
}

/// The first half where the letters on both sides of the middle are swapped.
fn swapped(word: &[u8], half: usize) -> Option<Start> {
    // Beyond what counts the swap does not show.
    if half == 0 || half > Start::MOST {
        return None;
    }
    let mut letters = [0u8; 8];
    letters.iter_mut().zip(word.get(..half + 1)?).for_each(|(l, b)| *l = *b);
    letters.swap(half, half - 1);
    Some(Start::of(letters.get(..half + 1)?))
}

/// The text itself and all texts one edit away, as far as they count.
fn edits(text: &[u8], out: &mut Vec<Start>) {
    let text = text.get(..text.len().min(Start::MOST)).unwrap_or_default();
    let own = Start::of(text);
    out.push(own);
    let mut room = [0u8; 9];
    let mut put = |parts: [&[u8]; 3]| {
        let mut n = 0;
        for (slot, b) in room.iter_mut().zip(parts.into_iter().flatten()) {
            *slot = *b;
            n += 1;
        }
        out.push(Start::of(room.get(..n).unwrap_or_default()));
    };
    for i in 0..text.len() {
        let (a, b) = text.split_at(i);
        for c in LETTERS {
            put([a, &[*c], b]);
        }
        let Some((x, rest)) = b.split_first() else { continue };
        put([a, rest, b""]);
        for c in LETTERS.iter().filter(|c| *c != x) {
            put([a, &[*c], rest]);
        }
        if let Some((y, rest)) = rest.split_first().filter(|(y, _)| *y != x) {
            put([a, &[*y, *x], rest]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::index::{Builder, Index};
    use crate::names::{Kind, NameKind};

    /// Every pair of words within a distance is found, whatever the edits.
    #[test]
    fn near_finds_all_within_one_edit_and_most_within_two() {
        let mut seed = 1u64;
        let mut next = |n: usize| {
            seed = super::super::hashes::mix(seed.wrapping_add(0x9e37_79b9_7f4a_7c15));
            (seed % n as u64) as usize
        };
        let words: Vec<String> =
            (0..3000).map(|_| (0..4 + next(9)).map(|_| char::from(b"abcdeikmnorstvyz"[next(16)])).collect()).collect();
        let mut builder = Builder::new();
        for (i, w) in words.iter().enumerate() {
            builder.add(i as u32, w, NameKind::Main, Kind::Unknown);
        }
        let bytes = builder.finish();
        let index = Index::open(&bytes).unwrap();
        let (mut found, mut all) = (0, 0);
        for w in words.iter().take(400) {
            for most in [1, 2] {
                let mut asked = w.clone().into_bytes();
                for _ in 0..most {
                    let at = next(asked.len());
                    match next(4) {
                        0 => asked[at] = b'a' + next(26) as u8,
                        1 => asked.insert(at, b'a' + next(26) as u8),
                        2 if at + 1 < asked.len() => asked.swap(at, at + 1),
                        _ if asked.len() > 4 => drop(asked.remove(at)),
                        _ => {}
                    }
                }
                if asked == w.as_bytes() || asked.len() < 4 {
                    continue;
                }
                let mut near = Vec::new();
                index.dict.near(&asked, most, |i, d| near.push((index.dict.word(i), d)));
                let hit = near.iter().any(|(t, _)| *t == w.as_bytes());
                let text = String::from_utf8_lossy(&asked).into_owned();
                if most == 1 {
                    assert!(hit, "{w} {text}");
                } else if Pattern::new(&asked).distance(w.as_bytes(), 2).is_some() {
                    all += 1;
                    found += u32::from(hit);
                }
                for (t, d) in near {
                    assert_eq!(Pattern::new(&asked).distance(t, most), Some(d));
                }
            }
        }
        assert!(found * 100 >= all * 97, "{found} of {all}");
    }
}
