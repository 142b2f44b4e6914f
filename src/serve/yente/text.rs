//! The text of a search: words, phrases, fields, what must not be there.

use super::problem::{Answer, Problem};
use crate::graph::{normalise, words};

/// Letters of a text that are read.
const MAX_TEXT: usize = 4096;
/// Parts of a text that are read.
const MAX_PARTS: usize = 64;
/// Searches joined by OR.
const MAX_WAYS: usize = 8;

/// One part of a search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Must,
    MustNot,
}

/// A search without OR: everything in it must fit.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Way {
    /// Words to be found by, as typed.
    pub(super) text: String,
    /// Phrases that a name must hold, normalised.
    pub(super) phrases: Vec<String>,
    /// Words that no name may hold, normalised.
    pub(super) without: Vec<String>,
    /// Beginnings that a word of a name must have, normalised.
    pub(super) begins: Vec<String>,
    /// Fields with a value, and whether it must be there or must not.
    pub(super) fields: Vec<(String, String, bool)>,
}

/// A whole search: any of its ways.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Search {
    pub(super) ways: Vec<Way>,
}

impl Way {
    /// Whether a party with these names fits as far as phrases and the like go.
    pub(super) fn allows(&self, names: &[&str]) -> bool {
        if self.phrases.is_empty() && self.without.is_empty() && self.begins.is_empty() {
            return true;
        }
        let names: Vec<String> = names.iter().map(|n| format!(" {} ", normalise(n))).collect();
        let holds = |text: &str, end: &str| names.iter().any(|n| n.contains(&format!(" {text}{end}")));
        self.phrases.iter().all(|p| holds(p, " "))
            && self.begins.iter().all(|b| holds(b, ""))
            && !self.without.iter().any(|w| holds(w, " "))
    }
}

/// Reads the query language: `AND`, `OR`, `NOT`, `+`, `-`, quotes, `field:value`, `word*`, brackets
/// around values. What cannot be read is refused.
pub(super) fn parse(text: &str) -> Answer<Search> {
    let bad = |why: &str| Problem::bad(format!("Invalid query: {why}"));
    if text.len() > MAX_TEXT {
        return Err(bad("too long"));
    }
    if text.matches('/').count() % 2 == 1 {
        return Err(bad("a slash begins a pattern that does not end; with simple=true it is a letter like any other"));
    }
    let mut search = Search { ways: vec![Way::default()] };
    let mut sign = Sign::Must;
    let mut pending = false;
    let mut depth = 0usize;
    let mut last_was_word = false;
    for part in parts(text).ok_or_else(|| bad("a quote that does not end"))? {
        let Some(way) = search.ways.last_mut() else { break };
        let (word, quoted) = match &part {
            Part::Word(w) => (w.as_str(), false),
            Part::Quoted(w) => (w.as_str(), true),
        };
        if !quoted {
            match word {
                "AND" | "&&" if last_was_word => {
                    (pending, last_was_word) = (true, false);
                    continue;
                }
                "OR" | "||" if last_was_word => {
                    (pending, last_was_word) = (true, false);
                    if search.ways.len() == MAX_WAYS {
                        return Err(bad("too many alternatives"));
                    }
                    search.ways.push(Way::default());
                    continue;
                }
                "NOT" | "!" => {
                    (sign, pending) = (Sign::MustNot, true);
                    continue;
                }
                "AND" | "&&" | "OR" | "||" => return Err(bad("AND or OR with nothing before it")),
                _ => {}
            }
        }
        let mut word = word;
        if !quoted {
            while let Some(rest) = word.strip_prefix('(') {
                (word, depth) = (rest, depth + 1);
            }
            while let Some(rest) = word.strip_suffix(')') {
                word = rest;
                depth = depth.checked_sub(1).ok_or_else(|| bad("a bracket that did not begin"))?;
            }
            if let Some(rest) = word.strip_prefix('-') {
                (word, sign) = (rest, Sign::MustNot);
            } else if let Some(rest) = word.strip_prefix('+') {
                word = rest;
            }
            if word.contains(['[', ']', '{', '}']) {
                return Err(bad("ranges are not understood"));
            }
        }
        if !word.is_empty() {
            take(way, word, quoted, sign)?;
            last_was_word = true;
            pending = false;
        }
        sign = Sign::Must;
    }
    if depth != 0 {
        return Err(bad("a bracket that does not end"));
    }
    if pending {
        return Err(bad("AND, OR or NOT with nothing after it"));
    }
    search.ways.retain(|w| *w != Way::default());
    Ok(search)
}

/// Reads what a person types into a box: nothing is refused.
pub(super) fn simple(text: &str) -> Search {
    let text: String = text.chars().take(MAX_TEXT).collect();
    let mut way = Way::default();
    let mut ways = Vec::new();
    let mut text = text;
    if text.matches('"').count() % 2 == 1
        && let Some(last) = text.rfind('"')
    {
        text.replace_range(last..=last, " ");
    }
    for part in parts(&text).unwrap_or_default() {
        match part {
            Part::Word(w) if w == "|" && ways.len() + 1 < MAX_WAYS => ways.push(std::mem::take(&mut way)),
            Part::Word(w) => {
                let bare = w.trim_matches(['(', ')', '+', '|', '~']);
                match bare.strip_prefix('-').filter(|rest| !rest.is_empty()) {
                    Some(rest) => way.without.push(normalise(rest)),
                    None => plain(&mut way, bare),
                }
            }
            Part::Quoted(w) => phrase(&mut way, &w),
        }
    }
    ways.push(way);
    ways.retain(|w| *w != Way::default());
    Search { ways }
}

