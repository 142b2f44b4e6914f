//! `show`: everything known of one party.

use super::answer::{cites, day, document, end, fact_status, lines, names, notes, quoted, share, status};
use super::args::{Form, Output};
use super::args_ask::ShowArgs;
use super::exit::Outcome;
use super::io::{Io, write_error};
use super::render::Table;
use cuibono::error::{Kind, Result};
use cuibono::graph::{Edge, Graph, View};
use cuibono::model::{Document, PartyRecord, RelationRecord};
use cuibono::query::{show, show_edge};

/// Prints a party with its facts, listings and relations; or one relation with both its ends.
pub(crate) fn run(args: &ShowArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let question = |id: &str| format!("show {} --limit {}{}", quoted(id), args.limit, args.filters.text());
    let node = match view.resolve(&args.entity) {
        Ok(node) => node,
        Err(e) => {
            // A party comes first; only what names none may name a relation.
            let Some(edge) = edge(&view, &args.entity).filter(|_| e.kind() == Kind::NotFound) else { return Err(e) };
            let shown = show_edge(&view, edge, &question(&args.entity))?;
            return print(&shown.document, &args.output, io, || shown.lines(&view));
        }
    };
    let id = graph.id(node);
    let shown = show(&view, node, args.limit, &question(graph.show_id(id)))?;
    view.stop().check()?;
    notes(shown.document.answer.as_ref(), io);
    match io.text_form(&args.output) {
        Form::Csv | Form::Tsv => table(&shown.document, id).write(io.text_form(&args.output), io)?,
        Form::Table => io.lines(&shown.lines(&view)?)?,
        Form::Json => shown.document.write(io.out).map_err(write_error)?,
        Form::Jsonl => lines(&shown.document, io)?,
    }
    Ok(Outcome::Found)
}

/// A relation by its id, bare in the home namespace.
fn edge(view: &View<'_>, id: &str) -> Option<Edge> {
    let graph = view.graph();
    let full = graph.home.as_ref().map(|h| format!("{h}:{id}"));
    let mut ids = std::iter::once(id).chain(full.as_deref());
    ids.find_map(|id| graph.find_edge(id).ok().flatten()).filter(|e| view.sees(*e))
}

/// Prints a relation.
fn print(
    doc: &Document,
    output: &Output,
    io: &mut Io<'_>,
    text: impl FnOnce() -> Result<Vec<String>>,
) -> Result<Outcome> {
    match io.text_form(output) {
        Form::Table => io.lines(&text()?)?,
        _ => document(doc, output, io)?,
    }
    Ok(Outcome::Found)
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
