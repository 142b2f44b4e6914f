//! `decisions`: the log, and its exchange with nomenklatura's resolver.

use super::answer::{about, rows};
use super::args::Global;
use super::args_resolve::DecisionsArgs;
use super::clock;
use super::deciding::{begin, log};
use super::exit::Outcome;
use super::io::{Io, write_error};
use super::render::Table;
use cuibono::error::{Error, Result};
use cuibono::graph::{DecidedAt, Filter, Graph, View};
use cuibono::import::Input;
use cuibono::model::{Id, Ruling};
use cuibono::resolve::{Fold, Told, entry_id, from_entry_id, read_resolver, write_resolver};
use cuibono::store::Decided;
use serde_json::json;
use std::collections::BTreeMap;

/// A file of resolver lines is at most that long.
const MAX_FILE: u64 = 4 << 30;

/// Lists the log, writes it as resolver lines, or takes such lines over.
pub(crate) fn run(args: &DecisionsArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    if let Some(path) = &args.import {
        return take(args, path, global, io);
    }
    let graph = super::context::open(global, io)?;
    let log = log(&graph)?;
    let fold = Fold::of(log, graph.decided_at())?;
    if let Some(path) = &args.export {
        let own = format!("{}:", args.namespace);
        let show = |id: &str| {
            id.strip_prefix(&own).map(str::to_owned).or_else(|| entry_id(id)).unwrap_or_else(|| id.to_owned())
        };
        let lines = write_resolver(log, &fold, &show)?;
        let text: String = lines.iter().map(|l| format!("{l}\n")).collect();
        if path.as_os_str() == "-" {
            io.write(&text)?;
        } else {
            if path.exists() && !args.force {
                return Err(
                    Error::usage(format!("{} is there already", path.display())).hint("replace it with --force")
                );
            }
            super::export::write_file(path, text.as_bytes())?;
        }
        io.note(&format!("{} lines", lines.len()));
        return Ok(Outcome::of(!lines.is_empty()));
    }
    let first = (log.len() as usize).saturating_sub(args.limit) as u32 + 1;
    let numbers: Vec<u32> = (first..=log.len()).filter(|n| fold.stands(*n).is_some()).collect();
    let told = Told::some(log, &fold, &numbers)?;
    let mut t = Table::new(&["decision", "time", "by", "actor", "verdict", "a", "b", "stands", "note"]);
    for x in &told {
        let d = &x.decided;
        let verdict = match d.decree {
            cuibono::store::Decree::Retract(n) => format!("takes back {n}"),
            other => other.as_str().to_owned(),
        };
        t.row(vec![
            x.number.to_string(),
            d.time.clone(),
            d.by.as_str().to_owned(),
            d.actor.clone(),
            verdict,
            d.a.clone(),
            d.b.clone(),
            if x.stands { "yes" } else { "no" }.to_owned(),
            d.note.clone(),
        ]);
    }
    let answer = about(&View::new(&graph, Filter::default())?, "decisions", first > 1);
    rows(&t, told.iter().map(Told::json).collect(), &answer, &args.output, io)?;
    Ok(Outcome::of(!told.is_empty()))
}

/// The party that an id of a file means.
fn ours(graph: &Graph, id: &str, namespace: &str) -> Result<String> {
    let scoped = format!("{namespace}:{id}");
    let entry = from_entry_id(id);
    for known in [Some(scoped.as_str()), entry.as_deref(), Some(id)].into_iter().flatten() {
        if graph.find_party(known).is_some() {
            return Ok(known.to_owned());
        }
    }
    Id::parse(&scoped)?;
    Ok(scoped)
}

fn take(args: &DecisionsArgs, path: &std::path::Path, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let file = path.display().to_string();
    let text = Input::open(path)?.text(MAX_FILE)?;
    let judged = read_resolver(&text, &file)?;
    let editing = begin(global, "decisions")?;
    let graph = editing.graph()?;
    let log = log(graph)?;
    let mut fold = Fold::of(log, DecidedAt::Now)?;
    let time = clock::now();
    let mut taken: Vec<Decided> = Vec::new();
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    let mut refused: Vec<String> = Vec::new();
    let mut unknown = 0usize;
    for t in &judged.decisions {
        let (a, b) = (ours(graph, &t.a, &args.namespace)?, ours(graph, &t.b, &args.namespace)?);
        unknown += [&a, &b].iter().filter(|id| graph.find_party(id).is_none()).count();
        if a == b {
            *left_out.entry("both ids are one party here").or_default() += 1;
            continue;
        }
        let together = fold.same(&a, &b);
        let again = !fold.on_pair(&a, &b).is_empty();
        let why = match t.ruling {
            Ruling::Same if together => Some("they are the same already"),
            Ruling::Same if fold.barrier(&a, &b, false).is_some() => Some("a decision says that they are different"),
            Ruling::Different | Ruling::Unsure if together => Some("decisions say that they are the same"),
            _ if again => Some("it is decided on already"),
            _ => None,
        };
        if let Some(why) = why {
            *left_out.entry(why).or_default() += 1;
            if refused.len() < 20 && why.contains("decision") {
                refused.push(format!("{a} and {b}: {why}"));
            }
            continue;
        }
        fold.push(fold.last() + 1, t.ruling.into(), &a, &b)?;
        taken.push(t.decided(&time, a, b));
    }
    let first = if taken.is_empty() { None } else { Some(editing.decide(&taken)?) };
    let counts = json!({
        "taken": taken.len(), "first": first, "left_out": left_out, "refused": refused, "suggestions": judged.suggestions,
        "deleted": judged.deleted, "without_party": judged.without_party, "unknown_parties": unknown, "durable": first.is_some(),
    });
    if io.wants_json() {
        io.json_value(&counts)?;
    } else {
        io.line(&format!("{} decisions taken over", taken.len()))?;
        for (why, n) in &left_out {
            io.note(&format!("left out, {n} times: {why}"));
        }
        refused.iter().for_each(|r| io.note(r));
        if unknown > 0 {
            io.note(&format!("{unknown} ids are of parties that the store does not know yet"));
        }
    }
    io.out.flush().map_err(write_error)?;
    Ok(Outcome::of(first.is_some()))
}
