//! Ids in the form that FollowTheMoney accepts: letters, digits, `.` and `-`.

use std::collections::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// Namespace of ids that are FollowTheMoney's own.
pub(crate) const OWN: &str = "ftm:";

/// Ours to theirs, one to one.
#[derive(Default)]
pub(crate) struct Ids {
    theirs: HashMap<String, String>,
    taken: HashSet<String>,
}

/// An id with every other character replaced; whether nothing but the first colon was.
pub(crate) fn plain(id: &str) -> (String, bool) {
    let mut colons = 0;
    let mut exact = true;
    let text: String = id
        .chars()
        .map(|c| {
            colons += u32::from(c == ':');
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') {
                c
            } else {
                exact &= c == ':' && colons == 1;
                '-'
            }
        })
        .collect();
    let trimmed = text.trim_matches(['.', '-']);
    (trimmed.to_owned(), exact && trimmed.len() == text.len())
}

/// Their form of an id that is not FollowTheMoney's own: with a hash of `key` where it does not tell
/// the id from others, or is taken.
pub(crate) fn free(id: &str, key: &str, taken: impl Fn(&str) -> bool) -> String {
    let (text, exact) = plain(id);
    let mut candidate = text.clone();
    let mut n = 0u64;
    while n == 0 && !exact || candidate.is_empty() || taken(&candidate) {
        let hash = xxh3_64(format!("{key}{n}").as_bytes()) >> 24;
        candidate = if text.is_empty() { format!("x-{hash:010x}") } else { format!("{text}-{hash:010x}") };
        n += 1;
    }
    candidate
}

/// The key of a relation: parties and relations may share an id here, not there.
pub(crate) fn edge_key(id: &str) -> String {
    format!("edge {id}")
}

impl Ids {
    /// Settles their form of an id, by its key.
    #[cfg(feature = "serve")]
    pub(crate) fn settle(&mut self, key: &str, theirs: String) {
        self.taken.insert(theirs.clone());
        self.theirs.insert(key.to_owned(), theirs);
    }

    /// Makes an id known. Ids that are FollowTheMoney's own stay as they are, so they come first.
    pub(super) fn add(&mut self, id: &str) {
        self.add_as(id, id);
    }

    fn add_as(&mut self, key: &str, id: &str) {
        if self.theirs.contains_key(key) {
            return;
        }
        if let Some(own) = id.strip_prefix(OWN) {
            self.taken.insert(own.to_owned());
            self.theirs.insert(key.to_owned(), own.to_owned());
            return;
        }
        let candidate = free(id, key, |c| self.taken.contains(c));
        self.taken.insert(candidate.clone());
        self.theirs.insert(key.to_owned(), candidate);
    }

    /// Their id for a relation.
    pub(super) fn of_edge(&mut self, id: &str) -> String {
        let key = edge_key(id);
        self.add_as(&key, id);
        self.theirs.get(&key).cloned().unwrap_or_default()
    }

    /// Their id for one of ours.
    pub(super) fn of(&mut self, id: &str) -> String {
        self.add(id);
        self.theirs.get(id).cloned().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_one() {
        let mut ids = Ids::default();
        ids.add("ftm:ofac-1");
        ids.add("ftm:a/b");
        let all: Vec<String> =
            ["ftm:ofac-1", "ofac:1", "ofac:2", "a-b:c", "a:b-c", "gb:x_1", "gb:x-1", "un:Ё", "ftm:a/b", "x:-", "a:b:c"]
                .map(|id| ids.of(id))
                .to_vec();
        assert_eq!((&*all[0], &*all[2], &*all[3], &*all[8]), ("ofac-1", "ofac-2", "a-b-c", "a/b"));
        assert!(all[1].starts_with("ofac-1-") && all[5].starts_with("gb-x-1-") && all[7].starts_with("un-"), "{all:?}");
        let distinct: HashSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len(), "{all:?}");
        let form = |t: &&String| t.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'/'));
        assert!(all.iter().filter(|t| !t.is_empty()).all(|t| form(&t)), "{all:?}");
        assert_eq!(ids.of("ofac:1"), all[1]);
        assert_eq!(ids.of_edge("ftm:e"), "e");
        let edge = ids.of_edge("ofac:2");
        assert!(edge != all[2] && edge.starts_with("ofac-2-") && ids.of_edge("ofac:2") == edge);
    }
}
