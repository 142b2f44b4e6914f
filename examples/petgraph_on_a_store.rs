//! petgraph's algorithms run on a store as it is: nothing is copied into another graph.
//!
//! `cargo run --example petgraph_on_a_store`

use cuibono::graph::{Filter, Graph, View};
use cuibono::import::{Input, Request, import};
use cuibono::store::{Memory, Snapshot, Storage};
use petgraph::algo::{connected_components, dijkstra, dominators, kosaraju_scc, page_rank};
use petgraph::visit::NodeIndexable;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

const HOLDING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/holding.json");

pub(crate) fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    import(Arc::clone(&storage), vec![Input::open(Path::new(HOLDING))?], &Request::default(), &mut |_| {})?;
    let graph = Graph::open(Snapshot::open(storage)?)?;
    // The algorithms see what the filter lets through: here, who owns whom.
    let view = View::new(&graph, Filter { edge_types: vec!["owns".into()], ..Filter::default() })?;

    // How many stakes lie between a person and everything below.
    let owner = view.resolve("Ottokar Vargalund")?;
    let mut far: Vec<_> = dijkstra(&view, owner, None, |_| 1u32).into_iter().collect();
    far.sort_by_key(|(n, steps)| (*steps, graph.label(*n)));
    for (n, steps) in far.iter().filter(|(_, steps)| *steps > 1) {
        writeln!(out, "{steps} stakes down: {}", graph.label(*n))?;
    }

    writeln!(out, "{} components", connected_components(&view))?;

    // Firms that own each other in a circle.
    for ring in kosaraju_scc(&view).iter().filter(|r| r.len() > 1) {
        let mut names: Vec<&str> = ring.iter().map(|n| graph.label(*n)).collect();
        names.sort_unstable();
        writeln!(out, "a ring: {}", names.join(", "))?;
    }

    // The one party through which all of the owner's chains to a ship pass.
    let ship = view.resolve("MV Grey Gull")?;
    let rule = dominators::simple_fast(&view, owner);
    let gates: Vec<&str> = rule.strict_dominators(ship).into_iter().flatten().map(|n| graph.label(n)).collect();
    writeln!(out, "to reach {}: {}", graph.label(ship), gates.join(" < "))?;

    // Where stakes end up.
    let ranks = page_rank(&view, 0.85_f64, 30);
    let mut best: Vec<_> = graph.nodes().map(|n| (n, ranks.get(view.to_index(n)).copied().unwrap_or(0.0))).collect();
    best.sort_by(|a, b| b.1.total_cmp(&a.1));
    for (n, rank) in best.iter().take(3) {
        writeln!(out, "rank {rank:.3}: {}", graph.label(*n))?;
    }
    Ok(graph.sound()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout())
}
