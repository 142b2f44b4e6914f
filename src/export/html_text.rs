//! Text, links and citations in a page: whatever a source wrote stays text.

use super::columns::period;
use super::markup::entity;
use super::svg_text::right_to_left;
use crate::model::{Citation, Document, Fact, Status, reorders};
use std::collections::HashMap;

/// Longest text of one cell, in characters; more is cut, and said to be.
const LONGEST: usize = 4_000;

fn escaped(text: &str, out: &mut String, steering: &dyn Fn(char, &mut String)) {
    for (i, c) in text.chars().enumerate() {
        if i == LONGEST {
            out.push_str(" … (cut)");
            break;
        }
        if let Some(e) = entity(c) {
            out.push_str(e);
            continue;
        }
        match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
            c if reorders(c) => steering(c, out),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

/// A text as content of an element. Characters that would turn the direction of what follows
/// are shown by their number.
pub(super) fn text(t: &str) -> String {
    let mut out = String::with_capacity(t.len() + 8);
    escaped(t, &mut out, &|c, out| {
        out.push_str(&format!("<span class=\"ctl\">[U+{:04X}]</span>", u32::from(c)));
    });
    out
}

/// A text as value of an attribute.
pub(super) fn attr(t: &str) -> String {
    let mut out = String::with_capacity(t.len() + 8);
    escaped(t, &mut out, &|c, out| out.push_str(&format!("[U+{:04X}]", u32::from(c))));
    out
}

/// A name or another text of a source, kept apart from the direction of what stands around it.
pub(super) fn bdi(t: &str) -> String {
    let rtl = if right_to_left(t) { " dir=\"rtl\"" } else { "" };
    format!("<bdi{rtl}>{}</bdi>", text(t))
}

/// An address that may be followed: http or https, and nothing that could end the attribute.
pub(super) fn address(url: &str) -> Option<&str> {
    let url = url.trim();
    let scheme = url.get(..8).is_some_and(|s| s.eq_ignore_ascii_case("https://"))
        || url.get(..7).is_some_and(|s| s.eq_ignore_ascii_case("http://"));
    let plain = url.len() <= 2_000 && !url.chars().any(|c| c.is_whitespace() || c.is_control() || reorders(c));
    (scheme && plain).then_some(url)
}

/// A link to an address with these words, or the words alone.
pub(super) fn link(url: &str, words: &str) -> String {
    match address(url) {
        Some(u) => format!("<a href=\"{}\" rel=\"noreferrer\">{}</a>", attr(u), text(words)),
        None => text(words),
    }
}

/// The host of an address, to name a link by.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, r)| r);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// The numbers of sources in a page: those of the picture.
pub(super) struct Sources<'a> {
    number: HashMap<&'a str, usize>,
    url: HashMap<&'a str, &'a str>,
    /// Ids in their order, with the place of their description.
    pub(super) order: Vec<(&'a str, Option<usize>)>,
}

impl<'a> Sources<'a> {
    /// Those that a document describes first, then those that it only cites.
    pub(super) fn of(doc: &'a Document, drawn: &'a [Result<usize, String>]) -> Sources<'a> {
        let mut s = Sources { number: HashMap::new(), url: HashMap::new(), order: Vec::new() };
        for (i, info) in doc.sources.iter().enumerate() {
            // A description that repeats an id has a number in the picture, too.
            s.order.push((&info.id, Some(i)));
            s.number.entry(&info.id).or_insert(s.order.len());
            if let Some(u) = address(&info.url) {
                s.url.entry(&info.id).or_insert(u);
            }
        }
        for id in drawn.iter().filter_map(|d| d.as_ref().err()) {
            s.add(id);
        }
        let facts = doc.nodes.iter().flat_map(|p| &p.facts).chain(doc.edges.iter().flat_map(|r| &r.facts));
        let records = doc.nodes.iter().map(|p| &p.cites).chain(doc.edges.iter().map(|r| &r.cites));
        let listings = doc.nodes.iter().flat_map(|p| &p.listings).map(|l| &l.cites);
        for c in records.chain(facts.map(|f| &f.cites)).chain(listings).flatten() {
            s.add(&c.source);
        }
        s
    }

    fn add(&mut self, id: &'a str) {
        if !id.is_empty() && !self.number.contains_key(id) {
            self.order.push((id, None));
            self.number.insert(id, self.order.len());
        }
    }

    /// Citations as a list of items: number, locator, quote, address; nothing where there is none.
    /// A locator that only repeats `own` is left out.
    pub(super) fn cites(&self, cites: &[Citation], own: &str) -> String {
        let mut out = String::new();
        for c in cites {
            let mut parts = Vec::new();
            if let Some(n) = self.number.get(c.source.as_str()) {
                parts.push(format!("<a href=\"#s{n}\">[{n}]</a> {}", text(&c.source)));
            }
            if !c.locator.is_empty() && !c.repeats(own) {
                parts.push(match address(&c.locator) {
                    Some(u) => link(u, u),
                    None => bdi(&c.locator),
                });
            }
            if !c.quote.is_empty() {
                parts.push(format!("<q>{}</q>", bdi(&c.quote)));
            }
            if let Some(u) = self.url.get(c.source.as_str()) {
                parts.push(link(u, host(u)));
            }
            if !parts.is_empty() {
                out.push_str(&format!("<li>{}</li>", parts.join(", ")));
            }
        }
        if out.is_empty() { out } else { format!("<ul class=\"cites\">{out}</ul>") }
    }

    /// Numbers only, for facts within a cell: ` [1] [3]`.
    pub(super) fn marks(&self, cites: &[Citation]) -> String {
        let mut numbers: Vec<usize> =
            cites.iter().filter_map(|c| self.number.get(c.source.as_str()).copied()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.iter().map(|n| format!(" <a href=\"#s{n}\">[{n}]</a>")).collect()
    }

    /// A fact: its value, what qualifies it, its citations as numbers.
    pub(super) fn fact(&self, f: &Fact) -> String {
        let mut about: Vec<String> =
            [&f.kind, &f.lang, &f.script].iter().filter(|t| !t.is_empty()).map(|t| text(t)).collect();
        about.extend(period(f.from, f.to));
        if f.status != Status::Asserted {
            about.push(f.status.as_str().to_owned());
        }
        if !f.raw.is_empty() && f.raw != f.value {
            about.push(format!("as written: {}", bdi(&f.raw)));
        }
        let about = if about.is_empty() { String::new() } else { format!(" <small>({})</small>", about.join(", ")) };
        let value = match address(&f.value) {
            Some(u) => link(u, u),
            None => bdi(&f.value),
        };
        format!("{value}{about}{}", self.marks(&f.cites))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_stays_text() {
        assert_eq!(
            text("<script>alert('x')</script>&\u{0}\n"),
            "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;\u{fffd} "
        );
        assert_eq!(text("a\u{202e}b"), "a<span class=\"ctl\">[U+202E]</span>b");
        assert_eq!(attr("\"\u{2066}onload="), "&quot;[U+2066]onload=");
        assert!(bdi("שלום").starts_with("<bdi dir=\"rtl\">") && bdi("x") == "<bdi>x</bdi>");
        assert!(text(&"x".repeat(5_000)).ends_with("(cut)"));
    }

    #[test]
    fn only_web_addresses_become_links() {
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//x.example",
            "ftp://x.example",
            "https://a b",
            " ",
            "JAVASCRIPT://%0aalert(1)",
        ] {
            assert_eq!(address(bad), None, "{bad}");
            assert!(!link(bad, bad).contains("href"), "{bad}");
        }
        let l = link("HTTPS://x.example/?a=\"1\"&b", "there");
        assert_eq!(l, "<a href=\"HTTPS://x.example/?a=&quot;1&quot;&amp;b\" rel=\"noreferrer\">there</a>");
        assert_eq!(host("https://x.example/a?b#c"), "x.example");
    }
}
