//! Node-link JSON: `networkx.node_link_graph(d, edges="links")`, d3, force-graph.
//!
//! Without `directed` networkx reads an undirected graph, and without `key` it renumbers
//! parallel edges.

use super::columns::{EDGE, NODE};
use super::graph::Graph;
use super::json::{about, lines, number, object, put};
use super::{Export, Options};
use crate::error::{Error, Result};
use crate::model::Document;
use serde_json::Value;

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let edges_key = options.edges_key.as_deref().unwrap_or("links");
    if ["directed", "multigraph", "graph", "nodes", ""].contains(&edges_key) {
        return Err(Error::usage(format!("{edges_key:?} cannot name the edges of node-link JSON"))
            .hint("use links (d3, force-graph) or edges (networkx 3.4 and later)"));
    }
    let graph = Graph::new(doc, options, true);
    let mut out =
        format!("{{\"directed\":true,\"multigraph\":true,\n\"graph\":{},\n\"nodes\":", Value::from(about(&graph)));
    lines(
        &mut out,
        graph.nodes.iter().map(|n| {
            let mut m = object("id", &n.id);
            put(&mut m, &NODE, &n.cells);
            m.insert("x".into(), number(n.at.0));
            m.insert("y".into(), number(n.at.1));
            m.into()
        }),
    );
    out.push_str(&format!(",\n{}:", Value::from(edges_key)));
    lines(
        &mut out,
        graph.edges.iter().map(|e| {
            let mut m = object("source", graph.id(e.source));
            m.insert("target".into(), graph.id(e.target).into());
            m.insert("key".into(), e.id.clone().into());
            m.insert("id".into(), e.id.clone().into());
            put(&mut m, &EDGE, &e.cells);
            m.into()
        }),
    );
    out.push_str("}\n");
    Ok(Export::one("json", out, graph.warnings))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_key_can_be_chosen_but_not_clash() {
        let with = |key: &str| Options { edges_key: Some(key.into()), ..Options::default() };
        let e = write(&Document::default(), &with("edges")).unwrap();
        let v: Value = serde_json::from_slice(&e.artifacts[0].bytes).unwrap();
        assert!(v["edges"].is_array() && v.get("links").is_none());
        assert!(write(&Document::default(), &with("nodes")).is_err());
    }
}
