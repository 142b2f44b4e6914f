//! What the picture shows of each party and relation: words, shapes, line styles.

use super::columns::{holds, label, later, list_words, main_name, over};
use super::layout::{Pull, edge_type, pull_of};
use super::svg_text::{clean, right_to_left, width, wrap};
use super::verdicts::{self, Said};
use super::whole::shown;
use crate::model::{
    Act, Catalogue, Citation, Direct, Document, End, Listing, PartialDate, PartyRecord, RelationRecord, Status, prop,
};
use crate::ownership::Outcome;
use std::collections::{BTreeMap, HashMap};

pub(super) const NAME_SIZE: f64 = 13.0;
pub(super) const SMALL: f64 = 10.0;
pub(super) const LABEL_SIZE: f64 = 11.0;
/// Widest text in a box, and in a label of a tie.
const NAME_WIDTH: f64 = 184.0;
const LABEL_WIDTH: f64 = 146.0;
/// Most relations written on one line; more are counted.
const MAX_STACK: usize = 4;

/// Shape of a box, by the family of the party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    Person,
    Group,
    Company,
    Ship,
    Aircraft,
    Asset,
    Programme,
    Undertaking,
    Other,
    Stub,
}

impl Shape {
    /// Its sides are no upright lines, so words need more room.
    pub(super) fn slanted(self) -> bool {
        matches!(self, Shape::Aircraft | Shape::Programme | Shape::Ship)
    }
}

/// What a badge tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Badge {
    /// On a list.
    Listed,
    /// Blocked through others.
    Blocked,
    /// Cannot tell.
    Doubt,
    /// Was or will be on a list.
    Other,
}

/// A party as drawn.
#[derive(Debug, Clone)]
pub(super) struct Card {
    pub name: String,
    pub kind: String,
    /// Marks of its sources.
    pub mark: String,
    pub lines: Vec<String>,
    pub rtl: bool,
    pub tag: String,
    pub shape: Shape,
    /// Listings and verdicts in words.
    pub badges: Vec<(String, Badge)>,
    pub listed: bool,
    /// What a verdict says of one that is not listed: [`Badge::Blocked`] or [`Badge::Doubt`].
    pub verdict: Option<Badge>,
    /// Everything at full length.
    pub title: String,
    pub size: (f64, f64),
}

/// Colour class of a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ink {
    Ownership,
    Control,
    Ambiguous,
    Other,
}

/// Dash of a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dash {
    Solid,
    /// Not in force.
    Out,
    Doubtful,
    Indirect,
}

/// One drawn line: relations of one pair that look alike.
#[derive(Debug, Clone)]
pub(super) struct Strand {
    pub from: usize,
    pub to: usize,
    pub pull: Pull,
    pub ink: Ink,
    pub dash: Dash,
    pub arrow: bool,
    pub lines: Vec<String>,
    /// The first relation without its dates.
    pub short: Vec<String>,
    pub title: String,
    pub size: (f64, f64),
    pub count: usize,
}

impl Strand {
    /// Takes the room that its lines need.
    pub(super) fn measure(&mut self) {
        let w = self.lines.iter().map(|l| width(l, LABEL_SIZE)).fold(0.0, f64::max);
        self.size = (w.ceil() + 8.0, 14.0 * self.lines.len() as f64 + 4.0);
    }
}

/// Everything to draw.
#[derive(Debug, Clone)]
pub(super) struct Scene {
    pub cards: Vec<Card>,
    pub strands: Vec<Strand>,
    /// Sources as numbered, in order: index into `doc.sources`, or a bare id.
    pub sources: Vec<Result<usize, String>>,
}

/// Numbers of cited sources: those of the document first, then ids it does not describe.
struct Cites<'a> {
    number: HashMap<&'a str, usize>,
    sources: Vec<Result<usize, String>>,
}

