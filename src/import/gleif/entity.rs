//! One LEI record: the party, its predecessors' ties to successors, and duplicates.

use super::words::{Ctx, day, deleted_at, flat, is_lei, other, registration};
use crate::error::{Place, Result};
use crate::import::Sink;
use crate::import::hashes::Hashes;
use crate::import::xml::El;
use crate::model::{
    Act, Decision, End, Fact, Id, PartialDate, PartyRecord, Record, RelationRecord, Ruling, Status, prop,
};
use xxhash_rust::xxh3::xxh3_64;

/// The part of the source that LEI records make up.
pub(super) const PART: &str = "entities";

/// Codes of authorities that say that there is none.
const NO_AUTHORITY: [&str; 2] = ["RA888888", "RA999999"];

/// The node type of an entity category. Most categories leave open whether the entity is a firm.
fn node_type(category: &str) -> Option<&'static str> {
    Some(match category {
        "" | "GENERAL" | "FUND" | "BRANCH" | "SOLE_PROPRIETOR" => "legal_entity",
        "RESIDENT_GOVERNMENT_ENTITY" => "public_body",
        "INTERNATIONAL_ORGANIZATION" => "international_body",
        _ => return None,
    })
}

/// Reads one `LEIRecord`.
pub(super) fn read(el: El<'_>, delta: bool, place: Place, seen: &mut Hashes, sink: &mut Sink<'_>) -> Result<()> {
    let lei = el.child_text("LEI");
    let place = place.element(format!("LEI {lei}"));
    let mut ctx = Ctx { report: &mut sink.report, place };
    let id = if lei.is_empty() {
        // The record has no key: its content is one.
        ctx.suspect("record without an LEI", &flat(el));
        Id::new("lei", &format!("without-lei-{:016x}", xxh3_64(flat(el).as_bytes())))?
    } else {
        ctx.lei(lei)?
    };
    if seen.insert(xxh3_64(id.as_str().as_bytes()), 0).is_some() {
        ctx.suspect("LEI that occurs twice", lei);
    }
    if let Some(at) = deleted_at(el).filter(|_| delta) {
        ctx.report.count("deleted", 1);
        ctx.report.skip("record that the delta deletes", ctx.place.clone(), &format!("{lei} at {at}"));
        sink.deleted.push(id.as_str().to_owned());
        return Ok(());
    }
    let mut reader = Reader { id: id.clone(), facts: Vec::new(), ties: Vec::new(), decision: None, ctx };
    reader.record(el);
    let Reader { facts, ties, decision, mut ctx, .. } = reader;
    let category = el.child("Entity").map(|e| e.child_text("EntityCategory")).unwrap_or_default();
    let mut party = PartyRecord::new(
        id,
        node_type(category).unwrap_or_else(|| {
            ctx.suspect("entity category that is not known", category);
            "legal_entity"
        }),
    );
    party.facts = facts;
    sink.put(PART, Record::Party(party))?;
    for r in ties {
        sink.put(PART, Record::Relation(r))?;
    }
    match decision {
        Some(d) => sink.put(PART, Record::Decision(d)),
        None => Ok(()),
    }
}

struct Reader<'c> {
    id: Id,
    facts: Vec<Fact>,
    ties: Vec<RelationRecord>,
    decision: Option<Decision>,
    ctx: Ctx<'c>,
}

