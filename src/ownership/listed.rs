//! Who is on a regime's lists on a day, and whether those lists are there to be searched.

use super::changes::Changes;
use super::dates::{Force, holds};
use super::regime::{Regime, RegimeList};
use crate::error::Result;
use crate::graph::{Node, NodeListing, SeenListing, View};
use crate::model::{Listing, Mode, PartialDate};
use crate::store::NOTES;
use std::collections::{BTreeMap, HashSet};

/// A list that was searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListUse {
    /// List id.
    pub list: String,
    /// The source that holds it.
    pub source: String,
    /// Its first release with that list.
    pub first: PartialDate,
    /// The newest release that was known.
    pub release: PartialDate,
}

/// Which sources hold which lists.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    used: Vec<ListUse>,
    /// Sources that are not lists: documents, tables, notes. Their listings have no first release.
    documents: HashSet<String>,
    /// Full releases of each list's source, in order.
    full: BTreeMap<String, Vec<PartialDate>>,
    /// There is nothing but documents, so that every list counts as covered by what they say.
    documents_only: bool,
}

/// What a regime's lists can tell on a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Lists that were searched.
    pub used: Vec<ListUse>,
    /// Nothing but network documents and tables was asked: every list counts as covered.
    pub documents_only: bool,
    /// Lists without which nobody can be said to be on none, and that are not there, or not as old as
    /// the day.
    pub missing: Vec<String>,
}

impl Lists {
    /// Looks through the listings of a view once.
    pub fn of(view: &View<'_>) -> Lists {
        let mut lists = Lists { documents_only: true, ..Lists::default() };
        let known = |d: PartialDate| view.filter().known_at.is_none_or(|k| d.first_day() <= k.last_day());
        let mut newest: BTreeMap<String, PartialDate> = BTreeMap::new();
        for source in view.graph().snapshots().flat_map(|s| s.sources()) {
            let id = &source.entry.info.id;
            let by_hand = |f: &str| matches!(f, "document" | "table" | "");
            let seen: Vec<_> = source.entry.releases.iter().filter(|r| known(r.date)).collect();
            if id == NOTES || (!seen.is_empty() && seen.iter().all(|r| by_hand(&r.format))) {
                lists.documents.insert(id.clone());
            } else if let Some(last) = seen.iter().map(|r| r.date).max() {
                lists.documents_only = false;
                newest.insert(id.clone(), last);
                let full = seen.iter().filter(|r| r.mode == Mode::Full).map(|r| r.date);
                lists.full.insert(id.clone(), full.collect());
            }
        }
        lists.documents.insert(NOTES.to_owned());
        for (list, source, first) in view.list_sources() {
            let Some(release) = newest.get(&source).copied() else { continue };
            lists.used.push(ListUse { list, source, first, release });
        }
        lists
    }

    /// The days from which on a full release no longer shows that somebody was not listed yet.
    pub(super) fn doubts(&self) -> impl Iterator<Item = PartialDate> + '_ {
        self.full.values().flatten().filter_map(|d| d.next_day())
    }

    /// What they can tell for a regime on a day.
    pub fn coverage(&self, regime: &Regime, day: PartialDate) -> Coverage {
        let mine = |u: &&ListUse| regime.lists.iter().any(|l| l.list == u.list);
        let used: Vec<ListUse> = self.used.iter().filter(mine).cloned().collect();
        let there = |list: &str| used.iter().any(|u| u.list == list && u.first.first_day() <= day.first_day());
        let missing = if self.documents_only { Vec::new() } else { regime.lacking(there) };
        Coverage { used, documents_only: self.documents_only, missing }
    }

    /// How far a listing holds on a day. Where a list gives no date of entry, the party came on it
    /// between the last full release that lacked it and the first that had it.
    pub(super) fn force(&self, l: &NodeListing, day: PartialDate) -> Force {
        let NodeListing { from, from_at_latest, to, .. } = *l;
        self.force_of(&SeenListing { list: &l.list, from, from_at_latest, to, source: &l.source }, day)
    }

    fn force_of(&self, l: &SeenListing<'_>, day: PartialDate) -> Force {
        let force = holds(l.from, l.to, day);
        let Some(first) = l.from_at_latest.filter(|_| l.from.is_none()) else { return force };
        if first.first_day() <= day.first_day() || self.documents.contains(l.source) {
            return force;
        }
        let mut before = self.full.get(l.source).into_iter().flatten().filter(|d| d.first_day() < first.first_day());
        if before.any(|d| d.first_day() >= day.last_day()) { Force::Never } else { force.min(Force::Possible) }
    }
}

/// How far a party is listed under a regime on a day.
pub(super) fn listed(
    view: &View<'_>,
    lists: &Lists,
    changes: &Changes,
    regime: &Regime,
    day: PartialDate,
    n: Node,
) -> Result<Force> {
    if let Some(yes) = changes.listed.get(&n) {
        return Ok(if *yes { Force::Certain } else { Force::Never });
    }
    let mut best = Force::Never;
    let mut listings: Option<Vec<Listing>> = None;
    for l in view.seen_listings(n) {
        let force = lists.force_of(&l, day);
        if force <= best {
            continue;
        }
        let Some(rule) = regime.lists.iter().find(|r| l.list == "*" || r.list == l.list) else { continue };
        if l.list == "*" || rule.programs.is_empty() {
            best = force;
            continue;
        }
        if listings.is_none() {
            listings = Some(view.party(n)?.listings);
        }
        let same = |x: &&Listing| x.list == l.list && x.from == l.from && x.to == l.to;
        for x in listings.iter().flatten().filter(same) {
            best = best.max(force.min(under(rule, &x.programs)));
        }
    }
    Ok(best)
}

/// How far the programmes of a listing are among those that a regime names; a listing that names
/// none may be under any.
fn under(rule: &RegimeList, programs: &[String]) -> Force {
    match programs.iter().any(|p| rule.programs.contains(p)) {
        true => Force::Certain,
        false if programs.is_empty() => Force::Possible,
        false => Force::Never,
    }
}
