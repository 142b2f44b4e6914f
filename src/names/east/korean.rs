//! Korean names: Hangul, hanja, Latin and Cyrillic spellings, into Hangul syllable classes.

use crate::names::files;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::arrange::{self, Arranged, Cut};
use super::hangul::{self, Jamo};
use super::letters::{self, Writing};
use super::pieces;
use super::syllable::{Draft, Sound, Syllables, Tradition};
use super::{han, western};

static SURNAMES: LazyLock<FxHashMap<Vec<u32>, u8>> = LazyLock::new(|| {
    let mut all = FxHashMap::default();
    let text = files::KOREAN_SURNAMES;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let Some((tier, names)) = line.split_once('\t') else { continue };
        let tier: u8 = tier.parse().unwrap_or(3);
        for name in names.split_whitespace() {
            let jamo: Vec<Jamo> = name.chars().filter_map(hangul::take_apart).collect();
            all.entry(jamo.iter().map(|one| one.class()).collect()).or_insert(tier);
        }
    }
    all
});

/// Classes that a romanised syllable may stand for: readings of Han characters and native name syllables.
static VALID: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let mut all: FxHashSet<u32> = FxHashSet::default();
    let read = han::all().flat_map(|(_, known)| known.hangul());
    for jamo in read.chain(pieces::native().chars()).filter_map(hangul::take_apart) {
        all.insert(jamo.class());
        all.extend(jamo.headed().map(Jamo::class));
    }
    all.extend(SURNAMES.keys().flatten().copied());
    (0..all.iter().max().map_or(0, |most| most + 1)).map(|class| all.contains(&class)).collect()
});

/// Whether a class is a syllable of Korean names.
pub(super) fn valid(class: u32) -> bool {
    VALID.get(class as usize).copied().unwrap_or(false)
}

/// Reads a name in Hangul, hanja, or any romanisation; `None` if the words are not Korean
/// syllables throughout (one foreign word in front or behind is passed over) or no surname is known.
pub fn korean(words: &[&str]) -> Option<Syllables> {
    match letters::writing(words)? {
        Writing::Hangul => native(words, false),
        Writing::Han => native(words, true),
        Writing::Latin => latin(letters::parts(words, breve)),
        Writing::Cyrillic => spelled(&letters::in_russian(letters::parts(words, cyrillic_marks)), true),
        Writing::Kana => None,
    }
}

/// Reads the parts of a name in Latin letters.
pub(super) fn latin(mut parts: Vec<Vec<String>>) -> Option<Syllables> {
    parts.iter_mut().flatten().for_each(breves);
    spelled(&parts, false)
}

fn breve(base: char, mark: char) -> char {
    match (base, mark) {
        ('o', '\u{306}' | '\u{30c}') => 'O',
        ('u', '\u{306}' | '\u{30c}') => 'U',
        _ => base,
    }
}

/// Where no breve can be typed an apostrophe stands for it (Ko'n, Myo'ng): behind o or u and before
/// a consonant or the end.
fn breves(part: &mut String) {
    if !part.contains("o'") && !part.contains("u'") {
        return;
    }
    let letters: Vec<char> = part.chars().collect();
    let mut out = String::with_capacity(part.len());
    let mut place = 0;
    while let Some(letter) = letters.get(place) {
        let mark = letters.get(place + 1) == Some(&'\'')
            && letters.get(place + 2).is_none_or(|next| !matches!(next, 'a' | 'e' | 'i' | 'o' | 'u' | 'w' | 'y'));
        match letter {
            'o' | 'u' if mark => {
                out.push(letter.to_ascii_uppercase());
                place += 1;
            }
            other => out.push(*other),
        }
        place += 1;
    }
    *part = out;
}

fn cyrillic_marks(base: char, mark: char) -> char {
    match (base, mark) {
        ('и', '\u{306}') => 'й',
        ('е', '\u{308}') => 'ё',
        ('і', '\u{308}') => 'ї',
        _ => base,
    }
}

/// Most syllables of a person's name; longer runs are no names of persons.
const MAX_NAME: usize = 6;

