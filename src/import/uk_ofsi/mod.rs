//! OFSI's consolidated list of targets of UK asset freezes, as CSV or as a spreadsheet.
//!
//! The list was closed on 28 January 2026 and is kept for its history. One line per name,
//! address and date of birth; the group id says which lines are of one party.

mod information;

use super::dates::{self, Order};
use super::uk_sl::{
    ATTRIBUTION, Ctx, Groups, LICENCE, Layout, Party, Refs, header, key, nothing, only, stand_in, tally,
};
use super::workbook::Table;
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::Result;
use crate::model::{Fact, Id, Listing, PartialDate, SourceInfo};
use std::collections::HashSet;
use xxhash_rust::xxh3::xxh3_64;

/// Where the header may stand.
const WITHIN: usize = 10;

/// Whether a row is the header of the list.
fn is_header(row: &[String]) -> bool {
    ["groupid", "grouptype", "name6", "regime"].iter().all(|name| row.iter().any(|c| key(c) == *name))
}

/// Whether the header of the list is among the first rows.
pub(super) fn detect(input: &Input) -> bool {
    !input.head().is_empty()
        && !input.head().starts_with(b"<")
        && Table::peek(input, WITHIN).iter().any(|r| is_header(r))
}

/// Reads one file as a full release.
///
/// # Errors
/// More than one file, malformed or truncated rows, a table without the columns of the list, a
/// workbook that is damaged or too large.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let input = only(files)?;
    let file = input.place();
    let mut refs = Refs::default();
    for name in [
        "rows",
        "distinct_group_ids",
        "other_information_rows",
        "other_information_subsidiary_or_parent",
        "groups_with_subsidiary_or_parent",
        "groups_with_owner_operator",
        "decisions/same",
        "decisions/unsure",
    ] {
        sink.report.count(name, 0);
    }
    let stated = read(input, &mut refs, sink)?;
    refs.put(&file, sink)?;
    let source = options.source.clone().unwrap_or_else(|| "uk_ofsi".to_owned());
    let info = SourceInfo {
        id: source.clone(),
        title: "Consolidated list of financial sanctions targets in the UK".to_owned(),
        publisher: "HM Treasury, Office of Financial Sanctions Implementation".to_owned(),
        url: "https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets".to_owned(),
        published: stated.map(|d| d.to_string()).unwrap_or_default(),
        licence: LICENCE.to_owned(),
        attribution: ATTRIBUTION.to_owned(),
    };
    let parts = vec!["primary".to_owned()];
    Ok(Draft { source, info, format: "uk-ofsi", stated, parts, mode: Mode::Full })
}

/// Columns that the importer reads itself.
struct Columns {
    group: usize,
    kind: usize,
    regime: usize,
    listed: Option<usize>,
    information: Option<usize>,
    alias_type: Option<usize>,
    alias_quality: Option<usize>,
}

fn read(input: Input, refs: &mut Refs, sink: &mut Sink<'_>) -> Result<Option<PartialDate>> {
    let mut table = Table::open(input)?;
    let (header, before) = header(&mut table, is_header)?;
    // "Last Updated", then the day in the next cell.
    let stated = before.iter().find_map(|c| dates::date(c.rsplit(':').next().unwrap_or_default(), Order::DayFirst));
    let place = table.here();
    let columns = Columns {
        group: header.need("Group ID", &place)?,
        kind: header.need("Group Type", &place)?,
        regime: header.need("Regime", &place)?,
        listed: header.find("Listed On"),
        information: header.find("Other Information"),
        alias_type: header.find("Alias Type"),
        alias_quality: header.find("Alias Quality"),
    };
    let Columns { group, kind, regime, listed, information, .. } = columns;
    let layout = Layout::new(&header, &[Some(group), Some(kind), Some(regime), listed, information]);
    let mut groups = Groups::new("primary");
    let mut counted = Counted::default();
    while table.next()? {
        table.check(&header)?;
        let mut key = table.field(group).to_owned();
        if nothing(&key) || Id::new("uk.ofsi", &key).is_err() {
            let row: Vec<&str> = (0..table.len()).map(|i| table.field(i)).collect();
            key = stand_in(&row.join("|"));
            sink.report.suspect("entry without a group id", table.here(), &key);
        }
        counted.row(&table, &columns, &key, sink);
        let place = table.here().element(format!("group {key}"));
        groups.line("uk.ofsi", &key, place.clone(), refs, sink, |party, refs, sink| {
            let mut ctx = Ctx { report: &mut sink.report, refs, place };
            line(&table, &columns, party, &mut ctx);
            layout.read(&table, party, &mut ctx);
            Ok(())
        })?;
    }
    groups.put(refs, sink)?;
    table.note_other_sheets(&mut sink.report);
    Ok(stated)
}

/// Reads the columns of a line that are this list's own.
fn line(table: &Table, columns: &Columns, party: &mut Party, ctx: &mut Ctx<'_>) {
    let get = |at: Option<usize>| at.map(|at| table.field(at)).unwrap_or_default();
    party.is(table.field(columns.kind), ctx);
    let listed = get(columns.listed);
    let from = party.date(listed, ctx);
    if from.is_none() {
        party.core(Fact::new("listed_on", listed));
    }
    let program = table.field(columns.regime);
    let programs = if nothing(program) { Vec::new() } else { vec![program.to_owned()] };
    party.listed(Listing { list: "uk_ofsi".to_owned(), from, programs, ..Listing::default() }, ctx);
    let text = get(columns.information);
    if party.say(Fact::new("other_information", text)) {
        information::read(text, party, ctx);
    }
}

/// Counts of lines and groups, as somebody who reads the table counts them.
#[derive(Default)]
struct Counted {
    groups: HashSet<u64>,
    related: HashSet<u64>,
    operated: HashSet<u64>,
}

impl Counted {
    fn row(&mut self, table: &Table, columns: &Columns, key: &str, sink: &mut Sink<'_>) {
        let get = |at: Option<usize>| at.map(|at| table.field(at)).unwrap_or_default();
        let report = &mut sink.report;
        let group = xxh3_64(key.as_bytes());
        report.count("rows", 1);
        report.count("distinct_group_ids", u64::from(self.groups.insert(group)));
        tally(report, "by_group_type_rows", table.field(columns.kind));
        tally(report, "by_alias_type", get(columns.alias_type));
        tally(report, "by_alias_quality", get(columns.alias_quality));
        tally(report, "by_regime", table.field(columns.regime));
        let text = get(columns.information);
        report.count("other_information_rows", u64::from(!nothing(text)));
        let tags = information::tagged(text);
        let has = |names: &[&str]| tags.iter().any(|(t, _)| names.contains(t));
        let related = has(&["Parent company", "Subsidiaries"]);
        report.count("other_information_subsidiary_or_parent", u64::from(related));
        report.count("groups_with_subsidiary_or_parent", u64::from(related && self.related.insert(group)));
        let operated = has(&["Current owner/operator", "Previous owner/operator"]);
        report.count("groups_with_owner_operator", u64::from(operated && self.operated.insert(group)));
    }
}

#[cfg(test)]
mod tests;
