//! Spelling rules of a tradition: how Latin letters of unknown origin turn into sounds.
//!
//! The rules are data (`data/names/script/rules_*.tsv`). A rule file has five kinds of lines:
//! `class PHONEMES LETTER` (letter of the sound key, `-` for none), `near A B COST`,
//! `gap PHONEMES MID LAST FIRST`, `alien LETTERS POINTS` (letters, with `^` or `$` for a place, that
//! names of the tradition hardly have: points off, 30 and more: not of the tradition), and `rule LETTERS WHERE UNITS`, where WHERE holds any of
//! `^` (word start), `$` (end), `>V >F >C` (next is a vowel, a front vowel, no vowel),
//! `<V <C` (previous), and UNITS are units in the notation of `Unit`, with `|` between
//! alternatives and `-` for silence.

use super::units::{NEVER, PHONEMES, Unit, index, members};

/// At most this many alternative readings of one word are kept in one tradition.
const READINGS: usize = 4;
/// At most this many units of one reading.
pub(super) const UNITS: usize = 32;

#[derive(Debug, Default)]
struct Rule {
    letters: Box<[u8]>,
    start: bool,
    end: bool,
    next: Option<Next>,
    previous: Option<bool>,
    readings: Vec<Vec<Unit>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Vowel,
    Front,
    None,
}

/// Rules of one tradition, read from its file.
pub(super) struct Rules {
    by_first: Vec<Vec<Rule>>,
    class: [u8; PHONEMES],
    near: Box<[[u8; PHONEMES]; PHONEMES]>,
    gaps: [[u8; 3]; PHONEMES],
    alien: Vec<(Box<[u8]>, Place, u8)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Start,
    End,
    Any,
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

impl Rule {
    fn rank(&self) -> (usize, usize) {
        let flags = [
            self.start,
            self.end,
            self.next.is_some(),
            self.previous.is_some(),
        ];
        (
            self.letters.len(),
            flags.iter().filter(|set| **set).count(),
        )
    }

    fn fits(&self, word: &[u8], at: usize) -> bool {
        let Some(rest) = word.get(at..) else {
            return false;
        };
        if !rest.starts_with(&self.letters) || (self.start && at != 0) {
            return false;
        }
        let next = rest.get(self.letters.len()).copied();
        if self.end && next.is_some() {
            return false;
        }
        let next_fits = match self.next {
            None => true,
            Some(Next::Vowel) => next.is_some_and(is_vowel),
            Some(Next::Front) => matches!(next, Some(b'e' | b'i' | b'y')),
            Some(Next::None) => !next.is_some_and(is_vowel),
        };
        let previous_fits = self.previous.is_none_or(|vowel| {
            let before = at.checked_sub(1).and_then(|i| word.get(i));
            before.is_some_and(|b| is_vowel(*b) == vowel)
        });
        next_fits && previous_fits
    }
}

impl Rules {
    /// Reads a rule file.
    ///
    /// # Errors
    /// The first line that is not understood, with its number. The files are compiled in, so only
    /// a test sees it.
    pub(super) fn read(text: &str) -> Result<Rules, String> {
        let mut rules = Rules::empty();
        for (number, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            rules
                .line(line)
                .ok_or_else(|| format!("line {}: {line}", number + 1))?;
        }
        for list in &mut rules.by_first {
            list.sort_by_key(|rule| std::cmp::Reverse(rule.rank()));
        }
        // Gap costs are put into the units once, for the middle of a word.
        let gaps = rules.gaps;
        for unit in rules
            .by_first
            .iter_mut()
            .flatten()
            .flat_map(|rule| rule.readings.iter_mut().flatten())
        {
            unit.gap = gap(&gaps, unit, 0);
        }
        Ok(rules)
    }

