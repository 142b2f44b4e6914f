//! BODS 0.4: the ownership, control and trust relations of a document as an array of
//! statements, valid by the standard's schemas.
//!
//! Every relation is a relationship record of one interest; its record id, and that of every
//! party, is the whole id (`namespace:local`), so that reading the file again gives the same
//! parties and relations. A summary of a chain stays indirect, names its components where they
//! are in the file, and stands behind them.
//!
//! What the standard has no words for is left out and said: other relations, listings, parties
//! that are neither persons nor legal entities, and everything that is alleged, disputed, inferred or
//! not done, for a statement is read as a fact. Where a number or date is less or more exact
//! than a BODS number or date can be, the standard's fields hold what is true of it (a range, the
//! first day), and an annotation of the statement, member `cuibono`, the exact text.

mod party;
mod relation;
mod shape;

use self::shape::{ANNOTATION, SOURCE, SOURCE_TYPES, fitting, is_uri};
use super::graph::credit;
use super::{Export, Options, notes, whole};
use crate::error::{Error, Result};
use crate::model::{
    Catalogue, Citation, Document, End, Fact, PartialDate, PartyRecord, RelationRecord, SourceInfo, Status,
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What was left out, and how much of it.
#[derive(Default)]
struct Left {
    relations: BTreeMap<String, u64>,
    parties: BTreeMap<String, u64>,
    unsaid: u64,
    former: u64,
    ends: u64,
    listings: u64,
    facts: u64,
    dates: u64,
}

impl Left {
    fn warn(self, warnings: &mut Vec<String>) {
        let kinds =
            |m: &BTreeMap<String, u64>| m.iter().map(|(k, n)| format!("{n} {k}")).collect::<Vec<_>>().join(", ");
        if !self.relations.is_empty() {
            let all = kinds(&self.relations);
            warnings.push(format!("relations that are no interests in BODS were left out: {all}"));
        }
        if !self.parties.is_empty() {
            let all = kinds(&self.parties);
            warnings.push(format!("parties that are neither persons nor legal entities were left out: {all}"));
        }
        for (n, what) in [
            (
                self.unsaid,
                "relations are alleged, disputed, inferred, withdrawn or not done; BODS states facts, so they were left out",
            ),
            (self.former, "relations ended on a day that is not known and were left out"),
            (self.ends, "relations with an end that can be no interested party or no subject in BODS were left out"),
            (self.listings, "listings have no place in BODS and were left out"),
            (self.facts, "properties have no place in BODS and were left out"),
            (self.dates, "statements have no date of their own; they bear the day of the export or 1970-01-01"),
        ] {
            if n > 0 {
                warnings.push(format!("{n} {what}"));
            }
        }
    }
}

/// What a party is in BODS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Person,
    Entity,
    /// Not said who it is: it stands within the relationship.
    Unspecified,
    /// Of a kind nobody knows: an entity where a relation needs one.
    Unknown,
    None,
}

fn role(doc: &Document, p: &PartyRecord) -> Role {
    let kind = p.node_type.as_str();
    let value = |name: &'static str| p.values(name).next();
    if kind == "unknown_party" && value("unspecified").is_some() {
        return Role::Unspecified;
    }
    if value("person_type") == Some("unknownPerson") {
        return Role::Person;
    }
    if value("entity_type") == Some("unknownEntity") {
        return Role::Entity;
    }
    let own = doc.node_types.iter().find(|t| t.name == kind);
    match own.or_else(|| Catalogue::builtin().node_type(kind)).map_or("", |t| t.family.as_str()) {
        "person" => Role::Person,
        "legal" | "state" => Role::Entity,
        _ if matches!(kind, "" | "thing" | "unknown_party" | "unresolved_name") => Role::Unknown,
        _ => Role::None,
    }
}

/// A statement without its id.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Statement<'a, D> {
    statement_date: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    annotations: Vec<Value>,
    publication_details: &'a Value,
    #[serde(skip_serializing_if = "Value::is_null")]
    source: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    declaration: Option<&'a str>,
    declaration_subject: &'a str,
    record_id: &'a str,
    record_type: &'a str,
    record_status: &'a str,
    record_details: D,
}

