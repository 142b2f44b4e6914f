//! Latin letters with marks, in plain ASCII.

use unicode_normalization::UnicodeNormalization;

/// Whether the word is of Latin letters (with or without marks) only.
pub(super) fn is_latin(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'\'')
        || word.nfd().all(|c| {
            c.is_ascii_alphabetic()
                || matches!(c, '\u{300}'..='\u{36f}' | '\u{2bb}'..='\u{2bc}' | '\'' | '\u{2019}')
                || plain(c).is_some()
        })
}

/// Letters that no decomposition turns into ASCII.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' | 'ɖ' => "d",
        'þ' => "th",
        'ł' => "l",
        'ı' => "i",
        'ŋ' => "ng",
        'ħ' => "h",
        'ŧ' => "t",
        'ə' | 'ǝ' => "a",
        'ƙ' => "k",
        'ɓ' => "b",
        'ɗ' => "d",
        'ƴ' => "y",
        'ɛ' => "e",
        'ɔ' => "o",
        'ɲ' => "ny",
        'ʿ' | 'ʾ' | 'ʻ' | 'ʼ' | 'ʹ' | 'ʺ' => "",
        _ => return None,
    })
}

/// By sound rather than by dropping the mark.
fn spoken(base: char, mark: Option<char>) -> Option<&'static str> {
    Some(match (base, mark) {
        ('c', Some('\u{30c}' | '\u{301}' | '\u{327}')) => "ch",
        ('s', Some('\u{30c}' | '\u{327}' | '\u{326}' | '\u{301}')) => "sh",
        ('z', Some('\u{30c}' | '\u{307}' | '\u{301}')) => "zh",
        ('t', Some('\u{327}' | '\u{326}')) => "ts",
        ('g', Some('\u{306}')) => "gh",
        ('e', Some('\u{30c}')) => "ye",
        ('e', Some('\u{308}')) => "yo",
        ('r', Some('\u{30c}')) => "rzh",
        ('u', Some('\u{308}')) => "ue",
        ('o', Some('\u{308}')) => "oe",
        ('a', Some('\u{308}')) => "ae",
        ('a', Some('\u{30a}')) => "aa",
        ('n', Some('\u{303}' | '\u{301}')) => "ny",
        ('đ', _) => "dj",
        ('ø', _) => "oe",
        ('ə', _) => "e",
        _ => return None,
    })
}

/// Up to two spellings: marks dropped, and, where it differs, by sound.
pub(super) fn spellings(word: &str, out: &mut Vec<String>) {
    let (mut dropped, mut sound) = (String::new(), String::new());
    let mut letters = word.nfd().peekable();
    while let Some(c) = letters.next() {
        if matches!(c, '\u{300}'..='\u{36f}') {
            continue;
        }
        let base = c.to_ascii_lowercase();
        let mark = letters.peek().copied().filter(|m| matches!(m, '\u{300}'..='\u{36f}'));
        let written = plain(base);
        match (written, base.is_ascii_lowercase()) {
            (Some(text), _) => dropped.push_str(text),
            (None, true) => dropped.push(base),
            (None, false) => continue,
        }
        match spoken(base, mark) {
            Some(text) => sound.push_str(text),
            None => match written {
                Some(text) => sound.push_str(text),
                None => sound.push(base),
            },
        }
    }
    let differs = sound != dropped;
    if !dropped.is_empty() {
        out.push(dropped);
    }
    if differs {
        out.push(sound);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks() {
        let both = |word: &str| {
            let mut out = Vec::new();
            spellings(word, &mut out);
            out
        };
        assert_eq!(both("ražnatović"), ["raznatovic", "razhnatovich"]);
        assert_eq!(both("müller"), ["muller", "mueller"]);
        assert_eq!(both("wałęsa"), ["walesa"]);
        assert_eq!(both("strauß"), ["strauss"]);
        assert_eq!(both("erdoğan"), ["erdogan", "erdoghan"]);
        assert!(is_latin("əliyev") && !is_latin("иван"));
    }
}
