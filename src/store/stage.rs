//! Taking in one release: records are spooled to a segment as they come, compared with what
//! the source said before, and only what is new is kept.

use super::commit::Commit;
use super::container::refused;
use super::manifest::{ReleaseEntry, SourceEntry};
use super::packed::canonical;
use super::presence::{PRESENCE, Pattern, Presence, write_presence};
use super::row_sort::RowSorter;
use super::segment::{Frame, HandOn, Segment, SegmentEntry, SegmentWriter};
use super::snapshot::key_of;
use crate::codec;
use crate::error::{Error, Result};
use crate::model::{End, Mode, PartialDate, Record, RecordView, SourceInfo};
use std::collections::HashMap;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// What a release says of itself, and what the user allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// The source.
    pub info: SourceInfo,
    /// Its date.
    pub date: PartialDate,
    /// Name of its format.
    pub format: String,
    /// What absence from it means.
    pub mode: Mode,
    /// Parts it covers.
    pub parts: Vec<String>,
    /// Base names and SHA-256 of its files.
    pub files: Vec<(String, String)>,
    /// What came in, by kind.
    pub counts: std::collections::BTreeMap<String, u64>,
    /// Keys of parties and relations that a delta deletes.
    pub deleted: Vec<String>,
    /// Take the place of a release of the same date with other content.
    pub replace: bool,
    /// Go on although more than a fifth of the source would end.
    pub allow_removals: bool,
}

/// What a release did to its source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Staged {
    /// The same release was there already; nothing changes.
    pub unchanged: bool,
    /// Records in the release.
    pub records: u64,
    /// Records not stored before.
    pub new: u64,
    /// Parties of the release before that this one ends.
    pub ended: u64,
    /// Records repeated within the release, word for word.
    pub repeated: u64,
}

/// Hash map for keys that are hashes themselves.
type ByHash<K, V> = HashMap<K, V, rustc_hash::FxBuildHasher>;

/// The records of one release on their way in.
pub struct Stage {
    writer: SegmentWriter,
    /// A quarter of the hash of each record's key, and below it its number.
    keys: RowSorter<u64>,
    buffer: Vec<u8>,
}

impl Stage {
    /// Starts to spool.
    pub fn begin(commit: &mut Commit) -> Result<Stage> {
        let name = commit.name("records");
        let writer = SegmentWriter::create(&**commit.storage(), &name)?;
        Ok(Stage { writer, keys: RowSorter::parked(commit.storage()), buffer: Vec::new() })
    }

    /// The same; what goes into the segment is handed on as well.
    pub(crate) fn begin_and_hand_on(commit: &mut Commit, hand_on: HandOn) -> Result<Stage> {
        let mut stage = Stage::begin(commit)?;
        stage.writer.tap(hand_on);
        Ok(stage)
    }

    /// Takes a record. Word-for-word repetitions within the release are counted and dropped;
    /// a second, different record of the same key is kept beside the first.
    pub fn put(&mut self, part: &str, record: &RecordView<'_>) -> Result<()> {
        let key = key_of(&mut self.buffer, record, part, 0);
        self.keys.push(quarter(key) | u64::from(self.writer.len()))?;
        self.writer.push(part, 0, record)
    }

