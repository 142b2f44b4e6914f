//! FollowTheMoney statements (CSV): one row per claim, "in this dataset this entity has this
//! value". Rows of one entity are put together to the entity that the JSON form would hold, each
//! value with the datasets that say it. In the published files they stand together; where they
//! do not, [`apart`] says which have to be gathered from all over the file.
//!
//! A claim's own id and the checksum in rows of `id` are made from the rest and are not kept.

mod apart;

use self::apart::{Apart, Pass};
use super::line::{Claim, Entity, Text, Texts};
use super::record::At;
use super::{Reader, State, bare_stem, draft, model};
use crate::error::{Error, Result};
use crate::import::rows::{Header, Rows};
use crate::import::{Draft, Input, Mode, Options, Sink};
use crate::model::Citation;
use bumpalo::Bump;
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The columns, in the order in which followthemoney writes them.
const COLUMNS: [&str; 14] = [
    "canonical_id",
    "entity_id",
    "prop",
    "prop_type",
    "schema",
    "value",
    "dataset",
    "origin",
    "lang",
    "original_value",
    "external",
    "first_seen",
    "last_seen",
    "id",
];
/// Those that tell the format from any other table.
const NEEDED: [&str; 6] = ["canonical_id", "entity_id", "prop", "schema", "value", "dataset"];
/// The property of rows that only say that an entity is there.
const BASE: &str = "id";
/// The most rows that one entity may have.
const MAX_ROWS: usize = 1 << 20;

pub(in crate::import) fn detect(input: &Input) -> bool {
    let head = input.head();
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line).replace('"', "");
    let names: Vec<&str> = line.split([',', ';', '\t']).map(str::trim).collect();
    NEEDED.iter().all(|c| names.contains(c))
}

pub(in crate::import) fn import(files: Vec<Input>, options: &Options, sink: &mut Sink<'_>) -> Result<Draft> {
    let Some(first) = files.first() else { return Err(Error::usage("no file given")) };
    let title = bare_stem(first).to_owned();
    let (draft, source) = draft(title, options, "ftm-statements");
    let mut reader = Reader { sink, source: &source, state: State::default(), arena: Bump::new() };
    reader.state.delta = Some(false);
    let mut tally = Tally::default();
    for file in files {
        apart::each_pass(file, |input, pass| read(input, pass, &mut reader, &mut tally))?;
    }
    reader.sink.report.count("statements", tally.statements);
    reader.sink.report.count("external statements", tally.external);
    reader.finish()?;
    Ok(Draft { mode: Mode::Full, ..draft })
}

#[derive(Default)]
struct Tally {
    statements: u64,
    external: u64,
}

/// One claim as it stands in its row.
struct Row {
    entity_id: String,
    prop: String,
    value: String,
    dataset: String,
    origin: String,
    lang: String,
    original: String,
    external: bool,
    first_seen: String,
    last_seen: String,
}

/// The rows of one entity.
struct Group {
    id: String,
    schema: String,
    rows: Vec<Row>,
    hash: u64,
    at: At,
}

fn read(input: Input, pass: &mut Pass<'_>, reader: &mut Reader<'_, '_>, tally: &mut Tally) -> Result<()> {
    let mut rows = Rows::new(input);
    let Some(header) = header(&mut rows)? else { return Ok(()) };
    let place = rows.here();
    let others: Vec<&str> = header.names().filter(|n| !COLUMNS.iter().any(|c| c.eq_ignore_ascii_case(n))).collect();
    for name in others.into_iter().filter(|_| pass.first()) {
        reader.sink.report.skip("unknown column", place.clone(), name);
    }
    let at: FxHashMap<&str, usize> = COLUMNS.iter().filter_map(|c| Some((*c, header.find(c)?))).collect();
    let mut group: Option<Group> = None;
    let (mut gathered, mut places): (Vec<Group>, FxHashMap<u64, usize>) = Default::default();
    while rows.next()? {
        header.check(&rows)?;
        let text = |name: &str| at.get(name).map_or("", |i| rows.field(*i));
        let id = match text("canonical_id") {
            "" => text("entity_id"),
            id => id,
        };
        if id.is_empty() || text("prop").is_empty() || text("schema").is_empty() {
            return Err(Error::input("statement without an id, a property or a schema").at(rows.here()));
        }
        let external = matches!(text("external"), "t" | "true" | "True" | "1");
        if pass.first() {
            tally.statements += 1;
            tally.external += u64::from(external);
            reader.state.counts.lines += 1;
        }
        let fresh = || Group {
            id: id.to_owned(),
            schema: text("schema").to_owned(),
            rows: Vec::new(),
            hash: 0,
            at: At(rows.here()),
        };
        let begins = group.as_ref().is_none_or(|g| g.id != id);
        let g = match pass.takes(id, begins, &rows)? {
            Apart::Elsewhere => continue,
            Apart::Gathered(key) => {
                let n = *places.entry(key).or_insert_with(|| {
                    gathered.push(fresh());
                    gathered.len() - 1
                });
                let Some(g) = gathered.get_mut(n) else { continue };
                g
            }
            Apart::Together => {
                if begins && let Some(done) = group.take() {
                    finish(done, reader)?;
                }
                group.get_or_insert_with(fresh)
            }
        };
        if g.schema != text("schema") {
            match model::common(&g.schema, text("schema")) {
                Some(both) => both.clone_into(&mut g.schema),
                None => {
                    let what = format!("{id}: {} and {}", g.schema, text("schema"));
                    reader.sink.report.suspect("schemata that do not fit together", rows.here(), &what);
                }
            }
        }
        g.hash = xxh3_64_with_seed(&rows.hash().to_le_bytes(), g.hash);
        if g.rows.len() >= MAX_ROWS {
            return Err(Error::input(format!("over {MAX_ROWS} statements on one entity")).at(rows.here()));
        }
        let own = |name: &str| text(name).to_owned();
        g.rows.push(Row {
            entity_id: own("entity_id"),
            prop: own("prop"),
            value: own("value"),
            dataset: own("dataset"),
            origin: own("origin"),
            lang: own("lang"),
            original: own("original_value"),
            external,
            first_seen: own("first_seen"),
            last_seen: own("last_seen"),
        });
    }
    for g in group.into_iter().chain(gathered) {
        finish(g, reader)?;
    }
    Ok(())
}

