//! The catalogue of node and edge types: a data file compiled in, which a document may extend.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::OnceLock;

/// A kind of party.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeType {
    /// Name in snake_case.
    pub name: String,
    /// What it means, one line.
    pub label: String,
    /// Coarse family: `person`, `legal`, `asset`, `key`, `program`, `act`, `other`. Only
    /// `legal` and `asset` can be owned.
    pub family: String,
    /// Ties everyone to everyone: walks do not pass through it unless asked to.
    pub hub: bool,
    /// Other words accepted for it.
    pub synonyms: Vec<String>,
}

/// A kind of relation, read subject - name - object.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EdgeType {
    /// Verb phrase in snake_case.
    pub name: String,
    /// The phrase read from the object's side.
    pub inverse: String,
    /// What it means, one line.
    pub label: String,
    /// Group for legends and help.
    pub group: String,
    /// Counts as ownership.
    pub ownership: bool,
    /// Counts as control.
    pub control: bool,
    /// Counts as votes.
    pub votes: bool,
    /// May be ownership or control, the source does not say which.
    pub ambiguous: bool,
    /// Reads the same both ways.
    pub symmetric: bool,
    /// Restates other edges and never enters a sum.
    pub derived: bool,
    /// Walks do not cross it unless asked to (it ties to a hub by nature).
    pub hub: bool,
    /// Other words accepted for it.
    pub synonyms: Vec<String>,
}

impl EdgeType {
    /// Whether an ownership trace follows it: ownership, votes, control or "owned or controlled".
    pub fn is_chain(&self) -> bool {
        self.ownership || self.ambiguous
    }
}

/// All node and edge types known to a document, a store or the program.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    nodes: Vec<NodeType>,
    edges: Vec<EdgeType>,
    node_by_name: HashMap<String, usize>,
    edge_by_name: HashMap<String, usize>,
}

#[derive(Deserialize)]
struct File {
    node_types: Vec<NodeType>,
    edge_types: Vec<EdgeType>,
}

impl Catalogue {
    /// The catalogue compiled into the program (`data/catalogue.json`).
    pub fn builtin() -> &'static Catalogue {
        static BUILTIN: OnceLock<Catalogue> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let mut c = Catalogue::default();
            // The file is part of the program; a unit test proves that it loads whole.
            if let Ok(file) = serde_json::from_str::<File>(include_str!("../../data/catalogue.json")) {
                for t in file.node_types {
                    c.add_node_type(t).ok();
                }
                for t in file.edge_types {
                    c.add_edge_type(t).ok();
                }
            }
            c
        })
    }

    /// All node types, in the order of the catalogue.
    pub fn node_types(&self) -> &[NodeType] {
        &self.nodes
    }

    /// All edge types, in the order of the catalogue.
    pub fn edge_types(&self) -> &[EdgeType] {
        &self.edges
    }

    /// A node type by name or synonym.
    pub fn node_type(&self, name: &str) -> Option<&NodeType> {
        self.node_by_name.get(name).and_then(|i| self.nodes.get(*i))
    }

    /// An edge type by name or synonym.
    pub fn edge_type(&self, name: &str) -> Option<&EdgeType> {
        self.edge_by_name.get(name).and_then(|i| self.edges.get(*i))
    }

    /// Adds a node type; the same definition twice is fine, another one under a known name is not.
    pub fn add_node_type(&mut self, t: NodeType) -> Result<()> {
        check_name(&t.name)?;
        if let Some(old) = self.node_type(&t.name) {
            return same(*old == t, "node", &t.name);
        }
        for n in std::iter::once(&t.name).chain(&t.synonyms) {
            self.node_by_name.entry(n.clone()).or_insert(self.nodes.len());
        }
        self.nodes.push(t);
        Ok(())
    }

    /// Adds an edge type; the same definition twice is fine, another one under a known name is not.
    pub fn add_edge_type(&mut self, t: EdgeType) -> Result<()> {
        check_name(&t.name)?;
        if let Some(old) = self.edge_type(&t.name) {
            return same(*old == t, "edge", &t.name);
        }
        for n in std::iter::once(&t.name).chain(&t.synonyms) {
            self.edge_by_name.entry(n.clone()).or_insert(self.edges.len());
        }
        self.edges.push(t);
        Ok(())
    }
}

fn check_name(name: &str) -> Result<()> {
    let ok = !name.is_empty()
        && name.len() <= 64
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if ok { Ok(()) } else { Err(Error::input(format!("type name {name:?} is not snake_case of at most 64 letters"))) }
}

fn same(same: bool, what: &str, name: &str) -> Result<()> {
    if same { Ok(()) } else { Err(Error::input(format!("{what} type {name:?} is already known with another meaning"))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builtin_loads_whole_and_is_consistent() {
        let file: File = serde_json::from_str(include_str!("../../data/catalogue.json")).unwrap();
        let c = Catalogue::builtin();
        assert_eq!(c.node_types().len(), file.node_types.len());
        assert_eq!(c.edge_types().len(), file.edge_types.len());
        for t in c.edge_types() {
            assert!(!t.label.is_empty() && !t.inverse.is_empty() && !t.group.is_empty(), "{}", t.name);
            assert!(!t.symmetric || t.inverse == t.name, "{} is symmetric", t.name);
        }
        let mut words: Vec<&String> =
            c.edge_types().iter().flat_map(|t| std::iter::once(&t.name).chain(&t.synonyms)).collect();
        let n = words.len();
        words.sort();
        words.dedup();
        assert_eq!(words.len(), n, "a word stands for two edge types");
        assert_eq!(c.edge_type("votes").unwrap().name, "votes_in");
        assert_eq!(c.node_type("entity").unwrap().name, "legal_entity");
    }
}
