//! Who became blocked or free between two states: as rows and as JSON, for `diff`.

use super::args_own::Law;
use super::render::Table;
use cuibono::error::Result;
use cuibono::graph::{Filter, Graph, View};
use cuibono::model::PartialDate;
use cuibono::ownership::{Consequences, Conventions, Moment, Regime, Regimes, consequences};
use serde_json::Value;

/// What to compare.
pub(crate) enum Between {
    /// What was known on two days, as it held on them.
    Releases(PartialDate, PartialDate),
    /// What is known now, as it held on two days.
    Days(PartialDate, PartialDate),
}

/// Compares two states under the regimes asked for, or all that give verdicts.
pub(crate) fn find(
    graph: &Graph,
    between: &Between,
    law: &Law,
    regimes: &Regimes,
    limit: usize,
) -> Result<Consequences> {
    let view = |known_at| View::new(graph, Filter { known_at, today: super::clock::today(), ..Filter::default() });
    let (views, days) = match between {
        // The last day that a release date may mean has seen the release.
        Between::Releases(a, b) => ([view(Some(*a))?, view(Some(*b))?], [a.last_day(), b.last_day()]),
        Between::Days(a, b) => ([view(None)?, view(None)?], [*a, *b]),
    };
    let [before, after] = &views;
    let chosen: Vec<&Regime> = match law.regimes.is_empty() {
        true => regimes.list.iter().filter(|r| r.gives_verdicts()).collect(),
        false => law.chosen(regimes, days[1])?.0,
    };
    let moments = [Moment { view: before, day: days[0] }, Moment { view: after, day: days[1] }];
    consequences(moments, regimes, &chosen, Conventions::default(), limit)
}

/// The columns of `diff`.
pub(crate) fn table() -> Table {
    Table::new(&["change", "what", "id", "name", "type", "field", "before", "after", "because"])
}

/// Adds a row for each.
pub(crate) fn rows(found: &Consequences, graph: &Graph, t: &mut Table) {
    for c in &found.list {
        let because: Vec<&str> = c.because.iter().map(|b| b.words.as_str()).collect();
        t.row(vec![
            c.change().to_owned(),
            "consequence".to_owned(),
            graph.show_id(graph.id(c.node)).to_owned(),
            graph.label(c.node).to_owned(),
            graph.node_type(c.node).name.clone(),
            c.regime.clone(),
            c.before.as_str().to_owned(),
            c.after.as_str().to_owned(),
            because.join("; "),
        ]);
    }
}

/// All as JSON.
pub(crate) fn json(found: &Consequences, graph: &Graph) -> Value {
    found.list.iter().map(|c| c.json(graph)).collect()
}

/// How many became what, for a note.
pub(crate) fn counted(found: &Consequences) -> String {
    let of = |word: &str| found.list.iter().filter(|c| c.change() == word).count();
    let words = ["became blocked", "still blocked", "became free", "became uncertain"];
    let parts: Vec<String> =
        words.iter().map(|w| (w, of(w))).filter(|(_, n)| *n > 0).map(|(w, n)| format!("{n} {w}")).collect();
    if parts.is_empty() { "nobody became blocked or free".to_owned() } else { parts.join(", ") }
}
