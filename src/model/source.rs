//! Who published a fact, and on what terms.

use serde::{Deserialize, Serialize};

/// A publisher's dataset: a list, a register, a news report, an investigator's notes.
/// Empty texts mean "not stated".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceInfo {
    /// Short id used in citations and filters, such as `ofac_sdn`.
    pub id: String,
    /// Title as published.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Where it can be found.
    pub url: String,
    /// Publication date as written by the source (`YYYY-MM-DD` where known).
    pub published: String,
    /// Licence or terms of the data.
    pub licence: String,
    /// The line that the licence asks to be shown.
    pub attribution: String,
}

impl SourceInfo {
    /// Takes from another what this one does not state; the id stays.
    pub(crate) fn fill(&mut self, other: &SourceInfo) {
        for (mine, theirs) in [
            (&mut self.title, &other.title),
            (&mut self.publisher, &other.publisher),
            (&mut self.url, &other.url),
            (&mut self.published, &other.published),
            (&mut self.licence, &other.licence),
            (&mut self.attribution, &other.attribution),
        ] {
            if mine.is_empty() {
                mine.clone_from(theirs);
            }
        }
    }
}

/// How a release speaks about what it does not mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A full list: what is absent from a part it covers has ended.
    Full,
    /// A document or table: absence ends nothing.
    #[default]
    Additive,
    /// A delta: only what it deletes by name has ended.
    Delta,
}
