//! Facts about single characters: which script they belong to, what they look like, and how a
//! Latin letter with marks is spelled without.

use unicode_script::{Script, UnicodeScript};

/// The scripts the cleaner tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    Latin,
    Cyrillic,
    Greek,
    Other,
    /// Digits, marks, punctuation.
    Common,
}

pub(super) fn writing(c: char) -> Writing {
    if c.is_ascii() {
        return if c.is_ascii_alphabetic() { Writing::Latin } else { Writing::Common };
    }
    match c.script() {
        Script::Latin => Writing::Latin,
        Script::Cyrillic => Writing::Cyrillic,
        Script::Greek => Writing::Greek,
        Script::Common | Script::Inherited => Writing::Common,
        _ => Writing::Other,
    }
}

/// Whether words of this script are written without blanks between them.
pub(super) fn unspaced(c: char) -> bool {
    !c.is_ascii() && matches!(c.script(), Script::Han | Script::Hangul | Script::Hiragana | Script::Katakana)
}

/// Pairs of letters that look alike: Latin, Cyrillic, Greek (lower case; a blank where there is
/// none). After Unicode Technical Standard 39, "Unicode Security Mechanisms", confusables.
const ALIKE: &[(char, char, char)] = &[
    ('a', 'а', 'α'),
    ('b', 'ь', ' '),
    ('c', 'с', 'ϲ'),
    ('d', 'ԁ', ' '),
    ('e', 'е', ' '),
    ('h', 'һ', ' '),
    ('i', 'і', 'ι'),
    ('j', 'ј', 'ϳ'),
    ('k', 'к', 'κ'),
    ('l', 'ӏ', ' '),
    ('m', 'м', ' '),
    ('n', 'п', 'η'),
    ('o', 'о', 'ο'),
    ('p', 'р', 'ρ'),
    ('q', 'ԛ', ' '),
    ('r', 'г', ' '),
    ('s', 'ѕ', ' '),
    ('t', 'т', 'τ'),
    ('u', 'ц', 'υ'),
    ('v', 'ѵ', 'ν'),
    ('w', 'ԝ', 'ω'),
    ('x', 'х', 'χ'),
    ('y', 'у', 'γ'),
    ('y', 'ү', ' '),
    ('z', ' ', 'ζ'),
];

/// Capitals whose look differs from that of their small letter: `В` is B, `Н` is H.
const ALIKE_CAPITALS: &[(char, char, char)] = &[
    ('A', 'А', 'Α'),
    ('B', 'В', 'Β'),
    ('C', 'С', 'Ϲ'),
    ('E', 'Е', 'Ε'),
    ('H', 'Н', 'Η'),
    ('I', 'І', 'Ι'),
    ('J', 'Ј', 'Ϳ'),
    ('K', 'К', 'Κ'),
    ('M', 'М', 'Μ'),
    ('N', ' ', 'Ν'),
    ('O', 'О', 'Ο'),
    ('P', 'Р', 'Ρ'),
    ('S', 'Ѕ', ' '),
    ('T', 'Т', 'Τ'),
    ('X', 'Х', 'Χ'),
    ('Y', 'У', 'Υ'),
    ('Z', ' ', 'Ζ'),
];

/// The letter of another script that looks like this one.
pub(super) fn look_alike(c: char, into: Writing) -> Option<char> {
    if c == ' ' {
        return None;
    }
    let pick = |row: &(char, char, char)| match into {
        Writing::Latin => Some(row.0),
        Writing::Cyrillic => Some(row.1),
        Writing::Greek => Some(row.2),
        _ => None,
    };
    ALIKE_CAPITALS.iter().chain(ALIKE).find(|r| r.0 == c || r.1 == c || r.2 == c).and_then(pick).filter(|c| *c != ' ')
}

/// Whether an ASCII letter is a vowel.
pub(super) fn pure_vowel(b: u8) -> bool {
    matches!(b, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// The same, or a y, which is one as often as not.
pub(super) fn vowel(b: u8) -> bool {
    pure_vowel(b) || b == b'y'
}

/// The letter a digit stands for in writing meant to slip past a filter.
pub(super) fn leet(c: char) -> Option<char> {
    Some(match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        '8' => 'b',
        '@' => 'a',
        '$' => 's',
        _ => return None,
    })
}

/// A Latin letter that no decomposition takes apart, or that has a second usual spelling without
/// its mark: the plain spelling first, then the longer one where there is one.
pub(super) fn plain_latin(c: char) -> Option<(&'static str, &'static str)> {
    Some(match c {
        'ä' => ("a", "ae"),
        'ö' => ("o", "oe"),
        'ü' => ("u", "ue"),
        'å' => ("a", "aa"),
        'ø' => ("o", "oe"),
        'æ' => ("ae", "a"),
        'œ' => ("oe", "o"),
        'ß' => ("ss", "s"),
        'ł' => ("l", ""),
        'đ' => ("d", "dj"),
        'ð' => ("d", "dh"),
        'þ' => ("th", "t"),
        'ı' => ("i", ""),
        'ħ' => ("h", ""),
        'ŋ' => ("ng", "n"),
        'ə' => ("a", "e"),
        'ŧ' => ("t", ""),
        'ɓ' => ("b", ""),
        'ɗ' => ("d", ""),
        'ƙ' => ("k", ""),
        'ơ' => ("o", ""),
        'ư' => ("u", ""),
        'š' => ("s", "sh"),
        'ş' => ("s", "sh"),
        'ș' => ("s", "sh"),
        'č' => ("c", "ch"),
        'ç' => ("c", "ch"),
        'ć' => ("c", "ch"),
        'ž' => ("z", "zh"),
        'ň' => ("n", ""),
        'ñ' => ("n", "ny"),
        'ţ' | 'ț' => ("t", "ts"),
        'ğ' => ("g", "gh"),
        _ => return None,
    })
}
