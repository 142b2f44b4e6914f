//! DOT for Graphviz (<https://graphviz.org/doc/info/lang.html>).
//!
//! Everything is quoted. `\` is doubled: right for `label` and `tooltip`, where Graphviz undoes
//! it, while in ids and other attributes it comes back doubled. The digraph is never `strict`,
//! which would merge parallel edges.

use super::columns::{Cell, Column, EDGE, NODE};
use super::graph::Graph;
use super::xml::{holdable, legal};
use super::{Export, Options, style};
use crate::error::Result;
use crate::model::Document;

/// A quoted string. Control characters have no place in DOT: a line end becomes `\n`, a tab a
/// blank, the rest U+FFFD, as does what the SVG that Graphviz draws could not hold.
fn quoted(out: &mut String, text: &str, replaced: &mut u64) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' | '\r' => out.push(' '),
            c if c == '\u{7f}' || !legal(c) => {
                *replaced += 1;
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Graphviz draws `&amp;` in a label as `&`; an ampersand that would start such a reference is
/// written as one itself.
fn drawn(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, c) in text.char_indices() {
        out.push(c);
        let rest = text.get(i + 1..).unwrap_or_default();
        let name = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
        if c == '&' && name.len() < rest.len() && name.starts_with(';') {
            out.push_str("amp;");
        }
    }
    out
}

fn attribute(out: &mut String, name: &str, value: &str, replaced: &mut u64) {
    out.push_str(if out.ends_with('[') { "" } else { ", " });
    out.push_str(name);
    out.push('=');
    quoted(out, value, replaced);
}

/// Every column but the label, which is drawn.
fn cells(out: &mut String, columns: &[Column], cells: &[Cell], replaced: &mut u64) {
    for ((name, _), cell) in columns.iter().zip(cells).filter(|((name, _), _)| *name != "label") {
        let text = match cell {
            Cell::Missing => continue,
            Cell::Text(t) => t.clone(),
            Cell::Bool(b) => b.to_string(),
            Cell::Number(n) => n.to_string(),
            Cell::List(l) if l.is_empty() => continue,
            Cell::List(l) => l.join("; "),
        };
        attribute(out, name, &text, replaced);
    }
}

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let mut graph = Graph::new(doc, options, false);
    let mut warnings = std::mem::take(&mut graph.warnings);
    let mut replaced = 0;
    let mut out = String::new();
    for line in graph.about_lines() {
        out.push_str("// ");
        // A stray CR or form feed must not end the comment.
        out.extend(line.chars().map(|c| if c.is_control() { ' ' } else { c }));
        out.push('\n');
    }
    out.push_str("digraph \"cuibono\" {\n  graph [rankdir=\"TB\", charset=\"UTF-8\"];\n");
    out.push_str("  node [fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\", fontsize=\"10\"];\n");
    let ids = holdable(graph.nodes.iter().map(|n| n.id.as_str()), &mut warnings);
    let id = |at: usize| ids.get(at).map_or("", String::as_str);
    for (n, id) in graph.nodes.iter().zip(&ids) {
        out.push_str("  ");
        quoted(&mut out, id, &mut replaced);
        out.push_str(" [");
        attribute(&mut out, "label", &drawn(&n.label), &mut replaced);
        attribute(&mut out, "caption", &n.label, &mut replaced);
        attribute(&mut out, "tooltip", &drawn(&n.id), &mut replaced);
        attribute(&mut out, "shape", style::dot_shape(&n.family), &mut replaced);
        attribute(&mut out, "color", &style::hex(&n.family, n.listed), &mut replaced);
        if n.listed {
            attribute(&mut out, "penwidth", "2.5", &mut replaced);
        }
        cells(&mut out, &NODE, &n.cells, &mut replaced);
        out.push_str("];\n");
    }
    for e in &graph.edges {
        out.push_str("  ");
        quoted(&mut out, id(e.source), &mut replaced);
        out.push_str(" -> ");
        quoted(&mut out, id(e.target), &mut replaced);
        out.push_str(" [");
        let label = e.share.as_ref().map_or_else(|| e.label.clone(), |s| format!("{}\n{s}%", e.label));
        attribute(&mut out, "label", &drawn(&label), &mut replaced);
        if e.dashed {
            attribute(&mut out, "style", "dashed", &mut replaced);
        }
        if e.symmetric {
            attribute(&mut out, "dir", "none", &mut replaced);
        }
        cells(&mut out, &EDGE, &e.cells, &mut replaced);
        out.push_str("];\n");
    }
    out.push_str("}\n");
    if replaced != 0 {
        warnings.push(format!("{replaced} control characters were replaced by U+FFFD"));
    }
    Ok(Export::one("dot", out, warnings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting() {
        let (mut out, mut replaced) = (String::new(), 0);
        quoted(&mut out, "a\"b\\c\nd\te\u{ffff}\\", &mut replaced);
        assert_eq!((out.as_str(), replaced), (r#""a\"b\\c\nd e�\\""#, 1));
        assert_eq!(drawn("A & B &amp; &#38; C&D; & ;"), "A & B &amp;amp; &amp;#38; C&amp;D; & ;");
    }
}
