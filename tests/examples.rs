//! The programs in `examples/` do what they promise.

use std::error::Error;
use std::io::Write;

#[allow(dead_code)]
#[path = "../examples/export_chart.rs"]
mod export_chart;
#[allow(dead_code)]
#[path = "../examples/import_and_diff.rs"]
mod import_and_diff;
#[allow(dead_code)]
#[path = "../examples/open_and_ask.rs"]
mod open_and_ask;
#[allow(dead_code)]
#[path = "../examples/own_facts.rs"]
mod own_facts;
#[allow(dead_code)]
#[path = "../examples/petgraph_on_a_store.rs"]
mod petgraph_on_a_store;

fn printed(run: impl Fn(&mut dyn Write) -> Result<(), Box<dyn Error>>) -> String {
    let mut out = Vec::new();
    run(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn a_firm_is_found_with_what_its_links_rest_on() {
    let text = printed(|out| open_and_ask::run(None, out));
    assert!(text.starts_with("Intellekt LLC (ofac:36217), firm\non ofac_sdn from 2023-08-31\n"), "{text}");
    let owner = "Sergei Kozlov -owns_or_controls-> Intellekt LLC (alleged)\n    hindu-2023-09-01, paragraph 5\n";
    assert!(text.contains(owner), "{text}");
    let links = text.lines().filter(|l| l.contains("->")).count();
    let cites = text.lines().filter(|l| l.starts_with("    ")).count();
    assert_eq!((links, cites), (7, 9), "{text}");

    // The same from a store on disk.
    let dir = tempfile::tempdir().unwrap();
    let store = dir.path().join("store");
    own_facts::run(&store, &mut Vec::new()).unwrap();
    assert_eq!(printed(|out| open_and_ask::run(Some(&store), out)), text);
}

#[test]
fn two_releases_differ() {
    let wanted = "2024-05-01: 3 new records, 0 parties gone
2024-06-01: 2 new records, 1 parties gone
- Olga Varn owns 60 percent of Varn Metals
- Varn Metals is listed
+ Nordic Metals is listed
+ Olga Varn owns 60 percent of Nordic Metals
  Olga Varn is listed
";
    assert_eq!(printed(import_and_diff::run), wanted);
}

#[test]
fn petgraph_runs_on_a_store() {
    let text = printed(petgraph_on_a_store::run);
    for line in [
        "2 stakes down: Northlantern Invest S.A.",
        "3 stakes down: MV Grey Gull",
        "5 stakes down: Tidewater Merchant Bank",
        "3 components",
        "a ring: Auriga Ring One Ltd, Auriga Ring Three Ltd, Auriga Ring Two Ltd",
        "to reach MV Grey Gull: Bluefin Bulk Carriers < Karrow Steel Works < Ottokar Vargalund",
        "rank 0.090: Auriga Ring Two Ltd",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
    }
    assert_eq!(text.lines().count(), 16, "{text}");
}

#[test]
fn a_chart_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let text = printed(|out| export_chart::run(dir.path(), out));
    assert_eq!(text, "karrow.svg: 9 nodes, 9 edges\nkarrow.graphml: 9 nodes, 9 edges\n");
    let svg = std::fs::read_to_string(dir.path().join("karrow.svg")).unwrap();
    assert!(svg.contains("<svg") && svg.contains("Karrow Steel Works") && svg.contains("100/3"), "{svg}");
    let xml = std::fs::read_to_string(dir.path().join("karrow.graphml")).unwrap();
    assert_eq!((xml.matches("<node ").count(), xml.matches("<edge ").count()), (9, 9));
}

#[test]
fn own_facts_are_seen_and_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let text = printed(|out| own_facts::run(&dir.path().join("store"), out));
    let wanted = "1 links\n  Sergei Kozlov finances it (alleged; notes, interview of 3 May)\n0 links\n";
    assert_eq!(text, wanted);
    // The store is there already: the list again changes nothing, the fact is stated anew.
    assert_eq!(printed(|out| own_facts::run(&dir.path().join("store"), out)), wanted);
}

#[test]
fn examples_are_short() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut seen = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.lines().count() < 60, "{} has {} lines", path.display(), text.lines().count());
        assert!(!text.contains("unwrap()") && !text.contains("expect("), "{} may panic", path.display());
        assert!(text.starts_with("//!"), "{} does not say what it is", path.display());
        seen += 1;
    }
    assert!(seen >= 5, "{seen} examples");
}
