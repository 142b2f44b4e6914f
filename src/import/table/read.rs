//! From rows to records: ids checked, types and sources of citations numbered, repeats told apart.
//!
//! Rows come in batches. What is looked up in large tables is looked up for a batch in one go:
//! look-ups that do not wait for one another overlap.

use super::columns::{Kind, edge, node};
use super::row::{Row, Table, lists, share};
use super::suggestion;
use crate::error::{Error, Result};
use crate::import::Sink;
use crate::import::hashes::{Hashes, tag};
use crate::import::slug::slug;
use crate::model::{
    Act, CitationView, Direct, EndView, FactView, Id, IdView, ListingView, PartialDate, PartyView, Record, RecordView,
    RelationView, SourceInfo, Status, prop,
};
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

/// The most different names of sources that the tables of one import may use.
pub(super) const MAX_SOURCES: usize = 65_536;

/// Words for types as the tables write them, with the catalogue's name and how often.
#[derive(Default)]
struct Types {
    by_word: FxHashMap<String, usize>,
    found: Vec<(String, u64)>,
}

#[derive(Default)]
struct Counts {
    nodes: u64,
    edges: u64,
    listed: u64,
    with_share: u64,
    identical: u64,
    repeated: u64,
}

/// Reads tables into a sink.
pub(super) struct Reader<'r, 's> {
    sink: &'r mut Sink<'s>,
    source: &'r str,
    /// Hash of each node's id, tagged with that of its row.
    nodes: Hashes,
    has_nodes: bool,
    /// Hashes of subject, type, object and stake of every edge without an id of its own.
    keys: Hashes,
    /// How often those that came again have come again.
    repeats: FxHashMap<u64, u32>,
    /// Hash of each edge's own id, tagged with that of its row.
    edge_ids: Hashes,
    /// Ids made for the names of sources, by name.
    sources: FxHashMap<String, usize>,
    source_ids: Vec<String>,
    taken: FxHashSet<String>,
    /// Node types and edge types.
    types: [Types; 2],
    scratch: Vec<u8>,
    counts: Counts,
}

/// What a row cites: the number of a source's id, and where in it.
#[derive(Clone, Copy)]
struct Cited<'t> {
    source: Option<usize>,
    locator: &'t str,
}

/// A node read and not handed on yet.
struct NodeRow<'t> {
    row: Row<'t>,
    hash: u64,
    kind: usize,
    party: PartyView<'t>,
    cited: Option<Cited<'t>>,
}

/// An edge read and not handed on yet.
struct EdgeRow<'t> {
    row: Row<'t>,
    /// Hash of its own id, or of what tells it from others.
    key: u64,
    kind: usize,
    /// Hashes of the ends that must be among the nodes.
    ends: [Option<u64>; 2],
    relation: RelationView<'t>,
    cited: Option<Cited<'t>>,
}

impl<'r, 's> Reader<'r, 's> {
    /// A reader of the tables of one source; with `has_nodes` bare ids must be among the nodes.
    pub(super) fn new(sink: &'r mut Sink<'s>, source: &'r str, has_nodes: bool) -> Reader<'r, 's> {
        Reader {
            sink,
            source,
            nodes: Hashes::default(),
            has_nodes,
            keys: Hashes::default(),
            repeats: FxHashMap::default(),
            edge_ids: Hashes::default(),
            sources: FxHashMap::default(),
            source_ids: Vec::new(),
            taken: FxHashSet::default(),
            types: [Types::default(), Types::default()],
            scratch: Vec::new(),
            counts: Counts::default(),
        }
    }

    /// Reads all rows up to the first that is refused, hands on what was read, then fails with it.
    fn read_rows<'t, T>(
        &mut self,
        table: &Table<'t>,
        mut read: impl FnMut(&mut Self, Row<'t>) -> Result<T>,
        mut hand_on: impl FnMut(&mut Self, Vec<T>) -> Result<()>,
    ) -> Result<()> {
        let mut list = Vec::with_capacity(table.batch.len());
        let mut refused = Ok(());
        for at in 0..table.batch.len() {
            match table.row(at).and_then(|row| read(self, row)) {
                Ok(one) => list.push(one),
                Err(e) => {
                    refused = Err(e);
                    break;
                }
            }
        }
        hand_on(self, list)?;
        refused
    }

