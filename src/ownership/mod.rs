//! Who is blocked through whom, and the proof of it: regimes, the cascade of the 50 percent
//! rules, integrated ownership, control, beneficial owners. Verdicts never use floats.

mod exact;
mod regime;
mod regime_member;
mod regime_read;

pub use exact::Exact;
pub use regime::{Aggregation, Basis, Joint, Regime, RegimeKind, RegimeList, Regimes, Rule, Test, Wording};
