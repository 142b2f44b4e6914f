//! A word prepared for comparison: its readings in each tradition, and its sound keys.

use super::family::{Families, families};
use super::rules::Rules;
use super::tradition::Tradition;
use super::units::{Unit, bit, members};
use super::{LETTERS, latin, romanise, semitic};

/// At most this many sound keys of one word.
const KEYS: usize = 24;
/// At most this many sound keys of one reading.
const KEYS_OF_FORM: usize = 8;
/// Letters of a sound key that count.
const KEY_LETTERS: usize = 12;

/// One reading of a word in one tradition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub(super) tradition: Tradition,
    /// From a script that leaves vowels out.
    pub(super) bare: bool,
    /// Points taken off because the reading is a guess (an article split off).
    pub(super) penalty: u8,
    pub(super) consonants: u8,
    start: u16,
    len: u8,
}

/// A word prepared for [`closeness`](super::closeness), made once by [`fold`].
#[derive(Debug, Clone)]
pub struct Fold {
    pub(super) text: u64,
    pub(super) bloom: u64,
    keys: Box<[u64]>,
    pub(super) forms: Box<[Form]>,
    units: Box<[Unit]>,
    pub(super) families: Families,
}

impl Fold {
    /// Sound keys, ascending, at most 24 and mostly 2 to 6: two spellings of one word share at
    /// least one, and few other words do. A word without a consonant has none.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    pub(super) fn units(&self, form: &Form) -> &[Unit] {
        let start = usize::from(form.start);
        self.units
            .get(start..start + usize::from(form.len))
            .unwrap_or(&[])
    }
}

struct Builder {
    keys: Vec<u64>,
    forms: Vec<Form>,
    units: Vec<Unit>,
}

impl Builder {
    fn add(&mut self, tradition: Tradition, reading: &[Unit], bare: bool, penalty: u8) {
        let rules = tradition.rules();
        let consonants = reading.iter().filter(|unit| !unit.is_vowel()).count();
        let same = self.forms.iter().any(|form| {
            form.tradition == tradition
                && self.units.get(usize::from(form.start)..).is_some_and(|u| {
                    u.get(..usize::from(form.len)).is_some_and(|u| u == reading)
                })
        });
        let (Ok(start), Ok(len)) = (u16::try_from(self.units.len()), u8::try_from(reading.len()))
        else {
            return;
        };
        if same || reading.is_empty() {
            return;
        }
        self.units.extend_from_slice(reading);
        self.forms.push(Form {
            tradition,
            bare,
            penalty,
            consonants: u8::try_from(consonants).unwrap_or(u8::MAX),
            start,
            len,
        });
        keys_of(rules, reading, &mut self.keys);
    }

    fn latin(&mut self, word: &str, traditions: &[Tradition]) {
        let mut readings = Vec::new();
        for tradition in traditions {
            let rules = tradition.rules();
            let alien = rules.alien(word.as_bytes());
            if alien >= 30 {
                continue;
            }
            rules.read_word(word.as_bytes(), &mut readings);
            for reading in &readings {
                self.add(*tradition, reading, false, alien);
            }
            if *tradition == Tradition::Arabic
                && let Some(rest) = super::arabic::without_article(word)
            {
                rules.read_word(rest.as_bytes(), &mut readings);
                for reading in readings.iter().take(2) {
                    self.add(Tradition::Arabic, reading, false, alien.max(4));
                }
            }
        }
    }
}

