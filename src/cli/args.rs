//! The flags that every command shares, and the list of commands.

use super::args_ask::Ask;
use super::args_store::{AddArgs, ImportArgs, LinkArgs, NoteArgs, RetractArgs, SourcesArgs};
use clap::{Args, Parser, Subcommand, ValueEnum};
use cuibono::error::{Error, Result};
use cuibono::graph::DecidedAt;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::LazyLock;

/// Where the store is when nothing names it.
const DEFAULT_STORE: &str = "./cuibono.store";

/// `--version`: the program's, and that of the store format.
fn version() -> &'static str {
    static TEXT: LazyLock<String> =
        LazyLock::new(|| format!("{} (store format {})", env!("CARGO_PKG_VERSION"), cuibono::store::FORMAT));
    &TEXT
}

/// Who stands behind whom: a knowledge-graph store for sanctions and ownership networks.
#[derive(Debug, Parser)]
#[command(
    name = "cuibono",
    version = version(),
    about,
    max_term_width = 100,
    subcommand_precedence_over_arg = true,
    after_help = "\
Exit codes: 0 found or done, 1 nothing found, 2 usage or bad input, 3 damaged store,
4 stopped by its budget before there was an answer, 75 busy.

Examples:
  cuibono import sdn.csv add.csv alt.csv sdn_comments.csv
  cuibono show \"Intellekt LLC\" --as-of 2023-09-01
  cuibono --from network.json search kozlov
  cuibono export \"Sergei Kozlov\" --hops 2 --format graphml -o kozlov.graphml"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct Global {
    /// The store, a folder [env: CUIBONO_STORE] [default: ./cuibono.store]
    #[arg(long, global = true, value_name = "PATH")]
    store: Option<PathBuf>,
    /// Ask these files directly; together with --store, lay them over it
    #[arg(long, global = true, value_name = "FILE", num_args = 1..)]
    pub(crate) from: Vec<PathBuf>,
    /// Take parties for the same by what was decided up to a day; `none`: each stands for itself
    #[arg(long, global = true, value_name = "DATE|none")]
    pub(crate) decided_at: Option<String>,
    /// Print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Colour of messages
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: When,
    /// No notes and no progress on stderr; errors still show
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Stop a question after so long; its answer is cut, or there is none [default: 300]
    #[arg(long, global = true, value_name = "SECONDS", hide_short_help = true)]
    pub(crate) max_time: Option<f64>,
    /// Stop a question that takes more memory [default: three quarters of what is free; Linux]
    #[arg(long, global = true, value_name = "MIB", hide_short_help = true)]
    pub(crate) max_memory: Option<u64>,
}

/// The time that a flag `--decided-at` names.
pub(crate) fn decided_at(text: Option<&str>) -> Result<DecidedAt> {
    text.map_or(Ok(DecidedAt::Now), DecidedAt::parse)
        .map_err(|e| Error::usage(format!("--decided-at: {}", e.message())).hint("give a date, or none"))
}

impl Global {
    /// The store named by flag, else by the environment, else the default.
    pub(crate) fn store(&self) -> PathBuf {
        self.store
            .clone()
            .or_else(|| std::env::var_os("CUIBONO_STORE").filter(|v| !v.is_empty()).map(PathBuf::from))
            .unwrap_or_else(|| PathBuf::from(DEFAULT_STORE))
    }

    /// Whether the flag itself was given: then `--from` lies over the store.
    pub(crate) fn names_store(&self) -> bool {
        self.store.is_some()
    }

    /// Whether messages on stderr are coloured.
    pub(crate) fn colour_on_stderr(&self) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty() && v != "0");
        match self.color {
            When::Always => true,
            When::Never => false,
            When::Auto if set("NO_COLOR") => false,
            When::Auto => set("CLICOLOR_FORCE") || std::io::stderr().is_terminal(),
        }
    }
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// Aligned columns
    Table,
    /// One JSON value
    Json,
    /// One JSON value per line
    Jsonl,
    /// Comma-separated values
    Csv,
    /// Tab-separated values (what a pipe gets by default)
    Tsv,
}

/// The form of an answer.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Output {
    /// How to print the answer [default: table on a terminal, else tsv]
    #[arg(long, value_enum, value_name = "FORM", conflicts_with = "json")]
    pub(crate) format: Option<Form>,
}

/// What there is to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read lists, registers, networks and tables into the store
    Import(ImportArgs),
    /// Fetch publishers' current lists, import them, and say what changed
    #[cfg(feature = "fetch")]
    Update(super::args_update::UpdateArgs),
    /// List the sources in the store, with their releases
    Sources(SourcesArgs),
    #[command(flatten)]
    Ask(Ask),
    /// Answer many questions in one process
    #[command(after_help = "\
Each line of FILE is one question, each line of output its answer:
  {\"id\": 1, \"command\": \"search\", \"args\": [\"kozlov\"], \"options\": {\"limit\": 5}}
  {\"id\": 1, \"code\": 0, \"answer\": {...}}   or   {\"id\": 1, \"code\": 2, \"error\": \"...\"}

Example:
  cuibono batch questions.jsonl > answers.jsonl")]
    Batch(super::args_ask::BatchArgs),
    /// Open the explorer and the API on loopback
    #[cfg(feature = "serve")]
    Serve(super::args_serve::ServeArgs),
    /// State an own fact: a party that no list has
    Add(AddArgs),
    /// State an own fact: a relation between two parties
    Link(LinkArgs),
    /// State an own fact: a remark on a party
    Note(NoteArgs),
    /// Take back an own fact
    Retract(RetractArgs),
    /// Decide whether two parties are the same
    Decide(super::args_resolve::DecideArgs),
    /// Take back a decision, after a look at what that changes
    Undo(super::args_resolve::UndoArgs),
    /// Merge parties that strict rules find to be the same
    Resolve(super::args_resolve::ResolveArgs),
    /// Decide on pairs that may be the same, what matters most first
    Review(super::args_resolve::ReviewArgs),
    /// List the decisions; exchange them with nomenklatura
    Decisions(super::args_resolve::DecisionsArgs),
    /// Check every byte, record and number of the store (exit 3 when something is wrong)
    #[command(after_help = "Example:\n  cuibono verify --store case.store")]
    Verify,
    /// Go back to the last sound state of a damaged store, and say what is lost
    #[command(after_help = "Example:\n  cuibono repair --store case.store")]
    Repair,
    /// Merge files, fold own facts into the index, remove what nothing refers to
    #[command(after_help = "Example:\n  cuibono compact --store case.store")]
    Compact,
    /// Print everything as JSON lines, the same for equal stores; `import` reads it back
    #[command(
        after_help = "Example:\n  cuibono dump --store case.store > case.dump.jsonl\n  cuibono import case.dump.jsonl --store copy.store"
    )]
    Dump,
    /// Print a completion script for a shell
    #[command(after_help = "Example:\n  cuibono completions bash > ~/.local/share/bash-completion/completions/cuibono")]
    Completions(CompletionsArgs),
    /// Print the manual page
    #[command(after_help = "Example:\n  cuibono man | man -l -")]
    Man,
}

/// Which shell.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn flags_do_not_collide() {
        let command = super::Cli::command();
        // A flag of a command under the name of a global one would be read as that one.
        let shared: Vec<&str> = command.get_arguments().map(|a| a.get_id().as_str()).collect();
        assert!(shared.contains(&"from"));
        for c in command.get_subcommands() {
            for a in c.get_arguments() {
                assert!(!shared.contains(&a.get_id().as_str()), "{} {}", c.get_name(), a.get_id());
            }
        }
        command.debug_assert();
    }
}
