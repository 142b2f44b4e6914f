//! What a walk may do: direction, hubs, budgets. All walks of this module share these rules.
//!
//! A hub ties everyone to everyone: a programme, a state, a place, an authority. A walk never
//! passes *through* a hub node, but may begin or end at one. An edge whose type ties to a hub by
//! nature (`registered_in`, `under_program` ...) is crossed only between the two ends of a walk,
//! or next to an end that is itself a hub. `through` lifts both rules.

use crate::graph::{Dir, Edge, Filter, Node, Stop, View};

/// How much a query may look at before it gives up and says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Nodes visited.
    pub nodes: usize,
    /// Edges looked at.
    pub edges: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { nodes: 20_000_000, edges: 100_000_000 }
    }
}

/// How to walk. The default goes both ways, as far as it takes, around hubs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WalkOptions {
    /// Which way edges are walked; a symmetric edge counts as stored.
    pub dir: Dir,
    /// Pass through hubs.
    pub through: bool,
    /// Longest walk, in steps; `None` sets no bound.
    pub max_hops: Option<u32>,
    /// Bounds of the work.
    pub budget: Budget,
}

impl WalkOptions {
    pub(super) fn hops(&self) -> u32 {
        self.max_hops.unwrap_or(u32::MAX)
    }
}

/// What a query has used of its budget.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spent<'v> {
    left: Budget,
    stop: &'v Stop,
    /// The budget ran out, or the question was stopped.
    pub(super) out: bool,
}

/// Edges between two looks at what may stop a question.
const LOOK: usize = 256;

impl<'v> Spent<'v> {
    pub(super) fn new(view: &'v View<'_>, budget: Budget) -> Spent<'v> {
        Spent { left: budget, stop: view.stop(), out: view.stop().is_set() }
    }

    /// Whether one more edge may be looked at.
    #[inline]
    pub(super) fn edge(&mut self) -> bool {
        self.out |= self.left.edges == 0 || (self.left.edges.is_multiple_of(LOOK) && self.stop.is_set());
        self.left.edges = self.left.edges.saturating_sub(1);
        !self.out
    }

    /// How many more edges may be looked at.
    pub(super) fn edges_left(&self) -> usize {
        self.left.edges
    }

    /// Whether so many more edges may be looked at. Where they may not, none is counted.
    #[inline]
    pub(super) fn edges(&mut self, count: usize) -> bool {
        self.out |= self.left.edges < count || self.stop.is_set();
        if !self.out {
            self.left.edges -= count;
        }
        !self.out
    }

    /// Takes work off the budget that no edge stands for; whether the search may go on.
    pub(super) fn work(&mut self, steps: usize) -> bool {
        self.out |= self.left.edges < steps || self.stop.is_set();
        self.left.edges = self.left.edges.saturating_sub(steps);
        !self.out
    }

    /// Whether one more node may be visited.
    #[inline]
    pub(super) fn node(&mut self) -> bool {
        self.out |= self.left.nodes == 0;
        self.left.nodes = self.left.nodes.saturating_sub(1);
        !self.out
    }
}

/// The other way round.
pub(super) fn flip(dir: Dir) -> Dir {
    match dir {
        Dir::Out => Dir::In,
        Dir::In => Dir::Out,
        Dir::Both => Dir::Both,
    }
}

/// The hub rule for walks between given ends.
pub(super) struct Rule<'v, 'g> {
    pub(super) view: &'v View<'g>,
    pub(super) through: bool,
    ends: Vec<Node>,
    hub_types: Vec<bool>,
}

impl<'v, 'g> Rule<'v, 'g> {
    pub(super) fn new(view: &'v View<'g>, through: bool, ends: &[Node]) -> Rule<'v, 'g> {
        let mut ends = ends.to_vec();
        ends.sort_unstable();
        ends.dedup();
        // Nobody asks for the types where all are crossed.
        let types = if through { &[] } else { view.graph().catalogue().edge_types() };
        let hub_types = types.iter().map(|t| t.hub).collect();
        Rule { view, through, ends, hub_types }
    }

    pub(super) fn is_end(&self, n: Node) -> bool {
        self.ends.binary_search(&n).is_ok()
    }

    #[inline]
    pub(super) fn hub(&self, n: Node) -> bool {
        self.view.graph().node_type(n).hub
    }

    #[inline]
    pub(super) fn hub_edge(&self, e: Edge) -> bool {
        let code = self.view.graph().edge_type_code(e);
        self.hub_types.get(usize::from(code)).copied().unwrap_or(false)
    }

    /// Whether a node may be on a walk: every node but a hub that is no end.
    #[inline]
    pub(super) fn passes(&self, n: Node) -> bool {
        self.through || !self.hub(n) || self.is_end(n)
    }

    /// Whether a walk may cross an edge between two nodes.
    #[inline]
    pub(super) fn crosses(&self, e: Edge, u: Node, v: Node) -> bool {
        if self.through || !self.hub_edge(e) {
            return true;
        }
        match (self.is_end(u), self.is_end(v)) {
            (true, true) => true,
            (true, false) => self.hub(u),
            (false, true) => self.hub(v),
            (false, false) => false,
        }
    }
}

/// What was searched, for the reader of an empty answer.
pub(super) fn searched(filter: &Filter, options: &WalkOptions) -> String {
    let mut parts: Vec<String> = Vec::new();
    match options.dir {
        Dir::Both => parts.push("edges walked both ways".into()),
        Dir::Out => parts.push("edges walked forward only".into()),
        Dir::In => parts.push("edges walked backward only".into()),
    }
    if let Some(n) = options.max_hops {
        parts.push(format!("at most {n} steps"));
    }
    if let Some(d) = filter.as_of {
        parts.push(format!("what held on {d}"));
    }
    if let Some(d) = filter.known_at {
        parts.push(format!("what was published by {d}"));
    }
    if !filter.sources.is_empty() {
        parts.push(format!("facts cited to {}", filter.sources.join(", ")));
    }
    if !filter.edge_types.is_empty() {
        parts.push(format!("edges of type {}", filter.edge_types.join(", ")));
    }
    parts.push(if options.through { "hubs passed through".into() } else { "no hub passed through".to_owned() });
    format!("searched: {}", parts.join("; "))
}

/// The note of a query that gave up.
pub(super) const GAVE_UP: &str = "the search was cut by its budget: what it did not find may still be there";
