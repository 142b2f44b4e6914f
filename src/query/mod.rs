//! Questions to a graph. Every graph-valued answer is a network document.

mod answer;
mod cites;
mod diff;
mod diff_fields;
#[cfg(test)]
mod diff_tests;
mod links;
mod release_state;
mod show;
mod stats;
mod trace;
#[cfg(test)]
mod trace_tests;
mod trace_text;
mod tree;
mod words;

pub use answer::{Subgraph, answer, sources};
pub use cites::Cites;
pub use diff::{ChangedEdge, ChangedParty, Diff, DiffEdge, DiffParty, EdgeDiff, OtherParties, diff};
pub use diff_fields::FieldChange;
pub use links::{LinkGroup, link_groups};
pub use show::{Shown, ShownEdge, show, show_edge};
pub use stats::{ListStats, ReleaseStats, SourceStats, Stats, stats};
pub use trace::{Trace, TraceDirection, TraceMark, TraceOptions, TraceRow, trace};
pub use tree::{TreeLine, tree_lines};
pub use words::{clean_text, edge_words, listing_words, phrase, share_words};
