//! Records: what a source says of one party or one relation, in its own words.

use super::{EdgeType, Id, NodeType, PartialDate, Share, SourceInfo};
use serde::{Deserialize, Serialize};

/// Names of the properties that the program knows; any other name is kept as found.
pub mod prop {
    /// Main name.
    pub const NAME: &str = "name";
    /// Strong alias ("also known as").
    pub const ALIAS: &str = "alias";
    /// Weak alias: never enough to identify a party alone.
    pub const WEAK_ALIAS: &str = "weak_alias";
    /// Former name.
    pub const FORMER_NAME: &str = "former_name";
    /// Date of birth, canonical text of [`super::super::FuzzyDate`]; literal text in `raw`.
    pub const BIRTH: &str = "birth";
    /// Place of birth, free text.
    pub const BIRTH_PLACE: &str = "birth_place";
    /// Country as the source names it; `kind` says which: nationality, citizenship, flag ...
    pub const COUNTRY: &str = "country";
    /// Identifier; `kind` is the scheme as the source names it.
    pub const IDENTIFIER: &str = "identifier";
    /// Postal address, one line.
    pub const ADDRESS: &str = "address";
    /// Programme code on a party that is not a listing.
    pub const PROGRAM: &str = "program";
    /// An investigator's or a source's remark.
    pub const NOTE: &str = "note";
    /// On a relation, `true`: the source says that it no longer holds, without saying since when.
    pub const FORMER: &str = "former";
    /// Option: `exclude` takes a party's holding in itself out of the count, `ignore` leaves it in.
    pub const TREASURY: &str = "treasury";
    /// Option: `true` says that the stated holders of a party are all there are.
    pub const COMPLETE: &str = "complete";
    /// Option: `indeterminate` says that anybody may hold what is not stated, `ignore` that it counts for nothing.
    pub const UNKNOWN_REMAINDER: &str = "unknown_remainder";
    /// Option: label of an arrangement by which parties act together.
    pub const JOINT_ARRANGEMENT: &str = "joint_arrangement";
    /// The properties of a party that set options of questions about ownership.
    pub const OPTIONS: [&str; 4] = [TREASURY, COMPLETE, UNKNOWN_REMAINDER, JOINT_ARRANGEMENT];
    /// On an entity of several parties in an answer: the id of one of them, with its citations.
    pub const PARTY: &str = "entity_party";
    /// On a relation in an answer: the party that its source names as subject, where the entity
    /// goes by the id of another.
    pub const STATED_SUBJECT: &str = "subject_party";
    /// The same of the object.
    pub const STATED_OBJECT: &str = "object_party";
    /// The four kinds of name, in the order in which they are preferred.
    pub const NAMES: [&str; 4] = [NAME, ALIAS, FORMER_NAME, WEAK_ALIAS];
}

/// How far a source stands behind a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Stated as fact.
    #[default]
    Asserted,
    /// Attributed to somebody else, or an accusation.
    Alleged,
    /// Contradicted by a source.
    Disputed,
    /// Concluded from other facts.
    Inferred,
    /// Taken back.
    Withdrawn,
}

/// How far an act has got: "looks to supply" is not a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// It is asked for.
    Sought,
    /// It is offered.
    Offered,
    /// It is agreed.
    Agreed,
    /// It has happened, or holds.
    #[default]
    Done,
}

/// Whether a relation is a link of a chain or the summary of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direct {
    /// Direct, or not stated.
    #[default]
    Direct,
    /// A summary of a chain: never added to its links.
    Indirect,
    /// The source says that it does not know.
    Unknown,
}

macro_rules! words {
    ($t:ty { $($v:ident = $w:literal),+ }) => {
        impl $t {
            /// All values, in order.
            pub const ALL: &'static [$t] = &[$(<$t>::$v),+];
            /// The word used in documents and output.
            pub fn as_str(self) -> &'static str {
                match self { $(<$t>::$v => $w),+ }
            }
            /// The inverse of `as_str`.
            pub fn parse(text: &str) -> Option<$t> {
                match text { $($w => Some(<$t>::$v),)+ _ => None }
            }
        }
    };
}
words!(Status { Asserted = "asserted", Alleged = "alleged", Disputed = "disputed", Inferred = "inferred", Withdrawn = "withdrawn" });
words!(Act { Sought = "sought", Offered = "offered", Agreed = "agreed", Done = "done" });
words!(Direct { Direct = "direct", Indirect = "indirect", Unknown = "unknown" });

/// Where a fact comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Citation {
    /// Id of the source; empty means the source that the record itself came with.
    pub source: String,
    /// Paragraph, line, entry or element.
    pub locator: String,
    /// Exact words, where they are short and needed.
    pub quote: String,
}

