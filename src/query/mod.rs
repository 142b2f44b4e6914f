//! Questions to a graph. Every graph-valued answer is a network document.

mod all_paths;
mod answer;
mod between;
mod cites;
mod clustering;
mod communities;
mod components;
mod diff;
mod diff_fields;
#[cfg(test)]
mod diff_tests;
mod distances;
mod find;
mod k_paths;
mod length;
mod links;
mod meet;
mod neighbours;
#[cfg(test)]
mod part_tests;
mod parts;
mod path;
#[cfg(test)]
mod path_tests;
mod rank;
mod reach;
#[cfg(test)]
mod reach_tests;
mod release_state;
mod route;
mod scratch;
mod show;
mod stats;
#[cfg(test)]
pub(crate) mod testing;
mod trace;
#[cfg(test)]
mod trace_tests;
mod trace_text;
mod tree;
mod walk;
mod weighted;
mod whole;
#[cfg(test)]
mod whole_tests;
mod words;

pub use all_paths::all_paths;
pub use answer::{Subgraph, answer, sources, whole_answer};
pub use between::{Between, between};
pub use cites::Cites;
pub use clustering::{Clustering, clustering};
pub use communities::{Communities, CommunityOptions, communities};
pub use components::{Components, components};
pub use diff::{ChangedEdge, ChangedParty, Diff, DiffEdge, DiffParty, EdgeDiff, OtherParties, diff};
pub use diff_fields::FieldChange;
pub use distances::{DistanceOptions, Distances, distances};
pub use find::{Finder, Found, Ready, TextRank, Wanted, by_identifier, on_both, text_rank};
pub use k_paths::k_paths;
pub use length::{Length, path_count, path_length};
pub use links::{LinkGroup, link_groups};
pub use neighbours::{NeighbourOptions, Neighbourhood, TypeCount, counts, neighbours};
pub use path::path;
pub use rank::{RankOptions, Ranks, rank};
pub use reach::{Reached, reach};
pub use route::{Paths, Route};
pub use scratch::Scratch;
pub use show::{Shown, ShownEdge, show, show_edge};
pub use stats::{ListStats, ReleaseStats, SourceStats, Stats, stats};
pub use trace::{Trace, TraceDirection, TraceMark, TraceOptions, TraceRow, trace};
pub use tree::{TreeLine, tree_lines};
pub use walk::{Budget, WalkOptions};
pub use weighted::{WeightOptions, Weighted, weighted_distances};
pub use words::{clean_text, edge_words, listing_words, phrase, quoted, share_words};
