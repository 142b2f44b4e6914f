//! Text in pictures: escaping, widths, wrapping, direction.

use super::markup;
use crate::model::steers;
use unicode_normalization::char::is_combining_mark;
use unicode_script::{Script, UnicodeScript};

/// A text on one line: characters that XML forbids become U+FFFD, white space becomes single
/// blanks, characters that steer direction go, as a name could reorder what stands next to it with
/// them. Direction is set by attributes instead.
pub(super) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !steers(*c)) {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') {
            out.push('\u{fffd}');
        } else {
            out.push(c);
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// A text as XML character data or attribute value, cleaned.
pub(super) fn escape(text: &str) -> String {
    markup::escape(&clean(text))
}

/// Whether the first letter that has a direction runs from right to left.
pub(super) fn right_to_left(text: &str) -> bool {
    let rtl = |c: char| {
        matches!(
            c.script(),
            Script::Arabic | Script::Hebrew | Script::Syriac | Script::Thaana | Script::Nko | Script::Adlam
        )
    };
    text.chars().find(|c| c.is_alphabetic()).is_some_and(rtl)
}

/// Width of a character in em, on the wide side: which font draws it is not known.
fn em(c: char) -> f64 {
    if is_combining_mark(c) || matches!(c, '\u{200b}'..='\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{ad}') {
        return 0.0;
    }
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'I' | '·' => 0.34,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '-' | '"' => 0.40,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' => 0.97,
        'A'..='Z' => 0.70,
        ' '..='~' => 0.61,
        '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' => 1.0,
        '\u{fe30}'..='\u{fe4f}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3fffd}' => 1.0,
        '\u{1f000}'..='\u{1ffff}' => 1.35,
        '\u{a0}'..='\u{24f}' if c.is_uppercase() => 0.72,
        '\u{a0}'..='\u{24f}' => 0.62,
        '\u{370}'..='\u{58f}' if c.is_uppercase() => 0.78,
        '\u{370}'..='\u{58f}' => 0.66,
        '\u{590}'..='\u{8ff}' => 0.64,
        _ => 0.85,
    }
}

/// Width of a text in pixels at a font size.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// Characters between which a line may break without a blank.
fn ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}' | '\u{20000}'..='\u{3fffd}')
}

/// Breaks a text into at most `lines` lines of at most `limit` pixels. What does not fit ends
/// in an ellipsis; words that are too long are broken, marks stay with their letters.
pub(super) fn wrap(text: &str, size: f64, limit: f64, lines: usize) -> Vec<String> {
    let text = clean(text);
    let mut out: Vec<String> = Vec::new();
    let mut line = String::new();
    let (mut used, limit) = (0.0, limit / size);
    // Where the line may be broken: its length before the last blank or ideograph.
    let mut gap: Option<usize> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if used + em(c) > limit && !line.is_empty() && em(c) > 0.0 {
            let rest = match gap {
                Some(at) if c != ' ' => line.split_off(at),
                _ => String::new(),
            };
            if out.len() + 1 == lines {
                line.push_str(&rest);
                line.push(c);
                line.extend(chars.by_ref());
                break;
            }
            let done = std::mem::replace(&mut line, rest.trim_start().to_owned());
            out.push(done.trim_end().to_owned());
            used = line.chars().map(em).sum();
            gap = None;
        }
        if c == ' ' && line.is_empty() {
            continue;
        }
        line.push(c);
        used += em(c);
        if (c == ' ' && chars.peek() != Some(&'['))
            || (c == '-' && chars.peek().is_some_and(|n| n.is_alphabetic()))
            || (ideograph(c) && chars.peek().is_some_and(|n| ideograph(*n)))
        {
            gap = Some(line.len());
        }
    }
    if !line.is_empty() {
        out.push(if out.len() + 1 == lines { ellipsis(&line, limit) } else { line.trim_end().to_owned() });
    }
    out
}

/// Cuts a line to a width in em, with an ellipsis where something is lost.
fn ellipsis(line: &str, limit: f64) -> String {
    if line.chars().map(em).sum::<f64>() <= limit {
        return line.trim_end().to_owned();
    }
    let mut used = em('…');
    let mut out = String::new();
    for c in line.chars() {
        used += em(c);
        if used > limit {
            break;
        }
        out.push(c);
    }
    format!("{}…", out.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_harmless() {
        assert_eq!(escape("<b>\"x\"&'y'\u{0}\u{8}"), "&lt;b&gt;&quot;x&quot;&amp;&#39;y&#39;\u{fffd}\u{fffd}");
        assert_eq!(clean("  a\n\tb \u{202e}c\u{ffff} "), "a b c\u{fffd}");
    }

    #[test]
    fn wraps_within_limits() {
        let lines = wrap("Aleksandr Konstantinovich Voskresensky Holding International", 13.0, 210.0, 3);
        assert!(lines.len() <= 3 && lines.iter().all(|l| width(l, 13.0) <= 210.0), "{lines:?}");
        assert_eq!(lines.join(" "), "Aleksandr Konstantinovich Voskresensky Holding International");
        let long = wrap(&"x".repeat(500), 13.0, 170.0, 3);
        assert_eq!(long.len(), 3);
        assert!(long[2].ends_with('…') && long.iter().all(|l| width(l, 13.0) <= 170.0));
        assert_eq!(wrap("北京市朝阳区建国门外大街贸易有限公司", 13.0, 80.0, 3).len(), 3);
        assert!(wrap("", 13.0, 80.0, 3).is_empty());
        // Dates and citation marks hold together.
        let label = wrap("owns 100 %, since 2022-03-01 [1]", 11.0, 125.0, 4);
        assert_eq!(label, ["owns 100 %, since", "2022-03-01 [1]"]);
        // A mark never starts a line.
        let marks = wrap(&"e\u{301}".repeat(40), 13.0, 60.0, 3);
        assert!(marks.iter().all(|l| !l.starts_with('\u{301}')));
        assert!(wrap("wide", 13.0, 1.0, 2).iter().all(|l| !l.is_empty()));
    }

    #[test]
    fn direction_and_width() {
        assert!(right_to_left("شركة النور") && right_to_left("(א)"));
        assert!(!right_to_left("Nur شركة") && !right_to_left("123"));
        assert!(width("한국", 10.0) > width("ab", 10.0));
        assert_eq!(width("e\u{301}", 10.0), width("e", 10.0));
    }
}
