//! The manifest: the one file that says which other files make up the store.

use super::container::{Container, FileEntry, FileWriter, WITH_DECISIONS};
use super::decisions::DecisionsEntry;
use super::segment::SegmentEntry;
use super::storage::Storage;
use crate::codec;
use crate::error::{Error, Place, Result};
use crate::model::{Mode, PartialDate, SourceInfo};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Write as _;

/// Name of the current manifest.
pub const MANIFEST: &str = "MANIFEST";
/// Name of the manifest before it, kept for `repair`.
pub const PREVIOUS: &str = "PREVIOUS";
const KIND: [u8; 4] = *b"MANI";

/// One imported release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseEntry {
    /// Number within the source, in the order of import.
    pub number: u32,
    /// Its date.
    pub date: PartialDate,
    /// Name of its format.
    pub format: String,
    /// What absence from it means.
    pub mode: Mode,
    /// Parts of the source that it covers.
    pub parts: Vec<String>,
    /// Base names of its files and their SHA-256.
    pub files: Vec<(String, String)>,
    /// What came in, by kind.
    pub counts: BTreeMap<String, u64>,
    /// A later import with `--replace` took its place; it counts for nothing.
    pub replaced: bool,
}

impl Default for ReleaseEntry {
    fn default() -> Self {
        ReleaseEntry {
            number: 0,
            date: PartialDate::from_bits(1 << 9).unwrap_or_else(|| unreachable!("year 1 is a date")),
            format: String::new(),
            mode: Mode::Additive,
            parts: Vec::new(),
            files: Vec::new(),
            counts: BTreeMap::new(),
            replaced: false,
        }
    }
}

/// One source with its releases and files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceEntry {
    /// Who publishes it, under what licence.
    pub info: SourceInfo,
    /// Releases, by number.
    pub releases: Vec<ReleaseEntry>,
    /// Segments, oldest first; records count through them.
    pub segments: Vec<SegmentEntry>,
    /// The presence file.
    pub presence: FileEntry,
}

impl SourceEntry {
    /// Releases that count, by date.
    pub fn by_date(&self) -> Vec<&ReleaseEntry> {
        let mut list: Vec<&ReleaseEntry> = self.releases.iter().filter(|r| !r.replaced).collect();
        list.sort_by_key(|r| (r.date, r.number));
        list
    }
}

/// One journal file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// The file.
    pub file: FileEntry,
    /// Edits in it.
    pub edits: u32,
}

/// The whole state of a store at one generation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Manifest {
    /// Counts commits.
    pub generation: u64,
    /// Sum of the manifest before this one, 0 for the first.
    pub previous: u64,
    /// Sources, by id.
    pub sources: Vec<SourceEntry>,
    /// Journal files, oldest first.
    pub journal: Vec<JournalEntry>,
    /// How many edits of the journal the index already holds.
    pub folded: u32,
    /// The index.
    pub index: Option<FileEntry>,
    /// Files of the log of decisions, oldest first. A manifest that names none is one of format 1,
    /// one that does of format 2, where they follow the fields above.
    #[serde(skip)]
    pub decisions: Vec<DecisionsEntry>,
}

/// A manifest as read, with what identifies it.
#[derive(Clone)]
pub struct Loaded {
    /// The manifest.
    pub manifest: Manifest,
    /// Sum of the file.
    pub sum: u64,
    /// SHA-256 of the file, 32 hexadecimal digits: what answers name.
    pub hash: String,
    /// The file itself, to be kept as it is when another takes its place.
    pub bytes: Option<super::map::Bytes>,
}

/// The file of names that belongs to an index file: named after it, and not in the manifest, since
/// nothing depends on it.
pub fn names_file(index: &str) -> Option<String> {
    index.strip_prefix("index-").map(|rest| format!("names-{rest}"))
}

impl Manifest {
    /// A source by id.
    pub fn source(&self, id: &str) -> Option<&SourceEntry> {
        self.sources.iter().find(|s| s.info.id == id)
    }

    /// Edits in all journal files.
    pub fn edits(&self) -> u32 {
        self.journal.iter().map(|j| j.edits).sum()
    }

    /// Names of all files of this generation; the index only when asked for, because the
    /// generation kept for `repair` does without.
    pub fn files(&self, with_index: bool) -> Vec<&FileEntry> {
        let mut files: Vec<&FileEntry> = Vec::new();
        for s in &self.sources {
            files.extend(s.segments.iter().map(|e| &e.file));
            files.push(&s.presence);
        }
        files.extend(self.journal.iter().map(|j| &j.file));
        files.extend(self.decisions.iter().map(|d| &d.file));
        if with_index {
            files.extend(&self.index);
        }
        files
    }

