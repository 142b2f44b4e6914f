//! What speaks for and against two parties being the same, as decisions keep it.

use crate::error::Result;
use crate::graph::{Filter, Graph, Node, View};
use crate::names::{self, Band, BuiltIn, Match, Prepared, SCORER, Scratch};
use serde_json::{Map, Value};

/// What speaks for and against two parties being the same.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Evidence {
    /// Name and version of what scored.
    pub scorer: String,
    /// 0 to 1; `None` where nothing was scored.
    pub score: Option<f64>,
    /// What the score means; `None` where nothing was scored.
    pub band: Option<Band>,
    /// What was compared and how it came out: first what rules say, then the items of
    /// [`names::Evidence::json`], whose weights sum to the score.
    pub items: Vec<Value>,
}

impl Evidence {
    /// The outcome of the matcher.
    pub fn of(m: &Match) -> Evidence {
        Evidence {
            scorer: SCORER.to_owned(),
            score: m.score_json().as_f64(),
            band: Some(m.band),
            items: m.evidence.iter().map(names::Evidence::json).collect(),
        }
    }

    /// The text that a decision keeps; empty where there is nothing.
    pub fn snapshot(&self) -> String {
        if self.items.is_empty() && self.score.is_none() {
            return String::new();
        }
        let mut m = Map::new();
        m.insert("scorer".into(), self.scorer.clone().into());
        if let Some(score) = self.score {
            m.insert("score".into(), score.into());
        }
        if let Some(band) = self.band {
            m.insert("band".into(), band.to_string().into());
        }
        m.insert("items".into(), self.items.clone().into());
        Value::Object(m).to_string()
    }
}

/// Compares two parties by what a view sees of each.
pub(super) fn compared(view: &View<'_>, a: Node, b: Node, scratch: &mut Scratch) -> Result<Match> {
    let (a, b) = (Prepared::new(&view.profile(a)?), Prepared::new(&view.profile(b)?));
    Ok(names::compare(&a, &b, &BuiltIn, scratch))
}

/// The evidence on two parties, each by what is said of it alone, whatever was decided; none where the
/// graph does not know both.
pub fn evidence(graph: &Graph, a: &str, b: &str) -> Result<Evidence> {
    let plain = graph.again();
    let view = View::new(&plain, Filter::default())?;
    match (plain.find_party(a), plain.find_party(b)) {
        (Some(a), Some(b)) => Ok(Evidence::of(&compared(&view, a, b, &mut Scratch::default())?)),
        _ => Ok(Evidence::default()),
    }
}
