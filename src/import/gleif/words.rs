//! What the three kinds of file share: dates, LEIs, registration fields, and elements without a
//! meaning of their own here, which become facts as they are.

use crate::error::{Place, Result};
use crate::import::Report;
use crate::import::slug::snake;
use crate::import::xml::El;
use crate::model::{Fact, Id, PartialDate};

/// What is at hand while one record is read.
pub(super) struct Ctx<'a> {
    /// Where findings are counted.
    pub(super) report: &'a mut Report,
    /// The place of the record.
    pub(super) place: Place,
}

/// Most different words that are counted one by one.
const MAX_WORDS: usize = 1000;

/// Counts a word of a list of codes.
pub(super) fn count(report: &mut Report, list: &str, word: &str) {
    let key = format!("{list}/{word}");
    if word.len() <= 100 && (report.counts.len() < MAX_WORDS || report.counts.contains_key(&key)) {
        report.count(&key, 1);
    } else {
        report.count(&format!("{list}/(further ones)"), 1);
    }
}

impl Ctx<'_> {
    /// Counts a word of a list of codes.
    pub(super) fn count_word(&mut self, list: &str, word: &str) {
        count(self.report, list, word);
    }

    /// Counts something that looks wrong here.
    pub(super) fn suspect(&mut self, reason: &str, text: &str) {
        self.report.suspect(reason, self.place.clone(), text);
    }

    /// A date as a fact; the text as it is where it is not understood.
    pub(super) fn date(&mut self, prop: &str, text: &str) -> Option<Fact> {
        if text.is_empty() {
            return None;
        }
        let Some(d) = day(text) else {
            self.suspect("date not understood", text);
            return Some(Fact::new(prop, text));
        };
        let value = d.to_string();
        let raw = if value == text { String::new() } else { text.to_owned() };
        Some(Fact { raw, ..Fact::new(prop, value) })
    }

    /// The party with an LEI. A number that is none (wrong length, letters or check digits) is
    /// counted and used as it is.
    pub(super) fn lei(&mut self, text: &str) -> Result<Id> {
        if !is_lei(text) {
            self.suspect("not a valid LEI", text);
        }
        Id::new("lei", text).map_err(|e| e.at(self.place.clone()))
    }
}

/// The day of a date or of a moment, in the time zone in which the source writes it.
pub(super) fn day(text: &str) -> Option<PartialDate> {
    PartialDate::parse(text).ok()
}

/// Whether a text is an LEI by ISO 17442: 18 letters and digits, two check digits, and a
/// remainder of 1 modulo 97 with letters read as 10 to 35.
pub(super) fn is_lei(text: &str) -> bool {
    let value = |b: u8| match b {
        b'0'..=b'9' => Some(u32::from(b - b'0')),
        b'A'..=b'Z' => Some(u32::from(b - b'A') + 10),
        _ => None,
    };
    let step = |r: u32, b: u8| value(b).map(|v| (r * if v < 10 { 10 } else { 100 } + v) % 97);
    text.len() == 20 && text.bytes().try_fold(0, step) == Some(1)
}

/// An attribute that is no declaration of a name space (those keep only their local name).
fn attributes<'a>(el: El<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    el.attrs().filter(|(_, v)| !v.starts_with("http://") && !v.starts_with("https://"))
}

/// All that an element holds as one text: its own, else `name: value; name: value`, with what
/// lies deeper in brackets.
pub(super) fn flat(el: El<'_>) -> String {
    let mut out = String::new();
    write(el, &mut out);
    out
}

/// The reader refuses elements nested deeper than 256, so this ends.
fn write(el: El<'_>, out: &mut String) {
    let mut parts = attributes(el).filter(|(_, v)| !v.is_empty()).peekable();
    let mut children = el.children().peekable();
    if parts.peek().is_none() && children.peek().is_none() {
        out.push_str(el.text());
        return;
    }
    let start = out.len();
    let apart = |out: &mut String| {
        if out.len() > start {
            out.push_str("; ");
        }
    };
    if !el.text().is_empty() {
        out.push_str(el.text());
    }
    for (name, value) in parts {
        apart(out);
        out.push_str(&format!("{name}: {value}"));
    }
    for child in children {
        let nested = child.children().next().is_some() || attributes(child).next().is_some();
        apart(out);
        out.push_str(child.name());
        out.push_str(": ");
        let brackets = if nested { ("(", ")") } else { ("", "") };
        out.push_str(brackets.0);
        write(child, out);
        out.push_str(brackets.1);
    }
}

