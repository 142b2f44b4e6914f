//! The table of sources: who publishes what where, on which terms.

use super::address;
use crate::error::{Error, Place, Result};
use crate::model::SourceInfo;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Largest file accepted where the table says nothing.
const USUAL_SIZE: u64 = 256 << 20;
/// Largest table.
const MAX_TABLE: usize = 4 << 20;

/// The sources that can be fetched.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Version of the table's shape.
    cuibono_publishers: u32,
    /// A remark for readers of the file.
    #[serde(default)]
    #[allow(dead_code)]
    about: String,
    /// The sources, in the order of the file.
    pub sources: Vec<Publisher>,
}

/// One source: its files and its terms. Empty texts mean "not stated".
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// Name for `cuibono update`.
    pub id: String,
    /// Id of the source in a store; `id` where it says nothing. Several entries may lead to one
    /// source: the same list in several formats.
    #[serde(default)]
    source: String,
    /// Title.
    #[serde(default)]
    pub title: String,
    /// Who publishes it.
    #[serde(default)]
    pub publisher: String,
    /// Page about it, for people.
    #[serde(default)]
    pub page: String,
    /// Licence or terms of the data.
    #[serde(default)]
    pub licence: String,
    /// The line that the licence asks to be shown.
    #[serde(default)]
    pub attribution: String,
    /// Name of our format.
    pub format: String,
    /// Fetched only when it is named, never with all that a store holds.
    #[serde(default)]
    pub by_name: bool,
    /// The licence forbids commercial use.
    #[serde(default)]
    pub non_commercial: bool,
    /// The importer cannot tell the source from the content: the table's `source` names it.
    #[serde(default)]
    pub names_source: bool,
    /// Where `{token}` comes from: the environment variable that the command line reads, and how
    /// to get one.
    #[serde(default)]
    pub token: Option<Token>,
    /// What else to know before fetching it.
    #[serde(default)]
    pub note: String,
    /// The files of one release; all of them or none.
    pub files: Vec<PublishedFile>,
}

/// What an address needs from the user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Token {
    /// Environment variable that the command line looks at.
    pub variable: String,
    /// How to get one.
    pub how: String,
}

/// One file of a source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedFile {
    /// Name under which it is kept and imported.
    pub name: String,
    /// Address, https only. `{date}` stands for a day, `{token}` for the user's token.
    pub url: String,
    /// Largest size in bytes that is accepted.
    #[serde(default = "usual_size")]
    pub max_bytes: u64,
    /// Where `{date}` of today is not there yet: how many days to go back.
    #[serde(default)]
    pub back_days: u32,
    /// The publisher's own checksum.
    #[serde(default)]
    pub checksum: Option<Checksum>,
}

/// A SHA-256 that the publisher states at an address of its own: a text whose first 64
/// hexadecimal digits in a line count; with several such lines, that which names the file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checksum {
    /// Address, https only; the same placeholders.
    pub url: String,
}

fn usual_size() -> u64 {
    USUAL_SIZE
}

impl Publisher {
    /// Id of the source in a store.
    pub fn source(&self) -> &str {
        if self.source.is_empty() { &self.id } else { &self.source }
    }

    /// What the table says of the source, for importers that know less.
    pub fn info(&self) -> SourceInfo {
        SourceInfo {
            id: self.source().to_owned(),
            title: self.title.clone(),
            publisher: self.publisher.clone(),
            url: self.page.clone(),
            published: String::new(),
            licence: self.licence.clone(),
            attribution: self.attribution.clone(),
        }
    }
}

impl Table {
    /// The table compiled in.
    pub fn builtin() -> &'static Table {
        static TABLE: LazyLock<Table> = LazyLock::new(|| {
            let text = include_str!("../../data/publishers.json");
            // A test parses it; nothing a user does changes it.
            Table::parse(text, "publishers.json").unwrap_or_else(|e| unreachable!("{e}"))
        });
        &TABLE
    }

    /// Reads a table; refuses one that is malformed, or names an address that is not https.
    pub fn parse(text: &str, name: &str) -> Result<Table> {
        let place = Place::file(name);
        if text.len() > MAX_TABLE {
            return Err(Error::input(format!("the table is larger than {MAX_TABLE} bytes")).at(place));
        }
        let table: Table = serde_json::from_str(text).map_err(|e| {
            Error::input(format!("not a table of publishers: {e}")).at(place.clone().line(e.line() as u64))
        })?;
        if table.cuibono_publishers != 1 {
            return Err(Error::input("a table of another version; this program reads version 1").at(place));
        }
        let mut ids = BTreeSet::new();
        for s in &table.sources {
            let fail = |why: String| Err(Error::input(why).at(place.clone().element(format!("source {:?}", s.id))));
            if let Err(why) = check(s) {
                return fail(why);
            }
            if !ids.insert(s.id.as_str()) {
                return fail("the id occurs twice".to_owned());
            }
        }
        Ok(table)
    }

    /// An entry by its id.
    pub fn get(&self, id: &str) -> Option<&Publisher> {
        self.sources.iter().find(|s| s.id == id)
    }

    /// The entry that updates a source of a store whose newest release is of a format: the entry
    /// of that format, else the one of the source's own name. None that must be named.
    pub fn updates(&self, source: &str, format: &str) -> Option<&Publisher> {
        let mut all = self.sources.iter().filter(|s| s.source() == source && !s.by_name);
        let own = self.get(source).filter(|s| !s.by_name && s.source() == source);
        all.find(|s| s.format == format).or(own)
    }
}

