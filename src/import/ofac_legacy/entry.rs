//! One `sdnEntry`: written in the language of the CSV set's remarks, and read by its reader.

use crate::error::{Place, Result};
use crate::import::hashes::{Hashes, tag};
use crate::import::leaves;
use crate::import::ofac_csv::Family;
use crate::import::ofac_csv::entry::{self as shared, Said};
use crate::import::ofac_csv::items::item_end;
use crate::import::ofac_csv::remarks::{Item, item};
use crate::import::xml::El;
use crate::import::{Report, Sink};
use crate::model::{Fact, Id, PartyRecord, Record, prop};
use std::collections::{BTreeSet, HashMap, HashSet};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// Elements of an entry that are read by name.
const KNOWN: [&str; 15] = [
    "uid",
    "firstName",
    "lastName",
    "title",
    "sdnType",
    "remarks",
    "programList",
    "idList",
    "akaList",
    "addressList",
    "nationalityList",
    "citizenshipList",
    "dateOfBirthList",
    "placeOfBirthList",
    "vesselInfo",
];
/// Members of `vesselInfo`, with the names that the CSV set gives them, in its order.
const VESSEL: [(&str, &str); 5] = [
    ("callSign", "call_sign"),
    ("vesselType", "vessel_type"),
    ("tonnage", "tonnage"),
    ("grossRegisteredTonnage", "grt"),
    ("vesselOwner", "vessel_owner"),
];

/// Lists of statements on a person: list, item, value, count in the report, word of the remarks.
const PERSONAL: [(&str, &str, &str, &str, &str); 4] = [
    ("dateOfBirthList", "dateOfBirthItem", "dateOfBirth", "dobs", "DOB"),
    ("placeOfBirthList", "placeOfBirthItem", "placeOfBirth", "pobs", "POB"),
    ("nationalityList", "nationality", "country", "nationalities", "nationality"),
    ("citizenshipList", "citizenship", "country", "citizenships", "citizen"),
];

/// How far `(Linked To: NAME)` may reach, in bytes.
const MAX_BRACKET: usize = 1000;

/// Reads entries into records.
pub(super) struct Entries {
    family: Family,
    programs: BTreeSet<String>,
    /// Ids so far, each with the tag of what its entry said.
    seen: Hashes,
}

/// Last name and first name as the CSV set writes them.
fn name_of(el: El<'_>) -> String {
    let both = [el.child_text("lastName"), el.child_text("firstName")];
    both.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ")
}

impl Entries {
    /// A reader for the list of a family.
    pub(super) fn new(family: Family) -> Entries {
        Entries { family, programs: BTreeSet::new(), seen: Hashes::default() }
    }

    /// How many programmes were met.
    pub(super) fn programs(&self) -> u64 {
        self.programs.len() as u64
    }

