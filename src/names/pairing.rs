//! Two names side by side: which words agree, which stand against each other, which are missing.

use super::align::Gains;
use super::evidence::{How, What};
use super::flags::Flags;
use super::rarity::Rarity;
use super::token::{Name, Token};
use super::weights::Weights;
use super::words::{Relation, relate};
use super::{leftover, whole};

/// Words of a name: the place of the first and how many; none where the second is 0.
pub(super) type Span = (u8, u8);
pub(super) const NOTHING: Span = (0, 0);

/// One item before it is put into words.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item {
    pub(super) what: What,
    pub(super) how: How,
    pub(super) left: Span,
    pub(super) right: Span,
    pub(super) bits: f32,
}

/// How names are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Person,
    Org,
    Vessel,
}

/// A pair of words that were found to be one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Met {
    /// Places in `telling` of the left and the right name.
    pub(super) left: u8,
    pub(super) left_len: u8,
    pub(super) right: u8,
    pub(super) right_len: u8,
    pub(super) relation: Relation,
}

/// Room for one comparison, kept between them.
#[derive(Debug, Default)]
pub(super) struct Room {
    pub(super) items: Vec<Item>,
    pub(super) met: Vec<Met>,
    pub(super) left_free: Vec<u8>,
    pub(super) right_free: Vec<u8>,
    gains: Gains,
    relations: Vec<Option<Relation>>,
    assigned: Vec<(usize, usize)>,
}

/// What a pairing works with.
pub(super) struct Pair<'a> {
    pub(super) a: &'a Name,
    pub(super) b: &'a Name,
    pub(super) mode: Mode,
    pub(super) rarity: &'a dyn Rarity,
    pub(super) w: &'a Weights,
}

impl<'a> Pair<'a> {
    pub(super) fn left(&self, k: u8) -> Option<&'a Token> {
        self.a.tokens.get(usize::from(*self.a.telling.get(usize::from(k))?))
    }

    pub(super) fn right(&self, k: u8) -> Option<&'a Token> {
        self.b.tokens.get(usize::from(*self.b.telling.get(usize::from(k))?))
    }

    /// What a word's agreement is worth.
    pub(super) fn worth(&self, x: &Token, y: &Token) -> f32 {
        if x.flags.any(Flags::PARTICLE | Flags::STOP) && y.flags.any(Flags::PARTICLE | Flags::STOP) {
            return 0.5;
        }
        let bits = |t: &Token| {
            if t.flags.any(Flags::NUMBER | Flags::INITIAL | Flags::GENERIC | Flags::PLACE) {
                t.bits
            } else {
                self.rarity.bits(t).clamp(2.0, 16.0)
            }
        };
        bits(x).min(bits(y))
    }

    /// The bits of two words held to be one: for them by rarity, against them by doubt.
    pub(super) fn bits(&self, x: &Token, y: &Token, r: Relation) -> f32 {
        let worth = self.worth(x, y);
        if worth <= 1.0 {
            return worth * r.quality;
        }
        let worth = if r.how == How::Initial { 3.0 } else { worth };
        worth * r.quality - self.w.conflict * 0.9 * (1.0 - r.quality)
    }
}

/// The bits of two names; the items that sum to them are left in `room.items`, without the prior.
pub(super) fn pair(p: &Pair<'_>, room: &mut Room) -> f32 {
    room.items.clear();
    room.met.clear();
    room.left_free.clear();
    room.right_free.clear();
    let (n, m) = (p.a.telling.len(), p.b.telling.len());
    if n == 0 || m == 0 {
        return hopeless(room);
    }
    let count = |n: usize| 0..u8::try_from(n).unwrap_or(u8::MAX);
    room.left_free.extend(count(n));
    room.right_free.extend(count(m));
    equal_words(p, room);
    if !room.left_free.is_empty() && !room.right_free.is_empty() {
        equal_runs(p, room);
        initial_runs(p, room);
        best_words(p, room);
        near_runs(p, room);
    }
    if room.met.is_empty() && !whole::may_be(p) {
        return hopeless(room);
    }
    words(p, room);
    leftover::sisters(p, room);
    leftover::leftover(p, room);
    leftover::order(p, room);
    leftover::forms(p, room);
    leftover::generations(p, room);
    whole::whole(p, room);
    let bits = saturate(room, p.w.ceiling);
    if bits < LEAST {
        room.items.push(Item {
            what: What::Limit,
            how: How::Differs,
            left: NOTHING,
            right: NOTHING,
            bits: LEAST - bits,
        });
    }
    bits.max(LEAST)
}

/// The least that two names can say: an identifier in common outweighs it.
pub(super) const LEAST: f32 = -13.0;

/// Nothing of the names agrees.
fn hopeless(room: &mut Room) -> f32 {
    room.items.push(Item { what: What::Name, how: How::Differs, left: (0, u8::MAX), right: (0, u8::MAX), bits: LEAST });
    LEAST
}

