//! From decisions to entities: the log, folded.
//!
//! A decision *stands* unless a standing retraction takes it back. Standing "different" is a hard
//! constraint: a "same" that would put two such parties into one entity is *suspended*, the later
//! one of several, until the constraint is gone. (The program refuses to write such a "same"; logs
//! that were put together can hold some.) What is left of the "same" joins parties to entities.
//!
//! An entity goes by the id of one of its parties: of those that an entity has ever gone by the one
//! chosen first, else the smallest. So a merge keeps the id of the older entity, a split leaves it
//! where its party is, and taking back a merge gives both sides the ids that they had.
//!
//! A change looks at what it can change and nothing else: a merge at the smaller side, a split at
//! about the smaller part, and where something is suspended at all that "same" ties together.

use super::parties::Parties;
use crate::error::{Error, Result};
use crate::graph::{DecidedAt, Entity};
use crate::store::{DecisionLog, Decree};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// No party, no decision, no entity of several.
const NONE: u32 = u32::MAX;

/// A decision as the fold keeps it.
#[derive(Clone, Copy)]
struct Kept {
    number: u32,
    a: u32,
    b: u32,
    decree: Decree,
    /// Standing retractions of it.
    taken_back: u32,
    suspended: bool,
    /// The decision before it on either party.
    before: [u32; 2],
}

impl Kept {
    fn stands(&self) -> bool {
        self.taken_back == 0
    }

    fn other(&self, p: u32) -> u32 {
        if self.a == p { self.b } else { self.a }
    }
}

struct Cluster {
    members: Vec<u32>,
    canonical: u32,
}

/// A step of a chain: a standing decision that two parties are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bond {
    /// Number of the decision.
    pub decision: u32,
    /// The party nearer to the start.
    pub from: String,
    /// The other.
    pub to: String,
}

/// What stands between two entities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barrier {
    /// Number of the decision.
    pub decision: u32,
    /// It says "different", else "unsure".
    pub different: bool,
    /// How the first party comes to the one that the decision is about.
    pub left: Vec<Bond>,
    /// How the second does.
    pub right: Vec<Bond>,
    /// The party of the decision on the first side.
    pub a: String,
    /// The one on the second.
    pub b: String,
}

/// An id by which an entity goes from a decision on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The decision that caused it.
    pub decision: u32,
    /// The id before.
    pub old: String,
    /// The id since. On a merge the parties under the old id now go by it; on a split the part that
    /// came away does, and the old id stays with the rest.
    pub new: String,
    /// Whether it is a merge.
    pub merged: bool,
}

/// The state that a log of decisions amounts to.
#[derive(Default)]
pub struct Fold {
    parties: Parties,
    /// By position in the log as folded.
    kept: Vec<Kept>,
    /// Position by number, where numbers have gaps.
    position: FxHashMap<u32, u32>,
    gaps: bool,
    /// The newest decision on each party.
    newest: Vec<u32>,
    /// Entity of each party, `NONE` where it stands alone.
    of: Vec<u32>,
    /// Where among its members it stands.
    place: Vec<u32>,
    clusters: Vec<Cluster>,
    free: Vec<u32>,
    /// Position, from 1, of the decision by which an entity first went by this id; 0 for never.
    chosen: Vec<u32>,
    /// Whether "different" or "unsure" was ever said of a party.
    held_apart: Vec<bool>,
    suspended: u32,
    renamed: Vec<(u32, u32, u32, bool)>,
}

impl Fold {
    /// Folds a log up to a time.
    pub fn of(log: &DecisionLog, at: DecidedAt) -> Result<Fold> {
        let mut fold = Fold::default();
        let last = match at {
            DecidedAt::Never => return Ok(fold),
            DecidedAt::Now => None,
            DecidedAt::Day(day) => Some(day.last_day().to_string()),
        };
        let most = log.len() as usize;
        fold.kept.reserve(most);
        fold.parties.reserve(most);
        for list in [&mut fold.newest, &mut fold.of, &mut fold.place, &mut fold.chosen] {
            list.reserve(most);
        }
        log.each(|number, row| {
            let counts = last.as_ref().is_none_or(|l| row.time.get(..10).is_some_and(|day| day <= l.as_str()));
            if counts { fold.push(number, row.decree, row.a, row.b) } else { Ok(()) }
        })?;
        Ok(fold)
    }

