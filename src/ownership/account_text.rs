//! The arithmetic of a verdict in words and as JSON.

use super::account::{Account, Counts, Half, More, Summed, Term};
use super::exact::Exact;
use super::judge::{Outcome, Range, end_words};
use super::proof::By;
use super::regime::{Basis, Rule};
use super::shown::mark;
use super::verdict::{range_json, range_words};
use crate::graph::Graph;
use serde_json::{Map, Value, json};

/// Summands that are written out.
const SUMMANDS: usize = 12;

impl Account {
    /// One line for each stake or tie, then the sums and the line of the rule.
    pub fn lines(&self, graph: &Graph) -> Vec<String> {
        let v = &self.verdict;
        let mut out = Vec::new();
        if v.outcome == Outcome::Listed {
            out.push("on a list itself: no share has to be known".to_owned());
        }
        if self.may_be_listed {
            out.push("whether it is on a list itself on that day is not certain".to_owned());
        }
        if !self.tested {
            out.push("the rule has no test on that day: only listed parties are affected".to_owned());
            return self.doubts(out);
        }
        if v.outcome == Outcome::Listed && self.terms.iter().all(|t| t.counts == Counts::Zero) {
            return self.doubts(out);
        }
        if !self.ownable {
            out.push("cannot be owned: what is recorded as held of it decides nothing".to_owned());
        }
        self.followed(graph, &mut out);
        if self.terms.is_empty() {
            out.push("nobody is recorded to hold any of it".to_owned());
        }
        out.extend(self.terms.iter().map(|t| term_line(graph, t)));
        out.extend(self.more.iter().map(more_line));
        match &self.own {
            Some((own, true)) => {
                out.push(format!("its own {} is taken out of the whole, the others are scaled up", range_words(own)));
            }
            Some((own, false)) => out.push(format!("its own {} is held by nobody who counts", range_words(own))),
            None => {}
        }
        if self.over {
            out.push("more than the whole is recorded: nothing is concluded from what others hold".to_owned());
        }
        if let (Some(certain), Some(possible)) = (&self.certain, &self.possible) {
            self.sums(certain, possible, &mut out);
        }
        self.doubts(out)
    }

    /// Whose holdings are followed, where each listed party is looked at alone.
    fn followed(&self, graph: &Graph, out: &mut Vec<String>) {
        let of = |h: &Option<Half>| h.as_ref().and_then(|h| h.principal);
        let name = |p| graph.label(p).to_owned();
        match (of(&self.certain), of(&self.possible)) {
            (None, None) if self.each && self.possible.as_ref().is_some_and(Half::counts_anything) => {
                out.push("counted: what somebody unknown may hold, as the rule goes person by person".to_owned());
            }
            (None, None) => {}
            (Some(a), Some(b)) if a == b => {
                out.push(format!("counted: the holdings of {} alone, as the rule goes person by person", name(a)));
            }
            (a, b) => {
                let who =
                    |p: Option<_>| p.map_or("all listed parties together".to_owned(), |p| format!("{} alone", name(p)));
                out.push(format!("counted for certain: the holdings of {}; as possible: of {}", who(a), who(b)));
            }
        }
    }

    fn sums(&self, certain: &Half, possible: &Half, out: &mut Vec<String>) {
        let share = self.verdict.share.as_ref();
        for p in &possible.sums {
            let c = certain.sums.iter().find(|s| s.basis == p.basis);
            let of = if p.basis == Basis::Votes { " of the votes" } else { "" };
            let by = if p.basis == Basis::Votes { By::Votes } else { By::Shares };
            match c {
                Some(c) if c.bound == p.bound && c.plain == p.plain => {
                    out.push(format!("sum{of}: {}", self.certainly(c, by)));
                }
                Some(c) => {
                    out.push(format!("at least{of}: {}", self.certainly(c, by)));
                    out.push(format!("at most{of}: {}", self.possibly(p, by)));
                }
                None => out.push(format!("at most{of}: {}", self.possibly(p, by))),
            }
            let line = format!("{} {}", if p.line.1 { "at least" } else { "more than" }, p.line.0);
            let met = match (c.is_some_and(|c| c.passes), p.passes) {
                (true, _) => "reached",
                (false, true) => "it may be reached",
                (false, false) => "not reached",
            };
            let ties = self.terms.iter().map(|t| (t.by, t.counts)).chain(self.more.iter().map(|m| (m.by, m.counts)));
            let tie = ties.filter(|(by, _)| *by == By::Control).map(|(_, counts)| counts).min();
            let met = match (met, tie) {
                ("reached", _) | (_, None | Some(Counts::Zero)) => met.to_owned(),
                (_, Some(Counts::Full)) => format!("{met} by {}, but control is enough", by.as_str()),
                (_, Some(Counts::Possible)) => format!("{met} by {}, and control would be enough", by.as_str()),
            };
            out.push(format!("the line is {line}{of}: {met}"));
            // Person by person the answer gives the largest that any one holds.
            if let (Basis::Shares, Some(r), Some(c)) = (p.basis, share, c)
                && (r.min > c.bound.value || r.max > p.bound.value)
            {
                out.push(format!("the largest that any listed party has alone is {}", range_words(r)));
            }
        }
    }

