//! The outcome of a comparison: a score, a band, and every item that went into it.

use std::fmt;

/// What a score means for the one who must decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// Held to be different.
    No,
    /// A human must look.
    Review,
    /// Held to be the same.
    Match,
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Band::No => "no",
            Band::Review => "review",
            Band::Match => "match",
        })
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant,)* }
        impl $name {
            /// The word for it in answers.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $text,)* }
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.word()) }
        }
    };
}

words! {
    /// What an item of evidence speaks of.
    What {
        /// Where every comparison starts.
        Prior => "prior",
        /// A word of one name against a word of the other.
        Token => "token",
        /// The names as wholes.
        Name => "name",
        /// Words that only one name has.
        Extra => "extra",
        /// The order of the words.
        Order => "order",
        /// The legal form.
        Form => "form",
        /// A number.
        Number => "number",
        /// The father's name.
        Patronymic => "patronymic",
        /// Which of a family's bearers of the name: junior, senior, the third.
        Generation => "generation",
        /// Dates of birth.
        Birth => "birth",
        /// Countries.
        Country => "country",
        /// Flags of vessels.
        Flag => "flag",
        /// Identifiers.
        Id => "id",
        /// The kinds of the parties.
        Kind => "kind",
        /// How the name is borne.
        Bearing => "bearing",
        /// A bound that was put on the sum.
        Limit => "limit",
    }
}

words! {
    /// How two things agree or conflict.
    How {
        /// Where every comparison starts.
        Start => "start",
        /// Letter for letter, after cleaning.
        Exact => "exact",
        /// The same name in two languages.
        Doublet => "doublet",
        /// A short or pet form of the name.
        Nickname => "nickname",
        /// The same word in two languages, or an abbreviation of it.
        Translation => "translation",
        /// Spellings of one word in the Cyrillic tradition.
        Cyrillic => "cyrillic-spelling",
        /// Spellings of one word in the Arabic tradition.
        Arabic => "arabic-spelling",
        /// Spellings of one word in another tradition.
        Spelling => "spelling",
        /// One or two slips of the pen.
        Typo => "typo",
        /// Alike, but not to be told from another word.
        Alike => "alike",
        /// An initial of the word.
        Initial => "initial",
        /// One word written as two, or two as one.
        Joined => "joined",
        /// One is the beginning of the other.
        Cut => "cut-short",
        /// The initials of the other name.
        Acronym => "acronym",
        /// Korean syllables.
        Korean => "korean-syllables",
        /// Chinese syllables.
        Chinese => "chinese-syllables",
        /// Japanese readings.
        Japanese => "japanese-reading",
        /// Vietnamese syllables.
        Vietnamese => "vietnamese-syllables",
        /// The same number or ordinal.
        Equal => "equal",
        /// Another in its place.
        Differs => "differs",
        /// Only one side has it.
        Missing => "missing",
        /// A first name before the other's first name: its bearer's child, by the Arabic order.
        Child => "child-of",
        /// No surname in common, where both say which word it is.
        Surname => "other-surname",
        /// The forms for a man and a woman.
        Gender => "gender",
        /// The same words in another order.
        Reordered => "reordered",
        /// Agrees as far as both say.
        Partial => "partial",
        /// The year agrees, the day does not.
        Near => "near",
        /// Some agree, some do not.
        Mixed => "mixed",
        /// The same kind of form, named otherwise.
        Akin => "akin",
        /// Nothing left to compare but words many names have.
        Common => "common-words-only",
        /// A weak name.
        Weak => "weak-alias",
        /// A former name.
        Former => "former-name",
        /// More words or letters than are compared.
        Long => "too-long",
    }
}

/// One thing that was compared, how it came out, and what it weighs.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// What was compared.
    pub what: What,
    /// How it came out.
    pub how: How,
    /// The left side's part, in its own letters; empty where it has none.
    pub left: String,
    /// The right side's part.
    pub right: String,
    /// Log-odds in bits: positive for the same party, negative against.
    pub bits: f32,
    /// The step this item makes in the score; the weights of all items sum to it.
    pub weight: f32,
}

/// The outcome of a comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// From 0 to 1, rounded to four places.
    pub score: f32,
    /// What the score means.
    pub band: Band,
    /// The pair of names that speaks loudest, by their places in the two profiles.
    pub names: Option<(usize, usize)>,
    /// Everything that went into the score, in the order it was summed.
    pub evidence: Vec<Evidence>,
}
