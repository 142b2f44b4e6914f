//! Flags of questions about the whole graph.

use super::args::Output;
use super::args_ask::{Filters, Walk, Way};
use clap::Args;

/// Flags of `rank`.
#[derive(Debug, Args)]
#[command(after_help = "\
The rank of a party (PageRank) is the chance to stand on it when one walks at random over the relations.
It says where to look first; no verdict rests on it. Hubs stand alone unless --through lets them take part.

Examples:
  cuibono rank --limit 10
  cuibono rank --type owns --direction in --as-of 2023-09-01 --json")]
pub(crate) struct RankArgs {
    /// At most this many, highest first
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Rounds of the computation
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) iterations: u32,
    /// Share of its rank that a party hands on over its relations, 0 to 1
    #[arg(long, value_name = "X", default_value_t = 0.85)]
    pub(crate) damping: f64,
    /// Stop early when a round changes all ranks by less than this in sum
    #[arg(long, value_name = "X")]
    pub(crate) tolerance: Option<f64>,
    /// Rank flows from subject to object, from object to subject, or both ways
    #[arg(long, value_enum, value_name = "WAY", default_value = "out")]
    pub(crate) direction: Way,
    /// Hubs take part, too: states, programmes, authorities, designations
    #[arg(long)]
    pub(crate) through: bool,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `communities`.
#[derive(Debug, Args)]
#[command(after_help = "\
Found by spreading labels: in each round every party takes the label that most of its neighbours have.

Examples:
  cuibono communities --limit 10
  cuibono communities --type owns,directs --members 1000 --json")]
pub(crate) struct CommunitiesArgs {
    /// At most this many, largest first
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// At most this many parties of each
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) members: usize,
    /// Rounds, at most
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) iterations: u32,
    /// Hubs take part, too: states, programmes, authorities, designations
    #[arg(long)]
    pub(crate) through: bool,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `distances`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cuibono distances \"Sergei Kozlov\" --max-hops 3
  cuibono distances ofac:36217 --direction in --type owns --json
  cuibono distances \"Harbour Bank\" --weight value")]
pub(crate) struct DistancesArgs {
    /// Id or name
    pub(crate) entity: String,
    /// At most this many parties, nearest first
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) limit: usize,
    /// Farthest that is looked, in relations
    #[arg(long, value_name = "N", conflicts_with = "weight")]
    pub(crate) max_hops: Option<u32>,
    /// Measure by this property of relations, a number of 0 or more; those without it are not walked
    #[arg(long, value_name = "PROPERTY")]
    pub(crate) weight: Option<String>,
    #[command(flatten)]
    pub(crate) walk: Walk,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: Output,
}
