//! Parts into which an algorithm has divided all nodes.

use crate::graph::{Bits, Node};

/// A division of all nodes, largest part first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Parts {
    /// Part of each node, by node number.
    pub(super) of: Vec<u32>,
    pub(super) sizes: Vec<u32>,
    /// The label that the nodes of each part share.
    pub(super) labels: Vec<u32>,
}

impl Parts {
    /// The nodes with the same label, a number below that of nodes, are one part. Equal parts are
    /// in the order of their labels. Nodes that another stands for are in none.
    pub(super) fn of_labels(mut labels: Vec<u32>, shadows: Option<&Bits>) -> Parts {
        if let Some(shadows) = shadows {
            labels.iter_mut().enumerate().filter(|(n, _)| shadows.has(*n)).for_each(|(_, l)| *l = u32::MAX);
        }
        let mut size = vec![0u32; labels.len()];
        for l in &labels {
            if let Some(s) = size.get_mut(*l as usize) {
                *s += 1;
            }
        }
        let mut order: Vec<(u32, u32)> =
            size.iter().zip(0u32..).filter(|(s, _)| **s > 0).map(|(s, l)| (*s, l)).collect();
        order.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        // From here on `size` holds the position of each label's part.
        for (at, (_, l)) in order.iter().enumerate() {
            if let Some(slot) = size.get_mut(*l as usize) {
                *slot = at as u32;
            }
        }
        for l in &mut labels {
            *l = size.get(*l as usize).copied().unwrap_or(u32::MAX);
        }
        let (sizes, names) = order.into_iter().unzip();
        Parts { of: labels, sizes, labels: names }
    }

    /// How many parts are a node alone.
    pub(super) fn alone(&self) -> usize {
        self.sizes.len() - self.sizes.partition_point(|s| *s > 1)
    }

    /// The part of a node.
    pub(super) fn part_of(&self, n: Node) -> Option<usize> {
        self.of.get(n.0 as usize).filter(|c| **c != u32::MAX).map(|c| *c as usize)
    }

    /// The nodes of a part, by number.
    pub(super) fn members(&self, part: usize) -> impl Iterator<Item = Node> + '_ {
        let is = move |c: &u32| *c as usize == part;
        self.of.iter().enumerate().filter(move |(_, c)| is(c)).map(|(n, _)| Node(n as u32))
    }

    /// Of each of the `limit` largest parts at most `most` members, by number; and whether either
    /// limit cut.
    pub(super) fn listed(&self, limit: usize, most: usize) -> (Vec<Vec<Node>>, bool) {
        let shown = self.sizes.len().min(limit);
        let mut lists: Vec<Vec<Node>> = vec![Vec::new(); shown];
        for (n, c) in self.of.iter().enumerate() {
            if let Some(list) = lists.get_mut(*c as usize)
                && list.len() < most
            {
                list.push(Node(n as u32));
            }
        }
        let cut = shown < self.sizes.len() || lists.iter().zip(&self.sizes).any(|(l, s)| l.len() < *s as usize);
        (lists, cut)
    }
}
