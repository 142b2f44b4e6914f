//! One bit for each of many things.

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

    /// Keeps those numbers whose item in a column passes; a column that is too short passes none.
    pub(crate) fn retain<T>(&mut self, column: &[T], mut keep: impl FnMut(&T) -> bool) {
        let mut chunks = column.chunks(64);
        for w in &mut self.0 {
            let items = chunks.next().unwrap_or_default();
            *w &= items.iter().enumerate().fold(0, |word, (i, item)| word | u64::from(keep(item)) << i);
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
