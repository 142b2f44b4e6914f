//! Thai and Lao: syllables with vowels before, above, below and after their consonant.

use crate::names::files;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// Spellings of a consonant at the start and at the end of a syllable.
static CONSONANTS: LazyLock<FxHashMap<char, [&'static str; 2]>> = LazyLock::new(|| {
    files::LETTERS_THAI
        .lines()
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let letter = fields.next()?.chars().next().filter(|c| *c != '#')?;
            Some((letter, [fields.next()?, fields.next()?]))
        })
        .collect()
});

fn consonant(c: Option<&char>) -> Option<[&'static str; 2]> {
    CONSONANTS.get(c?).copied()
}

/// A sign that makes the consonant before it the start of a syllable.
fn is_sign(c: Option<&char>) -> bool {
    matches!(c, Some('ะ' | 'ั' | 'า' | 'ำ' | 'ิ' | 'ี' | 'ึ' | 'ื' | 'ุ' | 'ู' | '็'))
}

/// Lao letters as the Thai ones at the same place; tone marks and silenced letters left out
/// (`spoken`), or the silenced ones kept, which foreign names want.
fn plain(word: &str, spoken: bool) -> Vec<char> {
    let mut out: Vec<char> = Vec::new();
    for c in word.chars() {
        match c {
            'ໜ' => out.push('น'),
            'ໝ' => out.push('ม'),
            'ຽ' => out.extend(['ี', 'ย']),
            'ຼ' => out.push('ล'),
            'ົ' => out.push('็'),
            '์' | '໌' if !spoken => {}
            '์' | '໌' => {
                // The mark silences the letter before it, and a vowel below that letter.
                while out.last().is_some_and(|last| is_sign(Some(last))) {
                    out.pop();
                }
                out.pop();
            }
            '\u{e80}'..='\u{eff}' => {
                let thai = char::from_u32(c as u32 - 0x80).filter(|t| !is_tone(*t));
                out.extend(thai);
            }
            'ๆ' => {}
            _ if is_tone(c) => {}
            _ => out.push(c),
        }
    }
    out
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{e48}'..='\u{e4b}' | '\u{e4d}' | '\u{e4e}')
}

/// Up to two Latin spellings: silenced letters left out, and kept.
pub(super) fn spellings(word: &str) -> [String; 2] {
    [true, false].map(|spoken| spell(&plain(word, spoken)))
}

/// Latin spelling by the Royal Thai General System, nearly: what is not written (vowels inside
/// learned words, letters that have fallen silent) is guessed.
fn spell(letters: &[char]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < letters.len() {
        let before = at;
        let lead = letters.get(at).copied().filter(|c| ('เ'..='ไ').contains(c));
        if lead.is_some() {
            at += 1;
        }
        let Some([initial, _]) = consonant(letters.get(at)) else {
            at = before + 1;
            continue;
        };
        let silent_h = letters.get(at) == Some(&'ห')
            && matches!(letters.get(at + 1), Some('น' | 'ม' | 'ร' | 'ล' | 'ว' | 'ย' | 'ญ' | 'ง'))
            && (lead.is_some() || is_sign(letters.get(at + 2)));
        if !silent_h {
            out.push_str(initial);
        }
        at += 1;
        // A second consonant of a cluster.
        // (w only after k sounds).
        let second = match letters.get(at) {
            Some('ร' | 'ล') => true,
            Some('ว') => matches!(at.checked_sub(1).and_then(|i| letters.get(i)), Some('ก' | 'ข' | 'ค')),
            _ => false,
        };
        let cluster = silent_h
            || (second
                && (is_sign(letters.get(at + 1)) || (lead.is_some() && consonant(letters.get(at + 1)).is_some())));
        if cluster && let Some([second, _]) = consonant(letters.get(at)) {
            out.push_str(second);
            at += 1;
        }
        at = vowel(letters, at, lead, &mut out);
        // A last consonant, unless it starts the next syllable.
        if let Some([_, last]) = consonant(letters.get(at)) {
            let next = letters.get(at + 1);
            let starts = is_sign(next) || (next == Some(&'อ') && letters.get(at) != Some(&'อ'));
            // Two last consonants after a vowel are a syllable of their own (phumi-phon).
            let own = consonant(next).is_some()
                && at + 2 == letters.len()
                && !matches!(at.checked_sub(1).and_then(|i| letters.get(i)), Some('ั' | '็'))
                && is_sign(at.checked_sub(1).and_then(|i| letters.get(i)));
            let starts = starts || own;
            let cluster = matches!(next, Some('ร' | 'ล')) && is_sign(letters.get(at + 2));
            if !starts && !cluster {
                out.push_str(last);
                at += 1;
            }
        }
    }
    out
}

