//! Layers of a graph and the numbering through them.

use super::bits::Bits;
use super::build::{Builder, EDIT_BASE, flag};
use super::index::{Index, ListedRow, Meta};
use super::layout::is_known;
use super::name_index::NameBlock;
use super::prov::Prov;
use crate::error::{Error, Result};
use crate::model::{Catalogue, EdgeType, NodeType, PartialDate, PartyView, Record, RecordView, RelationRecord, Share};
use crate::store::{Action, Container, FileWriter, Memory, Snapshot, Storage};
use rustc_hash::FxHashSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// A node by its number in this graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Node(pub u32);

/// An edge by its number in this graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Edge(pub u32);

/// Which edges of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Dir {
    /// Those it is the subject of.
    Out,
    /// Those it is the object of.
    In,
    /// All of them; a loop once.
    #[default]
    Both,
}

/// The nodes of the graph that a layer above the first speaks of, with their numbers there. Most
/// nodes are not among them, and one look says so.
#[derive(Default)]
struct Down {
    /// For 64 nodes a bit each, and how many there are before.
    words: Vec<(u64, u32)>,
    local: Vec<u32>,
}

impl Down {
    /// Of several numbers of one node the first counts.
    fn new(mut pairs: Vec<(u32, u32)>, nodes: usize) -> Down {
        pairs.sort_by_key(|(node, _)| *node);
        pairs.dedup_by_key(|(node, _)| *node);
        let mut words = vec![(0u64, 0u32); nodes.div_ceil(64)];
        for (node, _) in &pairs {
            if let Some((bits, _)) = words.get_mut(*node as usize / 64) {
                *bits |= 1 << (node % 64);
            }
        }
        let mut before = 0;
        for (bits, rank) in &mut words {
            *rank = before;
            before += bits.count_ones();
        }
        Down { words, local: pairs.into_iter().map(|(_, local)| local).collect() }
    }

    #[inline]
    fn get(&self, node: u32) -> Option<u32> {
        self.local.get(self.rank(node)?).copied()
    }

    /// How many nodes before this one it has.
    #[inline]
    fn rank(&self, node: u32) -> Option<usize> {
        let (bits, rank) = *self.words.get(node as usize / 64)?;
        let bit = 1u64 << (node % 64);
        if bits & bit == 0 {
            return None;
        }
        Some((rank + (bits & (bit - 1)).count_ones()) as usize)
    }
}

/// The adjacency of a layer above the first, in numbers of the graph.
#[derive(Default)]
pub(super) struct Near {
    /// Of each node that the layer speaks of, in order, where its edges lie: outgoing, incoming.
    spans: Vec<[(u32, u32); 2]>,
    /// Objects and codes of shares by number of the edge.
    pub(super) out: Vec<(u32, u32)>,
    /// Subjects and numbers of in-edges.
    pub(super) inn: Vec<(u32, u32)>,
}

impl Near {
    fn new(index: &Index, up: &[u32], down: &Down) -> Near {
        let up = |n: u32| up.get(n as usize).copied().unwrap_or(u32::MAX);
        let both = |n: &u32| [index.out(*n), index.inn(*n)].map(|s| (s.start as u32, s.end as u32));
        let all = 0..index.edges() as usize;
        Near {
            spans: down.local.iter().map(both).collect(),
            out: index.targets(all.clone()).map(|(e, target)| (up(target), index.share_code(e))).collect(),
            inn: index.in_edges(all).map(|(source, e)| (up(source), e)).collect(),
        }
    }
}

/// One index in the stack.
pub(super) struct Layer {
    pub(super) index: Index,
    /// Where its records are; `None` for edits, which are in the journal of the first layer.
    pub(super) snapshot: Arc<Snapshot>,
    /// Local number to number in the graph; empty for the first layer, where they agree.
    up: Vec<u32>,
    down: Down,
    /// Empty for the first layer.
    pub(super) near: Near,
    pub(super) edge_base: u32,
    /// Its names, once somebody has asked for one.
    pub(super) names: OnceLock<NameBlock>,
}

impl Layer {
    /// Whether its numbers are those of the graph.
    pub(super) fn is_first(&self) -> bool {
        self.up.is_empty()
    }

    #[inline]
    pub(super) fn up(&self, local: u32) -> u32 {
        if self.up.is_empty() { local } else { self.up.get(local as usize).copied().unwrap_or(u32::MAX) }
    }

