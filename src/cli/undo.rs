//! `undo`: taking back a decision, after a look at what that changes.

use super::args::Global;
use super::args_resolve::UndoArgs;
use super::clock;
use super::deciding::{begin, change, log};
use super::edit::name;
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::{Error, Result};
use cuibono::graph::DecidedAt;
use cuibono::resolve::{Fold, Told};
use cuibono::store::{Decided, Decider, Decree};
use serde_json::json;

/// Shows what would change; with `--yes` takes the decision back.
pub(crate) fn run(args: &UndoArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let editing = begin(global, "undo")?;
    let graph = editing.graph()?;
    let log = log(graph)?;
    let fold = Fold::of(log, DecidedAt::Now)?;
    let number: Option<u32> = args.decision.trim().parse().ok();
    let told = Told::some(log, &fold, &number.into_iter().collect::<Vec<_>>())?.pop();
    let Some(told) = told else {
        return Err(Error::not_found(format!("there is no decision {}", args.decision))
            .hint(format!("there are {}; `cuibono decisions` lists them", log.len())));
    };
    if !told.stands {
        return Err(Error::usage(format!("it is taken back already: {}", told.words())));
    }
    let retract = Decree::Retract(told.number);
    let found = change(graph, fold, retract, "", "", &args.change)?;
    let done = if args.yes {
        let decision = Decided {
            time: clock::now(),
            by: Decider::Human,
            actor: name(&args.actor),
            a: told.decided.a.clone(),
            b: told.decided.b.clone(),
            decree: retract,
            note: args.note.clone(),
            source: String::new(),
            evidence: String::new(),
        };
        Some(editing.decide(&[decision])?)
    } else {
        None
    };
    if io.wants_json() {
        io.json_value(
            &json!({ "takes_back": told.json(), "changes": found.json(), "decision": done, "durable": done.is_some() }),
        )?;
        return Ok(Outcome::Found);
    }
    io.line(&told.words())?;
    io.lines(&found.lines())?;
    match done {
        Some(n) => io.note(&format!("it is taken back by decision {n}")),
        None => io.note("nothing was changed; give --yes to take it back"),
    }
    Ok(Outcome::Found)
}
