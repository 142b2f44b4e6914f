//! `verdict`: blocked, not blocked on the record, or cannot tell.

use super::answer::{about, members, quoted};
use super::args::Form;
use super::args_own::{VerdictArgs, Wanted};
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::Result;
use cuibono::graph::{Graph, View};
use cuibono::model::PartialDate;
use cuibono::ownership::{
    Changes, Ground, Judge, Outcome as Verdict, Regime, Regimes, Verdict as Row, Verdicts, range_json, range_words,
};
use serde_json::{Map, Value, json};

/// So few verdicts are spelt out in sentences below their table.
const SPELT_OUT: usize = 4;

/// Whether an outcome is asked for.
pub(crate) fn wanted(only: &[Wanted], outcome: Verdict) -> bool {
    only.is_empty()
        || only.iter().any(|w| {
            matches!(
                (w, outcome),
                (Wanted::Listed, Verdict::Listed)
                    | (Wanted::Blocked, Verdict::Blocked)
                    | (Wanted::Indeterminate, Verdict::Indeterminate)
                    | (Wanted::NotBlocked, Verdict::NotBlocked)
            )
        })
}

/// Prints a row for each party and regime.
pub(crate) fn run(args: &VerdictArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    if let Some(span) = &args.over {
        return super::verdict_over::run(args, span, graph, io);
    }
    let view = args.ground.view(graph)?;
    let day = args.ground.day()?;
    let regimes = args.law.regimes()?;
    let (chosen, left_out) = args.law.chosen(&regimes, day)?;
    let mut judge = Judge::new(&view, &regimes, day, args.ground.conventions(), Changes::default())?;
    let keep = |o| wanted(&args.only, o);
    let mut found = if args.all {
        judge.all_verdicts(&chosen, args.limit, &keep)?
    } else {
        let parties = args.entities.iter().map(|e| view.resolve(e)).collect::<Result<Vec<_>>>()?;
        judge.verdicts(&chosen, &parties)?
    };
    if !args.all {
        found.list.retain(|v| keep(v.outcome));
    }
    graph.sound()?;
    let question = question(args, &view, &chosen, day);
    let mut answer = about(&view, &question, found.truncated);
    answer.as_of = Some(day.to_string());
    answer.rules = Some(regimes.version.clone());
    answer.notes = left_out;
    answer.notes.extend(remarks(&found));
    // A table for people leaves out what would not fit, and says it below instead.
    let brief = io.form(&args.output) == Form::Table;
    let said = |f: &dyn Fn(&Row) -> bool| !brief || found.list.iter().any(f);
    let (missing, warned) = (said(&|v| !v.missing.is_empty()), said(&|v| !v.warnings.is_empty()));
    let mut columns = vec!["id", "name", "regime", "verdict", "share"];
    let more = [("missing", missing), ("warnings", warned), ("wording", !brief)];
    columns.extend(more.iter().filter(|(_, yes)| *yes).map(|(c, _)| *c));
    let mut t = Table::new(&columns);
    for v in &found.list {
        let mut row = vec![
            graph.show_id(graph.id(v.node)).to_owned(),
            graph.label(v.node).to_owned(),
            v.regime.clone(),
            v.outcome.as_str().to_owned(),
            v.share.as_ref().map_or(String::new(), range_words),
        ];
        let cells = [v.missing.join(" "), v.warnings.join(" "), v.wording.clone()];
        row.extend(cells.into_iter().zip(&more).filter(|(_, (_, yes))| *yes).map(|(c, _)| c));
        t.row(row);
    }
    if brief && found.list.len() <= SPELT_OUT {
        answer.notes.extend(found.list.iter().map(|v| format!("{}: {}", v.regime, v.wording)));
    }
    members(&t, json(&found, &view, &regimes), &answer, &args.output, io)?;
    Ok(ended(args, !found.list.is_empty(), found.list.iter().map(|v| v.outcome).max()))
}

/// How the command ends, told the gravest outcome.
pub(crate) fn ended(args: &VerdictArgs, any: bool, worst: Option<Verdict>) -> Outcome {
    match worst {
        _ if !args.exit_code => Outcome::of(any),
        Some(Verdict::Listed | Verdict::Blocked) => Outcome::Blocked,
        Some(Verdict::Indeterminate) => Outcome::CannotTell,
        _ => Outcome::Found,
    }
}

fn question(args: &VerdictArgs, view: &View<'_>, chosen: &[&Regime], day: PartialDate) -> String {
    let ids: Vec<&str> = chosen.iter().map(|r| r.id.as_str()).collect();
    let who = if args.all {
        " --all".to_owned()
    } else {
        args.entities
            .iter()
            .filter_map(|e| view.resolve(e).ok())
            .map(|n| format!(" {}", quoted(view.graph().show_id(view.graph().id(n)))))
            .collect()
    };
    format!("verdict{who} --regime {}{}", ids.join(","), args.ground.text(day))
}

/// What a reader must know beside the rows: once a regime.
pub(crate) fn remarks(found: &Verdicts) -> Vec<String> {
    let brief = |g: &Ground| {
        let lines = g.lines(found.day);
        [lines.first().cloned(), lines.last().cloned()]
    };
    found.grounds.iter().flat_map(brief).flatten().collect()
}

/// The answer as JSON.
fn json(found: &Verdicts, view: &View<'_>, regimes: &Regimes) -> Value {
    let graph = view.graph();
    let rows: Vec<Value> = found
        .list
        .iter()
        .map(|v| {
            json!({
                "id": graph.show_id(graph.id(v.node)),
                "name": graph.label(v.node),
                "regime": v.regime,
                "rule": v.rule,
                "verdict": v.outcome.as_str(),
                "share": v.share.as_ref().map(range_json),
                "missing": v.missing,
                "missing_truncated": v.missing_cut,
                "warnings": v.warnings,
                "wording": v.wording,
            })
        })
        .collect();
    let mut out = Map::new();
    out.insert("as_of".into(), found.day.to_string().into());
    out.insert("rules".into(), regimes.version.clone().into());
    out.insert("verdicts".into(), rows.into());
    out.insert("warnings".into(), json!(found.warnings));
    out.insert("grounds".into(), found.grounds.iter().map(|g| g.json(found.day)).collect());
    out.into()
}
