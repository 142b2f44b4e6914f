//! Working memory of searches, kept between them so that none clears what it did not touch.

use crate::graph::Node;
use rustc_hash::FxHashMap;

/// Marks held in a small map before an array over all nodes pays for itself.
const SPARSE: usize = 4096;

/// A number per node, for the nodes that have one. A small search costs what it touches: marks
/// begin in a map and move to an array, reused from then on, when they become many.
#[derive(Debug, Default)]
pub(super) struct Marks {
    nodes: usize,
    sparse: FxHashMap<u32, u32>,
    /// Stamp and value; a stamp other than `epoch` means no mark.
    dense: Vec<(u32, u32)>,
    epoch: u32,
}

impl Marks {
    /// Forgets everything, in constant time once the marks are in the array.
    pub(super) fn reset(&mut self, nodes: usize) {
        self.sparse.clear();
        if self.nodes != nodes {
            self.dense = Vec::new();
            self.nodes = nodes;
        }
        self.epoch = match self.epoch.checked_add(1) {
            Some(e) => e,
            None => {
                self.dense = Vec::new();
                1
            }
        };
    }

    #[inline]
    pub(super) fn get(&self, n: Node) -> Option<u32> {
        if self.dense.is_empty() {
            return self.sparse.get(&n.0).copied();
        }
        self.dense.get(n.0 as usize).filter(|(stamp, _)| *stamp == self.epoch).map(|(_, v)| *v)
    }

    #[inline]
    pub(super) fn has(&self, n: Node) -> bool {
        self.get(n).is_some()
    }

    #[inline]
    pub(super) fn set(&mut self, n: Node, value: u32) {
        if self.dense.is_empty() {
            self.sparse.insert(n.0, value);
            if self.sparse.len() > SPARSE {
                self.spread();
            }
        } else if let Some(slot) = self.dense.get_mut(n.0 as usize) {
            *slot = (self.epoch, value);
        }
    }

    #[cold]
    fn spread(&mut self) {
        self.dense = vec![(0, 0); self.nodes];
        for (n, v) in self.sparse.drain() {
            if let Some(slot) = self.dense.get_mut(n as usize) {
                *slot = (self.epoch, v);
            }
        }
    }
}

/// Working memory for the searches of this module. Pass the same one to many queries on one
/// graph; a new one costs nothing.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) ahead: Marks,
    pub(super) behind: Marks,
}

#[cfg(test)]
mod tests {
    use super::*;

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
        m.epoch = u32::MAX;
        m.reset(5);
        assert!(!m.has(Node(1)));
    }
}
