//! Provenance: which source stood by a record when, and whom it cites. Few distinct values
//! serve all records, so a view decides once per value what it shows.

use crate::codec;
use crate::error::Result;
use crate::model::PartialDate;
use crate::store::Interval;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};

/// One distinct provenance.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Prov {
    /// The source that the record came with.
    pub source: String,
    /// When it stood by it; never empty.
    pub intervals: Vec<Interval>,
    /// Sources cited in the record beside its own, sorted.
    pub cited: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    source: String,
    intervals: Vec<(u32, u32, bool)>,
    cited: Vec<String>,
}

/// How a provenance looks at a moment of release time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Not yet published, or the source had gone on to say something else.
    No,
    /// The source stands by it.
    Yes,
    /// The source no longer names it since this release.
    Ended(PartialDate),
}

impl Prov {
    /// What was known of it on a day; `None` asks for everything published so far.
    pub fn known_at(&self, day: Option<PartialDate>) -> Known {
        let mut state = Known::No;
        for i in &self.intervals {
            if day.is_some_and(|d| i.from.first_day() > d.last_day()) {
                break;
            }
            state = match i.to {
                Some(to) if day.is_none_or(|d| to.first_day() <= d.last_day()) => {
                    if i.replaced {
                        Known::No
                    } else {
                        Known::Ended(to)
                    }
                }
                _ => Known::Yes,
            };
        }
        state
    }

    /// The first release that said so.
    pub fn first(&self) -> Option<PartialDate> {
        self.intervals.first().map(|i| i.from)
    }
}

/// Numbers distinct provenances.
#[derive(Default)]
pub(super) struct ProvTable {
    list: Vec<Prov>,
    codes: HashTable<u32>,
    /// Sources cited by the record in hand.
    cited: Vec<(usize, usize)>,
    text: String,
}

/// The hash of a provenance in its parts.
fn hash<'c>(source: &str, intervals: &[Interval], cited: impl Iterator<Item = &'c str>) -> u64 {
    let mut h = FxHasher::default();
    source.hash(&mut h);
    intervals.hash(&mut h);
    cited.for_each(|c| c.hash(&mut h));
    h.finish()
}

fn hash_of(p: &Prov) -> u64 {
    hash(&p.source, &p.intervals, p.cited.iter().map(String::as_str))
}

impl ProvTable {
    /// Says of all provenances whose they are and of when, where that was not known yet.
    pub(super) fn all_of(&mut self, source: &str, intervals: &[Interval]) {
        self.codes.clear();
        for p in &mut self.list {
            source.clone_into(&mut p.source);
            p.intervals = intervals.to_vec();
        }
        let ProvTable { list, codes, .. } = self;
        for (i, p) in (0..).zip(&*list) {
            codes.insert_unique(hash_of(p), i, |i| list.get(*i as usize).map_or(0, hash_of));
        }
    }

    /// The number of a provenance, new or known, from parts that need not be owned: the cited
    /// sources may repeat and come in any order.
    pub(super) fn of<'c>(&mut self, source: &str, intervals: &[Interval], cited: impl Iterator<Item = &'c str>) -> u32 {
        let ProvTable { list, codes, cited: spans, text } = self;
        spans.clear();
        text.clear();
        let mut last = "";
        for c in cited {
            if !c.is_empty() && c != last {
                spans.push((text.len(), text.len() + c.len()));
                text.push_str(c);
                last = c;
            }
        }
        let get = |s: &(usize, usize)| text.get(s.0..s.1).unwrap_or_default();
        if spans.len() > 1 {
            spans.sort_unstable_by(|a, b| get(a).cmp(get(b)));
            spans.dedup_by(|a, b| get(a) == get(b));
        }
        let wanted = hash(source, intervals, spans.iter().map(get));
        let same = |i: &u32| {
            list.get(*i as usize).is_some_and(|p| {
                p.source == source
                    && p.intervals == intervals
                    && p.cited.iter().map(String::as_str).eq(spans.iter().map(get))
            })
        };
        if let Some(i) = codes.find(wanted, same) {
            return *i;
        }
        let i = list.len() as u32;
        list.push(Prov {
            source: source.to_owned(),
            intervals: intervals.to_vec(),
            cited: spans.iter().map(|s| get(s).to_owned()).collect(),
        });
        codes.insert_unique(wanted, i, |i| list.get(*i as usize).map_or(0, hash_of));
        i
    }

    /// Whether the newest release of its source still says so.
    pub(super) fn holds(&self, p: u32) -> bool {
        self.list.get(p as usize).and_then(|p| p.intervals.last()).is_some_and(|i| i.to.is_none())
    }

    /// Whether two provenances ever held at the same time.
    pub(super) fn overlap(&self, a: u32, b: u32) -> bool {
        let (Some(a), Some(b)) = (self.list.get(a as usize), self.list.get(b as usize)) else { return false };
        a.intervals
            .iter()
            .any(|x| b.intervals.iter().any(|y| x.to.is_none_or(|t| y.from < t) && y.to.is_none_or(|t| x.from < t)))
    }

    pub(super) fn encode(&self) -> Result<Vec<u8>> {
        let stored: Vec<Stored> = self
            .list
            .iter()
            .map(|p| Stored {
                source: p.source.clone(),
                intervals: p
                    .intervals
                    .iter()
                    .map(|i| (i.from.to_bits(), i.to.map_or(0, PartialDate::to_bits), i.replaced))
                    .collect(),
                cited: p.cited.clone(),
            })
            .collect();
        codec::encode(&stored)
    }
}

/// The inverse of [`ProvTable::encode`].
pub(super) fn decode(bytes: &[u8]) -> std::result::Result<Vec<Prov>, String> {
    let stored: Vec<Stored> = codec::decode(bytes)?;
    let interval = |(from, to, replaced): (u32, u32, bool)| {
        let from = PartialDate::from_bits(from).ok_or("an impossible date")?;
        Ok::<_, String>(Interval { from, to: PartialDate::from_bits(to), replaced })
    };
    stored
        .into_iter()
        .map(|s| {
            let intervals = s.intervals.into_iter().map(interval).collect::<std::result::Result<_, _>>()?;
            Ok(Prov { source: s.source, intervals, cited: s.cited })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knowledge_follows_releases() {
        let d = |t: &str| PartialDate::parse(t).unwrap();
        let i = |from: &str, to: Option<&str>, replaced| Interval { from: d(from), to: to.map(d), replaced };
        let p = Prov {
            source: "s".into(),
            intervals: vec![i("2023-01-01", Some("2023-02-01"), false), i("2023-04-01", Some("2023-05-01"), true)],
            cited: vec![],
        };
        assert_eq!(p.known_at(Some(d("2022-12-31"))), Known::No);
        assert_eq!(p.known_at(Some(d("2023-01-01"))), Known::Yes);
        assert_eq!(p.known_at(Some(d("2023-03-01"))), Known::Ended(d("2023-02-01")));
        assert_eq!(p.known_at(Some(d("2023-04-30"))), Known::Yes);
        assert_eq!(p.known_at(None), Known::No);
    }
}
