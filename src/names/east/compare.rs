//! Two readings side by side, syllable by syllable. Allocates nothing.

use super::syllable::{Class, Path, Syllable, Syllables, Tradition, UNLISTED};

/// What came out of comparing two readings of one tradition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreement {
    /// The tradition both were read in.
    pub tradition: Tradition,
    /// Syllables that are spellings of one sound (or the same character).
    pub agree: u8,
    /// Syllables that could be one sound under an unusual spelling, or are different characters of one sound.
    pub could: u8,
    /// Syllables that are different.
    pub conflict: u8,
    /// Syllables of one side without a partner on the other, or whose reading is not known.
    pub extra: u8,
    /// The surnames are the same (or could be).
    pub surname_agrees: bool,
    /// How sure it is that both are names of the tradition, 0..=100: the lower of the two.
    pub sure: u8,
    /// How close the names are, 0..=100.
    pub score: u8,
    /// Words for the evidence.
    pub how: &'static str,
}

impl Agreement {
    /// Every syllable has a partner and none conflicts.
    pub fn whole(&self) -> bool {
        self.conflict == 0 && self.extra == 0 && self.agree + self.could > 0
    }
}

/// Closeness by the sum of the costs of the cheapest class in common.
const CLOSENESS: [u8; 7] = [100, 97, 92, 80, 68, 55, 45];
/// Up to this sum two syllables agree; above, they could agree.
const AGREE: u8 = 2;
/// Up to this sum they could agree; above, they conflict.
const COULD: u8 = 4;
/// A syllable without a partner counts as much.
const MISSING: u32 = 35;
/// Most that names reach of which one has a syllable more: Kim Il is not Kim Il Song.
const SHORTER: u32 = 55;
/// Most that names reach which sound alike but are written with other characters.
const ALIKE: u32 = 50;
/// How sure it is that a name is Japanese when surname and given name both agree.
const READ: u8 = 70;
/// Different characters of one sound, of 100.
const HOMOPHONE: u8 = 35;

/// Compares two readings of one tradition; `None` if the traditions differ.
pub fn compare(a: &Syllables, b: &Syllables) -> Option<Agreement> {
    if a.tradition() != b.tradition() {
        return None;
    }
    let mut best: Option<(u32, Agreement)> = None;
    for left in a.paths() {
        for right in b.paths() {
            // Two ways that each are unlikely are not both meant.
            if left.doubt > 0 && right.doubt > 0 && best.is_some() {
                continue;
            }
            let found = along(a, left, b, right);
            let rank = u32::from(found.score) * 16 + 15 - u32::from((left.cost + right.cost).min(15));
            if best.as_ref().is_none_or(|(known, _)| rank > *known) {
                best = Some((rank, found));
            }
        }
    }
    best.map(|(_, agreement)| agreement)
}

fn along(a: &Syllables, left: &Path, b: &Syllables, right: &Path) -> Agreement {
    let (one, two) = (a.syllables(left), b.syllables(right));
    let mut tally = Tally::default();
    if a.tradition() == Tradition::Vietnamese {
        ends_first(a, one, b, two, &mut tally);
    } else {
        for (place, (x, y)) in one.iter().zip(two).enumerate() {
            tally.add(close(a, x, b, y), place == 0);
        }
        tally.extra += u8::try_from(one.len().abs_diff(two.len())).unwrap_or(u8::MAX);
    }
    let count = u32::from(tally.agree) + u32::from(tally.could) + u32::from(tally.conflict) + u32::from(tally.extra);
    let sum = tally.sum + u32::from(tally.extra) * MISSING;
    let mut score = sum.checked_div(count).unwrap_or(0);
    // Ways of reading that are less likely by themselves count a little less.
    score = score.saturating_sub(u32::from((left.cost + right.cost).min(8)) / 2);
    score = score.saturating_sub(u32::from(left.doubt) + u32::from(right.doubt));
    if tally.extra > 0 && a.tradition() != Tradition::Vietnamese {
        score = score.min(SHORTER);
    }
    if tally.homophone {
        score = score.min(ALIKE);
    }
    if tally.conflict > 0 {
        score = score.min(if tally.surname && count > 2 && tally.conflict == 1 { 40 } else { 25 });
    } else if tally.agree + tally.could < 2 {
        score = score.min(if tally.agree + tally.could == 0 { 20 } else { 50 });
    }
    Agreement {
        tradition: a.tradition(),
        agree: tally.agree,
        could: tally.could,
        conflict: tally.conflict,
        extra: tally.extra,
        surname_agrees: tally.surname,
        sure: sure(a, b, &tally),
        score: u8::try_from(score.min(100)).unwrap_or(100),
        how: how(a.tradition(), left.surname_last != right.surname_last),
    }
}