/// A full day, as a fact or a source writes it.
fn full_day(text: &str) -> Option<PartialDate> {
    PartialDate::parse(text).ok().filter(|d| d.is_full())
}

/// The annotation that holds what only this program reads.
fn own_words(words: &Map<String, Value>) -> Value {
    let texts = words.iter().map(|(k, v)| format!("{k}: {}", v.as_str().unwrap_or_default()));
    json!({
        "statementPointerTarget": "",
        "motivation": "commenting",
        "description": format!("Beyond the standard: {}.", texts.collect::<Vec<_>>().join("; ")),
        "cuibono": words,
    })
}

/// Everything the statements share.
struct Writer<'a> {
    sources: HashMap<&'a str, &'a SourceInfo>,
    publication: Value,
    /// The day of statements that have none.
    day: Option<PartialDate>,
    left: Left,
    out: String,
}

impl<'a> Writer<'a> {
    /// Sources with what they say of themselves and where in them it stands.
    fn source(&self, cites: &[&Citation], facts: &[Fact]) -> Value {
        let values = |name: &str| facts.iter().filter(|f| f.prop == name).map(|f| f.value.as_str()).collect::<Vec<_>>();
        let mut ids: Vec<&str> = Vec::new();
        cites.iter().filter(|c| !c.source.is_empty()).for_each(|c| {
            if !ids.contains(&c.source.as_str()) {
                ids.push(&c.source);
            }
        });
        let mut lines: Vec<String> = values("source_description").into_iter().map(str::to_owned).collect();
        for id in &ids {
            let mut line = match self.sources.get(id) {
                Some(s) => credit(s),
                None => format!("{id}."),
            };
            let places: BTreeSet<&str> =
                cites.iter().filter(|c| c.source == *id && !c.locator.is_empty()).map(|c| c.locator.as_str()).collect();
            if !places.is_empty() {
                line.push_str(&format!(" At: {}.", places.into_iter().collect::<Vec<_>>().join(", ")));
            }
            lines.push(line);
        }
        let mut types = values("source_type");
        types.retain(|t| SOURCE_TYPES.contains(t));
        if lines.is_empty() && types.is_empty() {
            return Value::Null;
        }
        if types.is_empty() {
            types.push("thirdParty");
        }
        let mut m = Map::new();
        m.insert("type".into(), json!(types));
        if !lines.is_empty() {
            m.insert("description".into(), lines.join("\n").into());
        }
        let url = values("source_url").first().copied().or_else(|| match ids[..] {
            [one] => self.sources.get(one).map(|s| s.url.as_str()),
            _ => None,
        });
        if let Some(url) = url.filter(|u| is_uri(u)) {
            m.insert("url".into(), url.into());
        }
        if let Some(at) = values("retrieved_at").first().copied() {
            m.insert("retrievedAt".into(), at.into());
        }
        let mut agents: Vec<Value> =
            facts.iter().filter(|f| f.prop == "asserted_by").map(|f| party::object(f, "name")).collect();
        if agents.is_empty() {
            let names = ids.iter().filter_map(|i| self.sources.get(i)).map(|s| s.publisher.as_str());
            agents = names.filter(|n| !n.is_empty()).map(|n| json!({"name": n})).collect();
        }
        if !agents.is_empty() {
            m.insert("assertedBy".into(), agents.into());
        }
        fitting(m.into(), SOURCE).unwrap_or_default()
    }

    /// The day a statement was declared: its own, else that of a source, else of the export.
    fn date(&mut self, facts: &[Fact], cites: &[&Citation]) -> String {
        let stated = facts.iter().find(|f| f.prop == "statement_date").and_then(|f| full_day(&f.value));
        let published = || {
            cites
                .iter()
                .filter_map(|c| self.sources.get(c.source.as_str()))
                .filter_map(|s| full_day(&s.published))
                .max()
        };
        match stated.or_else(published) {
            Some(d) => d.to_string(),
            None => {
                // The day of an export is no day of a declaration; it is said that it stands for one.
                self.left.dates += 1;
                self.day.map_or_else(|| "1970-01-01".to_owned(), |d| d.to_string())
            }
        }
    }

