//! `GET /search/{dataset}`.

use super::facets::{DEFAULT_FACETS, FACETS, Facets};
use super::filter::Wanted;
use super::ids::Meant;
use super::made::Made;
use super::order::Order;
use super::params::{MAX_OFFSET, MAX_PAGE, PAGE, Params, window};
use super::problem::{Answer, Problem};
use super::text::{self, Search, Way};
use super::world::World;
use crate::graph::{Hit, Match as Fit, Node};
use crate::import::ftm::model;
use crate::names::index::{Query, Seeker};
use crate::names::{self, Band, Kind, Profile};
use crate::query::{Finder, Ready, TextRank, Wanted as Compared, text_rank};
use crate::serve::{Reply, Request};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, HashSet};

/// The schema of everything.
pub(super) const BASE: &str = "Thing";
/// Parties that a look-up by letters offers, and one by likeness.
const BY_LETTERS: usize = 1000;
const BY_NAME: usize = 200;
/// Parties found by letters that are compared, too.
const COMPARED: usize = 100;
/// Parties read for a search without a text.
pub(super) const MAX_SCAN: usize = 10_000;

/// A party that may be meant; its entity, where that was looked at already.
pub(super) struct Candidate(Node, Option<Made>);

impl Candidate {
    /// The entity, without what it is linked to; `None` where nothing may be told of it.
    pub(super) fn made(self, world: &World<'_>) -> Answer<Option<Made>> {
        Ok(match self.1 {
            Some(made) => Some(made),
            None => world.entity(self.0, false)?,
        })
    }
}

/// What was found, best first.
pub(super) struct Found {
    pub(super) all: Vec<Candidate>,
    /// Whether there may be more.
    pub(super) cut: bool,
}

/// A schema by the name that a client gives.
pub(super) fn schema(name: &str) -> Option<&'static str> {
    model::lineage(name).first().copied()
}

/// Answers the request.
pub(super) fn search(world: &World<'_>, request: &Request, dataset: &str) -> Answer<Reply> {
    let params = Params::new(request);
    let limit = params.count("limit", PAGE, MAX_PAGE);
    let offset = params.count("offset", 0, MAX_OFFSET);
    let mut facets = params.words("facets", &FACETS);
    if params.text("facets").is_none() {
        facets = DEFAULT_FACETS.to_vec();
    }
    let simple = params.flag("simple").unwrap_or(false);
    params.flag("fuzzy");
    let target = params.flag("target");
    let every = params.words("filter_op", &["OR", "AND"]).last() == Some(&"AND");
    let mut wanted = Wanted::read(&params);
    let (q, sort) = (params.text("q").unwrap_or_default(), params.list("sort"));
    let schema_name = params.text("schema").unwrap_or(BASE);
    for field in ["countries", "datasets"] {
        wanted.field(field, params.list(field));
    }
    let (filters, include, exclude) =
        (params.list("filter"), params.list("include_dataset"), params.list("exclude_dataset"));
    params.sound()?;

    let (limit, offset) = window(limit, offset);
    let datasets = world.datasets()?;
    wanted.scope(datasets.scope(dataset, include, exclude)?);
    wanted.schema(schema(schema_name).ok_or_else(|| Problem::bad("Invalid schema"))?);
    for f in &filters {
        wanted.text(f)?;
    }
    if let Some(target) = target {
        wanted.field("target", vec![target.to_string()]);
    }
    wanted.every(every);
    let order = Order::parse(&sort)?;
    let search = if simple { text::simple(q) } else { text::parse(q)? };

    let mut counts = Facets::new(&facets);
    let mut kept: Vec<Made> = Vec::new();
    let found = candidates(world, &wanted, &search)?;
    let cut = found.cut;
    for candidate in found.all {
        world.view().stop().check()?;
        let Some(made) = candidate.made(world)? else { continue };
        if wanted.keeps(world, &made) {
            counts.count(&made);
            kept.push(made);
        }
    }
    if !order.is_empty() {
        kept.sort_by(|a, b| order.compare(Some(a), Some(b)));
    }
    let mut results: Vec<Value> = Vec::new();
    for made in kept.iter().skip(offset).take(limit) {
        // The rest of them needs a look at their relations.
        let whole = match made.node {
            Some(n) => world.entity(n, true)?,
            None => None,
        };
        results.push(whole.as_ref().unwrap_or(made).json().into());
    }
    world.graph().sound()?;
    let mut body = Map::new();
    body.insert("limit".to_owned(), json!(limit));
    body.insert("offset".to_owned(), json!(offset));
    let relation = if cut { "gte" } else { "eq" };
    body.insert("total".to_owned(), json!({ "value": kept.len(), "relation": relation }));
    body.insert("results".to_owned(), results.into());
    body.insert("facets".to_owned(), counts.json(&datasets));
    Ok(Reply::json(200, &body.into()))
}

