//! Chinese names in Latin and Cyrillic letters.
//!
//! A name is written in one romanisation throughout, or in one for the given name and with a
//! surname of the family's own habit. So every romanisation that can be meant makes a path of its
//! own: Ping is Ping in pinyin and Bing in Wade-Giles, but not both in one name. A path beside a
//! likelier one carries a doubt, which the comparison takes off.

use super::arrange::{self, Arranged, Cut};
use super::chinese::{MAX_NAME, surname_sounds};
use super::letters;
use super::spellings::{self, Part};
use super::syllable::{Draft, Sound, Syllables, Tradition};
use super::{pieces, western};

/// Romanisations of the south: Cantonese, Hokkien and their neighbours.
const SOUTH: u8 = spellings::CANTONESE | spellings::SOUTHERN;

pub(super) fn umlaut(base: char, mark: char) -> char {
    match (base, mark) {
        ('u', '\u{308}' | '\u{30c}') => 'v',
        ('и', '\u{306}') => 'й',
        ('е', '\u{308}') => 'е',
        _ => base,
    }
}

/// Reads the parts of a name in Latin letters, beside a Korean reading that is so sure.
pub(super) fn latin(parts: &[Vec<String>], korean: u8) -> Option<Syllables> {
    read(parts, spellings::ALL, korean).or_else(|| read(parts, spellings::RUSSIAN, korean))
}

/// Reads a name in Cyrillic letters.
pub(super) fn russian(words: &[&str], korean: u8) -> Option<Syllables> {
    read(&letters::in_russian(letters::parts(words, umlaut)), spellings::PALLADIUS, korean)
}

/// A word's parts cut into syllables of the given romanisations.
fn cut(word: &[Part], schemes: u8) -> Vec<Cut> {
    let ways: Vec<Vec<Cut>> = word
        .iter()
        .map(|part| {
            let mut cuts = part.cuts(schemes);
            // Between hyphens stands one syllable, if it can be one.
            if word.len() > 1 && part.whole() {
                cuts.retain(|cut| cut.sounds.len() == 1);
            }
            cuts
        })
        .collect();
    if ways.iter().any(Vec::is_empty) { Vec::new() } else { arrange::join(&ways) }
}

/// The cuts of a word that can be a surname.
fn heads(word: &[Part], schemes: u8) -> Vec<Cut> {
    let mut cuts = cut(word, schemes);
    cuts.retain(|cut| surname_sounds(&cut.sounds).is_some());
    cuts
}

/// The words in one or several romanisations; `None` if some word cannot be written in any one of them.
fn given(words: &[Vec<Part>], schemes: u8) -> Option<Vec<Vec<Cut>>> {
    let shared = words.iter().flatten().fold(schemes, |set, part| set & part.schemes);
    (shared != 0).then(|| words.iter().map(|word| cut(word, shared)).collect())
}

/// What the path supposes about the romanisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Surname and given name in one romanisation of Mandarin.
    Pure,
    /// The given name in one of Mandarin, the surname in a habit of its own.
    Own,
    /// The given name in one of the south.
    South,
    /// Several romanisations in the given name.
    Mixed,
}

struct Found {
    arranged: Arranged,
    kind: Kind,
}

