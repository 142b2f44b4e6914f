//! The datasets of a store: its sources, what they cite, and collections of them.

use super::problem::{Answer, Problem};
use super::world::World;
use crate::error::Result;
use crate::model::{PartialDate, SourceInfo};
use crate::store::NOTES;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// The collection of everything.
pub(super) const ALL: &str = "default";
/// The collection of all sources that state listings.
const SANCTIONS: &str = "sanctions";
/// How a dataset without a release of its own calls its version.
const NO_VERSION: &str = "0";

/// One dataset.
#[derive(Debug, Clone, Default)]
struct Dataset {
    title: String,
    publisher: String,
    url: String,
    licence: String,
    newest: Option<PartialDate>,
    /// Datasets that are in it.
    children: BTreeSet<String>,
}

/// All datasets by name.
#[derive(Debug, Default)]
pub(super) struct Datasets {
    all: BTreeMap<String, Dataset>,
    newest: HashMap<String, PartialDate>,
}

/// Which entities are asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// `None`: all.
    names: Option<BTreeSet<String>>,
    include: Vec<String>,
    exclude: Vec<String>,
}

impl World<'_> {
    /// The datasets.
    pub(super) fn datasets(&self) -> Result<Arc<Datasets>> {
        self.graph().kept(|| self.gathered())
    }

    /// The date of the newest release of a source.
    pub(super) fn newest(&self, source: &str) -> Option<PartialDate> {
        self.datasets().ok()?.newest.get(source).copied()
    }

    fn gathered(&self) -> Result<Datasets> {
        let mut all: BTreeMap<String, Dataset> = BTreeMap::new();
        for p in self.view().all_provs() {
            all.entry(p.source.clone()).or_default();
            for c in p.cited.iter().filter(|c| !c.is_empty()) {
                all.entry(c.clone()).or_default();
                if *c != p.source
                    && c != NOTES
                    && let Some(d) = all.get_mut(&p.source)
                {
                    d.children.insert(c.clone());
                }
            }
        }
        for s in self.graph().described_sources()? {
            all.entry(s.id.clone()).or_default().describe(&s);
        }
        let mut newest = HashMap::new();
        for snapshot in self.graph().snapshots() {
            for s in snapshot.sources() {
                let d = all.entry(s.entry.info.id.clone()).or_default();
                d.describe(&s.entry.info);
                d.newest = s.entry.releases.iter().filter(|r| !r.replaced).map(|r| r.date).max().max(d.newest);
                newest.extend(d.newest.map(|day| (s.entry.info.id.clone(), day)));
            }
        }
        all.remove(NOTES);
        let lists: BTreeSet<String> = self.view().list_sources().into_iter().map(|(_, source, _)| source).collect();
        let names: BTreeSet<String> = all.keys().cloned().collect();
        let last = newest.values().max().copied();
        let collection =
            |title: &str, children| Dataset { title: title.to_owned(), newest: last, children, ..Dataset::default() };
        if !lists.is_empty() {
            all.entry(SANCTIONS.to_owned()).or_insert_with(|| collection("All sources that state listings", lists));
        }
        // A source of that name is in there with all others.
        all.insert(ALL.to_owned(), collection("Everything in the store", names));
        Ok(Datasets { all, newest })
    }
}

impl Dataset {
    fn describe(&mut self, s: &SourceInfo) {
        for (mine, theirs) in [
            (&mut self.title, &s.title),
            (&mut self.publisher, &s.publisher),
            (&mut self.url, &s.url),
            (&mut self.licence, &s.licence),
        ] {
            if mine.is_empty() {
                mine.clone_from(theirs);
            }
        }
    }

    fn version(&self) -> String {
        self.newest.map_or_else(|| NO_VERSION.to_owned(), |d| d.to_string())
    }
}

