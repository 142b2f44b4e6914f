//! Decisions in words: what makes two parties the same, what holds them apart, how an entity came
//! about.

use super::fold::{Barrier, Bond, Fold, Renamed};
use crate::error::{Error, Result};
use crate::model::Ruling;
use crate::names::item_words;
use crate::store::{Decided, DecisionLog, Decree};
use serde_json::{Map, Value, json};

/// A decision with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its number.
    pub number: u32,
    /// What it says.
    pub decided: Decided,
    /// Whether nothing takes it back.
    pub stands: bool,
}

impl Told {
    /// Decisions by their numbers, as they stand in a fold.
    pub fn some(log: &DecisionLog, fold: &Fold, numbers: &[u32]) -> Result<Vec<Told>> {
        let mut wanted: Vec<u32> = numbers.iter().copied().filter(|n| *n > 0 && *n <= log.len()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let told = |(number, decided)| Told { number, decided, stands: fold.stands(number).unwrap_or(false) };
        Ok(wanted.iter().copied().zip(log.some(&wanted)?).map(told).collect())
    }

    /// `decision 7: A =same= B by me (human) on 2024-05-01: reason`.
    pub fn words(&self) -> String {
        let d = &self.decided;
        let what = match d.decree {
            Decree::Same => format!("{} =same= {}", d.a, d.b),
            Decree::Different => format!("{} !=different!= {}", d.a, d.b),
            Decree::Unsure => format!("{} ?unsure? {}", d.a, d.b),
            Decree::Retract(n) => format!("takes back decision {n}"),
        };
        let note = if d.note.is_empty() { String::new() } else { format!(": {}", d.note) };
        let gone = if self.stands { "" } else { " (taken back)" };
        format!("decision {}: {what} by {}{note}{gone}", self.number, signed(d))
    }

    /// `{"decision", "time", "by", "actor", "a", "b", "verdict", "takes_back", "note", "source",
    /// "evidence", "stands"}`.
    pub fn json(&self) -> Value {
        let d = &self.decided;
        let mut m = Map::new();
        m.insert("decision".into(), self.number.into());
        for (key, text) in [("time", d.time.as_str()), ("by", d.by.as_str()), ("actor", d.actor.as_str())] {
            m.insert(key.into(), text.into());
        }
        if let Decree::Retract(n) = d.decree {
            m.insert("takes_back".into(), n.into());
        }
        m.insert("a".into(), d.a.clone().into());
        m.insert("b".into(), d.b.clone().into());
        m.insert("verdict".into(), d.decree.as_str().into());
        for (key, text) in [("note", &d.note), ("source", &d.source)] {
            if !text.is_empty() {
                m.insert(key.into(), text.clone().into());
            }
        }
        if !d.evidence.is_empty() {
            m.insert("evidence".into(), serde_json::from_str(&d.evidence).unwrap_or(Value::Null));
        }
        m.insert("stands".into(), self.stands.into());
        m.into()
    }

    /// The evidence as lines, one an item; empty where none was kept.
    pub fn evidence_lines(&self) -> Vec<String> {
        evidence_lines(&self.decided.evidence)
    }
}

/// Evidence as kept in a decision, one line an item.
pub fn evidence_lines(evidence: &str) -> Vec<String> {
    let Ok(Value::Object(e)) = serde_json::from_str::<Value>(evidence) else { return Vec::new() };
    let mut out = Vec::new();
    let plain = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    let head: Vec<String> = ["score", "band", "scorer"]
        .iter()
        .filter_map(|k| e.get(*k).filter(|v| !v.is_null()).map(|v| format!("{k} {}", plain(v))))
        .collect();
    if !head.is_empty() {
        out.push(head.join(", "));
    }
    for item in e.get("items").and_then(Value::as_array).into_iter().flatten() {
        let line = match item {
            v if item_words(v).is_some() => item_words(v).unwrap_or_default(),
            Value::Object(m) => m.iter().map(|(k, v)| format!("{k} {}", plain(v))).collect::<Vec<_>>().join(", "),
            v => plain(v),
        };
        out.push(line);
    }
    out
}

/// Who decided, and when: `me (human) on 2024-05-01`.
pub fn signed(d: &Decided) -> String {
    let day = d.time.get(..10).unwrap_or(&d.time);
    let by = d.by.as_str();
    if d.actor.is_empty() { format!("a {by} on {day}") } else { format!("{} ({by}) on {day}", d.actor) }
}

/// `A =same= B =same= C`, from the first party on.
pub fn chain_words(start: &str, bonds: &[Bond]) -> String {
    let mut s = start.to_owned();
    for b in bonds {
        s.push_str(&format!(" =same= {}", b.to));
    }
    s
}

/// What holds two parties apart, in words: `A =same= B, but B !=different!= C decided by X on DATE
/// (decision 5)`.
pub fn barrier_words(log: &DecisionLog, a: &str, b: &str, barrier: &Barrier) -> Result<String> {
    let mut ways = Vec::new();
    for (start, bonds) in [(a, &barrier.left), (b, &barrier.right)] {
        if !bonds.is_empty() {
            ways.push(chain_words(start, bonds));
        }
    }
    let ways = if ways.is_empty() { String::new() } else { format!("{}, but ", ways.join(" and ")) };
    let sign = if barrier.different { "!=different!=" } else { "?unsure?" };
    let by = log.get(barrier.decision)?.map_or(String::new(), |d| format!(" decided by {}", signed(&d)));
    Ok(format!("{ways}{} {sign} {}{by} (decision {})", barrier.a, barrier.b, barrier.decision))
}

/// Whether a person may decide so on two parties: notes on what it adds, or why not.
///
/// # Errors
/// A usage error with the path for a "same" across a "different", for a "different" or "unsure"
/// within an entity, and for what contradicts a standing decision on the same two parties.
pub fn admit(log: &DecisionLog, fold: &Fold, a: &str, b: &str, ruling: Ruling) -> Result<Vec<String>> {
    if a == b {
        return Err(Error::usage(format!("both are the party {a}")));
    }
    let together = fold.same(a, b);
    if ruling == Ruling::Same {
        if let Some(barrier) = fold.barrier(a, b, false) {
            let words = barrier_words(log, a, b, &barrier)?;
            return Err(Error::usage(format!("{a} and {b} cannot be the same: {words}"))
                .hint(format!("if that is wrong, take it back first: cuibono undo {}", barrier.decision)));
        }
        let mut notes = Vec::new();
        if together {
            let path = fold.path(a, b).unwrap_or_default();
            notes.push(format!("they were the same already: {}", chain_words(a, &path)));
        } else if let Some(barrier) = fold.barrier(a, b, true) {
            notes.push(format!("somebody was unsure: {}", barrier_words(log, a, b, &barrier)?));
        }
        return Ok(notes);
    }
    if together {
        let path = fold.path(a, b).unwrap_or_default();
        let mut by: Vec<String> = Vec::new();
        for bond in &path {
            let who = log.get(bond.decision)?.map_or(String::new(), |d| format!(" by {}", signed(&d)));
            by.push(format!("decision {}{who}", bond.decision));
        }
        let first = path.first().map_or(0, |b| b.decision);
        let words = format!("{} ({})", chain_words(a, &path), by.join("; "));
        return Err(Error::usage(format!("{a} and {b} are the same by {words}"))
            .hint(format!("take back the decision that is wrong first, for example: cuibono undo {first}")));
    }
    let mut notes = Vec::new();
    for told in Told::some(log, fold, &fold.on_pair(a, b))? {
        if ruling == Ruling::Unsure && told.decided.decree == Decree::Different {
            return Err(Error::usage(format!("they were decided to be different: {}", told.words()))
                .hint(format!("take that back first: cuibono undo {}", told.number)));
        }
        notes.push(format!("it was said before: {}", told.words()));
    }
    Ok(notes)
}

/// What is known of whether two parties are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// One party, external id.
    pub a: String,
    /// The other.
    pub b: String,
    /// Whether they are one entity.
    pub same: bool,
    /// The chain that makes them so.
    pub chain: Vec<(Bond, Told)>,
    /// What holds them apart, in words.
    pub barrier: Option<String>,
    /// Other decisions on just these two, taken back or not.
    pub others: Vec<Told>,
}

