//! OFAC Advanced XML (`sdn_advanced.xml`, `cons_advanced.xml`).
//!
//! The schema fixes the order of the sections: value sets, locations, identity documents,
//! parties, relations, entries. Each item is read whole and let go; kept are only locations,
//! documents until their party comes, a number per profile, and the listings, since a profile
//! may have several entries anywhere among the last.

mod entries;
mod names;
mod party;
mod relations;
mod sets;

use self::entries::Entries;
use self::party::{Kept, document, location, profile};
use self::relations::Relations;
use self::sets::{Ctx, Sets, date};
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Result};
use crate::import::xml::{self, Step, Tree, Xml};
use crate::model::{PartialDate, Record, SourceInfo};

/// The sections, in the order of the schema.
const SECTIONS: [&str; 8] = [
    "DateOfIssue",
    "ReferenceValueSets",
    "Locations",
    "IDRegDocuments",
    "DistinctParties",
    "ProfileRelationships",
    "SanctionsEntries",
    "SanctionsEntryLinks",
];
/// Parts of the source that the file covers: all that the CSV set of the same list has, and
/// the listings with their dates.
const PARTS: [&str; 5] = ["primary", "listing", "address", "alias", "comments"];
/// Counts that stand in the report even when they are zero.
const COUNTS: [&str; 21] = [
    "reference_value_sets",
    "distinct_parties",
    "profiles",
    "identities",
    "aliases",
    "aliases_low_quality",
    "aliases_primary",
    "documented_names",
    "name_part_values",
    "features",
    "locations",
    "id_reg_documents",
    "profile_relationships",
    "relationships_former",
    "relationships_distinct_from_to",
    "relationship_endpoints_not_in_file",
    "relationship_with_dangling_endpoint",
    "sanctions_entries",
    "sanctions_entry_links",
    "entry_events",
    "measures",
];

/// Whether the root element is `Sanctions`, in the schema's namespace or with its sections.
pub(super) fn detect(input: &Input) -> bool {
    let (name, tag) = xml::root(input);
    let sections = || String::from_utf8_lossy(input.head()).contains("ReferenceValueSets");
    name == "Sanctions" && (tag.contains("un.org/sanctions") || sections())
}

/// Reads one file as a full release of its list.
///
/// # Errors
/// More than one file, malformed or truncated XML, a file of another kind, a delta, sections
/// out of order, and parties, relations or entries without the ids that make them.
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
    let stem = input.stem().to_lowercase();
    let mut file = File::default();
    let mut xml = Xml::new(input);
    file.read(&mut xml, sink)?;

    let by_name = if stem.starts_with("cons") { "ofac_cons" } else { "ofac_sdn" };
    let found = file.entries.source().unwrap_or(by_name);
    file.entries.put(&xml.place(), sink)?;
    let title = match found {
        "ofac_sdn" => "OFAC Specially Designated Nationals and Blocked Persons List (SDN)",
        _ => "OFAC Consolidated Sanctions List (Non-SDN)",
    };
    let source = options.source.clone().unwrap_or_else(|| found.to_owned());
    let info = SourceInfo {
        id: source.clone(),
        title: title.to_owned(),
        publisher: "U.S. Department of the Treasury, Office of Foreign Assets Control".to_owned(),
        url: "https://sanctionslist.ofac.treas.gov/".to_owned(),
        published: file.issued.map(|d| d.to_string()).unwrap_or_default(),
        licence: "Public domain (work of the U.S. government)".to_owned(),
        attribution: String::new(),
    };
    Ok(Draft {
        source,
        info,
        format: "ofac-xml",
        stated: file.issued,
        parts: PARTS.map(str::to_owned).to_vec(),
        mode: Mode::Full,
    })
}

/// What is kept of a file while it is read.
#[derive(Default)]
struct File {
    issued: Option<PartialDate>,
    sets: Sets,
    kept: Kept,
    relations: Relations,
    entries: Entries,
}

