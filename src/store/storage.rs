//! Where the files of a store live: a folder, or memory. Tests supply one that fails.

use super::map::Bytes;
use crate::error::{Error, Kind, Place, Result};
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A file being written. Nothing of it counts before [`Output::sync`] has returned.
pub trait Output: Write {
    /// Makes what was written durable.
    fn sync(&mut self) -> io::Result<()>;
}

/// Held while one process writes.
pub trait Guard: Send {}

/// The operations a store needs. A name has no separators; nothing is ever changed in place.
pub trait Storage: Send + Sync {
    /// Names of all files.
    fn list(&self) -> io::Result<Vec<String>>;
    /// The contents of a file.
    fn open(&self, name: &str) -> io::Result<Bytes>;
    /// Creates a file, or empties one that is there.
    fn create(&self, name: &str) -> io::Result<Box<dyn Output>>;
    /// Renames a file over another.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Makes creations, renames and removals durable.
    fn sync_dir(&self) -> io::Result<()>;
    /// Takes the writer's lock, or fails with [`Kind::Busy`].
    fn lock(&self) -> Result<Box<dyn Guard>>;
    /// A nameless file for rows that are being sorted, gone when it is closed; `None` where
    /// everything is held in memory anyway.
    fn scratch(&self) -> io::Result<Option<File>> {
        Ok(None)
    }
    /// Whether what is written here is still there when the process has ended. Where it is not,
    /// files that only spare a later reader work are not written.
    fn lasting(&self) -> bool {
        true
    }
    /// How messages call this place.
    fn describe(&self) -> String;
}

/// A folder on disk.
#[derive(Debug, Clone)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// A folder; it is made when the first file is created in it.
    pub fn new(path: impl Into<PathBuf>) -> Folder {
        Folder { path: path.into() }
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folder and those above it. Until the first commit has happened the folder's
    /// own name may not be durable, and all that is in it would go with it in a power cut.
    fn make(&self) -> io::Result<()> {
        let missing = self.path.ancestors().skip(1).take_while(|p| !p.exists() && !p.as_os_str().is_empty());
        let new: Vec<&Path> = std::iter::once(&*self.path).chain(missing).collect();
        fs::create_dir_all(&self.path)?;
        if cfg!(unix) && !self.path.join(super::manifest::MANIFEST).exists() {
            for parent in new.iter().filter_map(|p| p.parent()) {
                let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
                // One that may be passed through and not read cannot be synced by us.
                if let Ok(folder) = File::open(parent) {
                    folder.sync_all()?;
                }
            }
        }
        Ok(())
    }
}

impl Output for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

struct FolderLock(File);

impl Guard for FolderLock {}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // The process id in it only serves the message of a second writer.
        self.0.set_len(0).ok();
        // Closing is not enough: a child process that is just being started holds the file too,
        // until it has become its own program.
        self.0.unlock().ok();
    }
}

/// Name of the lock file.
pub(super) const LOCK: &str = "LOCK";

impl Storage for Folder {
    fn list(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn open(&self, name: &str) -> io::Result<Bytes> {
        Bytes::map(&File::open(self.path.join(name))?, name)
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn Output>> {
        Ok(Box::new(File::create(self.path.join(name))?))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path.join(from), self.path.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    fn scratch(&self) -> io::Result<Option<File>> {
        tempfile::tempfile_in(&self.path).map(Some)
    }

    fn sync_dir(&self) -> io::Result<()> {
        // Only Unix needs (and allows) this; elsewhere a rename is as durable as it gets.
        if cfg!(unix) { File::open(&self.path)?.sync_all() } else { Ok(()) }
    }

    fn lock(&self) -> Result<Box<dyn Guard>> {
        let shown = self.describe();
        self.make().map_err(|e| Error::io(format!("make the folder {shown}"), e))?;
        let path = self.path.join(LOCK);
        let doing = || format!("lock {shown}");
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|e| Error::io(doing(), e))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                file.read_to_string(&mut pid).ok();
                let by = if pid.trim().is_empty() { String::new() } else { format!(" (process {})", pid.trim()) };
                return Err(Error::new(Kind::Busy, format!("another process is writing to the store{by}"))
                    .at(Place::file(shown))
                    .hint("try again when it has finished; reading is possible meanwhile"));
            }
            Err(TryLockError::Error(e)) => return Err(Error::io(doing(), e)),
        }
        let stamp = file
            .set_len(0)
            .and_then(|()| file.seek(io::SeekFrom::Start(0)))
            .and_then(|_| file.write_all(std::process::id().to_string().as_bytes()));
        let guard = FolderLock(file);
        stamp.map_err(|e| Error::io(doing(), e))?;
        Ok(Box::new(guard))
    }

    fn describe(&self) -> String {
        self.path.display().to_string()
    }
}

type Files = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// A store in memory, for `--from` and for tests.
#[derive(Clone, Default)]
pub struct Memory {
    files: Files,
    locked: Arc<Mutex<bool>>,
}

struct MemoryFile {
    name: String,
    bytes: Vec<u8>,
    files: Files,
}

impl Write for MemoryFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for MemoryFile {
    fn sync(&mut self) -> io::Result<()> {
        let bytes = std::mem::take(&mut self.bytes);
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(self.name.clone(), Bytes::owned(bytes));
        Ok(())
    }
}

struct MemoryLock(Arc<Mutex<bool>>);

impl Guard for MemoryLock {}

impl Drop for MemoryLock {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }
}

impl Memory {
    /// An empty one.
    pub fn new() -> Memory {
        Memory::default()
    }

    /// Puts a file there as it is, as a test does that damages one.
    pub fn put(&self, name: &str, bytes: Vec<u8>) {
        self.files.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), Bytes::owned(bytes));
    }
}

fn missing(name: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("no file {name}"))
}

impl Storage for Memory {
    fn lasting(&self) -> bool {
        false
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.files.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect())
    }

    fn open(&self, name: &str) -> io::Result<Bytes> {
        let files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.get(name).cloned().ok_or_else(|| missing(name))
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn Output>> {
        Ok(Box::new(MemoryFile { name: name.to_owned(), bytes: Vec::new(), files: Arc::clone(&self.files) }))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = files.remove(from).ok_or_else(|| missing(from))?;
        files.insert(to.to_owned(), bytes);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.remove(name).map(|_| ()).ok_or_else(|| missing(name))
    }

    fn sync_dir(&self) -> io::Result<()> {
        Ok(())
    }

    fn lock(&self) -> Result<Box<dyn Guard>> {
        let mut locked = self.locked.lock().unwrap_or_else(PoisonError::into_inner);
        if *locked {
            return Err(Error::new(Kind::Busy, "another writer holds the store"));
        }
        *locked = true;
        Ok(Box::new(MemoryLock(Arc::clone(&self.locked))))
    }

    fn describe(&self) -> String {
        "memory".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_that_is_being_started_does_not_keep_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(dir.path().join(LOCK));
        let file = file.unwrap();
        file.try_lock().unwrap();
        let inherited = file.try_clone().unwrap();
        let folder = Folder::new(dir.path());
        assert_eq!(folder.lock().err().map(|e| e.kind()), Some(Kind::Busy));
        drop(FolderLock(file));
        folder.lock().unwrap();
        drop(inherited);
    }
}
