//! What verdicts rest on: the rule, its notes, the lists that were searched.

use super::dates::days_between;
use super::listed::Coverage;
use crate::model::PartialDate;
use serde_json::{Value, json};

/// What one regime's verdicts rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// Regime id.
    pub regime: String,
    /// Name of the regime.
    pub title: String,
    /// Id of the version of its rule.
    pub rule: String,
    /// Where the rule stands.
    pub citation: String,
    /// What a reader must know of the rule.
    pub notes: Vec<String>,
    /// The lists that were searched.
    pub coverage: Coverage,
}

impl Ground {
    /// In words: the rule first, then its notes, the lists last. `day` is the day of the question.
    pub fn lines(&self, day: PartialDate) -> Vec<String> {
        let mut out = vec![format!("{}: rule {} ({})", self.title, self.rule, self.citation)];
        out.extend(self.notes.iter().map(|n| format!("{}: {n}", self.regime)));
        out.push(format!("{}: {}", self.regime, coverage(&self.coverage, day)));
        out
    }

    /// As JSON, a GROUND of `docs/json.md`.
    pub fn json(&self, day: PartialDate) -> Value {
        let lists: Vec<Value> = self
            .coverage
            .used
            .iter()
            .map(|u| {
                json!({
                    "list": u.list,
                    "source": u.source,
                    "first_release": u.first.to_string(),
                    "release": u.release.to_string(),
                    "age_days": days_between(u.release.first_day(), day.last_day()),
                })
            })
            .collect();
        json!({
            "regime": self.regime,
            "title": self.title,
            "rule": self.rule,
            "citation": self.citation,
            "notes": self.notes,
            "lists": lists,
            "documents_only": self.coverage.documents_only,
            "missing_lists": self.coverage.missing,
            "lines": self.lines(day),
        })
    }
}

fn coverage(c: &Coverage, day: PartialDate) -> String {
    let lists: Vec<String> = c
        .used
        .iter()
        .map(|u| format!("{} from {}, release {} ({})", u.list, u.source, u.release, age(u.release, day)))
        .collect();
    match (c.documents_only, c.missing.is_empty()) {
        (true, _) => "only documents were asked; their word on who is listed is taken as whole".to_owned(),
        (_, true) => format!("searched {}", lists.join("; ")),
        _ if lists.is_empty() => format!("no list was searched ({} not in the store)", c.missing.join(", ")),
        _ => format!("the day lies before the first release of {}", lists.join("; ")),
    }
}

/// Days between a release and the day asked for.
fn age(release: PartialDate, day: PartialDate) -> String {
    match days_between(release.first_day(), day.last_day()) {
        0 => "of that day".to_owned(),
        1 => "1 day old".to_owned(),
        n if n > 0 => format!("{n} days old"),
        n => format!("{} days after the day asked for", -n),
    }
}
