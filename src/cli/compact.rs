//! `compact`: fewer, larger files.

use super::args::Global;
use super::context::store_only;
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::Result;
use cuibono::store::Manifest;
use serde_json::json;

/// Compacts the store.
pub(crate) fn run(global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let storage = store_only(global, "compact")?;
    // Without this a folder that holds no store would be made by taking the lock.
    Manifest::current(&*storage)?;
    let built = cuibono::graph::compact(&storage)?;
    let loaded = Manifest::current(&*storage)?;
    let files = loaded.manifest.files(true);
    let bytes: u64 = files.iter().map(|f| f.length).sum();
    if io.wants_json() {
        let value = json!({ "nodes": built.nodes, "edges": built.edges, "files": files.len(), "bytes": bytes });
        io.json_value(&value)?;
    } else {
        let (n, e) = (built.nodes, built.edges);
        io.line(&format!("{n} nodes and {e} edges in {} files, {bytes} bytes", files.len()))?;
    }
    Ok(Outcome::Found)
}
