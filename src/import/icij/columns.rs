//! What the columns of a file mean.

use super::Form;
use crate::error::{Place, Result};
use crate::import::rows::{Header, delimiter};
use crate::import::slug::snake;
use crate::import::{Input, Report};

/// The kinds of node, by the words of the publisher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeKind {
    Entity,
    Officer,
    Intermediary,
    Address,
    Other,
    /// The rows say it themselves.
    ByRow,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Nodes(NodeKind),
    Edges,
}

/// The names of the columns in a header line.
fn header_words(line: &str) -> Vec<String> {
    let by = char::from(delimiter(line.as_bytes()));
    line.split(by).map(|w| w.trim().trim_matches('"').trim().to_owned()).collect()
}

impl Shape {
    /// Form and content of a file, by its header.
    pub(super) fn of_head(input: &Input) -> Option<(Form, Shape)> {
        let head = input.head();
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
        let words = header_words(std::str::from_utf8(line).ok()?);
        let has = |all: &[&str]| all.iter().all(|w| words.iter().any(|x| x.eq_ignore_ascii_case(w)));
        match () {
            () if has(&["id", "source", "target", "data.type"]) => Some((Form::Cut, Shape::Edges)),
            () if has(&["id", "label", "data.categories.0"]) => Some((Form::Cut, Shape::Nodes(NodeKind::ByRow))),
            () if EDGE_ENDS.iter().any(|(a, t, b)| has(&[a, t, b])) => Some((Form::Database, Shape::Edges)),
            () if has(&["node_id"]) && (has(&["sourceID"]) || has(&["valid_until"])) => {
                Some((Form::Database, Shape::Nodes(kind_of(input.stem(), &has))))
            }
            () => None,
        }
    }

    /// The part of the source that a file covers.
    pub(super) fn part(self) -> &'static str {
        match self {
            Shape::Edges => "relationships",
            Shape::Nodes(NodeKind::Entity) => "entities",
            Shape::Nodes(NodeKind::Officer) => "officers",
            Shape::Nodes(NodeKind::Intermediary) => "intermediaries",
            Shape::Nodes(NodeKind::Address) => "addresses",
            Shape::Nodes(NodeKind::Other) => "others",
            Shape::Nodes(NodeKind::ByRow) => "nodes",
        }
    }

    /// Whether a file has the name of the one that holds all of its part.
    pub(super) fn is_whole(self, stem: &str) -> bool {
        match self {
            Shape::Edges => stem == "relationships.csv",
            nodes => stem.strip_prefix("nodes-").and_then(|s| s.strip_suffix(".csv")) == Some(nodes.part()),
        }
    }
}

/// Start, type and end of a relation: the names of today and those of earlier years.
const EDGE_ENDS: [(&str, &str, &str); 3] =
    [("node_id_start", "rel_type", "node_id_end"), ("START_ID", "TYPE", "END_ID"), ("node_1", "rel_type", "node_2")];

/// The kind of node in a file: by the publisher's name of the file, else by its columns.
fn kind_of(stem: &str, has: &dyn Fn(&[&str]) -> bool) -> NodeKind {
    let stem = stem.to_lowercase();
    let named = [
        ("entit", NodeKind::Entity),
        ("officer", NodeKind::Officer),
        ("intermediar", NodeKind::Intermediary),
        ("address", NodeKind::Address),
        ("other", NodeKind::Other),
    ];
    match () {
        () if named.iter().any(|(w, _)| stem.contains(w)) => {
            named.iter().find(|(w, _)| stem.contains(w)).map_or(NodeKind::Other, |(_, k)| *k)
        }
        () if has(&["ibcRUC"]) => NodeKind::Entity,
        () if has(&["internal_id"]) => NodeKind::Intermediary,
        () if has(&["address"]) => NodeKind::Address,
        () if has(&["type"]) => NodeKind::Other,
        () => NodeKind::Officer,
    }
}

/// What a column of nodes or relations is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Use {
    Id,
    Name,
    /// Another name; the text is its kind.
    Alias(&'static str),
    FormerName,
    Category,
    Address,
    Note,
    Jurisdiction,
    JurisdictionName,
    Countries,
    CountryCodes,
    Country,
    Investigation,
    /// A number of the party; the text is its scheme, the publisher's name of the column.
    Identifier(String),
    Date(String),
    Start,
    End,
    Source,
    Target,
    Type,
    Role,
    Label,
    /// One of the numbers that a viewer gives of a node's lines in the whole database: of which
    /// set of lines, and which number.
    Digest(String, String),
    /// A property under its own name.
    Other(String),
    /// Where and how a viewer drew the node or line, or the number of the row.
    Drawing,
}

