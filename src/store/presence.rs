//! Which records were asserted in which releases, and the intervals that follow from it.
//!
//! Releases of a source are numbered in the order of import; what counts is their date. A
//! *run* `(a, b)` says: asserted in every release numbered a to b that covers the record's
//! part. From runs, modes and coverage follow the intervals of release time in which the
//! source stood by the record.

use super::container::{FileEntry, FileWriter};
use super::manifest::ReleaseEntry;
use super::storage::Storage;
use crate::codec;
use crate::error::Result;
use crate::model::{Mode, PartialDate};
use serde::{Deserialize, Serialize};

/// When a group of records was asserted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Pattern {
    /// Runs of release numbers, ascending.
    pub runs: Vec<(u32, u32)>,
    /// Delta releases that deleted the record by name.
    pub deleted: Vec<u32>,
}

impl Pattern {
    fn asserts(&self, release: u32) -> bool {
        self.runs.iter().any(|(a, b)| (*a..=*b).contains(&release))
    }
}

/// The presence of all records of one source: patterns, and which pattern each record has, as
/// runs of `(records, pattern)`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Presence {
    /// The distinct patterns.
    pub patterns: Vec<Pattern>,
    /// Run lengths over the records of the source in segment order.
    pub ranges: Vec<(u32, u32)>,
}

impl Presence {
    /// Packs the pattern of each record, given as numbers into a table; patterns that no record
    /// has are left out.
    pub fn of(codes: &[u32], table: &[Pattern]) -> Presence {
        let mut p = Presence::default();
        let mut renumbered: Vec<Option<u32>> = vec![None; table.len()];
        for old in codes {
            let Some(slot) = renumbered.get_mut(*old as usize) else { continue };
            let code = *slot.get_or_insert_with(|| {
                p.patterns.push(table.get(*old as usize).cloned().unwrap_or_default());
                p.patterns.len() as u32 - 1
            });
            match p.ranges.last_mut() {
                Some((n, c)) if *c == code => *n += 1,
                _ => p.ranges.push((1, code)),
            }
        }
        p
    }

    /// The number of records described.
    pub fn records(&self) -> u64 {
        self.ranges.iter().map(|(n, _)| u64::from(*n)).sum()
    }

    /// Pattern numbers, one per record.
    pub fn codes(&self) -> impl Iterator<Item = u32> {
        self.ranges.iter().flat_map(|(n, c)| std::iter::repeat_n(*c, *n as usize))
    }
}

/// Writes a presence file.
pub fn write_presence(storage: &dyn Storage, name: &str, presence: &Presence) -> Result<FileEntry> {
    let mut file = FileWriter::create(storage, name, PRESENCE)?;
    file.write(&codec::encode(presence)?)?;
    file.finish(storage)
}

/// Kind of a presence file.
pub(super) const PRESENCE: [u8; 4] = *b"PRES";

/// A stretch of release time in which a source stood by a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interval {
    /// Date of the first release that said so.
    pub from: PartialDate,
    /// Date of the first release that no longer did; `None` while the newest still does.
    pub to: Option<PartialDate>,
    /// At `to` the source went on to say something else of the same party or relation, or the
    /// same in another format; the fact did not end.
    pub replaced: bool,
}

/// One record of a group that shares kind, part and key.
pub struct Member<'a> {
    /// When it was asserted.
    pub pattern: &'a Pattern,
    /// The name of its part.
    pub part: &'a str,
}

