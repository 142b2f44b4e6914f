//! The worked cases: first the reference is held against them, then the program.

use super::figures::{self, Method};
use super::program::{self, ask, texts};
use super::reading::{Q, number};
use super::reference::judge;
use crate::support::test_data;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Case {
    pub(super) name: String,
    pub(super) doc: Value,
}

/// All cases by name.
pub(super) fn all() -> Option<Vec<Case>> {
    let dir = test_data()?.join("cases/ownership");
    let mut paths: Vec<_> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "json"));
    paths.sort();
    assert!(paths.len() > 50, "{} cases", paths.len());
    let read = |p: &std::path::PathBuf| Case {
        name: p.file_stem().unwrap().to_string_lossy().into_owned(),
        doc: serde_json::from_slice(&std::fs::read(p).unwrap()).unwrap(),
    };
    Some(paths.iter().map(read).collect())
}

impl Case {
    /// The day asked about; none: today.
    fn as_of(&self) -> Option<&str> {
        self.doc["as_of"].as_str()
    }

    /// The day for the reference, which knows no clock: cases without one have no dates.
    pub(super) fn day(&self) -> &str {
        self.as_of().unwrap_or("2026-06-01")
    }

    fn expect(&self, key: &str) -> &Value {
        &self.doc["expect"][key]
    }

