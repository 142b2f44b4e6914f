//! The index of a new store, begun while its first release is still being read: the records come
//! as they go into their segment, on a thread of its own, and need not be read back.
//!
//! It is the index that a build from the segments gives, byte for byte. Whatever is out of the
//! ordinary (a second release, records dropped as repeated, types of the store's own, any error) is
//! left to that build.

use super::build::{Builder, ids_full};
use super::gather::{Meanings, Stands};
use super::naming::{Naming, beside};
use crate::error::{Error, Result};
use crate::model::{Catalogue, PartialDate};
use crate::store::{Chunk, Commit, HandOn, Handed, Interval, Manifest, Storage};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

/// Chunks of records that wait at most.
const AHEAD: usize = 4;

/// An index in the making.
pub(crate) struct EarlyIndex {
    worker: Option<JoinHandle<Result<Gathered>>>,
}

struct Gathered {
    builder: Builder,
    records: u32,
}

impl EarlyIndex {
    /// Begins, where a change makes a store; also gives what takes the records.
    pub(crate) fn begin(commit: &Commit) -> Option<(EarlyIndex, HandOn)> {
        if commit.old().is_some() || !commit.manifest.sources.is_empty() || commit.manifest.edits() > 0 {
            return None;
        }
        let (send, receive) = sync_channel(AHEAD);
        let storage = Arc::clone(commit.storage());
        let worker = std::thread::Builder::new().spawn(move || gather(&storage, &receive)).ok()?;
        Some((EarlyIndex { worker: Some(worker) }, Box::new(move |handed| send.send(handed).is_ok())))
    }

    /// What was gathered, if it is all that a manifest says there is.
    pub(super) fn done(mut self, manifest: &Manifest) -> Option<Builder> {
        let Gathered { mut builder, records } = self.worker.take()?.join().ok()?.ok()?;
        let [source] = &manifest.sources[..] else { return None };
        let [release] = &source.releases[..] else { return None };
        let stored: u64 = source.segments.iter().map(|s| u64::from(s.records)).sum();
        if stored != u64::from(records) || release.replaced || manifest.edits() > 0 {
            return None;
        }
        builder.sources = vec![source.info.id.clone()];
        builder.provs.all_of(&source.info.id, &[standing(release.date)]);
        Some(builder)
    }
}

impl Drop for EarlyIndex {
    fn drop(&mut self) {
        // Whoever hands records over is gone by now; the thread ends, and its temporary files with it.
        if let Some(worker) = self.worker.take() {
            worker.join().map(drop).ok();
        }
    }
}

fn standing(from: PartialDate) -> Interval {
    Interval { from, to: None, replaced: false }
}

fn gather(storage: &Arc<dyn Storage>, receive: &Receiver<Handed>) -> Result<Gathered> {
    let mut builder = Builder::new(Catalogue::builtin().clone(), storage);
    // Whose records these are, and of when, is known at the end; one release stands by all of them.
    let source = builder.source_code("")?;
    let lists = [vec![standing(PartialDate::new(1, 1, 1)?)]];
    let stands = Stands { source, codes: None, lists: &lists };
    let mut records = 0u32;
    let mut next = receive.recv().ok();
    let expected = next.as_ref().map_or(0, Handed::expected);
    let naming = std::mem::replace(&mut builder.naming, Naming::new(storage));
    builder.naming = beside::<Vec<u8>>(naming, expected, |names| {
        let (mut words, mut meanings) = (Vec::new(), Meanings::default());
        while let Some(handed) = next.take() {
            words.extend(handed.words);
            let chunk = Chunk { bytes: &handed.bytes, first: records, words: &words, file: "records" };
            let rows = builder.chunk(&stands, 0, &chunk, &mut meanings)?;
            records = records.checked_add(handed.records).ok_or_else(ids_full)?;
            names(handed.bytes, rows)?;
            next = receive.recv().ok();
        }
        Ok::<_, Error>(())
    })?;
    Ok(Gathered { builder, records })
}

#[cfg(test)]
mod tests {
    use super::super::maintain::finish_index;
    use super::*;
    use crate::model::{
        Citation, Decision, End, Fact, Id, Listing, Mode, PartyRecord, Percent, Record, RelationRecord, Ruling, Share,
        SourceInfo, Status,
    };
    use crate::store::{Folder, Memory, Release, Stage};

