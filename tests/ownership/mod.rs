//! Verdicts, compared with a slow and exact computation of their own and with worked cases.
//!
//! [`reference`] decides by going through all sets of parties; it shares no code and no rule
//! data with the library.

mod against_reference;
mod cases;
mod figures;
#[path = "../../src/ownership/check_mutations.rs"]
mod mutations;
pub(crate) mod networks;
mod program;
mod proofs;
mod random;
mod reading;
mod reference;
mod regimes;
mod stakes;

use cuibono::ownership::Exact;
