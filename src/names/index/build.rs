//! Building the block: names come in, numbers and bytes go out.

use super::bytes::put_varint;
use super::hashes::{Run, Tag, key, mix, quick, short};
use super::keys::{Noise, WordKeys, is_generic, name_keys, noise_of};
use super::layout::{SECTIONS, Section, block};
use super::multi;
use super::sum::tables_sum;
use super::syllabic::syllables;
use super::words::{MAX_WORDS, Words};
use crate::names::{Kind, NameKind};
use hashbrown::HashTable;

/// Names of one record of `Names` that share an entry of `Blocks`.
pub(super) const BLOCK: usize = 8;
/// A word in more than one of this many names leads nowhere and has no postings.
const TOO_COMMON: usize = 16;
/// A store with fewer names keeps the postings of all words.
const FEW: usize = 4096;
/// Says that a word is an organisation's.
const ORG_WORD: u8 = u8::MAX;
/// A name with a word that no more names have than this needs no key of its words.
const LEADS: u32 = 1000;
/// Words of an organisation that make an acronym.
const ACRONYM: std::ops::RangeInclusive<usize> = 3..=12;

/// Gathers names and makes the block that an [`Index`](super::Index) reads.
///
/// It holds all names as numbers: about 30 bytes a name, and the distinct words.
#[derive(Default)]
pub struct Builder {
    words: Words,
    table: HashTable<u32>,
    text: Vec<u8>,
    /// Where each word ends in `text`.
    ends: Vec<u32>,
    /// The words of all names.
    forward: Vec<u32>,
    names: Vec<NameRow>,
    idents: Vec<(u32, u32)>,
    /// Keys of whole names that need more than their words.
    keys: Vec<(u32, u32)>,
    /// For each word how many syllables it may be, or [`ORG_WORD`].
    syllables: Vec<u8>,
    sorted: bool,
}

/// Makes the keys of the syllables of names, which take half of the work, beside a [`Builder`].
#[derive(Default)]
pub struct SyllableKeys {
    words: Words,
    keys: Vec<(u32, u32)>,
}

impl SyllableKeys {
    /// Takes a name by the number that [`Builder::add_without_syllables`] gave.
    pub fn add(&mut self, number: u32, name: &str, kind: Kind) {
        self.words.take(name, kind);
        name_keys(&self.words, kind, |hash| self.keys.push((short(hash), number)));
    }
}

#[derive(Debug, Clone, Copy)]
struct NameRow {
    party: u32,
    /// Words, those run together among them.
    all: u8,
    own: u8,
    kind: u8,
    /// An organisation or the like.
    org: bool,
}

/// How a name is borne, in two bits.
pub(super) fn kind_code(kind: NameKind) -> u8 {
    match kind {
        NameKind::Main => 0,
        NameKind::Alias => 1,
        NameKind::Former => 2,
        NameKind::Weak => 3,
    }
}

/// The same back.
pub(super) fn kind_of(code: u32) -> NameKind {
    match code & 3 {
        0 => NameKind::Main,
        1 => NameKind::Alias,
        2 => NameKind::Former,
        _ => NameKind::Weak,
    }
}

impl Builder {
    /// Nothing yet.
    pub fn new() -> Builder {
        Builder { sorted: true, ..Builder::default() }
    }

    /// Names taken so far.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Takes a name of a party. Names without any letter or digit are left out. Parties may come
    /// in any order; in ascending order they need no sorting.
    pub fn add(&mut self, party: u32, name: &str, borne: NameKind, kind: Kind) {
        if let Some(number) = self.add_without_syllables(party, name, borne, kind) {
            name_keys(&self.words, kind, |hash| self.keys.push((short(hash), number)));
        }
    }

