//! The primary file of the OFAC CSV set: one row per entry, with its remarks and what of them
//! overflowed into the comments file.

use super::Family;
use super::items::{Items, split};
use super::remarks::{self, Item};
use super::rows::{Row, Rows};
use crate::error::{Place, Result};
use crate::import::Sink;
use crate::model::{End, Fact, Id, Listing, PartialDate, PartyRecord, Record, RelationRecord, prop};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Remarks of this many characters were cut there, mid-word.
const CUT_AT: usize = 1000;

/// Overflow of remarks: entry number to its place and literal text.
pub(super) type Comments = BTreeMap<u64, (Place, String)>;

/// Columns that are facts as they stand.
const COLUMNS: [(usize, &str); 6] =
    [(4, "title"), (5, "call_sign"), (6, "vessel_type"), (7, "tonnage"), (8, "grt"), (10, "vessel_owner")];

/// Words of the remarks with the name under which the report counts them; those marked count
/// with `alt. ` before them as well.
const COUNTED: [(&str, &str, bool); 16] = [
    ("Linked To: ", "linked_to", false),
    ("DOB ", "dob_primary", false),
    ("alt. DOB ", "dob_alt", false),
    ("DOB circa ", "dob_circa", true),
    ("POB ", "pob_primary", false),
    ("alt. POB ", "pob_alt", false),
    ("Gender ", "gender", false),
    ("nationality ", "nationality", true),
    ("citizen ", "citizen", true),
    ("Passport ", "passport", true),
    ("Tax ID No.", "tax_id", true),
    ("Registration Number ", "registration_number", true),
    ("Vessel Registration Identification IMO", "imo", true),
    ("Digital Currency Address", "digital_currency", true),
    ("a.k.a. '", "weak_aka", true),
    ("Secondary sanctions risk", "secondary_sanctions_risk", true),
];

/// Reads primary rows into records.
pub(super) struct Primary<'c> {
    family: Family,
    /// `None` when the set came without its comments file.
    comments: Option<&'c Comments>,
    /// Entries so far, with a hash of their row.
    seen: HashMap<u64, u64>,
    programs: BTreeSet<String>,
}

/// What the remarks of one entry add up to, in one part of the release.
#[derive(Default)]
struct Said {
    facts: Vec<Fact>,
    linked: Vec<String>,
    /// Items read, so that one said twice is kept once.
    items: HashSet<String>,
}

