//! Control of companies and integrated ownership, by brute force.

use super::reading::{Network, Q, q};
use super::reference::warnings;
use super::stakes::{Basis, Holdings, Set};
use num_traits::{One, Signed, Zero};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Who controls whom: more than half of the votes where any are recorded, else of the shares,
/// together with the companies controlled. Parties that control nobody are left out.
pub(super) fn control(doc: &Value, day: &str) -> BTreeMap<String, BTreeSet<String>> {
    let net = Network::read(doc, day);
    let all = 0..net.nodes.len();
    let deciding: Vec<Holdings> = all
        .clone()
        .map(|t| {
            let votes = Holdings::of(&net, t, Basis::Votes, false);
            if votes.stakes.is_empty() { Holdings::of(&net, t, Basis::Shares, false) } else { votes }
        })
        .collect();
    let falls = |t: usize, set: &Set| net.nodes[t].ownable && deciding[t].inf(set).value > q("50");
    let of = |x: usize| -> BTreeSet<String> {
        let candidates: Vec<usize> = all.clone().filter(|t| *t != x && !deciding[*t].stakes.is_empty()).collect();
        assert!(candidates.len() <= 16, "too many companies to try every set");
        let mut common = vec![true; net.nodes.len()];
        for choice in 0..1u32 << candidates.len() {
            let mut set = vec![false; net.nodes.len()];
            set[x] = true;
            candidates.iter().enumerate().for_each(|(bit, t)| set[*t] = choice >> bit & 1 == 1);
            if candidates.iter().all(|t| set[*t] || !falls(*t, &set)) {
                common.iter_mut().zip(&set).for_each(|(c, s)| *c &= s);
            }
        }
        all.clone().filter(|t| *t != x && common[*t]).map(|t| net.nodes[t].id.clone()).collect()
    };
    let found = all.clone().map(|x| (net.nodes[x].id.clone(), of(x)));
    found.filter(|(_, c)| !c.is_empty()).collect()
}

/// What is odd about the shares recorded in a document, whatever the question.
pub(super) fn share_warnings(doc: &Value, day: &str) -> BTreeSet<String> {
    let net = Network::read(doc, day);
    (0..net.nodes.len()).flat_map(|t| warnings(&net, &Holdings::of(&net, t, Basis::Shares, false), "owns")).collect()
}

/// The inverse, by Gauss and Jordan; `None` where there is none.
fn inverse(mut m: Vec<Vec<Q>>) -> Option<Vec<Vec<Q>>> {
    let n = m.len();
    let unit = |i: usize| (0..n).map(move |j| if i == j { Q::one() } else { Q::zero() });
    m.iter_mut().enumerate().for_each(|(i, row)| row.extend(unit(i)));
    for col in 0..n {
        let pivot = (col..n).find(|r| !m[*r][col].is_zero())?;
        m.swap(col, pivot);
        let by = m[col][col].clone();
        m[col].iter_mut().for_each(|v| *v /= &by);
        let pivot_row = m[col].clone();
        for (_, row) in m.iter_mut().enumerate().filter(|(r, _)| *r != col) {
            let by = row[col].clone();
            row.iter_mut().zip(&pivot_row).for_each(|(v, p)| *v -= &by * p);
        }
    }
    Some(m.into_iter().map(|row| row[n..].to_vec()).collect())
}

/// How the owner's own return in a ring counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// Again and again: A + A^2 + ...
    Walk,
    /// Not at all.
    Baldone,
}

/// The part of one party that another holds through all chains, as a fraction of the whole;
/// `None` where a group on the way owns all of itself and no finite value exists. Of a range the
/// lower end is taken; every holder of a joint stake is taken to have an equal part.
pub(super) fn integrated(doc: &Value, day: &str, from: &str, to: &str, method: Method) -> Option<Q> {
    let net = Network::read(doc, day);
    let n = net.nodes.len();
    let at = |id: &str| net.nodes.iter().position(|n| n.id == id).unwrap();
    let (from, to) = (at(from), at(to));
    let mut a = vec![vec![Q::zero(); n]; n];
    for held in (0..n).map(|t| Holdings::of(&net, t, Basis::Shares, false)) {
        for s in held.stakes {
            let part = &s.bounds.low / q("100") / Q::from_integer(s.holders.len().into());
            s.holders.keys().for_each(|h| a[*h][held.target] += &part);
        }
    }
    // Only what lies on a way from the one to the other matters.
    let mut reached: Vec<Vec<bool>> = (0..n).map(|i| (0..n).map(|j| i == j || !a[i][j].is_zero()).collect()).collect();
    for k in 0..n {
        let through = reached[k].clone();
        for row in reached.iter_mut().filter(|row| row[k]) {
            row.iter_mut().zip(&through).for_each(|(r, t)| *r |= t);
        }
    }
    let way: Vec<usize> = (0..n).filter(|k| reached[from][*k] && reached[*k][to]).collect();
    let position = |x: usize| way.iter().position(|w| *w == x);
    let (Some(i), Some(j)) = (position(from), position(to)) else { return Some(Q::zero()) };
    let unit = |r: usize, c: usize| if r == c { Q::one() } else { Q::zero() };
    let m = way.iter().map(|r| way.iter().map(|c| unit(*r, *c) - &a[*r][*c]).collect()).collect();
    let inverse = inverse(m)?;
    if inverse.iter().flatten().any(Signed::is_negative) {
        return None;
    }
    let walk = &inverse[i][j] - unit(i, j);
    Some(if method == Method::Walk { walk } else { walk / &inverse[i][i] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ring(p: &str, r: &str) -> Value {
        let firm = |id: &str| json!({"id": id, "type": "company"});
        let owns = |id: &str, from: &str, to: &str, share: &str| json!({"id": id, "source": from, "target": to, "type": "owns", "share": share});
        json!({"nodes": [firm("X"), firm("A"), firm("B")],
               "edges": [owns("e1", "X", "A", "25"), owns("e2", "A", "B", p), owns("e3", "B", "A", r)]})
    }

    #[test]
    fn rings() {
        let value = |d: &Value, from, to, m| integrated(d, "2025", from, to, m).map(|v| v.to_string());
        let half = ring("50", "50");
        assert_eq!(value(&half, "X", "A", Method::Walk).unwrap(), "1/3");
        assert_eq!(value(&half, "A", "A", Method::Walk).unwrap(), "1/3");
        assert_eq!(value(&half, "A", "A", Method::Baldone).unwrap(), "1/4");
        assert_eq!(value(&half, "A", "B", Method::Baldone).unwrap(), "1/2");
        assert_eq!(value(&half, "B", "X", Method::Walk).unwrap(), "0");
        assert_eq!(value(&ring("100", "100"), "X", "B", Method::Walk), None, "singular");
        assert_eq!(control(&ring("51", "50"), "2025")["A"].iter().cloned().collect::<Vec<_>>(), ["B"]);
        assert!(control(&half, "2025").is_empty());
    }
}
