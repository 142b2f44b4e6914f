//! `check-proof`: a proof is verified anew against a store or files.

use super::answer::{about, members};
use super::args_own::Law;
use super::args_prove::CheckArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::{Error, Place, Result};
use cuibono::graph::{DecidedAt, Filter, Graph, View};
use cuibono::import::Input;
use cuibono::ownership::check_proof;
use cuibono::resolve::decided_at;
use serde_json::{Value, json};

/// A proof is at most that long.
const MAX_PROOF: u64 = 1 << 30;

/// Prints what was verified, and every fault.
pub(crate) fn run(args: &CheckArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let regimes = Law { rules: args.rules.clone(), ..Law::default() }.regimes()?;
    let mut t = Table::new(&["file", "id", "regime", "verdict", "holds", "detail"]);
    let mut results = Vec::new();
    let mut all = true;
    for path in &args.files {
        let file = path.display().to_string();
        let text = Input::open(path)?.text(MAX_PROOF)?;
        let proof: Value = serde_json::from_str(&text)
            .map_err(|e| Error::input(format!("this is not JSON: {e}")).at(Place::file(&file)))?;
        // By the decisions that the proof goes by, unless the question names a day itself.
        let by = proof.get("decided_at").and_then(Value::as_str).map(DecidedAt::parse).transpose();
        let by = by.ok().flatten().filter(|at| graph.decided_at() == DecidedAt::Now && *at != DecidedAt::Now);
        let other = by.map(|at| decided_at(graph, at)).transpose()?;
        let found = check_proof(other.as_ref().unwrap_or(graph), &regimes, &proof).map_err(|e| {
            let element = e.place().and_then(|p| p.element.clone()).unwrap_or_default();
            let hint = e.next_step().unwrap_or("`docs/json.md` describes the shape of a proof").to_owned();
            Error::input(e.message()).at(Place::file(&file).element(element)).hint(hint)
        })?;
        all &= found.accepted;
        let text = |k: &str| proof.get(k).and_then(Value::as_str).unwrap_or_default().to_owned();
        let detail = if found.accepted { &found.checked } else { &found.faults };
        let holds = if found.accepted { "yes" } else { "no" };
        for d in detail {
            t.row(vec![file.clone(), text("id"), text("regime"), text("verdict"), holds.to_owned(), d.clone()]);
        }
        results.push(json!({
            "file": file, "id": text("id"), "regime": text("regime"), "verdict": text("verdict"),
            "accepted": found.accepted, "faults": found.faults, "checked": found.checked,
        }));
    }
    graph.sound()?;
    let view = View::new(graph, Filter::default())?;
    let mut block = about(&view, "check-proof", false);
    block.rules = Some(regimes.version.clone());
    members(&t, json!({ "accepted": all, "proofs": results }), &block, &args.output, io)?;
    Ok(Outcome::of(all))
}
