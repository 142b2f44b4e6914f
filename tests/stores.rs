//! Stores that earlier versions of the program wrote: each opens, says what it said then, and goes on.
//!
//! `tests/stores/format-1` was written by the first version of format 1 with
//! `CUIBONO_NEW_STORE=tests/stores/format-1 cargo test --test all stores::`. It is never written again.

use crate::support::{date, dump, graph as opened, import_texts, on, shipped};
use cuibono::graph::{self, Filter, View};
use cuibono::import::{Input, Request};
use cuibono::model::{Citation, End, Id, PartyRecord, Record, RelationRecord};
use cuibono::store::{Action, Commit, Edit, Folder, Snapshot, Storage};
use std::path::{Path, PathBuf};
use std::sync::Arc;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/format-1")
}

fn party(id: &str, name: &str) -> PartyRecord {
    let mut p = PartyRecord::new(Id::parse(id).unwrap(), "company");
    p.facts.push(cuibono::model::Fact::name("name", name));
    p.cites.push(Citation { locator: "interview of 12 May 2024".into(), ..Citation::default() });
    p
}

/// Documents, two releases of a list, a table, a delta, edits folded in and edits that are not.
fn fill(storage: &Arc<dyn Storage>) {
    for name in ["seed.json", "holding.json"] {
        let input = vec![Input::open(&shipped(name)).unwrap()];
        cuibono::import::import(Arc::clone(storage), input, &on("2024-05-01"), &mut |_| {}).unwrap();
    }
    let mut full = Request::default();
    full.options.full = true;
    full.allow_removals = true;
    for (day, nodes) in [
        (
            "2024-01-10",
            r#"{"id":"a","type":"company","name":"Ardent","listed":["xa_list"]},{"id":"b","type":"person","name":"Бриль Анна","listed":{"xa_list":{"from":"2023-12"}}}"#,
        ),
        (
            "2024-02-10",
            r#"{"id":"a","type":"company","name":"Ardent Group","listed":["xa_list"]},{"id":"c","type":"vessel","name":"MV Corvo"}"#,
        ),
    ] {
        let text = format!(
            r#"{{"cuibono":1,"scope":"xa","nodes":[{nodes}],"edges":[{{"id":"e1","source":"a","target":"holding:karrow","type":"owns","share":"100/3","start":"2020","stake":"A"}}]}}"#
        );
        import_texts(storage, &[("list.json", &text)], &Request { release: Some(date(day)), ..full.clone() }).unwrap();
    }
    let nodes = "id,type,name,country\nn1,company,One,XA\nn2,person,Two,XB\n";
    let edges = "source,target,type,percentage,start,end,source_name\nn2,n1,owns,25.5,2019-04,,Gazette\nn2,n1,owns,10,,2021-01-01,Gazette\n";
    import_texts(storage, &[("nodes.csv", nodes), ("edges.csv", edges)], &on("2024-03-01")).unwrap();
    let put = |record| Action::Put(Box::new(record));
    let edit = |time: &str, action| Edit { time: time.into(), actor: "me".into(), action };
    let mut link = RelationRecord::new(
        End::Id(Id::parse("notes:olga").unwrap()),
        "controls",
        End::Id(Id::parse("table:n1").unwrap()),
    );
    link.cites.push(Citation { locator: "interview of 12 May 2024".into(), ..Citation::default() });
    let mut commit = Commit::begin(Arc::clone(storage)).unwrap();
    commit.append(&[edit("2024-05-12T10:00:00Z", put(Record::Party(party("notes:olga", "Olga Varn"))))]).unwrap();
    commit.append(&[edit("2024-05-12T10:01:00Z", put(Record::Relation(link)))]).unwrap();
    graph::build_index(&mut commit).unwrap();
    commit.finish().unwrap();
    let mut commit = Commit::begin(Arc::clone(storage)).unwrap();
    let gone = Action::Retract { id: "notes:olga>controls>table:n1".into(), reason: "wrong firm".into() };
    commit.append(&[edit("2024-05-13T09:00:00Z", gone)]).unwrap();
    commit.append(&[edit("2024-05-13T09:01:00Z", put(Record::Party(party("notes:ivo", "Ivo Brand"))))]).unwrap();
    commit.finish().unwrap();
}

#[test]
fn a_store_of_format_1_opens_and_says_what_it_said() {
    if let Some(new) = std::env::var_os("CUIBONO_NEW_STORE").map(PathBuf::from) {
        let storage: Arc<dyn Storage> = Arc::new(Folder::new(&new));
        fill(&storage);
        std::fs::write(new.with_extension("jsonl"), dump(&storage)).unwrap();
    }
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(folder()));
    let verified = graph::verify(&storage).unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    let said = std::fs::read_to_string(folder().with_extension("jsonl")).unwrap();
    assert!(dump(&storage) == said, "it says something else than when it was written");
    let g = opened(&storage);
    let view = View::new(&g, Filter::default()).unwrap();
    let hits: Vec<String> = view.search("бриль", 5).0.iter().map(|h| g.id(h.node).to_owned()).collect();
    assert_eq!(hits, ["xa:b"]);
    let kozlov = g.find_id("ofac:37621").unwrap();
    let between = view.links(g.find_id("ofac:36217").unwrap(), graph::Dir::Both).filter(|l| l.other == kozlov);
    assert_eq!(between.count(), 2);
    assert!(g.find_id("notes:ivo").is_some() && g.sound().is_ok());
    let olga = g.find_id("notes:olga").unwrap();
    assert_eq!(view.links(olga, graph::Dir::Both).count(), 0, "what was taken back stays so");
}

#[test]
fn a_store_of_format_1_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder()).unwrap() {
        let file = file.unwrap().path();
        std::fs::copy(&file, dir.path().join(file.file_name().unwrap())).unwrap();
    }
    let storage: Arc<dyn Storage> = Arc::new(Folder::new(dir.path()));
    let before = dump(&storage);
    graph::compact(&storage).unwrap();
    assert_eq!(dump(&storage), before);
    let nodes = "id,type,name\nn3,company,Three\n";
    import_texts(&storage, &[("nodes.csv", nodes)], &on("2024-04-01")).unwrap();
    assert!(opened(&storage).find_id("table:n3").is_some());
    assert!(graph::verify(&storage).unwrap().faults.is_empty());
    // What repair goes back to is there as well.
    std::fs::remove_file(dir.path().join("MANIFEST")).unwrap();
    assert!(Snapshot::open(Arc::clone(&storage)).is_err());
    graph::repair(&storage).unwrap();
    assert!(opened(&storage).find_id("xa:a").is_some());
}
