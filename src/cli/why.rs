//! `why`: what makes two parties the same, or holds them apart.

use super::args_resolve::WhyArgs;
use super::deciding::{log, party};
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::Result;
use cuibono::graph::Graph;
use cuibono::resolve::{Fold, why};

/// Prints the chain of decisions with their evidence.
pub(crate) fn run(args: &WhyArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let log = log(graph)?;
    let fold = Fold::of(log, graph.decided_at())?;
    let found = why(log, &fold, &party(graph, &args.a)?, &party(graph, &args.b)?)?;
    graph.sound()?;
    if io.wants_json() {
        io.json_value(&found.json())?;
    } else {
        io.lines(&found.lines())?;
    }
    Ok(Outcome::of(!found.is_empty()))
}
