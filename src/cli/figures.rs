//! `own`, `ubo`, `controls` and `close-links`: figures about who holds and controls what.

use super::answer::{about, members, quoted};
use super::args::Output;
use super::args_figures::{CloseLinksArgs, ControlsArgs, OwnArgs, Sum, UboArgs, budget, threshold};
use super::args_own::{Ground, Law};
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::{Error, Result};
use cuibono::graph::{Graph, Node, View};
use cuibono::model::{Answer, PartialDate};
use cuibono::ownership::{
    Amount, Beneficiary, Changes, Exact, Figures, LinkAsk, OwnAsk, Position, Range, Reason, RegimeKind, Regimes,
    range_json, range_words,
};
use serde_json::{Map, Value, json};

/// Longest exact value that a table shows.
const SHOWN: usize = 24;

fn id(graph: &Graph, n: Node) -> String {
    graph.show_id(graph.id(n)).to_owned()
}

/// What every answer here says about itself.
fn answer(view: &View<'_>, ground: &Ground, day: PartialDate, question: &str, truncated: bool) -> Answer {
    let mut answer = about(view, &format!("{question}{}", ground.text(day)), truncated);
    answer.as_of = Some(day.to_string());
    answer
}

/// Prints members with the warnings; a table says the warnings as notes.
fn print(
    table: &Table,
    mut value: Value,
    warnings: &[String],
    answer: &mut Answer,
    output: &Output,
    io: &mut Io<'_>,
) -> Result<()> {
    if let Some(m) = value.as_object_mut() {
        m.insert("warnings".into(), json!(warnings));
    }
    if !io.wants_json() {
        answer.notes.extend(warnings.iter().map(|w| format!("warning: {w}")));
    }
    members(table, value, answer, output, io)
}

/// A range in percent: one number as text, else both ends.
fn percent_json(r: &Range) -> Value {
    if r.min == r.max { r.min.to_string().into() } else { range_json(r) }
}

fn percent_of(x: &Exact) -> Exact {
    x * &Exact::HUNDRED
}

/// An amount in percent for people.
fn percent_words(a: &Amount) -> String {
    let exact = a.exact().map(|x| percent_of(x).to_string()).filter(|t| t.len() <= SHOWN);
    match (a, exact) {
        (Amount::NoFinite, _) => "no finite value".to_owned(),
        (Amount::Unknown, _) => "not computed".to_owned(),
        (Amount::Finite { value, .. }, None) => format!("about {:.9}", value * 100.0),
        (Amount::Finite { value, .. }, Some(t)) if t.contains('/') => format!("{t} ({:.4})", value * 100.0),
        (_, Some(t)) => t,
    }
}

fn amount_json(a: &Amount) -> Value {
    match a {
        Amount::Finite { value, exact } => json!({ "exact": exact.as_ref().map(Exact::fraction), "value": value }),
        Amount::NoFinite | Amount::Unknown => Value::Null,
    }
}

/// Integrated ownership as JSON; null where there is no finite value.
fn integrated_json(p: &Position, method: &str) -> Value {
    let mut out = json!({ "method": method, "exact": null, "value": null });
    let (Some(m), Amount::Finite { value, exact }) = (out.as_object_mut(), &p.low) else { return Value::Null };
    if p.known {
        m.insert("exact".into(), exact.as_ref().map(Exact::fraction).into());
        m.insert("value".into(), (*value).into());
    } else {
        m.insert("min".into(), amount_json(&p.low));
        m.insert("max".into(), amount_json(&p.high));
    }
    out
}

fn position_json(graph: &Graph, p: &Position, method: &str) -> Map<String, Value> {
    let mut m = Map::new();
    m.insert("to".into(), id(graph, p.to).into());
    m.insert("name".into(), graph.label(p.to).into());
    m.insert("direct".into(), percent_json(&p.direct));
    m.insert("integrated".into(), integrated_json(p, method));
    m.insert("cascade".into(), p.cascade.as_ref().map(percent_json).into());
    m
}