    /// Compares with what the source said before and puts the release into the manifest.
    pub fn finish(self, commit: &mut Commit, release: Release) -> Result<Staged> {
        let Stage { writer, keys, buffer } = self;
        drop(buffer);
        let storage = std::sync::Arc::clone(commit.storage());
        let (spooled, repeated) = tell_apart(commit, writer.finish(&*storage)?, keys)?;
        let mut staged = Staged { records: u64::from(spooled.records), repeated, ..Staged::default() };
        let at = commit.manifest.sources.iter().position(|s| s.info.id == release.info.id);
        // A copy: a release that changes nothing or is refused must leave the source in place.
        let mut entry = match at.and_then(|i| commit.manifest.sources.get(i)) {
            Some(known) => known.clone(),
            None => SourceEntry { info: release.info.clone(), ..SourceEntry::default() },
        };
        let number = entry.releases.len() as u32;
        let mut book = Book::open(&*storage, &entry)?;
        let spool = Segment::open(&*storage, &spooled)?;
        let (asserted, fresh) = book.compare(&spool)?;
        staged.new = fresh.iter().filter(|f| **f).count() as u64;

        if let Some(same) = same_release(&entry, &release) {
            if staged.new == 0 && book.asserts_exactly(&entry, &same, &asserted) {
                staged.unchanged = true;
                return Ok(staged);
            }
            if !release.replace {
                return Err(Error::input(format!(
                    "{} of {} is in the store with other content",
                    release.info.id, release.date
                ))
                .hint("give the right date with --release, or take its place with --replace"));
            }
            for r in entry.releases.iter_mut().filter(|r| same.contains(&r.number)) {
                r.replaced = true;
            }
        }

        let before = parties_before(&entry, &book, &release);
        let deleted = deleted_records(&*storage, &entry, &release.deleted)?;
        let kept = keep_new(commit, spool, spooled, &fresh)?;
        let added = kept.as_ref().map_or(0, |k| k.records);
        entry.segments.extend(kept);
        book.assert(number, &asserted, &deleted, added, &entry);
        staged.ended = book.ended(number, &release, &before);
        let fifth = before.len() as u64 / 5;
        if staged.ended > fifth && staged.ended > 2 && !release.allow_removals {
            return Err(Error::input(format!(
                "{} of {} would end {} of the {} parties known before",
                release.info.id,
                release.date,
                staged.ended,
                before.len()
            ))
            .hint("compare the file with the publisher's; if it is right, import it with --allow-removals"));
        }
        entry.releases.push(ReleaseEntry {
            number,
            date: release.date,
            format: release.format,
            mode: release.mode,
            parts: release.parts,
            files: release.files,
            counts: release.counts,
            replaced: false,
        });
        let name = commit.name("presence");
        entry.presence = write_presence(&*storage, &name, &Presence::of(&book.codes, &book.table))?;
        entry.info = release.info;
        commit.manifest.sources.retain(|s| s.info.id != entry.info.id);
        commit.manifest.sources.push(entry);
        commit.manifest.sources.sort_by(|a, b| a.info.id.cmp(&b.info.id));
        Ok(staged)
    }
}

/// A quarter of a key's hash, above the place of a number: enough to find those that may be the same,
/// and few that are not (a thousand pairs among three million keys, which are then compared).
fn quarter(key: u128) -> u64 {
    (key >> 64) as u64 & QUARTER
}

const QUARTER: u64 = 0xffff_ffff_0000_0000;

/// What becomes of a record whose key another record of the release has too.
enum Twin {
    /// It says the same in the same words.
    Drop,
    /// It is kept beside the others under this number.
    Keep(u16),
}