    /// No rules at all.
    pub(super) fn empty() -> Rules {
        Rules {
            by_first: (0..26).map(|_| Vec::new()).collect(),
            class: [b'-'; PHONEMES],
            near: Box::new([[NEVER; PHONEMES]; PHONEMES]),
            gaps: [[NEVER; 3]; PHONEMES],
            alien: Vec::new(),
        }
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
                        *self.near.get_mut(x)?.get_mut(y)? = cost;
                        *self.near.get_mut(y)?.get_mut(x)? = cost;
                    }
                }
            }
            "alien" => {
                let letters = fields.next()?;
                let (letters, place) = match (letters.strip_prefix('^'), letters.strip_suffix('$'))
                {
                    (Some(rest), _) => (rest, Place::Start),
                    (None, Some(rest)) => (rest, Place::End),
                    (None, None) => (letters, Place::Any),
                };
                let points = fields.next()?.parse().ok()?;
                self.alien.push((letters.as_bytes().into(), place, points));
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
                let mut rule = Rule {
                    letters: letters.as_bytes().into(),
                    ..Rule::default()
                };
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
                    let units: Option<Vec<Unit>> = reading
                        .split_whitespace()
                        .filter(|unit| *unit != "-")
                        .map(Unit::parse)
                        .collect();
                    rule.readings.push(units?);
                }
                let first = letters.bytes().next()?.checked_sub(b'a')?;
                self.by_first.get_mut(usize::from(first))?.push(rule);
            }
            _ => return None,
        }
        Some(())
    }

    /// The readings of an ASCII lower-case word, most likely first, at most [`READINGS`]; other
    /// characters are passed over, and so is what lies beyond [`UNITS`] units.
    pub(super) fn read_word(&self, word: &[u8], readings: &mut Vec<Vec<Unit>>) {
        readings.clear();
        readings.push(Vec::with_capacity(word.len()));
        let mut at = 0;
        while at < word.len() {
            let rule = word
                .get(at)
                .and_then(|b| b.checked_sub(b'a'))
                .and_then(|first| self.by_first.get(usize::from(first)))
                .and_then(|list| list.iter().find(|rule| rule.fits(word, at)));
            let Some(rule) = rule else {
                at += 1;
                continue;
            };
            at += rule.letters.len();
            let before = readings.len();
            for alternative in rule.readings.iter().skip(1) {
                for i in 0..before {
                    if readings.len() < READINGS
                        && let Some(mut copy) = readings.get(i).cloned()
                    {
                        append(&mut copy, alternative);
                        readings.push(copy);
                    }
                }
            }
            if let Some(first) = rule.readings.first() {
                for reading in readings.iter_mut().take(before) {
                    append(reading, first);
                }
            }
        }
        for reading in readings.iter_mut() {
            self.mark_ends(reading);
        }
        readings.retain(|reading| !reading.is_empty());
    }

    /// Points off for letters that names of this tradition hardly have (the most of any).
    pub(super) fn alien(&self, word: &[u8]) -> u8 {
        let found = self.alien.iter().filter(|(letters, place, _)| match place {
            Place::Start => word.starts_with(letters),
            Place::End => word.ends_with(letters),
            Place::Any => word.windows(letters.len()).any(|part| part == &**letters),
        });
        found.map(|(_, _, points)| *points).max().unwrap_or(0)
    }

    /// Gap costs of the first and last unit, which a vowel may less easily lose.
    pub(super) fn mark_ends(&self, reading: &mut [Unit]) {
        if let Some(unit) = reading.last_mut() {
            unit.gap = gap(&self.gaps, unit, 1);
        }
        if let Some(unit) = reading.first_mut() {
            unit.gap = gap(&self.gaps, unit, 2);
        }
    }

    /// Gap cost of a unit in the middle of a word.
    pub(super) fn gap(&self, unit: &Unit) -> u8 {
        gap(&self.gaps, unit, 0)
    }

    /// Letter of the sound key that a phoneme has, `-` for none.
    pub(super) fn class(&self, phoneme: usize) -> u8 {
        self.class.get(phoneme).copied().unwrap_or(b'-')
    }

    /// Cost of two phonemes opposite each other.
    pub(super) fn near(&self, a: u8, b: u8) -> u8 {
        self.near
            .get(usize::from(a))
            .and_then(|row| row.get(usize::from(b)))
            .copied()
            .unwrap_or(NEVER)
    }
}

fn gap(gaps: &[[u8; 3]; PHONEMES], unit: &Unit, place: usize) -> u8 {
    members(unit.sure)
        .filter_map(|p| gaps.get(p).and_then(|costs| costs.get(place)))
        .min()
        .copied()
        .unwrap_or(NEVER)
}

/// Appends units; a consonant written twice is one, and so is a vowel.
fn append(reading: &mut Vec<Unit>, units: &[Unit]) {
    for unit in units {
        let doubled = reading.last().is_some_and(|last| last.sure == unit.sure);
        if !doubled && reading.len() < UNITS {
            reading.push(*unit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longest_rule_with_most_conditions_wins() {
        let rules = Rules::read(
            "# head\nclass\tsS\ts\nrule\ts\t\ts\nrule\tsh\t\tS\nrule\ts\t$\tz\nrule\ta\t\ta | o\n",
        )
        .unwrap();
        let mut out = Vec::new();
        rules.read_word(b"shass", &mut out);
        assert_eq!(out.len(), 2);
        let letters: Vec<u8> = out[0].iter().map(|u| u.main).collect();
        let want: Vec<u8> = b"Sasz"
            .iter()
            .map(|b| index(*b).unwrap() as u8)
            .collect();
        assert_eq!(letters, want);
        assert!(Rules::read("rule\ta\t!\ta\n").is_err());
        rules.read_word("š1".as_bytes(), &mut out);
        assert!(out.is_empty());
    }
}
