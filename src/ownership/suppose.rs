//! Suppositions as they are asked for: checked, in words, and as data.

use super::changes::{Changes, SupposedStake};
use super::regime::Basis;
use crate::error::{Error, Result};
use crate::graph::{Dir, Edge, Node, View};
use crate::model::Share;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Edges with one id that are looked for.
const NAMED: usize = 1_000;
/// Relations named where an edge is not found.
const NEAR: usize = 20;

/// One thing supposed to be otherwise than recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supposition {
    /// The party is on every list of every regime.
    List(Node),
    /// The party is on no list.
    Delist(Node),
    /// A recorded stake has another share (`None`: unknown). Its dates, status and labels stay.
    Set(Edge, Option<Share>),
    /// There is one more stake, in force and certain.
    Add {
        /// Holder.
        holder: Node,
        /// Owned party; the holder itself is allowed.
        target: Node,
        /// Shares or votes.
        basis: Basis,
        /// Share; `None` is unknown.
        share: Option<Share>,
    },
    /// A recorded relation is not there.
    Remove(Edge),
}

/// Suppositions that do not contradict each other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Supposed {
    /// What they change.
    pub changes: Changes,
    /// Each as data, with `words` for people: `{"change", "id"|"edge", "holder", "target",
    /// "basis", "share", "was", "words"}`.
    pub told: Vec<Value>,
    /// Codes: `not_ownable:ID`, `same_stake:E1,E2` (other reports of a stake stay as they are).
    pub warnings: Vec<String>,
}

fn share_text(share: Option<Share>) -> String {
    share.map_or_else(|| "unknown".to_owned(), |s| s.to_string())
}

/// The share that a text means: as [`Share::parse`] takes it, or `unknown`.
pub fn supposed_share(text: &str) -> Result<Option<Share>> {
    match text.trim() {
        "unknown" => Ok(None),
        t => Share::parse(t).map(Some).map_err(|e| {
            Error::usage(format!("not a share to suppose: {}", e.message()))
                .hint("give 50, 100/3, \">25 to 50\" or unknown")
        }),
    }
}

