//! One statement of any version: 0.4 (`recordType`, `recordDetails`) or 0.2 and 0.3
//! (`statementType`, the details beside it).

use super::json::{Obj, elements, text};
use crate::model::PartialDate;
use serde_json::value::RawValue;
use xxhash_rust::xxh3::xxh3_64;

/// What a statement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Entity,
    Person,
    Relationship,
}

/// An end of a relationship as it is written.
#[derive(Debug, Clone)]
pub(super) enum Party {
    /// Record (0.4) or statement (0.2, 0.3) that describes it.
    Record(String),
    /// Not said who it is: reason and description.
    Unspecified { reason: String, description: String },
}

/// A statement that can be used.
#[derive(Debug, Clone)]
pub(super) struct Statement<'a> {
    /// All members.
    pub(super) top: Obj<'a>,
    /// Members on what the statement is about; the same as `top` before 0.4.
    pub(super) details: Obj<'a>,
    pub(super) kind: Kind,
    /// `statementId`; empty where it is missing.
    pub(super) id: String,
    /// What versions of one record share: `recordId`, or `statementID` before 0.4.
    pub(super) record: String,
    /// The id was made from the content.
    pub(super) derived: bool,
    pub(super) date: Option<PartialDate>,
    pub(super) closed: bool,
    /// Before 0.4.
    pub(super) old: bool,
}

/// The number by which an id is known in the index of a file.
pub(super) fn key(id: &str) -> u64 {
    xxh3_64(id.as_bytes())
}

impl<'a> Statement<'a> {
    /// Takes an object as a statement, or says why it cannot be used.
    pub(super) fn of(top: Obj<'a>, whole: &str) -> Result<Statement<'a>, &'static str> {
        let old = top.get("recordType").is_none() && top.get("statementType").is_some();
        let (named, kind) = if old { ("statementID", "statementType") } else { ("statementId", "recordType") };
        let kind = match top.text(kind).as_deref() {
            Some("entity" | "entityStatement") => Kind::Entity,
            Some("person" | "personStatement") => Kind::Person,
            Some("relationship" | "ownershipOrControlStatement") => Kind::Relationship,
            _ => return Err("statement of no known type"),
        };
        let details = if old { Some(top.clone()) } else { top.obj("recordDetails") };
        let Some(details) = details else { return Err("statement without details") };
        let id = top.text(named).or_else(|| top.text("statementID")).or_else(|| top.text("statementId"));
        let id = id.unwrap_or_default();
        let stated = if old { Some(id.clone()) } else { top.text("recordId") };
        let stated = stated.or_else(|| Some(id.clone())).filter(|r| usable(r));
        let derived = stated.is_none();
        let record = stated.unwrap_or_else(|| format!("{:016x}", key(whole)));
        let date = top.text("statementDate").and_then(|d| PartialDate::parse(&d).ok());
        let closed = top.text("recordStatus").as_deref() == Some("closed");
        Ok(Statement { top, details, kind, id, record, derived, date, closed, old })
    }

    /// The end of a relationship that holds (`interestedParty`) or is held (`subject`).
    pub(super) fn party(&self, name: &str) -> Party {
        let unspecified = |o: &Obj<'_>| Party::Unspecified {
            reason: o.text("reason").unwrap_or_default(),
            description: o.text("description").unwrap_or_default(),
        };
        let nobody = Party::Unspecified { reason: String::new(), description: String::new() };
        let Some(raw) = self.details.get(name) else { return nobody };
        let Some(o) = Obj::of(raw) else {
            let id = text(raw);
            return if usable(&id) { Party::Record(id) } else { nobody };
        };
        let described = o.text("describedByEntityStatement").or_else(|| o.text("describedByPersonStatement"));
        match described.filter(|d| usable(d)) {
            Some(id) => Party::Record(id),
            None => unspecified(&o.obj("unspecified").unwrap_or(o)),
        }
    }

    /// The interests of a relationship.
    pub(super) fn interests(&self) -> Vec<&'a RawValue> {
        self.details.list("interests")
    }

    /// Records (statements before 0.4) that a relationship sums up.
    pub(super) fn components(&self) -> Vec<String> {
        let name = if self.old { "componentStatementIDs" } else { "componentRecords" };
        self.details.list(name).iter().map(|r| text(r)).collect()
    }

    /// Statements that this one takes the place of (before 0.4).
    pub(super) fn replaces(&self) -> Vec<String> {
        let raw = self.top.get("replacesStatements").filter(|_| self.old);
        raw.map(elements).unwrap_or_default().iter().map(|r| text(r)).filter(|r| usable(r)).collect()
    }

    /// Whether it is a part of a chain that another statement sums up.
    pub(super) fn is_component(&self) -> bool {
        self.details.text("isComponent").as_deref() == Some("true")
    }
}

/// Whether a text can be the local part of an id.
fn usable(id: &str) -> bool {
    !id.trim().is_empty() && id.len() <= 900 && !id.ends_with(':') && !id.chars().any(char::is_control)
}

/// A type of interest in the words of 0.4.
pub(crate) fn interest_type(word: &str) -> String {
    let mut out = String::new();
    for (i, part) in word.trim().split('-').enumerate() {
        let mut chars = part.chars();
        match chars.next().filter(|_| i > 0) {
            Some(first) => {
                out.extend(first.to_uppercase());
                out.push_str(chars.as_str());
            }
            None => out.push_str(part),
        }
    }
    match out.as_str() {
        "settlorOfTrust" => "settlor",
        "trusteeOfTrust" => "trustee",
        "protectorOfTrust" => "protector",
        "beneficiaryOfTrust" => "beneficiaryOfLegalArrangement",
        "otherInfluenceOrControlOfTrust" | "influenceOrControl" => "otherInfluenceOrControl",
        "rightsToSurplusAssets" => "rightsToSurplusAssetsOnDissolution",
        other => other,
    }
    .to_owned()
}

/// The dates of an interest, its first day and the first day it no longer is; neither where
/// the end stands before the start.
pub(super) fn dates(interest: &Obj<'_>) -> (Option<PartialDate>, Option<PartialDate>) {
    let date = |name: &str| interest.text(name).and_then(|t| PartialDate::parse(&t).ok());
    let (start, end) = (date("startDate"), date("endDate"));
    match (start, end) {
        (Some(s), Some(e)) if e.last_day() < s.first_day() => (None, None),
        both => both,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_earlier_versions() {
        for (word, want) in [
            ("shareholding", "shareholding"),
            ("voting-rights", "votingRights"),
            ("votingRights", "votingRights"),
            ("beneficiary-of-trust", "beneficiaryOfLegalArrangement"),
            ("other-influence-or-control-of-trust", "otherInfluenceOrControl"),
            ("rights-to-surplus-assets-on-dissolution", "rightsToSurplusAssetsOnDissolution"),
        ] {
            assert_eq!(interest_type(word), want);
        }
    }
}
