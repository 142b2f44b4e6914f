//! Spelling rules of a tradition: how Latin letters of unknown origin turn into sounds.
//!
//! The rules are data (`data/names/script/rules_*.tsv`). A rule file has five kinds of lines:
//! `class PHONEMES LETTER` (letter of the sound key, `-` for none), `near A B COST`,
//! `gap PHONEMES MID LAST FIRST`, `alien LETTERS POINTS` (letters, with `^` or `$` for a place, that
//! names of the tradition hardly have: points off, 30 and more: not of the tradition), and `rule LETTERS WHERE UNITS`, where WHERE holds any of
//! `^` (word start), `$` (end), `>V >F >C` (next is a vowel, a front vowel, no vowel),
//! `<V <C` (previous), and UNITS are units in the notation of `Unit`, with `|` between
//! alternatives and `-` for silence.

use super::reading::Readings;
use super::units::{NEVER, PHONEMES, Unit, index, members};
use crate::names::chars::vowel;
use rustc_hash::FxHashMap;

#[derive(Debug, Default)]
struct Rule {
    letters: Box<[u8]>,
    start: bool,
    end: bool,
    next: Option<Next>,
    previous: Option<bool>,
    readings: Vec<Vec<u16>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Vowel,
    Front,
    None,
}

/// Rules of one tradition, read from its file.
pub(super) struct Rules {
    /// Every different unit, in the order of first mention, with its text.
    units: Vec<Unit>,
    texts: FxHashMap<String, u16>,
    rules: Vec<Rule>,
    /// Rules that may begin with two letters (27 times the first, plus the second or 26), best
    /// first.
    heads: Vec<Head>,
    /// Where in `heads` those of a pair lie.
    by_pair: Vec<(u16, u16)>,
    class: [u8; PHONEMES],
    near: Box<[u8; 4096]>,
    gaps: [[u8; 3]; PHONEMES],
    alien: Vec<Alien>,
}

/// What decides most of a rule at a place where its first two letters are known to be: kept close
/// together, because every letter of every word asks for it.
#[derive(Debug, Clone, Copy)]
struct Head {
    rule: u16,
    /// The third letter, 0 for none.
    third: u8,
    letters: u8,
    start: bool,
    end: bool,
    next: Option<Next>,
    /// After a vowel (or not).
    previous: Option<bool>,
}

/// Letters that names of a tradition hardly have.
struct Alien {
    letters: Box<[u8]>,
    set: u32,
    place: Place,
    points: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    End,
    Any,
}

/// The letters of a word, a bit each.
fn letter_set(word: &[u8]) -> u32 {
    word.iter().filter(|b| b.is_ascii_lowercase()).fold(0, |set, b| set | 1 << (b - b'a'))
}

impl Rule {
    fn rank(&self) -> (usize, usize) {
        let flags = [self.start, self.end, self.next.is_some(), self.previous.is_some()];
        (self.letters.len(), flags.iter().filter(|set| **set).count())
    }
}

impl Head {
    /// Whether the conditions hold, the letters beyond the third left out.
    fn fits(&self, word: &[u8], at: usize) -> bool {
        let length = usize::from(self.letters);
        let there = |i: usize| word.get(i).copied();
        if self.third != 0 && there(at + 2) != Some(self.third) || self.start && at != 0 {
            return false;
        }
        let next = there(at + length);
        let next_fits = match self.next {
            None => true,
            Some(Next::Vowel) => next.is_some_and(vowel),
            Some(Next::Front) => matches!(next, Some(b'e' | b'i' | b'y')),
            Some(Next::None) => !next.is_some_and(vowel),
        };
        let before = || at.checked_sub(1).and_then(there).is_some_and(|b| vowel(b) == (self.previous == Some(true)));
        next_fits && (!self.end || next.is_none()) && (self.previous.is_none() || before())
    }
}

