//! `GET /v1/tree`: an ownership chain to be drawn. The network document of the chain, with
//! positions of its boxes, and under each regime the verdicts with their arithmetic and the proof
//! on the party asked about, whose parties and relations are in the document, too.

use super::asked::Asked;
use super::{Context, Reply, Request};
use crate::error::{Error, Kind, Result};
use crate::export::{BoxSize, place};
use crate::graph::{Edge, Filter, Graph, Node, View};
use crate::model::Document;
use crate::ownership::{Changes, Conventions, Judge, Proof, Regime, Regimes};
use crate::query::{Subgraph, Trace, TraceDirection, TraceOptions, answer as document, quoted, trace};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// Rows in each direction, unless asked otherwise, and at most: more is not to be looked at.
const ROWS: u32 = 2_000;
const MOST_ROWS: u32 = 10_000;
/// Regimes side by side at most.
const MOST_REGIMES: usize = 12;
/// Parties and relations that proofs bring in beside the chain, at most.
const FROM_PROOFS: usize = 2_000;

/// What was asked.
struct Ask {
    entity: String,
    options: TraceOptions,
    hops: Option<u32>,
    /// Empty: `ofac`, if it has a rule for the day.
    regimes: Vec<String>,
    filter: Filter,
}

impl Ask {
    fn of(request: &Request, context: &Context<'_>) -> Result<Ask> {
        let asked = Asked(&request.query);
        let entity = asked.one("entity")?.filter(|e| !e.is_empty());
        let entity = entity.ok_or_else(|| Error::usage("whose tree?").hint("give entity=ID or a name"))?;
        let direction = match (asked.flag("up")?, asked.flag("down")?) {
            (true, true) => {
                return Err(Error::usage("up and down exclude each other").hint("leave out both for both ways"));
            }
            (true, false) => TraceDirection::Up,
            (false, true) => TraceDirection::Down,
            (false, false) => TraceDirection::Both,
        };
        let hops = asked.number("hops", u32::MAX)?;
        let limit = asked.number("limit", MOST_ROWS)?.unwrap_or(ROWS) as usize;
        let regimes = asked.list("regime");
        if regimes.len() > MOST_REGIMES {
            return Err(Error::usage(format!("at most {MOST_REGIMES} regimes side by side")));
        }
        let filter = asked.filter(context.today)?;
        let max_depth = hops.unwrap_or(u32::MAX);
        let options = TraceOptions { direction, max_depth, limit, ..TraceOptions::default() };
        Ok(Ask { entity: entity.to_owned(), options, hops, regimes, filter })
    }

    /// The command that tells the same chain; it takes one regime.
    fn words(&self, id: &str) -> String {
        let mut s = format!("trace {}", quoted(id));
        s.push_str(match self.options.direction {
            TraceDirection::Up => " --up",
            TraceDirection::Down => " --down",
            TraceDirection::Both => "",
        });
        if let Some(n) = self.hops {
            s.push_str(&format!(" --hops {n}"));
        }
        s.push_str(&format!(" --limit {}", self.options.limit));
        for (flag, day) in [("as-of", self.filter.as_of), ("known-at", self.filter.known_at)] {
            if let Some(day) = day {
                s.push_str(&format!(" --{flag} {day}"));
            }
        }
        for (flag, list) in [("type", &self.filter.edge_types), ("source", &self.filter.sources)] {
            if !list.is_empty() {
                s.push_str(&format!(" --{flag} {}", list.iter().map(|v| quoted(v)).collect::<Vec<_>>().join(",")));
            }
        }
        if let Some(first) = self.regimes.first() {
            s.push_str(&format!(" --regime {}", quoted(first)));
        }
        s
    }
}

/// Answers a request for a tree.
pub(super) fn answer(request: &Request, context: &mut Context<'_>) -> Result<Reply> {
    let ask = Ask::of(request, context)?;
    let graph = context.graph;
    let view = View::new(graph, ask.filter.clone())?;
    let root = view.resolve(&ask.entity)?;
    let found = trace(&view, root, &ask.options);
    let mut notes = Vec::new();
    if let Some((_, more)) = ask.regimes.split_first().filter(|(_, more)| !more.is_empty()) {
        notes.push(format!("verdicts under {} are here as well", more.join(", ")));
    }
    // All relations count for a verdict, whatever the chain leaves out.
    let whole = View::new(graph, Filter { as_of: None, edge_types: Vec::new(), ..ask.filter.clone() })?;
    let law = Law::new(&ask, &whole, &mut notes)?;
    let mut judge = law.as_ref().map(|l| l.judge(&whole)).transpose()?;
    let mut proofs: Vec<(&Regime, Proof)> = Vec::new();
    if let (Some(l), Some(j)) = (&law, &mut judge) {
        for regime in &l.chosen {
            match j.prove(regime, root) {
                Ok(p) => proofs.push((regime, p)),
                Err(e) if l.asked => return Err(e),
                // The chain is told all the same: it may be far shorter than what a verdict looks at.
                Err(e) if matches!(e.kind(), Kind::Usage | Kind::Stopped) => {
                    notes.push(format!("no verdicts are marked: {}", e.message()));
                }
                Err(e) => return Err(e),
            }
        }
    }
    let part = part(graph, &found, &proofs, notes);
    let mut doc = document(&view, &part, &ask.words(graph.show_id(graph.id(root))))?;
    let shown = part.edge_ids(&doc);
    let mut result = Map::new();
    result.insert("root".into(), graph.show_id(graph.id(root)).into());
    let lead_id = |e: Edge| shown(e).or_else(|| Some(graph.show_id(&graph.relation(e).ok()?.external_id()).to_owned()));
    if let Value::Object(m) = found.result(&view, &lead_id) {
        result.extend(m);
    }
    lead_parties(graph, &found, &mut result);
    if let (Some(l), Some(j)) = (&law, &mut judge) {
        let mut regimes = Map::new();
        for (regime, proof) in &proofs {
            regimes.insert(regime.id.clone(), j.findings(regime, &part.nodes, proof, &shown)?);
        }
        result.insert("day".into(), l.day.to_string().into());
        result.insert("regimes".into(), regimes.into());
    }
    drop(shown);
    graph.sound()?;
    let boxes = BoxSize::default();
    let placed = place(&doc, boxes);
    result.extend(positions(&doc, &placed, boxes));
    if let Some(a) = &mut doc.answer {
        a.result = Some(result.into());
        a.rules = law.map(|_| Regimes::builtin().version.clone());
    }
    let mut body = Vec::new();
    doc.write(&mut body).map_err(|e| Error::io("write the answer", e))?;
    Ok(Reply::bytes(200, "application/json", body))
}

