//! Imports two releases of a list and shows what was known after each: who was on it, who
//! owned whom, and what the second release changed.
//!
//! `cargo run --example import_and_diff`

use cuibono::graph::{Filter, Graph, View};
use cuibono::import::{Input, Request, import};
use cuibono::model::PartialDate;
use cuibono::store::{Memory, Snapshot, Storage};
use std::collections::BTreeSet;
use std::error::Error;
use std::io::Write;
use std::sync::Arc;

const MAY: &str = r#"{"cuibono": 1, "scope": "list",
 "nodes": [{"id": "1", "type": "person", "name": "Olga Varn", "listed": ["xa_list"]},
           {"id": "2", "type": "company", "name": "Varn Metals", "listed": ["xa_list"]}],
 "edges": [{"source": "1", "target": "2", "type": "owns", "share": "60"}]}"#;
const JUNE: &str = r#"{"cuibono": 1, "scope": "list",
 "nodes": [{"id": "1", "type": "person", "name": "Olga Varn", "listed": ["xa_list"]},
           {"id": "3", "type": "company", "name": "Nordic Metals", "listed": ["xa_list"]}],
 "edges": [{"source": "1", "target": "3", "type": "owns", "share": "60"}]}"#;

fn facts(view: &View<'_>) -> BTreeSet<String> {
    let g = view.graph();
    let on = view.listed().into_iter().filter(|n| view.is_listed(*n));
    let listed = on.map(|n| format!("{} is listed", g.label(n)));
    let edges = view.edges().filter(|(e, _, _)| view.end_of(*e).is_none()).map(|(e, a, b)| {
        let share = g.share(e).map_or("an unknown share".to_owned(), |s| format!("{s} percent"));
        format!("{} {} {share} of {}", g.label(a), g.edge_type(e).name, g.label(b))
    });
    listed.chain(edges).collect()
}

pub(crate) fn run(out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let storage: Arc<dyn Storage> = Arc::new(Memory::new());
    for (day, text) in [("2024-05-01", MAY), ("2024-06-01", JUNE)] {
        // `full`: who is missing from a newer release is no longer on the list.
        let mut request = Request { release: Some(PartialDate::parse(day)?), ..Request::default() };
        request.options.full = true;
        let file = Input::from_bytes("list.json", text.into())?;
        let outcome = import(Arc::clone(&storage), vec![file], &request, &mut |_| {})?;
        writeln!(out, "{day}: {} new records, {} parties gone", outcome.staged.new, outcome.staged.ended)?;
    }
    let graph = Graph::open(Snapshot::open(storage)?)?;
    let known_at = |day: &str| -> Result<BTreeSet<String>, Box<dyn Error>> {
        let filter = Filter { known_at: Some(PartialDate::parse(day)?), ..Filter::default() };
        Ok(facts(&View::new(&graph, filter)?))
    };
    let (before, after) = (known_at("2024-05-31")?, known_at("2024-06-01")?);
    before.difference(&after).try_for_each(|gone| writeln!(out, "- {gone}"))?;
    after.difference(&before).try_for_each(|new| writeln!(out, "+ {new}"))?;
    before.intersection(&after).try_for_each(|same| writeln!(out, "  {same}"))?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    run(&mut std::io::stdout())
}
