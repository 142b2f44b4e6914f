//! Regimes: dated rule sets and the lists they apply to, read from a data file.
//!
//! The file compiled in is `data/regimes.json`; `docs/regimes.md` describes its members and
//! how a file of the user's replaces or extends it.

use crate::error::{Error, Result};
use crate::model::{PartialDate, Percent};
use std::fmt;
use std::sync::OnceLock;

/// What a regime is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RegimeKind {
    /// Gives verdicts: blocked through ownership (or control) or not.
    Sanctions,
    /// Has no line in numbers: exposure is shown, no verdict given.
    Exposure,
    /// Asks who the beneficial owners are.
    BeneficialOwnership,
}

/// Whose stakes are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// Those of all listed parties together.
    All,
    /// Person by person: one listed party's own and what it holds through others.
    Each,
    /// Unsettled in law: blocked only if person by person suffices, free only if all together do not.
    Unsettled,
}

/// What a stake is a part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Shares, capital, title.
    Shares,
    /// Voting rights.
    Votes,
}

/// How a joint holding counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joint {
    /// Once, in full, as soon as one of its holders counts.
    AnyHolder,
    /// Once, in full, only where all of its holders count.
    AllHolders,
}

/// A list that a regime applies to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegimeList {
    /// List id (`ofac_sdn`).
    pub list: String,
    /// Only listings under one of these programmes; empty: all listings.
    pub programs: Vec<String>,
    /// What having this list says of who is not on it.
    pub cover: Cover,
}

/// What it takes to say that somebody is on none of a regime's lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Cover {
    /// The list itself is needed.
    #[default]
    Needed,
    /// The list serves as well as the one named.
    InsteadOf(String),
    /// The list holds some of those listed and never all: who is on it is listed, who is not may be.
    Partial,
}

/// The test for a party that is not listed itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Threshold in percent.
    pub threshold: Percent,
    /// "Or more"; otherwise "more than".
    pub inclusive: bool,
    /// Whose stakes are added.
    pub aggregation: Aggregation,
    /// What stakes count; each basis is summed by itself and one over the line is enough.
    pub basis: Vec<Basis>,
    /// How joint holdings count.
    pub joint: Joint,
    /// Whether parties to a joint arrangement each hold the sum.
    pub joint_arrangement: bool,
    /// Types of edges that are control and suffice alone, by their names in the catalogue.
    pub control: Vec<String>,
    /// Types of edges that may be control: enough to doubt, not to decide.
    pub may_control: Vec<String>,
    /// Whether a majority of votes, where votes are no basis, may be control.
    pub votes_may_control: bool,
}

/// One version of a regime's rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Id (`ofac-2014`).
    pub id: String,
    /// First day in force, a full day; `None`: not recorded, holds for all days before `to`.
    pub from: Option<PartialDate>,
    /// First day no longer in force, a full day after `from`; `None`: still in force.
    pub to: Option<PartialDate>,
    /// The test; `None`: in this time only listed parties are affected (suspended rule).
    pub test: Option<Test>,
    /// Where the rule stands.
    pub citation: String,
    /// What a reader must know about it (open questions, caveats).
    pub notes: Vec<String>,
    /// Sentences by outcome, with placeholders ([`Wording::PLACEHOLDERS`]).
    pub wording: Wording,
}

/// Sentences by outcome; [`Wording::fill`] puts the case at hand into one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// The party is on a list itself.
    pub listed: String,
    /// Through ownership or control.
    pub blocked: String,
    /// Not, on the record.
    pub not_blocked: String,
    /// Cannot tell.
    pub indeterminate: String,
}

/// A regime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regime {
    /// Id (`ofac`).
    pub id: String,
    /// Name for people.
    pub title: String,
    /// What it is for.
    pub kind: RegimeKind,
    /// Its lists; a party on any of them is listed. None for beneficial ownership.
    pub lists: Vec<RegimeList>,
    /// Threshold of beneficial ownership in percent, for that kind.
    pub owner_threshold: Option<Percent>,
    /// Versions of its rule, by date, not overlapping.
    pub rules: Vec<Rule>,
}

/// All regimes known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regimes {
    /// Version of the rule data, for answers.
    pub version: String,
    /// The regimes, in the order of the file.
    pub list: Vec<Regime>,
}

