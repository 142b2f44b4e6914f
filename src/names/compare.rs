//! Two parties side by side.

use super::evidence::{Band, Evidence, How, Match, What};
use super::facts::{Fact, facts};
use super::flags::Flags;
use super::pairing::{Item, LEAST, Mode, Pair, Room, Span, pair};
use super::prepare::Prepared;
use super::profile::{Kind, NameKind};
use super::rarity::Rarity;
use super::token::Name;
use super::weights::{MATCH_FROM, Weights};

/// Pairs of names that are looked at for one pair of parties.
const MAX_PAIRS: usize = 4096;

/// Room for comparisons, kept between them: one per thread.
#[derive(Debug, Default)]
pub struct Scratch {
    room: Room,
    best: Vec<Item>,
}

/// Compares two parties and says why.
pub fn compare(a: &Prepared, b: &Prepared, rarity: &dyn Rarity, scratch: &mut Scratch) -> Match {
    compare_with(a, b, rarity, &Weights::STANDARD, scratch)
}

/// [`compare`] with other parameters.
pub fn compare_with(a: &Prepared, b: &Prepared, rarity: &dyn Rarity, w: &Weights, scratch: &mut Scratch) -> Match {
    let best = best_names(a, b, rarity, w, scratch, true);
    let mut sum = Sum::start(w.prior);
    if let Some((i, j, _)) = best
        && let (Some(x), Some(y)) = (a.names.get(i), b.names.get(j))
    {
        for item in &scratch.best {
            sum.add(item.what, item.how, shown(x, item.left), shown(y, item.right), item.bits);
        }
        if x.cut || y.cut {
            let text =
                |n: &Name| if n.cut { n.text.chars().take(20).collect::<String>() + "..." } else { String::new() };
            sum.add(What::Limit, How::Long, text(x), text(y), 0.0);
        }
    } else {
        sum.add(What::Name, How::Missing, String::new(), String::new(), LEAST);
    }
    facts(a, b, w, &mut |f| {
        let (l, r) = (told(a, &f, f.left), told(b, &f, f.right));
        sum.add(f.what, f.how, l, r, f.bits);
    });
    if let Some(over) = held_back(a, b, best, sum.bits) {
        sum.add(What::Bearing, How::Weak, String::new(), String::new(), over);
    }
    let score = sum.score();
    Match { score, band: band(score, w), names: best.map(|(i, j, _)| (i, j)), evidence: sum.items }
}

/// The score alone: what [`compare`] gives, without the items.
pub fn score(a: &Prepared, b: &Prepared, rarity: &dyn Rarity, scratch: &mut Scratch) -> f32 {
    score_with(a, b, rarity, &Weights::STANDARD, scratch)
}

/// [`score`] with other parameters.
pub fn score_with(a: &Prepared, b: &Prepared, rarity: &dyn Rarity, w: &Weights, scratch: &mut Scratch) -> f32 {
    score_and_names(a, b, rarity, w, scratch).0
}

/// [`score_with`], and the pair of names that spoke loudest, by their places in the two parties.
pub fn score_and_names(
    a: &Prepared,
    b: &Prepared,
    rarity: &dyn Rarity,
    w: &Weights,
    scratch: &mut Scratch,
) -> (f32, Option<(usize, usize)>) {
    let best = best_names(a, b, rarity, w, scratch, false);
    let mut bits = w.prior + best.map_or(LEAST, |b| b.2);
    facts(a, b, w, &mut |f| bits += f.bits);
    bits += held_back(a, b, best, bits).unwrap_or(0.0);
    (rounded(bits) as f32 / ONE, best.map(|(i, j, _)| (i, j)))
}

/// How alike the names that spoke loudest are written, to put parties of one score in order: a main name
/// before an alias, then by words that are the same in the same place. 0 without names.
pub fn likeness(a: &Prepared, b: &Prepared, names: Option<(usize, usize)>) -> u16 {
    let pair = |(i, j): (usize, usize)| Some((a.names.get(i)?, b.names.get(j)?));
    let Some((x, y)) = names.and_then(pair) else { return 0 };
    let same = x.tokens.iter().zip(&y.tokens).filter(|(s, t)| s.text == t.text).count();
    // A form that stands elsewhere is still the same word.
    let forms = x.forms.iter().filter(|f| y.forms.contains(f)).count();
    let main = if y.kind == NameKind::Main { 512 } else { 0 };
    main + 2 * u16::try_from(same).unwrap_or(0).min(200) + u16::from(forms > 0)
}

/// The band of a score that was reached with some parameters.
pub fn band(score: f32, w: &Weights) -> Band {
    match score {
        s if s >= MATCH_FROM => Band::Match,
        s if s >= w.review_from => Band::Review,
        _ => Band::No,
    }
}

