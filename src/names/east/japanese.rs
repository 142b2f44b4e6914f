//! Japanese names: kanji, kana and romaji as two parts, surname and given name.

use crate::names::files;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use unicode_normalization::UnicodeNormalization;

use super::letters::{self, Writing};
use super::syllable::{Draft, Sound, Syllables, Tradition, UNLISTED, hashed};
use super::{han, romaji, western};

/// Readings by kanji (folded), and folded readings, of surnames and of given names.
#[derive(Debug, Default)]
struct Names {
    readings: FxHashMap<String, Vec<String>>,
    known: FxHashSet<u32>,
    /// Folded romaji of surnames, to split a name written in kana.
    folded: FxHashSet<String>,
}

/// Readings of single characters in names, for names the tables do not have.
static ELEMENTS: LazyLock<FxHashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
    let rows = files::JAPANESE_NAMES.lines();
    let pairs = rows.filter_map(|line| line.strip_prefix("element\t")).flat_map(|row| row.split(' '));
    let mut all: FxHashMap<char, Vec<&str>> = FxHashMap::default();
    for (kanji, readings) in pairs.filter_map(|pair| pair.split_once('=')) {
        if let Some(letter) = kanji.chars().next() {
            all.entry(han::fold(letter)).or_default().extend(readings.split('/'));
        }
    }
    all
});

static TABLE: LazyLock<(Names, Names)> = LazyLock::new(|| {
    let (mut surnames, mut given) = (Names::default(), Names::default());
    let text = files::JAPANESE_NAMES;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((kind, pairs)) = line.split_once('\t') else { continue };
        let names = match kind {
            "surname" => &mut surnames,
            "given" => &mut given,
            _ => continue,
        };
        for (kanji, readings) in pairs.split(' ').filter_map(|pair| pair.split_once('=')) {
            let folded: Vec<String> = readings.split('/').filter_map(romaji::fold).collect();
            names.known.extend(folded.iter().map(|one| hashed(one)));
            names.folded.extend(folded.iter().cloned());
            names.readings.entry(key(&repeated(kanji))).or_default().extend(folded);
        }
    }
    (surnames, given)
});

/// Most readings put together for a word that the table does not have.
const MAX_READINGS: usize = 16;
/// Longest reading of a character, in letters, and most readings of one, in a word no table has.
const MAX_READING: usize = 6;
const MAX_EACH: usize = 3;
/// Most characters of a name in kanji.
const MAX_KANJI: usize = 6;

/// Reads a name in kanji, kana or romaji; `None` if it has not two parts that are Japanese.
pub fn japanese(words: &[&str]) -> Option<Syllables> {
    match letters::writing(words)? {
        Writing::Han | Writing::Kana => native(words),
        Writing::Latin => latin(&letters::parts(words, letters::strip_marks)),
        Writing::Hangul | Writing::Cyrillic => None,
    }
}

/// Reads the parts of a name in Latin letters.
pub(super) fn latin(all: &[Vec<String>]) -> Option<Syllables> {
    // With two words a name like Ken is the given name, not an addition.
    let (foreign, words) =
        if all.len() > 2 { western::strip(all)? } else { (0, all.iter().map(Vec::as_slice).collect()) };
    let [one, two] = words[..] else { return None };
    let folded = |parts: &[String]| romaji::fold(&parts.concat());
    let (one, two) = (folded(one)?, folded(two)?);
    let sound = |word: &str| {
        let mut sound = Sound::default();
        sound.add(hashed(word), 0);
        sound
    };
    pair(sound(&one), sound(&two), foreign, 0)
}

/// Both orders of two parts.
fn pair(one: Sound, two: Sound, foreign: u8, more: i32) -> Option<Syllables> {
    let (surnames, given) = &*TABLE;
    let is = |sound: &Sound, names: &Names| {
        sound.classes().iter().any(|class| class.cost() <= 1 && names.known.contains(&class.id()))
    };
    let first = i32::from(is(&one, surnames)) * 2 + i32::from(is(&two, given));
    let last = i32::from(is(&two, surnames)) * 2 + i32::from(is(&one, given));
    let sure = match first.max(last) {
        3 => 90,
        2 => 65,
        1 => 35,
        _ => 20,
    } + more
        - 15 * i32::from(foreign);
    let cost = |known: i32, other: i32| u8::from(known < other);
    let drafts = vec![
        Draft { sounds: vec![one, two], cost: cost(first, last), surname_last: false, ..Draft::default() },
        Draft { sounds: vec![two, one], cost: cost(last, first + 1), surname_last: true, ..Draft::default() },
    ];
    Syllables::build(Tradition::Japanese, u8::try_from(sure.clamp(5, 98)).unwrap_or(0), foreign, drafts)
}