/// All paths with the surname in one place. `ease` is taken off the doubts.
fn paths(head: &[Part], words: &[Vec<Part>], last: bool, ease: u8, found: &mut Vec<Found>) {
    // Behind a surname of Mandarin in the first place a last one needs good reason.
    let taken =
        found.iter().any(|one| one.kind == Kind::Pure && one.arranged.tier == 1 && one.arranged.draft.doubt == 0);
    let mut add = |names: &[Cut], given: &[Vec<Cut>], kind: Kind, doubt: u8| -> Option<u8> {
        let mut ways = Vec::new();
        arrange::headed(names, given, last, &surname_sounds, &mut ways);
        let tier = ways.iter().map(|way| way.tier).min();
        for mut arranged in ways {
            let turned = if taken && (kind != Kind::Pure || doubt > 0) { 30 } else { 0 };
            arranged.draft.doubt = doubt.saturating_sub(ease) + turned;
            found.push(Found { arranged, kind });
        }
        tier
    };
    let (pinyin, wade) = (heads(head, spellings::PINYIN), heads(head, spellings::WADE));
    let (in_pinyin, in_wade) = (given(words, spellings::PINYIN), given(words, spellings::WADE));
    // How common the surname is if the whole name is pinyin, or Wade-Giles.
    let first = in_pinyin.as_ref().and_then(|given| add(&pinyin, given, Kind::Pure, 0));
    let doubt = first.map_or(0, |tier| if tier == 1 { 35 } else { 12 });
    let second = in_wade.as_ref().and_then(|given| add(&wade, given, Kind::Pure, doubt));
    let pure = first.or(second);
    // A surname of the family's own habit, when no romanisation of Mandarin has it.
    if let Some(given) = &in_pinyin {
        let other = heads(head, spellings::ALL - spellings::PINYIN);
        add(&other, given, Kind::Own, if first.is_some() { 25 } else { 0 });
    } else if let Some(given) = &in_wade {
        let other = heads(head, spellings::ALL - spellings::WADE);
        add(&other, given, Kind::Own, if second.is_some() { 25 } else { 0 });
    }
    let any = heads(head, spellings::ALL);
    let doubt = match (first, second) {
        (Some(1), _) => 45,
        (Some(_), _) => 25,
        (None, Some(1)) => 22,
        (None, Some(_)) => 8,
        (None, None) => 0,
    };
    let southern = given(words, spellings::CANTONESE).or_else(|| given(words, spellings::SOUTHERN)).is_some();
    if southern {
        let cuts: Vec<Vec<Cut>> = words.iter().map(|word| cut(word, SOUTH)).collect();
        add(&any, &cuts, Kind::South, doubt);
    } else if in_pinyin.is_none() && in_wade.is_none() {
        let cuts: Vec<Vec<Cut>> = words.iter().map(|word| cut(word, spellings::ALL)).collect();
        add(&any, &cuts, Kind::Mixed, if pure.is_some() { 25 } else { 0 });
    }
}

fn read(all: &[Vec<String>], fitting: u8, korean: u8) -> Option<Syllables> {
    let (mut foreign, rest) = western::strip(all)?;
    let mut words: Vec<Vec<Part>> = Vec::with_capacity(rest.len());
    for (place, parts) in rest.iter().enumerate() {
        let word: Vec<Part> = parts.iter().map(|part| Part::new(part)).collect();
        if cut(&word, fitting).is_empty() {
            // A word no romanisation covers, not even several together: at the head of a longer name
            // a given name of another people, unless it is Korean.
            let western = place == 0 && foreign == 0 && rest.len() > 2 && fitting == spellings::ALL;
            if !western || parts.iter().any(|part| part.len() < 4 || !pieces::latin().cuts(part).is_empty()) {
                return None;
            }
            foreign = 1;
            continue;
        }
        words.push(word);
    }
    let mut found: Vec<Found> = Vec::new();
    match &words[..] {
        [] => return None,
        [only] => {
            for scheme in [spellings::PINYIN, spellings::WADE, spellings::PALLADIUS, spellings::RUSSIAN] {
                let ways = arrange::arrange(&[cut(only, scheme & fitting)], &surname_sounds);
                let doubt = if found.is_empty() { 0 } else { 35 };
                for mut arranged in ways {
                    arranged.draft.doubt = doubt;
                    found.push(Found { arranged, kind: Kind::Pure });
                }
            }
        }
        [first, between @ .., last] if fitting == spellings::ALL => {
            let after: Vec<Vec<Part>> = words.iter().skip(1).cloned().collect();
            let before: Vec<Vec<Part>> = std::iter::once(first).chain(between).cloned().collect();
            // Hyphens in the given name, or a Western name beside it, are a habit of Taiwan and Hong Kong.
            let hyphens = words.iter().any(|word| word.len() > 1);
            let ease = 20 * u8::from(hyphens) + 10 * foreign;
            paths(first, &after, false, ease, &mut found);
            paths(last, &before, true, ease, &mut found);
        }
        _ => {
            let cuts: Vec<Vec<Cut>> = words.iter().map(|word| cut(word, fitting)).collect();
            let ways = arrange::arrange(&cuts, &surname_sounds);
            found.extend(ways.into_iter().map(|arranged| Found { arranged, kind: Kind::Pure }));
        }
    }
    settle(&mut found);
    let best = found.first()?;
    let draft = &best.arranged.draft;
    let two_surnames = words.len() > 2
        && words.iter().take(2).all(|word| matches!(&word[..], [part] if part.whole()))
        && best.arranged.surname == 1
        && alone(&words, draft)
        && has_two_surnames(draft, &surname_sounds);
    let mut sure: i32 = match best.arranged.tier {
        1 => 70,
        2 => 55,
        _ => 35,
    };
    sure += match draft.sounds.len() - best.arranged.surname {
        1 => -5,
        2 => 10,
        3 if two_surnames => 0,
        _ => -30,
    };
    let signs = ["x", "q", "zh", "hs", "v", "cz", "цз", "чж", "'"];
    let telling = |part: &String| signs.iter().any(|sign| part.contains(sign)) || part.ends_with("ng");
    sure += if all.iter().flatten().any(telling) { 10 } else { 0 };
    sure -= match best.kind {
        Kind::Pure | Kind::Own => 0,
        Kind::South => 10,
        Kind::Mixed => 15,
    };
    // In a name that is well Korean, a first word that is no surname of Mandarin speaks for Korean.
    let mandarin = spellings::PINYIN | spellings::WADE;
    let odd_head = words.len() > 1 && words.first().is_some_and(|word| heads(word, mandarin & fitting).is_empty());
    sure -= 25 * i32::from(odd_head && korean >= 85) + 20 * i32::from(foreign);
    sure -= 4 * i32::from(draft.cost.saturating_sub(2));
    sure -= if words.len() == 1 || fitting == spellings::RUSSIAN { 20 } else { 0 };
    if sure < 10 {
        return None;
    }
    let mut drafts: Vec<Draft> = found.into_iter().map(|one| one.arranged.draft).collect();
    if two_surnames {
        drafts = married(drafts, &surname_sounds);
    }
    Syllables::build(Tradition::Chinese, u8::try_from(sure.clamp(0, 95)).unwrap_or(0), foreign, drafts)
}

