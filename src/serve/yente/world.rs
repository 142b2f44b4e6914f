//! A graph as a world of FollowTheMoney entities: parties, relations and listings one by one.

use super::datasets::Scope;
use super::ids::Numbers;
use super::made::Made;
use crate::error::Result;
use crate::export::ftm::{self, Written, WrittenIds, concrete, edge_key, schema_of};
use crate::export::notes::{public_party, public_relation};
use crate::graph::{Dir, Edge, Filter, Graph, Link, Node, Prov, View};
use crate::import::ftm::{schema, vocabulary};
use crate::model::{Document, Fact, Id, PartialDate, PartyRecord, RelationRecord, Ruling, prop};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Relations of a party that may be properties of it, at most.
const MAX_LINKS: usize = 500;
/// Other ids of one entity that are told.
const MAX_REFERENTS: usize = 1000;
/// Relations that one entity of the source was split into.
const MAX_FAN: usize = 64;
/// Records kept during one request.
const KEPT: usize = 20_000;

/// A relation with the id that an export gives it and the name that becomes their id.
type Named = (Edge, RelationRecord, (String, String));

/// What is asked during one request.
pub(super) struct World<'g> {
    view: View<'g>,
    records: RefCell<HashMap<Node, Option<Rc<PartyRecord>>>>,
}

/// Entities as the export writes them, and which of them are parties.
pub(super) struct Batch {
    pub(super) entities: Vec<Written>,
    pub(super) parties: HashMap<String, Node>,
    pub(super) edges: HashMap<String, Edge>,
}

/// What an entity was made from.
#[derive(Debug, Clone, Copy)]
pub(super) enum From {
    Party(Node),
    Edge(Edge),
    Listing,
}

impl Batch {
    /// What one of the entities was made from.
    pub(super) fn from(&self, id: &str) -> From {
        match (self.parties.get(id), self.edges.get(id)) {
            (Some(n), _) => From::Party(*n),
            (None, Some(e)) => From::Edge(*e),
            (None, None) => From::Listing,
        }
    }
}

/// The entity of the source that a relation of this name is a part of.
fn fan_of(name: &str) -> Option<&str> {
    let (base, number) = name.rsplit_once('/')?;
    (name.starts_with(ftm::OWN_IDS) && number.parse::<u32>().is_ok()).then_some(base)
}

/// Their id of the entity of the source that a relation of this name is a part of.
fn whole(name: &str) -> Option<&str> {
    fan_of(name)?.strip_prefix(ftm::OWN_IDS)
}

/// Relations that the export may write as a property of one of their ends, by their type and
/// whether that end is the subject.
const AS_PROPERTY: [(&str, bool); 14] = [
    ("has_address", true),
    ("linked_to", true),
    ("designation_of", true),
    ("part_of", true),
    ("possibly_same_as", true),
    ("under_program", true),
    ("has_identifier", false),
    ("holds_wallet", false),
    ("holds_account", false),
    ("holds_position", false),
    ("issues", false),
    ("parent_of", false),
    ("operates", false),
    ("participates_in", false),
];

/// When something was stated.
#[derive(Default)]
struct Span {
    first: Option<PartialDate>,
    last: Option<PartialDate>,
    changed: Option<PartialDate>,
}

impl Span {
    /// Adds a provenance; `newest` is the newest release of its source.
    fn add(&mut self, p: &Prov, newest: Option<PartialDate>) {
        for i in &p.intervals {
            let last = if i.to.is_some() { i.from } else { newest.unwrap_or(i.from) };
            self.first = Some(self.first.map_or(i.from, |d| d.min(i.from)));
            self.last = self.last.max(Some(last));
            self.changed = self.changed.max(Some(i.to.unwrap_or(i.from)));
        }
    }
}

impl<'g> World<'g> {
    pub(super) fn new(graph: &'g Graph, today: Option<PartialDate>) -> Result<World<'g>> {
        let view = View::new(graph, Filter { today, ..Filter::default() })?;
        Ok(World { view, records: RefCell::default() })
    }

    pub(super) fn view(&self) -> &View<'g> {
        &self.view
    }

