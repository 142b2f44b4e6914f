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

impl Bytes {
    /// Lets the system take the memory of a range back; the bytes are read from disk again when
    /// they are touched again. For going through a large file once.
    pub(super) fn release(&self, range: std::ops::Range<usize>) {
        #[cfg(unix)]
        if let Repr::Mapped(map) = &*self.0
            && range.start < range.end
            && range.end <= map.len()
        {
            // SAFETY: the map is read-only and shared with an immutable file, so dropping its pages
            // changes no byte: a later touch reads the same ones from the file.
            #[allow(unsafe_code)]
            let advised =
                unsafe { map.unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, range.start, range.len()) };
            // It is advice: where the system has other ideas nothing is lost.
            advised.ok();
        }
        #[cfg(not(unix))]
        let _ = range;
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
