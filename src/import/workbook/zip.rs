//! The members of a workbook's ZIP file: a directory that is checked before anything is
//! unpacked, and readers that stop where it says.
//!
//! A workbook is small, so only what spreadsheet programs write is read: one file, stored or
//! deflated members, no encryption, no 64-bit sizes.

use crate::error::{Error, Place, Result};
use crate::import::Input;
use flate2::{Crc, bufread::DeflateDecoder};
use std::io::{self, BufReader, Read};
use std::rc::Rc;

/// The most that all members may unpack to, in bytes.
const MAX_UNPACKED: u64 = 512 << 20;
/// The most members.
const MAX_MEMBERS: usize = 10_000;
/// Size of the record that ends the directory, without its comment.
const END: usize = 22;

/// The start of a member, before its name.
const LOCAL: &[u8] = b"PK\x03\x04";

struct Member {
    name: String,
    method: u16,
    flags: u16,
    crc: u32,
    packed: usize,
    size: u64,
    at: usize,
}

/// An open file and its directory.
pub(super) struct Zip {
    file: String,
    bytes: Rc<Vec<u8>>,
    members: Vec<Member>,
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn size_at(bytes: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, at)?).ok()
}

/// The names of the members that begin in the first bytes of a file; none where it is no ZIP.
pub(super) fn names(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let head = if head.starts_with(LOCAL) { head } else { &[] };
    let starts = head.windows(LOCAL.len()).enumerate().filter(|(_, w)| *w == LOCAL);
    starts.filter_map(move |(at, _)| {
        let len = usize::from(u16_at(head, at + 26)?);
        head.get(at + 30..at + 30 + len)
    })
}

impl Zip {
    /// Reads the directory.
    ///
    /// # Errors
    /// A file that is no ZIP or is cut short, one whose members are encrypted or packed in a
    /// way spreadsheet programs do not use, and one that would unpack to over 512 MiB.
    pub(super) fn open(file: &str, bytes: Vec<u8>) -> Result<Zip> {
        let mut zip = Zip { file: file.to_owned(), bytes: Rc::new(bytes), members: Vec::new() };
        let members = zip.directory().map_err(|why| {
            Error::input(format!("the workbook cannot be opened: {why}"))
                .at(zip.place())
                .hint("fetch the file again and compare its size with the publisher's")
        })?;
        zip.members = members;
        let sum = zip.members.iter().fold(0u64, |sum, m| sum.saturating_add(m.size));
        if sum > MAX_UNPACKED {
            return Err(Error::input(format!("the workbook unpacks to {sum} bytes, over the limit of {MAX_UNPACKED}"))
                .at(zip.place())
                .hint("save the sheet that is wanted as CSV"));
        }
        Ok(zip)
    }

    fn place(&self) -> Place {
        Place::file(self.file.clone())
    }

    fn directory(&self) -> Result<Vec<Member>, String> {
        let bytes: &[u8] = &self.bytes;
        let cut = || "it is cut short or no ZIP file".to_owned();
        // The last record may be followed by a comment of up to 64 KiB.
        let from = bytes.len().saturating_sub(END + usize::from(u16::MAX));
        let tail = bytes.get(from..).unwrap_or_default();
        let end = tail.windows(4).rposition(|w| w == b"PK\x05\x06").ok_or_else(cut)? + from;
        if bytes.len() < end + END {
            return Err(cut());
        }
        let count = usize::from(u16_at(bytes, end + 10).ok_or_else(cut)?);
        let mut at = size_at(bytes, end + 16).ok_or_else(cut)?;
        if count > MAX_MEMBERS {
            return Err(format!("it has {count} members, over the limit of {MAX_MEMBERS}"));
        }
        let mut members = Vec::with_capacity(count);
        for _ in 0..count {
            let entry = bytes.get(at..).filter(|e| e.starts_with(b"PK\x01\x02")).ok_or_else(cut)?;
            let len = |at| u16_at(entry, at).map(usize::from).ok_or_else(cut);
            let (name, extra, comment) = (len(28)?, len(30)?, len(32)?);
            let text = entry.get(46..46 + name).ok_or_else(cut)?;
            let member = Member {
                name: String::from_utf8_lossy(text).into_owned(),
                flags: u16_at(entry, 8).ok_or_else(cut)?,
                method: u16_at(entry, 10).ok_or_else(cut)?,
                crc: u32_at(entry, 16).ok_or_else(cut)?,
                packed: size_at(entry, 20).ok_or_else(cut)?,
                size: u64::from(u32_at(entry, 24).ok_or_else(cut)?),
                at: size_at(entry, 42).ok_or_else(cut)?,
            };
            at += 46 + name + extra + comment;
            members.push(member);
        }
        Ok(members)
    }

