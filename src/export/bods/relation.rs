//! A relation as the details of a relationship record of one interest.

use super::shape::REASONS;
use crate::import::{INTEREST_TYPES, interest_type};
use crate::model::{Catalogue, Direct, Id, PartialDate, PartyRecord, Percent, RelationRecord, Share};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// Relations that are no type of interest of their own, and the type that is true of each; the
/// details say what it is.
const OTHERS: [(&str, &str); 9] = [
    ("beneficially_owns", "shareholding"),
    ("owns_or_controls", "unknownInterest"),
    ("owns_controls_or_operates", "unknownInterest"),
    ("has_property_interest_in", "unknownInterest"),
    ("parent_of", "unknownInterest"),
    ("controls", "otherInfluenceOrControl"),
    ("consolidates", "otherInfluenceOrControl"),
    ("ultimately_consolidates", "otherInfluenceOrControl"),
    ("manages_fund", "otherInfluenceOrControl"),
];
/// Properties that the details hold.
const SAID: [&str; 13] = [
    "source_label",
    "conditional",
    "chair",
    "details",
    "direct_or_indirect",
    "beneficial_ownership_or_control",
    "component_records",
    "is_component",
    "start_date",
    "end_date",
    "share",
    "former",
    "source_direction",
];

/// Whether a property of a relation is in its details.
pub(super) fn is_said(name: &str) -> bool {
    SAID.contains(&name)
}

/// A relation to write.
pub(super) struct Edge<'a> {
    pub(super) r: &'a RelationRecord,
    /// Record id, unique.
    pub(super) id: String,
    pub(super) source: &'a PartyRecord,
    pub(super) target: &'a PartyRecord,
    pub(super) interest: Interest,
    /// Whether its ends stand for parties that are not specified.
    pub(super) unspecified: (bool, bool),
    /// The interested party is a person.
    pub(super) person: bool,
}

/// The type of interest that a relation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interest {
    kind: Option<&'static str>,
    /// The type says less than the relation.
    less: bool,
}

/// The interest that a relation is; `None` where it is none.
pub(super) fn interest(r: &RelationRecord) -> Option<Interest> {
    let edge = r.edge_type.as_str();
    let same = || INTEREST_TYPES.iter().filter(|(_, e, _)| *e == edge).map(|(k, _, _)| *k);
    let label = r.value("source_label").map(interest_type);
    if let Some(kind) = label.as_deref().and_then(|l| same().find(|k| *k == l)) {
        return Some(Interest { kind: Some(kind), less: false });
    }
    if let Some((_, kind)) = OTHERS.iter().find(|(e, _)| *e == edge) {
        return Some(Interest { kind: Some(kind), less: true });
    }
    let first = same().next()?;
    let kind = match edge {
        // A BODS file that gave no type.
        "interest_in" if label.is_none() && r.value("declaration_subject").is_some() => None,
        "directs" if r.role == "boardChair" || r.value("chair") == Some("true") => Some("boardChair"),
        "contract_rights_in" if r.value("conditional") == Some("true") => Some("conditionalRightsGrantedByContract"),
        _ => Some(first),
    };
    Some(Interest { kind, less: false })
}

/// Record ids by the record that they came from in another BODS file.
pub(super) fn by_record<'e>(edges: &'e [Edge<'_>]) -> HashMap<&'e str, Vec<&'e str>> {
    let mut out: HashMap<&str, Vec<&str>> = HashMap::new();
    // Components are what holds now: earlier versions bear the day of their statement.
    for e in edges.iter().filter(|e| !e.id.contains('@')) {
        let id = e.id.as_str();
        out.entry(id).or_default().push(id);
        if let Some((record, _)) = id.rsplit_once('/') {
            out.entry(record).or_default().push(id);
        }
    }
    out
}

/// The components of a summary that are written.
pub(super) fn components(e: &Edge<'_>, by_record: &HashMap<&str, Vec<&str>>, parties: &HashSet<&str>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let space = e.id.split_once(':').map_or("", |(ns, _)| ns);
    for f in e.r.facts.iter().filter(|f| f.prop == "component_records") {
        let whole = format!("{space}:{}", f.value);
        for id in [f.value.as_str(), &whole] {
            let party = parties.get(id).copied().filter(|i| Id::has_namespace(i));
            let found = party.into_iter().chain(by_record.get(id).into_iter().flatten().copied());
            for id in found.filter(|i| *i != e.id) {
                if !out.iter().any(|o| o == id) {
                    out.push(id.to_owned());
                }
            }
        }
    }
    out
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Details {
    is_component: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    component_records: Vec<String>,
    subject: Value,
    interested_party: Value,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    interests: Vec<Written>,
}

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    direct_or_indirect: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    beneficial_ownership_or_control: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_date: Option<String>,
}

/// Numbers as their exact text.
#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct Range {
    #[serde(skip_serializing_if = "Option::is_none")]
    exact: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_minimum: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_maximum: Option<Box<RawValue>>,
}

/// Decimals beyond which a fraction without an end is bounded.
const SCALE: u128 = 1_000_000_000_000;

/// A percentage as decimals at or below and at or above it, and whether these are the number.
fn decimals(p: Percent) -> (String, String, bool) {
    let text = p.to_string();
    if !text.contains('/') {
        return (text.clone(), text, true);
    }
    let (num, den) = p.fraction();
    let down = u128::from(num) * SCALE / u128::from(den.max(1));
    let show = |n: u128| format!("{}.{:012}", n / SCALE, n % SCALE);
    (show(down), show(down + 1), false)
}

