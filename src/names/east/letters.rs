//! Words as the readers take them: which script, which parts, which marks kept.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Most words looked at.
pub(super) const MAX_WORDS: usize = 16;
/// Most letters of one word looked at.
pub(super) const MAX_LETTERS: usize = 32;

/// The script of a whole name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    Hangul,
    /// Han characters only.
    Han,
    /// Kana, with or without Han characters.
    Kana,
    Latin,
    Cyrillic,
}

/// The script of the words together; `None` if they mix scripts, hold digits or something else.
pub(super) fn writing(words: &[&str]) -> Option<Writing> {
    let mut found: Option<Writing> = None;
    for letter in words.iter().flat_map(|word| word.chars()) {
        let one = match letter {
            'a'..='z' | 'A'..='Z' => Writing::Latin,
            '\u{ac00}'..='\u{d7a3}' => Writing::Hangul,
            '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => {
                Writing::Kana
            }
            _ if is_han(letter) => Writing::Han,
            '\u{0400}'..='\u{052f}' => Writing::Cyrillic,
            _ if is_joint(letter) || is_combining_mark(letter) => continue,
            _ if letter.is_alphabetic() && u32::from(letter) < 0x250 || ('\u{1e00}'..='\u{1eff}').contains(&letter) => {
                Writing::Latin
            }
            _ => return None,
        };
        found = match (found, one) {
            (None, one) => Some(one),
            (Some(known), one) if known == one => Some(known),
            (Some(Writing::Han | Writing::Kana), Writing::Han | Writing::Kana) => Some(Writing::Kana),
            _ => return None,
        };
    }
    found
}

/// Han characters, the repetition mark included.
pub(super) fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

/// Hyphens, apostrophes, dots and spaces: what may stand between syllables.
pub(super) fn is_joint(letter: char) -> bool {
    is_apostrophe(letter)
        || letter.is_whitespace()
        || matches!(letter, '-' | '.' | ',' | '·' | '\u{ff65}' | '\u{30fb}' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '`' | '´' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{02bb}' | '\u{02b9}' | '\u{2032}')
}

/// Letters of other Cyrillic alphabets as Russian ones.
pub(super) fn in_russian(mut parts: Vec<Vec<String>>) -> Vec<Vec<String>> {
    for part in parts.iter_mut().flatten() {
        let letter = |letter: char| match letter {
            'і' | 'ї' => 'и',
            'є' => 'е',
            'ґ' => 'г',
            'ў' => 'у',
            other => other,
        };
        *part = part.chars().map(letter).collect();
    }
    parts
}

/// A quick look at a word in Latin letters: could it be syllables of the region, or a Western name beside them?
pub(super) fn may_be_syllables(word: &str) -> bool {
    let bytes = word.as_bytes();
    let fits = |window: &[u8]| match window {
        // Pairs that no syllable holds and no two syllables make.
        [first, b'l'] => !matches!(first, b'b' | b'd' | b'f' | b'v' | b'z'),
        [first, b'r'] => !matches!(first, b'b' | b'd' | b'f' | b'v' | b'c' | b's' | b'z'),
        [b's', next] => {
            matches!(next, b'a' | b'e' | b'h' | b'i' | b'o' | b's' | b'u' | b'w' | b'y' | b'z' | b'v')
                || !next.is_ascii_alphabetic()
        }
        [b'x' | b'f' | b'v', next] => {
            !matches!(next, b'b'..=b'd' | b'f' | b'g' | b'j'..=b'n' | b'p'..=b't' | b'w' | b'x' | b'z')
        }
        _ => true,
    };
    let last = word.trim_end_matches(is_joint).bytes().next_back().unwrap_or(b'a');
    let shape = !matches!(last, b'd' | b'f' | b's' | b'v' | b'x' | b'z' | b'j' | b'q') && bytes.windows(2).all(fits);
    bytes.len() <= MAX_LETTERS * 2 && (shape || super::western::is(word))
}

/// Leaves marks out.
pub(super) fn strip_marks(base: char, _mark: char) -> char {
    base
}

/// Hands over the letters of a word in lower case, each before its marks, `most` at most.
pub(super) fn decomposed(word: &str, most: usize, mut take: impl FnMut(char)) {
    // Nothing in ASCII comes apart.
    if word.is_ascii() {
        word.bytes().take(most).for_each(|b| take(char::from(b.to_ascii_lowercase())));
    } else {
        word.chars().flat_map(char::to_lowercase).nfd().take(most).for_each(take);
    }
}

/// Whether it belongs to the letter before it.
pub(super) fn is_mark(letter: char) -> bool {
    !letter.is_ascii() && is_combining_mark(letter)
}

/// The words' parts (cut at hyphens and spaces), apostrophes as `'`, marks put through `keep`:
/// it gets a base letter and its mark and gives the letter to write.
pub(super) fn parts(words: &[&str], keep: fn(char, char) -> char) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for word in words.iter().take(MAX_WORDS) {
        let mut parts = vec![String::new()];
        decomposed(word, MAX_LETTERS * 2, |letter| {
            let Some(part) = parts.last_mut() else { return };
            if is_mark(letter) {
                if let Some(base) = part.pop() {
                    part.push(keep(base, letter));
                }
            } else if is_apostrophe(letter) {
                part.push('\'');
            } else if is_joint(letter) {
                if !part.is_empty() {
                    parts.push(String::new());
                }
            } else if part.len() < MAX_LETTERS * 2 {
                part.push(letter);
            }
        });
        parts.retain(|part| part.chars().any(char::is_alphabetic));
        if !parts.is_empty() {
            all.push(parts);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_no_taking_apart_is_not() {
        let letters = |word: &str, most| {
            let mut all = String::new();
            decomposed(word, most, |letter| all.push(letter));
            all
        };
        for word in ["Nguyen", "O'Neil-Kim", "A1 b", ""] {
            for most in [0, 3, 64] {
                let whole: String = word.chars().flat_map(char::to_lowercase).nfd().take(most).collect();
                assert_eq!(letters(word, most), whole);
            }
        }
        assert_eq!(letters("Nguyễn", 64), "nguye\u{302}\u{303}n");
        assert!(is_mark('\u{302}') && !is_mark('e') && !is_mark('đ'));
        let marked = parts(&["Lê-Văn", "Ko'n"], strip_marks);
        assert_eq!(marked, [vec!["le", "van"], vec!["ko'n"]]);
    }
}
