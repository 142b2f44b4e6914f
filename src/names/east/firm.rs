//! Names of organisations in Han characters, Hangul and kana: known words with their English, own
//! words with Latin spellings.

use crate::names::files;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::letters::{self, Writing};
use super::{cantonese, han, hangul, romaji};

/// A word cut out of an organisation's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As written (compatibility forms resolved).
    pub written: String,
    /// What the word is in English, the most usual first, each one or more words; empty for a word of the name's own.
    pub english: Vec<&'static str>,
    /// How the word is spelled in Latin letters (joined, ASCII), likeliest first, at most four.
    pub latin: Vec<String>,
}

/// Longest name looked at, in characters.
const MAX_LETTERS: usize = 128;
/// Most spellings of one word.
const MAX_SPELLINGS: usize = 4;

struct Table {
    words: FxHashMap<Vec<char>, Vec<&'static str>>,
    longest: usize,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { words: FxHashMap::default(), longest: 1 };
    for line in files::FIRM_WORDS.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let english: Vec<&str> = columns.next().unwrap_or_default().split('|').collect();
        for form in columns.flat_map(|column| column.split(' ')).filter(|form| *form != "-" && !form.is_empty()) {
            let key: Vec<char> = form.chars().map(han::fold).collect();
            table.longest = table.longest.max(key.len());
            // Of two rows with one form the first counts.
            table.words.entry(key).or_insert_with(|| english.clone());
        }
    }
    table
});

/// Cuts a run of an organisation's name without blanks (or with: they end words) into words.
/// Runs in other scripts come back as one word without English and spellings.
pub fn words(run: &str) -> Vec<Word> {
    let letters: Vec<char> = run.nfkc().take(MAX_LETTERS).collect();
    let mut all = Vec::new();
    for piece in letters.split(|letter| letters::is_joint(*letter)).filter(|piece| !piece.is_empty()) {
        cut(piece, &mut all);
    }
    let is_japanese = letters.iter().any(|letter| matches!(u32::from(*letter), 0x3041..=0x30ff))
        || all.iter().any(|word: &Word| matches!(word.written.as_str(), "株式会社" | "有限会社" | "合同会社"));
    for word in &mut all {
        word.latin = spellings(&word.written, is_japanese);
    }
    all
}

/// What is best up to a place: letters left over, words, and where the last word began and whether it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Best {
    own: usize,
    words: usize,
    from: usize,
    known: bool,
}

/// The cut that leaves the fewest letters to words of the name's own, then has the fewest words.
fn cut(piece: &[char], all: &mut Vec<Word>) {
    let folded: Vec<char> = piece.iter().map(|letter| han::fold(*letter)).collect();
    let table = &*TABLE;
    let mut best: Vec<Option<Best>> = vec![None; folded.len() + 1];
    if let Some(start) = best.first_mut() {
        *start = Some(Best { own: 0, words: 0, from: 0, known: true });
    }
    for place in 0..folded.len() {
        let Some(here) = best.get(place).copied().flatten() else { continue };
        // A letter of the name's own: it joins the one before.
        let joined = place > 0 && !here.known;
        let own = Best {
            own: here.own + 1,
            words: here.words + usize::from(!joined),
            from: if joined { here.from } else { place },
            known: false,
        };
        improve(&mut best, place + 1, own);
        for length in 1..=table.longest.min(folded.len() - place) {
            let Some(word) = folded.get(place..place + length) else { break };
            // A single letter is a word only behind something, at the end or before a known word.
            if length == 1 && (place == 0 || !ends_word(&folded, place + 1)) {
                continue;
            }
            if table.words.contains_key(word) {
                improve(
                    &mut best,
                    place + length,
                    Best { own: here.own, words: here.words + 1, from: place, known: true },
                );
            }
        }
    }
    let mut ends = Vec::new();
    let mut place = folded.len();
    while place > 0 {
        let Some(here) = best.get(place).copied().flatten() else { break };
        ends.push((here.from, place, here.known));
        place = here.from;
    }
    for (from, to, known) in ends.into_iter().rev() {
        let written: String = piece.get(from..to).unwrap_or_default().iter().collect();
        let english = folded.get(from..to).filter(|_| known).and_then(|word| table.words.get(word)).cloned();
        all.push(Word { written, english: english.unwrap_or_default(), latin: Vec::new() });
    }
}

fn ends_word(folded: &[char], place: usize) -> bool {
    let rest = folded.get(place..).unwrap_or_default();
    rest.is_empty()
        || (2..=TABLE.longest.min(rest.len()))
            .any(|length| rest.get(..length).is_some_and(|word| TABLE.words.contains_key(word)))
}

fn improve(best: &mut [Option<Best>], place: usize, candidate: Best) {
    if let Some(slot) = best.get_mut(place)
        && slot.is_none_or(|known| candidate < known)
    {
        *slot = Some(candidate);
    }
}

