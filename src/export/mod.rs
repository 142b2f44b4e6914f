//! Documents as pictures and files for other programs: one file per format.

mod layout;
mod layout_order;
mod layout_place;
mod layout_rank;
mod svg;
mod svg_draw;
mod svg_model;
mod svg_text;

pub use layout::positions;
pub use svg::{SvgOptions, svg};
