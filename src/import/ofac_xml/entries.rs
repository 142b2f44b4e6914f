//! Sanctions entries of an OFAC Advanced XML file: they come last, and one profile may have
//! several, so listings are gathered by profile.

use super::relations::Relations;
use super::sets::{Ctx, date, period, snake};
use crate::error::{Error, Place, Result};
use crate::import::Sink;
use crate::import::xml::El;
use crate::model::{Citation, End, Fact, Id, Listing, PartyRecord, Record, RelationRecord, prop};
use hashbrown::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};

/// List ids by the name of the list, in lower case.
const LISTS: [(&str, &str); 10] = [
    ("sdn list", "ofac_sdn"),
    ("consolidated list", "ofac_cons"),
    ("sectoral sanctions identifications list", "ofac_ssi"),
    ("non-sdn palestinian legislative council list", "ofac_ns_plc"),
    ("fse list", "ofac_fse"),
    ("capta list", "ofac_capta"),
    ("non-sdn menu-based sanctions list", "ofac_ns_mbs"),
    ("ns-cmic list", "ofac_ns_cmic"),
    ("non-sdn chinese military-industrial complex companies list", "ofac_ns_cmic"),
    ("non-sdn iranian sanctions act list", "ofac_ns_isa"),
];

fn list_id(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    match LISTS.iter().find(|(n, _)| *n == lower) {
        Some((_, id)) => (*id).to_owned(),
        None if lower.contains("ns-cmic") => "ofac_ns_cmic".to_owned(),
        None => format!("ofac_{}", snake(lower.strip_suffix(" list").unwrap_or(&lower))),
    }
}

/// Listings by profile, in the order in which profiles first have one.
#[derive(Default)]
pub(super) struct Entries {
    index: HashMap<String, usize>,
    records: Vec<PartyRecord>,
    /// How many entries each list has.
    lists: BTreeMap<String, u64>,
}

