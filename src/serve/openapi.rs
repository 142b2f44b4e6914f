//! `GET /v1/openapi.json`: the addresses for machines, OpenAPI 3.1, made from the table.

use super::table::{By, Kind, Param, ROUTES, Route};
use super::{Method, Reply};
use serde_json::{Map, Value, json};

/// The description.
pub(super) fn answer() -> Reply {
    Reply::json(200, &description())
}

fn description() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let verb = if route.method == Method::Get { "get" } else { "post" };
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Value::Object(verbs) = path {
            verbs.insert(verb.to_owned(), operation(route, verb));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "cuibono",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Who stands behind whom. Questions are those of the command line, answers what it prints \
                            with --json (docs/json.md); limits are the same.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }, { "cookie": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "The token that was printed at the start" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": "cuibono-PORT",
                            "description": "Set by the first visit to /?token=TOKEN; named after the port" },
            },
            "schemas": { "Error": error_schema(), "Answer": answer_schema() },
            "responses": responses(),
        },
    })
}

fn error_schema() -> Value {
    json!({
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": { "type": "string", "description": "What is wrong" },
            "hint": { "type": "string", "description": "What to do next" },
            "candidates": { "type": "array", "items": { "type": "string" },
                            "description": "Whom the name may mean: `id  name (type)`" },
        },
    })
}

fn answer_schema() -> Value {
    json!({
        "type": "object",
        "description": "What the command prints with --json: a network document (nodes, edges, sources, answer), or \
                        members named after the question; see docs/json.md",
    })
}

/// Replies that are no answers, with their status.
const REFUSALS: &[(&str, &str, &str)] = &[
    ("400", "Wrong", "The question is wrong: an unknown parameter, a bad date, an ambiguous name (with candidates)"),
    ("401", "NoToken", "The token is missing or wrong"),
    ("403", "Refused", "A page from elsewhere asks, or the server changes nothing"),
    ("404", "NotFound", "No party of that id or name (with candidates)"),
    ("405", "Method", "The address is not asked in that way; the header Allow says how"),
    ("408", "BodyTooSlow", "The body did not come in time"),
    ("413", "BodyTooLong", "The body is too long"),
    ("414", "AddressTooLong", "The address is too long"),
    ("415", "MediaType", "A body is sent as application/json"),
    ("421", "OtherHost", "Another host was meant"),
    ("431", "Headers", "Too many headers"),
    ("500", "Damaged", "The store is damaged or cannot be read"),
    ("503", "Stopped", "The budget ran out before there was an answer, or the server is busy"),
];

fn responses() -> Value {
    let mut out = Map::new();
    for (_, name, about) in REFUSALS {
        let schema = json!({ "$ref": "#/components/schemas/Error" });
        out.insert(
            (*name).to_owned(),
            json!({ "description": about, "content": { "application/json": { "schema": schema } } }),
        );
    }
    out.into()
}

fn operation(route: &Route, verb: &str) -> Value {
    let mut replies = Map::new();
    let content = match route.by {
        By::Export | By::Picture if route.path == "/v1/export" => {
            json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } })
        }
        By::Command(_) => json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Answer" } } }),
        _ => json!({ "application/json": { "schema": { "type": "object" } } }),
    };
    let mut answer = json!({ "description": "The answer; an empty one, too", "content": content });
    if route.path == "/v1/export" {
        let about = "What the command says beside the file, notes joined by `; `; percent-encoded where it is no ASCII";
        let notes = json!({ "description": about, "schema": { "type": "string" } });
        answer["headers"] = json!({ "X-Cuibono-Notes": notes });
    }
    replies.insert("200".to_owned(), answer);
    for (status, name, _) in REFUSALS {
        let only_post = matches!(*status, "408" | "413" | "415");
        if verb == "post" || !only_post {
            replies.insert((*status).to_owned(), json!({ "$ref": format!("#/components/responses/{name}") }));
        }
    }
    let name = route.path.trim_start_matches("/v1/").split('/').next().unwrap_or_default();
    let name = name.trim_end_matches(".json").replace('-', "_");
    let mut out = Map::new();
    out.insert("operationId".to_owned(), if verb == "get" { name } else { format!("{verb}_{name}") }.into());
    out.insert("summary".to_owned(), route.about.into());
    out.insert("parameters".to_owned(), route.params().map(|p| parameter(p, route.path)).collect::<Vec<_>>().into());
    if let Some(body) = body(route.by) {
        let content = json!({ "application/json": { "schema": body } });
        out.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    out.insert("responses".to_owned(), replies.into());
    out.into()
}

