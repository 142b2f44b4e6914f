//! Provenance: which source stood by a record when, and whom it cites. Few distinct values
//! serve all records, so a view decides once per value what it shows.

use crate::codec;
use crate::error::Result;
use crate::model::PartialDate;
use crate::store::Interval;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

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
    codes: HashMap<Prov, u32>,
}

impl ProvTable {
    pub(super) fn number(&mut self, prov: Prov) -> u32 {
        if let Some(c) = self.codes.get(&prov) {
            return *c;
        }
        let c = self.list.len() as u32;
        self.list.push(prov.clone());
        self.codes.insert(prov, c);
        c
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
