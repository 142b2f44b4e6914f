//! Parties that may be the same by their names: for a person to look at, never merged by a rule.
//!
//! Each party in question is looked up in the index of names, as a search would do it, among the
//! parties of other sources: one source keeps its entries apart, and is never asked against itself.

use super::evidence::{Evidence, compared};
use super::fold::Fold;
use super::suggest::{Party, Suggestion, against, conflict_words, weight};
use crate::error::Result;
use crate::graph::{Filter, Graph, Node, View, Why};
use crate::names::{Band, Prepared, Scratch};
use crate::query::{Finder, Ready, Wanted, on_both};
use crate::store::NOTES;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Parties alike that are kept for each that is looked up, the likeliest.
const KEPT: usize = 10;
/// Parties that a thread looks up at once.
const PIECE: usize = 64;

/// Which parties are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those on a list now; the parties found for them may be on none.
    Listed,
    /// All but those of the largest source, which are found from the others' side.
    All,
}

/// What was found by names.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ByName {
    /// Pairs for review, what matters most first.
    pub review: Vec<Suggestion>,
    /// Parties that were looked up.
    pub asked: usize,
    /// Parties to look up.
    pub of: usize,
    /// Why not all were.
    pub stopped: Option<Why>,
}

/// Whether a question may be about a node: a party, not an address, a programme or a name alone, of which
/// something is known.
fn is_party(view: &View<'_>, n: Node) -> bool {
    let g = view.graph();
    let t = g.node_type(n);
    let other = matches!(t.family.as_str(), "key" | "program" | "act")
        || matches!(t.name.as_str(), "place" | "position" | "document");
    !other && g.unresolved(n).is_none() && view.knows(n)
}

/// The sources that name a party now and keep it apart from their others; one's own notes do not.
fn keepers(graph: &Graph, n: Node) -> Vec<&str> {
    let mut list = graph.sources_now(n);
    list.retain(|s| *s != NOTES);
    list
}

/// The parties to look up, in the order of their ids. `most` bounds [`Scope::All`]: `None` where the
/// graph has more parties.
pub fn to_look_up(graph: &Graph, scope: Scope, most: usize) -> Result<Option<Vec<Node>>> {
    let plain = graph.again();
    let view = View::new(&plain, Filter::default())?;
    let mut out: Vec<Node> = match scope {
        Scope::Listed => view.listed().into_iter().filter(|n| view.is_listed(*n) && is_party(&view, *n)).collect(),
        Scope::All => {
            let all: Vec<Node> = plain.nodes().filter(|n| is_party(&view, *n)).take(most.saturating_add(1)).collect();
            if all.len() > most {
                return Ok(None);
            }
            // By its sources as one: a party that two sources share is found from either.
            let mut by: BTreeMap<Vec<&str>, Vec<Node>> = BTreeMap::new();
            for n in all {
                by.entry(keepers(&plain, n)).or_default().push(n);
            }
            let apart = by.iter().filter(|(s, _)| !s.is_empty());
            let largest = apart.max_by_key(|(s, n)| (n.len(), std::cmp::Reverse(*s))).map(|(s, _)| s.clone());
            by.into_iter().filter(|(s, _)| Some(s) != largest.as_ref()).flat_map(|(_, n)| n).collect()
        }
    };
    // Numbers of nodes change with an index.
    out.sort_by(|a, b| plain.id(*a).cmp(plain.id(*b)));
    plain.sound()?;
    Ok(Some(out))
}

