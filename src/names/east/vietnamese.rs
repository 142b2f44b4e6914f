//! Vietnamese names: marks that may be missing, middle names that come and go, any order.

use crate::names::files;
use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::arrange::{self, Edge};
use super::letters::{self, Writing};
use super::syllable::{Draft, Sound, Syllables, Tradition, hashed};

#[derive(Debug, Default)]
struct Table {
    surnames: FxHashSet<&'static str>,
    shared: FxHashSet<&'static str>,
    middle: FxHashSet<&'static str>,
    syllables: FxHashSet<String>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    let (mut onsets, mut rimes) = (Vec::new(), Vec::new());
    for line in files::VIETNAMESE.lines() {
        let Some((kind, items)) = line.split_once('\t') else { continue };
        let items = items.split(' ').map(|item| item.trim_matches('-'));
        match kind {
            "surname" => table.surnames.extend(items),
            "shared" => table.shared.extend(items),
            "middle" => table.middle.extend(items),
            "onset" => onsets.extend(items),
            "rime" => rimes.extend(items),
            _ => {}
        }
    }
    for onset in onsets {
        table.syllables.extend(rimes.iter().map(|rime| [onset, rime].concat()));
    }
    table
});

/// Longest syllable without marks ("nghieng").
const LONGEST: usize = 7;
/// Fewest and most syllables of a name.
const LEAST: usize = 2;
const MOST: usize = 6;

/// A word's letters without marks, and with each the marks that make it another letter and the tone.
struct Word {
    plain: String,
    /// For each letter: quality mark, tone mark (0 = none).
    marks: Vec<(char, char)>,
}

fn word(text: &str) -> Word {
    let mut word = Word { plain: String::new(), marks: Vec::new() };
    letters::decomposed(text, letters::MAX_LETTERS * 3, |letter| match letter {
        'đ' => {
            word.plain.push('d');
            word.marks.push(('đ', '\0'));
        }
        'a'..='z' => {
            word.plain.push(letter);
            word.marks.push(('\0', '\0'));
        }
        _ if letters::is_mark(letter) => {
            if let Some(last) = word.marks.last_mut() {
                match letter {
                    '\u{302}' | '\u{306}' | '\u{31b}' => last.0 = letter,
                    _ => last.1 = letter,
                }
            }
        }
        _ => {}
    });
    word
}

/// Reads a Vietnamese name, with or without marks; `None` if the words are not Vietnamese
/// syllables throughout or no surname stands first or last.
pub fn vietnamese(words: &[&str]) -> Option<Syllables> {
    if letters::writing(words)? != Writing::Latin {
        return None;
    }
    let all: Vec<Word> = words
        .iter()
        .take(letters::MAX_WORDS)
        .flat_map(|text| text.split(letters::is_joint))
        .filter(|part| !part.is_empty())
        .map(word)
        .collect();
    let marked = all.iter().flat_map(|word| &word.marks).any(|(quality, tone)| *quality != '\0' || *tone != '\0');
    let mut sounds: Vec<(Sound, String)> = Vec::new();
    for word in &all {
        for (from, to) in cut(&word.plain)? {
            let plain = word.plain.get(from..to)?;
            let mut sound = Sound::default();
            sound.add(hashed(&even(plain)), 0);
            if marked {
                sound.han = marks(plain, word.marks.get(from..to)?);
            }
            sounds.push((sound, plain.to_owned()));
        }
        if sounds.len() > MOST {
            return None;
        }
    }
    if sounds.len() < LEAST {
        return None;
    }
    let table = &*TABLE;
    let weight = |plain: &str| match (table.surnames.contains(plain), table.shared.contains(plain)) {
        (true, _) => 75,
        (_, true) => 35,
        _ => 0,
    };
    let (first, last) = (weight(&sounds.first()?.1), weight(&sounds.last()?.1));
    let middle = sounds
        .iter()
        .skip(1)
        .take(sounds.len().saturating_sub(2))
        .any(|(_, plain)| table.middle.contains(plain.as_str()));
    let mut sure = first.max(last) + if middle { 10 } else { 0 } + if marked { 12 } else { 0 };
    if first.max(last) == 0 {
        return None;
    }
    if first.max(last) < 70 && !middle && !marked {
        sure -= 15;
    }
    // Words that had to be cut, under a surname that others have too, are hardly Vietnamese.
    if sounds.len() > all.len() && first.max(last) < 70 {
        sure -= 20;
    }
    if sure < 25 {
        return None;
    }
    let plain: Vec<Sound> = sounds.iter().map(|(sound, _)| *sound).collect();
    let mut drafts = Vec::new();
    if first > 0 {
        drafts.push(Draft {
            sounds: plain.clone(),
            cost: u8::from(last > first),
            surname_last: false,
            ..Draft::default()
        });
    }
    if last > 0
        && let [given @ .., surname] = &plain[..]
    {
        let cost = u8::from(first >= last);
        // Given name, middle names, surname ("Hung Van Nguyen"), or only the surname moved ("Van Hung Nguyen").
        let mut turned = vec![*surname];
        turned.extend(given.iter().skip(1));
        turned.extend(given.first());
        let mut moved = vec![*surname];
        moved.extend(given);
        drafts.push(Draft { sounds: turned, cost, surname_last: true, ..Draft::default() });
        drafts.push(Draft { sounds: moved, cost: cost + 1, surname_last: true, ..Draft::default() });
    }
    Syllables::build(Tradition::Vietnamese, u8::try_from(sure.clamp(5, 98)).unwrap_or(0), 0, drafts)
}

