//! `what-if --free`: the fewest sales that free a party.

use super::answer::{about, members, share};
use super::args_whatif::WhatIfArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use super::what_if::{supposed, text, told_words};
use cuibono::error::{Error, Result};
use cuibono::graph::{Graph, Node};
use cuibono::ownership::{Freed, Judge, Sold, Unfreeable, range_json, range_words};
use serde_json::{Value, json};

/// Prints the sales, one row a relation.
pub(crate) fn run(args: &WhatIfArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = args.ground.view(graph)?;
    let day = args.ground.day()?;
    let regimes = args.law.regimes()?;
    let [entity] = args.entities.as_slice() else {
        return Err(Error::usage("--free is about one party at a time").hint("give one ENTITY"));
    };
    let node = view.resolve(entity)?;
    let regime = args.law.one(&regimes)?;
    let supposed = supposed(args, &view, &[node])?;
    let conventions = args.ground.conventions();
    let mut judge = Judge::new(&view, &regimes, day, conventions, supposed.changes.clone())?;
    let mut found = judge.free(regime, node, args.limit_size)?;
    found.warnings.extend(supposed.warnings.iter().cloned());
    graph.sound()?;
    let ground = judge.ground(regime, judge.rule(regime)?);
    let mut answer = about(&view, &text(args, &view, &[node], &regime.id, day), false);
    answer.as_of = Some(day.to_string());
    answer.rules = Some(regimes.version.clone());
    answer.notes = told_words(&supposed);
    answer.notes.push(words(&found, graph));
    answer.notes.extend(found.warnings.iter().cloned());
    answer.notes.extend(ground.lines(day));
    let mut t = Table::new(&["set", "sale", "id", "holder", "holder_name", "type", "target", "target_name", "share"]);
    for (i, set) in found.sets.iter().enumerate() {
        for (k, sale) in set.iter().enumerate() {
            for s in sale {
                let (a, b) = (name(graph, s.holder), name(graph, s.target));
                let numbers = ((i + 1).to_string(), (k + 1).to_string());
                t.row(vec![numbers.0, numbers.1, s.id.clone(), a.0, a.1, s.kind.clone(), b.0, b.1, share(s.share)]);
            }
        }
    }
    let mut value = json(&found, graph);
    if let Value::Object(m) = &mut value {
        m.insert("as_of".into(), day.to_string().into());
        m.insert("rules".into(), regimes.version.clone().into());
        m.insert("supposed".into(), supposed.told.into());
        m.insert("words".into(), words(&found, graph).into());
        m.insert("grounds".into(), json!([ground.json(day)]));
    }
    members(&t, value, &answer, &args.output, io)?;
    Ok(Outcome::of(!found.sets.is_empty()))
}

fn name(graph: &Graph, n: Node) -> (String, String) {
    (graph.show_id(graph.id(n)).to_owned(), graph.label(n).to_owned())
}

fn words(f: &Freed, graph: &Graph) -> String {
    let who = graph.label(f.node);
    match f.cannot {
        Some(Unfreeable::Listed) => {
            format!("{who} is or may be on a list itself under {}: no sale frees it", f.regime)
        }
        Some(Unfreeable::FreeAlready) => {
            format!("{who} is not blocked under {} on the record: nothing has to be sold", f.rule)
        }
        Some(Unfreeable::Remainder) => format!(
            "no sale frees {who} under {}: what nobody is recorded to hold may be held by listed parties",
            f.rule
        ),
        Some(Unfreeable::NotFound) => format!(
            "no sales that free {who} under {} were found within the budget of the search; that there are none is not certain",
            f.rule
        ),
        None => {
            let n = f.sets.first().map_or(0, Vec::len);
            let least = if f.smallest {
                "no fewer do".to_owned()
            } else {
                "none of them can be left out, but it was not ruled out that fewer do".to_owned()
            };
            let others = match f.sets.len().saturating_sub(1) {
                0 => String::new(),
                k => format!("; {k}{} other sets of that size do", if f.more { " or more" } else { "" }),
            };
            format!(
                "{who} is freed under {} by {n} {} to outsiders behind whom nobody listed stands ({} to {} percent held): {least}{others}",
                f.rule,
                if n == 1 { "sale" } else { "sales" },
                range_words(&f.share_before),
                range_words(&f.share_after),
            )
        }
    }
}

fn json(f: &Freed, graph: &Graph) -> Value {
    let id = |n: Node| graph.show_id(graph.id(n));
    let sold = |s: &Sold| {
        json!({
            "id": s.id, "holder": id(s.holder), "target": id(s.target), "type": s.kind,
            "share": s.share.map(|x| x.to_string()),
        })
    };
    let set = |set: &Vec<Vec<Sold>>| -> Vec<Value> { set.iter().flatten().map(sold).collect() };
    json!({
        "id": id(f.node),
        "name": graph.label(f.node),
        "regime": f.regime,
        "rule": f.rule,
        "before": f.before.as_str(),
        "share_before": range_json(&f.share_before),
        "share_after": range_json(&f.share_after),
        "sell": f.sets.first().map(set),
        "size": f.sets.first().map(Vec::len),
        "smallest": f.cannot.is_none().then_some(f.smallest),
        "alternatives": f.sets.iter().skip(1).map(set).collect::<Vec<_>>(),
        "more_alternatives": f.more,
        "cannot": f.cannot.map(|c| match c {
            Unfreeable::Listed => "listed",
            Unfreeable::FreeAlready => "not_blocked",
            Unfreeable::Remainder => "unknown_remainder",
            Unfreeable::NotFound => "not_found",
        }),
        "warnings": f.warnings,
    })
}
