//! Decisions in the form of nomenklatura's resolver: JSON lines `[target, source, judgement, score,
//! user, created_at]`.
//!
//! There, what is the same hangs on an id `NK-...` made for it; here decisions are about two parties.
//! So the parties behind one such id become decisions on the first of them and each other, and go
//! back as an entity under the id that they came with, or one made from the id that it goes by.

use super::fold::Fold;
use crate::error::{Error, Place, Result};
use crate::model::Ruling;
use crate::store::{Decided, Decider, DecisionLog, Decree};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};

/// Name of the format, as decisions taken over name it.
const NAME: &str = "nomenklatura";
/// A line is at most that long.
const MAX_LINE: usize = 1 << 16;
/// Lines of a file, at most.
const MAX_LINES: usize = 50_000_000;

/// A judgement that was read.
#[derive(Debug, Clone)]
struct Line {
    target: String,
    source: String,
    ruling: Ruling,
    score: Option<f64>,
    user: String,
    created: String,
}

/// What was read, as decisions on parties.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Judged {
    /// The decisions; ids are as they stand in the file.
    pub decisions: Vec<Taken>,
    /// Lines without a judgement: suggestions.
    pub suggestions: usize,
    /// Lines on an id that no party stands behind.
    pub without_party: usize,
    /// Lines that were taken back there.
    pub deleted: usize,
}

/// One decision that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// One id.
    pub a: String,
    /// The other.
    pub b: String,
    /// What was decided.
    pub ruling: Ruling,
    /// Who.
    pub user: String,
    evidence: Value,
}

fn made(id: &str) -> bool {
    id.starts_with("NK-")
}

fn line(text: &str, here: &Place) -> Result<Option<(Line, bool)>> {
    let bad = |what: &str| {
        Error::input(format!("no line of a resolver: {what}"))
            .at(here.clone())
            .hint("expected [target, source, judgement, score, user, created_at]")
    };
    if text.len() > MAX_LINE {
        return Err(bad("it is too long"));
    }
    let value: Value = serde_json::from_str(text).map_err(|e| bad(&e.to_string()))?;
    let cells = value.as_array().filter(|c| c.len() >= 3).ok_or_else(|| bad("it is no list of three or more"))?;
    let cell = |i: usize| cells.get(i).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let (target, source) = (cell(0), cell(1));
    let plain = |id: &String| !id.is_empty() && id.len() <= 1_000 && !id.chars().any(char::is_control);
    if !plain(&target) || !plain(&source) || target == source {
        return Err(bad("it names no two ids"));
    }
    let ruling = match cell(2).as_str() {
        "positive" => Ruling::Same,
        "negative" => Ruling::Different,
        "unsure" => Ruling::Unsure,
        "no_judgement" => return Ok(None),
        other => return Err(bad(&format!("{other:?} is no judgement"))),
    };
    let deleted = cells.get(6).is_some_and(|v| !v.is_null());
    let score = cells.get(3).and_then(Value::as_f64);
    Ok(Some((Line { target, source, ruling, score, user: cell(4), created: cell(5) }, deleted)))
}

/// Ids made for entities that "positive" ties together, by the first of them.
fn groups(lines: &[Line]) -> HashMap<&str, &str> {
    let mut members: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut of: HashMap<&str, &str> = HashMap::new();
    for l in lines.iter().filter(|l| l.ruling == Ruling::Same) {
        for id in [l.target.as_str(), l.source.as_str()].into_iter().filter(|id| made(id)) {
            of.entry(id).or_insert(id);
            members.entry(id).or_insert_with(|| vec![id]);
        }
        if let (Some(a), Some(b)) = (of.get(l.target.as_str()).copied(), of.get(l.source.as_str()).copied())
            && a != b
        {
            for id in members.remove(b).unwrap_or_default() {
                of.insert(id, a);
                members.entry(a).or_default().push(id);
            }
        }
    }
    of
}

/// Reads resolver lines.
pub fn read(text: &str, file: &str) -> Result<Judged> {
    let mut out = Judged::default();
    let mut lines: Vec<Line> = Vec::new();
    for (number, raw) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        if number >= MAX_LINES {
            return Err(Error::input(format!("there are more than {MAX_LINES} lines")).at(Place::file(file)));
        }
        match line(raw, &Place::file(file).line(number as u64 + 1))? {
            Some((_, true)) => out.deleted += 1,
            Some((l, false)) => lines.push(l),
            None => out.suggestions += 1,
        }
    }
    let groups = groups(&lines);
    // The first party behind each id that was made.
    let mut anchors: HashMap<&str, &str> = HashMap::new();
    for l in lines.iter().filter(|l| l.ruling == Ruling::Same) {
        for (id, party) in [(&l.target, &l.source), (&l.source, &l.target)] {
            if made(id) && !made(party) {
                anchors.entry(groups.get(id.as_str()).copied().unwrap_or(id)).or_insert(party);
            }
        }
    }
    let stands_for = |id: &str| {
        if !made(id) {
            return Some(id.to_owned());
        }
        anchors.get(groups.get(id).copied().unwrap_or(id)).map(|p| (*p).to_owned())
    };
    for l in &lines {
        let canonical = [&l.target, &l.source].into_iter().find(|id| made(id));
        // Two ids made there that are one say nothing of a party by themselves.
        if l.ruling == Ruling::Same && made(&l.target) && made(&l.source) {
            continue;
        }
        let (Some(a), Some(b)) = (stands_for(&l.target), stands_for(&l.source)) else {
            out.without_party += 1;
            continue;
        };
        if a == b {
            continue;
        }
        let mut evidence = json!({ "scorer": NAME, "score": l.score, "created_at": l.created, "items": [] });
        if let (Some(m), Some(id), Ruling::Same) = (evidence.as_object_mut(), canonical, l.ruling) {
            m.insert("canonical".into(), id.clone().into());
        }
        out.decisions.push(Taken { a, b, ruling: l.ruling, user: l.user.clone(), evidence });
    }
    // A lone party behind an id keeps it: nothing is decided by that.
    Ok(out)
}

