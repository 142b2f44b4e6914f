//! Names as wholes: run together, as acronyms, as syllables.

use super::east::Tradition;
use super::evidence::{How, What};
use super::flags::Flags;
use super::pairing::{Item, Mode, Pair, Room};
use super::tables::{Class, tables};
use super::token::{Name, Token};

const ALL: (u8, u8) = (0, u8::MAX);
/// How sure it must be that a name belongs to a tradition before its syllables are judged.
const SURE: u8 = 60;
/// How sure it must be before its words say nothing any more.
const BEYOND_DOUBT: u8 = 85;

/// Whether names without a word in common can still be one.
pub(super) fn may_be(p: &Pair<'_>) -> bool {
    p.a.joined == p.b.joined
        || acronym(p.a, p.b).is_some()
        || acronym(p.b, p.a).is_some()
        || near_joined(p).is_some()
        || run_together(p).is_some()
        || p.mode == Mode::Person && p.a.east.compare(&p.b.east).is_some()
}

/// Puts the items of the words aside where the names as wholes say more.
pub(super) fn whole(p: &Pair<'_>, room: &mut Room) {
    let sum = |items: &[Item]| items.iter().map(|i| i.bits).sum::<f32>();
    let one = |how: How, bits: f32| Item { what: What::Name, how, left: ALL, right: ALL, bits };
    let now = sum(&room.items);
    if p.mode == Mode::Person
        && let Some(items) = syllables(p, now)
    {
        room.items.retain(|i| matches!(i.what, What::Form | What::Generation));
        room.items.extend(items);
        return;
    }
    let found = if p.a.joined == p.b.joined {
        Some(one(How::Joined, worth(p.a).min(worth(p.b)) * 0.95))
    } else if let Some(bits) = acronym(p.a, p.b).or_else(|| acronym(p.b, p.a)) {
        Some(one(How::Acronym, bits))
    } else if let Some(sure) = run_together(p) {
        Some(one(How::Joined, 14.0 * sure - p.w.conflict * (1.0 - sure)))
    } else {
        near_joined(p).map(|d| one(How::Typo, worth(p.a).min(worth(p.b)) * 0.8 - 3.0 * d as f32))
    };
    if let Some(item) = found.filter(|i| i.bits > now) {
        room.items.retain(|i| matches!(i.what, What::Form | What::Generation));
        room.items.push(item);
    }
}

/// What the agreement of all words of a name is worth.
fn worth(name: &Name) -> f32 {
    name.telling.iter().filter_map(|k| name.tokens.get(usize::from(*k))).map(|t| t.bits).sum()
}

/// The bits of `short` being the acronym of `long`; beside it may stand only words that say little.
fn acronym(short: &Name, long: &Name) -> Option<f32> {
    if short.telling.len() > 2 || long.initials.len() < 3 {
        return None;
    }
    let token = |k: &u8| short.tokens.get(usize::from(*k));
    short.telling.iter().filter_map(token).find_map(|t| {
        let beside = short.telling.iter().filter_map(token).filter(|o| o.place != t.place);
        let aside = beside.clone().all(|o| o.concept != 0);
        let bits = super::acronym::stands_for(t, long)?;
        // What it does beyond the long name makes it another body: the Orlan Bank is no Orlan Insurance.
        let beyond = |o: &&Token| {
            matches!(tables().class(o.concept), Some(Class::Activity))
                && long.tokens.iter().all(|l| l.concept != o.concept)
        };
        let other = beside.clone().filter(beyond).count();
        aside.then(|| bits - 1.5 * beside.count() as f32 - 5.0 * other as f32)
    })
}

/// How surely a name written without blanks is the other one.
fn run_together(p: &Pair<'_>) -> Option<f32> {
    if p.a.telling.len() == p.b.telling.len() && p.a.telling.len() > 1 {
        return None;
    }
    let (x, y) = (p.a.sound.as_bytes(), p.b.sound.as_bytes());
    let native = |n: &Name| n.tokens.iter().any(|t| t.flags.has(Flags::NATIVE));
    if x.len() < 3 || x.first() != y.first() || !(native(p.a) || native(p.b)) {
        return None;
    }
    super::osa::distance(x, y, 2)?;
    let fold = |n: &Name| {
        let words = n.telling.iter().filter_map(|k| n.tokens.get(usize::from(*k)));
        super::script::fold(&words.map(Token::shown).collect::<String>())
    };
    let (_, sure) = super::script::closeness(&fold(p.a), &fold(p.b))?;
    (sure >= 60).then(|| f32::from(sure) / 100.0)
}

/// Names whose blanks stand in other places, one letter apart at most.
fn near_joined(p: &Pair<'_>) -> Option<usize> {
    let (x, y) = (p.a.joined.as_bytes(), p.b.joined.as_bytes());
    let least = x.len().min(y.len());
    if least < 8 || x.len().abs_diff(y.len()) > 1 || p.a.telling.len() == p.b.telling.len() {
        return None;
    }
    let digits = |t: &[u8]| t.iter().any(u8::is_ascii_digit);
    if digits(x) || digits(y) {
        return None;
    }
    super::osa::distance(x, y, 1)
}

/// Names of one East Asian tradition: judged by syllables, whatever their spelling.
fn syllables(p: &Pair<'_>, now: f32) -> Option<Vec<Item>> {
    let found = p.a.east.compare(&p.b.east).filter(|f| f.sure >= SURE)?;
    let how = match found.tradition {
        Tradition::Korean => How::Korean,
        Tradition::Chinese => How::Chinese,
        Tradition::Japanese => How::Japanese,
        Tradition::Vietnamese => How::Vietnamese,
    };
    let w = p.w;
    let agree = f32::from(found.agree) * w.syllable + f32::from(found.could) * w.syllable * 0.5;
    let off = super::osa::distance(p.a.joined.as_bytes(), p.b.joined.as_bytes(), 2)
        .map_or(0.0, |d| if d <= 1 { 0.7 } else { 0.3 });
    let against = f32::from(found.conflict) * w.syllable_differs * (1.0 - w.likeness * off)
        + f32::from(found.extra) * w.syllable_missing;
    // Names of the tradition beyond doubt are judged by their syllables alone; else the kinder
    // reading stands.
    if agree - against <= now && found.sure < BEYOND_DOUBT && against == 0.0 {
        return None;
    }
    let item = |bits: f32| Item { what: What::Name, how, left: ALL, right: ALL, bits };
    Some([agree, -against].into_iter().filter(|b| *b != 0.0).map(item).collect())
}
