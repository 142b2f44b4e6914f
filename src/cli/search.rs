//! `search`: parties by any spelling of a name, by identifier or id, with the reason.

use super::answer::{about, quoted, rows};
use super::args_ask::SearchArgs;
use super::exit::Outcome;
use super::io::Io;
use super::render::Table;
use cuibono::error::{Error, Result};
use cuibono::graph::{Graph, Hit, Match as Fit, NameKind, Node, View};
use cuibono::names::{self, Band, Kind, Match, Profile};
use cuibono::query::{Finder, Ready, Wanted, by_identifier, text_rank};
use serde_json::{Value, json};
use std::collections::HashMap;

/// Parties that a look-up by letters alone offers for comparing.
const BY_LETTERS: usize = 100;

/// One line of the answer.
struct Row {
    node: Node,
    outcome: Match,
    /// What of the party fits, how, and its text.
    of: &'static str,
    fit: &'static str,
    text: String,
    /// Those found by an id or identifier come first.
    by_id: bool,
}

/// Prints what fits the text, best first.
pub(crate) fn run(args: &SearchArgs, graph: &Graph, io: &mut Io<'_>) -> Result<Outcome> {
    if args.text.trim().is_empty() {
        return Err(Error::usage("there is nothing to search for"));
    }
    let filters = args.filters();
    let view = View::new(graph, filters.filter()?)?;
    let kind = kind(args.kind.as_deref(), graph)?;
    let (found, cut) = find(args, &view, &kind)?;
    view.stop().check()?;
    let truncated = cut || found.len() > args.limit;
    let mut table = Table::new(&["id", "name", "type", "listed", "score", "band", "matched", "why"]);
    let mut results: Vec<Value> = Vec::new();
    for r in found.into_iter().take(args.limit) {
        let mut lists: Vec<String> = view.listings(r.node).into_iter().map(|l| l.list).collect();
        lists.sort_unstable();
        lists.dedup();
        let id = graph.show_id(graph.id(r.node));
        let (name, node_type) = (graph.label(r.node), &graph.node_type(r.node).name);
        results.push(json!({
            "id": id, "name": name, "type": node_type, "listed": lists,
            "match": { "of": r.of, "fit": r.fit, "text": r.text },
            "score": r.outcome.score_json(), "band": r.outcome.band.to_string(),
            "evidence": r.outcome.items_json(),
        }));
        table.row(vec![
            id.to_owned(),
            name.to_owned(),
            node_type.clone(),
            lists.join(" "),
            format!("{:.2}", r.outcome.score),
            r.outcome.band.to_string(),
            format!("{} {}", r.of, r.text),
            r.outcome.words(),
        ]);
    }
    graph.sound()?;
    let query = format!("search {}{} --limit {}{}", quoted(&args.text), args.known(), args.limit, filters.text());
    rows(&table, results, &about(&view, &query, truncated), &args.output, io)?;
    if table.is_empty() {
        io.note(&format!("nothing fits {:?}", args.text));
    }
    Ok(Outcome::of(!table.is_empty()))
}

/// Which parties are asked for: a sort of party, or a type of the catalogue.
enum Sort {
    Any,
    Kind(Kind),
    Type(String),
}

fn kind(text: Option<&str>, graph: &Graph) -> Result<Sort> {
    let Some(text) = text else { return Ok(Sort::Any) };
    if let Some(t) =
        graph.catalogue().node_types().iter().find(|t| t.name == text || t.synonyms.iter().any(|s| s == text))
        && t.family != "person"
        && !matches!(t.name.as_str(), "vessel" | "aircraft")
    {
        return Ok(Sort::Type(t.name.clone()));
    }
    match Kind::parse(text) {
        Kind::Unknown => Err(Error::usage(format!("--type: {text:?} is no type of party"))
            .hint("person, org, vessel, aircraft, or a type of `cuibono stats`")),
        kind => Ok(Sort::Kind(kind)),
    }
}

impl Sort {
    fn asked(&self) -> Kind {
        match self {
            Sort::Kind(k) => *k,
            Sort::Any | Sort::Type(_) => Kind::Unknown,
        }
    }

    fn keeps(&self, view: &View<'_>, n: Node) -> bool {
        match self {
            Sort::Any => true,
            Sort::Kind(k) => view.kind(n) == *k,
            Sort::Type(t) => view.graph().node_type(n).name == *t,
        }
    }
}

fn find(args: &SearchArgs, view: &View<'_>, kind: &Sort) -> Result<(Vec<Row>, bool)> {
    let asked = Profile {
        births: args.birth.clone().into_iter().collect(),
        countries: args.country.clone(),
        ..Profile::named(kind.asked(), args.text.trim())
    };
    // By letters: ids, whole names, beginnings and words, whatever the likeness says of them.
    let (hits, cut) = view.search(&args.text, args.limit.max(BY_LETTERS));
    let letters: HashMap<Node, Hit> = hits.into_iter().map(|h| (h.node, h)).collect();
    let mut finder = Finder::new();
    let ready = Ready::none();
    let mut nodes: Vec<Node> = finder.candidates(view, &asked)?;
    let by_id: Vec<Node> = view.with_identifier(&args.text)?;
    nodes.extend(&by_id);
    nodes.extend(letters.keys());
    nodes.sort_unstable();
    nodes.dedup();
    nodes.retain(|n| kind.keeps(view, *n));
    let wanted = Wanted { limit: usize::MAX, ..Wanted::default() };
    let mut rows: Vec<Row> = Vec::new();
    for found in finder.compared(view, &ready, &names::Prepared::new(&asked), &nodes, &wanted)? {
        let node = found.node;
        let hit = letters.get(&node);
        if let Some(hit) = hit.filter(|h| h.fit == Fit::Id) {
            let id = view.graph().show_id(view.graph().id(node));
            rows.push(Row {
                node,
                outcome: by_identifier(&args.text, "", id),
                of: hit.kind.as_str(),
                fit: hit.fit.as_str(),
                text: hit.text.clone(),
                by_id: true,
            });
        } else if by_id.contains(&node) {
            let (scheme, value) = view.identifier(node, &args.text)?.unwrap_or_default();
            rows.push(Row {
                node,
                outcome: by_identifier(&args.text, &scheme, &value),
                of: NameKind::Identifier.as_str(),
                fit: Fit::Exact.as_str(),
                text: value,
                by_id: true,
            });
        } else if let Some(hit) = hit {
            rows.push(Row {
                node,
                outcome: found.outcome,
                of: hit.kind.as_str(),
                fit: hit.fit.as_str(),
                text: hit.text.clone(),
                by_id: false,
            });
        } else if found.outcome.band > Band::No
            && let Some((text, borne)) = found.name
        {
            rows.push(Row { node, outcome: found.outcome, of: word(borne), fit: "alike", text, by_id: false });
        }
    }
    // They came by score, then by id.
    rows.sort_by_key(|r| text_rank(r.by_id, r.outcome.score, letters.get(&r.node)));
    Ok((rows, cut))
}

/// How a name is borne, as look-ups by letters say it.
pub(crate) fn word(borne: names::NameKind) -> &'static str {
    match borne {
        names::NameKind::Main => NameKind::Name,
        names::NameKind::Alias => NameKind::Alias,
        names::NameKind::Former => NameKind::Former,
        names::NameKind::Weak => NameKind::Weak,
    }
    .as_str()
}
