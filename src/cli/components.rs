//! `components`: the parts of the graph that nothing connects.

use super::answer::{about, rows};
use super::args_ask::ComponentsArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::Result;
use cuibono::graph::{Graph, View};
use cuibono::query::components;
use serde_json::Value;

/// Prints the parts, largest first.
pub(crate) fn run(args: &ComponentsArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let found = components(&view, args.through);
    view.stop().check()?;
    let mut result = found.result(&view, args.limit, args.members);
    graph.sound()?;
    let parts = result.get_mut("components").map(Value::take).unwrap_or_default();
    let parts: Vec<Value> = parts.as_array().cloned().unwrap_or_default();
    let truncated = result.get("truncated").and_then(Value::as_bool).unwrap_or_default();
    let mut table = Table::new(&["component", "size", "members"]);
    for (i, part) in parts.iter().enumerate() {
        let nodes = part.get("nodes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let nodes: Vec<&str> = nodes.iter().filter_map(Value::as_str).collect();
        let size = part.get("size").map_or(String::new(), Value::to_string);
        table.row(vec![(i + 1).to_string(), size, nodes.join(" ")]);
    }
    let through = if args.through { " --through" } else { "" };
    let filters = args.filters.text();
    let query = format!("components --limit {} --members {}{through}{filters}", args.limit, args.members);
    let mut answer = about(&view, &query, truncated);
    if let Some(m) = result.as_object_mut() {
        m.retain(|k, _| !matches!(k.as_str(), "components" | "truncated"));
    }
    answer.result = Some(result);
    rows(&table, parts, &answer, &args.output, io)?;
    Ok(Outcome::of(found.count() > 0))
}
