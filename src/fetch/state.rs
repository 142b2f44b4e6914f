//! What was fetched, remembered beside the files.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Name of the state file.
const STATE: &str = "state.json";
/// Largest state file that is read.
const MAX_STATE: u64 = 16 << 20;

/// The release that a file went into.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Id of the source.
    pub source: String,
    /// Date of the release.
    pub release: String,
}

/// What is remembered of one file. Empty texts mean "not known".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Seen {
    /// Address with its placeholders but for the date: no token is ever written down.
    pub url: String,
    /// `ETag` of the answer.
    pub etag: String,
    /// `Last-Modified` of the answer.
    pub last_modified: String,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
    /// When it was fetched, as RFC 3339.
    pub fetched: String,
    /// The release it went into; `None` while it has not been imported.
    pub imported: Option<Imported>,
}

/// The files of a folder, by `source/name`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct State {
    cuibono_downloads: u32,
    pub(super) files: BTreeMap<String, Seen>,
}

impl State {
    /// Reads the state of a folder. What cannot be read counts as nothing remembered, with the
    /// reason: then files are fetched anew, which is never wrong.
    pub(super) fn load(folder: &Path) -> (State, Option<String>) {
        let path = folder.join(STATE);
        let fresh = State { cuibono_downloads: 1, files: BTreeMap::new() };
        let bytes = match fs::metadata(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return (fresh, None),
            Ok(m) if m.len() > MAX_STATE => Err(std::io::Error::other("it is too large")),
            Ok(_) => fs::read(&path),
            Err(e) => Err(e),
        };
        let why = match bytes {
            Err(e) => e.to_string(),
            Ok(b) => match serde_json::from_slice::<State>(&b) {
                Ok(s) if s.cuibono_downloads == 1 => return (s, None),
                Ok(_) => "it is of another version".to_owned(),
                Err(e) => e.to_string(),
            },
        };
        (fresh, Some(format!("{} cannot be used ({why}); files are fetched anew", path.display())))
    }

    /// Writes it atomically.
    pub(super) fn save(&self, folder: &Path) -> Result<()> {
        let fail = |e: serde_json::Error| Error::io("write the state of downloads", e.into());
        let mut text = serde_json::to_vec_pretty(self).map_err(fail)?;
        text.push(b'\n');
        write_whole(&folder.join(STATE), &text)
    }
}

/// Writes a small file under its name only when all of it is on disk.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let tmp = path.with_extension("json.tmp");
    let doing = || format!("write {}", path.display());
    let write = || -> std::io::Result<()> {
        let mut f = File::create(&tmp)?;
        f.write_all(bytes)?;
        f.sync_all()?;
        fs::rename(&tmp, path)
    };
    write().map_err(|e| Error::io(doing(), e))
}

/// Where the files of a source lie.
pub(super) fn place(folder: &Path, source: &str, name: &str) -> PathBuf {
    folder.join(source).join(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_and_forgives() {
        let dir = tempfile::TempDir::new().unwrap();
        let (mut s, why) = State::load(dir.path());
        assert!(s.files.is_empty() && why.is_none());
        let release = Imported { source: "a".into(), release: "2026-01-05".into() };
        let seen = Seen { url: "https://x".into(), bytes: 7, imported: Some(release), ..Seen::default() };
        s.files.insert("a/a.xml".into(), seen);
        s.save(dir.path()).unwrap();
        assert_eq!(State::load(dir.path()), (s, None));
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no leftovers");
        for bad in [&b"{"[..], b"{\"cuibono_downloads\": 2, \"files\": {}}", b"", b"[]", b"\xff"] {
            fs::write(dir.path().join(STATE), bad).unwrap();
            let (s, why) = State::load(dir.path());
            assert!(s.files.is_empty() && why.unwrap().contains("fetched anew"));
        }
    }
}
