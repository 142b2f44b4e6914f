//! Which sources are lists, and since when they show what: the checker's own view of it.

use crate::graph::View;
use crate::model::{Mode, PartialDate};
use crate::store::NOTES;
use std::collections::HashSet;

/// The sources that a view sees.
pub(super) struct Lists {
    /// Sources that publish lists, with a release that was known.
    published: HashSet<String>,
    /// Sources that are documents, tables or notes: what they say has no first release.
    by_hand: HashSet<String>,
    /// List and first release, by publishing source.
    first: Vec<(String, PartialDate)>,
    /// Days of full releases, with their source.
    full: Vec<(String, PartialDate)>,
}

impl Lists {
    pub(super) fn of(view: &View<'_>) -> Lists {
        let mut lists = Lists {
            published: HashSet::new(),
            by_hand: HashSet::from([NOTES.to_owned()]),
            first: Vec::new(),
            full: Vec::new(),
        };
        for source in view.graph().snapshots().flat_map(|s| s.sources()) {
            let id = source.entry.info.id.clone();
            let known = |d: PartialDate| view.filter().known_at.is_none_or(|asked| d.first_day() <= asked.last_day());
            let whole = source.entry.releases.iter().filter(|r| known(r.date) && r.mode == Mode::Full);
            lists.full.extend(whole.map(|r| (id.clone(), r.date)));
            let mut formats =
                source.entry.releases.iter().filter(|r| known(r.date)).map(|r| r.format.as_str()).peekable();
            if formats.peek().is_none() && id != NOTES {
                continue;
            }
            if id == NOTES || formats.all(|f| ["document", "table", ""].contains(&f)) {
                lists.by_hand.insert(id);
            } else {
                lists.published.insert(id);
            }
        }
        let all = view.list_sources().into_iter();
        lists.first =
            all.filter(|(_, source, _)| lists.published.contains(source)).map(|(l, _, day)| (l, day)).collect();
        lists
    }

    /// Whether a source is a document, a table or the notes.
    pub(super) fn by_hand(&self, source: &str) -> bool {
        self.by_hand.contains(source)
    }

    /// Whether a full release of a source on the day or later, and before the one that first had
    /// something, shows that it was not there.
    pub(super) fn lacked(&self, source: &str, first: Option<PartialDate>, day: PartialDate) -> bool {
        let between =
            |d: &PartialDate| d.first_day() >= day.last_day() && first.is_some_and(|f| d.first_day() < f.first_day());
        self.full.iter().any(|(s, d)| s == source && between(d))
    }

    /// Whether a list is there and as old as the day. Where there is nothing but documents, their
    /// word is taken as whole.
    pub(super) fn holds(&self, list: &str, day: PartialDate) -> bool {
        let there = |(l, first): &(String, PartialDate)| l == list && first.first_day() <= day.first_day();
        self.published.is_empty() || self.first.iter().any(there)
    }
}
