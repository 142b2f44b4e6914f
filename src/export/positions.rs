//! Where nodes are drawn: a grid in node order, the same for the same document.

use crate::model::Document;

/// Distance between neighbours on the grid.
const STEP: f64 = 100.0;

/// One `(x, y)` per node, in node order; x grows to the right, y downwards.
pub(super) fn positions(doc: &Document) -> Vec<(f64, f64)> {
    let n = doc.nodes.len();
    let width = n.isqrt() + usize::from(n.isqrt() * n.isqrt() < n);
    (0..n).map(|i| ((i % width.max(1)) as f64 * STEP, (i / width.max(1)) as f64 * STEP)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Id, PartyRecord};

    #[test]
    fn no_two_nodes_share_a_place() {
        let mut doc = Document::default();
        for i in 0..10 {
            doc.nodes.push(PartyRecord::new(Id::new("x", &i.to_string()).unwrap(), "person"));
        }
        let mut p = positions(&doc);
        assert_eq!(p[4], (0.0, STEP));
        p.sort_by(|a, b| a.partial_cmp(b).unwrap());
        p.dedup();
        assert_eq!(p.len(), 10);
    }
}
