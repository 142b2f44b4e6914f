//! Sound keys for the index: coarser than the classes, so that all spellings of one name meet.

use super::syllable::{Draft, Sound, Tradition};
use super::{chinese, hangul};

/// Most keys of one name.
const MAX_KEYS: usize = 24;
/// Most keys of one way to take a Chinese name, Mandarin and Cantonese each.
const MAX_WAYS: usize = 14;
/// Most coarse classes taken of one syllable.
const MAX_CHOICES: usize = 6;

/// The keys of every path: for each, the coarse classes of its syllables, combined and hashed.
pub(super) fn of(tradition: Tradition, drafts: &[Draft]) -> Vec<u64> {
    let mut keys = Vec::new();
    for draft in drafts {
        let spaces: &[u32] = if tradition == Tradition::Chinese { &[0, 1] } else { &[0] };
        for &space in spaces {
            combine(tradition, &telling(tradition, &draft.sounds), space, &mut keys);
        }
    }
    keys
}

/// The sounds that make the key: of a Vietnamese name the first and the last, since middle names come and go.
fn telling(tradition: Tradition, sounds: &[Sound]) -> Vec<&Sound> {
    match (tradition, sounds) {
        (Tradition::Vietnamese, [first, .., last]) => vec![first, last],
        _ => sounds.iter().collect(),
    }
}

fn combine(tradition: Tradition, sounds: &[&Sound], space: u32, keys: &mut Vec<u64>) {
    let seed = 0x9e37_79b9_7f4a_7c15 ^ (tradition as u64) << 8 ^ u64::from(space);
    let mut found = vec![(seed, 0_u32)];
    for (place, sound) in sounds.iter().enumerate() {
        let choices = choices(tradition, sound, space, place == 0);
        if choices.is_empty() {
            return;
        }
        let mut next = Vec::with_capacity(found.len() * choices.len());
        for (hash, cost) in &found {
            for (coarse, more) in &choices {
                let mixed = (hash ^ u64::from(*coarse)).wrapping_mul(0xff51_afd7_ed55_8ccd).rotate_left(29);
                next.push((mixed, cost + u32::from(*more)));
            }
        }
        next.sort_by_key(|(_, cost)| *cost);
        next.truncate(MAX_KEYS);
        found = next;
    }
    let most = if tradition == Tradition::Chinese { MAX_WAYS } else { MAX_KEYS };
    for (key, _) in found.into_iter().take(most) {
        if keys.len() < MAX_KEYS && !keys.contains(&key) {
            keys.push(key);
        }
    }
}

/// The coarse classes of a sound with their costs, cheapest first; what is no surname counts more where one is meant.
fn choices(tradition: Tradition, sound: &Sound, space: u32, surname: bool) -> Vec<(u32, u8)> {
    let mut all: Vec<(u32, u8)> = Vec::new();
    for class in sound.classes() {
        let coarse = match tradition {
            Tradition::Korean => hangul::coarse(class.id()),
            Tradition::Chinese => match chinese::coarse(class.id()) {
                (found, coarse) if found == space => coarse,
                _ => continue,
            },
            Tradition::Japanese | Tradition::Vietnamese => class.id(),
        };
        let odd = surname && tradition == Tradition::Chinese && space == 0 && !chinese::is_surname_class(class.id());
        let price = class.cost() + 2 * u8::from(odd);
        match all.iter_mut().find(|(known, _)| *known == coarse) {
            Some((_, cost)) => *cost = price.min(*cost),
            None => all.push((coarse, price)),
        }
    }
    all.sort_by_key(|(_, cost)| *cost);
    let most = if tradition == Tradition::Japanese { MAX_KEYS } else { MAX_CHOICES };
    all.truncate(most);
    all
}
