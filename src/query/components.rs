//! Parts of the graph that nothing connects (weakly connected components).

use super::parts::Parts;
use super::route::Show;
use super::whole::{blocks, halves};
use crate::graph::{Dir, Node, View, on_two};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};

/// The components of a view, largest first, equal ones by their first node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Components {
    parts: Parts,
    /// Hubs that stand alone because they do not join.
    pub hubs: usize,
}

impl Components {
    /// How many there are, nodes alone included.
    pub fn count(&self) -> usize {
        self.parts.sizes.len()
    }

    /// Sizes, largest first.
    pub fn sizes(&self) -> &[u32] {
        &self.parts.sizes
    }

    /// How many are a node alone.
    pub fn alone(&self) -> usize {
        self.parts.alone()
    }

    /// The component of a node: a position in [`Components::sizes`].
    pub fn component_of(&self, n: Node) -> Option<usize> {
        self.parts.part_of(n)
    }

    /// The nodes of a component, by number.
    pub fn members(&self, component: usize) -> impl Iterator<Item = Node> + '_ {
        self.parts.members(component)
    }

    /// The nodes of the largest component.
    pub fn largest(&self) -> impl Iterator<Item = Node> + '_ {
        self.members(0)
    }

    /// `{"count": n, "alone": n, "hubs_apart": n, "largest": size, "components": [{"size": n,
    /// "nodes": [ids, at most `members`]}, ...]}` with the `limit` largest, ids as the document
    /// shows them, sorted. `"truncated"` is true when either limit cut the list.
    pub fn result(&self, view: &View<'_>, limit: usize, members: usize) -> Value {
        let show = Show::new(view.graph());
        let (lists, cut) = self.parts.listed(limit, members);
        let mut components: Vec<Value> = Vec::with_capacity(lists.len());
        for (size, nodes) in self.sizes().iter().zip(lists) {
            let mut nodes: Vec<String> = nodes.into_iter().map(|n| show.node(n)).collect();
            nodes.sort_unstable();
            components.push(json!({ "size": size, "nodes": nodes }));
        }
        json!({
            "count": self.count(), "alone": self.alone(), "hubs_apart": self.hubs,
            "largest": self.sizes().first().copied().unwrap_or(0), "components": components, "truncated": cut
        })
    }
}

/// Joins the trees of two nodes, walking up both and halving the way. The lower root stays root,
/// so that a component's root is its first node, in whichever order two threads join. A parent's
/// number is below its child's at every moment, whoever else is at work, so this ends.
#[inline]
fn join(parents: &[AtomicU32], mut a: u32, mut b: u32) {
    let parent = |n: u32| parents.get(n as usize).map_or(n, |p| p.load(Ordering::Relaxed));
    loop {
        let (over_a, over_b) = (parent(a), parent(b));
        if over_a == over_b {
            return;
        }
        let (high, over, low) = if over_a > over_b { (a, over_a, over_b) } else { (b, over_b, over_a) };
        let Some(slot) = parents.get(high as usize) else { return };
        if over == high {
            // Only a root is given a parent; another thread may have been faster.
            if slot.compare_exchange(high, low, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
                return;
            }
            continue;
        }
        let top = parent(over);
        if top != over {
            slot.store(top, Ordering::Relaxed);
        }
        if over_a > over_b { a = top } else { b = top }
    }
}

/// Makes a node's parent its root, where it is not yet.
#[inline]
fn flatten(parents: &[AtomicU32], n: u32) {
    let parent = |n: u32| parents.get(n as usize).map_or(n, |p| p.load(Ordering::Relaxed));
    let first = parent(n);
    let mut top = first;
    loop {
        let over = parent(top);
        if over == top {
            break;
        }
        top = over;
    }
    if let Some(slot) = parents.get(n as usize).filter(|_| top != first) {
        slot.store(top, Ordering::Relaxed);
    }
}

/// The components over all edges seen. Hub nodes, and edges that tie to hubs by nature, join
/// nothing unless `through` says so. When the view's [stop](View::stop) is set meanwhile, what
/// is returned is not whole: look at it afterwards.
pub fn components(view: &View<'_>, through: bool) -> Components {
    let (edges, hubs) = halves(view, Dir::Out, through);
    let nodes = edges.nodes;
    let parents: Vec<AtomicU32> = (0..nodes as u32).map(AtomicU32::new).collect();
    // First each node's first edge, which makes most of the large components; then every tree is
    // made flat; then the other edges, most of which find their ends joined and write nothing, so
    // that two threads do not take memory from each other (Sutton, Ben-Nun, Barak 2018, "Afforest").
    let over = |work: &(dyn Fn(std::ops::Range<usize>) + Sync)| {
        on_two(blocks(nodes), |block| {
            if !view.stop().is_set() {
                work(block);
            }
        });
    };
    over(&|block| edges.out.each(block, |n, ends| ends.iter().take(1).for_each(|end| join(&parents, n as u32, *end))));
    over(&|block| block.for_each(|n| flatten(&parents, n as u32)));
    over(&|block| edges.out.each(block, |n, ends| ends.iter().skip(1).for_each(|end| join(&parents, n as u32, *end))));
    // A parent comes before its child, so its own root is known by then.
    let mut roots: Vec<u32> = parents.into_iter().map(AtomicU32::into_inner).collect();
    for n in 0..nodes {
        let up = roots.get(n).copied().unwrap_or(0);
        let top = roots.get(up as usize).copied().unwrap_or(up);
        if let Some(r) = roots.get_mut(n) {
            *r = top;
        }
    }
    Components { parts: Parts::of_labels(roots, view.graph().shadows().as_ref()), hubs }
}
