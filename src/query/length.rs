//! How far apart two nodes are, and over how many shortest paths, without making the paths.

use super::path::search;
use super::scratch::Scratch;
use super::walk::{Spent, WalkOptions};
use crate::graph::{Node, View};

/// How far apart two nodes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Length {
    /// Steps of the shortest path; `None` when there is none, or none was found.
    pub steps: Option<u32>,
    /// The budget ran out: what was not found may still be there.
    pub truncated: bool,
}

/// Steps between two nodes, as [`path`](super::path()) finds them. Cheaper than the path: the
/// search ends where its two sides first meet.
pub fn path_length(view: &View<'_>, from: Node, to: Node, options: &WalkOptions, scratch: &mut Scratch) -> Length {
    let mut spent = Spent::new(view, options.budget);
    let steps = search(view, from, to, options, |s| s.length(&[from], &[to], &mut spent, scratch));
    Length { steps, truncated: spent.out }
}

/// Steps between two nodes and the number of shortest paths, as sequences of nodes (parallel edges
/// count once), `u64::MAX` for that many or more. The paths are not made: there may be very many.
pub fn path_count(
    view: &View<'_>,
    from: Node,
    to: Node,
    options: &WalkOptions,
    scratch: &mut Scratch,
) -> (Length, u64) {
    let mut spent = Spent::new(view, options.budget);
    let dag = search(view, from, to, options, |s| s.run(&[from], &[to], &mut spent, scratch));
    let length = Length { steps: dag.as_ref().map(|d| d.length()), truncated: spent.out };
    (length, dag.map_or(0, |d| d.count()))
}
