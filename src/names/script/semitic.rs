//! Words in Arabic and Hebrew letters, which leave most vowels out.

use super::family;
use super::reading::{Reading, Readings};
use super::tradition::Tradition;
use crate::names::chars::pure_vowel;
use crate::names::files;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

struct Row {
    letters: Box<[char]>,
    start: bool,
    end: bool,
    /// As Arabic and as Slavic units.
    units: [Vec<u16>; 2],
    latin: &'static str,
}

static ROWS: LazyLock<FxHashMap<char, Vec<Row>>> = LazyLock::new(|| {
    let mut rows: FxHashMap<char, Vec<Row>> = FxHashMap::default();
    for line in LETTERS.lines() {
        if let Some(row) = row(line)
            && let Some(first) = row.letters.first()
        {
            rows.entry(*first).or_default().push(row);
        }
    }
    for list in rows.values_mut() {
        list.sort_by_key(|row| {
            let flags = usize::from(row.start) + usize::from(row.end);
            std::cmp::Reverse((row.letters.len(), flags))
        });
    }
    rows
});

static LETTERS: &str = files::LETTERS_SEMITIC;
/// A vowel that is not written: costs nothing to leave out.
const OPEN: &str = "E!";

/// All units of the letters, for the tables of the traditions that read them.
pub(super) fn units() -> impl Iterator<Item = &'static str> {
    let letters = LETTERS.lines().filter(|line| !line.starts_with('#'));
    letters.filter_map(|line| line.split('\t').nth(2)).flat_map(str::split_whitespace).chain(std::iter::once(OPEN))
}

fn row(line: &'static str) -> Option<Row> {
    let mut fields = line.split('\t');
    let letters: Box<[char]> = fields.next()?.chars().collect();
    let place = fields.next()?;
    let texts = fields.next()?;
    let numbers = |tradition: Tradition| -> Option<Vec<u16>> {
        texts.split_whitespace().map(|text| tradition.rules().number(text)).collect()
    };
    let units = [numbers(Tradition::Arabic)?, numbers(Tradition::Slavic)?];
    Some(Row { letters, start: place.contains('^'), end: place.contains('$'), units, latin: fields.next()? })
}

/// Letters only: no vowel points, no tatweel, no joiners; the article in front dropped.
fn letters(word: &str) -> Vec<char> {
    let all: Vec<char> = word.chars().filter(|c| ROWS.contains_key(c) || *c == '׳').collect();
    match all.as_slice() {
        ['ا' | 'ٱ', 'ل', rest @ ..] if rest.len() >= 3 => rest.to_vec(),
        // Two letters are more likely a word of their own, unless known (al-haqq).
        ['ا' | 'ٱ', 'ل', rest @ ..] if !family::latin(&String::from_iter(rest)).is_empty() => rest.to_vec(),
        _ => all,
    }
}

fn walk(word: &[char], mut each: impl FnMut(&'static Row)) {
    let mut at = 0;
    while let Some(letter) = word.get(at) {
        let row = ROWS.get(letter).and_then(|list| {
            list.iter().find(|row| {
                let rest = word.get(at..).unwrap_or(&[]);
                rest.starts_with(&row.letters)
                    && (!row.start || at == 0)
                    && (!row.end || rest.len() == row.letters.len())
            })
        });
        if let Some(row) = row {
            each(row);
        }
        at += row.map_or(1, |row| row.letters.len().max(1));
    }
}

/// A word cut into the parts of a name written together: `abdul` in front, "of the faith" or
/// "of God" behind.
struct Parts<'a> {
    servant: bool,
    middle: &'a [char],
    behind: &'static str,
}

fn parts(word: &[char]) -> Parts<'_> {
    let (servant, rest) = match word {
        ['ع', 'ب', 'د', 'ا', 'ل', rest @ ..] if rest.len() >= 3 => (true, rest),
        _ => (false, word),
    };
    let (middle, behind) = match rest {
        [middle @ .., 'ا', 'ل', 'د', 'ي' | 'ی', 'ن'] if middle.len() >= 2 => (middle, "eddin"),
        [middle @ .., 'ا', 'ل', 'ل', 'ه' | 'ہ'] if middle.len() >= 2 => (middle, "ullah"),
        [middle @ .., 'ا', 'ل', 'ح', 'ق'] if middle.len() >= 2 => (middle, "ulhaq"),
        [middle @ .., 'ا', 'ل', 'ر', 'ح', 'م', 'ن'] | [middle @ .., 'ا', 'ل', 'ر', 'ح', 'م', 'ا', 'ن']
            if middle.len() >= 2 =>
        {
            (middle, "ulrahman")
        }
        _ => (rest, ""),
    };
    Parts { servant, middle, behind }
}

