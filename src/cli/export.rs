//! `export`: the graph, or a part of it, as a file for another program.

use super::answer::quoted;
use super::args_ask::ExportArgs;
use super::clock;
use super::exit::Outcome;
use super::io::{Io, write_error};
use cuibono::error::{Error, Place, Result};
use cuibono::export::{Artifact, Export, NOTES, Options, target};
use cuibono::graph::{Graph, Node, View};
use cuibono::query::{NeighbourOptions, Scratch, Subgraph, neighbours, whole_answer};
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Writes the selection.
pub(crate) fn run(args: &ExportArgs, graph: &Graph, scratch: &mut Scratch, io: &mut Io<'_>) -> Result<Outcome> {
    let target = target(&args.format)?;
    let to_stdout = args.output == Path::new("-");
    if target.multi_file && to_stdout {
        return Err(Error::usage(format!("{} writes several files", target.name)).hint("name a folder with -o FOLDER"));
    }
    if !to_stdout && !args.force {
        refuse_to_replace(&args.output, target.multi_file)?;
    }
    let Some(export) = made(args, graph, scratch)? else {
        io.note("nothing fits; no file was written");
        return Ok(Outcome::Nothing);
    };
    export.warnings.iter().for_each(|w| io.note(w));
    if to_stdout {
        export.artifacts.iter().try_for_each(|a| io.out.write_all(&a.bytes).map_err(write_error))?;
    } else if target.multi_file {
        write_folder(&args.output, &export.artifacts)?;
    } else if let [one] = &export.artifacts[..] {
        write_file(&args.output, &one.bytes)?;
    }
    Ok(Outcome::Found)
}

/// The files, not written anywhere, and all that is to be said of them; `None` where nothing fits.
pub(crate) fn made(args: &ExportArgs, graph: &Graph, scratch: &mut Scratch) -> Result<Option<Export>> {
    let target = target(&args.format)?;
    let view = View::new(graph, args.filters.filter()?)?;
    let part = select(args, graph, &view, scratch)?;
    // A file says little about what is not in it: none is better than a part that nobody chose.
    view.stop().check()?;
    if part.nodes.is_empty() {
        return Ok(None);
    }
    // The writers heed no mark: what they write grows with this alone.
    let doc = whole_answer(&view, &part, &question(args, &view)?)?;
    let said = super::answer::said(doc.answer.as_ref());
    let options = Options {
        with_notes: args.with_notes,
        for_spreadsheet: args.for_spreadsheet,
        edges_key: args.edges_key.clone(),
        date: clock::today(),
        ..Options::default()
    };
    let mut export = (target.write)(&doc, &options)?;
    export.warnings.splice(0..0, said);
    Ok(Some(export))
}

/// The question as a command line, entities as ids.
fn question(args: &ExportArgs, view: &View<'_>) -> Result<String> {
    if args.entities.is_empty() {
        return Ok(format!("export{}", args.filters.text()));
    }
    let graph = view.graph();
    // The id of an own party is made from its name, which stays at home, too.
    let own = |id: &str| !args.with_notes && id.split_once(':').is_some_and(|(ns, _)| ns == NOTES);
    let shown = |n: Node| match graph.id(n) {
        id if own(id) => NOTES.to_owned(),
        id => quoted(graph.show_id(id)),
    };
    let ids = args.entities.iter().map(|t| view.resolve(t).map(shown)).collect::<Result<Vec<_>>>()?.join(" ");
    let (walk, filters) = (args.walk.text(), args.filters.text());
    Ok(format!("export {ids} --hops {} --limit {}{walk}{filters}", args.hops, args.limit))
}

/// What to export: everything seen, or what lies around the entities.
fn select(args: &ExportArgs, graph: &Graph, view: &View<'_>, scratch: &mut Scratch) -> Result<Subgraph> {
    let mut part = Subgraph::default();
    if args.entities.is_empty() {
        let mut ends: HashSet<Node> = HashSet::new();
        for (e, a, b) in view.edges() {
            if part.edges.len().is_multiple_of(4096) {
                view.stop().check()?;
            }
            part.edges.push(e);
            ends.extend([a, b]);
        }
        let only_ends = !args.filters.types.is_empty();
        part.nodes = graph.nodes().filter(|n| ends.contains(n) || (!only_ends && view.knows(*n))).collect();
        return Ok(part);
    }
    let starts = args.entities.iter().map(|t| view.resolve(t)).collect::<Result<Vec<_>>>()?;
    let options = NeighbourOptions {
        hops: args.hops,
        dir: args.walk.direction.dir(),
        limit: args.limit,
        edge_limit: usize::MAX,
        through: args.walk.through,
        ..NeighbourOptions::default()
    };
    Ok(neighbours(view, &starts, &options, scratch).part())
}

fn refuse_to_replace(path: &Path, folder: bool) -> Result<()> {
    let taken = match fs::metadata(path) {
        Ok(m) if folder && m.is_dir() => fs::read_dir(path).is_ok_and(|mut d| d.next().is_some()),
        Ok(m) => m.is_file() || m.is_dir(),
        Err(_) => false,
    };
    if taken {
        return Err(Error::usage("this is there already")
            .at(Place::file(path.display().to_string()))
            .hint("choose another name, or replace it with --force"));
    }
    Ok(())
}

/// Writes a file whole or not at all.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |e| Error::io(format!("write {}", path.display()), e);
    // Devices and pipes cannot be renamed over.
    if fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return File::options().write(true).open(path).and_then(|mut f| f.write_all(bytes)).map_err(fail);
    }
    let mut name = path.file_name().map(std::ffi::OsStr::to_os_string).unwrap_or_default();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let written = File::create(&temporary)
        .and_then(|mut f| f.write_all(bytes).and_then(|()| f.sync_all()))
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        fs::remove_file(&temporary).ok();
    }
    written.map_err(fail)
}

fn write_folder(path: &Path, artifacts: &[Artifact]) -> Result<()> {
    fs::create_dir_all(path).map_err(|e| Error::io(format!("make the folder {}", path.display()), e))?;
    artifacts.iter().try_for_each(|a| write_file(&path.join(&a.name), &a.bytes))
}
