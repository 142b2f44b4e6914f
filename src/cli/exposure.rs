//! `exposure`: what a verdict alone would hide.

use super::answer::{about, cites, members, quoted};
use super::args_whatif::ExposureArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::Result;
use cuibono::graph::{Graph, Node, View};
use cuibono::ownership::{
    Bounds, Changes, Exposing, Exposures, Judge, Range, RegimeKind, Regimes, range_json, range_words,
};
use serde_json::{Value, json};

fn range(b: &Bounds) -> Range {
    Range { min: b.low.clone(), min_open: b.low_open, max: b.high.clone(), max_open: b.high_open }
}

/// Prints a row for each exposure.
pub(crate) fn run(args: &ExposureArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = args.ground.view(graph)?;
    let day = args.ground.day()?;
    let regimes = args.law.regimes()?;
    let (mut chosen, left_out) = args.law.chosen(&regimes, day)?;
    if args.law.regimes.is_empty() {
        chosen.extend(regimes.list.iter().filter(|r| r.kind == RegimeKind::Exposure && r.rule_on(day).is_ok()));
    }
    let mut parties = args.entities.iter().map(|e| view.resolve(e)).collect::<Result<Vec<Node>>>()?;
    parties.sort_unstable();
    parties.dedup();
    let mut judge = Judge::new(&view, &regimes, day, args.ground.conventions(), Changes::default())?;
    let found = judge.exposures(&chosen, (!args.all).then_some(&parties), args.limit)?;
    graph.sound()?;
    let ids: Vec<&str> = chosen.iter().map(|r| r.id.as_str()).collect();
    let who = if args.all { " --all".to_owned() } else { named(&view, &parties) };
    let question = format!("exposure{who} --regime {}{}", ids.join(","), args.ground.text(day));
    let mut answer = about(&view, &question, found.truncated);
    answer.as_of = Some(day.to_string());
    answer.rules = Some(regimes.version.clone());
    answer.notes = left_out;
    for (n, regime, outcome) in &found.settled {
        answer.notes.push(format!(
            "{} is {} itself under {regime}: see its verdict",
            graph.label(*n),
            outcome.as_str()
        ));
    }
    answer.notes.extend(found.warnings.iter().cloned());
    answer.notes.extend(found.grounds.iter().flat_map(|g| g.lines(found.day)));
    let mut t = Table::new(&["id", "name", "regime", "kind", "flag", "total", "holders", "words", "cites"]);
    for x in &found.list {
        let all: Vec<_> = x.holders.iter().flat_map(|h| h.cites.iter().cloned()).collect();
        let holder = |h: &Exposing| {
            let share = h.share.as_ref().map_or(String::new(), |b| format!(" {}", range_words(&range(b))));
            let regimes = if h.regimes.is_empty() { String::new() } else { format!(" ({})", h.regimes.join(", ")) };
            format!("{}{share}{regimes} [{}]", graph.show_id(graph.id(h.holder)), h.edges.join(" "))
        };
        t.row(vec![
            graph.show_id(graph.id(x.node)).to_owned(),
            graph.label(x.node).to_owned(),
            x.regime.clone(),
            x.kind.as_str().to_owned(),
            if x.flagged { "!" } else { "" }.to_owned(),
            x.total.as_ref().map_or(String::new(), range_words),
            x.holders.iter().map(holder).collect::<Vec<_>>().join("; "),
            x.words.clone(),
            cites(&all),
        ]);
    }
    members(&t, json(&found, graph, &regimes), &answer, &args.output, io)?;
    Ok(Outcome::of(!found.list.is_empty()))
}

fn named(view: &View<'_>, parties: &[Node]) -> String {
    let graph = view.graph();
    parties.iter().map(|n| format!(" {}", quoted(graph.show_id(graph.id(*n))))).collect()
}

fn json(found: &Exposures, graph: &Graph, regimes: &Regimes) -> Value {
    let holder = |h: &Exposing| {
        json!({
            "id": graph.show_id(graph.id(h.holder)),
            "name": graph.label(h.holder),
            "standing": h.standing.as_str(),
            "edge": h.edges.first(),
            "edges": h.edges,
            "type": h.kind,
            "share": h.share.as_ref().map(|b| range_json(&range(b))),
            "regimes": h.regimes,
            "cites": h.cites,
        })
    };
    let rows: Vec<Value> = found
        .list
        .iter()
        .map(|x| {
            json!({
                "id": graph.show_id(graph.id(x.node)),
                "name": graph.label(x.node),
                "regime": x.regime,
                "kind": x.kind.as_str(),
                "basis": x.basis.map(|b| b.as_str()),
                "flagged": x.flagged,
                "holders": x.holders.iter().map(holder).collect::<Vec<_>>(),
                "total": x.total.as_ref().map(range_json),
                "words": x.words,
            })
        })
        .collect();
    let settled: Vec<Value> = found
        .settled
        .iter()
        .map(|(n, regime, o)| json!({ "id": graph.show_id(graph.id(*n)), "regime": regime, "verdict": o.as_str() }))
        .collect();
    json!({
        "as_of": found.day.to_string(),
        "rules": regimes.version,
        "exposures": rows,
        "settled": settled,
        "warnings": found.warnings,
        "grounds": found.grounds.iter().map(|g| g.json(found.day)).collect::<Vec<_>>(),
    })
}
