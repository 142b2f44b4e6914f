//! Which parties may be the same: what rules merge by themselves, and what is for a person to look at.
//!
//! A rule merges on a shared strong identifier (see [`Identifier::is_strong`]), on a passport with the
//! same day of birth, or on the word of a source that is trusted with it, and only if nothing speaks against it in any party of
//! either entity. Everything else that shares an identifier is for review. Nothing here is kept: a
//! suggestion becomes something when it is decided.

use super::evidence::{Evidence, compared};
use super::fold::Fold;
use super::schemes::{Identifier, identifiers};
use crate::error::Result;
use crate::graph::{Dir, Filter, Graph, Node, View};
use crate::model::{FuzzyDate, PartialDate, Ruling, prop};
use crate::names::Scheme;
use crate::names::{Band, Scratch};
use crate::store::{Decided, Decider};
use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Name and version of the rules, as decisions of theirs name it.
pub const RULES: &str = "strong-identifiers/1";
/// An identifier of more parties than this names none of them.
const CROWD: usize = 64;
/// Up to so many parties of one identifier, each is compared with each; else with the first.
const ALL_PAIRS: usize = 8;
/// Parties of an entity that are looked at for what speaks against a merge.
const MEMBERS: usize = 64;

/// How the ids that OpenSanctions makes of the entries of lists read here.
const ENTRY_IDS: [(&str, &str); 2] = [("ofac-", "ofac"), ("gb-hmt-", "uk.ofsi")];

/// The party that an id of OpenSanctions means, where it is one made of an entry's number.
pub fn from_entry_id(id: &str) -> Option<String> {
    ENTRY_IDS.iter().find_map(|(prefix, space)| Some(format!("{space}:{}", id.strip_prefix(prefix)?)))
}

/// The id that OpenSanctions makes of an entry of a list, where it does.
pub fn entry_id(party: &str) -> Option<String> {
    let (space, local) = party.split_once(':')?;
    ENTRY_IDS.iter().find(|(_, own)| *own == space).map(|(prefix, _)| format!("{prefix}{local}"))
}

/// Two parties that may be the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// One party, external id.
    pub a: String,
    /// The other.
    pub b: String,
    /// What they share and what speaks against them.
    pub evidence: Evidence,
    /// What it is for a person to look at, in words; empty for what a rule merges.
    pub reasons: Vec<String>,
    /// How much it matters, for the order of a queue.
    pub weight: u64,
}

/// What rules find in a graph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Suggested {
    /// Pairs that the rules merge, in the order in which they do.
    pub merges: Vec<Suggestion>,
    /// Pairs for review, what matters most first.
    pub review: Vec<Suggestion>,
    /// Identifiers that so many parties have that they name none, with their number.
    pub crowds: Vec<(String, usize)>,
}

/// What rules look at of a party.
pub(super) struct Party {
    id: String,
    family: String,
    kind: String,
    births: Vec<String>,
    identifiers: Vec<Identifier>,
    sources: BTreeSet<String>,
}

impl Party {
    pub(super) fn of(view: &View<'_>, n: Node) -> Result<Party> {
        let graph = view.graph();
        let p = view.party(n)?;
        let t = graph.node_type(n);
        Ok(Party {
            id: graph.id(n).to_owned(),
            family: t.family.clone(),
            kind: t.name.clone(),
            births: p.values(prop::BIRTH).map(str::to_owned).collect(),
            identifiers: identifiers(&p),
            sources: graph.sources_now(n).into_iter().map(str::to_owned).collect(),
        })
    }

    pub(super) fn shares<'a>(&'a self, other: &'a Party) -> impl Iterator<Item = &'a Identifier> {
        self.identifiers.iter().filter(|i| other.identifiers.contains(i))
    }

    fn values(&self, scheme: Scheme) -> BTreeSet<&str> {
        self.identifiers.iter().filter(|i| i.scheme == scheme && i.valid).map(|i| i.value.as_str()).collect()
    }
}

/// A day in full.
fn is_day(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() })
}

