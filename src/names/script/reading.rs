//! The readings of one word in one tradition: rows of units of bounded length.

use super::units::Unit;

/// At most this many alternative readings of one word are kept in one tradition.
const READINGS: usize = 4;
/// At most this many units of one reading.
pub(super) const UNITS: usize = 32;

/// One reading of a word: numbers of units in the table of its tradition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    units: [u16; UNITS],
    len: u8,
    /// What the last unit appended stands for.
    last: u64,
}

impl Reading {
    pub(super) const EMPTY: Reading = Reading { units: [0; UNITS], len: 0, last: 0 };

    pub(super) fn units(&self) -> &[u16] {
        self.units.get(..usize::from(self.len)).unwrap_or(&[])
    }

    pub(super) fn push(&mut self, unit: u16) {
        if let Some(slot) = self.units.get_mut(usize::from(self.len)) {
            *slot = unit;
            self.len += 1;
        }
    }

    /// Appends units; a consonant written twice is one, and so is a vowel.
    fn append(&mut self, units: &[u16], table: &[Unit]) {
        for unit in units {
            let sure = table.get(usize::from(*unit)).map_or(0, |unit| unit.sure);
            if self.len == 0 || self.last != sure {
                self.push(*unit);
                self.last = sure;
            }
        }
    }
}

/// The readings of one word, most likely first. Made once and filled again and again.
pub(super) struct Readings {
    all: [Reading; READINGS],
    count: usize,
}

impl Readings {
    pub(super) fn new() -> Readings {
        Readings { all: [Reading::EMPTY; READINGS], count: 0 }
    }

    /// Starts with one empty reading.
    pub(super) fn restart(&mut self) {
        self.count = 1;
        if let Some(first) = self.all.first_mut() {
            first.len = 0;
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u16]> {
        self.all.iter().take(self.count).map(Reading::units)
    }

    /// Continues every reading with each of the alternatives, as far as there is room.
    pub(super) fn branch(&mut self, alternatives: &[Vec<u16>], table: &[Unit]) {
        let before = self.count;
        for alternative in alternatives.iter().skip(1) {
            for i in 0..before {
                if self.count < READINGS
                    && let Some(copy) = self.all.get(i).copied()
                    && let Some(slot) = self.all.get_mut(self.count)
                {
                    *slot = copy;
                    slot.append(alternative, table);
                    self.count += 1;
                }
            }
        }
        if let Some(first) = alternatives.first() {
            for reading in self.all.iter_mut().take(before) {
                reading.append(first, table);
            }
        }
    }
}
