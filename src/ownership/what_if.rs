//! What if: the outcomes that suppositions change, and how.

use super::changes::Changes;
use super::ground::Ground;
use super::holdings::Conventions;
use super::judge::{Found, Judge, Outcome, Range};
use super::regime::{Regime, Regimes};
use super::suppose::Supposed;
use crate::error::Result;
use crate::graph::{Edge, Node, View};
use crate::model::PartialDate;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// What a question about suppositions asks for.
#[derive(Debug, Clone, Default)]
pub struct WhatIf {
    /// These parties, flipped or not; empty: all whose outcome differs.
    pub named: Vec<Node>,
    /// At most so many rows.
    pub limit: usize,
    /// Prove the outcome under the suppositions, for at most so many rows that flip.
    pub proofs: usize,
}

/// A party under one regime, as recorded and as supposed.
#[derive(Debug, Clone, PartialEq)]
pub struct Flip {
    /// The party.
    pub node: Node,
    /// Regime id.
    pub regime: String,
    /// As recorded.
    pub before: Outcome,
    /// Under the suppositions.
    pub after: Outcome,
    /// What listed and blocked parties hold of it as recorded; `None` where the rule has no test.
    pub share_before: Option<Range>,
    /// The same under the suppositions.
    pub share_after: Option<Range>,
    /// The reason: the proof of the outcome under the suppositions.
    pub proof: Option<Value>,
}

impl Flip {
    /// Whether the outcome differs.
    pub fn flips(&self) -> bool {
        self.before != self.after
    }
}

/// What suppositions change.
#[derive(Debug, Clone, PartialEq)]
pub struct Flips {
    /// The day.
    pub day: PartialDate,
    /// By party, then by regime in the order asked for.
    pub list: Vec<Flip>,
    /// How many outcomes flip of parties that were not named.
    pub others: usize,
    /// What verdicts rest on, by regime.
    pub grounds: Vec<Ground>,
    /// Codes as in verdicts, those of [`super::Supposed`], and `not_counted:E`: the relation does
    /// not count on the day, so what is supposed of it changes nothing.
    pub warnings: Vec<String>,
    /// There are more rows than were asked for.
    pub truncated: bool,
}

/// Findings of one regime, and whether a negative may be given.
struct Column {
    found: HashMap<Node, Found>,
    doubted: bool,
}

impl Column {
    fn of(&self, n: Node) -> (Outcome, Range) {
        let (outcome, share) =
            self.found.get(&n).map_or((Outcome::NotBlocked, Range::ZERO), |f| (f.outcome, f.share.clone()));
        if outcome == Outcome::NotBlocked && self.doubted {
            return (Outcome::Indeterminate, share);
        }
        (outcome, share)
    }
}

impl<'r> Judge<'_, '_, 'r> {
    /// What a regime finds of all parties.
    fn column(&mut self, regime: &'r Regime) -> Result<Column> {
        let doubted = !self.coverage(regime).missing.is_empty();
        let found = match &self.rule(regime)?.test {
            Some(test) => self.judge(regime, test, None)?.found.into_iter().collect(),
            None => {
                let mut found = HashMap::new();
                for (n, _) in self.all_listed(regime, None)? {
                    found.insert(n, self.listed_only(regime, n)?);
                }
                found
            }
        };
        Ok(Column { found, doubted })
    }

    /// Whether an edge is part of a stake or tie that holds on the day.
    fn counted(&mut self, e: Edge) -> Result<bool> {
        let (holder, target) = self.holdings.ends(e);
        let owned = self.holdings.of(target)?;
        let votes = owned.votes.iter().flat_map(|v| &v.stakes);
        let mut edges = owned.shares.stakes.iter().chain(votes).flat_map(|s| s.edges());
        // A party's stake in itself is kept apart and has no edges to look for.
        Ok(holder == target || edges.any(|x| x == e) || owned.ties.iter().any(|t| t.edge == e))
    }
}

/// Judges everybody as recorded and under suppositions, and compares.
pub fn what_if<'r>(
    view: &View<'_>,
    regimes: &'r Regimes,
    chosen: &[&'r Regime],
    day: PartialDate,
    conventions: Conventions,
    supposed: &Supposed,
    question: &WhatIf,
) -> Result<Flips> {
    let mut before = Judge::new(view, regimes, day, conventions, Changes::default())?;
    let mut after = Judge::new(view, regimes, day, conventions, supposed.changes.clone())?;
    let mut warnings: BTreeSet<String> = supposed.warnings.iter().cloned().collect();
    for e in supposed.changes.hidden.iter().chain(supposed.changes.shares.keys()) {
        if !before.counted(*e)? {
            warnings.insert(format!("not_counted:{}", before.holdings.edge_id(*e)?));
        }
    }
    let mut rows: Vec<(Node, usize, Flip)> = Vec::new();
    let mut grounds = Vec::new();
    let mut others = 0;
    for (i, regime) in chosen.iter().enumerate() {
        let rule = before.rule(regime)?;
        grounds.push(before.ground(regime, rule));
        let (old, new) = (before.column(regime)?, after.column(regime)?);
        let mut nodes: BTreeSet<Node> = old.found.keys().chain(new.found.keys()).copied().collect();
        nodes.extend(&question.named);
        for n in nodes.into_iter().filter(|n| view.knows(*n)) {
            let ((was, share_was), (is, share_is)) = (old.of(n), new.of(n));
            let named = question.named.contains(&n);
            if !question.named.is_empty() && !named {
                others += usize::from(was != is);
                continue;
            }
            if named || was != is {
                let share = |s| rule.test.as_ref().map(|_| s);
                rows.push((
                    n,
                    i,
                    Flip {
                        node: n,
                        regime: regime.id.clone(),
                        before: was,
                        after: is,
                        share_before: share(share_was),
                        share_after: share(share_is),
                        proof: None,
                    },
                ));
            }
        }
    }
    rows.sort_by_key(|(n, i, _)| (*n, *i));
    let truncated = rows.len() > question.limit;
    rows.truncate(question.limit);
    let mut proofs = 0;
    for (n, i, row) in &mut rows {
        warnings.extend(after.all_warnings(*n)?);
        let Some(regime) = chosen.get(*i).filter(|_| row.flips() && proofs < question.proofs) else { continue };
        row.proof = Some(Value::Object(after.prove(regime, *n)?.json(view.graph())));
        proofs += 1;
    }
    for g in &grounds {
        warnings.extend(g.coverage.missing.iter().map(|l| format!("no_list:{l}")));
    }
    Ok(Flips {
        day,
        list: rows.into_iter().map(|(_, _, f)| f).collect(),
        others,
        grounds,
        warnings: warnings.into_iter().collect(),
        truncated,
    })
}
