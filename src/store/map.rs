//! File contents as bytes: mapped from disk or held in memory. The only module with `unsafe`.

use memmap2::Mmap;
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::sync::Arc;

/// Immutable file contents, cheap to clone.
#[derive(Clone)]
pub struct Bytes(Arc<Repr>);

enum Repr {
    Mapped(Mmap),
    Owned(Vec<u8>),
}

impl Bytes {
    /// Bytes held in memory.
    pub fn owned(bytes: Vec<u8>) -> Bytes {
        Bytes(Arc::new(Repr::Owned(bytes)))
    }

    /// Maps a whole file read-only.
    pub(super) fn map(file: &File) -> io::Result<Bytes> {
        if file.metadata()?.len() == 0 {
            return Ok(Bytes::owned(Vec::new()));
        }
        // SAFETY: the map is read-only and private to this process. The store never writes to
        // or truncates a file under its final name: files are written under a temporary name,
        // synced, then renamed, and later only unlinked (which leaves maps valid). Another
        // program that truncates a store file while it is mapped can end this process with a
        // bus error; changed bytes are noticed by the block checksums when first touched.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(file)? };
        Ok(Bytes(Arc::new(Repr::Mapped(map))))
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match &*self.0 {
            Repr::Mapped(m) => m,
            Repr::Owned(v) => v,
        }
    }
}