/// One way to write letters that editors and languages write in several: for looking names up.
/// Vowel points, joiners and a lone hamza are dropped.
pub(super) fn canonical(word: &str) -> String {
    word.chars()
        .filter_map(|c| {
            Some(match c {
                'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
                'ى' | 'ی' | 'ئ' => 'ي',
                'ک' | 'ڪ' => 'ك',
                'ة' | 'ۃ' | 'ہ' | 'ھ' | 'ە' | 'ۀ' => 'ه',
                'ؤ' => 'و',
                'ء' | 'ـ' | '\u{64b}'..='\u{65f}' | '\u{670}' => return None,
                '\u{591}'..='\u{5c7}' | '\u{200b}'..='\u{200f}' => return None,
                other => other,
            })
        })
        .collect()
}

/// The sounds of a word, with a vowel that may be there between any two consonants. `None` when
/// no letter is Arabic or Hebrew.
pub(super) fn reading(word: &str) -> Option<Reading> {
    let rules = Tradition::Arabic.rules();
    let mut reading = Reading::EMPTY;
    let letters = letters(word);
    let parts = parts(&letters);
    let mut fixed = Readings::new();
    let mut append = |reading: &mut Reading, latin: &str| {
        rules.read_word(latin.as_bytes(), &mut fixed);
        for unit in fixed.iter().next().unwrap_or(&[]) {
            reading.push(*unit);
        }
    };
    if parts.servant {
        append(&mut reading, "abdul");
    }
    spoken(parts.middle, Tradition::Arabic, &mut reading)?;
    append(&mut reading, parts.behind);
    (!reading.units().is_empty()).then_some(reading)
}

/// The sounds as a Slavic name would have them: Russians are written in these letters too.
pub(super) fn as_slavic(word: &str) -> Option<Reading> {
    let mut reading = Reading::EMPTY;
    spoken(&letters(word), Tradition::Slavic, &mut reading)?;
    (!reading.units().is_empty()).then_some(reading)
}

fn spoken(word: &[char], tradition: Tradition, reading: &mut Reading) -> Option<()> {
    let rules = tradition.rules();
    let open = rules.number(OPEN)?;
    let vowel = |unit: u16| rules.unit(unit).is_vowel();
    let mut first = true;
    walk(word, |row| {
        let [arabic, slavic] = &row.units;
        for unit in if tradition == Tradition::Slavic { slavic } else { arabic } {
            if !first && reading.units().last().is_some_and(|last| !vowel(*last) && !vowel(*unit)) {
                reading.push(open);
            }
            first = false;
            reading.push(*unit);
        }
    });
    Some(())
}

/// A guess with `a` between consonants, and the bare letters.
pub(super) fn spellings(word: &str) -> [String; 2] {
    let letters = letters(word);
    let parts = parts(&letters);
    let front = if parts.servant { "abdul" } else { "" };
    let (mut guess, mut bare) = (String::new(), String::new());
    let vowel = |b: Option<u8>| b.is_some_and(pure_vowel);
    walk(parts.middle, |row| {
        let first = row.latin.bytes().next();
        if first.is_some() && !guess.is_empty() && !vowel(guess.bytes().last()) && !vowel(first) {
            guess.push('a');
        }
        guess.push_str(row.latin);
        bare.push_str(row.latin);
    });
    // The part in the middle may be a known name.
    if parts.servant || !parts.behind.is_empty() {
        let middle: String = parts.middle.iter().collect();
        if let Some(known) = family::latin(&middle).first() {
            guess = (*known).to_owned();
        }
    }
    [guess, bare].map(|middle| format!("{front}{middle}{}", parts.behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_parts() {
        assert_eq!(spellings("القذافي")[1], "qdhafi");
        assert_eq!(spellings("عبدالغفار")[0].get(..5), Some("abdul"));
        assert_eq!(spellings("حبیب‌الله")[0], "habibullah");
        assert_eq!(canonical("أَحْمَد"), "احمد");
        assert_eq!(spellings("שָׁלוֹם")[0], "shalom");
        assert!(reading("abc").is_none());
    }
}
