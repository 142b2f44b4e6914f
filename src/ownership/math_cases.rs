//! The ownership cases of the reference, read straight into plain stakes.

use super::*;
use crate::model::PartialDate;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

struct Case {
    ids: Vec<String>,
    shares: Weights,
    control: Weights,
    ties: Ties,
    persons: Vec<u32>,
}

fn fraction(percent: &str) -> Exact {
    &Exact::parse(percent).unwrap() / &Exact::HUNDRED
}

fn stake(holder: u32, target: u32, share: &Value) -> Stake {
    if let Some(text) = share.as_str() {
        return Stake::exact(holder, target, fraction(text));
    }
    let end = |closed: &str, open: &str| {
        let at = |key: &str| share.get(key).and_then(Value::as_str).map(fraction);
        (at(closed).or(at(open)), share.get(open).is_some())
    };
    let (low, low_open) = end("min", "exclusive_min");
    let (high, high_open) = end("max", "exclusive_max");
    Stake {
        holder,
        target,
        low_open: low_open || low.is_none(),
        low: low.unwrap_or(Exact::ZERO),
        high: high.unwrap_or(Exact::ONE),
        high_open,
    }
}

fn case(doc: &Value) -> Case {
    let nodes = doc["nodes"].as_array().unwrap();
    let ids: Vec<String> = nodes.iter().map(|n| n["id"].as_str().unwrap().to_owned()).collect();
    let at = |v: &Value| ids.iter().position(|id| *id == v.as_str().unwrap()).unwrap() as u32;
    let date = |v: &Value| v.as_str().map(|t| PartialDate::parse(t).unwrap());
    let day = date(&doc["as_of"]);
    let (mut shares, mut votes, mut ties) = (Vec::new(), Vec::new(), Vec::new());
    for e in doc["edges"].as_array().unwrap() {
        let (start, end) = (date(&e["start"]), date(&e["end"]));
        let in_force = day.is_none_or(|day| start.is_none_or(|s| s <= day) && end.is_none_or(|t| day < t));
        if !in_force {
            continue;
        }
        let (h, t) = (at(&e["source"]), at(&e["target"]));
        match e["type"].as_str().unwrap() {
            "owns" => shares.push(stake(h, t, &e["share"])),
            "votes" => votes.push(stake(h, t, &e["share"])),
            "controls" => ties.push(Tie { controller: h, controlled: t, certain: true }),
            _ => {}
        }
    }
    let by_votes: BTreeSet<u32> = votes.iter().map(|s| s.target).collect();
    let mut control = votes;
    control.extend(shares.iter().filter(|s| !by_votes.contains(&s.target)).cloned());
    let persons = (0u32..).zip(nodes).filter(|(_, n)| n["type"] == "person").map(|(i, _)| i).collect();
    Case {
        shares: Weights::new(ids.len(), shares).unwrap(),
        control: Weights::new(ids.len(), control).unwrap(),
        ties: Ties::new(ties),
        persons,
        ids,
    }
}

impl Case {
    fn at(&self, v: &Value) -> u32 {
        self.ids.iter().position(|id| *id == v.as_str().unwrap()).unwrap() as u32
    }

    fn name(&self, v: u32) -> String {
        self.ids[v as usize].clone()
    }

    fn integrated(&self, want: &Value, file: &str) {
        let method = match want["method"].as_str().unwrap() {
            "baldone" => Method::Baldone,
            "walk" => Method::Walk,
            other => panic!("{file}: method {other}"),
        };
        let (from, to) = (self.at(&want["from"]), self.at(&want["to"]));
        let exact = want["exact"].as_str().map(|t| Exact::parse(t).unwrap());
        for target in [None, Some(to)] {
            let options = Options { method, target, ..Options::new(Bound::Low) };
            let seeds = [(from, Exact::ONE)];
            let got = integrated(&self.shares, &seeds, &options).of(to).clone();
            assert_eq!(got.exact(), exact.as_ref(), "{file}: {want}");
            let float = integrated(&self.shares, &seeds, &Options { budget: Budget::FLOAT, ..options });
            let near = float.of(to).value().unwrap() - want["value"].as_f64().unwrap();
            assert!(near.abs() < 1e-12, "{file}: {want}, off by {near}");
        }
        if method == Method::Walk {
            let got = integrated_into(&self.shares, to, Bound::Low, Budget::default());
            assert_eq!(got.of(from).exact(), exact.as_ref(), "{file}: from above: {want}");
        }
    }

