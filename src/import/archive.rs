//! Members of a ZIP archive as inputs, each unpacked while it is read.
//!
//! Publishers pack what is large. A workbook (`.xlsx`, `.ods`) is an archive too, and one file.

use super::Input;
use super::input::Bounded;
use crate::error::{Error, Place, Result};
use flate2::{Crc, read::DeflateDecoder};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use zip::{CompressionMethod, ZipArchive};

/// The most members of one archive.
const MAX_MEMBERS: usize = 500;
/// The largest archive taken from a stream, which cannot be read back and forth.
const MAX_STREAM: u64 = 512 << 20;

/// A file that can be read back and forth.
pub(super) trait ReadSeek: Read + Seek + Send {}
impl<T: Read + Seek + Send> ReadSeek for T {}

type Shared = Arc<Mutex<Box<dyn ReadSeek>>>;

/// Opens a file: one input, or one for each member of an archive. `-` is standard input.
///
/// # Errors
/// What [`Input::open`] refuses, and archives that are damaged, encrypted, packed by a method
/// other than deflate, nested, or of more than 500 members.
pub(super) fn open(path: &Path) -> Result<Vec<Input>> {
    let shown = path.display().to_string();
    if shown == "-" {
        let mut input = Input::open(path)?;
        if !input.head().starts_with(b"PK\x03\x04") {
            return Ok(vec![input]);
        }
        let mut bytes = Vec::new();
        let read = Read::take(&mut input, MAX_STREAM + 1).read_to_end(&mut bytes);
        read.map_err(|e| Error::io("read standard input", e))?;
        if bytes.len() as u64 > MAX_STREAM {
            return Err(Error::input(format!("an archive of over {MAX_STREAM} bytes on standard input"))
                .hint("save it to a file and name the file"));
        }
        if is_workbook(Cursor::new(&bytes), "standard input")? {
            return Ok(vec![Input::from_bytes("standard input", bytes)?]);
        }
        return members("standard input", Box::new(Cursor::new(bytes)));
    }
    let mut start = [0u8; 4];
    let archive = std::fs::metadata(path).is_ok_and(|m| m.is_file())
        && File::open(path).and_then(|mut f| f.read_exact(&mut start)).is_ok()
        && (&start == b"PK\x03\x04" || &start == b"PK\x05\x06");
    if !archive {
        return Ok(vec![Input::open(path)?]);
    }
    let open = || File::open(path).map_err(|e| Error::io(format!("open {shown}"), e));
    if is_workbook(BufReader::new(open()?), &shown)? {
        return Ok(vec![Input::open(path)?]);
    }
    members(&shown, Box::new(BufReader::with_capacity(64 * 1024, open()?)))
}

fn damaged(shown: &str, what: impl std::fmt::Display) -> Error {
    Error::input(format!("the archive cannot be read: {what}"))
        .at(Place::file(shown))
        .hint("fetch the file again and compare its checksum with the publisher's")
}

fn is_workbook(file: impl Read + Seek, shown: &str) -> Result<bool> {
    let archive = ZipArchive::new(file).map_err(|e| damaged(shown, e))?;
    let names: Vec<_> = archive.file_names().flatten().take(MAX_MEMBERS).collect();
    let has = |name: &str| names.iter().any(|n| n == name);
    Ok(has("[Content_Types].xml") || (has("mimetype") && has("content.xml")))
}

/// One input per file in the archive, in the order of its directory.
fn members(shown: &str, file: Box<dyn ReadSeek>) -> Result<Vec<Input>> {
    let mut archive = Archive::open(shown, file)?;
    if archive.len() > MAX_MEMBERS {
        return Err(Error::input(format!("an archive of {} members, the most is {MAX_MEMBERS}", archive.len()))
            .at(Place::file(shown))
            .hint("unpack it and name the files that belong together"));
    }
    let mut inputs = Vec::new();
    for i in 0..archive.len() {
        let Some(mut input) = archive.input(i)? else { continue };
        // What archivers add for themselves.
        if input.stem().starts_with('.') || input.name().contains("/__MACOSX/") {
            continue;
        }
        if input.head().starts_with(b"PK\x03\x04") {
            return Err(Error::input("an archive inside an archive").at(input.place()));
        }
        input.member = true;
        inputs.push(input);
    }
    if inputs.is_empty() {
        return Err(Error::input("the archive holds no file").at(Place::file(shown)));
    }
    Ok(inputs)
}

