//! Chinese names: Han characters and every romanisation, into pinyin and Cantonese classes.

use crate::names::files;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::arrange::{self, Arranged, Cut};
use super::letters::{self, Writing};
use super::syllable::{Draft, Sound, Syllables, Tradition};
use super::{cantonese, han, pinyin, romanised};

/// One row of the surname table.
#[derive(Debug)]
pub(super) struct Surname {
    letters: &'static str,
    /// The classes of its syllables as a surname, first reading.
    pub(super) classes: Vec<u32>,
    /// Classes of other readings as a surname.
    others: Vec<u32>,
    tier: u8,
    pub(super) spellings: &'static str,
}

static SURNAMES: LazyLock<Vec<Surname>> = LazyLock::new(|| {
    let mut all = Vec::new();
    let text = files::CHINESE_SURNAMES;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let (Some(letters), Some(readings), Some(tier)) = (columns.next(), columns.next(), columns.next()) else {
            continue;
        };
        let mut readings = readings.split(' ');
        let first = readings.next().unwrap_or_default();
        let classes =
            if letters.chars().count() == 1 { pinyin::class(first).into_iter().collect() } else { two(first) };
        all.push(Surname {
            letters,
            classes,
            others: readings.filter_map(pinyin::class).collect(),
            tier: tier.parse().unwrap_or(3),
            spellings: columns.next().unwrap_or_default(),
        });
    }
    all
});

/// The two syllables of a compound surname.
fn two(reading: &str) -> Vec<u32> {
    (1..reading.len())
        .filter_map(|place| {
            let (one, rest) = (reading.get(..place)?, reading.get(place..)?);
            Some(vec![pinyin::class(one)?, pinyin::class(rest)?])
        })
        .next()
        .unwrap_or_default()
}

/// The surname table.
pub(super) fn surnames() -> &'static [Surname] {
    &SURNAMES
}

/// Places in the table by folded characters.
static BY_LETTERS: LazyLock<FxHashMap<String, usize>> = LazyLock::new(|| {
    SURNAMES.iter().enumerate().map(|(place, row)| (row.letters.chars().map(han::fold).collect(), place)).collect()
});

/// How common a surname is by its classes.
static BY_CLASSES: LazyLock<FxHashMap<Vec<u32>, u8>> = LazyLock::new(|| {
    let mut all: FxHashMap<Vec<u32>, u8> = FxHashMap::default();
    for row in SURNAMES.iter() {
        for classes in std::iter::once(row.classes.clone()).chain(row.others.iter().map(|one| vec![*one])) {
            let tier = all.entry(classes).or_insert(row.tier);
            *tier = row.tier.min(*tier);
        }
    }
    all
});

/// Whether a Mandarin class is a surname by itself.
pub(super) fn is_surname_class(class: u32) -> bool {
    BY_CLASSES.contains_key(&[class][..])
}

/// Whether a character is a surname by itself.
pub(super) fn is_surname(letter: char) -> bool {
    SURNAME_LETTERS.contains(&han_folded(letter))
}

static SURNAME_LETTERS: LazyLock<rustc_hash::FxHashSet<char>> = LazyLock::new(|| {
    let text = files::CHINESE_SURNAMES;
    let rows = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split('\t').next());
    rows.filter(|letters| letters.chars().count() == 1).flat_map(str::chars).map(han_folded).collect()
});

fn han_folded(letter: char) -> char {
    han::fold(letter)
}

/// Most characters or syllables of a person's name.
pub(super) const MAX_NAME: usize = 5;

/// Reads a name in Han characters, pinyin, Wade-Giles, Cantonese or southern spellings, or Russian.
pub fn chinese(words: &[&str]) -> Option<Syllables> {
    beside(words, 0)
}

/// As [`chinese`], beside a Korean reading that is so sure: a surname that only southern spellings
/// explain is then rather Korean.
pub(super) fn beside(words: &[&str], korean: u8) -> Option<Syllables> {
    match letters::writing(words)? {
        Writing::Han => native(words),
        Writing::Latin => romanised::latin(&letters::parts(words, romanised::umlaut), korean),
        Writing::Cyrillic => romanised::russian(words, korean),
        Writing::Hangul | Writing::Kana => None,
    }
}

/// The sound of a character: Mandarin first, its other readings and Cantonese at a cost.
pub(super) fn sound_of(letter: char) -> Sound {
    let mut sound = Sound::written(han::fold(letter));
    if let Some(known) = han::character(letter) {
        for (place, class) in known.pinyin().filter_map(pinyin::class).enumerate() {
            sound.add(class, u8::from(place > 0));
        }
        for class in known.cantonese().filter_map(cantonese::class) {
            sound.add(class, 1);
        }
    }
    sound
}

