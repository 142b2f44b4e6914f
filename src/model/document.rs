//! The network document: native import format, and the shape of every graph-valued answer.
//!
//! A document is records without a store: sources, parties, relations. Reading is in
//! `document_read.rs`; `docs/json.md` describes the JSON.

use super::{Act, Direct, Status};
use super::{Citation, EdgeType, End, Fact, Id, Listing, NodeType, PartialDate, PartyRecord};
use super::{RelationRecord, Share, SourceInfo, prop};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What question a document answers, and from what.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// The question, as a command line without paths.
    pub query: String,
    /// Valid-time filter, where one was given.
    pub as_of: Option<String>,
    /// Release-time filter, where one was given.
    pub known_at: Option<String>,
    /// By what day decisions on which parties are the same count, or `none`; where one was given.
    pub decided_at: Option<String>,
    /// Hash of the store's manifest, or of the files asked.
    pub store: String,
    /// Program version.
    pub program: String,
    /// Version of the rule data, where rules were applied.
    pub rules: Option<String>,
    /// A limit cut the answer.
    pub truncated: bool,
    /// Notes for the reader: what was left out, what could not be decided.
    pub notes: Vec<String>,
    /// Facts of the answer that are no graph (lengths, counts, paths as lists of ids).
    pub result: Option<Value>,
}

/// A set of parties and relations with their sources.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Namespace of the bare ids; where set, ids in it are written bare.
    pub scope: Option<String>,
    /// Day on which this document was released.
    pub released: Option<PartialDate>,
    /// Sources cited.
    pub sources: Vec<SourceInfo>,
    /// Node types beyond the catalogue.
    pub node_types: Vec<NodeType>,
    /// Edge types beyond the catalogue.
    pub edge_types: Vec<EdgeType>,
    /// Parties, one per id.
    pub nodes: Vec<PartyRecord>,
    /// Relations. In an answer both ends are ids and `id` is set.
    pub edges: Vec<RelationRecord>,
    /// Members that set options of later questions (`treasury`, `complete` ...), as found.
    pub options: BTreeMap<String, Value>,
    /// Present in answers, ignored on import.
    pub answer: Option<Answer>,
}

/// Plural member of a node and the property it holds.
pub(super) const LISTS: [(&str, &str); 8] = [
    ("aliases", prop::ALIAS),
    ("weak_aliases", prop::WEAK_ALIAS),
    ("former_names", prop::FORMER_NAME),
    ("birth", prop::BIRTH),
    ("countries", prop::COUNTRY),
    ("identifiers", prop::IDENTIFIER),
    ("addresses", prop::ADDRESS),
    ("programs", prop::PROGRAM),
];

fn put(map: &mut Map<String, Value>, key: &str, text: &str) {
    if !text.is_empty() {
        map.insert(key.into(), text.into());
    }
}

fn citation(c: &Citation) -> Value {
    if c.locator.is_empty() && c.quote.is_empty() {
        return c.source.clone().into();
    }
    let mut m = Map::new();
    put(&mut m, "source", &c.source);
    put(&mut m, "locator", &c.locator);
    put(&mut m, "quote", &c.quote);
    m.into()
}

fn citations(map: &mut Map<String, Value>, cites: &[Citation]) {
    if !cites.is_empty() {
        map.insert("cites".into(), cites.iter().map(citation).collect());
    }
}

fn fact(f: &Fact) -> Value {
    let bare = Fact { prop: f.prop.clone(), value: f.value.clone(), ..Fact::default() };
    // A text among the identifiers reads as scheme:value.
    if *f == bare && f.prop != prop::IDENTIFIER {
        return f.value.clone().into();
    }
    let mut m = Map::new();
    if f.prop == prop::IDENTIFIER {
        put(&mut m, "scheme", &f.kind);
    }
    m.insert("value".into(), f.value.clone().into());
    if f.prop != prop::IDENTIFIER {
        put(&mut m, "kind", &f.kind);
    }
    put(&mut m, "script", &f.script);
    put(&mut m, "lang", &f.lang);
    put(&mut m, "raw", &f.raw);
    if let Some(d) = f.from {
        put(&mut m, "from", &d.to_string());
    }
    if let Some(d) = f.to {
        put(&mut m, "to", &d.to_string());
    }
    if f.status != Status::Asserted {
        put(&mut m, "status", f.status.as_str());
    }
    citations(&mut m, &f.cites);
    m.into()
}