impl Rules {
    /// Reads a rule file. `more` are units that other tables use; `!` after one makes it cost nothing
    /// to leave out.
    ///
    /// # Errors
    /// The first line that is not understood, with its number. The files are compiled in, so only
    /// a test sees it.
    pub(super) fn read<'a>(text: &str, more: impl Iterator<Item = &'a str>) -> Result<Rules, String> {
        let mut rules = Rules::empty();
        for unit in more {
            rules.intern(unit).ok_or_else(|| format!("unit {unit}"))?;
        }
        for (number, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            rules.line(line).ok_or_else(|| format!("line {}: {line}", number + 1))?;
        }
        rules.rules.sort_by_key(|rule| std::cmp::Reverse(rule.rank()));
        rules.index();
        let free: Vec<u16> = rules.texts.iter().filter(|(text, _)| text.ends_with('!')).map(|(_, id)| *id).collect();
        for (id, unit) in (0u16..).zip(&mut rules.units) {
            let gaps = [0, 1, 2].map(|place| gap(&rules.gaps, unit, place));
            unit.gaps = if free.contains(&id) { [0; 3] } else { gaps };
            unit.classes = classes(&rules.class, unit);
        }
        Ok(rules)
    }

    /// No rules at all.
    pub(super) fn empty() -> Rules {
        Rules {
            units: Vec::new(),
            texts: FxHashMap::default(),
            rules: Vec::new(),
            heads: Vec::new(),
            by_pair: Vec::new(),
            class: [b'-'; PHONEMES],
            near: Box::new([NEVER; 4096]),
            gaps: [[NEVER; 3]; PHONEMES],
            alien: Vec::new(),
        }
    }

    /// The number of a unit, which is taken into the table when it is new.
    fn intern(&mut self, text: &str) -> Option<u16> {
        if let Some(id) = self.texts.get(text) {
            return Some(*id);
        }
        let id = u16::try_from(self.units.len()).ok()?;
        self.units.push(Unit::parse(text.trim_end_matches('!'))?);
        self.texts.insert(text.to_owned(), id);
        Some(id)
    }

    /// The number of a unit by its text.
    pub(super) fn number(&self, text: &str) -> Option<u16> {
        self.texts.get(text).copied()
    }

    /// The unit of a number.
    pub(super) fn unit(&self, id: u16) -> &Unit {
        self.units.get(usize::from(id)).unwrap_or(&Unit::NONE)
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let mut fields = line.split('\t');
        match fields.next()? {
            "class" => {
                let of = fields.next()?;
                let letter = *fields.next()?.as_bytes().first()?;
                for phoneme in of.bytes() {
                    *self.class.get_mut(index(phoneme)?)? = letter;
                }
            }
            "near" => {
                let a = fields.next()?;
                let b = fields.next()?;
                let cost: u8 = fields.next()?.parse().ok()?;
                for x in a.bytes() {
                    for y in b.bytes() {
                        let (x, y) = (index(x)?, index(y)?);
                        *self.near.get_mut(x << 6 | y)? = cost;
                        *self.near.get_mut(y << 6 | x)? = cost;
                    }
                }
            }
            "alien" => {
                let letters = fields.next()?;
                let (letters, place) = match (letters.strip_prefix('^'), letters.strip_suffix('$')) {
                    (Some(rest), _) => (rest, Place::Start),
                    (None, Some(rest)) => (rest, Place::End),
                    (None, None) => (letters, Place::Any),
                };
                let points = fields.next()?.parse().ok()?;
                self.alien.push(Alien {
                    letters: letters.as_bytes().into(),
                    set: letter_set(letters.as_bytes()),
                    place,
                    points,
                });
            }
            "gap" => {
                let of = fields.next()?;
                let costs: Vec<u8> = fields.filter_map(|f| f.parse().ok()).collect();
                let costs = [*costs.first()?, *costs.get(1)?, *costs.get(2)?];
                for phoneme in of.bytes() {
                    *self.gaps.get_mut(index(phoneme)?)? = costs;
                }
            }
            "rule" => {
                let letters = fields.next()?;
                let mut rule = Rule { letters: letters.as_bytes().into(), ..Rule::default() };
                for flag in fields.next()?.split_whitespace() {
                    match flag {
                        "^" => rule.start = true,
                        "$" => rule.end = true,
                        ">V" => rule.next = Some(Next::Vowel),
                        ">F" => rule.next = Some(Next::Front),
                        ">C" => rule.next = Some(Next::None),
                        "<V" => rule.previous = Some(true),
                        "<C" => rule.previous = Some(false),
                        _ => return None,
                    }
                }
                for reading in fields.next()?.split('|') {
                    let units: Option<Vec<u16>> =
                        reading.split_whitespace().filter(|unit| *unit != "-").map(|unit| self.intern(unit)).collect();
                    rule.readings.push(units?);
                }
                if letters.is_empty() || !letters.bytes().all(|b| b.is_ascii_lowercase()) {
                    return None;
                }
                self.rules.push(rule);
            }
            _ => return None,
        }
        Some(())
    }

    fn index(&mut self) {
        for first in b'a'..=b'z' {
            for second in (b'a'..=b'z').chain([0]) {
                let start = self.heads.len();
                for (number, rule) in (0u16..).zip(&self.rules) {
                    let letters = &rule.letters;
                    let own = letters.first() == Some(&first) && letters.get(1).is_none_or(|l| *l == second);
                    if own {
                        self.heads.push(Head {
                            rule: number,
                            third: letters.get(2).copied().unwrap_or(0),
                            letters: u8::try_from(letters.len()).unwrap_or(u8::MAX),
                            start: rule.start,
                            end: rule.end,
                            next: rule.next,
                            previous: rule.previous,
                        });
                    }
                }
                let place = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
                self.by_pair.push((place(start), place(self.heads.len())));
            }
        }
    }

    fn rule_at(&self, word: &[u8], at: usize) -> Option<&Rule> {
        let letter = |i: usize| word.get(i).filter(|b| b.is_ascii_lowercase()).map(|b| usize::from(b - b'a'));
        let (from, to) = *self.by_pair.get(letter(at)? * 27 + letter(at + 1).unwrap_or(26))?;
        for head in self.heads.get(usize::from(from)..usize::from(to))? {
            if head.fits(word, at) {
                let rule = self.rules.get(usize::from(head.rule))?;
                if head.letters <= 3 || word.get(at..).is_some_and(|rest| rest.starts_with(&rule.letters)) {
                    return Some(rule);
                }
            }
        }
        None
    }

    /// The readings of an ASCII lower-case word, most likely first, at most four; other
    /// characters are passed over, and so is what lies beyond 32 units.
    pub(super) fn read_word(&self, word: &[u8], readings: &mut Readings) {
        readings.restart();
        let mut at = 0;
        while at < word.len() {
            match self.rule_at(word, at) {
                Some(rule) => {
                    at += rule.letters.len();
                    readings.branch(&rule.readings, &self.units);
                }
                None => at += 1,
            }
        }
    }

    /// Points off for letters that names of this tradition hardly have (the most of any).
    pub(super) fn alien(&self, word: &[u8]) -> u8 {
        let all = letter_set(word);
        let found = self.alien.iter().filter(|alien| {
            alien.set & !all == 0
                && match alien.place {
                    Place::Start => word.starts_with(&alien.letters),
                    Place::End => word.ends_with(&alien.letters),
                    Place::Any if alien.letters.len() == 1 => true,
                    Place::Any => word.windows(alien.letters.len()).any(|part| part == &*alien.letters),
                }
        });
        found.map(|alien| alien.points).max().unwrap_or(0)
    }

    /// Cost of two phonemes opposite each other.
    pub(super) fn near(&self, a: u8, b: u8) -> u8 {
        let place = usize::from(a & 63) << 6 | usize::from(b & 63);
        self.near.get(place).copied().unwrap_or(NEVER)
    }
}

