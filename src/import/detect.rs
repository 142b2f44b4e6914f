//! Telling formats apart by content.

use super::{Draft, Input, Options, Sink};
use super::{
    bods, ca_sema, csl, document, dump, eu_fsf, eu_oj, ftm, gleif, icij, ofac_csv, ofac_legacy, ofac_xml, psc, seco,
    table, uk_ofsi, uk_sl, un,
};
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
        name: "eu-fsf",
        about: "EU consolidated financial sanctions list (XML 1.1)",
        detect: eu_fsf::detect,
        import: eu_fsf::import,
    },
    Format {
        name: "eu-oj",
        about: "annexes of EU sanctions acts in the Official Journal, tabulated (CSV)",
        detect: eu_oj::detect,
        import: eu_oj::import,
    },
    Format {
        name: un::FORMAT,
        about: "UN Security Council consolidated list (XML)",
        detect: un::detect,
        import: un::import,
    },
    Format {
        name: seco::FORMAT,
        about: "Swiss SECO consolidated list (XML)",
        detect: seco::detect,
        import: seco::import,
    },
    Format {
        name: "gleif",
        about: "GLEIF XML: LEI records, relationship records or reporting exceptions",
        detect: gleif::detect,
        import: gleif::import,
    },
    Format {
        name: "ofac-legacy",
        about: "OFAC's older XML, sdnList (SDN or Consolidated)",
        detect: ofac_legacy::detect,
        import: ofac_legacy::import,
    },
    Format {
        name: "ca-sema",
        about: "Consolidated Canadian Autonomous Sanctions List (XML)",
        detect: ca_sema::detect,
        import: ca_sema::import,
    },
    Format {
        name: "uk-sl",
        about: "UK Sanctions List: XML, CSV or spreadsheet, full or short",
        detect: uk_sl::detect,
        import: uk_sl::import,
    },
    Format {
        name: "uk-ofsi",
        about: "OFSI consolidated list of UK targets: CSV or spreadsheet",
        detect: uk_ofsi::detect,
        import: uk_ofsi::import,
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
        name: "us-csl",
        about: "US Consolidated Screening List (CSV or TSV): BIS, State and Treasury lists",
        detect: csl::detect,
        import: csl::import,
    },
    Format {
        name: "ftm-statements",
        about: "FollowTheMoney statements (CSV), one claim per row",
        detect: ftm::statements::detect,
        import: ftm::statements::import,
    },
    Format {
        name: "uk-psc",
        about: "UK Companies House: persons with significant control (snapshot)",
        detect: psc::detect,
        import: psc::import,
    },
    Format {
        name: "ofac-csv",
        about: "OFAC CSV set: primary, address, alias, comment files",
        detect: ofac_csv::detect,
        import: ofac_csv::import,
    },
    Format {
        name: "icij",
        about: "ICIJ Offshore Leaks CSV: node files and relationships",
        detect: icij::detect,
        import: icij::import,
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
            if matches!(file.head(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [b'<', 0, ..] | [0, b'<', ..]) {
                return Err(Error::input("the file is in UTF-16").at(file.place()).hint("convert it to UTF-8"));
            }
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
