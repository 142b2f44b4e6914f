//! The ownership chart as an export.

use super::{Export, Options, SvgOptions, notes, svg};
use crate::error::Result;
use crate::model::Document;

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let mut warnings = Vec::new();
    let kept = notes::held_back(doc, options.with_notes, &mut warnings);
    let text = svg(&kept, &SvgOptions { today: options.date, ..SvgOptions::default() })?;
    Ok(Export::one("svg", text, warnings))
}
