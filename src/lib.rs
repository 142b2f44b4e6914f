//! skeleton
pub mod error;
pub mod import;
pub mod model;
