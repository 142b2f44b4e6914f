//! Entities within an entity: what is adjacent to the root, and what adjacent relations lead on to.

use super::around::{Around, Near};
use super::made::Made;
use super::problem::Answer;
use super::world::World;
use crate::import::ftm::{model, schema};
use serde_json::{Map, Value, json};
use std::cell::Cell;
use std::collections::{HashMap, HashSet};

/// Entities written into one answer.
const MAX_NESTED: usize = 50_000;

/// Entities that were fetched for one answer, and who refers to whom among them.
#[derive(Default)]
struct Pool {
    entities: HashMap<String, Made>,
    /// By the id referred to: reverse property and id of the one that refers.
    inverted: HashMap<String, Vec<(&'static str, String)>>,
    left: Cell<usize>,
}

impl Pool {
    fn add(&mut self, made: Made) {
        if self.entities.contains_key(&made.id) {
            return;
        }
        for (property, reverse) in model::references(made.schema).iter().filter(|(_, r)| !r.is_empty()) {
            for id in made.values(property) {
                let all = self.inverted.entry(id.clone()).or_default();
                // Those that it referred by so far are the last.
                let mut own = all.iter().rev().take_while(|(_, by)| *by == made.id);
                if !own.any(|(r, _)| r == reverse) {
                    all.push((*reverse, made.id.clone()));
                }
            }
        }
        self.entities.insert(made.id.clone(), made);
    }

    /// An entity with those within it: two steps from the root at most, ids of the way there left out.
    fn nest(&self, made: &Made, path: &[&str]) -> Map<String, Value> {
        let mut inner: Vec<&str> = path.to_vec();
        inner.push(&made.id);
        let deep = path.len() > 1;
        let step = |id: &str| -> Option<Value> {
            let found = self.entities.get(id)?;
            self.left.set(self.left.get().checked_sub(1)?);
            Some(self.nest(found, &inner).into())
        };
        let references: Vec<&str> = model::references(made.schema).iter().map(|(p, _)| *p).collect();
        let mut properties = Map::new();
        for (name, values) in &made.properties {
            if !references.contains(&name.as_str()) {
                properties.insert(name.clone(), json!(values));
                continue;
            }
            let mut all: Vec<Value> = Vec::new();
            for id in values.iter().filter(|id| !path.contains(&id.as_str())) {
                all.push((if deep { None } else { step(id) }).unwrap_or_else(|| json!(id)));
            }
            if !all.is_empty() {
                properties.insert(name.clone(), all.into());
            }
        }
        if !deep {
            for (reverse, id) in self.inverted.get(&made.id).into_iter().flatten() {
                if path.contains(&id.as_str()) || *id == made.id {
                    continue;
                }
                let Some(nested) = step(id) else { continue };
                let slot = properties.entry((*reverse).to_owned()).or_insert_with(|| Value::Array(Vec::new()));
                if let Some(all) = slot.as_array_mut() {
                    all.push(nested);
                }
            }
        }
        made.json_with(properties)
    }
}

impl World<'_> {
    /// The root with everything adjacent to it.
    pub(super) fn nested(&self, around: &Around) -> Answer<Map<String, Value>> {
        let items: Vec<&Near> = around.near.iter().flat_map(|(_, all)| all).collect();
        let pool = self.pool(&around.root, &items)?;
        Ok(pool.nest(&around.root, &[]))
    }

    /// Adjacent entities of one property, each with what it leads on to.
    pub(super) fn nested_items(&self, root: &Made, items: &[Near]) -> Answer<Vec<Value>> {
        let pool = self.pool(root, &items.iter().collect::<Vec<_>>())?;
        let one = |item: &Near| match pool.entities.get(item.id()) {
            Some(made) => Value::from(pool.nest(made, &[&root.id])),
            None => json!(item.id()),
        };
        Ok(items.iter().map(one).collect())
    }

    /// Fetches entities, and what those of them that are relations lead to.
    fn pool(&self, root: &Made, items: &[&Near]) -> Answer<Pool> {
        let mut pool = Pool { left: Cell::new(MAX_NESTED), ..Pool::default() };
        pool.add(root.clone());
        let mut more: Vec<String> = Vec::new();
        let mut asked: HashSet<String> = HashSet::from([root.id.clone()]);
        for item in items {
            self.view().stop().check()?;
            if !asked.insert(item.id().to_owned()) {
                continue;
            }
            let Some(made) = self.whole(item)? else { continue };
            if schema::edge(made.schema).is_some() {
                let ends = model::references(made.schema).iter().flat_map(|(p, _)| made.values(p).iter().cloned());
                more.extend(ends.collect::<Vec<_>>());
            }
            pool.add(made);
        }
        for id in more {
            self.view().stop().check()?;
            if !asked.insert(id.clone()) {
                continue;
            }
            if let Some(made) = self.whole(&self.near(&id)?)? {
                pool.add(made);
            }
        }
        Ok(pool)
    }
}
