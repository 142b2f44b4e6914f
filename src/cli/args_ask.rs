//! Flags of questions, and how they become a filter.

use super::args::Output;
use clap::{Args, Parser, Subcommand, ValueEnum};
use cuibono::error::{Error, Result};
use cuibono::graph::{Dir, Filter};
use cuibono::model::PartialDate;
use std::path::PathBuf;

/// Questions to a graph.
#[derive(Debug, Subcommand)]
pub(crate) enum Ask {
    /// Find parties by name, alias, identifier or id
    Search(SearchArgs),
    /// Look for each name of a list: customers, counterparties, vessels
    Screen(ScreenArgs),
    /// Are two parties, or two names, one: the score and why
    Match(super::args_match::MatchArgs),
    /// Everything known of one party, with citations
    Show(ShowArgs),
    /// What lies around a party
    Neighbours(NeighboursArgs),
    /// How two parties are connected: the shortest way, or several
    Path(PathArgs),
    /// What connects many parties
    Between(BetweenArgs),
    /// Who owns it, and what it owns: the ownership chain as a tree
    Trace(TraceArgs),
    /// Blocked, not blocked on the record, or cannot tell: under each regime on a day
    Verdict(super::args_own::VerdictArgs),
    /// A verdict with its proof: the steps and edges, or what it can hold at most, or what is missing
    Prove(super::args_prove::ProveArgs),
    /// Verify a proof anew, against a store or files
    CheckProof(super::args_prove::CheckArgs),
    /// What flips if stakes or listings were otherwise, and which sales would free a party
    WhatIf(super::args_whatif::WhatIfArgs),
    /// What a verdict alone would hide: stakes below the line, control, ambiguous ties, mixed lists
    Exposure(super::args_whatif::ExposureArgs),
    /// What a party holds of others: directly, through all chains, as a 50 percent rule counts it
    Own(super::args_figures::OwnArgs),
    /// The natural persons behind a party
    Ubo(super::args_figures::UboArgs),
    /// Whom a party controls
    Controls(super::args_figures::ControlsArgs),
    /// Holdings of 20 percent or more, direct or through others, and common holders
    CloseLinks(super::args_figures::CloseLinksArgs),
    /// Why two parties are taken for the same, or are held apart
    Why(super::args_resolve::WhyArgs),
    /// How an entity came about: its parties, and the decisions on them
    How(super::args_resolve::HowArgs),
    /// The parts of the graph that nothing connects
    Components(ComponentsArgs),
    /// Parties more tied to each other than to the rest
    Communities(super::args_whole::CommunitiesArgs),
    /// The parties that relations lead to most (PageRank)
    Rank(super::args_whole::RankArgs),
    /// How far every party is from one, in steps or by a property of relations
    Distances(super::args_whole::DistancesArgs),
    /// What changed between two releases of a source
    Diff(DiffArgs),
    /// Hand the graph, or a part of it, to another program
    Export(ExportArgs),
    /// Count what the store holds
    Stats(StatsArgs),
}

/// One question of a batch, without the program's name.
#[derive(Debug, Parser)]
#[command(no_binary_name = true, name = "cuibono batch", disable_help_flag = true)]
pub(crate) struct Line {
    #[command(subcommand)]
    pub(crate) ask: Ask,
    /// Answers of a batch are JSON whether asked for or not.
    #[arg(long, global = true, hide = true)]
    pub(crate) json: bool,
    /// See the program's flag of the same name.
    #[arg(long, global = true, hide = true)]
    pub(crate) decided_at: Option<String>,
}

/// What to leave out.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "What is seen")]
pub(crate) struct Filters {
    /// What held on this day
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// What had been published by this day
    #[arg(long, value_name = "DATE")]
    pub(crate) known_at: Option<String>,
    /// Only relations of these types
    #[arg(long = "type", value_name = "TYPE", value_delimiter = ',')]
    pub(crate) types: Vec<String>,
    /// Only facts cited to these sources
    #[arg(long = "source", value_name = "ID", value_delimiter = ',')]
    pub(crate) sources: Vec<String>,
}

impl Filters {
    /// The filter of a view.
    pub(crate) fn filter(&self) -> Result<Filter> {
        Ok(Filter {
            today: super::clock::today(),
            as_of: date("--as-of", self.as_of.as_deref())?,
            known_at: date("--known-at", self.known_at.as_deref())?,
            sources: self.sources.clone(),
            edge_types: self.types.clone(),
        })
    }

