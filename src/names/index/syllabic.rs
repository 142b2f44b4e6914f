//! Which words may be East Asian syllables in Latin letters: a quick look that spares most names
//! the reading of their syllables.

use crate::names::chars;

/// Consonants that may begin a syllable in any spelling in use.
const BEGIN: [&[u8]; 46] = [
    b"b", b"c", b"ch", b"d", b"dj", b"f", b"g", b"gh", b"h", b"hs", b"j", b"jj", b"k", b"kh", b"kk", b"kw", b"l",
    b"ll", b"m", b"n", b"ng", b"nh", b"p", b"ph", b"pp", b"q", b"r", b"rh", b"rr", b"s", b"sh", b"shch", b"ss", b"sz",
    b"t", b"tch", b"tr", b"ngh", b"th", b"ts", b"tt", b"tz", b"x", b"z", b"zh", b"gw",
];
/// Consonants that may end one.
const END: [&[u8]; 17] =
    [b"", b"rk", b"b", b"c", b"ch", b"d", b"g", b"h", b"k", b"l", b"m", b"n", b"ng", b"nh", b"p", b"r", b"t"];

/// How many syllables a word may be, at most four; 0 for a word that is none of any such name. A word
/// in other letters counts as one.
pub(super) fn syllables(word: &[u8]) -> u8 {
    if !word.is_ascii() {
        return 1;
    }
    if word.len() > 16 || word.iter().any(u8::is_ascii_digit) {
        return 0;
    }
    let vowel = |b: &u8| chars::vowel(*b) || *b == b'w';
    let mut syllables = 0u8;
    let mut rest = word;
    let mut first = true;
    while !rest.is_empty() {
        let consonants = rest.iter().take_while(|b| !vowel(b)).count();
        let (run, after) = rest.split_at(consonants);
        let vowels = after.iter().take_while(|b| vowel(b)).count();
        let fits = match (first, vowels) {
            // The end of the word.
            (false, 0) => END.contains(&run) || run == b"s",
            (true, 0) => END.contains(&run),
            (true, _) => run.is_empty() || BEGIN.contains(&run),
            (false, _) => END.iter().any(|e| run.strip_prefix(*e).is_some_and(|b| b.is_empty() || BEGIN.contains(&b))),
        };
        if !fits || vowels > 4 {
            return 0;
        }
        // A long group may be two syllables, or the glide of one.
        syllables = syllables.saturating_add(u8::from(vowels > 0));
        first = false;
        rest = after.get(vowels..).unwrap_or_default();
    }
    if syllables > 4 { 0 } else { syllables }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for w in [
            "kim",
            "jong",
            "un",
            "chung",
            "hsiao",
            "ping",
            "xiaohong",
            "fangwei",
            "yo",
            "ryong",
            "nguyen",
            "choe",
            "hwang",
            "young",
            "park",
            "phuong",
            "tran",
            "yoshikawa",
            "전진영",
        ] {
            assert!(syllables(w.as_bytes()) > 0, "{w}");
        }
        for w in ["kozlov", "aleksandrovich", "smith", "vladimir", "stock", "x1", "bcd"] {
            assert_eq!(syllables(w.as_bytes()), 0, "{w}");
        }
    }
}
