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
pub(super) fn cost(rules: &Rules, a: &[Unit], b: &[Unit], limit: u16) -> Option<u16> {
    let limit = limit.min(LIMIT);
    if a.len() == b.len() {
        // Most spellings of one word differ in no sound's presence.
        let straight = a.iter().zip(b).try_fold(0u16, |sum, (x, y)| {
            let sum = sum + u16::from(substitute(rules, x, y));
            (sum <= QUICK).then_some(sum)
        });
        if straight.is_some_and(|sum| sum <= limit) {
            return straight;
        }
    }
    let b = b.get(..UNITS.min(b.len()))?;
    let mut row = [u16::MAX / 2; UNITS + 1];
    let mut total = 0u16;
    for (cell, unit) in row.iter_mut().zip(std::iter::once(0u16).chain(b.iter().map(|unit| u16::from(unit.gap)))) {
        total = total.saturating_add(unit);
        *cell = total;
    }
    for x in a.iter().take(UNITS) {
        let mut diagonal = *row.first()?;
        let mut left = diagonal.saturating_add(u16::from(x.gap));
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        let mut least = left;
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let up = *cell;
            let across = diagonal.saturating_add(u16::from(substitute(rules, x, y)));
            let value = across.min(up.saturating_add(u16::from(x.gap))).min(left.saturating_add(u16::from(y.gap)));
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
