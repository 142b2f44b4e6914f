//! Cleaning: what a name says once controls, entities, look-alike letters and digits put in the
//! place of letters are gone. The original is never lost; this is the form that is compared.

use super::chars::{self, Writing, leet, look_alike, writing};
use super::profile::Kind;
use super::tables::{Class, tables};
use unicode_normalization::UnicodeNormalization;

/// Characters of a name that are compared; the rest is noted and left aside.
pub const MAX_CHARS: usize = 512;
/// Characters of a name that are read at all.
const MAX_READ: usize = 8 * MAX_CHARS;
/// Marks on one letter; more are noise.
const MAX_MARKS: usize = 3;

/// A cleaned name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cleaned {
    /// Words in their own scripts and letter case, one blank between them; commas, hyphens,
    /// dots, brackets and ampersands are kept, other punctuation became blanks.
    pub text: String,
    /// Whether the name was longer than is compared.
    pub cut: bool,
}

/// Cleans a name. Takes time linear in the first few thousand characters, whatever comes after.
pub fn clean(raw: &str) -> Cleaned {
    clean_as(raw, Kind::Unknown)
}

/// [`clean`], for a name of a party of this kind: a person's name holds no figures, a firm's may.
pub(super) fn clean_as(raw: &str, kind: Kind) -> Cleaned {
    let mut cut = false;
    let mut read: String = raw.chars().take(MAX_READ).collect();
    if read.len() < raw.len() {
        cut = true;
    }
    if read.contains('&') {
        read = entities(&read);
    }
    let mut text = String::with_capacity(read.len());
    let (mut blank, mut marks, mut kept) = (true, 0, 0);
    // Takes a character; false when there are enough.
    let mut take = |c: char| {
        if kept >= MAX_CHARS {
            cut = true;
            return false;
        }
        let Some(c) = keep(c) else { return true };
        if is_mark(c) {
            marks += 1;
            if marks > MAX_MARKS || blank {
                return true;
            }
        } else {
            marks = 0;
        }
        if c == ' ' {
            if !blank {
                text.push(' ');
            }
            blank = true;
        } else {
            text.push(c);
            blank = false;
            kept += 1;
        }
        true
    };
    // Nothing in ASCII has another form.
    let _all = if read.is_ascii() { read.chars().all(&mut take) } else { read.nfkc().all(&mut take) };
    let text = text.trim_end().split(' ').map(|w| word(w, kind)).collect::<Vec<_>>().join(" ");
    Cleaned { text, cut }
}

/// What a character becomes: itself, a blank, or nothing.
fn keep(c: char) -> Option<char> {
    if c.is_alphanumeric() || is_mark(c) {
        return Some(c);
    }
    Some(match c {
        '\'' | '`' | '´' | '’' | '‘' | 'ʼ' | 'ʻ' | 'ʹ' | 'ʾ' | 'ʿ' | '′' | '״' | '׳' => '\'',
        '-' | '‐' | '‑' | '‒' | '–' | '—' | '−' | '־' => '-',
        ',' | '،' | '，' | '、' => ',',
        '.' | '。' | '．' => '.',
        '·' | '・' | '･' => ' ',
        '(' | '[' | '{' => '(',
        ')' | ']' | '}' => ')',
        '&' | '＆' | '+' => '&',
        '/' | '№' | '@' | '$' | '#' => c,
        // Characters without a shape of their own: joined over, so that a word stays one word.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{180b}'..='\u{180f}'
        | '\u{e0000}'..='\u{e01ef}' => return None,
        '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' => ' ',
        c if c.is_control() => return None,
        _ => ' ',
    })
}

pub(super) fn is_mark(c: char) -> bool {
    !c.is_ascii() && unicode_normalization::char::is_combining_mark(c)
}

/// One word: letters that look like those of the script around them are put into it, and digits
/// within letters read as letters.
fn word(w: &str, kind: Kind) -> String {
    if w.is_ascii() && !w.bytes().any(|b| b.is_ascii_digit() || b == b'@' || b == b'$') {
        return w.to_string();
    }
    let (mut latin, mut cyrillic, mut greek, mut digits) = (0, 0, 0, 0);
    for c in w.chars() {
        match writing(c) {
            Writing::Latin => latin += 1,
            Writing::Cyrillic => cyrillic += 1,
            Writing::Greek => greek += 1,
            _ if c.is_ascii_digit() || c == '@' || c == '$' => digits += 1,
            _ => {}
        }
    }
    let mut out = w.to_string();
    if usize::from(latin > 0) + usize::from(cyrillic > 0) + usize::from(greek > 0) > 1 {
        out = one_script(&out, latin, cyrillic, greek);
    }
    let letters = latin + cyrillic + greek;
    if digits > 0 && letters > 0 {
        out = match misread(&out, letters, kind) {
            Some(whole) => whole,
            None if letters >= 3 => letters_for_digits(&out),
            None => out,
        };
    }
    out.chars().map(|c| if matches!(c, '@' | '$' | '#' | '/' | '№') { ' ' } else { c }).collect()
}