    /// Reads one entry.
    ///
    /// # Errors
    /// What the sink refuses.
    pub(super) fn read(&mut self, el: El<'_>, place: Place, sink: &mut Sink<'_>) -> Result<()> {
        sink.report.count("entries", 1);
        let number = el.child_text("uid");
        let name = name_of(el);
        let place = place.element(format!("entry {}", if number.is_empty() { &name } else { number }));
        let mut facts: Vec<Fact> = Vec::new();
        if name.is_empty() {
            sink.report.suspect("entry without a name", place.clone(), number);
        } else {
            facts.push(Fact::name(prop::NAME, name.as_str()));
        }
        let owner = described(el, &mut facts, &mut sink.report);
        let mut said = Said::default();
        personal(el, &mut said, &mut facts, &place, &mut sink.report);
        documents(el, &mut said, &place, &mut sink.report);
        let (aliases, weak) = names(el, &place, &mut sink.report);
        said.facts.extend(weak);
        remarks(el.child_text("remarks"), &mut said, &mut facts, &place, &mut sink.report);
        if said.linked.contains(&name) {
            sink.report.suspect("entry linked to itself", place.clone(), &name);
        }
        facts.append(&mut said.facts);
        let addresses = addresses(el, &mut sink.report);
        for odd in el.children().filter(|c| !KNOWN.contains(&c.name())) {
            facts.extend(leaves::facts(odd));
        }
        let word = el.child_text("sdnType");
        let (node_type, odd) = shared::node_type(word);
        if odd {
            sink.report.suspect("unknown type of entry, taken as an entity", place.clone(), word);
        }
        sink.report.count(&format!("by_type/{word}"), 1);
        let programs = programs(el, &mut sink.report);

        let content = facts.iter().chain(&aliases).chain(&addresses).fold(0, |h, f| {
            let h = [&f.prop, &f.kind, &f.value, &f.raw].iter().fold(h, |h, t| xxh3_64_with_seed(t.as_bytes(), h));
            xxh3_64_with_seed(node_type.as_bytes(), h)
        });
        let content = programs.iter().chain(&said.linked).fold(content, |h, t| xxh3_64_with_seed(t.as_bytes(), h));
        let id = match Id::new("ofac", number) {
            Ok(id) if !number.is_empty() => id,
            _ => {
                sink.report.suspect("entry without a usable number, one made from its content", place.clone(), &name);
                Id::new("ofac", &format!("unnumbered-{content:016x}"))?
            }
        };
        match self.seen.insert(xxh3_64(id.as_str().as_bytes()), tag(content)) {
            Some(first) if first == tag(content) => {
                sink.report.skip("entry that repeats an earlier one", place, &name);
                return Ok(());
            }
            Some(_) => sink.report.suspect("reference number occurs twice", place.clone(), id.as_str()),
            None => {}
        }

        let mut record = PartyRecord::new(id.clone(), node_type);
        record.listings = shared::listings(self.family, &programs, &facts);
        let relations = shared::holders(&id, owner, &facts);
        record.facts = facts;
        sink.put("primary", Record::Party(record))?;
        shared::put_programs(&mut self.programs, &id, programs, &place, sink)?;
        for relation in relations.into_iter().chain(shared::links(&id, said.linked, &mut HashMap::new())) {
            sink.put("primary", relation)?;
        }
        for (part, facts) in [("address", addresses), ("alias", aliases)] {
            if !facts.is_empty() {
                let mut record = PartyRecord::new(id.clone(), "");
                record.facts = facts;
                sink.put(part, Record::Party(record))?;
            }
        }
        Ok(())
    }
}

/// Facts of the members of an item that have no reader, under the name of the item.
fn rest(el: El<'_>, known: &[&str], kind: &str) -> Vec<Fact> {
    let own = leaves::named(el.name());
    let odd = el.children().filter(|c| !known.contains(&c.name()));
    odd.flat_map(leaves::facts).map(|f| Fact { prop: format!("{own}_{}", f.prop), ..f }.kind(kind)).collect()
}

/// Title and what is said of a ship; gives its owner.
fn described<'a>(el: El<'a>, facts: &mut Vec<Fact>, report: &mut Report) -> &'a str {
    for title in el.all("title").map(El::text).filter(|t| !t.is_empty()) {
        facts.push(Fact::new("title", title));
    }
    let mut owner = "";
    for ship in el.all("vesselInfo") {
        report.count("vessel_info", 1);
        for (member, name) in VESSEL {
            let value = ship.child_text(member);
            if !value.is_empty() {
                facts.push(Fact::new(name, value));
            }
            if member == "vesselOwner" {
                owner = value;
            }
        }
        let flag = ship.child_text("vesselFlag");
        if !flag.is_empty() {
            facts.push(Fact::new(prop::COUNTRY, flag).kind("flag"));
        }
        facts.extend(rest(
            ship,
            &["callSign", "vesselType", "tonnage", "grossRegisteredTonnage", "vesselOwner", "vesselFlag"],
            "",
        ));
    }
    owner
}

