//! Flags of the questions for figures: integrated ownership, beneficial owners, control, close links.

use super::args::Output;
use super::args_own::{Ground, Law};
use clap::{Args, ValueEnum};
use cuibono::error::{Error, Result};
use cuibono::ownership::{Budget, Exact, Method, OwnerRule};

/// How the owner's own return through a ring counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Chains {
    /// Not at all (Baldone and others 1998)
    Baldone,
    /// Again and again: all walks, A + A^2 + ... (Brioschi and others 1989)
    Walk,
}

impl Chains {
    pub(crate) fn method(self) -> Method {
        match self {
            Chains::Baldone => Method::Baldone,
            Chains::Walk => Method::Walk,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Chains::Baldone => "baldone",
            Chains::Walk => "walk",
        }
    }
}

/// What `--exact` allows instead of the usual: minutes at the very worst.
pub(crate) fn budget(exact: bool) -> Budget {
    match exact {
        true => Budget { component: 5_000, bits: 1_000_000, ops: 100_000_000 },
        false => Budget::default(),
    }
}

/// Flags of `own`.
#[derive(Debug, Args)]
#[command(after_help = "\
Three figures that mean different things: what FROM holds of TO directly; what it holds along all
chains, multiplied and added (integrated); and what a 50 percent rule would count if FROM alone were
listed (cascade: all or nothing along the chain). Tables show percent; JSON shows integrated
ownership as parts of the whole.

Examples:
  cuibono --from holding.json own varga north
  cuibono own \"Sergei Kozlov\" --as-of 2023-09-01 --json
  cuibono --from ring.json own a b --method walk --exact")]
pub(crate) struct OwnArgs {
    /// Whose holdings (id or name)
    #[arg(value_name = "FROM")]
    pub(crate) holder: String,
    /// In whom (id or name) [default: everybody who is reached]
    #[arg(value_name = "TO")]
    pub(crate) party: Option<String>,
    /// How rings count in integrated ownership
    #[arg(long, value_enum, value_name = "METHOD", default_value = "baldone")]
    pub(crate) method: Chains,
    /// Take the time that long exact values need
    #[arg(long)]
    pub(crate) exact: bool,
    /// At most this many, largest first
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) law: Law,
    #[command(flatten)]
    pub(crate) ground: Ground,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// How beneficial owners are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FindBy {
    /// Regulation (EU) 2024/1624, Articles 52 to 54
    Amlr,
    /// Multiply along each chain, add the chains
    Multiply,
    /// Undiluted stakes of the person and of everything it controls
    Control,
    /// The smallest stake on the best chain: vendor practice, not law
    #[value(name = "weakest-link", aliases = ["weakest_link", "weakest"])]
    WeakestLink,
}

impl FindBy {
    pub(crate) fn rule(self) -> OwnerRule {
        match self {
            FindBy::Amlr => OwnerRule::Amlr,
            FindBy::Multiply => OwnerRule::Multiply,
            FindBy::Control => OwnerRule::Control,
            FindBy::WeakestLink => OwnerRule::WeakestLink,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            FindBy::Amlr => "amlr",
            FindBy::Multiply => "multiply",
            FindBy::Control => "control",
            FindBy::WeakestLink => "weakest-link",
        }
    }
}

/// Flags of `ubo`.
#[derive(Debug, Args)]
#[command(after_help = "\
The rules disagree on the same network; this is no sanctions test. Basis of an owner by amlr: 52 share,
53 control, 54a controls those who hold, 54b has a share in who controls. Exit code 1 when nobody is found.

Examples:
  cuibono --from holding.json ubo north
  cuibono ubo \"Intellekt LLC\" --rule multiply --threshold 10
  cuibono ubo \"Intellekt LLC\" --rule control --more-than --json")]
pub(crate) struct UboArgs {
    /// Whose beneficial owners (id or name)
    #[arg(value_name = "TARGET")]
    pub(crate) entity: String,
    /// How they are found
    #[arg(long, value_enum, value_name = "RULE", default_value = "amlr")]
    pub(crate) rule: FindBy,
    /// Percent [default: that of the regime, --regime amlr where none is named]
    #[arg(long, value_name = "PERCENT")]
    pub(crate) threshold: Option<String>,
    /// More than the threshold, instead of the threshold or more
    #[arg(long)]
    pub(crate) more_than: bool,
    /// Take the time that long exact values need
    #[arg(long)]
    pub(crate) exact: bool,
    #[command(flatten)]
    pub(crate) law: Law,
    #[command(flatten)]
    pub(crate) ground: Ground,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `controls`.
#[derive(Debug, Args)]
#[command(after_help = "\
A party controls what it and those it controls hold more than half of (votes where any are recorded,
else shares), and what a tie says it controls. Exit code 1 when nobody is controlled.

Examples:
  cuibono --from holding.json controls varga
  cuibono --from holding.json controls --all --json")]
pub(crate) struct ControlsArgs {
    /// Ids or names
    #[arg(value_name = "ENTITY", required_unless_present = "all")]
    pub(crate) entities: Vec<String>,
    /// Everybody who controls somebody
    #[arg(long, conflicts_with = "entities")]
    pub(crate) all: bool,
    /// At most this many pairs
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub(crate) limit: usize,
    /// Files of rules: what they call control is control
    #[arg(long = "rules", value_name = "FILE")]
    pub(crate) rules: Vec<std::path::PathBuf>,
    #[command(flatten)]
    pub(crate) ground: Ground,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// How chains are added for close links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sum {
    /// Over chains that pass no party twice
    Simple,
    /// Integrated ownership (Baldone)
    #[value(alias = "baldone")]
    Integrated,
}

/// Flags of `close-links`.
#[derive(Debug, Args)]
#[command(after_help = "\
Pairs of which one holds the threshold or more of the other, directly or through others, and pairs with
a common holder (European Central Bank, close links). In rings the two methods differ.

Examples:
  cuibono --from holding.json close-links
  cuibono close-links \"Intellekt LLC\" --threshold 20 --method simple --json")]
pub(crate) struct CloseLinksArgs {
    /// Only pairs with one of these (ids or names)
    #[arg(value_name = "ENTITY")]
    pub(crate) entities: Vec<String>,
    /// Percent
    #[arg(long, value_name = "PERCENT", default_value = "20")]
    pub(crate) threshold: String,
    /// How chains are added
    #[arg(long, value_enum, value_name = "METHOD", default_value = "integrated")]
    pub(crate) method: Sum,
    /// At most this much work: chains or holdings looked at
    #[arg(long, value_name = "N", default_value_t = 10_000_000)]
    pub(crate) steps: u64,
    /// At most this many common holdings
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) ground: Ground,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// A threshold in percent, as a part of the whole.
pub(crate) fn threshold(text: &str) -> Result<Exact> {
    match Exact::parse(text).filter(|x| *x >= Exact::ZERO && *x <= Exact::HUNDRED) {
        Some(x) => Ok(&x / &Exact::HUNDRED),
        None => Err(Error::usage(format!("--threshold: {text:?} is no number from 0 to 100"))
            .hint("percent, as 25 or 12.5 or 100/3")),
    }
}
