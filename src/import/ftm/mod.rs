//! FollowTheMoney JSON lines: whole exports of entities, and deltas between two of them.
//!
//! One entity per line: `id`, `schema`, `properties` (lists of texts), and in published
//! collections `datasets`, `referents` (ids merged into this one), `target`, `first_seen`,
//! `last_seen`, `last_change`. A delta line is `{"op": "ADD|MOD|DEL", "entity": {...}}`.

mod line;
pub(crate) mod model;
pub(crate) mod own;
mod record;
pub(crate) mod schema;
pub(in crate::import) mod statements;
#[cfg(feature = "serve")]
pub(crate) mod vocabulary;
pub(crate) use record::DIRECT_OR_INDIRECT;

use self::line::{Entity, Members};
use self::record::Here;
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Result};
use crate::import::hashes::{Hashes, tag};
use crate::import::slug::slug;
use crate::model::{Decision, EndView, Id, IdView, PartyView, Record, RecordView, RelationView, Ruling, SourceInfo};
use bumpalo::Bump;
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

/// Entities, their relations and the decisions of the source.
const ENTITIES: &str = "entities";
/// What the sanctions among the entities say of the parties they are about.
const SANCTIONS: &str = "sanctions";
const HINT: &str = "every line must be one JSON object with id, schema and properties, or with op and entity (a delta)";

pub(super) fn detect(input: &Input) -> bool {
    let head = input.head();
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let start = head.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(head.len());
    let head = head.get(start..).unwrap_or_default();
    if head.first() != Some(&b'{') {
        return false;
    }
    let end = head.iter().position(|b| *b == b'\n');
    let line = head.get(..end.unwrap_or(head.len())).unwrap_or_default();
    let fits =
        |has: &dyn Fn(&str) -> bool| (has("id") && has("schema") && has("properties")) || (has("op") && has("entity"));
    match serde_json::from_slice::<Members>(line) {
        Ok(Members(names)) => fits(&|n| names.iter().any(|x| x == n)),
        // The first line is longer than the part that is looked at.
        Err(e) if e.is_eof() && end.is_none() => {
            let text = String::from_utf8_lossy(line);
            fits(&|n| text.contains(&format!("\"{n}\":")) || text.contains(&format!("\"{n}\" :")))
        }
        Err(_) => false,
    }
}

/// The file name without the endings that only tell the format.
fn bare_stem(input: &Input) -> &str {
    let mut stem = input.stem();
    let endings = [".json", ".jsonl", ".ndjson", ".ijson", ".csv", ".ftm", ".delta", ".statements"];
    while let Some(rest) = endings.iter().find_map(|e| stem.strip_suffix(e)).filter(|r| !r.is_empty()) {
        stem = rest;
    }
    stem
}

pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let Some(first) = files.first() else { return Err(Error::usage("no file given")) };
    let title = bare_stem(first).to_owned();
    let (mut draft, source) = draft(title, options, "ftm");
    let mut reader = Reader { sink, source: &source, state: State::default(), arena: Bump::new() };
    for mut file in files {
        reader.file(&mut file)?;
    }
    draft.mode = if reader.state.delta == Some(true) { Mode::Delta } else { Mode::Full };
    draft.info.attribution = std::mem::take(&mut reader.state.attribution);
    reader.finish()?;
    Ok(draft)
}

/// The draft of a release with that title, and its source.
fn draft(title: String, options: &Options, format: &'static str) -> (Draft, String) {
    let source = options.source.clone().unwrap_or_else(|| format!("ftm_{}", slug(&title)));
    let draft = Draft {
        info: SourceInfo { id: source.clone(), title, ..SourceInfo::default() },
        source: source.clone(),
        format,
        stated: None,
        parts: vec![ENTITIES.to_owned(), SANCTIONS.to_owned()],
        mode: Mode::Full,
    };
    (draft, source)
}

