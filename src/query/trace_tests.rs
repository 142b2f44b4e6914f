//! Traces of small made-up holdings, of the seed, and of a very deep chain.

use super::*;
use crate::graph::{Filter, Graph, View};
use crate::import::{Input, Request, import};
use crate::store::{Memory, Snapshot};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// A graph of documents, each a release of the source that it names.
fn world(docs: &[&str]) -> Graph {
    let storage = Arc::new(Memory::new());
    for d in docs {
        let file = Input::from_bytes("doc.json", d.as_bytes().to_vec()).unwrap();
        import(storage.clone(), vec![file], &Request::default(), &mut |_| {}).unwrap();
    }
    Graph::open(Snapshot::open(storage).unwrap()).unwrap()
}

fn firm(id: &str, more: &str) -> String {
    format!(r#"{{"id": "{id}", "type": "company", "name": "Firm {}"{more}}}"#, id.to_uppercase())
}

fn own(a: &str, b: &str, share: &str, more: &str) -> String {
    format!(r#"{{"source": "{a}", "target": "{b}", "type": "owns", "share": {share}{more}}}"#)
}

fn doc(nodes: &[String], edges: &[String]) -> String {
    format!(
        r#"{{"cuibono": 1, "scope": "reg", "released": "2024-05-01", "sources": [{{"id": "reg", "title": "Register", "publisher": "Quezonia"}}],
        "nodes": [{}], "edges": [{}]}}"#,
        nodes.join(","),
        edges.join(",")
    )
}

fn text(g: &Graph, root: &str, options: &TraceOptions, filter: Filter) -> String {
    let view = View::new(g, filter).unwrap();
    let t = trace(&view, g.find_id(root).unwrap(), options);
    let d = t.document(&view, "trace").unwrap();
    t.lines(&view, &d, &HashMap::new()).unwrap().join("\n")
}

fn up() -> TraceOptions {
    TraceOptions { direction: TraceDirection::Up, ..TraceOptions::default() }
}

