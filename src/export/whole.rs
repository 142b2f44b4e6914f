//! Making a document whole: one node per id, a node at both ends of every edge, edge ids that
//! are unique. Readers drop or refuse anything else.

use crate::model::{Document, End, Fact, Id, PartyRecord, prop};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use xxhash_rust::xxh3::xxh3_64;

/// Node type of the stub that stands for a literal name.
const STUB: &str = "unresolved_name";

/// A document whose ends are all ids of its nodes.
pub(super) struct Whole<'a> {
    /// The document.
    pub(super) doc: Cow<'a, Document>,
    /// The id of each edge as exported, unique; taken before literal names became stubs.
    pub(super) edge_ids: Vec<String>,
}

/// An id as exports show it. A bare id that looks like a prefixed one keeps its prefix, else
/// two parties could end up under one id.
pub(super) fn shown<'a>(doc: &Document, id: &'a str) -> &'a str {
    let bare = doc.show_id(id);
    if Id::has_namespace(bare) { id } else { bare }
}

/// The first of `id`, `id~2`, `id~3` ... that is not taken yet, which it then is.
pub(super) fn unique(taken: &mut HashSet<String>, id: &str) -> String {
    let mut candidate = id.to_owned();
    let mut n = 1_u64;
    while taken.contains(&candidate) {
        n += 1;
        candidate = format!("{id}~{n}");
    }
    taken.insert(candidate.clone());
    candidate
}

fn edge_ids(doc: &Document, warnings: &mut Vec<String>) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut again = 0_u64;
    let ids = doc
        .edges
        .iter()
        .map(|r| {
            let id = r.external_id();
            let shown = shown(doc, &id);
            let unique = unique(&mut taken, shown);
            again += u64::from(unique != shown);
            unique
        })
        .collect();
    if again != 0 {
        warnings.push(format!("{again} edges repeat the id of another and were numbered (`~2` ...)"));
    }
    ids
}

/// Stub ids by literal name; the id depends on the name alone unless it is taken.
fn stubs(doc: &Document, known: &HashSet<&str>) -> Vec<(String, Id)> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for end in doc.edges.iter().flat_map(|r| [&r.source, &r.target]) {
        let End::Name(name) = end else { continue };
        if !seen.insert(name.as_str()) {
            continue;
        }
        let mut local = format!("{:016x}", xxh3_64(name.as_bytes()));
        while known.contains(format!("unresolved:{local}").as_str()) || !taken.insert(local.clone()) {
            local.push('x');
        }
        if let Ok(id) = Id::new("unresolved", &local) {
            out.push((name.clone(), id));
        }
    }
    out
}

/// Completes a document; one that is whole already is not copied.
pub(super) fn whole<'a>(doc: Cow<'a, Document>, warnings: &mut Vec<String>) -> Whole<'a> {
    let edge_ids = edge_ids(&doc, warnings);
    let known: HashSet<&str> = doc.nodes.iter().map(|p| p.id.as_str()).collect();
    let repeated = known.len() != doc.nodes.len();
    let mut seen = HashSet::new();
    let bare: Vec<Id> = doc
        .edges
        .iter()
        .flat_map(|r| [&r.source, &r.target])
        .filter_map(|end| match end {
            End::Id(id) if !known.contains(id.as_str()) && seen.insert(id.as_str()) => Some(id.clone()),
            _ => None,
        })
        .collect();
    let stubs = stubs(&doc, &known);
    drop(known);
    if !repeated && bare.is_empty() && stubs.is_empty() {
        return Whole { doc, edge_ids };
    }
    let mut d = doc.into_owned();
    if repeated {
        let mut at: HashMap<Id, usize> = HashMap::new();
        let mut nodes: Vec<PartyRecord> = Vec::with_capacity(d.nodes.len());
        for mut p in d.nodes {
            match at.get(&p.id).and_then(|i| nodes.get_mut(*i)) {
                Some(first) => {
                    if first.node_type.is_empty() {
                        first.node_type = p.node_type;
                    }
                    first.facts.append(&mut p.facts);
                    first.listings.append(&mut p.listings);
                    first.cites.append(&mut p.cites);
                }
                None => {
                    at.insert(p.id.clone(), nodes.len());
                    nodes.push(p);
                }
            }
        }
        d.nodes = nodes;
    }
    if !bare.is_empty() {
        warnings
            .push(format!("{} parties are named only as the end of an edge; they were added as bare ids", bare.len()));
        d.nodes.extend(bare.into_iter().map(|id| PartyRecord::new(id, "")));
    }
    for (name, id) in &stubs {
        let mut p = PartyRecord::new(id.clone(), STUB);
        p.facts.push(Fact::name(prop::NAME, name.clone()));
        d.nodes.push(p);
    }
    let by_name: HashMap<String, Id> = stubs.into_iter().collect();
    for end in d.edges.iter_mut().flat_map(|r| [&mut r.source, &mut r.target]) {
        if let End::Name(name) = end
            && let Some(id) = by_name.get(name.as_str())
        {
            *end = End::Id(id.clone());
        }
    }
    Whole { doc: Cow::Owned(d), edge_ids }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RelationRecord;

    #[test]
    fn every_end_is_a_node_and_every_edge_id_is_unique() {
        let id = |t: &str| Id::parse(t).unwrap();
        let name = || End::Name("Acme \"Ltd\"".into());
        let mut a = PartyRecord::new(id("x:a"), "");
        a.facts.push(Fact::new(prop::NAME, "A"));
        let again = PartyRecord::new(id("x:a"), "company");
        let edge = |s: End, t: End| RelationRecord::new(s, "owns", t);
        let doc = Document {
            nodes: vec![a, again],
            edges: vec![
                edge(End::Id(id("x:a")), name()),
                edge(End::Id(id("x:a")), name()),
                edge(name(), End::Id(id("x:gone"))),
            ],
            ..Document::default()
        };
        let mut warnings = Vec::new();
        let w = whole(Cow::Borrowed(&doc), &mut warnings);
        assert_eq!(w.doc.nodes.len(), 3);
        assert_eq!(w.doc.nodes.iter().map(|p| p.node_type.as_str()).collect::<Vec<_>>(), ["company", "", STUB]);
        assert_eq!(w.edge_ids[0], "x:a>owns>\"Acme \"Ltd\"\"");
        assert_eq!(w.edge_ids[1], format!("{}~2", w.edge_ids[0]));
        let ids: HashSet<&Id> = w.doc.nodes.iter().map(|p| &p.id).collect();
        for r in &w.doc.edges {
            for end in [&r.source, &r.target] {
                assert!(matches!(end, End::Id(id) if ids.contains(id)), "{end:?}");
            }
        }
        assert_eq!(warnings.len(), 2);
    }

    #[test]
    fn a_bare_id_never_shadows_a_prefixed_one() {
        let doc = Document { scope: Some("case".into()), ..Document::default() };
        assert_eq!(shown(&doc, "case:a"), "a");
        assert_eq!(shown(&doc, "case:ofac:1"), "case:ofac:1");
        assert_eq!(shown(&doc, "ofac:1"), "ofac:1");
    }
}
