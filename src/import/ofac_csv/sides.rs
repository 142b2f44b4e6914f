//! The files of the OFAC CSV set that stand beside the primary one: addresses, strong aliases
//! and the overflow of remarks. All are small enough to be grouped by entry in memory.

use super::entry;
use super::primary::Comments;
use super::rows::{Row, Rows};
use crate::error::{Place, Result};
use crate::import::{Report, Sink};
use crate::model::{Fact, Id, PartyRecord, Record};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Reads the comments file whole; it is small, and continues rows of the primary file.
pub(super) fn read_comments(rows: &mut Rows, sink: &mut Sink<'_>) -> Result<Comments> {
    let file = rows.file();
    let mut all = Comments::new();
    while let Some((entry, row)) = rows.next()? {
        let text = row.literal(1).unwrap_or_default().to_owned();
        sink.report.count("comments_rows", 1);
        let place = file.clone().line(row.line);
        if text.is_empty() {
            sink.report.skip("comment without a text", place, &format!("entry {entry}"));
            continue;
        }
        match all.entry(entry) {
            Entry::Occupied(_) => {
                sink.report.suspect("second comment of an entry, the first is kept", place, &text);
            }
            Entry::Vacant(new) => {
                new.insert((place, text));
            }
        }
    }
    Ok(all)
}

/// Without the primary file nobody knows where the text goes on, so it stays text.
pub(super) fn put_loose_comments(comments: &Comments, sink: &mut Sink<'_>) -> Result<()> {
    for (entry, (place, text)) in comments {
        let mut record = PartyRecord::new(Id::new("ofac", &entry.to_string())?, "");
        record.facts.push(Fact::new("remarks_continued", text.as_str()));
        sink.put("comments", Record::Party(record))?;
        sink.report.suspect("comment without the primary file, kept as text", place.clone(), text);
    }
    Ok(())
}

/// Reads the address or the alias file: all rows of one entry become one record, wherever in
/// the file they stand.
fn read_side(
    rows: &mut Rows,
    part: &'static str,
    known: Option<&BTreeSet<u64>>,
    sink: &mut Sink<'_>,
    read: fn(&Row, Place, &mut Report) -> Vec<Fact>,
) -> Result<()> {
    let file = rows.file();
    // What is said twice of one entry is kept once.
    let mut said: HashSet<(u64, String)> = HashSet::new();
    let mut entries: BTreeMap<u64, Vec<Fact>> = BTreeMap::new();
    while let Some((entry, row)) = rows.next()? {
        let place = file.clone().line(row.line);
        if known.is_some_and(|known| !known.contains(&entry)) {
            let reason = format!("{part} of an entry that is not in the list");
            sink.report.suspect(&reason, place.clone(), &format!("entry {entry}"));
        }
        for fact in read(row, place, &mut sink.report) {
            if said.insert((entry, format!("{}|{}|{}", fact.prop, fact.kind, fact.value))) {
                entries.entry(entry).or_default().push(fact);
            }
        }
    }
    for (entry, facts) in entries {
        let mut record = PartyRecord::new(Id::new("ofac", &entry.to_string())?, "");
        record.facts = facts;
        sink.put(part, Record::Party(record))?;
    }
    Ok(())
}

/// One address: street; city, state and postal code in one; country; remarks. An entry
/// without an address has a row of nulls.
fn address(row: &Row, _place: Place, report: &mut Report) -> Vec<Fact> {
    report.count("address_rows", 1);
    let (country, remarks) = (row.get(4), row.get(5));
    if [row.get(2), row.get(3), country, remarks].iter().all(Option::is_none) {
        report.count("placeholder_rows_all_null", 1);
        return Vec::new();
    }
    let lines = [row.get(2), row.get(3)].map(Option::unwrap_or_default);
    entry::address(&lines, country.unwrap_or_default(), remarks.unwrap_or_default())
}

/// One strong alias; weak ones stand in the remarks only.
fn alias(row: &Row, place: Place, report: &mut Report) -> Vec<Fact> {
    report.count("alias_rows", 1);
    let Some(name) = row.get(3) else {
        report.skip("alias without a name", place, row.get(1).unwrap_or_default());
        return Vec::new();
    };
    let kind = row.get(2).unwrap_or_default();
    let label = match kind {
        "aka" => "a.k.a.",
        "fka" => "f.k.a.",
        "nka" => "n.k.a.",
        other => other,
    };
    if matches!(kind, "aka" | "fka" | "nka") {
        report.count(kind, 1);
    }
    let remarks = row.get(4).map(|r| Fact::new("alias_remarks", r).kind(name));
    std::iter::once(entry::alias(label, name, &place, report)).chain(remarks).collect()
}

/// Reads the address file.
pub(super) fn read_addresses(rows: &mut Rows, known: Option<&BTreeSet<u64>>, sink: &mut Sink<'_>) -> Result<()> {
    read_side(rows, "address", known, sink, address)
}

/// Reads the alias file.
pub(super) fn read_aliases(rows: &mut Rows, known: Option<&BTreeSet<u64>>, sink: &mut Sink<'_>) -> Result<()> {
    read_side(rows, "alias", known, sink, alias)
}
