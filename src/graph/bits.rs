//! One bit for each of many things.

use super::two::on_two;

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

    /// Keeps those numbers whose item in a column passes, on two threads; a column that is too
    /// short passes none.
    pub(crate) fn retain<T: Sync>(&mut self, column: &[T], keep: impl Fn(&T) -> bool + Sync) {
        self.retain_pairs(column, column, |item, _| keep(item));
    }

    /// The same by two columns.
    pub(crate) fn retain_pairs<A: Sync, B: Sync>(
        &mut self,
        first: &[A],
        second: &[B],
        keep: impl Fn(&A, &B) -> bool + Sync,
    ) {
        // Words of a part: so many that handing it out costs nothing beside the work.
        const PART: usize = 512;
        let parts = self.0.chunks_mut(PART).zip(first.chunks(PART * 64)).zip(second.chunks(PART * 64));
        on_two(parts, |((words, first), second)| {
            for ((w, a), b) in words.iter_mut().zip(first.chunks(64)).zip(second.chunks(64)) {
                let both = a.iter().zip(b).enumerate();
                *w &= both.fold(0, |word, (i, (a, b))| word | u64::from(keep(a, b)) << i);
            }
        });
        let covered = first.len().min(second.len());
        if covered < self.0.len() * 64 {
            self.0.iter_mut().skip(covered.div_ceil(64)).for_each(|w| *w = 0);
        }
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
            let column: Vec<usize> = (0..len).collect();
            b.retain(&column, |i| i % 3 == 0);
            assert!((0..300).all(|i| b.has(i) == (i < len && i % 3 == 0)));
            b.set(1);
            b.clear(0);
            assert_eq!((b.has(0), b.has(1)), (false, len > 0 && 1 < len.next_multiple_of(64)));
        }
        let mut b = Bits::all(100);
        b.retain(&[(); 70], |()| true);
        assert_eq!(b.count(), 70);
    }
}
