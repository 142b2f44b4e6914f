//! Verdicts by brute force: the parties affected are what all sets that keep the rule have in
//! common, found by trying every set.

use super::reading::{Kind, Network, Q, Sure, q};
use super::regimes::{self, Adds, Test};
use super::stakes::{Basis, Holdings, Run, Set, ids};
use num_traits::Zero;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Up to so many parties in question every set is tried; beyond, rounds are repeated until
/// nothing changes.
const TRIED: usize = 12;

/// What is found of one party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) verdict: &'static str,
    /// Least and most percent of its shares that affected parties hold.
    pub(super) share: Option<(Q, Q)>,
    /// Ids of the edges that would have to be known better.
    pub(super) missing: BTreeSet<String>,
}

/// What is found of all parties of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Findings {
    pub(super) parties: BTreeMap<String, Finding>,
    pub(super) warnings: BTreeSet<String>,
}

/// A tie of control: holder, whether certain, edge.
type Tie = (usize, bool, usize);

struct Judge<'a> {
    net: &'a Network,
    test: &'a Test,
    shares: Vec<Holdings>,
    votes: Vec<Holdings>,
    ties: Vec<Vec<Tie>>,
    /// Holders of anything in a party, each once.
    holders: Vec<Vec<usize>>,
    tried: usize,
}

/// Sets that the certain run found, and those of the possible run each with the certain one it
/// is held against.
struct Runs {
    certain: Vec<Set>,
    possible: Vec<(Set, Set)>,
}

