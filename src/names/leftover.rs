//! What the words that found no partner say, and the order and legal form of the names.

use super::evidence::{How, What};
use super::flags::Flags;
use super::pairing::{Item, Mode, NOTHING, Pair, Room, span};
use super::tables::{Class, tables};
use super::token::{Name, Token};
use super::words::likeness;

/// Words without a partner: one in the place of another, or missing on one side.
pub(super) fn leftover(p: &Pair<'_>, room: &mut Room) {
    match p.mode {
        Mode::Person => person(p, room),
        Mode::Org | Mode::Vessel => org(p, room),
    }
}

fn aside(t: &Token) -> bool {
    t.flags.any(Flags::PARTICLE | Flags::STOP)
}

fn person(p: &Pair<'_>, room: &mut Room) {
    let w = p.w;
    let Room { items, met, left_free, right_free, .. } = room;
    left_free.retain(|k| p.left(*k).is_some_and(|t| !aside(t)));
    right_free.retain(|k| p.right(*k).is_some_and(|t| !aside(t)));
    child(p, items, met, left_free, right_free);
    // Patronymics stand against patronymics first.
    let father = |t: Option<&Token>| t.is_some_and(|t| t.flags.has(Flags::PATRONYMIC));
    let l = left_free.iter().position(|k| father(p.left(*k)));
    let r = right_free.iter().position(|k| father(p.right(*k)));
    if let (Some(l), Some(r)) = (l, r) {
        let (l, r) = (left_free.remove(l), right_free.remove(r));
        items.push(Item {
            what: What::Patronymic,
            how: How::Differs,
            left: span(p.a, l, 1),
            right: span(p.b, r, 1),
            bits: -w.patronymic,
        });
    }
    while let (Some(l), Some(r)) = (left_free.first().copied(), right_free.first().copied()) {
        left_free.remove(0);
        right_free.remove(0);
        let (Some(x), Some(y)) = (p.left(l), p.right(r)) else { continue };
        let bits = if x.flags.has(Flags::INITIAL) || y.flags.has(Flags::INITIAL) {
            -w.initial
        } else if x.flags.has(Flags::PATRONYMIC) != y.flags.has(Flags::PATRONYMIC) {
            -w.conflict * 0.7
        } else {
            -w.conflict * (1.0 - w.likeness * likeness(x, y))
        };
        items.push(Item { what: What::Token, how: How::Differs, left: span(p.a, l, 1), right: span(p.b, r, 1), bits });
    }
    // Both sides say which word is the surname, and the surnames have nothing in common.
    let surname = |t: Option<&Token>| t.is_some_and(|t| t.flags.has(Flags::SURNAME) && !aside(t));
    let told = p.a.tokens.iter().any(|t| surname(Some(t))) && p.b.tokens.iter().any(|t| surname(Some(t)));
    let meet = met.iter().any(|m| surname(p.left(m.left)) && surname(p.right(m.right)));
    let differ = items.iter().any(|i| i.how == How::Differs && i.what == What::Token);
    if told && !meet && !differ {
        items.push(Item { what: What::Name, how: How::Surname, left: NOTHING, right: NOTHING, bits: -w.surname });
    }
    let full = |t: Option<&Token>| t.is_some_and(|t| !aside(t) && !t.flags.has(Flags::INITIAL));
    let telling = met.iter().filter(|m| full(p.left(m.left)) && full(p.right(m.right))).count();
    let missing = left_free.len() + right_free.len();
    for (k, left) in left_free.iter().map(|k| (*k, true)).chain(right_free.iter().map(|k| (*k, false))) {
        let token = if left { p.left(k) } else { p.right(k) };
        let father = father(token);
        let bits = -w.missing * if father { 0.6 } else { 1.0 };
        let what = if father { What::Patronymic } else { What::Extra };
        let (l, r) = if left { (span(p.a, k, 1), NOTHING) } else { (NOTHING, span(p.b, k, 1)) };
        items.push(Item { what, how: How::Missing, left: l, right: r, bits });
    }
    if missing > 0 && telling <= 1 {
        // "President Vester" is a full way of naming; "Vester" is not.
        let titled = |n: &Name| n.tokens.iter().any(|t| t.flags.has(Flags::TITLE));
        let short = if left_free.is_empty() { p.a } else { p.b };
        let bits = if titled(short) { -w.alone * 0.4 } else { -w.alone };
        items.push(Item { what: What::Name, how: How::Common, left: NOTHING, right: NOTHING, bits });
    }
}

