//! The UK Sanctions List: as XML, as a table of one line per name and address (CSV or a
//! spreadsheet), and in its short form of eight columns.
//!
//! All forms speak of the same parties, `uk:UNIQUEID`. What the short form has too (name, type,
//! OFSI group id, source, listing) is the part `primary` of a release, all else the part
//! `details`, so that a short form ends nothing that only a full one says.

mod designation;
mod fields;
mod groups;
mod layout;
mod party;
mod refs;
mod sanctions;
mod text;

pub(super) use self::fields::Field;
pub(super) use self::groups::Groups;
pub(super) use self::layout::Layout;
pub(super) use self::party::{Ctx, Party, tally};
pub(super) use self::refs::Refs;
pub(super) use self::text::{key, nothing};

use self::party::hand_over;
use self::sanctions::Sanctions;
use super::dates::{self, Order};
use super::hashes::Hashes;
use super::rows::Header;
use super::workbook::Table;
use super::xml::{self, Step, Tree, Xml};
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Result};
use crate::model::{Fact, Id, PartialDate, SourceInfo};
use xxhash_rust::xxh3::xxh3_64;

/// Where the header of a table may stand.
const HEADER_WITHIN: usize = 10;

/// The licence of all UK lists, and the words it asks for.
pub(super) const LICENCE: &str = "Open Government Licence v3.0";
/// As the licence words it.
pub(super) const ATTRIBUTION: &str =
    "Contains public sector information licensed under the Open Government Licence v3.0.";

/// Whether a row is the header of the list, in its long or its short form.
fn is_header(row: &[String]) -> bool {
    let has = |name: &str| row.iter().any(|c| key(c) == name);
    has("uniqueid") && has("regimename") && (has("name6") || has("name"))
}

/// Whether the root element is `Designations`, or a header of the list is among the first rows.
pub(super) fn detect(input: &Input) -> bool {
    if input.head().is_empty() {
        return false;
    }
    let (root, _) = xml::root(input);
    root == "Designations" || (root.is_empty() && Table::peek(input, HEADER_WITHIN).iter().any(|r| is_header(r)))
}

/// The only file of a release.
pub(super) fn only(files: Vec<Input>) -> Result<Input> {
    let mut files = files.into_iter();
    let input = files.next().ok_or_else(|| Error::usage("no file given"))?;
    match files.next() {
        None => Ok(input),
        Some(second) => Err(Error::input("one file is a whole release of the list; this is a second one")
            .at(second.place())
            .hint("import the files one after the other")),
    }
}

/// Goes to the header of a table: the row that `is` says yes to, and the cells before it.
pub(super) fn header(table: &mut Table, is: fn(&[String]) -> bool) -> Result<(Header, Vec<String>)> {
    let mut before = Vec::new();
    for _ in 0..HEADER_WITHIN {
        if !table.next()? {
            break;
        }
        let row: Vec<String> = (0..table.len()).map(|i| table.field(i).to_owned()).collect();
        if is(&row) {
            return Ok((table.header(), before));
        }
        before.extend(row);
    }
    Err(Error::input("no header of the list in the first rows")
        .at(table.here())
        .hint("fetch the file again from its publisher; name another --format if it is another list"))
}

/// A key for an entry that has none, from its contents.
pub(super) fn stand_in(contents: &str) -> String {
    format!("unkeyed-{:016x}", xxh3_64(contents.as_bytes()))
}

/// Reads one file as a full release.
///
/// # Errors
/// More than one file, malformed or truncated XML or rows, a table without the columns of the
/// list, a workbook that is damaged or too large.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let input = only(files)?;
    let file = input.place();
    for name in ["distinct_unique_ids", "by_list/uk_sl", "by_list/uk_sl_other", "decisions/same", "decisions/unsure"] {
        sink.report.count(name, 0);
    }
    let mut refs = Refs::default();
    let (stated, full) = match xml::root(&input).0.is_empty() {
        false => (read_xml(input, &mut refs, sink)?, true),
        true => read_table(input, &mut refs, sink)?,
    };
    refs.put(&file, sink)?;
    let source = options.source.clone().unwrap_or_else(|| "uk_sl".to_owned());
    let info = SourceInfo {
        id: source.clone(),
        title: "UK Sanctions List".to_owned(),
        publisher: "Foreign, Commonwealth & Development Office".to_owned(),
        url: "https://www.gov.uk/government/publications/the-uk-sanctions-list".to_owned(),
        published: stated.map(|d| d.to_string()).unwrap_or_default(),
        licence: LICENCE.to_owned(),
        attribution: ATTRIBUTION.to_owned(),
    };
    let parts = if full { &["primary", "details"][..] } else { &["primary"] };
    let parts = parts.iter().map(|p| (*p).to_owned()).collect();
    Ok(Draft { source, info, format: "uk-sl", stated, parts, mode: Mode::Full })
}

/// Counts a party once it is known whole.
fn count(party: &Party, sink: &mut Sink<'_>) {
    sink.report.count("distinct_unique_ids", 1);
    if !party.kind.is_empty() {
        tally(&mut sink.report, "by_type", &party.kind);
    }
}