    /// The same, save for the keys of its syllables: the number of a name that may have some, for
    /// [`SyllableKeys`].
    pub fn add_without_syllables(&mut self, party: u32, name: &str, borne: NameKind, kind: Kind) -> Option<u32> {
        self.words.take(name, kind);
        let number = self.names.len() as u32;
        if self.words.len() == 0 || number == u32::MAX {
            return None;
        }
        let (mut all, mut own) = (0u8, 0u8);
        let (mut syllabic, mut sounds, mut org_words) = (0u8, 0u8, 0u8);
        for (word, is_own) in self.words.iter().take(MAX_WORDS) {
            let hash = quick(word.as_bytes());
            let (text, ends) = (&self.text, &self.ends);
            let found = self.table.find(hash, |i| word_at(text, ends, *i) == word.as_bytes());
            let id = match found {
                Some(id) => *id,
                None => {
                    if self.text.len() + word.len() > u32::MAX as usize {
                        continue;
                    }
                    let id = self.ends.len() as u32;
                    self.text.extend_from_slice(word.as_bytes());
                    self.ends.push(self.text.len() as u32);
                    let org = noise_of(word) > Noise::None || is_generic(word);
                    self.syllables.push(if org { ORG_WORD } else { syllables(word.as_bytes()) });
                    let (text, ends) = (&self.text, &self.ends);
                    self.table.insert_unique(hash, id, |i| quick(word_at(text, ends, *i)));
                    id
                }
            };
            self.forward.push(id);
            all += 1;
            own += u8::from(is_own);
            match self.syllables.get(id as usize).copied() {
                Some(ORG_WORD) => org_words += 1,
                Some(n @ 1..) if is_own => {
                    syllabic += 1;
                    sounds = sounds.saturating_add(n);
                }
                _ => {}
            }
        }
        if all == 0 {
            return None;
        }
        // One foreign word may stand beside the syllables of a person's name. Where nobody says what
        // it names, it must be syllables throughout, and few.
        let east = match kind {
            Kind::Person => syllabic > 0 && syllabic + 1 >= own && sounds <= 9,
            _ => syllabic == own && own <= 3 && sounds <= 4 && org_words == 0,
        };
        self.sorted &= self.names.last().is_none_or(|n| n.party <= party);
        let org = matches!(kind, Kind::Org | Kind::Unknown);
        self.names.push(NameRow { party, all, own, kind: kind_code(borne), org });
        east.then_some(number)
    }

    /// Takes the keys of syllables of names that were added without.
    pub fn add_syllables(&mut self, keys: SyllableKeys) {
        self.keys.extend(keys.keys);
    }

    /// Takes an identifier of a party; scheme as its source names it, or empty.
    pub fn add_identifier(&mut self, party: u32, value: &str) {
        if let Some(hash) = super::ident::key_of(value) {
            self.idents.push((short(hash), party));
        }
    }

    /// Makes the block.
    pub fn finish(self) -> Vec<u8> {
        self.finish_under(tables_sum())
    }