    pub(super) fn graph(&self) -> &'g Graph {
        self.view.graph()
    }

    /// All that may be told of a party; `None` where that is no more than its id.
    pub(super) fn record(&self, n: Node) -> Result<Option<Rc<PartyRecord>>> {
        if let Some(known) = self.records.borrow().get(&n) {
            return Ok(known.clone());
        }
        let mut p = self.view.party(n)?;
        let told = public_party(&mut p) && (!p.facts.is_empty() || !p.listings.is_empty());
        p.facts.retain(|f| f.prop != prop::PARTY);
        let told = told.then(|| Rc::new(p));
        let mut records = self.records.borrow_mut();
        if records.len() < KEPT {
            records.insert(n, told.clone());
        }
        Ok(told)
    }

    /// A party of which only what tells its schema and caption matters.
    fn sketch(&self, n: Node) -> Option<PartyRecord> {
        let g = self.graph();
        let mut p = PartyRecord::new(Id::parse(g.id(n)).ok()?, g.node_type(n).name.clone());
        p.facts.push(Fact::new(prop::NAME, g.label(n)));
        Some(p)
    }

    /// A relation as it may be told; `None` where it rests on the user's notes alone.
    fn relation(&self, e: Edge) -> Result<Option<RelationRecord>> {
        let mut r = self.view.relation(e)?;
        r.facts.retain(|f| !matches!(f.prop.as_str(), prop::STATED_SUBJECT | prop::STATED_OBJECT));
        Ok(public_relation(&mut r).then_some(r))
    }

    /// The entity of a party, with the ids of what it refers to where `links`.
    pub(super) fn entity(&self, n: Node, links: bool) -> Result<Option<Made>> {
        let Some(record) = self.record(n)? else { return Ok(None) };
        let edges: Vec<Link> = if links {
            let may = |k: &Link| {
                let kind = self.graph().edge_type(k.edge).name.as_str();
                (kind == "owns" && !k.outgoing) || AS_PROPERTY.contains(&(kind, k.outgoing))
            };
            self.view.links(n, Dir::Both).filter(may).take(MAX_LINKS).collect()
        } else {
            Vec::new()
        };
        let id = self.id(n);
        let all = self.written(n, &record, &edges)?;
        Ok(match all.entities.into_iter().find(|e| e.id == id) {
            Some(e) => Some(self.made(e, From::Party(n))?),
            None => None,
        })
    }

    /// The entities that the export writes for a party and relations of it: the party, then the others
    /// (with no more than their schema and caption), relations and listings. The links are all of their
    /// types, from the first.
    pub(super) fn written(&self, n: Node, record: &PartyRecord, links: &[Link]) -> Result<Batch> {
        self.written_as(n, record, links, None)
    }

    /// The same; `alone`: of one link, with its number.
    fn written_as(&self, n: Node, record: &PartyRecord, links: &[Link], alone: Option<usize>) -> Result<Batch> {
        let mut doc = Document { nodes: vec![record.clone()], ..Document::default() };
        let mut ids = WrittenIds::default();
        ids.settle(record.id.as_str(), self.id(n));
        let mut parties: HashMap<String, Node> = HashMap::from([(self.id(n), n)]);
        let mut edges: HashMap<String, Edge> = HashMap::new();
        let mut there: HashSet<Node> = HashSet::from([n]);
        let mut names: Vec<String> = Vec::new();
        let mut numbers = Numbers::default();
        let mut fans: HashSet<String> = HashSet::new();
        for k in links {
            self.view.stop().check()?;
            let bare = self.graph().bare_relation(k.edge)?;
            let number = match alone {
                Some(number) => number,
                None => numbers.next(*k, self.graph().edge_type_code(k.edge), bare.external_id()),
            };
            let Some(r) = self.relation(k.edge)? else { continue };
            let (shown, name) = self.edge_name(&bare, number);
            let mut rest: Vec<Named> = Vec::new();
            if let Some(base) = fan_of(&name) {
                if !fans.insert(base.to_owned()) {
                    continue;
                }
                rest = self.fan(base)?;
            } else {
                rest.push((k.edge, r, (shown, name)));
            }
            for (e, r, (shown, name)) in rest {
                let (a, b) = self.graph().ends(e);
                for end in [a, b] {
                    if there.insert(end) {
                        let id = self.id(end);
                        ids.settle(self.graph().id(end), id.clone());
                        parties.insert(id, end);
                        // A designation is the listing of the one designated, where there is one.
                        let full = if r.edge_type == "designation_of" { self.record(end)? } else { None };
                        doc.nodes.extend(full.map(|p| (*p).clone()).or_else(|| self.sketch(end)));
                    }
                }
                let id = self.edge_id(&name);
                edges.insert(whole(&name).map_or_else(|| id.clone(), str::to_owned), e);
                ids.settle(&edge_key(&name), id);
                names.push(shown);
                doc.edges.push(r);
            }
        }
        Ok(Batch { entities: ftm::entities(&doc, &names, ids), parties, edges })
    }

    /// The relations that one entity of the source was split into.
    fn fan(&self, base: &str) -> Result<Vec<Named>> {
        let mut out = Vec::new();
        for number in 1..=MAX_FAN {
            let found = self.graph().edges_named(&format!("{base}/{number}"), MAX_FAN)?;
            let Some(e) = found.into_iter().find(|e| self.view.sees(*e)) else { break };
            if let Some(r) = self.relation(e)? {
                out.push((e, r, self.edge_name(&self.graph().bare_relation(e)?, 1)));
            }
        }
        Ok(out)
    }

    /// The listings of a party as entities.
    pub(super) fn sanctions(&self, n: Node) -> Result<Vec<Made>> {
        let Some(record) = self.record(n)? else { return Ok(Vec::new()) };
        let designations = |k: &Link| self.graph().edge_type(k.edge).name == "designation_of";
        let links: Vec<Link> = self.view.links(n, Dir::In).filter(designations).take(MAX_LINKS).collect();
        let id = self.id(n);
        let mut out = Vec::new();
        let batch = self.written(n, &record, &links)?;
        for e in batch.entities {
            if e.schema == "Sanction" && e.values("entity").contains(&id) && !batch.parties.contains_key(&e.id) {
                out.push(self.made(e, From::Listing)?);
            }
        }
        Ok(out)
    }

    /// The entity of a relation; `None` where it is a property of one of its ends.
    pub(super) fn edge(&self, e: Edge) -> Result<Option<Made>> {
        let (a, b) = self.graph().ends(e);
        let Some(record) = self.record(a)?.map(|p| (*p).clone()).or_else(|| self.sketch(a)) else { return Ok(None) };
        let number = self.number(e)?;
        let (_, name) = self.edge_name(&self.graph().bare_relation(e)?, number);
        let id = self.edge_id(&name);
        let link = Link { edge: e, other: b, outgoing: true };
        for w in self.written_as(a, &record, &[link], Some(number))?.entities {
            if w.id == id || Some(w.id.as_str()) == whole(&name) {
                return Ok(Some(self.made(w, From::Edge(e))?));
            }
        }
        Ok(None)
    }

    /// Schemata that entities of a node type may have.
    pub(super) fn schemata_of(&self, node_type: &str) -> Vec<&'static str> {
        let mut all = vec![schema_of(node_type).0];
        all.extend(
            crate::import::ftm::model::schemata()
                .filter(|s| concrete(s).is_some() && schema::edge(s).is_none() && schema::node_type(s) == node_type),
        );
        all
    }

    /// An entity with all that clients expect beside its properties.
    pub(super) fn made(&self, e: Written, from: From) -> Result<Made> {
        let mut made = Made::of(e);
        let mut span = Span::default();
        match from {
            From::Party(n) => {
                made.node = Some(n);
                if made.caption.is_empty() {
                    self.graph().label(n).clone_into(&mut made.caption);
                }
                made.referents = self.referents(n, &made.id)?;
                made.target = made.told_target.unwrap_or_else(|| self.view.is_listed(n));
                for p in self.view.provs(n) {
                    if !made.carriers.contains(&p.source) {
                        made.carriers.push(p.source.clone());
                    }
                    for c in &p.cited {
                        if !made.cited.contains(c) {
                            made.cited.push(c.clone());
                        }
                    }
                    span.add(p, self.newest(&p.source));
                }
            }
            From::Edge(e) => {
                // Sources may give relations other ids, too.
                if let Some(n) = self.graph().find_party(&format!("{}{}", ftm::OWN_IDS, made.id)) {
                    made.referents = self.referents(n, &made.id)?;
                }
                if let Some(p) = self.graph().prov(e) {
                    span.add(p, self.newest(&p.source));
                }
            }
            From::Listing => {}
        }
        made.seen(span.first, span.last, span.changed);
        if made.caption.is_empty() {
            let program = made.values("program").first().filter(|_| made.schema == "Sanction");
            made.caption = program.cloned().unwrap_or_else(|| vocabulary::label(made.schema));
        }
        Ok(made)
    }

    /// The other ids of an entity.
    fn referents(&self, n: Node, id: &str) -> Result<Vec<String>> {
        let mut out: Vec<String> = Vec::new();
        let mut put = |text: String| {
            if text != id && !out.contains(&text) && out.len() < MAX_REFERENTS {
                out.push(text);
            }
        };
        for party in self.graph().members(n) {
            put(self.id(party));
            let own = self.graph().id(party);
            for d in self.graph().aliases(party, MAX_REFERENTS)? {
                let other = if d.a.as_str() == own { &d.b } else { &d.a };
                if d.ruling == Ruling::Same {
                    put(match (self.graph().find_party(other.as_str()), other.as_str().strip_prefix(ftm::OWN_IDS)) {
                        (Some(n), _) => self.id(n),
                        (None, Some(theirs)) => theirs.to_owned(),
                        (None, None) => ftm::free(other.as_str(), other.as_str(), |_| false),
                    });
                }
            }
        }
        Ok(out)
    }

    /// Whether an entity is one of those that are asked for.
    pub(super) fn within(&self, scope: &Scope, made: &Made) -> bool {
        scope.has(&made.cited, &made.carriers)
    }
}
