//! Parties that decisions hold to be the same: they are shown, walked and counted as one entity.
//!
//! An entity is one of its nodes, the *representative*; the others, its *shadows*, are met by no
//! walk and have no edges of their own to show. Nothing is built for it: the edges, records and
//! listings of all members are read where those of the representative are asked for, and where an
//! edge leads to a shadow, it leads to the representative. A graph without entities of several
//! parties costs one look at an empty option.

use super::bits::Bits;
use super::layer::{Edge, Graph, Node};
use super::view::Link;
use crate::model::PartialDate;
use rustc_hash::FxHashMap;

/// An entity of several parties, as decisions have it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entity<'a> {
    /// External ids of its parties, the one that names it first; those after it come in where it is
    /// not in the graph.
    pub parties: Vec<&'a str>,
    /// Numbers of the standing decisions that make it one.
    pub decisions: Vec<u32>,
}

/// Which nodes of a graph are one entity.
#[derive(Debug, Clone, Default)]
pub struct Clusters {
    /// Nodes that are not an entity alone.
    joined: Option<Bits>,
    representative: FxHashMap<u32, u32>,
    /// By representative: all members, the representative first.
    members: FxHashMap<u32, Vec<Node>>,
    decisions: FxHashMap<u32, Vec<u32>>,
}

/// By what time decisions count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecidedAt {
    /// All of them.
    #[default]
    Now,
    /// Those up to the end of a day.
    Day(PartialDate),
    /// None: every party stands for itself.
    Never,
}

impl DecidedAt {
    /// A day, or `none`.
    pub fn parse(text: &str) -> crate::error::Result<DecidedAt> {
        if text == "none" {
            return Ok(DecidedAt::Never);
        }
        Ok(DecidedAt::Day(PartialDate::parse(text)?))
    }

    /// The same as text; nothing where all decisions count.
    pub fn text(self) -> Option<String> {
        match self {
            DecidedAt::Now => None,
            DecidedAt::Day(day) => Some(day.to_string()),
            DecidedAt::Never => Some("none".to_owned()),
        }
    }
}

impl Clusters {
    /// The entities that are in a graph with two parties at least.
    pub fn of<'a>(graph: &Graph, entities: impl IntoIterator<Item = Entity<'a>>) -> Clusters {
        let mut out = Clusters::default();
        for e in entities {
            let mut members: Vec<Node> = Vec::new();
            for n in e.parties.iter().filter_map(|id| graph.find_party(id)) {
                if !members.contains(&n) && !out.representative.contains_key(&n.0) {
                    members.push(n);
                }
            }
            let [first, _, ..] = members[..] else { continue };
            for m in &members {
                out.joined.get_or_insert_with(|| Bits::none(graph.node_count())).set(m.0 as usize);
                out.representative.insert(m.0, first.0);
            }
            out.members.insert(first.0, members);
            out.decisions.insert(first.0, e.decisions);
        }
        out
    }

    /// Whether there is no entity of several parties.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Number of entities of several parties.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    #[inline]
    fn joins(&self, n: Node) -> bool {
        self.joined.as_ref().is_some_and(|j| j.has(n.0 as usize))
    }

    #[inline]
    pub(super) fn representative(&self, n: Node) -> Node {
        if !self.joins(n) {
            return n;
        }
        self.representative.get(&n.0).map_or(n, |r| Node(*r))
    }

    /// The nodes whose facts are those of a node: none for a shadow.
    fn parts(&self, n: Node) -> Parts<'_> {
        if !self.joins(n) {
            return Parts { one: Some(n), more: [].iter() };
        }
        let more = self.members.get(&n.0).map_or(&[][..], Vec::as_slice);
        Parts { one: None, more: more.iter() }
    }

    fn is_shadow(&self, n: Node) -> bool {
        self.joins(n) && !self.members.contains_key(&n.0)
    }

    /// All nodes of entities of several parties, in no certain order.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + '_ {
        self.members.values().flatten().copied()
    }

    pub(super) fn shadows(&self) -> impl Iterator<Item = Node> + '_ {
        self.members.values().flat_map(|m| m.iter().skip(1).copied())
    }
}

/// Nodes whose facts are those of one.
#[derive(Clone)]
pub(super) struct Parts<'a> {
    one: Option<Node>,
    more: std::slice::Iter<'a, Node>,
}

impl Iterator for Parts<'_> {
    type Item = Node;

    #[inline]
    fn next(&mut self) -> Option<Node> {
        self.one.take().or_else(|| self.more.next().copied())
    }
}

impl Graph {
    /// Shows the parties of each entity as one from now on.
    pub fn set_clusters(&mut self, clusters: Clusters, decided_at: DecidedAt) {
        self.clusters = (!clusters.is_empty()).then(|| std::sync::Arc::new(clusters));
        self.decided_at = decided_at;
        self.forget();
    }

    /// The entities of several parties; `None` where every party stands for itself.
    pub fn clusters(&self) -> Option<&Clusters> {
        self.clusters.as_deref()
    }

