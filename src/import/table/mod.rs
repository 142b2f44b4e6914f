//! Tables of nodes and edges: CSV, or separated by tabs or semicolons, with a header.
//!
//! One or both tables, in any order. Where a table of nodes comes along, an edge may only name
//! its nodes (or parties of other sources by their full id). This is a format of our own:
//! whatever is wrong refuses the import with its file and line.

mod columns;

use self::columns::{Columns, Kind, check_map, edge, node};
use super::percent;
use super::rows::{Rows, delimiter};
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Place, Result};
use crate::import::hashes::{Hashes, tag};
use crate::import::slug::slug;
use crate::model::{
    Act, Catalogue, Citation, Direct, End, Fact, Id, Listing, PartialDate, PartyRecord, Percent, Record,
    RelationRecord, Share, SourceInfo, Status, prop,
};
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_64;

/// The most different names of sources that the tables of one import may use.
const MAX_SOURCES: usize = 65_536;
/// How many edges are looked up and handed on in one go.
const PENDING: usize = 256;

pub(super) fn detect(input: &Input) -> bool {
    let head = input.head();
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let Ok(line) = std::str::from_utf8(line) else { return false };
    let delimiter = char::from(delimiter(line.as_bytes()));
    let names: Vec<&str> = line.split(delimiter).map(|n| n.trim().trim_matches('"')).collect();
    Columns::recognise(&names, &Options::default().map).is_some()
}

pub(super) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let source = options.source.clone().unwrap_or_else(|| "table".to_owned());
    let mut tables = Vec::new();
    for file in files {
        let mut rows = Rows::new(file);
        if !rows.next()? {
            return Err(Error::input("the table has no header").at(rows.here()));
        }
        let names: Vec<&str> = (0..rows.len()).map(|i| rows.field(i)).collect();
        let columns = Columns::read(&names, &options.map, &rows.here())?;
        tables.push((columns, rows));
    }
    check_map(&options.map, &tables.iter().map(|(c, _)| c).collect::<Vec<_>>())?;
    // Nodes first, whatever the order of the files: edges are checked against them.
    tables.sort_by_key(|(c, _)| c.kind == Kind::Edges);
    let has = |kind: Kind| tables.iter().any(|(c, _)| c.kind == kind);
    let (has_nodes, has_edges) = (has(Kind::Nodes), has(Kind::Edges));
    let part = |there: bool, name: &str| there.then(|| name.to_owned());
    let parts = part(has_nodes, "nodes").into_iter().chain(part(has_edges, "edges")).collect();

    let mut reader = Reader {
        sink,
        source: &source,
        nodes: Hashes::default(),
        has_nodes,
        pending: Pending::default(),
        keys: Hashes::default(),
        repeats: FxHashMap::default(),
        edge_ids: Hashes::default(),
        sources: FxHashMap::default(),
        source_ids: FxHashSet::default(),
        types: [Types::default(), Types::default()],
        scratch: Vec::new(),
        counts: Counts::default(),
    };
    for (columns, mut rows) in tables {
        match columns.kind {
            Kind::Nodes => reader.nodes(&columns, &mut rows)?,
            Kind::Edges => reader.edges(&columns, &mut rows)?,
        }
    }
    reader.finish();
    Ok(Draft {
        info: SourceInfo { id: source.clone(), title: source.clone(), ..SourceInfo::default() },
        source,
        format: "table",
        stated: None,
        parts,
        mode: if options.full { Mode::Full } else { Mode::Additive },
    })
}

/// Words for types as the tables write them, with the catalogue's name and how often.
#[derive(Default)]
struct Types {
    by_word: FxHashMap<String, usize>,
    found: Vec<(String, u64)>,
}

#[derive(Default)]
struct Counts {
    nodes: u64,
    edges: u64,
    listed: u64,
    with_share: u64,
    identical: u64,
    repeated: u64,
}

