//! One `record` of the Canadian list.

use crate::error::{Place, Result};
use crate::import::dates::{self, Order};
use crate::import::hashes::{Hashes, tag};
use crate::import::leaves;
use crate::import::name_cell::{self, squeeze};
use crate::import::xml::El;
use crate::import::{Report, Sink};
use crate::model::{Citation, Fact, Id, Listing, PartyRecord, Record, prop, slug};
use std::collections::HashSet;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// What an element is to us, by the English part of its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    Country,
    LastName,
    GivenName,
    Entity,
    Title,
    Imo,
    Date,
    Schedule,
    Item,
    Aliases,
    Listed,
}

/// Names of elements, without the French after the dash.
const FIELDS: [(&str, Field); 15] = [
    ("Country", Field::Country),
    ("LastName", Field::LastName),
    ("GivenName", Field::GivenName),
    ("Entity", Field::Entity),
    ("EntityOrShip", Field::Entity),
    ("Title", Field::Title),
    ("TitleOrShip", Field::Title),
    ("TitleOrShipType", Field::Title),
    ("ShipIMONumber", Field::Imo),
    ("DateOfBirth", Field::Date),
    ("DateOfBirthOrShipBuildDate", Field::Date),
    ("Schedule", Field::Schedule),
    ("Item", Field::Item),
    ("Aliases", Field::Aliases),
    ("DateOfListing", Field::Listed),
];

/// Languages that stand before an alias, with their codes.
const LANGUAGES: [(&str, &str); 13] = [
    ("russian", "ru"),
    ("belarusian", "be"),
    ("belarussian", "be"),
    ("ukrainian", "uk"),
    ("arabic", "ar"),
    ("hebrew", "he"),
    ("persian", "fa"),
    ("farsi", "fa"),
    ("burmese", "my"),
    ("chinese", "zh"),
    ("korean", "ko"),
    ("french", "fr"),
    ("spanish", "es"),
];

/// Reads records.
#[derive(Default)]
pub(super) struct Records {
    /// Keys so far, each with the tag of the name it stands for.
    keys: Hashes,
    /// Whole records so far.
    seen: Hashes,
}

fn field(name: &str) -> Option<Field> {
    let english = name.split('-').next().unwrap_or_default();
    FIELDS.iter().find(|(n, _)| n.eq_ignore_ascii_case(english)).map(|(_, f)| *f)
}

/// The texts of one field, white space squeezed; a field that stands twice keeps both.
fn text(el: El<'_>, wanted: Field) -> String {
    let all = el.children().filter(|c| field(c.name()) == Some(wanted)).map(|c| squeeze(c.text()));
    let gap = if wanted == Field::Aliases { "; " } else { " " };
    all.filter(|t| !t.is_empty()).collect::<Vec<_>>().join(gap)
}

/// The two halves of a bilingual text: `Belarus / Bélarus`, `Tanker | Pétrolier`; for the name
/// of a country also `China/Chine`.
fn bilingual(text: &str, tight: bool) -> (&str, &str) {
    let halves = text.split_once(" / ").or_else(|| text.split_once('|'));
    let halves = halves.or_else(|| text.split_once('/').filter(|_| tight));
    halves.map_or((text.trim(), ""), |(a, b)| (a.trim(), b.trim()))
}

/// A part of a key made from text: its slug, or a hash where no letter of it can stand there.
fn part(text: &str) -> String {
    let fits = text.chars().any(|c| c.is_ascii_alphanumeric());
    match text {
        "" => "-".to_owned(),
        _ if fits => slug(text),
        _ => format!("{:016x}", xxh3_64(text.as_bytes())),
    }
}

