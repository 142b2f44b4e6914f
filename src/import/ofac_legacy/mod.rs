//! OFAC's older XML (`sdn.xml`, `consolidated.xml`): root `sdnList`, in whichever of its two
//! namespaces.
//!
//! It holds what the CSV set holds, in elements where that has columns and remarks. An entry is
//! written as the CSV set would write it (`Tax ID No. 77 (Norland)`) and read by the same
//! reader, so it gives the same facts from either file, in the same parts. Numbers of names,
//! addresses and documents within an entry are not kept, as there.

mod entry;

pub(super) use self::entry::items;

use self::entry::Entries;
use super::ofac_csv::Family;
use super::ofac_csv::entry::list_of;
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Result};
use crate::import::dates::{self, Order};
use crate::import::xml::{self, El, Step, Tree, Xml};
use crate::model::PartialDate;

/// Parts of the source that the file covers: those of the CSV set.
const PARTS: [&str; 4] = ["primary", "address", "alias", "comments"];
/// Counts that stand in the report even when they are zero.
const COUNTS: [&str; 11] = [
    "entries",
    "aliases",
    "addresses",
    "ids",
    "programs",
    "dobs",
    "pobs",
    "nationalities",
    "citizenships",
    "vessel_info",
    "linked_to_in_remarks",
];

/// Whether the root element is `sdnList`.
pub(super) fn detect(input: &Input) -> bool {
    xml::root(input).0 == "sdnList"
}

/// Which list the programmes of the first entries speak for.
fn evident(input: &Input) -> Option<Family> {
    let head = String::from_utf8_lossy(input.head());
    let codes = head.split("program>").filter(|t| t.ends_with("</")).map(|t| t.trim_end_matches("</").trim());
    let (mut all, mut cons) = (0, 0);
    for code in codes {
        all += 1;
        cons += usize::from(list_of(code).is_some());
    }
    (cons * 2 > all).then_some(Family::Consolidated)
}

/// Reads one file as a full release of its list.
///
/// # Errors
/// More than one file, malformed or truncated XML, a file of another kind, and a file that
/// holds more or fewer entries than it says.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut files = files.into_iter();
    let input = files.next().ok_or_else(|| Error::usage("no file given"))?;
    if let Some(second) = files.next() {
        return Err(Error::input("an OFAC XML file is a whole release; this is a second one")
            .at(second.place())
            .hint("import the files one after the other"));
    }
    for name in COUNTS {
        sink.report.count(name, 0);
    }
    let family = Family::of_name(&input).or_else(|| evident(&input)).unwrap_or(Family::Sdn);
    let mut xml = Xml::new(input);
    let published = read(&mut xml, family, sink)?;
    let source = options.source.clone().unwrap_or_else(|| family.list().to_owned());
    let mut info = family.info(&source);
    info.published = published.map(|d| d.to_string()).unwrap_or_default();
    Ok(Draft {
        source,
        info,
        format: "ofac-legacy",
        stated: published,
        parts: PARTS.map(str::to_owned).to_vec(),
        mode: Mode::Full,
    })
}

fn read(xml: &mut Xml, family: Family, sink: &mut Sink<'_>) -> Result<Option<PartialDate>> {
    xml.step()?;
    if xml.tag().name() != "sdnList" {
        return Err(Error::input(format!("the root element is {}, not sdnList", xml.tag().name())).at(xml.place()));
    }
    let (mut published, mut stated) = (None, None);
    let mut entries = Entries::new(family);
    let mut tree = Tree::default();
    while xml.step()? == Step::Start {
        let name = xml.tag().name().to_owned();
        match name.as_str() {
            "sdnEntry" => {
                xml.subtree(&mut tree)?;
                entries.read(tree.root(), xml.place(), sink)?;
            }
            // The publisher's own spelling.
            "publshInformation" | "publishInformation" => {
                xml.subtree(&mut tree)?;
                (published, stated) = publication(tree.root(), xml, sink);
            }
            _ => {
                sink.report.skip("element that is not in the schema", xml.place(), &name);
                xml.skip()?;
            }
        }
    }
    if xml.step()? != Step::Eof {
        return Err(Error::input("more than one root element").at(xml.place()));
    }
    let found = sink.report.get("entries");
    if let Some(stated) = stated.filter(|n| *n != found) {
        let message = format!("the file says that it holds {stated} entries, and holds {found}");
        return Err(Error::input(message)
            .at(xml.place().element("Record_Count"))
            .hint("the file is cut or edited; fetch it again from its publisher"));
    }
    sink.report.count("distinct_programs", entries.programs());
    Ok(published)
}

/// The date of publication and the number of entries that the file states.
fn publication(el: El<'_>, xml: &Xml, sink: &mut Sink<'_>) -> (Option<PartialDate>, Option<u64>) {
    let (mut date, mut count) = (None, None);
    for child in el.children() {
        let place = xml.place().element(child.name());
        match child.name() {
            "Publish_Date" => {
                date = dates::date(child.text(), Order::MonthFirst);
                if date.is_none() {
                    sink.report.suspect("date that cannot be read", place, child.text());
                }
            }
            "Record_Count" => match child.text().parse::<u64>() {
                Ok(n) => {
                    sink.report.count("record_count_header", n);
                    count = Some(n);
                }
                Err(_) => sink.report.suspect("number of entries that cannot be read", place, child.text()),
            },
            _ => sink.report.skip("element that is not in the schema", place, child.text()),
        }
    }
    (date, count)
}

#[cfg(test)]
mod tests;
