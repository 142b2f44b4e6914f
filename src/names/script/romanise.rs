//! Likely Latin spellings of a word in another script.

use super::letters::Alphabet;
use super::tradition::Tradition;
use super::{LETTERS, burmese, ethiopic, family, indic, khmer, latin, semitic, thai};
use crate::names::files;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;
use unicode_script::{Script, UnicodeScript};

/// At most this many spellings of one word.
pub(super) const SPELLINGS: usize = 4;

static CYRILLIC: LazyLock<Alphabet> = LazyLock::new(|| Alphabet::read(&[files::LETTERS_CYRILLIC]));
static GREEK: LazyLock<Alphabet> = LazyLock::new(|| Alphabet::read(&[files::LETTERS_GREEK]));
static CAUCASUS: LazyLock<Alphabet> = LazyLock::new(|| Alphabet::read(&[files::LETTERS_CAUCASUS]));

/// The script most of a word is in.
fn script(word: &str) -> Script {
    word.chars()
        .map(|c| c.script())
        .find(|s| !matches!(s, Script::Common | Script::Inherited | Script::Unknown))
        .unwrap_or(Script::Common)
}

/// The tradition that names in the script of the word mostly follow.
pub(super) fn tradition(word: &str) -> Tradition {
    if word.is_ascii() {
        return Tradition::Latin;
    }
    match script(word) {
        Script::Cyrillic => Tradition::Slavic,
        Script::Greek => Tradition::Greek,
        Script::Georgian | Script::Armenian => Tradition::Caucasus,
        Script::Arabic | Script::Hebrew | Script::Syriac | Script::Thaana => Tradition::Arabic,
        Script::Thai | Script::Lao | Script::Myanmar | Script::Khmer => Tradition::SouthEast,
        Script::Devanagari
        | Script::Bengali
        | Script::Gurmukhi
        | Script::Gujarati
        | Script::Oriya
        | Script::Tamil
        | Script::Telugu
        | Script::Kannada
        | Script::Malayalam
        | Script::Sinhala => Tradition::Indic,
        _ => Tradition::Latin,
    }
}

/// Whether the word is in a script of East Asia, whose names are read by syllables elsewhere.
pub(super) fn is_east_asian(word: &str) -> bool {
    matches!(script(word), Script::Han | Script::Hangul | Script::Hiragana | Script::Katakana | Script::Bopomofo)
}

/// Appends likely Latin spellings (ASCII, lower case, no spaces) of one word, best first, at most
/// four. Latin words give themselves without their marks, and by sound. The article of an Arabic
/// word is left out (`القذافي` gives `qadhafi`). Nothing for a word without letters.
///
/// ```text
/// романов -> romanov; сергей -> sergey, sergei; محمد -> mohammed, muhammad, ...
/// ```
pub fn romanise(word: &str, out: &mut Vec<String>) {
    let from = out.len();
    let word = match word.char_indices().nth(LETTERS) {
        Some((end, _)) => word.get(..end).unwrap_or(word),
        None => word,
    };
    if latin::is_latin(word) {
        latin::spellings(word, out);
        return;
    }
    let plain: String = match script(word) {
        Script::Greek => unmarked(word).iter().collect(),
        _ => word.to_owned(),
    };
    for spelling in family::latin(&plain).iter().take(SPELLINGS) {
        add(out, from, (*spelling).to_owned());
    }
    match script(word) {
        Script::Cyrillic => cyrillic(word, from, out),
        Script::Greek => alphabet(&GREEK, &unmarked(word), 3, from, out),
        Script::Georgian | Script::Armenian => {
            alphabet(&CAUCASUS, &unmarked(word), 2, from, out);
        }
        Script::Arabic | Script::Hebrew => {
            for spelling in semitic::spellings(word) {
                add(out, from, spelling);
            }
        }
        Script::Thai | Script::Lao => {
            for spelling in thai::spellings(word) {
                add(out, from, spelling);
            }
        }
        Script::Myanmar => add(out, from, burmese::spelling(word)),
        Script::Khmer => add(out, from, khmer::spelling(word)),
        Script::Ethiopic => {
            for spelling in ethiopic::spellings(word) {
                add(out, from, spelling);
            }
        }
        _ if tradition(word) == Tradition::Indic => {
            for spelling in indic::spellings(word) {
                add(out, from, spelling);
            }
        }
        _ => {
            let plain: String = any_ascii::any_ascii(word)
                .chars()
                .filter(char::is_ascii_alphabetic)
                .map(|c| c.to_ascii_lowercase())
                .take(LETTERS * 2)
                .collect();
            add(out, from, plain);
        }
    }
}

fn add(out: &mut Vec<String>, from: usize, spelling: String) {
    let own = out.get(from..).unwrap_or(&[]);
    if !spelling.is_empty() && own.len() < SPELLINGS && !own.contains(&spelling) {
        out.push(spelling);
    }
}

fn unmarked(word: &str) -> Vec<char> {
    word.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).flat_map(char::to_lowercase).take(LETTERS).collect()
}

fn alphabet(table: &Alphabet, word: &[char], systems: usize, from: usize, out: &mut Vec<String>) {
    for system in 0..systems {
        add(out, from, table.spell(word, system));
    }
}

fn cyrillic(word: &str, from: usize, out: &mut Vec<String>) {
    let letters: Vec<char> = word.nfc().take(LETTERS).collect();
    let ukrainian = letters.iter().any(|c| matches!(c, 'і' | 'ї' | 'є' | 'ґ' | 'ў'));
    let order: [usize; 4] = if ukrainian { [3, 1, 0, 2] } else { [0, 1, 2, 3] };
    for system in order {
        add(out, from, CYRILLIC.spell(&letters, system));
    }
}
