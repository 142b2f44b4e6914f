//! What each word of a name is: title, particle, legal form, number, notion.

use super::acronym::{Initial, initials};
use super::chars::vowel;
use super::flags::Flags;
use super::legal::Form;
use super::number::{figures, roman};
use super::prepare::make;
use super::script;
use super::split::Raw;
use super::tables::{Class, tables};
use super::token::{Generation, Token};

/// Short words that are particles in one tradition and names in another.
const DOUBTFUL: [&str; 33] = [
    "an", "da", "do", "dos", "du", "le", "la", "il", "ha", "at", "ar", "na", "ne", "ap", "ab", "ten", "ter", "te",
    "af", "av", "san", "bat", "i", "o", "e", "y", "mac", "bar", "un", "van", "in", "on", "no",
];

/// Whether a name of unknown kind is an organisation's: it has a legal form, or a word that only
/// organisations have.
pub(super) fn looks_like_org(raws: &[Raw]) -> bool {
    let at = |from: usize| move |i: usize| raws.get(from + i).map(|r| r.text.as_str());
    let last = raws.len().saturating_sub(1);
    (0..raws.len()).any(|i| {
        let form = tables().form_at(at(i)).is_some_and(|(_, n)| {
            let word = raws.get(i).map_or("", |r| &r.text);
            n > 1 || word.len() > 2 && (i == 0 || i == last) && word != "est" && word != "asa"
        });
        let notion = tables().concept_at(at(i)).and_then(|(c, n)| Some((tables().class(c)?, n)));
        form || notion.is_some_and(|(class, n)| {
            let len = raws.get(i).map_or(0, |r| r.text.len());
            (n > 1 || len > 3) && matches!(class, Class::Generic | Class::Activity) && raws.len() > 1
                || class == Class::Rank && len > 9
        }) || raws.get(i).is_some_and(|r| {
            tables().unspaced_at(&r.text).is_some()
                || r.text
                    .char_indices()
                    .any(|(k, _)| r.text.get(k..).and_then(|t| tables().unspaced_at(t)).is_some_and(|w| w.len() >= 9))
        })
    })
}

fn known(token: &Token) -> Flags {
    let flags = tables().word(&token.text);
    let flags = if token.native.is_empty() { flags } else { flags.with(tables().word(&token.native)) };
    // Another script's word is a title in any of its spellings; a particle only in its likeliest.
    token.alts.iter().fold(flags, |f, alt| if tables().word(alt).has(Flags::TITLE) { f.with(Flags::TITLE) } else { f })
}

/// Labels the words of an organisation's name; legal forms are added to `forms`. Gives the words'
/// first letters.
pub(super) fn org(tokens: &mut Vec<Token>, forms: &mut Vec<Form>) -> Vec<Initial> {
    find_forms(tokens, forms);
    let initials = initials(tokens);
    merge_numbers(tokens, 0);
    german(tokens);
    merge_notions(tokens);
    let last = tokens.len().saturating_sub(1);
    for (i, token) in tokens.iter_mut().enumerate() {
        if token.flags.has(Flags::FORM) {
            continue;
        }
        token.flags = token.flags.without(Flags::SURNAME);
        let is = known(token);
        number(token, i > 0);
        if token.number.is_some() {
            continue;
        }
        if matches!(&*token.text, "e" | "i" | "ye") && token.flags.has(Flags::HYPHEN) {
            // The Persian link between a word and what follows: bank-e, mehr-e.
            token.flags |= Flags::STOP;
        } else if token.concept != 0 {
            token.flags |= match tables().class(token.concept) {
                Some(Class::Place) => Flags::PLACE,
                _ => Flags::GENERIC,
            };
        } else if is.has(Flags::ORDINAL) && i < last || stop(token, is) {
            token.flags |= Flags::STOP;
        } else if matches!(&*token.text, "al" | "el") {
            token.flags |= Flags::PARTICLE;
        }
    }
    initials
}

/// A word without weight; dotted letters and initials are letters of the name.
fn stop(token: &Token, is: Flags) -> bool {
    let letter = token.flags.has(Flags::INITIAL) && &*token.text != "y";
    is.has(Flags::STOP) && !token.flags.has(Flags::DOTTED) && !letter
}

