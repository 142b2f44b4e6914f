//! OpenRefine's reconciliation service, version 0.2 of its API.

use super::example::Example;
use super::filter::Wanted;
use super::matching::{Choice, MATCH_PAGE, Scored, algorithm};
use super::params::{MAX_BATCH, MAX_PAGE, Params};
use super::problem::{Answer, Problem};
use super::score::{CUTOFF, THRESHOLD};
use super::search::BASE;
use super::world::World;
use crate::import::ftm::model;
use crate::import::ftm::vocabulary::{label, plural};
use crate::serve::{Reply, Request, percent};
use serde_json::{Map, Value, json};

/// Where the schemata are described.
const SPACE: &str = "https://followthemoney.tech/explorer/";
/// Queries that a client should send at once.
const BATCH: usize = 10;

/// `{"id", "name", "description"}` of a schema.
pub(super) fn kind(schema: &str) -> Value {
    json!({ "id": schema, "name": plural(schema), "description": label(schema) })
}

/// Schemata of which there are entities that can be compared, and those that they extend.
pub(super) fn kinds(world: &World<'_>) -> Vec<&'static str> {
    let mut out: Vec<&'static str> = Vec::new();
    for t in world.graph().catalogue().node_types() {
        for s in world.schemata_of(&t.name) {
            if crate::import::ftm::vocabulary::matchable(s) {
                out.extend(model::lineage(s));
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// Where this service is, as the client has it.
fn base(request: &Request, dataset: &str) -> String {
    let host = request.host.as_deref().unwrap_or("127.0.0.1");
    format!("http://{host}/reconcile/{dataset}")
}

/// The query of an address, to be sent along with further questions.
fn carried(request: &Request) -> String {
    let all: Vec<String> =
        request.query.iter().map(|(n, v)| format!("{}={}", percent::encode(n), percent::encode(v))).collect();
    if all.is_empty() { String::new() } else { format!("?{}", all.join("&")) }
}

/// `GET /reconcile/{dataset}`: what the service is, or answers to queries in the address.
pub(super) fn get(world: &World<'_>, request: &Request, dataset: &str) -> Answer<Reply> {
    if request.param("queries").is_some() || request.param("extend").is_some() {
        return post(world, request, dataset);
    }
    let datasets = world.datasets()?;
    datasets.scope(dataset, Vec::new(), Vec::new())?;
    let base = base(request, dataset);
    let carried = carried(request);
    let at = |path: &str| json!({ "service_url": base, "service_path": format!("{path}{carried}") });
    let root = base.split("/reconcile/").next().unwrap_or_default().to_owned();
    Ok(Reply::json(
        200,
        &json!({
            "versions": ["0.2"],
            "name": format!("{} (cuibono)", datasets.title(dataset)),
            "identifierSpace": SPACE,
            "schemaSpace": SPACE,
            "view": { "url": format!("{root}/entities/{{{{id}}}}") },
            "batchSize": BATCH,
            "preview": { "url": format!("{base}/preview?id={{{{id}}}}"), "width": 430, "height": 300 },
            "suggest": {
                "entity": at("/suggest/entity"),
                "type": at("/suggest/type"),
                "property": at("/suggest/property"),
            },
            "extend": {
                "propose_properties": at("/extend/property"),
                "property_settings": [
                    { "name": "limit", "label": "Limit", "type": "number", "default": 0,
                      "help_text": "The most values of a row; 0 for all." },
                    { "name": "render", "label": "Values", "type": "select", "default": "caption",
                      "choices": [{ "value": "caption", "name": "For people: Russia" },
                                  { "value": "raw", "name": "For programs: ru" }],
                      "help_text": "Whether codes are told by their names." },
                ],
            },
            "defaultTypes": kinds(world).into_iter().map(kind).collect::<Vec<_>>(),
        }),
    ))
}

/// The queries, and what more is asked of entities: members of the object that the body is, else
/// parameters. The fields of a form are among these.
fn fields(request: &Request) -> Answer<(Option<Value>, Option<Value>)> {
    let decode = || Problem::bad("Cannot decode query");
    let read = |text: &str| match text.trim() {
        "" => Ok(None),
        text => serde_json::from_str::<Value>(text).map(Some).map_err(|_| decode()),
    };
    if request.body.is_empty() {
        let one = |name: &str| request.param(name).map_or(Ok(None), read);
        return Ok((one("queries")?, one("extend")?));
    }
    let all: Map<String, Value> = serde_json::from_slice(&request.body).map_err(|_| decode())?;
    // A member may be an object, or the text of one.
    let one = |name: &str| match all.get(name) {
        Some(Value::String(text)) => read(text),
        other => Ok(other.cloned()),
    };
    Ok((one("queries")?, one("extend")?))
}

/// `POST /reconcile/{dataset}`: answers to queries, or more data on entities that were found.
pub(super) fn post(world: &World<'_>, request: &Request, dataset: &str) -> Answer<Reply> {
    let params = Params::new(request);
    let mut wanted = Wanted::read(&params);
    let name = params.text("algorithm");
    params.sound()?;
    let (queries, extend) = fields(request)?;
    wanted.scope(world.datasets()?.scope(dataset, Vec::new(), Vec::new())?);
    if let Some(extend) = extend {
        return super::extend::answer(world, &extend);
    }
    let Some(Value::Object(queries)) = queries else { return Err(Problem::bad("Cannot decode query")) };
    if queries.len() > MAX_BATCH {
        return Err(Problem::bad(format!("Too many queries in one batch (limit: {MAX_BATCH})")));
    }
    algorithm(name)?;
    let mut out = Map::new();
    for (key, query) in &queries {
        out.insert(key.clone(), json!({ "result": one(world, &wanted, query)? }));
    }
    world.graph().sound()?;
    let size = out.len().to_string();
    Ok(Reply::json(200, &out.into()).header("x-batch-size", size))
}

/// The candidates for one query.
fn one(world: &World<'_>, wanted: &Wanted, query: &Value) -> Answer<Vec<Value>> {
    let bad = |why: &str| Problem::bad(format!("Cannot decode query: {why}"));
    let query = query.as_object().ok_or_else(|| bad("a query is an object"))?;
    let text = match query.get("query") {
        None | Some(Value::Null) => "",
        Some(Value::String(text)) => text,
        Some(_) => return Err(bad("the text of a query is a text")),
    };
    // A type may come as a text, as a list of texts, or as an object with an id.
    let type_of = |v: &Value| -> Option<String> { v.as_str().or_else(|| v.get("id")?.as_str()).map(str::to_owned) };
    let schema = match query.get("type") {
        None | Some(Value::Null) => None,
        Some(Value::Array(all)) => all.first().and_then(type_of),
        Some(v) => type_of(v),
    };
    let mut given: Vec<(String, Vec<Value>)> = Vec::new();
    if !text.trim().is_empty() {
        given.push(("name".to_owned(), vec![text.into()]));
    }
    for p in query.get("properties").and_then(Value::as_array).into_iter().flatten() {
        let Some(pid) = p.get("pid").and_then(Value::as_str) else { continue };
        let name = pid.rsplit_once(':').map_or(pid, |(_, name)| name).to_owned();
        let value = |v: &Value| match v {
            Value::Object(m) => m.get("id").or_else(|| m.get("name")).cloned().unwrap_or(Value::Null),
            other => other.clone(),
        };
        let values = match p.get("v") {
            Some(Value::Array(all)) => all.iter().map(value).collect(),
            Some(v) => vec![value(v)],
            None => continue,
        };
        given.push((name, values));
    }
    let limit = match query.get("limit") {
        Some(Value::Number(n)) => usize::try_from(n.as_i64().unwrap_or(0)).unwrap_or(0),
        Some(Value::String(s)) => s.trim().parse().unwrap_or(MATCH_PAGE),
        _ => MATCH_PAGE,
    };
    let choice = Choice { limit: limit.min(MAX_PAGE), threshold: THRESHOLD, cutoff: CUTOFF };
    let example = Example::new(None, schema.as_deref().unwrap_or(BASE), &given)?;
    let example = widened(example, &given)?;
    let (_, scored) = world.scored(&example, wanted, &choice)?;
    Ok(scored.iter().map(candidate).collect())
}

/// A question about anything may tell what only some things have, a date of birth for example: what
/// the schema lacks is read as said of a legal entity or person.
fn widened(example: Example, given: &[(String, Vec<Value>)]) -> Answer<Example> {
    let mut example = example;
    for schema in ["LegalEntity", "Person", "Company", "Vessel"] {
        if example.schema != schema && !model::is_a(schema, example.schema) {
            continue;
        }
        for (name, values) in Example::new(None, schema, given)?.properties {
            if !example.properties.iter().any(|(n, _)| *n == name) {
                example.properties.push((name, values));
            }
        }
    }
    Ok(example)
}

fn candidate(s: &Scored) -> Value {
    json!({
        "id": s.made.id, "name": s.made.caption, "description": label(s.made.schema),
        "type": [kind(s.made.schema)], "score": s.score, "match": s.same,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::Method;

    #[test]
    fn parameters_and_objects() {
        let told = |r: &Request| fields(r).map(|(q, e)| (q.is_some(), e.is_some()));
        let read = |body: &str| told(&Request { body: body.as_bytes().to_vec(), ..Request::to(Method::Post, &[]) });
        let param = |name: &str, text: &str| {
            told(&Request { query: vec![(name.to_owned(), text.to_owned())], ..Request::to(Method::Post, &[]) })
        };
        assert_eq!(read(r#" {"queries": {"a": {}}}"#), Ok((true, false)));
        assert_eq!(read(r#"{"queries": "{}", "extend": "{}"}"#), Ok((true, true)));
        assert_eq!((read(""), read("{}")), (Ok((false, false)), Ok((false, false))));
        assert_eq!(param("queries", r#"{"a": {}}"#), Ok((true, false)));
        assert_eq!((param("extend", "{}"), param("queries", " ")), (Ok((false, true)), Ok((false, false))));
        for bad in ["queries=%7B%7D", "\u{0}", "{\"queries\": \"{\"}", "{", "[]"] {
            assert!(read(bad).is_err(), "{bad}");
        }
        assert!(param("queries", "{").is_err());
    }
}