    fn put<D: Serialize>(&mut self, statement: &Statement<'_, D>) -> Result<()> {
        let text = serde_json::to_string(statement)
            .map_err(|e| Error::input(format!("cannot write a statement of {}: {e}", statement.record_id)))?;
        let hash = Sha256::digest(text.as_bytes());
        let id: String = hash.iter().take(16).map(|b| format!("{b:02x}")).collect();
        self.out.push_str(if self.out.is_empty() { "[\n" } else { ",\n" });
        self.out.push_str(&format!("{{\"statementId\":\"{id}\","));
        self.out.push_str(text.strip_prefix('{').unwrap_or(&text));
        Ok(())
    }

    fn party(&mut self, p: &'a PartyRecord, role: Role, component: bool) -> Result<()> {
        let cites: Vec<&Citation> = p.cites.iter().chain(p.facts.iter().flat_map(|f| &f.cites)).collect();
        let (details, words, used) = party::details(p, role == Role::Person, component);
        let known = p.facts.iter().filter(|f| party::is_about(&f.prop)).count();
        self.left.facts += (p.facts.len() - known).saturating_sub(used) as u64;
        let mut annotations = remarks(&p.facts);
        if !words.is_empty() {
            annotations.push(own_words(&words));
        }
        let statement = Statement {
            statement_date: self.date(&p.facts, &cites),
            annotations,
            publication_details: &self.publication.clone(),
            source: self.source(&cites, &p.facts),
            declaration: p.values("declaration").next(),
            declaration_subject: p.id.as_str(),
            record_id: p.id.as_str(),
            record_type: if role == Role::Person { "person" } else { "entity" },
            record_status: "new",
            record_details: details,
        };
        self.put(&statement)
    }

    fn relation(&mut self, e: &relation::Edge<'a>, components: Vec<String>, is_component: bool) -> Result<()> {
        let cites: Vec<&Citation> = e.r.cites.iter().chain(e.r.facts.iter().flat_map(|f| &f.cites)).collect();
        let (details, words) = relation::details(e, components, is_component);
        self.left.facts +=
            e.r.facts.iter().filter(|f| !relation::is_said(&f.prop) && !party::is_about(&f.prop)).count() as u64;
        let mut annotations = remarks(&e.r.facts);
        if !words.is_empty() {
            annotations.push(own_words(&words));
        }
        let subject = e.target.id.as_str();
        let statement = Statement {
            statement_date: self.date(&e.r.facts, &cites),
            annotations,
            publication_details: &self.publication.clone(),
            source: self.source(&cites, &e.r.facts),
            declaration: e.r.value("declaration"),
            declaration_subject: subject,
            record_id: &e.id,
            record_type: "relationship",
            record_status: "new",
            record_details: details,
        };
        self.put(&statement)
    }
}

/// Annotations as they were read, where they are whole.
fn remarks(facts: &[Fact]) -> Vec<Value> {
    let all =
        facts.iter().filter(|f| f.prop == "annotation").filter_map(|f| serde_json::from_str::<Value>(&f.value).ok());
    all.filter(|v| v.get("cuibono").is_none())
        .filter_map(|v| fitting(v, ANNOTATION))
        .filter_map(|mut v| {
            let m = v.as_object_mut()?;
            let kind = m.get("motivation").and_then(Value::as_str).unwrap_or_default().to_owned();
            if kind != "transformation" {
                m.remove("transformedContent");
            }
            (kind != "linking" || m.contains_key("url")).then_some(v)
        })
        .collect()
}

