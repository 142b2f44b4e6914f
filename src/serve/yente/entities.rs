//! `GET /entities/{id}` and what is adjacent to it.

use super::around::{Around, Near};
use super::ids::Meant;
use super::made::Made;
use super::order::Order;
use super::params::{MAX_OFFSET, MAX_PAGE, PAGE, Params, window};
use super::problem::{Answer, Problem};
use super::world::World;
use crate::import::ftm::model;
use crate::serve::{Reply, Request, percent};
use serde_json::{Map, Value, json};

/// An entity, or where it is.
enum Root {
    Here(Box<Around>),
    Moved(String),
}

impl World<'_> {
    /// The entity of an id; with what is adjacent to it where `adjacent`.
    fn root(&self, id: &str, adjacent: bool) -> Answer<Root> {
        let none = || Problem::missing("No such entity!");
        let around = match self.find(id)?.ok_or_else(none)? {
            Meant::Party(n) | Meant::Other(n) => {
                let entity = self.graph().entity_of(n);
                let canonical = self.id(entity);
                if canonical != id {
                    // Nothing may be told of it.
                    self.record(entity)?.ok_or_else(none)?;
                    return Ok(Root::Moved(canonical));
                }
                if adjacent {
                    self.around(entity)?.ok_or_else(none)?
                } else {
                    Around::alone(self.entity(entity, true)?.ok_or_else(none)?)
                }
            }
            Meant::Edge(e) => {
                let made = self.edge(e)?.ok_or_else(none)?;
                if made.id != id {
                    return Ok(Root::Moved(made.id));
                }
                self.around_made(made)?
            }
            Meant::Listing(n) => {
                let made = self.sanctions(n)?.into_iter().find(|e| e.id == id).ok_or_else(none)?;
                self.around_made(made)?
            }
        };
        Ok(Root::Here(Box::new(around)))
    }
}

/// A redirect that clients follow with the same method, for good.
fn moved(id: &str) -> Reply {
    let place = format!("/entities/{}", percent::encode_but(id, b"-._~:"));
    Reply::bytes(308, "application/json", Vec::new()).header("location", place)
}

/// `GET /entities/{id}`.
pub(super) fn entity(world: &World<'_>, request: &Request, id: &str) -> Answer<Reply> {
    let params = Params::new(request);
    let nested = params.flag("nested").unwrap_or(true);
    params.sound()?;
    Ok(match world.root(id, nested)? {
        Root::Moved(to) => moved(&to),
        Root::Here(around) => {
            let m = if nested { world.nested(&around)? } else { around.root.json() };
            Reply::json(200, &m.into())
        }
    })
}

/// One page of the entities of a property.
struct Page {
    limit: usize,
    offset: usize,
    order: Order,
}

impl Page {
    fn of(request: &Request) -> Answer<Page> {
        let params = Params::new(request);
        let limit = params.count("limit", PAGE, MAX_PAGE);
        let offset = params.count("offset", 0, MAX_OFFSET);
        let sort = params.list("sort");
        params.sound()?;
        let (limit, offset) = window(limit, offset);
        Ok(Page { limit, offset, order: Order::parse(&sort)? })
    }

    /// `{"results", "total", "limit", "offset"}`.
    fn show(&self, world: &World<'_>, around: &Around, property: &str) -> Answer<Map<String, Value>> {
        let all = around.near.iter().find(|(p, _)| *p == property).map_or(&[][..], |(_, all)| all);
        let sorted;
        let all = if self.order.is_empty() {
            all
        } else {
            sorted = self.sorted(world, all)?;
            &sorted
        };
        let page: Vec<Near> = all.iter().skip(self.offset).take(self.limit).cloned().collect();
        let mut m = Map::new();
        m.insert("limit".to_owned(), json!(self.limit));
        m.insert("offset".to_owned(), json!(self.offset));
        let relation = if around.cut { "gte" } else { "eq" };
        m.insert("total".to_owned(), json!({ "value": all.len(), "relation": relation }));
        m.insert("results".to_owned(), world.nested_items(&around.root, &page)?.into());
        Ok(m)
    }

    fn sorted(&self, world: &World<'_>, all: &[Near]) -> Answer<Vec<Near>> {
        let mut made: Vec<(Option<Made>, Near)> = Vec::with_capacity(all.len());
        for item in all {
            world.view().stop().check()?;
            made.push((world.whole(item)?, item.clone()));
        }
        made.sort_by(|a, b| self.order.compare(a.0.as_ref(), b.0.as_ref()));
        Ok(made.into_iter().map(|(_, item)| item).collect())
    }
}

/// `GET /entities/{id}/adjacent`.
pub(super) fn adjacent(world: &World<'_>, request: &Request, id: &str) -> Answer<Reply> {
    let page = Page::of(request)?;
    let around = match world.root(id, true)? {
        Root::Moved(to) => return Ok(moved(&to)),
        Root::Here(around) => around,
    };
    let mut adjacent = Map::new();
    for (property, _) in &around.near {
        adjacent.insert((*property).to_owned(), page.show(world, &around, property)?.into());
    }
    Ok(Reply::json(200, &json!({ "entity": around.root.json(), "adjacent": adjacent })))
}

/// `GET /entities/{id}/adjacent/{property}`.
pub(super) fn adjacent_by(world: &World<'_>, request: &Request, id: &str, property: &str) -> Answer<Reply> {
    let page = Page::of(request)?;
    let around = match world.root(id, true)? {
        Root::Moved(to) => return Ok(moved(&to)),
        Root::Here(around) => around,
    };
    let schema = around.root.schema;
    let known = model::references(schema).iter().map(|(p, _)| *p).chain(model::reverses(schema)).any(|p| p == property);
    // A state that controls a firm is no legal entity to the model; the relation is there all the same.
    if !known && !around.near.iter().any(|(p, _)| *p == property) {
        return Err(Problem::missing("No such property!"));
    }
    Ok(Reply::json(200, &page.show(world, &around, property)?.into()))
}