fn one_or_many(mut values: Vec<Value>) -> Value {
    if values.len() == 1 { values.pop().unwrap_or_default() } else { values.into() }
}

fn listing(l: &Listing) -> Value {
    let mut m = Map::new();
    put(&mut m, "list", &l.list);
    if let Some(d) = l.from {
        put(&mut m, "from", &d.to_string());
    }
    if let Some(d) = l.to {
        put(&mut m, "to", &d.to_string());
    }
    for (key, list) in [("programs", &l.programs), ("basis", &l.basis), ("measures", &l.measures)] {
        if !list.is_empty() {
            m.insert(key.into(), json!(list));
        }
    }
    citations(&mut m, &l.cites);
    m.into()
}

/// The JSON of a share: a string, an object of bounds, or null.
pub(super) fn share_json(share: Option<&Share>) -> Value {
    let Some(s) = share else { return Value::Null };
    if let Some(p) = s.as_exact() {
        return p.to_string().into();
    }
    let mut m = Map::new();
    put(&mut m, if s.open_min { "exclusive_min" } else { "min" }, &s.min.to_string());
    put(&mut m, if s.open_max { "exclusive_max" } else { "max" }, &s.max.to_string());
    m.into()
}

impl Document {
    /// An id as this document writes it: bare when it is in the document's scope.
    pub fn show_id<'a>(&self, id: &'a str) -> &'a str {
        match &self.scope {
            // What would itself read as a full id keeps its prefix.
            Some(scope) => id
                .strip_prefix(scope.as_str())
                .and_then(|r| r.strip_prefix(':'))
                .filter(|r| !Id::has_namespace(r))
                .unwrap_or(id),
            None => id,
        }
    }

    /// One node as JSON.
    pub fn node_json(&self, p: &PartyRecord) -> Value {
        let mut m = Map::new();
        put(&mut m, "id", self.show_id(p.id.as_str()));
        put(&mut m, "type", &p.node_type);
        let of = |name: &str| p.facts.iter().filter(|f| f.prop == name).map(fact).collect::<Vec<_>>();
        let names = of(prop::NAME);
        if !names.is_empty() {
            m.insert("name".into(), one_or_many(names));
        }
        for (member, name) in LISTS {
            let values = of(name);
            if !values.is_empty() {
                m.insert(member.into(), values.into());
            }
        }
        if !p.listings.is_empty() {
            m.insert("listed".into(), p.listings.iter().map(listing).collect());
        }
        let mut rest: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for f in &p.facts {
            if f.prop != prop::NAME && !LISTS.iter().any(|(_, name)| *name == f.prop) {
                rest.entry(&f.prop).or_default().push(fact(f));
            }
        }
        if !rest.is_empty() {
            let rest: Map<String, Value> = rest.into_iter().map(|(k, v)| (k.to_owned(), one_or_many(v))).collect();
            m.insert("properties".into(), rest.into());
        }
        citations(&mut m, &p.cites);
        m.into()
    }

    /// One edge as JSON.
    pub fn edge_json(&self, r: &RelationRecord) -> Value {
        let mut m = Map::new();
        let end = |e: &End| -> Value {
            match e {
                End::Id(id) => self.show_id(id.as_str()).into(),
                End::Name(name) => json!({ "name": name }),
            }
        };
        let id = r.external_id();
        put(&mut m, "id", self.show_id(&id));
        m.insert("source".into(), end(&r.source));
        m.insert("target".into(), end(&r.target));
        put(&mut m, "type", &r.edge_type);
        m.insert("share".into(), share_json(r.share.as_ref()));
        m.insert("start".into(), r.start.map(|d| d.to_string()).into());
        m.insert("end".into(), r.end.map(|d| d.to_string()).into());
        put(&mut m, "status", r.status.as_str());
        if r.act != Act::Done {
            put(&mut m, "act", r.act.as_str());
        }
        if r.direct != Direct::Direct {
            put(&mut m, "direct", r.direct.as_str());
        }
        put(&mut m, "stake", &r.stake);
        put(&mut m, "joint", &r.joint);
        put(&mut m, "role", &r.role);
        let mut rest: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for f in &r.facts {
            rest.entry(&f.prop).or_default().push(fact(f));
        }
        if !rest.is_empty() {
            let rest: Map<String, Value> = rest.into_iter().map(|(k, v)| (k.to_owned(), one_or_many(v))).collect();
            m.insert("properties".into(), rest.into());
        }
        citations(&mut m, &r.cites);
        m.into()
    }

    /// The answer block as JSON.
    pub fn answer_json(answer: &Answer) -> Value {
        let mut m = Map::new();
        m.insert("query".into(), answer.query.clone().into());
        m.insert("as_of".into(), answer.as_of.clone().into());
        m.insert("known_at".into(), answer.known_at.clone().into());
        if let Some(day) = &answer.decided_at {
            m.insert("decided_at".into(), day.clone().into());
        }
        put(&mut m, "store", &answer.store);
        put(&mut m, "program", &answer.program);
        put(&mut m, "rules", answer.rules.as_deref().unwrap_or_default());
        m.insert("truncated".into(), answer.truncated.into());
        if !answer.notes.is_empty() {
            m.insert("notes".into(), json!(answer.notes));
        }
        if let Some(result) = &answer.result {
            m.insert("result".into(), result.clone());
        }
        m.into()
    }

    /// Writes the document, one node or edge per line, ending in a newline. Same document,
    /// same bytes.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{ \"cuibono\": 1")?;
        if let Some(scope) = &self.scope {
            write!(out, ",\n  \"scope\": {}", Value::from(scope.as_str()))?;
        }
        if let Some(day) = self.released {
            write!(out, ",\n  \"released\": \"{day}\"")?;
        }
        for (key, value) in &self.options {
            write!(out, ",\n  {}: {value}", Value::from(key.as_str()))?;
        }
        let mut list = |key: &str, items: &mut dyn Iterator<Item = Value>, always: bool| -> io::Result<()> {
            let mut first = true;
            for item in items {
                write!(out, "{}    {item}", if first { format!(",\n  \"{key}\": [\n") } else { ",\n".into() })?;
                first = false;
            }
            match (first, always) {
                (true, true) => write!(out, ",\n  \"{key}\": []"),
                (true, false) => Ok(()),
                (false, _) => write!(out, "\n  ]"),
            }
        };
        let strip = |v: Result<Value, serde_json::Error>| match v {
            Ok(Value::Object(m)) => Value::Object(
                m.into_iter().filter(|(_, v)| *v != json!("") && *v != json!(false) && *v != json!([])).collect(),
            ),
            other => other.unwrap_or_default(),
        };
        list("sources", &mut self.sources.iter().map(|s| strip(serde_json::to_value(s))), true)?;
        list("node_types", &mut self.node_types.iter().map(|t| strip(serde_json::to_value(t))), false)?;
        list("edge_types", &mut self.edge_types.iter().map(|t| strip(serde_json::to_value(t))), false)?;
        list("nodes", &mut self.nodes.iter().map(|n| self.node_json(n)), true)?;
        list("edges", &mut self.edges.iter().map(|e| self.edge_json(e)), true)?;
        if let Some(answer) = &self.answer {
            write!(out, ",\n  \"answer\": {}", Document::answer_json(answer))?;
        }
        writeln!(out, "\n}}")
    }
}