    /// The block, with a sum that says by which tables and rules it was made.
    pub(super) fn finish_under(mut self, made_by: u32) -> Vec<u8> {
        if !self.sorted {
            self.sort();
        }
        let words = self.ends.len() as u32;
        let word = |id: u32| word_at(&self.text, &self.ends, id);

        // Words by their bytes, by frequency, and by their bytes from the end.
        let order = sorted_by(words, |id| front(word(id)), |a, b| word(a).cmp(word(b)));
        let mut frequency = vec![0u32; words as usize];
        let mut last = vec![u32::MAX; words as usize];
        self.each_name(|number, _, ids| {
            for id in ids {
                if let (Some(l), Some(f)) = (last.get_mut(*id as usize), frequency.get_mut(*id as usize))
                    && *l != number
                {
                    *l = number;
                    *f += 1;
                }
            }
        });
        drop(last);
        let of = |column: &[u32], i: u32| column.get(i as usize).copied().unwrap_or(0);
        let mut by_code: Vec<(u32, u32)> =
            order.iter().enumerate().map(|(at, id)| (u32::MAX - of(&frequency, *id), at as u32)).collect();
        by_code.sort_unstable();
        let mut code_word = vec![0u32; words as usize];
        let mut word_code = vec![0u32; words as usize];
        let mut id_code = vec![0u32; words as usize];
        for (code, (_, at)) in by_code.iter().enumerate() {
            set(&mut code_word, code as u32, *at);
            set(&mut word_code, *at, code as u32);
            set(&mut id_code, of(&order, *at), code as u32);
        }
        let counts: Vec<u32> = by_code.iter().map(|(f, _)| u32::MAX - *f).collect();
        drop(by_code);

        let mut sections: [Vec<u8>; SECTIONS] = Default::default();
        let mut put = |s: Section, bytes: Vec<u8>| {
            if let Some(slot) = sections.get_mut(s as usize) {
                *slot = bytes;
            }
        };

        let mut word_text = Vec::with_capacity(self.text.len());
        let mut offsets = vec![0u32];
        let mut keys: Vec<(u32, u32)> = Vec::with_capacity(words as usize * 3);
        let mut word_keys = WordKeys::default();
        let mut noise = vec![Noise::None; words as usize];
        for (at, id) in order.iter().enumerate() {
            let w = word(*id);
            word_text.extend_from_slice(w);
            offsets.push(word_text.len() as u32);
            let text = std::str::from_utf8(w).unwrap_or("");
            word_keys.each(text, |hash| keys.push((short(hash), at as u32)));
            if let Some(n) = noise.get_mut(*id as usize) {
                *n = noise_of(text);
            }
        }
        put(Section::Sounds, multi::build(&keys, 2));
        let back = reversed(&word_text, &offsets);
        let (mut turned, mut turns) = (Vec::with_capacity(word_text.len()), vec![0u32]);
        for w in &back {
            let at = |k: u32| of(&offsets, k) as usize;
            turned.extend(word_text.get(at(*w)..at(*w + 1)).unwrap_or_default().iter().rev());
            turns.push(turned.len() as u32);
        }
        put(Section::Reversed, bytes_of(&back));
        put(Section::TurnedText, turned);
        put(Section::TurnedOffsets, bytes_of(&turns));
        put(Section::WordText, word_text);
        put(Section::WordOffsets, bytes_of(&offsets));
        put(Section::WordCode, bytes_of(&word_code));
        put(Section::CodeWord, bytes_of(&code_word));
        drop((word_code, code_word, offsets, keys));

        // Keys of whole names.
        let mut keys = std::mem::take(&mut self.keys);
        let hashes: Vec<u64> = (0..words).map(|id| mix(quick(word(id)))).collect();
        self.each_name(|number, row, ids| {
            let own = ids.get(..usize::from(row.own)).unwrap_or_default();
            let mut joined = Run::new(Tag::Joined);
            let mut sum = 0u64;
            for id in own {
                joined = joined.add(word(*id));
                sum = sum.wrapping_add(hashes.get(*id as usize).copied().unwrap_or(0));
            }
            keys.push((short(joined.end()), number));
            // Words that few names have lead to the name by themselves.
            if own.len() > 1 && own.iter().all(|id| of(&frequency, *id) > LEADS) {
                keys.push((short(words_key(sum)), number));
            }
            if row.org && own.len() >= *ACRONYM.start() {
                let what = |id: &u32| noise.get(*id as usize).copied().unwrap_or(Noise::None);
                let mut put = |most: Noise| {
                    let telling = own.iter().filter(|id| what(id) <= most).map(|id| word(*id));
                    acronym(telling, |hash| keys.push((short(hash), number)));
                };
                put(Noise::None);
                // NATIONAL OIL COMPANY may be NO or NOC.
                if own.iter().any(|id| what(id) == Noise::Form) {
                    put(Noise::Form);
                }
            }
        });
        drop(hashes);
        put(Section::Keys, multi::build(&keys, 1));
        drop(keys);
        let idents = std::mem::take(&mut self.idents);
        put(Section::Idents, multi::build(&idents, 3));

        // The names as codes, and the postings.
        let mut starts = Vec::with_capacity(words as usize + 1);
        let mut at = 0u32;
        let common = if self.names.len() < FEW { usize::MAX } else { self.names.len() / TOO_COMMON };
        for f in &counts {
            starts.push(at);
            at += if *f as usize > common { 0 } else { *f };
        }
        starts.push(at);
        let mut fill: Vec<u32> = starts.clone();
        let mut posts = vec![0u32; at as usize];
        let (mut blocks, mut records) = (Vec::new(), Vec::with_capacity(self.forward.len() * 3));
        let mut party = 0u32;
        let mut record = Vec::new();
        self.each_name(|number, row, ids| {
            if (number as usize).is_multiple_of(BLOCK) {
                blocks.push(u32::try_from(records.len()).unwrap_or(u32::MAX));
                blocks.push(party);
            }
            record.clear();
            put_varint(&mut record, (row.party - party) << 2 | u32::from(row.kind));
            party = row.party;
            for id in ids {
                let code = of(&id_code, *id);
                put_varint(&mut record, code);
                let (Some(slot), Some(start)) = (fill.get_mut(code as usize), starts.get(code as usize)) else {
                    continue;
                };
                let end = starts.get(code as usize + 1).copied().unwrap_or(0);
                let again = *slot > *start && of(&posts, *slot - 1) == number;
                if *slot < end && !again {
                    set(&mut posts, *slot, number);
                    *slot += 1;
                }
            }
            put_varint(&mut records, record.len() as u32);
            records.extend_from_slice(&record);
        });
        put(Section::Blocks, bytes_of(&blocks));
        put(Section::Names, records);
        let mut bytes = Vec::with_capacity(posts.len() * 2 + counts.len());
        let mut offsets = Vec::with_capacity(words as usize + 1);
        for (code, f) in counts.iter().enumerate() {
            offsets.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
            put_varint(&mut bytes, *f);
            let (from, to) = (of(&starts, code as u32) as usize, of(&starts, code as u32 + 1) as usize);
            let mut before = 0;
            for name in posts.get(from..to).unwrap_or_default() {
                put_varint(&mut bytes, *name - before);
                before = *name;
            }
        }
        offsets.push(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        put(Section::PostOffsets, bytes_of(&offsets));
        put(Section::Posts, bytes);
        let mut head = vec![self.names.len() as u32, words, party.wrapping_add(1), made_by];
        head.extend((0..32).map(|k| counts.get((1usize << k) - 1).copied().unwrap_or(1)));
        put(Section::Counts, bytes_of(&head));
        block(&sections)
    }

    fn each_name(&self, mut take: impl FnMut(u32, NameRow, &[u32])) {
        let mut at = 0usize;
        for (number, row) in self.names.iter().enumerate() {
            let end = at + usize::from(row.all);
            take(number as u32, *row, self.forward.get(at..end).unwrap_or_default());
            at = end;
        }
    }

    /// Puts the names in order of their parties.
    fn sort(&mut self) {
        let mut places: Vec<(u32, u32, usize)> = Vec::with_capacity(self.names.len());
        let mut at = 0;
        for (i, row) in self.names.iter().enumerate() {
            places.push((row.party, i as u32, at));
            at += usize::from(row.all);
        }
        places.sort_unstable();
        let mut forward = Vec::with_capacity(self.forward.len());
        let mut names = Vec::with_capacity(self.names.len());
        let mut renamed = vec![0u32; self.names.len()];
        for (new, (_, old, at)) in places.iter().enumerate() {
            let Some(row) = self.names.get(*old as usize) else { continue };
            forward.extend_from_slice(self.forward.get(*at..*at + usize::from(row.all)).unwrap_or_default());
            names.push(*row);
            set(&mut renamed, *old, new as u32);
        }
        for (_, n) in &mut self.keys {
            *n = renamed.get(*n as usize).copied().unwrap_or(0);
        }
        (self.forward, self.names) = (forward, names);
    }
}

/// The key of a name by its words in any order, from the sum of their hashes.
pub(super) fn words_key(sum: u64) -> u64 {
    key(Tag::Words, &sum.to_le_bytes())
}

/// Hands over the key of the initials of a name's telling words.
pub(super) fn acronym<'a>(telling: impl Iterator<Item = &'a [u8]>, mut take: impl FnMut(u64)) {
    let mut run = Run::new(Tag::Acronym);
    let mut n = 0;
    for w in telling {
        let first = std::str::from_utf8(w).ok().and_then(|t| t.chars().next());
        run = run.add(w.get(..first.map_or(0, char::len_utf8)).unwrap_or_default());
        n += 1;
    }
    if ACRONYM.contains(&n) {
        take(run.end());
    }
}

