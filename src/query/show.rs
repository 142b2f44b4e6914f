//! Everything known of one party, or of one relation.

use super::answer::{Subgraph, answer};
use super::cites::Cites;
use super::links::{LinkGroup, link_groups};
use super::trace_text::node_words;
use super::tree::{TreeLine, tree_lines};
use super::words::{clean_text, edge_words, listing_words};
use crate::error::Result;
use crate::graph::{Edge, Hit, Node, View};
use crate::model::{Decision, Document, Fact, RelationRecord, Status, prop};
use serde_json::json;
use std::collections::HashMap;

/// Candidates shown for a literal name.
const CANDIDATES: usize = 20;

/// Everything known of one party. Its record is the first node of the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The party.
    pub node: Node,
    /// Its record, its links' other ends, and the links shown; `answer.result` is
    /// `{"id", "links": [{"type", "direction", "hub", "count", "edges"}], "decisions":
    /// [{"source", "a", "b", "ruling", "note"}], "candidates": [{"id", "name", "type", "fit"}]}`.
    pub document: Document,
    /// Its links by type.
    pub links: Vec<LinkGroup>,
    /// What sources say of other ids for it, with the source.
    pub decisions: Vec<(String, Decision)>,
    /// For a literal name without a party: whether several parties have it.
    pub unresolved: Option<bool>,
    /// For a literal name: parties that it may mean.
    pub candidates: Vec<Hit>,
    /// Where in the document each edge stands.
    edges: HashMap<Edge, usize>,
}

/// One relation with both its ends.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownEdge {
    /// The relation.
    pub edge: Edge,
    /// Its record and both parties.
    pub document: Document,
}

/// Everything known of a party, at most `cap` links of each type.
pub fn show(view: &View<'_>, node: Node, cap: usize, query: &str) -> Result<Shown> {
    let graph = view.graph();
    let links = link_groups(view, node, cap, |_| true);
    let mut part = Subgraph { nodes: vec![node], ..Subgraph::default() };
    let mut seen = std::collections::HashSet::from([node]);
    for l in links.iter().flat_map(|g| &g.links) {
        if seen.insert(l.other) {
            part.nodes.push(l.other);
        }
        part.edges.push(l.edge);
    }
    part.truncated = links.iter().any(|g| g.links.len() < g.count);
    let mut document = answer(view, &part, query)?;
    let unresolved = graph.unresolved(node);
    let mut candidates = Vec::new();
    if unresolved.is_some() {
        let name = graph.label(node);
        let name = name.strip_prefix("unresolved:").unwrap_or(name);
        candidates = view.search(name, CANDIDATES + 1).0;
        candidates.retain(|h| h.node != node && graph.unresolved(h.node).is_none());
        candidates.truncate(CANDIDATES);
    }
    let decisions = view.decisions(node)?;
    let edges: HashMap<Edge, usize> = part.edges.iter().enumerate().map(|(i, e)| (*e, i)).collect();
    let result = {
        let edge = part.edge_ids(&document);
        let group = |g: &LinkGroup| {
            json!({
                "type": g.edge_type, "direction": if g.outgoing { "out" } else { "in" }, "hub": g.hub, "count": g.count,
                "edges": g.links.iter().map(|l| edge(l.edge)).collect::<Vec<_>>(),
            })
        };
        let decision = |(source, d): &(String, Decision)| json!({ "source": source, "a": d.a.as_str(), "b": d.b.as_str(), "ruling": d.ruling, "note": d.note });
        let candidate = |h: &Hit| {
            json!({
                "id": document.show_id(graph.id(h.node)), "name": graph.label(h.node),
                "type": graph.node_type(h.node).name, "fit": h.fit.as_str(),
            })
        };
        json!({
            "id": document.show_id(graph.id(node)),
            "links": links.iter().map(group).collect::<Vec<_>>(),
            "decisions": decisions.iter().map(decision).collect::<Vec<_>>(),
            "candidates": candidates.iter().map(candidate).collect::<Vec<_>>(),
        })
    };
    if let Some(a) = &mut document.answer {
        a.result = Some(result);
    }
    Ok(Shown { node, document, links, decisions, unresolved, candidates, edges })
}

/// One relation with both its ends.
pub fn show_edge(view: &View<'_>, edge: Edge, query: &str) -> Result<ShownEdge> {
    let (a, b) = view.graph().ends(edge);
    let nodes = if a == b { vec![a] } else { vec![a, b] };
    let mut document = answer(view, &Subgraph { nodes, edges: vec![edge], ..Subgraph::default() }, query)?;
    let id = document.edges.first().map(|r| document.show_id(&r.external_id()).to_owned());
    if let Some(answer) = &mut document.answer {
        answer.result = Some(json!({ "id": id }));
    }
    Ok(ShownEdge { edge, document })
}

/// `name: Intellekt LLC, since 2019 [1]`.
fn fact_line(f: &Fact, cites: &mut Cites) -> String {
    let mut text = clean_text(&f.prop.replace('_', " "));
    if !f.kind.is_empty() {
        text.push_str(&format!(" ({})", clean_text(&f.kind)));
    }
    text.push_str(&format!(": {}", clean_text(&f.value)));
    if !f.raw.is_empty() && f.raw != f.value {
        text.push_str(&format!(", literally \"{}\"", clean_text(&f.raw)));
    }
    if let Some(d) = f.from {
        text.push_str(&format!(", since {d}"));
    }
    if let Some(d) = f.to {
        text.push_str(&format!(", until {d}"));
    }
    if f.status != Status::Asserted {
        text.push_str(&format!(", {}", f.status.as_str()));
    }
    with_mark(text, &cites.mark(&f.cites))
}

