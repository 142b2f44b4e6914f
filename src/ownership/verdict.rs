//! Verdicts as answers: parties and regimes side by side.

use super::exact::Exact;
use super::ground::Ground;
use super::judge::{Found, Judge, Outcome, Range};
use super::regime::{Basis, Regime, Rule, Test, Wording};
use super::run::Scope;
use super::warnings::warnings;
use crate::error::Result;
use crate::graph::Node;
use crate::model::PartialDate;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The verdict on one party under one regime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The party.
    pub node: Node,
    /// Regime id.
    pub regime: String,
    /// Id of the version of its rule.
    pub rule: String,
    /// The outcome.
    pub outcome: Outcome,
    /// What listed and blocked parties hold of its shares; `None` where the rule has no test.
    pub share: Option<Range>,
    /// Edges whose share or standing would have to be known.
    pub missing: Vec<String>,
    /// There may be more such edges than were looked for.
    pub missing_cut: bool,
    /// Codes: `over_100:ID:owns`, `conflict:E1,E2`, `not_ownable:ID`, `no_list:LIST`.
    pub warnings: Vec<String>,
    /// The outcome as a sentence.
    pub wording: String,
}

/// Verdicts, and what they rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdicts {
    /// The day.
    pub day: PartialDate,
    /// By party, then by regime in the order asked for.
    pub list: Vec<Verdict>,
    /// By regime.
    pub grounds: Vec<Ground>,
    /// All warnings met, those of parties upstream included.
    pub warnings: Vec<String>,
    /// There are more parties than were asked for.
    pub truncated: bool,
}