    fn owners(&self, want: &Value, file: &str) {
        let rule = match want["method"].as_str().unwrap() {
            "multiply" => OwnerRule::Multiply,
            "control" => OwnerRule::Control,
            "weakest_link" => OwnerRule::WeakestLink,
            "amlr" => OwnerRule::Amlr,
            other => panic!("{file}: rule {other}"),
        };
        let q = OwnerQuery {
            target: self.at(&want["target"]),
            rule,
            threshold: fraction(want["threshold"].as_str().unwrap()),
            inclusive: want["inclusive"].as_bool().unwrap_or(true),
            budget: Budget::default(),
        };
        let h = Holdings {
            shares: &self.shares,
            undiluted: &self.shares,
            control: &self.control,
            ties: &self.ties,
            persons: &self.persons,
        };
        let mut got = BTreeMap::new();
        for o in owners(h, &q).certain {
            let shown: Value = match rule {
                OwnerRule::Amlr => o.reasons.iter().map(|r| r.code()).collect::<Vec<_>>().into(),
                _ => (o.share.exact().unwrap() * &Exact::HUNDRED).fraction().into(),
            };
            got.insert(self.name(o.person), shown);
        }
        let wanted = want["owners"].as_object().unwrap().iter().map(|(id, v)| (id.clone(), v.clone())).collect();
        assert_eq!(got, wanted, "{file}: {want}");
    }

    fn close_links(&self, want: &Value, file: &str) {
        let method = match want["method"].as_str().unwrap() {
            "simple" => LinkMethod::SimplePaths { steps: 1_000_000 },
            "baldone" => {
                LinkMethod::Integrated { method: Method::Baldone, budget: Budget::default(), steps: 1_000_000 }
            }
            other => panic!("{file}: method {other}"),
        };
        let threshold = fraction(&want["threshold"].to_string());
        let q = LinkQuery { threshold, bound: Bound::Low, method, limit: 1000 };
        let found = close_links(&self.shares, None, &q);
        assert!(!found.truncated && found.undecided.is_empty(), "{file}");
        let got: BTreeSet<Vec<String>> = (found.links.iter())
            .map(|l| vec![self.name(l.holder), self.name(l.target), l.share.exact().unwrap().fraction()])
            .collect();
        let wanted = want["pairs"].as_array().unwrap().iter();
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        assert_eq!(got, wanted.map(|p| p.as_array().unwrap().iter().map(text).collect()).collect(), "{file}");
    }
}

#[test]
fn the_ownership_cases() {
    let Ok(root) = std::env::var("CUIBONO_TEST_DATA") else {
        println!("skipped: CUIBONO_TEST_DATA not set");
        return;
    };
    let mut checked = 0;
    for entry in std::fs::read_dir(std::path::Path::new(&root).join("cases/ownership")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let file = path.display().to_string();
        let doc: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let expect = &doc["expect"];
        let asked = ["integrated", "control", "ubo", "close_links"];
        if !asked.iter().any(|k| expect.get(k).is_some()) {
            continue;
        }
        let case = case(&doc);
        let list = |key: &str| expect[key].as_array().cloned().unwrap_or_default();
        for want in list("integrated") {
            case.integrated(&want, &file);
            checked += 1;
        }
        for want in list("ubo") {
            case.owners(&want, &file);
            checked += 1;
        }
        if let Some(want) = expect["control"].as_object() {
            let names = |set: Vec<u32>| set.into_iter().map(|v| case.name(v)).collect::<BTreeSet<_>>();
            let got: BTreeMap<_, _> = control_all(&case.control, &case.ties, Bound::Low)
                .into_iter()
                .map(|(x, set)| (case.name(x), names(set)))
                .collect();
            let text = |v: &Value| v.as_str().unwrap().to_owned();
            let set = |v: &Value| v.as_array().unwrap().iter().map(text).collect::<BTreeSet<_>>();
            assert_eq!(got, want.iter().map(|(id, v)| (id.clone(), set(v))).collect(), "{file}");
            checked += 1;
        }
        if expect.get("close_links").is_some() {
            case.close_links(&expect["close_links"], &file);
            checked += 1;
        }
    }
    assert!(checked >= 60, "only {checked} expectations found");
}
