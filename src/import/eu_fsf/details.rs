//! Births, countries, addresses and documents of an entity.

use super::entity::Ctx;
use super::text::{attributes, line};
use crate::import::xml::El;
use crate::model::{Citation, Fact, FuzzyDate, PartialDate, Status, prop};

/// Country of an element: its name, and code and name as found. `None` where it is not stated
/// or stated to be unknown.
fn country(el: El<'_>, ctx: &mut Ctx<'_>) -> Option<(String, String)> {
    let (code, name) = (el.attr("countryIso2Code"), el.attr("countryDescription"));
    if code.is_empty() && name.is_empty() {
        return None;
    }
    if code == "00" || name.eq_ignore_ascii_case("unknown") {
        ctx.report.count("unknown_countries", 1);
        return None;
    }
    Some(match (code, name) {
        (code, "") => (code.to_owned(), String::new()),
        ("", name) => (name.to_owned(), String::new()),
        (code, name) => (name.to_owned(), format!("{code} {name}")),
    })
}

/// States the country of an element; the result is its name.
fn put_country(el: El<'_>, kind: &str, cites: &[Citation], ctx: &mut Ctx<'_>) -> String {
    let Some((value, raw)) = country(el, ctx) else { return String::new() };
    let name = value.clone();
    ctx.facts.push(Fact { raw, cites: cites.to_vec(), ..Fact::new(prop::COUNTRY, value).kind(kind) });
    name
}

/// Attributes that say where something is.
const PLACE: [&str; 8] =
    ["street", "poBox", "place", "zipCode", "city", "region", "countryIso2Code", "countryDescription"];

/// The parts of a place in the order in which an address is written, the country apart. A
/// lone dash stands for nothing.
fn place(el: El<'_>) -> String {
    let part = |name: &str| Some(el.attr(name)).filter(|t| *t != "-").unwrap_or_default();
    let box_number = part("poBox");
    let po_box = match box_number.bytes().any(|b| b.is_ascii_alphabetic()) || box_number.is_empty() {
        true => box_number.to_owned(),
        false => format!("PO Box {box_number}"),
    };
    let town = [part("zipCode"), part("city")].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
    line([part("street"), &po_box, part("place"), &town, part("region")])
}

/// A `citizenship`.
pub(super) fn citizenship(el: El<'_>, cites: &[Citation], ctx: &mut Ctx<'_>) {
    ctx.report.count("citizenships", 1);
    let from = ctx.date(el, "acquisitionDate", cites);
    let to = ctx.date(el, "disenfranchisementDate", cites);
    match country(el, ctx) {
        Some((value, raw)) => {
            ctx.facts.push(Fact {
                raw,
                from,
                to,
                cites: cites.to_vec(),
                ..Fact::new(prop::COUNTRY, value).kind("citizenship")
            });
            ctx.facts.add("citizenship_region", el.attr("region"), "", cites);
        }
        // What is said of an unknown country is kept as it stands.
        None => {
            let said = attributes(el, &["logicalId", "regulationLanguage", "countryIso2Code", "countryDescription"]);
            ctx.facts.add("citizenship", &said, "", cites);
        }
    }
    ctx.rest(
        el,
        &["acquisitionDate", "disenfranchisementDate", "region", "countryIso2Code", "countryDescription"],
        cites,
    );
}

/// The number in an attribute; 0 where there is none.
fn number(el: El<'_>, name: &str) -> Option<u32> {
    match el.attr(name) {
        "" => Some(0),
        t => t.parse().ok(),
    }
}

/// The dates that a `birthdate` states, `Err` for one that is no date of our calendar.
fn births(el: El<'_>) -> Vec<Result<FuzzyDate, ()>> {
    let circa = el.flag("circa");
    let single = |d: PartialDate| FuzzyDate { first: d, last: None, circa };
    let mut out = Vec::new();
    let (day, year) = (el.attr("birthdate"), el.attr("year"));
    let whole = PartialDate::parse(day).ok();
    let parts = || PartialDate::new(number(el, "year")?, number(el, "monthOfYear")?, number(el, "dayOfMonth")?).ok();
    if !day.is_empty() || !year.is_empty() {
        let from_parts = if year.is_empty() { None } else { parts() };
        out.push(whole.or(from_parts).map(single).ok_or(()));
        // Both are stated: where they differ, both are births that the list names.
        if let (Some(a), Some(b)) = (whole, from_parts)
            && (b.first_day() > a.last_day() || a.first_day() > b.last_day())
        {
            out.push(Ok(single(b)));
        }
    }
    let (from, to) = (el.attr("yearRangeFrom"), el.attr("yearRangeTo"));
    if !from.is_empty() || !to.is_empty() {
        let ends = PartialDate::parse(from).ok().zip(PartialDate::parse(to).ok()).filter(|(a, b)| a <= b);
        out.push(match ends {
            Some((a, b)) if a == b => Ok(single(a)),
            Some((first, b)) => Ok(FuzzyDate { first, last: Some(b), circa }),
            None => Err(()),
        });
    }
    if !matches!(el.attr("calendarType"), "" | "GREGORIAN") {
        return vec![Err(()); usize::from(!out.is_empty())];
    }
    out
}

