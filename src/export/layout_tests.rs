use super::*;
use crate::model::{Id, PartyRecord, RelationRecord};

/// A fixed sequence of numbers that look random.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

fn plan(n: usize, ties: &[(usize, usize)]) -> Plan {
    let ties = ties.iter().map(|(a, b)| Tie { from: *a, to: *b, pull: Pull::Chain, label: (60.0, 18.0) }).collect();
    Plan { boxes: vec![(140.0, 50.0, 0.0); n], ties }
}

/// No two boxes overlap, everything lies within the extent, every route is finite.
fn check(p: &Plan) -> Layout {
    let l = lay_out(p);
    let mut order: Vec<usize> = (0..p.boxes.len()).collect();
    order.sort_by(|a, b| l.centres[*a].0.total_cmp(&l.centres[*b].0));
    for (k, a) in order.iter().enumerate() {
        let ((x, y), (w, h, _)) = (l.centres[*a], p.boxes[*a]);
        assert!(x - w / 2.0 >= -0.1 && x + w / 2.0 <= l.size.0 + 0.1 && y + h / 2.0 <= l.size.1 + 0.1);
        for b in order[k + 1..].iter().take_while(|b| l.centres[**b].0 - x < 600.0) {
            let ((x2, y2), (w2, h2, _)) = (l.centres[*b], p.boxes[*b]);
            let apart = (x2 - x).abs() >= (w + w2) / 2.0 || (y2 - y).abs() >= (h + h2) / 2.0;
            assert!(apart, "boxes {a} and {b} overlap");
        }
    }
    for r in &l.routes {
        assert!(!r.steps.is_empty() && r.steps.iter().all(|(_, x, y)| x.is_finite() && y.is_finite()));
    }
    l
}

#[test]
fn random_graphs_keep_boxes_apart_and_owners_above() {
    let mut r = Numbers(88_172_645_463_325_252);
    for round in 0..60 {
        let n = 2 + r.below(40);
        let acyclic = round % 2 == 0;
        let mut p = plan(n, &[]);
        for b in &mut p.boxes {
            *b = (100.0 + r.below(100) as f64, 30.0 + r.below(60) as f64, r.below(2) as f64 * 30.0);
        }
        for _ in 0..r.below(3 * n) {
            let (a, b) = (r.below(n), r.below(n));
            let pull = [Pull::Chain, Pull::Down, Pull::Beside][r.below(3)];
            let (a, b) = if acyclic && pull == Pull::Chain { (a.min(b), a.max(b)) } else { (a, b) };
            p.ties.push(Tie { from: a, to: b, pull, label: (20.0 + r.below(100) as f64, 18.0) });
        }
        let l = check(&p);
        for (t, route) in p.ties.iter().zip(&l.routes).filter(|(t, _)| t.from != t.to) {
            if acyclic && t.pull == Pull::Chain {
                assert!(l.centres[t.from].1 < l.centres[t.to].1 && !route.upward);
            }
            // A route starts at its subject and ends at its object.
            let touches = |b: usize, (x, y): (f64, f64)| {
                let ((cx, cy), (w, h, _)) = (l.centres[b], p.boxes[b]);
                (x - cx).abs() <= w / 2.0 + 0.1 && (y - cy).abs() <= h / 2.0 + 0.1
            };
            let last = route.steps.last().map(|s| (s.1, s.2)).unwrap();
            assert!(touches(t.from, route.start) && touches(t.to, last), "round {round} {t:?} {route:?}");
        }
        // No label lies on a box or on another label.
        let labels: Vec<_> = p.ties.iter().zip(&l.routes).filter(|(t, _)| t.from != t.to).collect();
        for (k, (t, route)) in labels.iter().enumerate() {
            let (x, y) = route.label;
            let clear = |c: (f64, f64), (w, h): (f64, f64)| {
                (c.0 - x).abs() + 0.1 >= (w + t.label.0) / 2.0 || (c.1 - y).abs() + 0.1 >= (h + t.label.1) / 2.0
            };
            let mut boxes = l.centres.iter().zip(&p.boxes);
            assert!(boxes.all(|(c, b)| clear(*c, (b.0, b.1))), "label on a box in round {round}");
            let mut others = labels[k + 1..].iter().map(|(u, r)| clear(r.label, u.label));
            assert!(others.all(|c| c), "label on a label in round {round}");
        }
    }
}

