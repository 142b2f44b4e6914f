//! The targets' work, shared with the tests that replay the corpus.

#[path = "../../tests/fuzz_entries.rs"]
mod entries;

pub use entries::run;