/// Drops the records that repeat another word for word and numbers different ones of the same
/// key; also gives how many were dropped. Most releases have neither and stay as they are.
fn tell_apart(commit: &mut Commit, spooled: SegmentEntry, keys: RowSorter<u64>) -> Result<(SegmentEntry, u64)> {
    let mut shared: Vec<u32> = Vec::new();
    let mut last: Option<u64> = None;
    keys.finish()?.each(|key| {
        if let Some(first) = last.filter(|l| (l ^ key) & QUARTER == 0) {
            if shared.last() != Some(&(first as u32)) {
                shared.push(first as u32);
            }
            shared.push(key as u32);
        }
        last = Some(key);
        Ok(())
    })?;
    if shared.is_empty() {
        return Ok((spooled, 0));
    }
    shared.sort_unstable();
    let storage = std::sync::Arc::clone(commit.storage());
    let spool = Segment::open(&*storage, &spooled)?;
    let mut twins: ByHash<u32, Twin> = ByHash::default();
    let mut said: HashMap<u128, Vec<u64>> = HashMap::new();
    let mut repeated = 0;
    let mut buffer = Vec::new();
    spool.each_of(&shared, |i, frame, payload, record| {
        let (key, content) = (key_of(&mut buffer, &record, spool.part(frame), 0), xxh3_64(payload));
        let before = said.entry(key).or_default();
        if before.contains(&content) {
            twins.insert(i, Twin::Drop);
            repeated += 1;
            return Ok(());
        }
        let repeat = u16::try_from(before.len()).map_err(|_| {
            let key = record.into_owned().key();
            Error::input(format!("{key:?} has more than 65,535 different records"))
        })?;
        before.push(content);
        if repeat > 0 {
            twins.insert(i, Twin::Keep(repeat));
        }
        Ok(())
    })?;
    if twins.is_empty() {
        return Ok((spooled, 0));
    }
    let name = commit.name("records");
    let mut writer = SegmentWriter::create(&*storage, &name)?;
    spool.each(0..spool.len(), |i, frame, record| match twins.get(&i) {
        Some(Twin::Drop) => Ok(()),
        Some(Twin::Keep(repeat)) => writer.push(spool.part(frame), *repeat, &record),
        None => writer.push(spool.part(frame), frame.repeat, &record),
    })?;
    let kept = writer.finish(&*storage)?;
    drop(spool);
    storage.remove(&spooled.file.name).map_err(|e| refused(format!("remove {}", spooled.file.name), e))?;
    Ok((kept, repeated))
}

/// Numbers of the releases of the same date that share a part with this one.
fn same_release(entry: &SourceEntry, release: &Release) -> Option<Vec<u32>> {
    let same: Vec<u32> = entry
        .releases
        .iter()
        .filter(|r| !r.replaced && r.date == release.date && r.parts.iter().any(|p| release.parts.contains(p)))
        .map(|r| r.number)
        .collect();
    (!same.is_empty()).then_some(same)
}

/// Keeps of the spooled segment what is new: all, nothing, or a second segment.
fn keep_new(
    commit: &mut Commit,
    spool: Segment,
    spooled: SegmentEntry,
    fresh: &[bool],
) -> Result<Option<SegmentEntry>> {
    let storage = std::sync::Arc::clone(commit.storage());
    if fresh.iter().all(|f| *f) && !fresh.is_empty() {
        return Ok(Some(spooled));
    }
    let mut kept = None;
    if fresh.iter().any(|f| *f) {
        let name = commit.name("records");
        let mut writer = SegmentWriter::create(&*storage, &name)?;
        spool.each(0..spool.len(), |i, frame, record| {
            if !fresh.get(i as usize).copied().unwrap_or(false) {
                return Ok(());
            }
            writer.push(spool.part(frame), frame.repeat, &record)
        })?;
        kept = Some(writer.finish(&*storage)?);
    }
    drop(spool);
    storage.remove(&spooled.file.name).map_err(|e| refused(format!("remove {}", spooled.file.name), e))?;
    Ok(kept)
}

/// The parties that the release before this one knew in the parts that both cover.
fn parties_before(entry: &SourceEntry, book: &Book, release: &Release) -> Vec<u32> {
    if release.mode != Mode::Full {
        return Vec::new();
    }
    let mut before: Vec<&ReleaseEntry> = entry.by_date();
    before.retain(|r| r.date <= release.date && r.parts.iter().any(|p| release.parts.contains(p)));
    let Some(last) = before.last() else { return Vec::new() };
    let mut list = Vec::new();
    for (i, (kind, part)) in book.frames.iter().enumerate() {
        let part = book.part(*part);
        let shared = release.parts.iter().any(|p| p == part) && last.parts.iter().any(|p| p == part);
        let says = book.pattern(i).is_some_and(|p| p.runs.iter().any(|(a, b)| (*a..=*b).contains(&last.number)));
        if *kind == 0 && shared && says {
            list.push(i as u32);
        }
    }
    list
}

