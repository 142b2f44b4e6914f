//! Records without copies: the same shapes as in [`super::Record`] over borrowed texts.
//!
//! Importers that read millions of rows hand these on, and whoever goes through all records of
//! a store reads them; a [`Record`] is made only where one is kept.

use super::{
    Act, Citation, Direct, End, Fact, Id, Listing, PartialDate, PartyRecord, Record, RelationRecord, Share, Status,
};
use std::borrow::Cow;
use std::fmt;

/// An id, its namespace apart where it is known apart.
#[derive(Debug, Clone, Copy, Default)]
pub struct IdView<'a> {
    /// The namespace; `None` where `local` is the whole id.
    pub namespace: Option<&'a str>,
    /// What follows the colon, or the whole id.
    pub local: &'a str,
}

impl<'a> IdView<'a> {
    /// Takes a whole id apart.
    pub fn of(id: &'a str) -> IdView<'a> {
        match id.split_once(':') {
            Some((namespace, local)) => IdView { namespace: Some(namespace), local },
            None => IdView { namespace: None, local: id },
        }
    }

    /// Whether this is the whole id.
    #[inline]
    pub fn is(&self, whole: &[u8]) -> bool {
        let Some(namespace) = self.namespace else { return whole == self.local.as_bytes() };
        let n = namespace.len();
        whole.len() == n + 1 + self.local.len()
            && whole.get(n + 1..) == Some(self.local.as_bytes())
            && whole.get(n) == Some(&b':')
            && whole.get(..n) == Some(namespace.as_bytes())
    }

    /// Appends the whole id.
    pub fn write(&self, out: &mut Vec<u8>) {
        if let Some(namespace) = self.namespace {
            out.extend_from_slice(namespace.as_bytes());
            out.push(b':');
        }
        out.extend_from_slice(self.local.as_bytes());
    }
}

impl fmt::Display for IdView<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = self.namespace {
            f.write_str(namespace)?;
            f.write_str(":")?;
        }
        f.write_str(self.local)
    }
}

/// [`Citation`] without copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct CitationView<'a> {
    pub source: &'a str,
    pub locator: &'a str,
    pub quote: &'a str,
}

/// [`Fact`] without copies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct FactView<'a> {
    pub prop: &'a str,
    pub value: &'a str,
    pub kind: &'a str,
    pub script: &'a str,
    pub lang: &'a str,
    pub raw: &'a str,
    pub from: Option<PartialDate>,
    pub to: Option<PartialDate>,
    pub status: Status,
    pub cites: Vec<CitationView<'a>>,
}

/// [`Listing`] without copies.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct ListingView<'a> {
    pub list: &'a str,
    pub from: Option<PartialDate>,
    pub to: Option<PartialDate>,
    pub programs: Vec<&'a str>,
    pub basis: Vec<&'a str>,
    pub measures: Vec<&'a str>,
    pub cites: Vec<CitationView<'a>>,
}

/// [`PartyRecord`] without copies.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct PartyView<'a> {
    pub id: IdView<'a>,
    pub node_type: &'a str,
    pub facts: Vec<FactView<'a>>,
    pub listings: Vec<ListingView<'a>>,
    pub cites: Vec<CitationView<'a>>,
}

/// [`End`] without copies.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub enum EndView<'a> {
    Id(IdView<'a>),
    Name(&'a str),
}

/// [`RelationRecord`] without copies.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct RelationView<'a> {
    pub id: Option<IdView<'a>>,
    pub source: EndView<'a>,
    pub target: EndView<'a>,
    pub edge_type: &'a str,
    pub share: Option<Share>,
    pub stake: &'a str,
    pub joint: &'a str,
    pub ordinal: u32,
    pub direct: Direct,
    pub start: Option<PartialDate>,
    pub end: Option<PartialDate>,
    pub role: &'a str,
    pub status: Status,
    pub act: Act,
    pub facts: Vec<FactView<'a>>,
    pub cites: Vec<CitationView<'a>>,
}

