//! Draws who owns and controls a firm, as a chart (SVG) and as GraphML for Gephi or networkx.
//!
//! `cargo run --example export_chart [FOLDER]`

use cuibono::export::{Options, target};
use cuibono::graph::{Dir, Filter, Graph, View};
use cuibono::import::{Input, Request, import};
use cuibono::model::PartialDate;
use cuibono::query::{Subgraph, answer};
use cuibono::store::{Memory, Snapshot, Storage};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const HOLDING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/holding.json");

pub(crate) fn run(folder: &Path, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    import(Arc::clone(&storage), vec![Input::open(Path::new(HOLDING))?], &Request::default(), &mut |_| {})?;
    let graph = Graph::open(Snapshot::open(storage)?)?;
    let view = View::new(&graph, Filter { as_of: Some(PartialDate::parse("2024-05-01")?), ..Filter::default() })?;

    // The firm, everyone up to two stakes above it, and what it owns itself.
    let firm = view.resolve("Karrow Steel Works")?;
    let mut part = Subgraph::default();
    part.add_node(firm);
    let mut layer = vec![firm];
    for _ in 0..2 {
        let mut next = Vec::new();
        for n in layer {
            for link in view.links(n, if n == firm { Dir::Both } else { Dir::In }) {
                next.push(link.other);
                part.add_node(link.other);
                if !part.edges.contains(&link.edge) {
                    part.edges.push(link.edge);
                }
            }
        }
        layer = next;
    }

    // The document carries every citation, and the licences of the sources it draws on.
    let document = answer(&view, &part, "Karrow Steel Works, two steps")?;
    for format in ["svg", "graphml"] {
        let export = (target(format)?.write)(&document, &Options::default())?;
        for artifact in &export.artifacts {
            let name = artifact.name.replace("graph.", "karrow.");
            std::fs::write(folder.join(&name), &artifact.bytes)?;
            writeln!(out, "{name}: {} nodes, {} edges", document.nodes.len(), document.edges.len())?;
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    run(&folder, &mut std::io::stdout())
}