/// What a source has said so far, record by record.
struct Book {
    table: Vec<Pattern>,
    codes: Vec<u32>,
    frames: Vec<(u8, u8)>,
    keys: Vec<u128>,
    parts: Vec<String>,
    by_content: ByHash<u128, u32>,
    buffer: Vec<u8>,
}

impl Book {
    fn open(storage: &dyn super::storage::Storage, entry: &SourceEntry) -> Result<Book> {
        let mut book = Book {
            table: vec![Pattern::default()],
            codes: Vec::new(),
            frames: Vec::new(),
            keys: Vec::new(),
            parts: Vec::new(),
            by_content: ByHash::default(),
            buffer: Vec::new(),
        };
        if entry.segments.is_empty() && entry.presence.name.is_empty() {
            return Ok(book);
        }
        for e in &entry.segments {
            let segment = Segment::open(storage, e)?;
            segment.each(0..segment.len(), |_, frame, record| book.add(frame, segment.part(frame), &record))?;
        }
        let file = super::container::Container::open(storage, &entry.presence.name, PRESENCE, Some(&entry.presence))?;
        let presence: Presence =
            codec::decode(file.body()?).map_err(|e| Error::damaged(file.name(), 0, format!("cannot be read: {e}")))?;
        book.codes = presence.codes().collect();
        book.table = presence.patterns;
        if book.codes.len() != book.frames.len() || book.codes.iter().any(|c| *c as usize >= book.table.len()) {
            return Err(Error::damaged(file.name(), 0, "the presence table does not fit the records"));
        }
        Ok(book)
    }

    fn pattern(&self, i: usize) -> Option<&Pattern> {
        self.codes.get(i).and_then(|c| self.table.get(*c as usize))
    }

    /// For each pattern of the table, whether it asserts one of these releases.
    fn says(&self, releases: &[u32]) -> Vec<bool> {
        self.table.iter().map(|p| p.runs.iter().any(|(a, b)| releases.iter().any(|r| (*a..=*b).contains(r)))).collect()
    }

    fn intern(&mut self, pattern: Pattern) -> u32 {
        if let Some(i) = self.table.iter().position(|p| *p == pattern) {
            return i as u32;
        }
        self.table.push(pattern);
        self.table.len() as u32 - 1
    }

    fn part(&self, code: u8) -> &str {
        self.parts.get(usize::from(code)).map_or("", String::as_str)
    }

    /// A hash of all that a record says, the same in whichever segment it stands.
    fn content(&mut self, frame: Frame, part: &str, record: &RecordView<'_>) -> Result<u128> {
        let head = &mut self.buffer;
        head.clear();
        head.push(frame.kind);
        head.extend_from_slice(&frame.repeat.to_le_bytes());
        head.extend_from_slice(part.as_bytes());
        head.push(0);
        canonical(record, head)?;
        Ok(xxh3_128(head))
    }

    fn add(&mut self, frame: Frame, part: &str, record: &RecordView<'_>) -> Result<()> {
        let content = self.content(frame, part, record)?;
        let code = match self.parts.iter().position(|p| p == part) {
            Some(k) => k,
            None => {
                self.parts.push(part.to_owned());
                self.parts.len() - 1
            }
        };
        self.by_content.insert(content, self.frames.len() as u32);
        self.frames.push((frame.kind, code as u8));
        self.keys.push(key_of(&mut self.buffer, record, part, frame.repeat));
        Ok(())
    }

