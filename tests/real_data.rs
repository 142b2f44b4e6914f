//! The real lists, where the environment says where they are.

use crate::support::{date, dump, graph, import_files, import_texts, memory, test_data};
use cuibono::graph::{self, Filter, View};
use cuibono::import::Request;

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