impl<'a> Judge<'a> {
    fn new(net: &'a Network, test: &'a Test, tried: usize) -> Judge<'a> {
        let all = 0..net.nodes.len();
        let of = |basis| all.clone().map(|t| Holdings::of(net, t, basis, test.all_holders)).collect::<Vec<_>>();
        let mut ties: Vec<Vec<Tie>> = vec![Vec::new(); net.nodes.len()];
        for (i, e) in net.edges.iter().enumerate().filter(|(_, e)| e.sure > Sure::Never) {
            let named = |list: &[&str]| list.contains(&e.name.as_str());
            let ambiguous = e.kind == Kind::Ambiguous && !test.control.is_empty();
            if named(test.control) || named(test.may_control) || ambiguous {
                ties[e.to].push((e.from, named(test.control) && e.sure == Sure::Certain, i));
            }
        }
        let (shares, votes): (Vec<Holdings>, Vec<Holdings>) = (of(Basis::Shares), of(Basis::Votes));
        let holders = all
            .clone()
            .map(|t| {
                let stakes = shares[t].stakes.iter().chain(&votes[t].stakes);
                let of_stakes = stakes.flat_map(|s| s.holders.keys().copied());
                of_stakes.chain(ties[t].iter().map(|tie| tie.0)).collect::<BTreeSet<_>>().into_iter().collect()
            })
            .collect();
        Judge { net, test, shares, votes, ties, holders, tried }
    }

    fn passes(&self, h: &Holdings, set: &Set, run: Run) -> bool {
        let limit = if run == Run::Certain { h.inf(set) } else { h.sup(set) };
        match limit.value.cmp(&self.test.threshold) {
            Ordering::Greater => true,
            Ordering::Less => false,
            // "More than 25" twice is more than 50; "less than 50" never is 50.
            Ordering::Equal if run == Run::Certain => self.test.inclusive || limit.open,
            Ordering::Equal => self.test.inclusive && !limit.open,
        }
    }

    /// Whether a party falls under the test when exactly these are affected.
    fn falls(&self, t: usize, set: &Set, run: Run) -> bool {
        if !self.net.nodes[t].ownable {
            return false;
        }
        let tied = |(h, certain, _): &Tie| *h != t && set[*h] && (*certain || run == Run::Possible);
        let may = || run == Run::Possible && self.test.votes_may_control && self.votes[t].sup(set).value > q("50");
        self.passes(&self.shares[t], set, run)
            || (self.test.votes && self.passes(&self.votes[t], set, run))
            || (!self.test.votes && may())
            || self.ties[t].iter().any(tied)
    }

    /// The least set that holds the seeds and keeps the rule.
    fn least(&self, seeds: &Set, run: Run) -> Set {
        let open: Vec<usize> = (0..self.net.nodes.len()).filter(|t| !seeds[*t] && self.net.nodes[*t].ownable).collect();
        if open.len() > self.tried {
            return self.by_rounds(seeds, run);
        }
        let mut known: HashMap<(usize, Set), bool> = HashMap::new();
        let mut falls = |t: usize, set: &Set| {
            let key = (t, self.holders[t].iter().map(|h| set[*h]).collect());
            *known.entry(key).or_insert_with(|| self.falls(t, set, run))
        };
        let mut common = vec![true; self.net.nodes.len()];
        for choice in 0..1u32 << open.len() {
            let mut set = seeds.clone();
            for (bit, t) in open.iter().enumerate() {
                set[*t] = choice >> bit & 1 == 1;
            }
            if open.iter().all(|t| set[*t] || !falls(*t, &set)) {
                common.iter_mut().zip(&set).for_each(|(c, s)| *c &= s);
            }
        }
        common
    }

    fn by_rounds(&self, seeds: &Set, run: Run) -> Set {
        let mut set = seeds.clone();
        loop {
            let next: Set = (0..set.len()).map(|t| set[t] || self.falls(t, &set, run)).collect();
            if next == set {
                return set;
            }
            set = next;
        }
    }

    /// A listed party, with those it has a joint arrangement with.
    fn principal(&self, p: usize) -> Set {
        let nodes = &self.net.nodes;
        let partner = |i: usize| {
            self.test.joint_arrangement && nodes[i].arrangements.iter().any(|a| nodes[p].arrangements.contains(a))
        };
        (0..nodes.len()).map(|i| i == p || partner(i)).collect()
    }

    fn runs(&self, listed: &[Sure]) -> Runs {
        let at_least = |s: Sure| -> Set { listed.iter().map(|l| *l >= s).collect() };
        let none: Set = vec![false; listed.len()];
        let certain_all = || self.least(&at_least(Sure::Certain), Run::Certain);
        let possible_all = || self.least(&at_least(Sure::Possible), Run::Possible);
        let certain_of = |p: usize| match listed[p] {
            Sure::Certain => self.least(&self.principal(p), Run::Certain),
            _ => none.clone(),
        };
        let principals: Vec<usize> = (0..listed.len()).filter(|p| listed[*p] > Sure::Never).collect();
        let each: Vec<Set> = principals.iter().map(|p| certain_of(*p)).collect();
        match self.test.adds {
            Adds::All => {
                let certain = certain_all();
                Runs { possible: vec![(possible_all(), certain.clone())], certain: vec![certain] }
            }
            Adds::Each => {
                let reach = |p: &usize| self.least(&self.principal(*p), Run::Possible);
                let mut possible: Vec<(Set, Set)> = principals.iter().map(reach).zip(each.iter().cloned()).collect();
                // Somebody unknown may be a listed person, too.
                possible.push((self.least(&none, Run::Possible), none.clone()));
                Runs { possible, certain: each }
            }
            Adds::Unsettled => {
                let any = (0..listed.len()).map(|i| each.iter().any(|s| s[i])).collect();
                Runs { possible: vec![(possible_all(), any)], certain: each }
            }
        }
    }

    /// The edges that leave a party in doubt, its own and those further up.
    fn missing(&self, t: usize, reach: &Set, certain: &Set) -> BTreeSet<String> {
        let (mut seen, mut next, mut edges) = (BTreeSet::new(), vec![t], BTreeSet::new());
        while let Some(n) = next.pop() {
            if !seen.insert(n) {
                continue;
            }
            let on_votes = self.test.votes || self.test.votes_may_control;
            let votes = self.votes[n].stakes.iter().filter(|_| on_votes);
            for s in self.shares[n].stakes.iter().chain(votes) {
                let from: Vec<usize> = s.holders.keys().copied().filter(|h| *h != n && reach[*h]).collect();
                if !from.is_empty() && !s.bounds.is_exact() {
                    edges.extend(s.edges.iter().copied());
                }
                next.extend(from.into_iter().filter(|h| !certain[*h]));
            }
            for (h, sure, edge) in self.ties[n].iter().filter(|(h, ..)| *h != n && reach[*h]) {
                if !sure {
                    edges.insert(*edge);
                }
                next.extend(Some(*h).filter(|h| !certain[*h]));
            }
        }
        ids(self.net, edges)
    }

    fn finding(&self, t: usize, listed: Sure, runs: &Runs) -> Finding {
        let falls = |set: &Set, run| self.falls(t, set, run);
        let verdict = if listed == Sure::Certain {
            "listed"
        } else if runs.certain.iter().any(|s| falls(s, Run::Certain)) {
            "blocked"
        } else if listed == Sure::Possible || runs.possible.iter().any(|(s, _)| falls(s, Run::Possible)) {
            "indeterminate"
        } else {
            "not_blocked"
        };
        let least = runs.certain.iter().map(|s| self.shares[t].inf(s).value).max().unwrap_or_else(Q::zero);
        let most = runs.possible.iter().map(|(s, _)| self.shares[t].sup(s).value).max().unwrap_or_else(Q::zero);
        let mut missing = BTreeSet::new();
        if verdict == "indeterminate" {
            for (reach, certain) in runs.possible.iter().filter(|(s, _)| s[t]) {
                missing.extend(self.missing(t, reach, certain));
            }
        }
        Finding { verdict, share: Some((least, most)), missing }
    }

    fn warnings(&self) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        let votes = self.votes.iter().filter(|_| self.test.votes || self.test.votes_may_control);
        for (h, basis) in self.shares.iter().map(|h| (h, "owns")).chain(votes.map(|h| (h, "votes"))) {
            all.extend(warnings(self.net, h, basis));
        }
        all
    }
}

