//! Khmer: two series of consonants, which decide how a vowel reads.

use crate::names::files;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

struct Table {
    /// Latin spelling, and whether of the second series.
    consonants: FxHashMap<char, (&'static str, bool)>,
    /// Vowel signs after each series.
    vowels: FxHashMap<&'static str, [&'static str; 2]>,
    own: FxHashMap<char, &'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { consonants: FxHashMap::default(), vowels: FxHashMap::default(), own: FxHashMap::default() };
    for line in files::LETTERS_KHMER.lines() {
        let mut fields = line.split('\t');
        let (Some(kind), Some(letters), Some(one), Some(two)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        match (kind, letters.chars().next()) {
            ("C", Some(c)) => {
                table.consonants.insert(c, (one, two == "o"));
            }
            ("V", _) => {
                table.vowels.insert(letters, [one, two]);
            }
            ("I", Some(c)) => {
                table.own.insert(c, one);
            }
            _ => {}
        }
    }
    table
});

/// What a letter under h stands for.
const FOREIGN: [(&str, &str); 3] = [("k", "g"), ("v", "f"), ("s", "z")];

/// The usual Latin spelling of Khmer text.
pub(super) fn spelling(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    // A consonant has been written whose inherent vowel is open.
    let mut open = false;
    while let Some(letter) = letters.get(at) {
        at += 1;
        if let Some(own) = TABLE.own.get(letter) {
            out.push_str(own);
            open = false;
            continue;
        }
        let Some((latin, second)) = TABLE.consonants.get(letter).copied() else {
            continue;
        };
        let (mut latin, mut second) = (latin, second);
        let mut below = String::new();
        let mut sign = String::new();
        let mut silent = false;
        while let Some(next) = letters.get(at) {
            match next {
                '្' => {
                    let sub = letters.get(at + 1).and_then(|c| TABLE.consonants.get(c));
                    below.push_str(sub.map_or("", |(latin, _)| latin));
                    at += 1;
                }
                '៉' => {
                    second = false;
                    if latin == "b" {
                        latin = "p";
                    }
                }
                '៊' => second = true,
                '៍' => silent = true,
                '់' | '៏' | '័' | '៌' => {}
                'ា'..='ះ' => sign.push(*next),
                _ => break,
            }
            at += 1;
        }
        if silent {
            continue;
        }
        // Foreign sounds are written with an h above.
        if latin == "h"
            && let Some((_, sound)) = FOREIGN.iter().find(|(sub, _)| *sub == below)
        {
            latin = sound;
            below.clear();
        }
        if sign == "ាំ" && letters.get(at) == Some(&'ង') {
            sign = "ា".to_owned();
        }
        let vowel = TABLE.vowels.get(sign.as_str()).map(|pair| pair[usize::from(second)]);
        let more = letters.get(at).is_some_and(|c| TABLE.consonants.contains_key(c));
        let (vowel, opens) = match vowel {
            Some(vowel) => (vowel, true),
            // Bare after a vowel and before no vowel: closes the syllable.
            None if open && below.is_empty() => ("", false),
            None if more || out.is_empty() => (if second { "o" } else { "a" }, true),
            None => ("", false),
        };
        out.push_str(latin);
        out.push_str(&below);
        out.push_str(vowel);
        open = opens;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::spelling;

    #[test]
    fn names() {
        assert_eq!(spelling("ប៉ុល"), "pol");
        assert_eq!(spelling("ពត"), "pot");
        assert_eq!(spelling("ហ៊ុន"), "hun");
        assert_eq!(spelling("សែន"), "sen");
        assert_eq!(spelling("សុខា"), "sokha");
    }
}
