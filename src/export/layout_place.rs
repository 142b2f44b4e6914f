//! Coordinates of boxes, and the routes of ties between them.

use super::layout::{Layout, Plan};
use super::layout_order::{Layers, Run, What};

/// Rounds of drawing items towards their neighbours; small components settle fully.
const ROUNDS: usize = 16;
const MANY_ROUNDS: usize = 120;
/// Most items of a component with many rounds.
const SMALL: usize = 1_500;
/// Least room between two layers.
const LAYER_GAP: f64 = 24.0;
/// Room between two boxes, and between anything else.
const BOX_GAP: f64 = 30.0;
const ITEM_GAP: f64 = 12.0;
/// Distance of the ends of ties at one side of a box.
const PORT_GAP: f64 = 22.0;

/// The way from one point to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// A straight line.
    Line,
    /// A curve that leaves and arrives vertically.
    Bow,
    /// A curve that leaves and arrives to the right of both points.
    Ear,
}

/// The line of a tie, in its true direction, and the place of its label.
#[derive(Debug, Clone, Default)]
pub(super) struct Route {
    /// Where it starts.
    pub start: (f64, f64),
    /// How it goes on.
    pub steps: Vec<(Step, f64, f64)>,
    /// Centre of the label.
    pub label: (f64, f64),
    /// It points up, against the layers.
    pub upward: bool,
}

impl Route {
    /// The same route at another place.
    pub(super) fn shifted(&self, dx: f64, dy: f64) -> Route {
        Route {
            start: (self.start.0 + dx, self.start.1 + dy),
            steps: self.steps.iter().map(|(s, x, y)| (*s, x + dx, y + dy)).collect(),
            label: (self.label.0 + dx, self.label.1 + dy),
            upward: self.upward,
        }
    }

    fn reversed(self) -> Route {
        let mut points = vec![self.start];
        points.extend(self.steps.iter().map(|(_, x, y)| (*x, *y)));
        let steps: Vec<_> = self.steps.iter().zip(&points).rev().map(|((s, _, _), (x, y))| (*s, *x, *y)).collect();
        Route { start: points.last().copied().unwrap_or_default(), steps, ..self }
    }
}

/// Computes the final layout of one component.
pub(super) fn place(plan: &Plan, ranks: &[usize], layers: &Layers) -> Layout {
    let mut x = across(layers);
    let (tops, heights) = down(layers, &x);
    let free = layers.runs.iter().any(|r| matches!(r, Run::Free));
    let mut least = f64::INFINITY;
    for row in &layers.rows {
        for v in row {
            least = least.min(x[*v] - layers.items[*v].left);
        }
    }
    // Free lines bow out at the left; keep room for them.
    let margin = if free { 40.0 } else { 0.0 };
    x.iter_mut().for_each(|x| *x += margin - least);
    let mid = |v: usize| tops[layers.items[v].layer] + heights[layers.items[v].layer] / 2.0;
    let centres: Vec<(f64, f64)> = (0..plan.boxes.len()).map(|b| (x[b], mid(b))).collect();
    let routes = routes(plan, ranks, layers, &x, &tops, &heights);
    let mut size = (0.0f64, tops.last().copied().unwrap_or(0.0) + heights.last().copied().unwrap_or(0.0));
    for row in &layers.rows {
        for v in row {
            size.0 = size.0.max(x[*v] + layers.items[*v].right);
        }
    }
    Layout { centres, routes, size }
}

