//! The picture at places that were given: boxes of one size, straight lines, all relations of one
//! pair on one line with a count.

use super::layout::{BoxSize, Layout};
use super::layout_place::{Route, Step};
use super::svg_model::{Dash, NAME_SIZE, SMALL, Scene, Strand};
use super::svg_text::{width, wrap};
use std::collections::HashMap;

/// Height of the line above the name, of a line of the name, of a badge.
const HEAD: f64 = 22.0;
const NAME_LINE: f64 = 16.0;
const BADGE: f64 = 18.0;
/// Lines of words on one line of the picture.
const WORDS: usize = 3;
/// Distance of two lines that run both ways between a pair.
const APART: f64 = 14.0;
/// Boxes that a line goes around at most, and how far from them.
const CORNERS: usize = 4;
const BESIDE: f64 = 12.0;
/// A picture is not drawn larger than this for the sake of its boxes.
const WIDEST: f64 = 2.5;
/// So many labels are kept clear of each other; with more the picture is black anyway.
const CLEARED: usize = 1_500;

/// Makes boxes and lines of a scene fit for given places, and lays them out: `centres` are those
/// of the cards in their order.
pub(super) fn lay_out(scene: &mut Scene, centres: &[(f64, f64)], boxes: BoxSize) -> Layout {
    shrink(scene, boxes.size);
    bundle(scene);
    let wide = spread(centres, boxes.size);
    let centres: Vec<(f64, f64)> = centres.iter().map(|(x, y)| (x * wide, y * wide)).collect();
    let both: HashMap<(usize, usize), ()> = scene.strands.iter().map(|s| ((s.from, s.to), ())).collect();
    let mut taken: Vec<Rect> = Vec::new();
    let mut all = Rect { left: f64::INFINITY, top: f64::INFINITY, right: f64::NEG_INFINITY, bottom: f64::NEG_INFINITY };
    for (c, at) in scene.cards.iter().zip(&centres) {
        let r = Rect::around(*at, c.size);
        all.take(&r);
        taken.push(r);
    }
    let clear = scene.strands.len() + taken.len() <= CLEARED;
    let cards = taken.len();
    let mut routes = Vec::with_capacity(scene.strands.len());
    for s in &scene.strands {
        let (Some(a), Some(b)) = (centres.get(s.from), centres.get(s.to)) else {
            routes.push(Route::default());
            continue;
        };
        let sizes = (card_size(scene, s.from), card_size(scene, s.to));
        let twice = s.from != s.to && both.contains_key(&(s.to, s.from));
        let aside = if twice { APART / 2.0 } else { 0.0 };
        let mut r = if s.from == s.to { own(*a, sizes.0, s.size) } else { line(&[*a, *b], sizes, aside) };
        if s.from != s.to && clear {
            let boxes = taken.get(..cards).unwrap_or_default();
            let others = || boxes.iter().enumerate().filter(|(i, _)| *i != s.from && *i != s.to).map(|(_, r)| r);
            let end = r.steps.last().map_or(r.start, |(_, x, y)| (*x, *y));
            // Straight again where the way around has other boxes in it, too.
            let mut way = around(r.start, end, aside, &others);
            if let [first, _, .., last] = way.as_mut_slice() {
                (*first, *last) = (*a, *b);
                r = line(&way, sizes, aside);
            }
            let from = r.longest();
            let at = |t: f64| (from.0.0 + (from.1.0 - from.0.0) * t, from.0.1 + (from.1.1 - from.0.1) * t);
            let free = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8].into_iter().map(at).find(|p| {
                let l = Rect::around(*p, s.size);
                !taken.iter().any(|o| o.meets(&l))
            });
            r.label = free.unwrap_or_else(|| at(0.5));
        }
        let l = Rect::around(r.label, s.size);
        all.take(&l);
        taken.push(l);
        for (_, x, y) in &r.steps {
            all.take(&Rect::around((*x, *y), (2.0, 2.0)));
        }
        routes.push(r);
    }
    if scene.cards.is_empty() {
        return Layout::default();
    }
    let (dx, dy) = (-all.left, -all.top);
    Layout {
        centres: centres.iter().map(|(x, y)| (x + dx, y + dy)).collect(),
        routes: routes.iter().map(|r| r.shifted(dx, dy)).collect(),
        size: (all.right - all.left, all.bottom - all.top),
    }
}