/// Father and son bear one name; the word that tells them apart is no part of it.
pub(super) fn generations(p: &Pair<'_>, room: &mut Room) {
    if p.mode != Mode::Person {
        return;
    }
    let (how, bits) = match (p.a.generation, p.b.generation) {
        (None, None) => return,
        (Some(x), Some(y)) if x.bearer == y.bearer => (How::Equal, 0.5),
        (Some(_), Some(_)) => (How::Differs, -p.w.generation),
        _ => (How::Missing, -p.w.missing),
    };
    let at = |n: &Name| n.generation.map_or(NOTHING, |g| (g.place, 1));
    room.items.push(Item { what: What::Generation, how, left: at(p.a), right: at(p.b), bits });
}

/// By the Arabic order the words after the first are the father's and his fathers'. A first name
/// put before the other's first name makes its bearer that one's child.
fn child(p: &Pair<'_>, items: &mut Vec<Item>, met: &[super::pairing::Met], left_free: &[u8], right_free: &[u8]) {
    let arabic = |n: &Name| n.tokens.iter().any(|t| t.flags.has(Flags::ARABIC));
    if !arabic(p.a) || !arabic(p.b) {
        return;
    }
    for turned in [false, true] {
        let (long, short, free) = if turned { (p.b, p.a, right_free) } else { (p.a, p.b, left_free) };
        let order = |n: &Name| -> [Option<u8>; 2] {
            let mut own = (0..).zip(&n.telling).filter_map(|(k, i)| {
                let t = n.tokens.get(usize::from(*i))?;
                (!aside(t) && !t.flags.has(Flags::SURNAME)).then_some(k)
            });
            [own.next(), own.next()]
        };
        let ([Some(first), Some(second)], [Some(other), _]) = (order(long), order(short)) else { continue };
        let token = |k: u8| long.telling.get(usize::from(k)).and_then(|i| long.tokens.get(usize::from(*i)));
        let muhammad = token(first).is_some_and(|t| {
            matches!(&*t.text, "md" | "mohd" | "muhd")
                || super::tables::tables().given("muhammad").is_some_and(|g| g.id == t.given)
        });
        let meets = met
            .iter()
            .any(|m| if turned { (m.left, m.right) == (other, second) } else { (m.left, m.right) == (second, other) });
        if free.contains(&first) && meets {
            let (l, r) = if turned { (NOTHING, span(p.b, first, 1)) } else { (span(p.a, first, 1), NOTHING) };
            items.push(Item {
                what: What::Order,
                how: How::Child,
                left: l,
                right: r,
                bits: -p.w.child * if muhammad { 0.3 } else { 1.0 },
            });
        }
    }
}

/// How telling a word of an organisation's name is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    Number,
    Place,
    Notion,
    Sibling,
    Common,
    Weak,
    Own,
}

fn telling(t: &Token) -> Telling {
    if t.number.is_some() {
        return Telling::Number;
    }
    match tables().class(t.concept) {
        Some(Class::Place) => Telling::Place,
        Some(Class::Activity | Class::Rank) => Telling::Notion,
        Some(Class::Sibling) => Telling::Sibling,
        Some(Class::Common) => Telling::Common,
        Some(Class::Generic) => Telling::Weak,
        None => Telling::Own,
    }
}