/// The first and the last day that a birth may mean, two years wider where it is approximate.
fn span(d: FuzzyDate) -> (PartialDate, PartialDate) {
    let (first, last) = (d.first.first_day(), d.last.unwrap_or(d.first).last_day());
    if !d.circa {
        return (first, last);
    }
    let year = |d: PartialDate| d.to_string().get(..4).and_then(|y| y.parse::<u32>().ok()).unwrap_or(1);
    let from = PartialDate::new(year(first).saturating_sub(2).max(1), 1, 1).unwrap_or(first);
    let to = PartialDate::new((year(last) + 2).min(9999), 12, 31).unwrap_or(last);
    (from, to)
}

/// Whether births can be those of one person: any of one with any of the other.
fn births_agree(a: &[String], b: &[String]) -> Option<bool> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let agree = |x: &String, y: &String| match (FuzzyDate::parse(x), FuzzyDate::parse(y)) {
        (Ok(x), Ok(y)) => {
            let ((a, b), (c, d)) = (span(x), span(y));
            a <= d && c <= b
        }
        // What cannot be read contradicts nothing.
        _ => true,
    };
    Some(a.iter().any(|x| b.iter().any(|y| agree(x, y))))
}

/// What speaks against two parties being one.
fn conflicts(a: &Party, b: &Party) -> Vec<Value> {
    let mut out = Vec::new();
    let plain = |p: &Party| matches!(p.kind.as_str(), "thing" | "unknown_party" | "unresolved_name" | "");
    let asset =
        a.family == "asset" && b.family == "asset" && a.kind != b.kind && a.kind != "asset" && b.kind != "asset";
    if !plain(a) && !plain(b) && (a.family != b.family || asset) {
        out.push(json!({ "kind": "type", "a": a.kind, "b": b.kind, "how": "conflict" }));
    }
    if births_agree(&a.births, &b.births) == Some(false) {
        out.push(json!({ "kind": "birth", "a": a.births.join("; "), "b": b.births.join("; "), "how": "conflict" }));
    }
    for scheme in [Scheme::Imo, Scheme::ImoCompany, Scheme::Lei, Scheme::Inn, Scheme::Ogrn, Scheme::Uscc] {
        let (x, y) = (a.values(scheme), b.values(scheme));
        if !x.is_empty() && !y.is_empty() && x.is_disjoint(&y) {
            let list = |v: &BTreeSet<&str>| v.iter().copied().collect::<Vec<_>>().join("; ");
            out.push(json!({ "kind": scheme.as_str(), "a": list(&x), "b": list(&y), "how": "conflict" }));
        }
    }
    for source in a.sources.intersection(&b.sources).filter(|s| *s != crate::store::NOTES) {
        out.push(json!({ "kind": "source", "source": source, "how": "keeps them apart" }));
    }
    out
}

