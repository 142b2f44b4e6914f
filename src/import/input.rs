//! An input file: opened, unpacked when gzipped, bounded, and hashed on the way.

use super::workbook;
use crate::error::{Error, Place, Result};
use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How much may stand behind what a format reads.
const TAIL: u64 = 1 << 20;
/// How much is read ahead to recognise a format.
const HEAD: usize = 64 * 1024;
/// Unpacked bytes before the expansion ratio is looked at.
const RATIO_FREE: u64 = 100 << 20;
/// Largest expansion accepted beyond [`RATIO_FREE`].
const RATIO: u64 = 1000;
/// Largest unpacked size accepted.
const MAX_UNPACKED: u64 = 64 << 30;
/// Longest line accepted by [`Input::line`].
const MAX_LINE: usize = 16 << 20;

/// One input file being read.
pub struct Input {
    name: String,
    head: Vec<u8>,
    head_at: usize,
    body: Box<dyn BufRead + Send>,
    hash: Arc<Mutex<Sha256>>,
    cut: Arc<AtomicBool>,
    line: u64,
    /// It came out of an archive, together with others that nobody named.
    pub(super) member: bool,
    /// Set for a plain file, which can be opened once more.
    path: Option<PathBuf>,
}

/// The SHA-256 of an input so far; complete once the input has been read to its end.
pub(super) struct FileDigest(Arc<Mutex<Sha256>>, Arc<AtomicBool>);

impl FileDigest {
    /// In hexadecimal; empty when the importer left so much unread that the rest was not looked at.
    pub(super) fn hex(&self) -> String {
        if self.1.load(Ordering::Relaxed) {
            return String::new();
        }
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .finalize()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect()
    }
}

/// Counts and hashes the raw bytes that pass through.
struct Hashing<R> {
    inner: R,
    hash: Arc<Mutex<Sha256>>,
    seen: Arc<AtomicU64>,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        let mut hash = self.hash.lock().unwrap_or_else(PoisonError::into_inner);
        hash.update(buf.get(..n).unwrap_or_default());
        self.seen.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// Stops a packed file that unpacks to far more than it should.
pub(super) struct Bounded<R> {
    inner: R,
    out: u64,
    seen: Arc<AtomicU64>,
}

impl<R> Bounded<R> {
    /// Around a reader of unpacked bytes; `seen` counts the packed ones that were read for them.
    pub(super) fn new(inner: R, seen: Arc<AtomicU64>) -> Bounded<R> {
        Bounded { inner, out: 0, seen }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.out += n as u64;
        let packed = self.seen.load(Ordering::Relaxed).max(1);
        if self.out > MAX_UNPACKED || (self.out > RATIO_FREE && self.out / packed > RATIO) {
            return Err(io::Error::other(format!(
                "unpacks to over {} bytes from {packed}: refused as a decompression bomb",
                self.out
            )));
        }
        Ok(n)
    }
}

impl Input {
    /// Opens a file; `-` is standard input.
    pub fn open(path: &Path) -> Result<Input> {
        let shown = path.display().to_string();
        if shown == "-" {
            return Input::from_reader("standard input", io::stdin());
        }
        let meta = std::fs::metadata(path).map_err(|e| Error::io(format!("read {shown}"), e))?;
        if meta.is_dir() {
            return Err(Error::input("this is a folder, not a file")
                .at(Place::file(shown))
                .hint("name the files in it"));
        }
        let file = File::open(path).map_err(|e| Error::io(format!("open {shown}"), e))?;
        let mut input = Input::from_reader(&shown, file)?;
        input.path = meta.is_file().then(|| path.to_owned());
        Ok(input)
    }

    /// The same file opened once more, from its start; `None` for what can be read only once.
    pub(super) fn again(&self) -> Option<Result<Input>> {
        self.path.as_deref().map(Input::open)
    }

    /// Opens a file: one input, or one for each member of a ZIP archive that is no workbook.
    pub fn open_all(path: &Path) -> Result<Vec<Input>> {
        super::archive::open(path)
    }

    /// Opens several files as [`Input::open_all`] does.
    pub fn open_each<'p>(paths: impl IntoIterator<Item = &'p std::path::PathBuf>) -> Result<Vec<Input>> {
        let mut inputs = Vec::new();
        for path in paths {
            inputs.extend(Input::open_all(path)?);
        }
        Ok(inputs)
    }

