//! Arabic names of several words: the article, servant names, names with "of the faith".

use super::family::families;
use crate::names::chars::pure_vowel;

/// An Arabic name that takes up several neighbouring words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compound {
    /// First word, 0-based.
    pub start: usize,
    /// Number of words.
    pub len: usize,
    /// The whole as one ASCII word for [`fold`](super::fold), for example `abdulrahman`.
    pub word: String,
}

/// Whether a Latin word is the Arabic article (in any of its spellings before sun letters).
fn is_article(word: &str) -> bool {
    matches!(
        word,
        "al" | "el"
            | "ul"
            | "ol"
            | "il"
            | "as"
            | "ash"
            | "es"
            | "esh"
            | "ar"
            | "er"
            | "ur"
            | "an"
            | "en"
            | "ad"
            | "ed"
            | "ud"
            | "az"
            | "ez"
            | "at"
            | "et"
            | "us"
            | "ush"
            | "l"
            | "ould"
    )
}

fn is_servant(word: &str) -> bool {
    matches!(
        word,
        "abd"
            | "abdul"
            | "abdel"
            | "abdal"
            | "abdol"
            | "abdoul"
            | "abdur"
            | "abder"
            | "abdus"
            | "abdu"
            | "abde"
            | "abdo"
            | "abed"
            | "abid"
    )
}

fn is_faith(word: &str) -> bool {
    matches!(
        word,
        "din"
            | "deen"
            | "dine"
            | "eddin"
            | "eddine"
            | "aldin"
            | "aldeen"
            | "uddin"
            | "uddine"
            | "oddin"
            | "eldin"
            | "eldine"
            | "eldeen"
            | "addin"
            | "addine"
            | "ddin"
            | "edin"
            | "edine"
            | "udin"
            | "uddeen"
            | "ouddine"
    )
}

/// Whether `god` after `word` is the second half of a name. With its vowel of the genitive it is nothing
/// else; without, or written short, it is a word of its own too (a surname begins with it, Ulla is a
/// woman): then the two must make a known name.
fn of_god(word: &str, god: &str) -> bool {
    let known = || ["ullah", "allah", "ollah"].iter().any(|end| !families(&format!("{word}{end}")).is_empty());
    match god {
        "ullah" | "ollah" | "llah" | "illah" => true,
        "allah" | "alla" | "ulla" | "olla" | "lah" => known(),
        _ => false,
    }
}

/// Finds Arabic names spread over neighbouring words: `abd al rahman`, `abdul malik`,
/// `jamal al din`, `saif ullah`. Words are ASCII lower case, in order as written; what is found
/// does not overlap. At most 64 words are looked at.
pub fn compounds(words: &[&str]) -> Vec<Compound> {
    let mut found = Vec::new();
    let words = words.get(..words.len().min(64)).unwrap_or(words);
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let next = words.get(at + 1).copied();
        let after = words.get(at + 2).copied();
        let compound = if is_servant(word) {
            match (next, after) {
                (Some(article), Some(rest)) if is_article(article) && rest.len() > 2 => {
                    Some((3, format!("abdul{rest}")))
                }
                (Some(rest), _) if rest.len() > 2 && *word != "abid" && *word != "abed" => {
                    Some((2, format!("abdul{}", without_article(rest).unwrap_or(rest))))
                }
                _ => None,
            }
        } else {
            match (next, after) {
                (Some(article), Some(faith)) if is_article(article) && is_faith(faith) && word.len() > 2 => {
                    Some((3, format!("{word}eddin")))
                }
                (Some(faith), _) if is_faith(faith) && word.len() > 2 => Some((2, format!("{word}eddin"))),
                (Some(god), _) if word.len() > 2 && of_god(word, god) => Some((2, format!("{word}ullah"))),
                _ => None,
            }
        };
        match compound {
            Some((len, word)) => {
                found.push(Compound { start: at, len, word });
                at += len;
            }
            None => at += 1,
        }
    }
    found
}

/// What is left of a word that ends with the article of the next (`fazlur` rehman, `nurul` islam).
pub(super) fn bound(word: &str) -> Option<&str> {
    let stem = word.strip_suffix("ul").or_else(|| word.strip_suffix("ur"))?;
    (stem.len() > 2).then_some(stem)
}

/// What is left of a word that begins with the article written together (`alqadhafi`,
/// `elsayed`, `assisi`): at least five letters, else `None`.
pub(super) fn without_article(word: &str) -> Option<&str> {
    let rest = ["al", "el"].iter().find_map(|article| word.strip_prefix(article)).or_else(|| {
        // Before a sun letter: the article's consonant is the word's first.
        let bytes = word.as_bytes();
        match (bytes.first(), bytes.get(1), bytes.get(2)) {
            (Some(b'a' | b'e'), Some(x), Some(y)) if x == y && matches!(x, b's' | b'd' | b'r' | b'n' | b't' | b'z') => {
                word.get(2..)
            }
            _ => None,
        }
    })?;
    let consonant = rest.bytes().next().is_some_and(|b| !pure_vowel(b));
    (rest.len() >= 5 && consonant).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_several_words() {
        let found = compounds(&["abd", "al", "rahman", "jamal", "al", "din", "omar"]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].start, found[0].len), (0, 3));
        assert_eq!(found[0].word, "abdulrahman");
        assert_eq!(found[1].word, "jamaleddin");
        assert_eq!(compounds(&["abdul", "malik"])[0].word, "abdulmalik");
        assert_eq!(compounds(&["saif", "ullah"])[0].word, "saifullah");
        assert_eq!(bound("fazlur"), Some("fazl"));
        assert_eq!(compounds(&["rahmat", "allah"])[0].word, "rahmatullah");
        assert_eq!(compounds(&["nasr", "alla"])[0].word, "nasrullah");
        // The surname begins with it; a woman's name; no name that anybody bears.
        for apart in [["hossein", "allah"], ["maria", "ulla"], ["vestar", "alla"]] {
            assert!(compounds(&apart).is_empty(), "{apart:?}");
        }
        assert!(compounds(&["john", "smith"]).is_empty());
        assert_eq!(without_article("alqadhafi"), Some("qadhafi"));
        assert_eq!(without_article("ali"), None);
        assert_eq!(without_article("albert"), None);
    }
}
