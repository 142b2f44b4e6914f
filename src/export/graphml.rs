//! GraphML (<http://graphml.graphdrawing.org/>).
//!
//! Ids are written as NMTOKENs, as the schema wants; `ext_id` and `edge_id` hold the exact
//! ones. Lists are JSON arrays in a string, since GraphML has no lists.

use super::columns::{Cell, Column, EDGE, NODE, Type};
use super::graph::Graph;
use super::xml::{Xml, nmtoken, too_many};
use super::{Export, Options};
use crate::error::Result;
use crate::model::Document;

fn key(x: &mut Xml, id: &str, class: &str, name: &str, kind: Type) {
    let kind = match kind {
        Type::Text | Type::List => "string",
        Type::Bool => "boolean",
        Type::Number => "double",
    };
    x.raw("  <key").attr("id", id).attr("for", class).attr("attr.name", name).attr("attr.type", kind).raw("/>\n");
}

/// The text of a cell; nothing for what is not stated.
pub(super) fn cell_text(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Missing => None,
        Cell::Text(t) => Some(t.clone()),
        Cell::Bool(b) => Some(b.to_string()),
        Cell::Number(n) => Some(n.to_string()),
        Cell::List(l) if l.is_empty() => None,
        Cell::List(l) => Some(serde_json::Value::from(l.clone()).to_string()),
    }
}

fn data(x: &mut Xml, indent: &str, key: &str, text: &str) {
    x.raw(indent).raw("<data").attr("key", key).raw(">").text(text).raw("</data>\n");
}

fn cells(x: &mut Xml, class: char, columns: &[Column], cells: &[Cell]) {
    for (i, cell) in cells.iter().enumerate().take(columns.len()) {
        if let Some(text) = cell_text(cell) {
            data(x, "      ", &format!("{class}{i}"), &text);
        }
    }
}

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let graph = Graph::new(doc, options, true);
    let mut x = Xml::default();
    x.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    for (i, (name, _)) in graph.about.iter().enumerate() {
        key(&mut x, &format!("g{i}"), "graph", name, Type::Text);
    }
    for (class, letter, columns) in [("node", 'n', &NODE[..]), ("edge", 'e', &EDGE[..])] {
        for (i, (name, kind)) in columns.iter().enumerate() {
            key(&mut x, &format!("{letter}{i}"), class, name, *kind);
        }
    }
    key(&mut x, "ext_id", "node", "ext_id", Type::Text);
    key(&mut x, "x", "node", "x", Type::Number);
    key(&mut x, "y", "node", "y", Type::Number);
    x.raw("  <graph id=\"cuibono\" edgedefault=\"directed\">\n");
    for (i, (_, text)) in graph.about.iter().enumerate() {
        data(&mut x, "    ", &format!("g{i}"), text);
    }
    for n in &graph.nodes {
        x.raw("    <node").attr("id", &nmtoken(&n.id)).raw(">\n");
        cells(&mut x, 'n', &NODE, &n.cells);
        data(&mut x, "      ", "ext_id", &n.id);
        data(&mut x, "      ", "x", &n.at.0.to_string());
        data(&mut x, "      ", "y", &n.at.1.to_string());
        x.raw("    </node>\n");
    }
    for e in &graph.edges {
        x.raw("    <edge").attr("id", &nmtoken(&e.id));
        x.attr("source", &nmtoken(graph.id(e.source))).attr("target", &nmtoken(graph.id(e.target))).raw(">\n");
        cells(&mut x, 'e', &EDGE, &e.cells);
        x.raw("    </edge>\n");
    }
    x.raw("  </graph>\n</graphml>\n");
    let too_many = too_many(graph.len(), "GraphML");
    let mut warnings = graph.warnings;
    warnings.extend(too_many);
    let text = x.finish(&mut warnings);
    Ok(Export::one("graphml", text, warnings))
}
