//! `link`: a relation between two parties.

use super::args::Global;
use super::args_ask::date;
use super::args_store::LinkArgs;
use super::edit::{Editing, citations, done, note_unknown_sources, put, status, unknown_type, word};
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::{Error, Result};
use cuibono::graph::{Filter, Node, View};
use cuibono::model::{Act, Direct, End, Id, Record, RelationRecord, Share};

/// States a relation and prints its id.
pub(crate) fn run(args: &LinkArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    let cites = citations(&args.backing)?;
    let status = status(&args.backing)?;
    let act = word("--act", &args.act, Act::parse, Act::ALL.iter().map(|a| a.as_str()))?;
    let start = date("--from-date", args.from_date.as_deref())?;
    let end = date("--to-date", args.to_date.as_deref())?;
    if let (Some(a), Some(b)) = (start, end)
        && b.last_day() < a.first_day()
    {
        return Err(Error::usage(format!("the relation ends on {b}, before it starts on {a}")));
    }
    let share = args.share.as_deref().map(share).transpose()?;
    let editing = Editing::begin(global, "link", false)?;
    let graph = editing.graph()?;
    let catalogue = graph.catalogue();
    let Some(edge_type) = catalogue.edge_type(&args.edge_type) else {
        return Err(unknown_type("edge", &args.edge_type, catalogue.edge_types().iter().map(|t| t.name.as_str())));
    };
    let view = View::new(graph, Filter::default())?;
    let (a, b) = (view.resolve(&args.subject)?, view.resolve(&args.object)?);
    if edge_type.is_chain() && matches!(graph.node_type(b).family.as_str(), "person" | "state" | "program") {
        io.note(&format!("{} is a {}; is it the other way round?", graph.label(b), graph.node_type(b).name));
    }
    let words = format!("{} {} {}", graph.label(a), edge_type.name, graph.label(b));
    let id = editing.id(args.id.as_deref(), &words)?;
    if args.id.is_some() && editing.taken(id.as_str())? {
        return Err(Error::usage(format!("the id {id} is taken")).hint("choose another, or leave out --id"));
    }
    let party = |n: Node| Id::parse(graph.id(n)).map(End::Id);
    let mut r = RelationRecord::new(party(a)?, edge_type.name.clone(), party(b)?);
    (r.start, r.end, r.share, r.status, r.act) = (start, end, share, status, act);
    r.id = Some(id.clone());
    r.role = args.role.clone().unwrap_or_default();
    r.stake = args.stake.clone().unwrap_or_default();
    if args.indirect {
        r.direct = Direct::Indirect;
    }
    r.cites = cites;
    graph.sound()?;
    note_unknown_sources(&editing, &r.cites, io)?;
    editing.finish(put(Record::Relation(r)), &args.backing.actor)?;
    done(id.as_str(), io)?;
    Ok(Outcome::Found)
}

fn share(text: &str) -> Result<Share> {
    let bare = text.trim().trim_end_matches('%').trim_end();
    Share::parse(bare).map_err(|e| {
        Error::usage(format!("--share: {}", e.message()))
            .hint("percent, such as 50, 100/3, \"25 to 50\" or \">25 to 50\"; leave it out when it is not known")
    })
}
