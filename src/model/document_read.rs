//! Reading a network document. Every error names file, line and element.

use super::document::LISTS;
use super::document_value::{At, Members, Shape, Values, Warning, shape};
use super::suggest::nearest;
use super::{Act, Catalogue, Direct, Document, EdgeType, End, Fact, Id, NodeType};
use super::{PartialDate, PartyRecord, RelationRecord, SourceInfo, prop};
use crate::error::Result;
use serde_json::value::RawValue;
use std::collections::{HashMap, HashSet};

/// The version of the document's shape that this program writes and reads.
const VERSION: u64 = 1;

/// How a document is to be read.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions<'a> {
    /// Namespace of bare ids, before what the document says.
    pub scope: Option<&'a str>,
    /// Namespace of bare ids where the document says nothing.
    pub fallback: &'a str,
    /// The types known besides those that the document adds.
    pub catalogue: &'a Catalogue,
    /// Name of the input in errors.
    pub file: &'a str,
}

/// A document that was read.
#[derive(Debug, Clone)]
pub struct ReadDocument {
    /// What it says.
    pub document: Document,
    /// The namespace that bare ids have, or would have.
    pub scope: String,
    /// What was ignored, repeated, or cites a source that is not described.
    pub warnings: Vec<Warning>,
}

/// A namespace made of any text: lower-case letters, digits, `-`, `_` and `.`; `doc` when
/// nothing is left.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(200) {
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() || (matches!(c, '_' | '.') && !out.is_empty()) => out.push(c),
            _ if !out.is_empty() && !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    let out = out.trim_end_matches(['-', '.', '_']);
    if out.is_empty() { "doc".into() } else { out.into() }
}

impl Document {
    /// Reads a document with the built-in types. `scope` is the namespace of bare ids; `file`
    /// names the input in errors. The second value lists what was ignored, with its places.
    pub fn read(text: &str, scope: Option<&str>, file: &str) -> Result<(Document, Vec<Warning>)> {
        let options = ReadOptions { scope, fallback: "doc", catalogue: Catalogue::builtin(), file };
        Document::read_with(text, &options).map(|r| (r.document, r.warnings))
    }

    /// Reads a document. Refuses malformed JSON, unknown types, impossible shares and dates,
    /// edges to nowhere, and an id that stands for two different things.
    pub fn read_with(text: &str, options: &ReadOptions<'_>) -> Result<ReadDocument> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut values = Values::new(text, options.file);
        let top: &RawValue = serde_json::from_str(text).map_err(|e| values.syntax(None, At::top(""), &e))?;
        let members = values.members(top, At::top(""))?;
        let mut reader = Reader {
            values,
            catalogue: options.catalogue.clone(),
            scope: String::new(),
            bare: false,
            known: HashSet::new(),
            doc: Document::default(),
        };
        reader.version(top, &members)?;
        reader.head(&members)?;
        reader.scope = reader.resolve_scope(top, &members, options)?;
        if let Some(raw) = members.get("nodes") {
            reader.nodes(raw)?;
        }
        if let Some(raw) = members.get(prop::COMPLETE) {
            reader.complete(raw)?;
        }
        if let Some(raw) = members.get("edges") {
            reader.edges(raw)?;
        }
        let Reader { mut doc, scope, bare, values, .. } = reader;
        if doc.scope.is_some() || options.scope.is_some() || bare {
            doc.scope = Some(scope.clone());
        }
        Ok(ReadDocument { document: doc, scope, warnings: values.warnings })
    }
}

struct Reader<'a> {
    values: Values<'a>,
    catalogue: Catalogue,
    scope: String,
    /// A bare id was met, so the scope matters.
    bare: bool,
    /// Ids of the nodes.
    known: HashSet<String>,
    doc: Document,
}

impl<'a> Reader<'a> {
    fn version(&mut self, top: &RawValue, members: &Members<'a>) -> Result<()> {
        let Some(raw) = members.get("cuibono") else {
            if members.get("nodes").is_none() {
                return Err(self
                    .values
                    .bad(top, At::top(""), "not a network document: it has neither `cuibono` nor `nodes`")
                    .hint("start it with \"cuibono\": 1"));
            }
            self.values.warn_once(top, At::top(""), "no member `cuibono`, read as version", "1");
            return Ok(());
        };
        match raw.get().parse::<u64>() {
            Ok(VERSION) => Ok(()),
            Ok(v) if v > VERSION => Err(self
                .values
                .bad(
                    raw,
                    At::top("cuibono"),
                    format!("written by a newer version: document version {v}, this program reads {VERSION}"),
                )
                .hint("read it with a newer cuibono, or write it again from there in this version")),
            _ => Err(self.values.bad(
                raw,
                At::top("cuibono"),
                format!("{} is not a document version, expected {VERSION}", raw.get()),
            )),
        }
    }

