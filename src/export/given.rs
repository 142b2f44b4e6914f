//! Places that somebody gave: the picture on a screen, drawn again exactly so.

use super::layout::BoxSize;
use crate::model::Document;
use std::collections::HashMap;

/// Centres of boxes by the id of the party, as its document shows it or in full; in pixels, x to
/// the right and y downwards.
pub type Positions = HashMap<String, (f64, f64)>;

/// The places of all nodes of a document in their order, and of so many more boxes. Those without
/// one stand in rows below the others.
pub(super) fn centres(doc: &Document, more: usize, given: &Positions, boxes: BoxSize) -> Vec<(f64, f64)> {
    let find = |id: &str| {
        let at = given.get(doc.show_id(id)).or_else(|| given.get(id))?;
        (at.0.is_finite() && at.1.is_finite()).then_some(*at)
    };
    let mut known: Vec<Option<(f64, f64)>> = doc.nodes.iter().map(|p| find(p.id.as_str())).collect();
    known.resize(known.len() + more, None);
    let some = || known.iter().flatten();
    let (left, right) = some().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), p| (a.min(p.0), b.max(p.0)));
    let below = some().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
    let (left, right, below) = if some().next().is_none() { (0.0, 0.0, -90.0) } else { (left, right, below) };
    let (step, row) = (boxes.size.0 + 30.0, boxes.size.1 + 42.0);
    let missing = known.iter().filter(|k| k.is_none()).count();
    // As wide as the rest, or about square where there is no rest.
    let columns = (((right - left) / step).floor().max((missing as f64).sqrt().ceil()) as usize).max(1);
    let mut next = 0usize;
    let rows = |k: usize| (left + (k % columns) as f64 * step, below + (1 + k / columns) as f64 * row);
    known
        .into_iter()
        .map(|at| {
            at.unwrap_or_else(|| {
                next += 1;
                rows(next - 1)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Id, PartyRecord};

    #[test]
    fn places_are_found_by_either_id_and_the_rest_stands_below() {
        let id = |t: &str| Id::parse(t).unwrap();
        let nodes = ["x:a", "x:b", "y:c", "y:d"].map(|t| PartyRecord::new(id(t), "person")).to_vec();
        let doc = Document { scope: Some("x".into()), nodes, ..Document::default() };
        let given: Positions =
            [("a".to_owned(), (10.0, 20.0)), ("x:b".to_owned(), (5.0, 7.5)), ("y:d".to_owned(), (f64::NAN, 1.0))]
                .into();
        let boxes = BoxSize::default();
        let at = centres(&doc, 0, &given, boxes);
        assert_eq!(at[..2], [(10.0, 20.0), (5.0, 7.5)]);
        assert_eq!(at[2], (5.0, 20.0 + boxes.size.1 + 42.0));
        assert_eq!(at[3], (5.0 + boxes.size.0 + 30.0, at[2].1));
        assert!(centres(&doc, 2, &Positions::new(), boxes).iter().all(|p| p.0.is_finite() && p.1.is_finite()));
        assert!(centres(&Document::default(), 0, &given, boxes).is_empty());
    }
}
