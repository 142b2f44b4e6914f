//! Reading lists, registers and tables: one file per format, all producing the same stream of
//! records through one [`Sink`].
//!
//! To add a format: write `src/import/NAME.rs` (or a folder, when it is large) with a `detect` and
//! an `import` function, and name them in the table in `detect.rs`.

mod ahead;
mod archive;
mod asked;
mod bods;
mod ca_sema;
mod csl;
mod dates;
mod detect;
mod document;
pub mod dump;
mod eu_fsf;
mod eu_oj;
mod facts;
pub(crate) mod ftm;
mod gleif;
mod hashes;
mod icij;
mod input;
mod leaves;
mod name_cell;
mod ofac_csv;
mod ofac_legacy;
mod ofac_xml;
mod ordinals;
mod percent;
mod psc;
mod report;
mod rows;
mod run;
mod seco;
mod sink;
mod slug;
mod table;
mod uk_ofsi;
mod uk_sl;
mod un;
mod workbook;
mod xml;

pub use crate::model::Mode;
pub use asked::{Asked, AskedParties, asked_party};
pub(crate) use bods::{INTEREST_TYPES, interest_type};
pub use detect::{Format, detect};
pub use input::Input;
pub(crate) use percent::parse as percentage;
pub use report::{Example, Finding, Report};
pub use run::{Batch, Outcome, Request, import};
pub use sink::{Draft, Options, Sink, TableMap};