impl File {
    fn read(&mut self, xml: &mut Xml, sink: &mut Sink<'_>) -> Result<()> {
        xml.step()?;
        let root = xml.tag();
        if root.name() != "Sanctions" {
            return Err(Error::input(format!("the root element is {}, not Sanctions", root.name()))
                .at(xml.place())
                .hint("OFAC's older XML (sdnList) is the format ofac-legacy; this one is sdn_advanced.xml or cons_advanced.xml"));
        }
        if !root.attr("DeltaBaseVersion").is_empty() {
            return Err(Error::input("the file is a delta of an earlier version, not a full list")
                .at(xml.place())
                .hint("fetch the full sdn_advanced.xml or cons_advanced.xml"));
        }
        let mut reached = 0;
        let mut tree = Tree::default();
        while xml.step()? == Step::Start {
            let name = xml.tag().name().to_owned();
            let Some(at) = SECTIONS.iter().position(|s| *s == name) else {
                sink.report.skip("section that is not in the schema", xml.place(), &name);
                xml.skip()?;
                continue;
            };
            if at < reached {
                let after = SECTIONS.get(reached).copied().unwrap_or_default();
                return Err(Error::input(format!("{name} comes after {after}: not the order of the schema"))
                    .at(xml.place().element(name)));
            }
            reached = at;
            if name == "DateOfIssue" {
                xml.subtree(&mut tree)?;
                match date(tree.root()) {
                    Ok(d) => self.issued = Some(d),
                    Err(raw) => sink.report.suspect("date that cannot be read", xml.place().element(name), &raw),
                }
                continue;
            }
            while xml.step()? == Step::Start {
                xml.subtree(&mut tree)?;
                self.item(&name, &tree, xml, sink)?;
            }
        }
        if xml.step()? != Step::Eof {
            return Err(Error::input("more than one root element").at(xml.place()));
        }
        let mut left: Vec<&String> = self.kept.documents.iter().flat_map(|(i, d)| d.iter().map(move |_| i)).collect();
        left.sort();
        for identity in left {
            let place = xml.place().element("IDRegDocuments");
            sink.report.skip("identity document of an identity that is not in the file", place, identity);
        }
        Ok(())
    }

    /// Reads one item of a section.
    fn item(&mut self, section: &str, tree: &Tree, xml: &Xml, sink: &mut Sink<'_>) -> Result<()> {
        let el = tree.root();
        if section == "ReferenceValueSets" {
            sink.report.count("reference_value_sets", 1);
            self.sets.add(el);
            return Ok(());
        }
        let mut ctx = Ctx { sets: &self.sets, report: &mut sink.report, place: xml.place() };
        match (section, el.name()) {
            ("Locations", "Location") => {
                let (id, location) = location(el, &mut ctx);
                self.kept.locations.insert(id, location);
            }
            ("IDRegDocuments", "IDRegDocument") => {
                ctx.place.element = Some(format!("identity document {}", el.attr("ID")));
                if let Some((identity, found)) = document(el, &mut ctx, &self.kept.locations) {
                    self.kept.documents.entry(identity).or_default().push(found);
                }
            }
            ("DistinctParties", "DistinctParty") => {
                ctx.report.count("distinct_parties", 1);
                for p in el.all("Profile") {
                    let mut ctx = Ctx { sets: &self.sets, report: &mut sink.report, place: xml.place() };
                    let record = profile(el, p, &mut ctx, &mut self.kept)?;
                    if !self.relations.party(&record) {
                        ctx.suspect("profile id that occurs twice", record.id.as_str());
                    }
                    sink.put("primary", Record::Party(record))?;
                }
            }
            ("ProfileRelationships", "ProfileRelationship") => {
                let record = self.relations.read(el, &sink.catalogue, &mut ctx)?;
                sink.put("primary", Record::Relation(record))?;
            }
            ("SanctionsEntries", "SanctionsEntry") => self.entries.read(el, &self.relations, &mut ctx)?,
            ("SanctionsEntryLinks", "SanctionsEntryLink") => {
                ctx.report.count("sanctions_entry_links", 1);
                let ends = format!("{} - {}", el.attr("EntryA-SanctionsEntryID"), el.attr("EntryB-SanctionsEntryID"));
                ctx.report.skip("link between sanctions entries", xml.place(), &ends);
            }
            (_, other) => ctx.report.skip("element that is not in the schema", xml.place(), other),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
