//! Who is blocked through whom, and the proof of it: regimes, the cascade of the 50 percent
//! rules, integrated ownership, control, beneficial owners. Verdicts never use floats.

mod cause;
mod changes;
mod consequences;
mod dates;
mod exact;
mod holdings;
mod judge;
mod listed;
mod over;
#[cfg(test)]
mod over_tests;
mod regime;
mod regime_member;
mod regime_read;
mod run;
mod shown;
mod stake;
mod verdict;

pub use cause::{Cause, CauseKind};
pub use changes::{Changes, SupposedStake};
pub use consequences::{Consequence, Consequences, Moment, consequences};
pub use dates::days_between;
pub use exact::Exact;
pub use holdings::Conventions;
pub use judge::{Judge, Outcome, Range};
pub use listed::{Coverage, ListUse, Lists};
pub use over::{Over, Period, over};
pub use regime::{Aggregation, Basis, Joint, Regime, RegimeKind, RegimeList, Regimes, Rule, Test, Wording};
pub use shown::mark;
pub use stake::Bounds;
pub use verdict::{Ground, Verdict, Verdicts, range_json, range_words};
