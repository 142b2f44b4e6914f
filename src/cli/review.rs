//! `review`: the pairs that only a person can decide, one after the other.

use super::answer::{about, rows};
use super::args::Global;
use super::args_resolve::{ByNames, ReviewArgs};
use super::deciding::{begin, by_hand, log};
use super::edit::name;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use super::resolve::{label, named, shared};
use super::watch::Watch;
use cuibono::error::{Error, Result};
use cuibono::graph::{DecidedAt, Filter, Graph, View, Why};
use cuibono::model::Ruling;
use cuibono::query::show;
use cuibono::resolve::{Fold, Scope, Suggestion, admit, by_name, evidence_lines, suggest, to_look_up};
use serde_json::{Value, json};
use std::io::{BufRead, IsTerminal};

/// Pairs listed where no limit is given.
const LISTED: usize = 1_000;
/// Stores of up to so many parties have all of them looked up by name where nothing else is said.
const ALL_UP_TO: usize = 50_000;
/// Relations shown of each side.
const RELATIONS: usize = 5;

/// Asks on a terminal, lists elsewhere.
pub(crate) fn run(args: &ReviewArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let graph = super::context::open(global, io)?;
    let mut found = Found::default();
    Watch::new(global, &graph.stop)?.over(|| {
        found = find(args, &graph)?;
        Ok(Outcome::Found)
    })?;
    // What comes now has no budget: it waits for a person, or prints.
    graph.stop.clear();
    if found.merges > 0 {
        io.note(&format!("{} further pairs need no review: `cuibono resolve` merges them", found.merges));
    }
    let listing = args.limit.is_some() || args.output.format.is_some() || io.wants_json();
    if !listing && io.terminal && std::io::stdin().is_terminal() {
        found.notes.iter().for_each(|n| io.note(n));
        return ask(args, global, &graph, &found.review, io);
    }
    let limit = args.limit.unwrap_or(LISTED);
    let view = View::new(&graph, Filter::default())?;
    let mut answer = about(&view, "review", found.review.len() > limit || found.stopped.is_some());
    answer.notes.append(&mut found.notes);
    answer.result = Some(found.result.take());
    let mut t = Table::new(&["weight", "a", "a_name", "b", "b_name", "shared", "why"]);
    let shown: Vec<&Suggestion> = found.review.iter().take(limit).collect();
    for s in &shown {
        t.row(vec![
            s.weight.to_string(),
            s.a.clone(),
            label(&graph, &s.a),
            s.b.clone(),
            label(&graph, &s.b),
            shared(s),
            s.reasons.join("; "),
        ]);
    }
    let results = shown.iter().map(|s| s.json(&|id| named(&graph, id))).collect();
    rows(&t, results, &answer, &args.output, io)?;
    Ok(Outcome::of_search(!found.review.is_empty(), found.stopped.is_some()))
}

/// The questions, and how they were found.
#[derive(Default)]
struct Found {
    review: Vec<Suggestion>,
    /// Pairs that rules merge.
    merges: usize,
    stopped: Option<Why>,
    notes: Vec<String>,
    result: Value,
}

fn find(args: &ReviewArgs, graph: &Graph) -> Result<Found> {
    let mut fold = Fold::of(log(graph)?, graph.decided_at())?;
    // What rules would merge is no question; it is what `resolve` is for.
    let suggested = suggest(graph, &mut fold, &[])?;
    let mut out = Found { review: suggested.review, merges: suggested.merges.len(), ..Found::default() };
    let by_identifier = out.review.len();
    let (which, parties) = match args.by_name {
        Some(ByNames::None) => ("none", Vec::new()),
        Some(ByNames::Listed) => ("listed", to_look_up(graph, Scope::Listed, 0)?.unwrap_or_default()),
        Some(ByNames::All) => ("all", to_look_up(graph, Scope::All, usize::MAX)?.unwrap_or_default()),
        None => match to_look_up(graph, Scope::All, ALL_UP_TO)? {
            Some(all) => ("all", all),
            None => {
                out.notes.push(format!(
                    "the store has more than {ALL_UP_TO} parties: by name only those on a list were looked up (--by-name all for all)"
                ));
                ("listed", to_look_up(graph, Scope::Listed, 0)?.unwrap_or_default())
            }
        },
    };
    let named = by_name(graph, &fold, &parties, &out.review)?;
    if let Some(why) = named.stopped {
        out.notes.push(format!("{}: {} of {} parties were looked up by name", why.words(), named.asked, named.of));
    }
    out.stopped = named.stopped;
    out.result = json!({
        "by_identifier": by_identifier, "by_name": named.review.len(), "names_of": which,
        "looked_up": named.asked, "to_look_up": named.of,
    });
    out.review.extend(named.review);
    Suggestion::order(&mut out.review);
    Ok(out)
}

/// Both sides and the evidence, as lines.
fn sides(graph: &Graph, s: &Suggestion) -> Result<Vec<String>> {
    let plain = graph.again();
    let view = View::new(&plain, Filter::default())?;
    let mut out = Vec::new();
    for id in [&s.a, &s.b] {
        match plain.find_party(id) {
            Some(n) => out.extend(show(&view, n, RELATIONS, "")?.lines(&view)?),
            None => out.push(format!("{id}: the store does not know it")),
        }
        out.push(String::new());
    }
    out.push("evidence:".to_owned());
    out.extend(evidence_lines(&s.evidence.snapshot()).into_iter().map(|l| format!("  {l}")));
    out.extend(s.reasons.iter().map(|r| format!("  for review: {r}")));
    Ok(out)
}

fn ask(args: &ReviewArgs, global: &Global, graph: &Graph, list: &[Suggestion], io: &mut Io<'_>) -> Result<Outcome> {
    let actor = name(&args.actor);
    let mut decided = 0;
    let mut input = std::io::stdin().lock();
    for (i, s) in list.iter().enumerate() {
        io.line(&format!("--- {} of {}", i + 1, list.len()))?;
        io.lines(&sides(graph, s)?)?;
        let ruling = loop {
            io.write("same, different, unsure, skip, quit [s/d/u/Enter/q]? ")?;
            io.out.flush().map_err(super::io::write_error)?;
            let mut line = String::new();
            let read = input.read_line(&mut line).map_err(|e| Error::io("read the answer", e))?;
            if read == 0 {
                break Err(());
            }
            match line.trim() {
                "s" | "same" => break Ok(Some(Ruling::Same)),
                "d" | "different" => break Ok(Some(Ruling::Different)),
                "u" | "unsure" => break Ok(Some(Ruling::Unsure)),
                "" | "skip" => break Ok(None),
                "q" | "quit" => break Err(()),
                _ => {}
            }
        };
        let Ok(ruling) = ruling else { break };
        let Some(ruling) = ruling else { continue };
        // Each decision is durable at once, and made in sight of those before it, also of others'.
        let editing = begin(global, "review")?;
        let now = editing.graph()?;
        let log = log(now)?;
        match admit(log, &Fold::of(log, DecidedAt::Now)?, &s.a, &s.b, ruling) {
            Ok(notes) => {
                notes.iter().for_each(|n| io.note(n));
                let decision = by_hand(actor.clone(), &s.a, &s.b, ruling, "", s.evidence.snapshot());
                let number = editing.decide(&[decision])?;
                io.line(&format!("decision {number}"))?;
                decided += 1;
            }
            Err(e) => io.note(&e.to_string()),
        }
    }
    io.note(&format!("{decided} decided"));
    Ok(Outcome::of(!list.is_empty()))
}
