//! `diff`: what changed between two releases of a source.

use super::answer::{about, members, quoted};
use super::args_ask::DiffArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::{Error, Result};
use cuibono::graph::{Filter, Graph, View};
use cuibono::model::PartialDate;
use cuibono::query::{ChangedParty, DiffEdge, DiffParty, FieldChange, diff};

/// Prints the differences, one per row; a changed entry has a row for each field.
pub(crate) fn run(args: &DiffArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let date = |text: &str| PartialDate::parse(text).map_err(|e| Error::usage(e.message()));
    let found = diff(graph, &args.source, date(&args.older)?, date(&args.newer)?)?;
    graph.sound()?;
    let mut t = Table::new(&["change", "what", "id", "name", "type", "field", "before", "after"]);
    let mut row = |cells: [&str; 8]| t.row(cells.iter().map(|c| (*c).to_owned()).collect());
    let mut party = |change: &str, what: &str, p: &DiffParty| {
        let programs = p.programs.join(" ");
        let (before, after) = if change == "removed" { (programs.as_str(), "") } else { ("", programs.as_str()) };
        let field = if p.programs.is_empty() { "" } else { "programs" };
        row([change, what, &p.id, &p.name, &p.node_type, field, before, after]);
    };
    for (what, added, removed) in
        [("entry", &found.added, &found.removed), ("party", &found.others.added, &found.others.removed)]
    {
        added.iter().for_each(|p| party("added", what, p));
        removed.iter().for_each(|p| party("removed", what, p));
    }
    let mut changed = |what: &str, p: &ChangedParty| {
        for f in &p.fields {
            row(["changed", what, &p.id, &p.name, "", &field(f), &f.from.join("; "), &f.to.join("; ")]);
        }
    };
    found.changed.iter().for_each(|p| changed("entry", p));
    found.others.changed.iter().for_each(|p| changed("party", p));
    let name = |e: &DiffEdge| format!("{} -> {}", e.source_name, e.target_name);
    for (change, list) in [("added", &found.edges.added), ("removed", &found.edges.removed)] {
        for e in list {
            row([change, "relation", &e.record.external_id(), &name(e), &e.record.edge_type, "", "", ""]);
        }
    }
    for c in &found.edges.changed {
        let r = &c.edge.record;
        for f in &c.fields {
            let (before, after) = (f.from.join("; "), f.to.join("; "));
            row(["changed", "relation", &r.external_id(), &name(&c.edge), &r.edge_type, &field(f), &before, &after]);
        }
    }
    let view = View::new(graph, Filter::default())?;
    let mut answer = about(&view, &format!("diff {} {} {}", quoted(&args.source), found.from, found.to), false);
    answer.notes.clone_from(&found.notes);
    let (n, e) = (&found, &found.edges);
    answer.notes.push(format!(
        "entries: {} added, {} removed, {} changed; relations: {} added, {} removed, {} changed",
        n.added.len(),
        n.removed.len(),
        n.changed.len(),
        e.added.len(),
        e.removed.len(),
        e.changed.len()
    ));
    members(&t, found.json(), &answer, &args.output, io)?;
    if found.is_empty() {
        io.note(&format!("nothing changed between {} and {}", found.from, found.to));
    }
    Ok(Outcome::of(!found.is_empty()))
}

/// A field with what qualifies it.
fn field(f: &FieldChange) -> String {
    if f.kind.is_empty() { f.prop.clone() } else { format!("{} ({})", f.prop, f.kind) }
}