/// Finds what rules merge and what is for review. `fold` gains the merges, so that each is made in
/// sight of those before it; parties are those of the graph, each for itself.
///
/// `trusted` names sources whose word that two parties are the same is enough.
pub fn suggest(graph: &Graph, fold: &mut Fold, trusted: &[String]) -> Result<Suggested> {
    let plain = graph.again();
    let view = View::new(&plain, Filter::default())?;
    let mut out = Suggested::default();
    // Which parties have which identifiers.
    let mut keys: BTreeMap<String, Vec<Node>> = BTreeMap::new();
    for n in plain.nodes() {
        view.stop().check()?;
        if !view.knows(n) || plain.node_type(n).family == "key" {
            continue;
        }
        let party = view.party(n)?;
        for i in identifiers(&party).iter().filter(|i| i.valid) {
            keys.entry(i.key()).or_default().push(n);
        }
    }
    plain.sound()?;
    let mut pairs: BTreeSet<(Node, Node)> = BTreeSet::new();
    for (key, mut nodes) in keys {
        nodes.sort_by_key(|n| plain.id(*n));
        if nodes.len() > CROWD {
            out.crowds.push((key.replace('\t', " ").trim().to_owned(), nodes.len()));
            continue;
        }
        let firsts = if nodes.len() <= ALL_PAIRS { nodes.len() } else { 1 };
        for (i, a) in nodes.iter().enumerate().take(firsts) {
            pairs.extend(nodes.iter().skip(i + 1).filter(|b| *b != a).map(|b| (*a.min(b), *a.max(b))));
        }
    }
    // What sources say.
    let mut said: BTreeMap<(Node, Node), Vec<(String, Ruling)>> = BTreeMap::new();
    for (source, d) in view.source_decisions()? {
        let b = d.b.as_str();
        let entry = || from_entry_id(d.b.local()).and_then(|e| plain.find_party(&e));
        let found = plain.find_party(b).or_else(entry);
        if let (Some(x), Some(y)) = (plain.find_party(d.a.as_str()), found)
            && x != y
        {
            let pair = (x.min(y), x.max(y));
            pairs.insert(pair);
            said.entry(pair).or_default().push((source, d.ruling));
        }
    }
    let mut known: FxHashMap<Node, Party> = FxHashMap::default();
    for n in pairs.iter().flat_map(|(a, b)| [*a, *b]) {
        if let std::collections::hash_map::Entry::Vacant(e) = known.entry(n) {
            e.insert(Party::of(&view, n)?);
        }
    }
    let mut scratch = Scratch::default();
    let mut next = fold.last() + 1;
    // Numbers of nodes change with an index; the order of merges must not.
    let id = |n: Node| plain.id(n);
    let mut pairs: Vec<(Node, Node)> =
        pairs.into_iter().map(|(x, y)| if id(x) <= id(y) { (x, y) } else { (y, x) }).collect();
    pairs.sort_by(|p, q| (id(p.0), id(p.1)).cmp(&(id(q.0), id(q.1))));
    for (x, y) in pairs {
        view.stop().check()?;
        let (Some(a), Some(b)) = (known.get(&x), known.get(&y)) else { continue };
        let (ida, idb) = (a.id.clone(), b.id.clone());
        if fold.same(&ida, &idb) {
            continue;
        }
        let mut items: Vec<Value> = Vec::new();
        let mut strong = false;
        for i in a.shares(b) {
            strong |= i.is_strong();
            let mut item = json!({ "kind": "identifier", "scheme": i.scheme.as_str(), "value": i.value, "how": "same", "strong": i.is_strong() });
            if let Some(m) = item.as_object_mut() {
                for (key, text) in [("name", &i.name), ("country", &i.country)] {
                    if !text.is_empty() {
                        m.insert(key.into(), text.clone().into());
                    }
                }
            }
            items.push(item);
        }
        let born = a.births.iter().find(|d| is_day(d) && b.births.contains(d));
        let passport = a.shares(b).any(|i| i.scheme == Scheme::Passport && i.value.len() >= 5 && !i.country.is_empty());
        if let Some(day) = born {
            items.push(json!({ "kind": "birth", "value": day, "how": "same", "strong": passport }));
            strong |= passport;
        }
        for (source, ruling) in said.get(&(x.min(y), x.max(y))).into_iter().flatten() {
            let same = *ruling == Ruling::Same;
            let enough = same && trusted.contains(source);
            strong |= enough;
            let how = if same { "says the same" } else { "is unsure" };
            items.push(json!({ "kind": "source", "source": source, "how": how, "strong": enough }));
        }
        let mut reasons: Vec<String> = Vec::new();
        if !strong {
            let only = if said.contains_key(&(x.min(y), x.max(y))) && a.shares(b).next().is_none() {
                "only a source's word for it"
            } else {
                "no strong identifier in common"
            };
            reasons.push(only.to_owned());
        }
        let against = against(fold, &view, &known, &ida, &idb)?;
        reasons.extend(against.iter().map(conflict_words));
        if let Some(barrier) = fold.barrier(&ida, &idb, true) {
            if barrier.different || !fold.on_pair(&ida, &idb).is_empty() {
                // It is decided; nobody is asked again.
                continue;
            }
            reasons.push(format!("decision {} was unsure of {} and {}", barrier.decision, barrier.a, barrier.b));
        }
        items.extend(against);
        let mut evidence = Evidence::of(&compared(&view, x, y, &mut scratch)?);
        evidence.items.splice(0..0, items);
        let weight = weight(&view, x, y, &evidence, strong);
        let merged = reasons.is_empty();
        let found = Suggestion { a: ida, b: idb, evidence, reasons, weight };
        if merged {
            fold.push(next, crate::store::Decree::Same, &found.a, &found.b)?;
            next += 1;
            out.merges.push(found);
        } else {
            out.review.push(found);
        }
    }
    // What merges made the same meanwhile is no question any more.
    out.review.retain(|s| !fold.same(&s.a, &s.b));
    Suggestion::order(&mut out.review);
    plain.sound()?;
    Ok(out)
}