    /// Adds the next decision. Numbers ascend; a retraction of a number that is not there, its own
    /// or a later one says nothing, then and for ever.
    pub fn push(&mut self, number: u32, decree: Decree, a: &str, b: &str) -> Result<()> {
        if self.kept.last().is_some_and(|k| k.number >= number) {
            return Err(Error::usage(format!("decision {number} comes after a later one")));
        }
        let at = self.kept.len() as u32;
        if self.gaps || number != at + 1 {
            if !self.gaps {
                self.gaps = true;
                self.position = self.kept.iter().zip(0..).map(|(k, at)| (k.number, at)).collect();
            }
            self.position.insert(number, at);
        }
        if let Decree::Retract(target) = decree {
            self.kept.push(Kept {
                number,
                a: NONE,
                b: NONE,
                decree,
                taken_back: 0,
                suspended: false,
                before: [NONE; 2],
            });
            self.take_back(target, at);
            return Ok(());
        }
        let (a, b) = (self.party(a), self.party(b));
        let before = [self.newest_of(a), self.newest_of(b)];
        self.kept.push(Kept { number, a, b, decree, taken_back: 0, suspended: false, before });
        for p in [a, b] {
            set(&mut self.newest, p, at);
            if decree != Decree::Same {
                set(&mut self.held_apart, p, true);
            }
        }
        if a != b {
            self.begin(at, at);
        }
        Ok(())
    }

    fn party(&mut self, id: &str) -> u32 {
        let n = self.parties.number(id);
        if self.of.len() < self.parties.len() {
            self.of.push(NONE);
            self.place.push(0);
            self.newest.push(NONE);
            self.chosen.push(0);
            self.held_apart.push(false);
        }
        n
    }

    fn newest_of(&self, p: u32) -> u32 {
        self.newest.get(p as usize).copied().unwrap_or(NONE)
    }

    fn get(&self, at: u32) -> Option<&Kept> {
        self.kept.get(at as usize)
    }

    fn at(&self, number: u32) -> Option<u32> {
        let at = if self.gaps { self.position.get(&number).copied()? } else { number.checked_sub(1)? };
        ((at as usize) < self.kept.len()).then_some(at)
    }

    /// A retraction begins to stand at position `now`: what it takes back no longer does, what that
    /// took back does again, and so on.
    fn take_back(&mut self, target: u32, now: u32) {
        let (mut target, mut back) = (target, true);
        // Each target comes before the one that names it, so that this ends.
        while let Some(at) = self.at(target).filter(|at| *at < now) {
            let Some(k) = self.kept.get_mut(at as usize) else { return };
            let stood = k.stands();
            k.taken_back = if back { k.taken_back + 1 } else { k.taken_back.saturating_sub(1) };
            let (stands, decree, number) = (k.stands(), k.decree, k.number);
            if stood == stands {
                return;
            }
            match decree {
                Decree::Retract(next) if next < number => {
                    target = next;
                    back = stands;
                }
                Decree::Retract(_) => return,
                _ if stands => return self.begin(at, now),
                _ => return self.end(at, now),
            }
        }
    }

    fn cluster(&self, p: u32) -> u32 {
        self.of.get(p as usize).copied().unwrap_or(NONE)
    }

    fn members_of(&self, p: u32) -> Vec<u32> {
        match self.clusters.get(self.cluster(p) as usize) {
            Some(c) => c.members.clone(),
            None => vec![p],
        }
    }

    fn size(&self, p: u32) -> usize {
        self.clusters.get(self.cluster(p) as usize).map_or(1, |c| c.members.len())
    }

    fn together(&self, a: u32, b: u32) -> bool {
        a == b || (self.cluster(a) != NONE && self.cluster(a) == self.cluster(b))
    }

    fn name(&self, p: u32) -> u32 {
        self.clusters.get(self.cluster(p) as usize).map_or(p, |c| c.canonical)
    }

