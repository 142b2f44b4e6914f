//! The members of a workbook: what they unpack to is checked before anything is unpacked.

use crate::error::{Error, Place, Result};
use crate::import::Input;
use crate::import::archive::Archive;
use std::cell::RefCell;
use std::io::Cursor;

/// The most that all members may unpack to, in bytes.
const MAX_UNPACKED: u64 = 512 << 20;
/// The most members.
const MAX_MEMBERS: usize = 10_000;

/// The start of a member, before its name.
const LOCAL: &[u8] = b"PK\x03\x04";

/// An open workbook.
pub(super) struct Zip {
    file: String,
    archive: RefCell<Archive>,
}

/// The names of the members that begin in the first bytes of a file; none where it is no ZIP.
pub(super) fn names(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let head = if head.starts_with(LOCAL) { head } else { &[] };
    let starts = head.windows(LOCAL.len()).enumerate().filter(|(_, w)| *w == LOCAL);
    starts.filter_map(move |(at, _)| {
        let len = head.get(at + 26..at + 28)?;
        let len = usize::from(u16::from_le_bytes(len.try_into().ok()?));
        head.get(at + 30..at + 30 + len)
    })
}

impl Zip {
    /// Reads the directory.
    ///
    /// # Errors
    /// A file that is no ZIP or is cut short, and one that would unpack to over 512 MiB.
    pub(super) fn open(file: &str, bytes: Vec<u8>) -> Result<Zip> {
        let mut archive = Archive::open(file, Box::new(Cursor::new(bytes)))?;
        let refuse =
            |why: String| Err(Error::input(why).at(Place::file(file)).hint("save the sheet that is wanted as CSV"));
        if archive.len() > MAX_MEMBERS {
            return refuse(format!("the workbook has {} members, over the limit of {MAX_MEMBERS}", archive.len()));
        }
        let sum = archive.unpacked()?;
        if sum > MAX_UNPACKED {
            return refuse(format!("the workbook unpacks to {sum} bytes, over the limit of {MAX_UNPACKED}"));
        }
        Ok(Zip { file: file.to_owned(), archive: RefCell::new(archive) })
    }

    /// Whether there is a member of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.archive.borrow().find(name).is_some()
    }

    /// Opens a member.
    ///
    /// # Errors
    /// No member of that name, an encrypted one, one that is not packed by deflate. Contents that
    /// do not match the directory fail while they are read.
    pub(super) fn input(&self, name: &str) -> Result<Input> {
        let mut archive = self.archive.borrow_mut();
        let missing = || {
            Error::input("the workbook cannot be read: a member is missing")
                .at(Place::file(self.file.clone()).element(name))
        };
        let at = archive.find(name).ok_or_else(missing)?;
        archive.input(at)?.ok_or_else(missing)
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! Makes ZIP files.

    use flate2::{Compression, Crc, write::DeflateEncoder};
    use std::io::Write;

    /// A ZIP file of members with their contents; names that begin with `=` are stored.
    pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for (name, data) in members {
            let (name, method) = name.strip_prefix('=').map_or((*name, 8u16), |n| (n, 0));
            let mut crc = Crc::new();
            crc.update(data);
            let mut packed = data.to_vec();
            if method == 8 {
                let mut e = DeflateEncoder::new(Vec::new(), Compression::default());
                e.write_all(data).unwrap();
                packed = e.finish().unwrap();
            }
            let mut common = [20u16.to_le_bytes(), [0, 0], method.to_le_bytes()].concat();
            common.extend([0; 4]);
            common.extend(crc.sum().to_le_bytes());
            common.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
            common.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
            common.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
            common.extend([0; 2]);
            directory.extend([&b"PK\x01\x02\x14\x00"[..], &common, &[0; 10]].concat());
            directory.extend(u32::try_from(out.len()).unwrap().to_le_bytes());
            directory.extend(name.as_bytes());
            out.extend([super::LOCAL, &common, name.as_bytes(), &packed].concat());
        }
        let count = u16::try_from(members.len()).unwrap().to_le_bytes();
        let (at, len) = (u32::try_from(out.len()).unwrap(), u32::try_from(directory.len()).unwrap());
        out.extend(directory);
        out.extend(
            [&b"PK\x05\x06\0\0\0\0"[..], &count, &count, &len.to_le_bytes(), &at.to_le_bytes(), &[0, 0]].concat(),
        );
        out
    }
}

#[cfg(test)]
mod tests {
    use super::testing::zip;
    use super::*;

    fn read(bytes: Vec<u8>, name: &str) -> Result<String> {
        Zip::open("t.xlsx", bytes)?.input(name)?.text(1 << 30)
    }

    #[test]
    fn members() {
        let file = zip(&[("a", b"one"), ("=b/c", b"two"), ("empty", b"")]);
        assert_eq!(names(&file).collect::<Vec<_>>(), [&b"a"[..], b"b/c", b"empty"]);
        assert_eq!(names(b"no zip PK\x03\x04").count(), 0);
        for (name, want) in [("a", "one"), ("b/c", "two"), ("empty", "")] {
            assert_eq!(read(file.clone(), name).unwrap(), want);
        }
        assert!(read(file.clone(), "x").unwrap_err().to_string().contains("missing"));
        let mut with_comment = file.clone();
        with_comment.extend(b"a comment");
        assert_eq!(read(with_comment, "a").unwrap(), "one");
    }

    /// Changes the bytes of the directory's entry of the first member.
    fn changed(at: usize, with: &[u8]) -> Vec<u8> {
        let mut file = zip(&[("a", b"one one one one")]);
        let entry = file.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
        file[entry + at..entry + at + with.len()].copy_from_slice(with);
        file
    }

    #[test]
    fn refusals() {
        for (file, says) in [
            (changed(8, &[1]), "password"),
            (changed(10, &[99]), "other than deflate"),
            (changed(16, &[1, 2, 3, 4]), "checksum"),
            (changed(24, &[2]), "more than its directory says"),
            (changed(24, &[200]), "checksum"),
            (changed(24, &[0, 0, 0, 0x21]), "over the limit"),
            (b"PK\x03\x04".to_vec(), "cannot be read"),
            (Vec::new(), "cannot be read"),
        ] {
            let e = read(file, "a").unwrap_err();
            assert!(e.to_string().contains(says) && e.exit_code() == 2, "{says}: {e}");
        }
        // Many members that are each within the limit.
        let mut file = zip(&["a", "b", "c", "d", "e", "f", "g", "h", "i"].map(|n| (n, &b"one"[..])));
        let entries: Vec<usize> =
            file.windows(4).enumerate().filter(|(_, w)| *w == b"PK\x01\x02").map(|(at, _)| at).collect();
        assert_eq!(entries.len(), 9);
        for at in entries {
            file[at + 24..at + 28].copy_from_slice(&(64u32 << 20).to_le_bytes());
        }
        assert!(read(file, "a").unwrap_err().to_string().contains("unpacks to"));
    }

    #[test]
    fn cut_and_flipped() {
        let file = zip(&[("a", b"one one one one"), ("=b", b"two")]);
        for cut in 0..file.len() {
            assert!(read(file[..cut].to_vec(), "a").is_err(), "{cut}");
        }
        for at in 0..file.len() {
            let mut bad = file.clone();
            bad[at] ^= 0x41;
            let _ = read(bad, "a");
        }
    }
}