    /// An input from memory.
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Input> {
        Input::from_reader(name, Cursor::new(bytes))
    }

    /// An input from any reader.
    pub fn from_reader(name: &str, reader: impl Read + Send + 'static) -> Result<Input> {
        let hash = Arc::new(Mutex::new(Sha256::new()));
        let seen = Arc::new(AtomicU64::new(0));
        let mut raw = BufReader::with_capacity(
            256 * 1024,
            Hashing { inner: reader, hash: Arc::clone(&hash), seen: Arc::clone(&seen) },
        );
        let fail = |e| Error::io(format!("read {name}"), e);
        let packed = raw.fill_buf().map_err(fail)?.starts_with(&[0x1f, 0x8b]);
        let body: Box<dyn BufRead + Send> = if packed {
            let unpacked = Bounded::new(MultiGzDecoder::new(raw), seen);
            Box::new(BufReader::with_capacity(256 * 1024, unpacked))
        } else {
            Box::new(raw)
        };
        let mut input = Input {
            name: name.to_owned(),
            head: Vec::new(),
            head_at: 0,
            body,
            hash,
            cut: Arc::default(),
            line: 0,
            member: false,
            path: None,
        };
        let mut head = Vec::new();
        (&mut input.body).take(HEAD as u64).read_to_end(&mut head).map_err(|e| input.read_error(e))?;
        if workbook::is_workbook(&head) {
            // The list of what a workbook holds stands at its end.
            (&mut input.body).take(workbook::MAX_PACKED).read_to_end(&mut head).map_err(|e| input.read_error(e))?;
        }
        if head.len() >= HEAD {
            // There is more than a few lines of it.
            input.body = super::ahead::ahead(std::mem::replace(&mut input.body, Box::new(io::empty())));
        }
        input.head = head;
        Ok(input)
    }

    /// The name as the user gave it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The last component of the name, without `.gz`.
    pub fn stem(&self) -> &str {
        let base = self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name);
        base.strip_suffix(".gz").unwrap_or(base)
    }

    /// The first bytes (at most 64 KiB, unpacked), for recognising the format; of a workbook all
    /// of them.
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Whether it is a member of an archive.
    pub fn is_member(&self) -> bool {
        self.member
    }

    /// A place in this file.
    pub fn place(&self) -> Place {
        Place::file(self.name.clone())
    }

    /// The line that [`Input::line`] returned last, one-based.
    pub fn line_number(&self) -> u64 {
        self.line
    }

    /// The place of the line that [`Input::line`] returned last.
    pub fn here(&self) -> Place {
        self.place().line(self.line)
    }

    /// Turns a read failure into an error of this file: a packed file cut short is bad input.
    pub fn read_error(&self, e: io::Error) -> Error {
        match e.kind() {
            io::ErrorKind::UnexpectedEof => Error::input("the file ends too early: the gzip stream is cut short"),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData | io::ErrorKind::Other => {
                Error::input(format!("cannot unpack: {e}"))
            }
            _ => Error::io(format!("read {}", self.name), e),
        }
        .at(self.place())
        .hint("fetch the file again and compare its checksum with the publisher's")
    }

    /// Reads the next line without its end (LF or CRLF) into `buf`; `false` at the end of the
    /// file. Bytes are not checked to be UTF-8. Lines over 16 MiB are refused.
    pub fn line(&mut self, buf: &mut Vec<u8>) -> Result<bool> {
        buf.clear();
        self.line += 1;
        loop {
            let chunk = match self.head.get(self.head_at..).filter(|head| !head.is_empty()) {
                Some(head) => head,
                None => match self.body.fill_buf() {
                    Ok(chunk) => chunk,
                    Err(e) => return Err(self.read_error(e)),
                },
            };
            if chunk.is_empty() {
                return Ok(!buf.is_empty());
            }
            let end = memchr::memchr(b'\n', chunk);
            buf.extend_from_slice(chunk.get(..end.unwrap_or(chunk.len())).unwrap_or_default());
            let (end, taken) = (end.is_some(), end.map_or(chunk.len(), |i| i + 1));
            self.consume(taken);
            if buf.len() > MAX_LINE {
                return Err(Error::input(format!("line is longer than {MAX_LINE} bytes")).at(self.here()));
            }
            if end {
                if buf.last() == Some(&b'\r') {
                    buf.pop();
                }
                return Ok(true);
            }
        }
    }

    /// Reads everything that is left as text; refuses more than `limit` bytes and anything
    /// that is not UTF-8.
    pub fn text(&mut self, limit: u64) -> Result<String> {
        let mut bytes = Vec::new();
        let mut bounded = Read::take(&mut *self, limit + 1);
        if let Err(e) = bounded.read_to_end(&mut bytes) {
            return Err(self.read_error(e));
        }
        if bytes.len() as u64 > limit {
            return Err(Error::input(format!("the file is larger than {limit} bytes, the most this format may have"))
                .at(self.place()));
        }
        if bytes.starts_with(b"\xef\xbb\xbf") {
            bytes.drain(..3);
        }
        String::from_utf8(bytes)
            .map_err(|e| Error::input("not valid UTF-8").at(self.place().offset(e.utf8_error().valid_up_to() as u64)))
    }

    /// SHA-256 of the file as it lies on disk. It is fed while reading and whatever the importer
    /// leaves unread is fed when the input is dropped.
    pub(super) fn digest(&self) -> FileDigest {
        FileDigest(Arc::clone(&self.hash), Arc::clone(&self.cut))
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        // A format may end before its file does (padding, a closing mark). After an error the rest
        // may be endless: it is not read.
        let left = io::copy(&mut Read::take(&mut *self, TAIL + 1), &mut io::sink()).unwrap_or(0);
        self.cut.store(left > TAIL, Ordering::Relaxed);
    }
}

