//! File contents as bytes: mapped from disk or held in memory. The only module with `unsafe`.
//!
//! # What it rests on
//!
//! 1. A map is read-only and of a file that the store never changes under its final name: files
//!    are written under a temporary name, synced, renamed, and later only unlinked, which leaves
//!    maps valid. So nobody of this program sees the bytes of a map change.
//! 2. Another program may break that. Changed bytes are noticed by the checksum of their block
//!    when it is first touched, and not after that; a file that is *cut* leaves pages without a
//!    file behind them, and touching one raises SIGBUS. [`exit_when_cut`] turns that into an
//!    error message and exit code 3; a program that does not call it dies by the signal.
//! 3. The handler for that runs at any moment in any thread. It reads atomics, and calls nothing
//!    but `write`, `_exit` and `sigaction`, which POSIX allows there.

use memmap2::Mmap;
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::sync::Arc;

/// Immutable file contents, cheap to clone.
#[derive(Clone)]
pub struct Bytes(Arc<Repr>);

enum Repr {
    /// The watch ends before the map does.
    Mapped {
        _watched: cut::Watched,
        map: Mmap,
    },
    Owned(Vec<u8>),
}

impl Bytes {
    /// Bytes held in memory.
    pub fn owned(bytes: Vec<u8>) -> Bytes {
        Bytes(Arc::new(Repr::Owned(bytes)))
    }

    /// Maps a whole file read-only; `name` is what a message calls it.
    pub(super) fn map(file: &File, name: &str) -> io::Result<Bytes> {
        if file.metadata()?.len() == 0 {
            return Ok(Bytes::owned(Vec::new()));
        }
        // SAFETY: the map is read-only and private to this process, and the file is never written
        // to or cut by the store (1 above). Another program that cuts it cannot make us read
        // memory that is not the map's: the system raises SIGBUS instead (2 above).
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(file)? };
        let _watched = cut::Watched::new(name, map.as_ptr() as usize, map.len());
        Ok(Bytes(Arc::new(Repr::Mapped { _watched, map })))
    }
}

impl Bytes {
    /// Lets the system take the memory of a range back; the bytes are read from disk again when
    /// they are touched again. For going through a large file once.
    pub(super) fn release(&self, range: std::ops::Range<usize>) {
        #[cfg(unix)]
        if let Repr::Mapped { map, .. } = &*self.0
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
            Repr::Mapped { map, .. } => map,
            Repr::Owned(v) => v,
        }
    }
}

/// For a program that owns its process: from now on a store file that another program cuts while
/// it is read ends the process with exit code 3 and a message on standard error, instead of the
/// signal SIGBUS. Faults anywhere else go to the handler that was there before. Files opened
/// earlier are not covered. Does nothing where there is no such signal.
pub fn exit_when_cut() -> io::Result<()> {
    cut::install()
}

#[cfg(unix)]
mod cut {
    use std::io;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

    /// Bytes of a name kept for the message, in words of eight.
    const NAME: usize = 8;
    /// Maps in one piece of the table.
    const PIECE: usize = 128;

    /// A map that the handler knows. Everything in it is atomic, as the handler may look at any
    /// moment; a half-written slot has `start` 0 or `CLAIMED`.
    struct Slot {
        start: AtomicUsize,
        end: AtomicUsize,
        name: [AtomicU64; NAME],
    }

    /// No map begins at this address.
    const CLAIMED: usize = 1;

    /// The table grows piece by piece and never shrinks, so that the handler can always walk it.
    struct Table {
        slots: [Slot; PIECE],
        more: OnceLock<Box<Table>>,
    }

    impl Table {
        const fn new() -> Table {
            Table {
                slots: [const {
                    Slot {
                        start: AtomicUsize::new(0),
                        end: AtomicUsize::new(0),
                        name: [const { AtomicU64::new(0) }; NAME],
                    }
                }; PIECE],
                more: OnceLock::new(),
            }
        }
    }

    static MAPS: Table = Table::new();
    static INSTALLED: AtomicBool = AtomicBool::new(false);
    static BEFORE: OnceLock<libc::sigaction> = OnceLock::new();