/// The words of a native name: cut at spaces and dots, and where kana follow kanji.
fn native(words: &[&str]) -> Option<Syllables> {
    let wide: Vec<String> = words.iter().take(letters::MAX_WORDS).map(|word| word.nfkc().collect()).collect();
    let parts: Vec<&str> =
        wide.iter().flat_map(|word| word.split(letters::is_joint)).filter(|part| !part.is_empty()).collect();
    match parts[..] {
        [one, two] => {
            let kana = i32::from([one, two].iter().any(|word| !word.chars().all(letters::is_han)));
            pair(sound_of(one)?, sound_of(two)?, 0, 10 * kana)
        }
        [only] => split(only),
        _ => None,
    }
}

/// A part in kanji or kana with all its readings.
fn sound_of(word: &str) -> Option<Sound> {
    if word.chars().count() > MAX_KANJI * 2 {
        return None;
    }
    let mut sound = Sound::default();
    if let Some(kana) = romaji::from_kana(word) {
        sound.add(hashed(&romaji::fold(&kana)?), 0);
        return Some(sound);
    }
    let letters = repeated(word);
    let folded = key(&letters);
    // A word is compared by its characters too.
    sound.han = hashed(&folded) | 0x0100_0000;
    let (surnames, given) = &*TABLE;
    for (place, reading) in
        [surnames, given].iter().filter_map(|names| names.readings.get(&folded)).flatten().enumerate()
    {
        sound.add(hashed(reading), u8::from(place > 0));
    }
    let listed = !sound.is_empty();
    if !listed {
        sound.han |= UNLISTED;
    }
    let element = |letter: char| ELEMENTS.get(&han::fold(letter));
    for reading in ways(&letters, &|letter| element(letter).cloned().unwrap_or_default()) {
        sound.add(hashed(&reading), 1);
    }
    if !listed {
        // Kun readings go with kun readings, on with on.
        for kun in [true, false] {
            let readings = |letter: char| {
                let (on, own) = han::character(letter).map(|known| known.japanese()).unwrap_or_default();
                let all = if kun { own } else { on };
                let rest = all.split_ascii_whitespace().filter(|reading| reading.len() <= MAX_READING).take(MAX_EACH);
                element(letter).iter().flat_map(|known| known.iter().copied()).chain(rest).take(MAX_EACH).collect()
            };
            for reading in ways(&letters, &readings) {
                sound.add(hashed(&reading), 2);
            }
        }
    }
    Some(sound)
}

/// The readings of a word put together from those of its characters, folded.
fn ways(letters: &[char], readings: &dyn Fn(char) -> Vec<&'static str>) -> Vec<String> {
    let mut ways = vec![String::new()];
    for (place, letter) in letters.iter().enumerate() {
        let mut next = Vec::new();
        let kana = romaji::from_kana(&letter.to_string());
        let known = readings(*letter);
        for reading in kana.iter().map(String::as_str).chain(known) {
            for way in &ways {
                next.push(format!("{way}{reading}"));
                if place > 0
                    && let Some(voiced) = voiced(reading)
                {
                    next.push(format!("{way}{voiced}"));
                }
            }
        }
        next.truncate(MAX_READINGS);
        ways = next;
    }
    ways.iter().filter_map(|way| romaji::fold(way)).collect()
}

/// Readings of a word of a firm's name by the tables of surnames and given names, as romaji.
pub(super) fn readings(word: &str) -> Vec<String> {
    let key = key(&repeated(word));
    TABLE.0.readings.get(&key).or_else(|| TABLE.1.readings.get(&key)).cloned().unwrap_or_default()
}

/// The table's key of a word: folded characters, the repetition mark written out.
fn key(letters: &[char]) -> String {
    letters.iter().map(|letter| han::fold(*letter)).collect()
}

