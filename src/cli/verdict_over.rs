//! `verdict --over`: the outcomes over time.

use super::answer::{about, members, quoted};
use super::args_own::{Law, VerdictArgs};
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use super::verdict::{ended, wanted};
use cuibono::error::{Error, Result};
use cuibono::graph::Graph;
use cuibono::model::PartialDate;
use cuibono::ownership::{Cause, Over, Period, Regime, Regimes, over, range_json, range_words};
use serde_json::{Value, json};

/// The first day and the first day no longer asked for.
fn days(span: &str) -> Result<(PartialDate, PartialDate)> {
    let bad =
        |what: String| Error::usage(format!("--over {what}")).hint("give two days: --over 2020-01-01..2024-01-01");
    let (a, b) = span.split_once("..").ok_or_else(|| bad(format!("{span:?} is no span of days")))?;
    let date = |text: &str| PartialDate::parse(text).map_err(|e| bad(format!("{span:?}: {}", e.message())));
    let to = match b.trim() {
        "" => super::clock::today().ok_or_else(|| bad("needs a last day: the system has no date".to_owned()))?,
        b => date(b)?,
    };
    Ok((date(a)?.first_day(), to.first_day()))
}

/// The regimes asked for; without any, all that give verdicts and have a rule for some day.
fn chosen<'r>(law: &Law, all: &'r Regimes, (from, to): (PartialDate, PartialDate)) -> Result<Vec<&'r Regime>> {
    if !law.regimes.is_empty() {
        return Ok(law.chosen(all, from)?.0);
    }
    let touches = |r: &&Regime| r.rules.iter().any(|v| v.from.is_none_or(|f| f < to) && v.to.is_none_or(|t| t > from));
    Ok(all.list.iter().filter(|r| r.gives_verdicts()).filter(touches).collect())
}

/// Prints a row for each time in which the outcome under a regime stays the same.
pub(crate) fn run(args: &VerdictArgs, span: &str, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let [entity] = args.entities.as_slice() else {
        return Err(Error::usage("--over looks at one party at a time").hint("give one ENTITY"));
    };
    let (from, to) = days(span)?;
    let view = args.ground.view(graph)?;
    let regimes = args.law.regimes()?;
    let regimes_asked = chosen(&args.law, &regimes, (from, to))?;
    let node = view.resolve(entity)?;
    let mut found = over(&view, &regimes, &regimes_asked, args.ground.conventions(), node, (from, to))?;
    graph.sound()?;
    found.list.retain(|p| p.outcome.map_or(args.only.is_empty(), |o| wanted(&args.only, o)));
    let id = graph.show_id(graph.id(node));
    let names: Vec<&str> = regimes_asked.iter().map(|r| r.id.as_str()).collect();
    let question =
        format!("verdict {} --regime {} --over {from}..{to}{}", quoted(id), names.join(","), args.ground.rest());
    let mut answer = about(&view, &question, false);
    answer.rules = Some(regimes.version.clone());
    answer.notes = found.grounds.iter().flat_map(|g| g.lines(to)).collect();
    let mut t = Table::new(&["id", "name", "regime", "from", "to", "verdict", "share", "cause"]);
    for p in &found.list {
        let words: Vec<&str> = p.cause.iter().map(|c| c.words.as_str()).collect();
        t.row(vec![
            id.to_owned(),
            graph.label(node).to_owned(),
            p.regime.clone(),
            p.from.to_string(),
            p.to.to_string(),
            p.outcome.map_or("no rule", |o| o.as_str()).to_owned(),
            p.share.as_ref().map_or(String::new(), range_words),
            words.join("; "),
        ]);
    }
    members(&t, json(&found, graph), &answer, &args.output, io)?;
    let worst = found.list.iter().filter_map(|p| p.outcome).max();
    Ok(ended(args, !found.list.is_empty(), worst))
}

/// The answer as JSON; the verdict is null where no rule is known.
fn json(found: &Over, graph: &Graph) -> Value {
    let cause = |c: &Cause, day: PartialDate| {
        let mut m = c.json("id");
        m.insert("day".into(), day.to_string().into());
        m
    };
    let period = |p: &Period| {
        json!({
            "regime": p.regime,
            "from": p.from.to_string(),
            "to": p.to.to_string(),
            "verdict": p.outcome.map(|o| o.as_str()),
            "share": p.share.as_ref().map(range_json),
            "cause": p.cause.iter().map(|c| cause(c, p.from)).collect::<Vec<_>>(),
        })
    };
    json!({
        "id": graph.show_id(graph.id(found.node)),
        "name": graph.label(found.node),
        "from": found.from.to_string(),
        "to": found.to.to_string(),
        "intervals": found.list.iter().map(period).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans() {
        let d = |t: &str| PartialDate::parse(t).unwrap();
        assert_eq!(days("2020..2021-05").unwrap(), (d("2020-01-01"), d("2021-05-01")));
        assert_eq!(days("2020-02-03..").unwrap().0, d("2020-02-03"));
        for bad in ["2020", "..2020", "2020..x", "2020-13..2021"] {
            let e = days(bad).unwrap_err();
            assert!(e.message().contains(bad) && e.next_step().is_some(), "{bad}");
        }
    }
}