/// An open archive and its directory.
pub(super) struct Archive {
    shown: String,
    shared: Shared,
    zip: ZipArchive<Turn>,
}

impl Archive {
    /// Reads the directory.
    pub(super) fn open(shown: &str, file: Box<dyn ReadSeek>) -> Result<Archive> {
        let shared: Shared = Arc::new(Mutex::new(file));
        let zip = ZipArchive::new(Turn(Arc::clone(&shared))).map_err(|e| damaged(shown, e))?;
        Ok(Archive { shown: shown.to_owned(), shared, zip })
    }

    /// How many members there are, folders included.
    pub(super) fn len(&self) -> usize {
        self.zip.len()
    }

    /// What all members unpack to, by the directory.
    pub(super) fn unpacked(&mut self) -> Result<u64> {
        (0..self.len()).try_fold(0u64, |sum, i| {
            let member = self.zip.by_index_raw(i).map_err(|e| damaged(&self.shown, e))?;
            Ok(sum.saturating_add(member.size()))
        })
    }

    /// The number of the member of a name.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.zip.index_for_name(name)
    }

    /// Opens a member; `None` for folders. Contents that do not match the directory fail while they are read.
    pub(super) fn input(&mut self, i: usize) -> Result<Option<Input>> {
        let shown = &self.shown;
        let member = self.zip.by_index_raw(i).map_err(|e| damaged(shown, e))?;
        let name = member.name().map_err(|e| damaged(shown, e))?.into_owned();
        if member.is_dir() {
            return Ok(None);
        }
        let refuse = |what: &str| Error::input(what.to_owned()).at(Place::file(format!("{shown}/{name}")));
        if member.encrypted() {
            return Err(refuse("the member is protected with a password").hint("save it without one"));
        }
        let deflated = match member.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            _ => return Err(refuse("the member is packed by a method other than deflate")),
        };
        let start = member.data_start().ok_or_else(|| refuse("the member has no data"))?;
        let packed = Arc::new(AtomicU64::new(0));
        let raw = Slice {
            file: Arc::clone(&self.shared),
            at: start,
            left: member.compressed_size(),
            read: Arc::clone(&packed),
        };
        let body: Box<dyn Read + Send> = if deflated { Box::new(DeflateDecoder::new(raw)) } else { Box::new(raw) };
        let checked = Checked { inner: body, crc: Crc::new(), want: (member.crc32(), member.size()), done: 0 };
        Ok(Some(Input::from_reader(&format!("{shown}/{name}"), Bounded::new(checked, packed))?))
    }
}

/// The shared file for whoever reads it next.
struct Turn(Shared);

impl Read for Turn {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).read(buf)
    }
}

impl Seek for Turn {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).seek(to)
    }
}

/// The packed bytes of one member.
struct Slice {
    file: Shared,
    at: u64,
    left: u64,
    read: Arc<AtomicU64>,
}

impl Read for Slice {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
        let Some(buf) = buf.get_mut(..wanted).filter(|b| !b.is_empty()) else { return Ok(0) };
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        // Another member may have been read since.
        file.seek(SeekFrom::Start(self.at))?;
        let n = file.read(buf)?;
        if n == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the archive is cut short"));
        }
        self.at += n as u64;
        self.left -= n as u64;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Compares length and checksum at the end of a member.
struct Checked {
    inner: Box<dyn Read + Send>,
    crc: Crc,
    want: (u32, u64),
    done: u64,
}

