//! Integration tests: one binary, one module a subject.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod commands;
mod export_readers;
mod format_doc;
mod large;
mod layers;
mod readme;
mod real_data;
mod store;
mod support;