fn org(p: &Pair<'_>, room: &mut Room) {
    let w = p.w;
    let Room { items, left_free, right_free, .. } = room;
    left_free.retain(|k| p.left(*k).is_some_and(|t| !aside(t)));
    right_free.retain(|k| p.right(*k).is_some_and(|t| !aside(t)));
    // Words of one class stand against each other, the most telling class first.
    for class in [
        Telling::Number,
        Telling::Own,
        Telling::Place,
        Telling::Notion,
        Telling::Sibling,
        Telling::Common,
        Telling::Weak,
    ] {
        loop {
            let l = left_free.iter().position(|k| p.left(*k).is_some_and(|t| telling(t) == class));
            let r = right_free.iter().position(|k| p.right(*k).is_some_and(|t| telling(t) == class));
            let (Some(l), Some(r)) = (l, r) else { break };
            let (l, r) = (left_free.remove(l), right_free.remove(r));
            let like = if let (Some(x), Some(y)) = (p.left(l), p.right(r)) { likeness(x, y) } else { 0.0 };
            let (what, bits) = match class {
                Telling::Number => (What::Number, -w.number),
                Telling::Own => (What::Token, -w.conflict * (1.0 - w.likeness * like)),
                Telling::Place => (What::Token, -w.place),
                Telling::Notion => (What::Token, -w.notion),
                Telling::Sibling => (What::Token, -w.place),
                Telling::Common => (What::Token, -w.extra_common * 2.0),
                Telling::Weak => (What::Token, -w.extra_generic * 1.5),
            };
            items.push(Item { what, how: How::Differs, left: span(p.a, l, 1), right: span(p.b, r, 1), bits });
        }
    }
    let first = |left: bool| if left { left_free.first() } else { right_free.first() };
    // What remains on both sides is of other classes: one of each stands against the other.
    let against = first(true).is_some() && first(false).is_some();
    // Two notions of other classes: the Bank of Commerce is not the Bank of Industry.
    let notion = |k: Option<&u8>, left: bool| {
        k.and_then(|k| if left { p.left(*k) } else { p.right(*k) })
            .is_some_and(|t| matches!(telling(t), Telling::Notion | Telling::Common | Telling::Sibling))
    };
    let other = if notion(first(true), true) && notion(first(false), false) { 1.8 } else { 1.3 };
    for (k, left) in left_free.iter().map(|k| (*k, true)).chain(right_free.iter().map(|k| (*k, false))) {
        let Some(token) = (if left { p.left(k) } else { p.right(k) }) else { continue };
        let bits = match telling(token) {
            Telling::Number if p.mode == Mode::Vessel => w.extra_number * 1.4,
            Telling::Number => w.extra_number,
            Telling::Own if token.flags.has(Flags::INITIAL) || p.mode == Mode::Vessel && token.text.len() <= 2 => {
                w.extra * 0.7
            }
            // In brackets stands what explains the name: its acronym, its other name.
            Telling::Own if token.flags.has(Flags::BRACKET) => w.extra * 0.5,
            Telling::Own => w.extra,
            Telling::Place | Telling::Sibling => w.extra_place,
            // A company is no foundation of its name.
            Telling::Notion if tables().is_body(token.concept) && (if left { p.b } else { p.a }).is_company() => {
                w.place
            }
            Telling::Notion => w.extra_activity,
            Telling::Common => w.extra_common,
            Telling::Weak => w.extra_generic,
        };
        let bits = -bits * if against { other } else { 1.0 };
        let (l, r) = if left { (span(p.a, k, 1), NOTHING) } else { (NOTHING, span(p.b, k, 1)) };
        let what = if token.number.is_some() { What::Number } else { What::Extra };
        items.push(Item { what, how: How::Missing, left: l, right: r, bits });
    }
}

/// Bits that common words can sum to where no word of the firm's own is the same.
const COMMON: f32 = 4.0;

