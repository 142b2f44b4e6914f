//! Outcomes over time: from which day to which day a party was what, and why that changed.

use super::cause::{Cause, CauseKind, Compare, State, rule};
use super::changes::Changes;
use super::ground::Ground;
use super::holdings::Conventions;
use super::judge::{Judge, Judged, Outcome, Range};
use super::regime::{Regime, Regimes, Rule};
use super::run::Scope;
use crate::error::{Error, Result};
use crate::graph::{Dir, Node, View};
use crate::model::PartialDate;
use std::collections::{BTreeSet, HashSet};

/// Days on which something changes, at most.
const MAX_POINTS: usize = 10_000;
/// Such days times the parties upstream, at most.
const MAX_WORK: usize = 20_000_000;
/// Parties looked at to find the causes of one change.
const SUPPOSED: usize = 2_000_000;

/// A time in which the outcome under a regime stays the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Regime id.
    pub regime: String,
    /// First day.
    pub from: PartialDate,
    /// First day no longer.
    pub to: PartialDate,
    /// The outcome; `None`: no rule is known for this time.
    pub outcome: Option<Outcome>,
    /// What listed and blocked parties hold of its shares; `None` where the rule has no test.
    pub share: Option<Range>,
    /// What made it other than in the time before; empty for the first.
    pub cause: Vec<Cause>,
}

/// The outcomes of one party over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    /// The party.
    pub node: Node,
    /// First day.
    pub from: PartialDate,
    /// First day no longer asked for.
    pub to: PartialDate,
    /// By regime in the order asked for, then by day, without gaps.
    pub list: Vec<Period>,
    /// What the last day's verdicts rest on, by regime that has a rule for it.
    pub grounds: Vec<Ground>,
}

/// What was found for one regime from one day on.
struct Found<'r> {
    rule: Option<&'r Rule>,
    outcome: Option<Outcome>,
    share: Option<Range>,
    judged: Judged,
    /// Lists that cannot be searched.
    missing: Vec<String>,
}

/// The days within a time on which anything upstream of a party changes, and how many parties
/// there are upstream of it on any day.
fn points(
    judge: &Judge<'_, '_, '_>,
    regimes: &[&Regime],
    n: Node,
    from: PartialDate,
    to: PartialDate,
) -> Result<(Vec<PartialDate>, usize)> {
    let mut days: BTreeSet<PartialDate> = BTreeSet::new();
    let mut add = |d: Option<PartialDate>| -> Result<()> {
        // Each reading of a partial date ends where all or none of its days have passed.
        for day in d.iter().flat_map(|d| [d.first_day(), d.last_day()]).filter(|d| *d > from && *d < to) {
            days.insert(day);
        }
        if days.len() > MAX_POINTS {
            return Err(Error::usage(format!("something upstream changes on more than {MAX_POINTS} days"))
                .hint("ask for a shorter time"));
        }
        Ok(())
    };
    let (view, graph) = (judge.view, judge.view.graph());
    let mut nodes = vec![n];
    let mut seen: HashSet<Node> = HashSet::from([n]);
    let mut at = 0;
    while let Some(x) = nodes.get(at).copied() {
        at += 1;
        for k in graph.links(x, Dir::In).filter(|k| judge.holdings.counts(k.edge) && view.sees(k.edge)) {
            let (start, end) = graph.dates(k.edge);
            [start, end, view.ended(k.edge)].into_iter().try_for_each(&mut add)?;
            if seen.insert(k.other) {
                nodes.push(k.other);
            }
        }
    }
    // Those who act together with somebody upstream count with them, wherever they stand.
    let arranged = view.arranged()?;
    let upstream = nodes.len();
    nodes.extend(arranged.into_iter().map(|(n, _)| n).filter(|n| seen.insert(*n)));
    for x in nodes {
        for l in view.listings(x) {
            if l.list == "*" || regimes.iter().any(|r| r.lists.iter().any(|m| m.list == l.list)) {
                [l.from, l.from_at_latest, l.to].into_iter().try_for_each(&mut add)?;
            }
        }
    }
    judge.lists.doubts().map(Some).try_for_each(&mut add)?;
    for r in regimes {
        r.rules.iter().flat_map(|r| [r.from, r.to]).try_for_each(&mut add)?;
        judge.coverage(r).used.into_iter().map(|u| Some(u.first)).try_for_each(&mut add)?;
    }
    Ok((days.into_iter().collect(), upstream))
}