    #[inline]
    pub(super) fn down(&self, node: u32) -> Option<u32> {
        if self.up.is_empty() { (node < self.index.nodes()).then_some(node) } else { self.down.get(node) }
    }

    /// Where the edges of a node of the graph lie in [`Layer::near`]: outgoing, incoming.
    #[inline]
    pub(super) fn near(&self, node: u32) -> Option<[Range<usize>; 2]> {
        let spans = self.near.spans.get(self.down.rank(node)?)?;
        Some(spans.map(|(from, to)| from as usize..to as usize))
    }

    /// The source that a record came with.
    pub(super) fn source_of(&self, number: u32) -> Result<String> {
        if number >= EDIT_BASE {
            return Ok(crate::store::NOTES.to_owned());
        }
        Ok(self.snapshot.record(number)?.0.entry.info.id.clone())
    }

    /// Position among all records of the layer's snapshot, or an edit.
    pub(super) fn record(&self, number: u32) -> Result<Record> {
        if number >= EDIT_BASE {
            let edit = self.snapshot.journal().get((number - EDIT_BASE) as usize);
            return match edit.map(|e| &e.action) {
                Some(Action::Put(r)) => Ok((**r).clone()),
                _ => Err(Error::damaged("index", 0, "a reference to an edit that is not in the journal")),
            };
        }
        Ok(self.snapshot.record(number)?.1)
    }

    /// Hands over the record of a party without a copy; other records are passed over.
    pub(super) fn with_party(&self, number: u32, take: impl FnOnce(&PartyView<'_>)) -> Result<()> {
        if number >= EDIT_BASE {
            let record = self.record(number)?;
            if let RecordView::Party(p) = record.view() {
                take(&p);
            }
            return Ok(());
        }
        if let RecordView::Party(p) = self.snapshot.view(number)? {
            take(&p);
        }
        Ok(())
    }
}

/// A store's graph, ready for questions.
pub struct Graph {
    pub(super) layers: Arc<Vec<Layer>>,
    /// The nodes of which layers above the first speak: one look says of most that none does.
    pub(super) touched: Arc<Bits>,
    /// First layer and local number of each node of the layers above the first.
    extra: Arc<Vec<(usize, u32)>>,
    base_nodes: u32,
    edges: u32,
    pub(super) hidden_edges: FxHashSet<u32>,
    hidden_parties: FxHashSet<u32>,
    catalogue: Catalogue,
    pub(super) clusters: Option<Arc<super::clusters::Clusters>>,
    pub(super) decided_at: super::clusters::DecidedAt,
    #[cfg(feature = "serve")]
    pub(super) kept: Arc<super::kept::Kept>,
    /// Namespace whose ids are shown bare, where the answer comes from one document.
    pub home: Option<String>,
    /// Ends questions to this graph, see [`View::with_stop`](super::View::with_stop).
    pub stop: super::Stop,
}

impl Graph {
    /// The graph of a snapshot: its index, and the edits that came after.
    pub fn open(mut snapshot: Snapshot) -> Result<Graph> {
        let Some(file) = snapshot.take_index() else {
            return Err(Error::damaged("index", 0, "the store has no index").hint("`cuibono repair` builds it anew"));
        };
        // Another version of the program may have written it: then an index of our own, in memory.
        let file = if is_known(&file)? { file } else { rebuilt(&snapshot)? };
        let index = Index::open(file)?;
        let folded = index.folded() as usize;
        let pending = snapshot.journal().len() > folded;
        let mut catalogue = Catalogue::default();
        for t in index.node_types() {
            catalogue.add_node_type(t.clone())?;
        }
        for t in index.edge_types() {
            catalogue.add_edge_type(t.clone())?;
        }
        let snapshot = Arc::new(snapshot);
        let mut graph = Graph {
            base_nodes: index.nodes(),
            edges: index.edges(),
            layers: Arc::new(vec![Layer {
                index,
                snapshot: Arc::clone(&snapshot),
                up: Vec::new(),
                down: Down::default(),
                near: Near::default(),
                edge_base: 0,
                names: OnceLock::new(),
            }]),
            touched: Arc::default(),
            extra: Arc::default(),
            hidden_edges: FxHashSet::default(),
            hidden_parties: FxHashSet::default(),
            catalogue: catalogue.clone(),
            clusters: None,
            decided_at: super::clusters::DecidedAt::Now,
            #[cfg(feature = "serve")]
            kept: Arc::default(),
            home: None,
            stop: super::Stop::new(),
        };
        if pending {
            graph.hide_retracted(&snapshot, folded)?;
            let mut builder = Builder::new(catalogue, &memory());
            builder.journal(snapshot.journal(), folded)?;
            builder.over(|name| graph.one_named(name).map(|n| graph.id(n).to_owned()));
            graph.push(build_in_memory(builder, 0)?, snapshot)?;
        }
        Ok(graph)
    }

