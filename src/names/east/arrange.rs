//! Cutting words into syllables and trying the surname first and last: what Korean and Chinese share.

use super::syllable::{Draft, MAX_SYLLABLES, Sound};

/// One way to cut a word.
#[derive(Debug, Clone, Default)]
pub(super) struct Cut {
    pub(super) sounds: Vec<Sound>,
    pub(super) cost: u8,
}

/// A syllable found in a word: from one byte offset to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) from: u8,
    pub(super) to: u8,
    pub(super) sound: Sound,
}

/// Most ways kept for one word.
const MAX_CUTS: usize = 4;
/// Most syllables of one word.
const MAX_LENGTH: usize = 4;
/// Most states looked at while a word is cut.
const MAX_STEPS: usize = 300;
/// Most ways of the whole name looked at.
const MAX_WAYS: usize = 12;
/// Longest word cut, in bytes.
const MAX_BYTES: usize = 64;

/// The syllables that `find` gives (for a byte offset, through a callback with the offset behind and
/// the sound), at offsets that can be reached from the start.
pub(super) fn edges(text: &str, mut find: impl FnMut(usize, &mut dyn FnMut(usize, Sound))) -> Vec<Edge> {
    let mut reached = 1_u128;
    let mut all = Vec::new();
    for from in 0..text.len().min(MAX_BYTES) {
        if reached >> from & 1 == 1 {
            find(from, &mut |to, sound| {
                if let (Ok(from), Ok(to)) = (u8::try_from(from), u8::try_from(to)) {
                    reached |= 1_u128.checked_shl(u32::from(to)).unwrap_or(0);
                    all.push(Edge { from, to, sound });
                }
            });
        }
    }
    all
}

/// All ways to go from the start to `end` along the edges, cheapest first. A syllable more costs one.
pub(super) fn cuts(end: usize, edges: &[Edge]) -> Vec<Cut> {
    // Offsets from which the end can be reached: edges are in order of their start.
    let mut open_ended = 1_u128.checked_shl(u32::try_from(end).unwrap_or(u32::MAX)).unwrap_or(0);
    for edge in edges.iter().rev() {
        if open_ended >> edge.to & 1 == 1 {
            open_ended |= 1 << edge.from;
        }
    }
    let mut stack = vec![(0_usize, 0_u8, [0_usize; MAX_LENGTH], 0_usize)];
    let mut done: Vec<(u8, [usize; MAX_LENGTH], usize)> = Vec::new();
    let mut steps = 0;
    while let Some((place, cost, way, length)) = stack.pop() {
        steps += 1;
        if steps > MAX_STEPS {
            break;
        }
        if place == end {
            done.push((cost, way, length));
            continue;
        }
        let start = edges.partition_point(|edge| usize::from(edge.from) < place);
        let next = edges.iter().enumerate().skip(start).take_while(|(_, edge)| usize::from(edge.from) == place);
        for (number, edge) in next.filter(|(_, edge)| open_ended >> edge.to & 1 == 1) {
            let mut way = way;
            let Some(slot) = way.get_mut(length) else { continue };
            *slot = number;
            let cost = cost.saturating_add(edge.sound.cheapest()).saturating_add(u8::from(length > 0));
            stack.push((usize::from(edge.to), cost, way, length + 1));
        }
    }
    done.sort_by_key(|(cost, _, length)| (*cost, *length));
    done.truncate(MAX_CUTS);
    done.into_iter()
        .map(|(cost, way, length)| Cut {
            sounds: way.iter().take(length).filter_map(|number| edges.get(*number)).map(|edge| edge.sound).collect(),
            cost,
        })
        .collect()
}

