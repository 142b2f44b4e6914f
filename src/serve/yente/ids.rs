//! Ids as the FollowTheMoney export writes them, and back.
//!
//! Most are made from ours by one colon; the others carry a hash and are found by a table that is
//! made at first need.

use super::world::World;
use crate::error::Result;
use crate::export::ftm::{OWN_IDS, edge_key, free, name_of, plain};
use crate::graph::{Dir, Edge, Link, Node};
use crate::model::{Id, RelationRecord};
use std::collections::HashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Places of an id at which a colon may have stood.
const PLACES: usize = 64;
/// Edges looked at for an id that is a hash.
const MOST_EDGES: usize = 20_000_000;

/// Parties whose ids carry a hash, by the hash of the whole.
struct Hashed(HashMap<u64, u32>);
/// Edges whose ids carry a hash.
struct HashedEdges(HashMap<u64, u32>);
/// Parties with listings, by the hashes of the ids of the listings.
struct Listings(HashMap<u64, u32>);

/// Relations under one external id are told apart by their number among those of one type, between the
/// same parties and in the same direction.
#[derive(Default)]
pub(super) struct Numbers(HashMap<(Node, u16, bool, String), usize>);

impl Numbers {
    /// The number of the next relation, whose type and external id these are.
    pub(super) fn next(&mut self, k: Link, code: u16, external: String) -> usize {
        let same = self.0.entry((k.other, code, k.outgoing, external)).or_default();
        *same += 1;
        *same
    }
}

/// What an id stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meant {
    /// A party; perhaps one that another stands for.
    Party(Node),
    /// A party of which this is another id.
    Other(Node),
    /// A relation.
    Edge(Edge),
    /// A listing of this party.
    Listing(Node),
}

/// The ids that may have become this one by one change, ours first where FollowTheMoney's.
fn sources(theirs: &str) -> impl Iterator<Item = String> + '_ {
    let at = theirs.match_indices('-').take(PLACES).filter_map(|(i, _)| {
        let (head, tail) = (theirs.get(..i)?, theirs.get(i + 1..)?);
        Some(format!("{head}:{tail}"))
    });
    at.filter(move |id| plain(id) == (theirs.to_owned(), true))
}