    /// Lays the graph of another snapshot (documents given with `--from`) over this one.
    pub fn overlay(&mut self, snapshot: Snapshot) -> Result<()> {
        let mut catalogue = self.catalogue.clone();
        let own = super::build::catalogue(&snapshot)?;
        for t in own.node_types() {
            catalogue.add_node_type(t.clone())?;
        }
        for t in own.edge_types() {
            catalogue.add_edge_type(t.clone())?;
        }
        let mut builder = Builder::new(catalogue.clone(), &memory());
        builder.snapshot(&snapshot)?;
        builder.over(|name| self.one_named(name).map(|n| self.id(n).to_owned()));
        let file = build_in_memory(builder, 0)?;
        self.catalogue = catalogue;
        self.push(file, Arc::new(snapshot))
    }

    fn push(&mut self, file: Container, snapshot: Arc<Snapshot>) -> Result<()> {
        let index = Index::open(file)?;
        let at = self.layers.len();
        let taken = || Error::usage("the graph is in use under other decisions; lay documents over it before");
        let mut extra = Arc::try_unwrap(std::mem::take(&mut self.extra)).map_err(|_| taken())?;
        let mut up = Vec::with_capacity(index.nodes() as usize);
        let mut down: Vec<(u32, u32)> = Vec::with_capacity(index.nodes() as usize);
        for local in 0..index.nodes() {
            let id = index.id(local);
            let node = match self.find_party(id) {
                Some(n) => n.0,
                None => {
                    let n = self.base_nodes + extra.len() as u32;
                    extra.push((at, local));
                    n
                }
            };
            up.push(node);
            down.push((node, local));
        }
        self.extra = Arc::new(extra);
        let touched = Arc::make_mut(&mut self.touched);
        touched.grow(self.base_nodes as usize + self.extra.len());
        down.iter().for_each(|(node, _)| touched.set(*node as usize));
        let down = Down::new(down, self.node_count());
        let edge_base = self.edges;
        self.edges = self.edges.checked_add(index.edges()).ok_or_else(|| Error::input("more than 4 billion edges"))?;
        let near = Near::new(&index, &up, &down);
        index.sound()?;
        // A layer without nodes must not look like the first one.
        if up.is_empty() {
            up.push(u32::MAX);
        }
        let layer = Layer { index, snapshot, up, down, near, edge_base, names: OnceLock::new() };
        Arc::get_mut(&mut self.layers).ok_or_else(taken)?.push(layer);
        self.forget();
        Ok(())
    }

    /// Drops what was worked out before the graph changed.
    pub(super) fn forget(&mut self) {
        #[cfg(feature = "serve")]
        {
            self.kept = Arc::default();
        }
    }

    /// Facts of the journal that are in the index and were retracted later.
    fn hide_retracted(&mut self, snapshot: &Snapshot, folded: usize) -> Result<()> {
        for edit in snapshot.journal().get(folded..).unwrap_or_default() {
            let Action::Retract { id, .. } = &edit.action else { continue };
            if let Some(node) = self.find_party(id) {
                self.hidden_parties.insert(node.0);
            }
            // A list may state the same relation; only the own one is taken back.
            for e in self.edges_named(id, usize::MAX)? {
                if self.layers.first().is_some_and(|l| l.index.record(e.0) >= EDIT_BASE) {
                    self.hidden_edges.insert(e.0);
                }
            }
        }
        Ok(())
    }

    /// The same graph once more, where every party stands for itself; nothing is read again.
    pub fn again(&self) -> Graph {
        Graph {
            layers: Arc::clone(&self.layers),
            touched: Arc::clone(&self.touched),
            extra: Arc::clone(&self.extra),
            base_nodes: self.base_nodes,
            edges: self.edges,
            hidden_edges: self.hidden_edges.clone(),
            hidden_parties: self.hidden_parties.clone(),
            catalogue: self.catalogue.clone(),
            clusters: None,
            decided_at: super::clusters::DecidedAt::Never,
            #[cfg(feature = "serve")]
            kept: Arc::default(),
            home: self.home.clone(),
            stop: self.stop.clone(),
        }
    }

