//! `verify`: whether every byte of the store is as it was written.

use super::args::Global;
use super::context::store_only;
use super::exit::Outcome;
use super::io::Io;
use super::render::escape;
use cuibono::error::Result;
use serde_json::json;

/// Checks the store; faults go to stderr, one per line.
pub(crate) fn run(global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let storage = store_only(global, "verify")?;
    let v = cuibono::graph::verify(&storage)?;
    let sound = v.faults.is_empty();
    if io.wants_json() {
        io.json_value(&json!({
            "sound": sound, "files": v.files, "bytes": v.bytes, "records": v.records, "edits": v.edits, "decisions": v.decisions,
            "leftovers": v.leftovers, "faults": v.faults,
        }))?;
    } else {
        let (files, bytes, records, edits) = (v.files, v.bytes, v.records, v.edits);
        let word = if sound { "sound" } else { "damaged" };
        let decisions = if v.decisions > 0 { format!(", {} decisions", v.decisions) } else { String::new() };
        io.line(&format!("{word}: {files} files, {bytes} bytes, {records} records, {edits} own facts{decisions}"))?;
    }
    if !v.leftovers.is_empty() {
        let names = v.leftovers.join(", ");
        io.note(&format!("left over from a writer that was stopped, removed by the next change: {names}"));
    }
    for f in &v.faults {
        eprintln!("error: {}", escape(f));
    }
    if !sound {
        eprintln!("hint: `cuibono repair` goes back to the last sound state");
    }
    Ok(if sound { Outcome::Found } else { Outcome::Faults })
}
