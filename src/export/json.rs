//! Typed columns as JSON members.

use super::columns::{Cell, Column};
use super::graph::Graph;
use serde_json::{Map, Value};

/// A JSON number; exports hold finite ones only, anything else would be null.
pub(super) fn number(n: f64) -> Value {
    serde_json::Number::from_f64(n).map_or(Value::Null, Value::Number)
}

/// Adds the cells to an object; what is not stated is left out, an empty list stays.
pub(super) fn put(map: &mut Map<String, Value>, columns: &[Column], cells: &[Cell]) {
    for ((name, _), cell) in columns.iter().zip(cells) {
        let value = match cell {
            Cell::Missing => continue,
            Cell::Text(t) => t.clone().into(),
            Cell::Bool(b) => (*b).into(),
            Cell::Number(n) => number(*n),
            Cell::List(l) => l.clone().into(),
        };
        map.insert((*name).to_owned(), value);
    }
}

/// What the whole graph is, as an object of texts.
pub(super) fn about(graph: &Graph) -> Map<String, Value> {
    graph.about.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into())).collect()
}

/// An object with one text member to begin with.
pub(super) fn object(name: &str, text: &str) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert(name.to_owned(), text.into());
    map
}

/// Writes an array with one value per line.
pub(super) fn lines(out: &mut String, values: impl Iterator<Item = Value>) {
    out.push('[');
    for (i, value) in values.enumerate() {
        out.push_str(if i == 0 { "\n" } else { ",\n" });
        out.push_str(&value.to_string());
    }
    out.push_str("\n]");
}
