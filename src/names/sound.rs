//! The consonants of a word, spellings of one sound made one: the key by which the tables' words
//! are found in any romanisation.

/// The consonants of an ASCII word, spellings of one sound made one (`j` is a vowel as often as not); vowels only tell whether the
/// word begins with one.
pub(super) fn skeleton(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let bytes = word.as_bytes();
    let mut i = 0;
    while let Some(rest) = bytes.get(i..).filter(|r| !r.is_empty()) {
        let (sound, used) = match rest {
            [b's', b'h', b'c', b'h', ..] => (b's', 4),
            [b's', b'c', b'h', ..] => (b's', 3),
            [b't', b'c', b'h', ..] => (b'k', 3),
            [b's', b'h' | b'z', ..] => (b's', 2),
            [b'c', b'h' | b'k' | b'z', ..] | [b'k', b'h', ..] => (b'k', 2),
            [b'z', b'h', ..] | [b't', b's' | b'z', ..] => (b's', 2),
            [b'p', b'h', ..] => (b'f', 2),
            [b'd', b'j' | b'z', ..] => (b'g', 2),
            [b'c' | b'q' | b'k' | b'x', ..] => (b'k', 1),
            [b'z' | b's', ..] => (b's', 1),
            [b'w' | b'v', ..] => (b'v', 1),
            [c @ (b'b' | b'd' | b'f' | b'g' | b'l' | b'm' | b'n' | b'p' | b'r' | b't' | b'0'..=b'9'), ..] => (*c, 1),
            _ => (0, 1),
        };
        if sound != 0 && out.as_bytes().last() != Some(&sound) {
            out.push(char::from(sound));
        } else if sound == 0 && i == 0 {
            out.push('a');
        }
        i += used;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::skeleton;

    #[test]
    fn romanisations_of_one_word_meet() {
        assert_eq!(skeleton("obshchestvo"), skeleton("obschestvo"));
        assert_eq!(skeleton("tekhnologiya"), skeleton("technologija"));
        assert_ne!(skeleton("zavod"), skeleton("sovet"));
    }
}
