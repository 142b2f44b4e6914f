//! JSON lines: what the graph is, then one source, node or edge per line; `element` says which.

use super::columns::{EDGE, NODE};
use super::graph::Graph;
use super::json::{about, object, put};
use super::{Export, Options};
use crate::error::Result;
use crate::model::Document;
use serde_json::{Map, Value};

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let graph = Graph::new(doc, options, false);
    let mut out = String::new();
    let mut line = |m: Map<String, Value>| {
        out.push_str(&Value::from(m).to_string());
        out.push('\n');
    };
    let mut first = object("element", "graph");
    first.extend(about(&graph));
    line(first);
    for s in &graph.sources {
        let mut m = object("element", "source");
        for (name, text) in [
            ("id", &s.id),
            ("title", &s.title),
            ("publisher", &s.publisher),
            ("url", &s.url),
            ("published", &s.published),
            ("licence", &s.licence),
            ("attribution", &s.attribution),
        ] {
            if !text.is_empty() {
                m.insert(name.into(), text.clone().into());
            }
        }
        line(m);
    }
    for n in &graph.nodes {
        let mut m = object("element", "node");
        m.insert("id".into(), n.id.clone().into());
        put(&mut m, &NODE, &n.cells);
        line(m);
    }
    for e in &graph.edges {
        let mut m = object("element", "edge");
        m.insert("id".into(), e.id.clone().into());
        m.insert("source".into(), graph.id(e.source).into());
        m.insert("target".into(), graph.id(e.target).into());
        put(&mut m, &EDGE, &e.cells);
        line(m);
    }
    Ok(Export::one("jsonl", out, graph.warnings))
}
