//! Random documents. Every feature is switched on per document, so that many stay simple.

use serde_json::{Value, json};

/// A small generator of its own: the same seed gives the same document on every machine.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Random {
        let mut r = Random(seed ^ 0x9e37_79b9_7f4a_7c15);
        r.below(2);
        r
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }

    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    pub(super) fn shuffle<T>(&mut self, all: &mut [T]) {
        for i in (1..all.len()).rev() {
            all.swap(i, self.below(i + 1));
        }
    }
}

/// A document, the day to ask about and the regimes to ask under.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) doc: Value,
    pub(super) day: String,
    pub(super) regimes: Vec<&'static str>,
}

/// Days on which rules change, days around them, and a month.
const DAYS: &[&str] = &[
    "2023-06-22",
    "2024-06-15",
    "2024-07-02",
    "2024-07-03",
    "2025-01-15",
    "2025-03",
    "2025-10-15",
    "2025-11-09",
    "2025-12-01",
];
/// The day before, the day itself, the day after and coarser dates for each of [`DAYS`].
fn around(day: &str) -> Vec<String> {
    let year = &day[..4];
    let mut all: Vec<String> = ["2016", "2020-05", "2021-02-28", "2026-03-01", "2027"].map(str::to_owned).into();
    all.extend([day.to_owned(), year.to_owned(), day[..7].to_owned()]);
    if let Some(n) = day.get(8..).and_then(|d| d.parse::<u32>().ok()).filter(|n| *n > 1 && *n < 28) {
        all.extend([format!("{}-{:02}", &day[..7], n - 1), format!("{}-{:02}", &day[..7], n + 1)]);
    }
    all
}

const EXACT: &[&str] = &[
    "50", "50", "25", "25", "30", "20", "100/3", "50/3", "10", "40", "51", "60", "75", "100", "49.9999", "50.0001",
    "16.6667", "33.3", "12.5", "0", "5", "1",
];
const REGIMES: &[&str] = &["ofac", "eu", "uk", "ch", "ca", "ofac_ssi", "bis"];
const LISTS: &[&str] = &["ofac_sdn", "ofac_ssi", "eu_fsf", "uk_sl", "bis_el", "bis_meu"];

/// The features of one document.
struct Features {
    ranges: bool,
    unknown: bool,
    labels: bool,
    joint: bool,
    twice: bool,
    dates: bool,
    statuses: bool,
    votes: bool,
    control: bool,
    ambiguous: bool,
    indirect: bool,
    own: bool,
    lists: bool,
    over: bool,
    noise: bool,
}

struct Maker {
    r: Random,
    f: Features,
    dates: Vec<String>,
    edges: Vec<Value>,
    /// What is taken of each target, in hundredths of a percent, by basis.
    taken: std::collections::HashMap<(String, &'static str), i64>,
}

fn hundredths(share: &Value) -> i64 {
    let text = |v: &Value| -> f64 {
        let t = v.as_str().unwrap_or("0");
        let (n, d) = t.split_once('/').unwrap_or((t, "1"));
        n.parse::<f64>().unwrap() / d.parse::<f64>().unwrap()
    };
    let low = match share {
        Value::Object(m) => m.get("min").or_else(|| m.get("exclusive_min")).map_or(0.0, text),
        v => text(v),
    };
    (low * 100.0) as i64
}

impl Maker {
    fn share(&mut self) -> Value {
        if self.f.unknown && self.r.chance(20) {
            return Value::Null;
        }
        if !self.f.ranges || !self.r.chance(50) {
            return json!(self.r.pick(EXACT));
        }
        let (low, high) = match self.r.below(4) {
            0 => *self.r.pick(&[(25, 50), (50, 75), (75, 100), (0, 25), (50, 100)]),
            1 => (self.r.below(50), 100),
            _ => {
                let low = 5 * self.r.below(15);
                (low, low + 5 * (1 + self.r.below(5)))
            }
        };
        let key = |open: bool, name: &str| if open { format!("exclusive_{name}") } else { name.to_owned() };
        let mut share = serde_json::Map::new();
        let (open_low, open_high) = (self.r.chance(40), self.r.chance(40));
        if low > 0 || self.r.chance(50) {
            share.insert(key(open_low, "min"), json!(low.to_string()));
        }
        if high < 100 || share.is_empty() || self.r.chance(50) {
            share.insert(key(open_high, "max"), json!(high.to_string()));
        }
        Value::Object(share)
    }

