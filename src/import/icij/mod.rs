//! ICIJ's Offshore Leaks database as CSV.
//!
//! Two forms: the current one, a set of node files (entities, officers, intermediaries,
//! addresses, others) and one of relationships; and the cuts of 2016 exported from a graph
//! viewer, a pair of files (`*-nodes.csv`, `*-edges.csv`) for each graph. The numbers in the
//! cuts are the viewer's own and stand for other parties in the database, so that they are an id
//! space and a source of their own. No file says when it was made, but an archive may hold an
//! empty file whose name does.
//!
//! Links of sameness ("same name as", "similar") are suggestions, never merges.

mod columns;
mod edges;
mod nodes;
mod roles;

use self::columns::Shape;
use self::edges::Edges;
use self::nodes::Nodes;
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Result};
use crate::import::rows::{Header, Rows};
use crate::import::run::date_in_name;
use crate::import::slug::slug;
use crate::model::{Citation, PartialDate, Record, SourceInfo};
use std::collections::{BTreeMap, BTreeSet};

const LICENCE: &str = "Open Database License (ODbL) 1.0; contents CC BY-SA 3.0";
const ATTRIBUTION: &str = "Source: International Consortium of Investigative Journalists (ICIJ), Offshore Leaks Database, \
    https://offshoreleaks.icij.org. There are legitimate uses for offshore companies and trusts: that a person or \
    company is in the database does not suggest or imply any wrongdoing. Many people and companies have the same or \
    similar names.";
/// Most investigations that become sources of their own.
const MAX_INVESTIGATIONS: usize = 1000;
/// Longest name of an investigation that becomes one, in bytes.
const MAX_INVESTIGATION: usize = 200;
/// The mark in the name of the empty file of an archive that says when it was made.
const MADE: &str = "GENERATED_ON";

/// Which of the two forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Node files by kind, and relationships.
    Database,
    /// Pairs of node and edge files from a graph viewer.
    Cut,
}

impl Form {
    fn namespace(self) -> &'static str {
        match self {
            Form::Database => "icij",
            Form::Cut => "icij.linkurious",
        }
    }

    fn source(self) -> (&'static str, &'static str) {
        match self {
            Form::Database => ("icij", "ICIJ Offshore Leaks Database"),
            Form::Cut => ("icij_linkurious", "ICIJ Offshore Leaks Database: cuts from a graph viewer"),
        }
    }
}

/// Whether the header is that of a node file or a file of relations, of either form.
pub(super) fn detect(input: &Input) -> bool {
    Shape::of_head(input).is_some()
}

/// Reads the files of one release.
///
/// # Errors
/// Files of both forms in one import; rows that are not as wide as their header, open quotes,
/// invalid UTF-8; no file of nodes or relations at all.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut release = Release { form: None, made: None, parts: BTreeSet::new(), whole: true };
    let sorted = release.sort(files, sink)?;
    let form = release.form.ok_or_else(|| {
        Error::input("no file of nodes or relations")
            .hint("expected nodes-*.csv and relationships.csv, or *-nodes.csv and *-edges.csv")
    })?;
    let mut nodes = Nodes::default();
    let mut edges = Edges::default();
    let mut investigations = Investigations::default();
    for (shape, file) in sorted {
        sink.report.count("files", 1);
        let part = shape.part();
        release.parts.insert(part);
        let mut rows = Rows::new(file);
        if !rows.next()? {
            continue;
        }
        let header = Header::of(&rows);
        let plan = columns::Plan::new(form, shape, &header, &rows.here(), &mut sink.report)?;
        while rows.next()? {
            header.check(&rows)?;
            let records = match shape {
                Shape::Nodes(_) => nodes.row(&plan, &rows, &mut investigations, sink)?,
                Shape::Edges => edges.row(&plan, &rows, &nodes, &mut investigations, sink)?,
            };
            for record in records {
                sink.put(part, record)?;
            }
        }
    }
    nodes.finish(&mut sink.report);
    edges.finish(&mut sink.report, nodes.any());
    let (id, title) = form.source();
    let source = options.source.clone().unwrap_or_else(|| id.to_owned());
    // The files of the database are whole by their names, each the whole of its part; those of
    // one investigation, or renamed ones, and cuts of a few parties end nothing.
    let full = options.full || (form == Form::Database && release.whole);
    Ok(Draft {
        info: info(&source, title, release.made),
        source,
        format: "icij",
        stated: release.made,
        parts: release.parts.iter().map(|p| (*p).to_owned()).collect(),
        mode: if full { Mode::Full } else { Mode::Additive },
    })
}

/// A source of the publisher.
fn info(id: &str, title: &str, made: Option<PartialDate>) -> SourceInfo {
    SourceInfo {
        id: id.to_owned(),
        title: title.to_owned(),
        publisher: "International Consortium of Investigative Journalists (ICIJ)".to_owned(),
        url: "https://offshoreleaks.icij.org/pages/database".to_owned(),
        published: made.map(|d| d.to_string()).unwrap_or_default(),
        licence: LICENCE.to_owned(),
        attribution: ATTRIBUTION.to_owned(),
    }
}

/// The investigations that rows name, each a source of its own.
#[derive(Default)]
struct Investigations(BTreeMap<String, String>);

impl Investigations {
    /// A citation of an investigation, by its name; the first time, its description goes to `out`.
    fn cite(&mut self, name: &str, locator: &str, out: &mut Vec<Record>) -> Option<Citation> {
        let cite = |id: &String| Citation { source: id.clone(), locator: locator.to_owned(), quote: String::new() };
        if let Some(id) = self.0.get(name) {
            return Some(cite(id));
        }
        if name.is_empty() || name.len() > MAX_INVESTIGATION || self.0.len() >= MAX_INVESTIGATIONS {
            return None;
        }
        let id = format!("icij_{}", slug(name));
        out.push(Record::Source(info(&id, &format!("ICIJ Offshore Leaks Database: {name}"), None)));
        let found = cite(&id);
        self.0.insert(name.to_owned(), id);
        Some(found)
    }
}

/// What is known of the files before they are read.
struct Release {
    form: Option<Form>,
    made: Option<PartialDate>,
    parts: BTreeSet<&'static str>,
    /// All files have the names of the whole database.
    whole: bool,
}

impl Release {
    /// Puts node files before relations; what else an archive holds is skipped.
    fn sort(&mut self, files: Vec<Input>, sink: &mut Sink<'_>) -> Result<Vec<(Shape, Input)>> {
        let mut sorted: Vec<(Shape, Input)> = Vec::new();
        for file in files {
            let Some((form, shape)) = Shape::of_head(&file) else {
                if file.stem().contains(MADE) {
                    self.made = self.made.max(date_in_name(file.stem()));
                }
                sink.report.skip("file that holds no nodes or relations", file.place(), file.stem());
                continue;
            };
            if *self.form.get_or_insert(form) != form {
                return Err(Error::input("files of the database and cuts from a graph viewer in one import")
                    .at(file.place())
                    .hint("their numbers stand for different parties: import them one after the other"));
            }
            self.whole &= shape.is_whole(file.stem());
            sorted.push((shape, file));
        }
        sorted.sort_by_key(|(shape, _)| *shape == Shape::Edges);
        Ok(sorted)
    }
}

#[cfg(test)]
mod tests;
