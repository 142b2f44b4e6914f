//! From the interests of a relationship to relations: one each.

use super::json::{Obj, compact, text};
use super::party::{Odd, about, kept};
use super::share::share;
use super::statement::{Party, Statement, dates, interest_type};
use crate::import::hashes::tag;
use crate::model::{Direct, Fact, PartialDate, RelationRecord, Share};
use serde_json::value::RawValue;
use xxhash_rust::xxh3::xxh3_64;

/// Types of interest (0.4), the relation each is, and whether its word is the role where the
/// file gives no other.
pub(crate) const TYPES: [(&str, &str, bool); 23] = [
    ("shareholding", "owns", false),
    ("votingRights", "votes_in", false),
    ("appointmentOfBoard", "appoints_board_of", false),
    ("otherInfluenceOrControl", "influences", false),
    ("seniorManagingOfficial", "manages", false),
    ("settlor", "settlor_of", false),
    ("trustee", "trustee_of", false),
    ("protector", "protector_of", false),
    ("beneficiaryOfLegalArrangement", "beneficiary_of", false),
    ("rightsToSurplusAssetsOnDissolution", "entitled_to_surplus_of", false),
    ("rightsToProfitOrIncome", "entitled_to_income_of", false),
    ("rightToProfitOrIncomeFromAssets", "entitled_to_income_of", false),
    ("rightsGrantedByContract", "contract_rights_in", false),
    ("conditionalRightsGrantedByContract", "contract_rights_in", false),
    ("controlViaCompanyRulesOrArticles", "controls", false),
    ("controlByLegalFramework", "controls", false),
    ("boardMember", "directs", false),
    ("boardChair", "directs", true),
    ("unknownInterest", "interest_in", false),
    ("unpublishedInterest", "interest_in", false),
    ("enjoymentAndUseOfAssets", "uses_assets_of", false),
    ("nominee", "nominee_for", false),
    ("nominator", "nominates", false),
];

/// The relation that a type of interest is, and whether the type is known.
pub(super) fn edge_type(kind: &str) -> Option<(&'static str, bool)> {
    TYPES.iter().find(|(k, _, _)| *k == kind).map(|(_, edge, role)| (*edge, *role))
}

/// One interest, or the whole relationship where it lists none.
pub(super) struct Item<'a> {
    /// What tells it apart from the others of its relationship, in an id; empty where the
    /// relationship lists none.
    pub(super) word: String,
    /// Its type in the words of 0.4; empty where it is not stated.
    pub(super) kind: String,
    /// How many of the same type and directness stand before it.
    pub(super) nth: usize,
    pub(super) obj: Obj<'a>,
    /// `directOrIndirect` (`interestLevel` before 0.3).
    pub(super) level: Option<String>,
}

/// The interests of a relationship.
pub(super) fn items<'a>(s: &Statement<'a>) -> Vec<Item<'a>> {
    let mut all: Vec<Item<'a>> = Vec::new();
    for obj in s.interests().into_iter().filter_map(Obj::of) {
        let kind = obj.text("type").map(|t| interest_type(&t)).unwrap_or_default();
        let level = obj.text("directOrIndirect").or_else(|| obj.text("interestLevel"));
        let mut word = match &kind {
            k if k.is_empty() => "interest".to_owned(),
            k if edge_type(k).is_some() => k.clone(),
            k => crate::model::slug(k),
        };
        if level.as_deref() == Some("indirect") {
            word.push_str(".indirect");
        }
        let nth = all.iter().filter(|i| i.word == word || i.word.starts_with(&format!("{word}~"))).count();
        if nth > 0 {
            word.push_str(&format!("~{}", nth + 1));
        }
        all.push(Item { word, kind, nth, obj, level });
    }
    if all.is_empty() {
        let obj = Obj::default();
        all.push(Item { word: String::new(), kind: String::new(), nth: 0, obj, level: None });
    }
    all
}

/// Hashes by which versions of an interest are recognised: the interest, and what it says.
pub(super) fn hashes(s: &Statement<'_>, item: &Item<'_>) -> (u32, u32) {
    let share = item.obj.get("share").map(|r| compact(r.get())).unwrap_or_default();
    let level = item.level.as_deref().unwrap_or_default();
    let ends = ["subject", "interestedParty"].map(|n| s.details.get(n).map(|r| compact(r.get())).unwrap_or_default());
    let content = format!("{}\0{share}\0{level}\0{}\0{}", item.word, ends[0], ends[1]);
    (tag(xxh3_64(item.word.as_bytes())), tag(xxh3_64(content.as_bytes())))
}

