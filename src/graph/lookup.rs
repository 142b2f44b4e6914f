//! Finding parties by id, name, alias or identifier: exact look-up, prefixes and words. Where
//! nothing fits exactly, names that are alike are suggested.

use super::layer::{Graph, Node};
use super::names::{NameKind, normalise, words};
use super::view::View;
use crate::error::{Error, Kind as Sort, Result};
use crate::names::index::{Query, Seeker};
use crate::names::{self, Kind, Prepared, Profile};
use rustc_hash::FxHashMap;

/// How a hit fits the text, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Match {
    /// Its id.
    Id,
    /// The whole text.
    Exact,
    /// The same words in another order.
    Words,
    /// A name begins with the text.
    Prefix,
    /// All words occur in it, the last perhaps only begun.
    Within,
}

impl Match {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Match::Id => "id",
            Match::Exact => "exact",
            Match::Words => "same words",
            Match::Prefix => "prefix",
            Match::Within => "words",
        }
    }
}

/// A party that fits a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The party.
    pub node: Node,
    /// How it fits.
    pub fit: Match,
    /// What of it fits.
    pub kind: NameKind,
    /// The fitting text, normalised.
    pub text: String,
}

/// Parties with a name like a text that are looked at.
const ALIKE: usize = 30;
/// Name-table entries looked at for one question, at most.
const SCAN: usize = 200_000;

impl Graph {
    /// The one node whose main name is exactly this text.
    pub(super) fn one_named(&self, name: &str) -> Option<Node> {
        let wanted = normalise(name);
        let mut found: Option<Node> = None;
        for l in self.layers.iter() {
            let first = l.index.name_from(&wanted);
            for i in (first..l.index.name_count()).take(SCAN) {
                if l.index.name_text(i) != wanted {
                    break;
                }
                let row = l.index.name(i);
                if row.kind == NameKind::Name && self.label(Node(l.up(row.node))) == name {
                    let n = Node(l.up(row.node));
                    if found.is_some_and(|f| f != n) {
                        return None;
                    }
                    found = Some(n);
                }
            }
        }
        found
    }
}

/// How a party fits, and where the text stands: it is written out for the best alone.
#[derive(Clone, Copy)]
struct Fitting {
    fit: Match,
    kind: NameKind,
    /// Bytes of the text.
    len: usize,
    /// Layer and row of the name table; `None`: the text asked for.
    row: Option<(usize, usize)>,
    /// Of two that fit alike and are of one layer, the one of the lesser text has the lesser number.
    order: u32,
}

/// Numbers texts that come in order, equal ones alike.
#[derive(Default)]
struct Order {
    last: String,
    number: u32,
}

impl Order {
    fn of(&mut self, text: &str) -> u32 {
        if self.last != text {
            self.last.clear();
            self.last.push_str(text);
            self.number += 1;
        }
        self.number
    }
}

