//! Parties of an OFAC Advanced XML file: locations and identity documents that come first,
//! then profiles with their names and features.

use super::names::written;
use super::sets::{Ctx, period, snake};
use crate::error::{Error, Result};
use crate::import::xml::El;
use crate::model::{Fact, Id, PartyRecord, Status, prop};
use hashbrown::{HashMap, HashSet};

/// A location as it is kept until a feature refers to it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Location {
    /// Street to postal code and region, in one line; empty where only a country is given.
    parts: String,
    /// Country, empty where undetermined.
    country: String,
    note: String,
}

impl Location {
    /// The location in one line, the country last.
    fn line(&self) -> String {
        let both = [self.parts.as_str(), self.country.as_str()];
        both.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// An identity document as it is kept until its identity comes.
#[derive(Debug)]
pub(super) struct Document {
    fact: Fact,
    note: String,
    names: Vec<String>,
}

/// What the first sections of the file say, by id.
#[derive(Default)]
pub(super) struct Kept {
    /// Locations by id.
    pub(super) locations: HashMap<String, Location>,
    /// Documents by the identity they belong to; each is taken once.
    pub(super) documents: HashMap<String, Vec<Document>>,
}

/// The order in which a postal address is written.
fn rank(part: &str) -> usize {
    const ORDER: [&str; 7] = ["ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION"];
    ORDER.iter().position(|p| p.eq_ignore_ascii_case(part)).unwrap_or(ORDER.len())
}

/// Reads a `Location`.
pub(super) fn location(el: El<'_>, ctx: &mut Ctx<'_>) -> (String, Location) {
    ctx.report.count("locations", 1);
    let mut parts: Vec<(usize, String)> = Vec::new();
    for part in el.all("LocationPart") {
        let kind = ctx.label("LocPartType", part.attr("LocPartTypeID"));
        let values = part.all("LocationPartValue").map(|v| v.child_text("Value")).filter(|v| !v.is_empty());
        let text = values.collect::<Vec<_>>().join(" / ");
        if !text.is_empty() {
            parts.push((rank(&kind), text));
        }
    }
    parts.sort_by_key(|(rank, _)| *rank);
    let mut countries: Vec<String> = Vec::new();
    for c in el.all("LocationCountry") {
        countries.push(ctx.label("Country", c.attr("CountryID")));
    }
    for a in el.all("LocationAreaCode") {
        let area = ctx.sets.get("AreaCode", a.attr("AreaCodeID"));
        countries.extend(area.filter(|_| countries.is_empty()).map(|a| a.attr("Description").to_owned()));
    }
    countries.retain(|c| !c.is_empty() && !c.eq_ignore_ascii_case("undetermined"));
    countries.dedup();
    let parts = parts.into_iter().map(|(_, t)| t).collect::<Vec<_>>().join(", ");
    let location = Location { parts, country: countries.join(", "), note: el.child_text("Comment").to_owned() };
    (el.attr("ID").to_owned(), location)
}

/// Reads an `IDRegDocument`; the first text is the identity it belongs to.
pub(super) fn document(
    el: El<'_>,
    ctx: &mut Ctx<'_>,
    locations: &HashMap<String, Location>,
) -> Option<(String, Document)> {
    let kind = ctx.label("IDRegDocType", el.attr("IDRegDocTypeID"));
    ctx.count_by("id_reg_documents", "id_docs_by_type", &kind);
    let number = el.child_text("IDRegistrationNo");
    if number.is_empty() {
        ctx.report.skip("identity document without a number", ctx.place.clone(), &kind);
        return None;
    }
    let mut fact = Fact::new(prop::IDENTIFIER, number).kind(kind.clone());
    let mut raw = format!("{kind} {number}");
    let country = ctx.label("Country", el.attr("IssuedBy-CountryID"));
    if !country.is_empty() {
        raw.push_str(&format!(" ({country})"));
    }
    for d in el.all("DocumentDate") {
        let what = ctx.label("IDRegDocDateType", d.attr("IDRegDocDateTypeID"));
        let Some(p) = d.child("DatePeriod").map(period) else { continue };
        let (text, single) = match (&p.whole, &p.bad) {
            (Some(w), _) => (w.to_string(), Some(w.first).filter(|_| w.last.is_none())),
            (None, Some(bad)) => {
                ctx.suspect("date that cannot be read", bad);
                (bad.clone(), None)
            }
            (None, None) => continue,
        };
        let lower = what.to_lowercase();
        if lower.contains("issue") {
            fact.from = single;
        } else if lower.contains("expir") {
            fact.to = single;
        }
        raw.push_str(&format!("; {what} {text}"));
    }
    let authority = el.child_text("IssuingAuthority");
    if !authority.is_empty() {
        raw.push_str(&format!("; issued by {authority}"));
    }
    let issued_in = locations.get(el.attr("IssuedIn-LocationID")).map(Location::line).unwrap_or_default();
    if !issued_in.is_empty() {
        raw.push_str(&format!("; issued in {issued_in}"));
    }
    let validity = ctx.label("Validity", el.attr("ValidityID"));
    if !validity.is_empty() && !validity.eq_ignore_ascii_case("valid") && !validity.eq_ignore_ascii_case("unknown") {
        fact.status = Status::Disputed;
        raw.push_str(&format!("; {validity}"));
    }
    if raw.len() > kind.len() + 1 + number.len() {
        fact.raw = raw;
    }
    let names = el.all("DocumentedNameReference").map(|r| r.attr("DocumentedNameID").to_owned()).collect();
    Some((el.attr("IdentityID").to_owned(), Document { fact, note: el.child_text("Comment").to_owned(), names }))
}

/// Reads one `Identity`: its names, and the documents that belong to it.
fn identity(el: El<'_>, ctx: &mut Ctx<'_>, kept: &mut Kept, facts: &mut Vec<Fact>) {
    ctx.report.count("identities", 1);
    let fake = el.flag("False");
    let mut groups: HashMap<&str, String> = HashMap::new();
    for master in el.all("NamePartGroups").flat_map(|g| g.all("MasterNamePartGroup")) {
        for g in master.all("NamePartGroup") {
            groups.insert(g.attr("ID"), ctx.label("NamePartType", g.attr("NamePartTypeID")));
        }
    }
    let mut by_id: HashMap<&str, String> = HashMap::new();
    let mut primary_names: HashSet<&str> = HashSet::new();
    for alias in el.all("Alias") {
        let kind = ctx.label("AliasType", alias.attr("AliasTypeID"));
        ctx.count_by("aliases", "aliases_by_type", &kind);
        let (primary, low) = (alias.flag("Primary"), alias.flag("LowQuality"));
        ctx.report.count("aliases_low_quality", u64::from(low));
        ctx.report.count("aliases_primary", u64::from(primary));
        let main = primary && el.flag("Primary") && !fake;
        let property = match kind.to_uppercase().as_str() {
            _ if main => prop::NAME,
            _ if low => prop::WEAK_ALIAS,
            "F.K.A." => prop::FORMER_NAME,
            _ => prop::ALIAS,
        };
        let held = alias.child("DatePeriod").map(period).unwrap_or_default();
        for name in alias.all("DocumentedName") {
            ctx.report.count("documented_names", 1);
            let w = written(name, &groups, ctx);
            if w.text.is_empty() {
                ctx.report.skip("name without text", ctx.place.clone(), &kind);
                continue;
            }
            by_id.insert(name.attr("ID"), w.text.clone());
            if main {
                primary_names.insert(name.attr("ID"));
            }
            if w.acronym {
                facts.push(Fact::new("acronym", w.text.clone()));
            }
            for c in name.all("DocumentedNameCountry") {
                let country = ctx.label("Country", c.attr("CountryID"));
                facts.push(Fact::new("name_country", country).kind(w.text.clone()));
            }
            let mut fact = Fact::name(property, w.text).kind(kind.clone());
            fact.script = w.script;
            (fact.from, fact.to) = (held.start, held.end);
            if fake {
                fact.status = Status::Disputed;
                ctx.suspect("name of a false identity", &fact.value);
            }
            facts.push(fact);
        }
        note(facts, alias.child_text("Comment"), &kind);
    }
    note(facts, el.child_text("Comment"), "identity");
    for mut d in kept.documents.remove(el.attr("ID")).unwrap_or_default() {
        let other = d.names.iter().filter(|n| !primary_names.contains(n.as_str()));
        let other: Vec<&str> = other.filter_map(|n| by_id.get(n.as_str())).map(String::as_str).collect();
        if !other.is_empty() {
            if d.fact.raw.is_empty() {
                d.fact.raw = format!("{} {}", d.fact.kind, d.fact.value);
            }
            d.fact.raw.push_str(&format!("; in the name of {}", other.join(" / ")));
        }
        let kind = d.fact.kind.clone();
        facts.push(d.fact);
        note(facts, &d.note, &kind);
    }
}

fn note(facts: &mut Vec<Fact>, text: &str, kind: &str) {
    if !text.is_empty() {
        facts.push(Fact::new(prop::NOTE, text).kind(kind));
    }
}

/// What a feature is to us.
#[derive(Debug, PartialEq, Eq)]
enum Meaning {
    Birth,
    BirthPlace,
    Address,
    Country(&'static str),
    Identifier,
    Property(String),
}

fn meaning(label: &str) -> Meaning {
    let t = label.to_lowercase();
    let word = |w: &[&str]| t.split(|c: char| !c.is_alphanumeric()).any(|x| w.contains(&x));
    let has = |p: &[&str]| p.iter().any(|p| t.contains(p));
    match t.as_str() {
        "birthdate" | "date of birth" => Meaning::Birth,
        "place of birth" => Meaning::BirthPlace,
        "location" | "address" => Meaning::Address,
        "nationality country" | "nationality" => Meaning::Country("nationality"),
        "citizenship country" | "citizenship" => Meaning::Country("citizenship"),
        "nationality of registration" => Meaning::Country("registration"),
        _ if word(&["flag"]) && has(&["former", "other", "previous"]) => Meaning::Country("former_flag"),
        _ if word(&["flag"]) => Meaning::Country("flag"),
        _ if word(&["phone", "telephone", "fax", "website", "email", "mail"]) => Meaning::Property(snake(label)),
        _ if word(&["swift", "bic", "bik", "imo", "mmsi", "isin", "lei", "msn", "number", "numbers", "no", "id"])
            || has(&["digital currency address", "call sign", "transponder", "identification", "d-u-n-s"]) =>
        {
            Meaning::Identifier
        }
        _ => Meaning::Property(snake(label)),
    }
}

/// Reads one `Feature` with all its versions.
fn feature(el: El<'_>, ctx: &mut Ctx<'_>, locations: &HashMap<String, Location>, facts: &mut Vec<Fact>) {
    let label = ctx.label("FeatureType", el.attr("FeatureTypeID"));
    ctx.count_by("features", "features_by_type", &label);
    let meaning = meaning(&label);
    for version in el.all("FeatureVersion") {
        let before = facts.len();
        let plain = |value: String| match &meaning {
            Meaning::BirthPlace => Fact::new(prop::BIRTH_PLACE, value),
            Meaning::Address => Fact::new(prop::ADDRESS, value),
            Meaning::Country(role) => Fact::new(prop::COUNTRY, value).kind(*role),
            Meaning::Identifier => Fact::new(prop::IDENTIFIER, value).kind(label.clone()),
            Meaning::Birth => Fact::new("birth_text", value),
            Meaning::Property(name) => Fact::new(name.clone(), value),
        };
        for p in version.all("DatePeriod").map(period) {
            match (p.whole, p.bad) {
                (Some(w), _) if meaning == Meaning::Birth => facts.push(Fact::new(prop::BIRTH, w.to_string())),
                (Some(w), _) => facts.push(plain(w.to_string())),
                (None, Some(bad)) => {
                    ctx.suspect("date that cannot be read", &bad);
                    facts.push(plain(bad));
                }
                (None, None) => {}
            }
        }
        for d in version.all("VersionDetail") {
            let looked_up = ctx.label("DetailReference", d.attr("DetailReferenceID"));
            let both = [looked_up.as_str(), d.text()].into_iter().filter(|t| !t.is_empty());
            let text = both.collect::<Vec<_>>().join(" ");
            if !text.is_empty() {
                facts.push(plain(text));
            }
        }
        let mut known = true;
        for l in version.all("VersionLocation") {
            let Some(place) = locations.get(l.attr("LocationID")) else {
                ctx.suspect("location that is not in the file", l.attr("LocationID"));
                known = false;
                continue;
            };
            // "Undetermined" is the publisher's way to say that there is none.
            known &= !place.line().is_empty();
            if meaning == Meaning::Address {
                if !place.parts.is_empty() {
                    facts.push(Fact::new(prop::ADDRESS, place.line()));
                }
                if !place.country.is_empty() {
                    facts.push(Fact::new(prop::COUNTRY, place.country.clone()).kind("address"));
                }
            } else if !place.line().is_empty() {
                facts.push(plain(place.line()));
            }
            note(facts, &place.note, &label);
        }
        let comment = version.child_text("Comment");
        match facts.get(before).map(|f| f.value.clone()) {
            Some(value) => {
                if let Some(r) = ctx.known("Reliability", version.attr("ReliabilityID")) {
                    facts.push(Fact { raw: value, ..Fact::new("reliability", r).kind(label.clone()) });
                }
                note(facts, comment, &label);
            }
            None if !comment.is_empty() => facts.push(plain(comment.to_owned())),
            None if !known => ctx.report.count("features_undetermined", 1),
            None => ctx.report.skip("feature without a value", ctx.place.clone(), &label),
        }
    }
}

/// Reads one `Profile` with the comments of the party around it.
///
/// # Errors
/// A profile without an id.
pub(super) fn profile(party: El<'_>, el: El<'_>, ctx: &mut Ctx<'_>, kept: &mut Kept) -> Result<PartyRecord> {
    let id = Id::new("ofac", el.attr("ID"))
        .map_err(|_| Error::input("a Profile has no usable ID").at(ctx.place.clone().element("Profile")))?;
    ctx.place.element = Some(format!("profile {}", id.local()));
    let sub = ctx.label("PartySubType", el.attr("PartySubTypeID"));
    let of = ctx.sets.get("PartySubType", el.attr("PartySubTypeID")).map(|v| v.attr("PartyTypeID").to_owned());
    let whole = ctx.label("PartyType", &of.unwrap_or_default());
    let (kind, node_type) = match (sub.as_str(), whole.as_str()) {
        ("Vessel", _) => (sub, "vessel"),
        ("Aircraft", _) => (sub, "aircraft"),
        (_, "Individual") => (whole, "person"),
        (_, "Entity" | "Other Entity") => (whole, "legal_entity"),
        (_, "Location") => (whole, "place"),
        _ => {
            let kind = if whole.is_empty() { sub } else { whole };
            ctx.suspect("party of unknown type", &kind);
            (kind, "thing")
        }
    };
    ctx.count_by("profiles", "profiles_by_type", &kind);
    let mut record = PartyRecord::new(id, node_type);
    let facts = &mut record.facts;
    for i in el.all("Identity") {
        identity(i, ctx, kept, facts);
    }
    for f in el.all("Feature") {
        feature(f, ctx, &kept.locations, facts);
    }
    for r in el.all("ExternalReference") {
        let kind = ctx.label("ExRefType", r.attr("ExRefTypeID"));
        let texts = [r.child_text("ExRefValue"), r.child_text("DirectURL"), r.child_text("Comment")].into_iter();
        let links = r.all("SubLink").flat_map(|l| [l.child_text("Description"), l.child_text("DirectURL")]);
        let text = texts.chain(links).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ");
        facts.push(Fact::new("external_reference", text).kind(kind));
    }
    for c in party.all("Comment").chain(el.all("Comment")) {
        note(facts, c.text(), "");
    }
    // Two features may share a place, or an alias may be stated twice.
    let mut first = first_of_each(facts).into_iter();
    facts.retain(|_| first.next().unwrap_or(true));
    if !record.facts.iter().any(|f| f.prop == prop::NAME) {
        ctx.suspect("party without a primary name", record.id.as_str());
    }
    Ok(record)
}

/// For each fact, whether none before it says the same.
fn first_of_each(facts: &[Fact]) -> Vec<bool> {
    let mut seen = HashSet::with_capacity(facts.len());
    facts.iter().map(|f| seen.insert([&f.prop, &f.value, &f.kind, &f.raw])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn meanings() {
        for (label, want) in [
            ("Birthdate", Meaning::Birth),
            ("Citizenship Country", Meaning::Country("citizenship")),
            ("Vessel Flag", Meaning::Country("flag")),
            ("Other Vessel Flag", Meaning::Country("former_flag")),
            ("SWIFT/BIC", Meaning::Identifier),
            ("BIK (RU)", Meaning::Identifier),
            ("Digital Currency Address - XBT", Meaning::Identifier),
            ("Vessel Call Sign", Meaning::Identifier),
            ("Aircraft Manufacturer's Serial Number (MSN)", Meaning::Identifier),
            ("Phone Number", Meaning::Property("phone_number".into())),
            ("Secondary sanctions risk:", Meaning::Property("secondary_sanctions_risk".into())),
        ] {
            assert_eq!(meaning(label), want, "{label}");
        }
    }
}
