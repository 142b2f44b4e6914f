//! Questions to a graph. Every graph-valued answer is a network document.

mod all_paths;
mod answer;
mod between;
mod components;
mod k_paths;
mod meet;
mod neighbours;
#[cfg(test)]
mod part_tests;
mod path;
#[cfg(test)]
mod path_tests;
mod route;
mod scratch;
#[cfg(test)]
mod testing;
mod walk;

pub use all_paths::all_paths;
pub use answer::{Subgraph, answer, sources};
pub use between::{Between, between};
pub use components::{Components, components};
pub use k_paths::k_paths;
pub use neighbours::{NeighbourOptions, Neighbourhood, TypeCount, counts, neighbours};
pub use path::path;
pub use route::{Paths, Route};
pub use scratch::Scratch;
pub use walk::{Budget, WalkOptions};
