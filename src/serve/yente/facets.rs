//! Counts of values among the entities found.

use super::datasets::Datasets;
use super::made::Made;
use crate::import::ftm::vocabulary::{label, plural};
use crate::names;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// What can be counted.
pub(super) const FACETS: [&str; 6] = ["datasets", "schema", "countries", "identifiers", "topics", "genders"];
/// What is counted unless asked for otherwise.
pub(super) const DEFAULT_FACETS: [&str; 3] = ["countries", "topics", "datasets"];
/// Values told of one facet, the most frequent ones.
const MAX_VALUES: usize = 1000;
/// Distinct values counted.
const MAX_COUNTED: usize = 100_000;

/// Counts under way.
pub(super) struct Facets(Vec<(&'static str, HashMap<String, u64>)>);

impl Facets {
    pub(super) fn new(names: &[&'static str]) -> Facets {
        Facets(names.iter().map(|n| (*n, HashMap::new())).collect())
    }

    /// Counts an entity once for each of its values.
    pub(super) fn count(&mut self, made: &Made) {
        for (name, counts) in &mut self.0 {
            for value in made.field(name).unwrap_or_default() {
                let full = counts.len() >= MAX_COUNTED;
                match counts.get_mut(value) {
                    Some(n) => *n += 1,
                    None if full => {}
                    None => {
                        counts.insert(value.to_owned(), 1);
                    }
                }
            }
        }
    }

    /// `{"countries": {"label", "values": [{"name", "label", "count"}]}}`, most frequent first.
    pub(super) fn json(self, datasets: &Datasets) -> Value {
        let mut out = Map::new();
        for (facet, counts) in self.0 {
            let mut all: Vec<(String, u64)> = counts.into_iter().collect();
            all.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            all.truncate(MAX_VALUES);
            let told = |name: &str| match facet {
                "datasets" => datasets.title(name).to_owned(),
                "schema" => plural(name),
                "countries" => country(name),
                "genders" => label(name),
                "topics" => topic(name),
                _ => name.to_owned(),
            };
            let values: Vec<Value> =
                all.iter().map(|(name, count)| json!({ "name": name, "label": told(name), "count": count })).collect();
            let title = match facet {
                "datasets" => "Data sources",
                "schema" => "Entity types",
                "countries" => "Countries",
                "identifiers" => "Identifiers",
                "topics" => "Topics",
                "genders" => "Genders",
                other => other,
            };
            out.insert(facet.to_owned(), json!({ "label": title, "values": values }));
        }
        out.into()
    }
}

/// A country's name by its code.
pub(super) fn country(code: &str) -> String {
    names::country_name(code).unwrap_or(code).to_owned()
}

/// `role.pep` as `Role: pep`.
fn topic(code: &str) -> String {
    label(&code.replace('.', ": "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_entity_counts_once_for_a_value() {
        let made = |codes: &[&str]| Made {
            schema: "Person",
            properties: vec![
                ("country".into(), codes.iter().map(|c| (*c).to_owned()).collect()),
                ("nationality".into(), vec!["ru".into()]),
            ],
            ..Made::default()
        };
        let mut f = Facets::new(&["countries", "schema"]);
        f.count(&made(&["ru", "kp"]));
        f.count(&made(&[]));
        let told = f.json(&Datasets::default());
        assert_eq!(
            told,
            json!({"countries": {"label": "Countries", "values": [
                    {"name": "ru", "label": "Russia", "count": 2}, {"name": "kp", "label": country("kp"), "count": 1}]},
                "schema": {"label": "Entity types", "values": [{"name": "Person", "label": "People", "count": 2}]}})
        );
    }
}
