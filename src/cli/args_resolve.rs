//! Flags of the commands about which parties are the same.

use super::args::Output;
use super::args_own::Law;
use super::args_store::Actor;
use clap::{ArgGroup, Args};
use cuibono::model::Ruling;
use std::path::PathBuf;

/// What is decided.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("ruling").required(true).multiple(false)))]
pub(crate) struct RulingArgs {
    /// Both are the same party
    #[arg(long, group = "ruling")]
    same: bool,
    /// They are not the same, and nothing may make them so
    #[arg(long, group = "ruling")]
    different: bool,
    /// Not settled: no rule may merge them
    #[arg(long, group = "ruling")]
    unsure: bool,
}

impl RulingArgs {
    pub(crate) fn ruling(&self) -> Ruling {
        match (self.same, self.different) {
            (true, _) => Ruling::Same,
            (_, true) => Ruling::Different,
            _ => Ruling::Unsure,
        }
    }
}

/// Flags of `decide`.
#[derive(Debug, Args)]
#[command(after_help = "\
Decisions are about two parties, by their own ids; what is one entity follows from all of them. A
\"same\" across a \"different\" is refused with the path that leads there.

Examples:
  cuibono decide ofac:36217 ftm:NK-abc --same --note \"same tax number and address\"
  cuibono decide ofac:37621 ofac:27743 --different --actor anna
  cuibono decide A B --same --dry-run")]
pub(crate) struct DecideArgs {
    /// One party (id or name)
    pub(crate) a: String,
    /// The other (id or name)
    pub(crate) b: String,
    #[command(flatten)]
    pub(crate) ruling: RulingArgs,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) note: String,
    /// The statement of a source that it goes back to
    #[arg(long, value_name = "SOURCE[: LOCATOR]", default_value = "")]
    pub(crate) cite: String,
    #[command(flatten)]
    pub(crate) actor: Actor,
    /// Show what it would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// How what changes is shown.
#[derive(Debug, Args)]
#[command(next_help_heading = "What would change")]
pub(crate) struct ChangeArgs {
    /// The day of the verdicts compared [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// At most this many relations and verdicts each
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) law: Law,
}

/// Flags of `undo`.
#[derive(Debug, Args)]
#[command(after_help = "\
Without --yes it shows the entities, relations and verdicts that would change, and changes nothing.
The log keeps both: a retraction is a decision, and can be taken back itself.

Examples:
  cuibono undo 7
  cuibono undo 7 --yes --note \"the tax number belongs to the parent\"")]
pub(crate) struct UndoArgs {
    /// Number of the decision
    #[arg(value_name = "DECISION")]
    pub(crate) decision: String,
    /// Take it back
    #[arg(long)]
    pub(crate) yes: bool,
    /// Why
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) note: String,
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// Flags of `why`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit code 1 when nothing was decided on them.

Examples:
  cuibono why ofac:36217 ftm:NK-abc
  cuibono why A B --decided-at 2024-03-01 --json")]
pub(crate) struct WhyArgs {
    /// One party (id or name)
    pub(crate) a: String,
    /// The other (id or name)
    pub(crate) b: String,
}

/// Flags of `how`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 1 for a party on which nothing was decided.\n\nExample:\n  cuibono how \"Intellekt LLC\" --json"
)]
pub(crate) struct HowArgs {
    /// Id or name of any of its parties
    pub(crate) entity: String,
}

/// Flags of `resolve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Merged are parties that share a strong identifier (IMO, LEI, INN, OGRN, tax or registration number of
one country, passport with day of birth) and that nothing speaks against: another day of birth, IMO
number, LEI or type, one source that has both as two, a person's word. All others that share an identifier are for `cuibono review`. Each merge is a decision
of the rule that made it, and can be taken back.

Examples:
  cuibono resolve --dry-run
  cuibono resolve --trust uk_sl --json")]
pub(crate) struct ResolveArgs {
    /// Show what would be merged, and merge nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Sources whose word that two parties are the same is enough, too
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) trust: Vec<String>,
    /// At most this many rows of what was merged
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Which parties are looked up by their names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ByNames {
    /// Every party that another source may have, too
    All,
    /// Parties on a list now
    Listed,
    /// None: only pairs that share an identifier, or that a source holds for one
    None,
}

/// Flags of `review`.
#[derive(Debug, Args)]
#[command(after_help = "\
Pairs are those that share an identifier, or that a source holds for one, and that no rule merges; and
parties of different sources whose names are alike. What is decided is not asked again.
On a terminal it asks for each pair: s same, d different, u unsure, Enter skips, q ends. Elsewhere, and
with --json or --limit, it lists the pairs.

Examples:
  cuibono review
  cuibono review --limit 20 --json
  cuibono review --by-name all --max-time 3600")]
pub(crate) struct ReviewArgs {
    /// List at most this many, and ask nothing
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Which parties to look up by their names [default: all in stores of up to 50,000 parties, else
    /// listed]
    #[arg(long, value_enum, value_name = "WHICH")]
    pub(crate) by_name: Option<ByNames>,
    #[command(flatten)]
    pub(crate) actor: Actor,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `decisions`.
#[derive(Debug, Args)]
#[command(after_help = "\
Files are lines of nomenklatura's resolver: [target, source, judgement, score, user, created_at].
Written are standing decisions, each entity under an id NK-...; read are positive, negative and unsure
judgements, those on NK- ids as decisions on the parties behind them. What contradicts a standing
decision is left out and told.

Examples:
  cuibono decisions
  cuibono decisions --export resolver.ijson
  cuibono decisions --import resolver.ijson")]
pub(crate) struct DecisionsArgs {
    /// Write resolver lines to a file; `-` is standard output
    #[arg(long, value_name = "FILE", conflicts_with = "import")]
    pub(crate) export: Option<PathBuf>,
    /// Replace what is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Take over resolver lines of a file; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) import: Option<PathBuf>,
    /// Namespace of ids that the store does not know
    #[arg(long, value_name = "NAME", default_value = "ftm")]
    pub(crate) namespace: String,
    /// List at most this many, the newest
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) output: Output,
}
