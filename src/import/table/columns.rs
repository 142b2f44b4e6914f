//! Which column of a table is which, found by name or told by the user.

use crate::error::{Error, Place, Result};
use crate::import::sink::TableMap;

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One party per row.
    Nodes,
    /// One relation per row.
    Edges,
}

/// The columns of a table of nodes, as positions in [`Columns::at`].
pub(super) mod node {
    pub(crate) const ID: usize = 0;
    pub(crate) const TYPE: usize = 1;
    pub(crate) const NAME: usize = 2;
    pub(crate) const COUNTRY: usize = 3;
    pub(crate) const LISTED: usize = 4;
    pub(crate) const SOURCE_NAME: usize = 5;
    pub(crate) const LOCATOR: usize = 6;
}

/// The columns of a table of edges, as positions in [`Columns::at`].
pub(super) mod edge {
    pub(crate) const SOURCE: usize = 0;
    pub(crate) const TARGET: usize = 1;
    pub(crate) const TYPE: usize = 2;
    pub(crate) const PERCENTAGE: usize = 3;
    pub(crate) const START: usize = 4;
    pub(crate) const END: usize = 5;
    pub(crate) const SOURCE_NAME: usize = 6;
    pub(crate) const LOCATOR: usize = 7;
    pub(crate) const ID: usize = 8;
    pub(crate) const ROLE: usize = 9;
    pub(crate) const STATUS: usize = 10;
    pub(crate) const ACT: usize = 11;
    pub(crate) const DIRECT: usize = 12;
    pub(crate) const STAKE: usize = 13;
    pub(crate) const JOINT: usize = 14;
}

/// Our name of a column and other names it goes by, the likelier first.
type Named = (&'static str, &'static [&'static str]);

const NODES: &[Named] = &[
    ("id", &["node_id", "key"]),
    ("type", &["node_type", "kind"]),
    ("name", &["label", "caption", "title"]),
    ("country", &["countries", "country_code", "jurisdiction", "nationality"]),
    ("listed", &["lists", "sanctioned"]),
    ("source_name", &["dataset", "citation"]),
    ("locator", &["paragraph"]),
];

const EDGES: &[Named] = &[
    ("source", &["from", "source_id", "from_id", "subject"]),
    ("target", &["to", "target_id", "to_id", "object"]),
    ("type", &["edge_type", "relation", "relationship", "label", "kind"]),
    ("percentage", &["share", "percent", "pct"]),
    ("start", &["start_date", "valid_from", "since"]),
    ("end", &["end_date", "valid_to", "until"]),
    ("source_name", &["dataset", "citation"]),
    ("locator", &["paragraph"]),
    ("id", &["edge_id", "key"]),
    ("role", &[]),
    ("status", &[]),
    ("act", &[]),
    ("direct", &[]),
    ("stake", &[]),
    ("joint", &[]),
];

/// The columns of one table.
#[derive(Debug)]
pub(super) struct Columns {
    /// What the table holds.
    pub(super) kind: Kind,
    /// How many columns a row has.
    pub(super) width: usize,
    /// Where our columns are, by the constants of [`node`] or [`edge`].
    at: Vec<Option<usize>>,
    /// Every other column with its own name.
    pub(super) extra: Vec<(usize, String)>,
    /// The columns' names as the file writes them.
    names: Vec<String>,
}

/// The form in which column names are compared.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace([' ', '-'], "_")
}

fn resolve(wanted: &[Named], header: &[String], map: &TableMap) -> Vec<Option<usize>> {
    let find = |name: &str| header.iter().position(|h| *h == plain(name));
    let mut at: Vec<Option<usize>> =
        wanted.iter().map(|(ours, _)| map.get(*ours).and_then(|theirs| find(theirs))).collect();
    // A column that the user gave to one of our names is free for no other.
    for exact in [true, false] {
        for (i, (ours, others)) in wanted.iter().enumerate() {
            if at.get(i).copied().flatten().is_some() {
                continue;
            }
            let found = if exact {
                find(ours).filter(|p| !at.contains(&Some(*p)))
            } else {
                others.iter().filter_map(|o| find(o)).find(|p| !at.contains(&Some(*p)))
            };
            if let Some(slot) = at.get_mut(i) {
                *slot = found;
            }
        }
    }
    at
}

impl Columns {
    /// Reads a header. `None` when it is neither that of nodes nor that of edges.
    pub(super) fn recognise(names: &[&str], map: &TableMap) -> Option<Columns> {
        let header: Vec<String> = names.iter().map(|n| plain(n)).collect();
        let (nodes, edges) = (resolve(NODES, &header, map), resolve(EDGES, &header, map));
        let has = |at: &[Option<usize>], i: usize| at.get(i).copied().flatten().is_some();
        let is_edges = has(&edges, edge::SOURCE) && has(&edges, edge::TARGET) && has(&edges, edge::TYPE);
        let is_nodes = has(&nodes, node::ID) && (has(&nodes, node::TYPE) || has(&nodes, node::NAME));
        // `from` and `to` beside an id and a name are the dates of a party.
        let named = |ours: &str| map.contains_key(ours) || header.iter().any(|h| h == ours);
        let dated_nodes = is_nodes && header.iter().any(|h| h == "name") && !(named("source") && named("target"));
        let (kind, at) = if is_edges && !dated_nodes {
            (Kind::Edges, edges)
        } else if is_nodes {
            (Kind::Nodes, nodes)
        } else {
            return None;
        };
        let extra = (0..names.len()).filter(|i| !at.contains(&Some(*i)));
        let own = |i: usize| {
            let name = names.get(i).map_or("", |n| n.trim());
            if name.is_empty() { format!("column_{}", i + 1) } else { name.to_owned() }
        };
        let extra = extra.map(|i| (i, own(i))).collect();
        Some(Columns { kind, width: names.len(), at, extra, names: (0..names.len()).map(own).collect() })
    }

    /// Reads a header that must be that of nodes or edges.
    pub(super) fn read(names: &[&str], map: &TableMap, place: &Place) -> Result<Columns> {
        let mut seen = std::collections::BTreeSet::new();
        for name in names.iter().map(|n| plain(n)).filter(|n| !n.is_empty()) {
            if let Some(twice) = seen.replace(name) {
                return Err(Error::input(format!("two columns are called {twice:?}")).at(place.clone()));
            }
        }
        Columns::recognise(names, map).ok_or_else(|| {
            let found = names.iter().map(|n| n.trim()).collect::<Vec<_>>().join(", ");
            let found: String = found.chars().take(300).collect();
            Error::input(format!("neither a table of nodes nor of edges; the columns are: {found}"))
                .at(place.clone())
                .hint(
                    "nodes need id and type or name, edges need source, target and type; \
                     name other columns with --map, as in --map source=owner_id",
                )
        })
    }

    /// Where one of our columns is.
    pub(super) fn at(&self, column: usize) -> Option<usize> {
        self.at.get(column).copied().flatten()
    }

    /// The name that the file gives one of our columns.
    pub(super) fn name(&self, column: usize) -> &str {
        self.at(column).and_then(|i| self.names.get(i)).map_or("", String::as_str)
    }

    /// Whether the file has a column of that name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.iter().any(|n| plain(n) == plain(name))
    }
}