/// What a reader must know about the figures shown.
fn own_notes(graph: &Graph, shown: &[Position], exact: bool) -> Vec<String> {
    let mut out = Vec::new();
    let name = |p: &Position| id(graph, p.to);
    let ends = |p: &'_ Position| [p.low.clone(), p.high.clone()];
    let with = |a: Amount| shown.iter().filter(move |p| ends(p).contains(&a)).map(name);
    let list = |mut names: Vec<String>| {
        let more = names.len().saturating_sub(5);
        names.truncate(5);
        if more > 0 { format!("{} and {more} more", names.join(", ")) } else { names.join(", ") }
    };
    let endless: Vec<String> = with(Amount::NoFinite).collect();
    if !endless.is_empty() {
        out.push(format!("{}: no finite value, a group on the way owns (or may own) all of itself", list(endless)));
    }
    let unknown: Vec<String> = with(Amount::Unknown).collect();
    if !unknown.is_empty() {
        out.push(format!("{}: too large or too near to having no finite value to compute", list(unknown)));
    }
    let rounded = |p: &&Position| ends(p).iter().any(|a| matches!(a, Amount::Finite { exact: None, .. }));
    let rounded: Vec<String> = shown.iter().filter(rounded).map(name).collect();
    if !rounded.is_empty() {
        out.push(match exact {
            true => {
                format!("{}: the exact value is too long even for --exact; values are good to 1e-12", list(rounded))
            }
            false => {
                format!("{}: values are good to 1e-12, the exact ones are long (--exact computes them)", list(rounded))
            }
        });
    }
    out
}

/// `own`: what a party holds of another, or of everybody it reaches.
pub(crate) fn own(args: &OwnArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = args.ground.view(graph)?;
    let day = args.ground.day()?;
    let regimes = args.law.regimes()?;
    let regime = args.law.one(&regimes)?;
    let from = view.resolve(&args.holder)?;
    let to = args.party.as_deref().map(|t| view.resolve(t)).transpose()?;
    let mut figures = Figures::new(&view, &regimes, day, args.ground.conventions(), Changes::default())?;
    let method = args.method.as_str();
    let ask = OwnAsk { from, to, method: args.method.method(), budget: budget(args.exact), regime };
    let mut found = figures.own(&ask)?;
    graph.sound()?;
    let truncated = found.positions.len() > args.limit && to.is_none();
    if truncated {
        found.positions.truncate(args.limit);
    }
    let target = to.map_or(String::new(), |t| format!(" {}", quoted(&id(graph, t))));
    let exact = if args.exact { " --exact" } else { "" };
    let question = format!("own {}{target} --method {method}{exact} --regime {}", quoted(&id(graph, from)), regime.id);
    let mut answer = answer(&view, &args.ground, day, &question, truncated);
    answer.rules = Some(regimes.version.clone());
    answer.notes = own_notes(graph, &found.positions, args.exact);
    answer.notes.extend(found.no_rule.iter().map(|why| format!("no cascade: {why}")));
    answer
        .notes
        .extend(found.rule.iter().map(|r| format!("cascade: rule {r}, as if {} alone were listed", graph.label(from))));
    let mut t = Table::new(&["to", "name", "direct", "integrated", "method", "cascade"]);
    for p in &found.positions {
        let integrated = match p.known {
            true => percent_words(&p.low),
            false => format!("{} to {}", percent_words(&p.low), percent_words(&p.high)),
        };
        let cascade = p.cascade.as_ref().map_or(String::new(), range_words);
        t.row(vec![
            id(graph, p.to),
            graph.label(p.to).to_owned(),
            range_words(&p.direct),
            integrated,
            method.to_owned(),
            cascade,
        ]);
    }
    let mut out = Map::new();
    out.insert("from".into(), id(graph, from).into());
    let mut rows = found.positions.iter().map(|p| position_json(graph, p, method));
    match (to, rows.next()) {
        (Some(_), Some(one)) => out.extend(one),
        (_, first) => {
            let all = first.into_iter().chain(rows).map(Value::Object).collect();
            out.insert("owned".into(), Value::Array(all));
        }
    }
    out.insert("rule".into(), json!(found.rule));
    print(&t, out.into(), &found.warnings, &mut answer, &args.output, io)?;
    Ok(Outcome::of(found.positions.iter().any(|p| p.high != Amount::ZERO)))
}

fn owner_json(graph: &Graph, o: &Beneficiary) -> Value {
    let mut m = Map::new();
    m.insert("id".into(), id(graph, o.node).into());
    m.insert("name".into(), graph.label(o.node).into());
    m.insert("share".into(), o.share.exact().map(|x| percent_of(x).to_string()).into());
    if let (None, Some(value)) = (o.share.exact(), o.share.value()) {
        m.insert("value".into(), (value * 100.0).into());
    }
    m.insert("basis".into(), o.reasons.iter().map(|r| Value::from(r.code())).collect());
    m.into()
}

fn basis_words(reasons: &[Reason]) -> String {
    reasons.iter().map(|r| r.code()).collect::<Vec<_>>().join(" ")
}

