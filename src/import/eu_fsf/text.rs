//! Turning elements and attributes of the list into text.

use crate::import::xml::El;
use crate::model::Citation;

/// The most text kept of an element that the schema does not know, in bytes.
const MAX_FLAT: usize = 64 << 10;

/// The attributes that say something, as `name: value; name: value`. A flag that is not set
/// says nothing.
pub(super) fn attributes(el: El<'_>, without: &[&str]) -> String {
    let said = el.attrs().filter(|(k, v)| !v.trim().is_empty() && *v != "false" && !without.contains(k));
    said.map(|(k, v)| format!("{k}: {}", v.trim())).collect::<Vec<_>>().join("; ")
}

/// All that an element says: its attributes, its text and everything inside.
pub(super) fn flat(el: El<'_>) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut length = 0;
    let mut todo = vec![el];
    while let Some(el) = todo.pop() {
        for part in [attributes(el, &[]), el.text().to_owned()] {
            if !part.is_empty() && length < MAX_FLAT {
                length += part.len();
                parts.push(part);
            }
        }
        let at = todo.len();
        todo.extend(el.children());
        todo.get_mut(at..).unwrap_or_default().reverse();
    }
    parts.join("; ")
}

/// Texts that are not empty, joined by a comma.
pub(super) fn line<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Where a child of an entity stands and what it rests on: one citation for each regulation
/// summary, naming the regulation, or one for the element where it has none.
pub(super) fn cites(key: &str, el: El<'_>) -> Vec<Citation> {
    let mut element = format!("{key}, {}", el.name());
    for (words, value) in [
        ("", el.attr("logicalId")),
        ("in ", el.attr("nameLanguage")),
        ("regulation in ", el.attr("regulationLanguage")),
    ] {
        if !value.is_empty() {
            element.push_str(if words.is_empty() { " " } else { ", " });
            element.push_str(words);
            element.push_str(value);
        }
    }
    let citation = |locator: String| Citation { locator, ..Citation::default() };
    let mut out: Vec<Citation> = Vec::new();
    for s in el.all("regulationSummary") {
        let named = line([
            s.attr("numberTitle"),
            s.attr("regulationType"),
            s.attr("publicationDate"),
            s.attr("publicationUrl"),
            &attributes(s, &["numberTitle", "regulationType", "publicationDate", "publicationUrl"]),
            s.text(),
        ]);
        out.push(citation(format!("{element}: {named}")));
    }
    if el.name() == "regulation" {
        let named = line([
            el.attr("numberTitle"),
            el.attr("regulationType"),
            el.attr("publicationDate"),
            el.child_text("publicationUrl"),
        ]);
        out.push(citation(format!("{element}: {named}")));
    }
    if out.is_empty() {
        out.push(citation(element));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Input;
    use crate::import::xml::{Tree, Xml};

    #[test]
    fn everything_inside_in_its_order() {
        let text = b"<a x='1' y='' z='false'>one<b k='v'><c>two</c></b><d>three</d></a>";
        let mut xml = Xml::new(Input::from_bytes("t.xml", text.to_vec()).unwrap());
        let mut tree = Tree::default();
        xml.step().unwrap();
        xml.subtree(&mut tree).unwrap();
        assert_eq!(flat(tree.root()), "x: 1; one; k: v; two; three");
        assert_eq!(attributes(tree.root(), &["x"]), "");
        assert_eq!(cites("7", tree.root()), [Citation { locator: "7, a".into(), ..Citation::default() }]);
    }
}
