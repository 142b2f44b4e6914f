//! A document as rows of typed columns, with what the drawing formats need beside them.

use super::columns::{self, Cell};
use super::{Options, given, layout, notes, whole};
use crate::model::{Catalogue, Direct, Document, EdgeType, End, PartialDate, SourceInfo};
use std::collections::{BTreeSet, HashMap};

/// A node as exported.
pub(super) struct Node {
    /// Exact id, unique among nodes.
    pub(super) id: String,
    /// Name to draw.
    pub(super) label: String,
    /// Node type.
    pub(super) kind: String,
    /// Coarse family of the type.
    pub(super) family: String,
    /// Whether it is on a list.
    pub(super) listed: bool,
    /// Place on the drawing; the origin where the format draws nothing.
    pub(super) at: (f64, f64),
    /// Cells in the order of [`columns::NODE`].
    pub(super) cells: Vec<Cell>,
}

/// An edge as exported.
pub(super) struct Edge {
    /// Exact id, unique among edges.
    pub(super) id: String,
    /// Place of the subject among the nodes.
    pub(super) source: usize,
    /// Place of the object among the nodes.
    pub(super) target: usize,
    /// Edge type.
    pub(super) kind: String,
    /// Phrase to draw.
    pub(super) label: String,
    /// Exact share.
    pub(super) share: Option<String>,
    /// Width of the line, 1 for an unknown share to 5 for the whole.
    pub(super) width: f64,
    /// First day it holds.
    pub(super) start: Option<PartialDate>,
    /// First day it no longer holds.
    pub(super) end: Option<PartialDate>,
    /// Ended, or the summary of a chain.
    pub(super) dashed: bool,
    /// Reads the same both ways.
    pub(super) symmetric: bool,
    /// Cells in the order of [`columns::EDGE`].
    pub(super) cells: Vec<Cell>,
}

