//! Cytoscape JSON (`.cyjs`): read by Cytoscape desktop and, as `elements`, by cytoscape.js.
//!
//! Node and edge ids share one namespace there, so an edge id that is a node's too gets the
//! prefix `edge:`; `edge_id` holds the exact one.

use super::columns::{EDGE, NODE};
use super::graph::Graph;
use super::json::{about, lines, number, object, put};
use super::{Export, Options, whole};
use crate::error::Result;
use crate::model::Document;
use serde_json::{Value, json};
use std::collections::HashSet;

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let graph = Graph::new(doc, options, true);
    let mut data = about(&graph);
    data.insert("name".into(), "cuibono".into());
    data.insert("shared_name".into(), "cuibono".into());
    let mut out = format!("{{\"data\":{},\n\"elements\":{{\"nodes\":", Value::from(data));
    lines(
        &mut out,
        graph.nodes.iter().map(|n| {
            let mut data = object("id", &n.id);
            data.insert("name".into(), n.label.clone().into());
            data.insert("shared_name".into(), n.label.clone().into());
            put(&mut data, &NODE, &n.cells);
            let classes = if n.listed { format!("{} listed", n.kind) } else { n.kind.clone() };
            json!({"data": data, "position": {"x": number(n.at.0), "y": number(n.at.1)}, "classes": classes})
        }),
    );
    out.push_str(",\n\"edges\":");
    let mut taken: HashSet<String> = graph.nodes.iter().map(|n| n.id.clone()).collect();
    // Exact edge ids go first, so that no prefixed one can take the place of another's own.
    let clash: Vec<bool> = graph.edges.iter().map(|e| !taken.insert(e.id.clone())).collect();
    lines(
        &mut out,
        graph.edges.iter().zip(clash).map(|(e, clash)| {
            let id = if clash { whole::unique(&mut taken, &format!("edge:{}", e.id)) } else { e.id.clone() };
            let mut data = object("id", &id);
            data.insert("source".into(), graph.id(e.source).into());
            data.insert("target".into(), graph.id(e.target).into());
            data.insert("interaction".into(), e.kind.clone().into());
            data.insert("shared_interaction".into(), e.kind.clone().into());
            data.insert("name".into(), e.label.clone().into());
            put(&mut data, &EDGE, &e.cells);
            let classes = if e.dashed { format!("{} dashed", e.kind) } else { e.kind.clone() };
            json!({"data": data, "classes": classes})
        }),
    );
    out.push_str("}}\n");
    Ok(Export::one("cyjs", out, graph.warnings))
}