/// The parties that a search may mean, best first.
pub(super) fn candidates(world: &World<'_>, wanted: &Wanted, search: &Search) -> Answer<Found> {
    if search.ways.is_empty() {
        return everything(world, wanted, None);
    }
    let mut out = Found { all: Vec::new(), cut: false };
    let mut seen: HashSet<Node> = HashSet::new();
    for way in &search.ways {
        let found =
            if way.text.is_empty() { everything(world, wanted, Some(way))? } else { by_text(world, wanted, way)? };
        out.cut |= found.cut;
        out.all.extend(found.all.into_iter().filter(|c| seen.insert(c.0)));
    }
    Ok(out)
}

/// All parties that fit, listed ones first, as far as they may be read for one answer.
fn everything(world: &World<'_>, wanted: &Wanted, way: Option<&Way>) -> Answer<Found> {
    let mut sieve = wanted.sieve(world);
    let mut nodes: Vec<Node> = Vec::new();
    let mut cut = false;
    let listed = world.view().listed();
    let first: HashSet<Node> = listed.iter().copied().collect();
    let others = world.graph().nodes().filter(|n| !first.contains(n));
    for (i, n) in listed.iter().copied().chain(others).enumerate() {
        if i % 256 == 0 {
            world.view().stop().check()?;
        }
        if !sieve.passes(n) {
            continue;
        }
        if nodes.len() == MAX_SCAN {
            cut = true;
            break;
        }
        nodes.push(n);
    }
    Ok(Found { all: fitting(world, way, nodes)?, cut })
}

/// Those of some parties that the fields, phrases and absent words of a search fit.
fn fitting(world: &World<'_>, way: Option<&Way>, nodes: Vec<Node>) -> Answer<Vec<Candidate>> {
    let asks = |w: &&Way| !(w.fields.is_empty() && w.phrases.is_empty() && w.begins.is_empty() && w.without.is_empty());
    let Some(way) = way.filter(asks) else {
        return Ok(nodes.into_iter().map(|n| Candidate(n, None)).collect());
    };
    let mut out = Vec::new();
    for n in nodes {
        world.view().stop().check()?;
        let Some(made) = world.entity(n, false)? else { continue };
        if fits(way, &made) {
            out.push(Candidate(n, Some(made)));
        }
    }
    Ok(out)
}

fn fits(way: &Way, made: &Made) -> bool {
    let mut names = made.field("names").unwrap_or_default();
    names.extend(made.field("addresses").unwrap_or_default());
    names.push(&made.caption);
    let value = |(field, value, must): &(String, String, bool)| {
        let has = made.field(field).is_some_and(|all| all.iter().any(|v| v.eq_ignore_ascii_case(value)));
        has == *must
    };
    way.allows(&names) && way.fields.iter().all(value)
}

/// Parties by the letters and the likeness of their names, by identifier and by id.
fn by_text(world: &World<'_>, wanted: &Wanted, way: &Way) -> Answer<Found> {
    let view = world.view();
    let asked = Profile::named(Kind::Unknown, way.text.as_str());
    let mut sieve = wanted.sieve(world);
    let (hits, cut) = view.search(&way.text, BY_LETTERS);
    let mut by_id = view.with_identifier(&way.text)?;
    if let Some(Meant::Party(n) | Meant::Other(n)) = world.find(way.text.trim())? {
        by_id.push(world.graph().entity_of(n));
    }
    let alike = view.name_hits(&Query::of(&asked), BY_NAME, &mut Seeker::new())?;
    let mut nodes: Vec<Node> = alike.into_iter().map(|h| h.node).collect();
    nodes.extend(&by_id);
    nodes.extend(hits.iter().take(COMPARED).map(|h| h.node));
    nodes.sort_unstable();
    nodes.dedup();
    nodes.retain(|n| sieve.passes(*n));
    let letters: HashMap<Node, &Hit> = hits.iter().map(|h| (h.node, h)).collect();
    let compared = Compared { limit: usize::MAX, ..Compared::default() };
    let asked = names::Prepared::new(&asked);
    let mut rows: Vec<(TextRank, Node)> = Vec::new();
    for found in Finder::new().compared(view, &Ready::none(), &asked, &nodes, &compared)? {
        let n = found.node;
        let hit = letters.get(&n);
        let exact = by_id.contains(&n) || hit.is_some_and(|h| h.fit == Fit::Id);
        if !exact && hit.is_none() && found.outcome.band == Band::No {
            continue;
        }
        rows.push((text_rank(exact, found.outcome.score, hit.copied()), n));
    }
    rows.sort_by_key(|(rank, _)| *rank);
    // Whoever has the words, but was not among the best, comes behind as the letters have it.
    let told: HashSet<Node> = nodes.into_iter().collect();
    let behind = hits.iter().map(|h| h.node).filter(|n| !told.contains(n) && sieve.passes(*n));
    let order: Vec<Node> = rows.into_iter().map(|(_, n)| n).chain(behind).collect();
    Ok(Found { all: fitting(world, Some(way), order)?, cut })
}
