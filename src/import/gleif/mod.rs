//! GLEIF's XML files: LEI records (level 1, LEI-CDF), relationship records (level 2, RR-CDF) and
//! reporting exceptions.
//!
//! The three kinds of file are three sources, since each is published as a whole of its own:
//! `gleif_lei`, `gleif_rr` and `gleif_repex`. A file holds millions of records; each is read
//! whole and let go, and only hashes are kept. Elements go by their local names, as prefixes and
//! name spaces differ from file to file.

mod entity;
mod exception;
mod relation;
mod words;

use self::words::{count, day};
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Place, Result};
use crate::import::hashes::Hashes;
use crate::import::ordinals::Ordinals;
use crate::import::xml::{self, El, Step, Tree, Xml};
use crate::model::{PartialDate, SourceInfo};

/// Most elements of one record: real ones have some hundred, and a few loops over the parts of
/// a record look at each pair.
const MAX_ELEMENTS: usize = 10_000;

/// Which of the three files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// LEI records.
    Entities,
    /// Relationship records.
    Relations,
    /// Reporting exceptions.
    Exceptions,
}

impl Kind {
    const ALL: [Kind; 3] = [Kind::Entities, Kind::Relations, Kind::Exceptions];

    /// Local names of the root, of what holds the records, and of one record.
    fn names(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kind::Entities => ("LEIData", "LEIRecords", "LEIRecord"),
            Kind::Relations => ("RelationshipData", "RelationshipRecords", "RelationshipRecord"),
            Kind::Exceptions => ("ReportingExceptionData", "ReportingExceptions", "Exception"),
        }
    }

    /// The kind of file with such a root.
    fn of(root: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|k| k.names().0 == root)
    }

    /// Id and title of the source, and the word for the count of records.
    fn source(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Kind::Entities => ("gleif_lei", "GLEIF golden copy: LEI records (level 1)", "lei_records"),
            Kind::Relations => {
                ("gleif_rr", "GLEIF golden copy: relationship records (level 2)", "relationship_records")
            }
            Kind::Exceptions => ("gleif_repex", "GLEIF golden copy: reporting exceptions (level 2)", "exceptions"),
        }
    }

    /// Parts of the source that a file covers.
    fn parts(self) -> &'static [&'static str] {
        match self {
            Kind::Entities => &[entity::PART],
            Kind::Relations => &[relation::PART],
            Kind::Exceptions => &exception::PARTS,
        }
    }
}

/// Whether the root element is one of the three.
pub(super) fn detect(input: &Input) -> bool {
    Kind::of(&xml::root(input).0).is_some()
}

/// Reads files of one kind as one release.
///
/// # Errors
/// Malformed or truncated XML, a file of another kind, full and delta files together.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut release = Release::default();
    for input in files {
        release.file(input, sink)?;
    }
    let kind = release.kind.ok_or_else(|| Error::usage("no file given"))?;
    let (id, title, word) = kind.source();
    sink.report.count(word, 0);
    let source = options.source.clone().unwrap_or_else(|| id.to_owned());
    // A golden copy states how many records it has. Only a file that has them all can say by
    // silence that something ended: a cut, or the file of one issuer, ends nothing.
    let mode = match release.content {
        Some(Content::Delta) => Mode::Delta,
        Some(Content::Full) if !release.cut => Mode::Full,
        _ if options.full => Mode::Full,
        _ => Mode::Additive,
    };
    Ok(Draft {
        info: SourceInfo {
            id: source.clone(),
            title: title.to_owned(),
            publisher: "Global Legal Entity Identifier Foundation (GLEIF)".to_owned(),
            url: "https://www.gleif.org/en/lei-data/gleif-golden-copy/download-the-golden-copy".to_owned(),
            published: release.stated.map(|d| d.to_string()).unwrap_or_default(),
            licence: "CC0 1.0".to_owned(),
            attribution: String::new(),
        },
        source,
        format: "gleif",
        stated: release.stated,
        parts: kind.parts().iter().map(|p| (*p).to_owned()).collect(),
        mode,
    })
}

/// What a header says of the file's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// Everything there is.
    Full,
    /// What has changed.
    Delta,
    /// The file of one issuer, the answer to a query, or not stated.
    Some,
}

/// What is kept while the files of a release go by.
#[derive(Default)]
struct Release {
    kind: Option<Kind>,
    content: Option<Content>,
    stated: Option<PartialDate>,
    /// A file has not as many records as its header says.
    cut: bool,
    /// Keys of LEI records or exceptions.
    seen: Hashes,
    ordinals: Ordinals,
}