/// Latin spellings of a word: Mandarin, Cantonese and Korean readings of characters; North Korean and
/// South Korean spelling of Hangul; romaji of kana and of kanji in a Japanese name.
pub fn spellings(word: &str, is_japanese: bool) -> Vec<String> {
    let letters: Vec<char> = word.chars().take(MAX_LETTERS).collect();
    let mut all = match letters::writing(&[word]) {
        Some(Writing::Hangul) => vec![korean(&letters, &NORTH), korean(&letters, &SOUTH)],
        Some(Writing::Kana) => romaji::from_kana(word)
            .and_then(|kana| romaji::fold(&kana).map(|folded| vec![kana, folded]))
            .unwrap_or_default(),
        Some(Writing::Han) => {
            let mandarin = each(&letters, |known| known.pinyin().next().map(|one| one.replace('v', "u")));
            let cantonese = each(&letters, |known| known.cantonese().next().map(cantonese::usual));
            let hangul: Option<Vec<char>> =
                letters.iter().map(|letter| han::character(*letter)?.hangul().next()).collect();
            let mut all: Vec<String> = mandarin.into_iter().chain(cantonese).collect();
            if is_japanese {
                all.splice(0..0, super::japanese::readings(word));
            }
            all.extend(hangul.map(|letters| korean(&letters, &NORTH)));
            all
        }
        _ => Vec::new(),
    };
    let mut seen: Vec<String> = Vec::new();
    all.retain(|one| {
        !one.is_empty() && !seen.contains(one) && {
            seen.push(one.clone());
            true
        }
    });
    all.truncate(MAX_SPELLINGS);
    all
}

fn each(letters: &[char], read: impl Fn(han::Character) -> Option<String>) -> Option<String> {
    letters.iter().map(|letter| read(han::character(*letter)?)).collect()
}

/// How one of the two Koreas writes initials, medials and finals.
struct Style {
    initials: [&'static str; 19],
    medials: [&'static str; 21],
    lasts: [&'static str; 28],
    /// k, t, p and ch between voiced sounds.
    voiced: bool,
}

static NORTH: Style = Style {
    initials: ["k", "kk", "n", "t", "tt", "r", "m", "p", "pp", "s", "ss", "", "j", "jj", "ch", "kh", "th", "ph", "h"],
    medials: [
        "a", "ae", "ya", "yae", "o", "e", "yo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "u",
        "ui", "i",
    ],
    lasts: [
        "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng",
        "t", "t", "k", "t", "p", "t",
    ],
    voiced: true,
};

static SOUTH: Style = Style {
    initials: ["g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"],
    medials: [
        "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu",
        "eu", "ui", "i",
    ],
    lasts: [
        "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng",
        "t", "t", "k", "t", "p", "t",
    ],
    voiced: false,
};

fn korean(letters: &[char], style: &Style) -> String {
    let mut out = String::new();
    let mut before: Option<u32> = None;
    for jamo in letters.iter().filter_map(|letter| hangul::take_apart(*letter)) {
        // Behind a vowel, n, l, m or ng.
        let sounding = before
            .is_some_and(|last| matches!(last, 0 | hangul::LAST_N | hangul::LAST_L | hangul::LAST_M | hangul::LAST_NG));
        let initial = match (style.voiced && sounding, jamo.initial) {
            (true, 0) => "g",
            (true, 3) => "d",
            (true, 7) => "b",
            (_, other) => style.initials.get(other as usize).copied().unwrap_or_default(),
        };
        out.push_str(initial);
        out.push_str(style.medials.get(jamo.medial as usize).copied().unwrap_or_default());
        out.push_str(style.lasts.get(jamo.last as usize).copied().unwrap_or_default());
        before = Some(jamo.spoken().last);
    }
    out
}

#[cfg(test)]
pub(super) fn north(letter: char) -> String {
    korean(&[letter], &NORTH)
}

#[cfg(test)]
pub(super) fn south(letter: char) -> String {
    korean(&[letter], &SOUTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(run: &str) -> Vec<String> {
        words(run)
            .iter()
            .map(|word| {
                word.english
                    .first()
                    .map_or_else(|| word.latin.first().cloned().unwrap_or_default(), |one| (*one).to_owned())
            })
            .collect()
    }

    #[test]
    fn names_of_firms_are_cut() {
        let cases: [(&str, &[&str]); 10] = [
            ("大连海洋渔业有限公司", &["dalian", "ocean fishery", "company limited"]),
            ("大連海洋漁業有限公司", &["dalian", "ocean fishery", "company limited"]),
            ("华为技术有限公司", &["huawei", "technology", "company limited"]),
            ("丹东金润边境贸易有限公司", &["dandong", "jinrunbianjing", "trading", "company limited"]),
            ("조선무역은행", &["korea", "foreign trade bank"]),
            ("조선련봉총회사", &["korea", "ryonbong", "general corporation"]),
            ("トヨタ自動車株式会社", &["toyota", "automobile", "joint stock company"]),
            ("青森海運", &["qingsen", "shipping"]),
            ("上海浦东发展银行", &["shanghai", "pudong", "development", "bank"]),
            ("만수대창작사", &["mansudae", "creative studio"]),
        ];
        for (run, expected) in cases {
            assert_eq!(english(run), expected, "{run}");
        }
    }

    #[test]
    fn own_words_are_spelled() {
        assert_eq!(spellings("련봉", false), ["ryonbong", "ryeonbong"]);
        assert_eq!(spellings("대동", false), ["taedong", "daedong"]);
        assert_eq!(spellings("华丰", false)[..2], ["huafeng", "wahfung"]);
        assert_eq!(spellings("トヨタ", true), ["toyota"]);
        assert!(spellings("山田", true).contains(&"yamada".to_owned()));
        assert!(spellings("abc", false).is_empty() && words("").is_empty());
        assert_eq!(words("abc 公司").len(), 2);
    }
}
