//! A cleaned name cut into words.

use super::chars::unspaced;

/// One word as cut out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Raw {
    /// Lower case, in its own letters.
    pub(super) text: String,
    /// Hangs on the word before.
    pub(super) hyphen: bool,
    /// A dot stood after it, or within: an abbreviation or initials.
    pub(super) dot: bool,
    /// Letters run together from dotted letters.
    pub(super) dotted: bool,
    /// A comma stood after it.
    pub(super) comma: bool,
    /// Within brackets.
    pub(super) bracket: bool,
}

/// Cuts a cleaned name into at most `limit` words; the second value says whether there were more.
/// `letters_join`: two or three dotted letters are an abbreviation (`C.K.`), not initials.
pub(super) fn split(text: &str, limit: usize, letters_join: bool) -> (Vec<Raw>, bool) {
    let mut out: Vec<Raw> = Vec::new();
    let mut depth = false;
    let (mut chunk, mut hyphen) = (String::new(), false);
    let end = |out: &mut Vec<Raw>, chunk: &mut String, hyphen: &mut bool, depth: bool| {
        if !chunk.is_empty() {
            cut(chunk, *hyphen, depth, letters_join, out);
            chunk.clear();
        }
        *hyphen = false;
    };
    for c in text.chars() {
        match c {
            '\'' if chunk.is_empty() => {}
            '\'' => chunk.push('\''),
            '-' => {
                let had = !chunk.is_empty();
                end(&mut out, &mut chunk, &mut hyphen, depth);
                hyphen = had;
            }
            ',' => {
                end(&mut out, &mut chunk, &mut hyphen, depth);
                if let Some(last) = out.last_mut() {
                    last.comma = true;
                }
            }
            '(' | ')' => {
                end(&mut out, &mut chunk, &mut hyphen, depth);
                depth = c == '(';
            }
            '&' => {
                end(&mut out, &mut chunk, &mut hyphen, depth);
                out.push(Raw { text: "and".into(), bracket: depth, ..Raw::default() });
            }
            '.' => chunk.push('.'),
            c if c.is_alphanumeric() || super::clean::is_mark(c) => chunk.push(c),
            _ => end(&mut out, &mut chunk, &mut hyphen, depth),
        }
        if out.len() > limit + 1 {
            break;
        }
    }
    end(&mut out, &mut chunk, &mut hyphen, depth);
    let more = out.len() > limit;
    out.truncate(limit);
    (out, more)
}

/// One run of letters, digits and dots.
fn cut(chunk: &str, hyphen: bool, bracket: bool, letters_join: bool, out: &mut Vec<Raw>) {
    let first = out.len();
    let parts: Vec<&str> = chunk.split('.').map(|p| p.trim_matches('\'')).filter(|p| !p.is_empty()).collect();
    let single = |p: &&str| {
        p.chars().filter(|c| !super::clean::is_mark(*c)).count() == 1 && !p.starts_with(|c: char| c.is_numeric())
    };
    let dotted = chunk.contains('.');
    if parts.len() >= 2 && parts.iter().all(single) && (letters_join || parts.len() >= 4) {
        out.push(Raw { text: lower(&parts.concat()), dot: true, dotted: true, ..Raw::default() });
    } else {
        for part in parts {
            pieces(part, dotted, out);
        }
    }
    for (i, raw) in out.iter_mut().skip(first).enumerate() {
        raw.bracket = bracket;
        raw.hyphen |= hyphen && i == 0;
    }
}

/// A run of letters and digits: cut where small letters meet a capital (`VladimirPutin`), and
/// between letters and figures (`ZAVOD9`).
fn pieces(part: &str, dot: bool, out: &mut Vec<Raw>) {
    let chars: Vec<char> = part.chars().collect();
    let mut from = 0;
    let mut push = |range: &[char], joined: bool| {
        let text: String = range.iter().collect();
        out.push(Raw { text: lower(&text), hyphen: joined, dot, ..Raw::default() });
    };
    for i in 1..chars.len() {
        let (Some(before), Some(here), Some(head)) = (chars.get(i - 1), chars.get(i), chars.get(from..i)) else {
            break;
        };
        let rest = chars.len() - i;
        let camel = before.is_lowercase() && here.is_uppercase() && head.len() >= 2 && rest >= 2 && !keeps(head);
        let figures = before.is_alphabetic() != here.is_alphabetic()
            && before.is_numeric() != here.is_numeric()
            && !ordinal(head, chars.get(i..).unwrap_or(&[]))
            && (head.len() >= 2 && before.is_alphabetic() || rest >= 3 && here.is_alphabetic());
        if camel || figures {
            push(head, from > 0);
            from = i;
        }
    }
    if let Some(rest) = chars.get(from..) {
        push(rest, from > 0);
    }
}

/// `3rd`, `21st`, `2nd`, `5th`.
fn ordinal(head: &[char], rest: &[char]) -> bool {
    let ending: String = rest.iter().collect::<String>().to_lowercase();
    head.iter().all(char::is_ascii_digit) && matches!(ending.as_str(), "st" | "nd" | "rd" | "th")
}

/// Beginnings after which a capital stays within the word: McCoy, DeVito.
fn keeps(head: &[char]) -> bool {
    let text: String = head.iter().collect::<String>().to_lowercase();
    matches!(
        text.as_str(),
        "mc" | "mac" | "de" | "la" | "le" | "di" | "da" | "du" | "del" | "van" | "fitz" | "al" | "el"
    )
}

fn lower(text: &str) -> String {
    if text.chars().any(unspaced) {
        return text.to_string();
    }
    // A dotted capital I becomes i and a mark when made small; the mark says nothing here.
    text.to_lowercase().replace('\u{307}', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str, join: bool) -> Vec<String> {
        split(text, 64, join).0.into_iter().map(|r| r.text).collect()
    }

    #[test]
    fn words_initials_and_runs() {
        assert_eq!(words("VESTER, Orlan K.", false), ["vester", "orlan", "k"]);
        assert_eq!(words("O.K. Vester", false), ["o", "k", "vester"]);
        assert_eq!(words("O.K. Vester", true), ["ok", "vester"]);
        assert_eq!(words("O.r.l.a.n Vester", false), ["orlan", "vester"]);
        assert_eq!(words("OrlanVester McCoy VestaAG", false), ["orlan", "vester", "mccoy", "vesta", "ag"]);
        assert_eq!(words("ZAVOD9 3rd K9 B747", false), ["zavod", "9", "3rd", "k9", "b747"]);
        assert_eq!(words("O'Vester al-Orlan", false), ["o'vester", "al", "orlan"]);
        assert_eq!(words("Co.,Ltd.", true), ["co", "ltd"]);
        assert_eq!(words("...---,,,", false), Vec::<String>::new());
    }

    #[test]
    fn marks_of_the_writing_are_kept() {
        let (raw, more) = split("Vester, Orlan-Kai (Tula)", 64, false);
        assert!(!more && raw[0].comma && raw[2].hyphen && raw[3].bracket);
        assert!(split(&"a ".repeat(100), 64, false).1);
    }
}