fn with_mark(text: String, mark: &str) -> String {
    if mark.is_empty() { text } else { format!("{text} {mark}") }
}

fn source_lines(lines: &mut Vec<String>, view: &View<'_>, cites: &Cites) -> Result<()> {
    if !cites.is_empty() {
        lines.push("sources:".to_owned());
        lines.extend(cites.lines(view)?);
    }
    Ok(())
}

impl Shown {
    /// The answer as lines of text: facts, listings, links, decisions, candidates, sources.
    pub fn lines(&self, view: &View<'_>) -> Result<Vec<String>> {
        let graph = view.graph();
        let mut cites = Cites::default();
        let mut tree: Vec<TreeLine> = Vec::new();
        let mut line = |depth: usize, text: String| tree.push(TreeLine { depth, text });
        line(0, format!("{}  {}", node_words(view, self.node), clean_text(graph.show_id(graph.id(self.node)))));
        if let Some(p) = self.document.nodes.first() {
            let rank = |f: &Fact| prop::NAMES.iter().position(|n| *n == f.prop).unwrap_or(prop::NAMES.len());
            let mut facts: Vec<&Fact> = p.facts.iter().collect();
            facts.sort_by_key(|f| rank(f));
            for f in facts {
                line(1, fact_line(f, &mut cites));
            }
            let words = listing_words(&view.listings(self.node), |d| view.over(d));
            if !words.is_empty() {
                line(0, words);
            }
            for l in &p.listings {
                let mut text = if l.list == "*" { "every list".to_owned() } else { clean_text(&l.list) };
                for (word, date) in [("from", l.from), ("to", l.to)] {
                    if let Some(d) = date {
                        text.push_str(&format!(", {word} {d}"));
                    }
                }
                for (word, values) in [("programs", &l.programs), ("basis", &l.basis), ("measures", &l.measures)] {
                    if !values.is_empty() {
                        text.push_str(&format!(", {word} {}", clean_text(&values.join(", "))));
                    }
                }
                line(1, with_mark(text, &cites.mark(&l.cites)));
            }
        }
        for g in &self.links {
            line(0, format!("{} ({})", g.phrase, g.count));
            for l in &g.links {
                let Some(r) = self.edges.get(&l.edge).and_then(|i| self.document.edges.get(*i)) else { continue };
                let mut text = node_words(view, l.other);
                for w in edge_words(view, l.edge, r, graph.edge_type(l.edge).is_chain()) {
                    text.push_str(&format!(", {w}"));
                }
                line(1, with_mark(text, &cites.mark_relation(r)));
            }
            if g.links.len() < g.count {
                line(1, format!("… {} more", g.count - g.links.len()));
            }
        }
        if !self.decisions.is_empty() {
            line(0, "other ids:".to_owned());
            for (source, d) in &self.decisions {
                let other = if d.a.as_str() == graph.id(self.node) { &d.b } else { &d.a };
                let ruling = match d.ruling {
                    crate::model::Ruling::Same => "same as",
                    crate::model::Ruling::Different => "different from",
                    crate::model::Ruling::Unsure => "unsure whether the same as",
                };
                let mut text = format!("{ruling} {}", clean_text(other.as_str()));
                if !d.note.is_empty() {
                    text.push_str(&format!(", {}", clean_text(&d.note)));
                }
                let cite = crate::model::Citation { source: source.clone(), ..Default::default() };
                line(1, with_mark(text, &cites.mark([&cite])));
            }
        }
        if let Some(several) = self.unresolved {
            let text = match (several, self.candidates.is_empty()) {
                (true, _) => "a name that several parties have:",
                (false, false) => "a name that no party has; near it:",
                (false, true) => "a name that no party in the store has",
            };
            line(0, text.to_owned());
            for h in &self.candidates {
                let id = clean_text(graph.show_id(graph.id(h.node)));
                line(1, format!("{}  {id}, {}", node_words(view, h.node), h.fit.as_str()));
            }
        }
        let mut lines = tree_lines(&tree);
        source_lines(&mut lines, view, &cites)?;
        Ok(lines)
    }
}

impl ShownEdge {
    /// The relation, with its ends as ids.
    pub fn record(&self) -> Option<&RelationRecord> {
        self.document.edges.first()
    }

    /// The answer as lines of text.
    pub fn lines(&self, view: &View<'_>) -> Result<Vec<String>> {
        let graph = view.graph();
        let Some(r) = self.record() else { return Ok(Vec::new()) };
        let (a, b) = graph.ends(self.edge);
        let mut cites = Cites::default();
        let t = graph.edge_type(self.edge);
        let mut head = format!("{} {} {}", node_words(view, a), t.name.replace('_', " "), node_words(view, b));
        for w in edge_words(view, self.edge, r, t.is_chain()) {
            head.push_str(&format!(", {w}"));
        }
        let mut tree = vec![TreeLine { depth: 0, text: with_mark(head, &cites.mark_relation(r)) }];
        let mut line = |text: String| tree.push(TreeLine { depth: 1, text });
        line(format!("id: {}", clean_text(graph.show_id(&r.external_id()))));
        for (n, word) in [(a, "source"), (b, "target")] {
            let listed = listing_words(&view.listings(n), |d| view.over(d));
            let listed = if listed.is_empty() { listed } else { format!(", {listed}") };
            line(format!("{word}: {}{listed}", clean_text(graph.show_id(graph.id(n)))));
        }
        for f in &r.facts {
            line(fact_line(f, &mut cites));
        }
        for c in r.cites.iter().filter(|c| !c.quote.is_empty()) {
            line(format!("quote: \"{}\" {}", clean_text(&c.quote), cites.mark([c])));
        }
        let mut lines = tree_lines(&tree);
        source_lines(&mut lines, view, &cites)?;
        Ok(lines)
    }
}
