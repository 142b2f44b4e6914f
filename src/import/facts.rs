//! The facts of one party while an importer collects them: nothing is said twice in the same words.

use crate::model::{Citation, Fact, prop};
use std::collections::HashMap;

/// Facts in the order in which they came. One that is stated again only adds its citations.
#[derive(Default)]
pub(super) struct Facts {
    facts: Vec<Fact>,
    seen: HashMap<String, usize>,
}

fn is_name(prop: &str) -> bool {
    matches!(prop, prop::NAME | prop::ALIAS | prop::WEAK_ALIAS)
}

/// What makes two facts one. A name is known by its words alone: the same words as main name
/// and as alias are one name.
fn identity(f: &Fact) -> String {
    if is_name(&f.prop) {
        return format!("{}\0{}", prop::NAME, f.value);
    }
    let dates = [f.from, f.to].map(|d| d.map(|d| d.to_string()).unwrap_or_default()).join("\0");
    [&f.prop, &f.value, &f.kind, &f.lang, &f.raw, &dates, f.status.as_str()].join("\0")
}

/// Names of the better kind come first.
fn rank(prop: &str) -> usize {
    prop::NAMES.iter().position(|n| *n == prop).unwrap_or(usize::MAX)
}

impl Facts {
    /// Adds a fact; one without a value is none.
    pub(super) fn push(&mut self, fact: Fact) {
        if fact.value.is_empty() {
            return;
        }
        let key = identity(&fact);
        match self.seen.get(&key).and_then(|at| self.facts.get_mut(*at)) {
            Some(old) => {
                if is_name(&fact.prop) && rank(&fact.prop) < rank(&old.prop) {
                    old.prop = fact.prop;
                }
                for (have, new) in [(&mut old.lang, fact.lang), (&mut old.raw, fact.raw)] {
                    if have.is_empty() {
                        *have = new;
                    }
                }
                for c in fact.cites {
                    if !old.cites.contains(&c) {
                        old.cites.push(c);
                    }
                }
            }
            None => {
                self.seen.insert(key, self.facts.len());
                self.facts.push(fact);
            }
        }
    }

    /// Adds a plain property with its kind and citations.
    pub(super) fn add(&mut self, prop: &str, value: &str, kind: &str, cites: &[Citation]) {
        self.push(Fact { cites: cites.to_vec(), ..Fact::new(prop, value).kind(kind) });
    }

    /// All of them.
    pub(super) fn into_vec(self) -> Vec<Fact> {
        self.facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_said_once() {
        let cite = |l: &str| vec![Citation { locator: l.to_owned(), ..Citation::default() }];
        let mut f = Facts::default();
        f.add(prop::WEAK_ALIAS, "Zenda", "", &cite("1"));
        f.add(prop::NAME, "Zenda", "", &cite("2"));
        f.add(prop::ALIAS, "Zenda", "", &cite("2"));
        f.add(prop::FORMER_NAME, "Zenda", "", &[]);
        f.add("gender", "F", "", &cite("3"));
        f.add("gender", "F", "", &cite("4"));
        f.add("gender", "", "", &[]);
        let got: Vec<(String, usize)> = f.into_vec().into_iter().map(|f| (f.prop, f.cites.len())).collect();
        let want = [(prop::NAME, 2), (prop::FORMER_NAME, 0), ("gender", 2)];
        assert_eq!(got, want.map(|(p, n)| (p.to_owned(), n)));
    }
}
