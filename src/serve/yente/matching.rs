//! `POST /match/{dataset}`.

use super::example::{Example, queries};
use super::filter::Wanted;
use super::made::Made;
use super::params::{MAX_BATCH, MAX_PAGE, Params, window};
use super::problem::{Answer, Problem, fault};
use super::score::{ALGORITHMS, CUTOFF, THRESHOLD, explanations, scaled};
use super::world::World;
use crate::graph::Node;
use crate::names::index::{Query, Seeker};
use crate::names::{Match, Prepared};
use crate::query::{Finder, Ready, Wanted as Compared};
use crate::serve::{Reply, Request};
use serde_json::{Map, Value, json};

/// Results of a query unless asked for otherwise.
pub(super) const MATCH_PAGE: usize = 5;
/// Parties that are compared for one query.
const CANDIDATES: usize = 200;

/// How results are chosen.
pub(super) struct Choice {
    pub(super) limit: usize,
    pub(super) threshold: f64,
    pub(super) cutoff: f64,
}

/// A result: the entity, its score on the clients' scale, and why.
pub(super) struct Scored {
    pub(super) made: Made,
    pub(super) score: f64,
    pub(super) same: bool,
    pub(super) outcome: Match,
}

impl World<'_> {
    /// The parties that an example may mean, best first, and how many of all are matches.
    pub(super) fn scored(&self, example: &Example, wanted: &Wanted, choice: &Choice) -> Answer<(usize, Vec<Scored>)> {
        let view = self.view();
        let profile = example.profile();
        let mut wanted = wanted.clone();
        wanted.schema(example.schema);
        let mut sieve = wanted.sieve(self);
        let hits = view.name_hits(&Query::of(&profile), CANDIDATES, &mut Seeker::new())?;
        let nodes: Vec<Node> = hits.into_iter().map(|h| h.node).filter(|n| sieve.passes(*n)).collect();
        let all = Compared { limit: usize::MAX, ..Compared::default() };
        let found = Finder::new().compared(view, &Ready::none(), &Prepared::new(&profile), &nodes, &all)?;
        let (mut matches, mut out) = (0, Vec::new());
        for f in found {
            view.stop().check()?;
            let score = scaled(f.outcome.score);
            let same = score >= choice.threshold;
            // They come best first.
            if score <= choice.cutoff || (out.len() >= choice.limit && !same) {
                break;
            }
            let Some(made) = self.entity(f.node, false)? else { continue };
            if !wanted.keeps(self, &made) {
                continue;
            }
            matches += usize::from(same);
            if out.len() < choice.limit {
                let made = self.entity(f.node, true)?.unwrap_or(made);
                out.push(Scored { made, score, same, outcome: f.outcome });
            }
        }
        Ok((matches, out))
    }
}

impl Scored {
    fn json(&self) -> Value {
        let mut m = self.made.json();
        m.insert("score".to_owned(), json!(self.score));
        m.insert("match".to_owned(), json!(self.same));
        m.insert("explanations".to_owned(), explanations(&self.outcome).into());
        m.into()
    }
}

/// Refuses the name of a scorer that clients do not know either.
pub(super) fn algorithm(name: Option<&str>) -> Answer<()> {
    match name {
        Some(n) if !ALGORITHMS.contains(&n) => Err(Problem::bad(format!("Invalid algorithm: {n}"))),
        _ => Ok(()),
    }
}

/// Answers the request.
pub(super) fn matching(world: &World<'_>, request: &Request, dataset: &str) -> Answer<Reply> {
    let params = Params::new(request);
    let limit = params.count("limit", MATCH_PAGE, MAX_PAGE);
    let choice = Choice {
        limit: window(limit, 0).0,
        threshold: params.number("threshold", THRESHOLD),
        cutoff: params.number("cutoff", CUTOFF),
    };
    let mut wanted = Wanted::read(&params);
    let (include, exclude) = (params.list("include_dataset"), params.list("exclude_dataset"));
    let name = params.text("algorithm");
    params.sound()?;
    let body: Value = match serde_json::from_slice(&request.body) {
        Ok(v) => v,
        Err(_) if request.body.is_empty() => {
            return Err(Problem::invalid(vec![fault("missing", &["body"], "Field required", Value::Null)]));
        }
        Err(e) => {
            let says = format!("JSON decode error: {e}");
            return Err(Problem::invalid(vec![fault("json_invalid", &["body"], &says, json!({}))]));
        }
    };
    let queries = queries(&body)?;
    wanted.scope(world.datasets()?.scope(dataset, include, exclude)?);
    algorithm(name)?;
    if queries.len() > MAX_BATCH {
        return Err(Problem::bad(format!("Too many queries in one batch (limit: {MAX_BATCH})")));
    }
    if queries.is_empty() {
        return Err(Problem::bad("No queries provided."));
    }
    let examples = queries.into_iter().map(|(n, e)| Ok((n, Example::read(e)?))).collect::<Answer<Vec<_>>>()?;
    let mut responses = Map::new();
    for (name, example) in examples {
        let (matches, results) = world.scored(&example, &wanted, &choice)?;
        responses.insert(
            name.clone(),
            json!({
                "status": 200,
                "results": results.iter().map(Scored::json).collect::<Vec<_>>(),
                "total": { "value": matches, "relation": "eq" },
                "query": example.json(),
            }),
        );
    }
    world.graph().sound()?;
    let size = responses.len().to_string();
    Ok(Reply::json(200, &json!({ "responses": responses, "limit": choice.limit })).header("x-batch-size", size))
}
