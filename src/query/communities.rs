//! Communities: parties more tied to each other than to the rest, by spreading labels.

use super::parts::Parts;
use super::route::Show;
use super::whole::{BLOCK, whole};
use crate::graph::{Dir, Flat, Graph, Node, View, on_two};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};

/// How to look for communities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommunityOptions {
    /// Rounds, at most; fewer where a round changes nothing.
    pub iterations: u32,
    /// Hubs take part.
    pub through: bool,
    /// Edges looked at, over all rounds, before the work stops and says so.
    pub work: u64,
}

impl Default for CommunityOptions {
    fn default() -> CommunityOptions {
        CommunityOptions { iterations: 10, through: false, work: super::whole::WORK }
    }
}

/// The communities of a view, largest first, equal ones by the id whose label they share.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Communities {
    parts: Parts,
    /// The node of each label.
    named: Vec<u32>,
    /// Rounds done.
    pub iterations: u32,
    /// The last round changed nothing: more would not, either.
    pub settled: bool,
    /// Hubs that stand alone because they take no part.
    pub hubs: usize,
    /// The work was cut by its bound: there are fewer rounds than were asked for.
    pub truncated: bool,
}

impl Communities {
    /// How many there are, nodes alone included.
    pub fn count(&self) -> usize {
        self.parts.sizes.len()
    }

    /// Sizes, largest first.
    pub fn sizes(&self) -> &[u32] {
        &self.parts.sizes
    }

    /// The community of a node: a position in [`Communities::sizes`].
    pub fn community_of(&self, n: Node) -> Option<usize> {
        self.parts.part_of(n)
    }

    /// The node whose label the members of a community share; it may itself have left.
    pub fn label(&self, community: usize) -> Option<Node> {
        let label = *self.parts.labels.get(community)?;
        self.named.get(label as usize).map(|n| Node(*n))
    }

    /// The nodes of a community, by number.
    pub fn members(&self, community: usize) -> impl Iterator<Item = Node> + '_ {
        self.parts.members(community)
    }

    /// `{"label": id, "size": n, "nodes": [ids, at most `members`]}` of the `limit` largest, ids as
    /// the document shows them, sorted; and whether either limit cut.
    pub fn results(&self, view: &View<'_>, limit: usize, members: usize) -> (Vec<Value>, bool) {
        let show = Show::new(view.graph());
        let (lists, cut) = self.parts.listed(limit, members);
        let rows = lists.into_iter().zip(self.sizes()).enumerate().map(|(at, (nodes, size))| {
            let mut nodes: Vec<String> = nodes.into_iter().map(|n| show.node(n)).collect();
            nodes.sort_unstable();
            json!({ "label": self.label(at).map(|n| show.node(n)), "size": size, "nodes": nodes })
        });
        (rows.collect(), cut)
    }

    /// `{"count": n, "alone": n, "hubs_apart": n, "largest": n, "iterations": n, "settled": b}`.
    pub fn result(&self) -> Value {
        json!({
            "count": self.count(), "alone": self.parts.alone(), "hubs_apart": self.hubs,
            "largest": self.sizes().first().copied().unwrap_or(0), "iterations": self.iterations,
            "settled": self.settled
        })
    }
}

/// The nodes in the order of their ids, shorter ids first: so that numbers order as numbers, and
/// so that an answer does not hang on how a store came to number its nodes.
fn by_id(graph: &Graph) -> Vec<u32> {
    let mut ids: Vec<(&str, u32)> = graph.nodes().map(|n| (graph.id(n), n.0)).collect();
    ids.sort_unstable_by(|(a, m), (b, n)| a.len().cmp(&b.len()).then_with(|| a.cmp(b)).then(m.cmp(n)));
    ids.into_iter().map(|(_, n)| n).collect()
}

/// Labels up to which sorting them is the quickest way to count. Tests are to meet both ways.
const FEW: usize = if cfg!(test) { 6 } else { 128 };

