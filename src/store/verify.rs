//! Soundness: checking every byte, and going back to the last sound state.

use super::commit::is_ours;
use super::manifest::{Loaded, MANIFEST, Manifest, PREVIOUS};
use super::snapshot::Snapshot;
use super::storage::Storage;
use crate::error::{Error, Kind, Result};
use std::sync::Arc;

/// What a check went through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Files checked.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Records read.
    pub records: u64,
    /// Edits read.
    pub edits: u64,
    /// Decisions read.
    pub decisions: u64,
    /// Leftovers of writers that were killed; the next commit removes them.
    pub leftovers: Vec<String>,
    /// Everything that is wrong; empty for a sound store.
    pub faults: Vec<String>,
}

fn fault(v: &mut Verified, e: &Error) {
    let text = e.to_string();
    if !v.faults.contains(&text) {
        v.faults.push(text);
    }
}

/// Checks one generation without its index; returns its snapshot when all of it is sound.
fn check(storage: &Arc<dyn Storage>, loaded: &Loaded, v: &mut Verified) -> Option<Snapshot> {
    let mut without = loaded.clone();
    without.manifest.index = None;
    let snapshot = match Snapshot::of(Arc::clone(storage), without) {
        Ok(s) => s,
        Err(e) => {
            fault(v, &e);
            return None;
        }
    };
    let before = v.faults.len();
    for source in snapshot.sources() {
        for (_, segment) in source.segments() {
            v.records += u64::from(segment.len());
            if let Err(e) = segment.verify() {
                fault(v, &e);
            }
        }
        if let Err(e) = source.presence() {
            fault(v, &e);
        }
    }
    v.edits += snapshot.journal().len() as u64;
    v.decisions += u64::from(snapshot.decisions().len());
    if let Err(e) = snapshot.decisions().verify() {
        fault(v, &e);
    }
    for f in loaded.manifest.files(false) {
        v.files += 1;
        v.bytes += f.length;
    }
    (v.faults.len() == before).then_some(snapshot)
}

/// Checks every byte and record of the current generation, and of the one kept for `repair`.
/// The index is checked by the caller, who knows its inside.
///
/// Fails only when there is no store, or one of a newer format.
pub fn verify(storage: &Arc<dyn Storage>) -> Result<Verified> {
    let mut v = Verified::default();
    let current = match Manifest::current(&**storage) {
        Ok(l) => Some(l),
        Err(e) if e.kind() == Kind::Damaged => {
            fault(&mut v, &e);
            None
        }
        Err(e) => return Err(e),
    };
    if let Some(l) = &current {
        check(storage, l, &mut v);
        v.files += 1;
    }
    match Manifest::load(&**storage, PREVIOUS) {
        Ok(Some(p)) => {
            v.files += 1;
            let mut old = Verified::default();
            check(storage, &p, &mut old);
            v.faults.extend(old.faults.into_iter().map(|f| format!("the generation kept for repair: {f}")));
            if let Some(l) = &current
                && p.manifest.generation + 1 == l.manifest.generation
                && p.sum != l.manifest.previous
                && l.manifest.previous != 0
            {
                v.faults.push(format!("{PREVIOUS}: it is not the manifest that came before {MANIFEST}"));
            }
        }
        Ok(None) => {
            // Only a first commit that was stopped right after it happened leaves none.
            if current.as_ref().is_some_and(|l| l.manifest.generation > 1) {
                v.faults.push(format!("{PREVIOUS}: the file is missing"));
            }
        }
        Err(e) => fault(&mut v, &e),
    }
    if let Some(l) = &current {
        let named = l.manifest.keeps();
        let old = Manifest::load(&**storage, PREVIOUS).ok().flatten();
        let kept: Vec<String> = old.iter().flat_map(|p| p.manifest.keeps()).collect();
        let names = storage.list().map_err(|e| Error::io(format!("list {}", storage.describe()), e))?;
        v.leftovers = names
            .into_iter()
            .filter(|n| is_ours(n) && !named.contains(n) && !kept.contains(n))
            .filter(|n| !matches!(n.as_str(), MANIFEST | PREVIOUS))
            .collect();
    }
    Ok(v)
}

/// Goes back to the newest generation whose records are sound, and says in words what is lost.
/// The index is dropped and must be built anew by the caller. A store whose records are sound
/// stays at its generation.
pub fn repair(storage: &Arc<dyn Storage>) -> Result<(Manifest, Vec<String>)> {
    let _guard = storage.lock()?;
    let mut lost = Vec::new();
    let mut candidates = Vec::new();
    for name in [MANIFEST, PREVIOUS] {
        match Manifest::load(&**storage, name) {
            Ok(Some(l)) => candidates.push((name, l)),
            Ok(None) => lost.push(format!("{name} is missing")),
            Err(e) if e.kind() == Kind::Newer => return Err(e),
            Err(e) => lost.push(e.to_string()),
        }
    }
    candidates.sort_by_key(|(_, l)| std::cmp::Reverse(l.manifest.generation));
    let top = candidates.first().map_or(0, |(_, l)| l.manifest.generation);
    for (_, loaded) in candidates {
        let mut v = Verified::default();
        if check(storage, &loaded, &mut v).is_none() {
            lost.extend(v.faults);
            continue;
        }
        let mut manifest = loaded.manifest.clone();
        let back = loaded.manifest.generation;
        if back < top {
            lost.push(format!("everything written after generation {back}"));
        }
        manifest.generation = top + 1;
        manifest.index = None;
        manifest.folded = 0;
        manifest.previous = 0;
        manifest.save(&**storage, MANIFEST)?;
        storage.sync_dir().map_err(|e| Error::io(format!("make the manifest durable in {}", storage.describe()), e))?;
        Manifest::keep(&**storage, Some(&loaded))
            .and_then(|()| storage.sync_dir())
            .map_err(|e| Error::io(format!("keep the manifest before in {}", storage.describe()), e))?;
        return Ok((manifest, lost));
    }
    Err(Error::new(Kind::Damaged, "no sound generation is left; import the lists into a new store")
        .hint("`cuibono verify` names the damaged files; `cuibono dump` may still print what can be read"))
}
