//! What can be said: ids, types, shares, dates, records, citations, and the network document.
//!
//! Everything here is plain data. Nothing here reads a file or knows the store.

mod catalogue;
mod date;
mod document;
mod document_answer;
mod document_options;
mod document_read;
#[cfg(test)]
mod document_round_trip;
mod document_value;
mod id;
mod record;
mod record_view;
mod script;
mod share;
mod source;
mod suggest;

pub use catalogue::{Catalogue, EdgeType, NodeType};
pub use date::{FuzzyDate, PartialDate};
pub use document::{Answer, Document};
pub(crate) use document_options::is_on;
pub use document_read::{ReadDocument, ReadOptions, slug};
pub use document_value::Warning;
pub use id::{Id, MAX_ID_BYTES};
pub use record::{
    Act, Citation, Decision, Direct, End, Fact, Listing, PartyRecord, Record, RelationRecord, Ruling, Status, prop,
};
pub use record_view::{CitationView, EndView, FactView, IdView, ListingView, PartyView, RecordView, RelationView};
pub use script::{reorders, script_of, steers};
pub use share::{Percent, Share};
pub use source::{Mode, SourceInfo};
