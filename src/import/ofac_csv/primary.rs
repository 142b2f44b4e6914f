//! The primary file of the OFAC CSV set: one row per entry, with its remarks and what of them
//! overflowed into the comments file.

use super::Family;
use super::entry::{Said, holders, links, list_of, listings, node_type, put_programs};
use super::items::{Items, split};
use super::rows::{Row, Rows};
use crate::error::{Place, Result};
use crate::import::Sink;
use crate::model::{Fact, Id, PartyRecord, Record, prop};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
        let word = row.get(2).unwrap_or("entity").to_ascii_lowercase();
        let (node_type, odd) = node_type(&word);
        if odd {
            sink.report.suspect("unknown type of entry, taken as an entity", place.clone(), &word);
        }
        let word = if node_type == "legal_entity" { "entity" } else { word.as_str() };
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
        record.listings = listings(self.family, &programs, &record.facts);
        let holders_of = holders(&id, row.get(10).unwrap_or_default(), &record.facts);

        sink.report.count("program_memberships", programs.len() as u64);
        sink.report.count("multi_program_entries", u64::from(programs.len() > 1));
        sink.put("primary", Record::Party(record))?;
        put_programs(&mut self.programs, &id, programs, place, sink)?;
        for relation in holders_of.into_iter().chain(links(&id, own.linked, &mut ordinals)) {
            sink.put("primary", relation)?;
        }
        if let Some(overflow) = overflow {
            let mut record = PartyRecord::new(id.clone(), "");
            record.facts = overflow.facts;
            let holders_of = holders(&id, "", &record.facts);
            sink.put("comments", Record::Party(record))?;
            sink.report.count("linked_to_in_comments", overflow.linked.len() as u64);
            for relation in holders_of.into_iter().chain(links(&id, overflow.linked, &mut ordinals)) {
                sink.put("comments", relation)?;
            }
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
            own.say(item, place, &mut sink.report);
        }
        match (items.cut, comment) {
            (Some(cut), Some((at, more))) => {
                rest(&mut overflow);
                // The two halves meet mid-word: nothing is trimmed before they are glued.
                let glued = format!("{cut}{more}");
                for item in &split(&glued, false).whole {
                    overflow.say(item, at, &mut sink.report);
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

impl Family {
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