impl Citation {
    /// Whether the locator only repeats the derived id (`a>owns>b`) of the relation it stands at.
    pub fn repeats(&self, id: &str) -> bool {
        self.locator.contains('>') && id.ends_with(&self.locator)
    }
}

/// One property of a party or a relation, as literal text with what qualifies it.
/// Empty texts mean "not stated".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Fact {
    /// Property name, one of [`prop`] or the source's own.
    pub prop: String,
    /// The value. Dates are canonical, everything else literal.
    pub value: String,
    /// Scheme of an identifier, role of a country, type of an address.
    pub kind: String,
    /// ISO 15924 script of a name, where stated or evident and not Latin.
    pub script: String,
    /// Language, where stated.
    pub lang: String,
    /// The source's own text, where `value` had to be normalised.
    pub raw: String,
    /// First day it holds.
    pub from: Option<PartialDate>,
    /// First day it no longer holds.
    pub to: Option<PartialDate>,
    /// How far the source stands behind it.
    pub status: Status,
    /// Citations beyond those of the record.
    pub cites: Vec<Citation>,
}

impl Fact {
    /// A bare fact.
    pub fn new(prop: impl Into<String>, value: impl Into<String>) -> Fact {
        Fact { prop: prop.into(), value: value.into(), ..Fact::default() }
    }

    /// The same fact with a kind (identifier scheme, country role).
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Fact {
        self.kind = kind.into();
        self
    }

    /// A name of one of the kinds in [`prop::NAMES`], its script noted when not Latin.
    pub fn name(prop: &str, value: impl Into<String>) -> Fact {
        let value = value.into();
        let script = super::script_of(&value).filter(|s| *s != "Latn").unwrap_or_default().to_owned();
        Fact { prop: prop.to_owned(), value, script, ..Fact::default() }
    }
}

/// A party is on a list from a day, to a day, under programmes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Listing {
    /// List id (`ofac_sdn`, `eu_fsf` ...); `*` means every list.
    pub list: String,
    /// First day on the list.
    pub from: Option<PartialDate>,
    /// First day no longer on the list.
    pub to: Option<PartialDate>,
    /// Programme codes.
    pub programs: Vec<String>,
    /// Legal instruments it rests on.
    pub basis: Vec<String>,
    /// Measures (block, reject, directive ...).
    pub measures: Vec<String>,
    /// Citations beyond those of the record.
    pub cites: Vec<Citation>,
}

/// What a source says of one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyRecord {
    /// The party.
    pub id: Id,
    /// Catalogue name of its node type; empty when this record does not say
    /// (an address file speaks of parties that another file introduces).
    pub node_type: String,
    /// Names, births, countries, identifiers, addresses and everything else.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// Listings.
    #[serde(default)]
    pub listings: Vec<Listing>,
    /// Citations of the record as a whole; empty means its own source and id.
    #[serde(default)]
    pub cites: Vec<Citation>,
}

impl PartyRecord {
    /// An empty record of a party.
    pub fn new(id: Id, node_type: impl Into<String>) -> PartyRecord {
        PartyRecord { id, node_type: node_type.into(), facts: Vec::new(), listings: Vec::new(), cites: Vec::new() }
    }

    /// The citation of a record that says nothing but one cited listing. Such records are known
    /// by party and citation, so that one listing can end without the others.
    pub fn listing_only(&self) -> Option<&Citation> {
        match &self.listings[..] {
            [only] if self.facts.is_empty() && self.node_type.is_empty() => {
                only.cites.first().filter(|c| !c.locator.is_empty())
            }
            _ => None,
        }
    }

    /// The values of one property, in the order of the source.
    pub fn values<'a>(&'a self, prop: &'a str) -> impl Iterator<Item = &'a str> {
        self.facts.iter().filter(move |f| f.prop == prop).map(|f| f.value.as_str())
    }
}

/// One end of a relation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// A party by id.
    Id(Id),
    /// A literal name, resolved when the index is built: within the same source first, then
    /// across all; a name that fits none or several becomes a stub, never a guess.
    Name(String),
}

