//! Integration tests: one binary, one module a subject.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod bad_input;
mod bods;
mod budgets;
mod commands;
mod consolidation;
mod csl_cli;
#[cfg(unix)]
mod cut_files;
mod examples;
mod export_readers;
mod faults;
mod format_doc;
mod ftm;
mod fuzz_corpus;
mod fuzz_entries;
mod graphalytics;
#[cfg(unix)]
mod hostile_graphs;
#[cfg(unix)]
mod hostile_input;
#[cfg(unix)]
mod kills;
mod large;
mod layers;
mod lists_together;
mod names;
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
mod resolve;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod store;
mod stores;
mod support;
mod trouble;
#[cfg(feature = "fetch")]
mod update;
