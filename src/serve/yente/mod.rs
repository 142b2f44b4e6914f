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
use serde_json::json;
use xxhash_rust::xxh3::xxh3_128;

/// Answers a request to one of the addresses of yente; `None` where it is none of them.
pub(super) fn answer(request: &Request, context: &mut Context<'_>) -> Option<Reply> {
    let segments = request.segments();
    let post = request.method == Method::Post;
    let world = || World::new(context.graph, context.today).map_err(Problem::from);
    let reads = |f: fn(&World<'_>, &Request, &str) -> Answer<Reply>, of: &str| {
        if post { Err(Problem::method()) } else { world().and_then(|w| f(&w, request, of)) }
    };
    let answer: Answer<Reply> = match segments[..] {
        ["healthz"] | ["readyz"] if post => Err(Problem::method()),
        ["healthz"] => Ok(ok()),
        ["readyz"] => context.graph.sound().map(|()| ok()).map_err(|_| Problem::unready()),
        ["catalog" | "manifest"] => reads(catalog, ""),
        ["algorithms"] if post => Err(Problem::method()),
        ["algorithms"] => Ok(Reply::json(200, &score::algorithms())),
        ["updatez"] if post => Err(Problem::forbidden("Invalid token.")),
        ["updatez"] => Err(Problem::method()),
        ["search", dataset] => reads(search::search, dataset),
        ["match", dataset] if post => world().and_then(|w| matching::matching(&w, request, dataset)),
        ["match", _] => Err(Problem::method()),
        ["entities", id] => reads(entities::entity, id),
        ["entities", id, "adjacent"] => reads(entities::adjacent, id),
        ["entities", id, "adjacent", property] if !post => {
            world().and_then(|w| entities::adjacent_by(&w, request, id, property))
        }
        ["entities", _, "adjacent", _] => Err(Problem::method()),
        ["reconcile", dataset] if post => world().and_then(|w| reconcile::post(&w, request, dataset)),
        ["reconcile", dataset] => reads(reconcile::get, dataset),
        ["reconcile", dataset, "suggest", "entity"] => reads(suggest::entity, dataset),
        ["reconcile", dataset, "suggest", "property"] => reads(suggest::property, dataset),
        ["reconcile", dataset, "suggest", "type"] => reads(suggest::schema_type, dataset),
        ["reconcile", dataset, "extend", "property"] => reads(extend::properties, dataset),
        ["reconcile", dataset, "preview"] => reads(suggest::preview, dataset),
        _ => return None,
    };
    Some(answer.unwrap_or_else(|p| p.reply()))
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
