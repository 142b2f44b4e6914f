//! One word of any script but the East Asian ones: its likely Latin spellings, and whether two
//! words are spellings of one word.
//!
//! - [`romanise`]: likely Latin spellings of a word written in another script.
//! - [`fold`]: a word (Latin or not) prepared once: its readings in each tradition of spelling it
//!   may follow (Slavic, Arabic, Indic, Greek, Caucasian, South-East Asian, western), and its
//!   sound keys for an index.
//! - [`closeness`]: are two prepared words spellings of one word, in which tradition, how surely.
//! - [`compounds`]: which neighbouring words make up one Arabic name (`abd al-rahman`).
//! - [`patronymic`]: the given name behind a patronymic.
//!
//! Words come lower-cased and in NFKC, without spaces. Nothing here fails or panics on any text;
//! only the first [`LETTERS`] characters of a word count.

/// Whether a word is a name of the tables, in any spelling they have.
pub fn known(word: &str) -> bool {
    !family::families(word).is_empty()
}

/// Whether nothing in the letters of a Latin word speaks against its being an Arabic one.
pub fn may_be_arabic(word: &str) -> bool {
    tradition::Tradition::Arabic.rules().alien(word.as_bytes()) == 0
}

mod align;
mod arabic;
mod burmese;
mod close;
mod ethiopic;
mod family;
mod fold;
mod indic;
mod key;
mod khmer;
mod latin;
mod letters;
mod patronymic;
mod reading;
mod romanise;
mod rules;
mod semitic;
#[cfg(test)]
mod tests;
mod thai;
mod tradition;
mod units;

pub use arabic::{Compound, compounds};
pub use close::{How, closeness};
pub use fold::{Fold, fold};
pub use patronymic::{Patronymic, patronymic};
pub use romanise::romanise;

/// Characters of a word that count, the rest is passed over.
pub const LETTERS: usize = 64;
