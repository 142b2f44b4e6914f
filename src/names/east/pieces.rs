//! The spelling pieces of Korean syllables (`data/names/east/korean.tsv` and `korean-cyrillic.tsv`).

use std::sync::LazyLock;

use super::arrange::{self, Cut};
use super::hangul::{self, Jamo};
use super::korean;
use super::syllable::Sound;

static LATIN_TEXT: &str = include_str!("../../../data/names/east/korean.tsv");
static CYRILLIC_TEXT: &str = include_str!("../../../data/names/east/korean-cyrillic.tsv");

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
pub(super) struct Pieces {
    initials: Vec<Piece>,
    medials: Vec<Piece>,
    finals: Vec<Piece>,
    wholes: Vec<(&'static str, Sound)>,
}

static LATIN: LazyLock<Pieces> = LazyLock::new(|| Pieces::parse(LATIN_TEXT));
static CYRILLIC: LazyLock<Pieces> = LazyLock::new(|| Pieces::parse(CYRILLIC_TEXT));

/// Pieces in Latin letters.
pub(super) fn latin() -> &'static Pieces {
    &LATIN
}

/// Pieces in Cyrillic letters.
pub(super) fn cyrillic() -> &'static Pieces {
    &CYRILLIC
}

/// Syllables of native given names.
pub(super) fn native() -> &'static str {
    let rows = LATIN_TEXT.lines().filter_map(|line| line.strip_prefix("native\t"));
    rows.filter_map(|row| row.split('\t').next()).next().unwrap_or_default()
}

/// Spellings that hardly occur but in Korean names.
pub(super) fn is_telling(part: &str) -> bool {
    ["eo", "eu", "yeo", "O", "U", "hy", "ky", "ry", "kw", "ch'", "p'", "t'", "k'"].iter().any(|sign| part.contains(sign))
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

    /// Every way to cut a part into syllables; with `exact`, o and u without a breve are only o and u.
    pub(super) fn cuts(&self, part: &str, exact: bool) -> Vec<Cut> {
        if !exact && let Some((_, sound)) = self.wholes.iter().find(|(spelling, _)| *spelling == part) {
            let mut sound = sound.clone();
            // What the pieces say too stays possible, at a little more.
            for (end, other) in self.at(part, 0, exact) {
                if end == part.len() {
                    for class in other.classes() {
                        sound.add(class.id(), class.cost().saturating_add(1));
                    }
                }
            }
            let mut all = vec![Cut { sounds: vec![sound], cost: 0 }];
            all.extend(arrange::cuts(part, &|place| self.at(part, place, exact)).into_iter().filter(|cut| cut.sounds.len() > 1));
            return all;
        }
        arrange::cuts(part, &|place| self.at(part, place, exact))
    }

    fn at(&self, part: &str, place: usize, exact: bool) -> Vec<(usize, Sound)> {
        let Some(text) = part.get(place..) else { return Vec::new() };
        // An apostrophe between syllables.
        let (skipped, text) = match text.strip_prefix('\'') {
            Some(rest) if place > 0 => (place + 1, rest),
            _ => (place, text),
        };
        let mut found: Vec<(usize, Sound)> = Vec::new();
        for initial in self.initials.iter().filter(|piece| text.starts_with(piece.spelling)) {
            let Some(behind) = text.get(initial.spelling.len()..) else { continue };
            for medial in self.medials.iter().filter(|piece| behind.starts_with(piece.spelling)) {
                let Some(rest) = behind.get(medial.spelling.len()..) else { continue };
                for last in self.finals.iter().filter(|piece| rest.starts_with(piece.spelling)) {
                    let closed = !last.spelling.is_empty();
                    if medial.place == Place::Open && closed || medial.place == Place::Closed && !closed {
                        continue;
                    }
                    let end = skipped + initial.spelling.len() + medial.spelling.len() + last.spelling.len();
                    let sound = together(initial, medial, last, exact);
                    if sound.is_empty() {
                        continue;
                    }
                    match found.iter_mut().find(|(known, _)| *known == end) {
                        Some((_, known)) => sound.classes().iter().for_each(|class| known.add(class.id(), class.cost())),
                        None => found.push((end, sound)),
                    }
                }
            }
        }
        found
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
