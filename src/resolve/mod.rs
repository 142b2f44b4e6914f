//! Resolution: which parties are the same.
//!
//! People, rules and other programs *decide* on pairs of parties: same, different or unsure. A
//! decision can be taken back and is never rewritten; the log of them is all that is kept. What
//! parties are one *entity*, by what id it goes, and what stands against a merge follows from the
//! log as it stands, or stood on a day.

mod by_name;
mod evidence;
mod explain;
mod fold;
#[cfg(test)]
mod fold_tests;
mod nomenklatura;
mod parties;
mod preview;
mod schemes;
mod suggest;

pub use by_name::{ByName, Scope, by_name, to_look_up};
pub use evidence::{Evidence, evidence};
pub use explain::{How, Told, Why, admit, barrier_words, chain_words, evidence_lines, how, signed, why};
pub use fold::{Barrier, Bond, Fold, Renamed};

pub use nomenklatura::{Judged, Taken, read as read_resolver, write as write_resolver};
pub use preview::{MovedEdge, MovedVerdict, Preview, preview};
pub use schemes::{Identifier, identifiers};
pub use suggest::{RULES, Suggested, Suggestion, entry_id, from_entry_id, suggest};

use crate::error::Result;
use crate::graph::{Clusters, DecidedAt, Graph};

/// The same graph as the decisions up to another time make it; nothing is read again but them.
pub fn decided_at(graph: &Graph, at: DecidedAt) -> Result<Graph> {
    let mut again = graph.again();
    apply(&mut again, at)?;
    Ok(again)
}

/// The same graph by the entities of a fold.
pub fn folded(graph: &Graph, fold: &Fold) -> Graph {
    let mut again = graph.again();
    let clusters = Clusters::of(&again, fold.entities());
    again.set_clusters(clusters, DecidedAt::Now);
    again
}

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