/// The x of every item: each row is fitted to the wishes of its items by least squares under
/// the distances that must be kept (pool adjacent violators), over and over.
fn across(layers: &Layers) -> Vec<f64> {
    let items = &layers.items;
    let mut x = vec![0.0f64; items.len()];
    let mut offsets: Vec<Vec<f64>> = Vec::with_capacity(layers.rows.len());
    for row in &layers.rows {
        let mut offset = Vec::with_capacity(row.len());
        let mut at = 0.0;
        for (k, v) in row.iter().enumerate() {
            if let Some(before) = k.checked_sub(1).and_then(|k| row.get(k)) {
                let boxes = items[*before].what == What::Box && items[*v].what == What::Box;
                let gap = if boxes { BOX_GAP.max(layers.keep_right[*before]) } else { ITEM_GAP };
                at += items[*before].right + gap + items[*v].left;
            }
            offset.push(at);
        }
        for (v, o) in row.iter().zip(&offset) {
            x[*v] = o - at / 2.0;
        }
        offsets.push(offset);
    }
    let weight = |a: usize, b: usize| match (items[a].what, items[b].what) {
        (What::Box, What::Box) => 1.0,
        (What::Box, _) | (_, What::Box) => 1.5,
        _ => 6.0,
    };
    let count = layers.rows.len();
    let mut wishes: Vec<(f64, f64)> = Vec::new();
    let rounds = if items.len() <= SMALL { MANY_ROUNDS } else { ROUNDS };
    for round in 0..=rounds {
        // First what is above or below alone, in turn; then both; at last owners over the owned.
        let both = round >= 8 && round < rounds;
        let downward = round % 2 == 0 && round < rounds;
        for step in 0..count {
            let layer = if downward { step } else { count - 1 - step };
            wishes.clear();
            for v in &layers.rows[layer] {
                let (mut sum, mut total) = (0.0, 0.0);
                let mut add = |near: &[usize]| {
                    for u in near {
                        let w = weight(*v, *u);
                        sum += w * x[*u];
                        total += w;
                    }
                };
                if both || downward {
                    add(&layers.up[*v]);
                }
                if both || !downward {
                    add(&layers.down[*v]);
                }
                wishes.push(if total > 0.0 { (sum / total, total) } else { (x[*v], 0.05) });
            }
            fit(&layers.rows[layer], &offsets[layer], &wishes, &mut x);
        }
    }
    x
}

/// Least squares for one row: blocks of items that touch move as one.
fn fit(row: &[usize], offset: &[f64], wishes: &[(f64, f64)], x: &mut [f64]) {
    // Per block: where its zero would like to be, weight, number of items.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::new();
    for (o, (wish, w)) in offset.iter().zip(wishes) {
        let mut block = (wish - o, *w, 1);
        while let Some(last) = blocks.last().copied() {
            if last.0 <= block.0 {
                break;
            }
            blocks.pop();
            let w = last.1 + block.1;
            block = ((last.0 * last.1 + block.0 * block.1) / w, w, last.2 + block.2);
        }
        blocks.push(block);
    }
    let mut at = row.iter().zip(offset);
    for (zero, _, n) in blocks {
        for (v, o) in at.by_ref().take(n) {
            x[*v] = zero + o;
        }
    }
}

/// Top and height of each layer. Where lines run far to the side the layers stand further apart.
fn down(layers: &Layers, x: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (mut tops, mut heights) = (Vec::new(), Vec::new());
    let mut y = 0.0;
    for row in &layers.rows {
        let height = row.iter().map(|v| layers.items[*v].height).fold(0.0, f64::max);
        tops.push(y);
        heights.push(height);
        let slant =
            row.iter().flat_map(|v| layers.down[*v].iter().map(|w| (x[*v] - x[*w]).abs())).fold(0.0f64, f64::max);
        // The odd layer below the last boxes is empty but for labels of ties between them.
        if row.iter().any(|v| !layers.down[*v].is_empty()) || height > 0.0 {
            y += height + LAYER_GAP + (slant * 0.07).min(70.0);
        }
    }
    // No room is kept below the last thing that is there.
    if let Some(last) = (0..heights.len()).rev().find(|k| heights[*k] > 0.0) {
        let end = tops[last] + heights[last];
        tops.iter_mut().skip(last + 1).for_each(|t| *t = end);
    }
    (tops, heights)
}

/// A use of a box side: box, bottom side, x of the next point, tie, second end of that tie.
type Port = (usize, bool, f64, usize, bool);

