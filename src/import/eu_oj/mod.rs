//! The annexes of EU sanctions acts in the Official Journal, tabulated as CSV: one row for each
//! designation, one file for each act.
//!
//! Files of a framework act (`celex`, ...) hold all that its annexes list and are full
//! releases. Files of an amending act (`amendedCelex,amendmentCelex`, ...) hold additions and
//! changes only, so that absence says nothing; their parties are those of the act amended.
//! Kept while reading are hashes of the entry numbers seen.

mod cells;
mod known_as;
mod row;

use self::row::{Collect, Reading, node_type, reading};
use super::rows::{Header, Rows};
use super::slug::slug;
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Place, Result};
use crate::import::dates::{self, Order};
use crate::import::facts::Facts;
use crate::model::{Citation, End, Fact, Id, Listing, PartyRecord, Record, RelationRecord, SourceInfo, prop};
use std::collections::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// The one part of a release: a file holds everything of its act.
const PART: &str = "primary";
/// Counts that stand in the report even when they are zero, with the column that they count.
const COUNTS: [(&str, &str); 7] = [
    ("with_alias", "alias"),
    ("with_weak_alias", "weakAlias"),
    ("with_birthDate", "birthDate"),
    ("with_reason", "reason"),
    ("with_address", "address"),
    ("with_inn", "innCode"),
    ("with_imo", "imoNumber"),
];
/// The measure whose list is that of asset freezes.
const FREEZE: &str = "Asset freeze";

/// Whether the header is that of such a table.
pub(super) fn detect(input: &Input) -> bool {
    let head = String::from_utf8_lossy(input.head());
    let first = head.trim_start_matches('\u{feff}').lines().next().unwrap_or_default();
    let mut names = first.split(',').map(|n| n.trim().trim_matches('"'));
    let start = [names.next(), names.next(), names.next()];
    let rest: HashSet<&str> = names.collect();
    let framework = matches!(start, [Some("celex"), Some("recordId"), _]);
    let amendment = start == [Some("amendedCelex"), Some("amendmentCelex"), Some("recordId")];
    (framework || amendment) && ["annex", "measure", "schema", "name"].iter().all(|n| rest.contains(n))
}

/// Reads one file as a release of the act that it tabulates.
///
/// # Errors
/// More than one file, a row of another act, malformed CSV, a column that is missing.
pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let mut files = files.into_iter();
    let input = files.next().ok_or_else(|| Error::usage("no file given"))?;
    if let Some(second) = files.next() {
        return Err(Error::input("a table of one act is a whole release; this is a second one")
            .at(second.place())
            .hint("import the files one after the other"));
    }
    sink.report.count("rows", 0);
    for (name, _) in COUNTS {
        sink.report.count(name, 0);
    }
    let stem = input.stem().to_owned();
    let mut rows = Rows::new(input);
    if !rows.next()? {
        return Err(Error::input("the file is empty").at(rows.here()));
    }
    let table = Table::of(&rows)?;
    let mut state = State::default();
    while rows.next()? {
        table.header.check(&rows)?;
        state.row(&table, &rows, sink)?;
    }
    // The annexes of an act may list nobody; then the name of the file says which act it is.
    let named = || stem.split(['.', '-', '_']).map(str::to_uppercase).find(|w| w.len() > 8 && is_celex(w));
    let act = state.act.or_else(named);
    let (Some(act), source) = (act.clone(), options.source.clone()) else {
        return Err(Error::input("the table has no rows, and its name is that of no act")
            .at(rows.here())
            .hint("name the file after the act, such as 32014R0269.csv"));
    };
    let source = source.unwrap_or_else(|| format!("eu_oj_{}", act.to_lowercase()));
    let info = SourceInfo {
        id: source.clone(),
        title: format!("Annexes of the EU act {act}, tabulated"),
        publisher: "Official Journal of the European Union; tabulated by OpenSanctions".to_owned(),
        url: format!("https://eur-lex.europa.eu/legal-content/EN/TXT/?uri=CELEX:{act}"),
        published: String::new(),
        licence: "Act: reuse with attribution (Commission Decision 2011/833/EU). Tabulation: CC BY-NC 4.0".to_owned(),
        attribution: "© European Union, EUR-Lex; tabulation by OpenSanctions.org (CC BY-NC 4.0, not for commercial \
                      use). Only the Official Journal of the European Union is authentic."
            .to_owned(),
    };
    let mode = if table.amendment.is_some() && !options.full { Mode::Additive } else { Mode::Full };
    Ok(Draft { source, info, format: "eu-oj", stated: None, parts: vec![PART.to_owned()], mode })
}

