//! A party as the matcher takes it, and the candidates for a question from all layers.

use super::layer::Node;
use super::name_index::{borne, kind_of};
use super::names::NameKind;
use super::view::View;
use crate::error::Result;
use crate::model::{Citation, FactView, Status, prop};
use crate::names::index::{Query, Seeker, same_identifier};
use crate::names::{Kind, NameKind as Borne, Profile};

/// A party that a question may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NameHit {
    /// The party.
    pub node: Node,
    /// Bits of the question that its best name has, for the order only.
    pub bits: f32,
    /// Found by an identifier.
    pub by_id: bool,
}

impl View<'_> {
    /// Entities that may be meant, likeliest first, at most `limit` a layer: found by the names of any of their parties. Some may turn out not to be seen, or not
    /// to fit: [`View::profile`] tells what is seen of them, and comparing, how it fits.
    pub fn name_hits(&self, query: &Query, limit: usize, seeker: &mut Seeker) -> Result<Vec<NameHit>> {
        let g = self.graph();
        let mut hits: Vec<NameHit> = Vec::new();
        for (at, layer) in g.layers.iter().enumerate() {
            let Some(index) = g.names_of(at)? else { continue };
            for c in seeker.candidates(&index, query, limit) {
                let party = Node(layer.up(c.party));
                hits.push(NameHit { node: g.entity_of(party), bits: c.bits, by_id: c.by_id });
            }
        }
        // Several layers, or several parties of one entity, may have found the same.
        if g.layers.len() > 1 || g.clusters().is_some() {
            hits.sort_by(|a, b| b.bits.total_cmp(&a.bits).then(a.node.cmp(&b.node)));
            let mut seen = std::collections::HashSet::new();
            hits.retain(|h| seen.insert(h.node));
        }
        hits.retain(|h| (h.node.0 as usize) < g.node_count());
        Ok(hits)
    }

    /// What sort of party a node is to the matcher.
    pub fn kind(&self, n: Node) -> Kind {
        kind_of(self.graph().node_type(n))
    }

    /// Entities that bear an identifier, in any writing of it; in order.
    pub fn with_identifier(&self, value: &str) -> Result<Vec<Node>> {
        let mut nodes = Vec::new();
        for (at, layer) in self.graph().layers.iter().enumerate() {
            if let Some(index) = self.graph().names_of(at)? {
                nodes.extend(index.identified(value).map(|n| Node(layer.up(n))));
            }
        }
        self.graph().as_entities(&mut nodes);
        let mut out = Vec::new();
        for n in nodes {
            if self.identifier(n, value)?.is_some() {
                out.push(n);
            }
        }
        Ok(out)
    }

    /// The identifier of a party that a text is: its scheme and value as the source has them.
    pub fn identifier(&self, n: Node, value: &str) -> Result<Option<(String, String)>> {
        if n.0 as usize >= self.graph().node_count() {
            return Ok(None);
        }
        Ok(self.profile(n)?.ids.into_iter().find(|(_, v)| same_identifier(v, value)))
    }

    /// What is seen of an entity, as the matcher takes it, its parties' facts together. The same value
    /// from several records stands once.
    pub fn profile(&self, n: Node) -> Result<Profile> {
        let g = self.graph();
        self.gathered(n, g.parts(n))
    }

    /// The same of a party alone, whatever it is one entity with; only its type is the entity's.
    pub fn own_profile(&self, party: Node) -> Result<Profile> {
        self.gathered(self.graph().entity_of(party), std::iter::once(party))
    }

    fn gathered(&self, n: Node, parties: impl Iterator<Item = Node> + Clone) -> Result<Profile> {
        let g = self.graph();
        let mut out = Profile { kind: kind_of(g.node_type(n)), ..Profile::default() };
        for (at, number, prov) in parties.clone().flat_map(|p| g.own_records(p)) {
            if !self.sees_prov(at, prov) {
                continue;
            }
            let Some(layer) = g.layers.get(at) else { continue };
            let source = layer.index.provs.get(prov as usize).map_or("", |p| p.source.as_str());
            layer.with_party(number, |p| {
                for f in &p.facts {
                    if f.status == Status::Withdrawn {
                        continue;
                    }
                    if !self.filter().sources.is_empty() {
                        let owned = |list: &[crate::model::CitationView<'_>]| -> Vec<Citation> {
                            list.iter().map(|c| c.owned()).collect()
                        };
                        let cites = if f.cites.is_empty() { owned(&p.cites) } else { owned(&f.cites) };
                        if !self.keeps(&cites, source) {
                            continue;
                        }
                    }
                    take(&mut out, f);
                }
            })?;
        }
        // A name that no party bears is its own.
        for p in parties.filter(|p| g.own_unresolved(*p).is_some()) {
            out.names.push((g.party_label(p).to_owned(), Borne::Main));
        }
        Ok(out)
    }
}

fn take(out: &mut Profile, f: &FactView<'_>) {
    fn push(list: &mut Vec<String>, text: &str) {
        if !list.iter().any(|t| t == text) {
            list.push(text.to_owned());
        }
    }
    match f.prop {
        prop::BIRTH => {
            // A span is kept by its ends.
            for part in f.value.split(" to ") {
                push(&mut out.births, part);
            }
        }
        prop::COUNTRY if f.kind.to_ascii_lowercase().contains("flag") => push(&mut out.flags, f.value),
        prop::COUNTRY => push(&mut out.countries, f.value),
        prop::IDENTIFIER => {
            if !out.ids.iter().any(|(s, v)| s == f.kind && v == f.value) {
                out.ids.push((f.kind.to_owned(), f.value.to_owned()));
            }
        }
        _ => {
            if let Some(borne) = NameKind::of(f.prop).and_then(borne)
                && !out.names.iter().any(|(t, b)| t == f.value && *b == borne)
            {
                out.names.push((f.value.to_owned(), borne));
            }
        }
    }
}
