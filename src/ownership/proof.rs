//! What a proof is, and its JSON (`docs/ownership.md` describes it).

use super::exact::Exact;
use super::ground::Ground;
use super::judge::Outcome;
use super::regime::Test;
use super::verdict::{Verdict, range_json};
use crate::graph::{Edge, Node};
use crate::model::Citation;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// What makes a party affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Shares held.
    Shares,
    /// Votes held.
    Votes,
    /// A tie of control.
    Control,
}

impl By {
    /// The word in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            By::Shares => "shares",
            By::Votes => "votes",
            By::Control => "control",
        }
    }
}

/// An edge as a proof uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// The edge.
    pub edge: Edge,
    /// Its id as answers show it.
    pub id: String,
    /// The holder.
    pub holder: Node,
    /// What counts of it, in percent; `None` for a tie.
    pub share: Option<Exact>,
    /// The earlier step (from 1) that shows the holder to be affected; `None`: it is so from the start.
    pub step: Option<usize>,
    /// Why it counts, in words.
    pub why: String,
    /// Where it comes from.
    pub cites: Vec<Citation>,
}

/// One step: a party is affected because of what those before it hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The party.
    pub entity: Node,
    /// By what.
    pub by: By,
    /// What they hold together; `None` for control.
    pub sum: Option<Exact>,
    /// More than that (what is certain), or less than that (what is possible).
    pub open: bool,
    /// The line.
    pub threshold: Exact,
    /// Whether reaching it is enough.
    pub inclusive: bool,
    /// What all others hold, where the sum follows from it.
    pub outside: Option<Exact>,
    /// The party's stake in itself, where it was taken out.
    pub treasury: Option<Exact>,
    /// The edges, all needed.
    pub edges: Vec<Used>,
}

/// What everybody outside a set can hold of one party in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The party.
    pub entity: Node,
    /// By what.
    pub by: By,
    /// At most that (at least that, in the half about what is certain).
    pub most: Exact,
    /// Less than that.
    pub open: bool,
    /// The line that is not passed.
    pub threshold: Exact,
    /// Whether reaching it would be enough.
    pub inclusive: bool,
    /// The stakes held from outside.
    pub edges: Vec<Used>,
}

/// A closed set: whatever lies outside it, supposed to be affected, cannot affect any of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedSet {
    /// The listed party that it is about, where rules go person by person.
    pub principal: Option<Node>,
    /// Its parties.
    pub members: Vec<Node>,
    /// What is held of them from outside, by basis.
    pub held: Vec<Held>,
}

/// A fact that would have to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingFact {
    /// The edge.
    pub edge: Edge,
    /// Its id as answers show it.
    pub id: String,
    /// The party whose owners it is about.
    pub entity: Node,
    /// The holder.
    pub holder: Node,
    /// What is known of the stake, in percent; `None`: whether the tie holds at all.
    pub bounds: Option<super::stake::Bounds>,
    /// From this share on the party is affected, all else at its lower end.
    pub blocked_from: Option<Exact>,
    /// Below this share it is not, all else at its upper end.
    pub free_below: Option<Exact>,
    /// Whether the upper end of what is possible would settle the question asked.
    pub settles_blocked: bool,
    /// Whether the lower end would.
    pub settles_free: bool,
    /// Whether that was worked out: with many parties upstream it is not, and neither end says anything.
    pub worked_out: bool,
}

/// A listing that a proof rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The party.
    pub entity: Node,
    /// List id.
    pub list: String,
    /// First day, as stated.
    pub from: Option<String>,
    /// First day no longer.
    pub to: Option<String>,
    /// Programme codes.
    pub programs: Vec<String>,
    /// Where it comes from.
    pub cites: Vec<Citation>,
}

/// Ordered steps, and where they start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chain {
    /// Person by person: whose holdings are followed.
    pub principal: Option<Node>,
    /// The steps; each uses only earlier ones.
    pub steps: Vec<Step>,
}

