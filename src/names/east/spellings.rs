//! Every Latin and Cyrillic spelling of a Chinese syllable, by romanisation.

use crate::names::files;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::arrange::{self, Cut, Edge};
use super::syllable::Sound;
use super::{cantonese, han, pinyin};

/// Romanisations, as bits of a set.
pub(super) const PINYIN: u8 = 1;
pub(super) const WADE: u8 = 2;
pub(super) const CANTONESE: u8 = 4;
pub(super) const SOUTHERN: u8 = 8;
pub(super) const PALLADIUS: u8 = 16;
/// Palladius put into Latin letters (Si Tszinpin).
pub(super) const RUSSIAN: u8 = 32;
/// All but the roundabout one.
pub(super) const ALL: u8 = 31;

/// Longest spelling of one syllable, in bytes (Cyrillic letters have two).
const LONGEST: usize = 16;
/// Longest part looked at, in bytes.
const MAX_BYTES: usize = 64;

#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    scheme: u8,
    class: u32,
    cost: u8,
}

#[derive(Debug, Default)]
struct Spellings {
    all: FxHashMap<String, Vec<Entry>>,
}

static SPELLINGS: LazyLock<Spellings> = LazyLock::new(Spellings::make);

impl Spellings {
    fn add(&mut self, spelling: &str, scheme: u8, class: u32, cost: u8) {
        let entries = self.all.entry(spelling.to_owned()).or_default();
        match entries.iter_mut().find(|entry| entry.scheme == scheme && entry.class == class) {
            Some(entry) => entry.cost = entry.cost.min(cost),
            None => entries.push(Entry { scheme, class, cost }),
        }
    }

    fn make() -> Spellings {
        let mut all = Spellings::default();
        for (class, syllable) in pinyin::all() {
            all.add(syllable, PINYIN, class, 0);
            // The umlaut is often left out or written yu.
            if let Some(rest) = syllable.strip_prefix("lv").or(syllable.strip_prefix("nv")) {
                let initial = syllable.get(..1).unwrap_or_default();
                all.add(&format!("{initial}u{rest}"), PINYIN, class, if rest.is_empty() { 1 } else { 0 });
                all.add(&format!("{initial}yu{rest}"), PINYIN, class, 0);
            }
            all.wade(syllable, class);
            let russian = pinyin::palladius(syllable);
            all.add(&russian, PALLADIUS, class, 0);
            all.add(&from_russian(&russian), RUSSIAN, class, 1);
            all.add(&from_russian(&russian).replace('\'', ""), RUSSIAN, class, 1);
            if let Some(hard) = russian.strip_suffix('ь') {
                all.add(hard, PALLADIUS, class, 2);
            }
            if syllable == "hui" {
                all.add("хуэй", PALLADIUS, class, 0);
                all.add("хой", PALLADIUS, class, 1);
            }
            if russian.contains("эй") {
                all.add(&russian.replace('э', "е"), PALLADIUS, class, 1);
            }
        }
        for (class, spelling, cost) in cantonese::spellings() {
            all.add(&spelling, CANTONESE, class, cost);
            for (other, more) in cantonese::mandarin(class) {
                all.add(&spelling, CANTONESE, *other, cost.saturating_add(*more));
            }
        }
        let southern = files::CHINESE_SOUTHERN;
        for line in southern.lines().filter(|line| !line.starts_with('#')) {
            let Some((spelling, letters)) = line.split_once('\t') else { continue };
            for known in letters.chars().filter_map(han::character) {
                if let Some(class) = known.pinyin().next().and_then(pinyin::class) {
                    all.add(spelling, SOUTHERN, class, 1);
                }
            }
        }
        for row in super::chinese::surnames() {
            for spelling in row.spellings.split_whitespace().filter(|one| *one != "-") {
                if let [class] = row.classes[..] {
                    all.add(spelling, SOUTHERN, class, 1);
                }
            }
        }
        all
    }

