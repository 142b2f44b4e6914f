//! Words in Arabic and Hebrew letters, which leave most vowels out.

use super::rules::Reading;
use super::tradition::Tradition;
use super::units::Unit;
use std::collections::HashMap;
use std::sync::LazyLock;

struct Row {
    letters: Box<[char]>,
    start: bool,
    end: bool,
    units: Vec<Unit>,
    latin: &'static str,
}

static ROWS: LazyLock<HashMap<char, Vec<Row>>> = LazyLock::new(|| {
    let mut rows: HashMap<char, Vec<Row>> = HashMap::new();
    for line in include_str!("../../../data/names/script/letters_semitic.tsv").lines() {
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

fn row(line: &'static str) -> Option<Row> {
    let mut fields = line.split('\t');
    let letters: Box<[char]> = fields.next()?.chars().collect();
    let place = fields.next()?;
    let rules = Tradition::Arabic.rules();
    let mut units = Vec::new();
    for text in fields.next()?.split_whitespace() {
        let mut unit = Unit::parse(text)?;
        unit.gap = rules.gap(&unit);
        units.push(unit);
    }
    Some(Row {
        letters,
        start: place.contains('^'),
        end: place.contains('$'),
        units,
        latin: fields.next()?,
    })
}

/// Letters only: no vowel points, no tatweel, no joiners; the article in front dropped.
fn letters(word: &str) -> Vec<char> {
    let all: Vec<char> = word
        .chars()
        .filter(|c| ROWS.contains_key(c) || *c == '׳')
        .collect();
    match all.as_slice() {
        ['ا' | 'ٱ', 'ل', rest @ ..] if rest.len() >= 3 => rest.to_vec(),
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

/// The sounds of a word, with a vowel that may be there between any two consonants. `None` when
/// no letter is Arabic or Hebrew.
pub(super) fn reading(word: &str) -> Option<Reading> {
    let rules = Tradition::Arabic.rules();
    let mut open = Unit::parse("E")?;
    open.gap = 0;
    let mut reading = Reading::EMPTY;
    walk(&letters(word), |row| {
        for unit in &row.units {
            let last = reading.units().last();
            if last.is_some_and(|last| !last.is_vowel() && !unit.is_vowel()) {
                reading.push(open);
            }
            reading.push(*unit);
        }
    });
    rules.mark_ends(&mut reading);
    (!reading.units().is_empty()).then_some(reading)
}

/// A guess with `a` between consonants, and the bare letters.
pub(super) fn spellings(word: &str) -> [String; 2] {
    let (mut guess, mut bare) = (String::new(), String::new());
    let vowel = |b: Option<u8>| matches!(b, Some(b'a' | b'e' | b'i' | b'o' | b'u'));
    walk(&letters(word), |row| {
        let first = row.latin.bytes().next();
        if first.is_some() && !guess.is_empty() && !vowel(guess.bytes().last()) && !vowel(first) {
            guess.push('a');
        }
        guess.push_str(row.latin);
        bare.push_str(row.latin);
    });
    [guess, bare]
}
