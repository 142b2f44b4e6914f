//! The consolidated list of persons, groups and entities under EU financial sanctions, XML 1.1
//! (`xmlFullSanctionsList_1_1`): `export` holds `sanctionEntity` elements, values are
//! attributes, and each child names the regulation it rests on.
//!
//! An entity is read whole and let go; kept are only hashes of what was seen and the UN
//! reference numbers.

mod details;
mod entity;
mod text;

use self::entity::{Entity, read};
use super::hashes::Hashes;
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Place, Result};
use crate::import::xml::{self, Step, Tree, Xml};
use crate::model::{
    Decision, End, Fact, Id, PartialDate, PartyRecord, Record, RelationRecord, Ruling, SourceInfo, prop,
};
use std::collections::{BTreeMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// The one part of a release: the file always holds everything.
const PART: &str = "primary";
/// Counts that stand in the report even when they are zero.
const COUNTS: [&str; 10] = [
    "entities",
    "name_aliases",
    "birthdates",
    "circa",
    "addresses",
    "identifications",
    "citizenships",
    "regulations",
    "regulation_summaries",
    "remarks",
];

/// Whether the root element is `export` in the list's namespace, or holds its entities.
pub(super) fn detect(input: &Input) -> bool {
    let (name, tag) = xml::root(input);
    let entities = || String::from_utf8_lossy(input.head()).contains("sanctionEntity");
    name == "export" && (tag.contains("fpi/fsd/export") || entities())
}

/// Reads one file as a full release of the list.
///
/// # Errors
/// More than one file, malformed or truncated XML, a file of another kind.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut files = files.into_iter();
    let input = files.next().ok_or_else(|| Error::usage("no file given"))?;
    if let Some(second) = files.next() {
        return Err(Error::input("the EU list in XML is one file; this is a second one")
            .at(second.place())
            .hint("import the files one after the other"));
    }
    for name in COUNTS {
        sink.report.count(name, 0);
    }
    let mut xml = Xml::new(input);
    let mut state = State::default();
    let stated = state.file(&mut xml, sink)?;
    state.decisions(&xml.place(), sink)?;

    let source = options.source.clone().unwrap_or_else(|| "eu_fsf".to_owned());
    let info = SourceInfo {
        id: source.clone(),
        title: "Consolidated list of persons, groups and entities subject to EU financial sanctions".to_owned(),
        publisher: "European Commission, DG FISMA".to_owned(),
        url: "https://webgate.ec.europa.eu/fsd/fsf".to_owned(),
        published: stated.map(|d| d.to_string()).unwrap_or_default(),
        licence: "Reuse with attribution (Commission Decision 2011/833/EU)".to_owned(),
        attribution: "© European Union. Only the Official Journal of the European Union is authentic.".to_owned(),
    };
    Ok(Draft { source, info, format: "eu-fsf", stated, parts: vec![PART.to_owned()], mode: Mode::Full })
}

/// What is kept of a file while it is read.
#[derive(Default)]
struct State {
    /// Entities seen.
    ids: Hashes,
    /// Programmes that have their node.
    programs: HashSet<String>,
    /// Ties of an entity to a programme that were put.
    ties: Hashes,
    /// EU reference numbers seen.
    numbers: Hashes,
    /// Entities by the UN reference number they state.
    un: BTreeMap<String, Vec<Id>>,
}

