//! Japanese syllables in Latin letters and kana, folded so that Hepburn, Kunrei and long-vowel habits meet.

use crate::names::chars::{pure_vowel, vowel};

/// Folds a word in romaji (marks already stripped, lower case): `None` if it is none.
/// `si`, `tya`, `zyo` as in Kunrei; long vowels short; no m before b, m and p.
pub(super) fn fold(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    let mut out = String::with_capacity(bytes.len() + 2);
    let mut place = 0;
    while let Some(rest) = word.get(place..).filter(|rest| !rest.is_empty()) {
        place += mora(rest, &mut out)?;
    }
    shorten(&out)
}

/// Takes one syllable from the start: how many bytes.
fn mora(rest: &str, out: &mut String) -> Option<usize> {
    let mut letters = rest.bytes();
    let first = letters.next()?;
    let second = letters.next();
    if pure_vowel(first) {
        out.push(char::from(first));
        return Some(1 + lengthened(rest.as_bytes()));
    }
    match (first, second) {
        (b'\'' | b'-', _) => return Some(1),
        (b'n', None) => {
            out.push('n');
            return Some(1);
        }
        (b'n', Some(next)) if !vowel(next) => {
            out.push('n');
            return Some(if next == b'\'' { 2 } else { 1 });
        }
        (b'm', Some(b'b' | b'm' | b'p')) => {
            out.push('n');
            return Some(1);
        }
        // Double consonants.
        (b't', Some(b'c')) => {
            out.push('t');
            return Some(1);
        }
        (_, Some(next)) if next == first && b"kstpgdbcz".contains(&first) => {
            out.push(if first == b'c' { 't' } else { char::from(first) });
            return Some(1);
        }
        _ => {}
    }
    let (initial, folded) = INITIALS.iter().find(|(initial, _)| rest.starts_with(initial))?;
    let behind = rest.get(initial.len()..)?;
    let next = behind.bytes().next().filter(|next| pure_vowel(*next))?;
    out.push_str(match (*folded, next) {
        // These before i are the plain row; before other vowels a glide.
        ("sy" | "ty" | "zy", b'i') => folded.get(..1)?,
        ("d", b'i' | b'u') => "z",
        ("w", b'o') => "",
        (other, _) => other,
    });
    out.push(char::from(next));
    Some(initial.len() + 1 + lengthened(behind.as_bytes()))
}

/// 1 if the o at the start has an h behind it that only lengthens it (Ohno, Satoh), else 0.
fn lengthened(letters: &[u8]) -> usize {
    match letters {
        [b'o', b'h'] => 1,
        [b'o', b'h', next, ..] if !vowel(*next) => 1,
        _ => 0,
    }
}

/// Initials, longest first, and their fold.
static INITIALS: [(&str, &str); 38] = [
    ("shy", "sy"),
    ("chy", "ty"),
    ("jy", "zy"),
    ("sh", "sy"),
    ("ch", "ty"),
    ("ts", "t"),
    ("dz", "z"),
    ("dj", "zy"),
    ("ky", "ky"),
    ("gy", "gy"),
    ("sy", "sy"),
    ("zy", "zy"),
    ("ty", "ty"),
    ("dy", "zy"),
    ("ny", "ny"),
    ("hy", "hy"),
    ("by", "by"),
    ("py", "py"),
    ("my", "my"),
    ("ry", "ry"),
    ("kw", "k"),
    ("j", "zy"),
    ("k", "k"),
    ("g", "g"),
    ("s", "s"),
    ("z", "z"),
    ("t", "t"),
    ("d", "d"),
    ("n", "n"),
    ("h", "h"),
    ("f", "h"),
    ("b", "b"),
    ("v", "b"),
    ("p", "p"),
    ("m", "m"),
    ("y", "y"),
    ("r", "r"),
    ("w", "w"),
];

/// Long o and u as short ones.
fn shorten(word: &str) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    for letter in word.chars() {
        match (out.chars().next_back(), letter) {
            (Some('o'), 'o' | 'u') | (Some('u'), 'u') => {}
            _ => out.push(letter),
        }
    }
    (!out.is_empty()).then_some(out)
}

