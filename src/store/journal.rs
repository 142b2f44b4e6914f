//! The journal: an investigator's own facts and retractions, durable one by one.

use super::container::{Container, FileWriter};
use super::manifest::{JournalEntry, Manifest};
use super::storage::Storage;
use crate::codec;
use crate::error::{Error, Result};
use crate::model::Record;
use serde::{Deserialize, Serialize};

const KIND: [u8; 4] = *b"JRNL";
/// The source id of everything in the journal.
pub const NOTES: &str = "notes";
/// A journal file is written anew with each edit until it is this long, then a new one starts.
const ROLL: u64 = 256 * 1024;

/// What an edit does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// States a fact.
    Put(Box<Record>),
    /// Takes back an own fact: all parties' notes or the relation with this id.
    Retract {
        /// External id of the relation, or of the party whose own notes are taken back.
        id: String,
        /// Why.
        reason: String,
    },
}

/// One edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// When, as the caller says (RFC 3339).
    pub time: String,
    /// Who, where stated.
    #[serde(default)]
    pub actor: String,
    /// What.
    pub action: Action,
}

/// Reads all edits, oldest first.
pub(super) fn read(storage: &dyn Storage, manifest: &Manifest) -> Result<Vec<Edit>> {
    let mut all = Vec::new();
    for entry in &manifest.journal {
        all.extend(read_file(storage, entry)?);
    }
    Ok(all)
}

fn read_file(storage: &dyn Storage, entry: &JournalEntry) -> Result<Vec<Edit>> {
    let file = Container::open(storage, &entry.file.name, KIND, Some(&entry.file))?;
    let bad = |e: &str| Error::damaged(&entry.file.name, 0, format!("the journal cannot be read: {e}"));
    let edits: Vec<Edit> = codec::decode(file.body()?).map_err(|e| bad(&e))?;
    if edits.len() != entry.edits as usize {
        return Err(bad("it has another number of edits than the manifest says"));
    }
    Ok(edits)
}

fn write_file(storage: &dyn Storage, name: &str, edits: &[Edit]) -> Result<JournalEntry> {
    let mut file = FileWriter::create(storage, name, KIND)?;
    file.write(&codec::encode(&edits)?)?;
    Ok(JournalEntry { file: file.finish(storage)?, edits: edits.len() as u32 })
}

/// Writes further edits: the last file is replaced by a longer one, or a new file begun.
pub(super) fn append(storage: &dyn Storage, manifest: &mut Manifest, name: &str, edits: &[Edit]) -> Result<()> {
    let mut all = match manifest.journal.last() {
        Some(last) if last.file.length < ROLL => {
            let edits = read_file(storage, last)?;
            manifest.journal.pop();
            edits
        }
        _ => Vec::new(),
    };
    all.extend_from_slice(edits);
    manifest.journal.push(write_file(storage, name, &all)?);
    Ok(())
}