/// Writes the vowel of a syllable whose consonants end before `at`, and says where it ends.
fn vowel(letters: &[char], at: usize, lead: Option<char>, out: &mut String) -> usize {
    let one = letters.get(at);
    let two = letters.get(at + 1);
    let (spelled, len) = match (lead, one, two) {
        (Some('เ'), Some('ี'), Some('ย')) => ("ia", 2),
        (Some('เ'), Some('ื'), Some('อ')) => ("uea", 2),
        (Some('เ'), Some('า'), Some('ะ')) => ("o", 2),
        (Some('เ'), Some('า'), _) => ("ao", 1),
        (Some('เ'), Some('ิ' | 'อ'), _) => ("oe", 1),
        (Some('เ'), Some('ย'), _) => ("oei", 1),
        (Some('เ'), Some('็' | 'ะ'), _) => ("e", 1),
        (Some('เ'), _, _) => ("e", 0),
        (Some('แ'), Some('็' | 'ะ'), _) => ("ae", 1),
        (Some('แ'), _, _) => ("ae", 0),
        (Some('โ'), Some('ะ'), _) => ("o", 1),
        (Some('โ'), _, _) => ("o", 0),
        (Some('ไ'), Some('ย'), _) => ("ai", 1),
        (Some(_), _, _) => ("ai", 0),
        (None, Some('ั'), Some('ว')) => ("ua", 2),
        (None, Some('ั'), Some('ย')) => ("ai", 2),
        (None, Some('ั' | 'ะ' | 'า'), _) => ("a", 1),
        (None, Some('ำ'), _) => ("am", 1),
        (None, Some('ิ' | 'ี'), _) => ("i", 1),
        (None, Some('ึ'), _) => ("ue", 1),
        (None, Some('ื'), Some('อ')) => ("ue", 2),
        (None, Some('ื'), _) => ("ue", 1),
        (None, Some('ุ' | 'ู'), _) => ("u", 1),
        (None, Some('็'), Some('อ')) => ("o", 2),
        (None, Some('็'), _) => ("o", 1),
        (None, Some('อ'), _) => ("o", 1),
        (None, Some('ร'), Some('ร')) => {
            let closed = consonant(letters.get(at + 2)).is_some() && !is_sign(letters.get(at + 3));
            (if closed { "a" } else { "an" }, 2)
        }
        (None, Some('ว'), Some(_)) if consonant(two).is_some() => ("ua", 1),
        (None, Some('ร'), None) => ("o", 0),
        (None, Some(_), _) if consonant(one).is_some() => {
            let closes = !is_sign(two) && two != Some(&'อ');
            (if closes { "o" } else { "a" }, 0)
        }
        (None, None, _) => ("", 0),
        (None, Some(_), _) => ("a", 0),
    };
    out.push_str(spelled);
    at + len
}

#[cfg(test)]
mod tests {
    fn spelling(word: &str) -> String {
        let [spoken, _] = super::spellings(word);
        spoken
    }

    #[test]
    fn names() {
        assert_eq!(spelling("ทักษิณ"), "thaksin");
        assert_eq!(spelling("ประยุทธ์"), "prayut");
        assert_eq!(spelling("สมชาย"), "somchai");
        assert_eq!(spelling("ภูมิพล"), "phumiphon");
        assert_eq!(spelling("วิชัย"), "wichai");
        assert_eq!(spelling("ปูติน"), "putin");
        assert_eq!(spelling("พร"), "phon");
        assert_eq!(spelling("ສົມສັກ"), "somsak");
    }
}
