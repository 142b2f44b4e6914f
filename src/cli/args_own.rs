//! Flags of the questions about ownership.

use super::args::Output;
use super::args_ask::date;
use clap::{Args, ValueEnum};
use cuibono::error::{Error, Result};
use cuibono::graph::{Filter, Graph, View};
use cuibono::import::Input;
use cuibono::model::PartialDate;
use cuibono::ownership::{Conventions, Regime, RegimeKind, Regimes};
use std::path::PathBuf;

/// A file of rules is small.
const MAX_RULES: u64 = 16 << 20;

/// What counts on which day.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "What counts")]
pub(crate) struct Ground {
    /// The day the question is about [default: today]
    #[arg(long, value_name = "DATE")]
    pub(crate) as_of: Option<String>,
    /// What had been published by this day
    #[arg(long, value_name = "DATE")]
    pub(crate) known_at: Option<String>,
    /// Only facts cited to these sources
    #[arg(long = "source", value_name = "ID", value_delimiter = ',')]
    pub(crate) sources: Vec<String>,
    /// A party's stake in itself: leave it in the total, or take it out and scale the others
    #[arg(long, value_enum, value_name = "WAY")]
    pub(crate) treasury: Option<Treasury>,
    /// Take all holders to be recorded
    #[arg(long)]
    pub(crate) complete: bool,
    /// Take what no holder is recorded for as possibly held by listed parties
    #[arg(long)]
    pub(crate) open_world: bool,
}

/// What becomes of a party's stake in itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Treasury {
    /// It stays in the total and nobody holds it
    Ignore,
    /// It is taken out, the others are scaled up
    Exclude,
}

/// Which rules.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Which rules")]
pub(crate) struct Law {
    /// Regimes, side by side [default: all that give verdicts]
    #[arg(long = "regime", value_name = "ID", value_delimiter = ',')]
    pub(crate) regimes: Vec<String>,
    /// Files of rules that add to those compiled in, or replace them regime by regime
    #[arg(long = "rules", value_name = "FILE")]
    pub(crate) rules: Vec<PathBuf>,
}

impl Ground {
    /// The day, today where none is given.
    pub(crate) fn day(&self) -> Result<PartialDate> {
        date("--as-of", self.as_of.as_deref())?
            .or_else(super::clock::today)
            .ok_or_else(|| Error::usage("the system has no date").hint("give --as-of"))
    }

    /// The graph as it was known; days are judged by the question itself.
    pub(crate) fn view<'g>(&self, graph: &'g Graph) -> Result<View<'g>> {
        let filter = Filter {
            known_at: date("--known-at", self.known_at.as_deref())?,
            sources: self.sources.clone(),
            today: super::clock::today(),
            ..Filter::default()
        };
        View::new(graph, filter)
    }

    /// The conventions that the flags set.
    pub(crate) fn conventions(&self) -> Conventions {
        Conventions {
            treasury_exclude: self.treasury.map(|t| t == Treasury::Exclude),
            complete: self.complete.then_some(true),
            unknown_remainder: self.open_world.then_some(true),
        }
    }

    /// The flags as text, for the question that an answer repeats.
    pub(crate) fn text(&self, day: PartialDate) -> String {
        format!(" --as-of {day}{}", self.rest())
    }

    /// The same without the day.
    pub(crate) fn rest(&self) -> String {
        let mut s = String::new();
        if let Some(k) = &self.known_at {
            s.push_str(&format!(" --known-at {k}"));
        }
        if !self.sources.is_empty() {
            s.push_str(&format!(" --source {}", self.sources.join(",")));
        }
        match self.treasury {
            Some(Treasury::Ignore) => s.push_str(" --treasury ignore"),
            Some(Treasury::Exclude) => s.push_str(" --treasury exclude"),
            None => {}
        }
        s.push_str(if self.complete { " --complete" } else { "" });
        s.push_str(if self.open_world { " --open-world" } else { "" });
        s
    }
}

impl Law {
    /// The rules compiled in, with those of the files.
    pub(crate) fn regimes(&self) -> Result<Regimes> {
        let mut all = Regimes::builtin().clone();
        for path in &self.rules {
            let text = Input::open(path)?.text(MAX_RULES)?;
            all = all.extended(Regimes::parse(&text, &path.display().to_string())?);
        }
        Ok(all)
    }

    /// The regimes asked for. Without any: all that give verdicts and have a rule for the day;
    /// the second value names those that have none.
    pub(crate) fn chosen<'r>(&self, all: &'r Regimes, day: PartialDate) -> Result<(Vec<&'r Regime>, Vec<String>)> {
        if !self.regimes.is_empty() {
            let mut list: Vec<&Regime> = Vec::new();
            for id in &self.regimes {
                let regime = all.get(id.trim())?;
                if !list.iter().any(|r| r.id == regime.id) {
                    list.push(regime);
                }
            }
            return Ok((list, Vec::new()));
        }
        let (mut list, mut notes) = (Vec::new(), Vec::new());
        for regime in all.list.iter().filter(|r| r.kind == RegimeKind::Sanctions) {
            match regime.rule_on(day) {
                Ok(_) => list.push(regime),
                Err(e) => notes.push(format!("{} is left out: {}", regime.id, e.message())),
            }
        }
        Ok((list, notes))
    }

    /// One regime, `ofac` where none is named.
    pub(crate) fn one<'r>(&self, all: &'r Regimes) -> Result<&'r Regime> {
        match self.regimes.as_slice() {
            [] => all.get("ofac"),
            [id] => all.get(id.trim()),
            _ => Err(Error::usage("this question is about one regime at a time").hint("give one --regime")),
        }
    }
}

/// Flags of `verdict`.
#[derive(Debug, Args)]
#[command(after_help = "\
With --exit-code: 0 not blocked on the record, 10 listed or blocked, 11 cannot tell (the gravest counts).

Examples:
  cuibono verdict \"Intellekt LLC\" --regime ofac,eu,uk --as-of 2023-09-01
  cuibono --from holding.json verdict --all --only blocked,indeterminate
  cuibono --from holding.json verdict north --over 2020-01-01..2026-01-01
  cuibono --from holding.json verdict north --exit-code --quiet")]
pub(crate) struct VerdictArgs {
    /// Ids or names
    #[arg(value_name = "ENTITY", required_unless_present = "all")]
    pub(crate) entities: Vec<String>,
    /// Every party
    #[arg(long, conflicts_with = "entities")]
    pub(crate) all: bool,
    /// Only these outcomes
    #[arg(long, value_enum, value_name = "OUTCOME", value_delimiter = ',')]
    pub(crate) only: Vec<Wanted>,
    /// At most this many rows of --all
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub(crate) limit: usize,
    /// The outcomes from day D1 up to D2, the first day no longer asked for (`D1..`: up to today),
    /// and what caused each change
    #[arg(long, value_name = "D1..D2", conflicts_with_all = ["all", "as_of"])]
    pub(crate) over: Option<String>,
    /// Tell the outcome by the exit code, see below
    #[arg(long)]
    pub(crate) exit_code: bool,
    #[command(flatten)]
    pub(crate) law: Law,
    #[command(flatten)]
    pub(crate) ground: Ground,
    #[command(flatten)]
    pub(crate) output: Output,
}

/// An outcome to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Wanted {
    /// On a list itself
    Listed,
    /// Through ownership or control
    Blocked,
    /// The record cannot tell
    Indeterminate,
    /// Not, on the record
    NotBlocked,
}