/// What is odd about the stakes in one party.
pub(super) fn warnings(net: &Network, h: &Holdings, basis: &str) -> Vec<String> {
    let mut all = Vec::new();
    let by_others = h.stakes.iter().any(|s| s.holders.keys().any(|p| *p != h.target));
    if !net.nodes[h.target].ownable && by_others {
        all.push(format!("not_ownable:{}", net.nodes[h.target].id));
    }
    if h.over_100 {
        all.push(format!("over_100:{}:{basis}", net.nodes[h.target].id));
    }
    for edges in &h.conflicts {
        let ids: Vec<String> = ids(net, edges.iter().copied()).into_iter().collect();
        all.push(format!("conflict:{}", ids.join(",")));
    }
    all
}

/// How far each party is listed under any of these lists.
fn listed(net: &Network, lists: &[&str]) -> Vec<Sure> {
    // `?LIST`: only under some programmes, so that a listing that names none is in doubt.
    let most = |list: &String| match () {
        () if list == "*" || lists.contains(&list.as_str()) => Sure::Certain,
        () if lists.contains(&format!("?{list}").as_str()) => Sure::Possible,
        () => Sure::Never,
    };
    let of = |all: &[(String, Sure)]| all.iter().map(|(l, s)| most(l).min(*s)).max();
    net.nodes.iter().map(|n| of(&n.listed).unwrap_or(Sure::Never)).collect()
}

fn judge_with(net: &Network, lists: &[&str], test: Option<&Test>, tried: usize) -> Findings {
    let listed = listed(net, lists);
    let names = net.nodes.iter().map(|n| n.id.clone());
    let Some(test) = test else {
        let verdict = |s: &Sure| match s {
            Sure::Certain => "listed",
            Sure::Possible => "indeterminate",
            Sure::Never => "not_blocked",
        };
        let found = |s| Finding { verdict: verdict(s), share: None, missing: BTreeSet::new() };
        return Findings { parties: names.zip(listed.iter().map(found)).collect(), warnings: BTreeSet::new() };
    };
    let judge = Judge::new(net, test, tried);
    let runs = judge.runs(&listed);
    let found = (0..listed.len()).map(|t| judge.finding(t, listed[t], &runs));
    Findings { parties: names.zip(found).collect(), warnings: judge.warnings() }
}

/// Verdicts on all parties of a document under a regime on a day.
pub(super) fn judge(doc: &Value, regime: &str, day: &str) -> Findings {
    let regime = regimes::on(regime, day);
    judge_with(&Network::read(doc, day), regime.lists, regime.test.as_ref(), TRIED)
}