    /// Takes rows of a table of nodes.
    pub(super) fn nodes<'t>(&mut self, table: &Table<'t>) -> Result<()>
    where
        'r: 't,
    {
        self.read_rows(table, Self::node, Self::put_nodes)
    }

    /// Takes rows of a table of edges.
    pub(super) fn edges<'t>(&mut self, table: &Table<'t>) -> Result<()>
    where
        'r: 't,
    {
        self.read_rows(table, Self::edge, Self::put_edges)
    }

    fn node<'t>(&mut self, row: Row<'t>) -> Result<NodeRow<'t>>
    where
        'r: 't,
    {
        let id = row.id(node::ID, self.source)?;
        let kind = self.type_of(&row, node::TYPE, Kind::Nodes)?;
        let mut party = PartyView { id, facts: Vec::with_capacity(4), ..PartyView::default() };
        if let Some(name) = row.get(node::NAME) {
            party.facts.push(FactView::name(prop::NAME, name));
        }
        if let Some(country) = row.get(node::COUNTRY) {
            let own = row.columns.name(node::COUNTRY);
            let kind = if own.eq_ignore_ascii_case("country") { "" } else { own };
            party.facts.push(FactView { kind, ..FactView::new(prop::COUNTRY, country) });
        }
        if let Some(text) = row.get(node::LISTED) {
            let lists = lists(text).map_err(|e| e.at(row.place(node::LISTED)))?;
            party.listings.extend(lists.into_iter().map(|list| ListingView { list, ..ListingView::default() }));
        }
        party.facts.extend(row.extra());
        let cited = self.cited("nodes", &row, node::SOURCE_NAME, node::LOCATOR)?;
        Ok(NodeRow { row, hash: self.hash(&[id]), kind, party, cited })
    }

    fn put_nodes(&mut self, list: Vec<NodeRow<'_>>) -> Result<()> {
        let before: Vec<Option<u32>> = list.iter().map(|n| self.nodes.insert(n.hash, tag(n.row.hash()))).collect();
        for (NodeRow { row, kind, mut party, cited, .. }, before) in list.into_iter().zip(before) {
            match before {
                Some(tagged) if tagged != tag(row.hash()) => {
                    return Err(
                        Error::input(format!("duplicate id {} with other content", party.id)).at(row.place(node::ID))
                    );
                }
                Some(_) => {
                    self.counts.identical += 1;
                    continue;
                }
                None => {}
            }
            self.counts.nodes += 1;
            self.counts.listed += u64::from(!party.listings.is_empty());
            let Reader { types: [types, _], source_ids, sink, .. } = self;
            party.node_type = types.count(kind);
            party.cites = citation(source_ids, cited);
            sink.put_view("nodes", &RecordView::Party(party))?;
        }
        Ok(())
    }

    fn edge<'t>(&mut self, row: Row<'t>) -> Result<EdgeRow<'t>>
    where
        'r: 't,
    {
        let (source, source_end) = self.end(&row, edge::SOURCE)?;
        let (target, target_end) = self.end(&row, edge::TARGET)?;
        row.required(edge::TYPE)?;
        let kind = self.type_of(&row, edge::TYPE, Kind::Edges)?;
        let own_id = row.parsed(edge::ID, |t| Id::scoped_view(t, self.source))?;
        let stake = row.get(edge::STAKE).unwrap_or_default();
        let key = match &own_id {
            Some(id) => self.hash(&[*id]),
            None => self.key_of(&source, kind, &target, stake),
        };
        let mut r = RelationView::new(EndView::Id(source), "", EndView::Id(target));
        r.id = own_id;
        r.stake = stake;
        r.share = row.parsed(edge::PERCENTAGE, share)?;
        r.start = row.parsed(edge::START, PartialDate::parse)?;
        r.end = row.parsed(edge::END, PartialDate::parse)?;
        if let (Some(start), Some(end)) = (r.start, r.end)
            && end.last_day() < start.first_day()
        {
            return Err(Error::input(format!("ends on {end}, before it starts on {start}")).at(row.place(edge::END)));
        }
        r.role = row.get(edge::ROLE).unwrap_or_default();
        r.joint = row.get(edge::JOINT).unwrap_or_default();
        r.status = row.word(edge::STATUS, Status::ALL, Status::as_str)?.unwrap_or_default();
        r.act = row.word(edge::ACT, Act::ALL, Act::as_str)?.unwrap_or_default();
        r.direct = row.word(edge::DIRECT, Direct::ALL, Direct::as_str)?.unwrap_or_default();
        // An interval in words is kept in those words.
        if let (Some(text), Some(share)) = (row.get(edge::PERCENTAGE), r.share)
            && share.as_exact().is_none()
        {
            r.facts.push(FactView::new("percentage", text));
        }
        r.facts.extend(row.extra());
        let cited = self.cited("edges", &row, edge::SOURCE_NAME, edge::LOCATOR)?;
        Ok(EdgeRow { row, key, kind, ends: [source_end, target_end], relation: r, cited })
    }

    /// Hands on edges: 0 for the first with its subject, type, object and stake, 1 for the
    /// second ... The import is refused as a whole, so a late refusal changes nothing.
    fn put_edges(&mut self, list: Vec<EdgeRow<'_>>) -> Result<()> {
        let there: Vec<[bool; 2]> =
            list.iter().map(|e| e.ends.map(|h| h.is_none_or(|h| self.nodes.contains(h)))).collect();
        let before: Vec<Option<u32>> = list
            .iter()
            .map(|e| match e.relation.id {
                Some(_) => self.edge_ids.insert(e.key, tag(e.row.hash())),
                None => self.keys.insert(e.key, 0),
            })
            .collect();
        for ((e, there), before) in list.into_iter().zip(there).zip(before) {
            let EdgeRow { row, key, kind, mut relation, cited, .. } = e;
            if let Some(column) = there.iter().zip([edge::SOURCE, edge::TARGET]).find(|(t, _)| !**t).map(|(_, c)| c) {
                let text = row.get(column).unwrap_or_default();
                return Err(Error::input(format!("an edge to nowhere: no node has the id {text:?}"))
                    .at(row.place(column))
                    .hint("add the node, or name a party of another source by its full id, as in ofac:36217"));
            }
            match (relation.id, before) {
                (Some(id), Some(tagged)) if tagged != tag(row.hash()) => {
                    return Err(Error::input(format!("duplicate id {id} with other content")).at(row.place(edge::ID)));
                }
                (Some(_), Some(_)) => {
                    self.counts.identical += 1;
                    continue;
                }
                (None, Some(_)) => {
                    self.counts.repeated += 1;
                    let n = self.repeats.entry(key).or_insert(0);
                    *n = n.saturating_add(1);
                    relation.ordinal = *n;
                }
                (_, None) => {}
            }
            self.counts.edges += 1;
            self.counts.with_share += u64::from(relation.share.is_some());
            let Reader { types: [_, types], source_ids, sink, .. } = self;
            relation.edge_type = types.count(kind);
            relation.cites = citation(source_ids, cited);
            sink.put_view("edges", &RecordView::Relation(relation))?;
        }
        Ok(())
    }

    /// One end of an edge. A bare id must be among the nodes, where a table of nodes came along.
    fn end<'t>(&mut self, row: &Row<'t>, column: usize) -> Result<(IdView<'t>, Option<u64>)>
    where
        'r: 't,
    {
        let id = row.id(column, self.source)?;
        let bare = self.has_nodes && !Id::has_namespace(row.required(column)?);
        Ok((id, bare.then(|| self.hash(&[id]))))
    }

    /// The hash of ids.
    fn hash(&mut self, ids: &[IdView<'_>]) -> u64 {
        self.scratch.clear();
        ids.iter().for_each(|id| id.write(&mut self.scratch));
        xxh3_64(&self.scratch)
    }

    /// The hash of what tells edges without ids apart.
    fn key_of(&mut self, source: &IdView<'_>, kind: usize, target: &IdView<'_>, stake: &str) -> u64 {
        let out = &mut self.scratch;
        out.clear();
        source.write(out);
        out.push(0);
        out.extend_from_slice(&kind.to_le_bytes());
        target.write(out);
        out.push(0);
        out.extend_from_slice(stake.as_bytes());
        xxh3_64(out)
    }

    /// The number of the catalogue's name for the type in a column; `thing` for a node without one.
    fn type_of(&mut self, row: &Row<'_>, column: usize, kind: Kind) -> Result<usize> {
        let word = row.get(column).unwrap_or("thing");
        let [nodes, edges] = &mut self.types;
        let types = if kind == Kind::Nodes { nodes } else { edges };
        if let Some(i) = types.by_word.get(word) {
            return Ok(*i);
        }
        let c = &self.sink.catalogue;
        let plain = word.to_lowercase().replace([' ', '-'], "_");
        let find = |w: &str| match kind {
            Kind::Nodes => c.node_type(w).map(|t| t.name.clone()),
            Kind::Edges => c.edge_type(w).map(|t| t.name.clone()),
        };
        let Some(name) = find(word).or_else(|| find(&plain)) else {
            let what = if kind == Kind::Nodes { "node" } else { "edge" };
            return Err(Error::input(format!("unknown {what} type {word:?}"))
                .at(row.place(column))
                .hint(suggestion(c, kind, &plain)));
        };
        let i = types.found.iter().position(|(n, _)| *n == name).unwrap_or_else(|| {
            types.found.push((name, 0));
            types.found.len() - 1
        });
        types.by_word.insert(word.to_owned(), i);
        Ok(i)
    }

    /// What a row cites; a source that is new is made known first.
    fn cited<'t>(&mut self, part: &str, row: &Row<'t>, source: usize, locator: usize) -> Result<Option<Cited<'t>>> {
        let locator = row.get(locator).unwrap_or_default();
        let Some(name) = row.get(source) else {
            return Ok((!locator.is_empty()).then_some(Cited { source: None, locator }));
        };
        if let Some(i) = self.sources.get(name) {
            return Ok(Some(Cited { source: Some(*i), locator }));
        }
        if self.sources.len() >= MAX_SOURCES {
            return Err(Error::input(format!("more than {MAX_SOURCES} different sources are named"))
                .at(row.place(source))
                .hint("this column should name publishers, not single rows; leave it out or map it elsewhere"));
        }
        // A hash keeps names apart that lose letters, or that differ only in signs.
        let mut id = slug(name);
        if !name.is_ascii() || self.taken.contains(&id) {
            id = format!("{id}_{:016x}", xxh3_64(name.as_bytes()));
        }
        let i = self.source_ids.len();
        self.taken.insert(id.clone());
        self.source_ids.push(id.clone());
        self.sources.insert(name.to_owned(), i);
        let info = SourceInfo { id, title: name.to_owned(), ..SourceInfo::default() };
        self.sink.put(part, Record::Source(info))?;
        Ok(Some(Cited { source: Some(i), locator }))
    }

    /// Puts the counts into the report.
    pub(super) fn finish(self) {
        let report = &mut self.sink.report;
        let c = self.counts;
        let [nodes, edges] = self.types;
        for (what, n) in [
            ("nodes", c.nodes),
            ("edges", c.edges),
            ("listed", c.listed),
            ("edges_with_percentage", c.with_share),
            ("identical_rows", c.identical),
            ("parallel_edges", c.repeated),
            ("sources_named", self.sources.len() as u64),
        ] {
            if n > 0 || matches!(what, "nodes" | "edges") {
                report.count(what, n);
            }
        }
        for (what, types) in [("nodes", nodes), ("edges", edges)] {
            for (name, n) in types.found.into_iter().filter(|(_, n)| *n > 0) {
                report.count(&format!("{what}/{name}"), n);
            }
        }
    }
}

impl Types {
    /// The name of a type, once more.
    fn count(&mut self, i: usize) -> &str {
        self.found.get_mut(i).map_or("", |(name, n)| {
            *n += 1;
            name.as_str()
        })
    }
}

fn citation<'t>(ids: &'t [String], cited: Option<Cited<'t>>) -> Vec<CitationView<'t>> {
    let Some(Cited { source, locator }) = cited else { return Vec::new() };
    let source = source.and_then(|i| ids.get(i)).map_or("", String::as_str);
    vec![CitationView { source, locator, quote: "" }]
}
