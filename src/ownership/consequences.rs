//! What a change caused: who became blocked or free through the graph between two states of it.

use super::cause::{Cause, CauseKind, Compare, State};
use super::changes::Changes;
use super::dates::Force;
use super::holdings::Conventions;
use super::judge::{Judge, Judged, Outcome};
use super::regime::{Regime, Regimes, Rule};
use crate::error::{Kind, Result};
use crate::graph::{Graph, Node, View};
use crate::model::PartialDate;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Parties looked at to find causes, under one regime.
const SUPPOSED: usize = 5_000_000;

/// A state of a graph: what had been published, and a day.
#[derive(Clone, Copy)]
pub struct Moment<'v, 'g> {
    /// What is seen; without a day and without edge types.
    pub view: &'v View<'g>,
    /// The day.
    pub day: PartialDate,
}

/// A party whose outcome changed without a change of its own listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consequence {
    /// Regime id.
    pub regime: String,
    /// The party.
    pub node: Node,
    /// The outcome before.
    pub before: Outcome,
    /// The outcome after.
    pub after: Outcome,
    /// What caused it, nearest first; empty where it was not found.
    pub because: Vec<Cause>,
}

impl Consequence {
    /// The change in words: `became blocked`, `became free`, `became uncertain`, `still blocked`
    /// (no longer on a list itself, but blocked through others).
    pub fn change(&self) -> &'static str {
        match (self.before, self.after) {
            (Outcome::Listed, Outcome::Blocked) => "still blocked",
            (_, Outcome::Blocked | Outcome::Listed) => "became blocked",
            (_, Outcome::NotBlocked) => "became free",
            (_, Outcome::Indeterminate) => "became uncertain",
        }
    }

    /// `{"regime", "id", "name", "before", "after", "because": [{"kind", KEY, "words", ...}]}`,
    /// KEY being `edge`, `listed`, `delisted` or `rule` with the id.
    pub fn json(&self, graph: &Graph) -> Value {
        let because = |c: &Cause| {
            let key = match c.kind {
                CauseKind::Listed => "listed",
                CauseKind::Delisted => "delisted",
                CauseKind::Rule => "rule",
                _ => "id",
            };
            c.json(key)
        };
        let causes: Vec<Map<String, Value>> = self.because.iter().map(because).collect();
        json!({
            "regime": self.regime,
            "id": graph.show_id(graph.id(self.node)),
            "name": graph.label(self.node),
            "before": self.before.as_str(),
            "after": self.after.as_str(),
            "because": causes,
        })
    }
}

/// All consequences between two states.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consequences {
    /// By regime in the order asked for, then by the order of the graph.
    pub list: Vec<Consequence>,
    /// Regimes that could not be compared, and why.
    pub notes: Vec<String>,
    /// There are more than were asked for.
    pub truncated: bool,
}

/// Compares the outcomes of all parties in two states of one graph. Parties that came on a list
/// themselves, or only left it, are no consequences. Regimes that have no rule or whose lists
/// cannot be searched on one of the days are left out with a note.
///
/// # Errors
/// A usage error for a regime without verdicts.
pub fn consequences<'v, 'g, 'r>(
    [before, after]: [Moment<'v, 'g>; 2],
    regimes: &'r Regimes,
    chosen: &[&'r Regime],
    conventions: Conventions,
    limit: usize,
) -> Result<Consequences> {
    let judge = |m: Moment<'v, 'g>| Judge::new(m.view, regimes, m.day, conventions, Changes::default());
    let mut judges = [judge(before)?, judge(after)?];
    let mut probes = [judge(before)?, judge(after)?];
    let mut out = Consequences::default();
    let mut blind: Vec<&str> = Vec::new();
    for regime in chosen {
        if !regime.gives_verdicts() {
            for j in &judges {
                j.rule(regime)?;
            }
        }
        let [a, b] = &mut judges;
        let (was, is) = match (regime.rule_on(a.day()), regime.rule_on(b.day())) {
            (Ok(x), Ok(y)) => (x, y),
            (Err(e), _) | (_, Err(e)) => {
                out.notes.push(format!("{} is left out: {}", regime.id, e.message()));
                continue;
            }
        };
        if !a.coverage(regime).missing.is_empty() || !b.coverage(regime).missing.is_empty() {
            blind.push(&regime.id);
            continue;
        }
        let (x, y) = match (judged(a, regime, was), judged(b, regime, is)) {
            (Ok(x), Ok(y)) => (x, y),
            (Err(e), _) | (_, Err(e)) if e.kind() == Kind::Usage => {
                out.notes.push(format!("{} is left out: {}", regime.id, e.message()));
                continue;
            }
            (Err(e), _) | (_, Err(e)) => return Err(e),
        };
        let mut changed: Vec<(Node, Outcome, Outcome)> = Vec::new();
        let nodes: BTreeSet<Node> = x.found.keys().chain(y.found.keys()).copied().collect();
        for n in nodes {
            let of = |j: &Judged| j.found.get(&n).map_or(Outcome::NotBlocked, |f| f.outcome);
            let (p, q) = (of(&x), of(&y));
            if p != q && !its_own([&mut *a, &mut *b], regime, n, (p, q))? {
                changed.push((n, p, q));
            }
        }
        let states = [State { judge: a, rule: Some(was), found: &x }, State { judge: b, rule: Some(is), found: &y }];
        let mut compare = Compare::new(regime, states, &mut probes, SUPPOSED);
        for (node, before, after) in changed {
            if out.list.len() >= limit {
                out.truncated = true;
                break;
            }
            let because = compare.why(node)?;
            out.list.push(Consequence { regime: regime.id.clone(), node, before, after, because });
        }
    }
    if !blind.is_empty() {
        out.notes
            .push(format!("no consequences under {}: their lists cannot be searched on both days", blind.join(", ")));
    }
    Ok(out)
}

fn judged<'r>(judge: &mut Judge<'_, '_, 'r>, regime: &'r Regime, rule: &Rule) -> Result<Judged> {
    if let Some(test) = &rule.test {
        return judge.judge(regime, test, None);
    }
    let mut out = Judged::default();
    for (n, _) in judge.all_listed(regime, None)? {
        let found = judge.listed_only(regime, n)?;
        out.found.insert(n, found);
    }
    Ok(out)
}

/// Whether an outcome changed by the party's own standing on lists alone.
fn its_own(
    [a, b]: [&mut Judge<'_, '_, '_>; 2],
    regime: &Regime,
    n: Node,
    (before, after): (Outcome, Outcome),
) -> Result<bool> {
    Ok(match (before, after) {
        (_, Outcome::Listed) | (Outcome::Listed, Outcome::NotBlocked) => true,
        (Outcome::Indeterminate, Outcome::NotBlocked) => a.listed(regime, n)? == Force::Possible,
        (Outcome::NotBlocked | Outcome::Listed, Outcome::Indeterminate) => b.listed(regime, n)? == Force::Possible,
        _ => false,
    })
}
