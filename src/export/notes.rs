//! Holding back what rests only on the user's own notes.
//!
//! A fact rests on its own citations, else on those of its record, else on the record's own
//! source, which the namespace of its id names. What rests on notes alone is removed; what
//! another source states too stays, without the citation of the notes. A party known only from
//! notes that a kept relation names stays as a bare id, so that no edge dangles.

use super::NOTES;
use crate::model::{Citation, Document, End, Id, PartyRecord, RelationRecord};
use std::borrow::Cow;
use std::collections::HashSet;

/// Whether something with these citations rests on notes alone; `own` answers for none.
fn private(cites: &[Citation], own: bool) -> bool {
    if cites.is_empty() { own } else { cites.iter().all(|c| c.source == NOTES || (c.source.is_empty() && own)) }
}

fn strip(cites: &mut Vec<Citation>) {
    cites.retain(|c| c.source != NOTES);
}

fn id_private(id: Option<&Id>) -> bool {
    id.is_some_and(|id| id.namespace() == NOTES)
}

/// Removes private facts; true when the record itself is private.
fn party(p: &mut PartyRecord) -> bool {
    let own = private(&p.cites, id_private(Some(&p.id)));
    p.facts.retain(|f| !private(&f.cites, own));
    p.listings.retain(|l| !private(&l.cites, own));
    strip(&mut p.cites);
    p.facts.iter_mut().for_each(|f| strip(&mut f.cites));
    p.listings.iter_mut().for_each(|l| strip(&mut l.cites));
    if own {
        p.node_type.clear();
    }
    own
}

fn relation(r: &mut RelationRecord) -> bool {
    if private(&r.cites, id_private(r.id.as_ref())) {
        return false;
    }
    r.facts.retain(|f| !private(&f.cites, false));
    strip(&mut r.cites);
    r.facts.iter_mut().for_each(|f| strip(&mut f.cites));
    true
}

/// A party without what rests on notes alone; whether more than its id is left.
#[cfg(feature = "serve")]
pub(crate) fn public_party(p: &mut PartyRecord) -> bool {
    !party(p) || !p.facts.is_empty() || !p.listings.is_empty()
}

/// A relation without what rests on notes alone; `false` where all of it does.
#[cfg(feature = "serve")]
pub(crate) fn public_relation(r: &mut RelationRecord) -> bool {
    relation(r)
}

/// Whether a document mentions notes at all; most do not, and are then not copied.
fn mentions(doc: &Document) -> bool {
    let cited = |c: &[Citation]| c.iter().any(|c| c.source == NOTES);
    doc.sources.iter().any(|s| s.id == NOTES)
        || doc.nodes.iter().any(|p| {
            id_private(Some(&p.id))
                || cited(&p.cites)
                || p.facts.iter().any(|f| cited(&f.cites))
                || p.listings.iter().any(|l| cited(&l.cites))
        })
        || doc
            .edges
            .iter()
            .any(|r| id_private(r.id.as_ref()) || cited(&r.cites) || r.facts.iter().any(|f| cited(&f.cites)))
}

/// The document without what rests on notes alone.
pub(super) fn held_back<'a>(doc: &'a Document, with_notes: bool, warnings: &mut Vec<String>) -> Cow<'a, Document> {
    if with_notes || !mentions(doc) {
        return Cow::Borrowed(doc);
    }
    let mut d = doc.clone();
    d.edges.retain_mut(relation);
    let ends: HashSet<&str> = d
        .edges
        .iter()
        .flat_map(|r| [&r.source, &r.target])
        .filter_map(|e| match e {
            End::Id(id) => Some(id.as_str()),
            End::Name(_) => None,
        })
        .collect();
    d.nodes.retain_mut(|p| {
        let own = party(p);
        !own || !p.facts.is_empty() || !p.listings.is_empty() || ends.contains(p.id.as_str())
    });
    d.sources.retain(|s| s.id != NOTES);
    if let Some(answer) = &mut d.answer {
        // It may spell out paths over what was just removed.
        answer.result = None;
    }
    warnings.push(format!(
        "your own notes were held back: {} nodes and {} edges less, and single facts; --with-notes lets them leave",
        doc.nodes.len() - d.nodes.len(),
        doc.edges.len() - d.edges.len()
    ));
    Cow::Owned(d)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fact, prop};

    fn cite(source: &str) -> Vec<Citation> {
        vec![Citation { source: source.into(), ..Citation::default() }]
    }

    #[test]
    fn notes_stay_and_shared_facts_leave() {
        let id = |t: &str| Id::parse(t).unwrap();
        let end = |t: &str| End::Id(id(t));
        let mut a = PartyRecord::new(id("x:a"), "person");
        a.cites = cite("report");
        a.facts.push(Fact::new(prop::NAME, "Anna Example"));
        a.facts.push(Fact { cites: cite(NOTES), ..Fact::new(prop::NOTE, "met the informant") });
        let mut both = cite("report");
        both.extend(cite(NOTES));
        a.facts.push(Fact { cites: both, ..Fact::new(prop::ALIAS, "A. E.") });
        let mut hidden = PartyRecord::new(id("notes:informant"), "person");
        hidden.facts.push(Fact::new(prop::NAME, "The Informant"));
        let mut bare = PartyRecord::new(id("notes:b"), "company");
        bare.facts.push(Fact::new(prop::NAME, "Secret Name"));
        let mut kept = RelationRecord::new(end("x:a"), "owns", end("notes:b"));
        kept.cites = cite("report");
        let mut gone = RelationRecord::new(end("x:a"), "directs", end("notes:informant"));
        gone.cites = cite(NOTES);
        let doc = Document { nodes: vec![a, hidden, bare], edges: vec![kept, gone], ..Document::default() };
        let mut warnings = Vec::new();
        let d = held_back(&doc, false, &mut warnings);
        assert_eq!(warnings.len(), 1);
        assert_eq!(d.edges.len(), 1);
        let mut text = Vec::new();
        d.write(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        for secret in ["informant", "Informant", "Secret", "\"notes\""] {
            assert!(!text.contains(secret), "{secret} left: {text}");
        }
        assert!(text.contains("A. E.") && text.contains("notes:b"));
        assert_eq!(held_back(&doc, true, &mut warnings).into_owned(), doc);
    }
}