impl Records {
    /// Reads one record.
    ///
    /// # Errors
    /// What the sink refuses.
    pub(super) fn read(&mut self, el: El<'_>, place: Place, sink: &mut Sink<'_>) -> Result<()> {
        let (last, given) = (text(el, Field::LastName), text(el, Field::GivenName));
        let (entity, imo) = (text(el, Field::Entity), text(el, Field::Imo));
        let (country, schedule) = (text(el, Field::Country), text(el, Field::Schedule));
        let (item, title) = (text(el, Field::Item), text(el, Field::Title));
        count(el, &country, &mut sink.report);
        let person = [given.as_str(), last.as_str()].join(" ").trim().to_owned();
        let name = if entity.is_empty() { person.clone() } else { entity.clone() };
        let english = bilingual(&country, true).0;
        let place = place.element(format!("record {english}, {schedule}, {item}, {name}"));

        let mut whole = 0;
        for child in el.children() {
            whole = xxh3_64_with_seed(child.name().as_bytes(), whole);
            whole = xxh3_64_with_seed(child.text().as_bytes(), whole);
        }
        if self.seen.insert(whole, 0).is_some() {
            sink.report.skip("record that repeats an earlier one", place, &name);
            return Ok(());
        }
        let id = self.key([english, schedule.as_str(), item.as_str()], &name, &place, &mut sink.report)?;
        let node_type = match (entity.is_empty(), imo.is_empty() && title.is_empty()) {
            (false, false) => "vessel",
            (false, true) => "legal_entity",
            (true, _) if !person.is_empty() => "person",
            (true, _) => "thing",
        };
        sink.report.count(node_type, 1);

        let mut record = PartyRecord::new(id, node_type);
        let facts = &mut record.facts;
        if name.is_empty() {
            sink.report.suspect("record without a name", place.clone(), english);
        } else {
            facts.push(Fact::name(prop::NAME, name.as_str()));
        }
        let person = if entity.is_empty() { "" } else { person.as_str() };
        if !person.is_empty() {
            sink.report.suspect("record that names a person and an entity", place.clone(), person);
            facts.push(Fact::name(prop::ALIAS, person));
        }
        // Which word is the family name is stated only here.
        for (prop, value) in [("last_name", &last), ("given_name", &given)] {
            if !value.is_empty() {
                facts.push(Fact::new(prop, value.as_str()));
            }
        }
        aliases(&text(el, Field::Aliases), facts, &place, &mut sink.report);
        let what = if node_type == "vessel" { "vessel_type" } else { "title" };
        let (a, b) = bilingual(&title, false);
        for (value, lang) in [(a, if b.is_empty() { "" } else { "en" }), (b, "fr")] {
            if !value.is_empty() {
                facts.push(Fact { lang: lang.to_owned(), ..Fact::new(what, value) });
            }
        }
        ship(&imo, facts, &place, &mut sink.report);
        dated(&text(el, Field::Date), node_type, facts, &place, &mut sink.report);
        for (prop, value) in [("country_of_regulations", &country), ("schedule", &schedule), ("item", &item)] {
            if !value.is_empty() {
                facts.push(Fact::new(prop, value.as_str()));
            }
        }
        let mut listing = Listing { list: "ca_sema".to_owned(), ..Listing::default() };
        if !english.is_empty() {
            listing.programs.push(english.to_owned());
        }
        if part(&schedule) != "n-a" && !schedule.is_empty() {
            listing.basis.push(format!("{english}, Schedule {schedule}").trim_start_matches(", ").to_owned());
        }
        let listed = text(el, Field::Listed);
        listing.from = dates::date(&listed, Order::DayFirst);
        if listing.from.is_none() && !listed.is_empty() {
            sink.report.suspect("date of listing not understood", place.clone(), &listed);
            facts.push(Fact::new("date_of_listing", listed));
        }
        listing.cites.push(Citation { locator: record.id.local().to_owned(), ..Citation::default() });
        record.listings.push(listing);
        for child in el.children() {
            match field(child.name()) {
                None => record.facts.extend(leaves::facts(child)),
                // Elements that hold text are not known to hold more.
                Some(_) => record.facts.extend(child.children().flat_map(leaves::facts)),
            }
        }
        sink.put("primary", Record::Party(record))
    }

    /// The natural key. Where it stands for another name already, or the law gives no number,
    /// the name tells the parties apart.
    fn key(&mut self, parts: [&str; 3], name: &str, place: &Place, report: &mut Report) -> Result<Id> {
        let [country, schedule, item] = parts;
        let mut key = [part(country), part(schedule), part(item)].join("/");
        if item.is_empty() {
            report.suspect("record without an item number, its name is the key", place.clone(), name);
            key = [part(country), part(schedule), format!("~{}", part(name))].join("/");
        }
        let own = tag(xxh3_64(name.as_bytes()));
        match self.keys.insert(xxh3_64(key.as_bytes()), own) {
            None => {}
            Some(first) => {
                report.suspect("reference number occurs twice", place.clone(), &key);
                if first != own {
                    key.push_str(&format!("~{}", part(name)));
                }
            }
        }
        Id::new("ca.sema", &key)
    }
}