    /// The same graph once more, decisions and all, with a mark of its own. What is worked out from one
    /// of them is kept for both.
    #[cfg(feature = "serve")]
    pub(crate) fn twin(&self) -> Graph {
        Graph {
            clusters: self.clusters.clone(),
            decided_at: self.decided_at,
            kept: Arc::clone(&self.kept),
            stop: super::Stop::new(),
            ..self.again()
        }
    }

    /// A value of a type, worked out from the graph at first need. Who asks while that is done waits,
    /// as long as the mark of this graph lets it.
    #[cfg(feature = "serve")]
    pub(crate) fn kept<T: std::any::Any + Send + Sync>(&self, make: impl FnOnce() -> Result<T>) -> Result<Arc<T>> {
        self.kept.get(&self.stop, make)
    }

    /// Fails when anything read so far was damaged. Whoever prints an answer asks this first.
    pub fn sound(&self) -> Result<()> {
        self.layers.iter().try_for_each(|l| l.index.sound())
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.base_nodes as usize + self.extra.len()
    }

    /// Number of edges, all versions of all releases together.
    pub fn edge_count(&self) -> usize {
        self.edges as usize
    }

    /// All entities: all nodes but those that another stands for.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        let shadows = self.shadows();
        let stands = move |n: &Node| shadows.as_ref().is_none_or(|s| !s.has(n.0 as usize));
        self.parties().filter(stands)
    }

    /// All nodes, whether or not another stands for them.
    pub fn parties(&self) -> impl Iterator<Item = Node> + use<> {
        (0..self.base_nodes + self.extra.len() as u32).map(Node)
    }

