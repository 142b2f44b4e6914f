//! The scripts of India and Sri Lanka: consonants with an inherent vowel that signs replace.

use crate::names::files;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;
use unicode_script::{Script, UnicodeScript};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Consonant,
    Vowel,
    Sign,
    Nasal,
    Breath,
    NoVowel,
    Dot,
    Final,
    Nothing,
}

type Glyph = (Kind, &'static str);

struct Table {
    places: [Option<Glyph>; 128],
    own: FxHashMap<char, Glyph>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { places: [None; 128], own: FxHashMap::default() };
    for line in files::LETTERS_INDIC.lines() {
        let mut fields = line.split('\t');
        let (Some(letter), Some(kind), Some(latin)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let kind = match kind {
            "C" => Kind::Consonant,
            "V" => Kind::Vowel,
            "S" => Kind::Sign,
            "N" => Kind::Nasal,
            "H" => Kind::Breath,
            "X" => Kind::NoVowel,
            "D" => Kind::Dot,
            "F" => Kind::Final,
            _ => Kind::Nothing,
        };
        let glyph = (kind, if latin == "-" { "" } else { latin });
        if letter.is_ascii() {
            if let Ok(place) = usize::from_str_radix(letter, 16)
                && let Some(slot) = table.places.get_mut(place)
            {
                *slot = Some(glyph);
            }
        } else if let Some(c) = letter.chars().next() {
            table.own.insert(c, glyph);
        }
    }
    table
});

fn glyph(c: char) -> Option<Glyph> {
    if let Some(own) = TABLE.own.get(&c) {
        return Some(*own);
    }
    let code = c as usize;
    if !(0x900..0xd80).contains(&code) {
        return None;
    }
    TABLE.places.get(code & 0x7f).copied().flatten()
}

/// With a dot below: the sounds of Persian and Arabic, and the flapped r.
fn dotted(latin: &str) -> &str {
    match latin {
        "k" => "q",
        "g" => "gh",
        "j" => "z",
        "d" => "r",
        "dh" => "rh",
        "ph" => "f",
        "s" => "sh",
        other => other,
    }
}

/// A written syllable: consonant (or none), vowel (`None`: the inherent one).
#[derive(Debug, Clone)]
struct Syllable {
    consonant: &'static str,
    vowel: Option<&'static str>,
    dotted: bool,
    /// What follows the vowel: a nasal or breath.
    coda: &'static str,
}

fn syllables(word: &str) -> Vec<Syllable> {
    let mut out: Vec<Syllable> = Vec::new();
    let bare = |consonant, vowel| Syllable { consonant, vowel, dotted: false, coda: "" };
    for c in word.chars() {
        let Some((kind, latin)) = glyph(c) else {
            continue;
        };
        match (kind, out.last_mut()) {
            (Kind::Consonant, _) => out.push(bare(latin, None)),
            (Kind::Final, _) => out.push(bare(latin, Some(""))),
            (Kind::Vowel, _) => out.push(bare("", Some(latin))),
            (Kind::Sign, Some(last)) => last.vowel = Some(latin),
            (Kind::NoVowel, Some(last)) => last.vowel = Some(""),
            (Kind::Dot, Some(last)) => last.dotted = true,
            (Kind::Nasal | Kind::Breath, Some(last)) => last.coda = latin,
            _ => {}
        }
    }
    out
}

/// How a Tamil stop reads by its place.
fn tamil<'a>(latin: &'a str, first: bool, after: &str, doubled: bool) -> &'a str {
    let voiced = !first && !doubled && after.bytes().last().is_some_and(|b| b != b'r');
    let nasal = matches!(after.bytes().last(), Some(b'n' | b'm' | b'y' | b'g'));
    match latin {
        "k" if voiced => "g",
        "ch" if first => "s",
        "ch" if nasal => "j",
        "ch" if voiced => "s",
        "t" if voiced => "d",
        "p" if voiced => "b",
        other => other,
    }
}

