//! A file that is still arriving, and what is needed to go on with it later.

use super::client::Answer;
use super::pause::seconds_between;
use super::state::write_whole;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

/// What identifies the version of a file that a part belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Meta {
    /// Address without token.
    url: String,
    /// Strong `ETag`, or `Last-Modified`: what `If-Range` compares.
    validator: String,
    /// `Content-Encoding` of the bytes.
    encoding: String,
}

/// The bytes that have arrived of one file.
pub(super) struct Part {
    path: PathBuf,
    meta: Option<Meta>,
    /// How many.
    pub(super) have: u64,
}

impl Part {
    /// Where the bytes of a file gather: beside the file to be.
    fn paths(whole: &Path) -> (PathBuf, PathBuf) {
        let with = |end: &str| {
            let mut name = whole.as_os_str().to_owned();
            name.push(end);
            PathBuf::from(name)
        };
        (with(".part"), with(".part.json"))
    }

    /// What an earlier try or an earlier run left that the server can go on with.
    pub(super) fn open(whole: &Path, url: &str) -> Part {
        let (path, note) = Part::paths(whole);
        let meta = fs::read(&note).ok().and_then(|b| serde_json::from_slice::<Meta>(&b).ok()).filter(|m| m.url == url);
        let have = meta.as_ref().and_then(|_| fs::metadata(&path).ok()).map_or(0, |m| m.len());
        Part { path, meta, have }
    }

    /// The file with the bytes.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How the bytes are packed.
    pub(super) fn encoding(&self) -> &str {
        self.meta.as_ref().map_or("", |m| &m.encoding)
    }

    /// What a request for the rest says in `Range` and `If-Range`.
    pub(super) fn rest(&self) -> Option<(String, String)> {
        let meta = self.meta.as_ref().filter(|m| self.have > 0 && !m.validator.is_empty())?;
        Some((format!("bytes={}-", self.have), meta.validator.clone()))
    }

    /// Whether an answer 206 goes on where this part ends, in the same packing.
    pub(super) fn continued_by(&self, answer: &Answer) -> bool {
        let range = answer.header("content-range").and_then(range);
        range.is_some_and(|(from, _)| from == self.have)
            && answer.header("content-encoding").unwrap_or_default() == self.encoding()
    }

    /// Begins anew with an answer 200.
    pub(super) fn restart(&mut self, answer: &Answer, url: &str) -> Result<File> {
        self.discard();
        let encoding = answer.header("content-encoding").unwrap_or_default().to_owned();
        let meta = Meta { url: url.to_owned(), validator: validator(answer, &encoding), encoding };
        let file = File::create(&self.path).map_err(|e| self.error(e))?;
        if !meta.validator.is_empty() {
            let (_, note) = Part::paths(&self.path.with_extension(""));
            let text = serde_json::to_vec(&meta).map_err(|e| self.error(e.into()))?;
            write_whole(&note, &text)?;
        }
        self.meta = Some(meta);
        Ok(file)
    }

    /// Goes on where the part ends.
    pub(super) fn append(&self) -> Result<File> {
        OpenOptions::new().append(true).open(&self.path).map_err(|e| self.error(e))
    }

    /// After a cut: keeps what can be gone on with.
    pub(super) fn settle(&mut self) {
        if self.meta.as_ref().is_none_or(|m| m.validator.is_empty()) {
            self.discard();
        }
    }

    /// Forgets everything.
    pub(super) fn discard(&mut self) {
        let (_, note) = Part::paths(&self.path.with_extension(""));
        fs::remove_file(note).ok();
        fs::remove_file(&self.path).ok();
        (self.meta, self.have) = (None, 0);
    }

    /// A failure to write it.
    pub(super) fn error(&self, e: std::io::Error) -> Error {
        Error::io(format!("write {}", self.path.display()), e)
    }
}

/// What `If-Range` may name: a strong tag, or a date that is strong because it is older than the
/// answer by a minute (RFC 9110, 8.8.2.2). A packing made on the way has no dependable date.
fn validator(answer: &Answer, encoding: &str) -> String {
    if answer.header("accept-ranges").is_some_and(|v| v.eq_ignore_ascii_case("none")) {
        return String::new();
    }
    match (answer.header("etag"), answer.header("last-modified")) {
        (Some(tag), _) if tag.starts_with('"') => tag.to_owned(),
        (None, Some(day)) if encoding.is_empty() => {
            let old = answer.header("date").and_then(|now| seconds_between(day, now)).is_some_and(|s| s >= 60);
            if old { day.to_owned() } else { String::new() }
        }
        _ => String::new(),
    }
}

/// `bytes FROM-TO/TOTAL`: where it begins, and the total where it is told.
pub(super) fn range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let from = range.split_once('-')?.0.trim().parse().ok()?;
    Some((from, total.trim().parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(range("bytes 5-9/10"), Some((5, Some(10))));
        assert_eq!(range("bytes 5-9/*"), Some((5, None)));
        for bad in ["bytes */10", "5-9/10", "bytes x-9/10", "", "bytes 5"] {
            assert_eq!(range(bad), None, "{bad}");
        }
    }

    #[test]
    fn only_a_part_of_the_same_address_is_gone_on_with() {
        let dir = tempfile::TempDir::new().unwrap();
        let whole = dir.path().join("a.b.xml");
        let (path, note) = Part::paths(&whole);
        fs::write(&path, b"12345").unwrap();
        assert_eq!(Part::open(&whole, "u").rest(), None, "nobody knows what these bytes are");
        fs::write(&note, br#"{"url":"u","validator":"\"v1\"","encoding":""}"#).unwrap();
        assert_eq!(Part::open(&whole, "u").rest(), Some(("bytes=5-".into(), "\"v1\"".into())));
        assert_eq!(Part::open(&whole, "other").rest(), None);
        Part::open(&whole, "u").discard();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        fs::write(&note, b"{").unwrap();
        assert_eq!(Part::open(&whole, "u").rest(), None);
    }
}
