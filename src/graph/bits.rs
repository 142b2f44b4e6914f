//! One bit for each of many things.

use super::two::on_two;
use std::ops::Range;

/// A set of numbers below a bound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    /// None of so many numbers.
    pub(crate) fn none(len: usize) -> Bits {
        Bits(vec![0; len.div_ceil(64)])
    }

    /// All of so many numbers.
    pub(crate) fn all(len: usize) -> Bits {
        let mut words = vec![u64::MAX; len.div_ceil(64)];
        if let (Some(last), over @ 1..) = (words.last_mut(), len % 64) {
            *last = (1 << over) - 1;
        }
        Bits(words)
    }

    /// Makes room for so many numbers.
    pub(crate) fn grow(&mut self, len: usize) {
        self.0.resize(len.div_ceil(64).max(self.0.len()), 0);
    }

    /// Whether a number is in it.
    #[inline]
    pub(crate) fn has(&self, i: usize) -> bool {
        self.0.get(i / 64).is_some_and(|w| w >> (i % 64) & 1 == 1)
    }

    /// Puts a number in.
    #[inline]
    pub(crate) fn set(&mut self, i: usize) {
        if let Some(w) = self.0.get_mut(i / 64) {
            *w |= 1 << (i % 64);
        }
    }

    /// Takes a number out.
    #[inline]
    pub(crate) fn clear(&mut self, i: usize) {
        if let Some(w) = self.0.get_mut(i / 64) {
            *w &= !(1 << (i % 64));
        }
    }

    /// Keeps those numbers below a bound that pass, on two threads; none from the bound on. `pass`
    /// says of each number of a range, in order, whether it does.
    pub(crate) fn retain<I: Iterator<Item = bool>>(&mut self, bound: usize, pass: impl Fn(Range<usize>) -> I + Sync) {
        // Words of a part: so many that handing it out costs nothing beside the work.
        const PART: usize = 512;
        on_two(self.0.chunks_mut(PART).enumerate(), |(part, words)| {
            let from = (part * PART * 64).min(bound);
            let to = (from + words.len() * 64).min(bound);
            let mut passes = pass(from..to);
            for (w, at) in words.iter_mut().zip((from..).step_by(64)) {
                let these = at.min(to)..(at + 64).min(to);
                *w &= these.fold(0, |word, i| word | u64::from(passes.next().unwrap_or(false)) << (i - at));
            }
        });
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|w| w.count_ones() as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_in_and_out() {
        for len in [0usize, 1, 63, 64, 65, 200] {
            let mut b = Bits::all(len);
            assert_eq!((b.count(), Bits::none(len).count()), (len, 0));
            b.retain(len, |at| at.map(|i| i % 3 == 0));
            assert!((0..300).all(|i| b.has(i) == (i < len && i % 3 == 0)));
            b.set(1);
            b.clear(0);
            assert_eq!((b.has(0), b.has(1)), (false, len > 0 && 1 < len.next_multiple_of(64)));
        }
        let mut b = Bits::none(70);
        b.grow(130);
        b.set(129);
        b.grow(3);
        assert!(b.has(129) && b.count() == 1);
        let mut b = Bits::all(100);
        b.retain(70, |at| at.map(|_| true));
        assert_eq!(b.count(), 70);
    }
}
