//! The real lists, where the environment says where they are.

use crate::support::{date, dump, graph, import_files, import_texts, memory, test_data};
use cuibono::graph::{self, Filter, View};
use cuibono::import::Request;
use std::collections::BTreeSet;

#[test]
fn three_entries_of_31_august_2023() {
    let Some(data) = test_data() else { return };
    let ofac = data.join("data/ofac");
    let s = memory();
    let first = import_files(&s, &[ofac.join("sdn-2023-08-24.csv.gz")], &Request::default());
    assert_eq!((first.source.as_str(), first.date, first.date_from), ("ofac_sdn", date("2023-08-24"), "name"));
    let r = first.resolution["linked_to"];
    assert_eq!((r.own, r.other, r.ambiguous, r.unresolved), (5530, 0, 2, 7));
    let second = import_files(&s, &[ofac.join("sdn-2023-08-31.csv.gz")], &Request::default());
    let r = second.resolution["linked_to"];
    assert_eq!((r.own, r.ambiguous, r.unresolved), (5532, 2, 7));
    assert_eq!((second.staged.new, second.staged.ended), (8, 0), "three parties, three programmes, two links");
    let g = graph(&s);
    for id in ["ofac:27743", "ofac:36217", "ofac:37621"] {
        let n = g.find_id(id).unwrap();
        let at = |day: &str| View::new(&g, Filter { known_at: Some(date(day)), ..Filter::default() }).unwrap();
        assert!(at("2023-08-31").knows(n) && !at("2023-08-24").knows(n), "{id}");
    }
    assert!(graph::verify(&s).unwrap().faults.is_empty());
    let text = dump(&s);
    let t = memory();
    import_texts(&t, &[("d.jsonl", &text)], &Request::default()).unwrap();
    assert_eq!(dump(&t), text);
}

#[test]
fn names_resolve_across_lists_later() {
    let Some(data) = test_data() else { return };
    let ofac = data.join("data/ofac");
    let s = memory();
    import_files(&s, &[ofac.join("sdn-2023-08-31.csv.gz")], &Request::default());
    let files = ["sdn", "add", "alt"].map(|f| ofac.join(format!("{f}-2023-12-28.csv.gz")));
    let sdn = import_files(&s, &files, &Request::default());
    let r = sdn.resolution["linked_to"];
    assert_eq!((r.own, r.other, r.ambiguous, r.unresolved), (5953, 0, 2, 8));
    let files = ["prim", "add", "alt"].map(|f| ofac.join(format!("cons_{f}-2025-12.csv.gz")));
    import_files(&s, &files, &Request::default());
    let g = graph(&s);
    let open = g.nodes().filter(|n| g.unresolved(*n) == Some(false)).map(|n| g.label(n).to_owned());
    let open: Vec<String> = open.collect();
    assert!(!open.iter().any(|n| n.contains("GAZPROMBANK JOINT STOCK")), "{open:?}");
}

#[test]
fn two_dates_of_the_un_list() {
    let Some(data) = test_data() else { return };
    let expected: serde_json::Value =
        serde_json::from_slice(&std::fs::read(data.join("data/EXPECTED.json")).unwrap()).unwrap();
    let want = &expected["_diffs"]["un 2020-11-30 -> 2025-04-19"];
    let s = memory();
    for day in ["2020-11-30", "2025-04-19"] {
        let file = data.join(format!("data/un/un-consolidated-{day}.xml.gz"));
        // Under a fifth of the list has gone, so no leave to remove is asked for.
        let done = import_files(&s, &[file], &Request::default());
        assert_eq!((done.source.as_str(), done.date, done.date_from), ("un_sc", date(day), "stated"));
    }
    let g = graph(&s);
    let d = cuibono::query::diff(&g, "un_sc", date("2020-11-30"), date("2025-04-19")).unwrap();
    let count = |key: &str| want[key].as_u64().map(|n| usize::try_from(n).unwrap());
    assert_eq!((Some(d.added.len()), Some(d.removed.len())), (count("added"), count("removed")));
    assert!(d.changed.len() <= count("common").unwrap());
    println!("{} of {:?} common entries changed", d.changed.len(), count("common"));
    assert!(d.added.iter().chain(&d.removed).all(|p| p.id.starts_with("un:") && !p.programs.is_empty()));
    // Whole programmes have come and gone with their entries.
    let programs = |day: &str| -> BTreeSet<String> {
        let file = &expected[format!("un/un-consolidated-{day}.xml.gz")];
        let of = |key: &str| file[key].as_object().unwrap().keys().map(|k| format!("un.program:{k}")).collect();
        let (a, b): (BTreeSet<String>, BTreeSet<String>) = (of("by_list_individual"), of("by_list_entity"));
        &a | &b
    };
    let (old, new) = (programs("2020-11-30"), programs("2025-04-19"));
    let ids = |parties: &[cuibono::query::DiffParty]| parties.iter().map(|p| p.id.clone()).collect::<BTreeSet<_>>();
    assert_eq!((ids(&d.others.added), ids(&d.others.removed)), (&new - &old, &old - &new));
    assert!(graph::verify(&s).unwrap().faults.is_empty());
}
