//! From a name asked for to the parties that may be meant.

use super::build::{acronym, words_key};
use super::hashes::{Run, Tag, mix, quick, short};
use super::index::{Held, Index};
use super::keys::WordKeys;
use super::tally::{Sum, Tally};
use crate::names::NameKind;
use crate::names::osa::Pattern;
use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;

/// Words of a question that are looked up.
pub(super) const MOST_WORDS: usize = 24;
/// Questions of so many words have their neighbours joined by sound.
const FEW_WORDS: usize = 4;
/// Words of a run that is looked up by its initials.
const PART: std::ops::RangeInclusive<usize> = 3..=6;
/// Words that one word of a question may lead to.
const MOST_ALTERNATIVES: usize = 64;
/// Words under one sound that are looked at.
const MOST_SOUNDS: usize = 256;
/// Names under one key of whole names.
const MOST_UNDER_KEY: usize = 400;
/// Names taken from posting lists for one question: so many, and one more for each so many names of
/// the index.
const BUDGET: (usize, usize) = (3_000, 600);
/// Times the budget for what is read of lists that only add to names already taken.
const ADDING: usize = 3;
/// Names of which all words are looked at, for each candidate wanted.
const LOOKS: usize = 2;
/// Candidates given whatever they have of the question.
const SURELY: usize = 16;
/// The rest are given as long as they have this share of the bits of the best.
const ENOUGH: f32 = 0.5;
/// Part of an unasked word's bits that a name loses for it.
const UNASKED: f32 = 0.2;

/// A party that may be meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The party.
    pub party: u32,
    /// How its name that fits best is borne.
    pub borne: NameKind,
    /// Bits of the question that the name has, less those it has beyond; for the order only.
    pub bits: f32,
    /// Found by an identifier.
    pub by_id: bool,
}

/// A word of a question.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked {
    /// Spellings in the form of the dictionary, the likeliest first.
    pub(super) spellings: Vec<String>,
    /// Keys beyond the letters.
    pub(super) keys: Vec<u64>,
    /// Says little: a legal form, a title, a particle.
    pub(super) soft: bool,
    /// Stands for a name that begins with it.
    pub(super) initial: bool,
}

/// What is asked for.
#[derive(Debug, Clone, Default)]
pub struct Query {
    /// One list of words for each name of the party asked for.
    pub(super) names: Vec<Vec<Asked>>,
    /// Keys of whole names beyond those of their words.
    pub(super) keys: Vec<u64>,
    /// Keys of identifiers.
    pub(super) idents: Vec<u64>,
}

/// A word of the index that a word asked for may mean.
#[derive(Debug, Clone, Copy)]
struct Way {
    code: u32,
    /// Names that hold it.
    count: u32,
    gain: f32,
    /// Words of the question it covers, by place.
    places: u64,
}

impl Way {
    /// The way to a word of the index, by its number.
    fn to_word(index: &Index<'_>, word: u32, quality: f32, places: u64) -> Way {
        let code = index.code(word);
        let count = index.count(code);
        Way { code, count, gain: index.bits(count) * quality, places }
    }

    /// The way to a word by its letters, where the index has it.
    fn to(index: &Index<'_>, word: &[u8], quality: f32, places: u64) -> Option<Way> {
        index.dict.find(word).map(|w| Way::to_word(index, w, quality, places))
    }
}

/// Room for answering questions, kept between them.
#[derive(Default)]
pub struct Seeker {
    ways: Vec<Way>,
    by_code: HashMap<u32, (u64, f32), FxBuildHasher>,
    tally: Tally,
    found: Vec<(f32, u32, u32, NameKind)>,
    word_keys: WordKeys,
    /// Names looked at for the last question.
    pub(super) looked_at: usize,
}

impl Seeker {
    /// Room for questions.
    pub fn new() -> Seeker {
        Seeker::default()
    }

    /// Names looked at for the last question.
    pub fn looked_at(&self) -> usize {
        self.looked_at
    }