/// The ends of the syllables of a word, the fewest syllables first.
fn cut(plain: &str) -> Option<Vec<(usize, usize)>> {
    let table = &*TABLE;
    if table.syllables.contains(plain) {
        return Some(vec![(0, plain.len())]);
    }
    let edges: Vec<Edge> = arrange::edges(plain, |from, found| {
        for length in 2..=LONGEST {
            if plain.get(from..from + length).is_some_and(|text| table.syllables.contains(text)) {
                let mut sound = Sound::default();
                // The end of the syllable, to be read back from the cut.
                // A consonant between two syllables rather opens the second.
                let open =
                    from > 0 && plain.get(from..).is_some_and(|rest| rest.starts_with(['a', 'e', 'i', 'o', 'u', 'y']));
                sound.add(u32::try_from(from + length).unwrap_or(0), u8::from(open));
                found(from + length, sound);
            }
        }
    });
    let best = arrange::cuts(plain.len(), &edges).into_iter().next()?;
    let mut from = 0;
    let mut ends = Vec::new();
    for sound in &best.sounds {
        let to = sound.classes().first().map_or(0, |class| class.id() as usize);
        ends.push((from, to));
        from = to;
    }
    Some(ends)
}

/// i and y at the end are one habit or the other.
fn even(plain: &str) -> String {
    match plain.strip_suffix('y') {
        Some(head) if !head.ends_with(['a', 'u']) => format!("{head}i"),
        _ => plain.to_owned(),
    }
}

/// The syllable with its marks as a number; where the tone mark stands does not matter.
fn marks(plain: &str, marks: &[(char, char)]) -> u32 {
    let mut text = even(plain);
    text.extend(marks.iter().map(|(quality, _)| *quality));
    text.extend(marks.iter().map(|(_, tone)| *tone).filter(|tone| *tone != '\0'));
    hashed(&text) | 0x0200_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_and_marks_taken_off() {
        assert_eq!(cut("nguyen"), Some(vec![(0, 6)]));
        assert_eq!(cut("vanhung"), Some(vec![(0, 3), (3, 7)]));
        assert_eq!(cut("smith"), None);
        assert_eq!(word("Đức").plain, "duc");
        assert_eq!(marks("hoa", &word("hoà").marks), marks("hoa", &word("hòa").marks));
        assert_ne!(marks("hung", &word("hùng").marks), marks("hung", &word("hưng").marks));
        assert_eq!(even("ly"), even("li"));
        assert_ne!(even("thuy"), even("thui"));
    }
}