/// [`Record`] without copies; the rare kinds as they are.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub enum RecordView<'a> {
    Party(PartyView<'a>),
    Relation(RelationView<'a>),
    Other(Cow<'a, Record>),
}

impl<'a> CitationView<'a> {
    /// One without copies.
    pub(crate) fn of(c: &'a Citation) -> CitationView<'a> {
        CitationView { source: &c.source, locator: &c.locator, quote: &c.quote }
    }

    /// A copy.
    pub fn owned(self) -> Citation {
        Citation { source: self.source.to_owned(), locator: self.locator.to_owned(), quote: self.quote.to_owned() }
    }
}

fn cites(list: &[Citation]) -> Vec<CitationView<'_>> {
    list.iter().map(CitationView::of).collect()
}

fn owned_cites(list: Vec<CitationView<'_>>) -> Vec<Citation> {
    list.into_iter().map(CitationView::owned).collect()
}

fn texts(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

fn owned_texts(list: Vec<&str>) -> Vec<String> {
    list.into_iter().map(str::to_owned).collect()
}

impl<'a> FactView<'a> {
    /// A bare fact.
    pub fn new(prop: &'a str, value: &'a str) -> FactView<'a> {
        FactView { prop, value, ..FactView::default() }
    }

    /// A name of one of the kinds in [`super::prop::NAMES`], its script noted when not Latin.
    pub fn name(prop: &'a str, value: &'a str) -> FactView<'a> {
        let script = super::script_of(value).filter(|s| *s != "Latn").unwrap_or_default();
        FactView { prop, value, script, ..FactView::default() }
    }

    fn of(f: &'a Fact) -> FactView<'a> {
        FactView {
            prop: &f.prop,
            value: &f.value,
            kind: &f.kind,
            script: &f.script,
            lang: &f.lang,
            raw: &f.raw,
            from: f.from,
            to: f.to,
            status: f.status,
            cites: cites(&f.cites),
        }
    }

    fn owned(self) -> Fact {
        Fact {
            prop: self.prop.to_owned(),
            value: self.value.to_owned(),
            kind: self.kind.to_owned(),
            script: self.script.to_owned(),
            lang: self.lang.to_owned(),
            raw: self.raw.to_owned(),
            from: self.from,
            to: self.to,
            status: self.status,
            cites: owned_cites(self.cites),
        }
    }
}

impl<'a> ListingView<'a> {
    fn of(l: &'a Listing) -> ListingView<'a> {
        ListingView {
            list: &l.list,
            from: l.from,
            to: l.to,
            programs: texts(&l.programs),
            basis: texts(&l.basis),
            measures: texts(&l.measures),
            cites: cites(&l.cites),
        }
    }

    fn owned(self) -> Listing {
        Listing {
            list: self.list.to_owned(),
            from: self.from,
            to: self.to,
            programs: owned_texts(self.programs),
            basis: owned_texts(self.basis),
            measures: owned_texts(self.measures),
            cites: owned_cites(self.cites),
        }
    }
}

impl<'a> EndView<'a> {
    fn of(e: &'a End) -> EndView<'a> {
        match e {
            End::Id(id) => EndView::Id(IdView::of(id.as_str())),
            End::Name(name) => EndView::Name(name),
        }
    }

    fn owned(self) -> End {
        match self {
            EndView::Id(id) => End::Id(Id::stored(id.to_string())),
            EndView::Name(name) => End::Name(name.to_owned()),
        }
    }

    fn write_key(&self, out: &mut Vec<u8>) {
        match self {
            EndView::Id(id) => id.write(out),
            EndView::Name(name) => {
                out.push(b'"');
                out.extend_from_slice(name.as_bytes());
                out.push(b'"');
            }
        }
    }
}

impl<'a> RelationView<'a> {
    /// A bare relation between two parties.
    pub fn new(source: EndView<'a>, edge_type: &'a str, target: EndView<'a>) -> RelationView<'a> {
        RelationView {
            id: None,
            source,
            target,
            edge_type,
            share: None,
            stake: "",
            joint: "",
            ordinal: 0,
            direct: Direct::Direct,
            start: None,
            end: None,
            role: "",
            status: Status::Asserted,
            act: Act::Done,
            facts: Vec::new(),
            cites: Vec::new(),
        }
    }
}

impl Record {
    /// The record without copies.
    pub fn view(&self) -> RecordView<'_> {
        match self {
            Record::Party(p) => RecordView::Party(PartyView {
                id: IdView::of(p.id.as_str()),
                node_type: &p.node_type,
                facts: p.facts.iter().map(FactView::of).collect(),
                listings: p.listings.iter().map(ListingView::of).collect(),
                cites: cites(&p.cites),
            }),
            Record::Relation(r) => RecordView::Relation(RelationView {
                id: r.id.as_ref().map(|id| IdView::of(id.as_str())),
                source: EndView::of(&r.source),
                target: EndView::of(&r.target),
                edge_type: &r.edge_type,
                share: r.share,
                stake: &r.stake,
                joint: &r.joint,
                ordinal: r.ordinal,
                direct: r.direct,
                start: r.start,
                end: r.end,
                role: &r.role,
                status: r.status,
                act: r.act,
                facts: r.facts.iter().map(FactView::of).collect(),
                cites: cites(&r.cites),
            }),
            other => RecordView::Other(Cow::Borrowed(other)),
        }
    }
}

impl RecordView<'_> {
    /// The record with texts of its own.
    pub fn into_owned(self) -> Record {
        match self {
            RecordView::Party(p) => Record::Party(PartyRecord {
                id: Id::stored(p.id.to_string()),
                node_type: p.node_type.to_owned(),
                facts: p.facts.into_iter().map(FactView::owned).collect(),
                listings: p.listings.into_iter().map(ListingView::owned).collect(),
                cites: owned_cites(p.cites),
            }),
            RecordView::Relation(r) => Record::Relation(RelationRecord {
                id: r.id.map(|id| Id::stored(id.to_string())),
                source: r.source.owned(),
                target: r.target.owned(),
                edge_type: r.edge_type.to_owned(),
                share: r.share,
                stake: r.stake.to_owned(),
                joint: r.joint.to_owned(),
                ordinal: r.ordinal,
                direct: r.direct,
                start: r.start,
                end: r.end,
                role: r.role.to_owned(),
                status: r.status,
                act: r.act,
                facts: r.facts.into_iter().map(FactView::owned).collect(),
                cites: owned_cites(r.cites),
            }),
            RecordView::Other(o) => o.into_owned(),
        }
    }

    /// See [`Record::kind_code`].
    pub fn kind_code(&self) -> u8 {
        match self {
            RecordView::Party(_) => 0,
            RecordView::Relation(_) => 1,
            RecordView::Other(o) => o.kind_code(),
        }
    }

    /// Appends what [`Record::key`] gives.
    pub fn write_key(&self, out: &mut Vec<u8>) {
        match self {
            RecordView::Party(p) => {
                p.id.write(out);
                // As `PartyRecord::listing_only`.
                if let ([only], true) = (&p.listings[..], p.facts.is_empty() && p.node_type.is_empty())
                    && let Some(c) = only.cites.first().filter(|c| !c.locator.is_empty())
                {
                    for part in ["@", c.source, "/", c.locator] {
                        out.extend_from_slice(part.as_bytes());
                    }
                }
            }
            RecordView::Relation(RelationView { id: Some(id), .. }) => id.write(out),
            RecordView::Relation(r) => {
                r.source.write_key(out);
                out.push(b'>');
                out.extend_from_slice(r.edge_type.as_bytes());
                out.push(b'>');
                r.target.write_key(out);
                if !r.stake.is_empty() {
                    out.push(b'>');
                    out.extend_from_slice(r.stake.as_bytes());
                }
                if r.ordinal != 0 {
                    out.push(b'#');
                    out.extend_from_slice(r.ordinal.to_string().as_bytes());
                }
            }
            RecordView::Other(o) => out.extend_from_slice(o.key().as_bytes()),
        }
    }
}
