//! Chinese names: Han characters and every romanisation, into pinyin and Cantonese classes.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::arrange::{self, Arranged, Cut};
use super::letters::{self, Writing};
use super::spellings::Part;
use super::syllable::{Draft, Sound, Syllables, Tradition};
use super::{cantonese, han, pieces, pinyin, spellings, western};

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
    let text = include_str!("../../../data/names/east/chinese-surnames.tsv");
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
    let text = include_str!("../../../data/names/east/chinese-surnames.tsv");
    let rows = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split('\t').next());
    rows.filter(|letters| letters.chars().count() == 1).flat_map(str::chars).map(han_folded).collect()
});

fn han_folded(letter: char) -> char {
    han::fold(letter)
}

/// Romanisations of Mandarin.
const PURE: u8 = spellings::PINYIN | spellings::WADE | spellings::PALLADIUS | spellings::RUSSIAN;

/// Most characters or syllables of a person's name.
const MAX_NAME: usize = 5;

/// Reads a name in Han characters, pinyin, Wade-Giles, Cantonese or southern spellings, or Russian.
pub fn chinese(words: &[&str]) -> Option<Syllables> {
    beside(words, 0)
}

/// As [`chinese`], beside a Korean reading that is so sure: a surname that only southern spellings
/// explain is then rather Korean.
pub(super) fn beside(words: &[&str], korean: u8) -> Option<Syllables> {
    match letters::writing(words)? {
        Writing::Han => native(words),
        Writing::Latin => latin(&letters::parts(words, umlaut), korean),
        Writing::Cyrillic => spelled(&letters::in_russian(letters::parts(words, umlaut)), spellings::PALLADIUS, korean),
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
        sure -= if found.first().is_some_and(|one| has_two_surnames(&one.draft, &surname_letters)) { 15 } else { 35 };
    }
    let mut drafts: Vec<Draft> = found.into_iter().map(as_surname).collect();
    drafts = married(drafts, &surname_letters);
    if drafts.is_empty() {
        let sounds = cuts.into_iter().flatten().flat_map(|cut| cut.sounds).collect();
        drafts.push(Draft { sounds, cost: 2, surname_last: false });
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

fn surname_sounds(sounds: &[Sound]) -> Option<u8> {
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

fn umlaut(base: char, mark: char) -> char {
    match (base, mark) {
        ('u', '\u{308}' | '\u{30c}') => 'v',
        ('и', '\u{306}') => 'й',
        ('е', '\u{308}') => 'е',
        _ => base,
    }
}

/// The romanisations that every part of a word can be written in.
fn schemes(word: &[Part]) -> u8 {
    word.iter().fold(spellings::ALL | spellings::RUSSIAN, |set, part| set & part.schemes)
}

/// A word's parts cut into syllables of the given romanisations.
fn cut(word: &[Part], schemes: u8) -> Vec<Cut> {
    let ways: Vec<Vec<Cut>> = word.iter().map(|part| part.cuts(schemes)).collect();
    if ways.iter().any(Vec::is_empty) { Vec::new() } else { arrange::join(&ways) }
}

/// Whether a married woman's name stands there: her husband's surname, her own, the given name.
fn has_two_surnames(draft: &Draft, surname: &dyn Fn(&[Sound]) -> Option<u8>) -> bool {
    draft.sounds.len() >= 4 && !draft.surname_last && draft.sounds.get(1..2).and_then(surname).is_some_and(|tier| tier <= 2)
}

/// Adds to names of two surnames the name with the woman's own alone.
fn married(mut drafts: Vec<Draft>, surname: &dyn Fn(&[Sound]) -> Option<u8>) -> Vec<Draft> {
    let own: Vec<Draft> = drafts
        .iter()
        .filter(|draft| has_two_surnames(draft, surname))
        .take(1)
        .map(|draft| Draft { sounds: draft.sounds.iter().skip(1).copied().collect(), cost: draft.cost + 3, ..draft.clone() })
        .collect();
    drafts.extend(own);
    drafts
}

/// What is odd about a name when its surname is taken first or last.
#[derive(Debug, Clone, Copy, Default)]
struct Order {
    /// The given name needs several romanisations.
    mixed: bool,
    /// The given name is written in none of Mandarin.
    southern: bool,
    /// No romanisation of Mandarin makes the surname one.
    foreign_head: bool,
}

/// Reads the parts of a name in Latin letters.
pub(super) fn latin(parts: &[Vec<String>], korean: u8) -> Option<Syllables> {
    spelled(parts, spellings::ALL, korean).or_else(|| spelled(parts, spellings::RUSSIAN, korean))
}

fn spelled(all: &[Vec<String>], fitting: u8, korean: u8) -> Option<Syllables> {
    let (mut foreign, rest) = western::strip(all)?;
    let mut words: Vec<Vec<Part>> = Vec::with_capacity(rest.len());
    for (place, parts) in rest.iter().enumerate() {
        let word: Vec<Part> = parts.iter().map(|part| Part::new(part)).collect();
        if cut(&word, fitting).is_empty() {
            // A word no romanisation covers, not even several together: at the head of a longer name
            // a given name of another people, unless it is Korean.
            let western = place == 0 && foreign == 0 && rest.len() > 2 && fitting == spellings::ALL;
            if !western || parts.iter().any(|part| part.len() < 4 || !pieces::latin().cuts(part).is_empty()) {
                return None;
            }
            foreign = 1;
            continue;
        }
        words.push(word);
    }
    let mut found = Vec::new();
    let mut orders = [Order { foreign_head: words.len() > 1, ..Order::default() }; 2];
    if let [only] = &words[..] {
        let pure = [spellings::PINYIN, spellings::WADE, spellings::PALLADIUS, spellings::RUSSIAN];
        let ways: Vec<Cut> = pure.iter().flat_map(|scheme| cut(only, scheme & fitting)).collect();
        found.extend(arrange::arrange(&[ways], &surname_sounds));
    }
    for last in [false, true] {
        let split = if last { words.split_last() } else { words.split_first() };
        let Some((head, given)) = split.filter(|(_, given)| !given.is_empty()) else { continue };
        let names: Vec<Cut> =
            cut(head, fitting).into_iter().filter(|cut| surname_sounds(&cut.sounds).is_some()).collect();
        if names.is_empty() {
            continue;
        }
        let shared = given.iter().fold(fitting, |set, word| set & schemes(word));
        let mandarin = cut(head, PURE & fitting);
        if let Some(order) = orders.get_mut(usize::from(last)) {
            order.foreign_head = !mandarin.iter().any(|cut| surname_sounds(&cut.sounds).is_some());
            order.mixed = shared == 0;
            order.southern = shared & PURE == 0;
        }
        let shared = if shared == 0 { fitting } else { shared };
        let given: Vec<Vec<Cut>> = given.iter().map(|word| cut(word, shared)).collect();
        arrange::headed(&names, &given, last, &surname_sounds, &mut found);
    }
    arrange::settle(&mut found);
    found.retain(|one| (2..=MAX_NAME).contains(&one.draft.sounds.len()) && one.draft.cost <= 9);
    let best = found.first()?;
    // Each of two surnames stands as a word by itself.
    let alone = words.iter().take(2).all(|word| matches!(&word[..], [part] if part.whole()));
    let two_surnames = words.len() > 2
        && alone
        && words.first().is_some_and(|word| {
            cut(word, fitting).iter().any(|cut| cut.sounds.len() == 1 && cut.sounds.first() == best.draft.sounds.first())
        })
        && has_two_surnames(&best.draft, &surname_sounds);
    let order = orders.get(usize::from(best.draft.surname_last)).copied().unwrap_or_default();
    let mut sure: i32 = match best.tier {
        1 => 70,
        2 => 55,
        _ => 35,
    };
    sure += match best.draft.sounds.len() - best.surname {
        1 => -5,
        2 => 10,
        3 if two_surnames => 0,
        _ => -30,
    };
    let telling = all.iter().flatten().any(|part| {
        ["x", "q", "zh", "hs", "v", "cz", "цз", "чж", "'"].iter().any(|sign| part.contains(sign))
            || part.ends_with("ng")
    });
    sure += if telling { 10 } else { 0 };
    sure -= 20 * i32::from(foreign)
        + 15 * i32::from(order.mixed)
        + 10 * i32::from(order.southern)
        + 25 * i32::from(orders[0].foreign_head && korean >= 85)
        + 4 * i32::from(best.draft.cost.saturating_sub(2));
    sure -= if words.len() == 1 || fitting == spellings::RUSSIAN { 20 } else { 0 };
    if sure < 10 {
        return None;
    }
    let mut drafts: Vec<Draft> = found.into_iter().map(|one| one.draft).collect();
    if two_surnames {
        drafts = married(drafts, &surname_sounds);
    }
    Syllables::build(Tradition::Chinese, u8::try_from(sure.clamp(0, 95)).unwrap_or(0), foreign, drafts)
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
