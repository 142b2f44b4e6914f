//! Integration tests: one binary, one module a subject.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bad_input;
mod bods;
mod commands;
mod consolidation;
mod csl_cli;
mod examples;
mod export_readers;
mod faults;
mod format_doc;
mod ftm;
mod graphalytics;
mod large;
mod layers;
mod lists_together;
mod ofac_forms;
mod options;
mod ownership;
mod ownership_cli;
mod ownership_over;
mod ownership_what_if;
mod petgraph_view;
mod psc;
mod readme;
mod real_data;
mod store;
mod support;
mod trouble;
#[cfg(feature = "fetch")]
mod update;