/// Reads the XML form; the day it says it was made.
fn read_xml(input: Input, refs: &mut Refs, sink: &mut Sink<'_>) -> Result<Option<PartialDate>> {
    let mut xml = Xml::new(input);
    let (mut tree, mut stated, mut ids) = (Tree::default(), None, Hashes::default());
    xml.step()?;
    if xml.tag().name() != "Designations" {
        return Err(Error::input(format!("the root element is {}, not Designations", xml.tag().name()))
            .at(xml.place())
            .hint("the XML of OFSI's consolidated list is another format; fetch that list as CSV or XLSX"));
    }
    while xml.step()? == Step::Start {
        xml.subtree(&mut tree)?;
        let el = tree.root();
        if el.name() != "Designation" {
            stated = stated.or_else(|| dates::date(el.text(), Order::DayFirst));
            if stated.is_none() {
                sink.report.skip("element that is no designation", xml.place(), el.name());
            }
            continue;
        }
        sink.report.count("designations", 1);
        let mut key = el.child_text("UniqueID").to_owned();
        let mut place = xml.place().element(format!("designation {key}"));
        if nothing(&key) || Id::new("uk", &key).is_err() {
            let all: Vec<&str> = el.descendants().map(|d| d.text()).collect();
            key = stand_in(&all.join("|"));
            place = xml.place();
            sink.report.suspect("entry without a unique id", place.clone(), &key);
        }
        let again = ids.insert(xxh3_64(key.as_bytes()), 0).is_some();
        if again {
            sink.report.suspect("unique id occurs twice", place.clone(), &key);
        }
        let id = Id::new("uk", &key).map_err(|e| Error::input(e.message().to_owned()).at(place.clone()))?;
        let mut party = Party::new(id);
        let mut ctx = Ctx { report: &mut sink.report, refs: &mut *refs, place: place.clone() };
        let mut sanctions = Sanctions::default();
        designation::read(el, &mut party, &mut sanctions, &mut ctx);
        for source in party.core_values("designation_source") {
            tally(ctx.report, "by_source", source);
        }
        sanctions.count(&mut ctx);
        sanctions.put(&mut party, &mut ctx);
        if !again {
            count(&party, sink);
        }
        hand_over(party, "details", refs, place, sink)?;
    }
    if xml.step()? != Step::Eof {
        return Err(Error::input("more than one root element").at(xml.place()));
    }
    Ok(stated)
}

/// Reads a table; its report date, and whether it is the full form.
fn read_table(input: Input, refs: &mut Refs, sink: &mut Sink<'_>) -> Result<(Option<PartialDate>, bool)> {
    let mut table = Table::open(input)?;
    let (header, before) = header(&mut table, is_header)?;
    // "Report Date: 13-Feb-2026", in one cell or two.
    let stated = before.iter().find_map(|c| dates::date(c.rsplit(':').next().unwrap_or_default(), Order::DayFirst));
    let find = |names: &[&str]| header.names().position(|n| names.contains(&key(n).as_str()));
    let place = table.here();
    let id = header.need("Unique ID", &place)?;
    let regime = header.need("Regime Name", &place)?;
    let group = find(&["ofsigroupid"]);
    let kind = find(&["designationtype", "individualentityship", "type", "grouptype"]);
    let source = find(&["designationsource"]);
    let imposed = find(&["sanctionsimposed"]);
    let designated = find(&["datedesignated"]);
    let short = header.find("Name 6").is_none();
    let name = if short { find(&["name"]) } else { None };
    let layout = Layout::new(&header, &[Some(id), Some(regime), group, kind, source, imposed, designated, name]);
    let mut groups = Groups::new("details");
    let mut seen = Hashes::default();
    while table.next()? {
        table.check(&header)?;
        sink.report.count("rows", 1);
        let get = |at: Option<usize>| at.map(|at| table.field(at)).unwrap_or_default();
        let mut key = table.field(id).to_owned();
        if nothing(&key) || Id::new("uk", &key).is_err() {
            let row: Vec<&str> = (0..table.len()).map(|i| table.field(i)).collect();
            key = stand_in(&row.join("|"));
            sink.report.suspect("entry without a unique id", table.here(), &key);
        }
        let place = table.here().element(format!("designation {key}"));
        let new = seen.insert(xxh3_64(key.as_bytes()), 0).is_none();
        let read = |party: &mut Party, refs: &mut Refs, sink: &mut Sink<'_>| {
            let mut ctx = Ctx { report: &mut sink.report, refs, place: place.clone() };
            party.is(get(kind), &mut ctx);
            party.reference("OFSI Group ID", get(group), true, &mut ctx);
            party.core(Fact::new("designation_source", get(source)));
            let mut sanctions = Sanctions::default();
            sanctions.regime(table.field(regime));
            sanctions.designated(get(designated));
            sanctions.imposed(get(imposed), if short { ',' } else { '|' });
            if new {
                tally(ctx.report, "by_source", get(source));
                sanctions.count(&mut ctx);
            }
            sanctions.put(party, &mut ctx);
            match name {
                Some(at) => party.name(&[table.field(at)], "Primary name", "", &mut ctx),
                None => layout.read(&table, party, &mut ctx),
            }
            if new {
                count(party, sink);
            }
            Ok(())
        };
        if short {
            // One row is one designation.
            if !new {
                sink.report.suspect("unique id occurs twice", place.clone(), &key);
            }
            let id = Id::new("uk", &key).map_err(|e| Error::input(e.message().to_owned()).at(place.clone()))?;
            let mut party = Party::new(id);
            read(&mut party, refs, sink)?;
            hand_over(party, "primary", refs, place.clone(), sink)?;
        } else {
            groups.line("uk", &key, place.clone(), refs, sink, read)?;
        }
    }
    groups.put(refs, sink)?;
    table.note_other_sheets(&mut sink.report);
    Ok((stated, !short))
}

#[cfg(test)]
mod tests;
