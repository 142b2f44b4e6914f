//! `prove`: a verdict with all that anyone needs to check it.

use super::answer::{about, notes, quoted};
use super::args::Form;
use super::args_prove::{ProveArgs, Style};
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::{Error, Result};
use cuibono::export::{Options, target};
use cuibono::graph::Graph;
use cuibono::model::Document;
use cuibono::ownership::{Changes, Judge, Proof, Regime};
use cuibono::query::{Cites, Subgraph, answer};
use serde_json::{Map, Value, json};

/// Prints the proof as text, Markdown, JSON or a graph.
pub(crate) fn run(args: &ProveArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = args.ground.view(graph)?;
    let day = args.ground.day()?;
    let regimes = args.law.regimes()?;
    let regime = args.law.one(&regimes)?;
    let node = view.resolve(&args.entity)?;
    let mut judge = Judge::new(&view, &regimes, day, args.ground.conventions(), Changes::default())?;
    let proof = judge.prove(regime, node)?;
    graph.sound()?;
    let id = quoted(graph.show_id(graph.id(node)));
    let question = format!("prove {id} --regime {}{}", regime.id, args.ground.text(day));
    let mut block = about(&view, &question, false);
    block.as_of = Some(day.to_string());
    block.rules = Some(regimes.version.clone());
    block.notes = proof.ground.lines(day);
    if let Some(format) = &args.graph {
        return picture(args, (format, regime), &view, (&mut judge, &proof), &question, io);
    }
    match (io.text_form(&args.output), args.style) {
        (Form::Json | Form::Jsonl, _) => {
            notes(Some(&block), io);
            let mut whole: Map<String, Value> = Map::new();
            whole.insert("cuibono".into(), 1.into());
            whole.extend(proof.json(graph));
            whole.insert("answer".into(), Document::answer_json(&block));
            io.json_value(&whole.into())?;
        }
        (_, style) => {
            let mut cited = Cites::default();
            let mut lines: Vec<String> = match style {
                Style::Text => proof.lines(graph, &mut cited),
                Style::Markdown => proof.markdown(graph, &mut cited).lines().map(str::to_owned).collect(),
            };
            let sources = cited.lines(&view)?;
            let heading = if style == Style::Text { "" } else { "\n## " };
            if !sources.is_empty() {
                lines.push(format!("{heading}sources"));
                let mark = if style == Style::Text { "  " } else { "- " };
                lines.extend(sources.iter().map(|l| format!("{mark}{}", l.trim_start())));
            }
            lines.push(format!("{heading}basis"));
            let mark = if style == Style::Text { "  " } else { "- " };
            lines.extend(block.notes.iter().map(|l| format!("{mark}{l}")));
            lines.push(format!("{mark}store {}, program {}, rules {}", block.store, block.program, regimes.version));
            lines.push(format!("{mark}This is not legal advice."));
            io.lines(&lines)?;
        }
    }
    Ok(Outcome::Found)
}

/// Writes the parties and edges of the proof in a format of `export`.
fn picture<'r>(
    args: &ProveArgs,
    (format, regime): (&str, &'r Regime),
    view: &cuibono::graph::View<'_>,
    (judge, proof): (&mut Judge<'_, '_, 'r>, &Proof),
    question: &str,
    io: &mut Io<'_>,
) -> Result<Outcome> {
    let target = target(format)?;
    if target.multi_file {
        return Err(Error::usage(format!("{} writes several files, a proof needs one", target.name))
            .hint("use --graph document, and export from there"));
    }
    let graph = view.graph();
    let (nodes, edges) = proof.parts(&|e| graph.ends(e));
    let part = Subgraph { nodes, edges, ..Subgraph::default() };
    let mut doc = answer(view, &part, question)?;
    if let Some(a) = &mut doc.answer {
        a.as_of = Some(proof.as_of.clone());
        a.rules = Some(proof.rules_version.clone());
        a.notes.push(proof.verdict.wording.clone());
    }
    // A page to be read has the verdicts on all parties with their arithmetic.
    if target.name == "html" {
        let found = judge.findings(regime, &part.nodes, proof, &part.edge_ids(&doc))?;
        if let Some(a) = &mut doc.answer {
            a.result = Some(json!({ "regimes": { regime.id.as_str(): found } }));
        }
    }
    let title = format!("{}: {}", graph.label(proof.verdict.node), proof.verdict.outcome.words());
    let title = (target.name == "html").then_some(title);
    let written = (target.write)(&doc, &Options { with_notes: true, title, ..Options::default() })?;
    for a in &written.artifacts {
        if args.out.as_os_str() == "-" {
            io.out.write_all(&a.bytes).map_err(super::io::write_error)?;
        } else {
            super::export::write_file(&args.out, &a.bytes)?;
        }
    }
    Ok(Outcome::Found)
}
