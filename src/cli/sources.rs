//! `sources`: what is in the store, release by release.

use super::args::{Form, Global};
use super::args_store::SourcesArgs;
use super::context;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::Result;
use serde_json::{Value, json};

/// Lists the sources.
pub(crate) fn run(args: &SourcesArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let graph = context::open(global, io)?;
    let mut table = Table::new(&["source", "releases", "first", "latest", "format", "records", "title", "licence"]);
    let mut values: Vec<Value> = Vec::new();
    let mut own = 0;
    for snapshot in graph.snapshots() {
        own += snapshot.journal().len();
        for s in snapshot.sources() {
            let releases = s.entry.by_date();
            let date = |r: Option<&&cuibono::store::ReleaseEntry>| r.map_or(String::new(), |r| r.date.to_string());
            table.row(vec![
                s.entry.info.id.clone(),
                releases.len().to_string(),
                date(releases.first()),
                date(releases.last()),
                releases.last().map_or(String::new(), |r| r.format.clone()),
                s.len().to_string(),
                s.entry.info.title.clone(),
                s.entry.info.licence.clone(),
            ]);
            let each: Vec<Value> = releases
                .iter()
                .map(|r| {
                    json!({
                        "date": r.date.to_string(), "format": r.format, "mode": r.mode, "parts": r.parts,
                        "files": r.files.iter().map(|(n, h)| json!({"name": n, "sha256": h})).collect::<Vec<_>>(),
                        "counts": r.counts,
                    })
                })
                .collect();
            values.push(json!({ "source": s.entry.info, "records": s.len(), "releases": each }));
        }
    }
    let found = !table.is_empty() || own > 0;
    match io.form(&args.output) {
        Form::Json => {
            let store: Vec<&str> = graph.snapshots().map(cuibono::store::Snapshot::hash).collect();
            io.json_value(&json!({ "sources": values, "edits": own, "store": store.join("+") }))?;
        }
        form => table.write(form, io)?,
    }
    if own > 0 {
        io.note(&format!("the journal holds {own} own statements and retractions"));
    }
    Ok(Outcome::of(found))
}
