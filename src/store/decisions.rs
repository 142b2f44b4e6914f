//! The log of decisions on which parties are the same: written at its end and nowhere else.
//!
//! ```text
//! 16       evidence of the decisions, JSON texts one after the other
//! rows     one encoded list of rows
//! tail     offset of the rows, u64; number of rows, u64: the last 16 bytes of the body
//! ```
//! Questions read the rows alone; evidence is looked at when it is asked for.

use super::container::{Container, FileEntry, FileWriter, HEADER, u64_at};
use super::manifest::Manifest;
use super::storage::Storage;
use crate::codec;
use crate::error::{Error, Result};
use crate::model::{Id, PartialDate, Ruling};
use serde::{Deserialize, Serialize};

const KIND: [u8; 4] = *b"DECI";
/// Decisions of one file, at most.
const MOST: usize = 65_536;
/// A file is written anew with further decisions until it is this long, then a new one starts.
const ROLL: u64 = 256 * 1024;
/// A file that `compact` writes is about this long at most.
const MERGED: usize = 64 << 20;
/// Bytes of the evidence of one decision, at most.
const MAX_EVIDENCE: usize = 1 << 20;
/// Bytes of any other text of a decision, at most.
const MAX_TEXT: usize = 64 << 10;
const TAIL: usize = 16;

/// Who has decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decider {
    /// A person.
    Human,
    /// A rule of the program.
    Rule,
    /// Somebody elsewhere, whose decisions were taken over.
    Import,
}

impl Decider {
    /// The word in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Decider::Human => "human",
            Decider::Rule => "rule",
            Decider::Import => "import",
        }
    }
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decree {
    /// Both are the same party.
    Same,
    /// They are not.
    Different,
    /// Looked at, and not settled.
    Unsure,
    /// The decision with this number is taken back. A retraction can be taken back itself.
    Retract(u32),
}

impl Decree {
    /// The word in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Decree::Same => "same",
            Decree::Different => "different",
            Decree::Unsure => "unsure",
            Decree::Retract(_) => "retract",
        }
    }
}

impl From<Ruling> for Decree {
    fn from(r: Ruling) -> Decree {
        match r {
            Ruling::Same => Decree::Same,
            Ruling::Different => Decree::Different,
            Ruling::Unsure => Decree::Unsure,
        }
    }
}

/// One decision. Its number is its place in the log, from 1; it never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// When, as the caller says (RFC 3339, UTC). The first ten characters are the day.
    pub time: String,
    /// Who.
    pub by: Decider,
    /// The name of the person, of the rule, or of what was taken over.
    #[serde(default)]
    pub actor: String,
    /// One party, external id.
    pub a: String,
    /// The other.
    pub b: String,
    /// What of them.
    pub decree: Decree,
    /// Reason in words.
    #[serde(default)]
    pub note: String,
    /// The statement of a source that it goes back to, where it does.
    #[serde(default)]
    pub source: String,
    /// What spoke for and against it at that moment: a JSON object (`scorer`, `score`, `band`,
    /// `items`), or empty.
    #[serde(default)]
    pub evidence: String,
}

/// The same as it stands in a file; evidence is a place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecidedRow<'a> {
    /// See [`Decided`].
    pub time: &'a str,
    /// See [`Decided`].
    pub by: Decider,
    /// See [`Decided`].
    pub actor: &'a str,
    /// See [`Decided`].
    pub a: &'a str,
    /// See [`Decided`].
    pub b: &'a str,
    /// See [`Decided`].
    pub decree: Decree,
    /// See [`Decided`].
    pub note: &'a str,
    /// See [`Decided`].
    pub source: &'a str,
    at: u64,
    length: u32,
}

impl DecidedRow<'_> {
    /// The day; `None` where the time begins with none.
    pub fn day(&self) -> Option<PartialDate> {
        PartialDate::parse(self.time.get(..10)?).ok()
    }
}

/// One file of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionsEntry {
    /// The file.
    pub file: FileEntry,
    /// Decisions in it.
    pub decisions: u32,
}

impl Manifest {
    /// Decisions in all files.
    pub fn decided(&self) -> u32 {
        self.decisions.iter().map(|d| d.decisions).sum()
    }
}

struct LogFile {
    /// Decisions in the files before.
    base: u32,
    count: u32,
    rows: usize,
    file: Container,
}

