//! `how`: the history of an entity.

use super::args_resolve::HowArgs;
use super::deciding::{log, party};
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::Result;
use cuibono::graph::Graph;
use cuibono::resolve::{Fold, how};

/// Prints its parties and the decisions on them.
pub(crate) fn run(args: &HowArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let log = log(graph)?;
    let fold = Fold::of(log, graph.decided_at())?;
    let found = how(log, &fold, &party(graph, &args.entity)?)?;
    graph.sound()?;
    if io.wants_json() {
        io.json_value(&found.json())?;
    } else {
        let label = |id: &str| graph.find_party(id).map_or(String::new(), |n| graph.party_label(n).to_owned());
        io.lines(&found.lines(&label))?;
    }
    Ok(Outcome::of(!found.decisions.is_empty()))
}