    fn wade(&mut self, syllable: &str, class: u32) {
        let exact = pinyin::wade(syllable);
        let mut forms = vec![exact.clone()];
        match syllable {
            "si" => forms.push("szu".to_owned()),
            "er" => forms.push("eh".to_owned()),
            "yi" => forms.push("yi".to_owned()),
            "ying" => forms.push("ing".to_owned()),
            "rong" => forms.push("yung".to_owned()),
            "ge" | "ke" | "he" => forms.push(exact.replace('o', "e")),
            _ => {}
        }
        // Taiwan's second phonetic system (1986) writes j for zh and sh for x, Tongyong (2002) jh for zh.
        if let Some(rest) = syllable.strip_prefix("zh") {
            self.add(&format!("j{rest}"), WADE, class, 2);
            self.add(&format!("jh{rest}"), WADE, class, 1);
        }
        if let Some(rest) = syllable.strip_prefix("xi").filter(|rest| !rest.is_empty()) {
            self.add(&format!("shi{}", rest.replace("ong", "ung")), WADE, class, 2);
        }
        for form in forms {
            for plain in [form.replace('v', "u"), form.clone()] {
                self.add(&plain, WADE, class, 0);
                if plain.contains('\'') {
                    self.add(&plain.replace('\'', ""), WADE, class, 1);
                }
            }
        }
    }
}

/// The usual Latin letters for Russian ones.
fn from_russian(text: &str) -> String {
    let letter = |letter: char| match letter {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' => "g",
        'д' => "d",
        'е' | 'э' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' => "i",
        'й' | 'ы' => "y",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'ь' => "'",
        'ю' => "yu",
        'я' => "ya",
        _ => "",
    };
    text.chars().map(letter).collect()
}

/// A part of a word with the syllables found in it.
#[derive(Debug, Clone)]
pub(super) struct Part {
    length: usize,
    /// Offsets, whether a vowel opens a later syllable without an apostrophe, and what the letters may stand for.
    edges: Vec<(u8, u8, bool, &'static [Entry])>,
    /// The romanisations that cover the part wholly.
    pub(super) schemes: u8,
}

impl Part {
    /// Looks up every stretch of the part that can follow the start.
    pub(super) fn new(part: &str) -> Part {
        let mut edges: Vec<(u8, u8, bool, &'static [Entry])> = Vec::new();
        let mut reached = [0_u8; MAX_BYTES + 1];
        reached[0] = ALL | RUSSIAN;
        for from in 0..part.len().min(MAX_BYTES) {
            let before = reached.get(from).copied().unwrap_or(0);
            let Some(rest) = part.get(from..).filter(|_| before != 0) else { continue };
            // Marks between syllables: an apostrophe, a hard sign.
            let skipped = match rest.chars().next() {
                Some('\'') if from > 0 => 1,
                Some('ъ') if from > 0 => 2,
                _ => 0,
            };
            let rest = rest.get(skipped..).unwrap_or_default();
            let bare = from > 0 && skipped == 0 && rest.starts_with(['a', 'e', 'o']);
            for length in 1..=rest.len().min(LONGEST) {
                let Some(entries) = rest.get(..length).and_then(|spelling| SPELLINGS.all.get(spelling)) else {
                    continue;
                };
                let to = from + skipped + length;
                let Some(slot) = reached.get_mut(to) else { continue };
                *slot |= entries.iter().fold(0, |set, entry| set | entry.scheme) & before;
                if let (Ok(from), Ok(to)) = (u8::try_from(from), u8::try_from(to)) {
                    edges.push((from, to, bare, entries));
                }
            }
        }
        Part { length: part.len(), edges, schemes: reached.get(part.len()).copied().unwrap_or(0) }
    }

    /// Whether the part may be one syllable.
    pub(super) fn whole(&self) -> bool {
        self.edges.iter().any(|(from, to, ..)| *from == 0 && usize::from(*to) == self.length)
    }

    /// Ways to cut the part in the given romanisations.
    pub(super) fn cuts(&self, schemes: u8) -> Vec<Cut> {
        let edges: Vec<Edge> = self
            .edges
            .iter()
            .filter_map(|(from, to, bare, entries)| {
                let mut sound = Sound::default();
                for entry in entries.iter().filter(|entry| entry.scheme & schemes != 0) {
                    sound.add(entry.class, entry.cost + u8::from(*bare));
                }
                (!sound.is_empty()).then_some(Edge { from: *from, to: *to, sound })
            })
            .collect();
        arrange::cuts(self.length, &edges)
    }
}
