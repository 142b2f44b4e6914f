//! Persons and firms with significant control, and what they hold.

use super::line::{Members, keep, text, texts};
use super::natures::{self, Nature};
use super::{COH, MAX_WORDS, Notice, PERSONS, PSC, Reader, registers};
use crate::error::Result;
use crate::import::Input;
use crate::model::{End, Fact, Id, PartialDate, PartyRecord, Record, RelationRecord, prop};
use serde_json::value::RawValue;
use std::collections::HashSet;

/// The parts of an address, in the order in which they are written.
const ADDRESS: [&str; 9] = [
    "care_of",
    "po_box",
    "premises",
    "address_line_1",
    "address_line_2",
    "locality",
    "region",
    "postal_code",
    "country",
];

/// What is known of a person before it has an id.
#[derive(Default)]
struct Person {
    facts: Vec<Fact>,
    codes: Vec<String>,
    /// Country, place and number of registration.
    registered: [String; 3],
    ceased: bool,
}

/// The node type of a kind; `None` for one that is not known.
fn node_type(kind: &str) -> Option<&'static str> {
    let kind = kind.strip_suffix("-person-with-significant-control").or_else(|| kind.strip_suffix("-beneficial-owner"));
    Some(match kind? {
        "individual" | "super-secure" => "person",
        "corporate-entity" => "company",
        "legal-person" => "legal_entity",
        _ => return None,
    })
}

/// An address in one line.
fn address(name: &str, raw: &RawValue, facts: &mut Vec<Fact>) {
    let Some(mut members) = Members::of(raw) else { return keep(name, raw, facts) };
    let parts: Vec<String> =
        ADDRESS.iter().map(|p| members.take_text(p).into_owned()).filter(|t| !t.is_empty()).collect();
    let mut line = String::new();
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            // A house number stands before its street.
            let number = line.bytes().all(|b| b.is_ascii_digit());
            line.push_str(if number { " " } else { ", " });
        }
        line.push_str(part);
    }
    if !line.is_empty() {
        facts.push(Fact::new(prop::ADDRESS, line).kind(name));
    }
    members.0.iter().for_each(|(n, v)| keep(&format!("{name}_{n}"), v, facts));
}

fn birth(raw: &RawValue) -> Option<Fact> {
    let mut members = Members::of(raw)?;
    let number = |t: &str| t.parse::<u32>().ok();
    let year = number(&members.take_text("year"))?;
    let part = |members: &mut Members<'_>, name: &str| match members.take_text(name) {
        t if t.is_empty() => Some(0),
        t => number(&t),
    };
    let (month, day) = (part(&mut members, "month")?, part(&mut members, "day")?);
    let date = PartialDate::new(year, month, day).ok().filter(|_| members.0.is_empty() && (month > 0 || day == 0))?;
    Some(Fact::new(prop::BIRTH, date.to_string()))
}

impl Person {
    fn read(&mut self, r: &mut Reader<'_, '_>, n: &mut Notice<'_>, input: &Input) {
        for (name, raw) in std::mem::take(&mut n.members.0) {
            let value = text(raw);
            if value.is_empty() {
                continue;
            }
            match &*name {
                "name" => self.facts.push(Fact::name(prop::NAME, value)),
                "name_elements" => match Members::of(raw) {
                    Some(parts) => parts.0.iter().for_each(|(part, v)| keep(part, v, &mut self.facts)),
                    None => keep(&name, raw, &mut self.facts),
                },
                "date_of_birth" => self.facts.push(birth(raw).unwrap_or_else(|| {
                    r.sink.report.suspect("date of birth not understood", input.here(), raw.get());
                    Fact::new("birth_text", raw.get())
                })),
                "nationality" => {
                    self.facts.extend(value.split(',').map(str::trim).filter(|t| !t.is_empty()).map(|t| {
                        let raw = if t == value { String::new() } else { value.clone().into_owned() };
                        Fact { raw, ..Fact::new(prop::COUNTRY, t).kind("nationality") }
                    }))
                }
                "country_of_residence" => {
                    self.facts.push(Fact::new(prop::COUNTRY, value).kind("country_of_residence"));
                }
                "identification" => self.identification(raw),
                "natures_of_control" => match texts(raw) {
                    Some(codes) => {
                        self.codes = codes.iter().map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()).collect();
                    }
                    None => {
                        r.sink.report.suspect("natures of control not understood", input.here(), raw.get());
                        keep(&name, raw, &mut n.facts);
                    }
                },
                "is_sanctioned" => self.facts.push(Fact::new("is_sanctioned", value)),
                "ceased" => {
                    self.ceased = value == "true";
                    n.facts.push(Fact::new("ceased", value));
                }
                a if a == "address" || a.ends_with("_address") => address(a, raw, &mut self.facts),
                _ => keep(&name, raw, &mut n.facts),
            }
        }
    }

    fn identification(&mut self, raw: &RawValue) {
        let Some(members) = Members::of(raw) else { return keep("identification", raw, &mut self.facts) };
        let [country, place, number] = &mut self.registered;
        for (name, raw) in &members.0 {
            let value = text(raw).into_owned();
            if value.is_empty() {
                continue;
            }
            match &**name {
                "country_registered" => {
                    self.facts.push(Fact::new(prop::COUNTRY, value.as_str()).kind("country_registered"));
                    *country = value;
                }
                "place_registered" => {
                    self.facts.push(Fact::new("place_registered", value.as_str()));
                    *place = value;
                }
                "registration_number" => {
                    self.facts.push(Fact::new(prop::IDENTIFIER, value.as_str()).kind("registration_number"));
                    *number = value;
                }
                _ => keep(name, raw, &mut self.facts),
            }
        }
    }
}

