//! Two words side by side: are they one word, how, and how surely.

use super::chars::vowel;
use super::evidence::How;
use super::flags::Flags;
use super::osa;
use super::pairing::Mode;
use super::script;
use super::token::Token;

/// How two words agree: `quality` from 0 (two words) to 1 (one word).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Relation {
    pub(super) how: How,
    pub(super) quality: f32,
}

fn is(how: How, quality: f32) -> Option<Relation> {
    Some(Relation { how, quality })
}

/// Whether two words can be one; `None` where they cannot. `mode`: whose names they are of.
pub(super) fn relate(a: &Token, b: &Token, mode: Mode) -> Option<Relation> {
    let person = mode == Mode::Person;
    if a.hash == b.hash && a.text == b.text {
        return is(How::Exact, 1.0);
    }
    if a.number.is_some() || b.number.is_some() {
        return if a.number == b.number { is(How::Equal, 1.0) } else { None };
    }
    if a.concept != 0 && a.concept == b.concept {
        return is(How::Translation, 0.95);
    }
    if a.given != 0 && a.given == b.given && a.female == b.female {
        return is(How::Doublet, 0.93);
    }
    if a.flags.any(Flags::INITIAL) || b.flags.any(Flags::INITIAL) {
        return if person { initial(a, b) } else { None };
    }
    if pet(a, b) {
        return is(How::Nickname, 0.75);
    }
    if person && gendered(a, b) {
        return is(How::Gender, 0.0);
    }
    // Ships' names are written in Latin letters: other letters make another ship.
    let native = a.flags.has(Flags::NATIVE) || b.flags.has(Flags::NATIVE);
    let spelled = match mode {
        Mode::Person => true,
        // Of three letters each tells firms apart: NVX and NVZ are two.
        Mode::Org => native || a.text.len().min(b.text.len()) > 3 || short_alike(&a.text, &b.text),
        Mode::Vessel => a.flags.has(Flags::NATIVE) != b.flags.has(Flags::NATIVE),
    };
    if spelled
        && let (Some(x), Some(y)) = (a.fold(), b.fold())
        && let Some((how, sure)) = script::closeness(x, y)
    {
        let latin = !person && !native;
        let odd = latin && arabic(how) && [a, b].iter().any(|t| !script::may_be_arabic(&t.text));
        let how = if odd { script::How::Spelling } else { how };
        // By Arabic rules alike, and no Arabic words: less sure.
        let quality = f32::from(sure) / 100.0 - if odd { 0.25 } else { 0.0 };
        // A word of the common tables is not likely another one misspelled.
        let apart = named_apart(a, b) && a.given == 0 && b.given == 0;
        let quality = if apart || sure < 90 && distinct(a, b) { quality - 0.3 } else { quality };
        let found = Relation { how: spelling(how), quality };
        return match typo(a, b, mode) {
            Some(t) if t.quality > found.quality => Some(t),
            _ => Some(found),
        };
    }
    let other = |x: &Token, y: &Token| x.alts.iter().any(|alt| *alt == y.text || y.alts.contains(alt));
    if !a.alts.is_empty() && other(a, b) || !b.alts.is_empty() && other(b, a) {
        return is(How::Spelling, 0.95);
    }
    if a.concept != 0 && b.concept != 0 {
        return None;
    }
    if person && (servant(a, b) || servant(b, a)) {
        return is(How::Cut, 0.8);
    }
    if let Some(t) = cut_short(a, b) {
        return Some(t);
    }
    typo(a, b, mode)
}

fn arabic(how: script::How) -> bool {
    matches!(how, script::How::Arabic | script::How::Consonants)
}

/// Whether words of firms' names of up to three letters may be spellings of one: they have vowels,
/// and the same consonants or not as many letters.
fn short_alike(a: &str, b: &str) -> bool {
    let consonants = |t: &str| t.bytes().filter(|c| !vowel(*c)).collect::<Vec<u8>>();
    let voiced = |t: &str| t.bytes().any(vowel);
    voiced(a) && voiced(b) && (a.len() != b.len() || consonants(a) == consonants(b))
}