impl Wording {
    /// What a sentence may hold: `{entity}` the party's name, `{rule}` the rule's id, `{day}`
    /// the day asked for, `{share}` the share of parties that count (`50`, `25 to 60`) and
    /// `{threshold}`, both in percent and without a percent sign.
    pub const PLACEHOLDERS: [&'static str; 5] = ["entity", "rule", "day", "share", "threshold"];

    /// A sentence with its placeholders filled in from `values`, by name. What is filled in is
    /// not read again, and a placeholder that has no value stays as it is.
    pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
        let mut filled = String::with_capacity(sentence.len());
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let known = after
                .split_once('}')
                .and_then(|(name, after)| values.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value, after)));
            match known {
                Some((value, after)) => {
                    filled.push_str(value);
                    rest = after;
                }
                None => {
                    filled.push('{');
                    rest = after;
                }
            }
        }
        filled.push_str(rest);
        filled
    }
}

/// Plain sentences for rules that bring none of their own.
impl Default for Wording {
    fn default() -> Wording {
        Wording {
            listed: "{entity} is listed itself on {day}: no rule of ownership is needed.".to_owned(),
            blocked: "{entity} is blocked under {rule} on {day} on the record.".to_owned(),
            not_blocked: "{entity} is not blocked under {rule} on {day} on the record.".to_owned(),
            indeterminate: "The record does not settle whether {entity} is blocked under {rule} on {day}.".to_owned(),
        }
    }
}