    /// The parties that may be meant, likeliest first, at most `limit`; those that have much less of
    /// the question than the best are left out, beyond the first few.
    pub fn candidates(&mut self, index: &Index<'_>, query: &Query, limit: usize) -> Vec<Candidate> {
        self.looked_at = 0;
        self.found.clear();
        for words in &query.names {
            self.one_name(index, words, limit);
        }
        for key in &query.keys {
            let gain = index.bits(0) * 0.9;
            self.under_key(index, *key, gain);
        }
        let mut out: Vec<Candidate> = Vec::with_capacity(limit);
        let mut known: HashSet<u32, FxBuildHasher> = HashSet::default();
        for key in &query.idents {
            for party in index.idents.get(short(*key), MOST_UNDER_KEY) {
                if out.len() < limit && known.insert(party) {
                    out.push(Candidate { party, borne: NameKind::Main, bits: 1000.0, by_id: true });
                }
            }
        }
        self.found.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.3.cmp(&b.3)));
        let best = self.found.first().map_or(0.0, |f| f.0);
        for (bits, party, _, borne) in &self.found {
            if out.len() >= limit || out.len() >= SURELY && *bits < best * ENOUGH {
                break;
            }
            if known.insert(*party) {
                out.push(Candidate { party: *party, borne: *borne, bits: *bits, by_id: false });
            }
        }
        out
    }

    fn one_name(&mut self, index: &Index<'_>, words: &[Asked], limit: usize) {
        let words = words.get(..words.len().min(MOST_WORDS)).unwrap_or_default();
        self.ways.clear();
        let mut initials = 0u64;
        for (i, w) in words.iter().enumerate() {
            if w.initial {
                initials |= 1 << i;
            }
            self.word(index, w, i);
        }
        self.joins(index, words);
        self.triples(index, words);
        self.parts_by_initials(index, words);
        self.splits(index, words);
        self.by_code.clear();
        for w in &self.ways {
            let slot = self.by_code.entry(w.code).or_insert((0, 0.0));
            if w.gain > slot.1 {
                *slot = (w.places, w.gain);
            }
        }
        self.whole(index, words);
        self.drive(index, words, initials, limit);
    }

    /// Ways from one word of the question.
    fn word(&mut self, index: &Index<'_>, asked: &Asked, place: usize) {
        let places = 1u64 << place;
        let from = self.ways.len();
        let soft = if asked.soft { 0.4 } else { 1.0 };
        let add = |ways: &mut Vec<Way>, word: u32, quality: f32| {
            ways.push(Way::to_word(index, word, quality * soft, places));
        };
        let mut known = false;
        for (i, s) in asked.spellings.iter().enumerate() {
            if let Some(word) = index.dict.find(s.as_bytes()) {
                known = true;
                add(&mut self.ways, word, if i == 0 { 1.0 } else { 0.93 });
            }
        }
        if asked.initial || asked.soft && known {
            return;
        }
        for (i, s) in asked.spellings.iter().enumerate() {
            let len = s.len();
            // Letters of other scripts are several bytes; their slips are found by their Latin spellings.
            if !s.is_ascii() || len < 4 || i > 1 || s.bytes().all(|b| b.is_ascii_digit()) {
                continue;
            }
            let most = if len >= 8 || len >= 6 && !known { 2 } else { 1 };
            let most = if known { 1 } else { most };
            let room = from + MOST_ALTERNATIVES;
            index.dict.near(s.as_bytes(), most, |word, d| {
                if self.ways.len() < room {
                    let off = if d == 1 { 1.4 } else { 2.8 };
                    add(&mut self.ways, word, 1.0 - off / len as f32);
                }
            });
        }
        let pattern = asked.spellings.iter().find(|s| s.is_ascii()).map(|s| (Pattern::new(s.as_bytes()), s.len()));
        let room = self.ways.len() + MOST_ALTERNATIVES;
        for key in &asked.keys {
            for word in index.sounds.get(short(*key), MOST_SOUNDS) {
                if self.ways.len() >= room {
                    break;
                }
                let text = index.dict.word(word);
                let quality = match &pattern {
                    Some((p, len)) if text.is_ascii() => {
                        let most = (*len as u32).div_ceil(2);
                        match p.distance(text, most) {
                            Some(d) => 0.95 - 0.5 * d as f32 / (*len).max(text.len()) as f32,
                            None => 0.6,
                        }
                    }
                    _ => 0.8,
                };
                add(&mut self.ways, word, quality);
            }
        }
        // A name may hold the initial only.
        if let Some(first) = asked.spellings.first().and_then(|s| s.get(..1))
            && !asked.soft
            && asked.spellings.first().is_some_and(|s| s.len() > 1)
            && let Some(word) = index.dict.find(first.as_bytes())
        {
            let code = index.code(word);
            self.ways.push(Way { code, count: 0, gain: 1.5, places });
        }
    }

    /// Words of the question that are one word in the index, or sound like one.
    fn joins(&mut self, index: &Index<'_>, words: &[Asked]) {
        let mut text = String::new();
        let few = words.len() <= FEW_WORDS;
        for (i, pair) in words.windows(2).enumerate() {
            let [a, b] = pair else { continue };
            if a.initial && b.initial {
                continue;
            }
            let places = 0b11 << i;
            for (x, y) in a.spellings.iter().take(2).flat_map(|x| b.spellings.iter().take(2).map(move |y| (x, y))) {
                if x.len() + y.len() < 4 || x.is_ascii() != y.is_ascii() {
                    continue;
                }
                for (left, right) in [(x, y), (y, x)] {
                    text.clear();
                    text.push_str(left);
                    text.push_str(right);
                    self.ways.extend(Way::to(index, text.as_bytes(), 1.0, places));
                }
            }
            // What is written apart in one script is often one word in another.
            let native = |w: &Asked| w.spellings.len() > 1;
            if !few || !(native(a) || native(b)) {
                continue;
            }
            let (Some(x), Some(y)) = (latin(a), latin(b)) else { continue };
            text.clear();
            text.push_str(x);
            text.push_str(y);
            let mut keys = Vec::new();
            self.word_keys.each(&text, |k| keys.push(k));
            let room = self.ways.len() + MOST_ALTERNATIVES / 2;
            for key in keys {
                for word in index.sounds.get(short(key), MOST_SOUNDS) {
                    if self.ways.len() < room {
                        self.ways.push(Way::to_word(index, word, 0.8, places));
                    }
                }
            }
        }
    }

    /// Three words of the question that are one word in the index, as `Un Do Tre` and `Undotre`.
    fn triples(&mut self, index: &Index<'_>, words: &[Asked]) {
        let mut text = String::new();
        for (i, three) in words.windows(3).enumerate() {
            if three.iter().all(|w| w.initial) {
                continue;
            }
            text.clear();
            for s in three.iter().filter_map(|w| w.spellings.first()) {
                text.push_str(s);
            }
            if text.len() < 6 {
                continue;
            }
            self.ways.extend(Way::to(index, text.as_bytes(), 1.0, 0b111 << i));
        }
    }

    /// Runs of words of the question that stand in the index as their initials, among other words.
    fn parts_by_initials(&mut self, index: &Index<'_>, words: &[Asked]) {
        let mut short = String::new();
        for from in 0..words.len() {
            short.clear();
            let mut places = 0u64;
            for (i, w) in words.iter().enumerate().skip(from) {
                let Some(first) = w.spellings.first().and_then(|s| s.chars().next()) else { break };
                // A small word is passed over, but a run begins and ends with others.
                if w.initial || w.soft && short.is_empty() {
                    break;
                }
                places |= 1 << i;
                if w.soft {
                    continue;
                }
                short.push(first);
                let n = short.chars().count();
                if n > *PART.end() {
                    break;
                }
                if PART.contains(&n) {
                    self.ways.extend(Way::to(index, short.as_bytes(), 0.6, places));
                }
            }
        }
    }

    /// Words of the question that are several words in the index.
    fn splits(&mut self, index: &Index<'_>, words: &[Asked]) {
        let mut next = words.len();
        for (i, w) in words.iter().enumerate() {
            let Some(s) = w.spellings.first() else { continue };
            if w.initial || s.len() < 6 || !s.is_ascii() || index.dict.find(s.as_bytes()).is_some() {
                continue;
            }
            for piece in pieces(index, s.as_bytes()) {
                if next >= 60 {
                    break;
                }
                let places = 1 << next | u64::from(next == words.len()) << i;
                self.ways.push(Way::to_word(index, piece, 0.95, places));
                next += 1;
            }
        }
    }

    /// Names found as wholes.
    fn whole(&mut self, index: &Index<'_>, words: &[Asked]) {
        let first = |w: &Asked| w.spellings.first().cloned().unwrap_or_default();
        let texts: Vec<String> = words.iter().map(first).filter(|s| !s.is_empty()).collect();
        if texts.is_empty() {
            return;
        }
        let mut joined = Run::new(Tag::Joined);
        let mut sum = 0u64;
        let mut full = 0.0;
        for t in &texts {
            joined = joined.add(t.as_bytes());
            sum = sum.wrapping_add(mix(quick(t.as_bytes())));
            full += index.dict.find(t.as_bytes()).map_or(4.0, |w| index.bits(index.count(index.code(w))));
        }
        self.under_key(index, joined.end(), full * 1.05);
        if texts.len() > 1 {
            self.under_key(index, words_key(sum), full * 1.05);
        }
        // One word may be the initials of others.
        if let [one] = texts.as_slice()
            && one.chars().count() <= 12
            && one.len() > 2
        {
            let letters: Vec<String> = one.chars().map(String::from).collect();
            acronym(letters.iter().map(String::as_bytes), |key| self.under_key(index, key, 6.0 + one.len() as f32));
        }
        // And several words may be meant by their initials.
        let telling = || words.iter().filter(|w| !w.soft && !w.initial).filter_map(|w| w.spellings.first());
        if (3..=12).contains(&telling().count()) {
            let short: String = telling().filter_map(|s| s.chars().next()).collect();
            if let Some(way) = Way::to(index, short.as_bytes(), 0.6, (1 << words.len()) - 1) {
                self.ways.push(way);
                self.by_code.entry(way.code).or_insert((way.places, way.gain));
            }
        }
    }

    fn under_key(&mut self, index: &Index<'_>, key: u64, gain: f32) {
        for number in index.keys.get(short(key), MOST_UNDER_KEY) {
            if let Some(held) = index.name(number) {
                self.found.push((gain, held.party, number, held.kind));
            }
        }
    }

    /// Goes through the postings, those that tell most first, and looks at the names that have most.
    fn drive(&mut self, index: &Index<'_>, words: &[Asked], initials: u64, limit: usize) {
        let mut ways = std::mem::take(&mut self.ways);
        ways.retain(|w| w.count > 0);
        ways.sort_unstable_by(|a, b| b.gain.total_cmp(&a.gain).then(a.count.cmp(&b.count)).then(a.code.cmp(&b.code)));
        self.tally.clear();
        let looks = limit * LOOKS;
        let budget = BUDGET.0 + index.names() / BUDGET.1;
        let (mut room, mut adding) = (budget, budget * ADDING);
        // Once enough names have more than any other can still get, lists only add.
        let mut new = true;
        for (i, way) in ways.iter().enumerate() {
            let count = way.count as usize;
            let taken = self.tally.sums().len();
            if new && taken >= looks && count * 4 > taken {
                let most = most_left(ways.get(i..).unwrap_or_default());
                new = self.tally.sums().iter().filter(|s| s.gain > most).take(looks).count() < looks;
            }
            // The first list is taken in part if need be, so that common words find something.
            let take_new = new && (taken == 0 || count <= room);
            if take_new {
                room = room.saturating_sub(count);
            } else if count <= adding {
                adding -= count;
            } else {
                continue;
            }
            for name in index.postings(way.code).take(budget * ADDING) {
                self.tally.add(name, way.places, way.gain, take_new);
            }
        }
        self.ways = ways;
        let mut tally = std::mem::take(&mut self.tally);
        let sums = tally.sums_mut();
        let most_first = |a: &Sum, b: &Sum| b.gain.total_cmp(&a.gain).then(a.name.cmp(&b.name));
        if sums.len() > looks && looks > 0 {
            sums.select_nth_unstable_by(looks - 1, most_first);
        }
        for s in sums.iter().take(looks) {
            self.look(index, s.name, words, initials);
        }
        self.tally = tally;
    }

    /// Weighs one name by all its words.
    #[inline]
    fn look(&mut self, index: &Index<'_>, number: u32, words: &[Asked], initials: u64) {
        self.looked_at += 1;
        let Some(held) = index.name(number) else { return };
        let (gain, beyond) = self.weigh(index, &held, words, initials);
        let score = gain - (UNASKED * beyond).min(gain * 0.5);
        if score > 0.0 {
            self.found.push((score, held.party, number, held.kind));
        }
    }

    #[inline]
    fn weigh(&self, index: &Index<'_>, held: &Held<'_>, words: &[Asked], initials: u64) -> (f32, f32) {
        let (mut covered, mut gain, mut beyond) = (0u64, 0.0, 0.0);
        for code in held.codes() {
            match self.by_code.get(&code) {
                Some((places, g)) if places & !covered != 0 => {
                    covered |= places;
                    gain += g;
                }
                Some(_) => {}
                None => beyond += index.bits_of_code(code),
            }
        }
        let mut left = initials & !covered;
        if left != 0 {
            for code in held.codes().filter(|c| !self.by_code.contains_key(c)) {
                let text = index.text(code);
                let fits = |i: &usize| {
                    left >> i & 1 == 1
                        && words
                            .get(*i)
                            .and_then(|w| w.spellings.first())
                            .is_some_and(|s| text.starts_with(s.as_bytes()))
                };
                if let Some(i) = (0..words.len()).find(fits) {
                    left &= !(1 << i);
                    gain += 3.0;
                    beyond -= index.bits_of_code(code);
                }
            }
        }
        (gain, beyond.max(0.0))
    }
}