/// Agreement adds up to a ceiling; what speaks against is not held back by it.
fn saturate(room: &mut Room, ceiling: f32) -> f32 {
    let positive: f32 = room.items.iter().map(|i| i.bits.max(0.0)).sum();
    if positive <= 0.0 {
        return room.items.iter().map(|i| i.bits).sum();
    }
    let factor = ceiling / (ceiling + positive);
    for item in &mut room.items {
        if item.bits > 0.0 {
            item.bits *= factor;
        }
    }
    room.items.iter().map(|i| i.bits).sum()
}

/// Takes words that are letter for letter the same, in order.
fn equal_words(p: &Pair<'_>, room: &mut Room) {
    let Room { met, left_free, right_free, .. } = room;
    left_free.retain(|l| {
        let Some(x) = p.left(*l) else { return false };
        let found = right_free.iter().position(|r| {
            p.right(*r).is_some_and(|y| {
                y.hash == x.hash && y.text == x.text && x.flags.has(Flags::INITIAL) == y.flags.has(Flags::INITIAL)
            })
        });
        let Some(at) = found else { return true };
        let right = right_free.remove(at);
        met.push(Met {
            left: *l,
            left_len: 1,
            right,
            right_len: 1,
            relation: Relation { how: How::Exact, quality: 1.0 },
        });
        false
    });
}

/// Takes runs of words of one side that are one word of the other: `Abu Bakr` and `Abubakr`.
fn equal_runs(p: &Pair<'_>, room: &mut Room) {
    let exact = Relation { how: How::Joined, quality: 0.97 };
    for (hash, first, len) in &p.a.runs {
        let free = |k: u8| room.left_free.contains(&k);
        if !(*first..*first + *len).all(free) {
            continue;
        }
        let found = room.right_free.iter().position(|r| p.right(*r).is_some_and(|y| y.hash == *hash));
        if let Some(at) = found {
            let right = room.right_free.remove(at);
            room.left_free.retain(|l| !(*first..*first + *len).contains(l));
            room.met.push(Met { left: *first, left_len: *len, right, right_len: 1, relation: exact });
        }
    }
    for (hash, first, len) in &p.b.runs {
        let free = |k: u8| room.right_free.contains(&k);
        if !(*first..*first + *len).all(free) {
            continue;
        }
        let found = room.left_free.iter().position(|l| p.left(*l).is_some_and(|x| x.hash == *hash));
        if let Some(at) = found {
            let left = room.left_free.remove(at);
            room.right_free.retain(|r| !(*first..*first + *len).contains(r));
            room.met.push(Met { left, left_len: 1, right: *first, right_len: *len, relation: exact });
        }
    }
}

/// Letters of a word that may be the initials of some words of the other name.
const INITIALS: std::ops::RangeInclusive<usize> = 3..=6;

/// Takes runs of words of a firm's name that stand in the other's as their initials.
fn initial_runs(p: &Pair<'_>, room: &mut Room) {
    if p.mode != Mode::Org || room.met.is_empty() || room.left_free.is_empty() || room.right_free.is_empty() {
        return;
    }
    for turned in [false, true] {
        let (long, few, many) = if turned {
            (p.b, &mut room.left_free, &mut room.right_free)
        } else {
            (p.a, &mut room.right_free, &mut room.left_free)
        };
        let word = |k: u8| if turned { p.left(k) } else { p.right(k) };
        few.retain(|k| {
            let Some(t) = word(*k) else { return true };
            let n = t.text.len();
            if !INITIALS.contains(&n) || t.number.is_some() || t.concept != 0 || !t.text.is_ascii() {
                return true;
            }
            let Some((first, len)) = initials_of(&t.text, long, many) else { return true };
            let relation = Relation { how: How::Acronym, quality: if n > 3 { 0.92 } else { 0.85 } };
            room.met.push(if turned {
                Met { left: *k, left_len: 1, right: first, right_len: len, relation }
            } else {
                Met { left: first, left_len: len, right: *k, right_len: 1, relation }
            });
            many.retain(|m| !(first..first + len).contains(m));
            false
        });
    }
}

/// Where the free words of a name begin with these letters one after the other, every word of them
/// used: the first word and how many.
fn initials_of(letters: &str, long: &Name, free: &[u8]) -> Option<(u8, u8)> {
    free.iter().find_map(|first| {
        let (mut rest, mut k) = (letters, *first);
        while !rest.is_empty() {
            if !free.contains(&k) {
                return None;
            }
            let token = long.tokens.get(usize::from(*long.telling.get(usize::from(k))?))?;
            // Words that make up one notion have a letter each.
            let words = if token.native.contains(' ') { &token.native } else { &token.text };
            for w in words.split(' ').filter(|w| !super::tables::tables().word(w).has(Flags::STOP)) {
                rest = rest.strip_prefix(w.chars().next()?)?;
            }
            k += 1;
        }
        (k - *first >= 2).then_some((*first, k - *first))
    })
}