/// Kana (hiragana, katakana, half-width already widened) in romaji; `None` if another letter is among them.
pub(super) fn from_kana(word: &str) -> Option<String> {
    let mut out = String::new();
    let mut doubled = false;
    for letter in word.chars() {
        let code = u32::from(letter);
        let kana = if (0x30a1..=0x30f6).contains(&code) { char::from_u32(code - 0x60)? } else { letter };
        match kana {
            'ー' | '・' | '゛' | '゜' => continue,
            'っ' => {
                doubled = true;
                continue;
            }
            'ゃ' | 'ゅ' | 'ょ' | 'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' => {
                // A small vowel takes the place of the one before.
                out.pop();
                if matches!(kana, 'ゃ' | 'ゅ' | 'ょ')
                    && !out.ends_with('j')
                    && !out.ends_with("sh")
                    && !out.ends_with("ch")
                {
                    out.push('y');
                }
                out.push(match kana {
                    'ゃ' | 'ぁ' => 'a',
                    'ゅ' | 'ぅ' => 'u',
                    'ょ' | 'ぉ' => 'o',
                    'ぃ' => 'i',
                    _ => 'e',
                });
                continue;
            }
            _ => {}
        }
        let (_, romaji) = KANA.iter().find(|(row, _)| row.contains(kana))?;
        let place = KANA.iter().find_map(|(row, _)| row.chars().position(|known| known == kana))?;
        let romaji = romaji.split(' ').nth(place)?;
        if doubled {
            out.push_str(romaji.get(..1)?);
            doubled = false;
        }
        out.push_str(romaji);
    }
    Some(out)
}

static KANA: [(&str, &str); 16] = [
    ("あいうえお", "a i u e o"),
    ("かきくけこ", "ka ki ku ke ko"),
    ("がぎぐげご", "ga gi gu ge go"),
    ("さしすせそ", "sa shi su se so"),
    ("ざじずぜぞ", "za ji zu ze zo"),
    ("たちつてと", "ta chi tsu te to"),
    ("だぢづでど", "da ji zu de do"),
    ("なにぬねの", "na ni nu ne no"),
    ("はひふへほ", "ha hi fu he ho"),
    ("ばびぶべぼ", "ba bi bu be bo"),
    ("ぱぴぷぺぽ", "pa pi pu pe po"),
    ("まみむめも", "ma mi mu me mo"),
    ("やゆよ", "ya yu yo"),
    ("らりるれろ", "ra ri ru re ro"),
    ("わゐゑを", "wa i e o"),
    ("んゔ", "n vu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn habits_of_spelling_meet() {
        let cases = [
            ["taro", "tarou", "taroh"],
            ["ono", "oono", "ohno"],
            ["shinzo", "sinzou", "shinzoh"],
            ["kyoko", "kyouko", "kyohko"],
            ["junichi", "jun'ichi", "zyunichi"],
            ["honma", "homma", "honma"],
            ["fujita", "huzita", "fujita"],
            ["tsuchiya", "tutiya", "tsuchiya"],
            ["hattori", "hattori", "hattori"],
            ["jiro", "zirou", "jirou"],
        ];
        for case in cases {
            let folded: Vec<Option<String>> = case.iter().map(|word| fold(word)).collect();
            assert!(folded[0].is_some() && folded.iter().all(|one| *one == folded[0]), "{folded:?}");
        }
        assert_ne!(fold("kato"), fold("goto"));
        for word in ["smith", "vladimir", "long", "kim", "el", "x", "q'"] {
            assert_eq!(fold(word), None, "{word}");
        }
    }

    #[test]
    fn kana_are_read() {
        let cases = [
            ("やまだ", "yamada"),
            ("タロウ", "tarou"),
            ("しょうじ", "shouji"),
            ("はっとり", "hattori"),
            ("じゅんこ", "junko"),
            ("きょうこ", "kyouko"),
            ("ちゃ", "cha"),
        ];
        for (kana, romaji) in cases {
            assert_eq!(from_kana(kana).as_deref(), Some(romaji));
        }
        assert_eq!(from_kana("山だ"), None);
    }
}
