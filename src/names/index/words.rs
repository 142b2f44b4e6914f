//! The words of a name as the index takes them. Plain ASCII names, nearly all of a large register,
//! take a short way; the rest is cleaned first.

use super::super::clean::clean_as;
use crate::names::Kind;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words of a name that are indexed.
pub(super) const MAX_WORDS: usize = 48;
/// Bytes of a word that are indexed.
pub(super) const MAX_BYTES: usize = 64;
/// Bytes of a plain name that are read.
const MAX_READ: usize = 4096;

/// The words of a name, one after the other.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    ends: Vec<u32>,
    /// Words that are run together from dotted letters, not words of the name's own.
    runs: u64,
    /// Single letters that a dot holds to the next word.
    glued: u64,
}

impl Words {
    /// How many.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Each word, and whether it is one of the name's own.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, bool)> + Clone {
        self.ends.iter().enumerate().map(|(i, end)| {
            let from = i.checked_sub(1).and_then(|k| self.ends.get(k)).map_or(0, |e| *e as usize);
            let own = self.runs >> i & 1 == 0;
            (self.text.get(from..*end as usize).unwrap_or_default(), own)
        })
    }

    /// Takes the words of a name in place of those held.
    pub(super) fn take(&mut self, name: &str, kind: Kind) {
        self.text.clear();
        self.ends.clear();
        (self.runs, self.glued) = (0, 0);
        if !self.plain(name) {
            self.text.clear();
            self.ends.clear();
            (self.runs, self.glued) = (0, 0);
            self.cleaned(name, kind);
        }
    }

    /// The short way; false for a name that needs cleaning.
    fn plain(&mut self, name: &str) -> bool {
        let bytes = name.as_bytes();
        let bytes = bytes.get(..bytes.len().min(MAX_READ)).unwrap_or_default();
        let mut letters = 0usize;
        let (mut digits, mut alphas) = (false, false);
        for (i, b) in bytes.iter().enumerate() {
            match b {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                    letters += 1;
                    let digit = b.is_ascii_digit();
                    digits |= digit;
                    alphas |= !digit;
                    if letters <= MAX_BYTES {
                        self.text.push(char::from(b.to_ascii_lowercase()));
                    }
                }
                b'\'' | b'`' => {}
                // May begin an entity; stand for letters within a word.
                b'&' if bytes.get(i..).is_some_and(|r| r.iter().take(12).any(|c| *c == b';')) => return false,
                b'@' | b'$' | 0x80.. | ..0x20 => return false,
                _ => {
                    if digits && alphas {
                        return false;
                    }
                    let glued = *b == b'.' && bytes.get(i + 1).is_some_and(u8::is_ascii_alphanumeric);
                    self.end_word(letters == 1 && alphas && glued);
                    letters = 0;
                    digits = false;
                    alphas = false;
                }
            }
        }
        self.end_word(false);
        if digits && alphas {
            return false;
        }
        self.runs_together();
        true
    }

    /// Ends the word that was being written, if any. `glued`: a single letter that a dot holds to
    /// the next word.
    fn end_word(&mut self, glued: bool) {
        let from = self.ends.last().map_or(0, |e| *e as usize);
        if self.text.len() == from {
            return;
        }
        if self.ends.len() >= MAX_WORDS {
            self.text.truncate(from);
            return;
        }
        self.glued |= u64::from(glued) << self.ends.len();
        self.ends.push(self.text.len() as u32);
    }

    /// Adds what dotted letters make when they are run together, after the name's own words.
    fn runs_together(&mut self) {
        if self.glued == 0 {
            return;
        }
        let own = self.ends.len();
        let mut i = 0;
        while i < own {
            let from = i;
            while self.glued >> i & 1 == 1 && i + 1 < own && self.single(i + 1) {
                i += 1;
            }
            if i > from && self.ends.len() < MAX_WORDS {
                let start = from.checked_sub(1).and_then(|k| self.ends.get(k)).map_or(0, |e| *e as usize);
                let end = self.ends.get(i).map_or(0, |e| *e as usize);
                self.text.extend_from_within(start..end);
                self.runs |= 1 << self.ends.len();
                self.ends.push(self.text.len() as u32);
            }
            i += 1;
        }
    }

    /// Whether a word is one character.
    fn single(&self, i: usize) -> bool {
        self.iter().nth(i).is_some_and(|(w, _)| w.chars().nth(1).is_none())
    }

    fn cleaned(&mut self, name: &str, kind: Kind) {
        let cleaned = clean_as(name, kind);
        let part_of_word = |c: char| c.is_alphanumeric() || c == '\'' || is_combining_mark(c);
        let mut rest = cleaned.text.as_str();
        while !rest.is_empty() && self.ends.len() < MAX_WORDS {
            let end = rest.find(|c: char| !part_of_word(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let mut chars = after.chars();
            let glued = chars.next() == Some('.') && chars.clone().next().is_some_and(part_of_word);
            fold_word(word, &mut self.text);
            self.end_word(glued && word.chars().nth(1).is_none());
            rest = chars.as_str();
        }
        self.runs_together();
    }
}

/// A word in the form it has in the dictionary: lower case, without apostrophes; Latin letters without their marks, all
/// others as they are.
fn fold_word(word: &str, out: &mut String) {
    let start = out.len();
    for c in word.chars().flat_map(char::to_lowercase) {
        if out.len() - start + c.len_utf8() > MAX_BYTES {
            break;
        }
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            '\'' => {}
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'ə' => out.push('a'),
            'ħ' => out.push('h'),
            'ŧ' => out.push('t'),
            // Latin letters with marks, and marks of their own.
            '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => {
                let letters = std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c));
                out.extend(letters.flat_map(|c| if c == 'ı' { 'i' } else { c }.to_lowercase()));
            }
            '\u{300}'..='\u{36f}' => {}
            _ => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str) -> Vec<String> {
        let mut w = Words::default();
        w.take(name, Kind::Unknown);
        w.iter().map(|(t, own)| if own { t.to_owned() } else { format!("({t})") }).collect()
    }

    #[test]
    fn words_of_names() {
        for (name, expected) in [
            ("KOZLOV, Sergey Mikhaylovich", "kozlov sergey mikhaylovich"),
            ("Kozlov S.M.", "kozlov s m (sm)"),
            ("S. M. Kozlov", "s m kozlov"),
            ("I.V. GORYNIN", "i v gorynin (iv)"),
            ("Intellekt, L.L.C", "intellekt l l c (llc)"),
            ("AGROESPINAL S.A.", "agroespinal s a (sa)"),
            ("AL-RAWI", "al rawi"),
            ("O'Neil", "oneil"),
            ("Müller & Söhne GmbH", "muller sohne gmbh"),
            ("Козлов С.М.", "козлов с м (см)"),
            ("Ｂａｓｈｉｒ", "bashir"),
            ("Na1m", "naim"),
            ("CARMELLO NO. 1", "carmello no 1"),
            ("M/V Long", "m v long"),
            ("", ""),
            ("...", ""),
            ("-1", "1"),
            ("전진영", "전진영"),
        ] {
            assert_eq!(words(name).join(" "), expected, "{name}");
        }
    }

    #[test]
    fn long_names_are_bounded() {
        for name in
            ["a ".repeat(10_000), "a".repeat(10_000), "a.".repeat(10_000), "é ".repeat(9_000), "é.".repeat(9_000)]
        {
            let mut w = Words::default();
            w.take(&name, Kind::Unknown);
            assert!(w.len() <= MAX_WORDS);
            assert!(w.iter().all(|(t, _)| t.len() <= MAX_WORDS.max(MAX_BYTES)));
        }
    }
}
