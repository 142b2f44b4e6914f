//! Which party a literal name means.
//!
//! OFAC's `Linked To: NAME` names a party by its main name; a list may write it with other
//! punctuation at its end, and another list may hold it.

use super::prov::ProvTable;
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_128;

/// A main name as literal names may refer to it, by the 128-bit hash of its text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Literal {
    name: u128,
    node: u32,
    source: u16,
    prov: u32,
}

/// The main names that literal names may mean, by text and by text without final punctuation.
#[derive(Default)]
pub(super) struct Literals {
    /// Hashes of the texts that are looked for.
    wanted: FxHashSet<u128>,
    exact: Vec<Literal>,
    /// Only names that have final punctuation.
    bare: Vec<Literal>,
}

impl Literals {
    /// Says which names will be looked for.
    pub(super) fn want<'n>(&mut self, names: impl Iterator<Item = &'n str>) {
        self.wanted.extend(names.flat_map(|n| forms(n).map(|f| xxh3_128(f.as_bytes()))));
    }

    /// Whether a main name may be one of those.
    pub(super) fn wanted(&self, name: &str) -> bool {
        let has = |text: &str| self.wanted.contains(&xxh3_128(text.as_bytes()));
        has(name) || has(bare(name))
    }

    /// Takes the main name of a party; names that nobody looks for are let go.
    pub(super) fn add(&mut self, name: &str, node: u32, source: u16, prov: u32) {
        let short = bare(name);
        for (text, list) in [(name, &mut self.exact), (short, &mut self.bare)] {
            let literal = Literal { name: xxh3_128(text.as_bytes()), node, source, prov };
            let counts = text.len() == name.len() || short.len() != name.len();
            if counts && self.wanted.contains(&literal.name) {
                list.push(literal);
            }
        }
    }

    /// Makes ready for [`Literals::find`].
    pub(super) fn sort(&mut self) {
        for list in [&mut self.exact, &mut self.bare] {
            list.sort_unstable();
            list.dedup();
        }
    }

    /// The one party with a name: exact, then without one final full stop, then without final
    /// punctuation; among the parties of the same source first, then among all.
    pub(super) fn find(&self, name: &str, source: u16, prov: u32, provs: &ProvTable) -> (Option<u32>, Found) {
        let mut tables: Vec<(&[Literal], &str)> = Vec::new();
        for form in forms(name) {
            if !form.is_empty() && tables.iter().all(|(_, g)| *g != form) {
                tables.push((&self.exact, form));
            }
        }
        tables.push((&self.bare, bare(name)));
        for own in [true, false] {
            for (table, form) in &tables {
                let name = xxh3_128(form.as_bytes());
                let first = table.partition_point(|l| l.name < name);
                let list = table.get(first..).unwrap_or_default().iter().take_while(|l| l.name == name);
                let mut nodes: Vec<u32> = list
                    .filter(|l| !own || (l.source == source && provs.overlap(l.prov, prov)))
                    .map(|l| l.node)
                    .collect();
                nodes.sort_unstable();
                nodes.dedup();
                match nodes[..] {
                    [] => {}
                    [one] => return (Some(one), if own { Found::Own } else { Found::Other }),
                    _ => return (None, Found::Several),
                }
            }
        }
        (None, Found::None)
    }
}

/// The texts by which a name is looked for, the closest first.
fn forms(name: &str) -> [&str; 3] {
    [name, name.strip_suffix('.').unwrap_or(name), bare(name)]
}

/// A name without the punctuation at its end.
fn bare(name: &str) -> &str {
    name.trim_end_matches(|c: char| c.is_ascii_punctuation() && c != ')')
}

/// How a literal name was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// One party of the same source.
    Own,
    /// One party of another source.
    Other,
    /// Several parties.
    Several,
    /// No party.
    None,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::PartialDate;
    use crate::store::Interval;

    #[test]
    fn own_source_first_and_never_a_guess() {
        let day = |t: &str| PartialDate::parse(t).unwrap();
        let mut provs = ProvTable::default();
        let mut prov = |source: &str, to: Option<&str>| {
            let intervals = vec![Interval { from: day("2023-01-01"), to: to.map(day), replaced: false }];
            provs.of(source, &intervals, std::iter::empty())
        };
        let (a, b, gone) = (prov("a", None), prov("b", None), prov("a", Some("2022-01-01")));
        let mut l = Literals::default();
        l.want(["ACME INC.", "ACME INC", "TWIN", "OTHER LTD", "OLD", "NOBODY"].into_iter());
        for (name, node, source, p) in [
            ("ACME INC.", 1, 0, a),
            ("ACME INC", 2, 1, b),
            ("TWIN", 3, 0, a),
            ("TWIN", 4, 0, a),
            ("OTHER LTD.", 5, 1, b),
            ("OLD", 6, 0, gone),
            ("OLD", 7, 1, b),
        ] {
            l.add(name, node, source, p);
        }
        l.sort();
        let find = |name: &str| l.find(name, 0, a, &provs);
        assert_eq!(find("ACME INC."), (Some(1), Found::Own));
        assert_eq!(find("ACME INC"), (Some(1), Found::Own), "the own list before the exact text elsewhere");
        assert_eq!(find("TWIN"), (None, Found::Several));
        assert_eq!(find("OTHER LTD"), (Some(5), Found::Other));
        assert_eq!(find("OLD"), (None, Found::Several), "the party that left the list is not guessed");
        assert_eq!(find("NOBODY"), (None, Found::None));
    }
}
