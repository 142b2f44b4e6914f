//! Reading lists, registers and tables: one file per format, all producing the same stream of
//! records through one [`Sink`].
//!
//! To add a format: write `src/import/NAME.rs` with a `detect` and an `import` function, and
//! name them in the table in `detect.rs`.

mod detect;
mod document;
pub mod dump;
mod ftm;
mod ftm_line;
mod ftm_percent;
mod ftm_record;
mod ftm_schema;
mod hashes;
mod input;
mod ofac_csv;
mod ofac_csv_rows;
mod ofac_items;
mod ofac_primary;
mod ofac_remarks;
mod ofac_schemes;
mod ofac_sides;
mod ofac_xml;
mod ofac_xml_entries;
mod ofac_xml_names;
mod ofac_xml_party;
mod ofac_xml_relations;
mod ofac_xml_sets;
mod report;
mod run;
mod sink;
mod slug;
mod table;
mod table_columns;
mod table_rows;
mod xml;

pub use crate::model::Mode;
pub use detect::{Format, detect};
pub use input::Input;
pub use report::{Example, Finding, Report};
pub use run::{Batch, Outcome, Request, import};
pub use sink::{Draft, Options, Sink, TableMap};