fn number(token: &mut Token, roman_too: bool) {
    let word = tables().number(&token.text).or_else(|| tables().number(&token.native));
    let value = figures(&token.text)
        .or_else(|| if roman_too { roman(&token.text) } else { None })
        .or_else(|| word.map(|w| w.0));
    if value.is_some() {
        token.number = value;
        token.flags |= Flags::NUMBER;
        token.flags = token.flags.without(Flags::INITIAL);
    }
}

fn find_forms(tokens: &mut [Token], forms: &mut Vec<Form>) {
    let n = tokens.len();
    let mut i = 0;
    while i < n {
        let found = tables()
            .form_at(|k| tokens.get(i + k).map(native_or_text))
            .or_else(|| tables().form_at(|k| tokens.get(i + k).map(|t| &*t.text)));
        let Some((form, words)) = found else {
            i += 1;
            continue;
        };
        let text = tokens.get(i).map_or("", |t| &t.text);
        let rest_aside = tokens.get(i + words..).unwrap_or(&[]).iter().all(|t| {
            t.flags.any(Flags::FORM | Flags::BRACKET)
                || tables().form_at(|k| (k == 0).then_some(&*t.text)).is_some()
                || tables().concept_at(|k| (k == 0).then_some(&*t.text)).is_some_and(|(c, _)| {
                    matches!(tables().class(c), Some(Class::Generic | Class::Common | Class::Place))
                })
        });
        // Short forms are words too: they count at either end of the name only.
        if words > 1 || text.len() > 3 || i == 0 || rest_aside || plain_form(text) {
            forms.push(form);
            for token in tokens.iter_mut().skip(i).take(words) {
                token.flags |= Flags::FORM;
            }
        }
        i += words;
    }
    if tokens.iter().all(|t| t.flags.has(Flags::FORM)) {
        forms.clear();
        for token in tokens {
            token.flags = token.flags.without(Flags::FORM);
        }
    }
    forms.sort_unstable();
    forms.dedup();
}

/// Abbreviations that are no word of any language, wherever they stand.
fn plain_form(text: &str) -> bool {
    text.len() == 3 && !text.bytes().any(vowel) || matches!(text, "inc" | "ooo" | "oao" | "zao" | "pao")
}

fn native_or_text(token: &Token) -> &str {
    token.shown()
}

/// German words made of two notions become two words: Stahlwerk, Forschungsinstitut.
fn german(tokens: &mut Vec<Token>) {
    let notion = |w: &str| w.len() >= 4 && tables().concept_at(|k| (k == 0).then_some(w)).is_some();
    let mut i = 0;
    while i < tokens.len() && tokens.len() < super::token::MAX_TOKENS {
        let cut =
            tokens.get(i).filter(|t| t.text.len() >= 9 && !t.flags.any(Flags::FORM | Flags::NATIVE)).and_then(|t| {
                if notion(&t.text) {
                    return None;
                }
                tables().german_heads.iter().find_map(|head| {
                    let first = t.text.strip_suffix(head)?;
                    let bare = first.strip_suffix('s').unwrap_or(first);
                    [first, bare].into_iter().find(|f| notion(f)).map(|f| (f.to_string(), *head))
                })
            });
        if let (Some((first, head)), Some(flags)) = (cut, tokens.get(i).map(|t| t.flags)) {
            let part = |word: String, flags: Flags| make(word, "", Vec::new(), flags);
            tokens.splice(i..=i, [part(first, flags), part(head.to_string(), flags | Flags::HYPHEN)]);
            i += 1;
        }
        i += 1;
    }
}

/// Words of one number in a number of words.
const NUMBER_WORDS: usize = 5;