    /// All file names that belong to this generation and are needed to read it quickly.
    pub(super) fn keeps(&self) -> Vec<String> {
        let mut names: Vec<String> = self.files(true).into_iter().map(|f| f.name.clone()).collect();
        names.extend(self.index.as_ref().and_then(|i| names_file(&i.name)));
        names
    }

    /// Reads a manifest file; `None` when there is none.
    pub fn load(storage: &dyn Storage, name: &str) -> Result<Option<Loaded>> {
        let bytes = match storage.open(name) {
            Ok(bytes) => bytes,
            Err(e) if matches!(e.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(e) => return Err(Error::io(format!("open {name} in {}", storage.describe()), e)),
        };
        let hash = hash_of(&bytes);
        let file = Container::new(name, bytes.clone(), KIND, None)?;
        let body = file.body()?;
        let read = if file.version() < WITH_DECISIONS {
            codec::decode::<Manifest>(body)
        } else {
            codec::decode(body).map(|(m, decisions)| Manifest { decisions, ..m })
        };
        let manifest = read.map_err(|e| Error::damaged(name, 0, format!("the manifest cannot be read: {e}")))?;
        Ok(Some(Loaded { manifest, sum: file.sum(), hash, bytes: Some(bytes) }))
    }

    /// Writes it under a name, atomically.
    pub fn save(&self, storage: &dyn Storage, name: &str) -> Result<FileEntry> {
        if self.decisions.is_empty() {
            let mut file = FileWriter::create(storage, name, KIND)?;
            file.write(&codec::encode(self)?)?;
            return file.finish(storage);
        }
        let mut file = FileWriter::create_as(storage, name, KIND, WITH_DECISIONS)?;
        file.write(&codec::encode(&(self, &self.decisions))?)?;
        file.finish(storage)
    }

    /// Keeps a manifest that another has replaced, byte for byte.
    pub(super) fn keep(storage: &dyn Storage, old: Option<&Loaded>) -> std::io::Result<()> {
        let Some(bytes) = old.and_then(|l| l.bytes.as_ref()) else {
            let fail = |e: Error| std::io::Error::other(e.to_string());
            return Manifest::default().save(storage, PREVIOUS).map(|_| ()).map_err(fail);
        };
        Manifest::put(storage, PREVIOUS, bytes)
    }

    /// Writes the bytes of a manifest under a name, as a new file.
    pub(super) fn put(storage: &dyn Storage, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let tmp = format!("{name}.tmp");
        let mut file = storage.create(&tmp)?;
        file.write_all(bytes)?;
        file.sync()?;
        drop(file);
        storage.rename(&tmp, name)
    }

    /// Reads the current manifest. A folder that is no store, or whose first import never
    /// finished, is [`crate::error::Kind::Usage`]; a lost manifest, or one older than the one kept from before
    /// it, is damage.
    pub fn current(storage: &dyn Storage) -> Result<Loaded> {
        let mut seen: Option<u64> = None;
        loop {
            let Some(loaded) = Manifest::load(storage, MANIFEST)? else {
                if matches!(Manifest::load(storage, PREVIOUS), Ok(None)) {
                    return Err(Error::usage("there is no store here")
                        .at(Place::file(storage.describe()))
                        .hint("import something first, or name the store with --store"));
                }
                return Err(Error::damaged(MANIFEST, 0, "the manifest is missing"));
            };
            // A page of the manifest that the disk lost shows an older state that is sound in
            // itself; the copy kept from before it gives that away. (Damage of the copy alone
            // is for `verify` to tell.)
            let newer = match Manifest::load(storage, PREVIOUS) {
                Ok(Some(p)) => p.manifest.generation >= loaded.manifest.generation,
                _ => false,
            };
            if !newer {
                return Ok(loaded);
            }
            if seen == Some(loaded.sum) {
                return Err(Error::damaged(MANIFEST, 0, "the manifest is older than the one kept from before it"));
            }
            seen = Some(loaded.sum);
        }
    }
}

/// The hash that names a state of a store, from the bytes of its manifest.
pub(crate) fn hash_of(manifest: &[u8]) -> String {
    Sha256::digest(manifest).iter().take(16).map(|b| format!("{b:02x}")).collect()
}
