//! `stats`: counts of what is seen.

use super::answer::{about, rows};
use super::args_ask::StatsArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::Result;
use cuibono::graph::{Graph, View};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Prints counts of parties, relations and listings by type.
pub(crate) fn run(args: &StatsArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let mut nodes: BTreeMap<&str, u64> = BTreeMap::new();
    let mut unresolved = (0u64, 0u64);
    for n in graph.nodes().filter(|n| view.knows(*n)) {
        *nodes.entry(&graph.node_type(n).name).or_default() += 1;
        match graph.unresolved(n) {
            Some(true) => unresolved.1 += 1,
            Some(false) => unresolved.0 += 1,
            None => {}
        }
    }
    let mut edges: BTreeMap<&str, u64> = BTreeMap::new();
    for (e, _, _) in view.edges() {
        *edges.entry(&graph.edge_type(e).name).or_default() += 1;
    }
    let mut listed: BTreeMap<String, u64> = BTreeMap::new();
    for n in view.listed() {
        let mut lists: Vec<String> = view.listings(n).into_iter().map(|l| l.list).collect();
        lists.sort_unstable();
        lists.dedup();
        for l in lists {
            *listed.entry(l).or_default() += 1;
        }
    }
    graph.sound()?;
    let sources: usize = graph.snapshots().map(|s| s.sources().len()).sum();
    let (all_nodes, all_edges): (u64, u64) = (nodes.values().sum(), edges.values().sum());
    let mut counts: Vec<(&str, String, u64)> = vec![
        ("sources", String::new(), sources as u64),
        ("nodes", String::new(), all_nodes),
        ("edges", String::new(), all_edges),
    ];
    counts.extend(nodes.iter().map(|(k, n)| ("nodes", (*k).to_owned(), *n)));
    counts.extend(edges.iter().map(|(k, n)| ("edges", (*k).to_owned(), *n)));
    counts.extend(listed.into_iter().map(|(k, n)| ("listed", k, n)));
    if unresolved != (0, 0) {
        counts.push(("names without a party", "no party has the name".to_owned(), unresolved.0));
        counts.push(("names without a party", "several have it".to_owned(), unresolved.1));
    }
    let mut table = Table::new(&["what", "kind", "count"]);
    let mut results: Vec<Value> = Vec::with_capacity(counts.len());
    for (what, kind, n) in counts {
        results.push(json!({ "what": what, "kind": kind, "count": n }));
        table.row(vec![what.to_owned(), kind, n.to_string()]);
    }
    let query = format!("stats{}", args.filters.text());
    rows(&table, results, &about(&view, &query, false), &args.output, io)?;
    Ok(Outcome::of(all_nodes > 0))
}