/// Numbers of several words become one word: `twenty first`, `vingt et un`.
fn merge_numbers(tokens: &mut Vec<Token>, from: usize) {
    let mut i = from;
    while i + 1 < tokens.len() {
        let found = (2..=NUMBER_WORDS).rev().find_map(|n| {
            let words = tokens.get(i..i + n)?;
            if words.iter().any(|t| t.flags.has(Flags::FORM) || t.text.len() > 16) {
                return None;
            }
            let run: String = words.iter().map(|t| &*t.text).collect();
            let native: String = words.iter().map(Token::shown).collect();
            let value = tables().number(&run).or_else(|| tables().number(&native)).map(|v| v.0);
            // Connecting words stand within a number only.
            let connects = |w: &str| tables().word(w).has(Flags::STOP) && tables().number(w).is_none();
            let ends = [words.first(), words.last()];
            let whole = ends.iter().flatten().all(|t| t.text.len() > 1 && !connects(&t.text));
            Some((run, n, value.filter(|_| whole)?))
        });
        if let Some((run, n, value)) = found {
            merge(tokens, i, n, Some(run));
            if let Some(token) = tokens.get_mut(i) {
                token.number = Some(value);
                token.flags |= Flags::NUMBER;
            }
        }
        i += 1;
    }
}

/// Gives words their notions; several words that make up one become one word.
fn merge_notions(tokens: &mut Vec<Token>) {
    let mut i = 0;
    while i < tokens.len() {
        let free = |k: usize| tokens.get(i + k).filter(|t| !t.flags.has(Flags::FORM) && t.concept == 0);
        // Of its own letters and its Latin spelling the one that makes up more words; else its own.
        let found = tables().concept_at(|k| free(k).map(native_or_text));
        let latin = tables().concept_at(|k| free(k).map(|t| &*t.text));
        let found = if latin.map(|f| f.1) > found.map(|f| f.1) { latin } else { found };
        if let Some((id, words)) = found {
            if words > 1 {
                merge(tokens, i, words, None);
            }
            if let Some(token) = tokens.get_mut(i) {
                token.concept = id;
            }
        }
        i += 1;
    }
}

/// Makes one token of several; `text` is its spelling, else theirs run together.
fn merge(tokens: &mut Vec<Token>, from: usize, words: usize, text: Option<String>) {
    let parts: Vec<Token> = tokens.drain(from..(from + words).min(tokens.len())).collect();
    let run = text.unwrap_or_else(|| parts.iter().map(|t| &*t.text).collect());
    let shown = parts.iter().map(Token::shown).collect::<Vec<_>>().join(" ");
    let flags = parts.iter().fold(Flags::none(), |f, t| f.with(t.flags)).without(Flags::NATIVE | Flags::INITIAL);
    let mut one = make(run, &shown, Vec::new(), flags);
    one.concept = 0;
    tokens.insert(from, one);
}

/// Labels the words of a vessel's or aircraft's name.
pub(super) fn vessel(tokens: &mut Vec<Token>) {
    let two = |a: &str, b: &str| {
        matches!((a, b), ("m", "v" | "t" | "s" | "y" | "f") | ("s", "s" | "v" | "y") | ("f", "v") | ("r", "v"))
    };
    let head = match &tokens[..] {
        [a, b, _, ..] if two(&a.text, &b.text) => 2,
        [a, _, ..] if known(a).has(Flags::PREFIX) => 1,
        _ => 0,
    };
    merge_numbers(tokens, head);
    for (i, token) in tokens.iter_mut().enumerate() {
        token.flags = token.flags.without(Flags::SURNAME);
        if i < head {
            token.flags |= Flags::PREFIX;
            continue;
        }
        number(token, i > head);
        if matches!(&*token.text, "the" | "of" | "no") {
            token.flags |= Flags::STOP;
        }
    }
}

