//! One generation of a store, pinned for reading.

use super::container::Container;
use super::decisions::DecisionLog;
use super::journal::{self, Edit};
use super::manifest::{Loaded, Manifest, SourceEntry};
use super::outline::Chunk;
use super::presence::{Interval, Member, PRESENCE, Presence, intervals};
use super::segment::{Frame, Segment};
use super::storage::Storage;
use crate::codec;
use crate::error::{Error, Kind, Result};
use crate::model::{Record, RecordView};
use std::collections::HashMap;
use std::sync::Arc;
use xxhash_rust::xxh3::xxh3_128;

/// How often opening is tried again when a writer replaces files meanwhile.
const ATTEMPTS: u32 = 20;

/// One source of a snapshot.
pub struct SourceData {
    /// What the manifest says of it.
    pub entry: SourceEntry,
    /// Number of its first record among the records of all sources.
    pub base: u32,
    segments: Vec<(u32, Segment)>,
    presence: Container,
    records: u32,
}

impl SourceData {
    fn open(storage: &dyn Storage, entry: &SourceEntry, base: u32) -> Result<SourceData> {
        let mut segments = Vec::with_capacity(entry.segments.len());
        let mut records = 0u32;
        for e in &entry.segments {
            let s = Segment::open(storage, e)?;
            segments.push((records, s));
            records = records
                .checked_add(e.records)
                .ok_or_else(|| Error::input("a source holds more than 4 billion records"))?;
        }
        let presence = Container::open(storage, &entry.presence.name, PRESENCE, Some(&entry.presence))?;
        Ok(SourceData { entry: entry.clone(), base, segments, presence, records })
    }

    /// Number of records, all releases together.
    pub fn len(&self) -> u32 {
        self.records
    }

    /// Whether it has no record.
    pub fn is_empty(&self) -> bool {
        self.records == 0
    }

    /// The segments with the number of the first record of each.
    pub fn segments(&self) -> &[(u32, Segment)] {
        &self.segments
    }

    /// The segment of a record and its number there.
    pub fn locate(&self, i: u32) -> Result<(&Segment, u32)> {
        let at = self.segments.partition_point(|(base, _)| *base <= i);
        match at.checked_sub(1).and_then(|k| self.segments.get(k)) {
            Some((base, s)) if i - base < s.len() => Ok((s, i - base)),
            _ => Err(Error::damaged(
                &self.entry.presence.name,
                0,
                "a reference to a record that the source does not have",
            )),
        }
    }

    /// A record by its number within the source, with the name of its part.
    pub fn record(&self, i: u32) -> Result<(Frame, &str, Record)> {
        let (segment, k) = self.locate(i)?;
        let (frame, record) = segment.record(k)?;
        Ok((frame, segment.part(frame), record))
    }

