//! One `sanctionEntity` as a party record.

use super::details::{address, birthdate, citizenship, identification};
use super::text::{attributes, cites, flat, line};
use crate::error::{Error, Place, Result};
use crate::import::Report;
use crate::import::dates::{self, Order};
use crate::import::facts::Facts;
use crate::import::slug::snake;
use crate::import::xml::El;
use crate::model::{Citation, Fact, Id, Listing, PartialDate, PartyRecord, prop, script_of};
use xxhash_rust::xxh3::xxh3_64;

/// The list that the file is.
const LIST: &str = "eu_fsf";
/// The kind of identifier that the list's own number of an entity is.
pub(super) const EU_NUMBER: &str = "EU reference number";

/// An entity with what goes beyond its own record.
pub(super) struct Entity {
    /// The party.
    pub(super) record: PartyRecord,
    /// UN reference number.
    pub(super) un: Option<String>,
    /// Programmes, with the regulations that name them.
    pub(super) programs: Vec<(String, Vec<Citation>)>,
}

/// What the readers of parts write to.
pub(super) struct Ctx<'a> {
    /// Counts and findings.
    pub(super) report: &'a mut Report,
    /// Facts of the entity.
    pub(super) facts: Facts,
    place: Place,
    key: String,
}

impl Ctx<'_> {
    /// Notes something odd in this entity.
    pub(super) fn suspect(&mut self, reason: &str, text: &str) {
        self.report.suspect(reason, self.place.clone(), text);
    }

    /// The date in an attribute; one that cannot be read is kept as a property.
    pub(super) fn date(&mut self, el: El<'_>, name: &str, cites: &[Citation]) -> Option<PartialDate> {
        let text = el.attr(name);
        if text.is_empty() {
            return None;
        }
        let found = dates::date(text, Order::DayFirst);
        if found.is_none() {
            self.suspect("date that cannot be read", text);
            self.facts.add(&snake(name), text, el.name(), cites);
        }
        found
    }

    /// What the reader of a child does not know by name: remarks, contact data, additional
    /// information, and attributes and elements that are not in the schema.
    pub(super) fn rest(&mut self, el: El<'_>, known: &[&str], cites: &[Citation]) {
        for (name, value) in el.attrs() {
            if !known.contains(&name) && !matches!(name, "logicalId" | "regulationLanguage") {
                self.facts.add(&snake(name), value.trim(), el.name(), cites);
            }
        }
        for child in el.children() {
            match child.name() {
                "remark" => {
                    // A remark on a name says of which.
                    let of = line([el.name(), el.attr("wholeName"), el.attr("number")]);
                    self.remark(child, &of, cites);
                }
                "contactInfo" => self.pair(child, "contact_info", cites),
                "additionalInformation" => self.pair(child, "additional_information", cites),
                "regulationSummary" | "publicationUrl" => {}
                other => self.facts.add(&snake(other), &flat(child), el.name(), cites),
            }
        }
        self.facts.add("text", el.text(), el.name(), cites);
    }

    fn remark(&mut self, el: El<'_>, of: &str, cites: &[Citation]) {
        self.report.count("remarks", 1);
        self.facts.add(prop::NOTE, &flat(el), of, cites);
    }

    /// `key` and `value`, as attributes or as elements, as a property of that name.
    fn pair(&mut self, el: El<'_>, otherwise: &str, cites: &[Citation]) {
        self.report.count(&format!("{otherwise}s"), 1);
        let get = |name: &str| Some(el.attr(name)).filter(|t| !t.is_empty()).unwrap_or_else(|| el.child_text(name));
        let (key, value) = (get("key"), get("value"));
        let name = match key.to_ascii_uppercase().as_str() {
            "PHONE" => "phone".to_owned(),
            "FAX" => "fax".to_owned(),
            "EMAIL" => "email".to_owned(),
            "WEB" => "website".to_owned(),
            _ if value.is_empty() => otherwise.to_owned(),
            // Keys in capitals are words, not names in camel case.
            upper if upper == key => snake(&key.to_lowercase()),
            _ => snake(key),
        };
        let name = if name.is_empty() { otherwise.to_owned() } else { name };
        if value.is_empty() {
            return self.facts.add(&name, &flat(el), "", cites);
        }
        self.facts.add(&name, value, "", cites);
        let more = attributes(el, &["key", "value", "logicalId", "regulationLanguage"]);
        self.facts.add(otherwise, &more, &name, cites);
    }
}

