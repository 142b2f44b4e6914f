//! One relationship record. The start of a record is the child, its end the parent.
//!
//! Consolidation is a statement on accounts, not a percentage: a quantifier stays a fact, and no
//! relation gets a share. The ultimate parent is a summary of a chain, never one of its links.

use super::words::{Ctx, day, deleted_at, flat, other, registration};
use crate::error::{Place, Result};
use crate::import::Sink;
use crate::import::ordinals::{self, Ordinals};
use crate::import::slug::snake;
use crate::import::xml::El;
use crate::model::{Direct, End, Fact, Id, PartialDate, Record, RelationRecord, Status, prop};
use xxhash_rust::xxh3::xxh3_64;

/// The part of the source that relationship records make up.
pub(super) const PART: &str = "relationships";

/// The edge type of a relationship type, and whether the parent becomes the subject.
fn edge_type(label: &str) -> Option<(&'static str, bool)> {
    Some(match label {
        "IS_DIRECTLY_CONSOLIDATED_BY" => ("consolidates", true),
        "IS_ULTIMATELY_CONSOLIDATED_BY" => ("ultimately_consolidates", true),
        "IS_FUND-MANAGED_BY" | "IS_FUND_MANAGED_BY" => ("manages_fund", true),
        "IS_SUBFUND_OF" => ("has_subfund", true),
        "IS_INTERNATIONAL_BRANCH_OF" => ("has_branch", true),
        "IS_FEEDER_TO" => ("feeds_into", false),
        _ => return None,
    })
}

/// Reads one `RelationshipRecord`.
pub(super) fn read(el: El<'_>, place: Place, ordinals: &mut Ordinals, sink: &mut Sink<'_>) -> Result<()> {
    let Some(relation) = el.child("Relationship") else {
        sink.report.skip("record without a Relationship", place, &flat(el));
        return Ok(());
    };
    let node = |name: &str| relation.child(name).map(|n| (n.child_text("NodeID"), n.child_text("NodeIDType")));
    let (start, end) = (node("StartNode").unwrap_or_default(), node("EndNode").unwrap_or_default());
    let label = relation.child_text("RelationshipType");
    let place = place.element(format!("{} {label} {}", start.0, end.0));
    let mut ctx = Ctx { report: &mut sink.report, place };
    ctx.count_word("by_type", label);
    ctx.count_word("by_status", relation.child_text("RelationshipStatus"));
    if start.0.is_empty() || end.0.is_empty() {
        ctx.report.skip("relationship without one of its ends", ctx.place.clone(), &flat(el));
        return Ok(());
    }
    let (start, end) = (party(start, &mut ctx)?, party(end, &mut ctx)?);
    let (edge, flipped) = edge_type(label).unwrap_or_else(|| {
        ctx.suspect("relationship of unknown type", label);
        ("linked_to", false)
    });
    let (subject, object) = if flipped { (end, start) } else { (start, end) };
    if subject == object {
        ctx.suspect("relationship of an entity with itself", subject.as_str());
    }
    let key = ordinals::key(subject.as_str(), edge, object.as_str());
    let Some(ordinal) = ordinals.next(key, xxh3_64(flat(el).as_bytes())) else {
        ctx.report.count("repeated records", 1);
        return Ok(());
    };
    let mut r = RelationRecord::new(End::Id(subject), edge, End::Id(object));
    r.ordinal = ordinal;
    if edge == "ultimately_consolidates" {
        r.direct = Direct::Indirect;
    }
    r.facts.push(Fact::new("source_label", label));
    if flipped {
        r.facts.push(Fact::new("source_direction", "reversed"));
    }
    fields(relation, &mut r, &mut ctx);
    for section in el.children() {
        match section.name() {
            "Relationship" => {}
            "Registration" => {
                let status = section.child_text("RegistrationStatus");
                ctx.count_word("by_registration_status", status);
                if matches!(status, "ANNULLED" | "DUPLICATE") {
                    // Published by mistake, or the copy of a record that stands.
                    r.status = Status::Withdrawn;
                }
                r.facts.extend(section.children().filter_map(|f| registration(f, &mut ctx)));
            }
            "Extension" => {
                let rest = section.children().filter(|e| e.name() != "Deletion");
                r.facts.extend(rest.filter_map(other));
            }
            _ => r.facts.extend(other(section)),
        }
    }
    if let Some(at) = deleted_at(el) {
        // The record takes the place of the one it deletes, and says so.
        ctx.report.count("deleted", 1);
        r.status = Status::Withdrawn;
        r.facts.extend(ctx.date("deleted_at", &at));
    }
    sink.put(PART, Record::Relation(r))
}

/// The party of a node. Its number is an LEI but for older files, which also had other schemes.
fn party((number, scheme): (&str, &str), ctx: &mut Ctx<'_>) -> Result<Id> {
    match scheme {
        "" | "LEI" => ctx.lei(number),
        other => Id::new(&snake(other), number).map_err(|e| e.at(ctx.place.clone())),
    }
}