/// Refuses a mapping that names a column we do not know, or one that no file has.
pub(super) fn check_map(map: &TableMap, tables: &[&Columns]) -> Result<()> {
    for (ours, theirs) in map {
        if !NODES.iter().chain(EDGES).any(|(name, _)| name == ours) {
            let mut known: Vec<&str> = NODES.iter().chain(EDGES).map(|(name, _)| *name).collect();
            known.sort_unstable();
            known.dedup();
            return Err(Error::usage(format!("--map: no column is called {ours:?}; known: {}", known.join(", "))));
        }
        if !tables.iter().any(|t| t.has(theirs)) {
            return Err(Error::usage(format!("--map {ours}={theirs}: no file has a column {theirs:?}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(header: &str, map: &[(&str, &str)]) -> Option<Columns> {
        let map = map.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        Columns::recognise(&header.split(',').collect::<Vec<_>>(), &map)
    }

    #[test]
    fn found_by_name() {
        let c = columns("source,target,type,percentage,start,end,source_name", &[]).unwrap();
        assert_eq!((c.kind, c.at(edge::SOURCE_NAME), c.at(edge::ID), c.extra.len()), (Kind::Edges, Some(6), None, 0));
        let c = columns("To,From,Label,Start Date,weight,,share", &[]).unwrap();
        assert_eq!((c.kind, c.at(edge::SOURCE), c.at(edge::TARGET)), (Kind::Edges, Some(1), Some(0)));
        assert_eq!((c.at(edge::TYPE), c.at(edge::START), c.at(edge::PERCENTAGE)), (Some(2), Some(3), Some(6)));
        assert_eq!(c.extra, [(4, "weight".to_owned()), (5, "column_6".to_owned())]);
        let c = columns("id,name,type,from,to", &[]).unwrap();
        assert_eq!((c.kind, c.extra.len()), (Kind::Nodes, 2));
        let c = columns("id,label,name", &[]).unwrap();
        assert_eq!((c.name(node::NAME), c.extra.len()), ("name", 1));
        assert!(columns("id,address", &[]).is_none());
        assert!(columns("source,target", &[]).is_none());
    }

    #[test]
    fn told_by_the_user() {
        let c = columns("owner,firm,how,type", &[("source", "owner"), ("target", "Firm"), ("type", "how")]).unwrap();
        assert_eq!((c.at(edge::SOURCE), c.at(edge::TARGET), c.at(edge::TYPE)), (Some(0), Some(1), Some(2)));
        assert_eq!(c.extra, [(3, "type".to_owned())]);
        let map = |a: &str, b: &str| TableMap::from([(a.to_owned(), b.to_owned())]);
        assert!(check_map(&map("source", "owner"), &[&c]).is_ok());
        assert_eq!(check_map(&map("source", "nobody"), &[&c]).unwrap_err().exit_code(), 2);
        assert!(check_map(&map("sauce", "owner"), &[&c]).unwrap_err().to_string().contains("known: act"));
        let place = Place::file("x");
        assert!(Columns::read(&["id", "name", "ID"], &TableMap::new(), &place).is_err());
    }
}
