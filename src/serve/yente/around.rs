//! What refers to an entity and what it refers to, by the names of properties.

use super::made::Made;
use super::world::{From, World};
use crate::error::Result;
use crate::graph::{Dir, Edge, Link, Node};
use crate::import::ftm::model;
use std::collections::{HashMap, HashSet};

/// Relations of one party that are looked at.
pub(super) const MAX_LINKS: usize = 10_000;

/// An adjacent entity.
#[derive(Debug, Clone)]
pub(super) enum Near {
    /// A party; it is read when it is shown.
    Party(Node, String),
    /// A relation, or a listing.
    Made(Box<Made>),
    /// An id that stands for nothing in the store.
    Unknown(String),
}

impl Near {
    pub(super) fn id(&self) -> &str {
        match self {
            Near::Party(_, id) | Near::Unknown(id) => id,
            Near::Made(made) => &made.id,
        }
    }
}

/// An entity and everything adjacent to it, by property: those of its own first, then the reverse
/// ones, each in the order of its schema.
pub(super) struct Around {
    pub(super) root: Made,
    pub(super) near: Vec<(&'static str, Vec<Near>)>,
    /// Whether there are more relations than were looked at.
    pub(super) cut: bool,
}

impl Around {
    /// An entity without anything beside it.
    pub(super) fn alone(root: Made) -> Around {
        Around { root, near: Vec::new(), cut: false }
    }

    fn put(&mut self, property: &'static str, item: Near) {
        match self.near.iter_mut().find(|(p, _)| *p == property) {
            Some((_, all)) => all.push(item),
            None => self.near.push((property, vec![item])),
        }
    }
}

impl World<'_> {
    /// Everything adjacent to a party; `None` where there is no more than its id.
    pub(super) fn around(&self, n: Node) -> Result<Option<Around>> {
        let (Some(root), Some(record)) = (self.entity(n, true)?, self.record(n)?) else { return Ok(None) };
        let mut seen: HashSet<Edge> = HashSet::new();
        let mut links: Vec<Link> = Vec::new();
        let mut cut = false;
        for k in self.view().links(n, Dir::Both) {
            if links.len() == MAX_LINKS {
                cut = true;
                break;
            }
            if seen.insert(k.edge) {
                links.push(k);
            }
        }
        let batch = self.written(n, &record, &links)?;
        let mut around = Around { root, near: Vec::new(), cut };
        let id = around.root.id.clone();
        self.own(&mut around)?;
        let mut told: HashMap<&'static str, HashSet<String>> = HashMap::new();
        for e in &batch.entities {
            let from = batch.from(&e.id);
            if matches!(from, From::Party(p) if p == n) {
                continue;
            }
            let ways: Vec<&'static str> = model::references(e.schema)
                .iter()
                .filter(|(property, reverse)| !reverse.is_empty() && e.values(property).contains(&id))
                .map(|(_, reverse)| *reverse)
                .collect();
            if ways.is_empty() {
                continue;
            }
            let item = match from {
                From::Party(other) => Near::Party(other, e.id.clone()),
                from => Near::Made(Box::new(self.made(e.clone(), from)?)),
            };
            for way in ways {
                if told.entry(way).or_default().insert(item.id().to_owned()) {
                    around.put(way, item.clone());
                }
            }
        }
        Ok(Some(around))
    }

    /// What a relation or a listing refers to.
    pub(super) fn around_made(&self, root: Made) -> Result<Around> {
        let mut around = Around::alone(root);
        self.own(&mut around)?;
        Ok(around)
    }

    /// The entities that properties of the root name.
    fn own(&self, around: &mut Around) -> Result<()> {
        for (property, _) in model::references(around.root.schema) {
            for id in around.root.values(property).to_vec() {
                let item = self.near(&id)?;
                around.put(property, item);
            }
        }
        Ok(())
    }

    /// What an id stands for, if it is a party of which more than the id is known.
    pub(super) fn near(&self, id: &str) -> Result<Near> {
        use super::ids::Meant;
        Ok(match self.find(id)? {
            Some(Meant::Party(n) | Meant::Other(n)) if self.record(self.graph().entity_of(n))?.is_some() => {
                Near::Party(self.graph().entity_of(n), id.to_owned())
            }
            _ => Near::Unknown(id.to_owned()),
        })
    }

    /// The whole of an adjacent entity.
    pub(super) fn whole(&self, item: &Near) -> Result<Option<Made>> {
        match item {
            Near::Party(n, _) => self.entity(*n, true),
            Near::Made(made) => Ok(Some((**made).clone())),
            Near::Unknown(_) => Ok(None),
        }
    }
}
