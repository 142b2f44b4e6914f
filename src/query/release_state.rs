//! What a source stood by at the date of a release, record by record.

use crate::error::Result;
use crate::model::{Mode, PartialDate};
use crate::store::{Interval, Presence, SourceData};

/// How to tell what was in force of one part at a date.
enum Rule {
    /// No release covered it yet.
    Nothing,
    /// A full release did last: what it says, and nothing else. One truth value per pattern.
    Said(Vec<bool>),
    /// Additions or deltas came last: by the intervals.
    Timeline,
}

/// The records of one source with their kinds, parts and presence. Records are not decoded as
/// long as full releases answer the question.
pub(super) struct ReleaseState<'a> {
    source: &'a SourceData,
    presence: Presence,
    codes: Vec<u32>,
    frames: Vec<(u8, u16)>,
    parts: Vec<String>,
    timeline: Option<(Vec<u32>, Vec<Vec<Interval>>)>,
}

impl<'a> ReleaseState<'a> {
    pub(super) fn open(source: &'a SourceData) -> Result<ReleaseState<'a>> {
        let presence = source.presence()?;
        let codes: Vec<u32> = presence.codes().collect();
        let mut frames = Vec::with_capacity(codes.len());
        let mut parts: Vec<String> = Vec::new();
        for (_, segment) in source.segments() {
            let mut here: Vec<u16> = Vec::new();
            for name in segment.parts() {
                let at = match parts.iter().position(|p| p == name) {
                    Some(at) => at,
                    None => {
                        parts.push(name.clone());
                        parts.len() - 1
                    }
                };
                here.push(at as u16);
            }
            segment.frames(|frame| {
                frames.push((frame.kind, here.get(usize::from(frame.part)).copied().unwrap_or(u16::MAX)));
            })?;
        }
        Ok(ReleaseState { source, presence, codes, frames, parts, timeline: None })
    }

    /// Kind of a record, see [`crate::model::Record::kind_code`].
    pub(super) fn kind(&self, i: u32) -> Option<u8> {
        self.frames.get(i as usize).map(|f| f.0)
    }

    /// Number of records.
    pub(super) fn len(&self) -> u32 {
        self.frames.len() as u32
    }

    /// Records asserted by a release.
    pub(super) fn asserted(&self, release: u32) -> u64 {
        let says = self.says(release);
        let of = |c: &u32| says.get(*c as usize).copied().unwrap_or(false);
        self.presence.ranges.iter().filter(|(_, c)| of(c)).map(|(n, _)| u64::from(*n)).sum()
    }

    fn says(&self, release: u32) -> Vec<bool> {
        let patterns = &self.presence.patterns;
        patterns.iter().map(|p| p.runs.iter().any(|(a, b)| (*a..=*b).contains(&release))).collect()
    }

    /// For each record, whether the source stood by it at a date (`None`: with its newest
    /// release); only records of `parts` count, where given.
    pub(super) fn in_force(&mut self, date: Option<PartialDate>, parts: Option<&[String]>) -> Result<Vec<bool>> {
        let order = self.source.entry.by_date();
        let rules: Vec<Rule> = self
            .parts
            .iter()
            .map(|part| {
                if parts.is_some_and(|list| !list.contains(part)) {
                    return Rule::Nothing;
                }
                let covers = |r: &&&crate::store::ReleaseEntry| {
                    date.is_none_or(|d| r.date <= d) && r.parts.iter().any(|p| p == part)
                };
                match order.iter().rev().find(covers) {
                    None => Rule::Nothing,
                    Some(r) if r.mode == Mode::Full => Rule::Said(self.says(r.number)),
                    Some(_) => Rule::Timeline,
                }
            })
            .collect();
        if self.timeline.is_none() && rules.iter().any(|r| matches!(r, Rule::Timeline)) {
            self.timeline = Some(self.source.timeline()?);
        }
        let by_interval: Vec<bool> = match &self.timeline {
            Some((_, lists)) => lists.iter().map(|l| l.iter().any(|i| holds(i, date))).collect(),
            None => Vec::new(),
        };
        let of = |list: &[bool], code: Option<&u32>| code.and_then(|c| list.get(*c as usize)).copied().unwrap_or(false);
        let state = self.frames.iter().enumerate().map(|(i, (_, part))| match rules.get(usize::from(*part)) {
            None | Some(Rule::Nothing) => false,
            Some(Rule::Said(says)) => of(says, self.codes.get(i)),
            Some(Rule::Timeline) => of(&by_interval, self.timeline.as_ref().and_then(|(codes, _)| codes.get(i))),
        });
        Ok(state.collect())
    }
}

fn holds(i: &Interval, date: Option<PartialDate>) -> bool {
    match date {
        Some(d) => i.from <= d && i.to.is_none_or(|to| d < to),
        None => i.to.is_none(),
    }
}