/// Looks parties up among those of other sources. Left out is what a fold has as one entity, what was
/// decided on, and the pairs `known`; of two entities the likeliest pair of parties is kept.
///
/// It ends early where the graph's [`Stop`](crate::graph::Stop) is set, and says so.
pub fn by_name(graph: &Graph, fold: &Fold, asked: &[Node], known: &[Suggestion]) -> Result<ByName> {
    let plain = graph.again();
    let view = View::new(&plain, Filter::default())?;
    // What is made at first need is made before the threads ask for it.
    plain.name_bytes()?;
    let ready = Ready::new(&view);
    let finders: Mutex<Vec<Finder>> = Mutex::new(Vec::new());
    let pieces: Vec<&[Node]> = asked.chunks(PIECE).collect();
    let slots: Vec<Slot> = pieces.iter().map(|_| Mutex::default()).collect();
    on_both(pieces.iter().zip(&slots), |(piece, slot)| {
        if view.stop().is_set() {
            return;
        }
        let mut finder = finders.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let (mut count, mut found, mut done) = (0, Vec::new(), Ok(()));
        for n in *piece {
            if view.stop().is_set() {
                break;
            }
            done = ask(&view, &ready, *n, &mut finder, &mut found);
            if done.is_err() {
                break;
            }
            count += 1;
        }
        *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(done.map(|()| (count, found)));
        finders.lock().unwrap_or_else(PoisonError::into_inner).push(finder);
    });
    plain.sound()?;
    let mut out = ByName { of: asked.len(), stopped: view.stop().why(), ..ByName::default() };
    // Of two entities only the likeliest pair is asked about; of pairs as likely that with the lower ids.
    let mut best: BTreeMap<(&str, &str), Alike> = BTreeMap::new();
    for slot in slots {
        let Some(done) = slot.into_inner().unwrap_or_else(PoisonError::into_inner) else { continue };
        let (count, found) = done?;
        out.asked += count;
        for alike in found {
            let (x, y) = (fold.canonical(plain.id(alike.a)), fold.canonical(plain.id(alike.b)));
            let key = if x <= y { (x, y) } else { (y, x) };
            let ids = |p: &Alike| (plain.id(p.a), plain.id(p.b));
            let better = |old: &Alike| alike.score > old.score || alike.score == old.score && ids(&alike) < ids(old);
            if key.0 != key.1 && best.get(&key).is_none_or(better) {
                best.insert(key, alike);
            }
        }
    }
    for s in known {
        let (x, y) = (fold.canonical(&s.a), fold.canonical(&s.b));
        best.remove(&if x <= y { (x, y) } else { (y, x) });
    }
    let mut scratch = Scratch::default();
    let mut cards: FxHashMap<Node, Party> = FxHashMap::default();
    for (_, alike) in best {
        let (a, b) = (plain.id(alike.a), plain.id(alike.b));
        for n in [alike.a, alike.b] {
            if let std::collections::hash_map::Entry::Vacant(e) = cards.entry(n) {
                e.insert(Party::of(&view, n)?);
            }
        }
        let m = compared(&view, alike.a, alike.b, &mut scratch)?;
        // An identifier alone is no likeness of names; pairs that share one come by another way.
        if m.band == Band::No || m.name_bits() <= 0.0 {
            continue;
        }
        let against = against(fold, &view, &cards, a, b)?;
        if against.iter().any(|c| c["kind"] == "source") {
            continue;
        }
        let mut reasons = Vec::new();
        match fold.barrier(a, b, true) {
            Some(barrier) if barrier.different || !fold.on_pair(a, b).is_empty() => continue,
            Some(barrier) => {
                reasons.push(format!("decision {} was unsure of {} and {}", barrier.decision, barrier.a, barrier.b));
            }
            None => {}
        }
        let shares = match (cards.get(&alike.a), cards.get(&alike.b)) {
            (Some(x), Some(y)) => x.shares(y).next().is_some(),
            _ => false,
        };
        let common = if shares { "no valid identifier in common" } else { "no identifier in common" };
        reasons.insert(0, format!("names alike ({:.2}), {common}", m.score));
        reasons.extend(against.iter().map(conflict_words));
        let mut evidence = Evidence::of(&m);
        evidence.items.splice(0..0, against);
        let weight = weight(&view, alike.a, alike.b, &evidence, false);
        out.review.push(Suggestion { a: a.to_owned(), b: b.to_owned(), evidence, reasons, weight });
    }
    Suggestion::order(&mut out.review);
    plain.sound()?;
    Ok(out)
}

/// A pair that names make alike, ids in order.
#[derive(Clone, Copy)]
struct Alike {
    a: Node,
    b: Node,
    score: f32,
}

/// What a thread found in its piece: how many were looked up, and what is like them.
type Slot = Mutex<Option<Result<(usize, Vec<Alike>)>>>;

/// Looks a party up among those that no source of its own has, and keeps the likeliest.
fn ask(view: &View<'_>, ready: &Ready, n: Node, finder: &mut Finder, found: &mut Vec<Alike>) -> Result<()> {
    let g = view.graph();
    let profile = view.profile(n)?;
    if profile.names.is_empty() {
        return Ok(());
    }
    let own = keepers(g, n);
    let mut others = finder.candidates(view, &profile)?;
    others.retain(|o| *o != n && keepers(g, *o).iter().all(|s| !own.contains(s)) && is_party(view, *o));
    let wanted = Wanted { limit: KEPT, band: Some(Band::Review), ..Wanted::default() };
    for f in finder.compared(view, ready, &Prepared::new(&profile), &others, &wanted)? {
        let (a, b) = if g.id(n) <= g.id(f.node) { (n, f.node) } else { (f.node, n) };
        found.push(Alike { a, b, score: f.outcome.score });
    }
    Ok(())
}
