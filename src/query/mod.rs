//! Questions to a graph. Every graph-valued answer is a network document.

mod answer;

pub use answer::{Subgraph, answer, sources};