fn count(el: El<'_>, country: &str, report: &mut Report) {
    report.count("records", 1);
    let mut tags: HashSet<&str> = HashSet::new();
    for child in el.children() {
        report.count(&format!("tags/{}", child.name()), 1);
        let new = tags.insert(child.name());
        match field(child.name()).filter(|_| new && !child.text().is_empty()) {
            Some(Field::LastName) => report.count("with_lastname", 1),
            Some(Field::Entity) => report.count("with_entity", 1),
            Some(Field::Imo) => report.count("ships_imo", 1),
            Some(Field::Aliases) => report.count("with_aliases", 1),
            Some(Field::Country) => report.count(&format!("countries/{}", child.text()), 1),
            _ => {}
        }
    }
    if country.is_empty() {
        report.count("without_country", 1);
    }
}

/// The cell of aliases; what cannot be divided safely stays text.
fn aliases(cell: &str, facts: &mut Vec<Fact>, place: &Place, report: &mut Report) {
    let found = name_cell::split(cell, true);
    for text in &found.doubtful {
        report.suspect("aliases run together, kept as text", place.clone(), text);
        facts.push(Fact::new("aliases", text.as_str()));
    }
    for raw in found.names {
        let (label, name) = raw.split_once(':').unwrap_or(("", &raw));
        let language = LANGUAGES.iter().find(|(l, _)| l.eq_ignore_ascii_case(label.trim()));
        let fact = match language {
            Some((_, code)) if !name.trim().is_empty() => {
                let fact = Fact::name(prop::ALIAS, name.trim());
                Fact { lang: (*code).to_owned(), raw: raw.clone(), ..fact }
            }
            _ => Fact::name(prop::ALIAS, raw.as_str()),
        };
        report.count("aliases", 1);
        if facts.iter().take(2).any(|f| f.value == fact.value && prop::NAMES.contains(&f.prop.as_str())) {
            report.count("aliases_that_repeat_the_name", 1);
        } else {
            facts.push(fact);
        }
    }
}

/// A ship's number; some records hold a name in its place.
fn ship(imo: &str, facts: &mut Vec<Fact>, place: &Place, report: &mut Report) {
    if imo.is_empty() {
        return;
    }
    let digits = imo.strip_prefix("IMO").unwrap_or(imo).trim_start_matches([' ', ':']);
    if digits.len() == 7 && digits.bytes().all(|b| b.is_ascii_digit()) {
        let raw = if digits == imo { "" } else { imo };
        facts.push(Fact { raw: raw.to_owned(), ..Fact::new(prop::IDENTIFIER, digits).kind("IMO") });
    } else {
        report.suspect("IMO number not understood", place.clone(), imo);
        facts.push(Fact::new("ship_imo_number", imo));
    }
}

/// The date that is of birth for a person and of building for a ship.
fn dated(text: &str, node_type: &str, facts: &mut Vec<Fact>, place: &Place, report: &mut Report) {
    if text.is_empty() {
        return;
    }
    match node_type {
        "person" => {
            // "1973-01-10 or 1973-01-11" are two dates, if both can be read.
            let several = text.split(" or ").map(|t| dates::birth(t, Order::DayFirst).ok()).collect::<Vec<_>>();
            if several.len() > 1 && several.iter().all(Option::is_some) {
                let both = several.into_iter().flatten();
                facts.extend(both.map(|f| Fact { raw: text.to_owned(), ..f.kind("alternative") }));
                return;
            }
            match dates::birth(text, Order::DayFirst) {
                Ok(fact) => facts.push(fact),
                Err(fact) => {
                    report.suspect("date of birth not understood", place.clone(), text);
                    facts.push(fact);
                }
            }
        }
        "vessel" => match dates::fuzzy(text, Order::DayFirst).map(|d| d.to_string()) {
            Some(date) => {
                let raw = if date == text { "" } else { text };
                facts.push(Fact { raw: raw.to_owned(), ..Fact::new("build_date", date) });
            }
            None => {
                report.suspect("date of building not understood", place.clone(), text);
                facts.push(Fact::new("build_date", text));
            }
        },
        _ => facts.push(Fact::new("date_of_birth_or_ship_build_date", text)),
    }
}
