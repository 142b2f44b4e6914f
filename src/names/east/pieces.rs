//! The spelling pieces of Korean syllables (`data/names/east/korean.tsv` and `korean-cyrillic.tsv`).

use crate::names::files;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::arrange::{self, Cut};
use super::hangul::{self, Jamo};
use super::korean;
use super::syllable::Sound;

static LATIN_TEXT: &str = files::KOREAN;
static CYRILLIC_TEXT: &str = files::KOREAN_CYRILLIC;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Any,
    Open,
    Closed,
}

#[derive(Debug)]
struct Piece {
    spelling: &'static str,
    /// Jamo number and cost.
    jamo: Vec<(u32, u8)>,
    place: Place,
}

/// A table of pieces for one script.
#[derive(Debug, Default)]
struct Pieces {
    initials: Vec<Piece>,
    medials: Vec<Piece>,
    finals: Vec<Piece>,
    wholes: Vec<(&'static str, Sound)>,
}

/// Syllables by their spelling.
#[derive(Debug)]
pub(super) struct Spelled {
    syllables: FxHashMap<String, Sound>,
    /// Words that stand for one syllable as they are.
    wholes: FxHashMap<&'static str, Sound>,
}

/// Longest spelling of a syllable, in bytes (Cyrillic letters have two).
const LONGEST: usize = 14;

static LATIN: LazyLock<Spelled> = LazyLock::new(|| Spelled::make(LATIN_TEXT, false));
static EXACT: LazyLock<Spelled> = LazyLock::new(|| Spelled::make(LATIN_TEXT, true));
static CYRILLIC: LazyLock<Spelled> = LazyLock::new(|| Spelled::make(CYRILLIC_TEXT, false));

/// Syllables in Latin letters.
pub(super) fn latin() -> &'static Spelled {
    &LATIN
}

/// Syllables in Latin letters of names that use breves: there o and u without one are only o and u.
pub(super) fn exact() -> &'static Spelled {
    &EXACT
}

/// Syllables in Cyrillic letters.
pub(super) fn cyrillic() -> &'static Spelled {
    &CYRILLIC
}

/// Syllables of native given names.
pub(super) fn native() -> &'static str {
    let rows = LATIN_TEXT.lines().filter_map(|line| line.strip_prefix("native\t"));
    rows.filter_map(|row| row.split('\t').next()).next().unwrap_or_default()
}

/// Spellings that hardly occur but in Korean names.
pub(super) fn is_telling(part: &str) -> bool {
    ["eo", "eu", "yeo", "O", "U", "hy", "ky", "ry", "kw", "ch'", "p'", "t'", "k'"]
        .iter()
        .any(|sign| part.contains(sign))
        || matches!(part, "kim" | "park" | "pak" | "choi" | "choe" | "yoon" | "jong" | "jung" | "hyok" | "chol" | "sok")
}

fn pairs(text: &str, number: fn(char) -> Option<u32>) -> Vec<(u32, u8)> {
    let one = |pair: &str| {
        let (jamo, cost) = pair.split_once(':')?;
        Some((number(jamo.chars().next()?)?, cost.parse().ok()?))
    };
    text.split(',').filter_map(one).collect()
}