struct Reader<'r, 's> {
    sink: &'r mut Sink<'s>,
    source: &'r str,
    /// Hash of each node's id, tagged with that of its row.
    nodes: Hashes,
    has_nodes: bool,
    /// Edges that are still to be looked up.
    pending: Pending,
    /// Hashes of subject, type, object and stake of every edge without an id of its own.
    keys: Hashes,
    /// How often those that came again have come again.
    repeats: FxHashMap<u64, u32>,
    /// Hash of each edge's own id, tagged with that of its row.
    edge_ids: Hashes,
    /// Ids made for the names of sources.
    sources: FxHashMap<String, String>,
    source_ids: FxHashSet<String>,
    /// Node types and edge types.
    types: [Types; 2],
    scratch: Vec<u8>,
    counts: Counts,
}

/// Edges that wait to be looked up and handed on.
#[derive(Default)]
struct Pending {
    /// With the hash of what tells them apart, where they have no id.
    edges: Vec<(Option<u64>, RelationRecord)>,
    ends: Vec<PendingEnd>,
    /// Their ids as written, one after the other.
    text: String,
}

struct PendingEnd {
    hash: u64,
    line: u64,
    column: usize,
    text_end: usize,
}

/// One row with the columns it has.
struct Row<'t> {
    columns: &'t Columns,
    rows: &'t Rows,
}

impl<'t> Row<'t> {
    /// A field, `None` when it is empty or there is no such column.
    fn get(&self, column: usize) -> Option<&'t str> {
        self.columns.at(column).map(|i| self.rows.field(i)).filter(|t| !t.is_empty())
    }

    /// The place of a column in this row.
    fn place(&self, column: usize) -> Place {
        self.rows.here().element(format!("column {}", self.columns.name(column)))
    }

    fn required(&self, column: usize) -> Result<&'t str> {
        self.get(column).ok_or_else(|| Error::input("the field is empty").at(self.place(column)))
    }

    /// A field parsed; the error names the column.
    fn parsed<T>(&self, column: usize, parse: impl Fn(&str) -> Result<T>) -> Result<Option<T>> {
        self.get(column).map(parse).transpose().map_err(|e| e.at(self.place(column)))
    }

    /// One word of a fixed set.
    fn word<T: Copy>(&self, column: usize, all: &[T], word: impl Fn(T) -> &'static str) -> Result<Option<T>> {
        let Some(text) = self.get(column) else { return Ok(None) };
        all.iter().copied().find(|t| word(*t) == text).map(Some).ok_or_else(|| {
            let known = all.iter().map(|t| word(*t)).collect::<Vec<_>>().join(", ");
            Error::input(format!("{text:?} is none of: {known}")).at(self.place(column))
        })
    }

    fn id(&self, column: usize, source: &str) -> Result<Id> {
        Id::scoped(self.required(column)?, source).map_err(|e| e.at(self.place(column)))
    }

    /// The columns that have no meaning of their own here, kept as facts.
    fn extra(&self) -> Vec<Fact> {
        let facts = self.columns.extra.iter().map(|(i, name)| (name, self.rows.field(*i)));
        facts.filter(|(_, v)| !v.is_empty()).map(|(n, v)| Fact::new(n.as_str(), v)).collect()
    }
}

fn check_width(columns: &Columns, rows: &Rows) -> Result<()> {
    if rows.len() == columns.width {
        return Ok(());
    }
    Err(Error::input(format!("{} columns where the header has {}", rows.len(), columns.width))
        .at(rows.here())
        .hint("a field that holds the separator must stand in double quotes"))
}

/// A share as written, whole or as an interval; anything outside 0 to 100 is an error.
fn share(text: &str) -> Result<Share> {
    match Percent::parse(text.strip_suffix('%').unwrap_or(text)) {
        Ok(percent) => Share::exact(percent),
        Err(e) => percent::parse(text).ok_or(e),
    }
}

/// The lists that a `listed` field names: `*` for a plain yes.
fn lists(text: &str) -> Result<Vec<&str>> {
    match text.to_ascii_lowercase().as_str() {
        "0" | "false" | "no" | "n" => return Ok(Vec::new()),
        "1" | "true" | "yes" | "y" | "*" => return Ok(vec!["*"]),
        _ => {}
    }
    let lists: Vec<&str> = text.split([';', '|', ',', ' ']).map(str::trim).filter(|l| !l.is_empty()).collect();
    let word = |l: &str| l.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'));
    match lists.iter().find(|l| !word(l) || l.len() > 64) {
        Some(bad) => Err(Error::input(format!("{bad:?} is no list (expected yes, no, or ids such as ofac_sdn)"))),
        None => Ok(lists),
    }
}