/// Sister firms and ships bear names that differ in a letter or two beside equal common words. Where
/// the words of a firm's own are only alike, the common ones say little; another letter in the place
/// of one says less than a letter dropped, doubled or changed round, which are slips.
pub(super) fn sisters(p: &Pair<'_>, room: &mut Room) {
    if p.mode == Mode::Person {
        return;
    }
    let Room { items, met, .. } = room;
    let own = |t: &Token| p.mode == Mode::Vessel || telling(t) == Telling::Own && !aside(t);
    let (mut same, mut alike, mut common) = (0usize, 0usize, 0.0);
    for (m, item) in met.iter().zip(items.iter()) {
        let (Some(x), Some(y)) = (p.left(m.left), p.right(m.right)) else { continue };
        let slip = m.relation.how == How::Typo;
        if slip && own(x) && own(y) {
            alike += 1;
        } else if own(x) || own(y) {
            same += 1;
        } else if item.bits > 0.0 {
            common += item.bits;
        }
    }
    if alike == 0 || p.mode == Mode::Org && same > 0 {
        return;
    }
    if p.mode == Mode::Org && common > COMMON {
        for (m, item) in met.iter().zip(items.iter_mut()) {
            if item.bits > 0.0 && m.relation.how != How::Typo {
                item.bits *= COMMON / common;
            }
        }
    }
    // Of ships only those with a word in common are sisters.
    if p.mode == Mode::Vessel && (same == 0 || alike > 1) {
        return;
    }
    for (m, item) in met.iter().zip(items.iter_mut()).filter(|(m, _)| m.relation.how == How::Typo) {
        if let (Some(x), Some(y)) = (p.left(m.left), p.right(m.right))
            && super::words::replaced(x, y, p.mode)
        {
            // A name beside the same common words is made on the pattern of its sister's.
            item.bits -= match p.mode {
                Mode::Vessel => p.w.sister * 2.0,
                _ if common > 0.0 => p.w.sister * 1.3,
                _ => p.w.sister,
            };
        }
    }
}

/// The order of the words: free among persons' names, but for initials; told among firms'.
pub(super) fn order(p: &Pair<'_>, room: &mut Room) {
    let Room { items, met, left_free, right_free, .. } = room;
    if p.mode != Mode::Person {
        let turned = met.windows(2).filter(|m| matches!(m, [x, y] if y.right < x.right)).count().min(3);
        if turned > 0 {
            let bits = -p.w.order * turned as f32;
            items.push(Item { what: What::Order, how: How::Reordered, left: NOTHING, right: NOTHING, bits });
        }
        return;
    }
    let initial = |m: &super::pairing::Met| m.relation.how == How::Initial;
    if !met.iter().any(initial) {
        return;
    }
    // Two initials stand for two names in their own order.
    let initials: Vec<_> = met.iter().filter(|m| initial(m)).collect();
    let crossed = initials.windows(2).any(|m| matches!(m, [x, y] if y.right < x.right));
    // An initial that stands for a later name passes over the first.
    let passed = initials.iter().any(|m| {
        let (of_left, k) = (p.left(m.left).is_some_and(|t| t.flags.has(Flags::INITIAL)), m);
        let (free, at) = if of_left { (&*right_free, k.right) } else { (&*left_free, k.left) };
        let given = |x: &u8| {
            *x < at && (if of_left { p.right(*x) } else { p.left(*x) }).is_some_and(|t| !t.flags.has(Flags::SURNAME))
        };
        free.iter().any(given)
    });
    if crossed || passed {
        items.push(Item { what: What::Order, how: How::Initial, left: NOTHING, right: NOTHING, bits: -p.w.initial });
    }
}

/// Legal forms: the same, of one family, or of two.
pub(super) fn forms(p: &Pair<'_>, room: &mut Room) {
    let (a, b) = (&p.a.forms, &p.b.forms);
    if a.is_empty() || b.is_empty() {
        return;
    }
    let w = p.w;
    let (how, bits) = if a.iter().any(|x| b.contains(x)) {
        (How::Exact, w.form_agrees)
    } else if a.iter().any(|x| b.iter().any(|y| x.family == y.family)) {
        (How::Akin, w.form_akin)
    } else {
        (How::Differs, -w.form_differs)
    };
    let at = |n: &Name| {
        let mut places = n.tokens.iter().filter(|t| t.flags.has(Flags::FORM)).map(|t| t.place);
        let first = places.next();
        first.map_or(NOTHING, |f| {
            (
                f,
                u8::try_from((f..).zip(std::iter::once(f).chain(places)).take_while(|(x, y)| x == y).count())
                    .unwrap_or(1),
            )
        })
    };
    room.items.push(Item { what: What::Form, how, left: at(p.a), right: at(p.b), bits });
}