/// Up to three Latin spellings: as spoken (vowels fallen silent left out), as written, and with
/// Tamil stops unvoiced.
pub(super) fn spellings(word: &str) -> Vec<String> {
    let script = word.chars().find(|c| glyph(*c).is_some()).map(|c| c.script());
    let drops_last = matches!(script, Some(Script::Devanagari | Script::Bengali | Script::Gurmukhi | Script::Gujarati));
    let is_tamil = script == Some(Script::Tamil);
    let written = syllables(word);
    let mut out = Vec::new();
    let bengali = script == Some(Script::Bengali);
    for (silent, voiced) in [(true, true), (false, true), (false, false)] {
        let spelling = spell(&written, silent && drops_last, drops_last, is_tamil && voiced);
        // Bengali has no letter for w and writes o-y.
        let spelling = match spelling.strip_prefix("oya") {
            Some(rest) if bengali => format!("wa{rest}"),
            _ => spelling,
        };
        if !out.contains(&spelling) {
            out.push(spelling);
        }
    }
    out
}

fn spell(written: &[Syllable], silent: bool, drops_last: bool, voice: bool) -> String {
    let mut out = String::new();
    let last = written.len().saturating_sub(1);
    let mut dropped_before = false;
    for (at, syllable) in written.iter().enumerate() {
        let next = written.get(at + 1);
        let doubled = |other: Option<&Syllable>| {
            other.is_some_and(|o| o.consonant == syllable.consonant)
                && (syllable.vowel == Some("") || other.is_some_and(|o| o.vowel == Some("")))
        };
        let before = at.checked_sub(1).and_then(|i| written.get(i));
        let twin = doubled(next) || before.is_some_and(|b| b.vowel == Some("") && doubled(Some(b)));
        // The Bengali letter `Y` is j, but y with a dot or below another consonant.
        let below = before.is_some_and(|b| b.vowel == Some("")) && !twin;
        let mut consonant = match syllable.consonant {
            "Y" if syllable.dotted || below => "y",
            "Y" => "j",
            other if syllable.dotted => dotted(other),
            other => other,
        };
        if voice {
            consonant = tamil(consonant, at == 0, &out, twin);
        }
        out.push_str(consonant);
        let inherent = syllable.vowel.is_none();
        let vowel = syllable.vowel.unwrap_or("a");
        let is_last = at == last && syllable.coda.is_empty();
        // A short a between two open syllables is not spoken: Rahaman is Rahman.
        let between = silent
            && inherent
            && at > 0
            && !dropped_before
            && syllable.coda.is_empty()
            && before.is_some_and(|b| b.vowel != Some("") && b.coda.is_empty())
            && next.is_some_and(|n| !n.consonant.is_empty() && n.vowel != Some(""))
            && (at + 1 < last || next.is_some_and(|n| n.vowel.is_some()));
        dropped_before = between;
        if !(inherent && ((is_last && drops_last && at > 0) || between)) {
            out.push_str(if vowel == "aa" { "a" } else { vowel });
        }
        let labial = next.is_some_and(|n| n.consonant.starts_with(['p', 'b', 'm']));
        match syllable.coda {
            "n" if labial => out.push('m'),
            coda => out.push_str(coda),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn names() {
        let first = |word: &str| spellings(word).remove(0);
        assert_eq!(first("नरेंद्र"), "narendr");
        assert_eq!(first("मोदी"), "modi");
        assert_eq!(first("रहमान"), "rahman");
        assert_eq!(first("हसीना"), "hasina");
        assert_eq!(first("হাসিনা"), "hasina");
        assert_eq!(first("শেখ"), "shekh");
        assert_eq!(first("যাদব"), "jadab");
        assert_eq!(first("রায়"), "ray");
        assert_eq!(first("ওয়াজেদ"), "wajed");
        assert_eq!(first("ਸਿੰਘ"), "singh");
        assert_eq!(first("પટેલ"), "patel");
        assert_eq!(first("நரேந்திர"), "narendira");
        assert_eq!(first("రెడ్డి"), "reddi");
        assert_eq!(first("രാജൻ"), "rajan");
        assert_eq!(first("රාජපක්ෂ"), "rajapaksha");
        assert_eq!(first("गांधी"), "gandhi");
        assert!(spellings("abc").iter().all(String::is_empty));
    }
}
