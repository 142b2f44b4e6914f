//! What algorithms over the whole graph share: the edges that take part, and bounds.
//!
//! Hub nodes, and edges that tie to hubs by nature, tie everyone to everyone: they take no part
//! unless `through` says so. A hub that takes no part stands alone.

use crate::graph::{Bits, Dir, Flat, Halves, View};
use std::ops::Range;

/// Nodes that one thread takes at a time. Sums are made by block and then in order, so that they
/// do not depend on which thread had which. Tests, whose graphs are small, are to have several.
pub(super) const BLOCK: usize = if cfg!(test) { 8 } else { 4096 };

/// Edges that such an algorithm looks at, over all rounds, before it stops and says so: minutes of
/// work, and more than any list or register needs.
pub(super) const WORK: u64 = 20_000_000_000;

/// The edges that take part, where they lie, and how many hubs stand alone.
pub(super) fn halves<'g>(view: &View<'g>, dir: Dir, through: bool) -> (Halves<'g>, usize) {
    if through {
        return (view.halves(dir, |_| true, None), 0);
    }
    let graph = view.graph();
    let hubs: Bits = graph.nodes_of_type(|t| t.hub);
    let types = graph.catalogue().edge_types();
    let plain = |code: usize| types.get(code).is_none_or(|t| !t.hub);
    (view.halves(dir, plain, Some(&hubs)), hubs.count())
}

/// The same unpacked, for work that goes over them often.
pub(super) fn whole(view: &View<'_>, dir: Dir, through: bool) -> (Flat, usize) {
    let (halves, hubs) = halves(view, dir, through);
    (halves.flat(), hubs)
}

/// The nodes of a graph, block by block.
pub(super) fn blocks(nodes: usize) -> impl Iterator<Item = Range<usize>> {
    (0..nodes.div_ceil(BLOCK)).map(move |b| b * BLOCK..nodes.min((b + 1) * BLOCK))
}
