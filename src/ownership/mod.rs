//! Who is blocked through whom, and the proof of it: regimes, the cascade of the 50 percent
//! rules, integrated ownership, control, beneficial owners. Verdicts never use floats.

mod amount;
mod close_links;
mod component;
mod control_sets;
mod exact;
mod integrated;
#[cfg(test)]
mod math_cases;
#[cfg(test)]
mod math_tests;
mod owners;
mod paths;
mod regime;
mod scc;
mod solve;
mod weights;

pub use amount::Amount;
pub use close_links::{CloseLinks, Common, Link, LinkMethod, LinkQuery, close_links};
pub use control_sets::{Tie, Ties, control_all, controlled};
pub use exact::Exact;
pub use integrated::{Budget, Integrated, Method, Options, integrated, integrated_into};
pub use owners::{Holdings, Owner, OwnerQuery, OwnerRule, Owners, Reason, owners};
pub use paths::{PathSums, simple_path_sums, widest};
pub use regime::{Aggregation, Basis, Joint, Regime, RegimeKind, RegimeList, Regimes, Rule, Test, Wording};
pub use weights::{Bound, Stake, Weights};
