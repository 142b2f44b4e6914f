//! Integration tests: one binary, one module a subject.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bad_input;
mod bods;
mod commands;
mod examples;
mod export_readers;
mod faults;
mod format_doc;
mod large;
mod layers;
mod options;
mod ownership;
mod ownership_cli;
mod ownership_over;
mod ownership_what_if;
mod petgraph_view;
mod readme;
mod real_data;
mod store;
mod support;