impl<'r> Judge<'_, '_, 'r> {
    /// Verdicts on some parties, each judged by what lies upstream of it.
    pub fn verdicts(&mut self, regimes: &[&'r Regime], parties: &[Node]) -> Result<Verdicts> {
        let mut out = self.empty(regimes)?;
        let mut warnings: BTreeSet<String> = BTreeSet::new();
        for n in parties {
            let scope = Scope::above(&mut self.holdings, *n)?;
            for regime in regimes {
                let rule = self.rule(regime)?;
                let found = match &rule.test {
                    Some(test) => {
                        let mut judged = self.judge_and_miss(regime, test, Some(&scope), &|x| x == *n)?;
                        judged.found.remove(n).unwrap_or_default()
                    }
                    None => self.listed_only(regime, *n)?,
                };
                let verdict = self.verdict(regime, rule, *n, found)?;
                out.list.push(verdict);
            }
            // Faults upstream matter where something listed stands behind them; all are named.
            for regime in regimes {
                let test = self.rule(regime)?.test.as_ref();
                for up in scope.nodes.iter().take(10_000) {
                    warnings.extend(self.warnings(*up, test)?);
                }
            }
        }
        warnings.extend(out.list.iter().flat_map(|v| v.warnings.iter().cloned()));
        out.warnings = warnings.into_iter().collect();
        Ok(out)
    }

    /// Verdicts on all parties, at most so many rows; `keep` says which outcomes are wanted.
    pub fn all_verdicts(
        &mut self,
        regimes: &[&'r Regime],
        limit: usize,
        keep: &dyn Fn(Outcome) -> bool,
    ) -> Result<Verdicts> {
        let mut out = self.empty(regimes)?;
        let mut warnings: BTreeSet<String> = BTreeSet::new();
        let mut columns = Vec::new();
        for regime in regimes {
            let rule = self.rule(regime)?;
            let judged = match &rule.test {
                Some(test) => self.judge_and_miss(regime, test, None, &|_| true)?,
                None => super::judge::Judged::default(),
            };
            columns.push((*regime, rule, judged));
        }
        for n in self.view.graph().nodes() {
            if !self.view.knows(n) {
                continue;
            }
            for (regime, rule, judged) in &mut columns {
                let found = match &rule.test {
                    Some(_) => judged.found.remove(&n).unwrap_or_default(),
                    None => self.listed_only(regime, n)?,
                };
                let verdict = self.verdict(regime, rule, n, found)?;
                warnings.extend(verdict.warnings.iter().cloned());
                if !keep(verdict.outcome) {
                    continue;
                }
                if out.list.len() >= limit {
                    out.truncated = true;
                    break;
                }
                out.list.push(verdict);
            }
            if out.truncated {
                break;
            }
        }
        out.warnings = warnings.into_iter().collect();
        Ok(out)
    }

    /// Every party that is listed, blocked, or may be, with its outcome and what affected parties
    /// hold of it, by node. All others are not blocked on the record, as far as the lists are there.
    pub fn affected(&mut self, regime: &'r Regime) -> Result<Vec<(Node, Outcome, Range)>> {
        let rule = self.rule(regime)?;
        let mut out = Vec::new();
        match &rule.test {
            Some(test) => {
                let found = self.judge_affected(regime, test)?.found.into_iter();
                out.extend(
                    found.filter(|(_, f)| f.outcome != Outcome::NotBlocked).map(|(n, f)| (n, f.outcome, f.share)),
                );
            }
            None => {
                for (n, _) in self.all_listed(regime, None)? {
                    out.push((n, self.listed_only(regime, n)?.outcome, Range::ZERO));
                }
            }
        }
        out.sort_unstable_by_key(|(n, ..)| *n);
        Ok(out)
    }

    fn empty(&self, regimes: &[&'r Regime]) -> Result<Verdicts> {
        let mut grounds = Vec::new();
        for regime in regimes {
            grounds.push(self.ground(regime, self.rule(regime)?));
        }
        Ok(Verdicts { day: self.day(), list: Vec::new(), grounds, warnings: Vec::new(), truncated: false })
    }

    /// What a regime's verdicts rest on.
    pub fn ground(&self, regime: &Regime, rule: &Rule) -> Ground {
        Ground {
            regime: regime.id.clone(),
            title: regime.title.clone(),
            rule: rule.id.clone(),
            citation: rule.citation.clone(),
            notes: rule.notes.clone(),
            coverage: self.coverage(regime),
        }
    }

    pub(super) fn listed_only(&mut self, regime: &Regime, n: Node) -> Result<Found> {
        let outcome = match self.listed(regime, n)? {
            super::dates::Force::Certain => Outcome::Listed,
            super::dates::Force::Possible => Outcome::Indeterminate,
            super::dates::Force::Never => Outcome::NotBlocked,
        };
        Ok(Found { outcome, ..Found::default() })
    }

    /// Turns a finding into an answer.
    pub(super) fn verdict(&mut self, regime: &Regime, rule: &Rule, n: Node, found: Found) -> Result<Verdict> {
        let mut warnings = self.warnings(n, rule.test.as_ref())?;
        let mut outcome = found.outcome;
        let missing_lists = self.coverage(regime).missing;
        if outcome == Outcome::NotBlocked && !missing_lists.is_empty() {
            outcome = Outcome::Indeterminate;
            warnings.extend(missing_lists.iter().map(|l| format!("no_list:{l}")));
        }
        let mut missing = Vec::with_capacity(found.missing.len());
        for e in &found.missing {
            missing.push(self.holdings.edge_id(*e)?);
        }
        missing.dedup();
        let share = rule.test.as_ref().map(|_| found.share);
        let mut verdict = Verdict {
            node: n,
            regime: regime.id.clone(),
            rule: rule.id.clone(),
            outcome,
            share,
            missing,
            missing_cut: found.cut,
            warnings,
            wording: String::new(),
        };
        verdict.wording = self.words(rule, &verdict);
        Ok(verdict)
    }

    fn words(&self, rule: &Rule, v: &Verdict) -> String {
        let text = match v.outcome {
            Outcome::Listed => &rule.wording.listed,
            Outcome::Blocked => &rule.wording.blocked,
            Outcome::NotBlocked => &rule.wording.not_blocked,
            Outcome::Indeterminate => &rule.wording.indeterminate,
        };
        let line = rule.test.as_ref().map_or(String::new(), |t| t.threshold.to_string());
        let share = v.share.as_ref().map_or(String::new(), range_words);
        let day = self.day().to_string();
        let values = [
            ("entity", self.view.graph().label(v.node)),
            ("rule", rule.id.as_str()),
            ("day", &day),
            ("share", &share),
            ("threshold", &line),
        ];
        Wording::fill(text, &values)
    }

    /// What is wrong with what is recorded of a party's owners, as far as a test looks at it.
    pub(super) fn warnings(&mut self, n: Node, test: Option<&Test>) -> Result<Vec<String>> {
        let Some(test) = test else { return Ok(Vec::new()) };
        let votes = test.votes_may_control || test.basis.contains(&Basis::Votes);
        let bases: &[Basis] = if votes { &[Basis::Shares, Basis::Votes] } else { &[Basis::Shares] };
        warnings(&mut self.holdings, n, bases)
    }

    /// The same whatever the test.
    pub(super) fn all_warnings(&mut self, n: Node) -> Result<Vec<String>> {
        warnings(&mut self.holdings, n, &[Basis::Shares, Basis::Votes])
    }
}

/// A range in words: `50`, `25 to 50`, `more than 50 to 75`.
pub fn range_words(r: &Range) -> String {
    if r.min == r.max {
        return r.min.to_string();
    }
    format!("{} to {}", r.least_words(), r.most_words())
}

/// A range as JSON: shares are exact decimal or fraction strings in percent.
pub fn range_json(r: &Range) -> Value {
    let mut v = json!({ "min": r.min.to_string(), "max": r.max.to_string() });
    if let Some(m) = v.as_object_mut() {
        if r.min_open {
            m.insert("min_excluded".into(), true.into());
        }
        if r.max_open {
            m.insert("max_excluded".into(), true.into());
        }
    }
    v
}

/// The inverse of [`range_json`]; `None` for anything else.
pub fn range_of_json(v: &Value) -> Option<Range> {
    let end = |key: &str| v.get(key).and_then(Value::as_str).and_then(Exact::parse);
    let open = |key: &str| v.get(key).and_then(Value::as_bool).unwrap_or(false);
    let range =
        Range { min: end("min")?, min_open: open("min_excluded"), max: end("max")?, max_open: open("max_excluded") };
    (range.min <= range.max).then_some(range)
}