    /// For each spooled record, its number in this book if it was known; and which are new.
    /// New ones are added to the book, without presence yet.
    fn compare(&mut self, spool: &Segment) -> Result<(Vec<u32>, Vec<bool>)> {
        let (mut asserted, mut fresh) = (Vec::new(), Vec::new());
        if self.frames.is_empty() {
            // The first release of a source: everything is new.
            self.frames.reserve(spool.len() as usize);
            spool.frames(|frame| self.frames.push((frame.kind, frame.part)))?;
            self.parts = spool.parts().to_vec();
            return Ok(((0..spool.len()).collect(), vec![true; spool.len() as usize]));
        }
        spool.each(0..spool.len(), |_, frame, record| {
            let part = spool.part(frame);
            let content = self.content(frame, part, &record)?;
            let known = self.by_content.get(&content).copied().filter(|k| (*k as usize) < self.codes.len());
            fresh.push(known.is_none());
            match known {
                Some(k) => asserted.push(k),
                None => {
                    asserted.push(self.frames.len() as u32);
                    self.add(frame, part, &record)?;
                }
            }
            Ok(())
        })?;
        Ok((asserted, fresh))
    }

    /// Whether the releases with these numbers together say just these records.
    fn asserts_exactly(&self, entry: &SourceEntry, releases: &[u32], asserted: &[u32]) -> bool {
        let mut now: Vec<u32> = asserted.to_vec();
        now.sort_unstable();
        // A run passes over releases that do not cover the part; those said nothing.
        let covering = |part: &String| {
            let these = entry.releases.iter().filter(|r| releases.contains(&r.number) && r.parts.contains(part));
            self.says(&these.map(|r| r.number).collect::<Vec<_>>())
        };
        let says: Vec<Vec<bool>> = self.parts.iter().map(covering).collect();
        let said = |(code, (_, part)): (&u32, &(u8, u8))| {
            says.get(usize::from(*part)).and_then(|s| s.get(*code as usize)).copied().unwrap_or(false)
        };
        let then = self.codes.iter().zip(&self.frames).enumerate().filter(|(_, row)| said(*row)).map(|(i, _)| i as u32);
        then.eq(now)
    }

    /// Marks the records as asserted in a new release.
    fn assert(&mut self, number: u32, asserted: &[u32], deleted: &[u32], added: u32, entry: &SourceEntry) {
        debug_assert_eq!(self.codes.len() + added as usize, self.frames.len());
        let nothing = self.intern(Pattern::default());
        self.codes.resize(self.frames.len(), nothing);
        // The release before this one, in the order of import, that covered a part: a run that
        // reaches it goes on.
        let before: Vec<Option<u32>> = self
            .parts
            .iter()
            .map(|part| entry.releases.iter().rev().find(|r| r.parts.contains(part)).map(|r| r.number))
            .collect();
        let mut next: HashMap<(u32, u8), u32> = HashMap::new();
        for i in asserted {
            let part = self.frames.get(*i as usize).map_or(0, |f| f.1);
            let Some(old) = self.codes.get(*i as usize).copied() else { continue };
            let code = match next.get(&(old, part)) {
                Some(c) => *c,
                None => {
                    let mut p = self.table.get(old as usize).cloned().unwrap_or_default();
                    let last = before.get(usize::from(part)).copied().flatten();
                    match (p.runs.last_mut(), last) {
                        (Some((_, b)), Some(l)) if *b >= l => *b = number,
                        _ => p.runs.push((number, number)),
                    }
                    let c = self.intern(p);
                    next.insert((old, part), c);
                    c
                }
            };
            if let Some(c) = self.codes.get_mut(*i as usize) {
                *c = code;
            }
        }
        if !deleted.is_empty() {
            let hit: Vec<usize> = deleted.iter().map(|i| *i as usize).collect();
            for i in hit {
                let mut p = self.pattern(i).cloned().unwrap_or_default();
                p.deleted.push(number);
                let code = self.intern(p);
                if let Some(c) = self.codes.get_mut(i) {
                    *c = code;
                }
            }
        }
    }