pub(super) fn write(doc: &Document, options: &Options) -> Result<Export> {
    let mut warnings = Vec::new();
    let kept = notes::held_back(doc, options.with_notes, &mut warnings);
    let mut taken = HashSet::new();
    let ids: Vec<String> = kept.edges.iter().map(|r| whole::unique(&mut taken, &r.external_id())).collect();
    let whole::Whole { doc, .. } = whole::whole(kept, &mut warnings);
    let doc = doc.as_ref();
    let day = options.date.or(doc.released).filter(|d| d.is_full());
    let latest = || doc.sources.iter().filter_map(|s| full_day(&s.published)).max();
    let published = day.or_else(latest).map_or_else(|| "1970-01-01".to_owned(), |d| d.to_string());
    let mut publication = json!({"publicationDate": published, "bodsVersion": "0.4", "publisher": {"name": "cuibono"}});
    if let [one] = &doc.sources[..]
        && is_uri(&one.licence)
        && let Some(m) = publication.as_object_mut()
    {
        m.insert("license".into(), one.licence.clone().into());
    }
    let sources = doc.sources.iter().map(|s| (s.id.as_str(), s)).collect();
    let mut w = Writer { sources, publication, day, left: Left::default(), out: String::new() };
    let roles: HashMap<&str, (Role, &PartyRecord)> =
        doc.nodes.iter().map(|p| (p.id.as_str(), (role(doc, p), p))).collect();
    let edges = edges(doc, ids, &roles, &mut w.left);
    // The parts of the chains that are summed up here.
    let by_record = relation::by_record(&edges);
    let parties: HashSet<&str> = doc.nodes.iter().map(|p| p.id.as_str()).collect();
    let components: Vec<Vec<String>> = edges.iter().map(|e| relation::components(e, &by_record, &parties)).collect();
    let parts: HashSet<&str> = components.iter().flatten().map(String::as_str).collect();
    let needed: HashSet<&str> = edges.iter().flat_map(|e| [e.source.id.as_str(), e.target.id.as_str()]).collect();
    for p in &doc.nodes {
        let id = p.id.as_str();
        w.left.listings += p.listings.len() as u64;
        match roles.get(id).map_or(Role::None, |(r, _)| *r) {
            Role::Unspecified => {}
            Role::Unknown if needed.contains(id) => w.party(p, Role::Entity, parts.contains(id))?,
            Role::None | Role::Unknown => {
                let kind = if p.node_type.is_empty() { "thing" } else { &p.node_type };
                *w.left.parties.entry(kind.to_owned()).or_default() += 1;
            }
            role => w.party(p, role, parts.contains(id))?,
        }
    }
    for wanted in [true, false] {
        for (e, own) in edges.iter().zip(&components) {
            let part = parts.contains(e.id.as_str()) || (e.r.value("is_component") == Some("true") && own.is_empty());
            if part == wanted {
                w.relation(e, if part { Vec::new() } else { own.clone() }, part)?;
            }
        }
    }
    w.out.push_str(if w.out.is_empty() { "[]\n" } else { "\n]\n" });
    w.left.warn(&mut warnings);
    Ok(Export::one("json", w.out, warnings))
}

/// The relations that BODS has words for.
fn edges<'a>(
    doc: &'a Document,
    ids: Vec<String>,
    roles: &HashMap<&str, (Role, &'a PartyRecord)>,
    left: &mut Left,
) -> Vec<relation::Edge<'a>> {
    let mut out = Vec::new();
    for (r, id) in doc.edges.iter().zip(ids) {
        let Some(interest) = relation::interest(r) else {
            *left.relations.entry(r.edge_type.clone()).or_default() += 1;
            continue;
        };
        if r.status != Status::Asserted || r.act != crate::model::Act::Done {
            left.unsaid += 1;
            continue;
        }
        if former(r) {
            left.former += 1;
            continue;
        }
        let at = |e: &End| match e {
            End::Id(id) => roles.get(id.as_str()).copied(),
            End::Name(_) => None,
        };
        match (at(&r.source), at(&r.target)) {
            (Some((a, source)), Some((b, target))) if a != Role::None && !matches!(b, Role::None | Role::Person) => {
                let unspecified = (a == Role::Unspecified, b == Role::Unspecified);
                let person = a == Role::Person;
                out.push(relation::Edge { r, id, source, target, interest, unspecified, person });
            }
            _ => left.ends += 1,
        }
    }
    out
}

fn former(r: &RelationRecord) -> bool {
    r.end.is_none() && r.value(crate::model::prop::FORMER) == Some("true")
}

#[cfg(test)]
mod tests;