/// An element without a meaning of its own here as a fact under its own name; nothing where it
/// is empty.
pub(super) fn other(el: El<'_>) -> Option<Fact> {
    let plain = el.children().next().is_none() && attributes(el).all(|(n, _)| n == "lang");
    let value = if plain { el.text().to_owned() } else { flat(el) };
    let lang = if plain { el.attr("lang").to_owned() } else { String::new() };
    (!value.is_empty()).then(|| Fact { lang, ..Fact::new(snake(el.name()), value) })
}

/// The fields that all registrations have in common; `None` when the element is another one.
pub(super) fn registration(el: El<'_>, ctx: &mut Ctx<'_>) -> Option<Fact> {
    match el.name() {
        "InitialRegistrationDate" | "LastUpdateDate" | "NextRenewalDate" => ctx.date(&snake(el.name()), el.text()),
        _ => other(el),
    }
}

/// When a record was deleted, where a delta says so. Full files may carry the element empty.
pub(super) fn deleted_at(record: El<'_>) -> Option<String> {
    let deletion = record.all("Extension").find_map(|e| e.child("Deletion"))?;
    let text = deletion.children().next().map_or_else(|| deletion.text(), |c| c.text());
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Input;
    use crate::import::xml::{Step, Tree, Xml};

    pub(super) fn tree(text: &str) -> Tree {
        let mut xml = Xml::new(Input::from_bytes("t.xml", text.as_bytes().to_vec()).unwrap());
        let mut tree = Tree::default();
        assert_eq!(xml.step().unwrap(), Step::Start);
        xml.subtree(&mut tree).unwrap();
        tree
    }

    #[test]
    fn leis() {
        // An invented number with right check digits, and its neighbours.
        assert!(is_lei("TOPHOLDING0000000040"));
        for bad in ["", "TOPHOLDING0000000041", "TOPHOLDING000000004", "topholding0000000040", "TOPHOLDING000000004é"]
        {
            assert!(!is_lei(bad), "{bad}");
        }
    }

    #[test]
    fn elements_as_text() {
        let t = tree("<a xmlns:x='http://x' k='v'> text <b>1</b><c z='2'>3<d/></c><e>4</e></a>");
        assert_eq!(flat(t.root()), "text; k: v; b: 1; c: (3; z: 2; d: ); e: 4");
        assert_eq!(other(tree("<SomeThing>x</SomeThing>").root()), Some(Fact::new("some_thing", "x")));
        assert_eq!(other(tree("<SomeThing/>").root()), None);
        let said = other(tree("<Name xml:lang='sv'>x</Name>").root()).unwrap();
        assert_eq!((said.value.as_str(), said.lang.as_str()), ("x", "sv"));
        let deep = "<a>".repeat(200) + "x" + &"</a>".repeat(200);
        assert!(flat(tree(&deep).root()).contains("a: x)"));
    }

    #[test]
    fn words_are_counted_up_to_a_limit() {
        let mut report = Report::default();
        for n in 0..3000 {
            count(&mut report, "by", &(n % 1500).to_string());
        }
        count(&mut report, "by", &"x".repeat(200));
        assert_eq!((report.get("by/7"), report.get("by/(further ones)"), report.counts.len()), (2, 1001, 1001));
    }

    #[test]
    fn deletions() {
        let at = |inner: &str| deleted_at(tree(&format!("<r><Extension>{inner}</Extension></r>")).root());
        assert_eq!(
            at("<g:Deletion xmlns:g='u'><g:DeletedAt>2026-01-02T03:04:05Z</g:DeletedAt></g:Deletion>").as_deref(),
            Some("2026-01-02T03:04:05Z")
        );
        assert_eq!(at("<Deletion/>"), None);
        assert_eq!(at("<Geocoding/>"), None);
    }
}