/// A verdict with all that anyone needs to check it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The verdict.
    pub verdict: Verdict,
    /// What it rests on.
    pub ground: Ground,
    /// The test that was applied; `None`: only listed parties are affected on that day.
    pub test: Option<Test>,
    /// Version of the rule data.
    pub rules_version: String,
    /// Valid day and release day.
    pub as_of: String,
    /// What had been published by then.
    pub known_at: Option<String>,
    /// Only facts cited to these sources were looked at; empty: all.
    pub sources: Vec<String>,
    /// Conventions set by the question.
    pub conventions: super::holdings::Conventions,
    /// Facts were supposed; the proof does not speak of the record.
    pub supposed: bool,
    /// Listings of the parties from which the chain starts, the party itself first.
    pub listings: Vec<Listed>,
    /// Blocked: the chain. Cannot tell: what would block it if it is so.
    pub chain: Chain,
    /// Not blocked: closed sets. Cannot tell: sets that show that nothing certain blocks it.
    pub sets: Vec<ClosedSet>,
    /// Facts that would have to be known.
    pub missing: Vec<MissingFact>,
}

/// Names of nodes for answers.
pub(super) trait Names {
    /// Id as answers show it.
    fn id(&self, n: Node) -> String;
    /// Label.
    fn label(&self, n: Node) -> String;
}

impl Names for crate::graph::Graph {
    fn id(&self, n: Node) -> String {
        self.show_id(crate::graph::Graph::id(self, n)).to_owned()
    }
    fn label(&self, n: Node) -> String {
        crate::graph::Graph::label(self, n).to_owned()
    }
}

fn cites(list: &[Citation]) -> Value {
    let one = |c: &Citation| {
        let mut m = Map::new();
        m.insert("source".into(), c.source.clone().into());
        for (key, v) in [("locator", &c.locator), ("quote", &c.quote)] {
            if !v.is_empty() {
                m.insert(key.into(), v.clone().into());
            }
        }
        Value::Object(m)
    };
    list.iter().map(one).collect()
}

impl Proof {
    /// The proof as JSON members.
    pub fn json(&self, graph: &crate::graph::Graph) -> Map<String, Value> {
        let names: &dyn Names = graph;
        let v = &self.verdict;
        let mut m = Map::new();
        let mut put = |key: &str, value: Value| {
            if !value.is_null() && value.as_array().is_none_or(|a| !a.is_empty()) {
                m.insert(key.into(), value);
            }
        };
        put("id", names.id(v.node).into());
        put("name", names.label(v.node).into());
        put("regime", v.regime.clone().into());
        put("verdict", v.outcome.as_str().into());
        put("rule", v.rule.clone().into());
        put("citation", self.ground.citation.clone().into());
        put("rules_version", self.rules_version.clone().into());
        put("as_of", self.as_of.clone().into());
        put("known_at", self.known_at.clone().into());
        put("sources", self.sources.clone().into());
        put("share", v.share.as_ref().map_or(Value::Null, range_json));
        let mut options = Map::new();
        let c = &self.conventions;
        if let Some(x) = c.treasury_exclude {
            options.insert("treasury".into(), if x { "exclude" } else { "ignore" }.into());
        }
        if let Some(x) = c.complete {
            options.insert("complete".into(), x.into());
        }
        if let Some(x) = c.unknown_remainder {
            options.insert("unknown_remainder".into(), if x { "indeterminate" } else { "ignore" }.into());
        }
        put("options", options.into());
        put("supposed", if self.supposed { true.into() } else { Value::Null });
        put("listings", self.listings.iter().map(|l| listed(names, l)).collect());
        let chain = |to: &mut Map<String, Value>| {
            if let Some(p) = self.chain.principal {
                to.insert("principal".into(), names.id(p).into());
            }
            to.insert("steps".into(), self.chain.steps.iter().map(|s| step(names, s)).collect());
        };
        let sets: Value = self.sets.iter().map(|s| set(names, s)).collect();
        match v.outcome {
            // Nothing is found, and lists are missing: a negative that decides nothing.
            Outcome::Indeterminate if v.warnings.iter().any(|w| w.starts_with("no_list:")) => {
                put("sets", sets);
                m.insert("steps".into(), json!([]));
            }
            Outcome::Indeterminate => {
                let mut possible = Map::new();
                chain(&mut possible);
                m.insert("steps".into(), json!([]));
                m.insert("possible".into(), possible.into());
                m.insert("not_certain".into(), json!({ "sets": sets }));
                m.insert("missing".into(), self.missing.iter().map(|x| missing(names, x)).collect());
            }
            _ => {
                chain(&mut m);
                if !self.sets.is_empty() {
                    m.insert("sets".into(), sets);
                }
            }
        }
        self.entities(graph, &mut m);
        m.insert("warnings".into(), json!(v.warnings));
        m.insert("wording".into(), v.wording.clone().into());
        m
    }