/// `positions`, `size` and `box` of a document.
pub(super) fn positions(doc: &Document, placed: &crate::export::Placed, boxes: BoxSize) -> Map<String, Value> {
    let ids = doc.nodes.iter().map(|p| doc.show_id(p.id.as_str()).to_owned());
    let at: Map<String, Value> = ids.zip(&placed.centres).map(|(id, (x, y))| (id, json!([x, y]))).collect();
    let mut m = Map::new();
    m.insert("positions".into(), at.into());
    m.insert("size".into(), json!([placed.size.0, placed.size.1]));
    m.insert("box".into(), json!([boxes.size.0, boxes.size.1]));
    m
}

/// The regimes asked for, and the day.
struct Law {
    chosen: Vec<&'static Regime>,
    asked: bool,
    day: crate::model::PartialDate,
}

impl Law {
    /// `None` where nobody asked for a regime and none can be told of.
    fn new(ask: &Ask, view: &View<'_>, notes: &mut Vec<String>) -> Result<Option<Law>> {
        let regimes = Regimes::builtin();
        let asked = !ask.regimes.is_empty();
        let Some(day) = ask.filter.as_of.or(view.filter().today) else {
            if asked {
                return Err(Error::usage("the system has no date").hint("give as_of"));
            }
            notes.push("no verdicts are marked: the system has no date".to_owned());
            return Ok(None);
        };
        let mut chosen = Vec::new();
        if !asked {
            chosen.push(regimes.get("ofac")?);
        }
        for id in &ask.regimes {
            chosen.push(regimes.get(id)?);
        }
        Ok(Some(Law { chosen, asked, day }))
    }

    fn judge<'v, 'g>(&self, view: &'v View<'g>) -> Result<Judge<'v, 'g, 'static>> {
        Judge::new(view, Regimes::builtin(), self.day, Conventions::default(), Changes::default())
    }
}

/// What is drawn: the chain, and what the proofs speak of.
fn part(graph: &Graph, found: &Trace, proofs: &[(&Regime, Proof)], notes: Vec<String>) -> Subgraph {
    let mut part = Subgraph { truncated: found.truncated, notes, ..Subgraph::default() };
    let (mut nodes, mut edges) = (HashSet::from([found.root]), HashSet::new());
    part.nodes.push(found.root);
    for r in &found.rows {
        if nodes.insert(r.node) {
            part.nodes.push(r.node);
        }
        if edges.insert(r.edge) {
            part.edges.push(r.edge);
        }
    }
    let (chain, ties) = (part.nodes.len(), part.edges.len());
    for (regime, proof) in proofs {
        let (more, lines) = proof.parts(&|e| graph.ends(e));
        let more: Vec<Node> = more.into_iter().filter(|n| !nodes.contains(n)).collect();
        let lines: Vec<Edge> = lines.into_iter().filter(|e| !edges.contains(e)).collect();
        let full =
            part.nodes.len() - chain + more.len() > FROM_PROOFS || part.edges.len() - ties + lines.len() > FROM_PROOFS;
        if full {
            part.truncated = true;
            part.notes.push(format!(
                "the proof under {} speaks of {} more parties and {} more relations than the chain, which are not drawn",
                regime.id,
                more.len(),
                lines.len()
            ));
            continue;
        }
        nodes.extend(&more);
        edges.extend(&lines);
        part.nodes.extend(more);
        part.edges.extend(lines);
    }
    part
}

/// Names the other ends of leads: these are not drawn, and so not in the document.
fn lead_parties(graph: &Graph, found: &Trace, result: &mut Map<String, Value>) {
    let Some(Value::Array(leads)) = result.get_mut("leads") else { return };
    for (json, group) in leads.iter_mut().zip(&found.leads) {
        let party = |n: Node| json!({ "id": graph.show_id(graph.id(n)), "name": graph.label(n), "type": graph.node_type(n).name });
        let parties: Vec<Value> = group.links.iter().map(|l| party(l.other)).collect();
        if let Some(m) = json.as_object_mut() {
            m.insert("parties".into(), parties.into());
        }
    }
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
