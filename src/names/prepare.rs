//! A party's names, dates, countries and identifiers in the form that is compared.

use super::birth::Birth;
use super::chars::{Writing, plain_latin, unspaced, writing};
use super::clean::{clean_as, is_mark};
use super::country::country;
use super::east;
use super::flags::Flags;
use super::ident::Id;
use super::label;
use super::profile::{Kind, NameKind, Profile};
use super::script;
use super::split::{Raw, split};
use super::tables::tables;
use super::token::{MAX_TOKENS, Name, Token};
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;

/// Names of a party that are prepared; lists give some parties over a hundred.
pub const MAX_NAMES: usize = 400;
/// Other spellings kept for one word.
const MAX_ALTS: usize = 4;

/// A party, prepared for comparing.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    /// What sort of party.
    pub kind: Kind,
    /// Its names, in the profile's order; names without a letter or digit have no words.
    pub names: Vec<Name>,
    /// Its dates of birth.
    pub births: Vec<Birth>,
    /// Its countries, ISO 3166-1 alpha-2.
    pub countries: Vec<[u8; 2]>,
    /// Its flags, where it is a vessel.
    pub flags: Vec<[u8; 2]>,
    /// Its identifiers.
    pub ids: Vec<Id>,
}

impl Prepared {
    /// Prepares a party: the first [`MAX_NAMES`] names.
    pub fn new(profile: &Profile) -> Prepared {
        let countries = |list: &[String]| {
            let mut out: Vec<_> = list.iter().filter_map(|c| country(c)).collect();
            out.sort_unstable();
            out.dedup();
            out
        };
        Prepared {
            kind: profile.kind,
            names: profile.names.iter().take(MAX_NAMES).map(|(t, k)| name(t, *k, profile.kind)).collect(),
            births: profile.births.iter().filter_map(|b| Birth::parse(b)).collect(),
            countries: countries(&profile.countries),
            flags: countries(&profile.flags),
            ids: profile.ids.iter().filter_map(|(s, v)| Id::new(s, v)).collect(),
        }
    }
}

/// Prepares one name of a party of this kind.
pub fn name(text: &str, borne: NameKind, kind: Kind) -> Name {
    let cleaned = clean_as(text, kind);
    let (raws, more) = split(&cleaned.text, MAX_TOKENS, matches!(kind, Kind::Org | Kind::Vessel));
    let org = match kind {
        Kind::Org => true,
        Kind::Unknown => label::looks_like_org(&raws),
        _ => false,
    };
    let mut tokens: Vec<Token> = Vec::with_capacity(raws.len());
    let mut forms = Vec::new();
    for raw in raws {
        if org && raw.text.contains(unspaced) {
            unspaced_words(&raw, &mut tokens, &mut forms);
        } else if let Some(token) = token(&raw) {
            tokens.push(token);
        }
    }
    tokens.truncate(MAX_TOKENS);
    let mut initials = Vec::new();
    let mut generation = None;
    if org {
        initials = label::org(&mut tokens, &mut forms);
    } else if kind == Kind::Vessel || kind == Kind::Aircraft {
        label::vessel(&mut tokens);
    } else {
        generation = label::person(&mut tokens);
    }
    finish(
        Name {
            kind: borne,
            text: cleaned.text.into(),
            tokens,
            forms,
            initials,
            generation,
            cut: cleaned.cut || more,
            ..Name::default()
        },
        org,
        kind,
    )
}

/// Fills in what follows from the words.
fn finish(mut name: Name, org: bool, kind: Kind) -> Name {
    for (place, token) in name.tokens.iter_mut().enumerate() {
        token.place = u8::try_from(place).unwrap_or(u8::MAX);
        token.folds = !token.flags.any(Flags::FORM | Flags::STOP | Flags::NUMBER | Flags::INITIAL | Flags::PREFIX);
        token.bits = super::rarity::built_in(&token.text, token.flags, token.concept);
    }
    let aside = Flags::FORM | Flags::TITLE | Flags::PREFIX | Flags::SUFFIX;
    let mut telling: Vec<u8> =
        name.tokens.iter().filter(|t| !t.flags.any(aside | Flags::STOP)).map(|t| t.place).collect();
    if telling.is_empty() {
        // Nothing but titles or forms: then they are the name.
        telling = name.tokens.iter().map(|t| t.place).collect();
        for token in &mut name.tokens {
            token.flags = token.flags.without(aside | Flags::STOP);
        }
        name.forms.clear();
    }
    let at = |i: u8| name.tokens.get(usize::from(i));
    name.joined = telling.iter().filter_map(|i| at(*i)).map(|t| &*t.text).collect::<String>().into();
    if name.initials.len() >= 3 {
        let letters = name.initials.iter().filter(|i| !i.free).take(16).filter_map(|i| i.head.first());
        name.acronym = letters.map(|b| char::from(*b)).collect::<String>().into();
    }
    let native = name.tokens.iter().any(|t| t.flags.has(Flags::NATIVE));
    if telling.len() <= 4 && (6..=40).contains(&name.joined.len()) && (telling.len() > 1 || native) {
        name.sound = super::sound::skeleton(&name.joined).into();
    }
    for (k, first) in telling.iter().enumerate().take(MAX_TOKENS / 2) {
        let mut run = at(*first).map(|t| t.text.to_string()).unwrap_or_default();
        for (len, next) in telling.iter().enumerate().skip(k + 1).take(2).map(|(j, n)| (j - k + 1, n)) {
            run.push_str(at(*next).map_or("", |t| &t.text));
            name.runs.push((hash(&run), u8::try_from(k).unwrap_or(0), u8::try_from(len).unwrap_or(0)));
        }
    }
    if matches!(kind, Kind::Person | Kind::Unknown) && !org && telling.len() <= 8 {
        let words: Vec<&str> = telling.iter().filter_map(|i| at(*i)).map(Token::shown).collect();
        name.east = east::read(&words);
    }
    name.org = org;
    name.telling = telling;
    name
}

