//! Which party is meant: candidates by their names and identifiers, each compared, with reasons.

use crate::error::Result;
use crate::graph::{Hit, Match as Fit, Node, View};
use crate::names::index::{Query, Seeker};
use crate::names::{self, Band, BuiltIn, Evidence, How, Match, NameKind, Prepared, Profile, Weights, What};
use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

/// Candidates looked at for one question.
const CANDIDATES: usize = 100;
/// Parties kept ready for comparing.
const KEPT: usize = 100_000;
/// Parties of one entity that are compared each for itself, too.
const MEMBERS: usize = 64;
/// Stores with more parties keep none.
const KEPT_OF: usize = 4_000_000;

/// A party, or an entity of several, that may be meant.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The party; of an entity the node that stands for it.
    pub node: Node,
    /// How it fits, and why. An entity fits as the one of its parties that fits best, or as all of
    /// them together where that is better: merging them neither hides a hit nor lowers it.
    pub outcome: Match,
    /// The name of it that fits best, and how it is borne; `None` where only an identifier does.
    pub name: Option<(String, NameKind)>,
}

/// What to leave out of the answer.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// At most this many.
    pub limit: usize,
    /// None of a lower band.
    pub band: Option<Band>,
    /// None of a lower score.
    pub threshold: f32,
    /// Only parties on a list on the view's day, or without one now.
    pub listed: bool,
    /// Only parties on one of these lists; empty for all.
    pub lists: Vec<String>,
}

/// Where a party comes among those that a text may mean, the least first: those with the text for an id
/// or identifier, then by likeness, then what has the letters before what is as alike otherwise.
pub type TextRank = (bool, Reverse<u32>, (u8, u8, u8));

/// The rank of a party: `exact`: by an id or identifier; `hit`: how it was found by letters.
pub fn text_rank(exact: bool, score: f32, hit: Option<&Hit>) -> TextRank {
    let letters = hit.map_or((2, 9, 9), |h| (u8::from(h.fit > Fit::Words), h.fit as u8, h.kind as u8));
    (!exact, Reverse((score * 10_000.0) as u32), letters)
}

/// Parties of a view made ready for comparing; shared by all who ask.
pub struct Ready {
    slots: Vec<OnceLock<Arc<[Prepared]>>>,
    kept: AtomicUsize,
}

impl Ready {
    /// None yet.
    pub fn new(view: &View<'_>) -> Ready {
        let nodes = view.graph().node_count();
        let slots = if nodes > KEPT_OF { Vec::new() } else { (0..nodes).map(|_| OnceLock::new()).collect() };
        Ready { slots, kept: AtomicUsize::new(0) }
    }

    /// Nothing is kept: for a single question.
    pub fn none() -> Ready {
        Ready { slots: Vec::new(), kept: AtomicUsize::new(0) }
    }

    /// An entity as a whole and, where it has several parties, each of them.
    fn get(&self, view: &View<'_>, n: Node) -> Result<Arc<[Prepared]>> {
        let slot = self.slots.get(n.0 as usize);
        if let Some(known) = slot.and_then(OnceLock::get) {
            return Ok(Arc::clone(known));
        }
        let mut made = vec![Prepared::new(&view.profile(n)?)];
        for party in several(view, n) {
            made.push(Prepared::new(&view.own_profile(party)?));
        }
        let made: Arc<[Prepared]> = made.into();
        if let Some(slot) = slot
            && self.kept.load(Ordering::Relaxed) < KEPT
            && slot.set(Arc::clone(&made)).is_ok()
        {
            self.kept.fetch_add(1, Ordering::Relaxed);
        }
        Ok(made)
    }
}

/// Room for finding parties, kept between questions: one per thread.
#[derive(Default)]
pub struct Finder {
    seeker: Seeker,
    scratch: names::Scratch,
}

/// A party that was compared.
struct Scored {
    score: f32,
    /// The pair of names that spoke loudest.
    names: Option<(usize, usize)>,
    node: Node,
    /// What it may be as, and which of that fits.
    sides: Arc<[Prepared]>,
    side: usize,
}

impl Scored {
    /// How alike it is written to what was asked for.
    fn likeness(&self, asked: &Prepared) -> u16 {
        self.sides.get(self.side).map_or(0, |side| names::likeness(asked, side, self.names))
    }
}

impl Finder {
    /// Room for questions.
    pub fn new() -> Finder {
        Finder::default()
    }

    /// The parties that a profile may mean, the likeliest first.
    pub fn find(&mut self, view: &View<'_>, ready: &Ready, asked: &Profile, wanted: &Wanted) -> Result<Vec<Found>> {
        let hits = self.candidates(view, asked)?;
        let asked = Prepared::new(asked);
        self.compared(view, ready, &asked, &hits, wanted)
    }

