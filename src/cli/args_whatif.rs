//! Flags of `what-if` and `exposure`.

use super::args::Output;
use super::args_own::{Ground, Law};
use clap::Args;

/// Flags of `what-if`.
#[derive(Debug, Args)]
#[command(after_help = "\
The store stays as it is. SHARE is 50, 100/3, \">25 to 50\" or unknown, in percent. EDGE is the id of a
relation; where several sources share one id, all are meant. Exit code 1 when nothing flips.

Examples:
  cuibono what-if --list \"Sergei Kozlov\" --regime eu
  cuibono --from holding.json what-if karrow --set e08=41 --as-of 2023-09-01
  cuibono --from holding.json what-if --add \"pell>karrow=>25 to 50\" --remove e09 --json
  cuibono --from holding.json what-if karrow --free --regime ofac")]
pub(crate) struct WhatIfArgs {
    /// Ids or names: these, flipped or not [default: every party that flips]
    #[arg(value_name = "ENTITY")]
    pub(crate) entities: Vec<String>,
    /// Suppose a party on every list
    #[arg(long, value_name = "ID", help_heading = "What is supposed")]
    pub(crate) list: Vec<String>,
    /// Suppose a party on no list
    #[arg(long, value_name = "ID", help_heading = "What is supposed")]
    pub(crate) delist: Vec<String>,
    /// Suppose another share of a recorded stake
    #[arg(long, value_name = "EDGE=SHARE", help_heading = "What is supposed")]
    pub(crate) set: Vec<String>,
    /// Suppose one more stake
    #[arg(long, value_name = "HOLDER>TARGET=SHARE", help_heading = "What is supposed")]
    pub(crate) add: Vec<String>,
    /// The stakes of --add are votes, not shares
    #[arg(long, requires = "add", help_heading = "What is supposed")]
    pub(crate) votes: bool,
    /// Suppose a recorded relation gone
    #[arg(long, value_name = "EDGE", help_heading = "What is supposed")]
    pub(crate) remove: Vec<String>,
    /// The fewest stakes and ties whose sale would free the party, under one regime
    #[arg(long, requires = "entities")]
    pub(crate) free: bool,
    /// With --free: search exactly up to this many sales
    #[arg(long, value_name = "N", default_value_t = 12, requires = "free")]
    pub(crate) limit_size: usize,
    /// At most this many rows
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) law: Law,
    #[command(flatten)]
    pub(crate) ground: Ground,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `exposure`.
#[derive(Debug, Args)]
#[command(after_help = "\
Stakes of listed or blocked parties below the line, control and leadership that a rule does not count,
ambiguous ties, stakes that reach the line only across lists, and who stands further behind. For regimes
without a line in numbers (au) every stake and tie. A flag marks 10 percent or more, and every tie.

Examples:
  cuibono exposure \"Karrow Steel Works\" --regime ofac,au --as-of 2023-09-01
  cuibono --from holding.json exposure --all --regime uk --json")]
pub(crate) struct ExposureArgs {
    /// Ids or names
    #[arg(value_name = "ENTITY", required_unless_present = "all")]
    pub(crate) entities: Vec<String>,
    /// Every party
    #[arg(long, conflicts_with = "entities")]
    pub(crate) all: bool,
    /// At most this many rows
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) law: Law,
    #[command(flatten)]
    pub(crate) ground: Ground,
    #[command(flatten)]
    pub(crate) output: Output,
}
