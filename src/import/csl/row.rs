//! One row of the Consolidated Screening List: one party on one list.

use super::lists::{List, list};
use crate::error::{Error, Place, Result};
use crate::import::dates::{self, Order};
use crate::import::hashes::{Hashes, tag};
use crate::import::leaves::named;
use crate::import::name_cell;
use crate::import::ofac_csv::entry::{self as shared, Said};
use crate::import::ofac_csv::remarks::{Item, item};
use crate::import::ofac_legacy::items;
use crate::import::rows::{Header, Rows};
use crate::import::{Report, Sink};
use crate::model::{Fact, Id, Listing, PartialDate, PartyRecord, Record, prop};
use std::collections::{BTreeSet, HashMap, HashSet};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The part of the relations.
const LINKS: &str = "links";

/// Columns that are facts as they stand, with the names that the OFAC lists give them.
const TEXTS: [(&str, &str); 11] = [
    ("title", "title"),
    ("call_sign", "call_sign"),
    ("vessel_type", "vessel_type"),
    ("gross_tonnage", "tonnage"),
    ("gross_registered_tonnage", "grt"),
    ("vessel_owner", "vessel_owner"),
    ("standard_order", "standard_order"),
    ("license_requirement", "license_requirement"),
    ("license_policy", "license_policy"),
    ("source_list_url", "source_list_url"),
    ("source_information_url", "source_information_url"),
];

/// Columns that have a reader of their own.
const READ: [&str; 18] = [
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "vessel_flag",
    "remarks",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "ids",
];

/// Reads rows into records.
pub(super) struct Table {
    header: Header,
    /// Columns that nobody reads, with the property that keeps them.
    others: Vec<(usize, String)>,
    /// Ids so far, by list, each with the tag of its row.
    seen: Hashes,
    /// Relations so far.
    links: Hashes,
    parts: BTreeSet<String>,
}

/// One row with its columns.
struct Cells<'a> {
    header: &'a Header,
    rows: &'a Rows,
}

impl Cells<'_> {
    /// A cell; empty where there is no such column, and for the mark of an empty list.
    fn get(&self, name: &str) -> &str {
        let text = self.header.find(name).map(|i| self.rows.field(i)).unwrap_or_default();
        if text == "[]" { "" } else { text }
    }

    /// The values of a cell that joins several.
    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.get(name).split(';').map(str::trim).filter(|t| !t.is_empty())
    }
}

impl Table {
    /// A reader for a table with a header.
    ///
    /// # Errors
    /// A header without list or name of the entries.
    pub(super) fn new(header: Header, place: &Place) -> Result<Table> {
        header.need("source", place)?;
        header.need("name", place)?;
        let known = |n: &str| {
            let mut all = READ.iter().chain(TEXTS.iter().map(|(c, _)| c));
            all.any(|k| k.eq_ignore_ascii_case(n))
        };
        let others = header.names().enumerate().filter(|(_, n)| !known(n)).map(|(i, n)| (i, named(n))).collect();
        Ok(Table { header, others, seen: Hashes::default(), links: Hashes::default(), parts: BTreeSet::new() })
    }

    /// The parts that the file covers.
    pub(super) fn parts(&self) -> Vec<String> {
        self.parts.iter().cloned().chain([LINKS.to_owned()]).collect()
    }

