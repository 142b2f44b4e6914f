//! From flags to a graph: the store, files, or files over the store.

use super::args::{Global, decided_at};
use super::clock;
use super::io::Io;
use super::progress::Progress;
use super::releases::group;
use cuibono::error::{Error, Result};
use cuibono::graph::Graph;
use cuibono::import::{Batch, Input, Outcome, Request};
use cuibono::store::{Folder, Memory, Snapshot, Storage};
use std::path::PathBuf;
use std::sync::Arc;

/// The folder of the store.
pub(crate) fn folder(global: &Global) -> Arc<dyn Storage> {
    Arc::new(Folder::new(global.store()))
}

/// For commands that work on a store: files given with `--from` make no sense to them.
pub(crate) fn store_only(global: &Global, command: &str) -> Result<Arc<dyn Storage>> {
    if !global.from.is_empty() {
        return Err(Error::usage(format!("{command} works on a store, not on files"))
            .hint("name the store with --store, and leave out --from"));
    }
    Ok(folder(global))
}

/// Opens what the flags name, with parties taken for the same as was decided.
pub(crate) fn open(global: &Global, io: &Io<'_>) -> Result<Graph> {
    let at = decided_at(global.decided_at.as_deref())?;
    let mut graph = unresolved(global, io)?;
    cuibono::resolve::apply(&mut graph, at)?;
    Ok(graph)
}

/// The same, where every party stands for itself.
fn unresolved(global: &Global, io: &Io<'_>) -> Result<Graph> {
    if global.from.is_empty() {
        return Graph::open(Snapshot::open(folder(global))?);
    }
    let (memory, outcomes) = read(&global.from, io)?;
    if global.names_store() {
        let mut graph = Graph::open(Snapshot::open(folder(global))?)?;
        graph.overlay(Snapshot::open(memory)?)?;
        return Ok(graph);
    }
    let mut graph = Graph::open(Snapshot::open(memory)?)?;
    graph.home = home(&outcomes);
    Ok(graph)
}

/// The namespace whose ids are shown bare: that of the documents, when they all share it.
fn home(outcomes: &[Outcome]) -> Option<String> {
    let mut all = outcomes.iter();
    let first = all.next().filter(|o| o.format == "document")?;
    all.all(|o| o.format == "document" && o.source == first.source).then(|| first.source.clone())
}

/// Reads files into a store in memory.
fn read(paths: &[PathBuf], io: &Io<'_>) -> Result<(Arc<dyn Storage>, Vec<Outcome>)> {
    let files = Input::open_each(paths)?;
    let memory: Arc<dyn Storage> = Arc::new(Memory::new());
    let mut batch = Batch::begin(Arc::clone(&memory))?;
    let request = Request { today: clock::today(), allow_removals: true, ..Request::default() };
    let mut progress = Progress::new("records read", io.quiet);
    let groups = group(files, None, false)?;
    groups.tell(io);
    for files in groups.files {
        batch.add(files, &request, &mut |n| progress.at(n))?;
    }
    let outcomes = batch.finish()?;
    drop(progress);
    for o in &outcomes {
        for (reason, f) in &o.report.skipped {
            let first = f.examples.first().map_or(String::new(), |e| format!(" ({}: {})", e.place, e.text));
            io.note(&format!("not used, {} times: {reason}{first}", f.count));
        }
    }
    Ok((memory, outcomes))
}