type Point = (f64, f64);

struct Rect {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Rect {
    fn around(middle: Point, (w, h): (f64, f64)) -> Rect {
        Rect {
            left: middle.0 - w / 2.0,
            top: middle.1 - h / 2.0,
            right: middle.0 + w / 2.0,
            bottom: middle.1 + h / 2.0,
        }
    }

    /// How far its middle is from a point.
    fn far(&self, p: (f64, f64)) -> f64 {
        ((self.left + self.right) / 2.0 - p.0).hypot((self.top + self.bottom) / 2.0 - p.1)
    }

    fn take(&mut self, o: &Rect) {
        self.left = self.left.min(o.left);
        self.top = self.top.min(o.top);
        self.right = self.right.max(o.right);
        self.bottom = self.bottom.max(o.bottom);
    }

    fn meets(&self, o: &Rect) -> bool {
        self.left < o.right && o.left < self.right && self.top < o.bottom && o.top < self.bottom
    }

    /// Whether a line from `a` to `b` comes within `near` pixels of it.
    fn crossed(&self, a: (f64, f64), b: (f64, f64), near: f64) -> bool {
        let (mut from, mut to) = (0.0f64, 1.0f64);
        for (start, way, low, high) in [
            (a.0, b.0 - a.0, self.left - near, self.right + near),
            (a.1, b.1 - a.1, self.top - near, self.bottom + near),
        ] {
            if way.abs() < 1e-9 {
                if start < low || start > high {
                    return false;
                }
                continue;
            }
            let (t0, t1) = ((low - start) / way, (high - start) / way);
            from = from.max(t0.min(t1));
            to = to.min(t0.max(t1));
        }
        from < to
    }
}

impl Route {
    /// The longest straight part: that is where there is most room for words.
    fn longest(&self) -> ((f64, f64), (f64, f64)) {
        let (mut best, mut at) = ((self.start, self.start), self.start);
        let length = |p: ((f64, f64), (f64, f64))| (p.1.0 - p.0.0).hypot(p.1.1 - p.0.1);
        for (_, x, y) in &self.steps {
            let part = (at, (*x, *y));
            if length(part) > length(best) {
                best = part;
            }
            at = (*x, *y);
        }
        best
    }
}

/// The corners of a way from one point to another that passes by the boxes in between, `aside` more
/// than it must; only the two points where there is no short one.
fn around<'r, I: Iterator<Item = &'r Rect>>(a: Point, b: Point, aside: f64, others: &dyn Fn() -> I) -> Vec<Point> {
    let mut points = vec![a, b];
    for _ in 0..CORNERS {
        let mut hit = None;
        for (k, w) in points.windows(2).enumerate() {
            let &[p, q] = w else { continue };
            let near = others().filter(|r| r.crossed(p, q, 2.0 + aside)).min_by(|x, y| x.far(p).total_cmp(&y.far(p)));
            if let Some(r) = near {
                hit = Some((k + 1, p, q, r));
                break;
            }
        }
        let Some((at, p, q, r)) = hit else { return points };
        // Past its side, from before it to behind it.
        let (l, t, r, b) = (r.left - BESIDE, r.top - BESIDE, r.right + BESIDE, r.bottom + BESIDE);
        let ways = if (q.1 - p.1).abs() >= (q.0 - p.0).abs() {
            [[(l, t), (l, b)], [(r, t), (r, b)]]
        } else {
            [[(l, t), (r, t)], [(l, b), (r, b)]]
        };
        let far = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).hypot(a.1 - b.1);
        let ways = ways.map(|[x, y]| if far(p, x) <= far(p, y) { [x, y] } else { [y, x] });
        let detour = |w: &[(f64, f64); 2]| far(p, w[0]) + far(w[0], w[1]) + far(w[1], q);
        let free = |w: &&[(f64, f64); 2]| !others().any(|o| o.crossed(w[0], w[1], 1.0 + aside));
        let Some(way) = ways.iter().filter(free).min_by(|x, y| detour(x).total_cmp(&detour(y))) else { break };
        points.splice(at..at, *way);
    }
    let blocked = |w: &[(f64, f64)]| matches!(w, &[p, q] if others().any(|r| r.crossed(p, q, aside)));
    if points.windows(2).any(blocked) { vec![a, b] } else { points }
}

