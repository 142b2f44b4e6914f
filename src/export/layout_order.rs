//! Order within layers: few crossings, by barycentres and swaps of neighbours.

use super::layout::Plan;

/// Most items (boxes, labels, bends) of a component; longer ties beyond it are drawn freely.
const MAX_ITEMS: usize = 60_000;
/// Sweeps of ordering, down and up in turn.
const SWEEPS: usize = 14;
/// Passes of swapping neighbours, on components of at most [`SWAP_ARCS`] arcs.
const SWAPS: usize = 6;
const SWAP_ARCS: usize = 3_000;

/// What stands in a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// A box.
    Box,
    /// The label of a tie, which runs through it.
    Label,
    /// A bend of a tie on its way past a layer.
    Bend,
}

/// One thing in a layer, with its extent left and right of its anchor and its height.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub what: What,
    pub layer: usize,
    pub left: f64,
    pub right: f64,
    pub height: f64,
}

/// How a tie runs.
#[derive(Debug, Clone)]
pub(super) enum Run {
    /// From the upper box to the lower through these items, top down; one is its label.
    Through { items: Vec<usize>, label: usize },
    /// Both boxes in one layer, the label below them.
    Under { label: usize },
    /// Both boxes next to each other in one layer, the label between them.
    Between,
    /// Straight from box to box, because the component is too large for bends.
    Free,
    /// A self loop.
    Loop,
}

/// All items, in layers: boxes in the even ones, labels and bends in the odd ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Layers {
    /// Items; the first ones are the boxes.
    pub items: Vec<Item>,
    /// Items of each layer from left to right.
    pub rows: Vec<Vec<usize>>,
    /// Neighbours of each item in the layer above, and below.
    pub up: Vec<Vec<usize>>,
    pub down: Vec<Vec<usize>>,
    /// How each tie runs.
    pub runs: Vec<Run>,
    /// Room that an item keeps at its right for a label between it and the next.
    pub keep_right: Vec<f64>,
}

impl Layers {
    /// Puts boxes into their layers and breaks ties into steps of one layer.
    pub(super) fn new(plan: &Plan, ranks: &[usize]) -> Layers {
        let deepest = ranks.iter().max().copied().unwrap_or(0);
        let mut l = Layers { rows: vec![Vec::new(); 2 * deepest + 2], ..Layers::default() };
        for (b, (w, h, extra)) in plan.boxes.iter().enumerate() {
            l.add(What::Box, 2 * ranks[b], w / 2.0, w / 2.0 + extra, *h);
        }
        let mut degree = vec![0usize; plan.boxes.len()];
        for t in &plan.ties {
            degree[t.from] += 1;
            degree[t.to] += 1;
        }
        // Short ties get their bends first.
        let span = |k: &usize| ranks[plan.ties[*k].from].abs_diff(ranks[plan.ties[*k].to]);
        let mut by_span: Vec<usize> = (0..plan.ties.len()).collect();
        by_span.sort_by_key(|k| (span(k), *k));
        let mut count = l.items.len();
        let mut free = vec![false; plan.ties.len()];
        for k in by_span {
            count += (2 * span(&k)).max(1);
            free[k] = count > MAX_ITEMS;
        }
        // In the order of the ties, so that daughters stand in the order of the document.
        l.runs = vec![Run::Free; plan.ties.len()];
        for (k, t) in plan.ties.iter().enumerate() {
            let (w, h) = t.label;
            if t.from == t.to {
                l.runs[k] = Run::Loop;
                continue;
            }
            if free[k] {
                continue;
            }
            let (a, b) = if ranks[t.from] <= ranks[t.to] { (t.from, t.to) } else { (t.to, t.from) };
            let (top, bottom) = (2 * ranks[a], 2 * ranks[b]);
            if top == bottom {
                let label = l.add(What::Label, top + 1, w / 2.0, w / 2.0, h);
                l.connect(a, label);
                l.connect(b, label);
                l.runs[k] = Run::Under { label };
                continue;
            }
            // The label stands next to the end with fewer ties, where there is more room.
            let at = if degree[a] <= degree[b] { top + 1 } else { bottom - 1 };
            let (mut items, mut label, mut last) = (Vec::with_capacity(bottom - top - 1), 0, a);
            for layer in top + 1..bottom {
                let item = if layer == at {
                    label = l.add(What::Label, layer, w / 2.0, w / 2.0, h);
                    label
                } else {
                    l.add(What::Bend, layer, 3.0, 3.0, 0.0)
                };
                l.connect(last, item);
                items.push(item);
                last = item;
            }
            l.connect(last, b);
            l.runs[k] = Run::Through { items, label };
        }
        l.keep_right = vec![0.0; l.items.len()];
        l.first_order();
        l
    }

