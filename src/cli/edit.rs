//! What the commands for own facts share: the open store, citations, one durable edit.

use super::args::Global;
use super::args_store::{Actor, Backing};
use super::clock;
use super::context::store_only;
use super::io::Io;
use cuibono::error::{Error, Result};
use cuibono::graph::{DecidedAt, Graph, build_index};
use cuibono::model::{Catalogue, Citation, Id, Record, Status, slug};
use cuibono::store::{Action, Commit, Decided, Edit, Manifest, NOTES, Snapshot};

/// A store opened for one edit; the writer's lock is held.
pub(crate) struct Editing {
    commit: Commit,
    /// The store as it is; `None` for a new one.
    pub(crate) graph: Option<Graph>,
}

impl Editing {
    /// Takes the lock of an existing store, or of a new one where `create` allows it.
    pub(crate) fn begin(global: &Global, command: &str, create: bool) -> Result<Editing> {
        let storage = store_only(global, command)?;
        if !create {
            Manifest::current(&*storage)?;
        }
        let commit = Commit::begin(storage.clone())?;
        let graph = match commit.old() {
            Some(_) => {
                let mut graph = Graph::open(Snapshot::open(storage)?)?;
                cuibono::resolve::apply(&mut graph, DecidedAt::Now)?;
                Some(graph)
            }
            None => None,
        };
        Ok(Editing { commit, graph })
    }

    /// The graph of a store that exists.
    pub(crate) fn graph(&self) -> Result<&Graph> {
        self.graph.as_ref().ok_or_else(|| Error::usage("there is no store here"))
    }

    /// The types known.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        self.graph.as_ref().map_or(Catalogue::builtin(), Graph::catalogue)
    }

    /// The id given, or a new one made from words.
    pub(crate) fn id(&self, given: Option<&str>, words: &str) -> Result<Id> {
        if let Some(text) = given {
            return Id::scoped(text, NOTES);
        }
        let base = slug(words);
        for n in 1..u32::MAX {
            let local = if n == 1 { base.clone() } else { format!("{base}-{n}") };
            let id = Id::new(NOTES, &local)?;
            if !self.taken(id.as_str())? {
                return Ok(id);
            }
        }
        Err(Error::usage("no free id is left for this name").hint("give one with --id"))
    }

    /// Whether an id is in use, or was: an id is never given a second meaning.
    pub(crate) fn taken(&self, id: &str) -> Result<bool> {
        let Some(graph) = &self.graph else { return Ok(false) };
        let used = |e: &Edit| matches!(&e.action, Action::Put(r) if r.key() == id);
        Ok(graph.find_id(id).is_some()
            || graph.snapshot().is_some_and(|s| s.journal().iter().any(used))
            || graph.find_edge(id)?.is_some())
    }

    /// Makes decisions durable; the number of the first.
    pub(crate) fn decide(mut self, decisions: &[Decided]) -> Result<u32> {
        let first = self.commit.decide(decisions)?;
        self.commit.finish()?;
        Ok(first)
    }

    /// Makes the edit durable.
    pub(crate) fn finish(mut self, action: Action, actor: &Actor) -> Result<()> {
        self.commit.append(&[Edit { time: clock::now(), actor: name(actor), action }])?;
        if self.commit.manifest.index.is_none() {
            build_index(&mut self.commit)?;
        }
        self.commit.finish()
    }
}

/// Who states something.
pub(crate) fn name(actor: &Actor) -> String {
    let user = || ["USER", "LOGNAME", "USERNAME"].iter().find_map(|n| std::env::var(n).ok());
    actor.actor.clone().or_else(user).unwrap_or_default()
}

/// A record to be stated.
pub(crate) fn put(record: Record) -> Action {
    Action::Put(Box::new(record))
}

/// `SOURCE` or `SOURCE: LOCATOR`.
pub(crate) fn citations(backing: &Backing) -> Result<Vec<Citation>> {
    let one = |text: &String| {
        let (source, locator) = text.split_once(": ").unwrap_or((text, ""));
        let (source, locator) = (source.trim().to_owned(), locator.trim().to_owned());
        if source.is_empty() || text.chars().any(char::is_control) {
            return Err(Error::usage(format!("--cite {text:?} names no source"))
                .hint("for example --cite \"register-2024: page 7\""));
        }
        Ok(Citation { source, locator, quote: String::new() })
    };
    backing.cite.iter().map(one).collect()
}

/// Says which cited sources nobody describes: a slip of the pen, perhaps.
pub(crate) fn note_unknown_sources(editing: &Editing, cites: &[Citation], io: &Io<'_>) -> Result<()> {
    let Some(graph) = &editing.graph else { return Ok(()) };
    let described = graph.described_sources()?;
    let own = |id: &str| graph.snapshots().any(|s| s.sources().iter().any(|d| d.entry.info.id == id));
    for c in cites {
        if !own(&c.source) && !described.iter().any(|d| d.id == c.source) {
            io.note(&format!("no source {:?} is described in the store; it is cited as you wrote it", c.source));
        }
    }
    Ok(())
}

/// The status that was asked for.
pub(crate) fn status(backing: &Backing) -> Result<Status> {
    word("--status", &backing.status, Status::parse, Status::ALL.iter().map(|s| s.as_str()))
}

/// One of some words.
pub(crate) fn word<T>(
    flag: &str,
    text: &str,
    parse: fn(&str) -> Option<T>,
    known: impl Iterator<Item = &'static str>,
) -> Result<T> {
    parse(text).ok_or_else(|| {
        let known: Vec<&str> = known.collect();
        Error::usage(format!("{flag}: {text:?} is none of {}", known.join(", ")))
    })
}

/// An unknown type, with the types there are.
pub(crate) fn unknown_type<'a>(what: &str, text: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    Error::usage(format!("unknown {what} type {text:?}")).hint(format!("known: {}", known.join(", ")))
}

/// Prints the id of what was stated.
pub(crate) fn done(id: &str, io: &mut Io<'_>) -> cuibono::error::Result<()> {
    if io.wants_json() {
        return io.json_value(&serde_json::json!({ "id": id, "durable": true }));
    }
    io.line(id)
}