/// The pair of names that speaks loudest for the two being one, its bits, and, where `keep`, its
/// items in `scratch.best`.
fn best_names(
    a: &Prepared,
    b: &Prepared,
    rarity: &dyn Rarity,
    w: &Weights,
    scratch: &mut Scratch,
    keep: bool,
) -> Option<(usize, usize, f32)> {
    let mut best: Option<(usize, usize, f32)> = None;
    let mut left = MAX_PAIRS;
    'all: for (i, x) in a.names.iter().enumerate() {
        for (j, y) in b.names.iter().enumerate() {
            if left == 0 {
                break 'all;
            }
            left -= 1;
            let mode = mode(a.kind, b.kind, x, y);
            let bits = pair(&Pair { a: x, b: y, mode, rarity, w }, &mut scratch.room);
            // A weak name counts only where no other says as much.
            let weak = x.kind == NameKind::Weak || y.kind == NameKind::Weak;
            if best.is_none_or(|(.., b)| bits > b + if weak { 2.0 } else { 0.0 }) {
                best = Some((i, j, bits));
                if keep {
                    std::mem::swap(&mut scratch.best, &mut scratch.room.items);
                }
            }
        }
    }
    best
}

fn mode(a: Kind, b: Kind, x: &Name, y: &Name) -> Mode {
    let either = |k: Kind| a == k || b == k;
    if either(Kind::Vessel) || either(Kind::Aircraft) {
        Mode::Vessel
    } else if either(Kind::Org) || x.org || y.org {
        Mode::Org
    } else {
        Mode::Person
    }
}

/// What keeps a weak name alone from making a match: the bits to take away, where there are any.
fn held_back(a: &Prepared, b: &Prepared, best: Option<(usize, usize, f32)>, bits: f32) -> Option<f32> {
    let (i, j, _) = best?;
    let weak = |p: &Prepared, i: usize| p.names.get(i).is_some_and(|n| n.kind == NameKind::Weak);
    let strong = a.ids.iter().any(|x| b.ids.iter().any(|y| x.scheme == y.scheme && x.value == y.value));
    let most = -0.6;
    ((weak(a, i) || weak(b, j)) && !strong && bits > most).then_some(most - bits)
}

/// The words of a span, as written.
fn shown(name: &Name, span: Span) -> String {
    let (from, len) = (usize::from(span.0), usize::from(span.1));
    if len == usize::from(u8::MAX) {
        return name.text.to_string();
    }
    let words = name.tokens.iter().skip(from).take(len).filter(|t| !t.flags.has(Flags::STOP));
    words.map(|t| t.shown()).collect::<Vec<_>>().join(" ")
}

fn told(p: &Prepared, fact: &Fact, at: Option<usize>) -> String {
    let country = |list: &[[u8; 2]]| at.and_then(|i| list.get(i)).map(|c| c.iter().map(|b| char::from(*b)).collect());
    match fact.what {
        What::Birth => at.and_then(|i| p.births.get(i)).map(ToString::to_string),
        What::Country => country(&p.countries),
        What::Flag => country(&p.flags),
        What::Id => at.and_then(|i| p.ids.get(i)).map(|id| format!("{} {}", id.scheme, id.value)),
        What::Kind => Some(p.kind.to_string()),
        _ => None,
    }
    .unwrap_or_default()
}

/// Parts of a score: scores are rounded to one in this many, so that they are the same wherever
/// they are made.
const ONE: f32 = 10_000.0;

/// The logistic of a sum of bits, as a whole number of ten-thousandths.
fn rounded(bits: f32) -> i32 {
    let odds = f64::from(-bits.clamp(-40.0, 40.0)).exp2();
    (f64::from(ONE) / (1.0 + odds)).round() as i32
}

/// A sum of items in order, and the step each makes in the score.
struct Sum {
    items: Vec<Evidence>,
    bits: f32,
    before: i32,
}

impl Sum {
    fn start(prior: f32) -> Sum {
        let mut sum = Sum { items: Vec::with_capacity(8), bits: 0.0, before: 0 };
        sum.add(What::Prior, How::Start, String::new(), String::new(), prior);
        sum
    }

    fn add(&mut self, what: What, how: How, left: String, right: String, bits: f32) {
        self.bits += bits;
        let now = rounded(self.bits);
        let weight = (now - self.before) as f32 / ONE;
        self.before = now;
        self.items.push(Evidence { what, how, left, right, bits: (bits * 100.0).round() / 100.0, weight });
    }

    fn score(&self) -> f32 {
        self.before as f32 / ONE
    }
}
