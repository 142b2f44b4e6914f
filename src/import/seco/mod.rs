//! The consolidated list of the Swiss State Secretariat for Economic Affairs (SECO) in XML
//! (`swiss-sanctions-list`): programmes, then targets, then the places that targets refer to.
//!
//! Targets are read one at a time. What refers to a place waits in a compact form until the
//! places have come, and goes into a part of its own; so do the numbers of other authorities,
//! since only at the end is it known whether two targets share one.

mod changes;
mod names;
mod places;
mod programs;
mod target;

use self::places::Places;
use self::programs::Programs;
use self::target::read;
use super::hashes::Hashes;
use super::leaves::{hash_of, squeeze};
use super::xml::{self, El, Step, Tree, Xml};
use super::{Draft, Input, Mode, Options, Sink, dates, un};
use crate::error::{Error, Place, Result};
use crate::model::{Decision, End, Id, Record, RelationRecord, Ruling, SourceInfo};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Name of the format.
pub(super) const FORMAT: &str = "ch-seco";
/// The root element.
const ROOT: &str = "swiss-sanctions-list";
/// Namespace of the ids: SECO numbers every element, targets among them (`ssid`).
const SPACE: &str = "ch.seco";
/// What is said in the target itself, and what needs the places.
const PARTS: [&str; 2] = ["primary", "address"];
/// Counts that stand in the report even when they are zero.
const COUNTS: [&str; 14] = [
    "programs",
    "targets",
    "individuals",
    "entities",
    "objects",
    "delisted",
    "identities",
    "names",
    "spelling_variants",
    "addresses",
    "places_of_birth",
    "identification_documents",
    "relations",
    "places",
];

/// Whether the root element is that of the list.
pub(super) fn detect(input: &Input) -> bool {
    xml::root(input).0 == ROOT
}

/// Reads one file: a full release when it says that it is the whole list; of any other
/// extract, absence ends nothing.
///
/// # Errors
/// More than one file, malformed or truncated XML, a file of another kind.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut files = files.into_iter();
    let input = files.next().ok_or_else(|| Error::usage("no file given"))?;
    if let Some(second) = files.next() {
        return Err(Error::input("a file of the SECO list is a whole release; this is a second one")
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
            .hint("fetch the whole list as XML from SECO's search for sanctioned parties (SESAM)"));
    }
    let (list_type, stated) = (xml.tag().attr("list-type").to_owned(), xml.tag().attr("date").to_owned());
    let issued = dates::date(&stated, dates::Order::DayFirst);
    if issued.is_none() {
        sink.report.suspect("date of the list not understood", xml.place().element("date"), &stated);
    }
    let whole = list_type == "whole-list" || options.full;
    if !whole {
        sink.report.suspect("not the whole list: absence ends nothing", xml.place().element("list-type"), &list_type);
    }
    let mut list = List::default();
    let mut tree = Tree::default();
    while xml.step()? == Step::Start {
        xml.subtree(&mut tree)?;
        let (el, place) = (tree.root(), xml.place());
        match el.name() {
            "sanctions-program" => list.programs.read(el, &place, sink)?,
            "target" => list.target(el, place, sink)?,
            "place" => list.places.read(el, &place, &mut sink.report),
            other => sink.report.skip("element that is not in the schema", place, other),
        }
    }
    xml.step()?;
    list.finish(&xml.place(), sink)?;

    let source = options.source.clone().unwrap_or_else(|| "ch_seco".to_owned());
    let info = SourceInfo {
        id: source.clone(),
        title: "Swiss sanctions list (SESAM)".to_owned(),
        publisher: "State Secretariat for Economic Affairs (SECO), Switzerland".to_owned(),
        url: "https://www.sesam.search.admin.ch/".to_owned(),
        published: issued.map(|d| d.to_string()).unwrap_or_default(),
        licence: "Public; only the Official Compilation of Federal Legislation is authoritative".to_owned(),
        attribution: "Source: State Secretariat for Economic Affairs (SECO), Switzerland.".to_owned(),
    };
    let mode = if whole { Mode::Full } else { Mode::Additive };
    Ok(Draft { source, info, format: FORMAT, stated: issued, parts: PARTS.map(str::to_owned).to_vec(), mode })
}

/// What is kept of the list while it is read.
#[derive(Default)]
struct List {
    programs: Programs,
    places: Places,
    targets: Hashes,
    relations: Hashes,
    /// Ordinals of the relations that come without a number, by their id.
    unnumbered: HashMap<String, u32>,
    /// Objects of relations that had not come yet.
    awaited: BTreeMap<String, u32>,
    /// Who is listed under which number of the United Nations.
    numbers: BTreeMap<String, BTreeSet<Id>>,
}

impl List {
    fn target(&mut self, el: El<'_>, place: Place, sink: &mut Sink<'_>) -> Result<()> {
        let target = read(el, place, &self.programs, sink)?;
        let id = target.record.id.clone();
        if self.targets.insert(hash_of(&id.as_str()), 0).is_some() {
            sink.report.suspect("target number occurs twice", target.place.clone(), id.local());
        }
        for number in target.un_numbers {
            self.numbers.entry(number).or_default().insert(id.clone());
        }
        self.places.refer(&id, target.pending);
        sink.put("primary", Record::Party(target.record))?;
        for program in target.programs {
            let tie = RelationRecord::new(End::Id(id.clone()), "under_program", End::Id(program));
            sink.put("primary", Record::Relation(tie))?;
        }
        for relation in target.relations {
            self.relation(relation, &target.place, sink)?;
        }
        Ok(())
    }

    fn relation(&mut self, mut r: RelationRecord, place: &Place, sink: &mut Sink<'_>) -> Result<()> {
        for end in [&r.source, &r.target] {
            if let End::Id(id) = end
                && !self.targets.contains(hash_of(&id.as_str()))
            {
                *self.awaited.entry(id.as_str().to_owned()).or_default() += 1;
            }
        }
        if let Some(id) = r.id.take_if(|id| self.relations.insert(hash_of(&id.as_str()), 0).is_some()) {
            sink.report.suspect("relation number occurs twice", place.clone(), id.local());
        }
        if r.id.is_none() {
            let next = self.unnumbered.entry(r.external_id()).or_default();
            r.ordinal = *next;
            *next += 1;
        }
        sink.put("primary", Record::Relation(r))
    }

    /// Hands over what had to wait for the end of the file.
    fn finish(self, place: &Place, sink: &mut Sink<'_>) -> Result<()> {
        self.places.put(place, sink)?;
        for (id, times) in self.awaited {
            if !self.targets.contains(hash_of(&id.as_str())) {
                for _ in 0..times {
                    sink.report.suspect("relation to a target that is not in the file", place.clone(), &id);
                }
            }
        }
        for (number, targets) in self.numbers {
            let Some(other) = un::referred(&number) else { continue };
            let shared = targets.len() > 1;
            if shared {
                let ids: Vec<&str> = targets.iter().take(5).map(Id::as_str).collect();
                sink.report.suspect("several targets state one UN reference number", place.clone(), &ids.join(", "));
            }
            for a in targets {
                sink.report.count("un_references", 1);
                let ruling = if shared { Ruling::Unsure } else { Ruling::Same };
                let note = format!("SECO states the {} {number}", un::REFERENCE);
                sink.put("primary", Record::Decision(Decision { a, b: other.clone(), ruling, note }))?;
            }
        }
        Ok(())
    }
}

/// The text of the first child of a name, on one line.
fn text(el: El<'_>, name: &str) -> String {
    squeeze(el.child_text(name))
}

#[cfg(test)]
mod tests;