impl<'c> Primary<'c> {
    /// A reader for the list of a family.
    pub(super) fn new(family: Family, comments: Option<&'c Comments>) -> Primary<'c> {
        Primary { family, comments, seen: HashMap::new(), programs: BTreeSet::new() }
    }

    /// Whether an entry is in the list.
    pub(super) fn has(&self, entry: u64) -> bool {
        self.seen.contains_key(&entry)
    }

    /// All entries of the list.
    pub(super) fn entries(self) -> BTreeSet<u64> {
        self.seen.into_keys().collect()
    }

    /// Reads a whole file.
    ///
    /// # Errors
    /// Structural faults of the file, and what the sink refuses.
    pub(super) fn read(&mut self, rows: &mut Rows, sink: &mut Sink<'_>) -> Result<()> {
        let file = rows.file();
        while let Some((entry, row)) = rows.next()? {
            let place = file.clone().line(row.line).element(format!("entry {entry}"));
            let mut hasher = DefaultHasher::new();
            row.fields().hash(&mut hasher);
            let hash = hasher.finish();
            match self.seen.entry(entry) {
                Entry::Occupied(first) if *first.get() == hash => {
                    sink.report.skip("row that repeats an earlier one", place, row.get(1).unwrap_or_default());
                }
                Entry::Occupied(_) => {
                    let name = row.get(1).unwrap_or_default();
                    sink.report.suspect("second row of an entry, the first is kept", place, name);
                }
                Entry::Vacant(new) => {
                    new.insert(hash);
                    self.entry(entry, row, &place, sink).map_err(|e| e.at(place))?;
                }
            }
        }
        sink.report.count("distinct_programs", self.programs.len() as u64);
        Ok(())
    }

    fn entry(&mut self, entry: u64, row: &Row, place: &Place, sink: &mut Sink<'_>) -> Result<()> {
        let id = Id::new("ofac", &entry.to_string())?;
        let (word, node_type) = match row.get(2) {
            None => ("entity", "legal_entity"),
            Some("individual") => ("individual", "person"),
            Some("vessel") => ("vessel", "vessel"),
            Some("aircraft") => ("aircraft", "aircraft"),
            Some(other) => {
                sink.report.suspect("unknown type of entry, taken as an entity", place.clone(), other);
                ("entity", "legal_entity")
            }
        };
        sink.report.count("entries", 1);
        sink.report.count(word, 1);
        let mut record = PartyRecord::new(id.clone(), node_type);
        match row.get(1) {
            Some(name) => record.facts.push(Fact::name(prop::NAME, name)),
            None => sink.report.suspect("entry without a name", place.clone(), &entry.to_string()),
        }
        let facts = COLUMNS.iter().filter_map(|(c, p)| Some(Fact::new(*p, row.get(*c)?)));
        record.facts.extend(facts);
        record.facts.extend(row.get(9).map(|flag| Fact::new(prop::COUNTRY, flag).kind("flag")));

        let mut ordinals = HashMap::new();
        let (own, overflow) = self.remarks(entry, row, place, sink);
        if own.linked.iter().chain(overflow.iter().flat_map(|o| &o.linked)).any(|n| Some(n.as_str()) == row.get(1)) {
            sink.report.suspect("entry linked to itself", place.clone(), row.get(1).unwrap_or_default());
        }
        record.facts.extend(own.facts);
        let programs = self.programs_of(row);
        record.listings = self.listings(&programs, &record.facts);
        let operators = operators_of(&record.facts);

        sink.report.count("program_memberships", programs.len() as u64);
        sink.report.count("multi_program_entries", u64::from(programs.len() > 1));
        sink.put("primary", Record::Party(record))?;
        self.put_programs(&id, programs, sink)?;
        // The source names the holder on the asset's own row; the holder becomes the subject.
        let flipped = |edge: &str, holder: &str, label: &str| {
            let mut r = RelationRecord::new(End::Name(holder.to_owned()), edge, End::Id(id.clone()));
            r.facts = vec![Fact::new("source_label", label), Fact::new("source_direction", "reversed")];
            Record::Relation(r)
        };
        if let Some(owner) = row.get(10) {
            sink.put("primary", flipped("owns", owner, "Vess_owner"))?;
        }
        for operator in operators {
            sink.put("primary", flipped("operates", &operator, "Aircraft Operator"))?;
        }
        put_links(&id, "primary", own.linked, &mut ordinals, sink)?;
        if let Some(overflow) = overflow {
            let mut record = PartyRecord::new(id.clone(), "");
            record.facts = overflow.facts;
            let operators = operators_of(&record.facts);
            sink.put("comments", Record::Party(record))?;
            for operator in operators {
                sink.put("comments", flipped("operates", &operator, "Aircraft Operator"))?;
            }
            sink.report.count("linked_to_in_comments", overflow.linked.len() as u64);
            put_links(&id, "comments", overflow.linked, &mut ordinals, sink)?;
        }
        Ok(())
    }

    /// What the row's own remarks say, and what their overflow says where there is one.
    fn remarks(&self, entry: u64, row: &Row, place: &Place, sink: &mut Sink<'_>) -> (Said, Option<Said>) {
        let comment = self.comments.and_then(|c| c.get(&entry));
        let rest = |said: &mut Said| {
            said.facts.extend(comment.map(|(_, text)| Fact::new("remarks_continued", text.as_str())));
        };
        let (mut own, mut overflow) = (Said::default(), Said::default());
        let text = row.literal(11).unwrap_or_default();
        if !text.is_empty() {
            own.facts.push(Fact::new("remarks", text));
        }
        let is_cut = text.chars().count() == CUT_AT;
        let items = split(text, is_cut);
        count(&items, sink);
        for item in &items.whole {
            say(item, &mut own, place, sink);
        }
        match (items.cut, comment) {
            (Some(cut), Some((at, more))) => {
                rest(&mut overflow);
                // The two halves meet mid-word: nothing is trimmed before they are glued.
                let glued = format!("{cut}{more}");
                for item in &split(&glued, false).whole {
                    say(item, &mut overflow, at, sink);
                }
                (own, Some(overflow))
            }
            (Some(cut), None) => {
                if !cut.trim().is_empty() {
                    own.facts.push(Fact::new("remarks_cut", cut));
                }
                sink.report.count("truncated_remarks", 1);
                let what = match self.comments {
                    None => "remarks cut at 1000 characters, the comments file holds the rest",
                    Some(_) => "remarks cut at 1000 characters, the comments file has no rest",
                };
                sink.report.suspect(what, place.clone(), cut.trim());
                if cut.trim_start().starts_with("Linked To:") {
                    sink.report.suspect("Linked To in a cut item, not used", place.clone(), cut.trim());
                }
                (own, None)
            }
            (None, Some((at, more))) => {
                // A comment of another day: the remarks are whole, so it continues nothing.
                rest(&mut overflow);
                sink.report.suspect("comment for an entry whose remarks are not cut, kept as text", at.clone(), more);
                (own, Some(overflow))
            }
            (None, None) => (own, None),
        }
    }

    /// Programme codes of a row; several are written `ONE] [TWO`.
    fn programs_of(&self, row: &Row) -> Vec<String> {
        let mut codes = Vec::new();
        for code in row.get(3).unwrap_or_default().split("] [") {
            let code = code.trim().trim_start_matches('[').trim_end_matches(']').trim();
            if !code.is_empty() && !codes.iter().any(|c| c == code) {
                codes.push(code.to_owned());
            }
        }
        codes
    }

    /// The list itself, and the lists that make up the Consolidated one, told by programme.
    fn listings(&self, programs: &[String], facts: &[Fact]) -> Vec<Listing> {
        let mut all =
            vec![Listing { list: self.family.list().to_owned(), programs: programs.to_vec(), ..Listing::default() }];
        if self.family == Family::Consolidated {
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

    fn put_programs(&mut self, id: &Id, programs: Vec<String>, sink: &mut Sink<'_>) -> Result<()> {
        for code in programs {
            let program = Id::new("ofac.program", &code)?;
            if !self.programs.contains(&code) {
                let mut record = PartyRecord::new(program.clone(), "sanctions_program");
                record.facts.push(Fact::name(prop::NAME, code.as_str()));
                sink.put("primary", Record::Party(record))?;
                self.programs.insert(code);
            }
            let relation = RelationRecord::new(End::Id(id.clone()), "under_program", End::Id(program));
            sink.put("primary", Record::Relation(relation))?;
        }
        Ok(())
    }
}

/// The list within the Consolidated list that a programme stands for.
fn list_of(code: &str) -> Option<&'static str> {
    match code {
        "UKRAINE-EO13662" => Some("ofac_ssi"),
        "NS-PLC" => Some("ofac_ns_plc"),
        "CMIC-EO13959" => Some("ofac_ns_cmic"),
        "561-Related" => Some("ofac_capta"),
        _ if code.starts_with("FSE-") => Some("ofac_fse"),
        _ => None,
    }
}

fn operators_of(facts: &[Fact]) -> BTreeSet<String> {
    facts.iter().filter(|f| f.prop == "aircraft_operator").map(|f| f.value.clone()).collect()
}

/// The first day on a list that the remarks state for it.
fn listing_date(facts: &[Fact], scope: &str) -> Option<PartialDate> {
    facts.iter().find(|f| f.prop == "listing_date" && f.kind == scope).and_then(|f| PartialDate::parse(&f.value).ok())
}

/// Reads one item into what is said.
fn say(text: &str, said: &mut Said, place: &Place, sink: &mut Sink<'_>) {
    let fact = match remarks::item(text) {
        Item::LinkedTo(name) => return said.linked.push(name),
        Item::Fact(fact) => fact,
        Item::Unread(fact, why) => {
            sink.report.suspect(why, place.clone(), text);
            fact
        }
    };
    if fact.prop == "remark" {
        sink.report.count("other_remarks", 1);
    }
    if said.items.insert(text.to_owned()) {
        said.facts.push(fact);
    }
}

/// Counts the items of the row's own remarks, the cut one included, so that the numbers are
/// those of the file whether or not its comments came along.
fn count(items: &Items<'_>, sink: &mut Sink<'_>) {
    let mut linked = false;
    for text in items.whole.iter().copied().chain(items.cut.map(str::trim_start)) {
        let bare = text.strip_prefix("alt. ").unwrap_or(text);
        for (start, what, alt) in COUNTED {
            if text.starts_with(start) || (alt && bare.starts_with(start)) {
                sink.report.count(what, 1);
            }
        }
        linked |= text.starts_with("Linked To: ");
        if bare.starts_with("f.k.a. '") || bare.starts_with("n.k.a. '") {
            sink.report.count("weak_aka", 1);
        }
        if bare.starts_with("DOB ") && bare.contains(" to ") {
            sink.report.count("dob_range", 1);
        }
    }
    sink.report.count("linked_to_entries", u64::from(linked));
}

/// Writes the relations of `Linked To`; the same name twice gives two relations.
fn put_links(
    id: &Id,
    part: &str,
    names: Vec<String>,
    ordinals: &mut HashMap<String, u32>,
    sink: &mut Sink<'_>,
) -> Result<()> {
    for name in names {
        let next = ordinals.entry(name.clone()).or_default();
        let mut relation = RelationRecord::new(End::Id(id.clone()), "linked_to", End::Name(name));
        relation.ordinal = *next;
        *next += 1;
        relation.facts.push(Fact::new("source_label", "Linked To"));
        sink.put(part, Record::Relation(relation))?;
    }
    Ok(())
}

impl Family {
    /// The id of the list.
    pub(super) fn list(self) -> &'static str {
        match self {
            Family::Sdn => "ofac_sdn",
            Family::Consolidated => "ofac_cons",
        }
    }

    /// Which list most of the given primary rows are from, by their programmes; `None` when
    /// none speaks for the Consolidated list.
    pub(super) fn of_rows(rows: &[Row]) -> Option<Family> {
        let speaks = |r: &&Row| {
            let codes = r.get(3).unwrap_or_default();
            r.number(0).is_some() && codes.split("] [").any(|c| list_of(c.trim()).is_some())
        };
        (rows.iter().filter(speaks).count() * 2 > rows.len()).then_some(Family::Consolidated)
    }
}