    /// The flags as text, in a fixed order, for the question that an answer repeats.
    pub(crate) fn text(&self) -> String {
        let mut s = String::new();
        for (flag, value) in [("as-of", &self.as_of), ("known-at", &self.known_at)] {
            if let Some(v) = value {
                s.push_str(&format!(" --{flag} {v}"));
            }
        }
        for (flag, values) in [("type", &self.types), ("source", &self.sources)] {
            if !values.is_empty() {
                s.push_str(&format!(" --{flag} {}", values.join(",")));
            }
        }
        s
    }
}

/// A date given with a flag.
pub(crate) fn date(flag: &str, text: Option<&str>) -> Result<Option<PartialDate>> {
    text.map(PartialDate::parse).transpose().map_err(|e| Error::usage(format!("{flag}: {}", e.message())))
}

/// How to walk.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "How to walk")]
pub(crate) struct Walk {
    /// Follow relations in their direction, against it, or both ways
    #[arg(long, value_enum, value_name = "WAY", default_value = "both")]
    pub(crate) direction: Way,
    /// Also pass through hubs: states, programmes, authorities, designations
    #[arg(long)]
    pub(crate) through: bool,
}

impl Walk {
    /// The flags as text; the usual ones are not repeated.
    pub(crate) fn text(&self) -> String {
        let way = match self.direction {
            Way::Both => "",
            Way::Out => " --direction out",
            Way::In => " --direction in",
        };
        format!("{way}{}", if self.through { " --through" } else { "" })
    }
}

/// A direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Way {
    /// From subject to object
    Out,
    /// From object to subject
    In,
    /// Both ways
    #[default]
    Both,
}

impl Way {
    /// For the graph.
    pub(crate) fn dir(self) -> Dir {
        match self {
            Way::Out => Dir::Out,
            Way::In => Dir::In,
            Way::Both => Dir::Both,
        }
    }
}

/// Flags of `search`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cuibono search kozlov\n  cuibono search \"7704386757\" --json")]
pub(crate) struct SearchArgs {
    /// A name in any spelling or script, or a part of one; an identifier; an id
    pub(crate) text: String,
    /// Only parties of this type: person, org, vessel, aircraft, or a type of the catalogue
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) kind: Option<String>,
    /// A date of birth (YYYY, YYYY-MM or YYYY-MM-DD) that counts for and against
    #[arg(long, value_name = "DATE")]
    pub(crate) birth: Option<String>,
    /// Countries that count for and against
    #[arg(long, value_name = "COUNTRY", value_delimiter = ',')]
    pub(crate) country: Vec<String>,
    /// At most this many
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) seen: Seen,
    #[command(flatten)]
    pub(crate) output: Output,
}

impl SearchArgs {
    /// The filters of its view.
    pub(crate) fn filters(&self) -> Filters {
        self.seen.filters()
    }

    /// What is known of the party, as flags.
    pub(crate) fn known(&self) -> String {
        let mut s = String::new();
        for (flag, value) in [("type", &self.kind), ("birth", &self.birth)] {
            if let Some(v) = value {
                s.push_str(&format!(" --{flag} {v}"));
            }
        }
        if !self.country.is_empty() {
            s.push_str(&format!(" --country {}", self.country.join(",")));
        }
        s
    }
}

/// Flags of `screen`.
#[derive(Debug, Args)]
#[command(after_help = "\
FILE is a table (CSV, TSV) whose first row names the columns, or JSON lines. Read are, under their usual names: id, \
name, aliases, type, birth, country, flag, ids (SCHEME:VALUE; ...), imo, inn, lei and the like. A table of one \
column is a list of names. `-` is standard input.")]
pub(crate) struct ScreenArgs {
    /// Names to look for, with what else is known of each
    pub(crate) file: PathBuf,
    /// At most this many results a row
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub(crate) limit: usize,
    /// The lowest band shown
    #[arg(long, value_name = "BAND", value_enum, default_value = "review")]
    pub(crate) band: BandArg,
    /// The lowest score shown, from 0 to 1
    #[arg(long, value_name = "SCORE")]
    pub(crate) threshold: Option<f32>,
    /// Only parties that are on a list
    #[arg(long)]
    pub(crate) listed: bool,
    /// Only parties on these lists
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    pub(crate) list: Vec<String>,
    /// Form of the answer: JSON lines where nothing is said
    #[arg(long, value_name = "FORM", value_enum)]
    pub(crate) format: Option<super::screen::ScreenForm>,
    /// Put ' before cells of a table that a spreadsheet would take for a formula, and quote all
    #[arg(long)]
    pub(crate) for_spreadsheet: bool,
    #[command(flatten)]
    pub(crate) seen: Seen,
}

