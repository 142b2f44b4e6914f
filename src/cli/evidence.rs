//! Evidence of a comparison: as JSON, and in words.

use cuibono::names::{Evidence, How, Match, What};
use serde_json::{Value, json};

/// Items of a comparison that a line of a table tells.
const TOLD: usize = 4;

/// A number to four places: what it was printed from is rounded to them.
fn number(n: f32) -> Value {
    let text = format!("{n:.4}");
    text.parse::<f64>().map_or(Value::Null, |n| if n == 0.0 { 0.0.into() } else { n.into() })
}

/// The score.
pub(crate) fn score(m: &Match) -> Value {
    number(m.score)
}

/// Every item, in the order in which they were summed.
pub(crate) fn items(list: &[Evidence]) -> Value {
    list.iter()
        .map(|e| {
            json!({
                "kind": e.what.word(), "left": e.left, "right": e.right, "how": e.how.word(),
                "bits": number(e.bits), "weight": number(e.weight),
            })
        })
        .collect()
}

/// What counted most, for and against, on one line.
pub(crate) fn words(m: &Match) -> String {
    let mut told: Vec<(usize, &Evidence)> =
        m.evidence.iter().enumerate().filter(|(_, e)| e.what != What::Prior && e.bits.abs() >= 0.5).collect();
    told.sort_by(|a, b| b.1.bits.abs().total_cmp(&a.1.bits.abs()).then(a.0.cmp(&b.0)));
    told.truncate(TOLD);
    told.sort_by_key(|(i, _)| *i);
    told.into_iter().map(|(_, e)| one(e)).collect::<Vec<_>>().join("; ")
}

fn one(e: &Evidence) -> String {
    let sides = match (e.left.is_empty(), e.right.is_empty()) {
        (true, true) => String::new(),
        (false, true) => e.left.clone(),
        (true, false) => e.right.clone(),
        (false, false) if e.left == e.right => e.left.clone(),
        (false, false) if e.bits < 0.0 => format!("{} / {}", e.left, e.right),
        (false, false) => format!("{} = {}", e.left, e.right),
    };
    let what = match e.what {
        What::Token | What::Name => String::new(),
        other => format!("{} ", other.word()),
    };
    let how = if e.how == How::Exact { String::new() } else { e.how.word().to_owned() };
    [what.trim_end(), &sides, &how].iter().filter(|t| !t.is_empty()).copied().collect::<Vec<_>>().join(" ")
}
