//! skeleton
pub mod error;
pub mod export;
pub mod import;
pub mod model;