/// `ubo`: the natural persons behind a party.
pub(crate) fn ubo(args: &UboArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = args.ground.view(graph)?;
    let day = args.ground.day()?;
    let regimes = args.law.regimes()?;
    let regime = match args.law.regimes.as_slice() {
        [] => regimes.get("amlr")?,
        _ => args.law.one(&regimes)?,
    };
    if regime.kind != RegimeKind::BeneficialOwnership {
        return Err(Error::usage(format!("{} does not ask for beneficial owners", regime.title))
            .hint("--regime amlr or fatf; for a verdict: cuibono verdict ENTITY"));
    }
    let line = match (&args.threshold, regime.owner_threshold) {
        (Some(text), _) => threshold(text)?,
        (None, Some(percent)) => &Exact::from(percent) / &Exact::HUNDRED,
        (None, None) => {
            return Err(Error::usage(format!("{} has no threshold", regime.title)).hint("give --threshold"));
        }
    };
    let percent = percent_of(&line).to_string();
    let target = view.resolve(&args.entity)?;
    let mut figures = Figures::new(&view, &regimes, day, args.ground.conventions(), Changes::default())?;
    let inclusive = !args.more_than;
    let found = figures.ubo(target, args.rule.rule(), line, inclusive, budget(args.exact))?;
    graph.sound()?;
    let rule = args.rule.as_str();
    let question = format!(
        "ubo {} --rule {rule} --threshold {percent}{}{} --regime {}",
        quoted(&id(graph, target)),
        if inclusive { "" } else { " --more-than" },
        if args.exact { " --exact" } else { "" },
        regime.id
    );
    let mut answer = answer(&view, &args.ground, day, &question, false);
    answer.rules = Some(regimes.version.clone());
    if rule == regime.id || !args.law.regimes.is_empty() {
        let (law, preview) = regime.rule_or_preview(day)?;
        answer.notes.push(format!("{}: {} ({}, in force {})", regime.title, law.id, law.citation, law.span()));
        if preview {
            answer.notes.push(format!("preview: {} is not in force on {day}", law.id));
        }
        answer.notes.extend(law.notes.iter().cloned());
    } else if rule == "weakest-link" {
        answer.notes.push("weakest link is vendor practice, no legal test".to_owned());
    }
    let all = || {
        let certain = found.certain.iter().map(|o| (o, "yes"));
        certain.chain(found.possible.iter().map(|o| (o, "possible")))
    };
    if all().any(|(o, _)| matches!(o.share, Amount::NoFinite | Amount::Unknown)) {
        answer.notes.push(
            "a share has no finite value or could not be computed: a group owns (or may own) all of itself".to_owned(),
        );
    }
    if all().any(|(o, _)| matches!(o.share, Amount::Finite { exact: None, .. })) {
        answer
            .notes
            .push("some shares are good to 1e-12, their exact values are long (--exact computes them)".to_owned());
    }
    let mut t = Table::new(&["id", "name", "share", "basis", "owner"]);
    for (o, sure) in all() {
        t.row(vec![
            id(graph, o.node),
            graph.label(o.node).to_owned(),
            percent_words(&o.share),
            basis_words(&o.reasons),
            sure.to_owned(),
        ]);
    }
    let list = |owners: &[Beneficiary]| -> Value { owners.iter().map(|o| owner_json(graph, o)).collect() };
    let out = json!({
        "target": id(graph, target),
        "name": graph.label(target),
        "rule": rule,
        "threshold": percent,
        "inclusive": inclusive,
        "owners": list(&found.certain),
        "possible": list(&found.possible),
    });
    print(&t, out, &found.warnings, &mut answer, &args.output, io)?;
    Ok(Outcome::of(!(found.certain.is_empty() && found.possible.is_empty())))
}