    /// Regimes with what is expected under each.
    fn blocks(&self) -> Vec<(&str, &Value)> {
        let by_regime = self.expect("by_regime");
        match &self.doc["regime"] {
            Value::String(one) if by_regime.is_null() => vec![(one, &self.doc["expect"])],
            Value::String(one) => vec![(one, &by_regime[one])],
            Value::Array(all) => {
                let block = |r: &'_ Value| {
                    if by_regime.is_null() { &self.doc["expect"] } else { &by_regime[r.as_str().unwrap()] }
                };
                all.iter().map(|r| (r.as_str().unwrap(), block(r))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Calls for each member of an expectation.
    fn each(v: &Value) -> impl Iterator<Item = (&String, &Value)> {
        v.as_object().into_iter().flatten()
    }
}

/// An expected share: exact, or from and to.
fn interval(v: &Value) -> (Q, Q) {
    match v {
        Value::Object(m) => (number(&m["min"]), number(&m["max"])),
        exact => (number(exact), number(exact)),
    }
}

/// What both the reference and the program say of one party.
struct Found {
    verdict: String,
    share: Option<(Q, Q)>,
    missing: BTreeSet<String>,
}

/// Differences between an expectation and what was found under its regime.
fn compare(block: &Value, found: &BTreeMap<String, Found>, at: &str, wrong: &mut Vec<String>) {
    assert!(Case::each(&block["verdict"]).count() > 0, "{at}: no verdict expected");
    for (id, v) in Case::each(&block["verdict"]) {
        let got = found.get(id).map_or("nothing", |f| f.verdict.as_str());
        if Some(got) != v.as_str() {
            wrong.push(format!("{at}: {id} is {v}, found {got}"));
        }
    }
    for (id, v) in Case::each(&block["aggregate"]) {
        let got = found.get(id).and_then(|f| f.share.clone());
        if got.as_ref() != Some(&interval(v)) {
            wrong.push(format!("{at}: {v} of {id} are held, found {got:?}"));
        }
    }
    for (id, v) in Case::each(&block["missing"]) {
        let got = found.get(id).map(|f| f.missing.clone()).unwrap_or_default();
        if got != texts(v) {
            wrong.push(format!("{at}: for {id} {v} is missing, found {got:?}"));
        }
    }
}

fn report(wrong: &[String], checked: usize, least: usize) {
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked >= least, "only {checked} checked");
}

#[test]
fn the_reference_agrees_with_the_cases() {
    let Some(cases) = all() else { return };
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for c in &cases {
        let mut warned = BTreeSet::new();
        for (regime, block) in c.blocks() {
            let found = judge(&c.doc, regime, c.day());
            warned.extend(found.warnings);
            let parties = found
                .parties
                .into_iter()
                .map(|(id, f)| (id, Found { verdict: f.verdict.to_owned(), share: f.share, missing: f.missing }));
            compare(block, &parties.collect(), &format!("{} {regime}", c.name), &mut wrong);
            checked += 1;
        }
        if c.blocks().is_empty() {
            warned = figures::share_warnings(&c.doc, c.day());
        }
        if !c.expect("warnings").is_null() && texts(c.expect("warnings")) != warned {
            wrong.push(format!("{}: warnings {} expected, found {warned:?}", c.name, c.expect("warnings")));
        }
        if !c.expect("control").is_null() {
            let expected: BTreeMap<String, BTreeSet<String>> =
                Case::each(c.expect("control")).map(|(k, v)| (k.clone(), texts(v))).collect();
            let found = figures::control(&c.doc, c.day());
            if found != expected {
                wrong.push(format!("{}: control {expected:?} expected, found {found:?}", c.name));
            }
            checked += 1;
        }
        for one in c.expect("integrated").as_array().into_iter().flatten() {
            let method = if one["method"] == "walk" { Method::Walk } else { Method::Baldone };
            let text = |key: &str| one[key].as_str().unwrap();
            let found = figures::integrated(&c.doc, c.day(), text("from"), text("to"), method);
            if found != one["exact"].as_str().map(super::reading::q) {
                wrong.push(format!("{}: {one} expected, found {found:?}", c.name));
            }
            checked += 1;
        }
    }
    report(&wrong, checked, 120);
}

#[test]
fn verdicts_of_the_cases() {
    let Some(cases) = all() else { return };
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for c in cases.iter().filter(|c| !c.blocks().is_empty()) {
        let regimes: Vec<&str> = c.blocks().iter().map(|b| b.0).collect();
        let mut answer = match program::verdicts(&c.doc, &regimes, c.as_of()) {
            Ok(answer) => answer,
            Err(e) => {
                wrong.push(format!("{}: {e}", c.name));
                continue;
            }
        };
        for (regime, block) in c.blocks() {
            let said = answer.by_regime.remove(regime).unwrap_or_default();
            let found = said
                .into_iter()
                .map(|(id, s)| (id, Found { verdict: s.verdict, share: s.share, missing: s.missing }))
                .collect();
            compare(block, &found, &format!("{} {regime}", c.name), &mut wrong);
            checked += 1;
            if !block["warnings"].is_null() && texts(&block["warnings"]) != answer.warnings {
                wrong.push(format!("{}: warnings {} expected, found {:?}", c.name, block["warnings"], answer.warnings));
            }
        }
    }
    report(&wrong, checked, 60);
}

/// Asks, and checks the warnings where the case expects some.
fn asked(c: &Case, args: &[&str], wrong: &mut Vec<String>) -> Option<Value> {
    let mut args = args.to_vec();
    args.extend(c.as_of().into_iter().flat_map(|d| ["--as-of", d]));
    match ask(&c.doc, &args) {
        Err(e) => {
            wrong.push(format!("{}: {e}", c.name));
            None
        }
        Ok(v) => {
            let (expected, got) = (c.expect("warnings"), program::warnings(&v["warnings"]));
            if !expected.is_null() && texts(expected) != got {
                wrong.push(format!("{} {args:?}: warnings {expected} expected, found {got:?}", c.name));
            }
            Some(v)
        }
    }
}

#[test]
fn integrated_ownership_of_the_cases() {
    let Some(cases) = all() else { return };
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for c in &cases {
        for one in c.expect("integrated").as_array().into_iter().flatten() {
            let text = |key: &str| one[key].as_str().unwrap();
            let args = ["own", text("from"), text("to"), "--method", text("method")];
            let Some(v) = asked(c, &args, &mut wrong) else { continue };
            let found = v["integrated"].is_object().then(|| number(&v["integrated"]["exact"]));
            if found != one["exact"].as_str().map(super::reading::q) {
                wrong.push(format!("{}: {one} expected, found {}", c.name, v["integrated"]));
            }
            let far = |(want, got): (f64, f64)| (want - got).abs() > 1e-12;
            if one["value"].as_f64().zip(v["integrated"]["value"].as_f64()).is_some_and(far) {
                wrong.push(format!("{}: {one} expected, found {}", c.name, v["integrated"]));
            }
            checked += 1;
        }
    }
    report(&wrong, checked, 50);
}

#[test]
fn beneficial_owners_of_the_cases() {
    let Some(cases) = all() else { return };
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for c in &cases {
        for one in c.expect("ubo").as_array().into_iter().flatten() {
            let text = |key: &str| one[key].as_str().unwrap();
            let rule = match text("method") {
                "weakest_link" => "weakest",
                other => other,
            };
            let mut args = vec!["ubo", text("target"), "--rule", rule, "--threshold", text("threshold")];
            if one["inclusive"] == false {
                args.push("--more-than");
            }
            let Some(v) = asked(c, &args, &mut wrong) else { continue };
            let owners = v["owners"].as_array().cloned().unwrap_or_default();
            let names: BTreeSet<&str> = owners.iter().filter_map(|o| o["id"].as_str()).collect();
            let expected: BTreeSet<&str> = Case::each(&one["owners"]).map(|(id, _)| id.as_str()).collect();
            let fits = |o: &Value| match &one["owners"][o["id"].as_str().unwrap_or_default()] {
                Value::Array(_) => texts(&one["owners"][o["id"].as_str().unwrap()]) == texts(&o["basis"]),
                share => !o["share"].is_null() && number(share) == number(&o["share"]),
            };
            if names != expected || names.len() != owners.len() || !owners.iter().all(fits) {
                wrong.push(format!("{} {args:?}: {} expected, found {}", c.name, one["owners"], v["owners"]));
            }
            checked += 1;
        }
    }
    report(&wrong, checked, 15);
}

#[test]
fn control_and_close_links_of_the_cases() {
    let Some(cases) = all() else { return };
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for c in &cases {
        if !c.expect("control").is_null() {
            checked += 1;
            if let Some(v) = asked(c, &["controls", "--all"], &mut wrong) {
                let sets = |v: &Value| -> BTreeMap<String, BTreeSet<String>> {
                    Case::each(v).map(|(k, v)| (k.clone(), texts(v))).filter(|(_, s)| !s.is_empty()).collect()
                };
                if sets(&v["controls"]) != sets(c.expect("control")) {
                    wrong.push(format!("{}: {} expected, found {}", c.name, c.expect("control"), v["controls"]));
                }
            }
        }
        let links = c.expect("close_links");
        if links.is_null() {
            continue;
        }
        checked += 1;
        let threshold = links["threshold"].as_str().map_or_else(|| links["threshold"].to_string(), str::to_owned);
        let method = links["method"].as_str().unwrap();
        let args = ["close-links", "--threshold", &threshold, "--method", method];
        let Some(v) = asked(c, &args, &mut wrong) else { continue };
        let pairs = |v: &Value| -> BTreeMap<(String, String), Q> {
            let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
            v.as_array().into_iter().flatten().map(|p| ((text(&p[0]), text(&p[1])), number(&p[2]))).collect()
        };
        if pairs(&v["pairs"]) != pairs(&links["pairs"]) {
            wrong.push(format!("{}: {} expected, found {}", c.name, links["pairs"], v["pairs"]));
        }
        if !links["common"].is_null() {
            let common = |v: &Value| v.as_array().into_iter().flatten().map(texts).collect::<BTreeSet<_>>();
            if common(&v["common"]) != common(&links["common"]) {
                wrong.push(format!("{}: {} expected, found {}", c.name, links["common"], v["common"]));
            }
        }
    }
    report(&wrong, checked, 9);
}

#[test]
fn proofs_of_the_cases() {
    let Some(cases) = all() else { return };
    let (mut wrong, mut checked) = (Vec::new(), 0);
    for c in &cases {
        for one in c.doc["proofs"].as_array().into_iter().flatten() {
            let args = ["prove", one[1].as_str().unwrap(), "--regime", one[0].as_str().unwrap()];
            let Some(v) = asked(c, &args, &mut wrong) else { continue };
            let steps = v["steps"].as_array().into_iter().flatten();
            let edges = steps.flat_map(|s| s["edges"].as_array().into_iter().flatten());
            let found: BTreeSet<String> = edges.filter_map(|e| e["id"].as_str()).map(str::to_owned).collect();
            if found != texts(&one[2]) {
                wrong.push(format!("{} {args:?}: {} expected, found {found:?}", c.name, one[2]));
            }
            checked += 1;
        }
    }
    report(&wrong, checked, 6);
}
