//! Reading lists, registers and tables: one file per format, all producing the same stream of
//! records through one [`Sink`].
//!
//! To add a format: write `src/import/NAME.rs` with a `detect` and an `import` function, and
//! name them in the table in `detect.rs`.

mod detect;
mod document;
mod ftm;
mod ftm_line;
mod ftm_percent;
mod ftm_record;
mod ftm_schema;
mod hashes;
mod input;
mod ofac_csv;
mod ofac_remarks;
mod ofac_xml;
mod report;
mod sink;
mod slug;
mod table;
mod table_columns;
mod table_rows;

pub use detect::{Format, detect};
pub use input::Input;
pub use report::{Example, Report};
pub use sink::{Draft, Mode, Options, Sink, TableMap};