/// A word of several scripts in the one that all its letters can be read in; where none can hold
/// all of them, as it is.
fn one_script(w: &str, latin: usize, cyrillic: usize, greek: usize) -> String {
    let mut order = [(latin, Writing::Latin), (cyrillic, Writing::Cyrillic), (greek, Writing::Greek)];
    order.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
    for (_, into) in order {
        let read = |c: char| match writing(c) {
            Writing::Common | Writing::Other => Some(c),
            own if own == into => Some(c),
            _ => look_alike(c, into),
        };
        if let Some(whole) = w.chars().map(read).collect::<Option<String>>() {
            return whole;
        }
    }
    w.to_string()
}

/// Digits between letters, read as the letters they look like. A word that ends or begins in
/// digits has a number there and keeps it.
fn letters_for_digits(w: &str) -> String {
    let chars: Vec<char> = w.chars().collect();
    let letter = |i: Option<&char>| i.is_some_and(|c| c.is_alphabetic());
    let one = |(i, &c): (usize, &char)| match leet(c) {
        Some(_) if i > 0 && letter(chars.get(i - 1)) && letter(chars.get(i + 1)) => letter_for(&chars, i, c),
        Some(l) if matches!(c, '@' | '$') && (letter(chars.get(i + 1)) || i > 0 && letter(chars.get(i - 1))) => l,
        _ => c,
    };
    chars.iter().enumerate().map(one).collect()
}

/// A word with figures that a reader of print took for letters, at its ends too, read as letters;
/// `None` where a figure may be one.
fn misread(w: &str, letters: usize, kind: Kind) -> Option<String> {
    let chars: Vec<char> = w.chars().collect();
    let digits = chars.iter().filter(|c| c.is_ascii_digit()).count();
    let all =
        chars.iter().filter(|c| c.is_ascii_digit()).all(|c| leet(*c).is_some() || *c == '2' && kind == Kind::Person);
    if digits == 0 || !all {
        return None;
    }
    let first = chars.first().is_some_and(char::is_ascii_digit);
    let last = chars.iter().rev().find(|c| c.is_alphanumeric()).is_some_and(char::is_ascii_digit);
    let bare: String = chars.iter().filter(|c| c.is_alphabetic()).flat_map(|c| c.to_lowercase()).collect();
    let ordinal = first && matches!(bare.as_str(), "st" | "nd" | "rd" | "th");
    let yes = match kind {
        _ if ordinal => false,
        Kind::Person => digits * 2 <= letters,
        // No number begins with a nought, and a firm's that begins with one figure has a capital
        // after it: 5Star, 3Com.
        _ if first && letters >= 3 && !last => {
            chars.first() == Some(&'0')
                || digits == 1 && chars.get(1..3).is_some_and(|c| c.iter().all(|c| c.is_lowercase()))
        }
        _ => false,
    };
    let read = || chars.iter().enumerate().map(|(i, c)| letter_for(&chars, i, *c)).collect::<String>();
    if yes {
        return Some(read());
    }
    // Capita1: a word of firms' names when its last figure is a letter.
    let notion = |t: &str| {
        let t = t.trim_end_matches(['.', ',']).to_lowercase();
        tables().concept_at(|k| (k == 0).then_some(t.as_str())).is_some()
    };
    if kind != Kind::Person && last && digits == 1 && letters >= 4 && !notion(&bare) {
        return Some(read()).filter(|t| notion(t));
    }
    // C0. and 1nc: what would else be a legal form or what a body calls itself.
    let short = digits == 1 && letters + digits <= 3 && (letters >= 2 || chars.contains(&'0'));
    let form = |t: &str| {
        let t = t.trim_end_matches(['.', ',']).to_lowercase();
        let word = |k: usize| (k == 0).then_some(t.as_str());
        let generic = || tables().concept_at(word).is_some_and(|(c, _)| tables().class(c) == Some(Class::Generic));
        tables().form_at(word).is_some() || generic()
    };
    (kind != Kind::Person && short && !ordinal).then(read).filter(|t| form(t))
}

