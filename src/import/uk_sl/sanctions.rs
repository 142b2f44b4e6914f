//! What is imposed on a party and since when: the listing.

use super::party::{Ctx, Party, tally};
use super::text::{nothing, property, squeeze};
use crate::model::{Fact, Listing};

/// The most regimes, or measures, of one designation.
const MAX_WORDS: usize = 1000;

/// The regime, the day and the measures of one designation.
#[derive(Default)]
pub(super) struct Sanctions {
    regimes: Vec<String>,
    designated: String,
    measures: Vec<String>,
    /// Names of the indicators that are set.
    set: Vec<String>,
    indicators: usize,
}

/// Adds a text once; more than anybody could impose are not taken.
fn add(to: &mut Vec<String>, text: &str) {
    if !nothing(text) && to.len() < MAX_WORDS && !to.iter().any(|t| t == text) {
        to.push(text.to_owned());
    }
}

impl Sanctions {
    /// A regime by its name, or by the title of its regulations.
    pub(super) fn regime(&mut self, text: &str) {
        let text = squeeze(text);
        add(&mut self.regimes, &text);
    }

    /// The day of the designation.
    pub(super) fn designated(&mut self, text: &str) {
        text.trim().clone_into(&mut self.designated);
    }

    /// The measures, joined by bars in the full forms and by commas in the short one.
    pub(super) fn imposed(&mut self, text: &str, separator: char) {
        let separator = if text.contains('|') { '|' } else { separator };
        for measure in text.splitn(MAX_WORDS, separator) {
            add(&mut self.measures, measure.trim());
        }
    }

    /// An indicator such as `AssetFreeze`, `true` or `false`.
    pub(super) fn indicator(&mut self, name: &str, value: &str) {
        self.indicators += 1;
        if matches!(value.trim().to_lowercase().as_str(), "true" | "1" | "yes") {
            add(&mut self.set, name);
        }
    }

    /// Counts the regimes of a party.
    pub(super) fn count(&self, ctx: &mut Ctx<'_>) {
        for regime in &self.regimes {
            tally(ctx.report, "by_regime", regime);
        }
    }

    /// Adds the listing: on the list of asset freezes when one is imposed, or when nothing says
    /// what is.
    pub(super) fn put(self, party: &mut Party, ctx: &mut Ctx<'_>) {
        let words: Vec<String> = self.set.iter().map(|s| property(s)).collect();
        let stated = self.measures.iter().any(|m| m.to_lowercase().contains("asset freeze"));
        let indicated = words.iter().any(|w| w == "asset_freeze");
        if !self.measures.is_empty() && self.indicators > 0 && stated != indicated {
            ctx.suspect("measures and indicators differ on the asset freeze", &self.measures.join("|"));
        }
        if self.measures.len().max(self.regimes.len()).max(self.set.len()) >= MAX_WORDS {
            ctx.suspect("more regimes or measures than can be, the rest are not used", party.id.local());
        }
        let unset = self.indicators.saturating_sub(self.set.len()) as u64;
        if unset > 0 {
            ctx.report.count("indicators not set", unset);
        }
        let unknown = self.measures.is_empty() && self.indicators == 0;
        let list = if stated || indicated || unknown { "uk_sl" } else { "uk_sl_other" };
        for word in &words {
            party.say(Fact::new("sanctions_imposed_indicator", word.as_str()));
        }
        let from = party.date(&self.designated, ctx);
        if from.is_none() {
            party.core(Fact::new("date_designated", self.designated));
        }
        let measures = if self.measures.is_empty() { words } else { self.measures };
        let basis = self.regimes.iter().filter(|r| r.contains("Regulations")).cloned().collect();
        let list = list.to_owned();
        party.listed(Listing { list, from, programs: self.regimes, basis, measures, ..Listing::default() }, ctx);
    }
}
