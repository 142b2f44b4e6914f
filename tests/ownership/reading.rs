//! Reading a network document for the reference, straight from its JSON.

use num_bigint::BigInt;
use num_rational::BigRational;
use serde_json::Value;
use std::collections::HashMap;

/// An exact number, in percent unless a function says otherwise.
pub(super) type Q = BigRational;

/// Reads `50`, `12.5` or `100/3`.
pub(super) fn q(text: &str) -> Q {
    let int = |t: &str| -> BigInt { t.trim().parse().unwrap_or_else(|_| panic!("{text:?} is no number")) };
    if let Some((n, d)) = text.split_once('/') {
        return Q::new(int(n), int(d));
    }
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    Q::new(int(&format!("{whole}{places}")), BigInt::from(10).pow(u32::try_from(places.len()).unwrap()))
}

/// The number in a JSON string or number.
pub(super) fn number(v: &Value) -> Q {
    v.as_str().map_or_else(|| q(&v.to_string()), q)
}

/// A day, month or year as the days it may mean, each written YYYYMMDD. The last day of a month
/// may be one that does not exist; comparisons with real days come out the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) first: u32,
    pub(super) last: u32,
}

impl Day {
    pub(super) fn parse(text: &str) -> Day {
        let p: Vec<u32> = text.split('-').map(|p| p.parse().unwrap()).collect();
        let at = |month: u32, day: u32| {
            p[0] * 10_000 + p.get(1).copied().unwrap_or(month) * 100 + p.get(2).copied().unwrap_or(day)
        };
        Day { first: at(1, 1), last: at(12, 31) }
    }

    fn of(v: &Value) -> Option<Day> {
        v.as_str().map(Day::parse)
    }
}

/// How far something is established.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sure {
    Never,
    Possible,
    Certain,
}

/// Whether [start, end) covers the day, on all readings or on some.
fn in_force(start: Option<Day>, end: Option<Day>, day: Day) -> Sure {
    let certain = start.is_none_or(|s| s.last <= day.first) && end.is_none_or(|e| e.first > day.last);
    let possible = start.is_none_or(|s| s.first <= day.last) && end.is_none_or(|e| e.last > day.first);
    match (certain, possible) {
        (true, _) => Sure::Certain,
        (false, true) => Sure::Possible,
        _ => Sure::Never,
    }
}

/// An interval of percent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) low: Q,
    pub(super) low_open: bool,
    pub(super) high: Q,
    pub(super) high_open: bool,
}

impl Bounds {
    /// Of a share in a document; nothing given is more than 0 and at most 100.
    fn of(v: Option<&Value>) -> Bounds {
        let unknown = Bounds { low: q("0"), low_open: true, high: q("100"), high_open: false };
        match v {
            None | Some(Value::Null) => unknown,
            Some(Value::Object(m)) => {
                let get = |closed: &str, open: &str, default: &str| match (m.get(closed), m.get(open)) {
                    (Some(v), _) => (number(v), false),
                    (None, Some(v)) => (number(v), true),
                    (None, None) => (q(default), false),
                };
                let (low, low_open) = get("min", "exclusive_min", "0");
                let (high, high_open) = get("max", "exclusive_max", "100");
                Bounds { low, low_open, high, high_open }
            }
            Some(v) => Bounds { low: number(v), low_open: false, high: number(v), high_open: false },
        }
    }

    pub(super) fn is_exact(&self) -> bool {
        self.low == self.high
    }
}

/// What an edge is to the question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Shares,
    Votes,
    /// Owned or controlled, the source does not say which.
    Ambiguous,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direct {
    /// Direct, or nothing said.
    Stated,
    Indirect,
    Unknown,
}

#[derive(Debug, Clone)]
pub(super) struct Edge {
    pub(super) id: String,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) sure: Sure,
    pub(super) bounds: Bounds,
    pub(super) stake: String,
    pub(super) joint: String,
    pub(super) direct: Direct,
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) id: String,
    pub(super) ownable: bool,
    /// List ids; `*` is every list.
    pub(super) listed: Vec<(String, Sure)>,
    pub(super) arrangements: Vec<String>,
    pub(super) treasury_excluded: bool,
    pub(super) complete: bool,
    pub(super) open_world: bool,
}

/// A document as it stands on a day.
#[derive(Debug, Clone)]
pub(super) struct Network {
    pub(super) nodes: Vec<Node>,
    pub(super) edges: Vec<Edge>,
}

const OWNABLE: &[&str] = &[
    "company",
    "firm",
    "registered_entity",
    "organization",
    "organisation",
    "legal_entity",
    "entity",
    "public_body",
    "state_body",
    "international_body",
    "arrangement",
    "trust",
    "authority",
    "vessel",
    "ship",
    "aircraft",
    "airplane",
    "vehicle",
    "security",
    "real_estate",
    "asset",
    "thing",
    "unknown_party",
    "unknown",
    "unresolved_name",
    "stub",
];