    /// Keeps a map in the table.
    pub(super) struct Watched(Option<&'static Slot>);

    impl Watched {
        pub(super) fn new(name: &str, start: usize, len: usize) -> Watched {
            if !INSTALLED.load(Ordering::Acquire) || start <= CLAIMED {
                return Watched(None);
            }
            let mut table: &'static Table = &MAPS;
            loop {
                for slot in &table.slots {
                    let claim = slot.start.compare_exchange(0, CLAIMED, Ordering::AcqRel, Ordering::Relaxed);
                    if claim.is_err() {
                        continue;
                    }
                    let bytes = name.as_bytes();
                    for (i, word) in slot.name.iter().enumerate() {
                        let mut w = [0u8; 8];
                        let part = bytes.get(i * 8..bytes.len().min(i * 8 + 8)).unwrap_or_default();
                        w.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
                        word.store(u64::from_le_bytes(w), Ordering::Relaxed);
                    }
                    slot.end.store(start.saturating_add(len), Ordering::Relaxed);
                    slot.start.store(start, Ordering::Release);
                    return Watched(Some(slot));
                }
                table = table.more.get_or_init(|| Box::new(Table::new()));
            }
        }
    }

    impl Drop for Watched {
        fn drop(&mut self) {
            if let Some(slot) = self.0 {
                slot.end.store(0, Ordering::Relaxed);
                slot.start.store(0, Ordering::Release);
            }
        }
    }

    pub(super) fn install() -> io::Result<()> {
        if INSTALLED.swap(true, Ordering::AcqRel) {
            return Ok(());
        }
        // SAFETY: both structures are plain C data for which all zeros is a valid value, and are
        // filled in before they are used; `on_fault` has the signature that SA_SIGINFO asks for
        // and does only what a handler may (3 above).
        #[allow(unsafe_code)]
        unsafe {
            let mut before: libc::sigaction = std::mem::zeroed();
            if libc::sigaction(libc::SIGBUS, std::ptr::null(), &mut before) != 0 {
                return Err(io::Error::last_os_error());
            }
            BEFORE.set(before).ok();
            let mut action: libc::sigaction = std::mem::zeroed();
            let handler: extern "C" fn(libc::c_int, *mut libc::siginfo_t, *mut libc::c_void) = on_fault;
            action.sa_sigaction = handler as libc::sighandler_t;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
            libc::sigemptyset(&mut action.sa_mask);
            if libc::sigaction(libc::SIGBUS, &action, std::ptr::null_mut()) != 0 {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(())
    }

    /// The map that holds an address.
    fn find(at: usize) -> Option<&'static Slot> {
        let mut table = Some(&MAPS);
        while let Some(t) = table {
            let holds = |s: &&Slot| {
                let start = s.start.load(Ordering::Acquire);
                start > CLAIMED && start <= at && at < s.end.load(Ordering::Relaxed)
            };
            if let Some(slot) = t.slots.iter().find(holds) {
                return Some(slot);
            }
            table = t.more.get().map(|b| &**b);
        }
        None
    }

    extern "C" fn on_fault(_: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
        // SAFETY: the system hands a handler with SA_SIGINFO a valid `info`, whose address field is
        // set for SIGBUS. `write`, `_exit` and `sigaction` may be called in a handler; the buffers
        // are on this stack or static, their lengths are theirs.
        #[allow(unsafe_code)]
        unsafe {
            let at = if info.is_null() { 0 } else { (*info).si_addr() as usize };
            let Some(slot) = find(at) else {
                // Not ours: as it was before. The fault comes again when we return.
                match BEFORE.get() {
                    Some(before) => libc::sigaction(libc::SIGBUS, before, std::ptr::null_mut()),
                    None => libc::_exit(3),
                };
                return;
            };
            let mut name = [0u8; NAME * 8];
            for (to, word) in name.chunks_exact_mut(8).zip(&slot.name) {
                to.iter_mut().zip(word.load(Ordering::Relaxed).to_le_bytes()).for_each(|(t, b)| *t = b);
            }
            let len = name.iter().position(|b| *b == 0).unwrap_or(name.len());
            let parts: [&[u8]; 3] = [b"error: ", name.get(..len).unwrap_or_default(), CUT];
            for part in parts {
                libc::write(2, part.as_ptr().cast(), part.len());
            }
            libc::_exit(3)
        }
    }

    const CUT: &[u8] = b": the file became shorter, or could not be read, while it was being read; another program \
        has cut it or the disk fails\nhint: run `cuibono verify` for the extent and `cuibono repair` to go back to \
        the last sound state\n";

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_table_finds_maps_and_forgets_them() {
            INSTALLED.store(true, Ordering::Release);
            let base = 0x7000_0000_0000usize;
            let many: Vec<Watched> =
                (0..3 * PIECE).map(|i| Watched::new(&format!("file-{i}"), base + i * 4096, 4000)).collect();
            for i in [0, 1, PIECE, 3 * PIECE - 1] {
                let slot = find(base + i * 4096 + 3999).unwrap();
                let word = slot.name[0].load(Ordering::Relaxed).to_le_bytes();
                let name = format!("file-{i}");
                assert!(word.starts_with(&name.as_bytes()[..name.len().min(8)]), "{i}");
                assert!(find(base + i * 4096 + 4000).is_none());
            }
            drop(many);
            assert!((0..3 * PIECE).all(|i| find(base + i * 4096).is_none()));
        }
    }
}

#[cfg(not(unix))]
mod cut {
    /// Elsewhere a mapped file cannot be cut.
    pub(super) struct Watched;

    impl Watched {
        pub(super) fn new(_: &str, _: usize, _: usize) -> Watched {
            Watched
        }
    }

    pub(super) fn install() -> std::io::Result<()> {
        Ok(())
    }
}