/// What speaks against a merge of two entities: between any party of one and any of the other.
pub(super) fn against(
    fold: &Fold,
    view: &View<'_>,
    known: &FxHashMap<Node, Party>,
    a: &str,
    b: &str,
) -> Result<Vec<Value>> {
    let mut sides: [Vec<Party>; 2] = [Vec::new(), Vec::new()];
    let mut held: [Vec<&Party>; 2] = [Vec::new(), Vec::new()];
    let members = [fold.members(a), fold.members(b)];
    for (side, (members, held)) in sides.iter_mut().zip(members.iter().zip(&mut held)) {
        for n in members.iter().take(MEMBERS).filter_map(|id| view.graph().find_party(id)) {
            match known.get(&n) {
                Some(p) => held.push(p),
                None => side.push(Party::of(view, n)?),
            }
        }
    }
    let [first, second] = sides;
    let [x, y] = held;
    let mut out: Vec<Value> = Vec::new();
    for p in x.into_iter().chain(&first) {
        for q in y.iter().copied().chain(&second) {
            for c in conflicts(p, q) {
                if !out.contains(&c) {
                    out.push(c);
                }
            }
        }
    }
    Ok(out)
}

/// What speaks against, in words.
pub(super) fn conflict_words(c: &Value) -> String {
    let word = |k: &str| c.get(k).and_then(Value::as_str).unwrap_or_default();
    match word("kind") {
        "source" => format!("{} {}", word("source"), word("how")),
        kind => format!("different {kind}: {} and {}", word("a"), word("b")),
    }
}

/// How much a question matters: whether somebody would come under a listing, how much is shared, how
/// alike the two are, what speaks against it, and how much hangs on them.
pub(super) fn weight(view: &View<'_>, a: Node, b: Node, evidence: &Evidence, strong: bool) -> u64 {
    let graph = view.graph();
    let listed = match (view.is_listed(a), view.is_listed(b)) {
        (true, true) => 300,
        (false, false) => 0,
        _ => 1_000,
    };
    let count = |how: &str| evidence.items.iter().filter(|i| i.get("how").and_then(Value::as_str) == Some(how)).count();
    let (shared, against) = (count("same") as u64, count("conflict") as u64);
    let alike = (evidence.score.unwrap_or(0.0) * 200.0).round() as u64;
    let mut owning = 0u64;
    for n in [a, b] {
        owning += view.links(n, Dir::Both).take(1_000).filter(|l| graph.edge_type(l.edge).is_chain()).count() as u64;
    }
    let degree = (graph.degree(a, Dir::Both) + graph.degree(b, Dir::Both)) as u64;
    let all = listed + u64::from(strong) * 200 + shared * 50 + alike + owning.min(50) * 4 + degree.min(100);
    let all = all.saturating_sub(against * 50);
    // Such as firms of other names under the code of one tax office.
    if !strong && evidence.band == Some(Band::No) { all / 4 } else { all }
}

impl Suggestion {
    /// Puts what matters most first.
    pub fn order(list: &mut [Suggestion]) {
        list.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| (&a.a, &a.b).cmp(&(&b.a, &b.b))));
    }

    /// The decision of the rule.
    pub fn decided(&self, time: &str) -> Decided {
        Decided {
            time: time.to_owned(),
            by: Decider::Rule,
            actor: RULES.to_owned(),
            a: self.a.clone(),
            b: self.b.clone(),
            decree: crate::store::Decree::Same,
            note: String::new(),
            source: String::new(),
            evidence: self.evidence.snapshot(),
        }
    }

    /// `{"a", "b", "reasons", "weight", "evidence"}`, names by a function.
    pub fn json(&self, name: &dyn Fn(&str) -> Value) -> Value {
        json!({
            "a": name(&self.a), "b": name(&self.b), "reasons": self.reasons, "weight": self.weight,
            "evidence": serde_json::from_str(&self.evidence.snapshot()).unwrap_or(Value::Null),
        })
    }
}
