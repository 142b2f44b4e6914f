//! False variants of a proof, for tests: each differs from a valid one in one claim.

use super::Exact;
use serde_json::{Value, json};

type Change = (String, Value);

struct Mutator<'a> {
    proof: &'a Value,
    out: Vec<Change>,
}

/// A number that is one more.
fn more(v: &Value) -> Option<Value> {
    let x = Exact::parse(v.as_str()?)?;
    Some(Value::String((&x + &Exact::ONE).to_string()))
}

fn nought(v: &Value) -> bool {
    v.as_str().and_then(Exact::parse).is_none_or(|x| x.is_zero())
}

fn flipped(v: &Value) -> Option<Value> {
    v.as_bool().map(|b| Value::Bool(!b))
}

impl Mutator<'_> {
    fn with(&mut self, what: String, change: impl FnOnce(&mut Value)) {
        let mut v = self.proof.clone();
        change(&mut v);
        if v != *self.proof {
            self.out.push((what, v));
        }
    }

    /// Puts a value at a JSON pointer.
    fn put(&mut self, at: &str, value: Value) {
        let (parent, member) = at.rsplit_once('/').unwrap();
        self.with(format!("{at} = {value}"), |v| {
            let parent = v.pointer_mut(parent).unwrap();
            match parent {
                Value::Array(a) => a[member.parse::<usize>().unwrap()] = value,
                _ => parent[member] = value,
            }
        });
    }

    /// Takes a member or an item out.
    fn drop(&mut self, at: &str) {
        let (parent, member) = at.rsplit_once('/').unwrap();
        self.with(format!("without {at}"), |v| match v.pointer_mut(parent).unwrap() {
            Value::Array(a) => {
                a.remove(member.parse().unwrap());
            }
            Value::Object(o) => {
                o.shift_remove(member);
            }
            _ => {}
        });
    }

    fn get(&self, at: &str) -> Option<&Value> {
        self.proof.pointer(at).filter(|v| !v.is_null())
    }

    fn items(&self, at: &str) -> Vec<Value> {
        self.get(at).and_then(Value::as_array).cloned().unwrap_or_default()
    }

    fn change(&mut self, at: &str, by: impl Fn(&Value) -> Option<Value>) {
        if let Some(new) = self.get(at).and_then(by) {
            self.put(at, new);
        }
    }

    fn twice(&mut self, list: &str, i: usize) {
        self.with(format!("{list}/{i} twice"), |v| {
            let a = v.pointer_mut(list).unwrap().as_array_mut().unwrap();
            a.insert(i, a[i].clone());
        });
    }

    fn drop_known(&mut self, at: &str) {
        if self.get(at).is_some() {
            self.drop(at);
        }
    }

    fn unknown(&mut self, at: &str) {
        self.change(at, |_| Some("no:such".into()));
    }

    fn principal(&mut self, at: &str) {
        let member = format!("{at}/principal");
        match self.get(&member) {
            Some(_) => {
                self.unknown(&member);
                self.drop(&member);
            }
            None => self.put(&member, self.proof["id"].clone()),
        }
    }

    fn edges(&mut self, at: &str, others: &[Value], set: bool) {
        let edges = self.items(at);
        for (j, e) in edges.iter().enumerate() {
            let one = format!("{at}/{j}");
            self.unknown(&format!("{one}/id"));
            self.unknown(&format!("{one}/holder"));
            self.change(&format!("{one}/share_used"), more);
            self.twice(at, j);
            if !set || !nought(&e["share_used"]) {
                self.drop(&one);
            }
            if !nought(&e["share_used"]) {
                self.drop(&format!("{one}/share_used"));
            }
            if set {
                continue;
            }
            for other in others {
                self.put(&format!("{one}/id"), other["id"].clone());
                if !edges.iter().any(|e| e["id"] == other["id"]) {
                    self.with(format!("{at} and {other}"), |v| {
                        v.pointer_mut(at).unwrap().as_array_mut().unwrap().push(other.clone());
                    });
                }
            }
            for other in &edges {
                self.put(&format!("{one}/holder"), other["holder"].clone());
            }
            match e.get("step").and_then(Value::as_u64) {
                Some(n) => {
                    self.put(&format!("{one}/step"), (n + 1).into());
                    self.put(&format!("{one}/step"), (n - 1).into());
                    self.drop(&format!("{one}/step"));
                }
                None => self.put(&format!("{one}/step"), 1.into()),
            }
        }
    }

    fn steps(&mut self, at: &str) {
        let list = format!("{at}/steps");
        let steps = self.items(&list);
        if !steps.is_empty() {
            self.principal(at);
        }
        let edges: Vec<Value> = steps.iter().flat_map(|s| s["edges"].as_array().unwrap().clone()).collect();
        for (i, step) in steps.iter().enumerate() {
            let one = format!("{list}/{i}");
            self.drop(&one);
            self.twice(&list, i);
            if i + 1 < steps.len() {
                self.with(format!("{one} after the next"), |v| {
                    v.pointer_mut(&list).unwrap().as_array_mut().unwrap().swap(i, i + 1);
                });
            }
            self.unknown(&format!("{one}/entity"));
            for other in steps.iter().map(|s| &s["entity"]).chain(edges.iter().map(|e| &e["holder"])) {
                self.put(&format!("{one}/entity"), other.clone());
            }
            self.put(&format!("{one}/by"), "capital".into());
            if !step["edges"].as_array().unwrap().is_empty() {
                for by in ["shares", "votes", "control"] {
                    self.put(&format!("{one}/by"), by.into());
                }
            }
            for number in ["sum", "threshold", "treasury", "outside"] {
                self.change(&format!("{one}/{number}"), more);
            }
            for flag in ["open", "inclusive"] {
                self.change(&format!("{one}/{flag}"), flipped);
            }
            if step["by"] != json!("control") {
                for member in ["sum", "threshold", "open", "inclusive"] {
                    self.drop(&format!("{one}/{member}"));
                }
                if !nought(&step["treasury"]) {
                    self.drop(&format!("{one}/treasury"));
                }
            }
            self.edges(&format!("{one}/edges"), &edges, false);
        }
    }

    fn sets(&mut self, list: &str) {
        let id = self.proof["id"].clone();
        for (i, set) in self.items(list).iter().enumerate() {
            let one = format!("{list}/{i}");
            if set["principal"].is_null() {
                self.drop(&one);
            }
            self.principal(&one);
            self.twice(list, i);
            let entities = format!("{one}/entities");
            self.with(format!("{one} without {id}"), |v| {
                v.pointer_mut(&entities).unwrap().as_array_mut().unwrap().retain(|e| e["entity"] != id);
            });
            let members = self.items(&entities);
            for (j, entry) in members.iter().enumerate() {
                let at = format!("{entities}/{j}");
                self.twice(&entities, j);
                self.unknown(&format!("{at}/entity"));
                for other in members.iter().filter(|m| m["by"] == entry["by"]) {
                    self.put(&format!("{at}/entity"), other["entity"].clone());
                }
                self.put(&format!("{at}/by"), "capital".into());
                self.change(&format!("{at}/most"), more);
                self.change(&format!("{at}/threshold"), more);
                if !nought(&entry["most"]) || entry["edges"].as_array().is_some_and(|e| !e.is_empty()) {
                    self.change(&format!("{at}/open"), flipped);
                }
                self.edges(&format!("{at}/edges"), &[], true);
            }
        }
    }
}