/// What is kept while the lines go by.
#[derive(Default)]
struct State {
    /// Whether the lines are those of a delta; unknown before the first.
    delta: Option<bool>,
    /// Hash of each id, tagged with that of the line that had it first.
    seen: Hashes,
    /// Hashes of the two ends of each relation that an edge entity states.
    ends: Vec<(u64, u64)>,
    by_schema: FxHashMap<String, u64>,
    datasets: FxHashMap<String, u64>,
    ops: [u64; 3],
    counts: Counts,
    /// The first line of attribution met.
    attribution: String,
}

/// Plain counts, kept out of the report while reading for speed.
#[derive(Default)]
struct Counts {
    lines: u64,
    property_values: u64,
    edge_entities: u64,
    edge_pairs: u64,
    incomplete_edges: u64,
    referents: u64,
    targets: u64,
    sanction_links: u64,
    address_links: u64,
    links: u64,
    ownership_with_percentage: u64,
    edges_with_start: u64,
    edges_with_end: u64,
    repeated_ids: u64,
    repeated_lines: u64,
}

struct Reader<'r, 's> {
    sink: &'r mut Sink<'s>,
    source: &'r str,
    state: State,
    /// Texts of records that do not stand in the line they come from.
    arena: Bump,
}

impl Reader<'_, '_> {
    fn file(&mut self, input: &mut Input) -> Result<()> {
        let mut buf = Vec::new();
        while input.line(&mut buf)? {
            let line = if input.line_number() == 1 { buf.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&buf) } else { &buf };
            let text = std::str::from_utf8(line).map_err(|e| {
                Error::input(format!("not valid UTF-8 at byte {} of the line", e.valid_up_to())).at(input.here())
            })?;
            if text.trim().is_empty() {
                continue;
            }
            self.state.counts.lines += 1;
            let entity = parse(text, input)?;
            match &entity.op {
                Some(op) => {
                    let op = op.as_str().to_owned();
                    self.delta_line(&op, &entity, input)?;
                }
                None => {
                    self.kind(false, input)?;
                    self.entity(&entity, xxh3_64(text.as_bytes()), input)?;
                }
            }
        }
        Ok(())
    }

    /// All lines of one import are of one kind.
    fn kind(&mut self, delta: bool, input: &Input) -> Result<()> {
        if *self.state.delta.get_or_insert(delta) == delta {
            return Ok(());
        }
        Err(Error::input("entities and delta lines in one import")
            .at(input.here())
            .hint("import the whole export first, then each delta in the order of its version"))
    }

    fn delta_line(&mut self, op: &str, line: &Entity<'_>, input: &Input) -> Result<()> {
        self.kind(true, input)?;
        let Some(inner) = line.entity else {
            return Err(Error::input("delta line without an entity").at(input.here()).hint(HINT));
        };
        let entity = parse(inner.get(), input)?;
        let n = match op {
            "ADD" => 0,
            "MOD" => 1,
            "DEL" => 2,
            _ => {
                return Err(Error::input(format!("unknown op {op:?} (expected ADD, MOD or DEL)")).at(input.here()));
            }
        };
        if let Some(count) = self.state.ops.get_mut(n) {
            *count += 1;
        }
        if n < 2 {
            return self.entity(&entity, xxh3_64(inner.get().as_bytes()), input);
        }
        let id = required(entity.id.as_ref().map(|i| i.as_str()), "id", input)?;
        let id = record::full_id(id, input)?;
        self.state.seen.insert(xxh3_64(id.local.as_bytes()), 0);
        self.sink.deleted.push(id.to_string());
        Ok(())
    }

    fn entity(&mut self, e: &Entity<'_>, hash: u64, input: &dyn Here) -> Result<()> {
        let mut arena = std::mem::take(&mut self.arena);
        let done = self.entity_in(&arena, e, hash, input);
        arena.reset();
        self.arena = arena;
        done
    }

    fn entity_in(&mut self, arena: &Bump, e: &Entity<'_>, hash: u64, input: &dyn Here) -> Result<()> {
        let id = record::full_id(required(e.id.as_ref().map(|i| i.as_str()), "id", input)?, input)?;
        let name = required(e.schema.as_ref().map(|s| s.as_str()), "schema", input)?;
        if e.properties.is_none() {
            return Err(Error::input("entity without properties").at(input.here()).hint(HINT));
        }
        self.count(e, name);
        if let Some(attribution) = e.attribution.as_ref().filter(|_| self.state.attribution.is_empty()) {
            attribution.as_str().clone_into(&mut self.state.attribution);
        }
        let (key, line) = (xxh3_64(id.local.as_bytes()), tag(hash));
        if let Some(before) = self.state.seen.insert(key, line) {
            self.state.counts.repeated_ids += 1;
            if before == line {
                self.state.counts.repeated_lines += 1;
                return Ok(());
            }
            if self.state.delta == Some(true) {
                return Err(Error::input(format!("{id} changes twice in one delta"))
                    .at(input.here())
                    .hint("import deltas one by one, in the order of their versions"));
            }
        }
        for dataset in e.datasets.0.iter().map(|d| d.as_str()).filter(|d| !d.is_empty()) {
            self.dataset(dataset)?;
        }
        let report = &mut self.sink.report;
        let mut relations: Vec<RelationView<'_>> = Vec::new();
        if let Some(edge) = schema::edge(name) {
            relations = record::relations(e, id, edge, arena, input, report)?;
            let complete = !relations.is_empty();
            if edge.schema != "Similar" {
                self.state.counts.edge_entities += 1;
                self.state.counts.edge_pairs += relations.len() as u64;
                self.state.counts.incomplete_edges += u64::from(!complete);
            }
            let hash = |e: &EndView<'_>| if let EndView::Id(i) = e { xxh3_64(i.local.as_bytes()) } else { 0 };
            self.state.ends.extend(relations.iter().map(|r| (hash(&r.source), hash(&r.target))));
            if complete {
                for r in relations {
                    self.sink.put_view(ENTITIES, &RecordView::Relation(r))?;
                }
                return self.referents(e, id, input);
            }
            report.suspect("edge without one of its ends", input.here(), &id.to_string());
        }
        let mut party = record::party(e, id, name, arena, input, report);
        party.cites = record::citations(e, id);
        relations.extend(record::links(e, id, name, input, report)?);
        if name == "Sanction" {
            for (id, listing) in record::listings(e, id, self.source, input, report)? {
                // One record each, known by party and citation, so that a later delta can end
                // one listing and leave the others.
                let record = PartyView { id, listings: vec![listing], ..PartyView::default() };
                self.sink.put_view(SANCTIONS, &RecordView::Party(record))?;
            }
        }
        self.state.counts.links += relations.len() as u64;
        self.sink.put_view(ENTITIES, &RecordView::Party(party))?;
        for r in relations {
            self.sink.put_view(ENTITIES, &RecordView::Relation(r))?;
        }
        self.referents(e, id, input)
    }

    /// The ids that the source has merged into this one: its own decision, undoable as such.
    fn referents(&mut self, e: &Entity<'_>, id: IdView<'_>, input: &dyn Here) -> Result<()> {
        let full = |id: &str| Id::new(record::NAMESPACE, id).map_err(|e| e.at(input.here()));
        for other in e.referents.0.iter().map(|r| r.as_str()).filter(|r| !r.is_empty() && *r != id.local) {
            let decision =
                Decision { a: full(id.local)?, b: full(other)?, ruling: Ruling::Same, note: "referent".to_owned() };
            self.sink.put(ENTITIES, Record::Decision(decision))?;
        }
        Ok(())
    }

    /// Makes a dataset known the first time it is named.
    fn dataset(&mut self, name: &str) -> Result<()> {
        if let Some(n) = self.state.datasets.get_mut(name) {
            *n += 1;
            return Ok(());
        }
        self.state.datasets.insert(name.to_owned(), 1);
        if name == self.source {
            return Ok(());
        }
        let info = SourceInfo { id: name.to_owned(), title: name.to_owned(), ..SourceInfo::default() };
        self.sink.put(ENTITIES, Record::Source(info))
    }

    fn count(&mut self, e: &Entity<'_>, schema: &str) {
        match self.state.by_schema.get_mut(schema) {
            Some(n) => *n += 1,
            None => {
                self.state.by_schema.insert(schema.to_owned(), 1);
            }
        }
        let c = &mut self.state.counts;
        c.referents += e.referents.0.len() as u64;
        c.targets += u64::from(e.target == Some(true));
        let is_edge = schema::edge(schema).is_some_and(|s| s.schema != "Similar");
        for (name, values) in e.properties.iter().flatten() {
            let n = values.0.len() as u64;
            c.property_values += n;
            let some = u64::from(n > 0);
            match name.as_str() {
                "addressEntity" => c.address_links += n,
                "entity" if schema == "Sanction" => c.sanction_links += n,
                "percentage" if schema == "Ownership" => c.ownership_with_percentage += some,
                "startDate" if is_edge => c.edges_with_start += some,
                "endDate" if is_edge => c.edges_with_end += some,
                _ => {}
            }
        }
    }

    /// Fills the report.
    fn finish(self) -> Result<()> {
        let (sink, state) = (self.sink, self.state);
        let report = &mut sink.report;
        let c = state.counts;
        for (what, n) in [
            ("lines", c.lines),
            ("distinct_ids", state.seen.len() as u64),
            ("property_values", c.property_values),
            ("edge_entities", c.edge_entities),
            ("edge_pairs", c.edge_pairs),
            ("referents", c.referents),
            ("targets", c.targets),
            ("sanction_links", c.sanction_links),
            ("address_links", c.address_links),
            ("links", c.links),
            ("ownership_with_percentage", c.ownership_with_percentage),
            ("edges_with_startDate", c.edges_with_start),
            ("edges_with_endDate", c.edges_with_end),
        ] {
            report.count(what, n);
        }
        for (what, n) in [
            ("incomplete_edges", c.incomplete_edges),
            ("repeated_ids", c.repeated_ids),
            ("repeated_lines", c.repeated_lines),
        ] {
            if n > 0 {
                report.count(what, n);
            }
        }
        for (name, n) in state.by_schema {
            report.count(&format!("by_schema/{name}"), n);
        }
        for (name, n) in state.datasets {
            report.count(&format!("datasets/{name}"), n);
        }
        if state.delta == Some(true) {
            for (op, n) in ["ADD", "MOD", "DEL"].iter().zip(state.ops).filter(|(_, n)| *n > 0) {
                report.count(&format!("by_op/{op}"), n);
            }
        } else {
            // A delta names parties of the release before it; in a whole export they are missing.
            let missing = |(a, b): &&(u64, u64)| !state.seen.contains(*a) || !state.seen.contains(*b);
            report.count("edge_pairs_with_missing_endpoint", state.ends.iter().filter(missing).count() as u64);
        }
        Ok(())
    }
}

fn parse<'t>(text: &'t str, input: &Input) -> Result<Entity<'t>> {
    serde_json::from_str(text).map_err(|e| {
        let message = e.to_string();
        let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
        Error::input(format!("not a FollowTheMoney entity: {what}"))
            .at(input.here().element(format!("column {}", e.column())))
            .hint(HINT)
    })
}

fn required<'t>(value: Option<&'t str>, name: &str, input: &dyn Here) -> Result<&'t str> {
    value
        .filter(|v| !v.trim().is_empty())
        .ok_or_else(|| Error::input(format!("entity without {name}")).at(input.here()).hint(HINT))
}

#[cfg(test)]
mod tests;
