//! The UN Security Council consolidated list in XML (`CONSOLIDATED_LIST`).
//!
//! One file is a whole release. Entries are read one at a time; kept are only hashes of the
//! reference numbers and the names of the programmes. The list has no relations in fields: what
//! its comments tell of them stays text.

mod entry;

use self::entry::{Kind, read};
use super::hashes::Hashes;
use super::leaves::hash_of;
use super::xml::{self, El, Step, Tree, Xml};
use super::{Draft, Input, Mode, Options, Sink, dates};
use crate::error::{Error, Place, Result};
use crate::model::{End, Fact, Id, PartyRecord, Record, RelationRecord, SourceInfo, prop};
use std::collections::HashSet;

/// Name of the format.
pub(super) const FORMAT: &str = "un-xml";
/// Scheme of the list's reference numbers, here and where other lists state them.
pub(super) const REFERENCE: &str = "UN reference number";
/// The only part: all that the list says of an entry stands in one element.
const PART: &str = "primary";
/// The root element.
const ROOT: &str = "CONSOLIDATED_LIST";
/// Counts that stand in the report even when they are zero.
const COUNTS: [&str; 16] = [
    "individuals",
    "entities",
    "individual_alias_elements",
    "individual_alias_nonempty",
    "entity_alias_elements",
    "entity_alias_nonempty",
    "individual_addresses",
    "entity_addresses",
    "dob_elements",
    "documents_elements",
    "documents_with_number",
    "nationality_values",
    "designations",
    "titles",
    "distinct_reference_numbers",
    "distinct_dataids",
];

/// The party that a reference number of this list stands for, where another list states one:
/// two capital letters for the regime, `i` or `e`, a full stop and digits (`XYi.001`).
pub(super) fn referred(number: &str) -> Option<Id> {
    let (regime, digits) = number.split_once('.')?;
    let (regime, sort) = regime.split_at_checked(2)?;
    let fits = regime.bytes().all(|b| b.is_ascii_uppercase())
        && matches!(sort, "i" | "e")
        && (3..=5).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| Id::new("un", number).ok())?
}

/// Whether the root element is that of the list.
pub(super) fn detect(input: &Input) -> bool {
    xml::root(input).0 == ROOT
}

/// Reads one file as a full release of the list.
///
/// # Errors
/// More than one file, malformed or truncated XML, a file of another kind.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut files = files.into_iter();
    let input = files.next().ok_or_else(|| Error::usage("no file given"))?;
    if let Some(second) = files.next() {
        return Err(Error::input("a file of the UN list is a whole release; this is a second one")
            .at(second.place())
            .hint("import the files one after the other"));
    }
    for name in COUNTS {
        sink.report.count(name, 0);
    }
    let mut xml = Xml::new(input);
    xml.step()?;
    if xml.tag().name() != ROOT {
        return Err(Error::input(format!("the root element is {}, not {ROOT}", xml.tag().name()))
            .at(xml.place())
            .hint("fetch consolidated.xml of the UN Security Council"));
    }
    let generated = xml.tag().attr("dateGenerated").to_owned();
    let issued = dates::date(&generated, dates::Order::DayFirst);
    if issued.is_none() {
        sink.report.suspect("date of the list not understood", xml.place().element("dateGenerated"), &generated);
    }
    let mut list = List::default();
    let mut tree = Tree::default();
    while xml.step()? == Step::Start {
        let name = xml.tag().name().to_owned();
        let Some(kind) = Kind::of_section(&name) else {
            sink.report.skip("section that is not in the schema", xml.place(), &name);
            xml.skip()?;
            continue;
        };
        while xml.step()? == Step::Start {
            xml.subtree(&mut tree)?;
            let el = tree.root();
            if el.name() == kind.element() {
                list.entry(kind, el, xml.place(), sink)?;
            } else {
                sink.report.skip("element that is no entry", xml.place(), el.name());
            }
        }
    }
    xml.step()?;

    let source = options.source.clone().unwrap_or_else(|| "un_sc".to_owned());
    let info = SourceInfo {
        id: source.clone(),
        title: "United Nations Security Council Consolidated List".to_owned(),
        publisher: "United Nations Security Council".to_owned(),
        url: "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list".to_owned(),
        published: issued.map(|d| d.to_string()).unwrap_or_default(),
        licence: "Public; (c) United Nations".to_owned(),
        attribution: "Source: United Nations Security Council Consolidated List. Not endorsed by the United Nations."
            .to_owned(),
    };
    Ok(Draft { source, info, format: FORMAT, stated: issued, parts: vec![PART.to_owned()], mode: Mode::Full })
}

/// What is kept of the list while it is read.
#[derive(Default)]
struct List {
    references: Hashes,
    data_ids: Hashes,
    programs: HashSet<String>,
}

impl List {
    fn entry(&mut self, kind: Kind, el: El<'_>, place: Place, sink: &mut Sink<'_>) -> Result<()> {
        let entry = read(kind, el, place, sink)?;
        let place = entry.place;
        if let Some(data_id) = &entry.data_id {
            let new = self.data_ids.insert(hash_of(data_id), 0).is_none();
            sink.report.count("distinct_dataids", u64::from(new));
        }
        // A number that comes again is no reason to lose an entry: the store keeps both records.
        let id = entry.record.id.clone();
        if self.references.insert(hash_of(&id.as_str()), 0).is_some() {
            sink.report.suspect("reference number occurs twice", place.clone(), id.local());
        } else if entry.numbered {
            sink.report.count("distinct_reference_numbers", 1);
        }
        let programs: Vec<String> = entry.record.listings.iter().flat_map(|l| l.programs.clone()).collect();
        sink.put(PART, Record::Party(entry.record))?;
        for code in programs {
            let Ok(program) = Id::new("un.program", &code) else {
                sink.report.skip("programme that cannot be an id", place.clone(), &code);
                continue;
            };
            if self.programs.insert(code.clone()) {
                let mut node = PartyRecord::new(program.clone(), "sanctions_program");
                node.facts.push(Fact::name(prop::NAME, code));
                sink.put(PART, Record::Party(node))?;
            }
            let tie = RelationRecord::new(End::Id(id.clone()), "under_program", End::Id(program));
            sink.put(PART, Record::Relation(tie))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
