//! Which entities a request wants.

use super::datasets::Scope;
use super::made::Made;
use super::params::Params;
use super::problem::{Answer, Problem};
use super::world::World;
use crate::graph::Node;
use crate::import::ftm::vocabulary::may_be;
use std::collections::{HashMap, HashSet};

/// Ids that may be left out by one request.
const MAX_EXCLUDED: usize = 50;

/// Everything that a request may filter by.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    scope: Scope,
    /// The schema asked for.
    schema: &'static str,
    exclude_schema: Vec<String>,
    /// Field and the values of which one must be there, or all.
    fields: Vec<(String, Vec<String>)>,
    all_values: bool,
    changed_since: Option<String>,
    exclude_ids: HashSet<String>,
}

impl Wanted {
    /// What both `search` and `match` take.
    pub(super) fn read(params: &Params<'_>) -> Wanted {
        let mut wanted = Wanted {
            exclude_schema: params.list("exclude_schema"),
            changed_since: params.time("changed_since"),
            exclude_ids: params.at_most("exclude_entity_ids", MAX_EXCLUDED).into_iter().collect(),
            ..Wanted::default()
        };
        wanted.field("topics", params.list("topics"));
        wanted
    }

    /// Requires values of a field.
    pub(super) fn field(&mut self, name: &str, values: Vec<String>) {
        if values.is_empty() {
            return;
        }
        match self.fields.iter_mut().find(|(n, _)| n == name) {
            Some((_, all)) => all.extend(values),
            None => self.fields.push((name.to_owned(), values)),
        }
    }

    /// Requires `field:value`.
    pub(super) fn text(&mut self, text: &str) -> Answer<()> {
        let Some((field, value)) = text.split_once(':') else {
            return Err(Problem::bad(format!("Invalid filter: {text:?}")));
        };
        self.field(field, vec![value.to_owned()]);
        Ok(())
    }

    /// Whether every value of a field must be there, not just one.
    pub(super) fn every(&mut self, every: bool) {
        self.all_values = every;
    }

    pub(super) fn scope(&mut self, scope: Scope) {
        self.scope = scope;
    }

    pub(super) fn schema(&mut self, schema: &'static str) {
        self.schema = schema;
    }

    /// Whether an entity is wanted.
    pub(super) fn keeps(&self, world: &World<'_>, made: &Made) -> bool {
        let fits = |(field, values): &(String, Vec<String>)| {
            let Some(have) = made.field(field) else { return false };
            // Datasets are filtered by what their records came with, too.
            let by = |v: &String| field == "datasets" && (made.carriers.contains(v) || made.cited.contains(v));
            let has = |v: &String| have.contains(&v.as_str()) || by(v);
            if self.all_values { values.iter().all(has) } else { values.iter().any(has) }
        };
        let changed = |since: &String| made.last_change.as_ref().is_some_and(|c| after(c, since));
        may_be(self.schema, made.schema)
            && !self.exclude_schema.iter().any(|s| s == made.schema)
            && world.within(&self.scope, made)
            && self.fields.iter().all(fits)
            && self.changed_since.as_ref().is_none_or(changed)
            && !self.exclude_ids.contains(&made.id)
            && !made.referents.iter().any(|id| self.exclude_ids.contains(id))
    }

    /// Tells cheaply which parties cannot be wanted.
    pub(super) fn sieve<'s, 'g>(&'s self, world: &'s World<'g>) -> Sieve<'s, 'g> {
        Sieve { wanted: self, world, types: HashMap::new() }
    }
}

/// Whether a moment lies after another that may be less exact: the day is over, or the minute.
fn after(moment: &str, since: &str) -> bool {
    moment.get(..since.len()).is_some_and(|m| m > since)
        || (moment.len() > since.len() && {
            let rest = moment.get(since.len()..).unwrap_or_default();
            moment.starts_with(since) && rest.bytes().any(|b| (b'1'..=b'9').contains(&b))
        })
}

/// A look at types and sources alone.
pub(super) struct Sieve<'s, 'g> {
    wanted: &'s Wanted,
    world: &'s World<'g>,
    types: HashMap<String, bool>,
}

impl Sieve<'_, '_> {
    /// Whether a party may be wanted.
    pub(super) fn passes(&mut self, n: Node) -> bool {
        let kind = &self.world.graph().node_type(n).name;
        let fits = match self.types.get(kind) {
            Some(known) => *known,
            None => {
                let fits = self.world.schemata_of(kind).iter().any(|s| may_be(self.wanted.schema, s));
                self.types.insert(kind.clone(), fits);
                fits
            }
        };
        if !fits {
            return false;
        }
        if self.wanted.scope.is_all() {
            return true;
        }
        let mut names: Vec<String> = Vec::new();
        let mut carriers: Vec<String> = Vec::new();
        for p in self.world.view().provs(n) {
            carriers.push(p.source.clone());
            names.push(p.source.clone());
            names.extend(p.cited.iter().cloned());
        }
        self.wanted.scope.has(&names, &carriers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        assert!(after("2024-05-02T00:00:00", "2024-05-01") && !after("2024-05-01T00:00:00", "2024-05-01"));
        assert!(after("2024-05-01T10:00:00", "2024-05-01") && !after("2024-05-01T10:00:00", "2024-05-01T10:00"));
        assert!(!after("2023-12-31T23:59:59", "2024-01-01") && !after("2024-05-01T10:00:00", "2099-01-01T00:00"));
    }
}