/// An organisation's name in letters without blanks: words that firms' names share are cut out
/// and stand for their English, what is between them is a word of its own.
fn unspaced_words(raw: &Raw, tokens: &mut Vec<Token>, forms: &mut Vec<super::legal::Form>) {
    for word in east::firm::words(&raw.text) {
        let part = Raw { text: word.written, ..raw.clone() };
        let Some(mut token) = token(&part) else { continue };
        if let Some(first) = word.latin.first() {
            let alts = word.latin.iter().skip(1).take(MAX_ALTS).cloned().collect();
            token = make(first.clone(), &part.text, alts, token.flags);
        }
        let mut meaning = None;
        for english in &word.english {
            let words: Vec<&str> = english.split(' ').collect();
            let at = |i: usize| words.get(i).copied();
            if let Some((form, n)) = tables().form_at(at)
                && n == words.len()
            {
                token.flags |= Flags::FORM;
                forms.push(form);
                break;
            }
            if let Some((concept, n)) = tables().concept_at(at)
                && n == words.len()
            {
                token.concept = concept;
                break;
            }
            meaning = meaning.or(Some(words.concat()));
        }
        if let Some(english) = meaning.filter(|_| token.concept == 0 && !token.flags.has(Flags::FORM)) {
            // A word that no table of notions has stands for its English spelling.
            let alts = std::iter::once(token.text.to_string()).chain(token.alts.iter().map(ToString::to_string));
            token = make(english, &part.text, alts.take(MAX_ALTS).collect(), token.flags);
        }
        tokens.push(token);
    }
}

/// A word with its Latin spellings; `None` where nothing of it can be spelled.
fn token(raw: &Raw) -> Option<Token> {
    let mut spellings = latin(&raw.text);
    spellings.retain(|s| !s.is_empty());
    if spellings.is_empty() {
        return None;
    }
    let text = spellings.remove(0);
    let own = raw.text.clone();
    spellings.retain(|s| *s != text);
    spellings.truncate(MAX_ALTS);
    let mut flags = Flags::none();
    let mut letters = raw.text.chars().filter(|c| !is_mark(*c));
    let first = letters.next();
    if letters.next().is_none() && first.is_some_and(|c| c.is_alphabetic() && !unspaced(c)) {
        flags |= Flags::INITIAL;
    }
    for (is, flag) in [
        (raw.hyphen, Flags::HYPHEN),
        (raw.bracket, Flags::BRACKET),
        (raw.dotted, Flags::DOTTED),
        (raw.comma, Flags::SURNAME),
        (raw.dot && !raw.dotted, Flags::ABBREVIATED),
        (raw.text.chars().any(|c| !matches!(writing(c), Writing::Latin | Writing::Common)), Flags::NATIVE),
    ] {
        if is {
            flags |= flag;
        }
    }
    let native = if own == text { String::new() } else { own };
    Some(make(text, &native, spellings, flags))
}

/// A token from its spellings, its labels still to come.
pub(super) fn make(text: String, native: &str, alts: Vec<String>, flags: Flags) -> Token {
    let given = tables().given(&text).or_else(|| alts.iter().find_map(|a| tables().given(a)));
    Token {
        folds: false,
        known: given.is_some() || tables().common(&text).is_some(),
        fold: OnceLock::new(),
        mask: mask(&text),
        hash: hash(&text),
        given: given.map_or(0, |g| g.id),
        pet_of: given.map_or([0; 3], |g| g.pet_of),
        female: given.is_some_and(|g| g.female),
        text: text.into(),
        native: native.into(),
        alts: alts.into_iter().map(Into::into).collect(),
        flags,
        number: None,
        concept: 0,
        bits: 0.0,
        place: 0,
    }
}

pub(super) fn hash(text: &str) -> u64 {
    use std::hash::Hasher;
    let mut h = rustc_hash::FxHasher::default();
    h.write(text.as_bytes());
    h.finish()
}

fn mask(text: &str) -> u32 {
    text.bytes().fold(0, |m, b| {
        m | match b {
            b'a'..=b'z' => 1 << (b - b'a'),
            _ => 1 << 26,
        }
    })
}

/// The likely Latin spellings of a word, the likeliest first.
fn latin(word: &str) -> Vec<String> {
    if word.is_ascii() {
        return vec![word.to_ascii_lowercase().replace('\'', "")];
    }
    if word.chars().all(|c| matches!(writing(c), Writing::Latin | Writing::Common)) {
        let (plain, long): (String, String) = word
            .nfc()
            .map(|c| match plain_latin(c) {
                Some((short, long)) => (short.to_string(), if long.is_empty() { short } else { long }.to_string()),
                None => {
                    let bare: String = std::iter::once(c).nfd().filter(char::is_ascii_alphanumeric).collect();
                    (bare.clone(), bare)
                }
            })
            .unzip();
        let mut out = vec![plain];
        if !out.contains(&long) {
            out.push(long);
        }
        if out.iter().all(String::is_empty) {
            out = vec![any(word)];
        }
        return out;
    }
    let mut out = Vec::new();
    if !word.contains(unspaced) {
        script::romanise(word, &mut out);
    }
    let last = any(word);
    if out.is_empty() {
        out.push(last);
    }
    out
}

/// The last resort: letter by letter.
fn any(word: &str) -> String {
    any_ascii::any_ascii(word).to_ascii_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
}
