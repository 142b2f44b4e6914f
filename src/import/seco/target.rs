//! One target of the SECO list: a person, a body or an object, with its identities, the
//! measures it is under and what it is related to.

use super::changes::{Change, periods};
use super::names;
use super::places::{Pending, Town, Use};
use super::programs::{Programs, Set};
use super::{SPACE, text};
use crate::error::{Place, Result};
use crate::import::leaves::{Facts, content_key, squeeze};
use crate::import::slug::slug;
use crate::import::xml::El;
use crate::import::{Report, Sink, dates, un};
use crate::model::{Catalogue, End, Fact, Id, Listing, PartialDate, PartyRecord, RelationRecord, prop};
use std::collections::HashSet;

/// Most periods of listing of one target; real ones have two or three.
const MAX_PERIODS: usize = 100;

/// A target as it was read.
pub(super) struct Target {
    pub(super) record: PartyRecord,
    pub(super) place: Place,
    /// The nodes of its programmes.
    pub(super) programs: Vec<Id>,
    /// UN reference numbers that it states.
    pub(super) un_numbers: Vec<String>,
    /// What needs a place.
    pub(super) pending: Vec<Pending>,
    pub(super) relations: Vec<RelationRecord>,
}

/// The edge type of a relation and whether it is flipped: `related-to` is all that the list has
/// used of late; a word of the catalogue, read from either side, is taken at its word.
fn edge_type(word: &str, catalogue: &Catalogue) -> Option<(String, bool)> {
    if word == "related-to" {
        return Some(("linked_to".to_owned(), false));
    }
    let word = slug(word);
    if let Some(t) = catalogue.edge_type(&word) {
        return Some((t.name.clone(), false));
    }
    let from_object = [word.clone(), format!("is_{word}")];
    let t = catalogue.edge_types().iter().find(|t| from_object.contains(&t.inverse))?;
    Some((t.name.clone(), true))
}