/// The likeliest Latin spelling of a word.
fn latin(w: &Asked) -> Option<&str> {
    w.spellings.iter().find(|s| s.is_ascii()).map(String::as_str)
}

/// The most that a name found only by these ways can gain.
fn most_left(ways: &[Way]) -> f32 {
    let (mut covered, mut sum) = (0u64, 0.0);
    // Ways are in order of gain: the first that covers a place gains most there.
    for w in ways {
        if w.places & !covered != 0 {
            covered |= w.places;
            sum += w.gain;
        }
    }
    sum
}

/// The words of the index that a text falls into, where it falls into any: as few as can be, and of
/// those the longest first. Pieces of one letter count only between others.
fn pieces(index: &Index<'_>, text: &[u8]) -> Vec<u32> {
    let n = text.len();
    // For each end: the least cost to get there, and the last piece.
    let mut cost = vec![u32::MAX; n + 1];
    let mut last = vec![(0usize, 0u32); n + 1];
    if let Some(c) = cost.first_mut() {
        *c = 0;
    }
    for from in 0..n {
        let here = cost.get(from).copied().unwrap_or(u32::MAX);
        if here == u32::MAX {
            continue;
        }
        let mut range = 0..index.dict.words;
        for (depth, b) in text.iter().skip(from).take(24).enumerate() {
            range = index.dict.narrow(range, depth, *b);
            if range.is_empty() {
                break;
            }
            // In order of bytes the word itself is the first of those that begin with it.
            let len = depth + 1;
            let word = range.start;
            if len < 2 || index.dict.word(word).len() != len || len == n {
                continue;
            }
            // Few pieces, and no short ones: a piece of two letters costs as much as two of five.
            let price = here + 12 + 60 / len as u32;
            let to = from + len;
            if cost.get(to).is_some_and(|c| price < *c)
                && let (Some(c), Some(l)) = (cost.get_mut(to), last.get_mut(to))
            {
                *c = price;
                *l = (from, word);
            }
        }
    }
    let mut out = Vec::new();
    if cost.get(n).is_none_or(|c| *c == u32::MAX) {
        return out;
    }
    let mut at = n;
    while at > 0
        && let Some((from, word)) = last.get(at)
    {
        out.push(*word);
        at = *from;
    }
    out.reverse();
    out
}
