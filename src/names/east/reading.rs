//! A name in every tradition it may belong to.

use super::compare::{self, Agreement};
use super::letters::{self, Writing};
use super::syllable::Syllables;
use super::{chinese, japanese, korean, romanised, vietnamese};

/// Readings less sure than the surest by more than this are left out of a comparison.
const MARGIN: u8 = 20;

/// Readings less sure than the surest by more than this are not kept.
const FAR: u8 = 45;

/// The readings of one name, the surest first; empty if it is of no East Asian tradition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    all: Vec<Syllables>,
}

/// Reads the words of a person's name (as written, in order, without titles) in every tradition.
pub fn read(words: &[&str]) -> Reading {
    let Some(writing) = letters::writing(words) else { return Reading::default() };
    let mut all: Vec<Syllables> = Vec::new();
    match writing {
        Writing::Hangul => all.extend(korean(words)),
        Writing::Han => all.extend([korean(words), chinese(words), japanese(words)].into_iter().flatten()),
        Writing::Kana => all.extend(japanese(words)),
        Writing::Cyrillic => all.extend([korean(words), chinese(words)].into_iter().flatten()),
        Writing::Latin => latin(words, &mut all),
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.sure()));
    let surest = all.first().map_or(0, Syllables::sure);
    all.retain(|one| one.sure() + FAR >= surest);
    Reading { all }
}

/// Most words of a name in Latin letters that are tried.
const MAX_WORDS: usize = 7;

/// A quick look: every word may be syllables, save the first of a longer name, which may be a Western one.
fn all_syllables(words: &[&str]) -> bool {
    let fits = |word: &&str| letters::may_be_syllables(word);
    match words {
        [first, rest @ ..] => rest.iter().all(fits) && (rest.len() > 1 || fits(first)),
        [] => false,
    }
}

fn latin(words: &[&str], all: &mut Vec<Syllables>) {
    if words.len() > MAX_WORDS || !all_syllables(words) {
        return;
    }
    let parts = letters::parts(words, letters::strip_marks);
    if words.iter().all(|word| word.is_ascii()) {
        let korean = korean::latin(parts.clone());
        let sure = korean.as_ref().map_or(0, Syllables::sure);
        all.extend([korean, romanised::latin(&parts, sure), japanese::latin(&parts)].into_iter().flatten());
    } else {
        let korean = korean(words);
        let sure = korean.as_ref().map_or(0, Syllables::sure);
        all.extend([korean, chinese::beside(words, sure), japanese::latin(&parts)].into_iter().flatten());
    }
    all.extend(vietnamese(words));
}

impl Reading {
    /// The readings, the surest first.
    pub fn all(&self) -> &[Syllables] {
        &self.all
    }

    /// No tradition fits.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Compares in every tradition that both were read in and gives the one that explains best;
    /// `None` if there is none. Allocates nothing.
    pub fn compare(&self, other: &Reading) -> Option<Agreement> {
        let pairs = || self.all.iter().flat_map(|a| other.all.iter().map(move |b| (a, b)));
        let same = || pairs().filter(|(a, b)| a.tradition() == b.tradition());
        let surest = same().map(|(a, b)| a.sure().min(b.sure())).max()?;
        // A tradition that is much less likely does not explain away what the likely one says.
        same()
            .filter(|(a, b)| a.sure().min(b.sure()) + MARGIN >= surest)
            .filter_map(|(a, b)| compare::compare(a, b))
            .max_by_key(|found| (found.score, found.sure))
    }

    /// Sound keys of all readings, for an index.
    pub fn keys(&self) -> impl Iterator<Item = u64> {
        self.all.iter().flat_map(|one| one.keys().iter().copied())
    }
}
