//! A name cut into words, each with what is known of it.

use super::acronym::Initial;
use super::east::Reading;
use super::flags::Flags;
use super::profile::NameKind;
use super::script::{self, Fold};
use std::sync::OnceLock;

/// Words scored per name; the rest is noted and left aside.
pub const MAX_TOKENS: usize = 64;

/// One word of a name.
#[derive(Debug, Clone)]
pub struct Token {
    /// Lower-case ASCII: the word in Latin letters, its likeliest spelling.
    pub text: Box<str>,
    /// The word in its own letters, lower case; empty where it is the same as `text`.
    pub native: Box<str>,
    /// Other likely Latin spellings.
    pub alts: Vec<Box<str>>,
    /// What the word is.
    pub flags: Flags,
    /// Its value, where it is a number.
    pub number: Option<u32>,
    /// The notion it stands for, across languages (a word of an organisation's name); 0 for none.
    pub concept: u16,
    /// The given name it is a form of, across languages; 0 for none.
    pub given: u16,
    /// The given name it is a short form of; 0 for none.
    pub pet_of: [u16; 3],
    /// Whether it has readings: not numbers, initials, legal forms and words without weight.
    pub(super) folds: bool,
    /// Those, once somebody has asked: most words of most names are never compared by them.
    pub(super) fold: OnceLock<Box<Fold>>,
    /// Whether it is a name of the tables: a given name or a common one.
    pub known: bool,
    /// Whether it is a woman's given name.
    pub female: bool,
    /// Letters it holds: bit 0 for `a` to bit 25 for `z`, bit 26 for digits.
    pub mask: u32,
    /// How rare the word is without an index: -log2 of the share of names that hold it.
    pub bits: f32,
    /// The place in the name as written, from 0.
    pub place: u8,
    /// A hash of `text`.
    pub hash: u64,
}

impl Token {
    /// Its readings in each tradition of spelling, and its sound keys; none for numbers, initials,
    /// legal forms and words without weight. Made when first asked for.
    pub fn fold(&self) -> Option<&Fold> {
        self.folds.then(|| &**self.fold.get_or_init(|| Box::new(script::fold(self.shown()))))
    }

    /// The word as its source wrote it, lower case.
    pub fn shown(&self) -> &str {
        if self.native.is_empty() { &self.text } else { &self.native }
    }
}

/// Which of a family's bearers of a name one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation {
    /// 1 for senior, 2 for junior, 3 for the third or a grandson.
    pub bearer: u8,
    /// The place of the word that says so, from 0.
    pub place: u8,
}

/// One name, prepared.
#[derive(Debug, Clone, Default)]
pub struct Name {
    /// How it is borne.
    pub kind: NameKind,
    /// The cleaned text, in its own letters.
    pub text: Box<str>,
    /// Its words in the order written, titles, particles and legal forms included and flagged.
    pub tokens: Vec<Token>,
    /// The telling words run together in the order written, without legal form, title or stop word.
    pub joined: Box<str>,
    /// The initials of an organisation's words of three or more; else empty.
    pub acronym: Box<str>,
    /// The first letters of an organisation's words, of three or more; else empty.
    pub initials: Vec<Initial>,
    /// Legal forms found, those of `data/names/legal_forms.tsv`.
    pub forms: Vec<super::legal::Form>,
    /// Which of a family's bearers of the name a word of it says it is.
    pub generation: Option<Generation>,
    /// Whether it was read as an organisation's.
    pub org: bool,
    /// Whether it was longer than is compared.
    pub cut: bool,
    /// The consonants of the telling words run together, where blanks may have been lost.
    pub sound: Box<str>,
    /// The name as syllables, in each tradition it may belong to.
    pub east: Reading,
    /// Runs of two or three neighbouring words as one: hash, first word, words.
    pub runs: Vec<(u64, u8, u8)>,
    /// The words that are the name itself, as places in `tokens`.
    pub telling: Vec<u8>,
}

impl Name {
    /// Whether it has the legal form of a company.
    pub(super) fn is_company(&self) -> bool {
        self.forms.iter().any(|f| f.is_company())
    }
}
