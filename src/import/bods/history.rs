//! What a first look at a whole file tells: which statements are versions of one record, and
//! from when to when each version of an interest holds.
//!
//! About 60 bytes are kept of a statement. The second look asks by the number of a statement
//! in the file.

use crate::import::hashes::Hashes;
use crate::model::PartialDate;
use rustc_hash::FxHashMap;
use std::collections::HashMap;

/// No statement.
const NONE: u32 = u32::MAX;
/// Longest chain of replaced statements followed.
const HOPS: usize = 1000;

/// What becomes of one interest of one statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    /// Repeated word for word by a later statement, or the last words of a closed record.
    Skip,
    /// The latest word on the interest.
    Latest,
    /// A later statement changed it.
    Earlier,
}

/// An interest as far as versions are concerned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Interest {
    /// Hash of what makes it the same interest in another version: its type and number.
    pub(super) track: u32,
    /// Hash of what it says: parties, share, directness.
    pub(super) content: u32,
    /// Bits of the date it starts as stated; 0 where none is.
    stated: u32,
    /// Bits of the date it starts, worked out.
    start: u32,
    /// Bits of the date it ends; 0 where none is stated.
    end: u32,
    used: Use,
}

impl Interest {
    pub(super) fn new(track: u32, content: u32, dates: (Option<PartialDate>, Option<PartialDate>)) -> Interest {
        let bits = |d: Option<PartialDate>| d.map_or(0, PartialDate::to_bits);
        let start = bits(dates.0);
        Interest { track, content, stated: start, start, end: bits(dates.1), used: Use::Latest }
    }
}

/// What the second look is told of an interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) from: Option<PartialDate>,
    pub(super) to: Option<PartialDate>,
    pub(super) used: Use,
}

#[derive(Debug, Clone, Copy)]
struct Version {
    /// Key of the record; that of the first version where statements replace each other.
    record: u64,
    /// Bits of the date of the statement; 0 where it is not understood.
    date: u32,
    /// Where its interests begin.
    first: u32,
    /// The next version of the record.
    next: u32,
    interests: u16,
    closed: bool,
    /// The latest version of its record that does not close it.
    latest: bool,
    /// Of a relationship.
    relation: bool,
}

/// What is known of a file after the first look.
#[derive(Default)]
pub(super) struct History {
    versions: Vec<Version>,
    interests: Vec<Interest>,
    /// Records seen.
    seen: Hashes,
    /// Facts of every statement on a party but the first of its record, as hashes.
    facts: FxHashMap<u32, Box<[u32]>>,
    /// Replacing statement, what it replaces, number of the replacing one.
    replaced: Vec<(u64, u64, u32)>,
    /// Id of the statement that another one takes the place of as the version before.
    before: FxHashMap<u64, Box<str>>,
    records: u64,
}

fn date(bits: u32) -> Option<PartialDate> {
    PartialDate::from_bits(bits)
}

fn first(bits: u32) -> u32 {
    date(bits).map_or(0, |d| d.first_day().to_bits())
}

/// The earlier of two dates that may be missing.
fn earlier(a: u32, b: u32) -> u32 {
    match (a, b) {
        (0, x) | (x, 0) => x,
        (a, b) if first(b) < first(a) => b,
        (a, _) => a,
    }
}

impl History {
    /// Takes up a statement; gives its number, and whether its record was seen before.
    pub(super) fn add(
        &mut self,
        record: u64,
        when: Option<PartialDate>,
        closed: bool,
        relation: bool,
        interests: impl IntoIterator<Item = Interest>,
    ) -> (u32, bool) {
        let first = self.interests.len();
        self.interests.extend(interests);
        let number = self.versions.len() as u32;
        self.versions.push(Version {
            record,
            date: when.map_or(0, PartialDate::to_bits),
            first: first as u32,
            next: NONE,
            interests: (self.interests.len() - first).min(usize::from(u16::MAX)) as u16,
            closed,
            latest: false,
            relation,
        });
        (number, self.seen.insert(record, 0).is_some())
    }

    /// How many statements there are.
    pub(super) fn len(&self) -> usize {
        self.versions.len()
    }

    /// Keeps what a later statement on a party says.
    pub(super) fn facts(&mut self, number: u32, hashes: Vec<u32>) {
        self.facts.insert(number, hashes.into());
    }

    /// A statement (before 0.4) takes the place of another.
    pub(super) fn replaces(&mut self, number: u32, id: u64, other: u64, text: &str) {
        self.replaced.push((id, other, number));
        self.before.entry(id).or_insert_with(|| text.into());
    }

