//! The verdicts that the answer of a document carries (`docs/json.md`). A client may have sent
//! them, so only what is known is read.

use crate::model::Document;
use crate::ownership::{Outcome, Range, range_of_json, range_words};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// One verdict on one party.
#[derive(Debug, Clone)]
pub(super) struct Said {
    /// `None` for a word that is none of ours.
    pub(super) outcome: Option<Outcome>,
    /// What is held of it, in words.
    pub(super) share: Option<String>,
    /// It is worth a mark: without one only a list is missing.
    pub(super) marked: bool,
}

impl Said {
    pub(super) fn of(v: &Value) -> Said {
        let share: Option<Range> = v.get("share").and_then(range_of_json);
        let marked = match v.get("marks").and_then(Value::as_array) {
            Some(marks) => !marks.is_empty(),
            None => share.as_ref().is_some_and(|s| s.max.is_positive()),
        };
        let outcome = v.get("verdict").and_then(Value::as_str).and_then(Outcome::parse);
        Said { outcome, share: share.as_ref().map(range_words), marked }
    }

    /// The verdict in words; of what is not known nothing is said.
    pub(super) fn words(&self) -> &'static str {
        self.outcome.map_or("not known", Outcome::words)
    }
}

/// Verdicts side by side: what is said under each regime, with its arithmetic.
pub(super) fn regimes(doc: &Document) -> Option<&Map<String, Value>> {
    result(doc)?.get("regimes")?.as_object().filter(|r| !r.is_empty())
}

/// Verdicts one by one, as `trace` tells them.
pub(super) fn rows(doc: &Document) -> &[Value] {
    result(doc).and_then(|r| r.get("verdicts")).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn result(doc: &Document) -> Option<&Value> {
    doc.answer.as_ref()?.result.as_ref()
}

/// A text member, empty where there is none.
pub(super) fn string<'v>(v: &'v Value, key: &str) -> &'v str {
    v.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// All verdicts by the id of the party as shown, each with its regime: those side by side, and
/// where there are none those one by one.
pub(super) fn by_party(doc: &Document) -> HashMap<&str, BTreeMap<&str, Said>> {
    let mut out: HashMap<&str, BTreeMap<&str, Said>> = HashMap::new();
    if let Some(regimes) = regimes(doc) {
        for (regime, told) in regimes {
            for (id, v) in told.get("verdicts").and_then(Value::as_object).into_iter().flatten() {
                out.entry(id).or_default().insert(regime, Said::of(v));
            }
        }
        return out;
    }
    for v in rows(doc) {
        out.entry(string(v, "id")).or_default().insert(string(v, "regime"), Said::of(v));
    }
    out
}
