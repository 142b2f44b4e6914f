//! The script a text is written in, as an ISO 15924 code.

use unicode_script::{Script, UnicodeScript};

/// The script of most letters of a text (`Latn`, `Cyrl`, `Hang` ...), or `None` when it
/// has no letters. Common and inherited characters do not vote; ties go to the first seen.
pub fn script_of(text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return text.bytes().any(|b| b.is_ascii_alphabetic()).then_some("Latn");
    }
    let mut votes: Vec<(Script, usize)> = Vec::new();
    for c in text.chars() {
        let s = c.script();
        if matches!(s, Script::Common | Script::Inherited | Script::Unknown) {
            continue;
        }
        match votes.iter_mut().find(|(v, _)| *v == s) {
            Some((_, n)) => *n += 1,
            None => votes.push((s, 1)),
        }
    }
    let mut best: Option<(Script, usize)> = None;
    for v in votes {
        if best.is_none_or(|b| v.1 > b.1) {
            best = Some(v);
        }
    }
    best.map(|(s, _)| s.short_name())
}

/// Whether a character reorders what stands next to it: an embedding, an override, an isolate.
pub fn reorders(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character steers the direction of writing in any way, be it only as a mark.
pub fn steers(c: char) -> bool {
    reorders(c) || matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    #[test]
    fn scripts() {
        assert_eq!(super::script_of("Sergei Kozlov"), Some("Latn"));
        assert_eq!(super::script_of("Козлов"), Some("Cyrl"));
        assert_eq!(super::script_of("전진영 (Jon)"), Some("Hang"));
        assert_eq!(super::script_of("123-45"), None);
    }
}
