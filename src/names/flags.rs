//! What a word is within its name.

/// A set of properties of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(u32);

impl Flags {
    /// A single letter that stands for a name.
    pub const INITIAL: Flags = Flags(1);
    /// A particle: al, bin, de, van, von.
    pub const PARTICLE: Flags = Flags(1 << 1);
    /// A title or an honorific: Dr, Sheikh, General.
    pub const TITLE: Flags = Flags(1 << 2);
    /// Part of a legal form: LLC, OOO, joint stock company.
    pub const FORM: Flags = Flags(1 << 3);
    /// A number, Roman number or ordinal.
    pub const NUMBER: Flags = Flags(1 << 4);
    /// A father's name in its own form: Ivanovich, Ivanovna.
    pub const PATRONYMIC: Flags = Flags(1 << 5);
    /// A word many organisations have: group, company, trading.
    pub const GENERIC: Flags = Flags(1 << 6);
    /// A country, region or town.
    pub const PLACE: Flags = Flags(1 << 7);
    /// A word without weight: of, the, and.
    pub const STOP: Flags = Flags(1 << 8);
    /// A vessel's or aircraft's prefix: M/V, MT.
    pub const PREFIX: Flags = Flags(1 << 9);
    /// Jr, Sr, II after a person's name.
    pub const SUFFIX: Flags = Flags(1 << 10);
    /// Hangs on the word before by a hyphen, an apostrophe or letters run together.
    pub const HYPHEN: Flags = Flags(1 << 11);
    /// Stands before a comma: a surname put first.
    pub const SURNAME: Flags = Flags(1 << 12);
    /// A common given name.
    pub const GIVEN: Flags = Flags(1 << 13);
    /// A given name or particle of the Arabic tradition.
    pub const ARABIC: Flags = Flags(1 << 14);
    /// Was written in another script than Latin.
    pub const NATIVE: Flags = Flags(1 << 15);
    /// Within brackets.
    pub const BRACKET: Flags = Flags(1 << 16);
    /// Letters run together from dotted letters: A.B.C.
    pub const DOTTED: Flags = Flags(1 << 17);
    /// A spelled ordinal: second, third.
    pub const ORDINAL: Flags = Flags(1 << 18);

    /// Written with a dot after it.
    pub const ABBREVIATED: Flags = Flags(1 << 19);

    /// No property.
    pub const fn none() -> Flags {
        Flags(0)
    }

    /// Whether all of these properties are set.
    pub const fn has(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any of these properties is set.
    pub const fn any(self, other: Flags) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    pub const fn with(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// Without these.
    pub const fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }
}

impl std::ops::BitOrAssign for Flags {
    fn bitor_assign(&mut self, other: Flags) {
        self.0 |= other.0;
    }
}

impl std::ops::BitOr for Flags {
    type Output = Flags;
    fn bitor(self, other: Flags) -> Flags {
        self.with(other)
    }
}