    fn entities(&self, graph: &crate::graph::Graph, m: &mut Map<String, Value>) {
        if let Some(at) = graph.decided_at().text() {
            m.insert("decided_at".into(), at.into());
        }
        let list = self.joined(graph);
        if !list.is_empty() {
            m.insert("entities".into(), list.into());
        }
    }

    /// The same in words, a line each.
    pub(super) fn joined_lines(&self, graph: &crate::graph::Graph) -> Vec<String> {
        let word = |v: &Value, k: &str| v.get(k).and_then(Value::as_str).unwrap_or_default().to_owned();
        let line = |e: &Value| {
            let list = |k: &str| e.get(k).and_then(Value::as_array).cloned().unwrap_or_default();
            let parties: Vec<String> = list("parties").iter().filter_map(|p| p.as_str().map(str::to_owned)).collect();
            let by = |d: &Value| {
                let number = d.get("decision").map_or(String::new(), Value::to_string);
                let (who, day) = (word(d, "actor"), word(d, "time"));
                let who = if who.is_empty() { word(d, "by") } else { format!("{who}, {}", word(d, "by")) };
                format!("decision {number} ({who}, {})", day.get(..10).unwrap_or(&day))
            };
            let by: Vec<String> = list("decisions").iter().map(by).collect();
            format!("{} are one entity by {}", parties.join(" = "), by.join(", "))
        };
        self.joined(graph).iter().map(line).collect()
    }

    /// The entities of several parties that the proof speaks of, with the decisions that make them
    /// one: as few as hold all parties together.
    fn joined(&self, graph: &crate::graph::Graph) -> Vec<Value> {
        if graph.clusters().is_none() {
            return Vec::new();
        }
        let supposed = |e: Edge| (e.0 as usize) >= graph.edge_count();
        let (mut nodes, _) =
            self.parts(&|e| if supposed(e) { (self.verdict.node, self.verdict.node) } else { graph.ends(e) });
        nodes.extend(self.chain.steps.iter().map(|s| s.entity).chain(self.chain.principal));
        nodes.extend(self.sets.iter().filter_map(|s| s.principal));
        nodes.sort_unstable();
        nodes.dedup();
        let mut list: Vec<Value> = Vec::new();
        for n in nodes {
            let parties = graph.members(n);
            if parties.len() < 2 {
                continue;
            }
            let ids: Vec<&str> = parties.iter().map(|p| crate::graph::Graph::id(graph, *p)).collect();
            let decisions: Vec<Value> = match graph.snapshot().map(|s| s.decisions().some(graph.decisions_of(n))) {
                Some(Ok(all)) => spanning(graph.decisions_of(n), &all),
                // A damaged log is told by the check that every answer makes of what it has read.
                _ => Vec::new(),
            };
            list.push(json!({ "entity": Names::id(graph, n), "parties": ids, "decisions": decisions }));
        }
        list
    }

    /// Nodes and edges of the proof, for a picture of it.
    pub fn parts(&self, ends: &dyn Fn(Edge) -> (Node, Node)) -> (Vec<Node>, Vec<Edge>) {
        let steps = self.chain.steps.iter().flat_map(|s| &s.edges);
        let held = self.sets.iter().flat_map(|s| &s.held).flat_map(|h| &h.edges);
        let mut edges: Vec<Edge> = steps.chain(held).map(|u| u.edge).collect();
        edges.extend(self.missing.iter().map(|m| m.edge));
        let mut nodes = vec![self.verdict.node];
        nodes.extend(self.listings.iter().map(|l| l.entity));
        nodes.extend(self.sets.iter().flat_map(|s| s.members.iter().copied()));
        edges.sort_unstable();
        edges.dedup();
        nodes.extend(edges.iter().flat_map(|e| <[Node; 2]>::from(ends(*e))));
        let mut seen = std::collections::HashSet::new();
        nodes.retain(|n| seen.insert(*n));
        (nodes, edges)
    }
}

