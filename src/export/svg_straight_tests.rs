use super::super::svg_model::scene;
use super::*;
use crate::model::{Document, End, Fact, Id, PartyRecord, RelationRecord, prop};

fn id(t: &str) -> Id {
    Id::new("x", t).unwrap()
}

fn drawn(edges: &[(&str, &str, &str)], at: &[(&str, f64, f64)]) -> (Scene, Layout) {
    let mut doc = Document::default();
    for (n, ..) in at {
        let mut p = PartyRecord::new(id(n), "company");
        p.facts.push(Fact::new(prop::NAME, format!("{n} {}", "Very Long Name of a Firm ".repeat(9))));
        doc.nodes.push(p);
    }
    for (a, t, b) in edges {
        doc.edges.push(RelationRecord::new(End::Id(id(a)), *t, End::Id(id(b))));
    }
    let mut scene = scene(&doc, None);
    let centres: Vec<(f64, f64)> = at.iter().map(|(_, x, y)| (*x, *y)).collect();
    let layout = lay_out(&mut scene, &centres, BoxSize::default());
    let finite = |p: &(f64, f64)| p.0.is_finite() && p.1.is_finite();
    assert!(layout.centres.iter().all(finite) && layout.routes.iter().all(|r| finite(&r.start) && finite(&r.label)));
    (scene, layout)
}

fn points(r: &Route) -> Vec<(f64, f64)> {
    std::iter::once(r.start).chain(r.steps.iter().map(|(_, x, y)| (*x, *y))).collect()
}

#[test]
fn boxes_have_one_size_and_keep_their_places() {
    let (scene, layout) = drawn(&[("a", "owns", "b")], &[("a", 10.0, -20.0), ("b", 400.0, 300.0)]);
    assert!(scene.cards.iter().all(|c| c.size == (200.0, 72.0) && c.lines.len() <= 3));
    let [a, b] = layout.centres[..] else { panic!() };
    assert_eq!((b.0 - a.0, b.1 - a.1), (390.0, 320.0));
    assert_eq!(a, (100.0, 36.0));
    // From border to border.
    let line = points(&layout.routes[0]);
    assert_eq!(line.len(), 2);
    assert!((line[0].1 - (a.1 + 36.0)).abs() < 0.1 && (line[1].1 - (b.1 - 36.0)).abs() < 0.1, "{line:?}");
}

#[test]
fn relations_of_a_pair_are_one_line_and_both_ways_are_two() {
    let at = [("a", 0.0, 0.0), ("b", 0.0, 400.0)];
    let (scene, layout) = drawn(&[("a", "owns", "b"), ("a", "directs", "b"), ("a", "supplies", "b")], &at);
    assert_eq!((scene.strands.len(), scene.strands[0].count), (1, 3));
    assert_eq!(scene.strands[0].lines.last().unwrap(), "and 2 more");
    assert!(scene.strands[0].title.contains("directs") && scene.strands[0].title.contains("supplies"));
    assert!(layout.routes[0].start.0 == layout.routes[0].steps[0].1, "straight down");
    let (scene, layout) = drawn(&[("a", "owns", "b"), ("b", "directs", "a"), ("a", "related_to", "b")], &at);
    assert_eq!(scene.strands.len(), 2, "a tie that reads both ways rides along");
    let apart = (layout.routes[0].start.0 - layout.routes[1].start.0).abs();
    assert!((apart - APART).abs() < 0.1, "{apart}");
}

#[test]
fn a_line_goes_around_what_stands_in_its_way() {
    let at = [("a", 0.0, 0.0), ("m", 10.0, 250.0), ("b", 0.0, 500.0)];
    let (scene, layout) = drawn(&[("a", "owns", "b")], &at);
    let line = points(&layout.routes[0]);
    assert_eq!(line.len(), 4, "{line:?}");
    let m = layout.centres[1];
    let size = scene.cards[1].size;
    let middle = Rect::around(m, size);
    assert!(line.windows(2).all(|w| !middle.crossed(w[0], w[1], 0.0)));
    // Its words are on it and off all boxes.
    let l = layout.routes[0].label;
    let w = scene.strands[0].size;
    let words = Rect::around(l, w);
    assert!(!words.meets(&middle));
}

#[test]
fn lines_both_ways_stay_apart_around_a_box() {
    let at = [("a", 0.0, 0.0), ("m", 60.0, 250.0), ("b", 0.0, 500.0)];
    let (scene, layout) = drawn(&[("a", "owns", "b"), ("b", "directs", "a")], &at);
    let (down, up) = (points(&layout.routes[0]), points(&layout.routes[1]));
    assert_eq!((down.len(), up.len()), (4, 4), "{down:?} {up:?}");
    let middle = Rect::around(layout.centres[1], scene.cards[1].size);
    for line in [&down, &up] {
        assert!(line.windows(2).all(|w| !middle.crossed(w[0], w[1], 0.0)));
    }
    // Both pass on the same side, the one beside the other all the way.
    let up: Vec<(f64, f64)> = up.into_iter().rev().collect();
    assert!((down[1].0 - up[1].0).abs() > APART - 0.1 && (down[2].0 - up[2].0).abs() > APART - 0.1, "{down:?} {up:?}");
    for (p, q) in down.iter().zip(&up) {
        assert!((p.0 - q.0).hypot(p.1 - q.1) > APART * 0.7, "{down:?} {up:?}");
    }
}

#[test]
fn near_boxes_are_spread_and_coinciding_ones_do_no_harm() {
    let (_, layout) = drawn(&[("a", "owns", "b")], &[("a", 0.0, 0.0), ("b", 120.0, 10.0)]);
    let [a, b] = layout.centres[..] else { panic!() };
    assert!(b.0 - a.0 > 200.0 && b.0 - a.0 < 230.0, "{a:?} {b:?}");
    let same = [("a", 5.0, 5.0), ("b", 5.0, 5.0), ("c", 5.0, 5.0)];
    let (_, layout) = drawn(&[("a", "owns", "b"), ("b", "owns", "a"), ("c", "owns", "c")], &same);
    assert_eq!(layout.size.1, 72.0);
    let (_, none) = drawn(&[], &[]);
    assert_eq!((none.centres.len(), none.size), (0, (0.0, 0.0)));
}

#[test]
fn many_lines_are_drawn_without_a_search_for_room() {
    let names: Vec<String> = (0..1_200).map(|i| format!("n{i}")).collect();
    let at: Vec<(&str, f64, f64)> =
        names.iter().enumerate().map(|(i, n)| (n.as_str(), (i % 40) as f64 * 240.0, (i / 40) as f64 * 120.0)).collect();
    let edges: Vec<(&str, &str, &str)> =
        (0..1_199).map(|i| (names[i].as_str(), "owns", names[(i * 7 + 3) % 1_200].as_str())).collect();
    let (scene, layout) = drawn(&edges, &at);
    assert_eq!(layout.routes.len(), scene.strands.len());
}