/// Births, nationalities and citizenships; those that are not the main entry are alternatives.
fn personal(el: El<'_>, said: &mut Said, facts: &mut Vec<Fact>, place: &Place, report: &mut Report) {
    for (list, one, value, count, word) in PERSONAL {
        for found in el.all(list).flat_map(|l| l.all(one)) {
            report.count(count, 1);
            let text = found.child_text(value);
            if text.is_empty() {
                report.skip("statement without a value", place.clone(), one);
            } else {
                let alt = if found.child_text("mainEntry") == "false" { "alt. " } else { "" };
                said.say(&format!("{alt}{word} {text}"), place, report);
            }
            facts.extend(rest(found, &["uid", "mainEntry", value], text));
        }
        for list in el.all(list) {
            facts.extend(rest(list, &[one], ""));
        }
    }
}

/// Identity documents, and everything else that the list of them holds: the second of a type
/// is an alternative, as the CSV set has it.
fn documents(el: El<'_>, said: &mut Said, place: &Place, report: &mut Report) {
    let mut types: HashSet<&str> = HashSet::new();
    for one in el.all("idList").flat_map(|l| l.all("id")) {
        report.count("ids", 1);
        let (kind, number) = (one.child_text("idType"), one.child_text("idNumber"));
        report.count(&format!("ids_by_type/{kind}"), 1);
        if number.is_empty() {
            report.skip("identity document without a number", place.clone(), kind);
            continue;
        }
        let alt = if kind.is_empty() || types.insert(kind) { "" } else { "alt. " };
        let mut body = format!("{kind} {number}").trim().to_owned();
        for (member, before, after) in
            [("idCountry", " (", ")"), ("issueDate", " issued ", ""), ("expirationDate", " expires ", "")]
        {
            let value = one.child_text(member);
            if !value.is_empty() {
                body.push_str(&format!("{before}{value}{after}"));
            }
        }
        let text = format!("{alt}{body}");
        // A type that the remarks do not tell from prose is told from it here.
        let known = !matches!(item(&text), Item::Fact(f) if f.prop == "remark");
        if known || kind.is_empty() {
            said.say(&text, place, report);
        } else if number.bytes().any(|b| b.is_ascii_digit()) && number.len() < 120 {
            said.facts.push(Fact { raw: text, ..Fact::new(prop::IDENTIFIER, number).kind(kind) });
        } else {
            said.facts.push(Fact::new(leaves::named(kind), number).kind(if alt.is_empty() {
                ""
            } else {
                "alternative"
            }));
        }
        said.facts.extend(rest(
            one,
            &["uid", "idType", "idNumber", "idCountry", "issueDate", "expirationDate"],
            number,
        ));
    }
}

/// Strong aliases, and weak ones.
fn names(el: El<'_>, place: &Place, report: &mut Report) -> (Vec<Fact>, Vec<Fact>) {
    let (mut strong, mut weak): (Vec<Fact>, Vec<Fact>) = (Vec::new(), Vec::new());
    for aka in el.all("akaList").flat_map(|l| l.all("aka")) {
        let (label, category, name) = (aka.child_text("type"), aka.child_text("category"), name_of(aka));
        report.count("aliases", 1);
        report.count(&format!("aliases_by_type_category/{label}/{category}"), 1);
        if name.is_empty() {
            report.skip("alias without a name", place.clone(), label);
            continue;
        }
        if !matches!(category, "strong" | "weak") {
            report.suspect("unknown category of alias, taken as strong", place.clone(), category);
        }
        let (fact, list) = match category {
            "weak" => (Fact::name(prop::WEAK_ALIAS, name.as_str()).kind(label), &mut weak),
            _ => (shared::alias(label, &name, place, report), &mut strong),
        };
        list.push(fact);
        list.extend(rest(aka, &["uid", "type", "category", "lastName", "firstName"], &name));
    }
    distinct(&mut strong);
    distinct(&mut weak);
    (strong, weak)
}

/// Keeps the first of those that say the same.
fn distinct(facts: &mut Vec<Fact>) {
    let mut said = HashSet::new();
    facts.retain(|f| said.insert((f.prop.clone(), f.kind.clone(), f.value.clone())));
}