impl Release {
    fn file(&mut self, input: Input, sink: &mut Sink<'_>) -> Result<()> {
        let mut xml = Xml::new(input);
        xml.step()?;
        let root = xml.tag().name().to_owned();
        let kind = Kind::of(&root).ok_or_else(|| {
            Error::input(format!("the root element is {root}, which is none of GLEIF's"))
                .at(xml.place())
                .hint("expected LEIData, RelationshipData or ReportingExceptionData")
        })?;
        if *self.kind.get_or_insert(kind) != kind {
            return Err(Error::input("LEI records, relationship records and reporting exceptions are three sources")
                .at(xml.place())
                .hint("import the files of each kind by themselves"));
        }
        let (_, list, item) = kind.names();
        let mut tree = Tree::default();
        let (mut records, mut promised) = (0, None);
        while xml.step()? == Step::Start {
            let name = xml.tag().name().to_owned();
            if name == list {
                while xml.step()? == Step::Start {
                    xml.subtree(&mut tree)?;
                    if tree.root().name() == item {
                        records += 1;
                        if tree.len() > MAX_ELEMENTS {
                            let message =
                                format!("a record of {} elements; at most {MAX_ELEMENTS} are read", tree.len());
                            return Err(Error::input(message).at(xml.place()));
                        }
                        self.record(kind, tree.root(), xml.place(), sink)?;
                    } else {
                        sink.report.skip("element that is no record", xml.place(), tree.root().name());
                    }
                }
            } else if matches!(name.as_str(), "LEIHeader" | "Header") {
                xml.subtree(&mut tree)?;
                promised = self.header(tree.root(), &xml, sink)?.or(promised);
            } else {
                sink.report.skip("element that is not in the schema", xml.place(), &name);
                xml.skip()?;
            }
        }
        if xml.step()? != Step::Eof {
            return Err(Error::input("more than one root element").at(xml.place()));
        }
        sink.report.count(kind.source().2, records);
        match promised {
            Some(n) if n == records => {}
            Some(n) => {
                self.cut = true;
                let text = format!("{n} in the header, {records} in the file");
                sink.report.suspect("RecordCount is not the number of records", xml.place(), &text);
            }
            None => self.cut = true,
        }
        Ok(())
    }

    /// Reads a header; gives the number of records that it promises.
    fn header(&mut self, header: El<'_>, xml: &Xml, sink: &mut Sink<'_>) -> Result<Option<u64>> {
        let mut promised = None;
        for el in header.children() {
            let text = el.text();
            match el.name() {
                "ContentDate" => match day(text) {
                    // Files of one release may be minutes apart: the newest dates it.
                    Some(d) => self.stated = self.stated.max(Some(d)),
                    None => sink.report.suspect("date not understood", xml.place().element("ContentDate"), text),
                },
                "FileContent" => {
                    let content = match text {
                        t if t.ends_with("_DELTA_PUBLISHED") => Content::Delta,
                        "GLEIF_FULL_PUBLISHED" => Content::Full,
                        _ => Content::Some,
                    };
                    if *self.content.get_or_insert(content) != content {
                        return Err(Error::input("files of different content (full, delta) in one import")
                            .at(xml.place().element("FileContent"))
                            .hint("import the full file first, then each delta in the order of its date"));
                    }
                    count(&mut sink.report, "header/FileContent", text);
                }
                "RecordCount" => match text.parse::<u64>() {
                    Ok(n) => {
                        promised = Some(n);
                        sink.report.count("header/RecordCount", n);
                    }
                    Err(_) => sink.report.suspect("RecordCount is no number", xml.place(), text),
                },
                name => {
                    let text = format!("{name}: {}", words::flat(el));
                    sink.report.skip("part of the header that is not kept", xml.place(), &text);
                }
            }
        }
        Ok(promised)
    }

    fn record(&mut self, kind: Kind, el: El<'_>, place: Place, sink: &mut Sink<'_>) -> Result<()> {
        let delta = self.content == Some(Content::Delta);
        match kind {
            Kind::Entities => entity::read(el, delta, place, &mut self.seen, sink),
            Kind::Relations => relation::read(el, place, &mut self.ordinals, sink),
            Kind::Exceptions => exception::read(el, place, &mut self.seen, sink),
        }
    }
}

#[cfg(test)]
mod tests;
