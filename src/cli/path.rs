//! `path`: how two parties are connected.

use super::answer::{cites, day, end, lines, names, notes, quoted, share, status};
use super::args::Form;
use super::args_ask::PathArgs;
use super::exit::Outcome;
use super::io::{Io, write_error};
use super::render::Table;
use cuibono::error::{Error, Result};
use cuibono::graph::{Graph, View};
use cuibono::model::Document;
use cuibono::query::{Cites, Paths, Scratch, WalkOptions, all_paths, answer, edge_words, k_paths, path};

/// Most parties and relations of one answer.
pub(crate) const MOST: usize = 100_000;

/// Prints one path, all shortest ones, or the shortest few.
pub(crate) fn run(args: &PathArgs, graph: &Graph, scratch: &mut Scratch, io: &mut Io<'_>) -> Result<Outcome> {
    if args.k == Some(0) || (args.all && args.limit == 0) {
        return Err(Error::usage("no path was asked for").hint("give --k or --limit a number above 0"));
    }
    let view = View::new(graph, args.filters.filter()?)?;
    let (a, b) = (view.resolve(&args.a)?, view.resolve(&args.b)?);
    let options = WalkOptions {
        dir: args.walk.direction.dir(),
        through: args.walk.through,
        max_hops: args.max_hops,
        ..WalkOptions::default()
    };
    let mut found = match args.k {
        _ if args.all => all_paths(&view, a, b, &options, args.limit, scratch),
        Some(k) => k_paths(&view, a, b, &options, k, scratch),
        None => path(&view, a, b, &options, scratch),
    };
    found.cut(MOST);
    let mut doc = answer(&view, &found.part, &question(args, graph.show_id(graph.id(a)), graph.show_id(graph.id(b))))?;
    if let Some(answer) = &mut doc.answer {
        answer.result = Some(found.result(&view)?);
    }
    notes(doc.answer.as_ref(), io);
    if found.is_empty() && doc.answer.as_ref().is_none_or(|a| a.notes.is_empty()) {
        io.note(&format!("nothing connects {} and {}", graph.label(a), graph.label(b)));
    }
    match io.text_form(&args.output) {
        Form::Json => doc.write(io.out).map_err(write_error)?,
        Form::Jsonl => lines(&doc, io)?,
        Form::Table => io.lines(&text(&view, &doc, &found)?)?,
        form => steps(&doc, &found).write(form, io)?,
    }
    Ok(Outcome::of_search(!found.is_empty(), found.part.truncated))
}

fn question(args: &PathArgs, a: &str, b: &str) -> String {
    let mut s = format!("path {} {}", quoted(a), quoted(b));
    if args.all {
        s.push_str(&format!(" --all --limit {}", args.limit));
    }
    if let Some(k) = args.k {
        s.push_str(&format!(" --k {k}"));
    }
    if let Some(n) = args.max_hops {
        s.push_str(&format!(" --max-hops {n}"));
    }
    s + &args.walk.text() + &args.filters.text()
}

/// Each path as lines from one party to the next, the arrow in the relation's own direction,
/// and the sources at the end.
fn text(view: &View<'_>, doc: &Document, found: &Paths) -> Result<Vec<String>> {
    let graph = view.graph();
    let by_edge = found.part.records(doc);
    let mut cited = Cites::default();
    let mut out: Vec<String> = Vec::new();
    for (i, route) in found.routes.iter().enumerate() {
        let steps = if route.len() == 1 { "step" } else { "steps" };
        out.push(format!("path {} of {}: {} {steps}", i + 1, found.routes.len(), route.len()));
        let mut nodes = route.nodes.iter();
        out.extend(nodes.next().map(|n| format!("  {} ({})", graph.label(*n), graph.show_id(graph.id(*n)))));
        for (step, to) in route.steps.iter().zip(nodes) {
            for (e, r) in step.iter().filter_map(|e| Some((e, by_edge.get(e)?))) {
                let out_of = graph.ends(*e).1 == *to;
                let arrow = if out_of { "->" } else { "<-" };
                let mark = cited.mark_relation(r);
                let mut words = vec![r.edge_type.replace('_', " ")];
                words.extend(edge_words(view, *e, r, graph.edge_type(*e).is_chain()));
                out.push(format!("    {arrow} {} {mark}", words.join(", ")));
            }
            out.push(format!("  {} ({})", graph.label(*to), graph.show_id(graph.id(*to))));
        }
    }
    if !cited.is_empty() {
        out.push("sources:".to_owned());
        out.extend(cited.lines(view)?);
    }
    Ok(out)
}

/// Each step of each path with its relations, in their own direction.
fn steps(doc: &Document, found: &Paths) -> Table {
    let names = names(doc);
    let by_edge = found.part.records(doc);
    let mut t = Table::new(&[
        "path",
        "step",
        "source",
        "source_name",
        "type",
        "target",
        "target_name",
        "share",
        "start",
        "end",
        "status",
        "id",
        "cites",
    ]);
    for (i, route) in found.routes.iter().enumerate() {
        for (k, step) in route.steps.iter().enumerate() {
            for r in step.iter().filter_map(|e| by_edge.get(e)) {
                let (a, b) = (end(doc, &r.source), end(doc, &r.target));
                let name = |id: &str| names.get(id).copied().unwrap_or_default().to_owned();
                t.row(vec![
                    (i + 1).to_string(),
                    (k + 1).to_string(),
                    a.clone(),
                    name(&a),
                    r.edge_type.clone(),
                    b.clone(),
                    name(&b),
                    share(r.share),
                    day(r.start),
                    day(r.end),
                    status(r),
                    doc.show_id(&r.external_id()).to_owned(),
                    cites(&r.cites),
                ]);
            }
        }
    }
    t
}
