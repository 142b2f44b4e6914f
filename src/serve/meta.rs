//! `GET /v1/meta`: what there is to ask about.

use super::{Context, Reply};
use crate::error::Result;
use crate::export::targets;
use crate::graph::{Filter, Graph, View};
use crate::model::{PartialDate, SourceInfo};
use crate::ownership::{RegimeKind, Regimes};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Years before it are slips more often than dates, and would stretch a slider.
const FIRST_YEAR: u32 = 1900;

/// What was found out of one state of the store: the members that rest on it.
struct Known(Map<String, Value>);

/// See `docs/api.md`.
pub(super) fn answer(edit: bool, context: &Context<'_>) -> Result<Reply> {
    let known = context.graph.kept(|| look(context.graph).map(Known))?;
    let today = context.today.map(|d| d.to_string());
    let mut out = Map::new();
    out.insert("cuibono".to_owned(), 1.into());
    out.insert("program".to_owned(), env!("CARGO_PKG_VERSION").into());
    out.insert("store".to_owned(), hash(context.graph).into());
    out.insert("edit".to_owned(), edit.into());
    out.insert("today".to_owned(), today.clone().into());
    for (name, value) in &known.0 {
        // The latest of the past, or today: what a store says of the future is not where a look begins.
        let value = if name == "last" && today.is_some() { today.clone().into() } else { value.clone() };
        out.insert(name.clone(), value);
    }
    let formats: Vec<Value> = targets()
        .iter()
        .map(|t| json!({ "name": t.name, "about": t.about, "extension": t.packed_extension() }))
        .collect();
    out.insert("formats".to_owned(), formats.into());
    Ok(Reply::json(200, &out.into()))
}

/// Identifies the state: that of the store, and of what lies over it.
fn hash(graph: &Graph) -> String {
    graph.snapshots().map(crate::store::Snapshot::hash).collect::<Vec<_>>().join("+")
}

/// What takes a pass over all relations.
fn look(graph: &Graph) -> Result<Map<String, Value>> {
    let view = View::new(graph, Filter::default())?;
    let mut span = Span::default();
    let mut edges = 0u64;
    for (e, _, _) in view.edges() {
        if edges.is_multiple_of(4096) {
            view.stop().check()?;
        }
        edges += 1;
        let (start, end) = graph.dates(e);
        span.take(start);
        span.take(end);
    }
    let mut sources: BTreeMap<String, (SourceInfo, Vec<String>)> = BTreeMap::new();
    for data in graph.snapshots().flat_map(|s| s.sources()) {
        let entry = sources.entry(data.entry.info.id.clone()).or_insert_with(|| (data.entry.info.clone(), Vec::new()));
        for release in data.entry.by_date() {
            span.take(Some(release.date));
            entry.1.push(release.date.to_string());
        }
    }
    for info in graph.described_sources()? {
        sources.entry(info.id.clone()).or_insert_with(|| (info, Vec::new()));
    }
    let mut lists: Vec<String> = view.list_sources().into_iter().map(|(list, ..)| list).collect();
    lists.dedup();
    graph.sound()?;
    let mut out = Map::new();
    out.insert("first".to_owned(), span.first.map(|d| d.first_day().to_string()).into());
    out.insert("last".to_owned(), span.last.map(|d| d.last_day().to_string()).into());
    out.insert("nodes".to_owned(), graph.nodes().count().into());
    out.insert("edges".to_owned(), edges.into());
    let source = |(info, releases): &(SourceInfo, Vec<String>)| {
        json!({
            "id": info.id, "title": info.title, "publisher": info.publisher, "url": info.url,
            "licence": info.licence, "attribution": info.attribution, "releases": releases,
        })
    };
    out.insert("sources".to_owned(), sources.values().map(source).collect::<Vec<_>>().into());
    let catalogue = graph.catalogue();
    let label = |name: &str, label: &str| if label.is_empty() { name.replace('_', " ") } else { label.to_owned() };
    let node_types = catalogue.node_types().iter();
    let node_types: Vec<Value> = node_types
        .map(|t| json!({ "name": t.name, "label": label(&t.name, &t.label), "family": t.family, "hub": t.hub }))
        .collect();
    out.insert("node_types".to_owned(), node_types.into());
    let edge_types = catalogue.edge_types().iter();
    let edge_types: Vec<Value> = edge_types
        .map(|t| {
            json!({
                "name": t.name, "inverse": t.inverse, "label": label(&t.name, &t.label), "group": t.group,
                "ownership": t.ownership, "control": t.control, "votes": t.votes, "ambiguous": t.ambiguous,
                "symmetric": t.symmetric, "hub": t.hub,
            })
        })
        .collect();
    out.insert("edge_types".to_owned(), edge_types.into());
    out.insert("lists".to_owned(), lists.into());
    let kind = |k: RegimeKind| match k {
        RegimeKind::Sanctions => "sanctions",
        RegimeKind::Exposure => "exposure",
        RegimeKind::BeneficialOwnership => "beneficial_ownership",
    };
    let regimes = &Regimes::builtin().list;
    let regimes: Vec<Value> =
        regimes.iter().map(|r| json!({ "id": r.id, "title": r.title, "kind": kind(r.kind) })).collect();
    out.insert("regimes".to_owned(), regimes.into());
    Ok(out)
}

/// From the earliest to the latest day.
#[derive(Default)]
struct Span {
    first: Option<PartialDate>,
    last: Option<PartialDate>,
}

impl Span {
    fn take(&mut self, day: Option<PartialDate>) {
        let Some(day) = day.filter(|d| d.parts().0 >= FIRST_YEAR) else { return };
        self.first = Some(self.first.map_or(day, |f| f.min(day)));
        self.last = Some(self.last.map_or(day, |l| l.max(day)));
    }
}
