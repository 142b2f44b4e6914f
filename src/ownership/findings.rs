//! What one regime says of the parties of a picture, as JSON: the verdict on each with its
//! arithmetic, and the proof on the one asked about.

use super::judge::Judge;
use super::proof::Proof;
use super::regime::Regime;
use crate::error::Result;
use crate::graph::{Edge, Node};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// Lines of a proof that are carried along; more are counted.
const LINES: usize = 2_000;

impl<'r> Judge<'_, '_, 'r> {
    /// `{"title", "rule", "ground", "verdicts": {ID: {...}}, "proof": {"id", "nodes", "edges", "text"}}`
    /// (`docs/json.md`). Of the proof are named those nodes that are among `parties`, and those
    /// edges for which `edge` has an id.
    pub fn findings(
        &mut self,
        regime: &'r Regime,
        parties: &[Node],
        proof: &Proof,
        edge: &dyn Fn(Edge) -> Option<String>,
    ) -> Result<Value> {
        let rule = self.rule(regime)?;
        let graph = self.view.graph();
        let id = |n: Node| graph.show_id(graph.id(n)).to_owned();
        let mut verdicts = Map::new();
        for a in self.accounts(regime, parties)? {
            verdicts.insert(id(a.verdict.node), a.json(graph, rule));
        }
        let there: HashSet<Node> = parties.iter().copied().collect();
        let (nodes, edges) = proof.parts(&|e| self.holdings.ends(e));
        let nodes: Vec<String> = nodes.into_iter().filter(|n| there.contains(n)).map(id).collect();
        let edges: Vec<String> = edges.into_iter().filter_map(edge).collect();
        let mut text = proof.sourced_lines(self.view)?;
        if text.len() > LINES {
            let cut = text.len() - LINES;
            text.truncate(LINES);
            text.push(format!("and {cut} more lines"));
        }
        Ok(json!({
            "title": regime.title,
            "rule": rule.id,
            "ground": self.ground(regime, rule).json(self.day()),
            "verdicts": verdicts,
            "proof": { "id": id(proof.verdict.node), "nodes": nodes, "edges": edges, "text": text },
        }))
    }
}