impl Reader<'_> {
    fn record(&mut self, record: El<'_>) {
        let status = record.child("Registration").map(|r| r.child_text("RegistrationStatus")).unwrap_or_default();
        for section in record.children() {
            match section.name() {
                "LEI" => self.identifier("LEI", section.text()),
                "Entity" => {
                    for el in section.children() {
                        self.entity(el);
                    }
                    self.successors(section, status);
                }
                "Registration" => {
                    for el in section.children() {
                        self.registration(el);
                    }
                }
                "Extension" => {
                    for el in section.children() {
                        self.extension(el);
                    }
                }
                _ => self.facts.extend(other(section)),
            }
        }
    }

    fn entity(&mut self, el: El<'_>) {
        match el.name() {
            "LegalName" => self.name(prop::NAME, "LegalName", el),
            "OtherEntityNames" | "TransliteratedOtherEntityNames" => {
                for n in el.children() {
                    let own = n.name() == "OtherEntityName";
                    self.ctx.report.count(if own { "other_names" } else { "transliterated_names" }, 1);
                    let kind = n.attr("type");
                    let former = kind.starts_with("PREVIOUS");
                    self.name(if former { prop::FORMER_NAME } else { prop::ALIAS }, kind, n);
                }
            }
            "LegalAddress" | "HeadquartersAddress" => self.address(el.name(), el),
            "OtherAddresses" | "TransliteratedOtherAddresses" => {
                for a in el.children() {
                    self.address(a.attr("type"), a);
                }
            }
            "RegistrationAuthority" => self.authority("RegistrationAuthority", "registration_authority", el),
            "LegalJurisdiction" => {
                let code = el.text();
                // `US-DE` is a part of a country.
                let country = code.split_once('-').map_or(code, |(c, _)| c);
                if !country.is_empty() {
                    self.facts.push(Fact::new(prop::COUNTRY, country).kind("jurisdiction"));
                }
                if country != code {
                    self.facts.push(Fact::new("legal_jurisdiction", code));
                }
            }
            name @ ("EntityCategory" | "EntityStatus") => {
                let word = if name == "EntityCategory" { "entity_category" } else { "entity_status" };
                self.ctx.count_word(word, el.text());
                self.facts.extend(other(el));
            }
            "LegalForm" => {
                for f in el.children().filter(|f| !f.text().is_empty()) {
                    let fact = match f.name() {
                        "EntityLegalFormCode" => Fact::new("legal_form", f.text()).kind("ELF"),
                        "OtherLegalForm" => {
                            Fact { lang: f.attr("lang").to_owned(), ..Fact::new("legal_form", f.text()) }
                        }
                        name => Fact::new("legal_form", f.text()).kind(name),
                    };
                    self.facts.push(fact);
                }
            }
            "EntityCreationDate" => self.facts.extend(self.ctx.date("creation_date", el.text())),
            "EntityExpirationDate" => self.facts.extend(self.ctx.date("expiration_date", el.text())),
            "EntityExpirationReason" => {
                self.facts.extend(other(el).map(|f| Fact { prop: "expiration_reason".to_owned(), ..f }));
            }
            "AssociatedEntity" => self.associated(el),
            // Read after the events that date it.
            "SuccessorEntity" => {}
            "LegalEntityEvents" => {
                for event in el.children() {
                    self.event(event);
                }
            }
            _ => self.facts.extend(other(el)),
        }
    }

    fn registration(&mut self, el: El<'_>) {
        match el.name() {
            "RegistrationStatus" => {
                self.ctx.count_word("registration_status", el.text());
                self.facts.extend(other(el));
            }
            "ValidationAuthority" => self.authority("ValidationAuthority", "validation_authority", el),
            "OtherValidationAuthorities" => {
                for a in el.children() {
                    self.authority("ValidationAuthority", "other_validation_authority", a);
                }
            }
            _ => self.facts.extend(registration(el, &mut self.ctx)),
        }
    }

    fn extension(&mut self, el: El<'_>) {
        // Up to twenty fields for one place: one fact with the place, all of it behind it.
        if el.name() == "Geocoding" {
            let shown = ["formatted_address", "original_address"].map(|n| el.child_text(n));
            if let Some(value) = shown.into_iter().find(|t| !t.is_empty()) {
                self.facts.push(Fact { raw: flat(el), ..Fact::new("geocoding", value) });
                return;
            }
        }
        self.facts.extend(other(el));
    }

    /// A name, unless another kind of name of the record has the same words.
    fn name(&mut self, prop: &str, kind: &str, el: El<'_>) {
        let text = el.text();
        let names = |f: &&Fact| prop::NAMES.contains(&f.prop.as_str());
        if text.is_empty() {
            self.ctx.report.count("empty names", 1);
        } else if self.facts.iter().filter(names).any(|f| f.value == text) {
            self.ctx.report.count("names that repeat another", 1);
        } else {
            let lang = el.attr("lang").to_owned();
            self.facts.push(Fact { lang, ..Fact::name(prop, text).kind(kind) });
        }
    }

    /// An address on one line; what an earlier line says already (a number of a house, a routing)
    /// is not said again.
    fn address(&mut self, kind: &str, el: El<'_>) {
        let mut lines: Vec<&str> = Vec::new();
        for part in el.children() {
            let text = part.text();
            let words = |l: &&str| l.split(|c: char| !c.is_alphanumeric()).any(|w| w == text);
            let said = lines.contains(&text) || (part.name().starts_with("AddressNumber") && lines.iter().any(words));
            if !text.is_empty() && !said {
                lines.push(text);
            }
        }
        if lines.is_empty() {
            return;
        }
        self.ctx.report.count("addresses", 1);
        let lang = el.attr("lang").to_owned();
        self.facts.push(Fact { lang, ..Fact::new(prop::ADDRESS, lines.join(", ")).kind(kind) });
        let country = Fact::new(prop::COUNTRY, el.child_text("Country")).kind("address");
        if !country.value.is_empty() && !self.facts.contains(&country) {
            self.facts.push(country);
        }
    }

    fn identifier(&mut self, scheme: &str, value: &str) {
        let fact = Fact::new(prop::IDENTIFIER, value).kind(scheme);
        if !value.is_empty() && !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    /// An authority that keeps a register, and the number of the party in it.
    fn authority(&mut self, prefix: &str, prop: &str, el: El<'_>) {
        let names = ["ID", "EntityID"].map(|s| format!("{prefix}{s}"));
        let text = |name: &str| el.children().find(|c| c.name() == name).map(El::text).unwrap_or_default();
        let [authority, number] = [text(&names[0]), text(&names[1])];
        if !authority.is_empty() {
            self.facts.push(Fact::new(prop, authority));
        }
        let scheme = match authority {
            a if a.is_empty() || NO_AUTHORITY.contains(&a) => text(&format!("Other{prefix}ID")),
            a => a,
        };
        self.identifier(if scheme.is_empty() { prop } else { scheme }, number);
        for rest in el.children().filter(|c| !names.iter().any(|n| n == c.name())) {
            self.facts.extend(other(rest));
        }
    }

    /// What happened to the party: the kind of event, since when it counts, how far it is.
    fn event(&mut self, el: El<'_>) {
        self.ctx.report.count("legal_entity_events", 1);
        let what = el.child_text("LegalEntityEventType");
        let effective = el.child_text("LegalEntityEventEffectiveDate");
        let from = day(effective);
        if from.is_none() && !effective.is_empty() {
            self.ctx.suspect("date not understood", effective);
        }
        let value = if what.is_empty() { "not stated" } else { what };
        let fact = Fact::new("legal_entity_event", value).kind(el.attr("event_status"));
        self.facts.push(Fact { from, raw: flat(el), ..fact });
    }

    fn associated(&mut self, el: El<'_>) {
        let Some((end, _)) = self.end(el, "AssociatedLEI", "AssociatedEntityName") else { return };
        let mut r = RelationRecord::new(End::Id(self.id.clone()), "linked_to", end);
        r.role = el.attr("type").to_owned();
        r.facts.push(Fact::new("source_label", "AssociatedEntity"));
        self.tie(r);
    }

    /// The other end that an element names by LEI or by name, and its words.
    fn end<'e>(&mut self, el: El<'e>, lei: &str, name: &str) -> Option<(End, &'e str)> {
        let text = |n: &str| el.children().find(|c| c.name() == n).map(El::text).filter(|t| !t.is_empty());
        if let Some(lei) = text(lei) {
            match self.ctx.lei(lei) {
                Ok(id) => return Some((End::Id(id), lei)),
                Err(e) => self.ctx.report.skip("LEI that is no id", self.ctx.place.clone(), e.message()),
            }
        }
        if let Some(name) = text(name) {
            return Some((End::Name(name.to_owned()), name));
        }
        self.ctx.suspect(&format!("{} without LEI or name", el.name()), &flat(el));
        None
    }

    /// Successors, with the event that made them so. The successor is the subject.
    fn successors(&mut self, entity: El<'_>, registration: &str) {
        let all: Vec<El<'_>> = entity.children().filter(|e| e.name() == "SuccessorEntity").collect();
        self.ctx.report.count("successor_entities", all.len() as u64);
        // The record of a duplicate names the one that survives: not a firm that took over, but
        // the same firm under its other number.
        let surviving = match all[..] {
            [one] if registration == "DUPLICATE" => Some(one.child_text("SuccessorLEI")).filter(|l| is_lei(l)),
            _ => None,
        };
        if let Some(lei) = surviving
            && let Ok(b) = Id::new("lei", lei)
            && b != self.id
        {
            let note = format!("{} is registered as a duplicate of {lei}", self.id.local());
            self.decision = Some(Decision { a: self.id.clone(), b, ruling: Ruling::Same, note });
            self.facts.push(Fact::new("surviving_lei", lei));
            return;
        }
        let mut taken: Vec<RelationRecord> = Vec::new();
        for el in all {
            let Some((end, words)) = self.end(el, "SuccessorLEI", "SuccessorEntityName") else { continue };
            let mut r = RelationRecord::new(end, "succeeds", End::Id(self.id.clone()));
            r.facts.push(Fact::new("source_label", "SuccessorEntity"));
            r.facts.push(Fact::new("source_direction", "reversed"));
            if let Some(event) = event_of(entity, words) {
                let effective = event.child_text("LegalEntityEventEffectiveDate");
                r.role = event.child_text("LegalEntityEventType").to_owned();
                match event.attr("event_status") {
                    "IN_PROGRESS" => r.act = Act::Agreed,
                    "WITHDRAWN_CANCELLED" => r.status = Status::Withdrawn,
                    _ => r.start = day(effective),
                }
                if !event.attr("event_status").is_empty() {
                    r.facts.push(Fact::new("event_status", event.attr("event_status")));
                }
                if r.start.is_none() {
                    r.facts.extend(self.ctx.date("effective_date", effective));
                }
            }
            taken.push(r);
        }
        taken.into_iter().for_each(|r| self.tie(r));
    }

    /// Keeps a relation, with a number where another one has the same ends.
    fn tie(&mut self, mut r: RelationRecord) {
        if self.ties.iter().any(|t| RelationRecord { ordinal: 0, ..t.clone() } == r) {
            self.ctx.report.count("repeated relations", 1);
            return;
        }
        let same = |t: &&RelationRecord| (&t.source, &t.edge_type, &t.target) == (&r.source, &r.edge_type, &r.target);
        r.ordinal = u32::try_from(self.ties.iter().filter(same).count()).unwrap_or(u32::MAX);
        self.ties.push(r);
    }
}

/// The event that names a successor among what it affects, the completed one first, then the
/// newest.
fn event_of<'e>(entity: El<'e>, words: &str) -> Option<El<'e>> {
    let names = |e: &El<'e>| e.all("AffectedFields").flat_map(El::children).any(|f| f.text() == words);
    let rank = |e: &El<'e>| {
        let date: Option<PartialDate> = day(e.child_text("LegalEntityEventEffectiveDate"));
        (e.attr("event_status") == "COMPLETED", date)
    };
    entity.all("LegalEntityEvents").flat_map(El::children).filter(names).max_by_key(rank)
}
