//! Working memory of searches, kept between them so that none clears what it did not touch.

use crate::graph::Node;
use rustc_hash::FxHashMap;

/// Marks held in a small map before an array over all nodes pays for itself. Tests, whose graphs
/// are small, are to meet both.
const SPARSE: usize = if cfg!(test) { 4 } else { 4096 };

/// A number per node, for the nodes that have one. A small search costs what it touches: marks
/// begin in a map and move to an array, reused from then on, when they become many.
#[derive(Debug, Default)]
pub(super) struct Marks {
    nodes: usize,
    sparse: FxHashMap<u32, u32>,
    /// `base` and more: a mark of that much above it. Less: left over from an earlier search.
    dense: Vec<u32>,
    base: u32,
    top: u32,
}

impl Marks {
    /// Forgets everything, in constant time once the marks are in the array.
    pub(super) fn reset(&mut self, nodes: usize) {
        self.sparse.clear();
        self.base = self.top.saturating_add(1);
        // Half of the numbers stay free for the values of one search.
        if self.nodes != nodes || self.base > u32::MAX / 2 {
            self.dense = Vec::new();
            self.nodes = nodes;
            self.base = 1;
        }
        self.top = self.base;
    }

    #[inline]
    pub(super) fn get(&self, n: Node) -> Option<u32> {
        if self.dense.is_empty() {
            return self.sparse.get(&n.0).copied();
        }
        self.dense.get(n.0 as usize)?.checked_sub(self.base)
    }

    #[inline]
    pub(super) fn has(&self, n: Node) -> bool {
        self.get(n).is_some()
    }

    #[inline]
    pub(super) fn set(&mut self, n: Node, value: u32) {
        let mark = self.base.saturating_add(value);
        self.top = self.top.max(mark);
        if self.dense.is_empty() {
            self.sparse.insert(n.0, value);
            if self.sparse.len() > SPARSE {
                self.spread();
            }
        } else if let Some(slot) = self.dense.get_mut(n.0 as usize) {
            *slot = mark;
        }
    }

    #[cold]
    fn spread(&mut self) {
        self.dense = vec![0; self.nodes];
        for (n, v) in self.sparse.drain() {
            if let Some(slot) = self.dense.get_mut(n as usize) {
                *slot = self.base.saturating_add(v);
            }
        }
    }
}

/// A set of nodes, a bit each: of a million nodes it stays in the nearer caches, and emptying it
/// costs no more than what was put in.
#[derive(Debug, Default)]
pub(super) struct Set {
    bits: Vec<u64>,
    members: Vec<Node>,
}

impl Set {
    /// Empties it and makes room for the nodes of a graph.
    pub(super) fn reset(&mut self, nodes: usize) {
        let words = nodes.div_ceil(64);
        if self.bits.len() != words {
            self.bits = vec![0; words];
        } else if self.members.len() > words / 4 {
            self.bits.fill(0);
        } else {
            for n in &self.members {
                if let Some(w) = self.bits.get_mut(n.0 as usize / 64) {
                    *w = 0;
                }
            }
        }
        self.members.clear();
    }

    #[inline]
    pub(super) fn has(&self, n: Node) -> bool {
        self.bits.get(n.0 as usize / 64).is_some_and(|w| w >> (n.0 % 64) & 1 == 1)
    }

    /// Whether it was not in there. A node beyond those of the graph never gets in.
    #[inline]
    pub(super) fn insert(&mut self, n: Node) -> bool {
        let bit = 1u64 << (n.0 % 64);
        match self.bits.get_mut(n.0 as usize / 64) {
            Some(w) if *w & bit == 0 => {
                *w |= bit;
                self.members.push(n);
                true
            }
            _ => false,
        }
    }

    /// In the order in which they got in.
    pub(super) fn members(&self) -> &[Node] {
        &self.members
    }
}

/// Working memory for the searches of this module. Pass the same one to many queries on one
/// graph; a new one costs nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) marks: Marks,
    pub(super) opened: Marks,
    /// Found by either side of a search, the level at work included.
    pub(super) found: [Set; 2],
    /// The same without it.
    pub(super) before: [Set; 2],
    /// Chosen among what was found.
    pub(super) chosen: Set,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_empty_after_a_reset_however_much_was_in_it() {
        let mut s = Set::default();
        for many in [3u32, 900, 5, 1_000] {
            s.reset(1_000);
            assert!((0..1_100).all(|n| !s.has(Node(n))) && s.members().is_empty());
            assert!((0..many).all(|n| s.insert(Node(n)) && !s.insert(Node(n)) && s.has(Node(n))));
            assert_eq!(s.members().len(), many as usize);
            assert!(!s.insert(Node(1_100)));
        }
        s.reset(10);
        assert!(!s.has(Node(3)) && s.insert(Node(3)));
    }

    #[test]
    fn marks_survive_the_move_to_the_array_and_end_with_a_reset() {
        let mut m = Marks::default();
        for round in 0..3u32 {
            m.reset(10_000);
            assert!((0..10_000).all(|n| !m.has(Node(n))));
            for n in 0..9_000 {
                m.set(Node(n), n + round);
            }
            assert!((0..9_000).all(|n| m.get(Node(n)) == Some(n + round)));
            assert!(!m.has(Node(9_500)) && !m.has(Node(20_000)));
        }
        m.reset(5);
        assert!(!m.has(Node(1)));
        m.set(Node(1), 7);
        assert_eq!(m.get(Node(1)), Some(7));
        m.top = u32::MAX;
        m.reset(5);
        assert!(!m.has(Node(1)));
    }
}