/// A band as a flag.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum BandArg {
    /// Held to be the same
    Match,
    /// A human must look
    Review,
    /// Everything compared
    No,
}

impl BandArg {
    /// As scores have it.
    pub(crate) fn band(self) -> cuibono::names::Band {
        match self {
            BandArg::Match => cuibono::names::Band::Match,
            BandArg::Review => cuibono::names::Band::Review,
            BandArg::No => cuibono::names::Band::No,
        }
    }
}

/// What to leave out of questions about parties alone.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "What is seen")]
pub(crate) struct Seen {
    /// What held on this day
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// What had been published by this day
    #[arg(long, value_name = "DATE")]
    pub(crate) known_at: Option<String>,
    /// Only facts cited to these sources
    #[arg(long = "source", value_name = "ID", value_delimiter = ',')]
    pub(crate) sources: Vec<String>,
}

impl Seen {
    /// As filters of a graph.
    pub(crate) fn filters(&self) -> Filters {
        Filters {
            as_of: self.as_of.clone(),
            known_at: self.known_at.clone(),
            types: Vec::new(),
            sources: self.sources.clone(),
        }
    }
}

/// Flags of `show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cuibono show \"Intellekt LLC\"
  cuibono show ofac:36217 --as-of 2023-09-01 --json")]
pub(crate) struct ShowArgs {
    /// Id or name of a party, or id of a relation
    pub(crate) entity: String,
    /// At most this many relations of each type
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `neighbours`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cuibono neighbours \"Sergei Kozlov\"
  cuibono neighbours ofac:37621 --hops 2 --type owns,controls --format csv")]
pub(crate) struct NeighboursArgs {
    /// Id or name
    pub(crate) entity: String,
    /// How many relations away
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) hops: u32,
    /// At most this many parties
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) walk: Walk,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `path`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cuibono path \"Sergei Kozlov\" \"Intellekt LLC\"
  cuibono path ofac:37621 ofac:27743 --all --max-hops 3
  cuibono path A B --k 5 --as-of 2023-09-01 --json

Exit code 1 when nothing connects the two.")]
pub(crate) struct PathArgs {
    /// Where it begins (id or name)
    pub(crate) a: String,
    /// Where it ends (id or name)
    pub(crate) b: String,
    /// All shortest ways
    #[arg(long, conflicts_with = "k")]
    pub(crate) all: bool,
    /// The N shortest ways, longer ones too
    #[arg(long, value_name = "N")]
    pub(crate) k: Option<usize>,
    /// Longest way, in relations
    #[arg(long, value_name = "N")]
    pub(crate) max_hops: Option<u32>,
    /// With --all: at most this many
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) walk: Walk,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `between`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  cuibono between \"Sergei Kozlov\" \"Jon Jin Yong\" \"Intellekt LLC\" --json")]
pub(crate) struct BetweenArgs {
    /// Ids or names, two or more
    #[arg(required = true, num_args = 2.., value_name = "ENTITY")]
    pub(crate) entities: Vec<String>,
    /// Longest way that joins one, in relations
    #[arg(long, value_name = "N")]
    pub(crate) max_hops: Option<u32>,
    #[command(flatten)]
    pub(crate) walk: Walk,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `trace`.
#[derive(Debug, Args)]
#[command(after_help = "\
Followed are ownership and ambiguous ties (\"owns or controls\"); all others are listed as leads.

Examples:
  cuibono trace \"Karrow Steel Works\" --up
  cuibono trace holding:varga --down --as-of 2023-09-01 --format table
  cuibono trace \"Karrow Steel Works\" --regime eu --as-of 2023-09-01")]
