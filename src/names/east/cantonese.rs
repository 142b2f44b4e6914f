//! Cantonese syllables: how Hong Kong names spell them, and the Mandarin syllables of the characters so read.

use crate::names::files;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use super::{chinese, han, pinyin};

/// Classes of Cantonese syllables start here, behind those of pinyin.
pub(super) const BASE: u32 = 1024;

static SYLLABLES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let all: FxHashSet<&str> = han::all().flat_map(|(_, known)| known.cantonese()).collect();
    let mut all: Vec<&str> = all.into_iter().collect();
    all.sort_unstable();
    all
});

/// For each Cantonese syllable the Mandarin ones of common characters, with the cost of the step.
static MANDARIN: LazyLock<Vec<Vec<(u32, u8)>>> = LazyLock::new(|| {
    let mut all: Vec<FxHashMap<u32, u8>> = vec![FxHashMap::default(); SYLLABLES.len()];
    for (letter, known) in han::all() {
        let cost = if chinese::is_surname(letter) && known.rare <= 4 {
            1
        } else if known.rare <= 3 {
            2
        } else if known.rare <= 4 {
            3
        } else {
            continue;
        };
        let Some(main) = known.pinyin().next().and_then(pinyin::class) else { continue };
        for one in known.cantonese().take(1).filter_map(class) {
            if let Some(found) = all.get_mut((one - BASE) as usize) {
                let known = found.entry(main).or_insert(cost);
                *known = cost.min(*known);
            }
        }
    }
    all.into_iter()
        .map(|found| {
            let mut list: Vec<(u32, u8)> = found.into_iter().collect();
            list.sort_by_key(|(class, cost)| (*cost, *class));
            list.truncate(8);
            list
        })
        .collect()
});

/// The class of a Jyutping syllable without tone.
pub(super) fn class(syllable: &str) -> Option<u32> {
    SYLLABLES.binary_search(&syllable).ok().and_then(|place| u32::try_from(place).ok()).map(|place| place + BASE)
}

/// The syllable of a class.
pub(super) fn syllable(class: u32) -> &'static str {
    class.checked_sub(BASE).and_then(|place| SYLLABLES.get(place as usize)).copied().unwrap_or_default()
}

/// The Mandarin classes of the characters read so.
pub(super) fn mandarin(class: u32) -> &'static [(u32, u8)] {
    class.checked_sub(BASE).and_then(|place| MANDARIN.get(place as usize)).map_or(&[], Vec::as_slice)
}

/// Initial and final of a Jyutping syllable.
pub(super) fn halves(syllable: &str) -> (&str, &str) {
    if syllable == "m" || syllable == "ng" {
        return ("", syllable);
    }
    for initial in ["ng", "gw", "kw"] {
        if let Some(rest) = syllable.strip_prefix(initial) {
            return (initial, rest);
        }
    }
    match syllable.chars().next() {
        Some(first) if "bpmfdtnlgkhwzcsj".contains(first) => syllable.split_at(1),
        _ => ("", syllable),
    }
}

/// The most usual spelling in Hong Kong of a Jyutping syllable.
pub(super) fn usual(syllable: &str) -> String {
    let (initial, last) = halves(syllable);
    let start = match initial {
        "g" => "k",
        "gw" => "kw",
        "z" | "c" => "ch",
        "j" => "y",
        "d" => "t",
        other => other,
    };
    let end = match last {
        "aa" => "ah".to_owned(),
        "eoi" => "ui".to_owned(),
        "oeng" => "eung".to_owned(),
        "oek" => "euk".to_owned(),
        "eon" => "un".to_owned(),
        "eot" => "ut".to_owned(),
        "ou" => "o".to_owned(),
        "yu" => "u".to_owned(),
        "yun" => "uen".to_owned(),
        "yut" => "uet".to_owned(),
        other => other.replace("aa", "a"),
    };
    format!("{start}{end}")
}

/// Every spelling: class, letters, cost.
pub(super) fn spellings() -> Vec<(u32, String, u8)> {
    let mut initials: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    let mut finals: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    let text = files::CANTONESE;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split('\t').map(|column| column.trim_start_matches('-'));
        let (Some(kind), Some(piece), Some(forms)) = (columns.next(), columns.next(), columns.next()) else { continue };
        let table = if kind == "initial" { &mut initials } else { &mut finals };
        let forms: Vec<&str> =
            if forms.is_empty() { vec![""] } else { forms.split(' ').map(|form| form.trim_matches('-')).collect() };
        table.insert(piece, forms);
    }
    let mut all = Vec::new();
    for one in SYLLABLES.iter() {
        let Some(class) = class(one) else { continue };
        let (initial, last) = halves(one);
        let (Some(starts), Some(ends)) = (initials.get(initial), finals.get(last)) else { continue };
        for (place, start) in starts.iter().enumerate() {
            for (at, end) in ends.iter().enumerate() {
                let spelling = format!("{start}{end}");
                // The first two spellings of an initial are both everyday; later finals are rarer.
                let cost = 1 + u8::from(place > 2) + u8::from(at > 1);
                if spelling.chars().any(|letter| "aeiou".contains(letter)) || matches!(spelling.as_str(), "ng" | "m") {
                    all.push((class, spelling, cost));
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hong_kong_spellings_are_among_them() {
        let all = spellings();
        let cases = [
            ("zoeng", "cheung"),
            ("wong", "wong"),
            ("loeng", "leung"),
            ("ng", "ng"),
            ("zau", "chow"),
            ("ceoi", "tsui"),
            ("gwok", "kwok"),
            ("wing", "wing"),
            ("ze", "tse"),
            ("jip", "yip"),
            ("caan", "chan"),
            ("can", "chan"),
        ];
        for (jyutping, spelling) in cases {
            let class = class(jyutping).unwrap();
            assert!(all.iter().any(|(known, form, _)| *known == class && form == spelling), "{jyutping} {spelling}");
            assert_eq!(syllable(class), jyutping);
        }
    }

    #[test]
    fn characters_lead_to_mandarin() {
        let reached = mandarin(class("zoeng").unwrap());
        assert!(reached.iter().any(|(class, _)| pinyin::syllable(*class) == "zhang"));
    }
}
