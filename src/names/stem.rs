//! Russian and Ukrainian words of firms' names without their endings.
//!
//! Nouns and adjectives are told apart, and what is a surname's ending is none here: `золотов` is no
//! gold, `страхова` no insurance, `максим` nothing like `макси`. Genitives in -ов stand in the tables
//! where they are common.

use super::tables::Class;

/// Endings of nouns, the longer first.
const NOUN: [&str; 19] =
    ["ами", "ями", "ой", "ей", "ом", "ем", "ам", "ям", "ах", "ях", "а", "я", "о", "е", "ы", "и", "у", "ю", ""];

/// Endings of adjectives, the longer first; the last is that of their first part in compounds.
const ADJECTIVE: [&str; 28] = [
    "ого", "его", "ому", "ему", "ыми", "ими", "ій", "ий", "ый", "ой", "ей", "ая", "яя", "ое", "ее", "ые", "ие", "ых",
    "их", "ым", "им", "ую", "юю", "ою", "ею", "ом", "ем", "о",
];

/// Endings by which a form of the tables is known as an adjective.
const PLAIN: [&str; 10] = ["ый", "ий", "ій", "ой", "ая", "яя", "ое", "ее", "ые", "ские"];

/// Endings of places that are those of surnames too: Иваново, Ростов.
const SURNAME: [&str; 8] = ["ов", "ев", "ин", "ын", "ово", "ево", "ино", "ыно"];

/// Letters of a stem at least.
const LEAST: usize = 4;

/// A word without its ending, as a noun and as an adjective.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stems<'a> {
    pub(super) noun: Option<&'a str>,
    pub(super) adjective: Option<&'a str>,
}

fn is_cyrillic(word: &str) -> bool {
    word.starts_with(|c: char| ('\u{400}'..='\u{4ff}').contains(&c))
}

fn long_enough(stem: &str) -> Option<&str> {
    (stem.chars().count() >= LEAST).then_some(stem)
}

fn noun(word: &str) -> Option<&str> {
    let bare = NOUN.iter().find_map(|e| word.strip_suffix(e))?;
    long_enough(bare.trim_end_matches(['ь', 'й']))
}

fn adjective(word: &str) -> Option<&str> {
    long_enough(ADJECTIVE.iter().find_map(|e| word.strip_suffix(e))?)
}

/// The stems of a word of a name; `None` for words of other scripts.
pub(super) fn of_word(word: &str) -> Option<Stems<'_>> {
    is_cyrillic(word).then(|| Stems { noun: noun(word), adjective: adjective(word) })
}

/// The stems by which the declined forms of a word of the tables are found.
pub(super) fn of_form(form: &str, class: Class) -> Stems<'_> {
    let ends = |list: &[&str]| list.iter().any(|e| form.ends_with(e));
    let place = class == Class::Place;
    if !is_cyrillic(form) || place && ends(&SURNAME) {
        return Stems::default();
    }
    // Towns and what is of them: Донецк, донецкий.
    let of_town = |stem: &str| place && (stem.ends_with("ск") || stem.ends_with("цк"));
    if ends(&PLAIN) {
        let stem = adjective(form);
        // The Ukrainian feminine ends as a noun's: промисловий, промислова.
        let hard = |stem: &str| !stem.ends_with(['г', 'к', 'х', 'ж', 'ш', 'щ', 'ч', 'ц']);
        let ukrainian = |stem: &str| form.ends_with("ий") && hard(stem);
        return Stems { noun: stem.filter(|s| of_town(s) || ukrainian(s)), adjective: stem };
    }
    // Words that are not declined: радио, макси.
    if form.ends_with("ио") || class == Class::Sibling && ends(&["а", "о", "и", "е", "у"]) {
        return Stems::default();
    }
    let stem = noun(form);
    Stems { noun: stem, adjective: stem.filter(|s| of_town(s)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_is_no_adjective() {
        let of = |w| of_word(w).unwrap();
        assert_eq!(of_form("завод", Class::Activity), Stems { noun: Some("завод"), adjective: None });
        assert_eq!(of("заводами").noun, Some("завод"));
        assert_eq!(of_form("оптический", Class::Activity), Stems { noun: None, adjective: Some("оптическ") });
        assert_eq!(of("оптических").adjective, Some("оптическ"));
        assert_eq!(of("оптических").noun, Some("оптических"));
        assert_eq!(of_form("донецк", Class::Place).adjective, Some("донецк"));
        assert_eq!(of_form("промисловий", Class::Common).noun, Some("промислов"));
        assert_eq!(of_form("лес", Class::Activity), Stems::default());
        assert_eq!(of_word("zavod"), None);
    }
}
