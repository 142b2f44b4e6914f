//! petgraph's traits on a [`View`], so that its algorithms run straight on a store.
//!
//! Direction is the edge's own; a symmetric edge counts as stored. Node numbers are dense
//! (`NodeCompactIndexable`; parties of an entity that another stands for are nodes without edges,
//! see `Clusters`), edge numbers are those of the graph and may have gaps where the
//! filter hides some.

use super::layer::{Dir, Edge, Graph, Node};
use super::view::View;
use petgraph::Direction;
use petgraph::visit::{
    Data, EdgeCount, EdgeIndexable, EdgeRef, GraphBase, GraphProp, IntoEdgeReferences, IntoEdges, IntoEdgesDirected,
    IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, IntoNodeReferences, NodeCompactIndexable, NodeCount,
    NodeIndexable, VisitMap, Visitable,
};
use petgraph::{Directed, data::DataMap};

/// An edge with its ends, as petgraph sees it. Its weight is the edge itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc {
    edge: Edge,
    source: Node,
    target: Node,
    weight: &'static (),
}

impl EdgeRef for Arc {
    type NodeId = Node;
    type EdgeId = Edge;
    type Weight = ();

    fn source(&self) -> Node {
        self.source
    }

    fn target(&self) -> Node {
        self.target
    }

    fn weight(&self) -> &() {
        self.weight
    }

    fn id(&self) -> Edge {
        self.edge
    }
}

fn arc(edge: Edge, source: Node, target: Node) -> Arc {
    Arc { edge, source, target, weight: &() }
}

/// Which nodes were visited: one bit each.
#[derive(Debug, Clone, Default)]
pub struct Visited(Vec<u64>);

impl VisitMap<Node> for Visited {
    fn visit(&mut self, n: Node) -> bool {
        let bit = 1u64 << (n.0 % 64);
        match self.0.get_mut(n.0 as usize / 64) {
            Some(w) if *w & bit == 0 => {
                *w |= bit;
                true
            }
            _ => false,
        }
    }

    fn is_visited(&self, n: &Node) -> bool {
        self.0.get(n.0 as usize / 64).is_some_and(|w| w >> (n.0 % 64) & 1 == 1)
    }

    fn unvisit(&mut self, n: Node) -> bool {
        let was = self.is_visited(&n);
        if let Some(w) = self.0.get_mut(n.0 as usize / 64) {
            *w &= !(1u64 << (n.0 % 64));
        }
        was
    }
}

impl GraphBase for View<'_> {
    type NodeId = Node;
    type EdgeId = Edge;
}

impl GraphProp for View<'_> {
    type EdgeType = Directed;
}

impl Data for View<'_> {
    type NodeWeight = ();
    type EdgeWeight = ();
}

impl DataMap for View<'_> {
    fn node_weight(&self, n: Node) -> Option<&()> {
        ((n.0 as usize) < Graph::node_count(self.graph())).then_some(&())
    }

    fn edge_weight(&self, e: Edge) -> Option<&()> {
        self.sees(e).then_some(&())
    }
}

impl NodeCount for View<'_> {
    fn node_count(&self) -> usize {
        Graph::node_count(self.graph())
    }
}

impl EdgeCount for View<'_> {
    fn edge_count(&self) -> usize {
        self.edges().count()
    }
}

impl NodeIndexable for View<'_> {
    fn node_bound(&self) -> usize {
        Graph::node_count(self.graph())
    }

    fn to_index(&self, n: Node) -> usize {
        n.0 as usize
    }

    fn from_index(&self, i: usize) -> Node {
        Node(i as u32)
    }
}

impl NodeCompactIndexable for View<'_> {}

impl EdgeIndexable for View<'_> {
    fn edge_bound(&self) -> usize {
        Graph::edge_count(self.graph())
    }

    fn to_index(&self, e: Edge) -> usize {
        e.0 as usize
    }

    fn from_index(&self, i: usize) -> Edge {
        Edge(i as u32)
    }
}

impl Visitable for View<'_> {
    type Map = Visited;

    fn visit_map(&self) -> Visited {
        Visited(vec![0; Graph::node_count(self.graph()).div_ceil(64)])
    }

    fn reset_map(&self, map: &mut Visited) {
        map.0.clear();
        map.0.resize(Graph::node_count(self.graph()).div_ceil(64), 0);
    }
}

/// A boxed walk; petgraph's traits name the type of an iterator, and ours is a composition.
pub type Walk<'a, T> = Box<dyn Iterator<Item = T> + 'a>;

fn dir(d: Direction) -> Dir {
    match d {
        Direction::Outgoing => Dir::Out,
        Direction::Incoming => Dir::In,
    }
}

impl<'a> IntoNeighbors for &'a View<'_> {
    type Neighbors = Walk<'a, Node>;

    fn neighbors(self, n: Node) -> Self::Neighbors {
        Box::new(self.links(n, Dir::Out).map(|l| l.other))
    }
}

impl<'a> IntoNeighborsDirected for &'a View<'_> {
    type NeighborsDirected = Walk<'a, Node>;

    fn neighbors_directed(self, n: Node, d: Direction) -> Self::NeighborsDirected {
        Box::new(self.links(n, dir(d)).map(|l| l.other))
    }
}

impl<'a> IntoEdgeReferences for &'a View<'_> {
    type EdgeRef = Arc;
    type EdgeReferences = Walk<'a, Arc>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.edges().map(|(e, a, b)| arc(e, a, b)))
    }
}

impl<'a> IntoEdges for &'a View<'_> {
    type Edges = Walk<'a, Arc>;

    fn edges(self, n: Node) -> Self::Edges {
        Box::new(self.links(n, Dir::Out).map(move |l| arc(l.edge, n, l.other)))
    }
}

impl<'a> IntoEdgesDirected for &'a View<'_> {
    type EdgesDirected = Walk<'a, Arc>;

    /// As petgraph does for its own graphs, `source` is always the edge's subject.
    fn edges_directed(self, n: Node, d: Direction) -> Self::EdgesDirected {
        Box::new(
            self.links(n, dir(d))
                .map(move |l| if l.outgoing { arc(l.edge, n, l.other) } else { arc(l.edge, l.other, n) }),
        )
    }
}

impl<'a> IntoNodeIdentifiers for &'a View<'_> {
    type NodeIdentifiers = Walk<'a, Node>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        Box::new(self.graph().nodes())
    }
}

impl<'a> IntoNodeReferences for &'a View<'_> {
    type NodeRef = (Node, &'a ());
    type NodeReferences = Walk<'a, (Node, &'a ())>;

    fn node_references(self) -> Self::NodeReferences {
        Box::new(self.graph().nodes().map(|n| (n, &())))
    }
}