/// A whole graph as exported.
pub(super) struct Graph {
    /// Nodes, in the order of the document.
    pub(super) nodes: Vec<Node>,
    /// Edges, in the order of the document.
    pub(super) edges: Vec<Edge>,
    /// Sources cited; those without a description have only an id.
    pub(super) sources: Vec<SourceInfo>,
    /// What the whole is: attribution, question, date, store. Names and texts.
    pub(super) about: Vec<(&'static str, String)>,
    /// What could not be carried over exactly.
    pub(super) warnings: Vec<String>,
}

/// One line on a source: what it is, on what terms, where.
pub(super) fn credit(s: &SourceInfo) -> String {
    let mut line = format!("{}: {}", s.id, if s.title.is_empty() { "(untitled)" } else { &s.title });
    for (before, text) in [(", ", &s.publisher), (", ", &s.published), (", ", &s.url)] {
        if !text.is_empty() {
            line.push_str(before);
            line.push_str(text);
        }
    }
    line.push_str(". Licence: ");
    line.push_str(if s.licence.is_empty() { "not stated" } else { &s.licence });
    line.push('.');
    if !s.attribution.is_empty() {
        line.push(' ');
        line.push_str(&s.attribution);
    }
    line
}

/// One line for each source that a document describes or cites.
pub(super) fn credits(doc: &Document) -> Vec<String> {
    let mut sources = doc.sources.clone();
    let known: BTreeSet<&str> = doc.sources.iter().map(|s| s.id.as_str()).collect();
    let facts = doc.nodes.iter().flat_map(|p| &p.facts).chain(doc.edges.iter().flat_map(|r| &r.facts));
    let records = doc.nodes.iter().map(|p| &p.cites).chain(doc.edges.iter().map(|r| &r.cites));
    let listings = doc.nodes.iter().flat_map(|p| &p.listings).map(|l| &l.cites);
    let cited = records.chain(facts.map(|f| &f.cites)).chain(listings).flatten().map(|c| c.source.as_str());
    let missing: BTreeSet<&str> = cited.filter(|s| !s.is_empty() && !known.contains(s)).collect();
    sources.extend(missing.into_iter().map(|id| SourceInfo { id: id.to_owned(), ..SourceInfo::default() }));
    sources.iter().map(credit).collect()
}

fn lists(cells: &[Cell], at: usize) -> &[String] {
    match cells.get(at) {
        Some(Cell::List(l)) => l,
        _ => &[],
    }
}

impl Graph {
    /// Reads a document into rows; `drawn` asks for positions.
    pub(super) fn new(doc: &Document, options: &Options, drawn: bool) -> Graph {
        let mut warnings = Vec::new();
        let kept = notes::held_back(doc, options.with_notes, &mut warnings);
        let whole::Whole { doc, edge_ids } = whole::whole(kept, &mut warnings);
        let doc = doc.as_ref();
        let as_of = columns::as_of(doc, options.date);
        let places = match &options.positions {
            _ if !drawn => Vec::new(),
            Some(at) => given::centres(doc, 0, at, options.boxes),
            None => layout::positions(doc),
        };
        let nodes: Vec<Node> = doc
            .nodes
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let id = whole::shown(doc, p.id.as_str());
                let label = columns::label(p, id);
                let kind = if p.node_type.is_empty() { "thing" } else { p.node_type.as_str() };
                let own = doc.node_types.iter().find(|t| t.name == kind);
                let family = own.or_else(|| Catalogue::builtin().node_type(kind)).map_or("other", |t| &t.family);
                let (listed, cells) = columns::node(p, label, kind, as_of);
                Node {
                    id: id.to_owned(),
                    label: label.to_owned(),
                    kind: kind.to_owned(),
                    family: family.to_owned(),
                    listed,
                    at: places.get(i).copied().unwrap_or_default(),
                    cells,
                }
            })
            .collect();
        let index: HashMap<&str, usize> = doc.nodes.iter().enumerate().map(|(i, p)| (p.id.as_str(), i)).collect();
        let at = |end: &End| match end {
            End::Id(id) => index.get(id.as_str()).copied(),
            End::Name(_) => None,
        };
        let type_of = |name: &str| -> Option<&EdgeType> {
            doc.edge_types.iter().find(|t| t.name == name).or_else(|| Catalogue::builtin().edge_type(name))
        };
        let edges = doc
            .edges
            .iter()
            .zip(edge_ids)
            .filter_map(|(r, id)| {
                let symmetric = type_of(&r.edge_type).is_some_and(|t| t.symmetric);
                Some(Edge {
                    // Both ends are nodes by now.
                    source: at(&r.source)?,
                    target: at(&r.target)?,
                    kind: r.edge_type.clone(),
                    label: columns::phrase(r),
                    share: r.share.map(|s| s.to_string()),
                    width: columns::bounds(r).map_or(1.0, |(min, max)| 1.0 + (min + max) / 50.0),
                    start: r.start,
                    end: r.end,
                    dashed: r.direct == Direct::Indirect || !columns::holds(r.start, r.end, as_of),
                    symmetric,
                    cells: columns::edge(r, &id, symmetric),
                    id,
                })
            })
            .collect();
        let mut graph = Graph { nodes, edges, sources: doc.sources.clone(), about: Vec::new(), warnings };
        graph.cite();
        graph.describe(doc, options);
        graph
    }

    /// Adds the sources that are cited but not described.
    fn cite(&mut self) {
        let known: BTreeSet<&str> = self.sources.iter().map(|s| s.id.as_str()).collect();
        let column =
            |columns: &[columns::Column]| columns.iter().position(|(n, _)| *n == "sources").unwrap_or(usize::MAX);
        let (in_node, in_edge) = (column(&columns::NODE), column(&columns::EDGE));
        let cited = self
            .nodes
            .iter()
            .flat_map(|n| lists(&n.cells, in_node))
            .chain(self.edges.iter().flat_map(|e| lists(&e.cells, in_edge)));
        let missing: BTreeSet<String> = cited.filter(|s| !known.contains(s.as_str())).cloned().collect();
        self.sources.extend(missing.into_iter().map(|id| SourceInfo { id, ..SourceInfo::default() }));
    }

    fn describe(&mut self, doc: &Document, options: &Options) {
        let credits: Vec<String> = self.sources.iter().map(credit).collect();
        let mut put = |name, text: &str| {
            if !text.is_empty() {
                self.about.push((name, text.to_owned()));
            }
        };
        put("attribution", &credits.join("\n"));
        if let Some(a) = &doc.answer {
            put("query", &a.query);
            put("as_of", a.as_of.as_deref().unwrap_or_default());
            put("known_at", a.known_at.as_deref().unwrap_or_default());
            put("store", &a.store);
            put("program", &a.program);
            put("truncated", if a.truncated { "true" } else { "false" });
            put("notes", &a.notes.join("\n"));
        }
        if let Some(date) = options.date {
            put("exported", &date.to_string());
        }
    }

    /// Nodes and edges together.
    pub(super) fn len(&self) -> usize {
        self.nodes.len() + self.edges.len()
    }

    /// The id of the node at a place.
    pub(super) fn id(&self, at: usize) -> &str {
        self.nodes.get(at).map_or("", |n| n.id.as_str())
    }

    /// What the whole is, as lines of text.
    pub(super) fn about_lines(&self) -> Vec<String> {
        self.about.iter().flat_map(|(name, text)| text.lines().map(move |l| format!("{name}: {l}"))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Citation, Id, PartyRecord};

    #[test]
    fn sources_are_credited_even_when_not_described() {
        let mut p = PartyRecord::new(Id::parse("x:a").unwrap(), "");
        p.cites = ["daily", "gazette"].map(|s| Citation { source: s.into(), ..Citation::default() }).to_vec();
        let daily = SourceInfo {
            id: "daily".into(),
            title: "A report".into(),
            publisher: "The Daily".into(),
            url: "https://daily.example/1".into(),
            licence: "CC BY 4.0".into(),
            attribution: "(c) The Daily".into(),
            ..SourceInfo::default()
        };
        let doc = Document { nodes: vec![p], sources: vec![daily], ..Document::default() };
        let g = Graph::new(&doc, &Options::default(), true);
        assert_eq!(
            g.about_lines(),
            [
                "attribution: daily: A report, The Daily, https://daily.example/1. Licence: CC BY 4.0. (c) The Daily",
                "attribution: gazette: (untitled). Licence: not stated."
            ]
        );
        assert_eq!((g.nodes[0].kind.as_str(), g.id(0)), ("thing", "x:a"));
    }
}
