//! Adds a fact of one's own to a store on disk: durable when the call returns, seen at once by
//! whoever opens the store next, and taken back by another edit.
//!
//! `cargo run --example own_facts [STORE]`

use cuibono::graph::{Dir, Filter, Graph, View};
use cuibono::import::{Input, Request, import};
use cuibono::model::{Citation, End, Id, Record, RelationRecord, Status};
use cuibono::store::{Action, Commit, Edit, Folder, Snapshot, Storage};
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const SEED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/seed.json");

/// Writes one edit to the journal.
fn note(storage: &Arc<dyn Storage>, time: &str, action: Action) -> cuibono::error::Result<()> {
    let mut commit = Commit::begin(Arc::clone(storage))?;
    commit.append(&[Edit { time: time.into(), actor: "me".into(), action }])?;
    commit.finish()
}

/// How the firm is financed, as the store says now.
fn tell(storage: &Arc<dyn Storage>, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let graph = Graph::open(Snapshot::open(Arc::clone(storage))?)?;
    let view = View::new(&graph, Filter { edge_types: vec!["finances".into()], ..Filter::default() })?;
    let firm = view.resolve("Intellekt LLC")?;
    writeln!(out, "{} links", view.links(firm, Dir::In).count())?;
    for link in view.links(firm, Dir::In) {
        let r = view.relation(link.edge)?;
        let cites: Vec<String> = r.cites.iter().map(|c| format!("{}, {}", c.source, c.locator)).collect();
        writeln!(out, "  {} finances it ({}; {})", graph.label(link.other), r.status.as_str(), cites.join("; "))?;
    }
    Ok(())
}

pub(crate) fn run(store: &Path, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(store));
    import(Arc::clone(&storage), vec![Input::open(Path::new(SEED))?], &Request::default(), &mut |_| {})?;
    let end = |id: &str| Id::parse(id).map(End::Id);
    let mut loan = RelationRecord::new(end("ofac:37621")?, "finances", end("ofac:36217")?);
    loan.status = Status::Alleged;
    loan.cites = vec![Citation { source: "notes".into(), locator: "interview of 3 May".into(), ..Citation::default() }];
    let id = loan.external_id();
    note(&storage, "2024-05-04T09:00:00Z", Action::Put(Box::new(Record::Relation(loan))))?;
    tell(&storage, out)?;
    note(&storage, "2024-05-05T09:00:00Z", Action::Retract { id, reason: "the witness withdrew".into() })?;
    tell(&storage, out)
}

fn main() -> Result<(), Box<dyn Error>> {
    let store = std::env::args_os().nth(1).map(PathBuf::from);
    run(&store.unwrap_or_else(|| std::env::temp_dir().join("own-facts.cuibono")), &mut std::io::stdout())
}
