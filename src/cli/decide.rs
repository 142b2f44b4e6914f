//! `decide`: a person's word on whether two parties are the same.

use super::args::Global;
use super::args_resolve::DecideArgs;
use super::deciding::{begin, by_hand, change, log, party};
use super::edit::name;
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::Result;
use cuibono::graph::DecidedAt;
use cuibono::model::Ruling;
use cuibono::names::Band;
use cuibono::resolve::{Fold, admit, evidence};
use serde_json::json;

/// Writes the decision, or shows what it would change.
pub(crate) fn run(args: &DecideArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let editing = begin(global, "decide")?;
    let graph = editing.graph()?;
    let log = log(graph)?;
    let (a, b) = (party(graph, &args.a)?, party(graph, &args.b)?);
    let mut fold = Fold::of(log, DecidedAt::Now)?;
    let ruling = args.ruling.ruling();
    for note in admit(log, &fold, &a, &b, ruling)? {
        io.note(&note);
    }
    let seen = evidence(graph, &a, &b)?;
    if let (Ruling::Same, Some(Band::No), Some(score)) = (ruling, seen.band, seen.score) {
        io.note(&format!(
            "what is known of them does not look like one party (score {score:.2}): cuibono match {a} {b}"
        ));
    }
    if args.dry_run {
        let found = change(graph, fold, ruling.into(), &a, &b, &args.change)?;
        if io.wants_json() {
            io.json_value(&json!({ "a": a, "b": b, "verdict": ruling, "changes": found.json() }))?;
        } else {
            io.lines(&found.lines())?;
        }
        return Ok(Outcome::Found);
    }
    let mut decision = by_hand(name(&args.actor), &a, &b, ruling, &args.note, seen.snapshot());
    decision.source.clone_from(&args.cite);
    fold.push(log.len() + 1, ruling.into(), &a, &b)?;
    let number = editing.decide(&[decision])?;
    if io.wants_json() {
        let parties = fold.members(&a);
        io.json_value(&json!({
            "decision": number, "a": a, "b": b, "verdict": ruling, "entity": fold.canonical(&a),
            "parties": parties, "durable": true,
        }))?;
    } else {
        io.line(&number.to_string())?;
        io.note(&format!("{} is one entity of {} parties", fold.canonical(&a), fold.members(&a).len()));
    }
    Ok(Outcome::Found)
}
