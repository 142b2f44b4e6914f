//! Tables of nodes and edges: CSV, or separated by tabs or semicolons, with a header.
//!
//! One or both tables, in any order. Where a table of nodes comes along, an edge may only name
//! its nodes (or parties of other sources by their full id). This is a format of our own:
//! whatever is wrong refuses the import with its file and line.

mod columns;
mod read;
mod ready;
mod row;

use self::columns::{Columns, Kind, check_map, edge};
use self::read::Reader;
use self::ready::Ready;
use self::row::Table;
use super::rows::{Rows, delimiter};
use super::{Draft, Input, Mode, Options, Sink};
use crate::error::{Error, Result};
use crate::model::{Catalogue, SourceInfo};

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

    let mut reader = Reader::new(sink, &source, has_nodes);
    for (columns, rows) in tables {
        let place = rows.here();
        // Rows are compared as wholes only where they have an id.
        let hashed = columns.kind == Kind::Nodes || columns.at(edge::ID).is_some();
        let prepare = |batch: &_| Ready::of(&columns, batch, &place, &source);
        rows.ahead(hashed, prepare, |batch, ready| {
            let table = Table { columns: &columns, batch, place: &place, ready: &ready };
            match columns.kind {
                Kind::Nodes => reader.nodes(&table)?,
                Kind::Edges => reader.edges(&table)?,
            }
            batch.failed()
        })?;
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
