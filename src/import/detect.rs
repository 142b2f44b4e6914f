//! Telling formats apart by content.

use super::{Draft, Input, Options, Sink};
use super::{bods, document, dump, ftm, ofac_csv, ofac_xml, table};
use crate::error::{Error, Result};

/// A format that can be read.
pub struct Format {
    /// Name for `--format`.
    pub name: &'static str,
    /// One line for help.
    pub about: &'static str,
    /// Whether a file looks like it, from its first 64 KiB and its name.
    pub detect: fn(&Input) -> bool,
    /// Reads the files of one release.
    pub import: fn(Vec<Input>, &Options, &mut Sink<'_>) -> Result<Draft>,
}

/// All formats, the most specific first.
pub(super) const FORMATS: &[Format] = &[
    Format { name: dump::FORMAT, about: "dump of a store (JSON lines)", detect: dump::detect, import: dump::import },
    Format {
        name: "ofac-xml",
        about: "OFAC Advanced XML (SDN or Consolidated)",
        detect: ofac_xml::detect,
        import: ofac_xml::import,
    },
    Format {
        name: "bods",
        about: "Beneficial Ownership Data Standard, JSON array or lines",
        detect: bods::detect,
        import: bods::import,
    },
    Format { name: "document", about: "network document (JSON)", detect: document::detect, import: document::import },
    Format {
        name: "ftm",
        about: "FollowTheMoney JSON lines, entities or delta",
        detect: ftm::detect,
        import: ftm::import,
    },
    Format {
        name: "ofac-csv",
        about: "OFAC CSV set: primary, address, alias, comment files",
        detect: ofac_csv::detect,
        import: ofac_csv::import,
    },
    Format {
        name: "table",
        about: "tables of nodes and edges (CSV with a header)",
        detect: table::detect,
        import: table::import,
    },
];

/// The format of a set of files: the one asked for, else the one that all of them look like.
pub fn detect(files: &[Input], wanted: Option<&str>) -> Result<&'static Format> {
    let known = || FORMATS.iter().map(|f| f.name).collect::<Vec<_>>().join(", ");
    if let Some(name) = wanted {
        return FORMATS
            .iter()
            .find(|f| f.name == name)
            .ok_or_else(|| Error::usage(format!("unknown format {name:?}; known: {}", known())));
    }
    let mut found: Option<&'static Format> = None;
    for file in files {
        let Some(format) = FORMATS.iter().find(|f| (f.detect)(file)) else {
            let hint = format!("name it with --format; known formats: {}", known());
            let what = if file.head().is_empty() { "the file is empty" } else { "the format is not recognised" };
            return Err(Error::input(what).at(file.place()).hint(hint));
        };
        match found {
            Some(f) if f.name != format.name => {
                return Err(Error::input(format!(
                    "{} files and {} files are not one release; import them one after the other",
                    f.name, format.name
                ))
                .at(file.place()));
            }
            _ => found = Some(format),
        }
    }
    found.ok_or_else(|| Error::usage("no file given"))
}
