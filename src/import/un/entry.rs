//! One entry of the UN list: an individual or an entity with all that its element holds.

use super::REFERENCE;
use crate::error::{Place, Result};
use crate::import::leaves::{Facts, content_key, squeeze};
use crate::import::slug::slug;
use crate::import::xml::El;
use crate::import::{Report, Sink, dates};
use crate::model::{Fact, Id, Listing, PartialDate, PartyRecord, prop};
use std::collections::HashSet;

/// The elements that together are the name, in the order in which it is written.
const NAMES: [&str; 4] = ["FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME"];
/// Marks a name in its own script in the note on an alias.
const ORIGINAL: &str = "original script:";

/// The two kinds of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A natural person.
    Individual,
    /// A group, firm or other body.
    Entity,
}

impl Kind {
    /// The kind of entries in a section of the file.
    pub(super) fn of_section(name: &str) -> Option<Kind> {
        match name {
            "INDIVIDUALS" => Some(Kind::Individual),
            "ENTITIES" => Some(Kind::Entity),
            _ => None,
        }
    }

    /// Name of the element of one entry.
    pub(super) fn element(self) -> &'static str {
        match self {
            Kind::Individual => "INDIVIDUAL",
            Kind::Entity => "ENTITY",
        }
    }

    /// The word of the report, alone and for all of them.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Kind::Individual => ("individual", "individuals"),
            Kind::Entity => ("entity", "entities"),
        }
    }

    fn node_type(self) -> &'static str {
        match self {
            Kind::Individual => "person",
            Kind::Entity => "legal_entity",
        }
    }
}

/// An entry as it was read.
pub(super) struct Entry {
    pub(super) record: PartyRecord,
    pub(super) place: Place,
    /// The publisher's internal number.
    pub(super) data_id: Option<String>,
    /// Whether the id is the reference number.
    pub(super) numbered: bool,
}

/// Reads one entry.
///
/// # Errors
/// None for content; ids that cannot be built at all.
pub(super) fn read(kind: Kind, el: El<'_>, place: Place, sink: &mut Sink<'_>) -> Result<Entry> {
    let (word, words) = kind.words();
    sink.report.count(words, 1);
    let reference = text(el, "REFERENCE_NUMBER");
    let data_id = Some(text(el, "DATAID")).filter(|d| !d.is_empty());
    let by_number = Some(reference.as_str()).filter(|r| !r.is_empty()).and_then(|r| Id::new("un", r).ok());
    let numbered = by_number.is_some();
    let id = match (by_number, &data_id) {
        (Some(id), _) => id,
        (None, Some(d)) if d.len() <= 100 => Id::new("un", &format!("dataid-{d}"))?,
        (None, _) => Id::new("un", &content_key(el))?,
    };
    let place = place.element(format!("{} {}", kind.element(), id.local()));
    if !numbered {
        sink.report.suspect("entry without a usable reference number", place.clone(), &text(el, "FIRST_NAME"));
    }
    let mut reader = Reader {
        kind,
        facts: Facts::default(),
        listing: Listing::default(),
        programs: HashSet::new(),
        place,
        report: &mut sink.report,
    };
    reader.name(el);
    for child in el.children() {
        reader.element(child);
    }
    let mut listing = reader.listing;
    listing.list = "un_sc".to_owned();
    if let (Some(from), Some(to)) = (listing.from, listing.to)
        && to.last_day() < from.first_day()
    {
        reader.report.suspect("delisted before it was listed, still taken as listed", reader.place.clone(), id.local());
        reader.facts.text("delisted_on", to.to_string());
        listing.to = None;
    }
    for code in &listing.programs {
        reader.report.count(&format!("by_list_{word}/{code}"), 1);
    }
    if listing.programs.is_empty() {
        reader.report.suspect("entry under no programme", reader.place.clone(), id.local());
    }
    let mut record = PartyRecord::new(id, kind.node_type());
    let place = reader.place;
    record.facts = reader.facts.into_vec();
    record.listings.push(listing);
    Ok(Entry { record, place, data_id, numbered })
}

fn text(el: El<'_>, name: &str) -> String {
    squeeze(el.child_text(name))
}

