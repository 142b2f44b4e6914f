//! Regimes: dated rule sets and the lists they apply to, read from a data file.

use crate::error::{Error, Result};
use crate::model::{PartialDate, Percent};

/// What a regime is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegimeKind {
    /// Gives verdicts: blocked through ownership (or control) or not.
    Sanctions,
    /// Has no line in numbers: exposure is shown, no verdict given.
    Exposure,
    /// Asks who the beneficial owners are.
    BeneficialOwnership,
}

/// Whose stakes are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// Those of all listed parties together.
    All,
    /// Person by person: one listed party's own and what it holds through others.
    Each,
    /// Unsettled in law: blocked only if person by person suffices, free only if all together do not.
    Unsettled,
}

/// What a stake is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Shares, capital, title.
    Shares,
    /// Voting rights.
    Votes,
}

/// How a joint holding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// Once, in full, as soon as one of its holders counts.
    AnyHolder,
    /// Once, in full, only where all of its holders count.
    AllHolders,
}

/// A list that a regime applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegimeList {
    /// List id (`ofac_sdn`).
    pub list: String,
    /// Only listings under one of these programmes; empty: all listings.
    pub programs: Vec<String>,
}

/// The test for a party that is not listed itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Threshold in percent.
    pub threshold: Percent,
    /// "Or more"; otherwise "more than".
    pub inclusive: bool,
    /// Whose stakes are added.
    pub aggregation: Aggregation,
    /// What stakes count; each basis is summed by itself and one over the line is enough.
    pub basis: Vec<Basis>,
    /// How joint holdings count.
    pub joint: Joint,
    /// Whether parties to a joint arrangement each hold the sum.
    pub joint_arrangement: bool,
    /// Types of edges that are control and suffice alone.
    pub control: Vec<String>,
    /// Types of edges that may be control: enough to doubt, not to decide.
    pub may_control: Vec<String>,
    /// Whether a majority of votes, where votes are no basis, may be control.
    pub votes_may_control: bool,
}

/// One version of a regime's rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Id (`ofac-2014`).
    pub id: String,
    /// First day in force; `None`: not recorded.
    pub from: Option<PartialDate>,
    /// First day no longer in force.
    pub to: Option<PartialDate>,
    /// The test; `None`: in this time only listed parties are affected (suspended rule).
    pub test: Option<Test>,
    /// Where the rule stands.
    pub citation: String,
    /// What a reader must know about it (open questions, caveats).
    pub notes: Vec<String>,
    /// Sentences by outcome: `listed`, `blocked`, `not_blocked`, `indeterminate`; `{entity}`,
    /// `{rule}`, `{day}`, `{share}`, `{threshold}` are filled in.
    pub wording: Wording,
}

/// Sentences by outcome.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wording {
    /// The party is on a list itself.
    pub listed: String,
    /// Through ownership or control.
    pub blocked: String,
    /// Not, on the record.
    pub not_blocked: String,
    /// Cannot tell.
    pub indeterminate: String,
}

/// A regime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime {
    /// Id (`ofac`).
    pub id: String,
    /// Name for people.
    pub title: String,
    /// What it is for.
    pub kind: RegimeKind,
    /// Its lists; a party on any of them is listed.
    pub lists: Vec<RegimeList>,
    /// Threshold of beneficial ownership in percent, for that kind.
    pub owner_threshold: Option<Percent>,
    /// Versions of its rule, by date, not overlapping.
    pub rules: Vec<Rule>,
}

/// All regimes known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regimes {
    /// Version of the rule data, for answers.
    pub version: String,
    /// The regimes, in the order of the file.
    pub list: Vec<Regime>,
}

impl Regimes {
    /// A regime by its id; an unknown one is an error that names those there are.
    pub fn get(&self, id: &str) -> Result<&Regime> {
        self.list.iter().find(|r| r.id == id).ok_or_else(|| {
            let known: Vec<&str> = self.list.iter().map(|r| r.id.as_str()).collect();
            Error::usage(format!("unknown regime {id:?}")).hint(format!("known: {}", known.join(", ")))
        })
    }
}