/// The ways of several parts of one word, one after another.
pub(super) fn join(parts: &[Vec<Cut>]) -> Vec<Cut> {
    if let [only] = parts {
        return only.clone();
    }
    let mut ways = vec![Cut::default()];
    for part in parts {
        let mut next = Vec::new();
        for way in &ways {
            for cut in part {
                let mut sounds = way.sounds.clone();
                sounds.extend_from_slice(&cut.sounds);
                next.push(Cut { sounds, cost: way.cost.saturating_add(cut.cost) });
            }
        }
        next.sort_by_key(|cut| cut.cost);
        next.truncate(MAX_WAYS);
        ways = next;
    }
    ways.retain(|way| !way.sounds.is_empty() && way.sounds.len() <= MAX_SYLLABLES);
    ways
}

/// A name taken with its surname in some place.
#[derive(Debug, Clone)]
pub(super) struct Arranged {
    pub(super) draft: Draft,
    /// How many syllables the surname has.
    pub(super) surname: usize,
    /// How common the surname is: 1 very, 2, 3 rare.
    pub(super) tier: u8,
}

/// Tries the first and the last word as surname (of a single word: its first syllables).
/// `surname` tells whether sounds can be one, and how common it is.
pub(super) fn arrange(words: &[Vec<Cut>], surname: &dyn Fn(&[Sound]) -> Option<u8>) -> Vec<Arranged> {
    let mut found = Vec::new();
    match words {
        [] => {}
        [only] => {
            for cut in only {
                for length in [1, 2] {
                    let Some(head) = cut.sounds.get(..length).filter(|_| cut.sounds.len() > length) else { continue };
                    if let Some(tier) = surname(head) {
                        let cost = cut.cost.saturating_sub(1).saturating_add(tier - 1);
                        let draft = Draft { sounds: cut.sounds.clone(), cost, surname_last: false, ..Draft::default() };
                        found.push(Arranged { draft, surname: length, tier });
                    }
                }
            }
        }
        [first, rest @ ..] => {
            headed(first, rest, false, surname, &mut found);
            if let [start @ .., last] = words {
                headed(last, start, true, surname, &mut found);
            }
        }
    }
    settle(&mut found);
    found
}

/// Sorts ways by cost; where the surname could stand in both places, last is the less likely.
pub(super) fn settle(found: &mut [Arranged]) {
    let both = found.iter().any(|one| one.draft.surname_last) && found.iter().any(|one| !one.draft.surname_last);
    if both {
        for one in found.iter_mut().filter(|one| one.draft.surname_last) {
            one.draft.cost = one.draft.cost.saturating_add(1);
        }
    }
    found.sort_by_key(|one| one.draft.cost);
}

/// Takes `name` as the surname and `given` as the rest.
pub(super) fn headed(
    name: &[Cut],
    given: &[Vec<Cut>],
    surname_last: bool,
    surname: &dyn Fn(&[Sound]) -> Option<u8>,
    found: &mut Vec<Arranged>,
) {
    let given = join(given);
    // A surname with the first syllable of the given name joined to it (Kimjong Un).
    for cut in name.iter().filter(|cut| !surname_last && cut.sounds.len() == 2 && surname(&cut.sounds).is_none()) {
        let Some(tier) = cut.sounds.get(..1).and_then(surname).filter(|tier| *tier == 1) else { continue };
        for way in given.iter().filter(|way| way.sounds.len() == 1) {
            let sounds = [&cut.sounds[..], &way.sounds[..]].concat();
            let cost = cut.cost.saturating_add(way.cost).saturating_add(2);
            found.push(Arranged {
                draft: Draft { sounds, cost, surname_last, ..Draft::default() },
                surname: 1,
                tier: tier + 1,
            });
        }
    }
    for cut in name.iter().filter(|cut| cut.sounds.len() <= 2) {
        let Some(tier) = surname(&cut.sounds) else { continue };
        for way in given.iter().take(MAX_CUTS) {
            let mut sounds = cut.sounds.clone();
            sounds.extend_from_slice(&way.sounds);
            if sounds.len() <= MAX_SYLLABLES {
                let cost = cut.cost.saturating_add(way.cost).saturating_add(tier - 1);
                let draft = Draft { sounds, cost, surname_last, ..Draft::default() };
                found.push(Arranged { draft, surname: cut.sounds.len(), tier });
            }
        }
    }
}