impl Reader<'_, '_> {
    fn nodes(&mut self, columns: &Columns, rows: &mut Rows) -> Result<()> {
        while rows.next()? {
            check_width(columns, rows)?;
            let row = Row { columns, rows };
            let id = row.id(node::ID, self.source)?;
            let hash = tag(rows.hash());
            match self.nodes.insert(xxh3_64(id.as_str().as_bytes()), hash) {
                Some(before) if before != hash => {
                    return Err(Error::input(format!("duplicate id {id} with other content")).at(row.place(node::ID)));
                }
                Some(_) => {
                    self.counts.identical += 1;
                    continue;
                }
                None => {}
            }
            let node_type = self.type_name(&row, node::TYPE, Kind::Nodes)?;
            let mut party = PartyRecord::new(id, node_type);
            if let Some(name) = row.get(node::NAME) {
                party.facts.push(Fact::name(prop::NAME, name));
            }
            if let Some(country) = row.get(node::COUNTRY) {
                let fact = Fact::new(prop::COUNTRY, country);
                let own = columns.name(node::COUNTRY);
                party.facts.push(if own.eq_ignore_ascii_case("country") { fact } else { fact.kind(own) });
            }
            if let Some(text) = row.get(node::LISTED) {
                let lists = lists(text).map_err(|e| e.at(row.place(node::LISTED)))?;
                self.counts.listed += u64::from(!lists.is_empty());
                let listing = |list: &str| Listing { list: list.to_owned(), ..Listing::default() };
                party.listings.extend(lists.into_iter().map(listing));
            }
            party.facts.extend(row.extra());
            party.cites = self.cites("nodes", &row, node::SOURCE_NAME, node::LOCATOR)?;
            self.counts.nodes += 1;
            self.sink.put("nodes", Record::Party(party))?;
        }
        Ok(())
    }

    fn edges(&mut self, columns: &Columns, rows: &mut Rows) -> Result<()> {
        while rows.next()? {
            check_width(columns, rows)?;
            let row = Row { columns, rows };
            let source = self.end(&row, edge::SOURCE)?;
            let target = self.end(&row, edge::TARGET)?;
            row.required(edge::TYPE)?;
            let edge_type = self.type_name(&row, edge::TYPE, Kind::Edges)?;
            let own_id = row.parsed(edge::ID, |t| Id::scoped(t, self.source))?;
            let stake = row.get(edge::STAKE).unwrap_or_default();
            let key = match &own_id {
                Some(id) => {
                    let hash = tag(rows.hash());
                    match self.edge_ids.insert(xxh3_64(id.as_str().as_bytes()), hash) {
                        Some(before) if before != hash => {
                            let e = Error::input(format!("duplicate id {id} with other content"));
                            return Err(e.at(row.place(edge::ID)));
                        }
                        Some(_) => {
                            self.counts.identical += 1;
                            continue;
                        }
                        None => None,
                    }
                }
                None => Some(self.key([source.as_str(), &edge_type, target.as_str(), stake])),
            };
            let mut r = RelationRecord::new(End::Id(source), edge_type, End::Id(target));
            r.id = own_id;
            r.stake = stake.to_owned();
            r.share = row.parsed(edge::PERCENTAGE, share)?;
            r.start = row.parsed(edge::START, PartialDate::parse)?;
            r.end = row.parsed(edge::END, PartialDate::parse)?;
            if let (Some(start), Some(end)) = (r.start, r.end)
                && end.last_day() < start.first_day()
            {
                return Err(
                    Error::input(format!("ends on {end}, before it starts on {start}")).at(row.place(edge::END))
                );
            }
            r.role = row.get(edge::ROLE).unwrap_or_default().to_owned();
            r.joint = row.get(edge::JOINT).unwrap_or_default().to_owned();
            r.status = row.word(edge::STATUS, Status::ALL, Status::as_str)?.unwrap_or_default();
            r.act = row.word(edge::ACT, Act::ALL, Act::as_str)?.unwrap_or_default();
            r.direct = row.word(edge::DIRECT, Direct::ALL, Direct::as_str)?.unwrap_or_default();
            if let (Some(text), Some(share)) = (row.get(edge::PERCENTAGE), r.share) {
                self.counts.with_share += 1;
                // An interval in words is kept in those words.
                if share.as_exact().is_none() {
                    r.facts.push(Fact::new("percentage", text));
                }
            }
            r.facts.extend(row.extra());
            r.cites = self.cites("edges", &row, edge::SOURCE_NAME, edge::LOCATOR)?;
            self.counts.edges += 1;
            self.pending.edges.push((key, r));
            if self.pending.edges.len() >= PENDING {
                self.flush(&row)?;
            }
        }
        self.flush(&Row { columns, rows })
    }

