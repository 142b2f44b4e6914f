//! `between`: what connects many parties.

use super::answer::{document, quoted};
use super::args_ask::BetweenArgs;
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::Result;
use cuibono::graph::{Graph, View};
use cuibono::query::{Scratch, WalkOptions, answer, between};

/// Prints the connecting part of the graph.
pub(crate) fn run(args: &BetweenArgs, graph: &Graph, scratch: &mut Scratch, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let nodes = args.entities.iter().map(|t| view.resolve(t)).collect::<Result<Vec<_>>>()?;
    let options = WalkOptions {
        dir: args.walk.direction.dir(),
        through: args.walk.through,
        max_hops: args.max_hops,
        ..WalkOptions::default()
    };
    let mut found = between(&view, &nodes, &options, scratch);
    found.cut(super::path::MOST);
    let ids: Vec<String> = nodes.iter().map(|n| quoted(graph.show_id(graph.id(*n)))).collect();
    let hops = args.max_hops.map_or(String::new(), |n| format!(" --max-hops {n}"));
    let query = format!("between {}{hops}{}{}", ids.join(" "), args.walk.text(), args.filters.text());
    let mut doc = answer(&view, &found.part, &query)?;
    if let Some(a) = &mut doc.answer {
        a.result = Some(found.result(&view)?);
    }
    document(&doc, &args.output, io)?;
    Ok(Outcome::of_search(!found.is_empty(), found.part.truncated))
}
