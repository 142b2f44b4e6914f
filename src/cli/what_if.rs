//! `what-if`: what flips under suppositions.

use super::answer::{about, members, quoted};
use super::args::Form;
use super::args_whatif::WhatIfArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::{Error, Result};
use cuibono::graph::{Graph, Node, View};
use cuibono::model::{PartialDate, Share};
use cuibono::ownership::{
    Basis, Flips, Regimes, Supposed, Supposition, WhatIf, named_edges, range_json, range_words, suppose,
    supposed_share, what_if,
};
use serde_json::{Value, json};

/// Proofs that JSON carries.
const PROOFS: usize = 1_000;

/// `EDGE=SHARE` and `...=SHARE`: what stands before the last equals sign, and the share.
fn halves<'t>(flag: &str, text: &'t str, shape: &str) -> Result<(&'t str, Option<Share>)> {
    let (what, share) = text
        .rsplit_once('=')
        .ok_or_else(|| Error::usage(format!("{flag} {text:?} has no share")).hint(format!("give {flag} {shape}")))?;
    Ok((what.trim(), supposed_share(share)?))
}

/// Holder and target of `HOLDER>TARGET`; names may hold the sign themselves.
fn ends(view: &View<'_>, text: &str) -> Result<(Node, Node)> {
    let splits: Vec<(&str, &str)> =
        text.match_indices('>').filter_map(|(i, _)| Some((text.get(..i)?.trim(), text.get(i + 1..)?.trim()))).collect();
    let mut failed = None;
    for (a, b) in splits.iter().take(20) {
        match view.resolve(a).and_then(|a| Ok((a, view.resolve(b)?))) {
            Ok(both) => return Ok(both),
            Err(e) => failed = failed.or(Some(e)),
        }
    }
    Err(failed.unwrap_or_else(|| {
        Error::usage(format!("--add {text:?} names no holder and target")).hint("give --add \"HOLDER>TARGET=SHARE\"")
    }))
}

/// The suppositions of the flags.
pub(crate) fn supposed(args: &WhatIfArgs, view: &View<'_>, named: &[Node]) -> Result<Supposed> {
    let mut list = Vec::new();
    for text in &args.list {
        list.push(Supposition::List(view.resolve(text)?));
    }
    for text in &args.delist {
        list.push(Supposition::Delist(view.resolve(text)?));
    }
    for text in &args.set {
        let (edge, share) = halves("--set", text, "EDGE=SHARE")?;
        list.extend(named_edges(view, edge, named)?.into_iter().map(|e| Supposition::Set(e, share)));
    }
    let basis = if args.votes { Basis::Votes } else { Basis::Shares };
    for text in &args.add {
        let (both, share) = halves("--add", text, "\"HOLDER>TARGET=SHARE\"")?;
        let (holder, target) = ends(view, both)?;
        list.push(Supposition::Add { holder, target, basis, share });
    }
    for text in &args.remove {
        list.extend(named_edges(view, text, named)?.into_iter().map(Supposition::Remove));
    }
    suppose(view, &list)
}

/// Prints what flips.
pub(crate) fn run(args: &WhatIfArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = args.ground.view(graph)?;
    let day = args.ground.day()?;
    let regimes = args.law.regimes()?;
    let named = args.entities.iter().map(|e| view.resolve(e)).collect::<Result<Vec<_>>>()?;
    let supposed = supposed(args, &view, &named)?;
    if supposed.changes.is_empty() {
        return Err(Error::usage("nothing is supposed").hint(
            "give --list, --delist, --set, --add or --remove; or ENTITY --free for the sales that free a party",
        ));
    }
    let (chosen, left_out) = args.law.chosen(&regimes, day)?;
    let wants_proofs = matches!(io.form(&args.output), Form::Json);
    let question = WhatIf { named, limit: args.limit, proofs: if wants_proofs { PROOFS } else { 0 } };
    let found = what_if(&view, &regimes, &chosen, day, args.ground.conventions(), &supposed, &question)?;
    graph.sound()?;
    let ids: Vec<&str> = chosen.iter().map(|r| r.id.as_str()).collect();
    let mut answer = about(&view, &text(args, &view, &question.named, &ids.join(","), day), found.truncated);
    answer.as_of = Some(day.to_string());
    answer.rules = Some(regimes.version.clone());
    answer.notes = left_out;
    answer.notes.extend(told_words(&supposed));
    if !question.named.is_empty() {
        answer.notes.push(format!("{} outcomes of other parties flip", found.others));
    }
    answer.notes.extend(found.warnings.iter().cloned());
    answer.notes.extend(found.grounds.iter().flat_map(|g| g.lines(found.day)));
    let mut t = Table::new(&["id", "name", "regime", "before", "after", "share_before", "share_after"]);
    for f in &found.list {
        let share = |s: &Option<_>| s.as_ref().map_or(String::new(), range_words);
        t.row(vec![
            graph.show_id(graph.id(f.node)).to_owned(),
            graph.label(f.node).to_owned(),
            f.regime.clone(),
            f.before.as_str().to_owned(),
            f.after.as_str().to_owned(),
            share(&f.share_before),
            share(&f.share_after),
        ]);
    }
    members(&t, json(&found, &supposed, graph, &regimes), &answer, &args.output, io)?;
    Ok(Outcome::of(found.others > 0 || found.list.iter().any(|f| f.flips())))
}

/// What is supposed, in words.
pub(crate) fn told_words(supposed: &Supposed) -> Vec<String> {
    let words = supposed.told.iter().filter_map(|t| t.get("words")?.as_str());
    words.map(|w| format!("supposed: {w}")).collect()
}

/// The question that the answer repeats.
pub(crate) fn text(args: &WhatIfArgs, view: &View<'_>, named: &[Node], regimes: &str, day: PartialDate) -> String {
    let mut s = "what-if".to_owned();
    for n in named {
        s.push_str(&format!(" {}", quoted(view.graph().show_id(view.graph().id(*n)))));
    }
    let flags = [
        ("list", &args.list),
        ("delist", &args.delist),
        ("set", &args.set),
        ("add", &args.add),
        ("remove", &args.remove),
    ];
    for (flag, values) in flags {
        values.iter().for_each(|v| s.push_str(&format!(" --{flag} {}", quoted(v))));
    }
    s.push_str(if args.votes { " --votes" } else { "" });
    if args.free {
        s.push_str(&format!(" --free --limit-size {}", args.limit_size));
    }
    s.push_str(&format!(" --regime {regimes}{}", args.ground.text(day)));
    s
}

fn json(found: &Flips, supposed: &Supposed, graph: &Graph, regimes: &Regimes) -> Value {
    let rows: Vec<Value> = found
        .list
        .iter()
        .map(|f| {
            json!({
                "id": graph.show_id(graph.id(f.node)),
                "name": graph.label(f.node),
                "regime": f.regime,
                "flips": f.flips(),
                "before": f.before.as_str(),
                "after": f.after.as_str(),
                "share_before": f.share_before.as_ref().map(range_json),
                "share_after": f.share_after.as_ref().map(range_json),
                "proof": f.proof,
            })
        })
        .collect();
    json!({
        "as_of": found.day.to_string(),
        "rules": regimes.version,
        "supposed": supposed.told,
        "flips": rows,
        "others": found.others,
        "warnings": found.warnings,
        "grounds": found.grounds.iter().map(|g| g.json(found.day)).collect::<Vec<_>>(),
    })
}
