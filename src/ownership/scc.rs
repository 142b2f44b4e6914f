//! Strongly connected components in topological order, without recursion.

/// Components of a directed graph, each after all those that lead into it.
#[derive(Debug)]
pub(super) struct Components {
    nodes: Vec<u32>,
    starts: Vec<usize>,
}

impl Components {
    /// The components in topological order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|w| match w {
            [a, b] => self.nodes.get(*a..*b).unwrap_or(&[]),
            _ => &[],
        })
    }
}

/// Components (Tarjan) of the graph whose node `v` leads to `next[starts[v]..starts[v + 1]]`.
pub(super) fn components(starts: &[usize], next: &[u32]) -> Components {
    let n = starts.len().saturating_sub(1);
    const NEW: u32 = u32::MAX;
    let mut order = vec![NEW; n];
    // The lowest order reached; NEW again once the node's component is complete.
    let mut low = vec![NEW; n];
    let mut place: Vec<usize> = starts.iter().take(n).copied().collect();
    let (mut open, mut path) = (Vec::<u32>::new(), Vec::<u32>::new());
    let (mut nodes, mut ends) = (Vec::<u32>::with_capacity(n), Vec::<usize>::new());
    let mut count = 0u32;
    for root in 0..n {
        if order[root] != NEW {
            continue;
        }
        path.push(root as u32);
        while let Some(&v32) = path.last() {
            let v = v32 as usize;
            if order[v] == NEW {
                (order[v], low[v]) = (count, count);
                count += 1;
                open.push(v32);
            }
            if place[v] < starts[v + 1] {
                let u = next[place[v]] as usize;
                place[v] += 1;
                if order[u] == NEW {
                    path.push(u as u32);
                } else if low[u] != NEW {
                    low[v] = low[v].min(order[u]);
                }
                continue;
            }
            path.pop();
            if let Some(&parent) = path.last() {
                let p = parent as usize;
                low[p] = low[p].min(low[v]);
            }
            if low[v] == order[v] {
                while let Some(u) = open.pop() {
                    low[u as usize] = NEW;
                    nodes.push(u);
                    if u == v32 {
                        break;
                    }
                }
                ends.push(nodes.len());
            }
        }
    }
    // Tarjan completes a component after all it leads to: turn everything round.
    nodes.reverse();
    let total = nodes.len();
    let mut starts: Vec<usize> = ends.iter().rev().map(|e| total - e).collect();
    starts.push(total);
    Components { nodes, starts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ownership::weights::starts;
    use proptest::prelude::*;

    fn of(n: usize, edges: &[(u32, u32)]) -> Vec<Vec<u32>> {
        let mut edges = edges.to_vec();
        edges.sort_unstable();
        let next: Vec<u32> = edges.iter().map(|e| e.1).collect();
        components(&starts(n, edges.iter().map(|e| e.0)), &next).iter().map(<[u32]>::to_vec).collect()
    }

    #[test]
    fn a_ring_of_a_million_is_one_component() {
        let n = 1_000_000u32;
        let start: Vec<usize> = (0..=n as usize).collect();
        let next: Vec<u32> = (0..n).map(|v| (v + 1) % n).collect();
        let c = components(&start, &next);
        assert_eq!(c.iter().map(<[u32]>::len).collect::<Vec<_>>(), [1_000_000]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(crate::ownership::math_tests::cases(300)))]
        #[test]
        fn components_are_mutual_reach_in_order(n in 1usize..9, raw in prop::collection::vec((0u32..9, 0u32..9), 0..20)) {
            let edges: Vec<_> = raw.into_iter().filter(|e| (e.0 as usize) < n && (e.1 as usize) < n).collect();
            let mut reach = vec![vec![false; n]; n];
            for (v, row) in reach.iter_mut().enumerate() { row[v] = true; }
            for &(a, b) in &edges { reach[a as usize][b as usize] = true; }
            for k in 0..n { for i in 0..n { for j in 0..n {
                if reach[i][k] && reach[k][j] { reach[i][j] = true; }
            }}}
            let comps = of(n, &edges);
            let mut at = vec![usize::MAX; n];
            for (c, nodes) in comps.iter().enumerate() { for &v in nodes { at[v as usize] = c; } }
            for i in 0..n { for j in 0..n {
                prop_assert_eq!(at[i] == at[j], reach[i][j] && reach[j][i]);
                if reach[i][j] { prop_assert!(at[i] <= at[j]); }
            }}
        }
    }
}