fn routes(plan: &Plan, ranks: &[usize], layers: &Layers, x: &[f64], tops: &[f64], heights: &[f64]) -> Vec<Route> {
    let upper = |k: usize| {
        let t = plan.ties[k];
        if ranks[t.from] <= ranks[t.to] { (t.from, t.to) } else { (t.to, t.from) }
    };
    let mut ports: Vec<Port> = Vec::new();
    for (k, run) in layers.runs.iter().enumerate() {
        let (a, b) = upper(k);
        match run {
            Run::Through { items, .. } => {
                ports.push((a, true, items.first().map_or(x[b], |i| x[*i]), k, false));
                ports.push((b, false, items.last().map_or(x[a], |i| x[*i]), k, true));
            }
            Run::Under { label } => {
                ports.push((a, true, x[*label], k, false));
                ports.push((b, true, x[*label], k, true));
            }
            Run::Free => {
                ports.push((a, true, x[b], k, false));
                ports.push((b, ranks[a] == ranks[b], x[a], k, true));
            }
            Run::Between | Run::Loop => {}
        }
    }
    ports.sort_by(|p, q| (p.0, p.1).cmp(&(q.0, q.1)).then(p.2.total_cmp(&q.2)).then((p.3, p.4).cmp(&(q.3, q.4))));
    let mut ends = vec![[0.0f64; 2]; plan.ties.len()];
    for side in ports.chunk_by(|p, q| (p.0, p.1) == (q.0, q.1)) {
        let Some(first) = side.first() else { continue };
        // Straight on where the next point lies under the box, else towards the corner.
        let half = plan.boxes[first.0].0 / 2.0 - 18.0;
        let (low, high) = (x[first.0] - half, x[first.0] + half);
        let gap = (2.0 * half / (side.len().max(2) - 1) as f64).min(PORT_GAP);
        let offset: Vec<f64> = (0..side.len()).map(|i| gap * i as f64).collect();
        let wishes: Vec<(f64, f64)> = side.iter().map(|p| (p.2.max(low).min(high), 1.0)).collect();
        let mut at = vec![0.0; side.len()];
        fit(&(0..side.len()).collect::<Vec<_>>(), &offset, &wishes, &mut at);
        for (p, (at, o)) in side.iter().zip(at.iter().zip(&offset)) {
            let last = offset.last().copied().unwrap_or(0.0);
            ends[p.3][usize::from(p.4)] = at.max(low + o).min(high - (last - o));
        }
    }
    let mid = |v: usize| tops[layers.items[v].layer] + heights[layers.items[v].layer] / 2.0;
    let band = |layer: usize| (tops[layer], tops[layer] + heights[layer]);
    (0..plan.ties.len())
        .map(|k| {
            let t = plan.ties[k];
            let (a, b) = upper(k);
            let [ax, bx] = ends[k];
            let (ha, hb) = (plan.boxes[a].1 / 2.0, plan.boxes[b].1 / 2.0);
            let a_floor = band(2 * ranks[a]).1;
            let mut r = Route { upward: a != t.from, ..Route::default() };
            match &layers.runs[k] {
                Run::Through { items, label } => {
                    r.start = (ax, mid(a) + ha);
                    r.steps.push((Step::Line, ax, a_floor));
                    for v in items {
                        let (top, bottom) = band(layers.items[*v].layer);
                        r.steps.push((Step::Bow, x[*v], top));
                        r.steps.push((Step::Line, x[*v], bottom));
                    }
                    r.steps.push((Step::Bow, bx, band(2 * ranks[b]).0));
                    r.steps.push((Step::Line, bx, mid(b) - hb));
                    r.label = (x[*label], mid(*label));
                }
                Run::Under { label } => {
                    let top = band(layers.items[*label].layer).0 + 2.0;
                    r.start = (ax, mid(a) + ha);
                    r.steps.push((Step::Line, ax, a_floor));
                    r.steps.push((Step::Bow, x[*label], top));
                    r.steps.push((Step::Bow, bx, a_floor));
                    r.steps.push((Step::Line, bx, mid(b) + hb));
                    r.label = (x[*label], mid(*label));
                }
                Run::Between => {
                    let (l, right) = if x[a] < x[b] { (a, b) } else { (b, a) };
                    let (from, to) = (x[l] + plan.boxes[l].0 / 2.0, x[right] - plan.boxes[right].0 / 2.0);
                    r.start = (from, mid(l));
                    r.steps.push((Step::Line, to, mid(right)));
                    r.label = ((from + to) / 2.0, mid(l));
                    return Route { upward: false, ..if l == t.from { r } else { r.reversed() } };
                }
                Run::Free => {
                    let below = ranks[a] == ranks[b];
                    r.start = (ax, mid(a) + ha);
                    let end = if below { mid(b) + hb } else { mid(b) - hb };
                    let half = ((ax + bx) / 2.0, (r.start.1 + end) / 2.0 + if below { LAYER_GAP } else { 0.0 });
                    r.steps.push((Step::Bow, half.0, half.1));
                    r.steps.push((Step::Bow, bx, end));
                    // Labels of many free lines are spread along the middle, not stacked on it.
                    r.label = (half.0, half.1 + ((k % 7) as f64 - 3.0) * t.label.1);
                }
                Run::Loop => {
                    let right = x[a] + plan.boxes[a].0 / 2.0;
                    r.start = (right, mid(a) - ha * 0.45);
                    r.steps.push((Step::Ear, right, mid(a) + ha * 0.45));
                    r.label = (right + 34.0 + t.label.0 / 2.0, mid(a));
                    return r;
                }
            }
            if r.upward { r.reversed() } else { r }
        })
        .collect()
}