/// Whether a text may be part of a file name.
fn is_name(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !text.is_empty() && text.len() <= 100 && !text.starts_with(['.', '-']) && text.chars().all(plain)
}

fn check(s: &Publisher) -> std::result::Result<(), String> {
    if !is_name(&s.id) || !is_name(s.source()) {
        return Err("an id has letters, digits, `_`, `-` and `.` only".to_owned());
    }
    if s.format.is_empty() || s.files.is_empty() {
        return Err("a source needs a format and at least one file".to_owned());
    }
    let mut names = BTreeSet::new();
    for f in &s.files {
        if !is_name(&f.name) || f.name.ends_with(".part") || f.name.ends_with(".tmp") {
            return Err(format!("{:?} is no plain file name", f.name));
        }
        // Case counts for nothing on some file systems.
        if !names.insert(f.name.to_ascii_lowercase()) {
            return Err(format!("two files are called {}", f.name));
        }
        let urls = std::iter::once(&f.url).chain(f.checksum.as_ref().map(|c| &c.url));
        for url in urls {
            address::valid(url)?;
            if url.contains("{token}") && s.token.is_none() {
                return Err(format!("{url:?} needs a token, and `token` does not say where from"));
            }
        }
        if f.max_bytes == 0 {
            return Err(format!("{}: max_bytes is 0", f.name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_builtin_table_is_sound() {
        let t = Table::parse(include_str!("../../data/publishers.json"), "publishers.json").unwrap();
        for s in &t.sources {
            assert!(!s.title.is_empty() && !s.publisher.is_empty() && !s.licence.is_empty(), "{}", s.id);
            assert!(s.page.starts_with("https://"), "{}", s.id);
            assert!(!s.non_commercial || s.by_name, "{}: fetched without being named", s.id);
            assert!(!s.names_source || !s.source.is_empty() || s.id == s.source(), "{}", s.id);
            if s.source() != s.id {
                assert!(s.files.iter().all(|f| f.name.contains('.')), "{}", s.id);
            }
        }
        // Two entries of one format for one source would leave the choice to chance.
        let mut pairs = BTreeSet::new();
        for s in t.sources.iter().filter(|s| !s.by_name) {
            assert!(pairs.insert((s.source(), &s.format)), "{}", s.id);
        }
    }

    #[test]
    fn the_entry_for_a_source_goes_by_its_format() {
        let t = Table::builtin();
        let id = |source: &str, format: &str| t.updates(source, format).map(|s| s.id.as_str());
        assert_eq!(id("ofac_sdn", "ofac-xml"), Some("ofac_sdn"));
        assert_eq!(id("ofac_sdn", "ofac-csv"), Some("ofac_sdn_csv"));
        assert_eq!(id("ofac_sdn", "a format of the future"), Some("ofac_sdn"));
        assert_eq!(id("my_notes", "document"), None);
        let named: Vec<&Publisher> = t.sources.iter().filter(|s| s.by_name).collect();
        assert!(!named.is_empty());
        for s in named {
            assert_ne!(id(s.source(), &s.format), Some(s.id.as_str()), "fetched without being named");
        }
    }

    #[test]
    fn what_is_refused() {
        let table = |source: &str| format!(r#"{{"cuibono_publishers": 1, "sources": [{source}]}}"#);
        let one = |files: &str| table(&format!(r#"{{"id": "a", "format": "document", "files": [{files}]}}"#));
        let file = |name: &str, url: &str| format!(r#"{{"name": "{name}", "url": "{url}"}}"#);
        let good = file("a.json", "https://lists.example/a.json");
        assert!(Table::parse(&one(&good), "t").is_ok());
        for (bad, says) in [
            ("[]".to_owned(), "not a table"),
            (one(&good).replace(": 1", ": 2"), "version"),
            (one(""), "at least one file"),
            (one(&file("../a.json", "https://lists.example/a")), "plain file name"),
            (one(&file("a.part", "https://lists.example/a")), "plain file name"),
            (one(&file("a.json", "http://lists.example/a")), "https://"),
            (one(&file("a.json", "https://lists.example/a?t={token}")), "token"),
            (one(&format!("{good}, {}", file("A.json", "https://lists.example/b"))), "two files"),
            (one(&good).replace(r#""id""#, r#""surprise": 1, "id""#), "surprise"),
            (table(&[r#"{"id": "a", "format": "x", "files": []}"#; 2].join(",")), "at least one file"),
            (one(&good).replace(r#""url""#, r#""max_bytes": 0, "url""#), "max_bytes"),
        ] {
            let e = Table::parse(&bad, "t.json").unwrap_err();
            assert!(e.to_string().contains(says), "{e}\n{bad}");
            assert!(e.to_string().starts_with("t.json"), "{e}");
        }
        let entry = format!(r#"{{"id": "a", "format": "x", "files": [{good}]}}"#);
        let e = Table::parse(&table(&format!("{entry}, {entry}")), "t.json").unwrap_err();
        assert!(e.to_string().contains("twice"), "{e}");
    }
}
