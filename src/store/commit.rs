//! Changing a store: everything new is written and synced under its own name first, then one
//! rename of the manifest makes all of it current.

use super::container::refused;
use super::decisions::{self, Decided};
use super::journal;
use super::manifest::{Loaded, MANIFEST, Manifest, PREVIOUS};
use super::storage::{Guard, LOCK, Storage};
use crate::error::{Error, Kind, Result};
use std::sync::Arc;

/// A change in progress. Dropped without [`Commit::finish`] it leaves the store as it was.
pub struct Commit {
    storage: Arc<dyn Storage>,
    _guard: Box<dyn Guard>,
    old: Option<Loaded>,
    /// The manifest to be; the caller edits it.
    pub manifest: Manifest,
    names: u32,
    done: bool,
}

impl Commit {
    /// Takes the writer's lock and reads the current state; a new store begins empty.
    pub fn begin(storage: Arc<dyn Storage>) -> Result<Commit> {
        let guard = storage.lock()?;
        let old = match Manifest::current(&*storage) {
            Ok(loaded) => Some(loaded),
            Err(e) if e.kind() == Kind::Usage => None,
            Err(e) => return Err(e),
        };
        let mut manifest = old.as_ref().map(|l| l.manifest.clone()).unwrap_or_default();
        manifest.generation += 1;
        manifest.previous = old.as_ref().map_or(0, |l| l.sum);
        Ok(Commit { storage, _guard: guard, old, manifest, names: 0, done: false })
    }

    /// The state this change starts from; `None` for a new store.
    pub fn old(&self) -> Option<&Loaded> {
        self.old.as_ref()
    }

    /// Where the files go.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }

    /// A fresh file name of this generation.
    pub fn name(&mut self, what: &str) -> String {
        fresh(&mut self.names, what, self.manifest.generation)
    }

    /// Adds edits to the journal.
    pub fn append(&mut self, edits: &[journal::Edit]) -> Result<()> {
        let name = self.name("journal");
        journal::append(&*self.storage, &mut self.manifest, &name, edits)
    }

    /// Adds decisions to their log; the number of the first of them.
    pub fn decide(&mut self, decisions: &[Decided]) -> Result<u32> {
        let storage = Arc::clone(&self.storage);
        let mut manifest = std::mem::take(&mut self.manifest);
        let (first, generation) = (manifest.decided() + 1, manifest.generation);
        let names = &mut self.names;
        let done = decisions::append(&*storage, &mut manifest, || fresh(names, "decisions", generation), decisions);
        self.manifest = manifest;
        done.map(|()| first)
    }

    /// Joins small files of the log of decisions into larger ones.
    pub fn merge_decisions(&mut self) -> Result<()> {
        let storage = Arc::clone(&self.storage);
        let mut manifest = std::mem::take(&mut self.manifest);
        let (generation, names) = (manifest.generation, &mut self.names);
        let done = decisions::merge(&*storage, &mut manifest, || fresh(names, "decisions", generation));
        self.manifest = manifest;
        done
    }

    /// Makes the change current and durable; only then has it happened.
    pub fn finish(mut self) -> Result<()> {
        let storage = Arc::clone(&self.storage);
        // A first commit that was stopped right after it happened has kept nothing. Stopped at the
        // same place, this one would leave a store that looks as if the file had been lost.
        if self.old.is_some() && matches!(Manifest::load(&*storage, PREVIOUS), Ok(None)) {
            Manifest::keep(&*storage, None).map_err(|e| refused(format!("write {PREVIOUS}"), e))?;
        }
        storage.sync_dir().map_err(|e| refused(format!("make new files durable in {}", storage.describe()), e))?;
        self.manifest.save(&*storage, MANIFEST)?;
        self.done = true;
        settle(&*storage)?;
        // From here on the change has happened. What follows only tidies up; when it fails the
        // next commit does it again. Nothing is removed before the manifest that named it is
        // gone for good, or a power cut could leave that manifest without its files.
        let old = self.old.take();
        if Manifest::keep(&*storage, old.as_ref()).is_ok() && storage.sync_dir().is_ok() {
            self.sweep(&old.map(|l| l.manifest).unwrap_or_default());
        }
        Ok(())
    }

    /// Ends a change that turned out to change nothing. What a writer before it made current
    /// may not be durable yet (its last step may have failed), and is when this returns.
    pub fn unchanged(self) -> Result<()> {
        let storage = &*self.storage;
        if let Some(old) = &self.old
            && !completed(storage, old)
            && let Some(bytes) = &old.bytes
        {
            // A sync that has failed once may succeed the next time without having written
            // anything: what it was to make durable is written anew.
            Manifest::put(storage, MANIFEST, bytes)
                .map_err(|e| refused(format!("write the manifest anew in {}", storage.describe()), e))?;
        }
        settle(storage)
    }

    /// Removes files that neither this generation nor the one before names.
    fn sweep(&self, old: &Manifest) {
        let Ok(names) = self.storage.list() else { return };
        let mut keep: std::collections::HashSet<String> = self.manifest.keeps().into_iter().collect();
        keep.extend(old.files(false).into_iter().map(|f| f.name.clone()));
        for name in names {
            if is_ours(&name) && !keep.contains(&name) {
                self.storage.remove(&name).ok();
            }
        }
    }
}

fn fresh(names: &mut u32, what: &str, generation: u64) -> String {
    *names += 1;
    format!("{what}-{generation:06}-{names}")
}

/// Whether the writer of the current manifest came to its end: then it has kept the one before.
fn completed(storage: &dyn Storage, current: &Loaded) -> bool {
    let before = Manifest::load(storage, PREVIOUS).ok().flatten();
    before.is_some_and(|p| p.manifest.generation + 1 == current.manifest.generation)
}

/// Makes the current manifest durable.
fn settle(storage: &dyn Storage) -> Result<()> {
    storage.sync_dir().map_err(|e| {
        Error::io(format!("make the manifest durable in {}", storage.describe()), e).hint(
            "the change is made, but a power cut may take it back; run the command again, after making space on a full disk",
        )
    })
}

/// Whether a name is one that commits make (apart from lock and manifests).
pub(super) fn is_ours(name: &str) -> bool {
    let stem = name.strip_suffix(".tmp").unwrap_or(name);
    name != LOCK
        && (stem != name || !matches!(name, MANIFEST | PREVIOUS))
        && (matches!(stem, MANIFEST | PREVIOUS)
            || ["records-", "presence-", "index-", "names-", "journal-", "decisions-"]
                .iter()
                .any(|p| stem.starts_with(p)))
}

impl Drop for Commit {
    fn drop(&mut self) {
        if self.done {
            return;
        }
        // Whatever this change wrote is named after its generation and nobody refers to it.
        let mark = format!("-{:06}-", self.manifest.generation);
        let kept = self.old.as_ref().map(|l| l.manifest.keeps()).unwrap_or_default();
        let named = |n: &str| kept.iter().any(|k| k == n);
        for name in self.storage.list().unwrap_or_default() {
            if is_ours(&name) && name.contains(&mark) && !named(&name) {
                self.storage.remove(&name).ok();
            }
        }
    }
}
