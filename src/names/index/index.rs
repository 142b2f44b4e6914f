//! The block, opened.

use super::build::{BLOCK, kind_of};
use super::bytes::{nth, varint};
use super::dict::Dict;
use super::layout::{Section, is_known, section};
use super::multi::Multi;
use super::sum::tables_sum;
use crate::names::NameKind;

/// An index over its bytes. Opening reads a few dozen numbers, whatever the size.
#[derive(Debug, Clone, Copy)]
pub struct Index<'a> {
    pub(super) names: u32,
    blocks: &'a [u8],
    records: &'a [u8],
    pub(super) dict: Dict<'a>,
    word_code: &'a [u8],
    code_word: &'a [u8],
    post_offsets: &'a [u8],
    posts: &'a [u8],
    pub(super) sounds: Multi<'a>,
    pub(super) keys: Multi<'a>,
    pub(super) idents: Multi<'a>,
    /// Bits of a word by the magnitude of its code.
    rarity: [f32; 32],
}

/// A name as the index holds it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held<'a> {
    pub(super) party: u32,
    pub(super) kind: NameKind,
    codes: &'a [u8],
}

impl Held<'_> {
    /// The codes of its words, those run together from dotted letters last.
    #[inline]
    pub(super) fn codes(&self) -> impl Iterator<Item = u32> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || (at < self.codes.len()).then(|| varint(self.codes, &mut at)))
    }
}

impl<'a> Index<'a> {
    /// Opens a block; `None` where it is none, or one of another layout, or whose keys were made by other tables or rules.
    pub fn open(bytes: &'a [u8]) -> Option<Index<'a>> {
        if !is_known(bytes) {
            return None;
        }
        let part = |s| section(bytes, s);
        let counts = part(Section::Counts);
        let blocks = part(Section::Blocks);
        let offsets = part(Section::WordOffsets);
        if nth(counts, 3) != tables_sum() {
            return None;
        }
        let names = nth(counts, 0).min((blocks.len() / 8 * BLOCK) as u32);
        let words = nth(counts, 1).min((offsets.len() / 4).saturating_sub(1) as u32);
        let mut rarity = [0f32; 32];
        for (k, r) in rarity.iter_mut().enumerate() {
            *r = bits(names, nth(counts, 4 + k as u32));
        }
        Some(Index {
            names,
            blocks,
            records: part(Section::Names),
            dict: Dict {
                offsets,
                text: part(Section::WordText),
                reversed: part(Section::Reversed),
                turned_offsets: part(Section::TurnedOffsets),
                turned_text: part(Section::TurnedText),
                words,
            },
            word_code: part(Section::WordCode),
            code_word: part(Section::CodeWord),
            post_offsets: part(Section::PostOffsets),
            posts: part(Section::Posts),
            sounds: Multi::open(part(Section::Sounds)),
            keys: Multi::open(part(Section::Keys)),
            idents: Multi::open(part(Section::Idents)),
            rarity,
        })
    }

    /// Names held.
    pub fn names(&self) -> usize {
        self.names as usize
    }

    /// Distinct words held.
    pub fn words(&self) -> usize {
        self.dict.words as usize
    }

    /// In how many names a word stands (in the form of the dictionary: lower case, Latin letters
    /// without marks); 0 for a word that none has.
    pub fn frequency(&self, word: &str) -> u32 {
        self.dict.find(word.as_bytes()).map_or(0, |w| self.count(self.code(w)))
    }

    /// Parties that may bear an identifier; a few do not, whose values have its hash.
    pub fn identified(&self, value: &str) -> impl Iterator<Item = u32> + use<'a> {
        let key = super::ident::key_of(value);
        let idents = self.idents;
        key.into_iter().flat_map(move |k| idents.get(super::hashes::short(k), 1000))
    }

    #[inline]
    pub(super) fn code(&self, word: u32) -> u32 {
        nth(self.word_code, word)
    }

    /// The text of a word by its code.
    #[inline]
    pub(super) fn text(&self, code: u32) -> &'a [u8] {
        self.dict.word(nth(self.code_word, code))
    }

    #[inline]
    fn postings_of(&self, code: u32) -> &'a [u8] {
        let (from, to) = (nth(self.post_offsets, code) as usize, nth(self.post_offsets, code.wrapping_add(1)) as usize);
        self.posts.get(from..to).unwrap_or_default()
    }

    /// Names that hold the word with a code.
    #[inline]
    pub(super) fn count(&self, code: u32) -> u32 {
        varint(self.postings_of(code), &mut 0)
    }

    /// The names that hold the word, ascending; none for a word too common to have a list.
    pub(super) fn postings(&self, code: u32) -> impl Iterator<Item = u32> + use<'a> {
        let bytes = self.postings_of(code);
        let mut at = 0;
        varint(bytes, &mut at);
        let (mut name, names) = (0u32, self.names);
        std::iter::from_fn(move || {
            if at >= bytes.len() {
                return None;
            }
            name = name.wrapping_add(varint(bytes, &mut at));
            (name < names).then_some(name)
        })
    }

    /// Bits a word of this frequency tells.
    #[inline]
    pub(super) fn bits(&self, count: u32) -> f32 {
        bits(self.names, count)
    }

    /// About the same by code alone, without a look at the postings.
    #[inline]
    pub(super) fn bits_of_code(&self, code: u32) -> f32 {
        let k = 31 - (code.saturating_add(1)).leading_zeros();
        self.rarity.get(k as usize).copied().unwrap_or(0.0)
    }

    /// A name by its number.
    #[inline]
    pub(super) fn name(&self, number: u32) -> Option<Held<'a>> {
        if number >= self.names {
            return None;
        }
        let block = number / BLOCK as u32;
        let mut at = nth(self.blocks, block * 2) as usize;
        let mut party = nth(self.blocks, block * 2 + 1);
        let mut left = number % BLOCK as u32;
        loop {
            if at >= self.records.len() {
                return None;
            }
            let len = varint(self.records, &mut at) as usize;
            let end = at.checked_add(len)?;
            let head = varint(self.records, &mut at);
            party = party.wrapping_add(head >> 2);
            if left == 0 {
                let codes = self.records.get(at..end)?;
                return Some(Held { party, kind: kind_of(head), codes });
            }
            left -= 1;
            at = end;
        }
    }
}

/// -log2 of the share of names, with half a name added, so that a word nobody has is rare and finite.
fn bits(names: u32, count: u32) -> f32 {
    ((names as f32 + 1.0) / (count as f32 + 0.5)).log2().max(0.1)
}
