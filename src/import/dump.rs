//! The dump: everything in a store as JSON lines, deterministic, and read back into an equal
//! store. `docs/json.md` describes the lines.
//!
//! Two stores are equal when their dumps are. A dump does not depend on the order in which
//! releases were imported, nor on when.

use super::input::Input;
use super::sink::{Draft, Options, Sink};
use crate::error::{Error, Place, Result};
use crate::model::{PartialDate, Record, SourceInfo};
use crate::store::{
    Commit, Decided, Decree, Edit, Pattern, Presence, ReleaseEntry, SegmentWriter, Snapshot, SourceData, SourceEntry,
    write_presence,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::Write;

/// Version of the lines; a dump without decisions has the first.
const VERSION: u32 = 2;

/// Decisions held in memory at a time when they are written; those read back are held together.
const DECISIONS: usize = 65_536;

#[derive(Serialize, Deserialize)]
struct Header {
    cuibono_dump: u32,
}

#[derive(Serialize, Deserialize)]
struct SourceLine {
    source: SourceInfo,
}

#[derive(Serialize, Deserialize)]
struct ReleaseLine {
    release: u32,
    of: String,
    date: PartialDate,
    format: String,
    mode: crate::model::Mode,
    parts: Vec<String>,
    files: Vec<(String, String)>,
    counts: BTreeMap<String, u64>,
}

#[derive(Serialize, Deserialize)]
struct RecordLine {
    of: String,
    part: String,
    #[serde(default)]
    repeat: u16,
    /// Runs of releases of `of` that assert it, by their numbers in this dump.
    asserted: Vec<(u32, u32)>,
    #[serde(default)]
    deleted: Vec<u32>,
    record: Record,
}

#[derive(Serialize, Deserialize)]
struct EditLine {
    edit: Edit,
}

#[derive(Serialize, Deserialize)]
struct DecisionLine {
    decision: Decided,
}

/// Drops what says nothing: nulls, empty texts and lists, noughts and falsehoods.
fn strip(value: Value) -> Value {
    match value {
        Value::Object(m) => Value::Object(
            m.into_iter()
                .map(|(k, v)| (k, strip(v)))
                .filter(|(_, v)| match v {
                    Value::Null | Value::Bool(false) => false,
                    Value::String(s) => !s.is_empty(),
                    Value::Array(a) => !a.is_empty(),
                    Value::Number(n) => n.as_u64() != Some(0),
                    Value::Object(_) => true,
                    Value::Bool(true) => true,
                })
                .collect(),
        ),
        Value::Array(a) => Value::Array(a.into_iter().map(|v| if v.is_object() { strip(v) } else { v }).collect()),
        other => other,
    }
}

fn line<T: Serialize>(out: &mut dyn Write, value: &T, keep: bool) -> Result<()> {
    let json = serde_json::to_value(value).map_err(|e| Error::input(format!("cannot be written as JSON: {e}")))?;
    let json = if keep { json } else { strip(json) };
    writeln!(out, "{json}").map_err(|e| Error::io("write the dump", e))
}

/// The releases of a source that count, by date, with the number that each has in the dump.
fn numbered(source: &SourceData) -> Vec<&ReleaseEntry> {
    source.entry.by_date()
}

/// A pattern in terms of the dump's numbers: which releases that cover the part assert it, as
/// runs over those that do.
fn translate(p: &Pattern, part: &str, order: &[&ReleaseEntry]) -> Pattern {
    let mut out = Pattern::default();
    let mut last_covering: Option<u32> = None;
    for (number, r) in order.iter().enumerate() {
        let number = number as u32;
        if p.deleted.contains(&r.number) {
            out.deleted.push(number);
        }
        if !r.parts.iter().any(|q| q == part) {
            continue;
        }
        if p.runs.iter().any(|(a, b)| (*a..=*b).contains(&r.number)) {
            match out.runs.last_mut() {
                Some((_, b)) if Some(*b) == last_covering => *b = number,
                _ => out.runs.push((number, number)),
            }
        }
        last_covering = Some(number);
    }
    out
}

/// Writes everything of a snapshot.
pub fn write(snapshot: &Snapshot, out: &mut dyn Write) -> Result<()> {
    let version = if snapshot.decisions().is_empty() { 1 } else { VERSION };
    line(out, &Header { cuibono_dump: version }, true)?;
    for source in snapshot.sources() {
        let of = source.entry.info.id.clone();
        line(out, &SourceLine { source: source.entry.info.clone() }, false)?;
        let order = numbered(source);
        for (number, r) in order.iter().enumerate() {
            let l = ReleaseLine {
                release: number as u32,
                of: of.clone(),
                date: r.date,
                format: r.format.clone(),
                mode: r.mode,
                parts: r.parts.clone(),
                files: r.files.clone(),
                counts: r.counts.clone(),
            };
            line(out, &l, true)?;
        }
        let presence = source.presence()?;
        let mut rows: Vec<(u8, String, u32, u16, u32)> = Vec::with_capacity(source.len() as usize);
        let mut parts: Vec<String> = Vec::new();
        let mut patterns: Vec<Pattern> = Vec::new();
        let mut known: std::collections::HashMap<(u32, u32), u32> = std::collections::HashMap::new();
        for (i, code) in presence.codes().enumerate() {
            let i = i as u32;
            let (frame, part, record) = source.record(i)?;
            let part_code = match parts.iter().position(|p| p == part) {
                Some(k) => k as u32,
                None => {
                    parts.push(part.to_owned());
                    parts.len() as u32 - 1
                }
            };
            let pattern = match known.get(&(code, part_code)) {
                Some(p) => *p,
                None => {
                    let p = presence.patterns.get(code as usize).cloned().unwrap_or_default();
                    patterns.push(translate(&p, part, &order));
                    let p = patterns.len() as u32 - 1;
                    known.insert((code, part_code), p);
                    p
                }
            };
            // A record that only a replaced release asserted is no longer part of the store.
            if patterns.get(pattern as usize).is_some_and(|p| p.runs.is_empty()) {
                continue;
            }
            rows.push((frame.kind, record.key(), i, frame.repeat, pattern));
        }
        let first = |p: &u32| patterns.get(*p as usize).and_then(|p| p.runs.first().copied());
        let part_of = |i: u32| source.record(i).map(|(_, part, _)| part.to_owned());
        rows.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        // Rows of one key are few; their order needs a second look at the records.
        let mut at = 0;
        while at < rows.len() {
            let Some(head) = rows.get(at).map(|r| (r.0, r.1.clone())) else { break };
            let end =
                at + rows.get(at..).unwrap_or_default().iter().take_while(|r| r.0 == head.0 && r.1 == head.1).count();
            if let Some(group) = rows.get_mut(at..end).filter(|g| g.len() > 1) {
                let mut keyed = Vec::with_capacity(group.len());
                for r in group.iter() {
                    keyed.push((part_of(r.2)?, r.3, first(&r.4), r.clone()));
                }
                keyed.sort_by(|a, b| (&a.0, a.1, a.2, a.3.2).cmp(&(&b.0, b.1, b.2, b.3.2)));
                for (slot, k) in group.iter_mut().zip(keyed) {
                    *slot = k.3;
                }
            }
            at = end;
        }
        for (_, _, i, repeat, pattern) in rows {
            let (_, part, record) = source.record(i)?;
            let p = patterns.get(pattern as usize).cloned().unwrap_or_default();
            let l = RecordLine {
                of: of.clone(),
                part: part.to_owned(),
                repeat,
                asserted: p.runs,
                deleted: p.deleted,
                record,
            };
            line(out, &l, false)?;
        }
    }
    for edit in snapshot.journal() {
        line(out, &EditLine { edit: edit.clone() }, false)?;
    }
    let log = snapshot.decisions();
    for first in (1..=log.len()).step_by(DECISIONS) {
        let some: Vec<u32> = (first..=log.len()).take(DECISIONS).collect();
        for decision in log.some(&some)? {
            line(out, &DecisionLine { decision }, false)?;
        }
    }
    Ok(())
}

/// Name of the format.
pub(super) const FORMAT: &str = "dump";

/// A dump holds whole sources with all their releases, so it cannot go through a sink; a batch
/// reads it with [`restore`].
pub(super) fn import(_: Vec<Input>, _: &Options, _: &mut Sink<'_>) -> Result<Draft> {
    Err(Error::usage("a dump is read whole, not as one release"))
}

/// Whether a file looks like a dump.
pub(super) fn detect(input: &Input) -> bool {
    input.head().starts_with(b"{\"cuibono_dump\"")
}

/// One source being read back.
struct Restoring {
    entry: SourceEntry,
    writer: SegmentWriter,
    codes: Vec<u32>,
    table: Vec<Pattern>,
    known: std::collections::HashMap<Pattern, u32>,
}

/// What came back from a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Restored {
    /// Sources.
    pub sources: u64,
    /// Releases.
    pub releases: u64,
    /// Records.
    pub records: u64,
    /// Edits.
    pub edits: u64,
    /// Decisions.
    pub decisions: u64,
}

