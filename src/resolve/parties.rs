//! External ids as small numbers.

use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::hash::{Hash, Hasher};

/// Ids by number and back; each stands once, in one text.
#[derive(Default)]
pub(super) struct Parties {
    text: String,
    ends: Vec<u32>,
    table: HashTable<u32>,
}

fn hash(id: &str) -> u64 {
    let mut h = FxHasher::default();
    id.hash(&mut h);
    h.finish()
}

fn at<'a>(text: &'a str, ends: &[u32], n: u32) -> &'a str {
    let end = |i: usize| ends.get(i).map_or(0, |e| *e as usize);
    let from = if n == 0 { 0 } else { end(n as usize - 1) };
    text.get(from..end(n as usize)).unwrap_or("")
}

impl Parties {
    /// Room for so many ids: a table that grows as it is filled hashes each of them several times.
    pub(super) fn reserve(&mut self, ids: usize) {
        let Parties { text, ends, table } = self;
        ends.reserve(ids);
        text.reserve(ids.saturating_mul(16));
        table.reserve(ids, |n| hash(at(text, ends, *n)));
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn id(&self, n: u32) -> &str {
        at(&self.text, &self.ends, n)
    }

    pub(super) fn find(&self, id: &str) -> Option<u32> {
        self.table.find(hash(id), |n| self.id(*n) == id).copied()
    }

    /// The number of an id, a new one where it was never seen. All ids together are below 4 GiB.
    pub(super) fn number(&mut self, id: &str) -> u32 {
        let Parties { text, ends, table } = self;
        let hashed = hash(id);
        if let Some(n) = table.find(hashed, |n| at(text, ends, *n) == id) {
            return *n;
        }
        let n = ends.len() as u32;
        text.push_str(id);
        ends.push(text.len() as u32);
        table.insert_unique(hashed, n, |n| hash(at(text, ends, *n)));
        n
    }
}