    fn add(&mut self, what: What, layer: usize, left: f64, right: f64, height: f64) -> usize {
        self.items.push(Item { what, layer, left, right, height });
        self.up.push(Vec::new());
        self.down.push(Vec::new());
        self.items.len() - 1
    }

    fn connect(&mut self, upper: usize, lower: usize) {
        self.down[upper].push(lower);
        self.up[lower].push(upper);
    }

    /// A walk from the top fills the rows: a tree comes out without any crossing.
    fn first_order(&mut self) {
        let mut starts: Vec<usize> = (0..self.items.len()).collect();
        starts.sort_by_key(|i| (self.items[*i].layer, *i));
        let mut seen = vec![false; self.items.len()];
        let mut walk = Vec::new();
        for start in starts {
            walk.push(start);
            while let Some(v) = walk.pop() {
                if std::mem::replace(&mut seen[v], true) {
                    continue;
                }
                self.rows[self.items[v].layer].push(v);
                walk.extend(self.up[v].iter().rev().filter(|u| !seen[**u]));
                walk.extend(self.down[v].iter().rev().filter(|w| !seen[**w]));
            }
        }
    }

    fn places(&self) -> Vec<usize> {
        let mut place = vec![0; self.items.len()];
        for row in &self.rows {
            for (k, v) in row.iter().enumerate() {
                place[*v] = k;
            }
        }
        place
    }

    /// Sweeps by barycentres and, in small components, swaps of neighbours; the best order stays.
    pub(super) fn reduce_crossings(&mut self) {
        let mut place = self.places();
        let mut best = (self.crossings(&place), self.rows.clone());
        let small = self.down.iter().map(Vec::len).sum::<usize>() <= SWAP_ARCS;
        for sweep in 0..if small { 2 * SWEEPS } else { SWEEPS } {
            if best.0 == 0 {
                break;
            }
            let down = sweep % 2 == 0;
            let count = self.rows.len();
            for step in 0..count {
                let layer = if down { step } else { count - 1 - step };
                // Every other pair of sweeps turns equals around, to leave local minima.
                self.sort_row(layer, down, sweep % 4 > 1, &mut place);
            }
            if small {
                self.swap_neighbours(&mut place);
            }
            let crossings = self.crossings(&place);
            if crossings < best.0 {
                best = (crossings, self.rows.clone());
            }
        }
        self.rows = best.1;
        // A mirror image has as many crossings: take the one closer to the order of the boxes.
        let boxes = |i: &usize| self.items.get(*i).is_some_and(|item| item.what == What::Box);
        let (mut rising, mut falling) = (0usize, 0usize);
        for row in &self.rows {
            let row: Vec<usize> = row.iter().copied().filter(boxes).collect();
            rising += row.windows(2).filter(|w| w.first() < w.last()).count();
            falling += row.windows(2).filter(|w| w.first() > w.last()).count();
        }
        if falling > rising {
            self.rows.iter_mut().for_each(|row| row.reverse());
        }
    }