/// Variants of a valid proof in which one claim is false: every member that carries meaning
/// changed, dropped, doubled or moved. Each comes with what was done. None must be accepted.
pub(crate) fn mutations(proof: &Value) -> Vec<Change> {
    let mut m = Mutator { proof, out: Vec::new() };
    for (member, value) in [("cuibono", json!(2)), ("as_of", json!("1800-01-01"))] {
        m.put(&format!("/{member}"), value);
    }
    for member in ["id", "regime", "rule"] {
        m.unknown(&format!("/{member}"));
    }
    for verdict in ["listed", "blocked", "not_blocked", "indeterminate"] {
        m.put("/verdict", verdict.into());
    }
    if proof["verdict"] != json!("not_blocked") {
        m.put("/known_at", "1800-01-01".into());
    }
    for option in ["treasury", "complete", "unknown_remainder"] {
        m.change(&format!("/options/{option}"), |_| Some("perhaps".into()));
    }
    let listings = m.items("/listings");
    for i in 0..listings.len() {
        m.unknown(&format!("/listings/{i}/entity"));
        m.put(&format!("/listings/{i}/list"), "no_such_list".into());
        m.put(&format!("/listings/{i}/from"), "1800-01-01".into());
        m.put(&format!("/listings/{i}/to"), "1800-01-01".into());
    }
    if proof["verdict"] == json!("listed") {
        m.put("/listings", json!([]));
    }
    m.put("/supposed", true.into());
    m.put("/sources", json!(["no_such_source"]));
    m.steps("");
    m.sets("/sets");
    for half in ["possible", "not_certain"] {
        if m.get(&format!("/{half}")).is_some() {
            m.drop(&format!("/{half}"));
        }
    }
    m.steps("/possible");
    m.sets("/not_certain/sets");
    for i in 0..m.items("/missing").len() {
        let one = format!("/missing/{i}");
        m.unknown(&one);
        for member in ["edge", "entity", "holder"] {
            m.unknown(&format!("{one}/{member}"));
        }
        for member in ["low", "high"] {
            m.change(&format!("{one}/{member}"), more);
            m.drop_known(&format!("{one}/{member}"));
        }
        for member in ["low_excluded", "high_excluded"] {
            m.change(&format!("{one}/{member}"), flipped);
        }
    }
    m.out
}
