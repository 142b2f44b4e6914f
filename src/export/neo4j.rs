//! CSV for `neo4j-admin database import` and `apoc.import.csv`, with the command line beside it.
//!
//! Rules of the Neo4j operations manual: types in the header, `;` between the values of a list,
//! `"` doubled within quotes, booleans `true` and `false`, UTF-8 without a byte order mark. Line
//! ends within a value become blanks, so that no `--multiline-fields` is needed.

use super::columns::{Cell, Column, EDGE, NODE, Type};
use super::graph::Graph;
use super::{Artifact, Export, Options};
use crate::error::Result;
use crate::model::Document;

/// How many characters had to be replaced.
#[derive(Default)]
struct Replaced {
    semicolons: u64,
    controls: u64,
}

/// Appends a value and the comma after it; [`end_row`] takes the last comma back.
fn field(out: &mut String, text: &str, replaced: &mut Replaced) {
    if text.is_empty() {
        out.push(',');
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\"\""),
            '\n' | '\r' | '\t' => out.push(' '),
            '\0'..='\u{1f}' => {
                replaced.controls += 1;
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
    out.push_str("\",");
}

fn end_row(out: &mut String) {
    out.pop();
    out.push('\n');
}

fn cell(out: &mut String, cell: &Cell, replaced: &mut Replaced) {
    match cell {
        Cell::Missing => out.push(','),
        Cell::Text(t) => field(out, t, replaced),
        Cell::Bool(b) => out.push_str(&format!("{b},")),
        Cell::Number(n) => out.push_str(&format!("{n},")),
        Cell::List(l) => {
            replaced.semicolons += l.iter().map(|v| v.matches(';').count() as u64).sum::<u64>();
            let text = l.iter().map(|v| v.replace(';', ",")).collect::<Vec<_>>().join(";");
            field(out, &text, replaced);
        }
    }
}

fn header(columns: &[Column]) -> impl Iterator<Item = String> {
    columns.iter().map(|(name, kind)| {
        let kind = match kind {
            Type::Text => "",
            Type::Bool => ":boolean",
            Type::Number => ":double",
            Type::List => ":string[]",
        };
        format!("{name}{kind}")
    })
}

/// A type in UPPER_SNAKE, as Neo4j writes relationship types.
fn upper(kind: &str) -> String {
    let t: String =
        kind.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    if t.is_empty() { "RELATED_TO".into() } else { t }
}

/// A node type in CamelCase, as Neo4j writes labels.
fn camel(kind: &str) -> String {
    let word = |w: &str| -> String {
        let mut chars = w.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
    };
    kind.split(|c: char| !c.is_ascii_alphanumeric()).map(word).collect()
}

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let graph = Graph::new(doc, options, false);
    let mut replaced = Replaced::default();
    let columns: Vec<String> = header(&NODE).collect();
    let mut nodes = format!("id:ID(Party),{},:LABEL\n", columns.join(","));
    for n in &graph.nodes {
        field(&mut nodes, &n.id, &mut replaced);
        for c in &n.cells {
            cell(&mut nodes, c, &mut replaced);
        }
        let listed = if n.listed { ";Listed" } else { "" };
        field(&mut nodes, &format!("Party;{}{listed}", camel(&n.kind)), &mut replaced);
        end_row(&mut nodes);
    }
    let columns: Vec<String> = header(&EDGE).collect();
    let mut edges = format!(":START_ID(Party),:END_ID(Party),:TYPE,{}\n", columns.join(","));
    for e in &graph.edges {
        field(&mut edges, graph.id(e.source), &mut replaced);
        field(&mut edges, graph.id(e.target), &mut replaced);
        field(&mut edges, &upper(&e.kind), &mut replaced);
        for c in &e.cells {
            cell(&mut edges, c, &mut replaced);
        }
        end_row(&mut edges);
    }
    let readme = format!(
        "Import into an empty, stopped database (Neo4j 5), from this folder:\n\n  \
         neo4j-admin database import full neo4j --nodes=nodes.csv --relationships=relationships.csv\n\n\
         Each node has the label Party and its type; relationship types are the edge types in capitals.\n\
         start_date and end_date are text, since they may name a year or a month only; end_date is the\n\
         first day no longer in force. share is exact, share_min and share_max are for drawing.\n\n\
         Sources and terms:\n\n{}\n",
        graph.about_lines().join("\n")
    );
    let mut warnings = graph.warnings;
    if replaced.semicolons != 0 {
        warnings.push(format!("{} semicolons within list values were replaced by commas", replaced.semicolons));
    }
    if replaced.controls != 0 {
        warnings.push(format!("{} control characters were replaced by U+FFFD", replaced.controls));
    }
    let file = |name: &str, text: String| Artifact { name: name.into(), bytes: text.into_bytes() };
    let artifacts = vec![file("nodes.csv", nodes), file("relationships.csv", edges), file("README.txt", readme)];
    Ok(Export { artifacts, warnings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_fields() {
        assert_eq!(upper("owns_or_controls"), "OWNS_OR_CONTROLS");
        assert_eq!(camel("group_of_persons"), "GroupOfPersons");
        let (mut out, mut r) = (String::new(), Replaced::default());
        field(&mut out, "", &mut r);
        field(&mut out, "a\n\"b\"\u{1}", &mut r);
        cell(&mut out, &Cell::List(vec!["x;y".into(), "z".into()]), &mut r);
        end_row(&mut out);
        assert_eq!(out, ",\"a \"\"b\"\"\u{fffd}\",\"x,y;z\"\n");
        assert_eq!((r.semicolons, r.controls), (1, 1));
    }
}