/// Why two parties are the same, or are not.
pub fn why(log: &DecisionLog, fold: &Fold, a: &str, b: &str) -> Result<Why> {
    let path = fold.path(a, b).unwrap_or_default();
    let numbers: Vec<u32> = path.iter().map(|b| b.decision).collect();
    let told = Told::some(log, fold, &numbers)?;
    let chain: Vec<(Bond, Told)> = path
        .into_iter()
        .filter_map(|bond| told.iter().find(|t| t.number == bond.decision).cloned().map(|t| (bond, t)))
        .collect();
    let barrier = fold.barrier(a, b, true).map(|x| barrier_words(log, a, b, &x)).transpose()?;
    let mut others = Told::some(log, fold, &fold.on_party(a))?;
    others.retain(|t| {
        let d = &t.decided;
        ((d.a == a && d.b == b) || (d.a == b && d.b == a)) && !numbers.contains(&t.number)
    });
    Ok(Why { a: a.to_owned(), b: b.to_owned(), same: fold.same(a, b), chain, barrier, others })
}

impl Why {
    /// Whether anything was decided on them.
    pub fn is_empty(&self) -> bool {
        self.chain.is_empty() && self.barrier.is_none() && self.others.is_empty()
    }

    /// As lines of text.
    pub fn lines(&self) -> Vec<String> {
        let word = match (self.same, &self.barrier) {
            (true, _) => "are the same",
            (false, Some(_)) => "are held apart",
            (false, None) => "are not decided to be the same",
        };
        let mut out = vec![format!("{} and {} {word}", self.a, self.b)];
        for (bond, told) in &self.chain {
            out.push(format!("  {} =same= {}: {}", bond.from, bond.to, told.words()));
            out.extend(told.evidence_lines().into_iter().map(|l| format!("      {l}")));
        }
        out.extend(self.barrier.iter().map(|b| format!("  {b}")));
        for told in &self.others {
            out.push(format!("  {}", told.words()));
            out.extend(told.evidence_lines().into_iter().map(|l| format!("      {l}")));
        }
        out
    }

