//! The US Consolidated Screening List (`consolidated.csv`, `.tsv` of trade.gov): the lists of
//! the Bureau of Industry and Security, of the State Department and of the Treasury in one
//! table, with multiple values joined by semicolons.
//!
//! Each list is a part of the release, named by its list id. So a party that is on several
//! lists has a record for each, one that moves from list to list is on the new one from that
//! release on, and a file that lacks a whole list ends nothing on it. Relations have the part
//! `links`, where each stands once however many lists repeat it.

mod lists;
mod row;

use self::row::Table;
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Result};
use crate::import::rows::{Header, Rows};
use crate::model::SourceInfo;

/// Columns by which the file is known.
const MARKS: [&str; 6] =
    ["source", "entity_number", "federal_register_notice", "alt_names", "source_list_url", "programs"];

/// Whether the header has the columns of this list.
pub(super) fn detect(input: &Input) -> bool {
    let head = String::from_utf8_lossy(input.head());
    let first = head.trim_start_matches('\u{feff}').lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let names: Vec<&str> = first.split([',', '\t', ';']).map(|n| n.trim().trim_matches('"')).collect();
    MARKS.iter().all(|m| names.iter().any(|n| n.eq_ignore_ascii_case(m)))
}

/// Reads one file as a full release of the lists that are in it.
///
/// # Errors
/// More than one file, a header without the columns that make an entry, rows as wide as no
/// header, quotes that never close, text that is not UTF-8, and a table without rows.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut files = files.into_iter();
    let input = files.next().ok_or_else(|| Error::usage("no file given"))?;
    if let Some(second) = files.next() {
        return Err(Error::input("a Consolidated Screening List is a whole release; this is a second one")
            .at(second.place())
            .hint("import the files one after the other"));
    }
    let file = input.place();
    let mut rows = Rows::new(input);
    if !rows.next()? {
        return Err(Error::input("the file is empty").at(file));
    }
    let mut table = Table::new(Header::of(&rows), &rows.here())?;
    while rows.next()? {
        // The mark of the end of a file that old programs write.
        if rows.len() == 1 && rows.field(0) == "\u{1a}" {
            continue;
        }
        table.read(&rows, sink)?;
    }
    let parts = table.parts();
    if sink.report.get("entries") == 0 {
        return Err(Error::input("the table has a header and no row")
            .at(file)
            .hint("fetch it again from trade.gov; a list without entries would end all there are"));
    }
    let source = options.source.clone().unwrap_or_else(|| "us_csl".to_owned());
    let info = SourceInfo {
        id: source.clone(),
        title: "Consolidated Screening List".to_owned(),
        publisher: "U.S. Department of Commerce, International Trade Administration".to_owned(),
        url: "https://www.trade.gov/consolidated-screening-list".to_owned(),
        published: String::new(),
        licence: "US government work, public domain".to_owned(),
        attribution: "Source: International Trade Administration, Consolidated Screening List. \
                      The lists of record are those of the agencies."
            .to_owned(),
    };
    Ok(Draft { source, info, format: "us-csl", stated: None, parts, mode: Mode::Full })
}

#[cfg(test)]
mod tests;
