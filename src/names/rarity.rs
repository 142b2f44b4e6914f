//! How rare a word is: what its agreement is worth.

use super::flags::Flags;
use super::tables::{Class, tables};
use super::token::Token;

/// A source of word frequencies.
pub trait Rarity {
    /// -log2 of the share of names that hold the word.
    fn bits(&self, token: &Token) -> f32;
}

/// Frequencies where no index gives counts: from the tables of common words.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltIn;

impl Rarity for BuiltIn {
    fn bits(&self, token: &Token) -> f32 {
        token.bits
    }
}

/// The built-in estimate for a word of a person's or an organisation's name.
pub(super) fn built_in(text: &str, flags: Flags, concept: u16) -> f32 {
    if flags.any(Flags::STOP | Flags::TITLE | Flags::PREFIX) {
        return 1.0;
    }
    if flags.any(Flags::PARTICLE | Flags::FORM | Flags::SUFFIX) {
        return 2.0;
    }
    if flags.has(Flags::INITIAL) {
        return 4.0;
    }
    if flags.has(Flags::NUMBER) {
        return 6.0;
    }
    match tables().class(concept) {
        Some(Class::Generic) => return 3.0,
        Some(Class::Sibling) => return 4.0,
        Some(Class::Common) => return 5.0,
        Some(Class::Rank) => return 6.0,
        Some(Class::Activity) => return 6.5,
        Some(Class::Place) => return 7.0,
        None => {}
    }
    if let Some(bits) = tables().common(text) {
        return f32::from(bits);
    }
    let known = tables().given(text).is_some();
    match text.len() {
        _ if known => 9.0,
        0..=1 => 4.0,
        2 => 8.0,
        3 => 9.5,
        4 => 11.0,
        5 | 6 => 12.0,
        _ => 13.0,
    }
}