    /// Everything but nodes and edges.
    fn head(&mut self, members: &Members<'a>) -> Result<()> {
        if let Some(raw) = members.get("sources") {
            self.sources(raw)?;
        }
        for (key, raw) in &members.0 {
            let at = At::top(key.as_ref());
            match key.as_ref() {
                "cuibono" | "sources" | "nodes" | "edges" | "answer" => {}
                "scope" => {
                    let scope = self.values.label(raw, at)?;
                    self.doc.scope = (!scope.is_empty()).then_some(scope);
                }
                "released" => {
                    let date = self.values.date(raw, at)?;
                    if date.is_some_and(|d: PartialDate| !d.is_full()) {
                        return Err(self
                            .values
                            .bad(raw, at, "the release date is not a full day")
                            .hint("write YYYY-MM-DD"));
                    }
                    self.doc.released = date;
                }
                "node_types" => {
                    const KNOWN: &str = "name label family hub synonyms";
                    for (i, one) in self.values.array(raw, at)?.into_iter().enumerate() {
                        let t: NodeType = self.type_def(one, At::item("node_types", i), "a node type", KNOWN)?;
                        let added = self.catalogue.add_node_type(t.clone());
                        self.values.on(one, At::item("node_types", i), added)?;
                        self.doc.node_types.push(t);
                    }
                }
                "edge_types" => {
                    const KNOWN: &str =
                        "name inverse label group ownership control votes ambiguous symmetric derived hub synonyms";
                    for (i, one) in self.values.array(raw, at)?.into_iter().enumerate() {
                        let t: EdgeType = self.type_def(one, At::item("edge_types", i), "an edge type", KNOWN)?;
                        let added = self.catalogue.add_edge_type(t.clone());
                        self.values.on(one, At::item("edge_types", i), added)?;
                        self.doc.edge_types.push(t);
                    }
                }
                prop::TREASURY | prop::COMPLETE | prop::UNKNOWN_REMAINDER => {
                    if let Some(value) = self.values.document_option(raw, at, key)? {
                        self.doc.options.insert(key.to_string(), value);
                    }
                }
                _ => self.values.unknown(raw, at, "the document", key),
            }
        }
        Ok(())
    }

    fn type_def<T: serde::de::DeserializeOwned>(
        &mut self,
        raw: &'a RawValue,
        at: At<'_>,
        of: &str,
        known: &str,
    ) -> Result<T> {
        for (key, value) in self.values.members(raw, at)?.0 {
            if !known.split(' ').any(|k| k == key) {
                self.values.unknown(value, at, of, &key);
            }
        }
        serde_json::from_str(raw.get()).map_err(|e| self.values.syntax(Some(raw), at, &e))
    }

    fn sources(&mut self, raw: &'a RawValue) -> Result<()> {
        for (i, one) in self.values.array(raw, At::top("sources"))?.into_iter().enumerate() {
            let at = At::item("sources", i);
            let mut s = SourceInfo::default();
            if shape(one) == Shape::Text {
                s.id = self.values.label(one, at)?;
            } else {
                for (key, value) in self.values.members(one, at)?.0 {
                    let at = at.member(&key);
                    match key.as_ref() {
                        "id" => s.id = self.values.label(value, at)?,
                        "title" => s.title = self.values.text(value, at)?.into_owned(),
                        "publisher" => s.publisher = self.values.text(value, at)?.into_owned(),
                        "url" => s.url = self.values.text(value, at)?.into_owned(),
                        "published" => s.published = self.values.text(value, at)?.into_owned(),
                        "licence" => s.licence = self.values.text(value, at)?.into_owned(),
                        "attribution" => s.attribution = self.values.text(value, at)?.into_owned(),
                        _ => self.values.unknown(value, at, "a source", &key),
                    }
                }
            }
            if s.id.is_empty() {
                return Err(self.values.bad(one, at, "the source has no id"));
            }
            if self.values.sources.insert(s.id.clone()) {
                self.doc.sources.push(s);
            } else if self.doc.sources.contains(&s) {
                self.values.warn(one, at, "source repeated unchanged", &s.id);
            } else {
                return Err(self.values.bad(one, at, format!("source {:?} is described twice, differently", s.id)));
            }
        }
        Ok(())
    }

