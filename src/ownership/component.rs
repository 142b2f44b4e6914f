//! One component of cross-holdings: which arithmetic and which way of solving it gets.

use super::Exact;
use super::integrated::Map;
use super::solve::{Number, Outcome, Slack, System, eliminate, sweep};

/// Longest sum of stakes added up to see whether a group owns all of itself, in bits.
const SLACK_BITS: u64 = 20_000;

/// State of a run through the components.
pub(super) struct Task {
    /// By node: what has flowed in, exactly; `None` once that was given up.
    pub(super) exact: Vec<Option<Exact>>,
    /// The same in floats.
    pub(super) float: Vec<f64>,
    /// By node: something without a finite value flows in.
    pub(super) no_finite: Vec<bool>,
    /// By node: something unknown flows in.
    pub(super) unknown: Vec<bool>,
    /// By node: its place in its component, set when the component's turn has come.
    pub(super) position: Vec<u32>,
    pub(super) bits: u64,
    pub(super) component: usize,
    pub(super) ops: u64,
}

impl Task {
    /// The number, if it and the operation that made it are within the budget.
    pub(super) fn afford(&mut self, x: Exact) -> Option<Exact> {
        match self.ops.checked_sub(x.cost()) {
            Some(left) if x.bits() <= self.bits => {
                self.ops = left;
                Some(x)
            }
            _ => None,
        }
    }
}

/// Values of a component's nodes, in their order.
pub(super) enum Solved {
    Exact(Vec<Exact>),
    Float(Vec<f64>),
    NoFinite,
    Unknown,
}

/// Solves the component of these nodes.
pub(super) fn solve(map: &Map<'_>, nodes: &[u32], task: &mut Task) -> Solved {
    for (at, &v) in nodes.iter().enumerate() {
        task.position[v as usize] = at as u32;
    }
    if nodes.iter().any(|&v| task.no_finite[v as usize]) {
        return Solved::NoFinite;
    }
    if nodes.iter().any(|&v| task.unknown[v as usize]) {
        return Solved::Unknown;
    }
    if let &[v] = nodes {
        return single(map, v as usize, task);
    }
    if nodes.len() <= task.component
        && let Some(b) = nodes.iter().map(|&v| task.exact[v as usize].clone()).collect::<Option<Vec<_>>>()
    {
        let system = system(map, nodes, task, b, Exact::clone);
        match eliminate(system, None, &mut task.ops, map.stop) {
            Outcome::Solved(y) if y.iter().all(|x| x.bits() <= task.bits) => return Solved::Exact(y),
            Outcome::NotFinite => return Solved::NoFinite,
            _ => {}
        }
    }
    float(map, nodes, task)
}

fn single(map: &Map<'_>, v: usize, task: &mut Task) -> Solved {
    let (from, to) = (map.starts[v], map.starts[v + 1]);
    let own = (from..to).find(|&at| map.next[at] as usize == v).map(|at| map.weight[at]);
    let rest = own.map(|own| &Exact::ONE - own);
    match (task.exact[v].take(), rest) {
        (_, Some(rest)) if !rest.is_positive() => Solved::NoFinite,
        (Some(y), None) => Solved::Exact(vec![y]),
        (None, None) => Solved::Float(vec![task.float[v]]),
        (Some(y), Some(rest)) => match task.afford(&y / &rest) {
            Some(y) => Solved::Exact(vec![y]),
            None => Solved::Float(vec![task.float[v] / rest.to_f64()]),
        },
        (None, Some(rest)) => Solved::Float(vec![task.float[v] / rest.to_f64()]),
    }
}

/// The edges inside a component: `(from, to, weight)` by place in it, ordered by `from`.
fn inside<'m>(map: &'m Map<'_>, nodes: &'m [u32], task: &'m Task) -> impl Iterator<Item = (u32, u32, &'m Exact)> {
    nodes.iter().enumerate().flat_map(move |(at, &v)| {
        let v = v as usize;
        (map.starts[v]..map.starts[v + 1]).filter_map(move |e| {
            let u = map.next[e];
            let place = task.position[u as usize];
            // Places of earlier components are set too: the node must be the one of this place.
            (nodes.get(place as usize) == Some(&u)).then_some((at as u32, place, map.weight[e]))
        })
    })
}

fn system<N: Number>(
    map: &Map<'_>,
    nodes: &[u32],
    task: &Task,
    b: Vec<N>,
    as_number: impl Fn(&Exact) -> N,
) -> System<N> {
    let n = nodes.len();
    let mut s = System { ins: vec![Vec::new(); n], outs: vec![Vec::new(); n], own: vec![N::ZERO; n], b };
    for (from, to, x) in inside(map, nodes, task) {
        if from == to {
            s.own[to as usize] = as_number(x);
        } else {
            s.ins[to as usize].push((from, as_number(x)));
            s.outs[from as usize].push(to);
        }
    }
    s
}

fn float(map: &Map<'_>, nodes: &[u32], task: &Task) -> Solved {
    let b: Vec<f64> = nodes.iter().map(|&v| task.float[v as usize]).collect();
    let system = system(map, nodes, task, b, Exact::to_f64);
    let edges: u64 = system.ins.iter().map(|r| r.len() as u64 + 1).sum();
    // Sums of the stakes into each party from within, exactly: all 1 (or more) is no finite
    // value; none above 1 and one below is one for sure, connected as the component is.
    let mut slack = vec![Some(Exact::ONE); nodes.len()];
    for (from, to, x) in inside(map, nodes, task) {
        let held = if map.upward { from } else { to } as usize;
        slack[held] = slack[held].take().map(|s| &s - x).filter(|s| s.bits() <= SLACK_BITS);
    }
    let Some(slack) = slack.into_iter().collect::<Option<Vec<Exact>>>() else {
        return outcome(eliminate(system, None, &mut (5 * allowance(edges)), map.stop));
    };
    if slack.iter().all(|s| !s.is_positive()) {
        return Solved::NoFinite;
    }
    if slack.iter().any(|s| *s < Exact::ZERO) {
        // Nothing but elimination can tell: it may cost more.
        return outcome(eliminate(system, None, &mut (5 * allowance(edges)), map.stop));
    }
    let slack = Slack { of: slack.iter().map(Exact::to_f64).collect(), upward: map.upward };
    let mut may = allowance(edges);
    match eliminate(system.clone(), Some(slack), &mut may, map.stop) {
        Outcome::GaveUp => outcome(sweep(&system, 400_000_000, map.stop)),
        other => outcome(other),
    }
}

/// What elimination in floats may cost: about a tenth of a second, more for large components.
fn allowance(edges: u64) -> u64 {
    4_000_000 + edges.saturating_mul(30)
}

fn outcome(o: Outcome<f64>) -> Solved {
    match o {
        Outcome::Solved(y) => Solved::Float(y),
        Outcome::NotFinite => Solved::NoFinite,
        Outcome::Unclear | Outcome::GaveUp => Solved::Unknown,
    }
}
