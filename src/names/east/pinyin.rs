//! Mandarin syllables without tone, their Wade-Giles and Palladius spellings.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::han;

/// All syllables the characters have, sorted; a class is the place in this list.
static SYLLABLES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let all: FxHashSet<&str> = han::all().flat_map(|(_, known)| known.pinyin()).collect();
    let mut all: Vec<&str> = all
        .into_iter()
        .filter(|one| !matches!(*one, "r" | "lo" | "yo" | "o" | "ei" | "kei" | "tei" | "zhei" | "shei" | "den"))
        .collect();
    all.sort_unstable();
    all
});

/// The class of a syllable (`v` for u-umlaut).
pub(super) fn class(syllable: &str) -> Option<u32> {
    let syllable = match syllable {
        "lyu" => "lv",
        "nyu" => "nv",
        "lue" | "lyue" => "lve",
        "nue" | "nyue" => "nve",
        other => other,
    };
    SYLLABLES.binary_search(&syllable).ok().and_then(|place| u32::try_from(place).ok())
}

/// The syllable of a class.
#[cfg(test)]
pub(super) fn syllable(class: u32) -> &'static str {
    SYLLABLES.get(class as usize).copied().unwrap_or_default()
}

/// All syllables with their classes.
pub(super) fn all() -> impl Iterator<Item = (u32, &'static str)> {
    (0..).zip(SYLLABLES.iter().copied())
}

/// Initial and rest.
pub(super) fn halves(syllable: &str) -> (&str, &str) {
    for initial in ["zh", "ch", "sh"] {
        if let Some(rest) = syllable.strip_prefix(initial) {
            return (initial, rest);
        }
    }
    match syllable.chars().next() {
        Some(first) if "bpmfdtnlgkhjqxrzcsyw".contains(first) => syllable.split_at(1),
        _ => ("", syllable),
    }
}

/// The Wade-Giles spelling, with apostrophes; `v` for u-umlaut, no other marks.
pub(super) fn wade(syllable: &str) -> String {
    let whole = match syllable {
        "zhi" => "chih",
        "chi" => "ch'ih",
        "shi" => "shih",
        "ri" => "jih",
        "zi" => "tzu",
        "ci" => "tz'u",
        "si" => "ssu",
        "yi" => "i",
        "ye" => "yeh",
        "yan" => "yen",
        "you" => "yu",
        "yong" => "yung",
        "yu" => "yv",
        "yue" => "yveh",
        "yuan" => "yvan",
        "yun" => "yvn",
        "er" => "erh",
        "ge" => "ko",
        "ke" => "k'o",
        "he" => "ho",
        "gui" => "kuei",
        "kui" => "k'uei",
        "shuo" => "shuo",
        "guo" => "kuo",
        "kuo" => "k'uo",
        "huo" => "huo",
        "wo" => "wo",
        _ => "",
    };
    if !whole.is_empty() {
        return whole.to_owned();
    }
    let (initial, rest) = halves(syllable);
    let umlaut = matches!(initial, "j" | "q" | "x") && rest.starts_with('u');
    let start = match initial {
        "b" => "p",
        "p" => "p'",
        "d" => "t",
        "t" => "t'",
        "g" => "k",
        "k" => "k'",
        "j" | "zh" => "ch",
        "q" | "ch" => "ch'",
        "x" => "hs",
        "r" => "j",
        "z" => "ts",
        "c" => "ts'",
        other => other,
    };
    let end = match rest {
        "ian" => "ien".to_owned(),
        "ie" => "ieh".to_owned(),
        "ve" => "veh".to_owned(),
        "ue" => "veh".to_owned(),
        "ong" => "ung".to_owned(),
        "iong" => "iung".to_owned(),
        "uo" => "o".to_owned(),
        "u" | "uan" | "un" if umlaut => rest.replacen('u', "v", 1),
        other => other.to_owned(),
    };
    format!("{start}{end}")
}