    fn resolve_scope(&mut self, top: &RawValue, members: &Members<'a>, options: &ReadOptions<'_>) -> Result<String> {
        let stated = options.scope.map(str::to_owned).or_else(|| self.doc.scope.clone());
        if let Some(scope) = stated {
            if Id::has_namespace(&format!("{scope}:x")) {
                self.values.sources.insert(scope.clone());
                return Ok(scope);
            }
            let raw = members.get("scope").unwrap_or(top);
            return Err(self
                .values
                .bad(raw, At::top("scope"), format!("{scope:?} cannot be a namespace"))
                .hint("use letters, digits, `_`, `-` and `.`"));
        }
        Ok(match self.doc.sources.as_slice() {
            [one] => slug(&one.id),
            _ => slug(options.fallback),
        })
    }

    fn id(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Id> {
        let text = self.values.text(raw, at)?;
        if text.is_empty() {
            return Err(self.values.bad(raw, at, "the id is empty"));
        }
        self.bare |= !Id::has_namespace(&text);
        let id = Id::scoped(&text, &self.scope);
        self.values.on(raw, at, id)
    }

    fn nodes(&mut self, raw: &'a RawValue) -> Result<()> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (i, one) in self.values.array(raw, At::top("nodes"))?.into_iter().enumerate() {
            let at = At::item("nodes", i);
            let node = self.node(one, at)?;
            match seen.get(node.id.as_str()) {
                None => {
                    seen.insert(node.id.as_str().to_owned(), self.doc.nodes.len());
                    self.doc.nodes.push(node);
                }
                Some(old) if self.doc.nodes.get(*old) == Some(&node) => {
                    self.values.warn(one, at, "node repeated unchanged", node.id.as_str());
                }
                Some(_) => {
                    return Err(self
                        .values
                        .bad(
                            one,
                            at.member("id"),
                            format!("node {:?} occurs twice with different content", node.id.as_str()),
                        )
                        .hint("make one node of them: a member that contradicts itself may be an array"));
                }
            }
        }
        self.known = seen.into_keys().collect();
        Ok(())
    }

