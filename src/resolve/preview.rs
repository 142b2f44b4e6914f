//! What a decision changes: entities, the ends of relations, and verdicts.

use crate::error::Result;
use crate::graph::{Filter, Graph, Node, View};
use crate::model::PartialDate;
use crate::ownership::{Changes, Conventions, Judge, Outcome, Regime, Regimes};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A relation that leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedEdge {
    /// Its id.
    pub id: String,
    /// Its type.
    pub kind: String,
    /// Its ends as entities before.
    pub before: (String, String),
    /// Its ends as entities after.
    pub after: (String, String),
}

/// A party whose outcome changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedVerdict {
    /// The party, external id.
    pub party: String,
    /// Its name.
    pub name: String,
    /// Regime id.
    pub regime: String,
    /// The outcome before.
    pub before: Outcome,
    /// The outcome after.
    pub after: Outcome,
}

/// What is otherwise in one graph than in another of the same store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preview {
    /// The parties concerned, by the entities that they were.
    pub before: Vec<Vec<String>>,
    /// The same by those that they become.
    pub after: Vec<Vec<String>>,
    /// Relations whose ends are others.
    pub edges: Vec<MovedEdge>,
    /// Verdicts that are others.
    pub verdicts: Vec<MovedVerdict>,
    /// Regimes that could not be compared, and why.
    pub notes: Vec<String>,
    /// There is more than was asked for.
    pub truncated: bool,
}

/// Parties by entity, each list in the order of the entity.
fn entities(graph: &Graph, parties: &BTreeSet<Node>) -> Vec<Vec<String>> {
    let by: BTreeSet<Node> = parties.iter().map(|p| graph.entity_of(*p)).collect();
    by.into_iter().map(|n| graph.members(n).into_iter().map(|p| graph.id(p).to_owned()).collect()).collect()
}

/// Compares a graph as resolved in two ways. `limit` bounds relations and verdicts each.
pub fn preview(
    before: &Graph,
    after: &Graph,
    regimes: &Regimes,
    chosen: &[&Regime],
    day: PartialDate,
    limit: usize,
) -> Result<Preview> {
    let mut out = Preview::default();
    let joined = |g: &Graph| g.clusters().map(|c| c.nodes().collect::<BTreeSet<Node>>()).unwrap_or_default();
    let mut parties = joined(before);
    parties.extend(joined(after));
    parties.retain(|p| {
        let of = |g: &Graph| (g.entity_of(*p), g.members(*p).into_iter().collect::<BTreeSet<Node>>());
        of(before) != of(after)
    });
    (out.before, out.after) = (entities(before, &parties), entities(after, &parties));
    let view = View::new(before, Filter::default())?;
    let id = |g: &Graph, n: Node| g.id(n).to_owned();
    let mut edges: BTreeSet<crate::graph::Edge> = BTreeSet::new();
    for p in &parties {
        edges.extend(before.own_edges(*p).filter(|e| view.sees(*e)));
    }
    for e in edges {
        let (was, is) = (before.ends(e), after.ends(e));
        if was == is {
            continue;
        }
        if out.edges.len() >= limit {
            out.truncated = true;
            break;
        }
        out.edges.push(MovedEdge {
            id: before.relation(e)?.external_id(),
            kind: before.edge_type(e).name.clone(),
            before: (id(before, was.0), id(before, was.1)),
            after: (id(after, is.0), id(after, is.1)),
        });
    }
    let views = [view, View::new(after, Filter::default())?];
    for regime in chosen {
        let mut found: Vec<BTreeMap<Node, Outcome>> = Vec::new();
        for v in &views {
            let mut judge = Judge::new(v, regimes, day, Conventions::default(), Changes::default())?;
            match judge.affected(regime) {
                Ok(list) => found.push(list.into_iter().map(|(n, o, _)| (n, o)).collect()),
                Err(e) if e.kind() == crate::error::Kind::Usage => {
                    out.notes.push(format!("{} is left out: {}", regime.id, e.message()));
                    break;
                }
                Err(e) => return Err(e),
            }
        }
        let [was, is] = &found[..] else { continue };
        let mut concerned = parties.clone();
        for (g, map) in [(before, was), (after, is)] {
            for n in map.keys() {
                concerned.extend(g.members(*n));
            }
        }
        for p in concerned {
            let of =
                |g: &Graph, m: &BTreeMap<Node, Outcome>| m.get(&g.entity_of(p)).copied().unwrap_or(Outcome::NotBlocked);
            let (x, y) = (of(before, was), of(after, is));
            if x == y {
                continue;
            }
            if out.verdicts.len() >= limit {
                out.truncated = true;
                break;
            }
            out.verdicts.push(MovedVerdict {
                party: id(before, p),
                name: before.party_label(p).to_owned(),
                regime: regime.id.clone(),
                before: x,
                after: y,
            });
        }
    }
    before.sound()?;
    after.sound()?;
    Ok(out)
}

impl Preview {
    /// `{"entities": {"before", "after"}, "relations": [{"id", "type", "before", "after"}],
    /// "verdicts": [{"party", "name", "regime", "before", "after"}], "notes"}`.
    pub fn json(&self) -> Value {
        let edge = |e: &MovedEdge| json!({ "id": e.id, "type": e.kind, "before": [e.before.0, e.before.1], "after": [e.after.0, e.after.1] });
        let verdict = |v: &MovedVerdict| {
            json!({
                "party": v.party, "name": v.name, "regime": v.regime,
                "before": v.before.as_str(), "after": v.after.as_str(),
            })
        };
        json!({
            "entities": { "before": self.before, "after": self.after },
            "relations": self.edges.iter().map(edge).collect::<Vec<_>>(),
            "verdicts": self.verdicts.iter().map(verdict).collect::<Vec<_>>(),
            "notes": self.notes, "truncated": self.truncated,
        })
    }

    /// As lines of text.
    pub fn lines(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (word, list) in [("entities before:", &self.before), ("entities after:", &self.after)] {
            out.push(word.to_owned());
            out.extend(list.iter().map(|e| format!("  {}", e.join(" = "))));
        }
        out.push(format!("relations that lead elsewhere: {}", self.edges.len()));
        for e in &self.edges {
            let ((a, b), (c, d)) = (&e.before, &e.after);
            out.push(format!("  {}: {a} {} {b} becomes {c} {} {d}", e.id, e.kind, e.kind));
        }
        out.push(format!("verdicts that change: {}", self.verdicts.len()));
        for v in &self.verdicts {
            let (before, after) = (v.before.as_str(), v.after.as_str());
            out.push(format!("  {} ({}), {}: {before} becomes {after}", v.name, v.party, v.regime));
        }
        if self.truncated {
            out.push("there is more".to_owned());
        }
        out
    }
}
