//! Finding the parties that a name may mean, in a block of bytes that is read where it lies.
//!
//! [`Builder`] takes the names of parties and makes the block, [`Index`] answers from it. Every
//! likeness is found through the words: the dictionary leads from a spelling, a slip of the pen, a
//! sound or another language to the words that names hold, postings from there to the names, and
//! the names as word codes tell how much of the question each of them has. Keys of whole names
//! serve what words cannot: names of common words only, words run together, acronyms, syllables.
//! What comes out are candidates; whether they fit is for [`super::compare`] to say.
//!
//! Nothing in the block is trusted: damaged bytes lead to wrong candidates, never to a panic.

mod build;
mod bytes;
mod dict;
mod find;
mod hashes;
mod ident;
#[allow(clippy::module_inception, reason = "the index itself, beside what makes and asks it")]
mod index;
mod keys;
mod layout;
mod multi;
mod query;
mod sum;
mod syllabic;
mod tally;
#[cfg(test)]
mod tests;
mod words;

pub use build::{Builder, SyllableKeys};
pub use find::{Candidate, Query, Seeker};
pub use ident::same as same_identifier;
pub use index::Index;