/// A figure as the letter it was misread for; 1 is an l by a vowel, else an i.
fn letter_for(chars: &[char], i: usize, c: char) -> char {
    let at = |k: Option<usize>| k.and_then(|k| chars.get(k)).map(|c| c.to_ascii_lowercase());
    let (before, after) = (at(i.checked_sub(1)), at(Some(i + 1)));
    let vowel = |c: Option<char>| c.and_then(|c| u8::try_from(c).ok()).is_some_and(chars::vowel);
    let beside = [before, after];
    let end = after.is_none_or(|c| !c.is_alphanumeric());
    let letter = match c {
        '1' if beside.iter().flatten().any(|c| matches!(c, 'i' | 'l' | '1')) => 'l',
        '2' => 'z',
        '1' if vowel(after) || end && vowel(before) => 'l',
        _ => leet(c).filter(|_| c.is_ascii_digit() || c == '@' || c == '$').unwrap_or(c),
    };
    let capital = |c: Option<&char>| c.is_none_or(|c| !c.is_lowercase());
    if letter != c && i > 0 && capital(chars.get(i - 1)) && capital(chars.get(i + 1)) {
        letter.to_ascii_uppercase()
    } else {
        letter
    }
}

/// Decodes the entities that lists are known to leave in names, and numbered ones.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let end = from.char_indices().take(10).find(|(_, c)| *c == ';').map(|(i, _)| i);
        match end.and_then(|end| Some((entity(from.get(1..end)?)?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = from.get(end + 1..).unwrap_or("");
            }
            None => {
                out.push('&');
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "apos" | "lsquo" | "rsquo" => '\'',
        "quot" | "ldquo" | "rdquo" | "laquo" | "raquo" => '"',
        "lt" | "gt" | "nbsp" => ' ',
        "ndash" | "mdash" | "minus" => '-',
        "eacute" => 'é',
        "egrave" => 'è',
        "aacute" => 'á',
        "agrave" => 'à',
        "iacute" => 'í',
        "oacute" => 'ó',
        "uacute" => 'ú',
        "ntilde" => 'ñ',
        "ccedil" => 'ç',
        "auml" => 'ä',
        "ouml" => 'ö',
        "uuml" => 'ü',
        "aring" => 'å',
        "oslash" => 'ø',
        "aelig" => 'æ',
        "szlig" => 'ß',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &str) -> String {
        clean(raw).text
    }

    #[test]
    fn controls_and_odd_blanks_go() {
        assert_eq!(text("Or\u{200b}lan\u{202e} \t\r\n Vester\u{feff}"), "Orlan Vester");
        assert_eq!(text("\u{2028}Orlan\u{2028}Vester"), "Orlan Vester");
        assert_eq!(text("\"Orlan\" ~ Vester!"), "Orlan Vester");
        assert_eq!(text("\0\u{1f600}"), "");
    }

    #[test]
    fn wide_and_circled_letters_become_plain() {
        assert_eq!(text("ＯＲＬＡＮ Ⓥⓔⓢⓣⓔⓡ"), "ORLAN Vester");
    }

    #[test]
    fn look_alikes_are_put_right_only_in_mixed_words() {
        assert_eq!(text("Оrlаn"), "Orlan");
        assert_eq!(text("Орлан Vester"), "Орлан Vester");
        assert_eq!(text("Вестep"), "Вестер");
    }

    #[test]
    fn digits_within_letters_are_letters_and_others_numbers() {
        assert_eq!(text("0rl4n V3st3r"), "orlan Vester");
        assert_eq!(text("Orlan 12 B747 2Go"), "Orlan 12 B747 2Go");
    }

    #[test]
    fn entities_are_decoded() {
        assert_eq!(text("Orlan &amp; S&ouml;hne &#1054;ОО"), "Orlan & Söhne ООО");
        assert_eq!(text("A & B &; &nonsense; &#99999999;"), "A & B & &nonsense & 99999999");
    }

    #[test]
    fn marks_pile_up_only_so_far_and_length_is_bounded() {
        assert_eq!(text("\u{301}\u{301}"), "");
        assert!(text(&format!("a{}", "\u{334}".repeat(50))).chars().count() <= 4);
        let long = clean(&"abc ".repeat(5000));
        assert!(long.cut && long.text.chars().filter(|c| *c != ' ').count() == MAX_CHARS);
    }
}
