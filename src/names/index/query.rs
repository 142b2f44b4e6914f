//! What is asked for, made ready.

use super::find::{Asked, Query};
use super::hashes::{Tag, key};
use super::ident::key_of;
use super::keys::{WordKeys, is_soft, name_keys};
use super::words::Words;
use crate::names::{Kind, Profile};

/// Names of a question that are looked up.
const MOST_NAMES: usize = 8;

impl Query {
    /// A question by one name, as typed.
    pub fn text(name: &str, kind: Kind) -> Query {
        let mut q = Query::default();
        q.add(name, kind);
        q
    }

    /// A question by all that is known of a party.
    pub fn of(profile: &Profile) -> Query {
        let mut q = Query::default();
        for (name, _) in profile.names.iter().take(MOST_NAMES) {
            q.add(name, profile.kind);
        }
        for (_, value) in &profile.ids {
            q.identifier(value);
        }
        q
    }

    /// Asks by another name too.
    pub fn add(&mut self, name: &str, kind: Kind) {
        let mut words = Words::default();
        words.take(name, kind);
        let mut keys = WordKeys::default();
        name_keys(&words, kind, |k| self.keys.push(k));
        let asked: Vec<Asked> = words.iter().filter(|(_, own)| *own).map(|(w, _)| ask(w, &mut keys)).collect();
        if !asked.is_empty() {
            self.names.push(asked);
        }
        self.identifier(name);
    }

    /// Asks by an identifier too; what cannot be one is left aside.
    pub fn identifier(&mut self, value: &str) {
        self.idents.extend(key_of(value));
    }
}

fn ask(word: &str, keys: &mut WordKeys) -> Asked {
    let mut a = Asked { spellings: vec![word.to_owned()], ..Asked::default() };
    keys.each(word, |k| a.keys.push(k));
    a.spellings.extend_from_slice(keys.spellings(word));
    for s in &a.spellings {
        a.keys.push(key(Tag::Spelling, s.as_bytes()));
    }
    a.keys.sort_unstable();
    a.keys.dedup();
    a.soft = is_soft(word);
    a.initial = word.chars().nth(1).is_none() && word.chars().all(char::is_alphabetic);
    a
}