    /// Reads the current row.
    ///
    /// # Errors
    /// A row as wide as no header, and what the sink refuses.
    pub(super) fn read(&mut self, rows: &Rows, sink: &mut Sink<'_>) -> Result<()> {
        self.header.check(rows)?;
        let cells = Cells { header: &self.header, rows };
        let name = cells.get("name");
        let place = rows.here().element(format!("entry {name}"));
        let list = list(cells.get("source"));
        if !list.known {
            sink.report.suspect("list that is not known", place.clone(), cells.get("source"));
        }
        let id = id(&cells, &list, rows, &place, &mut sink.report)?;
        let key = xxh3_64_with_seed(id.as_str().as_bytes(), xxh3_64(list.id.as_bytes()));
        match self.seen.insert(key, tag(rows.hash())) {
            Some(first) if first == tag(rows.hash()) => {
                sink.report.skip("row that repeats an earlier one", place, name);
                return Ok(());
            }
            Some(_) => sink.report.suspect("reference number occurs twice on a list", place.clone(), id.as_str()),
            None => {}
        }
        sink.report.count("entries", 1);
        sink.report.count(&format!("by_list/{}", list.id), 1);

        let word = cells.get("type");
        // Lists other than OFAC's do not say whether an entry is a person.
        let (node_type, odd) = if word.is_empty() { ("thing", false) } else { shared::node_type(word) };
        if odd {
            sink.report.suspect("unknown type of entry, taken as an entity", place.clone(), word);
        }
        sink.report.count(&format!("by_type/{word}"), 1);
        let mut record = PartyRecord::new(id.clone(), node_type);
        let facts = &mut record.facts;
        if name.is_empty() {
            sink.report.suspect("entry without a name", place.clone(), id.as_str());
        } else {
            facts.push(Fact::name(prop::NAME, name));
        }
        names(&cells, &list, facts, &place, &mut sink.report);
        let texts = TEXTS.iter().map(|(column, prop)| (cells.get(column), *prop));
        facts.extend(texts.filter(|(v, _)| !v.is_empty()).map(|(v, prop)| Fact::new(prop, v)));
        persons(&cells, facts, &place, &mut sink.report);
        addresses(&cells, facts);
        let mut said = Said::default();
        remarks(&cells, &list, facts, &mut said, &place, &mut sink.report);
        identifiers(&cells, facts, &mut said, &place, &mut sink.report);
        facts.append(&mut said.facts);
        facts.push(Fact::new("source_list", cells.get("source")));
        for (column, prop) in &self.others {
            let value = rows.field(*column);
            if !value.is_empty() {
                facts.push(Fact::new(prop.as_str(), value));
            }
        }
        let listing = listing(&cells, &list, facts, &place, &mut sink.report);
        let relations = shared::holders(&id, cells.get("vessel_owner"), facts);
        record.listings.push(listing);
        let relations = relations.into_iter().chain(shared::links(&id, said.linked, &mut HashMap::new()));
        sink.put(&list.id, Record::Party(record))?;
        for relation in relations {
            if self.links.insert(xxh3_64(relation.key().as_bytes()), 0).is_none() {
                sink.put(LINKS, relation)?;
            }
        }
        self.parts.insert(list.id);
        Ok(())
    }
}

/// OFAC's number for entries of its lists, else the number that the table gives. Where there is
/// none, one is made from what tells an entry apart.
fn id(cells: &Cells<'_>, list: &List, rows: &Rows, place: &Place, report: &mut Report) -> Result<Id> {
    let (own, number) = (cells.get("_id"), cells.get("entity_number"));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let treasury = [number, own].into_iter().find(|t| list.treasury && digits(t));
    let found = match treasury {
        Some(number) => Id::new("ofac", number),
        None => {
            if list.treasury {
                report.suspect("entry of an OFAC list without its number", place.clone(), own);
            }
            Id::new("csl", own)
        }
    };
    if let Ok(id) = found {
        return Ok(id);
    }
    report.suspect("entry without a usable id, one made from its content", place.clone(), own);
    let told = ["source", "name", "federal_register_notice", "addresses"];
    let hash = told.iter().fold(0, |h, c| xxh3_64_with_seed(cells.get(c).as_bytes(), h));
    Id::new("csl", &format!("row-{hash:016x}")).map_err(|e: Error| e.at(rows.here()))
}

/// Alternative names. The list of the State Department joins them by commas, which names hold
/// as well.
fn names(cells: &Cells<'_>, list: &List, facts: &mut Vec<Fact>, place: &Place, report: &mut Report) {
    let found = name_cell::split(cells.get("alt_names"), !list.treasury && !list.id.starts_with("bis_"));
    for text in &found.doubtful {
        report.suspect("names run together, kept as text", place.clone(), text);
        facts.push(Fact::new("alt_names", text.as_str()));
    }
    for name in found.names {
        report.count("alt_names", 1);
        if name != cells.get("name") {
            facts.push(Fact::name(prop::ALIAS, name));
        }
    }
}

/// Births, nationalities, citizenships and the flag of a ship.
fn persons(cells: &Cells<'_>, facts: &mut Vec<Fact>, place: &Place, report: &mut Report) {
    let alternative = |first: &mut bool| if std::mem::take(first) { "" } else { "alternative" };
    let mut first = true;
    for text in cells.all("dates_of_birth") {
        match dates::birth(text, Order::MonthFirst) {
            Ok(fact) => facts.push(fact.kind(alternative(&mut first))),
            Err(fact) => {
                report.suspect("date of birth not understood", place.clone(), text);
                facts.push(fact);
            }
        }
    }
    first = true;
    facts.extend(cells.all("places_of_birth").map(|t| Fact::new(prop::BIRTH_PLACE, t).kind(alternative(&mut first))));
    for (column, role) in [("nationalities", "nationality"), ("citizenships", "citizenship"), ("vessel_flag", "flag")] {
        facts.extend(cells.all(column).map(|t| Fact::new(prop::COUNTRY, t).kind(role)));
    }
}

