//! What an entry of OFAC's lists becomes, in whatever form the list came: the CSV set, the
//! older XML, or the screening list that repeats them.

use super::Family;
use super::remarks::{self, Item};
use crate::error::{Place, Result};
use crate::import::{Report, Sink};
use crate::model::{End, Fact, Id, Listing, PartialDate, PartyRecord, Record, RelationRecord, prop};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What the items of one entry add up to, in one part of the release.
#[derive(Default)]
pub(in crate::import) struct Said {
    /// Statements on the entry.
    pub(in crate::import) facts: Vec<Fact>,
    /// Names that it is linked to, in order.
    pub(in crate::import) linked: Vec<String>,
    /// Items read, so that one said twice is kept once.
    items: HashSet<String>,
}

impl Said {
    /// Reads one item of the language of the remarks.
    pub(in crate::import) fn say(&mut self, text: &str, place: &Place, report: &mut Report) {
        let fact = match remarks::item(text) {
            Item::LinkedTo(name) => return self.linked.push(name),
            Item::Fact(fact) => fact,
            Item::Unread(fact, why) => {
                report.suspect(why, place.clone(), text);
                fact
            }
        };
        if fact.prop == "remark" {
            report.count("other_remarks", 1);
        }
        if self.items.insert(text.to_owned()) {
            self.facts.push(fact);
        }
    }
}

/// The node type of an entry by the word of its list, in any case; the second value is `true`
/// where the word is not known.
pub(in crate::import) fn node_type(word: &str) -> (&'static str, bool) {
    match word.to_ascii_lowercase().as_str() {
        "individual" => ("person", false),
        "vessel" => ("vessel", false),
        "aircraft" => ("aircraft", false),
        "" | "entity" => ("legal_entity", false),
        _ => ("legal_entity", true),
    }
}

/// The list within the Consolidated list that a programme stands for.
pub(in crate::import) fn list_of(code: &str) -> Option<&'static str> {
    match code {
        "UKRAINE-EO13662" => Some("ofac_ssi"),
        "NS-PLC" => Some("ofac_ns_plc"),
        "CMIC-EO13959" => Some("ofac_ns_cmic"),
        "561-Related" => Some("ofac_capta"),
        _ if code.starts_with("FSE-") => Some("ofac_fse"),
        _ => None,
    }
}

/// The list itself, and the lists that make up the Consolidated one, told by programme.
pub(in crate::import) fn listings(family: Family, programs: &[String], facts: &[Fact]) -> Vec<Listing> {
    let mut all = vec![Listing { list: family.list().to_owned(), programs: programs.to_vec(), ..Listing::default() }];
    if family == Family::Consolidated {
        for code in programs {
            let Some(list) = list_of(code) else { continue };
            match all.iter_mut().skip(1).find(|l| l.list == list) {
                Some(l) => l.programs.push(code.clone()),
                None => {
                    let from = (list == "ofac_ns_cmic").then(|| listing_date(facts, "CMIC")).flatten();
                    let programs = vec![code.clone()];
                    all.push(Listing { list: list.to_owned(), from, programs, ..Listing::default() });
                }
            }
        }
    }
    all
}

/// The first day on a list that the remarks state for it.
pub(in crate::import) fn listing_date(facts: &[Fact], scope: &str) -> Option<PartialDate> {
    facts.iter().find(|f| f.prop == "listing_date" && f.kind == scope).and_then(|f| PartialDate::parse(&f.value).ok())
}

/// One strong alias by its label, `a.k.a.` and so on.
pub(in crate::import) fn alias(label: &str, name: &str, place: &Place, report: &mut Report) -> Fact {
    let prop = match label {
        "f.k.a." => prop::FORMER_NAME,
        "a.k.a." | "n.k.a." => prop::ALIAS,
        other => {
            report.suspect("unknown type of alias, taken as an alias", place.clone(), other);
            prop::ALIAS
        }
    };
    Fact::name(prop, name).kind(label)
}

/// One address from its lines and its country.
pub(in crate::import) fn address(lines: &[&str], country: &str, remarks: &str) -> Vec<Fact> {
    let line: Vec<&str> = lines.iter().copied().chain([country]).filter(|l| !l.is_empty()).collect();
    let line = line.join(", ");
    let mut facts = Vec::new();
    if !line.is_empty() {
        facts.push(Fact::new(prop::ADDRESS, line.as_str()));
    }
    if !remarks.is_empty() {
        facts.push(Fact::new("address_remarks", remarks).kind(line));
    }
    if !country.is_empty() {
        facts.push(Fact::new(prop::COUNTRY, country).kind("address"));
    }
    facts
}

/// Writes the programmes of an entry, each as a party the first time it is met.
pub(in crate::import) fn put_programs(
    known: &mut BTreeSet<String>,
    id: &Id,
    programs: Vec<String>,
    place: &Place,
    sink: &mut Sink<'_>,
) -> Result<()> {
    for code in programs {
        let Ok(program) = Id::new("ofac.program", &code) else {
            sink.report.skip("programme code that cannot be an id", place.clone(), &code);
            continue;
        };
        if !known.contains(&code) {
            let mut record = PartyRecord::new(program.clone(), "sanctions_program");
            record.facts.push(Fact::name(prop::NAME, code.as_str()));
            sink.put("primary", Record::Party(record))?;
            known.insert(code);
        }
        let relation = RelationRecord::new(End::Id(id.clone()), "under_program", End::Id(program));
        sink.put("primary", Record::Relation(relation))?;
    }
    Ok(())
}

/// The owner of a ship and the operators of an aircraft: the source names the holder on the
/// asset's own entry, so the holder becomes the subject.
pub(in crate::import) fn holders(id: &Id, owner: &str, facts: &[Fact]) -> Vec<Record> {
    let flipped = |edge: &str, holder: &str, label: &str| {
        let mut r = RelationRecord::new(End::Name(holder.to_owned()), edge, End::Id(id.clone()));
        r.facts = vec![Fact::new("source_label", label), Fact::new("source_direction", "reversed")];
        Record::Relation(r)
    };
    let operators: BTreeSet<&str> =
        facts.iter().filter(|f| f.prop == "aircraft_operator").map(|f| f.value.as_str()).collect();
    let owner = Some(owner).filter(|o| !o.is_empty()).map(|o| flipped("owns", o, "Vess_owner"));
    owner.into_iter().chain(operators.into_iter().map(|o| flipped("operates", o, "Aircraft Operator"))).collect()
}

/// The relations of `Linked To`; the same name twice gives two of them.
pub(in crate::import) fn links(id: &Id, names: Vec<String>, ordinals: &mut HashMap<String, u32>) -> Vec<Record> {
    let link = |name: String| {
        let next = ordinals.entry(name.clone()).or_default();
        let mut relation = RelationRecord::new(End::Id(id.clone()), "linked_to", End::Name(name));
        relation.ordinal = *next;
        *next += 1;
        relation.facts.push(Fact::new("source_label", "Linked To"));
        Record::Relation(relation)
    };
    names.into_iter().map(link).collect()
}
