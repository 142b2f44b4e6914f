//! What is wrong with what is recorded of a party's owners.

use super::holdings::Holdings;
use super::regime::Basis;
use crate::error::Result;
use crate::graph::{Edge, Node};

/// Codes: `not_ownable:ID`, `over_100:ID:owns` (or `:votes`), `conflict:E1,E2`.
pub(super) fn warnings(holdings: &mut Holdings<'_, '_>, n: Node, bases: &[Basis]) -> Result<Vec<String>> {
    let owned = holdings.of(n)?;
    let mut found: Vec<(bool, &str, Vec<Vec<Edge>>)> = Vec::new();
    for basis in bases {
        let Some(side) = owned.side(*basis) else { continue };
        let word = if *basis == Basis::Shares { "owns" } else { "votes" };
        if side.over || !side.conflicts.is_empty() {
            found.push((side.over, word, side.conflicts.clone()));
        }
    }
    let not_ownable = !owned.ownable && !owned.holders().is_empty();
    if !not_ownable && found.is_empty() {
        return Ok(Vec::new());
    }
    let graph = holdings.graph();
    let id = graph.show_id(graph.id(n));
    let mut out = Vec::new();
    if not_ownable {
        out.push(format!("not_ownable:{id}"));
    }
    for (over, word, conflicts) in found {
        if over {
            out.push(format!("over_100:{id}:{word}"));
        }
        for edges in conflicts {
            let ids = edges.iter().map(|e| holdings.edge_id(*e)).collect::<Result<Vec<_>>>()?;
            out.push(format!("conflict:{}", ids.join(",")));
        }
    }
    Ok(out)
}