/// The outcome for a party under some regimes from one day up to another, which is the first
/// one no longer asked for; partial dates mean their first day. What the view shows is judged
/// as it is known there; conventions hold for all days.
///
/// # Errors
/// A usage error for a regime without verdicts, for a time that is none, and where more
/// changes upstream than can be looked at.
pub fn over<'v, 'g, 'r>(
    view: &'v View<'g>,
    regimes: &'r Regimes,
    chosen: &[&'r Regime],
    conventions: Conventions,
    n: Node,
    (from, to): (PartialDate, PartialDate),
) -> Result<Over> {
    let (from, to) = (from.first_day(), to.first_day());
    if from >= to {
        return Err(Error::usage(format!("there is no day from {from} up to before {to}"))
            .hint("give the first day and the first day no longer asked for: 2020-01-01..2024-01-01"));
    }
    let judge = |day| Judge::new(view, regimes, day, conventions, Changes::default());
    let mut now = judge(from)?;
    if let Some(r) = chosen.iter().find(|r| !r.gives_verdicts()) {
        now.rule(r)?;
    }
    let (days, upstream) = points(&now, chosen, n, from, to)?;
    if days.len().saturating_mul(upstream) > MAX_WORK {
        return Err(Error::usage(format!("{} days of change and {upstream} parties upstream", days.len()))
            .hint("that is too much to look at: ask for a shorter time"));
    }
    let mut back = judge(from)?;
    let mut probes = [judge(from)?, judge(from)?];
    let mut before: Vec<Found<'r>> = Vec::new();
    let mut lists: Vec<Vec<Period>> = chosen.iter().map(|_| Vec::new()).collect();
    let mut last = from;
    for day in std::iter::once(from).chain(days) {
        now.again(day, Changes::default());
        let scope = Scope::above(&mut now.holdings, n)?;
        let mut here = Vec::with_capacity(chosen.len());
        for r in chosen {
            here.push(found(&mut now, r, &scope, n)?);
        }
        for (i, ((r, f), periods)) in chosen.iter().zip(&here).zip(&mut lists).enumerate() {
            if let Some(p) = periods.last_mut() {
                if (p.outcome, &p.share) == (f.outcome, &f.share) {
                    continue;
                }
                p.to = day;
            }
            let cause = match before.get(i) {
                Some(was) => {
                    back.again(last, Changes::default());
                    let [a, b] = &mut probes;
                    a.again(last, Changes::default());
                    b.again(day, Changes::default());
                    causes(r, [&mut back, &mut now], &mut probes, [was, f], n)?
                }
                None => Vec::new(),
            };
            let (outcome, share) = (f.outcome, f.share.clone());
            periods.push(Period { regime: r.id.clone(), from: day, to, outcome, share, cause });
        }
        (before, last) = (here, day);
    }
    let grounds = chosen.iter().filter_map(|r| Some(now.ground(r, r.rule_on(last).ok()?))).collect();
    Ok(Over { node: n, from, to, list: lists.into_iter().flatten().collect(), grounds })
}

fn found<'r>(judge: &mut Judge<'_, '_, 'r>, regime: &'r Regime, scope: &Scope, n: Node) -> Result<Found<'r>> {
    let mut out = Found { rule: None, outcome: None, share: None, judged: Judged::default(), missing: Vec::new() };
    let Ok(rule) = regime.rule_on(judge.day()) else { return Ok(out) };
    match &rule.test {
        Some(test) => out.judged = judge.judge(regime, test, Some(scope))?,
        None => {
            let own = judge.listed_only(regime, n)?;
            out.judged.found.insert(n, own);
        }
    }
    let own = out.judged.found.get(&n).cloned().unwrap_or_default();
    let v = judge.verdict(regime, rule, n, own)?;
    (out.rule, out.outcome, out.share) = (Some(rule), Some(v.outcome), v.share);
    out.missing = judge.coverage(regime).missing;
    Ok(out)
}

fn causes<'v, 'g, 'r>(
    regime: &'r Regime,
    [back, now]: [&mut Judge<'v, 'g, 'r>; 2],
    probes: &mut [Judge<'v, 'g, 'r>; 2],
    [was, is]: [&Found<'r>; 2],
    n: Node,
) -> Result<Vec<Cause>> {
    if was.rule.is_none() || is.rule.is_none() {
        return Ok(vec![rule(was.rule, is.rule)]);
    }
    let mut out = Vec::new();
    let day = now.day();
    let used = now.coverage(regime).used;
    let own = |f: &Found<'_>| f.judged.found.get(&n).map(|f| (f.outcome, f.share.clone()));
    if own(was) != own(is) || was.rule != is.rule {
        let states = [
            State { judge: back, rule: was.rule, found: &was.judged },
            State { judge: now, rule: is.rule, found: &is.judged },
        ];
        out = Compare::new(regime, states, probes, SUPPOSED).why(n)?;
    }
    if was.missing != is.missing {
        // From here on somebody who is not found on the list is known not to be on it.
        for u in used.into_iter().filter(|u| u.first.first_day() == day) {
            let words = format!("first release of {} in the store ({})", u.list, u.source);
            out.push(Cause { kind: CauseKind::ListRelease, id: u.list, ends: None, share: None, words });
        }
    }
    Ok(out)
}