/// The letters with the repetition mark written out.
fn repeated(word: &str) -> Vec<char> {
    let mut all: Vec<char> = Vec::new();
    for letter in word.chars() {
        match (letter, all.last()) {
            ('々', Some(before)) => all.push(*before),
            _ => all.push(letter),
        }
    }
    all
}

/// The voiced form of a reading inside a word (kawa: gawa).
fn voiced(reading: &str) -> Option<String> {
    for (plain, voiced) in
        [("k", "g"), ("sh", "j"), ("s", "z"), ("ts", "z"), ("ch", "j"), ("t", "d"), ("h", "b"), ("f", "b")]
    {
        if let Some(rest) = reading.strip_prefix(plain) {
            return Some(format!("{voiced}{rest}"));
        }
    }
    None
}

/// A name without a space: by the surname table, else by length; where kana begin, the given name does.
fn split(word: &str) -> Option<Syllables> {
    let letters = repeated(word);
    let kanji = letters.iter().take_while(|letter| letters::is_han(**letter)).count();
    if kanji == 0 {
        return split_kana(word);
    }
    if !(2..=MAX_KANJI * 2).contains(&letters.len()) {
        return None;
    }
    let (surnames, given) = &*TABLE;
    let folded = |from: usize, to: usize| key(letters.get(from..to).unwrap_or_default());
    let mixed = kanji < letters.len();
    // Two or three characters that no table knows are a Chinese or Korean name, if any.
    let listed = || {
        (1..letters.len()).any(|at| {
            surnames.readings.contains_key(&folded(0, at))
                || given.readings.contains_key(&folded(at, letters.len()))
                    && (letters.len() - at > 1
                        || at == 2 && letters.iter().take(2).all(|one| ELEMENTS.contains_key(&han::fold(*one))))
        })
    };
    if letters.len() < 4 && !mixed && !listed() {
        return None;
    }
    let mut drafts = Vec::new();
    let mut sure = 0;
    for length in 1..=kanji.min(3).min(letters.len() - 1) {
        let (head, rest) = (folded(0, length), folded(length, letters.len()));
        let known = surnames.readings.contains_key(&head);
        let rest_known = given.readings.contains_key(&rest) || (mixed && length == kanji);
        let cost = match (known, rest_known) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) if length == 2 => 2,
            (false, false) => 4,
        };
        if length == 1 && cost > 1 && letters.len() > 3 || letters.len() - length > 4 {
            continue;
        }
        sure = sure.max(match cost {
            0 => 92,
            1 if length > 1 => 75,
            1 => 40,
            2 if mixed => 50,
            2 if rest_known => 45,
            _ => 20,
        });
        let text = |from: usize, to: usize| letters.get(from..to).unwrap_or_default().iter().collect::<String>();
        let (Some(one), Some(two)) = (sound_of(&text(0, length)), sound_of(&text(length, letters.len()))) else {
            continue;
        };
        drafts.push(Draft { sounds: vec![one, two], cost, surname_last: false, ..Draft::default() });
    }
    Syllables::build(Tradition::Japanese, sure, 0, drafts)
}

fn split_kana(word: &str) -> Option<Syllables> {
    let letters: Vec<char> = word.chars().take(MAX_KANJI * 4).collect();
    let mut drafts = Vec::new();
    for length in (1..letters.len()).rev() {
        let text = |from: usize, to: usize| letters.get(from..to).unwrap_or_default().iter().collect::<String>();
        let Some(head) = romaji::from_kana(&text(0, length)).and_then(|kana| romaji::fold(&kana)) else { continue };
        if TABLE.0.folded.contains(&head)
            && let (Some(one), Some(two)) = (sound_of(&text(0, length)), sound_of(&text(length, letters.len())))
        {
            let known = two.classes().iter().any(|class| TABLE.1.known.contains(&class.id()));
            drafts.push(Draft {
                sounds: vec![one, two],
                cost: u8::from(!known),
                surname_last: false,
                ..Draft::default()
            });
        }
    }
    let sure = if drafts.iter().any(|draft| draft.cost == 0) { 90 } else { 55 };
    Syllables::build(Tradition::Japanese, sure, 0, drafts)
}
