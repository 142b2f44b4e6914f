//! Sums by name, kept while posting lists are gone through.

use super::hashes::mix;

/// What has been found of a name so far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sum {
    pub(super) name: u32,
    slot: u32,
    /// Places of the question that are covered.
    pub(super) places: u64,
    pub(super) gain: f32,
}

/// The sums: a list, and a table that leads into it.
#[derive(Default)]
pub(super) struct Tally {
    /// Place in `sums` and one more; 0 is free. Always a power of two, at least twice the sums.
    table: Vec<u32>,
    sums: Vec<Sum>,
}

impl Tally {
    /// Forgets all.
    pub(super) fn clear(&mut self) {
        if self.sums.len() > self.table.len() / 16 {
            self.table.fill(0);
        } else {
            for s in &self.sums {
                if let Some(t) = self.table.get_mut(s.slot as usize) {
                    *t = 0;
                }
            }
        }
        self.sums.clear();
        if self.table.is_empty() {
            self.table.resize(1 << 12, 0);
        }
    }

    /// What there is.
    pub(super) fn sums(&self) -> &[Sum] {
        &self.sums
    }

    /// To put in order; nothing may be added before the next `clear`.
    pub(super) fn sums_mut(&mut self) -> &mut [Sum] {
        &mut self.sums
    }

    fn grow(&mut self) {
        let size = (self.table.len() * 2).max(1 << 12);
        self.table.clear();
        self.table.resize(size, 0);
        for (i, s) in self.sums.iter_mut().enumerate() {
            let mut slot = mix(u64::from(s.name)) as usize & (size - 1);
            while self.table.get(slot).is_some_and(|t| *t != 0) {
                slot = (slot + 1) & (size - 1);
            }
            s.slot = slot as u32;
            if let Some(t) = self.table.get_mut(slot) {
                *t = i as u32 + 1;
            }
        }
    }

    /// Adds a gain to a name where it covers a place that is not yet covered; a name not known
    /// is taken only if `new`.
    #[inline]
    pub(super) fn add(&mut self, name: u32, places: u64, gain: f32, new: bool) {
        if new && (self.sums.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let last = self.table.len().wrapping_sub(1);
        let mut slot = mix(u64::from(name)) as usize & last;
        loop {
            match self.table.get(slot).copied() {
                Some(0) | None => break,
                Some(at) => {
                    if let Some(s) = self.sums.get_mut(at as usize - 1)
                        && s.name == name
                    {
                        if places & !s.places != 0 {
                            s.places |= places;
                            s.gain += gain;
                        }
                        return;
                    }
                }
            }
            slot = (slot + 1) & last;
        }
        if new {
            self.sums.push(Sum { name, slot: slot as u32, places, gain });
            if let Some(t) = self.table.get_mut(slot) {
                *t = self.sums.len() as u32;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up() {
        let mut t = Tally::default();
        for round in 0..3 {
            t.clear();
            for i in 0..20_000u32 {
                t.add(i % 5000, 1 << (i / 5000), 1.0, true);
                t.add(i % 5000, 1 << (i / 5000), 1.0, true);
            }
            t.add(9_999_999, 1, 1.0, false);
            assert_eq!(t.sums().len(), 5000, "round {round}");
            assert!(t.sums().iter().all(|s| s.gain == 4.0 && s.places == 15));
        }
    }
}
