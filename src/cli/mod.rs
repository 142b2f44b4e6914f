//! The command line: flags to questions, answers to text, errors to exit codes.
//!
//! stdout carries data only; notes, warnings, progress and errors go to stderr. Commands write
//! to an [`io::Io`] and return an [`exit::Outcome`], so that `batch` can run many of them on one
//! open graph.

mod add;
mod answer;
mod args;
mod args_ask;
mod args_figures;
mod args_match;
mod args_own;
mod args_prove;
mod args_resolve;
#[cfg(feature = "serve")]
mod args_serve;
mod args_store;
#[cfg(feature = "fetch")]
mod args_update;
mod args_whatif;
mod args_whole;
mod batch;
mod between;
mod check_proof;
mod clock;
mod communities;
mod compact;
mod completions;
mod components;
mod consequences;
mod context;
mod decide;
mod deciding;
mod decisions;
mod diff;
mod distances;
mod dump;
mod edit;
mod exit;
mod export;
mod exposure;
mod figures;
mod free;
mod how;
mod import;
mod import_report;
mod io;
mod link;
mod matching;
mod neighbours;
mod note;
mod path;
mod plain;
mod progress;
mod prove;
mod rank;
mod releases;
mod render;
mod repair;
mod resolve;
mod retract;
mod review;
mod screen;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod show;
mod sources;
mod stats;
mod trace;
mod undo;
#[cfg(feature = "fetch")]
mod update;
mod verdict;
mod verdict_over;
mod verify;
mod watch;
mod what_if;
mod why;

use args::{Cli, Command};
use args_ask::Ask;
use clap::Parser;
use cuibono::error::Result;
use cuibono::graph::Graph;
use cuibono::query::Scratch;
use exit::Outcome;
use io::Io;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// Reads the command line, runs it, and turns the outcome into an exit code.
pub(crate) fn main() -> ExitCode {
    // Where it cannot be, a cut file ends the program by a signal instead of a message.
    cuibono::store::exit_when_cut().ok();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version are data; a pipe that was closed on them is no failure.
            let code = if e.use_stderr() { 2 } else { 0 };
            e.print().ok();
            return ExitCode::from(code);
        }
    };
    let stdout = std::io::stdout();
    let terminal = stdout.is_terminal();
    let mut out =
        std::io::BufWriter::with_capacity(64 * 1024, watch::Marking(plain::Plain::new(stdout.lock(), terminal)));
    let mut io = Io::new(&mut out, &cli.global, terminal);
    let done = run(&cli, &mut io);
    // What was written before an error is still an answer to its reader.
    let flushed = out.flush().map_err(io::write_error);
    let result = done.and_then(|o| flushed.map(|()| o));
    ExitCode::from(exit::code(&result, cli.global.colour_on_stderr()))
}

fn run(cli: &Cli, io: &mut Io<'_>) -> Result<Outcome> {
    let global = &cli.global;
    match &cli.command {
        Command::Import(a) => import::run(a, global, io),
        #[cfg(feature = "fetch")]
        Command::Update(a) => update::run(a, global, io),
        Command::Sources(a) => sources::run(a, global, io),
        Command::Verify => verify::run(global, io),
        Command::Repair => repair::run(global, io),
        Command::Compact => compact::run(global, io),
        Command::Dump => dump::run(global, io),
        Command::Add(a) => add::run(a, global, io),
        Command::Link(a) => link::run(a, global, io),
        Command::Note(a) => note::run(a, global, io),
        Command::Retract(a) => retract::run(a, global, io),
        Command::Decide(a) => decide::run(a, global, io),
        Command::Undo(a) => undo::run(a, global, io),
        Command::Resolve(a) => resolve::run(a, global, io),
        Command::Review(a) => review::run(a, global, io),
        Command::Decisions(a) => decisions::run(a, global, io),
        Command::Batch(a) => {
            let graph = context::open(global, io)?;
            batch::run(a, &graph, &watch::Watch::new(global, &graph.stop)?, io)
        }
        #[cfg(feature = "serve")]
        Command::Serve(a) => serve::run(a, global, io),
        Command::Completions(a) => completions::run(a, io),
        Command::Man => completions::man(io),
        // Names that stand for themselves need no store.
        Command::Ask(Ask::Match(a)) if a.bare() => matching::bare(a, io),
        Command::Ask(question) => {
            let graph = context::open(global, io)?;
            let watch = watch::Watch::new(global, &graph.stop)?;
            watch.over(|| ask(question, &graph, &mut Scratch::default(), io))
        }
    }
}

/// Answers one question to an open graph. `scratch` may serve many questions.
fn ask(question: &Ask, graph: &Graph, scratch: &mut Scratch, io: &mut Io<'_>) -> Result<Outcome> {
    match question {
        Ask::Search(a) => search::run(a, graph, io),
        Ask::Match(a) => matching::run(a, graph, io),
        Ask::Screen(a) => screen::run(a, graph, io),
        Ask::Show(a) => show::run(a, graph, io),
        Ask::Neighbours(a) => neighbours::run(a, graph, scratch, io),
        Ask::Path(a) => path::run(a, graph, scratch, io),
        Ask::Between(a) => between::run(a, graph, scratch, io),
        Ask::Trace(a) => trace::run(a, graph, io),
        Ask::Verdict(a) => verdict::run(a, graph, io),
        Ask::Prove(a) => prove::run(a, graph, io),
        Ask::CheckProof(a) => check_proof::run(a, graph, io),
        Ask::WhatIf(a) if a.free => free::run(a, graph, io),
        Ask::WhatIf(a) => what_if::run(a, graph, io),
        Ask::Exposure(a) => exposure::run(a, graph, io),
        Ask::Own(a) => figures::own(a, graph, io),
        Ask::Ubo(a) => figures::ubo(a, graph, io),
        Ask::Controls(a) => figures::controls(a, graph, io),
        Ask::CloseLinks(a) => figures::close_links(a, graph, io),
        Ask::Why(a) => why::run(a, graph, io),
        Ask::How(a) => how::run(a, graph, io),
        Ask::Diff(a) => diff::run(a, graph, io),
        Ask::Components(a) => components::run(a, graph, io),
        Ask::Communities(a) => communities::run(a, graph, io),
        Ask::Rank(a) => rank::run(a, graph, io),
        Ask::Distances(a) => distances::run(a, graph, io),
        Ask::Export(a) => export::run(a, graph, scratch, io),
        Ask::Stats(a) => stats::run(a, graph, io),
    }
}
