//! What the commands about decisions share.

use super::args_ask::date;
use super::args_resolve::ChangeArgs;
use super::clock;
use super::edit::Editing;
use cuibono::error::{Error, Result};
use cuibono::graph::{Filter, Graph, View};
use cuibono::model::Ruling;
use cuibono::ownership::Regime;
use cuibono::resolve::{Fold, Preview, folded, preview};
use cuibono::store::{Decided, Decider, DecisionLog, Decree, Snapshot};

/// The log of a graph's store.
pub(crate) fn log(graph: &Graph) -> Result<&DecisionLog> {
    graph.snapshot().map(Snapshot::decisions).ok_or_else(|| Error::usage("there is no store here"))
}

/// The external id of a party: decisions are about parties, so an id is taken as it is, though its
/// entity goes by another.
pub(crate) fn party(graph: &Graph, text: &str) -> Result<String> {
    let home = graph.home.as_ref().map(|h| format!("{h}:{text}"));
    for id in std::iter::once(text).chain(home.as_deref()) {
        if graph.find_party(id).is_some() {
            return Ok(id.to_owned());
        }
    }
    // An id of which nothing is known any more may still be decided on.
    let view = View::new(graph, Filter::default())?;
    match view.resolve(text) {
        Ok(n) => Ok(graph.id(n).to_owned()),
        Err(_) if decided_on(graph, text)? => Ok(text.to_owned()),
        Err(e) => Err(e),
    }
}

fn decided_on(graph: &Graph, id: &str) -> Result<bool> {
    let mut found = false;
    log(graph)?.each(|_, row| {
        found |= row.a == id || row.b == id;
        Ok(())
    })?;
    Ok(found)
}

/// A person's decision, now.
pub(crate) fn by_hand(actor: String, a: &str, b: &str, ruling: Ruling, note: &str, evidence: String) -> Decided {
    Decided {
        time: clock::now(),
        by: Decider::Human,
        actor,
        a: a.to_owned(),
        b: b.to_owned(),
        decree: ruling.into(),
        note: note.to_owned(),
        source: String::new(),
        evidence,
    }
}

/// What a further decision would change.
pub(crate) fn change(
    graph: &Graph,
    fold: Fold,
    decree: Decree,
    a: &str,
    b: &str,
    args: &ChangeArgs,
) -> Result<Preview> {
    let number = log(graph)?.len() + 1;
    let before = folded(graph, &fold);
    let mut fold = fold;
    fold.push(number, decree, a, b)?;
    let after = folded(graph, &fold);
    let regimes = args.law.regimes()?;
    let day = date("--as-of", args.as_of.as_deref())?.or_else(clock::today);
    let day = day.ok_or_else(|| Error::usage("the system has no date").hint("give --as-of"))?;
    let chosen: Vec<&Regime> = args.law.chosen(&regimes, day)?.0;
    preview(&before, &after, &regimes, &chosen, day, args.limit)
}

/// An open store for a decision: decisions are refused on files alone.
pub(crate) fn begin(global: &super::args::Global, command: &str) -> Result<Editing> {
    if global.decided_at.is_some() {
        return Err(Error::usage(format!("{command} adds to what is decided now")).hint("leave out --decided-at"));
    }
    Editing::begin(global, command, false)
}
