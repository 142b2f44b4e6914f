//! `stats`: counts of what is seen, and of the files behind it.

use super::answer::{about, members};
use super::args_ask::StatsArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::Result;
use cuibono::graph::{Graph, View};
use cuibono::query::stats;

/// Prints counts of parties, relations and listings by type.
pub(crate) fn run(args: &StatsArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let s = stats(&view)?;
    view.stop().check()?;
    let mut table = Table::new(&["what", "kind", "count"]);
    let mut row = |what: &str, kind: &str, n: u64| table.row(vec![what.to_owned(), kind.to_owned(), n.to_string()]);
    row("sources", "", s.sources.len() as u64);
    row("records", "", s.records);
    row("own facts", "", s.edits);
    if s.decisions > 0 {
        row("decisions", "", s.decisions);
    }
    row("nodes", "", s.nodes);
    row("edges", "", s.edges);
    s.nodes_by_type.iter().for_each(|(k, n)| row("nodes", k, *n));
    s.edges_by_type.iter().for_each(|(k, n)| row("edges", k, *n));
    for (list, n) in &s.lists {
        let list = if list == "*" { "every list" } else { list };
        row("listed", list, n.listed);
        row("listed once", list, n.ended);
    }
    row("names without a party", "no party has it", s.unresolved);
    row("names without a party", "several parties have it", s.ambiguous);
    s.bytes.iter().for_each(|(k, n)| row("bytes", k, *n));
    let query = format!("stats{}", args.filters.text());
    members(&table, s.json(), &about(&view, &query, false), &args.output, io)?;
    Ok(Outcome::of(s.nodes > 0))
}
