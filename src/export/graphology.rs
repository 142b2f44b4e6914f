//! graphology's serialised graph: Gephi Lite, sigma.
//!
//! Sigma needs numeric `x` and `y` on every node and takes an attribute `type` for the name of
//! a renderer, hence `kind`.

use super::columns::{EDGE, NODE};
use super::graph::Graph;
use super::json::{about, lines, number, object, put};
use super::{Export, Options, style};
use crate::error::Result;
use crate::model::Document;
use serde_json::{Map, Value, json};

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let graph = Graph::new(doc, options, true);
    let mut out = format!(
        "{{\"options\":{},\n\"attributes\":{},\n\"nodes\":",
        json!({"type": "directed", "multi": true, "allowSelfLoops": true}),
        Value::from(about(&graph))
    );
    lines(
        &mut out,
        graph.nodes.iter().map(|n| {
            let mut a = Map::new();
            put(&mut a, &NODE, &n.cells);
            a.insert("x".into(), number(n.at.0));
            // Sigma's vertical axis points upwards.
            a.insert("y".into(), number(0.0 - n.at.1));
            a.insert("size".into(), number(style::size(n.listed)));
            a.insert("color".into(), style::hex(&n.family, n.listed).into());
            json!({"key": n.id, "attributes": a})
        }),
    );
    out.push_str(",\n\"edges\":");
    lines(
        &mut out,
        graph.edges.iter().map(|e| {
            let mut a = Map::new();
            put(&mut a, &EDGE, &e.cells);
            a.insert("size".into(), number(e.width));
            let mut edge = object("key", &e.id);
            edge.insert("source".into(), graph.id(e.source).into());
            edge.insert("target".into(), graph.id(e.target).into());
            edge.insert("attributes".into(), a.into());
            edge.into()
        }),
    );
    out.push_str("}\n");
    Ok(Export::one("json", out, graph.warnings))
}
