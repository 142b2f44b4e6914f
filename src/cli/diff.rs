//! `diff`: what changed between two releases of a source, and what that caused.

use super::answer::{about, members, quoted};
use super::args_ask::{DiffArgs, date};
use super::consequences::{Between, counted, find, json, rows, table};
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::{Error, Result};
use cuibono::graph::{Filter, Graph, View};
use cuibono::model::PartialDate;
use cuibono::query::{ChangedParty, DiffEdge, DiffParty, FieldChange, diff};
use serde_json::json;

/// Prints the differences, one per row; a changed entry has a row for each field. Then those
/// that became blocked or free.
pub(crate) fn run(args: &DiffArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let (Some(source), Some(older), Some(newer)) = (&args.source, &args.older, &args.newer) else {
        return days(args, graph, io);
    };
    let release = |text: &str| PartialDate::parse(text).map_err(|e| Error::usage(e.message()));
    let found = diff(graph, source, release(older)?, release(newer)?)?;
    let regimes = args.law.regimes()?;
    let caused = find(graph, &Between::Releases(found.from, found.to), &args.law, &regimes, args.limit)?;
    graph.sound()?;
    let mut t = table();
    let mut row = |cells: [&str; 8]| t.row(cells.iter().chain(&[""]).map(|c| (*c).to_owned()).collect());
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
    rows(&caused, graph, &mut t);
    let view = View::new(graph, Filter::default())?;
    let query = format!("diff {} {} {}{}", quoted(source), found.from, found.to, flags(args));
    let mut answer = about(&view, &query, caused.truncated);
    answer.rules = Some(regimes.version.clone());
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
    answer.notes.push(format!("by what was known on each of the two days: {}", counted(&caused)));
    answer.notes.extend(caused.notes.iter().cloned());
    let mut value = found.json();
    if let Some(m) = value.as_object_mut() {
        m.insert("consequences".into(), json(&caused, graph));
    }
    members(&t, value, &answer, &args.output, io)?;
    if found.is_empty() {
        io.note(&format!("nothing changed between {} and {}", found.from, found.to));
    }
    Ok(Outcome::of(!found.is_empty() || !caused.list.is_empty()))
}

/// The flags of the question that an answer repeats.
fn flags(args: &DiffArgs) -> String {
    let regimes = &args.law.regimes;
    if regimes.is_empty() { String::new() } else { format!(" --regime {}", regimes.join(",")) }
}

/// `diff --as-of D1 D2`: the consequences between two days alone.
fn days(args: &DiffArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let [first, second] = args.as_of.as_slice() else {
        return Err(Error::usage("--as-of compares two days").hint("give both: diff --as-of 2022-01-01 2024-01-01"));
    };
    let day = |text: &str| date("--as-of", Some(text))?.ok_or_else(|| Error::usage("--as-of compares two days"));
    let (from, to) = (day(first)?, day(second)?);
    let regimes = args.law.regimes()?;
    let caused = find(graph, &Between::Days(from, to), &args.law, &regimes, args.limit)?;
    graph.sound()?;
    let mut t = table();
    rows(&caused, graph, &mut t);
    let view = View::new(graph, Filter::default())?;
    let mut answer = about(&view, &format!("diff --as-of {from} {to}{}", flags(args)), caused.truncated);
    answer.rules = Some(regimes.version.clone());
    answer.notes.push(format!("by what is known now: {}", counted(&caused)));
    answer.notes.extend(caused.notes.iter().cloned());
    let value = json!({ "from": from.to_string(), "to": to.to_string(), "consequences": json(&caused, graph) });
    members(&t, value, &answer, &args.output, io)?;
    Ok(Outcome::of(!caused.list.is_empty()))
}

/// A field with what qualifies it.
fn field(f: &FieldChange) -> String {
    if f.kind.is_empty() { f.prop.clone() } else { format!("{} ({})", f.prop, f.kind) }
}
