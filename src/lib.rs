//! skeleton
pub mod codec;
pub mod error;
pub mod export;
pub mod graph;
pub mod import;
pub mod model;
pub mod query;
pub mod store;