/// The different key letters of a unit's phonemes.
fn classes(class: &[u8; PHONEMES], unit: &Unit) -> [u8; 4] {
    let mut out = [0; 4];
    let mut count = 0;
    for phoneme in members(unit.sure).chain(members(unit.maybe)) {
        let letter = class.get(phoneme).copied().unwrap_or(b'-');
        if !out.iter().take(count).any(|seen| *seen == letter)
            && let Some(slot) = out.get_mut(count)
        {
            *slot = letter;
            count += 1;
        }
    }
    out
}

fn gap(gaps: &[[u8; 3]; PHONEMES], unit: &Unit, place: usize) -> u8 {
    members(unit.sure).filter_map(|p| gaps.get(p).and_then(|costs| costs.get(place))).min().copied().unwrap_or(NEVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_rule_with_most_conditions_wins() {
        let rules = Rules::read(
            "# head\nclass\tsS\ts\nrule\ts\t\ts\nrule\tsh\t\tS\nrule\ts\t$\tz\nrule\ta\t\ta | o\n",
            std::iter::empty(),
        )
        .unwrap();
        let mut out = Readings::new();
        rules.read_word(b"shass", &mut out);
        let letters: Vec<Vec<u8>> =
            out.iter().map(|reading| reading.iter().map(|u| rules.unit(*u).main).collect()).collect();
        let want = |word: &[u8]| -> Vec<u8> { word.iter().map(|b| index(*b).unwrap() as u8).collect() };
        assert_eq!(letters, [want(b"Sasz"), want(b"Sosz")]);
        assert!(Rules::read("rule\ta\t!\ta\n", std::iter::empty()).is_err());
        rules.read_word("š1".as_bytes(), &mut out);
        assert!(out.iter().all(<[u16]>::is_empty));
    }
}
