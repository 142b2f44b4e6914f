//! Flags of `prove` and `check-proof`.

use super::args::Output;
use super::args_own::{Ground, Law};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// Flags of `prove`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cuibono --from holding.json prove north --regime ofac
  cuibono --from holding.json prove north --regime uk --style markdown > north.md
  cuibono --from holding.json prove north --json > north.json && cuibono --from holding.json check-proof north.json
  cuibono --from holding.json prove north --graph svg -o north.svg
  cuibono --from holding.json prove north --graph html -o north.html")]
pub(crate) struct ProveArgs {
    /// An id or a name
    #[arg(value_name = "ENTITY")]
    pub(crate) entity: String,
    /// As text, or as Markdown for a report
    #[arg(long, value_enum, value_name = "STYLE", default_value = "text")]
    pub(crate) style: Style,
    /// The parties and edges of the proof as a graph: svg, html (a page with the
    /// arithmetic of every verdict), document, or any format of `export` with one file
    #[arg(long, value_name = "FORMAT")]
    pub(crate) graph: Option<String>,
    /// The file for --graph; `-` is standard output
    #[arg(long, short, value_name = "FILE", default_value = "-", requires = "graph")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) law: Law,
    #[command(flatten)]
    pub(crate) ground: Ground,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// How a proof is written for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Style {
    /// Plain text
    Text,
    /// Markdown
    Markdown,
}

/// Flags of `check-proof`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes: 0 every proof holds, 1 one does not.

Example:
  cuibono --from holding.json check-proof north.json")]
pub(crate) struct CheckArgs {
    /// Proofs as `prove --json` wrote them; `-` is standard input
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Files of rules that add to those compiled in, or replace them regime by regime
    #[arg(long = "rules", value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: Output,
}