fn spelling(how: script::How) -> How {
    match how {
        script::How::Slavic | script::How::Feminine => How::Cyrillic,
        script::How::Arabic | script::How::Consonants => How::Arabic,
        script::How::Same => How::Exact,
        _ => How::Spelling,
    }
}

fn initial(a: &Token, b: &Token) -> Option<Relation> {
    let first = |t: &Token| t.text.as_bytes().first().copied();
    // In another script one letter may be spelled with two: Ю is yu, Ж is zh.
    let begins = |x: &Token, y: &Token| {
        x.flags.has(Flags::INITIAL)
            && (y.text.starts_with(&*x.text)
                || x.alts.iter().any(|i| y.text.starts_with(&**i))
                || y.alts.iter().any(|w| w.starts_with(&*x.text)))
    };
    if begins(a, b) || begins(b, a) {
        return is(How::Initial, 0.9);
    }
    // E. for Yevgeny, Y. for Evgeny and the like.
    let pair = (first(a)?, first(b)?);
    let sound = matches!(
        pair,
        (b'e', b'y')
            | (b'y', b'e')
            | (b'i', b'y')
            | (b'y', b'i')
            | (b'c', b'k')
            | (b'k', b'c')
            | (b'j', b'y')
            | (b'y', b'j')
    );
    if sound { is(How::Initial, 0.6) } else { None }
}

fn pet(a: &Token, b: &Token) -> bool {
    let of = |x: &Token, y: &Token| y.given != 0 && x.pet_of.contains(&y.given);
    of(a, b) || of(b, a) || a.pet_of.iter().any(|p| *p != 0 && b.pet_of.contains(p)) && a.given == 0 && b.given == 0
}

/// The forms of one name for a man and a woman: Mario and Maria, Daniel and Daniela.
fn gendered(a: &Token, b: &Token) -> bool {
    let (x, y) = (a.text.as_bytes(), b.text.as_bytes());
    let (short, long) = if x.len() <= y.len() { (x, y) } else { (y, x) };
    if short.len() < 4 {
        return false;
    }
    let given = a.given != 0 || b.given != 0 || a.flags.has(Flags::GIVEN) || b.flags.has(Flags::GIVEN);
    // Two known names, a man's and a woman's, that begin alike: Christian and Christina.
    if a.given != 0 && b.given != 0 && a.female != b.female && short.get(..4) == long.get(..4) {
        return true;
    }
    // Gabriel and Gabrielle, Simon and Simone, Victor and Victorine.
    if let Some(ending) = long.strip_prefix(short) {
        let woman = matches!(ending, b"a" | b"e" | b"le" | b"la" | b"ne" | b"na" | b"ine" | b"ina" | b"ia" | b"ya");
        return woman && given;
    }
    match (short.split_last(), long.split_last()) {
        (Some((x, s)), Some((y, l))) if s == l => matches!((x, y), (b'o', b'a') | (b'a', b'o')) && given,
        (Some((b'e' | b'o', s)), Some((b'a', l))) => l.strip_prefix(s).is_some_and(|r| r == b"r") && given,
        _ => {
            // Petra beside Peter: the e gone before the a.
            let petra = |m: &[u8], f: &[u8]| match (m, f) {
                ([s1 @ .., b'e', r1], [s2 @ .., r2, b'a']) => s1 == s2 && r1 == r2,
                _ => false,
            };
            given && (petra(x, y) || petra(y, x))
        }
    }
}

/// Letters of a name of which one more or less makes another name.
const SHORT: usize = 6;

/// Both are given names or pet names of the tables, and no table has them as one: Jamal and Jamil.
fn named_apart(a: &Token, b: &Token) -> bool {
    let names = |t: &Token| t.given != 0 || t.pet_of[0] != 0;
    let share = |x: &Token, y: &Token| x.pet_of.iter().any(|p| *p != 0 && (*p == y.given || y.pet_of.contains(p)));
    names(a) && names(b) && !(a.given != 0 && a.given == b.given) && !share(a, b) && !share(b, a)
}

