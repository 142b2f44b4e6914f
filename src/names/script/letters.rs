//! Alphabets: letter by letter into Latin, longest group first.
//!
//! The tables are `data/names/script/letters_*.tsv`: letters, where (`^` start, `$` end, `<V`
//! after a vowel, `<C` after a consonant, `>C` before no vowel), and up to four spellings apart by
//! commas; a table's first spellings belong together, and so do its second ones.

use crate::names::chars::vowel;
use rustc_hash::FxHashMap;

/// One letter group of an alphabet.
struct Row {
    letters: Box<[char]>,
    start: bool,
    end: bool,
    previous: Option<bool>,
    before_consonant: bool,
    spellings: Box<[&'static str]>,
}

/// An alphabet's rows by first letter.
pub(super) struct Alphabet {
    rows: FxHashMap<char, Vec<Row>>,
}

fn is_vowel(byte: Option<u8>) -> bool {
    byte.is_some_and(vowel)
}

impl Alphabet {
    /// Reads tables; a line that is not understood is left out (a test reads the files).
    pub(super) fn read(texts: &[&'static str]) -> Alphabet {
        let mut rows: FxHashMap<char, Vec<Row>> = FxHashMap::default();
        for line in texts.iter().flat_map(|text| text.lines()) {
            let mut fields = line.split('\t');
            let (Some(letters), Some(place), Some(spellings)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            let Some(first) = letters.chars().next().filter(|c| *c != '#') else {
                continue;
            };
            let flag = |f: &str| place.split_whitespace().any(|p| p == f);
            rows.entry(first).or_default().push(Row {
                letters: letters.chars().collect(),
                start: flag("^"),
                end: flag("$"),
                previous: if flag("<V") { Some(true) } else { flag("<C").then_some(false) },
                before_consonant: flag(">C"),
                spellings: spellings.split(',').collect(),
            });
        }
        for list in rows.values_mut() {
            list.sort_by_key(|row| {
                let flags = [row.start, row.end, row.previous.is_some(), row.before_consonant];
                let set = flags.iter().filter(|f| **f).count();
                std::cmp::Reverse((row.letters.len(), set))
            });
        }
        Alphabet { rows }
    }

    fn row(&self, word: &[char], at: usize, written: &str) -> Option<&Row> {
        let first = word.get(at)?;
        self.rows.get(first)?.iter().find(|row| {
            let Some(rest) = word.get(at..) else {
                return false;
            };
            let next = rest.get(row.letters.len());
            let vowel_next = next.is_some_and(|c| {
                self.rows.get(c).is_some_and(|rows| {
                    rows.last().and_then(|row| row.spellings.first()).is_some_and(|s| is_vowel(s.bytes().next()))
                })
            });
            let last = written.bytes().last();
            rest.starts_with(&row.letters)
                && (!row.start || at == 0)
                && (!row.end || next.is_none())
                && row.previous.is_none_or(|vowel| last.is_some() && is_vowel(last) == vowel)
                && (!row.before_consonant || (next.is_some() && !vowel_next))
        })
    }

    /// The word in its `system`-th spelling (0-based; a row without it gives its last one).
    /// Letters that are not in the table are left out when they are no ASCII letters.
    pub(super) fn spell(&self, word: &[char], system: usize) -> String {
        let mut out = String::with_capacity(word.len() * 2);
        let mut at = 0;
        while let Some(letter) = word.get(at) {
            let Some(row) = self.row(word, at, &out) else {
                let lower = letter.to_ascii_lowercase();
                if lower.is_ascii_lowercase() {
                    out.push(lower);
                }
                at += 1;
                continue;
            };
            let spelling = row.spellings.get(system).or(row.spellings.last());
            out.push_str(spelling.copied().unwrap_or(""));
            at += row.letters.len().max(1);
        }
        out
    }
}
