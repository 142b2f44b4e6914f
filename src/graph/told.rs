//! Who tells of a node and since when, and the other ids that sources give it.

use super::build::EDIT_BASE;
use super::layer::{Edge, Graph, Node};
use super::prov::Prov;
use super::view::View;
use crate::error::{Error, Result};
use crate::model::{Decision, Record, RecordView, RelationRecord, RelationView};

/// Which records say that nodes have other ids, in the order of the nodes.
struct Renamed(Vec<(u32, usize, u32)>);

impl View<'_> {
    /// The provenances of a node's records that are seen.
    pub(crate) fn provs(&self, n: Node) -> impl Iterator<Item = &Prov> + '_ {
        let g = self.graph();
        let seen = g.records(n).filter(|(at, _, p)| self.sees_prov(*at, *p));
        seen.filter_map(|(at, _, p)| g.layers.get(at)?.index.provs.get(p as usize))
    }

    /// All provenances, seen or not.
    pub(crate) fn all_provs(&self) -> impl Iterator<Item = &Prov> + '_ {
        self.graph().layers.iter().flat_map(|l| &l.index.provs)
    }
}

impl Graph {
    /// A relation without its facts and citations, as its source stated it: what its external id is
    /// made from, at a fraction of the cost of [`Graph::relation`].
    pub(crate) fn bare_relation(&self, e: Edge) -> Result<RelationRecord> {
        let Some((_, l, i)) = self.layer_of(e) else { return Err(Error::not_found("no such edge")) };
        let number = l.index.record(i);
        if number >= EDIT_BASE {
            return self.relation(e);
        }
        match l.snapshot.view(number)? {
            RecordView::Relation(r) => {
                let bare = RecordView::Relation(RelationView { facts: Vec::new(), cites: Vec::new(), ..r });
                match bare.into_owned() {
                    Record::Relation(r) => Ok(r),
                    _ => Err(Error::damaged("index", 0, "a relation that is none")),
                }
            }
            _ => Err(Error::damaged("index", 0, "an edge refers to a record that is no relation")),
        }
    }

    /// The nodes of parties to which a source gives this id, too.
    pub(crate) fn with_alias(&self, id: &str) -> Result<Vec<Node>> {
        let mut out = Vec::new();
        for l in self.layers.iter() {
            for (local, record) in l.index.find_alias(id) {
                if let Record::Decision(d) = l.record(record)?
                    && (d.a.as_str() == id || d.b.as_str() == id)
                {
                    out.push(Node(l.up(local)));
                }
            }
        }
        Ok(out)
    }

    /// What sources say of other ids of a party, at most so many. Unlike [`View::decisions`] it looks
    /// for those of many parties as cheaply as for those of one.
    pub(crate) fn aliases(&self, party: Node, most: usize) -> Result<Vec<Decision>> {
        let all = self.kept(|| {
            let of = |(at, l): (usize, &super::layer::Layer)| {
                l.index.alias_rows().map(|(local, record)| (l.up(local), at, record)).collect::<Vec<_>>()
            };
            let mut all: Vec<_> = self.layers.iter().enumerate().flat_map(of).collect();
            all.sort_unstable();
            Ok(Renamed(all))
        })?;
        let from = all.0.partition_point(|(n, ..)| *n < party.0);
        let mut out = Vec::new();
        for (_, at, record) in all.0.iter().skip(from).take_while(|(n, ..)| *n == party.0).take(most) {
            if let Some(l) = self.layers.get(*at)
                && let Record::Decision(d) = l.record(*record)?
            {
                out.push(d);
            }
        }
        Ok(out)
    }
}