    /// One end of an edge. A bare id must be among the nodes, where a table of nodes came along.
    fn end(&mut self, row: &Row<'_>, column: usize) -> Result<Id> {
        let id = row.id(column, self.source)?;
        if self.has_nodes {
            let text = row.required(column)?;
            if !Id::has_namespace(text) {
                self.pending.text.push_str(text);
                self.pending.ends.push(PendingEnd {
                    hash: xxh3_64(id.as_str().as_bytes()),
                    line: row.rows.line(),
                    column,
                    text_end: self.pending.text.len(),
                });
            }
        }
        Ok(id)
    }

    /// Looks for the pending ends among the nodes, in one go: look-ups that do not wait for one
    /// another overlap. The import is refused as a whole, so a late refusal changes nothing.
    fn look_up(&mut self, row: &Row<'_>) -> Result<()> {
        let mut from = 0;
        for end in &self.pending.ends {
            if !self.nodes.contains(end.hash) {
                let text = self.pending.text.get(from..end.text_end).unwrap_or_default();
                let column = format!("column {}", row.columns.name(end.column));
                return Err(Error::input(format!("an edge to nowhere: no node has the id {text:?}"))
                    .at(row.rows.here().line(end.line).element(column))
                    .hint("add the node, or name a party of another source by its full id, as in ofac:36217"));
            }
            from = end.text_end;
        }
        self.pending.ends.clear();
        self.pending.text.clear();
        Ok(())
    }

    /// The hash of what tells edges without ids apart.
    fn key(&mut self, parts: [&str; 4]) -> u64 {
        self.scratch.clear();
        for part in parts {
            self.scratch.extend_from_slice(part.as_bytes());
            self.scratch.push(0);
        }
        xxh3_64(&self.scratch)
    }

    /// Hands on the pending edges: 0 for the first with its subject, type, object and stake,
    /// 1 for the second ...
    fn flush(&mut self, row: &Row<'_>) -> Result<()> {
        self.look_up(row)?;
        for (key, r) in &mut self.pending.edges {
            let Some(key) = *key else { continue };
            if self.keys.insert(key, 0).is_some() {
                self.counts.repeated += 1;
                let n = self.repeats.entry(key).or_insert(0);
                *n = n.saturating_add(1);
                r.ordinal = *n;
            }
        }
        for (_, r) in self.pending.edges.drain(..) {
            self.sink.put("edges", Record::Relation(r))?;
        }
        Ok(())
    }

