//! From rows to records: ids checked, types and sources of citations numbered, repeats told apart.
//!
//! Rows come in batches. What is looked up in large tables is looked up for a batch in one go:
//! look-ups that do not wait for one another overlap.

use super::columns::{Kind, edge, node};
use super::ready::{self, ReadyEdge, ReadyId};
use super::row::{Row, Table, lists};
use super::suggestion;
use crate::error::{Error, Result};
use crate::import::Sink;
use crate::import::hashes::{Hashes, tag};
use crate::import::slug::slug;
use crate::model::{
    Act, CitationView, Direct, EndView, FactView, Id, IdView, ListingView, PartyView, Record, RecordView, RelationView,
    SourceInfo, Status, prop,
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
    id: ReadyId,
    kind: usize,
    lists: Vec<&'t str>,
    cited: Option<Cited<'t>>,
}

/// An edge read and not handed on yet.
struct EdgeRow<'t> {
    row: Row<'t>,
    ready: ReadyEdge,
    /// Hash of its own id, or of what tells it from others.
    key: u64,
    kind: usize,
    id: Option<IdView<'t>>,
    status: Status,
    act: Act,
    direct: Direct,
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
        mut read: impl FnMut(&mut Self, Row<'t>, &mut Vec<T>) -> Result<()>,
        mut hand_on: impl FnMut(&mut Self, Vec<T>) -> Result<()>,
    ) -> Result<()> {
        let mut list = Vec::with_capacity(table.batch.len());
        let mut refused = Ok(());
        for at in 0..table.batch.len() {
            refused = table.row(at).and_then(|row| read(self, row, &mut list));
            if refused.is_err() {
                break;
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
        self.read_rows(table, |reader, row, list| reader.node(table, row, list), Self::put_nodes)
    }

    /// Takes rows of a table of edges.
    pub(super) fn edges<'t>(&mut self, table: &Table<'t>) -> Result<()>
    where
        'r: 't,
    {
        self.read_rows(table, |reader, row, list| reader.edge(table, row, list), Self::put_edges)
    }

    fn node<'t>(&mut self, table: &Table<'t>, row: Row<'t>, list: &mut Vec<NodeRow<'t>>) -> Result<()>
    where
        'r: 't,
    {
        let id = match table.ready.nodes.get(row.at).copied().flatten() {
            Some(id) => id,
            None => ready::id(&row, node::ID, self.source, &mut self.scratch)?,
        };
        let kind = self.type_of(&row, node::TYPE, Kind::Nodes)?;
        let lists = row.parsed(node::LISTED, lists)?.unwrap_or_default();
        let cited = self.cited("nodes", &row, node::SOURCE_NAME, node::LOCATOR)?;
        list.push(NodeRow { row, id, kind, lists, cited });
        Ok(())
    }

    fn put_nodes<'t>(&mut self, list: Vec<NodeRow<'t>>) -> Result<()>
    where
        'r: 't,
    {
        self.nodes.warm(list.iter().map(|n| n.id.hash));
        let before: Vec<Option<u32>> = list.iter().map(|n| self.nodes.insert(n.id.hash, tag(n.row.hash()))).collect();
        let Reader { types: [types, _], source_ids, sink, counts, .. } = self;
        let (mut facts, mut cites) = (Vec::new(), Vec::new());
        for (NodeRow { row, id, kind, lists, cited }, before) in list.into_iter().zip(before) {
            let id = ready::id_view(&row, node::ID, id, self.source);
            match before {
                Some(tagged) if tagged != tag(row.hash()) => {
                    return Err(Error::input(format!("duplicate id {id} with other content")).at(row.place(node::ID)));
                }
                Some(_) => {
                    counts.identical += 1;
                    continue;
                }
                None => {}
            }
            facts.extend(row.get(node::NAME).map(|name| FactView::name(prop::NAME, name)));
            if let Some(country) = row.get(node::COUNTRY) {
                let own = row.columns.name(node::COUNTRY);
                let kind = if own.eq_ignore_ascii_case("country") { "" } else { own };
                facts.push(FactView { kind, ..FactView::new(prop::COUNTRY, country) });
            }
            facts.extend(row.extra());
            cites.extend(citation(source_ids, cited));
            counts.nodes += 1;
            counts.listed += u64::from(!lists.is_empty());
            let record = RecordView::Party(PartyView {
                id,
                node_type: types.count(kind),
                facts,
                listings: lists.into_iter().map(|list| ListingView { list, ..ListingView::default() }).collect(),
                cites,
            });
            sink.put_view("nodes", &record)?;
            // The lists serve one record after the other.
            let RecordView::Party(party) = record else { break };
            (facts, cites) = (emptied(party.facts), emptied(party.cites));
        }
        Ok(())
    }

    fn edge<'t>(&mut self, table: &Table<'t>, row: Row<'t>, list: &mut Vec<EdgeRow<'t>>) -> Result<()>
    where
        'r: 't,
    {
        let ready = table.ready.edges.get(row.at).copied().flatten();
        if ready.is_none() {
            // Something is wrong with it: the first thing that is shall be named.
            for column in [edge::SOURCE, edge::TARGET] {
                ready::id(&row, column, self.source, &mut self.scratch)?;
            }
        }
        row.required(edge::TYPE)?;
        let kind = self.type_of(&row, edge::TYPE, Kind::Edges)?;
        let id = row.parsed(edge::ID, |t| Id::scoped_view(t, self.source))?;
        let ready = match ready {
            Some(ready) => ready,
            None => ready::read_edge(&row, self.source, &mut self.scratch)?,
        };
        let stake = row.get(edge::STAKE).unwrap_or_default();
        let key = match &id {
            Some(id) => {
                self.scratch.clear();
                id.write(&mut self.scratch);
                xxh3_64(&self.scratch)
            }
            None => key_of(&ready, kind, stake),
        };
        let status = row.word(edge::STATUS, Status::ALL, Status::as_str)?.unwrap_or_default();
        let act = row.word(edge::ACT, Act::ALL, Act::as_str)?.unwrap_or_default();
        let direct = row.word(edge::DIRECT, Direct::ALL, Direct::as_str)?.unwrap_or_default();
        let cited = self.cited("edges", &row, edge::SOURCE_NAME, edge::LOCATOR)?;
        list.push(EdgeRow { row, ready, key, kind, id, status, act, direct, cited });
        Ok(())
    }

    /// Hands on edges: 0 for the first with its subject, type, object and stake, 1 for the
    /// second ... The import is refused as a whole, so a late refusal changes nothing.
    fn put_edges<'t>(&mut self, list: Vec<EdgeRow<'t>>) -> Result<()>
    where
        'r: 't,
    {
        if self.has_nodes {
            self.nodes.warm(list.iter().flat_map(|e| [e.ready.source.hash, e.ready.target.hash]));
        }
        self.keys.warm(list.iter().map(|e| e.key));
        // A bare id must be among the nodes, where a table of nodes came along.
        let has = |end: ReadyId| !self.has_nodes || !end.bare || self.nodes.contains(end.hash);
        let there: Vec<[bool; 2]> = list.iter().map(|e| [has(e.ready.source), has(e.ready.target)]).collect();
        let before: Vec<Option<u32>> = list
            .iter()
            .map(|e| match e.id {
                Some(_) => self.edge_ids.insert(e.key, tag(e.row.hash())),
                None => self.keys.insert(e.key, 0),
            })
            .collect();
        let Reader { types: [_, types], source_ids, sink, counts, repeats, .. } = self;
        let (mut facts, mut cites) = (Vec::new(), Vec::new());
        for ((e, there), before) in list.into_iter().zip(there).zip(before) {
            let EdgeRow { row, ready, key, kind, id, status, act, direct, cited } = e;
            if let Some(column) = there.iter().zip([edge::SOURCE, edge::TARGET]).find(|(t, _)| !**t).map(|(_, c)| c) {
                let text = row.get(column).unwrap_or_default();
                return Err(Error::input(format!("an edge to nowhere: no node has the id {text:?}"))
                    .at(row.place(column))
                    .hint("add the node, or name a party of another source by its full id, as in ofac:36217"));
            }
            let mut ordinal = 0;
            match (id, before) {
                (Some(id), Some(tagged)) if tagged != tag(row.hash()) => {
                    return Err(Error::input(format!("duplicate id {id} with other content")).at(row.place(edge::ID)));
                }
                (Some(_), Some(_)) => {
                    counts.identical += 1;
                    continue;
                }
                (None, Some(_)) => {
                    counts.repeated += 1;
                    let n = repeats.entry(key).or_insert(0);
                    *n = n.saturating_add(1);
                    ordinal = *n;
                }
                (_, None) => {}
            }
            counts.edges += 1;
            counts.with_share += u64::from(ready.share.is_some());
            // An interval in words is kept in those words.
            if let (Some(text), Some(share)) = (row.get(edge::PERCENTAGE), ready.share)
                && share.as_exact().is_none()
            {
                facts.push(FactView::new("percentage", text));
            }
            facts.extend(row.extra());
            cites.extend(citation(source_ids, cited));
            let record = RecordView::Relation(RelationView {
                id,
                source: EndView::Id(ready::id_view(&row, edge::SOURCE, ready.source, self.source)),
                target: EndView::Id(ready::id_view(&row, edge::TARGET, ready.target, self.source)),
                edge_type: types.count(kind),
                share: ready.share,
                stake: row.get(edge::STAKE).unwrap_or_default(),
                joint: row.get(edge::JOINT).unwrap_or_default(),
                ordinal,
                direct,
                start: ready.start,
                end: ready.end,
                role: row.get(edge::ROLE).unwrap_or_default(),
                status,
                act,
                facts,
                cites,
            });
            sink.put_view("edges", &record)?;
            let RecordView::Relation(relation) = record else { break };
            (facts, cites) = (emptied(relation.facts), emptied(relation.cites));
        }
        Ok(())
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

fn citation<'t>(ids: &'t [String], cited: Option<Cited<'t>>) -> Option<CitationView<'t>> {
    let Cited { source, locator } = cited?;
    let source = source.and_then(|i| ids.get(i)).map_or("", String::as_str);
    Some(CitationView { source, locator, quote: "" })
}

/// The hash of what tells edges without ids apart.
fn key_of(ready: &ReadyEdge, kind: usize, stake: &str) -> u64 {
    let stake = if stake.is_empty() { 0 } else { xxh3_64(stake.as_bytes()) };
    let mut bytes = [0; 32];
    for (slot, part) in bytes.chunks_exact_mut(8).zip([ready.source.hash, ready.target.hash, kind as u64, stake]) {
        slot.copy_from_slice(&part.to_le_bytes());
    }
    xxh3_64(&bytes)
}

/// The memory of a list without what is in it.
fn emptied<A, B>(mut list: Vec<A>) -> Vec<B> {
    list.clear();
    // Of the same layout, so that the memory stays.
    list.into_iter().filter_map(|_| None).collect()
}