/// Labels the words of a person's name. Gives which of a family's bearers of the name it is.
pub(super) fn person(tokens: &mut Vec<Token>) -> Option<Generation> {
    two_names(tokens);
    let bearer = generation(tokens);
    titles(tokens);
    surname(tokens);
    compounds(tokens);
    let n = tokens.iter().filter(|t| !t.flags.any(Flags::TITLE | Flags::SUFFIX)).count();
    let short = tokens.iter().filter(|t| t.text.len() <= 5).count() == tokens.len() && tokens.len() <= 4;
    let last = tokens.len().saturating_sub(1);
    let surname_end = tokens.iter().rposition(|t| t.flags.has(Flags::SURNAME));
    let mut after_initial = false;
    for (i, token) in tokens.iter_mut().enumerate() {
        let is = known(token);
        let given = tables().given(&token.text);
        if given.is_some() {
            token.flags |= Flags::GIVEN;
        }
        if is.has(Flags::PARTICLE) {
            let doubtful = DOUBTFUL.contains(&&*token.text) || token.flags.has(Flags::INITIAL);
            let surname = token.flags.has(Flags::SURNAME) && Some(i) == surname_end;
            if i < last && !surname && !(doubtful && (short || token.flags.has(Flags::INITIAL))) && n > 1 {
                token.flags |= Flags::PARTICLE;
            }
            if matches!(&*token.text, "al" | "el" | "ul" | "bin" | "ibn" | "bint" | "abu" | "abd" | "abdul" | "ben") {
                token.flags |= Flags::ARABIC;
            }
        }
        if given.is_some_and(|g| g.arabic) || token.text.starts_with("abd") && token.text.len() > 5 {
            token.flags |= Flags::ARABIC;
        }
        // Roman numbers that are names too (Vi, Xi) need two names before them.
        let sure = matches!(&*token.text, "ii" | "iii" | "iv" | "vii" | "viii");
        let numeral = sure && n > 1 || n > 2 && (roman(&token.text).is_some() || figures(&token.text).is_some());
        // The second V of "Zorkin V. V." is no five.
        let letter = token.text.len() == 1 && (token.flags.has(Flags::DOTTED) || after_initial);
        if i > 0 && i == last && numeral && !letter && !token.flags.has(Flags::SUFFIX) {
            number(token, true);
        }
        after_initial = token.flags.has(Flags::INITIAL);
    }
    patronymics(tokens);
    // Words were put together since.
    let place = tokens.iter().rposition(|t| t.flags.has(Flags::SUFFIX | Flags::ORDINAL));
    Some(Generation { bearer: bearer?, place: u8::try_from(place?).ok()? })
}

/// Which of a family's bearers of the name the word at its end, or before its comma, says it is; the
/// word is put aside as a suffix.
fn generation(tokens: &mut [Token]) -> Option<u8> {
    let rest = |t: &Token| tables().word(&t.text).has(Flags::SUFFIX) && tables().generation(&t.text).is_none();
    let all = tokens.iter().filter(|t| !rest(t)).count();
    let last = tokens.iter().rposition(|t| !rest(t)).unwrap_or(0);
    for i in 1..tokens.len() {
        let Some(t) = tokens.get(i) else { break };
        let comma = t.flags.has(Flags::SURNAME);
        let of = |w: &str| tables().generation(w);
        let Some(n) = of(&t.text).or_else(|| of(&t.native)) else { continue };
        // Neto and Hijo are names too; Jr and II are not.
        if !(i == last || comma) || t.flags.has(Flags::INITIAL) || all < if n.or_name { 3 } else { 2 } {
            continue;
        }
        let article = tokens.get(i - 1).is_some_and(|t| tables().word(&t.text).has(Flags::STOP)) && i > 1;
        for token in tokens.iter_mut().take(i + 1).skip(i - usize::from(article)) {
            token.flags |= Flags::SUFFIX | Flags::ORDINAL;
        }
        return Some(n.count);
    }
    None
}

fn titles(tokens: &mut [Token]) {
    let all = tokens.len();
    let mut left = all - tokens.iter().filter(|t| t.flags.has(Flags::SUFFIX)).count();
    let mut i = 0;
    while i < all {
        let text = |k: usize| tokens.get(i + k).map(|t| &*t.text);
        match tables().title_at(text).filter(|n| left > *n) {
            Some(n) => {
                for token in tokens.iter_mut().skip(i).take(n) {
                    token.flags |= Flags::TITLE;
                }
                left -= n;
                i += n;
            }
            None => i += 1,
        }
    }
    let comma = tokens.first().is_some_and(|t| t.flags.has(Flags::SURNAME));
    for (i, token) in tokens.iter_mut().enumerate() {
        let is = known(token);
        let before_comma = i == 0 && token.flags.has(Flags::SURNAME);
        if token.flags.any(Flags::SUFFIX | Flags::TITLE) {
            continue;
        }
        if is.has(Flags::SUFFIX) && i > 0 && left > 1 {
            token.flags |= Flags::SUFFIX;
            left -= 1;
        } else if is.has(Flags::TITLE) && !before_comma && left > 1 && (i + 1 < all || comma || token.text.len() <= 2) {
            token.flags |= Flags::TITLE;
            left -= 1;
        }
    }
}

