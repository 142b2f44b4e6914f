//! `note`: a remark on a party.

use super::args::Global;
use super::args_store::NoteArgs;
use super::edit::{Editing, citations, done, note_unknown_sources, put, status};
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::{Error, Result};
use cuibono::graph::{Filter, View};
use cuibono::model::{Fact, Id, PartyRecord, Record, prop};

/// States a remark and prints the id of the party.
pub(crate) fn run(args: &NoteArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let cites = citations(&args.backing)?;
    let status = status(&args.backing)?;
    let text = args.text.trim();
    if text.is_empty() {
        return Err(Error::usage("the note is empty"));
    }
    let editing = Editing::begin(global, "note", false)?;
    let graph = editing.graph()?;
    let view = View::new(graph, Filter::default())?;
    let id = Id::parse(graph.id(view.resolve(&args.entity)?))?;
    graph.sound()?;
    let mut party = PartyRecord::new(id.clone(), "");
    party.facts.push(Fact { status, ..Fact::new(prop::NOTE, text) });
    party.cites = cites;
    note_unknown_sources(&editing, &party.cites, io)?;
    editing.finish(put(Record::Party(party)), &args.backing.actor)?;
    done(id.as_str(), io)?;
    Ok(Outcome::Found)
}