enum Part {
    Word(String),
    Quoted(String),
}

/// Words and quoted texts; `None` where a quote does not end. `field:"a b"` is one word.
fn parts(text: &str) -> Option<Vec<Part>> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => word.extend(chars.next()),
            '"' => {
                let mut inner = String::new();
                loop {
                    match chars.next()? {
                        '"' => break,
                        '\\' => inner.extend(chars.next()),
                        c => inner.push(c),
                    }
                }
                if word.ends_with(':') {
                    word.push_str(&inner);
                } else if let "-" | "+" = word.as_str() {
                    out.push(Part::Word(if word == "-" { "NOT".to_owned() } else { String::new() }));
                    word.clear();
                    out.push(Part::Quoted(inner));
                } else {
                    out.extend((!word.is_empty()).then(|| Part::Word(std::mem::take(&mut word))));
                    out.push(Part::Quoted(inner));
                }
            }
            c if c.is_whitespace() => out.extend((!word.is_empty()).then(|| Part::Word(std::mem::take(&mut word)))),
            c => word.push(c),
        }
    }
    out.extend((!word.is_empty()).then_some(Part::Word(word)));
    out.truncate(MAX_PARTS);
    Some(out)
}

fn phrase(way: &mut Way, text: &str) {
    let normal = normalise(text);
    if !normal.is_empty() {
        way.phrases.push(normal);
        push(way, text);
    }
}

fn push(way: &mut Way, word: &str) {
    if !way.text.is_empty() {
        way.text.push(' ');
    }
    way.text.push_str(word);
}

/// A word to be found by; with a star, the beginning of one.
fn plain(way: &mut Way, word: &str) {
    let bare = word.trim_end_matches('*');
    if bare.len() != word.len() {
        let normal = normalise(bare);
        if normal.is_empty() {
            return;
        }
        way.begins.extend(words(&normal).map(str::to_owned));
    }
    if !normalise(bare).is_empty() {
        push(way, bare);
    }
}

fn take(way: &mut Way, word: &str, quoted: bool, sign: Sign) -> Answer<()> {
    if quoted {
        if sign == Sign::MustNot {
            way.without.push(normalise(word));
        } else {
            phrase(way, word);
        }
        return Ok(());
    }
    // How alike is not for the asker to say, nor how much a word weighs.
    let word = word.split_once(['~', '^']).map_or(word, |(w, _)| w);
    if let Some((field, value)) = word.split_once(':')
        && !field.is_empty()
        && !value.is_empty()
        && super::made::Made::default().field(field).is_some()
    {
        match (field, sign) {
            // Names are found, not compared letter by letter.
            ("names" | "name" | "properties.name", Sign::Must) => plain(way, value),
            _ => way.fields.push((field.to_owned(), value.to_owned(), sign == Sign::Must)),
        }
        return Ok(());
    }
    match sign {
        Sign::MustNot => way.without.extend(Some(normalise(word)).filter(|w| !w.is_empty())),
        Sign::Must => plain(way, word),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language() {
        let s = parse(r#"kozlov AND "Sergei Mikhailovich" -bank countries:ru serg* NOT "old name""#).unwrap();
        assert_eq!(s.ways.len(), 1);
        let w = &s.ways[0];
        assert_eq!(w.text, "kozlov Sergei Mikhailovich serg");
        assert_eq!(w.phrases, ["sergei mikhailovich"]);
        assert_eq!(w.without, ["bank", "old name"]);
        assert_eq!(w.begins, ["serg"]);
        assert_eq!(w.fields, [("countries".to_owned(), "ru".to_owned(), true)]);
        let ways = parse("(tolv OR korn) OR mira~2").unwrap().ways;
        assert_eq!(ways.iter().map(|w| w.text.as_str()).collect::<Vec<_>>(), ["tolv", "korn", "mira"]);
        assert!(parse("*").unwrap().ways.is_empty() && parse("  ").unwrap().ways.is_empty());
        assert_eq!(parse("Smith: a tale").unwrap().ways[0].text, "Smith: a tale");
        for bad in ["invalid/query", "\"open", "(a", "a)", "AND b", "a OR", "NOT", "[a TO b]"] {
            assert!(parse(bad).is_err(), "{bad}");
            simple(bad);
        }
    }

    #[test]
    fn a_box_takes_anything() {
        let s = simple(r#"invalid/query "Mira Tolv" -korn | other ""#);
        assert_eq!(s.ways.len(), 2);
        assert_eq!((&*s.ways[0].text, &*s.ways[1].text), ("invalid/query Mira Tolv", "other"));
        assert_eq!(s.ways[0].without, ["korn"]);
        assert!(s.ways[0].allows(&["Tolv", "MIRA TOLV"]) && !s.ways[0].allows(&["Mira Tolv Korn"]));
        assert!(!s.ways[0].allows(&["Mira T"]));
    }
}