impl Pieces {
    fn parse(text: &'static str) -> Pieces {
        let mut all = Pieces::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut columns = line.split('\t');
            let (Some(kind), Some(spelling), Some(jamo)) = (columns.next(), columns.next(), columns.next()) else {
                continue;
            };
            let place = match columns.next() {
                Some("open") => Place::Open,
                Some("closed") => Place::Closed,
                _ => Place::Any,
            };
            let spelling = spelling.trim_start_matches('-');
            match kind {
                "initial" => all.initials.push(Piece { spelling, jamo: pairs(jamo, hangul::initial), place }),
                "medial" => all.medials.push(Piece { spelling, jamo: pairs(jamo, hangul::medial), place }),
                "final" => all.finals.push(Piece { spelling, jamo: pairs(jamo, hangul::last), place }),
                "whole" => {
                    let mut sound = Sound::default();
                    for pair in jamo.split(',') {
                        let Some((syllable, cost)) = pair.split_once(':') else { continue };
                        let syllable = syllable.chars().next().and_then(hangul::take_apart);
                        if let (Some(jamo), Ok(cost)) = (syllable, cost.parse()) {
                            sound.add(jamo.class(), cost);
                        }
                    }
                    all.wholes.push((spelling, sound));
                }
                _ => {}
            }
        }
        all
    }

    /// Puts every initial, medial and final together; with `exact`, o and u without a breve are only o and u.
    fn syllables(&self, exact: bool) -> FxHashMap<String, Sound> {
        let mut all: FxHashMap<String, Sound> = FxHashMap::default();
        for initial in &self.initials {
            for medial in &self.medials {
                for last in &self.finals {
                    let closed = !last.spelling.is_empty();
                    if medial.place == Place::Open && closed || medial.place == Place::Closed && !closed {
                        continue;
                    }
                    let sound = together(initial, medial, last, exact);
                    if !sound.is_empty() {
                        let spelling = [initial.spelling, medial.spelling, last.spelling].concat();
                        let known = all.entry(spelling).or_default();
                        sound.classes().iter().for_each(|class| known.add(class.id(), class.cost()));
                    }
                }
            }
        }
        all
    }
}

impl Spelled {
    fn make(text: &'static str, exact: bool) -> Spelled {
        let pieces = Pieces::parse(text);
        let syllables = pieces.syllables(exact);
        let mut wholes = FxHashMap::default();
        for (spelling, mut sound) in pieces.wholes {
            // What the pieces say too stays possible, at a little more.
            for class in syllables.get(spelling).map(Sound::classes).unwrap_or_default() {
                sound.add(class.id(), class.cost().saturating_add(1));
            }
            wholes.insert(spelling, sound);
        }
        Spelled { syllables, wholes: if exact { FxHashMap::default() } else { wholes } }
    }

    /// Every way to cut a part into syllables.
    pub(super) fn cuts(&self, part: &str) -> Vec<Cut> {
        let edges = arrange::edges(part, |from, found| {
            // An apostrophe between syllables.
            let skipped = usize::from(from > 0 && part.get(from..).is_some_and(|rest| rest.starts_with('\'')));
            let Some(rest) = part.get(from + skipped..) else { return };
            for length in 1..=rest.len().min(LONGEST) {
                if let Some(sound) = rest.get(..length).and_then(|spelling| self.syllables.get(spelling)) {
                    found(from + skipped + length, *sound);
                }
            }
        });
        let mut all = arrange::cuts(part.len(), &edges);
        if let Some(sound) = self.wholes.get(part) {
            all.retain(|cut| cut.sounds.len() > 1);
            all.insert(0, Cut { sounds: vec![*sound], cost: 0 });
        }
        all
    }
}

fn together(initial: &Piece, medial: &Piece, last: &Piece, exact: bool) -> Sound {
    let mut sound = Sound::default();
    for (first, cost) in &initial.jamo {
        for (vowel, more) in &medial.jamo {
            if exact && !spelled_out(medial.spelling, *vowel) {
                continue;
            }
            for (end, most) in &last.jamo {
                let jamo = Jamo { initial: *first, medial: *vowel, last: *end };
                let cost = cost + more + most;
                if korean::valid(jamo.class()) {
                    sound.add(jamo.class(), cost);
                } else if let Some(plain) = jamo.palatal().filter(|plain| korean::valid(plain.class())) {
                    sound.add(plain.class(), cost);
                } else if jamo.initial == hangul::NIEUN && jamo.headed().is_some() {
                    let written = Jamo { initial: hangul::RIEUL, ..jamo }.class();
                    if korean::valid(written) {
                        sound.add(written, cost + 1);
                    }
                }
            }
        }
    }
    sound
}

/// In a name that uses breves, o and u without one are o and u.
fn spelled_out(spelling: &str, vowel: u32) -> bool {
    !matches!((spelling, vowel), ("o", 4) | ("yo", 6) | ("u", 4 | 18) | ("yu", 6))
}
