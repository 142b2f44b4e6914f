//! The network document itself: the only export that loses nothing.

use super::{Export, Options, notes};
use crate::error::{Error, Result};
use crate::model::Document;

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let mut warnings = Vec::new();
    let kept = notes::held_back(doc, options.with_notes, &mut warnings);
    let mut bytes = Vec::new();
    kept.write(&mut bytes).map_err(|e| Error::io("write the document", e))?;
    Ok(Export::one("json", bytes, warnings))
}
