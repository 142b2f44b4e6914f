//! The links of one node, grouped by type and direction.

use super::words::phrase;
use crate::graph::{Dir, Link, Node, View};
use crate::model::EdgeType;
use std::collections::{BTreeMap, HashMap};

/// Links of one type and direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkGroup {
    /// Catalogue name of the type.
    pub edge_type: String,
    /// Words between the node and the other end, see [`phrase`].
    pub phrase: String,
    /// The node is the subject (always so for a symmetric type).
    pub outgoing: bool,
    /// Ties to something that ties everyone to everyone: a programme, a state, an authority.
    pub hub: bool,
    /// How many there are.
    pub count: usize,
    /// The first of them by the other end's name and id.
    pub links: Vec<Link>,
}

/// Where a group stands: to hubs or not, rank of its type, place in the catalogue, incoming.
type Place = (bool, u8, usize, bool);

/// The links of a node whose type `keep` accepts, at most `cap` of each group: ownership first,
/// then control, then the rest in the order of the catalogue, ties to hubs last.
pub fn link_groups(view: &View<'_>, n: Node, cap: usize, keep: impl Fn(&EdgeType) -> bool) -> Vec<LinkGroup> {
    let graph = view.graph();
    let place: HashMap<&str, usize> =
        graph.catalogue().edge_types().iter().enumerate().map(|(i, t)| (t.name.as_str(), i)).collect();
    let mut groups: BTreeMap<Place, (&EdgeType, Vec<Link>)> = BTreeMap::new();
    for link in view.links(n, Dir::Both) {
        let t = graph.edge_type(link.edge);
        if !keep(t) {
            continue;
        }
        let hub = t.hub || graph.node_type(link.other).hub;
        let rank = if t.is_chain() { 0 } else { 2 - u8::from(t.control) };
        let at = place.get(t.name.as_str()).copied().unwrap_or(usize::MAX);
        let outgoing = link.outgoing || t.symmetric;
        groups.entry((hub, rank, at, !outgoing)).or_insert_with(|| (t, Vec::new())).1.push(link);
    }
    groups
        .into_iter()
        .map(|((hub, _, _, incoming), (t, mut links))| {
            links.sort_by(|a, b| {
                let key = |l: &Link| (graph.label(l.other), graph.id(l.other), l.edge);
                key(a).cmp(&key(b))
            });
            let count = links.len();
            links.truncate(cap);
            let outgoing = !incoming;
            LinkGroup { edge_type: t.name.clone(), phrase: phrase(t, outgoing), outgoing, hub, count, links }
        })
        .collect()
}