/// Reads a dump into a change. Its sources must not be in the store yet; its edits are added
/// to the journal and its decisions to their log, where those before them move their numbers.
pub(super) fn restore(commit: &mut Commit, mut input: Input) -> Result<Restored> {
    let mut done = Restored::default();
    let mut current: Option<Restoring> = None;
    let (mut edits, mut decisions, mut buf) = (Vec::new(), Vec::new(), Vec::new());
    let decided = commit.manifest.decided();
    let mut first = true;
    while input.line(&mut buf)? {
        if buf.is_empty() {
            continue;
        }
        let here = input.here();
        let bad = |e: &dyn std::fmt::Display| Error::input(format!("not a line of a dump: {e}")).at(here.clone());
        if first {
            first = false;
            let h: Header = serde_json::from_slice(&buf).map_err(|e| bad(&e))?;
            if h.cuibono_dump > VERSION {
                return Err(Error::new(
                    crate::error::Kind::Newer,
                    format!("the dump has version {}, this program reads up to {VERSION}", h.cuibono_dump),
                )
                .at(here));
            }
            continue;
        }
        if buf.starts_with(b"{\"source\"") {
            let l: SourceLine = serde_json::from_slice(&buf).map_err(|e| bad(&e))?;
            if let Some(r) = current.take() {
                close(commit, r, &mut done)?;
            }
            if commit.manifest.source(&l.source.id).is_some() {
                return Err(Error::input(format!("the store already has the source {:?}", l.source.id))
                    .at(here)
                    .hint("read a dump into a new store"));
            }
            let name = commit.name("records");
            let writer = SegmentWriter::create(&**commit.storage(), &name)?;
            let entry = SourceEntry { info: l.source, ..SourceEntry::default() };
            current = Some(Restoring {
                entry,
                writer,
                codes: Vec::new(),
                table: Vec::new(),
                known: std::collections::HashMap::new(),
            });
        } else if buf.starts_with(b"{\"release\"") {
            let l: ReleaseLine = serde_json::from_slice(&buf).map_err(|e| bad(&e))?;
            let r = open(&mut current, &l.of, &here)?;
            if l.release as usize != r.entry.releases.len() {
                return Err(bad(&"releases must be numbered from 0 on"));
            }
            r.entry.releases.push(ReleaseEntry {
                number: l.release,
                date: l.date,
                format: l.format,
                mode: l.mode,
                parts: l.parts,
                files: l.files,
                counts: l.counts,
                replaced: false,
            });
            done.releases += 1;
        } else if buf.starts_with(b"{\"edit\"") {
            let l: EditLine = serde_json::from_slice(&buf).map_err(|e| bad(&e))?;
            edits.push(l.edit);
        } else if buf.starts_with(b"{\"decision\"") {
            let mut d = serde_json::from_slice::<DecisionLine>(&buf).map_err(|e| bad(&e))?.decision;
            if let Decree::Retract(n) = &mut d.decree {
                *n = n.checked_add(decided).ok_or_else(|| bad(&"it takes back what is no decision"))?;
            }
            decisions.push(d);
        } else {
            let l: RecordLine = serde_json::from_slice(&buf).map_err(|e| bad(&e))?;
            let r = open(&mut current, &l.of, &here)?;
            let releases = r.entry.releases.len() as u32;
            let wrong = l.asserted.is_empty()
                || l.asserted.iter().any(|(a, b)| a > b || *b >= releases)
                || l.deleted.iter().any(|d| *d >= releases);
            if wrong {
                return Err(bad(&"it names releases that its source does not have"));
            }
            let pattern = Pattern { runs: l.asserted, deleted: l.deleted };
            let code = match r.known.get(&pattern) {
                Some(c) => *c,
                None => {
                    r.table.push(pattern.clone());
                    r.known.insert(pattern, r.table.len() as u32 - 1);
                    r.table.len() as u32 - 1
                }
            };
            r.codes.push(code);
            r.writer.push(&l.part, l.repeat, &l.record.view())?;
            done.records += 1;
        }
    }
    if let Some(r) = current.take() {
        close(commit, r, &mut done)?;
    }
    if !edits.is_empty() {
        done.edits = edits.len() as u64;
        commit.append(&edits)?;
    }
    if !decisions.is_empty() {
        done.decisions = decisions.len() as u64;
        commit.decide(&decisions)?;
    }
    Ok(done)
}

fn open<'a>(current: &'a mut Option<Restoring>, of: &str, here: &Place) -> Result<&'a mut Restoring> {
    match current {
        Some(r) if r.entry.info.id == of => Ok(r),
        _ => Err(Error::input(format!("a line of {of:?} before or after its source")).at(here.clone())),
    }
}

fn close(commit: &mut Commit, mut r: Restoring, done: &mut Restored) -> Result<()> {
    let storage = std::sync::Arc::clone(commit.storage());
    let segment = r.writer.finish(&*storage)?;
    if segment.records > 0 {
        r.entry.segments.push(segment);
    }
    let name = commit.name("presence");
    r.entry.presence = write_presence(&*storage, &name, &Presence::of(&r.codes, &r.table))?;
    commit.manifest.sources.push(r.entry);
    commit.manifest.sources.sort_by(|a, b| a.info.id.cmp(&b.info.id));
    done.sources += 1;
    Ok(())
}