/// The meaning of each column of a file.
pub(super) struct Plan {
    pub(super) form: Form,
    pub(super) kind: NodeKind,
    pub(super) uses: Vec<Use>,
}

impl Plan {
    /// Reads a header.
    ///
    /// # Errors
    /// A column missing that the format cannot do without.
    pub(super) fn new(form: Form, shape: Shape, header: &Header, place: &Place, report: &mut Report) -> Result<Plan> {
        let (kind, edges) = match shape {
            Shape::Nodes(kind) => (kind, false),
            Shape::Edges => (NodeKind::ByRow, true),
        };
        let uses: Vec<Use> = header
            .names()
            .map(|n| match (form, edges) {
                (Form::Cut, false) => cut_node(n),
                (Form::Cut, true) => cut_edge(n),
                (Form::Database, false) => node(n),
                (Form::Database, true) => edge(n),
            })
            .collect();
        let drawn = uses.iter().filter(|u| **u == Use::Drawing).count() as u64;
        if drawn > 0 {
            report.count("columns of the drawing, not kept", drawn);
        }
        let plan = Plan { form, kind, uses };
        if edges {
            for (want, name) in [(Use::Source, "source"), (Use::Target, "target"), (Use::Type, "type")] {
                plan.uses.contains(&want).then_some(()).map_or_else(|| header.need(name, place).map(|_| ()), Ok)?;
            }
        } else if !plan.uses.contains(&Use::Id) {
            header.need("node_id", place)?;
        }
        Ok(plan)
    }
}

/// What a viewer's column means, `None` for those of the drawing.
fn cut_name(name: &str) -> Option<&str> {
    let data = name.strip_prefix("data.")?;
    let drawn = matches!(data, "statistics.hiddenEdgeCount" | "statistics.visibleEdgeCount");
    (!drawn).then(|| data.strip_prefix("properties.").unwrap_or(data))
}

fn cut_node(name: &str) -> Use {
    match name {
        "id" => return Use::Id,
        "label" => return Use::Alias("label"),
        _ => {}
    }
    match cut_name(name) {
        None => Use::Drawing,
        Some("categories.0") => Use::Category,
        Some("client_name") => Use::Alias("client_name"),
        Some(n) if n.starts_with("statistics.digest.") => {
            let (set, number) = n.trim_start_matches("statistics.digest.").split_once('.').unwrap_or((n, n));
            Use::Digest(set.to_owned(), snake(number.trim_end_matches(".0")))
        }
        Some(n @ ("file_number" | "client_number")) => Use::Identifier(n.to_owned()),
        Some("country") => Use::Country,
        Some(n) if n == "active_since" || n == "ceasedmembership" || n.to_lowercase().contains("date") => {
            Use::Date(snake(n))
        }
        Some(n) => node(n),
    }
}

fn cut_edge(name: &str) -> Use {
    match name {
        "id" => return Use::Id,
        "source" => return Use::Source,
        "target" => return Use::Target,
        "label" => return Use::Label,
        _ => {}
    }
    match cut_name(name) {
        None => Use::Drawing,
        Some("type") => Use::Type,
        Some("name") => Use::Role,
        Some("date_start") => Use::Start,
        Some("date_end") => Use::End,
        Some(n) => Use::Other(snake(n)),
    }
}

fn node(name: &str) -> Use {
    match name {
        "node_id" => Use::Id,
        "name" => Use::Name,
        "original_name" => Use::Alias("original_name"),
        "former_name" => Use::FormerName,
        "address" => Use::Address,
        "note" => Use::Note,
        "jurisdiction" => Use::Jurisdiction,
        "jurisdiction_description" => Use::JurisdictionName,
        "countries" => Use::Countries,
        "country_codes" => Use::CountryCodes,
        "sourceID" => Use::Investigation,
        "internal_id" | "ibcRUC" => Use::Identifier(name.to_owned()),
        n if n.ends_with("_date") => Use::Date(snake(n)),
        n => Use::Other(snake(n)),
    }
}

fn edge(name: &str) -> Use {
    match name {
        n if EDGE_ENDS.iter().any(|(a, _, _)| n == *a) => Use::Source,
        n if EDGE_ENDS.iter().any(|(_, t, _)| n == *t) => Use::Type,
        n if EDGE_ENDS.iter().any(|(_, _, b)| n == *b) => Use::Target,
        "link" => Use::Role,
        "start_date" => Use::Start,
        "end_date" => Use::End,
        "sourceID" => Use::Investigation,
        n => Use::Other(snake(n)),
    }
}