impl Read for Checked {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.crc.update(buf.get(..n).unwrap_or_default());
        self.done += n as u64;
        if self.done > self.want.1 {
            return Err(io::Error::other("the member unpacks to more than its directory says; the archive is damaged"));
        }
        if n == 0 && !buf.is_empty() && (self.crc.sum(), self.done) != self.want {
            return Err(io::Error::other("the member's checksum does not fit; the archive is damaged"));
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut w = ZipWriter::new(Cursor::new(Vec::new()));
        for (i, (name, bytes)) in files.iter().enumerate() {
            let method = if i % 2 == 0 { CompressionMethod::Deflated } else { CompressionMethod::Stored };
            w.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
            w.write_all(bytes).unwrap();
        }
        w.finish().unwrap().into_inner()
    }

    fn read(bytes: Vec<u8>) -> Result<Vec<(String, String)>> {
        let mut out = Vec::new();
        for mut input in members("a.zip", Box::new(Cursor::new(bytes)))? {
            out.push((input.stem().to_owned(), input.text(1 << 30)?));
        }
        Ok(out)
    }

    #[test]
    fn members_are_inputs() {
        let long = "line\n".repeat(100_000);
        let files: [(&str, &[u8]); 4] = [
            ("x/nodes.csv", long.as_bytes()),
            ("edges.csv", b"a,b\n"),
            ("__MACOSX/edges.csv", b"?"),
            (".hidden", b"?"),
        ];
        let got = read(archive(&files)).unwrap();
        assert_eq!(got, [("nodes.csv".to_owned(), long), ("edges.csv".to_owned(), "a,b\n".to_owned())]);
        assert!(read(archive(&[])).unwrap_err().to_string().contains("no file"));
        let inner = archive(&[("a", b"1")]);
        assert!(read(archive(&[("b.zip", &inner)])).unwrap_err().to_string().contains("inside an archive"));
        let many: Vec<(String, Vec<u8>)> = (0..501).map(|i| (i.to_string(), Vec::new())).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
        assert!(read(archive(&many)).unwrap_err().to_string().contains("501 members"));
    }

    #[test]
    fn damage_is_noticed() {
        let text: Vec<u8> =
            (0..20_000u32).flat_map(|i| format!("{}\n", i.wrapping_mul(2_654_435_761)).into_bytes()).collect();
        let whole = archive(&[("a.csv", &text), ("b.csv", &text)]);
        assert_eq!(read(whole.clone()).unwrap().len(), 2);
        let (mut refused, step) = (0, whole.len() / 300);
        for at in (0..whole.len()).step_by(step) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            // A flip in a field that nobody needs (a date, an attribute) may pass, with the same text.
            match read(bytes) {
                Err(_) => refused += 1,
                Ok(got) => assert!(got.iter().all(|(_, t)| t.as_bytes() == text), "byte {at}"),
            }
            assert!(read(whole[..at].to_vec()).is_err());
        }
        assert!(refused > 250);
    }

    #[test]
    fn bombs_are_refused() {
        let bomb = archive(&[("a.csv", &vec![b' '; 300 << 20])]);
        assert!(read(bomb).unwrap_err().to_string().contains("bomb"));
    }

    #[test]
    fn files_and_workbooks() {
        let dir = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            open(&path).map(|i| i.len())
        };
        assert_eq!(put("a.csv", b"x").unwrap(), 1);
        assert_eq!(put("a.zip", &archive(&[("a", b"1"), ("b", b"2")])).unwrap(), 2);
        assert_eq!(put("a.xlsx", &archive(&[("[Content_Types].xml", b"<a/>"), ("xl/workbook.xml", b"")])).unwrap(), 1);
        assert_eq!(put("a.ods", &archive(&[("mimetype", b"x"), ("content.xml", b"")])).unwrap(), 1);
        assert!(put("cut.zip", &archive(&[("a", b"1")])[..20]).is_err());
        assert!(put("empty", b"").is_ok());
    }
}
