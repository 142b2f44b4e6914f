//! `GET /v1/counts`: how many relations a party has, by type and direction; looked at before the
//! neighbours of a hub are.

use super::asked::Asked;
use super::{Context, Reply, Request};
use crate::error::{Error, Result};
use crate::graph::View;
use crate::query::counts;
use serde_json::{Value, json};

/// `{"cuibono": 1, "id", "name", "type", "counts": [{"type", "direction": "out", "in" or "both",
/// "hub", "count"}], "total"}`, most first.
pub(super) fn answer(request: &Request, context: &Context<'_>) -> Result<Reply> {
    let graph = context.graph;
    let asked = Asked(&request.query);
    let view = View::new(graph, asked.filter(context.today)?)?;
    let text = asked.one("entity")?.ok_or_else(|| Error::usage("entity is missing").hint("an id or a name"))?;
    let node = view.resolve(text)?;
    let mut rows: Vec<(String, &str, bool, u64)> = Vec::new();
    for c in counts(&view, &[node]) {
        let kind = graph.catalogue().edge_type(&c.edge_type);
        let hub = kind.is_some_and(|t| t.hub);
        let direction = match (kind.is_some_and(|t| t.symmetric), c.outgoing) {
            (true, _) => "both",
            (false, true) => "out",
            (false, false) => "in",
        };
        match rows.iter_mut().find(|(name, way, ..)| *name == c.edge_type && *way == direction) {
            Some((.., n)) => *n += c.edges,
            None => rows.push((c.edge_type, direction, hub, c.edges)),
        }
    }
    view.stop().check()?;
    graph.sound()?;
    rows.sort_by(|a, b| b.3.cmp(&a.3).then_with(|| (&a.0, a.1).cmp(&(&b.0, b.1))));
    let total: u64 = rows.iter().map(|r| r.3).sum();
    let row = |(name, direction, hub, count): &(String, &str, bool, u64)| -> Value {
        json!({ "type": name, "direction": direction, "hub": hub, "count": count })
    };
    Ok(Reply::json(
        200,
        &json!({
            "cuibono": 1, "id": graph.show_id(graph.id(node)), "name": graph.label(node),
            "type": graph.node_type(node).name, "counts": rows.iter().map(row).collect::<Vec<_>>(), "total": total,
        }),
    ))
}
