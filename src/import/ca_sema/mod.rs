//! The Consolidated Canadian Autonomous Sanctions List (`sema-lmes.xml`): `data-set/record`.
//!
//! The elements were renamed twice: `Entity`, `EntityOrShip`, and now in both languages,
//! `EntityOrShip-EntiteOuNavire`; all are read. Records have no ids: the law numbers them within
//! a schedule of the regulations on a country, and that is the key. `Country` names the
//! regulations and never the party's own country.

mod record;

use self::record::Records;
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Result};
use crate::import::xml::{self, Step, Tree, Xml};
use crate::model::SourceInfo;

/// Counts that stand in the report even when they are zero.
const COUNTS: [&str; 5] = ["records", "with_lastname", "with_entity", "ships_imo", "with_aliases"];

/// Whether it is a `data-set` of records that name a country or a person.
pub(super) fn detect(input: &Input) -> bool {
    let head = || String::from_utf8_lossy(input.head()).into_owned();
    xml::root(input).0 == "data-set" && {
        let head = head();
        head.contains("<record") && ["<Country", "<LastName", "<Entity"].iter().any(|t| head.contains(t))
    }
}

/// Reads one file as a full release of the list.
///
/// # Errors
/// More than one file, malformed or truncated XML, and a file of another kind.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut files = files.into_iter();
    let input = files.next().ok_or_else(|| Error::usage("no file given"))?;
    if let Some(second) = files.next() {
        return Err(Error::input("a file of the Canadian list is a whole release; this is a second one")
            .at(second.place())
            .hint("import the files one after the other"));
    }
    for name in COUNTS {
        sink.report.count(name, 0);
    }
    let mut xml = Xml::new(input);
    xml.step()?;
    if xml.tag().name() != "data-set" {
        return Err(Error::input(format!("the root element is {}, not data-set", xml.tag().name())).at(xml.place()));
    }
    let mut records = Records::default();
    let mut tree = Tree::default();
    while xml.step()? == Step::Start {
        if xml.tag().name() == "record" {
            xml.subtree(&mut tree)?;
            records.read(tree.root(), xml.place(), sink)?;
        } else {
            let name = xml.tag().name().to_owned();
            sink.report.skip("element that is not a record", xml.place(), &name);
            xml.skip()?;
        }
    }
    if xml.step()? != Step::Eof {
        return Err(Error::input("more than one root element").at(xml.place()));
    }
    let source = options.source.clone().unwrap_or_else(|| "ca_sema".to_owned());
    let info = SourceInfo {
        id: source.clone(),
        title: "Consolidated Canadian Autonomous Sanctions List".to_owned(),
        publisher: "Global Affairs Canada".to_owned(),
        url: "https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/consolidated-consolide.aspx".to_owned(),
        published: String::new(),
        licence: "Open Government Licence - Canada".to_owned(),
        attribution: "Contains information licensed under the Open Government Licence - Canada.".to_owned(),
    };
    // The file is the whole list, and states no date.
    Ok(Draft { source, info, format: "ca-sema", stated: None, parts: vec!["primary".to_owned()], mode: Mode::Full })
}

#[cfg(test)]
mod tests;