    /// `{"a", "b", "same", "chain": [{"from", "to", "decision": {...}}], "held_apart", "others"}`.
    pub fn json(&self) -> Value {
        json!({
            "a": self.a, "b": self.b, "same": self.same,
            "chain": self.chain.iter().map(|(b, t)| json!({ "from": b.from, "to": b.to, "decision": t.json() })).collect::<Vec<_>>(),
            "held_apart": self.barrier,
            "others": self.others.iter().map(Told::json).collect::<Vec<_>>(),
        })
    }
}

/// How an entity came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct How {
    /// The id it goes by.
    pub entity: String,
    /// Its parties, those first that it goes or went by.
    pub parties: Vec<String>,
    /// All decisions on any of them, and the retractions of those, in the order of the log.
    pub decisions: Vec<Told>,
    /// The ids that were given up or taken on.
    pub names: Vec<Renamed>,
}

/// The history of the entity of a party.
pub fn how(log: &DecisionLog, fold: &Fold, id: &str) -> Result<How> {
    let parties: Vec<String> = fold.members(id).into_iter().map(str::to_owned).collect();
    let mut numbers: Vec<u32> = parties.iter().flat_map(|p| fold.on_party(p)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    // Retractions of them, and of those.
    let mut last = 0;
    log.each(|number, row| {
        if let Decree::Retract(n) = row.decree
            && (numbers.binary_search(&n).is_ok() || n == last)
            && fold.stands(number).is_some()
        {
            numbers.push(number);
            last = number;
        }
        Ok(())
    })?;
    let decisions = Told::some(log, fold, &numbers)?;
    let known: std::collections::HashSet<&str> = parties.iter().map(String::as_str).collect();
    let names = fold.renamed().filter(|r| known.contains(r.old.as_str()) || known.contains(r.new.as_str())).collect();
    Ok(How { entity: fold.canonical(id).to_owned(), parties, decisions, names })
}

impl How {
    /// `{"entity", "parties", "decisions", "names": [{"decision", "old", "new", "merged"}]}`.
    pub fn json(&self) -> Value {
        let name = |r: &Renamed| json!({ "decision": r.decision, "old": r.old, "new": r.new, "merged": r.merged });
        json!({
            "entity": self.entity, "parties": self.parties,
            "decisions": self.decisions.iter().map(Told::json).collect::<Vec<_>>(),
            "names": self.names.iter().map(name).collect::<Vec<_>>(),
        })
    }

    /// As lines of text; `label` names a party in words.
    pub fn lines(&self, label: &dyn Fn(&str) -> String) -> Vec<String> {
        let mut out = vec![format!("{} is one entity of {} parties", self.entity, self.parties.len())];
        out.extend(self.parties.iter().map(|p| format!("  {p}  {}", label(p))));
        for t in &self.decisions {
            out.push(format!("  {}", t.words()));
            for r in self.names.iter().filter(|r| r.decision == t.number) {
                let what = if r.merged { "goes by" } else { "came away and goes by" };
                out.push(format!("      {} {what} {}", r.old, r.new));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_of_any_age_is_readable() {
        assert!(evidence_lines("").is_empty() && evidence_lines("not JSON").is_empty());
        // Of rules before the matcher, of another program, and of both.
        let rules =
            r#"{"scorer":"strong-identifiers/1","items":[{"kind":"identifier","value":"7707083893","how":"same"}]}"#;
        let lines = evidence_lines(rules);
        assert_eq!(lines, ["scorer strong-identifiers/1", "kind identifier, value 7707083893, how same"]);
        assert_eq!(evidence_lines(r#"{"score":0.91,"items":["as it was"]}"#), ["score 0.91", "as it was"]);
        let both = r#"{"scorer":"names/1","score":0.9,"band":"match","items":[{"kind":"birth","a":"1962","b":"1959","how":"conflict"},
            {"kind":"token","left":"Kozlov","right":"Koslow","how":"spelling","bits":3.14,"weight":0.2}]}"#;
        let lines = evidence_lines(both);
        assert_eq!(lines[0], "score 0.9, band match, scorer names/1");
        assert_eq!(lines[1], "kind birth, a 1962, b 1959, how conflict");
        assert_eq!(lines[2], "token Kozlov = Koslow, spelling: +3.1 bits");
    }
}