    /// Whether there is a statement on a record.
    pub(super) fn contains(&self, record: u64) -> bool {
        self.seen.contains(record)
    }

    /// Different records.
    pub(super) fn records(&self) -> u64 {
        self.records
    }

    /// The id of the first version of a record of statements that replace each other.
    pub(super) fn root<'a>(&'a self, id: &'a str) -> &'a str {
        let mut id = id;
        for _ in 0..HOPS {
            match self.before.get(&super::statement::key(id)) {
                Some(b) if !b.is_empty() => id = b,
                _ => break,
            }
        }
        id
    }

    /// Puts the versions of each record in order and works out when each holds.
    pub(super) fn finish(&mut self) {
        let (caps, late) = self.replacements();
        let root = |h: &History, mut key: u64| {
            for _ in 0..HOPS {
                match h.before.get(&key) {
                    Some(b) => key = super::statement::key(b),
                    None => break,
                }
            }
            key
        };
        if !self.before.is_empty() {
            let roots: Vec<u64> = self.versions.iter().map(|v| root(self, v.record)).collect();
            for (v, r) in self.versions.iter_mut().zip(roots) {
                v.record = r;
            }
        }
        let mut order: Vec<u32> = (0..self.versions.len() as u32).collect();
        let place = |n: &u32| self.versions.get(*n as usize).map(|v| (v.record, first(v.date), *n));
        order.sort_unstable_by_key(place);
        let versions = std::mem::take(&mut self.versions);
        let same = |a: &u32, b: &u32| {
            versions.get(*a as usize).map(|v| v.record) == versions.get(*b as usize).map(|v| v.record)
        };
        let groups: Vec<std::ops::Range<usize>> = {
            let mut at = 0;
            order
                .chunk_by(same)
                .map(|g| {
                    at += g.len();
                    at - g.len()..at
                })
                .collect()
        };
        self.versions = versions;
        self.records = groups.len() as u64;
        for range in groups {
            let group = order.get(range).unwrap_or_default();
            self.link(group);
            self.timeline(group, &late);
        }
        for (number, cap) in caps {
            for i in self.range(number) {
                if let Some(i) = self.interests.get_mut(i) {
                    i.end = earlier(i.end, cap);
                }
            }
        }
    }

    /// Sorts out which replacements are versions of one record. The others end what they
    /// replace on the day of the first that does so (first table), and hold from their own day
    /// on unless they say that they began after what they replace was declared (second).
    fn replacements(&mut self) -> (Vec<(u32, u32)>, FxHashMap<u32, u32>) {
        let (mut by, mut of): (FxHashMap<u64, u32>, FxHashMap<u64, u32>) = Default::default();
        for (id, other, _) in &self.replaced {
            *by.entry(*other).or_default() += 1;
            *of.entry(*id).or_default() += 1;
        }
        let mut ends: FxHashMap<u64, u32> = FxHashMap::default();
        let mut pairs: Vec<(u32, u64)> = Vec::new();
        for (id, other, number) in std::mem::take(&mut self.replaced) {
            let Some(v) = self.versions.get(number as usize) else { continue };
            let alone = by.get(&other) == Some(&1) && of.get(&id) == Some(&1);
            // A party is the same whatever else its statement takes the place of.
            if alone || !v.relation {
                continue;
            }
            self.before.remove(&id);
            let end = ends.entry(other).or_default();
            *end = earlier(*end, v.date);
            pairs.push((number, other));
        }
        let mut caps = Vec::new();
        let mut dates: FxHashMap<u64, u32> = FxHashMap::default();
        if !ends.is_empty() {
            for (n, v) in (0..).zip(&self.versions) {
                if let Some(end) = ends.get(&v.record) {
                    caps.push((n, *end));
                    dates.insert(v.record, v.date);
                }
            }
        }
        let mut late: FxHashMap<u32, u32> = FxHashMap::default();
        for (number, other) in pairs {
            if let Some(d) = dates.get(&other) {
                let latest = late.entry(number).or_default();
                *latest = (*latest).max(*d);
            }
        }
        (caps, late)
    }

    fn range(&self, number: u32) -> std::ops::Range<usize> {
        let v = self.versions.get(number as usize);
        v.map_or(0..0, |v| v.first as usize..v.first as usize + usize::from(v.interests))
    }