fn parameter(p: &Param, path: &str) -> Value {
    let in_path = path.contains(&format!("{{{}}}", p.name));
    let text = json!({ "type": "string" });
    let schema = match p.kind {
        Kind::Flag => json!({ "type": "boolean", "default": false }),
        Kind::List | Kind::Again | Kind::Words => json!({ "type": "array", "items": text }),
        _ if matches!(p.name, "limit" | "hops" | "k" | "max_hops" | "limit_size" | "steps") => {
            json!({ "type": "integer", "minimum": 0 })
        }
        _ => text,
    };
    let mut out = Map::new();
    out.insert("name".to_owned(), p.name.into());
    out.insert("in".to_owned(), if in_path { "path" } else { "query" }.into());
    out.insert("required".to_owned(), (in_path || matches!(p.kind, Kind::Word | Kind::Needed)).into());
    out.insert("description".to_owned(), p.about.into());
    out.insert("schema".to_owned(), schema);
    if matches!(p.kind, Kind::List | Kind::Again | Kind::Words) {
        out.insert("style".to_owned(), "form".into());
        out.insert("explode".to_owned(), true.into());
    }
    out.into()
}

/// The schema of a body.
fn body(by: By) -> Option<Value> {
    let text = || json!({ "type": "string" });
    match by {
        By::CheckProof => Some(json!({ "type": "object", "description": "A proof as /v1/proof answers it" })),
        By::Note => Some(json!({
            "type": "object",
            "required": ["entity", "text"],
            "additionalProperties": false,
            "properties": {
                "entity": { "type": "string", "description": "An id or a name" },
                "text": { "type": "string", "description": "The note" },
                "cite": { "oneOf": [text(), { "type": "array", "items": text() }],
                          "description": "SOURCE or SOURCE: LOCATOR; without it the note rests on itself" },
            },
        })),
        By::Picture => Some(json!({
            "type": "object",
            "required": ["document"],
            "description": "A picture; or the network document alone",
            "properties": {
                "document": { "type": "object", "description": "A network document, its answer block included" },
                "positions": { "type": "object", "description": "ID: [x, y], centres of boxes in pixels, y downwards",
                               "additionalProperties": { "type": "array", "items": { "type": "number" } } },
                "title": { "type": "string", "maxLength": 1000 },
                "box": { "type": "array", "items": { "type": "number" }, "description": "[width, height] of a box" },
            },
        })),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Every `$ref` of a value.
    fn references<'v>(value: &'v Value, out: &mut Vec<&'v str>) {
        match value {
            Value::Object(m) => {
                out.extend(m.get("$ref").and_then(Value::as_str));
                m.values().for_each(|v| references(v, out));
            }
            Value::Array(a) => a.iter().for_each(|v| references(v, out)),
            _ => {}
        }
    }

    #[test]
    fn every_address_is_described_and_nothing_else() {
        let d = description();
        let mut described = HashSet::new();
        for (path, verbs) in d["paths"].as_object().unwrap() {
            for verb in verbs.as_object().unwrap().keys() {
                described.insert((path.as_str(), verb == "get"));
            }
        }
        let there: HashSet<(&str, bool)> = ROUTES.iter().map(|r| (r.path, r.method == Method::Get)).collect();
        assert_eq!(described, there);
    }

    #[test]
    fn the_structure_is_sound() {
        let d = description();
        assert_eq!(d["openapi"], "3.1.0");
        let mut refs = Vec::new();
        references(&d, &mut refs);
        assert!(refs.len() > 100);
        for r in refs {
            assert!(d.pointer(r.strip_prefix('#').unwrap()).is_some(), "{r}");
        }
        let mut ids = HashSet::new();
        for (path, verbs) in d["paths"].as_object().unwrap() {
            for (verb, op) in verbs.as_object().unwrap() {
                assert!(ids.insert(op["operationId"].as_str().unwrap()), "{path}");
                assert!(op["responses"]["200"]["content"].is_object(), "{path}");
                assert_eq!(op["requestBody"].is_object(), verb == "post", "{path}");
                for p in op["parameters"].as_array().unwrap() {
                    let name = p["name"].as_str().unwrap();
                    let in_path = path.contains(&format!("{{{name}}}"));
                    assert_eq!(p["in"] == "path", in_path, "{path} {name}");
                    assert!(!in_path || p["required"] == true);
                    assert!(p["schema"]["type"].is_string() && p["description"].is_string());
                }
                for part in path.split('/').filter(|s| s.starts_with('{')) {
                    let name = part.trim_matches(['{', '}']);
                    assert!(op["parameters"].as_array().unwrap().iter().any(|p| p["name"] == name), "{path}");
                }
            }
        }
    }
}
