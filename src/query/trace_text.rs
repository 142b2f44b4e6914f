//! A trace in words, as lines of text without terminal codes.

use super::cites::Cites;
use super::trace::{Trace, TraceMark, TraceRow};
use super::tree::{TreeLine, tree_lines};
use super::words::{clean_text, edge_words, listing_words};
use crate::error::Result;
use crate::graph::{Edge, Link, Node, View};
use crate::model::Document;
use std::collections::HashMap;

/// Name and type of a node: `Intellekt LLC (company)`.
pub(super) fn node_words(view: &View<'_>, n: Node) -> String {
    let g = view.graph();
    format!("{} ({})", clean_text(g.label(n)), g.node_type(n).name.replace('_', " "))
}

struct Writer<'v, 'g> {
    view: &'v View<'g>,
    doc: &'v Document,
    nodes: HashMap<Node, usize>,
    edges: HashMap<Edge, usize>,
    cites: Cites,
    marks: &'v HashMap<Node, String>,
}

impl Writer<'_, '_> {
    /// Name, type and mark of a party.
    fn named(&self, n: Node) -> String {
        let words = node_words(self.view, n);
        self.marks.get(&n).map_or(words.clone(), |m| format!("{words} [{m}]"))
    }

    /// `LISTED ofac_sdn since 2023-08-31 [1]`, or nothing.
    fn listed(&mut self, n: Node) -> String {
        let words = listing_words(&self.view.listings(n), |d| self.view.over(d));
        if words.is_empty() {
            return words;
        }
        let record = self.nodes.get(&n).and_then(|i| self.doc.nodes.get(*i));
        let mark = self.cites.mark(record.iter().flat_map(|p| &p.listings).flat_map(|l| &l.cites));
        if mark.is_empty() { words } else { format!("{words} {mark}") }
    }

    fn head(&mut self, n: Node) -> String {
        let mut text = self.named(n);
        let listed = self.listed(n);
        if listed.is_empty() {
            let record = self.nodes.get(&n).and_then(|i| self.doc.nodes.get(*i));
            let names = record.iter().flat_map(|p| &p.facts).filter(|f| f.prop == crate::model::prop::NAME);
            let mark = self.cites.mark(names.flat_map(|f| &f.cites));
            if !mark.is_empty() {
                text = format!("{text} {mark}");
            }
        } else {
            text = format!("{text} {listed}");
        }
        text
    }

    /// Phrase, other end, qualifiers, citations and its listings.
    fn link(&mut self, phrase: &str, n: Node, e: Edge, chain: bool, with_listing: bool) -> String {
        let name = if chain && with_listing { self.named(n) } else { node_words(self.view, n) };
        let mut text = format!("{phrase} {name}");
        if let Some(r) = self.edges.get(&e).and_then(|i| self.doc.edges.get(*i)) {
            for w in edge_words(self.view, e, r, chain) {
                text.push_str(", ");
                text.push_str(&w);
            }
            let mark = self.cites.mark_relation(r);
            if !mark.is_empty() {
                text.push(' ');
                text.push_str(&mark);
            }
        }
        let listed = if with_listing { self.listed(n) } else { String::new() };
        if !listed.is_empty() {
            text.push_str("; ");
            text.push_str(&listed);
        }
        text
    }

    fn row(&mut self, row: &TraceRow) -> TreeLine {
        let phrase = super::words::phrase(self.view.graph().edge_type(row.edge), !row.up);
        let first = row.mark != TraceMark::Ring && row.mark != TraceMark::SeenAbove;
        let mut text = self.link(&phrase, row.node, row.edge, true, first);
        match row.mark {
            TraceMark::None => {}
            TraceMark::Ring => {
                text.push_str(&format!("; ring: back to {}", clean_text(self.view.graph().label(row.node))));
            }
            TraceMark::SeenAbove => text.push_str("; see above"),
            TraceMark::Deeper => text.push_str("; goes on beyond the depth asked for"),
        }
        if row.left_out > 0 {
            text.push_str(&left_out(row.left_out, row.up));
        }
        TreeLine { depth: row.depth as usize, text }
    }
}

fn left_out(n: usize, up: bool) -> String {
    format!("; {n} more {} not shown", if up { "holders" } else { "holdings" })
}

impl Trace {
    /// The lines of the answer: the tree, the leads, the sources. `doc` is what
    /// [`Trace::document`] gave; `marks` stand in brackets behind the parties of the tree.
    pub fn lines(&self, view: &View<'_>, doc: &Document, marks: &HashMap<Node, String>) -> Result<Vec<String>> {
        let part = self.subgraph();
        let mut w = Writer {
            view,
            doc,
            nodes: part.nodes.iter().enumerate().map(|(i, n)| (*n, i)).collect(),
            edges: part.edges.iter().enumerate().map(|(i, e)| (*e, i)).collect(),
            cites: Cites::default(),
            marks,
        };
        let mut head = w.head(self.root);
        for (n, up) in [(self.left_out.0, true), (self.left_out.1, false)] {
            if n > 0 {
                head.push_str(&left_out(n, up));
            }
        }
        let mut tree = vec![TreeLine { depth: 0, text: head }];
        for row in &self.rows {
            tree.push(w.row(row));
        }
        if self.rows.is_empty() {
            tree.push(TreeLine { depth: 1, text: "no ownership on record".to_owned() });
        }
        let listed: Vec<_> = self.leads.iter().filter(|g| !g.hub).collect();
        if !listed.is_empty() {
            tree.push(TreeLine { depth: 0, text: "leads:".to_owned() });
        }
        for group in listed {
            for Link { edge, other, .. } in group.links.iter().copied() {
                let text = w.link(&group.phrase, other, edge, false, true);
                tree.push(TreeLine { depth: 1, text });
            }
            if group.count > group.links.len() {
                let text = format!("{} … {} more", group.phrase, group.count - group.links.len());
                tree.push(TreeLine { depth: 1, text });
            }
        }
        let mut lines = tree_lines(&tree);
        let hubs: Vec<String> =
            self.leads.iter().filter(|g| g.hub).map(|g| format!("{} ({})", g.phrase, g.count)).collect();
        if !hubs.is_empty() {
            lines.push(format!("not shown, ties to programmes, states and the like: {}", hubs.join(", ")));
        }
        if self.truncated {
            lines.push("a limit cut this answer".to_owned());
        }
        if !w.cites.is_empty() {
            lines.push("sources:".to_owned());
            lines.extend(w.cites.lines(view)?);
        }
        Ok(lines)
    }
}
