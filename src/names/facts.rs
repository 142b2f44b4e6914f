//! What is known beside the names: dates of birth, countries, flags, identifiers.

use super::birth::Birth;
use super::evidence::{How, What};
use super::ident::Id;
use super::prepare::Prepared;
use super::profile::Kind;
use super::weights::Weights;

/// One thing beside the names, with places in the two parties' lists to show it by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Fact {
    pub(super) what: What,
    pub(super) how: How,
    pub(super) left: Option<usize>,
    pub(super) right: Option<usize>,
    pub(super) bits: f32,
}

/// Calls `each` for everything that can be compared.
pub(super) fn facts(a: &Prepared, b: &Prepared, w: &Weights, each: &mut dyn FnMut(Fact)) {
    if !a.births.is_empty() && !b.births.is_empty() {
        each(births(&a.births, &b.births, w));
    }
    for (what, x, y) in [(What::Country, &a.countries, &b.countries), (What::Flag, &a.flags, &b.flags)] {
        if !x.is_empty() && !y.is_empty() {
            let common = x.iter().enumerate().find_map(|(i, c)| Some((i, y.iter().position(|d| c == d)?)));
            each(match common {
                Some((i, j)) => Fact { what, how: How::Equal, left: Some(i), right: Some(j), bits: w.country },
                None => Fact { what, how: How::Differs, left: Some(0), right: Some(0), bits: -w.country_differs },
            });
        }
    }
    if let Some(fact) = ids(&a.ids, &b.ids, w) {
        each(fact);
    }
    if !a.kind.agrees(b.kind) {
        // Lists call a ship's owner and the ship by one name; kinds are told, seldom guessed.
        let bits = if matches!((a.kind, b.kind), (Kind::Vessel, Kind::Aircraft) | (Kind::Aircraft, Kind::Vessel)) {
            0.0
        } else {
            -w.kind
        };
        each(Fact { what: What::Kind, how: How::Differs, left: None, right: None, bits });
    }
}

/// How near two dates are: the higher the nearer.
fn near(x: &Birth, y: &Birth) -> (u8, How) {
    let (months, days) = (x.month != 0 && y.month != 0, x.day != 0 && y.day != 0);
    if x.year == y.year {
        return match () {
            () if !months => (4, How::Partial),
            () if x.month == y.month && !days => (4, How::Partial),
            () if x.month == y.month && x.day == y.day => (5, How::Equal),
            // Day and month changed round, or one of them misread.
            () if days && (x.day, x.month) == (y.month, y.day) => (3, How::Near),
            () if x.month == y.month || x.day == y.day && days => (3, How::Near),
            () => (2, How::Near),
        };
    }
    if x.year.abs_diff(y.year) == 1 && !(months && days) {
        return (2, How::Near);
    }
    let same_day = days && x.month == y.month && x.day == y.day;
    if same_day { (1, How::Near) } else { (0, How::Differs) }
}

fn births(a: &[Birth], b: &[Birth], w: &Weights) -> Fact {
    let mut best = (0, How::Differs, 0, 0);
    for (i, x) in a.iter().enumerate().take(16) {
        for (j, y) in b.iter().enumerate().take(16) {
            let (rank, how) = near(x, y);
            if rank > best.0 {
                best = (rank, how, i, j);
            }
        }
    }
    let bits = match best.0 {
        5 => w.birth_day,
        4 => w.birth_partial,
        3 => 0.0,
        2 => -w.birth_near,
        1 => -w.birth_near * 2.0,
        // A year alone is often a guess, but not one that is far off.
        _ if a.iter().chain(b).any(|d| d.day == 0) && nearest(a, b) <= GUESS => -w.birth_differs * 0.7,
        // As far apart as father and son.
        _ if nearest(a, b) >= GENERATION => -w.birth_differs * 1.4,
        _ => -w.birth_differs,
    };
    Fact { what: What::Birth, how: best.1, left: Some(best.2), right: Some(best.3), bits }
}

/// Years that a guessed year of birth is off at most.
const GUESS: u16 = 4;

/// Years between a parent's birth and a child's at least.
const GENERATION: u16 = 17;

fn nearest(a: &[Birth], b: &[Birth]) -> u16 {
    let years = |x: &Birth| b.iter().take(16).map(|y| x.year.abs_diff(y.year)).min();
    a.iter().take(16).filter_map(years).min().unwrap_or(u16::MAX)
}

/// Bits of an identifier in common that many parties share.
const SHARED: f32 = 1.0;

/// What the identifiers say, in this order: one that names a party and is equal, one of which a
/// party has a single value and that differs, one that many share and is equal, any other that differs.
fn ids(a: &[Id], b: &[Id], w: &Weights) -> Option<Fact> {
    let mut best: Option<(u8, Fact)> = None;
    for (i, x) in a.iter().enumerate().take(64) {
        for (j, y) in b.iter().enumerate().take(64) {
            if x.scheme != y.scheme {
                continue;
            }
            let (rank, how, bits) = match (x.value == y.value, x.shared, x.excludes(y)) {
                (true, false, _) => (3, How::Equal, w.id),
                (false, _, true) => (2, How::Differs, -w.id_differs),
                (true, true, _) => (1, How::Equal, SHARED),
                (false, _, false) => (0, How::Differs, -0.5),
            };
            if best.as_ref().is_none_or(|(most, _)| rank > *most) {
                best = Some((rank, Fact { what: What::Id, how, left: Some(i), right: Some(j), bits }));
            }
        }
    }
    best.map(|(_, fact)| fact)
}