/// A `birthdate`: day and place.
pub(super) fn birthdate(el: El<'_>, cites: &[Citation], ctx: &mut Ctx<'_>) {
    const DATES: [&str; 8] =
        ["circa", "calendarType", "birthdate", "dayOfMonth", "monthOfYear", "year", "yearRangeFrom", "yearRangeTo"];
    ctx.report.count("birthdates", 1);
    ctx.report.count("circa", u64::from(el.flag("circa")));
    let found = births(el);
    for birth in &found {
        let said = attributes(el, &[&PLACE[..], &["logicalId", "regulationLanguage"]].concat());
        match birth {
            Ok(d) => {
                // More than one reading of one element: what it says is kept as well.
                let raw = if found.len() > 1 { said } else { String::new() };
                ctx.facts.push(Fact { raw, cites: cites.to_vec(), ..Fact::new(prop::BIRTH, d.to_string()) });
            }
            Err(()) => {
                ctx.suspect("date of birth not understood", &said);
                ctx.facts.add("birth_text", &said, "", cites);
            }
        }
    }
    if found.is_empty() {
        ctx.report.count("birthdates_without_date", 1);
    }
    let country = put_country(el, "birth", cites, ctx);
    ctx.facts.add(prop::BIRTH_PLACE, &line([place(el).as_str(), &country]), "", cites);
    ctx.rest(el, &[&DATES[..], &PLACE].concat(), cites);
}

/// An `address`. One that is nothing but a country is told as that.
pub(super) fn address(el: El<'_>, cites: &[Citation], ctx: &mut Ctx<'_>) {
    ctx.report.count("addresses", 1);
    let country = put_country(el, "address", cites, ctx);
    let parts = place(el);
    let kind = if el.flag("asAtListingTime") { "as at listing time" } else { "" };
    if !parts.is_empty() {
        let raw = attributes(el, &["logicalId", "regulationLanguage", "asAtListingTime"]);
        let value = line([parts.as_str(), &country]);
        ctx.facts.push(Fact { raw, cites: cites.to_vec(), ..Fact::new(prop::ADDRESS, value).kind(kind) });
    }
    ctx.rest(el, &[&PLACE[..], &["asAtListingTime"]].concat(), cites);
}

/// An `identification`: a document or a number of the party.
pub(super) fn identification(el: El<'_>, cites: &[Citation], ctx: &mut Ctx<'_>) {
    const KNOWN: [&str; 17] = [
        "diplomatic",
        "knownExpired",
        "knownFalse",
        "reportedLost",
        "revokedByIssuer",
        "issueDate",
        "issuedBy",
        "latinNumber",
        "nameOnDocument",
        "number",
        "validFrom",
        "validTo",
        "region",
        "identificationTypeCode",
        "identificationTypeDescription",
        "countryIso2Code",
        "countryDescription",
    ];
    ctx.report.count("identifications", 1);
    let kind = [el.attr("identificationTypeDescription"), el.attr("identificationTypeCode")];
    let kind = kind.into_iter().find(|k| !k.is_empty()).unwrap_or_default();
    let raw = attributes(el, &["logicalId", "regulationLanguage"]);
    let issued = ctx.date(el, "issueDate", cites);
    let from = ctx.date(el, "validFrom", cites).or(issued);
    // Valid to a day is valid on it.
    let to = ctx.date(el, "validTo", cites).and_then(PartialDate::next_day);
    let status = if el.flag("knownFalse") { Status::Disputed } else { Status::Asserted };
    let numbers = [el.attr("number"), el.attr("latinNumber")];
    for value in numbers.into_iter().filter(|n| !n.is_empty()) {
        let fact = Fact::new(prop::IDENTIFIER, value).kind(kind);
        ctx.facts.push(Fact { raw: raw.clone(), from, to, status, cites: cites.to_vec(), ..fact });
    }
    if numbers.iter().all(|n| n.is_empty()) {
        ctx.suspect("identification without a number", &raw);
        ctx.facts.add("identification", &raw, kind, cites);
    }
    // Not an alias: documents may be false.
    ctx.facts.add("name_on_document", el.attr("nameOnDocument"), "", cites);
    ctx.rest(el, &KNOWN, cites);
}
