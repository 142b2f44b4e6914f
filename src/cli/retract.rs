//! `retract`: taking back an own fact. What lists and documents say stays.

use super::args::Global;
use super::args_store::RetractArgs;
use super::edit::{Editing, done};
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::{Error, Result};
use cuibono::graph::{Filter, View};
use cuibono::store::{Action, Edit, NOTES};

/// Takes back own facts and prints the id.
pub(crate) fn run(args: &RetractArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let editing = Editing::begin(global, "retract", false)?;
    let graph = editing.graph()?;
    let journal = graph.snapshot().map_or(&[][..], |s| s.journal());
    let given = args.id.trim();
    let full = format!("{NOTES}:{given}");
    let mut id = [given, full.as_str()].into_iter().find(|id| stands(journal, id)).map(str::to_owned);
    if id.is_none() {
        // A name, or something that is not one's own.
        let view = View::new(graph, Filter::default())?;
        let foreign = |what: String| {
            Err(Error::usage(format!("{what} is not your own; only own facts can be retracted"))
                .hint("state what you know instead, with `cuibono note` or `cuibono link`"))
        };
        if graph.find_edge(given)?.is_some() {
            return foreign(format!("the relation {given}"));
        }
        let node = view.resolve(given)?;
        // Of an entity of several parties, the one that own facts are stated of.
        let own = graph.members(node).into_iter().map(|p| graph.id(p)).find(|p| stands(journal, p));
        let Some(party) = own else { return foreign(format!("what is known of {}", graph.id(node))) };
        id = Some(party.to_owned());
    }
    let Some(id) = id else { return Err(Error::not_found(format!("no own fact is called {given:?}"))) };
    let action = Action::Retract { id: id.clone(), reason: args.reason.clone() };
    editing.finish(action, &args.actor)?;
    done(&id, io)?;
    Ok(Outcome::Found)
}

/// Whether the journal states something under this id that was not taken back since.
fn stands(journal: &[Edit], id: &str) -> bool {
    journal.iter().rev().find_map(|e| match &e.action {
        Action::Put(r) => (r.key() == id).then_some(true),
        Action::Retract { id: gone, .. } => (gone == id).then_some(false),
    }) == Some(true)
}
