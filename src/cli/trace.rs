//! `trace`: the ownership chain of a party.

use super::answer::{cites, day, lines, notes, quoted, share, status};
use super::args::Form;
use super::args_ask::TraceArgs;
use super::exit::Outcome;
use super::io::{Io, write_error};
use super::render::Table;
use cuibono::error::{Error, Kind, Result};
use cuibono::graph::{Filter, Graph, Node, View};
use cuibono::model::Document;
use cuibono::ownership::{Changes, Conventions, Judge, Regimes, Verdict, mark, range_json};
use cuibono::query::{Trace, TraceDirection, TraceMark, TraceOptions, trace};
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// Prints the chain: a tree, or rows where they are asked for.
pub(crate) fn run(args: &TraceArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = View::new(graph, args.filters.filter()?)?;
    let node = view.resolve(&args.entity)?;
    let (direction, flag) = match (args.up, args.down) {
        (true, _) => (TraceDirection::Up, " --up"),
        (_, true) => (TraceDirection::Down, " --down"),
        _ => (TraceDirection::Both, ""),
    };
    let max_depth = args.hops.unwrap_or(u32::MAX);
    let options = TraceOptions { direction, max_depth, limit: args.limit, ..TraceOptions::default() };
    let found = trace(&view, node, &options);
    let id = quoted(graph.show_id(graph.id(node)));
    let hops = args.hops.map_or(String::new(), |n| format!(" --hops {n}"));
    let query = format!("trace {id}{flag}{hops} --limit {}{}", args.limit, args.filters.text());
    let told = verdicts(args, graph, &found, io)?;
    let regime = args.regime.as_ref().map_or(String::new(), |r| format!(" --regime {}", quoted(r)));
    let none = if args.no_verdicts { " --no-verdicts" } else { "" };
    let mut doc = found.document(&view, &format!("{query}{regime}{none}"))?;
    if let Some(a) = &mut doc.answer
        && let (Some(t), Some(Value::Object(result))) = (&told, &mut a.result)
    {
        result.insert("verdicts".into(), t.json(graph));
        a.rules = Some(Regimes::builtin().version.clone());
    }
    notes(doc.answer.as_ref(), io);
    match io.text_form(&args.output) {
        Form::Json => doc.write(io.out).map_err(write_error)?,
        Form::Jsonl => lines(&doc, io)?,
        Form::Table => io.lines(&found.lines(&view, &doc, &told.map(|t| t.marks).unwrap_or_default())?)?,
        form => rows(&view, &found, &doc, told.as_ref()).write(form, io)?,
    }
    if found.rows.is_empty() {
        io.note(&format!("no owner or holding of {} is on the record", graph.label(node)));
    }
    Ok(Outcome::of_search(!found.rows.is_empty(), found.truncated))
}

/// Verdicts on the parties of the chain.
struct Told {
    list: Vec<Verdict>,
    marks: HashMap<Node, String>,
}

impl Told {
    fn json(&self, graph: &Graph) -> Value {
        let one = |v: &Verdict| {
            json!({
                "id": graph.show_id(graph.id(v.node)), "regime": v.regime, "verdict": v.outcome.as_str(),
                "share": v.share.as_ref().map(range_json),
                "marks": self.marks.get(&v.node).into_iter().collect::<Vec<_>>(),
            })
        };
        self.list.iter().map(one).collect()
    }
}

/// The verdicts on the parties of the chain, all relations counted whatever the trace leaves
/// out. Where nobody asked for a regime, a day without a rule gives none.
fn verdicts(args: &TraceArgs, graph: &Graph, found: &Trace, io: &Io<'_>) -> Result<Option<Told>> {
    if args.no_verdicts {
        return Ok(None);
    }
    let filter = args.filters.filter()?;
    let day = filter
        .as_of
        .or(filter.today)
        .ok_or_else(|| Error::usage("the system has no date").hint("give --as-of, or --no-verdicts"))?;
    let view = View::new(graph, Filter { as_of: None, edge_types: Vec::new(), ..filter })?;
    let regimes = Regimes::builtin();
    let regime = regimes.get(args.regime.as_deref().unwrap_or("ofac").trim())?;
    let mut judge = Judge::new(&view, regimes, day, Conventions::default(), Changes::default())?;
    let mut seen: HashSet<Node> = HashSet::new();
    let shown = std::iter::once(found.root).chain(found.rows.iter().map(|r| r.node));
    let parties: Vec<Node> = shown.filter(|n| seen.insert(*n)).collect();
    let list = match judge.verdicts_together(regime, &parties) {
        Ok(list) => list,
        Err(e) if e.kind() == Kind::Usage && args.regime.is_none() => {
            io.note(&format!("no verdicts are marked: {}", e.message()));
            return Ok(None);
        }
        // The chain is told all the same: it may be far shorter than what a verdict looks at.
        Err(e) if e.kind() == Kind::Stopped && args.regime.is_none() => {
            io.note(&format!("no verdicts are marked: {}", e.message()));
            return Ok(None);
        }
        Err(e) => return Err(e),
    };
    let rule = judge.rule(regime)?;
    let missing = judge.coverage(regime).missing;
    if !missing.is_empty() {
        io.note(&format!(
            "parties without a mark may be blocked under {}: not in the store, or not for that day: {}",
            regime.title,
            missing.join(", ")
        ));
    }
    let marks = list.iter().filter_map(|v| Some((v.node, mark(v, rule)?))).collect();
    Ok(Some(Told { list, marks }))
}

/// The chain as rows, in the order of the tree.
fn rows(view: &View<'_>, found: &Trace, doc: &Document, told: Option<&Told>) -> Table {
    let graph = view.graph();
    let by_edge = found.subgraph().records(doc);
    let mut t = Table::new(&[
        "direction",
        "depth",
        "id",
        "name",
        "type",
        "listed",
        "tie",
        "share",
        "start",
        "end",
        "status",
        "goes_on",
        "cites",
        "verdict",
    ]);
    let outcomes: HashMap<Node, &str> =
        told.iter().flat_map(|t| &t.list).map(|v| (v.node, v.outcome.as_str())).collect();
    for r in &found.rows {
        let Some(e) = by_edge.get(&r.edge) else { continue };
        let mut lists: Vec<String> = view.listings(r.node).into_iter().map(|l| l.list).collect();
        lists.sort_unstable();
        lists.dedup();
        let mark = match r.mark {
            TraceMark::None if r.left_out > 0 => format!("{} left out", r.left_out),
            TraceMark::None => String::new(),
            TraceMark::Ring => "closes a ring".to_owned(),
            TraceMark::SeenAbove => "shown above".to_owned(),
            TraceMark::Deeper => "beyond --hops".to_owned(),
        };
        t.row(vec![
            if r.up { "up" } else { "down" }.to_owned(),
            r.depth.to_string(),
            graph.show_id(graph.id(r.node)).to_owned(),
            graph.label(r.node).to_owned(),
            graph.node_type(r.node).name.clone(),
            lists.join(" "),
            e.edge_type.clone(),
            share(e.share),
            day(e.start),
            day(e.end),
            status(e),
            mark,
            cites(&e.cites),
            outcomes.get(&r.node).copied().unwrap_or_default().to_owned(),
        ]);
    }
    t
}