    /// Positions of the decisions on a party, the newest first.
    fn on(&self, p: u32) -> impl Iterator<Item = (u32, &Kept)> + '_ {
        let step = move |at: &u32| {
            let k = self.get(*at)?;
            k.before.get(usize::from(k.a != p)).copied()
        };
        std::iter::successors(Some(self.newest_of(p)), step).map_while(move |at| Some((at, self.get(at)?)))
    }

    /// The standing "same" of a party that count.
    fn bonds(&self, p: u32) -> impl Iterator<Item = (u32, &Kept)> + '_ {
        self.on(p).filter(|(_, k)| k.decree == Decree::Same && k.stands() && !k.suspended && k.a != k.b)
    }

    /// The first standing decision that holds two entities apart, by position: "different", or
    /// with `unsure` that too.
    fn apart(&self, a: u32, b: u32, unsure: bool) -> Option<u32> {
        let (few, many) = if self.size(a) <= self.size(b) { (a, b) } else { (b, a) };
        let mut found: Option<u32> = None;
        for m in self.members_of(few) {
            if !self.held_apart.get(m as usize).copied().unwrap_or(false) {
                continue;
            }
            let says = |k: &Kept| k.decree == Decree::Different || (unsure && k.decree == Decree::Unsure);
            for (at, k) in self.on(m).filter(|(_, k)| k.stands() && says(k)) {
                // What is certain is told before what is not.
                let rank = |at: u32| (self.get(at).is_some_and(|k| k.decree == Decree::Unsure), at);
                if self.together(k.other(m), many) && found.is_none_or(|f| rank(at) < rank(f)) {
                    found = Some(at);
                }
            }
        }
        found
    }

    /// A decision at position `at` begins to stand, by that at `now`.
    fn begin(&mut self, at: u32, now: u32) {
        let Some(k) = self.get(at).copied() else { return };
        match k.decree {
            Decree::Same => {
                let late = at < now && (self.suspended > 0 || self.apart(k.a, k.b, false).is_some());
                if late {
                    // An older decision may come before one that stands only in its absence.
                    self.refold(&[k.a], now);
                } else {
                    self.tie(at, now);
                }
            }
            Decree::Different if self.together(k.a, k.b) => self.refold(&[k.a], now),
            _ => {}
        }
    }

    /// A decision at position `at` ends to stand, by that at `now`.
    fn end(&mut self, at: u32, now: u32) {
        let Some(k) = self.get(at).copied() else { return };
        match k.decree {
            Decree::Same if k.suspended => self.set_suspended(at, false),
            Decree::Same if self.suspended > 0 => self.refold(&[k.a, k.b], now),
            Decree::Same => self.part(k.a, k.b, now),
            Decree::Different if self.suspended > 0 => self.refold(&[k.a, k.b], now),
            _ => {}
        }
    }

    fn set_suspended(&mut self, at: u32, on: bool) {
        if let Some(k) = self.kept.get_mut(at as usize)
            && k.suspended != on
        {
            k.suspended = on;
            self.suspended = if on { self.suspended + 1 } else { self.suspended - 1 };
        }
    }

    /// Joins the entities of a "same", or suspends it.
    fn tie(&mut self, at: u32, now: u32) {
        let Some(k) = self.get(at).copied() else { return };
        if self.together(k.a, k.b) {
            return;
        }
        if self.apart(k.a, k.b, false).is_some() {
            self.set_suspended(at, true);
            return;
        }
        self.join(k.a, k.b, now);
    }

    /// The better of two ids: chosen earlier, else the smaller text.
    fn better(&self, a: u32, b: u32) -> u32 {
        let key = |p: u32| match self.chosen.get(p as usize).copied().unwrap_or(0) {
            0 => NONE,
            c => c,
        };
        let before = key(a).cmp(&key(b)).then_with(|| self.parties.id(a).cmp(self.parties.id(b)));
        if before.is_le() { a } else { b }
    }

    fn choose(&mut self, p: u32, now: u32) {
        if self.chosen.get(p as usize) == Some(&0) {
            set(&mut self.chosen, p, now + 1);
        }
    }

    fn join(&mut self, a: u32, b: u32, now: u32) {
        let (few, many) = if self.size(a) < self.size(b) { (a, b) } else { (b, a) };
        let (old, kept) = (self.name(few), self.name(many));
        let canonical = self.better(old, kept);
        self.choose(canonical, now);
        let c = match self.cluster(many) {
            NONE => {
                let mut two = Vec::with_capacity(2);
                two.push(many);
                self.new_cluster(two)
            }
            c => c,
        };
        let gone = self.cluster(few);
        let moved = match self.clusters.get_mut(gone as usize) {
            Some(cluster) => {
                self.free.push(gone);
                std::mem::take(&mut cluster.members)
            }
            None => Vec::new(),
        };
        let alone = (gone == NONE).then_some(few);
        if let Some(cluster) = self.clusters.get_mut(c as usize) {
            for m in moved.into_iter().chain(alone) {
                set(&mut self.of, m, c);
                set(&mut self.place, m, cluster.members.len() as u32);
                cluster.members.push(m);
            }
            cluster.canonical = canonical;
        }
        let lost = if canonical == old { kept } else { old };
        self.renamed.push((now, lost, canonical, true));
    }

    fn new_cluster(&mut self, members: Vec<u32>) -> u32 {
        let canonical = members.first().copied().unwrap_or(NONE);
        let c = match self.free.pop() {
            Some(c) => c,
            None => {
                self.clusters.push(Cluster { members: Vec::new(), canonical });
                self.clusters.len() as u32 - 1
            }
        };
        for (m, at) in members.iter().zip(0..) {
            set(&mut self.of, *m, c);
            set(&mut self.place, *m, at);
        }
        if let Some(cluster) = self.clusters.get_mut(c as usize) {
            *cluster = Cluster { members, canonical };
        }
        c
    }

    /// Its members stand alone.
    fn drop_cluster(&mut self, p: u32) {
        let c = self.cluster(p);
        if let Some(cluster) = self.clusters.get_mut(c as usize) {
            for m in std::mem::take(&mut cluster.members) {
                set(&mut self.of, m, NONE);
            }
            self.free.push(c);
        }
    }

    /// Takes two parties of an entity apart if nothing else holds them together: from both sides by
    /// turns, so that the smaller part ends the search.
    fn part(&mut self, a: u32, b: u32, now: u32) {
        if self.size(a) == 2 && self.bonds(a).next().is_none() {
            let old = self.name(a);
            self.drop_cluster(a);
            self.found(vec![a], &[old], now);
            self.found(vec![b], &[old], now);
            return;
        }
        let mut sides =
            [(FxHashSet::from_iter([a]), VecDeque::from([a])), (FxHashSet::from_iter([b]), VecDeque::from([b]))];
        let lone = loop {
            let mut done = None;
            for i in [0, 1] {
                let [x, y] = &mut sides;
                let ((seen, left), (met, _)) = if i == 0 { (x, &*y) } else { (y, &*x) };
                let Some(p) = left.pop_front() else {
                    done = Some(i);
                    break;
                };
                for (_, k) in self.bonds(p) {
                    let o = k.other(p);
                    if met.contains(&o) {
                        return;
                    }
                    if seen.insert(o) {
                        left.push_back(o);
                    }
                }
            }
            if let Some(i) = done {
                break i;
            }
        };
        let [x, y] = sides;
        let away = if lone == 0 { x.0 } else { y.0 };
        let old = self.name(a);
        let mut away: Vec<u32> = away.into_iter().collect();
        away.sort_unstable();
        let stays = if lone == 0 { b } else { a };
        for p in &away {
            self.leave(*p);
        }
        self.found(away, &[old], now);
        // What is left keeps its name, unless the party left that gave it.
        let c = self.cluster(stays);
        let alone = self.clusters.get(c as usize).is_some_and(|c| c.members.len() == 1);
        if alone || !self.together(old, stays) {
            let rest = self.members_of(stays);
            self.drop_cluster(stays);
            self.found(rest, &[old], now);
        }
    }

    /// Takes a party out of its entity.
    fn leave(&mut self, p: u32) {
        let at = self.place.get(p as usize).copied().unwrap_or(0) as usize;
        let c = self.cluster(p);
        if let Some(cluster) = self.clusters.get_mut(c as usize)
            && cluster.members.get(at) == Some(&p)
        {
            cluster.members.swap_remove(at);
            if let Some(moved) = cluster.members.get(at).copied() {
                set(&mut self.place, moved, at as u32);
            }
            set(&mut self.of, p, NONE);
        }
    }

    /// Parties that are one entity from now on; they went by the ids of `old` before.
    fn found(&mut self, side: Vec<u32>, old: &[u32], now: u32) {
        let Some(canonical) = side.iter().copied().reduce(|a, b| self.better(a, b)) else { return };
        for old in old.iter().filter(|old| **old != canonical) {
            self.renamed.push((now, *old, canonical, side.contains(old)));
        }
        if side.len() > 1 {
            self.choose(canonical, now);
            let c = self.new_cluster(side);
            if let Some(cluster) = self.clusters.get_mut(c as usize) {
                cluster.canonical = canonical;
            }
        }
    }

    /// Folds anew all that "same" ties to some parties, suspended or not.
    fn refold(&mut self, seeds: &[u32], now: u32) {
        let mut seen: FxHashSet<u32> = seeds.iter().copied().collect();
        let mut left: Vec<u32> = seen.iter().copied().collect();
        let mut ties: Vec<u32> = Vec::new();
        while let Some(p) = left.pop() {
            for (at, k) in self.on(p).filter(|(_, k)| k.decree == Decree::Same && k.stands() && k.a != k.b) {
                ties.push(at);
                let o = k.other(p);
                if seen.insert(o) {
                    left.push(o);
                }
            }
        }
        ties.sort_unstable();
        ties.dedup();
        let mut all: Vec<u32> = seen.into_iter().collect();
        all.sort_unstable();
        let before: FxHashMap<u32, u32> = all.iter().map(|p| (*p, self.name(*p))).collect();
        for p in &all {
            self.drop_cluster(*p);
        }
        for at in &ties {
            self.set_suspended(*at, false);
        }
        // What is joined on the way gives nobody a name: only what comes out does.
        let (chosen, renamed) = (self.chosen_of(&all), self.renamed.len());
        for at in &ties {
            self.tie(*at, now);
        }
        all.iter().zip(chosen).for_each(|(p, c)| set(&mut self.chosen, *p, c));
        self.renamed.truncate(renamed);
        let mut groups: Vec<Vec<u32>> = Vec::new();
        let mut known: FxHashSet<u32> = FxHashSet::default();
        for p in &all {
            if self.cluster(*p) == NONE || known.insert(self.cluster(*p)) {
                groups.push(self.members_of(*p));
            }
        }
        for mut side in groups {
            side.sort_unstable();
            side.first().copied().into_iter().for_each(|p| self.drop_cluster(p));
            let mut old: Vec<u32> = side.iter().filter_map(|p| before.get(p).copied()).collect();
            old.sort_unstable();
            old.dedup();
            self.found(side, &old, now);
        }
    }

    fn chosen_of(&self, some: &[u32]) -> Vec<u32> {
        some.iter().map(|p| self.chosen.get(*p as usize).copied().unwrap_or(0)).collect()
    }
}