    fn push(&mut self, mut e: Value) {
        e["id"] = json!(format!("e{}", self.edges.len() + 1));
        if self.f.dates && self.r.chance(40) {
            match self.r.below(3) {
                0 => e["start"] = json!(self.r.pick(&self.dates)),
                1 => e["end"] = json!(self.r.pick(&self.dates)),
                _ => {
                    e["start"] = json!("2011-11-11");
                    e["end"] = json!(self.r.pick(&self.dates));
                }
            }
        }
        if self.f.statuses && self.r.chance(30) {
            match self.r.below(8) {
                0 => e["status"] = json!("withdrawn"),
                1 | 2 => e["act"] = json!(self.r.pick(&["sought", "offered", "agreed", "agreed", "done"])),
                3 => e["properties"] = json!({"former": "true"}),
                _ => e["status"] = json!(self.r.pick(&["alleged", "disputed", "inferred", "asserted"])),
            }
        }
        self.edges.push(e);
    }

    /// A stake, unless it would take more than there is.
    fn stake(&mut self, from: &str, to: &str, basis: &'static str) {
        let share = self.share();
        let taken = self.taken.entry((to.to_owned(), basis)).or_insert(0);
        let sum = *taken + hundredths(&share);
        if sum > 10_000 && !self.f.over {
            return;
        }
        *taken = sum;
        let name = if basis == "shares" && self.r.chance(5) { "beneficially_owns" } else { basis };
        let name = if name == "shares" { "owns" } else { name };
        let mut e = json!({"source": from, "target": to, "type": name, "share": share});
        if self.f.labels && self.r.chance(30) {
            e["stake"] = json!(self.r.pick(&["A", "B"]));
        }
        if self.f.joint && from != to && self.r.chance(50) {
            e["joint"] = json!(self.r.pick(&["j1", "j2"]));
        }
        if self.f.indirect && self.r.chance(30) {
            e["direct"] = json!(self.r.pick(&["indirect", "indirect", "unknown", "direct"]));
        }
        let again = self.f.twice && self.r.chance(35);
        self.push(e.clone());
        if again {
            match self.r.below(3) {
                0 => {}
                1 => e["share"] = Value::Null,
                _ => e["share"] = self.share(),
            }
            self.push(e);
        }
    }