/// Prepares a word, in Latin letters or any other script: lower case, NFKC, no spaces.
pub fn fold(word: &str) -> Fold {
    let word = match word.char_indices().nth(LETTERS) {
        Some((end, _)) => word.get(..end).unwrap_or(word),
        None => word,
    };
    let mut builder = Builder {
        keys: Vec::new(),
        forms: Vec::new(),
        units: Vec::new(),
    };
    let mut spellings = Vec::new();
    if word.bytes().all(|b| b.is_ascii_lowercase()) {
        builder.latin(word, &Tradition::ALL);
    } else if latin::is_latin(word) {
        latin::spellings(word, &mut spellings);
        for (at, spelling) in spellings.iter().enumerate() {
            let which = if at == 0 {
                &Tradition::ALL[..]
            } else {
                &[Tradition::Slavic, Tradition::Latin, Tradition::Arabic]
            };
            builder.latin(spelling, which);
        }
    } else {
        let own = romanise::tradition(word);
        if let Some(reading) = semitic::reading(word) {
            builder.add(Tradition::Arabic, &reading, true, 0);
        }
        romanise::romanise(word, &mut spellings);
        // A guess at the vowels of a word written without them would only mislead.
        if own != Tradition::Arabic || !families(word).is_empty() {
            for (at, spelling) in spellings.iter().enumerate() {
                if at == 0 && own != Tradition::Arabic {
                    builder.latin(spelling, &Tradition::ALL);
                } else if at < 3 {
                    builder.latin(spelling, &[own]);
                }
            }
        }
    }
    let mut families = families(word);
    if let Some(plain) = spellings.first()
        && families.is_empty()
        && latin::is_latin(word)
    {
        families = super::family::families(plain);
    }
    let Builder {
        mut keys,
        mut forms,
        units,
    } = builder;
    families.keys(&mut keys);
    keys.sort_unstable();
    keys.dedup();
    keys.truncate(KEYS);
    forms.sort_by_key(|form| form.tradition);
    Fold {
        text: hash(word.as_bytes()),
        bloom: keys.iter().fold(0, |acc, key| acc | (1 << (key >> 58))),
        keys: keys.into(),
        forms: forms.into(),
        units: units.into(),
        families,
    }
}

/// FNV-1a with a final mix, the same on every machine.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        h = (h ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    h ^= h >> 32;
    h = h.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    h ^ (h >> 29)
}

/// The sound keys of one reading: its consonants by class, an `a` before them when it starts with
/// a vowel, and the last vowel when there are at most two of them.
fn keys_of(rules: &Rules, reading: &[Unit], keys: &mut Vec<u64>) {
    let mut strings: Vec<Vec<u8>> = vec![Vec::with_capacity(KEY_LETTERS + 2)];
    let vowel_first = reading.first().is_some_and(|unit| {
        unit.is_vowel() || members(unit.sure).all(|p| rules.class(p) == b'-')
    });
    if vowel_first && let Some(first) = strings.first_mut() {
        first.push(b'a');
    }
    let offset = usize::from(vowel_first);
    let mut letters = [0u8; 8];
    for unit in reading {
        if unit.is_vowel() {
            continue;
        }
        let mut count = 0;
        for phoneme in members(unit.sure).chain(members(unit.maybe)) {
            let class = rules.class(phoneme);
            let seen = letters.iter().take(count).any(|l| *l == class);
            if !seen && let Some(slot) = letters.get_mut(count) {
                *slot = class;
                count += 1;
            }
        }
        let before = strings.len();
        for letter in letters.iter().take(count).skip(1) {
            for i in 0..before {
                if strings.len() < KEYS_OF_FORM
                    && let Some(mut copy) = strings.get(i).cloned()
                {
                    push(&mut copy, *letter);
                    strings.push(copy);
                }
            }
        }
        if let Some(letter) = letters.first().filter(|_| count > 0) {
            for string in strings.iter_mut().take(before) {
                push(string, *letter);
            }
        }
    }
    let ends = reading.last().map_or((false, false, false), |unit| {
        let has = |set: &[u8]| set.iter().any(|l| unit.sure & bit(*l) != 0);
        (has(b"aeBYF"), has(b"ieIy"), has(b"ouUWOw"))
    });
    for string in strings {
        let consonants = string.len() - offset;
        if consonants == 0 {
            continue;
        }
        if consonants > 2 || ends == (false, false, false) {
            keys.push(hash(&string));
            continue;
        }
        for (letter, there) in [(b'A', ends.0), (b'I', ends.1), (b'U', ends.2)] {
            if there {
                let mut copy = string.clone();
                copy.push(letter);
                keys.push(hash(&copy));
            }
        }
    }
}

fn push(string: &mut Vec<u8>, letter: u8) {
    if letter == b'-' || string.len() > KEY_LETTERS {
        return;
    }
    if letter == b'K' {
        string.extend_from_slice(b"ks");
    } else {
        string.push(letter);
    }
}
