//! Normalising names for look-up: case, accents, punctuation and spacing do not count.

use crate::model::prop;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a text in the name table is to its node, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum NameKind {
    /// Main name.
    Name = 0,
    /// Strong alias.
    Alias = 1,
    /// Former name.
    Former = 2,
    /// Identifier.
    Identifier = 3,
    /// Weak alias.
    Weak = 4,
}

impl NameKind {
    /// The kind of a property; `None` for properties that are not looked up.
    pub fn of(property: &str) -> Option<NameKind> {
        Some(match property {
            prop::NAME => NameKind::Name,
            prop::ALIAS => NameKind::Alias,
            prop::FORMER_NAME => NameKind::Former,
            prop::WEAK_ALIAS => NameKind::Weak,
            prop::IDENTIFIER => NameKind::Identifier,
            _ => return None,
        })
    }

    pub(super) fn from_code(code: u8) -> NameKind {
        match code {
            0 => NameKind::Name,
            1 => NameKind::Alias,
            2 => NameKind::Former,
            3 => NameKind::Identifier,
            _ => NameKind::Weak,
        }
    }

    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            NameKind::Name => "name",
            NameKind::Alias => "alias",
            NameKind::Former => "former name",
            NameKind::Identifier => "identifier",
            NameKind::Weak => "weak alias",
        }
    }
}

/// The form in which names are compared: compatibility decomposition, marks dropped, lower
/// case, everything that is neither letter nor digit a single blank.
pub fn normalise(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    normalise_into(text, &mut out);
    out
}

/// The same at the end of an empty text.
pub(super) fn normalise_into(text: &str, out: &mut String) {
    let mut gap = false;
    if text.is_ascii() {
        for c in text.bytes() {
            if c.is_ascii_alphanumeric() {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                gap = false;
                out.push(char::from(c.to_ascii_lowercase()));
            } else if !matches!(c, b'\'' | b'`') {
                gap = true;
            }
        }
        return;
    }
    for c in text.nfkd() {
        if is_combining_mark(c) && !is_indic(c) {
            continue;
        }
        if c.is_alphanumeric() || is_combining_mark(c) {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.extend(c.to_lowercase());
        } else if !matches!(c, '\'' | '\u{2019}' | '\u{02bc}' | '`') {
            gap = true;
        }
    }
    // Hangul was taken apart above; put it together again so that prefixes are syllables.
    if out.chars().any(|c| matches!(c, '\u{1100}'..='\u{11ff}')) {
        *out = out.nfc().collect();
    }
}

/// Vowel signs of Indic and South-East Asian scripts carry meaning; accents elsewhere do not.
fn is_indic(c: char) -> bool {
    matches!(c, '\u{0900}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1160}'..='\u{11ff}' | '\u{3099}' | '\u{309a}')
}

/// The words of a normalised text.
pub fn words(normalised: &str) -> impl Iterator<Item = &str> {
    normalised.split(' ').filter(|w| !w.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_forms() {
        for (a, b) in [
            ("KOZLOV, Sergey Mikhaylovich", "kozlov sergey mikhaylovich"),
            ("  Intellekt,  L.L.C. ", "intellekt l l c"),
            ("Müller & Söhne GmbH", "muller sohne gmbh"),
            ("O'Neil", "oneil"),
            ("전진영", "전진영"),
            ("КОЗЛОВ", "козлов"),
            ("İstanbul", "istanbul"),
            ("हिन्दी", "हिन्दी"),
            ("\u{202e}x\u{0}y", "x y"),
            ("", ""),
        ] {
            assert_eq!(normalise(a), b, "{a}");
        }
    }
}