    /// How many of the parties known before are not in the release, under any words.
    fn ended(&self, number: u32, release: &Release, before: &[u32]) -> u64 {
        if release.mode != Mode::Full {
            return 0;
        }
        let says = self.says(&[number]);
        let said = |c: u32| says.get(c as usize).copied().unwrap_or(false);
        let now: std::collections::HashSet<u128> =
            self.keys.iter().zip(&self.codes).filter(|(_, c)| said(**c)).map(|(k, _)| *k).collect();
        let mut gone = std::collections::HashSet::new();
        for i in before {
            if let Some(k) = self.keys.get(*i as usize).filter(|k| !now.contains(k)) {
                gone.insert(*k);
            }
        }
        gone.len() as u64
    }
}

/// The records of a source that a delta's deletions end: those of the party or relation itself,
/// relations fanned out of it (`ID/1`), relations without an id of their own that touch it, and
/// listings that rest on it.
fn deleted_records(storage: &dyn super::storage::Storage, entry: &SourceEntry, ids: &[String]) -> Result<Vec<u32>> {
    let mut hit = Vec::new();
    if ids.is_empty() {
        return Ok(hit);
    }
    let ids: std::collections::HashSet<&str> = ids.iter().map(String::as_str).collect();
    let mut number = 0u32;
    for e in &entry.segments {
        let segment = Segment::open(storage, e)?;
        for i in 0..segment.len() {
            let gone = match segment.record(i)?.1 {
                Record::Party(p) => {
                    let rests_on = p.listing_only().map(|c| format!("{}:{}", p.id.namespace(), c.locator));
                    ids.contains(p.id.as_str()) || rests_on.is_some_and(|id| ids.contains(id.as_str()))
                }
                Record::Relation(r) => match &r.id {
                    Some(id) => {
                        let whole = id.as_str();
                        ids.contains(whole) || whole.rsplit_once('/').is_some_and(|(stem, _)| ids.contains(stem))
                    }
                    None => {
                        [&r.source, &r.target].iter().any(|e| matches!(e, End::Id(id) if ids.contains(id.as_str())))
                    }
                },
                Record::Decision(d) => ids.contains(d.a.as_str()),
                Record::Source(_) | Record::NodeType(_) | Record::EdgeType(_) => false,
            };
            if gone {
                hit.push(number);
            }
            number += 1;
        }
    }
    Ok(hit)
}

/// Writes the segments of each source that has several into one, leaving out records that no
/// release asserts any more.
pub fn merge_segments(commit: &mut Commit) -> Result<()> {
    let storage = std::sync::Arc::clone(commit.storage());
    for at in 0..commit.manifest.sources.len() {
        let Some(entry) = commit.manifest.sources.get(at).cloned() else { continue };
        let book = Book::open(&*storage, &entry)?;
        let counting: Vec<u32> = entry.releases.iter().filter(|r| !r.replaced).map(|r| r.number).collect();
        let says = book.says(&counting);
        let said = |i: usize| book.codes.get(i).is_some_and(|c| says.get(*c as usize).copied().unwrap_or(false));
        let all = (0..book.codes.len()).all(said);
        if entry.segments.len() < 2 && all {
            continue;
        }
        let name = commit.name("records");
        let mut writer = SegmentWriter::create(&*storage, &name)?;
        let (mut base, mut codes) = (0usize, Vec::new());
        for e in &entry.segments {
            let segment = Segment::open(&*storage, e)?;
            segment.each(0..segment.len(), |i, frame, record| {
                let number = base + i as usize;
                if !said(number) {
                    return Ok(());
                }
                codes.push(book.codes.get(number).copied().unwrap_or(0));
                writer.push(segment.part(frame), frame.repeat, &record)
            })?;
            base += segment.len() as usize;
        }
        let merged = writer.finish(&*storage)?;
        let name = commit.name("presence");
        let presence = write_presence(&*storage, &name, &Presence::of(&codes, &book.table))?;
        if let Some(entry) = commit.manifest.sources.get_mut(at) {
            entry.segments = if merged.records == 0 { Vec::new() } else { vec![merged] };
            entry.presence = presence;
        }
    }
    Ok(())
}