/// The spelling in Russian (Palladius).
pub(super) fn palladius(syllable: &str) -> String {
    let whole = match syllable {
        "zi" => "цзы",
        "ci" => "цы",
        "si" => "сы",
        "er" => "эр",
        "yi" => "и",
        "ya" => "я",
        "ye" => "е",
        "yao" => "яо",
        "you" => "ю",
        "yan" => "янь",
        "yin" => "инь",
        "yang" => "ян",
        "ying" => "ин",
        "yong" => "юн",
        "yu" => "юй",
        "yue" => "юэ",
        "yuan" => "юань",
        "yun" => "юнь",
        "wu" => "у",
        _ => "",
    };
    if !whole.is_empty() {
        return whole.to_owned();
    }
    let (initial, rest) = halves(syllable);
    let umlaut = matches!(initial, "j" | "q" | "x") && rest.starts_with('u');
    let start = match initial {
        "b" => "б",
        "p" => "п",
        "m" => "м",
        "f" => "ф",
        "d" => "д",
        "t" => "т",
        "n" => "н",
        "l" => "л",
        "g" => "г",
        "k" => "к",
        "h" => "х",
        "j" | "z" => "цз",
        "q" | "c" => "ц",
        "x" | "s" => "с",
        "zh" => "чж",
        "ch" => "ч",
        "sh" => "ш",
        "r" => "ж",
        "w" => "в",
        _ => "",
    };
    let end = match rest {
        "u" if umlaut => "юй",
        "ue" => "юэ",
        "uan" if umlaut => "юань",
        "un" if umlaut => "юнь",
        "v" => "юй",
        "ve" => "юэ",
        "a" => "а",
        "o" => "о",
        "e" => "э",
        "ai" => "ай",
        "ei" => "эй",
        "ao" => "ао",
        "ou" => "оу",
        "an" => "ань",
        "en" => "энь",
        "ang" => "ан",
        "eng" => "эн",
        "ong" => "ун",
        "i" => "и",
        "ia" => "я",
        "ie" => "е",
        "iao" => "яо",
        "iu" => "ю",
        "ian" => "янь",
        "in" => "инь",
        "iang" => "ян",
        "ing" => "ин",
        "iong" => "юн",
        "u" => "у",
        "ua" => "уа",
        "uo" => "о",
        "uai" => "уай",
        "ui" => "уй",
        "uan" => "уань",
        "un" => "унь",
        "uang" => "уан",
        _ => "",
    };
    format!("{start}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_textbook_syllables() {
        let cases = [
            ("zhang", "ch'ang".replace('\'', ""), "чжан"),
            ("qing", "ch'ing".to_owned(), "цин"),
            ("xiao", "hsiao".to_owned(), "сяо"),
            ("jiang", "chiang".to_owned(), "цзян"),
            ("ze", "tse".to_owned(), "цзэ"),
            ("dong", "tung".to_owned(), "дун"),
            ("xu", "hsv".to_owned(), "сюй"),
            ("yue", "yveh".to_owned(), "юэ"),
            ("guo", "kuo".to_owned(), "го"),
            ("wang", "wang".to_owned(), "ван"),
        ];
        for (pinyin, other, russian) in cases {
            assert_eq!((wade(pinyin), palladius(pinyin)), (other, russian.to_owned()), "{pinyin}");
        }
    }

    #[test]
    fn every_syllable_has_a_class_and_spellings_hardly_collide() {
        let mut seen: std::collections::HashMap<String, &str> = std::collections::HashMap::new();
        for (number, one) in all() {
            assert_eq!(class(one), Some(number));
            assert_eq!(syllable(number), one);
            assert!(!palladius(one).is_empty(), "{one}");
            if let Some(other) = seen.insert(wade(one), one) {
                // Wade-Giles writes yu with and without umlaut; nothing else is ambiguous.
                panic!("{one} and {other} are both {}", wade(one));
            }
        }
        assert!(seen.len() > 390);
    }
}