impl LogFile {
    fn open(storage: &dyn Storage, entry: &DecisionsEntry, base: u32) -> Result<LogFile> {
        let file = Container::open(storage, &entry.file.name, KIND, Some(&entry.file))?;
        let tail = file.end().saturating_sub(TAIL).max(HEADER);
        let bytes = file.get(tail..file.end())?;
        let (rows, count) = (u64_at(bytes, 0), u64_at(bytes, 8));
        if bytes.len() != TAIL || rows < HEADER as u64 || rows > tail as u64 || count != u64::from(entry.decisions) {
            let what = "the decisions do not add up to what the manifest says";
            return Err(Error::damaged(&entry.file.name, tail as u64, what));
        }
        Ok(LogFile { base, count: entry.decisions, rows: rows as usize, file })
    }

    fn rows(&self) -> Result<Vec<DecidedRow<'_>>> {
        let bad =
            |e: &str| Error::damaged(self.file.name(), self.rows as u64, format!("the decisions cannot be read: {e}"));
        let bytes = self.file.get(self.rows..self.file.end() - TAIL)?;
        let rows: Vec<DecidedRow<'_>> = codec::borrow(bytes).map_err(|e| bad(&e))?;
        if rows.len() != self.count as usize {
            return Err(bad("there are more or fewer than the manifest says"));
        }
        Ok(rows)
    }

    fn evidence(&self, row: &DecidedRow<'_>) -> Result<&str> {
        let at = usize::try_from(row.at).unwrap_or(usize::MAX);
        let to = at.saturating_add(row.length as usize);
        if row.length == 0 {
            return Ok("");
        }
        if at < HEADER || to > self.rows {
            return Err(Error::damaged(self.file.name(), row.at, "evidence lies outside its place"));
        }
        let bytes = self.file.get(at..to)?;
        std::str::from_utf8(bytes).map_err(|_| Error::damaged(self.file.name(), row.at, "evidence is no text"))
    }
}

/// The log of a generation. Opening it costs a look at the ends of its files.
#[derive(Default)]
pub struct DecisionLog {
    files: Vec<LogFile>,
}

impl DecisionLog {
    pub(super) fn open(storage: &dyn Storage, manifest: &Manifest) -> Result<DecisionLog> {
        let (mut files, mut base) = (Vec::with_capacity(manifest.decisions.len()), 0u32);
        for entry in &manifest.decisions {
            files.push(LogFile::open(storage, entry, base)?);
            base = base.checked_add(entry.decisions).ok_or_else(|| Error::input("more than 4 billion decisions"))?;
        }
        Ok(DecisionLog { files })
    }

    /// Number of decisions, retractions too.
    pub fn len(&self) -> u32 {
        self.files.last().map_or(0, |f| f.base + f.count)
    }

    /// Whether nothing was ever decided.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Hands over all decisions in order, with their numbers.
    pub fn each<'s>(&'s self, mut take: impl FnMut(u32, DecidedRow<'s>) -> Result<()>) -> Result<()> {
        for f in &self.files {
            for (number, row) in (f.base + 1..).zip(f.rows()?) {
                take(number, row)?;
            }
        }
        Ok(())
    }

    /// One decision by its number, evidence and all.
    pub fn get(&self, number: u32) -> Result<Option<Decided>> {
        Ok(self.some(&[number])?.pop())
    }

    /// Some decisions by their numbers, in the order of the log; what is no number is left out.
    pub fn some(&self, numbers: &[u32]) -> Result<Vec<Decided>> {
        let mut wanted = numbers.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        let mut out = Vec::with_capacity(wanted.len());
        for f in &self.files {
            let here = wanted.partition_point(|n| *n <= f.base)..wanted.partition_point(|n| *n <= f.base + f.count);
            let here = wanted.get(here).unwrap_or_default();
            if here.is_empty() {
                continue;
            }
            let rows = f.rows()?;
            for n in here {
                if let Some(row) = rows.get((n - f.base - 1) as usize) {
                    out.push(owned(row, f.evidence(row)?));
                }
            }
        }
        Ok(out)
    }

    /// Reads every decision with its evidence, and says what contradicts the rest.
    pub(super) fn verify(&self) -> Result<()> {
        for f in &self.files {
            f.file.body()?;
            for (number, row) in (f.base + 1..).zip(f.rows()?) {
                let bad =
                    |what: &str| Error::damaged(f.file.name(), f.rows as u64, format!("decision {number}: {what}"));
                let evidence = f.evidence(&row)?;
                if !evidence.is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(evidence).is_err() {
                    return Err(bad("its evidence is no JSON"));
                }
                let before = match row.decree {
                    Decree::Retract(n) => n > 0 && n < number,
                    _ => Id::parse(row.a).is_ok() && Id::parse(row.b).is_ok(),
                };
                if !before || row.day().is_none() {
                    return Err(bad("it names no decision before it, no two parties or no day"));
                }
            }
        }
        Ok(())
    }
}