/// Both are words of their own in the tables, and not the same one.
fn distinct(a: &Token, b: &Token) -> bool {
    if named_apart(a, b) || a.known && b.known {
        return true;
    }
    // Amin and Yamin are two names; a longer one is more often the other misspelled.
    let (x, y) = (a.text.len(), b.text.len());
    let short = x.min(y) >= 4 && x.max(y) <= SHORT;
    short && matches!((a.fold(), b.fold()), (Some(x), Some(y)) if x.differs(y))
}

/// `Abdul Hamid` beside `Hamid`: the servant's part is often left out.
fn servant(long: &Token, short: &Token) -> bool {
    long.text
        .strip_prefix("abdul")
        .is_some_and(|rest| rest.len() >= 4 && osa::distance(rest.as_bytes(), short.text.as_bytes(), 1).is_some())
}

/// One word is the beginning of the other and was cut short by its writer.
fn cut_short(a: &Token, b: &Token) -> Option<Relation> {
    let (short, long) = if a.text.len() < b.text.len() { (a, b) } else { (b, a) };
    let dotted = short.flags.has(Flags::ABBREVIATED);
    let enough = if dotted { 2 } else { 4 };
    if short.text.len() < enough || !long.text.starts_with(&*short.text) {
        return None;
    }
    if dotted {
        return is(How::Cut, 0.8);
    }
    if long.text.len() >= short.text.len() + 3 { is(How::Cut, 0.45) } else { None }
}

/// How alike two words that were held to be two are, from 0 to 1: what tells a bad slip from
/// another word altogether.
pub(super) fn likeness(a: &Token, b: &Token) -> f32 {
    // What all servants' names begin with makes none of them alike; two names of the tables are two.
    let own = |t: &'_ Token| t.text.strip_prefix("abdul").map_or(0, |rest| if rest.len() >= 3 { 5 } else { 0 });
    let (x, y) = (a.text.as_bytes().get(own(a)..).unwrap_or(&[]), b.text.as_bytes().get(own(b)..).unwrap_or(&[]));
    let most = x.len().max(y.len());
    if most == 0 || a.number.is_some() || b.number.is_some() {
        return 0.0;
    }
    match osa::distance(x, y, most / 2) {
        Some(d) if !distinct(a, b) && !other_letters(a, b) => 1.0 - d as f32 / most as f32,
        _ => 0.0,
    }
}

/// Words without the part that a great many names share: `abdul-`, `-ullah`, `-uddin`. What is
/// left must tell them apart.
fn apart<'a>(x: &'a [u8], y: &'a [u8]) -> (&'a [u8], &'a [u8]) {
    let (mut x, mut y) = (x, y);
    if let (Some(p), Some(q)) = (x.strip_prefix(b"abdul"), y.strip_prefix(b"abdul"))
        && p.len() >= 3
        && q.len() >= 3
    {
        (x, y) = (p, q);
    }
    for ending in [b"ullah", b"uddin", b"eddin", b"aldin"] {
        if let (Some(p), Some(q)) = (x.strip_suffix(ending), y.strip_suffix(ending))
            && p.len() >= 3
            && q.len() >= 3
        {
            return (p, q);
        }
    }
    (x, y)
}

/// Both are written in letters without blanks between words, where one more or less sound is not a
/// slip but another letter.
fn other_letters(a: &Token, b: &Token) -> bool {
    let unspaced = |t: &Token| !t.native.is_empty() && t.native.chars().all(crate::names::chars::unspaced);
    unspaced(a) && unspaced(b)
}