/// Whether a text can be the CELEX number of an act: digits and capitals, such as `32014R0269`.
fn is_celex(text: &str) -> bool {
    (6..=24).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
}

/// Where the columns are.
struct Table {
    header: Header,
    /// How each column is read, in order.
    columns: Vec<(String, Reading)>,
    /// The act whose annex it is.
    celex: usize,
    /// The act that amends it, in files of such.
    amendment: Option<usize>,
    schema: usize,
    name: usize,
}

impl Table {
    fn of(rows: &Rows) -> Result<Table> {
        let (header, place) = (Header::of(rows), rows.here());
        let amendment = header.find("amendmentCelex");
        Ok(Table {
            celex: header.need(if amendment.is_some() { "amendedCelex" } else { "celex" }, &place)?,
            amendment,
            schema: header.need("schema", &place)?,
            name: header.need("name", &place)?,
            columns: header.names().map(|n| (n.to_owned(), reading(n))).collect(),
            header,
        })
    }

    /// The cell of a column; empty where there is no such column.
    fn get<'a>(&self, rows: &'a Rows, name: &str) -> &'a str {
        self.header.find(name).map(|i| rows.field(i)).unwrap_or_default()
    }
}

/// What a row is known by, and whom it names.
struct Key {
    id: Id,
    /// All facts of the party were put already: only the listing is new.
    known: bool,
}

/// What is kept of a file while it is read.
#[derive(Default)]
struct State {
    /// The act that the file is about: the same in every row.
    act: Option<String>,
    /// Ids given so far: a hash of who it is, and of all that was said.
    ids: HashMap<u64, (u64, u64)>,
    programs: HashSet<String>,
    ties: HashSet<u64>,
}

impl State {
    fn row(&mut self, table: &Table, rows: &Rows, sink: &mut Sink<'_>) -> Result<()> {
        let celex = self.act(table, rows)?;
        let report = &mut sink.report;
        let get = |name| table.get(rows, name);
        let (schema, measure, annex) = (rows.field(table.schema), get("measure"), get("annex"));
        report.count("rows", 1);
        for (group, value) in [("by_schema", schema), ("by_annex", annex), ("by_measure", measure)] {
            let value = if value.is_empty() { "not stated" } else { value };
            report.count(&format!("{group}/{value}"), 1);
        }
        for (name, column) in COUNTS {
            report.count(name, u64::from(!get(column).is_empty()));
        }
        let reason = get("reason").to_lowercase();
        report.count("reason_mentions_ownership", u64::from(mentions_ownership(&reason)));

        let mut c = Collect { facts: Facts::default(), report, place: rows.here() };
        let node_type = node_type(schema).unwrap_or_else(|| {
            c.suspect("schema that is not known", schema);
            c.facts.push(Fact::new("schema", schema));
            "thing"
        });
        match rows.field(table.name) {
            "" => c.suspect("row without a name", get("recordId")),
            name => c.name(prop::NAME, name),
        }
        for (i, (column, how)) in table.columns.iter().enumerate() {
            c.cell(column, *how, rows.field(i));
        }
        let listing = listing(table, rows, &celex, &mut c);
        let facts = c.facts.into_vec();
        let said = facts.iter().fold(xxh3_64(node_type.as_bytes()), |h, f| {
            h.rotate_left(1) ^ xxh3_64(format!("{}\0{}\0{}\0{}\0{}", f.prop, f.value, f.kind, f.lang, f.raw).as_bytes())
        });
        let key = self.key(table, rows, &celex, said, sink)?;
        self.program(&key.id, get("programKey"), &listing, rows.here(), sink)?;
        // The same party again, under another measure or programme: nothing is said twice.
        let mut record = PartyRecord::new(key.id, if key.known { "" } else { node_type });
        if !key.known {
            record.facts = facts;
        }
        record.listings.push(listing);
        sink.put(PART, Record::Party(record))
    }

    /// The act whose annex the row stands in. A file is of one act.
    fn act(&mut self, table: &Table, rows: &Rows) -> Result<String> {
        let named = |at: usize| -> Result<String> {
            let text = rows.field(at).to_uppercase();
            if is_celex(&text) {
                return Ok(text);
            }
            Err(Error::input(format!("{:?} is not the CELEX number of an act", rows.field(at)))
                .at(rows.here())
                .hint("fetch the file again; each row starts with a number such as 32014R0269"))
        };
        let celex = named(table.celex)?;
        let act = match table.amendment {
            Some(at) => named(at)?,
            None => celex.clone(),
        };
        match &self.act {
            Some(first) if *first != act => {
                Err(Error::input(format!("the row is of {act}, but the file started with {first}"))
                    .at(rows.here())
                    .hint("a file holds one act, and each act is a release of its own: split the file by its acts"))
            }
            _ => {
                self.act = Some(act);
                Ok(celex)
            }
        }
    }

