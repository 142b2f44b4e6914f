//! Reading a network document. (skeleton: to be filled)

use super::Document;
use crate::error::Result;

impl Document {
    /// Reads a document. `scope` is the namespace of bare ids; `file` names the input in errors.
    /// The second value lists what was ignored (unknown members), with their places.
    pub fn read(text: &str, scope: Option<&str>, file: &str) -> Result<(Document, Vec<String>)> {
        let _ = (text, scope, file);
        Ok((Document::default(), Vec::new()))
    }
}