fn native(words: &[&str], is_han: bool) -> Option<Syllables> {
    let mut cuts: Vec<Vec<Cut>> = Vec::new();
    for word in words.iter().take(letters::MAX_WORDS) {
        for part in word.split(letters::is_joint).filter(|part| !part.is_empty()) {
            let sounds: Option<Vec<Sound>> = part.chars().take(MAX_NAME + 1).map(sound_of).collect();
            cuts.push(vec![Cut { sounds: sounds?, cost: 0 }]);
        }
    }
    let count: usize = cuts.iter().flatten().map(|cut| cut.sounds.len()).sum();
    if !(2..=MAX_NAME).contains(&count) {
        return None;
    }
    let found = arrange::arrange(&cuts, &surname);
    let tier = found.first().map(|one| one.tier);
    let sure = match (is_han, tier, count) {
        (_, None, 3..) | (true, None, _) => return None,
        (false, None, _) => 60,
        (false, Some(_), 2..=4) => 100,
        (false, Some(_), _) => 85,
        (true, Some(1), 2..=3) => 60,
        (true, Some(_), 2..=3) => 45,
        (true, Some(_), _) => 20,
    };
    let mut drafts: Vec<Draft> = found.into_iter().map(finish).collect();
    if drafts.is_empty() {
        let sounds = cuts.into_iter().flatten().flat_map(|cut| cut.sounds).collect();
        drafts.push(Draft { sounds, cost: 2, surname_last: false, ..Draft::default() });
    }
    Syllables::build(Tradition::Korean, sure, 0, drafts)
}

/// The classes of a Hangul syllable or of a Han character's readings.
pub(super) fn sound_of(letter: char) -> Option<Sound> {
    let mut sound = Sound::default();
    if let Some(jamo) = hangul::take_apart(letter) {
        sound.add(jamo.class(), 0);
    } else {
        sound.han = u32::from(han::fold(letter));
        for jamo in han::character(letter)?.hangul().filter_map(hangul::take_apart) {
            sound.add(jamo.class(), 0);
        }
        if sound.is_empty() {
            return None;
        }
    }
    Some(sound)
}

/// Adds what the south writes at the head of a word; free for a surname, else at a small cost.
fn headed(sound: &mut Sound, cost: u8) {
    for class in sound.classes().to_vec() {
        if let Some(jamo) = hangul::jamo(class.id()).headed() {
            sound.add(jamo.class(), class.cost().saturating_add(cost));
        }
    }
}

fn finish(mut arranged: Arranged) -> Draft {
    for (place, sound) in arranged.draft.sounds.iter_mut().enumerate() {
        headed(sound, u8::from(place >= arranged.surname));
    }
    arranged.draft
}

fn surname(sounds: &[Sound]) -> Option<u8> {
    match sounds {
        [one] => one
            .classes()
            .iter()
            .filter(|class| class.cost() <= 1)
            .filter_map(|class| SURNAMES.get(&[class.id()][..]))
            .min()
            .copied(),
        [one, two] => {
            let pairs = one.classes().iter().flat_map(|a| two.classes().iter().map(move |b| (a, b)));
            pairs
                .filter(|(a, b)| a.cost() + b.cost() <= 1)
                .find_map(|(a, b)| SURNAMES.get(&[a.id(), b.id()][..]))
                .copied()
        }
        _ => None,
    }
}