    /// The types.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The store's state that the first layer shows.
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.layers.first().map(|l| &*l.snapshot)
    }

    /// The snapshots of all layers, the store's first.
    pub fn snapshots(&self) -> impl Iterator<Item = &Snapshot> {
        let mut seen: Vec<*const Snapshot> = Vec::new();
        self.layers.iter().map(|l| &*l.snapshot).filter(move |s| {
            let p = std::ptr::from_ref(*s);
            let new = !seen.contains(&p);
            seen.push(p);
            new
        })
    }

    fn home_of(&self, n: Node) -> Option<(&Layer, u32)> {
        if n.0 < self.base_nodes {
            return self.layers.first().map(|l| (l, n.0));
        }
        let (at, local) = self.extra.get((n.0 - self.base_nodes) as usize)?;
        self.layers.get(*at).map(|l| (l, *local))
    }

    /// External id of a node.
    pub fn id(&self, n: Node) -> &str {
        self.home_of(n).map_or("", |(l, i)| l.index.id(i))
    }

    /// Display name of a node; its id, as answers show it, when it has none.
    pub fn label(&self, n: Node) -> &str {
        // A party that the store only refers to may be named by a layer above, or by another party
        // of its entity.
        self.parts(n)
            .find_map(|p| self.own_label(p))
            .or_else(|| self.own_label(n))
            .unwrap_or_else(|| self.show_id(self.id(n)))
    }

    pub(super) fn own_label(&self, n: Node) -> Option<&str> {
        self.layers
            .iter()
            .filter_map(|l| l.down(n.0).map(|i| (l.index.label(i), l.index.id(i))))
            .find(|(label, id)| label != id)
            .map(|(label, _)| label)
    }

    /// An id as answers show it: bare in the home namespace, where there is one.
    pub fn show_id<'a>(&self, id: &'a str) -> &'a str {
        match &self.home {
            Some(home) => id.strip_prefix(home.as_str()).and_then(|r| r.strip_prefix(':')).unwrap_or(id),
            None => id,
        }
    }

    /// Node type.
    pub fn node_type(&self, n: Node) -> &NodeType {
        static THING: std::sync::OnceLock<NodeType> = std::sync::OnceLock::new();
        let thing = || THING.get_or_init(|| NodeType { name: "thing".into(), ..NodeType::default() });
        let mut best: Option<&NodeType> = None;
        if self.clusters.is_some() {
            let types = || self.parts(n).filter_map(|p| self.own_type(p));
            return types().find(|t| t.name != "thing").or_else(|| self.own_type(n)).unwrap_or_else(thing);
        }
        for l in self.layers.iter() {
            if let Some(t) = l.down(n.0).and_then(|i| l.index.node_types().get(usize::from(l.index.node_type(i))))
                && best.is_none_or(|b| b.name == "thing")
            {
                best = Some(t);
                if self.layers.len() == 1 {
                    break;
                }
            }
        }
        best.unwrap_or_else(thing)
    }

    fn own_type(&self, n: Node) -> Option<&NodeType> {
        let mut types = self
            .layers
            .iter()
            .filter_map(|l| l.down(n.0).and_then(|i| l.index.node_types().get(usize::from(l.index.node_type(i)))));
        let first = types.next()?;
        if first.name != "thing" { Some(first) } else { types.find(|t| t.name != "thing").or(Some(first)) }
    }

    /// Whether a node is a literal name without a party; the second value, that several fit it.
    pub fn unresolved(&self, n: Node) -> Option<bool> {
        if self.clusters.is_some() {
            let mut parts = self.parts(n).map(|p| self.own_unresolved(p)).peekable();
            let first = parts.peek().copied().flatten()?;
            return parts.all(|p| p.is_some()).then_some(first);
        }
        self.own_unresolved(n)
    }

    pub(super) fn own_unresolved(&self, n: Node) -> Option<bool> {
        let (l, i) = self.home_of(n)?;
        let f = l.index.flags(i);
        (f & flag::UNRESOLVED != 0).then_some(f & flag::AMBIGUOUS != 0)
    }

    /// An entity by the full external id of any of its parties.
    pub fn find_id(&self, id: &str) -> Option<Node> {
        self.find_party(id).map(|n| self.entity_of(n))
    }

    /// The node of a party by its full external id, whether or not another stands for it.
    pub fn find_party(&self, id: &str) -> Option<Node> {
        self.layers.iter().find_map(|l| l.index.find_id(id).map(|i| Node(l.up(i))))
    }

    pub(super) fn layer_of(&self, e: Edge) -> Option<(usize, &Layer, u32)> {
        let at = self.layers.partition_point(|l| l.edge_base <= e.0).checked_sub(1)?;
        let l = self.layers.get(at)?;
        Some((at, l, e.0 - l.edge_base))
    }

    /// Subject and object of an edge, as entities.
    #[inline]
    pub fn ends(&self, e: Edge) -> (Node, Node) {
        let (a, b) = self.ends_of_record(e);
        (self.entity_of(a), self.entity_of(b))
    }

    pub(super) fn ends_of_record(&self, e: Edge) -> (Node, Node) {
        match self.layer_of(e) {
            Some((_, l, i)) => (Node(l.up(l.index.source(i))), Node(l.up(l.index.target(i)))),
            None => (Node::default(), Node::default()),
        }
    }

    /// Edge type.
    pub fn edge_type(&self, e: Edge) -> &EdgeType {
        static NONE: std::sync::OnceLock<EdgeType> = std::sync::OnceLock::new();
        self.layer_of(e)
            .and_then(|(_, l, i)| l.index.edge_types().get(usize::from(l.index.kind(i))))
            .unwrap_or_else(|| NONE.get_or_init(EdgeType::default))
    }

    /// Edge type as a number into [`Catalogue::edge_types`].
    pub fn edge_type_code(&self, e: Edge) -> u16 {
        self.layer_of(e).map_or(0, |(_, l, i)| l.index.kind(i))
    }

    /// Share; `None` is unknown.
    pub fn share(&self, e: Edge) -> Option<Share> {
        self.layer_of(e).and_then(|(_, l, i)| l.index.share(i))
    }

    /// First day and first day no longer, as the source gives them.
    pub fn dates(&self, e: Edge) -> (Option<PartialDate>, Option<PartialDate>) {
        self.layer_of(e).map_or((None, None), |(_, l, i)| (l.index.start(i), l.index.end(i)))
    }

    /// Status, act, directness, and whether there is a label or a word that it is former.
    pub fn meta(&self, e: Edge) -> Meta {
        self.layer_of(e).map_or(Meta::default(), |(_, l, i)| l.index.meta(i))
    }

    /// Provenance of an edge.
    pub fn prov(&self, e: Edge) -> Option<&Prov> {
        self.layer_of(e).and_then(|(_, l, i)| l.index.provs.get(l.index.prov(i) as usize))
    }

    /// The full record of an edge, as its source stated it.
    pub fn relation(&self, e: Edge) -> Result<RelationRecord> {
        let Some((_, l, i)) = self.layer_of(e) else { return Err(Error::not_found("no such edge")) };
        match l.record(l.index.record(i))? {
            Record::Relation(r) => Ok(r),
            _ => Err(Error::damaged("index", 0, "an edge refers to a record that is no relation")),
        }
    }

    /// Whether an edge was taken back since the index was built.
    pub(super) fn hidden(&self, e: Edge) -> bool {
        !self.hidden_edges.is_empty() && self.hidden_edges.contains(&e.0)
    }

    /// Hides an edge as a retraction does.
    #[cfg(test)]
    pub(crate) fn hide_for_test(&mut self, e: Edge) {
        self.hidden_edges.insert(e.0);
    }

    /// Edges that were taken back since the index was built.
    pub(super) fn hidden_edges(&self) -> impl Iterator<Item = Edge> + '_ {
        self.hidden_edges.iter().map(|e| Edge(*e))
    }

    /// Records of an entity through all layers: layer, record number, provenance number.
    pub(super) fn records(&self, n: Node) -> impl Iterator<Item = (usize, u32, u32)> + '_ {
        self.parts(n).flat_map(move |p| self.own_records(p))
    }

    /// Records of a party alone.
    pub(super) fn own_records(&self, n: Node) -> impl Iterator<Item = (usize, u32, u32)> + '_ {
        let retracted = self.hidden_parties.contains(&n.0);
        self.layers.iter().enumerate().flat_map(move |(at, l)| {
            l.down(n.0)
                .into_iter()
                .flat_map(move |i| l.index.records(i))
                .filter(move |(r, _)| !(retracted && at == 0 && *r >= EDIT_BASE))
                .map(move |(r, p)| (at, r, p))
        })
    }

    /// Numbers of the records of a party in a snapshot, of all releases; not those of others that
    /// are the same entity.
    pub fn record_numbers(&self, snapshot: &Snapshot, n: Node) -> Vec<u32> {
        let here = |l: &Layer| std::ptr::eq(&*l.snapshot, snapshot);
        self.own_records(n)
            .filter(|(at, r, _)| *r < EDIT_BASE && self.layers.get(*at).is_some_and(here))
            .map(|(_, r, _)| r)
            .collect()
    }

    /// Listings of a party alone through all layers.
    pub(super) fn listing_rows(&self, n: Node) -> impl Iterator<Item = (usize, &str, ListedRow)> + '_ {
        self.layers.iter().enumerate().flat_map(move |(at, l)| {
            l.down(n.0)
                .into_iter()
                .flat_map(move |i| l.index.listings(i).map(move |row| (i, row)))
                .filter(move |(i, row)| !self.taken_back(at, *i, row.prov))
                .map(move |(_, row)| (at, l.index.list(row.list), row))
        })
    }

    /// The sources that documents and lists describe beside themselves.
    pub fn described_sources(&self) -> Result<Vec<crate::model::SourceInfo>> {
        let mut out = Vec::new();
        for l in self.layers.iter() {
            for number in l.index.described() {
                if let Record::Source(info) = l.record(*number)? {
                    out.push(info);
                }
            }
        }
        Ok(out)
    }

    /// An edge by its external id, its own or derived; several sources or releases may share one.
    pub fn find_edge(&self, id: &str) -> Result<Option<Edge>> {
        Ok(self.edges_named(id, 1)?.pop())
    }

    /// Edges with an external id, its own or derived, at most so many.
    pub fn edges_named(&self, id: &str, most: usize) -> Result<Vec<Edge>> {
        let mut found = Vec::new();
        for l in self.layers.iter() {
            for i in l.index.edges_with_id(id) {
                let e = Edge(l.edge_base + i);
                if self.relation(e)?.external_id() == id {
                    found.push(e);
                    if found.len() == most {
                        return Ok(found);
                    }
                }
            }
        }
        // A derived id begins with its subject: `subject>type>object`.
        for (at, _) in id.match_indices('>') {
            let Some(subject) = id.get(..at).and_then(|s| self.find_party(s)) else { continue };
            for l in self.layers.iter() {
                let Some(local) = l.down(subject.0) else { continue };
                for i in l.index.out(local) {
                    let e = Edge(l.edge_base + i as u32);
                    if self.relation(e)?.external_id() == id && !found.contains(&e) {
                        found.push(e);
                        if found.len() == most {
                            return Ok(found);
                        }
                    }
                }
            }
        }
        Ok(found)
    }

    /// Whether a name or listing of the first layer was the user's own and has been taken back
    /// since the index was built.
    pub(super) fn taken_back(&self, layer: usize, local: u32, prov: u32) -> bool {
        layer == 0
            && self.hidden_parties.contains(&local)
            && self
                .layers
                .first()
                .and_then(|l| l.index.provs.get(prov as usize))
                .is_some_and(|p| p.source == crate::store::NOTES)
    }
}