fn addresses(el: El<'_>, report: &mut Report) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for a in el.all("addressList").flat_map(|l| l.all("address")) {
        report.count("addresses", 1);
        let join = |names: &[&str], gap: &str| {
            let all = names.iter().map(|n| a.child_text(n)).filter(|t| !t.is_empty());
            all.collect::<Vec<_>>().join(gap)
        };
        let street = join(&["address1", "address2", "address3"], ", ");
        let town = join(&["city", "stateOrProvince"], ", ");
        let town = [town.as_str(), a.child_text("postalCode")].join(" ");
        let country = a.child_text("country");
        let found = shared::address(&[&street, town.trim()], country, "");
        let known = ["uid", "address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country"];
        let odd = rest(a, &known, found.first().map(|f| f.value.as_str()).unwrap_or_default());
        if found.is_empty() && odd.is_empty() {
            report.count("placeholder_addresses", 1);
        }
        facts.extend(found.into_iter().chain(odd));
    }
    distinct(&mut facts);
    facts
}

fn programs(el: El<'_>, report: &mut Report) -> Vec<String> {
    let (mut codes, mut said): (Vec<String>, HashSet<&str>) = (Vec::new(), HashSet::new());
    for code in el.all("programList").flat_map(|l| l.all("program")).map(El::text).filter(|t| !t.is_empty()) {
        report.count("programs", 1);
        report.count(&format!("programs_by/{code}"), 1);
        if said.insert(code) {
            codes.push(code.to_owned());
        }
    }
    report.count("multi_program_entries", u64::from(codes.len() > 1));
    codes
}

/// The remarks: items divided as in the CSV set, but without a full stop of their own at the
/// end, and with `Linked To` in brackets.
fn remarks(text: &str, said: &mut Said, facts: &mut Vec<Fact>, place: &Place, report: &mut Report) {
    if text.is_empty() {
        return;
    }
    report.count("remarks_entries", 1);
    facts.push(Fact::new("remarks", text));
    for item in items(text) {
        let item = match item.strip_prefix('(').filter(|t| t.starts_with("Linked To:")) {
            Some(open) => open.strip_suffix(')').unwrap_or_else(|| {
                report.suspect("Linked To in a bracket that is not closed", place.clone(), item);
                open
            }),
            None => item,
        };
        report.count("linked_to_in_remarks", u64::from(item.starts_with("Linked To:")));
        said.say(item, place, report);
    }
}

/// Divides remarks of the older XML.
pub(in crate::import) fn items(text: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = match bracket_end(rest) {
            Some(end) => end,
            None => item_end(rest, false).unwrap_or(rest.len()),
        };
        let found = rest.get(..end).unwrap_or_default().trim();
        if !found.is_empty() {
            all.push(found);
        }
        rest = rest.get(end + 1..).unwrap_or_default().trim_start();
    }
    all
}

/// Where `(Linked To: NAME)` ends: at its own bracket before a divider or the end, for names hold
/// brackets and semicolons; where they do not match, at the first that could be it.
fn bracket_end(text: &str) -> Option<usize> {
    text.strip_prefix("(Linked To:")?;
    let (mut depth, mut first) = (0, None);
    for (i, b) in text.bytes().enumerate().take(MAX_BRACKET) {
        depth += i32::from(b == b'(') - i32::from(b == b')');
        let after = text.as_bytes().get(i + 1);
        if b == b')' && after.is_none_or(|b| *b == b';') {
            if depth == 0 {
                return Some(i + 1);
            }
            first = first.or(Some(i + 1));
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::items;

    #[test]
    fn remarks_are_divided() {
        assert_eq!(
            items("Sill; (Linked To: A (B); C LTD.); (Linked To: D)"),
            ["Sill", "(Linked To: A (B); C LTD.)", "(Linked To: D)"]
        );
        assert_eq!(items("see this.; a.k.a. 'B; C'; "), ["see this.", "a.k.a. 'B; C'"]);
        assert_eq!(items("(Linked To: A :-(); B"), ["(Linked To: A :-()", "B"]);
        assert_eq!(items("(Linked To: A; B"), ["(Linked To: A", "B"]);
        assert!(items("").is_empty() && items(" ; ").is_empty());
        let hostile = "(Linked To: x".repeat(50_000);
        assert_eq!(items(&hostile).len(), 1);
        let hostile = "(Linked To: x; ".repeat(20_000);
        assert!(items(&hostile).len() > 1000);
    }
}
