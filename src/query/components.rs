//! Parts of the graph that nothing connects (weakly connected components).

use super::route::Show;
use crate::graph::{Dir, Node, View};
use serde_json::{Value, json};

/// The components of a view, largest first, equal ones by their first node.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Components {
    /// Component of each node, by node number.
    of: Vec<u32>,
    sizes: Vec<u32>,
    /// Hubs that stand alone because they do not join.
    pub hubs: usize,
}

impl Components {
    /// How many there are, nodes alone included.
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// Sizes, largest first.
    pub fn sizes(&self) -> &[u32] {
        &self.sizes
    }

    /// How many are a node alone.
    pub fn alone(&self) -> usize {
        self.sizes.len() - self.sizes.partition_point(|s| *s > 1)
    }

    /// The component of a node: a position in [`Components::sizes`].
    pub fn component_of(&self, n: Node) -> Option<usize> {
        self.of.get(n.0 as usize).map(|c| *c as usize)
    }

    /// The nodes of a component, by number.
    pub fn members(&self, component: usize) -> impl Iterator<Item = Node> + '_ {
        let is = move |c: &u32| *c as usize == component;
        self.of.iter().enumerate().filter(move |(_, c)| is(c)).map(|(n, _)| Node(n as u32))
    }

    /// The nodes of the largest component.
    pub fn largest(&self) -> impl Iterator<Item = Node> + '_ {
        self.members(0)
    }

    /// `{"count": n, "alone": n, "hubs_apart": n, "largest": size, "components": [{"size": n,
    /// "nodes": [ids, at most `members`]}, ...]}` with the `limit` largest, ids as the document
    /// shows them, sorted. `"truncated"` is true when either limit cut the list.
    pub fn result(&self, view: &View<'_>, limit: usize, members: usize) -> Value {
        let show = Show::new(view.graph());
        let shown = self.sizes.len().min(limit);
        let mut lists: Vec<Vec<String>> = vec![Vec::new(); shown];
        for (n, c) in self.of.iter().enumerate() {
            if let Some(list) = lists.get_mut(*c as usize)
                && list.len() < members
            {
                list.push(show.node(Node(n as u32)));
            }
        }
        let mut cut = shown < self.sizes.len();
        let mut components: Vec<Value> = Vec::with_capacity(shown);
        for (size, mut nodes) in self.sizes.iter().zip(lists) {
            cut |= nodes.len() < *size as usize;
            nodes.sort_unstable();
            components.push(json!({ "size": size, "nodes": nodes }));
        }
        json!({
            "count": self.count(), "alone": self.alone(), "hubs_apart": self.hubs,
            "largest": self.sizes.first().copied().unwrap_or(0), "components": components, "truncated": cut
        })
    }
}

/// The root of a node; paths are halved on the way.
fn root(parent: &mut [u32], mut n: u32) -> u32 {
    loop {
        let up = parent.get(n as usize).copied().unwrap_or(n);
        if up == n {
            return n;
        }
        let over = parent.get(up as usize).copied().unwrap_or(up);
        if let Some(p) = parent.get_mut(n as usize) {
            *p = over;
        }
        n = over;
    }
}

/// The components over all edges seen. Hub nodes, and edges that tie to hubs by nature, join
/// nothing unless `through` says so. When the view's [stop](View::stop) is set meanwhile, what
/// is returned is not whole: look at it afterwards.
pub fn components(view: &View<'_>, through: bool) -> Components {
    let graph = view.graph();
    let rule = super::walk::Rule::new(view, through, &[]);
    let nodes = graph.node_count();
    let joins: Vec<bool> = graph.nodes().map(|n| rule.passes(n)).collect();
    let joins = |n: Node| joins.get(n.0 as usize).copied().unwrap_or(false);
    let mut parent: Vec<u32> = (0..nodes as u32).collect();
    for n in graph.nodes().filter(|n| joins(*n)) {
        if view.stop().is_set() {
            break;
        }
        for l in view.links(n, Dir::Out) {
            if joins(l.other) && rule.crosses(l.edge, n, l.other) {
                let (a, b) = (root(&mut parent, n.0), root(&mut parent, l.other.0));
                // The lower number stays root, so that a component is known by its first node.
                if let Some(p) = parent.get_mut(a.max(b) as usize) {
                    *p = a.min(b);
                }
            }
        }
    }
    let roots: Vec<u32> = (0..nodes as u32).map(|n| root(&mut parent, n)).collect();
    let mut size = vec![0u32; nodes];
    for r in &roots {
        if let Some(s) = size.get_mut(*r as usize) {
            *s += 1;
        }
    }
    let mut order: Vec<(u32, u32)> = size.iter().zip(0u32..).filter(|(s, _)| **s > 0).map(|(s, r)| (*s, r)).collect();
    order.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    // From here on `size` holds the position of each root's component.
    for (at, (_, r)) in order.iter().enumerate() {
        if let Some(slot) = size.get_mut(*r as usize) {
            *slot = at as u32;
        }
    }
    let of = roots.iter().map(|r| size.get(*r as usize).copied().unwrap_or(0)).collect();
    let hubs = graph.nodes().filter(|n| !joins(*n)).count();
    Components { of, sizes: order.into_iter().map(|(s, _)| s).collect(), hubs }
}