    /// The terms that count as summands.
    fn summands(&self, by: By, least: Counts, end: &dyn Fn(&Range) -> Exact) -> String {
        let counted = self.terms.iter().filter(|t| t.by == by && t.counts <= least);
        let mut parts: Vec<String> = counted.filter_map(|t| t.share.as_ref().map(|r| end(r).to_string())).collect();
        let rest = self.more.iter().filter(|m| m.by == by && m.counts <= least);
        parts.extend(rest.map(|m| end(&m.sum).to_string()));
        if parts.len() > SUMMANDS {
            let cut = parts.len() - SUMMANDS;
            parts.truncate(SUMMANDS);
            parts.push(format!("{cut} more"));
        }
        if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") }
    }

    fn certainly(&self, s: &Summed, by: By) -> String {
        let bound = end_words(&s.bound.value, s.bound.open, "more than");
        if s.bound.value != s.plain {
            let others = &Exact::HUNDRED - &s.bound.value;
            return format!("all holders are recorded, and all others hold at most {others}: 100 - {others} = {bound}");
        }
        equation(self.summands(by, Counts::Full, &|r| r.min.clone()), &s.bound.value, bound)
    }

    fn possibly(&self, s: &Summed, by: By) -> String {
        let bound = end_words(&s.bound.value, s.bound.open, "less than");
        let others = &Exact::HUNDRED - &s.bound.value;
        if self.remainder && s.bound.value != s.plain {
            return format!(
                "what nobody is recorded to hold may be theirs: 100 - {others} (surely held by others) = {bound}"
            );
        }
        let parts = self.summands(by, Counts::Possible, &|r| r.max.clone());
        if s.bound.value != s.plain {
            let plain = equation(parts, &s.plain, s.plain.to_string());
            return format!("{plain}, but others surely hold {others}: 100 - {others} = {bound}");
        }
        equation(parts, &s.bound.value, bound)
    }

    /// What keeps the verdict from being decided, beside the stakes.
    fn doubts(&self, mut out: Vec<String>) -> Vec<String> {
        let absent: Vec<&str> = self.verdict.warnings.iter().filter_map(|w| w.strip_prefix("no_list:")).collect();
        if !absent.is_empty() {
            out.push(format!("whether it is listed cannot be said without: {}", absent.join(", ")));
        }
        out
    }

    /// The verdict with its arithmetic as JSON; `docs/json.md` has the members.
    pub fn json(&self, graph: &Graph, rule: &Rule) -> Value {
        let v = &self.verdict;
        let id = |n: &crate::graph::Node| Value::from(graph.show_id(graph.id(*n)));
        let term = |t: &Term| {
            json!({
                "holders": t.holders.iter().map(id).collect::<Vec<_>>(), "edges": t.edges, "by": t.by.as_str(),
                "share": t.share.as_ref().map(range_json), "counts": t.counts.as_str(), "why": t.why,
            })
        };
        let mut m = Map::new();
        m.insert("verdict".into(), v.outcome.as_str().into());
        m.insert("share".into(), v.share.as_ref().map(range_json).into());
        m.insert("wording".into(), v.wording.clone().into());
        m.insert("arithmetic".into(), json!(self.lines(graph)));
        m.insert("terms".into(), self.terms.iter().map(term).collect());
        m.insert("missing".into(), json!(v.missing));
        m.insert("missing_truncated".into(), v.missing_cut.into());
        m.insert("marks".into(), json!(mark(v, rule).into_iter().collect::<Vec<_>>()));
        m.insert("warnings".into(), json!(v.warnings));
        m.into()
    }
}

/// `50 + 25 = 75`; a single number needs no sum. `words` are the sum as it is said.
fn equation(parts: String, sum: &Exact, words: String) -> String {
    if parts == sum.to_string() { words } else { format!("{parts} = {words}") }
}

fn more_line(m: &More) -> String {
    let how = match m.counts {
        Counts::Full => "count",
        Counts::Possible => "may count",
        Counts::Zero => "count as 0",
    };
    let plural = if m.n == 1 { "" } else { "s" };
    let n = m.n;
    match m.by {
        By::Control => format!("{n} more tie{plural} of control {how}"),
        By::Votes => format!("{n} more stake{plural} in the votes, together {}, {how}", range_words(&m.sum)),
        By::Shares => format!("{n} more stake{plural}, together {}, {how}", range_words(&m.sum)),
    }
}

fn term_line(graph: &Graph, t: &Term) -> String {
    let mut who: Vec<&str> = t.holders.iter().take(5).map(|h| graph.label(*h)).collect();
    if t.holders.len() > 5 {
        who.push("others");
    }
    let who = who.join(" and ");
    let verb = t.edge_type.replace('_', " ");
    let verb = if verb.is_empty() { "supposed".to_owned() } else { verb };
    let Some(r) = &t.share else {
        let counts = match t.counts {
            Counts::Full => "enough alone",
            Counts::Possible => "enough alone if it holds",
            Counts::Zero => "counts as 0",
        };
        return format!("tie of control by {who} ({verb}): {counts}: {}", t.why);
    };
    let unknown = r.min == Exact::ZERO && r.min_open && r.max == Exact::HUNDRED;
    let share = if unknown { "an unknown share".to_owned() } else { range_words(r) };
    let of = if t.by == By::Votes { " of the votes" } else { "" };
    let jointly = if t.holders.len() > 1 { "jointly " } else { "" };
    let counts = match t.counts {
        Counts::Full if r.min == r.max => "counts in full".to_owned(),
        Counts::Full => format!("counts with {} at least, {} at most", r.least_words(), r.most_words()),
        Counts::Possible => format!("may count, as 0 at least, {} at most", r.most_words()),
        Counts::Zero => "counts as 0".to_owned(),
    };
    format!("{share}{of} held {jointly}by {who} ({verb}): {counts}: {}", t.why)
}