/// A code of a country: two capitals.
fn country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// Addresses, whose last member is the code of a country.
fn addresses(cells: &Cells<'_>, facts: &mut Vec<Fact>) {
    let mut said: HashSet<(&str, &str)> = HashSet::new();
    for line in cells.all("addresses") {
        let code = line.rsplit(',').next().map(str::trim).filter(|c| country(c));
        // A country alone is no address.
        if !country(line) && said.insert((prop::ADDRESS, line)) {
            facts.push(Fact::new(prop::ADDRESS, line));
        }
        if let Some(code) = code.filter(|c| said.insert((prop::COUNTRY, c))) {
            facts.push(Fact::new(prop::COUNTRY, code).kind("address"));
        }
    }
}

/// Remarks: those of OFAC's lists in its own language, others as they are.
fn remarks(cells: &Cells<'_>, list: &List, facts: &mut Vec<Fact>, said: &mut Said, place: &Place, report: &mut Report) {
    let text = cells.get("remarks");
    if text.is_empty() {
        return;
    }
    facts.push(Fact::new("remarks", text));
    if !list.treasury {
        return;
    }
    for found in items(text) {
        let bare = found.strip_prefix('(').filter(|t| t.starts_with("Linked To:"));
        said.say(bare.map_or(found, |t| t.strip_suffix(')').unwrap_or(t)), place, report);
    }
}

/// The cell of identifiers: `Passport, A1, NO`, or `NO, A1, Passport` as older files have it.
fn identifiers(cells: &Cells<'_>, facts: &mut Vec<Fact>, said: &mut Said, place: &Place, report: &mut Report) {
    let mut types: HashSet<String> = HashSet::new();
    for text in cells.all("ids") {
        report.count("ids", 1);
        let parts: Vec<&str> = text.split(", ").map(str::trim).collect();
        let turned = match &parts[..] {
            [rest @ .., kind] if !rest.is_empty() => written(kind, rest, true),
            _ => None,
        };
        let straight = match &parts[..] {
            [kind, rest @ ..] if !rest.is_empty() => written(kind, rest, false),
            _ => None,
        };
        match straight.or(turned) {
            Some((kind, body)) => {
                let alt = if types.insert(kind) { "" } else { "alt. " };
                said.say(&format!("{alt}{body}"), place, report);
            }
            None => {
                report.suspect("identifier of an unknown form, kept as text", place.clone(), text);
                facts.push(Fact::new("ids", text));
            }
        }
    }
}

/// Type and text of an identifier as OFAC's remarks would write it, where they know the type.
fn written(kind: &str, rest: &[&str], country_first: bool) -> Option<(String, String)> {
    let (code, number) = match rest {
        [code, number @ ..] if country_first && !number.is_empty() && country(code) => (*code, number),
        [number @ .., code] if !country_first && !number.is_empty() && country(code) => (*code, number),
        all => ("", all),
    };
    let mut body = format!("{kind} {}", number.join(", "));
    if !code.is_empty() {
        body.push_str(&format!(" ({code})"));
    }
    let fits = match item(&body) {
        Item::Fact(f) if f.prop == prop::IDENTIFIER => {
            kind.starts_with(f.kind.trim_end_matches("IMO").trim_end()) || f.kind == "IMO"
        }
        Item::Fact(f) => f.prop != "remark",
        Item::Unread(..) => true,
        Item::LinkedTo(_) => false,
    };
    fits.then(|| (kind.to_owned(), body))
}

/// The place on the list: days, programmes and the notices it rests on.
fn listing(cells: &Cells<'_>, list: &List, facts: &mut Vec<Fact>, place: &Place, report: &mut Report) -> Listing {
    let mut day = |column: &str| -> Option<PartialDate> {
        let text = cells.get(column);
        let found = dates::date(text, Order::MonthFirst);
        if found.is_none() && !text.is_empty() {
            report.suspect("date not understood", place.clone(), text);
            facts.push(Fact::new(column, text));
        }
        found
    };
    let (from, mut to) = (day("start_date"), day("end_date"));
    if let (Some(f), Some(t)) = (from, to)
        && t.last_day() < f.first_day()
    {
        report.suspect("listing that ends before it begins", place.clone(), cells.get("end_date"));
        facts.push(Fact::new("end_date", cells.get("end_date")));
        to = None;
    }
    let from = from.or_else(|| (list.id == "ofac_ns_cmic").then(|| shared::listing_date(facts, "CMIC")).flatten());
    // Some files keep the brackets between OFAC's programmes: `ONE] [TWO`.
    let codes = cells.all("programs").flat_map(|p| p.split("] [")).map(|c| c.trim_matches(['[', ']', ' ']));
    let (programs, basis) = (distinct(codes), distinct(cells.all("federal_register_notice")));
    Listing { list: list.id.clone(), from, to, programs, basis, ..Listing::default() }
}

fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut said = HashSet::new();
    texts.filter(|t| !t.is_empty() && said.insert(*t)).map(str::to_owned).collect()
}