fn set<T>(list: &mut [T], at: u32, value: T) {
    if let Some(slot) = list.get_mut(at as usize) {
        *slot = value;
    }
}

/// What can be asked of a fold.
impl Fold {
    /// Number of the last decision folded; 0 for none.
    pub fn last(&self) -> u32 {
        self.kept.last().map_or(0, |k| k.number)
    }

    /// Number of decisions folded.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// The id by which the entity of a party goes.
    pub fn canonical<'a>(&'a self, id: &'a str) -> &'a str {
        self.parties.find(id).map_or(id, |p| self.parties.id(self.name(p)))
    }

    /// Whether two parties are the same entity.
    pub fn same(&self, a: &str, b: &str) -> bool {
        a == b || matches!((self.parties.find(a), self.parties.find(b)), (Some(a), Some(b)) if self.together(a, b))
    }

    /// The parties of an entity, those first that it goes or went by.
    pub fn members<'a>(&'a self, id: &'a str) -> Vec<&'a str> {
        let Some(p) = self.parties.find(id) else { return vec![id] };
        self.in_order(&self.members_of(p)).into_iter().map(|p| self.parties.id(p)).collect()
    }

    fn in_order(&self, members: &[u32]) -> Vec<u32> {
        let stamp = |p: &u32| self.chosen.get(*p as usize).map_or(NONE, |c| if *c == 0 { NONE } else { *c });
        let mut list = members.to_vec();
        list.sort_by(|a, b| stamp(a).cmp(&stamp(b)).then_with(|| self.parties.id(*a).cmp(self.parties.id(*b))));
        list
    }