impl Entries {
    /// Reads a `SanctionsEntry`.
    ///
    /// # Errors
    /// An entry that names no profile.
    pub(super) fn read(&mut self, el: El<'_>, parties: &Relations, ctx: &mut Ctx<'_>) -> Result<()> {
        let profile = el.attr("ProfileID");
        ctx.place.element = Some(format!("sanctions entry {}", el.attr("ID")));
        let id = Id::new("ofac", profile)
            .map_err(|_| Error::input("a SanctionsEntry has no usable ProfileID").at(ctx.place.clone()))?;
        if !parties.has(profile) {
            ctx.suspect("sanctions entry of a party that is not in the file", id.as_str());
        }
        let list = ctx.label("List", el.attr("ListID"));
        ctx.count_by("sanctions_entries", "sanctions_entries_by_list", &list);
        let mut listing = Listing { list: list_id(&list), ..Listing::default() };
        let mut said: HashSet<(u8, String)> = HashSet::new();
        let mut new = |what: u8, text: &str| !text.is_empty() && said.insert((what, text.to_owned()));
        let mut facts = Vec::new();
        let mut note = |text: &str, kind: &str| {
            if !text.is_empty() {
                facts.push(Fact::new(prop::NOTE, text).kind(kind));
            }
        };
        for event in el.all("EntryEvent") {
            ctx.report.count("entry_events", 1);
            let kind = ctx.label("EntryEventType", event.attr("EntryEventTypeID"));
            let removal = ["delist", "remov", "delet"].iter().any(|w| kind.to_lowercase().contains(w));
            match event.child("Date").map(date) {
                Some(Ok(d)) if removal => listing.to = listing.to.max(Some(d)),
                Some(Ok(d)) => listing.from = Some(listing.from.map_or(d, |old| old.min(d))),
                Some(Err(raw)) => {
                    ctx.suspect("date that cannot be read", &raw);
                    note(&raw, &format!("{kind}, date as found"));
                }
                None => {}
            }
            let basis = event.attr("LegalBasisID");
            let short = ctx.sets.get("LegalBasis", basis).map(|b| b.attr("LegalBasisShortRef").to_owned());
            let text = short.filter(|s| !s.is_empty()).unwrap_or_else(|| ctx.label("LegalBasis", basis));
            if !text.eq_ignore_ascii_case("unknown") && new(0, &text) {
                listing.basis.push(text);
            }
            note(event.child_text("Comment"), &kind);
        }
        for m in el.all("SanctionsMeasure") {
            let kind = ctx.label("SanctionsType", m.attr("SanctionsTypeID"));
            ctx.count_by("measures", "measures_by_type", &kind);
            let comment = m.child_text("Comment");
            if kind.eq_ignore_ascii_case("program") {
                if comment.is_empty() {
                    ctx.suspect("programme measure without a code", m.attr("ID"));
                } else {
                    ctx.report.count(&format!("programs/{comment}"), 1);
                }
                if new(1, comment) {
                    listing.programs.push(comment.to_owned());
                }
                continue;
            }
            let mut text = kind;
            if !comment.is_empty() {
                text.push_str(&format!(" ({comment})"));
            }
            let p = m.child("DatePeriod").map(period).unwrap_or_default();
            if let Some(bad) = &p.bad {
                ctx.suspect("date that cannot be read", bad);
            }
            if let Some(when) = p.whole.map(|w| w.to_string()).or(p.bad) {
                text.push_str(&format!(", {when}"));
            }
            if new(2, &text) {
                listing.measures.push(text);
            }
        }
        note(el.child_text("Comment"), "listing");
        note(el.child_text("LimitationsToListing"), "limitations to listing");
        for s in el.all("SupportingInfo") {
            let kind = ctx.label("SupInfoType", s.attr("SupInfoTypeID"));
            note(s.child_text("Text"), &kind);
            note(s.child_text("DirectURL"), &kind);
        }
        let locator = format!("sanctions entry {}", el.attr("ID"));
        listing.cites.push(Citation { locator, ..Citation::default() });
        *self.lists.entry(listing.list.clone()).or_default() += 1;
        let at = match self.index.get(profile) {
            Some(at) => *at,
            None => {
                self.records.push(PartyRecord::new(id, ""));
                self.index.insert(profile.to_owned(), self.records.len() - 1);
                self.records.len() - 1
            }
        };
        if let Some(record) = self.records.get_mut(at) {
            record.listings.push(listing);
            record.facts.append(&mut facts);
        }
        Ok(())
    }

    /// The source that the entries speak for; `None` when there are none.
    pub(super) fn source(&self) -> Option<&'static str> {
        let all: u64 = self.lists.values().sum();
        let sdn = self.lists.get("ofac_sdn").copied().unwrap_or(0);
        (all > 0).then_some(if sdn * 2 > all { "ofac_sdn" } else { "ofac_cons" })
    }

    /// Hands over the listings, and the programmes with who is listed under them.
    pub(super) fn put(self, place: &Place, sink: &mut Sink<'_>) -> Result<()> {
        let mut programs: HashSet<String> = HashSet::new();
        for record in self.records {
            let mut own: BTreeSet<&str> = BTreeSet::new();
            let codes = record.listings.iter().flat_map(|l| &l.programs).map(String::as_str);
            for code in codes {
                if !own.insert(code) {
                    continue;
                }
                let Ok(program) = Id::new("ofac.program", code) else {
                    let place = place.clone().element(format!("profile {}", record.id.local()));
                    sink.report.skip("programme code that cannot be an id", place, code);
                    continue;
                };
                if programs.insert(code.to_owned()) {
                    let mut node = PartyRecord::new(program.clone(), "sanctions_program");
                    node.facts.push(Fact::name(prop::NAME, code));
                    sink.put("primary", Record::Party(node))?;
                }
                let tie = RelationRecord::new(End::Id(record.id.clone()), "under_program", End::Id(program));
                sink.put("primary", Record::Relation(tie))?;
            }
            sink.put("listing", Record::Party(record))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn lists() {
        assert_eq!(super::list_id("SDN List"), "ofac_sdn");
        assert_eq!(super::list_id("Non-SDN Menu-Based Sanctions List"), "ofac_ns_mbs");
        assert_eq!(super::list_id("Fish and Chips List"), "ofac_fish_and_chips");
    }
}
