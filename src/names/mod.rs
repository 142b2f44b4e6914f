//! Names: cleaning, comparing and scoring the names of parties, with the reasons as data.
//!
//! Text work alone: nothing here knows a store or a graph. A party's names are prepared once
//! ([`Prepared`]) and then compared with as many others as needed ([`compare`], [`score`]). The
//! outcome is a sum of log-odds in bits, put through a logistic; [`Match::evidence`] lists every
//! item that went into the sum. `docs/names.md` describes the method and its figures.

mod acronym;
mod align;
mod birth;
mod chars;
mod clean;
mod compare;
mod country;
mod evidence;
mod facts;
mod files;
mod flags;
mod ident;
mod label;
mod leftover;
mod legal;
mod number;
mod osa;
mod pairing;
mod prepare;
mod profile;
mod rarity;
mod scheme;
mod sound;
mod split;
mod stem;
mod tables;
mod token;
mod told;
mod weights;
mod whole;
mod words;

#[cfg(test)]
mod tests;

pub mod east;
pub mod index;
pub mod script;

pub use acronym::Initial;
pub use birth::Birth;
pub use clean::{Cleaned, MAX_CHARS, clean};
pub use compare::{Scratch, band, compare, compare_with, likeness, score, score_and_names, score_with};
pub use country::{country_code, country_name};
pub use evidence::{Band, Evidence, How, Match, What};
pub use flags::Flags;
pub use ident::Id;
pub use legal::Form;
pub use prepare::{MAX_NAMES, Prepared, name};
pub use profile::{Kind, NameKind, Profile};
pub use rarity::{BuiltIn, Rarity};
pub use scheme::Scheme;
pub use token::{MAX_TOKENS, Name, Token};
pub use told::item_words;
pub use weights::{Field, MATCH_FROM, REVIEW_FROM, SCORER, Weights};
