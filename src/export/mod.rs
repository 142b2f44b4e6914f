//! Writing a network document for other programs: one file per format.
//!
//! All formats see the document through one set of typed columns (`columns.rs`), so an
//! attribute has the same name and the same type wherever it lands. Every export carries the
//! attribution and licence of its sources; facts that rest on the user's own notes stay behind
//! unless [`Options::with_notes`] is set.
//!
//! To add a format: write `src/export/NAME.rs` with a `write` function and name it in the
//! table in this file.

mod bods;
mod bundle;
mod columns;
mod csv;
mod cytoscape;
mod document;
mod dot;
pub(crate) mod ftm;
mod gexf;
mod given;
mod graph;
mod graphml;
mod graphology;
mod html;
mod html_tables;
mod html_text;
mod html_verdicts;
mod json;
mod jsonl;
mod layout;
mod layout_order;
mod layout_place;
mod layout_rank;
pub(crate) mod markup;
mod neo4j;
mod node_link;
pub(crate) mod notes;
mod picture;
mod style;
mod svg;
mod svg_draw;
mod svg_model;
mod svg_straight;
mod svg_text;
mod verdicts;
mod whole;
mod xml;

use bundle::bundle;
pub use csv::formula;
pub use given::Positions;
pub use layout::{BoxSize, Placed, place, positions};
pub use svg::{SvgOptions, svg};

use crate::error::{Error, Result};
use crate::model::{Document, PartialDate};

/// Source id of the user's own notes.
pub const NOTES: &str = "notes";

/// One file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// File name. A format of one file uses `graph.EXTENSION`, which the caller replaces by the
    /// name the user chose; a format of several files uses fixed names within a folder.
    pub name: String,
    /// The content.
    pub bytes: Vec<u8>,
}

/// What an export wrote, and what could not be carried over exactly.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Export {
    /// The files, at least one.
    pub artifacts: Vec<Artifact>,
    /// One line each, for the user.
    pub warnings: Vec<String>,
}

impl Export {
    fn one(extension: &str, bytes: impl Into<Vec<u8>>, warnings: Vec<String>) -> Export {
        Export { artifacts: vec![Artifact { name: format!("graph.{extension}"), bytes: bytes.into() }], warnings }
    }

    /// All of it as one file: the one there is, or a zip of those of a format of several files.
    pub fn packed(self, target: &Target) -> Result<Vec<u8>> {
        match <[Artifact; 1]>::try_from(self.artifacts) {
            Ok([one]) if !target.multi_file => Ok(one.bytes),
            Ok(one) => bundle(&one),
            Err(several) => bundle(&several),
        }
    }
}

/// What the user said about an export.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Options {
    /// Let facts that rest on the user's own notes (source [`NOTES`]) leave.
    pub with_notes: bool,
    /// CSV for spreadsheets: cells that a spreadsheet would run as a formula get a leading
    /// apostrophe, and files start with a byte order mark. Only the `csv` format heeds it.
    pub for_spreadsheet: bool,
    /// Node-link JSON: the member that holds the edges, `links` when not given (networkx 3.4
    /// and later look for `edges`).
    pub edges_key: Option<String>,
    /// Day of the export, written where a format has a place for it. The library reads no clock.
    pub date: Option<PartialDate>,
    /// Headline, where a format has one; without it the question of the answer is taken.
    pub title: Option<String>,
    /// Where parties stand, for the formats that draw (svg, html) or carry places (gexf,
    /// cytoscape, graphology); without it they are laid out.
    pub positions: Option<Positions>,
    /// How large boxes are at places that were given.
    pub boxes: BoxSize,
}

/// A format that can be written.
pub struct Target {
    /// Name for `--format`.
    pub name: &'static str,
    /// One line for help.
    pub about: &'static str,
    /// File name extension, without the dot, of the (first) file.
    pub extension: &'static str,
    /// Media type of what [`Export::packed`] makes of it.
    pub media: &'static str,
    /// Whether it writes several files, which belong in a folder of their own.
    pub multi_file: bool,
    /// Writes a document.
    pub write: fn(&Document, &Options) -> Result<Export>,
}

impl Target {
    /// Extension, without the dot, of what [`Export::packed`] makes of it.
    pub fn packed_extension(&self) -> &'static str {
        if self.multi_file { "zip" } else { self.extension }
    }
}

