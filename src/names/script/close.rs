//! Whether two prepared words are spellings of one word.

use super::align::{self, LIMIT};
use super::fold::{Fold, Form};
use super::tradition::Tradition;

/// In which way two words are spellings of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// Letter for letter.
    Same,
    /// Known spellings of one name (tables of names).
    Name,
    /// Systems of writing Slavic names.
    Slavic,
    /// The forms of one Slavic surname for men and for women.
    Feminine,
    /// Arabic, Persian, Urdu and Turkish spellings: same consonants, vowels close.
    Arabic,
    /// One side written without vowels (Arabic or Hebrew letters): same consonants.
    Consonants,
    /// Spellings of names from South Asia.
    Indic,
    /// Spellings of Greek names.
    Greek,
    /// Spellings of Armenian and Georgian names.
    Caucasian,
    /// Spellings of Thai, Lao, Burmese and Khmer names.
    SouthEastAsian,
    /// Spellings of western names.
    Western,
}

impl How {
    /// The words for evidence, for example `arabic consonants`.
    pub fn text(self) -> &'static str {
        match self {
            How::Same => "same",
            How::Name => "spellings of one name",
            How::Slavic => "slavic spelling",
            How::Feminine => "feminine ending",
            How::Arabic => "arabic spelling",
            How::Consonants => "arabic consonants",
            How::Indic => "indic spelling",
            How::Greek => "greek spelling",
            How::Caucasian => "caucasian spelling",
            How::SouthEastAsian => "south-east asian spelling",
            How::Western => "western spelling",
        }
    }

    fn of(tradition: Tradition, cost: u16) -> How {
        match tradition {
            Tradition::Slavic if cost >= 12 => How::Feminine,
            Tradition::Slavic => How::Slavic,
            Tradition::Arabic => How::Arabic,
            Tradition::Indic => How::Indic,
            Tradition::Greek => How::Greek,
            Tradition::Caucasus => How::Caucasian,
            Tradition::SouthEast => How::SouthEastAsian,
            Tradition::Latin => How::Western,
        }
    }
}

/// Below this two words are not called spellings of one.
const LEAST: u16 = 45;

fn meet(a: &[u64], b: &[u64]) -> bool {
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        match x.cmp(y) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => a.next(),
            std::cmp::Ordering::Greater => b.next(),
        };
    }
    false
}

/// Are two words spellings of one word: in which way, and how surely (100 = certainly, 60 = could
/// be, below 60 = hardly). `None`: no. Allocates nothing.
pub fn closeness(a: &Fold, b: &Fold) -> Option<(How, u8)> {
    if a.bloom & b.bloom == 0 {
        return (a.text == b.text).then_some((How::Same, 100));
    }
    if a.text == b.text {
        return Some((How::Same, 100));
    }
    if a.families.share(&b.families) {
        return Some((How::Name, 96));
    }
    // Both are known names, and not the same one: Hassan and Hussein, Said and Saad.
    if a.families.differ(&b.families) || !meet(a.keys(), b.keys()) {
        return None;
    }
    let mut best: Option<(How, u16)> = None;
    for x in &a.forms {
        for y in &b.forms {
            if x.tradition == y.tradition
                && let Some((how, score)) = compare(a, x, b, y)
                && best.is_none_or(|(_, top)| score > top)
            {
                best = Some((how, score));
            }
        }
    }
    best.and_then(|(how, score)| Some((how, u8::try_from(score).ok()?)))
}

fn compare(a: &Fold, x: &Form, b: &Fold, y: &Form) -> Option<(How, u16)> {
    let (left, right) = (a.units(x), b.units(y));
    let length = u16::try_from(left.len().max(right.len())).ok()?.clamp(4, 10);
    let bare = x.bare || y.bare;
    let mut off = 3 + u16::from(x.penalty.max(y.penalty));
    if bare {
        off += 5;
    }
    let few = x.consonants.max(y.consonants) <= 2;
    if few {
        off += if bare { 8 } else { 3 };
    }
    if x.tradition == Tradition::Latin {
        off += 4;
    }
    // Each point of cost takes 12 / length points: a vowel says more in a short word.
    let limit = (100u16.saturating_sub(off + LEAST) * length / 12).min(LIMIT);
    let cost = align::cost(x.tradition.rules(), left, right, limit)?;
    let score = 100u16
        .saturating_sub(off)
        .saturating_sub(cost * 12 / length);
    let how = if bare {
        How::Consonants
    } else {
        How::of(x.tradition, cost)
    };
    (score >= LEAST).then_some((how, score))
}