impl Datasets {
    /// What a request for a dataset asks for.
    pub(super) fn scope(&self, name: &str, include: Vec<String>, exclude: Vec<String>) -> Answer<Scope> {
        let Some(found) = self.all.get(name) else { return Err(Problem::missing("No such dataset.")) };
        let names = (name != ALL).then(|| {
            let mut names = BTreeSet::from([name.to_owned()]);
            if name == SANCTIONS && !self.newest.contains_key(name) {
                names.extend(found.children.iter().cloned());
            }
            names
        });
        Ok(Scope { names, include, exclude })
    }

    /// What a dataset is called.
    pub(super) fn title<'a>(&'a self, name: &'a str) -> &'a str {
        self.all.get(name).map(|d| d.title.as_str()).filter(|t| !t.is_empty()).unwrap_or(name)
    }

    /// `{"datasets": [...], "current": [...], "outdated": [], "index_stale": false}`.
    pub(super) fn catalog(&self) -> Value {
        let dataset = |(name, d): (&String, &Dataset)| {
            let version = d.version();
            let mut m = Map::new();
            m.insert("name".to_owned(), json!(name));
            m.insert("title".to_owned(), json!(self.title(name)));
            for (key, value) in [("url", &d.url), ("licence", &d.licence)] {
                if !value.is_empty() {
                    m.insert(key.to_owned(), json!(value));
                }
            }
            if !d.publisher.is_empty() {
                m.insert("publisher".to_owned(), json!({ "name": d.publisher }));
            }
            m.insert("version".to_owned(), json!(version));
            m.insert("load".to_owned(), json!(d.children.is_empty()));
            m.insert("index_version".to_owned(), json!(version));
            m.insert("index_current".to_owned(), json!(true));
            m.insert("children".to_owned(), json!(d.children));
            m
        };
        json!({
            "datasets": self.all.iter().map(dataset).collect::<Vec<_>>(),
            "current": self.all.keys().collect::<Vec<_>>(),
            "outdated": [],
            "index_stale": false,
        })
    }
}

impl Scope {
    /// Whether an entity is in it: `cited` by its facts, `carriers` are the sources that its records
    /// came with. What only excluded sources tell of is not.
    pub(super) fn has<'n>(&self, cited: &'n [String], carriers: &'n [String]) -> bool {
        let left = |names: &'n [String]| names.iter().filter(|n| !self.exclude.contains(n)).collect::<Vec<_>>();
        let (told, came) = (left(cited), left(carriers));
        if (told.is_empty() && !cited.is_empty()) || (came.is_empty() && !carriers.is_empty()) {
            return false;
        }
        let any = |wanted: &dyn Fn(&String) -> bool| told.iter().chain(&came).any(|n| wanted(n));
        self.names.as_ref().is_none_or(|names| any(&|n| names.contains(n)))
            && (self.include.is_empty() || any(&|n| self.include.contains(n)))
    }

    /// Whether it may hold anything that these sources tell of, before citations are looked at.
    pub(super) fn is_all(&self) -> bool {
        self.names.is_none() && self.include.is_empty() && self.exclude.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes() {
        let names = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
        let cited = names(&["ofac_sdn", "report"]);
        let carriers = names(&["seed"]);
        let has = |scope: &[&str], include: &[&str], exclude: &[&str]| {
            let names_of = (!scope.is_empty()).then(|| names(scope).into_iter().collect());
            Scope { names: names_of, include: names(include), exclude: names(exclude) }.has(&cited, &carriers)
        };
        assert!(
            has(&[], &[], &[]) && has(&["seed"], &[], &[]) && has(&["report"], &[], &[]) && !has(&["eu"], &[], &[])
        );
        assert!(has(&[], &["report"], &[]) && !has(&[], &["eu"], &[]));
        assert!(has(&[], &[], &["report"]) && !has(&[], &[], &["report", "ofac_sdn"]) && !has(&[], &[], &["seed"]));
        // What cites nothing is not told of by those excluded.
        let bare = |exclude: &[&str]| Scope { exclude: names(exclude), ..Scope::default() }.has(&[], &carriers);
        assert!(bare(&["report"]) && bare(&[""]) && !bare(&["seed"]) && has(&[], &[], &[""]));
        assert!(!has(&["report"], &[], &["report"]) && !has(&[], &["report"], &["report"]));
    }
}
