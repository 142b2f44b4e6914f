//! Reading lists, registers and tables: one file per format, all producing the same stream of
//! records through one [`Sink`].
//!
//! To add a format: write `src/import/NAME.rs` (or a folder, when it is large) with a `detect` and
//! an `import` function, and name them in the table in `detect.rs`.

mod bods;
mod dates;
mod detect;
mod document;
pub mod dump;
mod ftm;
mod hashes;
mod input;
mod ofac_csv;
mod ofac_xml;
mod percent;
mod report;
mod rows;
mod run;
mod sink;
mod slug;
mod table;
mod xml;

pub use crate::model::Mode;
pub(crate) use bods::{INTEREST_TYPES, interest_type};
pub use detect::{Format, detect};
pub use input::Input;
pub use report::{Example, Finding, Report};
pub use run::{Batch, Outcome, Request, import};
pub use sink::{Draft, Options, Sink, TableMap};
