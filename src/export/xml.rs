//! XML text that every reader gives back unchanged.

use super::markup::entity;
use super::whole::unique;
use std::collections::HashSet;

/// Number of elements above which XML readers, which build trees, get into trouble.
pub(super) const MANY: usize = 200_000;

/// XML under construction.
#[derive(Default)]
pub(super) struct Xml {
    out: String,
    replaced: u64,
}

/// Whether XML 1.0 can hold a character at all, even as a reference.
pub(super) fn legal(c: char) -> bool {
    !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

impl Xml {
    /// Markup as it is.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Xml {
        self.out.push_str(markup);
        self
    }

    /// Escaped text. Attributes are normalised by readers (a newline becomes a space), so
    /// white space other than the blank is written as references; in text only CR needs it.
    fn escape(&mut self, text: &str, attribute: bool) {
        for c in text.chars() {
            match c {
                // Quotes end attributes only.
                '&' | '<' | '>' | '"' if attribute || c != '"' => self.out.push_str(entity(c).unwrap_or_default()),
                '\t' if attribute => self.out.push_str("&#9;"),
                '\n' if attribute => self.out.push_str("&#10;"),
                '\r' => self.out.push_str("&#13;"),
                // Line ends of XML 1.1, which some readers of XML 1.0 turn into newlines.
                '\u{85}' => self.out.push_str("&#x85;"),
                '\u{2028}' => self.out.push_str("&#x2028;"),
                c if legal(c) => self.out.push(c),
                _ => {
                    self.replaced += 1;
                    self.out.push('\u{fffd}');
                }
            }
        }
    }

    /// Character data.
    pub(super) fn text(&mut self, text: &str) -> &mut Xml {
        self.escape(text, false);
        self
    }

    /// ` name="value"`.
    pub(super) fn attr(&mut self, name: &str, value: &str) -> &mut Xml {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        self.escape(value, true);
        self.out.push('"');
        self
    }

    /// The document, and warnings on what was replaced.
    pub(super) fn finish(self, warnings: &mut Vec<String>) -> String {
        if self.replaced != 0 {
            warnings.push(format!("{} characters that XML cannot hold were replaced by U+FFFD", self.replaced));
        }
        self.out
    }
}

/// Ids with the characters that XML cannot hold replaced, still different from each other.
pub(super) fn holdable<'a>(ids: impl Iterator<Item = &'a str>, warnings: &mut Vec<String>) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut changed = 0_u64;
    let out = ids
        .map(|id| {
            let clean: String = id.chars().map(|c| if legal(c) { c } else { '\u{fffd}' }).collect();
            changed += u64::from(clean != id);
            unique(&mut taken, &clean)
        })
        .collect();
    if changed != 0 {
        warnings.push(format!("{changed} ids held characters that were replaced by U+FFFD"));
    }
    out
}

/// A warning for exports too big for readers that build trees.
pub(super) fn too_many(elements: usize, what: &str) -> Option<String> {
    (elements > MANY).then(|| {
        format!(
            "{elements} elements: programs that read {what} slow down above {MANY}; csv, neo4j or jsonl load better"
        )
    })
}

/// An id as an NMTOKEN: ASCII letters, digits and `: . - _` stay, anything else becomes
/// `_xHEX_` (as does a `_` that would look like the start of one), so that no two ids meet.
pub(super) fn nmtoken(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    let mut chars = id.chars().peekable();
    while let Some(c) = chars.next() {
        let plain = c.is_ascii_alphanumeric()
            || matches!(c, ':' | '.' | '-')
            || (c == '_' && chars.peek().is_none_or(|next| *next != 'x'));
        if plain {
            out.push(c);
        } else {
            out.push_str(&format!("_x{:04X}_", u32::from(c)));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The inverse of `nmtoken`.
    fn back(token: &str) -> String {
        let mut out = String::new();
        let mut rest = token;
        while let Some(c) = rest.chars().next() {
            if let Some(escape) = rest.strip_prefix("_x") {
                let (hex, after) = escape.split_once('_').unwrap();
                out.push(char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap());
                rest = after;
            } else {
                out.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        out
    }

    proptest! {
        #[test]
        fn tokens_are_valid_and_reversible(id in "[_x0-9A-F :/#\\PC]{1,20}") {
            let t = nmtoken(&id);
            prop_assert!(t.bytes().all(|b| b.is_ascii_alphanumeric() || b":.-_".contains(&b)), "{}", t);
            prop_assert_eq!(back(&t), id);
        }
    }

    #[test]
    fn text_survives_and_illegal_characters_are_counted() {
        let mut x = Xml::default();
        x.raw("<a").attr("b", "1\r\n\t\"<&>\u{1}\u{2028}").raw(">").text("\r\n\t\"<b>&amp;\u{ffff}").raw("</a>");
        let mut warnings = Vec::new();
        assert_eq!(
            x.finish(&mut warnings),
            "<a b=\"1&#13;&#10;&#9;&quot;&lt;&amp;&gt;\u{fffd}&#x2028;\">&#13;\n\t\"&lt;b&gt;&amp;amp;\u{fffd}</a>"
        );
        assert_eq!(warnings, ["2 characters that XML cannot hold were replaced by U+FFFD"]);
        let ids = holdable(["a\u{fffe}", "a\u{ffff}", "b"].into_iter(), &mut warnings);
        assert_eq!((ids[0].as_str(), ids[1].as_str(), warnings.len()), ("a\u{fffd}", "a\u{fffd}~2", 2));
        assert_eq!(nmtoken("ofac:36_217"), "ofac:36_217");
        assert_eq!(nmtoken("a b_x/"), "a_x0020_b_x005F_x_x002F_");
        assert!(too_many(MANY, "GEXF").is_none() && too_many(MANY + 1, "GEXF").is_some());
    }
}
