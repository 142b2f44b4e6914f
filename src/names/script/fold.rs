//! A word prepared for comparison: its readings in each tradition, and its sound keys.

use super::family::{Families, families};
use super::key::{hash, keys_of};
use super::reading::Readings;
use super::tradition::Tradition;
use super::{LETTERS, arabic, latin, patronymic, romanise, semitic};

/// At most this many sound keys of one word.
const KEYS: usize = 24;

/// Points off for comparing the bare letters of a name whose vowels are known.
const KNOWN: u8 = 16;

/// Reads a Latin word as a patronymic: the known names it may be made of.
fn father(word: &str) -> (Families, bool) {
    let Some(read) = patronymic::patronymic(word) else {
        return (Families::default(), false);
    };
    // Sergeevich keeps "serge", Ilyich "il", Vasilievich "vasil".
    let endings = ["", "i", "y", "iy", "ii", "ey", "ei", "a", "ya"];
    let found = endings.iter().map(|ending| families(&format!("{}{ending}", read.base)));
    (found.fold(Families::default(), Families::with), read.feminine)
}

/// Endings that hardly any but Slavic names have.
const SLAVIC: [&str; 24] = [
    "ov", "ova", "ev", "eva", "in", "ina", "sky", "skiy", "skii", "ski", "skaya", "skaia", "enko", "chuk", "vich",
    "vna", "ich", "yov", "off", "ow", "ew", "iy", "ii", "ei",
];

fn likely(word: &str, plain: &str, names: &Families) -> u8 {
    if !latin::is_latin(word) {
        romanise::tradition(word).bit()
    } else if !names.is_empty() {
        names.traditions()
    } else if SLAVIC.iter().any(|ending| plain.ends_with(ending)) {
        Tradition::Slavic.bit()
    } else {
        0
    }
}

/// One reading of a word in one tradition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub(super) tradition: Tradition,
    /// From a script that leaves vowels out.
    pub(super) bare: bool,
    /// From a script of the tradition itself.
    pub(super) native: bool,
    /// Points taken off because the reading is a guess (an article split off).
    pub(super) penalty: u8,
    pub(super) consonants: u8,
    start: u16,
    len: u8,
}

/// A word prepared for [`closeness`](super::closeness), made once by [`fold`].
#[derive(Debug, Clone)]
pub struct Fold {
    pub(super) text: u64,
    /// The traditions the word looks like, a bit each; 0 when nothing tells.
    pub(super) likely: u8,
    /// A bit for each key, for a quick no.
    bloom: [u64; 4],
    keys: Box<[u64]>,
    /// The traditions each key comes from, a bit each.
    sources: Box<[u8]>,
    pub(super) forms: Box<[Form]>,
    units: Box<[u16]>,
    pub(super) families: Families,
    /// As a patronymic: the names the father's may be, and whether of a daughter.
    pub(super) father: (Families, bool),
}

impl Fold {
    /// Whether both are known names and not the same one.
    pub fn differs(&self, other: &Fold) -> bool {
        self.families.differ(&other.families)
    }

    /// Sound keys, ascending, at most 24 and mostly 2 to 6: two spellings of one word share at
    /// least one, and few other words do. A word without a consonant has none.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// The fewer keys to store in an index, about 3: those of the Slavic and Arabic readings and of
    /// known names. Looked up by all [`keys`](Fold::keys) of a query, they find nearly all that
    /// storing everything would.
    pub fn index_keys(&self) -> impl Iterator<Item = u64> {
        let stored = Tradition::Slavic.bit() | Tradition::Arabic.bit();
        self.keys
            .iter()
            .zip(&self.sources)
            .filter(move |(_, from)| **from == 0 || **from & stored != 0)
            .map(|(key, _)| *key)
    }

    /// A word that is a spelling of itself only.
    fn empty(word: &str) -> Fold {
        Fold {
            text: hash(word.as_bytes()),
            likely: 0,
            bloom: [0; 4],
            keys: [].into(),
            sources: [].into(),
            forms: [].into(),
            units: [].into(),
            families: Families::default(),
            father: (Families::default(), false),
        }
    }

    /// The traditions in which the two words share a sound key, a bit each.
    pub(super) fn meet(&self, other: &Fold) -> u8 {
        let mut both = 0;
        for (a, b) in self.bloom.iter().zip(&other.bloom) {
            both |= a & b;
        }
        if both == 0 {
            return 0;
        }
        let mut found = 0;
        let (mut i, mut j) = (0, 0);
        while let (Some(x), Some(y)) = (self.keys.get(i), other.keys.get(j)) {
            match x.cmp(y) {
                std::cmp::Ordering::Equal => {
                    let left = self.sources.get(i).copied().unwrap_or(0);
                    found |= left & other.sources.get(j).copied().unwrap_or(0);
                    i += 1;
                    j += 1;
                }
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
            }
        }
        found
    }

    pub(super) fn units(&self, form: &Form) -> &[u16] {
        let start = usize::from(form.start);
        self.units.get(start..start + usize::from(form.len)).unwrap_or(&[])
    }
}

/// Where a reading comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum From {
    Latin,
    /// A script of the tradition, by way of Latin spellings.
    Native,
    /// A script without vowels.
    Bare,
}

struct Builder {
    /// Keys with the traditions they come from.
    keys: Vec<(u64, u8)>,
    forms: Vec<Form>,
    units: Vec<u16>,
}