impl Read for Input {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = {
            let chunk = self.fill_buf()?;
            let n = chunk.len().min(buf.len());
            if let (Some(to), Some(from)) = (buf.get_mut(..n), chunk.get(..n)) {
                to.copy_from_slice(from);
            }
            n
        };
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.head_at < self.head.len() {
            Ok(self.head.get(self.head_at..).unwrap_or_default())
        } else {
            self.body.fill_buf()
        }
    }

    fn consume(&mut self, amount: usize) {
        if self.head_at < self.head.len() {
            self.head_at += amount;
        } else {
            self.body.consume(amount);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn gz(data: &[u8]) -> Vec<u8> {
        let mut e = GzEncoder::new(Vec::new(), Compression::default());
        e.write_all(data).unwrap();
        e.finish().unwrap()
    }

    #[test]
    fn lines_and_hash() {
        for bytes in [b"a\r\nb\n\nc".to_vec(), gz(b"a\r\nb\n\nc")] {
            let mut i = Input::from_bytes("x.csv.gz", bytes).unwrap();
            let (mut got, mut buf) = (Vec::new(), Vec::new());
            while i.line(&mut buf).unwrap() {
                got.push(String::from_utf8(buf.clone()).unwrap());
            }
            assert_eq!(got, ["a", "b", "", "c"]);
            assert_eq!(i.stem(), "x.csv");
            assert_eq!(i.digest().hex().len(), 64);
        }
    }

    #[test]
    fn dropping_an_endless_input_ends() {
        let i = Input::from_reader("endless", io::repeat(b'x')).unwrap();
        let digest = i.digest();
        drop(i);
        assert_eq!(digest.hex(), "");
    }

    #[test]
    fn truncated_gz_is_bad_input() {
        let mut packed = gz(&b"0123456789".repeat(100_000));
        packed.truncate(packed.len() - 20);
        let e = match Input::from_bytes("cut.gz", packed) {
            Ok(mut i) => i.text(1 << 30).unwrap_err(),
            Err(e) => e,
        };
        assert_eq!(e.exit_code(), 2);
        assert!(e.to_string().contains("cut short"), "{e}");
    }

    #[test]
    fn bomb_is_refused() {
        let packed = gz(&vec![0u8; 300 << 20]);
        let mut i = Input::from_bytes("bomb.gz", packed).unwrap();
        assert!(i.text(1 << 40).unwrap_err().to_string().contains("bomb"));
    }
}
