//! What a reconciliation client offers while somebody types, and a preview of an entity.

use super::filter::Wanted;
use super::ids::Meant;
use super::matching::MATCH_PAGE;
use super::params::{MAX_PAGE, Params};
use super::problem::{Answer, Problem};
use super::reconcile::{kind, kinds};
use super::search::{BASE, candidates, schema};
use super::text::{Search, Way};
use super::world::World;
use crate::export::markup::escape;
use crate::graph::{normalise, words};
use crate::import::ftm::model;
use crate::import::ftm::vocabulary::label;
use crate::serve::{Reply, Request};
use serde_json::{Value, json};

/// Properties that nobody asks for.
const HIDDEN: [&str; 7] =
    ["alephUrl", "indexText", "programId", "namesMentioned", "detectedCountry", "detectedLanguage", "bodyText"];

fn told(prefix: &str, result: Vec<Value>) -> Reply {
    Reply::json(200, &json!({ "code": "/api/status/ok", "status": "200 OK", "prefix": prefix, "result": result }))
}

fn begins(prefix: &str, texts: &[&str]) -> bool {
    let prefix = prefix.trim().to_lowercase();
    !prefix.is_empty() && texts.iter().any(|t| t.to_lowercase().starts_with(&prefix))
}

/// `GET /reconcile/{dataset}/suggest/entity`.
pub(super) fn entity(world: &World<'_>, request: &Request, dataset: &str) -> Answer<Reply> {
    let params = Params::new(request);
    let prefix = params.text("prefix").unwrap_or_default();
    let limit = params.count("limit", MATCH_PAGE, MAX_PAGE);
    let mut wanted = Wanted::read(&params);
    params.sound()?;
    wanted.scope(world.datasets()?.scope(dataset, Vec::new(), Vec::new())?);
    wanted.schema(schema(BASE).unwrap_or_default());
    let mut result = Vec::new();
    let typed = normalise(prefix);
    if !typed.is_empty() {
        // All words, the last perhaps only begun.
        let begins = words(&typed).map(str::to_owned).collect();
        let way = Way { text: prefix.to_owned(), begins, ..Way::default() };
        for candidate in candidates(world, &wanted, &Search { ways: vec![way] })?.all {
            if result.len() == limit {
                break;
            }
            let Some(made) = candidate.made(world)?.filter(|m| wanted.keeps(world, m)) else { continue };
            let about = label(made.schema);
            result.push(json!({
                "id": made.id, "name": made.caption, "description": about, "type": [kind(made.schema)],
            }));
        }
    }
    Ok(told(prefix, result))
}

/// `GET /reconcile/{dataset}/suggest/property`.
pub(super) fn property(world: &World<'_>, request: &Request, dataset: &str) -> Answer<Reply> {
    world.datasets()?.scope(dataset, Vec::new(), Vec::new())?;
    let prefix = request.param("prefix").unwrap_or_default();
    let mut result = Vec::new();
    for s in kinds(world) {
        for (name, entity) in model::own_properties(s) {
            let title = label(name);
            if !entity && !HIDDEN.contains(&name) && begins(prefix, &[name, &title]) {
                result.push(json!({ "id": format!("{s}:{name}"), "name": title, "description": null }));
            }
        }
    }
    // The shorter the name the nearer it is to what was typed.
    result.sort_by_key(|r| r.get("name").and_then(Value::as_str).map(str::len));
    result.truncate(MATCH_PAGE);
    Ok(told(prefix, result))
}

/// `GET /reconcile/{dataset}/suggest/type`.
pub(super) fn schema_type(world: &World<'_>, request: &Request, dataset: &str) -> Answer<Reply> {
    world.datasets()?.scope(dataset, Vec::new(), Vec::new())?;
    let prefix = request.param("prefix").unwrap_or_default();
    let fits = |s: &&'static str| begins(prefix, &[s, &label(s)]);
    Ok(told(prefix, kinds(world).into_iter().filter(fits).take(MATCH_PAGE).map(kind).collect()))
}

/// `GET /reconcile/{dataset}/preview?id=`: a few lines on an entity, as a page.
pub(super) fn preview(world: &World<'_>, request: &Request, dataset: &str) -> Answer<Reply> {
    world.datasets()?.scope(dataset, Vec::new(), Vec::new())?;
    let none = || Problem::missing("No such entity!");
    let id = request.param("id").unwrap_or_default();
    let Some(Meant::Party(n) | Meant::Other(n)) = world.find(id)? else { return Err(none()) };
    let made = world.entity(world.graph().entity_of(n), false)?.ok_or_else(none)?;
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{0}</title></head><body><h1>{0}</h1><p>{1}, {2}</p><dl>",
        escape(&made.caption),
        escape(&label(made.schema)),
        escape(&made.id)
    );
    for (name, values) in made.properties.iter().take(12) {
        let some: Vec<&str> = values.iter().take(5).map(String::as_str).collect();
        page.push_str(&format!("<dt>{}</dt><dd>{}</dd>", escape(&label(name)), escape(&some.join("; "))));
    }
    page.push_str(&format!("</dl><p>{}</p></body></html>", escape(&made.datasets.join(", "))));
    Ok(Reply::bytes(200, "text/html; charset=utf-8", page))
}