/// The label that occurs most, the smallest of several; `None` of none.
fn most(labels: &mut [u32]) -> Option<u32> {
    let first = *labels.first()?;
    if labels.iter().all(|l| *l == first) {
        return Some(first);
    }
    let mut best: Option<(usize, u32)> = None;
    let mut meet = |label: u32, times: usize| {
        if best.is_none_or(|(t, l)| times > t || (times == t && label < l)) {
            best = Some((times, label));
        }
    };
    if labels.len() <= FEW {
        labels.sort_unstable();
        labels.chunk_by(|a, b| a == b).for_each(|run| meet(run.first().copied().unwrap_or(0), run.len()));
    } else {
        let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
        labels.iter().for_each(|l| *counts.entry(*l).or_default() += 1);
        counts.into_iter().for_each(|(label, times)| meet(label, times));
    }
    best.map(|(_, label)| label)
}

/// One block of nodes in one round.
struct Part<'a> {
    first: usize,
    labels: &'a mut [u32],
    moved: &'a mut [bool],
}

/// One round for one block. A node none of whose neighbours moved in the round before stays.
fn spread(flat: &Flat, old: &[u32], moved: &[bool], part: Part<'_>) {
    let block = part.first..part.first + part.labels.len();
    let mut around: Vec<u32> = Vec::new();
    let rows = flat.out.each(block.clone()).zip(flat.inn.each(block.clone()));
    let slots = part.labels.iter_mut().zip(part.moved.iter_mut());
    for ((n, (label, moves)), (out, inn)) in block.zip(slots).zip(rows) {
        let others = || out.iter().chain(inn).map(|m| *m as usize).filter(|other| *other != n);
        let own = old.get(n).copied().unwrap_or(0);
        (*label, *moves) = (own, false);
        if others().any(|other| moved.get(other).copied().unwrap_or(false)) {
            around.clear();
            around.extend(others().filter_map(|other| old.get(other)));
            *label = most(&mut around).unwrap_or(own);
            *moves = *label != own;
        }
    }
}

/// Label propagation, as LDBC Graphalytics defines it (CDLP): each party begins with a label of
/// its own; in each round, at the same moment, each takes the label that most of its neighbours
/// have, of several the smallest, that is, that of the party whose id is shortest and then first.
/// Both ends of an edge are neighbours, as often as there are edges between them; a loop counts
/// nothing. The same graph has the same communities.
pub fn communities(view: &View<'_>, options: &CommunityOptions) -> Communities {
    let (flat, hubs) = whole(view, Dir::Both, options.through);
    let named = by_id(view.graph());
    let mut labels = vec![0u32; flat.nodes];
    for (label, n) in named.iter().enumerate() {
        if let Some(slot) = labels.get_mut(*n as usize) {
            *slot = label as u32;
        }
    }
    let mut out = Communities { named, hubs, ..Communities::default() };
    let mut next = vec![0u32; flat.nodes];
    // All labels are new to the first round.
    let (mut moved, mut moves) = (vec![true; flat.nodes], vec![false; flat.nodes]);
    let cost = (flat.nodes + 2 * flat.out.len()) as u64;
    let mut left = options.work;
    while out.iterations < options.iterations && !out.settled {
        if left < cost || view.stop().is_set() {
            out.truncated = true;
            break;
        }
        left -= cost;
        let parts = next.chunks_mut(BLOCK).zip(moves.chunks_mut(BLOCK)).enumerate();
        let parts = parts.map(|(at, (labels, moved))| Part { first: at * BLOCK, labels, moved });
        on_two(parts, |part| spread(&flat, &labels, &moved, part));
        std::mem::swap(&mut labels, &mut next);
        std::mem::swap(&mut moved, &mut moves);
        out.iterations += 1;
        out.settled = !moved.contains(&true);
    }
    out.parts = Parts::of_labels(labels, view.graph().shadows().as_ref());
    out
}
