//! `add`: a party that no list has.

use super::args::Global;
use super::args_store::AddArgs;
use super::edit::{Editing, citations, done, note_unknown_sources, put, status, unknown_type};
use super::exit::Outcome;
use super::io::Io;
use cuibono::error::{Error, Result};
use cuibono::graph::{Filter, NameKind, View};
use cuibono::model::{Fact, FuzzyDate, PartyRecord, Record, prop};

/// States a party and prints its id.
pub(crate) fn run(args: &AddArgs, global: &Global, io: &mut Io<'_>) -> Result<Outcome> {
    // All that needs no store is checked before one is made.
    let cites = citations(&args.backing)?;
    let status = status(&args.backing)?;
    let facts = facts(args)?;
    let editing = Editing::begin(global, "add", true)?;
    let catalogue = editing.catalogue();
    let Some(node_type) = catalogue.node_type(&args.node_type) else {
        return Err(unknown_type("node", &args.node_type, catalogue.node_types().iter().map(|t| t.name.as_str())));
    };
    let id = editing.id(args.id.as_deref(), &args.name)?;
    let mut party = PartyRecord::new(id.clone(), node_type.name.clone());
    party.facts = facts.into_iter().map(|f| Fact { status, ..f }).collect();
    party.cites = cites;
    if let Some(graph) = &editing.graph {
        let view = View::new(graph, Filter::default())?;
        let (hits, _) = view.search(&args.name, 5);
        let same = hits.iter().filter(|h| h.fit <= cuibono::graph::Match::Exact && h.kind <= NameKind::Former);
        for h in same.filter(|h| graph.id(h.node) != id.as_str()) {
            io.note(&format!("{} is also a name of {}", args.name, graph.id(h.node)));
        }
    }
    note_unknown_sources(&editing, &party.cites, io)?;
    editing.finish(put(Record::Party(party)), &args.backing.actor)?;
    done(id.as_str(), io)?;
    Ok(Outcome::Found)
}

fn facts(args: &AddArgs) -> Result<Vec<Fact>> {
    let mut facts: Vec<Fact> = Vec::new();
    let text = |what: &str, t: &str| match t.trim() {
        "" => Err(Error::usage(format!("{what} is empty"))),
        t => Ok(t.to_owned()),
    };
    facts.push(Fact::name(prop::NAME, text("the name", &args.name)?));
    for a in &args.alias {
        facts.push(Fact::name(prop::ALIAS, text("--alias", a)?));
    }
    if let Some(b) = &args.birth {
        let birth = FuzzyDate::parse(b).map_err(|e| Error::usage(format!("--birth: {}", e.message())))?;
        facts.push(Fact::new(prop::BIRTH, birth.to_string()));
    }
    for c in &args.country {
        facts.push(Fact::new(prop::COUNTRY, text("--country", c)?));
    }
    for i in &args.identifier {
        let pair = i.split_once('=').map(|(s, v)| (s.trim(), v.trim())).filter(|(s, v)| !s.is_empty() && !v.is_empty());
        let Some((scheme, value)) = pair else {
            return Err(Error::usage(format!("--identifier {i:?} is not SCHEME=VALUE")));
        };
        facts.push(Fact::new(prop::IDENTIFIER, value).kind(scheme));
    }
    for a in &args.address {
        facts.push(Fact::new(prop::ADDRESS, text("--address", a)?));
    }
    Ok(facts)
}