impl Reader<'_, '_> {
    pub(super) fn person(&mut self, mut n: Notice<'_>, input: &Input) -> Result<()> {
        self.state.persons += 1;
        let mut person = Person::default();
        let kind = n.kind.clone();
        let node = node_type(&kind).unwrap_or_else(|| {
            self.sink.report.suspect("unknown kind", input.here(), &kind);
            "thing"
        });
        n.facts.insert(0, Fact::new("psc_kind", kind));
        person.read(self, &mut n, input);
        let [country, place, number] = &person.registered;
        let joined = (node == "company").then(|| registers::joined(country, place, number)).flatten();
        let id = match &joined {
            Some(number) => {
                self.state.joined += 1;
                self.company(number)?.map_or_else(|| Id::new(COH, number), Ok)
            }
            None => Id::new(PSC, &n.id),
        }
        .map_err(|e| e.at(input.here()))?;
        let mut party = PartyRecord::new(id.clone(), node);
        party.facts = person.facts;
        let mut codes: Vec<(String, Nature)> = Vec::new();
        let mut said: HashSet<&str> = HashSet::new();
        for code in &person.codes {
            let nature = self.nature(code, input);
            if said.insert(code) {
                codes.push((code.clone(), nature));
            } else {
                self.sink.report.skip("the same nature of control twice", input.here(), code);
            }
        }
        let relations = match n.company.clone() {
            Some(company) => self.held(&n, &id, &company, &codes, person.ceased, input),
            None => {
                party.facts.extend(codes.iter().map(|(code, _)| Fact::new("nature_of_control", code.as_str())));
                Vec::new()
            }
        };
        if joined.is_some() {
            // One firm may stand behind many notifications: what is said of one stays with it.
            party.cites = n.cite();
            self.sink.put(PERSONS, Record::Party(party))?;
            for mut r in relations {
                r.facts.extend(n.facts.iter().cloned());
                self.put_relation(PERSONS, r)?;
            }
            return Ok(());
        }
        party.facts.append(&mut n.facts);
        self.sink.put(PERSONS, Record::Party(party))?;
        relations.into_iter().try_for_each(|r| self.put_relation(PERSONS, r))
    }

    /// What a code means; counts it.
    fn nature(&mut self, code: &str, input: &Input) -> Nature {
        let nature = match self.state.natures.get_mut(code) {
            Some((nature, count)) => {
                *count += 1;
                nature.clone()
            }
            None => {
                let nature = natures::read(code);
                let key = if self.state.natures.len() < MAX_WORDS { code } else { "(others)" };
                self.state.natures.entry(key.to_owned()).or_insert_with(|| (nature.clone(), 0)).1 += 1;
                nature
            }
        };
        if !nature.known {
            self.sink.report.suspect("unknown nature of control", input.here(), code);
        }
        nature
    }

    /// One relation per code; an interest of unknown kind where there is none.
    fn held(
        &mut self,
        n: &Notice<'_>,
        holder: &Id,
        company: &Id,
        codes: &[(String, Nature)],
        ceased: bool,
        input: &Input,
    ) -> Vec<RelationRecord> {
        if holder == company {
            self.sink.report.suspect("company that controls itself", input.here(), company.as_str());
        }
        let base = |nature: &Nature, key: &str, ordinal: usize| {
            let (from, to) = if nature.flip { (company, holder) } else { (holder, company) };
            let mut r = RelationRecord::new(End::Id(from.clone()), nature.edge_type, End::Id(to.clone()));
            r.id = Id::new(PSC, &format!("{}/{key}", n.id)).ok();
            if r.id.is_none() {
                r.ordinal = u32::try_from(ordinal).unwrap_or(u32::MAX);
            }
            (r.share, r.direct, r.start, r.end) = (nature.share, nature.direct, n.start, n.end);
            r.role.clone_from(&nature.role);
            if ceased && n.end.is_none() {
                r.facts.push(Fact::new(prop::FORMER, "true"));
            }
            r
        };
        if codes.is_empty() {
            if !n.kind.starts_with("super-secure") {
                self.sink.report.suspect("no nature of control", input.here(), &n.id);
            }
            return vec![base(&Nature { known: true, ..natures::read("") }, "interest", 0)];
        }
        let relation = |(i, (code, nature)): (usize, &(String, Nature))| {
            let mut r = base(nature, code, i);
            r.facts.push(Fact::new("nature_of_control", code.as_str()));
            if nature.flip {
                r.facts.push(Fact::new("source_direction", "reversed"));
            }
            r
        };
        codes.iter().enumerate().map(relation).collect()
    }
}