impl View<'_> {
    /// Parties that fit a text, best first, at most `limit`; the second value says whether
    /// there were more.
    pub fn search(&self, text: &str, limit: usize) -> (Vec<Hit>, bool) {
        let g = self.graph();
        let mut best: FxHashMap<Node, Fitting> = FxHashMap::default();
        // How many fit better than by words alone.
        let mut better_fits = 0;
        let mut offer = |party: Node, f: Fitting| {
            let node = g.entity_of(party);
            let old = best.get(&node);
            if old.is_none_or(|old| (f.fit, f.kind) < (old.fit, old.kind)) {
                better_fits += usize::from(f.fit < Match::Within && old.is_none_or(|old| old.fit == Match::Within));
                best.insert(node, f);
            }
            better_fits
        };
        let id = Fitting { fit: Match::Id, kind: NameKind::Identifier, len: text.len(), row: None, order: 0 };
        let mut ahead = 0;
        for n in self.by_id(text) {
            ahead = offer(n, id);
        }
        let wanted = normalise(text);
        let mut cut = false;
        let terms: Vec<&str> = words(&wanted).collect();
        for (at, l) in g.layers.iter().enumerate().filter(|_| !wanted.is_empty()) {
            let mut order = Order::default();
            let first = l.index.name_from(&wanted);
            for i in (first..l.index.name_count()).take(SCAN) {
                let t = l.index.name_text(i);
                if !t.starts_with(&wanted) {
                    break;
                }
                let order = order.of(&t);
                let row = l.index.name(i);
                if self.sees_prov(at, row.prov) && !g.taken_back(at, row.node, row.prov) {
                    let fit = if t == wanted { Match::Exact } else { Match::Prefix };
                    let f = Fitting { fit, kind: row.kind, len: t.len(), row: Some((at, i)), order };
                    ahead = offer(Node(l.up(row.node)), f);
                }
            }
            // Names that hold one word somewhere fit worse than all that begin with it.
            if terms.len() == 1 && ahead > limit {
                cut = true;
                continue;
            }
            let (rows, full) = rows_with(&l.index, &terms);
            cut |= full;
            let mut order = Order::default();
            for i in rows {
                let row = l.index.name(i as usize);
                if !self.sees_prov(at, row.prov) || g.taken_back(at, row.node, row.prov) {
                    continue;
                }
                let t = l.index.name_text(i as usize);
                let order = order.of(&t);
                let same = words(&t).count() == terms.len() && terms.iter().all(|w| words(&t).any(|x| x == *w));
                let fit = if same { Match::Words } else { Match::Within };
                let f = Fitting { fit, kind: row.kind, len: t.len(), row: Some((at, i as usize)), order };
                ahead = offer(Node(l.up(row.node)), f);
            }
        }
        let said = |f: &Fitting| match f.row {
            Some((at, i)) => g.layers.get(at).map_or(String::new(), |l| l.index.name_text(i).into_owned()),
            None => text.to_owned(),
        };
        let before = |(m, a): &(Node, Fitting), (n, b): &(Node, Fitting)| {
            let key = |f: &Fitting| (f.fit, f.kind, f.len);
            let by_text = || match (a.row, b.row) {
                (Some((x, _)), Some((y, _))) if x == y => a.order.cmp(&b.order),
                _ => said(a).cmp(&said(b)),
            };
            key(a).cmp(&key(b)).then_with(by_text).then_with(|| g.id(*m).cmp(g.id(*n)))
        };
        let mut hits: Vec<(Node, Fitting)> = best.into_iter().collect();
        if hits.len() > limit {
            cut = true;
            hits.select_nth_unstable_by(limit, before);
            hits.truncate(limit);
        }
        hits.sort_by(before);
        let hit = |(node, f): (Node, Fitting)| Hit { node, fit: f.fit, kind: f.kind, text: said(&f) };
        (hits.into_iter().map(hit).collect(), cut)
    }

    /// Parties with this id, with this id after some namespace, or that a source gives this id.
    fn by_id(&self, text: &str) -> Vec<Node> {
        let g = self.graph();
        let known = |n: &Node| self.knows(g.entity_of(*n));
        let exact = |id: &str| g.find_id(id).filter(known);
        if let Some(n) = exact(text) {
            return vec![n];
        }
        if let Some(n) = g.home.as_ref().and_then(|h| exact(&format!("{h}:{text}"))) {
            return vec![n];
        }
        let mut found: Vec<Node> = Vec::new();
        for l in g.layers.iter() {
            found.extend(l.index.find_local(text).map(|i| Node(l.up(i))).filter(known));
        }
        if found.is_empty() {
            for l in g.layers.iter() {
                for id in std::iter::once(text.to_owned()).chain(namespaces(self, text)) {
                    found.extend(l.index.find_alias(&id).into_iter().map(|(n, _)| Node(l.up(n))).filter(known));
                }
            }
        }
        g.as_entities(&mut found);
        found
    }

    /// The one party that a text names: an id, else a full name, alias, former name or
    /// identifier, in this order. Several are [`Usage`](Sort::Usage) with the candidates, none is
    /// [`NotFound`](Sort::NotFound) with what comes near.
    pub fn resolve(&self, text: &str) -> Result<Node> {
        let ids = self.by_id(text);
        match ids[..] {
            [one] => return Ok(one),
            [] => {}
            _ => return Err(self.ambiguous(text, &ids)),
        }
        let (hits, _) = self.search(text, 50);
        // A main name settles it before an alias does; a weak alias never does alone.
        for (fit, kinds) in [
            (Match::Exact, &[NameKind::Name][..]),
            (Match::Exact, &[NameKind::Alias, NameKind::Former, NameKind::Identifier][..]),
            (Match::Words, &[NameKind::Name][..]),
            (Match::Words, &[NameKind::Alias, NameKind::Former][..]),
        ] {
            let fits: Vec<Node> =
                hits.iter().filter(|h| h.fit == fit && kinds.contains(&h.kind)).map(|h| h.node).collect();
            match fits[..] {
                [one] => return Ok(one),
                [] => {}
                _ => return Err(self.ambiguous(text, &fits)),
            }
        }
        let mut near = self.alike(text, 10)?;
        near.extend(hits.iter().map(|h| h.node));
        let mut seen = Vec::new();
        near.retain(|n| {
            !seen.contains(n) && {
                seen.push(*n);
                seen.len() <= 10
            }
        });
        let mut e = Error::new(Sort::NotFound, format!("no party is called {text:?}"));
        if near.is_empty() {
            e = e.hint("`cuibono search` finds parts of names");
        } else {
            e = e.hint("did you mean one of these? Give its id.").candidates(self.lines(&near));
        }
        Err(e)
    }

    /// Parties whose names are alike enough to a text that a human should look, the likeliest first.
    fn alike(&self, text: &str, limit: usize) -> Result<Vec<Node>> {
        let asked = Profile::named(Kind::Unknown, text);
        let hits = self.name_hits(&Query::of(&asked), ALIKE, &mut Seeker::new())?;
        let asked = Prepared::new(&asked);
        let mut scratch = names::Scratch::default();
        let mut scored: Vec<(f32, Node)> = Vec::new();
        for h in hits {
            let party = Prepared::new(&self.profile(h.node)?);
            let score = names::score(&asked, &party, &names::BuiltIn, &mut scratch);
            if score >= names::REVIEW_FROM {
                scored.push((score, h.node));
            }
        }
        let g = self.graph();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| g.id(a.1).cmp(g.id(b.1))));
        Ok(scored.into_iter().take(limit).map(|(_, n)| n).collect())
    }

    fn ambiguous(&self, text: &str, nodes: &[Node]) -> Error {
        Error::usage(format!("{text:?} may be any of {} parties", nodes.len()))
            .hint("give the id of the one you mean")
            .candidates(self.lines(nodes.get(..nodes.len().min(20)).unwrap_or_default()))
    }

    fn lines(&self, nodes: &[Node]) -> Vec<String> {
        let g = self.graph();
        let line = |n: &Node| format!("{}  {} ({})", g.show_id(g.id(*n)), g.label(*n), g.node_type(*n).name);
        nodes.iter().map(line).collect()
    }
}

