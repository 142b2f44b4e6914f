//! The names of parties on their way into the index: those that may be labels, and all of them in
//! the form in which they are compared.

use super::names::{NameKind, normalise_into};
use crate::error::{Error, Result};
use crate::model::PartyView;
use crate::store::{By, Sorter, Storage};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

/// Chunks that wait for their names at most.
const AHEAD: usize = 2;
/// So many records are worth a thread.
const MANY: u32 = 2048;

/// Whom a record names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named {
    pub(super) node: u32,
    pub(super) prov: u32,
    /// Its source still says so.
    pub(super) holds: bool,
}

/// A name: whose, what it is, and where among some bytes it stands.
pub(super) struct NameRow {
    pub(super) named: Named,
    pub(super) kind: NameKind,
    /// Its script is noted.
    pub(super) script: bool,
    pub(super) at: u32,
    pub(super) len: u32,
}

/// Gathers names.
pub(super) struct Naming {
    /// Names of a node by rank and order of appearance; the first serves as its label.
    pub(super) labels: Sorter<(u32, u8, u32)>,
    /// Normalised names: kind, node, provenance, number among the labels or `u32::MAX`.
    pub(super) names: Sorter<(u8, u32, u32, u32)>,
    normal: String,
}

impl Naming {
    /// None yet.
    pub(super) fn new(storage: &Arc<dyn Storage>) -> Naming {
        Naming { labels: Sorter::new(storage, By::Row), names: Sorter::new(storage, By::Text), normal: String::new() }
    }

    /// Takes the names of a party's record.
    pub(super) fn party(&mut self, named: Named, p: &PartyView<'_>) -> Result<()> {
        for f in &p.facts {
            if let Some(kind) = NameKind::of(f.prop) {
                self.name(named, kind, !f.script.is_empty(), f.value)?;
            }
        }
        Ok(())
    }

    /// Takes names that stand in `bytes`.
    pub(super) fn rows(&mut self, bytes: &[u8], rows: &[NameRow]) -> Result<()> {
        rows.iter().try_for_each(|r| {
            let at = r.at as usize;
            let text = bytes.get(at..at + r.len as usize).and_then(|b| std::str::from_utf8(b).ok());
            self.name(r.named, r.kind, r.script, text.unwrap_or_default())
        })
    }

    fn name(&mut self, named: Named, kind: NameKind, script: bool, value: &str) -> Result<()> {
        let Named { node, prov, holds } = named;
        // Lower is better: a name the source still stands by before one it dropped.
        let rank = (kind as u8) | if holds { 0 } else { 0x40 } | if script { 0x20 } else { 0 };
        let mut order = u32::MAX;
        if kind != NameKind::Identifier {
            order = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
            self.labels.push(value.as_bytes(), (node, rank, order))?;
        }
        self.normal.clear();
        normalise_into(value, &mut self.normal);
        if !self.normal.is_empty() {
            self.names.push(self.normal.as_bytes(), (kind as u8, node, prov, order))?;
        }
        Ok(())
    }
}

/// Hands names over to whoever gathers them: the bytes in which they stand, and they.
pub(super) type Hand<'h, B> = dyn FnMut(B, Vec<NameRow>) -> Result<()> + 'h;

/// Lets `work` hand over names; those of many records are gathered on a thread of its own.
pub(super) fn beside<B: AsRef<[u8]> + Send>(
    mut naming: Naming,
    records: u32,
    work: impl FnOnce(&mut Hand<'_, B>) -> Result<()>,
) -> Result<Naming> {
    if records < MANY {
        work(&mut |bytes, rows| naming.rows(bytes.as_ref(), &rows))?;
        return Ok(naming);
    }
    std::thread::scope(|s| {
        let (send, receive) = sync_channel::<(B, Vec<NameRow>)>(AHEAD);
        let worker = s.spawn(move || {
            receive.into_iter().try_for_each(|(bytes, rows)| naming.rows(bytes.as_ref(), &rows)).map(|()| naming)
        });
        let failed = || Error::input("gathering the names failed");
        let done = work(&mut |bytes, rows| {
            if rows.is_empty() { Ok(()) } else { send.send((bytes, rows)).map_err(|_| failed()) }
        });
        drop(send);
        let named = worker.join().map_err(|_| failed())?;
        // What went wrong there is why nobody listened here.
        match (done, named) {
            (_, Err(e)) | (Err(e), Ok(_)) => Err(e),
            (Ok(()), Ok(naming)) => Ok(naming),
        }
    })
}