    /// The catalogue's name for the type in a column; `thing` for a node without one.
    fn type_name(&mut self, row: &Row<'_>, column: usize, kind: Kind) -> Result<String> {
        let word = row.get(column).unwrap_or("thing");
        let [nodes, edges] = &mut self.types;
        let types = if kind == Kind::Nodes { nodes } else { edges };
        if let Some((name, n)) = types.by_word.get(word).and_then(|i| types.found.get_mut(*i)) {
            *n += 1;
            return Ok(name.clone());
        }
        let c = &self.sink.catalogue;
        let plain = word.to_lowercase().replace([' ', '-'], "_");
        let find = |w: &str| match kind {
            Kind::Nodes => c.node_type(w).map(|t| t.name.clone()),
            Kind::Edges => c.edge_type(w).map(|t| t.name.clone()),
        };
        let Some(name) = find(word).or_else(|| find(&plain)) else {
            let what = if kind == Kind::Nodes { "node" } else { "edge" };
            return Err(Error::input(format!("unknown {what} type {word:?}"))
                .at(row.place(column))
                .hint(suggestion(c, kind, &plain)));
        };
        let i = types.found.iter().position(|(n, _)| *n == name).unwrap_or_else(|| {
            types.found.push((name.clone(), 0));
            types.found.len() - 1
        });
        if let Some((_, n)) = types.found.get_mut(i) {
            *n += 1;
        }
        types.by_word.insert(word.to_owned(), i);
        Ok(name)
    }

    /// The citation that a row names; a source that is new is made known first.
    fn cites(&mut self, part: &str, row: &Row<'_>, source: usize, locator: usize) -> Result<Vec<Citation>> {
        let locator = row.get(locator).unwrap_or_default().to_owned();
        let Some(name) = row.get(source) else {
            if locator.is_empty() {
                return Ok(Vec::new());
            }
            return Ok(vec![Citation { locator, ..Citation::default() }]);
        };
        if let Some(id) = self.sources.get(name) {
            return Ok(vec![Citation { source: id.clone(), locator, quote: String::new() }]);
        }
        if self.sources.len() >= MAX_SOURCES {
            return Err(Error::input(format!("more than {MAX_SOURCES} different sources are named"))
                .at(row.place(source))
                .hint("this column should name publishers, not single rows; leave it out or map it elsewhere"));
        }
        // A hash keeps names apart that lose letters, or that differ only in signs.
        let mut id = slug(name);
        if !name.is_ascii() || self.source_ids.contains(&id) {
            id = format!("{id}_{:016x}", xxh3_64(name.as_bytes()));
        }
        self.source_ids.insert(id.clone());
        self.sources.insert(name.to_owned(), id.clone());
        let info = SourceInfo { id: id.clone(), title: name.to_owned(), ..SourceInfo::default() };
        self.sink.put(part, Record::Source(info))?;
        Ok(vec![Citation { source: id, locator, quote: String::new() }])
    }

    fn finish(self) {
        let report = &mut self.sink.report;
        let c = self.counts;
        let [nodes, edges] = self.types;
        for (what, n) in [
            ("nodes", c.nodes),
            ("edges", c.edges),
            ("listed", c.listed),
            ("edges_with_percentage", c.with_share),
            ("identical_rows", c.identical),
            ("parallel_edges", c.repeated),
            ("sources_named", self.sources.len() as u64),
        ] {
            if n > 0 || matches!(what, "nodes" | "edges") {
                report.count(what, n);
            }
        }
        for (what, types) in [("nodes", nodes), ("edges", edges)] {
            for (name, n) in types.found {
                report.count(&format!("{what}/{name}"), n);
            }
        }
    }
}

/// The known word nearest to one that is not known.
fn suggestion(c: &Catalogue, kind: Kind, word: &str) -> String {
    let words: Vec<&str> = match kind {
        Kind::Nodes => c
            .node_types()
            .iter()
            .flat_map(|t| std::iter::once(&t.name).chain(&t.synonyms))
            .map(String::as_str)
            .collect(),
        Kind::Edges => c
            .edge_types()
            .iter()
            .flat_map(|t| std::iter::once(&t.name).chain(&t.synonyms))
            .map(String::as_str)
            .collect(),
    };
    let near = words.iter().map(|w| (distance(word, w), *w)).min();
    match near.filter(|(d, w)| *d <= 2.max(w.len() / 3)) {
        Some((_, w)) => format!("did you mean {w:?}?"),
        None => format!("known types: {}", words.join(", ")),
    }
}

/// Edit distance, of the first 64 letters.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut corner = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        let mut left = i + 1;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let here = (corner + usize::from(x != *y)).min(*cell + 1).min(left + 1);
            corner = *cell;
            *cell = here;
            left = here;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests;