fn kind(name: &str) -> Kind {
    match name {
        "owns" | "shareholding" | "ownership" | "beneficially_owns" => Kind::Shares,
        "votes" | "votes_in" | "voting_rights" => Kind::Votes,
        "owns_or_controls" | "owns_controls_or_operates" | "has_property_interest_in" | "interest_in" | "parent_of" => {
            Kind::Ambiguous
        }
        _ => Kind::Other,
    }
}

fn listings(v: Option<&Value>, day: Day) -> Vec<(String, Sure)> {
    let dated = |m: &Value| in_force(Day::of(&m["from"]), Day::of(&m["to"]), day);
    match v {
        Some(Value::Bool(true)) => vec![("*".into(), Sure::Certain)],
        Some(Value::String(list)) => vec![(list.clone(), Sure::Certain)],
        Some(Value::Array(all)) => all
            .iter()
            .map(|one| match one.as_str() {
                Some(list) => (list.to_owned(), Sure::Certain),
                None => (one["list"].as_str().unwrap().to_owned(), dated(one)),
            })
            .collect(),
        Some(one @ Value::Object(m)) if m.get("list").is_some_and(Value::is_string) => {
            vec![(one["list"].as_str().unwrap().to_owned(), dated(one))]
        }
        Some(Value::Object(all)) => all
            .iter()
            .filter(|(_, v)| **v != Value::Bool(false))
            .map(|(list, v)| (list.clone(), if v.is_object() { dated(v) } else { Sure::Certain }))
            .collect(),
        _ => Vec::new(),
    }
}

/// Texts of a member that may be one value or several.
fn words(v: Option<&Value>) -> Vec<String> {
    let word = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    match v {
        None | Some(Value::Null | Value::Bool(false)) => Vec::new(),
        Some(Value::Array(all)) => all.iter().map(word).collect(),
        Some(one) => vec![word(one)],
    }
}

fn status(e: &Value) -> Sure {
    if e["properties"]["former"] == "true" {
        return Sure::Never;
    }
    let said = match e["status"].as_str().unwrap_or("asserted") {
        "asserted" => Sure::Certain,
        "alleged" | "disputed" | "inferred" => Sure::Possible,
        "withdrawn" => Sure::Never,
        other => panic!("status {other}"),
    };
    let act = match e["act"].as_str().unwrap_or("done") {
        "done" => Sure::Certain,
        "agreed" => Sure::Possible,
        "sought" | "offered" => Sure::Never,
        other => panic!("act {other}"),
    };
    said.min(act)
}

impl Network {
    /// The document on a day (`YYYY`, `YYYY-MM` or `YYYY-MM-DD`).
    pub(super) fn read(doc: &Value, day: &str) -> Network {
        let day = Day::parse(day);
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let option = |n: &Value, key: &str| if n[key].is_null() { doc[key].clone() } else { n[key].clone() };
        let nodes: Vec<Node> = doc["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| Node {
                id: text(&n["id"]),
                ownable: OWNABLE.contains(&n["type"].as_str().unwrap()),
                listed: listings(n.get("listed"), day),
                arrangements: words(n.get("joint_arrangement")),
                treasury_excluded: option(n, "treasury") == "exclude",
                complete: option(n, "complete") == true,
                open_world: option(n, "unknown_remainder") == "indeterminate",
            })
            .collect();
        let at: HashMap<&str, usize> = nodes.iter().enumerate().map(|(i, n)| (n.id.as_str(), i)).collect();
        let edges = doc["edges"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| {
                let name = text(&e["type"]);
                Edge {
                    id: text(&e["id"]),
                    from: at[e["source"].as_str().unwrap()],
                    to: at[e["target"].as_str().unwrap()],
                    kind: kind(&name),
                    name,
                    sure: status(e).min(in_force(Day::of(&e["start"]), Day::of(&e["end"]), day)),
                    bounds: Bounds::of(e.get("share")),
                    stake: text(&e["stake"]),
                    joint: text(&e["joint"]),
                    direct: match &e["direct"] {
                        Value::Bool(false) => Direct::Indirect,
                        v if v == "indirect" => Direct::Indirect,
                        v if v == "unknown" => Direct::Unknown,
                        _ => Direct::Stated,
                    },
                }
            })
            .collect();
        Network { nodes, edges }
    }

    /// Whether a chain of two or more certain, direct stakes leads from one party to the other.
    fn chain(&self, from: usize, to: usize) -> bool {
        let step = |e: &&Edge| {
            e.sure == Sure::Certain && e.direct == Direct::Stated && matches!(e.kind, Kind::Shares | Kind::Votes)
        };
        let mut reached = vec![false; self.nodes.len()];
        for _ in 0..self.nodes.len() {
            for e in self.edges.iter().filter(step) {
                if (e.from, e.to) != (from, to) {
                    reached[e.to] |= e.from == from || reached[e.from];
                }
            }
        }
        reached[to]
    }

    /// How far a report of a stake counts, indirect summaries seen to.
    pub(super) fn counts(&self, e: &Edge) -> Sure {
        match e.direct {
            Direct::Indirect if self.chain(e.from, e.to) => Sure::Never,
            Direct::Unknown if self.chain(e.from, e.to) => e.sure.min(Sure::Possible),
            _ => e.sure,
        }
    }
}
