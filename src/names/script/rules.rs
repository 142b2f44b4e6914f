//! Spelling rules of a tradition: how Latin letters of unknown origin turn into sounds.
//!
//! The rules are data (`data/names/script/rules_*.tsv`). A rule file has five kinds of lines:
//! `class PHONEMES LETTER` (letter of the sound key, `-` for none), `near A B COST`,
//! `gap PHONEMES MID LAST FIRST`, `alien LETTERS POINTS` (letters, with `^` or `$` for a place, that
//! names of the tradition hardly have: points off, 30 and more: not of the tradition), and `rule LETTERS WHERE UNITS`, where WHERE holds any of
//! `^` (word start), `$` (end), `>V >F >C` (next is a vowel, a front vowel, no vowel),
//! `<V <C` (previous), and UNITS are units in the notation of `Unit`, with `|` between
//! alternatives and `-` for silence.

use super::reading::{Reading, Readings};
use super::units::{NEVER, PHONEMES, Unit, index, members};

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
    rules: Vec<Rule>,
    /// Rules that may begin with two letters (27 times the first, plus the second or 26), best
    /// first.
    by_pair: Vec<Vec<Head>>,
    class: [u8; PHONEMES],
    near: Box<[u8; 4096]>,
    gaps: [[u8; 3]; PHONEMES],
    alien: Vec<Alien>,
}

/// What rules most rules out at a place, kept close together.
#[derive(Debug, Clone, Copy)]
struct Head {
    rule: u16,
    /// The third letter, 0 for none.
    third: u8,
    /// Its length when it holds at the end of a word only, else 0.
    exact: u8,
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

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

impl Rule {
    fn rank(&self) -> (usize, usize) {
        let flags = [self.start, self.end, self.next.is_some(), self.previous.is_some()];
        (self.letters.len(), flags.iter().filter(|set| **set).count())
    }

    /// Whether the rule holds at a place whose first two letters are known to be its own.
    fn fits(&self, word: &[u8], at: usize) -> bool {
        if self.start && at != 0 {
            return false;
        }
        let Some(rest) = word.get(at..) else {
            return false;
        };
        let length = self.letters.len();
        let further = length <= 2
            || (rest.len() >= length && rest.iter().zip(&*self.letters).skip(2).all(|(have, want)| have == want));
        if !further {
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
            rules.line(line).ok_or_else(|| format!("line {}: {line}", number + 1))?;
        }
        rules.rules.sort_by_key(|rule| std::cmp::Reverse(rule.rank()));
        rules.index();
        // Gap costs (for the middle of a word) and letters of keys are put into the units once.
        let (gaps, class) = (rules.gaps, rules.class);
        for unit in rules.rules.iter_mut().flat_map(|rule| rule.readings.iter_mut().flatten()) {
            unit.gap = gap(&gaps, unit, 0);
            unit.classes = classes(&class, unit);
        }
        Ok(rules)
    }

    /// No rules at all.
    pub(super) fn empty() -> Rules {
        Rules {
            rules: Vec::new(),
            by_pair: Vec::new(),
            class: [b'-'; PHONEMES],
            near: Box::new([NEVER; 4096]),
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
                    let units: Option<Vec<Unit>> =
                        reading.split_whitespace().filter(|unit| *unit != "-").map(Unit::parse).collect();
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
        self.by_pair = (0..26 * 27).map(|_| Vec::new()).collect();
        for (number, rule) in (0u16..).zip(&self.rules) {
            let Some(first) = rule.letters.first().map(|b| usize::from(b - b'a')) else {
                continue;
            };
            let head = Head {
                rule: number,
                third: rule.letters.get(2).copied().unwrap_or(0),
                exact: if rule.end { u8::try_from(rule.letters.len()).unwrap_or(u8::MAX) } else { 0 },
            };
            let seconds = match rule.letters.get(1) {
                Some(second) => {
                    let second = usize::from(second - b'a');
                    second..second + 1
                }
                None => 0..27,
            };
            for second in seconds {
                if let Some(list) = self.by_pair.get_mut(first * 27 + second) {
                    list.push(head);
                }
            }
        }
    }

    fn rule_at(&self, word: &[u8], at: usize) -> Option<&Rule> {
        let letter = |i: usize| word.get(i).filter(|b| b.is_ascii_lowercase()).map(|b| usize::from(b - b'a'));
        let left = word.len() - at.min(word.len());
        let third = word.get(at + 2).copied().unwrap_or(0);
        self.by_pair
            .get(letter(at)? * 27 + letter(at + 1).unwrap_or(26))?
            .iter()
            .filter(|head| {
                (head.third == 0 || head.third == third) && (head.exact == 0 || usize::from(head.exact) == left)
            })
            .filter_map(|head| self.rules.get(usize::from(head.rule)))
            .find(|rule| rule.fits(word, at))
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
                    readings.branch(&rule.readings);
                }
                None => at += 1,
            }
        }
        for reading in readings.iter_mut() {
            self.mark_ends(reading);
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

    /// Gap costs of the first and last unit, which a vowel may less easily lose.
    pub(super) fn mark_ends(&self, reading: &mut Reading) {
        let reading = reading.units_mut();
        if let Some(unit) = reading.last_mut() {
            unit.gap = gap(&self.gaps, unit, 1);
        }
        if let Some(unit) = reading.first_mut() {
            unit.gap = gap(&self.gaps, unit, 2);
        }
    }

    /// Fills in what the tradition says of a unit that comes from elsewhere.
    pub(super) fn complete(&self, unit: &mut Unit) {
        unit.gap = gap(&self.gaps, unit, 0);
        unit.classes = classes(&self.class, unit);
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
        let rules = Rules::read("# head\nclass\tsS\ts\nrule\ts\t\ts\nrule\tsh\t\tS\nrule\ts\t$\tz\nrule\ta\t\ta | o\n")
            .unwrap();
        let mut out = Readings::new();
        rules.read_word(b"shass", &mut out);
        let letters: Vec<Vec<u8>> = out.iter().map(|reading| reading.iter().map(|u| u.main).collect()).collect();
        let want = |word: &[u8]| -> Vec<u8> { word.iter().map(|b| index(*b).unwrap() as u8).collect() };
        assert_eq!(letters, [want(b"Sasz"), want(b"Sosz")]);
        assert!(Rules::read("rule\ta\t!\ta\n").is_err());
        rules.read_word("š1".as_bytes(), &mut out);
        assert!(out.iter().all(<[Unit]>::is_empty));
    }
}
