//! Who is blocked through whom, and the proof of it: regimes, the cascade of the 50 percent
//! rules, integrated ownership, control, beneficial owners. Verdicts never use floats.

mod check;
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
mod exact;
mod regime;

pub use check::{Checked, check_proof};
pub use exact::Exact;
pub use regime::{Aggregation, Basis, Joint, Regime, RegimeKind, RegimeList, Regimes, Rule, Test, Wording};