/// How sure the tradition is: the lower of the two, but kanji that have the readings of a name in
/// other letters are no accident.
fn sure(a: &Syllables, b: &Syllables, tally: &Tally) -> u8 {
    let least = a.sure().min(b.sure());
    let read = a.tradition() == Tradition::Japanese && tally.agree == 2 && tally.conflict == 0 && tally.extra == 0;
    if read { least.max(READ) } else { least }
}

/// Vietnamese: surname with surname, given name (last) with given name, then the middle names
/// in order, any of which one side may leave out.
fn ends_first(a: &Syllables, one: &[Syllable], b: &Syllables, two: &[Syllable], tally: &mut Tally) {
    let (Some((first, rest)), Some((other, others))) = (one.split_first(), two.split_first()) else {
        return;
    };
    tally.add(close(a, first, b, other), true);
    let (Some((last, middle)), Some((end, between))) = (rest.split_last(), others.split_last()) else {
        tally.extra = u8::try_from(rest.len() + others.len()).unwrap_or(u8::MAX);
        return;
    };
    tally.add(close(a, last, b, end), false);
    let (short, long, swap) =
        if middle.len() <= between.len() { (middle, between, false) } else { (between, middle, true) };
    let mut from = 0;
    for syllable in short {
        let found = long.iter().enumerate().skip(from).find_map(|(place, other)| {
            let got = if swap { close(a, other, b, syllable) } else { close(a, syllable, b, other) };
            (got.is_some()).then_some((place, got))
        });
        match found {
            Some((place, got)) => {
                tally.add(got, false);
                from = place + 1;
            }
            None => tally.add(None, false),
        }
    }
    tally.extra = u8::try_from(long.len() - short.len()).unwrap_or(u8::MAX);
}

#[derive(Default)]
struct Tally {
    agree: u8,
    could: u8,
    conflict: u8,
    extra: u8,
    sum: u32,
    surname: bool,
    homophone: bool,
}

impl Tally {
    fn add(&mut self, cost: Option<Closeness>, surname: bool) {
        match cost {
            Some(Closeness::Cost(cost)) if cost <= COULD => {
                if cost <= AGREE {
                    self.agree += 1;
                } else {
                    self.could += 1;
                }
                self.sum += u32::from(CLOSENESS.get(usize::from(cost)).copied().unwrap_or(0));
                self.surname |= surname;
            }
            Some(Closeness::Homophone) => {
                self.could += 1;
                self.homophone = true;
                self.sum += u32::from(HOMOPHONE);
            }
            Some(Closeness::Unread) => self.extra += 1,
            _ => self.conflict += 1,
        }
    }
}

enum Closeness {
    Cost(u8),
    Homophone,
    Unread,
}

fn close(a: &Syllables, x: &Syllable, b: &Syllables, y: &Syllable) -> Option<Closeness> {
    if x.han != 0 && x.han == y.han {
        return Some(Closeness::Cost(0));
    }
    let cost = if x.mask & y.mask == 0 { None } else { cheapest(a.classes(x), b.classes(y)) };
    let Some(cost) = cost.filter(|cost| *cost <= COULD) else {
        let one_unread = (x.han | y.han) & UNLISTED != 0 && (x.han == 0 || y.han == 0);
        return one_unread.then_some(Closeness::Unread);
    };
    // Two different characters: whoever wrote both meant two names, however they sound.
    if x.han != 0 && y.han != 0 {
        return (cost <= 1).then_some(Closeness::Homophone);
    }
    Some(Closeness::Cost(cost))
}

fn cheapest(a: &[Class], b: &[Class]) -> Option<u8> {
    let (mut one, mut two) = (a.iter(), b.iter());
    let (mut x, mut y) = (one.next()?, two.next()?);
    let mut best: Option<u8> = None;
    loop {
        match x.id().cmp(&y.id()) {
            std::cmp::Ordering::Equal => {
                let cost = x.cost() + y.cost();
                best = Some(best.map_or(cost, |known| known.min(cost)));
                let (Some(next), Some(other)) = (one.next(), two.next()) else { return best };
                (x, y) = (next, other);
            }
            std::cmp::Ordering::Less => {
                let Some(next) = one.next() else { return best };
                x = next;
            }
            std::cmp::Ordering::Greater => {
                let Some(next) = two.next() else { return best };
                y = next;
            }
        }
    }
}

fn how(tradition: Tradition, turned: bool) -> &'static str {
    match (tradition, turned) {
        (Tradition::Korean, false) => "korean syllables",
        (Tradition::Korean, true) => "korean syllables, surname first and last",
        (Tradition::Chinese, false) => "chinese syllables",
        (Tradition::Chinese, true) => "chinese syllables, surname first and last",
        (Tradition::Japanese, false) => "japanese name parts",
        (Tradition::Japanese, true) => "japanese name parts, surname first and last",
        (Tradition::Vietnamese, false) => "vietnamese syllables",
        (Tradition::Vietnamese, true) => "vietnamese syllables, surname first and last",
    }
}
