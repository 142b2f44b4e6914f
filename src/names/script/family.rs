//! Names whose spellings are known: tables of one name per line.

use super::key::hash;
use super::semitic;
use super::tradition::Tradition;
use crate::names::files;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

/// At most this many names of one spelling.
const NAMES: usize = 6;

/// The names that one spelling may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Families {
    /// Numbers of lines, counted from 1 through all tables; 0 for none.
    ids: [u16; NAMES],
    /// The tables they are in, a bit each.
    tables: u8,
}

impl Families {
    pub(super) fn is_empty(&self) -> bool {
        self.tables == 0
    }

    /// The traditions of the tables, a bit each.
    pub(super) fn traditions(&self) -> u8 {
        let of = |(table, (tradition, _)): (u8, &(Tradition, &str))| {
            if self.tables & 1 << table != 0 { tradition.bit() } else { 0 }
        };
        (0u8..).zip(&TABLES).map(of).fold(0, |all, bit| all | bit)
    }

    /// One name in common.
    pub(super) fn share(&self, other: &Families) -> bool {
        self.tables & other.tables != 0 && self.ids.iter().any(|id| *id != 0 && other.ids.contains(id))
    }

    /// Both known from one table, and none in common.
    pub(super) fn differ(&self, other: &Families) -> bool {
        self.tables & other.tables != 0 && !self.share(other)
    }

    /// The names of both.
    pub(super) fn with(mut self, other: Families) -> Families {
        for id in other.ids.iter().filter(|id| **id != 0) {
            if !self.ids.contains(id)
                && let Some(slot) = self.ids.iter_mut().find(|slot| **slot == 0)
            {
                *slot = *id;
                self.tables |= other.tables;
            }
        }
        self
    }

    /// Adds a sound key for each name, apart for each `role`.
    pub(super) fn keys(&self, role: u8, keys: &mut Vec<(u64, u8)>) {
        for id in self.ids.iter().filter(|id| **id != 0) {
            let [high, low] = id.to_be_bytes();
            keys.push((hash(&[role, high, low]), 0));
        }
    }

    fn add(&mut self, id: u16, table: u8) {
        if !self.ids.contains(&id)
            && let Some(slot) = self.ids.iter_mut().find(|slot| **slot == 0)
        {
            *slot = id;
            self.tables |= 1 << table;
        }
    }
}

struct Names {
    by_spelling: FxHashMap<String, Families>,
    /// Latin spellings of each native one, best first.
    latin: FxHashMap<String, Vec<&'static str>>,
}

static TABLES: [(Tradition, &str); 7] = [
    (Tradition::Arabic, files::NAMES_ARABIC),
    (Tradition::Slavic, files::NAMES_SLAVIC),
    (Tradition::Arabic, files::NAMES_HEBREW),
    (Tradition::Greek, files::NAMES_GREEK),
    (Tradition::Caucasus, files::NAMES_CAUCASUS),
    (Tradition::Indic, files::NAMES_INDIC),
    (Tradition::SouthEast, files::NAMES_SOUTHEAST),
];

static NAMES_READ: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { by_spelling: FxHashMap::default(), latin: FxHashMap::default() };
    let mut id = 0u16;
    for (table, (_, text)) in (0u8..).zip(TABLES) {
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((native, latin)) = line.split_once('\t') else {
                continue;
            };
            id = id.saturating_add(1);
            let natives = native.split_whitespace().filter(|word| *word != "-");
            for word in natives.clone().chain(latin.split_whitespace()) {
                names.by_spelling.entry(semitic::canonical(word)).or_default().add(id, table);
            }
            for word in natives {
                names.latin.entry(semitic::canonical(word)).or_default().extend(latin.split_whitespace());
            }
        }
    }
    names
});

/// Looks a word up: Latin as it is, other scripts by their canonical letters, and an Arabic word
/// without its article when it is not known with it.
fn find<'a, T>(table: &'a FxHashMap<String, T>, word: &str) -> Option<&'a T> {
    if word.is_ascii() {
        return table.get(word);
    }
    let canonical = semitic::canonical(word);
    table.get(&canonical).or_else(|| table.get(canonical.strip_prefix("ال").filter(|rest| rest.chars().count() >= 2)?))
}

/// The names a spelling (Latin or native) may stand for.
pub(super) fn families(word: &str) -> Families {
    find(&NAMES_READ.by_spelling, word).copied().unwrap_or_default()
}

/// The Latin spellings of a name written in its own script, best first.
pub(super) fn latin(native: &str) -> &'static [&'static str] {
    find(&NAMES_READ.latin, native).map_or(&[], Vec::as_slice)
}
