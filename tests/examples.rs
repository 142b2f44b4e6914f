//! The programs in `examples/` do what they promise.

use std::error::Error;
use std::io::Write;

#[allow(dead_code)]
#[path = "../examples/bench_peers.rs"]
mod bench_peers;
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
fn the_questions_of_the_benchmark_are_answered() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let nodes = "id,type,name,country,listed
KV0,person,A,XA,1
KV1,company,B,XA,0
KV2,company,C,XA,0
KV3,company,D,XA,0
KV4,company,E,XA,0
KV5,person,F,XA,1
KV6,state,G,XA,0
";
    // 0 and 5 hold half of 1 together, 1 holds 2; the stake in 3 has ended, that in 4 is not known.
    let edges = "source,target,type,percentage,start,end,source_name
KV0,KV1,owns,25.50,2010-01-01,,R
KV5,KV1,owns,24.50,2016-01-01,,R
KV1,KV2,owns,50.00,2010-01-01,,R
KV1,KV3,owns,90.00,2010-01-01,2020-05-05,R
KV2,KV4,owns,,2010-01-01,,R
KV0,KV2,directs,,,,R
KV3,KV2,supplies,,,,R
KV1,KV6,supports,,,,R
KV2,KV6,supports,,,,R
";
    let asked = [
        ("nbr", vec![1], "2:5"),
        ("khop_rand", vec![4], "6"),
        ("khop_hub", vec![5], "6"),
        ("sp", vec![0, 4], "2"),
        ("sp", vec![5, 4], "3"),
        ("asp", vec![1, 2], "1"),
        ("asp", vec![5, 2], "1"),
        ("asp", vec![0, 6], "2"),
        ("up", vec![3], "3:6"),
        ("block", vec![], "2:3"),
        ("pagerank", vec![], "2,6,4,1,3"),
        ("wcc", vec![], "1:7"),
        ("up_as_of", vec![4], "3:3"),
        // In 2015 the second holder had nothing yet.
        ("block_as_of", vec![], "0:0"),
        // Under the rule the party whose holder's stake is not known may be blocked.
        ("cascade", vec![], "2:1"),
    ];
    std::fs::write(path("nodes.csv"), nodes).unwrap();
    std::fs::write(path("edges.csv"), edges).unwrap();
    // The last two of most operations are the warm-up: each is asked three times.
    let lines = asked.iter().flat_map(|(op, args, _)| vec![serde_json::json!({"op": op, "args": args}).to_string(); 3]);
    std::fs::write(path("q.jsonl"), lines.collect::<Vec<_>>().join("\n")).unwrap();
    bench_peers::run(&["bench-load", dir.path().to_str().unwrap(), &path("db")], &mut Vec::new()).unwrap();
    let told = |options: &[&str]| -> Vec<serde_json::Value> {
        let (db, questions) = (path("db"), path("q.jsonl"));
        let args = [&["bench-query", db.as_str(), questions.as_str()], options].concat();
        printed(|out| bench_peers::run(&args, out)).lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    };
    let all = told(&[]);
    assert_eq!((&all[0]["ev"], &all[all.len() - 1]["ev"]), (&"open".into(), &"end".into()));
    for (op, args, want) in &asked {
        let answers: Vec<&str> =
            all.iter().filter(|l| l["ev"] == "ans" && l["op"] == *op).map(|l| l["answer"].as_str().unwrap()).collect();
        assert!(!answers.is_empty() && answers.contains(want), "{op} {args:?}: {answers:?}");
    }
    assert!(told(&["--skip", "nbr,up"]).iter().all(|l| l["op"] != "nbr" && l["op"] != "up"));
    let cold = told(&["--cold"]);
    assert_eq!((cold.len(), &cold[0]["answer"]), (1, &"2:5".into()));

    // An edge laid over the store makes a way shorter.
    std::fs::write(path("over.csv"), "source,target,type\nKV5,KV4,owns\n").unwrap();
    let over = told(&["--over", &path("over.csv")]);
    let ways: Vec<&str> = over.iter().filter(|l| l["op"] == "sp").filter_map(|l| l["answer"].as_str()).collect();
    assert_eq!(ways, ["2", "2", "2", "1"]);
}

#[test]
fn examples_are_short() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut seen = 0;
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        // Those that answer a benchmark and take figures are programs, and no lessons.
        let short = path.file_stem().is_some_and(|s| s != "bench_peers" && s != "name_figures");
        assert!(!short || text.lines().count() < 60, "{} has {} lines", path.display(), text.lines().count());
        assert!(!text.contains("unwrap()") && !text.contains("expect("), "{} may panic", path.display());
        assert!(text.starts_with("//!"), "{} does not say what it is", path.display());
        seen += 1;
    }
    assert!(seen >= 5, "{seen} examples");
}
