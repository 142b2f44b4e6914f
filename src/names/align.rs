//! Which word of one name stands for which of the other: the assignment that explains most.

/// Sides up to this long are assigned for the best; longer ones greedily.
pub(super) const EXACT: usize = 12;

/// A table of gains, row by row; pairs that gain nothing hold 0 or less.
#[derive(Debug, Default)]
pub(super) struct Gains {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) gain: Vec<f32>,
}

impl Gains {
    pub(super) fn start(&mut self, rows: usize, columns: usize) {
        self.rows = rows;
        self.columns = columns;
        self.gain.clear();
        self.gain.resize(rows * columns, 0.0);
    }

    pub(super) fn get(&self, row: usize, column: usize) -> f32 {
        self.gain.get(row * self.columns + column).copied().unwrap_or(0.0)
    }

    pub(super) fn set(&mut self, row: usize, column: usize, gain: f32) {
        if let Some(g) = self.gain.get_mut(row * self.columns + column) {
            *g = gain;
        }
    }

    /// Pairs of row and column with a gain above 0, each row and column at most once.
    pub(super) fn assign(&self, out: &mut Vec<(usize, usize)>) {
        out.clear();
        let hopeful = self.gain.iter().filter(|g| **g > 0.0).count();
        if hopeful == 0 {
            return;
        }
        if hopeful == 1 || self.rows > EXACT || self.columns > EXACT {
            self.greedy(out);
        } else {
            self.best(out);
        }
        out.sort_unstable();
    }

    fn greedy(&self, out: &mut Vec<(usize, usize)>) {
        let mut order: Vec<(f32, usize, usize)> = (0..self.rows)
            .flat_map(|r| (0..self.columns).map(move |c| (r, c)))
            .map(|(r, c)| (self.get(r, c), r, c))
            .filter(|(g, ..)| *g > 0.0)
            .collect();
        order.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
        for (_, r, c) in order {
            if out.iter().all(|(r2, c2)| *r2 != r && *c2 != c) {
                out.push((r, c));
            }
        }
    }

    /// Shortest augmenting paths (the Hungarian method with potentials) on costs that are the
    /// negative gains, over at most 12 by 12.
    fn best(&self, out: &mut Vec<(usize, usize)>) {
        const N: usize = EXACT + 1;
        let turn = self.rows > self.columns;
        let (n, m) = if turn { (self.columns, self.rows) } else { (self.rows, self.columns) };
        let cost = |i: usize, j: usize| -(if turn { self.get(j - 1, i - 1) } else { self.get(i - 1, j - 1) }).max(0.0);
        let (mut u, mut v, mut partner, mut way) = ([0f32; N], [0f32; N], [0usize; N], [0usize; N]);
        for i in 1..=n {
            partner[0] = i;
            let mut j0 = 0;
            let mut least = [f32::INFINITY; N];
            let mut used = [false; N];
            // At most m + 1 rounds: each takes a new column.
            loop {
                used[j0] = true;
                let i0 = partner[j0];
                let (mut delta, mut j1) = (f32::INFINITY, 0);
                for j in 1..=m {
                    if used[j] {
                        continue;
                    }
                    let here = cost(i0, j) - u[i0] - v[j];
                    if here < least[j] {
                        least[j] = here;
                        way[j] = j0;
                    }
                    if least[j] < delta {
                        delta = least[j];
                        j1 = j;
                    }
                }
                for j in 0..=m {
                    if used[j] {
                        u[partner[j]] += delta;
                        v[j] -= delta;
                    } else {
                        least[j] -= delta;
                    }
                }
                j0 = j1;
                if partner[j0] == 0 {
                    break;
                }
            }
            while j0 != 0 {
                let j1 = way[j0];
                partner[j0] = partner[j1];
                j0 = j1;
            }
        }
        for (j, &i) in partner.iter().enumerate().take(m + 1).skip(1) {
            if i != 0 {
                let (r, c) = if turn { (j - 1, i - 1) } else { (i - 1, j - 1) };
                if self.get(r, c) > 0.0 {
                    out.push((r, c));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_ways(g: &Gains, row: usize, taken: u32) -> f32 {
        if row == g.rows {
            return 0.0;
        }
        let mut best = all_ways(g, row + 1, taken);
        for c in 0..g.columns {
            if taken >> c & 1 == 0 {
                best = best.max(g.get(row, c).max(0.0) + all_ways(g, row + 1, taken | 1 << c));
            }
        }
        best
    }

    #[test]
    fn finds_the_best_of_all_assignments() {
        let mut seed = 12345u32;
        let mut next = || {
            seed = seed.wrapping_mul(1664525).wrapping_add(1013904223);
            (seed >> 16) % 20
        };
        for _ in 0..300 {
            let (rows, columns) = (1 + next() as usize % 5, 1 + next() as usize % 5);
            let mut g = Gains::default();
            g.start(rows, columns);
            for r in 0..rows {
                for c in 0..columns {
                    g.set(r, c, next() as f32 - 8.0);
                }
            }
            let mut out = Vec::new();
            g.assign(&mut out);
            let sum: f32 = out.iter().map(|(r, c)| g.get(*r, *c)).sum();
            assert_eq!(sum, all_ways(&g, 0, 0), "{g:?}");
            for (k, (r, c)) in out.iter().enumerate() {
                assert!(g.get(*r, *c) > 0.0 && out.iter().skip(k + 1).all(|(r2, c2)| r2 != r && c2 != c));
            }
        }
    }

    #[test]
    fn many_words_are_assigned_greedily() {
        let mut g = Gains::default();
        g.start(40, 40);
        for i in 0..40 {
            g.set(i, 39 - i, 1.0);
        }
        let mut out = Vec::new();
        g.assign(&mut out);
        assert_eq!(out.len(), 40);
    }
}
