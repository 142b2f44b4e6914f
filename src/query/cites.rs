//! Numbered citations: `[1]` in the text, a list of sources at its end.

use super::answer::sources;
use super::words::clean_text;
use crate::error::Result;
use crate::graph::View;
use crate::model::{Citation, RelationRecord};
use std::collections::{BTreeSet, HashMap};

/// Locators named per source; more are counted.
const LOCATORS: usize = 8;

/// Sources in the order of their first citation.
#[derive(Debug, Clone, Default)]
pub struct Cites {
    order: Vec<String>,
    number: HashMap<String, usize>,
    /// Locators per source, in order, and all of them to tell repetitions.
    locators: Vec<(Vec<String>, BTreeSet<String>)>,
}

impl Cites {
    /// The mark of a fact's citations: `[1]`, `[1][3]`, or nothing where it cites no source.
    pub fn mark<'a>(&mut self, cites: impl IntoIterator<Item = &'a Citation>) -> String {
        let mut numbers: BTreeSet<usize> = BTreeSet::new();
        for c in cites {
            if c.source.is_empty() {
                continue;
            }
            let at = *self.number.entry(c.source.clone()).or_insert_with(|| {
                self.order.push(c.source.clone());
                self.locators.push((Vec::new(), BTreeSet::new()));
                self.order.len() - 1
            });
            if let Some((list, seen)) = self.locators.get_mut(at)
                && !c.locator.is_empty()
                && seen.insert(c.locator.clone())
                && list.len() < LOCATORS
            {
                list.push(c.locator.clone());
            }
            numbers.insert(at + 1);
        }
        numbers.iter().map(|n| format!("[{n}]")).collect()
    }

    /// The mark of a relation. A locator that is only the relation's derived id is not named.
    pub fn mark_relation(&mut self, r: &RelationRecord) -> String {
        let id = r.external_id();
        let cites: Vec<Citation> =
            r.cites
                .iter()
                .map(|c| {
                    if c.repeats(&id) {
                        Citation { source: c.source.clone(), ..Citation::default() }
                    } else {
                        c.clone()
                    }
                })
                .collect();
        self.mark(&cites)
    }

    /// Whether anything was cited.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// One line per source: number, id, title, publisher, date of publication or of the
    /// releases in the store, and where in it.
    pub fn lines(&self, view: &View<'_>) -> Result<Vec<String>> {
        let ids: BTreeSet<String> = self.order.iter().cloned().collect();
        let known = sources(view, &ids)?;
        let mut out = Vec::with_capacity(self.order.len());
        for (i, (id, (locators, all))) in self.order.iter().zip(&self.locators).enumerate() {
            let info = known.iter().find(|s| s.id == *id);
            let mut line = format!("[{}] {}", i + 1, clean_text(id));
            let texts = info.map(|s| [s.title.as_str(), s.publisher.as_str()]);
            for (k, text) in texts.iter().flatten().filter(|t| !t.is_empty()).enumerate() {
                line.push_str(if k == 0 { ": " } else { ", " });
                line.push_str(&clean_text(text));
            }
            if let Some(s) = info.filter(|s| !s.published.is_empty()) {
                line.push_str(&format!(", published {}", clean_text(&s.published)));
            }
            if let Some(text) = release_words(view, id) {
                line.push_str(&format!(", {text}"));
            }
            if !locators.is_empty() {
                let shown: Vec<String> = locators.iter().map(|l| clean_text(l)).collect();
                line.push_str(&format!("; at {}", shown.join(", ")));
                if all.len() > locators.len() {
                    line.push_str(&format!(" and {} more", all.len() - locators.len()));
                }
            }
            out.push(line);
        }
        Ok(out)
    }
}

/// `release 2023-08-31`, or first and newest of several; `None` when none is in the store.
fn release_words(view: &View<'_>, id: &str) -> Option<String> {
    let mut dates = Vec::new();
    for s in view.graph().snapshots() {
        for d in s.sources().iter().filter(|d| d.entry.info.id == id) {
            dates.extend(d.entry.by_date().iter().map(|r| r.date));
        }
    }
    dates.sort_unstable();
    dates.dedup();
    match dates[..] {
        [] => None,
        [one] => Some(format!("release {one}")),
        [first, .., last] => Some(format!("{} releases from {first} to {last}", dates.len())),
    }
}
