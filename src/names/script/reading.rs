//! The readings of one word in one tradition: rows of units of bounded length.

use super::units::Unit;

/// At most this many alternative readings of one word are kept in one tradition.
const READINGS: usize = 4;
/// At most this many units of one reading.
pub(super) const UNITS: usize = 32;

/// One reading of a word: its units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    units: [Unit; UNITS],
    len: usize,
}

impl Reading {
    pub(super) const EMPTY: Reading =
        Reading { units: [Unit { sure: 0, maybe: 0, gap: 0, main: 0, classes: [0; 4] }; UNITS], len: 0 };

    pub(super) fn units(&self) -> &[Unit] {
        self.units.get(..self.len).unwrap_or(&[])
    }

    pub(super) fn units_mut(&mut self) -> &mut [Unit] {
        self.units.get_mut(..self.len).unwrap_or(&mut [])
    }

    pub(super) fn push(&mut self, unit: Unit) {
        if let Some(slot) = self.units.get_mut(self.len) {
            *slot = unit;
            self.len += 1;
        }
    }

    /// Appends units; a consonant written twice is one, and so is a vowel.
    fn append(&mut self, units: &[Unit]) {
        for unit in units {
            if self.units().last().is_none_or(|last| last.sure != unit.sure) {
                self.push(*unit);
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

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Reading> {
        self.all.iter_mut().take(self.count)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[Unit]> {
        self.all.iter().take(self.count).map(Reading::units)
    }

    /// Continues every reading with each of the alternatives, as far as there is room.
    pub(super) fn branch(&mut self, alternatives: &[Vec<Unit>]) {
        let before = self.count;
        for alternative in alternatives.iter().skip(1) {
            for i in 0..before {
                if self.count < READINGS
                    && let Some(copy) = self.all.get(i).copied()
                    && let Some(slot) = self.all.get_mut(self.count)
                {
                    *slot = copy;
                    slot.append(alternative);
                    self.count += 1;
                }
            }
        }
        if let Some(first) = alternatives.first() {
            for reading in self.all.iter_mut().take(before) {
                reading.append(first);
            }
        }
    }
}
