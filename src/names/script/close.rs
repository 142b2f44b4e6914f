//! Whether two prepared words are spellings of one word.

use super::align::{self, LIMIT};
use super::fold::{Fold, Form};
use super::rules::Rules;
use super::tradition::Tradition;
use super::units::bit;

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
    /// The same sounds, and nothing says in which tradition.
    Spelling,
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
            How::Spelling => "spelling",
        }
    }

    fn of(tradition: Tradition) -> How {
        match tradition {
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
/// From here on no better reading is looked for.
const ENOUGH: u16 = 90;

/// Are two words spellings of one word: in which way, and how surely (100 = certainly, 60 = could
/// be, below 60 = hardly). `None`: no. Allocates nothing.
pub fn closeness(a: &Fold, b: &Fold) -> Option<(How, u8)> {
    if a.text == b.text {
        return Some((How::Same, 100));
    }
    if a.families.share(&b.families) {
        return Some((How::Name, 96));
    }
    if a.father.1 == b.father.1 && a.father.0.share(&b.father.0) {
        return Some((How::Name, 94));
    }
    let traditions = a.meet(b);
    // Both are known names, and not the same one: Hassan and Hussein, Said and Saad.
    if traditions == 0 || a.families.differ(&b.families) || a.father.0.differ(&b.father.0) {
        return None;
    }
    let mut best: Option<(How, u16)> = None;
    // First as what the words look like, then as anything else.
    let likely = a.likely | b.likely;
    let passes = [traditions & likely, traditions & !likely];
    let forms = passes.iter().flat_map(|pass| a.forms.iter().filter(move |x| pass & x.tradition.bit() != 0));
    for x in forms {
        for y in b.forms.iter().filter(|y| y.tradition == x.tradition) {
            let least = best.map_or(LEAST, |(_, score)| score + 1);
            // A better reading than this one changes no decision.
            if least <= ENOUGH
                && let Some(found) = compare(a, x, b, y, least)
            {
                best = Some(found);
            }
        }
    }
    best.and_then(|(how, score)| {
        let how = if how == How::Slavic && likely == 0 { How::Spelling } else { how };
        Some((how, u8::try_from(score).ok()?))
    })
}

/// Points off because nothing says that the words are of this tradition. In the lists Slavic and
/// Arabic names are the common ones, and the South-East Asian rules let most pass.
fn doubt(tradition: Tradition, native: bool) -> u16 {
    match tradition {
        _ if native => 3,
        Tradition::Slavic | Tradition::Arabic => 3,
        Tradition::Indic | Tradition::Greek => 7,
        Tradition::Latin => 8,
        Tradition::Caucasus => 10,
        Tradition::SouthEast => 22,
    }
}

/// One word ends like a Slavic woman's surname and the other does not.
fn other_gender(rules: &Rules, a: &[u16], b: &[u16]) -> bool {
    let woman = |units: &[u16]| units.last().is_some_and(|unit| rules.unit(*unit).sure & (bit(b'B') | bit(b'F')) != 0);
    woman(a) != woman(b)
}

fn compare(a: &Fold, x: &Form, b: &Fold, y: &Form, least: u16) -> Option<(How, u16)> {
    let (left, right) = (a.units(x), b.units(y));
    let length = u16::try_from(left.len().max(right.len())).ok()?.clamp(4, 10);
    let bare = x.bare || y.bare;
    let mut off = doubt(x.tradition, x.native || y.native) + u16::from(x.penalty.max(y.penalty));
    if bare {
        off += 5;
    }
    let few = x.consonants.max(y.consonants) <= 2;
    if few {
        off += if bare { 8 } else { 3 };
    }
    // Each point of cost takes 12 / length points: a vowel says more in a short word, and most where
    // there are hardly any consonants.
    let length = if few { (length * 2 / 3).max(3) } else { length };
    let limit = (100u16.checked_sub(off + least)? * length / 12).min(LIMIT);
    let cost = align::cost(x.tradition.rules(), left, right, limit)?;
    let score = 100u16.saturating_sub(off).saturating_sub(cost * 12 / length);
    let how = if bare {
        How::Consonants
    } else if x.tradition == Tradition::Slavic && other_gender(x.tradition.rules(), left, right) {
        How::Feminine
    } else {
        How::of(x.tradition)
    };
    (score >= least).then_some((how, score))
}