/// The intervals of each member of a group of records with one key.
///
/// `order` holds the releases by date, replaced ones left out; `is_relation` says that a change of
/// format alone ends nothing in the world.
pub fn intervals(group: &[Member<'_>], order: &[&ReleaseEntry], is_relation: bool) -> Vec<Vec<Interval>> {
    let mut out: Vec<Vec<Interval>> = group.iter().map(|_| Vec::new()).collect();
    let mut current: Option<(usize, PartialDate)> = None;
    // Format of the release that last stood by the current record.
    let mut format = "";
    let close = |out: &mut Vec<Vec<Interval>>, current: &mut Option<(usize, PartialDate)>, to, replaced| {
        if let Some((i, from)) = current.take()
            && let Some(list) = out.get_mut(i)
        {
            list.push(Interval { from, to, replaced });
        }
    };
    for release in order {
        let covers = |m: &Member<'_>| release.parts.iter().any(|p| p == m.part);
        let said = group.iter().position(|m| covers(m) && m.pattern.asserts(release.number));
        match (said, current) {
            (Some(i), Some((c, _))) if i == c => format = &release.format,
            (Some(i), _) => {
                format = &release.format;
                close(&mut out, &mut current, Some(release.date), true);
                current = Some((i, release.date));
            }
            (None, Some((c, _))) => {
                let Some(member) = group.get(c) else { continue };
                let absent = release.mode == Mode::Full && covers(member);
                if absent || member.pattern.deleted.contains(&release.number) {
                    let replaced = absent && is_relation && release.format != format;
                    close(&mut out, &mut current, Some(release.date), replaced);
                }
            }
            (None, None) => {}
        }
    }
    close(&mut out, &mut current, None, false);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(number: u32, date: &str, mode: Mode, parts: &[&str]) -> ReleaseEntry {
        ReleaseEntry {
            number,
            date: PartialDate::parse(date).unwrap(),
            mode,
            parts: parts.iter().map(|p| (*p).to_owned()).collect(),
            ..ReleaseEntry::default()
        }
    }

    fn show(list: &[Interval]) -> Vec<String> {
        list.iter()
            .map(|i| {
                let to = i.to.map_or("now".into(), |d| d.to_string());
                format!("{}..{to}{}", i.from, if i.replaced { " replaced" } else { "" })
            })
            .collect()
    }

    #[test]
    fn absence_ends_only_within_covered_parts() {
        let releases = [
            release(0, "2023-01-01", Mode::Full, &["primary", "alias"]),
            release(1, "2023-02-01", Mode::Full, &["primary"]),
            release(2, "2023-03-01", Mode::Full, &["primary", "alias"]),
        ];
        let order: Vec<&ReleaseEntry> = releases.iter().collect();
        let p = Pattern { runs: vec![(0, 0)], deleted: vec![] };
        let one = |part| intervals(&[Member { pattern: &p, part }], &order, false).remove(0);
        assert_eq!(show(&one("alias")), ["2023-01-01..2023-03-01"]);
        assert_eq!(show(&one("primary")), ["2023-01-01..2023-02-01"]);
    }

    #[test]
    fn order_is_by_date_and_a_party_may_come_back() {
        let releases = [
            release(0, "2023-03-01", Mode::Full, &["a"]),
            release(1, "2023-01-01", Mode::Full, &["a"]),
            release(2, "2023-02-01", Mode::Full, &["a"]),
        ];
        let order: Vec<&ReleaseEntry> = [&releases[1], &releases[2], &releases[0]].into();
        let back = Pattern { runs: vec![(0, 1)], deleted: vec![] };
        let got = intervals(&[Member { pattern: &back, part: "a" }], &order, false).remove(0);
        assert_eq!(show(&got), ["2023-01-01..2023-02-01", "2023-03-01..now"]);
    }

    #[test]
    fn change_of_words_is_no_end() {
        let releases = [release(0, "2023-01-01", Mode::Full, &["a"]), release(1, "2023-02-01", Mode::Additive, &["a"])];
        let order: Vec<&ReleaseEntry> = releases.iter().collect();
        let (old, new) =
            (Pattern { runs: vec![(0, 0)], deleted: vec![] }, Pattern { runs: vec![(1, 1)], deleted: vec![] });
        let group = [Member { pattern: &old, part: "a" }, Member { pattern: &new, part: "a" }];
        let got = intervals(&group, &order, false);
        assert_eq!(show(&got[0]), ["2023-01-01..2023-02-01 replaced"]);
        assert_eq!(show(&got[1]), ["2023-02-01..now"]);
        let deleted = Pattern { runs: vec![(0, 0)], deleted: vec![1] };
        let got = intervals(&[Member { pattern: &deleted, part: "a" }], &order, false);
        assert_eq!(show(&got[0]), ["2023-01-01..2023-02-01"]);
    }

    #[test]
    fn change_of_format_ends_no_relation() {
        let mut releases = [
            release(0, "2023-01-01", Mode::Full, &["primary", "alias"]),
            release(1, "2023-02-01", Mode::Full, &["alias"]),
            release(2, "2023-03-01", Mode::Full, &["primary", "alias"]),
        ];
        for (r, format) in releases.iter_mut().zip(["csv", "xml", "xml"]) {
            r.format = format.to_owned();
        }
        let order: Vec<&ReleaseEntry> = releases.iter().collect();
        let p = Pattern { runs: vec![(0, 0)], deleted: vec![] };
        // The second release does not cover the part; what counts is who said it last.
        let member = || [Member { pattern: &p, part: "primary" }];
        assert_eq!(show(&intervals(&member(), &order, true)[0]), ["2023-01-01..2023-03-01 replaced"]);
        assert_eq!(show(&intervals(&member(), &order, false)[0]), ["2023-01-01..2023-03-01"]);
    }

    #[test]
    fn packing_round_trips() {
        let a = Pattern { runs: vec![(0, 3)], deleted: vec![] };
        let b = Pattern { runs: vec![(1, 1), (3, 3)], deleted: vec![2] };
        let p = Presence::of(&[1, 1, 2, 1], &[Pattern::default(), a, b.clone()]);
        assert_eq!((p.records(), p.patterns.len(), p.ranges.len()), (4, 2, 3));
        assert_eq!(p.codes().collect::<Vec<_>>(), [0, 0, 1, 0]);
        assert_eq!(p.patterns[1], b);
    }
}
