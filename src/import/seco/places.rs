//! Places of the SECO list, which come after the targets that refer to them.

use super::text;
use crate::error::{Place as At, Result};
use crate::import::leaves::{Facts, leaves, squeeze};
use crate::import::xml::El;
use crate::import::{Report, Sink};
use crate::model::{Fact, Id, PartyRecord, Record, prop};
use std::collections::HashMap;

/// What a target says with the help of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Use {
    /// A postal address: what stands before the town and after it, and its kind.
    Address { before: String, zip: String, kind: String, note: String },
    /// Place of birth, of a quality.
    Birth(String),
    /// Place where a document was issued.
    Issue(String),
}

/// A reference to a place, and what is said with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pending {
    pub(super) place_id: String,
    /// Where the element names town, area or country itself, that and not the place.
    pub(super) own: Town,
    pub(super) what: Use,
}

/// Where something is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Town {
    location: String,
    area: String,
    country: String,
    /// ISO 3166 code, as stated.
    code: String,
    /// Other spellings and whatever else is said.
    more: Vec<(String, String)>,
}

impl Town {
    /// Reads the town, area and country of an element.
    pub(super) fn of(el: El<'_>) -> Town {
        let country = el.child("country");
        Town {
            location: text(el, "location"),
            area: text(el, "area"),
            country: country.map(|c| squeeze(c.text())).unwrap_or_default(),
            code: country.map(|c| c.attr("iso-code").to_owned()).unwrap_or_default(),
            more: Vec::new(),
        }
    }

    fn is_empty(&self) -> bool {
        [&self.location, &self.area, &self.country, &self.code].iter().all(|t| t.is_empty())
    }

    /// The country by name, else by code.
    fn country(&self) -> &str {
        if self.country.is_empty() { &self.code } else { &self.country }
    }
}

/// All places, and what waits for them.
#[derive(Default)]
pub(super) struct Places {
    places: HashMap<String, Town>,
    waiting: Vec<(Id, Vec<Pending>)>,
}

fn line(parts: &[&str]) -> String {
    parts.iter().copied().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
}

impl Places {
    /// Reads a `place`.
    pub(super) fn read(&mut self, el: El<'_>, at: &At, report: &mut Report) {
        report.count("places", 1);
        let mut town = Town::of(el);
        let mut seen: Vec<&str> = Vec::new();
        for c in el.children() {
            let first = !seen.contains(&c.name());
            if first && matches!(c.name(), "location" | "area" | "country") {
                seen.push(c.name());
                continue;
            }
            town.more.extend(leaves(c, &c.name().replace('-', "_")));
        }
        let ssid = el.attr("ssid").to_owned();
        if self.places.insert(ssid.clone(), town).is_some() {
            report.suspect("place number occurs twice, the last is used", at.clone(), &ssid);
        }
    }

    /// Keeps what a target says until the places are known.
    pub(super) fn refer(&mut self, id: &Id, pending: Vec<Pending>) {
        if !pending.is_empty() {
            self.waiting.push((id.clone(), pending));
        }
    }

    /// Hands over all that waited, one record per target.
    ///
    /// # Errors
    /// What the sink refuses.
    pub(super) fn put(&self, at: &At, sink: &mut Sink<'_>) -> Result<()> {
        for (id, pending) in &self.waiting {
            let mut facts = Facts::default();
            for p in pending {
                let found = self.places.get(&p.place_id);
                if found.is_none() && !p.place_id.is_empty() {
                    let at = at.clone().element(format!("target {}", id.local()));
                    sink.report.suspect("place that is not in the file", at, &p.place_id);
                    facts.text("place_id", p.place_id.as_str());
                }
                let town = found.filter(|_| p.own.is_empty()).unwrap_or(&p.own);
                say(&p.what, town, &mut facts);
                for (name, value) in &town.more {
                    facts.add(Fact::new(format!("place_{name}"), value.as_str()).kind(town.location.as_str()));
                }
            }
            let facts = facts.into_vec();
            if !facts.is_empty() {
                let mut record = PartyRecord::new(id.clone(), "");
                record.facts = facts;
                sink.put("address", Record::Party(record))?;
            }
        }
        Ok(())
    }
}

fn say(what: &Use, town: &Town, facts: &mut Facts) {
    let whole = line(&[&town.location, &town.area, town.country()]);
    match what {
        Use::Address { before, zip, kind, note } => {
            let located = [zip.as_str(), &town.location].join(" ");
            let parts = line(&[before, located.trim(), &town.area]);
            let address = line(&[&parts, town.country()]);
            // A country alone is no address.
            if !parts.is_empty() {
                facts.add(Fact::new(prop::ADDRESS, address.as_str()).kind(kind.as_str()));
            }
            if !town.country().is_empty() {
                facts.add(Fact::new(prop::COUNTRY, town.country()).kind("address"));
            }
            let kind = if address.is_empty() { "address".to_owned() } else { format!("address {address}") };
            facts.note(note.as_str(), kind);
        }
        Use::Birth(quality) => {
            facts.add(Fact::new(prop::BIRTH_PLACE, whole).kind(quality.as_str()));
        }
        Use::Issue(document) => {
            facts.add(Fact::new("place_of_issue", whole).kind(document.as_str()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_place() {
        let town = Town { location: "Port Oldhaven, North".into(), code: "QZ".into(), ..Town::default() };
        let mut facts = Facts::default();
        let address = |before: &str| Use::Address {
            before: before.into(),
            zip: "77".into(),
            kind: String::new(),
            note: String::new(),
        };
        say(&address("Quay 1, Shed 2"), &town, &mut facts);
        say(&address(""), &Town { country: "Norland".into(), ..Town::default() }, &mut facts);
        say(&Use::Birth("low".into()), &town, &mut facts);
        let got: Vec<(String, String)> = facts.into_vec().into_iter().map(|f| (f.prop, f.value)).collect();
        let want = [
            ("address", "Quay 1, Shed 2, 77 Port Oldhaven, North, QZ"),
            ("country", "QZ"),
            ("address", "77, Norland"),
            ("country", "Norland"),
            ("birth_place", "Port Oldhaven, North, QZ"),
        ];
        assert_eq!(got, want.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
