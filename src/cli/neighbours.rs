//! `neighbours`: what lies around a party.

use super::answer::{document, quoted};
use super::args_ask::NeighboursArgs;
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::Result;
use cuibono::graph::{Graph, View};
use cuibono::query::{NeighbourOptions, Scratch, answer, neighbours};

/// Prints the surroundings; where a limit cut them, what there is in all is noted first.
pub(crate) fn run(args: &NeighboursArgs, graph: &Graph, scratch: &mut Scratch, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let node = view.resolve(&args.entity)?;
    let options = NeighbourOptions {
        hops: args.hops,
        dir: args.walk.direction.dir(),
        limit: args.limit,
        through: args.walk.through,
        ..NeighbourOptions::default()
    };
    let found = neighbours(&view, &[node], &options, scratch);
    if found.truncated {
        let count = |c: &cuibono::query::TypeCount| {
            format!("{} {} {}", c.edges, c.edge_type, if c.outgoing { "out" } else { "in" })
        };
        let counts: Vec<String> = found.counts.iter().map(count).collect();
        io.note(&format!("{} has {} (narrow it with --type)", graph.label(node), counts.join(", ")));
    }
    let id = quoted(graph.show_id(graph.id(node)));
    let (walk, filters) = (args.walk.text(), args.filters.text());
    let query = format!("neighbours {id} --hops {} --limit {}{walk}{filters}", args.hops, args.limit);
    let mut doc = answer(&view, &found.part(), &query)?;
    if let Some(a) = &mut doc.answer {
        a.result = Some(found.result(&view));
    }
    document(&doc, &args.output, io)?;
    Ok(Outcome::of_search(!found.is_empty(), found.truncated))
}