    /// Whether there is a member of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|m| m.name == name)
    }

    /// Opens a member.
    ///
    /// # Errors
    /// No member of that name, an encrypted one, an unknown way of packing, a directory that
    /// points nowhere. Contents that do not match the directory fail while they are read.
    pub(super) fn input(&self, name: &str) -> Result<Input> {
        let place = || self.place().element(name);
        let refuse = |why: &str| Error::input(format!("the workbook cannot be read: {why}")).at(place());
        let member = self.members.iter().find(|m| m.name == name).ok_or_else(|| refuse("a member is missing"))?;
        if member.flags & 1 != 0 {
            return Err(refuse("it is protected with a password").hint("save it without a password"));
        }
        let bytes: &[u8] = &self.bytes;
        let data = || {
            let local = bytes.get(member.at..).filter(|l| l.starts_with(LOCAL))?;
            let start = member.at + 30 + usize::from(u16_at(local, 26)?) + usize::from(u16_at(local, 28)?);
            let end = start.checked_add(member.packed)?;
            (end <= bytes.len()).then_some((start, end))
        };
        let (at, end) = data().ok_or_else(|| refuse("its directory points outside the file"))?;
        let packed = Slice { bytes: Rc::clone(&self.bytes), at, end };
        let inner: Box<dyn Read> = match member.method {
            0 => Box::new(packed),
            8 => Box::new(DeflateDecoder::new(BufReader::new(packed))),
            other => return Err(refuse(&format!("a member is packed by method {other}"))),
        };
        let checked = Checked { inner, crc: Crc::new(), want: member.crc, size: member.size };
        // As an error shows it: the file, then the member.
        Input::from_reader(&format!("{}/{name}", self.file), checked)
    }
}

/// The packed bytes of a member.
struct Slice {
    bytes: Rc<Vec<u8>>,
    at: usize,
    end: usize,
}

impl Read for Slice {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.bytes.get(self.at..self.end).unwrap_or_default();
        let n = left.len().min(buf.len());
        if let (Some(to), Some(from)) = (buf.get_mut(..n), left.get(..n)) {
            to.copy_from_slice(from);
        }
        self.at += n;
        Ok(n)
    }
}

/// Holds a member to the size and the checksum of the directory.
struct Checked<R> {
    inner: R,
    crc: Crc,
    want: u32,
    size: u64,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e.to_string()))?;
        let seen = u64::from(self.crc.amount());
        if n == 0 && !buf.is_empty() && (seen != self.size || self.crc.sum() != self.want) {
            return Err(io::Error::other("a member of the workbook does not match its checksum"));
        }
        self.crc.update(buf.get(..n).unwrap_or_default());
        if seen + n as u64 > self.size {
            return Err(io::Error::other("a member of the workbook unpacks to more than its directory says"));
        }
        Ok(n)
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
            (changed(10, &[99]), "method 99"),
            (changed(16, &[1, 2, 3, 4]), "checksum"),
            (changed(20, &[255, 255, 255]), "outside"),
            (changed(24, &[2]), "more than its directory says"),
            (changed(24, &[200]), "checksum"),
            (changed(24, &[0, 0, 0, 0x21]), "over the limit"),
            (b"PK\x03\x04".to_vec(), "cut short"),
            (Vec::new(), "cut short"),
        ] {
            let e = read(file, "a").unwrap_err();
            assert!(e.to_string().contains(says) && e.exit_code() == 2, "{says}: {e}");
        }
        // Many members that are each within the limit.
        let mut file = zip(&[("a", &b"one"[..]); 9]);
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
