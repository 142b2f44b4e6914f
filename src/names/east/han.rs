//! Han characters: folded forms and readings, from `data/names/east/han.tsv`.

use crate::names::files;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

static TABLE: &str = files::HAN;

/// What is known of one character.
#[derive(Debug, Clone, Copy)]
pub(super) struct Character {
    /// The character by which variants are compared.
    pub(super) folded: char,
    /// 1 most common .. 6 rare.
    pub(super) rare: u8,
    pinyin: &'static str,
    cantonese: &'static str,
    hangul: &'static str,
    japanese: &'static str,
}

impl Character {
    pub(super) fn pinyin(&self) -> impl Iterator<Item = &'static str> {
        self.pinyin.split_ascii_whitespace()
    }

    pub(super) fn cantonese(&self) -> impl Iterator<Item = &'static str> {
        self.cantonese.split_ascii_whitespace()
    }

    pub(super) fn hangul(&self) -> impl Iterator<Item = char> {
        self.hangul.chars()
    }

    /// Japanese on readings, then kun readings.
    pub(super) fn japanese(&self) -> (&'static str, &'static str) {
        self.japanese.split_once(';').unwrap_or_default()
    }
}

static CHARACTERS: LazyLock<FxHashMap<char, Character>> = LazyLock::new(|| {
    let mut all = FxHashMap::default();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_default();
        let Some(letter) = next().chars().next() else { continue };
        let folded = next().chars().next().unwrap_or(letter);
        let rare = next().parse().unwrap_or(6);
        let (pinyin, cantonese, hangul, japanese) = (next(), next(), next(), next());
        all.insert(letter, Character { folded, rare, pinyin, cantonese, hangul, japanese });
    }
    all
});

/// The entry of a character, if the table has it.
pub(super) fn character(letter: char) -> Option<Character> {
    CHARACTERS.get(&letter).copied()
}

/// All characters of the table.
pub(super) fn all() -> impl Iterator<Item = (char, &'static Character)> {
    CHARACTERS.iter().map(|(letter, known)| (*letter, known))
}

/// The character by which variants are compared; itself if the table does not have it.
pub(super) fn fold(letter: char) -> char {
    CHARACTERS.get(&letter).map_or(letter, |known| known.folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_fold_to_one_and_folding_is_done_once() {
        for (a, b) in [('張', '张'), ('廣', '広'), ('澤', '沢'), ('齋', '斎'), ('龍', '竜'), ('陳', '陈')] {
            assert_eq!(fold(a), fold(b), "{a} {b}");
        }
        for (letter, known) in all() {
            assert_eq!(fold(known.folded), known.folded, "{letter}");
        }
        assert!(fold('王') != fold('玉'));
    }

    #[test]
    fn readings_are_there() {
        let known = character('林').unwrap();
        assert_eq!(known.pinyin().collect::<Vec<_>>(), ["lin"]);
        assert_eq!(known.cantonese().collect::<Vec<_>>(), ["lam"]);
        assert!(known.hangul().any(|letter| letter == '림') && known.japanese() == ("rin", "hayashi"));
        assert!(all().count() > 10_000);
    }
}
