//! `search`: parties by name, alias, identifier or id.

use super::answer::{about, quoted, rows};
use super::args_ask::SearchArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::{Error, Result};
use cuibono::graph::{Graph, View};
use serde_json::{Value, json};

/// Prints what fits the text, best first.
pub(crate) fn run(args: &SearchArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    if args.text.trim().is_empty() {
        return Err(Error::usage("there is nothing to search for"));
    }
    let view = View::new(graph, args.filters.filter()?)?;
    let (hits, truncated) = view.search(&args.text, args.limit);
    view.stop().check()?;
    let mut table = Table::new(&["id", "name", "type", "listed", "match", "matched"]);
    let mut results: Vec<Value> = Vec::with_capacity(hits.len());
    for h in &hits {
        let mut lists: Vec<String> = view.listings(h.node).into_iter().map(|l| l.list).collect();
        lists.sort_unstable();
        lists.dedup();
        let id = graph.show_id(graph.id(h.node));
        let (name, kind) = (graph.label(h.node), &graph.node_type(h.node).name);
        let fit = format!("{}, {}", h.kind.as_str(), h.fit.as_str());
        results.push(json!({
            "id": id, "name": name, "type": kind, "listed": lists,
            "match": { "of": h.kind.as_str(), "fit": h.fit.as_str(), "text": h.text },
        }));
        table.row(vec![id.to_owned(), name.to_owned(), kind.clone(), lists.join(" "), fit, h.text.clone()]);
    }
    graph.sound()?;
    let query = format!("search {} --limit {}{}", quoted(&args.text), args.limit, args.filters.text());
    rows(&table, results, &about(&view, &query, truncated), &args.output, io)?;
    if table.is_empty() {
        io.note(&format!("nothing fits {:?}", args.text));
    }
    Ok(Outcome::of(!table.is_empty()))
}