/// A share in the words of BODS, and whether they say it exactly.
fn range(s: Share) -> (Range, bool) {
    let raw = |t: String| RawValue::from_string(t).ok();
    let ((low, _, a), (_, high, b)) = (decimals(s.min), decimals(s.max));
    let mut out = Range::default();
    if s.as_exact().is_some() && a {
        out.exact = raw(low);
        return (out, true);
    }
    // The ends of a fraction are not themselves meant.
    match s.open_min || !a {
        true => out.exclusive_minimum = raw(low),
        false => out.minimum = raw(low),
    }
    match s.open_max || !b {
        true => out.exclusive_maximum = raw(high),
        false => out.maximum = raw(high),
    }
    (out, a && b)
}

fn unspecified(p: &PartyRecord) -> Value {
    // Before 0.3 the words had hyphens.
    let reason = p.values("unspecified").next().map(interest_type);
    let reason = reason.filter(|r| REASONS.contains(&r.as_str())).unwrap_or_else(|| "unknown".to_owned());
    match p.values("description").next() {
        Some(d) => json!({"reason": reason, "description": d}),
        None => json!({ "reason": reason }),
    }
}

/// Details of a relation's record, and what only this program reads.
pub(super) fn details(e: &Edge<'_>, components: Vec<String>, is_component: bool) -> (Details, Map<String, Value>) {
    let r = e.r;
    let mut words = Map::new();
    let mut i = Written { kind: e.interest.kind, ..Written::default() };
    if e.interest.less {
        words.insert("type".into(), r.edge_type.clone().into());
        i.details = Catalogue::builtin().edge_type(&r.edge_type).map(|t| t.label.clone());
    }
    let titled = matches!(r.edge_type.as_str(), "directs" | "manages");
    let told = r.role.is_empty() || (titled && r.role == "boardChair");
    if !told {
        if !titled {
            words.insert("role".into(), r.role.clone().into());
        }
        i.details = Some(r.role.clone());
    }
    if let Some(d) = r.value("details") {
        i.details = Some(d.to_owned());
    }
    let not_stated = r.value("direct_or_indirect") == Some("not stated");
    i.direct_or_indirect = match r.direct {
        Direct::Direct if not_stated => None,
        Direct::Direct if r.edge_type == "ultimately_consolidates" => Some("indirect"),
        other => Some(other.as_str()),
    };
    if i.direct_or_indirect != Some(r.direct.as_str()) && !not_stated {
        words.insert("direct".into(), r.direct.as_str().into());
    }
    i.beneficial_ownership_or_control = match r.value("beneficial_ownership_or_control") {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => (r.edge_type == "beneficially_owns" && e.person).then_some(true),
    };
    for (label, name) in [(&r.stake, "stake"), (&r.joint, "joint")] {
        if !label.is_empty() {
            words.insert(name.into(), label.clone().into());
        }
    }
    if let Some(share) = r.share {
        let (said, exact) = range(share);
        // What several hold together would be added up, were it written for each of them.
        if r.joint.is_empty() {
            i.share = Some(said);
        } else {
            i.details = Some(format!("{share} percent held jointly with others ({})", r.joint));
        }
        if !exact || !r.joint.is_empty() {
            words.insert("share".into(), share.to_string().into());
        }
    }
    for (date, member, name) in [(r.start, &mut i.start_date, "start"), (r.end, &mut i.end_date, "end")] {
        let Some(d) = date else { continue };
        *member = Some(PartialDate::first_day(d).to_string());
        if !d.is_full() {
            words.insert(name.into(), d.to_string().into());
        }
    }
    let mut party = |p: &PartyRecord, unsaid: bool, name: &str| -> Value {
        if !unsaid {
            return p.id.as_str().into();
        }
        words.insert(name.into(), p.id.as_str().into());
        unspecified(p)
    };
    let (subject, interested_party) =
        (party(e.target, e.unspecified.1, "subject"), party(e.source, e.unspecified.0, "party"));
    let bare = i.kind.is_none()
        && i.direct_or_indirect.is_none()
        && i.beneficial_ownership_or_control.is_none()
        && i.details.is_none()
        && i.share.is_none()
        && i.start_date.is_none()
        && i.end_date.is_none();
    let interests = if bare { Vec::new() } else { vec![i] };
    let details = Details { is_component, component_records: components, subject, interested_party, interests };
    (details, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_written_exactly() {
        for (text, want, exact) in [
            ("50", r#"{"exact":50}"#, true),
            ("12.345678901234567", r#"{"exact":12.345678901234567}"#, true),
            (">25 to 50", r#"{"maximum":50,"exclusiveMinimum":25}"#, true),
            ("75 to <100", r#"{"minimum":75,"exclusiveMaximum":100}"#, true),
            ("100/3", r#"{"exclusiveMinimum":33.333333333333,"exclusiveMaximum":33.333333333334}"#, false),
            ("25 to 200/3", r#"{"minimum":25,"exclusiveMaximum":66.666666666667}"#, false),
        ] {
            let (range, said) = range(Share::parse(text).unwrap());
            assert_eq!((serde_json::to_string(&range).unwrap().as_str(), said), (want, exact), "{text}");
        }
    }

    #[test]
    fn every_type_of_interest_has_its_relation_back() {
        for (kind, edge, _) in INTEREST_TYPES {
            let id = || crate::model::End::Id(Id::parse("x:a").unwrap());
            let mut r = RelationRecord::new(id(), edge, id());
            r.facts.push(crate::model::Fact::new("source_label", kind));
            assert_eq!(interest(&r), Some(Interest { kind: Some(kind), less: false }), "{kind}");
        }
    }
}