    fn listed(&mut self) -> Value {
        if !self.f.lists {
            return json!(true);
        }
        let list = *self.r.pick(LISTS);
        let mut dated = serde_json::Map::new();
        if self.r.chance(60) {
            dated.insert(
                "from".into(),
                json!(if self.r.chance(50) { "2012" } else { self.r.pick(&self.dates).as_str() }),
            );
        }
        if dated.get("from").is_none_or(|f| f == "2012") && self.r.chance(50) {
            dated.insert("to".into(), json!(self.r.pick(&self.dates)));
        }
        match self.r.below(7) {
            0 => json!(true),
            1 => json!([list, self.r.pick(LISTS)]),
            2 => json!(list),
            3 => json!({ list: dated }),
            4 => {
                dated.insert("list".into(), json!(list));
                json!([dated, "uk_sl"])
            }
            last => {
                dated.insert("list".into(), json!("*"));
                if last == 5 { json!([dated]) } else { Value::Object(dated) }
            }
        }
    }
}

fn pairs(m: &mut Maker, owners: &[String], owned: &[String]) {
    for to in owned {
        for _ in 0..1 + m.r.below(3) {
            let from = m.r.pick(owners).clone();
            if from != *to {
                m.stake(&from, to, "shares");
            }
        }
        if m.f.own && m.r.chance(35) {
            let share = *m.r.pick(&["5", "10", "20", "50"]);
            m.push(json!({"source": to, "target": to, "type": "owns", "share": share}));
        }
        if m.f.votes {
            for _ in 0..m.r.below(3) {
                let from = m.r.pick(owners).clone();
                m.stake(&from, to, "votes");
            }
        }
        for (on, names) in [
            (m.f.control, &["controls", "controls", "appoints_board_of"][..]),
            (m.f.ambiguous, &["owns_or_controls", "parent_of", "owns_controls_or_operates"][..]),
            (m.f.noise, &["directs", "family_of", "supplies"][..]),
        ] {
            if on && m.r.chance(30) {
                let (from, name) = (m.r.pick(owners).clone(), *m.r.pick(names));
                let mut e = json!({"source": from, "target": to, "type": name});
                if name == "owns_or_controls" && m.r.chance(40) {
                    e["share"] = json!(m.r.pick(EXACT));
                }
                if from != *to {
                    m.push(e);
                }
            }
        }
    }
}

/// Summaries of chains that are on record, as if they were stakes of their own.
fn summaries(m: &mut Maker) {
    let ends = |e: &Value| (e["source"].as_str().unwrap().to_owned(), e["target"].as_str().unwrap().to_owned());
    let stakes: Vec<(String, String)> = m.edges.iter().filter(|e| e["type"] == "owns").map(ends).collect();
    for _ in 0..4 {
        let Some(first) = (!stakes.is_empty()).then(|| m.r.pick(&stakes).clone()) else { return };
        let next: Vec<&(String, String)> = stakes.iter().filter(|s| s.0 == first.1 && s.1 != first.0).collect();
        if !next.is_empty() {
            let to = m.r.pick(&next).1.clone();
            let (share, direct) = (m.share(), *m.r.pick(&["indirect", "indirect", "unknown"]));
            m.push(json!({"source": first.0, "target": to, "type": "owns", "share": share, "direct": direct}));
        }
    }
}

/// The document of a seed.
pub(super) fn question(seed: u64) -> Question {
    let mut r = Random::new(seed);
    let day = (*r.pick(DAYS)).to_owned();
    let often = if r.chance(30) { 5 } else { 25 };
    let mut on = |percent: usize| r.chance(percent * often / 25);
    let f = Features {
        ranges: on(50),
        unknown: on(30),
        labels: on(20),
        joint: on(30),
        twice: on(25),
        dates: on(25),
        statuses: on(25),
        votes: on(30),
        control: on(25),
        ambiguous: on(20),
        indirect: on(20),
        own: on(20),
        lists: on(30),
        over: on(10),
        noise: on(10),
    };
    let mut m = Maker { r, f, dates: around(&day), edges: Vec::new(), taken: Default::default() };
    let (people, firms) = (1 + m.r.below(4), 3 + m.r.below(5));
    let mut nodes: Vec<Value> = (0..people).map(|i| json!({"id": format!("P{i}"), "type": "person"})).collect();
    nodes.extend((0..firms).map(|i| json!({"id": format!("F{i}"), "type": m.r.pick(&["entity", "company"])})));
    for (id, kind) in [("V0", "vessel"), ("S0", "state"), ("T0", "thing")] {
        if m.r.chance(12) {
            nodes.push(json!({"id": id, "type": kind}));
        }
    }
    let ids: Vec<String> = nodes.iter().map(|n| n["id"].as_str().unwrap().to_owned()).collect();
    let owned: Vec<String> = ids.iter().filter(|i| !i.starts_with('P') || m.r.chance(3)).cloned().collect();
    pairs(&mut m, &ids, &owned);
    if m.f.indirect {
        summaries(&mut m);
    }
    for (i, n) in nodes.iter_mut().enumerate() {
        if i == 0 || m.r.chance(if i < people { 30 } else { 8 }) {
            n["listed"] = m.listed();
        }
    }
    let mut doc = json!({"cuibono": 1});
    let pact = people > 1 && m.r.chance(often);
    if pact {
        nodes[0]["joint_arrangement"] = json!("pact");
        let partner = if m.r.chance(80) { 1 + m.r.below(people - 1) } else { people };
        nodes[partner]["joint_arrangement"] = if m.r.chance(50) { json!("pact") } else { json!(["pact", "other"]) };
    }
    for (key, value, percent) in [
        ("treasury", json!("exclude"), if m.f.own { 60 } else { 5 }),
        ("complete", json!(true), 15),
        ("unknown_remainder", json!("indeterminate"), 8),
    ] {
        if m.r.chance(percent) {
            if m.r.chance(50) {
                doc[key] = value;
            } else {
                let n = people + m.r.below(firms);
                nodes[n][key] = value;
            }
        }
    }
    doc["nodes"] = Value::Array(nodes);
    let mut regimes: Vec<&'static str> = REGIMES.to_vec();
    m.r.shuffle(&mut regimes);
    regimes.truncate(3);
    if pact && !regimes.contains(&"uk") {
        regimes.push("uk");
    }
    doc["edges"] = Value::Array(m.edges);
    Question { doc, day, regimes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn documents_are_as_meant() {
        let all: Vec<Question> = (0..400).map(question).collect();
        assert_eq!(all[7].doc, question(7).doc, "a seed is a document");
        for q in &all {
            let read = cuibono::model::Document::read(&q.doc.to_string(), Some("doc"), "random");
            assert!(read.is_ok(), "{}\n{}", read.err().unwrap(), q.doc);
        }
        let edges: Vec<&Value> = all.iter().flat_map(|q| q.doc["edges"].as_array().unwrap()).collect();
        for member in ["start", "end", "stake", "joint", "direct", "status", "act", "properties"] {
            assert!(edges.iter().filter(|e| !e[member].is_null()).count() > 20, "{member}");
        }
        let types: BTreeSet<&str> = edges.iter().map(|e| e["type"].as_str().unwrap()).collect();
        assert!(types.len() >= 11, "{types:?}");
        let simple =
            |q: &&Question| q.doc["edges"].as_array().unwrap().iter().all(|e| e.as_object().unwrap().len() == 5);
        assert!(all.iter().filter(simple).count() > 40);
    }
}