    /// Hands over all records in order, with the names of their parts, and lets go of their memory
    /// behind them.
    pub fn each<'s>(&'s self, mut take: impl FnMut(u32, Frame, &'s str, RecordView<'s>) -> Result<()>) -> Result<()> {
        for (base, segment) in &self.segments {
            segment.each(0..segment.len(), |i, frame, record| take(base + i, frame, segment.part(frame), record))?;
        }
        Ok(())
    }

    /// Hands over all records in order as they lie in the segments, many at a time.
    pub(crate) fn chunks<'s>(&'s self, mut take: impl FnMut(Chunk<'s>) -> Result<()>) -> Result<()> {
        self.segments.iter().try_for_each(|(base, segment)| segment.chunks(*base, &mut take))
    }

    /// The presence of all records.
    pub fn presence(&self) -> Result<Presence> {
        let bad = |e: &str| Error::damaged(self.presence.name(), 0, format!("the presence table cannot be read: {e}"));
        let p: Presence = codec::decode(self.presence.body()?).map_err(|e| bad(&e))?;
        let known = p.patterns.len() as u32;
        if p.records() != u64::from(self.records) || p.ranges.iter().any(|(_, c)| *c >= known) {
            return Err(bad("it does not fit the records"));
        }
        Ok(p)
    }

    /// For each record, the number of its list of intervals in the second value.
    ///
    /// A source with one release needs no look at its records; otherwise they are grouped by key.
    pub fn timeline(&self) -> Result<(Vec<u32>, Vec<Vec<Interval>>)> {
        let presence = self.presence()?;
        let order = self.entry.by_date();
        let mut lists: Vec<Vec<Interval>> = Vec::new();
        let mut known: HashMap<Vec<Interval>, u32> = HashMap::new();
        let mut code_of = |list: Vec<Interval>, lists: &mut Vec<Vec<Interval>>| -> u32 {
            let next = lists.len() as u32;
            *known.entry(list.clone()).or_insert_with(|| {
                lists.push(list);
                next
            })
        };
        let codes: Vec<u32> = presence.codes().collect();
        let pattern = |i: u32| codes.get(i as usize).and_then(|c| presence.patterns.get(*c as usize));
        let mut out = vec![0u32; codes.len()];
        if let [only] = order[..] {
            let alone = vec![Interval { from: only.date, to: None, replaced: false }];
            let (here, gone) = (code_of(alone, &mut lists), code_of(Vec::new(), &mut lists));
            for (i, o) in out.iter_mut().enumerate() {
                let said =
                    pattern(i as u32).is_some_and(|p| p.runs.iter().any(|(a, b)| (*a..=*b).contains(&only.number)));
                *o = if said { here } else { gone };
            }
            return Ok((out, lists));
        }
        let mut groups: HashMap<u128, Vec<u32>> = HashMap::with_capacity(codes.len());
        let mut frames: Vec<(Frame, u16)> = Vec::with_capacity(codes.len());
        let mut parts: Vec<String> = Vec::new();
        let mut buffer = Vec::new();
        self.each(|i, frame, part, record| {
            let part_code = match parts.iter().position(|p| p == part) {
                Some(k) => k,
                None => {
                    parts.push(part.to_owned());
                    parts.len() - 1
                }
            };
            frames.push((frame, part_code as u16));
            groups.entry(key_of(&mut buffer, &record, part, frame.repeat)).or_default().push(i);
            Ok(())
        })?;
        let mut cache: HashMap<(u32, u16, bool), u32> = HashMap::new();
        for members in groups.values() {
            let relation = |i: u32| frames.get(i as usize).is_some_and(|(f, _)| f.kind == 1);
            let part = |i: u32| frames.get(i as usize).map_or(0, |(_, p)| *p);
            if let [i] = members[..] {
                let key = (codes.get(i as usize).copied().unwrap_or(0), part(i), relation(i));
                let code = match cache.get(&key) {
                    Some(c) => *c,
                    None => {
                        let (Some(p), Some(name)) = (pattern(i), parts.get(usize::from(key.1))) else { continue };
                        let member = Member { pattern: p, part: name };
                        let list = intervals(&[member], &order, key.2).pop().unwrap_or_default();
                        let code = code_of(list, &mut lists);
                        cache.insert(key, code);
                        code
                    }
                };
                if let Some(o) = out.get_mut(i as usize) {
                    *o = code;
                }
                continue;
            }
            let group: Vec<Member<'_>> = members
                .iter()
                .filter_map(|i| Some(Member { pattern: pattern(*i)?, part: parts.get(usize::from(part(*i)))? }))
                .collect();
            let lists_of = intervals(&group, &order, members.first().is_some_and(|i| relation(*i)));
            for (i, list) in members.iter().zip(lists_of) {
                let code = code_of(list, &mut lists);
                if let Some(o) = out.get_mut(*i as usize) {
                    *o = code;
                }
            }
        }
        Ok((out, lists))
    }
}

/// What identifies a record's subject within a source: kind, part, repeat and key, hashed; `text`
/// is room to write them down.
pub(super) fn key_of(text: &mut Vec<u8>, record: &RecordView<'_>, part: &str, repeat: u16) -> u128 {
    text.clear();
    text.push(record.kind_code());
    text.extend_from_slice(&repeat.to_le_bytes());
    text.extend_from_slice(part.as_bytes());
    text.push(0);
    record.write_key(text);
    xxh3_128(text)
}