impl State {
    /// Reads the file; the result is the date it states.
    fn file(&mut self, xml: &mut Xml, sink: &mut Sink<'_>) -> Result<Option<PartialDate>> {
        xml.step()?;
        let root = xml.tag();
        if root.name() != "export" {
            return Err(Error::input(format!("the root element is {}, not export", root.name()))
                .at(xml.place())
                .hint("fetch the consolidated list as XML, version 1.1"));
        }
        let mut stated = None;
        for (name, value) in root.attrs() {
            match name {
                "generationDate" => match PartialDate::parse(value) {
                    Ok(d) => stated = Some(d),
                    Err(_) => sink.report.suspect("date that cannot be read", xml.place(), value),
                },
                // The number of the file is of no party: the release keeps it with its counts.
                "globalFileId" => sink.report.count(&format!("global_file_id/{value}"), 1),
                "xmlns" => {}
                _ if value.starts_with("http") => {}
                _ => sink.report.skip("attribute of the file", xml.place(), &format!("{name}: {value}")),
            }
        }
        let mut tree = Tree::default();
        while xml.step()? == Step::Start {
            if xml.tag().name() != "sanctionEntity" {
                let name = xml.tag().name().to_owned();
                sink.report.skip("element that is not in the schema", xml.place(), &name);
                xml.skip()?;
                continue;
            }
            xml.subtree(&mut tree)?;
            sink.report.count("entities", 1);
            let entity = read(tree.root(), xml.place(), &mut sink.report)?;
            self.put(entity, &xml.place(), sink)?;
        }
        if xml.step()? != Step::Eof {
            return Err(Error::input("more than one root element").at(xml.place()));
        }
        Ok(stated)
    }

    /// Hands over an entity, its programmes, and notes its UN reference number.
    fn put(&mut self, entity: Entity, place: &Place, sink: &mut Sink<'_>) -> Result<()> {
        let id = entity.record.id.clone();
        let again = self.ids.insert(xxh3_64(id.as_str().as_bytes()), 0).is_some();
        if again {
            let place = place.clone().element(id.local());
            sink.report.suspect("reference number occurs twice", place, id.as_str());
        }
        let is_number = |f: &&Fact| f.prop == prop::IDENTIFIER && f.kind == entity::EU_NUMBER;
        for f in entity.record.facts.iter().filter(is_number) {
            if self.numbers.insert(xxh3_64(f.value.as_bytes()), 0).is_some() && !again {
                let place = place.clone().element(id.local());
                sink.report.suspect("EU reference number that several entries have", place, &f.value);
            }
        }
        if let Some(reference) = entity.un {
            let holders = self.un.entry(reference).or_default();
            if !holders.contains(&id) {
                holders.push(id.clone());
            }
        }
        for (code, cites) in entity.programs {
            let Ok(program) = Id::new("eu.program", &code) else {
                let place = place.clone().element(id.local());
                sink.report.skip("programme code that cannot be an id", place, &code);
                continue;
            };
            if self.programs.insert(code.clone()) {
                let mut node = PartyRecord::new(program.clone(), "sanctions_program");
                node.facts.push(Fact::name(prop::NAME, code));
                sink.put(PART, Record::Party(node))?;
            }
            let mut tie = RelationRecord::new(End::Id(id.clone()), "under_program", End::Id(program));
            tie.cites = cites;
            if self.ties.insert(xxh3_64(tie.external_id().as_bytes()), 0).is_none() {
                sink.put(PART, Record::Relation(tie))?;
            }
        }
        sink.put(PART, Record::Party(entity.record))
    }

    /// The list's own word that its entries are entries of the UN list. A number that several
    /// entries state tells which UN entry they are about, not that they are it.
    fn decisions(&mut self, place: &Place, sink: &mut Sink<'_>) -> Result<()> {
        for (reference, holders) in std::mem::take(&mut self.un) {
            let Ok(un) = Id::new("un", &reference) else {
                sink.report.suspect("UN reference number not understood", place.clone(), &reference);
                continue;
            };
            let (ruling, note) = match holders.len() {
                1 => (Ruling::Same, "UN reference number stated by the EU list"),
                _ => (Ruling::Unsure, "UN reference number that several entries of the EU list state"),
            };
            if ruling == Ruling::Unsure {
                let ids: Vec<&str> = holders.iter().map(Id::as_str).collect();
                let text = format!("{reference}: {}", ids.join(", "));
                sink.report.suspect("UN reference number of several entries", place.clone(), &text);
            }
            for a in holders {
                let decision = Decision { a, b: un.clone(), ruling, note: note.to_owned() };
                sink.put(PART, Record::Decision(decision))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
