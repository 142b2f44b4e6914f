//! Keys of words and names beyond their letters: by sound, in other scripts, by syllables.

use super::hashes::{Tag, key, mix, number_key};
use super::words::Words;
use crate::names::flags::Flags;
use crate::names::tables::{Class, tables};
use crate::names::{Kind, east, script};

/// Words of a person's name that is read as syllables, at most.
const SYLLABLE_WORDS: usize = 5;
/// Letters of such a name, at most.
const SYLLABLE_LETTERS: usize = 28;

/// Makes the keys of words.
#[derive(Default)]
pub(super) struct WordKeys {
    spellings: Vec<String>,
}

impl WordKeys {
    /// Hands over each key under which a word of a name is found.
    pub(super) fn each(&mut self, word: &str, mut take: impl FnMut(u64)) {
        if word.len() < 2 || !word.chars().all(char::is_alphabetic) {
            return;
        }
        for k in script::fold(word).keys() {
            take(mix(k ^ Tag::Sound as u64));
        }
        across(word, &mut take);
        for s in self.spellings(word) {
            take(key(Tag::Spelling, s.as_bytes()));
            across(s, &mut take);
        }
    }

    /// Latin spellings of a word of another script.
    pub(super) fn spellings(&mut self, word: &str) -> &[String] {
        self.spellings.clear();
        if !word.is_ascii() {
            script::romanise(word, &mut self.spellings);
        }
        &self.spellings
    }
}

/// Keys of the given names a word may be, in any language, and of the notion it stands for.
fn across(word: &str, take: &mut impl FnMut(u64)) {
    let t = tables();
    if let Some(given) = t.given(word) {
        for id in std::iter::once(given.id).chain(given.pet_of).filter(|id| *id != 0) {
            take(number_key(Tag::Given, u64::from(id)));
        }
    }
    if let Some((concept, 1)) = t.concept_at(|i| (i == 0).then_some(word))
        && t.class(concept).is_some_and(|c| c != Class::Generic)
    {
        take(number_key(Tag::Concept, u64::from(concept)));
    }
}

/// What keeps a word of an organisation's name out of its acronym.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Noise {
    /// Nothing.
    None,
    /// It is a legal form, which some acronyms count.
    Form,
    /// It is a title or an article.
    Small,
}

/// What keeps a word out.
pub(super) fn noise_of(word: &str) -> Noise {
    let t = tables();
    if t.word(word).any(Flags::STOP | Flags::TITLE | Flags::SUFFIX) {
        return Noise::Small;
    }
    if t.form_at(|i| (i == 0).then_some(word)).is_some() { Noise::Form } else { Noise::None }
}

/// Whether a word says little of whom it names: what is noise, particles, and words that every other
/// organisation has.
pub(super) fn is_soft(word: &str) -> bool {
    noise_of(word) > Noise::None || tables().word(word).any(Flags::PARTICLE | Flags::PREFIX) || is_generic(word)
}

/// Whether every other organisation has a word.
pub(super) fn is_generic(word: &str) -> bool {
    let t = tables();
    t.concept_at(|i| (i == 0).then_some(word)).is_some_and(|(c, _)| t.class(c) == Some(Class::Generic))
}

/// Hands over keys of a whole name that its words do not give: its syllables, where it may be of a
/// tradition that counts by them.
pub(super) fn name_keys(words: &Words, kind: Kind, mut take: impl FnMut(u64)) {
    if !matches!(kind, Kind::Person | Kind::Unknown) || words.len() > SYLLABLE_WORDS {
        return;
    }
    let letters: usize = words.iter().map(|(w, _)| w.chars().count()).sum();
    if !(2..=SYLLABLE_LETTERS).contains(&letters) {
        return;
    }
    let list: Vec<&str> = words.iter().filter(|(_, own)| *own).map(|(w, _)| w).collect();
    if list.iter().any(|w| w.bytes().any(|b| b.is_ascii_digit())) {
        return;
    }
    for k in east::read(&list).keys() {
        take(mix(k ^ Tag::Syllables as u64));
    }
}