/// One generation of a store. It stays readable while writers go on.
pub struct Snapshot {
    storage: Arc<dyn Storage>,
    loaded: Loaded,
    sources: Vec<SourceData>,
    index: Option<Container>,
    journal: Vec<Edit>,
    decisions: DecisionLog,
}

impl Snapshot {
    /// Opens the current generation. The cost grows with the number of files, not their size.
    pub fn open(storage: Arc<dyn Storage>) -> Result<Snapshot> {
        let mut loaded = Manifest::current(&*storage)?;
        let mut attempt = 0;
        loop {
            match Snapshot::of(Arc::clone(&storage), loaded.clone()) {
                Ok(s) => return Ok(s),
                Err(e) => {
                    // A file may be gone because a writer has moved on since we read the manifest.
                    let now = Manifest::current(&*storage)?;
                    attempt += 1;
                    if now.sum == loaded.sum || attempt == ATTEMPTS {
                        return Err(e);
                    }
                    loaded = now;
                }
            }
        }
    }

    /// The state of a manifest that is not (yet) current.
    pub(crate) fn of(storage: Arc<dyn Storage>, loaded: Loaded) -> Result<Snapshot> {
        let mut sources = Vec::with_capacity(loaded.manifest.sources.len());
        let mut base = 0u32;
        for entry in &loaded.manifest.sources {
            let s = SourceData::open(&*storage, entry, base)?;
            base = base
                .checked_add(s.records)
                .ok_or_else(|| Error::input("the store holds more than 4 billion records"))?;
            sources.push(s);
        }
        let index = match &loaded.manifest.index {
            Some(entry) => Some(Container::open(&*storage, &entry.name, INDEX, Some(entry))?),
            None => None,
        };
        let journal = journal::read(&*storage, &loaded.manifest)?;
        let decisions = DecisionLog::open(&*storage, &loaded.manifest)?;
        Ok(Snapshot { storage, loaded, sources, index, journal, decisions })
    }

    /// The manifest.
    pub fn manifest(&self) -> &Manifest {
        &self.loaded.manifest
    }

    /// SHA-256 of the manifest, shortened to 32 digits: identifies exactly this state.
    pub fn hash(&self) -> &str {
        &self.loaded.hash
    }

    /// Where it lies.
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.storage
    }

    /// The sources, by id.
    pub fn sources(&self) -> &[SourceData] {
        &self.sources
    }

    /// The journal, oldest first.
    pub fn journal(&self) -> &[Edit] {
        &self.journal
    }

    /// The log of decisions.
    pub fn decisions(&self) -> &DecisionLog {
        &self.decisions
    }

    /// The index file; taken by the graph that reads it.
    pub(crate) fn take_index(&mut self) -> Option<Container> {
        self.index.take()
    }

    /// The source of a record by its number among all sources.
    fn source_of(&self, number: u32) -> Result<&SourceData> {
        let at = self.sources.partition_point(|s| s.base <= number);
        // Sources without records share their base with the next one.
        let source = self.sources.get(..at).unwrap_or_default().iter().rev().find(|s| !s.is_empty());
        source.ok_or_else(|| Error::new(Kind::Damaged, "a reference to a record of no source"))
    }

    /// A record by its number among all sources.
    pub fn record(&self, number: u32) -> Result<(&SourceData, Record)> {
        let source = self.source_of(number)?;
        Ok((source, source.record(number - source.base)?.2))
    }

    /// The same without a copy.
    pub fn view(&self, number: u32) -> Result<RecordView<'_>> {
        let source = self.source_of(number)?;
        let (segment, i) = source.locate(number - source.base)?;
        Ok(segment.view(i)?.1)
    }
}

/// Kind of the index file.
pub(crate) const INDEX: [u8; 4] = *b"INDX";
