//! `resolve`: parties that strict rules find to be the same.

use super::answer::rows;
use super::args::Global;
use super::args_resolve::ResolveArgs;
use super::clock;
use super::deciding::{begin, log};
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use super::watch::Watch;
use cuibono::error::Result;
use cuibono::graph::{DecidedAt, Filter, Graph, View};
use cuibono::resolve::{Fold, Suggested, Suggestion, suggest};
use cuibono::store::Decided;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Finds and decides; with `--dry-run` only finds.
pub(crate) fn run(args: &ResolveArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let editing = begin(global, "resolve")?;
    let graph = editing.graph()?;
    let mut fold = Fold::of(log(graph)?, DecidedAt::Now)?;
    let before = fold.entities().len();
    let mut found = Suggested::default();
    Watch::new(global, &graph.stop)?.over(|| {
        found = suggest(graph, &mut fold, &args.trust)?;
        Ok(Outcome::Found)
    })?;
    let time = clock::now();
    let decisions: Vec<Decided> = found.merges.iter().map(|s| s.decided(&time)).collect();
    let mut answer =
        super::answer::about(&View::new(graph, Filter::default())?, "resolve", found.merges.len() > args.limit);
    answer.notes = told(&found, args.dry_run);
    answer.result = Some(json!({
        "merged": found.merges.len(), "review": found.review.len(), "entities_before": before,
        "entities_after": fold.entities().len(), "reasons": counted(&found.review), "decided": !args.dry_run,
    }));
    let mut t = Table::new(&["a", "a_name", "b", "b_name", "shared"]);
    let shown: Vec<&Suggestion> = found.merges.iter().take(args.limit).collect();
    for s in &shown {
        t.row(vec![s.a.clone(), label(graph, &s.a), s.b.clone(), label(graph, &s.b), shared(s)]);
    }
    let results: Vec<Value> = shown.iter().map(|s| s.json(&|id| named(graph, id))).collect();
    let any = !decisions.is_empty();
    rows(&t, results, &answer, &args.output, io)?;
    if any && !args.dry_run {
        editing.decide(&decisions)?;
    }
    Ok(Outcome::of(any))
}

/// How many questions have which reason; what differs from pair to pair is left out.
pub(crate) fn counted(list: &[Suggestion]) -> BTreeMap<String, usize> {
    let mut out = BTreeMap::new();
    for reason in list.iter().flat_map(|s| &s.reasons) {
        let short = match reason.split_once(':') {
            Some((head, _)) => head.to_owned(),
            None if reason.starts_with("decision ") => "a decision was unsure".to_owned(),
            None => reason.clone(),
        };
        *out.entry(short).or_default() += 1;
    }
    out
}

fn told(found: &Suggested, dry: bool) -> Vec<String> {
    let word = if dry { "would be merged" } else { "are merged" };
    let mut notes = vec![format!(
        "{} pairs {word} by rule, {} that share an identifier are for review",
        found.merges.len(),
        found.review.len()
    )];
    notes.extend(counted(&found.review).iter().map(|(why, n)| format!("for review, {n} times: {why}")));
    notes.extend(
        found.crowds.iter().take(10).map(|(i, n)| format!("{n} parties have the identifier {i}: it names none")),
    );
    notes
}

/// The name of a party.
pub(crate) fn label(graph: &Graph, id: &str) -> String {
    graph.find_party(id).map_or(String::new(), |n| graph.party_label(n).to_owned())
}

/// A party as JSON.
pub(crate) fn named(graph: &Graph, id: &str) -> Value {
    let kind = graph.find_party(id).map(|n| graph.node_type(n).name.clone());
    json!({ "id": id, "name": label(graph, id), "type": kind })
}

/// What two parties share, in a few words.
pub(crate) fn shared(s: &Suggestion) -> String {
    let item = |v: &Value| {
        let word = |k: &str| v.get(k).and_then(Value::as_str).unwrap_or_default();
        match (word("how"), word("kind")) {
            ("same", "identifier") => {
                let scheme = if word("scheme") == "other" { word("name") } else { word("scheme") };
                Some(format!("{scheme} {}", word("value")))
            }
            ("same", kind) => Some(format!("{kind} {}", word("value"))),
            ("says the same", _) => Some(format!("word of {}", word("source"))),
            _ => None,
        }
    };
    s.evidence.items.iter().filter_map(item).collect::<Vec<_>>().join("; ")
}