    /// Records of all kinds that a release may have, `n` parties and twice as many relations.
    fn records(n: u64) -> Vec<Record> {
        let mut x = 88172645463325252u64;
        let mut next = |below: u64| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^= x << 17;
            x % below
        };
        let id = |i: u64| Id::new("xa", &format!("n{i}")).unwrap();
        let cite = |s: u64| Citation { source: format!("s{s}"), locator: "1".into(), quote: String::new() };
        let day = |d: u64| PartialDate::new(1990 + d as u32 % 40, 1 + d as u32 % 12, 0).ok();
        let mut all = Vec::new();
        for i in 0..n {
            let kinds = ["company", "person", "thing", "legal_entity", ""];
            let mut p = PartyRecord::new(id(i), kinds[next(5) as usize]);
            p.facts.push(Fact::name("name", format!("Party {} Ltd", next(n))));
            if next(4) == 0 {
                p.facts.push(Fact { status: Status::Withdrawn, ..Fact::name("alias", format!("Пример {i}")) });
                p.facts.push(Fact { cites: vec![cite(next(3))], ..Fact::new("identifier", i.to_string()) });
                p.listings.push(Listing { list: format!("l{}", next(3)), from: day(next(99)), ..Listing::default() });
            }
            p.cites.extend((0..next(3)).map(|_| cite(next(2))));
            all.push(Record::Party(p));
            if next(9) == 0 {
                let (a, b) = (id(n + next(50)), id(next(n)));
                all.push(Record::Decision(Decision { a, b, ruling: Ruling::Same, note: i.to_string() }));
            }
            for _ in 0..2 {
                let named = next(20) == 0;
                let target =
                    if named { End::Name(format!("Party {} Ltd", next(n))) } else { End::Id(id(next(n + 20))) };
                let mut r = RelationRecord::new(End::Id(id(next(n))), ["owns", "directs"][next(2) as usize], target);
                r.ordinal = all.len() as u32;
                let percent = Percent::new(next(1000), 10).unwrap();
                r.share = (next(3) > 0).then(|| Share::exact(percent).unwrap());
                (r.start, r.end) = (day(next(500)), if next(2) == 0 { None } else { PartialDate::parse("2050").ok() });
                if next(50) == 0 {
                    r.id = Some(Id::new("xa", &format!("r{}", all.len())).unwrap());
                    r.facts.push(Fact::new("former", "true"));
                    r.share = Some(
                        Share::interval(Percent::ZERO, true, percent, false).unwrap_or(Share::exact(percent).unwrap()),
                    );
                    r.stake = "B".into();
                }
                r.cites.push(cite(next(4)));
                all.push(Record::Relation(r));
            }
        }
        all.push(Record::Source(SourceInfo { id: "s1".into(), title: "One".into(), ..SourceInfo::default() }));
        all
    }

    fn release() -> Release {
        Release {
            info: SourceInfo { id: "xa".into(), ..SourceInfo::default() },
            date: PartialDate::parse("2023-01-10").unwrap(),
            format: "test".into(),
            mode: Mode::Additive,
            parts: vec!["all".into()],
            files: Vec::new(),
            counts: std::collections::BTreeMap::new(),
            deleted: Vec::new(),
            replace: false,
            allow_removals: false,
        }
    }

    /// The index of a store of these records, and of the same built from its segments; whether the
    /// first was taken from the records as they came.
    fn both(storage: &Arc<dyn Storage>, records: &[Record]) -> (Vec<u8>, Vec<u8>, bool) {
        let mut commit = Commit::begin(Arc::clone(storage)).unwrap();
        let (early, hand_on) = EarlyIndex::begin(&commit).unwrap();
        let mut stage = Stage::begin_and_hand_on(&mut commit, hand_on).unwrap();
        records.iter().for_each(|r| stage.put("all", &r.view()).unwrap());
        let staged = stage.finish(&mut commit, release()).unwrap();
        let index = |commit: &Commit| storage.open(&commit.manifest.index.clone().unwrap().name).unwrap().to_vec();
        let gathered = early.done(&commit.manifest);
        let taken = gathered.is_some();
        assert_eq!(taken, staged.repeated == 0);
        if let Some(builder) = gathered {
            super::super::maintain::finish_builder(&mut commit, Some(builder)).unwrap();
        } else {
            finish_index(&mut commit, None).unwrap();
        }
        let one = index(&commit);
        finish_index(&mut commit, None).unwrap();
        (one, index(&commit), taken)
    }

    #[test]
    fn is_the_index_that_a_build_from_the_segments_gives() {
        let dir = tempfile::tempdir().unwrap();
        for n in [0, 1, 40, 5000] {
            let records = records(n);
            let folder: Arc<dyn Storage> = Arc::new(Folder::new(dir.path().join(n.to_string())));
            let (one, two, taken) = both(&folder, &records);
            assert!(taken && one == two, "{n} parties");
            let memory: Arc<dyn Storage> = Arc::new(Memory::new());
            assert!(both(&memory, &records).0 == one, "{n} parties in memory");
        }
    }

    #[test]
    fn what_is_out_of_the_ordinary_is_left_to_a_build() {
        let mut twice = records(40);
        twice.push(twice[0].clone());
        let memory: Arc<dyn Storage> = Arc::new(Memory::new());
        let (one, two, taken) = both(&memory, &twice);
        assert!(!taken && one == two, "a record that was dropped");
        let mut unknown = records(3);
        unknown.push(Record::Party(PartyRecord::new(Id::new("xa", "u").unwrap(), "unheard_of")));
        let memory: Arc<dyn Storage> = Arc::new(Memory::new());
        let mut commit = Commit::begin(memory).unwrap();
        let (early, hand_on) = EarlyIndex::begin(&commit).unwrap();
        let mut stage = Stage::begin_and_hand_on(&mut commit, hand_on).unwrap();
        unknown.iter().for_each(|r| stage.put("all", &r.view()).unwrap());
        stage.finish(&mut commit, release()).unwrap();
        let e = finish_index(&mut commit, Some(early)).unwrap_err();
        assert!(e.to_string().contains("unheard_of"), "{e}");
        assert!(EarlyIndex::begin(&commit).is_none(), "a second release");
    }
}
