//! Resolution: which parties are the same.
//!
//! People, rules and other programs *decide* on pairs of parties: same, different or unsure. A
//! decision can be taken back and is never rewritten; the log of them is all that is kept. What
//! parties are one *entity*, by what id it goes, and what stands against a merge follows from the
//! log as it stands, or stood on a day.

mod fold;
#[cfg(test)]
mod fold_tests;
mod parties;

pub use fold::{Barrier, Bond, Fold, Renamed};

use crate::error::Result;
use crate::graph::{Clusters, DecidedAt, Graph};

/// Shows the parties of a graph as the entities that the decisions of its store make of them.
///
/// A store in which nothing was decided costs nothing.
pub fn apply(graph: &mut Graph, at: DecidedAt) -> Result<()> {
    graph.set_clusters(Clusters::default(), at);
    let Some(log) = graph.snapshot().map(crate::store::Snapshot::decisions) else { return Ok(()) };
    if log.is_empty() || at == DecidedAt::Never {
        return Ok(());
    }
    let fold = Fold::of(log, at)?;
    let clusters = Clusters::of(graph, fold.entities());
    graph.set_clusters(clusters, at);
    Ok(())
}
