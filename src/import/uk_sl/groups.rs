//! Lines of one party gathered, wherever in the file they stand.
//!
//! The publishers sort their tables by name, so the lines of a party with aliases are far
//! apart: in the OFSI list nearly every other line is. What is kept is not the lines but what
//! they say, once: the whole of a list is some megabytes. Should a file ever say more than
//! [`MAX_KEPT`], what is there is handed over and gathering begins anew; a party whose lines
//! stand on both sides then has two records, which is counted.

use super::party::{Party, hand_over};
use super::refs::Refs;
use crate::error::{Error, Place, Result};
use crate::import::Sink;
use crate::import::hashes::Hashes;
use crate::model::Id;
use std::collections::HashMap;
use xxhash_rust::xxh3::xxh3_64;

/// The most bytes kept before they are handed over.
const MAX_KEPT: usize = 256 << 20;

/// The parties being gathered.
pub(in crate::import) struct Groups {
    /// Part of the release for what only the full forms say.
    rest: &'static str,
    index: HashMap<String, usize>,
    parties: Vec<(Party, Place)>,
    /// Bytes kept, and how many may be.
    kept: usize,
    limit: usize,
    /// Keys handed over.
    gone: Hashes,
    last: String,
}

impl Groups {
    /// Nothing gathered yet.
    pub(in crate::import) fn new(rest: &'static str) -> Groups {
        Groups {
            rest,
            index: HashMap::new(),
            parties: Vec::new(),
            kept: 0,
            limit: MAX_KEPT,
            gone: Hashes::default(),
            last: String::new(),
        }
    }

    #[cfg(test)]
    pub(in crate::import) fn with_limit(rest: &'static str, limit: usize) -> Groups {
        Groups { limit, ..Groups::new(rest) }
    }

    /// Reads one line of a party with `read`.
    pub(in crate::import) fn line(
        &mut self,
        namespace: &str,
        key: &str,
        place: Place,
        refs: &mut Refs,
        sink: &mut Sink<'_>,
        read: impl FnOnce(&mut Party, &mut Refs, &mut Sink<'_>) -> Result<()>,
    ) -> Result<()> {
        let at = match self.index.get(key) {
            Some(at) => {
                sink.report.count("lines apart from those of their party", u64::from(self.last != key));
                *at
            }
            None => {
                let hash = xxh3_64(key.as_bytes());
                if self.gone.contains(hash) {
                    sink.report.suspect("lines of one party too far apart to be one record", place.clone(), key);
                } else {
                    // The number of parties, however often handed over.
                    sink.report.count("parties", 1);
                }
                let id = Id::new(namespace, key).map_err(|e| Error::input(e.message().to_owned()).at(place.clone()))?;
                self.index.insert(key.to_owned(), self.parties.len());
                self.parties.push((Party::new(id), place));
                self.parties.len() - 1
            }
        };
        key.clone_into(&mut self.last);
        if let Some((party, _)) = self.parties.get_mut(at) {
            let before = party.size;
            read(party, refs, sink)?;
            self.kept += party.size.saturating_sub(before) + 64;
        }
        if self.kept > self.limit {
            self.put(refs, sink)?;
        }
        Ok(())
    }

    /// Hands over what was gathered, in the order in which parties first came.
    pub(in crate::import) fn put(&mut self, refs: &mut Refs, sink: &mut Sink<'_>) -> Result<()> {
        for key in std::mem::take(&mut self.index).into_keys() {
            self.gone.insert(xxh3_64(key.as_bytes()), 0);
        }
        self.kept = 0;
        for (party, place) in std::mem::take(&mut self.parties) {
            hand_over(party, self.rest, refs, place, sink)?;
        }
        Ok(())
    }
}