fn card_size(scene: &Scene, at: usize) -> (f64, f64) {
    scene.cards.get(at).map_or((0.0, 0.0), |c| c.size)
}

/// By how much a picture has to be drawn larger so that no box lies over another: a screen shows
/// parties as dots that may stand nearer to each other than boxes with words can. Boxes that are
/// all but in one place stay so.
fn spread(centres: &[(f64, f64)], (w, h): (f64, f64)) -> f64 {
    let mut most = 1.0f64;
    for (i, a) in centres.iter().enumerate() {
        for b in centres.iter().skip(i + 1) {
            let (dx, dy) = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
            let apart = |d: f64, size: f64| if d > 0.1 { size / d } else { f64::INFINITY };
            let needed = apart(dx, w).min(apart(dy, h));
            if needed > most && needed <= WIDEST {
                most = needed;
            }
        }
    }
    // A hair's breadth between them.
    if most > 1.0 { most * 1.06 } else { 1.0 }
}

/// Boxes of one size: what does not fit is cut, and stands in the title of the box in full.
fn shrink(scene: &mut Scene, (w, h): (f64, f64)) {
    for c in &mut scene.cards {
        let side = if c.shape.slanted() { 24.0 } else { 8.0 };
        let room = (w - 2.0 * side).max(20.0);
        let fit = |badges: usize| ((h - HEAD - BADGE * badges as f64) / NAME_LINE).floor();
        let mut badges = c.badges.len().min(2);
        while badges > 0 && fit(badges) < 1.0 {
            badges -= 1;
        }
        let cut = c.badges.len() - badges;
        c.badges.truncate(badges);
        if let Some((text, _)) = c.badges.last_mut().filter(|_| cut > 0) {
            text.push_str(&format!(" +{cut}"));
        }
        for (text, _) in &mut c.badges {
            // As wide as a badge is drawn.
            *text = wrap(text, SMALL * 1.1, w - 2.0 * side + 2.0, 1).pop().unwrap_or_default();
        }
        // Where no badge fits, the frame tells of it and the name goes before.
        let lines = (fit(badges) as usize).clamp(1, 3);
        c.lines = wrap(&c.name, NAME_SIZE * 1.08, room, lines);
        if c.lines.is_empty() {
            c.lines.push("(no name)".to_owned());
        }
        let mark = width(&c.mark, SMALL);
        let kind = wrap(&c.kind.to_uppercase(), SMALL, (room - mark).max(20.0), 1).pop().unwrap_or_default();
        c.tag = format!("{kind}{}", c.mark);
        c.size = (w, h);
    }
}

/// Puts all relations of a pair and direction on one line.
fn bundle(scene: &mut Scene) {
    // What matters most gives the line its look and its words.
    scene.strands.sort_by_key(|s| (s.ink, s.dash));
    let mut at: HashMap<(usize, usize), usize> = HashMap::new();
    let mut out: Vec<Strand> = Vec::new();
    for s in std::mem::take(&mut scene.strands) {
        // A tie that reads both ways rides on a line there is, whichever way it runs.
        let key = (s.from, s.to);
        let there = at.get(&key).or_else(|| if s.arrow { None } else { at.get(&(s.to, s.from)) }).copied();
        match there.and_then(|i| out.get_mut(i)) {
            Some(b) => {
                b.count += s.count;
                b.arrow |= s.arrow;
                if s.dash == Dash::Solid {
                    b.dash = Dash::Solid;
                }
                b.title.push_str("; ");
                b.title.push_str(&s.title);
            }
            None => {
                at.insert(key, out.len());
                out.push(s);
            }
        }
    }
    for s in &mut out {
        s.lines = std::mem::take(&mut s.short);
        s.lines.truncate(WORDS - 1);
        if s.count > 1 {
            s.lines.push(format!("and {} more", s.count - 1));
        }
        s.measure();
    }
    scene.strands = out;
}

