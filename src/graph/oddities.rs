//! Ownership that looks wrong in its source. It is kept as stated, never turned round.

use super::layer::{Graph, Node};
use std::collections::BTreeMap;
use std::ops::Range;

/// So many parties are worth a second thread.
const MANY: u32 = 20_000;
/// How many examples are kept of each kind.
const EXAMPLES: usize = 5;

/// A counted oddity with its first examples: the two ids.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Oddity {
    /// How often.
    pub count: u64,
    /// Owner and owned of the first few.
    pub examples: Vec<(String, String)>,
}

impl Oddity {
    /// Takes in what was found further on.
    fn append(&mut self, further: Oddity) {
        self.count += further.count;
        self.examples.extend(further.examples);
        self.examples.truncate(EXAMPLES);
    }

    fn add(&mut self, owner: &str, owned: &str) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push((owner.to_owned(), owned.to_owned()));
        }
    }
}

/// What looks wrong in the ownership that one source states now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Oddities {
    /// A person, a state or a programme is the owned party.
    pub owned: Oddity,
    /// Two parties own each other; each pair once.
    pub mutual: Oddity,
}

impl Graph {
    /// What looks wrong in the ownership that these sources state now, by source.
    pub fn oddities(&self, sources: &[&str]) -> BTreeMap<String, Oddities> {
        let Some(layer) = self.layers.first() else { return BTreeMap::new() };
        let n = layer.index.nodes();
        // Halves of large graphs at the same time.
        let (low, high) = if n < MANY {
            (self.oddities_of(0..n, sources), BTreeMap::new())
        } else {
            std::thread::scope(|s| {
                let high = s.spawn(|| self.oddities_of(n / 2..n, sources));
                let low = self.oddities_of(0..n / 2, sources);
                (low, high.join().unwrap_or_else(|e| std::panic::resume_unwind(e)))
            })
        };
        let mut found = low;
        for (source, more) in high {
            let all = found.entry(source).or_default();
            all.owned.append(more.owned);
            all.mutual.append(more.mutual);
        }
        found
    }

    /// The same of some owners.
    fn oddities_of(&self, owners: Range<u32>, sources: &[&str]) -> BTreeMap<String, Oddities> {
        let mut found: BTreeMap<String, Oddities> = BTreeMap::new();
        let Some(layer) = self.layers.first() else { return found };
        let index = &layer.index;
        let chain: Vec<bool> = index.edge_types().iter().map(|t| t.ownership || t.ambiguous).collect();
        let is_chain = |e: usize| chain.get(usize::from(index.kind(e as u32))).copied().unwrap_or(false);
        let said: Vec<Option<&str>> = index
            .provs
            .iter()
            .map(|p| {
                let now = p.intervals.last().is_some_and(|i| i.to.is_none());
                sources.iter().copied().find(|s| now && *s == p.source)
            })
            .collect();
        let source_of = |e: usize| said.get(index.prov(e as u32) as usize).copied().flatten();
        for owner in owners {
            for e in index.out(owner).filter(|e| is_chain(*e)) {
                let Some(source) = source_of(e) else { continue };
                let owned = index.target(e as u32);
                let family = self.node_type(Node(owned)).family.as_str();
                if matches!(family, "person" | "state" | "program") {
                    found.entry(source.to_owned()).or_default().owned.add(index.id(owner), index.id(owned));
                }
                if owner < owned {
                    let kind = index.kind(e as u32);
                    let back = |b: &usize| index.kind(*b as u32) == kind && index.target(*b as u32) == owner;
                    if index.out(owned).any(|b| back(&b) && source_of(b) == Some(source)) {
                        found.entry(source.to_owned()).or_default().mutual.add(index.id(owner), index.id(owned));
                    }
                }
            }
        }
        found
    }
}
