//! `communities`: parties more tied to each other than to the rest.

use super::answer::{about, rows};
use super::args_whole::CommunitiesArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::Result;
use cuibono::graph::{Graph, View};
use cuibono::query::{CommunityOptions, communities};
use serde_json::Value;

/// Prints the communities, largest first.
pub(crate) fn run(args: &CommunitiesArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let options =
        CommunityOptions { iterations: args.iterations, through: args.through, ..CommunityOptions::default() };
    let found = communities(&view, &options);
    let (results, cut) = found.results(&view, args.limit, args.members);
    graph.sound()?;
    let mut table = Table::new(&["community", "size", "label", "members"]);
    for (i, part) in results.iter().enumerate() {
        let nodes = part.get("nodes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let nodes: Vec<&str> = nodes.iter().filter_map(Value::as_str).collect();
        let size = part.get("size").map_or(String::new(), Value::to_string);
        let label = part.get("label").and_then(Value::as_str).unwrap_or_default().to_owned();
        table.row(vec![(i + 1).to_string(), size, label, nodes.join(" ")]);
    }
    let through = if args.through { " --through" } else { "" };
    let query = format!(
        "communities --limit {} --members {} --iterations {}{through}{}",
        args.limit,
        args.members,
        args.iterations,
        args.filters.text()
    );
    let mut answer = about(&view, &query, found.truncated || cut);
    if found.truncated {
        answer.notes.push(format!("the work was cut after {} rounds", found.iterations));
    }
    answer.result = Some(found.result());
    rows(&table, results, &answer, &args.output, io)?;
    Ok(Outcome::of(found.count() > 0))
}
