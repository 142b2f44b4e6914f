//! Ethiopic: every letter a consonant with one of eight vowels.

use crate::names::files;
use std::sync::LazyLock;

static ROWS: LazyLock<Vec<(u32, &'static str)>> = LazyLock::new(|| {
    files::LETTERS_ETHIOPIC
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (code, latin) = line.split_once('\t')?;
            Some((u32::from_str_radix(code, 16).ok()?, latin))
        })
        .collect()
});

/// Two Latin spellings: the sixth vowel silent, and as i between consonants.
pub(super) fn spellings(word: &str) -> [String; 2] {
    let mut out = [String::new(), String::new()];
    let letters: Vec<(&str, u32)> = word
        .chars()
        .filter_map(|c| {
            let code = c as u32;
            let (_, latin) = ROWS.iter().find(|(row, _)| *row == code & !7)?;
            Some((*latin, code & 7))
        })
        .collect();
    for (at, (consonant, order)) in letters.iter().enumerate() {
        // Throat sounds have a where others have e.
        let throat = consonant.is_empty() || *consonant == "h";
        let inner = at > 0 && at + 1 < letters.len();
        for (system, out) in out.iter_mut().enumerate() {
            // The palatal n is mostly spelled gn.
            out.push_str(if *consonant == "ny" && system == 0 { "gn" } else { consonant });
            out.push_str(match order {
                0 if throat => "a",
                0 | 4 => "e",
                1 => "u",
                2 => "i",
                3 => "a",
                5 if at == 0 || (system == 1 && inner) => "i",
                5 => "",
                6 => "o",
                _ => "wa",
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn names() {
        assert_eq!(spellings("መለስ")[0], "meles");
        assert_eq!(spellings("አህመድ")[0], "ahmed");
        assert_eq!(spellings("ዜናዊ")[0], "zenawi");
        assert_eq!(spellings("ኢሳያስ")[0], "isayas");
    }
}