/// Reads an entity.
///
/// # Errors
/// A number that cannot be an id.
pub(super) fn read(el: El<'_>, place: Place, report: &mut Report) -> Result<Entity> {
    let key = key(el);
    if el.attr("logicalId").is_empty() {
        report.suspect("entity without a logical id", place.clone(), &key);
    }
    let place = place.element(key.clone());
    let id = Id::new("eu", &key).map_err(|e| Error::input(e.message()).at(place.clone()))?;
    let mut ctx = Ctx { report, facts: Facts::default(), place, key };
    let node_type = subject(el, &mut ctx);
    let mut record = PartyRecord::new(id, node_type);
    names(el, &mut ctx);
    let mut listing = Listing { list: LIST.to_owned(), ..Listing::default() };
    listing.from = ctx.date(el, "designationDate", &[]);
    listing.to = ctx.date(el, "delistingDate", &[]);
    let mut programs: Vec<(String, Vec<Citation>)> = Vec::new();
    for child in el.children() {
        let summaries = child.all("regulationSummary").count();
        ctx.report.count("regulation_summaries", summaries as u64);
        let cites = cites(&ctx.key, child);
        match child.name() {
            "subjectType" | "nameAlias" => {}
            "remark" => ctx.remark(child, "", &[]),
            "additionalInformation" => ctx.pair(child, "additional_information", &[]),
            "regulation" => regulation(child, cites, &mut listing, &mut programs, &mut ctx),
            "citizenship" => citizenship(child, &cites, &mut ctx),
            "birthdate" => birthdate(child, &cites, &mut ctx),
            "address" => address(child, &cites, &mut ctx),
            "identification" => identification(child, &cites, &mut ctx),
            other => ctx.facts.add(&snake(other), &flat(child), "", &cites),
        }
    }
    let un = el.attr("unitedNationId");
    for (kind, value) in [(EU_NUMBER, el.attr("euReferenceNumber")), ("UN reference number", un)] {
        ctx.facts.add(prop::IDENTIFIER, value, kind, &[]);
    }
    ctx.facts.add("designation_details", el.attr("designationDetails"), "", &[]);
    for (name, value) in el.attrs() {
        const KNOWN: [&str; 6] = [
            "logicalId",
            "designationDate",
            "delistingDate",
            "designationDetails",
            "unitedNationId",
            "euReferenceNumber",
        ];
        if !KNOWN.contains(&name) {
            ctx.facts.add(&snake(name), value.trim(), "", &[]);
        }
    }
    let one = |t: &str| !t.contains(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/'));
    if !un.is_empty() && !one(un) {
        ctx.suspect("UN reference number not understood", un);
    }
    record.listings.push(listing);
    record.facts = ctx.facts.into_vec();
    let un = Some(un).filter(|t| !t.is_empty() && one(t)).map(str::to_owned);
    Ok(Entity { record, un, programs })
}

/// The list's own number; for an entity without one its reference, else a hash of all it says.
fn key(el: El<'_>) -> String {
    let stated = [el.attr("logicalId"), el.attr("euReferenceNumber")];
    match stated.into_iter().find(|k| !k.is_empty()) {
        Some(k) => k.to_owned(),
        None => format!("~{:016x}", xxh3_64(flat(el).as_bytes())),
    }
}

/// The node type by `subjectType`.
fn subject(el: El<'_>, ctx: &mut Ctx<'_>) -> &'static str {
    let Some(subject) = el.child("subjectType") else {
        ctx.suspect("entity without a subject type", "");
        return "thing";
    };
    let (code, class) = (subject.attr("code"), subject.attr("classificationCode"));
    ctx.report.count(&format!("by_subject/{}", if class.is_empty() { code } else { class }), 1);
    let cites = cites(&ctx.key, subject);
    ctx.facts.add("subject_type", if code.is_empty() { class } else { code }, class, &[]);
    ctx.rest(subject, &["code", "classificationCode"], &cites);
    match (code, class) {
        ("person", _) | (_, "P") => "person",
        // Firms, groups, ships: the list does not tell them apart.
        ("enterprise", _) | (_, "E") => "legal_entity",
        _ => {
            ctx.suspect("subject type that is not known", &flat(subject));
            "thing"
        }
    }
}