/// Everything about the relationship but its ends and type.
fn fields(relation: El<'_>, r: &mut RelationRecord, ctx: &mut Ctx<'_>) {
    let mut periods: Vec<Period> = Vec::new();
    for el in relation.children() {
        match el.name() {
            "StartNode" | "EndNode" => {
                // What a node has beside number and scheme.
                let more = el.children().filter(|c| !matches!(c.name(), "NodeID" | "NodeIDType"));
                r.facts.extend(more.filter_map(other));
            }
            "RelationshipType" => {}
            "RelationshipPeriods" => {
                for p in el.children() {
                    let kind = p.child_text("PeriodType");
                    ctx.count_word("periods", kind);
                    match Period::read(p) {
                        Some(period) if kind == "RELATIONSHIP_PERIOD" => periods.push(period),
                        Some(period) => r.facts.push(period.fact(kind)),
                        None => {
                            ctx.suspect("period not understood", &flat(p));
                            r.facts.push(Fact::new(period_name(kind), flat(p)));
                        }
                    }
                }
            }
            "RelationshipQualifiers" => {
                for q in el.children() {
                    let category = q.child_text("QualifierCategory");
                    if !category.is_empty() {
                        ctx.count_word("qualifiers", category);
                    }
                    let dimension = q.child_text("QualifierDimension");
                    let value = if category.is_empty() { "not stated" } else { category };
                    r.facts.push(Fact::new("relationship_qualifier", value).kind(dimension));
                    let known = ["QualifierCategory", "QualifierDimension"];
                    r.facts.extend(q.children().filter(|c| !known.contains(&c.name())).filter_map(other));
                }
            }
            "RelationshipQuantifiers" => {
                for q in el.children() {
                    ctx.report.count("quantifiers", 1);
                    // `1.00` with the unit PERCENTAGE may be one percent or all: it stays text.
                    let amount = format!("{} {}", q.child_text("QuantifierAmount"), q.child_text("QuantifierUnits"));
                    let fact =
                        Fact::new("relationship_quantifier", amount.trim()).kind(q.child_text("MeasurementMethod"));
                    r.facts.push(Fact { raw: flat(q), ..fact });
                }
            }
            "RelationshipStatus" => {
                r.facts.extend(other(el));
                status(el.text(), r, ctx);
            }
            _ => r.facts.extend(other(el)),
        }
    }
    dates(&periods, r, ctx);
    let inactive = relation.child_text("RelationshipStatus") == "INACTIVE";
    if inactive && r.end.is_none() {
        r.facts.push(Fact::new(prop::FORMER, "true"));
    }
}

fn status(text: &str, r: &mut RelationRecord, ctx: &mut Ctx<'_>) {
    match text {
        "ACTIVE" | "INACTIVE" => {}
        // The publisher says neither that it holds nor that it has ended.
        "NULL" | "" => r.status = Status::Disputed,
        _ => ctx.suspect("relationship status that is not known", text),
    }
}

/// One period, by days.
struct Period {
    start: Option<PartialDate>,
    end: Option<PartialDate>,
    raw: String,
}

impl Period {
    /// `None` where one of its dates is not understood or both are out of order.
    fn read(el: El<'_>) -> Option<Period> {
        let side = |name: &str| match el.child_text(name) {
            "" => Some(None),
            text => day(text).map(Some),
        };
        let (start, end) = (side("StartDate")?, side("EndDate")?);
        if let (Some(a), Some(b)) = (start, end)
            && b < a
        {
            return None;
        }
        Some(Period { start, end, raw: flat(el) })
    }

    /// The period by days, the source's own moments behind it.
    fn fact(&self, kind: &str) -> Fact {
        let text = |d: Option<PartialDate>| d.map_or_else(|| "open".to_owned(), |d| d.to_string());
        let value = format!("{} to {}", text(self.start), text(self.end));
        Fact { raw: self.raw.clone(), ..Fact::new(period_name(kind), value) }
    }
}

/// The property of a kind of period.
fn period_name(kind: &str) -> String {
    snake(if kind.is_empty() { "period" } else { kind })
}

/// The days on which the relation holds: from the first start to the last end.
fn dates(periods: &[Period], r: &mut RelationRecord, ctx: &mut Ctx<'_>) {
    if periods.iter().all(|p| p.start.is_some()) {
        r.start = periods.iter().filter_map(|p| p.start).min();
    }
    if periods.iter().all(|p| p.end.is_some()) {
        r.end = periods.iter().filter_map(|p| p.end).max();
    }
    if let [_, second, ..] = periods {
        ctx.suspect("several relationship periods", &second.raw);
    }
    r.facts.extend(periods.iter().map(|p| p.fact("RELATIONSHIP_PERIOD")));
}
