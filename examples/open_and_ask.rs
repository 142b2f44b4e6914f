//! Finds a firm by name and prints its links, each with what it rests on.
//!
//! `cargo run --example open_and_ask [STORE]`; without a store the seed network is read into memory.

use cuibono::graph::{Dir, Filter, Graph, View};
use cuibono::import::{Input, Request, import};
use cuibono::store::{Folder, Memory, Snapshot, Storage};
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

const SEED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/seed.json");

pub(crate) fn run(store: Option<&Path>, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let storage: Arc<dyn Storage> = match store {
        Some(path) => Arc::new(Folder::new(path)),
        None => Arc::new(Memory::new()),
    };
    if store.is_none() {
        // The last argument is told now and then how many records have been read.
        import(Arc::clone(&storage), vec![Input::open(Path::new(SEED))?], &Request::default(), &mut |_| {})?;
    }

    // A snapshot stays as it is, whatever a writer does meanwhile.
    let graph = Graph::open(Snapshot::open(storage)?)?;
    let view = View::new(&graph, Filter::default())?;

    // A name that fits several parties is an error that lists them.
    let firm = view.resolve("Intellekt LLC")?;
    writeln!(out, "{} ({}), {}", graph.label(firm), graph.id(firm), graph.node_type(firm).label)?;
    for listing in view.listings(firm) {
        let from = listing.from.map_or("an unknown day".to_owned(), |d| d.to_string());
        writeln!(out, "on {} from {from}", listing.list)?;
    }
    for link in view.links(firm, Dir::Both) {
        // The edge's own direction, not the one in which it was met.
        let (subject, object) = graph.ends(link.edge);
        let relation = view.relation(link.edge)?;
        let status = relation.status.as_str();
        writeln!(out, "{} -{}-> {} ({status})", graph.label(subject), relation.edge_type, graph.label(object))?;
        for cite in &relation.cites {
            writeln!(out, "    {}, {}", cite.source, cite.locator)?;
        }
    }
    // Blocks are checked when they are first touched; this tells of one that was damaged.
    graph.sound()?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let store = std::env::args_os().nth(1);
    run(store.as_deref().map(Path::new), &mut std::io::stdout())
}
