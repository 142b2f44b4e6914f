//! Relations between the profiles of an OFAC Advanced XML file.

use super::sets::{Ctx, period};
use crate::error::{Error, Result};
use crate::import::xml::El;
use crate::model::{Catalogue, End, Fact, Id, PartyRecord, RelationRecord, prop};
use hashbrown::{HashMap, HashSet};

/// The publisher's relation types: id, label without colon in lower case, our edge type, and
/// whether the edge runs the other way (the publisher's From is the owned one).
const TYPES: [(&str, &str, &str, bool); 10] = [
    ("1555", "associate of", "associate_of", false),
    ("15001", "providing support to", "supports", false),
    ("15002", "acting for or on behalf of", "acts_for", false),
    ("15003", "owned or controlled by", "owns_or_controls", true),
    ("15004", "family member of", "family_of", false),
    ("91422", "playing a significant role in", "significant_role_in", false),
    ("91725", "leader or official of", "leader_or_official_of", false),
    ("91900", "principal executive officer", "principal_executive_of", false),
    ("92019", "owns, controls, or operates", "owns_controls_or_operates", false),
    ("92122", "property in the interest of", "has_property_interest_in", true),
];

/// The edge type of a relation and whether it is flipped. The label decides where the file
/// gives a known one, since numbers are the file's own; else the number does.
fn edge_type(id: &str, label: &str) -> Option<(&'static str, bool)> {
    let label = label.trim().trim_end_matches(':').trim_end().to_lowercase();
    let by_label = TYPES.iter().find(|t| t.1 == label);
    by_label.or_else(|| TYPES.iter().find(|t| t.0 == id)).map(|t| (t.2, t.3))
}

/// What relations need to know of the parties and of each other.
#[derive(Default)]
pub(super) struct Relations {
    /// A small number for each profile id; those named by relations only come last.
    numbers: HashMap<String, u32>,
    /// Whether a number below the count of parties is a person.
    persons: Vec<bool>,
    dangling: HashSet<u32>,
    pairs: HashSet<(u32, u32)>,
    /// Ends and publisher's type of each relation.
    seen: HashSet<(u32, u32, String)>,
}

impl Relations {
    fn number(&mut self, profile: &str) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(profile.to_owned()).or_insert(next)
    }

    /// Remembers a party of the file; `false` when it was there before.
    pub(super) fn party(&mut self, record: &PartyRecord) -> bool {
        let n = self.number(record.id.local()) as usize;
        let new = n == self.persons.len();
        if new {
            self.persons.push(record.node_type == "person");
        }
        new
    }

    /// Whether the file has the profile.
    pub(super) fn has(&self, profile: &str) -> bool {
        self.numbers.get(profile).is_some_and(|n| (*n as usize) < self.persons.len())
    }

    /// Reads a `ProfileRelationship`.
    ///
    /// # Errors
    /// A relation without an id or without one of its ends.
    pub(super) fn read(&mut self, el: El<'_>, catalogue: &Catalogue, ctx: &mut Ctx<'_>) -> Result<RelationRecord> {
        ctx.place.element = Some(format!("relation {}", el.attr("ID")));
        let place = ctx.place.clone();
        let need = |name: &str, prefix: &str| {
            Id::new("ofac", &format!("{prefix}{}", el.attr(name)))
                .ok()
                .filter(|_| !el.attr(name).is_empty())
                .ok_or_else(|| Error::input(format!("a ProfileRelationship has no usable {name}")).at(place.clone()))
        };
        let (id, from, to) = (need("ID", "rel-")?, need("From-ProfileID", "")?, need("To-ProfileID", "")?);
        let type_id = el.attr("RelationTypeID");
        let label = ctx.label("RelationType", type_id);
        let (edge, flipped) = edge_type(type_id, &label).unwrap_or_else(|| {
            ctx.suspect("relation of unknown type", &label);
            ("linked_to", false)
        });
        let quality = ctx.label("RelationQuality", el.attr("RelationQualityID"));
        let former = el.flag("Former");
        ctx.count_by("profile_relationships", "relationships_by_type", &label);
        ctx.report.count(&format!("relationships_by_quality/{quality}"), 1);
        ctx.report.count("relationships_former", u64::from(former));

        let (source, target) = if flipped { (to, from) } else { (from, to) };
        let chain = catalogue.edge_type(edge).is_some_and(|t| t.is_chain());
        let owned_person = self.look(&source, &target, type_id, ctx) && chain;
        if owned_person {
            ctx.suspect("an individual is the owned party", &format!("{source} {edge} {target}"));
        }

        let mut r = RelationRecord::new(End::Id(source), edge, End::Id(target));
        r.id = Some(id);
        let mut fact = |name: &str, value: &str| {
            if !value.is_empty() {
                r.facts.push(Fact::new(name, value));
            }
        };
        fact("source_label", &label);
        fact("source_id", type_id);
        fact("source_direction", if flipped { "reversed" } else { "" });
        fact("quality", &quality);
        fact(prop::FORMER, if former { "true" } else { "" });
        fact("direction_suspect", if owned_person { "true" } else { "" });
        fact("sanctions_entry", el.attr("SanctionsEntryID"));
        for d in el.all("IDRegDocumentReference") {
            fact("identity_document", d.attr("IDRegDocumentID"));
        }
        fact(prop::NOTE, el.child_text("Comment"));
        if let Some(p) = el.child("DatePeriod").map(period) {
            if let Some(bad) = &p.bad {
                ctx.suspect("date that cannot be read", bad);
                fact("period", bad);
            }
            (r.start, r.end) = (p.start, p.end);
        }
        Ok(r)
    }

    /// Counts what looks wrong with the ends of a relation; says whether its object is a person.
    fn look(&mut self, source: &Id, target: &Id, type_id: &str, ctx: &mut Ctx<'_>) -> bool {
        let text = format!("{source} - {target}");
        let (a, b) = (self.number(source.local()), self.number(target.local()));
        let missing: Vec<u32> = [a, b].into_iter().filter(|n| *n as usize >= self.persons.len()).collect();
        if !missing.is_empty() {
            ctx.report.count("relationship_with_dangling_endpoint", 1);
            ctx.suspect("relation to a party that is not in the file", &text);
        }
        for n in missing {
            let new = self.dangling.insert(n);
            ctx.report.count("relationship_endpoints_not_in_file", u64::from(new));
        }
        let new = self.pairs.insert((a, b));
        ctx.report.count("relationships_distinct_from_to", u64::from(new));
        if a == b {
            ctx.suspect("relation of a party to itself", &text);
        }
        if a != b && self.seen.contains(&(b, a, type_id.to_owned())) {
            ctx.suspect("reciprocal relations of one type", &text);
        }
        self.seen.insert((a, b, type_id.to_owned()));
        self.persons.get(b as usize).copied().unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types() {
        assert_eq!(edge_type("15003", "Owned or Controlled By"), Some(("owns_or_controls", true)));
        assert_eq!(edge_type("7", "PROVIDING SUPPORT TO: "), Some(("supports", false)));
        assert_eq!(edge_type("92122", "Reworded"), Some(("has_property_interest_in", true)));
        assert_eq!(edge_type("15003", "Associate Of"), Some(("associate_of", false)));
        assert_eq!(edge_type("7", "Neighbour of"), None);
        let c = Catalogue::builtin();
        for t in TYPES {
            assert!(c.edge_type(t.2).is_some(), "{} is in the catalogue", t.2);
        }
    }
}
