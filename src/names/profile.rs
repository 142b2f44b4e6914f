//! What is known of a party, as the matcher takes it.

use std::fmt;

/// What sort of party a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Kind {
    /// A human being.
    Person,
    /// A firm, a state body, a group.
    Org,
    /// A ship.
    Vessel,
    /// An aircraft.
    Aircraft,
    /// Not said.
    #[default]
    Unknown,
}

impl Kind {
    /// Reads the words lists use for kinds; anything not known is [`Kind::Unknown`].
    pub fn parse(text: &str) -> Kind {
        match text.trim().to_ascii_lowercase().as_str() {
            "person" | "individual" | "human" | "pep" => Kind::Person,
            "org" | "organisation" | "organization" | "company" | "entity" | "legal entity" | "firm" | "bank"
            | "state" | "authority" | "group" | "publicbody" | "legalentity" => Kind::Org,
            "vessel" | "ship" => Kind::Vessel,
            "aircraft" | "airplane" | "plane" => Kind::Aircraft,
            _ => Kind::Unknown,
        }
    }

    /// Whether two kinds may be one party: equal, or one of them not said.
    pub fn agrees(self, other: Kind) -> bool {
        self == other || self == Kind::Unknown || other == Kind::Unknown
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Person => "person",
            Kind::Org => "org",
            Kind::Vessel => "vessel",
            Kind::Aircraft => "aircraft",
            Kind::Unknown => "unknown",
        })
    }
}

/// How a party bears a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum NameKind {
    /// The name it goes by.
    #[default]
    Main,
    /// Another good name.
    Alias,
    /// A name it had before.
    Former,
    /// A name its publisher calls weak: too common or too short to find a party by.
    Weak,
}

impl fmt::Display for NameKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NameKind::Main => "main",
            NameKind::Alias => "alias",
            NameKind::Former => "former",
            NameKind::Weak => "weak",
        })
    }
}

/// What is known of a party: any member may be empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// What sort of party.
    pub kind: Kind,
    /// Names as written by their source, and how each is borne.
    pub names: Vec<(String, NameKind)>,
    /// Dates of birth (`YYYY`, `YYYY-MM`, `YYYY-MM-DD`); what cannot be read is left aside.
    pub births: Vec<String>,
    /// Countries as names or codes, of nationality, residence or registration.
    pub countries: Vec<String>,
    /// Flags of a vessel, as names or codes.
    pub flags: Vec<String>,
    /// Identifiers: scheme (`INN`, `IMO`, `passport`) and value.
    pub ids: Vec<(String, String)>,
}

impl Profile {
    /// A party of which one name is known.
    pub fn named(kind: Kind, name: impl Into<String>) -> Profile {
        Profile { kind, names: vec![(name.into(), NameKind::Main)], ..Profile::default() }
    }
}
