//! One reporting exception: why an entity reports no parent.

use super::words::{Ctx, deleted_at, flat, other};
use crate::error::{Place, Result};
use crate::import::Sink;
use crate::import::hashes::Hashes;
use crate::import::xml::El;
use crate::model::{Fact, PartyRecord, Record};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The parts of the source, one for each category: an entity has one exception in each, and
/// one can end while the other goes on.
pub(super) const PARTS: [&str; 3] = ["direct_parent_exceptions", "ultimate_parent_exceptions", "other_exceptions"];

/// Part and property of a category.
fn category(text: &str) -> (&'static str, &'static str) {
    let [direct, ultimate, rest] = PARTS;
    match text {
        "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT" => (direct, "no_direct_parent"),
        "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT" => (ultimate, "no_ultimate_parent"),
        _ => (rest, "no_parent"),
    }
}

/// Reads one `Exception`.
pub(super) fn read(el: El<'_>, place: Place, seen: &mut Hashes, sink: &mut Sink<'_>) -> Result<()> {
    let (lei, kind) = (el.child_text("LEI"), el.child_text("ExceptionCategory"));
    let mut ctx = Ctx { report: &mut sink.report, place: place.element(format!("LEI {lei}")) };
    ctx.count_word("by_category", kind);
    let (part, name) = category(kind);
    if part == PARTS[2] {
        ctx.suspect("exception of unknown category", kind);
    }
    if lei.is_empty() {
        ctx.report.skip("exception without an LEI", ctx.place.clone(), &flat(el));
        return Ok(());
    }
    let id = ctx.lei(lei)?;
    if seen.insert(xxh3_64_with_seed(id.as_str().as_bytes(), xxh3_64(kind.as_bytes())), 0).is_some() {
        ctx.suspect("second exception of one category", lei);
    }
    let mut party = PartyRecord::new(id, "");
    let mut reasons = 0;
    for field in el.children() {
        let fact = |suffix: &str| Fact::new(format!("{name}_{suffix}"), field.text()).kind(kind);
        match field.name() {
            "LEI" | "ExceptionCategory" => {}
            "ExceptionReason" if !field.text().is_empty() => {
                ctx.count_word("by_reason", field.text());
                reasons += 1;
                party.facts.push(fact("reason"));
            }
            "ExceptionReference" if !field.text().is_empty() => party.facts.push(fact("reference")),
            "Extension" => {
                let rest = field.children().filter(|e| e.name() != "Deletion");
                party.facts.extend(rest.filter_map(other));
            }
            _ => party.facts.extend(other(field)),
        }
    }
    if let Some(at) = deleted_at(el) {
        // The record takes the place of the one it deletes: the reasons no longer stand.
        ctx.report.count("deleted", 1);
        party.facts.clear();
        let gone = ctx.date(&format!("{name}_exception_deleted_at"), &at);
        party.facts.extend(gone.map(|f| f.kind(kind)));
    } else if reasons == 0 {
        ctx.suspect("exception without a reason", lei);
        party.facts.push(Fact::new(format!("{name}_reason"), "not stated").kind(kind));
    }
    sink.put(part, Record::Party(party))
}