/// Whether an id ends like one that carries a hash.
fn hashed(theirs: &str) -> bool {
    let tail = theirs.rsplit_once('-').map_or("", |(_, tail)| tail);
    matches!(tail.len(), 10 | 16) && tail.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

impl World<'_> {
    /// The party that an id names without a hash.
    fn plainly(&self, theirs: &str) -> Option<Node> {
        let g = self.graph();
        let own = g.find_party(&format!("{OWN_IDS}{theirs}"));
        own.or_else(|| sources(theirs).find_map(|id| g.find_party(&id)))
    }

    /// Their id of a party.
    pub(super) fn id(&self, party: Node) -> String {
        let id = self.graph().id(party);
        match id.strip_prefix(OWN_IDS) {
            Some(own) => own.to_owned(),
            None => free(id, id, |c| self.plainly(c).is_some_and(|n| n != party)),
        }
    }

    /// Their id of a relation by its name, see [`World::edge_name`].
    pub(super) fn edge_id(&self, name: &str) -> String {
        match name.strip_prefix(OWN_IDS) {
            Some(own) => own.to_owned(),
            None if name.starts_with("rel:") && self.graph().find_party(name).is_none() => name.replacen(':', "-", 1),
            None => free(name, &edge_key(name), |c| self.plainly(c).is_some()),
        }
    }

    /// The id that an export gives a relation, and the name that becomes their id. `number`: which it is
    /// of those with its external id between its parties, see [`Numbers`].
    pub(super) fn edge_name(&self, bare: &RelationRecord, number: usize) -> (String, String) {
        let shown = self.shown(&bare.external_id(), number);
        let name = name_of(bare, &shown);
        (shown, name)
    }

    /// Which a relation is of those with its external id, among all of its type from one party to another.
    pub(super) fn number(&self, e: Edge) -> Result<usize> {
        let (a, b) = self.graph().ends(e);
        let code = self.graph().edge_type_code(e);
        let mut numbers = Numbers::default();
        let mut own = 1;
        for k in self.view().links(a, Dir::Out) {
            if k.other != b || self.graph().edge_type_code(k.edge) != code {
                continue;
            }
            self.view().stop().check()?;
            own = numbers.next(k, code, self.graph().bare_relation(k.edge)?.external_id());
            if k.edge == e {
                break;
            }
        }
        Ok(own)
    }

    /// An external id as an export shows it, the first, second ... of its kind.
    fn shown(&self, external: &str, number: usize) -> String {
        let bare = self.graph().show_id(external);
        let shown = if Id::has_namespace(bare) { external } else { bare };
        if number > 1 { format!("{shown}~{number}") } else { shown.to_owned() }
    }

    /// What an id stands for; ids of ours are understood, too.
    pub(super) fn find(&self, id: &str) -> Result<Option<Meant>> {
        if id.is_empty() || id.len() > 4096 {
            return Ok(None);
        }
        let plain = self.plainly(id).filter(|n| self.id(*n) == id);
        if let Some(n) = plain
            && self.record(self.graph().entity_of(n))?.is_some()
        {
            return Ok(Some(Meant::Party(n)));
        }
        let own = format!("{OWN_IDS}{id}");
        for name in [own.clone(), format!("{own}/1")].into_iter().chain(sources(id)) {
            if let Some(e) = self.graph().edges_named(&name, 1)?.pop().filter(|e| self.view().sees(*e)) {
                return Ok(Some(Meant::Edge(e)));
            }
        }
        // Of some parties no more is known than their id, of some relations that they have others.
        if let Some(n) = plain {
            return Ok(Some(Meant::Party(n)));
        }
        for name in std::iter::once(own).chain(sources(id)) {
            if let Some(n) = self.graph().with_alias(&name)?.pop() {
                return Ok(Some(Meant::Other(n)));
            }
        }
        if hashed(id)
            && let Some(meant) = self.find_hashed(id)?
        {
            return Ok(Some(meant));
        }
        Ok(self.graph().find_party(id).map(Meant::Other))
    }

    fn find_hashed(&self, id: &str) -> Result<Option<Meant>> {
        let key = xxh3_64(id.as_bytes());
        if !id.starts_with("rel-") && !id.starts_with("sanction-") {
            let parties = self.graph().kept(|| self.hashed_parties())?;
            if let Some(n) = parties.0.get(&key) {
                return Ok(Some(Meant::Party(Node(*n))));
            }
        }
        if id.starts_with("sanction-") {
            let listings = self.graph().kept(|| self.listing_ids())?;
            if let Some(n) = listings.0.get(&key) {
                return Ok(Some(Meant::Listing(Node(*n))));
            }
        }
        let edges = self.graph().kept(|| self.hashed_edges())?;
        Ok(edges.0.get(&key).map(|e| Meant::Edge(Edge(*e))).filter(|m| match m {
            Meant::Edge(e) => self.view().sees(*e),
            _ => false,
        }))
    }

    fn hashed_parties(&self) -> Result<Hashed> {
        let mut all = HashMap::new();
        for n in self.graph().parties() {
            self.view().stop().check()?;
            let id = self.graph().id(n);
            if id.starts_with(OWN_IDS) {
                continue;
            }
            let (text, exact) = plain(id);
            if !exact || self.plainly(&text).is_some_and(|other| other != n) {
                all.insert(xxh3_64(self.id(n).as_bytes()), n.0);
            }
        }
        Ok(Hashed(all))
    }

    fn hashed_edges(&self) -> Result<HashedEdges> {
        let mut all = HashMap::new();
        for n in self.graph().nodes() {
            let mut counted: HashMap<String, usize> = HashMap::new();
            for k in self.view().links(n, Dir::Out) {
                self.view().stop().check()?;
                if all.len() >= MOST_EDGES {
                    return Ok(HashedEdges(all));
                }
                let r = self.graph().bare_relation(k.edge)?;
                let external = r.external_id();
                let same = counted.entry(external.clone()).or_default();
                *same += 1;
                let theirs = self.edge_id(&name_of(&r, &self.shown(&external, *same)));
                if hashed(&theirs) {
                    all.insert(xxh3_64(theirs.as_bytes()), k.edge.0);
                }
            }
        }
        Ok(HashedEdges(all))
    }

    fn listing_ids(&self) -> Result<Listings> {
        let mut all = HashMap::new();
        for n in self.view().listed() {
            self.view().stop().check()?;
            for e in self.sanctions(n)? {
                all.insert(xxh3_64(e.id.as_bytes()), n.0);
            }
        }
        Ok(Listings(all))
    }
}