/// Sorts the paths, the likeliest first, and leaves out what is no name.
fn settle(found: &mut Vec<Found>) {
    let last = |one: &Found| one.arranged.draft.surname_last;
    if found.iter().any(last) && !found.iter().all(last) {
        for one in found.iter_mut().filter(|one| one.arranged.draft.surname_last) {
            one.arranged.draft.cost = one.arranged.draft.cost.saturating_add(1);
        }
    }
    found.retain(|one| {
        let draft = &one.arranged.draft;
        (2..=MAX_NAME).contains(&draft.sounds.len()) && draft.cost <= 9
    });
    found.sort_by_key(|one| one.arranged.draft.rank());
}

/// The first word is one syllable in this path.
fn alone(words: &[Vec<Part>], draft: &Draft) -> bool {
    let schemes = [spellings::PINYIN, spellings::WADE, spellings::ALL, spellings::ALL - spellings::PINYIN];
    let cuts = |word: &Vec<Part>| schemes.iter().flat_map(|set| cut(word, *set)).collect::<Vec<Cut>>();
    words.first().is_some_and(|word| {
        cuts(word).iter().any(|cut| cut.sounds.len() == 1 && cut.sounds.first() == draft.sounds.first())
    })
}

/// Whether a married woman's name stands there: her husband's surname, her own, the given name.
pub(super) fn has_two_surnames(draft: &Draft, surname: &dyn Fn(&[Sound]) -> Option<u8>) -> bool {
    draft.sounds.len() >= 4
        && !draft.surname_last
        && draft.sounds.get(1..2).and_then(surname).is_some_and(|tier| tier <= 2)
}

/// Adds to names of two surnames the name with the woman's own alone.
pub(super) fn married(mut drafts: Vec<Draft>, surname: &dyn Fn(&[Sound]) -> Option<u8>) -> Vec<Draft> {
    let own = drafts.iter().find(|draft| has_two_surnames(draft, surname)).map(|draft| Draft {
        sounds: draft.sounds.iter().skip(1).copied().collect(),
        cost: draft.cost.saturating_add(3),
        ..draft.clone()
    });
    drafts.extend(own);
    drafts
}