/// What a source says of one relation: subject -> object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelationRecord {
    /// The source's own id; `None` where it has none, then it is derived
    /// (see [`RelationRecord::external_id`]).
    pub id: Option<Id>,
    /// Subject: the owner, the controller, the actor.
    pub source: End,
    /// Object: the owned, the controlled.
    pub target: End,
    /// Catalogue name of the edge type.
    pub edge_type: String,
    /// Share in percent; `None` is unknown.
    #[serde(default)]
    pub share: Option<Share>,
    /// Label that keeps two stakes of one holder in one firm apart.
    #[serde(default)]
    pub stake: String,
    /// Label shared by the holders of one joint holding.
    #[serde(default)]
    pub joint: String,
    /// Tells apart relations that agree in subject, type, object and stake.
    #[serde(default)]
    pub ordinal: u32,
    /// Link of a chain, or summary of one.
    #[serde(default)]
    pub direct: Direct,
    /// First day it holds; `None` means always, as far as the source says.
    #[serde(default)]
    pub start: Option<PartialDate>,
    /// First day it no longer holds.
    #[serde(default)]
    pub end: Option<PartialDate>,
    /// Role in the source's words.
    #[serde(default)]
    pub role: String,
    /// How far the source stands behind it.
    #[serde(default)]
    pub status: Status,
    /// How far the act has got.
    #[serde(default)]
    pub act: Act,
    /// The source's own label, direction, quality, amounts, raw percentage and so on.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// Citations; empty means the record's own source and id.
    #[serde(default)]
    pub cites: Vec<Citation>,
}

impl RelationRecord {
    /// A bare relation between two parties.
    pub fn new(source: End, edge_type: impl Into<String>, target: End) -> RelationRecord {
        RelationRecord {
            id: None,
            source,
            target,
            edge_type: edge_type.into(),
            share: None,
            stake: String::new(),
            joint: String::new(),
            ordinal: 0,
            direct: Direct::Direct,
            start: None,
            end: None,
            role: String::new(),
            status: Status::Asserted,
            act: Act::Done,
            facts: Vec::new(),
            cites: Vec::new(),
        }
    }

    /// The id by which the relation is known outside: the source's own, else derived from
    /// subject, type, object, stake and ordinal as `subject>type>object[>stake][#ordinal]`,
    /// a literal name standing in quotes. It never depends on share or dates.
    pub fn external_id(&self) -> String {
        if let Some(id) = &self.id {
            return id.as_str().to_owned();
        }
        let end = |e: &End| match e {
            End::Id(id) => id.as_str().to_owned(),
            End::Name(name) => format!("\"{name}\""),
        };
        let mut s = format!("{}>{}>{}", end(&self.source), self.edge_type, end(&self.target));
        if !self.stake.is_empty() {
            s.push('>');
            s.push_str(&self.stake);
        }
        if self.ordinal != 0 {
            s.push('#');
            s.push_str(&self.ordinal.to_string());
        }
        s
    }

    /// The value of one property.
    pub fn value<'a>(&'a self, prop: &'a str) -> Option<&'a str> {
        self.facts.iter().find(|f| f.prop == prop).map(|f| f.value.as_str())
    }
}

/// Whether two parties are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// The same party.
    Same,
    /// Not the same party.
    Different,
    /// Looked at, not settled.
    Unsure,
}

/// A source's word that two parties are the same or not. Kept apart from the records of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// One party.
    pub a: Id,
    /// The other.
    pub b: Id,
    /// The ruling.
    pub ruling: Ruling,
    /// Reason in words.
    #[serde(default)]
    pub note: String,
}

/// Anything that a release of a source may state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// A statement on a party.
    Party(PartyRecord),
    /// A statement on a relation.
    Relation(RelationRecord),
    /// A statement that parties are the same.
    Decision(Decision),
    /// A description of a cited source.
    Source(SourceInfo),
    /// A node type that a document adds.
    NodeType(NodeType),
    /// An edge type that a document adds.
    EdgeType(EdgeType),
}

impl Record {
    /// What the record is about, unique within its kind and part of a release.
    pub fn key(&self) -> String {
        match self {
            Record::Party(p) => match p.listing_only() {
                Some(c) => format!("{}@{}/{}", p.id, c.source, c.locator),
                None => p.id.as_str().to_owned(),
            },
            Record::Relation(r) => r.external_id(),
            Record::Decision(d) => format!("{}={}", d.a, d.b),
            Record::Source(s) => s.id.clone(),
            Record::NodeType(t) => t.name.clone(),
            Record::EdgeType(t) => t.name.clone(),
        }
    }

    /// A small number for the kind: 0 party, 1 relation, 2 decision, 3 source, 4 node type, 5 edge type.
    pub fn kind_code(&self) -> u8 {
        match self {
            Record::Party(_) => 0,
            Record::Relation(_) => 1,
            Record::Decision(_) => 2,
            Record::Source(_) => 3,
            Record::NodeType(_) => 4,
            Record::EdgeType(_) => 5,
        }
    }
}
