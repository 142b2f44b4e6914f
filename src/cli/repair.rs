//! `repair`: back to the last sound state.

use super::args::Global;
use super::context::store_only;
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::Result;
use cuibono::store::Manifest;
use serde_json::json;

/// Repairs the store and says what is lost.
pub(crate) fn run(global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let storage = store_only(global, "repair")?;
    let sound = cuibono::graph::verify(&storage)?.faults.is_empty();
    let lost = cuibono::graph::repair(&storage)?;
    let generation = Manifest::current(&*storage)?.manifest.generation;
    if io.wants_json() {
        io.json_value(&json!({ "was_sound": sound, "lost": lost, "generation": generation }))?;
        return Ok(Outcome::Found);
    }
    if sound {
        io.line("the store is sound; nothing to repair")?;
    } else {
        for line in &lost {
            io.line(&format!("lost or damaged: {line}"))?;
        }
        io.line(&format!("the store is sound again, at generation {generation}; its index was built anew"))?;
    }
    Ok(Outcome::Found)
}