#[test]
fn shares_dates_marks_and_listings() {
    let nodes = [
        firm("a", ""),
        firm("b", r#", "listed": [{"list": "ofac_sdn", "from": "2023-08-31"}]"#),
        firm("c", r#", "listed": ["eu_fsf"]"#),
        firm("d", r#", "listed": [{"list": "uk_sl", "from": "2020", "to": "2022-01-01"}]"#),
        firm("e", ""),
        firm("f", ""),
    ];
    let edges = [
        own("b", "a", r#"{"exclusive_min": "25", "max": "50"}"#, r#", "start": "2020-02""#),
        own("c", "a", r#""50""#, r#", "status": "alleged", "end": "2022-05-01""#),
        own("d", "a", "null", r#", "direct": "indirect""#),
        own("f", "e", r#""100""#, ""),
        r#"{"source": "e", "target": "a", "type": "owns_or_controls", "cites": [{"source": "news", "locator": "p. 3"}]}"#.to_owned(),
        r#"{"source": "e", "target": "a", "type": "controls"}"#.to_owned(),
        r#"{"source": "a", "target": "f", "type": "works_with", "act": "sought"}"#.to_owned(),
        r#"{"source": "a", "target": "q", "type": "registered_in"}"#.to_owned(),
    ];
    let place = r#"{"id": "q", "type": "place", "name": "Quezon"}"#.to_owned();
    let nodes: Vec<String> = nodes.into_iter().chain([place]).collect();
    let g = world(&[&doc(&nodes, &edges)]);
    let got = text(&g, "reg:a", &TraceOptions::default(), Filter::default());
    let want = "\
Firm A (company) [1]
├─ owned by Firm C (company), 50 %, alleged, ended 2022-05-01 [1]; LISTED eu_fsf by 2024-05-01 at the latest [1]
├─ owned by Firm B (company), >25 to 50 %, since 2020-02 [1]; LISTED ofac_sdn since 2023-08-31 [1]
├─ owned by Firm D (company), share unknown, indirect summary, not added [1]; was on uk_sl until 2022-01-01 [1]
└─ owned or controlled by Firm E (company), share unknown [2]
   └─ owned by Firm F (company), 100 % [1]
leads:
├─ controlled by Firm E (company) [1]
└─ works with Firm F (company), sought [1]
not shown, ties to programmes, states and the like: registered in (1)
sources:
[1] reg: Register, Quezonia, release 2024-05-01; at a, c, b, d, f, e
[2] news; at p. 3";
    assert_eq!(got, want);
    let day = crate::model::PartialDate::parse("2021-01-01").ok();
    let got = text(&g, "reg:a", &up(), Filter { as_of: day, ..Filter::default() });
    assert!(got.contains("owned by Firm C (company), 50 %, alleged, until 2022-05-01 [1]"), "{got}");
    assert!(got.contains("LISTED uk_sl since 2020 until 2022-01-01 [1]"), "{got}");
    assert!(!got.contains("LISTED ofac_sdn"), "{got}");
}

#[test]
fn what_is_over_on_an_unknown_day_is_not_shown_as_held() {
    let nodes = [firm("a", ""), firm("b", ""), firm("c", "")];
    let edges = [
        own("b", "a", r#""100""#, r#", "properties": {"former": "true"}"#),
        own("c", "a", r#""50""#, r#", "role": "as trust""#),
    ];
    let g = world(&[&doc(&nodes, &edges)]);
    let want = "Firm A\n├─ owned by Firm B, 100 %, former\n└─ owned by Firm C, 50 %, as trust";
    assert_eq!(shape(&g, "reg:a", &up()), want);
}

/// The tree alone, without listings, types and citations.
fn shape(g: &Graph, root: &str, options: &TraceOptions) -> String {
    let all = text(g, root, options, Filter::default());
    let tree: Vec<&str> = all.lines().take_while(|l| !l.starts_with("leads") && !l.starts_with("sources")).collect();
    tree.join("\n").replace(" (company)", "").replace(" [1]", "")
}

#[test]
fn rings_close_and_shared_owners_stand_once() {
    let nodes: Vec<String> = ["a", "b", "c", "d"].iter().map(|n| firm(n, "")).collect();
    let edges = [
        own("b", "a", r#""60""#, ""),
        own("c", "a", r#""40""#, ""),
        own("d", "b", r#""100""#, ""),
        own("d", "c", r#""100""#, ""),
        own("a", "d", r#""10""#, ""),
        own("d", "d", r#""5""#, ""),
    ];
    let g = world(&[&doc(&nodes, &edges)]);
    let want = "\
Firm A
├─ owned by Firm B, 60 %
│  └─ owned by Firm D, 100 %
│     ├─ owned by Firm A, 10 %; ring: back to Firm A
│     └─ owned by Firm D, 5 %; ring: back to Firm D
└─ owned by Firm C, 40 %
   └─ owned by Firm D, 100 %; see above";
    assert_eq!(shape(&g, "reg:a", &up()), want);
    let view = View::new(&g, Filter::default()).unwrap();
    let t = trace(&view, g.find_id("reg:a").unwrap(), &up());
    assert!(!t.truncated);
    assert_eq!(t.subgraph().nodes.len(), 4);
    let d = t.document(&view, "trace reg:a --up").unwrap();
    let result = d.answer.unwrap().result.unwrap();
    let tree = result["tree"].as_array().unwrap();
    assert_eq!(result["root"], "reg:a");
    assert_eq!(tree.len(), 6);
    let ring = serde_json::json!({"depth": 3, "direction": "up", "id": "reg:a", "edge": "reg:a>owns>reg:d", "share": "10", "marks": ["ring"]});
    assert_eq!(tree[2], ring);
    assert_eq!(tree[5]["marks"], serde_json::json!(["seen above"]));
}

#[test]
fn a_cut_branch_is_shown_where_it_is_nearer() {
    let nodes: Vec<String> = ["a", "b", "c", "d"].iter().map(|n| firm(n, "")).collect();
    let edges = [
        own("b", "a", r#""60""#, ""),
        own("c", "b", r#""60""#, ""),
        own("c", "a", r#""30""#, ""),
        own("d", "c", r#""10""#, ""),
    ];
    let g = world(&[&doc(&nodes, &edges)]);
    let want = "\
Firm A
├─ owned by Firm B, 60 %
│  └─ owned by Firm C, 60 %; goes on beyond the depth asked for
└─ owned by Firm C, 30 %
   └─ owned by Firm D, 10 %
a limit cut this answer";
    assert_eq!(shape(&g, "reg:a", &TraceOptions { max_depth: 2, ..up() }), want);
    let got = shape(&g, "reg:a", &TraceOptions { fan: 1, limit: 2, ..up() });
    let want = "\
Firm A; 1 more holders not shown
└─ owned by Firm B, 60 %
   └─ owned by Firm C, 60 %
a limit cut this answer";
    assert_eq!(got, want);
    let down = TraceOptions { direction: TraceDirection::Down, ..TraceOptions::default() };
    let want = "\
Firm D
└─ owns Firm C, 10 %
   ├─ owns Firm B, 60 %
   │  └─ owns Firm A, 60 %
   └─ owns Firm A, 30 %; see above";
    assert_eq!(shape(&g, "reg:d", &down), want);
    assert_eq!(shape(&g, "reg:d", &up()), "Firm D\n└─ no ownership on record");
}

#[test]
fn a_chain_of_100_000_links_ends_at_its_end() {
    const N: usize = 100_000;
    let mut json = String::from(r#"{"cuibono": 1, "scope": "deep", "released": "2024-05-01", "nodes": ["#);
    for i in 0..=N {
        let comma = if i == 0 { "" } else { "," };
        write!(json, r#"{comma}{{"id": "n{i}", "type": "company"}}"#).unwrap();
    }
    json.push_str(r#"], "edges": ["#);
    for i in 0..N {
        let comma = if i == 0 { "" } else { "," };
        write!(json, r#"{comma}{{"source": "n{}", "target": "n{i}", "type": "owns", "share": "100"}}"#, i + 1).unwrap();
    }
    json.push_str("]}");
    let g = world(&[&json]);
    let view = View::new(&g, Filter::default()).unwrap();
    let root = g.find_id("deep:n0").unwrap();
    let t = trace(&view, root, &TraceOptions { limit: usize::MAX, ..up() });
    assert_eq!(t.rows.len(), N);
    assert!(!t.truncated);
    assert_eq!(t.rows.last().map(|r| (r.depth as usize, r.node)), Some((N, g.find_id(&format!("deep:n{N}")).unwrap())));
    let t = trace(&view, root, &up());
    assert_eq!((t.rows.len(), t.truncated), (2_000, true));
    let d = t.document(&view, "trace").unwrap();
    assert_eq!(t.lines(&view, &d, &HashMap::new()).unwrap().len(), 1 + 2_000 + 1 + 2);
}

#[test]
fn the_seed_shows_who_is_behind_the_firm() {
    let g = world(&[include_str!("../../data/seed.json")]);
    let got = text(&g, "ofac:36217", &TraceOptions::default(), Filter::default());
    let want = "\
Intellekt LLC (company) LISTED ofac_sdn since 2023-08-31 [1][2]
└─ owned or controlled by Sergei Kozlov (person), share unknown, alleged [1]; LISTED ofac_sdn since 2023-08-31 [1][2]
leads:
├─ connected with Moscow construction project (project), alleged [1]
└─ linked to Sergei Kozlov (person) [2]; LISTED ofac_sdn since 2023-08-31 [1][2]
not shown, ties to programmes, states and the like: ";
    assert!(got.starts_with(want), "{got}");
    assert!(got.contains("\n[1] hindu-2023-09-01: U.S. imposes sanctions"), "{got}");
    assert!(got.contains("The Hindu, published 2023-09-01; at paragraph 1, paragraph 5"), "{got}");
    assert!(got.contains("\n[2] ofac_sdn: Specially Designated"), "{got}");
}

#[test]
fn the_holding_in_both_directions() {
    let g = world(&[include_str!("../../data/holding.json")]);
    let got = text(&g, "holding:north", &TraceOptions::default(), Filter::default());
    let want = "\
Northlantern Invest S.A. (company) [1]
├─ owned by Crownfell Holding AG (company), 50 %, since 2016-01-10 [2]
│  ├─ owned by Ottokar Vargalund (person), 60 %, since 2015-04-01 [2]; LISTED ofac_sdn since 2021-03-15, was on eu_fsf until 2024-02-01 [1]
│  ├─ owned by Founders' descendants of Karrow (group of persons), >10 to 25 %, since 2012 [2]
│  └─ owned by Mirel Vargalund (person), 15 %, since 2021-03 [2]
├─ owns MV Storm Petrel (vessel), 100 %, since 2023-09-01 [2]
└─ owns Karrow Steel Works (company), 30 %, since 2017 [2]
   └─ owns Bluefin Bulk Carriers (company), 75 to 100 %, since 2018-03-01 [2]
      ├─ owns MV Grey Gull (vessel), 100 %, since 2019-06-12 [2]
      └─ owns MV Storm Petrel (vessel), 100 %, since 2019-06-12, ended 2023-09-01 [2]; see above
sources:
";
    assert!(got.starts_with(want), "{got}");
}

#[test]
fn show_says_everything_with_its_source() {
    let g = world(&[include_str!("../../data/seed.json")]);
    let view = View::new(&g, Filter::default()).unwrap();
    let s = show(&view, g.find_id("ofac:36217").unwrap(), 10, "show ofac:36217").unwrap();
    let lines = s.lines(&view).unwrap();
    assert_eq!(lines[0], "Intellekt LLC (company)  ofac:36217");
    for want in [
        "├─ name: Intellekt LLC [1]",
        "├─ identifier (Tax ID No.): 7701080141, literally \"7701080141 (Russia)\" [2]",
        "LISTED ofac_sdn since 2023-08-31",
        "└─ ofac_sdn, from 2023-08-31, programs DPRK2 [1][2]",
        "owned or controlled by (1)",
        "└─ Sergei Kozlov (person), share unknown, alleged [1]",
    ] {
        assert!(lines.iter().any(|l| l == want), "{want}\n{}", lines.join("\n"));
    }
    let result = s.document.answer.clone().unwrap().result.unwrap();
    assert_eq!(result["links"][0]["type"], "owns_or_controls");
    assert_eq!(result["links"][0]["count"], 1);
    assert_eq!(s.document.nodes[0].id.as_str(), "ofac:36217");

    let e = g.find_edge("seed:kozlov-intellekt").unwrap().unwrap();
    let s = show_edge(&view, e, "show kozlov-intellekt").unwrap();
    let lines = s.lines(&view).unwrap();
    let want = "Sergei Kozlov (person) owns or controls Intellekt LLC (company), share unknown, alleged [1]";
    assert_eq!(lines[0], want);
    assert!(lines.iter().any(|l| l.contains("attributed to: U.S. Treasury")), "{}", lines.join("\n"));
}

#[test]
fn a_name_without_a_party_shows_whom_it_may_mean() {
    let nodes = [firm("a", r#", "aliases": ["Twin"]"#), firm("b", r#", "aliases": ["Twin"]"#), firm("c", "")];
    let edges = [r#"{"source": "c", "target": {"name": "Twin"}, "type": "linked_to"}"#.to_owned()];
    let g = world(&[&doc(&nodes, &edges)]);
    let view = View::new(&g, Filter::default()).unwrap();
    let stub = g.nodes().find(|n| g.unresolved(*n).is_some()).unwrap();
    let s = show(&view, stub, 10, "show Twin").unwrap();
    let lines = s.lines(&view).unwrap().join("\n");
    let mut found: Vec<&str> = s.candidates.iter().map(|h| g.id(h.node)).collect();
    found.sort_unstable();
    assert_eq!(found, ["reg:a", "reg:b"], "{lines}");
    assert!(lines.contains("Firm A (company)  reg:a, exact"), "{lines}");
    assert_eq!(s.document.answer.unwrap().result.unwrap()["candidates"].as_array().unwrap().len(), 2);
    let st = stats(&view).unwrap();
    assert_eq!(st.unresolved + st.ambiguous, 1);
}