impl Taken {
    /// As a decision of ours, of parties by ids of ours.
    pub fn decided(&self, time: &str, a: String, b: String) -> Decided {
        Decided {
            time: time.to_owned(),
            by: Decider::Import,
            actor: if self.user.is_empty() { NAME.to_owned() } else { self.user.clone() },
            a,
            b,
            decree: self.ruling.into(),
            note: String::new(),
            source: NAME.to_owned(),
            evidence: self.evidence.to_string(),
        }
    }
}

/// An id for an entity, made from the one that it goes by.
fn make_id(canonical: &str) -> String {
    const ALPHABET: &[u8] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    let digest = Sha256::digest(canonical.as_bytes());
    let mut id = String::from("NK-");
    for b in digest.iter().take(22) {
        id.push(char::from(ALPHABET.get(usize::from(*b) % ALPHABET.len()).copied().unwrap_or(b'2')));
    }
    id
}

/// Standing decisions as resolver lines, in the order of entities and then of decisions. `show` gives
/// a party's id as the file is to have it.
pub fn write(log: &DecisionLog, fold: &Fold, show: &dyn Fn(&str) -> String) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let text = |d: &Decided, key: &str| -> Option<Value> {
        let v: Value = serde_json::from_str(&d.evidence).ok()?;
        v.get(key).filter(|v| !v.is_null()).cloned()
    };
    let created = |d: &Decided| match text(d, "created_at") {
        Some(Value::String(s)) if !s.is_empty() => s,
        _ => d.time.trim_end_matches('Z').to_owned(),
    };
    let user = |d: &Decided| if d.actor.is_empty() { Value::Null } else { d.actor.clone().into() };
    for e in fold.entities() {
        let decided = log.some(&e.decisions)?;
        let kept = decided.iter().find_map(|d| match text(d, "canonical") {
            Some(Value::String(s)) if made(&s) => Some(s),
            _ => None,
        });
        let id = kept.unwrap_or_else(|| make_id(e.parties.first().copied().unwrap_or_default()));
        let mut parties: Vec<&str> = e.parties.clone();
        parties.sort_unstable();
        for p in parties {
            let by = decided.iter().find(|d| d.b == p).or_else(|| decided.iter().find(|d| d.a == p));
            let Some(d) = by else { continue };
            out.push(json!([id, show(p), "positive", text(d, "score"), user(d), created(d)]).to_string());
        }
    }
    let mut others: BTreeMap<u32, &str> = BTreeMap::new();
    for (decree, word) in [(Decree::Different, "negative"), (Decree::Unsure, "unsure")] {
        others.extend(fold.pairs(decree).map(|(n, ..)| (n, word)));
    }
    let numbers: Vec<u32> = others.keys().copied().collect();
    for (word, d) in others.values().zip(log.some(&numbers)?) {
        let (a, b) = (show(&d.a), show(&d.b));
        let (target, source) = if a > b { (a, b) } else { (b, a) };
        out.push(json!([target, source, word, text(&d, "score"), user(&d), created(&d)]).to_string());
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String, Ruling)> {
        read(text, "r").unwrap().decisions.into_iter().map(|t| (t.a, t.b, t.ruling)).collect()
    }

    #[test]
    fn ids_made_there_become_pairs() {
        let text = r#"
["NK-1", "a", "positive", 0.9, "anna", "2023-01-02T10:00:00"]
["NK-1", "b", "positive", null, "anna", "2023-01-02T10:00:01"]
["NK-2", "c", "positive", null, "ben", "2023-01-03T10:00:00"]
["NK-2", "NK-1", "positive", null, "ben", "2023-01-04T10:00:00"]
["NK-2", "d", "negative", null, "ben", "2023-01-05T10:00:00"]
["x", "y", "positive", 1.0, "ben", "2023-01-05T10:00:00"]
["x", "z", "unsure", null, "ben", "2023-01-05T10:00:00"]
["p", "q", "no_judgement", 0.4, null, null]
["p", "q", "positive", 0.4, "ben", "2023-01-05", "2023-02-01"]
["NK-9", "q", "negative", null, "ben", "2023-01-05"]
"#;
        let want = [
            ("a", "b", Ruling::Same),
            ("a", "c", Ruling::Same),
            ("a", "d", Ruling::Different),
            ("x", "y", Ruling::Same),
            ("x", "z", Ruling::Unsure),
        ];
        assert_eq!(pairs(text), want.map(|(a, b, r)| (a.to_owned(), b.to_owned(), r)));
        let read = read(text, "r").unwrap();
        assert_eq!((read.suggestions, read.deleted, read.without_party), (1, 1, 1));
    }

    #[test]
    fn what_is_no_line_says_where() {
        for bad in ["{}", "[1, 2]", r#"["a", "a", "positive"]"#, r#"["a", "b", "perhaps"]"#, "x"] {
            let e = read(&format!("[\"p\", \"q\", \"unsure\"]\n{bad}\n"), "r.ijson").unwrap_err();
            assert!(e.to_string().starts_with("r.ijson:2"), "{e}");
        }
    }
}