/// Words before the first comma are the surname, where words follow it that are no mere suffix.
fn surname(tokens: &mut [Token]) {
    let comma = tokens.iter().position(|t| t.flags.has(Flags::SURNAME));
    let follows = comma.is_some_and(|c| tokens.iter().skip(c + 1).any(|t| !t.flags.any(Flags::TITLE | Flags::SUFFIX)));
    for (i, token) in tokens.iter_mut().enumerate() {
        token.flags = token.flags.without(Flags::SURNAME);
        if follows && comma.is_some_and(|c| i <= c) {
            token.flags |= Flags::SURNAME;
        }
    }
}

/// `Abd al-Rahman` and the like become one word.
fn compounds(tokens: &mut Vec<Token>) {
    let words: Vec<String> =
        tokens.iter().map(|t| if t.flags.has(Flags::TITLE) { "-".to_string() } else { t.text.to_string() }).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    for found in script::compounds(&words).into_iter().rev() {
        if found.len > 1 && found.start + found.len <= tokens.len() {
            merge(tokens, found.start, found.len, Some(found.word));
        }
    }
}

/// Two names that Arabic letters run together (`محمدعلی`) become two words, where no name is known
/// that they make together.
fn two_names(tokens: &mut Vec<Token>) {
    let mut i = 0;
    while i < tokens.len() && tokens.len() < super::token::MAX_TOKENS {
        let cut = tokens.get(i).and_then(|t| {
            let first = tables().arabic_firsts.iter().find(|f| t.native.starts_with(**f))?;
            let rest = t.native.get(first.len()..).filter(|r| r.chars().count() >= 3)?;
            let second = script::known(rest) || tables().given(spelling(rest)?.as_str()).is_some();
            (second && !script::known(&t.native)).then(|| (first.to_string(), rest.to_string()))
        });
        if let (Some((first, rest)), Some(flags)) = (cut, tokens.get(i).map(|t| t.flags)) {
            let part = |word: &str, flags: Flags| {
                let mut latin = Vec::new();
                script::romanise(word, &mut latin);
                (!latin.is_empty()).then(|| make(latin.remove(0), word, latin.into_iter().take(4).collect(), flags))
            };
            if let (Some(x), Some(y)) =
                (part(&first, flags.without(Flags::SURNAME)), part(&rest, flags | Flags::HYPHEN))
            {
                tokens.splice(i..=i, [x, y]);
                i += 1;
            }
        }
        i += 1;
    }
}

/// The likeliest Latin spelling of a word of another script.
fn spelling(word: &str) -> Option<String> {
    let mut latin = Vec::new();
    script::romanise(word, &mut latin);
    latin.into_iter().next()
}

/// A father's name in its own form, where the place in the name allows one.
fn patronymics(tokens: &mut [Token]) {
    let aside = Flags::TITLE | Flags::SUFFIX | Flags::PARTICLE;
    let telling: Vec<usize> = tokens.iter().enumerate().filter(|(_, t)| !t.flags.any(aside)).map(|(i, _)| i).collect();
    if telling.len() < 3 {
        return;
    }
    let reads = |i: &usize| tokens.get(*i).is_some_and(|t| t.text.len() >= 5 && script::patronymic(&t.text).is_some());
    let found: Vec<usize> = telling.iter().skip(1).filter(|i| reads(i)).copied().collect();
    // Where two words read as one, the one after the given name is; else the later.
    let after_given =
        found.iter().find(|i| i.checked_sub(1).and_then(|b| tokens.get(b)).is_some_and(|t| t.flags.has(Flags::GIVEN)));
    if let Some(i) = after_given.or(found.last()).copied()
        && let Some(token) = tokens.get_mut(i)
    {
        token.flags |= Flags::PATRONYMIC;
    }
}