fn owned(row: &DecidedRow<'_>, evidence: &str) -> Decided {
    Decided {
        time: row.time.to_owned(),
        by: row.by,
        actor: row.actor.to_owned(),
        a: row.a.to_owned(),
        b: row.b.to_owned(),
        decree: row.decree,
        note: row.note.to_owned(),
        source: row.source.to_owned(),
        evidence: evidence.to_owned(),
    }
}

fn check(d: &Decided, number: u32) -> Result<()> {
    let bad = |what: &str| Err(Error::input(format!("the decision on {:?} and {:?}: {what}", d.a, d.b)));
    if d.time.get(..10).is_none_or(|day| PartialDate::parse(day).is_err()) {
        return bad("its time begins with no day");
    }
    match d.decree {
        Decree::Retract(n) if n == 0 || n >= number => return bad("it takes back what was not decided before it"),
        Decree::Retract(_) => {}
        _ if d.a == d.b => return bad("both are the same id"),
        _ => {
            Id::parse(&d.a)?;
            Id::parse(&d.b)?;
        }
    }
    if [&d.time, &d.actor, &d.note, &d.source].iter().any(|t| t.len() > MAX_TEXT) || d.evidence.len() > MAX_EVIDENCE {
        return bad("a text of it is too long");
    }
    if !d.evidence.is_empty() && serde_json::from_str::<serde::de::IgnoredAny>(&d.evidence).is_err() {
        return bad("its evidence is no JSON");
    }
    Ok(())
}

fn write_file(storage: &dyn Storage, name: &str, all: &[Decided]) -> Result<DecisionsEntry> {
    let mut file = FileWriter::create_as(storage, name, KIND, super::container::WITH_DECISIONS)?;
    let mut rows = Vec::with_capacity(all.len());
    for d in all {
        let at = if d.evidence.is_empty() { 0 } else { file.position() };
        file.write(d.evidence.as_bytes())?;
        rows.push(DecidedRow {
            time: &d.time,
            by: d.by,
            actor: &d.actor,
            a: &d.a,
            b: &d.b,
            decree: d.decree,
            note: &d.note,
            source: &d.source,
            at,
            length: d.evidence.len() as u32,
        });
    }
    let start = file.position();
    file.write(&codec::encode(&rows)?)?;
    file.write(&start.to_le_bytes())?;
    file.write(&(rows.len() as u64).to_le_bytes())?;
    Ok(DecisionsEntry { file: file.finish(storage)?, decisions: rows.len() as u32 })
}

fn read_file(storage: &dyn Storage, entry: &DecisionsEntry) -> Result<Vec<Decided>> {
    let f = LogFile::open(storage, entry, 0)?;
    f.rows()?.iter().map(|r| Ok(owned(r, f.evidence(r)?))).collect()
}

/// Writes further decisions: the last file is replaced by a longer one, or new files begun.
pub(super) fn append(
    storage: &dyn Storage,
    manifest: &mut Manifest,
    mut name: impl FnMut() -> String,
    decisions: &[Decided],
) -> Result<()> {
    let first = manifest.decided() + 1;
    for (number, d) in (first..).zip(decisions) {
        check(d, number)?;
    }
    let mut all = match manifest.decisions.last() {
        Some(last) if last.file.length < ROLL && (last.decisions as usize) < MOST && !decisions.is_empty() => {
            let all = read_file(storage, last)?;
            manifest.decisions.pop();
            all
        }
        _ => Vec::new(),
    };
    all.extend_from_slice(decisions);
    write_all(storage, manifest, &mut name, &all)
}

/// Writes decisions in files of a bounded size.
fn write_all(
    storage: &dyn Storage,
    manifest: &mut Manifest,
    name: &mut impl FnMut() -> String,
    mut all: &[Decided],
) -> Result<()> {
    while !all.is_empty() {
        let mut bytes = 0;
        let fits = |d: &&Decided| {
            bytes += d.evidence.len() + d.note.len() + d.source.len() + 128;
            bytes <= MERGED
        };
        let n = all.iter().take(MOST).take_while(fits).count().max(1);
        let (now, later) = all.split_at(n);
        manifest.decisions.push(write_file(storage, &name(), now)?);
        all = later;
    }
    Ok(())
}

