//! The ownership chart as an export.

use super::{Export, Options, SvgOptions, notes, svg};
use crate::error::Result;
use crate::model::Document;

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let mut warnings = Vec::new();
    let kept = notes::held_back(doc, options.with_notes, &mut warnings);
    let look = SvgOptions {
        title: options.title.clone(),
        today: options.date,
        positions: options.positions.clone(),
        boxes: options.boxes,
        ..SvgOptions::default()
    };
    let text = svg(&kept, &look)?;
    Ok(Export::one("svg", text, warnings))
}
