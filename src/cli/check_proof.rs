//! `check-proof`: a proof is verified anew against a store or files.

use super::answer::{about, members};
use super::args::Output;
use super::args_own::Law;
use super::args_prove::CheckArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::{Error, Place, Result};
use cuibono::graph::{DecidedAt, Filter, Graph, View};
use cuibono::import::Input;
use cuibono::ownership::{Regimes, check_proof};
use cuibono::resolve::decided_at;
use serde_json::{Value, json};

/// A proof is at most that long.
const MAX_PROOF: u64 = 1 << 30;

/// Prints what was verified, and every fault.
pub(crate) fn run(args: &CheckArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let regimes = Law { rules: args.rules.clone(), ..Law::default() }.regimes()?;
    let mut report = Report::new(&regimes);
    for path in &args.files {
        let text = Input::open(path)?.text(MAX_PROOF)?;
        report.check(&path.display().to_string(), text.as_bytes(), graph)?;
    }
    report.print(graph, &args.output, io)
}

/// The same of one proof that was sent, by the rules compiled in.
#[cfg(feature = "serve")]
pub(crate) fn body(proof: &[u8], graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let mut report = Report::new(Regimes::builtin());
    report.check("the body", proof, graph)?;
    report.print(graph, &Output::default(), io)
}

/// What came of several proofs.
struct Report<'r> {
    regimes: &'r Regimes,
    table: Table,
    results: Vec<Value>,
    all: bool,
}

impl<'r> Report<'r> {
    fn new(regimes: &'r Regimes) -> Report<'r> {
        let table = Table::new(&["file", "id", "regime", "verdict", "holds", "detail"]);
        Report { regimes, table, results: Vec::new(), all: true }
    }

    /// Verifies one proof.
    fn check(&mut self, file: &str, proof: &[u8], graph: &Graph) -> Result<()> {
        let proof: Value = serde_json::from_slice(proof)
            .map_err(|e| Error::input(format!("this is not JSON: {e}")).at(Place::file(file)))?;
        // By the decisions that the proof goes by, unless the question names a day itself.
        let by = proof.get("decided_at").and_then(Value::as_str).map(DecidedAt::parse).transpose();
        let by = by.ok().flatten().filter(|at| graph.decided_at() == DecidedAt::Now && *at != DecidedAt::Now);
        let other = by.map(|at| decided_at(graph, at)).transpose()?;
        let found = check_proof(other.as_ref().unwrap_or(graph), self.regimes, &proof).map_err(|e| {
            let element = e.place().and_then(|p| p.element.clone()).unwrap_or_default();
            let hint = e.next_step().unwrap_or("`docs/json.md` describes the shape of a proof").to_owned();
            Error::input(e.message()).at(Place::file(file).element(element)).hint(hint)
        })?;
        self.all &= found.accepted;
        let text = |k: &str| proof.get(k).and_then(Value::as_str).unwrap_or_default().to_owned();
        let detail = if found.accepted { &found.checked } else { &found.faults };
        let holds = if found.accepted { "yes" } else { "no" };
        for d in detail {
            self.table.row(vec![
                file.to_owned(),
                text("id"),
                text("regime"),
                text("verdict"),
                holds.to_owned(),
                d.clone(),
            ]);
        }
        self.results.push(json!({
            "file": file, "id": text("id"), "regime": text("regime"), "verdict": text("verdict"),
            "accepted": found.accepted, "faults": found.faults, "checked": found.checked,
        }));
        Ok(())
    }

    fn print(self, graph: &Graph, output: &Output, io: &mut Io<'_>) -> Result<Outcome> {
        graph.sound()?;
        let view = View::new(graph, Filter::default())?;
        let mut block = about(&view, "check-proof", false);
        block.rules = Some(self.regimes.version.clone());
        members(&self.table, json!({ "accepted": self.all, "proofs": self.results }), &block, output, io)?;
        Ok(Outcome::of(self.all))
    }
}