/// Joins small files into larger ones. What they say stays word for word.
pub(super) fn merge(storage: &dyn Storage, manifest: &mut Manifest, mut name: impl FnMut() -> String) -> Result<()> {
    let small = |e: &DecisionsEntry| (e.decisions as usize) < MOST && e.file.length < (MERGED / 2) as u64;
    if manifest.decisions.iter().filter(|e| small(e)).count() < 2 {
        return Ok(());
    }
    let old = std::mem::take(&mut manifest.decisions);
    let mut held: Vec<Decided> = Vec::new();
    for entry in old {
        if !small(&entry) {
            write_all(storage, manifest, &mut name, &held)?;
            held.clear();
            manifest.decisions.push(entry);
            continue;
        }
        held.extend(read_file(storage, &entry)?);
        if held.len() >= MOST {
            write_all(storage, manifest, &mut name, &held)?;
            held.clear();
        }
    }
    write_all(storage, manifest, &mut name, &held)
}

#[cfg(test)]
mod tests {
    use super::super::storage::Memory;
    use super::super::{Commit, Snapshot};
    use super::*;
    use std::sync::Arc;

    fn decided(a: &str, b: &str, decree: Decree, evidence: &str) -> Decided {
        Decided {
            time: "2024-05-01T00:00:00Z".into(),
            by: Decider::Human,
            actor: "me".into(),
            a: a.into(),
            b: b.into(),
            decree,
            note: "n".into(),
            source: String::new(),
            evidence: evidence.into(),
        }
    }

    fn log(storage: &Arc<dyn Storage>) -> Vec<Decided> {
        let s = Snapshot::open(Arc::clone(storage)).unwrap();
        s.decisions().verify().unwrap();
        s.decisions().some(&(1..=s.decisions().len()).collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn decisions_are_read_as_they_were_written_and_stay_through_merging() {
        let storage: Arc<dyn Storage> = Arc::new(Memory::new());
        let big = format!("{{\"items\":[{}]}}", "1,".repeat(150_000) + "1");
        let mut want = Vec::new();
        for i in 0..6 {
            let mut commit = Commit::begin(Arc::clone(&storage)).unwrap();
            let new = [
                decided("a:1", &format!("b:{i}"), Decree::Same, if i % 2 == 0 { &big } else { "" }),
                decided("", "", Decree::Retract(commit.manifest.decided() + 1), "{}"),
            ];
            commit.decide(&new).unwrap();
            commit.finish().unwrap();
            want.extend(new);
            assert_eq!(log(&storage), want);
        }
        let files = |s: &Arc<dyn Storage>| Manifest::current(&**s).unwrap().manifest.decisions.len();
        assert_eq!(files(&storage), 4, "a file that is long enough is not written again");
        let mut commit = Commit::begin(Arc::clone(&storage)).unwrap();
        commit.merge_decisions().unwrap();
        commit.finish().unwrap();
        assert_eq!((files(&storage), log(&storage)), (1, want));
    }

    #[test]
    fn a_store_without_decisions_keeps_its_format_and_one_with_some_has_the_next() {
        let storage: Arc<dyn Storage> = Arc::new(Memory::new());
        let version = || super::super::u32_at(&storage.open("MANIFEST").unwrap(), 12);
        Commit::begin(Arc::clone(&storage)).unwrap().finish().unwrap();
        assert_eq!(version(), 1);
        let mut commit = Commit::begin(Arc::clone(&storage)).unwrap();
        commit.decide(&[decided("a:1", "b:1", Decree::Unsure, "")]).unwrap();
        commit.finish().unwrap();
        assert_eq!(version(), 2);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        let storage: Arc<dyn Storage> = Arc::new(Memory::new());
        let mut commit = Commit::begin(storage).unwrap();
        for bad in [
            decided("a:1", "a:1", Decree::Same, ""),
            decided("a", "b:1", Decree::Same, ""),
            decided("a:1", "b:1", Decree::Retract(1), ""),
            decided("a:1", "b:1", Decree::Same, "{"),
            Decided { time: "yesterday".into(), ..decided("a:1", "b:1", Decree::Same, "") },
            Decided { note: "x".repeat(MAX_TEXT + 1), ..decided("a:1", "b:1", Decree::Same, "") },
        ] {
            assert!(commit.decide(&[bad]).is_err());
        }
        assert!(commit.manifest.decisions.is_empty());
    }
}
