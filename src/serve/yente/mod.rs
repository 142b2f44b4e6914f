//! The read API of yente (its version 5.5) over a store, for programs that are written for it.
//!
//! Entities are those of the FollowTheMoney export, under the same ids. `docs/yente.md` says what is
//! served, how scores compare, and what differs.

mod around;
mod datasets;
mod entities;
mod example;
mod extend;
mod facets;
mod filter;
mod ids;
mod made;
mod matching;
mod nested;
mod order;
mod params;
mod problem;
mod reconcile;
mod score;
mod search;
mod suggest;
mod text;
mod world;

#[cfg(test)]
mod tests;

use self::problem::{Answer, Problem};
use self::world::World;
use super::dress::tagged;
use super::{Context, Method, Reply, Request};
use crate::error::Error;
use serde_json::json;
use xxhash_rust::xxh3::xxh3_128;

/// Methods that one of the addresses of yente takes; `None` where it is none of them.
pub(super) fn allowed(path: &[String]) -> Option<&'static str> {
    let segments: Vec<&str> = path.iter().map(String::as_str).collect();
    Some(match segments[..] {
        ["updatez"] | ["match", _] => "POST",
        ["reconcile", _] => "GET, HEAD, POST",
        ["healthz" | "readyz" | "catalog" | "manifest" | "algorithms"]
        | ["search" | "entities", _]
        | ["entities", _, "adjacent"]
        | ["entities", _, "adjacent", _]
        | ["reconcile", _, "suggest", "entity" | "property" | "type"]
        | ["reconcile", _, "extend", "property"]
        | ["reconcile", _, "preview"] => "GET, HEAD",
        _ => return None,
    })
}

/// Whether a body sent to one of these addresses is read.
pub(super) fn reads_body(path: &[String]) -> bool {
    matches!(path.first().map(String::as_str), Some("match" | "reconcile"))
}

/// A refusal that a request met on its way, as clients of these addresses expect it.
pub(super) fn refusal(path: &[String], reply: Reply) -> Reply {
    if allowed(path).is_some() { problem::retold(reply) } else { reply }
}

/// The answer where the store cannot be opened; `None` where it is none of these addresses.
pub(super) fn without_store(request: &Request, e: Error) -> Option<Reply> {
    allowed(&request.path)?;
    Some(match request.segments()[..] {
        ["healthz"] => ok(),
        ["readyz"] => Problem::unready().reply(),
        _ => Problem::from(e).reply(),
    })
}

/// Answers a request to one of the addresses of yente; `None` where it is none of them.
pub(super) fn answer(request: &Request, context: &mut Context<'_>) -> Option<Reply> {
    let methods = allowed(&request.path)?;
    let word = if request.method == Method::Post { "POST" } else { "GET" };
    let answer = match methods.split(", ").any(|m| m == word) {
        true => answered(request, context)?,
        false => Err(Problem::method(methods)),
    };
    Some(answer.unwrap_or_else(|p| p.reply()))
}

fn answered(request: &Request, context: &Context<'_>) -> Option<Answer<Reply>> {
    let world = || World::new(context.graph, context.today).map_err(Problem::from);
    let asks = |f: fn(&World<'_>, &Request, &str) -> Answer<Reply>, of: &str| world().and_then(|w| f(&w, request, of));
    Some(match request.segments()[..] {
        ["healthz"] => Ok(ok()),
        ["readyz"] => context.graph.sound().map(|()| ok()).map_err(|_| Problem::unready()),
        ["catalog" | "manifest"] => asks(catalog, ""),
        ["algorithms"] => Ok(Reply::json(200, &score::algorithms())),
        ["updatez"] => Err(Problem::forbidden("Invalid token.")),
        ["search", dataset] => asks(search::search, dataset),
        ["match", dataset] => asks(matching::matching, dataset),
        ["entities", id] => asks(entities::entity, id),
        ["entities", id, "adjacent"] => asks(entities::adjacent, id),
        ["entities", id, "adjacent", property] => {
            world().and_then(|w| entities::adjacent_by(&w, request, id, property))
        }
        ["reconcile", dataset] if request.method == Method::Post => asks(reconcile::post, dataset),
        ["reconcile", dataset] => asks(reconcile::get, dataset),
        ["reconcile", dataset, "suggest", "entity"] => asks(suggest::entity, dataset),
        ["reconcile", dataset, "suggest", "property"] => asks(suggest::property, dataset),
        ["reconcile", dataset, "suggest", "type"] => asks(suggest::schema_type, dataset),
        ["reconcile", dataset, "extend", "property"] => asks(extend::properties, dataset),
        ["reconcile", dataset, "preview"] => asks(suggest::preview, dataset),
        _ => return None,
    })
}

fn ok() -> Reply {
    Reply::json(200, &json!({ "status": "ok" }))
}

/// `GET /catalog`.
fn catalog(world: &World<'_>, request: &Request, _: &str) -> Answer<Reply> {
    let body = world.datasets()?.catalog().to_string();
    let etag = format!("\"{:032x}\"", xxh3_128(body.as_bytes()));
    Ok(tagged(Reply::bytes(200, "application/json", body), etag, request.if_none_match.as_deref()))
}