/// Of decisions "same" those that hold their parties together, the earliest first.
fn spanning(numbers: &[u32], all: &[crate::store::Decided]) -> Vec<Value> {
    let mut group: HashMap<&str, usize> = HashMap::new();
    let mut groups: Vec<Vec<&str>> = Vec::new();
    let mut out = Vec::new();
    for (number, d) in numbers.iter().zip(all) {
        let [a, b] = [&d.a, &d.b].map(|id| {
            *group.entry(id.as_str()).or_insert_with(|| {
                groups.push(vec![id.as_str()]);
                groups.len() - 1
            })
        });
        if a == b {
            continue;
        }
        let moved = groups.get_mut(b).map(std::mem::take).unwrap_or_default();
        moved.iter().for_each(|id| {
            group.insert(id, a);
        });
        groups.get_mut(a).into_iter().for_each(|g| g.extend(&moved));
        out.push(json!({
            "decision": number, "a": d.a, "b": d.b, "time": d.time, "by": d.by.as_str(), "actor": d.actor,
        }));
    }
    out
}

fn listed(names: &dyn Names, l: &Listed) -> Value {
    json!({
        "entity": names.id(l.entity),
        "name": names.label(l.entity),
        "list": l.list,
        "from": l.from,
        "to": l.to,
        "programs": l.programs,
        "cites": cites(&l.cites),
    })
}

fn used(names: &dyn Names, u: &Used) -> Value {
    let mut m = Map::new();
    m.insert("id".into(), u.id.clone().into());
    m.insert("holder".into(), names.id(u.holder).into());
    m.insert("name".into(), names.label(u.holder).into());
    m.insert("share_used".into(), u.share.as_ref().map(ToString::to_string).into());
    m.insert("why".into(), u.why.clone().into());
    if let Some(n) = u.step {
        m.insert("step".into(), n.into());
    }
    m.insert("cites".into(), cites(&u.cites));
    m.into()
}

fn step(names: &dyn Names, s: &Step) -> Value {
    let mut m = Map::new();
    m.insert("entity".into(), names.id(s.entity).into());
    m.insert("name".into(), names.label(s.entity).into());
    m.insert("by".into(), s.by.as_str().into());
    m.insert("sum".into(), s.sum.as_ref().map(ToString::to_string).into());
    m.insert("open".into(), s.open.into());
    m.insert("threshold".into(), s.threshold.to_string().into());
    m.insert("inclusive".into(), s.inclusive.into());
    for (key, v) in [("outside", &s.outside), ("treasury", &s.treasury)] {
        if let Some(x) = v {
            m.insert(key.into(), x.to_string().into());
        }
    }
    m.insert("edges".into(), s.edges.iter().map(|u| used(names, u)).collect());
    m.into()
}

fn set(names: &dyn Names, s: &ClosedSet) -> Value {
    let mut m = Map::new();
    if let Some(p) = s.principal {
        m.insert("principal".into(), names.id(p).into());
    }
    let entities: Vec<Value> = s
        .members
        .iter()
        .flat_map(|n| {
            let mine: Vec<&Held> = s.held.iter().filter(|h| h.entity == *n).collect();
            if mine.is_empty() {
                return vec![json!({ "entity": names.id(*n), "name": names.label(*n) })];
            }
            mine.into_iter()
                .map(|h| {
                    json!({
                        "entity": names.id(*n),
                        "name": names.label(*n),
                        "by": h.by.as_str(),
                        "most": h.most.to_string(),
                        "open": h.open,
                        "threshold": h.threshold.to_string(),
                        "inclusive": h.inclusive,
                        "edges": h.edges.iter().map(|u| used(names, u)).collect::<Vec<_>>(),
                    })
                })
                .collect()
        })
        .collect();
    m.insert("entities".into(), entities.into());
    m.into()
}

fn missing(names: &dyn Names, x: &MissingFact) -> Value {
    let text = |v: &Option<Exact>| v.as_ref().map(ToString::to_string);
    json!({
        "edge": x.id,
        "entity": names.id(x.entity),
        "holder": names.id(x.holder),
        "holder_name": names.label(x.holder),
        "low": x.bounds.as_ref().map(|b| b.low.to_string()),
        "low_excluded": x.bounds.as_ref().is_some_and(|b| b.low_open),
        "high": x.bounds.as_ref().map(|b| b.high.to_string()),
        "high_excluded": x.bounds.as_ref().is_some_and(|b| b.high_open),
        "blocked_from": text(&x.blocked_from),
        "free_below": text(&x.free_below),
        "settles_blocked": x.settles_blocked,
        "settles_free": x.settles_free,
        "worked_out": x.worked_out,
    })
}
