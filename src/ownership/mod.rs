//! Who is blocked through whom, and the proof of it: regimes, the cascade of the 50 percent
//! rules, integrated ownership, control, beneficial owners. Verdicts never use floats.

mod changes;
mod dates;
mod exact;
mod exposure;
mod free;
#[cfg(test)]
mod free_tests;
mod holdings;
mod judge;
mod listed;
mod proof;
mod proof_text;
mod prove;
mod regime;
mod regime_member;
mod regime_read;
mod run;
mod stake;
mod suppose;
mod support;
mod verdict;
mod what_if;

pub use changes::{Changes, SupposedStake};
pub use dates::days_between;
pub use exact::Exact;
pub use exposure::{Exposing, Exposure, ExposureKind, Exposures};
pub use free::{Freed, Sold, Unfreeable};
pub use holdings::Conventions;
pub use judge::{Judge, Outcome, Range};
pub use listed::{Coverage, ListUse, Lists};
pub use proof::{By, Chain, ClosedSet, Held, Listed, MissingFact, Proof, Step, Used};
pub use regime::{Aggregation, Basis, Joint, Regime, RegimeKind, RegimeList, Regimes, Rule, Test, Wording};
pub use stake::Bounds;
pub use suppose::{Supposed, Supposition, named_edges, suppose, supposed_share};
pub use verdict::{Ground, Verdict, Verdicts, range_json, range_words};
pub use what_if::{Flip, Flips, WhatIf, what_if};