/// The same with rounds in place of all sets, to see that both agree.
pub(super) fn judge_by_rounds(doc: &Value, regime: &str, day: &str) -> Findings {
    let regime = regimes::on(regime, day);
    judge_with(&Network::read(doc, day), regime.lists, regime.test.as_ref(), 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// Verdict, least and most of party `A` under a test, on 2025-01-15.
    fn a(doc: &Value, test: &Test) -> (&'static str, String, Vec<String>) {
        let found = judge_with(&Network::read(doc, "2025-01-15"), &[], Some(test), TRIED);
        let a = &found.parties["A"];
        let (least, most) = a.share.as_ref().unwrap();
        (a.verdict, format!("{least} {most}"), a.missing.iter().cloned().collect())
    }

    fn doc(edges: Value) -> Value {
        let person = |id: &str, listed: bool| json!({"id": id, "type": "person", "listed": listed});
        let firm = |id: &str| json!({"id": id, "type": "company"});
        let nodes = [person("X", true), person("Y", true), person("U", false), firm("A"), firm("B")];
        json!({"nodes": nodes, "edges": edges})
    }

    fn owns(id: &str, from: &str, to: &str, share: Value) -> Value {
        json!({"id": id, "source": from, "target": to, "type": "owns", "share": share})
    }

    #[test]
    fn unsettled_addition_is_certain_each_and_possible_all() {
        let d = doc(json!([owns("e1", "X", "A", json!("30")), owns("e2", "Y", "A", json!("30"))]));
        let unsettled = Test { adds: Adds::Unsettled, ..regimes::plain(true) };
        assert_eq!(a(&d, &unsettled), ("indeterminate", "30 60".into(), vec![]));
        assert_eq!(a(&d, &regimes::plain(true)).0, "blocked");
        assert_eq!(a(&d, &Test { adds: Adds::Each, ..regimes::plain(true) }).0, "not_blocked");
    }

    #[test]
    fn joint_holdings_and_arrangements() {
        let mut edges = json!([owns("e1", "X", "A", json!("60")), owns("e2", "U", "A", json!("60"))]);
        edges.as_array_mut().unwrap().iter_mut().for_each(|e| e["joint"] = json!("j"));
        assert_eq!(a(&doc(edges.clone()), &regimes::plain(true)).0, "blocked");
        assert_eq!(a(&doc(edges.clone()), &Test { all_holders: true, ..regimes::plain(true) }).0, "not_blocked");
        edges[0]["status"] = json!("alleged");
        assert_eq!(a(&doc(edges), &regimes::plain(true)).0, "indeterminate");
        let mut d = doc(json!([owns("e1", "X", "A", json!("30")), owns("e2", "U", "A", json!("30"))]));
        d["nodes"][0]["joint_arrangement"] = json!("pact");
        d["nodes"][2]["joint_arrangement"] = json!(["pact", "other"]);
        let uk = Test { adds: Adds::Each, joint_arrangement: true, ..regimes::plain(false) };
        assert_eq!(a(&d, &uk), ("blocked", "60 60".into(), vec![]));
        assert_eq!(a(&d, &Test { joint_arrangement: false, ..uk }).0, "not_blocked");
    }

    #[test]
    fn control_that_may_be() {
        let d = doc(json!([
            {"id": "e1", "source": "X", "target": "A", "type": "influences"},
            {"id": "e2", "source": "X", "target": "A", "type": "votes", "share": {"exclusive_min": "25", "max": "50"}},
            owns("e3", "A", "A", json!("10")),
        ]));
        assert_eq!(a(&d, &regimes::plain(true)).0, "not_blocked");
        let may = Test { may_control: &["influences"], ..regimes::plain(true) };
        assert_eq!(a(&d, &may), ("indeterminate", "0 0".into(), vec!["e1".into()]));
        let votes = Test { votes_may_control: true, ..regimes::plain(true) };
        assert_eq!(a(&d, &votes).0, "not_blocked", "at most half is no majority");
        let mut more = d.clone();
        more["edges"][1]["share"]["max"] = json!("51");
        assert_eq!(a(&more, &votes), ("indeterminate", "0 0".into(), vec!["e2".into()]));
    }

    #[test]
    fn complete_lists_open_worlds_and_own_shares() {
        let mut d = doc(json!([
            owns("e1", "X", "A", json!(null)),
            owns("e2", "U", "A", json!({"min": "10", "exclusive_max": "50"}))
        ]));
        assert_eq!(a(&d, &regimes::plain(true)), ("indeterminate", "0 90".into(), vec!["e1".into()]));
        d["complete"] = json!(true);
        assert_eq!(a(&d, &regimes::plain(false)), ("blocked", "50 90".into(), vec![]), "the rest is more than 50");
        let mut d =
            doc(json!([owns("e1", "X", "A", json!("45")), owns("e2", "U", "A", json!({"exclusive_min": "50"}))]));
        d["unknown_remainder"] = json!("indeterminate");
        assert_eq!(a(&d, &regimes::plain(true)), ("not_blocked", "45 50".into(), vec![]), "less than 50 is left");
        let mut d = doc(json!([owns("e1", "X", "A", json!("40")), owns("e2", "A", "A", json!(null))]));
        d["nodes"][3]["treasury"] = json!("exclude");
        assert_eq!(a(&d, &regimes::plain(true)), ("indeterminate", "40 100".into(), vec!["e1".into()]));
    }

    #[test]
    fn reports_of_one_stake() {
        let reports = |shares: &[(&str, &str)]| {
            let edge = |(i, (share, status)): (usize, &(&str, &str))| {
                let mut e = owns(&format!("e{i}"), "X", "A", json!(share));
                e["status"] = json!(status);
                e
            };
            doc(shares.iter().enumerate().map(edge).collect())
        };
        let ofac = |d: &Value| {
            let found = judge(d, "ofac", "2025-01-15");
            (a(d, &regimes::plain(true)).1, found.warnings.into_iter().collect::<Vec<_>>().join(" "))
        };
        let s = "asserted";
        assert_eq!(ofac(&reports(&[("40", s), ("60", s)])), ("40 60".into(), "conflict:e0,e1".into()));
        assert_eq!(ofac(&reports(&[("40", s), ("60", "alleged")])), ("40 60".into(), "conflict:e0,e1".into()));
        assert_eq!(ofac(&reports(&[("40", s), ("20", "alleged")])), ("40 40".into(), "conflict:e0,e1".into()));
        assert_eq!(ofac(&reports(&[("40", "disputed"), ("60", "alleged")])), ("0 60".into(), String::new()));
        assert_eq!(ofac(&reports(&[("40", s), ("60", "withdrawn")])), ("40 40".into(), String::new()));
    }
}