/// Readers write nowhere.
fn memory() -> Arc<dyn Storage> {
    Arc::new(Memory::new())
}

/// The index of a snapshot, built anew in memory.
fn rebuilt(snapshot: &Snapshot) -> Result<Container> {
    let mut builder = Builder::new(super::build::catalogue(snapshot)?, &memory());
    builder.snapshot(snapshot)?;
    build_in_memory(builder, snapshot.journal().len() as u32)
}

/// Builds an index that lives in memory.
pub(super) fn build_in_memory(builder: Builder, edits: u32) -> Result<Container> {
    let memory = Memory::new();
    let file = FileWriter::create(&memory, "index", super::maintain::INDEX)?;
    let (file, _) = builder.write(file, edits)?;
    let entry = file.finish(&memory)?;
    let storage: &dyn Storage = &memory;
    Container::open(storage, "index", super::maintain::INDEX, Some(&entry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Id, PartyRecord};
    use crate::store::{Commit, Edit, HEADER, Manifest, u64_at};

    /// What a later version may write: the same records beside an index that we cannot read.
    #[test]
    fn an_index_of_another_layout_is_built_anew_in_memory() {
        let storage = memory();
        let mut commit = Commit::begin(Arc::clone(&storage)).unwrap();
        let put = |id: &str| Edit {
            time: "2024-05-01T00:00:00Z".into(),
            actor: String::new(),
            action: Action::Put(Box::new(Record::Party(PartyRecord::new(Id::parse(id).unwrap(), "company")))),
        };
        commit.append(&[put("a:1"), put("b:2")]).unwrap();
        super::super::build_index(&mut commit).unwrap();
        commit.finish().unwrap();
        let loaded = Manifest::current(&*storage).unwrap();
        let entry = loaded.manifest.index.clone().unwrap();
        let good = Container::open(&*storage, &entry.name, super::super::maintain::INDEX, Some(&entry)).unwrap();
        assert!(is_known(&good).unwrap());

        // The same file with another number in front of its directory, and sums that fit.
        let mut body = good.body().unwrap().to_vec();
        let tail = body.len() - 16;
        let at = u64_at(&body, tail) as usize - HEADER;
        body[at] = 77;
        let mut commit = Commit::begin(Arc::clone(&storage)).unwrap();
        let name = commit.name("index");
        let mut file = FileWriter::create(&*storage, &name, super::super::maintain::INDEX).unwrap();
        file.write(&body).unwrap();
        commit.manifest.index = Some(file.finish(&*storage).unwrap());
        commit.finish().unwrap();

        let graph = Graph::open(Snapshot::open(Arc::clone(&storage)).unwrap()).unwrap();
        assert_eq!(graph.node_count(), 2);
        assert!(graph.find_id("b:2").is_some() && graph.sound().is_ok());
        assert_eq!(super::super::verify(&storage).unwrap().faults, Vec::<String>::new());
        super::super::compact(&storage).unwrap();
        let loaded = Manifest::current(&*storage).unwrap();
        let entry = loaded.manifest.index.unwrap();
        let own = Container::open(&*storage, &entry.name, super::super::maintain::INDEX, Some(&entry)).unwrap();
        assert!(is_known(&own).unwrap());
    }

    #[test]
    fn a_layer_knows_its_nodes() {
        let pairs = vec![(700, 4), (0, 1), (63, 2), (64, 3), (700, 9), (65, 7), (130, 0)];
        let down = Down::new(pairs.clone(), 701);
        for n in 0..800 {
            let want = pairs.iter().find(|p| p.0 == n).map(|p| p.1);
            assert_eq!(down.get(n), want, "{n}");
        }
        assert_eq!(Down::default().get(0), None);
    }
}
