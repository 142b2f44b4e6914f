//! Sound keys: what all spellings of a word have in common, as numbers for an index.

use super::rules::Rules;
use super::units::bit;

/// At most this many sound keys of one reading.
const KEYS_OF_FORM: usize = 8;
/// Letters of a sound key that count.
const KEY_LETTERS: usize = 12;

const START: u64 = 0xcbf2_9ce4_8422_2325;

fn step(state: u64, byte: u8) -> u64 {
    (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

fn finish(state: u64) -> u64 {
    let h = (state ^ (state >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^ (h >> 29)
}

/// FNV-1a with a final mix, the same on every machine.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    finish(bytes.iter().fold(START, |state, byte| step(state, *byte)))
}

/// A sound key in the making.
#[derive(Clone, Copy)]
struct Key {
    state: u64,
    consonants: usize,
}

impl Key {
    fn push(&mut self, letter: u8) {
        if letter == b'K' {
            self.push(b'k');
            self.push(b's');
        } else if letter != b'-' && self.consonants < KEY_LETTERS {
            self.state = step(self.state, letter);
            self.consonants += 1;
        }
    }
}

/// The sound keys of one reading: its consonants by class, an `a` before them when it starts with
/// a vowel, and the last vowel when there are at most two of them.
pub(super) fn keys_of(rules: &Rules, reading: &[u16], source: u8, keys: &mut Vec<(u64, u8)>) {
    let vowel_first = reading
        .first()
        .map(|unit| rules.unit(*unit))
        .is_some_and(|unit| unit.is_vowel() || matches!(unit.classes[0], 0 | b'-'));
    let start = Key { state: if vowel_first { step(START, b'a') } else { START }, consonants: 0 };
    let mut made = [start; KEYS_OF_FORM];
    let mut count = 1;
    for unit in reading.iter().map(|unit| rules.unit(*unit)).filter(|unit| !unit.is_vowel()) {
        let before = count;
        for letter in unit.classes.iter().skip(1).take_while(|l| **l != 0) {
            for i in 0..before {
                if let Some(mut copy) = made.get(i).copied()
                    && let Some(slot) = made.get_mut(count)
                {
                    copy.push(*letter);
                    *slot = copy;
                    count += 1;
                }
            }
        }
        for key in made.iter_mut().take(before) {
            key.push(unit.classes[0]);
        }
    }
    let last = reading.last().map(|unit| rules.unit(*unit));
    let ends = last.map_or([false; 3], |unit| {
        [b"aeABYF".as_slice(), b"ieIy", b"ouUWOw"].map(|set| set.iter().any(|l| unit.sure & bit(*l) != 0))
    });
    let silent = last.is_some_and(|unit| unit.sure & (bit(b'L') | bit(b'E')) != 0);
    for key in made.iter().take(count).filter(|key| key.consonants > 0) {
        if key.consonants > 2 || ends == [false; 3] || silent {
            keys.push((finish(key.state), source));
        }
        if key.consonants > 2 {
            continue;
        }
        for (letter, there) in b"AIU".iter().zip(ends) {
            if there {
                keys.push((finish(step(key.state, *letter)), source));
            }
        }
    }
}