#[test]
fn a_ring_keeps_all_ties_and_one_points_up() {
    let l = check(&plan(3, &[(0, 1), (1, 2), (2, 0)]));
    assert_eq!(l.routes.iter().map(|r| r.upward).collect::<Vec<_>>(), [false, false, true]);
    assert!(l.centres[0].1 < l.centres[1].1 && l.centres[1].1 < l.centres[2].1);
    // An owner outside the ring stands above it, whatever the order of the boxes.
    let l = check(&plan(4, &[(0, 1), (1, 2), (2, 0), (3, 1)]));
    assert!(l.centres[3].1 < l.centres[1].1 && l.centres[1].1 < l.centres[2].1);
}

#[test]
fn a_tree_has_no_crossings_and_parents_stand_over_their_children() {
    let l = check(&plan(7, &[(0, 1), (0, 2), (1, 3), (1, 4), (2, 5), (2, 6)]));
    let x: Vec<f64> = l.centres.iter().map(|c| c.0).collect();
    assert!(x[3] < x[4] && x[4] < x[5] && x[5] < x[6]);
    assert!(((x[3] + x[4]) / 2.0 - x[1]).abs() < 8.0 && ((x[1] + x[2]) / 2.0 - x[0]).abs() < 8.0);
}

#[test]
fn large_graphs_end_in_bounded_time() {
    let begun = std::time::Instant::now();
    let chain: Vec<_> = (1..2_000).map(|k| (k - 1, k)).collect();
    check(&plan(2_000, &chain));
    let star: Vec<_> = (1..2_000).map(|k| (0, k)).collect();
    check(&plan(2_000, &star));
    let dense: Vec<_> = (0..300).flat_map(|a| (a + 1..300).map(move |b| (a, b))).collect();
    check(&plan(300, &dense));
    let mut r = Numbers(7);
    let random: Vec<_> = (0..49_000).map(|_| (r.below(5_000), r.below(5_000))).collect();
    assert_eq!(positions(&document(5_000, &random)).len(), 5_000);
    let tree: Vec<_> = (1..5_000).map(|k| (r.below(k), k)).collect();
    check(&plan(5_000, &tree));
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

fn document(n: usize, ties: &[(usize, usize)]) -> Document {
    let id = |k: usize| Id::new("x", &k.to_string()).unwrap();
    let mut d = Document::default();
    d.nodes.extend((0..n).map(|k| PartyRecord::new(id(k), "company")));
    d.edges.extend(ties.iter().map(|(a, b)| RelationRecord::new(End::Id(id(*a)), "owns", End::Id(id(*b)))));
    d
}

#[test]
fn positions_follow_the_nodes_at_any_size() {
    let d = document(4, &[(3, 0), (0, 1), (0, 2), (0, 9), (0, 1)]);
    let at = positions(&d);
    assert_eq!(at, positions(&d.clone()));
    assert_eq!(at.len(), 4);
    assert!(at[3].1 < at[0].1 && at[0].1 < at[1].1 && at[1].1 == at[2].1 && at[1].0 != at[2].0);
    assert!(positions(&Document::default()).is_empty());
    let ties: Vec<_> = (1..6_000).map(|k| (17, k)).collect();
    let at = positions(&document(6_000, &ties));
    assert_eq!(at[17], (0.0, 0.0), "the hub stands in the middle");
    let mut seen: Vec<_> = at.iter().map(|(x, y)| (x.to_bits(), y.to_bits())).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), at.len());
}