pub(crate) struct TraceArgs {
    /// Id or name
    pub(crate) entity: String,
    /// Only who stands above it
    #[arg(long, conflicts_with = "down")]
    pub(crate) up: bool,
    /// Only what lies below it
    #[arg(long)]
    pub(crate) down: bool,
    /// How many links away
    #[arg(long, value_name = "N")]
    pub(crate) hops: Option<u32>,
    /// At most this many rows in each direction
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub(crate) limit: usize,
    /// The regime whose verdicts are marked [default: ofac]
    #[arg(long, value_name = "ID", conflicts_with = "no_verdicts")]
    pub(crate) regime: Option<String>,
    /// No verdicts
    #[arg(long)]
    pub(crate) no_verdicts: bool,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
Compared are the parts that both releases cover; then follows who became blocked or free through
the graph, by what was known on the day of each release. With --as-of: who did between two days, by
what is known today. Exit code 1 when nothing changed.

Examples:
  cuibono diff ofac_sdn 2023-08-24 2023-08-31
  cuibono diff --as-of 2022-01-01 2024-01-01 --regime ofac,eu")]
pub(crate) struct DiffArgs {
    /// Id of the source
    #[arg(required_unless_present = "as_of")]
    pub(crate) source: Option<String>,
    /// Date of the older release
    #[arg(value_name = "REL1", required_unless_present = "as_of")]
    pub(crate) older: Option<String>,
    /// Date of the newer release
    #[arg(value_name = "REL2", required_unless_present = "as_of")]
    pub(crate) newer: Option<String>,
    /// Only who became blocked or free between two days
    #[arg(long, num_args = 1..=2, value_names = ["D1", "D2"], conflicts_with_all = ["source", "older", "newer"])]
    pub(crate) as_of: Vec<String>,
    /// At most this many parties that became blocked or free
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) law: super::args_own::Law,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `components`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  cuibono components --type owns --limit 10\n  cuibono components --members 1000 --json"
)]
pub(crate) struct ComponentsArgs {
    /// At most this many, largest first
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) limit: usize,
    /// At most this many parties of each
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub(crate) members: usize,
    /// Hubs connect, too: states, programmes, authorities, designations
    #[arg(long)]
    pub(crate) through: bool,
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `stats`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  cuibono stats\n  cuibono --from network.json stats --as-of 2023-09-01 --json")]
pub(crate) struct StatsArgs {
    #[command(flatten)]
    pub(crate) filters: Filters,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// Flags of `export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Formats: graphml, gexf, cytoscape, graphology, node-link, dot, neo4j, csv, document, jsonl, bods, ftm, svg,
html (one page with picture, tables and sources, to be mailed).

Examples:
  cuibono export --format gexf -o all.gexf
  cuibono export \"Sergei Kozlov\" --hops 2 --format svg -o kozlov.svg
  cuibono export \"Sergei Kozlov\" --hops 2 --format html -o kozlov.html
  cuibono export ofac:36217 --format dot | dot -Tpdf > chart.pdf
  cuibono export --format neo4j -o neo4j-folder")]
pub(crate) struct ExportArgs {
    /// Ids or names to start from [default: everything]
    #[arg(value_name = "ENTITY")]
    pub(crate) entities: Vec<String>,
    /// The format to write
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: String,
    /// The file, or the folder for formats of several files; `-` is standard output
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    pub(crate) output: PathBuf,
    /// Replace what is there
    #[arg(long)]
    pub(crate) force: bool,
    /// Let your own notes leave, too
    #[arg(long)]
    pub(crate) with_notes: bool,
    /// CSV: safe to open in a spreadsheet
    #[arg(long)]
    pub(crate) for_spreadsheet: bool,
    /// Node-link JSON: the member that holds the edges
    #[arg(long, value_name = "NAME")]
    pub(crate) edges_key: Option<String>,
    /// How many relations away from the entities
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) hops: u32,
    /// At most this many parties around the entities
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) limit: usize,
    #[command(flatten)]
    pub(crate) walk: Walk,
    #[command(flatten)]
    pub(crate) filters: Filters,
}

/// Flags of `batch`.
#[derive(Debug, Args)]
pub(crate) struct BatchArgs {
    /// JSON lines; `-` is standard input
    #[arg(value_name = "FILE.jsonl")]
    pub(crate) file: PathBuf,
}