    fn link(&mut self, group: &[u32]) {
        for pair in group.windows(2) {
            if let [a, b] = pair
                && let Some(v) = self.versions.get_mut(*a as usize)
            {
                v.next = *b;
            }
        }
        let open = group.iter().rev().find(|n| self.versions.get(**n as usize).is_some_and(|v| !v.closed));
        if let Some(n) = open.or(group.last())
            && let Some(v) = self.versions.get_mut(*n as usize)
        {
            v.latest = true;
        }
    }

    /// Works out the spans of the interests of the versions of one relationship.
    fn timeline(&mut self, group: &[u32], late: &FxHashMap<u32, u32>) {
        if let [one] = group
            && late.is_empty()
            && self.versions.get(*one as usize).is_none_or(|v| !v.closed)
        {
            return;
        }
        // By track: the interest of the version before, and the last one of any version.
        let (mut open, mut last): (HashMap<u32, usize>, HashMap<u32, usize>) = Default::default();
        let mut before = 0;
        for (k, number) in group.iter().enumerate() {
            let Some(v) = self.versions.get(*number as usize).copied() else { continue };
            let closes = v.closed && k > 0;
            let mut now = HashMap::new();
            for at in self.range(*number) {
                let Some(mut i) = self.interests.get(at).copied() else { continue };
                let prior = open.remove(&i.track).and_then(|p| Some((p, *self.interests.get(p)?)));
                if closes {
                    i.used = Use::Skip;
                    if let Some((p, mut prior)) = prior {
                        prior.end = earlier(prior.end, if i.end == 0 { v.date } else { earlier(i.end, v.date) });
                        self.set(p, prior);
                    }
                    self.set(at, i);
                    continue;
                }
                if v.closed {
                    i.end = earlier(i.end, v.date);
                }
                match prior {
                    Some((p, mut prior)) => {
                        if prior.content == i.content && (i.stated == 0 || i.stated == prior.stated) {
                            // Confirmed, or said once more.
                            prior.used = Use::Skip;
                            i.start = prior.start;
                        } else if v.date == before && before != 0 {
                            // Corrected on the same day; what it took the place of stays so.
                            prior.used = Use::Skip;
                            if prior.start != prior.stated && first(i.start) < first(prior.start) {
                                i.start = prior.start;
                            }
                        } else {
                            let base = if prior.start == 0 { before } else { prior.start };
                            let change = if first(i.start) > first(base) { i.start } else { v.date };
                            prior.end = earlier(prior.end, change);
                            prior.used = Use::Earlier;
                            i.start = change;
                        }
                        self.set(p, prior);
                    }
                    None => {
                        if k > 0 && i.start == 0 {
                            i.start = v.date;
                        }
                        if let Some(d) = late.get(number)
                            && first(i.start) <= first(*d)
                        {
                            i.start = v.date;
                        }
                        if let Some(p) = last.get(&i.track).copied()
                            && let Some(mut gone) = self.interests.get(p).copied()
                        {
                            gone.used = Use::Earlier;
                            self.set(p, gone);
                        }
                    }
                }
                self.set(at, i);
                now.insert(i.track, at);
                last.insert(i.track, at);
            }
            // What this version does not speak of any more has ended.
            for p in open.into_values() {
                if let Some(mut gone) = self.interests.get(p).copied() {
                    gone.end = earlier(gone.end, v.date);
                    self.set(p, gone);
                }
            }
            (open, before) = (now, v.date);
        }
    }

    fn set(&mut self, at: usize, to: Interest) {
        if let Some(i) = self.interests.get_mut(at) {
            *i = to;
        }
    }

    /// The spans of the interests of a statement.
    pub(super) fn spans(&self, number: u32) -> impl Iterator<Item = Span> + '_ {
        let range = self.range(number);
        self.interests.get(range).unwrap_or_default().iter().map(|i| Span {
            from: date(i.start),
            to: date(i.end),
            used: i.used,
        })
    }

    /// Whether a statement is the latest word on its record, those that close it aside.
    pub(super) fn is_latest(&self, number: u32) -> bool {
        self.versions.get(number as usize).is_some_and(|v| v.latest)
    }

    /// Whether a fact of a statement on a party is no longer among those of the next version,
    /// and the day of that version.
    pub(super) fn next(&self, number: u32) -> Option<(Option<PartialDate>, Option<&[u32]>)> {
        let v = self.versions.get(number as usize)?;
        let next = self.versions.get(v.next as usize)?;
        Some((date(next.date), self.facts.get(&v.next).map(|f| &**f)))
    }
}
