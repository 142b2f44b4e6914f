//! Building the index into a commit, and looking after a store: verify, repair, compact.

use super::build::{Builder, Built, catalogue, check_types};
use super::early::EarlyIndex;
use super::index::Index;
use super::layout::is_known;
use crate::error::{Error, Kind, Result};
use crate::model::PartialDate;
use crate::store::{self, Action, Commit, FileWriter, Loaded, Manifest, Snapshot, Storage, Verified};
use std::sync::Arc;

/// Kind of the index file.
pub(super) const INDEX: [u8; 4] = *b"INDX";

/// Builds the index of a change that is about to be committed, journal folded in.
pub fn build_index(commit: &mut Commit) -> Result<Built> {
    finish_index(commit, None)
}

/// The same, of records that were taken while they came in where they were.
pub(crate) fn finish_index(commit: &mut Commit, early: Option<EarlyIndex>) -> Result<Built> {
    let gathered = early.and_then(|e| e.done(&commit.manifest));
    finish_builder(commit, gathered)
}

/// The same, with what was gathered of all records or nothing.
pub(super) fn finish_builder(commit: &mut Commit, gathered: Option<Builder>) -> Result<Built> {
    let storage = Arc::clone(commit.storage());
    let mut manifest = commit.manifest.clone();
    manifest.index = None;
    let edits = manifest.edits();
    let snapshot = Snapshot::of(Arc::clone(&storage), Loaded { manifest, sum: 0, hash: String::new(), bytes: None })?;
    let builder = match gathered {
        Some(mut builder) => {
            builder.journal_and_literals(&snapshot)?;
            builder
        }
        None => {
            let mut builder = Builder::new(catalogue(&snapshot)?, &storage);
            builder.snapshot(&snapshot)?;
            builder
        }
    };
    let name = commit.name("index");
    let file = FileWriter::create(&*storage, &name, INDEX)?;
    let (file, built) = builder.write(file, edits)?;
    commit.manifest.index = Some(file.finish(&*storage)?);
    commit.manifest.folded = edits;
    super::name_index::write(commit)?;
    Ok(built)
}

/// The types of a store: the built-in ones and those its documents added.
pub fn catalogue_of(storage: &Arc<dyn Storage>, loaded: &Loaded) -> Result<crate::model::Catalogue> {
    let mut loaded = loaded.clone();
    loaded.manifest.index = None;
    catalogue(&Snapshot::of(Arc::clone(storage), loaded)?)
}

/// Checks every byte, record and number of a store.
pub fn verify(storage: &Arc<dyn Storage>) -> Result<Verified> {
    let mut v = store::verify(storage)?;
    if !v.faults.is_empty() && Manifest::current(&**storage).is_err() {
        return Ok(v);
    }
    let loaded = Manifest::current(&**storage)?;
    let Some(entry) = &loaded.manifest.index else {
        v.faults.push("the store has no index; `cuibono repair` builds it anew".to_owned());
        return Ok(v);
    };
    // Edits that no index can hold are left out by the index and named here.
    if let Ok(types) = catalogue_of(storage, &loaded)
        && let Ok(snapshot) = Snapshot::open(Arc::clone(storage))
    {
        for (i, edit) in snapshot.journal().iter().enumerate() {
            let Action::Put(record) = &edit.action else { continue };
            let day = edit.time.get(..10).unwrap_or("");
            if let Err(e) = check_types(&types, record).and_then(|()| PartialDate::parse(day).map(|_| ())) {
                v.faults.push(format!("edit {i} of the journal cannot be used: {}", e.message()));
            }
        }
    }
    let records = loaded.manifest.sources.iter().flat_map(|s| &s.segments).map(|s| s.records).sum();
    let check = store::Container::open(&**storage, &entry.name, INDEX, Some(entry)).and_then(|file| {
        // An index of another program version is not ours to judge beyond its sums.
        if !is_known(&file)? {
            return file.body().map(|_| ());
        }
        let i = Index::open(file)?;
        if i.folded() != loaded.manifest.folded {
            return Err(Error::damaged(&entry.name, 0, "it holds other edits than the manifest says"));
        }
        i.verify(records, loaded.manifest.edits())
    });
    v.files += 1;
    v.bytes += entry.length;
    // The names beside the index are made from it; they need only be whole.
    match Snapshot::open(Arc::clone(storage)).ok().map(|s| super::name_index::verify(&s)) {
        // A store that does not open has its faults named already.
        None | Some(Ok(None)) => {}
        Some(Ok(Some(bytes))) => {
            v.files += 1;
            v.bytes += bytes;
        }
        Some(Err(e)) => v.faults.push(e.to_string()),
    }
    match check {
        Ok(()) => {}
        Err(e) if e.kind() == Kind::Newer => return Err(e),
        Err(e) => v.faults.push(e.to_string()),
    }
    Ok(v)
}

/// Goes back to the last sound state and builds its index anew; says what is lost.
pub fn repair(storage: &Arc<dyn Storage>) -> Result<Vec<String>> {
    let before = verify(storage).ok();
    if before.as_ref().is_some_and(|v| v.faults.is_empty()) {
        return Ok(Vec::new());
    }
    let (_, lost) = store::repair(storage)?;
    let mut commit = Commit::begin(Arc::clone(storage))?;
    build_index(&mut commit)?;
    commit.finish()?;
    Ok(lost)
}

/// Merges the segments of each source into one, folds the journal into the index and removes
/// what nothing refers to. Nothing that any question can see changes.
pub fn compact(storage: &Arc<dyn Storage>) -> Result<Built> {
    let mut commit = Commit::begin(Arc::clone(storage))?;
    if commit.old().is_none() {
        return Err(Error::usage("there is no store to compact"));
    }
    store::merge_segments(&mut commit)?;
    commit.merge_decisions()?;
    let built = build_index(&mut commit)?;
    commit.finish()?;
    Ok(built)
}