impl RegimeKind {
    /// The kinds by the words of the data file.
    pub const WORDS: [(&'static str, RegimeKind); 3] = [
        ("sanctions", RegimeKind::Sanctions),
        ("exposure", RegimeKind::Exposure),
        ("beneficial_ownership", RegimeKind::BeneficialOwnership),
    ];
}

impl Aggregation {
    /// The ways to add by the words of the data file.
    pub const WORDS: [(&'static str, Aggregation); 3] =
        [("all", Aggregation::All), ("each", Aggregation::Each), ("unsettled", Aggregation::Unsettled)];
}

impl Basis {
    /// The bases by the words of the data file.
    pub const WORDS: [(&'static str, Basis); 2] = [("shares", Basis::Shares), ("votes", Basis::Votes)];

    /// The word of the data file and of proofs.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Shares => "shares",
            Basis::Votes => "votes",
        }
    }
}

impl Joint {
    /// The ways by the words of the data file.
    pub const WORDS: [(&'static str, Joint); 2] =
        [("any_holder", Joint::AnyHolder), ("all_holders", Joint::AllHolders)];
}

impl RegimeList {
    /// Whether a listing on `list` under `programs` counts; the list `*` is every list. `None`:
    /// the list is right, but only some programmes count and the listing names none.
    pub fn admits(&self, list: &str, programs: &[String]) -> Option<bool> {
        if list == "*" {
            return Some(true);
        }
        if list != self.list {
            return Some(false);
        }
        match (self.programs.is_empty(), programs.is_empty()) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(programs.iter().any(|p| self.programs.contains(p))),
        }
    }
}

impl Rule {
    /// Whether it is in force on a single day (the first one that a partial date may mean).
    pub fn covers(&self, day: PartialDate) -> bool {
        let day = day.first_day();
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }

    /// Whether some day of the interval that a partial date means is one of its days.
    fn touches(&self, day: PartialDate) -> bool {
        self.from.is_none_or(|from| from <= day.last_day()) && self.to.is_none_or(|to| day.first_day() < to)
    }

    /// Its time in words: `from 2014-08-13`, `from 2025-09-29 until 2025-11-10`, `always`;
    /// `until` names the first day no longer in force.
    pub fn span(&self) -> String {
        match (self.from, self.to) {
            (None, None) => "always".to_owned(),
            (Some(from), None) => format!("from {from}"),
            (None, Some(to)) => format!("until {to}"),
            (Some(from), Some(to)) => format!("from {from} until {to}"),
        }
    }
}

impl Regime {
    /// Whether it gives verdicts; the other kinds show exposure or beneficial owners.
    pub fn gives_verdicts(&self) -> bool {
        self.kind == RegimeKind::Sanctions
    }

    /// The lists without which nobody can be said to be on none, given those that are there.
    pub fn lacking(&self, there: impl Fn(&str) -> bool) -> Vec<String> {
        let serves = |needed: &str| {
            self.lists.iter().any(|l| there(&l.list) && matches!(&l.cover, Cover::InsteadOf(of) if of == needed))
        };
        let needed = self.lists.iter().filter(|l| l.cover == Cover::Needed);
        needed.filter(|l| !there(&l.list) && !serves(&l.list)).map(|l| l.list.clone()).collect()
    }

    /// Whether a listing counts under it, see [`RegimeList::admits`].
    pub fn admits(&self, list: &str, programs: &[String]) -> Option<bool> {
        let mut unknown = false;
        for l in &self.lists {
            match l.admits(list, programs) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => unknown = true,
            }
        }
        if unknown { None } else { Some(false) }
    }

    /// The version of its rule that is in force on a day.
    ///
    /// # Errors
    /// A usage error where no version covers the day, naming the times that are covered, and
    /// where a partial date (`2024`) touches days with another version or none.
    pub fn rule_on(&self, day: PartialDate) -> Result<&Rule> {
        let touched: Vec<&Rule> = self.rules.iter().filter(|r| r.touches(day)).collect();
        match touched.as_slice() {
            [] => Err(Error::usage(format!("no rule of regime {:?} is known for {day}", self.id))
                .hint(format!("known: {}; another file can be given with --rules", self.spans(&self.rules)))),
            [one] if one.covers(day.first_day()) && one.covers(day.last_day()) => Ok(one),
            _ => Err(Error::usage(format!("the rule of regime {:?} changed within {day}", self.id))
                .hint(format!("give a full day; known: {}", self.spans(touched.iter().copied())))),
        }
    }

    /// The version of its rule for a day, and whether that is a preview: rules of beneficial
    /// ownership may be asked about before they apply. For other kinds as [`Regime::rule_on`].
    ///
    /// # Errors
    /// As [`Regime::rule_on`].
    pub fn rule_or_preview(&self, day: PartialDate) -> Result<(&Rule, bool)> {
        match self.rules.first() {
            Some(first)
                if self.kind == RegimeKind::BeneficialOwnership
                    && first.from.is_some_and(|from| day.last_day() < from) =>
            {
                Ok((first, true))
            }
            _ => self.rule_on(day).map(|rule| (rule, false)),
        }
    }

    fn spans<'a>(&self, rules: impl IntoIterator<Item = &'a Rule>) -> String {
        let spans: Vec<String> = rules.into_iter().map(|r| format!("{} {}", r.id, r.span())).collect();
        spans.join(", ")
    }
}

impl fmt::Display for Test {
    /// The line in words: `50 percent or more of shares`, `more than 50 percent of shares or votes`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let basis: Vec<&str> = self.basis.iter().map(|b| b.as_str()).collect();
        let basis = basis.join(" or ");
        if self.inclusive {
            write!(f, "{} percent or more of {basis}", self.threshold)
        } else {
            write!(f, "more than {} percent of {basis}", self.threshold)
        }
    }
}

impl Regimes {
    /// The regimes compiled into the program (`data/regimes.json`). Not legal advice.
    pub fn builtin() -> &'static Regimes {
        static BUILTIN: OnceLock<Regimes> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            // The file is part of the program; a unit test proves that it is read whole.
            Regimes::parse(include_str!("../../data/regimes.json"), "data/regimes.json")
                .unwrap_or_else(|_| Regimes { version: String::new(), list: Vec::new() })
        })
    }

    /// These regimes with those of another file: one of the same id is replaced whole, in its
    /// place; others follow. The version names both, so answers show that a file was added.
    #[must_use]
    pub fn extended(&self, other: Regimes) -> Regimes {
        let mut all = Regimes { version: format!("{}+{}", self.version, other.version), list: self.list.clone() };
        for regime in other.list {
            match all.list.iter_mut().find(|r| r.id == regime.id) {
                Some(old) => *old = regime,
                None => all.list.push(regime),
            }
        }
        all
    }

    /// The regimes that give verdicts, in the order of the file.
    pub fn sanctions(&self) -> impl Iterator<Item = &Regime> {
        self.list.iter().filter(|r| r.gives_verdicts())
    }

    /// A regime by its id; an unknown one is an error that names those there are.
    pub fn get(&self, id: &str) -> Result<&Regime> {
        self.list.iter().find(|r| r.id == id).ok_or_else(|| {
            let known: Vec<&str> = self.list.iter().map(|r| r.id.as_str()).collect();
            Error::usage(format!("unknown regime {id:?}")).hint(format!("known: {}", known.join(", ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn day(text: &str) -> PartialDate {
        PartialDate::parse(text).unwrap()
    }

    fn rule(regime: &str, on: &str) -> &'static Rule {
        Regimes::builtin().get(regime).unwrap().rule_on(day(on)).unwrap()
    }

    fn test(regime: &str, on: &str) -> &'static Test {
        rule(regime, on).test.as_ref().unwrap()
    }

    #[test]
    fn builtin_is_read_whole() {
        let all = Regimes::parse(include_str!("../../data/regimes.json"), "data/regimes.json").unwrap();
        assert_eq!(&all, Regimes::builtin());
        let ids: Vec<&str> = all.list.iter().map(|r| r.id.as_str()).collect();
        assert_eq!(ids, ["ofac", "ofac_ssi", "bis", "eu", "uk", "ch", "ca", "un", "au", "amlr", "fatf"]);
        assert_eq!(all.sanctions().map(|r| r.id.as_str()).collect::<Vec<_>>(), ids[..7]);
        assert!(all.version.starts_with("20"));
        assert!(include_str!("../../data/regimes.json").contains("Not legal advice"));
    }

    #[test]
    fn the_description_names_every_rule_and_its_example_is_read() {
        let page = include_str!("../../docs/regimes.md");
        assert!(page.contains(&format!("Version {}.", Regimes::builtin().version)));
        for regime in &Regimes::builtin().list {
            for rule in &regime.rules {
                assert!(page.matches(&format!("`{}`", rule.id)).count() >= 1, "{}", rule.id);
                for date in [rule.from, rule.to].into_iter().flatten() {
                    assert!(page.contains(&date.to_string()), "{} {date}", rule.id);
                }
            }
            for l in &regime.lists {
                assert!(page.contains(&format!("`{}`", l.list)), "{}", l.list);
            }
        }
        let example = page.split_once("```json\n").unwrap().1.split_once("```").unwrap().0;
        let own = Regimes::parse(example, "docs/regimes.md").unwrap();
        assert_eq!(own.list[0].rules[0].test.as_ref().unwrap().to_string(), "25 percent or more of shares or votes");
    }

    #[test]
    fn the_line_changes_with_the_day() {
        for (regime, on, line, aggregation) in [
            ("ofac", "2008-02-14", "50 percent or more of shares", Aggregation::Unsettled),
            ("ofac", "2014-08-12", "50 percent or more of shares", Aggregation::Unsettled),
            ("ofac", "2014-08-13", "50 percent or more of shares", Aggregation::All),
            ("ofac", "2026", "50 percent or more of shares", Aggregation::All),
            ("ofac_ssi", "2019-03-01", "50 percent or more of shares", Aggregation::All),
            ("bis", "2025-09-29", "50 percent or more of shares", Aggregation::All),
            ("bis", "2025-11-09", "50 percent or more of shares", Aggregation::All),
            ("bis", "2026-11-10", "50 percent or more of shares", Aggregation::All),
            ("eu", "1999", "more than 50 percent of shares", Aggregation::All),
            ("eu", "2024-07-02", "more than 50 percent of shares", Aggregation::All),
            ("eu", "2024-07-03", "50 percent or more of shares", Aggregation::All),
            ("uk", "2025-01-15", "more than 50 percent of shares or votes", Aggregation::Each),
            ("ch", "2025-01-15", "more than 50 percent of shares", Aggregation::All),
            ("ca", "2025-01-15", "50 percent or more of shares or votes", Aggregation::Each),
        ] {
            let t = test(regime, on);
            assert_eq!((t.to_string().as_str(), t.aggregation), (line, aggregation), "{regime} on {on}");
        }
        for on in ["2001", "2025-09-28", "2025-11-10", "2026-11-09"] {
            assert_eq!(rule("bis", on).test, None, "no rule of ownership on {on}");
        }
        assert!(rule("bis", "2026-11-10").notes[0].starts_with("Not confirmed"));
    }

    #[test]
    fn control_counts_where_the_law_says_so() {
        for (regime, counts, votes) in [
            ("ofac", false, false),
            ("ofac_ssi", false, false),
            ("bis", false, false),
            ("eu", true, true),
            ("uk", true, false),
            ("ch", true, true),
            ("ca", true, false),
        ] {
            let t = test(regime, "2026-11-24");
            assert_eq!(t.control.iter().any(|c| c == "controls"), counts, "{regime}");
            assert_eq!(t.control.iter().any(|c| c == "appoints_board_of"), counts, "{regime}");
            assert_eq!(t.may_control.iter().any(|c| c == "trustee_of"), counts, "{regime}");
            assert_eq!(t.votes_may_control, votes, "{regime}");
            assert_eq!(t.joint_arrangement, regime == "uk", "{regime}");
            let leaders = ["directs", "leads", "family_of", "acts_for"];
            assert!(!t.control.iter().chain(&t.may_control).any(|c| leaders.contains(&c.as_str())), "{regime}");
        }
    }

    #[test]
    fn every_sentence_says_what_it_must() {
        for regime in &Regimes::builtin().list {
            for rule in &regime.rules {
                let w = &rule.wording;
                for sentence in [&w.listed, &w.blocked, &w.not_blocked, &w.indeterminate] {
                    assert!(sentence.contains("{entity}") && sentence.contains("{day}"), "{}: {sentence}", rule.id);
                    assert!(!sentence.to_lowercase().contains("safe"), "{}: {sentence}", rule.id);
                }
                if rule.test.is_some() {
                    assert!(w.blocked.contains("on {day} on the record"), "{}", rule.id);
                    assert!(w.not_blocked.contains("on {day} on the record"), "{}", rule.id);
                }
                let rebuttable = w.blocked.contains("presumed frozen (rebuttable)");
                assert_eq!(rebuttable, ["eu", "ch"].contains(&regime.id.as_str()), "{}", rule.id);
                if rule.test.as_ref().is_some_and(|t| !t.control.is_empty()) {
                    assert!(w.not_blocked.contains("no proof"), "{}", rule.id);
                }
            }
        }
        assert!(rule("ofac", "2026").wording.not_blocked.contains("FAQ 402"));
    }

    #[test]
    fn a_day_without_a_rule_names_the_times_there_are() {
        let ofac = Regimes::builtin().get("ofac").unwrap();
        let e = ofac.rule_on(day("2008-02-13")).unwrap_err();
        assert_eq!(e.kind(), Kind::Usage);
        assert_eq!(e.message(), "no rule of regime \"ofac\" is known for 2008-02-13");
        let hint = e.next_step().unwrap();
        assert!(hint.contains("ofac-2008 from 2008-02-14 until 2014-08-13, ofac-2014 from 2014-08-13;"), "{hint}");
        let e = Regimes::builtin().get("ofca").unwrap_err();
        assert!(e.next_step().unwrap().contains("ofac, ofac_ssi, bis, eu, uk, ch, ca, un, au, amlr, fatf"));
    }

    #[test]
    fn a_partial_day_must_lie_within_one_version() {
        let ofac = Regimes::builtin().get("ofac").unwrap();
        assert_eq!(ofac.rule_on(day("2014-07")).unwrap().id, "ofac-2008");
        assert_eq!(ofac.rule_on(day("2015")).unwrap().id, "ofac-2014");
        for partly in ["2014", "2014-08", "2008", "2008-02"] {
            let e = ofac.rule_on(day(partly)).unwrap_err();
            assert_eq!(e.message(), format!("the rule of regime \"ofac\" changed within {partly}"));
            assert!(e.next_step().unwrap().starts_with("give a full day; known: ofac-2008 from"), "{partly}");
        }
        let bis = Regimes::builtin().get("bis").unwrap();
        let e = bis.rule_on(day("2025")).unwrap_err();
        assert_eq!(e.next_step().unwrap().matches("bis-").count(), 3, "all versions of that year are named");
    }

    #[test]
    fn beneficial_ownership_may_be_asked_ahead() {
        let all = Regimes::builtin();
        let amlr = all.get("amlr").unwrap();
        assert_eq!(amlr.owner_threshold, Some(Percent::new(25, 1).unwrap()));
        assert!(amlr.rule_on(day("2026-11-24")).is_err());
        let id = |on: &str| amlr.rule_or_preview(day(on)).map(|(r, preview)| (r.id.as_str(), preview)).unwrap();
        assert_eq!(id("2026-11-24"), ("amlr-2027", true));
        assert_eq!(id("2027-07-10"), ("amlr-2027", false));
        assert!(amlr.rule_or_preview(day("2027")).is_err(), "only partly a preview");
        assert!(!all.get("fatf").unwrap().rule_or_preview(day("2000")).unwrap().1);
        assert!(all.get("ca").unwrap().rule_or_preview(day("2023-06-21")).is_err(), "no preview of sanctions");
    }

    #[test]
    fn listings_count_by_list_and_programme() {
        let all = Regimes::builtin();
        let admits = |regime: &str, list: &str, programs: &[&str]| {
            let programs: Vec<String> = programs.iter().map(|p| (*p).to_owned()).collect();
            all.get(regime).unwrap().admits(list, &programs)
        };
        assert_eq!(admits("ofac", "ofac_sdn", &[]), Some(true));
        assert_eq!(admits("ofac", "ofac_ssi", &["UKRAINE-EO13662"]), Some(false));
        assert_eq!(admits("ofac", "*", &[]), Some(true));
        assert_eq!(admits("bis", "bis_meu", &[]), Some(true));
        assert_eq!(admits("bis", "ofac_sdn", &["CUBA", "SDGT"]), Some(true));
        assert_eq!(admits("bis", "ofac_sdn", &["CUBA"]), Some(false));
        assert_eq!(admits("bis", "ofac_sdn", &[]), None, "the programme would decide");
        assert_eq!(admits("bis", "*", &[]), Some(true));
        assert_eq!(admits("amlr", "eu_fsf", &[]), Some(false));
    }

    #[test]
    fn a_file_replaces_whole_regimes_and_adds_others() {
        let own = |id: &str| {
            let text = format!(
                r#"{{"version": "mine", "regimes": [{{"id": "{id}", "title": "T", "kind": "sanctions", "lists": ["l"],
                "rules": [{{"id": "r", "citation": "c", "test": {{"at_least": "25", "aggregation": "all", "basis": ["shares"]}}}}]}}]}}"#
            );
            Regimes::parse(&text, "own.json").unwrap()
        };
        let base = Regimes::builtin();
        let replaced = base.extended(own("eu"));
        assert_eq!(replaced.version, format!("{}+mine", base.version));
        assert_eq!(replaced.list.len(), base.list.len());
        assert_eq!(replaced.list[3].id, "eu");
        assert_eq!(replaced.get("eu").unwrap().rules.len(), 1, "no version of the old one is left");
        assert_eq!(replaced.get("uk").unwrap(), base.get("uk").unwrap());
        let added = base.extended(own("house"));
        assert_eq!(added.list.len(), base.list.len() + 1);
        assert_eq!(added.list.last().unwrap().id, "house");
        assert_eq!(added.get("house").unwrap().rule_on(day("1950")).unwrap().span(), "always");
    }

    #[test]
    fn sentences_are_filled_in_once() {
        let values = [("entity", "A {rule} {x"), ("rule", "r-1"), ("day", "2020")];
        assert_eq!(Wording::fill("{entity}|{rule}|{day}", &values), "A {rule} {x|r-1|2020");
        assert_eq!(Wording::fill("{share} of {entity}", &values), "{share} of A {rule} {x");
        assert_eq!(Wording::fill("{ {day} }{", &values), "{ 2020 }{");
        assert_eq!(Wording::fill("{{rule}}", &values), "{r-1}");
        assert_eq!(Wording::fill("", &values), "");
    }

    #[test]
    fn regimes_of_the_cases_are_known_on_their_days() {
        let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
            println!("skipped: CUIBONO_TEST_DATA not set");
            return;
        };
        let mut asked = 0;
        for entry in std::fs::read_dir(format!("{root}/cases/ownership")).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let case: serde_json::Value = serde_json::from_str(&text).unwrap();
            let on = case["as_of"].as_str().unwrap_or("2026-11-24");
            let regimes: Vec<&str> = match &case["regime"] {
                serde_json::Value::Array(all) => all.iter().filter_map(|r| r.as_str()).collect(),
                one => one.as_str().into_iter().collect(),
            };
            for id in regimes {
                let regime = Regimes::builtin().get(id).unwrap();
                assert!(regime.gives_verdicts(), "{id}");
                regime.rule_on(day(on)).unwrap();
                asked += 1;
            }
        }
        assert!(asked > 50, "{asked}");
    }
}