/// `controls`: whom a party controls, or who controls whom.
pub(crate) fn controls(args: &ControlsArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = args.ground.view(graph)?;
    let day = args.ground.day()?;
    let regimes = Law { rules: args.rules.clone(), ..Law::default() }.regimes()?;
    let parties = args.entities.iter().map(|e| view.resolve(e)).collect::<Result<Vec<_>>>()?;
    let mut figures = Figures::new(&view, &regimes, day, args.ground.conventions(), Changes::default())?;
    let found = figures.controls((!args.all).then_some(&parties[..]), args.limit)?;
    graph.sound()?;
    let who = match args.all {
        true => " --all".to_owned(),
        false => parties.iter().map(|n| format!(" {}", quoted(&id(graph, *n)))).collect(),
    };
    let mut answer = answer(&view, &args.ground, day, &format!("controls{who}"), found.truncated);
    answer.rules = Some(regimes.version.clone());
    let mut t = Table::new(&["controller", "controller_name", "controlled", "controlled_name", "control"]);
    for (list, sure) in [(&found.certain, "yes"), (&found.possible, "possible")] {
        for (x, y) in list.iter().flat_map(|(x, set)| set.iter().map(move |y| (*x, *y))) {
            t.row(vec![
                id(graph, x),
                graph.label(x).to_owned(),
                id(graph, y),
                graph.label(y).to_owned(),
                sure.to_owned(),
            ]);
        }
    }
    let sets = |list: &[(Node, Vec<Node>)]| -> Value {
        let mut rows: Vec<(String, Vec<String>)> = list
            .iter()
            .map(|(x, set)| {
                let mut ids: Vec<String> = set.iter().map(|y| id(graph, *y)).collect();
                ids.sort_unstable();
                (id(graph, *x), ids)
            })
            .collect();
        rows.sort_unstable();
        Value::Object(rows.into_iter().map(|(x, ids)| (x, json!(ids))).collect())
    };
    let out = json!({
        "controls": sets(&found.certain),
        "possible": sets(&found.possible),
        "truncated": found.truncated,
    });
    print(&t, out, &found.warnings, &mut answer, &args.output, io)?;
    Ok(Outcome::of(!t.is_empty()))
}

/// `close-links`: holdings of a threshold or more, and common holders.
pub(crate) fn close_links(args: &CloseLinksArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    let view = args.ground.view(graph)?;
    let day = args.ground.day()?;
    let line = threshold(&args.threshold)?;
    let percent = percent_of(&line).to_string();
    let parties = args.entities.iter().map(|e| view.resolve(e)).collect::<Result<Vec<_>>>()?;
    let regimes = Regimes::builtin();
    let mut figures = Figures::new(&view, regimes, day, args.ground.conventions(), Changes::default())?;
    let simple = args.method == Sum::Simple;
    let ask = LinkAsk { threshold: line, simple, steps: args.steps, limit: args.limit };
    let found = figures.close_links(&parties, &ask)?;
    graph.sound()?;
    let who: String = parties.iter().map(|n| format!(" {}", quoted(&id(graph, *n)))).collect();
    let method = if simple { "simple" } else { "integrated" };
    let question = format!("close-links{who} --threshold {percent} --method {method}");
    let mut answer = answer(&view, &args.ground, day, &question, found.truncated);
    if found.truncated {
        answer.notes.push(
            "steps (--steps) or common holdings (--limit) ran out: there may be more, and shares may be larger"
                .to_owned(),
        );
    }
    // The share as a fraction of the whole; a decimal where the exact value is too long.
    let share = |a: &Amount| match (a.exact(), a.value()) {
        (Some(x), _) => Some(x.fraction()),
        (None, Some(value)) => Some(value.to_string()),
        _ => None,
    };
    let rows = |list: &[(Node, Node, Amount)]| {
        let one = |(a, b, x): &(Node, Node, Amount)| (id(graph, *a), id(graph, *b), share(x));
        let mut rows: Vec<(String, String, Option<String>)> = list.iter().map(one).collect();
        rows.sort_unstable();
        rows
    };
    let mut t = Table::new(&["a", "a_name", "b", "b_name", "link", "share", "method"]);
    let mut row = |a: Node, b: Node, link: &str, share: String| {
        let (x, y) = (graph.label(a).to_owned(), graph.label(b).to_owned());
        t.row(vec![id(graph, a), x, id(graph, b), y, link.to_owned(), share, method.to_owned()]);
    };
    found.pairs.iter().for_each(|(a, b, x)| row(*a, *b, "holds", percent_words(x)));
    found.possible.iter().for_each(|(a, b, x)| row(*a, *b, "may hold", format!("up to {}", percent_words(x))));
    found.common.iter().for_each(|(a, b)| row(*a, *b, "common holder", String::new()));
    let mut common: Vec<(String, String)> = found
        .common
        .iter()
        .map(|(a, b)| (id(graph, *a), id(graph, *b)))
        .map(|(a, b)| if a <= b { (a, b) } else { (b, a) })
        .collect();
    common.sort_unstable();
    let out = json!({
        "method": method,
        "threshold": percent,
        "pairs": rows(&found.pairs),
        "possible": rows(&found.possible),
        "common": common,
        "truncated": found.truncated,
    });
    print(&t, out, &found.warnings, &mut answer, &args.output, io)?;
    Ok(Outcome::of(!t.is_empty()))
}
