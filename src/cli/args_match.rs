//! Flags of `match`.

use super::args::Output;
use super::args_ask::Seen;
use clap::Args;
use std::path::PathBuf;

/// Flags of `match`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cuibono match ofac:37621 \"Sergei Kozlov\"
  cuibono match --names \"S. M. Kozlov\" \"Козлов Сергей Михайлович\" --type person
  cuibono match --names \"Intellekt OOO\" \"Intellekt LLC\" --id INN:7701080141 --id INN:7701080141
  cuibono match --pairs pairs.jsonl > scores.jsonl

A line of PAIRS is {\"id\", \"left\", \"right\"}, a side being {\"name\", \"aliases\", \"type\", \"dob\", \"country\", \"ids\"};
for each comes {\"id\", \"score\", \"band\", \"evidence\"}, in the same order. Exit 1: the two are held to be different.")]
pub(crate) struct MatchArgs {
    /// Two parties of the store, by id or name; two names with --names
    #[arg(value_names = ["A", "B"], num_args = 2, required_unless_present = "pairs", conflicts_with = "pairs")]
    pub(crate) sides: Vec<String>,
    /// A and B are names as they stand, no store is needed
    #[arg(long, conflicts_with = "pairs")]
    pub(crate) names: bool,
    /// Compare the pairs of a file of JSON lines, - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) pairs: Option<PathBuf>,
    /// With --names: person, org, vessel or aircraft
    #[arg(long = "type", value_name = "TYPE", requires = "names")]
    pub(crate) kind: Option<String>,
    /// With --names: a date of birth of A; given again, of B (several of one party set apart by ;)
    #[arg(long, value_name = "DATE", requires = "names")]
    pub(crate) birth: Vec<String>,
    /// With --names: a country of A; given again, of B
    #[arg(long, value_name = "COUNTRY", requires = "names")]
    pub(crate) country: Vec<String>,
    /// With --names: an identifier of A; given again, of B
    #[arg(long, value_name = "SCHEME:VALUE", requires = "names")]
    pub(crate) id: Vec<String>,
    #[command(flatten)]
    pub(crate) seen: Seen,
    #[command(flatten)]
    pub(crate) output: Output,
}

impl MatchArgs {
    /// Whether the question needs no store.
    pub(crate) fn bare(&self) -> bool {
        self.names || self.pairs.is_some()
    }
}
