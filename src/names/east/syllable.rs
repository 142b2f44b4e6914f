//! What a name is read into: syllables, each with the classes it may stand for.
//!
//! A *class* is a sound of one tradition (a Hangul syllable, a pinyin or Jyutping syllable, the
//! hash of a Japanese or Vietnamese name part); a *cost* says how unusual it is that the written
//! form stands for that class (0 = the rule, 3 = a stretch). A *path* is one way to take the
//! syllables: which is the surname, where a joined word is cut.

use super::keys;

/// A family of names with rules of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tradition {
    /// Korean names: Hangul, hanja and every romanisation.
    Korean,
    /// Chinese names: Han characters, pinyin, Wade-Giles, Cantonese, southern spellings, Palladius.
    Chinese,
    /// Japanese names: kanji, kana, romaji.
    Japanese,
    /// Vietnamese names.
    Vietnamese,
}

impl Tradition {
    /// The word used in evidence.
    pub fn word(self) -> &'static str {
        match self {
            Tradition::Korean => "korean",
            Tradition::Chinese => "chinese",
            Tradition::Japanese => "japanese",
            Tradition::Vietnamese => "vietnamese",
        }
    }
}

/// Most syllables (or name parts) of one path.
pub(super) const MAX_SYLLABLES: usize = 8;
/// Most paths kept for one reading.
pub(super) const MAX_PATHS: usize = 6;
/// Most classes kept for one syllable.
pub(super) const MAX_CLASSES: usize = 16;
/// Set in the number of a written word whose reading no table gives: that it sounds otherwise says little.
pub(super) const UNLISTED: u32 = 0x0800_0000;
/// The highest cost a class may have and still be kept.
pub(super) const MAX_COST: u8 = 3;

/// A class with its cost, packed so that a sorted list can be merged: class in the upper 24 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class(u32);

impl Class {
    pub(super) fn new(class: u32, cost: u8) -> Class {
        Class((class & 0x00ff_ffff) << 8 | u32::from(cost))
    }

    pub(super) fn id(self) -> u32 {
        self.0 >> 8
    }

    pub(super) fn cost(self) -> u8 {
        (self.0 & 0xff) as u8
    }
}

/// One syllable while a name is being read: no allocation, copied freely.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sound {
    classes: [Class; MAX_CLASSES],
    len: u8,
    /// The Han character it was written with, folded; 0 if none.
    pub(super) han: u32,
}

impl Sound {
    /// A sound written with a Han character (folded), no class yet.
    pub(super) fn written(han: char) -> Sound {
        Sound { han: u32::from(han), ..Sound::default() }
    }