/// The header of a file, with all columns that are needed; `None` for an empty file.
fn header(rows: &mut Rows) -> Result<Option<Header>> {
    if !rows.next()? {
        return Ok(None);
    }
    let header = Header::of(rows);
    for name in NEEDED {
        header.need(name, &rows.here())?;
    }
    Ok(Some(header))
}

/// Puts the rows of one entity together and hands it on.
fn finish(g: Group, reader: &mut Reader<'_, '_>) -> Result<()> {
    let own = |t: &str| Text(Cow::Owned(t.to_owned()));
    let mut entity = Entity { id: Some(own(&g.id)), schema: Some(own(&g.schema)), ..Entity::default() };
    let mut once: FxHashSet<&str> = FxHashSet::default();
    entity.datasets.0.extend(g.rows.iter().map(|r| r.dataset.as_str()).filter(|d| once.insert(d)).map(own));
    once.clear();
    let referents = g.rows.iter().map(|r| r.entity_id.as_str()).filter(|e| !e.is_empty() && *e != g.id);
    entity.referents.0.extend(referents.filter(|e| once.insert(e)).map(own));
    let claims: Vec<&Row> = g.rows.iter().filter(|r| r.prop != BASE).collect();
    let seen = |field: fn(&Row) -> &str, base: bool| {
        let of = |r: &&Row| (r.prop == BASE) == base && !field(r).is_empty();
        g.rows.iter().filter(of).map(field).collect::<Vec<_>>()
    };
    let first = seen(|r| &r.first_seen, false).into_iter().min();
    let last = seen(|r| &r.last_seen, false).into_iter().chain(seen(|r| &r.last_seen, true)).max();
    let change = seen(|r| &r.first_seen, true).into_iter().max();
    for (name, value) in [("first_seen", first.or(change)), ("last_seen", last), ("last_change", change)] {
        entity.seen.extend(value.map(|v| (name, own(v))));
    }
    let mut properties: Vec<(Text<'static>, Texts<'static>)> = Vec::new();
    let mut places: FxHashMap<&str, usize> = FxHashMap::default();
    let mut said: FxHashMap<(String, String), Claim> = FxHashMap::default();
    for r in claims {
        let at = *places.entry(&r.prop).or_insert_with(|| {
            properties.push((own(&r.prop), Texts::default()));
            properties.len() - 1
        });
        let claim = said.entry((r.prop.clone(), r.value.clone())).or_insert_with(|| {
            if let Some((_, values)) = properties.get_mut(at) {
                values.0.push(own(&r.value));
            }
            Claim::default()
        });
        let mut locator = if r.entity_id.is_empty() { g.id.clone() } else { r.entity_id.clone() };
        // What sets this claim apart from the entity as a whole.
        for (word, text, usual) in [
            ("origin ", r.origin.as_str(), ""),
            ("", if r.external { "external" } else { "" }, ""),
            ("first seen ", &r.first_seen, first.unwrap_or_default()),
            ("last seen ", &r.last_seen, last.unwrap_or_default()),
        ] {
            if !text.is_empty() && text != usual {
                locator.push_str(&format!(", {word}{text}"));
            }
        }
        let cite = Citation { source: r.dataset.clone(), locator, quote: String::new() };
        if !claim.cites.contains(&cite) {
            claim.cites.push(cite);
        }
        for (all, text) in [(&mut claim.lang, &r.lang), (&mut claim.original, &r.original)] {
            if !text.is_empty() && *text != r.value && !all.contains(text) {
                all.push(text.clone());
            }
        }
    }
    // A claim that every dataset of the entity makes rests on the citations of the entity.
    for claim in said.values_mut() {
        let plain = |d: &Text<'_>| claim.cites.iter().any(|c| c.source == d.as_str() && c.locator == g.id);
        if claim.cites.len() == entity.datasets.0.len() && entity.datasets.0.iter().all(plain) {
            claim.cites.clear();
        }
    }
    entity.properties = Some(properties);
    entity.claims = said;
    reader.entity(&entity, g.hash, &g.at)
}

#[cfg(test)]
mod tests;
