//! Burmese: syllables of an initial, medials and a rhyme.

use crate::names::files;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

struct Table {
    initials: FxHashMap<char, &'static str>,
    rhymes: FxHashMap<&'static str, &'static str>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { initials: FxHashMap::default(), rhymes: FxHashMap::default() };
    for line in files::LETTERS_BURMESE.lines() {
        let mut fields = line.split('\t');
        let (Some(kind), Some(letters), Some(latin)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        match (kind, letters.chars().next()) {
            ("initial", Some(first)) => {
                table.initials.insert(first, latin);
            }
            ("rhyme", _) => {
                table.rhymes.insert(letters, latin);
            }
            _ => {}
        }
    }
    table
});

/// The usual Latin spelling of Burmese text.
pub(super) fn spelling(word: &str) -> String {
    // Tone marks say nothing in Latin; the tall vowel is the round one.
    let letters: Vec<char> =
        word.chars().filter(|c| !matches!(c, 'း' | '့')).map(|c| if c == 'ါ' { 'ာ' } else { c }).collect();
    let mut out = String::new();
    let mut at = 0;
    let mut rhyme = String::new();
    while let Some(letter) = letters.get(at) {
        at += 1;
        let Some(initial) = TABLE.initials.get(letter) else {
            continue;
        };
        let (mut glide, mut breath) = ("", false);
        let mut wide = false;
        while let Some(medial) = letters.get(at) {
            match medial {
                'ျ' | 'ြ' => glide = "y",
                'ွ' => wide = true,
                'ှ' => breath = true,
                _ => break,
            }
            at += 1;
        }
        rhyme.clear();
        while let Some(next) = letters.get(at) {
            let closes = matches!(letters.get(at + 1), Some('်' | '္'));
            if TABLE.initials.contains_key(next) && !closes {
                break;
            }
            at += 1;
            if *next == '္' {
                break;
            }
            rhyme.push(*next);
            if closes && letters.get(at) == Some(&'္') {
                rhyme.push('်');
            }
        }
        match (breath, *initial, glide) {
            (true, "y", _) => out.push_str("sh"),
            (true, other, glide) => {
                out.push('h');
                out.push_str(other);
                out.push_str(glide);
            }
            (false, other, glide) => {
                out.push_str(other);
                out.push_str(glide);
            }
        }
        let vowelled = matches!(letter, 'ဣ' | 'ဤ' | 'ဥ' | 'ဦ' | 'ဧ' | 'ဩ' | 'ဪ');
        if vowelled && rhyme.is_empty() {
            continue;
        }
        let spoken = TABLE.rhymes.get(rhyme.as_str()).copied();
        match (wide, spoken) {
            (true, Some("an")) => out.push_str("un"),
            (true, Some("at")) => out.push_str("ut"),
            (true, Some(other)) => {
                out.push('w');
                out.push_str(other);
            }
            (false, Some(other)) => out.push_str(other),
            (wide, None) => {
                if wide {
                    out.push('w');
                }
                // An unknown rhyme: its parts one by one.
                for part in rhyme.chars() {
                    let mut one = [0u8; 4];
                    let one: &str = part.encode_utf8(&mut one);
                    out.push_str(TABLE.rhymes.get(one).copied().unwrap_or(""));
                    out.push_str(TABLE.initials.get(&part).copied().unwrap_or(""));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::spelling;

    #[test]
    fn names() {
        assert_eq!(spelling("မင်းအောင်လှိုင်"), "minaunghlaing");
        assert_eq!(spelling("အောင်ဆန်းစုကြည်"), "aungsansukyi");
        assert_eq!(spelling("ပူတင်"), "putin");
        assert_eq!(spelling("သန်းရွှေ"), "thanshway");
        assert_eq!(spelling("ဦး"), "u");
        assert_eq!(spelling("ကျော်"), "kyaw");
    }
}