    /// The parties that a profile may mean, before they are compared; the likeliest first.
    pub fn candidates(&mut self, view: &View<'_>, asked: &Profile) -> Result<Vec<Node>> {
        let hits = view.name_hits(&Query::of(asked), CANDIDATES, &mut self.seeker)?;
        Ok(hits.into_iter().map(|h| h.node).collect())
    }

    /// Compares a profile with parties and keeps those wanted.
    pub fn compared(
        &mut self,
        view: &View<'_>,
        ready: &Ready,
        asked: &Prepared,
        parties: &[Node],
        wanted: &Wanted,
    ) -> Result<Vec<Found>> {
        let least = wanted.band.map_or(0.0, least_of).max(wanted.threshold);
        let mut scored: Vec<Scored> = Vec::with_capacity(parties.len());
        for node in parties {
            let sides = ready.get(view, *node)?;
            let mut best: Option<Scored> = None;
            for (i, side) in sides.iter().enumerate() {
                // Nothing of it is seen in this view.
                if side.names.is_empty() && side.ids.is_empty() {
                    continue;
                }
                let w = &Weights::AMONG_MANY;
                let (score, names) = names::score_and_names(asked, side, &BuiltIn, w, &mut self.scratch);
                let better = |old: &Scored| {
                    score > old.score || score == old.score && names::likeness(asked, side, names) > old.likeness(asked)
                };
                if best.as_ref().is_none_or(better) {
                    best = Some(Scored { score, names, node: *node, sides: Arc::clone(&sides), side: i });
                }
            }
            let Some(best) = best else { continue };
            if best.score >= least && wanted.keeps(view, *node) {
                scored.push(best);
            }
        }
        // Of parties that fit alike the one whose name is written more alike comes first, then the one
        // with the lower id, whatever their numbers are.
        let id = |n: Node| view.graph().id(n);
        scored.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut before = 0;
        for run in scored.chunk_by_mut(|a, b| a.score == b.score) {
            if before >= wanted.limit {
                break;
            }
            before += run.len();
            if run.len() > 1 {
                run.sort_by_cached_key(|s| (std::cmp::Reverse(s.likeness(asked)), id(s.node)));
            }
        }
        scored.truncate(wanted.limit);
        let mut out = Vec::with_capacity(scored.len());
        for Scored { node, sides, side, .. } in scored {
            let Some(party) = sides.get(side) else { continue };
            let outcome = names::compare_with(asked, party, &BuiltIn, &Weights::AMONG_MANY, &mut self.scratch);
            // The name that spoke loudest, as its source wrote it.
            let name = match outcome.names {
                Some((_, i)) => profile_of(view, node, side)?.names.into_iter().nth(i),
                None => None,
            };
            out.push(Found { node, outcome, name });
        }
        Ok(out)
    }
}

/// The parties of an entity of several; none where it has one.
fn several(view: &View<'_>, n: Node) -> Vec<Node> {
    if view.graph().clusters().is_none() {
        return Vec::new();
    }
    let mut members = view.graph().members(n);
    members.truncate(if members.len() > 1 { MEMBERS } else { 0 });
    members
}

/// What one of the sides of [`Ready::get`] was made from.
fn profile_of(view: &View<'_>, n: Node, side: usize) -> Result<Profile> {
    match side.checked_sub(1).and_then(|i| several(view, n).into_iter().nth(i)) {
        Some(party) => view.own_profile(party),
        None => view.profile(n),
    }
}

impl Wanted {
    /// Whether the lists that a party is on are among those wanted.
    pub fn keeps(&self, view: &View<'_>, n: Node) -> bool {
        if !self.listed && self.lists.is_empty() {
            return true;
        }
        let now = view.listings(n).into_iter().filter(|l| l.to.is_none_or(|to| !view.over(to)));
        let mut names = now.map(|l| l.list);
        if self.lists.is_empty() { names.next().is_some() } else { names.any(|l| self.lists.contains(&l)) }
    }
}

/// Works through parts on two threads, each taking the next when it has done one.
pub fn on_both<T: Send>(parts: impl Iterator<Item = T> + Send, work: impl Fn(T) + Sync) {
    crate::graph::on_two(parts, work);
}

/// The least score of a band.
fn least_of(band: Band) -> f32 {
    match band {
        Band::Match => names::MATCH_FROM,
        Band::Review => Weights::AMONG_MANY.review_from,
        Band::No => 0.0,
    }
}

/// The outcome for a party whose identifier was given and nothing else: there is nothing to weigh.
pub fn by_identifier(text: &str, scheme: &str, value: &str) -> Match {
    let right = if scheme.is_empty() { value.to_owned() } else { format!("{scheme} {value}") };
    let one = Evidence { what: What::Id, how: How::Exact, left: text.to_owned(), right, bits: 20.0, weight: 1.0 };
    Match { score: 1.0, band: Band::Match, names: None, evidence: vec![one] }
}
