//! More columns for entities that a reconciliation client has found.

use super::facets::country;
use super::ids::Meant;
use super::params::MAX_BATCH;
use super::problem::{Answer, Problem};
use super::search::{BASE, schema};
use super::world::World;
use crate::import::ftm::model;
use crate::import::ftm::vocabulary::{Holds, holds, label};
use crate::serve::{Reply, Request};
use serde_json::{Map, Value, json};

/// Properties asked for at once.
const MAX_PROPERTIES: usize = 100;

/// `{"ids": [...], "properties": [{"id", "settings"?}]}` -> `{"meta": [...], "rows": {ID: {PROPERTY: [{"str"}]}}}`.
pub(super) fn answer(world: &World<'_>, query: &Value) -> Answer<Reply> {
    let bad = || Problem::bad("Cannot decode extension request");
    let list = |name: &str| query.get(name).and_then(Value::as_array).ok_or_else(bad);
    let (ids, properties) = (list("ids")?, list("properties")?);
    if ids.len() > MAX_BATCH || properties.len() > MAX_PROPERTIES {
        return Err(Problem::bad(format!("Too many queries in one batch (limit: {MAX_BATCH})")));
    }
    let mut meta: Vec<Value> = Vec::new();
    let mut rows = Map::new();
    for id in ids {
        let id = id.as_str().ok_or_else(bad)?;
        let mut row = Map::new();
        let made = match world.find(id)? {
            Some(Meant::Party(n)) if world.graph().entity_of(n) == n => world.entity(n, true)?,
            Some(Meant::Party(_) | Meant::Other(_)) => {
                return Err(Problem::bad("Please specify the canonical entity ID, not a referent"));
            }
            _ => None,
        };
        for asked in properties {
            let name = asked.get("id").and_then(Value::as_str).ok_or_else(bad)?;
            let Some(made) = &made else { continue };
            let bare = name.rsplit_once(':').map_or(name, |(_, bare)| bare);
            if !model::properties(made.schema).any(|(p, _)| p == bare) {
                continue;
            }
            if !meta.iter().any(|m| m.get("id").and_then(Value::as_str) == Some(name)) {
                meta.push(json!({ "id": name, "name": label(bare) }));
            }
            let settings = asked.get("settings");
            let setting = |name: &str| settings.and_then(|s| s.get(name));
            let limit = setting("limit").and_then(|v| v.as_u64().or_else(|| v.as_str()?.parse().ok())).unwrap_or(0);
            let limit = if limit == 0 { usize::MAX } else { usize::try_from(limit).unwrap_or(usize::MAX) };
            let raw = setting("render").and_then(Value::as_str) == Some("raw");
            let shown = |v: &String| if !raw && holds(bare) == Holds::Country { country(v) } else { v.clone() };
            let values: Vec<Value> = made.values(bare).iter().take(limit).map(|v| json!({ "str": shown(v) })).collect();
            row.insert(name.to_owned(), values.into());
        }
        rows.insert(id.to_owned(), row.into());
    }
    let size = rows.len().to_string();
    Ok(Reply::json(200, &json!({ "meta": meta, "rows": rows })).header("x-batch-size", size))
}

/// `GET /reconcile/{dataset}/extend/property`: what can be asked for of a type.
pub(super) fn properties(world: &World<'_>, request: &Request, dataset: &str) -> Answer<Reply> {
    world.datasets()?.scope(dataset, Vec::new(), Vec::new())?;
    let name = request.param("type").filter(|t| !t.is_empty()).unwrap_or(BASE);
    let schema = schema(name).ok_or_else(|| Problem::bad("Invalid schema"))?;
    let limit = request.param("limit").and_then(|l| l.parse::<usize>().ok()).filter(|l| *l > 0).unwrap_or(usize::MAX);
    let mut all: Vec<&str> = Vec::new();
    for (p, entity) in model::properties(schema) {
        if !entity && !all.contains(&p) {
            all.push(p);
        }
    }
    let told: Vec<Value> = all.into_iter().take(limit).map(|p| json!({ "id": p, "name": label(p) })).collect();
    Ok(Reply::json(200, &json!({ "type": schema, "limit": told.len(), "properties": told })))
}
