//! What an import read, what it could not use, and what looks wrong in the source.

use crate::error::Place;
use std::collections::BTreeMap;

/// How many examples are kept of each kind of finding.
pub(super) const EXAMPLES: usize = 5;

/// One finding with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// Where.
    pub place: Place,
    /// The text concerned.
    pub text: String,
}

/// A counted finding with its first examples.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Finding {
    /// How often.
    pub count: u64,
    /// The first few.
    pub examples: Vec<Example>,
}

/// The report of one import. Keys are plain words and appear in the output as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// What came in, by kind (`entries`, `individual`, `linked_to` ...).
    pub counts: BTreeMap<String, u64>,
    /// What was not used, by reason.
    pub skipped: BTreeMap<String, Finding>,
    /// What was used and looks wrong in the source, by reason.
    pub suspicious: BTreeMap<String, Finding>,
}

fn note(map: &mut BTreeMap<String, Finding>, reason: &str, place: Place, text: &str) {
    let f = match map.get_mut(reason) {
        Some(f) => f,
        None => map.entry(reason.to_owned()).or_default(),
    };
    f.count += 1;
    if f.examples.len() < EXAMPLES {
        let text: String = text.chars().take(200).collect();
        f.examples.push(Example { place, text });
    }
}

impl Report {
    /// Counts something that came in.
    pub fn count(&mut self, what: &str, n: u64) {
        match self.counts.get_mut(what) {
            Some(c) => *c += n,
            None => {
                self.counts.insert(what.to_owned(), n);
            }
        }
    }

    /// Something was not used.
    pub fn skip(&mut self, reason: &str, place: Place, text: &str) {
        note(&mut self.skipped, reason, place, text);
    }

    /// Something was used although it looks wrong.
    pub fn suspect(&mut self, reason: &str, place: Place, text: &str) {
        note(&mut self.suspicious, reason, place, text);
    }

    /// The count of something that came in; 0 when it never did.
    pub fn get(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }
}
