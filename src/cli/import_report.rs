//! What an import read, skipped and doubts, as text and as JSON.

use super::io::Io;
use cuibono::error::Result;
use cuibono::import::{Finding, Outcome};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Prints the report of one release.
pub(crate) fn print(o: &Outcome, io: &mut Io<'_>) -> Result<()> {
    let from = match o.date_from {
        "given" => "as given",
        "stated" => "as the file states",
        "name" => "from the file name",
        "served" => "when the server says it was changed, because the file states none",
        _ => "today, because the file states none",
    };
    io.line(&format!("{}: release of {} ({from}), format {}", o.source, o.date, o.format))?;
    let s = &o.staged;
    if s.unchanged {
        return io.line("  unchanged: this release is already in the store");
    }
    io.line(&format!("  {} records, {} of them new; {} ended", s.records, s.new, s.ended))?;
    for (what, n) in &o.report.counts {
        io.line(&format!("  {n:>9}  {what}"))?;
    }
    findings("not used", &o.report.skipped, io)?;
    findings("used, and looks wrong", &o.report.suspicious, io)?;
    if !o.resolution.is_empty() {
        io.line("  literal names, by relation:")?;
        for (kind, r) in &o.resolution {
            let (own, other, several, none) = (r.own, r.other, r.ambiguous, r.unresolved);
            io.line(&format!(
                "    {kind}: {own} found in the same source, {other} in another, {several} fit several parties, {none} fit none"
            ))?;
        }
        if !o.ambiguous.is_empty() {
            io.line(&format!("    fit several parties, for example: {}", o.ambiguous.join("; ")))?;
        }
    }
    Ok(())
}

fn findings(title: &str, list: &BTreeMap<String, Finding>, io: &mut Io<'_>) -> Result<()> {
    if list.is_empty() {
        return Ok(());
    }
    io.line(&format!("  {title}:"))?;
    for (reason, f) in list {
        io.line(&format!("    {}: {reason}", f.count))?;
        for e in &f.examples {
            io.line(&format!("      {}: {}", e.place, e.text))?;
        }
        if f.count > f.examples.len() as u64 {
            io.line(&format!("      and {} more", f.count - f.examples.len() as u64))?;
        }
    }
    Ok(())
}

/// The reports of all releases.
pub(crate) fn json(outcomes: &[Outcome]) -> Value {
    let findings = |list: &BTreeMap<String, Finding>| -> Value {
        let one = |f: &Finding| {
            let examples: Vec<Value> =
                f.examples.iter().map(|e| json!({ "place": e.place.to_string(), "text": e.text })).collect();
            json!({ "count": f.count, "examples": examples })
        };
        list.iter().map(|(k, f)| (k.clone(), one(f))).collect::<Map<String, Value>>().into()
    };
    let releases: Vec<Value> = outcomes
        .iter()
        .map(|o| {
            let names: Map<String, Value> = o
                .resolution
                .iter()
                .map(|(k, r)| {
                    let v = json!({
                        "own_source": r.own, "other_source": r.other, "several": r.ambiguous, "none": r.unresolved,
                    });
                    (k.clone(), v)
                })
                .collect();
            json!({
                "source": o.source, "release": o.date.to_string(), "release_from": o.date_from, "format": o.format,
                "unchanged": o.staged.unchanged, "records": o.staged.records, "new": o.staged.new,
                "ended": o.staged.ended, "counts": o.report.counts, "skipped": findings(&o.report.skipped),
                "suspicious": findings(&o.report.suspicious), "names": names, "ambiguous_names": o.ambiguous,
            })
        })
        .collect();
    json!({ "durable": true, "releases": releases })
}