/// Slips of the pen.
fn typo(a: &Token, b: &Token, mode: Mode) -> Option<Relation> {
    let (x, y) = apart(a.text.as_bytes(), b.text.as_bytes());
    let (least, most) = (x.len().min(y.len()), x.len().max(y.len()));
    let limit = match least {
        0..=2 => return None,
        3 if mode != Mode::Person && most == 3 => return None,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    };
    if most - least > limit || (a.mask ^ b.mask).count_ones() as usize > 2 * limit {
        return None;
    }
    let d = osa::distance(x, y, limit)?;
    if other_letters(a, b) {
        return None;
    }
    let quality = match (d, most) {
        (1, 0..=3) => 0.25,
        (1, 4) => 0.5,
        (1, 5) => 0.66,
        (1, 6) => 0.74,
        (1, 7..=9) => 0.8,
        (1, _) => 0.86,
        (2, 0..=6) => 0.25,
        (2, 7) => 0.45,
        (2, 8..=9) => 0.52,
        (2, _) => 0.65,
        (_, 0..=11) => 0.3,
        _ => 0.5,
    };
    let mut quality = quality + shape(x, y);
    if distinct(a, b) {
        quality -= if named_apart(a, b) { 0.45 } else { 0.3 };
    }
    if a.flags.has(Flags::PATRONYMIC) && b.flags.has(Flags::PATRONYMIC) {
        // The ending is the same in all of them.
        quality -= 0.1;
    }
    is(How::Typo, quality.clamp(0.0, 0.95))
}

/// Whether one word has another letter in the place of one of the other's, or, of ships, whose names
/// have no cases, one more at its end.
pub(super) fn replaced(a: &Token, b: &Token, mode: Mode) -> bool {
    let (x, y) = (a.text.as_bytes(), b.text.as_bytes());
    match osa::trim(x, y) {
        ([b'i'], [b'l']) | ([b'l'], [b'i']) => false,
        ([a], [b]) => {
            let one = |pairs: &[&[u8; 2]]| pairs.iter().any(|p| **p == [*a, *b] || **p == [*b, *a]);
            // Letters that romanisations of one name change for each other; the last at its beginning.
            let spelling = one(&[b"ij", b"iy", b"jy", b"ck", b"cq", b"kq", b"vw", b"sz", b"ou", b"ei"])
                || x.first() == Some(a) && x.first() != y.first() && one(&[b"bp", b"dt", b"gk"]);
            // A vowel for a consonant is a slip of the finger.
            vowel(*a) == vowel(*b) && !spelling
        }
        ([], [c]) | ([c], []) if mode == Mode::Vessel => {
            let longer = if x.len() > y.len() { x } else { y };
            longer.last() == Some(c) && x.first() == y.first() && !longer.ends_with(&[*c, *c]) && {
                let shorter = if x.len() > y.len() { y } else { x };
                longer.starts_with(shorter)
            }
        }
        _ => false,
    }
}

/// What the kind of slip adds: letters changed round or doubled are slips; another first letter
/// or another consonant is more often another word.
fn shape(x: &[u8], y: &[u8]) -> f32 {
    let (p, q) = osa::trim(x, y);
    let first = x.first() != y.first();
    match (p, q) {
        ([a, b], [c, d]) if a == d && b == c => 0.12,
        // What readers of print take for each other.
        ([b'i'], [b'l']) | ([b'l'], [b'i']) => 0.15,
        ([], [c]) | ([c], []) => {
            let longer = if x.len() > y.len() { x } else { y };
            let doubled = longer.windows(2).any(|w| w == [*c, *c]);
            if doubled {
                0.12
            } else if first {
                -0.1
            } else {
                0.03
            }
        }
        ([a], [b]) if vowel(*a) && vowel(*b) => {
            if first {
                -0.1
            } else {
                0.08
            }
        }
        ([_], [_]) => {
            if first {
                -0.15
            } else {
                -0.03
            }
        }
        // A run of letters changed for another is another word more often than two slips are.
        _ if p.len() >= 2 && q.len() >= 2 && p.iter().all(|c| !q.contains(c)) => -0.2,
        _ => {
            if first {
                -0.15
            } else {
                0.0
            }
        }
    }
}