/// The texts of some children, in the order asked for.
fn texts<const N: usize>(el: El<'_>, names: [&str; N]) -> [String; N] {
    names.map(|n| text(el, n))
}

/// Those that say something, in one line.
fn line(parts: &[&str], gap: &str) -> String {
    parts.iter().copied().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(gap)
}

struct Reader<'r> {
    kind: Kind,
    facts: Facts,
    listing: Listing,
    /// The programmes of the listing, to find one again.
    programs: HashSet<String>,
    place: Place,
    report: &'r mut Report,
}

impl Reader<'_> {
    fn suspect(&mut self, reason: &str, text: &str) {
        self.report.suspect(reason, self.place.clone(), text);
    }

    /// The name is written in up to four elements; what each holds is kept where there are several.
    fn name(&mut self, el: El<'_>) {
        let parts: Vec<(&str, String)> = NAMES
            .iter()
            .flat_map(|n| el.all(n).map(|e| (*n, squeeze(e.text()))))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let name = line(&parts.iter().map(|(_, t)| t.as_str()).collect::<Vec<_>>(), " ");
        if name.is_empty() {
            let id = text(el, "REFERENCE_NUMBER");
            self.suspect("entry without a name", &id);
        }
        self.facts.add(Fact::name(prop::NAME, name));
        if parts.len() > 1 {
            for (tag, text) in parts {
                self.facts.text(&slug(tag), text);
            }
        }
    }

    /// One child of the entry.
    fn element(&mut self, el: El<'_>) {
        let tag = el.name();
        match tag {
            _ if NAMES.contains(&tag) => {}
            "REFERENCE_NUMBER" => {
                self.facts.add(Fact::new(prop::IDENTIFIER, squeeze(el.text())).kind(REFERENCE));
            }
            "UN_LIST_TYPE" => {
                let code = squeeze(el.text());
                if !code.is_empty() && self.programs.insert(code.clone()) {
                    self.listing.programs.push(code);
                }
            }
            "LISTED_ON" | "DELISTED_ON" => self.listed(el),
            "LAST_DAY_UPDATED" => {
                for day in self.values(el) {
                    self.day("last_updated", &day);
                }
            }
            "NAME_ORIGINAL_SCRIPT" => {
                let name = squeeze(el.text());
                self.facts.add(Fact::name(prop::ALIAS, name).kind("original script"));
            }
            "COMMENTS1" => self.facts.note(squeeze(el.text()), "comments"),
            "NATIONALITY" => {
                for country in self.values(el) {
                    self.report.count("nationality_values", 1);
                    self.facts.add(Fact::new(prop::COUNTRY, country).kind("nationality"));
                }
            }
            "DESIGNATION" | "TITLE" => {
                let (name, counted) =
                    if tag == "TITLE" { ("title", "titles") } else { ("designation", "designations") };
                for value in self.values(el) {
                    self.report.count(counted, 1);
                    self.facts.text(name, value);
                }
            }
            _ => match tag.strip_prefix("INDIVIDUAL_").or_else(|| tag.strip_prefix("ENTITY_")) {
                Some("ALIAS") => self.alias(el),
                Some("ADDRESS") => self.address(el),
                Some("DATE_OF_BIRTH") => self.birth(el),
                Some("PLACE_OF_BIRTH") => self.birth_place(el),
                Some("DOCUMENT") => self.document(el),
                _ => {
                    if !self.facts.leaves(el, &slug(tag)) {
                        self.report.count("empty elements", 1);
                    }
                }
            },
        }
    }

    /// The values of an element that lists them; what else it holds is kept as it is.
    fn values(&mut self, el: El<'_>) -> Vec<String> {
        let mut found: Vec<String> = vec![squeeze(el.text())];
        for child in el.children() {
            if child.name() == "VALUE" {
                found.push(squeeze(child.text()));
            } else {
                self.facts.leaves(child, &format!("{}_{}", slug(el.name()), slug(child.name())));
            }
        }
        let empty = found.iter().skip(1).filter(|v| v.is_empty()).count();
        self.report.count("empty elements", empty as u64);
        found.retain(|v| !v.is_empty());
        found
    }

    /// A day as a property; what is no date stays as it is.
    fn day(&mut self, name: &str, text: &str) -> Option<PartialDate> {
        let found = dates::date(text, dates::Order::DayFirst);
        let value = found.map_or_else(|| text.to_owned(), |d| d.to_string());
        let raw = if value == text { String::new() } else { text.to_owned() };
        if found.is_none() {
            self.suspect("date not understood", text);
        }
        self.facts.add(Fact { raw, ..Fact::new(name, value) });
        found
    }

    fn listed(&mut self, el: El<'_>) {
        let text = squeeze(el.text());
        let end = el.name() == "DELISTED_ON";
        match dates::date(&text, dates::Order::DayFirst) {
            _ if text.is_empty() => self.report.count("empty elements", 1),
            Some(d) if end => self.listing.to = self.listing.to.max(Some(d)),
            Some(d) => self.listing.from = Some(self.listing.from.map_or(d, |old| old.min(d))),
            None => {
                self.suspect("date not understood", &text);
                self.facts.text(&slug(el.name()), text);
            }
        }
    }

    fn alias(&mut self, el: El<'_>) {
        let (word, _) = self.kind.words();
        self.report.count(&format!("{word}_alias_elements"), 1);
        const KNOWN: [&str; 6] =
            ["QUALITY", "ALIAS_NAME", "DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH", "NOTE"];
        let [quality, name, birth, city, country, note] = texts(el, KNOWN);
        self.facts.rest(el, &KNOWN);
        let label = if name.is_empty() { "alias".to_owned() } else { format!("alias {name}") };
        let property = match quality.to_lowercase().as_str() {
            "low" => prop::WEAK_ALIAS,
            "f.k.a." | "f.k.a" | "fka" => prop::FORMER_NAME,
            _ => prop::ALIAS,
        };
        if !name.is_empty() {
            self.report.count(&format!("{word}_alias_nonempty"), 1);
            self.report.count(&format!("alias_quality_nonempty_names/{quality}"), 1);
            if property == prop::ALIAS && !["Good", "a.k.a."].contains(&quality.as_str()) {
                self.suspect("alias of unknown quality, taken as good", &quality);
            }
            if !self.facts.add(Fact::name(property, name).kind(quality)) {
                self.report.count("aliases that repeat a name", 1);
            }
        } else if [&quality, &birth, &city, &country, &note].iter().all(|t| t.is_empty()) {
            self.report.count("empty aliases", 1);
        } else {
            self.suspect("alias without a name", &line(&[&quality, &birth, &city, &country, &note], ", "));
        }
        if !birth.is_empty() {
            self.birth_fact(&birth, false, &label);
        }
        self.facts.add(Fact::new(prop::BIRTH_PLACE, line(&[&city, &country], ", ")).kind(label.as_str()));
        let script = note.get(..ORIGINAL.len()).filter(|n| n.eq_ignore_ascii_case(ORIGINAL));
        match script.and(note.get(ORIGINAL.len()..)).map(str::trim).filter(|n| !n.is_empty()) {
            Some(name) => {
                self.facts.add(Fact::name(property, name).kind("original script"));
            }
            None => self.facts.note(note, label),
        }
    }

    fn address(&mut self, el: El<'_>) {
        let (word, _) = self.kind.words();
        self.report.count(&format!("{word}_addresses"), 1);
        const KNOWN: [&str; 6] = ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"];
        let [street, city, state, zip, country, note] = texts(el, KNOWN);
        self.facts.rest(el, &KNOWN);
        let parts = line(&[&street, &city, &state, &zip], ", ");
        let whole = line(&[&parts, &country], ", ");
        if whole.is_empty() && note.is_empty() {
            self.report.count("empty addresses", 1);
            return;
        }
        // A country alone is no address.
        if !parts.is_empty() {
            self.facts.add(Fact::new(prop::ADDRESS, whole.as_str()));
        }
        self.facts.add(Fact::new(prop::COUNTRY, country).kind("address"));
        let kind = if whole.is_empty() { "address".to_owned() } else { format!("address {whole}") };
        self.facts.note(note, kind);
    }

    /// A date of birth; what is not understood is kept as text. Gives back what it became.
    fn birth_fact(&mut self, stated: &str, circa: bool, kind: &str) -> String {
        let text = if circa { format!("approximately {stated}") } else { stated.to_owned() };
        let mut fact = match dates::birth(&text, dates::Order::DayFirst) {
            Ok(fact) => fact,
            Err(_) => {
                self.suspect("date of birth not understood", stated);
                Fact::new("birth_text", stated)
            }
        };
        fact.raw = if fact.value == stated { String::new() } else { stated.to_owned() };
        let value = fact.value.clone();
        self.facts.add(fact.kind(kind));
        value
    }

    fn birth(&mut self, el: El<'_>) {
        self.report.count("dob_elements", 1);
        const KNOWN: [&str; 6] = ["TYPE_OF_DATE", "DATE", "YEAR", "FROM_YEAR", "TO_YEAR", "NOTE"];
        let [kind, date, year, from, to, note] = texts(el, KNOWN);
        self.report.count(&format!("dob_type/{kind}"), 1);
        self.facts.rest(el, &KNOWN);
        let range = line(&[&from, &to], " to ");
        let all = [date.as_str(), &year, &range, &note];
        let Some(used) = all.iter().position(|t| !t.is_empty()) else {
            self.report.count("empty dates of birth", 1);
            return;
        };
        let vague = note.eq_ignore_ascii_case("approximately");
        let stated = all.get(used).copied().unwrap_or_default();
        let value = self.birth_fact(stated, vague || kind.eq_ignore_ascii_case("APPROXIMATELY"), &kind);
        for other in all.iter().take(3).skip(used + 1).filter(|t| !t.is_empty()) {
            self.birth_fact(other, false, &kind);
        }
        if used < 3 && !vague {
            self.facts.note(note, format!("date of birth {value}"));
        }
    }

    fn birth_place(&mut self, el: El<'_>) {
        const KNOWN: [&str; 5] = ["STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE"];
        let [street, city, state, country, note] = texts(el, KNOWN);
        self.facts.rest(el, &KNOWN);
        let place = line(&[&street, &city, &state, &country], ", ");
        if place.is_empty() && note.is_empty() {
            self.report.count("empty places of birth", 1);
        }
        let kind = line(&["place of birth", &place], " ");
        self.facts.add(Fact::new(prop::BIRTH_PLACE, place));
        self.facts.note(note, kind);
    }

    fn document(&mut self, el: El<'_>) {
        self.report.count("documents_elements", 1);
        const KNOWN: [&str; 8] = [
            "TYPE_OF_DOCUMENT",
            "TYPE_OF_DOCUMENT2",
            "NUMBER",
            "ISSUING_COUNTRY",
            "COUNTRY_OF_ISSUE",
            "CITY_OF_ISSUE",
            "DATE_OF_ISSUE",
            "NOTE",
        ];
        let [first, second, number, issuer, country, city, date, note] = texts(el, KNOWN);
        self.facts.rest(el, &KNOWN);
        // The second type says more than the first, in words of all sorts.
        let (kind, more) = if first.is_empty() { (second, String::new()) } else { (first, second) };
        let labelled = |label: &str, text: &str| match text {
            "" => String::new(),
            t => format!("{label} {t}"),
        };
        let place = line(&[&city, &country], ", ");
        let rest =
            line(&[&more, &labelled("issued by", &issuer), &labelled("in", &place), &labelled("on", &date)], "; ");
        if number.is_empty() {
            let all = line(&[&kind, &rest, &note], "; ");
            if all.is_empty() {
                self.report.count("empty documents", 1);
            } else {
                self.report.count("documents_without_number", 1);
                self.facts.text("identity_document", all);
            }
            return;
        }
        self.report.count("documents_with_number", 1);
        let label = line(&[&kind, &number], " ");
        let mut fact = Fact::new(prop::IDENTIFIER, number).kind(kind);
        if !rest.is_empty() {
            fact.raw = format!("{label}; {rest}");
        }
        if !date.is_empty() {
            fact.from = dates::date(&date, dates::Order::DayFirst);
            if fact.from.is_none() {
                self.suspect("date not understood", &date);
            }
        }
        self.facts.add(fact);
        self.facts.note(note, label);
    }
}