    /// The classes in the order they were added.
    pub(super) fn classes(&self) -> &[Class] {
        self.classes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// Adds a class or makes it cheaper; when full, the costliest gives way.
    pub(super) fn add(&mut self, class: u32, cost: u8) {
        if cost > MAX_COST {
            return;
        }
        let len = usize::from(self.len);
        let class = Class::new(class, cost);
        let known = self.classes.get_mut(..len).unwrap_or_default();
        if let Some(known) = known.iter_mut().find(|one| one.id() == class.id()) {
            *known = class.min(*known);
        } else if let Some(free) = self.classes.get_mut(len) {
            *free = class;
            self.len += 1;
        } else if let Some(worst) = self.classes.iter_mut().max_by_key(|one| one.cost()).filter(|one| one.cost() > cost)
        {
            *worst = class;
        }
    }

    /// Sets the cost of every class.
    pub(super) fn price(&mut self, cost: impl Fn(u32) -> u8) {
        for one in self.classes.get_mut(..usize::from(self.len)).unwrap_or_default() {
            *one = Class::new(one.id(), cost(one.id()));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn cheapest(&self) -> u8 {
        self.classes().iter().map(|one| one.cost()).min().unwrap_or(MAX_COST + 1)
    }
}

/// One way to take a name, while it is being read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Draft {
    pub(super) sounds: Vec<Sound>,
    pub(super) cost: u8,
    /// How unlikely this way is beside another of the same name, taken off the closeness (of 100).
    pub(super) doubt: u8,
    pub(super) surname_last: bool,
}

impl Draft {
    /// For sorting: the likeliest first.
    pub(super) fn rank(&self) -> u32 {
        u32::from(self.cost) + u32::from(self.doubt) / 5
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Syllable {
    pub(super) mask: u64,
    pub(super) han: u32,
    from: u16,
    len: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Path {
    pub(super) cost: u8,
    pub(super) doubt: u8,
    pub(super) surname_last: bool,
    from: u16,
    len: u8,
}

/// A name read in one tradition. Made once, compared often; holds no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Syllables {
    tradition: Tradition,
    sure: u8,
    foreign: u8,
    classes: Box<[Class]>,
    syllables: Box<[Syllable]>,
    paths: Box<[Path]>,
    keys: Box<[u64]>,
}

impl Syllables {
    /// The tradition the name was read in.
    pub fn tradition(&self) -> Tradition {
        self.tradition
    }

    /// How sure it is that the name belongs to the tradition, 0..=100.
    pub fn sure(&self) -> u8 {
        self.sure
    }

    /// Words put in front or behind that are no syllables of the tradition ("Jack" of "Jack Ma Yun").
    pub fn foreign(&self) -> u8 {
        self.foreign
    }

    /// Syllables of the likeliest path, surname included.
    pub fn count(&self) -> u8 {
        self.paths.first().map_or(0, |path| path.len)
    }

    /// Sound keys: two spellings of one name share at least one (as far as the tables reach).
    /// At most 24, no order.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    pub(super) fn build(tradition: Tradition, sure: u8, foreign: u8, mut drafts: Vec<Draft>) -> Option<Syllables> {
        drafts.retain(|draft| {
            !draft.sounds.is_empty()
                && draft.sounds.len() <= MAX_SYLLABLES
                && draft.sounds.iter().all(|sound| !sound.is_empty() || sound.han != 0)
        });
        drafts.sort_by_key(Draft::rank);
        let mut kept: Vec<Draft> = Vec::new();
        for draft in drafts {
            if kept.len() < MAX_PATHS && !kept.iter().any(|known| known.sounds == draft.sounds) {
                kept.push(draft);
            }
        }
        if kept.is_empty() {
            return None;
        }
        let keys = keys::of(tradition, &kept);
        let (mut classes, mut syllables, mut paths) = (Vec::new(), Vec::new(), Vec::new());
        for draft in &kept {
            let from = u16::try_from(syllables.len()).unwrap_or(u16::MAX);
            for sound in &draft.sounds {
                let at = classes.len();
                classes.extend_from_slice(sound.classes());
                classes.get_mut(at..).unwrap_or_default().sort_unstable();
                syllables.push(Syllable {
                    mask: sound.classes().iter().fold(0, |mask, class| mask | bit(class.id())),
                    han: sound.han,
                    from: u16::try_from(at).unwrap_or(u16::MAX),
                    len: sound.len,
                });
            }
            paths.push(Path {
                cost: draft.cost,
                doubt: draft.doubt,
                surname_last: draft.surname_last,
                from,
                len: u8::try_from(draft.sounds.len()).unwrap_or(u8::MAX),
            });
        }
        Some(Syllables {
            tradition,
            sure,
            foreign,
            classes: classes.into(),
            syllables: syllables.into(),
            paths: paths.into(),
            keys: keys.into(),
        })
    }

    pub(super) fn paths(&self) -> &[Path] {
        &self.paths
    }

    pub(super) fn syllables(&self, path: &Path) -> &[Syllable] {
        let from = usize::from(path.from);
        self.syllables.get(from..from + usize::from(path.len)).unwrap_or_default()
    }

    pub(super) fn classes(&self, syllable: &Syllable) -> &[Class] {
        let from = usize::from(syllable.from);
        self.classes.get(from..from + usize::from(syllable.len)).unwrap_or_default()
    }
}

fn bit(class: u32) -> u64 {
    1 << (class.wrapping_mul(0x9e37_79b1) >> 26)
}

/// A 24-bit class for a text, for traditions whose sounds are not counted.
pub(super) fn hashed(text: &str) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    ((hash >> 40) ^ (hash & 0x00ff_ffff)) as u32 & 0x00ff_ffff
}
