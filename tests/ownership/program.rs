//! Asking the built program about a document.

use super::reading::{Q, number};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};

/// How the account of a failed question begins.
pub(super) const FAILED: &str = "the program failed: ";

/// The JSON answer to a question about a document, and what the program said when there is none.
pub(super) fn ask(doc: &Value, args: &[&str]) -> Result<Value, String> {
    let dir = tempfile::TempDir::new().unwrap();
    std::fs::write(dir.path().join("doc.json"), doc.to_string()).unwrap();
    let mut c = Command::new(env!("CARGO_BIN_EXE_cuibono"));
    c.current_dir(dir.path()).stdin(Stdio::null());
    for name in ["CUIBONO_STORE", "NO_COLOR", "CLICOLOR_FORCE"] {
        c.env_remove(name);
    }
    let done = c.args(["--from", "doc.json"]).args(args).arg("--json").output().unwrap();
    // The exit code may tell outcomes apart; without an answer, or after damage, it is a failure.
    match (done.status.code(), serde_json::from_slice(&done.stdout)) {
        (Some(3 | 75 | 101) | None, _) | (_, Err(_)) => Err(format!(
            "{FAILED}{args:?}: {}\n{}{}",
            done.status,
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        )),
        (_, Ok(v)) => Ok(v),
    }
}

/// The texts in a JSON array.
pub(super) fn texts(v: &Value) -> BTreeSet<String> {
    v.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Warnings with the edges of a conflict in one order.
pub(super) fn warnings(v: &Value) -> BTreeSet<String> {
    let sorted = |w: String| match w.strip_prefix("conflict:") {
        Some(edges) => {
            let edges: BTreeSet<&str> = edges.split(',').collect();
            format!("conflict:{}", edges.into_iter().collect::<Vec<_>>().join(","))
        }
        None => w,
    };
    texts(v).into_iter().map(sorted).collect()
}

/// What the program says of one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) verdict: String,
    pub(super) share: Option<(Q, Q)>,
    pub(super) missing: BTreeSet<String>,
}

/// Verdicts by regime and party, and all warnings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdicts {
    pub(super) by_regime: BTreeMap<String, BTreeMap<String, Said>>,
    pub(super) warnings: BTreeSet<String>,
}

/// `verdict --all`; without a day, as of today.
pub(super) fn verdicts(doc: &Value, regimes: &[&str], day: Option<&str>) -> Result<Verdicts, String> {
    let regimes = regimes.join(",");
    let mut args = vec!["verdict", "--all", "--regime", &regimes];
    args.extend(day.into_iter().flat_map(|d| ["--as-of", d]));
    let answer = ask(doc, &args)?;
    let mut found = Verdicts { by_regime: BTreeMap::new(), warnings: warnings(&answer["warnings"]) };
    for v in answer["verdicts"].as_array().ok_or_else(|| format!("{FAILED}no member verdicts"))? {
        let text = |key: &str| v[key].as_str().unwrap_or_default().to_owned();
        let share = v["share"].is_object().then(|| (number(&v["share"]["min"]), number(&v["share"]["max"])));
        let said = Said { verdict: text("verdict"), share, missing: texts(&v["missing"]) };
        found.warnings.extend(warnings(&v["warnings"]));
        if found.by_regime.entry(text("regime")).or_default().insert(text("id"), said).is_some() {
            return Err(format!("{FAILED}two verdicts on {} under {}", text("id"), text("regime")));
        }
    }
    Ok(found)
}
