//! Cutting words into syllables and trying the surname first and last: what Korean and Chinese share.

use super::syllable::{Draft, MAX_SYLLABLES, Sound};

/// One way to cut a word.
#[derive(Debug, Clone, Default)]
pub(super) struct Cut {
    pub(super) sounds: Vec<Sound>,
    pub(super) cost: u8,
}

/// Most ways kept for one word.
const MAX_CUTS: usize = 4;
/// Most syllables of one word.
const MAX_LENGTH: usize = 4;
/// Most states looked at while a word is cut.
const MAX_STEPS: usize = 400;
/// Most ways of the whole name looked at.
const MAX_WAYS: usize = 12;

/// All ways to cut `text` into syllables that `at` finds (from a byte offset: the offset behind and the
/// sound), cheapest first. A syllable more costs one.
pub(super) fn cuts(text: &str, at: &dyn Fn(usize) -> Vec<(usize, Sound)>) -> Vec<Cut> {
    let mut memo: Vec<Option<Vec<(usize, Sound)>>> = vec![None; text.len() + 1];
    let mut open = vec![(0_usize, Cut::default())];
    let mut done: Vec<Cut> = Vec::new();
    let mut steps = 0;
    while let Some((place, cut)) = open.pop() {
        steps += 1;
        if steps > MAX_STEPS {
            break;
        }
        if place >= text.len() {
            done.push(cut);
            continue;
        }
        if cut.sounds.len() >= MAX_LENGTH {
            continue;
        }
        let Some(slot) = memo.get_mut(place) else { continue };
        for (end, sound) in slot.get_or_insert_with(|| at(place)).iter() {
            let mut next = cut.clone();
            let more = u8::from(!cut.sounds.is_empty());
            next.cost = next.cost.saturating_add(sound.cheapest()).saturating_add(more);
            next.sounds.push(sound.clone());
            open.push((*end, next));
        }
    }
    done.sort_by_key(|cut| cut.cost);
    done.truncate(MAX_CUTS);
    done
}

/// The ways of several parts of one word, one after another.
pub(super) fn join(parts: &[Vec<Cut>]) -> Vec<Cut> {
    let mut ways = vec![Cut::default()];
    for part in parts {
        let mut next = Vec::new();
        for way in &ways {
            for cut in part {
                let mut sounds = way.sounds.clone();
                sounds.extend(cut.sounds.iter().cloned());
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
                        let draft = Draft { sounds: cut.sounds.clone(), cost, surname_last: false };
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
    for cut in name.iter().filter(|cut| cut.sounds.len() <= 2) {
        let Some(tier) = surname(&cut.sounds) else { continue };
        for way in given.iter().take(MAX_CUTS) {
            let mut sounds = cut.sounds.clone();
            sounds.extend(way.sounds.iter().cloned());
            if sounds.len() <= MAX_SYLLABLES {
                let cost = cut.cost.saturating_add(way.cost).saturating_add(tier - 1);
                let draft = Draft { sounds, cost, surname_last };
                found.push(Arranged { draft, surname: cut.sounds.len(), tier });
            }
        }
    }
}