    /// By what time decisions count.
    pub fn decided_at(&self) -> DecidedAt {
        self.decided_at
    }

    /// The node that stands for the entity of a node.
    #[inline]
    pub fn entity_of(&self, n: Node) -> Node {
        match &self.clusters {
            None => n,
            Some(c) => c.representative(n),
        }
    }

    /// The parties of an entity, the one that names it first; a party that stands for itself alone
    /// is its only one.
    pub fn members(&self, n: Node) -> Vec<Node> {
        self.parts(self.entity_of(n)).collect()
    }

    /// Numbers of the decisions that make an entity of several parties one.
    pub fn decisions_of(&self, n: Node) -> &[u32] {
        let of = |c: &'_ Clusters| c.representative(n).0;
        self.clusters.as_deref().and_then(|c| c.decisions.get(&of(c))).map_or(&[], Vec::as_slice)
    }

    /// Whether a node is a party of an entity that another node stands for.
    pub fn is_shadow(&self, n: Node) -> bool {
        self.clusters.as_ref().is_some_and(|c| c.is_shadow(n))
    }

    /// The nodes that stand for no entity, where there are any.
    pub(crate) fn shadows(&self) -> Option<Bits> {
        let c = self.clusters.as_ref()?;
        let mut bits = Bits::none(self.node_count());
        c.shadows().for_each(|n| bits.set(n.0 as usize));
        Some(bits)
    }

    #[inline]
    pub(super) fn parts(&self, n: Node) -> Parts<'_> {
        match &self.clusters {
            None => Parts { one: Some(n), more: [].iter() },
            Some(c) => c.parts(n),
        }
    }

    /// The sources that name a party itself now, sorted.
    pub fn sources_now(&self, n: Node) -> Vec<&str> {
        let prov = |(at, _, p): (usize, u32, u32)| self.layers.get(at).and_then(|l| l.index.provs.get(p as usize));
        let mut list: Vec<&str> = self
            .own_records(n)
            .filter_map(prov)
            .filter(|p| p.known_at(None) == super::prov::Known::Yes)
            .map(|p| p.source.as_str())
            .collect();
        list.sort_unstable();
        list.dedup();
        list
    }

    /// The edges of a party alone, seen or not; a loop may be met twice.
    pub fn own_edges(&self, n: Node) -> impl Iterator<Item = Edge> + '_ {
        self.links_of_record(n, super::layer::Dir::Both).map(|k| k.edge)
    }

    /// The name of a party alone, whatever its entity is called.
    pub fn party_label(&self, n: Node) -> &str {
        self.own_label(n).unwrap_or_else(|| self.show_id(self.id(n)))
    }

    /// The parties at the ends of an edge, as its record has them.
    pub fn stated_ends(&self, e: Edge) -> (Node, Node) {
        self.ends_of_record(e)
    }

    /// The nodes of several layers or rows as entities, each once, in order.
    pub(super) fn as_entities(&self, nodes: &mut Vec<Node>) {
        if let Some(c) = &self.clusters {
            nodes.iter_mut().for_each(|n| *n = c.representative(*n));
        }
        // The nodes of one layer mostly come in order.
        if !nodes.is_sorted() {
            nodes.sort_unstable();
        }
        nodes.dedup();
    }

    /// The edges of an entity, its members' one after the other: an edge that leads to a member of
    /// another is one to that entity, one between its own members a loop.
    pub(super) fn joined_links<'a>(
        &'a self,
        c: &'a Clusters,
        n: Node,
        dir: super::layer::Dir,
    ) -> impl Iterator<Item = Link> + 'a {
        use super::layer::Dir;
        let out = move |p: Node| self.links_of_record(p, Dir::Out);
        let inn = move |p: Node| self.links_of_record(p, Dir::In);
        let outgoing = c.parts(n).filter(move |_| dir != Dir::In).flat_map(out);
        let incoming = c.parts(n).filter(move |_| dir != Dir::Out).flat_map(inn);
        let here = move |k: Link| Link { other: c.representative(k.other), ..k };
        outgoing.map(here).chain(incoming.map(here).filter(move |k| dir == Dir::In || k.other != n))
    }
}

/// A walk over the edges of a graph without or with entities of several parties.
pub(super) enum Either<A, B> {
    Plain(A),
    Joined(B),
}

impl<T, A: Iterator<Item = T>, B: Iterator<Item = T>> Iterator for Either<A, B> {
    type Item = T;

    #[inline]
    fn next(&mut self) -> Option<T> {
        match self {
            Either::Plain(a) => a.next(),
            Either::Joined(b) => b.next(),
        }
    }

    #[inline]
    fn fold<X, F: FnMut(X, T) -> X>(self, init: X, f: F) -> X {
        match self {
            Either::Plain(a) => a.fold(init, f),
            Either::Joined(b) => b.fold(init, f),
        }
    }
}