    /// The id of a row's party: act, annex and the number that the annex prints, else the name.
    /// The number is that of the same party again only where schema and name agree.
    fn key(&mut self, table: &Table, rows: &Rows, celex: &str, said: u64, sink: &mut Sink<'_>) -> Result<Key> {
        let (annex, number) = (table.get(rows, "annex"), table.get(rows, "recordId"));
        let (schema, name) = (rows.field(table.schema), rows.field(table.name));
        let who = xxh3_64(format!("{schema}\0{name}").as_bytes());
        let annex = if annex.is_empty() { "-" } else { annex };
        let local = if number.is_empty() {
            sink.report.count("rows_without_record_id", 1);
            let plain = name.is_ascii() && name.bytes().any(|b| b.is_ascii_alphanumeric());
            let name = if plain { slug(name) } else { format!("{who:016x}") };
            format!("{celex}/{annex}/~{name}")
        } else {
            format!("{celex}/{annex}/{number}")
        };
        let id = |local: &str| Id::new("eu.oj", local).map_err(|e| Error::input(e.message()).at(rows.here()));
        let mut id_of_row = id(&local)?;
        let first = self.ids.get(&xxh3_64(local.as_bytes())).copied();
        if first.is_some_and(|(w, _)| w != who) {
            sink.report.suspect("record number occurs twice", rows.here(), &format!("{local} {name}"));
            id_of_row = id(&format!("{local}/{who:016x}"))?;
        }
        let hash = xxh3_64(id_of_row.local().as_bytes());
        let before = self.ids.insert(hash, (who, said));
        if before.is_some() {
            sink.report.count("rows_of_a_party_again", 1);
        }
        Ok(Key { id: id_of_row, known: before.is_some_and(|(_, s)| s == said) })
    }

    /// Ties a party to the programme of its row.
    fn program(&mut self, id: &Id, code: &str, listing: &Listing, place: Place, sink: &mut Sink<'_>) -> Result<()> {
        if code.is_empty() {
            return Ok(());
        }
        let Ok(program) = Id::new("opensanctions.program", code) else {
            sink.report.skip("programme code that cannot be an id", place, code);
            return Ok(());
        };
        if self.programs.insert(code.to_owned()) {
            let mut node = PartyRecord::new(program.clone(), "sanctions_program");
            node.facts.push(Fact::name(prop::NAME, code));
            sink.put(PART, Record::Party(node))?;
        }
        let mut tie = RelationRecord::new(End::Id(id.clone()), "under_program", End::Id(program));
        tie.cites.clone_from(&listing.cites);
        if self.ties.insert(xxh3_64(tie.external_id().as_bytes())) {
            sink.put(PART, Record::Relation(tie))?;
        }
        Ok(())
    }
}

/// The listing of a row: asset freezes are a list of their own, whatever else an act imposes
/// is another.
fn listing(table: &Table, rows: &Rows, celex: &str, c: &mut Collect<'_>) -> Listing {
    let get = |name| table.get(rows, name);
    let (annex, measure, day) = (get("annex"), get("measure"), get("startDate"));
    let list = if measure.eq_ignore_ascii_case(FREEZE) { "eu_oj" } else { "eu_oj_other" };
    let from = dates::date(day, Order::DayFirst);
    if from.is_none() && !day.is_empty() {
        c.suspect("date not understood", day);
        c.facts.push(Fact::new("start_date", day).kind(measure));
    }
    if measure.is_empty() {
        c.suspect("row without a measure", get("recordId"));
    }
    let place = if annex.is_empty() { celex.to_owned() } else { format!("{celex}, annex {annex}") };
    let mut basis = vec![place.clone()];
    basis.extend(table.amendment.map(|at| rows.field(at).to_uppercase()));
    let stated = |t: &str| if t.is_empty() { Vec::new() } else { vec![t.to_owned()] };
    let parts = [place.as_str(), get("recordId"), get("programKey"), measure];
    let locator = parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ");
    Listing {
        list: list.to_owned(),
        from,
        to: None,
        programs: stated(get("programKey")),
        basis,
        measures: stated(measure),
        cites: vec![Citation { locator, ..Citation::default() }],
    }
}

/// Whether a reason, in lower case, speaks of ownership or control: a word that begins with
/// "own", "subsidiary" or "controlled". For the reader's attention only: prose stays prose.
fn mentions_ownership(reason: &str) -> bool {
    let words = || reason.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    reason.contains("subsidiary") || reason.contains("controlled") || words().any(|w| w.starts_with("own"))
}

#[cfg(test)]
mod tests;
