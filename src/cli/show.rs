//! `show`: everything known of one party.

use super::answer::{cites, day, end, fact_status, lines, names, notes, quoted, share, status};
use super::args::Form;
use super::args_ask::ShowArgs;
use super::exit::Outcome;
use super::io::{Io, write_error};
use super::render::Table;
use cuibono::error::Result;
use cuibono::graph::{Dir, Graph, Node, View};
use cuibono::model::{Document, PartyRecord, RelationRecord};
use cuibono::query::{Subgraph, answer};
use std::collections::HashSet;

/// Prints a party with its facts, listings and relations.
pub(crate) fn run(args: &ShowArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let node = view.resolve(&args.entity)?;
    let part = around(&view, node, args.limit);
    let id = graph.show_id(graph.id(node));
    let query = format!("show {} --limit {}{}", quoted(id), args.limit, args.filters.text());
    let doc = answer(&view, &part, &query)?;
    notes(doc.answer.as_ref(), io);
    match io.form(&args.output) {
        Form::Json => doc.write(io.out).map_err(write_error)?,
        Form::Jsonl => lines(&doc, io)?,
        form => table(&doc, graph.id(node)).write(form, io)?,
    }
    Ok(Outcome::Found)
}

/// The party and its relations, at most `limit`.
fn around(view: &View<'_>, node: Node, limit: usize) -> Subgraph {
    let mut part = Subgraph { nodes: vec![node], ..Subgraph::default() };
    let mut seen = HashSet::from([node]);
    let mut links = view.links(node, Dir::Both);
    for k in links.by_ref().take(limit) {
        part.edges.push(k.edge);
        if seen.insert(k.other) {
            part.nodes.push(k.other);
        }
    }
    let more = links.count();
    if more > 0 {
        part.truncated = true;
        part.notes.push(format!("{limit} of {} relations are shown", limit + more));
    }
    part
}

/// Facts, listings and relations as rows.
fn table(doc: &Document, id: &str) -> Table {
    let mut t = Table::new(&["what", "value", "detail", "from", "to", "status", "cites"]);
    if let Some(p) = doc.nodes.iter().find(|p| p.id.as_str() == id) {
        facts(doc, p, &mut t);
    }
    let names = names(doc);
    let here = doc.show_id(id);
    for r in &doc.edges {
        let (a, b) = (end(doc, &r.source), end(doc, &r.target));
        let outgoing = a == here;
        let other = if outgoing { &b } else { &a };
        let name = names.get(other.as_str()).copied().unwrap_or(other);
        let what = if outgoing { format!("{} ->", r.edge_type) } else { format!("<- {}", r.edge_type) };
        let value = if name == other { other.clone() } else { format!("{name} ({other})") };
        t.row(vec![what, value, detail(r), day(r.start), day(r.end), status(r), cites(&r.cites)]);
    }
    t
}

fn facts(doc: &Document, p: &PartyRecord, t: &mut Table) {
    let mut row = |what: &str, value: &str| {
        t.row(vec![
            what.to_owned(),
            value.to_owned(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            cites(&p.cites),
        ]);
    };
    row("id", doc.show_id(p.id.as_str()));
    row("type", &p.node_type);
    for f in &p.facts {
        let parts = [&f.kind, &f.script, &f.lang].into_iter().filter(|s| !s.is_empty());
        let detail = parts.map(String::as_str).collect::<Vec<_>>().join(", ");
        t.row(vec![f.prop.clone(), f.value.clone(), detail, day(f.from), day(f.to), fact_status(f), cites(&f.cites)]);
    }
    for l in &p.listings {
        let list = if l.list == "*" { "every list" } else { &l.list };
        let detail = l.programs.iter().chain(&l.measures).cloned().collect::<Vec<_>>().join(" ");
        t.row(vec![
            "listed".to_owned(),
            list.to_owned(),
            detail,
            day(l.from),
            day(l.to),
            String::new(),
            cites(&l.cites),
        ]);
    }
}

/// Share, role and labels of a relation.
fn detail(r: &RelationRecord) -> String {
    let mut parts: Vec<String> = Vec::new();
    if r.share.is_some() {
        parts.push(format!("{} %", share(r.share)));
    }
    parts.extend([&r.role, &r.stake, &r.joint].into_iter().filter(|s| !s.is_empty()).cloned());
    parts.extend(r.facts.iter().map(|f| format!("{}: {}", f.prop, f.value)));
    parts.join(", ")
}