    fn node(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<PartyRecord> {
        let members = self.values.members(raw, at)?;
        let Some(id) = members.get("id") else { return Err(self.values.bad(raw, at, "the node has no id")) };
        let bare = shape(id) == Shape::Text && !Id::has_namespace(&self.values.text(id, at.member("id"))?);
        let mut node = PartyRecord::new(self.id(id, at.member("id"))?, "");
        for (key, value) in members.0 {
            let at = at.member(&key);
            match key.as_ref() {
                "id" => {}
                "type" => node.node_type = self.node_type(value, at)?,
                "name" => self.values.facts(value, at, prop::NAME, false, &mut node.facts)?,
                "listed" => node.listings = self.values.listings(value, at)?,
                "cites" => node.cites = self.values.cites(value, at)?,
                "properties" => self.properties(value, at, &mut node.facts)?,
                k if prop::OPTIONS.contains(&k) => {
                    let first = node.facts.len();
                    self.values.facts(value, at, k, true, &mut node.facts)?;
                    self.values.check_options(value, at, k, node.facts.get(first..).unwrap_or_default())?;
                }
                k => match LISTS.iter().find(|(member, _)| *member == k) {
                    Some((_, name)) => self.values.facts(value, at, name, false, &mut node.facts)?,
                    None => self.values.unknown(value, at, "nodes", k),
                },
            }
        }
        if node.node_type.is_empty() && bare {
            return Err(self
                .values
                .bad(raw, at.member("type"), format!("node {:?} has no type", node.id.as_str()))
                .hint("give it one of the catalogue's node types, `thing` where nothing is known"));
        }
        sort_facts(&mut node.facts);
        Ok(node)
    }

    /// Checks that a list in `complete` names nodes of the document.
    fn complete(&mut self, raw: &'a RawValue) -> Result<()> {
        let at = At::top(prop::COMPLETE);
        for one in self.values.option_ids(raw, at)? {
            let id = self.id(one, at)?;
            if !self.known.contains(id.as_str()) {
                let shown = self.values.text(one, at)?;
                let message = format!("complete names no node of the document: {shown:?}");
                return Err(self.values.bad(one, at, message).hint("add the node, or take the id out"));
            }
        }
        Ok(())
    }

    fn node_type(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<String> {
        let text = self.values.text(raw, at)?;
        if text.is_empty() {
            return Ok(String::new());
        }
        if let Some(t) = self.catalogue.node_type(&text) {
            return Ok(t.name.clone());
        }
        let words = self.catalogue.node_types().iter().flat_map(|t| std::iter::once(&t.name).chain(&t.synonyms));
        let near = suggestion(&text, words, "node_types");
        Err(self.values.bad(raw, at, format!("unknown node type {text:?}")).hint(near))
    }

    fn edge_type(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<String> {
        let text = self.values.text(raw, at)?;
        if let Some(t) = self.catalogue.edge_type(&text) {
            return Ok(t.name.clone());
        }
        let words = self.catalogue.edge_types().iter().flat_map(|t| std::iter::once(&t.name).chain(&t.synonyms));
        let near = suggestion(&text, words, "edge_types");
        Err(self.values.bad(raw, at, format!("unknown edge type {text:?}")).hint(near))
    }

    fn properties(&mut self, raw: &'a RawValue, at: At<'_>, into: &mut Vec<Fact>) -> Result<()> {
        if shape(raw) == Shape::Null {
            return Ok(());
        }
        for (key, value) in self.values.members(raw, at)?.0 {
            self.values.facts(value, at, &key, true, into)?;
        }
        Ok(())
    }

    fn end(&mut self, raw: Option<&'a RawValue>, edge: &'a RawValue, at: At<'_>) -> Result<End> {
        let Some(raw) = raw else { return Err(self.values.bad(edge, at, format!("the edge has no {}", at.member))) };
        if shape(raw) == Shape::Object {
            let members = self.values.members(raw, at)?;
            let name = match (members.0.len(), members.get("name")) {
                (1, Some(name)) => self.values.label(name, at)?,
                _ => String::new(),
            };
            if name.trim().is_empty() {
                return Err(self.values.bad(raw, at, "expected an id or {\"name\": \"...\"}"));
            }
            return Ok(End::Name(name));
        }
        let bare = !Id::has_namespace(&self.values.text(raw, at)?);
        let id = self.id(raw, at)?;
        if bare && !self.known.contains(id.as_str()) {
            return Err(self
                .values
                .bad(raw, at, format!("edge to nowhere: no node has the id {:?}", id.local()))
                .hint(
                    "add the node, prefix the id with the namespace it has elsewhere, or write {\"name\": \"...\"}",
                ));
        }
        Ok(End::Id(id))
    }

    fn edges(&mut self, raw: &'a RawValue) -> Result<()> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut unnamed: Vec<usize> = Vec::new();
        for (i, one) in self.values.array(raw, At::top("edges"))?.into_iter().enumerate() {
            let at = At::item("edges", i);
            let (edge, named) = self.edge(one, at)?;
            if !named {
                unnamed.push(self.doc.edges.len());
                self.doc.edges.push(edge);
                continue;
            }
            let id = edge.external_id();
            match seen.get(&id) {
                None => {
                    seen.insert(id, self.doc.edges.len());
                    self.doc.edges.push(edge);
                }
                Some(old) if self.doc.edges.get(*old) == Some(&edge) => {
                    self.values.warn(one, at, "edge repeated unchanged", &id);
                }
                Some(_) => {
                    return Err(self
                        .values
                        .bad(one, at.member("id"), format!("edge {id:?} occurs twice with different content"))
                        .hint("give each its own id, or leave the id out"));
                }
            }
        }
        // Edges without an id of their own are told apart in file order.
        let mut next: HashMap<String, u32> = HashMap::new();
        for index in unnamed {
            let Some(edge) = self.doc.edges.get_mut(index) else { continue };
            let counter = next.entry(edge.external_id()).or_insert(0);
            loop {
                edge.ordinal = *counter;
                *counter = counter.saturating_add(1);
                if *counter == u32::MAX || !seen.contains_key(&edge.external_id()) {
                    break;
                }
            }
        }
        Ok(())
    }

    /// One edge, and whether it came with an id.
    fn edge(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<(RelationRecord, bool)> {
        let members = self.values.members(raw, at)?;
        let source = self.end(members.get("source"), raw, at.member("source"))?;
        let target = self.end(members.get("target"), raw, at.member("target"))?;
        let Some(edge_type) = members.get("type") else {
            return Err(self.values.bad(raw, at.member("type"), "the edge has no type"));
        };
        let mut e = RelationRecord::new(source, self.edge_type(edge_type, at.member("type"))?, target);
        let (mut id, mut source_doc) = (None, None);
        for (key, value) in members.0 {
            let at = at.member(&key);
            match key.as_ref() {
                "source" | "target" | "type" => {}
                "id" => id = Some(value).filter(|v| shape(v) != Shape::Null),
                "share" => e.share = self.values.share(value, at)?,
                "start" => e.start = self.values.date(value, at)?,
                "end" => e.end = self.values.date(value, at)?,
                "status" => e.status = self.values.status(value, at)?,
                "act" => {
                    e.act = self.values.word(value, at, "act", Act::parse, Act::ALL.iter().map(|a| a.as_str()))?;
                }
                "direct" => e.direct = self.direct(value, at)?,
                "stake" => e.stake = self.values.label(value, at)?,
                "joint" => e.joint = self.values.label(value, at)?,
                "role" => e.role = self.values.text(value, at)?.into_owned(),
                "properties" => self.properties(value, at, &mut e.facts)?,
                "cites" => e.cites = self.values.cites(value, at)?,
                "source_doc" => source_doc = Some(value),
                k => self.values.unknown(value, at, "edges", k),
            }
        }
        if let Some(value) = source_doc {
            e.cites.extend(self.values.cites(value, at.member("source_doc"))?);
        }
        if let (Some(start), Some(end)) = (e.start, e.end)
            && end.last_day() <= start.first_day()
        {
            return Err(self
                .values
                .bad(raw, at.member("end"), format!("from {start} to {end} the edge is in force for no day"))
                .hint("an end date is the first day no longer in force"));
        }
        sort_facts(&mut e.facts);
        if let Some(id) = id {
            self.edge_id(id, at.member("id"), &mut e)?;
        }
        Ok((e, id.is_some()))
    }

    /// Sets the id of an edge, unless it is the one that is derived from what it says.
    fn edge_id(&mut self, raw: &'a RawValue, at: At<'_>, e: &mut RelationRecord) -> Result<()> {
        let text = self.values.text(raw, at)?;
        let derived = e.external_id();
        let bare = derived.strip_prefix(self.scope.as_str()).and_then(|r| r.strip_prefix(':'));
        let rest = text.strip_prefix(derived.as_str()).or_else(|| bare.and_then(|b| text.strip_prefix(b)));
        let ordinal = match rest {
            Some("") => Some(0),
            Some(r) => r.strip_prefix('#').and_then(|n| n.parse::<u32>().ok().filter(|o| *o > 0 && o.to_string() == n)),
            None => None,
        };
        match ordinal {
            Some(ordinal) => e.ordinal = ordinal,
            None => e.id = Some(self.id(raw, at)?),
        }
        Ok(())
    }

    fn direct(&mut self, raw: &'a RawValue, at: At<'_>) -> Result<Direct> {
        match raw.get() {
            "true" => Ok(Direct::Direct),
            "false" => Ok(Direct::Indirect),
            _ => self.values.word(raw, at, "value of direct", Direct::parse, Direct::ALL.iter().map(|d| d.as_str())),
        }
    }
}

fn suggestion<'w>(word: &str, known: impl Iterator<Item = &'w String>, member: &str) -> String {
    let near = nearest(word, known.map(String::as_str));
    let add = format!("a document may define types of its own in `{member}`");
    if near.is_empty() { add } else { format!("did you mean {}? {add}", near.join(" or ")) }
}

/// Brings facts into the order in which a document holds them: names, the named members, then
/// the other properties by name; values of one property stay as they are.
pub(super) fn sort_facts(facts: &mut [Fact]) {
    facts.sort_by(|a, b| {
        let rank = |f: &Fact| match LISTS.iter().position(|(_, p)| *p == f.prop) {
            _ if f.prop == prop::NAME => 0,
            Some(i) => i + 1,
            None => usize::MAX,
        };
        let (ra, rb) = (rank(a), rank(b));
        ra.cmp(&rb).then_with(|| if ra == usize::MAX { a.prop.cmp(&b.prop) } else { std::cmp::Ordering::Equal })
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Document, Vec<Warning>)> {
        Document::read(text, None, "t.json")
    }

    fn refused(text: &str) -> String {
        let e = read(text).unwrap_err();
        format!("{e} | {}", e.next_step().unwrap_or_default())
    }

    fn two_nodes(edge: &str) -> String {
        format!(
            "{{\"cuibono\": 1, \"scope\": \"t\",\n\"nodes\": [{{\"id\": \"a\", \"type\": \"person\"}}, {{\"id\": \"b\", \"type\": \"company\"}}],\n\"edges\": [\n{edge}]}}"
        )
    }

    #[test]
    fn every_form_of_a_value() {
        let (d, w) = read(
            r#"{"cuibono": 1, "scope": "t", "sources": ["reg"], "nodes": [
            {"id": "a", "type": "individual", "name": "Анна Ли", "aliases": ["Ann", {"value": "Anna L.", "cites": "reg", "lang": "en"}],
             "birth": "circa 1951", "identifiers": ["INN:77", {"scheme": "lei", "value": "X:1"}],
             "countries": {"value": "QZ", "kind": "nationality"}, "joint_arrangement": true,
             "listed": {"eu_fsf": {"from": "2020", "to": "2021-05"}, "uk_sl": true, "un_sc": false},
             "properties": {"shoe": 42.50, "nested": {"x": [1]}, "note": null}}]}"#,
        )
        .unwrap();
        assert!(w.is_empty(), "{w:?}");
        let a = &d.nodes[0];
        assert_eq!((a.id.as_str(), a.node_type.as_str()), ("t:a", "person"));
        let of = |p| a.facts.iter().filter(|f| f.prop == p).collect::<Vec<_>>();
        assert_eq!(of("name")[0].script, "Cyrl");
        assert_eq!(of("alias")[1].cites[0].source, "reg");
        assert_eq!(of("birth")[0].value, "circa 1951");
        assert_eq!((of("identifier")[0].kind.as_str(), of("identifier")[0].value.as_str()), ("INN", "77"));
        assert_eq!((of("identifier")[1].kind.as_str(), of("identifier")[1].value.as_str()), ("lei", "X:1"));
        assert_eq!((of("shoe")[0].value.as_str(), of("nested")[0].value.as_str()), ("42.50", r#"{"x": [1]}"#));
        assert_eq!(of("joint_arrangement")[0].value, "true");
        assert!(of("note").is_empty());
        assert_eq!(a.listings.len(), 2);
        assert_eq!(a.listings[0].to.unwrap().to_string(), "2021-05");
        for (listed, n) in [("true", 1), ("false", 0), ("\"ofac_sdn\"", 1), ("[\"a\", \"b\"]", 2), ("[]", 0)] {
            let t = format!(r#"{{"cuibono":1,"nodes":[{{"id":"a","type":"person","listed":{listed}}}]}}"#);
            assert_eq!(read(&t).unwrap().0.nodes[0].listings.len(), n, "{listed}");
        }
    }

    #[test]
    fn shares_and_edges() {
        let shares = [
            ("\"50\"", "50"),
            ("33.3", "33.3"),
            ("\"100/3\"", "100/3"),
            (r#"{"exclusive_min": "25", "max": 50}"#, ">25 to 50"),
            (r#"{"min": "75"}"#, "75 to 100"),
            (r#"{"exclusive_max": "10"}"#, "0 to <10"),
        ];
        for (json, shown) in shares {
            let (d, _) =
                read(&two_nodes(&format!(r#"{{"source":"a","target":"b","type":"owns","share":{json}}}"#))).unwrap();
            assert_eq!(d.edges[0].share.unwrap().to_string(), shown);
        }
        let e = r#"{"source":"a","target":"b","type":"votes","share":null,"direct":false,"source_doc":"reg"}"#;
        let (d, w) = read(&two_nodes(&format!("{e},{e},{e}"))).unwrap();
        let ids: Vec<String> = d.edges.iter().map(RelationRecord::external_id).collect();
        assert_eq!(ids, ["t:a>votes_in>t:b", "t:a>votes_in>t:b#1", "t:a>votes_in>t:b#2"]);
        assert_eq!((d.edges[0].direct, d.edges[0].cites[0].source.as_str()), (Direct::Indirect, "reg"));
        assert_eq!(w.len(), 1, "the source is warned of once: {w:?}");
    }

    #[test]
    fn refusals_name_line_and_element() {
        let e =
            refused(&two_nodes("\n{\"source\": \"a\", \"target\": \"b\", \"type\": \"owns\",\n \"share\": \"120\"}"));
        assert!(e.starts_with("t.json:6 (edges[0].share): share 120 is over 100"), "{e}");
        let edge = |rest: &str| refused(&two_nodes(&format!(r#"{{"source":"a","target":"b",{rest}}}"#)));
        assert!(edge(r#""type":"own""#).contains("did you mean owns"));
        assert!(edge(r#""type":"owns","start":"2020-05-01","end":"2020-05-01""#).contains("no day"));
        assert!(edge(r#""type":"owns","start":"2020-02-30""#).contains("not a date"));
        assert!(edge(r#""type":"owns","status":"sure""#).contains("asserted, alleged"));
        assert!(edge(r#""type":"owns","share":{"min":"1","exclusive_min":"2"}"#).contains("both open and closed"));
        assert!(edge(r#""type":"owns","share":{}"#).contains("no bound"));
        assert!(refused(&two_nodes(r#"{"source":"a","target":"c","type":"owns"}"#)).contains("edge to nowhere"));
        assert!(read(&two_nodes(r#"{"source":"a","target":"ofac:1","type":"owns"}"#)).is_ok());
        assert!(read(&two_nodes(r#"{"source":"a","target":{"name":"Foo Ltd"},"type":"owns"}"#)).is_ok());
        let node = |n: &str| refused(&format!("{{\"cuibono\":1,\"scope\":\"t\",\"nodes\":[{n}]}}"));
        assert!(node(r#"{"id":"a","type":"persn"}"#).contains("did you mean person"));
        assert!(node(r#"{"id":"a\u0000","type":"person"}"#).contains("control"));
        assert!(node(r#"{"id":"a","type":"person","birth":"soon"}"#).contains("nodes[0].birth"));
        assert!(node(r#"{"id":"a","type":"person","listed":{"x":{"from":"2021","to":"2020"}}}"#).contains("before"));
        assert!(node(r#"{"id":"a","type":"person"},{"id":"t:a","type":"company"}"#).contains("twice"));
        assert!(node(r#"{"id":"a","id":"b","type":"person"}"#).contains("given twice"));
        assert!(node(r#"{"id":"a"}"#).contains("no type"));
        assert!(refused(r#"{"cuibono": 2, "nodes": []}"#).contains("document version 2, this program reads 1"));
        assert!(
            refused("{\"cuibono\": 1,\n\"nodes\": [{\"id\": \"a\"").starts_with("t.json:2: the file ends too early")
        );
        assert!(refused("{\"cuibono\": 1,\n\n\"nodes\": [}").starts_with("t.json:3: not well-formed"));
        assert!(refused("{\"a\": 1}").contains("not a network document"));
        let deep = format!("{{\"cuibono\":1,\"treasury\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(refused(&deep).contains("recursion"));
    }

    #[test]
    fn scope_and_warnings() {
        let bare = |head: &str| {
            let t = format!(
                r#"{{{head}"nodes":[{{"id":"a","type":"person","shoe":1}},{{"id":"b","type":"person","shoe":2}}]}}"#
            );
            let (d, w) = read(&t).unwrap();
            (d.nodes[0].id.to_string(), w.len())
        };
        assert_eq!(bare(""), ("doc:a".into(), 2));
        assert_eq!(bare(r#""cuibono":1,"#), ("doc:a".into(), 1));
        assert_eq!(bare(r#""cuibono":1,"sources":[{"id":"My Notes"}],"#).0, "my-notes:a");
        assert_eq!(bare(r#""cuibono":1,"scope":"s","sources":["x"],"#).0, "s:a");
        assert_eq!(slug("..Über Größe 2"), "ber-gr-e-2");
        let (d, w) = Document::read(
            r#"{"cuibono":1,"scope":"s","nodes":[{"id":"a","type":"person"},{"id":"a","type":"person"}]}"#,
            Some("mine"),
            "t",
        )
        .unwrap();
        assert_eq!(
            (d.nodes.len(), d.nodes[0].id.as_str(), w[0].reason.as_str()),
            (1, "mine:a", "node repeated unchanged")
        );
    }
}