/// What the program's own export says beside the standard, in an annotation: labels of stakes,
/// fractions, dates less exact than a day.
pub(super) fn own(s: &Statement<'_>) -> Option<String> {
    s.top.list("annotations").into_iter().filter_map(Obj::of).find_map(|a| a.get("cuibono").map(|r| r.get().to_owned()))
}

/// The share of an item; what is not understood is kept on the relation and counted.
pub(super) fn share_of(item: &Item<'_>, old: bool) -> (Option<Share>, Option<String>) {
    match share(&item.obj, old) {
        Ok(s) => (s, None),
        Err(text) => (None, Some(text)),
    }
}

/// Makes `r` say what an interest states; ends, id and dates are the caller's.
pub(super) fn fill(r: &mut RelationRecord, s: &Statement<'_>, item: &Item<'_>, odd: Odd<'_>) {
    let known = edge_type(&item.kind);
    if known.is_none() && !item.kind.is_empty() {
        odd("type of interest not known", &item.kind);
    }
    let (edge, role) = known.unwrap_or(("interest_in", false));
    r.edge_type = edge.to_owned();
    r.facts.extend(item.obj.text("type").map(|t| Fact::new("source_label", t)));
    if item.kind == "conditionalRightsGrantedByContract" {
        r.facts.push(Fact::new("conditional", "true"));
    }
    if item.nth > 0 {
        r.stake = (item.nth + 1).to_string();
    }
    let (share, text) = share_of(item, s.old);
    r.share = share;
    if let Some(text) = text {
        odd("share not understood", &text);
        r.facts.push(Fact::new("share", text));
    }
    r.direct = match item.level.as_deref() {
        Some("direct") => Direct::Direct,
        Some("indirect") => Direct::Indirect,
        Some("unknown") => Direct::Unknown,
        other => {
            if let Some(other) = other {
                odd("directness not known", other);
            }
            r.facts.push(Fact::new("direct_or_indirect", other.unwrap_or("not stated")));
            // Only what other relationships make up has components.
            if s.components().is_empty() { Direct::Direct } else { Direct::Indirect }
        }
    };
    let details = item.obj.text("details");
    // A title is the role; a sentence is not.
    let titled = matches!(r.edge_type.as_str(), "directs" | "manages");
    match details {
        Some(d) if titled => r.role = d,
        Some(d) => r.facts.push(Fact::new("details", d)),
        None if role => item.kind.clone_into(&mut r.role),
        None => {}
    }
    if titled && role && r.role != item.kind {
        r.facts.push(Fact::new("chair", "true"));
    }
    for (name, raw) in item.obj.members() {
        match name {
            "type" | "share" | "details" | "directOrIndirect" | "interestLevel" => {}
            "startDate" | "endDate" => date(r, name, raw, &item.obj, odd),
            _ => kept(&mut r.facts, name, raw),
        }
    }
    for (name, raw) in s.details.members() {
        match name {
            "interests" | "subject" | "interestedParty" => {}
            "isComponent" if !s.is_component() => {}
            "componentRecords" | "componentStatementIDs" => {
                for id in s.components() {
                    r.facts.push(Fact::new("component_records", id));
                }
            }
            _ if s.old && name != "isComponent" => {}
            _ => kept(&mut r.facts, name, raw),
        }
    }
    r.facts.extend(about(s));
}

/// Keeps the text of a date that the relation's own dates do not say.
fn date(r: &mut RelationRecord, name: &str, raw: &RawValue, interest: &Obj<'_>, odd: Odd<'_>) {
    let value = text(raw);
    let parsed = PartialDate::parse(&value).ok();
    let both = dates(interest);
    let used = if name == "startDate" { both.0 } else { both.1 };
    if parsed.is_none() && !value.trim().is_empty() {
        odd("date not understood", &value);
    } else if used.is_none() && name == "endDate" {
        odd("ends before it starts", &value);
    }
    let said = if name == "startDate" { r.start } else { r.end };
    if said.is_none_or(|d| d.to_string() != value) {
        kept(&mut r.facts, name, raw);
    }
}

/// The parties of a relationship as ids of a file.
pub(super) fn ends(s: &Statement<'_>) -> (Party, Party) {
    (s.party("interestedParty"), s.party("subject"))
}
