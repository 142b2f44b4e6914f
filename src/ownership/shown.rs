//! Verdicts on many parties at once, and as short marks behind their names.

use super::exact::Exact;
use super::judge::{Judge, Outcome};
use super::regime::{Regime, Rule};
use super::run::Scope;
use super::verdict::{Verdict, range_words};
use crate::error::Result;
use crate::graph::Node;

impl<'r> Judge<'_, '_, 'r> {
    /// Verdicts on some parties under one regime, from one run over all that lies upstream of
    /// them, in the order given.
    pub fn verdicts_together(&mut self, regime: &'r Regime, parties: &[Node]) -> Result<Vec<Verdict>> {
        let rule = self.rule(regime)?;
        let mut judged = match &rule.test {
            Some(test) => {
                let scope = Scope::above_all(&mut self.holdings, parties)?;
                Some(self.judge(regime, test, Some(&scope))?)
            }
            None => None,
        };
        let mut out = Vec::with_capacity(parties.len());
        for n in parties {
            let found = match &mut judged {
                Some(j) => j.found.get(n).cloned().unwrap_or_default(),
                None => self.listed_only(regime, *n)?,
            };
            out.push(self.verdict(regime, rule, *n, found)?);
        }
        Ok(out)
    }
}

/// A verdict as a mark behind a name: `listed`, `blocked: 55 of at least 50`, `cannot tell: 25
/// to 75`; `None` for a party that is not blocked, and where only a list is missing.
pub fn mark(v: &Verdict, rule: &Rule) -> Option<String> {
    let line = rule.test.as_ref().map(|t| (t, Exact::from(t.threshold)));
    match v.outcome {
        Outcome::NotBlocked => None,
        Outcome::Listed => Some("listed".to_owned()),
        Outcome::Blocked => Some(match (&line, &v.share) {
            (Some((t, line)), Some(s)) if s.min > *line || (s.min == *line && (t.inclusive || s.min_open)) => {
                let least = if t.inclusive { "at least" } else { "more than" };
                format!("blocked: {} of {least} {line}", range_words(s))
            }
            _ => "blocked: through votes or control".to_owned(),
        }),
        Outcome::Indeterminate if v.warnings.iter().any(|w| w.starts_with("no_list:")) => None,
        Outcome::Indeterminate => Some(match &v.share {
            Some(s) if s.max.is_positive() => format!("cannot tell: {}", range_words(s)),
            _ => "cannot tell".to_owned(),
        }),
    }
}