/// The text as a local id of each source's own namespace; referents are stored with theirs.
fn namespaces(view: &View<'_>, text: &str) -> Vec<String> {
    let g = view.graph();
    let mut out: Vec<String> = Vec::new();
    for l in g.layers.iter() {
        // Only the namespaces in use matter; the first node of each source shows one.
        for p in &l.index.provs {
            let ns = if p.source.starts_with("ftm") { "ftm" } else { p.source.as_str() };
            let id = format!("{ns}:{text}");
            if !out.contains(&id) {
                out.push(id);
            }
        }
    }
    out.truncate(256);
    out
}

/// Names that hold all words (the last may be begun only), ascending; whether a bound cut it.
fn rows_with(index: &super::index::Index, terms: &[&str]) -> (Vec<u32>, bool) {
    let Some((last, whole)) = terms.split_last() else { return (Vec::new(), false) };
    let mut cut = false;
    let mut rows: Option<Vec<u32>> = None;
    let mut lists: Vec<(usize, Vec<std::ops::Range<usize>>)> =
        whole.iter().map(|w| (0, index.postings(w, true))).collect();
    lists.push((0, index.postings(last, false)));
    for (n, ranges) in &mut lists {
        *n = ranges.iter().map(ExactSizeIterator::len).sum();
    }
    lists.sort_by_key(|(n, _)| *n);
    for (n, ranges) in lists {
        cut |= n > SCAN;
        let mut these: Vec<u32> = ranges.into_iter().flatten().take(SCAN).map(|i| index.posting(i)).collect();
        these.sort_unstable();
        these.dedup();
        rows = Some(match rows {
            None => these,
            Some(old) => old.into_iter().filter(|r| these.binary_search(r).is_ok()).collect(),
        });
    }
    (rows.unwrap_or_default(), cut)
}