    /// All entities of several parties, ordered by the ids that they go by.
    pub fn entities(&self) -> Vec<Entity<'_>> {
        let mut list: Vec<Entity<'_>> = Vec::new();
        for c in self.clusters.iter().filter(|c| c.members.len() > 1) {
            let parties = self.in_order(&c.members).into_iter().map(|p| self.parties.id(p)).collect();
            let mut decisions: Vec<u32> = Vec::new();
            for m in &c.members {
                decisions.extend(self.bonds(*m).filter(|(_, k)| k.a == *m).map(|(_, k)| k.number));
            }
            decisions.sort_unstable();
            list.push(Entity { parties, decisions });
        }
        list.sort_by(|a, b| a.parties.first().cmp(&b.parties.first()));
        list
    }

    /// Whether a decision stands; `None` where it is not there.
    pub fn stands(&self, number: u32) -> Option<bool> {
        self.at(number).and_then(|at| self.get(at)).map(Kept::stands)
    }

    /// Standing "same" that count for nothing, because "different" stands against them.
    pub fn suspended(&self) -> Vec<u32> {
        self.kept.iter().filter(|k| k.suspended).map(|k| k.number).collect()
    }

    /// Numbers of all decisions on a party, oldest first, retractions not among them.
    pub fn on_party(&self, id: &str) -> Vec<u32> {
        let Some(p) = self.parties.find(id) else { return Vec::new() };
        let mut list: Vec<u32> = self.on(p).map(|(_, k)| k.number).collect();
        list.reverse();
        list
    }

    /// Numbers of the standing decisions on just these two parties.
    pub fn on_pair(&self, a: &str, b: &str) -> Vec<u32> {
        let (Some(a), Some(b)) = (self.parties.find(a), self.parties.find(b)) else { return Vec::new() };
        let mut list: Vec<u32> =
            self.on(a).filter(|(_, k)| k.stands() && k.other(a) == b).map(|(_, k)| k.number).collect();
        list.reverse();
        list
    }

    /// The shortest chain of standing decisions that makes two parties the same.
    pub fn path(&self, a: &str, b: &str) -> Option<Vec<Bond>> {
        let (x, y) = (self.parties.find(a)?, self.parties.find(b)?);
        self.together(x, y).then(|| self.chain(x, y))
    }

    fn chain(&self, a: u32, b: u32) -> Vec<Bond> {
        let mut from: FxHashMap<u32, (u32, u32)> = FxHashMap::default();
        let mut left = VecDeque::from([b]);
        // From the end to the start, so that it reads from the start to the end.
        while let Some(p) = left.pop_front() {
            if p == a {
                break;
            }
            let mut around: Vec<(u32, u32)> = self.bonds(p).map(|(at, k)| (at, k.other(p))).collect();
            around.sort_unstable();
            for (at, o) in around {
                if o != b && !from.contains_key(&o) {
                    from.insert(o, (p, at));
                    left.push_back(o);
                }
            }
        }
        let (mut out, mut here) = (Vec::new(), a);
        while let Some((next, at)) = from.get(&here).copied().filter(|_| here != b) {
            let number = self.get(at).map_or(0, |k| k.number);
            let id = |p: u32| self.parties.id(p).to_owned();
            out.push(Bond { decision: number, from: id(here), to: id(next) });
            here = next;
        }
        out
    }

    /// What holds the entities of two parties apart: "different", or with `unsure` that too.
    pub fn barrier(&self, a: &str, b: &str, unsure: bool) -> Option<Barrier> {
        let (x, y) = (self.parties.find(a)?, self.parties.find(b)?);
        let k = self.get(self.apart(x, y, unsure)?)?;
        let (p, q) = if self.together(k.a, x) { (k.a, k.b) } else { (k.b, k.a) };
        let id = |p: u32| self.parties.id(p).to_owned();
        Some(Barrier {
            decision: k.number,
            different: k.decree == Decree::Different,
            left: self.chain(x, p),
            right: self.chain(y, q),
            a: id(p),
            b: id(q),
        })
    }

    /// The ids that entities went by and no longer do, or do since: in the order of the log.
    pub fn renamed(&self) -> impl Iterator<Item = Renamed> + '_ {
        self.renamed.iter().map(|(at, old, new, merged)| Renamed {
            decision: self.get(*at).map_or(0, |k| k.number),
            old: self.parties.id(*old).to_owned(),
            new: self.parties.id(*new).to_owned(),
            merged: *merged,
        })
    }

    /// All pairs that standing decisions of a kind name, with their numbers.
    pub fn pairs(&self, decree: Decree) -> impl Iterator<Item = (u32, &str, &str)> + '_ {
        let wanted = move |k: &&Kept| k.decree == decree && k.stands();
        self.kept.iter().filter(wanted).map(|k| (k.number, self.parties.id(k.a), self.parties.id(k.b)))
    }
}
