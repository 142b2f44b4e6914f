//! Speech units: a word as a short row of sounds, each a set of what its letters may stand for.
//!
//! A letter of one culture's spelling is often several sounds of another's (`ch` is č in English,
//! kh in German, sh in French). Keeping the set rather than choosing one makes two spellings
//! comparable without knowing which system either follows.

/// One sound of a word, as sets of phonemes.
///
/// Phonemes are ASCII letters (`units::bit`): lower-case letters for the plain sounds and
/// upper-case ones for those of two letters (`S` = sh, `Z` = zh, `C` = ch, `J` = dzh, `Q` = shch,
/// `G` = gh, `T` = th, `D` = dh, `K` = ks, `x` = kh, `c` = ts; vowels `I` = ai/ei, `U` = au/aw,
/// `Y` = ia, `W` = iu, `O` = io, `F` = feminine -aya, `B` = feminine -a, `E` = a vowel that may
/// be missing, `L` = a last e that may be silent, `A` = a last a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Unit {
    /// What the letters stand for.
    pub(super) sure: u64,
    /// What they could stand for in some system.
    pub(super) maybe: u64,
    /// Cost of having nothing opposite: inside a word, at its end, at its start.
    pub(super) gaps: [u8; 3],
    /// Index (0..52) of the first sure phoneme: row of the nearness table.
    pub(super) main: u8,
    /// The letters it may have in a sound key, most likely first, 0 for none.
    pub(super) classes: [u8; 4],
}

/// Number of phonemes.
pub(super) const PHONEMES: usize = 52;
/// A cost that forbids.
pub(super) const NEVER: u8 = 99;

/// Index of a phoneme letter, 0..52.
pub(super) fn index(letter: u8) -> Option<usize> {
    match letter {
        b'a'..=b'z' => Some(usize::from(letter - b'a')),
        b'A'..=b'Z' => Some(usize::from(letter - b'A') + 26),
        _ => None,
    }
}

/// The bit of a phoneme letter, 0 for anything else.
pub(super) fn bit(letter: u8) -> u64 {
    index(letter).map_or(0, |i| 1 << i)
}

const fn set(letters: &[u8]) -> u64 {
    let mut bits = 0u64;
    let mut i = 0;
    while i < letters.len() {
        let l = letters[i];
        bits |= if l >= b'a' { 1 << (l - b'a') } else { 1 << (l - b'A' + 26) };
        i += 1;
    }
    bits
}

/// All vowels.
pub(super) const VOWELS: u64 = set(b"aeiouIUYWOFBELA");

impl Unit {
    /// Stands for a unit that is not there; opposite nothing.
    pub(super) const NONE: Unit = Unit { sure: 0, maybe: 0, gaps: [NEVER; 3], main: 0, classes: [0; 4] };

    /// Reads `sure?maybe`, for example `C?xS`. The rest is filled in by the rules.
    pub(super) fn parse(text: &str) -> Option<Unit> {
        let (sure, maybe) = text.split_once('?').unwrap_or((text, ""));
        let bits = |s: &str| s.bytes().try_fold(0u64, |acc, b| index(b).map(|i| acc | (1 << i)));
        let first = index(*sure.as_bytes().first()?)?;
        Some(Unit {
            sure: bits(sure)?,
            maybe: bits(maybe)?,
            gaps: [NEVER; 3],
            main: u8::try_from(first).ok()?,
            classes: [0; 4],
        })
    }

    /// Cost of having nothing opposite, at a place of a word of `len` units.
    pub(super) fn gap(&self, at: usize, len: usize) -> u8 {
        let [inside, last, first] = self.gaps;
        if at == 0 {
            first
        } else if at + 1 == len {
            last
        } else {
            inside
        }
    }

    /// Whether its first meaning is a vowel.
    pub(super) fn is_vowel(&self) -> bool {
        VOWELS & (1 << self.main) != 0
    }
}

/// Phonemes of a set, in order of their index.
pub(super) fn members(set: u64) -> impl Iterator<Item = usize> {
    let mut rest = set;
    std::iter::from_fn(move || {
        if rest == 0 {
            return None;
        }
        let at = rest.trailing_zeros() as usize;
        rest &= rest - 1;
        Some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notation() {
        let unit = Unit::parse("C?xS").unwrap();
        assert_eq!(unit.sure, bit(b'C'));
        assert_eq!(unit.maybe, bit(b'x') | bit(b'S'));
        assert!(!unit.is_vowel());
        assert!(Unit::parse("ae").unwrap().is_vowel());
        assert!(Unit::parse("?x").is_none());
        assert!(Unit::parse("1").is_none());
        assert_eq!(members(bit(b'a') | bit(b'A')).collect::<Vec<_>>(), [0, 26]);
    }
}