fn native(words: &[&str]) -> Option<Syllables> {
    let mut cuts: Vec<Vec<Cut>> = Vec::new();
    for word in words.iter().take(letters::MAX_WORDS) {
        for part in word.split(letters::is_joint).filter(|part| !part.is_empty()) {
            let sounds: Vec<Sound> = part.chars().take(MAX_NAME + 1).map(sound_of).collect();
            cuts.push(vec![Cut { sounds, cost: 0 }]);
        }
    }
    let count: usize = cuts.iter().flatten().map(|cut| cut.sounds.len()).sum();
    if !(2..=MAX_NAME).contains(&count) {
        return None;
    }
    let mut found = arrange::arrange(&cuts, &surname_letters);
    // With a compound surname at the head the single one is not meant.
    if let Some(compound) = found.iter().position(|one| one.surname == 2) {
        let one = found.remove(compound);
        found = vec![one];
    }
    let mut sure = match found.first().map(|one| one.tier) {
        Some(1) => 90,
        Some(2) => 80,
        Some(_) => 60,
        None => 40,
    };
    if count > 3 && found.first().is_none_or(|one| one.surname == 1) {
        sure -= if found.first().is_some_and(|one| romanised::has_two_surnames(&one.draft, &surname_letters)) {
            15
        } else {
            35
        };
    }
    let mut drafts: Vec<Draft> = found.into_iter().map(as_surname).collect();
    drafts = romanised::married(drafts, &surname_letters);
    if drafts.is_empty() {
        let sounds = cuts.into_iter().flatten().flat_map(|cut| cut.sounds).collect();
        drafts.push(Draft { sounds, cost: 2, surname_last: false, ..Draft::default() });
    }
    Syllables::build(Tradition::Chinese, sure, 0, drafts)
}

fn row_of(sounds: &[Sound]) -> Option<&'static Surname> {
    let letters: String = sounds.iter().filter_map(|sound| char::from_u32(sound.han)).collect();
    SURNAMES.get(*BY_LETTERS.get(&letters)?)
}

fn surname_letters(sounds: &[Sound]) -> Option<u8> {
    row_of(sounds).map(|row| row.tier)
}

/// Puts the reading as a surname first.
fn as_surname(mut arranged: Arranged) -> Draft {
    let head = arranged.draft.sounds.get(..arranged.surname).unwrap_or_default();
    if let Some(row) = row_of(head) {
        for (sound, class) in arranged.draft.sounds.iter_mut().zip(&row.classes) {
            sound.price(|known| u8::from(known != *class));
            sound.add(*class, 0);
        }
        if let Some(sound) = arranged.draft.sounds.first_mut() {
            row.others.iter().for_each(|class| sound.add(*class, 0));
        }
    }
    arranged.draft
}

pub(super) fn surname_sounds(sounds: &[Sound]) -> Option<u8> {
    match sounds {
        [one] => {
            let all = one.classes().iter().filter(|class| class.cost() <= 2);
            all.filter_map(|class| Some(BY_CLASSES.get(&[class.id()][..])? + u8::from(class.cost() > 1))).min()
        }
        [one, two] => {
            let pairs = one.classes().iter().flat_map(|a| two.classes().iter().map(move |b| (a, b)));
            pairs
                .filter(|(a, b)| a.cost() + b.cost() <= 3)
                .find_map(|(a, b)| BY_CLASSES.get(&[a.id(), b.id()][..]))
                .copied()
        }
        _ => None,
    }
}

/// For index keys: the space (0 Mandarin, 1 Cantonese) and the class with aspiration and the like left out.
pub(super) fn coarse(class: u32) -> (u32, u32) {
    let number = COARSE.get(class as usize).copied().unwrap_or(class);
    (u32::from(class >= cantonese::BASE), number)
}

static COARSE: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for (_, one) in pinyin::all() {
        let (initial, rest) = pinyin::halves(one);
        let initial = match initial {
            "p" => "b",
            "t" => "d",
            "k" => "g",
            "zh" | "ch" | "j" | "q" => "c",
            "z" | "c" => "z",
            other => other,
        };
        all.push(super::syllable::hashed(&format!("{initial}{rest}")));
    }
    all.resize(cantonese::BASE as usize, 0);
    for number in cantonese::BASE.. {
        let one = cantonese::syllable(number);
        if one.is_empty() {
            break;
        }
        let (initial, rest) = cantonese::halves(one);
        let initial = match initial {
            "p" => "b",
            "t" => "d",
            "k" => "g",
            "gw" | "kw" => "w",
            "c" => "z",
            "n" => "l",
            other => other,
        };
        all.push(super::syllable::hashed(&format!("{initial}{}", rest.replace("aa", "a"))));
    }
    all
});
