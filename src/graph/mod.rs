//! The graph of a store: the mapped index, what a view of it shows, and petgraph's traits.
//!
//! A [`Graph`] stacks one or more layers: the index of the store, the edits not yet folded into
//! it, and documents laid over it with `--from`. Nodes and edges are numbered through all
//! layers; the numbers may change whenever an index is built, so nothing stores them.

mod bits;
mod build;
mod clusters;
mod column;
mod date_codes;
mod early;
mod edge_row;
mod flat;
mod gather;
mod index;
mod intern;
#[cfg(feature = "serve")]
mod kept;
mod layer;
mod layout;
mod list_sources;
mod literal;
mod lookup;
mod maintain;
mod name_index;
mod name_table;
mod names;
mod naming;
mod oddities;
mod options;
mod pack;
mod petgraph;
mod profile;
mod prov;
mod shown;
mod steps;
mod stop;
#[cfg(feature = "serve")]
mod told;
mod two;
mod view;
mod write;

pub use self::petgraph::{Arc, Visited, Walk};
pub(crate) use bits::Bits;
pub use build::{Built, DECISIONS_PART, Resolution, SOURCES_PART, TYPES_PART};
pub use clusters::{Clusters, DecidedAt, Entity};
pub(crate) use early::EarlyIndex;
pub(crate) use flat::{Degrees, Flat, Halves, Rows};
pub use index::Meta;
#[cfg(feature = "serve")]
pub(crate) use kept::{locked, wait_for};
pub use layer::{Dir, Edge, Graph, Node};
pub use lookup::{Hit, Match};
pub(crate) use maintain::finish_index;
pub use maintain::{build_index, catalogue_of, compact, repair, verify};
pub use names::{NameKind, normalise, words};
pub use oddities::{Oddities, Oddity};
pub use options::NodeOptions;
pub use profile::NameHit;
pub use prov::{Known, Prov};
pub use steps::Held;
pub use stop::{Stop, Why};
pub(crate) use two::on_two;
pub(crate) use view::SeenListing;
pub use view::{Filter, Link, NodeListing, View};