    fn sort_row(&mut self, layer: usize, down: bool, turn: bool, place: &mut [usize]) {
        let mut row = std::mem::take(&mut self.rows[layer]);
        let near = |v: usize| if down { &self.up[v] } else { &self.down[v] };
        let mean = |v: usize| near(v).iter().map(|u| place[*u] as f64).sum::<f64>() / near(v).len() as f64;
        // What has no neighbours there keeps its slot; the others are sorted among theirs.
        let slots: Vec<usize> = (0..row.len()).filter(|k| !near(row[*k]).is_empty()).collect();
        let mut keyed: Vec<(f64, usize)> = slots.iter().map(|k| (mean(row[*k]), row[*k])).collect();
        if turn {
            keyed.reverse();
        }
        keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (k, (_, v)) in slots.into_iter().zip(keyed) {
            row[k] = v;
        }
        for (k, v) in row.iter().enumerate() {
            place[*v] = k;
        }
        self.rows[layer] = row;
    }

    /// Crossings between all pairs of layers, by a Fenwick tree.
    fn crossings(&self, place: &[usize]) -> u64 {
        let mut total = 0;
        for pair in self.rows.windows(2) {
            let [above, below] = pair else { continue };
            let mut tree = vec![0u64; below.len() + 1];
            let mut seen = 0u64;
            let mut ends: Vec<usize> = Vec::new();
            for v in above {
                ends.clear();
                ends.extend(self.down[*v].iter().map(|w| place[*w]));
                for e in &ends {
                    let (mut i, mut upto) = (e + 1, 0);
                    while i > 0 {
                        upto += tree[i];
                        i &= i - 1;
                    }
                    total += seen - upto;
                }
                for e in &ends {
                    let mut i = e + 1;
                    while i < tree.len() {
                        tree[i] += 1;
                        i += i & i.wrapping_neg();
                    }
                    seen += 1;
                }
            }
        }
        total
    }

    /// Swaps neighbours where that saves crossings; in the first pass also where it costs none.
    fn swap_neighbours(&mut self, place: &mut [usize]) {
        for pass in 0..SWAPS {
            let mut better = false;
            for layer in 0..self.rows.len() {
                for k in 1..self.rows[layer].len() {
                    let (a, b) = (self.rows[layer][k - 1], self.rows[layer][k]);
                    let cost = |l: &Layers, x: usize, y: usize| -> usize {
                        [(&l.up[x], &l.up[y]), (&l.down[x], &l.down[y])]
                            .iter()
                            .map(|(p, q)| {
                                p.iter().map(|i| q.iter().filter(|j| place[**j] < place[*i]).count()).sum::<usize>()
                            })
                            .sum()
                    };
                    let (now, then) = (cost(self, a, b), cost(self, b, a));
                    if then < now || (pass == 0 && then == now && now > 0) {
                        self.rows[layer].swap(k - 1, k);
                        (place[a], place[b]) = (k, k - 1);
                        better = true;
                    }
                }
            }
            if !better {
                break;
            }
        }
    }

    /// A tie between neighbours in one layer is drawn straight across, its label between them.
    pub(super) fn inline_neighbours(&mut self, plan: &Plan) {
        let place = self.places();
        for (k, t) in plan.ties.iter().enumerate() {
            let Some(Run::Under { label }) = self.runs.get(k) else { continue };
            let label = *label;
            let left = if place[t.from] < place[t.to] { t.from } else { t.to };
            if place[t.from].abs_diff(place[t.to]) != 1 || self.keep_right[left] > 0.0 || plan.boxes[left].2 > 0.0 {
                continue;
            }
            self.keep_right[left] = t.label.0 + 44.0;
            self.rows[self.items[label].layer].retain(|i| *i != label);
            for u in [t.from, t.to] {
                self.down[u].retain(|i| *i != label);
            }
            self.up[label].clear();
            self.runs[k] = Run::Between;
        }
    }
}
