//! GEXF 1.3 (<https://gexf.net/>), as its RELAX NG grammar has it (its XSD contradicts it).
//!
//! Attribute ids are plain numbers, because graphology takes any other id for the name. Dates
//! stand twice: as spells, which Gephi plays, and as attributes, because other readers skip
//! spells. Gephi merges edges that agree in source, target and kind, so `kind` of the element
//! is numbered (`owns#2`); the attribute `kind` is the plain type.

use super::columns::{Cell, Column, EDGE, NODE, Type};
use super::graph::{Edge, Graph};
use super::graphml::cell_text;
use super::xml::{Xml, holdable, too_many};
use super::{Export, Options, style};
use crate::error::Result;
use crate::model::{Document, PartialDate};
use std::collections::HashMap;

fn attributes(x: &mut Xml, class: &str, columns: &[Column]) {
    x.raw("    <attributes").attr("class", class).raw(">\n");
    for (i, (title, kind)) in columns.iter().enumerate() {
        let kind = match kind {
            Type::Text | Type::List => "string",
            Type::Bool => "boolean",
            Type::Number => "double",
        };
        x.raw("      <attribute").attr("id", &i.to_string()).attr("title", title).attr("type", kind).raw("/>\n");
    }
    x.raw("    </attributes>\n");
}

fn values(x: &mut Xml, cells: &[Cell]) {
    x.raw("        <attvalues>\n");
    for (i, cell) in cells.iter().enumerate() {
        if let Some(text) = cell_text(cell) {
            x.raw("          <attvalue").attr("for", &i.to_string()).attr("value", &text).raw("/>\n");
        }
    }
    x.raw("        </attvalues>\n");
}

/// First and last day (inclusive, as GEXF has it) that the edge may hold.
fn spell(e: &Edge) -> Option<(Option<PartialDate>, Option<PartialDate>)> {
    let start = e.start.map(PartialDate::first_day);
    let last = |end: PartialDate| end.last_day().day_before().unwrap_or(end);
    let end = e.end.map(last).map(|d| start.map_or(d, |s| s.max(d)));
    (start.is_some() || end.is_some()).then_some((start, end))
}

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let mut graph = Graph::new(doc, options, true);
    let mut warnings = std::mem::take(&mut graph.warnings);
    let mut x = Xml::default();
    x.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    x.raw("<gexf xmlns=\"http://gexf.net/1.3\" xmlns:viz=\"http://gexf.net/1.3/viz\" version=\"1.3\">\n  <meta");
    if let Some(date) = options.date.filter(|d| d.is_full()) {
        x.attr("lastmodifieddate", &date.to_string());
    }
    x.raw(">\n    <creator>cuibono</creator>\n    <description>");
    x.text(&graph.about_lines().join("\n")).raw("</description>\n  </meta>\n  <graph defaultedgetype=\"directed\"");
    if graph.edges.iter().any(|e| spell(e).is_some()) {
        x.raw(" mode=\"dynamic\" timeformat=\"date\" timerepresentation=\"interval\"");
    }
    x.raw(">\n");
    attributes(&mut x, "node", &NODE);
    attributes(&mut x, "edge", &EDGE);
    x.raw("    <nodes>\n");
    let ids = holdable(graph.nodes.iter().map(|n| n.id.as_str()), &mut warnings);
    let id = |at: usize| ids.get(at).map_or("", String::as_str);
    for (n, id) in graph.nodes.iter().zip(&ids) {
        x.raw("      <node").attr("id", id).attr("label", &n.label).raw(">\n");
        values(&mut x, &n.cells);
        let (r, g, b) = style::color(&n.family, n.listed);
        x.raw(&format!("        <viz:color r=\"{r}\" g=\"{g}\" b=\"{b}\" a=\"1\"/>\n"));
        // Gephi's vertical axis points upwards.
        x.raw(&format!("        <viz:position x=\"{}\" y=\"{}\" z=\"0\"/>\n", n.at.0, 0.0 - n.at.1));
        x.raw(&format!("        <viz:size value=\"{}\"/>\n", style::size(n.listed)));
        x.raw("        <viz:shape").attr("value", style::gexf_shape(&n.family)).raw("/>\n      </node>\n");
    }
    x.raw("    </nodes>\n    <edges>\n");
    let edge_ids = holdable(graph.edges.iter().map(|e| e.id.as_str()), &mut warnings);
    let mut kinds: HashMap<(usize, usize, &str), u32> = HashMap::new();
    for (e, edge_id) in graph.edges.iter().zip(&edge_ids) {
        let nth = kinds.entry((e.source, e.target, &e.kind)).or_default();
        *nth += 1;
        let kind = if *nth == 1 { e.kind.clone() } else { format!("{}#{nth}", e.kind) };
        x.raw("      <edge").attr("id", edge_id);
        x.attr("source", id(e.source)).attr("target", id(e.target));
        x.attr("type", "directed").attr("kind", &kind).attr("label", &e.label).raw(">\n");
        values(&mut x, &e.cells);
        if let Some((start, end)) = spell(e) {
            x.raw("        <spells><spell");
            for (name, day) in [("start", start), ("end", end)] {
                if let Some(day) = day {
                    x.attr(name, &day.to_string());
                }
            }
            x.raw("/></spells>\n");
        }
        x.raw("        <viz:thickness").attr("value", &e.width.to_string()).raw("/>\n        <viz:shape");
        x.attr("value", if e.dashed { "dashed" } else { "solid" }).raw("/>\n      </edge>\n");
    }
    x.raw("    </edges>\n  </graph>\n</gexf>\n");
    warnings.extend(too_many(graph.len(), "GEXF"));
    let text = x.finish(&mut warnings);
    Ok(Export::one("gexf", text, warnings))
}
