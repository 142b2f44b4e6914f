//! Who is blocked through whom, and the proof of it: regimes, the cascade of the 50 percent
//! rules, integrated ownership, control, beneficial owners. Verdicts never use floats.
//!
//! [`Judge`] answers under a regime on a day; [`Judge::prove`] shows why; [`check_proof`] checks a
//! proof anew and shares no code with what made it. Integrated ownership, control and beneficial
//! owners are other questions with other answers, and are computed on [`Weights`].

mod account;
#[cfg(test)]
mod account_tests;
mod account_text;
mod amount;
mod cause;
mod changes;
mod check;
mod check_entities;
mod check_lists;
#[cfg(test)]
pub(crate) mod check_mutations;
#[cfg(test)]
mod check_property;
mod check_read;
mod check_sets;
mod check_stakes;
mod check_steps;
#[cfg(test)]
mod check_tests;
mod check_world;
mod close_links;
mod component;
mod consequences;
mod control_sets;
mod dates;
mod exact;
mod exposure;
mod figures;
mod figures_own;
mod findings;
mod free;
#[cfg(test)]
mod free_tests;
mod ground;
mod holdings;
mod integrated;
mod judge;
mod listed;
#[cfg(test)]
mod math_cases;
#[cfg(test)]
mod math_tests;
mod network;
mod over;
#[cfg(test)]
mod over_tests;
mod owners;
mod paths;
mod proof;
mod proof_text;
mod prove;
mod regime;
mod regime_member;
mod regime_read;
mod run;
mod scc;
mod shown;
mod solve;
mod stake;
mod support;
mod suppose;
mod verdict;
mod warnings;
mod weights;
mod what_if;

pub use account::{Account, Counts, Term};
pub use amount::Amount;
pub use cause::{Cause, CauseKind};
pub use changes::{Changes, SupposedStake};
pub use check::{Checked, check_proof};
pub use close_links::{CloseLinks, Common, Link, LinkMethod, LinkQuery, close_links};
pub use consequences::{Consequence, Consequences, Moment, consequences};
pub use control_sets::{Tie, Ties, control_all, controlled};
pub use dates::days_between;
pub use exact::Exact;
pub use exposure::{Exposing, Exposure, ExposureKind, Exposures};
pub use figures::{Beneficiaries, Beneficiary, Controls, Figures, LinkAsk, Linked};
pub use figures_own::{OwnAsk, Owned, Position};
pub use free::{Freed, Sold, Unfreeable};
pub use ground::Ground;
pub use holdings::Conventions;
pub use integrated::{Budget, Integrated, Method, Options, integrated, integrated_into};
pub use judge::{Judge, Outcome, Range};
pub use listed::{Coverage, ListUse, Lists};
pub use over::{Over, Period, over};
pub use owners::{Holdings, Owner, OwnerQuery, OwnerRule, Owners, Reason, owners};
pub use paths::{PathSums, simple_path_sums, widest};
pub use proof::{By, Chain, ClosedSet, Held, Listed, MissingFact, Proof, Step, Used};
pub use regime::{Aggregation, Basis, Cover, Joint, Regime, RegimeKind, RegimeList, Regimes, Rule, Test, Wording};
pub use shown::mark;
pub use stake::Bounds;
pub use suppose::{Supposed, Supposition, named_edges, suppose, supposed_share};
pub use verdict::{Verdict, Verdicts, range_json, range_of_json, range_words};
pub use weights::{Bound, Stake, Weights};
pub use what_if::{Flip, Flips, WhatIf, what_if};
