//! Hangul syllables as numbers: taking apart, putting together, and what counts as one sound.

/// Initial, medial and final of a syllable, as numbers in Unicode order (finals: 0 = none).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Jamo {
    pub(super) initial: u32,
    pub(super) medial: u32,
    pub(super) last: u32,
}

const BASE: u32 = 0xac00;
const MEDIALS: u32 = 21;
const FINALS: u32 = 28;
const COUNT: u32 = 19 * MEDIALS * FINALS;

/// Initials that the code names.
pub(super) const NIEUN: u32 = 2;
pub(super) const RIEUL: u32 = 5;
pub(super) const IEUNG: u32 = 11;
/// Finals that the code names.
pub(super) const LAST_K: u32 = 1;
pub(super) const LAST_N: u32 = 4;
pub(super) const LAST_L: u32 = 8;
pub(super) const LAST_M: u32 = 16;
pub(super) const LAST_P: u32 = 17;
pub(super) const LAST_NG: u32 = 21;
const LAST_T: u32 = 7;

/// The jamo of a precomposed syllable.
pub(super) fn take_apart(letter: char) -> Option<Jamo> {
    let index = u32::from(letter).checked_sub(BASE).filter(|index| *index < COUNT)?;
    Some(Jamo { initial: index / (MEDIALS * FINALS), medial: index / FINALS % MEDIALS, last: index % FINALS })
}

/// The initial that a compatibility jamo (as written in the tables) names.
pub(super) fn initial(letter: char) -> Option<u32> {
    "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ".chars().position(|known| known == letter).map(|place| place as u32)
}

/// The medial that a compatibility jamo names.
pub(super) fn medial(letter: char) -> Option<u32> {
    "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ".chars().position(|known| known == letter).map(|place| place as u32)
}

/// The final that a compatibility jamo names; `-` is none.
pub(super) fn last(letter: char) -> Option<u32> {
    "-ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
        .chars()
        .position(|known| known == letter)
        .map(|place| place as u32)
}

impl Jamo {
    /// As heard: tense initials as plain ones, finals as the seven that are spoken.
    pub(super) fn spoken(self) -> Jamo {
        let initial = match self.initial {
            1 => 0,
            4 => 3,
            8 => 7,
            10 => 9,
            13 => 12,
            other => other,
        };
        let last = match self.last {
            1..=3 | 24 => LAST_K,
            4..=6 => LAST_N,
            7 | 19 | 20 | 22 | 23 | 25 | 27 => LAST_T,
            8 | 11 | 12 | 13 | 15 => LAST_L,
            9 => LAST_K,
            10 | 16 => LAST_M,
            14 | 17 | 18 | 26 => LAST_P,
            other => other,
        };
        Jamo { initial, medial: self.medial, last }
    }

    /// The class of the syllable as heard.
    pub(super) fn class(self) -> u32 {
        let Jamo { initial, medial, last } = self.spoken();
        (initial * MEDIALS + medial) * FINALS + last
    }

    /// Without the y that older spellings keep behind s, j and ch (Zyon = Jon).
    pub(super) fn palatal(self) -> Option<Jamo> {
        let medial = match self.medial {
            2 => 0,
            3 => 1,
            6 => 4,
            7 => 5,
            12 => 8,
            17 => 13,
            _ => return None,
        };
        matches!(self.initial, 9 | 10 | 12 | 13 | 14).then_some(Jamo { medial, ..self })
    }

    /// The same syllable as the south writes it at the head of a word (Ri -> I, Ro -> No, Nyo -> Yo).
    pub(super) fn headed(self) -> Option<Jamo> {
        let bright = matches!(self.medial, 2 | 3 | 6 | 7 | 12 | 17 | 20);
        match self.initial {
            RIEUL if bright => Some(Jamo { initial: IEUNG, ..self }),
            RIEUL => Some(Jamo { initial: NIEUN, ..self }),
            NIEUN if bright => Some(Jamo { initial: IEUNG, ..self }),
            _ => None,
        }
    }
}

/// The jamo of a class.
pub(super) fn jamo(class: u32) -> Jamo {
    Jamo { initial: class / (MEDIALS * FINALS), medial: class / FINALS % MEDIALS, last: class % FINALS }
}

/// The class of a class for index keys: aspirated as plain, vowels that romanisations confuse as one,
/// initial r as the south says it.
pub(super) fn coarse(class: u32) -> u32 {
    let known = jamo(class);
    let Jamo { initial, medial, last } = known.headed().unwrap_or(known);
    let initial = match initial {
        15 => 0,
        16 => 3,
        17 => 7,
        14 => 12,
        other => other,
    };
    let medial = match medial {
        4 | 8 | 13 | 18 => 4,
        6 | 12 | 17 => 6,
        1 | 5 | 3 | 7 => 1,
        10 | 11 | 15 => 10,
        16 | 19 | 20 => 20,
        other => other,
    };
    (initial * MEDIALS + medial) * FINALS + last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_comes_apart_and_goes_together() {
        for code in BASE..BASE + COUNT {
            let parts = take_apart(char::from_u32(code).unwrap()).unwrap();
            assert_eq!((parts.initial * MEDIALS + parts.medial) * FINALS + parts.last, code - BASE);
            assert_eq!(jamo(parts.class()), parts.spoken());
            assert_eq!(parts.spoken().spoken(), parts.spoken());
        }
        assert!(take_apart('\u{d7a4}').is_none() && take_apart('a').is_none());
    }

    #[test]
    fn the_head_of_a_word_loses_its_r() {
        for (north, south) in [('리', '이'), ('로', '노'), ('류', '유'), ('림', '임'), ('녀', '여'), ('량', '양')]
        {
            let got = take_apart(north).unwrap().headed().unwrap().class();
            assert_eq!(got, take_apart(south).unwrap().class(), "{north}");
            assert_eq!(coarse(take_apart(north).unwrap().class()), coarse(take_apart(south).unwrap().class()));
        }
        assert!(take_apart('김').unwrap().headed().is_none());
    }
}
