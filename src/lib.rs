//! skeleton
pub mod codec;
pub mod error;
pub mod graph;
pub mod import;
pub mod model;
pub mod store;