const TARGETS: &[Target] = &[
    Target {
        name: "graphml",
        about: "GraphML: networkx, igraph, Gephi, Cytoscape, yEd",
        extension: "graphml",
        media: "application/xml",
        multi_file: false,
        write: graphml::write,
    },
    Target {
        name: "gexf",
        about: "GEXF 1.3: Gephi and Gephi Lite, with positions and time spells",
        extension: "gexf",
        media: "application/xml",
        multi_file: false,
        write: gexf::write,
    },
    Target {
        name: "cytoscape",
        about: "Cytoscape JSON: Cytoscape desktop and cytoscape.js",
        extension: "cyjs",
        media: "application/json",
        multi_file: false,
        write: cytoscape::write,
    },
    Target {
        name: "graphology",
        about: "graphology JSON: Gephi Lite, sigma",
        extension: "json",
        media: "application/json",
        multi_file: false,
        write: graphology::write,
    },
    Target {
        name: "node-link",
        about: "node-link JSON: networkx (edges=\"links\"), d3, force-graph",
        extension: "json",
        media: "application/json",
        multi_file: false,
        write: node_link::write,
    },
    Target {
        name: "dot",
        about: "DOT: Graphviz",
        extension: "dot",
        media: "text/vnd.graphviz; charset=utf-8",
        multi_file: false,
        write: dot::write,
    },
    Target {
        name: "neo4j",
        about: "CSV for neo4j-admin and apoc.import.csv, with the command line in README.txt",
        extension: "csv",
        media: "application/zip",
        multi_file: true,
        write: neo4j::write,
    },
    Target {
        name: "csv",
        about: "flat tables nodes.csv, edges.csv, sources.csv: spreadsheets, i2, Maltego, Kumu",
        extension: "csv",
        media: "application/zip",
        multi_file: true,
        write: csv::write,
    },
    Target {
        name: "document",
        about: "network document: everything, importable again",
        extension: "json",
        media: "application/json",
        multi_file: false,
        write: document::write,
    },
    Target {
        name: "ftm",
        about: "FollowTheMoney entities (JSON lines): Aleph, OpenSanctions tools",
        extension: "ftm.json",
        media: "application/x-ndjson",
        multi_file: false,
        write: ftm::write,
    },
    Target {
        name: "jsonl",
        about: "JSON lines: one node or edge per line",
        extension: "jsonl",
        media: "application/x-ndjson",
        multi_file: false,
        write: jsonl::write,
    },
    Target {
        name: "bods",
        about: "BODS 0.4: who owns and controls whom, as beneficial ownership statements",
        extension: "json",
        media: "application/json",
        multi_file: false,
        write: bods::write,
    },
    Target {
        name: "svg",
        about: "layered ownership chart as a picture",
        extension: "svg",
        media: "image/svg+xml",
        multi_file: false,
        write: picture::write,
    },
    Target {
        name: "html",
        about: "one page with picture, verdicts, tables and sources, to be mailed: no script, nothing fetched",
        extension: "html",
        media: "text/html; charset=utf-8",
        multi_file: false,
        write: html::write,
    },
];

/// All formats, in the order of help.
pub fn targets() -> &'static [Target] {
    TARGETS
}

/// A format by name.
pub fn target(name: &str) -> Result<&'static Target> {
    TARGETS.iter().find(|t| t.name == name).ok_or_else(|| {
        let known: Vec<&str> = TARGETS.iter().map(|t| t.name).collect();
        Error::usage(format!("unknown export format {name:?}; known: {}", known.join(", ")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for t in targets() {
            assert!(std::ptr::eq(target(t.name).unwrap(), t), "{}", t.name);
        }
        let e = target("pajek").err().unwrap();
        assert!(e.message().contains("graphml, gexf"));
    }

    #[test]
    fn an_empty_document_is_an_empty_graph_everywhere() {
        for t in targets() {
            let e = (t.write)(&Document::default(), &Options::default()).unwrap();
            assert!(!e.artifacts.is_empty() && e.warnings.is_empty(), "{}", t.name);
        }
    }

    /// A document in which a report and the user's notes speak of one firm.
    fn annotated() -> Document {
        use crate::model::{Citation, End, Fact, Id, PartyRecord, RelationRecord, SourceInfo, prop};
        let cite = |s: &str| vec![Citation { source: s.into(), ..Citation::default() }];
        let id = |t: &str| Id::parse(t).unwrap();
        let mut firm = PartyRecord::new(id("x:firm"), "company");
        firm.cites = cite("report");
        firm.facts.push(Fact::new(prop::NAME, "Example Firm"));
        firm.facts.push(Fact { cites: cite(NOTES), ..Fact::new(prop::ALIAS, "SECRET alias") });
        let mut owner = PartyRecord::new(id("x:owner"), "person");
        owner.cites = cite(NOTES);
        owner.facts.push(Fact::new(prop::NAME, "SECRET owner"));
        let mut owns = RelationRecord::new(End::Id(id("x:owner")), "owns", End::Id(id("x:firm")));
        owns.cites = cite(NOTES);
        owns.role = "SECRET role".into();
        let source = |id: &str, title: &str| SourceInfo {
            id: id.into(),
            title: title.into(),
            licence: "CC0 with thanks".into(),
            ..SourceInfo::default()
        };
        let sources = vec![source("report", "A report"), source(NOTES, "SECRET folder")];
        Document { sources, nodes: vec![firm, owner], edges: vec![owns], ..Document::default() }
    }

    #[test]
    fn notes_leave_only_when_allowed_and_the_licence_always_does() {
        for t in targets() {
            for with_notes in [false, true] {
                let e = (t.write)(&annotated(), &Options { with_notes, ..Options::default() }).unwrap();
                let all: String = e.artifacts.iter().map(|a| String::from_utf8_lossy(&a.bytes)).collect();
                assert_eq!(all.contains("SECRET"), with_notes, "{}", t.name);
                assert!(all.contains("CC0 with thanks") && all.contains("Example Firm"), "{}", t.name);
                let held_back = e.warnings.iter().any(|w| w.contains("own notes"));
                assert_eq!(held_back, !with_notes, "{}: {:?}", t.name, e.warnings);
            }
        }
    }

    #[test]
    fn xml_too_big_for_its_readers_is_warned_of() {
        let mut doc = Document::default();
        for i in 0..=xml::MANY {
            let id = crate::model::Id::new("x", &i.to_string()).unwrap();
            doc.nodes.push(crate::model::PartyRecord::new(id, "person"));
        }
        for name in ["graphml", "gexf"] {
            let e = (target(name).unwrap().write)(&doc, &Options::default()).unwrap();
            assert!(e.warnings.iter().any(|w| w.contains("200001 elements")), "{name}: {:?}", e.warnings);
        }
    }
}