/// The edges that an id names, bare in the home namespace; several sources may share one id.
///
/// # Errors
/// Not found: with the relations that are on record around the parties given, or around the
/// party that the text names.
pub fn named_edges(view: &View<'_>, text: &str, near: &[Node]) -> Result<Vec<Edge>> {
    let graph = view.graph();
    let full = graph.home.as_ref().map(|h| format!("{h}:{text}"));
    for id in std::iter::once(text).chain(full.as_deref()) {
        let mut found = graph.edges_named(id, NAMED)?;
        found.retain(|e| view.sees(*e));
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let mut parties = near.to_vec();
    parties.extend(view.resolve(text).ok());
    let mut lines = Vec::new();
    for n in parties {
        for l in graph.links(n, Dir::In).chain(graph.links(n, Dir::Out)) {
            let t = graph.edge_type(l.edge);
            if view.sees(l.edge) && (t.ownership || t.control || t.ambiguous || t.votes) && lines.len() < NEAR {
                let line = format!("{}  {}", edge_id(view, l.edge)?, edge_line(view, l.edge));
                if !lines.contains(&line) {
                    lines.push(line);
                }
            }
        }
    }
    let e = Error::not_found(format!("no relation has the id {text:?}"));
    Err(if lines.is_empty() {
        e.hint("`cuibono trace ENTITY` and `cuibono show ENTITY --json` name the ids of relations")
    } else {
        e.hint("did you mean one of these?").candidates(lines)
    })
}

fn edge_id(view: &View<'_>, e: Edge) -> Result<String> {
    let graph = view.graph();
    Ok(graph.show_id(&graph.relation(e)?.external_id()).to_owned())
}

/// `North Holding owns 50 of Karrow`.
fn edge_line(view: &View<'_>, e: Edge) -> String {
    let graph = view.graph();
    let (a, b) = graph.ends(e);
    let t = graph.edge_type(e);
    let chain = t.is_chain() || t.votes;
    let share = if chain { format!(" ({})", share_text(graph.share(e))) } else { String::new() };
    format!("{} {} {}{share}", graph.label(a), t.name.replace('_', " "), graph.label(b))
}

/// Checks suppositions and puts them together.
///
/// # Errors
/// A usage error where they contradict each other, or where a relation has no share that counts.
pub fn suppose(view: &View<'_>, list: &[Supposition]) -> Result<Supposed> {
    let graph = view.graph();
    let mut out = Supposed::default();
    let id = |n: Node| graph.show_id(graph.id(n));
    for s in list {
        let told = match s {
            Supposition::List(n) | Supposition::Delist(n) => {
                let yes = matches!(s, Supposition::List(_));
                if out.changes.listed.insert(*n, yes).is_some_and(|before| before != yes) {
                    return Err(Error::usage(format!("{} is supposed to be listed and not listed", id(*n)))
                        .hint("suppose one of the two"));
                }
                let (change, words) =
                    if yes { ("list", "is on every list of the regime") } else { ("delist", "is on no list") };
                json!({ "change": change, "id": id(*n), "words": format!("{} {words}", graph.label(*n)) })
            }
            Supposition::Set(e, share) => {
                let t = graph.edge_type(*e);
                if !(t.is_chain() || t.votes) || t.derived {
                    return Err(Error::usage(format!(
                        "{} is of type {}, which has no share that counts",
                        edge_id(view, *e)?,
                        t.name
                    ))
                    .hint("suppose a stake with --add HOLDER>TARGET=SHARE"));
                }
                if out.changes.shares.insert(*e, *share).is_some_and(|before| before != *share) {
                    return Err(Error::usage(format!("two shares are supposed of {}", edge_id(view, *e)?)));
                }
                let (a, b) = graph.ends(*e);
                json!({
                    "change": "set", "edge": edge_id(view, *e)?, "holder": id(a), "target": id(b),
                    "share": share.map(|s| s.to_string()), "was": graph.share(*e).map(|s| s.to_string()),
                    "words": format!("the share of {} in {} is {} (recorded: {})",
                        graph.label(a), graph.label(b), share_text(*share), share_text(graph.share(*e))),
                })
            }
            Supposition::Remove(e) => {
                out.changes.hidden.insert(*e);
                let (a, b) = graph.ends(*e);
                json!({
                    "change": "remove", "edge": edge_id(view, *e)?, "holder": id(a), "target": id(b),
                    "was": graph.share(*e).map(|s| s.to_string()),
                    "words": format!("not there: {}", edge_line(view, *e)),
                })
            }
            Supposition::Add { holder, target, basis, share } => {
                let name = format!("supposed-{}", out.changes.added.len() + 1);
                let kind = graph.node_type(*target);
                let unknown = matches!(kind.name.as_str(), "thing" | "unknown_party" | "unresolved_name");
                if !matches!(kind.family.as_str(), "legal" | "asset") && !unknown {
                    out.warnings.push(format!("not_ownable:{}", id(*target)));
                }
                let what = if *basis == Basis::Votes { "the votes of " } else { "" };
                let amount = share.map_or_else(|| "an unknown share".to_owned(), |s| format!("{s} percent"));
                let told = json!({
                    "change": "add", "edge": name, "holder": id(*holder), "target": id(*target),
                    "basis": basis.as_str(), "share": share.map(|s| s.to_string()),
                    "words": format!("{} holds {amount} of {what}{}", graph.label(*holder), graph.label(*target)),
                });
                out.changes.added.push(SupposedStake {
                    id: name,
                    holder: *holder,
                    target: *target,
                    basis: *basis,
                    share: *share,
                });
                told
            }
        };
        if !out.told.contains(&told) || matches!(s, Supposition::Add { .. }) {
            out.told.push(told);
        }
    }
    if let Some(e) = out.changes.shares.keys().find(|e| out.changes.hidden.contains(e)) {
        return Err(Error::usage(format!("{} is supposed to have a share and not to be there", edge_id(view, *e)?))
            .hint("suppose one of the two"));
    }
    out.warnings.extend(same_stakes(view, &out.changes)?);
    out.warnings.sort();
    out.warnings.dedup();
    Ok(out)
}

/// Other reports of a changed stake are still there: `same_stake:E1,E2`, the changed one first.
fn same_stakes(view: &View<'_>, changes: &Changes) -> Result<Vec<String>> {
    let graph = view.graph();
    let mut out = Vec::new();
    let mut changed: Vec<Edge> = changes.hidden.iter().chain(changes.shares.keys()).copied().collect();
    changed.sort_unstable();
    let labels = |e: Edge| -> Result<(bool, bool, String, String)> {
        let (r, t) = (graph.relation(e)?, graph.edge_type(e));
        Ok((t.is_chain(), t.votes, r.stake, r.joint))
    };
    let mut known: HashMap<Edge, (bool, bool, String, String)> = HashMap::new();
    for e in &changed {
        let (a, b) = graph.ends(*e);
        let mine = labels(*e)?;
        if !mine.0 && !mine.1 {
            continue;
        }
        for l in graph.links(b, Dir::In).filter(|l| l.other == a && l.edge != *e && view.sees(l.edge)) {
            if changes.hidden.contains(&l.edge) || changes.shares.contains_key(&l.edge) || graph.meta(l.edge).former {
                continue;
            }
            let other = match known.get(&l.edge) {
                Some(o) => o.clone(),
                None => known.entry(l.edge).or_insert(labels(l.edge)?).clone(),
            };
            if other == mine {
                out.push(format!("same_stake:{},{}", edge_id(view, *e)?, edge_id(view, l.edge)?));
            }
        }
    }
    Ok(out)
}
