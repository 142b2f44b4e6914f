//! `trace`: the ownership chain of a party.

use super::answer::{cites, day, lines, notes, quoted, share, status};
use super::args::Form;
use super::args_ask::TraceArgs;
use super::exit::Outcome;
use super::io::{Io, write_error};
use super::render::Table;
use cuibono::error::Result;
use cuibono::graph::{Edge, Graph, View};
use cuibono::model::{Document, RelationRecord};
use cuibono::query::{Trace, TraceDirection, TraceMark, TraceOptions, trace};
use std::collections::HashMap;

/// Prints the chain: a tree, or rows where they are asked for.
pub(crate) fn run(args: &TraceArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let node = view.resolve(&args.entity)?;
    let (direction, flag) = match (args.up, args.down) {
        (true, _) => (TraceDirection::Up, " --up"),
        (_, true) => (TraceDirection::Down, " --down"),
        _ => (TraceDirection::Both, ""),
    };
    let max_depth = args.hops.unwrap_or(u32::MAX);
    let options = TraceOptions { direction, max_depth, limit: args.limit, ..TraceOptions::default() };
    let found = trace(&view, node, &options);
    let id = quoted(graph.show_id(graph.id(node)));
    let hops = args.hops.map_or(String::new(), |n| format!(" --hops {n}"));
    let query = format!("trace {id}{flag}{hops} --limit {}{}", args.limit, args.filters.text());
    let doc = found.document(&view, &query)?;
    notes(doc.answer.as_ref(), io);
    match io.text_form(&args.output) {
        Form::Json => doc.write(io.out).map_err(write_error)?,
        Form::Jsonl => lines(&doc, io)?,
        Form::Table => io.lines(&found.lines(&view, &doc)?)?,
        form => rows(&view, &found, &doc).write(form, io)?,
    }
    if found.rows.is_empty() {
        io.note(&format!("no owner or holding of {} is on the record", graph.label(node)));
    }
    Ok(Outcome::of(!found.rows.is_empty()))
}

/// The chain as rows, in the order of the tree.
fn rows(view: &View<'_>, found: &Trace, doc: &Document) -> Table {
    let graph = view.graph();
    let part = found.subgraph();
    let by_edge: HashMap<Edge, &RelationRecord> = part.edges.iter().copied().zip(&doc.edges).collect();
    let mut t = Table::new(&[
        "direction",
        "depth",
        "id",
        "name",
        "type",
        "listed",
        "tie",
        "share",
        "start",
        "end",
        "status",
        "goes_on",
        "cites",
    ]);
    for r in &found.rows {
        let Some(e) = by_edge.get(&r.edge) else { continue };
        let mut lists: Vec<String> = view.listings(r.node).into_iter().map(|l| l.list).collect();
        lists.sort_unstable();
        lists.dedup();
        let mark = match r.mark {
            TraceMark::None if r.left_out > 0 => format!("{} left out", r.left_out),
            TraceMark::None => String::new(),
            TraceMark::Ring => "closes a ring".to_owned(),
            TraceMark::SeenAbove => "shown above".to_owned(),
            TraceMark::Deeper => "beyond --hops".to_owned(),
        };
        t.row(vec![
            if r.up { "up" } else { "down" }.to_owned(),
            r.depth.to_string(),
            graph.show_id(graph.id(r.node)).to_owned(),
            graph.label(r.node).to_owned(),
            graph.node_type(r.node).name.clone(),
            lists.join(" "),
            e.edge_type.clone(),
            share(e.share),
            day(e.start),
            day(e.end),
            status(e),
            mark,
            cites(&e.cites),
        ]);
    }
    t
}