impl Builder {
    fn add(&mut self, tradition: Tradition, reading: &[u16], from: From, penalty: u8) {
        let rules = tradition.rules();
        let consonants = reading.iter().filter(|unit| !rules.unit(**unit).is_vowel()).count();
        let same = self.forms.iter().any(|form| {
            form.tradition == tradition
                && self
                    .units
                    .get(usize::from(form.start)..)
                    .is_some_and(|u| u.get(..usize::from(form.len)).is_some_and(|u| u == reading))
        });
        let (Ok(start), Ok(len)) = (u16::try_from(self.units.len()), u8::try_from(reading.len())) else {
            return;
        };
        if same || reading.is_empty() {
            return;
        }
        self.units.extend_from_slice(reading);
        self.forms.push(Form {
            tradition,
            bare: from == From::Bare,
            native: from != From::Latin,
            penalty,
            consonants: u8::try_from(consonants).unwrap_or(u8::MAX),
            start,
            len,
        });
        keys_of(rules, reading, tradition.bit(), &mut self.keys);
    }

    fn latin(&mut self, word: &str, traditions: &[Tradition], own: Option<Tradition>) {
        let mut readings = Readings::new();
        for tradition in traditions {
            let rules = tradition.rules();
            let from = if own == Some(*tradition) { From::Native } else { From::Latin };
            let alien = rules.alien(word.as_bytes());
            if alien >= 30 {
                continue;
            }
            rules.read_word(word.as_bytes(), &mut readings);
            for reading in readings.iter() {
                self.add(*tradition, reading, from, alien);
            }
            if *tradition == Tradition::Arabic
                && let Some(rest) = bare(word)
            {
                rules.read_word(rest.as_bytes(), &mut readings);
                for reading in readings.iter().take(2) {
                    self.add(Tradition::Arabic, reading, from, alien.max(4));
                }
            }
        }
    }
}

/// An Arabic word without the article written together with it, in front or (for a known name)
/// behind.
fn bare(word: &str) -> Option<&str> {
    arabic::without_article(word).or_else(|| arabic::bound(word).filter(|stem| !families(stem).is_empty()))
}

/// Prepares a word, in Latin letters or any other script: lower case, NFKC, no spaces.
pub fn fold(word: &str) -> Fold {
    let word = match word.char_indices().nth(LETTERS) {
        Some((end, _)) => word.get(..end).unwrap_or(word),
        None => word,
    };
    let mut builder = Builder {
        keys: Vec::with_capacity(48),
        forms: Vec::with_capacity(12),
        units: Vec::with_capacity(12 * word.len().min(16)),
    };
    let mut spellings = Vec::new();
    if word.bytes().all(|b| b.is_ascii_lowercase()) {
        // Two letters are spellings of nothing else.
        if word.len() < 3 {
            return Fold::empty(word);
        }
        builder.latin(word, &Tradition::ALL, None);
    } else if latin::is_latin(word) {
        latin::spellings(word, &mut spellings);
        for (at, spelling) in spellings.iter().enumerate() {
            let which =
                if at == 0 { &Tradition::ALL[..] } else { &[Tradition::Slavic, Tradition::Latin, Tradition::Arabic] };
            builder.latin(spelling, which, None);
        }
    } else if romanise::is_east_asian(word) {
        return Fold::empty(word);
    } else {
        let own = romanise::tradition(word);
        let known = !families(word).is_empty();
        if let Some(reading) = semitic::reading(word) {
            // The vowels of a known name are known: its letters alone say less.
            let penalty = if known { KNOWN } else { 0 };
            builder.add(Tradition::Arabic, reading.units(), From::Bare, penalty);
        }
        if let Some(reading) = semitic::as_slavic(word) {
            let penalty = if known { KNOWN } else { 0 };
            builder.add(Tradition::Slavic, reading.units(), From::Bare, penalty);
        }
        romanise::romanise(word, &mut spellings);
        // A guess at the vowels of a word written without them would only mislead.
        if own != Tradition::Arabic || known {
            for (at, spelling) in spellings.iter().enumerate() {
                if at < 2 && matches!(own, Tradition::Greek | Tradition::Caucasus)
                    || at == 0 && own != Tradition::Arabic
                {
                    builder.latin(spelling, &Tradition::ALL, Some(own));
                } else {
                    builder.latin(spelling, &[own], Some(own));
                }
            }
        }
    }
    let mut names = families(word);
    if names.is_empty() {
        // Marked Latin: known without the marks; with the article written together: without it.
        let plain = spellings.first().map_or(word, String::as_str);
        if romanise::tradition(word) != Tradition::Arabic {
            names = families(plain);
        }
        if names.is_empty()
            && let Some(rest) = bare(plain)
        {
            names = families(rest);
        }
    }
    let Builder { mut keys, mut forms, units } = builder;
    names.keys(b'#', &mut keys);
    let father = father(spellings.first().map_or(word, String::as_str));
    father.0.keys(if father.1 { b'+' } else { b'*' }, &mut keys);
    keys.sort_unstable();
    keys.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 |= next.1;
        }
        same
    });
    keys.truncate(KEYS);
    forms.sort_by_key(|form| form.tradition);
    let mut bloom = [0u64; 4];
    for (key, _) in &keys {
        if let Some(part) = bloom.get_mut((key >> 62) as usize) {
            *part |= 1 << ((key >> 56) & 63);
        }
    }
    let plain = spellings.first().map_or(word, String::as_str);
    Fold {
        text: hash(word.as_bytes()),
        likely: likely(word, plain, &names),
        bloom,
        keys: keys.iter().map(|(key, _)| *key).collect(),
        sources: keys.iter().map(|(_, from)| *from).collect(),
        forms: forms.into(),
        units: units.into(),
        families: names,
        father,
    }
}