/// The IMO number in a remark that says nothing else.
fn imo(remark: &str) -> Option<&str> {
    const LABEL: &str = "imo number";
    let label = remark.get(..LABEL.len()).filter(|l| l.eq_ignore_ascii_case(LABEL))?;
    let digits = remark.get(label.len()..)?.trim_start_matches([' ', ':']).trim_end_matches('.');
    (digits.len() == 7 && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// Reads one target.
///
/// # Errors
/// None for content; an id that cannot be built at all.
pub(super) fn read(el: El<'_>, place: Place, programs: &Programs, sink: &mut Sink<'_>) -> Result<Target> {
    sink.report.count("targets", 1);
    let by_number = Some(el.attr("ssid")).filter(|s| !s.is_empty()).and_then(|s| Id::new(SPACE, s).ok());
    let numbered = by_number.is_some();
    let id = match by_number {
        Some(id) => id,
        None => Id::new(SPACE, &content_key(el))?,
    };
    let place = place.element(format!("target {}", id.local()));
    if !numbered {
        sink.report.suspect("target without a usable number", place.clone(), el.attr("ssid"));
    }
    let mut reader = Reader {
        id: id.clone(),
        person: false,
        facts: Facts::default(),
        sets: el.attr("sanctions-set-id").split_whitespace().map(str::to_owned).collect(),
        un_numbers: Vec::new(),
        pending: Vec::new(),
        relations: Vec::new(),
        changes: Vec::new(),
        place,
        catalogue: &sink.catalogue,
        report: &mut sink.report,
    };
    let node_type = reader.target(el);
    let (programs, listings) = reader.listings(programs);
    let mut record = PartyRecord::new(id, node_type);
    let Reader { facts, place, un_numbers, pending, relations, .. } = reader;
    record.facts = facts.into_vec();
    record.listings = listings;
    Ok(Target { record, place, programs, un_numbers, pending, relations })
}

struct Reader<'a, 'r> {
    id: Id,
    person: bool,
    facts: Facts,
    sets: Vec<String>,
    un_numbers: Vec<String>,
    pending: Vec<Pending>,
    relations: Vec<RelationRecord>,
    changes: Vec<Change<'a>>,
    place: Place,
    catalogue: &'r Catalogue,
    report: &'r mut Report,
}

impl<'a> Reader<'a, '_> {
    fn suspect(&mut self, reason: &str, text: &str) {
        self.report.suspect(reason, self.place.clone(), text);
    }

    /// Reads all children; gives the node type.
    fn target(&mut self, el: El<'a>) -> &'static str {
        let mut node_type = "";
        for (name, value) in el.attrs().filter(|(n, _)| !matches!(*n, "ssid" | "sanctions-set-id")) {
            self.facts.text(&slug(name), squeeze(value));
        }
        for c in el.children() {
            match c.name() {
                "individual" | "entity" | "object" => {
                    let found = self.body(c);
                    if node_type.is_empty() {
                        node_type = found;
                    } else {
                        self.suspect("target of two kinds, the first is used", c.name());
                    }
                }
                _ => self.about(c),
            }
        }
        if node_type.is_empty() {
            self.suspect("target of no kind", el.attr("ssid"));
            node_type = "thing";
        }
        node_type
    }

    /// A child that says something of the entry as a whole.
    fn about(&mut self, c: El<'a>) {
        match c.name() {
            "sanctions-set-id" => {
                let number = squeeze(c.text());
                if !number.is_empty() {
                    self.sets.push(number);
                }
            }
            "foreign-identifier" => {
                let number = squeeze(c.text());
                let of_un = un::referred(&number).is_some();
                let scheme = if of_un { un::REFERENCE } else { "foreign-identifier" };
                self.facts.add(Fact::new(prop::IDENTIFIER, number.as_str()).kind(scheme));
                if of_un {
                    self.un_numbers.push(number);
                }
            }
            "generic-attribute" => {
                let name = Some(slug(c.attr("name"))).filter(|_| !c.attr("name").is_empty());
                let name = name.unwrap_or_else(|| "generic_attribute".to_owned());
                self.facts.add(Fact::new(name, squeeze(c.text())).kind("generic-attribute"));
                for inner in c.children() {
                    self.facts.leaves(inner, &format!("generic_attribute_{}", slug(inner.name())));
                }
            }
            "modification" => self.modification(c),
            "justification" | "other-information" => {
                let value = squeeze(c.text());
                if let Some(number) = imo(&value) {
                    self.facts.add(Fact::new(prop::IDENTIFIER, number).kind("IMO number"));
                }
                let fact = Fact::new(prop::NOTE, value).kind(c.name());
                self.facts.add(Fact { lang: c.attr("lang").to_owned(), ..fact });
                for inner in c.children() {
                    self.facts.leaves(inner, &format!("{}_{}", slug(c.name()), slug(inner.name())));
                }
            }
            other => {
                if !self.facts.leaves(c, &slug(other)) {
                    self.report.count("empty elements", 1);
                }
            }
        }
    }

    /// The element `individual`, `entity` or `object`.
    fn body(&mut self, el: El<'a>) -> &'static str {
        let kind = el.attr("object-type");
        let (counted, node_type) = match (el.name(), kind) {
            ("individual", _) => ("individuals", "person"),
            ("entity", _) => ("entities", "legal_entity"),
            (_, "vessel") => ("objects", "vessel"),
            (_, "aircraft") => ("objects", "aircraft"),
            _ => {
                self.suspect("object of unknown type", kind);
                ("objects", "asset")
            }
        };
        self.report.count(counted, 1);
        self.person = node_type == "person";
        for (name, value) in el.attrs() {
            match name {
                "sex" => self.facts.text("gender", squeeze(value)),
                "ssid" => {}
                other => self.facts.text(&slug(other), squeeze(value)),
            }
        }
        let main = el.all("identity").position(|i| i.flag("main")).unwrap_or(0);
        // The main names first: an alias that repeats one says nothing new.
        for (i, identity) in el.all("identity").enumerate().filter(|(i, _)| *i == main) {
            self.identity(identity, i == main);
        }
        for identity in el.all("identity").enumerate().filter(|(i, _)| *i != main).map(|(_, e)| e) {
            self.identity(identity, false);
        }
        for c in el.children() {
            match c.name() {
                "identity" => {}
                "relation" => self.relation(c),
                _ => self.about(c),
            }
        }
        node_type
    }

    fn identity(&mut self, el: El<'a>, main: bool) {
        self.report.count("identities", 1);
        for c in el.children() {
            match c.name() {
                "name" => names::read(c, main, &mut self.facts, self.report),
                "day-month-year" => self.day_month_year(c),
                "place-of-birth" => {
                    self.report.count("places_of_birth", 1);
                    let what = Use::Birth(c.attr("quality").replace("good", ""));
                    self.refer(c, what);
                    self.facts.rest(c, &["place-id", "quality", "location", "area", "country"]);
                }
                "address" => self.address(c),
                "nationality" => {
                    self.report.count("nationalities", 1);
                    let (country, code) = (text(c, "country"), c.child("country").map(|c| c.attr("iso-code")));
                    let code = code.unwrap_or_default();
                    let value = if country.is_empty() { code } else { &country };
                    self.facts.add(Fact::new(prop::COUNTRY, value).kind("nationality"));
                    self.facts.text("nationality_iso_code", code);
                    self.facts.rest(c, &["country", "quality"]);
                }
                "identification-document" => self.document(c),
                other => {
                    self.facts.leaves(c, &slug(other));
                }
            }
        }
        self.facts.rest_of_attributes(el, &["main"]);
    }

    /// Notes what waits for a place.
    fn refer(&mut self, el: El<'_>, what: Use) {
        self.pending.push(Pending { place_id: el.attr("place-id").to_owned(), own: Town::of(el), what });
    }

    fn day_month_year(&mut self, el: El<'_>) {
        self.report.count("dates", 1);
        let [day, month, year, calendar, quality] = ["day", "month", "year", "calendar", "quality"].map(|n| el.attr(n));
        // A day without its month stays text.
        let month = if !day.is_empty() && month.is_empty() { "?" } else { month };
        let stated = [day, month, year].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(".");
        let foreign = !calendar.is_empty() && !calendar.eq_ignore_ascii_case("gregorian");
        let read = if foreign { None } else { dates::birth(&stated, dates::Order::DayFirst).ok() };
        let mut fact = match read {
            Some(fact) => Fact::new(if self.person { prop::BIRTH } else { "day_month_year" }, fact.value),
            None => {
                let shown = if foreign { format!("{stated} ({calendar})") } else { stated };
                self.suspect("date of birth not understood", &shown);
                Fact::new("birth_text", shown)
            }
        };
        if !quality.eq_ignore_ascii_case("good") {
            fact.kind = quality.to_owned();
        }
        self.facts.add(fact);
        self.facts.rest(el, &["day", "month", "year", "calendar", "quality"]);
    }

    fn address(&mut self, el: El<'_>) {
        self.report.count("addresses", 1);
        let [care, details, mail_box, zip, remark, remarks] =
            ["c-o", "address-details", "p-o-box", "zip-code", "remark", "remarks"].map(|n| text(el, n));
        let care = if care.is_empty() { care } else { format!("c/o {care}") };
        let mail_box = if mail_box.is_empty() { mail_box } else { format!("P.O. Box {mail_box}") };
        let join =
            |parts: &[&str], gap: &str| parts.iter().copied().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(gap);
        let before = join(&[&care, &details, &mail_box], ", ");
        let quality = el.attr("quality").replace("good", "");
        let kind = join(&[if el.attr("current") == "false" { "former" } else { "" }, &quality], ", ");
        self.refer(el, Use::Address { before, zip, kind, note: join(&[&remark, &remarks], " ") });
        const KNOWN: [&str; 13] = [
            "c-o",
            "address-details",
            "p-o-box",
            "zip-code",
            "remark",
            "remarks",
            "location",
            "area",
            "country",
            "place-id",
            "quality",
            "current",
            "main",
        ];
        self.facts.rest(el, &KNOWN);
    }

    /// A day in an attribute or element; what is no date is counted.
    fn day(&mut self, text: &str) -> Option<PartialDate> {
        let found = dates::date(text, dates::Order::DayFirst);
        if found.is_none() && !text.is_empty() {
            self.suspect("date not understood", text);
        }
        found
    }

    fn document(&mut self, el: El<'_>) {
        self.report.count("identification_documents", 1);
        let kind = el.attr("document-type");
        let [number, issuer, issued, expires, remark] =
            ["number", "issuer", "date-of-issue", "expiry-date", "remark"].map(|n| text(el, n));
        let label = format!("{kind} {number}").trim().to_owned();
        let mut raw = label.clone();
        for (word, value) in [("issued by", &issuer), ("on", &issued), ("expires", &expires)] {
            if !value.is_empty() {
                raw.push_str(&format!("; {word} {value}"));
            }
        }
        if number.is_empty() {
            self.report.count("documents_without_number", 1);
            self.facts.text("identity_document", raw);
        } else {
            let mut fact = Fact::new(prop::IDENTIFIER, number).kind(kind);
            (fact.from, fact.to) = (self.day(&issued), self.day(&expires));
            if raw.len() > label.len() {
                fact.raw = raw;
            }
            self.facts.add(fact);
        }
        self.facts.note(remark, label.as_str());
        if let Some(c) = el.child("issuer") {
            self.facts.rest_of_attributes(c, &[]);
        }
        if let Some(c) = el.child("place-of-issue") {
            self.refer(c, Use::Issue(label));
            self.facts.rest(c, &["place-id", "quality", "location", "area", "country"]);
        }
        const KNOWN: [&str; 7] =
            ["number", "issuer", "date-of-issue", "expiry-date", "remark", "place-of-issue", "document-type"];
        self.facts.rest(el, &KNOWN);
    }

    fn modification(&mut self, el: El<'a>) {
        let kind = el.attr("modification-type");
        self.report.count(&format!("modifications_by_type/{kind}"), 1);
        if !matches!(kind, "listed" | "amended" | "de-listed" | "re-listed") {
            self.suspect("modification of unknown type", kind);
        }
        let days = ["effective-date", "enactment-date", "publication-date"].map(|n| (n, el.attr(n)));
        let mut day = None;
        for (_, text) in days {
            day = day.or(self.day(text));
        }
        let stated: Vec<String> = days.iter().filter(|(_, t)| !t.is_empty()).map(|(n, t)| format!("{n} {t}")).collect();
        let name = if kind == "amended" { "last_updated" } else { "modification" };
        let value = day.map_or_else(|| "on an unknown day".to_owned(), |d| d.to_string());
        self.facts.add(Fact { raw: stated.join(", "), ..Fact::new(name, value).kind(kind) });
        for c in el.children() {
            // The entry as it was before and after: the list's own history, not what it says now.
            if matches!(c.name(), "added" | "removed") {
                self.report.skip("earlier state of a target in a modification", self.place.clone(), c.name());
            } else {
                self.facts.leaves(c, &format!("modification_{}", slug(c.name())));
            }
        }
        const KNOWN: [&str; 4] = ["modification-type", "effective-date", "enactment-date", "publication-date"];
        self.facts.rest_of_attributes(el, &KNOWN);
        self.changes.push(Change { kind, day });
    }

    fn relation(&mut self, el: El<'_>) {
        self.report.count("relations", 1);
        let (kind, target) = (el.attr("relation-type"), el.attr("target-id"));
        self.report.count(&format!("relations_by_type/{kind}"), 1);
        let other = Some(target).filter(|t| !t.is_empty()).and_then(|t| Id::new(SPACE, t).ok());
        let Some(other) = other else {
            self.report.skip("relation without a target", self.place.clone(), kind);
            return;
        };
        if other == self.id {
            self.suspect("relation of a party to itself", target);
        }
        let (edge, flipped) = edge_type(kind, self.catalogue).unwrap_or_else(|| {
            self.report.suspect("relation of unknown type", self.place.clone(), kind);
            ("linked_to".to_owned(), false)
        });
        let (source, target) = if flipped { (other, self.id.clone()) } else { (self.id.clone(), other) };
        let mut r = RelationRecord::new(End::Id(source), edge, End::Id(target));
        let number = el.attr("ssid");
        if !number.is_empty() {
            r.id = Id::new(SPACE, &format!("rel-{number}")).ok();
        }
        let mut facts = Facts::default();
        facts.text("source_label", kind);
        facts.text("source_direction", if flipped { "reversed" } else { "" });
        facts.text(prop::NOTE, text(el, "remark"));
        facts.rest(el, &["remark", "relation-type", "target-id"]);
        r.facts = facts.into_vec();
        self.relations.push(r);
    }

    /// The listings by the changes and the sets of measures, and the nodes of the programmes.
    fn listings(&mut self, programs: &Programs) -> (Vec<Id>, Vec<Listing>) {
        let (mut nodes, mut lists): (Vec<Id>, Vec<Listing>) = (Vec::new(), Vec::new());
        let mut said: HashSet<(&str, u8, &str)> = HashSet::new();
        for number in std::mem::take(&mut self.sets) {
            let Some(Set { program, measure, freezes }) = programs.set(&number) else {
                self.suspect("set of measures that is not in the file", &number);
                self.facts.text("sanctions_set_id", number);
                continue;
            };
            if said.insert(("", 0, program.id.as_str())) {
                nodes.push(program.id.clone());
            }
            let list = if *freezes { "ch_seco" } else { "ch_seco_other" };
            let at = lists.iter().position(|l| l.list == list).unwrap_or_else(|| {
                lists.push(Listing { list: list.to_owned(), ..Listing::default() });
                lists.len() - 1
            });
            let Some(listing) = lists.get_mut(at) else { continue };
            for (what, all, new) in [
                (1, &mut listing.programs, &program.key),
                (2, &mut listing.basis, &program.ordinance),
                (3, &mut listing.measures, measure),
            ] {
                if !new.is_empty() && said.insert((list, what, new)) {
                    all.push(new.clone());
                }
            }
        }
        if lists.is_empty() {
            let id = self.id.local().to_owned();
            self.suspect("target under no programme", &id);
            lists.push(Listing { list: "ch_seco".to_owned(), ..Listing::default() });
        }
        let mut periods = periods(std::mem::take(&mut self.changes));
        if let Some(more) = periods.len().checked_sub(MAX_PERIODS).filter(|n| *n > 0) {
            self.suspect("listed and delisted too often, the first times are left out", &more.to_string());
            periods.drain(..more);
        }
        if periods.is_empty() {
            let id = self.id.local().to_owned();
            self.suspect("delisted on an unknown day", &id);
        }
        if periods.iter().all(|(_, to)| to.is_some()) {
            self.report.count("delisted", 1);
        }
        let each = |(from, to)| lists.iter().map(move |l| Listing { from, to, ..l.clone() });
        (nodes, periods.into_iter().flat_map(each).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_relations() {
        let c = Catalogue::builtin();
        let of = |w: &str| edge_type(w, c).map(|(t, f)| format!("{t} {f}")).unwrap_or_default();
        assert_eq!(of("related-to"), "linked_to false");
        assert_eq!(of("owns"), "owns false");
        assert_eq!(of("owned-by"), "owns true");
        assert_eq!(of("subsidiary-of"), "parent_of true");
        assert_eq!(of("family-of"), "family_of false");
        assert_eq!(of("plays chess with"), "");
    }

    #[test]
    fn imo_numbers() {
        assert_eq!(imo("IMO Number: 1234567"), Some("1234567"));
        assert_eq!(imo("IMO number 1234567."), Some("1234567"));
        assert_eq!(imo("IMO number: 1234567, sold"), None);
        assert_eq!(imo("Number: 1234567"), None);
    }
}