/// How well a name serves as the main one; less is better. The list marks none.
fn preference(strong: bool, lang: &str, value: &str) -> u8 {
    let latin = matches!(script_of(value), Some("Latn") | None);
    let plain = matches!(lang, "" | "en") && latin;
    u8::from(!strong) * 4 + if plain { 0 } else { 2 - u8::from(latin) }
}

/// All `nameAlias` elements: names with their parts, functions, titles, genders.
fn names(el: El<'_>, ctx: &mut Ctx<'_>) {
    const KNOWN: [&str; 9] =
        ["firstName", "middleName", "lastName", "wholeName", "function", "gender", "title", "nameLanguage", "strong"];
    let value = |n: El<'_>| match n.attr("wholeName") {
        "" => {
            let parts = ["firstName", "middleName", "lastName"].map(|p| n.attr(p));
            parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
        }
        whole => whole.to_owned(),
    };
    let strong = |n: El<'_>| n.attr("strong").is_empty() || n.flag("strong");
    let lang = |n: El<'_>| n.attr("nameLanguage").to_ascii_lowercase();
    let named = el.all("nameAlias").enumerate().filter(|(_, n)| !value(*n).is_empty());
    let main = named.min_by_key(|(_, n)| preference(strong(*n), &lang(*n), &value(*n))).map(|(i, _)| i);
    for (i, n) in el.all("nameAlias").enumerate() {
        ctx.report.count("name_aliases", 1);
        let stated = n.attr("strong");
        ctx.report.count(&format!("strong/{}", if stated.is_empty() { "not stated" } else { stated }), 1);
        let cites = cites(&ctx.key, n);
        let (value, lang) = (value(n), lang(n));
        if value.is_empty() {
            ctx.report.count("empty_names", 1);
        }
        let kind = match () {
            () if main == Some(i) => prop::NAME,
            () if strong(n) => prop::ALIAS,
            () => prop::WEAK_ALIAS,
        };
        ctx.facts.push(Fact { lang: lang.clone(), cites: cites.clone(), ..Fact::name(kind, value) });
        for name in ["firstName", "middleName", "lastName", "function", "title", "gender"] {
            // A gender has no language; the parts of a name have that of the name.
            let lang = if name == "gender" { String::new() } else { lang.clone() };
            ctx.facts.push(Fact { lang, cites: cites.clone(), ..Fact::new(snake(name), n.attr(name)) });
        }
        ctx.rest(n, &KNOWN, &cites);
    }
    if main.is_none() {
        ctx.suspect("entity without a name", "");
    }
}

/// A `regulation`: basis and programme of the listing.
fn regulation(
    el: El<'_>,
    cites: Vec<Citation>,
    listing: &mut Listing,
    programs: &mut Vec<(String, Vec<Citation>)>,
    ctx: &mut Ctx<'_>,
) {
    const KNOWN: [&str; 6] =
        ["regulationType", "organisationType", "publicationDate", "entryIntoForceDate", "numberTitle", "programme"];
    ctx.report.count("regulations", 1);
    let (title, programme) = (el.attr("numberTitle"), el.attr("programme"));
    let from = ctx.date(el, "entryIntoForceDate", &cites);
    // What value, kind, date and citation do not say.
    let said = ["logicalId", "regulationLanguage", "regulationType", "numberTitle", "entryIntoForceDate"];
    let raw = attributes(el, &said);
    let value = if title.is_empty() { flat(el) } else { title.to_owned() };
    let fact = Fact::new("regulation", value).kind(el.attr("regulationType"));
    ctx.facts.push(Fact { raw, from, cites: cites.clone(), ..fact });
    ctx.rest(el, &KNOWN, &cites);
    if !title.is_empty() && !listing.basis.iter().any(|b| b == title) {
        listing.basis.push(title.to_owned());
    }
    if programme.is_empty() {
        ctx.suspect("regulation without a programme", title);
    } else {
        ctx.report.count(&format!("programmes/{programme}"), 1);
        match programs.iter_mut().find(|(p, _)| p == programme) {
            Some((_, known)) => known.extend(cites.iter().cloned()),
            None => {
                listing.programs.push(programme.to_owned());
                programs.push((programme.to_owned(), cites.clone()));
            }
        }
    }
    listing.cites.extend(cites);
}