/// Assigns the words left over to each other for the best.
fn best_words(p: &Pair<'_>, room: &mut Room) {
    let (rows, columns) = (room.left_free.len(), room.right_free.len());
    room.gains.start(rows, columns);
    room.relations.clear();
    room.relations.resize(rows * columns, None);
    let mut any = false;
    for (i, l) in room.left_free.iter().enumerate() {
        let Some(x) = p.left(*l) else { continue };
        for (j, r) in room.right_free.iter().enumerate() {
            let Some(y) = p.right(*r) else { continue };
            let Some(relation) = relate(x, y, p.mode) else { continue };
            if relation.quality < 0.2 && relation.how != How::Gender {
                continue;
            }
            // A trifle for words in like places settles ties.
            let near = 0.01 * f32::from(l.abs_diff(*r).min(20));
            room.gains.set(i, j, p.bits(x, y, relation) + p.w.conflict - near);
            if let Some(slot) = room.relations.get_mut(i * columns + j) {
                *slot = Some(relation);
            }
            any = true;
        }
    }
    if !any {
        return;
    }
    let mut assigned = std::mem::take(&mut room.assigned);
    room.gains.assign(&mut assigned);
    for (i, j) in &assigned {
        let found =
            (room.left_free.get(*i), room.right_free.get(*j), room.relations.get(i * columns + j).copied().flatten());
        if let (Some(l), Some(r), Some(relation)) = found {
            room.met.push(Met { left: *l, left_len: 1, right: *r, right_len: 1, relation });
        }
    }
    for (i, j) in assigned.iter().rev() {
        if let Some(slot) = room.left_free.get_mut(*i) {
            *slot = u8::MAX;
        }
        if let Some(slot) = room.right_free.get_mut(*j) {
            *slot = u8::MAX;
        }
    }
    room.left_free.retain(|k| *k != u8::MAX);
    room.right_free.retain(|k| *k != u8::MAX);
    room.assigned = assigned;
}

/// Runs of two words left over that are nearly one word of the other side.
fn near_runs(p: &Pair<'_>, room: &mut Room) {
    for turned in [false, true] {
        let (many, few) =
            if turned { (&room.right_free, &room.left_free) } else { (&room.left_free, &room.right_free) };
        let token = |turned: bool, k: u8| if turned { p.right(k) } else { p.left(k) };
        let mut found = None;
        'search: for pair in many.windows(2) {
            let [x, y] = *pair else { continue };
            let (Some(first), Some(second)) = (token(turned, x), token(turned, y)) else { continue };
            if y != x + 1 {
                continue;
            }
            for z in few {
                let Some(one) = token(!turned, *z) else { continue };
                let len = first.text.len() + second.text.len();
                if len < 6
                    || one.text.len().abs_diff(len) > 3
                    || one.text.as_bytes().first() != first.text.as_bytes().first()
                {
                    continue;
                }
                let run = format!("{}{}", first.text, second.text);
                let off = super::osa::distance(run.as_bytes(), one.text.as_bytes(), 4);
                let sounds = || super::sound::skeleton(&run) == super::sound::skeleton(&one.text);
                if off.is_some_and(|d| d <= 1 || d <= 4 && len >= 8 && sounds()) {
                    found = Some((x, *z));
                    break 'search;
                }
            }
        }
        if let Some((x, z)) = found {
            let relation = Relation { how: How::Joined, quality: 0.85 };
            let met = if turned {
                Met { left: z, left_len: 1, right: x, right_len: 2, relation }
            } else {
                Met { left: x, left_len: 2, right: z, right_len: 1, relation }
            };
            room.met.push(met);
            room.left_free.retain(|k| !(met.left..met.left + met.left_len).contains(k));
            room.right_free.retain(|k| !(met.right..met.right + met.right_len).contains(k));
        }
    }
}

/// The items of the words that met.
fn words(p: &Pair<'_>, room: &mut Room) {
    room.met.sort_unstable_by_key(|m| (m.left, m.right));
    for met in &room.met {
        let (Some(x), Some(y)) = (p.left(met.left), p.right(met.right)) else { continue };
        let bits = if met.relation.how == How::Acronym {
            let worth = if met.left_len > 1 { y.bits } else { x.bits };
            worth.max(8.0) * met.relation.quality - 1.0
        } else if met.left_len > 1 || met.right_len > 1 {
            // The single word's rarity, but no less than a name's of that length.
            let worth = if met.left_len > 1 { y.bits } else { x.bits };
            worth.max(8.0) * met.relation.quality - p.w.conflict * (1.0 - met.relation.quality)
        } else if met.relation.how == How::Gender {
            -p.w.gender
        } else {
            p.bits(x, y, met.relation)
        };
        let what = match () {
            () if x.number.is_some() && y.number.is_some() => What::Number,
            () if x.flags.has(Flags::PATRONYMIC) && y.flags.has(Flags::PATRONYMIC) => What::Patronymic,
            () => What::Token,
        };
        room.items.push(Item {
            what,
            how: met.relation.how,
            left: span(p.a, met.left, met.left_len),
            right: span(p.b, met.right, met.right_len),
            bits,
        });
    }
}

/// From places in `telling` to places among the words.
pub(super) fn span(name: &Name, first: u8, len: u8) -> Span {
    let at = |k: u8| name.telling.get(usize::from(k)).copied();
    match (at(first), at(first + len.saturating_sub(1))) {
        (Some(from), Some(to)) if len > 0 => (from, to.saturating_sub(from) + 1),
        _ => NOTHING,
    }
}
