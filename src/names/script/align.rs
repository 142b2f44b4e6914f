//! The cost of laying two rows of sounds beside each other.

use super::reading::UNITS;
use super::rules::Rules;
use super::units::{NEVER, Unit};

/// Costs above this are not told apart.
pub(super) const LIMIT: u16 = 48;
/// Up to this cost no cheaper way is looked for.
const QUICK: u16 = 4;

fn substitute(rules: &Rules, a: &Unit, b: &Unit) -> u8 {
    if a.sure & b.sure != 0 {
        return 0;
    }
    let near = rules.near(a.main, b.main);
    let sets = if (a.sure & b.maybe) | (a.maybe & b.sure) != 0 {
        3
    } else if a.maybe & b.maybe != 0 {
        12
    } else {
        NEVER
    };
    near.min(sets)
}

/// The least cost of turning `a` into `b`, or `None` when it is above `limit` (at most
/// [`LIMIT`]). Weighted edit distance over at most 32 units, no allocation.
pub(super) fn cost(rules: &Rules, a: &[u16], b: &[u16], limit: u16) -> Option<u16> {
    let limit = limit.min(LIMIT);
    if a == b {
        return Some(0);
    }
    let (a, b) = (a.get(..UNITS.min(a.len()))?, b.get(..UNITS.min(b.len()))?);
    let mut others = [&Unit::NONE; UNITS];
    for (slot, unit) in others.iter_mut().zip(b) {
        *slot = rules.unit(*unit);
    }
    if a.len() == b.len() {
        // Most spellings of one word differ in no sound's presence.
        let straight = a.iter().zip(&others).try_fold(0u16, |sum, (x, y)| {
            let sum = sum + u16::from(substitute(rules, rules.unit(*x), y));
            (sum <= QUICK).then_some(sum)
        });
        if straight.is_some_and(|sum| sum <= limit) {
            return straight;
        }
    }
    let mut gaps = [0u16; UNITS];
    let mut row = [0u16; UNITS + 1];
    let mut total = 0u16;
    for (at, (slot, unit)) in gaps.iter_mut().zip(&others).take(b.len()).enumerate() {
        *slot = u16::from(unit.gap(at, b.len()));
        total += *slot;
        if let Some(cell) = row.get_mut(at + 1) {
            *cell = total;
        }
    }
    for (at, x) in a.iter().enumerate() {
        let x = rules.unit(*x);
        let gap = u16::from(x.gap(at, a.len()));
        let mut diagonal = *row.first()?;
        let mut left = diagonal + gap;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        let mut least = left;
        for ((cell, y), other) in row.iter_mut().skip(1).zip(&others).zip(&gaps).take(b.len()) {
            let up = *cell;
            let across = diagonal + u16::from(substitute(rules, x, y));
            let value = across.min(up + gap).min(left + other);
            diagonal = up;
            *cell = value;
            left = value;
            least = least.min(value);
        }
        if least > limit {
            return None;
        }
    }
    row.get(b.len()).copied().filter(|cost| *cost <= limit)
}