/// A line from the middle of a box to that of another by way of corners, drawn from border to
/// border. `aside` moves all of it to one side of its direction, so that two that run both ways lie
/// beside each other.
fn line(way: &[Point], sizes: (Point, Point), aside: f64) -> Route {
    let path = moved(way, aside);
    let ends = (path.first(), path.get(1), path.len().checked_sub(2).and_then(|i| path.get(i)), path.last());
    let (Some(a), Some(b), Some(y), Some(z)) = ends else { return Route::default() };
    let straight = path.len() == 2;
    if straight && (b.0 - a.0).hypot(b.1 - a.1) < 0.1 {
        return Route { start: *a, steps: Vec::new(), label: *a, upward: false };
    }
    let between = |p: &Point, q: &Point, t: f64| (p.0 + (q.0 - p.0) * t, p.1 + (q.1 - p.1) * t);
    let (t0, t1) = (reach(sizes.0, *a, *b), 1.0 - reach(sizes.1, *z, *y));
    // Boxes that lie over each other leave no room between their borders.
    let (t0, t1) = if straight && t0 >= t1 { (0.0, 1.0) } else { (t0.min(1.0), t1.max(0.0)) };
    let (start, end) = (between(a, b, t0), between(y, z, t1));
    let corners = path.iter().skip(1).take(path.len() - 2);
    let mut steps: Vec<_> = corners.map(|(x, y)| (Step::Line, *x, *y)).collect();
    steps.push((Step::Line, end.0, end.1));
    Route { start, steps, label: between(&start, &end, 0.5), upward: false }
}

/// How much of the way from the middle of a box to a point lies within the box.
fn reach((w, h): (f64, f64), middle: Point, to: Point) -> f64 {
    let of = |side: f64, way: f64| if way.abs() > 0.01 { (side / 2.0) / way.abs() } else { f64::INFINITY };
    of(w, to.0 - middle.0).min(of(h, to.1 - middle.1))
}

/// A way with every part of it moved so far to one side of its direction.
fn moved(way: &[Point], aside: f64) -> Vec<Point> {
    let side = |p: &Point, q: &Point| {
        let (dx, dy) = (q.0 - p.0, q.1 - p.1);
        let length = dx.hypot(dy);
        if length < 0.1 { (0.0, 0.0) } else { (-dy / length, dx / length) }
    };
    let one = |(i, at): (usize, &Point)| {
        let before = i.checked_sub(1).and_then(|k| way.get(k)).map(|p| side(p, at));
        let after = way.get(i + 1).map(|q| side(at, q));
        let (Some(a), Some(b)) = (before.or(after), after.or(before)) else { return *at };
        // A corner goes where both parts keep their distance, a sharp one not too far.
        let far = aside / (1.0 + a.0 * b.0 + a.1 * b.1).max(0.5);
        (at.0 + (a.0 + b.0) * far, at.1 + (a.1 + b.1) * far)
    };
    way.iter().enumerate().map(one).collect()
}

/// A loop at the right of a box.
fn own((x, y): (f64, f64), (w, h): (f64, f64), label: (f64, f64)) -> Route {
    let right = x + w / 2.0;
    let (from, to) = (y - h / 6.0, y + h / 6.0);
    Route {
        start: (right, from),
        steps: vec![(Step::Ear, right, to)],
        label: (right + 36.0 + label.0 / 2.0, y),
        upward: false,
    }
}

#[cfg(test)]
#[path = "svg_straight_tests.rs"]
mod tests;