fn spelled(all: &[Vec<String>], russian: bool) -> Option<Syllables> {
    let letters = || all.iter().flatten().flat_map(|part| part.chars());
    let table = if russian {
        pieces::cyrillic()
    } else if letters().any(|letter| matches!(letter, 'O' | 'U')) {
        pieces::exact()
    } else {
        pieces::latin()
    };
    // Spellings with z for j come by way of Russian, where ng is written n.
    let by_way = all.iter().flatten().any(|part| {
        part.starts_with('z') && !part.starts_with("zh")
            || matches!(part.as_str(), "yn" | "yr" | "chen")
            || part.contains("dzh")
    });
    let (foreign, all) = western::strip(all)?;
    let mut cuts: Vec<Vec<Cut>> = Vec::new();
    for parts in &all {
        let mut ways = Vec::with_capacity(parts.len());
        for part in *parts {
            ways.push(table.cuts(part));
            if ways.last().is_none_or(Vec::is_empty) {
                return None;
            }
        }
        cuts.push(arrange::join(&ways));
    }
    let mut found = arrange::arrange(&cuts, &surname);
    found.retain(|one| (2..=MAX_NAME - 1).contains(&one.draft.sounds.len()) && one.draft.cost <= 7);
    let best = found.first()?;
    let given = best.draft.sounds.len() - best.surname;
    let mut sure: i32 = match (best.surname, best.tier) {
        // A given name of one syllable is usual with a compound surname.
        (2, _) => 70,
        (_, 1) => 70,
        (_, 2) => 50,
        _ => 30,
    };
    sure += match (best.surname, given) {
        (2, 1) => 10,
        (_, 1) => -20,
        (_, 2) => 15,
        _ => -25,
    };
    if all.len() == 1 {
        sure -= 40;
    }
    let telling = all.iter().flat_map(|parts| parts.iter()).any(|part| pieces::is_telling(part)) || russian;
    sure += if telling { 10 } else { 0 };
    sure -= 20 * i32::from(foreign) + 5 * i32::from(best.draft.cost.saturating_sub(1));
    if found.is_empty() || sure < 10 {
        return None;
    }
    let drafts = found
        .into_iter()
        .map(|mut one| {
            if by_way {
                soften(&mut one.draft);
            }
            assimilate(&mut one.draft, one.surname);
            finish(one)
        })
        .collect();
    Syllables::build(Tradition::Korean, u8::try_from(sure.clamp(0, 95)).unwrap_or(0), foreign, drafts)
}

/// A final n that may be ng.
fn soften(draft: &mut Draft) {
    for sound in &mut draft.sounds {
        for class in sound.classes().to_vec() {
            let jamo = hangul::jamo(class.id());
            if jamo.last == hangul::LAST_N {
                add_valid(sound, Jamo { last: hangul::LAST_NG, ..jamo }, class.cost() + 1);
            }
        }
    }
}

/// McCune-Reischauer writes syllables of the given name as they are heard together
/// (kuk + ryol = kungnyol): adds the syllables that may stand behind.
fn assimilate(draft: &mut Draft, surname: usize) {
    for place in surname + 1..draft.sounds.len() {
        let (before, after) = draft.sounds.split_at_mut(place);
        let (Some(one), Some(two)) = (before.last_mut(), after.first_mut()) else { continue };
        let ends = |last: u32, sound: &Sound| sound.classes().iter().any(|class| hangul::jamo(class.id()).last == last);
        let starts = |initial: u32, sound: &Sound| {
            sound.classes().iter().any(|class| hangul::jamo(class.id()).initial == initial)
        };
        let nasal = starts(hangul::NIEUN, two) || starts(6, two);
        // As cut, an r that is written ny has its cost already.
        let written =
            two.classes().iter().all(|class| hangul::jamo(class.id()).initial == hangul::RIEUL && class.cost() > 0);
        if (nasal || written) && (ends(hangul::LAST_NG, one) || ends(hangul::LAST_M, one)) {
            for (heard, written) in [(hangul::LAST_NG, hangul::LAST_K), (hangul::LAST_M, hangul::LAST_P)] {
                change(one, |jamo| (jamo.last == heard).then_some(Jamo { last: written, ..jamo }), 2);
            }
            change(two, |jamo| (jamo.initial == hangul::NIEUN).then_some(Jamo { initial: hangul::RIEUL, ..jamo }), 1);
        }
        if starts(hangul::RIEUL, two) && ends(hangul::LAST_L, one) {
            change(one, |jamo| (jamo.last == hangul::LAST_L).then_some(Jamo { last: hangul::LAST_N, ..jamo }), 1);
        }
    }
}

fn change(sound: &mut Sound, with: impl Fn(Jamo) -> Option<Jamo>, cost: u8) {
    for class in sound.classes().to_vec() {
        if let Some(jamo) = with(hangul::jamo(class.id())) {
            add_valid(sound, jamo, class.cost().saturating_add(cost));
        }
    }
}

fn add_valid(sound: &mut Sound, jamo: Jamo, cost: u8) {
    if valid(jamo.class()) {
        sound.add(jamo.class(), cost);
    }
}