fn word_at<'a>(text: &'a [u8], ends: &[u32], id: u32) -> &'a [u8] {
    let from = if id == 0 { 0 } else { ends.get(id as usize - 1).map_or(0, |e| *e as usize) };
    let to = ends.get(id as usize).map_or(0, |e| *e as usize);
    text.get(from..to).unwrap_or_default()
}

fn set(column: &mut [u32], i: u32, value: u32) {
    if let Some(slot) = column.get_mut(i as usize) {
        *slot = value;
    }
}

fn bytes_of(column: &[u32]) -> Vec<u8> {
    column.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// The first eight bytes of a word, so that most comparisons are of numbers.
fn front(word: &[u8]) -> u64 {
    word.iter().take(8).enumerate().fold(0, |n, (i, b)| n | u64::from(*b) << (56 - 8 * i))
}

/// Items in order of a number, and where that is the same, of the comparison.
fn sorted_by(n: u32, front: impl Fn(u32) -> u64, then: impl Fn(u32, u32) -> std::cmp::Ordering) -> Vec<u32> {
    let mut items: Vec<(u64, u32)> = (0..n).map(|i| (front(i), i)).collect();
    items.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| then(a.1, b.1)));
    items.into_iter().map(|(_, i)| i).collect()
}

/// Words by order, sorted by their bytes from the end.
fn reversed(text: &[u8], offsets: &[u32]) -> Vec<u32> {
    let word = |i: u32| {
        let at = |k: usize| offsets.get(k).map_or(0, |o| *o as usize);
        text.get(at(i as usize)..at(i as usize + 1)).unwrap_or_default()
    };
    let back = |i: u32| word(i).iter().rev().take(8).enumerate().fold(0, |n, (k, b)| n | u64::from(*b) << (56 - 8 * k));
    sorted_by(offsets.len() as u32 - 1, back, |a, b| word(a).iter().rev().cmp(word(b).iter().rev()))
}