impl<'a> Cites<'a> {
    fn new(doc: &'a Document) -> Cites<'a> {
        let mut number = HashMap::new();
        for (k, s) in doc.sources.iter().enumerate() {
            number.entry(s.id.as_str()).or_insert(k + 1);
        }
        Cites { number, sources: (0..doc.sources.len()).map(Ok).collect() }
    }

    /// ` [1, 3]`, or nothing where the record names no source.
    fn mark(&mut self, cites: impl Iterator<Item = &'a Citation>) -> String {
        let mut numbers: Vec<usize> = Vec::new();
        for c in cites.filter(|c| !c.source.is_empty()) {
            let next = self.sources.len() + 1;
            let n = *self.number.entry(&c.source).or_insert(next);
            if n == next {
                self.sources.push(Err(c.source.clone()));
            }
            numbers.push(n);
        }
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.is_empty() {
            return String::new();
        }
        let shown: Vec<String> = numbers.iter().take(4).map(ToString::to_string).collect();
        format!(" [{}{}]", shown.join(", "), if numbers.len() > 4 { ", …" } else { "" })
    }
}

fn shape_of(doc: &Document, name: &str) -> Shape {
    let t = Catalogue::builtin()
        .node_type(name)
        .or_else(|| doc.node_types.iter().find(|t| t.name == name || t.synonyms.iter().any(|s| s == name)));
    let Some(t) = t else { return if name.is_empty() { Shape::Stub } else { Shape::Other } };
    match (t.name.as_str(), t.family.as_str()) {
        ("unresolved_name" | "unknown_party", _) => Shape::Stub,
        ("group_of_persons", _) => Shape::Group,
        ("vessel", _) => Shape::Ship,
        ("aircraft", _) => Shape::Aircraft,
        (_, "person") => Shape::Person,
        (_, "legal" | "state") => Shape::Company,
        (_, "asset") => Shape::Asset,
        (_, "program") => Shape::Programme,
        (_, "act") => Shape::Undertaking,
        _ => Shape::Other,
    }
}

fn badge(l: &Listing, as_of: Option<PartialDate>) -> (String, Badge) {
    let list = list_words(&l.list);
    let from = l.from.map(|d| format!(" {d}")).unwrap_or_default();
    if over(l.to, as_of) {
        let to = l.to.map(|d| format!(" to {d}")).unwrap_or_default();
        (format!("was listed {list}{from}{to}"), Badge::Other)
    } else if later(l.from, as_of) {
        (format!("listed later: {list}{from}"), Badge::Other)
    } else {
        (format!("LISTED {list}{from}"), Badge::Listed)
    }
}

/// What the answer says of a party under its regimes, as badges. Listed parties have their badge
/// from the record.
fn verdict_badges(said: &BTreeMap<&str, Said>) -> Vec<(String, Badge)> {
    let is = |s: &Said, outcome| s.outcome == Some(outcome) && (s.marked || outcome == Outcome::Blocked);
    let mut out = Vec::new();
    for (outcome, badge) in [(Outcome::Blocked, Badge::Blocked), (Outcome::Indeterminate, Badge::Doubt)] {
        let these: Vec<(&str, &Said)> = said.iter().filter(|(_, s)| is(s, outcome)).map(|(r, s)| (*r, s)).collect();
        let word = outcome.words();
        match these.as_slice() {
            [] => {}
            [(regime, s)] => {
                let share = s.share.as_ref().map_or(String::new(), |s| format!(" {s} %"));
                out.push((format!("{word}: {regime}{share}"), badge));
            }
            all => out.push((format!("{word}: {}", all.iter().map(|(r, _)| *r).collect::<Vec<_>>().join(", ")), badge)),
        }
    }
    out
}

fn finish_card(mut card: Card) -> Card {
    let names = card.lines.iter().map(|l| width(l, NAME_SIZE) * 1.08).fold(0.0, f64::max);
    let small = card.badges.iter().map(|b| width(&b.0, SMALL) * 1.1 + 12.0).fold(width(&card.tag, SMALL), f64::max);
    let side = if card.shape.slanted() { 28.0 } else { 14.0 };
    let w = (names.max(small) + 2.0 * side).max(120.0).ceil();
    let h = 16.0 + 14.0 + 16.0 * card.lines.len() as f64 + 18.0 * card.badges.len() as f64;
    card.size = (w, h);
    card
}

fn card(doc: &Document, p: &PartyRecord, as_of: Option<PartialDate>, mark: &str, said: &[(String, Badge)]) -> Card {
    let name = label(p, shown(doc, p.id.as_str())).to_owned();
    let mut badges: Vec<(String, Badge)> = p.listings.iter().map(|l| badge(l, as_of)).collect();
    badges.sort_by_key(|b| b.1 != Badge::Listed);
    let listed = badges.iter().any(|b| b.1 == Badge::Listed);
    let mut title = format!("{} ({}, {})", clean(&name), p.node_type.replace('_', " "), doc.show_id(p.id.as_str()));
    for b in &badges {
        title.push_str("; ");
        title.push_str(&b.0);
    }
    let also: Vec<String> = p
        .facts
        .iter()
        .filter(|f| prop::NAMES.contains(&f.prop.as_str()) && f.value != name)
        .take(8)
        .map(|f| clean(&f.value))
        .collect();
    if !also.is_empty() {
        title.push_str("; also known as ");
        title.push_str(&also.join(", "));
    }
    let more = badges.len().saturating_sub(3);
    badges.truncate(3);
    if more > 0 {
        badges.push((format!("and {more} more listings"), if listed { Badge::Listed } else { Badge::Other }));
    }
    let verdict = said.iter().map(|b| b.1).find(|b| matches!(b, Badge::Blocked | Badge::Doubt));
    for b in said {
        title.push_str("; ");
        title.push_str(&b.0);
    }
    badges.extend(said.iter().cloned());
    let badges = badges.into_iter().map(|(t, on)| (wrap(&t, SMALL, 270.0, 1).pop().unwrap_or_default(), on)).collect();
    let kind = if p.node_type.is_empty() { "type not stated".to_owned() } else { p.node_type.replace('_', " ") };
    let mut lines = wrap(&name, NAME_SIZE, NAME_WIDTH, 3);
    if lines.is_empty() {
        lines.push("(no name)".to_owned());
    }
    let tag = format!("{}{mark}", wrap(&kind.to_uppercase(), SMALL, NAME_WIDTH, 1).pop().unwrap_or_default());
    finish_card(Card {
        rtl: right_to_left(&name),
        name,
        kind,
        mark: mark.to_owned(),
        lines,
        tag,
        shape: shape_of(doc, &p.node_type),
        badges,
        listed,
        verdict,
        title,
        size: (0.0, 0.0),
    })
}

/// A party that the document names without describing it.
fn stub(name: &str, tag: &str) -> Card {
    let mut lines = wrap(name, NAME_SIZE, NAME_WIDTH, 3);
    if lines.is_empty() {
        lines.push("(no name)".to_owned());
    }
    finish_card(Card {
        name: name.to_owned(),
        kind: tag.to_owned(),
        mark: String::new(),
        rtl: right_to_left(name),
        lines,
        tag: tag.to_uppercase(),
        shape: Shape::Stub,
        badges: Vec::new(),
        listed: false,
        verdict: None,
        title: format!("{} ({tag})", clean(name)),
        size: (0.0, 0.0),
    })
}

/// The words on a line: phrase and share, then what qualifies them.
fn words(e: &RelationRecord, doc: &Document, dates: bool) -> String {
    let t = edge_type(doc, &e.edge_type);
    let mut s = match &e.share {
        Some(share) => format!("{} {share} %", e.edge_type.replace('_', " ")),
        None => e.edge_type.replace('_', " "),
    };
    if e.share.is_none() && t.is_some_and(|t| t.ownership || t.ambiguous || t.votes) {
        s.push_str(", share unknown");
    }
    if e.act != Act::Done {
        s.push_str(&format!(" ({})", e.act.as_str()));
    }
    if e.status != Status::Asserted {
        s.push_str(&format!(", {}", e.status.as_str()));
    }
    if e.direct == Direct::Indirect {
        s.push_str(", indirect");
    }
    if !e.joint.is_empty() {
        s.push_str(", jointly");
    }
    if let Some(d) = e.start.filter(|_| dates) {
        s.push_str(&format!(", since {d}"));
    }
    if let Some(d) = e.end.filter(|_| dates) {
        s.push_str(&format!(", until {d}"));
    }
    s
}

/// Reads a document into what is drawn.
pub(super) fn scene<'a>(doc: &'a Document, as_of: Option<PartialDate>) -> Scene {
    let mut cites = Cites::new(doc);
    let verdicts = verdicts::by_party(doc);
    let mut index: HashMap<&str, usize> = HashMap::new();
    let mut cards = Vec::with_capacity(doc.nodes.len());
    for (k, p) in doc.nodes.iter().enumerate() {
        index.entry(p.id.as_str()).or_insert(k);
        let all = p.cites.iter().chain(p.listings.iter().flat_map(|l| &l.cites));
        let all = all.chain(main_name(p).into_iter().flat_map(|f| &f.cites));
        let said = verdicts.get(doc.show_id(p.id.as_str())).map(verdict_badges).unwrap_or_default();
        cards.push(card(doc, p, as_of, &cites.mark(all), &said));
    }
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut strands: Vec<Strand> = Vec::new();
    let mut known: BTreeMap<(usize, usize, Pull, Ink, Dash, bool), usize> = BTreeMap::new();
    for e in &doc.edges {
        let mut locate = |at: &'a End| -> usize {
            let (known, key, name, tag) = match at {
                End::Id(id) => (&mut index, id.as_str(), shown(doc, id.as_str()), "not in this answer"),
                End::Name(name) => (&mut names, name.as_str(), name.as_str(), "unresolved name"),
            };
            *known.entry(key).or_insert_with(|| {
                cards.push(stub(name, tag));
                cards.len() - 1
            })
        };
        let (from, to) = (locate(&e.source), locate(&e.target));
        let t = edge_type(doc, &e.edge_type);
        let symmetric = t.is_some_and(|t| t.symmetric);
        let (from, to) = if symmetric { (from.min(to), from.max(to)) } else { (from, to) };
        let ink = match t {
            Some(t) if t.ownership => Ink::Ownership,
            Some(t) if t.ambiguous => Ink::Ambiguous,
            Some(t) if t.control || t.votes => Ink::Control,
            _ => Ink::Other,
        };
        let dash = match (e.status, e.direct) {
            (s, _) if s != Status::Asserted => Dash::Doubtful,
            (_, Direct::Indirect) => Dash::Indirect,
            _ if !holds(e.start, e.end, as_of) => Dash::Out,
            _ => Dash::Solid,
        };
        let text = words(e, doc, true);
        let mark = cites.mark(e.cites.iter());
        let key = (from, to, pull_of(t), ink, dash, !symmetric);
        let at = *known.entry(key).or_insert_with(|| {
            let empty = String::new();
            let pull = pull_of(t);
            let lines = Vec::new();
            strands.push(Strand {
                from,
                to,
                pull,
                ink,
                dash,
                arrow: !symmetric,
                lines,
                short: Vec::new(),
                title: empty,
                size: (0.0, 0.0),
                count: 0,
            });
            strands.len() - 1
        });
        let Some(strand) = strands.get_mut(at) else { continue };
        strand.count += 1;
        if strand.count <= MAX_STACK {
            if strand.count == 1 {
                let short = format!("{}{mark}", words(e, doc, false));
                strand.short = wrap(&short, LABEL_SIZE, LABEL_WIDTH, 3);
            }
            strand.lines.extend(wrap(&format!("{text}{mark}"), LABEL_SIZE, LABEL_WIDTH, 4));
        }
        if strand.count <= 50 {
            let stop = if strand.title.is_empty() { "" } else { "; " };
            let role = if e.role.is_empty() { String::new() } else { format!(" as {}", clean(&e.role)) };
            strand.title.push_str(&format!("{stop}{text}{role}{mark}"));
        }
    }
    for s in &mut strands {
        if s.count > MAX_STACK {
            s.lines.push(format!("and {} more", s.count - MAX_STACK));
        }
        s.measure();
        let name = |i: usize| cards.get(i).map(|c| c.lines.join(" ")).unwrap_or_default();
        s.title = format!("{} to {}: {}", name(s.from), name(s.to), s.title);
    }
    Scene { cards, strands, sources: cites.sources }
}
