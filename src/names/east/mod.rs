//! East Asian names, read and compared by syllables.
//!
//! Letters mislead here: Jong and Yong, Un and Il differ by a letter and are other names, while
//! Chung and Jeong are one. So a name is read once into [`Syllables`] of every tradition it may
//! belong to, each syllable with the sounds it may stand for, and two readings are compared sound
//! by sound ([`compare`]). Tables lie in `data/names/east`.

mod arrange;
mod cantonese;
mod chinese;
mod compare;
pub mod firm;
mod han;
mod hangul;
mod japanese;
mod keys;
mod korean;
mod letters;
mod pieces;
mod pinyin;
mod reading;
mod romaji;
mod romanised;
mod spellings;
mod syllable;
mod vietnamese;
mod western;

#[cfg(test)]
mod tests;

pub use chinese::chinese;
pub use compare::{Agreement, compare};
pub use japanese::japanese;
pub use korean::korean;
pub use reading::{Reading, read};
pub use syllable::{Syllables, Tradition};
pub use vietnamese::vietnamese;
